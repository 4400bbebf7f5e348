"""A consolidated report (全县汇总) and its addends into 汇总核对: our sum beside the stated figure.

Our sum is 本站汇总 and never the report. A body without a report, and a cell that it left blank,
are named and not taken for zero; such a sum is not whole, and only shows that a stated figure is
too small.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from gongkai.derive.series import CONSOLIDATED
from gongkai.domain.agency import Agency
from gongkai.domain.corpus import ReportRecord
from gongkai.domain.reports.figures import is_number
from gongkai.domain.reports.form import TOTAL, CellKey, ReportForm, forms
from gongkai.domain.reports.indicator import INDICATORS, values_of

COUNTED_LEVELS = frozenset({"county", "department", "town", "zone"})
T = TypeVar("T")
Reports = Mapping[tuple[str, int], ReportRecord]  # disclosure reports by agency and year


class Absence(StrEnum):
    """Why a declared addend is not in our sum."""

    NO_REPORT = "no_report"
    OUTSIDE = "outside"
    NO_OWN_TABLES = "no_own_tables"
    UNKNOWN = "unknown"
    OTHER_FORM = "other_form"
    ENTERPRISE = "enterprise"
    VERTICAL = "vertical"
    OTHER_LEVEL = "other_level"
    TWICE = "twice"
    COVERED = "covered"

    @property
    def is_gap(self) -> bool:
        """Tell whether the stated figure counts the body, so that our sum lacks it."""
        return self in _GAPS

    @property
    def is_double(self) -> bool:
        """Tell whether adding the body would count something twice."""
        return self in (Absence.TWICE, Absence.COVERED)


_GAPS = frozenset(
    {
        Absence.NO_REPORT,
        Absence.OUTSIDE,
        Absence.NO_OWN_TABLES,
        Absence.UNKNOWN,
        Absence.OTHER_FORM,
    }
)
_LEFT_OUT = {"enterprise": Absence.ENTERPRISE, "vertical": Absence.VERTICAL}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A declared addend that is not in our sum; ``position`` is its place among its kind.

    ``overlap`` are the bodies that would be counted twice; ``note`` is what the report says.
    """

    name: str
    why: Absence
    position: int
    note: str = ""
    overlap: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared(Generic[T]):
    """One figure of the report beside the sum of its addends.

    ``parts`` follow the addends; ``None`` is blank or not on the addend's form.
    """

    key: T
    name: str
    stated: Decimal | None
    ours: Decimal | None
    parts: tuple[Decimal | None, ...]
    is_whole: bool
    is_signed: bool = False

    @property
    def difference(self) -> Decimal | None:
        """The stated figure less our sum."""
        if self.stated is None or self.ours is None:
            return None
        return self.stated - self.ours

    @property
    def is_fault(self) -> bool:
        """Tell whether the stated figure cannot be right if its addends are.

        Where a body is missing, the stated figure may well be larger than our sum, but no smaller;
        of increases and decreases not even that is known.
        """
        difference = self.difference
        if difference is None:
            return False
        if self.is_whole:
            return difference != 0
        return difference < 0 and not self.is_signed


@dataclass(frozen=True)
class Consolidation:
    """汇总核对 of one report: ``addends`` are the agencies in our sum, in the declared order."""

    agency: str
    year: int
    form: ReportForm
    addends: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    cells: tuple[Compared[CellKey], ...]
    totals: tuple[Compared[str], ...]

    @property
    def gaps(self) -> tuple[LeftOut, ...]:
        """The bodies that the stated figures count and our sum lacks."""
        return tuple(one for one in self.left_out if one.why.is_gap)

    @property
    def doubles(self) -> tuple[LeftOut, ...]:
        """The addends that were refused because they would be counted twice."""
        return tuple(one for one in self.left_out if one.why.is_double)

    @property
    def faults(self) -> tuple[Compared[CellKey], ...]:
        """The cells whose stated figure does not fit its addends."""
        return tuple(one for one in self.cells if one.is_fault)


@dataclass(frozen=True)
class _Addend:
    """One body in our sum: its figures by cell and by indicator."""

    agency: str
    cells: Mapping[CellKey, Decimal]
    totals: Mapping[tuple[str, str], Decimal | None]


def consolidate(
    record: ReportRecord, reports: Reports, agencies: Mapping[str, Agency]
) -> Consolidation | None:
    """Compare a consolidated report with its addends; ``None`` where it is not one.

    The body's own figures are an addend under its own name. An addend that itself reports for
    others is taken only where nobody whom it covers is counted otherwise.
    """
    report = record.report
    if report is None or report.scope != CONSOLIDATED:
        return None
    form = forms().get(report.form)
    if form is None:
        return None
    cover = _Cover(record, reports, {agency.name: agency.id for agency in agencies.values()})
    counted: dict[str, _Addend] = {}
    left_out: list[LeftOut] = []
    implied = len(cover.declared) - len(report.addends)  # the body itself, where it is not named
    for n, name in enumerate(cover.declared, -implied):
        if name in counted:
            left_out.append(LeftOut(name, Absence.TWICE, n, overlap=(name,)))
            continue
        why, overlap, cells = _look_up(name, record, cover, reports, agencies)
        if why is None:
            counted[name] = _figures(name, form, cells)
        else:
            left_out.append(LeftOut(name, why, n, overlap=overlap))
    for n, outside in enumerate(report.addends_outside):
        left_out.append(LeftOut(outside.name, Absence.OUTSIDE, n, outside.reason))
    addends = tuple(counted.values())
    is_whole = not any(one.why.is_gap for one in left_out)
    return Consolidation(
        agency=record.agency,
        year=record.year,
        form=form,
        addends=tuple(counted),
        left_out=tuple(left_out),
        cells=tuple(_cells(record, form, addends, is_whole)),
        totals=tuple(_totals(record, form, addends, is_whole)),
    )


class _Cover:
    """Whom the addends of one consolidated report count for, so that nobody is counted twice."""

    def __init__(self, record: ReportRecord, reports: Reports, ids: Mapping[str, str]) -> None:
        assert record.report is not None
        names = record.report.addends
        if record.report.own_tables and record.agency not in names:
            names = (record.agency, *names)  # the body writes tables of its own
        self.declared = names
        self._reports = reports
        self._ids = ids
        self._claimed = {record.agency, *names, *self._outside(record)}

    def _outside(self, record: ReportRecord) -> set[str]:
        rows = record.report.addends_outside if record.report else ()
        return {self._ids.get(row.name, row.name) for row in rows}

    def claim(self, record: ReportRecord) -> tuple[str, ...] | None:
        """Claim everybody whom a consolidated addend covers.

        Returns whom others count already, and then claims nobody; ``None`` where it is free.
        """
        covered = self._covered(record)
        overlap = covered & self._claimed
        if overlap or not covered:  # one that names nobody may cover anybody
            return tuple(sorted(overlap))
        self._claimed |= covered
        return None

    def _covered(self, record: ReportRecord) -> set[str]:
        """Return whose figures are in a consolidated report beside its own, at any depth."""
        covered: set[str] = set()
        waiting = [record]
        while waiting:
            at = waiting.pop()
            below = set(at.report.addends if at.report else ()) | self._outside(at)
            for name in sorted(below - covered - {record.agency}):
                covered.add(name)
                other = self._reports.get((name, record.year))
                if other and other.report and other.report.scope == CONSOLIDATED:
                    waiting.append(other)
        return covered


def _look_up(
    name: str,
    record: ReportRecord,
    cover: _Cover,
    reports: Reports,
    agencies: Mapping[str, Agency],
) -> tuple[Absence | None, tuple[str, ...], Mapping[CellKey, Decimal]]:
    """Return an addend's cells, or why it is not in our sum and with whom it overlaps."""
    agency = agencies.get(name)
    if agency is None:
        return Absence.UNKNOWN, (), {}
    if name == record.agency:
        return (None, (), record.own.cells) if record.own.cells else (Absence.NO_OWN_TABLES, (), {})
    if agency.level not in COUNTED_LEVELS:
        return _LEFT_OUT.get(agency.level, Absence.OTHER_LEVEL), (), {}
    other = reports.get((name, record.year))
    if other is None or other.report is None or record.report is None:
        return Absence.NO_REPORT, (), {}
    if other.report.form != record.report.form:
        return Absence.OTHER_FORM, (), {}
    if other.report.scope == CONSOLIDATED and (overlap := cover.claim(other)) is not None:
        return Absence.COVERED, overlap, {}
    return None, (), other.figures.cells


def _figures(name: str, form: ReportForm, cells: Mapping[CellKey, Decimal]) -> _Addend:
    """Return an addend; on an old form a blank beside a written figure adds nothing."""
    if form.blank_is_zero and cells:
        written = {cell[0] for cell in cells}
        zeros = {c: Decimal(0) for c in form.cells() if c[0] in written and is_number(form, c)}
        cells = {**zeros, **cells}
    return _Addend(name, cells, values_of(form, cells))


def _cells(
    record: ReportRecord, form: ReportForm, addends: tuple[_Addend, ...], is_whole: bool
) -> Iterator[Compared[CellKey]]:
    """Yield every number of the form; rates are no sums of rates."""
    for cell in form.cells():
        table = form.table(cell[0])
        assert table is not None
        if not is_number(form, cell) or table.unit(cell[1], cell[2]) == "rate":
            continue
        parts = tuple(addend.cells.get(cell) for addend in addends)
        stated = record.figures.cells.get(cell)
        is_signed = table.unit(cell[1], cell[2]) == "change"
        yield _compared(cell, form.name_of(cell), stated, parts, is_whole, is_signed)


def _totals(
    record: ReportRecord, form: ReportForm, addends: tuple[_Addend, ...], is_whole: bool
) -> Iterator[Compared[str]]:
    """Yield every indicator of the form for all applicants, in the vocabulary's order."""
    stated = values_of(form, record.figures.cells)
    for key, indicator in INDICATORS.items():
        pair = (key, TOTAL)
        if pair not in stated:
            continue
        parts = tuple(addend.totals.get(pair) for addend in addends)
        yield _compared(key, indicator.label, stated[pair], parts, is_whole)


def _compared(
    key: T,
    name: str,
    stated: Decimal | None,
    parts: tuple[Decimal | None, ...],
    is_whole: bool,
    is_signed: bool = False,
) -> Compared[T]:
    known = [part for part in parts if part is not None]
    ours = sum(known, Decimal(0)) if known else None
    is_whole = is_whole and len(known) == len(parts)
    return Compared(key, name, stated, ours, parts, is_whole, is_signed)
