"""What the commands share: the project's folder, how they print and how they write files."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from kb.content import find_root
from kb.errors import InputError


def root_of(args: argparse.Namespace) -> Path:
    """The project's folder, as named or found; raises ``InputError``."""
    return find_root((args.root or Path.cwd()).resolve())


def say(line: str) -> None:
    """Progress goes to stderr, so that stdout stays data."""
    print(line, file=sys.stderr, flush=True)


def print_json(data: object) -> None:
    """One JSON value on one line."""
    print(json.dumps(data, ensure_ascii=False), flush=True)


def write_file(path: Path, data: bytes | str) -> None:
    """Write a file whole or not at all, a text as UTF-8; raises ``InputError``."""
    if isinstance(data, str):
        data = data.encode(errors="replace")  # half a character has no UTF-8
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(data)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise InputError(
            f"写不了 {path}（{error.strerror}）——检查目录在不在、有没有权限和空间。"
        ) from None
