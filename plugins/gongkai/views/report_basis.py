"""The computed figures of a report into the page that tells what each of them counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from gongkai.derive import addresses
from gongkai.domain.corpus import ReportRecord
from gongkai.domain.reports.figures import Counted, Figures
from gongkai.domain.reports.form import CellKey, FigureTable, ReportForm, forms
from gongkai.views import formats
from gongkai.views.frame import Frame
from gongkai.views.pages import BasisFigure, BasisSection, ReportBasisPage
from gongkai.views.report_page import basis_address, basis_cells, column_crumb
from gongkai.views.report_tables import anchor_of, cell_link, override_words
from gongkai.views.shared import Cell, Link, Table

BACK = "在报告中查看"
MOST_ROWS = 500  # a longer list is cut; how much is left out is said
Request = tuple[str, str, str, str]  # month, class of applicant, topic, outcome
Decision = tuple[str, str]  # month, matter


def report_basis_page(
    frame: Frame,
    record: ReportRecord,
    *,
    entries: Mapping[str, Link],
    requests: Mapping[str, Request] | None = None,
    decisions: Mapping[str, Decision] | None = None,
) -> ReportBasisPage:
    """Return the view of what the computed figures of one report count.

    Args:
        frame: the site's settings.
        record: the report with its figures and their origins.
        entries: a link for each index number; ``detail`` is its document number or date.
        requests: a row for each reference into the register, where the agency publishes it; a
            row tells a month and classes, nothing that could tell who applied.
        decisions: a row for each reference into the sheet of decisions.
    """
    report = record.report
    assert report is not None, "only bound reports have pages"
    form = forms()[report.form]
    column = frame.corpus.columns["reports"]
    address = basis_address(record.agency, record.year, record.subject)
    page = addresses.report_address(record.agency, record.year, record.subject)
    cells = basis_cells(form, record.figures)
    sections = []
    for table in form.tables:
        held = [cell for cell in cells if cell[0] == table.key]
        if not held:
            continue
        kinds = {one.kind for cell in held for one in record.figures.origins[cell].counted}
        is_closed = "request" in kinds and requests is None
        sections.append(
            BasisSection(
                anchor=table.key,
                label=table.caption,
                is_register_closed=is_closed,
                figures=tuple(
                    _figure(form, table, record.figures, cell, page, entries, requests, decisions)
                    for cell in held
                ),
            )
        )
    title = f"{report.title}：数据明细"
    return ReportBasisPage(
        head=frame.head(title, address, *frame.column_tags(column)),
        crumbs=(
            *frame.agency_crumbs(record.agency),
            column_crumb(frame, record),
            Link(f"{record.year}年", page),
            Link("数据明细"),
        ),
        lang=report.lang,
        title=title,
        report=Link(report.title, page),
        sections=tuple(sections),
        is_invented=report.invented,
        is_historical=frame.agency(record.agency).is_historical,
    )


def _figure(
    form: ReportForm,
    table: FigureTable,
    figures: Figures,
    cell: CellKey,
    page: str,
    entries: Mapping[str, Link],
    requests: Mapping[str, Request] | None,
    decisions: Mapping[str, Decision] | None,
) -> BasisFigure:
    """Return one figure: as the sum of others where it is one, or with all that it counts."""
    origin = figures.origins[cell]
    value = origin.computed or Decimal(0)
    measure = table.measure(cell[1], cell[2])
    formula = _formula(form, table, figures, cell)
    links: tuple[Link, ...] = ()
    rows: Table | None = None
    hidden = 0
    if not formula:
        found = [entries[one.ref] for one in origin.counted if _is(one, "entry", entries)]
        links = tuple(found[:MOST_ROWS])
        listed = _request_rows(origin.counted, requests or {})
        listed += _decision_rows(origin.counted, decisions or {}, measure)
        is_decided = any(one.kind == "decision" for one in origin.counted)
        head = (
            ["月份", "事项", f"数量（{measure}）"]
            if is_decided
            else ["月份", "申请人", "主题", "办理结果"]
        )
        rows = _table(table.name(cell[1], cell[2]), head, listed[:MOST_ROWS]) if listed else None
        hidden = max(0, len(found) - MOST_ROWS) + max(0, len(listed) - MOST_ROWS)
    return BasisFigure(
        anchor=anchor_of(cell),
        name=table.name(cell[1], cell[2]),
        value=f"{formats.number(value)}{measure}",
        back=replace(
            cell_link(table, cell, page), label=BACK, name=f"：{table.name(cell[1], cell[2])}"
        ),
        formula=formula,
        entries=links,
        table=rows,
        hidden=hidden,
        note=override_words(table, figures, cell) if origin.kind == "overridden" else "",
    )


def _is(one: Counted, kind: str, known: Mapping[str, object]) -> bool:
    return one.kind == kind and one.ref in known


def _formula(
    form: ReportForm, table: FigureTable, figures: Figures, cell: CellKey
) -> tuple[Link, ...]:
    """Return the computed figures that a total adds up, those that are not zero."""
    for equation in form.equations:
        if equation.table != table.key or len(equation.left) != 1:
            continue
        line, key = (cell[1], cell[2]) if equation.axis == "row" else (cell[2], cell[1])
        if key != equation.left[0]:
            continue
        parts = [
            (table.key, line, k) if equation.axis == "row" else (table.key, k, line)
            for k in equation.right
        ]
        origins = [figures.origins.get(part) for part in parts]
        counts = [origin.computed if origin else None for origin in origins]
        known = [count for count in counts if count is not None]
        total = figures.origins[cell].computed
        if len(known) < len(parts) or sum(known, Decimal(0)) != total:
            continue
        return tuple(
            Link(_part_name(table, equation.axis, part), f"#{anchor_of(part)}", f"{count:f}")
            for part, count in zip(parts, known, strict=True)
            if count
        )
    return ()


def _part_name(table: FigureTable, axis: str, cell: CellKey) -> str:
    return table.column_of[cell[2]].label if axis == "row" else table.row_of[cell[1]].label


def _request_rows(
    counted: Iterable[Counted], requests: Mapping[str, Request]
) -> list[tuple[str, ...]]:
    return sorted(requests[one.ref] for one in counted if _is(one, "request", requests))


def _decision_rows(
    counted: Iterable[Counted], decisions: Mapping[str, Decision], measure: str
) -> list[tuple[str, ...]]:
    """Return the rows of decisions by month and matter, with their numbers or amounts."""
    totals: dict[Decision, Decimal] = {}
    for one in counted:
        if _is(one, "decision", decisions):
            row = decisions[one.ref]
            totals[row] = totals.get(row, Decimal(0)) + one.weight
    return [(*row, formats.number(total)) for row, total in sorted(totals.items())]


def _table(caption: str, head: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Table:
    last = len(head) - 1
    return Table(
        caption,
        (tuple(Cell(word, True, scope="col") for word in head),),
        tuple(
            tuple(Cell(text, is_number=n == last and len(head) == 3) for n, text in enumerate(row))
            for row in rows
        ),
    )
