"""What training is made from, as frozen objects."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from kb.content.model_base import Frozen, Id, Label, Text, Words


class Training(Frozen):
    """``book/training.yml``: what drills and questions need beside the cases.

    ``insist``: what a customer says when a reply missed, a tuple for each mood from calm to
    furious. ``not_now``: by the best step and by a likely wrong one, why the wrong one must wait.
    ``again``: why a step that was done is not to be done once more.
    """

    insist: Annotated[
        tuple[Annotated[Words, Field(min_length=1)], ...], Field(min_length=5, max_length=5)
    ]
    not_now: dict[Label, dict[Label, Text]]
    again: dict[Label, Text] = Field(default_factory=dict)


class AssignmentItem(Frozen):
    """A page, case or method to read; ``proof`` is what shows that it was.

    ``minutes`` is estimated from the length where it is not given.
    """

    section: Id | None = None
    case: Id | None = None
    method: Id | None = None
    proof: Literal["read", "question", "drill"] = "read"
    minutes: Annotated[int, Field(ge=1, le=999)] | None = None

    @property
    def refs(self) -> list[tuple[str, str]]:
        """What is named, as ``(kind, id)``; a sound item names exactly one thing."""
        named = {"section": self.section, "case": self.case, "method": self.method}
        return [(kind, item_id) for kind, item_id in named.items() if item_id is not None]

    @property
    def ref(self) -> str:
        """What is to be read, as ``kind:id``."""
        ((kind, item_id),) = self.refs
        return f"{kind}:{item_id}"


class Assignment(Frozen):
    """A reading list of the book; ``pass_`` is the share of right first answers, in per cent."""

    id: Id
    title: Text
    for_: Annotated[str, Field(alias="for")] = ""
    people: Words = ()
    due: Annotated[datetime.date | None, BeforeValidator(lambda day: day or None)] = None
    pass_: Annotated[int, Field(alias="pass", ge=0, le=100)] = 80
    items: Annotated[tuple[AssignmentItem, ...], Field(min_length=1)]
