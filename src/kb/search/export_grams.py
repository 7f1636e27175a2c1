"""Postings for the browser, in blocks of neighbouring grams.

A block is ``[grams, counts, units, impacts, tenths]``: the grams in one string, a blank between;
for every gram the number of its entries; then the entries of all grams in a row, units as
differences to the one before of the same gram. Of a gram, documents and idf follow from its
entries; the base lists the idf for every number of documents that occurs. ``tenths`` has the
characters that weigh more than their idf.

A query drops the common characters of longer runs, so their postings are blocks of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from kb.search.index import IndexReader, Postings
from kb.search.rank import most_documents

#: About so many characters of JSON a block: a query needs a block or two for every character, and
#: common characters only when nothing else was typed.
_GRAMS, _COMMON = 3_000, 12_000


def export_grams(reader: IndexReader, base: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The parts ``grams-N`` and ``common-N``; what finds them goes into ``base``."""
    least = most_documents(len(reader.documents))
    rest: list[tuple[str, Postings]] = []
    common: list[tuple[str, Postings]] = []
    values: dict[int, int] = {}
    for gram in reader.grams():
        found = reader.postings(gram)
        assert found is not None
        values[found.docs] = found.idf
        (common if len(gram) == 1 and found.docs > least else rest).append((gram, found))
    base["values"] = dict(sorted(values.items()))
    base["commonChars"] = "".join(gram for gram, _ in common)
    for name, postings, size in (("grams", rest, _GRAMS), ("common", common, _COMMON)):
        starts: list[str] = []
        before = ""
        for block in _blocks(postings, size):
            yield f"{name}-{len(starts)}", _columns(block)
            starts.append(_parting(before, block[0][0]))
            before = block[-1][0]
        base[name] = " ".join(starts)


def _blocks(
    postings: Sequence[tuple[str, Postings]], most: int
) -> Iterator[list[tuple[str, Postings]]]:
    block: list[tuple[str, Postings]] = []
    size = 0
    for gram, found in postings:
        own = len(
            json.dumps([*zip(found.units, found.impacts, strict=True)], separators=(",", ":"))
        ) + 3 * len(gram)
        if block and own >= most / 2:  # who asks for it does not ask for those before
            yield block
            block, size = [], 0
        block.append((gram, found))
        size += own
        if size >= most:
            yield block
            block, size = [], 0
    if block:
        yield block


def _parting(before: str, gram: str) -> str:
    """The shortest beginning of ``gram`` that comes after the gram ``before``."""
    return next(gram[:end] for end in range(1, len(gram) + 1) if gram[:end] > before)


def _columns(block: Sequence[tuple[str, Postings]]) -> list[Any]:
    units: list[int] = []
    impacts: list[int] = []
    for _, found in block:
        before = 0
        for unit, impact in zip(found.units, found.impacts, strict=True):
            units.append(unit - before)
            impacts.append(impact)
            before = unit
    counts = [len(found.units) for _, found in block]
    tenths = {gram: found.tenths for gram, found in block if found.tenths != 10}
    return [" ".join(gram for gram, _ in block), counts, units, impacts, tenths]
