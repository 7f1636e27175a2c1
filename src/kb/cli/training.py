"""``kb training``: lists out as courses and question banks, receipts in as a report."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.cli.common import print_json, root_of, say, write_file
from kb.content import digest, load
from kb.errors import InputError

if TYPE_CHECKING:
    from kb.training.report import Report

_STATES = {"passed": "通过", "failed": "未及格", "open": "未学完", "missing": "未交"}


def add(commands: Any) -> None:
    """Add the command and its own commands to the parser."""
    parser = commands.add_parser("training", help="读单导出成课件和题库，回执汇总成报告")
    own = parser.add_subparsers(dest="what", required=True, metavar="做什么")

    c = own.add_parser("scorm", help="把一份读单做成 SCORM 1.2 课件")
    _list(c, "FILE.zip")
    c.set_defaults(run=_scorm)

    c = own.add_parser("gift", help="把一份读单的题目做成 Moodle 能导入的 GIFT")
    _list(c, "FILE")
    c.set_defaults(run=_gift)

    c = own.add_parser("report", help="汇总一个目录里的回执：谁完成了，哪一步弱")
    c.add_argument("folder", type=Path, metavar="DIR", help="放回执的目录")
    c.add_argument("--json", action="store_true", help="输出 JSON")
    c.add_argument("--csv", type=Path, metavar="FILE", help="另存一份 CSV")
    c.add_argument("--xlsx", type=Path, metavar="FILE", help="另存一份 Excel")
    c.add_argument("--xapi", type=Path, metavar="FILE", help="另存一份 xAPI 语句，给学习记录库")
    c.set_defaults(run=_report)


def _list(c: argparse.ArgumentParser, out: str) -> None:
    c.add_argument("file", type=Path, metavar="LIST", help="读单：.yml 或 .kb-list.json")
    c.add_argument("--out", type=Path, required=True, metavar=out, help="放到哪里")


def _refuse_same(outs: Sequence[Path], sources: Iterable[Path], what: str) -> None:
    """Raise ``InputError`` when something made would lie over its sources or over another."""
    taken = {path.resolve(): what for path in sources}
    for out in outs:
        if out.resolve() in taken:
            raise InputError(f"{out} 就是{taken[out.resolve()]}——换一个文件名，免得盖掉。")
        taken[out.resolve()] = "另一份要写的文件"


def _scorm(args: argparse.Namespace) -> int:
    from kb.browser import STATIC
    from kb.training.lists import open_list
    from kb.training.scorm import package

    _refuse_same([args.out], [args.file], "读单自己")
    root = root_of(args)
    library, reading = open_list(root, args.file)
    write_file(args.out, package(root, library, reading, STATIC))
    print(f"课件在 {args.out}，传到支持 SCORM 1.2 的学习平台就能用。")
    return 0


def _gift(args: argparse.Namespace) -> int:
    from kb.training.gift import to_gift
    from kb.training.lists import open_list

    _refuse_same([args.out], [args.file], "读单自己")
    library, reading = open_list(root_of(args), args.file)
    write_file(args.out, to_gift(library, reading))
    print(f"题库在 {args.out}，在 Moodle 里按 GIFT 格式导入。")
    return 0


def _report(args: argparse.Namespace) -> int:
    from kb.training import tables, xapi
    from kb.training.folder import file_of, receipts_in
    from kb.training.report import collect, report

    root = root_of(args)
    given = receipts_in(args.folder)
    outs = [out for out in (args.csv, args.xlsx, args.xapi) if out]
    _refuse_same(outs, (args.folder / file_of(name) for name, _ in given), "一份回执")
    made = report(given, digest(root))
    names = {step.id: step.name for step in load(root).steps}
    if args.csv:
        write_file(args.csv, tables.to_csv(made, names))
    if args.xlsx:
        write_file(args.xlsx, tables.to_xlsx(made, names))
    if args.xapi:
        said = xapi.statements(collect(given)[0])
        write_file(args.xapi, json.dumps(said, ensure_ascii=False, indent=1))
    if args.json:
        print_json(made)
    else:
        _show(made, names)
    for problem in made["problems"]:
        say(f"{problem['file']}: {problem['what']}")
    # A broken receipt is part of the report; a report over none at all is no report.
    return 0 if made["lists"] else 1


def _show(made: Report, names: dict[str, str]) -> None:
    for reading in made["lists"]:
        due = f"，{reading['due']} 截止" if reading["due"] else ""
        print(f"{reading['title']}（{reading['pass']} 分及格{due}）")
        for p in reading["people"]:
            score = "" if p["score"] is None else f"  {p['score']} 分"
            marks = "".join(
                f"  {word}"
                for word, is_so in (("迟交", p["late"]), ("另一版书", p["otherBook"]))
                if is_so
            )
            state = _STATES[p["state"]]
            print(f"  {p['person']}  {state}  {p['done']}/{p['items']} 项{score}{marks}")
        weak = []
        for step, cells in reading["steps"].items():
            right, asked = (sum(cell[i] for cell in cells.values()) for i in (0, 1))
            if right < asked:
                weak.append((right / asked, -asked, names.get(step, step), right, asked))
        for _, _, name, right, asked in sorted(weak)[:3]:
            print(f"  弱的一步：{name}，{asked} 次答对 {right} 次")
        print()
    if not made["lists"]:
        print("这个目录里没有能用的回执。")
