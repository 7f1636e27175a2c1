"""A reading list as a SCORM package: whole, plain, and at work in a real run-time environment."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from kb.browser import STATIC
from kb.content import Careful, Library, load
from kb.training.lists import ReadingList
from kb.training.reading import _markdown
from kb.training.scorm import package, quiz

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

GOOD = Path(__file__).parent / "books" / "good"
RUNTIME = Path(__file__).parent / "vendor" / "scorm-again" / "scorm12.min.js"
IMS = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
ADL = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"
#: A platform: the run-time environment in a window, the course in a frame inside it.
PLATFORM = """<!DOCTYPE html><meta charset="utf-8"><title>platform</title>
<link rel="icon" href="data:,">
<script src="runtime.js"></script>
<iframe id="course" style="width:100%;height:100vh;border:0"></iframe>"""
LAUNCH = """(kept) => {
  window.API = new Scorm12API({ autocommit: false, logLevel: 5 });
  if (kept) window.API.loadFromJSON(kept, "");
  window.API.cmi.student_data.mastery_score = "80";
  document.getElementById("course").src = "course/index.html";
}"""
#: The learner leaves; what the platform keeps of it, as it would load it the next time.
LEAVE = """async () => {
  const frame = document.getElementById("course");
  const gone = new Promise((resolve) => { frame.onload = resolve; });
  frame.src = "about:blank";
  await gone;
  return JSON.parse(JSON.stringify(window.API.cmi));
}"""


@pytest.fixture(scope="module")
def library() -> Library:
    return load(GOOD)


def reading_list(**changed: Any) -> ReadingList:
    made: Any = {
        "format": "kb-list",
        "version": 1,
        "id": "first-day",
        "title": "上岗第一天 <b>&",
        "for": "",
        "people": [],
        "due": "",
        "pass": 80,
        "items": [
            {"ref": "section:late-parcel", "proof": "question", "minutes": 3},
            {"ref": "method:parcel-steps", "proof": "read", "minutes": 1},
            {"ref": "case:borrowed-pot", "proof": "drill", "minutes": 3},
        ],
    }
    made.update(changed)
    return made  # type: ignore[no-any-return]


def unpacked(library: Library, reading: ReadingList, to: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(package(GOOD, library, reading, STATIC))) as archive:
        archive.extractall(to)
    return to


@pytest.fixture(scope="module")
def folder(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(library, reading_list(), tmp_path_factory.mktemp("scorm"))


def test_the_manifest_names_one_course_and_every_file(folder: Path) -> None:
    manifest = ElementTree.parse(folder / "imsmanifest.xml").getroot()

    assert manifest.tag == f"{IMS}manifest"
    assert [e.tag.removeprefix(IMS) for e in manifest] == [
        "metadata",
        "organizations",
        "resources",
    ]
    assert manifest.findtext(f"{IMS}metadata/{IMS}schemaversion") == "1.2"
    (resource,) = manifest.iter(f"{IMS}resource")
    assert resource.get(f"{ADL}scormtype") == "sco"
    (item,) = manifest.iter(f"{IMS}item")
    assert item.get("identifierref") == resource.get("identifier")
    assert item.findtext(f"{IMS}title") == "上岗第一天 <b>&"
    assert item.findtext(f"{ADL}masteryscore") == "80"
    organizations = manifest.find(f"{IMS}organizations")
    assert organizations is not None
    assert organizations.get("default") == organizations[0].get("identifier")
    ids = [e.get("identifier") for e in manifest.iter() if e.get("identifier")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", str(name)) for name in ids)
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert {e.get("href") for e in manifest.iter(f"{IMS}file")} == files - {"imsmanifest.xml"}


def test_the_same_list_makes_the_same_bytes(library: Library) -> None:
    assert package(GOOD, library, reading_list(), STATIC) == package(
        GOOD, library, reading_list(), STATIC
    )


def test_no_file_names_another_host(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.suffix in (".html", ".js", ".css"):
            assert not re.search(r"(?:src|href)=\"(?:https?:)?//|url\(", path.read_text("utf-8"))


def test_the_readings_stand_in_the_page_as_plain_words(folder: Path) -> None:
    page = (folder / "index.html").read_text("utf-8")
    text = re.sub(r"<script.*", "", page, flags=re.DOTALL)

    assert not re.search(r"\{(case|method|section|step|phrases)\}|```|\[ \]", text)
    assert "<h2>没人回话的包裹</h2>" not in text
    assert text.count("<article") == 3
    assert "换不了，先借。" in text


def test_the_quiz_takes_every_item_in_turn(library: Library) -> None:
    """The card warns of nothing, so it has no question."""
    asked = quiz(library, reading_list())

    assert [q["item"] for q in asked[:4]] == [
        *("section:late-parcel", "case:borrowed-pot"),
        *("section:late-parcel", "case:borrowed-pot"),
    ]
    assert len(asked) <= 10


def test_nothing_is_asked_twice_in_a_quiz(library: Library) -> None:
    """The page shows the card, so both ask the same."""
    warning = Careful(practice="没打电话就说打过了", why="一查就穿。", instead="先打，再说。")
    card = library.method("parcel-steps").model_copy(update={"careful": (warning,)})
    library = library.model_copy(update={"methods": (card,)})
    items: Any = reading_list()["items"]
    asked = quiz(library, reading_list(items=items[:2]))

    assert sum(warning.practice in q["ask"] or warning.instead in q["ask"] for q in asked) == 1


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nobody reads a log."""


@pytest.fixture(scope="module")
def platform(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a platform that has the course."""
    home = tmp_path_factory.mktemp("platform")
    (home / "index.html").write_text(PLATFORM, "utf-8")
    (home / "runtime.js").write_bytes(RUNTIME.read_bytes())
    (home / "course").symlink_to(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(home)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


class Learner:
    """Somebody at the platform; ``kept`` is what the platform keeps from visit to visit."""

    def __init__(self, browser: Browser, platform: str) -> None:
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.said: list[str] = []
        self.page.on("console", lambda m: self.said.append(m.text))
        self.page.on("pageerror", lambda e: self.said.append(str(e)))
        self.page.on("request", lambda r: self._asked(r.url, platform))
        self.platform = platform
        self.kept: Any = None

    def _asked(self, url: str, platform: str) -> None:
        if not url.startswith((platform, "about:")):
            self.said.append(f"asked {url}")

    def enter(self) -> Frame:
        self.page.goto(self.platform)
        self.page.evaluate(LAUNCH, self.kept)
        self.page.frame_locator("#course").locator("main h2").wait_for()
        (frame,) = self.page.frames[1:]
        return frame

    def leave(self) -> dict[str, Any]:
        self.kept = self.page.evaluate(LEAVE)
        return dict(self.kept["core"])

    def value(self, name: str) -> str:
        return str(self.page.evaluate(f"API.LMSGetValue('cmi.{name}')"))


@pytest.fixture
def learner(browser: Browser, platform: str) -> Iterator[Learner]:
    learner = Learner(browser, platform)
    yield learner
    learner.page.close()
    assert learner.said == []


def course_of(frame: Frame) -> dict[str, Any]:
    """The questions and drills of the course, for a learner who knows the answers."""
    html = frame.page.request.get(frame.url).text()
    found = re.search(r'id="course">(.*?)</script>', html, re.DOTALL)
    assert found
    course: dict[str, Any] = json.loads(found.group(1))
    return course


def answer(frame: Frame, questions: list[dict[str, Any]], right: bool) -> None:
    """Choose an answer to the question that stands there."""
    said = frame.locator(".kb-quiz-said").inner_text()
    texts = frame.locator(".kb-choices button span").all_inner_texts()
    plain = re.compile(r"[{}\s]")
    (question,) = [
        q
        for q in questions
        if plain.sub("", q["ask"]) == plain.sub("", said)
        and {plain.sub("", c["text"]) for c in q["choices"]} == {plain.sub("", t) for t in texts}
    ]
    place = next(i for i, c in enumerate(question["choices"]) if c["right"] is right)
    frame.locator(".kb-choices button").nth(place).click()
    frame.locator(".kb-quiz-on button").click()


def play(frame: Frame, drill: dict[str, Any]) -> None:
    """Play a drill through, the best step and the better words each time."""
    for turn in drill["turns"]:
        names = [c["text"] for c in turn["choices"] if c["id"] == turn["step"]]
        for text in (*names, turn["say"]):
            frame.locator(".kb-choices button", has_text=text).first.click()


def read_everything(frame: Frame, course: dict[str, Any]) -> None:
    frame.get_by_role("button", name="读完了，答检查题").click()
    answer(frame, course["items"][0]["questions"], True)
    frame.get_by_role("button", name="下一项").click()
    frame.get_by_role("button", name="读完了").click()
    frame.get_by_role("button", name="下一项").click()
    frame.get_by_role("button", name="读完了，演一遍").click()
    play(frame, course["items"][2]["drill"])


def test_a_learner_reads_answers_and_passes(learner: Learner) -> None:
    frame = learner.enter()
    course = course_of(frame)
    assert learner.value("core.lesson_status") == "incomplete"

    read_everything(frame, course)
    frame.get_by_role("button", name="全部读完，做测验").click()
    for _ in course["quiz"]:
        answer(frame, course["quiz"], True)

    assert frame.locator(".result").inner_text() == "100 分"
    assert learner.value("core.lesson_status") == "passed"
    core = learner.leave()
    assert (core["lesson_status"], core["score"]["raw"]) == ("passed", "100")
    assert re.fullmatch(r"\d{2,4}:\d\d:\d\d", core["session_time"])


def test_wrong_answers_cost_points_and_the_quiz_may_be_taken_again(learner: Learner) -> None:
    frame = learner.enter()
    course = course_of(frame)
    read_everything(frame, course)
    frame.get_by_role("button", name="全部读完，做测验").click()
    count = len(course["quiz"])
    for _ in range(3):
        answer(frame, course["quiz"], False)
    while not frame.locator(".result").count():
        answer(frame, course["quiz"], True)

    expected = (200 * (count - 3) + count) // (2 * count)
    assert frame.locator(".result").inner_text() == f"{expected} 分"
    assert learner.value("core.score.raw") == str(expected)
    assert learner.value("core.lesson_status") == "failed"

    frame.get_by_role("button", name="再考一次").click()
    for _ in course["quiz"]:
        answer(frame, course["quiz"], True)

    assert learner.leave()["lesson_status"] == "passed"


def test_who_has_passed_cannot_lose_it_by_trying_again(learner: Learner) -> None:
    frame = learner.enter()
    course = course_of(frame)
    read_everything(frame, course)
    frame.get_by_role("button", name="全部读完，做测验").click()
    for _ in course["quiz"]:
        answer(frame, course["quiz"], True)
    frame.get_by_role("button", name="再考一次").click()
    for _ in range(3):
        answer(frame, course["quiz"], False)
    while not frame.locator(".result").count():
        answer(frame, course["quiz"], True)

    assert "原来的成绩不变" in frame.locator(".task").inner_text()
    core = learner.leave()
    assert (core["lesson_status"], core["score"]["raw"]) == ("passed", "100")
    frame = learner.enter()
    assert learner.value("core.lesson_status") == "passed"
    assert learner.value("core.score.raw") == "100"


def test_who_comes_back_goes_on_where_they_stopped(learner: Learner) -> None:
    frame = learner.enter()
    course = course_of(frame)
    read_everything(frame, course)
    frame.get_by_role("button", name="全部读完，做测验").click()
    answer(frame, course["quiz"], False)
    answer(frame, course["quiz"], True)
    place = frame.locator(".kb-quiz-place").inner_text()
    said = frame.locator(".kb-quiz-said").inner_text()

    core = learner.leave()
    assert (core["lesson_status"], core["exit"]) == ("incomplete", "suspend")
    frame = learner.enter()

    assert frame.locator("nav .mark", has_text="✓").count() == 3
    assert frame.locator(".kb-quiz-place").inner_text() == place
    assert frame.locator(".kb-quiz-said").inner_text() == said


def test_a_drill_that_was_broken_off_goes_on(learner: Learner) -> None:
    frame = learner.enter()
    frame.locator("nav button").nth(2).click()
    frame.get_by_role("button", name="读完了，演一遍").click()
    frame.locator(".kb-choices button").first.click()
    lines = frame.locator(".kb-talk li").count()

    learner.leave()
    frame = learner.enter()

    assert frame.locator(".kb-talk li").count() == lines


def test_the_state_never_outgrows_what_the_standard_keeps(learner: Learner) -> None:
    """A learner who chooses the wrong answer a thousand times loses the last choices, no more."""
    frame = learner.enter()
    course = course_of(frame)
    wrong = [next(i for i, c in enumerate(q["choices"]) if not c["right"]) for q in course["quiz"]]
    before = f"1|{course['key']}|11,11,11|"
    learner.leave()
    learner.kept["suspend_data"] = (before + "".join(map(str, wrong)) * 600)[:4095]
    learner.kept["core"]["lesson_location"] = "3"
    frame = learner.enter()

    for _ in range(3):
        frame.locator(".kb-choices button").first.click()
        frame.locator(".kb-quiz-on button").click()

    kept = learner.value("suspend_data")
    assert kept.startswith(before)
    assert len(kept) == 4096


def test_a_state_of_another_making_is_no_state(learner: Learner) -> None:
    """Platforms have handed the state of one course to another."""
    learner.enter()
    learner.leave()
    learner.kept["suspend_data"] = "1|00000000|11,11,11|"
    learner.kept["core"]["lesson_location"] = "-7"

    frame = learner.enter()

    assert frame.locator("nav .mark", has_text="✓").count() == 0
    assert (
        frame.locator("main h2").inner_text()
        == frame.locator("nav button span").nth(1).inner_text()
    )


def test_answers_reach_the_statistics_of_the_platform(learner: Learner) -> None:
    frame = learner.enter()
    course = course_of(frame)
    frame.get_by_role("button", name="读完了，答检查题").click()
    answer(frame, course["items"][0]["questions"], True)

    assert learner.value("interactions._count") == "1"
    learner.leave()
    told = learner.kept["interactions"]["0"]
    assert told["id"].startswith("section:late-parcel#")
    assert (told["type"], told["result"]) == ("choice", "correct")


def test_without_a_platform_the_course_says_so_and_works(browser: Browser, folder: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((folder / "index.html").as_uri())

    assert "没有连上学习平台" in page.get_by_role("alert").inner_text()
    page.get_by_role("button", name="读完了，答检查题").click()
    assert page.locator(".kb-choices button").count() > 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_a_list_without_questions_is_completed_by_reading(
    browser: Browser, library: Library, tmp_path: Path
) -> None:
    items: Any = [{"ref": "section:seven-days", "proof": "read", "minutes": 1}]
    folder = unpacked(library, reading_list(items=items), tmp_path / "course")
    assert "masteryscore" not in (folder / "imsmanifest.xml").read_text("utf-8")
    (tmp_path / "index.html").write_text(PLATFORM, "utf-8")
    (tmp_path / "runtime.js").write_bytes(RUNTIME.read_bytes())
    page = browser.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    page.evaluate(LAUNCH.replace('"80"', '""'), None)

    page.frame_locator("#course").get_by_role("button", name="读完了").click()

    page.frame_locator("#course").get_by_text("全部完成").wait_for()
    page.close()


@pytest.mark.parametrize("text", ["[ ] 核对单号", "# 题\n\n[ ] 核对单号", "## [x] 核对单号"])
def test_a_box_that_stands_in_no_list_is_shown_and_breaks_nothing(
    library: Library, text: str
) -> None:
    shown = _markdown(library, text)

    assert "☐ 核对单号" in shown
    assert "tick" not in shown


def test_a_box_in_a_list_takes_the_place_of_its_dot(library: Library) -> None:
    assert '<li class="tick">☐ 核对单号</li>' in _markdown(library, "- [ ] 核对单号")
