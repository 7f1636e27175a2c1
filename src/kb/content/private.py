"""Numbers that look like somebody's own: they must not stand in a book that others read."""

from __future__ import annotations

import re

from kb.content.load import Reading

_NUMBER = re.compile(r"(?<![\d.])\d(?:[ -]?\d){10,18}[Xx]?(?![\d.])")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_CITIZEN = re.compile(r"\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_FILES = ("*.md", "*.yml", "*.ipynb")


def check_private(r: Reading) -> None:
    """Add to ``r`` every mobile, citizen or bank card number in the authors' files."""
    tops = ("book", "cases", "assignments")
    paths = [p for top in tops for glob in _FILES for p in (r.root / top).rglob(glob)]
    for path in sorted(paths):
        if any(part.startswith((".", "_")) for part in path.relative_to(r.root).parts):
            continue
        try:
            text = path.read_text("utf-8")
        except (UnicodeDecodeError, OSError):
            continue  # reported when the file is read for its content
        for number, line in enumerate(text.splitlines(), 1):
            for match in _NUMBER.finditer(line):
                kind = private_kind(match.group())
                if kind:
                    what = f"“{match.group()}”像是{kind}"
                    todo = "换成 {电话}、{单号} 这样的空，或写成“尾号 1234”"
                    file = path.relative_to(r.root).as_posix()
                    r.find(file, number, "private", what, todo)


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
    if digits.isdigit() and 16 <= len(digits) <= 19 and _luhn(digits):
        return "银行卡号"
    return None


def _citizen_digit(digits: str) -> str:
    total = sum(int(d) * w for d, w in zip(digits, _CITIZEN_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def _luhn(digits: str) -> bool:
    if set(digits) == {"0"}:
        return False
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
