"""Whoosh with jieba's ``ChineseAnalyzer``, set up as jieba's documentation does.

Plain ``OrGroup``: with ``OrGroup.factory(0.9)`` and a limit Whoosh returns a wrong top ten. Nothing
of a query is syntax. Positions are left out, as no phrase is asked for; title and text are stored,
as a hit has to be shown.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jieba
from jieba.analyse import ChineseAnalyzer
from whoosh import fields as schema_of
from whoosh import index
from whoosh.qparser import MultifieldParser, OrGroup, WhitespacePlugin

from benchmarks.search.peer import DEPTH, Fields, Outcome, Task, fields, size_of, timed

jieba.setLogLevel(logging.ERROR)

#: As much as this project's own writer may use.
_MEMORY_MB = 1024
_BOOSTS = {"title": 2.0, "asks": 3.0, "tags": 1.0, "text": 1.0}


def build(docs: Iterable[Fields], folder: Path) -> None:
    """Write an index over ``docs`` into the empty ``folder``."""
    analyzer = ChineseAnalyzer()
    schema = schema_of.Schema(
        place=schema_of.STORED,
        **{
            name: schema_of.TEXT(
                analyzer=analyzer,
                field_boost=boost,
                phrase=False,
                stored=name in ("title", "text"),
            )
            for name, boost in _BOOSTS.items()
        },
    )
    writer = index.create_in(str(folder), schema).writer(limitmb=_MEMORY_MB)
    for place, doc in enumerate(docs):
        writer.add_document(place=place, **{k: v for k, v in doc._asdict().items() if v})
    writer.commit(optimize=True)


class Searcher:
    """Asks an index that ``build`` wrote."""

    def __init__(self, folder: Path) -> None:
        opened: Any = index.open_dir(str(folder))
        self._searcher = opened.searcher()
        self._parser = MultifieldParser(
            list(_BOOSTS), opened.schema, plugins=[WhitespacePlugin()], group=OrGroup
        )

    def ask(self, query: str) -> list[int]:
        """The places of the best hits."""
        found = self._searcher.search(self._parser.parse(query), limit=DEPTH)
        return [hit["place"] for hit in found]


def run(task: Task) -> Outcome:
    """Index and ask."""
    folder = task.work / "whoosh"
    folder.mkdir()
    began = time.perf_counter()
    build((fields(d) for d in task.documents), folder)
    build_s = time.perf_counter() - began
    return Outcome(*timed(Searcher(folder).ask, task.queries), build_s, size_of(folder))
