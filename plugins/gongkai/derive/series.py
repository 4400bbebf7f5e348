"""Yearly reports into series: what each agency reported of each indicator, year by year.

A year without the agency's report, or whose form lacks the indicator, is a gap and not in a line;
a cell that was left blank is there without a value. Neither is ever zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property

from gongkai.domain.corpus import ReportRecord
from gongkai.domain.reports.figures import read_value
from gongkai.domain.reports.form import TOTAL, forms
from gongkai.domain.reports.indicator import INDICATORS, values_of
from gongkai.domain.reports.report import NamedFigure

CONSOLIDATED = "consolidated"
ORGANISATIONS = "organisations"
# a figure that no indicator explains adds up over years only where its unit counts what happened
_HAPPENING = frozenset({"次", "人次", "场", "场次", "期", "班次", "份", "册", "元", "万元"})
_STANDING = ("累计", "现有", "现行", "截至", "历年", "年末")


@dataclass(frozen=True, slots=True)
class Point:
    """One year's figure; ``None`` is a cell that the form has and the report left blank.

    ``scope`` is the report's. ``is_original`` marks a report that is printed as it once stood.
    """

    value: Decimal | None
    unit: str = ""
    scope: str = ""
    is_original: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """This year against the year before."""

    difference: Decimal
    base: Decimal

    @property
    def ratio(self) -> Decimal | None:
        """The growth as a part of last year's figure; without a base there is no rate."""
        return self.difference / self.base if self.base > 0 else None


@dataclass(frozen=True, slots=True)
class YearsSum:
    """What several years add up to; ``missing`` are the years between that have no figure."""

    value: Decimal
    unit: str
    years: tuple[int, ...]
    missing: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """One agency's figures of one thing, by year."""

    points: Mapping[int, Point] = field(default_factory=dict)

    def value(self, year: int) -> Decimal | None:
        """Return the figure of a year, ``None`` for a gap and for a blank."""
        point = self.points.get(year)
        return point.value if point else None

    def change(self, year: int) -> Change | None:
        """Return the change on the year before, where both years have a figure of one scope."""
        now, before = self.points.get(year), self.points.get(year - 1)
        if now is None or before is None or now.value is None or before.value is None:
            return None
        if now.scope != before.scope:
            return None
        return Change(now.value - before.value, before.value)

    def total(self) -> YearsSum | None:
        """Return the sum of the years; one year is no sum, units and scopes are not mixed."""
        known = {year: point for year, point in self.points.items() if point.value is not None}
        kinds = {(point.unit, point.scope) for point in known.values()}
        if len(known) < 2 or len(kinds) > 1:
            return None
        years = tuple(sorted(known))
        value = sum((point.value for point in known.values() if point.value), Decimal(0))
        missing = tuple(y for y in range(years[0], years[-1] + 1) if y not in known)
        return YearsSum(value, kinds.pop()[0], years, missing)


NOTHING = Line()


@dataclass(frozen=True)
class NamedLine:
    """A figure that reports name themselves, joined over the years by its key and unit."""

    key: str
    name: str
    unit: str
    line: Line
    adds_up: bool


@dataclass(frozen=True, slots=True)
class DeclaredSet:
    """Agencies that somebody declared to be one whole; nothing else is ever added up."""

    label: str
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The sum over a declared set in one year, with who is in it and who is not.

    ``missing`` have no report or no such cell, ``blank`` left it blank, ``refused`` report for
    others too without figures of their own, and would be counted twice.
    """

    value: Decimal | None
    counted: tuple[str, ...]
    missing: tuple[str, ...]
    blank: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether every member is in the sum."""
        return not (self.missing or self.blank or self.refused)


@dataclass(frozen=True)
class Series:
    """Every line, by (agency, indicator, applicant class).

    ``named`` are figures by agency, ``reported`` its years with a report. ``own`` are a body's own
    totals within its consolidated reports, by (agency, year).
    """

    lines: Mapping[tuple[str, str, str], Line]
    named: Mapping[str, tuple[NamedLine, ...]] = field(default_factory=dict)
    reported: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    own: Mapping[tuple[str, int], Mapping[str, Decimal | None]] = field(default_factory=dict)

    def line(self, agency: str, indicator: str, applicant: str = TOTAL) -> Line:
        """Return a line; one that nobody reported is empty."""
        return self.lines.get((agency, indicator, applicant), NOTHING)

    @cached_property
    def by_indicator(self) -> dict[str, dict[str, Line]]:
        """The lines of all applicants together, by indicator in the vocabulary's order."""
        found: dict[str, dict[str, Line]] = {key: {} for key in INDICATORS}
        for (agency, indicator, applicant), line in self.lines.items():
            if applicant == TOTAL:
                found.setdefault(indicator, {})[agency] = line
        return {key: lines for key, lines in found.items() if lines}

    def years(self, indicator: str) -> tuple[int, ...]:
        """Return the years in which anybody's form has the indicator, oldest first."""
        lines = self.by_indicator.get(indicator, {})
        return tuple(sorted({year for line in lines.values() for year in line.points}))

    def sum_of_years(self, agency: str, indicator: str) -> YearsSum | None:
        """Return an agency's sum over the years, where a sum of this indicator means anything."""
        return self.line(agency, indicator).total() if adds_up(indicator) else None

    def aggregate(self, declared: DeclaredSet, indicator: str, year: int) -> Aggregate:
        """Return the sum over a declared set; who is missing is named and not taken for zero."""
        lines = self.by_indicator.get(indicator, {})
        total: Decimal | None = None
        sides: dict[str, list[str]] = {"counted": [], "missing": [], "blank": [], "refused": []}
        for agency in dict.fromkeys(declared.agencies):
            point = lines.get(agency, NOTHING).points.get(year)
            own = self.own.get((agency, year), {})
            if point is None:
                sides["missing"].append(agency)
                continue
            if point.scope == CONSOLIDATED and indicator not in own:
                sides["refused"].append(agency)
                continue
            value = own[indicator] if point.scope == CONSOLIDATED else point.value
            sides["blank" if value is None else "counted"].append(agency)
            if value is not None:
                total = (total or Decimal(0)) + value
        return Aggregate(total, **{side: tuple(names) for side, names in sides.items()})


def adds_up(indicator: str) -> bool:
    """Tell whether several years of an indicator may be added up.

    A stock stands at a day. A total of reviews or suits holds those still pending, which the next
    year's total counts again.
    """
    known = INDICATORS.get(indicator)
    if known is None or known.is_stock:
        return False
    pending = INDICATORS.get(f"{indicator.removesuffix('_total')}_pending")
    return not (indicator.endswith("_total") and pending and pending.is_stock)


def build_series(records: Iterable[ReportRecord]) -> Series:
    """Join published reports into lines, in one pass over their figures.

    A cell of the form comes before a figure that names the same indicator.
    """
    points: dict[tuple[str, str, str], dict[int, Point]] = {}
    named: dict[str, dict[tuple[str, str], dict[int, Point]]] = {}
    latest: dict[tuple[str, str, str], tuple[int, NamedFigure]] = {}
    reported: dict[str, set[int]] = {}
    own: dict[tuple[str, int], dict[str, Decimal | None]] = {}
    for record in records:
        report = record.report
        if report is None:
            continue
        form = forms()[report.form]
        units = _units(form.name)
        agency, year = record.agency, record.year
        if form.subject == "disclosure":
            reported.setdefault(agency, set()).add(year)
        if record.own.cells:
            found = values_of(form, record.own.cells)
            own[agency, year] = {key: v for (key, who), v in found.items() if who == TOTAL}
        about = (report.scope, report.as_printed or not form.tables)
        for pair, value in values_of(form, record.figures.cells).items():
            at = points.setdefault((agency, *pair), {})
            _fill(at, year, Point(value, units.get(pair, ""), *about))
        for figure in report.figures:
            number = read_value(figure.value, "money")
            if not isinstance(number, Decimal):
                continue
            point = Point(number, figure.unit, *about)
            known = INDICATORS.get(figure.indicator)
            if known and known.measure == figure.unit:
                _fill(points.setdefault((agency, known.key, TOTAL), {}), year, point)
                continue
            key = (figure.key, figure.unit)
            named.setdefault(agency, {}).setdefault(key, {})[year] = point
            if (agency, *key) not in latest or latest[agency, *key][0] < year:
                latest[agency, *key] = (year, figure)
    return Series(
        {key: Line(years) for key, years in points.items()},
        {
            agency: tuple(
                _named_line(latest[agency, *key][1], Line(years)) for key, years in lines.items()
            )
            for agency, lines in named.items()
        },
        {agency: tuple(sorted(years)) for agency, years in reported.items()},
        own,
    )


def _fill(years: dict[int, Point], year: int, point: Point) -> None:
    """Put a figure into its year, unless a figure stands there already."""
    if year not in years or years[year].value is None:
        years[year] = point


@cache
def _units(form_name: str) -> dict[tuple[str, str], str]:
    """Return the unit word of each (indicator, applicant class) on a form, parents included."""
    units: dict[tuple[str, str], str] = {}
    for table in forms()[form_name].tables:
        for row in table.data_rows:
            for column in table.columns:
                if fed := table.indicator(row.key, column.key):
                    units[fed] = table.measure(row.key, column.key)
    for (key, applicant), unit in tuple(units.items()):
        if key in INDICATORS and INDICATORS[key].parent:
            units.setdefault((INDICATORS[key].parent, applicant), unit)
        units.setdefault((key, ORGANISATIONS), unit)
    return units


def _named_line(figure: NamedFigure, line: Line) -> NamedLine:
    adds_up = (
        figure.unit in _HAPPENING
        and not figure.is_stock
        and not any(word in figure.name for word in _STANDING)
    )
    return NamedLine(figure.key, figure.name, figure.unit, line, adds_up)
