"""What stands beside a step: sentences to say and not to say, cases like it, pages to read.

Twin: ``browser/static/suggest.js``, held by ``tests/fixtures/situations.json``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from kb.search import Document, SearchEngine
from kb.search.rank import round4
from kb.text import BLANK, normalise

PHRASES, AVOID, CASES, READINGS = 3, 3, 3, 3
#: How much a shared field counts beside the text (the best text match counts 1).
CASE_BONUS = {"type": 0.35, "step": 0.25, "industry": 0.35, "emotion": 0.1}
#: A reading is for the step at hand and for what it is about.
READING_BONUS = {"step": 0.5}
#: A group whose subject is the nearest of all beats the ladder's sentence for any contact.
GROUP_BONUS = 1.5
#: The sentences of these steps answer what was said last: who asked for a discount at first and
#: for the manager now is refused something else.
LATE = ("explore", "explain", "decline", "execute", "thank", "record", "follow_up")
#: So many characters in a row, beside its blanks, show that a sentence was said.
PIECE = 4
#: The fields of a group of sentences that say what it is for.
FILTERS = ("risk", "danger", "type", "emotion", "channel")

LabelsRead = Mapping[str, list[str]]
Scores = Mapping[str, float]


class Heard(NamedTuple):
    """What the customer said in all and last, and what the agent said, all normalised.

    ``sure``: the customer is in a danger of which a word is enough (不想活).
    """

    said: str
    last: str
    told: str
    sure: bool


def fitting_phrases(
    phrases: Sequence[Mapping[str, Any]], scores: Scores, step: str, read: LabelsRead, words: Heard
) -> list[dict[str, str]]:
    """Sentences for the step: about what was said, and asking for most of what was read.

    Those that the agent said already stand behind the others.
    """
    fitting = _fitting(phrases, scores, step, read, words)
    fitting.sort(key=lambda line: was_said(line["text"], words.told))
    return [{"id": p["id"], "text": p["text"]} for p in fitting[:PHRASES]]


def was_said(text: str, told: str) -> bool:
    """Whether the agent said a sentence, whatever stood in its blanks."""
    if not told:
        return False
    pieces = [normalise(piece).text.strip() for piece in BLANK.sub("\n", text).split("\n")]
    long = [piece for piece in pieces if len(piece) >= PIECE]
    return bool(long) and all(piece in told for piece in long)


def fitting_avoid(
    avoid: Sequence[Mapping[str, Any]], scores: Scores, step: str, read: LabelsRead, words: Heard
) -> list[dict[str, str]]:
    """Sentences not to say at the step, chosen in the same way."""
    fitting = _fitting(avoid, scores, step, read, words)
    return [{"text": a["text"], "instead": a["instead"]} for a in fitting[:AVOID]]


def near_cases(
    search: SearchEngine, scores: Scores, step: str, labels: LabelsRead, industry: str | None
) -> list[dict[str, Any]]:
    """The cases nearest by text, industry, type, step and emotion."""
    wanted = {"type": labels["type"][0], "industry": industry or ""}

    def reasons(doc: Document) -> list[str]:
        same = [f for f in ("industry", "type") if wanted[f] and getattr(doc, f) == wanted[f]]
        same += ["step"] if step in doc.steps else []
        return same + (["emotion"] if doc.emotion == labels["emotion"][0] else [])

    docs = [d for d in search.index.documents if d.kind == "case"]
    return _nearest(scores, docs, reasons, CASE_BONUS, CASES)


def near_readings(search: SearchEngine, scores: Scores, step: str) -> list[dict[str, Any]]:
    """The pages and methods nearest by text and step."""
    every = search.index.documents
    docs = [d for kind in ("section", "method") for d in every if d.kind == kind]
    docs = [d for d in docs if not d.id.startswith("step:")]

    def reasons(doc: Document) -> list[str]:
        return ["step"] if step in doc.steps else []

    return _nearest(scores, docs, reasons, READING_BONUS, READINGS)


def _fitting(
    lines: Sequence[Mapping[str, Any]], scores: Scores, step: str, read: LabelsRead, words: Heard
) -> list[Mapping[str, Any]]:
    """The lines of the step that fit, the best first.

    In a danger that is ``sure`` (somebody wants to die) those for it stand alone, if there are any.
    """
    near = _nearness(scores)

    def rating(line: Mapping[str, Any]) -> float:
        own: float = line["rating"]
        return round4((own + GROUP_BONUS) * near(line["group"])) if line["group"] else own

    fitting = [line for line in lines if line["step"] == step and _fits(line, read, words)]
    if words.sure:
        fitting = [line for line in fitting if line["danger"]] or fitting
    return sorted(fitting, key=lambda line: -rating(line))


def _fits(line: Mapping[str, Any], read: LabelsRead, words: Heard) -> bool:
    """Whether a line is for what was read and about what was said.

    Of a group's words two must be said if it has two: with one, most were about something else.
    """
    meant = all(not line[f] or set(line[f]) & set(read[f]) for f in FILTERS)
    about = line["about"]
    said = words.last if line["step"] in LATE and not line["danger"] else words.said
    least = min(2, max(1, len(about))) if line["group"] else min(1, len(about))
    return meant and sum(word in said for word in about) >= least


def _nearness(scores: Scores) -> Callable[[str], float]:
    """How near a phrase group's subject is to the text, against the nearest of all documents."""
    top = max(scores.values(), default=0.0) or 1.0
    return lambda group: scores.get(f"phrase:{group}", 0.0) / top


def _nearest(
    scores: Scores,
    docs: Sequence[Document],
    reasons: Callable[[Document], list[str]],
    bonus: Mapping[str, float],
    limit: int,
) -> list[dict[str, Any]]:
    """The documents nearest to the text: its best match counts 1, each reason its bonus."""
    top = max((scores.get(d.id, 0.0) for d in docs), default=0.0) or 1.0
    rated = []
    for place, doc in enumerate(docs):
        why = reasons(doc)
        rating = scores.get(doc.id, 0.0) / top
        for reason in why:
            rating += bonus[reason]
        rated.append((-round4(rating), place, doc, why))
    rated.sort(key=lambda r: r[:2])
    return [
        {"id": d.id, "title": d.title, "url": d.url, "why": why} for _, _, d, why in rated[:limit]
    ]
