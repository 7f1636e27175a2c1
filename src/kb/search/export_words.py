"""Words and how they are said for the browser, in parts that a slip or pinyin asks for.

- ``sounds``: all syllables with the characters of the vocabulary; ``rare-N``: with the other
  characters, a stretch of Unicode each;
- ``words-N``: the words whose first syllable, without the differences that ``fuzzy`` takes away,
  lies in one stretch of the alphabet: ``[words, weights, pinyin]``. The words are sorted; those
  with one first character make a line, the first written out, the others without that character,
  a blank between. ``pinyin`` holds what does not follow from the characters. A word that is said
  otherwise than its first character alone stands under both;
- ``initials-N``: the best known words by their initials, a stretch of the alphabet each:
  ``[weights, words]``, a blank between words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kb.search.index import IndexReader
from kb.search.repair import INITIALS, fuzzy, initials, shapes

#: About so many words a block: a mistyped query needs one for every character.
_WORDS, _INITIALS = 60, 200

#: A stretch of Unicode holds so many bits of code points.
_RARE_BITS = 11

_Word = tuple[str, str, int]


def export_words(reader: IndexReader, base: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The parts for slips and pinyin; what finds them goes into ``base``."""
    syllables: dict[str, str] = reader.words["syllables"]
    vocabulary: list[_Word] = [(w, p, n) for w, p, n in reader.words["vocabulary"]]
    said = {char: syllable for syllable, chars in syllables.items() for char in chars}
    used = {char for word, _, _ in vocabulary for char in word}
    yield "sounds", {s: "".join(c for c in cs if c in used) for s, cs in syllables.items()}
    rare: dict[int, dict[str, str]] = {}
    for syllable, chars in syllables.items():
        for char in (c for c in chars if c not in used):
            stretch = rare.setdefault(ord(char) >> _RARE_BITS, {})
            stretch[syllable] = stretch.get(syllable, "") + char
    yield from ((f"rare-{n}", stretch) for n, stretch in rare.items())
    base["rare"] = sorted(rare)

    by_sound: dict[str, list[_Word]] = {}
    for text, pinyin, known in vocabulary:  # the best known first
        for key in {fuzzy(pinyin.split(" ")[0]), fuzzy(said.get(text[0], "?"))}:
            by_sound.setdefault(key, []).append((text, pinyin, known))
    starts: list[str] = []
    for keys in _blocks({key: len(words) for key, words in by_sound.items()}, _WORDS):
        block = sorted({word for sound in keys for word in by_sound[sound]})
        yield f"words-{len(starts)}", _columns(block, said)
        starts.append(keys[0])
    base["words"] = starts
    starts = []
    best = {key: known[:INITIALS] for key, known in initials(reader.words).items()}
    for keys in _blocks({key: len(known) for key, known in best.items()}, _INITIALS):
        yield (
            f"initials-{len(starts)}",
            {
                key: [[k.weight for k in best[key]], " ".join(k.text for k in best[key])]
                for key in keys
            },
        )
        starts.append(keys[0])
    base["initials"] = starts
    base["shapes"] = shapes()


def _blocks(sizes: dict[str, int], most: int) -> Iterator[list[str]]:
    """The keys in order, in stretches of about the size ``most``."""
    keys: list[str] = []
    size = 0
    for key in sorted(sizes):
        keys.append(key)
        size += sizes[key]
        if size >= most:
            yield keys
            keys, size = [], 0
    if keys:
        yield keys


def _columns(words: Sequence[_Word], said: dict[str, str]) -> list[Any]:
    lines: list[str] = []
    before = ""
    for text, _, _ in words:
        if text[0] == before:
            lines[-1] += " " + text[1:]
        else:
            lines.append(text)
            before = text[0]
    others = {
        text: pinyin
        for text, pinyin, _ in words
        if " ".join(said.get(char, "?") for char in text) != pinyin
    }
    return ["\n".join(lines), [weight for _, _, weight in words], others]
