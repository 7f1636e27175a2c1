"""Fit the advisor's network to labelled situations.

One hidden layer over present-or-absent features, learned for all heads together by Adam (Kingma
and Ba 2015) with dropout (Srivastava et al. 2014). Half-way the features that matter least are
dropped; from then on every step is taken with the weights as they will be shipped, rounded to
seven values (Jacob et al. 2018), so that rounding costs next to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from kb.content import Drill
from kb.suggest.features import Features
from kb.suggest.net import FIRST, GRAMS, MOST

Array = Any

#: Columns of the hidden layer, features that are kept, situations a feature must be seen in.
_WIDTH, _FEATURES, _MIN_COUNT = 96, 6700, 3
#: Rows that are moved at once: few enough to stay near the processor.
_NEAR = 1024
#: Situations a step of learning; at least so many steps, and at least so many rounds.
_BATCH, _STEPS, _ROUNDS = 256, 600, 4
_RATE, _DROP_FEATURES, _DROP_HIDDEN = 5e-3, 0.1, 0.1
#: The largest weight that is kept as it is, as a share of the largest in its column.
_CLIP = 0.5
#: What the accepted steps share of the target, and what no label is sure of.
_ALSO, _SMOOTH = 0.25, 0.15
_SEED = 20261122
#: Heads with one label.
_ONE_OF = ("step", "type", "emotion")


class Lessons:
    """Situations as numbers: what is seen of each, and what should be said."""

    def __init__(self, rows: Sequence[Features], situations: Sequence[Drill]) -> None:
        self.heads = {
            "step": sorted({s.step for s in situations} | {a for s in situations for a in s.also}),
            "type": sorted({s.type for s in situations}),
            "emotion": sorted({s.emotion for s in situations}),
            "demand": sorted({d for s in situations for d in s.demand} - {"none"}),
            "risk": sorted({r for s in situations for r in s.risk}),
        }
        self._names, self._x = _matrix(rows)
        self._targets, self._parts = _targets(situations, self.heads)

    def fit(self, some: Sequence[int]) -> dict[str, Any]:
        """The network, for ``Net``, that some of the situations teach."""
        net = _fit(self._names, self._x[some], self._targets[some], self._parts)
        return {"heads": self.heads, **net}


def _fit(
    names: Sequence[str], x: Array, targets: Array, parts: Sequence[tuple[slice, bool]]
) -> dict[str, Any]:
    rng = np.random.default_rng(_SEED)
    labels = targets.shape[1]
    e = _Adam(rng.normal(0, 0.05, (len(names), _WIDTH)))
    bias = _Adam(np.zeros(_WIDTH))
    out = _Adam(rng.normal(0, 1 / math.sqrt(_WIDTH), (_WIDTH, labels)))
    out_bias = _Adam(np.zeros(labels))
    steps = max(_STEPS, _ROUNDS * math.ceil(x.shape[0] / _BATCH))
    order: list[int] = []
    rounded = False
    for step in range(steps):
        if step == steps // 2:
            kept = _kept(e.array, x)
            x, names = x[:, kept], [names[i] for i in kept]
            e = e.only(kept)
            rounded = True
        if not order:
            order = list(rng.permutation(x.shape[0]))
        batch, order = order[:_BATCH], order[_BATCH:]
        some, columns = _dropped(x[batch], rng)
        moving = e.only(columns)
        sums = some @ (_round(e.array)[0][columns] if rounded else moving.array) + bias.array
        open_ = (rng.random(sums.shape) > _DROP_HIDDEN).astype(np.float32) / (1 - _DROP_HIDDEN)
        hidden = np.maximum(sums, 0) * open_
        wrong = _slope(hidden @ out.array + out_bias.array, targets[batch], parts)
        back = (wrong @ out.array.T) * open_ * (sums > 0)
        rate = _RATE * (1 - step / steps)
        moving.move(np.asarray(some.T @ back), rate)
        e.put(columns, moving)
        bias.move(back.sum(0), rate)
        out.move(hidden.T @ wrong, rate)
        out_bias.move(wrong.sum(0), rate)
    unit, whole = _round(e.array)[1:]
    return {
        "features": "\n".join(names),
        "weights": _pack(whole),
        "unit": [_short(u) for u in unit],
        "bias": [_short(b) for b in bias.array],
        "out": [[_short(w, 3) for w in row] for row in out.array.T],
        "out_bias": [_short(b, 3) for b in out_bias.array],
    }


def _matrix(rows: Sequence[Features]) -> tuple[list[str], Array]:
    """The names of the features that come again, and a sparse row of them a situation."""
    numbers: dict[str, int] = {}
    found: list[int] = []
    values: list[float] = []
    ends = [0]
    for row in rows:
        found += [numbers.setdefault(f, len(numbers)) for f in (*row.grams, *row.state)]
        values += [GRAMS / math.sqrt(max(len(row.grams), 1))] * len(row.grams)
        values += [1.0] * len(row.state)
        ends.append(len(found))
    x = csr_matrix(
        (np.array(values, np.float32), np.array(found, np.int32), np.array(ends, np.int32)),
        shape=(len(rows), len(numbers)),
    )
    often = np.bincount(x.indices, minlength=len(numbers)) >= min(_MIN_COUNT, len(rows))
    names = sorted(name for name, number in numbers.items() if often[number])
    return names, x[:, [numbers[name] for name in names]]


def _targets(
    situations: Sequence[Drill], heads: dict[str, list[str]]
) -> tuple[Array, list[tuple[slice, bool]]]:
    """What the outputs should say, situation by label; and each head's place and kind."""
    targets = np.zeros((len(situations), sum(map(len, heads.values()))), np.float32)
    parts, first = [], 0
    for head, labels in heads.items():
        part = slice(first, first + len(labels))
        one_of = head in _ONE_OF
        for row, situation in zip(targets[:, part], situations, strict=True):
            value = getattr(situation, head)
            if not one_of:
                row[[labels.index(v) for v in value if v in labels]] = 1
                continue
            also = situation.also if head == "step" else ()
            row[labels.index(value)] = 1 - _ALSO if also else 1
            for other in also:
                row[labels.index(other)] += _ALSO / len(also)
            row[:] = row * (1 - _SMOOTH) + _SMOOTH / len(labels)
        parts.append((part, one_of))
        first += len(labels)
    return targets, parts


def _slope(logits: Array, targets: Array, parts: Sequence[tuple[slice, bool]]) -> Array:
    """The slope of the loss: cross-entropy a head; yes-or-no heads weigh three together."""
    slope = np.empty_like(logits)
    for part, one_of in parts:
        own = logits[:, part]
        if not own.shape[1]:
            continue
        if one_of:
            powers = np.exp(own - own.max(1, keepdims=True))
            slope[:, part] = powers / powers.sum(1, keepdims=True) - targets[:, part]
        else:
            slope[:, part] = (1 / (1 + np.exp(-own)) - targets[:, part]) * (3 / own.shape[1])
    return slope / len(logits)


def _dropped(some: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """A batch without some of its features, over the columns that are left; and which they are."""
    kept = rng.random(len(some.data)) > _DROP_FEATURES
    columns, places = np.unique(some.indices[kept], return_inverse=True)
    ends = np.concatenate([[0], np.cumsum(kept)])[some.indptr]
    values = some.data[kept] / (1 - _DROP_FEATURES)
    return csr_matrix((values, places, ends), shape=(some.shape[0], len(columns))), columns


class _Adam:
    """Moves one array along its slopes; 0.9 and 0.999 as in the paper.

    Of the features only those in the batch are taken out, moved and put back, as their slopes are
    all that is known: that is several times as fast as moving all, and no worse. A row lies beside
    its means, because fetching a row from memory takes longer than moving it.
    """

    def __init__(self, array: Array) -> None:
        self._rows = np.zeros((len(array), 3, *array.shape[1:]), np.float32)
        self._rows[:, 0] = array
        self._steps = 0

    @property
    def array(self) -> Array:
        return self._rows[:, 0]

    def only(self, rows: Array) -> _Adam:
        """A copy of some rows."""
        other = _Adam.__new__(_Adam)
        other._rows, other._steps = self._rows[rows], self._steps
        return other

    def put(self, rows: Array, moved: _Adam) -> None:
        """Put rows back where they were taken from."""
        self._rows[rows], self._steps = moved._rows, moved._steps

    def move(self, slope: Array, rate: float) -> None:
        self._steps += 1
        size = rate * math.sqrt(1 - 0.999**self._steps) / (1 - 0.9**self._steps)
        for first in range(0, len(slope), _NEAR):
            rows, by = self._rows[first : first + _NEAR], slope[first : first + _NEAR]
            array, mean, square = rows[:, 0], rows[:, 1], rows[:, 2]
            mean += 0.1 * (by - mean)
            square += 0.001 * (by * by - square)
            array -= size * mean / (np.sqrt(square) + 1e-8)


def _kept(e: Array, x: Array) -> Array:
    """The features that matter most: strong ones, and of two as strong the more frequent."""
    often = np.sqrt(np.asarray((x != 0).sum(0)).ravel())
    weight = np.linalg.norm(e, axis=1) * often
    return np.sort(np.argsort(-weight, kind="stable")[:_FEATURES])


def _round(e: Array) -> tuple[Array, Array, Array]:
    """The array as it will be shipped, what one is worth in each column, and the whole numbers."""
    unit = np.maximum(np.abs(e).max(0, initial=0) * (_CLIP / MOST), 1e-6)
    whole = np.clip(np.round(e / unit), -MOST, MOST)
    return (whole * unit).astype(np.float32), unit, whole.astype(np.int64)


def _pack(whole: Array) -> str:
    """Two weights a character."""
    if whole.shape[1] % 2:
        whole = np.pad(whole, ((0, 0), (0, 1)))
    pairs = (whole[:, 0::2] + MOST) * (2 * MOST + 1) + whole[:, 1::2] + MOST
    return "".join(map(chr, (pairs + FIRST).ravel().tolist()))


def _short(value: Any, digits: int = 6) -> float:
    return round(float(value), digits)
