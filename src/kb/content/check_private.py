"""Keeps numbers that are somebody's own out of the book."""

from __future__ import annotations

import re

from kb.content.load import Reading
from kb.content.private import find_private

#: A line without so many digits holds no number of anybody's.
_MANY_DIGITS = re.compile(r"(?:\d[ -]?){11}")
_FILES = ("*.md", "*.yml", "*.ipynb")
#: What must not stand in a book; a shop's own address or landline may.
_BARRED = ("手机号", "身份证号", "银行卡号")


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
        for number, line in enumerate(text.split("\n"), 1):  # as editors count lines
            for found in find_private(line) if _MANY_DIGITS.search(line) else ():
                if found.kind in _BARRED:
                    what = f"“{line[found.start : found.end]}”像是{found.kind}"
                    todo = "换成 {电话}、{单号} 这样的空，或写成“尾号 1234”"
                    file = path.relative_to(r.root).as_posix()
                    r.find(file, number, "private", what, todo)
