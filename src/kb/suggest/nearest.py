"""The nearest of many texts to each of many others, all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from kb.text import grams, normalise

Array = Any

#: How soon a gram that comes again counts no more, and how much a long text is held against it.
_K, _B = 1.2, 0.75
#: So many texts are compared at once; each needs a number for every one of the others.
_AT_ONCE = 128


def nearest(asked: Sequence[str], texts: Sequence[str], count: int) -> list[list[int]]:
    """For each text that is ``asked`` the places of the ``count`` nearest of ``texts``, best first.

    Near is what shares grams, by BM25 (Robertson and Zaragoza 2009); of two as near the first.
    """
    places: dict[str, int] = {}
    counted = [Counter(g.text for g in grams(normalise(t).text)) for t in texts]
    known = _counts(counted, places)
    lengths = np.asarray(known.sum(1)).ravel()
    holds = np.bincount(known.indices, minlength=len(places))
    rare = np.log1p((len(texts) - holds + 0.5) / (holds + 0.5))
    room = _K * (1 - _B + _B * lengths / max(lengths.mean(), 1))
    row = np.repeat(np.arange(len(texts)), np.diff(known.indptr))
    known.data = (rare[known.indices] * known.data / (known.data + room[row])).astype(np.float32)
    weights = known.T.tocsr()
    found: list[list[int]] = []
    for first in range(0, len(asked), _AT_ONCE):
        some = [{g.text for g in grams(normalise(t).text)} for t in asked[first : first + _AT_ONCE]]
        present = _counts([Counter(g for g in own if g in places) for own in some], places)
        scores = (present @ weights).toarray()
        found += [_best(own, count) for own in scores]
    return found


def _best(scores: Array, count: int) -> list[int]:
    """The places of the highest scores; sorting the few takes less than sorting all."""
    place = max(len(scores) - count, 0)
    least = np.partition(scores, place)[place]
    few = np.flatnonzero(scores >= least)
    best: list[int] = few[np.argsort(-scores[few], kind="stable")][:count].tolist()
    return best


def _counts(rows: Sequence[Counter[str]], places: dict[str, int]) -> Array:
    """How often each gram comes, text by gram; grams not in ``places`` yet are given the next."""
    columns = [places.setdefault(gram, len(places)) for row in rows for gram in row]
    values = [times for row in rows for times in row.values()]
    ends = np.cumsum([0, *map(len, rows)])
    return csr_matrix((np.array(values, np.float32), columns, ends), (len(rows), len(places)))
