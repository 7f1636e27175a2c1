"""A trainer's preparation: which steps are weak, what is complained of, and what to read for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.content import Case, Library, Section
from kb.errors import InputError
from kb.sheets import read_csv
from kb.training.folder import receipts_in
from kb.training.lists import ListItem, ReadingList, find
from kb.training.minutes import minutes
from kb.training.questions import questions
from kb.training.report import Report, report

#: Right answers that a reading list made here asks for, in per cent.
_PASS = 80
#: A count as spreadsheets write it: 1200, 1,200 or 1200.0; nobody has a billion.
_COUNT = re.compile(r"([0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2})(\.0+)?")
#: A proposal names so many weak steps, or types of complaint, before it takes a second of each.
_FOCUS = 3


@dataclass(frozen=True)
class Weakness:
    """How often the first answer about a step was right."""

    step: str
    right: int
    asked: int

    @property
    def share(self) -> float:
        """The share of right answers, 0 to 1."""
        return self.right / self.asked


@dataclass(frozen=True)
class Complaints:
    """How many complaints of a type came from an industry; ``industry`` may be empty."""

    type: str
    industry: str
    count: int


@dataclass(frozen=True)
class Reason:
    """A thing to read and why, in words for the trainer."""

    ref: str
    proof: str
    why: str


@dataclass(frozen=True)
class Proposal:
    """A reading list, and for each of its items the reason."""

    reading: ReadingList
    why: tuple[str, ...]


def read_receipts(folder: str | Path) -> Report:
    """The report over a folder of receipts; raises ``InputError``."""
    return report(receipts_in(Path(folder)))


def weak_steps(made: Report) -> list[Weakness]:
    """All steps that were asked for, the weakest first."""
    right, asked = Counter[str](), Counter[str]()
    for reading in made["lists"]:
        for step, cells in reading["steps"].items():
            right[step] += sum(cell[0] for cell in cells.values())
            asked[step] += sum(cell[1] for cell in cells.values())
    found = [Weakness(step, right[step], count) for step, count in asked.items()]
    return sorted(found, key=lambda w: (w.share, -w.asked, w.step))


def read_complaints(library: Library, file: str | Path) -> list[Complaints]:
    """A CSV with the columns 类型, and if wanted 行业 and 件数; words or ids of the labels.

    What belongs together is added up, the most complaints first. Raises ``InputError``.
    """
    path = Path(file)
    table = read_csv(path)
    if "类型" not in table.heads:
        raise InputError(f"{path}:1: 没有“类型”这一列——第一行写列名：类型,行业,件数。")
    total = Counter[tuple[str, str]]()
    for line, row in table.rows:
        where = f"{path}:{line}: "
        kind = _label(where, "类型", row.get("类型"), library.labels.type)
        industry = _label(where, "行业", row.get("行业"), library.labels.industry, needed=False)
        count = row.get("件数", "").strip() or "1"
        if not _COUNT.fullmatch(count):
            what = f"件数“{count[:20]}”不是整数，或大得不像真的"
            raise InputError(f"{where}{what}——只写数字，最多九位。")
        total[kind, industry] += int(count.split(".")[0].replace(",", ""))
    ordered = sorted(total.items(), key=lambda t: (-t[1], t[0]))
    return [Complaints(kind, industry, count) for (kind, industry), count in ordered]


def for_steps(library: Library, weak: Sequence[Weakness], most_minutes: int) -> Proposal:
    """Pages and cases for the weakest steps, at most ``most_minutes`` in all."""
    names = {step.id: step.name for step in library.steps}
    # A receipt from another version of the book may ask for a step that this one has not.
    focus = [w for w in weak if w.right < w.asked and w.step in names]

    def reasons(w: Weakness) -> Iterator[Reason]:
        why = f"“{names[w.step]}”{w.asked} 次答对 {w.right} 次"
        pages = [page for page in library.pages_with(w.step) if questions(library, page)]
        # Here the page whose very subject the step is goes first, whatever its form.
        pages.sort(key=lambda page: page.steps.index(w.step))
        for page, case in zip(pages, library.cases_with(w.step), strict=False):
            yield _page(page, why)
            yield _case(case, why)

    title = "、".join(names[w.step] for w in focus[:_FOCUS]) or "复习"
    return _proposal(library, "weak-steps", f"补一补：{title}", map(reasons, focus), most_minutes)


def for_complaints(library: Library, found: Sequence[Complaints], most_minutes: int) -> Proposal:
    """Cases like last month's complaints and the pages that go with them."""

    def reasons(one: Complaints) -> Iterator[Reason]:
        name = library.labels.type[one.type]
        why = f"{library.labels.industry[one.industry]}：{name}" if one.industry else name
        alike = [c for c in library.cases if c.type == one.type]
        alike.sort(key=lambda c: (c.industry != one.industry, c.id))
        for case in alike:
            yield _case(case, f"{why}，{one.count} 件")
            pages = [s for s in library.sections if case.id in s.cases and questions(library, s)]
            yield from (_page(page, f"讲到案例“{case.title}”") for page in pages[:1])

    title = "、".join(dict.fromkeys(library.labels.type[c.type] for c in found[:_FOCUS]))
    return _proposal(library, "last-month", f"上月投诉：{title}", map(reasons, found), most_minutes)


def _page(page: Section, why: str) -> Reason:
    return Reason(f"section:{page.id}", "question", why)


def _case(case: Case, why: str) -> Reason:
    return Reason(f"case:{case.id}", "drill", why)


def _proposal(
    library: Library,
    list_id: str,
    title: str,
    wishes: Iterable[Iterator[Reason]],
    most_minutes: int,
) -> Proposal:
    """Of every wish in turn two things, and again, as long as there is time."""
    items: dict[str, tuple[ListItem, str]] = {}
    left = most_minutes
    queue = list(wishes)
    while queue and left > 0:
        wish = queue.pop(0)
        taken = 0
        for reason in wish:
            need = minutes(library, find(library, reason.ref))
            if reason.ref in items or need > left:
                continue
            item: ListItem = {"ref": reason.ref, "proof": reason.proof, "minutes": need}
            items[reason.ref] = (item, reason.why)
            left -= need
            taken += 1
            if taken == 2:
                queue.append(wish)
                break
    reading: ReadingList = {
        "format": "kb-list",
        "version": 1,
        "id": list_id,
        "title": title,
        "for": "",
        "people": [],
        "due": "",
        "pass": _PASS,
        "items": [item for item, _ in items.values()],
    }
    return Proposal(reading, tuple(why for _, why in items.values()))


def _label(
    where: str, column: str, given: str | None, known: dict[str, str], needed: bool = True
) -> str:
    """The id of a label given by id or name; empty if it is neither given nor needed."""
    word = (given or "").strip()
    if not word and not needed:
        return ""
    for label, name in known.items():
        if word in (label, name):
            return label
    raise InputError(f"{where}不认识{column}“{word}”——可用：{'、'.join(known.values())}。")
