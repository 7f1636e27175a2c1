"""One reading list in YAML, from ``assignments/`` or from anywhere else."""

from __future__ import annotations

from pathlib import Path

from kb.content.check import check_reading
from kb.content.check_training import check_assignment
from kb.content.load import read, read_file
from kb.content.model import Library
from kb.content.model_training import Assignment
from kb.errors import ContentError

_KEY = "list:"


def load_assignment(root: Path, path: Path) -> tuple[Library, Assignment]:
    """The library below ``root`` and the reading list in the file ``path``.

    Raises ``ContentError`` with all that is wrong in either.
    """
    r = read(root)
    if r.library is not None:
        check_reading(r)
    found = None
    if not any(not f.warning for f in r.findings):
        # A list of the book has been read already, and its id may not be used twice.
        found = read_file(r, str(path), Assignment, _KEY)
        if found is not None and r.library is not None:
            check_assignment(r, r.library, _KEY, found)
    mistakes = [f for f in r.findings if not f.warning]
    if mistakes or r.library is None or found is None:
        raise ContentError(mistakes)
    return r.library, found
