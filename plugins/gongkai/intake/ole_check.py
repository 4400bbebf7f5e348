"""An old Office file (a compound file of streams) into what is held against it.

The text of a document is put together by its list of pieces, that of a workbook by its cells;
and numbers are looked for in the bytes of all streams besides, in both widths of characters,
for such files keep what was deleted.
"""

from __future__ import annotations

import re
import struct
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from gongkai.intake.byte_text import CHECKED, STRONG, look_at_bytes
from gongkai.intake.findings import Findings, Where
from gongkai.intake.office_check import COMMENT_AUTHOR
from gongkai.intake.pictures import look_at_raw_exif
from gongkai.intake.sniff import LOCKED, OLD_SHEETS, OLD_SLIDES, OLD_WORD, OLE, Kind
from gongkai.kernel.problems import ATTACHMENT_ACTIVE, ATTACHMENT_FORBIDDEN, ATTACHMENT_LOCKED

STREAMS_LIMIT = 3000
STREAM_LIMIT_MB = 64
TOTAL_LIMIT_MB = 160
RECORDS_LIMIT = 3_000_000
CELLS_LIMIT = 2_000_000

INSTALLER = "{000C1084-0000-0000-C000-000000000046}"
_MACRO = {"vba", "_vba_project_cur", "_vba_project", "macros"}
_LINE_ENDS = re.compile(r"[\r\n\t]+")
_DDE = re.compile(rb"(?i)[\x13\x15]\0?\s?\0?\s*D\0?D\0?E\0?(?:A\0?U\0?T\0?O\0?)?\s")
_CONTENT = Where("内容", "the content")
_BODY = Where("正文", "the body")
_AUTHOR = Where("属性“作者”", "property 'author'")
_SAVED_BY = Where("属性“最后保存者”", "property 'last saved by'")
_COMPANY = Where("属性“单位”", "property 'company'")
_MANAGER = Where("属性“经理”", "property 'manager'")


def ole_kind(data: bytes) -> Kind:
    """Return what a compound file is by the streams that it holds."""
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(data)) as file:
            names = {one[0].casefold() for one in file.listdir(streams=True, storages=True)[:5000]}
            is_installer = file.root.clsid == INSTALLER
    except MemoryError:
        raise
    except Exception:  # whatever a damaged file makes the library stumble over
        return OLE
    if is_installer or any(name.startswith("\u4840") for name in names):
        return Kind("installer", (), "安装包（MSI）", "an installer (MSI)")
    if "encryptedpackage" in names:
        return LOCKED
    for name, kind in (
        ("worddocument", OLD_WORD),
        ("workbook", OLD_SHEETS),
        ("book", OLD_SHEETS),
        ("powerpoint document", OLD_SLIDES),
    ):
        if name in names:
            return kind
    return OLE


def check_ole(data: bytes, kind: Kind, found: Findings) -> None:
    """Look through an old Office file.

    Raises:
        Refused: it cannot be looked through.
    """
    import olefile

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with olefile.OleFileIO(BytesIO(data)) as file:
                _look(file, kind, found)
        except (OSError, ValueError, IndexError, struct.error, AttributeError, TypeError):
            raise found.damaged() from None
    look_at_raw_exif(data, found)


def _look(file: Any, kind: Kind, found: Findings) -> None:
    paths = file.listdir(streams=True, storages=True)
    if len(paths) > STREAMS_LIMIT:
        raise found.too_complex(f"{len(paths)} 个流", f"{len(paths)} streams")
    total = 0
    for path in paths:
        names = [part.casefold() for part in path]
        last = names[-1]
        if _MACRO & set(names):
            found.refuse(ATTACHMENT_ACTIVE, what="宏", what_en="macros")
        if last in ("\x01ole10native", "package", "equation native") or "ocx" in last:
            found.refuse(ATTACHMENT_ACTIVE, what="嵌入对象", what_en="an embedded object")
        if last == "encryptedsummary":
            raise found.stop(ATTACHMENT_LOCKED)
        if file.get_type(path) != 2:  # a storage
            continue
        total += file.get_size(path)
        if file.get_size(path) > STREAM_LIMIT_MB << 20 or total > TOTAL_LIMIT_MB << 20:
            raise found.too_complex("内容过多", "too much content")
        if last in ("vba", "dir") or file.get_size(path) == 0:
            continue
        stream = file.openstream(path).read()
        if len(stream) < file.get_size(path):
            raise found.damaged()
        text = _document(stream, file) if names == ["worddocument"] else ""
        found.scan(text, _BODY)
        _stream(stream, last, kind, found, is_read=bool(text) or names == ["workbook"])
    facts = file.get_metadata()
    for name, where in (
        (facts.author, _AUTHOR),
        (facts.last_saved_by, _SAVED_BY),
        (facts.manager, _MANAGER),
        (facts.company, _COMPANY),
    ):
        if name:
            found.note_author(_text(name, facts.codepage), where)


def _text(value: object, codepage: object) -> str:
    if not isinstance(value, bytes):
        return str(value)
    for encoding in ("utf-8", "gb18030"):
        try:
            return value.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value.decode("latin-1")


def _stream(stream: bytes, name: str, kind: Kind, found: Findings, *, is_read: bool) -> None:
    if name == "worddocument" and len(stream) > 12 and stream[11] & 1:
        raise found.stop(ATTACHMENT_LOCKED)
    if stream.startswith(b"MZ") and b"This program" in stream[:512]:
        raise found.stop(ATTACHMENT_FORBIDDEN, what="可执行程序", what_en="a program")
    if kind is OLD_WORD and _DDE.search(stream):
        found.refuse(ATTACHMENT_ACTIVE, what="DDE 域", what_en="a DDE field")
    if name in ("workbook", "book"):
        _workbook(stream, found)
    # of what was read as a text, amounts were told from numbers of persons
    look_at_bytes(stream, found, _CONTENT, CHECKED if is_read else STRONG)


def _document(stream: bytes, file: Any) -> str:
    """Return the text of a document in its order ([MS-DOC] 2.4.1), or nothing where none is told.

    Its streams hold it in pieces, of which each has its own place and width of characters.
    """
    if len(stream) < 0x1AA:
        return ""
    flags, start, size = stream[11], *struct.unpack_from("<II", stream, 0x1A2)
    name = "1Table" if flags & 2 else "0Table"
    if not file.exists(name):
        return ""
    table = file.openstream(name).read()[start : start + size]
    at = 0
    while table[at : at + 1] == b"\1":  # properties of paragraphs come first
        at += 3 + int.from_bytes(table[at + 1 : at + 3], "little")
    if table[at : at + 1] != b"\2":
        return ""
    plan = table[at + 5 :][: int.from_bytes(table[at + 1 : at + 5], "little")]
    count = (len(plan) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plan) if count > 0 else ()
    pieces: list[str] = []
    left = len(stream)  # no character is told twice
    for n in range(min(count, RECORDS_LIMIT)):
        first = 4 * (count + 1) + 8 * n + 2
        place = int.from_bytes(plan[first : first + 4], "little")
        length = min(max(0, ends[n + 1] - ends[n]), left)
        left -= length
        if place & 1 << 30:  # narrow
            at = (place & ~(1 << 30)) // 2
            pieces.append(stream[at : at + length].decode("cp1252", "replace"))
        else:
            pieces.append(stream[place : place + 2 * length].decode("utf-16-le", "replace"))
    text = "".join(pieces)
    # a cell ends with a mark, a row with two
    return text.replace("\7\7", "\n").replace("\7", "\t").replace("\r", "\n")


def _records(stream: bytes, found: Findings) -> Iterator[tuple[int, bytes]]:
    """Yield the records of an old workbook."""
    at = 0
    for _ in range(RECORDS_LIMIT):
        if at + 4 > len(stream):
            return
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
    raise found.too_complex("记录过多", "too many records")


def _workbook(stream: bytes, found: Findings) -> None:
    rows: dict[tuple[int, int], dict[int, str]] = {}
    sheet = cells = 0
    shared: list[bytes] = []
    texts: list[str] = []
    is_shared = False
    for kind, held in _records(stream, found):
        if kind == 0x00FC or (kind == 0x003C and is_shared):
            shared.append(held)
            is_shared = True
            continue
        if is_shared:
            texts, is_shared = _shared_texts(shared), False
        if kind == 0x002F:
            raise found.stop(ATTACHMENT_LOCKED)
        if kind in (0x0809, 0x0409, 0x0209):
            sheet += 1
            if len(held) >= 4 and held[2:4] in (b"\x40\0", b"\x06\0"):  # macros
                found.refuse(ATTACHMENT_ACTIVE, what="宏表", what_en="a sheet of macros")
        elif kind == 0x0085 and len(held) > 5 and held[5] & 0x0F in (1, 6):
            found.refuse(ATTACHMENT_ACTIVE, what="宏表", what_en="a sheet of macros")
        elif kind == 0x01AE and len(held) > 4 and held[:2] == b"\0\0":
            found.refuse(ATTACHMENT_ACTIVE, what="DDE 链接", what_en="a DDE link")
        elif kind == 0x005C and len(held) > 3:  # the user who saved it
            size, wide = int.from_bytes(held[:2], "little"), held[2] & 1
            encoding = "utf-16-le" if wide else "gb18030"
            text = held[3 : 3 + size * (1 + wide)].decode(encoding, "replace")
            found.note_author(text.strip(), _SAVED_BY)
        elif kind == 0x001C:
            _note_author(held, found)
        elif kind in _CELLS and len(held) >= 6:
            shown = _shown(kind, held, texts)
            cells += len(shown)
            if cells > CELLS_LIMIT:
                raise found.too_complex("单元格过多", "too many cells")
            row, column = struct.unpack_from("<HH", held)
            rows.setdefault((sheet, row + 1), {}).update(enumerate(shown, column))
    places = list(rows)
    lines = (_line(rows[place]) for place in places)
    found.scan_lines(lines, lambda n: Where(f"第 {places[n][1]} 行", f"row {places[n][1]}"))


_CELLS = (0x0203, 0x027E, 0x00BD, 0x00FD, 0x0204, 0x00D6)


def _line(cells: dict[int, str]) -> str:
    """Return the cells of a row with tabs between them, each in its column."""
    last = max(cells)
    if last > 256:
        return "\t".join(cells[n] for n in sorted(cells))
    return "\t".join(cells.get(n, "") for n in range(last + 1))


def _shown(kind: int, held: bytes, texts: list[str]) -> list[str]:
    """Return what a cell shows, or the cells of one record."""
    if kind == 0x00FD:
        number = int.from_bytes(held[6:10], "little")
        return [_LINE_ENDS.sub(" ", texts[number])] if number < len(texts) else []
    if kind in (0x0204, 0x00D6):
        size, is_wide = int.from_bytes(held[6:8], "little"), held[8:9] == b"\1"
        raw = held[9 : 9 + size * (1 + is_wide)]
        text = raw.decode("utf-16-le" if is_wide else "latin-1", "replace")
        return [_LINE_ENDS.sub(" ", text)]
    numbers = _values(kind, held)
    return [str(int(n)) if n.is_integer() and abs(n) < 1e19 else "0.5" for n in numbers]


def _shared_texts(records: list[bytes]) -> list[str]:
    """Return the texts that cells share ([MS-XLS] 2.4.265); one may go on in the next record."""
    texts: list[str] = []
    number, at = 0, 8
    size = len(records[0])

    def take(count: int) -> bytes:
        """Return bytes that may go on in the next record."""
        nonlocal number, at, size
        taken = b""
        while len(taken) < count:
            if at >= size:
                number, at = number + 1, 0
                if number >= len(records):
                    raise EOFError
                size = len(records[number])
                continue
            piece = records[number][at : min(size, at + count - len(taken))]
            taken += piece
            at += len(piece)
        return taken

    try:
        while True:
            left, flags = struct.unpack("<HB", take(3))
            runs = int.from_bytes(take(2), "little") if flags & 8 else 0
            more = int.from_bytes(take(4), "little") if flags & 4 else 0
            pieces: list[str] = []
            while left:
                if at >= size:  # the next record says anew how wide its characters are
                    flags = take(1)[0]
                width = 2 if flags & 1 else 1
                count = min(left, (size - at) // width)
                if not count:
                    raise EOFError
                pieces.append(
                    take(count * width).decode("utf-16-le" if width == 2 else "latin-1", "replace")
                )
                left -= count
            texts.append("".join(pieces))
            take(4 * runs + more)
    except (EOFError, struct.error):
        return texts


def _values(kind: int, held: bytes) -> list[float]:
    if kind == 0x0203 and len(held) >= 14:
        return [struct.unpack_from("<d", held, 6)[0]]
    if kind == 0x027E and len(held) >= 10:
        return [_packed(held[6:10])]
    return [_packed(held[at + 2 : at + 6]) for at in range(4, len(held) - 6, 6)]


def _packed(four: bytes) -> float:
    """Return a number that is kept in four bytes ([MS-XLS] 2.5.217)."""
    bits = int.from_bytes(four, "little")
    if bits & 2:
        value = float(int.from_bytes(four, "little", signed=True) >> 2)
    else:
        value = struct.unpack("<d", b"\0\0\0\0" + (bits & 0xFFFFFFFC).to_bytes(4, "little"))[0]
    return value / 100 if bits & 1 else value


def _note_author(held: bytes, found: Findings) -> None:
    if len(held) > 11:
        size, wide = int.from_bytes(held[8:10], "little"), held[10] & 1
        text = held[11 : 11 + size * (1 + wide)]
        name = text.decode("utf-16-le" if wide else "latin-1", "replace")
        found.note_author(name, COMMENT_AUTHOR)
