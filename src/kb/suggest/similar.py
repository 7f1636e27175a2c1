"""Cases that are like a case: by their fields, by their words, and why."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from kb.content import Case, Library
from kb.text import grams, normalise

#: What a shared field counts beside the words (the nearest words count 1).
_WEIGHTS = {"industry": 0.25, "type": 0.3, "emotion": 0.1}
_FIRST_STEP, _RARE_STEP = 0.1, 0.1
#: From this share of the nearest case's words on, the words themselves are a reason to name.
_ALIKE = 0.6


@dataclass(frozen=True)
class Alike:
    """A case that is like another.

    ``shared`` names what they have in common: ``industry``, ``type``, ``emotion``, ``text``;
    ``first_step`` the step both begin with, ``rare_step`` the rarest one both come to.
    """

    case: Case
    shared: tuple[str, ...]
    first_step: str | None
    rare_step: str | None
    score: float


class Similarity:
    """Compares the cases of one library by fields and by the cosine of their words' tf-idf."""

    def __init__(self, library: Library) -> None:
        self._cases = library.cases
        counted = [Counter(_words(case)) for case in library.cases]
        held = Counter(word for words in counted for word in words)
        self._vectors = {}
        for case, words in zip(library.cases, counted, strict=True):
            vector = {
                word: (1 + math.log(n)) * math.log(len(counted) / held[word])
                for word, n in words.items()
            }
            length = math.sqrt(sum(x * x for x in vector.values())) or 1.0
            self._vectors[case.id] = {word: x / length for word, x in vector.items()}
        self._common = Counter(m.step for c in library.cases for m in c.moments)

    def near(self, case: Case, limit: int = 3) -> tuple[Alike, ...]:
        """The ``limit`` cases most like ``case``, best first."""
        others = [c for c in self._cases if c.id != case.id]
        texts = {c.id: self._cosine(case, c) for c in others}
        top = max(texts.values(), default=0.0) or 1.0
        rated = [self._compare(case, other, texts[other.id] / top) for other in others]
        rated.sort(key=lambda s: (-s.score, s.case.id))
        return tuple(rated[:limit])

    def _compare(self, case: Case, other: Case, text: float) -> Alike:
        fields = [f for f in _WEIGHTS if getattr(other, f) == getattr(case, f)]
        first = case.moments[0].step if other.moments[0].step == case.moments[0].step else None
        both = {m.step for m in case.moments} & {m.step for m in other.moments}
        rare = min(both, key=lambda step: (self._common[step], step), default=None)
        score = text + sum(_WEIGHTS[f] for f in fields)
        score += _FIRST_STEP * bool(first) + _RARE_STEP * bool(rare)
        shared = [*fields, "text"] if text >= _ALIKE else fields
        return Alike(other, tuple(shared), first, rare, score)

    def _cosine(self, a: Case, b: Case) -> float:
        one, two = self._vectors[a.id], self._vectors[b.id]
        if len(two) < len(one):
            one, two = two, one
        return sum(x * two.get(word, 0.0) for word, x in one.items())


def _words(case: Case) -> list[str]:
    parts = [case.title, case.lead, case.lesson, *case.asks, *(p.text for p in case.passages)]
    parts += [m.said for m in case.moments]
    return [g.text for part in parts for g in grams(normalise(part).text) if len(g.text) > 1]
