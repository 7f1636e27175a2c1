"""What a Markdown page asks of the builder: roles, directives, links and pictures, with lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kb.content.loads import html_loads
from kb.content.markdown import CAREFUL, REFERENCE_KINDS, directive


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: The directives of our own; ``kb.book`` draws them.
OWN_DIRECTIVES = _names(
    "method phrases picture careful case-head moments case-foot section-foot training ladder "
    "case-index desk terms handbook phrase-finder"
)
#: The roles of our own; ``kb.book`` makes links of them.
OWN_ROLES = frozenset(REFERENCE_KINDS)
#: Directives that hold Markdown themselves.
_HOLDING = _names(
    "admonition attention caution danger error hint important note seealso tip warning dropdown "
    "margin sidebar topic epigraph pull-quote card grid grid-item grid-item-card tab-set tab-item "
    "toggle container compound div aside"
)
#: What Sphinx, MyST and Jupyter Book bring along.
COMMON_DIRECTIVES = _HOLDING | _names(
    "image figure figure-md table list-table csv-table code code-block code-cell sourcecode "
    "parsed-literal literalinclude include raw math only class rubric centered hlist highlights "
    "contents toctree index line-block versionadded versionchanged deprecated button-link "
    "button-ref glue card-carousel card-header card-footer tab-set-code"
)
COMMON_ROLES = _names(
    "doc ref numref term any download abbr kbd guilabel menuselection command file samp math eq "
    "code emphasis strong literal subscript superscript index octicon bdg bdg-primary "
    "bdg-secondary bdg-success bdg-info bdg-warning bdg-danger bdg-light bdg-dark glue"
)

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_COLON_FENCE = re.compile(r":{3,}\{([\w-]+)\}\s*(.*)")
_ROLE_NAME = re.compile(r"\{([\w:-]+)\}$")


class Use(NamedTuple):
    """One thing that a page asks for; ``name`` of a role or directive, else where it points."""

    what: Literal["role", "directive", "link", "picture"]
    name: str
    line: int


def uses(body: str, first_line: int) -> Iterator[Use]:
    """Everything that ``body``, which begins on ``first_line``, asks of the builder."""
    for token in _MARKDOWN.parse(body):
        line = first_line + (token.map[0] if token.map else 0)
        if token.type == "fence":
            name, argument = directive(token.info) or ("", "")
            if name:
                yield Use("directive", name, line)
            if name in ("image", "figure"):
                yield Use("picture", argument.strip(), line)
            if name in _HOLDING or name == CAREFUL:
                yield from uses(token.content, line + 1)
        elif token.type == "html_block":
            for address in html_loads(token.content):
                yield Use("picture", address, line)
        elif token.type == "inline":
            for i, text in enumerate(token.content.split("\n")):
                if fence := _COLON_FENCE.match(text):
                    yield Use("directive", fence.group(1), line + i)
            yield from _inline(token.children or [], line)


def _inline(children: list[Token], line: int) -> Iterator[Use]:
    before = ""
    for token in children:
        if token.type in ("softbreak", "hardbreak"):
            line += 1
        elif token.type == "code_inline" and (role := _ROLE_NAME.search(before)):
            yield Use("role", role.group(1), line)
        elif token.type == "link_open":
            yield Use("link", unquote(str(token.attrGet("href"))), line)
        elif token.type == "image":
            yield Use("picture", unquote(str(token.attrGet("src"))), line)
        elif token.type == "html_inline":
            for address in html_loads(token.content):
                yield Use("picture", address, line)
        before = token.content if token.type == "text" else ""
