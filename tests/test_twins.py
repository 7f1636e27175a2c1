"""The engines in the browser answer as Python does: same text, same hits, same advice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kb.browser.bundle import SEARCH_SCRIPTS
from kb.engines import advisor_json, open_search
from kb.search import SearchEngine
from kb.search.export import export_index
from kb.suggest import Advisor, export_advisor
from kb.text import grams, normalise, simplified_table

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FIXTURES = Path(__file__).parent / "fixtures"
SCRIPTS = (*SEARCH_SCRIPTS, "turns.js", "reading.js", "net.js", "choose.js", "suggest.js")
TOP = 3

# Lone surrogates do not survive the way to the browser, so texts travel as code points.
NORMAL_IN_BROWSER = """
    (texts) => texts.map((points) => {
      const back = (text) => Array.from(text, (char) => char.codePointAt(0));
      const n = KB.text.normalise(points.map((p) => String.fromCodePoint(p)).join(""));
      const grams = Array.from(KB.text.grams(n), (g) => [back(g.text), g.start, g.end]);
      return { text: back(n.text), origin: n.origin, grams };
    })
"""
SEARCH_IN_BROWSER = """
    (asked) => Promise.all(asked.map(async ({ query, ...options }) => {
      const { searching, ids } = globalThis;
      const { took_ms, ...found } = await searching.search(query, options);
      const ranked = await searching.ranked(query);
      return { ...found, ranked: ranked.map((r) => [r.score, ids[r.place]]) };
    }))
"""
SUGGEST_IN_BROWSER = """
    (given) => Promise.all(
      given.map(({ text, ...state }) => globalThis.advising.suggest(text, state)),
    )
"""


def fixture(name: str, long: str) -> list[dict[str, Any]]:
    """The entries of a fixture; ``{"repeat": …, "times": …}`` under ``long`` is written out."""
    entries: list[dict[str, Any]] = json.loads((FIXTURES / name).read_text("utf-8"))
    for entry in entries:
        if isinstance(entry[long], dict):
            entry[long] = entry[long]["repeat"] * entry[long]["times"]
    return entries


TEXTS = fixture("text.json", "text")
QUERIES = fixture("queries.json", "query")
SITUATIONS = fixture("situations.json", "text")


@pytest.fixture(scope="module")
def searching(root: Path) -> SearchEngine:
    return open_search(root)


@pytest.fixture(scope="module")
def advisor_data(root: Path) -> dict[str, object]:
    return advisor_json(root)


@pytest.fixture(scope="module")
def advising(advisor_data: dict[str, object], searching: SearchEngine) -> Advisor:
    return Advisor(advisor_data, searching)


@pytest.fixture
def whole_table(page: Page) -> None:
    """The page knows every traditional character; a search gets what it needs by itself."""
    page.evaluate("KB.text.addTable(globalThis.traditional)")


@pytest.fixture(scope="module")
def page(
    browser: Browser, root: Path, searching: SearchEngine, advisor_data: dict[str, object]
) -> Iterator[Page]:
    """A blank page with both engines, over the data that the built book carries."""
    page = browser.new_page()
    for script in SCRIPTS:
        page.add_script_tag(path=root / "src/kb/browser/static" / script)
    data = [dict(export_index(searching.index)), dict(export_advisor(advisor_data))]
    page.evaluate(
        """async (texts) => {
          const [parts, advisor] = texts.map((text) => JSON.parse(text));
          KB.text.addTable(parts.text);
          globalThis.traditional = parts.traditional;
          globalThis.ids = parts.ids;
          globalThis.searching = KB.search.create(parts.search, async (name) => parts[name]);
          await globalThis.searching.loadIds();
          globalThis.advising = KB.suggest.create(
            advisor.advisor, globalThis.searching, async (name) => advisor[name]);
        }""",
        [json.dumps(part) for part in data],
    )
    yield page
    page.close()


def normal_in_python(text: str) -> dict[str, Any]:
    normal = normalise(text)
    return {
        "text": [ord(char) for char in normal.text],
        "origin": list(normal.origin),
        "grams": [[[ord(c) for c in g.text], g.start, g.end] for g in grams(normal.text)],
    }


def search_in_python(searching: SearchEngine, asked: dict[str, Any]) -> dict[str, Any]:
    filters = {key: asked[key] for key in ("kind", "industry", "limit", "filters") if key in asked}
    found = searching.search(asked["query"], **filters).to_json()
    del found["took_ms"]
    ranked = [[score, doc.id] for score, doc in searching.ranked(asked["query"])]
    return {**found, "ranked": ranked}


def suggest_in_python(advising: Advisor, given: dict[str, Any]) -> dict[str, Any]:
    state = {key: given[key] for key in ("done", "channel", "industry") if key in given}
    return advising.suggest(given["text"], **state).to_json()


def short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "…")


def differences(python: Any, browser: Any, path: str = "") -> list[str]:
    """Every place where two answers differ, with both values."""
    if isinstance(python, dict) and isinstance(browser, dict):
        if python.keys() != browser.keys():
            return [f"{path}: keys {sorted(python)} / {sorted(browser)}"]
        return [
            d for key in python for d in differences(python[key], browser[key], f"{path}.{key}")
        ]
    if isinstance(python, list) and isinstance(browser, list) and len(python) == len(browser):
        pairs = enumerate(zip(python, browser, strict=True))
        return [d for i, (p, b) in pairs for d in differences(p, b, f"{path}[{i}]")]
    return [] if python == browser else [f"{path}: {python!r} / {browser!r}"]


def as_json(value: Any) -> Any:
    """As the value comes out of the command line: tuples are lists."""
    return json.loads(json.dumps(value))


def report(failures: list[str]) -> None:
    assert not failures, f"{len(failures)} differ (Python / browser):\n" + "\n".join(failures)


@pytest.mark.parametrize("entry", TEXTS, ids=[t["why"] for t in TEXTS])
def test_a_text_has_the_written_normal_form_and_grams(entry: dict[str, Any]) -> None:
    normal = normalise(entry["text"]).text

    assert normal == entry["normal"]
    assert [g.text for g in grams(normal)] == entry["grams"].split()


def test_the_browser_finds_what_python_finds(page: Page, searching: SearchEngine) -> None:
    answers = page.evaluate(SEARCH_IN_BROWSER, QUERIES)

    report(
        [
            f"{short(asked['query'])} {d}"
            for asked, answer in zip(QUERIES, answers, strict=True)
            for d in differences(as_json(search_in_python(searching, asked)), answer)[:3]
        ]
    )


@pytest.mark.usefixtures("whole_table")
def test_the_browser_normalises_and_cuts_as_python_does(page: Page) -> None:
    texts = [t["text"] for t in TEXTS + SITUATIONS] + [q["query"] for q in QUERIES]
    answers = page.evaluate(NORMAL_IN_BROWSER, [[ord(char) for char in text] for text in texts])

    report(
        [
            f"{short(text)} {d}"
            for text, answer in zip(texts, answers, strict=True)
            for d in differences(normal_in_python(text), answer)[:3]
        ]
    )


def test_every_traditional_character_is_known_or_its_table_is_asked_for(
    browser: Browser, root: Path, searching: SearchEngine
) -> None:
    page = browser.new_page()
    page.add_script_tag(path=root / "src/kb/browser/static/text.js")
    lost = page.evaluate(
        """([near, table]) => {
          KB.text.addTable(near);
          return Object.keys(table).filter((char) =>
            KB.text.normalise(char).text !== table[char] && !KB.text.maybeTraditional(char));
        }""",
        [dict(export_index(searching.index))["text"], simplified_table()],
    )
    everyday = page.evaluate("KB.text.maybeTraditional('客户说退款，ok？😀')")
    page.close()
    assert (lost, everyday) == ([], False)


def test_every_query_finds_the_expected_page(searching: SearchEngine) -> None:
    failures = []
    for asked in QUERIES:
        if "expect" not in asked:
            continue
        ids = [hit["id"] for hit in search_in_python(searching, asked)["results"]]
        found = asked["expect"] in ids[:TOP] if asked["expect"] else not ids
        if not found:
            failures.append(f"{asked['class']}: {short(asked['query'])} → {ids[:TOP]}")

    assert not failures, f"{len(failures)} miss their page:\n" + "\n".join(failures)


def test_the_marks_of_an_excerpt_lie_inside_it(searching: SearchEngine) -> None:
    for asked in QUERIES:
        for hit in search_in_python(searching, asked)["results"]:
            ends = [0, *(at for mark in hit["marks"] for at in mark), len(hit["excerpt"])]
            assert ends == sorted(ends), f"{short(asked['query'])}: {hit}"


@pytest.mark.usefixtures("whole_table")
def test_the_browser_advises_as_python_does(page: Page, advising: Advisor) -> None:
    answers = page.evaluate(SUGGEST_IN_BROWSER, SITUATIONS)

    report(
        [
            f"{short(given['text'])} {d}"
            for given, answer in zip(SITUATIONS, answers, strict=True)
            for d in differences(as_json(suggest_in_python(advising, given)), answer)[:3]
        ]
    )


def test_three_in_four_clear_situations_get_a_step_that_the_ladder_allows(
    advising: Advisor,
) -> None:
    """The accepted steps were written from the ladder, before any answer was seen."""
    clear = [given for given in SITUATIONS if "accept" in given]
    failures = []
    for given in clear:
        step = suggest_in_python(advising, given)["step"]
        if step not in given["accept"]:
            failures.append(f"{short(given['text'])}: {step}, not {given['accept']}")

    assert len(failures) * 4 <= len(clear), "\n".join(failures)
