"""One word for one thing: where the authors use a variant of a word of the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kb.content.load import Reading
from kb.content.model import Library, Term

#: What a reader or a customer would say is theirs, not ours.
_NOT_OURS = {"asks", "said", "not", "text", "practice", "people", "words", "unless"}
_KEY = re.compile(r"^\s*(?:- )?([a-z_]+):(?:\s|$)")
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》")
_FOLDERS = ("book/methods", "book/phrases", "book/figures")


class _Variant(NamedTuple):
    word: str
    term: Term
    unless: tuple[str, ...]


def check_terms(r: Reading, library: Library) -> None:
    """Add a warning to ``r`` for every variant; the words of customers and quotes are free."""
    variants = [
        _Variant(word, term, (term.term, *term.unless))
        for term in library.terms
        for word in term.not_
    ]
    if not variants:
        return
    files = [s.file for s in library.sections] + [c.file for c in library.cases]
    for folder in _FOLDERS:
        files += [p.relative_to(r.root).as_posix() for p in (r.root / folder).glob("*.yml")]
    for file in files:
        try:
            text = (r.root / file).read_text("utf-8")
        except (UnicodeDecodeError, OSError):
            continue  # reported when the file is read for its content
        for number, line in _our_lines(text, file.endswith(".md")):
            for variant in variants:
                if variant.word in line and _stands_alone(line, variant):
                    what = f"“{variant.word}”在全书叫“{variant.term.term}”"
                    todo = f"改成“{variant.term.term}”，或在 book/glossary.yml 里放行"
                    r.find(file, number, "term", what, todo, warning=True)


def _our_lines(text: str, markdown: bool) -> Iterator[tuple[int, str]]:
    """The lines that speak in our own voice, quotes blanked, numbered from 1."""
    in_yaml, key = not markdown, ""
    for number, line in enumerate(text.split("\n"), 1):  # as editors count lines
        if markdown and line.rstrip() == "---":
            in_yaml = number == 1
            continue
        if in_yaml:
            match = _KEY.match(line)
            if match:
                key = match.group(1)
            if key in _NOT_OURS:
                continue
        yield number, _QUOTED.sub("", line)


def _stands_alone(line: str, variant: _Variant) -> bool:
    """Whether the variant occurs outside of the words that hold it rightly."""
    for word in variant.unless:
        if variant.word in word:
            line = line.replace(word, "")
    return variant.word in line
