"""Cutting text into search terms by the contract that the browser keeps too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.kernel.terms import (
    OTHER,
    RUN_LIMIT,
    Concepts,
    cut,
    identifier_key,
    key_of,
    letters,
    normalise,
    number_keys,
    terms,
)

SHARED: dict[str, Any] = json.loads((Path(__file__).parents[2] / "segment.json").read_text("utf-8"))


@pytest.mark.parametrize("case", SHARED["cases"], ids=lambda case: case["text"][:20] or "nothing")
def test_text_is_cut_as_the_browser_cuts_it(case: dict[str, Any]) -> None:
    assert terms(case["text"]) == case["terms"]


@pytest.mark.parametrize("case", SHARED["keys"], ids=lambda case: case["term"])
def test_a_term_has_the_number_that_the_browser_gives_it(case: dict[str, Any]) -> None:
    assert key_of(case["term"]) == case["key"]


@pytest.mark.parametrize("case", SHARED["numbers"], ids=lambda case: case["text"])
def test_document_numbers_are_seen_in_any_brackets(case: dict[str, Any]) -> None:
    assert number_keys(normalise(case["text"])) == case["keys"]


@pytest.mark.parametrize("case", SHARED["identifiers"], ids=lambda case: case["text"])
def test_an_identifier_is_one_however_it_is_typed(case: dict[str, Any]) -> None:
    assert identifier_key(case["text"]) == case["key"]


def test_words_of_a_group_have_one_name_and_each_in_a_text_counts() -> None:
    concepts = Concepts(SHARED["concepts"]["groups"])
    for case in SHARED["concepts"]["cases"]:
        assert concepts.keys(normalise(case["text"])) == case["keys"]
    assert Concepts(()).keys("年报") == []


def test_the_shared_lists_are_long_enough_and_repeat_nothing() -> None:
    texts = [case["text"] for case in SHARED["cases"]]
    assert len(texts) >= 50
    assert len(set(texts)) == len(texts)
    assert len(SHARED["numbers"]) >= 12


@given(st.text())
def test_terms_hold_no_white_space_and_no_capital(text: str) -> None:
    for term in terms(text):
        assert term
        assert term == term.lower()
        assert not any(character.isspace() for character in term)


@given(st.text(alphabet="县政府〔2026〕号 abcＡ１經", max_size=40))
def test_cutting_again_changes_nothing_of_a_term(text: str) -> None:
    for term in terms(text):
        assert terms(term) == [term]


@given(st.text())
def test_normalising_again_changes_nothing_of_what_is_cut(text: str) -> None:
    normal = normalise(text)
    assert cut(normalise(normal)) == cut(normal)


@given(st.text(alphabet="甲乙丙丁戊", min_size=2, max_size=30))
def test_a_run_of_n_characters_gives_one_term_fewer(text: str) -> None:
    assert terms(text) == [text[n : n + 2] for n in range(len(text) - 1)]


@given(st.text(max_size=12))
def test_every_term_has_a_number_of_forty_bits(text: str) -> None:
    for term in (*terms(text), identifier_key(text)):
        assert 0 < key_of(term) < 1 << 40


def test_other_terms_stand_behind_all_chinese_ones() -> None:
    assert key_of("龥龥") < OTHER <= key_of("2026")


def test_of_an_endless_run_the_beginning_counts() -> None:
    assert terms("a" * 100) == ["a" * RUN_LIMIT]


def test_letters_are_the_chinese_ones_each_once() -> None:
    assert letters(normalise("民政局ABC民1縣")) == ["民", "政", "局", "县"]
