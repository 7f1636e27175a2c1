"""The search engine and the advisor of a project folder, from the cache or made anew.

The cache lies in ``.cache/kb/<digest>/``: the digest covers what something is made from, the code
that makes it and the packages it rests on, so nothing stale is opened and nothing is made twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kb.content import Library, digest, load
from kb.errors import InputError
from kb.search import SearchEngine, Synonyms, build_index, documents, open_index
from kb.suggest import Advisor, advisor_data, learned_from, models
from kb.suggest.evaluate import baselines, confusion, figures, of_drill
from kb.suggest.wording import wording_data

#: So many of a kind are kept.
_KEEP = 8
#: In seconds; no run takes as long.
_DAY = 86400
#: The packages that make something, and whose tables and sums it rests on besides.
_MADE_BY = {
    "text": ("zhconv",),
    "content": ("markdown-it-py",),
    "search": ("Whoosh-Reloaded", "jieba", "pypinyin"),
    "suggest": ("numpy", "scipy"),
}

Report = Callable[[str], None]


def open_search(root: Path, report: Report = lambda _: None) -> SearchEngine:
    """The search engine over the content below ``root``; raises ``ContentError``."""

    def make(folder: Path) -> None:
        report("内容有变化，正在建立索引 …")
        library = _library(root)
        build_index(documents(library), folder, Synonyms.of(library))

    return SearchEngine(open_index(_cached(root, digest(root, _code_digest()), "index", make)))


def open_index_folder(folder: Path) -> SearchEngine:
    """The search engine over an index that ``kb index`` made; raises ``InputError``."""
    if not (folder / "documents.json").is_file():
        raise InputError(f"{folder} 里没有索引——先用 kb index --docs 文档 --out {folder} 建一个。")
    try:
        return SearchEngine(open_index(folder))
    except InputError:
        raise
    except Exception:  # somebody's folder: what is damaged breaks in as many ways as there are
        raise InputError(
            f"{folder} 里的索引坏了，读不了——用 kb index --docs 文档 --out {folder} 重新建一个。"
        ) from None


def open_advisor(
    root: Path, report: Report = lambda _: None, search: SearchEngine | None = None
) -> Advisor:
    """The advisor over the content below ``root``; raises ``ContentError``."""
    return Advisor(advisor_json(root, report), search or open_search(root, report))


def advisor_json(root: Path, report: Report = lambda _: None) -> dict[str, object]:
    """The advisor's mind, as ``kb.suggest.advisor_data`` makes it."""

    def make(folder: Path) -> None:
        library = _library(root)
        data = advisor_data(library, _trained(root, library, report))
        _write(folder / "advisor.json", data)

    folder = _cached(root, digest(root, _code_digest()), "advisor", make)
    return _read(folder / "advisor.json")


def _trained(root: Path, library: Library, report: Report) -> dict[str, object]:
    """The trained part; it outlives a change of content that it did not learn from."""

    def make(folder: Path) -> None:
        report("可学的情形有变化，正在训练应答台，约需两三分钟 …")
        _write(folder / "models.json", models(library))

    key = hashlib.sha256((learned_from(library) + _code_digest("text", "suggest")).encode())
    return _read(_cached(root, key.hexdigest()[:24], "models", make) / "models.json")


def held_out_figures(root: Path, report: Report = lambda _: None) -> dict[str, Any]:
    """How good the advice is on the drills held out: ``figures``, ``baselines``, ``confusion``.

    Kept until what was learned, the rules, the drills held out or the code change.
    """
    library = _library(root)
    held = [drill.model_dump() for drill in library.held_out]
    made_from = json.dumps([learned_from(library), library.rules.model_dump(), held])

    def make(folder: Path) -> None:
        report("正在用没学过的情形考应答台 …")
        advisor = open_advisor(root, report)
        asked = [of_drill(drill) for drill in library.held_out]
        answers = [
            advisor.suggest(
                one.text, done=one.done, channel=one.channel, industry=one.industry
            ).to_json()
            for one in asked
        ]
        learned = list(library.situations())
        found = {
            "figures": figures(asked, answers),
            "baselines": baselines(asked, learned, advisor.steps),
            "confusion": confusion(asked, answers, advisor.steps),
        }
        _write(folder / "figures.json", found)

    key = hashlib.sha256((made_from + _code_digest("text", "suggest", "search")).encode())
    return _read(_cached(root, key.hexdigest()[:24], "figures", make) / "figures.json")


def wording_json(root: Path) -> dict[str, Any]:
    """The words of the desk, as ``kb.suggest.wording.wording_data`` makes them."""

    def make(folder: Path) -> None:
        _write(folder / "wording.json", wording_data(_library(root)))

    return _read(_cached(root, digest(root, _code_digest()), "wording", make) / "wording.json")


def _write(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data


@lru_cache(maxsize=2)
def _load_once(root: Path, _digest: str) -> Library:
    return load(root)


def _library(root: Path) -> Library:
    return _load_once(root, digest(root))


@lru_cache(maxsize=8)
def _code_digest(*parts: str) -> str:
    """A digest of the code of some packages, of all that make anything if none is named, and of
    the versions of others' packages that shape what they make."""
    total = hashlib.sha256()
    here = Path(__file__).parent
    for part in parts or _MADE_BY:
        for path in sorted((here / part).glob("*.py")):
            total.update(path.read_bytes())
        total.update(" ".join(map(version, _MADE_BY[part])).encode())
    return total.hexdigest()


def _cached(root: Path, key: str, name: str, make: Callable[[Path], None]) -> Path:
    """The folder ``name`` of a state, filled by ``make`` if it is not there yet."""
    home = root / ".cache" / "kb"
    target = home / key / name
    if target.is_dir():
        os.utime(target)
        return target
    try:
        home.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=home))
    except OSError as error:
        raise InputError(
            f"写不了缓存目录 {home}（{error.strerror}）——检查磁盘空间和目录权限。"
        ) from None
    try:
        make(work)
        work.chmod(0o755)
        target.parent.mkdir(exist_ok=True)  # not sooner: a run that fails leaves nothing
        try:
            work.rename(target)
        except OSError:  # another process was faster; its result is as good
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _prune(home, target)
    return target


def _prune(home: Path, current: Path) -> None:
    """Keep the most recently used folders of a kind, so that the cache does not grow.

    Of its kind alone: the index changes with every edit, the trained part hardly ever. What runs
    that were killed have left is removed after a day.
    """
    for old in sorted(home.glob(f"*/{current.name}"), key=_used, reverse=True)[_KEEP:]:
        if old != current:
            shutil.rmtree(old, ignore_errors=True)
            with contextlib.suppress(OSError):  # other kinds may lie there
                old.parent.rmdir()
    for left in home.glob("*-*"):
        if _used(left) < time.time() - _DAY:
            shutil.rmtree(left, ignore_errors=True)


def _used(path: Path) -> float:
    """When a folder was last used; long ago if another process has just removed it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0
