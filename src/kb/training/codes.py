"""What lists and receipts are made of: canonical JSON, CRC-32, base64url.

The twin of ``train-codes.js``; ``tests/fixtures/training/codes.json`` holds both to the same.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from typing import Any, NoReturn

#: What JavaScript takes for white space; Python's own notion differs by a few characters.
BLANKS = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK = re.compile(f"[{BLANKS}]")
_BASE64 = re.compile(r"[A-Za-z0-9_-]*")


def trim(text: str) -> str:
    """``text`` without blanks at its ends."""
    return text.strip(BLANKS)


def without_blanks(text: str) -> str:
    """``text`` without any blanks or line breaks."""
    return _BLANK.sub("", text)


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: the same text wherever it is written."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # A half of a character has no UTF-8; JavaScript escapes it.
    return _SURROGATE.sub(lambda m: f"\\u{ord(m.group()):04x}", text)


def crc32(text: str) -> str:
    """The CRC-32 of a text in UTF-8, as eight hex digits."""
    return f"{zlib.crc32(text.encode()):08x}"


def to_base64(text: str) -> str:
    """A text as base64url without padding."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def from_base64(code: str) -> str | None:
    """The text of a base64url code; ``None`` if it is none, or no UTF-8."""
    if not _BASE64.fullmatch(code):
        return None
    try:
        return base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def parse(text: str) -> Any:
    """Strict JSON as JavaScript reads it; raises ``ValueError``."""
    try:
        return json.loads(text, parse_float=_number, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
