"""The figures of one report: what was written, in whichever of three ways, and from where.

A figure stands in the front matter, on a sheet beside it, or is counted by the site. One cell
comes from one of them. A computed figure may be overridden, with a reason that is printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from gongkai.domain.entry import Finding
from gongkai.domain.reports.form import NUMBERS, CellKey, Equation, FigureTable, Kind, ReportForm
from gongkai.domain.reports.report import AnnualReport
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.text import nearest

ALL = "all"
SEVERAL = 5  # so many figures of one table with the same slip are told one by one
HINTED = 20  # so many strange names are compared with every known one
_COUNT = re.compile(r"0|[1-9][0-9]{0,11}")
_MONEY = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?")
_CHANGE = re.compile(r"[-+−]?(0|[1-9][0-9]{0,11})")
_FLAGS = {"是": "是", "有": "是", "true": "是", "否": "否", "无": "否", "false": "否"}
_EXPECTED: dict[Kind, tuple[str, str]] = {
    "count": ("不小于零的整数", "a whole number of 0 or more"),
    "money": ("不小于零的金额", "an amount of 0 or more"),
    "change": ("带正负号的整数", "a whole number with its sign"),
    "rate": ("不小于零的数", "a number of 0 or more"),
    "flag": ("“是”或“否”", "是 or 否"),
    "text": ("一段文字", "a text"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that a computed figure counts: an entry, a row of the register or of decisions.

    ``ref`` is an index number, or the row's own identifier within its file; ``weight`` is what it
    adds to the figure.
    """

    kind: Literal["entry", "request", "decision"]
    ref: str
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Count:
    """A figure that the site counted, with everything that it counts."""

    value: Decimal
    counted: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure comes from; ``computed`` is the site's own count beside an override."""

    kind: Literal["written", "sheet", "computed", "overridden"]
    place: Place
    computed: Decimal | None = None
    counted: tuple[Counted, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Figures:
    """The figures of one report, by cell; a missing cell is not in the mapping."""

    cells: Mapping[CellKey, Decimal]
    texts: Mapping[CellKey, str] = field(default_factory=dict)
    origins: Mapping[CellKey, Origin] = field(default_factory=dict)

    def has(self, cell: CellKey) -> bool:
        """Tell whether a cell was filled in."""
        return cell in self.cells or cell in self.texts


@dataclass(frozen=True)
class SheetFigures:
    """The texts of a sheet beside a report, by cell, each with its row and column.

    ``blank`` are cells with a place and no text; ``told`` are doubtful, as problems say already.
    """

    path: str
    texts: Mapping[CellKey, tuple[str, int, int]]
    blank: Mapping[CellKey, tuple[int, int]] = field(default_factory=dict)
    told: frozenset[CellKey] = frozenset()


@dataclass(frozen=True, slots=True)
class _Written:
    """One text that was written for a cell, and where."""

    text: str
    origin: Origin


def read_tables(
    tables: Mapping[str, Mapping[str, Any]], form: ReportForm, prefix: str = "tables"
) -> tuple[dict[CellKey, tuple[str, str]], list[Finding]]:
    """Return the text and dotted path of each cell of written tables, and keys nobody knows."""
    found: list[Finding] = []
    texts: dict[CellKey, tuple[str, str]] = {}
    known = [table.key for table in form.tables]
    for key in tables:
        if form.table(key) is None:
            found.append(_unknown(form, f"{prefix}.{key}", key, known))
    for table in form.tables:
        rows = tables.get(table.key, {})
        if not isinstance(rows, Mapping):
            facts = {"value": str(rows), "expected": "“行: 数字”的列表", "expected_en": "rows"}
            found.append(Finding(p.BAD_FIGURE, f"{prefix}.{table.key}", facts))
            continue
        keys = [row.key for row in table.data_rows]
        for key in rows:
            if key not in keys:
                found.append(_unknown(form, f"{prefix}.{table.key}.{key}", key, keys))
        for row in keys:
            path = f"{prefix}.{table.key}.{row}"
            values, slips = _row_values(table, rows.get(row), path, form)
            found.extend(slips)
            for column, value in values.items():
                texts[table.key, row, column] = value
    return texts, found


def _row_values(
    table: FigureTable, written: object, path: str, form: ReportForm
) -> tuple[dict[str, tuple[str, str]], list[Finding]]:
    """Return the row's texts and their paths by column; a row is a list or a mapping."""
    columns = [column.key for column in table.columns]
    if isinstance(written, list):
        found = []
        if len(written) > len(columns):
            facts = {
                "value": f"第{len(columns) + 1}个数",
                "expected": f"这一行的数：只有{len(columns)}格",
                "expected_en": f"one of the {len(columns)} figures of this row",
            }
            found.append(Finding(p.BAD_FIGURE, f"{path}.{len(columns)}", facts))
        pairs = zip(columns, written, strict=False)
        return {key: (str(v), f"{path}.{i}") for i, (key, v) in enumerate(pairs) if v != ""}, found
    if isinstance(written, dict):
        slips = [
            _unknown(form, f"{path}.{key}", key, columns) for key in written if key not in columns
        ]
        return {
            k: (str(written[k]), f"{path}.{k}") for k in columns if written.get(k, "") != ""
        }, slips
    if isinstance(written, str) and written:
        if len(columns) == 1:
            return {columns[0]: (written, path)}, []
        facts = {
            "value": written,
            "expected": f"{len(columns)}个数的列表，如 [0, 0, 0]",
            "expected_en": f"a list of {len(columns)} figures",
        }
        return {}, [Finding(p.BAD_FIGURE, path, facts)]
    return {}, []


def _unknown(form: ReportForm, path: str, key: str, known: list[str]) -> Finding:
    return Finding(
        p.UNKNOWN_CELL, path, {"key": key, "form": form.name, **p.hint(nearest(key, known))}
    )


def read_figures(report: AnnualReport, form: ReportForm) -> tuple[Figures, list[Finding]]:
    """Return the figures that stand in the front matter, and what is wrong with their writing.

    What is missing is told by ``resolve``, which knows the other two ways.
    """
    texts, found = read_tables(report.tables, form)
    cells: dict[CellKey, Decimal] = {}
    words: dict[CellKey, str] = {}
    for cell, (text, path) in texts.items():
        slip = _take(form, cell, text, cells, words)
        if slip:
            found.append(Finding(p.BAD_FIGURE, path, slip))
    return Figures(cells, words), found


def own_figures(report: AnnualReport, form: ReportForm) -> tuple[Figures, list[Finding]]:
    """Return the body's own figures within a consolidated report."""
    texts, found = read_tables(report.own_tables, form, "own_tables")
    cells: dict[CellKey, Decimal] = {}
    words: dict[CellKey, str] = {}
    for cell, (text, path) in texts.items():
        slip = _take(form, cell, text, cells, words)
        if slip:
            found.append(Finding(p.BAD_FIGURE, path, slip))
    return Figures(cells, words), found


def _take(
    form: ReportForm,
    cell: CellKey,
    text: str,
    cells: dict[CellKey, Decimal],
    words: dict[CellKey, str],
) -> dict[str, str] | None:
    """Put a text into its cell by the cell's kind, or return what was expected instead."""
    table = form.table(cell[0])
    assert table is not None, "the cell is of this form"
    kind = table.unit(cell[1], cell[2])
    value = read_value(text, kind)
    if value is None:
        zh, en = _EXPECTED[kind]
        return {"value": text, "expected": zh, "expected_en": en}
    if isinstance(value, Decimal):
        cells[cell] = value
    else:
        words[cell] = value
    return None


def read_value(text: str, kind: Kind) -> Decimal | str | None:
    """Return what a written figure says by its kind: a number, 是/否 or a text."""
    text = text.strip()
    if kind == "text":
        return text
    if kind == "flag":
        return _FLAGS.get(text.lower())
    pattern = {"count": _COUNT, "change": _CHANGE}.get(kind, _MONEY)
    return Decimal(text.replace("−", "-")) if pattern.fullmatch(text) else None


def cell_path(report: AnnualReport, table: FigureTable, row: str, column: str) -> str:
    """Return the dotted path under which a cell is, or would be, written."""
    written = report.tables.get(table.key, {}).get(row)
    if isinstance(written, list):
        position = [c.key for c in table.columns].index(column)
        return f"tables.{table.key}.{row}.{position}"
    path = f"tables.{table.key}.{row}"
    return f"{path}.{column}" if isinstance(written, dict) else path


def chosen(
    form: ReportForm, computed: tuple[str, ...]
) -> tuple[set[CellKey], list[tuple[int, str]]]:
    """Return the cells that ``computed`` names by table, row or cell, and names that fit none."""
    cells = list(form.cells())
    taken: set[CellKey] = set()
    strange = []
    names: dict[str, list[CellKey]] = {ALL: cells}
    for cell in cells:
        for parts in (1, 2, 3):
            names.setdefault(".".join(cell[:parts]), []).append(cell)
    for n, name in enumerate(computed):
        fitting = names.get(name, [])
        if not fitting:
            strange.append((n, name))
        taken.update(fitting)
    return taken, strange


def resolve(
    path: str,
    report: AnnualReport,
    form: ReportForm,
    sheet: SheetFigures | None,
    counts: Mapping[CellKey, Count],
    at: Any,
) -> tuple[Figures, list[p.Problem]]:
    """Return the figures of a report from all three ways, and what is missing or written twice.

    ``counts`` are the cells that the site can count; ``at`` gives the place of a dotted path.
    """
    problems: list[p.Problem] = []
    written, slips = read_tables(report.tables, form)
    lines = {slip.field for slip in slips}  # what is wrong with a whole row was told on reading
    refused = {
        cell
        for cell in form.cells()
        if {f"tables.{cell[0]}", f"tables.{cell[0]}.{cell[1]}", f"tables.{'.'.join(cell)}"} & lines
    }
    sources: dict[CellKey, _Written] = {
        cell: _Written(text, Origin("written", at(dotted)))
        for cell, (text, dotted) in written.items()
    }
    for cell, (text, line, column) in (sheet.texts if sheet else {}).items():
        place = Place(sheet.path, line, column) if sheet else Place(path)
        if cell in sources:
            facts = {"label": form.name_of(cell), "other": str(sources[cell].origin.place)}
            problems.append(p.Problem(p.FIGURE_TWICE, place, facts))
            continue
        sources[cell] = _Written(text, Origin("sheet", place))
    cells: dict[CellKey, Decimal] = {}
    words: dict[CellKey, str] = {}
    origins: dict[CellKey, Origin] = {}
    for cell, one in sources.items():
        slip = _take(form, cell, one.text, cells, words)
        origins[cell] = one.origin
        if slip and one.origin.kind == "sheet":  # the front matter's slips were told on reading
            problems.append(p.Problem(p.BAD_FIGURE, one.origin.place, slip))
    wanted, strange = chosen(form, report.computed)
    for n, name in strange:
        near = nearest(name, _names(form)) if n < HINTED else None
        facts = {"key": name, "form": form.name, **p.hint(near)}
        problems.append(p.Problem(p.UNKNOWN_CELL, at(f"computed.{n}"), facts))
    if wanted and report.scope == "consolidated":
        problems.append(p.Problem(p.COMPUTED_CONSOLIDATED, at("computed")))
    is_all = ALL in report.computed
    uncounted: list[CellKey] = []
    twice = [cell for cell in form.cells() if cell in wanted and cell in sources and not is_all]
    for table in form.tables:
        held = [cell for cell in twice if cell[0] == table.key]
        if len(held) > SEVERAL:  # a whole table is one slip, not two hundred
            place = sources[held[0]].origin.place
            facts = {"label": table.caption, "other": "computed"}
            problems.append(p.Problem(p.FIGURE_TWICE, place, facts))
            continue
        for cell in held:
            facts = {"label": form.name_of(cell), "other": "computed"}
            problems.append(p.Problem(p.FIGURE_TWICE, sources[cell].origin.place, facts))
    for cell in form.cells():
        if cell not in wanted or cell in sources:
            continue
        count = counts.get(cell)
        if count is None:
            uncounted.append(cell)
            continue
        cells[cell] = count.value
        origins[cell] = Origin("computed", at("computed"), count.value, count.counted)
    if not is_all:
        for label in _labels(form, uncounted, wanted):
            facts = {"label": label}
            problems.append(p.Problem(p.NOTHING_TO_COUNT, at("computed"), facts))
    problems += _override(report, form, cells, words, origins, counts, at)
    _add_up_again(form, cells, origins)
    if not form.blank_is_zero:
        known = {*cells, *words, *sources, *(wanted if not is_all else ())}
        known |= {*(sheet.told if sheet else ()), *refused}
        bad = {cell for cell in sources if cell not in cells and cell not in words}
        problems += _missing(report, form, known, bad, sheet, at)
    return Figures(cells, words, origins), problems


def _labels(form: ReportForm, cells: list[CellKey], asked: set[CellKey]) -> list[str]:
    """Return the names of cells; of a table of which all that was asked is there, the table's."""
    labels = []
    for table in form.tables:
        held = [cell for cell in cells if cell[0] == table.key]
        wanted = sum(cell[0] == table.key for cell in asked)
        if len(held) == wanted > 1:
            labels.append(table.caption)
        else:
            labels += [form.name_of(cell) for cell in held]
    return labels


def _missing(
    report: AnnualReport,
    form: ReportForm,
    known: set[CellKey],
    refused: set[CellKey],
    sheet: SheetFigures | None,
    at: Any,
) -> list[p.Problem]:
    """Return what has no figure from any source: one problem for a cell, or for a whole table."""
    problems = []
    softened = _softened(report)
    beside = Place(sheet.path) if sheet and not report.tables else None
    for table in form.tables:
        cells = [
            (table.key, row.key, column.key) for row in table.data_rows for column in table.columns
        ]
        blank = [c for c in cells if c not in known and table.unit(c[1], c[2]) != "text"]
        blank = _without_totals(form, table.key, blank, refused)
        is_laid_out = sheet is not None and any(cell in sheet.blank for cell in cells)
        if len(blank) > 1 and not is_laid_out and not any(cell in known for cell in cells):
            place = beside or at("tables" if report.tables else "")
            facts = {"label": table.caption}
            problems.append(p.Problem(p.MISSING_TABLE, place, facts, softened))
            continue
        for cell in blank:
            if sheet and cell in sheet.blank:
                at_blank = Place(sheet.path, *sheet.blank[cell])
                facts = {"label": form.name_of(cell)}
                problems.append(p.Problem(p.FIGURE_BLANK, at_blank, facts, softened))
                continue
            dotted = cell_path(report, table, cell[1], cell[2])
            if table.key not in report.tables:
                dotted = "tables" if report.tables else ""
            facts = {"label": form.name_of(cell)}
            problems.append(p.Problem(p.MISSING_CELL, beside or at(dotted), facts, softened))
    return problems


def _without_totals(
    form: ReportForm, table: str, blank: list[CellKey], refused: set[CellKey]
) -> list[CellKey]:
    """Leave out totals that are blank only because an addend is: the addend is what is missing."""
    open_cells = {*blank, *refused}
    totals = set()
    for equation in form.equations:
        at = form.table(equation.table)
        if at is None or equation.table != table or len(equation.left) != 1:
            continue
        for line in at.data_rows if equation.axis == "row" else at.columns:
            total, *parts = _line(equation, line.key)
            if total in open_cells and any(part in open_cells for part in parts):
                totals.add(total)
    kept = [cell for cell in blank if cell not in totals]
    return kept or blank


def _add_up_again(
    form: ReportForm, cells: dict[CellKey, Decimal], origins: dict[CellKey, Origin]
) -> None:
    """Let computed totals follow the figures that were overridden in their line."""
    changed = {cell[0] for cell, origin in origins.items() if origin.kind == "overridden"}
    for _ in range(2):  # the total of totals follows in the second round
        for equation in form.equations:
            table = form.table(equation.table)
            if table is None or table.key not in changed or len(equation.left) != 1:
                continue
            for line in table.data_rows if equation.axis == "row" else table.columns:
                total, *parts = _line(equation, line.key)
                origin = origins.get(total)
                if origin is None or origin.kind != "computed":
                    continue
                if all(part in cells for part in parts):
                    cells[total] = sum((cells[part] for part in parts), Decimal(0))
                    origins[total] = replace(origin, computed=cells[total])


def _line(equation: Equation, line: str) -> list[CellKey]:
    """Return the cells of an equation on one line, the left ones first."""
    keys = (*equation.left, *equation.right)
    if equation.axis == "row":
        return [(equation.table, line, key) for key in keys]
    return [(equation.table, key, line) for key in keys]


def _softened(report: AnnualReport) -> p.Severity | None:
    return p.Severity.NOTE if report.as_printed else None


def _names(form: ReportForm) -> list[str]:
    names = [table.key for table in form.tables]
    for table, row, column in form.cells():
        names += [f"{table}.{row}", f"{table}.{row}.{column}"]
    return names


def _override(
    report: AnnualReport,
    form: ReportForm,
    cells: dict[CellKey, Decimal],
    words: dict[CellKey, str],
    origins: dict[CellKey, Origin],
    counts: Mapping[CellKey, Count],
    at: Any,
) -> list[p.Problem]:
    """Replace computed figures where the agency gives another with a reason."""
    problems = []
    known = {".".join(cell): cell for cell in form.cells()}
    for n, row in enumerate(report.overrides):
        cell = known.get(row.cell)
        place = at(f"overrides.{n}.cell")
        if cell is None:
            facts = {"key": row.cell, "form": form.name, **p.hint(nearest(row.cell, known))}
            problems.append(p.Problem(p.UNKNOWN_CELL, place, facts))
            continue
        origin = origins.get(cell)
        if origin is not None and origin.kind == "overridden":
            facts = {"label": form.name_of(cell), "other": str(origin.place)}
            problems.append(p.Problem(p.FIGURE_TWICE, place, facts))
            continue
        if origin is None or origin.kind != "computed":
            facts = {"label": form.name_of(cell)}
            problems.append(p.Problem(p.NOTHING_TO_OVERRIDE, place, facts))
            continue
        slip = _take(form, cell, row.value, cells, words)
        if slip:
            problems.append(p.Problem(p.BAD_FIGURE, at(f"overrides.{n}.value"), slip))
            continue
        origins[cell] = replace(
            origin, kind="overridden", place=at(f"overrides.{n}.value"), reason=row.reason
        )
    return problems


def is_number(form: ReportForm, cell: CellKey) -> bool:
    """Tell whether a cell holds a number rather than 是/否 or a text."""
    table = form.table(cell[0])
    return table is not None and table.unit(cell[1], cell[2]) in NUMBERS
