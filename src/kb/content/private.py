"""Numbers and addresses that look like somebody's own: found and masked.

Twin: ``browser/static/private.js``; ``tests/fixtures/private.json`` holds both to the same finds.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kb.text import normalise

_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{9}")
_CITIZEN = re.compile(
    "[0-9]{6}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
)
_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LANDLINE = re.compile(r"0[1-9][0-9]{1,2}[ -][0-9]{7,8}(?![0-9])")
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][a-z][·•. ]?"
    "([a-z0-9]{5,6})(?![a-z0-9])"
)
_MAIL = re.compile(r"[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:[.][a-z0-9-]{1,63}){1,4}")
#: Lengths that a number of somebody's own can have, the longest first; 13 is a mobile with its 86.
_LENGTHS = (19, 18, 17, 16, 13, 11)


class Private(NamedTuple):
    """``[start, end)`` of a text, in code points, looks like somebody's ``kind``."""

    start: int
    end: int
    kind: str


def find_private(text: str) -> list[Private]:
    """Everything in ``text`` that looks like somebody's own, in order, none over another.

    Mobile and citizen numbers, bank cards, landlines with their area code, number plates, mail
    addresses; full-width digits count as digits.
    """
    normal = normalise(text)
    n = normal.text
    found = [*_numbers(n)]
    for kind, shape in (("固定电话", _LANDLINE), ("车牌号", _PLATE), ("邮箱", _MAIL)):
        for match in shape.finditer(n):
            if kind == "固定电话" and _digit(n, match.start() - 1):
                continue
            if kind == "车牌号" and sum(c.isdecimal() for c in match.group(1)) < 3:
                continue
            found.append(Private(match.start(), match.end(), kind))
    found.sort(key=lambda p: (p.start, -p.end))
    kept: list[Private] = []
    reached = 0
    for start, end, kind in found:
        if start >= reached:
            reached = end
            kept.append(Private(*normal.span(start, end), kind))
    return kept


def mask(text: str) -> str:
    """``text`` without what ``find_private`` finds in it; of a number the last digits stay."""
    out: list[str] = []
    at = 0
    for start, end, kind in find_private(text):
        out += [text[at:start], masked(text[start:end], kind)]
        at = end
    return "".join([*out, text[at:]])


def masked(own: str, kind: str) -> str:
    """What stands in place of ``own``."""
    if kind in ("手机号", "银行卡号"):
        digits = [c for c in normalise(own).text if "0" <= c <= "9"]
        return f"〔{kind}，尾号 {''.join(digits[-4:])}〕"
    return f"〔{kind}〕"


def private_kind(number: str) -> str | None:
    """What a number looks like, in Chinese, or ``None``.

    A citizen's number carries a check digit by GB 11643 (ISO 7064 MOD 11-2), a bank card's by the
    Luhn formula (ISO/IEC 7812-1).
    """
    digits = re.sub(r"[ -]", "", number)
    if _MOBILE.fullmatch(digits):
        return "手机号"
    if _CITIZEN.fullmatch(digits) and _citizen_digit(digits[:17]) == digits[17].upper():
        return "身份证号"
    if digits.isdecimal() and 16 <= len(digits) <= 19 and _luhn(digits):
        return "银行卡号"
    return None


def _numbers(n: str) -> list[Private]:
    """Numbers of a normalised text, their digits parted by single blanks or hyphens at most."""
    found: list[Private] = []
    at = 0
    while at < len(n):
        one = _number_at(n, at) if _digit(n, at) and not _digit(n, at - 1) else None
        if one is None:
            at += 1
        else:
            found.append(one)
            at = one.end
    return found


def _number_at(n: str, start: int) -> Private | None:
    places: list[int] = []
    at = start
    while len(places) < _LENGTHS[0] and _goes_on(n, at, len(places)):
        places.append(at)
        parted = n[at + 1 : at + 2] in (" ", "-") and _goes_on(n, at + 2, len(places))
        at += 2 if parted else 1
    for length in _LENGTHS:
        if length > len(places):
            continue
        end = places[length - 1] + 1
        if _digit(n, end) or (n[end : end + 1] == "." and _digit(n, end + 1)):
            continue
        kind = private_kind("".join(n[p] for p in places[:length]))
        if kind:
            return Private(start, end, kind)
    return None


def _goes_on(n: str, at: int, count: int) -> bool:
    """A digit, or the X that is the last place of some citizens' numbers."""
    return _digit(n, at) or (n[at : at + 1] == "x" and count == 17)


def _digit(n: str, at: int) -> bool:
    return 0 <= at < len(n) and "0" <= n[at] <= "9"


def _citizen_digit(digits: str) -> str:
    total = sum(int(d) * w for d, w in zip(digits, _CITIZEN_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def _luhn(digits: str) -> bool:
    if set(digits) == {"0"}:
        return False
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
