"""Content: the authors' files, read once into frozen objects, or every mistake at once."""

from kb.content.check import check
from kb.content.digest import digest
from kb.content.load import find_root, load
from kb.content.model import (
    Avoid,
    Case,
    Drill,
    Figure,
    Labels,
    Library,
    Line,
    Method,
    Moment,
    Need,
    Phrase,
    PhraseGroup,
    Rule,
    Rules,
    Section,
    Step,
    SynonymBook,
    Term,
    WordList,
)
from kb.content.wording import FillBook, FillEntry, ReplyBook, ReplyEntry

__all__ = [
    "Avoid",
    "Case",
    "Drill",
    "Figure",
    "FillBook",
    "FillEntry",
    "Labels",
    "Library",
    "Line",
    "Method",
    "Moment",
    "Need",
    "Phrase",
    "PhraseGroup",
    "ReplyBook",
    "ReplyEntry",
    "Rule",
    "Rules",
    "Section",
    "Step",
    "SynonymBook",
    "Term",
    "WordList",
    "check",
    "digest",
    "find_root",
    "load",
]
