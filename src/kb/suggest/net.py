"""A small network with whole-number weights: the same sums in both engines, small to ship.

Every feature has a row of small whole numbers. The rows of a situation's features are added up,
one ReLU is taken, and a dense layer gives the logits of all heads at once. Whole numbers add up to
the same in any order; what follows is done in one order, so Python and JavaScript cannot differ.

Twin: ``Net`` in ``browser/static/net.js``, held by ``tests/fixtures/situations.json``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kb.suggest.features import Features

#: What the grams of a text weigh together: with so many squared of them, each counts one.
GRAMS = 3
#: Weights lie between minus and plus this; two are packed into one character from FIRST on.
MOST = 3
FIRST = ord("#")


class Seen(NamedTuple):
    """The logits of every head's labels, and the hidden sums that led there."""

    logits: dict[str, list[float]]
    hidden: list[float]


class Net:
    """The network of ``kb.suggest.fit``.

    ``heads`` names each head's labels; ``features`` are names, a line each; ``weights`` holds
    their rows one after the other; ``unit`` says what one is worth in each column; ``bias`` is
    added to the sums; ``out`` and ``out_bias`` give the logits, a row for every label in turn.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.heads: Mapping[str, Sequence[str]] = data["heads"]
        names = data["features"].split("\n") if data["features"] else []
        self._places = {name: place for place, name in enumerate(names)}
        self._weights: str = data["weights"]
        self._unit: Sequence[float] = data["unit"]
        self._bias: Sequence[float] = data["bias"]
        self._out: Sequence[Sequence[float]] = data["out"]
        self._out_bias: Sequence[float] = data["out_bias"]
        self._rows: dict[str, list[int]] = {}

    def see(self, features: Features) -> Seen:
        """Run the network on a situation."""
        grams, state = self._sum(features.grams), self._sum(features.state)
        size = GRAMS / math.sqrt(max(len(features.grams), 1))
        hidden = [
            max(0.0, bias + unit * (s + g * size))
            for bias, unit, s, g in zip(self._bias, self._unit, state, grams, strict=True)
        ]
        logits = []
        for bias, row in zip(self._out_bias, self._out, strict=True):
            total = bias
            for weight, value in zip(row, hidden, strict=True):
                total += weight * value
            logits.append(total)
        heads: dict[str, list[float]] = {}
        first = 0
        for head, labels in self.heads.items():
            heads[head] = logits[first : first + len(labels)]
            first += len(labels)
        return Seen(heads, hidden)

    def pull(self, seen: Seen, head: str, label: str, against: str) -> list[float]:
        """What one of each column's units adds to ``label`` and takes from ``against``."""
        first = 0
        for name, labels in self.heads.items():
            if name == head:
                break
            first += len(labels)
        ours = self._out[first + self.heads[head].index(label)]
        theirs = self._out[first + self.heads[head].index(against)]
        return [
            (o - t) * unit if value > 0 else 0.0
            for o, t, unit, value in zip(ours, theirs, self._unit, seen.hidden, strict=True)
        ]

    def row(self, feature: str) -> Sequence[int] | None:
        """The weights of a feature; ``None`` where the network does not know it."""
        known = self._rows.get(feature)
        place = self._places.get(feature)
        if known is None and place is not None:
            wide = (len(self._unit) + 1) // 2
            known = []
            for char in self._weights[place * wide : (place + 1) * wide]:
                both = ord(char) - FIRST
                known += [both // (2 * MOST + 1) - MOST, both % (2 * MOST + 1) - MOST]
            known = self._rows[feature] = known[: len(self._unit)]
        return known

    def _sum(self, features: Sequence[str]) -> list[int]:
        total = [0] * len(self._unit)
        for feature in features:
            row = self.row(feature)
            if row is not None:
                total = [a + b for a, b in zip(total, row, strict=True)]
        return total


def share(scores: Sequence[float], place: int) -> float:
    """The softmax share of ``scores[place]``."""
    top = max(scores)
    powers = [math.exp(s - top) for s in scores]
    return powers[place] / sum(powers)


def probability(score: float) -> float:
    """The logistic probability of a yes-or-no score."""
    return 1 / (1 + math.exp(-score))


def log_odds(p: float) -> float:
    """The log-odds of a probability, kept within what can be measured."""
    p = min(max(p, 0.001), 0.999)
    return math.log(p / (1 - p))
