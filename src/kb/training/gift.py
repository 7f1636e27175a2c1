"""Questions of a reading list in GIFT, the text format that Moodle imports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.content import Library
from kb.text import BLANK
from kb.training.lists import ReadingList, find
from kb.training.questions import Question, questions

#: What is asked, by the kind of question; ``quiz.js`` asks with the same words.
ASKS = {
    "step": "现在该做哪一步？",
    "words": "哪一句更好？",
    "swap": "换成哪一句？",
    "rule": "这样做，行不行？",
}
_SPECIAL = re.compile(r"[\\~=#{}:]")


def to_gift(library: Library, reading: ReadingList) -> str:
    """All questions about what is on the list, a category for each item."""
    return "\n".join(_lines(library, reading))


def escape(text: str) -> str:
    """``text`` as GIFT takes it literally, on one line."""
    text = BLANK.sub(r"__\1__", text)
    escaped = _SPECIAL.sub(lambda m: "\\" + m.group(), text)
    return "\\n".join(line.strip() for line in escaped.splitlines())


def _lines(library: Library, reading: ReadingList) -> Iterator[str]:
    for item in reading["items"]:
        what = find(library, item["ref"])
        asked = questions(library, what)
        if not asked:
            continue
        yield f"$CATEGORY: {_category(reading['title'])}/{_category(what.title)}\n"
        for question in asked:
            yield _question(library, question)


def _category(name: str) -> str:
    """A name in a category's path, whose parts a slash separates."""
    return " ".join(name.replace("/", "//").split())


def _question(library: Library, question: Question) -> str:
    asked = [question["ask"]]
    if question["done"]:
        names = "、".join(library.step(step).name for step in question["done"])
        asked.append(f"已经做过：{names}")
    asked.append(ASKS[question["kind"]])
    choices = "\n".join(
        f"  {'=' if choice['right'] else '~'}{_plain(choice['text'])}#{_plain(choice['why'])}"
        for choice in question["choices"]
    )
    return f"::{escape(question['id'])}::{_plain(chr(10).join(asked))} {{\n{choices}\n}}\n"


def _plain(text: str) -> str:
    """``text`` with its format: ``%50%`` before it would be a weight, ``[html]`` a format."""
    return f"[plain]{escape(text)}"
