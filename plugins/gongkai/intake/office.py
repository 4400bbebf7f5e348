"""Word files, workbooks, CSV and web pages into the tables they hold, within bounds of size.

A file is somebody's upload: its directory is checked before anything is unpacked, and whatever
no office program writes (entity declarations, unknown encodings) is refused before a parser sees
it. Nothing is run, nothing is fetched, and no formula is calculated.
"""

from __future__ import annotations

import csv
import html
import io
import lzma
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from gongkai.domain.reports.grid import Grid, GridCell
from gongkai.intake.source import FINDINGS_LIMIT, HIDDEN, guess_encoding
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Code, Problem, Severity
from gongkai.kernel.text import squeeze

Tables = tuple[tuple[Grid, ...], list[Problem]]

FILE_LIMIT_MB = 5
MEMBERS_LIMIT = 2000
SHEETS_LIMIT = 200
UNPACKED_LIMIT_MB = 50
RATIO_LIMIT = 200
RATIO_FREE = 1 << 20  # a small file may be squeezed as far as it goes
CELLS_LIMIT = 200_000
TEXT_LIMIT_MB = 8
CHARACTERS_LIMIT = 4_000_000  # in all the cells of a file
CELL_CHARACTERS = 2000
NAME_CHARACTERS = 80
SPAN_LIMIT = 1000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACROS = re.compile(r"(?i)vbaproject|vbadata|macrosheets/|\.xlam$")
_MARKUP = re.compile(r"(?i)\.(xml|rels|vml)$")
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_SAFE_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii", b"utf-16", b"utf-16le", b"utf-16be"}


class _Refused(Exception):
    """The file cannot be used; the problem says why."""

    def __init__(self, code: Code, **facts: object) -> None:
        super().__init__(code.id)
        self.code, self.facts = code, facts


@dataclass
class _Reading:
    """One file while it is read: its problems, and what its tables hold up to now.

    Slips of a Word file or page, which is foreign, only warn: what is read from it is mended on the
    way in. A sheet beside a report stays as it is, so that there they are errors.
    """

    path: str
    is_foreign: bool = False
    problems: list[Problem] = field(default_factory=list)
    cells: int = 0
    positions: int = 0
    passed: int = 0  # positions that a program went past without a cell
    characters: int = 0
    counts: dict[Code, int] = field(default_factory=dict)

    def cell(self, text: str, row: int, column: int, *, is_total: bool = False) -> GridCell:
        """Return a cell without hidden characters and of bearable length.

        Raises:
            _Refused: the file's cells hold more text than any form.
        """
        if len(text) > CELL_CHARACTERS:
            facts = {"what": "一格的字数", "what_en": "characters in a cell"}
            self.note(p.SHEET_LIMIT, row, column, {**facts, "limit": CELL_CHARACTERS})
            text = text[:CELL_CHARACTERS]
        if hidden := HIDDEN.search(text):
            name = {"name": f"U+{ord(hidden[0]):04X}"}
            self.note(p.CONTROL_CHARACTER, row, column, name)
            text = HIDDEN.sub("", text)
        self.characters += len(text)
        _bounded("字数", "number of characters", self.characters, CHARACTERS_LIMIT, "")
        return GridCell(text, row, column, is_total=is_total)

    def note(self, code: Code, row: int, column: int, facts: Mapping[str, object]) -> None:
        """Keep a problem; of each kind the first twenty are enough."""
        self.counts[code] = self.counts.get(code, 0) + 1
        if self.counts[code] <= FINDINGS_LIMIT:
            softened = Severity.WARNING if self.is_foreign else None
            self.problems.append(Problem(code, Place(self.path, row, column), facts, softened))

    def count(self, cells: int) -> None:
        """Count cells as they are met.

        Raises:
            _Refused: the file has more cells than any form.
        """
        self.cells += cells
        _within(self.cells)

    def refusal(self, refused: _Refused) -> Tables:
        """Return no tables and why."""
        return (), [Problem(refused.code, Place(self.path), refused.facts)]


def read_grids(path: str, data: bytes) -> Tables:
    """Return the tables of a file of any known kind; what it is shows in its content first."""
    suffix = path.rpartition(".")[2].lower() if "." in path else ""
    if data.startswith(_OLE):
        return read_docx(path, data) if suffix in ("doc", "docx") else read_xlsx(path, data)
    if data.startswith(b"PK"):
        return read_docx(path, data) if b"word/" in data else read_xlsx(path, data)
    if suffix in ("html", "htm", "xhtml") or re.search(rb"(?i)<(?:html|table)\b", data[:4096]):
        return read_html(path, data)
    if suffix in ("csv", "txt", "tsv"):
        return read_csv_grid(path, data)
    if suffix in ("xlsx", "xlsm"):
        return read_xlsx(path, data)
    if suffix in ("docx", "docm"):
        return read_docx(path, data)
    return (), [Problem(p.WRONG_FILE_TYPE, Place(path), {"kind": f".{suffix}" if suffix else path})]


def read_xlsx(path: str, data: bytes) -> Tables:
    """Return one grid for each visible sheet of a workbook, its merged cells with their areas."""
    reading = _Reading(path)
    try:
        archive = _checked(data, ".xlsx", "xl/workbook.xml")
        return tuple(_sheets(reading, data, archive)), reading.problems
    except _Refused as refused:
        return reading.refusal(refused)


def read_docx(path: str, data: bytes) -> Tables:
    """Return the tables of a Word file in the order of the text, nested ones after their own."""
    reading = _Reading(path, is_foreign=True)
    try:
        _checked(data, ".docx", "word/document.xml")
        return tuple(_word_tables(reading, data)), reading.problems
    except _Refused as refused:
        return reading.refusal(refused)


def read_csv_grid(path: str, data: bytes) -> Tables:
    """Return the one grid of a CSV file as spreadsheets write it: GB 18030 too, commas or tabs."""
    reading = _Reading(path)
    try:
        text = _decoded(data)
        line = text.partition("\n")[0]
        mark = max(",\t;", key=line.count)
        rows: list[tuple[GridCell, ...]] = []
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), 1):
            reading.count(len(row))
            rows.append(tuple(reading.cell(_bare(c), number, n) for n, c in enumerate(row, 1)))
        return (Grid("", tuple(rows)),), reading.problems
    except csv.Error as error:
        return reading.refusal(_Refused(p.UNREADABLE_TABLES, **_damaged(error)))
    except _Refused as refused:
        return reading.refusal(refused)


def read_html(path: str, data: bytes) -> Tables:
    """Return the tables of a web page; a nested table is a table of its own."""
    reading = _Reading(path, is_foreign=True)
    try:
        return tuple(_PageReader(reading).read(_decoded(data))), reading.problems
    except _Refused as refused:
        return reading.refusal(refused)


def _damaged(error: Exception | None = None) -> dict[str, object]:
    said = f"{type(error).__name__}: {error}"[:120] if error else "not an office file"
    return {"why": "内容已损坏或不是这种文件", "why_en": said}


def _within(cells: int) -> None:
    if cells > CELLS_LIMIT:
        raise _Refused(
            p.OFFICE_FILE_TOO_LARGE,
            what="单元格数",
            what_en="number of cells",
            size=f"{cells:,}",
            limit=f"{CELLS_LIMIT:,}",
        )


def _checked(data: bytes, suffix: str, main: str) -> zipfile.ZipFile:
    """Open a package whose directory and markup are safe to unpack.

    Raises:
        _Refused: it is of another kind, too large once unpacked, locked, or hides something.
    """
    if data.startswith(_OLE):
        raise _Refused(p.LOCKED_FILE if _ENCRYPTED in data else p.OLD_OFFICE_FILE)
    _bounded("大小", "size", -(-len(data) >> 20), FILE_LIMIT_MB, " MB")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, IndexError) as error:
        raise _Refused(p.UNREADABLE_TABLES, **_damaged(error)) from error
    size = sum(member.file_size for member in members)
    _bounded("内部文件数", "number of parts", len(members), MEMBERS_LIMIT, "")
    _bounded("解开后的大小", "size unpacked", -(-size >> 20), UNPACKED_LIMIT_MB, " MB")
    if size > RATIO_FREE:
        _bounded("压缩倍数", "compression ratio", size // max(1, len(data)), RATIO_LIMIT, "")
    if any(member.flag_bits & 1 for member in members):
        raise _Refused(p.LOCKED_FILE)
    names = {member.filename for member in members}
    if any(_MACROS.search(name) for name in names):
        raise _Refused(p.MACRO_FILE)
    if main not in names:
        kind = {"why": f"不是 {suffix} 文件", "why_en": f"not a {suffix} file"}
        raise _Refused(p.UNREADABLE_TABLES, **kind)
    cells = sheets = 0
    for member in members:
        markup = _unpacked(archive, member)
        if not _MARKUP.search(member.filename) and markup.lstrip()[:1] != b"<":
            continue
        markup = _check_markup(markup)
        if suffix == ".xlsx":  # any part may be called a sheet, however often
            for _ in _SHEET_CELL.finditer(markup):
                cells += 1
                _within(cells)
            sheets += sum(1 for _ in islice(_SHEET.finditer(markup), SHEETS_LIMIT + 1))
            _bounded("工作表数", "number of sheets", sheets, SHEETS_LIMIT, "")
    return archive


def _bounded(what: str, what_en: str, size: int, limit: int, unit: str) -> None:
    if size > limit:
        facts = {"size": f"{size:,}{unit}", "limit": f"{limit:,}{unit}"}
        raise _Refused(p.OFFICE_FILE_TOO_LARGE, what=what, what_en=what_en, **facts)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo | str) -> bytes:
    try:
        return archive.read(member)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        NotImplementedError,
        EOFError,
        OSError,  # of bzip2
        RuntimeError,
        ValueError,
        MemoryError,  # a dictionary of LZMA may claim any size
    ) as error:
        raise _Refused(p.UNREADABLE_TABLES, **_damaged(error)) from error


def _check_markup(data: bytes) -> bytes:
    """Refuse what XML allows and no office program writes: document types, odd encodings.

    Without a document type there are no entities to expand, whichever parser comes next. The
    markup is returned in UTF-8.
    """
    for encoding, marks in (
        ("utf-16-le", (b"\xff\xfe", b"<\0")),
        ("utf-16-be", (b"\xfe\xff", b"\0<")),
    ):
        if data.startswith(marks):
            data = data.decode(encoding, "replace").encode("utf-8", "replace")
            break
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data and data.lstrip()[:1] != b"<":
        raise _Refused(p.UNSAFE_MARKUP, what="XML")
    declared = _ENCODING.match(data[:400].lstrip())
    if declared and declared[1].lower() not in _SAFE_ENCODINGS:
        raise _Refused(p.UNSAFE_MARKUP, what=declared[1].decode("ascii", "replace"))
    if match := re.search(rb"<!(DOCTYPE|ENTITY)", data):
        raise _Refused(p.UNSAFE_MARKUP, what=match[0].decode())
    if macro := re.search(rb"macroEnabled", data[:4096]):
        raise _Refused(p.MACRO_FILE, what=macro[0].decode())
    return data


def _decoded(data: bytes) -> str:
    """Return the text of a file that any program may have written, GB 18030 and UTF-16 included."""
    _bounded("大小", "size", -(-len(data) >> 20), TEXT_LIMIT_MB, " MB")
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace").removeprefix("\ufeff")
    encodings = ["utf-8"]
    if match := re.search(
        rb"""(?i)<meta[^>]{0,200}charset\s*=\s*["']?([a-z0-9_-]+)""", data[:4096]
    ):
        name = match[1].decode().lower()
        if name.startswith("gb") or name == "big5":
            encodings.append("big5" if name == "big5" else "gb18030")
    encodings.append(guess_encoding(data))
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise _Refused(p.UNREADABLE_TABLES, **_damaged())


def _bare(text: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from running a cell."""
    return text[1:] if re.match(r"'[=+\-@＝＋－＠\t\r]", text) else text


_MARK = re.compile(r"[\[(（〔【]?注?[\d*①-⑳]{1,3}[\])）〕】]?")


LOOK_BEHIND = 20


def _is_mark(before: Sequence[str], raised: str) -> bool:
    """Tell whether a raised text refers to a footnote, so that it is no part of a figure.

    ``before`` are the last pieces of the text that it stands behind.
    """
    raised = raised[: 2 * LOOK_BEHIND].strip()
    last = next((text for piece in reversed(before) if (text := piece[-200:].rstrip())), "")
    return bool(_MARK.fullmatch(raised)) and (last[-1:].isdecimal() or not raised.isdigit())


@dataclass
class _Sparse:
    """The cells of a table as they are met, and the areas that merged cells cover."""

    cells: dict[tuple[int, int], GridCell] = field(default_factory=dict)
    areas: list[tuple[int, int, int, int]] = field(default_factory=list)

    def grid(self, name: str, reading: _Reading) -> Grid:
        """Return every position between the first and the last cell that holds something.

        What a merged cell covers is told by its anchor alone: its text stands where it begins.
        """
        name = HIDDEN.sub("", name)[:NAME_CHARACTERS]
        rows = sorted({row for row, _ in self.cells})
        columns = sorted({column for _, column in self.cells})
        if not rows:
            return Grid(name, ())
        whole = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
        if (
            whole <= CELLS_LIMIT - reading.positions
        ):  # blank rows and columns part one table from the next
            rows = list(range(rows[0], rows[-1] + 1))
            columns = list(range(columns[0], columns[-1] + 1))
        reading.positions += len(rows) * len(columns)
        _within(reading.positions)
        covered = self._covered(rows, columns)
        lines = []
        for row in rows:
            line = []
            for column in columns:
                own = self.cells.get((row, column))
                anchor = covered.get((row, column))
                if anchor == (row, column) and own is not None:
                    own = GridCell(own.text, row, column, anchor, own.is_total)
                elif anchor is not None:
                    own = GridCell("", row, column, anchor)
                line.append(own or GridCell("", row, column))
            lines.append(tuple(line))
        return Grid(name, tuple(lines))

    def _covered(
        self, rows: list[int], columns: list[int]
    ) -> dict[tuple[int, int], tuple[int, int]]:
        """Return the positions that merged cells cover, each with where the merged cell begins."""
        covered: dict[tuple[int, int], tuple[int, int]] = {}
        work = 0
        for top, left, bottom, right in self.areas:
            area_rows = range(max(top, rows[0]), min(bottom, rows[-1]) + 1)
            area_columns = range(max(left, columns[0]), min(right, columns[-1]) + 1)
            work += len(area_rows) * len(area_columns)
            _within(work)
            for row in area_rows:
                for column in area_columns:
                    covered.setdefault((row, column), (top, left))
        return covered


_SHEET = re.compile(rb"<(?:[^\s<>/:]++:)?sheet[\s/>]")
_SHEET_CELL = re.compile(rb"<(?:[^\s<>/:]++:)?c[\s/>]")
_SHEET_FORMULA = re.compile(rb"<(?:[^\s<>/:]++:)?f[\s/>]")
_SHEET_MERGE = re.compile(
    rb"""<(?:[^\s<>/:]++:)?mergeCell\s[^<>]*?ref\s?=\s?["']\$?([A-Z]{1,3})\$?([0-9]{1,7})"""
    rb""":\$?([A-Z]{1,3})\$?([0-9]{1,7})["']"""
)
# the two shapes of the sums on our own sheets, and of the checks beside them
_OWN_TOTAL = re.compile(
    r'=IF\(COUNT\([A-Z0-9:,$]+\)=\d+,(?:SUM\([A-Z0-9:,$]+\),""|"",SUM\([A-Z0-9:,$]+\))\)'
)
_OWN_CHECK = re.compile(r'=IF\(.*"平".*\)')


def _sheets(reading: _Reading, data: bytes, archive: zipfile.ZipFile) -> Iterator[Grid]:
    sheets = [n for n in archive.namelist() if re.fullmatch(r"(?i)/?xl/worksheets/[^/]+\.xml", n)]
    markup = {name: _check_markup(_unpacked(archive, name)) for name in sheets}
    values = _workbook(data, with_values=True)
    has_formulas = any(_SHEET_FORMULA.search(one) for one in markup.values())
    formulas = _workbook(data, with_values=False) if has_formulas else values
    for sheet, written in zip(values.worksheets, formulas.worksheets, strict=True):
        if sheet.sheet_state != "visible":
            continue
        sparse = _Sparse()
        pairs = zip(_sheet_cells(reading, sheet), _sheet_cells(reading, written), strict=False)
        own = ((cell, cell) for cell in _sheet_cells(reading, sheet))
        for value, formula in pairs if has_formulas else own:
            reading.count(1)
            is_total, text = False, _value(value)
            if formula.data_type == "f":
                is_total = _formula(reading, str(sheet.title), text, value, formula)
            if text or is_total:
                cell = reading.cell(text, value.row, value.column, is_total=is_total)
                sparse.cells[cell.row, cell.column] = cell
        # read-only worksheets do not tell of merged cells; their own part of the package does
        part = markup.get(str(sheet._worksheet_path).lstrip("/"), b"")
        for merged in _SHEET_MERGE.finditer(part):
            left, top, right, bottom = merged.groups()
            sparse.areas.append((int(top), _column(left), int(bottom), _column(right)))
            reading.count(1)
        yield sparse.grid(str(sheet.title), reading)


def _workbook(data: bytes, *, with_values: bool) -> Any:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about features that it leaves out
            return openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=with_values, keep_links=False
            )
    except Exception as error:  # whatever a damaged workbook makes the library stumble over
        raise _Refused(p.UNREADABLE_TABLES, **_damaged(error)) from error


def _sheet_cells(reading: _Reading, sheet: Any) -> Iterator[Any]:
    """Yield the cells that a sheet holds; the size that it claims to have is not believed."""
    sheet.reset_dimensions()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows = sheet.iter_rows()
            for row in rows:
                reading.passed += 1 + len(row)
                if reading.passed > 40 * CELLS_LIMIT:
                    _within(reading.passed)
                yield from (cell for cell in row if hasattr(cell, "row"))
    except _Refused:
        raise
    except Exception as error:
        raise _Refused(p.UNREADABLE_TABLES, **_damaged(error)) from error


def _formula(reading: _Reading, sheet: str, text: str, value: Any, formula: Any) -> bool:
    """Tell whether a formula is a sum of our own sheets; say so if another one has no result.

    A sum of ours without a stored result is left to the form's equations, a check of theirs to
    the build.
    """
    written = str(formula.value)[: CELL_CHARACTERS + 1]
    is_own = len(written) <= CELL_CHARACTERS
    if text or value.data_type == "str":  # an empty text is a result too
        return not text and is_own and _OWN_TOTAL.fullmatch(written) is not None
    if is_own and _OWN_TOTAL.fullmatch(written):
        return True
    if not (is_own and _OWN_CHECK.fullmatch(written)):
        name = {"cell": f"{sheet}!{formula.coordinate}"}
        reading.note(p.FORMULA_WITHOUT_VALUE, value.row, value.column, name)
    return False


def _value(cell: Any) -> str:
    """Return what a cell shows, numbers in plain digits."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float | int):
        try:
            if "%" in str(cell.number_format or ""):
                return f"{_digits(value * 100)}%"
        except (IndexError, KeyError, AttributeError):  # the style that it names is not there
            pass
        return _digits(value)
    return str(value)[: 2 * CELL_CHARACTERS].strip()


def _digits(value: float) -> str:
    """Return a number with the fifteen digits that a spreadsheet keeps, never as 1e5."""
    if isinstance(value, int) or not float(value).is_integer():
        text = str(value) if isinstance(value, int) else f"{value:.15g}"
        return text if "n" in text else f"{Decimal(text):f}"
    return str(int(value)) if abs(value) < 1e15 else f"{Decimal(repr(value)):f}"


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_SHOWN = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", _FALLBACK}
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " ", f"{_W}noBreakHyphen": "-"}
_WORD_COLUMNS = 63


def _word_tables(reading: _Reading, data: bytes) -> list[Grid]:
    import docx

    try:
        body = docx.Document(io.BytesIO(data)).element.body
        reader = _WordReader(reading)
        reader.walk(body)
    except _Refused:
        raise
    except Exception as error:  # whatever a damaged file makes the library stumble over
        raise _Refused(p.UNREADABLE_TABLES, **_damaged(error)) from error
    return reader.grids


class _WordReader:
    """Walk through a document's blocks; keep its tables and the line that stands above each."""

    def __init__(self, reading: _Reading) -> None:
        self.reading = reading
        self.grids: list[Grid] = []
        self.above = ""

    def walk(self, parent: Any) -> None:
        """Read the blocks below an element; content controls and revisions are walked through."""
        for element in parent:
            if element.tag == f"{_W}p":
                text = squeeze(_word_text(element))
                self.above = text or self.above
                for box in _boxes(element):
                    self.walk(box)
            elif element.tag == f"{_W}tbl":
                self._table(element)
            elif element.tag not in _NOT_SHOWN:
                self.walk(element)

    def _table(self, table: Any) -> None:
        sparse = _Sparse()
        name, inner = self.above, []
        above: dict[int, tuple[int, int, int]] = {}  # column → area of the cell that covers it
        areas: dict[tuple[int, int], list[int]] = {}
        for number, line in enumerate(_descend(table, f"{_W}tr"), 1):
            column = 1 + _number(line, "trPr", "gridBefore", 0)
            covers: dict[int, tuple[int, int, int]] = {}
            for cell in _descend(line, f"{_W}tc"):
                span = max(1, min(_WORD_COLUMNS, _number(cell, "tcPr", "gridSpan", 1)))
                self.reading.count(span)
                anchor = above.get(column) if _continues(cell, "vMerge") else None
                if _continues(cell, "hMerge") and column - 1 in covers:
                    anchor = covers[column - 1]
                if anchor is None:
                    anchor = (number, column, span)
                    text = "\n".join(_word_text(one) for one in _descend(cell, f"{_W}p"))
                    own = self.reading.cell(text.strip(), number, column)
                    sparse.cells[number, column] = own
                area = areas.setdefault(anchor[:2], [number, column, number, column])
                area[2], area[3] = max(area[2], number), max(area[3], column + span - 1)
                covers.update(dict.fromkeys(range(column, column + span), anchor))
                inner.append(cell)
                column += span
            above = covers
        sparse.areas += [tuple(a) for a in areas.values() if a[:2] != a[2:]]  # type: ignore[misc]
        self.grids.append(sparse.grid(name, self.reading))
        for cell in inner:
            for block in cell:
                if block.tag != f"{_W}p" or next(_boxes(block), None) is not None:
                    self.walk([block])
        self.above = ""


def _descend(parent: Any, tag: str) -> Iterator[Any]:
    """Yield the nearest elements of a kind below ``parent``, but for those of an inner table."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif element.tag != f"{_W}tbl" and element.tag not in _NOT_SHOWN:
            yield from _descend(element, tag)


def _boxes(element: Any) -> Iterator[Any]:
    """Yield the nearest text boxes below an element; boxes and tables inside them are their own.

    What an older program would show instead is the same box once more.
    """
    for child in element:
        if child.tag == f"{_W}txbxContent":
            yield child
        elif child.tag not in _NOT_SHOWN:
            yield from _boxes(child)


def _word_text(element: Any) -> str:
    """Return the text of a paragraph as it is shown, without what was struck out or noted."""
    parts: list[str] = []
    for child in element:
        raised = child.find(f"{_W}rPr/{_W}vertAlign") if child.tag == f"{_W}r" else None
        if raised is not None and raised.get(f"{_W}val") == "superscript":
            text = _word_text_below(child)
            if not _is_mark(parts[-LOOK_BEHIND:], text):
                parts.append(text)
            continue
        parts.append(_word_text_of(child))
    return "".join(parts)


def _word_text_below(element: Any) -> str:
    return "".join(_word_text_of(child) for child in element)


def _word_text_of(child: Any) -> str:
    if child.tag == f"{_W}t":
        return child.text or ""
    if child.tag in _BREAKS:
        return _BREAKS[child.tag]
    if child.tag in _NOT_SHOWN or child.tag == f"{_W}txbxContent":
        return ""
    return _word_text(child)


def _number(element: Any, properties: str, name: str, default: int) -> int:
    found = element.find(f"{_W}{properties}/{_W}{name}")
    value = found.get(f"{_W}val", "") if found is not None else ""
    return min(int(value), SPAN_LIMIT) if re.fullmatch(r"[0-9]{1,6}", value) else default


def _continues(cell: Any, name: str) -> bool:
    found = cell.find(f"{_W}tcPr/{_W}{name}")
    return found is not None and found.get(f"{_W}val", "continue") == "continue"


# quotes and angle brackets each end the same way wherever a tag begins, so that no page, however
# written, is read over and over again
_TAG = re.compile(r"""<(/?)([A-Za-z][A-Za-z0-9]*+)((?:"[^"]*+"|'[^']*+'|[^"'<>]++)*+)>""")
_ATTRIBUTE = re.compile(
    r"""(?<![a-z-])([a-z-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""", re.IGNORECASE
)
_UNSHOWN = {"script", "style", "template", "noscript", "title", "textarea"}
_LINES = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "section"}


@dataclass
class _OpenTable:
    """A table of a page while it is read."""

    name: str
    sparse: _Sparse = field(default_factory=_Sparse)
    row: int = 0
    column: int = 1  # no cell of this row begins before it any more
    cell: tuple[int, int, int] | None = None  # its column and spans
    text: list[str] = field(default_factory=list)
    raised: int = -1  # where in the text a raised part begins
    is_caption: bool = False
    taken: dict[int, int] = field(default_factory=dict)  # column → last row that a span covers


class _PageReader:
    """Read a page tag by tag; a page's own slips, such as cells never closed, do no harm."""

    def __init__(self, reading: _Reading) -> None:
        self.reading = reading
        self.grids: list[Grid] = []
        self.open: list[_OpenTable] = []
        self.above: list[str] = []
        self.line: list[str] = []

    def read(self, page: str) -> list[Grid]:
        """Return the tables in the order of their ends."""
        page = _without_comments(page)
        at = 0
        while match := _TAG.search(page, at):
            self._text(page[at : match.start()])
            at = match.end()
            name = match[2].lower()
            if match[1]:
                self._end(name)
                continue
            if name in _UNSHOWN and not match[3].endswith("/"):
                end = re.compile(rf"</{name}\b", re.IGNORECASE).search(page, at)
                at = end.start() if end else len(page)
                continue
            self._start(name, match[3])
        self._text(page[at:])
        while self.open:
            self._end("table")
        return self.grids

    def _text(self, text: str) -> None:
        if not text:
            return
        text = html.unescape(text)
        if self.open and (self.open[-1].cell or self.open[-1].is_caption):
            self.open[-1].text.append(text)
        elif not self.open:
            self.line.append(text)

    def _start(self, name: str, attributes: str) -> None:
        if name in _LINES or name == "table":
            self._break()
        if name == "table":
            self.open.append(_OpenTable(self.above[-1] if self.above else ""))
            _within(self.reading.cells + len(self.open))
            return
        if not self.open:
            return
        table = self.open[-1]
        if name == "sup":
            table.raised = len(table.text)
        elif name == "caption":
            table.is_caption, table.text = True, []
        elif name == "tr":
            self._close_cell(table)
            table.row, table.column = table.row + 1, 1
        elif name in ("td", "th"):
            self._close_cell(table)
            table.row = max(table.row, 1)
            spans = {a.lower(): b or c or d for a, b, c, d in _ATTRIBUTE.findall(attributes)}
            self._open_cell(table, _span(spans, "colspan"), _span(spans, "rowspan"))

    def _end(self, name: str) -> None:
        if name in _LINES:
            self._break()
        if not self.open:
            return
        table = self.open[-1]
        if name in ("td", "th", "tr"):
            self._close_cell(table)
        elif name == "sup" and table.raised >= 0:
            before = table.text[max(0, table.raised - LOOK_BEHIND) : table.raised]
            if _is_mark(before, "".join(table.text[table.raised :])):
                del table.text[table.raised :]
            table.raised = -1
        elif name == "caption" and table.is_caption:
            table.name, table.is_caption = squeeze("".join(table.text)) or table.name, False
        elif name == "table":
            self._close_cell(table)
            self.open.pop()
            self.grids.append(table.sparse.grid(table.name, self.reading))
            self.above.clear()

    def _break(self) -> None:
        if self.open:
            if self.open[-1].cell:
                self.open[-1].text.append("\n")
            return
        if text := squeeze("".join(self.line)):
            self.above = [text[:NAME_CHARACTERS]]
        self.line.clear()

    def _open_cell(self, table: _OpenTable, across: int, down: int) -> None:
        column = table.column
        while table.taken.get(column, 0) >= table.row:
            column += 1
        self.reading.passed += column - table.column
        _within(self.reading.passed // 10)
        table.column = column + across
        self.reading.count(across)
        for covered in range(column, column + across):
            table.taken[covered] = max(table.taken.get(covered, 0), table.row + down - 1)
        table.cell, table.text, table.raised = (column, across, down), [], -1
        table.is_caption = False

    def _close_cell(self, table: _OpenTable) -> None:
        if table.cell is None:
            return
        column, across, down = table.cell
        text = "\n".join(filter(None, (squeeze(line) for line in "".join(table.text).split("\n"))))
        table.sparse.cells[table.row, column] = self.reading.cell(text, table.row, column)
        if across > 1 or down > 1:
            bottom, right = table.row + down - 1, column + across - 1
            table.sparse.areas.append((table.row, column, bottom, right))
        table.cell, table.text = None, []


def _span(attributes: Mapping[str, str], name: str) -> int:
    value = attributes.get(name, "").strip()
    if not re.fullmatch(r"[0-9]{1,6}", value):
        return 1
    return min(int(value) or (SPAN_LIMIT if name == "rowspan" else 1), SPAN_LIMIT)


def _without_comments(page: str) -> str:
    """Leave out comments and declarations; what is never closed reaches to the end of the page."""
    kept: list[str] = []
    at = 0
    while (begin := page.find("<!", at)) >= 0:
        kept.append(page[at:begin])
        end, size = (
            (page.find("-->", begin + 4), 3)
            if page.startswith("<!--", begin)
            else (page.find(">", begin), 1)
        )
        if end < 0:
            return "".join(kept)
        at = end + size
    return "".join((*kept, page[at:]))
