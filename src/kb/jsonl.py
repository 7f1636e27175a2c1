"""Files with one JSON value a line, as people hand them in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.errors import InputError


def read_objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of a JSONL file with where it stands (``file:line: ``); empty lines are none.

    Raises ``InputError`` when the file cannot be read or a line is no JSON object.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")  # U+2028 ends no line in JSON
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "不是 UTF-8 文本"
        raise InputError(f"{path}：读不了这个文件（{reason}）。") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}:{number}: "
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise InputError(f"{where}不是 JSON 对象——每行写一个，用花括号括起来。")
        yield where, data
