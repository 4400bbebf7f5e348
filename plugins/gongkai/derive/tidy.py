"""Yearly reports into tidy rows for reports.csv: one row for each written figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
    "scope",
    "agency_name",
    "label",
    "origin",
    "as_printed",
)
NAMED = "figures"  # the table of figures that have no cell; their column is empty
Row = tuple[str, ...]


def tidy_rows(
    records: Iterable[ReportRecord], names: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """Yield every figure as published, in the order of its form; no sums of ours among them.

    The form's own totals are rows like others (``applicant`` total, ``indicator`` concluded), and
    a report whose ``scope`` is consolidated counts bodies that report themselves: who adds up must
    choose. ``origin`` tells written, sheet, computed or overridden; ``names`` are the agencies'.
    """
    for record in records:
        report = record.report
        if report is None:
            continue
        form = forms()[report.form]
        begin = (record.agency, str(record.year), form.name)
        cells = record.figures.cells
        name = (names or {}).get(record.agency, record.agency)
        original = "true" if report.as_printed else "false"
        for cell in form.cells():
            value = cells.get(cell)
            table = form.table(cell[0])
            if value is None or table is None or not is_number(form, cell):
                continue
            indicator, applicant = table.indicator(cell[1], cell[2]) or ("", "")
            unit = table.measure(cell[1], cell[2])
            origin = record.figures.origins.get(cell)
            label = table.name(cell[1], cell[2])
            how = origin.kind if origin else "written"
            end = (report.scope, name, label, how, original)
            yield *begin, *cell, indicator, applicant, plain(value), unit, *end
        for figure in report.figures:
            number = read_value(figure.value, "money")
            if isinstance(number, Decimal):
                applicant = TOTAL if figure.indicator else ""
                named = (NAMED, figure.key, "", figure.indicator, applicant)
                end = (report.scope, name, figure.name, "written", original)
                yield *begin, *named, plain(number), figure.unit, *end


def plain(value: Decimal) -> str:
    """Return a figure in digits alone, without superfluous zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
