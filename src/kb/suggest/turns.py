"""Who is speaking: a pasted chat is cut into turns, anything else is the customer's own words.

Twin: ``turns`` in ``browser/static/suggest.js``, held by ``tests/fixtures/situations.json``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_SENTENCE_END = re.compile(r"[。!?;\n]+")


class Turn(NamedTuple):
    """``[start, end)`` of the normalised text, said by the agent or the customer."""

    start: int
    end: int
    agent: bool


def turns(normal_text: str, speakers: Mapping[str, Sequence[str]]) -> list[Turn]:
    """The turns of a text; a text without speakers' names is one turn of the customer.

    A line that begins with a speaker's name and a colon opens a turn, other lines go on with it.
    """
    found: list[Turn] = []
    named = False
    start = 0
    for line in normal_text.split("\n"):
        end = start + len(line)
        for who in ("customer", "agent"):
            name = next((n for n in speakers[who] if line.startswith(n + ":")), None)
            if name is not None:
                named = True
                found.append(Turn(start + len(name) + 1, end, who == "agent"))
                break
        else:
            if found:
                found[-1] = found[-1]._replace(end=end)
            else:
                found.append(Turn(start, end, False))
        start = end + 1
    return found if named else [Turn(0, len(normal_text), False)]


def last_sentence(text: str) -> str:
    """The last sentence of a normalised text that says anything."""
    parts = [p for p in _SENTENCE_END.split(text) if p.strip()]
    return parts[-1] if parts else text
