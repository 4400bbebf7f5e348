"""A sheet view into an .xlsx file: locked labels, checked input, live totals, ready for A4.

Formulas are written with their results, so that a reader without a calculator shows them too.
Equal views make equal bytes: no clock is read, and the library writes its archive without dates.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from gongkai.press.writers.characters import printable
from gongkai.views.report_sheet import (
    EVEN,
    UNEVEN,
    Formula,
    Ref,
    SheetCell,
    SheetView,
    Span,
)

_CELL_CHARACTERS = 32_767  # more than that the library would leave out without a word
_SONG, _HEI, _TITLE = "宋体", "黑体", "方正小标宋简体"
_LINE, _GREY, _PALE = "#404040", "#EDEDED", "#F7F7F7"
_BOX: Mapping[str, Any] = {"border": 1, "border_color": _LINE}
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"font_name": _TITLE, "font_size": 18, "align": "center"},
    "line": {"font_size": 10},
    "line_right": {"font_size": 10, "align": "right"},
    "heading": {"font_name": _HEI, "font_size": 12},
    "caption": {**_BOX, "font_name": _HEI, "font_size": 10, "align": "center"},
    "head": {**_BOX, "font_size": 10, "align": "center", "text_wrap": True},
    "label": {**_BOX, "font_size": 10, "text_wrap": True},
    "group": {**_BOX, "font_size": 10, "align": "center", "text_wrap": True},
    "heading_label": {**_BOX, "font_name": _HEI, "font_size": 10, "text_wrap": True},
    "unit": {**_BOX, "font_size": 10, "align": "center"},
    "number": {**_BOX, "font_size": 10, "align": "center"},
    "total": {**_BOX, "font_size": 10, "align": "center", "bg_color": _GREY},
    "text": {**_BOX, "font_size": 10, "text_wrap": True},
    "blank": {**_BOX, "bg_color": _PALE},
    "note": {"font_size": 9, "text_wrap": True, "valign": "top"},
    "check_head": {"font_name": _HEI, "font_size": 9, "align": "center", "font_color": "#595959"},
    "check_label": {"font_size": 9, "font_color": "#595959"},
    "check": {"font_size": 9, "align": "center"},
    "summary": {"font_name": _HEI, "font_size": 11},
}


def workbook(view: SheetView, made_on: date) -> bytes:
    """Return the workbook of one sheet; ``made_on`` is the date that its properties state."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties(
        {
            "title": printable(view.title),
            "author": printable(view.agency),
            "created": datetime.combine(made_on, time()),
        }
    )
    book.set_size(1800, 1200)
    sheet = book.add_worksheet(view.name)
    formats = _Formats(book)
    _set_up_page(sheet, view)
    for column, pixels in enumerate(view.widths):
        sheet.set_column_pixels(column, column, pixels)
    for number, row in enumerate(view.rows):
        sheet.set_row(number, row.height)
        for cell in row.cells:
            _write(sheet, number, cell, formats)
    _mark_checks(sheet, view, formats)
    sheet.protect(
        "", {"format_columns": True, "format_rows": True, "select_locked_cells": True}
    )  # against slips, not against people: there is no password
    book.close()
    return buffer.getvalue()


class _Formats:
    """The formats of a book, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._made: dict[tuple[object, ...], Any] = {}

    def of(self, cell: SheetCell) -> Any:
        """Return the format of a cell."""
        key = (cell.style, cell.is_locked, cell.kind, cell.level)
        if key not in self._made:
            facts = {"font_name": _SONG, "valign": "vcenter", **_STYLES[cell.style]}
            facts["locked"] = cell.is_locked
            if cell.level:
                facts["indent"] = cell.level
            self._made[key] = self.book.add_format(facts)
        return self._made[key]

    def plain(self, **facts: Any) -> Any:
        """Return a format for cells that fulfil a condition."""
        return self.book.add_format(facts)


def _set_up_page(sheet: Any, view: SheetView) -> None:
    sheet.set_paper(9)  # A4
    if view.is_landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.59, right=0.59, top=0.75, bottom=0.75)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.print_area(0, 0, len(view.rows) - 1, view.printed_columns - 1)
    sheet.repeat_rows(*view.repeated)
    if view.breaks:
        sheet.set_h_pagebreaks(list(view.breaks))
    sheet.set_footer("&C— &P —")
    sheet.hide_gridlines(2)
    if view.repeated[1] > 1:
        sheet.freeze_panes(view.repeated[1] + 1, 0)


def _write(sheet: Any, row: int, cell: SheetCell, formats: _Formats) -> None:
    look = formats.of(cell)
    column = cell.column
    text = printable(cell.text)[:_CELL_CHARACTERS]
    if cell.colspan > 1 or cell.rowspan > 1:
        last = (row + cell.rowspan - 1, column + cell.colspan - 1)
        sheet.merge_range(row, column, *last, "", look)
    if cell.formula:
        result: float | int | str = text if cell.number is None else _plain(cell.number)
        sheet.write_formula(row, column, _formula(cell.formula), look, result)
    elif cell.number is not None:
        sheet.write_number(row, column, _plain(cell.number), look)
    elif text:
        sheet.write_string(row, column, text, look)
    else:
        sheet.write_blank(row, column, None, look)
    if not cell.is_locked and (rule := _rule(cell)):
        sheet.data_validation(row, column, row, column, rule)


def _rule(cell: SheetCell) -> dict[str, Any] | None:
    """Return what may be typed into a cell, with the words for whoever types something else."""
    if cell.kind == "flag":
        return {
            "validate": "list",
            "source": ["是", "否"],
            "error_title": "请选择",
            "error_message": "请填“是”或“否”。",
        }
    if cell.kind == "count":
        words = "请填不小于零的整数；没有发生的填 0，不要填“/”或“无”。"
        rule: dict[str, Any] = {"validate": "integer", "criteria": ">=", "value": 0}
    elif cell.kind in ("money", "rate"):
        words = "请填不小于零的数；没有发生的填 0，不要填“/”或“无”。"
        rule = {"validate": "decimal", "criteria": ">=", "value": 0}
    elif cell.kind == "change":
        words = "请填整数，减少的填负数；没有变化的填 0。"
        limits = {"minimum": -999_999_999, "maximum": 999_999_999}
        rule = {"validate": "integer", "criteria": "between", **limits}
    else:
        return None
    return {**rule, "error_title": "填写有误", "error_message": words}


def _mark_checks(sheet: Any, view: SheetView, formats: _Formats) -> None:
    """Show what is uneven in red and what is even in green."""
    wrong = formats.plain(font_color="#C00000", bg_color="#FCE4E4", bold=True)
    right = formats.plain(font_color="#2E7D32")
    places: dict[int, list[int]] = {}
    for number, row in enumerate(view.rows):
        for cell in row.cells:
            if cell.style in ("check", "summary"):
                places.setdefault(cell.column, []).append(number)
    for column, rows in sorted(places.items()):
        area = (min(rows), column, max(rows), column)
        for text, look in ((UNEVEN, wrong), (EVEN, right)):
            rule = {"type": "text", "criteria": "containing", "value": text, "format": look}
            sheet.conditional_format(*area, {**rule, "stop_if_true": True})


def _formula(parts: Formula) -> str:
    return "=" + "".join(part if isinstance(part, str) else _address(part) for part in parts)


def _address(part: Ref | Span) -> str:
    if isinstance(part, Span):
        return f"{_address(part.first)}:{_address(part.last)}"
    letters, number = "", part.column + 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{part.row + 1}"


def _plain(number: Decimal) -> float | int:
    return int(number) if number == number.to_integral_value() else float(number)
