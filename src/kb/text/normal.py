"""The normal form: NFKC, lower case, simplified characters, with offsets back to the original.

The browser's twin is ``browser/static/text.js``; ``tests/fixtures/text.json`` holds both to it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import zhconv.zhconv

#: A blank of a sentence, such as {单号}; the group is its name.
BLANK = re.compile(r"\{([^{}]*)\}")
# zhconv leaves these alone because the simplified script has them too. For matching it only
# counts that both spellings end up the same.
_ALSO_SIMPLIFIED = {"著": "着", "甚": "什", "妳": "你", "牠": "它", "祂": "他"}
_CJK_FIRST, _CJK_LAST = "\u4e00", "\u9fff"


@lru_cache(maxsize=1)
def simplified_table() -> dict[str, str]:
    """One traditional character to one simplified character, basic CJK block only."""
    known = zhconv.zhconv.getdict("zh-cn")
    table = {
        old: new
        for old, new in known.items()
        if len(old) == len(new) == 1 and old != new and _CJK_FIRST <= old <= _CJK_LAST
    }
    # A chain (a→b, b→c) would make the normal form depend on how often it is applied.
    table = {old: table.get(new, new) for old, new in table.items()}
    return dict(sorted((table | _ALSO_SIMPLIFIED).items()))


@dataclass(frozen=True)
class Normal:
    """A normalised text. ``origin[i]`` is the original offset of ``text[i]``.

    Offsets count code points. ``origin`` has one entry more than ``text``: the original's length.
    """

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original half-open span behind ``text[start:end]`` (``end`` > ``start``)."""
        return self.origin[start], self.origin[end - 1] + 1


class _Forms(dict[int, str]):
    """The normal form of single characters by code point, worked out when one is first met."""

    def __missing__(self, code: int) -> str:
        table = simplified_table()
        parts = unicodedata.normalize("NFKC", chr(code)).lower()
        form = self[code] = "".join(table.get(part, part) for part in parts)
        return form


_FORMS = _Forms()


def normal_text(text: str) -> str:
    """``normalise(text).text``, without the offsets: for indexing, which normalises everything."""
    return text.translate(_FORMS)


def normalise(text: str) -> Normal:
    """Bring ``text`` into the normal form, one code point at a time.

    Going code point by code point keeps the offsets exact; marks that would combine with the
    character before them stay apart, alike in both engines.
    """
    normal = normal_text(text)
    if len(normal) == len(text):  # no form is empty, so every one is a single character
        return Normal(normal, tuple(range(len(text) + 1)))
    origin = [offset for offset, char in enumerate(text) for _ in _FORMS[ord(char)]]
    return Normal(normal, (*origin, len(text)))
