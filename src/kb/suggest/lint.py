"""What does not belong into a reply: the authors' words in a draft, and what to write instead.

Twin: ``browser/static/lint.js``; ``tests/fixtures/replies.json`` holds both to the same remarks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from kb.content.private import find_private, masked
from kb.text import normalise

#: The kind of a remark on a number or address of somebody's own; it needs no words of authors.
PRIVATE = "private"
#: What stands in quotation marks is somebody else's.
_QUOTED = re.compile("“[^”]*”")
_MARKS = ",。!?;:、~ "
#: A shop gives its own landline and address; only these are the customer's.
_NOT_IN_REPLIES = ("手机号", "身份证号", "银行卡号")


@dataclass(frozen=True)
class Remark:
    """``[start, end)`` of a draft, in code points, does not belong there.

    ``instead`` takes the place of the whole clause around it, or, if not ``clause``, of just that.
    """

    start: int
    end: int
    text: str
    kind: str
    instead: str
    clause: bool
    why: str

    def to_json(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return asdict(self)


class _Entry(NamedTuple):
    kind: str
    find: re.Pattern[str]
    unless: re.Pattern[str] | None
    instead: str
    clause: bool
    why: str


#: Start, end, kind, instead, clause, why.
_Found = tuple[int, int, str, str, bool, str]


class Linter:
    """Looks through drafts; ``data`` is the part ``reply`` of ``wording_data``."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._private: str = data["private"]
        self._entries = [
            _Entry(
                e["kind"],
                re.compile(e["find"]),
                re.compile(e["unless"]) if e["unless"] else None,
                e["instead"],
                e["clause"],
                e["why"],
            )
            for e in data["entries"]
        ]

    def find(self, draft: str) -> list[Remark]:
        """All remarks on a draft, in order; of those that overlap the first, then the longest."""
        normal = normalise(draft)
        # A draft need not end with a full stop, and a line is as good as a sentence.
        n = normal.text.replace("\n", "。") + "。"
        quoted = _spans(_QUOTED, n)
        found: list[_Found] = []
        for entry in self._entries:
            shields = [*quoted, *(_spans(entry.unless, n) if entry.unless else ())]
            found += [
                (
                    *normal.span(*_trimmed(n, *span)),
                    entry.kind,
                    entry.instead,
                    entry.clause,
                    entry.why,
                )
                for span in _spans(entry.find, n)
                if not _shielded(*span, shields)
            ]
        for start, end, kind in find_private(draft):
            if kind in _NOT_IN_REPLIES:
                instead = masked(draft[start:end], kind)
                found.append((start, end, PRIVATE, instead, False, self._private))
        return [
            Remark(start, end, draft[start:end], kind, instead, clause, why)
            for start, end, kind, instead, clause, why in _apart(found)
        ]


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def _shielded(start: int, end: int, shields: Sequence[tuple[int, int]]) -> bool:
    return any(s < end and start < e for s, e in shields)


def _trimmed(n: str, start: int, end: int) -> tuple[int, int]:
    """The span without the marks around it; they only say where a sentence goes on or ends."""
    while end - start > 1 and n[end - 1] in _MARKS:
        end -= 1
    while end - start > 1 and n[start] in _MARKS:
        start += 1
    return start, end


def _apart(found: Sequence[_Found]) -> Iterator[_Found]:
    reached = 0
    for one in sorted(found, key=lambda f: (f[0], -f[1])):
        if one[0] >= reached:
            reached = one[1]
            yield one
