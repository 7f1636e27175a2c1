"""Tables that people hand in and take away: CSV in either encoding, cells that run nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from kb.errors import InputError

#: What spreadsheets take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """``text`` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def read_csv(path: Path) -> csv.DictReader[str]:
    """The lines of a CSV by the names in its first line; raises ``InputError``.

    UTF-8 with or without a mark, or GB18030, in which Excel writes it on a Chinese system.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"读不了 {path}（{error.strerror}）——检查文件名和权限。") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            rows = csv.DictReader(io.StringIO(data.decode(encoding).replace("\0", "")))
        except UnicodeDecodeError:
            continue
        rows.fieldnames = [name.strip() for name in rows.fieldnames or ()]
        return rows
    raise InputError(f"{path} 不是文本——在表格软件里另存为 CSV。")
