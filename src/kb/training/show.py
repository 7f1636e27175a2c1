"""What a trainer sees in a notebook: tables and bars that stand offline and on paper.

Words are the page's own text: no Chinese font has to be shipped or found.
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

_PROOFS = {"read": "读完", "question": "读完 + 检查题", "drill": "演一遍"}
_CELL = "text-align:left;padding:3px 12px 3px 0"
_WHOLE = "white-space:nowrap"
#: A cell of at most so many characters stays on one line.
_SHORT = 5


@dataclass(frozen=True)
class Table:
    """Rows of texts under a heading."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def _repr_html_(self) -> str:
        head, *rows = (
            "".join(_cell(name, text) for text in row)
            for name, row in [("th", self.head), *(("td", row) for row in self.rows)]
        )
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f'<div style="overflow-x:auto">{table}</div>'


@dataclass(frozen=True)
class Bars:
    """Horizontal bars: name, share of the longest bar (0 to 1), figures in words."""

    title: str
    bars: tuple[tuple[str, float, str], ...]

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row" style="{_CELL};{_WHOLE};font-weight:400">{escape(name)}</th>'
            f'<td style="{_CELL};width:100%">{_bar(share)}</td>'
            f'<td style="{_CELL};{_WHOLE}">{escape(note)}</td></tr>'
            for name, share, note in self.bars
        )
        return (
            f'<table style="width:100%"><caption style="caption-side:top">{escape(self.title)}'
            f"</caption><tbody>{rows}</tbody></table>"
        )


def _cell(name: str, text: str) -> str:
    style = f"{_CELL};{_WHOLE}" if len(text) <= _SHORT else _CELL
    return f'<{name} style="{style}">{escape(text)}</{name}>'


def _bar(share: float) -> str:
    """A bar as SVG, which goes to paper where a background does not; the words stand beside it."""
    return (
        '<svg aria-hidden="true" viewBox="0 0 100 1" preserveAspectRatio="none" '
        'style="display:block;width:100%;height:14px" fill="currentColor">'
        f'<rect width="{max(0.5, 100 * share):.1f}" height="1" opacity=".45"/></svg>'
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
    rows.append(("合计", f"{sum(item['minutes'] for item in items)} 分钟", "", ""))
    return Table(("读什么", "时间", "怎么算完成", "为什么"), tuple(rows))
