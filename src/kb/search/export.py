"""The index as the browser reads it: documents, rounded lengths, postings, ranking constants."""

from __future__ import annotations

from typing import Any

from kb.search import rank as r
from kb.search.excerpt import LEAD, WIDTH
from kb.search.index import IndexReader


def export_index(reader: IndexReader) -> dict[str, Any]:
    """Everything that ``search.js`` needs, as plain JSON values.

    ``postings`` maps a gram to ``[idf, doc, field, count, doc, field, count, …]`` with documents as
    differences to the one before: the same numbers that Python reads from Whoosh.
    """
    n = len(reader.documents)
    postings = {}
    for gram in reader.grams():
        found = reader.postings(gram)
        flat: list[float] = [r.idf(n, len({p.doc for p in found}))]
        before = 0
        for doc, field, times in found:
            flat += [doc - before, field, times]
            before = doc
        postings[gram] = flat
    return {
        "documents": [d.to_json() for d in reader.documents],
        "lengths": reader.lengths,
        "averages": reader.averages,
        "postings": postings,
        "rules": {
            "fieldWeights": r.FIELD_WEIGHTS,
            "fieldB": r.FIELD_B,
            "k1": r.K1,
            "singleWeight": r.SINGLE_WEIGHT,
            "minCoverage": r.MIN_COVERAGE,
            "sameTitle": r.SAME_TITLE,
            "partTitle": r.PART_TITLE,
            "maxGrams": r.MAX_GRAMS,
            "width": WIDTH,
            "lead": LEAD,
        },
    }
