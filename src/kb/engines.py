"""The search engine and the advisor of a project folder, from the cache or made anew.

The cache lies in ``.cache/kb/<digest>/``: the digest covers the authors' files and the code that
makes something of them, so nothing stale can be opened and nothing is made twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.content import Library, digest, load
from kb.errors import InputError
from kb.search import SearchEngine, Synonyms, build_index, documents, open_index
from kb.suggest import Advisor, advisor_data
from kb.suggest.wording import wording_data

_KEEP = 4
_MADE_BY = ("text", "content", "search", "suggest")

Report = Callable[[str], None]


def open_search(root: Path, report: Report = lambda _: None) -> SearchEngine:
    """The search engine over the content below ``root``; raises ``ContentError``."""

    def make(folder: Path) -> None:
        report("内容有变化，正在建立索引 …")
        library = _library(root)
        build_index(documents(library), folder, Synonyms.of(library))

    return SearchEngine(open_index(_cached(root, "index", make)))


def open_index_folder(folder: Path) -> SearchEngine:
    """The search engine over an index that ``kb index`` made; raises ``InputError``."""
    if not (folder / "documents.json").is_file():
        raise InputError(f"{folder} 里没有索引——先用 kb index --docs 文档 --out {folder} 建一个。")
    return SearchEngine(open_index(folder))


def open_advisor(
    root: Path, report: Report = lambda _: None, search: SearchEngine | None = None
) -> Advisor:
    """The advisor over the content below ``root``; raises ``ContentError``."""
    return Advisor(advisor_json(root, report), search or open_search(root, report))


def advisor_json(root: Path, report: Report = lambda _: None) -> dict[str, object]:
    """The advisor's mind, as ``kb.suggest.advisor_data`` makes it."""

    def make(folder: Path) -> None:
        report("内容有变化，正在训练应答台 …")
        _write(folder, advisor_data(_library(root)))

    return _read(_cached(root, "advisor", make))


def wording_json(root: Path) -> dict[str, Any]:
    """The words of the desk, as ``kb.suggest.wording.wording_data`` makes them."""

    def make(folder: Path) -> None:
        _write(folder, wording_data(_library(root)))

    return _read(_cached(root, "wording", make))


def _write(folder: Path, data: object) -> None:
    (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def _read(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "data.json").read_text("utf-8"))
    return data


@lru_cache(maxsize=2)
def _load_once(root: Path, _digest: str) -> Library:
    return load(root)


def _library(root: Path) -> Library:
    return _load_once(root, digest(root))


@lru_cache(maxsize=1)
def _code_digest() -> str:
    total = hashlib.sha256()
    here = Path(__file__).parent
    for part in _MADE_BY:
        for path in sorted((here / part).glob("*.py")):
            total.update(path.read_bytes())
    return total.hexdigest()


def _cached(root: Path, name: str, make: Callable[[Path], None]) -> Path:
    """The folder ``name`` for the present content, filled by ``make`` if it is not there yet."""
    home = root / ".cache" / "kb"
    target = home / digest(root, _code_digest()) / name
    if target.is_dir():
        os.utime(target.parent)
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=home))
    except OSError as error:
        raise InputError(
            f"写不了缓存目录 {home}（{error.strerror}）——检查磁盘空间和目录权限。"
        ) from None
    try:
        make(work)
        work.chmod(0o755)
        try:
            work.rename(target)
        except OSError:  # another process was faster; its result is as good
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _prune(home, target.parent)
    return target


def _prune(home: Path, current: Path) -> None:
    """Keep the most recently used states of the content, so that the cache does not grow."""
    states = [p for p in home.iterdir() if p.is_dir() and len(p.name) == len(current.name)]
    states.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for old in states[_KEEP:]:
        if old != current:
            shutil.rmtree(old, ignore_errors=True)
