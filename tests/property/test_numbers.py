"""Numbers of every spelling into one address each, never two into one."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from gongkai.derive.addresses import entry_address
from gongkai.domain.corpus import State
from gongkai.domain.values import normal_document_number, parse_index_number
from make import codes, make_agency, make_judged, make_record

LETTERS = "0123456789ABCabcQHqh._-"
PART = st.text(LETTERS, min_size=1, max_size=8)
NUMBERS = st.builds("{}/{}".format, PART, PART)
ANY = NUMBERS | st.text(LETTERS + "/\\ ０Ａａ％%２\u200b\uff0f#?", max_size=14)
SIGNS = st.sampled_from(
    [*"〔〕[]【】（）()〖〗０１２2026年第号令公告 \u3000青民规发*×", "2026", "20２6"]
)
DOCUMENTS = (
    st.builds(
        "{}{}{}{}{}{}号".format,
        st.sampled_from(["青民规", "青政办发", "青 财"]),
        st.sampled_from("〔[【（("),
        st.sampled_from(["2026", "２０２６", "1999", " 2026 ", "201*", "0000"]),
        st.sampled_from("〕]】）)"),
        st.sampled_from(["", "第", " "]),
        st.sampled_from(["1", "01", "１２", "0", "000123"]),
    )
    | st.lists(SIGNS, max_size=14).map("".join)
    | st.text(max_size=20)
)


def accepted(text: str) -> str | None:
    """Return the number that a text is taken for, or nothing."""
    try:
        return parse_index_number(text)
    except PydanticCustomError:
        return None


@settings(max_examples=150)
@given(ANY)
def test_an_accepted_number_stays_and_is_an_address_of_ascii(text: str) -> None:
    number = accepted(text)
    assume(number is not None)
    assert number is not None
    assert accepted(number) == number
    address = entry_address(number)
    assert re.fullmatch(r"i/[0-9A-Za-z._-]+/[0-9A-Za-z._-]+\.html", address)
    assert unicodedata.normalize("NFKC", address) == address
    assert not {".", ".."} & set(address.split("/"))
    # a page of an entry is no folder and no file of another one
    assert not address.removesuffix(".html").endswith((".html", ".htm", "."))


@settings(max_examples=100)
@given(NUMBERS, st.sampled_from(["{}", " {}", "{}\n", "{}.", "{}a"]), NUMBERS | st.none())
@example("QH1/2026-1", " {}", None)
def test_two_numbers_have_two_addresses(one: str, spelling: str, other: str | None) -> None:
    first, second = accepted(one), accepted(spelling.format(other or one))
    assume(first is not None and second is not None)
    assert first is not None and second is not None
    assert (entry_address(first) == entry_address(second)) == (first == second)


@settings(max_examples=40)
@given(PART, st.integers(0, 10**6))
def test_of_numbers_that_some_disk_takes_for_one_only_one_is_published(
    back: str, mask: int
) -> None:
    number = f"QH0000028/{back}"
    assume(accepted(number))
    twin = "".join(c.swapcase() if mask >> n & 1 else c for n, c in enumerate(number))
    records = [
        make_record("agencies/mzj/catalogue/2026/a.md", index_number=number),
        make_record("agencies/mzj/catalogue/2026/b.md", index_number=twin),
    ]
    agencies = {"mzj": make_agency(codes=("QH0000028", twin.partition("/")[0]))}
    judged = make_judged(*records, agencies=agencies)
    published = [r.path for r in records if judged.states[r.path] is State.PUBLISHED]
    assert len(published) <= 1
    assert "GK207" in codes(judged.problems)


@settings(max_examples=150)
@given(DOCUMENTS)
def test_a_normal_document_number_stays_as_it_is(text: str) -> None:
    normal = normal_document_number(text)
    if normal is None:
        return
    assert normal_document_number(normal) == normal
    assert not re.search(r"\s", normal)


@settings(max_examples=150)
@given(
    st.sampled_from(["青民规", "青政办发", "京发改"]),
    st.integers(1949, 2050),
    st.integers(1, 9999),
    st.sampled_from(["〔〕", "[]", "【】", "（）", "()", "［］", "﹝﹞"]),
    st.booleans(),
)
def test_every_spelling_of_a_document_number_is_the_same_number(
    body: str, year: int, serial: int, brackets: str, is_wide: bool
) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    digits = [str(year), str(serial)]
    shown = [text.translate(wide) for text in digits] if is_wide else digits
    text = f"{body}{brackets[0]}{shown[0]}{brackets[1]}第{shown[1]} 号"
    assert normal_document_number(text) == f"{body}〔{year}〕{serial}号"
