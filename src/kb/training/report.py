"""Who did what, and which steps are weak: the report over receipts.

The twin of ``report.js``, field by field; how each figure is made stands in
``docs/design/training.md``.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypedDict

from kb.errors import InputError
from kb.training.codes import trim
from kb.training.lists import ReadingList, key
from kb.training.receipts import Answer, Receipt, ReceiptItem, read_receipt

#: How many of the hardest questions a report names.
_HARD = 10
#: Days and times that readers see are those of China.
LOCAL = datetime.timedelta(hours=8)


class Person(TypedDict):
    """One person's line: ``state`` is ``passed``, ``failed``, ``open`` or ``missing``."""

    person: str
    state: str
    late: bool
    score: int | None
    minutes: int
    finished: str
    done: int
    items: int
    otherBook: bool


class Hard(TypedDict):
    """A question and how often its first answer was right."""

    q: str
    right: int
    asked: int


ListReport = TypedDict(
    "ListReport",
    {
        "key": str,
        "title": str,
        "due": str,
        "pass": int,
        "people": list[Person],
        "steps": dict[str, dict[str, list[int]]],
        "hard": list[Hard],
    },
)


class Problem(TypedDict):
    """A receipt that does not count, and why, as one finished sentence."""

    file: str
    what: str


class Report(TypedDict):
    """The whole report."""

    lists: list[ListReport]
    problems: list[Problem]


@dataclass
class Handed:
    """What was handed in for one list: by person the file and the receipt that count."""

    reading: ReadingList
    people: dict[str, tuple[str, Receipt]] = field(default_factory=dict)


def report(given: Iterable[tuple[str, str]], book: str = "") -> Report:
    """The report over ``(file, text)`` pairs, in the order in which they count.

    ``book`` is the digest of the book's content, empty if it is not known.
    """
    handed, problems = collect(given)
    return {"lists": [_list(one, book) for one in handed], "problems": problems}


def collect(given: Iterable[tuple[str, str]]) -> tuple[list[Handed], list[Problem]]:
    """The receipts that count, list by list, and those that do not."""
    problems: list[Problem] = []
    lists: dict[str, Handed] = {}
    for file, text in given:
        try:
            receipt = read_receipt(text)
        except InputError as error:
            problems.append({"file": file, "what": str(error)})
            continue
        people = lists.setdefault(receipt["key"], Handed(receipt["list"])).people
        name = trim(receipt["person"])
        if name in people:
            other_file, other = people[name]
            newer = _counts(receipt, other)
            same = receipt["check"] == other["check"]
            why = "有两份一样的回执，只计一份" if same else "另有一份更新的回执，这一份不计"
            what = f"{name}的“{receipt['list']['title']}”{why}。"
            problems.append({"file": other_file if newer else file, "what": what})
            if not newer:
                continue
        people[name] = (file, receipt)
    order = sorted(
        lists.items(), key=lambda o: (o[1].reading["due"] or "~", o[1].reading["title"], o[0])
    )
    return [handed for _, handed in order], problems


def _list(handed: Handed, book: str) -> ListReport:
    reading, people = handed.reading, handed.people
    named = [trim(name) for name in reading["people"]]
    others = sorted(people.keys() - set(named))
    receipts = {name: receipt for name, (_, receipt) in people.items()}
    steps: dict[str, dict[str, list[int]]] = {}
    asked: dict[str, Hard] = {}
    for name, receipt in receipts.items():
        for answer in _first_tries(receipt):
            if answer["step"]:
                cell = steps.setdefault(answer["step"], {}).setdefault(name, [0, 0])
                cell[0] += answer["right"]
                cell[1] += 1
            tally = asked.setdefault(answer["q"], {"q": answer["q"], "right": 0, "asked": 0})
            tally["right"] += answer["right"]
            tally["asked"] += 1
    hard = [tally for tally in asked.values() if tally["right"] < tally["asked"]]
    hard.sort(key=lambda t: (t["right"] / t["asked"], -t["asked"], t["q"]))
    return {
        "key": key(reading),
        "title": reading["title"],
        "due": reading["due"],
        "pass": reading["pass"],
        "people": [
            person_of(name, reading, receipts.get(name), book)
            for name in dict.fromkeys([*named, *others])
        ],
        "steps": steps,
        "hard": hard[:_HARD],
    }


def person_of(name: str, reading: ReadingList, receipt: Receipt | None, book: str = "") -> Person:
    """The line of one person, who may have handed in nothing."""
    items = len(reading["items"])
    if receipt is None:
        return {
            "person": name,
            "state": "missing",
            "late": False,
            "score": None,
            "minutes": 0,
            "finished": "",
            "done": 0,
            "items": items,
            "otherBook": False,
        }
    by_ref = {item["ref"]: item for item in receipt["items"]}
    done = sum(_proved(item["proof"], by_ref.get(item["ref"])) for item in reading["items"])
    first = list(_first_tries(receipt))
    score = _half_up(100 * sum(a["right"] for a in first), len(first)) if first else None
    passed = score is None or score >= reading["pass"]
    return {
        "person": name,
        "state": "open" if done < items else "passed" if passed else "failed",
        "late": _late(reading["due"], receipt["finished"]),
        "score": score,
        "minutes": _half_up(sum(item["seconds"] for item in receipt["items"]), 60),
        "finished": receipt["finished"],
        "done": done,
        "items": items,
        "otherBook": bool(book) and receipt["book"] != book,
    }


def _half_up(total: int, parts: int) -> int:
    return (2 * total + parts) // (2 * parts)


def _first_tries(receipt: Receipt) -> Iterator[Answer]:
    return (a for item in receipt["items"] for a in item["answers"] if a["try"] == 1)


def _proved(proof: str, item: ReceiptItem | None) -> bool:
    """Whether what the list asks of an item was done."""
    if item is None:
        return False
    if proof == "drill":
        return "drill" in item
    return item["end"] != "" and (
        proof == "read" or any(answer["right"] for answer in item["answers"])
    )


def _late(due: str, finished: str) -> bool:
    if not due or not finished:
        return False
    local = datetime.datetime.strptime(finished, "%Y-%m-%dT%H:%M:%SZ") + LOCAL
    return local.date().isoformat() > due


def _counts(one: Receipt, other: Receipt) -> bool:
    """Whether ``one`` counts rather than ``other``, which came before it."""
    if bool(one["finished"]) != bool(other["finished"]):
        return bool(one["finished"])
    return _latest(one) >= _latest(other)


def _latest(receipt: Receipt) -> str:
    """The latest time that stands in a receipt."""
    times = [receipt["started"], receipt["finished"]]
    for item in receipt["items"]:
        times += [item["opened"], item["end"], *(answer["at"] for answer in item["answers"])]
        if "drill" in item:
            times.append(item["drill"]["at"])
    return max(times)
