"""What the authors' files hold, as frozen objects.

Fields named after labels (``type``, ``emotion``, …) hold ids of ``book/labels.yml``; ``step``,
``steps``, ``also`` and ``done`` hold ids of ``book/ladder.yml``. Whether they do is a matter for
``kb.content.check``; here only shapes are held.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import Field

from kb.content.model_base import Frozen, Id, Label, LabelTuple, Text, Words
from kb.content.model_rules import Rules
from kb.content.model_training import Assignment, Training
from kb.content.wording import FillBook, ReplyBook

#: A page that answers for more of the material says too little where a hit leads.
MOST_SOURCES = 8
#: Ways in which a person would ask for one thing; half of them in words that it does not use.
MOST_ASKS = 20


class Labels(Frozen):
    """The words used in files (keys) and their Chinese names (values), a field each."""

    stage: dict[Label, Text]
    type: dict[Label, Text]
    emotion: dict[Label, Text]
    demand: dict[Label, Text]
    risk: dict[Label, Text]
    outcome: dict[Label, Text]
    channel: dict[Label, Text]
    industry: dict[Label, Text]
    speaker: dict[Literal["customer", "agent"], Words]


class Line(Frozen):
    """A sentence to say; the filters, where given, say when it fits.

    ``danger`` holds ids of ``book/rules.yml``: what is said to somebody who was hurt is not what is
    said to somebody beside a gas leak. Of ``words`` the customer must have said one.
    """

    text: Text
    emotion: LabelTuple = ()
    type: LabelTuple = ()
    channel: LabelTuple = ()
    risk: LabelTuple = ()
    danger: tuple[Id, ...] = ()
    words: Words = ()


class Avoid(Frozen):
    """A sentence not to say and what to say instead; ``step`` only in phrase groups.

    The filters, as those of a ``Line``, say when it is worth a warning.
    """

    text: Text
    instead: Text
    step: Label | None = None
    emotion: LabelTuple = ()
    type: LabelTuple = ()
    risk: LabelTuple = ()
    danger: tuple[Id, ...] = ()
    words: Words = ()


class Step(Frozen):
    """A rung of the response ladder."""

    id: Label
    name: Text
    stage: Label
    why: Text
    when: Text
    when_not: Text
    how: Annotated[Words, Field(min_length=1)]
    say: Annotated[tuple[Line, ...], Field(min_length=1)]
    avoid: tuple[Avoid, ...] = ()
    asks: Words = ()
    source: Words = ()


class MethodItem(Frozen):
    """One step of a method, or one rule of a set of rules."""

    do: Text
    how: Text
    say: Text | None = None


class Careful(Frozen):
    """A practice in use that deceives, breaks a law or is out of date, with the honest way."""

    practice: Text
    why: Text
    instead: Text


class Method(Frozen):
    """A method (ordered) or a set of rules (unordered), shown as one card."""

    id: Id
    title: Text
    kind: Literal["method", "rules"]
    source: Annotated[Words, Field(min_length=1)]
    steps: LabelTuple = ()
    when: Text
    asks: Words = ()
    items: Annotated[tuple[MethodItem, ...], Field(min_length=2)]
    example: Text | None = None
    careful: tuple[Careful, ...] = ()
    checked: datetime.date


class Phrase(Frozen):
    """A sentence to say at a step of the ladder, with optional filters."""

    step: Label
    say: Text
    emotion: LabelTuple = ()
    type: LabelTuple = ()
    channel: LabelTuple = ()
    risk: LabelTuple = ()


class PhraseGroup(Frozen):
    """Sentences that belong together, with those to avoid."""

    id: Id
    title: Text
    source: Annotated[Words, Field(min_length=1)]
    when: Text
    not_when: Text
    asks: Words = ()
    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    avoid: tuple[Avoid, ...] = ()
    checked: datetime.date


class Passage(Frozen):
    """A stretch of a page under one heading; ``anchor`` is its id in the built page."""

    anchor: str
    heading: str
    text: str


class Reference(Frozen):
    """A role or directive in a page that points at other content; ``shown``: it stands there."""

    kind: str
    target: str
    line: int
    shown: bool = False


class CarefulBlock(Frozen):
    """A ``careful`` block of a page as it was written; a part the author left out is empty."""

    practice: str
    why: str
    instead: str
    line: int


class Section(Frozen):
    """A page of the handbook; ``form`` says what ``kb check`` asks of it.

    ``as_of`` is the day the law on a page of form ``law`` was looked up.
    """

    id: Id
    title: Text
    form: Literal["section", "tool", "phrases", "law", "page"] = "section"
    as_of: datetime.date | None = None
    source: Annotated[Words, Field(min_length=1)]
    steps: LabelTuple = ()
    cases: tuple[Id, ...] = ()
    asks: Words = ()
    checked: datetime.date
    file: str
    passages: tuple[Passage, ...]
    references: tuple[Reference, ...] = ()
    cautions: tuple[CarefulBlock, ...] = ()


class Moment(Frozen):
    """One real decision in a contact: what was said, what is done, what comes next and why."""

    said: Text
    done: LabelTuple = ()
    step: Label
    also: LabelTuple = ()
    why: Text
    say: Text
    not_: Annotated[Text, Field(alias="not")]
    type: Label | None = None
    emotion: Label | None = None
    demand: LabelTuple | None = None
    risk: LabelTuple | None = None


class Case(Frozen):
    """A case of the library, told in ``passages``, with the moments that teach."""

    id: Id
    title: Text
    source: Annotated[Words, Field(min_length=1)]
    industry: Label
    channel: Label
    type: Label
    emotion: Label
    demand: LabelTuple = ()
    risk: LabelTuple = ()
    outcome: Label
    people: Words = ()
    asks: Words = ()
    checked: datetime.date
    lead: Text
    moments: tuple[Moment, ...]
    discuss: Words = ()
    lesson: Text
    file: str
    passages: tuple[Passage, ...]
    references: tuple[Reference, ...] = ()
    cautions: tuple[CarefulBlock, ...] = ()


class Term(Frozen):
    """A word of the glossary; ``not_`` are variants that the book does not use for it.

    A hit inside one of ``unless`` does not count.
    """

    term: Text
    means: Text
    not_: Annotated[Words, Field(alias="not")] = ()
    unless: Words = ()
    section: Id | None = None


class FigureSide(Frozen):
    """A branch that leaves a flow to the right: under which answer, and where it goes."""

    when: Text
    text: Text


class FigureNode(Frozen):
    """A box of a flow, a cell of a grid, or a level of a zone.

    ``ask``: the box is a question, ``otherwise`` the answer that goes on downwards. ``gap``: words
    on the way from the node before; in a zone the band between the two levels.
    """

    text: Text
    note: Text | None = None
    gap: Text | None = None
    ask: bool = False
    otherwise: Text | None = None
    side: FigureSide | None = None


class Figure(Frozen):
    """A picture drawn when the book is built; ``alt`` says in words what it shows.

    ``ladder`` takes its boxes from the ladder; a ``grid`` has four cells, row by row, and ``axes``
    (what grows to the right, what grows upwards); a ``zone`` has its levels from the top down.
    """

    id: Id
    title: Text
    kind: Literal["ladder", "flow", "grid", "zone"]
    source: Words = ()
    alt: Text
    axes: tuple[Text, Text] | None = None
    nodes: tuple[FigureNode, ...] = ()


class Drill(Frozen):
    """A short situation with its labels; the advisor learns from it."""

    text: Text
    done: LabelTuple = ()
    channel: Label = "any"
    industry: Label = "general"
    step: Label
    also: LabelTuple = ()
    type: Label
    emotion: Label
    demand: LabelTuple = ()
    risk: LabelTuple = ()


class WordList(Frozen):
    """Words that show a label; a hit inside one of ``unless`` does not count."""

    words: Annotated[Words, Field(min_length=1)]
    unless: Words = ()


class SynonymBook(Frozen):
    """``book/synonyms.yml``: words for one thing, and words that name an industry or a channel."""

    groups: tuple[Annotated[Words, Field(min_length=2)], ...] = ()
    facets: dict[Literal["industry", "channel"], dict[Label, Words]] = Field(default_factory=dict)


class Library(Frozen):
    """Everything the authors wrote, in the order of the files.

    ``held_out`` are drills that only measure the advisor; it never learns from them.
    """

    labels: Labels
    steps: tuple[Step, ...]
    rules: Rules
    sections: tuple[Section, ...]
    methods: tuple[Method, ...]
    phrase_groups: tuple[PhraseGroup, ...]
    cases: tuple[Case, ...]
    drills: tuple[Drill, ...]
    held_out: tuple[Drill, ...]
    terms: tuple[Term, ...]
    figures: tuple[Figure, ...]
    synonyms: SynonymBook
    training: Training
    assignments: tuple[Assignment, ...]
    lexicon: dict[str, dict[Label, WordList]]
    reply: ReplyBook
    fill: FillBook

    def step(self, step_id: str) -> Step:
        """The rung of that id; ``KeyError`` if there is none."""
        return _by_id(self.steps, step_id)

    def method(self, method_id: str) -> Method:
        """The method of that id; ``KeyError`` if there is none."""
        return _by_id(self.methods, method_id)

    def case(self, case_id: str) -> Case:
        """The case of that id; ``KeyError`` if there is none."""
        return _by_id(self.cases, case_id)

    def section(self, section_id: str) -> Section:
        """The page of that id; ``KeyError`` if there is none."""
        return _by_id(self.sections, section_id)

    def phrase_group(self, group_id: str) -> PhraseGroup:
        """The phrase group of that id; ``KeyError`` if there is none."""
        return _by_id(self.phrase_groups, group_id)

    def figure(self, figure_id: str) -> Figure:
        """The picture of that id; ``KeyError`` if there is none."""
        return _by_id(self.figures, figure_id)

    def title(self, kind: str, item_id: str) -> str:
        """The name of an item that a role or directive points at; ``KeyError`` if there is none."""
        finders: dict[str, Callable[[str], Case | Section | Method | PhraseGroup | Figure]] = {
            "case": self.case,
            "section": self.section,
            "method": self.method,
            "phrases": self.phrase_group,
            "picture": self.figure,
        }
        return self.step(item_id).name if kind == "step" else finders[kind](item_id).title

    def home_of(self, kind: str, item_id: str) -> Section | None:
        """The page that shows a method, phrase group or picture, the first one if several do."""
        for section in self.sections:
            if any(r.shown and r.kind == kind and r.target == item_id for r in section.references):
                return section
        return None

    def pages_with(self, step: str) -> list[Section]:
        """The pages that tell of a step, those first that name it first."""
        told = [s for s in self.sections if step in s.steps]
        return sorted(told, key=lambda s: (s.form != "section", s.steps.index(step), s.id))

    def cases_with(self, step: str) -> list[Case]:
        """The cases that come to a step, those first that come to it most often."""
        often = [([m.step for m in c.moments].count(step), c) for c in self.cases]
        return [c for count, c in sorted(often, key=lambda o: (-o[0], o[1].id)) if count]

    def asked_about(self, section: Section) -> bool:
        """Whether the page holds anything that questions can be made from."""
        return bool(section.cautions) or any(
            (r.kind == "method" and self.method(r.target).careful)
            or (r.kind == "phrases" and self.phrase_group(r.target).avoid)
            for r in section.references
            if r.shown
        )

    def situations(self) -> Iterator[Drill]:
        """All situations to learn from: the moments of the cases, then the drills."""
        for case in self.cases:
            for m in case.moments:
                yield Drill(
                    text=m.said,
                    done=m.done,
                    channel=case.channel,
                    industry=case.industry,
                    step=m.step,
                    also=m.also,
                    type=m.type or case.type,
                    emotion=m.emotion or case.emotion,
                    demand=case.demand if m.demand is None else m.demand,
                    risk=case.risk if m.risk is None else m.risk,
                )
        yield from self.drills


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_Item = TypeVar("_Item", bound=_HasId)


def _by_id(items: Sequence[_Item], item_id: str) -> _Item:
    for item in items:
        if item.id == item_id:
            return item
    raise KeyError(item_id)
