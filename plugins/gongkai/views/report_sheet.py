"""A form's tables onto one worksheet, laid out as printed, with live totals and checks beside them.

The same sheet is handed out empty, to be filled in, and published with a report's figures. It
knows nothing of any file format: formulas are parts, and cells are told by row and column from 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Literal

from gongkai.domain.reports.figures import Figures
from gongkai.domain.reports.form import (
    NUMBERS,
    CellKey,
    Equation,
    FigureColumn,
    FigureRow,
    FigureTable,
    Kind,
    Limit,
    ReportForm,
)

SHEET_NAME = "年报表格"
EVEN, UNEVEN = "平", "不平"
CHECK_HEAD, CHECK_LABEL = "勾稽核对", "核对项"
PAGE_PIXELS = 680  # the width of A4 between margins of 15 mm
WIDE_PAGE_PIXELS = 1000
CHARACTER_PIXELS = 13.4  # a Chinese character of 10 points
LINE_POINTS = 13.5
GAP_PIXELS = 14
HOW_TO_FILL = (
    "填写说明：白色格子填数字，没有发生的填 0，不要留空；灰色的总计由公式算出；"
    "右侧“勾稽核对”出现“不平”时请查对本行或所列各格。填好后保存，不必改动表头和行名。"
)

Style = Literal[
    "title",
    "line",
    "line_right",
    "heading",
    "caption",
    "head",
    "label",
    "group",
    "heading_label",
    "unit",
    "number",
    "total",
    "text",
    "blank",
    "note",
    "check_head",
    "check_label",
    "check",
    "summary",
]


@dataclass(frozen=True, slots=True)
class Ref:
    """A cell of the sheet, from 0."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """A range of cells in one row or one column."""

    first: Ref
    last: Ref


Formula = tuple[str | Ref | Span, ...]


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One cell with what it shows; with a formula, ``text`` or ``number`` is its result.

    ``kind`` is what may be typed into an unlocked cell, ``level`` sets a label in.
    """

    column: int
    text: str = ""
    number: Decimal | None = None
    formula: Formula = ()
    style: Style = "label"
    colspan: int = 1
    rowspan: int = 1
    is_locked: bool = True
    kind: Kind | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the sheet; the height is in points."""

    height: float
    cells: tuple[SheetCell, ...]


@dataclass(frozen=True, slots=True)
class SheetView:
    """A whole worksheet; widths are in pixels.

    The first ``printed_columns`` are the form itself, what stands right of them is not printed.
    ``repeated`` rows head every page; a page begins at each row of ``breaks``.
    """

    name: str
    title: str
    agency: str
    year: int
    widths: tuple[int, ...]
    rows: tuple[SheetRow, ...]
    printed_columns: int
    repeated: tuple[int, int]
    breaks: tuple[int, ...] = ()
    is_landscape: bool = False


def sheet_view(
    form: ReportForm, title: str, agency: str, year: int, figures: Figures | None
) -> SheetView:
    """Return the sheet of a form, empty where there are no figures yet.

    A published figure is never replaced: a total stands as a formula only where the formula
    gives the figure that was published.
    """
    return _Layout(form, title, agency, year, figures).view()


@dataclass
class _Layout:
    """The sheet while it is laid out: cells by row, where each figure stands, open checks."""

    form: ReportForm
    title: str
    agency: str
    year: int
    figures: Figures | None
    cells: dict[int, list[SheetCell]] = field(default_factory=dict)
    at: dict[CellKey, Ref] = field(default_factory=dict)
    breaks: list[int] = field(default_factory=list)
    row: int = 0

    def __post_init__(self) -> None:
        tables = self.form.tables
        self.is_tree = bool(tables) and all(table.layout == "tree" for table in tables)
        self.is_landscape = False
        if self.is_tree:
            columns = max(len(table.columns) for table in tables)
            rest = PAGE_PIXELS - 70 - 140 * columns
            self.widths = [max(rest, 200), 70, *[140] * columns]
        else:
            size = max((_columns_needed(table) for table in tables), default=10)
            self.is_landscape = size > 20
            pixels = WIDE_PAGE_PIXELS if self.is_landscape else PAGE_PIXELS
            self.widths = [pixels // size] * size
        self.size = len(self.widths)
        self.totals = _totals(self.form)
        self.check_column = self.size + 1
        self.panel_column = self.size + 3

    def view(self) -> SheetView:
        """Lay out the whole sheet."""
        half = self.size // 2
        self._put(SheetCell(0, self.title, style="title", colspan=self.size))
        self.row += 1
        self._put(SheetCell(0, f"填报单位：{self.agency}", style="line", colspan=half))
        year = f"统计年度：{self.year}年"
        self._put(SheetCell(half, year, style="line_right", colspan=self.size - half))
        self.row += 1
        header = self.row
        placed: set[str] = set()
        for part in self.form.parts:
            tables = [table for key in part.tables if (table := self.form.table(key))]
            if tables and not self.is_tree:
                self._part(part.heading)
            for table in tables:
                placed.add(table.key)
                self._table(table, part.label)
        for table in self.form.tables:
            if table.key not in placed:
                self._table(table, "")
        self._checks()
        if self.figures is None:
            self._put(SheetCell(0, HOW_TO_FILL, style="note", colspan=self.size))
            self.row += 1
        repeated = (0, header) if self.is_tree else (0, 1)
        widths = [*self.widths, GAP_PIXELS, 74, GAP_PIXELS, 420, 60]
        return SheetView(
            SHEET_NAME,
            self.title,
            self.agency,
            self.year,
            tuple(widths),
            tuple(
                SheetRow(self._height(n), tuple(sorted(cells, key=lambda cell: cell.column)))
                for n in range(max(self.cells) + 1)
                for cells in [self.cells.get(n, [])]
            ),
            self.size,
            repeated,
            tuple(self.breaks),
            self.is_landscape,
        )

    def _put(self, cell: SheetCell, row: int | None = None) -> None:
        self.cells.setdefault(self.row if row is None else row, []).append(cell)

    def _part(self, heading: str) -> None:
        if self.row > 3:
            self.row += 1
        if heading:
            self._put(SheetCell(0, heading, style="heading", colspan=self.size))
            self.row += 1

    def _table(self, table: FigureTable, above: str) -> None:
        if table.layout == "matrix" and self.row > 3:
            self.breaks.append(self.row - 1)
        if table.caption and table.caption != above and not self.is_tree:
            self._put(SheetCell(0, table.caption, style="caption", colspan=self.size))
            self.row += 1
        if table.layout == "wide":
            self._wide(table)
            return
        depth = max((len(row.headers) for row in table.rows), default=0) + 1
        if table.layout == "tree":
            labels, spans = self._tree_spans(table)
        else:
            labels, spans = self._spans(table, depth)
        first = self.row
        self._head(table, labels, spans)
        has_checks = any(_is_row_check(rule, table) for rule in self._rules())
        if has_checks:
            head = SheetCell(
                self.check_column, CHECK_HEAD, style="check_head", rowspan=self.row - first
            )
            self._put(head, first)
        seen: set[tuple[str, ...]] = set()
        for row in table.rows:
            self._labels(table, row, labels, seen)
            column = sum(labels)
            if table.layout == "tree":
                unit = labels[-1]
                self._put(SheetCell(column - unit, row.measure, style="unit", colspan=unit))
            for one, span in zip(table.columns, spans, strict=True):
                if row.is_heading:
                    self._put(SheetCell(column, style="blank", colspan=span))
                else:
                    self._figure(table, row, one, column, span)
                column += span
            self.row += 1

    def _spans(self, table: FigureTable, depth: int) -> tuple[list[int], list[int]]:
        """Share the sheet's columns out to the labels, by depth, and to the figures."""
        count = len(table.columns)
        if depth > 1 or table.layout == "matrix":
            each = 1
        else:
            each = max(1, round(self.size * 0.6) // count)
        rest = self.size - each * count
        outer = [max(1, rest * (n + 1) // 8) for n in range(depth - 1)]
        return [*outer, rest - sum(outer)], [each] * count

    def _tree_spans(self, table: FigureTable) -> tuple[list[int], list[int]]:
        count = len(table.columns)
        if self.is_tree:
            return [self.size - 1 - count, 1], [1] * count
        each = max(1, self.size // 5 // count)
        unit = max(1, self.size // 8)
        return [self.size - unit - each * count, unit], [each] * count

    def _head(self, table: FigureTable, labels: Sequence[int], spans: Sequence[int]) -> None:
        has_groups = any(column.group for column in table.columns)
        size = 1 + has_groups + bool(table.column_head)
        label = sum(labels)
        if table.layout == "tree":
            first = SheetCell(0, table.corner, style="head", colspan=labels[0], rowspan=size)
            unit = SheetCell(labels[0], "单位", style="head", colspan=labels[1], rowspan=size)
            self._put(first)
            self._put(unit)
        else:
            words = table.corner_note or table.corner
            self._put(SheetCell(0, words, style="head", colspan=label, rowspan=size))
        row, column = self.row, label
        if table.column_head:
            whole = SheetCell(label, table.column_head, style="head", colspan=sum(spans))
            self._put(whole, row)
            row += 1
        at = 0
        for group, members in groupby(table.columns, key=lambda one: one.group):
            names = [one.label for one in members]
            width = sum(spans[at : at + len(names)])
            if group:
                self._put(SheetCell(column, group, style="head", colspan=width), row)
            for name, span in zip(names, spans[at : at + len(names)], strict=True):
                rows = 1 if group or not has_groups else 2
                cell = SheetCell(column, name, style="head", colspan=span, rowspan=rows)
                self._put(cell, row + 1 if group else row)
                column += span
            at += len(names)
        self.row += size

    def _labels(
        self,
        table: FigureTable,
        row: FigureRow,
        labels: Sequence[int],
        seen: set[tuple[str, ...]],
    ) -> None:
        if table.layout == "tree":
            style: Style = "heading_label" if row.is_heading else "label"
            text = f"{row.label}{row.note}"
            self._put(SheetCell(0, text, style=style, colspan=labels[0], level=row.level))
            return
        column = 0
        for level, _ in enumerate(row.headers):
            prefix = row.headers[: level + 1]
            if prefix not in seen:
                seen.add(prefix)
                span = sum(one.headers[: level + 1] == prefix for one in table.rows)
                self._put(
                    SheetCell(
                        column, prefix[-1], style="group", colspan=labels[level], rowspan=span
                    )
                )
            column += labels[level]
        self._put(SheetCell(column, row.label, style="label", colspan=sum(labels) - column))

    def _wide(self, table: FigureTable) -> None:
        """Put the rows of a table side by side above one line of figures."""
        rows = table.data_rows
        each = max(1, self.size // (len(table.columns) * len(rows)))
        width = each * len(table.columns)
        first, column = self.row, 0
        for headers, members in groupby(rows, key=lambda row: row.headers):
            held = list(members)
            if headers:
                top = SheetCell(column, headers[0], style="head", colspan=width * len(held))
                self._put(top, first)
            for row in held:
                line, tall = (first + 1, 1) if headers else (first, 2)
                name = SheetCell(column, row.label, style="head", colspan=width, rowspan=tall)
                self._put(name, line)
                for one in table.columns:
                    self._put(SheetCell(column, one.label, style="head", colspan=each), first + 2)
                    self.row = first + 3
                    self._figure(table, row, one, column, each)
                    column += each
        self.row = first + 4

    def _figure(
        self, table: FigureTable, row: FigureRow, column: FigureColumn, at: int, span: int
    ) -> None:
        """Put the cell of one figure; formulas wait until every figure has its place."""
        key = (table.key, row.key, column.key)
        self.at[key] = Ref(self.row, at)
        kind = table.unit(row.key, column.key)
        number = self.figures.cells.get(key) if self.figures else None
        text = self.figures.texts.get(key, "") if self.figures else ""
        is_total = key in self.totals and self._is_formula(key)
        style: Style = "total" if is_total else "number" if kind in NUMBERS else "text"
        self._put(
            SheetCell(at, text, number, style=style, colspan=span, is_locked=is_total, kind=kind)
        )

    def _is_formula(self, key: CellKey) -> bool:
        """Tell whether the form's equation gives the figure that is there."""
        if self.figures is None:
            return True
        return self.figures.cells.get(key) == self._sum(self.totals[key])

    def _sum(self, parts: Sequence[CellKey]) -> Decimal | None:
        cells = self.figures.cells if self.figures else {}
        values = [cells[part] for part in parts if part in cells]
        needed = 1 if self.form.blank_is_zero else len(parts)
        return sum(values, Decimal(0)) if len(values) >= needed else None

    def _rules(self) -> Iterator[Equation | Limit]:
        yield from self.form.equations
        yield from self.form.limits

    def _checks(self) -> None:
        """Turn totals into formulas and put each check beside its line or on the list."""
        for key, parts in self.totals.items():
            if key in self.at and self._is_formula(key):
                self._replace(key, self._total_formula(parts))
        results: list[Ref] = []
        listed = self.panel_column
        rows: list[tuple[str, Formula, str]] = []
        beside: dict[int, tuple[Formula, str]] = {}
        first = min(ref.row for ref in self.at.values()) - 1 if self.at else 3
        for rule in self._rules():
            table = self.form.table(rule.table)
            if table is None:
                continue
            for line, name in _lines(rule, table):
                sides = _sides(rule, line)
                if any(key not in self.at for side in sides for key in side):
                    continue
                formula, text = self._check(sides, rule)
                row = self.at[sides[0][0]].row
                if _is_row_check(rule, table) and row not in beside:
                    beside[row] = (formula, text)
                else:
                    rows.append((_words(rule, name, table), formula, text))
        for row, (formula, text) in beside.items():
            cell = SheetCell(self.check_column, text, formula=formula, style="check")
            self._put(cell, row)
            results.append(Ref(row, self.check_column))
        if rows:
            first = max(first, 2)
            self._put(SheetCell(listed, CHECK_LABEL, style="check_head"), first)
            self._put(SheetCell(listed + 1, "结果", style="check_head"), first)
            for n, (words, formula, text) in enumerate(rows, first + 1):
                self._put(SheetCell(listed, words, style="check_label"), n)
                self._put(SheetCell(listed + 1, text, formula=formula, style="check"), n)
                results.append(Ref(n, listed + 1))
        if results:
            self._summary(results)

    def _replace(self, key: CellKey, formula: Formula) -> None:
        ref = self.at[key]
        line = self.cells[ref.row]
        at = next(n for n, cell in enumerate(line) if cell.column == ref.column)
        old = line[at]
        line[at] = SheetCell(
            old.column,
            old.text,
            old.number,
            formula,
            "total",
            old.colspan,
            old.rowspan,
            is_locked=True,
            kind=old.kind,
        )

    def _total_formula(self, parts: Sequence[CellKey]) -> Formula:
        """Return the sum of some cells, nothing while one of them is blank.

        Where the form takes blanks as zero, nothing only while all of them are blank.
        """
        cells = _joined([self.at[part] for part in parts])
        if self.form.blank_is_zero:
            return ("IF(COUNT(", *cells, ')=0,"",SUM(', *cells, "))")
        return ("IF(COUNT(", *cells, f")={len(parts)},SUM(", *cells, '),"")')

    def _check(
        self, sides: tuple[tuple[CellKey, ...], ...], rule: Equation | Limit
    ) -> tuple[Formula, str]:
        """Return the formula of a check and what it says of the figures that are there."""
        left, right = ([self.at[key] for key in side] for side in sides)
        everything = _joined([*left, *right])
        count = len({*left, *right})
        is_open = "=0" if self.form.blank_is_zero else f"<{count}"
        sign = "=" if isinstance(rule, Equation) else "<="
        formula: Formula = (
            "IF(COUNT(",
            *everything,
            f'){is_open},"",IF(ROUND(SUM(',
            *_joined(left),
            ")-SUM(",
            *_joined(right),
            f'),6){sign}0,"{EVEN}","{UNEVEN}"))',
        )
        cells = self.figures.cells if self.figures else {}
        keys = [key for side in sides for key in side]
        known = sum(key in cells for key in set(keys))
        if known == 0 or (known < count and not self.form.blank_is_zero):
            return formula, ""
        one, other = (
            sum((cells.get(key, Decimal(0)) for key in side), Decimal(0)) for side in sides
        )
        holds = one == other if isinstance(rule, Equation) else one <= other
        return formula, EVEN if holds else UNEVEN

    def _summary(self, results: list[Ref]) -> None:
        """Put what all checks say together beside the title."""
        columns = [self.check_column, self.panel_column + 1]
        ranges = []
        for column in columns:
            rows = [ref.row for ref in results if ref.column == column]
            if rows:
                ranges.append(Span(Ref(min(rows), column), Ref(max(rows), column)))
        uneven = _counted(ranges, UNEVEN)
        even = _counted(ranges, EVEN)
        formula: Formula = (
            "IF((",
            *uneven,
            ")>0,(",
            *uneven,
            ')&"处不平，请查对",IF((',
            *even,
            f')<{len(results)},"尚未填完","全部相平"))',
        )
        texts = [
            cell.text for line in self.cells.values() for cell in line if cell.style == "check"
        ]
        wrong, right = texts.count(UNEVEN), texts.count(EVEN)
        said = "全部相平" if right == len(results) else "尚未填完"
        said = f"{wrong}处不平，请查对" if wrong else said
        self._put(SheetCell(self.panel_column, said, formula=formula, style="summary"), 1)

    def _height(self, row: int) -> float:
        """Return a height at which the longest text of a row fits."""
        if row == 0:
            return 36.0
        lines = 1.0
        for cell in self.cells.get(row, ()):
            if cell.style in ("check_label", "summary", "line", "line_right"):
                continue
            widths = self.widths[cell.column : cell.column + cell.colspan]
            room = sum(widths) - 8 - 12 * cell.level
            if room > 0 and cell.text:
                needed = _text_pixels(cell.text)
                per_line = max(room // CHARACTER_PIXELS, 1) * CHARACTER_PIXELS
                lines = max(lines, -(-needed // per_line) / cell.rowspan)
        least = 22.0 if row in {self.at[key].row for key in self.at} else 20.0
        if not self.cells.get(row):
            return 10.0
        return max(least, round(lines * LINE_POINTS + 5))


def _columns_needed(table: FigureTable) -> int:
    """Return how many columns of one grid a table wants."""
    count = len(table.columns)
    if table.layout == "wide":
        return count * len(table.data_rows)
    depth = max((len(row.headers) for row in table.rows), default=0) + 1
    if table.layout == "matrix" or depth > 1:
        return count + 2 * depth + 2
    return max(10, count + 4)


def _totals(form: ReportForm) -> Mapping[CellKey, tuple[CellKey, ...]]:
    """Return the figures that an equation defines as a sum, each with its parts.

    An equation that only warns defines nothing, and no figure becomes a part of itself.
    """
    found: dict[CellKey, tuple[CellKey, ...]] = {}
    for rule in form.equations:
        table = form.table(rule.table)
        if table is None or len(rule.left) != 1 or rule.severity != "error":
            continue
        for line, _ in _lines(rule, table):
            (total,), parts = _sides(rule, line)
            is_number = all(table.unit(*key[1:]) in NUMBERS for key in (total, *parts))
            if total not in found and is_number and total not in _inner(found, parts):
                found[total] = parts
    return found


def _inner(found: Mapping[CellKey, tuple[CellKey, ...]], parts: Sequence[CellKey]) -> set[CellKey]:
    """Return every cell that some parts are added up from."""
    reached: set[CellKey] = set()
    waiting = list(parts)
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting += found.get(key, ())
    return reached


def _lines(rule: Equation | Limit, table: FigureTable) -> list[tuple[str, str]]:
    """Return the key and the label of each line that a rule is about."""
    if rule.axis == "row":
        return [(row.key, row.label) for row in table.data_rows]
    return [(column.key, column.label) for column in table.columns]


def _sides(rule: Equation | Limit, line: str) -> tuple[tuple[CellKey, ...], tuple[CellKey, ...]]:
    left = rule.left if isinstance(rule, Equation) else rule.smaller
    right = rule.right if isinstance(rule, Equation) else rule.larger

    def keys(side: tuple[str, ...]) -> tuple[CellKey, ...]:
        if rule.axis == "row":
            return tuple((rule.table, line, key) for key in side)
        return tuple((rule.table, key, line) for key in side)

    return keys(left), keys(right)


def _is_row_check(rule: Equation | Limit, table: FigureTable) -> bool:
    """Tell whether a rule is about the cells of one printed row."""
    return rule.table == table.key and rule.axis == "row" and table.layout != "wide"


def _words(rule: Equation | Limit, line: str, table: FigureTable) -> str:
    """Return what a check compares, in words."""
    if rule.words:
        words = rule.words
    else:
        left = rule.left if isinstance(rule, Equation) else rule.smaller
        right = rule.right if isinstance(rule, Equation) else rule.larger
        sign = "＝" if isinstance(rule, Equation) else "≤"
        words = f"{_sum_words(left, rule, table)}{sign}{_sum_words(right, rule, table)}"
    return words if len(table.columns) == 1 and rule.axis == "column" else f"{line}：{words}"


def _sum_words(keys: Sequence[str], rule: Equation | Limit, table: FigureTable) -> str:
    labels = [
        table.column_of[key].label if rule.axis == "row" else table.row_of[key].label
        for key in keys
    ]
    if len(labels) > 4:
        return f"{labels[0]}至{labels[-1]}{len(labels)}项之和"
    return "＋".join(labels)


def _joined(refs: Sequence[Ref]) -> Formula:
    """Return cells as arguments of a function, neighbours as ranges."""
    pieces: list[str | Ref | Span] = []
    run: list[Ref] = []

    def close() -> None:
        if run:
            pieces.append("," if pieces else "")
            pieces.append(run[0] if len(run) == 1 else Span(run[0], run[-1]))

    for ref in refs:
        if run and not _follows(run, ref):
            close()
            run = []
        run.append(ref)
    close()
    return tuple(piece for piece in pieces if piece != "")


def _follows(run: list[Ref], ref: Ref) -> bool:
    last = run[-1]
    down = ref.column == last.column and ref.row == last.row + 1
    across = ref.row == last.row and ref.column == last.column + 1
    if len(run) == 1:
        return down or across
    return down if run[0].column == last.column else across


def _counted(ranges: Sequence[Span], text: str) -> Formula:
    pieces: list[str | Ref | Span] = []
    for one in ranges:
        pieces += ["+COUNTIF(" if pieces else "COUNTIF(", one, f',"{text}")']
    return tuple(pieces)


def _text_pixels(text: str) -> float:
    """Return about how wide a text of 10 points is."""
    return sum(CHARACTER_PIXELS if ord(c) > 0x2E80 or c in "“”‘’—…" else 7 for c in text)
