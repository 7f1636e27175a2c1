"""What a trainer sees in a notebook: tables and bars that stand offline and on paper.

Bars are SVG with the page's own fonts: no Chinese font has to be shipped or found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from kb.content import Library
from kb.training.lists import find
from kb.training.plan import Complaints, Proposal, Weakness
from kb.training.report import Report
from kb.training.tables import sheets

_PROOFS = {"read": "读完", "question": "读完，答对一道检查题", "drill": "演完一遍"}
#: Pixels: a row, the column of names, the longest bar, the column of figures.
_ROW, _NAMES, _LONGEST, _NOTES = 30, 150, 330, 160


@dataclass(frozen=True)
class Table:
    """Rows of texts under a heading."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(cell)}</th>" for cell in self.head)
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


@dataclass(frozen=True)
class Bars:
    """Horizontal bars: name, share of the longest bar (0 to 1), figures in words."""

    title: str
    bars: tuple[tuple[str, float, str], ...]

    def _repr_html_(self) -> str:
        width, height = _NAMES + _LONGEST + _NOTES, _ROW * len(self.bars)
        words = "；".join(f"{name}：{note}" for name, _, note in self.bars)
        rows = "".join(self._row(n, *bar) for n, bar in enumerate(self.bars))
        return (
            f'<figure><figcaption>{escape(self.title)}</figcaption><svg viewBox="0 0 {width} '
            f'{height}" style="width:100%;max-width:{width}px" font-size="15" fill="currentColor" '
            f'role="img" aria-label="{escape(f"{self.title}。{words}")}">{rows}</svg></figure>'
        )

    def _row(self, n: int, name: str, share: float, note: str) -> str:
        middle = n * _ROW + _ROW // 2
        text = 'dominant-baseline="central"'
        long = max(2, round(_LONGEST * share))
        return (
            f'<text x="{_NAMES - 10}" y="{middle}" text-anchor="end" {text}>{escape(name)}</text>'
            f'<rect x="{_NAMES}" y="{middle - 9}" width="{long}" height="18" opacity=".45"/>'
            f'<text x="{_NAMES + long + 8}" y="{middle}" {text}>{escape(note)}</text>'
        )


def people(report: Report) -> Table:
    """Who handed in what, as in the table that ``kb training report`` writes."""
    head, *rows = sheets(report, {})["人员"]
    shown = [0, 2, 3, 4, 5, 7, 8]  # list, person, state, late, score, done, all
    return Table(
        tuple(str(head[i]) for i in shown),
        tuple(tuple("" if row[i] is None else str(row[i]) for i in shown) for row in rows),
    )


def steps(library: Library, weak: Sequence[Weakness]) -> Bars:
    """The share of right first answers, the weakest step first."""
    names = {step.id: step.name for step in library.steps}
    return Bars(
        "第一次就答对的比例，弱的在上",
        tuple(
            (names.get(w.step, w.step), w.share, f"{w.share:.0%}（{w.asked} 次对 {w.right} 次）")
            for w in weak
        ),
    )


def complaints(library: Library, found: Sequence[Complaints]) -> Bars:
    """How many complaints of each type there were."""
    most = max((c.count for c in found), default=1)
    labels = library.labels

    def name(c: Complaints) -> str:
        return labels.type[c.type] + (f"·{labels.industry[c.industry]}" if c.industry else "")

    return Bars("上月投诉", tuple((name(c), c.count / most, f"{c.count} 件") for c in found))


def proposal(library: Library, made: Proposal) -> Table:
    """A proposed list with its reasons."""
    items = made.reading["items"]
    rows = [
        (find(library, item["ref"]).title, f"{item['minutes']} 分钟", _PROOFS[item["proof"]], why)
        for item, why in zip(items, made.why, strict=True)
    ]
    total = sum(item["minutes"] for item in items)
    return Table(("读什么", f"共 {total} 分钟", "怎么算完成", "为什么"), tuple(rows))
