"""The search engine: a query in, results with excerpts and deep links out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kb.search.documents import Document
from kb.search.excerpt import excerpt
from kb.search.index import IndexReader
from kb.search.rank import query_terms, rank, squeeze
from kb.text import normalise

#: A query is cut here (characters); a pasted page would only slow the answer down.
MAX_QUERY = 400


@dataclass(frozen=True)
class Hit:
    """One result; ``marks`` are spans of ``excerpt``, ``url`` leads to the excerpt's heading."""

    document: Document
    url: str
    score: float
    excerpt: str
    marks: tuple[tuple[int, int], ...]

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
        }


@dataclass(frozen=True)
class Results:
    """The answer to a query; ``total`` counts all hits, ``hits`` holds the first of them."""

    query: str
    took_ms: float
    total: int
    hits: tuple[Hit, ...]

    def to_json(self) -> dict[str, Any]:
        """What ``kb search --json`` prints."""
        return {
            "query": self.query,
            "took_ms": self.took_ms,
            "total": self.total,
            "results": [h.to_json() for h in self.hits],
        }


class SearchEngine:
    """Answers queries over one index."""

    def __init__(self, index: IndexReader) -> None:
        self.index = index
        self._titles = {
            place: squeeze(normalise(d.title).text) for place, d in enumerate(index.documents)
        }

    def search(
        self, query: str, *, kind: str | None = None, industry: str | None = None, limit: int = 10
    ) -> Results:
        """The best ``limit`` documents for ``query``, of one kind or industry where given."""
        began = time.perf_counter()
        normal = normalise(query[:MAX_QUERY]).text
        terms = query_terms(normal)
        hits = [
            (s, d)
            for s, d in self.ranked(query)
            if (kind is None or d.kind == kind) and (industry is None or d.industry == industry)
        ]
        shown = []
        for score, doc in hits[:limit]:
            part = excerpt(doc.body, terms)
            shown.append(Hit(doc, _deep_link(doc, part.at), score, part.text, part.marks))
        took = round((time.perf_counter() - began) * 1000, 2)
        return Results(query, took, len(hits), tuple(shown))

    def ranked(
        self, query: str, keep: Callable[[Document], bool] | None = None
    ) -> list[tuple[float, Document]]:
        """All documents that answer ``query`` with their scores, best first."""
        scored = rank(self.index, normalise(query[:MAX_QUERY]).text, self._titles)
        docs = self.index.documents
        return [(s.score, docs[s.doc]) for s in scored if keep is None or keep(docs[s.doc])]


def _deep_link(doc: Document, offset: int) -> str:
    """The document's page at the last heading that begins at or before ``offset``."""
    anchor = ""
    for at, name in doc.anchors:
        if at > offset:
            break
        anchor = name
    return f"{doc.url}#{anchor}" if anchor else doc.url
