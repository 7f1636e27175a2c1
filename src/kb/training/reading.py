"""A page, case or method as plain HTML that needs nothing else: no Sphinx, no other file.

Every text is escaped; Markdown's own HTML is off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kb.content import Avoid, Careful, Case, Library, Method, PhraseGroup, Section, markdown
from kb.text import BLANK

_SPECIAL = re.compile(r"([\\`*_\[\]<>&{}])")
_TASK = re.compile(r"^\[[ xX]\]\s*")


def reading(root: Path, library: Library, item: Section | Case | Method) -> str:
    """The HTML of an item, below a heading of its own; headings begin with ``h3``."""
    if isinstance(item, Method):
        return _method(item)
    page = markdown.split((root / item.file).read_text("utf-8"))
    body = _markdown(library, page.body)
    return _case(library, item, body) if isinstance(item, Case) else body


def _tag(name: str, *children: str, css: str = "") -> str:
    """An element; ``children`` are HTML already."""
    attribute = f' class="{css}"' if css else ""
    return f"<{name}{attribute}>{''.join(children)}</{name}>"


def _say(text: str) -> str:
    """A sentence whose blanks, such as {单号}, stand out."""
    return BLANK.sub(r'<span class="kb-blank">\1</span>', escape(text))


def _items(name: str, items: Sequence[str], css: str = "") -> str:
    return _tag(name, *(_tag("li", item) for item in items), css=css)


def _markdown(library: Library, text: str) -> str:
    """A page's Markdown without its title, the library's blocks put in."""

    def title(kind: str, target: str, label: str | None) -> str:
        shown = label or library.title(kind, target)
        return _SPECIAL.sub(r"\\\1", shown)

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(markdown.replace_roles(text, title))
    out: list[Token] = []
    in_title = False
    for token in tokens:
        if token.tag == "h1":
            in_title = token.type == "heading_open"
            continue
        if in_title:
            continue
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
        elif token.type == "fence":
            token = _put(library, token)
        elif token.type == "inline" and token.children and _TASK.match(token.children[0].content):
            first = token.children[0]
            first.content = _TASK.sub("☐ ", first.content)
            if len(out) > 1 and out[-2].type == "list_item_open":
                out[-2].attrSet("class", "tick")
        out.append(token)
    rendered: str = parser.renderer.render(out, parser.options, {})
    return rendered


def _put(library: Library, fence: Token) -> Token:
    """The block that a directive puts in; a fence that is code stays one."""
    name, target = markdown.directive(fence.info) or ("", "")
    blocks: dict[str, Callable[[], str]] = {
        "method": lambda: _card(library.method(target)),
        "phrases": lambda: _phrases(library, library.phrase_group(target)),
        "picture": lambda: _picture(library, target),
        markdown.CAREFUL: lambda: _careful(target, _markdown(library, fence.content)),
    }
    if name not in blocks:
        return fence
    return Token("html_block", "", 0, content=blocks[name]() + "\n")


def _case(library: Library, case: Case, body: str) -> str:
    moments = []
    for moment in case.moments:
        name = library.step(moment.step).name
        answer = [
            _tag("p", _tag("b", escape(name)), "：", escape(moment.why)),
            _tag("p", _say(moment.say), css="say"),
            _tag("p", _tag("s", escape(moment.not_)), css="not"),
        ]
        folded = _tag("details", _tag("summary", "怎么接"), *answer)
        moments.append(_tag("p", escape(moment.said)) + folded)
    parts = [
        _tag("p", escape(case.lead), css="lead"),
        body,
        _tag("h3", "关键时刻"),
        _items("ol", moments, "moments"),
        _tag("p", _tag("b", "带走一句"), " ", escape(case.lesson), css="kb-card"),
    ]
    if case.discuss:
        parts += [_tag("h3", "班会上讨论"), _items("ol", [escape(d) for d in case.discuss])]
    return "\n".join(parts)


def _method(method: Method) -> str:
    items = [
        _tag("b", escape(i.do))
        + _tag("p", escape(i.how))
        + (_tag("p", _say(i.say), css="say") if i.say else "")
        for i in method.items
    ]
    parts = [
        _tag("p", escape(method.when), css="kb-soft"),
        _items("ol" if method.kind == "method" else "ul", items),
    ]
    if method.example:
        parts.append(_tag("p", _tag("b", "例"), " ", escape(method.example)))
    return "".join([*parts, *map(_warned, method.careful)])


def _card(method: Method) -> str:
    return _tag("section", _tag("h4", escape(method.title)), _method(method), css="kb-card")


def _phrases(library: Library, group: PhraseGroup) -> str:
    def avoided(avoid: Avoid) -> str:
        return _tag("s", escape(avoid.text)) + " → " + _tag("span", _say(avoid.instead), css="say")

    lines = [
        _tag("span", escape(library.step(p.step).name), css="kb-soft") + " " + _say(p.say)
        for p in group.phrases
    ]
    parts = [
        _tag("h4", escape(group.title)),
        _tag("p", "用：", escape(group.when), "<br>别用：", escape(group.not_when), css="kb-soft"),
        _items("ul", lines),
    ]
    if group.avoid:
        parts += [_tag("h5", "别这样说"), _items("ul", [avoided(a) for a in group.avoid])]
    return _tag("section", *parts, css="kb-card")


def _picture(library: Library, figure_id: str) -> str:
    """A picture in words: drawing it is the book's."""
    figure = library.figure(figure_id)
    return _tag("p", _tag("b", escape(figure.title)), "：", escape(figure.alt), css="kb-card")


def _warned(careful: Careful) -> str:
    why = _tag("p", markdown.WHY_NOT, escape(careful.why))
    return _careful(careful.practice, why + _tag("p", markdown.INSTEAD, escape(careful.instead)))


def _careful(practice: str, body: str) -> str:
    title = _tag("p", _tag("b", "慎用：", escape(practice)))
    return _tag("section", title, body, css="careful")
