"""YAML is read as everybody reads it, every value knows its line, and what is odd is refused."""

from __future__ import annotations

import datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kb.content.yaml_lines import YamlMistakeError, load_yaml

PLAIN = st.none() | st.booleans() | st.integers() | st.dates() | st.text()
DATA = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@given(DATA, st.booleans())
def test_a_document_has_the_value_that_yaml_gives_it(data: object, flow: bool) -> None:
    written = yaml.safe_dump(data, allow_unicode=True, default_flow_style=flow)
    # safe_dump marks what occurs twice, which nobody does by hand.
    if "&id" not in written:
        assert load_yaml(written)[0] == yaml.safe_load(written)


def test_values_without_quotes_are_what_they_look_like() -> None:
    value, _ = load_yaml("[5, 0.5, 是, yes, ~, 2026-11-22, '5', offer, <<, =]")
    day = datetime.date(2026, 11, 22)
    assert value == [5, 0.5, "是", True, None, day, "5", "offer", "<<", "="]


def test_every_value_knows_its_line_and_what_is_missing_the_line_above_it() -> None:
    _, lines = load_yaml("a: 1\nb:\n  - c: x\n    d:\n      - e\n", first_line=2)
    assert lines.of(("a",)) == 2
    assert lines.of(("b",)) == 3
    assert lines.of(("b", 0, "c")) == 4
    assert lines.of(("b", 0, "d", 0)) == 6
    assert lines.of(("b", 0, "d", 7)) == 5
    assert lines.of(("nothing",)) == 2


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: 2\na: 3", 3, "“a”写了两次"),
        ("a: 1\nb: &x 2\n", 2, "不能用"),
        ("a: 1\nb: *x\n", 2, "不能用"),
        ("- !!python/object/apply:os.system [x]", 1, "不能用"),
        ("a: b: c", 1, "读不懂"),
        ("a: 1\nb: 2026-13-45", 2, "2026-13-45"),
        ("a: 1\n---\nb: 2", 2, "又开始了一份"),
        ("? [a]\n: b", 1, "应该是一个名称"),
        ("[" * 5000, 1, "读不懂"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(YamlMistakeError) as caught:
        load_yaml(text)
    assert caught.value.line == line
    assert said in caught.value.what


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("id：a\ntitle: b\n", 1, "全角"),
        ("id: a\ntitle：b\nline: c\n", 2, "全角"),
        ("- text: a\n  step: listen\n  also：[b]\n", 3, "全角"),
        ("id:a\ntitle: b\n", 1, "空格"),
        ("- text: a\n  step:listen\n  also: [b]\n", 2, "空格"),
        ("a:\n\t- b\n", 2, "Tab"),
    ],
)
def test_a_slip_of_the_hand_is_named_where_it_was_made(text: str, line: int, said: str) -> None:
    with pytest.raises(YamlMistakeError) as caught:
        load_yaml(text)
    assert caught.value.line == line
    assert said in caught.value.what


def test_what_stands_twice_is_to_be_deleted_once() -> None:
    with pytest.raises(YamlMistakeError) as caught:
        load_yaml("a: 1\na: 2\n")
    assert caught.value.todo == "删掉一个"
