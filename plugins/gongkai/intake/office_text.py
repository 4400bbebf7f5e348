"""The parts of Word files and workbooks into the text that a reader sees, streamed within bounds.

A part is never in memory whole, and nothing of it is run or fetched. What no reader sees is no
text: tracked deletions, comments, hidden runs, sheets, rows and columns, names of authors.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, ClassVar
from xml.parsers import expat

from gongkai.intake.source import HIDDEN
from gongkai.kernel.text import squeeze

PARTS_LIMIT_MB = 32  # unpacked, of all the parts that are read; what comes later is left out
PART_LIMIT_MB = 24
ELEMENTS_LIMIT = 3_000_000
DEPTH_LIMIT = 256
SHARED_CHARACTERS = 4_000_000  # of all the texts that a workbook's cells share
SHARED_LIMIT = 400_000
CELL_CHARACTERS = 5000
SHEETS_LIMIT = 200
COLUMNS = 16_384  # that a sheet can have
DIRECTORY_LIMIT_KB = 1024  # of a package's own list of its parts

YES = ("1", "true")
_CHUNK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD_PART = re.compile(r"word/(document|header|footer|footnotes|endnotes)([0-9]{0,4})\.xml")
_WORD_ORDER = ("document", "header", "footer", "footnotes", "endnotes")
_SCAN = re.compile(r"(?i)(word|xl)/media/.+\.(jpe?g|png|tiff?|bmp|jp2|emf|wmf)")


class NoText(Exception):
    """There is no text to be had; ``note`` says why."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


class Full(Exception):
    """As much was read as will be kept."""


@dataclass
class Collected:
    """Pieces of text, up to a number of characters."""

    limit: int
    pieces: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, piece: str) -> None:
        """Keep a piece; of blanks in a row the first is enough.

        Raises:
            Full: the limit is reached.
        """
        if piece.isspace() and (not self.pieces or self.pieces[-1].isspace()):
            return
        self.pieces.append(piece)
        self.size += len(piece)
        if self.size >= self.limit:
            raise Full

    def text(self) -> str:
        """Return what was kept on one line, without hidden characters."""
        whole = squeeze("".join(self.pieces))
        whole = _SURROGATE.sub("", HIDDEN.sub("", whole))
        return whole[: self.limit].rstrip()


def word_text(path: Path, kept: Collected) -> None:
    """Collect body, headers, footers and notes of a Word file.

    Raises:
        NoText: it is damaged, locked or of another kind.
        Full: the limit of characters is reached.
    """
    with path.open("rb") as file, package(file) as parts:
        read_words(parts, kept, lambda name, add: WordPart(add))
        parts.explain(kept)


def read_words(
    parts: Parts, kept: Collected, reader: Callable[[str, Callable[[str], None]], WordPart]
) -> None:
    """Collect the shown text of a Word file's parts; ``reader`` makes that of one part.

    Raises:
        NoText: it is damaged, locked or of another kind.
        Full: the limit of characters is reached.
    """
    names = [(m, name) for name in parts.names if (m := _WORD_PART.fullmatch(name))]
    names.sort(key=lambda one: (_WORD_ORDER.index(one[0][1]), int(one[0][2] or 0)))
    if not names or names[0][0][1] != "document":
        raise NoText("damaged")
    seen: set[str] = set()  # a header that many sections have is one text
    for match, name in names:
        if match[1] == "document":
            parts.read(name, reader(name, kept.add))
            continue
        part = type(kept)(kept.limit)
        with suppress(Full):
            parts.read(name, reader(name, part.add))
        if (text := part.text()) and text not in seen:
            seen.add(text)
            kept.add("\n")
            kept.add(text)


def workbook_text(path: Path, kept: Collected) -> None:
    """Collect the cells of a workbook's visible sheets; of formulas the stored results.

    Raises:
        NoText: it is damaged, locked or of another kind.
        Full: the limit of characters is reached.
    """
    with path.open("rb") as file, package(file) as parts:
        book = Workbook.of(parts)
        for name, part in book.visible[:SHEETS_LIMIT]:
            if not DEFAULT_NAME.fullmatch(name.strip()):
                kept.add(f"{name}\n")
            parts.read(part, SheetPart(kept.add, *book.facts))
            kept.add("\n")
        parts.explain(kept)


class Reader:
    """What one part means; a reader takes up what it needs of this."""

    names: ClassVar[Mapping[str, str]] = {}  # as the parser says them → as the reader knows them

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element; ``name`` is empty where it is not in ``names``."""

    def end(self, name: str) -> None:
        """Meet its end."""

    def text(self, data: str) -> None:
        """Meet text."""


class _Enough(Exception):
    """A part holds more than will be read."""


@dataclass
class Parts:
    """The parts of a package, and how much more of them will be read."""

    archive: zipfile.ZipFile
    names: dict[str, zipfile.ZipInfo]
    bytes_left: int = PARTS_LIMIT_MB << 20
    elements_left: int = ELEMENTS_LIMIT
    part_limit: int = PART_LIMIT_MB << 20
    is_cut: bool = False

    def read(self, name: str, reader: Reader) -> None:
        """Stream a part through a reader; a part that is not there holds nothing.

        Raises:
            NoText: the part is damaged or locked.
        """
        info = self.names.get(name)
        if info is None:
            return
        if info.flag_bits & 1:
            raise NoText("encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NoText(
                "damaged"
            )  # others may claim any amount of memory, and no office uses them
        try:
            self._stream(info, self._parser(reader))
        except _Enough:
            self.is_cut = True
        except (
            zipfile.BadZipFile,
            zlib.error,
            expat.ExpatError,
            EOFError,
            OSError,
            LookupError,  # an encoding that nobody knows
            NotImplementedError,
            ValueError,
        ) as error:
            raise NoText("damaged") from error

    def explain(self, kept: Collected) -> None:
        """Say why nothing was found, where there is a reason.

        Raises:
            NoText: nothing was found before the bounds were reached, or there are pictures alone.
        """
        if "".join(kept.pieces).strip():
            return
        if self.is_cut:
            raise NoText("too large")
        if any(map(_SCAN.fullmatch, self.names)):
            raise NoText("scanned")

    def _stream(self, info: zipfile.ZipInfo, parser: expat.XMLParserType) -> None:
        read = 0
        with self.archive.open(info) as part:
            while chunk := part.read(_CHUNK):
                read += len(chunk)
                self.bytes_left -= len(chunk)
                if self.bytes_left < 0 or read > self.part_limit:
                    raise _Enough
                parser.Parse(chunk, False)
            parser.Parse(b"", True)

    def _parser(self, reader: Reader) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        names = reader.names
        begin, finish = reader.start, reader.end
        depth = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self.elements_left -= 1
            if depth > DEPTH_LIMIT:
                raise NoText("damaged")
            if self.elements_left < 0:
                raise _Enough
            begin(names.get(name, ""), attributes)

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            finish(names.get(name, ""))

        def refuse(*_: object) -> None:
            raise NoText("damaged")  # no office program writes entities

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = reader.text
        parser.StartDoctypeDeclHandler = refuse
        return parser


@contextmanager
def package(file: BinaryIO) -> Iterator[Parts]:
    """Open a package whose list of parts is of a bearable size.

    Raises:
        NoText: it is none, or locked.
    """
    head = file.read(8)
    if head == _OLE:
        file.seek(0)
        is_locked = any(_ENCRYPTED in block for block in iter(lambda: file.read(_CHUNK), b""))
        raise NoText("encrypted" if is_locked else "unsupported")
    size = file.seek(0, 2)
    file.seek(max(0, size - (1 << 16) - 64))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22 or not head.startswith(b"PK"):
        raise NoText("damaged")
    listed = int.from_bytes(tail[at + 12 : at + 16], "little")
    if listed > DIRECTORY_LIMIT_KB << 10 or tail[max(0, at - 20) : at].startswith(_END_64):
        raise NoText("too large")
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, LookupError) as bad:
        raise NoText("damaged") from bad
    with archive:
        yield Parts(archive, {info.filename: info for info in archive.infolist()})


def named(spaces: tuple[str, ...], locals_: str) -> dict[str, str]:
    """Return the names of elements as the parser says them → as the readers know them."""
    return {f"{space} {local}": local for space in spaces for local in locals_.split()}


WORD_SPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
SHEET_SPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_VAL = tuple(f"{space} val" for space in WORD_SPACES)
# struck out, moved away, instructions of fields, former formats, readings of characters
_WORD_UNSHOWN = "del moveFrom delText delInstrText instrText pPr rPrChange rt"
_WORD_BREAKS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}


class WordPart(Reader):
    """Text of a part of a Word file as it is shown."""

    names: ClassVar[Mapping[str, str]] = {
        **named(WORD_SPACES, "p r t vanish specVanish br cr tab noBreakHyphen"),
        **dict.fromkeys((*named(WORD_SPACES, _WORD_UNSHOWN), FALLBACK), "unshown"),
    }

    def __init__(self, add: Callable[[str], None]) -> None:
        self.add = add
        self.unshown = 0  # how deep below an element that is not shown
        self.runs: list[bool] = []  # whether each open run is hidden
        self.is_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element."""
        if self.unshown:
            self.unshown += 1
        elif name == "unshown":
            self.unshown = 1
        elif name == "r":
            self.runs.append(False)
        elif name == "t":
            self.is_text = True not in self.runs
        elif name in ("vanish", "specVanish"):
            value = next((attributes[key] for key in _VAL if key in attributes), "true")
            if self.runs and value not in ("0", "false", "off"):
                self.runs[-1] = True
        elif name in _WORD_BREAKS:
            self.add(_WORD_BREAKS[name])

    def end(self, name: str) -> None:
        """Meet the end of an element."""
        if self.unshown:
            self.unshown -= 1
        elif name == "t":
            self.is_text = False
        elif name == "r" and self.runs:
            self.runs.pop()
        elif name == "p":
            self.add("\n")

    def text(self, data: str) -> None:
        """Meet text."""
        if self.is_text and not self.unshown:
            self.add(data)


DEFAULT_NAME = re.compile(r"(?i)(?:(?:sheet|工作表|表) ?[0-9]*)?")
RELATION = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)


class BookPart(Reader):
    """The sheets of a workbook, and the day from which it counts days."""

    names: ClassVar[Mapping[str, str]] = named(SHEET_SPACES, "sheet workbookPr")

    def __init__(self) -> None:
        self.visible: list[tuple[str, str]] = []  # name, relation
        self.hidden: list[tuple[str, str]] = []
        self.first_day = date(1899, 12, 30)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element."""
        if name == "sheet":
            is_shown = attributes.get("state", "visible") == "visible"
            relation = next((attributes[key] for key in RELATION if key in attributes), "")
            sheets = self.visible if is_shown else self.hidden
            sheets.append((attributes.get("name", ""), relation))
        elif name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self.first_day = date(1904, 1, 1)


class Targets(Reader):
    """Where the relations of a workbook lead."""

    names: ClassVar[Mapping[str, str]] = named(
        (
            "http://schemas.openxmlformats.org/package/2006/relationships",
            "http://purl.oclc.org/ooxml/package/relationships",
        ),
        "Relationship",
    )

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element."""
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            self.found[attributes.get("Id", "")] = attributes.get("Target", "")


class Shared(Reader):
    """The texts that cells share, by number."""

    names: ClassVar[Mapping[str, str]] = named(SHEET_SPACES, "si t rPh")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.size = 0
        self.open: list[str] = []
        self.is_text = False
        self.is_reading = False  # of characters, as in Japanese sheets

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element."""
        if name == "si":
            if len(self.texts) >= SHARED_LIMIT or self.size > SHARED_CHARACTERS:
                raise _Enough
            self.open = []
        elif name == "rPh":
            self.is_reading = True
        elif name == "t":
            self.is_text = not self.is_reading

    def end(self, name: str) -> None:
        """Meet the end of an element."""
        if name == "si":
            self.texts.append("".join(self.open)[:CELL_CHARACTERS])
            self.size += len(self.texts[-1])
        elif name == "rPh":
            self.is_reading = False
        elif name == "t":
            self.is_text = False

    def text(self, data: str) -> None:
        """Meet text."""
        if self.is_text:
            self.open.append(data)


# formats that show a day (ECMA-376 part 1, 18.8.30, those of Chinese included)
_DAY_FORMATS = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58}
_NOT_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


class Styles(Reader):
    """Which formats of cells show a day."""

    names: ClassVar[Mapping[str, str]] = named(SHEET_SPACES, "numFmt cellXfs xf")

    def __init__(self) -> None:
        self.formats: dict[str, str] = {}
        self.cells: list[str] = []
        self.is_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element."""
        if name == "numFmt":
            self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:200]
        elif name == "cellXfs":
            self.is_cells = True
        elif name == "xf" and self.is_cells:
            self.cells.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        """Meet the end of an element."""
        if name == "cellXfs":
            self.is_cells = False

    def dates(self) -> set[str]:
        """Return the numbers of the styles that show a day, as cells name them."""
        return {str(n) for n, one in enumerate(self.cells) if self._is_day(one)}

    def _is_day(self, number: str) -> bool:
        if (code := self.formats.get(number)) is not None:
            return re.search("[ydYD]", _NOT_CODE.sub("", code)) is not None
        return number.isascii() and number.isdecimal() and int(number[:4]) in _DAY_FORMATS


def _is_nothing(size: str | None) -> bool:
    """Tell whether a height or width is given and is nought."""
    return size is not None and re.fullmatch(r"0+(\.0*)?", size.strip()) is not None


class SheetPart(Reader):
    """The cells of one sheet, but for those in hidden rows and columns."""

    names: ClassVar[Mapping[str, str]] = named(SHEET_SPACES, "sheetFormatPr col row c v t rPh")

    def __init__(
        self, add: Callable[[str], None], shared: list[str], dates: set[str], first: date
    ) -> None:
        self.add, self.shared, self.dates, self.first = add, shared, dates, first
        self.hidden = bytearray(COLUMNS + 1)  # 1 for each hidden column
        self.hides_rows = False  # unless they say otherwise
        self.is_hidden_row = self.is_reading = self.is_value = False
        self.column = 0
        self.kind, self.style = "n", ""
        self.value: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element."""
        if name == "c":
            self.column = _column(attributes.get("r", "")) or self.column + 1
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.value = []
        elif name in ("v", "t"):
            self.is_value = not self.is_reading
        elif name == "row":
            hidden = attributes.get("hidden", "1" if self.hides_rows else "0")
            self.is_hidden_row = hidden in YES or _is_nothing(attributes.get("ht"))
            self.column = 0
        elif name == "rPh":
            self.is_reading = True
        elif name == "sheetFormatPr":
            self.hides_rows = attributes.get("zeroHeight") in YES
        elif name == "col" and (
            attributes.get("hidden") in YES or _is_nothing(attributes.get("width"))
        ):
            first, last = (attributes.get(key, "") for key in ("min", "max"))
            if re.fullmatch("[0-9]{1,5} [0-9]{1,5}", f"{first} {last}"):
                low, high = int(first), min(int(last), COLUMNS)
                self.hidden[low : high + 1] = b"\1" * (high + 1 - low)

    def end(self, name: str) -> None:
        """Meet the end of an element."""
        if name in ("v", "t"):
            self.is_value = False
        elif name == "rPh":
            self.is_reading = False
        elif name == "c":
            if self.value:
                self.cell("".join(self.value), self.is_hidden_row or self._is_hidden())
            self.value = []
        elif name == "row":
            self.add("\n")

    def text(self, data: str) -> None:
        """Meet text."""
        if self.is_value:
            self.value.append(data)

    def _is_hidden(self) -> bool:
        return self.column <= COLUMNS and self.hidden[self.column] == 1

    def cell(self, value: str, is_hidden: bool) -> None:
        """Meet the stored value of a cell."""
        if not is_hidden and (shown := self.shown(value)):
            self.show(shown)

    def show(self, value: str) -> None:
        """Collect what a visible cell shows."""
        self.add(value[:CELL_CHARACTERS])
        self.add(" ")

    def shown(self, value: str) -> str:
        """Return what a cell with this stored value shows."""
        if self.kind == "s":
            number = int(value) if re.fullmatch("[0-9]{1,9}", value.strip()) else -1
            return self.shared[number] if 0 <= number < len(self.shared) else ""
        if self.kind == "n":
            return self._number(value)
        # true, #N/A: nobody looks for these
        return "" if self.kind in ("b", "e") else value

    def _number(self, value: str) -> str:
        """Return a number in plain digits, of days the date."""
        try:
            number = float(value[:40])
            if self.style in self.dates:
                return str(self.first + timedelta(days=int(number))) if number >= 1 else ""
            if number.is_integer() and abs(number) < 1e15:
                return str(int(number))
            return f"{Decimal(f'{number:.15g}'):f}" if abs(number) < 1e30 else ""
        except (ValueError, ArithmeticError):
            return ""


def _column(place: str) -> int:
    """Return the number of the column that a cell's place names, or 0."""
    number = 0
    for letter in place[:3].upper():
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number


@dataclass(frozen=True)
class Workbook:
    """A workbook's sheets, each with its name and part, and the facts that all of them share."""

    visible: list[tuple[str, str]]
    hidden: list[tuple[str, str]]
    facts: tuple[list[str], set[str], date]  # texts, styles that show a day, the first day

    @classmethod
    def of(cls, parts: Parts) -> Workbook:
        """Read what a workbook says before its sheets.

        Raises:
            NoText: it is damaged, locked or of another kind.
        """
        book, targets = BookPart(), Targets()
        if "xl/workbook.xml" not in parts.names:
            raise NoText("damaged")
        parts.read("xl/workbook.xml", book)
        parts.read("xl/_rels/workbook.xml.rels", targets)
        shared, styles = Shared(), Styles()
        parts.read("xl/sharedStrings.xml", shared)
        parts.read("xl/styles.xml", styles)

        def located(sheets: list[tuple[str, str]]) -> list[tuple[str, str]]:
            found = [(name, posixpath.join("/xl", targets.found.get(r, ""))) for name, r in sheets]
            return [(name, posixpath.normpath(part).lstrip("/")) for name, part in found]

        facts = (shared.texts, styles.dates(), book.first_day)
        return cls(located(book.visible), located(book.hidden), facts)
