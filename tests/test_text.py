"""The normal form of a text, the way back to the original, and its grams."""

from __future__ import annotations

import sys
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from kb.text import grams, normalise, runs, simplified_table

ANY_CHARACTER = st.characters(exclude_categories=())  # lone surrogates too
CHINESE = st.sampled_from("退款訂單單號著急，。！？ 12aA１Ａ㎡ﬁ㈱①々〇𠮷👨‍👩‍👧é́İßẞ\n\u3000\ud83d")
ANY_TEXT = st.one_of(st.text(ANY_CHARACTER), st.text(CHINESE))


def found(text: str) -> list[str]:
    return [g.text for g in grams(normalise(text).text)]


@given(ANY_TEXT)
@example("\ud800")
@example("a\udc00退")
def test_every_text_has_grams_that_can_be_written_to_a_file(text: str) -> None:
    for gram in grams(normalise(text).text):
        assert gram.text.encode("utf-8")


@given(ANY_TEXT)
def test_every_character_leads_back_to_the_one_it_came_from(text: str) -> None:
    normal = normalise(text)

    assert len(normal.origin) == len(normal.text) + 1
    assert normal.origin[-1] == len(text)
    assert list(normal.origin) == sorted(normal.origin)
    for i, char in enumerate(normal.text):
        assert char in normalise(text[normal.origin[i]]).text


@given(ANY_TEXT)
def test_a_gram_leads_back_to_a_piece_of_the_original_that_holds_it(text: str) -> None:
    normal = normalise(text)
    for gram in grams(normal.text):
        start, end = normal.span(gram.start, gram.end)
        assert 0 <= start < end <= len(text)
        assert gram.text in normalise(text[start:end]).text


def test_normalising_twice_changes_nothing_for_any_character() -> None:
    # Characters are normalised one by one, so this holds for every text.
    for code in range(sys.maxunicode + 1):
        once = normalise(chr(code)).text
        assert normalise(once).text == once, hex(code)


@given(ANY_TEXT, ANY_TEXT)
def test_texts_side_by_side_are_normalised_each_for_itself(left: str, right: str) -> None:
    assert normalise(left + right).text == normalise(left).text + normalise(right).text


@given(ANY_TEXT)
def test_the_single_grams_of_a_text_put_together_are_its_runs(text: str) -> None:
    normal = normalise(text).text
    whole = "".join(run.text for run in runs(normal))
    latin = {(run.start, run.text) for run in runs(normal) if not run.han}

    singles = [g for g in grams(normal) if (g.start, g.text) in latin or g.end - g.start == 1]

    assert "".join(g.text for g in singles) == whole


@given(ANY_TEXT)
def test_a_gram_is_what_stands_at_its_place(text: str) -> None:
    normal = normalise(text).text
    places = [(g.start, g.end) for g in grams(normal)]

    assert all(normal[g.start : g.end] == g.text for g in grams(normal))
    assert places == sorted(set(places))


@given(ANY_TEXT)
def test_runs_do_not_overlap_and_never_hold_a_blank(text: str) -> None:
    normal = normalise(text).text
    end = 0
    for run in runs(normal):
        assert run.start >= end
        end = run.start + len(run.text)
        assert run.text == normal[run.start : end]
        assert not any(char.isspace() for char in run.text)


def test_a_chinese_word_gives_its_characters_and_pairs() -> None:
    assert found("订单号") == ["订", "订单", "单", "单号", "号"]


def test_latin_words_and_numbers_stay_whole() -> None:
    assert found("VIP卡12315") == ["vip", "卡", "12315"]


def test_punctuation_and_blanks_part_what_they_stand_between() -> None:
    assert found("退，款 了\n吗") == ["退", "款", "了", "吗"]
    assert found("，。！？ \u3000\n👍") == []


def test_full_width_is_half_width_and_capitals_are_small() -> None:
    assert normalise("ＶＩＰ　１２３！").text == "vip 123!"


def test_traditional_is_simplified() -> None:
    assert normalise("訂單號還沒到，著急").text == "订单号还没到,着急"
    assert found("訂單") == found("订单")


def test_an_emoji_takes_one_place_so_that_offsets_count_characters() -> None:
    normal = normalise("👍退款")
    assert normal.span(1, 3) == (1, 3)


def test_a_character_that_becomes_several_leads_back_as_one() -> None:
    normal = normalise("约㎡算")
    assert normal.text == "约m2算"
    assert normal.span(1, 3) == normal.span(1, 2) == (1, 2)


def test_the_simplified_table_holds_single_characters_and_no_chains() -> None:
    table = simplified_table()
    for old, new in table.items():
        assert len(old) == len(new) == 1
        assert new not in table
        assert unicodedata.normalize("NFKC", new) == new
