"""Numbers that are somebody's own are told from numbers that are not, and masked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.content.private import find_private, mask, private_kind

TEXTS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "fixtures" / "private.json").read_text("utf-8")
)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("13800138000", "手机号"),
        ("138 0013 8000", "手机号"),
        ("11010519491231002X", "身份证号"),
        ("440308199901101512", "身份证号"),
        ("6222 0200 0000 0000 001", None),
        ("4111111111111111", "银行卡号"),
        ("20261122000123", None),  # an order's number
        ("110105194912310021", None),  # a wrong check digit
        ("0000000000000000", None),
        ("400-800-8888", None),
    ],
)
def test_only_what_carries_the_marks_of_a_private_number_is_named(
    number: str, kind: str | None
) -> None:
    assert private_kind(number) == kind


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_mobile_number_is_named(number: str) -> None:
    assert private_kind(number) == "手机号"


@given(st.integers(min_value=10**15, max_value=10**18 - 1))
def test_every_number_with_a_bank_cards_check_digit_is_named(digits: int) -> None:
    body = str(digits)
    fits = [d for d in "0123456789" if private_kind(body + d) == "银行卡号"]
    assert len(fits) == 1


@pytest.mark.parametrize("entry", TEXTS, ids=[e["text"] for e in TEXTS])
def test_a_text_is_masked_as_written(entry: dict[str, Any]) -> None:
    assert mask(entry["text"]) == entry["masked"]


ANYTHING = st.text(st.characters(exclude_categories=()))


@given(ANYTHING, st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), ANYTHING)
def test_a_mobile_number_is_masked_whatever_stands_around_it(
    before: str, number: str, after: str
) -> None:
    assert number not in mask(f"{before}，{number}，{after}")


@given(st.text("0123456789 -xX.@a京A１２", max_size=60))
def test_nothing_private_is_left_after_masking(text: str) -> None:
    assert find_private(mask(text)) == []


@given(ANYTHING)
def test_masking_twice_masks_no_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)
