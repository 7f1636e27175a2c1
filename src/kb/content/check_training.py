"""Checks of what training is made from: ``book/training.yml`` and the lists in ``assignments/``."""

from __future__ import annotations

import difflib

from kb.content.check_common import ids, named_after_file, one_of
from kb.content.load import Reading
from kb.content.model import Library
from kb.content.model_training import Assignment, AssignmentItem

#: A moment accepts up to three steps beside the best; three wrong ones must be left to choose from.
_REASONS = 6


def check_training(r: Reading, library: Library) -> None:
    """Add to ``r`` what is wrong with the words of training and with the reading lists."""
    _words(r, library)
    for assignment in library.assignments:
        key = f"assignment:{assignment.id}"
        named_after_file(r, key)
        check_assignment(r, library, key, assignment)


def _words(r: Reading, library: Library) -> None:
    training, known = library.training, ids(r, "step")
    one_of(r, "training:", ("again",), tuple(training.again), known)
    one_of(r, "training:", ("not_now",), tuple(training.not_now), known)
    for step, reasons in training.not_now.items():
        one_of(r, "training:", ("not_now", step), tuple(reasons), [s for s in known if s != step])
    for step in known:
        count = len(training.not_now.get(step, {}))
        if count < _REASONS:
            what = f"not_now 里“{step}”只有 {count} 条"
            todo = f"写够 {_REASONS} 条容易错选的步骤，测验才凑得出选项"
            r.find(*r.at("training:", "not_now", step), "training", what, todo)


def check_assignment(r: Reading, library: Library, key: str, assignment: Assignment) -> None:
    """Add to ``r`` what is wrong with a reading list, whose lines are noted under ``key``."""
    if assignment.due is not None and assignment.due < r.today:
        what = f"截止日 {assignment.due} 已经过了"
        r.find(*r.at(key, "due"), "stale", what, "换一个日子，或删掉这份读单", warning=True)
    for name in sorted({p for p in assignment.people if assignment.people.count(p) > 1}):
        what = f"“{name}”写了两次"
        r.find(*r.at(key, "people"), "duplicate-word", what, "删掉一个；重名的加上班组")
    seen: set[tuple[str, str]] = set()
    for i, item in enumerate(assignment.items):
        at = r.at(key, "items", i)
        if len(item.refs) != 1:
            what = "这一条写了不止一样东西" if item.refs else "这一条没写读什么"
            r.find(*at, "assignment", what, "写 section:、case: 或 method: 其中一个")
            continue
        ((kind, item_id),) = item.refs
        if (kind, item_id) in seen:
            r.find(*at, "assignment", f"“{item_id}”在这份读单里有两次", "删掉一个")
        seen.add((kind, item_id))
        known = ids(r, kind)
        if item_id not in known:
            close = difflib.get_close_matches(item_id, known, 1)
            todo = f"是不是“{close[0]}”？" if close else "改成有的编号，或删掉这一条"
            r.find(*at, "dead-link", f"没有 {kind}“{item_id}”", todo)
        else:
            _proof(r, library, at, item)


def _proof(r: Reading, library: Library, at: tuple[str, int], item: AssignmentItem) -> None:
    if item.proof == "drill" and item.case is None:
        todo = "改成 proof: question 或 proof: read"
        r.find(*at, "assignment", "只有案例能演练", todo)
    if item.proof != "question":
        return
    silent = [s.id for s in library.sections if not library.asked_about(s)]
    silent += [m.id for m in library.methods if not m.careful]
    for target in (item.section, item.method):
        if target in silent:
            r.find(*at, "assignment", f"“{target}”出不了检查题", "改成 proof: read")
