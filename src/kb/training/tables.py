"""The report as tables for a spreadsheet: CSV and XLSX.

The same sheets as in the browser (``docs/design/training.md``, "Tables").
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Mapping, Sequence

from kb.sheets import harmless
from kb.training.report import LOCAL, Report

Cell = str | int | None
Row = Sequence[Cell]

_WHO = ("读单", "截止", "姓名")
_STATES = {"passed": "通过", "failed": "未及格", "open": "未学完", "missing": "未交"}


def sheets(report: Report, steps: Mapping[str, str]) -> dict[str, list[Row]]:
    """All sheets by name, each with its heading; ``steps`` names the ladder's steps in order."""
    made: dict[str, list[Row]] = {
        "人员": [
            [
                "读单",
                "截止",
                "姓名",
                "状态",
                "迟交",
                "得分",
                "分钟",
                "完成",
                "全部",
                "交回",
                "另一版",
            ],
            *_people(report),
        ],
        "步骤": [["读单", "步骤", "姓名", "答对", "答了"], *_steps(report, steps)],
        "题目": [
            ["读单", "题", "答对", "答了"],
            *(
                (r["title"], h["q"], h["right"], h["asked"])
                for r in report["lists"]
                for h in r["hard"]
            ),
        ],
        "问题": [["文件", "说明"], *((p["file"], p["what"]) for p in report["problems"])],
    }
    return {name: [[_safe(cell) for cell in row] for row in rows] for name, rows in made.items()}


def to_csv(report: Report, steps: Mapping[str, str]) -> str:
    """The people as CSV that spreadsheets open with the right characters."""
    out = io.StringIO()
    csv.writer(out).writerows(sheets(report, steps)["人员"])
    return "\ufeff" + out.getvalue()


def to_xlsx(report: Report, steps: Mapping[str, str]) -> bytes:
    """All sheets as an Excel file."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets(report, steps).items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                cell = sheet.cell(number, column)
                if isinstance(value, str):
                    # Names come from anywhere; halves of characters and control codes are no XML.
                    value = ILLEGAL_CHARACTERS_RE.sub("", value.encode(errors="replace").decode())
                cell.value = value
                if number == 1:
                    cell.font = Font(bold=True)
        for column, width in enumerate(_widths(rows), 1):
            sheet.column_dimensions[get_column_letter(column)].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _people(report: Report) -> Iterable[Row]:
    for reading in report["lists"]:
        for p in reading["people"]:
            yield (
                reading["title"],
                reading["due"],
                p["person"],
                _STATES[p["state"]],
                "是" if p["late"] else "",
                p["score"],
                p["minutes"],
                p["done"],
                p["items"],
                _local(p["finished"]),
                "是" if p["otherBook"] else "",
            )


def _steps(report: Report, steps: Mapping[str, str]) -> Iterable[Row]:
    for reading in report["lists"]:
        known = [step for step in steps if step in reading["steps"]]
        for step in [*known, *sorted(reading["steps"].keys() - steps.keys())]:
            cells = reading["steps"][step]
            for person in (p["person"] for p in reading["people"]):
                if person in cells:
                    yield (reading["title"], steps.get(step, step), person, *cells[person])


def _local(finished: str) -> str:
    if not finished:
        return ""
    local = datetime.datetime.strptime(finished, "%Y-%m-%dT%H:%M:%SZ") + LOCAL
    return local.isoformat(" ", "minutes")


def _safe(cell: Cell) -> Cell:
    return harmless(cell) if isinstance(cell, str) else cell


def _widths(rows: Sequence[Row]) -> list[int]:
    """Column widths that show the longest cell, up to a limit; a Chinese character takes two."""

    def width(cell: Cell) -> int:
        return sum(1 if char < "\u0100" else 2 for char in str("" if cell is None else cell))

    return [min(60, 2 + max(map(width, column))) for column in zip(*rows, strict=True)]
