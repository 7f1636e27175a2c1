"""What the network sees of a situation: grams by place, the state, the signals.

Twin: ``features`` in ``browser/static/reading.js``, held by ``tests/fixtures/situations.json``.
Every feature is present or absent; its name says what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kb.suggest.signals import Signal
from kb.suggest.turns import Turn, last_sentence
from kb.text import runs

_MAX_DONE = 4
#: Where a stretch of words begins; and so many of the marks after it are seen.
_EDGE, _MARKS = "^", 3


class Features(NamedTuple):
    """Distinct features in a fixed order; all grams of a text together weigh the same.

    The network divides the sum of its weights for ``grams`` by the root of their number: a
    complaint of six words would otherwise drown in what is known of the state.
    """

    grams: list[str]
    state: list[str]


def features(
    text: str,
    turns: Sequence[Turn],
    signals: Sequence[Signal],
    done: Sequence[str],
    channel: str,
    industry: str,
) -> Features:
    """The features of a normalised text in its state.

    ``c``: grams the customer used, with the edges of words and the marks after them, as temper
    shows in marks; ``t``: grams of the last sentence; ``l``: grams of the last turn of a chat;
    ``a``: grams the agent used; ``d``/``e``/``n``/``s``: what is done, what was done last, how
    much, and all of it together; ``x``: signals; ``h``: channel; ``i``: industry.
    """
    customer = [t for t in turns if not t.agent]
    last = text[customer[-1].start : customer[-1].end] if customer else ""
    chat = len(turns) > 1
    found: dict[str, None] = {}
    state: dict[str, None] = {}

    def add(prefix: str, part: str, longest: int, marked: bool = False) -> None:
        for gram in _grams(part, longest, marked):
            found[prefix + gram] = None

    for turn in turns:
        part = text[turn.start : turn.end]
        if turn.agent:
            add("a", part, 2)
        else:
            add("c", part, 3, marked=True)
    add("t", last_sentence(last), 3)
    if chat:
        add("l", last, 3)
        state["chat"] = None
    for step in done:
        state["d" + step] = None
    if done:
        state["e" + done[-1]] = None
    state["s" + "+".join(sorted(done))] = None
    state[f"n{min(len(done), _MAX_DONE)}"] = None
    for signal in signals:
        state[f"x{signal.head}:{signal.label}"] = None
    state["h" + channel] = None
    state["i" + industry] = None
    if last.rstrip().endswith("?"):
        state["asks"] = None
    if "!" in last:
        state["shouts"] = None
    return Features(list(found), list(state))


def _grams(text: str, longest: int, marked: bool) -> Iterator[str]:
    found = list(runs(text))
    ends = [*(run.start for run in found[1:]), len(text)]
    for run, end in zip(found, ends, strict=False):
        part = run.text if run.han else ""
        if not run.han:
            yield run.text
        if marked:
            marks = "".join(text[run.start + len(run.text) : end].split())[:_MARKS]
            part = _EDGE * run.han + part + marks
        for start in range(len(part)):
            for length in range(1, longest + 1):
                if start + length <= len(part):
                    yield part[start : start + length]
