"""What can be found: one document a page, case, method, phrase group and ladder step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.content import Avoid, Careful, Case, Labels, Library, Method, PhraseGroup, Section, Step
from kb.content.markdown import INSTEAD, WARNING, WHY_NOT, page_url

#: Where the ladder's steps stand in the built book.
LADDER_URL = "book/ladder.html"
#: The kinds of documents, as readers know them; a badge can be narrower.
KINDS = {"section": "手册", "method": "方法", "phrase": "话术", "case": "案例"}
#: How a sentence not to say begins, and how what says when not to do or say a thing.
NOT_SAID, NOT_DONE, NOT_USED = "别说“", "什么时候别做：", "别用："
#: Lines that begin so would say the opposite without these words; an excerpt never loses them.
LABELS = (NOT_SAID, NOT_DONE, NOT_USED, WARNING, WHY_NOT, INSTEAD)
_INNER = str.maketrans("“”", "‘’")


@dataclass(frozen=True)
class Passage:
    """A stretch of a document under one heading; ``anchor`` leads to it, empty for the top."""

    anchor: str
    heading: str
    text: str


@dataclass(frozen=True)
class Document:
    """A thing that can be found.

    ``kind`` is ``section``, ``case``, ``method`` or ``phrase``; ``badge`` is its Chinese name for
    the reader. ``url`` is relative to the book's root. ``passages`` are what is searched and shown
    of its text. ``steps`` names the rungs of the ladder it belongs to.
    """

    id: str
    kind: str
    badge: str
    title: str
    url: str
    source: tuple[str, ...]
    asks: str
    tags: str
    passages: tuple[Passage, ...]
    industry: str = ""
    channel: str = ""
    type: str = ""
    emotion: str = ""
    outcome: str = ""
    steps: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All passages, a line each."""
        return "\n".join(p.text for p in self.passages)

    def to_json(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return {**vars(self), "passages": [dict(vars(p)) for p in self.passages]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Document:
        """The inverse of ``to_json``."""
        data = dict(data)
        data["source"], data["steps"] = tuple(data["source"]), tuple(data["steps"])
        data["passages"] = tuple(Passage(**p) for p in data["passages"])
        return cls(**data)


def documents(library: Library) -> list[Document]:
    """Everything in ``library`` that can be found, in a stable order."""
    return [
        *(_section(library, s) for s in library.sections),
        *(_step(library.labels, s) for s in library.steps),
        *(_method(library, m) for m in library.methods),
        *(_phrases(library, g) for g in library.phrase_groups),
        *(_case(library, c) for c in library.cases),
    ]


def label_names(library: Library) -> dict[str, Mapping[str, str]]:
    """The Chinese names of all labels that hits can be narrowed by, by facet, in their order."""
    labels = library.labels
    return {
        "kind": KINDS,
        "industry": labels.industry,
        "channel": labels.channel,
        "type": labels.type,
        "step": {step.id: step.name for step in library.steps},
        "outcome": labels.outcome,
    }


def _avoided(a: Avoid) -> str:
    """A sentence not to say and the one to say, on one line: an excerpt keeps them together."""
    said = a.text.removesuffix("。").translate(_INNER)
    return f"{NOT_SAID}{said}”，改说“{a.instead.translate(_INNER)}”"


def _warned(c: Careful) -> str:
    """A practice that is not taught, on lines as a page's own warnings have them."""
    return f"{WARNING}{c.practice}\n{WHY_NOT}{c.why}\n{INSTEAD}{c.instead}"


def _section(library: Library, s: Section) -> Document:
    return Document(
        id=f"section:{s.id}",
        kind="section",
        badge="手册",
        title=s.title,
        url=page_url(s.file),
        source=s.source,
        asks="\n".join(s.asks),
        tags="\n".join(library.step(step).name for step in s.steps),
        passages=tuple(Passage(p.anchor, p.heading, p.text) for p in s.passages),
        steps=s.steps,
    )


def _step(labels: Labels, s: Step) -> Document:
    # What waits for a word of the customer would drown what the step is about.
    said = [line.text for line in s.say if not (line.words or line.danger)]
    parts = [s.why, s.when, NOT_DONE + s.when_not, *s.how, *said]
    parts += map(_avoided, s.avoid)
    return Document(
        id=f"step:{s.id}",
        kind="section",
        badge="步骤",
        title=s.name,
        url=f"{LADDER_URL}#{s.id}",
        source=s.source,
        asks="\n".join(s.asks),
        tags=f"应答阶梯 {labels.stage[s.stage]}",
        passages=(Passage("", "", "\n".join(parts)),),
        steps=(s.id,),
    )


def _method(library: Library, m: Method) -> Document:
    items = [f"{i.do}。{i.how}" + (f"“{i.say}”" if i.say else "") for i in m.items]
    items += map(_warned, m.careful)
    home = library.home_of("method", m.id)
    text = "\n".join([m.when, *items, m.example or ""]).rstrip("\n")
    return Document(
        id=f"method:{m.id}",
        kind="method",
        badge="方法" if m.kind == "method" else "规则",
        title=m.title,
        url=f"{page_url(home.file) if home else ''}#method-{m.id}",
        source=m.source,
        asks="\n".join(m.asks),
        tags="\n".join(library.step(step).name for step in m.steps),
        passages=(Passage("", "\n".join(i.do for i in m.items), text),),
        steps=m.steps,
    )


def _phrases(library: Library, g: PhraseGroup) -> Document:
    lines = [*(p.say for p in g.phrases), *map(_avoided, g.avoid), NOT_USED + g.not_when]
    home = library.home_of("phrases", g.id)
    steps = tuple(dict.fromkeys(p.step for p in g.phrases))
    return Document(
        id=f"phrase:{g.id}",
        kind="phrase",
        badge="话术",
        title=g.title,
        url=f"{page_url(home.file) if home else ''}#phrases-{g.id}",
        source=g.source,
        asks="\n".join(g.asks),
        tags="\n".join(library.step(step).name for step in steps),
        passages=(Passage("", g.when, "\n".join(lines)),),
        steps=steps,
    )


def _case(library: Library, c: Case) -> Document:
    labels = library.labels
    moments = "\n".join(f"{m.said}\n{m.say}\n{m.why}" for m in c.moments)
    tags = [
        labels.industry[c.industry],
        labels.channel[c.channel],
        labels.type[c.type],
        labels.emotion[c.emotion],
        labels.outcome[c.outcome],
        *(labels.demand[d] for d in c.demand),
        *(labels.risk[x] for x in c.risk),
        *c.people,
    ]
    return Document(
        id=f"case:{c.id}",
        kind="case",
        badge="案例",
        title=c.title,
        url=page_url(c.file),
        source=c.source,
        asks="\n".join(c.asks),
        tags="\n".join(tags),
        passages=(
            Passage("", "", c.lead),
            *(Passage(p.anchor, p.heading, p.text) for p in c.passages),
            Passage("moments", "关键时刻", moments),
            Passage("lesson", "带走一句", c.lesson),
        ),
        industry=c.industry,
        channel=c.channel,
        type=c.type,
        emotion=c.emotion,
        outcome=c.outcome,
        steps=tuple(dict.fromkeys(m.step for m in c.moments)),
    )
