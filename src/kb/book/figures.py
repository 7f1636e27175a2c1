"""Draws the pictures of ``book/figures/`` as SVG, in colours of the page and at a phone's width.

Every picture is 360 units wide, so that its text is as large as the page's on a phone. Text is
broken here, because SVG does not break it.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from html import escape

from kb.content.model import Figure, FigureNode, Library

WIDTH = 360
_SIZE, _SMALL = 14, 12
_LINE = 1.5
_PAD = 10


def draw(figure: Figure, library: Library, link: Callable[[str], str]) -> str:
    """The picture as an ``svg`` element; ``link`` gives the address of a step of the ladder."""
    drawing = _Drawing()
    if figure.kind == "ladder":
        _ladder(drawing, library, link)
    elif figure.kind == "flow":
        _flow(drawing, figure)
    elif figure.kind == "grid":
        _grid(drawing, figure)
    else:
        _zone(drawing, figure)
    return drawing.svg(figure)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """``text`` in lines of at most ``width`` units; no line begins with a closing mark."""
    lines, line, used = [], "", 0.0
    for char in text:
        wide = size * (1.0 if unicodedata.east_asian_width(char) in "WF" else 0.56)
        if line and used + wide > width and char not in "，。；：、？！”）》":
            lines.append(line)
            line, used = "", 0.0
        line, used = line + char, used + wide
    return [*lines, line] if line else lines


class _Drawing:
    """Collects shapes and how far down they reach."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.bottom = 0.0

    def add(self, part: str, bottom: float) -> None:
        self.parts.append(part)
        self.bottom = max(self.bottom, bottom)

    def text(
        self, x: float, y: float, lines: list[str], size: float, css: str, anchor: str = "start"
    ) -> float:
        """Lines of text whose upper edge is ``y``; returns the lower edge."""
        for line in lines:
            y += size * _LINE
            self.add(
                f'<text x="{x:g}" y="{y - size * 0.4:g}" font-size="{size:g}" class="{css}"'
                f' text-anchor="{anchor}">{escape(line)}</text>',
                y,
            )
        return y

    def box(self, x: float, y: float, width: float, node: FigureNode, css: str = "") -> float:
        """A box with a bold line and a soft note; returns its lower edge."""
        room = width - 2 * _PAD
        height = _height(node, width)
        round_ = 18 if node.ask else 8
        self.add(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{round_}"'
            f' class="kb-f-box {css}"/>',
            y + height,
        )
        at = self.text(x + _PAD, y + _PAD - 3, wrapped(node.text, room, _SIZE), _SIZE, "kb-f-b")
        if node.note:
            self.text(x + _PAD, at, wrapped(node.note, room, _SMALL), _SMALL, "kb-f-soft")
        return y + height

    def arrow(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A line with a head at its end."""
        turn = math.atan2(y2 - y1, x2 - x1)
        head = " ".join(
            f"{x2 - 7 * math.cos(turn + side):g},{y2 - 7 * math.sin(turn + side):g}"
            for side in (0.45, -0.45)
        )
        self.add(
            f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" class="kb-f-line"/>'
            f'<polygon points="{x2:g},{y2:g} {head}" class="kb-f-head"/>',
            max(y1, y2),
        )

    def svg(self, figure: Figure) -> str:
        return (
            f'<svg viewBox="-1 -1 {WIDTH + 2} {math.ceil(self.bottom) + 2}" role="img"'
            f' aria-labelledby="picture-{figure.id}-title picture-{figure.id}-alt"'
            f' class="kb-figure"><title id="picture-{figure.id}-title">{escape(figure.title)}'
            f'</title><desc id="picture-{figure.id}-alt">{escape(figure.alt)}</desc>'
            + "".join(self.parts)
            + "</svg>"
        )


def _height(node: FigureNode, width: float) -> float:
    room = width - 2 * _PAD
    lines = len(wrapped(node.text, room, _SIZE)) * _SIZE
    lines += len(wrapped(node.note or "", room, _SMALL)) * _SMALL
    return lines * _LINE + 2 * _PAD - 6


def _ladder(d: _Drawing, library: Library, link: Callable[[str], str]) -> None:
    """Fifteen rungs that rise from left to right, a colour a stage, each a link to its step."""
    count, tall, wide = len(library.steps), 30, 132
    rise = (WIDTH - wide - 28) / (count - 1)
    for i, step in enumerate(library.steps):
        y = (count - 1 - i) * (tall + 4)
        x = 28 + i * rise
        css = f"stage-{step.stage}"
        first = i == 0 or library.steps[i - 1].stage != step.stage
        if first:
            stage = library.labels.stage[step.stage]
            d.text(x - 24, y + 4, [stage], _SIZE, f"kb-f-stage {css}")
        d.add(
            f'<a href="{escape(link(step.id))}" class="{css}"><rect x="{x:g}" y="{y}"'
            f' width="{wide}" height="{tall}" rx="6" class="kb-f-rung"/>'
            f'<text x="{x + 12:g}" y="{y + 20}" font-size="{_SIZE}" class="kb-f-b">'
            f"{i + 1} {escape(step.name)}</text></a>",
            y + tall,
        )


def _flow(d: _Drawing, figure: Figure) -> None:
    """Boxes from the top down; a question may send some to the right."""
    branches = any(node.side for node in figure.nodes)
    wide = 208.0 if branches else float(WIDTH)
    y = foot = 0.0  # where the next row may begin, and where the last box ends
    for i, node in enumerate(figure.nodes):
        if i:
            label = node.gap or figure.nodes[i - 1].otherwise
            lines = wrapped(label, wide - 60, _SMALL) if label else []
            below = max(y, foot + max(24.0, len(lines) * _SMALL * _LINE + 10))
            d.arrow(24, foot, 24, below - 2)
            d.text(36, foot + 4, lines, _SMALL, "kb-f-soft")
            y = below
        foot = d.box(0, y, wide, node, "kb-f-ask" if node.ask else "")
        row = foot
        if node.side:
            side = FigureNode(text=node.side.text)
            left, room = wide + 38, WIDTH - wide - 38
            middle = (y + foot) / 2
            top = max(y, middle - _height(side, room) / 2)
            d.text(wide + 17, middle - 22, [node.side.when], _SMALL, "kb-f-soft", "middle")
            d.arrow(wide, middle, left - 2, middle)
            row = max(row, d.box(left, top, room, side, "kb-f-side"))
        y = row + 8


def _grid(d: _Drawing, figure: Figure) -> None:
    """Two by two; the axes are named at the foot and on top."""
    assert figure.axes is not None
    right, up = figure.axes
    half = (WIDTH - 8) / 2
    y = d.text(0, 0, [f"↑ {up}"], _SMALL, "kb-f-soft") + 4
    for row in (figure.nodes[:2], figure.nodes[2:]):
        tall = max(_height(node, half) for node in row)
        for column, node in enumerate(row):
            x = column * (half + 8)
            d.add(
                f'<rect x="{x:g}" y="{y:g}" width="{half:g}" height="{tall:g}" rx="8"'
                ' class="kb-f-box"/>',
                y + tall,
            )
            room = half - 2 * _PAD
            at = d.text(x + _PAD, y + _PAD - 3, wrapped(node.text, room, _SIZE), _SIZE, "kb-f-b")
            if node.note:
                d.text(x + _PAD, at, wrapped(node.note, room, _SMALL), _SMALL, "kb-f-soft")
        y += tall + 8
    d.text(WIDTH, y - 4, [f"{right} →"], _SMALL, "kb-f-soft", "end")


def _zone(d: _Drawing, figure: Figure) -> None:
    """Levels from the top down, with what lies between two of them as a band."""
    y = 0.0
    for i, node in enumerate(figure.nodes):
        if i:
            lines = wrapped(node.gap or "", WIDTH - 48, _SIZE)
            tall = len(lines) * _SIZE * _LINE + 24
            d.add(
                f'<rect x="16" y="{y:g}" width="{WIDTH - 16}" height="{tall:g}"'
                f' class="kb-f-band kb-f-band-{i}"/>',
                y + tall,
            )
            d.text(32, y + 10, lines, _SIZE, "kb-f-text")
            y += tall
        y += 4
        at = d.text(0, y, wrapped(node.text, WIDTH, _SIZE), _SIZE, "kb-f-b")
        if node.note:
            at = d.text(0, at, wrapped(node.note, WIDTH, _SMALL), _SMALL, "kb-f-soft")
        y = at + 4
        d.add(f'<path d="M0 {y:g}H{WIDTH}" class="kb-f-line"/>', y)
