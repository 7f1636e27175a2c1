"""What the first answer of the search box costs: gzip bytes from its first use to the first hits.

Usage: python benchmarks/search_bytes.py BOOK QUERIES.jsonl… (a built book, files of judged queries)
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, sync_playwright

from kb.browser.chromium import launch
from kb.search.evaluate import read_judged

PAGE = "cases/mandarin-fish-mistake.html"


@cache
def packed(path: str) -> int:
    """The size of a file as a server sends it."""
    return len(gzip.compress(Path(path).read_bytes(), 6))


def cost(browser: Browser, book: Path, query: str) -> Counter[str]:
    """Bytes by kind of file for one query, typed at once on a page that was just opened."""
    page = browser.new_page()
    page.goto((book / PAGE).as_uri())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#kb-find").fill(query)
    page.locator("#kb-found:not([aria-busy=true]) #kb-hits li").first.wait_for()
    page.close()
    found = Counter[str]()
    for url in asked:
        path = unquote(urlsplit(url).path)
        kind = Path(path).stem.removeprefix("data-").rstrip("0123456789").rstrip("-")
        found[kind if "data-" in path else "scripts"] += packed(path)
        found["files"] += 1
    return found


def main() -> None:
    """Print the figures of every class, and what the dearest query loaded."""
    book = Path(sys.argv[1]).resolve()
    judged = [one for path in sys.argv[2:] for one in read_judged(Path(path))]
    rows: dict[str, list[tuple[int, str, Counter[str]]]] = {}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for one in judged:
            found = cost(browser, book, one.query)
            total = found.total() - found["files"]
            for kind in (one.kind, "all"):
                rows.setdefault(kind, []).append((total, one.query, found))
        browser.close()
    for kind, costs in rows.items():
        costs.sort(key=lambda row: row[0])
        sizes = [total for total, _, _ in costs]
        mean, p95 = sum(sizes) / len(sizes), sizes[int(0.95 * len(sizes))]
        print(
            f"{kind}: {len(sizes)} queries, KB mean {mean / 1000:.0f}, "
            f"middle {sizes[len(sizes) // 2] / 1000:.0f}, p95 {p95 / 1000:.0f}, "
            f"most {sizes[-1] / 1000:.0f}"
        )
    total = sum((found for _, _, found in rows["all"]), Counter[str]())
    print("mean of all:", {k: round(n / len(judged)) for k, n in total.most_common()})
    print("dearest:", rows["all"][-1][1], dict(rows["all"][-1][2].most_common()))


if __name__ == "__main__":
    main()
