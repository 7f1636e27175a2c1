"""The search engine: a query in; hits with excerpts, deep links, facets and what was done, out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.search.documents import Document
from kb.search.excerpt import excerpt, telling
from kb.search.index import IndexReader
from kb.search.rank import FULL, Scored, Term, look_at, query_terms, rank, squeeze
from kb.search.repair import Meaning, Note, Repairer, named_facets
from kb.text import normalise, unquoted

#: A query is cut here (characters); a pasted page would only slow the answer down.
MAX_QUERY = 400
#: So many further hits of a page are named, and so many methods where there is no hit.
ALSO, NEAREST = 3, 3
#: What hits can be narrowed by; ``step`` has several values a document.
FACETS = ("kind", "industry", "channel", "type", "step", "outcome")


@dataclass(frozen=True)
class Hit:
    """A document that answers a query, with the words to show for it.

    ``also`` are other documents of the same page that answer it too.
    """

    document: Document
    url: str
    score: float
    excerpt: str
    marks: tuple[tuple[int, int], ...]
    also: tuple[Document, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The keys that ``kb search --json`` prints for a hit."""
        d = self.document
        return {
            "id": d.id,
            "kind": d.kind,
            "title": d.title,
            "url": self.url,
            "score": self.score,
            "excerpt": self.excerpt,
            "source": list(d.source),
            "badge": d.badge,
            "marks": [list(m) for m in self.marks],
            "also": [{"badge": a.badge, "title": a.title, "url": a.url} for a in self.also],
        }


@dataclass(frozen=True)
class Results:
    """The answer to a query.

    ``total`` counts all pages that answer, ``hits`` holds the first of them. ``facets`` counts
    documents by field and label, before they are grouped by page; a facet's own filter does not
    narrow its own counts, so that one can choose anew. ``notes`` say what was done to the query,
    ``words`` are what a page is marked with; ``nearest`` are methods for a query that found
    nothing.
    """

    query: str
    took_ms: float
    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, dict[str, int]]
    notes: tuple[Note, ...]
    words: tuple[str, ...] = ()
    nearest: tuple[Document, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """What ``kb search --json`` prints."""
        return {
            "query": self.query,
            "took_ms": self.took_ms,
            "total": self.total,
            "results": [h.to_json() for h in self.hits],
            "facets": self.facets,
            "notes": [
                {"kind": n.kind, "typed": n.typed, "meant": list(n.meant)} for n in self.notes
            ],
            "words": list(self.words),
            "nearest": [{"id": d.id, "title": d.title, "url": d.url} for d in self.nearest],
        }


def _by_page(scored: list[Scored], docs: Sequence[Document]) -> list[list[Scored]]:
    """Hits of one page together, the best first; every step of the ladder is a page of its own."""
    groups: dict[str, list[Scored]] = {}
    for s in scored:
        groups.setdefault(page_of(docs[s.doc]), []).append(s)
    return list(groups.values())


def page_of(doc: Document) -> str:
    """What a document is grouped by."""
    return doc.id if doc.id.startswith("step:") or not doc.url else doc.url.partition("#")[0]


def values_of(doc: Document, field: str) -> tuple[str, ...]:
    """The labels of a document in a facet."""
    if field == "step":
        return doc.steps
    value: str = getattr(doc, field)
    return (value,) if value else ()


class SearchEngine:
    """Answers queries over one index."""

    def __init__(self, index: IndexReader) -> None:
        self.index = index
        self._repairer = Repairer(index.words, index)
        self._facet_words = index.words["synonyms"]["facets"]
        self._titles = {
            place: squeeze(normalise(d.title).text) for place, d in enumerate(index.documents)
        }

    def search(
        self,
        query: str,
        *,
        kind: str | None = None,
        industry: str | None = None,
        limit: int = 10,
        filters: Mapping[str, str] | None = None,
    ) -> Results:
        """The best ``limit`` documents for ``query``; ``filters`` maps facets to labels."""
        began = time.perf_counter()
        given = {"kind": kind, "industry": industry}
        wanted = {**(filters or {}), **{field: label for field, label in given.items() if label}}
        scored, terms, meaning = self._answer(query)
        docs = self.index.documents
        kept = [
            s
            for s in scored
            if all(label in values_of(docs[s.doc], field) for field, label in wanted.items())
        ]
        groups = _by_page(kept, docs)
        hits = tuple(self._hit(group, terms) for group in groups[:limit])
        took = round((time.perf_counter() - began) * 1000, 2)
        nearest = () if kept else self._nearest(scored)
        facets = self._facets(scored, wanted)
        words = telling(self.index, meaning.pieces)
        return Results(query, took, len(groups), hits, facets, meaning.notes, words, nearest)

    def ranked(
        self, query: str, keep: Callable[[Document], bool] | None = None
    ) -> list[tuple[float, Document]]:
        """All documents that share words with ``query``, with their scores, best first.

        Nothing is put right and no synonym added: the words stand for themselves.
        """
        terms = query_terms(self.index, [(normalise(query[:MAX_QUERY]).text, FULL)])
        docs = self.index.documents
        return [
            (s.score, docs[s.doc])
            for s in rank(self.index, terms)
            if keep is None or keep(docs[s.doc])
        ]

    def _answer(self, query: str) -> tuple[list[Scored], list[Term], Meaning]:
        meaning = self._repairer.read(normalise(query[:MAX_QUERY]).text)
        text = meaning.pieces[0][0]
        terms = query_terms(self.index, [*meaning.pieces, (unquoted(text), FULL)])
        scored = rank(self.index, terms)
        named = named_facets(self._facet_words, text)
        is_named = {
            s.doc: any(
                f"{field}:{label}" in named
                for field in ("industry", "channel")
                for label in values_of(self.index.documents[s.doc], field)
            )
            for s in scored
        }
        return look_at(scored, squeeze(text), self._titles, is_named), terms, meaning

    def _hit(self, group: list[Scored], terms: list[Term]) -> Hit:
        scored = group[0]
        doc = self.index.documents[scored.doc]
        passage = doc.passages[max(scored.passage, 0)]
        part = excerpt(passage.text, terms)
        url = f"{doc.url}#{passage.anchor}" if passage.anchor and scored.passage >= 0 else doc.url
        also = tuple(self.index.documents[s.doc] for s in group[1 : 1 + ALSO])
        return Hit(doc, url, scored.score, part.text, part.marks, also)

    def _facets(
        self, scored: Sequence[Scored], wanted: Mapping[str, str]
    ) -> dict[str, dict[str, int]]:
        """Counts of every facet by the other filters."""
        counts: dict[str, dict[str, int]] = {field: {} for field in FACETS}
        for s in scored:
            doc = self.index.documents[s.doc]
            failed = [f for f, label in wanted.items() if label not in values_of(doc, f)]
            if len(failed) > 1:
                continue
            for field in counts.keys() & failed if failed else FACETS:
                for label in values_of(doc, field):
                    counts[field][label] = counts[field].get(label, 0) + 1
        return counts

    def _nearest(self, scored: Sequence[Scored]) -> tuple[Document, ...]:
        """Methods where nothing is left: those that answer without the filters, or the first."""
        docs = self.index.documents
        found = [docs[s.doc] for s in scored if docs[s.doc].kind == "method"]
        return tuple((found or [d for d in docs if d.kind == "method"])[:NEAREST])
