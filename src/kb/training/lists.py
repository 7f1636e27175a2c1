"""Reading lists: one JSON object, whether it came from YAML, a file, or a code in a link.

What a list must hold is checked here and in ``train-lists.js``, with the same sentences.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any, TypedDict, cast

import yaml

from kb.content import Assignment, Case, Library, Method, Section, load, load_assignment
from kb.errors import InputError
from kb.training.codes import canonical, crc32, from_base64, parse, to_base64, trim, without_blanks
from kb.training.minutes import minutes
from kb.training.questions import questions

_FIELDS = {"format", "version", "id", "title", "for", "people", "due", "pass", "items"}
_PROOFS = ("read", "question", "drill")
_VERSION = 1
#: An id as the content knows it.
_NAME = "[a-z0-9]+(?:-[a-z0-9]+)*"
_ID = re.compile(f"(?!.{{65}}){_NAME}")
_REF = re.compile(f"(section|case|method):{_NAME}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class ListItem(TypedDict):
    """A thing to read and what proves that it was read: ``read``, ``question`` or ``drill``."""

    ref: str
    proof: str
    minutes: int


ReadingList = TypedDict(
    "ReadingList",
    {
        "format": str,
        "version": int,
        "id": str,
        "title": str,
        "for": str,
        "people": list[str],
        "due": str,
        "pass": int,
        "items": list[ListItem],
    },
)


def assigned(library: Library) -> list[ReadingList]:
    """The reading lists of the book, in the order of their files."""
    return [list_of(library, assignment) for assignment in library.assignments]


def list_of(library: Library, assignment: Assignment) -> ReadingList:
    """An assignment as a reading list, with the minutes filled in."""
    return {
        "format": "kb-list",
        "version": 1,
        "id": assignment.id,
        "title": assignment.title,
        "for": assignment.for_,
        "people": list(assignment.people),
        "due": assignment.due.isoformat() if assignment.due else "",
        "pass": assignment.pass_,
        "items": [
            {
                "ref": item.ref,
                "proof": _provable(library, item.proof, find(library, item.ref)),
                "minutes": item.minutes or minutes(library, find(library, item.ref)),
            }
            for item in assignment.items
        ],
    }


def _provable(library: Library, proof: str, what: Section | Case | Method) -> str:
    """``proof``, or that it was read where there is nothing to ask: else nobody could finish."""
    return "read" if proof == "question" and not questions(library, what) else proof


def open_list(root: Path, path: Path) -> tuple[Library, ReadingList]:
    """The library below ``root`` and the list in a file: ``.yml``, or JSON, a code or a link.

    Everything on the list is in the library. Raises ``ContentError`` and ``InputError``.
    """
    if path.suffix in (".yml", ".yaml"):
        library, assignment = load_assignment(root, path)
        return library, list_of(library, assignment)
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{path} 不是读单：它不是 UTF-8 文本。请重新导出一份。") from None
    except OSError as error:
        raise InputError(f"读不了 {path}（{error.strerror}）——检查文件名和权限。") from None
    try:
        reading = read_list(text)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    library = load(root)
    for place, item in enumerate(reading["items"], 1):
        try:
            find(library, item["ref"])
        except KeyError:
            what = f"读单的第 {place} 项“{item['ref']}”这本书里没有"
            raise InputError(f"{path}: {what}——删掉这一项，或换成有它的案例书。") from None
    return library, reading


def find(library: Library, ref: str) -> Section | Case | Method:
    """What ``kind:id`` refers to; ``KeyError`` if there is none."""
    kind, _, item_id = ref.partition(":")
    if kind == "section":
        return library.section(item_id)
    if kind == "case":
        return library.case(item_id)
    if kind == "method":
        return library.method(item_id)
    raise KeyError(ref)


def key(reading: ReadingList) -> str:
    """The name by which progress and receipts know a list: an edited list is another list."""
    return crc32(canonical(reading))


def to_code(reading: ReadingList) -> str:
    """A list as the code that stands in a link."""
    return to_base64(canonical(reading))


def to_yaml(reading: ReadingList) -> str:
    """A list as a file for ``assignments/``."""
    written: dict[str, Any] = {"id": reading["id"], "title": reading["title"]}
    written |= {name: reading[name] for name in ("for", "people") if reading[name]}
    if reading["due"]:
        written["due"] = datetime.date.fromisoformat(reading["due"])
    written["pass"] = reading["pass"]
    written["items"] = []
    for item in reading["items"]:
        kind, _, item_id = item["ref"].partition(":")
        written["items"].append({kind: item_id, "proof": item["proof"], "minutes": item["minutes"]})
    return str(yaml.safe_dump(written, allow_unicode=True, sort_keys=False))


def read_list(given: str) -> ReadingList:
    """The list in a link, a code or the text of a file; raises ``InputError``."""
    said = trim(given)
    if not said:
        raise InputError("这里是空的。请贴上读单的链接，或选一个 .kb-list.json 文件。")
    if said.startswith("KB1."):
        raise InputError("这是一份回执，不是读单。请到“看结果”一页打开它。")
    text: str | None = said
    if not said.startswith("{"):
        text = from_base64(without_blanks(said.split("#list=")[-1]))
        if text is None or not text.startswith("{"):
            raise InputError(
                "链接不完整，或者不是读单的链接。请让布置的人重新复制一次，整段贴进来。"
            )
    try:
        value = parse(text or "")
    except ValueError:
        raise InputError("读单的内容断了一截，读不出来。请让布置的人重新发一次。") from None
    return check_list(value)


def check_list(value: Any) -> ReadingList:
    """``value`` if it is a reading list in all its parts; raises ``InputError``."""
    named = value.get("format") if isinstance(value, dict) else None
    if named == "kb-receipt":
        raise InputError("这是一份回执，不是读单。请到“看结果”一页打开它。")
    if named != "kb-list":
        raise InputError("这不是读单。请用布置页给出的链接或文件。")
    version = value.get("version")
    if type(version) is int and version > _VERSION:
        raise InputError("这份读单是更新的案例书做的，这一本还不认识。请换用新的案例书。")
    if type(version) is not int or version != _VERSION:
        raise InputError("这份读单没有写明版本。请让布置的人重新导出一份。")
    wrong = _problem(value)
    if wrong:
        raise InputError(f"这份读单有错：{wrong}。请让布置的人改好再发一次。")
    return cast(ReadingList, value)


def _problem(value: dict[str, Any]) -> str:
    """What is wrong with a list, as the end of a sentence; empty if nothing is."""
    people, items = value.get("people"), value.get("items")
    checks = (
        (_fits(_ID, value.get("id")), "编号不对"),
        (_text(value.get("title")), "没有标题"),
        (isinstance(value.get("for"), str), "“给谁”写得不对"),
        (isinstance(people, list) and all(map(_text, people)), "名单写得不对"),
        (value.get("due") == "" or _is_day(value.get("due")), "截止日期不对"),
        (_whole(value.get("pass"), 0, 100), "及格线不在 0 到 100 之间"),
        (value.keys() <= _FIELDS, "有不认识的内容"),
        (isinstance(items, list) and bool(items), "一项也没有"),
    )
    for holds, what in checks:
        if not holds:
            return what
    seen: set[str] = set()
    for place, item in enumerate(items or (), 1):
        wrong = _item_problem(item, seen)
        if wrong:
            return f"第 {place} 项{wrong}"
        seen.add(item["ref"])
    return ""


def _item_problem(item: Any, seen: set[str]) -> str:
    ref = item.get("ref") if isinstance(item, dict) else None
    if not isinstance(ref, str):
        return "没有写是哪一页"
    if not _REF.fullmatch(ref):
        return f"的编号“{ref[:40]}”不对"
    if ref in seen:
        return "和前面的一项重复"
    if item.get("proof") not in _PROOFS:
        return "没有写怎样算完成"
    if item["proof"] == "drill" and not ref.startswith("case:"):
        return "要求演练，可只有案例能演练"
    if not _whole(item.get("minutes"), 1, 999):
        return "的分钟数不对"
    return "" if len(item) == 3 else "有不认识的内容"


def _text(value: Any) -> bool:
    return isinstance(value, str) and trim(value) != ""


def _fits(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _whole(value: Any, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _is_day(value: Any) -> bool:
    if not _fits(_DAY, value):
        return False
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True
