"""Holiday notices into the working calendar: the library's years, the site's files over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import chinese_calendar.constants as known
from pydantic import Field

from gongkai.domain.calendar import WorkingCalendar
from gongkai.domain.values import IsoDate, Item


class HolidayNotice(Item):
    """One year's notice on holidays, ``vocab/holidays/<year>.yml``."""

    holidays: tuple[IsoDate, ...] = Field(title="放假日期", description="逐日列出")
    make_up_days: tuple[IsoDate, ...] = Field(
        default=(), title="调休上班日", description="逐日列出"
    )
    basis: str = Field(default="", title="依据", description="通知的文号")


def working_calendar(notices: Mapping[int, HolidayNotice]) -> WorkingCalendar:
    """Return the calendar of all years known; a site's own notice replaces the library's year."""
    holidays = _by_year(known.holidays)
    make_up = _by_year(known.workdays)
    for year, notice in notices.items():
        holidays[year] = frozenset(notice.holidays)
        make_up[year] = frozenset(notice.make_up_days)
    return WorkingCalendar(holidays, make_up)


def _by_year(days: Iterable[date]) -> dict[int, frozenset[date]]:
    years: dict[int, set[date]] = {}
    for day in days:
        years.setdefault(day.year, set()).add(day)
    return {year: frozenset(found) for year, found in years.items()}
