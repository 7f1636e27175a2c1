"""SQLite FTS5 with the trigram tokenizer.

A query is the OR of its trigrams, ranked by ``bm25`` with weighted columns. Where it has none
(words of two characters), or they stand nowhere, its words are looked for with LIKE, a title
counting most: without this fallback every word of two characters would find nothing.
"""

from __future__ import annotations

import re
import sqlite3
import time
from typing import Any

from benchmarks.search.peer import DEPTH, NotRunError, Outcome, Task, fields, size_of, timed

_WORD = re.compile(r"[^\W_]+")
_RANKED = """
    SELECT rowid FROM pages WHERE pages MATCH ? ORDER BY bm25(pages, 3.0, 2.0, 1.0, 1.0) LIMIT ?
"""
_COLUMNS = {"title": 8, "asks": 4, "tags": 1, "text": 1}


def run(task: Task) -> Outcome:
    """Index and ask."""
    file = task.work / "pages.sqlite"
    with sqlite3.connect(file) as base:
        try:
            base.execute(
                "CREATE VIRTUAL TABLE pages USING fts5(title, asks, tags, text, tokenize='trigram')"
            )
        except sqlite3.OperationalError as error:
            raise NotRunError(f"this Python's SQLite {sqlite3.sqlite_version}: {error}") from None
        began = time.perf_counter()
        base.executemany(
            "INSERT INTO pages(rowid, title, asks, tags, text) VALUES (?, ?, ?, ?, ?)",
            ((place, *fields(d)) for place, d in enumerate(task.documents)),
        )
        base.execute("INSERT INTO pages(pages) VALUES ('optimize')")
        base.commit()
        build_s = time.perf_counter() - began

        def ask(query: str) -> list[int]:
            return _ask(base, query)

        answers, ms = timed(ask, task.queries)
    base.close()
    return Outcome(answers, ms, build_s, size_of(file))


def _ask(base: sqlite3.Connection, query: str) -> list[int]:
    words = list(dict.fromkeys(_WORD.findall(query)))
    grams = dict.fromkeys(word[i : i + 3] for word in words for i in range(len(word) - 2))
    found: list[tuple[int]] = []
    if grams:
        found = base.execute(_RANKED, [" OR ".join(f'"{g}"' for g in grams), DEPTH]).fetchall()
    if not found and words:
        found = base.execute(*_plain(words)).fetchall()
    return [place for (place,) in found]


def _plain(words: list[str]) -> tuple[str, list[Any]]:
    """Documents that hold any of ``words`` (letters and digits), by how much and where."""
    held = [f"{n} * ({column} LIKE ?)" for column, n in _COLUMNS.items()]
    score = " + ".join(held * len(words))
    likes = ["%" + word + "%" for word in words for _ in held]
    wanted = f"SELECT rowid, {score} AS score, length(text) AS size FROM pages"
    order = "WHERE score > 0 ORDER BY score DESC, size LIMIT ?"
    return f"SELECT rowid FROM ({wanted}) {order}", [*likes, DEPTH]
