"""What the browser gets of the hand-written scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kb.browser import STATIC, write_bundle


def code_of(script: str) -> Iterator[str]:
    """The lines that are neither empty nor all comment, found line by line."""
    inside = False
    for line in script.splitlines():
        text = line.strip()
        inside = inside or text.startswith("/**")
        if text and not inside and not text.startswith("//"):
            yield line
        inside = inside and not text.endswith("*/")


def test_scripts_lose_their_comments_and_no_line_of_code(tmp_path: Path) -> None:
    write_bundle(tmp_path / "kb")

    for path in STATIC.glob("*.js"):
        source, written = path.read_text("utf-8"), (tmp_path / "kb" / path.name).read_text("utf-8")
        if path.name.startswith("vendor-"):
            assert written == source
        else:
            assert [*filter(str.strip, written.splitlines())] == [*code_of(source)]
            assert "/**" not in written
