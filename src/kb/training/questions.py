"""Questions made from the content: the next step, the better sentence, whether a practice will do.

Nobody writes a question. Every copy of the book makes the same ones in the same order: what is
chosen among several, and the order of the choices, hangs on a checksum of the question's id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypedDict, TypeVar

from kb.content import (
    Avoid,
    Careful,
    CarefulBlock,
    Case,
    Library,
    Method,
    Moment,
    PhraseGroup,
    Section,
)

T = TypeVar("T")

#: Choices of a question about the next step, the right one among them.
STEPS = 4
#: Choices of a question about the better sentence.
SENTENCES = 3
#: Questions that a page takes over from each card it shows.
FROM_CARD = 2


class Choice(TypedDict):
    """An answer to choose; ``why`` explains it once it was chosen, right or wrong."""

    id: str
    text: str
    right: bool
    why: str


class Question(TypedDict):
    """One question; ``step`` is the rung it is about, empty if none."""

    id: str
    kind: str
    item: str
    step: str
    ask: str
    done: list[str]
    choices: list[Choice]


class Rejected(NamedTuple):
    """A step that a moment does not accept, and why it has to wait."""

    step: str
    why: str


def shuffled(seed: str, items: Iterable[T], name: Sequence[str] | None = None) -> list[T]:
    """``items`` in an order that hangs on ``seed`` and on their names (themselves if not given)."""
    listed = list(items)
    names = list(name) if name is not None else [str(item) for item in listed]
    keys = [_hash(f"{seed}|{n}") for n in names]
    return [listed[i] for i in sorted(range(len(listed)), key=keys.__getitem__)]


def _hash(text: str) -> str:
    # Not the CRC-32, which keeps texts that are near each other in one order.
    return hashlib.sha256(text.encode()).hexdigest()


def rejected(library: Library, seed: str, moment: Moment) -> list[Rejected]:
    """Three likely steps that ``moment`` does not accept, with the reason; fewer if there are not.

    One of them at most was done before, which may give it away, unless there are too few others.
    """
    # Not the order in which the choices will stand: those picked first would all stand first.
    seed = f"picked for {seed}"
    accepted = {moment.step, *moment.also}
    training = library.training
    likely = [s for s in training.not_now.get(moment.step, {}) if s not in accepted]
    fresh = [s for s in likely if s not in moment.done]
    done = dict.fromkeys(s for s in moment.done if s not in accepted and s in training.again)
    again = shuffled(seed, done)
    picked = [*shuffled(seed, [*fresh, *again[:1]]), *again[1:]][: STEPS - 1]
    return [Rejected(step, why_not_now(library, moment, step)) for step in picked]


def why_not_now(library: Library, moment: Moment, step: str) -> str:
    """Why ``step`` has to wait at ``moment``; empty where the content gives no reason."""
    training = library.training
    if step in moment.done and step in training.again:
        return training.again[step]
    return training.not_now.get(moment.step, {}).get(step, "")


def questions(library: Library, item: Section | Case | Method) -> list[Question]:
    """All questions about one item, in a stable order; number ``n`` has the id ``<ref>#n``."""
    found: Iterator[Question]
    if isinstance(item, Case):
        found = _of_case(library, item)
    elif isinstance(item, Method):
        found = _of_card(f"method:{item.id}", item)
    else:
        found = _of_section(library, item)
    asked = []
    for n, question in enumerate(found, 1):
        question_id = f"{question['item']}#{n}"
        choices = question["choices"]
        ordered = shuffled(question_id, choices, [choice["id"] for choice in choices])
        asked.append(Question(**{**question, "id": question_id, "choices": ordered}))
    return asked


def _of_case(library: Library, case: Case) -> Iterator[Question]:
    """First a question about the step of each moment, then one about the words of each."""
    ref = f"case:{case.id}"
    for n, moment in enumerate(case.moments, 1):
        wrong = rejected(library, f"{ref}#{n}", moment)
        choices = [_choice(moment.step, library.step(moment.step).name, True, moment.why)]
        choices += [_choice(w.step, library.step(w.step).name, False, w.why) for w in wrong]
        yield _question("step", ref, moment.step, moment.said, moment.done, choices)
    for n, moment in enumerate(case.moments, 1):
        yield _words(library, case, f"{ref}#{len(case.moments) + n}", moment)


def _words(library: Library, case: Case, seed: str, moment: Moment) -> Question:
    choices = [
        _choice("say", moment.say, True, moment.why),
        _choice("not", moment.not_, False, moment.why),
    ]
    accepted = {moment.step, *moment.also}
    others = [m for m in case.moments if m.step not in accepted]
    for other in shuffled(f"picked for {seed}", others, [m.say for m in others])[
        : SENTENCES - len(choices)
    ]:
        name = library.step(other.step).name
        why = why_not_now(library, moment, other.step) or moment.why
        choices.append(_choice("other", other.say, False, f"这是“{name}”的话。{why}"))
    return _question("words", f"case:{case.id}", moment.step, moment.said, moment.done, choices)


def _of_section(library: Library, section: Section) -> Iterator[Question]:
    ref = f"section:{section.id}"
    yield from (_practice(ref, section.title, block) for block in section.cautions)
    for reference in section.references:
        if not reference.shown:
            continue
        if reference.kind == "phrases":
            group = library.phrase_group(reference.target)
            yield from (_swapped(library, ref, group, n) for n in range(len(group.avoid)))
        elif reference.kind == "method":
            method = library.method(reference.target)
            own = list(_of_card(ref, method))
            yield from shuffled(f"{ref}|{method.id}", own, [q["ask"] for q in own])[:FROM_CARD]


def _swapped(library: Library, ref: str, group: PhraseGroup, n: int) -> Question:
    """What to say in place of ``avoid[n]``: its own better sentence, a polite one, a bad one.

    Only the pair itself explains: what holds for its step need not hold for its words.
    """
    pair, seed = group.avoid[n], f"{ref}|{group.id}|{n}"
    polite = _polite(library, group, pair, seed)
    others = [a for i, a in enumerate(group.avoid) if i != n]
    bad = [a for a in others if polite is None or a.instead != polite["text"]] or others
    choices = [_choice("say", pair.instead, True, f"要换掉的是这一句：{pair.text}")]
    choices += [polite] if polite else []
    for avoid in shuffled(seed, bad, [a.text for a in bad])[:1]:
        choices.append(_choice("not", avoid.text, False, f"这句也别说。换成：{avoid.instead}"))
    ask = f"{group.when}这句别说：{pair.text}"
    return _question("swap", ref, pair.step or "", ask, (), choices)


def _polite(library: Library, group: PhraseGroup, pair: Avoid, seed: str) -> Choice | None:
    """A good sentence that answers something else: of another step, where there is any.

    It is about as long as the right one, and as often longer as shorter where the group allows:
    length must not give the answer away.
    """
    names = {step.id: step.name for step in library.steps}
    swaps = [(a.step, a.instead, f"这句是换另一句的：{a.text}") for a in group.avoid]
    said = [
        (p.step, p.say, f"这是“{names[p.step]}”时说的话，换不了这一句。") for p in group.phrases
    ]
    known = [found for found in (*swaps, *said) if found[1] != pair.instead]
    found = [one for one in known if one[0] != pair.step] or known
    if not found:
        return None
    longer, length = int(_hash(f"longer {seed}"), 16) % 2 == 1, len(pair.instead)
    _, text, why = min(
        shuffled(seed, found, [text for _, text, _ in found]),
        key=lambda one: ((len(one[1]) > length) != longer, abs(len(one[1]) - length)),
    )
    return _choice("other", text, False, why)


def _of_card(ref: str, method: Method) -> Iterator[Question]:
    """A question about each practice that the card warns of; what it teaches is always right."""
    step = method.steps[0] if len(method.steps) == 1 else ""
    yield from (_practice(ref, method.title, practice, step) for practice in method.careful)


def _practice(ref: str, title: str, block: Careful | CarefulBlock, step: str = "") -> Question:
    """Either the practice is asked about or the honest way: neither answer is the usual one."""
    practice, instead = block.practice.rstrip("。"), block.instead
    # By the card, not by the page that shows it: who reads both is asked once.
    sound = int(_hash(f"{title}|{practice}"), 16) % 2 == 1
    why = f"不行的是这样：{practice}。{block.why}" if sound else f"{block.why}可以这样：{instead}"
    choices = [_choice("yes", "行", sound, why), _choice("no", "不行", not sound, why)]
    ask = f"【{title}】{_closed(instead if sound else practice)}"
    return _question("rule", ref, step, ask, (), choices)


def _closed(text: str) -> str:
    """``text`` with a full stop at its very end, or the mark of a question or a call.

    Titles of practices have none and honest ways do: the stop would tell which of them it is.
    """
    if text.endswith(("？", "！", "…")):
        return text
    return f"{text[:-2]}”。" if text.endswith("。”") else f"{text.rstrip('。')}。"


def _choice(choice_id: str, text: str, right: bool, why: str) -> Choice:
    return {"id": choice_id, "text": text, "right": right, "why": why}


def _question(
    kind: str, item: str, step: str, ask: str, done: Sequence[str], choices: list[Choice]
) -> Question:
    return {
        "id": "",
        "kind": kind,
        "item": item,
        "step": step,
        "ask": ask,
        "done": list(done),
        "choices": choices,
    }
