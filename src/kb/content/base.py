"""What the types of the content are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Words = tuple[Text, ...]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Label = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
LabelTuple = tuple[Label, ...]


class Frozen(BaseModel):
    """An object that is not changed once it is read, and has no keys but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")
