"""How much a gram says of a unit of text: BM25F, worked out while indexing, as a small integer.

BM25F after Robertson, Zaragoza, Taylor: Simple BM25 Extension to Multiple Weighted Fields (2004):
counts of all fields are weighted, normalised by field length, added, and saturated once. Keeping
the outcome and not the counts means that a query only adds integers, alike in Python and the
browser, and that no field length has to reach the browser.
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from kb.search.documents import Document
from kb.text import normal_text, runs, unquoted

#: What a count in a field is worth, and how much the field's length tempers it (BM25's b).
#: ``asks`` is what authors expect people to type: many words, so each says less than a heading's.
WEIGHT = {"title": 5.0, "asks": 1.5, "tags": 1.5, "heading": 2.0, "text": 1.0}
B = {"title": 0.3, "asks": 0.5, "tags": 0.3, "heading": 0.5, "text": 0.75}
#: How slowly a count saturates. Larger than is usual for words: a gram is worth less than a word.
K1 = 4.0
#: The greatest impact; so many keep the order of documents within a hair.
TOP = 127


class Unit(NamedTuple):
    """What is scored: the head of a document or one of its passages, as impacts by gram."""

    doc: int
    passage: int
    impacts: dict[str, int]


def grams_of(text: str) -> Counter[str]:
    """Single characters and pairs of a text, counted; Latin words stay whole."""
    normal = normal_text(text)
    counted = _counted(normal)
    without = unquoted(normal)
    if without != normal:
        for gram, count in _counted(without).items():
            counted.setdefault(gram, count)
    return counted


def _counted(normal_text: str) -> Counter[str]:
    """``kb.text.grams`` counted, without their places: indexing is mostly this."""
    counted: Counter[str] = Counter()
    for run in runs(normal_text):
        if run.han:
            counted.update(run.text)
            counted.update(map(operator.add, run.text, run.text[1:]))
        else:
            counted[run.text] += 1
    return counted


def units(docs: Sequence[Document]) -> list[Unit]:
    """The units of all documents, head before passages, in the documents' order."""
    raw: list[tuple[int, int, dict[str, Counter[str]]]] = []
    for place, doc in enumerate(docs):
        head = {"title": doc.title, "asks": doc.asks, "tags": doc.tags}
        raw.append((place, -1, {f: grams_of(t) for f, t in head.items()}))
        for i, passage in enumerate(doc.passages):
            body = {"heading": passage.heading, "text": passage.text}
            raw.append((place, i, {f: grams_of(t) for f, t in body.items()}))
    mean = {}
    for field in WEIGHT:
        lengths = [n for _, _, fields in raw if field in fields and (n := fields[field].total())]
        mean[field] = sum(lengths) / len(lengths) if lengths else 1.0
    return [Unit(doc, passage, _impacts(fields, mean)) for doc, passage, fields in raw]


def _impacts(fields: dict[str, Counter[str]], mean: dict[str, float]) -> dict[str, int]:
    summed: dict[str, float] = {}
    for field, counts in fields.items():
        if not counts:
            continue
        length = 1 - B[field] + B[field] * counts.total() / mean[field]
        share = WEIGHT[field] / length
        for gram, count in counts.items():
            summed[gram] = summed.get(gram, 0.0) + share * count
    return {g: max(1, math.floor(TOP * tf / (K1 + tf) + 0.5)) for g, tf in summed.items()}
