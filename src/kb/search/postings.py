"""How Whoosh takes postings that are worked out already: a unit of text and an impact, a gram each.

Whoosh analyses documents, keeps a tuple a posting, sorts them all and writes them one by one. Here
nothing is left to analyse and units come in order, so postings wait in flat arrays and are written
a block at a time; the files are Whoosh's own, and its reader reads them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3PostingsWriter, W3TermInfo
from whoosh.system import pack_ushort

#: The only field of the index.
FIELD = "grams"
#: So many postings of a term cost less beside it than in a block of their own.
FEW = 16


class ImpactField(fields.FieldType):  # type: ignore[misc]
    """Grams with their impacts; they never go through Whoosh's analysis."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.analyzer = self.vector = self.column_type = None
        self.stored = self.unique = self.spelling = self.scorable = False


def term_of(gram: str) -> bytes:
    """A gram as Whoosh keeps it."""
    return gram.encode("utf-8", "surrogatepass")


class _Gram(NamedTuple):
    term: bytes
    units: array[int]
    impacts: array[int]


class Pool:
    """What Whoosh collects postings in while it indexes."""

    #: Whoosh looks it up for every document, and never calls it: documents have no field for it.
    add = None

    def __init__(self) -> None:
        self._postings: dict[str, tuple[array[int], array[int]]] = {}

    def take(self, unit: int, impacts: Mapping[str, int]) -> None:
        """Add the grams of a unit; units come in order."""
        postings = self._postings
        for gram, impact in impacts.items():
            known = postings.get(gram)
            if known is None:
                known = postings[gram] = (array("I"), array("B"))
            known[0].append(unit)
            known[1].append(impact)

    def iter_postings(self) -> Iterator[_Gram]:
        """The postings gram by gram, sorted by term as Whoosh wants them."""
        # In UTF-8 terms have the order of their characters.
        for gram in sorted(self._postings):
            yield _Gram(term_of(gram), *self._postings[gram])

    def cleanup(self) -> None:
        """Forget all; Whoosh calls it when everything is written."""
        self._postings.clear()


class ImpactCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's own, without the lengths of documents: they are in the impacts already."""

    length_stats = False

    def __init__(self) -> None:
        # More compression than the least costs a twentieth of the time for a hundredth of the size.
        super().__init__(compression=1)

    def field_writer(self, storage: Any, segment: Any) -> _FieldWriter:
        """What Whoosh writes a field with."""
        return _FieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> _PostingsWriter:
        """What Whoosh writes the postings of a term with."""
        return _PostingsWriter(dbfile, self._blocklimit, byteids, self._compression)


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    def add_postings(self, schema: Any, lengths: Any, items: Iterable[_Gram]) -> None:
        self.start_field(FIELD, schema[FIELD])
        for gram in items:
            if len(gram.units) > FEW:
                self.start_term(gram.term)
                self._postwriter.add_all(gram.units, gram.impacts)
                self.finish_term()
            else:
                self._tindex.add(pack_ushort(self._fieldid) + gram.term, _inlined(gram))
        self.finish_field()


def _inlined(gram: _Gram) -> bytes:
    """What Whoosh keeps of a term, with its postings; its own setting for this does not work."""
    info = W3TermInfo(
        weight=sum(gram.impacts),
        df=len(gram.units),
        maxweight=max(gram.impacts),
        minid=gram.units[0],
        maxid=gram.units[-1],
    )
    info.set_inlined(gram.units, gram.impacts, ())
    return bytes(info.to_bytes())


class _PostingsWriter(W3PostingsWriter):  # type: ignore[misc]
    def add_all(self, units: array[int], impacts: array[int]) -> None:
        """What ``add_posting`` does one by one, a block at a time; Whoosh writes the last."""
        for start in range(0, len(units), self._blocklimit):
            if start:
                self._write_block()
            block = slice(start, start + self._blocklimit)
            self._ids = units[block]
            self._weights = array("f", impacts[block])
            self._maxweight = max(impacts[block])
