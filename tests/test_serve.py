"""The local server, over real sockets."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from kb.browser import chromium
from kb.cli.serve import open_server
from kb.errors import InputError, UsageError


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A built book of three files."""
    (tmp_path / "index.html").write_text("<title>客服案例书</title>", encoding="utf-8")
    (tmp_path / "退款.html").write_text("<p>退款到账时间</p>", encoding="utf-8")
    (tmp_path / "desk.js").write_text("'工作台'", encoding="utf-8")
    return tmp_path


@contextmanager
def taken_port(port: int = 0) -> Iterator[int]:
    """A port that something else listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        yield other.getsockname()[1]


@contextmanager
def running(book: Path) -> Iterator[str]:
    """The address of a running server."""
    server, port = open_server(book, 18137)
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{port}/"
        server.shutdown()


def test_a_taken_port_goes_to_the_next_free_one(book: Path) -> None:
    with taken_port() as port:
        server, actual = open_server(book, port)
        server.server_close()
        assert port < actual < port + 20


def test_listens_on_loopback_only(book: Path) -> None:
    server, _ = open_server(book, 18137)
    server.server_close()
    assert server.server_address[0] == "127.0.0.1"


def test_serves_a_chinese_page_as_utf8_and_asks_not_to_cache_it(book: Path) -> None:
    with running(book) as address, urllib.request.urlopen(address + "%E9%80%80%E6%AC%BE.html") as r:
        assert r.headers["Content-Type"] == "text/html; charset=utf-8"
        assert r.headers["Cache-Control"] == "no-cache"
        assert "退款到账时间" in r.read().decode("utf-8")


def test_serves_scripts_as_utf8(book: Path) -> None:
    with running(book) as address, urllib.request.urlopen(address + "desk.js") as r:
        assert r.headers["Content-Type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("folder", ["", "没有这个文件夹"])
def test_a_folder_without_a_book_is_refused_and_kb_build_named(tmp_path: Path, folder: str) -> None:
    with pytest.raises(InputError, match="kb build"):
        open_server(tmp_path / folder, 18137)


@pytest.mark.parametrize("port", [-1, 0, 65536])
def test_a_port_out_of_range_is_refused(book: Path, port: int) -> None:
    with pytest.raises(UsageError, match=str(port)):
        open_server(book, port)


def test_says_so_when_no_port_is_left(book: Path) -> None:
    with taken_port(65535), pytest.raises(UsageError, match="都已被占用"):
        open_server(book, 65535)


def test_says_where_to_open_and_ends_cleanly_on_ctrl_c(book: Path) -> None:
    # A shell starts what runs in its background with Ctrl+C ignored, and children inherit that.
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "import pathlib, sys; from kb.cli.serve import serve; "
        "serve(pathlib.Path(sys.argv[1]), int(sys.argv[2]), "
        "announce=lambda line: print(line, flush=True))"
    )
    with taken_port() as port:
        command = [sys.executable, "-X", "utf8", "-c", program, str(book), str(port)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        ) as process:
            try:
                assert process.stdout is not None and process.stderr is not None
                moved, where = process.stdout.readline(), process.stdout.readline()
                assert moved.startswith(f"端口 {port} 已被占用，改用 ")
                address = where.split()[1]
                with urllib.request.urlopen(address) as r:
                    assert "客服案例书" in r.read().decode("utf-8")
                process.send_signal(signal.SIGINT)
                assert process.wait(timeout=10) == 0
                assert process.stderr.read() == ""
            finally:
                process.kill()


def test_on_windows_no_two_servers_share_a_port() -> None:
    """``SO_REUSEADDR`` means there that both may listen."""
    program = (
        "import os, http.server, kb.cli\n"
        "os.name = 'nt'\n"
        "from kb.cli.serve import _Server\n"
        "print(_Server.allow_reuse_address)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (done.stdout.strip(), done.stderr) == ("False", "")


def test_where_nobody_is_root_the_browser_keeps_its_sandbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: dict[str, object] = {}
    started = SimpleNamespace(launch=lambda **options: asked.update(options))
    monkeypatch.setattr(chromium, "find_browser", lambda: None)
    monkeypatch.delattr(os, "geteuid", raising=False)

    chromium.launch(SimpleNamespace(chromium=started))  # type: ignore[arg-type]

    assert asked["chromium_sandbox"] is True
