"""The words of the desk as one JSON object: what fills blanks, what a reply is looked through for.

Patterns travel as finished expressions, so that the browser needs no compiler of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kb.content import Avoid, Library, Line
from kb.content.patterns import around, blank, expression, shapes
from kb.text import normalise

_PRIVATE_WHY = "像是别人自己的号码，回话里留尾号就够了。"


def wording_data(library: Library) -> dict[str, Any]:
    """Speakers, ladder sentences, blanks and words for replies, for Python and the browser."""
    return {
        "speakers": {
            who: [normalise(name).text for name in names]
            for who, names in library.labels.speaker.items()
        },
        "ladder": {
            step.id: {
                "why": step.why,
                "say": [line.model_dump() for line in step.say if _for_any(line)],
                "avoid": [
                    {"text": a.text, "instead": a.instead} for a in step.avoid if _for_any(a)
                ],
            }
            for step in library.steps
        },
        "fill": _fill(library),
        "reply": _reply(library),
    }


def _for_any(line: Line | Avoid) -> bool:
    """Whether it fits where nothing is known of what was said: it asks for no word, no danger."""
    return not line.words and not line.danger


def _fill(library: Library) -> list[dict[str, Any]]:
    known = shapes(library.fill.shapes)
    return [
        {
            "slot": entry.slot,
            "told": [around(told, known) for told in entry.told],
            "fits": _any([blank(entry.slot, fits, known) for fits in entry.fits]),
        }
        for entry in library.fill.entries
    ]


def _reply(library: Library) -> dict[str, Any]:
    return {
        "kinds": library.reply.kinds,
        "private": _PRIVATE_WHY,
        "entries": [
            {
                "kind": entry.kind,
                "find": _any([expression(word) for word in entry.words]),
                "unless": _any([expression(word) for word in entry.unless]),
                "instead": entry.instead,
                "clause": entry.replaces == "clause",
                "why": entry.why,
            }
            for entry in library.reply.entries
        ],
    }


def _any(expressions: Sequence[str]) -> str:
    return "|".join(expressions)
