"""How long reading takes, from the length of what stands on a page."""

from __future__ import annotations

from collections.abc import Iterator

from kb.content import Case, Library, Method, PhraseGroup, Section

#: Characters a learner takes in a minute: slower than reading for pleasure.
READING_SPEED = 300


def minutes(library: Library, item: Section | Case | Method) -> int:
    """Estimated reading time in whole minutes, at least one; cards shown on a page count too."""
    letters = sum(map(len, _texts(library, item)))
    return max(1, (2 * letters + READING_SPEED) // (2 * READING_SPEED))


def _texts(library: Library, item: Section | Case | Method) -> Iterator[str]:
    if isinstance(item, Method):
        yield from _method(item)
        return
    yield from (p.text for p in item.passages)
    for ref in item.references:
        if ref.shown and ref.kind == "method":
            yield from _method(library.method(ref.target))
        elif ref.shown and ref.kind == "phrases":
            yield from _phrases(library.phrase_group(ref.target))
    if isinstance(item, Case):
        for moment in item.moments:
            yield from (moment.said, moment.say, moment.not_, moment.why)


def _method(method: Method) -> Iterator[str]:
    yield method.when
    for item in method.items:
        yield from (item.do, item.how, item.say or "")
    for careful in method.careful:
        yield from (careful.practice, careful.why, careful.instead)


def _phrases(group: PhraseGroup) -> Iterator[str]:
    yield from (group.when, group.not_when)
    yield from (phrase.say for phrase in group.phrases)
    for avoid in group.avoid:
        yield from (avoid.text, avoid.instead)
