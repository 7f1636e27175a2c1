"""A reading list as a SCORM 1.2 package: one course with its readings, checks, drills and a quiz.

Everything stands in one page beside its scripts and styles; nothing is asked of another host. The
platform learns status, score, time, each answer, and a state to go on from.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from kb.content import Case, Library
from kb.training.drills import drill
from kb.training.lists import ReadingList, find, key
from kb.training.questions import Question, questions
from kb.training.reading import reading as reading_of

#: Questions of the quiz at the end, as many as a round for a list in the book.
ROUND = 10
#: Questions that an item's check may come to, should the first answers be wrong.
_CHECKS = 6
_COURSE = Path(__file__).parent / "course"
#: What the course takes from the browser's files, in the order in which it is loaded.
SCRIPTS = ("dom.js", "quiz.js", "drill.js")
STYLES = ("parts.css", "quiz.css")
#: The oldest time a ZIP file knows: the same list makes the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_MANIFEST = """\
<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="{name}" version="1.0"
    xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="{name}-course">
    <organization identifier="{name}-course">
      <title>{title}</title>
      <item identifier="{name}-item" identifierref="{name}-page" isvisible="true">
        <title>{title}</title>{mastery}
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="{name}-page" type="webcontent" adlcp:scormtype="sco" href="index.html">
{files}
    </resource>
  </resources>
</manifest>
"""

_PAGE = """\
<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{styles}
</head>
<body>
{readings}
<script type="application/json" id="course">{course}</script>
{scripts}
</body>
</html>
"""


def package(root: Path, library: Library, reading: ReadingList, static: Path) -> bytes:
    """The package as a ZIP file; ``static`` is the folder of the browser's files."""
    files = {f"kb/{name}": (static / name).read_bytes() for name in (*STYLES, *SCRIPTS)}
    files |= {f"kb/{path.name}": path.read_bytes() for path in sorted(_COURSE.iterdir())}
    files["index.html"] = _page(root, library, reading).encode(errors="replace")
    files["imsmanifest.xml"] = _manifest(library, reading, sorted(files)).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        # The manifest first: some platforms look no further.
        for name in sorted(files, key=lambda n: (n != "imsmanifest.xml", n)):
            archive.writestr(_entry(name), files[name])
    return out.getvalue()


def quiz(library: Library, reading: ReadingList) -> list[Question]:
    """The quiz of a list: every item in turn, first their first questions, then their second …

    A page asks what a card that it shows asks; who reads both is asked once.
    """
    piles = [questions(library, find(library, item["ref"])) for item in reading["items"]]
    rows = range(max(map(len, piles)))
    in_turn = (pile[row] for row in rows for pile in piles if row < len(pile))
    once: dict[str, Question] = {}
    for question in in_turn:
        once.setdefault(asked_by(question), question)
    return list(once.values())[:ROUND]


def asked_by(question: Question) -> str:
    """What a question asks, whichever item asks it (twin: ``askedBy``, ``train-practice.js``)."""
    return "\n".join([question["ask"], *sorted(choice["text"] for choice in question["choices"])])


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _manifest(library: Library, reading: ReadingList, files: list[str]) -> str:
    mastery = f"\n        <adlcp:masteryscore>{reading['pass']}</adlcp:masteryscore>"
    return _MANIFEST.format(
        name=f"kb-{reading['id']}-{key(reading)}",
        title=escape(_NOT_IN_XML.sub("", reading["title"]), quote=False),
        mastery=mastery if quiz(library, reading) else "",
        files="\n".join(f'      <file href="{name}"/>' for name in files),
    )


def _page(root: Path, library: Library, reading: ReadingList) -> str:
    readings = []
    for n, item in enumerate(reading["items"], 1):
        what = find(library, item["ref"])
        body = reading_of(root, library, what)
        title = escape(what.title)
        readings.append(f'<article id="reading-{n}" hidden><h2>{title}</h2>\n{body}</article>')
    course = json.dumps(_course(library, reading), ensure_ascii=False, separators=(",", ":"))
    return _PAGE.format(
        title=escape(reading["title"]),
        styles="\n".join(f'<link rel="stylesheet" href="kb/{n}">' for n in (*STYLES, "course.css")),
        readings="\n".join(readings),
        course=course.replace("<", "\\u003c"),
        scripts="\n".join(f'<script src="kb/{n}"></script>' for n in (*SCRIPTS, "course.js")),
    )


def _course(library: Library, reading: ReadingList) -> dict[str, Any]:
    asked = quiz(library, reading)
    return {
        "key": key(reading),
        "title": reading["title"],
        "pass": reading["pass"],
        "names": {step.id: step.name for step in library.steps},
        "insist": library.training.insist,
        "items": list(_items(library, reading, set(map(asked_by, asked)))),
        "quiz": asked,
    }


def _items(library: Library, reading: ReadingList, in_quiz: set[str]) -> Iterator[dict[str, Any]]:
    for item in reading["items"]:
        what = find(library, item["ref"])
        described = {"title": what.title, "minutes": item["minutes"], "proof": item["proof"]}
        if item["proof"] == "drill" and isinstance(what, Case):
            described["drill"] = drill(library, what)
        elif item["proof"] == "question":
            every = questions(library, what)
            other = [question for question in every if asked_by(question) not in in_quiz]
            described["questions"] = (other or every)[:_CHECKS]
            if not every:  # nothing to ask: reading is what can be shown
                described["proof"] = "read"
        yield described
