"""Guessing what was meant, comparing names, cutting text short."""

from __future__ import annotations

import pytest

from gongkai.kernel.text import excerpt, fold, nearest, squeeze


@pytest.mark.parametrize(
    ("word", "choices", "guess"),
    [
        ("titel", ["title", "table"], "title"),
        ("subjct", ["subject", "summary"], "subject"),
        ("主题分裂", ["主题分类", "体裁"], "主题分类"),
        ("Title", ["title"], "title"),
        ("layout", ["title", "column"], None),
        ("ab", ["cd"], None),
        ("notice", [], None),
        ("cat", ["bat", "hat"], "bat"),
    ],
)
def test_the_nearest_word_is_within_two_edits_and_never_all_of_it(
    word: str, choices: list[str], guess: str | None
) -> None:
    assert nearest(word, choices) == guess


def test_swapped_neighbours_are_one_edit() -> None:
    assert nearest("mjz", ["mzj"], most=1) == "mzj"


def test_names_are_compared_without_width_case_and_space() -> None:
    assert fold("ＡＢ　c ｄ") == fold("abcd")
    assert fold("甲") != fold("乙")


def test_white_space_is_squeezed() -> None:
    assert squeeze(" 甲 \n\t乙\u3000丙 ") == "甲 乙 丙"


@pytest.mark.parametrize(
    ("text", "size", "shown"),
    [
        ("短文。", 10, "短文。"),
        ("第一句话。第二句话更长一些。", 8, "第一句话。"),
        ("没有标点的很长的一句话", 6, "没有标点的…"),
        ("短。后面是没有标点的很长的一句话", 10, "短。后面是没有标点…"),
    ],
)
def test_an_excerpt_ends_at_a_sentence_where_it_can(text: str, size: int, shown: str) -> None:
    assert excerpt(text, size) == shown
    assert len(excerpt(text, size)) <= size
