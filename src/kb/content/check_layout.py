"""Checks of what holds the book together: ``_toc.yml``, ``_config.yml``, notebooks, stray files."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.content import yaml_lines as yl
from kb.content.digest import content_files
from kb.content.load import Reading, read_yaml

_TOC, _CONFIG = "_toc.yml", "_config.yml"
_PAGES = (".md", ".ipynb")
#: Keys that hold the entries below one; those of a part name no page themselves.
_PARTS, _ENTRIES = ("parts", "subtrees"), ("chapters", "sections", "entries")
_KEYS = {
    *_PARTS,
    *_ENTRIES,
    *("format", "root", "defaults", "meta", "file", "glob", "url", "title", "options", "caption"),
    *("numbered", "maxdepth", "hidden", "titlesonly", "reversed", "style", "restart_numbering"),
}
#: Where authors' files lie and how they end; others there are read by nobody.
_HOMES = (
    ("cases", ".md"),
    ("book/methods", ".yml"),
    ("book/phrases", ".yml"),
    ("book/figures", ".yml"),
    ("book/drills", ".yml"),
    ("assignments", ".yml"),
)
_HELD_OUT = "book/drills/held-out"


def check_layout(r: Reading) -> None:
    """Add to ``r`` what would keep the book from being built, or a file from being read."""
    listed = _toc(r)
    if listed is not None:
        _forgotten(r, listed)
    _config(r)
    _notebooks(r)
    _stray(r)


def check_names(r: Reading) -> None:
    """Add to ``r`` the files whose names are no text, such as those of a zip from elsewhere."""
    for path in content_files(r.root):
        name = path.relative_to(r.root).as_posix()
        if name != name.encode(errors="replace").decode():
            todo = "改名，只用小写英文字母、数字和连字符"
            r.find(name, 1, "file-name", "文件名不是 UTF-8，多半是压缩包解出来的乱码", todo)


def _toc(r: Reading) -> dict[str, int] | None:
    """The pages that ``_toc.yml`` lists, with their lines; ``None`` if it cannot be read."""
    got = read_yaml(r, _TOC)
    if got is None:
        return None
    data, lines = got
    if not isinstance(data, dict) or not isinstance(data.get("root"), str):
        todo = "写上 format: jb-book、root: book/index 和 parts:"
        r.find(_TOC, lines.line, "toc", "没有写 root（首页）", todo)
        return None
    listed: dict[str, int] = {}
    _entry(r, lines, data, (), listed)
    return listed


def _entry(
    r: Reading, lines: yl.Lines, data: dict[str, Any], path: yl.Path, listed: dict[str, int]
) -> None:
    for key in data:
        line = lines.of((*path, str(key)))
        if key not in _KEYS:
            close = difflib.get_close_matches(str(key), sorted(_KEYS), 1)
            todo = f"是不是“{close[0]}”？" if close else "删掉它"
            r.find(_TOC, line, "toc", f"不认识的项“{key}”", todo)
        elif key in ("root", "file"):
            _page(r, line, str(data[key]), listed)
        elif key == "glob":
            found = _matching(r.root, str(data[key]))
            if not found:
                what = f"“{data[key]}”没有对上任何一页"
                r.find(_TOC, line, "toc", what, "检查目录名，或删掉这一行")
            for name in found:
                listed.setdefault(name, line)
        elif key in (*_PARTS, *_ENTRIES):
            _below(r, lines, data[key], (*path, key), listed)


def _below(r: Reading, lines: yl.Lines, items: Any, path: yl.Path, listed: dict[str, int]) -> None:
    if not isinstance(items, list) or not items:
        todo = "下面每行一条“- file: …”；没有就删掉这一项"
        r.find(_TOC, lines.of(path), "toc", f"“{path[-1]}”下面没有东西", todo)
        return
    for i, item in enumerate(items):
        names = {"file", "glob", "url"} & set(item) if isinstance(item, dict) else set()
        wanted = 0 if path[-1] in _PARTS else 1
        if not isinstance(item, dict) or len(names) != wanted:
            todo = "写成“- caption: …”加 chapters:" if not wanted else "写成“- file: book/…”"
            r.find(_TOC, lines.of((*path, i)), "toc", "这一条的写法不对", todo)
        else:
            _entry(r, lines, item, (*path, i), listed)


def _page(r: Reading, line: int, written: str, listed: dict[str, int]) -> None:
    name = next((written.removesuffix(e) for e in _PAGES if written.endswith(e)), written)
    if name in listed:
        what = f"“{name}”在第 {listed[name]} 行已经列过"
        r.find(_TOC, line, "toc", what, "只留一处")
    elif not any((r.root / (name + ending)).is_file() for ending in _PAGES):
        known = sorted(p.rsplit(".", 1)[0] for p in r.pages)
        close = difflib.get_close_matches(name, known, 1)
        todo = f"是不是“{close[0]}”？" if close else "改成有的文件，或删掉这一行"
        r.find(_TOC, line, "toc", f"没有“{name}”这一页", todo)
    listed.setdefault(name, line)


def _matching(root: Path, pattern: str) -> list[str]:
    try:
        paths = sorted(root.glob(pattern))
    except (ValueError, NotImplementedError):  # an empty pattern, or one that begins with a slash
        return []
    found = {p.with_suffix("").relative_to(root).as_posix() for p in paths if p.suffix in _PAGES}
    return sorted(found)


def _forgotten(r: Reading, listed: dict[str, int]) -> None:
    notebooks = [p.relative_to(r.root).as_posix() for p in _found(r, "book", ".ipynb")]
    for file in (*r.pages, *notebooks):
        name = file.rsplit(".", 1)[0]
        if name not in listed:
            what = "这一页不在 _toc.yml 里，读者翻不到"
            r.find(file, 1, "not-in-toc", what, f"在 _toc.yml 里加一行“- file: {name}”")


def _config(r: Reading) -> None:
    got = read_yaml(r, _CONFIG)
    if got is None:
        return
    data, lines = got
    sphinx = data.get("sphinx") if isinstance(data, dict) else None
    extensions = sphinx.get("extra_extensions") if isinstance(sphinx, dict) else None
    if not isinstance(extensions, list) or "kb.book" not in extensions:
        what = "没有写 sphinx 的 extra_extensions: [kb.book]，书生成不出来"
        todo = "从旧版本里找回这个文件"
        r.find(_CONFIG, lines.of(("sphinx", "extra_extensions")), "config", what, todo)


def _notebooks(r: Reading) -> None:
    for path in _found(r, "book", ".ipynb"):
        file, line = path.relative_to(r.root).as_posix(), 1
        try:
            data = json.loads(path.read_text("utf-8"))
        except (ValueError, RecursionError, OSError) as error:
            data, line = None, getattr(error, "lineno", 1)
        if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
            what = "这不是完整的笔记本文件"
            r.find(file, line, "notebook", what, "从旧版本里找回，或用 Jupyter 重新保存")


def _stray(r: Reading) -> None:
    for folder, ending in _HOMES:
        homes = {r.root / folder} | ({r.root / _HELD_OUT} if folder == "book/drills" else set())
        for path in _found(r, folder):
            if path.suffix == ending and path.parent in homes:
                continue
            todo = (
                f"移到 {folder}/ 下面" if path.suffix == ending else f"给文件改名，以 {ending} 结尾"
            )
            what = f"这个文件没有被读，{folder}/ 只读自己下面的 {ending} 文件"
            r.find(path.relative_to(r.root).as_posix(), 1, "stray-file", what, todo)


def _found(r: Reading, folder: str, ending: str = "") -> Iterator[Path]:
    """The files below a folder whose names begin neither with ``_`` nor with a dot."""
    for path in sorted((r.root / folder).rglob(f"*{ending}")):
        hidden = any(part[0] in "._" for part in path.relative_to(r.root).parts)
        if path.is_file() and not hidden:
            yield path
