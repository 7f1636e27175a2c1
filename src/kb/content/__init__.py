"""Content: the authors' files, read once into frozen objects, or every mistake at once."""

from kb.content.assignment import load_assignment
from kb.content.check import check
from kb.content.digest import digest
from kb.content.load import find_root, industry_names, load
from kb.content.model import (
    Avoid,
    Careful,
    CarefulBlock,
    Case,
    Drill,
    Figure,
    Labels,
    Library,
    Line,
    Method,
    Moment,
    Phrase,
    PhraseGroup,
    Section,
    Step,
    SynonymBook,
    Term,
    WordList,
)
from kb.content.model_rules import Need, Rule, Rules
from kb.content.model_training import Assignment, Training
from kb.content.wording import FillBook, FillEntry, ReplyBook, ReplyEntry

__all__ = [
    "Assignment",
    "Avoid",
    "Careful",
    "CarefulBlock",
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
    "Training",
    "WordList",
    "check",
    "digest",
    "find_root",
    "industry_names",
    "load",
    "load_assignment",
]
