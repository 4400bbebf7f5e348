"""Factories for tests of several reports: each cell is 0 unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from gongkai.domain.body import BodyFacts
from gongkai.domain.corpus import ReportRecord
from gongkai.domain.reports.figures import Figures
from gongkai.domain.reports.form import CellKey, forms
from gongkai.domain.reports.report import AnnualReport

CLEARED = {"checked_on": "2026-01-08", "reviewer": "办公室主任", "result": "可以公开"}


def figures_of(
    form: str, cells: Mapping[str, int | str] | None = None, blank: Iterable[str] = ()
) -> Figures:
    """Return figures by ``table.row.column``; a blank one is missing, every other is 0."""
    found: dict[CellKey, Decimal] = {
        cell: Decimal(0) for cell in forms()[form].cells() if ".".join(cell) not in set(blank)
    }
    known = {".".join(cell): cell for cell in forms()[form].cells()}
    for name, value in (cells or {}).items():
        found[known[name]] = Decimal(value)
    return Figures(found)


def report_record(
    agency: str = "mzj",
    year: int = 2025,
    cells: Mapping[str, int | str] | None = None,
    *,
    form: str = "2021",
    blank: Iterable[str] = (),
    own: Mapping[str, int | str] | None = None,
    **changes: Any,
) -> ReportRecord:
    """Return the record of one report; ``changes`` are fields of its front matter."""
    facts: dict[str, Any] = {
        "title": f"{agency}{year}年政府信息公开工作年度报告",
        "form": form,
        "published_on": f"{year + 1}-01-20 09:00",
        "review": CLEARED,
    }
    if own is not None:
        facts["own_tables"] = {"s3_requests": {"new": ["0"] * 7}}
    return ReportRecord(
        path=f"agencies/{agency}/reports/{year}.md",
        agency=agency,
        year=year,
        digest=f"{agency}{year}",
        report=AnnualReport.model_validate({**facts, **changes}),
        figures=figures_of(form, cells, blank),
        body=BodyFacts("d", 4, "正文"),
        problems=(),
        places={},
        own=figures_of(form, own) if own is not None else Figures({}),
    )


def received(count: int | str, **others: int | str) -> dict[str, int | str]:
    """Return the cell of 本年新收 for all applicants, and totals of other rows by their key."""
    rows = {"new": count, **others}
    return {f"s3_requests.{row}.total": value for row, value in rows.items()}
