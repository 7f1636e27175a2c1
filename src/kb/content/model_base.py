"""What the types of the library are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Words = tuple[Text, ...]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Label = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
LabelTuple = tuple[Label, ...]


class Frozen(BaseModel):
    """A type whose objects do not change and hold nothing but what it names."""

    model_config = ConfigDict(frozen=True, extra="forbid")
