"""What the authors say means the same, and which words name an industry or a channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kb.content import Library
from kb.text import normalise

#: Labels that name nothing in particular.
_NO_NAME = {"general", "any"}


@dataclass(frozen=True)
class Synonyms:
    """``groups`` are words for one thing; ``facets`` maps ``field:label`` to words that name it."""

    groups: tuple[tuple[str, ...], ...] = ()
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, library: Library) -> Synonyms:
        """Those of ``book/synonyms.yml``, with the names of industries and channels themselves."""
        facets = {}
        for name_of in ("industry", "channel"):
            names: dict[str, str] = getattr(library.labels, name_of)
            for label, name in names.items():
                if label not in _NO_NAME:
                    more = library.synonyms.facets.get(name_of, {}).get(label, ())
                    facets[f"{name_of}:{label}"] = (name, *more)
        return cls(library.synonyms.groups, facets)

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


NO_SYNONYMS = Synonyms()
