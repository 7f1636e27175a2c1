"""Who is speaking: a pasted chat is cut into turns, anything else is the customer's own words.

Twin: ``browser/static/turns.js``, held by ``tests/fixtures/situations.json``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

_SENTENCE_END = re.compile(r"[。!?;\n]+")
#: The moment that programs write beside a name: 10:02, 2026-11-02 10:02:11, in brackets or not.
_TIME = (
    r"[\[(]?(?:[0-9]{2,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日? ?|[0-9]{1,2}[-/.月][0-9]{1,2}日? )?"
    r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?[\])]?"
)
#: What may follow a name: a number, a Latin name, 小 and a name; never 说 or 问, as
#: "客服小李说:不退" is the customer's own sentence.
_WHO = (
    r"(?:[-_ ]?(?:[a-z][a-z0-9_]{0,9}|[0-9]{3,8}|[0-9]{1,3}号"
    r"|小(?![说讲问答回道称])[一-鿿](?:(?![说讲问答回道称])[一-鿿])?))?"
)
#: In a name of the book it stands for a surname.
_ANY, _SURNAME = "*", "[一-鿿]{1,2}"


class Turn(NamedTuple):
    """``[start, end)`` of the normalised text, said by the agent or the customer."""

    start: int
    end: int
    agent: bool


def turns(normal_text: str, speakers: Mapping[str, Sequence[str]]) -> list[Turn]:
    """The turns of a text; a text without speakers' names is one turn of the customer.

    A line that begins with a speaker's name and a colon opens a turn, other lines go on with it.
    So does one with the name in brackets, or with the name and the time alone, as chat programs
    write them; a time may stand before the name.
    """
    heads = {who: _head(tuple(names)) for who, names in speakers.items()}
    found: list[Turn] = []
    named = False
    start = 0
    for line in normal_text.split("\n"):
        end = start + len(line)
        for who in ("customer", "agent"):
            head = heads[who].match(line)
            if head is not None:
                named = True
                found.append(Turn(start + head.end(), end, who == "agent"))
                break
        else:
            if found:
                found[-1] = found[-1]._replace(end=end)
            else:
                found.append(Turn(start, end, False))
        start = end + 1
    return found if named else [Turn(0, len(normal_text), False)]


@lru_cache(maxsize=8)
def _head(names: tuple[str, ...]) -> re.Pattern[str]:
    """What opens a line that one of ``names`` says."""
    any_of = "|".join(re.escape(name).replace(re.escape(_ANY), _SURNAME) for name in names)
    name = rf"(?:{any_of}){_WHO}"
    return re.compile(
        rf"(?:{_TIME} ?)?(?:{name} {_TIME}$|{name} ?:|{name} ?{_TIME} ?:(?![0-9])"
        rf"|[\[【]{name}[\]】] ?:?)"
    )


def last_sentence(text: str) -> str:
    """The last sentence of a normalised text that says anything."""
    parts = [p for p in _SENTENCE_END.split(text) if p.strip()]
    return parts[-1] if parts else text
