"""A whole contact at the desk, by keyboard, in a real Chromium over the folder of the book."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

# Storage of file:// may reach a page late; what is broken fails a second time too.
pytestmark = pytest.mark.flaky(reruns=1)

COMPLAINT = "说好昨天送到，我请了一天假在家等，电话也没人接，今天必须给我个说法！"
NEXT = "我是王女士，单号SF1234567890，我手机13800138000，你们到底管不管"
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\n---\n- a: [b'
KEPT = "kb-desk-contact:"


@pytest.fixture
def page(desk: Page) -> Page:
    return desk


def the_box(page: Page) -> Locator:
    return page.locator(".kb-input")


def step(page: Page) -> Locator:
    return page.locator(".kb-now h2 a")


def note(page: Page) -> Locator:
    return page.locator(".kb-note")


def say(page: Page, text: str) -> str:
    """Type what the customer says; returns the step that the desk then advises."""
    page.keyboard.insert_text(text)
    expect(the_box(page)).to_have_value(text)
    expect(step(page)).to_be_visible()
    page.wait_for_timeout(50)
    return step(page).inner_text()


def store(page: Page) -> list[dict[str, Any]]:
    """The contacts kept on this machine."""
    texts: list[str] = page.evaluate(
        "(head) => Object.keys(localStorage).filter((k) => k.startsWith(head))"
        ".sort().map((k) => localStorage.getItem(k))",
        KEPT,
    )
    return [json.loads(text)["contact"] for text in texts]


def test_a_whole_contact_by_keyboard(page: Page) -> None:
    first = say(page, COMPLAINT)
    page.keyboard.press("Alt+1")
    expect(note(page)).to_contain_text("已复制")
    page.keyboard.press("Control+Enter")
    expect(the_box(page)).to_have_value("")
    expect(the_box(page)).to_be_focused()
    expect(page.locator(".kb-log-said")).to_contain_text(COMPLAINT)
    expect(page.locator(".kb-log-did")).to_contain_text(first)
    expect(step(page)).not_to_have_text(first)

    second = say(page, NEXT)
    page.keyboard.press("Control+Enter")

    expect(page.locator(".kb-log li")).to_have_count(2)
    (contact,) = store(page)
    names = [d["step"] for t in contact["turns"] for d in t["did"]]
    assert len(names) == 2
    assert contact["turns"][0]["did"][0]["said"] == page.evaluate("copied[0]")
    pressed = page.locator(".kb-ladder button[aria-pressed=true]")
    assert sorted(pressed.all_inner_texts()) == sorted({first, second})


def test_several_steps_may_answer_one_turn(page: Page) -> None:
    say(page, COMPLAINT)
    page.keyboard.press("Control+Enter")
    expect(the_box(page)).to_have_value("")
    page.wait_for_timeout(100)
    page.keyboard.press("Control+Enter")

    expect(page.locator(".kb-log li")).to_have_count(1)
    expect(page.locator(".kb-ladder button[aria-pressed=true]")).to_have_count(2)


def test_what_was_done_can_be_undone_step_by_step(page: Page) -> None:
    first = say(page, COMPLAINT)
    page.keyboard.press("Control+Enter")
    expect(the_box(page)).to_have_value("")

    page.keyboard.press("Control+z")

    expect(the_box(page)).to_have_value(COMPLAINT)
    expect(step(page)).to_have_text(first)
    expect(page.locator(".kb-log")).to_be_hidden()
    expect(page.get_by_role("button", name="撤销")).to_be_disabled()


def test_a_new_contact_asks_nothing_and_can_be_undone(page: Page) -> None:
    say(page, COMPLAINT)
    page.keyboard.press("Alt+n")
    expect(the_box(page)).to_have_value("")
    expect(page.locator(".kb-examples button").first).to_be_visible()

    page.get_by_role("button", name="撤销").click()

    expect(the_box(page)).to_have_value(COMPLAINT)


def test_a_what_if_shows_what_would_come_and_records_nothing(page: Page) -> None:
    first = say(page, COMPLAINT)
    before = store(page)
    page.keyboard.press("Alt+w")
    expect(page.locator(".kb-whatif-note")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(step(page)).not_to_have_text(first)
    expect(page.locator(".kb-ladder .is-supposed")).to_have_text(first)
    assert [c["turns"] for c in store(page)] == [c["turns"] for c in before]

    page.keyboard.press("Escape")

    expect(step(page)).to_have_text(first)
    expect(page.locator(".kb-whatif-note")).to_be_hidden()
    expect(page.locator(".kb-ladder button[aria-pressed=true]")).to_have_count(0)


def test_another_step_can_be_looked_at_and_done_instead(page: Page) -> None:
    first = say(page, COMPLAINT)
    page.keyboard.press("Alt+ArrowDown")
    expect(step(page)).not_to_have_text(first)
    other = step(page).inner_text()
    expect(page.locator(".kb-back")).to_have_text(f"回到建议：{first}")
    page.keyboard.press("Alt+ArrowUp")
    expect(step(page)).to_have_text(first)
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".kb-log-did")).to_contain_text(other)


def test_the_contact_survives_a_reload_and_the_way_back(page: Page) -> None:
    say(page, COMPLAINT)
    page.keyboard.press("Control+Enter")
    say(page, NEXT)
    for again in (lambda: page.reload(), lambda: away_and_back(page)):
        again()
        expect(the_box(page)).to_have_value(NEXT)
        expect(page.locator(".kb-log-said")).to_contain_text(COMPLAINT)
        expect(step(page)).to_be_visible()


def away_and_back(page: Page) -> None:
    page.locator(".kb-side a").first.click()
    page.wait_for_url(re.compile("cases|book/"))
    page.go_back()


def test_a_spoilt_store_is_ignored_with_a_clear_line(page: Page) -> None:
    say(page, COMPLAINT)
    for spoilt in ("{", '{"contact": {"turns": "x"}}', "null"):
        page.evaluate(
            "([head, text]) => { for (const k of Object.keys(localStorage))"
            " if (k.startsWith(head)) localStorage.setItem(k, text); }",
            [KEPT, spoilt],
        )
        page.reload()
        expect(note(page)).to_contain_text("读不出来")
        expect(the_box(page)).to_have_value("")
        say(page, COMPLAINT)


def test_without_a_storage_the_desk_works_and_says_so(room: BrowserContext, desk_url: str) -> None:
    page = room.new_page()
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceeded'); }"
    )
    page.goto(desk_url)
    expect(the_box(page)).to_be_focused()
    say(page, COMPLAINT)
    lasting = page.locator(".kb-unsaved")
    expect(lasting).to_contain_text("请先导出")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".kb-log-said")).to_contain_text(COMPLAINT)
    expect(lasting).to_be_visible()
    page.evaluate("Storage.prototype.setItem = () => {}")
    page.keyboard.insert_text(NEXT)
    expect(lasting).to_be_hidden()


def test_two_tabs_never_mix(room: BrowserContext, page: Page, desk_url: str) -> None:
    say(page, COMPLAINT)
    other = room.new_page()
    other.goto(desk_url)
    expect(the_box(other)).to_have_value("")
    say(other, "快递三天没动了")
    assert {c["turns"][0]["said"] for c in store(page)} == {COMPLAINT, "快递三天没动了"}


def test_a_copied_tab_goes_on_with_a_contact_of_its_own(
    room: BrowserContext, page: Page, desk_url: str
) -> None:
    say(page, COMPLAINT)
    current = page.evaluate("sessionStorage.getItem('kb-desk-current')")
    twin = room.new_page()
    twin.add_init_script(f"sessionStorage.setItem('kb-desk-current', {json.dumps(current)})")
    twin.goto(desk_url)
    expect(the_box(twin)).to_have_value(COMPLAINT)
    the_box(twin).focus()
    twin.keyboard.press("End")
    twin.keyboard.insert_text("第二个窗口")
    page.keyboard.insert_text("第一个窗口")

    expect(note(page)).to_contain_text("另一个窗口")
    said = {c["turns"][0]["said"] for c in store(page)}
    assert said == {COMPLAINT + "第一个窗口", COMPLAINT + "第二个窗口"}


def test_kept_contacts_can_be_taken_up_again_and_cleared(page: Page) -> None:
    say(page, COMPLAINT)
    page.keyboard.press("Alt+n")
    say(page, "快递三天没动了")
    page.keyboard.press("Alt+l")
    kept = page.locator(".kb-kept-one")
    expect(kept).to_have_count(1)
    kept.click()
    expect(the_box(page)).to_have_value(COMPLAINT)

    clear = page.get_by_role("button", name="清除本机记录")
    clear.click()
    asked = page.get_by_role("group", name="清除本机记录？")
    expect(asked).to_contain_text("现在这一通、别的 1 通、记住的渠道和行业都会清掉，找不回来。")
    page.get_by_role("button", name="留着").click()
    assert len(store(page)) == 2
    expect(clear).to_be_focused()
    clear.click()
    page.get_by_role("button", name="清掉").click()

    expect(the_box(page)).to_have_value("")
    assert store(page) == []


def test_agents_lines_of_a_pasted_chat_are_shown_as_ours(page: Page) -> None:
    chat = "客户：东西坏了\n客服：对不起，让您白等了\n客户：那怎么办，我要退款"
    say(page, chat)
    expect(page.locator(".kb-marks .kb-agent").first).to_have_text("对不起，让您白等了")


ADVICE = {
    "step": "confirm",
    "plan": ["confirm", "offer", "record"],
    "type": "product",
    "emotion": "calm",
    "demand": ["exchange"],
    "risk": [],
    "signals": [],
    "phrases": [
        {"id": "a-1", "text": "我念一遍您听：{时间}买的{商品}，单号{单号}。"},
        {"id": "a-2", "text": "{称呼}，{姓名}{时间}前给您回话。"},
    ],
    "avoid": [{"text": "行了，我知道了。", "instead": "我念一遍给您对。"}],
    "cases": [],
    "readings": [],
    "confidence": 0.3,
    "why": "先对一遍，免得办错。",
    "rule": "danger-first",
    "either": None,
    "missing": [],
    "secure": [],
    "never": [],
    "done": [],
}
#: Draws the desk a second time, over an advice that is given instead of asked for.
DRAW = """
    async ([advice, text]) => {
      const { data, words } = await KB.openDesk();
      const values = {
        text, query: text, done: [], whatif: [], channel: "", industry: "", contact: null,
        advice, found: [], problem: "", examples: [], root: "", words,
        names: { steps: data.steps, labels: data.labels },
      };
      const handlers = {};
      window.model = {
        get: (k) => values[k], set(k, v) { values[k] = v; }, save_changes() {},
        on(event, handler) { handlers[event] = handler; },
        tell(more) { values.advice = { ...values.advice, ...more }; handlers["change:advice"](); },
      };
      document.querySelectorAll(".kb-desk").forEach((desk) => desk.remove());
      const host = document.createElement("div");
      document.querySelector(".bd-article").append(host);
      KB.desk.render({ model, el: host });
    }
"""


def advised(page: Page, text: str, **more: Any) -> None:
    """The desk with this advice, whatever the advisor would say."""
    page.evaluate(DRAW, [{**ADVICE, **more}, text])


def test_blanks_are_filled_from_the_text_and_the_rest_is_announced(page: Page) -> None:
    advised(page, "我是王女士，订单号SF1234567890，上周三买的洗衣机昨天就坏了")
    says = page.locator(".kb-says li")
    expect(says.nth(0).locator(".kb-filled")).to_have_text(["上周三", "洗衣机", "SF1234567890"])
    expect(says.nth(1).locator(".kb-blank")).to_have_text(["姓名", "时间"])

    page.locator(".kb-input").press("Alt+2")

    expect(note(page)).to_have_text("已复制，还有空：姓名、时间")
    assert page.evaluate("copied") == ["王女士，{姓名}{时间}前给您回话。"]


def test_a_blank_written_by_hand_stands_in_every_sentence(page: Page) -> None:
    advised(page, "我是王女士，订单号SF1234567890")
    page.locator(".kb-input").press("Alt+b")
    expect(page.get_by_label("填空：时间")).to_be_focused()
    page.keyboard.insert_text("今天四点")
    expect(page.locator(".kb-says li").nth(1)).to_contain_text("今天四点前给您回话")
    expect(page.get_by_label("填空：时间")).to_be_focused()
    page.keyboard.press("Alt+2")
    expect(note(page)).to_have_text("已复制，还有空：姓名")
    page.keyboard.press("Escape")
    expect(page.locator(".kb-input")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("填空：时间")).to_have_value("")


def test_two_ways_are_shown_with_the_question_that_decides(page: Page) -> None:
    either = {"steps": ["confirm", "ask"], "question": "单号他说了没有？"}
    advised(page, "洗衣机坏了", either=either)
    group = page.locator(".kb-either")
    expect(group).to_contain_text("单号他说了没有？")
    expect(group.locator("[aria-pressed=true]")).to_have_text("复述确认")

    group.get_by_role("button", name="提问").click()

    expect(step(page)).to_have_text("提问")
    expect(group.locator("[aria-pressed=true]")).to_have_text("提问")
    assert page.locator(".kb-says li:visible").count() == 3
    page.evaluate("model.tell({ either: null })")
    expect(group).to_be_hidden()


def test_what_a_pasted_chat_shows_as_done_counts_and_is_kept_once_a_person_ticks(
    page: Page,
) -> None:
    advised(page, "客户：坏了\n客服：对不起，让您受累了", done=["apologize"])
    expect(page.locator(".kb-chips")).to_contain_text("聊天里做过 致歉")
    counted = page.locator(".kb-ladder .is-counted")
    expect(counted).to_have_text("致歉")

    page.locator(".kb-input").press("Control+Enter")

    assert page.evaluate("model.get('done')") == ["apologize", "confirm"]
    expect(counted).to_have_count(0)


def test_what_is_missing_what_to_secure_and_what_not_to_promise(page: Page) -> None:
    missing = [{"name": "单号", "ask": "麻烦报一下单号？"}]
    advised(
        page, "洗衣机坏了", missing=missing, secure=["发生时间", "照片"], never=["别说“一定赔”"]
    )
    expect(page.locator(".kb-secure")).to_have_text("先保住 发生时间；照片")
    expect(page.locator(".kb-never")).to_have_text("别做 别说“一定赔”")
    page.locator(".kb-ask", has_text="单号").click()
    assert page.evaluate("copied") == ["麻烦报一下单号？"]
    expect(page.locator(".kb-why a")).to_have_attribute("href", re.compile("ladder.html#confirm"))

    page.evaluate("model.tell({ missing: [], secure: undefined, never: [], rule: null })")

    expect(page.locator(".kb-need:not(.kb-blanks):visible")).to_have_count(0)
    expect(page.locator(".kb-why a")).to_be_hidden()


def test_a_draft_is_marked_and_mended_with_one_key(page: Page) -> None:
    page.keyboard.press("Alt+r")
    draft = page.locator(".kb-draft-input")
    expect(draft).to_be_focused()
    page.keyboard.insert_text("亲，这是公司规定，我也没办法。电话13800138000")
    expect(page.locator(".kb-draft .kb-marks mark")).to_have_count(4)
    expect(page.locator(".kb-draft-state")).to_contain_text("4 处")

    for left in (3, 2, 1, 0):
        page.keyboard.press("Alt+Enter")
        expect(page.locator(".kb-remarks li")).to_have_count(left)

    expect(page.locator(".kb-draft-state")).to_have_text("没有问题")
    expect(draft).to_be_focused()
    text = draft.input_value()
    assert text.startswith("您好，规定是这一条")
    assert "13800138000" not in text
    page.keyboard.press("Control+z")  # the box's own undo takes one replacement back
    expect(page.locator(".kb-remarks li")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(the_box(page)).to_be_focused()


def test_a_draft_that_was_copied_is_what_was_said(page: Page) -> None:
    say(page, COMPLAINT)
    page.keyboard.press("Alt+r")
    page.keyboard.insert_text("让您白等了一天，对不起。")
    page.locator(".kb-draft").get_by_role("button", name="复制").click()
    expect(note(page)).to_have_text("已复制")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".kb-log-did")).to_contain_text("让您白等了一天，对不起。")
    expect(page.locator(".kb-draft-input")).to_have_value("")


def test_channel_and_industry_stay_as_chosen(page: Page) -> None:
    page.get_by_role("combobox", name="渠道").select_option("phone")
    page.reload()
    expect(page.get_by_role("combobox", name="渠道")).to_have_value("phone")


def test_a_draft_without_fault_says_so(page: Page) -> None:
    page.keyboard.press("Alt+r")
    page.keyboard.insert_text("让您白等了一天，对不起。我现在就查，下午三点前打给您。")
    expect(page.locator(".kb-draft-state")).to_have_text("没有问题")


def test_the_focus_is_never_lost_on_the_way(page: Page) -> None:
    """Whatever is pressed, there is a place where the next key goes."""
    say(page, COMPLAINT)
    for press in ("copy", "ladder", "ladder", "finish", "undo", "whatif", "whatif", "new"):
        target = {
            "copy": page.locator(".kb-says button").first,
            "ladder": page.locator(".kb-ladder button").nth(4),
            "finish": page.locator(".kb-now .kb-button"),
            "undo": page.get_by_role("button", name="撤销"),
            "whatif": page.get_by_role("button", name="假如"),
            "new": page.get_by_role("button", name="新的一通").first,
        }[press]
        target.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(60)
        assert page.evaluate("document.activeElement !== document.body"), press


def test_a_ticked_step_keeps_its_button_and_focus(page: Page) -> None:
    say(page, COMPLAINT)
    button = page.locator(".kb-ladder button").nth(4)
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()


def test_all_keys_are_listed_under_a_question_mark(page: Page) -> None:
    page.keyboard.press("?")
    expect(the_box(page)).to_have_value("?")
    the_box(page).fill("")
    page.get_by_role("button", name="全部按键").focus()
    page.keyboard.press("?")
    expect(page.locator(".kb-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".kb-help")).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == "?"


def test_the_step_is_told_to_screen_readers_when_typing_rests(page: Page) -> None:
    name = say(page, COMPLAINT)
    expect(page.locator(".kb-spoken")).to_have_text(f"下一步：{name}")


@pytest.mark.parametrize("size", [(390, 844), (390, 520), (1280, 480)])
def test_beside_a_chat_window_the_first_sentence_shows_without_scrolling(
    browser: Browser, desk_url: str, size: tuple[int, int]
) -> None:
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(desk_url)
    the_box(page).click()
    say(page, COMPLAINT)
    page.keyboard.press("Control+Enter")
    say(page, NEXT)
    for seen in (step(page), page.locator(".kb-says li button").first):
        box = seen.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
    if width == 390:
        button = page.locator(".kb-says li button").first.bounding_box()
        assert button is not None
        assert min(button["width"], button["height"]) >= 40
        expect(page.locator(".kb-log ol")).to_be_hidden()
    page.close()


def test_typing_on_moves_nothing_that_is_typed_into(page: Page) -> None:
    say(page, COMPLAINT)
    page.keyboard.press("Control+Enter")
    tops = set()
    for letter in NEXT:
        page.keyboard.insert_text(letter)
        page.wait_for_timeout(10)
        box = the_box(page).bounding_box()
        card = page.locator(".kb-now-card").bounding_box()
        assert box is not None
        assert card is not None
        tops.add((box["y"], card["y"]))
    assert len(tops) == 1


def test_the_little_window_shows_the_desk_alone_and_goes_on(
    room: BrowserContext, page: Page
) -> None:
    say(page, COMPLAINT)
    with room.expect_page() as opened:
        page.get_by_role("button", name="小窗").click()
    small = opened.value
    expect(the_box(small)).to_have_value(COMPLAINT)
    expect(small.locator(".kb-top")).to_be_hidden()
    expect(small.get_by_role("button", name="小窗")).to_have_count(0)


def test_on_paper_stands_the_record_and_nothing_else(page: Page) -> None:
    say(page, COMPLAINT)
    page.keyboard.press("Control+Enter")
    say(page, NEXT)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".kb-print-record")).to_contain_text("接触记录")
    expect(page.locator(".kb-print-record")).not_to_contain_text("13800138000")
    expect(the_box(page)).to_be_hidden()
    expect(page.locator(".kb-side")).to_be_hidden()


@pytest.mark.parametrize("text", [HOSTILE, "😀" * 50, "\x07‮退款", "退" * 4000])
def test_whatever_is_typed_stays_text_in_every_part(page: Page, text: str) -> None:
    page.keyboard.insert_text(text)
    expect(step(page)).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Alt+r")
    page.keyboard.insert_text(text)
    page.keyboard.press("Alt+l")
    page.wait_for_timeout(100)
    assert page.locator(".kb-desk img, .kb-desk script").count() == 0
