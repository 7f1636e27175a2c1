"""Tables and charts for notebooks that stand offline, on a phone and on paper.

Words are the page's own text, shapes are SVG: no Chinese font has to be shipped or found, and
nothing is asked of another host. Everything shown is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_CELL = "text-align:left;padding:3px 12px 3px 0"
_WHOLE = "white-space:nowrap"
#: A cell of at most so many characters stays on one line.
_SHORT = 5
#: Per cent of ink behind a figure of the same ink; on more of it a dark page's figures are faint.
_DARKEST = 34


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


def pareto(title: str, counts: Sequence[tuple[str, int]]) -> Bars:
    """Counts, the largest first, each with its share and the share of all down to it."""
    ordered = sorted(counts, key=lambda c: -c[1])
    total = sum(count for _, count in ordered) or 1
    most = max((count for _, count in ordered), default=0) or 1
    bars, so_far = [], 0
    for name, count in ordered:
        so_far += count
        note = f"{count} 件，占 {count / total:.0%}，累计 {so_far / total:.0%}"
        bars.append((name, count / most, note))
    return Bars(title, tuple(bars))


@dataclass(frozen=True)
class Matrix:
    """Counts by true name (row) and said name (column); a cell is shaded by its share of the row.

    The figure stands in every cell that is not empty, so shades alone carry nothing.
    """

    title: str
    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th scope="col" style="padding:2px;writing-mode:vertical-rl;font-weight:400">'
            f"{escape(name)}</th>"
            for name in self.names
        )
        rows = "".join(
            f'<tr><th scope="row" style="{_CELL};{_WHOLE};font-weight:400">{escape(name)}</th>'
            + "".join(_shaded(count, sum(row), i == j) for j, count in enumerate(row))
            + "</tr>"
            for i, (name, row) in enumerate(zip(self.names, self.counts, strict=True))
        )
        return (
            # To the left: on a phone the middle of a wide table is out of sight.
            '<div style="overflow-x:auto"><table>'
            '<caption style="caption-side:top;text-align:left">'
            f"{escape(self.title)}</caption><thead><tr><td></td>{head}</tr></thead>"
            f"<tbody>{rows}</tbody></table></div>"
        )


@dataclass(frozen=True)
class Reliability:
    """How often answers of a certainty were right: (certainty, share right, how many), 0 to 1.

    On the dashed line an answer is right as often as it says.
    """

    title: str
    points: tuple[tuple[float, float, int], ...]

    def _repr_html_(self) -> str:
        most = max((count for _, _, count in self.points), default=1)
        dots = "".join(
            f'<circle cx="{100 * sure:.1f}" cy="{100 - 100 * right:.1f}" '
            f'r="{1.5 + 3.5 * (count / most) ** 0.5:.1f}" opacity=".75"/>'
            for sure, right, count in self.points
        )
        words = "；".join(
            f"把握 {sure:.2f} 的 {count} 条对了 {right:.0%}" for sure, right, count in self.points
        )
        return (
            '<figure style="margin:0;max-width:420px">'
            f"<figcaption>{escape(self.title)}</figcaption>"
            '<p style="margin:0">↑ 真对的比例（到 100%）</p>'
            f'<svg viewBox="-3 -3 106 106" role="img" aria-label="{escape(words)}" '
            'style="display:block;width:100%" fill="currentColor" stroke="none">'
            '<rect width="100" height="100" fill="none" stroke="currentColor" opacity=".35"/>'
            '<line x1="0" y1="100" x2="100" y2="0" stroke="currentColor" stroke-width=".6" '
            f'stroke-dasharray="3 2" opacity=".6"/>{dots}</svg>'
            '<p style="margin:0;text-align:right">它说的把握（到 1）→</p></figure>'
        )


def _shaded(count: int, total: int, right: bool) -> str:
    shade = round(_DARKEST * count / total) if total else 0
    edge = "outline:1px solid currentColor;outline-offset:-1px;" if right else ""
    style = f"background:color-mix(in srgb,currentColor {shade}%,transparent)"
    ink = "font-weight:600;" if right else ""
    return (
        f'<td style="text-align:center;min-width:26px;padding:2px;{edge}{ink}{style}">'
        f"{count or ''}</td>"
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
