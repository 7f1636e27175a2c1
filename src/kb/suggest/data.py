"""The advisor's mind as one JSON object: Python and the browser both run on it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kb.content import Drill, Library, Phrase
from kb.suggest.about import about
from kb.suggest.beside import FILTERS, LATE, PIECE
from kb.suggest.care import BEFORE, FACTS
from kb.suggest.choose import LIMITS
from kb.suggest.reading import Reader
from kb.text import normalise

#: A sentence for a danger that was read goes before all that are not for one, whatever else fits;
#: one for just this danger goes before one for the risk.
_DANGER = 4


def models(library: Library, situations: Sequence[Drill] | None = None) -> dict[str, Any]:
    """The trained part; it depends on situations, lexicons and names of speakers only.

    ``situations`` are what is learned from; all of the library's if not given.
    """
    from kb.suggest.train import train  # numpy, which advising does not need

    learned = list(library.situations()) if situations is None else situations
    return train(learned, Reader(_lexicon(library), _speakers(library)))


def learned_from(library: Library) -> str:
    """A text that changes when, and only when, what ``models`` learns from changes."""
    situations = [s.model_dump() for s in library.situations()]
    return json.dumps([situations, _lexicon(library), _speakers(library)], ensure_ascii=False)


def advisor_data(library: Library, trained: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Labels, ladder, phrases, rules, lexicons and the trained part, made if it is not given."""
    labels = library.labels
    return {
        "labels": labels.model_dump(exclude={"speaker"}),
        "speakers": _speakers(library),
        "steps": [
            {"id": s.id, "name": s.name, "stage": s.stage, "why": s.why, "when": s.when}
            for s in library.steps
        ],
        "phrases": _phrases(library),
        "avoid": _avoid(library),
        "rules": _rules(library),
        "limits": {**LIMITS, "facts": FACTS, "before": BEFORE, "late": LATE, "piece": PIECE},
        "lexicon": _lexicon(library),
        "models": models(library) if trained is None else trained,
    }


def export_advisor(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The same for the browser: ``advisor``, and ``say-STEP`` with what is said at one step."""
    yield "advisor", {k: v for k, v in data.items() if k not in ("phrases", "avoid")}
    for step in data["steps"]:
        yield (
            f"say-{step['id']}",
            {
                kind: [line for line in data[kind] if line["step"] == step["id"]]
                for kind in ("phrases", "avoid")
            },
        )


def _lexicon(library: Library) -> dict[str, dict[str, dict[str, list[str]]]]:
    return {
        head: {
            label: {
                "words": _normal(lists.words),
                "unless": _normal(lists.unless),
            }
            for label, lists in by_label.items()
        }
        for head, by_label in library.lexicon.items()
    }


def _speakers(library: Library) -> dict[str, list[str]]:
    names = library.labels.speaker
    return {who: _normal(given) for who, given in names.items()}


def _rules(library: Library) -> dict[str, Any]:
    """The rules, their words in the normal form in which texts are read."""
    rules = library.rules.model_dump()
    for part in (*rules["first"], *rules["danger"], *rules["facts"]):
        part["words"] = _normal(part["words"])
    for rule in rules["first"]:
        rule["unless"] = _normal(rule["unless"])
    rules["said"] = {step: _normal(words) for step, words in rules["said"].items()}
    rules["not_said"] = _normal(rules["not_said"])
    return rules


def _phrases(library: Library) -> list[dict[str, Any]]:
    """All sentences to say, the ladder's first; ``group`` names the page block of the others."""
    found = [
        {"id": f"{step.id}-{i}", "step": step.id, "text": line.text, "group": ""}
        | _meant(line.model_dump())
        | {"about": _normal(line.words)}
        for step in library.steps
        for i, line in enumerate(step.say, 1)
    ]
    found += [
        {"id": f"{group.id}-{i}", "step": phrase.step, "text": phrase.say, "group": group.id}
        | _meant(phrase.model_dump())
        for group in library.phrase_groups
        for i, phrase in enumerate(group.phrases, 1)
    ]
    return _rated(found)


def _avoid(library: Library) -> list[dict[str, Any]]:
    """All sentences not to say, the ladder's first.

    What a group's sentences of a step are all for (a risk, a type), those to avoid there are too.
    """
    found: list[dict[str, Any]] = [
        {"step": step.id, "text": a.text, "instead": a.instead, "group": ""}
        | _meant(a.model_dump())
        | {"about": _normal(a.words)}
        for step in library.steps
        for a in step.avoid
    ]
    for group in library.phrase_groups:
        for a in group.avoid:
            beside = [p for p in group.phrases if p.step == a.step] or group.phrases
            own = {f: labels for f, labels in _meant(a.model_dump()).items() if labels}
            found.append(
                {"step": a.step, "text": a.text, "instead": a.instead, "group": group.id}
                | _meant({f: _common(beside, f) for f in FILTERS if f != "danger"} | own)
            )
    return _rated(found)


def _rated(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with its ``rating`` and what it is ``about``.

    A sentence that asks for more of what was read fits better. The ladder's own fit any contact,
    or one in which one of their ``words`` was said; those of a group were written for its subject,
    so the advisor weighs them by it and asks whether what they are about was said.
    """
    subjects = about([line["text"] for line in lines])
    return [
        line | {"rating": _rating(line), "about": subject if line["group"] else line["about"]}
        for line, subject in zip(lines, subjects, strict=True)
    ]


def _rating(line: Mapping[str, Any]) -> int:
    asked = sum(bool(line[f]) for f in FILTERS)
    if line["group"]:
        return asked
    danger = _DANGER * bool(line["risk"] or line["danger"]) + bool(line["danger"])
    return 1 + asked + bool(line["about"]) + danger


def _normal(words: Iterable[str]) -> list[str]:
    """Words in the normal form in which texts are read."""
    return [normalise(word).text for word in words]


def _meant(line: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """What the line is meant for; nothing where it does not say."""
    return {f: line.get(f, ()) for f in FILTERS}


def _common(phrases: Sequence[Phrase], field: str) -> list[str]:
    """The labels for which all of the phrases are meant; empty when one is for any."""
    asked: list[Sequence[str]] = [getattr(p, field) for p in phrases]
    return sorted({label for labels in asked for label in labels}) if all(asked) else []
