"""From what the network sees to labels, step, plan and certainty.

Twin: ``browser/static/choose.js``, held by ``tests/fixtures/situations.json``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kb.search.rank import round4
from kb.suggest.net import Seen, log_odds, probability, share
from kb.suggest.reading import Read, last_heard, told
from kb.suggest.signals import HEADS

#: Below this certainty two steps are named, and the question that decides between them.
SURE = 0.7
#: A rule on the step looks only at risks that are at least so likely, or of which a word was said.
CERTAIN = 0.5
#: How sure a rule is where a word of a danger was said that needs no network to be read. Of
#: such situations there are too few to measure (five, all of them labelled so).
SPOKEN = 0.9
#: How often a rule that goes by the customer's words was right among all labelled situations: where
#: a promise was overdue in 95 of 126, where somebody got worse in 19 of 21; the lower of the two.
WORDED = 0.75
#: The same for the browser.
LIMITS = {"sure": SURE, "certain": CERTAIN, "spoken": SPOKEN, "worded": WORDED}
#: What a rule may ask for.
_CONDITIONS = ("risk", "emotion", "type")

LabelsRead = Mapping[str, list[str]]


class Choice(NamedTuple):
    """The step, how sure it is (0–1), the rule that decided, and the likeliest other step."""

    step: str
    confidence: float
    rule: Mapping[str, Any] | None
    other: str | None


class Chooser:
    """Chooses on the advisor's data; ``heads`` are the network's labels."""

    def __init__(self, data: Mapping[str, Any], heads: Mapping[str, Sequence[str]]) -> None:
        self._rules = data["rules"]
        self._least = data["models"]["least"]
        self._slope, self._base = data["models"]["sure"]
        self._heads = heads
        self._order: list[str] = [s["id"] for s in data["steps"]]
        self._when = {s["id"]: f"{s['name']}：{s['when']}" for s in data["steps"]}

    def labels(self, seen: Seen, read: Read) -> dict[str, list[str]]:
        """Type and emotion, one each; demands and risks, any number."""
        found = {}
        spoken = self._spoken(read)
        for head in ("type", "emotion"):
            scores = seen.logits[head]
            found[head] = [self._heads[head][scores.index(max(scores))]]
        for head, (alone, with_words) in self._least.items():
            shown = {s.label for s in read.signals if s.head == head}
            found[head] = [
                label
                for label, score in zip(self._heads[head], seen.logits[head], strict=True)
                if probability(score) >= (with_words if label in shown else alone)
                or (head == "risk" and label in spoken)
            ]
        return found

    def _spoken(self, read: Read) -> set[str]:
        """The risks of which a word was said that is enough by itself (不想活)."""
        said = [(s.label, read.text[s.start : s.end]) for s in read.signals if s.head == "risk"]
        return {
            label
            for danger in self._rules["danger"]
            for label, text in said
            if danger["sure"] and label in danger["risk"]
            if any(word in text for word in danger["words"])
        }

    def done_in(self, read: Read) -> list[str]:
        """The steps that the agent took in a pasted transcript, in the order of the ladder."""
        agent = told(read)
        for longer in self._rules["not_said"]:
            agent = agent.replace(longer, "\n")
        said = self._rules["said"]
        return [s for s in self._order if any(word in agent for word in said.get(s, ()))]

    def step(self, seen: Seen, labels: LabelsRead, read: Read, done: Sequence[str]) -> Choice:
        """The next step; of a text that says nothing the first open one, with no certainty."""
        if not read.text.strip():
            first = next((s for s in self._order if s not in done), self._order[0])
            return Choice(first, 0.0, None, None)
        names, scores = self._heads["step"], seen.logits["step"]
        shown = {s.label for s in read.signals if s.head == "risk"}
        likely = [r for r in labels["risk"] if r in shown or self._risk(seen, r) >= CERTAIN]
        labels = {**labels, "risk": likely}
        repeatable = self._rules["repeatable"]
        open_ = [i for i, name in enumerate(names) if name not in done or name in repeatable]
        open_ = open_ or list(range(len(names)))  # all that it knows is done
        for narrowing in self._rules["among"]:
            if fits(narrowing, _CONDITIONS, labels) and not (narrowing["fresh"] and done):
                open_ = [i for i in open_ if names[i] in narrowing["steps"]] or open_
        left = [scores[i] for i in open_]
        ranked = sorted(range(len(left)), key=lambda i: -left[i])
        best = ranked[0]
        last = last_heard(read)
        for rule in self._rules["first"]:
            if _holds(rule, labels, done, last):
                own = [i for i, place in enumerate(open_) if names[place] == rule["then"]]
                chances = [share(left, i) for i in own]
                chances += [self._risk(seen, label) for label in rule["risk"]]
                sure = self._sure(max(chances, default=0.0))
                if rule["words"]:
                    sure = max(sure, WORDED)
                if self._spoken(read) & {*rule["risk"]}:
                    sure = max(sure, SPOKEN)
                return Choice(rule["then"], round4(sure), rule, None)
        other = names[open_[ranked[1]]] if len(ranked) > 1 else None
        confidence = round4(self._sure(share(left, best)))
        return Choice(names[open_[best]], confidence, None, other)

    def either(self, choice: Choice) -> dict[str, Any] | None:
        """Where the choice is unsure: the two likeliest steps and what decides between them."""
        if choice.other is None or choice.rule is not None or choice.confidence >= SURE:
            return None
        pair = [choice.step, choice.other]
        asked = next((b["ask"] for b in self._rules["between"] if {*b["steps"]} == {*pair}), None)
        return {"steps": pair, "question": asked or "　".join(self._when[s] for s in pair)}

    def plan(
        self, step: str, labels: LabelsRead, done: Sequence[str], *, facts: bool = False
    ) -> list[str]:
        """The step, then those that such a contact still needs, in the ladder's order.

        Where ``facts`` are missing they are asked for, as there is nothing to confirm yet.
        """
        needs = [n for n in self._rules["needs"] if step not in n["not_after"]]
        needed = {n["step"] for n in needs if fits(n, HEADS, labels)}
        if facts:
            needed = needed - {"confirm"} | {"ask"}
        after = self._order[self._order.index(step) + 1 :]
        return [step, *(s for s in after if s in needed and s not in done)]

    def _risk(self, seen: Seen, label: str) -> float:
        risks = self._heads["risk"]
        return probability(seen.logits["risk"][risks.index(label)]) if label in risks else 0.0

    def _sure(self, chance: float) -> float:
        """How often an answer with this share has been right."""
        if chance <= 0.0:
            return 0.0
        return probability(self._slope * log_odds(chance) + self._base)


def fits(rule: Mapping[str, Any], fields: Sequence[str], labels: LabelsRead) -> bool:
    """Of every condition that a rule names, at least one label was read."""
    return all(not rule[f] or set(rule[f]) & set(labels[f]) for f in fields)


def _holds(rule: Mapping[str, Any], labels: LabelsRead, done: Sequence[str], last: str) -> bool:
    after = set(rule["done"]) <= set(done) and not set(rule["not_done"]) & set(done)
    after = after and (not rule["any_done"] or bool(set(rule["any_done"]) & set(done)))
    said = not rule["words"] or bool(said_of(rule, last))
    return after and said and fits(rule, _CONDITIONS, labels)


def said_of(rule: Mapping[str, Any], last: str) -> list[tuple[int, int]]:
    """Where words of the rule stand in ``last``, outside its ``unless``; the first goes first."""
    for longer in rule["unless"]:
        last = last.replace(longer, "\n" * len(longer))
    found: list[tuple[int, int]] = []
    for word in rule["words"]:
        at = last.find(word)
        if at >= 0:
            found.append((at, at + len(word)))
    return sorted(found)
