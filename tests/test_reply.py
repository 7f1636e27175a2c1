"""What does not belong into a reply is found, with a better line; good sentences are left alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.content import Library
from kb.suggest.lint import Linter
from kb.suggest.wording import wording_data

REPLIES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "fixtures" / "replies.json").read_text("utf-8")
)
#: Sentences of the book that hold such words and are right where they stand.
EXCEPTIONS = {
    # Said to a supplier who offers a dinner; the rule is the very point.
    "谢谢您提醒。投标期间我们不送票也不请客，这是公司规定。您要是方便，帮我约他看一次演示。",
}


@pytest.fixture(scope="module")
def linter(library: Library) -> Linter:
    return Linter(wording_data(library)["reply"])


@pytest.mark.parametrize("entry", REPLIES, ids=[e["why"] for e in REPLIES])
def test_a_draft_has_the_written_remarks(linter: Linter, entry: dict[str, Any]) -> None:
    found = linter.find(entry["draft"])
    assert [[r.kind, r.text] for r in found] == entry["remarks"]


def good_sentences(library: Library) -> set[str]:
    """Everything that the book tells its readers to say."""
    good = {p.say for g in library.phrase_groups for p in g.phrases}
    good |= {line.text for step in library.steps for line in step.say}
    good |= {a.instead for g in library.phrase_groups for a in g.avoid}
    good |= {a.instead for step in library.steps for a in step.avoid}
    good |= {m.say for case in library.cases for m in case.moments}
    return good | {i.say for method in library.methods for i in method.items if i.say}


def test_no_good_sentence_of_the_book_is_remarked_on(library: Library, linter: Linter) -> None:
    good = good_sentences(library)
    assert len(good) > 3000
    assert {s for s in good if linter.find(s)} == EXCEPTIONS


def test_what_is_offered_instead_is_a_good_sentence_too(library: Library, linter: Linter) -> None:
    offered = {entry.instead for entry in library.reply.entries}
    assert {s for s in offered if linter.find(s)} == set()


def test_two_in_three_sentences_to_avoid_are_remarked_on(library: Library, linter: Linter) -> None:
    """The others are wrong only in their place: a greeting to somebody who weeps."""
    avoid = [a.text for g in library.phrase_groups for a in g.avoid]
    avoid += [a.text for step in library.steps for a in step.avoid]
    assert sum(bool(linter.find(s)) for s in avoid) >= len(avoid) * 2 / 3


def test_no_entry_shields_its_own_words(library: Library) -> None:
    for entry in library.reply.entries:
        assert set(entry.unless).isdisjoint(entry.words), entry.words


@given(st.text(st.characters(exclude_categories=())))
def test_no_draft_is_refused_and_remarks_lie_apart_inside_it(linter: Linter, draft: str) -> None:
    reached = 0
    for remark in linter.find(draft + "这不归我管" + draft):
        assert reached <= remark.start < remark.end
        assert (draft + "这不归我管" + draft)[remark.start : remark.end] == remark.text
        reached = remark.end


@given(st.text("您你不归我管，。！这是公司规定亲的", max_size=30))
def test_words_count_wherever_they_stand(linter: Linter, before: str) -> None:
    assert any(r.kind == "risky" for r in linter.find(before + "。把验证码发给我"))
