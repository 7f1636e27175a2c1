"""Receipts in a folder: files as they were saved, and mails with codes in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from html import unescape
from pathlib import Path
from typing import cast

from kb.errors import InputError
from kb.sheets import UTF_16
from kb.training.receipts import split

#: A receipt has some thousand characters; of a film that lies beside it, this much is enough.
_MOST_BYTES = 4_000_000
_TAG = re.compile(r"<[^<>]*>")
#: No receipt is a table: these are reports that were put beside the receipts.
_TABLES = (".csv", ".xlsx")
#: Behind the name of a file that holds several receipts.
_NUMBERED = re.compile(r"（第 [0-9]+ 份）$")


def receipts_in(folder: Path) -> list[tuple[str, str]]:
    """All that was handed in below ``folder``: names relative to it, and texts.

    A file with several codes is several receipts, a mail is its text and what is attached to it;
    reports that were written into the folder are no receipts. Raises ``InputError``.
    """
    if not folder.is_dir():
        raise InputError(f"没有 {folder} 这个目录——把收到的回执放进一个目录，再指明它。")
    given = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or any(part.startswith(".") for part in name.split("/")):
            continue
        if path.suffix.lower() in _TABLES:
            continue
        try:
            with path.open("rb") as file:
                data = file.read(_MOST_BYTES)
        except OSError as error:
            raise InputError(f"读不了 {path}（{error.strerror}）——检查文件权限。") from None
        if path.suffix.lower() == ".eml":
            parts = _in_mail(data)
        elif _is_report(text := _decoded(data)):
            continue
        else:
            parts = split(text) or [""]
        for n, part in enumerate(parts, 1):
            given.append((f"{name}（第 {n} 份）" if len(parts) > 1 else name, part))
    return given


def file_of(name: str) -> str:
    """The file that a name of ``receipts_in`` speaks of."""
    return _NUMBERED.sub("", name)


def _in_mail(data: bytes) -> list[str]:
    """The receipts of a mail as it was saved; its own words where there are none."""
    try:
        texts = [text.strip() for text in _texts(message_from_bytes(data, policy=policy.default))]
    except Exception:  # a wrong header or too many mails in mails break the parser in many ways
        texts = [_decoded(data).strip()]
    found = [part for text in texts for part in split(text) if part.startswith(("KB", "{"))]
    return found or ["\n".join(texts)]


def _texts(mail: EmailMessage) -> Iterator[str]:
    """What a mail says and what is attached to it, out of the wrapping of the mail."""
    body = mail.get_body(("plain", "html")) or (None if mail.is_multipart() else mail)
    if body is not None:
        text = _decoded(_payload(body))
        yield unescape(_TAG.sub(" ", text)) if body.get_content_subtype() == "html" else text
    for part in mail.iter_attachments():
        inner = part.get_payload()
        if isinstance(inner, list):  # a mail that was passed on as a whole
            for one in inner:
                yield from _texts(cast(EmailMessage, one))
        else:
            yield _decoded(_payload(part))


def _payload(part: MIMEPart) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _is_report(text: str) -> bool:
    """Whether a file is a report itself: the object of ``--json`` or the statements of xAPI."""
    if not text.startswith(('{"lists"', "[")):
        return False
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    statements = isinstance(value, list) and all(isinstance(v, dict) and "verb" in v for v in value)
    return statements or (isinstance(value, dict) and value.keys() == {"lists", "problems"})


def _decoded(data: bytes) -> str:
    """The text of a file; what is none becomes a text that is no receipt."""
    encoding = "utf-16" if data.startswith(UTF_16) else "utf-8"
    return data.decode(encoding, errors="replace")
