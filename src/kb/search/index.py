"""The Whoosh index: one field of grams, whose weights are the impacts of ``kb.search.impact``.

Whoosh keeps the postings; beside them lie the documents and what is known of words, as JSON.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from whoosh import fields, formats, index
from whoosh.codec.whoosh3 import W3Codec

from kb.search.documents import Document
from kb.search.impact import units
from kb.search.synonyms import NO_SYNONYMS, Synonyms
from kb.search.words import dictionary, phrases, syllables, vocabulary

_FIELD = "grams"
_DOCUMENTS, _WORDS = "documents.json", "words.json"


class _Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's own, without the lengths of documents: they are in the impacts already."""

    length_stats = False


class _Pool:
    """What Whoosh collects postings in while it indexes, in flat arrays, a gram each.

    Whoosh's own keeps a tuple a posting: forty times the memory, and it sorts them all, or spills
    them to disk. Documents come in order, so only the grams need sorting.
    """

    def __init__(self) -> None:
        self._postings: dict[bytes, tuple[array[int], array[int]]] = {}

    def add(self, posting: tuple[str, bytes, int, float, bytes]) -> None:
        _, gram, unit, impact, _ = posting
        known = self._postings.get(gram)
        if known is None:
            known = self._postings[gram] = (array("L"), array("B"))
        known[0].append(unit)
        known[1].append(int(impact))

    def iter_postings(self) -> Iterator[tuple[str, bytes, int, float, bytes]]:
        for gram in sorted(self._postings):
            for unit, impact in zip(*self._postings[gram], strict=True):
                yield _FIELD, gram, unit, float(impact), b""

    def cleanup(self) -> None:
        self._postings.clear()


class _ImpactField(fields.FieldType):  # type: ignore[misc]
    """Takes grams with their impacts as they are; nothing is analysed again."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.analyzer = self.vector = self.column_type = None
        self.stored = self.unique = self.spelling = self.scorable = False

    def index(
        self, value: Mapping[str, int], **_: Any
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield term, frequency, weight and value of every posting."""
        for gram, impact in value.items():
            yield gram.encode("utf-8", "surrogatepass"), 1, float(impact), b""


def build_index(
    docs: Sequence[Document],
    folder: Path,
    synonyms: Synonyms = NO_SYNONYMS,
) -> None:
    """Write a new Whoosh index over ``docs`` into the empty ``folder``."""
    is_word = dictionary()
    schema = fields.Schema(**{_FIELD: _ImpactField()})
    # More compression than the least costs a twentieth of the time for a hundredth of the size.
    writer = index.create_in(str(folder), schema).writer(codec=_Codec(compression=1))
    writer.pool = _Pool()
    places = []
    for unit in units(docs):
        writer.add_document(**{_FIELD: unit.impacts})
        places.append((unit.doc, unit.passage))
    writer.commit(optimize=True)
    words = {
        "vocabulary": vocabulary(docs, synonyms.words(), is_word),
        "phrases": phrases(docs, is_word),
        "syllables": syllables(docs),
        "synonyms": synonyms.to_json(),
    }
    data = {"documents": [d.to_json() for d in docs], "units": places}
    for name, content in ((_DOCUMENTS, data), (_WORDS, words)):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), "utf-8")


class Entry(NamedTuple):
    """A gram in a unit."""

    unit: int
    impact: int


class Postings(NamedTuple):
    """Where a gram stands: ``value`` is its idf in thousandths, ``docs`` how many have it."""

    value: int
    docs: int
    entries: tuple[Entry, ...]


def idf(documents: int, with_gram: int) -> int:
    """How telling a gram is, in thousandths; at least one, so that any query has an order."""
    return max(
        1, math.floor(1000 * math.log(1 + (documents - with_gram + 0.5) / (with_gram + 0.5)))
    )


class IndexReader:
    """What searching needs of an index: documents, units, postings, words.

    ``doc_of[unit]`` and ``passage_of[unit]`` say what a unit is; the passage of a head is -1.
    """

    def __init__(self, folder: Path) -> None:
        data = json.loads((folder / _DOCUMENTS).read_text("utf-8"))
        self.documents = [Document.from_json(d) for d in data["documents"]]
        self.doc_of = [doc for doc, _ in data["units"]]
        self.passage_of = [passage for _, passage in data["units"]]
        self.words: dict[str, Any] = json.loads((folder / _WORDS).read_text("utf-8"))
        self._reader = index.open_dir(str(folder), readonly=True).reader()
        self.postings = lru_cache(maxsize=4096)(self._postings)

    def __contains__(self, gram: str) -> bool:
        return (_FIELD, gram.encode("utf-8", "surrogatepass")) in self._reader

    def _postings(self, gram: str) -> Postings | None:
        """Where ``gram`` stands, by unit; ``None`` if nowhere."""
        term = gram.encode("utf-8", "surrogatepass")
        if (_FIELD, term) not in self._reader:
            return None
        matcher = self._reader.postings(_FIELD, term)
        entries = []
        while matcher.is_active():
            entries.append(Entry(matcher.id(), int(matcher.weight())))
            matcher.next()
        docs = len({self.doc_of[e.unit] for e in entries})
        return Postings(idf(len(self.documents), docs), docs, tuple(entries))

    def grams(self) -> list[str]:
        """Every gram of the index, sorted by code point."""
        terms = self._reader.lexicon(_FIELD)
        return sorted(t.decode("utf-8", "surrogatepass") for t in terms)


def open_index(folder: Path) -> IndexReader:
    """Open an index that ``build_index`` wrote."""
    return IndexReader(folder)
