"""The handbook's pages in a real Chromium: parts, cards, phrases, pictures, what is not taught."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from kb.content import Library

CARD = "book/basics/calm-anger.html"


def test_every_page_of_the_handbook_stands_in_its_list(
    library: Library, base: str, page: Page
) -> None:
    page.goto(base + "book/handbook.html")
    listed = page.locator(".kb-contents li").count()
    assert listed == len(library.sections)


def test_the_list_of_pages_opens_at_the_part_one_is_in(base: str, page: Page) -> None:
    page.goto(base + CARD)
    expect(page.locator(".kb-part[open]")).to_have_count(1)
    expect(page.locator(".kb-part[open] a[aria-current=page]")).to_have_text("快速平息客户的愤怒")


def test_a_card_keeps_its_ticks_while_the_tab_is_open(base: str, page: Page) -> None:
    page.goto(base + CARD)
    card = page.locator("[data-kb-method]").first
    boxes = card.locator(".kb-items input")
    boxes.nth(0).check()
    boxes.nth(2).check()
    expect(card.locator("output")).to_have_text("2 / 7")
    page.reload()
    expect(boxes.nth(2)).to_be_checked()
    expect(boxes.nth(1)).not_to_be_checked()


def test_a_card_can_be_started_again(base: str, page: Page) -> None:
    page.goto(base + CARD)
    card = page.locator("[data-kb-method]").first
    card.locator(".kb-items input").first.check()
    card.get_by_role("button", name="重来").click()
    expect(card.locator(".kb-items input:checked")).to_have_count(0)
    expect(card.locator(".kb-items input").first).to_be_focused()


def test_a_card_is_printed_alone(base: str, page: Page) -> None:
    page.add_init_script("window.print = () => { window.printed = true; };")
    page.goto(base + CARD)
    page.locator("[data-kb-print]").first.click()
    page.emulate_media(media="print")
    expect(page.locator(".kb-method h3").first).to_be_visible()
    expect(page.locator("h1")).to_be_hidden()
    expect(page.locator(".kb-phrases").first).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("h1")).to_be_visible()


def test_a_phrase_is_found_by_step_and_emotion(base: str, page: Page) -> None:
    page.goto(base + "book/phrasebook/find-a-phrase.html")
    everything = page.locator("[data-item]").count()
    page.locator("select[name=step]").select_option("apologize")
    page.locator("select[name=emotion]").select_option("angry")
    expect(page).to_have_url(re.compile("step=apologize.*emotion=angry"))
    shown = page.locator("[data-item]:visible")
    assert 0 < shown.count() < everything
    assert set(shown.evaluate_all("all => all.map(e => e.dataset.step)")) == {"apologize"}
    expect(page.locator("[data-group]:visible")).to_have_count(1)
    page.get_by_role("button", name="清除筛选").click()
    expect(page.locator("[data-item]:visible")).to_have_count(everything)


def test_a_phrase_without_a_label_fits_every_choice(base: str, page: Page) -> None:
    page.goto(base + "book/phrasebook/find-a-phrase.html?emotion=calm")
    shown = page.locator("[data-item]:visible").evaluate_all(
        "all => all.map(e => e.dataset.emotion)"
    )
    assert "" in shown
    assert all(not emotions or "calm" in emotions.split() for emotions in shown)


def test_what_is_not_taught_says_why_and_what_to_do_instead(base: str, page: Page) -> None:
    page.goto(base + "book/basics/complaint-skills.html")
    box = page.locator(".kb-careful").first
    expect(box).to_contain_text("慎用：")
    expect(box).to_contain_text("为什么不行：")
    expect(box).to_contain_text("诚实的做法：")


def test_a_picture_is_as_wide_as_a_phone_and_says_in_words_what_it_shows(
    base: str, page: Page
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(base + "book/basics/complaint-skills.html")
    picture = page.get_by_role("img", name=re.compile("一件投诉怎么走"))
    box = picture.bounding_box()
    assert box is not None
    assert 300 < box["width"] <= 390
    page.get_by_text("图里说的").click()
    expect(page.locator(".kb-picture details p").first).to_contain_text("听客户说完；还在发火")


def test_a_page_of_law_names_its_day_and_that_present_law_decides(
    library: Library, base: str, page: Page
) -> None:
    laws = [s for s in library.sections if s.form == "law"]
    assert laws
    for law in laws:
        page.goto(base + law.file.replace(".md", ".html"))
        expect(page.locator(".kb-law-note")).to_contain_text("以现行法律")
