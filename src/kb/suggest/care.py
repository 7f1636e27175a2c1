"""What a contact needs beside the step: facts still missing, and what a danger asks for.

Twin: ``browser/static/choose.js``, held by ``tests/fixtures/situations.json``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kb.text import runs

#: So many facts are asked for at most: nobody answers five questions.
FACTS = 3
#: Steps at which a missing fact still matters.
BEFORE = ("ask", "explore", "confirm", "offer", "apologize", "empathize")


def missing(
    rules: Mapping[str, Any],
    said: str,
    step: str,
    labels: Mapping[str, Sequence[str]],
    industry: str | None,
    done: Sequence[str],
) -> list[dict[str, str]]:
    """The facts that such a complaint needs and that were not told.

    None once all was confirmed; and none while somebody may be hurt: what to secure comes first.
    """
    if step not in BEFORE or "confirm" in done or "safety" in labels["risk"]:
        return []
    longest = max((len(run.text) for run in runs(said) if not run.han), default=0)
    found = []
    for fact in rules["facts"]:
        where = not fact["industry"] or industry in fact["industry"]
        told = any(word in said for word in fact["words"]) or 0 < fact["digits"] <= longest
        if where and set(labels["type"]) & set(fact["type"]) and not told:
            found.append({"name": fact["name"], "ask": fact["ask"]})
    return found[:FACTS]


def danger(
    rules: Mapping[str, Any], said: str, labels: Mapping[str, Sequence[str]], step: str
) -> Mapping[str, Any] | None:
    """The danger of ``book/rules.yml`` that the contact is in; one that names words goes first."""
    read = {**labels, "step": [step]}

    def holds(one: Mapping[str, Any]) -> bool:
        meant = all(not one[f] or set(one[f]) & set(read[f]) for f in ("risk", "type", "step"))
        return meant and (not one["words"] or any(word in said for word in one["words"]))

    found = [one for one in rules["danger"] if holds(one)]
    return min(found, key=lambda one: not one["words"], default=None)
