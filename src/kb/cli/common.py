"""What the commands share: the project's folder, how they print and how they write files."""

from __future__ import annotations

import argparse
import json
import stat
import sys
import tempfile
from pathlib import Path

from kb.content import find_root
from kb.errors import InputError, UsageError


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
    """Write a file whole or not at all, a text as UTF-8.

    A link stays one: what it leads to is written. A device and a pipe are written into as they
    are, for nobody can put a file in their place. Raises ``InputError``, and ``UsageError`` where
    no file can be.
    """
    if isinstance(data, str):
        data = data.encode(errors="replace")  # half a character has no UTF-8
    try:
        mode = path.stat().st_mode if path.exists() else stat.S_IFREG
        if stat.S_ISCHR(mode) or stat.S_ISFIFO(mode):
            with path.open("wb") as stream:
                stream.write(data)
            return
        if not stat.S_ISREG(mode):
            raise UsageError(f"{path} 不是文件——写上文件名。")
        target = path.resolve()
        # In a folder of our own: a name made of the target's may be longer than a name can be.
        with tempfile.TemporaryDirectory(prefix=".kb-", dir=target.parent) as folder:
            fresh = Path(folder) / "fresh"
            fresh.write_bytes(data)
            fresh.replace(target)
    except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"写不了 {path}（{reason}）——检查目录在不在、有没有权限和空间。") from None
