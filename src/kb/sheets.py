"""Tables that people hand in and take away: CSV in either encoding, cells that run nothing."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kb.errors import InputError

#: What spreadsheets take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: What spreadsheets put between the cells, the usual one first.
_BETWEEN = (",", ";", "\t")
#: How a text in UTF-16 begins.
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAVE = "在表格软件里另存为 CSV（UTF-8）"


class Sheet(NamedTuple):
    """A table: the names in its first line, and every other line with its number."""

    heads: list[str]
    rows: list[tuple[int, dict[str, str]]]


def harmless(text: str) -> str:
    """``text`` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def read_csv(path: Path) -> Sheet:
    """The lines of a CSV by the names in its first line; raises ``InputError``.

    UTF-8 or UTF-16 as a mark says, else UTF-8, or GB18030, in which Excel writes it on a Chinese
    system; between the cells stand commas, semicolons or tabs. What cannot be read for certain is
    refused with its line: nothing gets lost unseen.
    """
    text = _text(path)
    first = text.lstrip().partition("\n")[0]
    between = max(_BETWEEN, key=first.count)
    heads: list[str] | None = None
    rows = []
    for line, cells in _lines(path, text, between):
        if heads is None:
            heads = [cell.strip() for cell in cells]
            twice = next((name for name in heads if name and heads.count(name) > 1), None)
            if twice is not None:
                raise InputError(f"{path}:{line}: “{twice}”这一列有两个——改掉一个列名。")
        elif any(cells):
            rows.append((line, _row(f"{path}:{line}: ", heads, cells)))
    return Sheet(heads or [], rows)


def _row(where: str, heads: list[str], cells: list[str]) -> dict[str, str]:
    if any(cell.strip() for cell in cells[len(heads) :]):
        raise InputError(f"{where}格子比第一行多——话里有逗号的，整格用英文双引号括起来。")
    row = dict.fromkeys(heads, "")
    for name, cell in zip(heads, cells, strict=False):
        if row[name] and cell.strip():
            raise InputError(f"{where}有内容的格子没有列名——在第一行补上。")
        row[name] = row[name] or cell
    return row


def _lines(path: Path, text: str, between: str) -> Iterator[tuple[int, list[str]]]:
    """Every line that is not empty, with the number of its first line in the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            where = f"{path}:{line}: "
            if "limit" in str(error):
                most = csv.field_size_limit()
                what = f"有一格超过 {most} 个字——看看是不是引号少了一半，或把它截短。"
            else:
                what = "引号不成对，或引号外面还有字——整格用一对引号括起来，里面的引号写成两个。"
            raise InputError(f"{where}{what}") from None
        if cells:
            yield line, cells


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"读不了 {path}（{error.strerror}）——检查文件名和权限。") from None
    for encoding in ("utf-16",) if data.startswith(UTF_16) else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise InputError(f"{path} 里有空字符，读不准——{_SAVE}。")
        return text
    raise InputError(f"{path} 不是文本——{_SAVE}。")
