"""The browser's search engine asked in a real Chromium, for ``kb evaluate search``.

Playwright is a tool of developers; it is asked for only here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kb.browser.bundle import SEARCH_SCRIPTS, STATIC
from kb.browser.chromium import launch
from kb.errors import MissingPartError
from kb.search.export import export_index
from kb.search.index import IndexReader

_ASK = """
    async (queries) => {
      const answers = [];
      for (const query of queries) {
        const began = performance.now();
        const found = await globalThis.searching.search(query, { limit: 10 });
        answers.push({ results: found.results, took_ms: performance.now() - began });
      }
      return answers;
    }
"""


def ask_browser(index: IndexReader, queries: Sequence[str]) -> list[dict[str, Any]]:
    """``results`` and ``took_ms`` of every query, by the engine that readers get."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise MissingPartError(
            "在浏览器里评测要用 Playwright——运行 pip install 'kefu-casebook[dev]'。"
        ) from None
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except Error:
            raise MissingPartError(
                "没有找到 Chromium——装上它，或用 KB_CHROMIUM 指明它在哪里。"
            ) from None
        page = browser.new_page()
        for script in SEARCH_SCRIPTS:
            page.add_script_tag(path=STATIC / script)
        parts = json.dumps(dict(export_index(index)))
        page.evaluate(
            """(text) => {
              const parts = JSON.parse(text);
              KB.text.addTable(parts.text);
              globalThis.searching = KB.search.create(parts.search, async (name) => parts[name]);
            }""",
            parts,
        )
        answers: list[dict[str, Any]] = page.evaluate(_ASK, list(queries))
        browser.close()
    return answers
