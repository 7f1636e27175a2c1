"""Directives and roles: what an author puts into a page, drawn when the page is written.

A directive leaves only a ``kb_block`` node; it becomes HTML when its page is written, because only
then the way from one page to another is known.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from kb.book.place import Place
from kb.content import markdown
from kb.content.markdown import role_target

_TEMPLATES = Path(__file__).parent / "templates" / "blocks"


class kb_block(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like tags
    """A block of the library, named by its template and the id it shows."""


class kb_link(nodes.Inline, nodes.TextElement):  # noqa: N801
    """A link into the library, by kind and id."""


class _Block(Directive):
    """A directive whose one argument is the id of what it shows."""

    required_arguments = 1
    template: ClassVar[str]

    def run(self) -> list[nodes.Node]:
        return [kb_block("", template=self.template, item=self.arguments[0])]


class _Plain(Directive):
    """A directive without an argument; its content, if any, is a list of lines."""

    has_content = True
    template: ClassVar[str]

    def run(self) -> list[nodes.Node]:
        lines = [line for line in self.content if line.strip()]
        return [kb_block("", template=self.template, item="", lines=lines)]


class _LinkRole(SphinxRole):
    """``{case}`id``` and its like."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        label, target = role_target(self.text)
        return [kb_link("", "", kind=self.name, item=target, label=label or "")], []


class _Careful(Directive):
    """A practice that is not taught, with the reason and the honest way."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        box = nodes.container(classes=["kb-careful"])
        title = nodes.paragraph(
            "", f"{markdown.WARNING}{self.arguments[0]}", classes=["kb-careful-title"]
        )
        self.state.nested_parse(self.content, self.content_offset, box)
        box.insert(0, title)
        return [box]


#: Directives of one argument and of none. A name that Sphinx's own domain has would go to Sphinx.
BLOCKS = (
    "method",
    "phrases",
    "picture",
    "case-head",
    "moments",
    "case-foot",
    "section-foot",
    "training",
)
PLAINS = ("ladder", "case-index", "desk", "terms", "handbook", "phrase-finder")
_ROLES = ("case", "method", "section", "step", "phrases", "picture")


def register(app: Sphinx) -> None:
    """Add all nodes, directives and roles to ``app``."""
    app.add_node(kb_block, html=(_visit_block, None))
    app.add_node(kb_link, html=(_visit_link, None))
    for name in BLOCKS:
        app.add_directive(name, type(name, (_Block,), {"template": f"{name}.html"}))
    for name in PLAINS:
        app.add_directive(name, type(name, (_Plain,), {"template": f"{name}.html"}))
    app.add_directive(markdown.CAREFUL, _Careful)
    for name in _ROLES:
        app.add_role(name, _LinkRole())


_environment = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(app: Sphinx, docname: str, template: str, **values: Any) -> str:
    """A template of a block as HTML, as it stands on the page ``docname``."""
    at = Place(app, docname)
    return _environment.get_template(template).render(
        at=at, library=at.library, labels=at.library.labels, **values
    )


def _visit_block(translator: Any, node: nodes.Element) -> None:
    app, docname = translator.builder.app, translator.builder.current_docname
    values = {"item": node["item"], "lines": node.get("lines", [])}
    translator.body.append(render(app, docname, node["template"], **values))
    raise nodes.SkipNode


def _visit_link(translator: Any, node: nodes.Element) -> None:
    at = Place(translator.builder.app, translator.builder.current_docname)
    label = node["label"] or at.title(node["kind"], node["item"])
    link = _environment.from_string('<a class="kb-link" href="{{ href }}">{{ label }}</a>')
    translator.body.append(link.render(href=at.link(node["kind"], node["item"]), label=label))
    raise nodes.SkipNode
