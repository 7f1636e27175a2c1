"""How the search grows: generated documents, indexed and asked in Python and in Chromium."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.search import corpus, ours, whoosh_jieba
from benchmarks.search.peer import DEPTH, NotRunError, percentile, size_of, timed
from benchmarks.search.table import table
from benchmarks.search.web import ask_over_http
from kb.content import Library
from kb.search import SearchEngine, open_index


def grow(
    library: Library, queries: Sequence[str], short: Sequence[int], cases: Sequence[int]
) -> Iterator[dict[str, Any]]:
    """A row of plain JSON for every number of short documents, then of those like cases."""
    for kind, counts, make in (
        ("short", short, corpus.short),
        ("cases", cases, corpus.cases),
    ):
        for count in counts:
            measured = _measure(make(library, count), queries)
            yield {"documents": f"{count} {kind}", "kind": kind, "count": count, **measured}


def _measure(lines: Iterable[corpus.Line], queries: Sequence[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        work = Path(folder)
        docs = work / "docs.jsonl"
        count = 0
        with docs.open("w", encoding="utf-8") as file:
            for line in lines:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                count += 1
        return {
            "docs_bytes": size_of(docs),
            "ours": _ours(docs, work, count, queries),
            "whoosh": _whoosh(docs, work, count, queries),
        }


def _index(name: str, docs: Path, out: Path, count: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.search.build", name, str(docs), str(out)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    data: dict[str, Any] = json.loads(done.stdout)
    per_document = data["cpu_s"] / count * 1000
    return data | {"cpu_ms_a_document": per_document, "index_bytes": size_of(out)}


def _latency(ms: Sequence[float]) -> dict[str, float]:
    return {"p50_ms": round(percentile(ms, 0.5), 2), "p95_ms": round(percentile(ms, 0.95), 2)}


def _ours(docs: Path, work: Path, count: int, queries: Sequence[str]) -> dict[str, Any]:
    index = work / "ours"
    row = _index("ours", docs, index, count)
    engine = SearchEngine(open_index(index))
    engine.search(queries[0])
    _, ms = timed(lambda query: [len(engine.search(query, limit=DEPTH).hits)], queries)
    row["python"] = _latency(ms)
    site = ours.export(index, work / "site")
    try:
        asked = ask_over_http(site, queries)
    except NotRunError as error:
        return row | {"chromium": {"not_run": str(error)}}
    row["chromium"] = {
        **_latency(asked.ms),
        "p95_again_ms": round(percentile(asked.again_ms, 0.95), 2),
        "first_bytes": asked.first_bytes,
        "data_bytes": ours.data_size(site),
    }
    return row


def _whoosh(docs: Path, work: Path, count: int, queries: Sequence[str]) -> dict[str, Any]:
    index = work / "whoosh"
    row = _index("whoosh", docs, index, count)
    searcher = whoosh_jieba.Searcher(index)
    searcher.ask(queries[0])
    _, ms = timed(searcher.ask, queries)
    return row | {"python": _latency(ms)}


_NAMES = {"ours": "this project", "whoosh": "Whoosh + jieba"}
_HEAD = [
    *("", "engine", "start s", "build s", "CPU s", "CPU ms/doc", "peak MB", "index MB"),
    *("p50 ms", "p95 ms", "Chromium p50", "p95", "again", "first KB", "data MB"),
]


def print_growth(rows: Sequence[dict[str, Any]]) -> None:
    """Two lines for every corpus, and how the cost of a document grows with their number."""
    print(table(_HEAD, [_cells(row, name) for row in rows for name in _NAMES]))
    for row in rows:
        why = row["ours"]["chromium"].get("not_run")
        if why:
            print(f"{row['documents']}: Chromium not run: {why}")
        faster = row["whoosh"]["cpu_ms_a_document"] / row["ours"]["cpu_ms_a_document"]
        print(
            f"{row['documents']}: indexing a document, Whoosh + jieba / this project: {faster:.2f}"
        )
    for kind in ("short", "cases"):
        alike = sorted((r for r in rows if r["kind"] == kind), key=lambda row: row["count"])
        for name in _NAMES if len(alike) > 1 else ():
            least, most = alike[0], alike[-1]
            ratio = most[name]["cpu_ms_a_document"] / least[name]["cpu_ms_a_document"]
            among = f"among {most['count']} {kind} / among {least['count']}"
            print(f"{_NAMES[name]}: indexing a document {among}: {ratio:.2f}")


def _cells(row: dict[str, Any], name: str) -> list[str]:
    one = row[name]
    peak = one["peak_bytes"]
    chromium = one.get("chromium", {})
    return [
        row["documents"] if name == "ours" else "",
        _NAMES[name],
        f"{one['start_s']:.1f}",
        f"{one['build_s']:.1f}",
        f"{one['cpu_s']:.1f}",
        f"{one['cpu_ms_a_document']:.2f}",
        "–" if peak is None else f"{peak / 1e6:.0f}",
        f"{one['index_bytes'] / 1e6:.1f}",
        f"{one['python']['p50_ms']:.1f}",
        f"{one['python']['p95_ms']:.1f}",
        *(
            [
                f"{chromium['p50_ms']:.1f}",
                f"{chromium['p95_ms']:.1f}",
                f"{chromium['p95_again_ms']:.1f}",
                f"{chromium['first_bytes'] / 1000:.0f}",
                f"{chromium['data_bytes'] / 1e6:.1f}",
            ]
            if "p50_ms" in chromium
            else ["–"] * 5
        ),
    ]
