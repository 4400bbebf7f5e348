"""Tables from anywhere into the cells of a form: found by their labels, never by guessing.

A table in a Word file, on a sheet or on a page is a ``Grid``: what a merged cell covers tells
where that begins, so that every figure stands under its headers. A form's table is found by the
labels of its rows in the order of the form, its columns by their header cells. What is not found
stays missing, a blank stays a blank, and what could be read in two ways is not read at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from gongkai.domain.reports.form import (
    CellKey,
    FigureRow,
    FigureTable,
    ReportForm,
)
from gongkai.domain.reports.labels import (
    COUNT_UNITS,
    IS_NUMBER,
    Label,
    label_of,
    likeness,
    plain_figure,
    words_of,
)
from gongkai.kernel.text import squeeze

HEADER_LINES = 6  # a header is looked for in so many lines above the first figure
LABEL_CELLS = 6  # and a row's label among so many cells with text from the left
LABEL_POSITIONS = 24  # and so many in all: without merged cells, labels leave blanks behind them
CANDIDATES = 5000  # more lines that look like rows of one table: the file is no form
COPIES = 4  # so many tables that could be the same one are compared


@dataclass(frozen=True, slots=True)
class GridCell:
    """One position of a grid; a merged cell stands at every position that it covers.

    Rows and columns count from 1 as in the file. ``anchor`` is where the merged cell begins; its
    text need not be repeated at what else it covers.
    ``is_total`` marks a sum formula of ours whose result the file does not hold.
    """

    text: str
    row: int
    column: int
    anchor: tuple[int, int] = (0, 0)
    is_total: bool = False

    @property
    def is_merged_copy(self) -> bool:
        """Tell whether the position is covered by a merged cell that begins elsewhere."""
        return self.anchor != (0, 0) and self.anchor != (self.row, self.column)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands in a file; ``name`` is its sheet, caption or the line above it."""

    name: str
    rows: tuple[tuple[GridCell, ...], ...]


class GridText(NamedTuple):
    """A text and where it stands: row and column from 1, the number of the grid from 0."""

    text: str
    row: int
    column: int
    grid: int


@dataclass(frozen=True)
class Matched:
    """What grids hold of a form.

    ``texts`` are figures as written, numbers in plain digits. ``missing`` are cells without one;
    those among them whose place was found are in ``blank`` too. ``ambiguous`` cells have several
    places that disagree. ``unknown`` are labels beside figures that the form does not have.
    """

    form: str
    texts: Mapping[CellKey, GridText]
    missing: tuple[CellKey, ...]
    blank: Mapping[CellKey, GridText] = field(default_factory=dict)
    unknown: tuple[GridText, ...] = ()
    ambiguous: Mapping[CellKey, tuple[GridText, ...]] = field(default_factory=dict)

    @property
    def located(self) -> int:
        """How many cells have a place, filled in or not."""
        return len(self.texts) + len(self.blank) + len(self.ambiguous)


def grid_of(name: str, texts: Iterable[Iterable[str]]) -> Grid:
    """Return a grid without merged cells."""
    return Grid(
        name,
        tuple(
            tuple(GridCell(text, r, c) for c, text in enumerate(line, 1))
            for r, line in enumerate(texts, 1)
        ),
    )


def _filled(grid: Grid) -> Iterator[tuple[GridCell, ...]]:
    """Yield the rows with the text of each merged cell wherever it covers."""
    begins = {
        cell.anchor: cell
        for row in grid.rows
        for cell in row
        if cell.text and cell.anchor == (cell.row, cell.column)
    }
    for row in grid.rows:
        if not any(cell.is_merged_copy for cell in row):
            yield row
            continue
        yield tuple(
            GridCell(begins[cell.anchor].text, cell.row, cell.column, cell.anchor)
            if cell.is_merged_copy and not cell.text and cell.anchor in begins
            else cell
            for cell in row
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a grid: its cells, and each of them once, from left to right."""

    cells: tuple[GridCell, ...]
    once: tuple[tuple[int, GridCell], ...]

    @classmethod
    def of(cls, cells: tuple[GridCell, ...]) -> _Line:
        once: list[tuple[int, GridCell]] = []
        for at, cell in enumerate(cells):
            if at and cell.is_merged_copy and cells[at - 1].anchor == cell.anchor:
                continue
            once.append((at, cell))
        return cls(cells, tuple(once))

    def is_repeated(self, at: int) -> bool:
        """Tell whether the next cell says the same, which is no figure."""
        text = self.once[at][1].text
        is_label = not IS_NUMBER.fullmatch(text)
        return is_label and at + 1 < len(self.once) and self.once[at + 1][1].text == text

    @property
    def is_blank(self) -> bool:
        return not any(cell.text for cell in self.cells)


@dataclass
class _Place:
    """One place where a table of the form could stand, with what its cells hold there."""

    table: int
    grid: int
    lines: tuple[int, ...]
    score: float
    found: dict[CellKey, tuple[GridText, GridCell]] = field(default_factory=dict)
    unclear: dict[CellKey, GridText] = field(default_factory=dict)
    unknown: list[GridText] = field(default_factory=list)
    merged: set[tuple[int, int]] = field(
        default_factory=set
    )  # where figures merged downwards begin


class _Table:
    """The labels of one table of a form, ready to be compared."""

    def __init__(self, table: FigureTable) -> None:
        self.table = table
        # an official misprint and our reading of it are both the row's label
        self.rows = [tuple({label_of(text) for text in _spellings(row)}) for row in table.rows]
        self.headers = [tuple(label_of(text) for text in row.headers) for row in table.rows]
        self.columns = [label_of(column.label) for column in table.columns]
        self.groups = [label_of(column.group) if column.group else None for column in table.columns]
        self.caption = label_of(table.caption)
        self._rows_like: dict[str, tuple[tuple[int, int], ...]] = {}
        self._columns_like: dict[str, tuple[tuple[int, int], ...]] = {}

    def rows_like(self, text: str) -> tuple[tuple[int, int], ...]:
        """Return (row, likeness) of the rows whose label a text could be."""
        if text not in self._rows_like:
            written = label_of(text)
            self._rows_like[text] = tuple(
                (n, max(likeness(label, written) for label in self.rows[n]))
                for n in self._maybe(written)
            )
        return self._rows_like[text]

    def _maybe(self, written: Label) -> list[int]:
        """Return the rows worth comparing: of equal words, or long ones of about equal length."""
        exact = {*self._by_words.get(written.words, ()), *self._by_words.get(written.short, ())}
        rows = exact or {
            n for n, size in self._lengths if size > 5 and abs(size - len(written.words)) < 2
        }
        return sorted(n for n in rows if any(likeness(label, written) for label in self.rows[n]))

    @cached_property
    def _by_words(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for n, labels in enumerate(self.rows):
            for label in labels:
                found.setdefault(label.words, set()).add(n)
                if len(label.short) > 1:
                    found.setdefault(label.short, set()).add(n)
        found.pop("", None)
        return found

    @cached_property
    def _lengths(self) -> list[tuple[int, int]]:
        return [(n, len(label.words)) for n, labels in enumerate(self.rows) for label in labels]

    def columns_like(self, text: str) -> tuple[tuple[int, int], ...]:
        """Return (column, likeness) of the columns whose label a text could be."""
        if text not in self._columns_like:
            written = label_of(text)
            found = ((n, likeness(label, written)) for n, label in enumerate(self.columns))
            self._columns_like[text] = tuple((n, sure) for n, sure in found if sure)
        return self._columns_like[text]

    @cached_property
    def size(self) -> int:
        return len(self.table.data_rows)


def _spellings(row: FigureRow) -> Iterator[str]:
    yield row.label
    if row.note:
        yield row.label + row.note
    if row.corrected:
        yield row.corrected


class _Candidate(NamedTuple):
    line: int
    row: int
    at: int  # the number of the label among the line's cells
    score: float


def match_grids(form: ReportForm, grids: Sequence[Grid]) -> Matched:
    """Return which cells of the form the grids hold, found by labels in the form's order."""
    tables = [_Table(table) for table in form.tables]
    captions = {table.caption: n for n, table in enumerate(tables) if table.caption.words}
    places: list[_Place] = []
    tidy: list[_Place] = []
    for number, grid in enumerate(grids):
        lines = [_Line.of(row) for row in _filled(grid)]
        if head := _tidy_head(lines):
            tidy.append(_tidy(form, tables, lines, head, number))
            continue
        finder = _Finder(grid.name, lines, number, captions)
        for n, table in enumerate(tables):
            places += finder.places(n, table)
    return _decide(form, places, tidy)


def best_form(forms: Iterable[ReportForm], grids: Sequence[Grid]) -> ReportForm | None:
    """Return the form that the grids fit best, the later one of equals, or ``None``."""
    best: tuple[float, int, ReportForm] | None = None
    for form in forms:
        size = sum(1 for _ in form.cells())
        if not size:
            continue
        matched = match_grids(form, grids)
        fit = (matched.located - 0.5 * len(matched.unknown)) / size
        if fit >= 0.3 and (best is None or (fit, form.years[0]) > best[:2]):
            best = (fit, form.years[0], form)
    return best[2] if best else None


class _Finder:
    """Look for the tables of a form in one grid."""

    def __init__(
        self, name: str, lines: list[_Line], grid: int, captions: Mapping[Label, int]
    ) -> None:
        self.lines, self.grid, self.captions = lines, grid, captions
        self.name = label_of(name)

    def places(self, number: int, table: _Table) -> Iterator[_Place]:
        """Yield every place where the table could stand."""
        if table.table.layout == "wide":
            yield from self._wide(number, table)
        candidates = self._candidates(table)
        for _ in range(COPIES):
            chain = _best_chain(candidates, len(table.rows))
            if not chain:
                return
            place = self._read(number, table, chain)
            if place is not None:
                yield place
            first, last = chain[0].line, chain[-1].line
            candidates = [c for c in candidates if not first <= c.line <= last]

    def _candidates(self, table: _Table) -> list[_Candidate]:
        """Return the lines that could be rows of the table, by label and the cells left of it."""
        found: list[_Candidate] = []
        for n, line in enumerate(self.lines):
            path: list[str] = []
            words = 0
            for at, (_, cell) in enumerate(line.once[:LABEL_POSITIONS]):
                words += bool(cell.text)
                if words > LABEL_CELLS:
                    break
                if cell.text and line.is_repeated(at):
                    continue  # a label that was filled into all the cells that it covered
                if cell.text and not _is_copy_from_above(cell):
                    for row, sure in table.rows_like(cell.text):
                        heading = table.table.rows[row].is_heading
                        if heading or at + 1 < len(line.once):
                            score = sure + _path_score(table.headers[row], path)
                            found.append(_Candidate(n, row, at, score))
                path.append(cell.text or self._above(n, line.once[at][0]))
            if len(found) > CANDIDATES:
                break
        return found

    def _above(self, line: int, at: int) -> str:
        """Return the last text above a blank position: a merged cell that lost its copies."""
        for n in range(line - 1, max(-1, line - 30), -1):
            cells = self.lines[n].cells
            if at < len(cells) and cells[at].text:
                return cells[at].text
        return ""

    def _read(self, number: int, table: _Table, chain: list[_Candidate]) -> _Place | None:
        """Read the figures of a chain of rows, or return ``None`` if it is not the table."""
        rows = [c for c in chain if not table.table.rows[c.row].is_heading]
        if not rows:
            return None
        labels = [self.lines[c.line].once[c.at][0] for c in rows]
        span = (min(labels), max(labels))
        head = self._head(chain[0].line, *span, table)
        if head.share(len(table.columns)) < 1:
            # without merged cells a blank column may as well lie under a wide header cell
            whole = self._head(chain[0].line, *span, table, over_gaps=True)
            head = max(head, whole, key=lambda one: one.share(len(table.columns)))
        place = _Place(number, self.grid, tuple(c.line for c in chain), 0.0)
        read = 0
        for candidate in rows:
            read += self._read_row(place, table, candidate, head)
        caption = self._caption(chain[0].line)
        is_captioned = caption == number or (caption is None and self._is_named(table))
        share, header = read / table.size, head.share(len(table.columns))
        if caption not in (None, number):
            share -= 0.5
        supported = header >= 0.5 or is_captioned
        least = 0.3 if table.table.layout == "tree" else 0.5
        if not (share >= least and (supported or (share > 0.9 and table.size > 2))):
            return None
        place.score = 2 * share + header + 0.5 * is_captioned + sum(c.score for c in chain) / 1e4
        self._strangers(place, table, chain, head)
        return place

    def _is_named(self, table: _Table) -> bool:
        return bool(table.caption.words) and table.caption.words in self.name.words

    def _caption(self, line: int) -> int | None:
        """Return the table whose caption stands next above a line, in the grid itself."""
        for n in range(line - 1, max(-1, line - HEADER_LINES - 1), -1):
            for _, cell in self.lines[n].once[:2]:
                number = self.captions.get(label_of(cell.text)) if cell.text else None
                if number is not None:
                    return number
            if any(IS_NUMBER.fullmatch(cell.text) for _, cell in self.lines[n].once[1:]):
                return None
        return self.captions.get(self.name)

    def _head(
        self, line: int, first: int, last: int, table: _Table, *, over_gaps: bool = False
    ) -> _Head:
        """Return the header above ``line``; labels stand at positions ``first`` to ``last``."""
        above: list[_Line] = []
        for n in range(line - 1, max(-1, line - HEADER_LINES - 1), -1):
            one = self.lines[n]
            if one.is_blank or any(IS_NUMBER.fullmatch(c.text) for _, c in one.once[1:]):
                break
            above.append(one)
        width = max((len(one.cells) for one in above), default=0)
        head = _Head()
        taken: dict[tuple[int, int], int] = {}
        for at in range(first, width):
            leaf: GridCell | None = None
            over: list[str] = []
            for one in above:
                cell = one.cells[at] if at < len(one.cells) else None
                if leaf is None:
                    leaf = cell if cell is not None and cell.text else None
                elif cell is not None and (text := cell.text or _left_of(one, at, first)):
                    over.append(text)
            if leaf is None:
                if head.leaves and at > last and not over_gaps:
                    break  # an empty column ends the table; what stands behind is not part of it
                continue
            where = leaf.anchor if leaf.anchor != (0, 0) else (leaf.row, leaf.column)
            if where in taken:
                continue
            taken[where] = at
            head.leaves.append((at, leaf))
            head.over[at] = over
        _assign(head, table)
        return head

    def _read_row(self, place: _Place, table: _Table, candidate: _Candidate, head: _Head) -> bool:
        line = self.lines[candidate.line]
        row = table.table.rows[candidate.row]
        after = list(line.once[candidate.at + 1 :])
        keys = [(table.table.key, row.key, column.key) for column in table.table.columns]
        if table.table.layout == "tree":
            after = _without_unit(after, row.measure, len(keys), head)
        cells: list[GridCell | None] | None
        merged = _merged_over(line, candidate.at, head)
        if merged:
            cells = _apart(line, merged, head, len(keys))
            for at, column in head.columns.items():
                if at in merged:
                    place.unclear[keys[column]] = _merged_text(merged[at], self.grid)
            if not head.columns:
                first = next(iter(merged.values()))
                place.unclear.update((key, _merged_text(first, self.grid)) for key in keys)
        else:
            cells = _by_position(after, head, len(keys)) or _by_order(after, head, len(keys))
        if cells is None:
            if strays := [cell for _, cell in after if cell.text]:
                place.unclear.update((key, _text(strays[0], self.grid)) for key in keys)
            return False
        for key, cell in zip(keys, cells, strict=True):
            if cell is not None:
                self._put(place, table.table, key, cell)
        for key, (_, cell) in list(place.found.items()) if place.merged else ():
            if cell.anchor in place.merged and _is_shown_figure(cell):
                del place.found[key]
                place.unclear[key] = _merged_text(cell, self.grid)
        return True

    def _put(self, place: _Place, table: FigureTable, key: CellKey, cell: GridCell) -> None:
        if _is_copy_from_above(cell) and _is_shown_figure(cell):
            place.merged.add(cell.anchor)
        text = "" if _is_copy_from_above(cell) else cell.text
        text = plain_figure(text, table.unit(*key[1:]), table.measure(*key[1:]))
        place.found[key] = (GridText(text, cell.row, cell.column, self.grid), cell)

    def _strangers(
        self, place: _Place, table: _Table, chain: list[_Candidate], head: _Head
    ) -> None:
        """Note rows and columns with figures that the form does not have."""
        rows = [c for c in chain if not table.table.rows[c.row].is_heading]
        headings = {c.line for c in chain} - {c.line for c in rows}
        used = {c.line for c in rows}
        label_at = {c.line: self.lines[c.line].once[c.at][0] for c in rows}
        first_value = min(at for at in label_at.values()) + 1
        n = chain[0].line
        while n < len(self.lines):
            line = self.lines[n]
            numbers = [cell for at, cell in line.once if at >= first_value and _is_figure(cell)]
            if n > chain[-1].line and (not numbers or line.is_blank):
                break
            if n not in used and numbers:
                words = [c for at, c in line.once if c.text and not IS_NUMBER.fullmatch(c.text)]
                own = [cell for cell in words if not _is_copy_from_above(cell)]
                if own and (n in headings or not table.rows_like(own[-1].text)):
                    place.unknown.append(_text(own[0 if n in headings else -1], self.grid))
            n += 1
        end = max(head.columns, default=0) + 1  # what stands apart from the table is none of it
        for at, leaf in head.leaves:
            if at in head.columns or at > end or _is_remark(leaf.text):
                continue
            for line_number in used:
                cells = self.lines[line_number].cells
                if label_at[line_number] < at < len(cells) and _is_figure(cells[at]):
                    place.unknown.append(_text(leaf, self.grid))
                    break

    def _wide(self, number: int, table: _Table) -> Iterator[_Place]:
        """Yield the places of a table whose rows stand side by side above one line of figures."""
        wanted = [
            (row, column)
            for row in range(len(table.rows))
            for column in range(len(table.columns))
            if not table.table.rows[row].is_heading
        ]
        found = 0
        for n, line in enumerate(self.lines[:-1]):
            if len(line.once) < len(wanted) or found >= COPIES:
                continue
            leaves = [
                (at, {column for column, _ in likely})
                for at, cell in line.once
                if cell.text and (likely := table.columns_like(cell.text))
            ]
            if len(leaves) < len(wanted):
                continue
            spots = self._wide_by_path(n, table, leaves, wanted)
            if spots is None and len(leaves) == len(wanted):
                in_order = list(zip(wanted, leaves, strict=True))
                if all(column in columns for (_, column), (_, columns) in in_order):
                    spots = {spot: at for spot, (at, _) in in_order}
            if spots is None:
                continue
            found += 1
            place = self._read_wide(number, table, n, spots)
            if place is not None:
                yield place

    def _wide_by_path(
        self,
        line: int,
        table: _Table,
        leaves: list[tuple[int, set[int]]],
        wanted: list[tuple[int, int]],
    ) -> dict[tuple[int, int], int] | None:
        above: list[_Line] = []
        for n in range(line - 1, max(-1, line - HEADER_LINES - 1), -1):
            if self.lines[n].is_blank:
                break
            above.append(self.lines[n])
        spots: dict[tuple[int, int], int] = {}
        for at, columns in leaves:
            column = min(columns)
            row: int | None = None
            for one in above:
                cell = one.cells[at] if at < len(one.cells) else None
                text = (cell.text if cell else "") or _left_of(one, at, 0)
                likely = table.rows_like(text) if text else ()
                if likely:
                    row = max(likely, key=lambda pair: pair[1])[0]
                    break
            if row is None or (row, column) in spots:
                return None
            spots[row, column] = at
        return spots if set(spots) == set(wanted) else None

    def _read_wide(
        self, number: int, table: _Table, line: int, spots: dict[tuple[int, int], int]
    ) -> _Place | None:
        values = self.lines[line + 1]
        ordered = sorted(spots.items(), key=lambda item: item[1])
        cells: list[GridCell] | None = [
            values.cells[at] for _, at in ordered if at < len(values.cells)
        ]
        assert cells is not None
        begins = {cell.anchor if cell.anchor != (0, 0) else cell for cell in cells}
        under = set(spots.values())
        is_shifted = any(at not in under and _is_figure(cell) for at, cell in values.once)
        if is_shifted or len(cells) < len(ordered) or len(begins) < len(ordered):
            after = [cell for _, cell in values.once]
            if len(after) == len(ordered) + 1 and not _is_figure(after[0]):
                after = after[1:]
            cells = after if len(after) == len(ordered) else None
        if cells is None:
            return None
        if any(cell.text and table.columns_like(cell.text) for cell in cells):
            return None  # another line of the header
        place = _Place(number, self.grid, (line, line + 1), 3.5)
        for ((row, column), _), cell in zip(ordered, cells, strict=True):
            key = (table.table.key, table.table.rows[row].key, table.table.columns[column].key)
            self._put(place, table.table, key, cell)
        return place


@dataclass
class _Head:
    """The header of a table in a grid: each of its cells, and the columns found among them."""

    leaves: list[tuple[int, GridCell]] = field(default_factory=list)
    over: dict[int, list[str]] = field(default_factory=dict)
    columns: dict[int, int] = field(default_factory=dict)  # position → column of the form

    def share(self, size: int) -> float:
        """Return how much of the form's columns the header names."""
        return len(self.columns) / size if size else 0.0


def _assign(head: _Head, table: _Table) -> None:
    """Find the column of each header cell; a label that stands twice is told by its group."""
    for number, label in enumerate(table.columns):
        fitting = [
            at
            for at, leaf in head.leaves
            if at not in head.columns and likeness(label, label_of(leaf.text))
        ]
        group = table.groups[number]
        if group is not None:
            grouped = [
                at for at in fitting if any(likeness(group, label_of(t)) for t in head.over[at])
            ]
            fitting = grouped or (fitting if not _is_repeated(label, table) else [])
        elif len(fitting) > 1:
            others = [g for g in table.groups if g is not None]
            fitting = [
                at
                for at in fitting
                if not any(likeness(g, label_of(t)) for g in others for t in head.over[at])
            ]
        if len(fitting) == 1:
            head.columns[fitting[0]] = number


def _is_repeated(label: Label, table: _Table) -> bool:
    return sum(bool(likeness(label, other)) for other in table.columns) > 1


def _by_position(
    after: list[tuple[int, GridCell]], head: _Head, size: int
) -> list[GridCell | None] | None:
    """Return the figures that stand under their header cells, or ``None`` where they do not."""
    if len(head.columns) < size:
        return None
    begins = dict(after)
    cells: list[GridCell | None] = [None] * size
    for at, column in head.columns.items():
        if at not in begins:
            return None
        cells[column] = begins[at]
    leaves = {at for at, _ in head.leaves}
    first, last = min(head.columns), max(head.columns)
    strays = [at for at, cell in after if at not in leaves and _is_figure(cell)]
    # a figure under no header cell: header and line do not stand one above the other
    if any(at < last for at in strays) or (last + 1 in strays and not begins[first].text):
        return None
    return cells


def _by_order(
    after: list[tuple[int, GridCell]], head: _Head, size: int
) -> list[GridCell | None] | None:
    """Return the figures behind the label if they are exactly as many as the columns."""
    cells = [cell for _, cell in after]
    while len(cells) > size and not cells[-1].text:
        cells.pop()
    if len(cells) != size:
        return None
    order = [head.columns[at] for at in sorted(head.columns)]
    if len(order) == size:
        return [cells[order.index(column)] for column in range(size)]
    return list(cells) if order == sorted(order) else None


def _without_unit(
    after: list[tuple[int, GridCell]], measure: str, size: int, head: _Head
) -> list[tuple[int, GridCell]]:
    """Leave out the unit that a tree prints between label and figure."""
    if len(head.columns) == size or len(after) <= size:
        return after
    text = "".join(after[0][1].text.split())
    if text in {"", measure, "—", "-", "/", "是/否"} or text in COUNT_UNITS or text == "万元":
        return after[1:]
    return after


def _best_chain(candidates: list[_Candidate], rows: int) -> list[_Candidate]:
    """Return the rows in the order of the form that score best; near ones win over far ones."""
    ends: list[tuple[float, int] | None] = [None] * rows  # best (score, candidate) by last row
    before: list[int] = [-1] * len(candidates)
    near = 1e-3
    best: tuple[float, int] | None = None
    pending: list[tuple[int, float, int]] = []
    line = -1
    for n, candidate in enumerate(candidates):
        if candidate.line != line:
            _keep(ends, pending)
            pending, line = [], candidate.line
        score = candidate.score - near * candidate.line
        last = max((e for e in ends[: candidate.row] if e is not None), default=None)
        total = candidate.score
        if last is not None and last[0] + score > total:
            total = last[0] + score
            before[n] = last[1]
        pending.append((candidate.row, total + near * candidate.line, n))
        if best is None or total > best[0]:
            best = (total, n)
    chain: list[_Candidate] = []
    at = best[1] if best else -1
    while at >= 0:
        chain.append(candidates[at])
        at = before[at]
    return chain[::-1]


def _keep(ends: list[tuple[float, int] | None], pending: list[tuple[int, float, int]]) -> None:
    for row, value, n in pending:
        end = ends[row]
        if end is None or value > end[0]:
            ends[row] = (value, n)


def _path_score(headers: tuple[Label, ...], path: list[str]) -> float:
    """Return how well the cells left of a label are the headers of its row."""
    score = 0.0
    words = [text for text in path if text and not re.fullmatch(r"[\d.]+", text)]
    labels = [label_of(text) for text in words]
    for header in headers:
        score += 2 * any(likeness(header, label) for label in labels)
    if headers:
        score -= sum(not any(likeness(h, label) for h in headers) for label in labels)
    else:
        score -= 0.5 * len(labels)
    return score


def _left_of(line: _Line, at: int, first: int) -> str:
    """Return the text that a blank header position belongs to: the next one to its left."""
    for n in range(min(at, len(line.cells) - 1), first - 1, -1):
        if line.cells[n].text:
            return line.cells[n].text
    return ""


def _is_copy_from_above(cell: GridCell) -> bool:
    return cell.is_merged_copy and cell.anchor[0] != cell.row


def _is_shown_figure(cell: GridCell) -> bool:
    return bool(IS_NUMBER.fullmatch(plain_figure(cell.text)))


def _merged_over(line: _Line, label: int, head: _Head) -> dict[int, GridCell]:
    """Return the positions below header cells that one merged figure covers several of."""
    first = line.once[label + 1][0] if label + 1 < len(line.once) else len(line.cells)
    covered: dict[tuple[int, int], list[int]] = {}
    for at, _ in head.leaves:
        if first <= at < len(line.cells) and line.cells[at].anchor != (0, 0):
            covered.setdefault(line.cells[at].anchor, []).append(at)
    return {
        at: line.cells[at]
        for many in covered.values()
        if len(many) > 1 and _is_shown_figure(line.cells[many[0]])
        for at in many
    }


def _apart(
    line: _Line, merged: Mapping[int, GridCell], head: _Head, size: int
) -> list[GridCell | None]:
    """Return the figures under their header cells but for merged ones, which are of none."""
    cells: list[GridCell | None] = [None] * size
    for at, column in head.columns.items():
        if at not in merged and at < len(line.cells):
            cells[column] = line.cells[at]
    return cells


def _merged_text(cell: GridCell, grid: int) -> GridText:
    text, row, column, _ = _text(cell, grid)
    return GridText(f"{text}（数字格不得合并）", row, column, grid)


def _is_figure(cell: GridCell) -> bool:
    return not cell.is_merged_copy and bool(IS_NUMBER.fullmatch(plain_figure(cell.text)))


def _is_remark(text: str) -> bool:
    return bool(re.search("核对|备注|说明|单位|序号|编号", text))


def _text(cell: GridCell, grid: int) -> GridText:
    return GridText(squeeze(cell.text), cell.row, cell.column, grid)


_TIDY = {
    "table": {"表", "表格", "表名", "table"},
    "row": {"行", "行名", "指标", "row"},
    "column": {"列", "列名", "column"},
    "value": {"数值", "值", "数", "数字", "value"},
}


def _tidy_head(lines: list[_Line]) -> tuple[int, dict[str, int]] | None:
    """Return the header line of a list of cells (表、行、列、数值) and its columns."""
    for n, line in enumerate(lines[:3]):
        found: dict[str, int] = {}
        for at, cell in line.once:
            words = words_of(unicodedata.normalize("NFKC", cell.text).casefold())
            for role, names in _TIDY.items():
                if words in names:
                    found.setdefault(role, at)
        if len(found) == len(_TIDY):
            return n, found
    return None


def _tidy(
    form: ReportForm,
    tables: list[_Table],
    lines: list[_Line],
    head: tuple[int, dict[str, int]],
    grid: int,
) -> _Place:
    """Read a list of cells; keys and labels are both known."""
    place = _Place(-1, grid, (), 0.0)
    first, roles = head
    for line in lines[first + 1 :]:
        if line.is_blank:
            continue
        if len(line.cells) <= max(roles.values()):
            place.unknown.append(_text(line.cells[0], grid))  # too short to tell what it is of
            continue
        cells = {role: line.cells[at] for role, at in roles.items()}
        fitting = _tidy_cells(tables, {role: cell.text for role, cell in cells.items()})
        value = cells["value"]
        if not fitting:
            place.unknown.append(_text(cells["row"], grid))
        elif len(fitting) > 1:
            place.unclear.update((key, _text(value, grid)) for key in fitting)
        else:
            (key,) = fitting
            table = form.table(key[0])
            assert table is not None, "the cell is of this form"
            text = plain_figure(value.text, table.unit(*key[1:]), table.measure(*key[1:]))
            at = GridText(text, value.row, value.column, grid)
            earlier = place.found.get(key)
            if earlier is None or (not earlier[0].text and text):
                place.found[key] = (at, value)
            elif text and earlier[0].text != text:
                place.unclear[key] = at
    return place


def _tidy_cells(tables: list[_Table], words: Mapping[str, str]) -> list[CellKey]:
    by_key = [t for t in tables if t.table.key == words["table"].strip()]
    caption = label_of(words["table"])
    fitting = by_key or [t for t in tables if likeness(t.caption, caption)]
    found: list[CellKey] = []
    for one in fitting:
        table = one.table
        *above, last = words["row"].split("／")
        rows = [row.key for row in table.data_rows if row.key == words["row"].strip()]
        if not rows:
            likely = one.rows_like(words["row"]) or tuple(
                (n, sure + round(_path_score(one.headers[n], above)))
                for n, sure in one.rows_like(last)
            )
            best = max((sure for _, sure in likely), default=0)
            rows = [
                table.rows[n].key
                for n, sure in likely
                if sure == best and not table.rows[n].is_heading
            ]
        columns = [c.key for c in table.columns if c.key == words["column"].strip()]
        if not columns:
            label = label_of(words["column"])
            columns = [
                column.key
                for column, known in zip(table.columns, one.columns, strict=True)
                if likeness(known, label)
            ]
            if not columns and len(table.columns) == 1 and not words["column"].strip():
                columns = [table.columns[0].key]
        found += [(table.key, row, column) for row in rows for column in columns]
    return found


def _decide(form: ReportForm, places: list[_Place], tidy: list[_Place]) -> Matched:
    """Give each table its best place; other good places must agree with it."""
    places.sort(key=lambda place: (-round(place.score, 2), place.table, place.grid, place.lines))
    claimed: dict[tuple[int, int], int] = {}
    chosen: list[_Place] = []
    best: dict[int, float] = {}
    for is_rival in (False, True):
        for place in places:
            if any(place is one for one in chosen) or (place.table in best) is not is_rival:
                continue
            if is_rival and place.score < best[place.table] - 0.3:
                continue
            spots = [(place.grid, line) for line in place.lines]
            if any(claimed.get(spot, place.table) != place.table for spot in spots):
                continue
            if is_rival and any(spot in claimed for spot in spots):
                continue
            claimed.update((spot, place.table) for spot in spots)
            best.setdefault(place.table, place.score)
            chosen.append(place)
    return _gather(form, sorted(chosen, key=lambda p: (p.table, -p.score)) + tidy)


def _gather(form: ReportForm, places: list[_Place]) -> Matched:
    texts: dict[CellKey, GridText] = {}
    blank: dict[CellKey, GridText] = {}
    totals: set[CellKey] = set()
    ambiguous: dict[CellKey, tuple[GridText, ...]] = {}
    unknown: dict[GridText, None] = {}
    for place in places:
        unknown.update(dict.fromkeys(place.unknown))
        for key, (at, cell) in place.found.items():
            if not at.text:
                blank.setdefault(key, at)
                if cell.is_total:
                    totals.add(key)
            elif key not in texts:
                texts[key] = at
            elif texts[key].text != at.text:
                ambiguous[key] = (*ambiguous.get(key, (texts[key],)), at)
    for place in places:
        for key, at in place.unclear.items():
            if key not in texts or key in place.found:  # or another place is clear
                ambiguous[key] = (*ambiguous.get(key, ()), at)
    for key in ambiguous:
        texts.pop(key, None)
    settled = texts.keys() | ambiguous.keys()
    _add_totals(form, texts, {key: blank[key] for key in totals if key not in settled})
    cells = list(form.cells())
    return Matched(
        form.name,
        {key: texts[key] for key in cells if key in texts},
        tuple(key for key in cells if key not in texts and key not in ambiguous),
        {key: blank[key] for key in cells if key in blank and key not in texts},
        tuple(unknown),
        {key: ambiguous[key] for key in cells if key in ambiguous},
    )


def _add_totals(
    form: ReportForm, texts: dict[CellKey, GridText], totals: Mapping[CellKey, GridText]
) -> None:
    """Work out sum formulas without a stored result by the form's own equations.

    A total is added up only where each of its parts is a number; it waits for parts that are
    themselves such totals.
    """
    waiting = dict(totals)
    while waiting:
        ready = {}
        for key, at in waiting.items():
            value = _total(form, key, texts, waiting)
            if value is not None:
                ready[key] = GridText(f"{value:f}", at.row, at.column, at.grid)
        if not ready:
            return
        texts.update(ready)
        waiting = {key: at for key, at in waiting.items() if key not in ready}


def _total(
    form: ReportForm,
    key: CellKey,
    texts: Mapping[CellKey, GridText],
    waiting: Mapping[CellKey, GridText],
) -> Decimal | None:
    table, row, column = key
    for equation in form.equations:
        own, line = (column, row) if equation.axis == "row" else (row, column)
        if equation.table != table or equation.left != (own,) or equation.severity != "error":
            continue
        keys = [
            (table, line, part) if equation.axis == "row" else (table, part, line)
            for part in equation.right
        ]
        if any(part in waiting for part in keys):
            continue
        parts = [texts.get(part) for part in keys]
        numbers = [Decimal(part.text) for part in parts if part and IS_NUMBER.fullmatch(part.text)]
        written = sum(part is not None for part in parts)
        if len(numbers) == len(parts) or (form.blank_is_zero and 0 < len(numbers) == written):
            return sum(numbers, Decimal(0))
    return None
