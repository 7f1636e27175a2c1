"""Cases that are like a case: by their fields, by their words, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kb.content import Case, Library
from kb.search import SearchEngine

#: What a shared field counts beside the words (the nearest words count 1).
_WEIGHTS = {"type": 0.35, "industry": 0.3, "emotion": 0.1}
_FIRST_STEP, _RARE_STEP = 0.15, 0.1
#: From here on the words themselves are a reason to name.
_ALIKE = 0.5


@dataclass(frozen=True)
class Similar:
    """A case that is like another.

    ``shared`` names what they have in common: ``industry``, ``type``, ``emotion``, ``text``;
    ``first_step`` the step both begin with, ``rare_step`` the rarest one both come to.
    """

    case: Case
    shared: tuple[str, ...]
    first_step: str | None
    rare_step: str | None
    score: float


def similar(
    library: Library, search: SearchEngine, case: Case, limit: int = 3
) -> tuple[Similar, ...]:
    """The ``limit`` cases most like ``case``, best first."""
    words = f"{case.title}\n{case.lead}\n{case.lesson}"
    found = search.ranked(words, lambda d: d.kind == "case" and d.id != f"case:{case.id}")
    texts = {d.id.removeprefix("case:"): score for score, d in found}
    top = max(texts.values(), default=0.0) or 1.0
    common = Counter(m.step for c in library.cases for m in c.moments)
    own = {m.step for m in case.moments}
    rated = []
    for other in library.cases:
        if other.id == case.id:
            continue
        text = texts.get(other.id, 0.0) / top
        fields = [f for f in _WEIGHTS if getattr(other, f) == getattr(case, f)]
        first = case.moments[0].step if other.moments[0].step == case.moments[0].step else None
        both = own & {m.step for m in other.moments}
        rare = min(both, key=lambda step: (common[step], step), default=None)
        score = text + sum(_WEIGHTS[f] for f in fields)
        score += _FIRST_STEP * bool(first) + _RARE_STEP * bool(rare)
        shared = sorted(fields, key=["industry", "type", "emotion"].index)
        shared += ["text"] if text >= _ALIKE else []
        rated.append(Similar(other, tuple(shared), first, rare, score))
    rated.sort(key=lambda s: (-s.score, s.case.id))
    return tuple(rated[:limit])
