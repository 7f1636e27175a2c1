"""What a sentence is about: the words by which one knows whether it belongs to what was told.

A group is near in subject as a whole, its sentences are about one thing each: a parcel, an invoice,
a lesson. jieba says which words those are while the book is built; the advisor only looks whether
one of them was said.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence

from kb.text import normalise

#: In how many sentences a word may stand and still tell something, by the first letter of jieba's
#: tag: nouns (时间 stands in 207, 快递 in 14), then verbs, adjectives, idioms and set phrases, of
#: which the frequent ones (说好, 看到) fit any trouble.
_MOST = {"n": 20, "v": 5, "a": 5, "i": 5, "l": 5}
_NAMES = "nr"


def about(sentences: Sequence[str]) -> list[list[str]]:
    """For each sentence its telling words, in normal form, sorted; small talk has none.

    Words of one character are left out: they stand inside too many others.
    """
    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.ERROR)
    words = [
        {
            pair.word: _MOST.get(pair.flag[0], 0)
            for pair in jieba.posseg.cut(normalise(sentence).text)
            if len(pair.word) > 1 and pair.flag != _NAMES
        }
        for sentence in sentences
    ]
    held = Counter(word for found in words for word in found)
    return [sorted(w for w, most in found.items() if held[w] <= most) for found in words]
