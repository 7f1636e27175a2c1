"""Pagefind, extended, over http in Chromium; a page a document, as its own command indexes a site.

The title is the page's heading, what readers ask weighs more than the text. Only hits that were
loaded, as its own box does it, count as answered.
"""

from __future__ import annotations

import html
import importlib.util
import subprocess
import sys
import time

from benchmarks.search.peer import DEPTH, NotRunError, Outcome, Task, fields, size_of, why
from benchmarks.search.web import PAGE, ask_over_http
from kb.search import Document

_HTML = f"""<!doctype html>
<html lang="zh"><meta charset="utf-8"><link rel="icon" href="data:,"><body>
<script type="module">
  globalThis.ask = async (query) => {{
    const engine = await import("./pagefind/pagefind.js");
    const found = await engine.search(query);
    const hits = await Promise.all(found.results.slice(0, {DEPTH}).map((hit) => hit.data()));
    return hits.map((hit) => hit.url.match(/(\\d+)\\.html/)[1]);
  }};
</script>
"""


def _page(doc: Document) -> str:
    title, asks, tags, _ = (html.escape(text) for text in fields(doc))
    parts = [f"<h1>{title}</h1>"]
    for passage in doc.passages:
        if passage.heading:
            parts.append(f"<h2>{html.escape(passage.heading)}</h2>")
        parts += [f"<p>{html.escape(line)}</p>" for line in passage.text.split("\n")]
    parts += [f'<p data-pagefind-weight="3">{line}</p>' for line in asks.split("\n") if line]
    parts += [f"<p>{line}</p>" for line in tags.split("\n") if line]
    body = "\n".join(parts)
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main data-pagefind-body>{body}</main></body></html>"
    )


def run(task: Task) -> Outcome:
    """Write the pages, run the command over them, ask."""
    if importlib.util.find_spec("pagefind") is None:
        raise NotRunError("Pagefind is not installed (pip install -e '.[bench]')")
    site = task.work / "pagefind"
    site.mkdir()
    for place, doc in enumerate(task.documents):
        (site / f"{place}.html").write_text(_page(doc), "utf-8")
    began = time.perf_counter()
    made = subprocess.run(
        [sys.executable, "-m", "pagefind", "--site", str(site)], capture_output=True, text=True
    )
    build_s = time.perf_counter() - began
    if made.returncode:
        raise NotRunError(f"its command failed: {why(made.stderr)}")
    (site / PAGE).write_text(_HTML, "utf-8")
    asked = ask_over_http(site, task.queries)
    answers = [[int(name) for name in names] for names in asked.names]
    return Outcome(
        answers, asked.ms, build_s, size_of(site / "pagefind"), asked.again_ms, asked.first_bytes
    )
