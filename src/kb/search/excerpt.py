"""The excerpt of a hit, and what of a query is worth marking on the page that it leads to.

Twin: ``browser/static/excerpt.js``, held by ``tests/fixtures/queries.json``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kb.search.documents import LABELS
from kb.search.rank import Index, Term
from kb.search.words import LONGEST
from kb.text import grams, normalise, runs

#: Length of an excerpt in characters.
WIDTH = 72
#: How much of the text stands before the first mark.
LEAD = 12
#: Within the lead an excerpt begins at the last sentence, else after the first other mark; what
#: closes behind a mark belongs to it.
ENDS, PAUSES, CLOSERS = "。！？；…", "：，、—", "”’）》」』】"
#: Stands before an excerpt that had to begin inside a clause.
CUT = "……"
#: Marking every stray character would mark everything; a gram must count so much to be marked.
SHOWN = 400
#: A pair of a sentence that more than this share of the documents holds marks nothing: 不是, 怎么.
TELLS = 0.3


class Excerpt(NamedTuple):
    """``marks`` are half-open spans of ``text``.

    ``at`` is where the body's part of ``text`` begins in the body.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    at: int


def excerpt(body: str, terms: list[Term]) -> Excerpt:
    """The best ``WIDTH`` characters of ``body`` for the query's ``terms``.

    Some more where the excerpt begins further back, at the label of its line.
    """
    normal = normalise(body)
    weight = {t.gram: t.weight for t in terms}
    found = []  # (start, end, gram) in the original text
    for gram in grams(normal.text):
        if weight.get(gram.text, 0) >= SHOWN:
            found.append((*normal.span(gram.start, gram.end), gram.text))
    best = _best_start(found)
    start, cut = _start(body, best)
    text = cut + body[start : max(start + WIDTH, best + WIDTH - LEAD)]
    shift = start - len(cut)
    marks: list[tuple[int, int]] = []
    for s, e, _ in found:
        s, e = s - shift, min(e - shift, len(text))
        if s < len(cut) or s >= len(text):
            continue
        if marks and s <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(e, marks[-1][1]))
        else:
            marks.append((s, e))
    return Excerpt(text.replace("\n", " ").rstrip(), tuple(marks), start)


def telling(index: Index, pieces: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """The words of a query that a page can be marked with, in normal form.

    ``pieces`` are what the query means, with weights in thousandths. What is no longer than a word
    is taken whole; of a sentence remains what does not stand everywhere.
    """
    most = TELLS * len(index.documents)
    found: dict[str, None] = {}

    def docs(gram: str) -> int:
        postings = index.postings(gram)
        return postings.docs if postings else 0

    for text, weight in pieces:
        if weight < SHOWN:
            continue
        for run in runs(text):
            if not run.han or len(run.text) == 1:
                if docs(run.text):
                    found[run.text] = None
                continue
            start = 0
            for at in range(len(run.text)):
                pair = run.text[at : at + 2]
                held = docs(pair) if len(pair) == 2 else 0
                if held and (len(run.text) <= LONGEST or held <= most):
                    continue
                if at > start:
                    found[run.text[start : at + 1]] = None
                start = at + 1
    return tuple(found)


def _start(body: str, best: int) -> tuple[int, str]:
    """Where an excerpt begins whose first mark is at ``best``, and what stands before it."""
    line = body.rfind("\n", 0, best) + 1
    start = best - LEAD
    if start <= line or body.startswith(LABELS, line):
        return line, ""
    # The character before the lead may be a mark as well: then the lead is whole.
    lead = range(start - 1, best)
    ends = [at for at in lead if body[at] in ENDS]
    pauses = [at for at in lead if body[at] in PAUSES]
    if not ends and not pauses:
        return start, CUT
    start = (ends[-1] if ends else pauses[0]) + 1
    while start < best and body[start] in CLOSERS:
        start += 1
    return start, ""


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
