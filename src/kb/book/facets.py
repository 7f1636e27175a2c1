"""Pages made from the cases alone: one an industry, one a type, and a list of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sphinx.application import Sphinx

from kb.book.blocks import render
from kb.content import Case, Library, Moment

_STEPS, _LINES = 6, 3


class Bar(NamedTuple):
    """A bar of a chart: its name, how many, and its length in percent of the longest."""

    name: str
    number: int
    percent: int
    key: str


class Facet(NamedTuple):
    """What the cases of one industry or type say; ``other`` is the field of the first chart."""

    field: str
    key: str
    name: str
    other: str
    cases: list[Case]
    others: list[Bar]
    steps: list[Bar]
    good: list[Case]
    failed: list[Case]
    moments: list[Moment]


def facet_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """All pages for Sphinx's ``html-collect-pages``."""
    library: Library = app.kb_library  # type: ignore[attr-defined]
    for field, other, title in (("industry", "type", "按行业看"), ("type", "industry", "按类型看")):
        facets = list(_facets(library, field, other))
        for facet in facets:
            name = f"book/by-{field}/{facet.key}"
            body = render(app, name, "facet.html", facet=facet)
            yield name, {"title": facet.name, "body": body}, "page.html"
        name = f"book/by-{field}"
        body = render(app, name, "facet-index.html", facets=facets, title=title, field=field)
        yield name, {"title": title, "body": body}, "page.html"


def _facets(library: Library, field: str, other: str) -> Iterator[Facet]:
    for key, name in getattr(library.labels, field).items():
        cases = [c for c in library.cases if getattr(c, field) == key]
        if not cases:
            continue
        good = [c for c in cases if c.outcome == "good"]
        failed = [c for c in cases if c.outcome != "good"]
        steps = {s.id: s.name for s in library.steps}
        yield Facet(
            field=field,
            key=key,
            name=name,
            other=other,
            cases=cases,
            others=_bars((getattr(c, other) for c in cases), getattr(library.labels, other)),
            steps=_bars((m.step for c in cases for m in c.moments), steps)[:_STEPS],
            good=good,
            failed=failed,
            moments=[c.moments[0] for c in (failed or good)[:_LINES]],
        )


def _bars(keys: Iterable[str], names: dict[str, str]) -> list[Bar]:
    counted = Counter(keys)
    order = list(names)
    ranked = sorted(counted.items(), key=lambda item: (-item[1], order.index(item[0])))
    longest = ranked[0][1] if ranked else 1
    return [Bar(names[key], count, round(100 * count / longest), key) for key, count in ranked]
