"""What the desk records, keeps and shows: the right words under the right step, and no less."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from test_desk import COMPLAINT, advised, note, say, step, store, the_box

pytestmark = pytest.mark.flaky(reruns=1)


@pytest.fixture
def page(desk: Page) -> Page:
    return desk


def did(page: Page) -> list[tuple[str, str]]:
    return [(d["step"], d["said"]) for t in store(page)[0]["turns"] for d in t["did"]]


def test_copied_words_stand_under_the_step_they_were_copied_for(page: Page) -> None:
    first = say(page, COMPLAINT)
    page.keyboard.press("Alt+1")
    expect(note(page)).to_contain_text("已复制")
    page.locator(".kb-ladder").get_by_role("button", name=first).click()
    expect(step(page)).not_to_have_text(first)
    the_box(page).press("Control+Enter")
    expect(page.locator(".kb-log li")).to_have_count(1)

    (_, said), (_, other) = did(page)
    assert said == page.evaluate("copied[0]")
    assert other == ""


def test_words_of_a_step_that_was_only_looked_at_go_to_no_other_step(page: Page) -> None:
    say(page, COMPLAINT)
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+1")
    expect(note(page)).to_contain_text("已复制")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".kb-log li")).to_have_count(1)
    assert [said for _, said in did(page)] == [""]


def test_the_sentence_copied_last_is_the_one_that_was_said(page: Page) -> None:
    missing = [{"name": "单号", "ask": "麻烦报一下单号？"}]
    sentences = [{"id": "a-1", "text": "第一句。"}, {"id": "a-2", "text": "第二句。"}]
    advised(page, "洗衣机坏了", missing=missing, phrases=sentences)
    the_box(page).press("Alt+1")
    the_box(page).press("Alt+2")
    page.locator(".kb-ask").click()  # asked besides, not instead
    expect(page.locator(".kb-ask")).to_have_text("已复制")
    the_box(page).press("Control+Enter")
    contact: dict[str, Any] = page.evaluate("model.get('contact')")
    assert contact["turns"][0]["did"][0]["said"] == "第二句。\n麻烦报一下单号？"


def test_a_button_does_not_say_copied_beside_another_sentence(page: Page) -> None:
    advised(page, "洗衣机坏了", phrases=[{"id": "a-1", "text": "第一句。"}])
    button = page.locator(".kb-says li button").first
    button.click()
    expect(button).to_have_text("已复制")
    page.evaluate("model.tell({ phrases: [{ id: 'a-2', text: '第二句。' }] })")
    assert button.inner_text() == "复制"


def test_a_blank_that_a_better_line_brought_is_named(page: Page) -> None:
    page.keyboard.press("Alt+r")
    page.keyboard.insert_text("您打别的电话问")
    state = page.locator(".kb-draft-state")
    expect(state).to_contain_text("1 处")
    page.keyboard.press("Alt+Enter")
    expect(page.locator(".kb-remarks li")).to_have_count(0)
    expect(page.locator(".kb-draft-input")).to_have_value("这个我不清楚，我替您问到，{时间}前回您")
    expect(state).to_have_text("还有空：时间")


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_every_tool_is_on_the_screen(
    browser: Browser, desk_url: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(desk_url)
    tools = page.locator(".kb-desk-bar :is(button, select)")
    expect(tools).to_have_count(8)
    for tool in tools.all():
        box = tool.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


def test_words_handed_over_by_the_search_keep_channel_and_industry(page: Page) -> None:
    for name, value in (("渠道", "phone"), ("行业", "hotel")):
        page.get_by_role("combobox", name=name).select_option(value)
    page.evaluate("sessionStorage.setItem('kb-said', '房间漏水')")
    page.reload()
    expect(the_box(page)).to_have_value("房间漏水")
    for name, value in (("渠道", "phone"), ("行业", "hotel")):
        expect(page.get_by_role("combobox", name=name)).to_have_value(value)
    page.reload()
    expect(page.get_by_role("combobox", name="行业")).to_have_value("hotel")


def test_the_record_is_read_as_it_was_typed_and_only_the_file_is_escaped(page: Page) -> None:
    words = "单号A_1*2，退[30]元 <b>"
    say(page, words)
    page.keyboard.press("Alt+l")
    shown = page.locator(".kb-record-text")
    expect(shown).to_contain_text(words)
    page.get_by_role("button", name="复制记录").click()
    assert words in page.evaluate("copied[0]")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert words in (page.locator(".kb-print-record").text_content() or "")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载记录").click()
    assert r"A\_1\*2，退\[30\]元 \<b\>" in Path(download.value.path()).read_text("utf-8")


def test_without_a_connection_step_reason_and_risk_still_show(browser: Browser, http: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{http}book/index.html")
    the_box(page).fill("快递三天没动")
    expect(step(page)).to_be_visible()
    context.set_offline(True)
    the_box(page).fill("快递三天没动，我妈吃了住院，我要曝光你们")
    trouble = page.locator(".kb-now-card > [role=alert]")
    expect(trouble).to_have_text("连不上，正在重试。")
    expect(step(page)).to_have_text("升级")
    expect(page.locator(".kb-why").first).to_be_visible()
    expect(page.locator(".kb-chips .kb-risk").first).to_be_visible()
    expect(page.locator(".kb-says li").first).to_be_visible()
    expect(page.locator(".kb-side li")).to_have_count(0)

    context.set_offline(False)

    expect(trouble).to_be_hidden()
    expect(page.locator(".kb-side li").first).to_be_visible()
    context.close()


def test_a_contact_that_is_closed_says_so_until_something_new_is_said(page: Page) -> None:
    ended = page.locator(".kb-ended")
    say(page, "好的，谢谢，没别的事了")
    for name in ("致谢", "记录备案"):
        expect(ended).to_be_hidden()
        page.locator(".kb-ladder").get_by_role("button", name=name).click()
    the_box(page).press("Control+Enter")
    expect(the_box(page)).to_have_value("")
    expect(ended).to_be_visible()

    the_box(page).fill("等等，还有一件事")
    expect(ended).to_be_hidden()
    the_box(page).fill("")
    ended.get_by_role("button").click()
    expect(page.locator(".kb-examples button").first).to_be_visible()
