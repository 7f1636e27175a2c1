"""The little language in which authors write words that may vary, made into regular expressions.

``您(自己|)…弄坏`` stands for 您弄坏, 您自己弄坏, 您自己又弄坏: ``(a|b)`` is one of several, ``…``
is up to six characters of the same sentence, ``<name>`` is a shape of the same file. What comes
out reads alike in Python and, with the flag ``u``, in JavaScript: no backslash classes, no
look-around, nothing that could run without end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kb.text import normalise

#: As many characters of the same sentence, as few as will do.
GAP = "[^,。!?;:\\n]{0,6}?"
_TOKEN = re.compile(r"<([^<>]*)>|\.\.\.|[…(|)]|[^…]")
_SPECIAL = re.compile(r"[\^$\\.*+?()\[\]{}|/]")
_FULL_WIDTH = "（）｜＜＞＿"
#: What a shape may be written with, besides plain characters and names of other shapes.
_SHAPE = re.compile(
    r"(?:[^\\^$.+*?()\[\]{}|<>]|\[[^\\\[\]]+\]|\(\?:|[()|]|[?]|\{\d+,?\d*\}|<[^<>]+>)+"
)


class PatternMistakeError(Exception):
    """A pattern that cannot be read; the message is in Chinese and says what to do."""


def literal(text: str) -> str:
    """A regular expression that finds ``text`` in the normal form."""
    return _SPECIAL.sub(lambda m: "\\" + m.group(), normalise(text).text)


def shapes(written: Mapping[str, str | Sequence[str]]) -> dict[str, str]:
    """The regular expression of every shape; a later one may use those before it.

    A shape is a list of words, or an expression of its own. Raises ``PatternMistakeError``.
    """
    made: dict[str, str] = {}
    for name, value in written.items():
        if isinstance(value, str):
            made[name] = _expression(value, made)
        else:
            # The first that fits is taken, so a longer word must come before its beginning.
            words = sorted(value, key=lambda w: (-len(w), w))
            made[name] = "(?:" + "|".join(map(literal, words)) + ")"
    return made


def _expression(text: str, known: Mapping[str, str]) -> str:
    if not _SHAPE.fullmatch(text):
        usable = "[0-9a-z]、(?:甲|乙)、{1,3} 和 ?"
        raise PatternMistakeError(f"“{text}”里有用不了的写法：只用 {usable}")
    found = re.sub(r"<([^<>]+)>", lambda m: _shape(m.group(1), known), text)
    try:
        re.compile(found)
    except re.error as error:
        raise PatternMistakeError(f"“{text}”读不懂（{error.msg}）") from None
    return f"(?:{found})"


def _shape(name: str, known: Mapping[str, str]) -> str:
    if name not in known:
        raise PatternMistakeError(f"没有叫“{name}”的形状，先在 shapes 里写上它")
    return known[name]


def expression(text: str, known: Mapping[str, str] | None = None) -> str:
    """A pattern as a regular expression over the normal form; raises ``PatternMistakeError``."""
    return "".join(_parts(text, known or {}))


def around(text: str, known: Mapping[str, str]) -> str:
    """A pattern as three groups: what stands before its last ``<shape>``, the shape, the rest."""
    found = list(re.finditer(r"<[^<>]*>", text))
    if not found:
        raise PatternMistakeError(f"“{text}”里要有一个 <形状>，就是要填的那几个字")
    start, end = found[-1].span()
    pieces = (text[:start], text[start:end], text[end:])
    return "".join(f"({expression(piece, known)})" for piece in pieces)


def _parts(text: str, known: Mapping[str, str]) -> list[str]:
    for char in _FULL_WIDTH:
        if char in text:
            raise PatternMistakeError(f"“{text}”里的“{char}”要用半角")
    made: list[str] = []
    open_ = 0
    for match in _TOKEN.finditer(text):
        token = match.group()
        if match.group(1) is not None:
            made.append(_shape(match.group(1), known))
        elif token in ("…", "..."):
            made.append(GAP)
        elif token == "(":
            open_ += 1
            made.append("(?:")
        elif token == ")":
            open_ -= 1
            made.append(")")
        elif token == "|":
            if open_ < 1:
                raise PatternMistakeError(f"“{text}”里的“|”要写在括号里，或者分成两条")
            made.append("|")
        else:
            made.append(literal(token))
        if open_ < 0:
            break
    if open_:
        raise PatternMistakeError(f"“{text}”的括号不成对")
    return made


def blank(slot: str, text: str, known: Mapping[str, str]) -> str:
    """A pattern in which ``_`` stands once for the blank ``{slot}`` of a sentence."""
    pieces = text.split("_")
    if len(pieces) != 2:
        raise PatternMistakeError(f"“{text}”里要用一个下划线 _ 表示空")
    before, after = (expression(piece, known) for piece in pieces)
    return f"{before}\\{{{literal(slot)}\\}}{after}"
