"""Markdown pages as the library needs them: front matter, passages, references.

The built page is made by MyST; what is read here is what search and checks need from the same
text, with the same parser underneath.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from markdown_it import MarkdownIt

from kb.content.model import CarefulBlock, Passage, Reference

_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_ROLE = re.compile(r"\{(\w+)\}`([^`]+)`")
_ROLE_TARGET = re.compile(r"^(?P<label>.*?)\s*<(?P<target>[^<>]+)>$")
_DIRECTIVE = re.compile(r"^\{([\w-]+)\}\s*(.*)$")
_NOT_IN_ANCHOR = re.compile(r"[^\w\u3400-\u9fff-]+")

# Made once: setting a parser up costs more than a line of text.
_BLOCKS = MarkdownIt("commonmark").enable("table")
_INLINE = MarkdownIt("commonmark")

#: Roles and directives that point at other content; what they point at is checked.
REFERENCE_KINDS = ("case", "method", "section", "step", "phrases", "picture")

#: The directive that warns of a practice; how the practice and its two parts begin.
CAREFUL = "careful"
WARNING = "慎用："
WHY_NOT = "为什么不行："
INSTEAD = "诚实的做法："


class Page(NamedTuple):
    """A Markdown file taken apart; ``body_line`` is the line its body begins on."""

    front: str | None
    body: str
    body_line: int


class Body(NamedTuple):
    """What a page says, under which headings, and what it points at."""

    title: str
    passages: list[Passage]
    references: list[Reference]
    cautions: list[CarefulBlock]


def split(text: str) -> Page:
    """Separate the front matter, if there is any, from the body."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    match = _FRONT.match(text)
    if not match:
        return Page(None, text, 1)
    return Page(match.group(1), text[match.end() :], text[: match.end()].count("\n") + 1)


def anchor_of(heading: str) -> str:
    """The id of a heading in the built page: readable, and stable while the heading is."""
    return _NOT_IN_ANCHOR.sub("-", heading.strip().lower()).strip("-") or "top"


def role_target(content: str) -> tuple[str | None, str]:
    """``显示的字 <编号>`` or ``编号`` → (text to show or None, id)."""
    match = _ROLE_TARGET.match(content)
    if match:
        return match.group("label"), match.group("target")
    return None, content.strip()


def replace_roles(content: str, put: Callable[[str, str, str | None], str]) -> str:
    """``content`` with ``put(kind, id, text to show or None)`` in the place of every role."""

    def shown(match: re.Match[str]) -> str:
        label, target = role_target(match.group(2))
        return put(match.group(1), target, label)

    return _ROLE.sub(shown, content)


def directive(info: str) -> tuple[str, str] | None:
    """``{name} argument`` of a fence as (name, argument); ``None`` for a fence that is code."""
    match = _DIRECTIVE.match(info)
    return (match.group(1), match.group(2)) if match else None


def read_body(body: str, body_line: int, titles: dict[str, str]) -> Body:
    """The first heading, the passages under each heading, all references, all careful blocks.

    ``titles`` maps ``kind:id`` to the words a reader sees in place of a role; a role that is not in
    it reads as its own text.
    """
    title = ""
    anchor, heading, parts = "", "", list[str]()
    passages: list[Passage] = []
    references: list[Reference] = []
    cautions: list[CarefulBlock] = []

    def close() -> None:
        text = "\n".join(parts)
        if text or heading:
            passages.append(Passage(anchor=anchor, heading=heading, text=text))
        parts.clear()

    def plain(content: str, line: int) -> str:
        def shown(kind: str, target: str, label: str | None) -> str:
            if kind in REFERENCE_KINDS:
                references.append(Reference(kind=kind, target=target, line=line))
            return label or titles.get(f"{kind}:{target}", target)

        return replace_roles(content, shown)

    tokens = _BLOCKS.parse(body)
    for i, token in enumerate(tokens):
        line = body_line + (token.map[0] if token.map else 0)
        if token.type == "fence":
            name, argument = directive(token.info) or ("", "")
            if name in REFERENCE_KINDS:
                references.append(Reference(kind=name, target=argument, line=line, shown=True))
            elif name == CAREFUL:
                content = plain(token.content.strip(), line)
                parts.append(f"{WARNING}{argument}\n{content}")
                why, _, instead = content.removeprefix(WHY_NOT).partition(INSTEAD)
                cautions.append(
                    CarefulBlock(
                        practice=argument,
                        why=why.strip() if content.startswith(WHY_NOT) else "",
                        instead=instead.strip(),
                        line=line,
                    )
                )
        elif token.type == "inline":
            text = _inline_text(plain(token.content, line))
            opener = tokens[i - 1]
            if opener.type != "heading_open":
                parts.append(text)
            elif opener.tag == "h1":
                title = title or text
            else:
                close()
                anchor, heading = anchor_of(text), text
    close()
    return Body(title, passages, references, cautions)


def _inline_text(content: str) -> str:
    out = []
    for token in _INLINE.parseInline(content)[0].children or []:
        if token.type in ("text", "code_inline"):
            out.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            out.append("\n")
    return re.sub(r"^\[[ xX]\]\s*", "", "".join(out))


def page_url(file: str) -> str:
    """The built page of a content file."""
    return file.rsplit(".", 1)[0] + ".html"
