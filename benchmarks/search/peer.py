"""What every engine is given, and what it hands back."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from kb.search import Document, Synonyms

#: So many hits of an answer are looked at.
DEPTH = 10


class NotRunError(Exception):
    """An engine is not here; the text says why."""


@dataclass(frozen=True)
class Task:
    """The same for everyone: documents, queries, a folder to work in, one that is kept.

    ``synonyms`` are the authors'; only this project can use them.
    """

    documents: Sequence[Document]
    synonyms: Synonyms
    queries: Sequence[str]
    work: Path
    cache: Path

    def bare(self) -> Task:
        """Titles, headings and texts alone: without what authors wrote for searching."""
        docs = [replace(d, asks="", tags="") for d in self.documents]
        return replace(self, documents=docs, synonyms=Synonyms())


class Fields(NamedTuple):
    """A document as others index it; ``text`` has the headings in it, a line each."""

    title: str
    asks: str
    tags: str
    text: str


def fields(doc: Document) -> Fields:
    """The four fields of ``doc``."""
    lines = [line for p in doc.passages for line in (p.heading, p.text) if line]
    return Fields(doc.title, doc.asks, doc.tags, "\n".join(lines))


@dataclass(frozen=True)
class Outcome:
    """What an engine did.

    ``answers`` are places in ``Task.documents``, best first, ten at most, for every query; ``ms``
    is how long each took. In a browser ``ms`` has what a query loads in it, and ``again_ms`` is
    the same in a second round; ``first_bytes`` is what is transferred before a first answer.
    """

    answers: list[list[int]]
    ms: list[float]
    build_s: float
    index_bytes: int
    again_ms: list[float] | None = None
    first_bytes: int | None = None
    note: str = ""


class Engine(NamedTuple):
    """An engine by name; ``run`` raises ``NotRunError``."""

    name: str
    run: Callable[[Task], Outcome]


def timed(
    ask: Callable[[str], list[int]], queries: Sequence[str]
) -> tuple[list[list[int]], list[float]]:
    """Every query's answer and its milliseconds."""
    answers, took = [], []
    for query in queries:
        began = time.perf_counter()
        answers.append(ask(query))
        took.append((time.perf_counter() - began) * 1000)
    return answers, took


def percentile(ms: Sequence[float], share: float) -> float:
    """The value below which ``share`` of all lie."""
    return sorted(ms)[min(int(len(ms) * share), len(ms) - 1)]


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files below a folder."""
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return sum(p.stat().st_size for p in files)


def why(said: str) -> str:
    """The line of a command's words that tells why it failed: the first with an error in it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return next(
        (line for line in lines if "error" in line.lower()), (lines or ["nothing said"])[-1]
    )
