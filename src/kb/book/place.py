"""What the templates of blocks ask: names, the way from a page to another, what is alike."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from kb.book.figures import draw
from kb.book.pages import Part, docname_of, parts
from kb.content import Case, Library, Section
from kb.content.markdown import anchor_of, page_url
from kb.search.documents import LADDER_URL
from kb.training.minutes import minutes


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

    def by_type(self, key: str) -> str:
        """The way to the page of a type."""
        return self.url(f"book/by-type/{key}.html")

    def by_industry(self, key: str) -> str:
        """The way to the page of an industry."""
        return self.url(f"book/by-industry/{key}.html")

    def to_step(self, key: str) -> str:
        """The way to a step of the ladder."""
        return self.link("step", key)

    def title(self, kind: str, item: str) -> str:
        """The name of an item of the library."""
        return self.library.title(kind, item)

    def drawn(self, figure_id: str) -> str:
        """A picture as SVG."""
        figure = self.library.figure(figure_id)
        return draw(figure, self.library, lambda step: self.link("step", step))

    def parts(self) -> list[Part]:
        """The handbook, part by part."""
        return parts(self.library, self._app.config.external_site_map)

    def anchor(self, heading: str) -> str:
        """The id of a heading."""
        return anchor_of(heading)

    def minutes(self, item: Any) -> int:
        """Estimated reading time of a page in minutes, at least one."""
        return minutes(self.library, item)

    def sections_on(self, case_id: str) -> list[Any]:
        """The pages of the handbook that send readers to a case."""
        return [
            s
            for s in self.library.sections
            if case_id in s.cases
            or any(r.kind == "case" and r.target == case_id for r in s.references)
        ]

    def cases_with(self, step: str) -> list[Case]:
        """Some cases that come to a step, those that come to it most often."""
        return self.library.cases_with(step)[:4]

    def pages_with(self, step: str) -> list[Section]:
        """Some pages that tell of a step, those that name it first."""
        return self.library.pages_with(step)[:6]

    def near(self, case_id: str) -> list[tuple[Case, list[str]]]:
        """The cases most like one, with what they share, in words."""
        library, labels = self.library, self.library.labels
        case = library.case(case_id)
        words = {
            "industry": f"同行业：{labels.industry[case.industry]}",
            "type": f"同样是{labels.type[case.type]}",
            "emotion": f"客户同样{labels.emotion[case.emotion]}",
            "text": "说的事相近",
        }
        found = []
        for other in self._app.kb_similarity.near(case):  # type: ignore[attr-defined]
            said = [words[field] for field in other.shared]
            if other.first_step:
                said.append(f"都先{library.step(other.first_step).name}")
            elif other.rare_step:
                said.append(f"都走到“{library.step(other.rare_step).name}”")
            found.append((other.case, said))
        return found

    def choices(self, field: str) -> list[tuple[str, str]]:
        """The labels of a field that some case has, with their names."""
        if field == "step":
            return [(s.id, s.name) for s in self.library.steps]
        used: set[str] = set()
        for case in self.library.cases:
            value = getattr(case, field)
            used |= {value} if isinstance(value, str) else set(value)
        return [(k, v) for k, v in getattr(self.library.labels, field).items() if k in used]
