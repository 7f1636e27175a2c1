"""Every error a user can meet, each printing one finished sentence.

KbError             anything below; ``exit_code`` 1
├── ContentError    the authors' files are wrong; carries every finding at once
├── InputError      a file or text somebody handed in is wrong
├── UsageError      the command was called wrongly; ``exit_code`` 2
└── MissingPartError  an optional package is not installed
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class KbError(Exception):
    """Base of all errors; ``str(error)`` is one sentence in Chinese for the person at hand."""

    exit_code = 1


class InputError(KbError):
    """A file or text that somebody handed in cannot be used."""


class UsageError(KbError):
    """The command was called in a way it does not know."""

    exit_code = 2


class MissingPartError(KbError):
    """A part of the program needs a package that is not installed."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing an author should mend.

    ``file`` is relative to the project root, ``line`` counts from 1. ``kind`` is a stable name
    for the rule, so that a check or a filter can rely on it. A ``warning`` stops nothing.
    """

    file: str
    line: int
    kind: str
    what: str
    todo: str
    warning: bool = False

    def __str__(self) -> str:
        mark = "（提醒）" if self.warning else ""
        return f"{self.file}:{self.line}: {mark}{self.what} — {self.todo}"


class ContentError(KbError):
    """The authors' files are wrong; ``findings`` holds all of it, in file and line order."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        lines = "\n".join(str(f) for f in self.findings)
        super().__init__(f"内容有 {len(self.findings)} 处要改：\n{lines}")
