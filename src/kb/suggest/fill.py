"""Blanks of a sentence filled from what the customer told, where it is clear; never by guessing.

Twin: ``browser/static/fill.js``; ``tests/fixtures/fills.json`` holds both to the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kb.text import BLANK, normalise


class Fact(NamedTuple):
    """What the customer told for the blank of one entry of ``book/fill.yml``."""

    entry: int
    slot: str
    text: str


class Part(NamedTuple):
    """A piece of a sentence: plain (no slot), filled, or, with an empty text, still blank."""

    text: str
    slot: str | None


class _Entry(NamedTuple):
    slot: str
    told: list[re.Pattern[str]]
    fits: re.Pattern[str] | None


class Filler:
    """Fills sentences; ``data`` is the part ``fill`` of ``wording_data``."""

    def __init__(self, data: Sequence[Mapping[str, Any]]) -> None:
        self._entries = [
            _Entry(
                e["slot"],
                [re.compile(t) for t in e["told"]],
                re.compile(e["fits"]) if e["fits"] else None,
            )
            for e in data
        ]

    def facts(self, told: str) -> list[Fact]:
        """What is clear in the customer's words: of an entry that found two values, nothing."""
        normal = normalise(told)
        found = []
        for place, entry in enumerate(self._entries):
            values: dict[str, str] = {}
            for pattern in entry.told:
                for match in pattern.finditer(normal.text):
                    start, end = normal.span(*match.span(2))
                    values.setdefault(match.group(2), told[start:end])
            if len(values) == 1:
                found.append(Fact(place, entry.slot, *values.values()))
        return found

    def fill(self, sentence: str, facts: Sequence[Fact]) -> list[Part]:
        """The pieces of ``sentence``; a blank takes the first fact that fits there."""
        return list(self._parts(sentence, facts))

    def _parts(self, sentence: str, facts: Sequence[Fact]) -> Iterator[Part]:
        at = 0
        for blank in BLANK.finditer(sentence):
            if blank.start() > at:
                yield Part(sentence[at : blank.start()], None)
            at = blank.end()
            slot = blank.group(1)
            fitting = (
                f.text for f in facts if f.slot == slot and self._fits(f.entry, sentence, blank)
            )
            yield Part(next(fitting, ""), slot)
        if at < len(sentence):
            yield Part(sentence[at:], None)

    def _fits(self, entry: int, sentence: str, blank: re.Match[str]) -> bool:
        fits = self._entries[entry].fits
        if fits is None:
            return True
        normal = normalise(sentence)
        spans = (normal.span(*match.span()) for match in fits.finditer(normal.text))
        return any(s <= blank.start() and blank.end() <= e for s, e in spans)
