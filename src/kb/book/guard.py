"""The built book must ask no other host for anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_LOADING = re.compile(
    r"<(?:script|img|iframe|source|audio|video)\b[^>]*\bsrc=[\"'](?P<src>(?:https?:)?//[^\"']+)"
    r"|<link\b(?=[^>]*\brel=[\"'](?:stylesheet|preload|icon|shortcut icon|preconnect))"
    r"[^>]*\bhref=[\"'](?P<href>(?:https?:)?//[^\"']+)",
    re.IGNORECASE,
)


def outside_requests(folder: Path) -> Iterator[tuple[str, str]]:
    """``(page, address)`` for every script, style or picture of another host."""
    for page in sorted(folder.rglob("*.html")):
        for match in _LOADING.finditer(page.read_text("utf-8", "replace")):
            yield page.relative_to(folder).as_posix(), match.group("src") or match.group("href")
