"""Pictures drawn from data: text that fits, words for who cannot see them, nothing unescaped."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from kb.book.figures import WIDTH, draw, wrapped
from kb.content import Figure, Library

SVG = "{http://www.w3.org/2000/svg}"


def parsed(figure: Figure, library: Library) -> ET.Element:
    svg = draw(figure, library, lambda step: f"#{step}")
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def test_every_picture_of_the_book_has_a_title_and_words_for_who_cannot_see_it(
    library: Library,
) -> None:
    for figure in library.figures:
        svg = parsed(figure, library)
        assert svg.findtext(f"{SVG}title") == figure.title
        assert svg.findtext(f"{SVG}desc") == figure.alt


def test_no_shape_reaches_beyond_a_picture(library: Library) -> None:
    for figure in library.figures:
        svg = parsed(figure, library)
        height = float(svg.attrib["viewBox"].split()[3])
        for rect in svg.iter(f"{SVG}rect"):
            assert float(rect.attrib["x"]) + float(rect.attrib["width"]) <= WIDTH, figure.id
            assert float(rect.attrib["y"]) + float(rect.attrib["height"]) <= height, figure.id
        for text in svg.iter(f"{SVG}text"):
            assert 0 < float(text.attrib["y"]) <= height, figure.id


def test_the_ladder_links_every_step(library: Library) -> None:
    svg = parsed(library.figure("ladder"), library)
    links = [a.attrib["href"] for a in svg.iter(f"{SVG}a")]
    assert links == [f"#{step.id}" for step in library.steps]


def test_words_in_a_picture_stay_words(library: Library) -> None:
    figure = Figure.model_validate(
        {
            "id": "x",
            "title": "<b>&",
            "kind": "flow",
            "alt": "<script>",
            "nodes": [{"text": "<script>1</script>"}, {"text": "&amp;", "note": "</svg>"}],
        }
    )
    svg = parsed(figure, library)
    assert "".join(t.text or "" for t in svg.iter(f"{SVG}text")).startswith("<script>1</script>")


@given(st.text(min_size=1, max_size=80), st.floats(min_value=40, max_value=360))
def test_breaking_lines_loses_nothing_and_keeps_to_the_width(text: str, width: float) -> None:
    lines = wrapped(text, width, 14)
    assert "".join(lines) == text
    for line in lines:
        held = line.rstrip("，。；：、？！”）》")
        assert len(held) <= 1 or 14 * 0.56 * len(held) <= width
