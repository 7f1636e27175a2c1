"""YAML with the line of every value, so that a mistake can be shown where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

Path = tuple[str | int, ...]


class YamlMistakeError(Exception):
    """The text is no YAML we accept; ``line`` counts from 1, ``what`` is in Chinese."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


def load_yaml(text: str, first_line: int = 1) -> tuple[Any, dict[Path, int]]:
    """Read one YAML document: its value, and the line of every path in it.

    ``first_line`` is the line of the file on which ``text`` begins. Raises ``YamlMistakeError``.
    """
    loader = yaml.CSafeLoader(text)
    lines: dict[Path, int] = {}
    try:
        node = loader.get_single_node()
        if node is None:
            return None, {(): first_line}
        _walk(node, (), lines, first_line)
        return loader.construct_document(node), lines
    except YamlMistakeError:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = mark.line if mark else 0
        raise YamlMistakeError(first_line + at, f"YAML 读不懂（{error.problem}）") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise YamlMistakeError(first_line, f"YAML 读不懂（{error}）".replace("\n", " ")) from None
    finally:
        loader.dispose()


def _walk(node: yaml.Node, path: Path, lines: dict[Path, int], first: int) -> None:
    lines[path] = first + node.start_mark.line
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                raise YamlMistakeError(first + key.start_mark.line, f"“{name}”写了两次")
            seen.add(name)
            _walk(value, (*path, name), lines, first)
            lines[(*path, name)] = first + key.start_mark.line
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            _walk(item, (*path, i), lines, first)


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of ``path`` or, where it does not exist, of its nearest parent."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
