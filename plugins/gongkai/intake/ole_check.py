"""An old Office file (a compound file of streams) into what is held against it.

No reader of its text is at hand: numbers are looked for in the bytes of its streams, in both
widths of characters, and in the cells of old workbooks, which hold them as numbers.
"""

from __future__ import annotations

import re
import struct
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from gongkai.intake.byte_text import look_at_bytes
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
_DDE = re.compile(rb"(?i)[\x13\x15]\0?\s?\0?\s*D\0?D\0?E\0?(?:A\0?U\0?T\0?O\0?)?\s")
_CONTENT = Where("内容", "the content")
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
        _stream(stream, last, kind, found)
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


def _stream(stream: bytes, name: str, kind: Kind, found: Findings) -> None:
    if name == "worddocument" and len(stream) > 12 and stream[11] & 1:
        raise found.stop(ATTACHMENT_LOCKED)
    if stream.startswith(b"MZ") and b"This program" in stream[:512]:
        raise found.stop(ATTACHMENT_FORBIDDEN, what="可执行程序", what_en="a program")
    if kind is OLD_WORD and _DDE.search(stream):
        found.refuse(ATTACHMENT_ACTIVE, what="DDE 域", what_en="a DDE field")
    if name in ("workbook", "book"):
        _workbook(stream, found)
    look_at_bytes(stream, found, _CONTENT)


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
    rows: dict[tuple[int, int], list[str]] = {}
    sheet = cells = 0
    for kind, held in _records(stream, found):
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
        elif kind in (0x0203, 0x027E, 0x00BD):
            cells += 1
            if cells > CELLS_LIMIT:
                raise found.too_complex("单元格过多", "too many cells")
            numbers = [n for n in _values(kind, held) if n >= 10_000_000 and n.is_integer()]
            if numbers:
                row = int.from_bytes(held[:2], "little") + 1
                rows.setdefault((sheet, row), []).extend(str(int(n)) for n in numbers if n < 1e19)
    places = list(rows)
    lines = ["\t".join(rows[place]) for place in places]
    found.scan_lines(lines, lambda n: Where(f"第 {places[n][1]} 行", f"row {places[n][1]}"))


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
