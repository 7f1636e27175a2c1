"""What authors write about the wording of replies, as frozen objects."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kb.content.model_base import Frozen, Label, Text, Words


class ReplyEntry(Frozen):
    """Words that do not belong into a reply, and what to write in their place.

    ``words`` and ``unless`` are patterns of ``kb.content.patterns``; words that an ``unless``
    touches do not count. ``instead`` replaces the clause with the words in it, or just the words.
    """

    kind: Label
    words: Annotated[Words, Field(min_length=1)]
    unless: Words = ()
    instead: Text
    replaces: Literal["clause", "words"] = "clause"
    why: Text


class ReplyBook(Frozen):
    """``book/lexicon/reply.yml``: what a reply is looked through for."""

    kinds: dict[Label, Text] = Field(default_factory=dict)
    entries: tuple[ReplyEntry, ...] = ()


class FillEntry(Frozen):
    """How a blank is filled from what the customer told.

    ``told`` finds the words in the text, ``fits`` the sentences in which just these words are
    meant; without it any sentence with the blank.
    """

    slot: Text
    told: Annotated[Words, Field(min_length=1)]
    fits: Words = ()


class FillBook(Frozen):
    """``book/fill.yml``: what the desk may fill into the blanks of a sentence."""

    shapes: dict[Text, Text | Words] = Field(default_factory=dict)
    entries: tuple[FillEntry, ...] = ()
