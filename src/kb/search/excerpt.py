"""The excerpt of a hit: the stretch of its text that holds most of the query, with marks.

Twin: ``excerpt`` in ``browser/static/search.js``, held by ``tests/fixtures/queries.json``.
"""

from __future__ import annotations

from typing import NamedTuple

from kb.search.rank import Term
from kb.text import grams, normalise

#: Length of an excerpt in characters.
WIDTH = 72
#: How much of the text stands before the first mark.
LEAD = 12
#: Marking every stray character would mark everything; a gram must count so much to be marked.
SHOWN = 400


class Excerpt(NamedTuple):
    """``marks`` are half-open spans of ``text``; ``at`` is where ``text`` begins in the body."""

    text: str
    marks: tuple[tuple[int, int], ...]
    at: int


def excerpt(body: str, terms: list[Term]) -> Excerpt:
    """The best ``WIDTH`` characters of ``body`` for the query's ``terms``."""
    normal = normalise(body)
    weight = {t.gram: t.weight for t in terms}
    found = []  # (start, end, weight) in the original text
    for gram in grams(normal.text):
        if weight.get(gram.text, 0) >= SHOWN:
            found.append((*normal.span(gram.start, gram.end), gram.text))
    best = _best_start(found)
    start = max(0, best - LEAD)
    newline = body.rfind("\n", 0, best)
    if newline >= start:
        start = newline + 1
    text = body[start : start + WIDTH]
    marks: list[tuple[int, int]] = []
    for s, e, _ in found:
        s, e = s - start, min(e - start, len(text))
        if s < 0 or s >= len(text):
            continue
        if marks and s <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(e, marks[-1][1]))
        else:
            marks.append((s, e))
    return Excerpt(text.replace("\n", " ").rstrip(), tuple(marks), start)


def _best_start(found: list[tuple[int, int, str]]) -> int:
    """Where the window with most different grams begins; the first of equals."""
    best, best_start = 0, 0
    for i, (start, _, _) in enumerate(found):
        inside = set()
        for s, e, gram in found[i:]:
            if s >= start + WIDTH - LEAD:
                break
            if e <= start + WIDTH - LEAD:
                inside.add(gram)
        if len(inside) > best:
            best, best_start = len(inside), start
    return best_start
