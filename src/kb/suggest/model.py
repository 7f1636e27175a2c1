"""Linear models with whole-number weights: small to ship, the same sums in both engines.

Twin: ``score`` in ``browser/static/suggest.js``, held by ``tests/fixtures/situations.json``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from kb.suggest.features import Features

#: Weights are logits times this.
SCALE = 100
#: What the grams of a text weigh together: with GRAMS squared of them, each counts one.
GRAMS = 12


class Linear:
    """One linear model: ``labels``, a ``bias`` a label, a sparse row of weights a feature.

    ``rows`` maps a feature to ``[label place, weight, label place, weight, …]``.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.labels: Sequence[str] = data["labels"]
        self._bias: Sequence[int] = data["bias"]
        self._rows: Mapping[str, Sequence[int]] = data["rows"]

    def score(self, features: Features) -> list[float]:
        """The logit of every label, times ``SCALE``."""
        grams = self._sum(features.grams)
        state = self._sum(features.state)
        size = GRAMS / math.sqrt(max(len(features.grams), 1))
        return [b + s + g * size for b, s, g in zip(self._bias, state, grams, strict=True)]

    def _sum(self, features: Sequence[str]) -> list[int]:
        total = [0] * len(self.labels)
        for feature in features:
            row = self._rows.get(feature)
            if row is not None:
                for i in range(0, len(row), 2):
                    total[row[i]] += row[i + 1]
        return total


def best(labels: Sequence[str], scores: Sequence[float]) -> str:
    """The label of the highest score, the first of equals."""
    return labels[scores.index(max(scores))]


def share(scores: Sequence[float], place: int) -> float:
    """The softmax share of ``scores[place]``."""
    top = max(scores)
    powers = [math.exp((s - top) / SCALE) for s in scores]
    return powers[place] / sum(powers)


def probability(score: float) -> float:
    """The logistic probability of a yes-or-no score."""
    return 1 / (1 + math.exp(-score / SCALE))
