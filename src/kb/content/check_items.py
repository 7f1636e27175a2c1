"""Checks of what stands in YAML: the ladder, its rules, methods, phrases, drills, lexicons."""

from __future__ import annotations

from kb.content.check_common import (
    checked,
    has_home,
    ids,
    labels,
    named_after_file,
    one_of,
    slots,
    sources,
    steps,
)
from kb.content.load import Reading
from kb.content.model import Drill, Library
from kb.content.model_rules import Danger
from kb.text import normalise


def check_items(r: Reading, library: Library) -> None:
    """Add to ``r`` what is wrong with everything that is not a page."""
    for check_one in (_ladder, _rules, _methods, _phrases, _figures, _drills, _lexicon, _synonyms):
        check_one(r, library)


def _ladder(r: Reading, library: Library) -> None:
    dangers = [d.id for d in library.rules.danger]
    for step in library.steps:
        key = f"step:{step.id}"
        one_of(r, key, ("stage",), step.stage, library.labels.stage)
        for i, line in enumerate(step.say):
            labels(r, library, key, line, ("say", i))
            one_of(r, key, ("say", i, "danger"), line.danger, dangers)
            slots(r, key, ("say", i, "text"), line.text)
        for i, avoid in enumerate(step.avoid):
            labels(r, library, key, avoid, ("avoid", i))
            one_of(r, key, ("avoid", i, "danger"), avoid.danger, dangers)
        sources(r, key, step.source)


def _rules(r: Reading, library: Library) -> None:
    for i, rule in enumerate(library.rules.first):
        steps(r, library, "rules:", rule, ("first", i))
        labels(r, library, "rules:", rule, ("first", i))
    for i, narrowing in enumerate(library.rules.among):
        steps(r, library, "rules:", narrowing, ("among", i))
        labels(r, library, "rules:", narrowing, ("among", i))
    for i, need in enumerate(library.rules.needs):
        steps(r, library, "rules:", need, ("needs", i))
        labels(r, library, "rules:", need, ("needs", i))
    one_of(r, "rules:", ("repeatable",), library.rules.repeatable, ids(r, "step"))
    one_of(r, "rules:", ("said",), tuple(library.rules.said), ids(r, "step"))
    for i, pair in enumerate(library.rules.between):
        one_of(r, "rules:", ("between", i, "steps"), pair.steps, ids(r, "step"))
    for i, danger in enumerate(library.rules.danger):
        steps(r, library, "rules:", danger, ("danger", i))
        labels(r, library, "rules:", danger, ("danger", i))
        if not danger.risk and not danger.words:
            what = f"“{danger.id}”没写 risk 也没写 words，永远用不上"
            r.find(
                *r.at("rules:", "danger", i), "missing-key", what, "写明读出什么风险或说了什么词"
            )
        elif danger.sure:
            _sure(r, library, danger, ("danger", i))
    for i, fact in enumerate(library.rules.facts):
        labels(r, library, "rules:", fact, ("facts", i))
        if not fact.words and not fact.digits:
            what = f"“{fact.name}”没写 words 也没写 digits，会一直被当成没说"
            r.find(*r.at("rules:", "facts", i), "missing-key", what, "写明说了什么就算知道了")


def _sure(r: Reading, library: Library, danger: Danger, path: tuple[str | int, ...]) -> None:
    """Words that are enough by themselves are looked up in the lexicon: it must know them."""
    if not danger.risk or not danger.words:
        what = f"“{danger.id}”写了 sure，却没有{'risk' if danger.words else 'words'}，不起作用"
        r.find(*r.at("rules:", *path), "missing-key", what, "risk 和 words 都写上，或删掉 sure")
        return
    lists = library.lexicon.get("risk", {})
    known = [
        normalise(w).text for label in danger.risk if label in lists for w in lists[label].words
    ]
    for i, word in enumerate(danger.words):
        if not any(normalise(word).text in one for one in known):
            what = f"词表不认识“{word}”，写了 sure 也不起作用"
            todo = f"把它加进 book/lexicon/risk.yml 的 {danger.risk[0]}"
            r.find(*r.at("rules:", *path, "words", i), "sure-word", what, todo)


def _methods(r: Reading, library: Library) -> None:
    for method in library.methods:
        key = f"method:{method.id}"
        named_after_file(r, key)
        steps(r, library, key, method)
        sources(r, key, method.source)
        checked(r, key, method.checked)
        has_home(r, library, key, "method", method.id)


def _phrases(r: Reading, library: Library) -> None:
    dangers = [d.id for d in library.rules.danger]
    for group in library.phrase_groups:
        key = f"phrases:{group.id}"
        named_after_file(r, key)
        sources(r, key, group.source)
        checked(r, key, group.checked)
        has_home(r, library, key, "phrases", group.id)
        for i, phrase in enumerate(group.phrases):
            steps(r, library, key, phrase, ("phrases", i))
            labels(r, library, key, phrase, ("phrases", i))
            slots(r, key, ("phrases", i, "say"), phrase.say)
        for i, avoid in enumerate(group.avoid):
            if avoid.step is None:
                what = "“avoid”里这一句没写 step"
                r.find(*r.at(key, "avoid", i), "missing-key", what, "写明它常在哪一步说错")
            else:
                steps(r, library, key, avoid, ("avoid", i))
                labels(r, library, key, avoid, ("avoid", i))
                one_of(r, key, ("avoid", i, "danger"), avoid.danger, dangers)


def _figures(r: Reading, library: Library) -> None:
    for figure in library.figures:
        key = f"picture:{figure.id}"
        named_after_file(r, key)
        sources(r, key, figure.source)
        has_home(r, library, key, "picture", figure.id)
        count = len(figure.nodes)
        shape = {
            "ladder": ("空的 nodes，它照应答阶梯画", count == 0),
            "flow": ("两个以上的 nodes", count >= 2),
            "grid": ("四个 nodes 和 axes", count == 4 and figure.axes is not None),
            "zone": ("两个以上的 nodes", count >= 2),
        }
        needs, right = shape[figure.kind]
        if not right:
            r.find(*r.at(key), "figure", f"“{figure.kind}”的图画不出来", f"要有{needs}")


def _drills(r: Reading, library: Library) -> None:
    keys = [k for k in r.places if k.startswith("drill:")]
    for key, drill in zip(keys, (*library.drills, *library.held_out), strict=True):
        _drill(r, library, key, drill)


def _drill(r: Reading, library: Library, key: str, drill: Drill) -> None:
    steps(r, library, key, drill)
    labels(r, library, key, drill)


def _lexicon(r: Reading, library: Library) -> None:
    for name, lists in library.lexicon.items():
        known = list(getattr(library.labels, name))
        for label, words in lists.items():
            at = r.at(f"lexicon:{name}", label)
            if label not in known:
                r.find(*at, "label", f"没有“{label}”这个标签", f"可用的词：{'、'.join(known)}")
            for word in {w for w in words.words if words.words.count(w) > 1}:
                r.find(*at, "duplicate-word", f"“{label}”里“{word}”写了两次", "删掉一个")


def _synonyms(r: Reading, library: Library) -> None:
    if "synonyms:" not in r.places:
        return
    for field, words in library.synonyms.facets.items():
        one_of(r, "synonyms:", ("facets", field), tuple(words), getattr(library.labels, field))
    held: dict[str, int] = {}
    for i, group in enumerate(library.synonyms.groups):
        for j, word in enumerate(group):
            if word in held:
                what = f"“{word}”已在第 {held[word] + 1} 组"
                r.find(*r.at("synonyms:", "groups", i, j), "duplicate-word", what, "只留在一组里")
            held.setdefault(word, i)
