"""Scripts of the training, each over an empty page: what they keep, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kb.training import lists
from kb.training.lists import ReadingList

STATIC = Path(__file__).resolve().parent.parent / "src/kb/browser/static"
PARTS = ("train-codes.js", "train-lists.js", "receipt.js", "report.js", "train-export.js")
#: What boot.js and the data of the book bring: a store in memory, and a book without items.
AROUND = """
  globalThis.KB = globalThis.KB || {};
  const kept = () => {
    const all = new Map();
    return { get: (name) => all.get(name) ?? null, set: (name, text) => all.set(name, text) };
  };
  Object.assign(KB, {
    root: "", store: kept(), visit: kept(),
    openTraining: async () => ({ book: "", steps: [], item: () => null, asked: async () => [] }),
  });
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_script_tag(content=AROUND)
    yield page
    page.close()
    assert said == []


def run(page: Page, *scripts: str) -> None:
    for script in scripts:
        page.add_script_tag(path=STATIC / script)


# Results


@pytest.fixture
def results(page: Page) -> Page:
    page.set_content('<div data-kb-train="results"></div>')
    run(page, "dom.js", "train-ui.js", *PARTS, "train-results.js")
    return page


def put(page: Page, files: list[tuple[str, str]]) -> None:
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": t.encode()} for name, t in files]
    )


def paste(page: Page, text: str) -> None:
    page.get_by_label("回执码").fill(text)
    page.get_by_role("button", name="收进来").click()


def names(page: Page) -> list[str]:
    return page.locator(".kb-result li b").all_inner_texts()


def test_of_two_files_with_one_name_only_the_chosen_one_is_taken_out(results: Page) -> None:
    put(results, [("回执.json", "{一"), ("回执.json", "{二"), ("别的.json", "{三")])
    taken_out = results.get_by_role("button", name="拿掉回执.json", exact=True)
    expect(taken_out).to_have_count(1)
    assert names(results) == ["回执.json", "回执.json（2）", "别的.json"]
    taken_out.click()
    assert names(results) == ["回执.json（2）", "别的.json"]


def test_the_number_of_a_pasted_code_is_given_once(results: Page) -> None:
    paste(results, "一")
    paste(results, "二")
    results.get_by_role("button", name="拿掉粘贴 1").click()
    paste(results, "三")
    assert names(results) == ["粘贴 2", "粘贴 3"]


# Progress

LIST: ReadingList = {
    "format": "kb-list",
    "version": 1,
    "id": "first-week",
    "title": "新人第一周",
    "for": "",
    "people": [],
    "due": "",
    "pass": 80,
    "items": [{"ref": "case:one", "proof": "question", "minutes": 5}],
}
OPENED = {"opened": "2026-11-22T09:00:00Z", "end": "", "seconds": 9, "answers": []}


def progress_file(**other: Any) -> str:
    """A file as the browser exports it, with some parts of its state as ``other`` says."""
    record = {"list": LIST, "added": "", "started": "", "finished": "", "items": {}}
    state = {
        "version": 1,
        "lists": {lists.key(LIST): {**record, "items": {"case:one": OPENED, "case:two": OPENED}}},
        "boxes": {"case:one#1": {"box": 3, "due": "2026-11-30"}},
        "going": {"drill:case:one": "012", "quiz:all": {"ids": ["case:one#1"], "log": ""}},
        **other,
    }
    return json.dumps({"format": "kb-progress", "version": 1, "name": "王芳", "state": state})


def with_items(items: Any) -> dict[str, Any]:
    return {lists.key(LIST): {"list": LIST, "started": "", "finished": "", "items": items}}


@pytest.fixture
def progress(page: Page) -> Page:
    run(page, *PARTS, "train-progress.js")
    return page


def test_progress_that_is_whole_is_taken_in(progress: Page) -> None:
    assert progress.evaluate("(text) => KB.progress.imported(text)", progress_file()) == ""
    state = progress.evaluate("KB.progress.state()")
    assert state == json.loads(progress_file())["state"]


BROKEN: list[dict[str, Any]] = [
    {"lists": []},
    {"boxes": []},
    {"going": []},
    {"boxes": {"case:one#1": None}},
    {"boxes": {"case:one#1": {"box": 4, "due": "2026-11-30"}}},
    {"boxes": {"case:one#1": {"box": 0.5, "due": "2026-11-30"}}},
    {"boxes": {"case:one#1": {"box": 0}}},
    {"going": {"drill:case:one": 5}},
    {"going": {"quiz:all": {"ids": [5], "log": ""}}},
    {"lists": with_items([])},
    {"lists": with_items({"case:one": None})},
    {"lists": with_items({"case:two": {**OPENED, "answers": None}})},
]


def test_progress_that_is_broken_anywhere_is_refused(progress: Page) -> None:
    for other in BROKEN:
        text = progress_file(**other)
        assert "已经损坏" in progress.evaluate("(text) => KB.progress.imported(text)", text), other
    assert progress.evaluate("KB.progress.profiles()") == []
