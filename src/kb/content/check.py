"""What one file alone cannot show: label words, links, lengths, the shape of a moment."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from kb.content.load import Reading, read
from kb.content.markdown import REFERENCE_KINDS
from kb.content.model import Case, Drill, Library, Moment, Section
from kb.errors import Finding

#: An id of the material that a text rests on: M1-08, C1-08-a, or a house's own, such as OWN-12.
_SOURCE = re.compile(r"^[A-Z]+\d*(-[A-Za-z0-9]+)*$")
_SLOTS = {"称呼", "单号", "时间", "姓名", "电话", "金额", "商品", "地点"}
_SLOT = re.compile(r"\{([^{}]*)\}")
_HEADINGS = ("为什么", "怎么做", "这样说", "一个例子", "常见错误", "检查单")
_CASE_HEADINGS = {
    "good": ("经过", "好在哪里"),
    "bad": ("经过", "错在哪里", "换一种做法"),
    "mixed": ("经过", "得失", "换一种做法"),
}
_SECTION_LENGTH = (600, 1500)
_CASE_LENGTH = (250, 700)
_MOMENTS = (3, 6)
_LABEL_FIELDS = ("type", "emotion", "demand", "risk", "channel", "industry", "outcome")
_HAN = re.compile(r"[\u3400-\u9fff]")


def _ids(r: Reading, kind: str) -> list[str]:
    """All ids of a kind, those of items with mistakes of their own among them."""
    placed = {key.split(":", 1)[1] for key in r.places if key.startswith(f"{kind}:")}
    return sorted(placed | r.written.get(kind, set()))


def check(root: Path) -> list[Finding]:
    """Everything the authors should mend below ``root``, in file and line order."""
    reading = read(root)
    if reading.library is not None:
        check_library(reading)
    return sorted(set(reading.findings))


def check_library(r: Reading) -> None:
    """Add to ``r`` all findings that need the whole library."""
    assert r.library is not None
    library = r.library
    for check_one in (_ladder, _rules, _methods, _phrases, _sections, _cases, _drills, _lexicon):
        check_one(r, library)


def _one_of(
    r: Reading,
    key: str,
    path: tuple[str | int, ...],
    values: str | Sequence[str] | None,
    known: Iterable[str],
) -> None:
    """Every label in ``values`` (one or several) must be one of ``known``."""
    known = list(known)
    if values is None:
        return
    several = not isinstance(values, str)
    for i, value in enumerate(values if several else [values]):
        if value not in known:
            at = r.at(key, *path, i) if several else r.at(key, *path)
            close = difflib.get_close_matches(value, known, 1)
            todo = f"是不是“{close[0]}”？" if close else f"可用的词：{'、'.join(known[:20])}"
            r.find(*at, "label", f"“{path[-1]}”里没有“{value}”这个词", todo)


def _labels(
    r: Reading, library: Library, key: str, item: object, path: tuple[str | int, ...] = ()
) -> None:
    for name in _LABEL_FIELDS:
        if hasattr(item, name):
            known = getattr(library.labels, name)
            _one_of(r, key, (*path, name), getattr(item, name), known)
    demand = getattr(item, "demand", None) or ()
    if "none" in demand and len(demand) > 1:
        at = r.at(key, *path, "demand")
        r.find(*at, "label", "“none”（未提出）不能和别的诉求并列", "删掉 none，或只留 none")


def _steps(
    r: Reading, library: Library, key: str, item: object, path: tuple[str | int, ...] = ()
) -> None:
    known = _ids(r, "step")
    for name in ("step", "steps", "also", "done", "not_done", "then"):
        if hasattr(item, name):
            _one_of(r, key, (*path, name), getattr(item, name), known)
    step, also = getattr(item, "step", None), getattr(item, "also", ())
    if step in also:
        at = r.at(key, *path, "also")
        r.find(*at, "moment", f"“{step}”已是最该做的一步，又写进 also", "从 also 里删掉")


def _sources(r: Reading, key: str, sources: Iterable[str]) -> None:
    for i, source in enumerate(sources):
        if not _SOURCE.match(source):
            at = r.at(key, "source", i)
            todo = "写成 M1-08、C1-08-a 这样；自家的资料可以写 OWN-12"
            r.find(*at, "source", f"来源编号“{source}”的写法不对", todo)


def _checked(r: Reading, key: str, day: datetime.date) -> None:
    if day > datetime.date.today() + datetime.timedelta(days=1):
        r.find(*r.at(key, "checked"), "date", f"核对日期 {day} 在将来", "写上最后核对的那一天")


def _slots(r: Reading, key: str, path: tuple[str | int, ...], text: str) -> None:
    for name in _SLOT.findall(text):
        if name not in _SLOTS:
            known = "".join(f"{{{s}}}" for s in sorted(_SLOTS))
            r.find(*r.at(key, *path), "slot", f"不认识的空“{{{name}}}”", f"只能用 {known}")


def _ladder(r: Reading, library: Library) -> None:
    for step in library.steps:
        key = f"step:{step.id}"
        _one_of(r, key, ("stage",), step.stage, library.labels.stage)
        for i, line in enumerate(step.say):
            _labels(r, library, key, line, ("say", i))
            _slots(r, key, ("say", i, "text"), line.text)
        _sources(r, key, step.source)


def _rules(r: Reading, library: Library) -> None:
    for i, rule in enumerate(library.rules.first):
        _steps(r, library, "rules:", rule, ("first", i))
        _labels(r, library, "rules:", rule, ("first", i))
    for i, narrowing in enumerate(library.rules.among):
        _steps(r, library, "rules:", narrowing, ("among", i))
        _labels(r, library, "rules:", narrowing, ("among", i))
    for i, need in enumerate(library.rules.needs):
        _steps(r, library, "rules:", need, ("needs", i))
        _labels(r, library, "rules:", need, ("needs", i))
    _one_of(r, "rules:", ("repeatable",), library.rules.repeatable, _ids(r, "step"))


def _methods(r: Reading, library: Library) -> None:
    for method in library.methods:
        key = f"method:{method.id}"
        _named_after_file(r, key)
        _steps(r, library, key, method)
        _sources(r, key, method.source)
        _checked(r, key, method.checked)
        _has_home(r, library, key, "method", method.id)


def _phrases(r: Reading, library: Library) -> None:
    for group in library.phrase_groups:
        key = f"phrases:{group.id}"
        _named_after_file(r, key)
        _sources(r, key, group.source)
        _checked(r, key, group.checked)
        _has_home(r, library, key, "phrases", group.id)
        for i, phrase in enumerate(group.phrases):
            _steps(r, library, key, phrase, ("phrases", i))
            _labels(r, library, key, phrase, ("phrases", i))
            _slots(r, key, ("phrases", i, "say"), phrase.say)
        for i, avoid in enumerate(group.avoid):
            if avoid.step is None:
                what = "“avoid”里这一句没写 step"
                r.find(*r.at(key, "avoid", i), "missing-key", what, "写明它常在哪一步说错")
            else:
                _steps(r, library, key, avoid, ("avoid", i))


def _named_after_file(r: Reading, key: str) -> None:
    file, line = r.at(key, "id")
    item_id = key.split(":", 1)[1]
    if Path(file).stem != item_id:
        r.find(file, line, "id", f"编号“{item_id}”和文件名不同", "改成一样的")


def _has_home(r: Reading, library: Library, key: str, kind: str, item_id: str) -> None:
    if len(library.sections) < len(r.written.get("section", ())):
        return  # a page that could not be read may be the one that shows it
    if library.home_of(kind, item_id) is None:
        todo = f"在一页里放入 ```{{{kind}}} {item_id}```，否则读者看不到它"
        r.find(*r.at(key), "no-page", f"没有一页放入“{item_id}”", todo)


def _references(r: Reading, library: Library, key: str, page: Section | Case) -> None:
    known = {kind: _ids(r, kind) for kind in REFERENCE_KINDS}
    for ref in page.references:
        if ref.target not in known[ref.kind]:
            close = difflib.get_close_matches(ref.target, known[ref.kind], 1)
            todo = f"是不是“{close[0]}”？" if close else "改成有的编号，或删掉这处链接"
            r.find(page.file, ref.line, "dead-link", f"没有 {ref.kind}“{ref.target}”", todo)


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


def _sections(r: Reading, library: Library) -> None:
    for page in library.sections:
        key = f"section:{page.id}"
        _steps(r, library, key, page)
        _sources(r, key, page.source)
        _checked(r, key, page.checked)
        _references(r, library, key, page)
        _length(r, key, page, _SECTION_LENGTH)
        _one_of(r, key, ("cases",), page.cases, _ids(r, "case"))
        if not 5 <= len(page.asks) <= 10:
            r.find(*r.at(key, "asks"), "asks", f"asks 有 {len(page.asks)} 句", "写五到十句")
        if page.source != ("M0-00",):  # the preface has a shape of its own
            _headings(r, key, page, _HEADINGS)


def _cases(r: Reading, library: Library) -> None:
    for case in library.cases:
        key = f"case:{case.id}"
        _labels(r, library, key, case)
        _sources(r, key, case.source)
        _checked(r, key, case.checked)
        _references(r, library, key, case)
        _length(r, key, case, _CASE_LENGTH)
        _headings(r, key, case, _CASE_HEADINGS.get(case.outcome, ()))
        low, high = _MOMENTS
        if not low <= len(case.moments) <= high:
            what = f"有 {len(case.moments)} 个时刻"
            r.find(*r.at(key, "moments"), "moments", what, f"写 {low} 到 {high} 个")
        for i, moment in enumerate(case.moments):
            _steps(r, library, key, moment, ("moments", i))
            _labels(r, library, key, moment, ("moments", i))
        _contradictions(r, key, case.moments)


def _contradictions(r: Reading, key: str, moments: tuple[Moment, ...]) -> None:
    seen: dict[tuple[str, frozenset[str]], int] = {}
    for i, m in enumerate(moments):
        state = (m.said, frozenset(m.done))
        if state in seen and moments[seen[state]].step != m.step:
            what = f"和第 {seen[state] + 1} 个时刻的话、done 都相同，步骤却不同"
            r.find(*r.at(key, "moments", i), "moment", what, "改 done，或只留一个")
        seen.setdefault(state, i)


def _drills(r: Reading, library: Library) -> None:
    keys = [k for k in r.places if k.startswith("drill:")]
    for key, drill in zip(keys, library.drills, strict=True):
        _drill(r, library, key, drill)


def _drill(r: Reading, library: Library, key: str, drill: Drill) -> None:
    _steps(r, library, key, drill)
    _labels(r, library, key, drill)


def _lexicon(r: Reading, library: Library) -> None:
    for name, lists in library.lexicon.items():
        known = list(getattr(library.labels, name))
        for label, words in lists.items():
            at = r.at(f"lexicon:{name}", label)
            if label not in known:
                r.find(*at, "label", f"没有“{label}”这个标签", f"可用的词：{'、'.join(known)}")
            for word in {w for w in words.words if words.words.count(w) > 1}:
                r.find(*at, "duplicate-word", f"“{label}”里“{word}”写了两次", "删掉一个")
