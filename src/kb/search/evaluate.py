"""How good the search is on judged queries: MRR@10, S@1, S@5, share without result, by class.

A line of a file of judged queries is ``{"query", "class", "answers"}``; ``answers`` are source ids,
or ids of documents. A hit counts when it names one of them; a hit with more than eight sources says
too little where it leads and does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.content.model import MOST_SOURCES
from kb.errors import InputError
from kb.jsonl import read_objects

DEPTH = 10


@dataclass(frozen=True)
class Judged:
    """A query and what answers it."""

    query: str
    kind: str
    answers: frozenset[str]


@dataclass(frozen=True)
class Figures:
    """The figures of a class of queries; ``mrr`` looks at the first ten hits."""

    queries: int
    mrr: float
    s1: float
    s5: float
    nothing: float

    def to_json(self) -> dict[str, Any]:
        """All figures, shares rounded to three places."""
        return {
            "queries": self.queries,
            "mrr@10": round(self.mrr, 3),
            "s@1": round(self.s1, 3),
            "s@5": round(self.s5, 3),
            "no_result": round(self.nothing, 3),
        }


def read_judged(path: Path) -> list[Judged]:
    """The judged queries of a JSONL file; raises ``InputError`` that names the line."""
    judged = []
    for where, data in read_objects(path):
        query, answers = data.get("query"), data.get("answers")
        if not isinstance(query, str) or not isinstance(answers, list):
            raise InputError(f"{where}query 要是文字，answers 要是编号的列表。")
        judged.append(Judged(query, str(data.get("class", "")), frozenset(map(str, answers))))
    if not judged:
        raise InputError(f"{path}：里面没有题目。")
    return judged


def place_of_answer(judged: Judged, results: Sequence[dict[str, Any]]) -> int:
    """The place of the first hit that answers, from 1; 0 where none of the first ten does."""
    for place, hit in enumerate(results[:DEPTH], 1):
        names = set(hit["source"]) if len(hit["source"]) <= MOST_SOURCES else set()
        if judged.answers & {*names, hit["id"]}:
            return place
    return 0


def figures(
    judged: Sequence[Judged], found: Iterable[Sequence[dict[str, Any]]]
) -> dict[str, Figures]:
    """Figures by class, and of everything under ``all``; ``found`` has every query's hits."""
    places: dict[str, list[tuple[int, bool]]] = {}
    for one, results in zip(judged, found, strict=True):
        place = place_of_answer(one, results)
        for kind in {one.kind, "all"}:
            places.setdefault(kind, []).append((place, not results))
    return {kind: _figures(rows) for kind, rows in sorted(places.items())}


def _figures(rows: list[tuple[int, bool]]) -> Figures:
    n = len(rows)
    return Figures(
        queries=n,
        mrr=sum(1 / place for place, _ in rows if place) / n,
        s1=sum(place == 1 for place, _ in rows) / n,
        s5=sum(0 < place <= 5 for place, _ in rows) / n,
        nothing=sum(empty for _, empty in rows) / n,
    )
