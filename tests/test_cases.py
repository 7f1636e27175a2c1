"""The case library in a real Chromium: facets, pages made from cases, sheets, what is alike."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from kb.content import Library
from kb.suggest import Similarity


def test_any_facets_can_be_combined_and_stay_in_the_address(
    library: Library, base: str, page: Page
) -> None:
    page.goto(base + "book/cases.html")
    page.locator("select[name=industry]").select_option("hotel")
    page.locator("select[name=step]").select_option("own")
    expect(page).to_have_url(re.compile("industry=hotel&step=own"))
    wanted = [
        c.title
        for c in library.cases
        if c.industry == "hotel" and "own" in {m.step for m in c.moments}
    ]
    expect(page.locator("[data-item]:visible b")).to_have_text(wanted)
    page.reload()
    expect(page.locator("[data-item]:visible b")).to_have_text(wanted)


def test_a_facet_says_how_many_cases_a_choice_would_leave(
    library: Library, base: str, page: Page
) -> None:
    page.goto(base + "book/cases.html?industry=hotel")
    bad = [c for c in library.cases if c.industry == "hotel" and c.outcome == "bad"]
    option = page.locator("select[name=outcome] option[value=bad]")
    expect(option).to_have_text(f"办砸了（{len(bad)}）")


def test_a_case_without_a_risk_is_not_shown_under_one(
    library: Library, base: str, page: Page
) -> None:
    page.goto(base + "book/cases.html?risk=legal")
    wanted = [c.title for c in library.cases if "legal" in c.risk]
    expect(page.locator("[data-item]:visible b")).to_have_text(wanted)


def test_facets_work_by_keyboard(base: str, page: Page) -> None:
    page.goto(base + "book/cases.html")
    page.locator("select[name=outcome]").focus()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("outcome="))


def test_every_industry_and_type_with_cases_has_a_page(library: Library, book: Path) -> None:
    industries = {c.industry for c in library.cases}
    types = {c.type for c in library.cases}
    assert {p.stem for p in (book / "book/by-industry").glob("*.html")} == industries
    assert {p.stem for p in (book / "book/by-type").glob("*.html")} == types


def test_the_page_of_an_industry_counts_its_cases(library: Library, base: str, page: Page) -> None:
    page.goto(base + "book/by-industry/hotel.html")
    hotel = [c for c in library.cases if c.industry == "hotel"]
    expect(page.locator("article")).to_contain_text(f"{len(hotel)} 个案例")
    bars = page.locator(".kb-chart").first.locator("b")
    assert sum(map(int, bars.all_inner_texts())) == len(hotel)


def test_a_sheet_folds_the_answers_and_comes_back(base: str, page: Page) -> None:
    page.goto(base + "cases/cancelled-hotel-room.html")
    expect(page.locator(".kb-say").first).to_be_visible()
    page.get_by_role("button", name="班会用的一页").click()
    expect(page.locator(".kb-say").first).to_be_hidden()
    expect(page.locator(".kb-discuss li").first).to_be_visible()
    page.locator(".kb-answer summary").first.click()
    expect(page.locator(".kb-say").first).to_be_visible()
    page.go_back()
    expect(page.locator(".kb-answer .kb-say").last).to_be_visible()


def test_the_longest_sheets_fit_one_page_of_paper(
    library: Library, book: Path, context: BrowserContext
) -> None:
    """Of the longest, because to print all takes a minute."""
    page = context.new_page()
    by_length = sorted(library.cases, key=lambda c: len(c.model_dump_json()), reverse=True)
    for case in by_length[:30]:
        page.goto(f"{book.as_uri()}/cases/{case.id}.html#sheet")
        paper = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom"), "12mm"))
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1, case.id


def test_what_is_alike_is_never_the_case_itself_and_says_why(library: Library) -> None:
    similarity = Similarity(library)
    for case in library.cases:
        found = similarity.near(case)
        assert len(found) == 3
        assert case not in [s.case for s in found]
        for s in found:
            assert s.shared or s.first_step or s.rare_step


def test_a_misread_dish_is_most_like_another_misread_dish(library: Library) -> None:
    found = Similarity(library).near(library.case("misread-fish-price"))
    assert "mandarin-fish-mistake" in [s.case.id for s in found]
