"""Dates, moments, identifiers and document numbers as authors write them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from gongkai.domain.values import (
    Moment,
    credit_check,
    has_masked_year,
    normal_document_number,
    organisation_check,
    parse_date,
    parse_flag,
    parse_index_number,
)
from gongkai.kernel import problems as p


def code_of(call: object, value: object) -> str:
    with pytest.raises(PydanticCustomError) as caught:
        call(value)  # type: ignore[operator]
    return caught.value.type


@pytest.mark.parametrize("text", ["2026-03-02", "2026-3-2", " 2026-03-02 "])
def test_a_date_is_read(text: str) -> None:
    assert parse_date(text) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-02-30", p.IMPOSSIBLE_DATE),
        ("2026-13-01", p.IMPOSSIBLE_DATE),
        ("2025-02-29", p.IMPOSSIBLE_DATE),
        ("2026-00-10", p.IMPOSSIBLE_DATE),
        ("0000-01-01", p.IMPOSSIBLE_DATE),
        ("201*-12-17", p.MASKED_DATE),
        ("201＊-12-17", p.MASKED_DATE),
        ("201x-12-17", p.MASKED_DATE),
        ("20××-12-17", p.MASKED_DATE),
        ("201?-12-17", p.MASKED_DATE),
        ("2026年3月2日", p.BAD_DATE),
        ("2026/03/02", p.BAD_DATE),
        ("03-02-2026", p.BAD_DATE),
        ("2026-03", p.BAD_DATE),
        ("２０２６-０３-０２", p.BAD_DATE),
        ("昨天", p.BAD_DATE),
        ("", p.BAD_DATE),
    ],
)
def test_a_date_that_cannot_be_read_gets_its_own_code(text: str, code: p.Code) -> None:
    assert code_of(parse_date, text) == code.id


@given(st.dates(date(1800, 1, 1), date(2200, 12, 31)))
def test_every_day_of_the_calendar_is_read_back(day: date) -> None:
    assert parse_date(str(day)) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-05", Moment(date(2026, 3, 5))),
        ("2026-03-05 10:20", Moment(date(2026, 3, 5), time(10, 20))),
        ("2026-03-05T10:20", Moment(date(2026, 3, 5), time(10, 20))),
        ("2026-03-05 10:20:30", Moment(date(2026, 3, 5), time(10, 20))),
        ("2026-03-05 9:05", Moment(date(2026, 3, 5), time(9, 5))),
        ("2026-03-05 10：20", Moment(date(2026, 3, 5), time(10, 20))),
        ("2026-03-05 00:00", Moment(date(2026, 3, 5), time(0, 0))),
    ],
)
def test_a_moment_is_read(text: str, moment: Moment) -> None:
    assert Moment.parse(text) == moment


@pytest.mark.parametrize(
    "text", ["2026-03-05 24:00", "2026-03-05 10:60", "2026-03-05 上午", "2026-03-05 10:20+09:00"]
)
def test_a_moment_with_a_bad_time_is_refused(text: str) -> None:
    assert code_of(Moment.parse, text) == p.BAD_DATE.id


def test_a_date_alone_stays_a_date_and_sorts_as_the_start_of_its_day() -> None:
    day = Moment.parse("2026-03-05")
    assert str(day) == "2026-03-05"
    assert str(Moment.parse("2026-03-05 09:05")) == "2026-03-05 09:05"
    assert (
        Moment.parse("2026-03-04 23:59").key() < day.key() < Moment.parse("2026-03-05 00:01").key()
    )


@given(st.dates(date(1800, 1, 1), date(2200, 12, 31)), st.none() | st.times())
def test_a_moment_that_is_printed_is_read_back(day: date, clock: time | None) -> None:
    moment = Moment(day, clock.replace(second=0, microsecond=0) if clock else None)
    assert Moment.parse(str(moment)) == moment


@pytest.mark.parametrize(
    "text",
    [
        "QH0000028/2026-00003",
        "000014349/2017-00110",
        "11341702486344515H/202110-00013",
        "a.b_c-d/1",
    ],
)
def test_an_index_number_is_two_parts_of_ascii(text: str) -> None:
    assert parse_index_number(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "a/",
        "/b",
        "a",
        "a/b/c",
        "../b",
        "a/..",
        "./b",
        "a/...",
        "-a/b",
        "a/-b",
        "甲/2026-1",
        "a/b c",
        "a/b%2e",
        "a\\b",
        "a/b?",
        "a/b#c",
        "a/b\n/c",
        "a/" + "1" * 41,
        "Ａ/1",
    ],
)
def test_what_is_no_part_of_an_address_is_no_index_number(text: str) -> None:
    assert code_of(parse_index_number, text) == p.BAD_INDEX_NUMBER.id


@pytest.mark.parametrize("code", ["000014349", "QH0000028", "QH000001X", "LY000012X", "QH0000060"])
def test_organisation_codes_end_in_their_check_character(code: str) -> None:
    assert organisation_check(code) == code[-1]


@pytest.mark.parametrize("code", ["11441700007280420Y", "11341702486344515H"])
def test_credit_codes_end_in_their_check_character(code: str) -> None:
    assert credit_check(code) == code[-1]


@pytest.mark.parametrize("position", range(8))
def test_one_wrong_digit_shows_in_an_organisation_code(position: int) -> None:
    code = "000014349"
    wrong = code[:position] + str((int(code[position]) + 1) % 10) + code[position + 1 :]
    assert organisation_check(wrong) != wrong[-1]


@pytest.mark.parametrize("code", ["", "00001434", "0000143499", "0000甲4349", "00001o34x"])
def test_what_is_no_organisation_code_has_no_check_character(code: str) -> None:
    assert organisation_check(code) is None


@pytest.mark.parametrize(
    "code", ["", "11441700007280420", "1144170000728O420Y", "1144170000728I420Y"]
)
def test_what_is_no_credit_code_has_no_check_character(code: str) -> None:
    assert credit_check(code) is None


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("青民发〔2026〕12号", "青民发〔2026〕12号"),
        ("青民发[2026]12号", "青民发〔2026〕12号"),
        ("青民发【2026】12号", "青民发〔2026〕12号"),
        ("青民发（2026）12号", "青民发〔2026〕12号"),
        ("青民发(2026)12号", "青民发〔2026〕12号"),
        ("青民发［2026］12号", "青民发〔2026〕12号"),
        ("青民发〖2026〗12号", "青民发〔2026〕12号"),
        ("青民发〔2026〕第12号", "青民发〔2026〕12号"),
        ("青民发〔2026〕012号", "青民发〔2026〕12号"),
        ("青民发〔２０２６〕１２号", "青民发〔2026〕12号"),
        ("青民发 〔2026〕 12 号", "青民发〔2026〕12号"),
        ("孟政办【2011】21号", "孟政办〔2011〕21号"),
        ("松山管发[2017]45号", "松山管发〔2017〕45号"),
        ("国办公开办函〔2019〕61号", "国办公开办函〔2019〕61号"),
        ("青禾县人民政府令第5号", "青禾县人民政府令第5号"),
        ("青禾县人民政府令第十二号", "青禾县人民政府令第十二号"),
        ("青禾县民政局公告2026", None),
        ("青民发〔201*〕12号", None),
        ("青民发〔26〕12号", None),
        ("青民发〔2026〕号", None),
        ("青民发〔2026〕12", None),
        ("〔2026〕12号", None),
        ("青民发〔2026〕0号", None),
        ("青民发〔1826〕12号", None),
        ("无", None),
        ("", None),
    ],
)
def test_a_document_number_has_one_normal_form(written: str, normal: str | None) -> None:
    assert normal_document_number(written) == normal


@given(
    st.from_regex(
        r"青[府民]{1,4}[〔\[【（]20[0-9]{2}[〕\]】）]第?0{0,2}[1-9][0-9]{0,3}号", fullmatch=True
    )
)
def test_the_normal_form_is_normal(written: str) -> None:
    normal = normal_document_number(written)
    assert normal is not None
    assert normal_document_number(normal) == normal


@pytest.mark.parametrize("text", ["珠办通[201*]24号", "201*-12-17", "20××年", "201x"])
def test_a_masked_year_is_seen(text: str) -> None:
    assert has_masked_year(text)


@pytest.mark.parametrize("text", ["青民发〔2026〕12号", "2026-03-02", "第12号"])
def test_a_whole_year_is_not_masked(text: str) -> None:
    assert not has_masked_year(text)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("是", True),
        ("有", True),
        ("true", True),
        ("Yes", True),
        ("否", False),
        ("无", False),
        ("no", False),
        ("off", False),
    ],
)
def test_answers_are_read_in_both_languages(text: str, answer: bool) -> None:
    assert parse_flag(text) is answer


def test_an_answer_that_is_none_is_refused() -> None:
    assert code_of(parse_flag, "也许") == p.WRONG_SHAPE.id
