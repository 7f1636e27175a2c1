"""From a text and a state to the next step, with plan, reasons, words and examples.

Twin: ``browser/static/suggest.js``; ``tests/fixtures/situations.json`` holds both to the same
advice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kb.search import SearchEngine
from kb.suggest import beside, care, marks
from kb.suggest.choose import Chooser
from kb.suggest.features import features
from kb.suggest.net import Net
from kb.suggest.reading import Reader, heard, last_heard, told

#: Only so much of the end of a text is looked up among the cases (characters).
LOOKUP = 240


@dataclass(frozen=True)
class Advice:
    """What ``kb suggest --json`` prints; spans count code points of the text as given.

    ``rule`` is the id of the rule that decided, if one did, and ``why`` its sentence. ``either``
    names, where the answer is unsure, the two likeliest ``steps`` and the ``question`` between
    them. ``missing``: facts still to be asked for (``name``, ``ask``). ``secure`` and ``never``:
    what to secure and what not to promise in a danger. ``done``: the steps that count as taken.
    """

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
    either: dict[str, Any] | None
    missing: list[dict[str, str]]
    secure: list[str]
    never: list[str]
    done: list[str]

    def to_json(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return asdict(self)


class Advisor:
    """Advises on one library; ``data`` comes from ``advisor_data``."""

    def __init__(self, data: Mapping[str, Any], search: SearchEngine) -> None:
        self._data = data
        self._search = search
        self._reader = Reader(data["lexicon"], data["speakers"])
        self._net = Net(data["models"]["net"])
        self._chooser = Chooser(data, self._net.heads)
        self._whys = {s["id"]: s["why"] for s in data["steps"]}

    @property
    def steps(self) -> Sequence[str]:
        """The ids of the ladder, in order."""
        return [s["id"] for s in self._data["steps"]]

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
        """The next step for ``text`` when the steps in ``done`` were taken already.

        Where nothing is said to be done, what the agent said in a pasted transcript counts.
        """
        read = self._reader.read(text)
        choose, net, rules = self._chooser, self._net, self._data["rules"]
        taken = list(done) or choose.done_in(read)
        seen_of = features(
            read.text, read.turns, read.signals, taken, channel or "any", industry or "general"
        )
        seen = net.see(seen_of)
        labels = choose.labels(seen, read)
        choice = choose.step(seen, labels, read, taken)
        step = choice.step
        said = heard(read)
        scores = {d.id: score for score, d in self._search.ranked(said[-LOOKUP:])}
        danger = care.danger(rules, said, labels, step)
        missing = care.missing(rules, said, step, labels, industry, taken)
        words_for = {**labels, "channel": [channel] if channel else []}
        words_for["danger"] = [danger["id"]] if danger else []
        words = beside.Heard(said, last_heard(read), told(read), bool(danger and danger["sure"]))
        led = marks.signals(text, read, labels)
        if choice.rule is not None:
            led += marks.ruled(text, read, choice.rule)
        elif choice.other is not None:
            led += marks.pulls(text, read, net, seen, seen_of, step, choice.other)
        return Advice(
            step=step,
            plan=choose.plan(step, labels, taken, facts=bool(missing)),
            type=labels["type"][0],
            emotion=labels["emotion"][0],
            demand=labels["demand"] or ["none"],
            risk=labels["risk"],
            signals=marks.ordered(led),
            phrases=beside.fitting_phrases(self._data["phrases"], scores, step, words_for, words),
            avoid=beside.fitting_avoid(self._data["avoid"], scores, step, words_for, words),
            cases=beside.near_cases(self._search, scores, step, labels, industry),
            readings=beside.near_readings(self._search, scores, step),
            confidence=choice.confidence,
            why=choice.rule["why"] if choice.rule else self._whys[step],
            rule=choice.rule["id"] if choice.rule else None,
            either=choose.either(choice),
            missing=missing,
            secure=list(danger["secure"]) if danger else [],
            never=list(danger["never"]) if danger else [],
            done=taken,
        )
