"""Train the advisor's models from the library's labelled situations.

Multinomial logistic regression over present-or-absent features (L-BFGS, no randomness), weights
rounded to whole numbers. scikit-learn is loaded here and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from kb.content import Drill
from kb.errors import InputError
from kb.suggest.features import Features, features
from kb.suggest.model import GRAMS, SCALE
from kb.suggest.reading import Reader

#: The inverse of the penalty on weights. With the two figures below: smaller data for one accepted
#: step in sixty (docs/design/advice.md).
_C = 0.7
#: A weight that moves a logit less than this many hundredths is left out.
_SMALLEST = 8
#: A feature seen in fewer situations than this says nothing that will come again.
_MIN_COUNT = 3


def train(situations: Sequence[Drill], reader: Reader) -> dict[str, Any]:
    """The models for ``step``, ``type``, ``emotion`` (one of), ``demand`` and ``risk`` (any of).

    Raises ``InputError`` when there is nothing to learn from.
    """
    if not situations:
        raise InputError(
            "应答台没有可学的情形——在 cases/ 写案例的 moments，或在 book/drills/ 写练习。"
        )
    rows = []
    for s in situations:
        reading = reader.read(s.text)
        rows.append(features(reading.text, reading.turns, reading.signals, s.done, s.channel))
    return {
        "step": _one_of(rows, [s.step for s in situations]),
        "type": _one_of(rows, [s.type for s in situations]),
        "emotion": _one_of(rows, [s.emotion for s in situations]),
        "demand": _any_of(rows, [[d for d in s.demand if d != "none"] for s in situations]),
        "risk": _any_of(rows, [list(s.risk) for s in situations]),
    }


def _matrix(rows: Sequence[Features]) -> tuple[Any, list[str]]:
    from sklearn.feature_extraction import DictVectorizer

    counts: dict[str, int] = {}
    for row in rows:
        for feature in (*row.grams, *row.state):
            counts[feature] = counts.get(feature, 0) + 1
    kept = []
    for row in rows:
        size = GRAMS / math.sqrt(max(len(row.grams), 1))
        values = dict.fromkeys(row.grams, size) | dict.fromkeys(row.state, 1.0)
        kept.append({f: v for f, v in values.items() if counts[f] >= _MIN_COUNT})
    vectorizer = DictVectorizer(sort=True)
    return vectorizer.fit_transform(kept), list(vectorizer.get_feature_names_out())


def _one_of(rows: Sequence[Features], labels: Sequence[str]) -> dict[str, Any]:
    from sklearn.linear_model import LogisticRegression

    if len(set(labels)) < 2:  # nothing to tell apart
        return _pack([], sorted(set(labels)), [], [0.0] * len(set(labels)))
    x, names = _matrix(rows)
    fitted = LogisticRegression(C=_C, max_iter=500).fit(x, list(labels))
    weights, bias = list(fitted.coef_), list(fitted.intercept_)
    if len(weights) == 1:  # of two classes the first is the other one's opposite
        weights, bias = [-weights[0], weights[0]], [-bias[0], bias[0]]
    return _pack(names, list(fitted.classes_), weights, bias)


def _any_of(rows: Sequence[Features], labels: Sequence[Sequence[str]]) -> dict[str, Any]:
    from sklearn.linear_model import LogisticRegression

    everyone = {label for row in labels for label in row}
    # What every situation has cannot be learned.
    classes = sorted(c for c in everyone if any(c not in row for row in labels))
    if not classes:
        return _pack([], [], [], [])
    x, names = _matrix(rows)
    coefficients, intercepts = [], []
    for name in classes:
        # Most situations hold no risk at all: unbalanced, the rare ones would never be named.
        model = LogisticRegression(C=_C, max_iter=500, class_weight="balanced")
        fitted = model.fit(x, [name in row for row in labels])
        coefficients.append(fitted.coef_[0])
        intercepts.append(fitted.intercept_[0])
    return _pack(names, classes, coefficients, intercepts)


def _pack(names: Sequence[str], labels: Sequence[str], weights: Any, bias: Any) -> dict[str, Any]:
    rows: dict[str, list[int]] = {}
    for j, name in enumerate(names):
        row = []
        for i in range(len(labels)):
            weight = round(float(weights[i][j]) * SCALE)
            if abs(weight) >= _SMALLEST:
                row += [i, weight]
        if row:
            rows[name] = row
    return {
        "labels": [str(label) for label in labels],
        "bias": [round(float(b) * SCALE) for b in bias],
        "rows": rows,
    }
