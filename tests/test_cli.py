"""The command ``kb`` as a person meets it: words or JSON on stdout, one clear line on stderr."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kb.cli import main

GOOD = Path(__file__).parent / "books" / "good"
ADVICE_KEYS = {
    "step",
    "plan",
    "type",
    "emotion",
    "demand",
    "risk",
    "signals",
    "phrases",
    "avoid",
    "cases",
    "readings",
    "confidence",
}
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the good little book, with its index and its advisor made."""
    book = shutil.copytree(GOOD, tmp_path_factory.mktemp("project") / "book")
    kb("--root", book, "suggest", "包裹")
    return book


def kb(*args: object, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kb.cli"]
    command += [arg if isinstance(arg, (str, bytes)) else str(arg) for arg in args]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, encoding="utf-8", env=os.environ | env
    )


def answer(*args: object) -> Any:
    done = kb(*args, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def complaint(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The one line in Chinese with which a command ends that cannot go on."""
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    assert HAN.search(line)
    return line


def batch(folder: Path, *lines: object) -> Path:
    file = folder / "questions.jsonl"
    texts = [x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in lines]
    file.write_text("".join(text + "\n" for text in texts), "utf-8")
    return file


# kb check


def test_check_of_good_content_ends_with_0(book: Path) -> None:
    done = kb("--root", book, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert HAN.search(done.stdout)
    assert answer("--root", book, "check") == {"findings": []}


def test_check_of_wrong_content_shows_every_finding_and_ends_with_1(tmp_path: Path) -> None:
    book = shutil.copytree(GOOD, tmp_path / "book")
    drills = "book/drills/new.yml"
    (book / drills).write_text("- text: 快递没到\n  stop: ask\n", "utf-8")

    words = kb("--root", book, "check")
    data = kb("--root", book, "check", "--json")

    assert (words.returncode, data.returncode) == (1, 1)
    findings = json.loads(data.stdout)["findings"]
    assert len(findings) > 1
    for f in findings:
        assert f["file"] == drills
        assert f"{f['file']}:{f['line']}: {f['what']} — {f['todo']}\n" in words.stdout
    assert {f["kind"] for f in findings} == {"missing-key", "unknown-key"}


def test_with_wrong_content_search_lists_the_findings_instead(tmp_path: Path) -> None:
    book = shutil.copytree(GOOD, tmp_path / "book")
    (book / "book/drills/new.yml").write_text("- 快递没到\n", "utf-8")

    done = kb("--root", book, "search", "包裹")

    assert (done.returncode, done.stdout) == (1, "")
    assert "book/drills/new.yml:1: " in done.stderr
    assert "Traceback" not in done.stderr


# kb search


def test_search_as_json_has_the_keys_of_the_contract(book: Path) -> None:
    data = answer("--root", book, "search", "一口锅")
    assert {"query", "took_ms", "total", "results"} <= set(data)
    assert data["query"] == "一口锅"
    assert data["total"] == len(data["results"]) > 0
    keys = {"id", "kind", "title", "url", "score", "excerpt", "source"}
    assert all(keys <= set(result) for result in data["results"])
    assert data["results"][0]["id"] == "case:borrowed-pot"


def test_search_filters_by_kind_and_industry_and_limits(book: Path) -> None:
    def found(*options: object) -> list[str]:
        return [r["id"] for r in answer("--root", book, "search", "客户", *options)["results"]]

    assert found("--kind", "case", "--industry", "ecommerce") == ["case:silent-parcel"]
    assert found("--kind", "method") == ["method:parcel-steps"]
    assert len(found("--limit", "2")) == 2


def test_search_in_words_shows_title_and_page(book: Path) -> None:
    done = kb("--root", book, "search", "一口锅")
    assert (done.returncode, done.stderr) == (0, "")
    assert "先借一口锅" in done.stdout
    assert "cases/borrowed-pot.html" in done.stdout


def test_search_without_a_hit_is_no_error(book: Path) -> None:
    data = answer("--root", book, "search", "龘")
    assert (data["total"], data["results"]) == (0, [])


def test_a_batch_of_queries_is_answered_line_by_line_in_order(book: Path, tmp_path: Path) -> None:
    queries = ["一口锅", "龘", "包裹\u2028迟到", "", "一口锅"]
    file = batch(tmp_path, *({"query": query} for query in queries))

    done = kb("--root", book, "search", "--batch", file, "--json")

    assert (done.returncode, done.stderr) == (0, "")
    answers = [json.loads(line) for line in done.stdout.removesuffix("\n").split("\n")]
    assert [a["query"] for a in answers] == queries
    assert [a["total"] > 0 for a in answers] == [True, False, True, False, True]
    assert answers[0]["results"] == answers[4]["results"]


# kb suggest


def test_suggest_as_json_has_the_keys_of_the_contract(book: Path) -> None:
    data = answer("--root", book, "suggest", "开水烫伤了手")
    assert set(data) >= ADVICE_KEYS
    assert data["step"] == data["plan"][0] == "escalate"
    assert data["risk"] == ["safety"]


def test_suggest_takes_what_is_done_channel_and_industry(book: Path) -> None:
    text = "开水烫伤了手"
    options = ["--done", "escalate,listen", "--channel", "phone", "--industry", "retail"]
    data = answer("--root", book, "suggest", text, *options)
    assert "escalate" not in data["plan"]


def test_steps_and_labels_may_be_said_in_chinese(book: Path) -> None:
    said = ["--done", "升级，倾听", "--channel", "电话", "--industry", "零售"]
    ids = ["--done", "escalate, listen", "--channel", "phone", "--industry", "retail"]
    text = "开水烫伤了手"
    assert answer("--root", book, "suggest", text, *said) == answer(
        "--root", book, "suggest", text, *ids
    )
    found = answer("--root", book, "search", "包裹", "--kind", "case", "--industry", "网店")
    assert [hit["id"] for hit in found["results"]] == ["case:silent-parcel"]


def test_suggest_in_words_names_the_step_in_chinese(book: Path) -> None:
    done = kb("--root", book, "suggest", "开水烫伤了手")
    assert (done.returncode, done.stderr) == (0, "")
    assert "升级" in done.stdout


def test_a_batch_of_descriptions_is_answered_as_each_alone(book: Path, tmp_path: Path) -> None:
    items: list[dict[str, Any]] = [
        {"text": "开水烫伤了手"},
        {"text": "开水烫伤了手", "done": ["escalate"]},
        {"text": "包裹三天没动", "channel": "phone", "industry": "ecommerce", "done": []},
        {"text": ""},
    ]
    done = kb("--root", book, "suggest", "--batch", batch(tmp_path, *items), "--json")

    assert (done.returncode, done.stderr) == (0, "")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers[0] == answer("--root", book, "suggest", "开水烫伤了手")
    assert answers[1] == answer("--root", book, "suggest", "开水烫伤了手", "--done", "escalate")
    assert len(answers) == len(items)


# Where and how it runs


def test_the_book_is_found_from_any_folder_below_it(book: Path) -> None:
    done = kb("search", "一口锅", "--json", cwd=book / "book" / "basics")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["total"] > 0


def test_chinese_comes_out_whole_whatever_the_locale(book: Path) -> None:
    done = kb("--root", book, "search", "一口锅", LC_ALL="C", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "先借一口锅" in done.stdout


def test_bytes_that_are_no_text_are_searched_for_without_a_traceback(book: Path) -> None:
    for command in ("search", "suggest"):
        done = kb("--root", book, command, b"\xff\xfe\xe9", "--json")
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)


def test_progress_goes_to_stderr_so_that_stdout_stays_json(tmp_path: Path) -> None:
    book = shutil.copytree(GOOD, tmp_path / "book")
    done = kb("--root", book, "search", "一口锅", "--json")
    assert done.returncode == 0
    assert "索引" in done.stderr
    assert json.loads(done.stdout)["total"] > 0


@pytest.mark.parametrize("command", ["check", "search", "suggest", "build", "serve"])
def test_every_command_explains_itself(command: str) -> None:
    done = kb(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert HAN.search(done.stdout)


# What goes wrong


def test_an_unknown_step_is_answered_with_the_near_one(book: Path) -> None:
    line = complaint(kb("--root", book, "suggest", "包裹", "--done", "listen,aplogize"), 2)
    assert "aplogize" in line
    assert "apologize" in line


@pytest.mark.parametrize(
    ("args", "names"),
    [
        (["search", "包裹", "--kind", "chapter"], "chapter"),
        (["search", "包裹", "--limit", "0"], "0"),
        (["search"], "--batch"),
        (["lint-reply"], "TEXT"),
        (["search", "包裹", "--batch", "x.jsonl"], "--batch"),
        (["suggest", "包裹", "--channel", "fone"], "phone"),
        (["suggest", "包裹", "--industry", "retial"], "retail"),
        (["search", "包裹", "--colour"], "--colour"),
        (["search", "包裹", "--limit", "²"], "正整数，不能是 ²"),
        (["serve", "--port", "abc"], "要一个端口号，不能是 abc"),
        ([], "--help"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_line_and_2(book: Path, args: list[str], names: str) -> None:
    assert names in complaint(kb("--root", book, *args), 2)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["lint-reply"], "kb lint-reply：还缺 TEXT。"),
        (["check", "x", "-y"], "kb：不认识 x -y。"),
        (["search", "--kind"], "kb search：--kind 后面要跟一个值。"),
        (["check", "--json=1"], "kb check：--json 后面不跟值。"),
        (["search", "--in", "x"], "kb search：--in 可以是 --industry, --index，写全一点。"),
        (["serve", "--port", "²"], "kb serve：--port：要一个端口号，不能是 ²。"),
    ],
)
def test_wrong_usage_is_told_in_chinese(
    capsys: pytest.CaptureFixture[str], args: list[str], said: str
) -> None:
    assert main(args) == 2
    assert said in capsys.readouterr().err


def test_an_unknown_command_is_answered_with_those_that_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["chekc"]) == 2
    assert re.search("命令 不能是 '?chekc'?，可用：.*check", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("search", "包裹"),
        ("search", '["包裹"]'),
        ("search", '{"text": "包裹"}'),
        ("search", '{"query": 12315}'),
        ("suggest", '{"text": null}'),
    ],
)
def test_a_batch_line_that_is_no_question_is_named(
    book: Path, tmp_path: Path, command: str, wrong: str
) -> None:
    right = {"query": "包裹", "text": "包裹"}
    file = batch(tmp_path, right, right, wrong, right)
    assert f"{file}:3: " in complaint(kb("--root", book, command, "--batch", file, "--json"), 1)


@pytest.mark.parametrize(
    ("command", "item"),
    [
        ("search", {"query": "包裹", "kind": 5}),
        ("search", {"query": "包裹", "kind": "chapter"}),
        ("suggest", {"text": "包裹", "done": "listen"}),
        ("suggest", {"text": "包裹", "done": ["aplogize"]}),
        ("suggest", {"text": "包裹", "done": [None]}),
        ("suggest", {"text": "包裹", "channel": {}}),
        ("suggest", {"text": "包裹", "industry": 5}),
    ],
    ids=str,
)
def test_a_batch_line_with_a_wrong_value_is_one_line_and_no_traceback(
    book: Path, tmp_path: Path, command: str, item: dict[str, object]
) -> None:
    done = kb("--root", book, command, "--batch", batch(tmp_path, item), "--json")
    assert done.returncode in (1, 2)
    complaint(done, done.returncode)


def test_null_in_a_batch_line_is_as_if_it_were_not_there(book: Path, tmp_path: Path) -> None:
    file = batch(tmp_path, {"text": "包裹", "done": None, "channel": None, "industry": None})
    assert answer("--root", book, "suggest", "--batch", file) == answer(
        "--root", book, "suggest", "包裹"
    )


def test_a_batch_file_that_is_not_there_or_no_text_is_named(book: Path, tmp_path: Path) -> None:
    gbk = tmp_path / "gbk.jsonl"
    gbk.write_bytes('{"query": "包裹"}'.encode("gbk"))
    for file in (tmp_path / "nowhere.jsonl", tmp_path, gbk):
        assert str(file) in complaint(kb("--root", book, "search", "--batch", file), 1)


def test_a_reply_is_looked_through_in_words_and_as_json(book: Path) -> None:
    (finding,) = answer("--root", book, "lint-reply", "😀这不归我管")["findings"]
    assert {key: finding[key] for key in ("start", "end", "text", "kind")} == {
        "start": 2,
        "end": 6,
        "text": "不归我管",
        "kind": "pass",
    }
    assert HAN.search(finding["instead"])
    assert answer("--root", book, "lint-reply", "我替您去问。") == {"findings": []}
    done = kb("--root", book, "lint-reply", "这不归我管")
    assert (done.returncode, done.stderr) == (0, "")
    assert "推给别人" in done.stdout


def test_outside_a_book_it_says_how_to_name_one(tmp_path: Path) -> None:
    for args in (["check"], ["suggest", "包裹"], ["build"]):
        assert "--root" in complaint(kb(*args, cwd=tmp_path), 1)


def test_serving_before_building_names_kb_build(book: Path) -> None:
    assert "kb build" in complaint(kb("--root", book, "serve"), 1)


def test_a_file_where_a_folder_should_be_is_said_before_the_work(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("一封信", "utf-8")

    said = complaint(kb("--root", GOOD, "build", "--out", plain / "x"), 1)

    assert "--out" in said
    assert plain.read_text("utf-8") == "一封信"


def test_whatever_the_disk_refuses_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/srv/book")

    monkeypatch.setattr(sys.modules["kb.cli.main"], "check", full)

    assert main(["--root", str(GOOD), "check"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "/srv/book" in line and HAN.search(line)
