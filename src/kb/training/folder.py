"""Receipts in a folder: files as they were saved, and mails with codes in them."""

from __future__ import annotations

import codecs
from pathlib import Path

from kb.errors import InputError
from kb.training.receipts import split

#: A receipt has some thousand characters; of a film that lies beside it, this much is enough.
_MOST_BYTES = 4_000_000
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def receipts_in(folder: Path) -> list[tuple[str, str]]:
    """All that was handed in below ``folder``: names relative to it, and texts.

    A file with several codes is several receipts. Raises ``InputError``.
    """
    if not folder.is_dir():
        raise InputError(f"没有 {folder} 这个目录——把收到的回执放进一个目录，再指明它。")
    given = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or any(part.startswith(".") for part in name.split("/")):
            continue
        try:
            with path.open("rb") as file:
                text = _decoded(file.read(_MOST_BYTES))
        except OSError as error:
            raise InputError(f"读不了 {path}（{error.strerror}）——检查文件权限。") from None
        parts = split(text) or [""]
        for n, part in enumerate(parts, 1):
            given.append((f"{name}（第 {n} 份）" if len(parts) > 1 else name, part))
    return given


def _decoded(data: bytes) -> str:
    """The text of a file; what is none becomes a text that is no receipt."""
    encoding = "utf-16" if data.startswith(_UTF_16) else "utf-8"
    return data.decode(encoding, errors="replace")
