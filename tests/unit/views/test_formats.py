"""Dates, sizes and numbers as pages print them."""

from __future__ import annotations

from datetime import date

from gongkai.domain.values import Moment
from gongkai.views import formats


def test_a_day_is_printed_in_chinese_without_leading_zeros() -> None:
    assert formats.long_date(date(2026, 3, 1)) == "2026年3月1日"


def test_a_time_that_is_not_known_is_never_invented() -> None:
    assert formats.short_moment(Moment.parse("2026-03-05")) == "2026-03-05"
    assert formats.long_moment(Moment.parse("2026-03-05")) == "2026年3月5日"
    assert formats.iso_moment(Moment.parse("2026-03-05")) == "2026-03-05"


def test_a_moment_is_that_of_beijing() -> None:
    assert formats.short_moment(Moment.parse("2026-03-05 09:05")) == "2026-03-05 09:05"
    assert formats.long_moment(Moment.parse("2026-03-05 09:05")) == "2026年3月5日 09:05"
    assert formats.iso_moment(Moment.parse("2026-03-05 09:05")) == "2026-03-05T09:05+08:00"
