"""Serves the built book on this machine only."""

from __future__ import annotations

import errno
import functools
import os
import sys
from collections.abc import Callable
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from kb.errors import InputError, UsageError

HOST = "127.0.0.1"
ATTEMPTS = 20
"""How many ports to try, from the wanted one upwards."""


class _Handler(SimpleHTTPRequestHandler):
    # Not from the system's table, which names no charset and differs between machines.
    extensions_map = {  # noqa: RUF012 - declared so, as a plain class attribute, by the base class
        **SimpleHTTPRequestHandler.extensions_map,
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".txt": "text/plain; charset=utf-8",
    }

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # a page asks for dozens of files at once
    # On Windows it would mean that two servers may listen on one port.
    allow_reuse_address = os.name != "nt"

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A reader who leaves the page early is no error.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def open_server(folder: Path, port: int) -> tuple[ThreadingHTTPServer, int]:
    """Bind a server for the book in ``folder`` to ``port`` or the next free one.

    Returns the server, not yet serving, and the port that it got.
    """
    if not 1 <= port <= 65535:
        raise UsageError(f"端口要在 1 到 65535 之间，不能是 {port}。")
    if not (folder / "index.html").is_file():
        raise InputError(f"{folder} 里没有生成好的案例书，请先运行 kb build。")
    handler = functools.partial(_Handler, directory=str(folder))
    last = min(port + ATTEMPTS - 1, 65535)
    for candidate in range(port, last + 1):
        try:
            return _Server((HOST, candidate), handler), candidate
        except PermissionError as error:
            raise UsageError(f"没有权限使用端口 {candidate}，请换一个 1024 以上的端口。") from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise UsageError(f"端口 {port} 到 {last} 都已被占用，请换一个端口。")


def serve(folder: Path, port: int, *, announce: Callable[[str], None]) -> None:
    """Serve the book in ``folder`` until Ctrl+C, telling ``announce`` where it can be opened."""
    server, actual = open_server(folder, port)
    with server:
        try:
            if actual != port:
                announce(f"端口 {port} 已被占用，改用 {actual}。")
            announce(f"打开 http://{HOST}:{actual}/ ，按 Ctrl+C 停止。")
            server.serve_forever()
        except KeyboardInterrupt:
            announce("已停止。")
