"""The register of requests: what a row may say, its time limits, and counts that balance."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gongkai.domain.register import (
    APPLICANTS,
    CHANNELS,
    OUTCOMES,
    RESULTS,
    SUIT_KINDS,
    Application,
    Registered,
    RequestCounts,
    Status,
    counts,
    due_on,
    judge_register,
    judge_time_limits,
    listed,
    masked,
    status_at,
)
from gongkai.domain.reports.forms.form_2021 import FORM
from gongkai.intake.holidays import working_calendar
from gongkai.intake.tables import read_register
from gongkai.kernel import problems as p
from make import codes, make_calendar
from registers import TOPICS, make_application, synthetic

KNOWN = working_calendar({})
YEARS = (2023, 2024, 2025)


def fields_of(findings: Any) -> list[tuple[str, str]]:
    return [(finding.code.id, finding.field) for finding in findings]


def in_2024(received: str, **fields: object) -> Application:
    return make_application(number="2024-001", received_on=received, **fields)


def of_1000_rows() -> list[Application]:
    rows: list[Application] = []
    for year, text in synthetic(7, 1000, YEARS).items():
        found, problems = read_register(f"{year}.csv", text.encode(), year, TOPICS)
        assert problems == []
        rows += [one.row for one in found]
    return rows


# closed lists


def test_the_outcomes_are_the_result_rows_of_the_form() -> None:
    assert FORM.requests is not None
    assert tuple(OUTCOMES.labels) == FORM.requests.results
    assert tuple(APPLICANTS.labels) == FORM.requests.applicants
    assert tuple(RESULTS.labels) == ("upheld", "corrected", "other")


@pytest.mark.parametrize("choices", [OUTCOMES, APPLICANTS, RESULTS, CHANNELS, SUIT_KINDS])
def test_every_code_and_label_means_one_value(choices: Any) -> None:
    for code, label in choices.labels.items():
        assert choices.find(code) == choices.find(label) == [code]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("（一）予以公开", "granted"),
        ("(一) 予以公开", "granted"),
        ("部分公开", "partial"),
        ("1.属于国家秘密", "denied_state_secret"),
        ("１．属于国家秘密", "denied_state_secret"),
        ("不予公开-属于国家秘密", "denied_state_secret"),
        ("（三）不予公开／1.属于国家秘密", "denied_state_secret"),
        ('危及"三安全一稳定"', "denied_safety"),
        ("其他处理-其他", "other_other"),
        ("其他处理—3.其他", "other_other"),
        ("申请人无正当理由逾期不补正", "other_not_corrected"),
    ],
)
def test_an_outcome_may_be_written_as_the_form_prints_it(written: str, code: str) -> None:
    assert OUTCOMES.parse(written) == code


@pytest.mark.parametrize(("written", "meant"), [("不予公开", 8), ("其他处理", 3), ("公开了", 0)])
def test_a_heading_alone_is_no_outcome_and_its_rows_are_named(written: str, meant: int) -> None:
    assert len(OUTCOMES.find(written)) == meant
    facts = OUTCOMES.refusal(written)
    assert len(facts["where"].split("、")) >= (meant or len(OUTCOMES.labels))
    assert ("属于国家秘密" in facts["where"]) is (written != "其他处理")


def test_a_full_label_is_never_taken_for_the_beginning_of_another() -> None:
    topics = listed({"a": "城乡建设", "b": "城乡建设、环境保护", "c": "城乡建设（乡村）"})
    assert [topics.find(label) for label in topics.labels.values()] == [["a"], ["b"], ["c"]]


@pytest.mark.parametrize("text", ["2025-03-04", "2025/3/4", "2025.03.04", "2025年3月4日"])
def test_dates_may_stand_as_a_spreadsheet_program_writes_them_back(text: str) -> None:
    assert make_application(received_on=text).received_on == date(2025, 3, 4)


@pytest.mark.parametrize("key", [*Application.model_fields])
def test_no_column_takes_a_name(key: str) -> None:
    with pytest.raises(ValidationError):
        make_application(**{key: "张三"})


# slips of one row


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"received_on": "2024-12-31"}, [("GK439", "received_on")]),
        ({"answered_on": "2025-03-10"}, [("GK438", "answered_on")]),
        ({"outcome": "granted"}, [("GK438", "outcome")]),
        ({"answered_on": "2025-03-02", "outcome": "granted"}, [("GK219", "answered_on")]),
        ({"corrected_on": "2025-03-10"}, [("GK438", "corrected_on")]),
        (
            {"correction_notified_on": "2025-03-10", "corrected_on": "2025-03-07"},
            [("GK219", "corrected_on")],
        ),
        ({"third_party_answered_on": "2025-03-10"}, [("GK438", "third_party_answered_on")]),
        ({"consultation_answered_on": "2025-03-10"}, [("GK438", "consultation_answered_on")]),
        ({"delayed_until": "2025-03-01"}, [("GK219", "delayed_until")]),
        ({"review_filed_on": "2025-04-01"}, []),
        (
            {"review_filed_on": "2025-04-01", "review_closed_on": "2025-05-01"},
            [("GK438", "review_closed_on")],
        ),
        (
            {"review_result": "upheld", "review_closed_on": "2025-05-01"},
            [("GK438", "review_closed_on")],
        ),
        ({"suit_filed_on": "2025-05-01"}, [("GK438", "suit_filed_on")]),
        ({"suit_kind": "direct"}, [("GK438", "suit_kind")]),
        ({"suit_filed_on": "2025-05-01", "suit_kind": "after_review"}, [("GK438", "suit_kind")]),
        (
            {
                "review_filed_on": "2025-06-01",
                "suit_filed_on": "2025-05-01",
                "suit_kind": "after_review",
            },
            [("GK219", "suit_filed_on")],
        ),
    ],
)
def test_what_does_not_agree_within_a_row_is_named_at_its_field(
    fields: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert fields_of(make_application(**fields).slips(2025)) == expected


def test_a_review_may_come_before_the_answer_for_its_want_may_be_the_complaint() -> None:
    row = make_application(
        review_filed_on="2025-04-10", answered_on="2025-04-20", outcome="granted"
    )
    assert list(row.slips(2025)) == []


def test_only_a_delay_may_lie_in_the_future() -> None:
    row = make_application(extended_on="2025-03-20", delayed_until="2025-06-30")
    assert fields_of(row.future_dates(date(2025, 3, 10))) == [("GK441", "extended_on")]
    assert list(row.future_dates(date(2025, 3, 20))) == []


# time limits


@pytest.mark.parametrize(
    ("received", "due"),
    [
        # 2024-02: 10 to 17 off; Sundays 4 and 18 worked. Plain weekdays would give 29 February.
        ("2024-02-01", date(2024, 3, 5)),
        # 2024-10: 1 to 7 off; Sunday 29 September and Saturday 12 October worked
        ("2024-09-27", date(2024, 10, 30)),
        ("2024-03-01", date(2024, 3, 29)),
        ("2023-12-29", date(2024, 1, 29)),
    ],
)
def test_the_answer_is_due_on_the_twentieth_working_day_after_receipt(
    received: str, due: date
) -> None:
    assert due_on(in_2024(received), KNOWN) == due


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        # the clock restarts on the corrected request, and stands still until then
        (
            {"correction_notified_on": "2024-03-05", "corrected_on": "2024-03-15"},
            date(2024, 4, 15),
        ),
        ({"correction_notified_on": "2024-03-05"}, None),
        # a notice after the limit restarts nothing
        ({"correction_notified_on": "2024-04-01"}, date(2024, 3, 29)),
        # 20 more; 4 to 6 April off, Sundays 7 and 28 April worked
        ({"extended_on": "2024-03-20"}, date(2024, 4, 28)),
        ({"extended_on": "2024-03-29"}, date(2024, 4, 28)),
        ({"extended_on": "2024-04-01"}, date(2024, 3, 29)),
        # five working days after 4 March up to 11 March do not count
        (
            {"third_party_asked_on": "2024-03-04", "third_party_answered_on": "2024-03-11"},
            date(2024, 4, 8),
        ),
        # silence and late replies: fifteen
        ({"third_party_asked_on": "2024-03-04"}, date(2024, 4, 22)),
        (
            {"consulted_on": "2024-03-04", "consultation_answered_on": "2024-05-20"},
            date(2024, 4, 22),
        ),
        # no day is left out twice
        (
            {
                "third_party_asked_on": "2024-03-04",
                "third_party_answered_on": "2024-03-11",
                "consulted_on": "2024-03-04",
                "consultation_answered_on": "2024-03-12",
            },
            date(2024, 4, 9),
        ),
        # asked one after the other: 5 and 5 more
        (
            {
                "third_party_asked_on": "2024-03-04",
                "third_party_answered_on": "2024-03-11",
                "consulted_on": "2024-03-11",
                "consultation_answered_on": "2024-03-18",
            },
            date(2024, 4, 15),
        ),
        # asked after the limit: too late to stop the clock
        (
            {"third_party_asked_on": "2024-04-01", "third_party_answered_on": "2024-04-10"},
            date(2024, 3, 29),
        ),
        # asked within the extension
        (
            {
                "extended_on": "2024-03-20",
                "third_party_asked_on": "2024-04-08",
                "third_party_answered_on": "2024-04-10",
            },
            date(2024, 4, 30),
        ),
        # what was asked before the corrected request came does not move the new clock
        (
            {
                "third_party_asked_on": "2024-03-04",
                "third_party_answered_on": "2024-03-06",
                "correction_notified_on": "2024-03-06",
                "corrected_on": "2024-03-15",
            },
            date(2024, 4, 15),
        ),
        ({"delayed_until": "2024-12-31", "extended_on": "2024-03-20"}, date(2024, 12, 31)),
    ],
)
def test_the_limit_moves_as_the_law_says(fields: dict[str, str], due: date | None) -> None:
    assert due_on(in_2024("2024-03-01", **fields), KNOWN) == due


def judged(row: Application, today: date) -> list[tuple[str, str]]:
    return fields_of(judge_time_limits(row, KNOWN, today))


def test_an_unanswered_request_is_near_on_the_fifth_working_day_before_and_then_overdue() -> None:
    row = in_2024("2024-02-01")  # due on 5 March
    assert judged(row, date(2024, 2, 26)) == []
    assert judged(row, date(2024, 2, 27)) == [("GK444", "received_on")]
    assert judged(row, date(2024, 3, 5)) == [("GK444", "received_on")]
    assert judged(row, date(2024, 3, 6)) == [("GK442", "received_on")]


def test_an_answer_is_late_from_the_day_after_the_limit() -> None:
    def answered(day: str) -> Application:
        return in_2024("2024-02-01", answered_on=day, outcome="granted")

    assert judged(answered("2024-03-05"), date(2024, 4, 1)) == []
    assert judged(answered("2024-03-06"), date(2024, 4, 1)) == [("GK443", "answered_on")]


def test_the_notice_to_correct_is_due_on_the_seventh_working_day() -> None:
    def notified(day: str) -> Application:
        return in_2024("2024-02-05", correction_notified_on=day)

    assert judged(notified("2024-02-20"), date(2024, 6, 1)) == []
    assert judged(notified("2024-02-21"), date(2024, 6, 1)) == [("GK446", "correction_notified_on")]


@pytest.mark.parametrize("code", [p.ANSWERED_LATE, p.CORRECTION_NOTICE_LATE])
def test_what_was_late_and_cannot_be_mended_is_a_note(code: p.Code) -> None:
    assert code.severity is p.Severity.NOTE
    assert p.REQUEST_OVERDUE.severity is p.Severity.WARNING  # this one can


def test_a_year_without_holiday_notice_is_unchecked_and_never_passed() -> None:
    calendar = make_calendar(2026)
    row = make_application(received_on="2026-12-21")
    for today in (date(2026, 12, 30), date(2027, 6, 1)):
        (finding,) = judge_time_limits(row, calendar, today)
        assert (finding.code.id, finding.facts["year"]) == ("GK445", 2027)
    late = make_application(received_on="2026-12-21", answered_on="2027-02-01", outcome="granted")
    assert codes(judge_time_limits(late, calendar, date(2027, 6, 1))) == ["GK445"]


def test_an_answer_within_twenty_calendar_days_was_in_time_whatever_the_holidays() -> None:
    row = make_application(received_on="2031-01-02", answered_on="2031-01-22", outcome="granted")
    assert list(judge_time_limits(row, KNOWN, date(2031, 6, 1))) == []


def test_what_lies_before_the_end_of_the_known_years_needs_no_later_notice() -> None:
    row = make_application(received_on="2026-12-01")  # due on 29 December
    findings = judge_time_limits(row, make_calendar(2026), date(2026, 12, 28))
    assert codes(findings) == ["GK444"]


@given(
    st.dates(date(2021, 1, 1), date(2024, 12, 31)),
    st.integers(0, 60),
    st.integers(0, 60),
    st.booleans(),
)
def test_waiting_for_opinions_never_shortens_the_limit_nor_adds_more_than_fifteen_days_each(
    received: date, asked: int, replied: int, both: bool
) -> None:
    on = received + timedelta(days=asked)
    fields = {"third_party_asked_on": on, "third_party_answered_on": on + timedelta(days=replied)}
    if both:
        fields["consulted_on"] = received + timedelta(days=replied)
    plain = due_on(in_2024(str(received)), KNOWN)
    due = due_on(in_2024(str(received), **fields), KNOWN)
    assert plain is not None and due is not None
    assert plain <= due <= KNOWN.after(plain, 30 if both else 15)


def registered(*rows: Application, path: str = "2025.csv") -> list[Registered]:
    return [Registered(row, path, {"number": (n, 1)}) for n, row in enumerate(rows, 2)]


def test_a_number_stands_once_in_all_registers_of_an_agency() -> None:
    rows = [
        *registered(make_application(number="a-2024-1", received_on="2024-03-04"), path="2024.csv"),
        *registered(make_application(number="A-2024-1")),
    ]
    problems = list(judge_register(rows, KNOWN, date(2025, 3, 4)))
    assert [x.line().split(" ")[1] for x in problems] == ["GK442", "GK440"]
    assert "首次在 2024.csv:2:1" in problems[1].message()


def test_rows_that_cannot_be_checked_are_told_once_for_a_file() -> None:
    rows = registered(*(make_application(number=f"2025-{n}") for n in range(30)))
    (problem,) = judge_register(rows, make_calendar(2020), date(2025, 9, 1))
    assert problem.message() == (
        "2025年的节假日安排未登记，30 件申请的期限未核对；请补 vocab/holidays/2025.yml"
    )


def test_the_status_of_a_request_follows_its_dates() -> None:
    row = make_application(
        received_on="2025-03-03",
        correction_notified_on="2025-03-05",
        corrected_on="2025-03-10",
        third_party_asked_on="2025-03-12",
        third_party_answered_on="2025-03-17",
        extended_on="2025-03-20",
        answered_on="2025-04-15",
        outcome="partial",
    )
    course = {
        2: Status.NOT_RECEIVED,
        3: Status.IN_HAND,
        5: Status.AWAITING_CORRECTION,
        10: Status.IN_HAND,
        12: Status.CONSULTING,
        17: Status.IN_HAND,
        20: Status.EXTENDED,
    }
    assert {day: status_at(row, date(2025, 3, day)) for day in course} == course
    assert status_at(row, date(2025, 4, 15)) is Status.ANSWERED


# counts


def assert_balanced(held: RequestCounts) -> None:
    for applicant in APPLICANTS.labels:
        left = [*held.received[applicant], *held.carried_in[applicant]]
        right = [n for tally in held.results.values() for n in tally[applicant]]
        right += held.carried_out[applicant]
        assert Counter(left) == Counter(right), (held.year, applicant)


DAYS = st.dates(date(2022, 1, 1), date(2026, 12, 31))
APPLICATIONS = st.builds(
    lambda number, received, applicant, answered, outcome: make_application(
        number=number,
        received_on=received,
        applicant=applicant,
        **({"answered_on": answered} if answered else {}),
        **({"outcome": outcome} if outcome else {}),
    ),
    st.builds("{}-{}".format, st.integers(1900, 2099), st.integers(0, 99_999)),
    DAYS,
    st.sampled_from([*APPLICANTS.labels]),
    st.none() | DAYS,  # before the receipt as well: slips must not break the balance
    st.none() | st.sampled_from([*OUTCOMES.labels]),
)


@given(st.lists(APPLICATIONS, max_size=60))
def test_any_register_balances_for_each_class_of_applicants(rows: list[Application]) -> None:
    held = {year: counts(rows, year) for year in range(2022, 2027)}
    for year, found in held.items():
        assert_balanced(found)
        if year > 2022:
            assert found.carried_in == held[year - 1].carried_out
    received = sum(len(n) for found in held.values() for n in found.received.values())
    assert received == len(rows)


def test_a_register_of_1000_rows_over_three_years_balances_in_every_cell() -> None:
    rows = of_1000_rows()
    assert len(rows) == 1000
    held = [counts(rows, year) for year in YEARS]
    for found in held:
        assert_balanced(found)
        listed = [n for tally in found.results.values() for found in tally.values() for n in found]
        assert len(set(listed)) == len(listed) > 200
    assert [sum(map(len, h.received.values())) for h in held] == [
        sum(row.received_on.year == year for row in rows) for year in YEARS
    ]
    for before, after in pairwise(held):
        assert before.carried_out == after.carried_in
        assert any(after.carried_in.values())


def test_every_result_is_counted_where_a_plain_count_finds_it() -> None:
    rows = of_1000_rows()
    found = counts(rows, 2024)
    for outcome in OUTCOMES.labels:
        for applicant in APPLICANTS.labels:
            plain = [
                row.number
                for row in rows
                if row.answered_on
                and row.answered_on.year == 2024
                and (row.outcome, row.applicant) == (outcome, applicant)
            ]
            assert list(found.results[outcome][applicant]) == plain


def test_a_request_of_new_years_eve_is_carried_over() -> None:
    rows = [
        in_2024("2024-12-31", answered_on="2025-01-01", outcome="granted"),
        make_application(
            number="2025-2", received_on="2024-01-01", answered_on="2024-12-31", outcome="np_mass"
        ),
    ]
    held = counts(rows, 2024)
    assert held.received["natural"] == ("2024-001", "2025-2")
    assert held.carried_out["natural"] == ("2024-001",)
    assert held.results["np_mass"]["natural"] == ("2025-2",)
    held = counts(rows, 2025)
    assert held.carried_in["natural"] == ("2024-001",) == held.results["granted"]["natural"]
    assert counts(rows, 2023).received["natural"] == () == counts(rows, 2026).carried_in["natural"]


def test_disputes_count_when_they_end_and_as_pending_at_the_end_of_each_year_before() -> None:
    rows = [
        make_application(
            received_on="2023-03-01",
            review_filed_on="2023-06-01",
            review_closed_on="2024-02-01",
            review_result="upheld",
            suit_filed_on="2024-03-01",
            suit_kind="after_review",
        ),
        make_application(
            number="2025-2",
            suit_filed_on="2025-05-01",
            suit_kind="direct",
            suit_closed_on="2025-12-31",
            suit_result="corrected",
        ),
    ]
    assert counts(rows, 2023).reviews.pending == ("2025-001",)
    held = counts(rows, 2024)
    assert (held.reviews.upheld, held.reviews.pending) == (("2025-001",), ())
    assert held.suits_after_review.pending == ("2025-001",)
    held = counts(rows, 2025)
    assert held.reviews.upheld == ()
    assert held.suits_after_review.pending == ("2025-001",)
    assert held.suits_direct.corrected == ("2025-2",)


# numbers


@pytest.mark.parametrize(
    "number",
    ["2025-001", "2025-1", "2025—00017", "2025017", "1999-1", "SQ-2025-17", "gkqh-2025-00001"],
)
def test_a_number_is_a_year_and_a_serial_number(number: str) -> None:
    assert make_application(number=number).number == number


@pytest.mark.parametrize(
    "number",
    [
        "zhangsan",
        "zhangsan-2025-1",
        "E12345678",
        "110101900307123",
        "1380-0138-000",
        "13800138000",
        "2025-001380",
        "2025-001X",
        "2025--1",
        "２０２５-1",
        "二〇二五-1",
        "2025-1\u200d",
        "SQ2025-17",
        "张-2025-1",
        "1",
        "2025",
        "1-2025-3",
    ],
)
def test_a_number_of_any_other_form_is_refused_and_the_form_told(number: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        make_application(number=number)
    (error,) = refusal.value.errors()
    assert error["type"] == "GK213"
    assert "例如 2026-017" in error["ctx"]["expected"] and "SQ-2026-17" in error["ctx"]["expected"]


@given(st.text("0123456789-—ABab张一１ \u200d", max_size=20))
def test_no_number_holds_more_than_five_digits_after_its_year(text: str) -> None:
    try:
        number = make_application(number=text).number
    except ValidationError:
        return
    assert sum(c.isdigit() for c in number) <= 9
    assert number.lstrip("ABab-")[:2] in ("19", "20")


def test_a_number_with_another_hyphen_is_the_same_number() -> None:
    rows = registered(*(make_application(number=n) for n in ("2025-001", "2025—001", "2025001")))
    problems = judge_register(rows, KNOWN, date(2025, 3, 4))
    assert codes(problems) == ["GK440", "GK440"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2025-02-30", "2025-02-30"),
        ("20250303", "20250303"),
        ("2025/3/4 00:00:00", "2025/3/4 00:00:00"),
        ("1980 0138 000", "1＊＊＊＊＊"),
        ("2013-8001-38000", "2＊＊＊＊＊"),
        ("19900307123", "1＊＊＊＊＊"),
        ("欧阳娜娜", "欧＊＊＊"),
    ],
)
def test_a_refused_value_is_shown_where_it_is_a_date_and_else_masked(text: str, shown: str) -> None:
    assert masked(text) == shown
