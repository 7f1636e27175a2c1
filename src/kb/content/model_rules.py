"""``book/rules.yml``: what the advisor does beside its network, as frozen objects."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kb.content.model_base import Frozen, Id, Label, LabelTuple, Text, Words


class Rule(Frozen):
    """A rule that goes before the network: where all conditions hold, ``then`` is the step.

    ``risk``, ``emotion``, ``type``: at least one of them was read; ``done``: all of them are done,
    ``any_done``: one of them, ``not_done``: none. ``words``: the customer's last words hold one,
    not counting those inside one of ``unless``.
    """

    id: Id
    then: Label
    why: Text
    risk: LabelTuple = ()
    emotion: LabelTuple = ()
    type: LabelTuple = ()
    done: LabelTuple = ()
    any_done: LabelTuple = ()
    not_done: LabelTuple = ()
    words: Words = ()
    unless: Words = ()


class Narrowing(Frozen):
    """Where all conditions hold, only ``steps`` may be advised; ``fresh``: nothing is done yet."""

    id: Id
    steps: Annotated[LabelTuple, Field(min_length=1)]
    risk: LabelTuple = ()
    emotion: LabelTuple = ()
    type: LabelTuple = ()
    fresh: bool = False


class Need(Frozen):
    """A step that a contact still needs where one of each given condition was read.

    ``not_after``: steps that make it needless, as nobody escalates what was just refused.
    """

    step: Label
    type: LabelTuple = ()
    emotion: LabelTuple = ()
    demand: LabelTuple = ()
    risk: LabelTuple = ()
    not_after: LabelTuple = ()


class Between(Frozen):
    """The question that decides between two steps."""

    steps: tuple[Label, Label]
    ask: Text


class Danger(Frozen):
    """What to secure and what not to promise, where a risk was read, a word was said, or both.

    ``type`` and ``step`` limit it to some types and to some steps that were chosen. ``sure``: one
    of the words is enough for the risk to be read, whatever the network says.
    """

    id: Id
    risk: LabelTuple = ()
    type: LabelTuple = ()
    step: LabelTuple = ()
    words: Words = ()
    sure: bool = False
    secure: Annotated[Words, Field(min_length=1)]
    never: Annotated[Words, Field(min_length=1)]


class Fact(Frozen):
    """Something that must be known before a complaint of one of the types can be dealt with.

    It is known where one of ``words`` was said, or so many figures or letters in a row as
    ``digits`` says. ``industry`` limits it to some; without it, it is for all.
    """

    name: Text
    ask: Text
    type: Annotated[LabelTuple, Field(min_length=1)]
    industry: LabelTuple = ()
    words: Words = ()
    digits: Annotated[int, Field(ge=0, le=30)] = 0


class Rules(Frozen):
    """All rules. ``repeatable`` steps may be advised again although they are done; ``said`` are
    words with which an agent in a transcript takes a step, ``not_said`` longer ones around them
    that take none (请问有什么可以帮您)."""

    first: tuple[Rule, ...] = ()
    among: tuple[Narrowing, ...] = ()
    needs: tuple[Need, ...]
    repeatable: LabelTuple = ()
    between: tuple[Between, ...] = ()
    danger: tuple[Danger, ...] = ()
    facts: tuple[Fact, ...] = ()
    said: dict[Label, Words] = Field(default_factory=dict)
    not_said: Words = ()
