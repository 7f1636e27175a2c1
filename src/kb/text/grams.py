"""Grams: single characters and pairs of a Chinese run, whole words of a Latin run.

No dictionary: every part of a word can be found (单号 in 订单号), and the browser cuts text
exactly as Python does. The twin is ``browser/static/text.js``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# Han (with extensions and 〇), kana and Hangul are cut into characters; Latin, Greek and Cyrillic
# letters and digits stay together. Ranges are spelled out so that both engines draw the line in
# the same place whatever Unicode version they carry.
HAN = "\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
WORD = "0-9a-z\u00df-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u04ff"
_QUOTES = re.compile("[“”‘’\"'「」『』]")
_RUN = re.compile(f"([{HAN}]+)|([{WORD}]+)")


class Gram(NamedTuple):
    """A gram at ``[start, end)`` of the normalised text."""

    text: str
    start: int
    end: int


class Run(NamedTuple):
    """A stretch of characters of one kind; ``han`` tells which."""

    text: str
    start: int
    han: bool


def runs(normal_text: str) -> Iterator[Run]:
    """The stretches of ``normal_text`` that carry meaning; everything else separates."""
    for match in _RUN.finditer(normal_text):
        yield Run(match.group(), match.start(), match.group(1) is not None)


def grams(normal_text: str) -> Iterator[Gram]:
    """All grams of a normalised text, in order of their start, singles before pairs."""
    for run in runs(normal_text):
        if not run.han:
            yield Gram(run.text, run.start, run.start + len(run.text))
            continue
        for i, char in enumerate(run.text):
            at = run.start + i
            yield Gram(char, at, at + 1)
            if i + 1 < len(run.text):
                yield Gram(run.text[i : i + 2], at, at + 2)


def unquoted(normal_text: str) -> str:
    """A normalised text without quotation marks: they part no words, 说“不”的话 is 说不的话."""
    return _QUOTES.sub("", normal_text)
