"""Receipts: what a learner hands in, read with a clear word about what is wrong with it.

The twin of ``receipt.js``, with the same sentences. A receipt is plain: its checksum guards against
slips (a cut code, a mail program's line breaks), not against forgery.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any, TypedDict, cast

from kb.errors import InputError
from kb.training.codes import (
    BLANKS,
    canonical,
    crc32,
    from_base64,
    parse,
    to_base64,
    trim,
    without_blanks,
)
from kb.training.lists import ReadingList, check_list, key

_VERSION = 1
_AGAIN = "请让交的人重新导出一份"
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
#: No count of a receipt comes near it; larger ones would spoil every sum and table.
_MOST = 999_999_999
#: A later time has no day in UTC+8.
_LAST = "9999-12-31"
_CODE = re.compile(r"KB[0-9]+")
#: A code ends where the next begins, as it may be cut; unless it is the code's own end that looks
#: like a beginning: ``…KB1`` and the checksum.
_IN_TEXT = re.compile(
    rf"KB[0-9]+\.(?:(?!KB[0-9]+\.(?!(?:[{BLANKS}]*[0-9a-f]){{8}}))[A-Za-z0-9_{BLANKS}-])*"
    rf"(?:\.(?:[{BLANKS}]*[0-9a-f]){{0,8}})?"
)
#: Marks before the lines of a mail that was answered or passed on.
#: Where a line begins is what JavaScript takes for it; Python's own notion knows line feeds only.
_QUOTED = re.compile(r"(?:^|(?<=[\n\r\u2028\u2029]))[ \t]*(?:>[ \t]*)+")
_CHECK = re.compile(r"[0-9a-f]{8}")
_NEWER = "这份回执是更新的案例书做的，这一本还不认识。请用新的案例书打开。"


#: A choice: ``right`` is 0 or 1, ``try`` counts from 1 within one question.
Answer = TypedDict(
    "Answer", {"q": str, "step": str, "choice": str, "right": int, "at": str, "try": int}
)


class Played(TypedDict):
    """A drill played to its end: turns answered best, turns, and the mood it ended in."""

    best: int
    turns: int
    mood: int
    at: str


class _Opened(TypedDict):
    ref: str
    opened: str
    end: str
    seconds: int
    answers: list[Answer]


class ReceiptItem(_Opened, total=False):
    """What was done with one item; times in UTC, empty where it did not happen."""

    drill: Played


class Receipt(TypedDict):
    """A receipt as ``docs/design/training.md`` describes it."""

    format: str
    version: int
    list: ReadingList
    key: str
    book: str
    person: str
    started: str
    finished: str
    items: list[ReceiptItem]
    check: str


def check_of(receipt: Mapping[str, Any]) -> str:
    """The checksum of a receipt, over everything but the checksum itself."""
    return crc32(canonical({name: value for name, value in receipt.items() if name != "check"}))


def to_code(receipt: Receipt) -> str:
    """A receipt as a code to paste."""
    rest = {name: value for name, value in receipt.items() if name != "check"}
    return f"KB1.{to_base64(canonical(rest))}.{receipt['check']}"


def split(given: str) -> list[str]:
    """The codes in a text, whatever stands around them.

    A text without any is one receipt, or none if it is empty. The ``>`` that a mail program puts
    before the lines of an answered mail do not count.
    """
    said = trim(_QUOTED.sub("", given))
    codes = [] if said.startswith("{") else _IN_TEXT.findall(said)
    return [trim(part) for part in codes] or ([said] if said else [])


def read_receipt(given: str) -> Receipt:
    """The receipt in the text of a file or a pasted code; raises ``InputError``."""
    said = trim(given)
    if not said:
        raise InputError(f"是空的，{_AGAIN}。")
    if said.startswith("{"):
        try:
            value = parse(said)
        except ValueError:
            raise InputError(f"文件断了一截，读不出来，{_AGAIN}。") from None
        return _checked(value)
    parts = without_blanks(said).split(".")
    if not _CODE.fullmatch(parts[0]):
        raise InputError(f"这不是回执：既不是回执文件，也不是 KB1. 开头的回执码，{_AGAIN}。")
    if parts[0] != "KB1":
        raise InputError(_NEWER)
    if len(parts) != 3 or not _CHECK.fullmatch(parts[2]):
        raise InputError(f"回执码不完整，少了结尾，{_AGAIN}。")
    text = from_base64(parts[1])
    if text is None or crc32(text) != parts[2]:
        raise InputError(f"回执码不完整，或有几个字符被改动了，{_AGAIN}。")
    try:
        value = parse(text)
    except ValueError:
        raise InputError(f"回执码读不出来，{_AGAIN}。") from None
    return _checked({**(value if isinstance(value, dict) else {}), "check": parts[2]})


def _checked(value: Any) -> Receipt:
    """``value`` if it is a receipt in all its parts; raises ``InputError``."""
    if not isinstance(value, dict):
        raise InputError(f"这不是回执，{_AGAIN}。")
    if value.get("format") == "kb-list":
        raise InputError("这是一份读单，不是回执。要改它，请到“布置”一页打开。")
    if value.get("format") != "kb-receipt":
        raise InputError(f"这不是案例书的回执，{_AGAIN}。")
    version = value.get("version")
    if type(version) is int and version > _VERSION:
        raise InputError(_NEWER)
    if type(version) is not int or version != _VERSION:
        raise InputError(f"回执没有写明版本，{_AGAIN}。")
    try:
        whole = value.get("check") == check_of(value)
    except RecursionError:  # a part of it can be read and yet be too deep to be written again
        whole = False
    if not whole:
        raise InputError(f"校验码对不上：内容在路上被改动或截断了，{_AGAIN}。")
    try:
        whole = key(check_list(value.get("list"))) == value.get("key")
    except InputError:
        whole = False
    if not whole:
        raise InputError(f"回执里的读单不完整，{_AGAIN}。")
    if not isinstance(value.get("person"), str) or not trim(value["person"]):
        raise InputError(f"回执里没有姓名，{_AGAIN}。")
    items = value.get("items")
    holds = isinstance(value.get("book"), str) and isinstance(items, list)
    if not holds or not all(map(_time, (value.get("started"), value.get("finished")))):
        raise InputError(f"回执里有写错的内容，{_AGAIN}。")
    if not all(map(_item_holds, items or ())):
        raise InputError(f"回执里有写错的内容，{_AGAIN}。")
    return cast(Receipt, value)


def _item_holds(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and isinstance(item.get("ref"), str)
        and _time(item.get("opened"))
        and _time(item.get("end"))
        and _count(item.get("seconds"))
        and isinstance(item.get("answers"), list)
        and all(map(_answer_holds, item["answers"]))
        and ("drill" not in item or _drill_holds(item["drill"]))
    )


def _answer_holds(answer: Any) -> bool:
    return (
        isinstance(answer, dict)
        and all(isinstance(answer.get(name), str) for name in ("q", "step", "choice"))
        and _count(answer.get("right"))
        and answer["right"] <= 1
        and _time(answer.get("at"))
        and _count(answer.get("try"))
    )


def _drill_holds(drill: Any) -> bool:
    return (
        isinstance(drill, dict)
        and all(_count(drill.get(name)) for name in ("best", "turns", "mood"))
        and _time(drill.get("at"))
    )


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _MOST


def _time(value: Any) -> bool:
    """Whether ``value`` is a time of the calendar in UTC to the second, or empty."""
    if value == "":
        return True
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return False
    try:
        datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return False
    return value < _LAST
