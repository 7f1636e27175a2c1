"""One's own list of complaints: a CSV in, the advice beside it, a CSV out."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import InputError
from kb.sheets import harmless, read_csv
from kb.suggest.advice import Advisor

#: Names of the column with the customer's words, the first that is there counts.
_TEXT = ("原话", "内容", "客户说", "投诉内容", "描述", "text")
#: Optional columns with words of the book.
_CHANNEL, _INDUSTRY = ("渠道", "channel"), ("行业", "industry")
#: What is added; a column of the same name that was there keeps its place and is written anew.
_ADDED = ("下一步", "把握", "类型", "情绪", "诉求", "风险")


@dataclass(frozen=True)
class Row:
    """A line of the list and the advice on it (an object of ``kb suggest --json``)."""

    given: dict[str, str]
    advice: dict[str, Any]


def advise(advisor: Advisor, path: Path) -> list[Row]:
    """Advise on every line of a CSV that says anything; what is read is told in ``kb.sheets``.

    Raises ``InputError`` when the file cannot be read or has no column with the customer's words.
    """
    table = read_csv(path)
    column = next((name for name in _TEXT if name in table.heads), None)
    if column is None:
        raise InputError(f"{path}：第一行里没有“{_TEXT[0]}”这一列——给客户原话那一列起这个名字。")
    found = []
    for _, row in table.rows:
        given = {name: cell.strip() for name, cell in row.items()}
        if not given[column]:
            continue
        advice = advisor.suggest(
            given[column],
            channel=_label(advisor, "channel", given, _CHANNEL),
            industry=_label(advisor, "industry", given, _INDUSTRY),
        )
        found.append(Row(given, advice.to_json()))
    if not found:
        raise InputError(f"{path}：没有一行写了“{column}”。")
    return found


def to_csv(advisor: Advisor, rows: Sequence[Row]) -> str:
    """The list with the advice beside it; a cell that a spreadsheet would run is made harmless."""
    out = io.StringIO()
    heads = list(dict.fromkeys([*rows[0].given, *_ADDED])) if rows else list(_ADDED)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(harmless, heads))
    for row in rows:
        cells = {**row.given, **_words(advisor, row.advice)}
        writer.writerow(harmless(cells.get(head, "")) for head in heads)
    return out.getvalue()


def counts(advisor: Advisor, rows: Sequence[Row], field: str) -> list[tuple[str, int]]:
    """How many complaints have each ``type``, ``emotion`` or ``step``, by its Chinese name."""
    names = advisor.names if field == "step" else advisor.labels[field]
    return [(names[key], n) for key, n in Counter(r.advice[field] for r in rows).most_common()]


def _words(advisor: Advisor, advice: dict[str, Any]) -> dict[str, str]:
    labels = advisor.labels
    demand = "、".join(labels["demand"][d] for d in advice["demand"])
    risk = "、".join(labels["risk"][r] for r in advice["risk"])
    cells = (
        advisor.names[advice["step"]],
        f"{advice['confidence']:.2f}",
        labels["type"][advice["type"]],
        labels["emotion"][advice["emotion"]],
        demand,
        risk,
    )
    return dict(zip(_ADDED, cells, strict=True))


def _label(
    advisor: Advisor, field: str, given: dict[str, str], columns: tuple[str, ...]
) -> str | None:
    """The id of a label, given as its id or its Chinese name; ``None`` where it is neither."""
    value = next((given[c] for c in columns if given.get(c)), "")
    names = advisor.labels[field]
    return next((key for key, name in names.items() if value in (key, name)), None)
