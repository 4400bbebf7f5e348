"""Cutting text into terms, guessing what was meant, comparing names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.kernel.text import excerpt, fold, nearest, squeeze, terms

SHARED = Path(__file__).parent.parent.parent / "segment.json"
CASES = json.loads(SHARED.read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:20] or "nothing")
def test_text_is_cut_as_the_browser_cuts_it(case: dict[str, object]) -> None:
    assert terms(str(case["text"])) == case["terms"]


def test_the_shared_list_is_long_enough_and_repeats_nothing() -> None:
    texts = [case["text"] for case in CASES]
    assert len(texts) >= 25
    assert len(set(texts)) == len(texts)


@given(st.text())
def test_terms_hold_no_white_space_and_no_capital(text: str) -> None:
    for term in terms(text):
        assert term
        assert term == term.lower()
        assert not any(character.isspace() for character in term)


@given(st.text(alphabet="县政府〔2026〕号 abcＡ１", max_size=40))
def test_cutting_again_changes_nothing_of_a_term(text: str) -> None:
    for term in terms(text):
        assert terms(term) == [term]


@given(st.text(alphabet="甲乙丙丁戊", min_size=2, max_size=30))
def test_a_run_of_n_characters_gives_one_term_fewer(text: str) -> None:
    assert terms(text) == [text[n : n + 2] for n in range(len(text) - 1)]


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
