"""Search: documents from the library, a Whoosh index over their grams, one ranking rule."""

from kb.search.documents import Document, documents
from kb.search.engine import Hit, Results, SearchEngine
from kb.search.export import export_index
from kb.search.index import build_index, open_index

__all__ = [
    "Document",
    "Hit",
    "Results",
    "SearchEngine",
    "build_index",
    "documents",
    "export_index",
    "open_index",
]
