"""The ranking: BM25F over grams, most of the query's grams wanted, whole titles first.

BM25F after Robertson, Zaragoza, Taylor: Simple BM25 Extension to Multiple Weighted Fields (2004):
counts of all fields are weighted, normalised by field length, added, and saturated once.

The twin is ``browser/static/search.js``; ``tests/fixtures/queries.json`` holds both to the same
order. Sums run in the order of the query's grams and of ``FIELDS`` in both, because floating point
addition is not associative.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from kb.search.index import Posting
from kb.text import runs

#: A count in a field is worth this much; ``asks`` is what authors expect people to type.
FIELD_WEIGHTS = (5.0, 3.0, 1.5, 2.0, 1.0)
#: How much a field's length tempers its counts (BM25's b, a field).
FIELD_B = (0.3, 0.5, 0.3, 0.5, 0.75)
K1 = 1.2
#: A single character says less than a pair; alone in its run it is all there is.
SINGLE_WEIGHT = 0.25
#: A document that has less than this share of the query's weight, measured against the best
#: document's share, is noise.
MIN_COVERAGE = 0.34
#: The query is the title, or one holds the other.
SAME_TITLE, PART_TITLE = 2.0, 1.35
#: A long query is cut here; what a person says in one breath is shorter.
MAX_GRAMS = 160


class Postings(Protocol):
    """What the ranking reads of an index."""

    @property
    def lengths(self) -> Sequence[Sequence[int]]:
        """Field lengths by document, in the order of ``FIELDS``."""
        ...

    @property
    def averages(self) -> Sequence[float]:
        """Mean length of every field."""
        ...

    def postings(self, gram: str) -> Sequence[Posting]:
        """Where a gram stands."""
        ...


class Term(NamedTuple):
    """A gram of the query with its weight."""

    gram: str
    weight: float


class Scored(NamedTuple):
    """A document's place and its score."""

    doc: int
    score: float


def query_terms(normal_query: str) -> list[Term]:
    """The distinct grams of a normalised query, in order of appearance, with their weights."""
    terms: dict[str, float] = {}
    for run in runs(normal_query):
        if not run.han or len(run.text) == 1:
            terms[run.text] = 1.0
            continue
        for i, char in enumerate(run.text):
            terms.setdefault(char, SINGLE_WEIGHT)
            if i + 1 < len(run.text):
                terms.setdefault(run.text[i : i + 2], 1.0)
    return [Term(g, w) for g, w in list(terms.items())[:MAX_GRAMS]]


def idf(documents: int, with_gram: int) -> float:
    """How telling a gram is; rounded, so that the browser is shipped the very same figure.

    Never nothing: a query made only of grams that every document holds still has an order.
    """
    return max(round(math.log(1 + (documents - with_gram + 0.5) / (with_gram + 0.5)), 4), 0.0001)


def rank(index: Postings, normal_query: str, titles: Mapping[int, str]) -> list[Scored]:
    """All documents that answer the query, best first, ties in the documents' order.

    ``titles`` maps a document's place to its normalised title without separators.
    """
    scores: dict[int, float] = {}
    covered: dict[int, float] = {}
    total = 0.0
    n = len(index.lengths)
    for term in query_terms(normal_query):
        by_doc: dict[int, float] = {}
        for doc, f, count in index.postings(term.gram):
            b = FIELD_B[f]
            length = 1 - b + b * index.lengths[doc][f] / index.averages[f]
            by_doc[doc] = by_doc.get(doc, 0.0) + FIELD_WEIGHTS[f] * count / length
        weight = term.weight * idf(n, len(by_doc))
        total += weight
        for doc, tf in by_doc.items():
            scores[doc] = scores.get(doc, 0.0) + weight * tf / (K1 + tf)
            covered[doc] = covered.get(doc, 0.0) + weight
    if not scores:
        return []
    best = max(covered.values())
    query = squeeze(normal_query)
    ranked = []
    for doc, score in scores.items():
        if covered[doc] < MIN_COVERAGE * best:
            continue
        share = covered[doc] / total
        ranked.append(Scored(doc, round4(score * share * _title_bonus(query, titles[doc]))))
    ranked.sort(key=lambda s: (-s.score, s.doc))
    return ranked


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
