"""Training in Python: questions and drills from the content, lists, question banks, reports."""

from __future__ import annotations

import io
import json
import re
import sys
from collections import Counter
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from kb.content import Case, Library, Method, load, load_assignment
from kb.errors import ContentError, InputError
from kb.training import export_training, tables, xapi
from kb.training.codes import canonical
from kb.training.drills import Drill, drill
from kb.training.folder import receipts_in
from kb.training.gift import ASKS, _question, escape, to_gift
from kb.training.items import items
from kb.training.lists import ReadingList, assigned, check_list, list_of, open_list
from kb.training.questions import Question, questions
from kb.training.receipts import read_receipt
from kb.training.report import collect, report

if TYPE_CHECKING:
    from playwright.sync_api import Browser

GOOD = Path(__file__).parent / "books" / "good"
FIXTURES = Path(__file__).parent / "fixtures" / "training"
#: How deep a value can be read depends on where it is read, so all depths near the limit are tried.
DEEP = range(sys.getrecursionlimit() - 100, sys.getrecursionlimit() + 10)
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def asked(library: Library) -> list[Question]:
    """All questions of the book."""
    return [q for item in items(library) for q in questions(library, item.what)]


@pytest.fixture(scope="module")
def of_moments(library: Library) -> list[tuple[Case, int, Question]]:
    """The questions about steps, with their case and the place of their moment."""
    return [
        (case, place, questions(library, case)[place])
        for case in library.cases
        for place in range(len(case.moments))
    ]


@pytest.fixture(scope="module")
def drills(library: Library) -> list[tuple[Case, Drill]]:
    return [(case, drill(library, case)) for case in library.cases]


@pytest.fixture(scope="module")
def given_receipts() -> list[tuple[str, str]]:
    fixture = json.loads((FIXTURES / "report.json").read_text("utf-8"))
    return [(entry["file"], entry["text"]) for entry in fixture["given"]]


# Questions


def test_a_question_has_one_right_choice_among_different_ones(asked: list[Question]) -> None:
    for question in asked:
        choices = question["choices"]
        assert [c["right"] for c in choices].count(True) == 1, question["id"]
        assert len({c["id"] for c in choices}) == len(choices) > 1, question["id"]
        assert len({c["text"] for c in choices}) == len(choices), question["id"]


def test_every_choice_has_its_reason_in_chinese(asked: list[Question]) -> None:
    for question in asked:
        assert all(HAN.search(choice["why"]) for choice in question["choices"]), question["id"]


def test_the_nth_question_of_an_item_bears_its_number(library: Library) -> None:
    for item in items(library):
        ids = [question["id"] for question in questions(library, item.what)]
        assert ids == [f"{item.ref}#{n}" for n in range(1, len(ids) + 1)]


def test_a_moment_asks_for_its_step_among_four(
    library: Library, of_moments: list[tuple[Case, int, Question]]
) -> None:
    for case, place, question in of_moments:
        moment = case.moments[place]
        (right,) = [c for c in question["choices"] if c["right"]]
        assert (question["kind"], question["ask"]) == ("step", moment.said)
        assert (right["id"], right["why"]) == (moment.step, moment.why)
        assert len(question["choices"]) == 4


def test_a_step_that_is_accepted_never_stands_as_a_wrong_one(
    of_moments: list[tuple[Case, int, Question]],
) -> None:
    for case, place, question in of_moments:
        moment = case.moments[place]
        wrong = {c["id"] for c in question["choices"] if not c["right"]}
        assert not wrong & {moment.step, *moment.also}, question["id"]


def test_a_wrong_step_is_explained_by_what_was_done_or_by_what_is_due(
    library: Library, of_moments: list[tuple[Case, int, Question]]
) -> None:
    training = library.training
    for case, place, question in of_moments:
        moment = case.moments[place]
        for choice in question["choices"]:
            if choice["right"]:
                continue
            done = choice["id"] in moment.done
            due = training.not_now[moment.step].get(choice["id"])
            assert choice["why"] == (training.again[choice["id"]] if done else due), question["id"]


def test_one_step_at_most_stands_there_that_was_done_unless_others_are_too_few(
    library: Library, of_moments: list[tuple[Case, int, Question]]
) -> None:
    for case, place, question in of_moments:
        moment = case.moments[place]
        likely = library.training.not_now[moment.step].keys()
        fresh = likely - {moment.step, *moment.also, *moment.done}
        wrong = {c["id"] for c in question["choices"] if not c["right"]}
        assert len(wrong & set(moment.done)) <= max(1, 3 - len(fresh)), question["id"]


def test_the_better_sentence_stands_among_sentences_of_other_moments(library: Library) -> None:
    case = library.case("mandarin-fish-mistake")
    count = len(case.moments)
    for place, question in enumerate(questions(library, case)[count:]):
        by_id = {choice["id"]: choice["text"] for choice in question["choices"]}
        moment = case.moments[place]
        assert (by_id["say"], by_id["not"]) == (moment.say, moment.not_)
        accepted = {moment.step, *moment.also}
        assert by_id["other"] in {m.say for m in case.moments if m.step not in accepted}


def test_a_bad_sentence_of_a_page_is_swapped_for_its_own_better_one(library: Library) -> None:
    section = library.section("forbidden-words")
    groups = [library.phrase_group(r.target) for r in section.references if r.kind == "phrases"]
    pairs = [(group, avoid) for group in groups for avoid in group.avoid]
    better = {avoid.text: avoid.instead for _, avoid in pairs}

    asked = [q for q in questions(library, section) if q["kind"] == "swap"]

    assert len(asked) == len(pairs)
    for question, (group, avoid) in zip(asked, pairs, strict=True):
        assert question["ask"] == f"{group.when}这句别说：{avoid.text}"
        by_id = {choice["id"]: choice for choice in question["choices"]}
        assert by_id["say"]["text"] == avoid.instead
        assert by_id["not"]["why"].endswith(f"换成：{better[by_id['not']['text']]}")
        assert by_id["other"]["text"] not in better


def test_a_swap_is_explained_by_the_pair_and_not_by_its_step(
    library: Library, asked: list[Question]
) -> None:
    """What is said of a step in general need not fit the one sentence."""
    general = {step.why for step in library.steps}
    swaps = [q for q in asked if q["kind"] == "swap"]

    assert swaps
    for question in swaps:
        assert "现在要做的一步" not in question["ask"]
        assert not general & {choice["why"] for choice in question["choices"]}, question["id"]


def test_the_longest_sentence_is_not_the_usual_answer(asked: list[Question]) -> None:
    swaps = [q["choices"] for q in asked if q["kind"] == "swap"]
    longest = [max(choices, key=lambda c: len(c["text"]))["right"] for choices in swaps]

    assert sum(longest) < 0.4 * len(longest)


def test_a_practice_is_asked_about_under_the_title_of_its_page_or_card(library: Library) -> None:
    for item in items(library):
        own = {item.what.title}
        if not isinstance(item.what, Case | Method):
            own |= {
                library.method(r.target).title
                for r in item.what.references
                if r.shown and r.kind == "method"
            }
        for question in questions(library, item.what):
            if question["kind"] == "rule":
                assert question["ask"].startswith(tuple(f"【{title}】" for title in own))


def test_practices_and_honest_ways_end_alike(asked: list[Question]) -> None:
    """A full stop after one of them only would tell which it is."""
    for question in asked:
        if question["kind"] == "rule":
            assert re.search(r"([^。]。|[？！…])$", question["ask"]), question["ask"]


def test_what_a_card_teaches_is_not_asked_whether_it_will_do(library: Library) -> None:
    for method in library.methods:
        assert len(questions(library, method)) == len(method.careful)


def test_the_right_answer_stands_in_no_place_more_often_than_chance_allows(
    asked: list[Question],
) -> None:
    for size in (2, 3, 4):
        places = Counter(
            [c["right"] for c in q["choices"]].index(True)
            for q in asked
            if len(q["choices"]) == size
        )
        assert len(places) == size
        assert max(places.values()) < 1.25 * sum(places.values()) / size


def test_neither_yes_nor_no_is_the_usual_answer(asked: list[Question]) -> None:
    right = Counter(
        choice["id"]
        for q in asked
        if q["kind"] == "rule"
        for choice in q["choices"]
        if choice["right"]
    )
    assert 0.5 < right["yes"] / right["no"] < 2


def test_questions_are_the_same_in_every_copy(library: Library) -> None:
    """Ids and order of the choices stand in receipts and in the state of courses."""
    (first, *_) = questions(load(GOOD), load(GOOD).case("borrowed-pot"))

    assert first["id"] == "case:borrowed-pot#1"
    assert [choice["id"] for choice in first["choices"]] == ["explain", "listen", "ask", "offer"]


def test_a_page_that_holds_nothing_to_ask_is_not_asked_about(library: Library) -> None:
    for section in library.sections:
        assert not questions(library, section) or library.asked_about(section), section.id


def test_no_list_of_the_book_asks_for_a_question_that_there_is_not(library: Library) -> None:
    card = next(method for method in library.methods if not method.careful)
    items = [{"method": card.id, "proof": "question"}, {"case": "mandarin-fish-mistake"}]
    assignment = type(library.assignments[0]).model_validate(
        {"id": "x", "title": "x", "items": items}
    )

    assert [item["proof"] for item in list_of(library, assignment)["items"]] == ["read", "read"]


# Drills


def test_a_drill_plays_the_moments_in_their_order(drills: list[tuple[Case, Drill]]) -> None:
    for case, played in drills:
        assert [turn["said"] for turn in played["turns"]] == [m.said for m in case.moments]
        for turn in played["turns"]:
            ids = [choice["id"] for choice in turn["choices"]]
            assert turn["step"] in ids
            assert len(set(ids)) == len(ids) == 4
            assert all(choice["why"] for choice in turn["choices"])


def test_a_drill_begins_in_the_mood_of_its_first_moment(library: Library) -> None:
    assert drill(library, library.case("mandarin-fish-mistake"))["mood"] == 3


def test_customers_insist_in_every_mood(library: Library) -> None:
    assert len(library.training.insist) == 5


# What the browser gets


def test_every_item_names_the_part_that_holds_its_questions(library: Library) -> None:
    parts: dict[str, Any] = json.loads(json.dumps(dict(export_training(library, "digest"))))
    base = parts.pop("training")

    assert base["book"] == "digest"
    for ref, item in base["items"].items():
        part = parts[item["part"]]
        assert [q["step"] for q in part["questions"][ref]] == item["asks"]
        assert (ref in part["drills"]) == item["drill"] == ref.startswith("case:")


def test_sections_come_as_the_book_has_them(library: Library) -> None:
    order = [section.id for section in reversed(library.sections)]

    (_, base), *_ = export_training(library, "", order)

    refs = [ref for ref in base["items"] if ref.startswith("section:")]
    assert refs == [f"section:{section_id}" for section_id in order]


# Lists


def test_the_lists_of_the_book_are_whole(library: Library) -> None:
    made = assigned(library)

    assert made
    assert [check_list(json.loads(json.dumps(reading))) for reading in made] == made


def test_minutes_are_estimated_where_the_list_gives_none() -> None:
    library, assignment = load_assignment(GOOD, GOOD / "assignments/first-day.yml")

    minutes = [item["minutes"] for item in list_of(library, assignment)["items"]]

    assert minutes[2] == 10
    assert all(1 <= m <= 5 for m in minutes[:2])


def test_a_list_that_the_browser_wrote_as_yaml_is_the_same_list(
    browser: Browser, root: Path, library: Library, tmp_path: Path
) -> None:
    reading: Any = assigned(library)[0]
    odd: ReadingList = {
        **reading,
        "id": "2026-11-22",
        "title": "新人：第一周 #1 “先听” - 'x' \\n \"y\"\x7f\x85\u2028\ufeff\ufffe",
        "for": "yes",
        "people": ["王芳", "123", "null", "李: 强", "- 一"],
        "due": "2099-12-05",
        "pass": 0,
    }
    page = browser.new_page()
    for script in ("train-codes.js", "train-lists.js", "record.js"):
        page.add_script_tag(path=root / "src/kb/browser/static" / script)
    text = page.evaluate("(list) => KB.lists.toYaml(list, () => 0)", odd)
    page.close()
    (tmp_path / "list.yml").write_text(text, "utf-8")

    _, read = open_list(root, tmp_path / "list.yml")

    assert canonical(read) == canonical(odd)
    assert yaml.safe_load(text)["people"] == odd["people"]


def test_a_list_file_is_read_wherever_it_lies(tmp_path: Path) -> None:
    _, reading = open_list(GOOD, GOOD / "assignments/first-day.yml")
    copy = tmp_path / "copy.kb-list.json"
    copy.write_text(json.dumps(reading, ensure_ascii=False), "utf-8")

    assert open_list(GOOD, copy)[1] == reading


def test_a_list_names_only_what_the_book_has(tmp_path: Path) -> None:
    _, reading = open_list(GOOD, GOOD / "assignments/first-day.yml")
    reading["items"][1]["ref"] = "method:elsewhere"
    file = tmp_path / "list.kb-list.json"
    file.write_text(json.dumps(reading), "utf-8")

    with pytest.raises(InputError, match="第 2 项“method:elsewhere”"):
        open_list(GOOD, file)


def test_a_mistake_in_a_list_elsewhere_is_found_on_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text("id: mine\ntitle: 我的\nitems:\n  - case: borowed-pot\n", "utf-8")

    with pytest.raises(ContentError) as error:
        open_list(GOOD, file)

    (finding,) = error.value.findings
    assert (finding.file, finding.line, finding.kind) == (str(file), 4, "dead-link")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\xd8", b"", b"{", "读单".encode("gbk")])
def test_a_file_that_is_no_list_is_named(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.kb-list.json"
    file.write_bytes(data)

    with pytest.raises(InputError, match=re.escape(str(file))):
        open_list(GOOD, file)


# GIFT


def unescaped(text: str) -> str:
    """As Moodle reads it: a backslash before a special character is taken away, ``\\n`` breaks."""
    return re.sub(r"\\([\\~=#{}:n])", lambda m: "\n" if m[1] == "n" else m[1], text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])))
def test_gift_takes_every_text_literally(text: str) -> None:
    escaped = escape(text)

    assert unescaped(escaped) == re.sub(r"\{([^{}]*)\}", r"__\1__", text).strip()
    assert not re.search(r"(?<!\\)(?:\\\\)*[~=#{}:]", escaped)


def test_a_blank_stands_in_gift_without_its_braces() -> None:
    assert escape("单号{单号}，{时间}前回您。") == "单号__单号__，__时间__前回您。"


@pytest.mark.parametrize("text", ["%50%的人", "[html]<b>"])
def test_what_gift_takes_for_a_weight_or_a_format_stands_behind_the_format(
    library: Library, text: str
) -> None:
    asked: Question = {
        **questions(library, library.cases[0])[0],
        "choices": [{"text": text, "right": right, "why": text} for right in (True, False)],
    }

    lines = _question(library, asked).splitlines()

    said = f"[plain]{escape(text)}"
    assert [line.strip() for line in lines[-3:-1]] == [f"={said}#{said}", f"~{said}#{said}"]


def test_gift_holds_every_question_of_the_list(library: Library) -> None:
    reading = assigned(library)[0]
    text = to_gift(library, reading)
    plain = re.sub(r"\\.", "", text)

    wanted = [
        question
        for item in items(library)
        if item.ref in {i["ref"] for i in reading["items"]}
        for question in questions(library, item.what)
    ]
    assert plain.count("\n  =") == len(re.findall(r"^::", plain, re.MULTILINE)) == len(wanted)
    assert plain.count("\n  ~") == sum(len(q["choices"]) - 1 for q in wanted)
    assert text.count("$CATEGORY: ") == len(reading["items"])


def test_a_question_is_asked_with_the_same_words_everywhere(root: Path) -> None:
    script = (root / "src/kb/browser/static/quiz.js").read_text("utf-8")

    assert all(f'{kind}: "{words}"' in script for kind, words in ASKS.items())


# Reports as files


def test_no_cell_of_the_excel_file_is_a_formula() -> None:
    fixture = json.loads((FIXTURES / "tables.json").read_text("utf-8"))
    names = {step["id"]: step["name"] for step in fixture["steps"]}
    people = fixture["report"]["lists"][0]["people"]
    people[0]["person"] = "=1+1\x01\ud83d"

    book = load_workbook(io.BytesIO(tables.to_xlsx(fixture["report"], names)))

    assert book.sheetnames == [sheet["name"] for sheet in fixture["sheets"]]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert book["人员"]["C2"].value == "'=1+1?"
    assert book["人员"]["F2"].value == people[0]["score"]


def test_statements_tell_every_answer_and_every_end(given_receipts: list[tuple[str, str]]) -> None:
    handed, _ = collect(given_receipts)
    said = xapi.statements(handed)

    receipts = [receipt for one in handed for _, receipt in one.people.values()]
    answers = sum(len(item["answers"]) for r in receipts for item in r["items"])
    ends = [s for s in said if s["verb"]["id"].rsplit("/", 1)[1] in ("passed", "failed")]
    assert len(said) == answers + sum(bool(r["finished"]) for r in receipts)
    assert {s["actor"]["name"]: s["result"]["success"] for s in ends} | {} == {
        p["person"]: p["state"] == "passed"
        for reading in report(given_receipts)["lists"]
        for p in reading["people"]
        if p["finished"]
    }
    assert len({s["id"] for s in said}) == len(said)
    assert said == xapi.statements(collect(given_receipts)[0])


# A folder of receipts


def test_receipts_are_found_in_files_and_in_mails(tmp_path: Path) -> None:
    receipts = json.loads((FIXTURES / "receipts.json").read_text("utf-8"))
    first, *_, last = [entry["code"] for entry in receipts if "code" in entry]
    (tmp_path / "b.txt").write_text(f"您好：\n{first}\n\n小李：{last}\n", "utf-8")
    (tmp_path / "a.txt").write_text(first, "utf-16")
    (tmp_path / "空.txt").write_bytes(b"")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/picture.png").write_bytes(b"\x89PNG\xff")
    (tmp_path / ".DS_Store").write_bytes(b"\x00")

    found = receipts_in(tmp_path)

    assert [name for name, _ in found] == [
        "a.txt",
        "b.txt（第 1 份）",
        "b.txt（第 2 份）",
        "sub/picture.png",
        "空.txt",
    ]
    made = report(found)
    assert [p["file"] for p in made["problems"]] == ["a.txt", "sub/picture.png", "空.txt"]
    assert sum(len(reading["people"]) for reading in made["lists"]) > 0


@pytest.mark.parametrize("wrapping", ["quoted-printable", "base64", "8bit"])
def test_a_mail_is_unwrapped_before_it_is_read(tmp_path: Path, wrapping: str) -> None:
    receipts = json.loads((FIXTURES / "receipts.json").read_text("utf-8"))
    first, *_, last = [entry for entry in receipts if "code" in entry]
    mail = EmailMessage()
    mail["Subject"] = "回执"
    mail.set_content(f"老师好：\n{first['code']}\n谢谢\n", cte=wrapping)
    (tmp_path / "一.eml").write_bytes(bytes(mail))
    mail.set_content("<p>老师好：<br>" + first["code"] + "</p>", subtype="html", cte=wrapping)
    (tmp_path / "三.eml").write_bytes(bytes(mail))
    mail.set_content("见附件\n", cte=wrapping)
    text = json.dumps(last["receipt"], ensure_ascii=False)
    mail.add_attachment(text.encode(), maintype="application", subtype="json", filename="r.json")
    (tmp_path / "二.eml").write_bytes(bytes(mail))
    mail = EmailMessage()
    mail.set_content("今天没来得及\n", cte=wrapping)
    (tmp_path / "四.eml").write_bytes(bytes(mail))

    found = dict(receipts_in(tmp_path))

    assert found.pop("四.eml") == "今天没来得及"
    assert {name: read_receipt(text)["person"] for name, text in found.items()} == {
        "一.eml": first["receipt"]["person"],
        "三.eml": first["receipt"]["person"],
        "二.eml": last["receipt"]["person"],
    }


#: Not even the parser of the standard library gets through the last two.
ODD_MAILS = {
    "empty": b"",
    "bytes": b"\xff\x00",
    "no parts": b"Content-Type: multipart/mixed\n\nx",
    "a head": b"a: b",
    "a header cut off": b"Content-Type: text/plain; name*\n\nhi",
    "mails in mails": b"Content-Type: message/rfc822\n\n" * 3000,
}


@pytest.mark.parametrize("data", ODD_MAILS.values(), ids=ODD_MAILS)
def test_a_mail_that_is_none_is_one_problem(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.eml").write_bytes(data)

    assert [p["file"] for p in report(receipts_in(tmp_path))["problems"]] == ["x.eml"]


def test_one_file_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    receipts = json.loads((FIXTURES / "receipts.json").read_text("utf-8"))
    code = next(entry["code"] for entry in receipts if "code" in entry)
    (tmp_path / "a.eml").write_bytes(ODD_MAILS["a header cut off"])
    (tmp_path / "b.json").write_text("[" * 100_000, "utf-8")
    (tmp_path / "c.txt").write_text(code, "utf-8")

    made = report(receipts_in(tmp_path))

    assert [p["file"] for p in made["problems"]] == ["a.eml", "b.json"]
    assert len(made["lists"]) == 1


def test_a_receipt_however_deep_is_one_problem() -> None:
    """It could be read, and then not be written again for its checksum."""
    deep = ['{"format":"kb-receipt","version":1,"x":' + "[" * n + "]" * n + "}" for n in DEEP]

    assert len(report(("x", text) for text in deep)["problems"]) == len(DEEP)


@given(st.binary(max_size=300))
def test_no_file_however_odd_stops_a_report(data: bytes) -> None:
    text = data.decode(errors="replace")

    made = report([("x", text), ("y", '{"format":"kb-receipt"' + text), ("z", f"KB1.{text}")])

    assert len(made["problems"]) == 3
