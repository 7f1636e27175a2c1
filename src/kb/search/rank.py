"""The ranking: impacts of the query's grams added up, most of them wanted, whole titles first.

A document's score is that of its head (title, asks, tags) and of its best passage, times the share
of the query that it holds. All sums are of integers, so Python and the browser cannot differ; the
twin is ``browser/static/search.js``, and ``tests/fixtures/queries.json`` holds both to the same
order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from kb.search.index import Postings
from kb.text import runs

#: What a gram of the query counts, in thousandths. A single character says less than a pair.
FULL, SINGLE = 1000, 200
#: A document that has less than this share of what the best one has of the query is noise.
MIN_COVERAGE = 0.34
#: A character of a longer run counts only where no more than this share of documents holds it, or
#: where they are so few that it costs little to ask.
COMMON, FEW = 0.1, 280
#: Only so many are looked at for their titles and facets.
LOOKED_AT = 32
SAME_TITLE, PART_TITLE, FACET = 5.0, 1.35, 1.3
#: A long query is cut here; what a person says in one breath is shorter.
MAX_GRAMS = 200


class Index(Protocol):
    """What the ranking reads of an index."""

    @property
    def documents(self) -> Sequence[object]:
        """Everything that can be found."""
        ...

    @property
    def doc_of(self) -> Sequence[int]:
        """The document of a unit."""
        ...

    @property
    def passage_of(self) -> Sequence[int]:
        """The passage of a unit, -1 for the head."""
        ...

    def postings(self, gram: str) -> Postings | None:
        """Where a gram stands."""
        ...


class Term(NamedTuple):
    """A gram of the query with its weight in thousandths."""

    gram: str
    weight: int


class Scored(NamedTuple):
    """A document's place, its score, and the passage that answers best (-1: none)."""

    doc: int
    score: float
    passage: int


def query_terms(index: Index, pieces: Sequence[tuple[str, int]]) -> list[Term]:
    """The distinct grams of normalised texts, each text with its weight in thousandths.

    Of equal grams the heaviest counts; they keep the order of appearance.
    """
    terms: dict[str, int] = {}

    def add(gram: str, weight: int) -> None:
        if gram in terms or len(terms) < MAX_GRAMS:
            terms[gram] = max(weight, terms.get(gram, 0))

    for text, weight in pieces:
        for run in runs(text):
            if not run.han or len(run.text) == 1:
                add(run.text, weight)
                continue
            for i, char in enumerate(run.text):
                add(char, weight * SINGLE // FULL)
                if i + 1 < len(run.text):
                    add(run.text[i : i + 2], weight)
    return _without_common(index, [Term(g, w) for g, w in terms.items()])


def _without_common(index: Index, terms: list[Term]) -> list[Term]:
    """Without the common characters of longer runs, unless nothing else is left."""
    most = most_documents(len(index.documents))

    def is_common(term: Term) -> bool:
        postings = index.postings(term.gram) if term.weight <= SINGLE else None
        return postings is not None and postings.docs > most

    kept = [term for term in terms if not is_common(term)]
    return kept if any(index.postings(term.gram) for term in kept) else terms


def most_documents(documents: int) -> float:
    """In how many of so many documents a character may stand and still count in a longer run."""
    return max(COMMON * documents, FEW)


def rank(index: Index, terms: Sequence[Term]) -> list[Scored]:
    """All documents that answer, best first, ties in the documents' order."""
    units: dict[int, int] = {}
    covered: dict[int, int] = {}
    total = 0
    for term in terms:
        postings = index.postings(term.gram)
        if postings is None:
            continue
        weight = term.weight * postings.value
        total += weight
        before = -1
        for unit, impact in zip(postings.units, postings.impacts, strict=True):
            units[unit] = units.get(unit, 0) + weight * impact
            doc = index.doc_of[unit]
            if doc != before:
                covered[doc] = covered.get(doc, 0) + weight
                before = doc
    heads: dict[int, int] = {}
    bests: dict[int, tuple[int, int]] = {}
    for unit in sorted(units):
        doc, passage = index.doc_of[unit], index.passage_of[unit]
        if passage < 0:
            heads[doc] = units[unit]
        elif units[unit] > bests.get(doc, (0, -1))[0]:
            bests[doc] = (units[unit], passage)
    least = MIN_COVERAGE * max(covered.values(), default=0)
    ranked = []
    for doc, part in covered.items():
        if part < least:
            continue
        best, passage = bests.get(doc, (0, -1))
        score = (heads.get(doc, 0) + best) * (part / total) / 1_000_000
        ranked.append(Scored(doc, round4(score), passage))
    ranked.sort(key=lambda s: (-s.score, s.doc))
    return ranked


def look_at(
    ranked: list[Scored],
    query: str,
    titles: Mapping[int, str],
    named: Mapping[int, bool],
) -> list[Scored]:
    """The first of ``ranked`` once more, by title and by a named industry or channel.

    ``query`` and ``titles`` are squeezed; ``named`` says which documents have the named facet.
    """
    first = [
        Scored(
            s.doc,
            round4(s.score * _title_bonus(query, titles[s.doc]) * (FACET if named[s.doc] else 1.0)),
            s.passage,
        )
        for s in ranked[:LOOKED_AT]
    ]
    first.sort(key=lambda s: (-s.score, s.doc))
    return [*first, *ranked[LOOKED_AT:]]


def round4(x: float) -> float:
    """Four decimals, halves up: spelled out because Python and JS round halves differently."""
    return math.floor(x * 10000 + 0.5) / 10000


def squeeze(normal_text: str) -> str:
    """A normalised text without anything that separates."""
    return "".join(run.text for run in runs(normal_text))


def _title_bonus(query: str, title: str) -> float:
    if query == title:
        return SAME_TITLE
    if len(query) >= 2 and query in title:
        return PART_TITLE
    if len(title) >= 2 and title in query:
        return PART_TITLE
    return 1.0
