"""The index as the browser reads it: a small base, and parts that are loaded when a query asks.

Every part is a datum of its own (``kb.browser`` makes a script of each):

- ``search``: what the ranking needs at once: units, facets, synonyms, constants;
- ``grams-N``: postings of the grams whose first character falls into bucket N,
  ``{gram: [value, docs, unit, impact, unit, impact, …]}``, units as differences to the one before;
- ``gram-C``: the postings of one common character, ``C`` its code point;
- ``cards-N``: titles, addresses and sources of a block of documents;
- ``texts-N``: the passages of a block of documents;
- ``words``: vocabulary and pronunciations, for slips and pinyin.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from kb.search import engine as e
from kb.search import rank as r
from kb.search import repair as p
from kb.search.excerpt import LEAD, SHOWN, WIDTH
from kb.search.index import IndexReader
from kb.search.words import LONGEST

#: About so many characters of JSON a bucket of grams and a block of texts.
_BUCKET, _TEXTS = 16_000, 2_000
#: Up to so many documents the base names them all: the advisor asks for some by id.
_NAMED = 5_000
#: Documents a block of cards.
_CARDS = 32


def export_index(reader: IndexReader) -> Iterator[tuple[str, Any]]:
    """All parts as ``(name, plain JSON value)``."""
    postings = {gram: _flat(reader, gram) for gram in reader.grams()}
    least = r.COMMON * len(reader.documents)
    common = sorted(g for g, flat in postings.items() if len(g) == 1 and flat[1] > least)
    rest = {gram: flat for gram, flat in postings.items() if gram not in set(common)}
    size = sum(len(str(flat)) + len(gram) for gram, flat in rest.items())
    buckets = 2 ** max(0, math.ceil(math.log2(max(1, size / _BUCKET))))
    blocks = list(_text_blocks(reader))
    yield "search", _base(reader, "".join(common), buckets, [start for start, _ in blocks])
    filled: list[dict[str, list[int]]] = [{} for _ in range(buckets)]
    for gram, flat in rest.items():
        filled[ord(gram[0]) % buckets][gram] = flat
    for n, part in enumerate(filled):
        yield f"grams-{n}", part
    for char in common:
        yield f"gram-{ord(char)}", postings[char]
    docs = reader.documents
    for start in range(0, len(docs), _CARDS):
        block = docs[start : start + _CARDS]
        yield (
            f"cards-{start // _CARDS}",
            [[d.id, d.kind, d.badge, d.title, d.url, list(d.source)] for d in block],
        )
    for n, (_, block) in enumerate(blocks):
        yield f"texts-{n}", block
    yield (
        "words",
        {"vocabulary": _words(reader), "shapes": p.shapes()}
        | {key: reader.words[key] for key in ("syllables",)},
    )


def _flat(reader: IndexReader, gram: str) -> list[int]:
    found = reader.postings(gram)
    assert found is not None
    flat, before = [found.value, found.docs], 0
    for unit, impact in found.entries:
        flat += [unit - before, impact]
        before = unit
    return flat


def _text_blocks(reader: IndexReader) -> Iterator[tuple[int, list[Any]]]:
    """Passages of documents in blocks of about one size: the first document and the block."""
    block: list[Any] = []
    start = size = 0
    for place, doc in enumerate(reader.documents):
        block.append([[passage.anchor, passage.text] for passage in doc.passages])
        size += sum(len(passage.text) for passage in doc.passages)
        if size >= _TEXTS:
            yield start, block
            block, start, size = [], place + 1, 0
    if block:
        yield start, block


def _words(reader: IndexReader) -> list[list[Any]]:
    """The vocabulary without pronunciations that follow from the characters."""
    said = {c: s for s, chars in reader.words["syllables"].items() for c in chars}
    shorter = []
    for word, pinyin, weight in reader.words["vocabulary"]:
        follows = " ".join(said.get(c, "?") for c in word) == pinyin
        shorter.append([word, weight] if follows else [word, weight, pinyin])
    return shorter


def _base(reader: IndexReader, common: str, buckets: int, texts: list[int]) -> dict[str, Any]:
    docs = reader.documents
    passages = [len(d.passages) for d in docs]
    base: dict[str, Any] = {
        "documents": len(docs),
        "passages": passages,
        "common": common,
        "buckets": buckets,
        "cards": _CARDS,
        "texts": texts,
        "synonyms": reader.words["synonyms"],
        "facets": {},
        "groups": _groups(reader),
        "ids": [d.id for d in docs] if len(docs) <= _NAMED else [],
        "rules": {
            "full": r.FULL,
            "single": r.SINGLE,
            "minCoverage": r.MIN_COVERAGE,
            "commonShare": r.COMMON,
            "lookedAt": r.LOOKED_AT,
            "sameTitle": r.SAME_TITLE,
            "partTitle": r.PART_TITLE,
            "facet": r.FACET,
            "maxGrams": r.MAX_GRAMS,
            "maxQuery": e.MAX_QUERY,
            "also": e.ALSO,
            "width": WIDTH,
            "lead": LEAD,
            "shown": SHOWN,
            "second": p.SECOND,
            "synonym": p.SYNONYM,
            "mended": p.MENDED,
            "readings": p.READINGS,
            "initials": p.INITIALS,
            "longest": LONGEST,
            "mostInitials": p.MOST_INITIALS,
            "synonyms": p.SYNONYMS,
            "least": p.LEAST,
            "leastNear": p.LEAST_NEAR,
            "leastInitials": p.LEAST_INITIALS,
            "rare": p.RARE,
            "often": p.OFTEN,
        },
    }
    for field in (*e.FACETS, "emotion"):
        values = [e.values_of(d, field) for d in docs]
        names = sorted({v for vs in values for v in vs})
        if names:
            coded = [[names.index(v) for v in vs] for vs in values]
            base["facets"][field] = {"names": names, "of": coded}
    return base


def _groups(reader: IndexReader) -> list[int]:
    """For every document the first one of its page: hits are grouped by it."""
    first: dict[str, int] = {}
    return [first.setdefault(e.page_of(d), place) for place, d in enumerate(reader.documents)]
