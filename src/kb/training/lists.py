"""Reading lists: one JSON object, whether it came from YAML, a file, or a code in a link."""

from __future__ import annotations

from typing import TypedDict

from kb.content import Assignment, Case, Library, Method, Section
from kb.training.minutes import minutes


class ListItem(TypedDict):
    """A thing to read and what proves that it was read: ``read``, ``question`` or ``drill``."""

    ref: str
    proof: str
    minutes: int


ReadingList = TypedDict(
    "ReadingList",
    {
        "format": str,
        "version": int,
        "id": str,
        "title": str,
        "for": str,
        "people": list[str],
        "due": str,
        "pass": int,
        "items": list[ListItem],
    },
)


def lists(library: Library) -> list[ReadingList]:
    """The reading lists of the book, in the order of their files."""
    return [list_of(library, assignment) for assignment in library.assignments]


def list_of(library: Library, assignment: Assignment) -> ReadingList:
    """An assignment as a reading list, with the minutes filled in."""
    return {
        "format": "kb-list",
        "version": 1,
        "id": assignment.id,
        "title": assignment.title,
        "for": assignment.for_,
        "people": list(assignment.people),
        "due": assignment.due.isoformat() if assignment.due else "",
        "pass": assignment.pass_,
        "items": [
            {
                "ref": item.ref,
                "proof": item.proof,
                "minutes": item.minutes or minutes(library, find(library, item.ref)),
            }
            for item in assignment.items
        ],
    }


def find(library: Library, ref: str) -> Section | Case | Method:
    """What ``kind:id`` refers to; ``KeyError`` if there is none."""
    kind, _, item_id = ref.partition(":")
    if kind == "section":
        return library.section(item_id)
    if kind == "case":
        return library.case(item_id)
    if kind == "method":
        return library.method(item_id)
    raise KeyError(ref)
