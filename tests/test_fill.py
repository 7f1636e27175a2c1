"""Blanks are filled from what the customer told, where it is clear, and never by guessing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.content import Library
from kb.suggest.fill import Filler
from kb.suggest.wording import wording_data

FILLS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "fixtures" / "fills.json").read_text("utf-8")
)


@pytest.fixture(scope="module")
def filler(library: Library) -> Filler:
    return Filler(wording_data(library)["fill"])


def filled(filler: Filler, told: str, sentence: str) -> str:
    """The sentence with what was filled; what is still blank in 【】."""
    parts = filler.fill(sentence, filler.facts(told))
    return "".join(p.text or f"【{p.slot}】" for p in parts)


@pytest.mark.parametrize("entry", FILLS, ids=[e["why"] for e in FILLS])
def test_a_sentence_is_filled_as_written(filler: Filler, entry: dict[str, Any]) -> None:
    assert filled(filler, entry["told"], entry["sentence"]) == entry["filled"]


@given(st.text(), st.text())
def test_what_fills_a_blank_stands_in_what_was_told(told: str, noise: str) -> None:
    told = f"{noise}单号{told}"
    filler = Filler([{"slot": "单号", "told": ["(单号)([0-9a-z]{6,20})()"], "fits": ""}])
    for part in filler.fill("{单号}和{称呼}", filler.facts(told)):
        assert part.slot is None or part.text in told


@given(st.text())
def test_a_sentence_without_blanks_stays_as_it_is(sentence: str) -> None:
    sentence = sentence.replace("{", "")
    assert "".join(p.text for p in Filler([]).fill(sentence, [])) == sentence
