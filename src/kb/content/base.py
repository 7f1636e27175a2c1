"""The small types that everything the authors write is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Words = tuple[Text, ...]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Label = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
LabelTuple = tuple[Label, ...]


class Frozen(BaseModel):
    """A part that never changes and has no keys but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")
