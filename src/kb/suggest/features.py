"""What the linear models see of a situation: grams by place, the state, the signals.

Twin: ``features`` in ``browser/static/suggest.js``, held by ``tests/fixtures/situations.json``.
Every feature is present or absent; its name says what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.suggest.signals import Signal
from kb.suggest.turns import Turn, last_sentence
from kb.text import runs

#: Texts are told apart by length in steps of this many characters, up to ``_MAX_LENGTH``.
_LENGTH_STEP, _MAX_LENGTH = 30, 5
_MAX_DONE = 4


def features(
    text: str,
    turns: Sequence[Turn],
    signals: Sequence[Signal],
    done: Sequence[str],
    channel: str,
) -> list[str]:
    """The distinct features of a normalised text in its state, in a fixed order.

    ``c``: grams the customer used; ``t``: grams of the last sentence; ``l``: grams of the last
    turn of a chat; ``a``: grams the agent used; ``d``/``e``/``n``/``s``: what is done, what was
    done last, how much, and all of it together; ``x``: signals; ``h``: channel.
    """
    customer = [t for t in turns if not t.agent]
    last = text[customer[-1].start : customer[-1].end] if customer else ""
    chat = len(turns) > 1
    seen: dict[str, None] = {}

    def add(prefix: str, part: str, longest: int) -> None:
        for gram in _grams(part, longest):
            seen[prefix + gram] = None

    for turn in turns:
        add("a" if turn.agent else "c", text[turn.start : turn.end], 2 if turn.agent else 3)
    add("t", last_sentence(last), 3)
    if chat:
        add("l", last, 3)
        seen["chat"] = None
    for step in done:
        seen["d" + step] = None
    if done:
        seen["e" + done[-1]] = None
    seen["s" + "+".join(sorted(done))] = None
    seen[f"n{min(len(done), _MAX_DONE)}"] = None
    for signal in signals:
        seen[f"x{signal.head}:{signal.label}"] = None
    seen["h" + channel] = None
    length = sum(t.end - t.start for t in customer)
    seen[f"length{min(length // _LENGTH_STEP, _MAX_LENGTH)}"] = None
    if last.rstrip().endswith("?"):
        seen["asks"] = None
    if "!" in last:
        seen["shouts"] = None
    return list(seen)


def _grams(text: str, longest: int) -> Iterator[str]:
    for run in runs(text):
        if not run.han:
            yield run.text
            continue
        for start in range(len(run.text)):
            for length in range(1, longest + 1):
                if start + length <= len(run.text):
                    yield run.text[start : start + length]
