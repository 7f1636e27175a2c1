"""The search box as a reader meets it: in a real Chromium, over http and from a folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

# Storage of file:// may reach a page late; what is broken fails a second time too.
pytestmark = pytest.mark.flaky(reruns=1)

PAGE = "cases/mandarin-fish-mistake.html"
HOSTILE = '<img src=x onerror="window.hacked=1">'


def ask(page: Page, query: str) -> Locator:
    """Type a query; its hits, when they are there."""
    page.locator("#kb-find").fill(query)
    hits = page.locator("#kb-hits:not([aria-busy]) li")
    expect(hits.first).to_be_visible()
    return hits


def count_of(chip: Locator) -> int:
    return int(chip.locator("b").inner_text())


def test_a_reader_finds_the_fish_by_describing_it(base: str, page: Page) -> None:
    page.goto(base + "book/ladder.html")
    page.keyboard.press("/")
    page.keyboard.type("客人说这条鱼不是他点的")
    first = page.locator("#kb-hits li").first
    expect(first).to_contain_text("这不是鳜鱼")
    expect(first.locator("mark").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("mandarin-fish-mistake"))
    page.go_back()
    expect(page.locator("#kb-find")).to_have_value("客人说这条鱼不是他点的")


# What is loaded


def test_nothing_is_loaded_before_the_box_is_used(base: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.goto(base + PAGE)
    assert not [u for u in asked if "/data-" in u or "search.js" in u]
    ask(page, "道歉")
    assert [u for u in asked if "/data-search" in u]
    # A query asks for its own parts of the index, not for all of it.
    assert len([u for u in asked if "/data-grams-" in u]) <= 12
    assert not [u for u in asked if re.search("/data-(words|initials|sounds|traditional)", u)]


@pytest.mark.parametrize(
    ("query", "part", "says"),
    [
        pytest.param("tuikuan", "words", "退", id="pinyin"),
        pytest.param("憤怒的客戶", "traditional", "愤怒", id="traditional"),
    ],
)
def test_what_a_query_needs_more_is_loaded_for_it(
    base: str, page: Page, query: str, part: str, says: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.goto(base + "book/cases.html")
    expect(ask(page, query).first).to_contain_text(says)
    assert 0 < len([u for u in asked if f"/data-{part}" in u]) < 20


# Narrowing


def test_hits_are_narrowed_by_facets_with_counts(base: str, page: Page) -> None:
    page.goto(base + PAGE)
    ask(page, "投诉")
    chips = page.locator(".kb-facet-chips button")
    cases = chips.filter(has_text="案例")
    others = chips.filter(has_text="手册")
    before = count_of(cases), count_of(others)
    cases.click()
    expect(cases).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"kind=case"))
    # One can choose anew: the counts beside the choice stay.
    assert (count_of(cases), count_of(others)) == before
    expect(page.locator(".kb-found-state")).to_contain_text(f"{before[0]} 条结果")
    industry = page.get_by_label("行业", exact=True)
    option = industry.locator("option").nth(1)
    left = int(re.search(r"（(\d+)）", option.inner_text()).group(1))  # type: ignore[union-attr]
    industry.select_option(index=1)
    expect(page.locator(".kb-found-state")).to_contain_text(f"{left} 条结果")
    page.get_by_role("button", name="清除筛选").click()
    expect(page.locator(".kb-found-state")).not_to_contain_text(f"{left} 条结果")
    assert "kind=" not in page.url


def test_more_hits_come_by_button_and_by_key(base: str, page: Page) -> None:
    page.goto(base + PAGE)
    hits = ask(page, "客户")
    expect(hits).to_have_count(10)
    page.locator(".kb-more").click()
    expect(hits).to_have_count(30)
    for _ in range(20):
        page.keyboard.press("ArrowDown")
    expect(hits).to_have_count(50)
    expect(hits.nth(30)).to_have_attribute("aria-selected", "true")


def test_on_a_phone_the_facets_are_folded(browser: Browser, book: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{book.as_uri()}/{PAGE}?q=投诉&kind=case")
    expect(page.locator("#kb-hits li").first).to_be_visible()
    expect(page.locator(".kb-facets")).to_be_hidden()
    fold = page.get_by_role("button", name="筛选（1）")
    fold.click()
    expect(page.locator(".kb-facets")).to_be_visible()
    expect(fold).to_have_attribute("aria-expanded", "true")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()


def test_on_a_phone_the_desk_has_its_search_box_beside_the_title(
    browser: Browser, book: Path
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{book.as_uri()}/book/index.html")
    box, title = page.locator("#kb-find").bounding_box(), page.locator(".kb-brand").bounding_box()
    assert box is not None
    assert title is not None
    assert box["x"] >= title["x"] + title["width"]
    assert box["y"] < title["y"] + title["height"]
    assert title["y"] < box["y"] + box["height"]
    ask(page, "退款")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.close()


# Typing


def test_a_hit_that_stays_keeps_its_place_and_its_choice(base: str, page: Page) -> None:
    page.goto(base + PAGE)
    hits = ask(page, "退款")
    page.keyboard.press("ArrowDown")
    chosen = hits.first
    key = chosen.get_attribute("data-key")
    chosen.evaluate("(li) => { li.stays = true; }")
    page.locator("#kb-find").press_sequentially("办到哪")
    expect(page.locator(".kb-found-state")).to_contain_text("条结果")
    same = page.locator(f'#kb-hits li[data-key="{key}"]')
    expect(same).to_have_attribute("aria-selected", "true")
    assert same.evaluate("(li) => li.stays") is True


def test_an_older_answer_never_replaces_a_newer_one(context: BrowserContext, http: str) -> None:
    page = context.new_page()
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/data-grams-*", hold_the_first)
    page.goto(http + PAGE)
    page.locator("#kb-find").fill("鳜鱼")
    page.wait_for_timeout(300)
    expect(page.locator(".kb-found-state")).to_have_text("正在查 …")
    hits = ask(page, "业主")
    expect(hits.first).to_contain_text("业主")
    held[0].continue_()
    page.wait_for_timeout(300)
    expect(hits.first).to_contain_text("业主")
    expect(page.locator("#kb-hits")).not_to_contain_text("这不是鳜鱼")


# Keys and screen readers


def test_the_whole_box_works_by_keyboard(base: str, page: Page, context: BrowserContext) -> None:
    page.goto(base + "book/ladder.html")
    page.keyboard.press("/")
    hits = ask(page, "投诉")
    box = page.locator("#kb-find")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowUp")
    expect(hits.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("PageUp")
    chosen = hits.nth(4)
    expect(chosen).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    with context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    expect(opened.value).to_have_url(re.compile("mark="))
    opened.value.close()
    page.keyboard.press("Tab")
    expect(page.locator(".kb-facet-chips button").first).to_be_focused()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("kind="))
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    expect(page.locator("#kb-found")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("投诉")


def test_the_number_of_hits_and_what_was_done_is_said_once(base: str, page: Page) -> None:
    page.goto(base + PAGE)
    aloud = page.locator(".kb-aloud")
    ask(page, "退宽")
    expect(aloud).to_have_text(re.compile(r"\d+ 条结果.*“退宽”也按“退款”查"))


# The address and the way back


def test_a_query_in_the_address_is_answered(base: str, page: Page) -> None:
    page.goto(base + "book/ladder.html?q=客户&kind=case&industry=hotel")
    hits = page.locator("#kb-hits li")
    expect(hits.first).to_be_visible()
    expect(page.get_by_label("行业", exact=True)).to_have_value("hotel")
    assert set(hits.locator(".kb-badge").all_inner_texts()) == {"案例"}
    page.locator("#kb-find").fill("业主")
    expect(page).to_have_url(re.compile("q=%E4%B8%9A%E4%B8%BB"))
    page.keyboard.press("Escape")
    expect(page.locator("#kb-found")).to_be_hidden()


def test_what_an_address_says_wrongly_narrows_nothing(base: str, page: Page) -> None:
    page.goto(base + PAGE + "?q=客户&kind=__proto__&industry=%3Cimg%3E&step=")
    expect(page.locator(".kb-found-state")).to_contain_text("先列 10 条")
    expect(page.get_by_role("button", name="清除筛选")).to_be_hidden()


def test_the_filters_of_the_box_and_of_a_list_do_not_mix(base: str, page: Page) -> None:
    page.goto(base + "book/cases.html?industry=hotel")
    ask(page, "客户")
    assert page.get_by_label("行业").last.input_value() == "hotel"
    page.locator("#kb-facets").get_by_label("行业").select_option("banking")
    expect(page).to_have_url(re.compile(r"industry=hotel.*q-industry=banking"))


def test_coming_back_the_box_is_as_it_was(base: str, page: Page) -> None:
    page.goto(base + "book/ladder.html")
    hits = ask(page, "投诉")
    page.locator(".kb-facet-chips button", has_text="手册").click()
    expect(page).to_have_url(re.compile("kind=section"))
    page.locator(".kb-more").click()
    expect(hits.nth(10)).to_be_visible()
    chosen = hits.nth(11)
    title = chosen.locator("b").inner_text()
    chosen.click()
    expect(page.locator("h1")).to_be_visible()
    page.go_back()
    expect(page.locator("#kb-find")).to_have_value("投诉")
    expect(page.locator("#kb-hits li[aria-selected=true] b")).to_have_text(title)
    expect(page.locator(".kb-facet-chips button", has_text="手册")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_the_box_follows_the_history_of_its_page(base: str, page: Page) -> None:
    page.goto(base + PAGE + "?q=鳜鱼")
    expect(page.locator("#kb-hits li").first).to_contain_text("鳜鱼")
    page.evaluate("location.hash = 'moments'")
    ask(page, "业主")
    page.go_back()
    expect(page.locator("#kb-find")).to_have_value("鳜鱼")
    expect(page.locator("#kb-hits li").first).to_contain_text("鳜鱼")


# The words on the page that was opened


def test_the_opened_page_marks_the_words(base: str, page: Page) -> None:
    page.goto(base + "book/ladder.html")
    ask(page, "鱖魚")  # traditional: the page has 鳜鱼
    page.keyboard.press("Enter")
    bar = page.locator(".kb-mark-bar")
    expect(bar).to_contain_text("标出“鳜鱼”")
    marks = page.locator(".bd-article mark")
    expect(bar).to_contain_text(f"{marks.count()} 处")
    assert set(marks.all_inner_texts()) == {"鳜鱼"}
    before = page.locator(".bd-article").inner_text()
    now = page.locator(".kb-mark-now")
    was = page.locator(".kb-mark-place").inner_text()
    page.get_by_role("button", name="下一处").click()
    expect(page.locator(".kb-mark-place")).not_to_have_text(was)
    expect(now).to_have_count(1)
    expect(now).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(bar).to_have_count(0)
    expect(marks).to_have_count(0)
    assert page.locator(".bd-article").inner_text() == before
    assert "mark=" not in page.url


def test_a_link_to_a_heading_leads_there_and_not_to_the_first_mark(base: str, page: Page) -> None:
    page.goto(base + PAGE + "?mark=鱼#lesson")
    expect(page.locator(".kb-mark-bar")).to_be_visible()
    expect(page.locator("#lesson")).to_be_in_viewport()
    page.goto(base + PAGE + "?mark=带走")
    expect(page.locator(".bd-article mark").first).to_be_in_viewport()


def test_what_stands_nowhere_on_a_page_marks_nothing(base: str, page: Page) -> None:
    page.goto(base + PAGE + "?mark=" + HOSTILE)
    page.wait_for_timeout(200)
    assert page.locator(".kb-mark-bar").count() == 0
    assert page.evaluate("window.hacked") is None


def test_marks_come_whatever_the_address_ends_in(
    browser: Browser, root: Path, tmp_path: Path
) -> None:
    static = root / "src/kb/browser/static"
    scripts = "".join(f'<script src="{static / s}.js"></script>' for s in ("dom", "text", "marks"))
    body = f'<meta charset="utf-8"><article class="bd-article"><p>退款</p></article>{scripts}'
    (tmp_path / "page.html").write_text(body, "utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri() + "?mark=退款#100%")
    expect(page.locator("mark.kb-mark-now")).to_have_text("退款")
    page.close()


def test_marks_are_not_printed(base: str, page: Page) -> None:
    page.goto(base + PAGE + "?q=鱼&mark=鱼")
    expect(page.locator(".kb-mark-bar")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".kb-mark-bar")).to_be_hidden()
    expect(page.locator("#kb-found")).to_be_hidden()


# Searches made before


def test_searches_that_led_somewhere_are_offered_again_until_cleared(base: str, page: Page) -> None:
    page.goto(base + "book/ladder.html")
    ask(page, "不作数")
    ask(page, "鳜鱼")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("mark="))
    page.goto(base + "book/cases.html")
    page.locator("#kb-find").focus()
    options = page.locator("#kb-hits li")
    expect(options).to_have_text(["鳜鱼"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#kb-find")).to_have_value("鳜鱼")
    expect(options.first).to_contain_text("这不是鳜鱼")
    page.locator("#kb-find").fill("")
    page.get_by_role("button", name="清除", exact=True).click()
    expect(page.locator("#kb-found")).to_be_hidden()
    page.reload()
    page.locator("#kb-find").focus()
    expect(page.locator("#kb-found")).to_be_hidden()


@pytest.mark.parametrize("kept", ["{", "null", '{"a": 1}', '[1, null, "", "  "]'])
def test_a_spoilt_store_is_ignored(base: str, page: Page, kept: str) -> None:
    page.goto(base + PAGE)
    page.evaluate("(kept) => localStorage.setItem('kb-searches', kept)", kept)
    page.reload()
    page.locator("#kb-find").focus()
    expect(page.locator("#kb-found")).to_be_hidden()
    ask(page, "道歉")
    # Into another tab: from a folder, what a page stored may reach the next one late or never.
    with page.context.expect_page():
        page.keyboard.press("Control+Enter")
    assert page.evaluate("localStorage.getItem('kb-searches')") == '["道歉"]'


# Nothing found, nothing there


def test_nothing_found_offers_methods_and_the_desk(base: str, page: Page) -> None:
    said = "viuviu uiviui"
    page.goto(base + "book/cases.html")
    hits = ask(page, said)
    expect(page.locator(".kb-found-state")).to_contain_text("没有找到")
    assert set(hits.locator(".kb-badge").all_inner_texts()) == {"方法"}
    page.get_by_role("link", name="把这句话交给应答台").click()
    expect(page.locator(".kb-input")).to_have_value(said)
    # What a customer said is nobody's address.
    assert "viuviu" not in page.url
    page.reload()
    page.get_by_role("button", name="新的一通").first.click()
    page.reload()
    expect(page.locator(".kb-input")).to_have_value("")


def test_filters_that_leave_nothing_say_so(base: str, page: Page) -> None:
    page.goto(base + PAGE + "?q=鳜鱼&kind=phrase")
    expect(page.locator(".kb-found-state")).to_contain_text("这样筛选没有结果")
    page.get_by_role("button", name="清除筛选").click()
    expect(page.locator("#kb-hits li").first).to_contain_text("这不是鳜鱼")


def test_a_missing_index_is_told_in_one_sentence(context: BrowserContext, http: str) -> None:
    page = context.new_page()
    page.route("**/data-search.js", lambda route: route.abort())
    page.goto(http + PAGE)
    page.locator("#kb-find").fill("道歉")
    expect(page.locator(".kb-found-state")).to_contain_text("索引没有打开")
    page.unroute("**/data-search.js")
    ask(page, "致歉")  # a later try succeeds
