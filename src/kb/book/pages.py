"""Which page shows what: the Markdown that authors wrote, with the library's blocks put in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from kb.content import Case, Library, Section, markdown

_SECOND_HEADING = re.compile(r"\n(?=## )")


class Page(NamedTuple):
    """A content page and what kind it is."""

    item: Case | Section
    kind: str


def docname_of(file: str) -> str:
    """Sphinx's name of a content file."""
    return file.rsplit(".", 1)[0]


def pages(library: Library) -> dict[str, Page]:
    """All content pages by Sphinx's name."""
    found = {docname_of(c.file): Page(c, "case") for c in library.cases}
    return found | {docname_of(s.file): Page(s, "section") for s in library.sections}


def source(page: Page, text: str) -> str:
    """The Markdown that MyST reads for a page.

    Blank lines stand for the front matter, so that MyST's warnings name the right line.
    """
    body = markdown.split(text).body
    blank = "\n" * text[: len(text) - len(body)].count("\n")
    item = page.item
    if page.kind == "section":
        return f"{blank}{body}\n\n```{{section-foot}} {item.id}\n```\n"
    told, *rest = _SECOND_HEADING.split(body.strip(), maxsplit=1)
    head = f"# {item.title}\n\n```{{case-head}} {item.id}\n```\n\n"
    moments = f"\n\n## 关键时刻\n\n```{{moments}} {item.id}\n```\n\n"
    foot = f"\n\n```{{case-foot}} {item.id}\n```\n"
    return blank + head + told + moments + "".join(rest) + foot


def navigation(library: Library, order: Iterable[str], docname: str) -> dict[str, Any]:
    """What the layout needs: the top links with the present one marked, and the neighbours.

    ``order`` is the reading order of all pages, from ``_toc.yml``.

    The list of pages is short and flat: a tree in every page would cost quadratic time.
    """
    titles = {docname_of(s.file): s.title for s in library.sections}
    sections = [(name, titles[name]) for name in order if name in titles]
    part = "cases" if docname.startswith("cases/") else docname
    handbook = [name for name, _ in sections]
    top = [
        ("book/index", "应答台", part == "book/index"),
        (handbook[0] if handbook else "book/index", "手册", part in handbook),
        ("book/ladder", "阶梯", part == "book/ladder"),
        ("book/cases", "案例", part in ("book/cases", "cases")),
        ("book/notebooks/desk", "笔记本", part.startswith("book/notebooks/")),
    ]
    at = handbook.index(docname) if docname in handbook else None
    return {
        "top": top,
        "sections": sections if at is not None else [],
        "before": sections[at - 1] if at else None,
        "after": sections[at + 1] if at is not None and at + 1 < len(sections) else None,
        "wide": docname in ("book/index", "book/cases"),
    }
