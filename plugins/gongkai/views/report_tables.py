"""A form's tables into views: as prescribed, and what narrow screens show in their place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from gongkai.domain.reports.figures import Figures
from gongkai.domain.reports.form import (
    NUMBERS,
    TOTAL,
    CellKey,
    FigureColumn,
    FigureRow,
    FigureTable,
)
from gongkai.views import formats
from gongkai.views.pages import CellLink, FigureLine, FigureView, Footnote
from gongkai.views.shared import Cell, Fact, Link, Table

NO_FIGURE = "—"  # printed in the unit column of a line that has no figure
_AMBIGUOUS = "其他"  # a column label that says little without the header above it


@dataclass(frozen=True)
class Dress:
    """What the cells of a page bear beside their figures: texts, ids, links, footnotes."""

    texts: Mapping[CellKey, str] = field(default_factory=dict)
    anchors: Collection[CellKey] = ()
    links: Mapping[CellKey, str] = field(default_factory=dict)
    notes: Mapping[CellKey, int] = field(default_factory=dict)

    def marks(self, *cells: CellKey) -> tuple[Link, ...]:
        """Return the references to footnotes that belong to any of ``cells``."""
        numbers = sorted({self.notes[cell] for cell in cells if cell in self.notes})
        return tuple(Link(str(number), f"#{note_anchor(number)}") for number in numbers)


PLAIN = Dress()


def anchor_of(cell: CellKey) -> str:
    """Return the id of a figure: its table, row and column."""
    return "-".join(cell)


def note_anchor(number: int) -> str:
    """Return the id of a footnote."""
    return f"note-{number}"


def cell_link(table: FigureTable, cell: CellKey, page: str = "") -> CellLink:
    """Return where a figure stands on its page, for wide and for narrow screens."""
    anchor = anchor_of(cell)
    narrow = {"matrix": _line_anchor(cell[0], cell[1]), "wide": f"n-{anchor}"}
    return CellLink(
        table.name(cell[1], cell[2]),
        f"{page}#{anchor}",
        f"{page}#{narrow.get(table.layout, anchor)}",
    )


def override_words(table: FigureTable, figures: Figures, cell: CellKey) -> str:
    """Return which figure stands in the report, what the site counted instead, and why."""
    origin = figures.origins[cell]
    measure = table.measure(cell[1], cell[2])
    said = f"报告采用{figure_text(figures.cells, figures.texts, cell)}{measure}"
    if origin.computed is not None:
        said += f"，本站统计为{formats.number(origin.computed)}{measure}"
    return f"{said}。理由：{origin.reason}"


def figure_view(
    table: FigureTable,
    cells: Mapping[CellKey, Decimal],
    dress: Dress = PLAIN,
    notes: Sequence[Footnote] = (),
) -> FigureView:
    """Return a table of the form, with the view that a phone shows instead where it is large."""
    return FigureView(
        anchor=f"t-{table.key}",
        table=figure_table(table, cells, dress),
        lines=figure_lines(table, cells, dress) if table.layout == "matrix" else (),
        narrow=_upright(table, cells, dress) if table.layout == "wide" else None,
        notes=tuple(notes),
    )


def figure_table(
    table: FigureTable, cells: Mapping[CellKey, Decimal], dress: Dress = PLAIN
) -> Table:
    """Return a table of the form with its figures; a missing figure stays visibly blank."""
    if table.layout == "wide":
        return _side_by_side(table, cells, dress)
    if table.layout == "tree":
        return _tree(table, cells, dress)
    return _grid(table, cells, dress)


def _figure(
    table: FigureTable,
    cells: Mapping[CellKey, Decimal],
    dress: Dress,
    row: str,
    column: str,
    prefix: str = "",
) -> Cell:
    """Return the cell of one figure or text."""
    cell = (table.key, row, column)
    is_number = table.unit(row, column) in NUMBERS
    text = figure_text(cells, dress.texts, cell)
    return Cell(
        text,
        is_number=is_number,
        url=dress.links.get(cell, ""),
        anchor=prefix + anchor_of(cell) if cell in dress.anchors else "",
        marks=dress.marks(cell),
        is_blank=not text,
    )


def figure_text(
    cells: Mapping[CellKey, Decimal], texts: Mapping[CellKey, str], cell: CellKey
) -> str:
    """Return a figure as printed, or nothing where it was not filled in."""
    value = cells.get(cell)
    return texts.get(cell, "") if value is None else formats.number(value)


def _figures(
    table: FigureTable, cells: Mapping[CellKey, Decimal], dress: Dress, row: FigureRow
) -> tuple[Cell, ...]:
    return tuple(_figure(table, cells, dress, row.key, column.key) for column in table.columns)


def _grid(table: FigureTable, cells: Mapping[CellKey, Decimal], dress: Dress) -> Table:
    """Return a table whose rows and columns stand below headers, as many deep as there are.

    A header belongs to the lines that it spans. A scope of a group would take in every later line
    of the body.
    """
    depth = max((len(row.headers) for row in table.rows), default=0) + 1
    rows = []
    seen: set[tuple[str, ...]] = set()
    for row in table.rows:
        heads: list[Cell] = []
        for level in range(len(row.headers)):
            prefix = row.headers[: level + 1]
            if prefix not in seen:
                seen.add(prefix)
                span = sum(r.headers[: level + 1] == prefix for r in table.rows)
                heads.append(Cell(prefix[-1], True, rowspan=span, scope="row"))
        heads.append(Cell(row.label, True, colspan=depth - len(row.headers), scope="row"))
        rows.append((*heads, *_figures(table, cells, dress, row)))
    style = "matrix" if table.layout == "matrix" else "plain"
    return Table(table.caption, _head(table, depth), tuple(rows), style)


def _head(table: FigureTable, depth: int) -> tuple[tuple[Cell, ...], ...]:
    """Return the header lines: what the columns are, their groups, their names."""
    has_groups = any(column.group for column in table.columns)
    size = 1 + has_groups + bool(table.column_head)
    words = table.corner_note or table.corner
    corner = Cell(words, True, colspan=depth, rowspan=size, scope="col")
    lines: list[list[Cell]] = [[] for _ in range(size)]
    if table.column_head:
        lines[0].append(Cell(table.column_head, True, colspan=len(table.columns), scope="col"))
    for group, members in groupby(table.columns, key=lambda column: column.group):
        names = [column.label for column in members]
        if group:
            lines[-2].append(Cell(group, True, colspan=len(names), scope="col"))
            lines[-1] += [Cell(name, True, scope="col") for name in names]
        elif has_groups:
            lines[-2] += [Cell(name, True, rowspan=2, scope="col") for name in names]
        else:
            lines[-1] += [Cell(name, True, scope="col") for name in names]
    lines[0].insert(0, corner)
    return tuple(tuple(line) for line in lines)


def _side_by_side(table: FigureTable, cells: Mapping[CellKey, Decimal], dress: Dress) -> Table:
    """Return table four: its rows side by side, one line of figures."""
    size = len(table.columns)
    top: list[Cell] = []
    second: list[Cell] = []
    for header, members in groupby(table.rows, key=lambda row: row.headers):
        rows = list(members)
        if header:
            top.append(Cell(header[0], True, colspan=size * len(rows), scope="col"))
            second += [Cell(row.label, True, colspan=size, scope="col") for row in rows]
        else:
            top += [Cell(row.label, True, colspan=size, rowspan=2, scope="col") for row in rows]
    third = tuple(Cell(c.label, True, scope="col") for _ in table.rows for c in table.columns)
    line = tuple(cell for row in table.rows for cell in _figures(table, cells, dress, row))
    return Table(table.caption, (tuple(top), tuple(second), third), (line,), "wide")


def _upright(table: FigureTable, cells: Mapping[CellKey, Decimal], dress: Dress) -> Table:
    """Return table four for a narrow screen: a line for each of its columns."""
    has_headers = any(row.headers for row in table.rows)
    top = [Cell("", rowspan=1 + has_headers)]
    second: list[Cell] = []
    for header, members in groupby(table.rows, key=lambda row: row.headers):
        rows = list(members)
        if header:
            top.append(Cell(header[0], True, colspan=len(rows), scope="col"))
            second += [Cell(row.label, True, scope="col") for row in rows]
        else:
            top += [Cell(r.label, True, rowspan=1 + has_headers, scope="col") for r in rows]
    lines = tuple(
        (
            Cell(column.label, True, scope="row"),
            *(_figure(table, cells, dress, row.key, column.key, "n-") for row in table.rows),
        )
        for column in table.columns
    )
    head = (tuple(top), tuple(second)) if has_headers else (tuple(top),)
    return Table(table.caption, head, lines, "narrow")


def _tree(table: FigureTable, cells: Mapping[CellKey, Decimal], dress: Dress) -> Table:
    """Return a list of indicators, set in by level, with their units; headings have no figure."""
    head = (table.corner, "单位", *(column.label for column in table.columns))
    rows = []
    for row in table.rows:
        label = Cell(
            f"{row.label}{row.note}",
            True,
            scope="row",
            level=row.level,
            is_heading=row.is_heading,
        )
        figures = (
            tuple(Cell("") for _ in table.columns)
            if row.is_heading
            else _figures(table, cells, dress, row)
        )
        rows.append((label, Cell(row.measure), *figures))
    local = [row.label for row in table.rows if row.is_local and row.is_heading]
    return Table(
        table.caption,
        (tuple(Cell(words, True, scope="col") for words in head),),
        tuple(rows),
        "tree",
        f"本地增设的指标：{'、'.join(local)}" if local else "",
    )


def figure_lines(
    table: FigureTable, cells: Mapping[CellKey, Decimal], dress: Dress = PLAIN
) -> tuple[FigureLine, ...]:
    """Return the rows of a matrix one below the other, those of a heading inside it."""
    return tuple(_lines(table, cells, dress, table.rows, 0))


def _lines(
    table: FigureTable,
    cells: Mapping[CellKey, Decimal],
    dress: Dress,
    rows: Sequence[FigureRow],
    level: int,
) -> Iterator[FigureLine]:
    for header, members in groupby(rows, key=lambda row: row.headers[level : level + 1]):
        held = list(members)
        if not header:
            yield from (_line(table, cells, dress, row) for row in held)
            continue
        total = _total_column(table).key
        values = [cells.get((table.key, row.key, total)) for row in held]
        known = [value for value in values if value is not None]
        # the outermost heading has a total of its own among its rows
        is_summed = level > 0 and len(known) == len(values)
        yield FigureLine(
            anchor=_line_anchor(table.key, f"{held[0].key}-{level}"),
            label=header[0],
            value=formats.number(sum(known, Decimal(0))) if is_summed else "",
            is_subtotal=is_summed,
            marks=dress.marks(*((table.key, r.key, c.key) for r in held for c in table.columns))
            if level > 0
            else (),
            lines=tuple(_lines(table, cells, dress, held, level + 1)),
        )


def _line(
    table: FigureTable, cells: Mapping[CellKey, Decimal], dress: Dress, row: FigureRow
) -> FigureLine:
    """Return one row: its total, and its other figures where one of them is not zero."""
    total = _total_column(table)
    keys = {column.key: (table.key, row.key, column.key) for column in table.columns}
    text = figure_text(cells, dress.texts, keys[total.key])
    others = [column for column in table.columns if column is not total]
    if dress.links.get(keys[total.key]):
        others.append(total)  # its link may not stand in what opens the row
    has_parts = any(cells.get(key) != 0 for key in keys.values()) and any(
        key in cells for key in keys.values()
    )
    return FigureLine(
        anchor=_line_anchor(table.key, row.key),
        label=row.label,
        value=text,
        is_blank=not text,
        marks=dress.marks(*keys.values()),
        parts=tuple(
            Fact(
                _column_name(column),
                figure_text(cells, dress.texts, keys[column.key]),
                dress.links.get(keys[column.key], ""),
            )
            for column in others
        )
        if has_parts
        else (),
    )


def _column_name(column: FigureColumn) -> str:
    if column.group and column.label == _AMBIGUOUS:
        return f"{column.label}（{column.group}）"
    return column.label


def _total_column(table: FigureTable) -> FigureColumn:
    """Return the column that counts all applicants, or the last one."""
    return next((c for c in table.columns if c.applicant == TOTAL), table.columns[-1])


def _line_anchor(table: str, row: str) -> str:
    return f"n-{table}-{row}"
