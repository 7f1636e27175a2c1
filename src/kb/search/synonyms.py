"""What the authors say means the same, and which words name an industry or a channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kb.text import normalise


@dataclass(frozen=True)
class Synonyms:
    """``groups`` are words for one thing; ``facets`` maps ``field:label`` to words that name it."""

    groups: tuple[tuple[str, ...], ...] = ()
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def words(self) -> Iterator[str]:
        """All words of all groups."""
        for group in self.groups:
            yield from group

    def to_json(self) -> dict[str, Any]:
        """Normalised, as both engines read it."""
        return {
            "groups": [[normalise(w).text for w in group] for group in self.groups],
            "facets": {k: [normalise(w).text for w in ws] for k, ws in self.facets.items()},
        }
