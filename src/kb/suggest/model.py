"""Linear models with whole-number weights, so that Python and the browser add up the same sums.

Twin: ``score`` in ``browser/static/suggest.js``, held by ``tests/fixtures/situations.json``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

#: Weights are logits times this.
SCALE = 100


class Linear:
    """One linear model: ``labels``, a ``bias`` a label, a sparse row of weights a feature.

    ``rows`` maps a feature to ``[label place, weight, label place, weight, …]``.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.labels: Sequence[str] = data["labels"]
        self._bias: Sequence[int] = data["bias"]
        self._rows: Mapping[str, Sequence[int]] = data["rows"]

    def score(self, features: Iterable[str]) -> list[int]:
        """The logit of every label, times ``SCALE``."""
        total = list(self._bias)
        for feature in features:
            row = self._rows.get(feature)
            if row is not None:
                for i in range(0, len(row), 2):
                    total[row[i]] += row[i + 1]
        return total


def best(labels: Sequence[str], scores: Sequence[int]) -> str:
    """The label of the highest score, the first of equals."""
    return labels[scores.index(max(scores))]


def share(scores: Sequence[int], place: int) -> float:
    """The softmax share of ``scores[place]``."""
    top = max(scores)
    powers = [math.exp((s - top) / SCALE) for s in scores]
    return powers[place] / sum(powers)


def probability(score: int) -> float:
    """The logistic probability of a yes-or-no score."""
    return 1 / (1 + math.exp(-score / SCALE))
