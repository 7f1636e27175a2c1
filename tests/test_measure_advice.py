"""Measuring the advice: figures that can be worked out by hand, on answers made up for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kb.cli import main
from kb.content import Drill
from kb.errors import InputError
from kb.suggest.evaluate import Labelled, baselines, confusion, figures, read_labelled
from kb.suggest.nearest import nearest

LADDER = ["listen", "ask", "offer", "thank"]


def labelled(*steps: str, done: tuple[str, ...] = (), **more: Any) -> Labelled:
    fields = {"text": "包裹没到", "channel": "phone", "industry": "logistics", "type": "delivery"}
    fields |= {"emotion": "calm", "risk": frozenset(), "demand": frozenset({"none"})}
    return Labelled(done=done, steps=steps, **(fields | more))


def answer(step: str, confidence: float = 0.5, **more: Any) -> dict[str, Any]:
    said = {"type": "delivery", "emotion": "calm", "risk": [], "demand": ["none"]}
    return {"step": step, "confidence": confidence} | said | more


def test_an_accepted_step_counts_and_only_the_first_is_the_best() -> None:
    measured = figures([labelled("ask", "offer")] * 2, [answer("ask"), answer("offer")])
    assert (measured["accepted"], measured["best"]) == (1.0, 0.5)


def test_every_step_weighs_the_same_in_the_macro_f1() -> None:
    right = [labelled("ask")] * 9 + [labelled("thank")]
    measured = figures(right, [answer("ask")] * 10)
    assert measured["f1"] == {"ask": round(18 / 19, 3), "thank": 0.0}
    assert measured["macro_f1"] == round(9 / 19, 3)


def test_risks_are_counted_by_kind() -> None:
    both = labelled("ask", risk=frozenset({"safety", "legal"}))
    measured = figures([both, labelled("ask")], [answer("ask", risk=["safety"])] * 2)
    assert measured["risk"]["safety"] == {"precision": 0.5, "recall": 1.0, "situations": 1}
    assert measured["risk"]["legal"] == {"precision": None, "recall": 0.0, "situations": 1}
    assert measured["risk"]["all"] == {"precision": 0.5, "recall": 0.5, "situations": 2}


def test_the_calibration_error_is_the_gap_between_sure_and_right() -> None:
    asked = [labelled("ask")] * 4
    sure = figures(asked, [answer("ask", 0.75)] * 3 + [answer("thank", 0.75)])
    assert sure["calibration_error"] == 0.0
    boast = figures(asked, [answer("thank", 0.95)] * 4)
    assert boast["calibration_error"] == 0.95


def test_what_nobody_labelled_is_not_measured() -> None:
    measured = figures(
        [labelled("ask", type=None, emotion=None, risk=None, demand=None)], [answer("ask")]
    )
    assert (measured["type"], measured["emotion"], measured["demand"]) == (None, None, None)
    assert measured["risk"]["all"]["situations"] == 0


def test_the_baselines_never_repeat_a_step_that_is_done() -> None:
    learned = [
        Drill(text="包裹没到", step="ask", type="delivery", emotion="calm"),
        Drill(text="包裹没到呢", step="ask", type="delivery", emotion="calm"),
        Drill(text="谢谢你们", step="thank", type="inquiry", emotion="calm"),
    ]
    asked = [labelled("thank", done=("ask",)), labelled("listen")]
    measured = baselines(asked, learned, LADDER)
    assert measured["most_frequent"]["accepted"] == 0.5  # thank, and ask where nothing is done
    assert measured["first_undone"]["accepted"] == 0.5
    assert measured["nearest"]["f1"] == {"listen": 0.0, "thank": 1.0}


def test_near_is_what_shares_rare_grams_and_of_two_as_near_the_first() -> None:
    texts = ["快递没到", "快递没到", "发票没开", "没有"]
    assert nearest(["发票没到", "快递没到", "啊"], texts, 2) == [[2, 0], [0, 1], [0, 1]]
    assert nearest(["没有"], texts, 9) == [[3, 0, 1, 2]]


def test_the_confusion_table_counts_best_steps_by_answers() -> None:
    table = confusion([labelled("ask"), labelled("ask")], [answer("ask"), answer("offer")], LADDER)
    assert table == [[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"text": "没写步骤"}', "f.jsonl:1: text 要是文字，steps"),
        ('{"text": 5, "steps": ["ask"]}', "f.jsonl:1: text 要是文字，steps"),
        ('{"text": "a", "steps": ["ask"], "risk": "safety"}', "f.jsonl:1: “risk”应该是文字的列表"),
        ('{"text": "a", "steps": 5}', "f.jsonl:1: “steps”应该是文字的列表"),
        ('{"text": "a", "steps": "listen"}', "f.jsonl:1: “steps”应该是文字的列表"),
        ('{"text": "a", "steps": ["ask"], "done": [1]}', "f.jsonl:1: “done”应该是文字的列表"),
        ('{"text": "a", "step": "ask", "also": [null]}', "f.jsonl:1: “also”应该是文字的列表"),
        ('{"text": "a", "steps": ["ask"], "channel": 5}', "f.jsonl:1: “channel”应该是文字。"),
        ('{"text": "a", "steps": ["ask"], "type": []}', "f.jsonl:1: “type”应该是文字。"),
        ('{"text": "a", "steps": ["ask"], "demand": 0}', "f.jsonl:1: “demand”应该是文字的列表"),
        ('{"text": "a", "steps": ["sing"]}', "f.jsonl:1: 没有步骤“sing”，可用：listen、ask"),
        ('{"text": "a", "steps": ["ask"], "done": ["sing"]}', "f.jsonl:1: 没有步骤“sing”"),
        ("", "里面没有情形"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text(line + "\n", "utf-8")
    with pytest.raises(InputError, match=says):
        read_labelled(path, LADDER)


def test_a_drill_is_a_situation_too(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text('{"text": "a", "step": "ask", "also": null}\n', "utf-8")

    (one,) = read_labelled(path, LADDER)

    assert (one.steps, one.done, one.risk) == (("ask",), (), None)


def test_the_command_prints_the_figures_and_the_baselines(
    tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "f.jsonl"
    rows = [{"text": "人呢？？怎么还不来！", "steps": ["listen", "empathize"], "emotion": "angry"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert main(["--root", str(root), "evaluate", "suggest", str(path), "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert measured["situations"] == 1
    assert set(measured["baselines"]) == {"most_frequent", "first_undone", "nearest"}
