"""The comparison: every engine over the same documents and queries, as one table."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.search import (
    minisearch,
    ours,
    pagefind,
    sphinx_search,
    sqlite_trigram,
    whoosh_jieba,
)
from benchmarks.search.peer import Engine, NotRunError, Outcome, Task, percentile
from benchmarks.search.table import table
from kb.search.evaluate import Judged, figures

ENGINES = (
    Engine("this project, Python", ours.python),
    Engine("this project, Chromium", ours.chromium),
    Engine("Whoosh + jieba", whoosh_jieba.run),
    Engine("SQLite FTS5 trigram", sqlite_trigram.run),
    Engine("MiniSearch + Segmenter", minisearch.run),
    Engine("Pagefind extended", pagefind.run),
    Engine("Jupyter Book's own", sphinx_search.run),
)

_LEGEND = (
    "classes: S@5; ms in a browser: with what a query loads, again: p95 of a second round; "
    "first: packed, the median"
)


def compare(task: Task, sets: Mapping[str, Sequence[Judged]]) -> Iterator[dict[str, Any]]:
    """A row of plain JSON for every engine, as it is done.

    ``sets`` are judged queries by the name of their file; ``task.queries`` are all of them in that
    order. ``figures`` of a row has those of every set and of ``all``, by class.
    """
    for engine in ENGINES:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            try:
                outcome = engine.run(replace(task, work=Path(folder)))
            except NotRunError as error:
                yield {"engine": engine.name, "not_run": str(error)}
                continue
        yield {"engine": engine.name, **_row(task, sets, outcome)}


def _row(task: Task, sets: Mapping[str, Sequence[Judged]], outcome: Outcome) -> dict[str, Any]:
    hits = [
        [{"id": d.id, "source": d.source} for d in (task.documents[place] for place in answer)]
        for answer in outcome.answers
    ]
    by_set = {"all": figures([one for judged in sets.values() for one in judged], hits)}
    start = 0
    for name, judged in sets.items():
        by_set[name] = figures(judged, hits[start : start + len(judged)])
        start += len(judged)
    again = outcome.again_ms
    return {
        "figures": {
            name: {kind: f.to_json() for kind, f in by_class.items()}
            for name, by_class in by_set.items()
        },
        "p50_ms": round(percentile(outcome.ms, 0.5), 2),
        "p95_ms": round(percentile(outcome.ms, 0.95), 2),
        "p95_again_ms": again and round(percentile(again, 0.95), 2),
        "first_bytes": outcome.first_bytes,
        "index_bytes": outcome.index_bytes,
        "build_s": round(outcome.build_s, 2),
        "note": outcome.note,
    }


def print_comparison(rows: Sequence[dict[str, Any]]) -> None:
    """The rows as one table; what was not run stands below it with the reason."""
    run = [row for row in rows if "figures" in row]
    if run:
        sets = [name for name in run[0]["figures"] if name != "all"]
        classes = [c for c in run[0]["figures"]["all"] if c != "all"]
        print(table(_head(sets, classes), [_cells(row, sets, classes) for row in run]))
        print(_LEGEND)
    for row in rows:
        if row.get("note"):
            print(f"{row['engine']}: {row['note']}")
        if "not_run" in row:
            print(f"{row['engine']}: not run: {row['not_run']}")


def _head(sets: Sequence[str], classes: Sequence[str]) -> list[str]:
    by_set = [f"{name}:{figure}" for name in sets for figure in ("S@1", "S@5")]
    costs = ["p50 ms", "p95 ms", "again", "first KB", "index KB", "build s"]
    return ["", "S@1", "S@5", "MRR", "none", *by_set, *classes, *costs]


def _cells(row: dict[str, Any], sets: Sequence[str], classes: Sequence[str]) -> list[str]:
    by_set = row["figures"]
    everything = by_set["all"]["all"]
    shares = [everything[name] for name in ("s@1", "s@5", "mrr@10", "no_result")]
    shares += [by_set[name]["all"][figure] for name in sets for figure in ("s@1", "s@5")]
    shares += [by_set["all"][kind]["s@5"] for kind in classes]
    again, first = row["p95_again_ms"], row["first_bytes"]
    return [
        row["engine"],
        *(f"{share:.2f}" for share in shares),
        f"{row['p50_ms']:.1f}",
        f"{row['p95_ms']:.1f}",
        "–" if again is None else f"{again:.1f}",
        "–" if first is None else f"{first / 1000:.0f}",
        f"{row['index_bytes'] / 1000:.0f}",
        f"{row['build_s']:.1f}",
    ]
