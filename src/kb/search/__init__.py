"""Search: documents, the Whoosh index, the ranking, and what readers get to see of it."""

from kb.search.documents import Document, Passage, documents, label_names
from kb.search.engine import Hit, Results, SearchEngine
from kb.search.index import build_index, open_index
from kb.search.synonyms import Synonyms

__all__ = [
    "Document",
    "Hit",
    "Passage",
    "Results",
    "SearchEngine",
    "Synonyms",
    "build_index",
    "documents",
    "label_names",
    "open_index",
]
