"""What can be assigned: pages, cases and cards, by reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kb.content import Case, Library, Method, Section
from kb.content.markdown import page_url

#: The kinds of a reference ``kind:id``, in the order in which they are offered.
KINDS = ("section", "case", "method")


class Item(NamedTuple):
    """A thing to read; ``url`` is relative to the book's root."""

    ref: str
    what: Section | Case | Method
    url: str


def items(library: Library, order: Sequence[str] = ()) -> list[Item]:
    """Everything that can be assigned: sections in ``order`` (ids), then cases, then methods.

    Sections that ``order`` does not name come after those it names.
    """
    place = {section_id: n for n, section_id in enumerate(order)}
    sections = sorted(library.sections, key=lambda s: place.get(s.id, len(place)))
    found = [Item(f"section:{s.id}", s, page_url(s.file)) for s in sections]
    found += [Item(f"case:{c.id}", c, page_url(c.file)) for c in library.cases]
    for method in library.methods:
        home = library.home_of("method", method.id)
        url = f"{page_url(home.file) if home else ''}#method-{method.id}"
        found.append(Item(f"method:{method.id}", method, url))
    return found
