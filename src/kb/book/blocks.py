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

from kb.book.figures import draw
from kb.book.pages import Part, docname_of, parts
from kb.content import Library, markdown
from kb.content.markdown import role_target
from kb.search.documents import LADDER_URL, page_url

_TEMPLATES = Path(__file__).parent / "templates" / "blocks"
#: Characters a practised reader of Chinese takes in a minute.
_READING_SPEED = 400


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
        title = nodes.paragraph("", f"慎用：{self.arguments[0]}", classes=["kb-careful-title"])
        self.state.nested_parse(self.content, self.content_offset, box)
        box.insert(0, title)
        return [box]


_BLOCKS = ("method", "phrases", "picture", "case-head", "moments", "case-foot", "section-foot")
_PLAINS = ("ladder", "case-index", "desk", "glossary", "handbook", "phrase-finder")
_ROLES = ("case", "method", "section", "step", "phrases", "picture")


def register(app: Sphinx) -> None:
    """Add all nodes, directives and roles to ``app``."""
    app.add_node(kb_block, html=(_visit_block, None))
    app.add_node(kb_link, html=(_visit_link, None))
    for name in _BLOCKS:
        app.add_directive(name, type(name, (_Block,), {"template": f"{name}.html"}))
    for name in _PLAINS:
        app.add_directive(name, type(name, (_Plain,), {"template": f"{name}.html"}))
    app.add_directive(markdown.CAREFUL, _Careful)
    for name in _ROLES:
        app.add_role(name, _LinkRole())


class Place:
    """A page being written: finds names and the way to other pages; templates call it ``at``."""

    def __init__(self, app: Sphinx, docname: str) -> None:
        self.library: Library = app.kb_library  # type: ignore[attr-defined]
        self._app = app
        self._docname = docname

    def url(self, target: str) -> str:
        """The way from this page to ``target``, an address relative to the book's root."""
        page, _, anchor = target.partition("#")
        name = docname_of(page)
        here = self._app.builder.get_relative_uri(self._docname, name)
        if name == self._docname and anchor:
            return f"#{anchor}"
        return f"{here}#{anchor}" if anchor else here

    def link(self, kind: str, item: str) -> str:
        """The way to an item of the library."""
        library = self.library
        if kind == "step":
            return self.url(f"{LADDER_URL}#{item}")
        if kind in ("case", "section"):
            pages = library.cases if kind == "case" else library.sections
            return self.url(page_url(next(p.file for p in pages if p.id == item)))
        home = library.home_of(kind, item)
        return self.url(f"{page_url(home.file) if home else ''}#{kind}-{item}")

    def title(self, kind: str, item: str) -> str:
        """The name of an item of the library."""
        if kind == "step":
            return self.library.step(item).name
        finder = {
            "case": self.library.case,
            "section": self.library.section,
            "method": self.library.method,
            "phrases": self.library.phrase_group,
            "picture": self.library.figure,
        }[kind]
        found: str = finder(item).title  # type: ignore[attr-defined]
        return found

    def drawn(self, figure_id: str) -> str:
        """A picture as SVG."""
        figure = self.library.figure(figure_id)
        return draw(figure, self.library, lambda step: self.link("step", step))

    def parts(self) -> list[Part]:
        """The handbook, part by part."""
        return parts(self.library, self._app.config.external_site_map)

    def anchor(self, heading: str) -> str:
        """The id of a heading."""
        return markdown.anchor_of(heading)

    def minutes(self, item: Any) -> int:
        """Estimated reading time of a page in minutes, at least one."""
        letters = sum(len(p.text) for p in item.passages)
        letters += sum(len(m.said + m.say + m.why) for m in getattr(item, "moments", ()))
        return max(1, round(letters / _READING_SPEED))

    def sections_on(self, case_id: str) -> list[Any]:
        """The pages of the handbook that send readers to a case."""
        return [
            s
            for s in self.library.sections
            if case_id in s.cases
            or any(r.kind == "case" and r.target == case_id for r in s.references)
        ]

    def near(self, case_id: str) -> list[tuple[Any, list[str]]]:
        """Up to three cases most alike by their fields, with what they share, in words."""
        case, labels = self.library.case(case_id), self.library.labels
        steps = {m.step for m in case.moments}
        rated = []
        for place, other in enumerate(self.library.cases):
            if other.id == case.id:
                continue
            both = [m for m in other.moments if m.step in steps]
            shared = [
                (3, other.type == case.type, f"同样是{labels.type[case.type]}"),
                (2, other.industry == case.industry, f"同行业：{labels.industry[case.industry]}"),
                (1, other.emotion == case.emotion, f"客户同样{labels.emotion[case.emotion]}"),
            ]
            score = sum(weight for weight, same, _ in shared if same) + len(both) / 10
            words = [word for _, same, word in shared if same]
            if both:
                words.append(f"都走到“{self.library.step(both[0].step).name}”")
            rated.append((-score, place, other, words))
        rated.sort(key=lambda r: r[:2])
        return [(other, words) for _, _, other, words in rated[:3]]


_environment = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _visit_block(translator: Any, node: nodes.Element) -> None:
    at = Place(translator.builder.app, translator.builder.current_docname)
    template = _environment.get_template(node["template"])
    html = template.render(
        at=at,
        library=at.library,
        labels=at.library.labels,
        item=node["item"],
        lines=node.get("lines", []),
    )
    translator.body.append(html)
    raise nodes.SkipNode


def _visit_link(translator: Any, node: nodes.Element) -> None:
    at = Place(translator.builder.app, translator.builder.current_docname)
    label = node["label"] or at.title(node["kind"], node["item"])
    link = _environment.from_string('<a class="kb-link" href="{{ href }}">{{ label }}</a>')
    translator.body.append(link.render(href=at.link(node["kind"], node["item"]), label=label))
    raise nodes.SkipNode
