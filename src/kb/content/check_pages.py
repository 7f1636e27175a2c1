"""Checks of pages: what a section, tool, phrase or law page and a case must hold."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import NamedTuple

from kb.content.check_common import checked, ids, labels, one_of, sources, steps
from kb.content.load import Reading
from kb.content.markdown import REFERENCE_KINDS
from kb.content.model import MOST_ASKS, MOST_SOURCES, Case, Library, Reference, Section

_CASE_HEADINGS = {
    "good": ("经过", "好在哪里"),
    "bad": ("经过", "错在哪里", "换一种做法"),
    "mixed": ("经过", "得失", "换一种做法"),
}
_CASE_LENGTH = (250, 700)
_MOMENTS = (3, 6)
_HAN = re.compile(r"[\u3400-\u9fff]")


class _Form(NamedTuple):
    """What a form of page must hold; ``length`` counts Chinese characters."""

    headings: tuple[str, ...]
    length: tuple[int, int]
    cases: tuple[int, int] = (0, 3)


_FORMS = {
    "section": _Form(
        ("为什么", "怎么做", "这样说", "一个例子", "常见错误", "检查单"), (600, 1500), (2, 3)
    ),
    "tool": _Form(("什么时候用", "怎么做", "常见错误"), (200, 1500)),
    "phrases": _Form((), (60, 1200)),
    "law": _Form((), (200, 1500)),
    "page": _Form((), (40, 1500)),
}
_LAW = re.compile(r"《[^》]+》.*第.+条")


def check_pages(r: Reading, library: Library) -> None:
    """Add to ``r`` what is wrong with the pages of the handbook and the cases."""
    _sections(r, library)
    _cases(r, library)


def _page(
    r: Reading,
    key: str,
    page: Section | Case,
    length: tuple[int, int],
    headings: tuple[str, ...],
) -> None:
    """What is asked of every page, whatever its kind."""
    sources(r, key, page.source)
    checked(r, key, page.checked)
    references(r, page.file, page.references)
    _length(r, key, page, length)
    _headings(r, key, page, headings)
    _careful(r, page)


def references(r: Reading, file: str, found: Iterable[Reference]) -> None:
    """Everything that a page points at must be there."""
    known = {kind: ids(r, kind) for kind in REFERENCE_KINDS}
    for ref in found:
        if ref.target not in known[ref.kind]:
            close = difflib.get_close_matches(ref.target, known[ref.kind], 1)
            todo = f"是不是“{close[0]}”？" if close else "改成有的编号，或删掉这处链接"
            r.find(file, ref.line, "dead-link", f"没有 {ref.kind}“{ref.target}”", todo)


def _length(r: Reading, key: str, page: Section | Case, bounds: tuple[int, int]) -> None:
    length = sum(len(_HAN.findall(p.text)) for p in page.passages)
    low, high = bounds
    if not low <= length <= high:
        todo = "补上做法和说法" if length < low else "删去重复，或拆成两页"
        what = f"正文 {length} 字，应在 {low}–{high} 字之间"
        r.find(page.file, r.bodies[key], "length", what, todo)


def _headings(r: Reading, key: str, page: Section | Case, required: tuple[str, ...]) -> None:
    have = [p.heading for p in page.passages]
    for heading in required:
        if heading not in have:
            what = f"没有“## {heading}”这一块"
            r.find(page.file, r.bodies[key], "heading", what, "补上，标题照抄")
    for heading in sorted({h for h in have if h and have.count(h) > 1}):
        what = f"有两块都叫“{heading}”，链接分不清去哪一块"
        r.find(page.file, r.bodies[key], "heading", what, "给其中一块换个标题")


def _sections(r: Reading, library: Library) -> None:
    for page in library.sections:
        key = f"section:{page.id}"
        form = _FORMS[page.form]
        _page(r, key, page, form.length, form.headings)
        steps(r, library, key, page)
        one_of(r, key, ("cases",), page.cases, ids(r, "case"))
        low, high = form.cases
        if not low <= len(page.cases) <= high:
            what = f"cases 有 {len(page.cases)} 个"
            r.find(*r.at(key, "cases"), "cases", what, f"写 {low} 到 {high} 个该读的案例")
        if not 5 <= len(page.asks) <= MOST_ASKS:
            r.find(
                *r.at(key, "asks"), "asks", f"asks 有 {len(page.asks)} 句", f"写五到 {MOST_ASKS} 句"
            )
        if len(page.source) > MOST_SOURCES:
            what = f"一页回答了 {len(page.source)} 条资料，读者找不到是哪一块"
            todo = f"拆成几页，或移到方法、话术自己的 source，一页最多 {MOST_SOURCES} 条"
            r.find(*r.at(key, "source"), "sources", what, todo)
        if page.form == "law":
            _law(r, key, page)


def _careful(r: Reading, page: Section | Case) -> None:
    for block in page.cautions:
        if not (block.practice and block.why and block.instead):
            what = f"慎用“{block.practice}”没有写全"
            todo = "写出做法，再用“为什么不行：”和“诚实的做法：”各起一段"
            r.find(page.file, block.line, "careful", what, todo)


def _law(r: Reading, key: str, page: Section) -> None:
    if page.as_of is None:
        todo = "写上查对法条的日期，例如 as_of: 2026-11-22"
        r.find(*r.at(key), "missing-key", "缺少“as_of”", todo)
    else:
        checked(r, key, page.as_of, "as_of", keeps=365)
    for passage in page.passages:
        if passage.heading and not _LAW.search(passage.text):
            what = f"“{passage.heading}”没有写依据"
            todo = "写一行“依据：《法律名》第几条”；拿不准的规定不要写"
            r.find(page.file, r.bodies[key], "law", what, todo)


def _cases(r: Reading, library: Library) -> None:
    for case in library.cases:
        key = f"case:{case.id}"
        _page(r, key, case, _CASE_LENGTH, _CASE_HEADINGS.get(case.outcome, ()))
        labels(r, library, key, case)
        if not case.discuss:
            todo = "写两三个班会上讨论的问题"
            r.find(*r.at(key), "missing-key", "缺少“discuss”", todo)
        low, high = _MOMENTS
        if not low <= len(case.moments) <= high:
            what = f"有 {len(case.moments)} 个时刻"
            r.find(*r.at(key, "moments"), "moments", what, f"写 {low} 到 {high} 个")
        for i, moment in enumerate(case.moments):
            steps(r, library, key, moment, ("moments", i))
            labels(r, library, key, moment, ("moments", i))
