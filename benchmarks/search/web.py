"""A loopback server that counts what is asked for, and the Chromium that asks.

A folder to be measured holds ``ask.html``, which defines ``ask(query)``: a promise of the names of
at most ten hits. Everything else that it asks for counts as transferred.
"""

from __future__ import annotations

import functools
import gzip
import statistics
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.search.peer import NotRunError
from kb.browser.chromium import launch

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGE = "ask.html"
#: Fresh visits for the bytes of a first answer, which depend on what is asked.
VISITS = 21
_ASK = """
    async (queries) => {
      await ask(queries[0]);
      const passes = [];
      for (let pass = 0; pass < 2; pass++) {
        const names = [];
        const ms = [];
        for (const query of queries) {
          const began = performance.now();
          names.push(await ask(query));
          ms.push(performance.now() - began);
        }
        passes.push({ names, ms });
      }
      return passes;
    }
"""


class Asked(NamedTuple):
    """The hits' names and milliseconds of every query; bytes before a first answer, the median.

    ``ms`` has what a query loads in it, ``again_ms`` is the same in a second round.
    """

    names: list[list[str]]
    ms: list[float]
    again_ms: list[float]
    first_bytes: int


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: set[str] = set()
        super().__init__(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A visit that ends early is no error.
        pass


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012 - declared so by the base class
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
    }

    def do_GET(self) -> None:
        assert isinstance(self.server, _Server)
        self.server.asked.add(self.translate_path(self.path))
        super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@functools.lru_cache(maxsize=8192)
def packed(path: Path) -> int:
    """Bytes of a file as a server sends it: gzip -6, unless that makes it larger."""
    raw = path.read_bytes()
    return min(len(raw), len(gzip.compress(raw, 6)))


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium; raises ``NotRunError`` where there is none, or when it fails at its work."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise NotRunError("Playwright is not installed (pip install -e '.[dev]')") from None
    with sync_playwright() as playwright:
        try:
            running = launch(playwright)
        except Error:
            raise NotRunError("no Chromium that starts (install it, or set KB_CHROMIUM)") from None
        try:
            yield running
        except Error as error:
            raise NotRunError(f"Chromium: {error.message.splitlines()[0]}") from None
        finally:
            running.close()


@contextmanager
def _served(folder: Path) -> Iterator[_Server]:
    with _Server(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def ask_over_http(folder: Path, queries: Sequence[str]) -> Asked:
    """Ask ``folder``'s engine everything in one visit, and something in several fresh ones."""
    with browser() as running, _served(folder) as server:
        address = f"http://127.0.0.1:{server.server_port}/{PAGE}"
        page = running.new_page()
        page.goto(address)
        first, again = page.evaluate(_ASK, list(queries))
        page.close()
        sizes = []
        for query in queries[:: max(1, len(queries) // VISITS)]:
            context = running.new_context()  # with an empty cache
            page = context.new_page()
            server.asked.clear()
            page.goto(address)
            page.evaluate("(query) => ask(query)", query)
            paths = [Path(p) for p in sorted(server.asked) if not p.endswith(PAGE)]
            sizes.append(sum(packed(p) for p in paths if p.is_file()))
            context.close()
    return Asked(first["names"], first["ms"], again["ms"], round(statistics.median(sizes)))
