"""From a text and a state to the next step, with plan, reasons, words and examples.

Twin: ``browser/static/suggest.js``; ``tests/fixtures/situations.json`` holds both to the same
advice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kb.search import Document, SearchEngine
from kb.search.rank import round4
from kb.suggest.features import Features, features
from kb.suggest.model import Linear, best, probability, share
from kb.suggest.reading import Read, Reader
from kb.suggest.signals import HEADS

PHRASES, AVOID, CASES, READINGS = 3, 3, 3, 3
#: How much a shared field counts beside the text (the best text match counts 1).
CASE_BONUS = {"type": 0.35, "step": 0.25, "industry": 0.35, "emotion": 0.1}
#: A reading is for the step at hand; the customer's words only choose among those.
READING_BONUS = {"step": 1.0}
#: A group whose subject is the nearest of all beats the ladder's sentence for any contact.
GROUP_BONUS = 1.5
LADDER_AVOID = 0.6
#: Only so much of the end of a text is looked up among the cases (characters).
LOOKUP = 240
#: A demand or risk is named from the first probability on; where the authors' words for it stand
#: in the text, the second is enough. Missing a risk costs more than a look too many.
LEAST = {"demand": (0.6, 0.2), "risk": (0.5, 0.0)}


@dataclass(frozen=True)
class Advice:
    """What ``kb suggest --json`` prints; spans count code points of the text as given."""

    step: str
    plan: list[str]
    type: str
    emotion: str
    demand: list[str]
    risk: list[str]
    signals: list[dict[str, Any]]
    phrases: list[dict[str, str]]
    avoid: list[dict[str, str]]
    cases: list[dict[str, Any]]
    readings: list[dict[str, Any]]
    confidence: float
    why: str
    rule: str | None

    def to_json(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return asdict(self)


class Advisor:
    """Advises on one library; ``data`` comes from ``advisor_data``."""

    def __init__(self, data: Mapping[str, Any], search: SearchEngine) -> None:
        self._data = data
        self._search = search
        self._reader = Reader(data["lexicon"], data["speakers"])
        self._models = {name: Linear(model) for name, model in data["models"].items()}
        self._order: list[str] = [s["id"] for s in data["steps"]]
        self._whys = {s["id"]: s["why"] for s in data["steps"]}

    @property
    def steps(self) -> Sequence[str]:
        """The ids of the ladder, in order."""
        return self._order

    @property
    def names(self) -> dict[str, str]:
        """The Chinese name of every step."""
        return {s["id"]: s["name"] for s in self._data["steps"]}

    @property
    def stages(self) -> dict[str, str]:
        """The stage of every step, in the ladder's order."""
        return {s["id"]: s["stage"] for s in self._data["steps"]}

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """The label words of every field with their Chinese names."""
        labels: Mapping[str, Mapping[str, str]] = self._data["labels"]
        return labels

    def suggest(
        self,
        text: str,
        *,
        done: Sequence[str] = (),
        channel: str | None = None,
        industry: str | None = None,
    ) -> Advice:
        """The next step for ``text`` when the steps in ``done`` were taken already."""
        read = self._reader.read(text)
        seen = features(read.text, read.turns, read.signals, done, channel or "any")
        labels = self._labels(seen, read)
        step, confidence, rule = self._step(seen, labels, done, silent=not read.text.strip())
        scores = self._look_up(read)
        return Advice(
            step=step,
            plan=self._plan(step, labels, done),
            type=labels["type"][0],
            emotion=labels["emotion"][0],
            demand=labels["demand"] or ["none"],
            risk=labels["risk"],
            signals=_signals(text, read, labels),
            phrases=self._phrases(scores, step, labels, channel),
            avoid=self._avoid(scores, step),
            cases=self._cases(scores, step, labels, industry),
            readings=self._readings(scores, step),
            confidence=confidence,
            why=rule["why"] if rule else self._whys[step],
            rule=rule["id"] if rule else None,
        )

    def _labels(self, seen: Features, read: Read) -> dict[str, list[str]]:
        found = {}
        for head in ("type", "emotion"):
            model = self._models[head]
            found[head] = [best(model.labels, model.score(seen))]
        for head, (alone, with_words) in LEAST.items():
            model = self._models[head]
            shown = {s.label for s in read.signals if s.head == head}
            found[head] = [
                label
                for label, score in zip(model.labels, model.score(seen), strict=True)
                if probability(score) >= (with_words if label in shown else alone)
            ]
        return found

    def _step(
        self,
        seen: Features,
        labels: Mapping[str, list[str]],
        done: Sequence[str],
        silent: bool,
    ) -> tuple[str, float, Mapping[str, Any] | None]:
        """The step, how sure it is, and the rule that decided, if one did."""
        rules = self._data["rules"]
        if silent:
            return next((s for s in self._order if s not in done), self._order[0]), 0.0, None
        model = self._models["step"]
        scores = model.score(seen)
        open_ = [i for i, s in enumerate(model.labels) if s not in done or s in rules["repeatable"]]
        open_ = open_ or list(range(len(model.labels)))  # all that it knows is done
        for narrowing in rules["among"]:
            if _fits(narrowing, _CONDITIONS, labels) and not (narrowing["fresh"] and done):
                among = [i for i in open_ if model.labels[i] in narrowing["steps"]]
                open_ = among or open_
        left = [scores[i] for i in open_]
        place = left.index(max(left))
        step, confidence = model.labels[open_[place]], share(left, place)
        for rule in rules["first"]:
            if _holds(rule, labels, done):
                names = [model.labels[i] for i in open_]
                own = share(left, names.index(rule["then"])) if rule["then"] in names else 0.0
                sure = max([own, *(self._risk_share(seen, r) for r in rule["risk"])])
                return rule["then"], round4(sure), rule
        return step, round4(confidence), None

    def _risk_share(self, seen: Features, label: str) -> float:
        model = self._models["risk"]
        if label not in model.labels:
            return 0.0
        return probability(model.score(seen)[model.labels.index(label)])

    def _plan(self, step: str, labels: Mapping[str, list[str]], done: Sequence[str]) -> list[str]:
        needed = {n["step"] for n in self._data["rules"]["needs"] if _fits(n, HEADS, labels)}
        after = self._order[self._order.index(step) + 1 :]
        return [step, *(s for s in after if s in needed and s not in done)]

    def _phrases(
        self,
        scores: Mapping[str, float],
        step: str,
        labels: Mapping[str, list[str]],
        channel: str | None,
    ) -> list[dict[str, str]]:
        read = {**labels, "channel": [channel] if channel else []}
        near = _nearness(scores)
        fitting = []
        for place, phrase in enumerate(self._data["phrases"]):
            if phrase["step"] != step:
                continue
            asked = [f for f in ("risk", "type", "emotion", "channel") if phrase[f]]
            if all(set(phrase[f]) & set(read[f]) for f in asked):
                rating = phrase["rating"]
                if phrase["group"]:
                    rating = round4((rating + GROUP_BONUS) * near(phrase["group"]))
                fitting.append((-rating, place, phrase))
        fitting.sort(key=lambda p: p[:2])
        return [{"id": p["id"], "text": p["text"]} for _, _, p in fitting[:PHRASES]]

    def _avoid(self, scores: Mapping[str, float], step: str) -> list[dict[str, str]]:
        near = _nearness(scores)
        fitting = [
            (-round4(near(a["group"]) if a["group"] else LADDER_AVOID), place, a)
            for place, a in enumerate(self._data["avoid"])
            if a["step"] == step
        ]
        fitting.sort(key=lambda p: p[:2])
        return [{"text": a["text"], "instead": a["instead"]} for _, _, a in fitting[:AVOID]]

    def _cases(
        self,
        scores: Mapping[str, float],
        step: str,
        labels: Mapping[str, list[str]],
        industry: str | None,
    ) -> list[dict[str, Any]]:
        wanted = {
            "type": labels["type"][0],
            "emotion": labels["emotion"][0],
            "industry": industry or "",
        }

        def reasons(doc: Document) -> list[str]:
            same = [f for f in ("industry", "type") if wanted[f] and getattr(doc, f) == wanted[f]]
            same += ["step"] if step in doc.steps else []
            return same + (["emotion"] if doc.emotion == wanted["emotion"] else [])

        return _nearest(scores, self._documents("case"), reasons, CASE_BONUS, CASES)

    def _readings(self, scores: Mapping[str, float], step: str) -> list[dict[str, Any]]:
        docs = [*self._documents("section"), *self._documents("method")]
        docs = [d for d in docs if not d.id.startswith("step:")]

        def reasons(doc: Document) -> list[str]:
            return ["step"] if step in doc.steps else []

        return _nearest(scores, docs, reasons, READING_BONUS, READINGS)

    def _documents(self, kind: str) -> list[Document]:
        return [d for d in self._search.index.documents if d.kind == kind]

    def _look_up(self, read: Read) -> dict[str, float]:
        """The search scores of all documents for the customer's last words, by id."""
        said = "\n".join(read.text[t.start : t.end] for t in read.turns if not t.agent)
        return {d.id: score for score, d in self._search.ranked(said[-LOOKUP:])}


def _nearness(scores: Mapping[str, float]) -> Callable[[str], float]:
    """How near a phrase group's subject is to the text, against the nearest of all documents."""
    top = max(scores.values(), default=0.0) or 1.0
    return lambda group: scores.get(f"phrase:{group}", 0.0) / top


def _nearest(
    scores: Mapping[str, float],
    docs: Sequence[Document],
    reasons: Callable[[Document], list[str]],
    bonus: Mapping[str, float],
    limit: int,
) -> list[dict[str, Any]]:
    """The documents nearest to the text: its best match counts 1, each reason its bonus."""
    top = max((scores.get(d.id, 0.0) for d in docs), default=0.0) or 1.0
    rated = []
    for place, doc in enumerate(docs):
        why = reasons(doc)
        rating = scores.get(doc.id, 0.0) / top
        for reason in why:
            rating += bonus[reason]
        rated.append((-round4(rating), place, doc, why))
    rated.sort(key=lambda r: r[:2])
    return [
        {"id": d.id, "title": d.title, "url": d.url, "why": why} for _, _, d, why in rated[:limit]
    ]


_CONDITIONS = ("risk", "emotion", "type")


def _fits(rule: Mapping[str, Any], fields: Sequence[str], labels: Mapping[str, list[str]]) -> bool:
    """Of every condition that a rule names, at least one label was read."""
    return all(not rule[f] or set(rule[f]) & set(labels[f]) for f in fields)


def _holds(rule: Mapping[str, Any], labels: Mapping[str, list[str]], done: Sequence[str]) -> bool:
    after = set(rule["done"]) <= set(done) and not set(rule["not_done"]) & set(done)
    return after and _fits(rule, _CONDITIONS, labels)


def _signals(text: str, read: Read, labels: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """The spans that speak for the labels that were chosen; others would only mislead."""
    found = []
    for s in read.signals:
        if s.label in labels[s.head]:
            start, end = read.normal.span(s.start, s.end)
            means = f"{s.head}:{s.label}"
            found.append({"start": start, "end": end, "text": text[start:end], "means": means})
    return found
