"""``kb training`` as a person meets it: a course, a question bank, a report."""

from __future__ import annotations

import json
import os
import threading
import zipfile
from pathlib import Path

import pytest
from test_cli import GOOD, answer, complaint, kb

from kb.cli import main
from kb.cli.common import write_file
from kb.errors import InputError, UsageError

LIST = GOOD / "assignments" / "first-day.yml"
REPORT = json.loads(
    (Path(__file__).parent / "fixtures" / "training" / "report.json").read_text("utf-8")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The receipts of the fixture as somebody saved them."""
    folder = tmp_path_factory.mktemp("receipts")
    for given in REPORT["given"]:
        (folder / given["file"]).write_text(given["text"], "utf-8")
    return folder


def test_a_list_becomes_a_course(tmp_path: Path) -> None:
    out = tmp_path / "课件.zip"

    done = kb("--root", GOOD, "training", "scorm", LIST, "--out", out)

    assert (done.returncode, done.stderr) == (0, "")
    assert str(out) in done.stdout
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist()[0] == "imsmanifest.xml"


def test_a_list_becomes_a_question_bank(tmp_path: Path) -> None:
    out = tmp_path / "list.gift"

    done = kb("--root", GOOD, "training", "gift", LIST, "--out", out)

    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_text("utf-8").startswith("$CATEGORY: 上岗第一天/")


def test_the_report_is_printed_as_the_browser_makes_it(folder: Path) -> None:
    done = kb("--root", GOOD, "training", "report", folder, "--json")

    assert done.returncode == 0
    made = json.loads(done.stdout)
    for reading, expected in zip(made["lists"], REPORT["report"]["lists"], strict=True):
        assert reading["steps"] == expected["steps"]
        assert [p["state"] for p in reading["people"]] == [p["state"] for p in expected["people"]]
    problems = {problem["file"]: problem["what"] for problem in made["problems"]}
    assert problems.keys() == {"cut.txt", "notes.txt", "li-open.json", "zhou-old.json"}
    assert set(done.stderr.splitlines()) == {f"{file}: {what}" for file, what in problems.items()}


def test_the_report_in_words_names_people_and_weak_steps(folder: Path) -> None:
    done = kb("--root", GOOD, "training", "report", folder)

    assert done.returncode == 0
    assert "新人第一周（80 分及格，2026-12-05 截止）" in done.stdout
    assert "李强  未及格  3/3 项  33 分  迟交" in done.stdout
    assert "弱的一步：倾听，4 次答对 1 次" in done.stdout


def test_the_report_is_written_as_files_too(folder: Path, tmp_path: Path) -> None:
    files = {option: tmp_path / f"report.{option}" for option in ("csv", "xlsx", "xapi")}
    options = [str(x) for option, file in files.items() for x in (f"--{option}", file)]

    made = kb("--root", GOOD, "training", "report", folder, "--json", *options)

    assert made.returncode == 0
    assert files["csv"].read_bytes().startswith("\ufeff读单,截止,姓名".encode())
    assert zipfile.is_zipfile(files["xlsx"])
    assert json.loads(files["xapi"].read_text("utf-8"))


def test_a_report_beside_the_receipts_is_no_receipt(folder: Path, tmp_path: Path) -> None:
    _only(folder, "wang.json", tmp_path)
    files = {option: tmp_path / f"report.{option}" for option in ("csv", "xlsx", "xapi")}
    options = [str(x) for option, file in files.items() for x in (f"--{option}", file)]
    first = kb("--root", GOOD, "training", "report", tmp_path, "--json", *options)
    (tmp_path / "report.json").write_text(first.stdout, "utf-8")

    again = kb("--root", GOOD, "training", "report", tmp_path, "--json")

    assert (again.returncode, again.stderr, again.stdout) == (0, "", first.stdout)


def test_a_receipt_of_another_version_of_the_book_is_marked(folder: Path, tmp_path: Path) -> None:
    made = answer("--root", GOOD, "training", "report", _only(folder, "wang.json", tmp_path))

    (reading,) = made["lists"]
    assert [p["otherBook"] for p in reading["people"]] == [True, False, False]


def _only(folder: Path, file: str, to: Path) -> Path:
    (to / file).write_bytes((folder / file).read_bytes())
    return to


def test_a_folder_without_a_receipt_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("我学完了", "utf-8")

    done = kb("--root", GOOD, "training", "report", tmp_path, "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["lists"] == []
    assert "notes.txt" in done.stderr


def test_what_cannot_be_used_is_named_in_one_line(tmp_path: Path) -> None:
    cases = [
        ("training", "report", tmp_path / "nowhere"),
        ("training", "scorm", tmp_path / "nowhere.kb-list.json", "--out", tmp_path / "x.zip"),
        ("training", "gift", LIST, "--out", tmp_path / "nowhere" / "x"),
    ]
    for args in cases:
        assert "nowhere" in complaint(kb("--root", GOOD, *args), 1)


@pytest.mark.parametrize("what", ["scorm", "gift"])
def test_a_list_is_never_written_over_by_what_is_made_from_it(what: str, tmp_path: Path) -> None:
    reading = tmp_path / "list.yml"
    reading.write_bytes(LIST.read_bytes())
    same = tmp_path / "." / "sub" / ".." / "list.yml"
    (tmp_path / "sub").mkdir()

    said = complaint(kb("--root", GOOD, "training", what, reading, "--out", same), 1)

    assert "换一个文件名" in said
    assert reading.read_bytes() == LIST.read_bytes()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--csv", "out", "--xlsx", "./out"], "另一份要写的文件"),
        (["--xapi", "out", "--csv", "out"], "另一份要写的文件"),
        (["--csv", "receipts/wang.json"], "一份回执"),
        (["--xapi", "receipts/two.txt"], "一份回执"),
    ],
)
def test_a_report_is_written_over_no_receipt_and_no_other_report(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    receipts = tmp_path / "receipts"
    receipts.mkdir()
    receipt = (_only(folder, "wang.json", receipts) / "wang.json").read_bytes()
    (receipts / "two.txt").write_text("KB1.a.00000000 KB1.b.00000000", "utf-8")
    monkeypatch.chdir(tmp_path)

    assert main(["--root", str(GOOD), "training", "report", "receipts", *options]) == 1

    assert said in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["receipts"]
    assert (receipts / "wang.json").read_bytes() == receipt


@pytest.mark.parametrize("path", [".", "", "/", "sub"])
def test_where_no_file_can_stand_a_file_name_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()

    with pytest.raises(UsageError, match="写上文件名"):
        write_file(Path(path), "x")

    assert [p.name for p in tmp_path.rglob("*")] == ["sub"]


def test_a_pipe_is_written_into_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text("utf-8")), daemon=True)
    reader.start()

    write_file(pipe, "报告")

    reader.join(10)
    assert got == ["报告"]
    assert pipe.is_fifo()


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_one_and_leads_to_what_was_written(tmp_path: Path, there: bool) -> None:
    real, link = tmp_path / "real" / "report", tmp_path / "link"
    real.parent.mkdir()
    if there:
        real.write_text("old", "utf-8")
    link.symlink_to(real)

    write_file(link, "new")

    assert link.is_symlink()
    assert [p.name for p in real.parent.iterdir()] == ["report"]
    assert real.read_text("utf-8") == "new"


def test_a_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    write_file(tmp_path / ("x" * 255), "x")
    with pytest.raises(InputError, match="写不了"):
        write_file(tmp_path / ("x" * 256), "x")


def test_a_wrong_list_leaves_the_old_file_alone(tmp_path: Path) -> None:
    wrong, out = tmp_path / "wrong.yml", tmp_path / "course.zip"
    wrong.write_text("id: wrong\ntitle: 错的\nitems:\n  - case: nobody\n", "utf-8")
    out.write_bytes(b"old")

    done = kb("--root", GOOD, "training", "scorm", wrong, "--out", out)

    assert done.returncode == 1
    assert f"{wrong}:4:" in done.stderr
    assert out.read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["course.zip", "wrong.yml"]


@pytest.mark.parametrize(
    "args", [("training",), ("training", "scorm", LIST), ("training", "print", LIST)]
)
def test_wrong_usage_ends_with_2(args: tuple[object, ...]) -> None:
    complaint(kb("--root", GOOD, *args), 2)
