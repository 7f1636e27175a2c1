"""Make the README's pictures, docs/images/{desk,case}.png, from the built book.

Run it after ``kb build``, inside .venv: ``.venv/bin/python tools/screenshots.py``.
"""

from __future__ import annotations

import re
import sys

from bootstrap import ROOT
from playwright.sync_api import Page, sync_playwright

from kb.browser.chromium import launch

BOOK = ROOT / "_build" / "html"
IMAGES = ROOT / "docs" / "images"


def first_example() -> str:
    """The first line that the desk offers in ``book/index.md``."""
    text = (ROOT / "book" / "index.md").read_text("utf-8")
    block = re.search(r"```\{desk\}\n(.+)\n", text)
    assert block is not None, "book/index.md offers no example"
    return block.group(1)


def show_desk(page: Page) -> None:
    """The desk with its first example typed in."""
    page.goto((BOOK / "book" / "index.html").as_uri())
    page.locator(".kb-input").fill(first_example())
    page.locator(".kb-now-card .kb-copy").first.wait_for()
    page.locator(".kb-side a").first.wait_for()


def show_case(page: Page) -> None:
    """The top of a case."""
    page.goto((BOOK / "cases" / "mandarin-fish-mistake.html").as_uri())


def main() -> None:
    """Take both pictures."""
    if not (BOOK / "index.html").is_file():
        sys.exit(f"{BOOK} 里没有生成好的案例书，请先运行 kb build。")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        for name, show in (("desk", show_desk), ("case", show_case)):
            show(page)
            page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
            print(IMAGES / f"{name}.png", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
