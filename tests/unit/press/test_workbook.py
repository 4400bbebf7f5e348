from __future__ import annotations

import dataclasses
import hashlib
import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gongkai.domain.reports.figures import Figures
from gongkai.domain.reports.form import CellKey, ReportForm
from gongkai.domain.reports.grid import match_grids
from gongkai.intake.office import read_csv_grid, read_xlsx
from gongkai.press.writers.workbook import workbook
from gongkai.views.report_sheet import EVEN, UNEVEN, Ref, SheetCell, SheetView, sheet_view
from report_samples import (
    AGENCY,
    FORM_2030,
    FORMS,
    TITLE,
    converted,
    elsewhere,
    found_texts,
    sample_figures,
    texts_of,
    zero_figures,
)

FORM = FORMS["2021"]
MADE_ON = date(2026, 1, 20)
TOTAL = ("s3_requests", "new", "total")


def view_of(form: ReportForm, figures: Figures | None) -> SheetView:
    return sheet_view(form, TITLE, AGENCY, 2025, figures)


def book_of(form: ReportForm, figures: Figures | None) -> bytes:
    return workbook(view_of(form, figures), MADE_ON)


def sheet_of(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def cells_of(view: SheetView, style: str) -> list[tuple[int, SheetCell]]:
    return [(n, c) for n, row in enumerate(view.rows) for c in row.cells if c.style == style]


def changed(figures: Figures, **values: str) -> Figures:
    """Return figures of table three with other values, by ``row__column``."""
    cells = dict(figures.cells)
    for name, value in values.items():
        row, _, column = name.partition("__")
        cells["s3_requests", row, column] = Decimal(value)
    return Figures(cells, figures.texts)


def consistent(form: ReportForm) -> Figures:
    """Return figures of table three that add up: three applications, one carried over."""
    return changed(
        zero_figures(form),
        new__natural="3",
        new__total="3",
        granted__natural="2",
        granted__total="2",
        results_total__natural="2",
        results_total__total="2",
        carried_out__natural="1",
        carried_out__total="1",
    )


@pytest.mark.parametrize("name", FORMS)
def test_equal_views_make_equal_bytes_wherever_they_are_made(name: str, tmp_path: Path) -> None:
    data = book_of(FORMS[name], sample_figures(FORMS[name]))
    assert data == book_of(FORMS[name], sample_figures(FORMS[name]))
    code = (
        "import hashlib; from report_samples import *; from datetime import date;"
        "from gongkai.press.writers.workbook import workbook;"
        "from gongkai.views.report_sheet import sheet_view;"
        f"form = FORMS[{name!r}];"
        "view = sheet_view(form, TITLE, AGENCY, 2025, sample_figures(form));"
        "print(hashlib.sha256(workbook(view, date(2026, 1, 20))).hexdigest())"
    )
    assert elsewhere(code, tmp_path) == hashlib.sha256(data).hexdigest()


def test_the_only_date_in_the_file_is_the_one_that_was_given() -> None:
    with zipfile.ZipFile(io.BytesIO(book_of(FORM, None))) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d{2}-\d{2}T[\d:]+Z", core)) == {"2026-01-20T00:00:00Z"}
    assert TITLE in core and AGENCY in core


def test_labels_are_locked_inputs_are_not_and_no_password_is_set() -> None:
    data = book_of(FORM, None)
    sheet = sheet_of(data)
    view = view_of(FORM, None)
    assert sheet.protection.sheet and not sheet.protection.password
    inputs = cells_of(view, "number")
    assert len(inputs) == 200 - 25 - 6 - 3  # but for totals
    for number, cell in inputs:
        assert not sheet.cell(number + 1, cell.column + 1).protection.locked
    for style in ("label", "head", "total", "title", "check"):
        for number, cell in cells_of(view, style):
            assert sheet.cell(number + 1, cell.column + 1).protection.locked, style


def test_only_whole_numbers_can_be_typed_and_amounts_may_have_decimals() -> None:
    rules = sheet_of(book_of(FORM, None)).data_validations.dataValidation
    kinds = {rule.type for rule in rules}
    assert kinds == {"whole", "decimal"}
    assert all(rule.operator == "greaterThanOrEqual" and rule.formula1 == "0" for rule in rules)
    assert all("没有发生的填 0" in rule.error for rule in rules)
    changes = sheet_of(book_of(FORM_2030, None)).data_validations.dataValidation
    assert any(rule.operator == "between" for rule in changes if rule.type == "whole") or any(
        rule.formula2 for rule in changes
    )
    assert any(rule.type == "list" and rule.formula1 == '"是,否"' for rule in changes)


def test_it_prints_on_a4_in_the_width_of_the_form_alone() -> None:
    sheet = sheet_of(book_of(FORM, None))
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_area.endswith("$O$59") or "$A$1:$O$" in sheet.print_area
    assert sheet.print_title_rows == "$1:$2"
    assert [mark.id for mark in sheet.row_breaks.brk]
    tree = sheet_of(book_of(FORMS["2017"], None))
    assert tree.print_title_rows == "$1:$3"


def test_a_total_is_a_formula_with_its_result() -> None:
    figures = consistent(FORM)
    data = book_of(FORM, figures)
    (row, cell), *_ = [
        (n, c) for n, c in cells_of(view_of(FORM, figures), "total") if c.number == 3
    ]
    formula = sheet_of(data).cell(row + 1, cell.column + 1).value
    assert re.fullmatch(r'=IF\(COUNT\(I\d+:N\d+\)=6,SUM\(I\d+:N\d+\),""\)', formula)
    stored = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
    assert stored.cell(row + 1, cell.column + 1).value == 3


def test_an_empty_total_shows_nothing_rather_than_zero() -> None:
    totals = cells_of(view_of(FORM, None), "total")
    assert len(totals) == 25 + 6 + 3
    assert all(cell.formula and cell.text == "" and cell.number is None for _, cell in totals)


def test_a_published_total_that_does_not_add_up_stays_what_was_published() -> None:
    figures = changed(consistent(FORM), new__total="30")
    view = view_of(FORM, figures)
    assert [c.formula for _, c in cells_of(view, "number") if c.number == 30] == [()]
    grids, _ = read_xlsx("x.xlsx", workbook(view, MADE_ON))
    assert match_grids(FORM, grids).texts[TOTAL].text == "30"
    assert UNEVEN in [cell.text for _, cell in cells_of(view, "check")]


def test_a_total_missing_from_the_report_is_not_added_by_a_formula() -> None:
    cells = {key: value for key, value in consistent(FORM).cells.items() if key != TOTAL}
    view = view_of(FORM, Figures(cells))
    grids, _ = read_xlsx("x.xlsx", workbook(view, MADE_ON))
    assert TOTAL in match_grids(FORM, grids).missing


@pytest.mark.parametrize(
    ("figures", "texts", "summary"),
    [
        (zero_figures(FORM), {EVEN}, "全部相平"),
        (consistent(FORM), {EVEN}, "全部相平"),
        (changed(consistent(FORM), granted__legal="5"), {EVEN, UNEVEN}, "2处不平，请查对"),
        (None, {""}, "尚未填完"),
    ],
    ids=["zero", "sound", "slip", "empty"],
)
def test_checks_say_whether_each_identity_holds(
    figures: Figures | None, texts: set[str], summary: str
) -> None:
    view = view_of(FORM, figures)
    checks = cells_of(view, "check")
    assert {cell.text for _, cell in checks} == texts
    assert [cell.text for _, cell in cells_of(view, "summary")] == [summary]
    count = sum(
        len(table.data_rows if rule.axis == "row" else table.columns)
        for rule in (*FORM.equations, *FORM.limits)
        if (table := FORM.table(rule.table))
    )
    assert len(checks) == count
    assert all(cell.column > view.printed_columns for _, cell in checks)


def test_where_blank_is_zero_one_figure_is_enough_for_a_total() -> None:
    form = FORMS["2017"]
    cells = {("statistics", "staff_part_time", "value"): Decimal(2)}
    view = view_of(form, Figures({**cells, ("statistics", "staff", "value"): Decimal(2)}))
    assert [c.number for _, c in cells_of(view, "total") if c.number is not None] == [Decimal(2)]


def test_a_total_never_becomes_a_part_of_itself() -> None:
    equation = dataclasses.replace(FORM.equations[0], left=("natural",), right=("total",))
    form = dataclasses.replace(FORM, equations=(*FORM.equations, equation))
    totals = {cell.column for _, cell in cells_of(view_of(form, None), "total")}
    assert totals == {cell.column for _, cell in cells_of(view_of(FORM, None), "total")}


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    form = FORMS["website"]
    key: CellKey = ("website", "site_name", "value")
    data = book_of(form, Figures({}, {key: "=1+1"}))
    assert b"<f>1+1" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    grids, problems = read_xlsx("x.xlsx", data)
    assert problems == []
    assert match_grids(form, grids).texts[key].text == "=1+1"


def test_ranges_of_a_formula_join_neighbours_only() -> None:
    view = view_of(FORM, zero_figures(FORM))
    spans = [
        part
        for _, cell in (*cells_of(view, "total"), *cells_of(view, "check"))
        for part in cell.formula
        if not isinstance(part, str | Ref)
    ]
    assert spans
    assert all(
        span.first.row == span.last.row or span.first.column == span.last.column for span in spans
    )


@pytest.mark.parametrize("name", FORMS)
def test_libreoffice_works_out_the_same_totals_and_checks(name: str, tmp_path: Path) -> None:
    form = FORMS[name]
    figures = zero_figures(form)
    cells = {key: Decimal(n % 5) for n, key in enumerate(figures.cells)}
    view = view_of(form, Figures(cells, figures.texts))
    totals = [c for _, c in cells_of(view_of(form, None), "total")]
    grid = match_grids(form, read_xlsx("x.xlsx", book_of(form, None))[0])
    empty = sheet_of(book_of(form, None))
    filled = {}
    for key, at in grid.blank.items():
        cell = empty.cell(at.row, at.column)
        if isinstance(cell.value, str) and cell.value.startswith("="):
            continue
        value: Any = cells.get(key, figures.texts.get(key))
        cell.value = int(value) if isinstance(value, Decimal) else value
        filled[key] = str(value)
    buffer = io.BytesIO()
    empty.parent.save(buffer)  # without any result: LibreOffice has to work them out
    made = converted(buffer.getvalue(), "filled.xlsx", "xlsx:Calc MS Excel 2007 XML", tmp_path)
    found = found_texts(match_grids(form, read_xlsx("x.xlsx", made.read_bytes())[0]))
    assert {key: found[key] for key in filled} == filled
    ours = found_texts(match_grids(form, read_xlsx("x.xlsx", buffer.getvalue())[0]))
    assert found == ours  # our own sums by the form's equations are LibreOffice's
    assert len(found) - len(filled) == len(totals)
    sound = Figures({key: Decimal(found[key]) for key in cells if key in found}, figures.texts)
    checks = [
        (n, c)
        for n, c in cells_of(view_of(form, sound), "check")
        if c.column >= view.printed_columns
    ]
    sheet = openpyxl.load_workbook(made, data_only=True).active
    assert [sheet.cell(n + 1, c.column + 1).value or "" for n, c in checks] == [
        c.text for _, c in checks
    ]


@pytest.mark.parametrize("name", FORMS)
def test_it_is_read_back_as_csv_by_libreoffice(name: str, tmp_path: Path) -> None:
    """CSV has no merged cells: labels and figures stand far apart in it."""
    form = FORMS[name]
    data = book_of(form, sample_figures(form))
    made = converted(data, "report.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76", tmp_path)
    grids, _ = read_csv_grid("x.csv", made.read_bytes())
    assert found_texts(match_grids(form, grids)) == texts_of(sample_figures(form))


def test_characters_without_a_place_in_xml_are_left_out_of_a_book() -> None:
    odd = "甲\ufffe\uffff\x00\x0b\x1f\ud800乙"
    view = view_of(FORM, None)
    row = dataclasses.replace(view.rows[0], cells=(SheetCell(0, odd), SheetCell(1, odd * 9000)))
    view = dataclasses.replace(view, title=odd, agency=odd, rows=(row, *view.rows[1:]))
    sheet = sheet_of(workbook(view, MADE_ON))
    assert sheet["A1"].value == "甲乙"
    assert len(sheet["B1"].value) == 18_000
