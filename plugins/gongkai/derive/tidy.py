"""Yearly reports into tidy rows for reports.csv: one row for each written figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from gongkai.domain.corpus import ReportRecord
from gongkai.domain.reports.figures import is_number, read_value
from gongkai.domain.reports.form import TOTAL, forms

HEADER = (
    "agency",
    "year",
    "form",
    "table",
    "row",
    "column",
    "indicator",
    "applicant",
    "value",
    "unit",
)
NAMED = "figures"  # the table of figures that have no cell; their column is empty
Row = tuple[str, str, str, str, str, str, str, str, str, str]


def tidy_rows(records: Iterable[ReportRecord]) -> Iterator[Row]:
    """Yield every figure as written, in the order of its form; sums of ours are not among them.

    ``indicator`` is what the cell itself counts, so that a sum over the rows counts nothing twice.
    """
    for record in records:
        report = record.report
        if report is None:
            continue
        form = forms()[report.form]
        begin = (record.agency, str(record.year), form.name)
        cells = record.figures.cells
        for cell in form.cells():
            value = cells.get(cell)
            table = form.table(cell[0])
            if value is None or table is None or not is_number(form, cell):
                continue
            indicator, applicant = table.indicator(cell[1], cell[2]) or ("", "")
            unit = table.measure(cell[1], cell[2])
            yield *begin, *cell, indicator, applicant, plain(value), unit
        for figure in report.figures:
            number = read_value(figure.value, "money")
            if isinstance(number, Decimal):
                applicant = TOTAL if figure.indicator else ""
                named = (NAMED, figure.key, "", figure.indicator, applicant)
                yield *begin, *named, plain(number), figure.unit


def plain(value: Decimal) -> str:
    """Return a figure in digits alone, without superfluous zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
