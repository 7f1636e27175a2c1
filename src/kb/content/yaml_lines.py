"""YAML with the line of every value, so that a mistake can be shown where it stands.

Values are made from the parser's events directly: a library has a million of them, and a tree of
nodes between costs three times as long. What authors never need and a stranger's file could use to
fill the memory (anchors, aliases, tags) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

Path = tuple[str | int, ...]


_HINT = "检查缩进、冒号后的空格和引号；一句话里有“: ”或以特殊符号开头时，用单引号括起来"

#: Slips of the hand that the parser notices late and says in its own words.
_SLIPS = (
    (re.compile(r"^ *\t"), "行首用了制表符（Tab）", "换成空格"),
    (re.compile(r"^\s*(?:- +)*[A-Za-z_]+："), "冒号是全角的“：”", "换成半角的“:”，后面空一格"),
    (re.compile(r"^\s*(?:- +)*[A-Za-z_]+:[^\s:/]"), "冒号后面没有空格", "在冒号后面空一格"),
)


def slip(line: str) -> tuple[str, str] | None:
    """What is wrong with a line and what to do, where it is one of the common slips."""
    return next(((what, todo) for shape, what, todo in _SLIPS if shape.match(line)), None)


class YamlMistakeError(Exception):
    """The text is no YAML we accept; ``line`` counts from 1, ``what`` and ``todo`` are Chinese."""

    def __init__(self, line: int, what: str, todo: str = _HINT) -> None:
        super().__init__(what)
        self.line = line
        self.what = what
        self.todo = todo


@dataclass(slots=True)
class Lines:
    """The line on which a list or a mapping begins, and those of what is in it.

    ``below`` has a plain number for a value without parts: most values are such.
    """

    line: int
    below: dict[str | int, Lines | int] = field(default_factory=dict)

    def of(self, path: Path) -> int:
        """The line of ``path`` or, where it does not exist, of its nearest parent."""
        at = self
        for step in path:
            found = at.below.get(step)
            if found is None:
                break
            if isinstance(found, int):
                return found
            at = found
        return at.line

    def part(self, step: str | int) -> Lines:
        """The lines of one part, which may be a plain value."""
        found = self.below[step]
        return Lines(found) if isinstance(found, int) else found


def load_yaml(text: str, first_line: int = 1) -> tuple[Any, Lines]:
    """Read one YAML document: its value, and the line of everything in it.

    ``first_line`` is the line of the file on which ``text`` begins. Raises ``YamlMistakeError``.
    """
    try:
        return _document(yaml.parse(text, yaml.CSafeLoader), first_line)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = mark.line if mark else 0
        written = text.splitlines()
        # The slip is where the parser stopped, where it began to read this, or just above.
        for near in (at, error.context_mark.line if error.context_mark else at, at - 1):
            if 0 <= near < len(written) and (found := slip(written[near])):
                raise YamlMistakeError(first_line + near, *found) from None
        raise YamlMistakeError(first_line + at, f"YAML 读不懂（{error.problem}）") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise YamlMistakeError(first_line, f"YAML 读不懂（{error}）".replace("\n", " ")) from None


def _document(events: Iterator[Any], first: int) -> tuple[Any, Lines]:
    value: Any = None
    lines = Lines(first)
    begun = False
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if begun:
                raise YamlMistakeError(_line(event, first), "“---”之后又开始了一份")
            begun = True
            value, found = _value(next(events), events, first)
            lines = Lines(found) if isinstance(found, int) else found
    return value, lines


def _value(event: Any, events: Iterator[Any], first: int) -> tuple[Any, Lines | int]:
    line = _line(event, first)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None or event.tag is not None:
        raise YamlMistakeError(line, "这里不能用“&”“*”“!”开头的写法，文字要加引号")
    if isinstance(event, yaml.ScalarEvent):
        return (_plain(event.value, line) if event.implicit[0] else event.value), line
    lines = Lines(line)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            item, lines.below[len(items)] = _value(event, events, first)
            items.append(item)
        return items, lines
    mapping: dict[Any, Any] = {}
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        at = _line(key, first)
        if not isinstance(key, yaml.ScalarEvent):
            raise YamlMistakeError(at, "冒号前面应该是一个名称")
        name, _ = _value(key, events, first)
        if key.value in lines.below:
            raise YamlMistakeError(at, f"“{key.value}”写了两次", "删掉一个")
        mapping[name], below = _value(next(events), events, first)
        if isinstance(below, Lines):
            below.line = at  # a mistake in the whole value is shown at its name
        lines.below[key.value] = below if isinstance(below, Lines) else at
    return mapping, lines


def _line(event: Any, first: int) -> int:
    return int(first + event.start_mark.line)


def _plain(text: str, line: int) -> Any:
    """A scalar without quotes: mostly text, else a number, a date, yes or no, or nothing."""
    if text and text[0] not in yaml.SafeLoader.yaml_implicit_resolvers:
        return text
    try:
        return _typed(text)
    except (yaml.YAMLError, ValueError) as error:
        raise YamlMistakeError(
            line, f"YAML 读不懂（“{text}”：{error}）".replace("\n", " ")
        ) from None


@lru_cache(maxsize=1 << 14)
def _typed(text: str) -> Any:
    loader: Any = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, text, (True, False))
    if tag not in loader.yaml_constructors:
        return text  # "<<" and "=", which mean nothing here
    return loader.construct_object(yaml.ScalarNode(tag, text))
