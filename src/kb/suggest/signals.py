"""Signals: the words of the authors' lexicons that stand in a text, longest first.

Twin: ``signals`` in ``browser/static/reading.js``, held by ``tests/fixtures/situations.json``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

#: The lexicons, in the order in which signals at the same place are listed.
HEADS = ("risk", "emotion", "type", "demand")


class Signal(NamedTuple):
    """``[start, end)`` of the normalised text shows ``label`` of ``head``."""

    start: int
    end: int
    head: str
    label: str


class Lexicon:
    """All word lists, ready to be found in a text in one pass."""

    def __init__(self, lexicon: Mapping[str, Mapping[str, Any]]) -> None:
        self._words: dict[str, list[tuple[str, str]]] = {}
        self._unless: dict[str, list[tuple[str, str]]] = {}
        for head in HEADS:
            for label, lists in lexicon.get(head, {}).items():
                for word in lists["words"]:
                    self._words.setdefault(word, []).append((head, label))
                for word in lists["unless"]:
                    self._unless.setdefault(word, []).append((head, label))
        self._word_lengths = _lengths(self._words)
        self._unless_lengths = _lengths(self._unless)

    def find(self, text: str) -> list[Signal]:
        """All signals in a normalised text by start, then ``HEADS``; none inside an ``unless``."""
        shields: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for start, end, means in _scan(text, self._unless, self._unless_lengths):
            shields.setdefault(means, []).append((start, end))
        found: list[Signal] = []
        reached: dict[tuple[str, str], int] = {}
        for start, end, means in _scan(text, self._words, self._word_lengths):
            if start < reached.get(means, 0):
                continue
            if any(s <= start and end <= e for s, e in shields.get(means, ())):
                continue
            reached[means] = end
            found.append(Signal(start, end, *means))
        found.sort(key=lambda s: (s.start, HEADS.index(s.head), s.end, s.label))
        return found


def _lengths(words: Mapping[str, object]) -> list[int]:
    return sorted({len(w) for w in words}, reverse=True)


def _scan(
    text: str, words: Mapping[str, Sequence[tuple[str, str]]], lengths: Sequence[int]
) -> list[tuple[int, int, tuple[str, str]]]:
    """Every word at every place, longer before shorter."""
    found = []
    for start in range(len(text)):
        for length in lengths:
            for means in words.get(text[start : start + length], ()):
                if start + length <= len(text):
                    found.append((start, start + length, means))
    return found
