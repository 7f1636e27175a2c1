"""Read the authors' files into a ``Library``; collect every mistake on the way."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from kb.content import markdown
from kb.content import yaml_lines as yl
from kb.content.explain import other_name, report
from kb.content.memory import without_collecting
from kb.content.model import (
    Case,
    Drill,
    Figure,
    Labels,
    Library,
    Method,
    PhraseGroup,
    Reference,
    Section,
    Step,
    SynonymBook,
    Term,
    WordList,
)
from kb.content.model_rules import Rules
from kb.content.model_training import Assignment, Training
from kb.content.wording import FillBook, ReplyBook
from kb.errors import ContentError, Finding, InputError

T = TypeVar("T", bound=BaseModel)

#: How a page begins whose author meant to write front matter.
_FRONT_MEANT = re.compile(
    r"\ufeff?\s*(?:---[ \t]*\r?$|(?:id|title|form|source)[:：])", re.MULTILINE
)
#: Where the ids of steps stand.
_STEP_FIELDS = ("step", "steps", "also", "done", "any_done", "not_done", "then", "repeatable")
_LEXICONS = ("type", "emotion", "demand", "risk")


def find_root(start: Path) -> Path:
    """The project folder at or above ``start``; raises ``InputError`` if there is none."""
    for folder in (start, *start.parents):
        if (folder / "book" / "labels.yml").is_file():
            return folder
    raise InputError(
        f"{start} 和它的上级目录里没有案例书（找不到 book/labels.yml）——"
        "请到案例书的目录里运行，或用 --root 指明目录。"
    )


@without_collecting()
def load(root: Path) -> Library:
    """Read everything below ``root``; raises ``ContentError`` with all findings at once."""
    from kb.content.check import check_reading

    reading = read(root)
    check_reading(reading)
    mistakes = [f for f in reading.findings if not f.warning]
    if mistakes or reading.library is None:
        raise ContentError(mistakes)
    return reading.library


@dataclass
class Reading:
    """One pass over the files: the library, if its frame stands, findings, and every line.

    ``written`` holds the ids by kind that the authors wrote, also where the item itself is wrong:
    one mistake must not be reported again wherever something points at it. ``pages`` are all
    Markdown files, ``layout`` what those without front matter point at. ``names`` leads from the
    Chinese name of a label to the label, a field each.
    """

    root: Path
    today: datetime.date = field(default_factory=datetime.date.today)
    findings: list[Finding] = field(default_factory=list)
    places: dict[str, tuple[str, yl.Lines]] = field(default_factory=dict)
    bodies: dict[str, int] = field(default_factory=dict)
    written: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    pages: dict[str, markdown.Page] = field(default_factory=dict)
    layout: dict[str, list[Reference]] = field(default_factory=dict)
    library: Library | None = None

    def find(
        self, file: str, line: int, kind: str, what: str, todo: str, warning: bool = False
    ) -> None:
        """Note one thing to mend."""
        self.findings.append(Finding(file, line, kind, what, todo, warning))

    def wrote(self, kind: str, item_id: object) -> None:
        """Note that there is such an item, right or wrong."""
        self.written.setdefault(kind, set()).add(str(item_id))

    def at(self, key: str, *path: str | int) -> tuple[str, int]:
        """File and line of ``path`` inside the item ``key`` (``kind:id``)."""
        file, lines = self.places[key]
        return file, lines.of(path)


@without_collecting()
def read(root: Path, today: datetime.date | None = None) -> Reading:
    """Read all files; whatever is wrong in shape becomes a finding, the rest goes on."""
    r = Reading(root, today or datetime.date.today())
    labels = read_file(r, "book/labels.yml", Labels, "labels:")
    steps = tuple(_read_list(r, "book/ladder.yml", Step, "step"))
    r.names = _names(labels, steps)
    rules = read_file(r, "book/rules.yml", Rules, "rules:")
    methods = tuple(_read_items(r, "book/methods", Method, "method"))
    groups = tuple(_read_items(r, "book/phrases", PhraseGroup, "phrases"))
    lexicon = _read_lexicon(r)
    synonyms = read_file(r, "book/synonyms.yml", SynonymBook, "synonyms:")
    training = read_file(r, "book/training.yml", Training, "training:")
    assignments = tuple(_read_items(r, "assignments", Assignment, "assignment"))
    reply = read_file(r, "book/lexicon/reply.yml", ReplyBook, "reply:")
    fill = read_file(r, "book/fill.yml", FillBook, "fill:")
    terms = tuple(_read_list(r, "book/glossary.yml", Term, "term"))
    figures = tuple(_read_items(r, "book/figures", Figure, "picture"))
    drills, held_out = _read_drills(r, "book/drills"), _read_drills(r, "book/drills/held-out")

    pages = [
        (path, "case" if path.is_relative_to(root / "cases") else "section")
        for path in [
            *sorted((root / "book").rglob("*.md")),
            *sorted((root / "cases").glob("*.md")),
        ]
        if not any(p[0] in "._" for p in path.relative_to(root).parts)
    ]
    texts = {path: text for path, _ in pages if (text := _read_text(r, path)) is not None}
    titles = _titles(steps, methods, groups, figures) | _page_titles(pages, texts)
    for path, kind in pages:
        if kind == "case" or path not in texts or _front_matter_meant(texts[path]):
            r.wrote(kind, path.stem)
    sections: list[Section] = []
    cases: list[Case] = []
    for path, kind in pages:
        if path not in texts:
            continue
        if kind == "case":
            cases += _read_page(r, path, texts[path], Case, kind, titles)
        else:
            sections += _read_page(r, path, texts[path], Section, kind, titles)
    if labels is not None and rules is not None and training is not None and steps:
        r.library = Library(
            labels=labels,
            steps=steps,
            rules=rules,
            sections=tuple(sections),
            methods=methods,
            phrase_groups=groups,
            cases=tuple(cases),
            drills=drills,
            held_out=held_out,
            terms=terms,
            figures=figures,
            synonyms=synonyms or SynonymBook(),
            training=training,
            assignments=assignments,
            lexicon=lexicon,
            reply=reply or ReplyBook(),
            fill=fill or FillBook(),
        )
    return r


def _read_drills(r: Reading, folder: str) -> tuple[Drill, ...]:
    paths = sorted((r.root / folder).glob("*.yml"))
    return tuple(d for path in paths for d in _read_list(r, _relative(r, path), Drill, "drill"))


def _relative(r: Reading, path: Path) -> str:
    below = path.is_relative_to(r.root)
    return path.relative_to(r.root).as_posix() if below else str(path)


def _read_text(r: Reading, path: Path) -> str | None:
    file = _relative(r, path)
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        r.find(file, line, "encoding", "不是 UTF-8 文本", "用编辑器另存为 UTF-8 编码")
    except OSError as error:
        r.find(file, 1, "unreadable", f"读不了这个文件（{error.strerror}）", "检查文件和权限")
    return None


def read_yaml(r: Reading, file: str) -> tuple[Any, yl.Lines] | None:
    """A YAML file with the line of everything in it; what is wrong goes to ``r``."""
    path = r.root / file
    if not path.is_file():
        r.find(file, 1, "missing-file", "没有这个文件", "补上它，可以从旧版本里找回")
        return None
    text = _read_text(r, path)
    if text is None:
        return None
    try:
        return yl.load_yaml(text)
    except yl.YamlMistakeError as mistake:
        r.find(file, mistake.line, "yaml", mistake.what, mistake.todo)
        return None


def read_file(r: Reading, file: str, model: type[T], key: str) -> T | None:
    """The one thing in a YAML file, its lines noted under ``key``; what is wrong goes to ``r``."""
    got = read_yaml(r, file)
    if got is None:
        return None
    _place(r, key, file, got[1])
    return _build(r, model, got[0], file, got[1], ())


def industry_names(root: Path) -> dict[str, str]:
    """The Chinese names of the industries of the book below ``root``."""
    labels = read_file(Reading(root), "book/labels.yml", Labels, "labels:")
    return dict(labels.industry) if labels else {}


def _read_list(r: Reading, file: str, model: type[T], kind: str) -> list[T]:
    got = read_yaml(r, file)
    if got is None:
        return []
    data, lines = got
    if not isinstance(data, list):
        r.find(file, 1, "shape", "这里应该是一个列表", "每一条用“- ”开头")
        return []
    built = []
    for i, item in enumerate(data):
        if isinstance(item, dict) and "id" in item:
            r.wrote(kind, item["id"])
        one = _build(r, model, item, file, lines, (i,))
        if one is not None:
            name = getattr(one, "id", f"{file}#{i}")
            _place(r, f"{kind}:{name}", file, lines.part(i))
            built.append(one)
    return built


def _read_items(r: Reading, folder: str, model: type[T], kind: str) -> list[T]:
    built = []
    paths = sorted((r.root / folder).glob("*.yml"))
    stems = {path.stem for path in paths}
    for path in paths:
        file = _relative(r, path)
        r.wrote(kind, path.stem)
        got = read_yaml(r, file)
        if got is None:
            continue
        one = _build(r, model, got[0], file, got[1], ())
        if one is None:
            continue
        item_id: str = one.id  # type: ignore[attr-defined]
        if item_id != path.stem and item_id in stems:
            other_name(r, file, got[1].of(("id",)), item_id, owned=True)
            continue  # a copy, as of a page
        _place(r, f"{kind}:{item_id}", file, got[1])
        built.append(one)
    return built


def _read_lexicon(r: Reading) -> dict[str, dict[str, WordList]]:
    shape = TypeAdapter(dict[str, WordList])
    lexicon: dict[str, dict[str, WordList]] = {}
    for name in _LEXICONS:
        file = f"book/lexicon/{name}.yml"
        got = read_yaml(r, file)
        if got is None:
            continue
        try:
            lexicon[name] = shape.validate_python(got[0])
        except ValidationError as error:
            report(r, error, file, got[1], (), WordList)
            continue
        _place(r, f"lexicon:{name}", file, got[1])
    return lexicon


def _read_page(
    r: Reading, path: Path, text: str, model: type[T], kind: str, titles: dict[str, str]
) -> list[T]:
    file = _relative(r, path)
    r.pages[file] = page = markdown.split(text)
    if page.front is None:
        _without_front_matter(r, file, kind, page, text, titles)
        return []
    try:
        data, lines = yl.load_yaml(page.front, first_line=2)
    except yl.YamlMistakeError as mistake:
        r.find(file, mistake.line, "yaml", mistake.what, mistake.todo)
        return []
    if not isinstance(data, dict):
        r.find(file, 2, "shape", "开头的信息应该是“名称: 值”", "一行写一项")
        return []
    body = markdown.read_body(page.body, page.body_line, titles)
    computed = {
        "file": file,
        "passages": body.passages,
        "references": body.references,
        "cautions": body.cautions,
    }
    for name in computed.keys() & set(data):
        r.find(file, lines.of((name,)), "unknown-key", f"“{name}”由程序填写", "删掉这一项")
    data |= computed
    one = _build(r, model, data, file, lines, ())
    if one is None:
        return []
    item_id, item_title = one.id, one.title  # type: ignore[attr-defined]
    if item_id != path.stem and item_id in r.written[kind]:
        other_name(r, file, lines.of(("id",)), item_id, owned=True)
        return []  # a copy whose id is still that of the original, which is as it should be
    if item_id != path.stem:
        other_name(r, file, lines.of(("id",)), item_id)
    if kind == "section" and body.title != item_title:
        what = f"一级标题“{body.title}”和开头的 title“{item_title}”不同"
        r.find(file, page.body_line, "title", what, "改成一样的")
    _place(r, f"{kind}:{item_id}", file, lines)
    r.bodies[f"{kind}:{item_id}"] = page.body_line
    return [one]


def _front_matter_meant(text: str) -> bool:
    """Whether an author meant to write front matter, well or not; layout pages have none."""
    return not text.strip("\ufeff \t\r\n") or bool(_FRONT_MEANT.match(text))


def _without_front_matter(
    r: Reading, file: str, kind: str, page: markdown.Page, text: str, titles: dict[str, str]
) -> None:
    """A page of the handbook without it (the desk, the index of cases) is layout."""
    if not text.strip("\ufeff \t\r\n"):
        r.find(file, 1, "front-matter", "这一页是空的", "写上内容，或删掉这个文件")
    elif _FRONT_MEANT.match(text):
        what, todo = "开头的信息没有读出来", "第一行写 ---，一行一项写完，再用一行 --- 收尾"
        r.find(file, 1, "front-matter", what, todo)
    elif kind == "case":
        r.find(file, 1, "front-matter", "案例没有开头的信息", "在文件开头用两行 --- 括起来写上")
    else:
        body = markdown.read_body(page.body, page.body_line, titles)
        r.layout[file] = body.references


def _page_titles(pages: list[tuple[Path, str]], texts: dict[Path, str]) -> dict[str, str]:
    titles = {}
    for path, kind in pages:
        page = markdown.split(texts.get(path, ""))
        try:
            front = yl.load_yaml(page.front)[0] if page.front else None
        except yl.YamlMistakeError:
            continue  # reported when the page itself is read
        if isinstance(front, dict) and isinstance(front.get("title"), str):
            titles[f"{kind}:{path.stem}"] = front["title"]
    return titles


def _titles(
    steps: tuple[Step, ...],
    methods: tuple[Method, ...],
    groups: tuple[PhraseGroup, ...],
    figures: tuple[Figure, ...],
) -> dict[str, str]:
    return (
        {f"step:{s.id}": s.name for s in steps}
        | {f"method:{m.id}": m.title for m in methods}
        | {f"phrases:{g.id}": g.title for g in groups}
        | {f"picture:{f.id}": f.title for f in figures}
    )


def _names(labels: Labels | None, steps: tuple[Step, ...]) -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = labels.model_dump(exclude={"speaker"}) if labels else {}
    names = {field: {name: key for key, name in known.items()} for field, known in words.items()}
    return names | {key: {s.name: s.id for s in steps} for key in _STEP_FIELDS}


def _place(r: Reading, key: str, file: str, lines: yl.Lines) -> None:
    if key in r.places:
        other, other_lines = r.places[key]
        what = f"编号“{key.split(':', 1)[1]}”已在 {other}:{other_lines.line} 用过"
        r.find(file, lines.of(("id",)), "duplicate-id", what, "换一个编号")
        return
    r.places[key] = (file, lines)
    r.wrote(*key.split(":", 1))


def _build(
    r: Reading, model: type[T], data: Any, file: str, lines: yl.Lines, path: yl.Path
) -> T | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        report(r, error, file, lines, path, model)
        return None
