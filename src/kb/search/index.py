"""The Whoosh index: grams of five fields, no positions, nothing stored but the document's place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from whoosh import fields, index
from whoosh.analysis import Token, Tokenizer

from kb.search.documents import Document
from kb.text import grams, normalise

#: The searched fields, in the order that both engines add them up.
FIELDS = ("title", "asks", "tags", "heads", "body")
_DOCUMENTS = "documents.json"


class GramTokenizer(Tokenizer):  # type: ignore[misc]
    """Hands Whoosh the grams of ``kb.text`` as tokens."""

    def __call__(self, value: str, positions: bool = False, **_: Any) -> Iterator[Any]:
        """Yield one token a gram; Whoosh reuses the token object, so it must not be kept."""
        token = Token(positions=positions)
        for position, gram in enumerate(grams(normalise(value).text)):
            token.text = gram.text
            token.boost = 1.0
            if positions:
                token.pos = position
            yield token


def _schema() -> Any:
    text = {name: fields.TEXT(analyzer=GramTokenizer(), phrase=False) for name in FIELDS}
    return fields.Schema(place=fields.STORED, **text)


def build_index(docs: Sequence[Document], folder: Path) -> None:
    """Write a new Whoosh index over ``docs`` into the empty ``folder``."""
    writer = index.create_in(str(folder), _schema()).writer(limitmb=256)
    for place, doc in enumerate(docs):
        writer.add_document(place=place, **{name: getattr(doc, name) for name in FIELDS})
    writer.commit(optimize=True)
    text = json.dumps([d.to_json() for d in docs], ensure_ascii=False)
    (folder / _DOCUMENTS).write_text(text, "utf-8")


class Posting(NamedTuple):
    """How often a gram stands in a field of a document; ``field`` counts along ``FIELDS``."""

    doc: int
    field: int
    times: int


class IndexReader:
    """What the ranking needs to know of an index: documents, field lengths, postings."""

    def __init__(self, folder: Path) -> None:
        data = json.loads((folder / _DOCUMENTS).read_text("utf-8"))
        self.documents = [Document.from_json(d) for d in data]
        self._reader = index.open_dir(str(folder), readonly=True).reader()
        n = self._reader.doc_count_all()
        # A field's length is kept in one byte, rounded; the browser gets the same rounded figure.
        self.lengths = [
            [int(self._reader.doc_field_length(doc, name, 0) or 0) for name in FIELDS]
            for doc in range(n)
        ]
        self.averages = [
            round(sum(row[f] for row in self.lengths) / max(n, 1), 4) or 1.0
            for f in range(len(FIELDS))
        ]

    def postings(self, gram: str) -> list[Posting]:
        """Where ``gram`` stands, by document, then field."""
        found = []
        for place, name in enumerate(FIELDS):
            if (name, gram) not in self._reader:
                continue
            matcher = self._reader.postings(name, gram)
            while matcher.is_active():
                found.append(Posting(matcher.id(), place, int(matcher.weight())))
                matcher.next()
        return sorted(found)

    def grams(self) -> list[str]:
        """Every gram of the index, sorted by code point."""
        found: set[str] = set()
        for name in FIELDS:
            found.update(t.decode("utf-8") for t in self._reader.lexicon(name))
        return sorted(found)


def open_index(folder: Path) -> IndexReader:
    """Open an index that ``build_index`` wrote."""
    return IndexReader(folder)
