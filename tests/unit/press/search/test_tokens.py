"""Counting by arrays gives what the contract says in plain words."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.kernel.terms import Concepts, key_of
from gongkai.press.search.tokens import FIELDS, MOST, Counted, count, field_terms
from gongkai.views.search_document import SearchDocument

CONCEPTS = Concepts([["年度报告", "年报"], ["人力资源和社会保障局", "人社局"]])
TEXTS = st.text(
    alphabet="县政府年报人社局度告〔2024〕12号第 \n,aＡ１-#經乙〇𠮷𫝈😀\ud800", max_size=60
)


def counted(document: SearchDocument) -> dict[tuple[int, str], int]:
    found = count(document, CONCEPTS)
    rows = zip(found.keys.tolist(), found.fields.tolist(), found.counts.tolist(), strict=True)
    return {(key, FIELDS[field]): number for key, field, number in rows}


def expected(document: SearchDocument) -> dict[tuple[int, str], int]:
    found: dict[tuple[int, str], int] = {}
    for field, terms in field_terms(document, CONCEPTS).items():
        for term, number in Counter(terms).items():
            found[key_of(term), field] = min(number, MOST)
    return found


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_any_document_is_counted_as_the_contract_cuts_it(
    title: str, number: str, meta: str, text: str
) -> None:
    document = SearchDocument(title, (number,), meta, text)
    assert counted(document) == expected(document)
    lengths = {field: len(terms) for field, terms in field_terms(document, CONCEPTS).items()}
    assert dict(zip(FIELDS, count(document, CONCEPTS).lengths, strict=True)) == lengths


def test_keys_stand_in_order_so_that_they_can_be_joined() -> None:
    found = count(SearchDocument("青禾县年报", ("青政〔2024〕1号",), "县", "县" * 9), CONCEPTS)
    pairs = list(zip(found.keys.tolist(), found.fields.tolist(), strict=True))
    assert pairs == sorted(set(pairs))


def test_more_than_a_byte_of_one_word_counts_as_the_most() -> None:
    found = count(SearchDocument("", text="通知，" * 300), CONCEPTS)
    assert found.counts.tolist() == [MOST]
    assert found.lengths[FIELDS.index("text")] == 300


@given(TEXTS)
def test_what_is_packed_comes_back(text: str) -> None:
    one = count(SearchDocument(text, text=text), CONCEPTS)
    again = Counted.unpacked(one.packed())
    assert (again.keys.tolist(), again.fields.tolist()) == (one.keys.tolist(), one.fields.tolist())
    assert (again.counts.tolist(), again.lengths) == (one.counts.tolist(), one.lengths)


@pytest.mark.parametrize("damage", [b"", b"abc", b"\x00" * 40])
def test_damaged_terms_are_named(damage: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        Counted.unpacked(damage)


def test_a_damaged_pack_is_named_wherever_it_was_cut() -> None:
    packed = count(SearchDocument("青禾县年报"), CONCEPTS).packed()
    for end in range(len(packed)):
        with pytest.raises(ValueError, match="damaged"):
            Counted.unpacked(packed[:end])
