"""What the checks of all kinds of content share: label words, steps, sources, dates, blanks."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from kb.content.explain import other_name
from kb.content.load import Reading
from kb.content.model import Library
from kb.text import BLANK

#: An id of the material that a text rests on: M1-08, C1-08-a, or a house's own, such as OWN-12.
_SOURCE = re.compile(r"^[A-Z]+\d*(-[A-Za-z0-9]+)*$")
#: The blanks that sentences may hold.
SLOTS = {"称呼", "单号", "时间", "姓名", "电话", "金额", "商品", "地点"}
_LABEL_FIELDS = ("type", "emotion", "demand", "risk", "channel", "industry", "outcome")


def ids(r: Reading, kind: str) -> list[str]:
    """All ids of a kind, those of items with mistakes of their own among them."""
    return sorted(r.written.get(kind, ()))


def one_of(
    r: Reading,
    key: str,
    path: tuple[str | int, ...],
    values: str | Sequence[str] | None,
    known: Iterable[str],
) -> None:
    """Every label in ``values`` (one or several) must be one of ``known``."""
    known = list(known)
    if values is None:
        return
    several = not isinstance(values, str)
    for i, value in enumerate(values if several else [values]):
        if value not in known:
            at = r.at(key, *path, i) if several else r.at(key, *path)
            close = difflib.get_close_matches(value, known, 1)
            words = f"可用的词：{'、'.join(known)}" if len(known) <= 40 else "改成已有的编号"
            todo = f"是不是“{close[0]}”？" if close else words
            r.find(*at, "label", f"“{path[-1]}”里没有“{value}”这个词", todo)


def labels(
    r: Reading, library: Library, key: str, item: object, path: tuple[str | int, ...] = ()
) -> None:
    """Every label of ``item`` must be a word of ``book/labels.yml``."""
    for name in _LABEL_FIELDS:
        if hasattr(item, name):
            known = getattr(library.labels, name)
            one_of(r, key, (*path, name), getattr(item, name), known)
    demand = getattr(item, "demand", None) or ()
    if "none" in demand and len(demand) > 1:
        at = r.at(key, *path, "demand")
        r.find(*at, "label", "“none”（未提出）不能和别的诉求并列", "删掉 none，或只留 none")


def steps(
    r: Reading, library: Library, key: str, item: object, path: tuple[str | int, ...] = ()
) -> None:
    """Every step of ``item`` must be a rung of the ladder; ``also`` must not repeat ``step``."""
    known = ids(r, "step")
    for name in ("step", "steps", "also", "done", "any_done", "not_done", "not_after", "then"):
        if hasattr(item, name):
            one_of(r, key, (*path, name), getattr(item, name), known)
    step, also = getattr(item, "step", None), getattr(item, "also", ())
    if step in also:
        at = r.at(key, *path, "also")
        r.find(*at, "moment", f"“{step}”已是最该做的一步，又写进 also", "从 also 里删掉")


def sources(r: Reading, key: str, sources: Iterable[str]) -> None:
    """Every source id must have the shape of one."""
    for i, source in enumerate(sources):
        if not _SOURCE.match(source):
            at = r.at(key, "source", i)
            todo = "写成 M1-08、C1-08-a 这样；自家的资料可以写 OWN-12"
            r.find(*at, "source", f"来源编号“{source}”的写法不对", todo)


def checked(
    r: Reading, key: str, day: datetime.date, name: str = "checked", keeps: int = 730
) -> None:
    """``day`` must not lie in the future; after ``keeps`` days it is time to look again."""
    age = (r.today - day).days
    if age < -1:
        r.find(*r.at(key, name), "date", f"核对日期 {day} 在将来", "写上最后核对的那一天")
    if age > keeps:
        what = f"{day} 核对过，已经 {age} 天了"
        r.find(*r.at(key, name), "stale", what, "再核对一遍，改成今天的日期", warning=True)


def slots(r: Reading, key: str, path: tuple[str | int, ...], text: str) -> None:
    """A blank in ``text`` must be one that the desk can fill."""
    for name in BLANK.findall(text):
        if name not in SLOTS:
            known = "".join(f"{{{s}}}" for s in sorted(SLOTS))
            r.find(*r.at(key, *path), "slot", f"不认识的空“{{{name}}}”", f"只能用 {known}")


def named_after_file(r: Reading, key: str) -> None:
    """An item must bear the name of its file."""
    file, line = r.at(key, "id")
    item_id = key.split(":", 1)[1]
    if Path(file).stem != item_id:
        other_name(r, file, line, item_id)


def has_home(r: Reading, library: Library, key: str, kind: str, item_id: str) -> None:
    """A method, phrase group or picture must stand on a page."""
    if len(library.sections) < len(r.written.get("section", ())):
        return  # a page that could not be read may be the one that shows it
    if library.home_of(kind, item_id) is None:
        todo = f"在一页里放入 ```{{{kind}}} {item_id}```，否则读者看不到它"
        r.find(*r.at(key), "no-page", f"没有一页放入“{item_id}”", todo)
