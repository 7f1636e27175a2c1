"""Typing at the desk: input methods, long pastes, undo; nothing that was written gets lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect
from test_desk import COMPLAINT, NEXT, advised, note, say, step, store, the_box

pytestmark = pytest.mark.flaky(reruns=1)


@pytest.fixture
def page(desk: Page) -> Page:
    return desk


def draft(page: Page) -> Locator:
    return page.locator(".kb-draft-input")


def undo(page: Page) -> Locator:
    return page.get_by_role("button", name="撤销")


def ladder(page: Page, name: str) -> Locator:
    return page.locator(".kb-ladder").get_by_role("button", name=name)


def compose(keys: CDPSession, text: str) -> None:
    """What an input method shows before the person has chosen the characters."""
    at = len(text)
    keys.send("Input.imeSetComposition", {"text": text, "selectionStart": at, "selectionEnd": at})


def test_an_answer_that_arrives_while_composing_does_not_break_the_composition(page: Page) -> None:
    keys = page.context.new_cdp_session(page)
    compose(keys, "shouji")
    keys.send("Input.insertText", {"text": "手机坏了"})
    compose(keys, "y")  # the answer to 手机坏了 is still on its way
    page.wait_for_timeout(300)
    expect(the_box(page)).to_have_value("手机坏了y")
    keys.send("Input.insertText", {"text": "要退款"})
    page.keyboard.type("12315")
    page.get_by_role("button", name="假如").click()

    expect(the_box(page)).to_have_value("手机坏了要退款12315")
    assert store(page)[0]["turns"][0]["said"] == "手机坏了要退款12315"


@pytest.mark.parametrize("box", [".kb-input", ".kb-draft-input"])
def test_what_is_being_composed_stays_whatever_is_drawn(page: Page, box: str) -> None:
    advised(page, "洗衣机坏了")
    page.locator(".kb-input").press("Alt+r")
    page.locator(box).press("End")
    before = page.locator(box).input_value()
    keys = page.context.new_cdp_session(page)
    compose(keys, "ma")
    page.evaluate("model.tell({ confidence: 0.9 })")
    expect(page.locator(box)).to_have_value(f"{before}ma")
    keys.send("Input.insertText", {"text": "吗"})
    page.evaluate("model.tell({ confidence: 0.8 })")
    expect(page.locator(box)).to_have_value(f"{before}吗")


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """(text) => {
          const area = document.createElement("textarea");
          area.value = text;
          document.body.append(area);
          area.select();
          document.execCommand("copy");
          area.remove();
        }""",
        text,
    )
    the_box(page).focus()
    page.keyboard.press("Control+v")


LAST = "客户：孩子吃了你们的东西现在在医院吐"


def a_chat(turns: int) -> str:
    pair = "客服：好的，我给您查一下，请您稍等。\n客户：等了好几天也没收到，你们怎么发的货。\n"
    return pair * turns + LAST


def test_a_long_chat_is_kept_whole(page: Page) -> None:
    chat = a_chat(150)
    paste(page, chat)
    expect(the_box(page)).to_have_value(chat)
    expect(page.locator(".kb-chips")).to_contain_text("健康与人身安全")


def test_of_a_chat_that_is_too_long_the_end_is_kept_and_the_desk_says_so(page: Page) -> None:
    paste(page, a_chat(600))
    expect(note(page)).to_contain_text("太长了，只留下最后")
    kept = the_box(page).input_value()
    assert 19_000 < len(kept) <= 20_000
    assert kept.startswith("客")
    assert kept.endswith(LAST)


def test_undoing_a_tick_keeps_what_was_written_since(page: Page) -> None:
    say(page, COMPLAINT)
    ladder(page, "倾听").click()
    the_box(page).press("Control+End")
    page.keyboard.insert_text("我要退货")
    page.get_by_role("combobox", name="渠道").select_option("phone")
    page.keyboard.press("Alt+r")
    page.keyboard.insert_text("让您久等了")

    undo(page).click()

    expect(ladder(page, "倾听")).to_have_attribute("aria-pressed", "false")
    expect(the_box(page)).to_have_value(f"{COMPLAINT}我要退货")
    expect(draft(page)).to_have_value("让您久等了")
    expect(page.get_by_role("combobox", name="渠道")).to_have_value("phone")


def test_undoing_a_finished_step_keeps_the_customers_next_words(page: Page) -> None:
    say(page, COMPLAINT)
    page.keyboard.press("Control+Enter")
    say(page, NEXT)

    undo(page).click()

    expect(the_box(page)).to_have_value(f"{COMPLAINT}\n{NEXT}")
    expect(page.locator(".kb-log")).to_be_hidden()


def test_back_from_a_new_contact_the_new_one_is_among_the_kept(page: Page) -> None:
    say(page, COMPLAINT)
    page.keyboard.press("Alt+n")
    say(page, NEXT)
    undo(page).click()
    expect(the_box(page)).to_have_value(COMPLAINT)
    expect(note(page)).to_contain_text("后来那通在“记录”里")
    assert len(store(page)) == 2


def test_ctrl_z_gives_back_cleared_words_before_it_takes_back_a_step(page: Page) -> None:
    say(page, COMPLAINT)
    page.keyboard.press("Control+Enter")
    expect(the_box(page)).to_have_value("")
    say(page, NEXT)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(the_box(page)).to_have_value("")

    page.keyboard.press("Control+z")

    expect(the_box(page)).to_have_value(NEXT)
    page.wait_for_timeout(50)
    expect(page.locator(".kb-log li")).to_have_count(1)

    page.keyboard.press("Control+z")  # the typing itself
    expect(the_box(page)).to_have_value("")
    page.keyboard.press("Control+z")  # nothing typed is left: now the step

    expect(the_box(page)).to_have_value(COMPLAINT)
    expect(page.locator(".kb-log")).to_be_hidden()


def test_undo_in_a_what_if_takes_back_what_was_supposed_and_then_leaves(page: Page) -> None:
    say(page, COMPLAINT)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".kb-log li")).to_have_count(1)
    page.keyboard.press("Alt+w")
    ladder(page, "提供方案").click()
    page.get_by_role("combobox", name="行业").select_option("hotel")
    supposed = page.locator(".kb-ladder .is-supposed")
    expect(supposed).to_have_count(1)

    undo(page).click()
    expect(supposed).to_have_count(0)
    expect(page.locator(".kb-whatif-note")).to_be_visible()
    undo(page).click()
    expect(page.locator(".kb-whatif-note")).to_be_hidden()

    expect(page.locator(".kb-log li")).to_have_count(1)
    assert [len(t["did"]) for t in store(page)[0]["turns"]] == [1, 0]
    expect(page.get_by_role("combobox", name="行业")).to_have_value("hotel")


def test_a_new_contact_is_no_what_if(page: Page) -> None:
    page.keyboard.press("Alt+w")
    expect(page.locator(".kb-whatif-note")).to_be_visible()
    page.keyboard.press("Alt+n")
    expect(page.locator(".kb-whatif-note")).to_be_hidden()


def test_alt_and_an_arrow_open_a_focused_list_and_look_at_no_other_step(page: Page) -> None:
    first = say(page, COMPLAINT)
    page.evaluate("addEventListener('keydown', (e) => { window.prevented = e.defaultPrevented; })")
    page.get_by_role("combobox", name="渠道").focus()
    page.keyboard.press("Alt+ArrowDown")
    assert page.evaluate("window.prevented") is False
    expect(step(page)).to_have_text(first)
