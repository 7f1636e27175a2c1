"""This project: its engine in Python, and that in Chromium over the files that readers get."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.search.peer import DEPTH, Outcome, Task, size_of, timed
from benchmarks.search.web import PAGE, ask_over_http
from kb.browser import write_bundle
from kb.search import SearchEngine, build_index, open_index
from kb.search.export import export_index

_HTML = f"""<!doctype html>
<html lang="zh"><meta charset="utf-8"><link rel="icon" href="data:,"><body>
<script src="kb/dom.js"></script>
<script src="kb/boot.js"></script>
<script>
  async function ask(query) {{
    const engine = await KB.openSearch();
    const found = await engine.search(query, {{ limit: {DEPTH} }});
    return found.results.map((hit) => hit.id);
  }}
</script>
"""


def python(task: Task) -> Outcome:
    """The engine of ``kb search``: hits with excerpts, links and facets."""
    folder = task.work / "python"
    folder.mkdir()
    began = time.perf_counter()
    build_index(task.documents, folder, task.synonyms)
    build_s = time.perf_counter() - began
    engine = SearchEngine(open_index(folder))
    place_of = {d.id: place for place, d in enumerate(task.documents)}

    def ask(query: str) -> list[int]:
        return [place_of[hit.document.id] for hit in engine.search(query, limit=DEPTH).hits]

    return Outcome(*timed(ask, task.queries), build_s, size_of(folder))


def chromium(task: Task) -> Outcome:
    """The engine of the search box, from an index and its export."""
    folder = task.work / "chromium"
    folder.mkdir()
    began = time.perf_counter()
    build_index(task.documents, folder, task.synonyms)
    site = export(folder, task.work / "site")
    build_s = time.perf_counter() - began
    asked = ask_over_http(site, task.queries)
    place_of = {d.id: place for place, d in enumerate(task.documents)}
    answers = [[place_of[name] for name in names] for names in asked.names]
    return Outcome(answers, asked.ms, build_s, data_size(site), asked.again_ms, asked.first_bytes)


def export(index: Path, site: Path) -> Path:
    """The browser's files of an index, with a page that asks; returns ``site``."""
    site.mkdir()
    write_bundle(site / "kb", export_index(open_index(index), {}))
    (site / PAGE).write_text(_HTML, "utf-8")
    return site


def data_size(site: Path) -> int:
    """Bytes of the exported index."""
    return sum(size_of(path) for path in (site / "kb").glob("data-*.js"))
