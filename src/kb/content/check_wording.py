"""Checks of the words for replies and of what fills blanks."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from kb.content.check_common import SLOTS, slots
from kb.content.load import Reading
from kb.content.model import Library
from kb.content.patterns import PatternMistakeError, around, blank, expression, shapes
from kb.content.wording import FillBook, ReplyBook

_HOW = "照 docs/authoring.md 的样子写"


def check_wording(r: Reading, library: Library) -> None:
    """Add to ``r`` what is wrong with ``book/lexicon/reply.yml`` and ``book/fill.yml``."""
    if "reply:" in r.places:
        _reply(r, library.reply)
    if "fill:" in r.places:
        _fill(r, library.fill)


def _reply(r: Reading, book: ReplyBook) -> None:
    seen: dict[str, int] = {}
    for i, entry in enumerate(book.entries):
        if entry.kind not in book.kinds:
            at = r.at("reply:", "entries", i, "kind")
            todo = f"可用的词：{'、'.join(book.kinds)}；或在 kinds 里加上它"
            r.find(*at, "label", f"没有“{entry.kind}”这一类", todo)
        slots(r, "reply:", ("entries", i, "instead"), entry.instead)
        for j, word in enumerate(entry.words):
            _pattern(r, "reply:", ("entries", i, "words", j), partial(expression, word))
            if word in seen:
                at = r.at("reply:", "entries", i, "words", j)
                what = f"“{word}”已在第 {seen[word] + 1} 条"
                r.find(*at, "duplicate-word", what, "只留在一条里")
            seen.setdefault(word, i)
        for j, word in enumerate(entry.unless):
            _pattern(r, "reply:", ("entries", i, "unless", j), partial(expression, word))


def _fill(r: Reading, book: FillBook) -> None:
    try:
        known = shapes(book.shapes)
    except PatternMistakeError as mistake:
        r.find(*r.at("fill:", "shapes"), "wording", str(mistake), _HOW)
        return
    for i, entry in enumerate(book.entries):
        if entry.slot not in SLOTS:
            at = r.at("fill:", "entries", i, "slot")
            todo = f"只能用 {'、'.join(sorted(SLOTS))}"
            r.find(*at, "slot", f"不认识的空“{entry.slot}”", todo)
        for j, told in enumerate(entry.told):
            _pattern(r, "fill:", ("entries", i, "told", j), partial(around, told, known))
        for j, fits in enumerate(entry.fits):
            make = partial(blank, entry.slot, fits, known)
            _pattern(r, "fill:", ("entries", i, "fits", j), make)


def _pattern(r: Reading, key: str, path: tuple[str | int, ...], make: Callable[[], str]) -> None:
    try:
        found = re.compile(make())
    except PatternMistakeError as mistake:
        r.find(*r.at(key, *path), "wording", str(mistake), _HOW)
        return
    if found.search(""):
        what, todo = "这一条什么都不写也算数", "至少写出一个一定要有的字"
        r.find(*r.at(key, *path), "wording", what, todo)
