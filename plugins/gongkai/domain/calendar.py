"""Working days: weekdays less holidays plus make-up days (调休上班日), for known years only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

DISCLOSURE_WORKING_DAYS = 20  # 条例 art. 26


class YearUnknown(LookupError):
    """A day was asked for in a year whose holiday notice is not known."""

    def __init__(self, year: int) -> None:
        super().__init__(str(year))
        self.year = year


@dataclass(frozen=True)
class WorkingCalendar:
    """Holidays and make-up days by year."""

    holidays: Mapping[int, frozenset[date]] = field(default_factory=dict)
    make_up_days: Mapping[int, frozenset[date]] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on ``day``.

        Raises:
            YearUnknown: the holiday notice of that year is not known.
        """
        if day.year not in self.holidays:
            raise YearUnknown(day.year)
        if day in self.make_up_days.get(day.year, ()):
            return True
        return day.weekday() < 5 and day not in self.holidays[day.year]

    def after(self, start: date, working_days: int) -> date:
        """Return the n-th working day after ``start``; the day of ``start`` does not count."""
        day = start
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= self.is_working_day(day)
        return day
