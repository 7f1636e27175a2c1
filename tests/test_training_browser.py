"""Training in a real Chromium: assign, learn, hand in, see; over http and from a folder."""

from __future__ import annotations

import datetime
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
import zxingcpp
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from kb.content import Library
from kb.training import lists, receipts
from kb.training.drills import drill
from kb.training.lists import ReadingList
from kb.training.questions import questions
from kb.training.scorm import asked_by, quiz

# Seen once on a busy machine: a page from a folder did not find what the page before had stored,
# probably because Chromium had not yet handed it on. What is broken fails a second time too, and
# the summary names every test that needed one.
pytestmark = pytest.mark.flaky(reruns=1)

SECTION, METHOD, CASE = (
    "section:calm-anger",
    "method:calm-anger-seven",
    "case:mandarin-fish-mistake",
)
SECTION_PAGE, CASE_PAGE = "book/basics/calm-anger.html", "cases/mandarin-fish-mistake.html"
LEARN, MAKE = "book/training/index.html", "book/training/make.html"
HOSTILE = '<img src=x onerror="window.hacked=1">'

FIRST_WEEK: ReadingList = {
    "format": "kb-list",
    "version": 1,
    "id": "first-week",
    "title": "新人第一周",
    "for": "夜班一组",
    "people": ["王芳", "李强"],
    "due": "2099-12-05",
    "pass": 80,
    "items": [
        {"ref": SECTION, "proof": "question", "minutes": 5},
        {"ref": METHOD, "proof": "read", "minutes": 2},
        {"ref": CASE, "proof": "drill", "minutes": 3},
    ],
}
KEY = lists.key(FIRST_WEEK)


@pytest.fixture(scope="module")
def right(library: Library) -> Callable[[Page], int]:
    """Which of the choices that a page shows is the right one."""
    known: dict[tuple[str, frozenset[str]], str] = {}
    for item in (*library.sections, *library.cases, *library.methods):
        for question in questions(library, item):
            texts = frozenset(plain(choice["text"]) for choice in question["choices"])
            answer = next(c["text"] for c in question["choices"] if c["right"])
            known[plain(question["ask"]), texts] = plain(answer)

    def find(page: Page) -> int:
        expect(page.locator(".kb-choices button").first).to_be_visible()
        shown = [plain(text) for text in page.locator(".kb-choices button span").all_inner_texts()]
        said = plain(page.locator(".kb-quiz-said").first.inner_text())
        return shown.index(known[said, frozenset(shown)])

    return find


def plain(text: str) -> str:
    """Words without what a page adds or leaves out: blanks, braces around gaps."""
    return re.sub(r"[\s{}]", "", text)


def link(base: str, reading: ReadingList = FIRST_WEEK) -> str:
    return f"{base}{LEARN}#list={lists.to_code(reading)}"


def learner(page: Page, base: str, name: str = "王芳", reading: ReadingList = FIRST_WEEK) -> None:
    """Open the link of a list for the first time, as ``name``."""
    page.goto(link(base, reading))
    page.get_by_label("您叫什么？").fill(name)
    page.get_by_role("button", name="收下").click()
    expect(page.locator(".kb-read-items")).to_be_visible()
    pause(page)


def pause(page: Page) -> None:
    """What is stored reaches the process of the next page a moment later; nobody turns so fast."""
    page.wait_for_timeout(500)


def stored(page: Page) -> dict[str, Any]:
    """The progress of the present profile, as it lies in the browser."""
    return dict(
        page.evaluate(
            """() => {
              const { current } = JSON.parse(localStorage.getItem("kb-train"));
              return JSON.parse(localStorage.getItem(`kb-train-${current}`));
            }"""
        )
    )


def answer(page: Page, place: int) -> None:
    """Choose by the number key and see the verdict."""
    page.keyboard.press(str(place + 1))
    expect(page.locator(".kb-verdict")).to_be_visible()


def other_than(place: int) -> int:
    return 1 if place == 0 else 0


def finish_quiz(page: Page, right: Callable[[Page], int]) -> None:
    """Answer rightly until no question is left."""
    while page.locator(".kb-choices button").count():
        answer(page, right(page))
        page.keyboard.press("Enter")


def play(page: Page, *, well: bool) -> None:
    """Play the drill on the page to an end, with the best choices or with none of them."""
    turns = page.evaluate("(ref) => KB.openTraining().then((t) => t.drill(ref))", CASE)["turns"]
    ask = page.locator(".kb-drill-ask")
    while ask.locator(".kb-choices button").count():
        place = int(re.findall(r"\d+", page.locator(".kb-drill-head").inner_text())[0]) - 1
        turn = turns[place]
        texts = ask.locator(".kb-choices button span").all_inner_texts()
        if turn["say"] in texts:
            best = [turn["say"]]
        else:
            best = [c["text"] for c in turn["choices"] if c["id"] == turn["step"]]
            best += [] if well else [c["text"] for c in turn["choices"] if c["id"] in turn["also"]]
        chosen = next(i for i, text in enumerate(texts) if (text in best) == well)
        page.keyboard.press(str(chosen + 1))


def put(page: Page, files: dict[str, str]) -> None:
    """Choose files on the page 看结果."""
    page.locator(".kb-drop input").set_input_files(
        [
            {"name": name, "mimeType": "application/json", "buffer": text.encode()}
            for name, text in files.items()
        ]
    )


def row(page: Page, person: str) -> Locator:
    return page.locator(".kb-people-table tr", has=page.get_by_role("rowheader", name=person))


def test_a_list_goes_from_the_trainer_to_the_learner_and_back(
    browser: Browser, base: str, page: Page, right: Callable[[Page], int]
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(base + SECTION_PAGE)
    page.get_by_role("button", name="加入读单").first.click()
    pause(page)
    page.goto(base + CASE_PAGE)
    page.get_by_role("button", name="加入读单").click()
    pause(page)
    page.get_by_role("link", name="读单 2").click()
    page.get_by_label("标题").fill("新人第一周")
    page.get_by_label("名单（可不写）").fill("王芳\n李强\n\n王芳")
    page.get_by_label("快速平息客户的愤怒怎样算完成").select_option("question")
    page.get_by_label("这不是鳜鱼怎样算完成").select_option("drill")
    page.get_by_role("button", name="复制链接").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")

    elsewhere = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    own = elsewhere.new_page()
    own.goto(copied)
    expect(own.locator(".kb-preview li")).to_have_count(2)
    own.get_by_role("button", name="王芳").click()
    own.get_by_role("link", name="开始").click()
    expect(own.locator(".kb-read-bar")).to_contain_text("1 / 2")
    own.keyboard.press("End")
    expect(own.locator(".kb-read-bar")).to_contain_text("还差检查题")
    own.get_by_role("button", name="答检查题").click()
    answer(own, right(own))
    own.keyboard.press("Enter")
    expect(own.locator(".kb-read-bar")).to_contain_text("这一项完成了")
    own.get_by_role("link", name="下一项").click()
    own.get_by_role("link", name="演一遍", exact=True).click()
    expect(own.locator(".kb-drill")).to_be_visible()
    play(own, well=True)
    own.get_by_role("link", name="回到读单").first.click()
    expect(own.get_by_text("全部完成")).to_be_visible()
    own.get_by_role("link", name="交回执").click()
    own.get_by_role("button", name="复制回执码").click()
    expect(own.get_by_role("button", name="已复制")).to_be_visible()
    code = own.evaluate("navigator.clipboard.readText()")
    elsewhere.close()

    page.get_by_role("link", name="看结果").click()
    page.get_by_label("回执码").fill(f"王芳交的：\n{code}\n收到请回")
    page.get_by_role("button", name="收进来").click()
    expect(row(page, "王芳")).to_contain_text("通过")
    expect(row(page, "王芳")).to_contain_text("100 %")
    expect(row(page, "王芳")).to_contain_text("2 / 2")
    expect(row(page, "李强")).to_contain_text("未交")
    assert receipts.read_receipt(code)["items"][1]["drill"]["best"] == 5


def test_a_page_is_put_on_the_list_and_taken_off(base: str, page: Page) -> None:
    page.goto(base + SECTION_PAGE)
    expect(page.locator(".kb-basket")).to_be_hidden()
    button = page.locator(f"[data-kb-item='{METHOD}'] .kb-to-list")
    button.click()
    expect(button).to_have_text("✓ 已在读单")
    expect(page.locator(".kb-basket")).to_have_text("读单 1")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(page.locator(".kb-basket")).to_be_hidden()


def test_every_page_case_and_card_can_be_put_on_a_list(book: Path, library: Library) -> None:
    text = "".join(p.read_text("utf-8") for p in book.rglob("*.html"))
    found = set(re.findall(r'data-kb-item="([a-z]+:[a-z0-9-]+)"', text))
    wanted = {f"section:{s.id}" for s in library.sections}
    wanted |= {f"case:{c.id}" for c in library.cases} | {f"method:{m.id}" for m in library.methods}
    assert found == wanted


def test_nothing_of_the_training_is_loaded_where_no_list_is_read(base: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.goto(base + CASE_PAGE)
    page.get_by_role("button", name="加入读单").click()
    assert not [u for u in asked if re.search(r"/(train-|data-|quiz|drill|vendor)", u)]


@pytest.fixture
def making(base: str, page: Page) -> Page:
    """The page 布置 with the list of the fixture taken over."""
    page.goto(base + MAKE)
    page.get_by_text("改一份已有的读单").click()
    page.get_by_label("读单的链接").fill(link(base))
    page.get_by_role("button", name="打开来改").click()
    expect(page.get_by_label("标题")).to_have_value("新人第一周")
    return page


def titles(page: Page) -> list[str]:
    return page.locator(".kb-make-items a").all_inner_texts()


def test_items_change_places_by_keyboard_and_the_focus_goes_with_them(making: Page) -> None:
    first = titles(making)[0]
    making.get_by_role("button", name=f"{first}下移").focus()
    making.keyboard.press("Enter")
    making.keyboard.press("Enter")
    assert titles(making)[2] == first
    expect(making.get_by_role("button", name=f"{first}上移")).to_be_focused()
    expect(making.get_by_text(f"{first}移到第 3 项。")).to_be_attached()


def test_items_change_places_by_mouse(making: Page) -> None:
    first = titles(making)[0]
    items = making.locator(".kb-make-items li")
    items.nth(0).locator(".kb-grip").drag_to(items.nth(2))
    assert titles(making)[2] == first


def test_an_item_taken_off_the_list_comes_back(making: Page) -> None:
    before = titles(making)
    making.get_by_role("button", name=f"移出{before[1]}").click()
    assert titles(making) == [before[0], before[2]]
    making.get_by_role("button", name="撤销").click()
    assert titles(making) == before


def test_an_item_is_found_by_its_title(making: Page) -> None:
    making.get_by_label("要添的页、案例或方法").fill("没有这一页")
    making.get_by_role("button", name="添一项").click()
    expect(making.get_by_text("没有这个标题")).to_be_visible()
    making.get_by_label("要添的页、案例或方法").fill("情绪大逆转：池水没了（案例）")
    making.get_by_role("button", name="添一项").click()
    assert titles(making)[-1] == "情绪大逆转：池水没了"


def test_a_list_without_title_or_items_says_what_is_missing(base: str, page: Page) -> None:
    page.goto(base + MAKE)
    expect(page.locator(".kb-give")).to_contain_text("先加入要读的内容。")
    page.get_by_label("要添的页、案例或方法").fill("这不是鳜鱼（案例）")
    page.get_by_role("button", name="添一项").click()
    expect(page.locator(".kb-give")).to_contain_text("先写上标题。")
    page.get_by_label("标题").fill("试一试")
    expect(page.get_by_role("button", name="复制链接")).to_be_visible()


def test_a_list_is_given_as_a_file_that_holds_what_was_taken_over(making: Page) -> None:
    with making.expect_download() as waiting:
        making.get_by_role("button", name="下载文件").click()
    assert waiting.value.suggested_filename == "新人第一周.kb-list.json"
    assert lists.read_list(Path(waiting.value.path()).read_text("utf-8")) == FIRST_WEEK


def test_a_list_is_given_as_yaml_for_the_book(making: Page, library: Library) -> None:
    making.get_by_text("放进书里").click()
    written = yaml.safe_load(making.locator(".kb-give pre").inner_text())
    made = lists.list_of(library, type(library.assignments[0]).model_validate(written))
    assert {**made, "items": None} == {**FIRST_WEEK, "items": None}
    assert [(i["ref"], i["proof"]) for i in made["items"]] == [
        (i["ref"], i["proof"]) for i in FIRST_WEEK["items"]
    ]


def test_a_list_is_given_on_paper(making: Page) -> None:
    making.evaluate("window.print = () => {}")
    making.get_by_role("button", name="打印清单").click()
    paper = making.locator(".kb-paper")
    expect(paper).to_be_hidden()
    making.emulate_media(media="print")
    expect(paper.locator(".kb-tick")).to_have_count(3)
    expect(paper).to_contain_text("李强")
    expect(making.locator(".kb-top")).to_be_hidden()
    making.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(making.locator("h1")).to_be_visible()


PIXELS = """
    async (svg) => {
      const side = 800;
      const copy = svg.cloneNode(true);
      copy.setAttribute("width", side);
      copy.setAttribute("height", side);
      const picture = new Image();
      const text = new XMLSerializer().serializeToString(copy);
      picture.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
      await picture.decode();
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = side;
      const pen = canvas.getContext("2d");
      pen.drawImage(picture, 0, 0, side, side);
      const { data } = pen.getImageData(0, 0, side, side);
      return Array.from({ length: side * side }, (_, i) => data[4 * i]);
    }
"""


def test_the_qr_code_leads_to_the_list(http: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme="dark")
    page.goto(http + MAKE)
    page.get_by_text("改一份已有的读单").click()
    page.get_by_label("读单的链接").fill(link(http))
    page.get_by_role("button", name="打开来改").click()
    page.get_by_role("button", name="显示二维码").click()
    pixels = bytes(page.get_by_role("img", name="读单的二维码").evaluate(PIXELS))
    side = round(len(pixels) ** 0.5)
    (read,) = zxingcpp.read_barcodes(memoryview(pixels).cast("B", shape=[side, side]))
    assert read.text == link(http)


def test_from_a_folder_the_page_says_how_to_get_a_qr_code(
    book: Path, context: BrowserContext
) -> None:
    page = context.new_page()
    folder = book.as_uri() + "/"
    page.goto(folder + MAKE)
    page.get_by_text("改一份已有的读单").click()
    page.get_by_label("读单的链接").fill(link(folder))
    page.get_by_role("button", name="打开来改").click()
    expect(page.locator(".kb-give")).to_contain_text("二维码要有网址才能扫")


def test_a_broken_link_of_a_list_says_what_to_do(base: str, page: Page) -> None:
    page.goto(link(base)[:-30])
    expect(page.get_by_role("alert").filter(has_text="请让布置的人重新")).to_be_visible()
    page.goto(base + "book/ladder.html")
    page.goto(base + LEARN + "#list=%E0%A4%A")
    expect(page.get_by_role("alert").filter(has_text="链接不完整")).to_be_visible()


def test_a_list_is_taken_in_from_a_file_or_a_pasted_link(base: str, page: Page) -> None:
    page.goto(base + LEARN)
    page.get_by_label("您叫什么？").fill("王芳")
    page.get_by_role("button", name="开始").click()
    page.get_by_label("读单的链接").fill("不是链接")
    page.get_by_role("button", name="收下", exact=True).click()
    expect(page.get_by_text("链接不完整")).to_be_visible()
    page.locator(".kb-drop input").set_input_files(
        [{"name": "a.json", "mimeType": "", "buffer": json.dumps(FIRST_WEEK).encode()}]
    )
    expect(page.locator("h1")).to_have_text("新人第一周")
    page.go_back()
    expect(page.locator(".kb-list-card")).to_contain_text("还要约 10 分钟")


def test_a_page_counts_as_read_at_its_end_and_not_before(base: str, page: Page) -> None:
    learner(page, base)
    page.get_by_role("link", name="平息愤怒七步").click()
    bar = page.locator(".kb-read-bar")
    expect(bar).to_contain_text("2 / 3")
    assert stored(page)["lists"][KEY]["items"][METHOD]["end"] == ""
    page.locator("#method-calm-anger-seven .kb-end").scroll_into_view_if_needed()
    expect(bar).to_contain_text("这一项完成了")
    assert stored(page)["lists"][KEY]["items"][METHOD]["end"] != ""
    assert stored(page)["lists"][KEY]["finished"] == ""


def test_a_check_question_alone_does_not_make_a_page_read(
    base: str, page: Page, right: Callable[[Page], int]
) -> None:
    learner(page, base)
    page.get_by_role("link", name="开始").click()
    page.get_by_role("button", name="答检查题").click()
    answer(page, other_than(right(page)))
    page.keyboard.press("Enter")
    answer(page, right(page))
    page.keyboard.press("Enter")
    expect(page.locator(".kb-read-bar")).to_contain_text("读到底就完成")
    answers = stored(page)["lists"][KEY]["items"][SECTION]["answers"]
    assert [a["right"] for a in answers] == [0, 1]
    assert answers[0]["q"] != answers[1]["q"]
    page.keyboard.press("End")
    expect(page.locator(".kb-read-bar")).to_contain_text("这一项完成了")


def test_a_question_answered_wrong_comes_back_after_three_others(
    base: str, page: Page, right: Callable[[Page], int]
) -> None:
    learner(page, base)
    page.goto(f"{base}{LEARN}#quiz={CASE}")
    said = page.locator(".kb-quiz-said")
    order = []
    for n in range(5):
        order.append(page.locator(".kb-quiz-body").inner_text())
        place = right(page)
        answer(page, other_than(place) if n == 0 else place)
        page.keyboard.press("Enter")
    assert said.count() == 1
    assert order[4] == order[0]
    assert len(set(order)) == 4


def test_after_an_answer_every_choice_has_its_reason(
    base: str, page: Page, right: Callable[[Page], int]
) -> None:
    learner(page, base)
    page.goto(f"{base}{LEARN}#quiz={CASE}")
    place = right(page)
    answer(page, other_than(place))
    expect(page.locator(".kb-verdict")).to_contain_text("不对")
    choices = page.locator(".kb-answered li")
    single = len(page.locator(".kb-verdict").inner_text()) > len("不对，过几题再来一次。")
    assert single or all(text.strip() for text in choices.locator("small").all_inner_texts())
    assert single or choices.locator("small").count() == choices.count()
    expect(page.locator(".kb-answered .is-right")).to_have_count(1)
    expect(page.locator(".kb-answered .is-wrong")).to_have_count(1)


def test_a_question_answered_wrong_is_asked_again_on_later_days(
    http: str, context: BrowserContext, right: Callable[[Page], int]
) -> None:
    page = context.new_page()
    page.clock.install(time="2026-11-22T08:00:00")
    learner(page, http)
    page.goto(f"{http}{LEARN}#quiz={CASE}")
    answer(page, other_than(right(page)))
    page.keyboard.press("Enter")
    finish_quiz(page, right)
    asked_on = []
    for day in range(20):
        morning = datetime.datetime(2026, 11, 22, 8) + datetime.timedelta(day)
        page.clock.set_system_time(morning)
        page.goto("about:blank")
        page.goto(http + LEARN)
        expect(page.locator(".kb-practice")).to_be_visible()
        if page.get_by_role("link", name="今天该复习 1 题").count():
            asked_on.append(day)
            page.get_by_role("link", name="今天该复习 1 题").click()
            expect(page.locator(".kb-choices button").first).to_be_visible()
            finish_quiz(page, right)
            expect(page.get_by_text("第一次就答对 1 题")).to_be_visible()
    assert asked_on == [1, 3, 7, 15]


def test_a_quiz_stopped_in_the_middle_goes_on_there(
    base: str, page: Page, right: Callable[[Page], int]
) -> None:
    learner(page, base)
    page.get_by_role("link", name="做测验").click()
    expect(page.locator(".kb-choices button").first).to_be_visible()
    answer(page, right(page))
    page.keyboard.press("Enter")
    answer(page, right(page))
    page.keyboard.press("Enter")
    waiting = page.locator(".kb-quiz-body").inner_text()
    page.reload()
    expect(page.locator(".kb-quiz-place")).to_contain_text("答对 2 /")
    assert page.locator(".kb-quiz-body").inner_text() == waiting


def test_the_first_answers_make_the_score(
    base: str, page: Page, right: Callable[[Page], int]
) -> None:
    learner(page, base)
    page.get_by_role("link", name="做测验").click()
    expect(page.locator(".kb-choices button").first).to_be_visible()
    asked = int(page.locator(".kb-quiz-place").inner_text().split("/")[1].split()[0])
    answer(page, other_than(right(page)))
    page.keyboard.press("Enter")
    finish_quiz(page, right)
    expect(page.get_by_text(f"{asked} 题，第一次就答对 {asked - 1} 题")).to_be_visible()
    items = stored(page)["lists"][KEY]["items"].values()
    answers = [a for item in items for a in item["answers"]]
    assert len([a for a in answers if a["try"] == 1]) == asked
    assert len([a for a in answers if a["try"] == 2]) == 1


def test_a_round_asks_nothing_twice_as_a_course_does(
    base: str, page: Page, library: Library
) -> None:
    """A page asks what a card that it shows asks; both are on this list."""
    page_ref, card_ref = next(
        (f"section:{section.id}", f"method:{r.target}")
        for section in library.sections
        for r in section.references
        if r.shown and r.kind == "method" and library.method(r.target).careful
    )
    reading: ReadingList = {
        **FIRST_WEEK,
        "items": [
            {"ref": page_ref, "proof": "question", "minutes": 5},
            {"ref": card_ref, "proof": "read", "minutes": 2},
        ],
    }
    learner(page, base, reading=reading)
    page.get_by_role("link", name="做测验").click()
    expect(page.locator(".kb-choices button").first).to_be_visible()
    answer(page, 0)
    going = stored(page)["going"]
    items = [lists.find(library, item["ref"]) for item in reading["items"]]
    asked = {q["id"]: asked_by(q) for item in items for q in questions(library, item)}
    assert len(set(asked.values())) < len(asked)
    (kept,) = going.values()
    texts = [asked[place] for place in kept["ids"]]
    assert sorted(texts) == sorted(set(texts))
    assert len(texts) == len(quiz(library, reading))


def test_a_drill_played_well_calms_the_customer(base: str, page: Page) -> None:
    learner(page, base)
    page.get_by_role("link", name="演一遍").click()
    expect(page.locator(".kb-mood")).to_have_text("客户：愤怒")
    play(page, well=True)
    expect(page.locator(".kb-mood")).to_have_text("客户：平静")
    expect(page.get_by_text("5 步里第一次就选对 5 步")).to_be_visible()
    expect(page.locator(".kb-lesson")).to_contain_text("把台阶铺好")
    turns = page.locator(".kb-drill-turns > li")
    expect(turns).to_have_count(5)
    for turn in turns.all():
        reasons = turn.locator("small").all_inner_texts()
        assert len(reasons) == turn.locator(".kb-answered li").count() >= 3
        assert all(reasons)
    assert stored(page)["lists"][KEY]["items"][CASE]["drill"]["best"] == 5


def test_a_drill_played_as_practice_enters_no_receipt(base: str, page: Page) -> None:
    learner(page, base)
    page.goto(f"{base}{LEARN}#drill={CASE}")
    expect(page.locator(".kb-drill")).to_be_visible()
    play(page, well=True)
    expect(page.get_by_text("演完了")).to_be_visible()
    assert CASE not in stored(page)["lists"][KEY]["items"]


def test_a_drill_played_badly_ends_with_the_manager_and_proves_nothing(
    base: str, page: Page
) -> None:
    learner(page, base)
    page.get_by_role("link", name="演一遍").click()
    page.locator(".kb-choices button").first.wait_for()
    lines = page.locator(".kb-talk-customer").count()
    play(page, well=False)
    expect(page.get_by_text("客户不再跟您说，要见经理")).to_be_visible()
    assert page.locator(".kb-talk-customer").count() > lines
    assert CASE not in stored(page)["lists"][KEY]["items"]
    page.get_by_role("button", name="再演一遍").click()
    expect(page.locator(".kb-mood")).to_have_text("客户：愤怒")


def test_after_a_wrong_step_the_customer_insists_and_the_turn_is_asked_once_more(
    library: Library, base: str, page: Page
) -> None:
    learner(page, base)
    ref = next(f"case:{c.id}" for c in library.cases if drill(library, c)["mood"] == 1)
    page.goto(f"{base}{LEARN}#drill={ref}")
    turn = drill(library, library.case(ref.split(":")[1]))["turns"][0]
    wrong = next(
        i
        for i, c in enumerate(turn["choices"])
        if c["id"] != turn["step"] and c["id"] not in turn["also"]
    )
    expect(page.locator(".kb-talk-customer")).to_have_count(1)
    page.keyboard.press(str(wrong + 1))
    expect(page.locator(".kb-talk-customer")).to_have_count(2)
    expect(page.locator(".kb-drill-ask h3")).to_contain_text("再选一次")
    page.reload()
    expect(page.locator(".kb-talk-customer")).to_have_count(2)
    page.keyboard.press(str(wrong + 1))
    expect(page.locator(".kb-talk-coach")).to_contain_text("这时该做的是")
    expect(page.locator(".kb-drill-ask h3")).to_have_text("用哪一句说出来？")


def test_however_a_drill_is_played_its_mood_keeps_to_the_scale(base: str, page: Page) -> None:
    learner(page, base)
    broken = page.evaluate(
        """async (ref) => {
          const training = await KB.openTraining();
          const drill = await training.drill(ref);
          const wrong = [];
          // Every way through the first three choices, then the same choice for ever.
          for (let n = 0; n < 4 ** 4; n += 1) {
            const log = n.toString(4).padStart(4, "0") + n.toString(4).slice(-1).repeat(20);
            const now = KB.drill.play(drill, log, training.insist);
            const again = KB.drill.play(drill, now.log, training.insist);
            const fits = now.moods.every((mood) => mood >= 0 && mood <= 4)
              && now.best <= drill.turns.length && log.startsWith(now.log)
              && JSON.stringify(again) === JSON.stringify(now)
              && (now.over !== "end" || now.turn === drill.turns.length);
            if (!fits) wrong.push(log);
          }
          return wrong;
        }""",
        CASE,
    )
    assert broken == []


def test_a_case_offers_its_drill(base: str, page: Page) -> None:
    page.goto(base + CASE_PAGE)
    page.get_by_role("link", name="和客户演一遍").click()
    page.get_by_label("您叫什么？").fill("王芳")
    page.get_by_role("button", name="开始").click()
    expect(page.locator(".kb-talk-customer")).to_have_count(1)
    page.get_by_role("link", name="看这个案例").first.click()
    expect(page.locator("h1")).to_contain_text("这不是鳜鱼")


def test_two_people_on_one_machine_do_not_mix(base: str, page: Page) -> None:
    learner(page, base)
    page.get_by_role("link", name="平息愤怒七步").click()
    page.locator("#method-calm-anger-seven .kb-end").scroll_into_view_if_needed()
    expect(page.locator(".kb-read-bar")).to_contain_text("这一项完成了")
    pause(page)
    page.goto(base + LEARN)
    page.get_by_role("link", name="换人，或看存了什么").click()
    page.get_by_label("您叫什么？").fill("李强")
    page.get_by_role("button", name="加上").click()
    expect(page.locator(".kb-profile")).to_contain_text("李强")
    expect(page.get_by_text("还没有读单")).to_be_visible()
    pause(page)
    page.goto("about:blank")
    page.goto(link(base))
    page.get_by_role("button", name="收下").click()
    expect(page.locator(".kb-read-items")).to_be_visible()
    expect(page.locator(".kb-read-items .is-done")).to_have_count(0)
    page.goto(f"{base}{LEARN}#me")
    page.get_by_role("button", name="换成王芳").click()
    page.get_by_role("link", name="回到训练").click()
    expect(page.locator(".kb-list-card")).to_contain_text("1 / 3 项")


def test_a_deleted_profile_comes_back_and_is_gone_otherwise(base: str, page: Page) -> None:
    learner(page, base)
    page.goto(f"{base}{LEARN}#me")
    page.get_by_role("button", name="全部删除").click()
    expect(page.get_by_text("这里没有存着任何人的记录")).to_be_visible()
    assert "新人第一周" not in page.evaluate("JSON.stringify(localStorage)")
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("1 份读单：新人第一周")).to_be_visible()
    page.get_by_role("button", name="全部删除").click()
    page.reload()
    expect(page.get_by_label("您叫什么？")).to_be_visible()


def test_a_profile_is_shown_exported_and_taken_in_elsewhere(
    browser: Browser, http: str, context: BrowserContext
) -> None:
    page = context.new_page()
    learner(page, http)
    page.goto(f"{http}{LEARN}#me")
    page.get_by_text("看原文").click()
    expect(page.locator(".kb-raw")).to_contain_text('"新人第一周"')
    with page.expect_download() as waiting:
        page.get_by_role("button", name="导出到文件").click()
    exported = Path(waiting.value.path()).read_text("utf-8")
    elsewhere = browser.new_context()
    other = elsewhere.new_page()
    other.goto(http + LEARN)
    other.get_by_label("您叫什么？").fill("别人")
    other.get_by_role("button", name="开始").click()
    other.goto(f"{http}{LEARN}#me")
    for text in (exported.replace('"answers"', '"x"').replace("kb-progress", "x"), exported):
        other.locator(".kb-drop input").set_input_files(
            [{"name": "a.json", "mimeType": "", "buffer": text.encode()}]
        )
        if text != exported:
            expect(other.get_by_text("这不是从这里导出的进度文件")).to_be_visible()
    expect(other.locator(".kb-profile")).to_contain_text("王芳")
    expect(other.locator(".kb-list-card")).to_contain_text("新人第一周")
    elsewhere.close()


def test_two_tabs_do_not_overwrite_each_other(
    base: str, page: Page, context: BrowserContext, right: Callable[[Page], int]
) -> None:
    learner(page, base)
    page.get_by_role("link", name="做测验").click()
    expect(page.locator(".kb-choices button").first).to_be_visible()
    other = context.new_page()
    other.goto(f"{base}{SECTION_PAGE}?list={KEY}&at=1")
    other.get_by_role("button", name="答检查题").click()
    answer(other, right(other))
    answer(page, right(page))
    answers = stored(page)["lists"][KEY]["items"][SECTION]["answers"]
    assert len(answers) == 2
    page.goto(f"{base}{LEARN}#read={KEY}")
    other.keyboard.press("Enter")
    other.keyboard.press("End")
    expect(other.locator(".kb-read-bar")).to_contain_text("这一项完成了")
    expect(page.locator(".kb-read-items .is-done")).to_have_count(1)


def test_a_name_given_in_another_tab_is_known_in_this_one(
    base: str, page: Page, context: BrowserContext
) -> None:
    page.goto(base + LEARN)
    expect(page.get_by_label("您叫什么？")).to_be_visible()
    other = context.new_page()
    other.goto(base + LEARN)
    other.get_by_label("您叫什么？").fill("王芳")
    other.get_by_role("button", name="开始").click()
    expect(page.locator(".kb-profile")).to_contain_text("王芳")


def test_each_tab_keeps_its_own_learner(
    base: str, page: Page, context: BrowserContext, right: Callable[[Page], int]
) -> None:
    learner(page, base, "王芳")
    page.get_by_role("link", name="做测验").click()
    expect(page.locator(".kb-choices button").first).to_be_visible()
    other = context.new_page()
    other.goto(f"{base}{LEARN}#me")
    other.get_by_label("您叫什么？").fill("李强")
    other.get_by_role("button", name="加上").click()
    expect(other.locator(".kb-profile")).to_contain_text("李强")
    other.get_by_label("读单的链接").fill(link(base))
    other.get_by_role("button", name="收下", exact=True).click()
    expect(other.locator(".kb-read-items")).to_be_visible()
    pause(other)

    answer(page, right(page))
    pause(page)
    page.goto(f"{base}{LEARN}#read={KEY}")
    page.goto("about:blank")
    page.goto(base + LEARN)
    expect(page.locator(".kb-profile")).to_contain_text("王芳")

    index = page.evaluate("JSON.parse(localStorage.getItem('kb-train')).profiles")
    states = {
        p["name"]: page.evaluate("(id) => localStorage.getItem(`kb-train-${id}`)", p["id"])
        for p in index
    }
    answered = {
        name: sum(len(i["answers"]) for i in json.loads(text)["lists"][KEY]["items"].values())
        for name, text in states.items()
    }
    assert answered == {"王芳": 1, "李强": 0}


NO_STORAGE = """
    Object.defineProperty(window, "localStorage", { get() { throw new Error("no"); } });
"""
FULL_STORAGE = """
    Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
"""


@pytest.mark.parametrize("trouble", [NO_STORAGE, FULL_STORAGE], ids=["missing", "full"])
def test_where_nothing_can_be_stored_the_page_says_so_and_goes_on(
    http: str, context: BrowserContext, right: Callable[[Page], int], trouble: str
) -> None:
    page = context.new_page()
    page.add_init_script(trouble)
    learner(page, http)
    expect(page.locator(".kb-trouble")).to_contain_text("浏览器存不下进度")
    page.get_by_role("link", name="做测验").click()
    expect(page.locator(".kb-choices button").first).to_be_visible()
    answer(page, right(page))
    page.get_by_role("link", name="回到读单").first.click()
    page.get_by_role("link", name="交回执").click()
    expect(page.get_by_text("1 次答题")).to_be_visible()


@pytest.mark.parametrize("trouble", [NO_STORAGE, FULL_STORAGE], ids=["missing", "full"])
def test_a_page_read_for_a_list_says_when_nothing_can_be_stored(
    http: str, context: BrowserContext, trouble: str
) -> None:
    page = context.new_page()
    page.add_init_script(trouble)
    page.goto(f"{http}{SECTION_PAGE}?list={KEY}&at=1")
    expect(page.get_by_role("alert")).to_contain_text("记不到读单上")


def test_progress_that_cannot_be_read_is_put_aside(http: str, context: BrowserContext) -> None:
    page = context.new_page()
    learner(page, http)
    page.evaluate(
        """localStorage.setItem(`kb-train-${JSON.parse(localStorage["kb-train"]).current}`, "{")"""
    )
    page.goto("about:blank")
    page.goto(http + LEARN)
    expect(page.locator(".kb-trouble")).to_contain_text("原样收在一边")
    assert page.evaluate("Object.values(localStorage).includes('{')")


def test_a_receipt_says_what_it_holds_before_it_is_given(base: str, page: Page) -> None:
    learner(page, base, "小王")
    page.get_by_role("link", name="交回执").click()
    expect(page.get_by_text("还有 3 项没完成")).to_be_visible()
    expect(page.get_by_text("防不了造假")).to_be_visible()
    expect(page.get_by_text("读单的名单里没有“小王”")).to_be_visible()
    page.get_by_label("用哪个名字交").select_option("李强")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载回执文件").click()
    assert waiting.value.suggested_filename == "回执-新人第一周-李强.kb-receipt.json"
    receipt = receipts.read_receipt(Path(waiting.value.path()).read_text("utf-8"))
    assert (receipt["person"], receipt["key"], receipt["items"]) == ("李强", KEY, [])


def test_a_missing_part_of_the_book_is_said_and_the_rest_goes_on(
    http: str, context: BrowserContext
) -> None:
    page = context.new_page()
    page.route("**/data-train-*.js", lambda route: route.abort())
    learner(page, http)
    page.get_by_role("link", name="做测验").click()
    expect(page.get_by_role("alert").filter(has_text="缺少数据文件")).to_be_visible()
    page.go_back()
    expect(page.locator(".kb-read-items")).to_be_visible()


FIXTURES = Path(__file__).parent / "fixtures" / "training"
REPORT = json.loads((FIXTURES / "report.json").read_text("utf-8"))
READ = json.loads((FIXTURES / "receipts.json").read_text("utf-8"))


@pytest.fixture
def results(base: str, page: Page) -> Iterator[Page]:
    page.goto(base + "book/training/results.html")
    yield page


def test_each_receipt_that_cannot_be_read_says_why_and_the_others_count(results: Page) -> None:
    broken = {f"{n}.txt": e["given"] for n, e in enumerate(READ) if "problem" in e and e["given"]}
    good = next(e["given"] for e in READ if "receipt" in e)
    put(results, {**broken, "good.json": good})
    expect(row(results, "王芳")).to_be_visible()
    said = results.locator(".kb-result").last.locator("li")
    expect(said).to_have_count(len(broken))
    for n, entry in enumerate(READ):
        if f"{n}.txt" in broken:
            line = said.filter(has=results.get_by_text(f"{n}.txt", exact=True))
            expect(line).to_contain_text(entry["problem"])


def test_receipts_stay_until_they_are_cleared(results: Page) -> None:
    put(results, {given["file"]: given["text"] for given in REPORT["given"]})
    people = results.locator(".kb-people-table tbody tr")
    wanted = sum(len(reading["people"]) for reading in REPORT["report"]["lists"])
    expect(people).to_have_count(wanted)
    results.reload()
    expect(people).to_have_count(wanted)
    put(results, {given["file"]: given["text"] for given in REPORT["given"]})
    expect(results.get_by_role("status").filter(has_text="已经在这里")).to_be_visible()
    results.get_by_role("button", name="全部清除").click()
    expect(results.get_by_text("还没有回执")).to_be_visible()
    assert "kb-receipt" not in results.evaluate("JSON.stringify(localStorage)")
    results.get_by_role("button", name="撤销").click()
    expect(people).to_have_count(wanted)


def test_the_words_of_hard_questions_come_later_and_leave_the_focus_alone(
    http: str, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(http + "book/training/results.html")
    # The words come in parts of the book; here they are held back until somebody is in the table.
    held: list[Route] = []
    parts = "**/data-train-*.js"
    page.route(parts, lambda route: route.continue_() if held else held.append(route))
    with page.expect_request(parts):
        put(page, {given["file"]: given["text"] for given in REPORT["given"]})
    hard = page.locator(".kb-hard li").first
    expect(hard).to_be_visible()
    before = hard.inner_text()
    table = page.get_by_role("region", name="各步骤的答对率").first
    table.focus()
    held[0].continue_()
    expect(hard).not_to_have_text(before, use_inner_text=True)
    expect(table).to_be_focused()


def test_the_map_of_steps_says_in_figures_what_its_shades_show(results: Page) -> None:
    put(results, {given["file"]: given["text"] for given in REPORT["given"]})
    shaded = results.locator(".kb-heat td[class*=kb-heat-]")
    expect(shaded.first).to_be_visible()
    assert all(re.search(r"\d+ %\s+\d+ / \d+", text) for text in shaded.all_inner_texts())
    hard = results.locator(".kb-hard li").first
    expect(hard.locator("a")).to_have_attribute("href", re.compile(r"\.html"))


def test_the_report_is_exported_for_spreadsheets_without_formulas(results: Page) -> None:
    formula = dict(FIRST_WEEK, people=['=HYPERLINK("x")', "+1", "@a", "-b", "王,芳"])
    receipt = {
        "format": "kb-receipt",
        "version": 1,
        "list": formula,
        "key": lists.key(formula),  # type: ignore[arg-type]
        "book": "",
        "person": "王,芳",
        "started": "",
        "finished": "",
        "items": [],
    }
    receipt["check"] = receipts.check_of(receipt)
    put(results, {"a.json": json.dumps(receipt)})
    with results.expect_download() as waiting:
        results.get_by_role("button", name="导出 CSV").click()
    written = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    assert '\r\n新人第一周,2099-12-05,"\'=HYPERLINK(""x"")",未交,' in written
    assert '"王,芳"' in written
    with results.expect_download() as waiting:
        results.get_by_role("button", name="导出 Excel").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert book.sheetnames == ["人员", "步骤", "题目", "问题"]
    names = [cell for (cell,) in book["人员"].iter_rows(2, None, 3, 3)]
    assert [cell.value for cell in names] == ['\'=HYPERLINK("x")', "'+1", "'@a", "'-b", "王,芳"]
    assert all(cell.data_type != "f" for cell in names)
    assert book["人员"]["I2"].value == 3


def test_what_a_list_or_a_receipt_says_never_becomes_html(base: str, page: Page) -> None:
    hostile: Any = dict(FIRST_WEEK, title=HOSTILE, people=[HOSTILE], **{"for": HOSTILE})
    page.goto(link(base, hostile))
    page.get_by_role("button", name=HOSTILE).click()
    expect(page.locator("h1")).to_have_text(HOSTILE)
    page.get_by_role("link", name="开始").click()
    expect(page.locator(".kb-read-title")).to_contain_text(HOSTILE)
    page.goto(f"{base}{LEARN}#hand={lists.key(hostile)}")
    code = page.locator(".kb-code").input_value()
    page.goto(base + "book/training/results.html")
    page.get_by_label("回执码").fill(code)
    page.get_by_role("button", name="收进来").click()
    expect(row(page, HOSTILE)).to_be_visible()
    assert page.evaluate("window.hacked") is None
    assert page.locator("article img").count() == 0


def test_no_view_of_the_training_scrolls_sideways_on_a_phone(base: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 780})
    learner(page, base)
    put_at = {"": ".kb-practice", f"read={KEY}": ".kb-read-items", f"hand={KEY}": ".kb-code"}
    put_at |= {"me": ".kb-people", f"drill={CASE}": ".kb-mood", "quiz=all": ".kb-choices"}
    for view, shown in put_at.items():
        page.goto(f"{base}{LEARN}#{view}")
        expect(page.locator(shown)).to_be_attached()
        assert page.evaluate("document.documentElement.scrollWidth") == 390, view
    page.goto(f"{base}{SECTION_PAGE}?list={KEY}&at=1")
    expect(page.locator(".kb-read-bar")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.goto(base + "book/training/results.html")
    put(page, {given["file"]: given["text"] for given in REPORT["given"]})
    expect(page.locator(".kb-heat").first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_key_that_is_held_down_chooses_once(
    root: Path, browser: Browser, library: Library
) -> None:
    page = browser.new_page()
    page.set_content("<!doctype html><main></main>")
    for script in ("dom.js", "quiz.js", "drill.js"):
        page.add_script_tag(path=root / "src/kb/browser/static" / script)
    page.evaluate(
        """([drill, insist]) => {
          globalThis.log = "";
          KB.drill.render(document.querySelector("main"), {
            drill, insist, names: {}, onAnswer: (log) => { globalThis.log = log; },
          });
        }""",
        [drill(library, library.case("mandarin-fish-mistake")), library.training.insist],
    )
    for _ in range(5):
        page.keyboard.down("1")
    page.keyboard.up("1")
    assert page.evaluate("log") == "0"
    page.close()


def test_the_quiz_runs_in_a_plain_page(root: Path, browser: Browser, library: Library) -> None:
    page = browser.new_page()
    page.set_content("<!doctype html><main></main>")
    for script in ("dom.js", "quiz.js"):
        page.add_script_tag(path=root / "src/kb/browser/static" / script)
    asked = questions(library, library.case("mandarin-fish-mistake"))[:2]
    page.evaluate(
        """(questions) => {
          globalThis.said = [];
          KB.quiz.render(document.querySelector("main"), {
            questions, names: {}, onAnswer: (a) => said.push(a), onEnd: (end) => said.push(end),
          });
        }""",
        asked,
    )
    places = [[c["right"] for c in q["choices"]].index(True) for q in asked]
    for place in places:
        answer(page, place)
        page.keyboard.press("Enter")
    *answers, end = page.evaluate("said")
    assert [(a["question"], a["right"], a["try"]) for a in answers] == [
        (q["id"], True, 1) for q in asked
    ]
    assert end == {"right": 2, "asked": 2, "missed": [], "log": "".join(map(str, places))}
    page.close()
