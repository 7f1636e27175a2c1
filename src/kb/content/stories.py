"""Stories told twice, and the same situation with two answers: both would teach badly."""

from __future__ import annotations

import re

from kb.content.load import Reading
from kb.content.model import Case, Library

_SHINGLE = 8
#: From this share of the shorter story on, two cases tell the same.
_SAME = 0.25
_WORDS = re.compile(r"[\w\u3400-\u9fff]")


def check_stories(r: Reading, library: Library) -> None:
    """Add to ``r`` what stands twice, or twice with different answers."""
    _same_story(r, library.cases)
    _same_situation(r, library)


def _same_story(r: Reading, cases: tuple[Case, ...]) -> None:
    shingles = [(case, _shingles("".join(p.text for p in case.passages))) for case in cases]
    for i, (case, own) in enumerate(shingles):
        for other, others in shingles[:i]:
            shorter = min(len(own), len(others)) or 1
            share = len(own & others) / shorter
            if share >= _SAME:
                what = f"和 {other.file} 讲的是同一件事，{share:.0%} 的字句相同"
                r.find(*r.at(f"case:{case.id}"), "duplicate-story", what, "合成一篇，或写出不同")


def _plain(text: str) -> str:
    return "".join(_WORDS.findall(text))


def _shingles(text: str) -> set[str]:
    plain = _plain(text)
    return {plain[i : i + _SHINGLE] for i in range(len(plain) - _SHINGLE + 1)}


def _same_situation(r: Reading, library: Library) -> None:
    """The same words in the same state must have the same answer, wherever they stand."""
    places: list[tuple[str, tuple[str | int, ...]]] = [
        (f"case:{case.id}", ("moments", i))
        for case in library.cases
        for i in range(len(case.moments))
    ]
    places += [(key, ()) for key in r.places if key.startswith("drill:")]
    seen: dict[tuple[str, frozenset[str]], tuple[str, str, tuple[str, ...]]] = {}
    situations = [*library.situations(), *library.held_out]
    learned = {_plain(s.text) for s in library.situations()}
    for i, ((key, path), s) in enumerate(zip(places, situations, strict=True)):
        state = (_plain(s.text), frozenset(s.done))
        file, line = r.at(key, *path)
        if i >= len(situations) - len(library.held_out) and state[0] in learned:
            todo = "从 held-out 里拿掉，换一条没学过的"
            r.find(file, line, "leak", "应答台学过这句话，用它来考就不算数", todo)
            continue
        if state not in seen:
            seen[state] = (f"{file}:{line}", s.step, s.also)
            continue
        where, step, also = seen[state]
        if s.step != step and s.step not in also and step not in s.also:
            what = f"和 {where} 的话、done 都相同，步骤却不同（{s.step}、{step}）"
            r.find(file, line, "moment", what, "改 done，或改成同一步，或只留一个")
        elif key.startswith("drill:"):
            what = f"和 {where} 的话、done 都相同"
            r.find(file, line, "duplicate-drill", what, "只留一条")
