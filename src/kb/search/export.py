"""The index as the browser reads it: a small base, and parts that are loaded when a query asks.

Every part is a datum of its own (``kb.browser`` makes a script of each):

- ``text``: traditional to simplified, as two strings, as far as the library or GB 2312 has the
  traditional character; ``traditional`` holds the rest, for queries that need it;
- ``search``: what the ranking needs at once: units, facets, synonyms, constants;
- ``grams-N`` and ``common-N``: postings, see ``export_grams``;
- ``cards-N``: titles, addresses and sources of a block of documents;
- ``texts-N``: a block of passages;
- ``ids``: all documents by id, for the advisor;
- ``sounds``, ``rare-N``, ``words-N``, ``initials-N``: for slips and pinyin, see
  ``export_words``.

Blocks are cut from what is sorted, so that the base only has to say with what each begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kb.search import engine as e
from kb.search import rank as r
from kb.search import repair as p
from kb.search.documents import LABELS, Document
from kb.search.excerpt import CLOSERS, CUT, ENDS, LEAD, PAUSES, SHOWN, TELLS, WIDTH
from kb.search.export_grams import export_grams
from kb.search.export_words import export_words
from kb.search.index import IndexReader
from kb.search.words import LONGEST
from kb.text import simplified_table

#: About so many characters a block of texts. A hit shows one passage.
_TEXTS = 250
#: Documents a block of cards.
_CARDS = 8
#: Up to so many documents their ids are written out; only the advisor asks for some by id.
_NAMED = 5_000

#: The Chinese names of labels, by facet.
Names = Mapping[str, Mapping[str, str]]


def export_index(reader: IndexReader, names: Names | None = None) -> Iterator[tuple[str, Any]]:
    """All parts as ``(name, plain JSON value)``; ``names`` are shown for the labels of facets."""
    base = _base(reader, names or {})
    yield from _text_tables(reader)
    yield from export_grams(reader, base)
    yield from export_words(reader, base)
    yield from _texts(reader, base)
    docs = reader.documents
    for start in range(0, len(docs), _CARDS):
        yield f"cards-{start // _CARDS}", [_card(d) for d in docs[start : start + _CARDS]]
    yield "ids", [d.id for d in docs] if len(docs) <= _NAMED else []
    yield "search", base


def _text_tables(reader: IndexReader) -> Iterator[tuple[str, list[str]]]:
    table = simplified_table()
    used = {c for d in reader.documents for text in (d.title, d.text) for c in text}
    near = {old: new for old, new in table.items() if old in used or _in_gb2312(old)}
    rest = {old: new for old, new in table.items() if old not in near}
    for name, part in (("text", near), ("traditional", rest)):
        yield name, ["".join(part.keys()), "".join(part.values())]


def _in_gb2312(char: str) -> bool:
    """Whether the browser can tell, by its own decoder, that a character is an everyday one."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _card(d: Document) -> list[Any]:
    """A document as it is shown; its address holds its own name more often than not."""
    return [d.id, d.kind, d.badge, d.title, d.url.replace(_name(d), "*"), list(d.source)]


def _name(d: Document) -> str:
    """What ``*`` stands for in the address of a card: the id without its kind."""
    return d.id.partition(":")[2] or d.id


def _texts(reader: IndexReader, base: dict[str, Any]) -> Iterator[tuple[str, list[list[str]]]]:
    """Passages in blocks of about one size, counted through over all documents."""
    starts: list[int] = []
    block: list[list[str]] = []
    size = 0
    passages = [passage for doc in reader.documents for passage in doc.passages]
    for place, passage in enumerate(passages):
        block.append([passage.anchor, passage.text])
        size += len(passage.text)
        if size >= _TEXTS or place + 1 == len(passages):
            yield f"texts-{len(starts)}", block
            starts.append(place + 1 - len(block))
            block, size = [], 0
    base["texts"] = starts


def _base(reader: IndexReader, names: Names) -> dict[str, Any]:
    docs = reader.documents
    base: dict[str, Any] = {
        "documents": len(docs),
        "passages": [len(d.passages) for d in docs],
        "cards": _CARDS,
        "synonyms": reader.words["synonyms"],
        "facets": {},
        "groups": _groups(reader),
        "rules": {
            "full": r.FULL,
            "single": r.SINGLE,
            "minCoverage": r.MIN_COVERAGE,
            "mostDocuments": r.most_documents(len(reader.documents)),
            "lookedAt": r.LOOKED_AT,
            "sameTitle": r.SAME_TITLE,
            "partTitle": r.PART_TITLE,
            "facet": r.FACET,
            "maxGrams": r.MAX_GRAMS,
            "maxQuery": e.MAX_QUERY,
            "also": e.ALSO,
            "nearest": e.NEAREST,
            "width": WIDTH,
            "lead": LEAD,
            "labels": LABELS,
            "ends": ENDS,
            "pauses": PAUSES,
            "closers": CLOSERS,
            "cut": CUT,
            "shown": SHOWN,
            "tells": TELLS,
            "second": p.SECOND,
            "synonym": p.SYNONYM,
            "typed": p.TYPED,
            "readings": p.READINGS,
            "initials": p.INITIALS,
            "longest": LONGEST,
            "mostInitials": p.MOST_INITIALS,
            "synonyms": p.SYNONYMS,
            "least": p.LEAST,
            "leastNear": p.LEAST_NEAR,
            "leastInitials": p.LEAST_INITIALS,
            "leastConsonants": p.LEAST_CONSONANTS,
            "vowels": "".join(sorted(p.VOWELS)),
            "rare": p.RARE,
            "often": p.OFTEN,
        },
    }
    for field in (*e.FACETS, "emotion"):
        values = [e.values_of(d, field) for d in docs]
        used = {v for vs in values for v in vs}
        named = names.get(field, {})
        labels = [label for label in named if label in used] + sorted(used - set(named))
        if labels:
            coded = [[labels.index(v) for v in vs] for vs in values]
            shown = [named.get(label, label) for label in labels]
            base["facets"][field] = {"names": labels, "shown": shown, "of": coded}
    return base


def _groups(reader: IndexReader) -> list[int]:
    """For every document the first one of its page: hits are grouped by it."""
    first: dict[str, int] = {}
    return [first.setdefault(e.page_of(d), place) for place, d in enumerate(reader.documents)]
