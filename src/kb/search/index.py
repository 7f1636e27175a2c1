"""The Whoosh index: one field of grams, whose weights are the impacts of ``kb.search.impact``.

Whoosh keeps the postings; beside them lie the documents and what is known of words, as JSON.
"""

from __future__ import annotations

import json
import math
import re
from array import array
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from whoosh import fields, index

from kb.content.memory import without_collecting
from kb.errors import InputError
from kb.search.documents import Document
from kb.search.impact import units
from kb.search.postings import FIELD, ImpactCodec, ImpactField, Pool, term_of
from kb.search.synonyms import NO_SYNONYMS, Synonyms
from kb.search.words import alone, count, dictionary, phrases, syllables, vocabulary

_DOCUMENTS, _WORDS = "documents.json", "words.json"
#: Changes whenever what lies in the folder does: an index is kept by whoever made it.
_FORMAT = 2
#: The files of an index: ours, and those of Whoosh.
_OURS = re.compile(r"documents\.json|words\.json|_?MAIN_\w+(\.\w+)?")
#: How much more a character weighs in a query that always stands alone: (1 + 4) / 5 of a pair.
_ALONE = 4


@without_collecting()
def build_index(
    docs: Sequence[Document],
    folder: Path,
    synonyms: Synonyms = NO_SYNONYMS,
) -> None:
    """Write a new Whoosh index over ``docs`` into the empty ``folder``."""
    is_word = dictionary()
    schema = fields.Schema(**{FIELD: ImpactField()})
    writer = index.create_in(str(folder), schema).writer(codec=ImpactCodec())
    writer.pool = pool = Pool()
    places = []
    for number, unit in enumerate(units(docs)):
        writer.add_document()
        pool.take(number, unit.impacts)
        places.append((unit.doc, unit.passage))
    writer.commit(optimize=True)
    counted = count(docs, is_word)
    words = {
        "vocabulary": vocabulary(counted, synonyms.words(), is_word),
        "alone": alone(counted, is_word),
        "phrases": phrases(docs, is_word),
        "syllables": syllables(docs),
        "synonyms": synonyms.to_json(),
    }
    data = {"format": _FORMAT, "documents": [d.to_json() for d in docs], "units": places}
    for name, content in ((_DOCUMENTS, data), (_WORDS, words)):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def holds_only_an_index(folder: Path) -> bool:
    """Whether everything in ``folder`` was written by ``build_index``, so that it may be replaced.

    ``documents.json`` alone proves nothing: anybody's folder may have a file of that name.
    """
    return all(p.is_file() and _OURS.fullmatch(p.name) for p in folder.iterdir())


def idf(documents: int, with_gram: int) -> int:
    """How telling a gram is, in thousandths; at least one, so that any query has an order."""
    return max(
        1, math.floor(1000 * math.log(1 + (documents - with_gram + 0.5) / (with_gram + 0.5)))
    )


class Postings(NamedTuple):
    """Where a gram stands, in how many documents, and what it weighs in a query.

    ``units`` and the ``impacts`` there are arrays: a tuple an entry takes several times the memory.

    ``tenths`` is 10 but for a character: a query counts one of a longer run a fifth of a pair,
    and one that is often a word of its own (罚, 咱) as much more, up to a whole pair.
    """

    idf: int
    tenths: int
    docs: int
    units: array[int]
    impacts: array[int]

    @property
    def value(self) -> int:
        """The idf in thousandths, times ``tenths``."""
        return self.idf * self.tenths // 10


class IndexReader:
    """What searching needs of an index: documents, units, postings, words.

    ``doc_of[unit]`` and ``passage_of[unit]`` say what a unit is; the passage of a head is -1.
    """

    def __init__(self, folder: Path) -> None:
        data = json.loads((folder / _DOCUMENTS).read_text("utf-8"))
        if data.get("format") != _FORMAT:
            raise InputError(
                f"{folder} 里的索引是另一版 kb 建的，这一版读不了——用 kb index --docs 重新建一个。"
            )
        self.documents = [Document.from_json(d) for d in data["documents"]]
        self.doc_of = [doc for doc, _ in data["units"]]
        self.passage_of = [passage for _, passage in data["units"]]
        self.words: dict[str, Any] = json.loads((folder / _WORDS).read_text("utf-8"))
        self._reader = index.open_dir(str(folder), readonly=True).reader()
        self.postings = lru_cache(maxsize=1 << 15)(self._postings)

    def __contains__(self, gram: str) -> bool:
        return (FIELD, term_of(gram)) in self._reader

    def _postings(self, gram: str) -> Postings | None:
        """Where ``gram`` stands, by unit; ``None`` if nowhere."""
        term = term_of(gram)
        if (FIELD, term) not in self._reader:
            return None
        matcher = self._reader.postings(FIELD, term)
        at, impacts = array("l"), array("l")
        while matcher.is_active():
            at.append(matcher.id())
            impacts.append(int(matcher.weight()))
            matcher.next()
        docs = len({self.doc_of[unit] for unit in at})
        tenths = 10 + _ALONE * self.words["alone"].get(gram, 0)
        return Postings(idf(len(self.documents), docs), tenths, docs, at, impacts)

    def grams(self) -> list[str]:
        """Every gram of the index, sorted by code point."""
        terms = self._reader.lexicon(FIELD)
        return sorted(t.decode("utf-8", "surrogatepass") for t in terms)


def open_index(folder: Path) -> IndexReader:
    """Open an index that ``build_index`` wrote; ``InputError`` if another version did."""
    return IndexReader(folder)
