"""Lists, receipts and the report: Python and the browser read the same and say the same.

The lists and receipts of the fixtures were written by hand, their codes and checksums made by a
script; the figures of the report were worked out by the rules of ``docs/design/training.md`` and
checked by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kb.errors import InputError
from kb.training import codes
from kb.training.lists import key, read_list
from kb.training.lists import to_code as list_code
from kb.training.receipts import read_receipt, split
from kb.training.receipts import to_code as receipt_code
from kb.training.report import report
from kb.training.tables import sheets, to_csv

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FIXTURES = Path(__file__).parent / "fixtures" / "training"
SCRIPTS = ("train-codes.js", "train-lists.js", "receipt.js", "report.js", "train-export.js")


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text("utf-8"))


CODES, LISTS, RECEIPTS = fixture("codes.json"), fixture("lists.json"), fixture("receipts.json")


def why(entry: dict[str, Any]) -> str:
    return str(entry["why"])


@pytest.fixture(scope="module")
def page(browser: Browser, root: Path) -> Iterator[Page]:
    """A blank page with the scripts that need nothing else of the book."""
    page = browser.new_page()
    for script in SCRIPTS:
        page.add_script_tag(path=root / "src/kb/browser/static" / script)
    yield page
    page.close()


def ask(page: Page, script: str, name: str) -> Any:
    """What ``script`` makes of a fixture; it travels as a file, for the sake of odd characters."""
    return page.evaluate(f"(text) => ({script})(JSON.parse(text))", (FIXTURES / name).read_text())


@pytest.mark.parametrize("entry", CODES, ids=why)
def test_a_value_has_one_canonical_form(entry: dict[str, Any]) -> None:
    text = codes.canonical(entry["value"])

    assert text == entry["canonical"]
    assert codes.crc32(text) == entry["crc"]
    assert codes.to_base64(text) == entry["code"]
    assert codes.from_base64(entry["code"]) == text


def test_the_browser_writes_the_same_canonical_form(page: Page) -> None:
    answers = ask(
        page,
        """(entries) => entries.map(({ value, code }) => {
          const text = KB.codes.canonical(value);
          const back = KB.codes.fromBase64(code);
          return [text, KB.codes.crc32(text), KB.codes.toBase64(text), back === text];
        })""",
        "codes.json",
    )

    assert answers == [[e["canonical"], e["crc"], e["code"], True] for e in CODES]


@pytest.mark.parametrize("entry", LISTS, ids=why)
def test_a_list_is_read_or_one_sentence_says_what_is_wrong(entry: dict[str, Any]) -> None:
    if "problem" in entry:
        with pytest.raises(InputError) as error:
            read_list(entry["given"])
        assert str(error.value) == entry["problem"]
        return

    read = read_list(entry["given"])

    assert (read, key(read), list_code(read)) == (entry["list"], entry["key"], entry["code"])


def test_the_browser_reads_the_same_lists(page: Page) -> None:
    answers = ask(
        page,
        """(entries) => entries.map(({ given }) => {
          const { list, problem } = KB.lists.read(given);
          if (problem) return { problem };
          return { list, key: KB.lists.key(list), code: KB.lists.toCode(list) };
        })""",
        "lists.json",
    )

    assert answers == [
        {name: value for name, value in entry.items() if name not in ("why", "given")}
        for entry in LISTS
    ]


@pytest.mark.parametrize("entry", RECEIPTS, ids=why)
def test_a_receipt_is_read_or_one_sentence_says_what_is_wrong(entry: dict[str, Any]) -> None:
    if "problem" in entry:
        with pytest.raises(InputError) as error:
            read_receipt(entry["given"])
        assert str(error.value) == entry["problem"]
        return

    read = read_receipt(entry["given"])

    assert (read, receipt_code(read)) == (entry["receipt"], entry["code"])


def test_the_browser_reads_the_same_receipts(page: Page) -> None:
    answers = ask(
        page,
        """(entries) => entries.map(({ given }) => {
          const { receipt, problem } = KB.receipt.read(given);
          return problem ? { problem } : { receipt, code: KB.receipt.toCode(receipt) };
        })""",
        "receipts.json",
    )

    assert answers == [
        {name: value for name, value in entry.items() if name not in ("why", "given")}
        for entry in RECEIPTS
    ]


#: ``again``: the same list handed in more than once, the newer receipt before the older one.
REPORTS = ("report.json", "again.json")


@pytest.mark.parametrize("name", REPORTS)
def test_the_report_has_the_written_figures(name: str) -> None:
    asked = fixture(name)

    made = report([(given["file"], given["text"]) for given in asked["given"]], asked["book"])

    assert json.loads(json.dumps(made)) == asked["report"]


@pytest.mark.parametrize("name", REPORTS)
def test_the_browser_makes_the_same_report(page: Page, name: str) -> None:
    # As text: a name may mean something to what carries objects out of the browser.
    made = ask(
        page,
        "({ given, book }) => JSON.stringify(KB.report.report(given, book))",
        name,
    )

    assert json.loads(made) == fixture(name)["report"]


def test_the_tables_have_the_written_cells() -> None:
    asked = fixture("tables.json")
    names = {step["id"]: step["name"] for step in asked["steps"]}

    made = sheets(asked["report"], names)

    assert [{"name": name, "rows": rows} for name, rows in made.items()] == asked["sheets"]
    assert to_csv(asked["report"], names) == asked["csv"]


def test_the_browser_makes_the_same_tables(page: Page) -> None:
    made = ask(
        page,
        """({ report, steps }) => ({
          sheets: Object.entries(KB.exporting.sheets(report, steps))
            .map(([name, rows]) => ({ name, rows })),
          csv: KB.exporting.csv(report, steps),
        })""",
        "tables.json",
    )

    asked = fixture("tables.json")
    assert made == {"sheets": asked["sheets"], "csv": asked["csv"]}


#: Where JavaScript sees a line end, beside the line feed.
LINE_ENDS = ("\r", "\r\n", "\u2028", "\u2029")


def test_the_codes_in_a_mail_are_found_among_its_words(page: Page) -> None:
    first, second = [entry["code"] for entry in RECEIPTS if "receipt" in entry][:2]
    broken = "\n".join(first[i : i + 70] for i in range(0, len(first), 70))
    mails = [
        f"我的：\n{broken}\n\n小李的：{second}。收到请回。",
        f"{first[:-12]}\n谢谢",
        "今天没来得及做",
        '{"format": "KB1.x"}',
        " \n",
        "\n".join(f"> > {line}" for line in f"我的：\n{broken}".splitlines()),
        *(end.join(f"> {line}" for line in broken.splitlines()) for end in LINE_ENDS),
    ]

    found = [split(mail) for mail in mails]

    assert found == [
        *([broken, second], [first[:-12]], [mails[2]], [mails[3]], [], [broken]),
        *([broken.replace("\n", end)] for end in LINE_ENDS),
    ]
    assert page.evaluate("(mails) => mails.map(KB.receipt.split)", mails) == found


def test_a_code_that_was_cut_does_not_take_the_next_one_with_it(page: Page) -> None:
    first, second = [entry["code"] for entry in RECEIPTS if "receipt" in entry][:2]
    ends_like_a_beginning = "KB1.eyJKB1.3610a686"
    cut = [first[:60], first[:-9], first[:-3], "KB1."]
    mails = [f"{code}\n{second}" for code in (*cut, ends_like_a_beginning)]

    found = [split(mail) for mail in mails]

    assert found == [[code, second] for code in (*cut, ends_like_a_beginning)]
    assert page.evaluate("(mails) => mails.map(KB.receipt.split)", mails) == found
