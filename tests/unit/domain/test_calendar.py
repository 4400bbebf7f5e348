"""Working days with holidays and make-up days, for known years only."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.calendar import WorkingCalendar, YearUnknown
from gongkai.intake.holidays import HolidayNotice, working_calendar
from make import make_calendar

KNOWN = working_calendar({})


def test_a_weekday_is_a_working_day_and_a_weekend_is_not() -> None:
    calendar = make_calendar(2026)
    assert calendar.is_working_day(date(2026, 3, 2))
    assert not calendar.is_working_day(date(2026, 3, 1))


def test_a_holiday_on_a_weekday_is_no_working_day() -> None:
    assert not make_calendar(2026, date(2026, 3, 2)).is_working_day(date(2026, 3, 2))


def test_a_make_up_day_on_a_weekend_is_a_working_day() -> None:
    sunday = date(2026, 3, 1)
    assert make_calendar(2026, make_up_days=(sunday,)).is_working_day(sunday)


def test_the_day_of_the_start_does_not_count() -> None:
    calendar = make_calendar(2026)
    assert calendar.after(date(2026, 3, 2), 1) == date(2026, 3, 3)
    assert calendar.after(date(2026, 3, 6), 1) == date(2026, 3, 9)
    assert calendar.after(date(2026, 3, 2), 20) == date(2026, 3, 30)
    assert calendar.after(date(2026, 3, 2), 0) == date(2026, 3, 2)


def test_an_unknown_year_is_never_guessed() -> None:
    with pytest.raises(YearUnknown) as caught:
        WorkingCalendar().is_working_day(date(2031, 1, 1))
    assert caught.value.year == 2031


def test_the_turn_of_the_year_needs_both_years() -> None:
    with pytest.raises(YearUnknown) as caught:
        make_calendar(2026).after(date(2026, 12, 21), 20)
    assert caught.value.year == 2027


# 国办发明电〔2024〕12号: 10月1日至8日放假调休，9月28日、10月11日上班
@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 9, 28), True),
        (date(2025, 10, 1), False),
        (date(2025, 10, 8), False),
        (date(2025, 10, 9), True),
        (date(2025, 10, 11), True),
        (date(2025, 10, 12), False),
    ],
)
def test_the_notice_of_2025_is_known(day: date, works: bool) -> None:
    assert KNOWN.is_working_day(day) is works


def test_twenty_working_days_over_the_national_holiday_of_2025() -> None:
    assert KNOWN.after(date(2025, 9, 26), 20) == date(2025, 10, 30)


def test_a_site_notice_replaces_the_year_of_the_library() -> None:
    notice = HolidayNotice.model_validate(
        {"holidays": ["2025-03-03"], "make_up_days": ["2025-03-02"]}
    )
    calendar = working_calendar({2025: notice})
    assert not calendar.is_working_day(date(2025, 3, 3))
    assert calendar.is_working_day(date(2025, 3, 2))
    assert calendar.is_working_day(date(2025, 10, 1))
    assert not calendar.is_working_day(date(2024, 10, 1))


@given(
    st.dates(date(2026, 1, 1), date(2026, 6, 30)),
    st.integers(1, 40),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20),
)
def test_exactly_n_working_days_lie_behind_the_start(start: date, n: int, free: set[date]) -> None:
    calendar = make_calendar(2026, *free)
    end = calendar.after(start, n)
    days = [start + timedelta(days=i) for i in range(1, (end - start).days + 1)]
    assert sum(calendar.is_working_day(day) for day in days) == n
    assert calendar.is_working_day(end)
