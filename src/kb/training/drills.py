"""Drills: a case played turn by turn, the moments being the turns."""

from __future__ import annotations

from typing import TypedDict

from kb.content import Case, Library, Moment
from kb.training.questions import STEPS, rejected, shuffled

#: How heated a customer with each emotion is, from calm to furious.
MOODS = ("calm", "anxious", "disappointed", "angry", "abusive")


class DrillChoice(TypedDict):
    """A step to choose; how it counts follows from the turn's ``step`` and ``also``."""

    id: str
    text: str
    why: str


Turn = TypedDict(
    "Turn",
    {
        "said": str,
        "done": list[str],
        "step": str,
        "also": list[str],
        "choices": list[DrillChoice],
        "say": str,
        "not": str,
        "why": str,
        "emotion": str,
    },
)


class Drill(TypedDict):
    """A case to play; ``mood`` is how heated the customer is at the start, 0 to 4."""

    item: str
    title: str
    mood: int
    turns: list[Turn]
    lesson: str


def drill(library: Library, case: Case) -> Drill:
    """The drill of a case: a turn a moment, in their order."""
    first = case.moments[0].emotion or case.emotion
    return {
        "item": f"case:{case.id}",
        "title": case.title,
        "mood": MOODS.index(first) if first in MOODS else 0,
        "turns": [_turn(library, case, n, moment) for n, moment in enumerate(case.moments, 1)],
        "lesson": case.lesson,
    }


def _turn(library: Library, case: Case, n: int, moment: Moment) -> Turn:
    return {
        "said": moment.said,
        "done": list(moment.done),
        "step": moment.step,
        "also": list(moment.also),
        "choices": _choices(library, f"case:{case.id}#{n}", moment),
        "say": moment.say,
        "not": moment.not_,
        "why": moment.why,
        "emotion": moment.emotion or case.emotion,
    }


def _choices(library: Library, seed: str, moment: Moment) -> list[DrillChoice]:
    """The best step, an accepted one if there is any, and steps that must wait."""
    names = {step.id: step.name for step in library.steps}
    best = names[moment.step]
    found: list[DrillChoice] = [{"id": moment.step, "text": best, "why": moment.why}]
    for step in shuffled(f"picked for {seed}", moment.also)[:1]:
        why = f"也行，但先“{best}”更好：{moment.why}"
        found.append({"id": step, "text": names[step], "why": why})
    for wrong in rejected(library, seed, moment)[: STEPS - len(found)]:
        found.append({"id": wrong.step, "text": names[wrong.step], "why": wrong.why})
    return shuffled(seed, found, [choice["id"] for choice in found])
