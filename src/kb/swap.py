"""Replaces a folder whole or not at all."""

from __future__ import annotations

from pathlib import Path


def swap_in(fresh: Path, out: Path) -> None:
    """Put the folder ``fresh`` in the place of ``out``; raises ``OSError``.

    Both lie on one disk. What stood there is left beside ``fresh`` as ``old``, for whoever made
    that folder to remove; it stands where it stood if the new one cannot be put there.
    """
    old = fresh.with_name("old")
    if out.exists():
        out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
