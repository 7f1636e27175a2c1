"""Words and how they are said, worked out while indexing.

jieba's dictionary tells words from accidents; nothing is segmented, so indexing stays fast and no
dictionary has to reach the browser. pypinyin gives the pronunciations, for queries in pinyin and
slips of an input method.
"""

from __future__ import annotations

import logging
import math
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from kb.search.documents import Document
from kb.text import normal_text, runs

#: The longest word that is looked for.
LONGEST = 4
#: How many words the slips and the pinyin of a query are looked up among.
MOST_WORDS = 40_000
#: How many pairs of words their initials are looked up among.
MOST_PHRASES = 15_000
_FIELD_WEIGHT = {"title": 8, "asks": 4, "tags": 2, "heading": 2}
#: What a word's weight gains from texts at most: 为了 is everywhere and nobody looks for it.
_MOST_IN_TEXTS = 6
#: A run is a word of the library when it weighs so much, and its parts little without it.
_OFTEN, _TOGETHER, _PAIRED = 8, 0.3, 0.5


@lru_cache(maxsize=1)
def dictionary() -> Callable[[str], bool]:
    """Whether a string is a word, by jieba's dictionary."""
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    words = frozenset(word for word, count in jieba.dt.FREQ.items() if count)
    return words.__contains__


class Counted(NamedTuple):
    """How often the parts of all texts stand there, up to ``LONGEST`` characters.

    ``heads`` counts all of titles, asks, tags and headings, by the weights of these; ``texts``
    what the dictionary knows of the texts.
    """

    heads: Counter[str]
    texts: Counter[str]


def count(docs: Sequence[Document], is_word: Callable[[str], bool]) -> Counted:
    """Count the parts of all documents."""
    fields: dict[str, Counter[str]] = {field: Counter() for field in _FIELD_WEIGHT}
    texts: Counter[str] = Counter()
    for doc in docs:
        for field, text in (("title", doc.title), ("asks", doc.asks), ("tags", doc.tags)):
            fields[field].update(_parts(text))
        for passage in doc.passages:
            fields["heading"].update(_parts(passage.heading))
            texts.update(filter(is_word, _parts(passage.text)))
    heads: Counter[str] = Counter()
    for field, found in fields.items():
        heads.update({gram: times * _FIELD_WEIGHT[field] for gram, times in found.items()})
    return Counted(heads, texts)


def vocabulary(
    counted: Counted, extra: Iterable[str], is_word: Callable[[str], bool]
) -> list[tuple[str, str, int]]:
    """The library's words with their pinyin (syllables, a blank between) and their weight.

    Dictionary words, and runs of two to four characters that keep recurring together. ``extra``
    are words that the authors name, such as synonyms; they are in whatever their weight.
    """
    heads, texts = counted
    weights: Counter[str] = Counter()
    for gram in heads.keys() | texts.keys():
        if len(gram) > 1 and (is_word(gram) or _recurs(gram, heads)):
            weights[gram] = heads[gram] + min(texts[gram], _MOST_IN_TEXTS)
    for word in extra:
        normal = normal_text(word)
        if 2 <= len(normal) <= LONGEST and all(run.han for run in runs(normal)):
            weights[normal] += 1
    kept = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return [(word, " ".join(_pinyin(word)), weight) for word, weight in kept[:MOST_WORDS]]


def alone(counted: Counted, is_word: Callable[[str], bool]) -> dict[str, int]:
    """In how many of ten places a character is in no word of two: 您 9, 罚 6; without those of 户.

    Where two words of two overlap, both count, so it is a little less than in truth.
    """
    total: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for found in counted:
        for gram, times in found.items():
            if len(gram) == 1:
                total[gram] += times
            elif len(gram) == 2 and is_word(gram):
                within[gram[0]] += times
                within[gram[1]] += times
    shares = {c: max(0, 10 - math.ceil(10 * within[c] / times)) for c, times in total.items()}
    return {char: share for char, share in sorted(shares.items()) if share}


def phrases(docs: Sequence[Document], is_word: Callable[[str], bool]) -> list[tuple[str, str, int]]:
    """Two words of two characters that stand together, as ``vocabulary`` gives words.

    In a title or heading any two in their order, elsewhere in a head side by side. People
    abbreviate both at once: fwjj is 服务禁忌, though the title says 服务十五条禁忌.
    """
    found: Counter[str] = Counter()
    for doc in docs:
        named = [(doc.title, "title"), *((p.heading, "heading") for p in doc.passages)]
        for text, field in (*named, (doc.asks, "asks"), (doc.tags, "tags")):
            for run in runs(normal_text(text)) if text else ():
                apart = len(run.text) if field in ("title", "heading") else 2
                places = [i for i in range(len(run.text) - 1) if is_word(run.text[i : i + 2])]
                for i in places if run.han else ():
                    for j in (j for j in places if i + 2 <= j <= i + apart):
                        both = run.text[i : i + 2] + run.text[j : j + 2]
                        found[both] += _FIELD_WEIGHT[field]
    kept = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [(both, " ".join(_pinyin(both)), weight) for both, weight in kept[:MOST_PHRASES]]


def _parts(text: str) -> Iterator[str]:
    """All parts of the Chinese runs of a text, from one character to the longest word."""
    for run in runs(normal_text(text)) if text else ():
        if run.han:
            parts: Iterable[str] = run.text
            yield from parts
            for size in range(1, LONGEST):
                # Each part one longer: with the character that follows it.
                parts = [*map(operator.add, parts, run.text[size:])]
                yield from parts


def _recurs(gram: str, heads: Counter[str]) -> bool:
    """Whether a gram that no dictionary knows is a word of this library: 微博, 海底捞, 转介绍."""
    own = heads[gram]
    if len(gram) == 2:
        return own >= _OFTEN and own >= _PAIRED * min(heads[gram[0]], heads[gram[1]])
    return own >= _OFTEN and own >= _TOGETHER * max(heads[gram[1:]], heads[gram[:-1]])


def syllables(docs: Sequence[Document]) -> dict[str, str]:
    """All characters by how they are said: the common ones of GB 2312 and the library's own."""
    chars: set[str] = set()
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            chars.update(bytes((high, low)).decode("gb2312", "ignore"))
    for doc in docs:
        chars.update(doc.title, doc.asks, doc.text)
    # Characters have their normal forms one by one, so each needs it only once.
    normal = set(normal_text("".join(chars)))
    han = [char for run in runs("".join(sorted(normal))) if run.han for char in run.text]
    by_syllable: dict[str, list[str]] = {}
    for char in han:
        said = _said(char)
        if len(said) == 1 and said[0].isascii() and said[0].isalpha():
            by_syllable.setdefault(said[0], []).append(char)
    return {syllable: "".join(by_syllable[syllable]) for syllable in sorted(by_syllable)}


def _pinyin(text: str) -> list[str]:
    """Syllables of a word: from the left those of pypinyin's longest phrase, else a character's."""
    phrases = _phrases()
    said: list[str] = []
    start = 0
    while start < len(text):
        end = len(text)
        while end > start + 1 and text[start:end] not in phrases:
            end -= 1
        if end == start + 1:
            said += _said(text[start])
        else:
            said += [_toneless(syllable) for (syllable, *_) in phrases[text[start:end]]]
        start = end
    return said


@cache
def _phrases() -> Mapping[str, Sequence[Sequence[str]]]:
    from pypinyin.constants import PHRASES_DICT

    known: Mapping[str, Sequence[Sequence[str]]] = PHRASES_DICT
    return known


@cache
def _toneless(syllable: str) -> str:
    from pypinyin.contrib.tone_convert import to_normal

    return str(to_normal(syllable))


@cache
def _said(char: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    said: Any = lazy_pinyin(char)
    return tuple(str(syllable) for syllable in said)
