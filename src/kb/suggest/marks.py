"""The words that led there: of the authors' lexicons, and those that weighed most in the network.

Twin: ``browser/static/suggest.js``, held by ``tests/fixtures/situations.json``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kb.suggest.choose import said_of
from kb.suggest.features import Features
from kb.suggest.net import Net, Seen
from kb.suggest.reading import Read, last_turns
from kb.text import runs

#: So many stretches are marked for the step, each of at least two characters, whose weight is at
#: least this share of the heaviest.
STRETCHES, SHARE = 2, 0.5
_GRAMS = (2, 3)


def signals(text: str, read: Read, labels: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """The spans that speak for the labels that were chosen; others would only mislead."""
    found = []
    for s in read.signals:
        if s.label in labels[s.head]:
            found.append(_span(text, read, s.start, s.end, f"{s.head}:{s.label}"))
    return found


def ruled(text: str, read: Read, rule: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The first of the customer's last words by which a rule decided."""
    for turn in last_turns(read):
        for start, end in said_of(rule, read.text[turn.start : turn.end])[:1]:
            means = f"step:{rule['then']}"
            return [_span(text, read, turn.start + start, turn.start + end, means)]
    return []


def pulls(
    text: str, read: Read, net: Net, seen: Seen, features: Features, step: str, other: str
) -> list[dict[str, Any]]:
    """The stretches of the customer's words that pulled towards ``step`` and away from ``other``.

    A gram's pull is what its features add to the one logit and take from the other.
    """
    if step not in net.heads["step"] or other not in net.heads["step"]:
        return []
    unit = net.pull(seen, "step", step, other)
    known = set(features.grams)
    weighed = []
    for turn in read.turns:
        if turn.agent:
            continue
        for run in runs(read.text[turn.start : turn.end]):
            for at in range(run.start, run.start + len(run.text)) if run.han else ():
                for length in _GRAMS:
                    if at + length > run.start + len(run.text):
                        continue
                    start = turn.start + at
                    gram = read.text[start : start + length]
                    pull = 0.0
                    for prefix in "ctl":
                        row = net.row(prefix + gram) if prefix + gram in known else None
                        for u, weight in zip(unit, row or (), strict=False):
                            pull += u * weight
                    weighed.append((pull, start, start + length))
    weighed.sort(key=lambda w: (-w[0], w[1], w[2]))
    if not weighed or weighed[0][0] <= 0:
        return []
    least = weighed[0][0] * SHARE
    taken: list[list[int]] = []
    for pull, start, end in weighed:
        if pull < least:
            break
        near = next((t for t in taken if start <= t[1] and end >= t[0]), None)
        if near is not None:
            near[:] = [min(start, near[0]), max(end, near[1])]
        elif len(taken) < STRETCHES:
            taken.append([start, end])
    return [_span(text, read, start, end, f"step:{step}") for start, end in sorted(taken)]


def _span(text: str, read: Read, start: int, end: int, means: str) -> dict[str, Any]:
    first, last = read.normal.span(start, end)
    return {"start": first, "end": last, "text": text[first:last], "means": means}


def ordered(spans: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """By start, the lexicons' words before the network's."""
    return sorted(spans, key=lambda s: (s["start"], s["means"].startswith("step:")))
