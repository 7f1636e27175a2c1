"""Receipts as xAPI statements, for a learning record store: who passed, failed, or was asked what.

Ids of statements follow from what they say: loading them twice records nothing twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from kb.training.codes import canonical
from kb.training.receipts import Answer, Receipt
from kb.training.report import Handed, Person, person_of

_VERBS = "http://adlnet.gov/expapi/verbs/"
_ACTIVITIES = "http://adlnet.gov/expapi/activities/"
#: People have names and no accounts; ``.invalid`` says that nothing is to be found there.
_PEOPLE = "https://people.invalid"


def statements(handed: list[Handed]) -> list[dict[str, Any]]:
    """Statements about all receipts that count, list by list."""
    found = {}
    for one in handed:
        for name, (_, receipt) in one.people.items():
            for said in _said(name, one, receipt):
                statement_id = str(uuid.uuid5(uuid.NAMESPACE_URL, canonical(said)))
                found[statement_id] = {"id": statement_id, **said}
    return list(found.values())


def _said(name: str, handed: Handed, receipt: Receipt) -> Iterator[dict[str, Any]]:
    actor = {"objectType": "Agent", "name": name, "account": {"homePage": _PEOPLE, "name": name}}
    course = {
        "objectType": "Activity",
        "id": f"urn:kb:list:{receipt['key']}",
        "definition": {
            "type": f"{_ACTIVITIES}course",
            "name": {"zh-CN": handed.reading["title"]},
        },
    }
    for item in receipt["items"]:
        for answer in item["answers"]:
            yield {"actor": actor, **_answered(answer, course)}
    person = person_of(name, handed.reading, receipt)
    if receipt["finished"]:
        yield {"actor": actor, **_ended(person, course, receipt["finished"])}


def _answered(answer: Answer, course: dict[str, Any]) -> dict[str, Any]:
    asked = {
        "objectType": "Activity",
        "id": f"urn:kb:question:{answer['q']}",
        "definition": {"type": f"{_ACTIVITIES}cmi.interaction", "interactionType": "choice"},
    }
    said = {
        "verb": {"id": f"{_VERBS}answered", "display": {"zh-CN": "回答"}},
        "object": asked,
        "result": {
            "response": answer["choice"],
            "success": answer["right"] == 1,
            "extensions": {"urn:kb:try": answer["try"]},
        },
        "context": {"contextActivities": {"parent": [course]}},
    }
    return {**said, "timestamp": answer["at"]} if answer["at"] else said


def _ended(person: Person, course: dict[str, Any], finished: str) -> dict[str, Any]:
    state = person["state"]
    verb, word = {
        "passed": ("passed", "通过"),
        "failed": ("failed", "未及格"),
    }.get(state, ("terminated", "没有学完就交回"))
    result: dict[str, Any] = {
        "completion": state != "open",
        "duration": f"PT{person['minutes']}M",
    }
    if state != "open":
        result["success"] = state == "passed"
    if person["score"] is not None:
        result["score"] = {
            "scaled": person["score"] / 100,
            "raw": person["score"],
            "min": 0,
            "max": 100,
        }
    return {
        "verb": {"id": f"{_VERBS}{verb}", "display": {"zh-CN": word}},
        "object": course,
        "result": result,
        "timestamp": finished,
    }
