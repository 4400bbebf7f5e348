"""What a report form is: its parts, tables, cells and equations, as plain data.

Validation, tables and exports read the form and never mention a year. A form is a module
``forms/form_<name>.py`` with a ``FORM``; it is found by being there.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal


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
        return f"{self.number}、{self.label}"

    @property
    def is_prose(self) -> bool:
        """Tell whether the part is text rather than tables."""
        return not self.tables


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A numeric column; ``group`` is the header cell above it."""

    key: str
    label: str
    group: str = ""
    unit: str = "count"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A data row; ``headers`` are the header cells to its left, outermost first.

    ``indicator`` names what the row counts, so that years with different forms can be compared.
    """

    key: str
    label: str
    headers: tuple[str, ...] = ()
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table: rows by columns. ``wide`` tables print their rows side by side, as table four."""

    key: str
    caption: str
    columns: tuple[FigureColumn, ...]
    rows: tuple[FigureRow, ...]
    corner: str = "信息内容"
    column_head: str = ""
    corner_note: str = ""
    layout: Literal["plain", "matrix", "wide"] = "plain"


@dataclass(frozen=True, slots=True)
class Equation:
    """Sum of the left cells = sum of the right cells, for each line along an axis.

    ``axis`` "row" checks every row over column keys; "column" checks every column over row keys.
    ``id`` is the statutory or our own name of the identity (S3-ROW …).
    """

    id: str
    table: str
    axis: Literal["row", "column"]
    left: tuple[str, ...]
    right: tuple[str, ...]


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
class ReportForm:
    """One official form of the yearly report."""

    name: str
    title: str
    instrument: str
    years: tuple[int, int | None]
    parts: tuple[Part, ...]
    tables: tuple[FigureTable, ...] = ()
    equations: tuple[Equation, ...] = ()
    carried_over: tuple[CarriedOver, ...] = ()
    stocks: tuple[Stock, ...] = ()
    takes_named_figures: bool = False
    deadlines: dict[str, tuple[int, int]] = field(default_factory=dict)

    def table(self, key: str) -> FigureTable | None:
        """Return a table by key."""
        return next((table for table in self.tables if table.key == key), None)

    def cells(self) -> Iterator[tuple[str, str, str]]:
        """Yield every cell as (table, row, column) in the order of the form."""
        for table in self.tables:
            for row in table.rows:
                for column in table.columns:
                    yield table.key, row.key, column.key


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
