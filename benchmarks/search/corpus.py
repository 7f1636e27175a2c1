"""Documents for measuring size, recombined from the library's own words; the same on every run."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator

from kb.content import Library
from kb.search import documents

Line = dict[str, str]
_SEED = 20
_CLAUSE_END = re.compile(r"(?<=[，。！？；,.!?;\n])")
_SENTENCE_END = re.compile(r"(?<=[。！？；\n])")
#: A clause of a drill has at least so many characters.
_LEAST = 4


def short(library: Library, count: int) -> Iterator[Line]:
    """``count`` short documents: a clause of a drill as title, one to four others as text."""
    clauses = [
        clause.strip()
        for drill in library.drills
        for clause in _CLAUSE_END.split(drill.text)
        if len(clause.strip()) >= _LEAST
    ]
    draw = random.Random(_SEED)
    for n in range(count):
        title, *text = draw.choices(clauses, k=draw.randint(2, 5))
        yield {"id": f"d{n}", "title": title, "text": "".join(text)}


def cases(library: Library, count: int) -> Iterator[Line]:
    """``count`` documents like pages of cases.

    Each takes the headings and the lengths of a real case, and fills every passage with sentences
    that stand under the same heading anywhere.
    """
    models = [d for d in documents(library) if d.kind == "case"]
    sentences: dict[str, list[str]] = defaultdict(list)
    for model in models:
        for passage in model.passages:
            found = _SENTENCE_END.split(passage.text)
            sentences[passage.heading] += [s for s in found if s.strip()]
    draw = random.Random(_SEED)
    for n in range(count):
        parts = []
        for passage in draw.choice(models).passages:
            part = ""
            while len(part) < len(passage.text):
                part += draw.choice(sentences[passage.heading])
            parts.append(f"{passage.heading}\n{part}".strip())
        title = " ".join(draw.choice(models).title for _ in range(2))
        yield {"id": f"c{n}", "title": title, "text": "\n".join(parts)}
