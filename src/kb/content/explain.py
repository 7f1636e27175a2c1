"""What a type did not accept, told to its author in one sentence."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from kb.content import yaml_lines as yl

if TYPE_CHECKING:
    from kb.content.load import Reading

#: Fields that the loader fills in itself; authors do not write them.
_COMPUTED = {"file", "passages", "references", "cautions"}
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def report(
    r: Reading,
    error: ValidationError,
    file: str,
    lines: yl.Lines,
    path: yl.Path,
    model: type[BaseModel],
) -> None:
    """Add to ``r`` what a model did not accept, each with its line and what to do."""
    for e in error.errors(include_url=False):
        loc = tuple(p for p in e["loc"] if not (isinstance(p, str) and p.startswith("[")))
        kind, what, todo = _explain(e, loc, _model_at(model, loc))
        field = next((str(p) for p in reversed(loc) if isinstance(p, str)), "")
        value = e.get("input")
        if kind == "pattern" and (named := r.names.get(field, {}).get(str(value).strip())):
            todo = f"是不是“{named}”？"
        r.find(file, lines.of((*path, *loc)), kind, what, todo)


def _model_at(model: type[BaseModel], loc: yl.Path) -> type[BaseModel]:
    """The type of what holds the last part of ``loc``, whose names are those to choose from."""
    for step in loc[:-1]:
        if not isinstance(step, str):
            continue
        fields = {f.alias or n: f for n, f in model.model_fields.items()}
        inner = _model_in(fields[step].annotation) if step in fields else None
        if inner is None:
            break
        model = inner
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The type of our own inside ``tuple[Moment, ...]``, ``Moment | None`` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for part in get_args(annotation) if (m := _model_in(part))), None)


def _explain(e: Any, loc: yl.Path, model: type[BaseModel]) -> tuple[str, str, str]:
    name = ".".join(str(p + 1) if isinstance(p, int) else str(p) for p in loc) or "这一条"
    value = str(e.get("input"))[:30]
    kind = e["type"]
    if kind == "missing":
        return "missing-key", f"缺少“{name}”", "补上这一项，写法见 docs/authoring.md"
    if kind == "extra_forbidden":
        known = [f.alias or n for n, f in model.model_fields.items() if n not in _COMPUTED]
        close = difflib.get_close_matches(str(loc[-1]), known, 1)
        todo = f"是不是“{close[0]}”？" if close else "删掉它，或查 docs/authoring.md 里的名称"
        return "unknown-key", f"不认识的项“{name}”", todo
    if kind == "string_type":
        todo = "写成文字；纯数字或“是/否”要加引号"
        return "type", f"“{name}”应该是文字", todo
    if kind == "string_too_short":
        return "empty", f"“{name}”是空的", "写上内容，或删掉这一项"
    if kind == "string_pattern_mismatch" and re.search("[，、]", value):
        return "pattern", f"“{name}”里用了全角的逗号或顿号：{value}", "换成半角逗号“,”"
    if kind == "string_pattern_mismatch":
        return "pattern", f"“{name}”的写法不对：{value}", "只用小写英文、数字和连字符"
    if kind in ("tuple_type", "list_type"):
        return "type", f"“{name}”应该是列表", "写成 [甲, 乙] 或每行一个“- ”"
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        if found := yl.slip(value):
            return ("type", *found)
        return "type", f"“{name}”应该是几项“名称: 值”", "照 docs/authoring.md 的样子写"
    if kind.startswith("date"):
        return "date", f"“{name}”不是日期：{value}", "写成 2026-11-22 这样"
    if kind == "too_short":
        return "too-few", f"“{name}”太少", f"至少写 {e['ctx']['min_length']} 条"
    if kind.startswith("int_"):
        return "type", f"“{name}”应该是整数", "写成 80 这样，不加引号和单位"
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = f"不能小于 {e['ctx']['ge']}" if "ge" in e["ctx"] else f"不能大于 {e['ctx']['le']}"
        return "range", f"“{name}”{bound}，这里是 {value}", "改成范围里的数"
    if kind == "literal_error":
        return "value", f"“{name}”不能是“{value}”", f"只能是 {e['ctx']['expected']}"
    return "value", f"“{name}”的值不对：{value}", "照 docs/authoring.md 的样子写"


def other_name(r: Reading, file: str, line: int, item_id: str, owned: bool = False) -> None:
    """Note that an id is not the name of its file; ``owned``: it is the name of another file."""
    stem = Path(file).stem
    if not _ID.fullmatch(stem):
        todo = f"给文件改名，例如 {item_id}{Path(file).suffix}"
        if owned:
            todo = "给文件改名，只用小写英文、数字和连字符，编号改成一样的"
    else:
        todo = f"把编号改成“{stem}”" + ("" if owned else "，或给文件改名")
    r.find(file, line, "id", f"编号“{item_id}”和文件名不同", todo)
