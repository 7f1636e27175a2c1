"""Checks of what pages ask of the builder, so that it does not stop halfway and in English."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from kb.content.check_pages import references
from kb.content.load import Reading
from kb.content.uses import (
    COMMON_DIRECTIVES,
    COMMON_ROLES,
    OWN_DIRECTIVES,
    OWN_ROLES,
    Use,
    uses,
)

_LABEL = re.compile(r"^\(([^)\s]+)\)=\s*$|^:name:\s*(\S+)\s*$", re.MULTILINE)
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|mailto:|tel:|data:", re.IGNORECASE)
_ENDINGS = ("", ".md", ".ipynb")


def check_links(r: Reading) -> None:
    """Add to ``r`` every role, directive, link and picture that the builder would not find."""
    labels = {a or b for page in r.pages.values() for a, b in _LABEL.findall(page.body)}
    for file, page in r.pages.items():
        for use in uses(page.body, page.body_line):
            if use.what in ("role", "directive"):
                _name(r, file, use)
            else:
                _address(r, file, use, labels)
    for file, found in r.layout.items():
        references(r, file, found)


def _name(r: Reading, file: str, use: Use) -> None:
    if use.what == "role":
        own, common, word = OWN_ROLES, COMMON_ROLES, "角色"
    else:
        own, common, word = OWN_DIRECTIVES, COMMON_DIRECTIVES, "指令"
    if use.name in own | common or ":" in use.name:  # ``py:func`` belongs to a domain of Sphinx
        return
    close = difflib.get_close_matches(use.name, sorted(own), 1)
    close = close or difflib.get_close_matches(use.name, sorted(common), 1)
    todo = f"是不是“{close[0]}”？" if close else "改成 docs/authoring.md 里有的名称，或删掉"
    r.find(file, use.line, "unknown-name", f"没有叫“{use.name}”的{word}", todo)


def _address(r: Reading, file: str, use: Use, labels: set[str]) -> None:
    if _ELSEWHERE.match(use.name):
        if use.what == "picture" and not use.name.startswith("data:"):
            what = f"从别的网站取东西：{use.name}"
            r.find(file, use.line, "outside", what, "存成文件放到书里，再链到它")
        return
    path, _, anchor = use.name.partition("#")
    found = _file(r.root, file, path) if path else None
    if found is not None and (not anchor or found.suffix != ".md" or anchor in labels):
        return
    if use.what == "picture":
        r.find(file, use.line, "dead-link", f"找不到图片“{use.name}”", "检查路径和文件名")
    elif found is not None:
        what = f"链接“{use.name}”跳不到页里的“{anchor}”"
        r.find(file, use.line, "dead-link", what, "去掉 # 和后面的字，链到整页")
    elif use.name.removeprefix("#") not in labels:  # a target that a page has set by ``(name)=``
        todo = "检查路径；链到手册用 {section}`编号`，链到案例用 {case}`编号`"
        r.find(file, use.line, "dead-link", f"链接“{use.name}”没有去处", todo)


def _file(root: Path, file: str, path: str) -> Path | None:
    """The file of the book that an address means, if there is one."""
    base = root if path.startswith("/") else (root / file).parent
    for ending in _ENDINGS:
        found = base / (path.lstrip("/") + ending)
        try:
            if found.is_file():
                return found
        except (OSError, ValueError):  # too long for a file name, or with a zero byte
            return None
    return None
