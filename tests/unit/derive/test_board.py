"""The board of one report year: who owes a report, who is late, and by how many days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gongkai.derive.board import (
    CSV_HEADER,
    Board,
    BoardRow,
    BoardState,
    Checks,
    Earlier,
    board_csv,
    build_board,
)
from gongkai.domain.agency import Agency, Level
from gongkai.domain.corpus import ReportRecord
from make import make_agency
from make_reports import report_record

LOCAL: Earlier = {"department": {"submit": (1, 18), "publish": (1, 20)}}


def board(
    *records: ReportRecord,
    today: date = date(2026, 4, 10),
    agencies: tuple[Agency, ...] = (),
    **options: Any,
) -> Board:
    options.setdefault("published", {record.path for record in records})
    chosen = agencies or (make_agency(),)
    return build_board(2025, today, agencies=chosen, records=records, **options)


def only(found: Board) -> BoardRow:
    (row,) = found.rows
    return row


def filed(published: str, submitted: str = "", **changes: Any) -> ReportRecord:
    dates = {"published_on": published, "submitted_on": submitted or published[:10]}
    return report_record(**{**dates, **changes})


@pytest.mark.parametrize(
    ("published", "state", "days"),
    [
        ("2026-01-31 23:59", BoardState.ON_TIME, None),
        ("2026-02-01 00:00", BoardState.LATE, -1),
        ("2026-02-10", BoardState.LATE, -10),
    ],
)
def test_the_31st_of_january_is_the_last_day(
    published: str, state: BoardState, days: int | None
) -> None:
    row = only(board(filed(published, "2026-01-31")))
    assert (row.state, row.days) == (state, days)


@pytest.mark.parametrize(
    ("published", "state"), [("2026-01-20", BoardState.ON_TIME), ("2026-01-21", BoardState.LATE)]
)
def test_a_place_may_set_an_earlier_day(published: str, state: BoardState) -> None:
    row = only(board(filed(published, "2026-01-18"), earlier=LOCAL))
    assert row.state is state
    assert (row.submit_due, row.publish_due) == (date(2026, 1, 18), date(2026, 1, 20))


def test_a_place_cannot_set_a_later_day_than_the_law() -> None:
    row = only(board(earlier={"department": {"publish": (3, 1)}}))
    assert row.publish_due == date(2026, 1, 31)


def test_submission_and_publication_are_late_each_for_itself() -> None:
    row = only(board(filed("2026-01-20", "2026-01-19"), earlier=LOCAL))
    assert row.late_steps == ("submit",)
    assert (row.state, row.days) == (BoardState.LATE, -1)


def test_a_government_publishes_by_the_end_of_march_and_submits_to_nobody() -> None:
    county = make_agency("qinghe").model_copy(update={"level": Level.COUNTY})
    row = only(board(agencies=(county,)))
    assert (row.submit_due, row.publish_due) == (None, date(2026, 3, 31))


def test_a_town_without_a_day_is_not_late() -> None:
    town = make_agency("heyan").model_copy(update={"level": Level.TOWN})
    record = report_record("heyan", published_on="2026-05-01")
    row = only(board(record, agencies=(town,), today=date(2026, 6, 1)))
    assert (row.state, row.days) == (BoardState.UNDATED, None)


def test_a_migrated_report_is_never_late() -> None:
    row = only(board(filed("2026-03-05", migrated_on="2026-03-05")))
    assert (row.state, row.late_steps, row.days) == (BoardState.MIGRATED, (), None)


@pytest.mark.parametrize(
    ("today", "days", "is_overdue"),
    [(date(2026, 1, 21), 10, False), (date(2026, 1, 31), 0, False), (date(2026, 2, 3), -3, True)],
)
def test_days_are_counted_to_the_deadline_that_is_not_met(
    today: date, days: int, is_overdue: bool
) -> None:
    row = only(board(today=today))
    assert (row.state, row.days, row.is_overdue) == (BoardState.NOT_SUBMITTED, days, is_overdue)
    assert row.path == ""


def test_what_is_submitted_but_not_published_waits_for_publication() -> None:
    record = filed("2026-01-25", "2026-01-15")
    row = only(board(record, today=date(2026, 1, 19), earlier=LOCAL))
    assert (row.state, row.days) == (BoardState.SUBMITTED, 1)
    assert (row.submitted_on, row.published_on) == (date(2026, 1, 15), None)
    assert row.checked_on == date(2026, 1, 8)


def test_what_the_build_rejects_is_not_published() -> None:
    row = only(board(filed("2026-01-20"), published=set()))
    assert row.state is BoardState.SUBMITTED
    assert row.published_on is None


def test_an_unreadable_file_is_not_submitted_and_says_so() -> None:
    row = only(board(replace(report_record(), report=None)))
    assert (row.state, row.is_readable) == (BoardState.NOT_SUBMITTED, False)
    assert row.path


def test_who_owes_no_report_is_not_on_the_board() -> None:
    agencies = (
        make_agency("mzj"),
        make_agency("qinghe").model_copy(update={"level": Level.COUNTY}),
        make_agency("kfq").model_copy(update={"level": Level.ZONE}),
        make_agency("zhuhui").model_copy(update={"collection": "history"}),
    )
    assert [row.agency for row in board(agencies=agencies).rows] == ["qinghe", "mzj"]


def test_the_states_add_up() -> None:
    agencies = tuple(make_agency(name) for name in ("mzj", "jyj", "czj"))
    found = board(
        filed("2026-01-20"), report_record("jyj", published_on="2026-02-05"), agencies=agencies
    )
    counts = found.counts()
    assert sum(counts.values()) == 3
    assert counts[BoardState.ON_TIME] == counts[BoardState.LATE] == 1
    assert counts[BoardState.NOT_SUBMITTED] == 1


def test_checks_and_similarity_are_of_the_file() -> None:
    record = filed("2026-01-20")
    row = only(
        board(record, checks={record.path: Checks(1, 2, 3)}, similarity={record.path: 0.934})
    )
    assert row.checks == Checks(1, 2, 3)
    lines = list(board_csv(board(record, similarity={record.path: 0.934}), {"mzj": "民政局"}))
    facts = dict(zip(CSV_HEADER, lines[0], strict=True))
    assert facts["similarity"] == "0.93"
    assert facts["name"] == "民政局"
    assert facts["errors"] == "0"


def test_no_cell_of_the_sheet_begins_like_a_formula() -> None:
    lines = list(board_csv(board(filed("2026-02-10")), {}))
    facts = dict(zip(CSV_HEADER, lines[0], strict=True))
    assert (facts["days_left"], facts["days_late"]) == ("", "10")
    assert not [cell for cell in lines[0] if cell.startswith(("-", "+", "=", "@"))]


def test_a_report_of_another_year_or_on_the_web_site_is_not_this_one() -> None:
    records = (report_record(year=2024), replace(report_record(), subject="website"))
    assert only(board(*records)).state is BoardState.NOT_SUBMITTED
