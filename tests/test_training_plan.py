"""A trainer's preparation: weak steps and complaints become a reading list with reasons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb import charts
from kb.content import Library
from kb.errors import InputError
from kb.training import plan
from kb.training.codes import canonical
from kb.training.lists import check_list, open_list, to_yaml
from kb.training.plan import Complaints, Weakness


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "complaints.csv"


def test_the_weakest_step_comes_first_and_among_equals_the_one_asked_more(root: Path) -> None:
    weak = plan.weak_steps(plan.read_receipts(root / "book/notebooks/sample/receipts"))

    assert [w.share for w in weak] == sorted(w.share for w in weak)
    assert (weak[0].step, weak[0].right, weak[0].asked) == ("escalate", 3, 11)
    assert [w.step for w in weak if w.share == 1] == ["empathize", "explore", "record"]


@pytest.mark.parametrize("most", [10, 40, 90])
def test_a_proposal_stays_within_the_time_and_begins_with_the_weakest_step(
    library: Library, most: int
) -> None:
    weak = [Weakness("decline", 1, 4), Weakness("ask", 2, 4), Weakness("thank", 3, 3)]

    made = plan.for_steps(library, weak, most)

    items = made.reading["items"]
    assert check_list(dict(made.reading)) == made.reading
    assert 0 < sum(item["minutes"] for item in items) <= most
    assert made.why[0] == "“婉拒”4 次答对 1 次"
    assert not any("致谢" in why for why in made.why)
    assert made.reading["title"] == "补一补：婉拒、提问"


def test_a_step_that_this_book_has_not_is_passed_over(library: Library) -> None:
    made = plan.for_steps(library, [Weakness("nostep", 0, 9), Weakness("decline", 1, 4)], 30)

    assert made.reading["title"] == "补一补：婉拒"


def test_every_page_of_a_proposal_tells_of_its_step(library: Library) -> None:
    made = plan.for_steps(library, [Weakness("escalate", 0, 1)], 60)

    pages = [i["ref"] for i in made.reading["items"] if i["ref"].startswith("section:")]
    assert pages[0] == "section:escalation"
    assert all("escalate" in library.section(ref.split(":")[1]).steps for ref in pages)


def test_complaints_lead_to_cases_of_their_kind_those_of_the_trade_first(library: Library) -> None:
    made = plan.for_complaints(library, [Complaints("product", "retail", 9)], 30)

    (first, *_) = made.reading["items"]
    case = library.case(first["ref"].removeprefix("case:"))
    assert (case.type, case.industry) == ("product", "retail")
    assert made.why[0] == "零售：产品质量，9 件"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_complaints_are_read_as_spreadsheets_save_them(
    library: Library, csv: Path, encoding: str
) -> None:
    text = "类型,行业,件数,备注\r\n产品质量,零售,2,\r\nproduct,retail,3,x\r\n咨询,,,\r\n"
    csv.write_text(text, encoding)

    assert plan.read_complaints(library, csv) == [
        Complaints("product", "retail", 5),
        Complaints("inquiry", "", 1),
    ]


@pytest.mark.parametrize("count", ["1200", '"1,200"', "1200.0", '"1,200.00"'])
def test_a_count_is_read_as_spreadsheets_write_it(library: Library, csv: Path, count: str) -> None:
    csv.write_text(f"类型,件数\n咨询,{count}\n", "utf-8")

    assert plan.read_complaints(library, csv) == [Complaints("inquiry", "", 1200)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1: 没有“类型”这一列"),
        ("产品质量\n", ":1: 没有“类型”这一列"),
        ("类型\n质量\n", ":2: 不认识类型“质量”"),
        ("类型,行业\n咨询,\n咨询,电商\n", ":3: 不认识行业“电商”"),
        ("类型,件数\n咨询,两件\n", ":2: 件数“两件”不是整数"),
        ("类型,件数\n咨询,-1\n", ":2: 件数“-1”不是整数"),
        ("类型,件数\n咨询,2.5\n", ":2: 件数“2.5”不是整数"),
        ('类型,件数\n咨询,"12,00"\n', ":2: 件数“12,00”不是整数"),
        pytest.param(f"类型,件数\n咨询,{'9' * 5000}\n", f":2: 件数“{'9' * 20}”", id="5000 digits"),
    ],
)
def test_a_mistake_in_the_complaints_is_named_with_its_line(
    library: Library, csv: Path, text: str, said: str
) -> None:
    csv.write_text(text, "utf-8")

    with pytest.raises(InputError) as error:
        plan.read_complaints(library, csv)

    assert str(error.value).startswith(f"{csv}{said}")


def test_a_proposal_can_be_put_into_the_book(root: Path, library: Library, tmp_path: Path) -> None:
    made = plan.for_steps(library, [Weakness("ask", 0, 1)], 30)
    file = tmp_path / "weak-steps.yml"
    file.write_text(to_yaml({**made.reading, "people": ["123", "是"]}), "utf-8")

    _, read = open_list(root, file)

    assert canonical(read) == canonical({**made.reading, "people": ["123", "是"]})


def test_what_a_notebook_shows_is_text_and_never_markup() -> None:
    name = '<img src=x onerror="alert(1)">'

    for shown in (charts.Table((name,), ((name,),)), charts.Bars(name, ((name, 0.5, name),))):
        html = shown._repr_html_()
        assert "<img" not in html
        assert "&lt;img" in html


def test_bars_stand_beside_their_words() -> None:
    html = charts.Bars("投诉", (("产品质量", 1.0, "5 件"), ("咨询", 0.2, "1 件")))._repr_html_()

    text = re.sub(r"<svg.*?</svg>", "|", html)
    assert re.sub(r"<[^>]+>", " ", text).split() == [
        *("投诉", "产品质量", "|", "5", "件"),
        *("咨询", "|", "1", "件"),
    ]
    assert re.findall(r'<rect width="([\d.]+)"', html) == ["100.0", "20.0"]
