"""Fill, lint and mask in the browser give what Python gives, on the fixtures and on the book."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.content import Library
from kb.content.private import find_private, mask
from kb.suggest.choose import said_of
from kb.suggest.fill import Filler
from kb.suggest.lint import Linter
from kb.suggest.turns import turns
from kb.suggest.wording import wording_data
from kb.text import normalise, simplified_table

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FIXTURES = Path(__file__).parent / "fixtures"
TABLE = simplified_table()
SCRIPTS = ("text.js", "turns.js", "private.js", "fill.js", "lint.js", "choose.js")
ANSWER = """
    (texts) => texts.map((text) => ({
      remarks: linter.find(text),
      facts: filler.facts(text),
      private: KB.private.find(text),
      mask: KB.private.mask(text),
      turns: KB.turns(KB.text.normalise(text), speakers),
    }))
"""
FILL = """
    (given) => given.map(({ told, sentence }) => filler.fill(sentence, filler.facts(told)))
"""


def fixture(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((FIXTURES / name).read_text("utf-8"))
    return entries


@pytest.fixture(scope="module")
def wording(library: Library) -> dict[str, Any]:
    return wording_data(library)


@pytest.fixture(scope="module")
def page(browser: Browser, root: Path, wording: dict[str, Any]) -> Iterator[Page]:
    """A blank page with the twins, over the words that the built book carries."""
    page = browser.new_page()
    for script in SCRIPTS:
        page.add_script_tag(path=root / "src/kb/browser/static" / script)
    page.evaluate(
        """([table, wording]) => {
          KB.text.addTable(table);
          globalThis.linter = KB.lint.create(wording.reply);
          globalThis.filler = KB.fill.create(wording.fill);
          globalThis.speakers = wording.speakers;
        }""",
        [["".join(TABLE), "".join(TABLE.values())], wording],
    )
    yield page
    page.close()


def in_python(wording: dict[str, Any], text: str) -> dict[str, Any]:
    said = turns(normalise(text).text, wording["speakers"])
    return {
        "remarks": [r.to_json() for r in Linter(wording["reply"]).find(text)],
        "facts": [f._asdict() for f in Filler(wording["fill"]).facts(text)],
        "private": [p._asdict() for p in find_private(text)],
        "mask": mask(text),
        "turns": [t._asdict() for t in said],
    }


def test_the_browser_finds_what_python_finds_in_the_fixtures(
    page: Page, wording: dict[str, Any]
) -> None:
    texts = [e["draft"] for e in fixture("replies.json")]
    texts += [e["told"] for e in fixture("fills.json")]
    texts += [e["text"] for e in fixture("private.json")]
    texts += [e["text"] for e in fixture("situations.json") if isinstance(e["text"], str)]

    answers = page.evaluate(ANSWER, texts)

    for text, answer in zip(texts, answers, strict=True):
        assert answer == in_python(wording, text), text


def test_a_speaker_may_have_a_name_of_any_characters(page: Page) -> None:
    odd = r"""!"#$%&'()+,-./:;<=>?@[\]^_`{|}~"""
    names = {"customer": ["买家-a", *odd], "agent": ["客服(张)"]}
    chats = [f"{name}: 要退货\n客服(张): 单号多少" for name in names["customer"]]

    found = page.evaluate(
        "([names, chats]) => chats.map((c) => KB.turns(KB.text.normalise(c), names))",
        [names, chats],
    )

    for chat, turns_ in zip(chats, found, strict=True):
        expected = [t._asdict() for t in turns(normalise(chat).text, names)]
        assert [t["agent"] for t in expected] == [False, True], chat
        assert turns_ == expected, chat


def test_the_words_of_a_rule_stand_at_the_same_place_behind_rare_characters(page: Page) -> None:
    rule = {"words": ["退款"], "unless": ["😀不要退款"]}
    last = "😀不要退款，𠮷！退款"

    assert said_of(rule, last) == [(8, 10)]
    assert page.evaluate("([r, text]) => KB.choose.saidOf(r, text)", [rule, last]) == [[8, 10]]


def test_the_browser_fills_as_python_does(page: Page, wording: dict[str, Any]) -> None:
    given_ = fixture("fills.json")
    filler = Filler(wording["fill"])

    answers = page.evaluate(FILL, given_)

    for entry, answer in zip(given_, answers, strict=True):
        parts = filler.fill(entry["sentence"], filler.facts(entry["told"]))
        assert answer == [p._asdict() for p in parts], entry["why"]


def test_the_browser_remarks_on_the_book_as_python_does(
    page: Page, library: Library, wording: dict[str, Any]
) -> None:
    texts = [a.text for g in library.phrase_groups for a in g.avoid]
    texts += [p.say for g in library.phrase_groups for p in g.phrases]
    linter = Linter(wording["reply"])

    answers = page.evaluate("(texts) => texts.map((t) => linter.find(t))", texts)

    for text, answer in zip(texts, answers, strict=True):
        assert answer == [r.to_json() for r in linter.find(text)], text


# Lone surrogates do not survive the way to the browser; the fixtures of text.js hold them.
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",))),
    st.text("您你不归我管，。！？、\n这是公司规定没办法亲单号SF13800138000年月块我王女士 -x😀１２"),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXT, min_size=5, max_size=20))
def test_the_browser_finds_what_python_finds_in_any_text(
    page: Page, wording: dict[str, Any], texts: list[str]
) -> None:
    for text, answer in zip(texts, page.evaluate(ANSWER, texts), strict=True):
        assert answer == in_python(wording, text), text
