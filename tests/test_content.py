"""The library: what was read stays as it was read, and knows its own relations."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from kb.content import Library, digest, find_root, load
from kb.content.uses import uses
from kb.errors import InputError

GOOD = Path(__file__).parent / "books" / "good"


@pytest.fixture(scope="module")
def library() -> Library:
    """The good little book."""
    return load(GOOD)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A copy of the good little book that may be changed."""
    return shutil.copytree(GOOD, tmp_path / "book")


def parts(value: object) -> Iterator[object]:
    """``value`` and everything inside it."""
    yield value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from parts(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from parts(item)


def everything_in_the_toc(book: Path) -> None:
    toc = "format: jb-book\nroot: book/index\nchapters:\n"
    for path in sorted([*book.glob("book/**/*.md"), *book.glob("cases/*.md")]):
        if path.stem != "index":
            toc += f"  - file: {path.relative_to(book).as_posix()}\n"
    (book / "_toc.yml").write_text(toc, "utf-8")


def test_everything_in_the_library_is_frozen(library: Library) -> None:
    models = [part for part in parts(library) if isinstance(part, BaseModel)]
    assert len({type(m) for m in models}) >= 15
    for model in models:
        name = next(iter(type(model).model_fields))
        with pytest.raises(ValidationError, match="frozen"):
            setattr(model, name, None)


def test_no_list_that_could_be_changed_is_in_the_library(library: Library) -> None:
    assert not [part for part in parts(library) if isinstance(part, (list, set))]


def test_items_are_found_by_their_id(library: Library) -> None:
    assert library.case("borrowed-pot").title == "先借一口锅"
    assert library.section("late-parcel").file == "book/basics/late-parcel.md"
    assert library.method("parcel-steps").title == "催件三步"
    assert library.phrase_group("parcel-words").phrases[0].step == "listen"
    assert library.step("own").name == "承担责任"


def test_an_unknown_id_is_a_key_error(library: Library) -> None:
    for find in (library.case, library.section, library.method, library.phrase_group, library.step):
        with pytest.raises(KeyError):
            find("nowhere")


def test_the_home_of_a_method_is_the_page_that_shows_it(library: Library) -> None:
    page = library.section("late-parcel")
    assert library.home_of("method", "parcel-steps") == page
    assert library.home_of("phrases", "parcel-words") == page


def test_a_link_to_a_case_or_step_does_not_make_a_page_the_home_of_a_method(
    library: Library,
) -> None:
    assert library.home_of("method", "borrowed-pot") is None
    assert library.home_of("phrases", "parcel-steps") is None


def test_of_several_pages_that_show_a_method_the_first_is_its_home(book: Path) -> None:
    page = (book / "book/basics/late-parcel.md").read_text("utf-8")
    for name in ("a-parcel", "z-parcel"):
        copy = page.replace("id: late-parcel", f"id: {name}")
        (book / f"book/basics/{name}.md").write_text(copy, "utf-8")
    everything_in_the_toc(book)

    home = load(book).home_of("method", "parcel-steps")

    assert home is not None
    assert home.id == "a-parcel"


def test_situations_are_the_moments_of_the_cases_and_then_the_drills(library: Library) -> None:
    said = [m.said for case in library.cases for m in case.moments]

    situations = list(library.situations())

    assert [s.text for s in situations[: len(said)]] == said
    assert tuple(situations[len(said) :]) == library.drills


def test_a_moment_takes_from_its_case_what_it_does_not_say_itself(library: Library) -> None:
    first, _, third = list(library.situations())[:3]
    assert (first.industry, first.channel, first.type) == ("retail", "counter", "product")
    assert first.demand == ("exchange",)
    assert third.demand == ("exchange", "action")


def test_what_a_moment_says_itself_goes_before_what_its_case_says(library: Library) -> None:
    own = {"type": "usage", "emotion": "calm", "demand": (), "risk": ("legal",)}
    case = library.case("borrowed-pot")
    moment = case.moments[0].model_copy(update=own)
    changed = library.model_copy(
        update={"cases": (case.model_copy(update={"moments": (moment,)}),)}
    )

    situation = next(changed.situations())

    assert {name: getattr(situation, name) for name in own} == own


def test_the_text_of_a_page_names_what_a_role_points_at(library: Library) -> None:
    text = "\n".join(p.text for p in library.section("late-parcel").passages)
    assert "先做倾听，再往下走" in text
    assert "看借锅的那一单，那里" in text
    assert "borrowed-pot" not in text


def test_passages_carry_heading_and_anchor(library: Library) -> None:
    passages = library.section("late-parcel").passages
    assert [p.heading for p in passages][:3] == ["", "为什么", "怎么做"]
    assert [p.anchor for p in passages][:3] == ["", "为什么", "怎么做"]


def test_a_page_without_front_matter_is_layout_and_no_section(book: Path) -> None:
    (book / "book/desk.md").write_text("# 工作台\n", "utf-8")
    everything_in_the_toc(book)
    assert load(book).sections == load(GOOD).sections


def test_hidden_and_built_folders_are_not_content(book: Path) -> None:
    before = digest(book)
    for folder in ("book/_build", "book/.ipynb_checkpoints"):
        shutil.copytree(book / "book/basics", book / folder)

    assert load(book) == load(GOOD)
    assert digest(book) == before


def test_the_digest_changes_with_any_byte_of_any_content_file(book: Path) -> None:
    seen = {digest(book)}
    tops = ("book", "cases", "assignments")
    files = [p for top in tops for p in (book / top).rglob("*") if p.suffix in (".md", ".yml")]
    for path in files:
        before = path.read_bytes()
        path.write_bytes(before + b" ")
        seen.add(digest(book))
        path.write_bytes(before)
    assert len(seen) == len(files) + 1


def test_the_digest_changes_with_a_new_a_lost_and_a_renamed_file(book: Path) -> None:
    drills = book / "book/drills/contacts.yml"
    seen = [digest(book)]
    drills.rename(drills.with_name("talks.yml"))
    seen.append(digest(book))
    drills.with_name("talks.yml").unlink()
    seen.append(digest(book))
    drills.write_text("[]", "utf-8")
    seen.append(digest(book))
    assert len(set(seen)) == 4


def test_the_digest_stays_when_nothing_an_author_wrote_changes(book: Path) -> None:
    (book / ".cache").mkdir()
    (book / ".cache/index.yml").write_text("cached: true", "utf-8")
    (book / "README.md").write_text("# 案例书", "utf-8")
    (book / "cases/silent-parcel.md").touch()
    assert digest(book) == digest(GOOD)


def test_the_digest_depends_on_its_salt() -> None:
    assert len({digest(GOOD), digest(GOOD, "a"), digest(GOOD, "b"), digest(GOOD, "a", "b")}) == 4


def test_two_readings_of_the_same_files_are_equal(library: Library) -> None:
    assert load(GOOD) == library


def test_the_root_is_found_from_any_folder_below_it() -> None:
    assert find_root(GOOD / "book" / "basics") == GOOD


def test_outside_a_book_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--root"):
        find_root(tmp_path)


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ("一段 <img src=https://a.example/p.png> 话", "https://a.example/p.png"),
        ('<video poster="//a.example/p.png">\n</video>', "//a.example/p.png"),
        ("<style>\n@import 'https://a.example/s.css';\n</style>", "https://a.example/s.css"),
    ],
)
def test_what_a_page_loads_is_seen_however_it_is_written(body: str, address: str) -> None:
    """As the built book is looked through: what the build would refuse, ``kb check`` names."""
    assert list(uses(body, 1)) == [("picture", address, 1)]


def test_searching_and_advising_need_neither_sphinx_nor_jupyter_nor_a_browser(root: Path) -> None:
    program = (
        "import pathlib, sys, kb.content, kb.search, kb.suggest, kb.engines\n"
        "engine = kb.engines.open_search(pathlib.Path(sys.argv[1]))\n"
        "assert engine.search('客户').total > 0\n"
        "heavy = ['sphinx', 'docutils', 'jupyter_book', 'myst_nb', 'IPython', 'ipywidgets',\n"
        "         'anywidget', 'sklearn', 'numpy', 'playwright']\n"
        "print(*[name for name in heavy if name in sys.modules])\n"
    )
    command = [sys.executable, "-c", program, str(root)]

    done = subprocess.run(command, capture_output=True, text=True)

    assert (done.stderr, done.stdout.strip(), done.returncode) == ("", "", 0)
