"""How good the advice is on labelled situations, beside three simple ways to choose a step.

A line of a file of situations is ``{"text", "done", "channel", "industry", "steps", "type",
"emotion", "demand", "risk"}``; ``steps`` holds the accepted steps, the best one first (``step`` and
``also``, as drills have them, mean the same). All but ``text`` and the steps may be left out; a
field that is left out is not measured.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.content import Drill
from kb.errors import InputError
from kb.jsonl import read_objects

#: Answers are put into so many groups by certainty to see how often each group is right.
BINS = 10
#: So many of the nearest situations are looked through for one whose step is still open.
_NEAREST = 20


@dataclass(frozen=True)
class Labelled:
    """A situation and what is right for it; a field that nobody labelled is ``None``."""

    text: str
    done: tuple[str, ...]
    channel: str | None
    industry: str | None
    steps: tuple[str, ...]
    type: str | None
    emotion: str | None
    risk: frozenset[str] | None
    demand: frozenset[str] | None


def read_labelled(path: Path, ladder: Collection[str]) -> list[Labelled]:
    """The situations of a JSONL file, whose steps are those of ``ladder``.

    Raises ``InputError`` that names the line.
    """
    found = []
    for where, data in read_objects(path):
        for name in ("steps", "also", "done", "demand", "risk"):
            given = [] if data.get(name) is None else data[name]
            if not isinstance(given, list) or not all(isinstance(v, str) for v in given):
                raise InputError(f"{where}“{name}”应该是文字的列表。")
        for name in ("step", "channel", "industry", "type", "emotion"):
            if not isinstance(data.get(name), str | None):
                raise InputError(f"{where}“{name}”应该是文字。")
        steps = data.get("steps") or [data.get("step"), *(data.get("also") or ())]
        if not isinstance(data.get("text"), str) or not steps[0]:
            raise InputError(f"{where}text 要是文字，steps 要是步骤的列表，最好的写在最前。")
        for step in (*steps, *(data.get("done") or ())):
            if step not in ladder:
                raise InputError(f"{where}没有步骤“{step}”，可用：{'、'.join(ladder)}。")
        found.append(
            Labelled(
                text=data["text"],
                done=tuple(data.get("done") or ()),
                channel=data.get("channel"),
                industry=data.get("industry"),
                steps=tuple(steps),
                type=data.get("type"),
                emotion=data.get("emotion"),
                risk=_set(data.get("risk")),
                demand=_set(data.get("demand")),
            )
        )
    if not found:
        raise InputError(f"{path}：里面没有情形。")
    return found


def of_drill(drill: Drill) -> Labelled:
    """A drill as something to measure with."""
    return Labelled(
        drill.text,
        drill.done,
        drill.channel,
        drill.industry,
        (drill.step, *drill.also),
        drill.type,
        drill.emotion,
        frozenset(drill.risk),
        frozenset(drill.demand),
    )


def figures(labelled: Sequence[Labelled], advice: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """All figures of some answers (objects of ``kb suggest --json``); shares lie in 0–1."""
    said = [a["step"] for a in advice]
    risk = [(one.risk, set(a["risk"])) for one, a in zip(labelled, advice, strict=True)]
    return {
        **_steps(labelled, said),
        "type": _share(
            [a["type"] == one.type for one, a in zip(labelled, advice, strict=True) if one.type]
        ),
        "emotion": _share(
            [
                a["emotion"] == one.emotion
                for one, a in zip(labelled, advice, strict=True)
                if one.emotion
            ]
        ),
        "demand": _share(
            [
                set(a["demand"]) - {"none"} == one.demand - {"none"}
                for one, a in zip(labelled, advice, strict=True)
                if one.demand is not None
            ]
        ),
        "risk": _risks([(true, read) for true, read in risk if true is not None]),
        **_calibration(labelled, advice),
        "by_channel": _by(labelled, said, [one.channel or "any" for one in labelled]),
        "by_state": _by(labelled, said, ["done" if one.done else "fresh" for one in labelled]),
    }


def baselines(
    labelled: Sequence[Labelled], learned: Sequence[Drill], ladder: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """The figures of three simple ways: the most frequent step, the first undone one of the
    ladder, and the step of the nearest situation learned from (by BM25)."""
    often = [step for step, _ in Counter(s.step for s in learned).most_common()]
    return {
        "most_frequent": _steps(labelled, [_first_open(often, one.done) for one in labelled]),
        "first_undone": _steps(labelled, [_first_open(ladder, one.done) for one in labelled]),
        "nearest": _steps(labelled, _nearest(labelled, learned, often)),
    }


def confusion(
    labelled: Sequence[Labelled], advice: Sequence[Mapping[str, Any]], ladder: Sequence[str]
) -> list[list[int]]:
    """How often each best step (row) was answered with each step (column)."""
    table = [[0] * len(ladder) for _ in ladder]
    for one, a in zip(labelled, advice, strict=True):
        table[ladder.index(one.steps[0])][ladder.index(a["step"])] += 1
    return table


def _steps(labelled: Sequence[Labelled], said: Sequence[str]) -> dict[str, Any]:
    best = [one.steps[0] for one in labelled]
    names = sorted(set(best))
    f1 = {}
    for name in names:
        hits = sum(a == b == name for a, b in zip(best, said, strict=True))
        f1[name] = 2 * hits / max(best.count(name) + said.count(name), 1)
    return {
        "situations": len(labelled),
        "accepted": _share([s in one.steps for one, s in zip(labelled, said, strict=True)]),
        "best": _share([s == b for s, b in zip(said, best, strict=True)]),
        "macro_f1": round(sum(f1.values()) / len(f1), 3),
        "f1": {name: round(value, 3) for name, value in f1.items()},
    }


def _risks(pairs: Sequence[tuple[frozenset[str] | None, set[str]]]) -> dict[str, Any]:
    kinds = sorted({k for true, read in pairs for k in {*(true or ()), *read}})
    found = {}
    for kind in ["all", *kinds]:
        of = [
            ({k for k in true or () if kind in ("all", k)}, {k for k in read if kind in ("all", k)})
            for true, read in pairs
        ]
        hits = sum(len(true & read) for true, read in of)
        said, real = sum(len(read) for _, read in of), sum(len(true) for true, _ in of)
        found[kind] = {
            "precision": round(hits / said, 3) if said else None,
            "recall": round(hits / real, 3) if real else None,
            "situations": real,
        }
    return found


def _calibration(
    labelled: Sequence[Labelled], advice: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Expected calibration error (Guo et al. 2017) over ``BINS`` groups of equal width."""
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for one, a in zip(labelled, advice, strict=True):
        place = min(int(a["confidence"] * BINS), BINS - 1)
        groups[place].append((a["confidence"], a["step"] in one.steps))
    error, shown = 0.0, []
    for group in groups:
        if group:
            sure = sum(c for c, _ in group) / len(group)
            right = sum(r for _, r in group) / len(group)
            error += len(group) * abs(sure - right)
            shown.append({"sure": round(sure, 3), "right": round(right, 3), "count": len(group)})
    return {"calibration_error": round(error / len(labelled), 3), "calibration": shown}


def _by(
    labelled: Sequence[Labelled], said: Sequence[str], keys: Sequence[str]
) -> dict[str, dict[str, Any]]:
    found = {}
    for key in sorted(set(keys)):
        some = [i for i, k in enumerate(keys) if k == key]
        measured = _steps([labelled[i] for i in some], [said[i] for i in some])
        found[key] = {k: measured[k] for k in ("situations", "accepted", "best")}
    return found


def _nearest(
    labelled: Sequence[Labelled], learned: Sequence[Drill], often: Sequence[str]
) -> list[str]:
    from kb.suggest.nearest import nearest  # scipy, which advising does not need

    near = nearest([one.text for one in labelled], [s.text for s in learned], _NEAREST)
    return [
        _first_open([*(learned[i].step for i in places), *often], one.done)
        for one, places in zip(labelled, near, strict=True)
    ]


def _first_open(steps: Sequence[str], done: Sequence[str]) -> str:
    return next((s for s in steps if s not in done), steps[0])


def _share(right: Sequence[bool]) -> float | None:
    return round(sum(right) / len(right), 3) if right else None


def _set(value: list[str] | None) -> frozenset[str] | None:
    return None if value is None else frozenset(value)
