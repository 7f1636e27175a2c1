"""What a trainer sees in a notebook: who handed in, which steps are weak, what to read."""

from __future__ import annotations

from collections.abc import Sequence

from kb.charts import Bars, Table
from kb.content import Library
from kb.training.lists import find
from kb.training.plan import Complaints, Proposal, Weakness
from kb.training.report import Report
from kb.training.tables import sheets

_PROOFS = {"read": "读完", "question": "读完 + 检查题", "drill": "演一遍"}


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
