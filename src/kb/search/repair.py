"""What a query meant: slips of an input method put right, pinyin read, synonyms added.

The twin is ``browser/static/repair.js``; ``tests/fixtures/queries.json`` holds both to the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kb.search.rank import FULL
from kb.search.words import LONGEST
from kb.text import runs

#: What a further reading, a synonym and a typed slip count beside what was meant, in thousandths.
SECOND, SYNONYM, TYPED = 800, 400, 200
#: So many readings of ambiguous pinyin and of initials, and so many synonyms of a word.
READINGS, INITIALS, SYNONYMS = 3, 6, 4
#: A slip is put right only towards a word at least so well known: heard alike, or only nearly so.
LEAST, LEAST_NEAR = 6, 16
#: Initials are read as several words only when all are so well known: any letters are initials.
#: Letters without a vowel are hardly anything else, so less is asked of them.
LEAST_INITIALS, LEAST_CONSONANTS = 60, 8
#: Slips are looked for only where a pair of characters stands in fewer documents than this.
RARE = 3
#: A word that more than this share of the documents holds needs no synonyms.
OFTEN = 0.1
MOST_INITIALS = 10
VOWELS = frozenset("aeiou")
_LATIN = re.compile(r"[a-z]+(?:[ ']+[a-z]+)*")
_SHAPES = Path(__file__).with_name("shapes.txt")
#: Sounds that many people do not tell apart when they type.
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


class Note(NamedTuple):
    """What was done to a query: ``slip``, ``pinyin`` or ``synonym``, from which words to which."""

    kind: str
    typed: str
    meant: tuple[str, ...]


class Known(NamedTuple):
    """A word and how well it is known."""

    text: str
    weight: int


class Meaning(NamedTuple):
    """A query as it is looked up: texts with weights in thousandths, and what was done."""

    pieces: tuple[tuple[str, int], ...]
    notes: tuple[Note, ...]


def shapes() -> list[str]:
    """Sets of characters that look alike."""
    return _SHAPES.read_text("utf-8").split()


def letters_of(typed: str) -> str:
    """Typed pinyin as the tables spell it: without blanks, and ``lüe`` typed as lue."""
    letters = re.sub("[ ']", "", typed)
    return letters.replace("lue", "lve").replace("nue", "nve")


def fuzzy(said: str) -> str:
    """A syllable without the differences that many people do not make."""
    for more, less in _FUZZY:
        if said.startswith(more) or said.endswith(more):
            said = said.replace(more, less, 1)
    return said


def initials(words: Mapping[str, Any]) -> dict[str, list[Known]]:
    """The words and phrases of a library by the first letters of their syllables."""
    found: dict[str, list[Known]] = {}
    both = (words["phrases"], words["vocabulary"])
    weights = {text: (said, weight) for part in both for text, said, weight in part}
    for text, (pinyin, weight) in weights.items():
        said = pinyin.split(" ")
        if len(said) == len(text):
            found.setdefault("".join(s[0] for s in said), []).append(Known(text, weight))
    for known in found.values():
        known.sort(key=lambda k: (-k.weight, k.text))
    return found


class Repairer:
    """Reads queries with the words of one library (``IndexReader.words``)."""

    def __init__(self, words: Mapping[str, Any], index: Any) -> None:
        self._index = index
        self._weight: dict[str, int] = {}
        self._by_sound: dict[str, list[str]] = {}
        self._by_fuzzy: dict[str, list[str]] = {}
        self._by_letters: dict[str, list[str]] = {}
        for word, pinyin, weight in words["vocabulary"]:  # the best known first
            self._weight[word] = weight
            said = pinyin.split(" ")
            if len(said) != len(word):
                continue
            self._by_sound.setdefault(" ".join(said), []).append(word)
            self._by_fuzzy.setdefault(" ".join(map(fuzzy, said)), []).append(word)
            self._by_letters.setdefault("".join(said), []).append(word)
        self._by_initials = initials(words)
        self._letters = sorted(self._by_letters)
        self._syllables = set(words["syllables"])
        self._said = {c: s for s, chars in words["syllables"].items() for c in chars}
        self._alike: dict[str, str] = {}
        for group in shapes():
            for char in group:
                self._alike[char] = self._alike.get(char, "") + group.replace(char, "")
        self._groups = words["synonyms"]["groups"]

    def read(self, normal: str) -> Meaning:
        """What a normalised query means."""
        notes: list[Note] = []
        pieces = self._pinyin(normal, notes)
        text = pieces[0][0]
        right = list(text)
        for start, typed, meant in self._mend(text, notes):
            right[start : start + len(typed)] = meant
            pieces.append((typed, TYPED))
        pieces[0] = ("".join(right), FULL)
        pieces += self._synonyms(pieces[0][0], notes)
        return Meaning(tuple(pieces), tuple(notes))

    # slips

    def _mend(self, text: str, notes: list[Note]) -> list[tuple[int, str, str]]:
        found = []
        for run in runs(text):
            if run.han and self._strange(run.text):
                for at, typed, meant in self._slips(run.text):
                    found.append((run.start + at, typed, meant))
                    notes.append(Note("slip", typed, (meant,)))
        return found

    def _strange(self, text: str) -> bool:
        """Whether a run holds a pair that hardly stands anywhere."""
        return any(self._docs(text[i : i + 2]) < RARE for i in range(len(text) - 1))

    def _slips(self, text: str) -> Iterator[tuple[int, str, str]]:
        """Where a run holds a slip: its place, what was typed, what was meant."""
        edges = self._edges(text)
        at = 0
        while at < len(text) - 1:
            found = ""
            for size in range(min(4, len(text) - at), 1, -1):
                # A window may hold whole words, but not a part of one.
                if edges[at] and edges[at + size]:
                    found = self._meant(text[at : at + size])
                if found:
                    yield at, text[at : at + size], found
                    break
            at += max(1, len(found))

    def _edges(self, text: str) -> list[bool]:
        """Between which characters no word of the library is cut, the longest from the left."""
        edges = [True] * (len(text) + 1)
        at = 0
        while at < len(text):
            for size in range(min(LONGEST, len(text) - at), 1, -1):
                if text[at : at + size] in self._weight:
                    edges[at + 1 : at + size] = [False] * (size - 1)
                    at += size
                    break
            else:
                at += 1
        return edges

    def _meant(self, typed: str) -> str:
        """The word behind a slip, or nothing."""
        if typed in self._weight:
            return ""
        pairs = [typed[i : i + 2] for i in range(len(typed) - 1)]
        strange = [pair for pair in pairs if pair not in self._weight]
        if not strange:
            return ""
        said = [self._said.get(char, "?") for char in typed]
        near = [*self._changed(typed), *self._by_fuzzy.get(" ".join(map(fuzzy, said)), ())]
        options = [(word, LEAST) for word in self._by_sound.get(" ".join(said), ())]
        options += [(word, LEAST_NEAR) for word in near]
        seen = max(self._docs(pair) for pair in strange)
        for word, least in options:
            # Nobody hits every key wrong: at least one character stands.
            stands = any(a == b for a, b in zip(word, typed, strict=True))
            if stands and self._weight[word] >= max(least, 10 * seen):
                return word
        return ""

    def _docs(self, gram: str) -> int:
        postings = self._index.postings(gram)
        return postings.docs if postings else 0

    def _changed(self, typed: str) -> list[str]:
        """Words that differ from ``typed`` in one character that looks alike."""
        found = []
        for i, char in enumerate(typed):
            for other in self._alike.get(char, ""):
                word = typed[:i] + other + typed[i + 1 :]
                if word in self._weight:
                    found.append(word)
        return sorted(found, key=lambda word: -self._weight[word])

    # pinyin

    def _pinyin(self, text: str, notes: list[Note]) -> list[tuple[str, int]]:
        """The query with its Latin runs read as pinyin, where the index lacks them."""
        right, end, others = "", 0, list[tuple[str, int]]()
        for match in _LATIN.finditer(text):
            typed = match.group()
            if all(word in self._index for word in typed.split()):
                continue
            chunks = self._read_letters(letters_of(typed))
            if not chunks:
                continue
            meant = "".join(first.text for first, *_ in chunks)
            right += text[end : match.start()] + meant
            end = match.end()
            also = [(k.text, _second(first, k)) for first, *rest in chunks for k in rest]
            notes.append(Note("pinyin", typed, (meant, *[w for w, _ in also[: READINGS - 1]])))
            others += also
        return [(right + text[end:], FULL), *others]

    def _read_letters(self, letters: str) -> list[list[Known]]:
        """What letters say, word by word, each with its readings, the best first.

        Syllables of which most belong to no word known here are read as such only when nothing
        else can be made of them.
        """
        if letters in self._by_letters:
            return [self._known(self._by_letters[letters])]
        left, words = self._segmented(letters) if self._is_said(letters) else (0, [])
        if words and 3 * left <= 2 * len(letters):
            return words
        if 2 <= len(letters) <= MOST_INITIALS:
            initials = self._initials(letters)
            if initials:
                return initials
        begun = [w for w in self._letters if len(letters) >= 3 and w.startswith(letters)]
        found = sorted(
            {w for b in begun[:200] for w in self._by_letters[b]},
            key=lambda w: (-self._weight[w], w),
        )
        return [self._known(found)] if found else words

    def _known(self, words: Sequence[str]) -> list[Known]:
        return [Known(word, self._weight[word]) for word in words[:READINGS]]

    def _is_said(self, letters: str) -> bool:
        """Whether letters are nothing but syllables."""
        ends = {0}
        for end in range(1, len(letters) + 1):
            if any(letters[start:end] in self._syllables for start in ends if end - start <= 6):
                ends.add(end)
        return len(letters) in ends

    def _initials(self, letters: str) -> list[list[Known]]:
        """Initials as one word, else as words of two to four characters, the fewest."""
        if letters in self._by_initials:
            return [self._by_initials[letters][:INITIALS]]
        least = LEAST_INITIALS if VOWELS & set(letters) else LEAST_CONSONANTS
        best: list[tuple[int, int, tuple[str, ...]] | None] = [(0, 0, ())] + [None] * len(letters)
        for end in range(2, len(letters) + 1):
            for start in range(max(0, end - 4), end - 1):
                before, part = best[start], letters[start:end]
                if before is None or part not in self._by_initials:
                    continue
                known = min(self._by_initials[part][0].weight, 1000)
                if known < least:
                    continue
                option = (before[0] + 1, before[1] - known, (*before[2], part))
                now = best[end]
                if now is None or option < now:
                    best[end] = option
        last = best[len(letters)]
        return [self._by_initials[part][:INITIALS] for part in last[2]] if last else []

    def _segmented(self, letters: str) -> tuple[int, list[list[Known]]]:
        """Letters as a row of words: as few letters left over as can be, then the fewest words.

        How many letters are left over, and the readings of each word.
        """
        start_at: tuple[int, int, int, tuple[str, ...]] = (0, 0, 0, ())
        best: list[tuple[int, int, int, tuple[str, ...]]] = [start_at]
        for end in range(1, len(letters) + 1):
            left, count, known, parts = best[end - 1]
            now = (left + 1, count, known, parts)
            for start in range(max(0, end - 24), end - 1):
                words = self._by_letters.get(letters[start:end])
                if not words:
                    continue
                left, count, known, parts = best[start]
                weight = min(self._weight[words[0]], 1000)
                option = (left, count + 1, known - weight, (*parts, letters[start:end]))
                now = min(now, option)
            best.append(now)
        left, _, _, parts = best[-1]
        return left, [self._known(self._by_letters[part]) for part in parts]

    # synonyms

    def _synonyms(self, text: str, notes: list[Note]) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        for group in self._groups:
            held = [word for word in group if word in text]
            if not held or any(self._often(word) for word in held):
                continue
            others = [w for w in group if w not in text][:SYNONYMS]
            if others:
                notes.append(Note("synonym", max(held, key=len), tuple(others)))
                found += [(word, SYNONYM) for word in others]
        return found

    def _often(self, word: str) -> bool:
        """Whether every pair of a word stands in very many documents."""
        most = OFTEN * len(self._index.documents)
        pairs = [word[i : i + 2] for i in range(len(word) - 1)] or [word]
        return all(self._docs(pair) > most for pair in pairs)


def _second(first: Known, other: Known) -> int:
    """What a further reading counts: less, the less it is known beside the first."""
    return SECOND * other.weight // max(first.weight, other.weight, 1)


def named_facets(facets: Mapping[str, Sequence[str]], text: str) -> set[str]:
    """The ``field:label`` facets that a normalised query names."""
    return {facet for facet, words in facets.items() if any(word in text for word in words)}
