"""Jupyter Book's own search: Sphinx, with jieba, over http in Chromium.

A book of its own with a page a document: in ours, cards are drawn while a page is written, which
Sphinx's index never sees. Without the sidebar, whose cost is quadratic in the pages and which is
no part of a search. It splits no query: what is typed without blanks is one word.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.search.peer import DEPTH, NotRunError, Outcome, Task, size_of, why
from benchmarks.search.web import PAGE, ask_over_http
from kb.search import Document

_CONFIG = """
title: pages
only_build_toc_files: true
execute: {execute_notebooks: "off"}
sphinx:
  config:
    language: zh_CN
    html_sidebars: {"**": []}
"""
_BUILD = "import sys; from jupyter_book.cli.main import main; sys.argv[0] = 'jupyter-book'; main()"
#: The scripts of Sphinx's page ``search.html``, without the theme's.
_SCRIPTS = (
    "_static/documentation_options.js",
    "_static/doctools.js",
    "_static/sphinx_highlight.js",
    "_static/translations.js",
    "_static/searchtools.js",
    "_static/language_data.js",
    "searchindex.js",
)
#: What its page does with a query, up to ten hits with their excerpts.
_ASK = f"""
  async function ask(query) {{
    const parsed = Search._parseQuery(query);
    const found = Search._performSearch(...parsed).reverse();
    const pages = new Set(found.map((hit) => hit[0]));
    pages.delete("index");
    const names = [...pages].slice(0, {DEPTH});
    await Promise.all(names.map(async (name) => {{
      const answer = await fetch(`${{name}}.html`);
      Search.makeSearchSummary(await answer.text(), parsed[1], "");
    }}));
    return names;
  }}
"""


def _page(doc: Document) -> str:
    lines = [f"# {_plain(doc.title)}"]
    for passage in doc.passages:
        if passage.heading:
            lines.append(f"## {_plain(passage.heading)}")
        lines += [_plain(line) for line in passage.text.split("\n")]
    lines += [_plain(line) for line in (*doc.asks.split("\n"), *doc.tags.split("\n"))]
    return "\n\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """``text`` on one line, in which nothing is Markdown."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def _write(docs: Sequence[Document], book: Path) -> None:
    book.mkdir()
    pages = {"index": "# pages\n", **{str(i): _page(doc) for i, doc in enumerate(docs)}}
    for name, text in pages.items():
        (book / f"{name}.md").write_text(text, "utf-8")
    chapters = "".join(f"- file: '{place}'\n" for place in range(len(docs)))
    (book / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{chapters}", "utf-8")
    (book / "_config.yml").write_text(_CONFIG, "utf-8")


def run(task: Task) -> Outcome:
    """Build the book, ask a page with its search scripts."""
    for module in ("jupyter_book", "jieba"):
        if find_spec(module) is None:
            raise NotRunError(f"{module} is not installed (pip install -e '.[book]')")
    book = task.work / "jupyter-book"
    _write(task.documents, book)
    command = [sys.executable, "-c", _BUILD, "build", str(book)]
    began = time.perf_counter()
    made = subprocess.run(command, capture_output=True, text=True)
    build_s = time.perf_counter() - began
    if made.returncode:
        raise NotRunError(f"its build failed: {why(made.stderr)}")
    site = book / "_build" / "html"
    scripts = "\n".join(f'<script src="{name}"></script>' for name in _SCRIPTS)
    head = '<html lang="zh" data-content_root="./"><meta charset="utf-8">'
    icon = '<link rel="icon" href="data:,">'
    html = f"<!doctype html>{head}{icon}<body>{scripts}<script>{_ASK}</script>"
    (site / PAGE).write_text(html, "utf-8")
    asked = ask_over_http(site, task.queries)
    answers = [[int(name) for name in names] for names in asked.names]
    size = size_of(site / "searchindex.js")
    note = "build: the whole book"
    return Outcome(answers, asked.ms, build_s, size, asked.again_ms, asked.first_bytes, note)
