"""Train the advisor from the library's labelled situations, and say how sure it is.

A second network, trained without a tenth of the situations, is asked about those: from its answers
come the thresholds for demands and risks, and how often an answer of a given certainty is right
(Platt 1999). One seed: the same situations give the same bytes on one machine.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from kb.content import Drill
from kb.errors import InputError
from kb.suggest.features import features
from kb.suggest.fit import Lessons
from kb.suggest.net import Net, log_odds, probability, share
from kb.suggest.reading import Reader

#: One situation in so many is kept back to measure how sure an answer is.
_KEPT_BACK = 10
#: Heads with any number of labels; their thresholds, alone and beside a word, where too few
#: situations are kept back to measure any.
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
    back = [zlib.crc32(s.text.encode()) % _KEPT_BACK == 0 for s in situations]
    held = [i for i, b in enumerate(back) if b]
    learned = [i for i, b in enumerate(back) if not b]
    lessons = Lessons(rows, situations)
    with ThreadPoolExecutor() as both:  # NumPy's sums run side by side
        asked, net = both.map(lessons.fit, (learned, range(len(rows))))
    check = Net(asked)
    seen = [check.see(rows[i]).logits for i in held]
    return {
        "net": net,
        "least": {
            head: _thresholds(
                head,
                lessons.heads[head],
                [logits[head] for logits in seen],
                [set(getattr(situations[i], head)) for i in held],
                [{label for h, label in shown[i] if h == head} for i in held],
            )
            for head in _DEFAULT
        },
        "sure": _certainty(
            lessons.heads["step"],
            [logits["step"] for logits in seen],
            [situations[i] for i in held],
        ),
    }


def _thresholds(
    head: str,
    labels: Sequence[str],
    logits: Sequence[Sequence[float]],
    true: Sequence[set[str]],
    shown: Sequence[set[str]],
) -> list[float]:
    """The probabilities from which on a label is named, alone and beside an author's word.

    They are those with the best F measure; as its curve is flat there, the middle of all that are
    as good but for one in a hundred: the best alone jumps with every change of the situations.
    Of risks the lower quarter, as one that is missed costs more than one too many.
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
            measures[step] = sum(named) / (len(named) + total)
        good = [step for step, m in measures.items() if m >= _AS_GOOD * max(measures.values())]
        best.append(good[len(good) // (4 if head == "risk" else 2)] / 40)
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
    return [round(float(v), 3) for v in line]
