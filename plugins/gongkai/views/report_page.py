"""A yearly report into its page: parts in the order of its form, tables exactly as prescribed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby

from gongkai.derive import addresses
from gongkai.domain.corpus import ReportRecord
from gongkai.domain.reports.form import FigureTable, ReportForm, forms
from gongkai.domain.reports.report import AnnualReport
from gongkai.domain.reports.report import Cell as CellKey
from gongkai.views import formats
from gongkai.views.entry_page import rewrite
from gongkai.views.frame import Frame
from gongkai.views.pages import ReportPage, ReportPart
from gongkai.views.platform_page import strip_tags
from gongkai.views.shared import Cell, Fact, Link, Note, Table

_SECTION = re.compile(r'<h2(?: id="([^"]*)")?>(.*?)</h2>', re.DOTALL)


def report_page(
    frame: Frame,
    record: ReportRecord,
    body: str,
    targets: tuple[tuple[str, str], ...],
    previous: tuple[str, str] | None,
    following: tuple[str, str] | None,
    remarks: tuple[str, ...],
) -> ReportPage:
    """Return the view of one report; ``remarks`` are the discrepancies that the build found."""
    report = record.report
    assert report is not None, "only bound reports have pages"
    agency = frame.agency(record.agency)
    form = forms()[report.form]
    address = addresses.report_address(record.agency, record.year)
    column = frame.corpus.columns["reports"]
    source = report.source or agency.name
    tags = frame.content_tags(
        report.title,
        report.published_on,
        source,
        address,
        ("政府信息公开", "年度报告", f"{record.year}年"),
    )
    body = rewrite(body, dict(targets))
    parts = _parts(form, record, body)
    facts = [
        Fact("报告年度", f"{record.year}年"),
        Fact("报告单位", agency.name),
        Fact("报告格式", f"{form.title}{f'（{form.instrument}）' if form.instrument else ''}"),
        Fact("原件落款日期", report.stated_on),
        Fact(
            "发布日期",
            formats.short_moment(report.published_on),
            "",
            formats.iso_moment(report.published_on),
        ),
        Fact("报送日期", formats.long_date(report.submitted_on) if report.submitted_on else ""),
        Fact("迁移日期", formats.long_date(report.migrated_on) if report.migrated_on else ""),
    ]
    notes = [Note(row.note, "check") for row in report.discrepancies]
    notes += [Note(remark, "check") for remark in remarks]
    return ReportPage(
        head=frame.head(report.title, address, *frame.column_tags(column), *tags),
        crumbs=(
            *frame.agency_crumbs(record.agency),
            Link(column.name, addresses.agency_address(record.agency, "report/index.html")),
            Link(f"{record.year}年"),
        ),
        lang=report.lang,
        title=report.title,
        facts=tuple(fact for fact in facts if fact.value),
        parts=parts,
        figures=_named_figures(report) if report.figures else None,
        notes=tuple(notes),
        source=source,
        published=formats.short_moment(report.published_on),
        published_iso=formats.iso_moment(report.published_on),
        is_invented=report.invented,
        is_historical=agency.is_historical,
        previous=Link(*previous) if previous else None,
        next=Link(*following) if following else None,
    )


def _parts(form: ReportForm, record: ReportRecord, body: str) -> tuple[ReportPart, ...]:
    """Cut the body at its <h2> and put prose and tables in the order of the form."""
    if not form.parts:
        return (ReportPart("report", "", body, ()),)
    pieces = list(_SECTION.finditer(body))
    prose: dict[str, str] = {}
    extra = body[: pieces[0].start()] if pieces else body
    for n, match in enumerate(pieces):
        end = pieces[n + 1].start() if n + 1 < len(pieces) else len(body)
        text = strip_tags(match[2])
        part = next((part for part in form.parts if part.label in text), None)
        if part is None:
            extra += body[match.start() : end]
        else:
            prose[part.key] = prose.get(part.key, "") + body[match.end() : end]
    figures = record.figures.cells
    parts = []
    for part in form.parts:
        tables = []
        for key in part.tables:
            table = form.table(key)
            if table:
                tables.append(figure_table(table, figures))
        parts.append(ReportPart(part.key, part.heading, prose.get(part.key, ""), tuple(tables)))
    if extra.strip():
        parts.append(ReportPart("extra", "", extra, ()))
    return tuple(parts)


def figure_table(table: FigureTable, figures: Mapping[CellKey, Decimal]) -> Table:
    """Return a table of the form with its figures; a missing figure stays visibly blank."""
    if table.layout == "wide":
        return _wide(table, figures)
    if table.layout == "matrix":
        return _matrix(table, figures)
    head = (
        tuple(
            Cell(c, True, scope="col") for c in (table.corner, *(c.label for c in table.columns))
        ),
    )
    rows = tuple(
        (Cell(row.label, True, scope="row"), *_numbers(table, row.key, figures))
        for row in table.rows
    )
    return Table(table.caption, head, rows)


def _numbers(table: FigureTable, row: str, figures: Mapping[CellKey, Decimal]) -> tuple[Cell, ...]:
    values = [figures.get((table.key, row, column.key)) for column in table.columns]
    return tuple(Cell(formats.number(v) if v is not None else "", is_number=True) for v in values)


def _matrix(table: FigureTable, figures: Mapping[CellKey, Decimal]) -> Table:
    """Return table three: three header columns for the result rows, three header lines on top."""
    depth = max(len(row.headers) for row in table.rows) + 1
    corner = Cell(table.corner_note, True, colspan=depth, rowspan=3)
    top = (corner, Cell(table.column_head, True, colspan=len(table.columns), scope="colgroup"))
    second: list[Cell] = []
    third: list[Cell] = []
    for group, members in groupby(table.columns, key=lambda column: column.group):
        columns = list(members)
        if group:
            second.append(Cell(group, True, colspan=len(columns), scope="colgroup"))
            third += [Cell(column.label, True, scope="col") for column in columns]
        else:
            second += [Cell(column.label, True, rowspan=2, scope="col") for column in columns]
    rows = []
    seen: set[tuple[str, ...]] = set()
    for row in table.rows:
        cells: list[Cell] = []
        for level in range(len(row.headers)):
            prefix = row.headers[: level + 1]
            if prefix not in seen:
                seen.add(prefix)
                span = sum(r.headers[: level + 1] == prefix for r in table.rows)
                cells.append(Cell(prefix[-1], True, rowspan=span, scope="rowgroup"))
        cells.append(Cell(row.label, True, colspan=depth - len(row.headers), scope="row"))
        rows.append((*cells, *_numbers(table, row.key, figures)))
    return Table(table.caption, (top, tuple(second), tuple(third)), tuple(rows), "matrix")


def _wide(table: FigureTable, figures: Mapping[CellKey, Decimal]) -> Table:
    """Return table four: its rows side by side, one line of figures."""
    size = len(table.columns)
    top: list[Cell] = []
    second: list[Cell] = []
    for header, members in groupby(table.rows, key=lambda row: row.headers):
        rows = list(members)
        if header:
            top.append(Cell(header[0], True, colspan=size * len(rows), scope="colgroup"))
            second += [Cell(row.label, True, colspan=size, scope="colgroup") for row in rows]
        else:
            top += [
                Cell(row.label, True, colspan=size, rowspan=2, scope="colgroup") for row in rows
            ]
    third = tuple(Cell(c.label, True, scope="col") for _ in table.rows for c in table.columns)
    line = tuple(cell for row in table.rows for cell in _numbers(table, row.key, figures))
    return Table(table.caption, (tuple(top), tuple(second), third), (line,), "wide")


def _named_figures(report: AnnualReport) -> Table:
    head = (tuple(Cell(t, True, scope="col") for t in ("指标", "数值", "单位")),)
    rows = tuple(
        (Cell(f.name, True, scope="row"), Cell(f.value, is_number=True), Cell(f.unit))
        for f in report.figures
    )
    return Table("报告中的主要数字（照原件）", head, rows)
