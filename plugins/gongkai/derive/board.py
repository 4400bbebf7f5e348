"""Who owes a report for a year, and how far each has come: the board that an office watches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from gongkai.domain.agency import Agency
from gongkai.domain.corpus import ReportRecord
from gongkai.domain.reports.form import ReportForm, form_for, forms

OWING_LEVELS = ("county", "department", "town")
# 条例 art. 49 para 1: departments submit and publish; governments publish only, by para 2
SUBMITTING_LEVELS = frozenset({"department"})
Earlier = Mapping[str, Mapping[str, tuple[int, int]]]  # level → {"submit": …, "publish": …}


class BoardState(StrEnum):
    """Where an agency stands; ``UNDATED`` is published where no day is set for its level."""

    NOT_SUBMITTED = "not_submitted"
    SUBMITTED = "submitted"
    ON_TIME = "on_time"
    LATE = "late"
    UNDATED = "undated"
    MIGRATED = "migrated"


STATE_LABELS: Mapping[BoardState, str] = {
    BoardState.NOT_SUBMITTED: "未报送",
    BoardState.SUBMITTED: "已报送未发布",
    BoardState.ON_TIME: "按时",
    BoardState.LATE: "逾期",
    BoardState.UNDATED: "已发布（无期限）",
    BoardState.MIGRATED: "迁移不计",
}


class Checks(NamedTuple):
    """What checking a report's figures found: errors, explained ones, notes."""

    errors: int = 0
    explained: int = 0
    notes: int = 0


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One agency on the board.

    ``days`` counts from the as-of day to the next deadline not yet met, below zero once it has
    passed; of a late report it is how late it was. ``path`` is empty where there is no file, and
    ``is_readable`` tells whether the file could be read as a report.
    """

    agency: str
    level: str
    path: str
    is_readable: bool
    submit_due: date | None
    publish_due: date | None
    submitted_on: date | None
    checked_on: date | None
    published_on: date | None
    migrated_on: date | None
    state: BoardState
    late_steps: tuple[str, ...]
    days: int | None
    checks: Checks | None
    similarity: float | None

    @property
    def is_overdue(self) -> bool:
        """Tell whether a deadline has passed that is still not met."""
        is_open = self.state in (BoardState.NOT_SUBMITTED, BoardState.SUBMITTED)
        return is_open and self.days is not None and self.days < 0


@dataclass(frozen=True)
class Board:
    """The board of one report year on one day."""

    year: int
    today: date
    rows: tuple[BoardRow, ...]

    def counts(self) -> dict[BoardState, int]:
        """Count the agencies in each state, every state in order."""
        found = Counter(row.state for row in self.rows)
        return {state: found[state] for state in BoardState}


def build_board(
    year: int,
    today: date,
    *,
    agencies: Iterable[Agency],
    records: Iterable[ReportRecord],
    published: Collection[str],
    earlier: Earlier | None = None,
    checks: Mapping[str, Checks] | None = None,
    similarity: Mapping[str, float | None] | None = None,
) -> Board:
    """Return the board of reports on ``year``, by level and then in the order of the agencies.

    ``published`` are the paths of reports that are on the site: one that the build rejects is
    not published, whatever date it bears. ``earlier`` are a place's own days, by level; they count
    only where they come before the statutory ones, or where there are none.
    """
    found = {
        record.agency: record
        for record in records
        if record.year == year and record.subject == "disclosure"
    }
    owing = [a for a in agencies if a.level in OWING_LEVELS and not a.is_historical]
    rows = []
    for agency in sorted(owing, key=lambda a: OWING_LEVELS.index(a.level)):
        record = found.get(agency.id)
        is_public = record is not None and record.path in published
        row = _row(agency, year, today, record, is_public, earlier or {})
        rows.append(_checked(row, checks or {}, similarity or {}))
    return Board(year, today, tuple(rows))


def _checked(
    row: BoardRow, checks: Mapping[str, Checks], similarity: Mapping[str, float | None]
) -> BoardRow:
    if not row.path:
        return row
    return replace(row, checks=checks.get(row.path, Checks()), similarity=similarity.get(row.path))


def deadlines(
    form: ReportForm | None, level: str, year: int, earlier: Earlier
) -> tuple[date | None, date | None]:
    """Return the days by which a body of ``level`` submits and publishes its report on ``year``."""
    statutory = form.deadlines.get(level) if form else None
    local = earlier.get(level, {})
    submit = statutory if level in SUBMITTING_LEVELS else None
    return (
        _earliest(year, submit, local.get("submit")),
        _earliest(year, statutory, local.get("publish")),
    )


def _earliest(year: int, *days: tuple[int, int] | None) -> date | None:
    return min((date(year + 1, *day) for day in days if day), default=None)


def _row(
    agency: Agency,
    year: int,
    today: date,
    record: ReportRecord | None,
    is_public: bool,
    earlier: Earlier,
) -> BoardRow:
    report = record.report if record else None
    form = forms().get(report.form) if report else form_for(year)
    submit_due, publish_due = deadlines(form, agency.level, year, earlier)
    submitted = report.submitted_on if report else None
    submitted = submitted if submitted and submitted <= today else None
    published = report.published_on.date if report and is_public else None
    published = published if published and published <= today else None
    migrated = report.migrated_on if report else None
    late = tuple(
        step
        for step, day, due in (
            ("submit", submitted, submit_due),
            ("publish", published, publish_due),
        )
        if day and due and day > due and not migrated
    )
    if published is None:
        state = BoardState.SUBMITTED if submitted else BoardState.NOT_SUBMITTED
    elif migrated:
        state = BoardState.MIGRATED
    elif late:
        state = BoardState.LATE
    elif publish_due is None and submit_due is None:
        state = BoardState.UNDATED
    else:
        state = BoardState.ON_TIME
    days: int | None = None
    if published is None:
        due = publish_due if submitted else submit_due or publish_due
        days = (due - today).days if due else None
    elif state is BoardState.LATE:
        gaps = (
            (due - day).days
            for day, due in ((submitted, submit_due), (published, publish_due))
            if day and due
        )
        days = min(gaps)
    return BoardRow(
        agency=agency.id,
        level=agency.level.value,
        path=record.path if record else "",
        is_readable=report is not None,
        submit_due=submit_due,
        publish_due=publish_due,
        submitted_on=submitted,
        checked_on=report.review.checked_on if report and report.review else None,
        published_on=published,
        migrated_on=migrated,
        state=state,
        late_steps=late,
        days=days,
        checks=None,
        similarity=None,
    )


CSV_HEADER = (
    "agency",
    "name",
    "level",
    "state",
    "state_label",
    "submit_due",
    "submitted_on",
    "checked_on",
    "publish_due",
    "published_on",
    "migrated_on",
    "days_left",
    "days_late",
    "late_steps",
    "errors",
    "explained",
    "notes",
    "similarity",
    "path",
)


def board_csv(board: Board, names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the board under ``CSV_HEADER``; ``names`` are the agencies' full names."""
    for row in board.rows:
        checks = ("", "", "") if row.checks is None else tuple(map(str, row.checks))
        yield (
            row.agency,
            names.get(row.agency, row.agency),
            row.level,
            row.state.value,
            STATE_LABELS[row.state],
            _day(row.submit_due),
            _day(row.submitted_on),
            _day(row.checked_on),
            _day(row.publish_due),
            _day(row.published_on),
            _day(row.migrated_on),
            "" if row.days is None or row.days < 0 else str(row.days),
            "" if row.days is None or row.days >= 0 else str(-row.days),
            " ".join(row.late_steps),
            *checks,
            "" if row.similarity is None else f"{row.similarity:.2f}",
            row.path,
        )


def _day(day: date | None) -> str:
    return str(day) if day else ""
