"""The desk in a notebook: Python answers, the book's own view draws."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kb.engines import open_advisor
from kb.widgets import Desk

COMPLAINT = "说好昨天送到，我请了一天假在家等，电话也没人接，今天必须给我个说法！"

TRAITS = (
    *("text", "query", "done", "whatif", "channel", "industry", "contact", "words"),
    *("advice", "found", "problem", "names", "root", "examples"),
)

DRAW = """async ([module, values]) => {
  const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
  const view = (await import(url)).default;
  const model = { get: (k) => values[k], set() {}, on() {}, save_changes() {} };
  view.render({ model, el: document.body });
}"""


@pytest.fixture(scope="module")
def desk(root: Path) -> Desk:
    return Desk(root, text=COMPLAINT)


def test_the_widget_answers_as_the_advisor_does(root: Path, desk: Desk) -> None:
    desk.done = []

    assert desk.advice == open_advisor(root).suggest(COMPLAINT).to_json()


def test_a_done_step_moves_the_widget_on(desk: Desk) -> None:
    desk.done = []
    first = desk.advice["step"]

    desk.done = [first]

    assert desk.advice["step"] != first


def test_an_empty_widget_has_no_advice(root: Path) -> None:
    assert Desk(root).advice is None


def test_a_notebook_draws_the_widget_with_the_view_of_the_book(
    browser: Browser, desk: Desk
) -> None:
    desk.done = []
    values = {name: getattr(desk, name) for name in TRAITS}
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text))
    page.on("pageerror", lambda e: said.append(str(e)))

    page.evaluate(DRAW, [desk._esm, values])

    name = next(s["name"] for s in desk.names["steps"] if s["id"] == desk.advice["step"])
    expect(page.locator(".kb-now h2 a")).to_have_text(name)
    assert said == []
    page.close()


def test_a_supposed_step_moves_the_advice_and_is_not_done(desk: Desk) -> None:
    desk.done = []
    first = desk.advice["step"]

    desk.whatif = [first]

    assert desk.advice["step"] != first
    assert desk.done == []
    desk.whatif = []


def test_a_notebook_fills_blanks_and_looks_through_drafts_without_the_kernel(
    browser: Browser, desk: Desk
) -> None:
    values = {name: getattr(desk, name) for name in TRAITS}
    page = browser.new_page()
    page.evaluate(DRAW, [desk._esm, values])

    page.locator(".kb-draft summary").click()
    page.locator(".kb-draft-input").fill("这不归我管")

    expect(page.locator(".kb-remarks li")).to_have_count(1)
    expect(page.locator(".kb-input")).to_have_value(COMPLAINT)
    page.close()


def test_the_widgets_place_in_the_static_book_carries_the_text_escaped(root: Path) -> None:
    bundle, _ = Desk(root, text='"><script>alert(1)</script>')._repr_mimebundle_()

    assert "<script>" not in bundle["text/html"]
    assert "&lt;script&gt;" in bundle["text/html"]
