"""Reading a text: normal form, turns, signals of what the customer said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kb.suggest.signals import Lexicon, Signal
from kb.suggest.turns import Turn, turns
from kb.text import Normal, normalise

#: Of a longer text the end is read (characters): in a contact the last words decide.
MAX_TEXT = 2000


class Read(NamedTuple):
    """A text as read; turns and signals count along ``text``, ``span`` leads to the original."""

    text: str
    turns: list[Turn]
    signals: list[Signal]
    normal: Normal


def heard(read: Read) -> str:
    """All that the customer said, normalised."""
    return "\n".join(read.text[t.start : t.end] for t in read.turns if not t.agent)


def last_turns(read: Read) -> list[Turn]:
    """The customer's turns since the agent last spoke."""
    last: list[Turn] = []
    for turn in reversed(read.turns):
        if turn.agent and last:
            break
        if not turn.agent:
            last.insert(0, turn)
    return last


def last_heard(read: Read) -> str:
    """What the customer said since the agent last spoke, normalised."""
    return "\n".join(read.text[t.start : t.end] for t in last_turns(read))


def told(read: Read) -> str:
    """All that the agent said, normalised."""
    return "\n".join(read.text[t.start : t.end] for t in read.turns if t.agent)


class Reader:
    """Reads texts with the authors' lexicons and names of speakers."""

    def __init__(self, lexicon: Mapping[str, Any], speakers: Mapping[str, Sequence[str]]) -> None:
        self._lexicon = Lexicon(lexicon)
        self._speakers = speakers

    def read(self, text: str) -> Read:
        """Read the last ``MAX_TEXT`` characters of ``text``; the agent's words give no signals."""
        normal = normalise(text)
        cut = max(0, len(normal.text) - MAX_TEXT)
        normal = Normal(normal.text[cut:], normal.origin[cut:])
        said = turns(normal.text, self._speakers)
        signals = [
            s
            for s in self._lexicon.find(normal.text)
            if any(not t.agent and t.start <= s.start and s.end <= t.end for t in said)
        ]
        return Read(normal.text, said, signals, normal)
