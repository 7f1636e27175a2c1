"""The built book must ask no other host for anything: no page and no style sheet of it may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kb.content.loads import css_loads, html_loads, is_elsewhere


def outside_requests(folder: Path) -> Iterator[tuple[str, str]]:
    """``(file, address)`` for all that pages and style sheets load from another host."""
    for ending, loads in (("*.html", html_loads), ("*.css", css_loads)):
        for path in sorted(folder.rglob(ending)):
            for address in loads(path.read_text("utf-8", "replace")):
                if is_elsewhere(address):
                    yield path.relative_to(folder).as_posix(), address
