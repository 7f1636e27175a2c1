"""Training as the browser reads it: a small base, and questions and drills in parts on demand.

- ``training``: lists, steps, what customers insist with, and every item that can be assigned;
- ``train-NN``: questions and drills of several items, ``part`` of an item says which.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from kb.content import Case, Library
from kb.training.drills import drill
from kb.training.items import items
from kb.training.lists import assigned
from kb.training.minutes import minutes
from kb.training.questions import questions

#: About so many characters of JSON a part: few requests for a list, little waste for one page.
_PART = 40_000


def export_training(
    library: Library, book: str, order: Sequence[str] = ()
) -> Iterator[tuple[str, Any]]:
    """All parts as ``(name, plain JSON value)``.

    ``book`` is the digest of the content, ``order`` the ids of the sections as the book has them.
    """
    described: dict[str, Any] = {}
    parts: list[dict[str, dict[str, Any]]] = []
    size = _PART
    for item in items(library, order):
        asked = questions(library, item.what)
        played = drill(library, item.what) if isinstance(item.what, Case) else None
        if size >= _PART:
            parts.append({"questions": {}, "drills": {}})
            size = 0
        parts[-1]["questions"][item.ref] = asked
        if played is not None:
            parts[-1]["drills"][item.ref] = played
        size += len(json.dumps([asked, played], ensure_ascii=False))
        described[item.ref] = {
            "title": item.what.title,
            "url": item.url,
            "minutes": minutes(library, item.what),
            "asks": [question["step"] for question in asked],
            "drill": played is not None,
            "part": f"train-{len(parts) - 1:02}",
        }
    yield (
        "training",
        {
            "book": book,
            "lists": assigned(library),
            "steps": [{"id": s.id, "name": s.name, "stage": s.stage} for s in library.steps],
            "stages": library.labels.stage,
            "insist": library.training.insist,
            "items": described,
        },
    )
    for n, part in enumerate(parts):
        yield f"train-{n:02}", part
