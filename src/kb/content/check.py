"""What one file alone cannot show: label words, links, lengths, the shape of a moment."""

from __future__ import annotations

import datetime
from pathlib import Path

from kb.content.check_items import check_items
from kb.content.check_layout import check_layout, check_names
from kb.content.check_links import check_links
from kb.content.check_pages import check_pages
from kb.content.check_private import check_private
from kb.content.check_training import check_training
from kb.content.check_wording import check_wording
from kb.content.load import Reading, read
from kb.content.memory import without_collecting
from kb.content.stories import check_stories
from kb.content.terms import check_terms
from kb.errors import Finding


@without_collecting()
def check(root: Path, today: datetime.date | None = None) -> list[Finding]:
    """Everything the authors should mend below ``root``, in file and line order.

    Dates are held against ``today``, the machine's day if not given.
    """
    reading = read(root, today)
    check_reading(reading)
    check_layout(reading)
    check_links(reading)
    if reading.library is not None:
        check_terms(reading, reading.library)
    return sorted(set(reading.findings))


def check_reading(r: Reading) -> None:
    """Add to ``r`` all mistakes that only the whole book shows; no warnings about words.

    The site (contents, links) is left to ``check``: search and advice need none.
    """
    check_names(r)
    if r.library is None:
        return
    check_items(r, r.library)
    check_pages(r, r.library)
    check_stories(r, r.library)
    check_training(r, r.library)
    check_wording(r, r.library)
    check_private(r)
