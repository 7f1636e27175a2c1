"""Parses the arguments and hands them to the floor that does the work."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from kb import __version__
from kb.cli import training
from kb.cli.common import print_json, root_of, say
from kb.cli.evaluate import evaluate
from kb.content import check, industry_names
from kb.errors import ContentError, InputError, KbError, UsageError
from kb.jsonl import read_objects

_KINDS = ("section", "case", "phrase", "method")
#: What argparse says, and the same for the person at hand; the last takes our own words out.
_SAID = (
    (r"the following arguments are required: (.*)", r"还缺 \1"),
    (r"unrecognized arguments: (.*)", r"不认识 \1"),
    (r"ambiguous option: (.*) could match (.*)", r"\1 可以是 \2，写全一点"),
    (r"argument (.*?): expected one argument", r"\1 后面要跟一个值"),
    (r"argument (.*?): ignored explicit argument (.*)", r"\1 后面不跟值"),
    (r"argument (.*?): invalid choice: (.*) \(choose from (.*)\)", r"\1 不能是 \2，可用：\3"),
    (r"argument (.*?): (.*)", r"\1：\2"),
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        for english, chinese in _SAID:
            message = re.sub(f"^{english}$", chinese, message, flags=re.DOTALL)
        raise UsageError(f"{self.prog}：{message}。用 {self.prog} --help 看用法。")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0 done, 1 content is wrong, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        args = _parser().parse_args(argv)
        run: Callable[[argparse.Namespace], int] = args.run
        return run(args)
    except ContentError as error:
        for finding in error.findings:
            print(finding, file=sys.stderr)
        print(f"内容有 {len(error.findings)} 处要改，改好再来。", file=sys.stderr)
        return error.exit_code
    except KbError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        sys.stderr.close()
        return 0
    except OSError as error:  # a full disk, a folder without rights: whatever nobody foresaw
        where = f" {error.filename}" if error.filename else ""
        print(
            f"读写{where} 时出错（{error.strerror or error}）——检查路径、权限和空间。",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="kb", description="客服案例书：检查、搜索、应答建议、训练、生成网站。")
    parser.add_argument("--version", action="version", version=f"kefu-casebook {__version__}")
    parser.add_argument("--root", type=Path, help="案例书所在的目录，默认从当前目录往上找")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")

    c = commands.add_parser("check", help="检查全部内容，列出文件、行号和改法")
    c.add_argument("--json", action="store_true", help="输出 JSON")
    c.set_defaults(run=_check)

    c = commands.add_parser("search", help="搜索手册、案例、方法和话术")
    _query(c, "QUERY", "要找的话")
    c.add_argument("--kind", choices=_KINDS, help="只找一类")
    c.add_argument("--limit", type=_positive, default=10, help="最多几条，默认 10")
    c.add_argument("--index", type=Path, metavar="DIR", help="搜 kb index 建的索引，不搜案例书")
    c.set_defaults(run=_search)

    c = commands.add_parser("index", help="给别的文档建索引：每行一个 JSON，有 id、title、text")
    c.add_argument("--docs", type=Path, required=True, metavar="FILE.jsonl", help="文档")
    c.add_argument("--out", type=Path, required=True, metavar="DIR", help="索引放到哪里")
    c.set_defaults(run=_index)

    c = commands.add_parser("evaluate", help="用判过的题目量搜索和应答建议有多准")
    c.add_argument("what", choices=["search", "suggest"], help="量什么")
    c.add_argument("file", type=Path, metavar="FILE.jsonl", help="判过的题目或情形，一行一个")
    c.add_argument("--browser", action="store_true", help="再在真的 Chromium 里量一遍")
    c.add_argument("--json", action="store_true", help="输出 JSON")
    c.set_defaults(run=evaluate)

    c = commands.add_parser("suggest", help="描述客户的话，给出下一步")
    _query(c, "TEXT", "客户说了什么")
    c.add_argument("--done", default="", help="已经做过的步骤，逗号隔开")
    c.add_argument("--channel", help="渠道")
    c.set_defaults(run=_suggest)

    training.add(commands)
    c = commands.add_parser("lint-reply", help="看一段准备发出去的回话里有没有不该有的话")
    c.add_argument("text", metavar="TEXT", help="准备怎样回")
    c.add_argument("--json", action="store_true", help="输出 JSON")
    c.set_defaults(run=_lint_reply)

    c = commands.add_parser("build", help="生成整本静态网站")
    c.add_argument("--out", type=Path, help="放到哪里，默认 _build/html")
    c.set_defaults(run=_build)

    c = commands.add_parser("serve", help="在本机打开生成好的网站")
    c.add_argument("--out", type=Path, help="网站的目录，默认 _build/html")
    c.add_argument("--port", type=_port, default=8137, help="端口，默认 8137；被占用就用下一个")
    c.set_defaults(run=_serve)
    return parser


def _query(c: argparse.ArgumentParser, name: str, help_: str) -> None:
    c.add_argument("text", nargs="?", metavar=name, help=help_)
    c.add_argument("--industry", help="行业")
    c.add_argument("--batch", type=Path, metavar="FILE.jsonl", help="一行一个 JSON，逐行回答")
    c.add_argument("--json", action="store_true", help="输出 JSON")


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"要一个正整数，不能是 {value}")
    return int(value)


def _port(value: str) -> int:
    if not value.isdecimal():
        raise argparse.ArgumentTypeError(f"要一个端口号，不能是 {value}")
    return int(value)


def _check(args: argparse.Namespace) -> int:
    findings = check(root_of(args))
    wrong = [f for f in findings if not f.warning]
    if args.json:
        keys = ("file", "line", "kind", "what", "todo", "warning")
        print_json({"findings": [{k: getattr(f, k) for k in keys} for f in findings]})
    else:
        for finding in findings:
            print(finding)
        said = [f"有 {len(wrong)} 处要改"] if wrong else []
        said += [f"{len(findings) - len(wrong)} 处提醒"] if len(wrong) < len(findings) else []
        print("，".join(said) + "。" if said else "内容没有问题。")
    return 1 if wrong else 0


class _Question(NamedTuple):
    """One question; ``where`` is ``file:line: `` for a line of a batch, else empty."""

    where: str
    item: dict[str, Any]


def _questions(args: argparse.Namespace, key: str) -> Iterator[_Question]:
    """The one question of the command line, or those of the batch file."""
    if (args.text is None) == (args.batch is None):
        raise UsageError(f"kb {args.command}：写一段文字，或用 --batch 给一个文件，二选一。")
    if args.batch is None:
        yield _Question("", {key: args.text})
        return
    for where, item in read_objects(args.batch):
        if not isinstance(item.get(key), str):
            raise InputError(f"{where}缺少文字“{key}”——每行都要有它。")
        yield _Question(where, item)


def _known(
    where: str, what: str, value: object, known: Sequence[str] | Mapping[str, str]
) -> str | None:
    """``value`` if it is known; of a line in a file the file is wrong, else the usage.

    Where ``known`` leads from ids to Chinese names, a name stands for its id.
    """
    if value is None or (isinstance(value, str) and value in known):
        return value
    names = known if isinstance(known, Mapping) else {}
    for key, name in names.items():
        if value == name:
            return key
    near = difflib.get_close_matches(str(value), [*known, *names.values()], 1)
    words = [f"{key}（{names[key]}）" if key in names else key for key in known]
    hint = f"是不是“{near[0]}”？" if near else f"可用：{'、'.join(words)}。"
    sentence = f"{where}没有{what}“{value}”，{hint}"
    raise InputError(sentence) if where else UsageError(sentence)


def _field(
    question: _Question,
    args: argparse.Namespace,
    name: str,
    known: Sequence[str] | Mapping[str, str],
) -> Any:
    """An industry or channel. A file from elsewhere may name ones that we have no word for."""
    what = {"channel": "渠道", "industry": "行业"}[name]
    given = question.item.get(name)
    if given is not None and not isinstance(given, str):
        raise InputError(f"{question.where}“{name}”应该是文字。")
    if given is not None:
        return given if given in known else None
    return _known("", what, getattr(args, name), known)


def _search(args: argparse.Namespace) -> int:
    from kb.engines import open_index_folder, open_search

    questions = list(_questions(args, "query"))
    engine = open_index_folder(args.index) if args.index else open_search(root_of(args), say)
    used = sorted({d.industry for d in engine.index.documents if d.industry})
    names = {} if args.index else industry_names(root_of(args))
    industries = {key: names.get(key, key) for key in used}
    for question in questions:
        kind = question.item.get("kind") or args.kind
        results = engine.search(
            question.item["query"],
            kind=_known(question.where, "类别", kind, _KINDS),
            industry=_field(question, args, "industry", industries),
            limit=args.limit,
        )
        if args.json:
            print_json(results.to_json())
            continue
        print(f"{results.total} 条结果 · {results.took_ms} 毫秒")
        for note in results.notes:
            print(f"“{note.typed}”也按{'、'.join(f'“{word}”' for word in note.meant[:3])}查")
        for hit in results.hits:
            badge = f"[{hit.document.badge}] " if hit.document.badge else ""
            print(f"\n{badge}{hit.document.title}  {hit.url or hit.document.id}\n  {hit.excerpt}")
    return 0


def _index(args: argparse.Namespace) -> int:
    from kb.search.foreign import index_documents

    say(f"正在给 {args.docs} 建索引 …")
    count = index_documents(args.docs, args.out)
    print(f"{count} 篇文档的索引在 {args.out}。搜它：kb search --index {args.out} 要找的话")
    return 0


def _suggest(args: argparse.Namespace) -> int:
    from kb.engines import open_advisor

    questions = list(_questions(args, "text"))
    advisor = open_advisor(root_of(args), say)
    for question in questions:
        done = question.item.get("done")
        if done is None:
            done = [s for s in re.split(r"[,，、\s]+", args.done) if s]
        if not isinstance(done, list) or not all(isinstance(step, str) for step in done):
            raise InputError(f'{question.where}“done”应该是步骤的列表，例如 ["listen"]。')
        advice = advisor.suggest(
            question.item["text"],
            done=[_known(question.where, "步骤", s, advisor.names) or "" for s in done],
            channel=_field(question, args, "channel", advisor.labels["channel"]),
            industry=_field(question, args, "industry", advisor.labels["industry"]),
        )
        if args.json:
            print_json(advice.to_json())
        else:
            _show(advice, advisor.names)
    return 0


def _show(advice: Any, names: dict[str, str]) -> None:
    print(f"现在：{names[advice.step]}（把握 {advice.confidence:.2f}）\n{advice.why}")
    print(f"接下来：{' → '.join(names[s] for s in advice.plan[1:]) or '收尾'}")
    for title, lines in (
        ("可以这样说", [p["text"] for p in advice.phrases]),
        ("别这样说", [f"{a['text']} → {a['instead']}" for a in advice.avoid]),
        ("像这样的案例", [f"{c['title']}  {c['url']}" for c in advice.cases]),
        ("读一读", [f"{r['title']}  {r['url']}" for r in advice.readings]),
    ):
        print(f"\n{title}")
        for line in lines:
            print(f"  {line}")


def _lint_reply(args: argparse.Namespace) -> int:
    from kb.engines import wording_json
    from kb.suggest.lint import Linter

    words = wording_json(root_of(args))["reply"]
    remarks = Linter(words).find(args.text)
    if args.json:
        print_json({"findings": [remark.to_json() for remark in remarks]})
        return 0
    for remark in remarks:
        kind = words["kinds"].get(remark.kind, remark.kind)
        print(f"{kind}：{remark.text} → {remark.instead}\n  {remark.why}")
    print(f"有 {len(remarks)} 处可以换个说法。" if remarks else "没有问题。")
    return 0


def _out(args: argparse.Namespace, root: Path) -> Path:
    out: Path = args.out or root / "_build" / "html"
    return out.resolve()


def _build(args: argparse.Namespace) -> int:
    from kb.book import build_book

    root = root_of(args)
    out = _out(args, root)
    build_book(root, out, say)
    print(f"案例书已生成：{out / 'index.html'}（可以直接双击打开）")
    return 0


def _serve(args: argparse.Namespace) -> int:
    from kb.cli.serve import serve

    out = _out(args, args.root or Path.cwd()) if args.out else _out(args, root_of(args))
    serve(out, args.port, announce=lambda line: print(line, flush=True))
    return 0
