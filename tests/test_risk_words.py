"""The book's own words for risks: what they find, and what only looks like a danger."""

from __future__ import annotations

import pytest

from kb.content import Library
from kb.suggest.signals import Lexicon
from kb.text import normalise


@pytest.fixture(scope="module")
def words(library: Library) -> Lexicon:
    """The risk list of the real book."""
    lists = library.lexicon["risk"]
    return Lexicon({"risk": {k: {"words": v.words, "unless": v.unless} for k, v in lists.items()}})


def risks(words: Lexicon, text: str) -> set[str]:
    """The risks whose words stand in ``text``."""
    return {signal.label for signal in words.find(normalise(text).text)}


@pytest.mark.parametrize(
    "text",
    [
        "墙角都霉了",
        "这件毛衣长毛了",
        "浴室瓷砖缝长霉",
        "青虫挂在树上掉下来",
        "抹布是馊的",
        "货架上有死苍蝇",
        "送来的花上有青虫",
    ],
)
def test_mould_and_vermin_outside_food_are_no_danger(words: Lexicon, text: str) -> None:
    assert risks(words, text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "面包都长毛了还卖",
        "月饼长霉了",
        "菜里有条青虫",
        "一打开饭都馊了",
        "汤里有只苍蝇",
        "吃出一根头发",
    ],
)
def test_mould_and_vermin_in_food_are_a_danger(words: Lexicon, text: str) -> None:
    assert risks(words, text) == {"safety"}
