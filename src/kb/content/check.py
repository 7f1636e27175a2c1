"""What one file alone cannot show: label words, links, lengths, the shape of a moment."""

from __future__ import annotations

from pathlib import Path

from kb.content.check_items import check_items
from kb.content.check_pages import check_pages
from kb.content.load import Reading, read
from kb.content.terms import check_terms
from kb.errors import Finding


def check(root: Path) -> list[Finding]:
    """Everything the authors should mend below ``root``, in file and line order."""
    reading = read(root)
    if reading.library is not None:
        check_library(reading)
        check_terms(reading, reading.library)
    return sorted(set(reading.findings))


def check_library(r: Reading) -> None:
    """Add to ``r`` all mistakes that only the whole library shows; no warnings."""
    assert r.library is not None
    check_items(r, r.library)
    check_pages(r, r.library)
