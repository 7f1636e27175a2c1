"""One's own list of complaints as CSV, and the charts that notebooks show."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.charts import Matrix, Reliability, pareto
from kb.engines import open_advisor
from kb.errors import InputError
from kb.sheets import read_csv
from kb.suggest import Advisor, worksheet

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


@pytest.fixture(scope="module")
def advisor(root: Path) -> Advisor:
    return open_advisor(root)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_line_that_says_something_is_advised_on(
    advisor: Advisor, tmp_path: Path, encoding: str
) -> None:
    text = "编号,原话,渠道\n1,充电宝冒烟了，烫了手,电话\n2,,电话\n3,请问几点关门,当面\n"
    text = text.replace("了，烫", "了 烫")
    rows = worksheet.advise(advisor, written(tmp_path / "list.csv", text, encoding))
    assert [row.given["编号"] for row in rows] == ["1", "3"]
    assert rows[0].advice["step"] == "escalate"


def test_what_was_given_stays_and_the_advice_stands_beside_it(
    advisor: Advisor, tmp_path: Path
) -> None:
    path = written(tmp_path / "list.csv", "原话,备注\n请问几点关门,老客户\n")
    out = worksheet.to_csv(advisor, worksheet.advise(advisor, path))
    (line,) = csv.DictReader(io.StringIO(out))
    assert (line["原话"], line["备注"]) == ("请问几点关门", "老客户")
    assert line["下一步"] in advisor.names.values()
    assert line["类型"] in advisor.labels["type"].values()


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_cells_stand_apart_as_spreadsheets_part_them(
    tmp_path: Path, between: str, encoding: str
) -> None:
    text = '编号,原话\n1,"先说退\n又说换"\n\n2,\n'.replace(",", between)

    read = read_csv(written(tmp_path / "list.csv", text, encoding))

    assert read.heads == ["编号", "原话"]
    assert read.rows == [
        (2, {"编号": "1", "原话": "先说退\n又说换"}),
        (5, {"编号": "2", "原话": ""}),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('原话\n好\n"掉色\n退钱\n', ":3: 引号不成对"),
        ('原话\n"掉色"了\n', ":2: 引号不成对，或引号外面还有字"),
        (f'原话\n"{"掉" * 200_000}"\n', ":2: 有一格超过 131072 个字"),
        ("原话,备注\n掉色,多,余\n", ":2: 格子比第一行多"),
        ("原话,原话\n掉色,退钱\n", ":1: “原话”这一列有两个"),
        ("原话,,\n掉色,多,余\n", ":2: 有内容的格子没有列名"),
        ("原话\n掉\0色\n", " 里有空字符"),
    ],
)
def test_what_cannot_be_read_for_certain_is_refused_with_its_line(
    tmp_path: Path, text: str, says: str
) -> None:
    path = written(tmp_path / "list.csv", text)

    with pytest.raises(InputError) as error:
        read_csv(path)

    assert str(error.value).startswith(f"{path}{says}")


def test_empty_cells_at_the_end_of_a_line_are_nothing(tmp_path: Path) -> None:
    read = read_csv(written(tmp_path / "list.csv", "原话,,\n掉色,,,,\n,,\n"))

    assert [row["原话"] for _, row in read.rows] == ["掉色"]


@given(cell=TEXT.filter(str.strip))
def test_no_cell_is_a_formula(advisor: Advisor, cell: str) -> None:
    row = worksheet.Row({"原话": cell, cell: "x"}, advisor.suggest("在吗").to_json())
    for line in csv.reader(io.StringIO(worksheet.to_csv(advisor, [row]), newline="")):
        assert not [c for c in line if c.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize(
    ("text", "says"),
    [("内部编号,金额\n1,2\n", "没有“原话”这一列"), ("原话\n\n", "没有一行写了“原话”")],
)
def test_a_list_without_words_is_refused(
    advisor: Advisor, tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(InputError, match=says):
        worksheet.advise(advisor, written(tmp_path / "list.csv", text))


def test_a_list_that_is_not_there_is_named(advisor: Advisor, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"list\.csv"):
        worksheet.advise(advisor, tmp_path / "list.csv")


def test_a_pareto_runs_from_the_largest_to_all() -> None:
    bars = pareto("类型", [("咨询", 1), ("产品", 3)]).bars
    assert [name for name, _, _ in bars] == ["产品", "咨询"]
    assert [note for _, _, note in bars] == ["3 件，占 75%，累计 75%", "1 件，占 25%，累计 100%"]


@given(TEXT)
def test_no_word_in_a_chart_becomes_html(word: str) -> None:
    word = f"<b>{word}</b>"
    for chart in (
        Matrix(word, (word,), ((1,),)),
        Reliability(word, ((0.5, 0.5, 3),)),
        pareto(word, [(word, 1)]),
    ):
        assert "<b>" not in chart._repr_html_()
