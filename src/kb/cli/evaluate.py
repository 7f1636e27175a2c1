"""``kb evaluate``: the figures of search and advice on judged questions."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from kb.cli.common import print_json, root_of, say


def evaluate(args: argparse.Namespace) -> int:
    """Measure what was asked for and print the figures."""
    return _search(args) if args.what == "search" else _suggest(args)


def _search(args: argparse.Namespace) -> int:
    from kb.engines import open_search
    from kb.search.evaluate import DEPTH, figures, read_judged

    judged = read_judged(args.file)
    engine = open_search(root_of(args), say)
    answers = [engine.search(one.query, limit=DEPTH).to_json() for one in judged]
    found = {"python": answers}
    if args.browser:
        from kb.browser.measure import ask_browser

        say("正在 Chromium 里再查一遍 …")
        found["browser"] = ask_browser(engine.index, [one.query for one in judged])
    measured = {}
    for where, given in found.items():
        took = sorted(answer["took_ms"] for answer in given)
        by_class = figures(judged, [answer["results"] for answer in given])
        measured[where] = {
            "classes": {kind: figure.to_json() for kind, figure in by_class.items()},
            "p50_ms": round(took[len(took) // 2], 2),
            "p95_ms": round(took[int(len(took) * 0.95)], 2),
        }
    if args.json:
        print_json(measured)
        return 0
    for where, figure in measured.items():
        print(f"{where}  p50 {figure['p50_ms']} 毫秒，p95 {figure['p95_ms']} 毫秒")
        for kind, shares in figure["classes"].items():
            words = "  ".join(f"{name} {value}" for name, value in shares.items())
            print(f"  {kind or '（未分类）'}  {words}")
    return 0


def _suggest(args: argparse.Namespace) -> int:
    from kb.content import load
    from kb.engines import open_advisor
    from kb.suggest.evaluate import baselines, figures, read_labelled

    root = root_of(args)
    library = load(root)
    # Before the advisor, who may have to be trained first.
    labelled = read_labelled(args.file, [step.id for step in library.steps])
    advisor = open_advisor(root, say)
    advice = []
    for one in labelled:
        answer = advisor.suggest(
            one.text, done=one.done, channel=one.channel, industry=one.industry
        )
        advice.append(answer.to_json())
    say("正在和三种简单的办法比 …")
    learned = list(library.situations())
    measured = figures(labelled, advice)
    measured["baselines"] = baselines(labelled, learned, advisor.steps)
    if args.json:
        print_json(measured)
    else:
        _show(measured, advisor.names)
    return 0


def _show(measured: Mapping[str, Any], names: Mapping[str, str]) -> None:
    words = {"accepted": "步骤可取", "best": "步骤最佳", "macro_f1": "宏平均 F1", "type": "类型"}
    words |= {"emotion": "情绪", "demand": "诉求", "calibration_error": "把握的误差"}
    print(f"{measured['situations']} 个情形")
    for key, word in words.items():
        print(f"  {word}  {'—' if measured[key] is None else measured[key]}")
    for kind, risk in measured["risk"].items():
        shown = "、".join(
            f"{word} {'—' if risk[key] is None else risk[key]}"
            for key, word in (("precision", "查准"), ("recall", "查全"), ("situations", "条数"))
        )
        print(f"  风险 {kind}  {shown}")
    print("各步骤的 F1  " + "  ".join(f"{names[s]} {v}" for s, v in measured["f1"].items()))
    for title, key in (("渠道", "by_channel"), ("状态", "by_state")):
        for value, part in measured[key].items():
            print(f"  {title} {value}  {part['situations']} 条，可取 {part['accepted']}")
    for name, base in measured["baselines"].items():
        print(f"比：{name}  可取 {base['accepted']}，最佳 {base['best']}，F1 {base['macro_f1']}")
