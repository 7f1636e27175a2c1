"""What a contact needs beside the step: facts still missing, and what a danger asks for.

Twin: ``browser/static/choose.js``, held by ``tests/fixtures/situations.json``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kb.suggest.reading import Read
from kb.text import runs

#: So many facts are asked for at most: nobody answers five questions.
FACTS = 3
#: Steps at which a missing fact still matters.
BEFORE = ("ask", "explore", "confirm", "offer", "apologize", "empathize")


def heard(read: Read) -> str:
    """All that the customer said, normalised."""
    return "\n".join(read.text[t.start : t.end] for t in read.turns if not t.agent)


def missing(
    rules: Mapping[str, Any], said: str, step: str, type_: str, industry: str | None
) -> list[dict[str, str]]:
    """The facts that such a complaint needs and that were not told."""
    if step not in BEFORE:
        return []
    longest = max((len(run.text) for run in runs(said) if not run.han), default=0)
    found = []
    for fact in rules["facts"]:
        where = not fact["industry"] or industry in fact["industry"]
        told = any(word in said for word in fact["words"]) or 0 < fact["digits"] <= longest
        if where and type_ in fact["type"] and not told:
            found.append({"name": fact["name"], "ask": fact["ask"]})
    return found[:FACTS]


def danger(
    rules: Mapping[str, Any], said: str, risks: Sequence[str]
) -> tuple[list[str], list[str]]:
    """What to secure and what not to promise; empty lists where there is no danger."""
    spoken = [d for d in rules["danger"] if any(word in said for word in d["words"])]
    read = [d for d in rules["danger"] if set(d["risk"]) & set(risks)]
    first = next(iter([*spoken, *read]), None)
    return (list(first["secure"]), list(first["never"])) if first else ([], [])
