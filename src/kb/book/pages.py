"""Which page shows what: the Markdown that authors wrote, with the library's blocks put in."""

from __future__ import annotations

import re
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


class Part(NamedTuple):
    """A part of the handbook: its caption and its pages, as ``(Sphinx's name, page)``."""

    caption: str
    pages: list[tuple[str, Section]]


def parts(library: Library, toc: Any) -> list[Part]:
    """The handbook in the order of ``_toc.yml``; what is no page of the library is left out."""
    sections = {docname_of(s.file): s for s in library.sections}
    found = []
    for tree in toc.root.subtrees:
        names = [str(item) for item in tree.items]
        pages = [(name, sections[name]) for name in names if name in sections]
        if pages:
            found.append(Part(tree.caption or "", pages))
    return found


def navigation(library: Library, toc: Any, docname: str) -> dict[str, Any]:
    """What the layout needs: the top links with the present one marked, parts and neighbours.

    ``toc`` is the site map made from ``_toc.yml``. Only pages of the handbook carry the list of
    its pages: in every case it would cost quadratic time.
    """
    handbook = parts(library, toc)
    flat = [(name, page.title) for part in handbook for name, page in part.pages]
    at = next((i for i, (name, _) in enumerate(flat) if name == docname), None)
    top = [
        ("book/index", "应答台", docname == "book/index"),
        ("book/handbook", "手册", at is not None or docname == "book/handbook"),
        ("book/ladder", "阶梯", docname == "book/ladder"),
        ("book/cases", "案例", docname.startswith(("cases/", "book/cases", "book/by-"))),
        ("book/training/index", "训练", docname.startswith("book/training/")),
        ("book/notebooks/desk", "笔记本", docname.startswith("book/notebooks/")),
    ]
    return {
        "top": top,
        "parts": handbook if at is not None else [],
        "before": flat[at - 1] if at else None,
        "after": flat[at + 1] if at is not None and at + 1 < len(flat) else None,
        "wide": docname in ("book/index", "book/cases", "book/handbook")
        or docname.startswith("book/training/"),
    }
