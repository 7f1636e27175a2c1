"""Train the advisor's network from the library's labelled situations, and say how sure it is.

One hidden layer over present-or-absent features, learned for all heads together by Adam (Kingma
and Ba 2015) with dropout (Srivastava et al. 2014). Half-way the features that matter least are
dropped; from then on every step is taken with the weights as they will be shipped, rounded to
seven values (Jacob et al. 2018), so that rounding costs next to nothing. One seed, one thread of
thought: the same situations give the same bytes on one machine.

A second network, trained without a tenth of the situations, is asked about those: from its answers
come the thresholds for demands and risks, and how often an answer of a given certainty is right
(Platt 1999).
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from kb.content import Drill
from kb.errors import InputError
from kb.suggest.features import Features, features
from kb.suggest.net import FIRST, GRAMS, MOST, Net, log_odds, probability, share
from kb.suggest.reading import Reader

Array = Any

#: Columns of the hidden layer, features that are kept, situations a feature must be seen in.
_WIDTH, _FEATURES, _MIN_COUNT = 96, 6200, 3
#: Rows that are moved at once: few enough to stay near the processor.
_NEAR = 1024
#: Situations a step of learning; at least so many steps, and at least so many rounds.
_BATCH, _STEPS, _ROUNDS = 256, 600, 10
_RATE, _DROP_FEATURES, _DROP_HIDDEN = 5e-3, 0.3, 0.3
#: The largest weight that is kept as it is, as a share of the largest in its column.
_CLIP = 0.5
#: What the accepted steps share of the target, and what no label is sure of.
_ALSO, _SMOOTH = 0.25, 0.15
#: One situation in so many is kept back to measure how sure an answer is.
_KEPT_BACK = 10
_SEED = 20261122
#: Heads with one label; of the others, how much more a missed label weighs than one too many.
_ONE_OF = ("step", "type", "emotion")
_ANY_OF = {"demand": 1.0, "risk": 1.2}
#: Thresholds where too few situations are kept back to measure any: alone, beside a word.
_DEFAULT = {"demand": (0.5, 0.2), "risk": (0.5, 0.0)}
_ENOUGH = 20
#: A threshold is as good as the best with so much of its F measure.
_AS_GOOD = 0.99


def train(situations: Sequence[Drill], reader: Reader) -> dict[str, Any]:
    """``net`` for ``Net``, ``least`` probabilities of demands and risks, ``sure`` for certainty.

    ``least`` gives two probabilities a head: by itself, and where an author's word for the label
    stands in the text. ``sure`` holds slope and intercept over the log-odds of the step's share.
    Raises ``InputError`` when there is nothing to learn from.
    """
    if not situations:
        raise InputError(
            "应答台没有可学的情形——在 cases/ 写案例的 moments，或在 book/drills/ 写练习。"
        )
    rows, shown = [], []
    for s in situations:
        read = reader.read(s.text)
        rows.append(features(read.text, read.turns, read.signals, s.done, s.channel, s.industry))
        shown.append({(signal.head, signal.label) for signal in read.signals})
    heads = {
        "step": sorted({s.step for s in situations} | {a for s in situations for a in s.also}),
        "type": sorted({s.type for s in situations}),
        "emotion": sorted({s.emotion for s in situations}),
        "demand": sorted({d for s in situations for d in s.demand} - {"none"}),
        "risk": sorted({r for s in situations for r in s.risk}),
    }
    back = [zlib.crc32(s.text.encode()) % _KEPT_BACK == 0 for s in situations]
    held = [i for i, b in enumerate(back) if b]
    learned = [i for i, b in enumerate(back) if not b]
    names, x = _matrix(rows)
    targets, parts = _targets(situations, heads)
    with ThreadPoolExecutor() as both:  # NumPy's sums run side by side
        asked, net = both.map(
            lambda some: {"heads": heads, **_fit(names, x[some], targets[some], parts)},
            (learned, range(len(rows))),
        )
    check = Net(asked)
    seen = [check.see(rows[i]).logits for i in held]
    return {
        "net": net,
        "least": {
            head: _thresholds(
                head,
                heads[head],
                [logits[head] for logits in seen],
                [set(getattr(situations[i], head)) for i in held],
                [{label for h, label in shown[i] if h == head} for i in held],
                weight,
            )
            for head, weight in _ANY_OF.items()
        },
        "sure": _certainty(
            heads["step"], [logits["step"] for logits in seen], [situations[i] for i in held]
        ),
    }


# ---- The network


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


# ---- How sure an answer is


def _thresholds(
    head: str,
    labels: Sequence[str],
    logits: Sequence[Sequence[float]],
    true: Sequence[set[str]],
    shown: Sequence[set[str]],
    weight: float,
) -> list[float]:
    """The probabilities from which on a label is named, alone and beside an author's word.

    They are those with the best F measure, in which recall weighs ``weight`` times precision; as
    its curve is flat there, the middle of all that are as good but for one in a hundred: the best
    alone jumps with every change of the situations.
    """
    best: list[float] = []
    for beside, default in zip((False, True), _DEFAULT[head], strict=True):
        pairs = [
            (probability(score), label in is_true)
            for scores, is_true, words in zip(logits, true, shown, strict=True)
            for label, score in zip(labels, scores, strict=True)
            if (label in words) == beside
        ]
        total = sum(right for _, right in pairs)
        if total < _ENOUGH:
            best.append(default)
            continue
        measures = {}
        for step in range(1, 40):
            named = [right for p, right in pairs if p >= step / 40]
            measures[step] = sum(named) / (len(named) + weight**2 * total)
        good = [step for step, m in measures.items() if m >= _AS_GOOD * max(measures.values())]
        best.append(good[len(good) // 2] / 40)
    return [best[0], min(best)]


def _certainty(
    steps: Sequence[str], logits: Sequence[Sequence[float]], situations: Sequence[Drill]
) -> list[float]:
    """Slope and intercept that turn the log-odds of the best open step's share into certainty."""
    pairs = []
    for scores, s in zip(logits, situations, strict=True):
        open_ = [i for i, name in enumerate(steps) if name not in s.done] or [0]
        left = [scores[i] for i in open_]
        place = left.index(max(left))
        pairs.append((log_odds(share(left, place)), steps[open_[place]] in (s.step, *s.also)))
    if len({right for _, right in pairs}) < 2:  # too few to tell
        return [1.0, 0.0]
    x = np.array([[odds, 1.0] for odds, _ in pairs])
    y = np.array([right for _, right in pairs], float)
    line = np.array([1.0, 0.0])
    for _ in range(25):  # Newton's method; a little weight on the line that changes nothing
        p = 1 / (1 + np.exp(-(x @ line)))
        slope = x.T @ (p - y) + (line - [1.0, 0.0])
        curve = (x * (p * (1 - p))[:, None]).T @ x + np.eye(2)
        line = line - np.linalg.solve(curve, slope)
    return [_short(v, 3) for v in line]
