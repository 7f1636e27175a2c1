"""What ``kb check`` tells an author: a good book is clean, each mistake has its own finding.

A folder ``books/broken-*`` holds what differs from ``books/good`` and is wrong in one way;
``expected.txt`` lists the findings (``file:line: kind``), ``removed.txt`` files to take away.
"""

from __future__ import annotations

import ast
import datetime
import os
import re
import shutil
from pathlib import Path

import pytest

from kb.book import blocks
from kb.content import check, digest, load, markdown
from kb.content.uses import OWN_DIRECTIVES, OWN_ROLES
from kb.errors import ContentError, Finding

BOOKS = Path(__file__).parent / "books"
GOOD = BOOKS / "good"
BROKEN = sorted(BOOKS.glob("broken-*"))
#: The day the test books were checked; they must not grow stale with the years.
TODAY = datetime.date(2026, 11, 22)
HAN = re.compile(r"[\u4e00-\u9fff]")


def broken_book(to: Path, *parts: Path) -> Path:
    """The good book with the changes of ``parts`` laid over it."""
    shutil.copytree(GOOD, to)
    for part in parts:
        shutil.copytree(part, to, dirs_exist_ok=True)
        removed = part / "removed.txt"
        if removed.exists():
            for name in removed.read_text("utf-8").split():
                (to / name).unlink()
    return to


def expected(part: Path) -> list[str]:
    return (part / "expected.txt").read_text("utf-8").splitlines()


def test_the_good_book_has_no_findings() -> None:
    assert check(GOOD, TODAY) == []


@pytest.mark.parametrize(
    "file",
    [
        "book/methods/parcel-steps.yml",
        "book/phrases/parcel-words.yml",
        "book/figures/parcel-flow.yml",
    ],
)
def test_a_file_in_another_encoding_is_a_finding_wherever_it_lies(
    file: str, tmp_path: Path
) -> None:
    book = broken_book(tmp_path / "book")
    (book / file).write_bytes((book / file).read_text("utf-8").encode("gbk"))

    assert {(f.file, f.kind) for f in check(book, TODAY)} == {(file, "encoding")}


def test_the_names_that_check_knows_are_those_that_the_book_draws() -> None:
    drawn = {*blocks.BLOCKS, *blocks.PLAINS, markdown.CAREFUL}
    assert drawn == OWN_DIRECTIVES
    assert set(blocks._ROLES) == OWN_ROLES


def test_what_sphinx_offers_besides_is_no_finding(tmp_path: Path) -> None:
    book = broken_book(tmp_path / "book")
    text = "看{abbr}`SLA (服务承诺)`。\n\n```{note}\n记住。\n```\n\n:::{tip}\n先听。\n:::"
    write_line(book, "book/basics/late-parcel.md", text)
    write_line(book, "book/index.md", "(here)=\n\n[这里](#here)、[法规](laws/seven-days.md)。")

    assert check(book, TODAY) == []


def test_a_file_whose_name_is_no_id_is_to_be_renamed(tmp_path: Path) -> None:
    book = broken_book(tmp_path / "book")
    (book / "cases/silent-parcel.md").rename(book / "cases/Silent Parcel.md")

    (todo,) = [f.todo for f in check(book, TODAY) if f.kind == "id"]

    assert todo == "给文件改名，例如 silent-parcel.md"


def test_a_file_whose_name_is_no_text_is_to_be_renamed(tmp_path: Path) -> None:
    """As a zip from a Chinese Windows leaves them on Linux."""
    book = broken_book(tmp_path / "book")
    home = os.fsencode(book / "book/drills")
    os.rename(home + b"/contacts.yml", home + b"/\xcc\xc0.yml")  # noqa: PTH104 - bytes

    assert [f.kind for f in check(book, TODAY)] == ["file-name"]
    assert digest(book) != digest(GOOD)
    with pytest.raises(ContentError):
        load(book)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("cases/silent-parcel.md", "industry: ecommerce", "industry: 餐饮", "catering"),
        ("cases/silent-parcel.md", "    step: ", "    setp: ", "step"),
        ("book/drills/contacts.yml", "- text: ", "- text：", "半角"),
        ("book/phrases/parcel-words.yml", "  - step: listen\n", "  - step: 倾听\n", "listen"),
        ("book/methods/parcel-steps.yml", "steps: [", "steps: [listen，", "半角"),
        ("book/methods/parcel-steps.yml", "  - do: ", "  - doo: ", "do"),
    ],
)
def test_a_mistake_is_answered_with_what_was_meant(
    file: str, old: str, new: str, said: str, tmp_path: Path
) -> None:
    book = broken_book(tmp_path / "book")
    text = (book / file).read_text("utf-8")
    assert old in text
    (book / file).write_text(text.replace(old, new, 1), "utf-8")

    findings = check(book, TODAY)

    assert {f.file for f in findings} == {file}
    assert any(said in f.todo for f in findings)


def test_the_real_content_has_no_findings(root: Path) -> None:
    assert [str(f) for f in check(root, TODAY)] == []


@pytest.fixture(scope="module", params=BROKEN, ids=lambda part: part.name)
def broken(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Finding], Path]:
    """Each broken book in turn: its folder, what ``check`` finds in it, what makes it broken."""
    book = broken_book(tmp_path_factory.mktemp("broken") / "book", request.param)
    return book, check(book, TODAY), request.param


def test_a_mistake_is_found_on_its_line_and_nothing_else_is(
    broken: tuple[Path, list[Finding], Path],
) -> None:
    _, findings, part = broken
    assert [f"{f.file}:{f.line}: {f.kind}" for f in findings] == expected(part)


def test_a_finding_says_in_chinese_what_is_wrong_and_what_to_do(
    broken: tuple[Path, list[Finding], Path],
) -> None:
    _, findings, _ = broken
    for f in findings:
        assert str(f) == f"{f.file}:{f.line}: {f.what} — {f.todo}"
        assert HAN.search(f.what)
        assert HAN.search(f.todo)
        assert "\n" not in str(f)


#: What only the site stumbles over: search and advice work while an author mends it.
SITE = {"not-in-toc", "notebook", "stray-file", "unknown-name", "outside"}


def test_a_broken_book_does_not_load(broken: tuple[Path, list[Finding], Path]) -> None:
    book, findings, _ = broken
    inside = [f for f in findings if not _of_the_site(f)]
    if not inside:
        assert load(book).steps
        return

    with pytest.raises(ContentError) as error:
        load(book)

    assert list(error.value.findings) == inside


def _of_the_site(finding: Finding) -> bool:
    """Contents and settings; a link or picture in plain Markdown that leads nowhere."""
    page = finding.file.endswith("index.md") or "找不到图片" in finding.what
    nowhere = finding.kind == "dead-link" and (page or finding.what.startswith("链接"))
    return nowhere or finding.kind in SITE or finding.file in ("_toc.yml", "_config.yml")


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    names = ("unknown-step", "bad-source", "dead-role", "missing-why", "duplicate-word")
    parts = [BOOKS / f"broken-{name}" for name in names]

    findings = check(broken_book(tmp_path / "book", *parts), TODAY)

    found = [f"{f.file}:{f.line}: {f.kind}" for f in findings]
    assert found == sorted(found)
    assert set(found) == {line for part in parts for line in expected(part)}


def test_several_mistakes_in_one_file_are_reported_at_once(tmp_path: Path) -> None:
    book = broken_book(tmp_path / "book")
    drills = book / "book/drills/new.yml"
    drills.write_text("- text: 快递没到\n  stop: ask\n- said: 快递没到\n", "utf-8")

    kinds = [(f.line, f.kind) for f in check(book, TODAY)]

    assert (1, "missing-key") in kinds
    assert (2, "unknown-key") in kinds
    assert (3, "unknown-key") in kinds


def test_a_misspelt_word_is_answered_with_the_near_one(tmp_path: Path) -> None:
    near = {
        "unknown-step": "confirm",
        "unknown-label": "retail",
        "unknown-key": "also",
        "dead-role": "borrowed-pot",
    }
    for name, word in near.items():
        (finding,) = check(broken_book(tmp_path / name, BOOKS / f"broken-{name}"), TODAY)
        assert f"是不是“{word}”" in finding.todo


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff",
        "",
        "~",
        "0",
        "a: &a [*a]",
        "&a {a: *a}",
        "? [a, b]\n: c",
        "1: 2",
        "!!python/object:os.system {}",
        "<<: [a, b]",
        "\x00",
        "- \u0085\u2028x: [",
        "checked: 2026-13-45",
        "[" * 5000,
    ],
)
@pytest.mark.parametrize(
    "file",
    [
        "book/labels.yml",
        "book/drills/new.yml",
        "book/methods/new.yml",
    ],
)
def test_no_yaml_however_odd_is_more_than_a_finding(file: str, text: str, tmp_path: Path) -> None:
    book = broken_book(tmp_path / "book")
    (book / file).write_text(text, "utf-8")

    assert {f.file for f in check(book, TODAY)} == {file}


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_files_saved_on_windows_are_read_alike(newline: str, bom: str, tmp_path: Path) -> None:
    book = broken_book(tmp_path / "book")
    for path in [*book.rglob("*.md"), *book.rglob("*.yml")]:
        text = bom + path.read_text("utf-8").replace("\n", newline)
        path.write_bytes(text.encode("utf-8"))

    assert check(book, TODAY) == []
    assert load(book) == load(GOOD)


def kinds_in_source(root: Path) -> set[str]:
    """The kinds that the code can emit: third argument of ``find``, first of what is explained."""
    kinds: set[str] = set()
    for path in (root / "src/kb/content").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".find"):
                kinds |= {text for arg in node.args[:3] if (text := constant(arg))}
            if isinstance(node, ast.FunctionDef) and node.name == "_explain":
                for each in ast.walk(node):
                    if isinstance(each, ast.Return) and isinstance(each.value, ast.Tuple):
                        kinds.add(constant(each.value.elts[0]))
    return {kind for kind in kinds if re.fullmatch(r"[a-z]+(-[a-z]+)*", kind)}


def constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_every_kind_of_finding_has_a_broken_book(root: Path) -> None:
    shown = {line.rsplit(": ", 1)[1] for part in BROKEN for line in expected(part)}

    # Reminders break no book, and not every disk takes a name that is no text.
    tested_alone = {"term", "stale", "file-name"}
    assert shown | tested_alone == kinds_in_source(root)


def test_one_mistake_is_not_reported_again_where_something_points_at_it(
    root: Path, tmp_path: Path
) -> None:
    """A typo in a method once gave a dead link in every page that shows it."""
    project = tmp_path / "project"
    shutil.copytree(root / "tests" / "books" / "good", project)
    for file in ("book/methods/parcel-steps.yml", "book/ladder.yml"):
        path = project / file
        path.write_text(path.read_text("utf-8").replace("when:", "wenn:", 1), "utf-8")

    findings = check(project, TODAY)

    assert findings
    assert {f.file for f in findings} == {"book/methods/parcel-steps.yml", "book/ladder.yml"}


@pytest.fixture
def glossary_book(tmp_path: Path) -> Path:
    """The good book, whose glossary wants 单号 and not 运单编号."""
    return broken_book(tmp_path / "book")


def write_line(book: Path, file: str, line: str) -> int:
    """Add a line at the end of a file; returns its number."""
    text = (book / file).read_text("utf-8").rstrip("\n") + "\n\n" + line + "\n"
    (book / file).write_text(text, "utf-8")
    return text.count("\n")


def test_a_variant_of_a_term_is_a_reminder_that_stops_nothing(glossary_book: Path) -> None:
    page = "book/basics/late-parcel.md"
    line = write_line(glossary_book, page, "先记下运单编号。")

    (finding,) = check(glossary_book, TODAY)

    assert (finding.file, finding.line, finding.kind) == (page, line, "term")
    assert finding.warning
    assert "单号" in finding.todo
    load(glossary_book)


@pytest.mark.parametrize("end", ["\u2028", "\u0085", "\f"])
def test_lines_are_counted_as_editors_count_them(glossary_book: Path, end: str) -> None:
    """Python sees a line end where no editor does; a finding stood some lines too low."""
    page = "book/basics/late-parcel.md"
    write_line(glossary_book, page, f"看{end}一看，再{end}想一想。")
    number = write_line(glossary_book, page, "打 13800138000 问运单编号。")

    found = {(f.kind, f.line) for f in check(glossary_book, TODAY)}

    assert found == {("term", number), ("private", number)}


def test_customers_may_call_things_as_they_like(glossary_book: Path) -> None:
    write_line(glossary_book, "book/basics/late-parcel.md", "客户问：“运单编号写在哪儿？”")
    ask = glossary_book / "book/methods/parcel-steps.yml"
    text = ask.read_text("utf-8")
    assert "asks: [" in text
    ask.write_text(text.replace("asks: [", "asks: [运单编号在哪, "), "utf-8")

    assert check(glossary_book, TODAY) == []


def test_a_word_that_holds_a_variant_may_be_let_through(glossary_book: Path) -> None:
    terms = glossary_book / "book/glossary.yml"
    terms.write_text(terms.read_text("utf-8") + "  unless: [国际运单编号]\n", "utf-8")
    write_line(glossary_book, "book/basics/late-parcel.md", "海外的包裹看国际运单编号。")

    assert check(glossary_book, TODAY) == []


def test_a_page_that_nobody_looked_at_for_two_years_is_a_reminder() -> None:
    """What a law page says goes stale in one."""
    findings = check(GOOD, TODAY + datetime.timedelta(days=400))
    assert [(f.file, f.kind, f.warning) for f in findings] == [
        ("book/laws/seven-days.md", "stale", True)
    ]
    assert len(check(GOOD, TODAY + datetime.timedelta(days=800))) > 3


def test_a_reading_list_that_is_over_is_a_reminder(tmp_path: Path) -> None:
    book = broken_book(tmp_path / "book")
    path = book / "assignments/first-day.yml"
    path.write_text(path.read_text("utf-8").replace("2099-12-31", "2026-11-21"), "utf-8")

    (finding,) = check(book, TODAY)

    assert (finding.file, finding.line, finding.kind) == ("assignments/first-day.yml", 5, "stale")
    assert finding.warning
