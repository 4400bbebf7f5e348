"""What a report form is: its parts, tables, cells and identities, as plain data.

Validation, tables, charts, exports and comparison read the form and never mention a year. A
form is a module ``forms/form_<name>.py`` with a ``FORM``; it is found by being there.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal

CellKey = tuple[str, str, str]  # table, row, column
Kind = Literal["count", "money", "change", "rate", "flag", "text"]
NUMBERS: tuple[Kind, ...] = ("count", "money", "change", "rate")
TOTAL = "total"  # the applicant class of a figure that counts all of them, or knows of none
NO_INDICATOR = "-"  # a column whose cells join no series, beside columns that do


@dataclass(frozen=True, slots=True)
class Part:
    """One numbered part of the report; a prose part is written in the body under its label."""

    key: str
    number: str
    label: str
    tables: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The heading as printed, for example 一、总体情况."""
        return f"{self.number}、{self.label}" if self.number else self.label

    @property
    def is_prose(self) -> bool:
        """Tell whether the part is text rather than tables."""
        return not self.tables


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A column of figures; ``group`` is the header cell above it.

    ``indicator`` ends the name of what its cells count; ``applicant`` is the class of applicants
    that it counts. ``unit`` is the kind of value, ``measure`` the word printed behind it. With
    ``NO_INDICATOR`` its cells feed nothing, whatever row they stand in.
    """

    key: str
    label: str
    group: str = ""
    unit: Kind = "count"
    measure: str = "件"
    indicator: str = ""
    applicant: str = ""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A data row; ``headers`` are the header cells to its left, outermost first.

    ``indicator`` names what the row counts, so that years with different forms can be compared.
    A row of a tree has a unit of its own and stands ``level`` steps in; a heading has no figure.
    ``corrected`` is our reading of a label that the official form misprints; ``note`` is what the
    form prints below the label.
    """

    key: str
    label: str
    headers: tuple[str, ...] = ()
    indicator: str = ""
    unit: Kind | None = None
    measure: str = ""
    level: int = 0
    is_heading: bool = False
    is_local: bool = False
    corrected: str = ""
    note: str = ""


@dataclass(frozen=True)
class FigureTable:
    """A table: rows by columns.

    ``plain`` tables have one header line, a ``matrix`` is table three, ``wide`` ones print their
    rows side by side as table four does, a ``tree`` is a list of indicators with their units.
    """

    key: str
    caption: str
    columns: tuple[FigureColumn, ...]
    rows: tuple[FigureRow, ...]
    corner: str = "信息内容"
    column_head: str = ""
    corner_note: str = ""
    layout: Literal["plain", "matrix", "wide", "tree"] = "plain"

    @cached_property
    def data_rows(self) -> tuple[FigureRow, ...]:
        """The rows that hold figures."""
        return tuple(row for row in self.rows if not row.is_heading)

    @cached_property
    def row_of(self) -> Mapping[str, FigureRow]:
        """The rows by key."""
        return {row.key: row for row in self.rows}

    @cached_property
    def column_of(self) -> Mapping[str, FigureColumn]:
        """The columns by key."""
        return {column.key: column for column in self.columns}

    def unit(self, row: str, column: str) -> Kind:
        """Return what kind of value a cell holds."""
        return self.row_of[row].unit or self.column_of[column].unit

    def measure(self, row: str, column: str) -> str:
        """Return the unit word of a cell: 件, 条, 万元."""
        return self.row_of[row].measure or self.column_of[column].measure

    def name(self, row: str, column: str) -> str:
        """Return the full name of a cell, from its outermost header to its column."""
        at = self.row_of[row]
        words = "／".join((*at.headers, at.corrected or at.label))
        return words if self.layout == "tree" else f"{words}·{self.column_of[column].label}"

    def indicator(self, row: str, column: str) -> tuple[str, str] | None:
        """Return (indicator, applicant class) that a cell feeds, or ``None``."""
        begin, end = self.row_of[row].indicator, self.column_of[column].indicator
        if not begin or end == NO_INDICATOR:
            return None
        return "_".join(filter(None, (begin, end))), self.column_of[column].applicant or TOTAL


@dataclass(frozen=True, slots=True)
class Equation:
    """Sum of the left cells = sum of the right cells, for each line along an axis.

    ``axis`` "row" checks every row over column keys; "column" checks every column over row keys.
    ``id`` is the statutory or our own name of the identity (S3-ROW …); ``words`` explains it.
    """

    id: str
    table: str
    axis: Literal["row", "column"]
    left: tuple[str, ...]
    right: tuple[str, ...]
    severity: Literal["error", "warning"] = "error"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """Sum of the smaller cells ≤ sum of the larger cells, for each line along an axis (其中)."""

    id: str
    table: str
    axis: Literal["row", "column"]
    smaller: tuple[str, ...]
    larger: tuple[str, ...]
    severity: Literal["error", "warning"] = "error"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Implication:
    """Where any of ``given`` rows has something, ``needed`` must have something too.

    Something is a number above zero, 是, or a text.
    """

    id: str
    table: str
    given: tuple[str, ...]
    needed: str
    severity: Literal["error", "warning"] = "warning"
    words: str = ""


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """A row of this year that must repeat a row of last year's report, column by column."""

    id: str
    table: str
    row: str
    previous_row: str


@dataclass(frozen=True, slots=True)
class Stock:
    """A stock column: last year's stock + gained - lost = this year's stock, row by row."""

    id: str
    table: str
    stock: str
    gained: str
    lost: str


@dataclass(frozen=True, slots=True)
class Retained:
    """What was pending last year counts again: last year's ``pending`` ≤ this year's ``total``."""

    id: str
    table: str
    pending: str
    total: str


@dataclass(frozen=True, slots=True)
class RequestTable:
    """Where the register's counts belong: the rows and columns of the table on applications.

    ``outcomes`` maps an outcome code of the register to the row that counts it; a code that is
    not in it has the row of its own name. ``disputes`` is the table of reviews and suits with
    its rows in the order review, suit without review, suit after review.
    """

    table: str
    received: str
    carried_in: str
    results: tuple[str, ...]
    results_total: str
    carried_out: str
    applicants: tuple[str, ...]
    total: str
    outcomes: Mapping[str, str] = field(default_factory=dict)
    disputes: str = ""
    dispute_rows: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True)
class ReportForm:
    """One official form of the yearly report.

    ``sources`` says where a figure can be counted from: a name of ``sources.SOURCES`` for each
    cell. ``blank_is_zero`` is for old forms on which an office left out what did not occur: its
    identities then take a blank beside a written figure as zero, and the blank is still shown.
    ``subject`` tells a report on disclosure from one on the web site itself.
    """

    name: str
    title: str
    instrument: str
    years: tuple[int, int | None]
    parts: tuple[Part, ...]
    tables: tuple[FigureTable, ...] = ()
    equations: tuple[Equation, ...] = ()
    limits: tuple[Limit, ...] = ()
    implications: tuple[Implication, ...] = ()
    carried_over: tuple[CarriedOver, ...] = ()
    stocks: tuple[Stock, ...] = ()
    retained: tuple[Retained, ...] = ()
    requests: RequestTable | None = None
    sources: Mapping[CellKey, str] = field(default_factory=dict)
    takes_named_figures: bool = False
    blank_is_zero: bool = False
    subject: Literal["disclosure", "website"] = "disclosure"
    deadlines: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def table(self, key: str) -> FigureTable | None:
        """Return a table by key."""
        return self._tables.get(key)

    @cached_property
    def _tables(self) -> Mapping[str, FigureTable]:
        return {table.key: table for table in self.tables}

    def cells(self) -> Iterator[CellKey]:
        """Yield every cell as (table, row, column) in the order of the form."""
        for table in self.tables:
            for row in table.data_rows:
                for column in table.columns:
                    yield table.key, row.key, column.key

    def name_of(self, cell: CellKey) -> str:
        """Return the full name of a cell."""
        table = self._tables[cell[0]]
        return table.name(cell[1], cell[2])

    def covers(self, year: int) -> bool:
        """Tell whether the form was made for reports on ``year``."""
        first, last = self.years
        return first <= year and (last is None or year <= last)


@cache
def forms() -> dict[str, ReportForm]:
    """Return every form that is there, by name."""
    from gongkai.domain.reports import forms as room

    found: dict[str, ReportForm] = {}
    for module in sorted(pkgutil.iter_modules(room.__path__), key=lambda m: m.name):
        if module.name.startswith("form_"):
            form: ReportForm = importlib.import_module(f"{room.__name__}.{module.name}").FORM
            found[form.name] = form
    return found


def form_for(year: int) -> ReportForm | None:
    """Return the official disclosure form for reports on ``year``, the latest that covers it."""
    fitting = [
        form
        for form in forms().values()
        if form.subject == "disclosure" and form.tables and form.covers(year)
    ]
    return max(fitting, key=lambda form: form.years[0], default=None)
