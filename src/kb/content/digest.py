"""A digest of everything the authors wrote, to know whether anything made from it is still true."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

_ENDINGS = {".md", ".yml"}


def content_files(root: Path) -> Iterator[Path]:
    """The authors' files below ``root``, in a stable order; hidden and built folders left out."""
    for top in ("book", "cases", "assignments"):
        for path in sorted((root / top).rglob("*")):
            parts = path.relative_to(root).parts
            if path.suffix in _ENDINGS and not any(p[0] in "._" for p in parts) and path.is_file():
                yield path


def digest(root: Path, *salt: str) -> str:
    """A hex digest over names and bytes of all content files, and over ``salt``."""
    total = hashlib.sha256("\0".join(salt).encode())
    for path in content_files(root):
        name = path.relative_to(root).as_posix()
        # Names from another system may be no text; here they are only told apart.
        total.update(name.encode(errors="surrogatepass") + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:24]
