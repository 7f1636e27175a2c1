"""Fixtures that several test files share."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from kb.book import build_book
from kb.browser.chromium import launch
from kb.cli.serve import open_server
from kb.content import Library, load

# The same examples on every run, however slow the machine.
settings.register_profile("kb", deadline=None, derandomize=True)
settings.load_profile("kb")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One file that needs the book first, then those that do not: else all wait for its build."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)

    def needing_book(path: Path) -> int:
        return sum("book" in getattr(item, "fixturenames", ()) for item in files[path])

    with_book = sorted(filter(needing_book, files), key=lambda path: -needing_book(path))
    without = [path for path in files if path not in with_book]
    items[:] = [i for path in (*with_book[:1], *without, *with_book[1:]) for i in files[path]]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project folder with the real content."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def library(root: Path) -> Library:
    """The real content, read once; nothing in it can be changed."""
    return load(root)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The real Chromium, started once."""

    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture(scope="session")
def book(root: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The built book: built by the first process that asks for it, read by all."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    out, built = shared / "book", shared / "book-is-built"
    with FileLock(shared / "book.lock"):
        if not built.exists():
            build_book(root, out, print)
            built.touch()
    return out


@pytest.fixture(scope="session")
def http(book: Path) -> Iterator[str]:
    server, port = open_server(book, 8290)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["http", "folder"])
def base(request: pytest.FixtureRequest, book: Path) -> str:
    """The address of the book: served, or opened by double-click."""
    if request.param == "http":
        return str(request.getfixturevalue("http"))
    return book.as_uri() + "/"


class Watch:
    """What a page says to the console and asks of the network."""

    def __init__(self, page: Page, base: str) -> None:
        self.said: list[str] = []
        page.on("console", lambda m: self.said.append(f"{page.url}: {m.type}: {m.text}"))
        page.on("pageerror", lambda e: self.said.append(f"{page.url}: {e}"))
        page.on("requestfailed", lambda r: self._failed(page, r.url, r.failure))
        page.on("request", lambda r: self._asked(page, r.url, base))

    def _failed(self, page: Page, url: str, why: str | None) -> None:
        if why != "net::ERR_ABORTED":  # the reader went on before the page was all there
            self.said.append(f"{page.url}: failed {url} ({why})")

    def _asked(self, page: Page, url: str, base: str) -> None:
        if not url.startswith((base, "data:", "blob:")):
            self.said.append(f"{page.url}: asked {url}")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, base: str) -> Iterator[Page]:
    page = context.new_page()
    watch = Watch(page, base)
    yield page
    assert watch.said == []


@pytest.fixture
def desk_url(book: Path) -> str:
    return f"{book.as_uri()}/book/index.html"


@pytest.fixture
def room(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of one person, whose clipboard may be read."""
    room = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    yield room
    room.close()


@pytest.fixture
def desk(room: BrowserContext, desk_url: str) -> Iterator[Page]:
    """The desk of the book, from its folder, with the focus in the box."""
    page = room.new_page()
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text))
    page.on("pageerror", lambda e: said.append(str(e)))
    page.add_init_script(
        """// What a page copies; over file:// the clipboard itself cannot be read back.
        window.copied = [];
        Object.defineProperty(navigator, "clipboard", {
          value: { writeText: async (text) => { window.copied.push(text); } },
        });"""
    )
    page.goto(desk_url)
    expect(page.locator(".kb-input")).to_be_focused()
    yield page
    assert said == []
    assert page.evaluate("window.hacked") is None
