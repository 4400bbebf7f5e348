"""An attachment into what is held against publishing it, its digest and the text in it.

A file must be what its name says, hold nothing that runs, fetches or hides, and tell nothing of
private persons, neither in what readers see nor in what they do not. Whatever it holds, the
work is bounded; what cannot be looked through within the bounds is refused, not passed.
"""

from __future__ import annotations

import csv
import hashlib
import re
import time
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from gongkai.domain.site import extension_of
from gongkai.intake.findings import WHOLE, Finding, Findings, Refused, Where
from gongkai.intake.office_check import Endless, check_package, no_text
from gongkai.intake.office_text import NoText
from gongkai.intake.ole_check import check_ole, ole_kind
from gongkai.intake.pdf_check import TooSlow, check_pdf
from gongkai.intake.pictures import check_picture
from gongkai.intake.sniff import (
    EMPTY,
    GIF,
    JPEG,
    LOCKED,
    OFD,
    OLD_SHEETS,
    OLD_SLIDES,
    OLD_WORD,
    OLE,
    PDF,
    PNG,
    SHEETS,
    SLIDES,
    SVG,
    TEXT,
    WEBP,
    WORD,
    ZIP,
    Kind,
    decoded,
    sniff,
)
from gongkai.intake.source import read_regular, read_unchanged
from gongkai.intake.svg import NoPicture, drawing
from gongkai.kernel.clock import cpu_seconds
from gongkai.kernel.digest import digest_of_bytes
from gongkai.kernel.problems import (
    ATTACHMENT_ACTIVE,
    ATTACHMENT_ARCHIVE,
    ATTACHMENT_LOCKED,
    ATTACHMENT_MORE_INSIDE,
    ATTACHMENT_TOO_LARGE,
    CELL_FORMULA,
    SVG_ACTIVE,
)

SECONDS = 60  # of CPU time for one file; a few seconds are much
TEXT_LIMIT = 200_000
ARCHIVE_FILES = 1000
ARCHIVE_MB = 300  # of all files in an archive, unpacked
ARCHIVE_RATIO = 200
ROWS_LIMIT = 2_000_000

_PACKAGES = (WORD, SHEETS, SLIDES, OFD)
_PICTURES = (PNG, JPEG, GIF, WEBP)
_OLD = (OLD_WORD, OLD_SHEETS, OLD_SLIDES)
_NUMBER = re.compile(r"[+-]?[0-9０-９.,%‰\s/:+-]*")
_RUNNING = re.compile(r"[=@\t\r]|[+-].*[(|!]")
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the site allows: the size of a file, and the types within an archive."""

    size_mb: int = 50
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspected:
    """What looking at one file gave.

    ``refusals`` are codes with their facts; ``text`` is what the search is to find in it, or
    ``None`` where the search has to read the file itself. ``served`` is the size and digest of
    what is published in the file's stead: of an SVG picture its safe twin.
    """

    sha256: str
    kind: str
    refusals: tuple[tuple[str, dict[str, Any]], ...] = ()
    private: tuple[Finding, ...] = ()
    secret: tuple[Finding, ...] = ()
    text: str | None = None
    served: tuple[int, str] | None = None

    def facts(self) -> dict[str, Any]:
        """Return everything but the text, for JSON."""
        return {
            "sha256": self.sha256,
            "kind": self.kind,
            "refusals": [[code, facts] for code, facts in self.refusals],
            "private": [[one.kind, one.value, *one.where] for one in self.private],
            "secret": [[one.kind, one.value, *one.where] for one in self.secret],
            "served": self.served,
        }

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Inspected:
        """Return what ``facts`` were made of."""

        def findings(rows: list[list[str]]) -> tuple[Finding, ...]:
            return tuple(Finding(kind, value, Where(*where)) for kind, value, *where in rows)

        refusals = tuple((code, held) for code, held in facts["refusals"])
        private, secret = findings(facts["private"]), findings(facts["secret"])
        served = (facts["served"][0], facts["served"][1]) if facts["served"] else None
        return cls(facts["sha256"], facts["kind"], refusals, private, secret, None, served)


def inspect(path: Path, name: str, limits: Limits = Limits()) -> Inspected:
    """Look through a file that is published under ``name``.

    Raises:
        OSError: the file cannot be read.
    """
    found = Findings()
    size = path.stat().st_size
    if size > limits.size_mb << 20:
        found.refuse(ATTACHMENT_TOO_LARGE, size=_megabytes(size), limit=limits.size_mb)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return _inspected(digest, "", found, None)
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    kept = Endless(TEXT_LIMIT)
    kind, is_alike = "", False
    try:
        with cpu_seconds(SECONDS, TooSlow):
            check = _Check(found, limits, time.thread_time() + SECONDS)
            found.scan(name.rpartition("/")[2], Where("文件名", "the file's name"))
            kind, is_alike = check.file(data, name, kept)
    except Refused:
        pass
    except (TooSlow, MemoryError, RecursionError):
        found.too_complex("检查时间过长", "too long to check")
    is_sound = not (found.refusals or found.private or found.secret)
    text = kept.text() if is_alike and is_sound else None
    if kind == SVG.id and is_sound:
        made = drawing(data).text.encode()
        digest = hashlib.sha256(made).hexdigest()
        return Inspected(digest, kind, served=(len(made), digest_of_bytes(made)))
    return _inspected(digest, kind, found, text)


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):.1f}"


def _inspected(digest: str, kind: str, found: Findings, text: str | None) -> Inspected:
    refusals = tuple((code, facts) for (code, _), facts in found.refusals.items())
    private, secret = tuple(found.private.values()), tuple(found.secret.values())
    return Inspected(digest, kind, refusals, private, secret, text)


@dataclass
class _Check:
    """The check of one file and of the files within it."""

    found: Findings
    limits: Limits
    until: float  # of this thread's CPU time
    depth: int = 0

    def file(self, data: bytes, name: str, kept: Endless) -> tuple[str, bool]:
        """Look through a file; return what it is and whether ``kept`` is as the search reads it."""
        kind = sniff(data)
        if kind is OLE:
            kind = ole_kind(data)
        if kind is LOCKED:
            raise self.found.stop(ATTACHMENT_LOCKED)
        extension = extension_of(name)
        if extension not in kind.extensions:
            raise self.found.stop(kind.refusal, extension=extension, what=kind.zh, what_en=kind.en)
        return kind.id, self._looked_through(data, kind, extension, kept)

    def _looked_through(self, data: bytes, kind: Kind, extension: str, kept: Endless) -> bool:
        found = self.found
        if kind in _PACKAGES:
            try:
                is_alike = check_package(data, kind, found, kept, self._inner)
            except NoText as error:
                no_text(found, error)
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
                found.damaged()
            else:
                return is_alike and kind in (WORD, SHEETS)
        elif kind is PDF:
            return check_pdf(data, found, kept, self.until)
        elif kind in _PICTURES:
            check_picture(data, kind, found)
        elif kind in _OLD:
            check_ole(data, kind, found)
        elif kind is TEXT or kind is EMPTY:
            return self._text(data, extension, kept)
        elif kind is SVG:
            self._svg(data)
        elif kind is ZIP:
            self._archive(data)
        return False

    def _text(self, data: bytes, extension: str, kept: Endless) -> bool:
        text = decoded(data) or ""
        lines = text.splitlines()
        self.found.scan_lines(lines, lambda n: Where(f"第 {n + 1} 行", f"line {n + 1}"))
        if extension in ("csv", "tsv"):
            self._formulas(text, "\t" if extension == "tsv" else ",")
        return False  # reading it again costs next to nothing

    def _formulas(self, text: str, delimiter: str) -> None:
        """Refuse cells that a program for tables would run as formulas."""
        if not any(mark in text for mark in "=@+-"):
            return
        limit = csv.field_size_limit(10_000_000)
        try:
            for n, row in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), 1):
                if n > ROWS_LIMIT:
                    raise self.found.too_complex("行数过多", "too many rows")
                for cell in row:
                    if cell[:1] in "=@+-\t\r" and cell and _runs(cell):
                        where = Where(f"第 {n} 行", f"row {n}")
                        self.found.refuse(CELL_FORMULA, where, value=cell.strip()[:12])
        except csv.Error:
            raise self.found.damaged() from None
        finally:
            csv.field_size_limit(limit)  # of the whole process: registers are read with a lower one

    def _svg(self, data: bytes) -> None:
        try:
            made = drawing(data)
        except NoPicture:
            raise self.found.damaged() from None
        for zh, en in made.taken_out:
            self.found.refuse(SVG_ACTIVE, what=zh, what_en=en)
        self.found.scan(made.words, Where("图中的文字", "the words in the picture"))

    def _inner(self, data: bytes, name: str) -> None:
        """Look through a file that is embedded in another: a chart's workbook, say."""
        if self.depth >= 2:
            raise self.found.too_complex("嵌套过深", "too deep nesting")
        kind = sniff(data)
        if kind not in (WORD, SHEETS, SLIDES):
            self.found.refuse(ATTACHMENT_ACTIVE, what="嵌入对象", what_en="an embedded object")
            return
        before = self.found.inside
        self.found.inside = Where(f"嵌入的 {name[:80]}", f"embedded {name[:80]}")
        self.depth += 1
        try:
            self._looked_through(data, kind, kind.id, Endless(0))
        finally:
            self.depth -= 1
            self.found.inside = before

    def _archive(self, data: bytes) -> None:
        """Look through the files of an archive, each by the rules for a file of its own."""
        found = self.found
        if self.depth:
            zh, en = "压缩包里的压缩包", "an archive within the archive"
            raise found.stop(ATTACHMENT_ARCHIVE, what=zh, what_en=en)
        end = data.rfind(b"PK\x05\x06")
        comment = int.from_bytes(data[end + 20 : end + 22], "little")
        if end < 0 or not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            raise found.damaged()
        size = int.from_bytes(data[end + 12 : end + 16], "little")
        offset = int.from_bytes(data[end + 16 : end + 20], "little")
        if end + 22 + comment != len(data) or offset + size != end:
            what = ("压缩包前后的其他内容", "something before or behind the archive")
            raise found.stop(ATTACHMENT_MORE_INSIDE, what=what[0], what_en=what[1])
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                self._files(archive, len(data))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
            raise found.damaged() from None

    def _files(self, archive: zipfile.ZipFile, size: int) -> None:
        found = self.found
        infos = archive.infolist()
        total = sum(info.file_size for info in infos)
        packed = sum(info.compress_size for info in infos)
        if len(infos) > ARCHIVE_FILES:
            raise found.too_complex(f"{len(infos)} 个文件", f"{len(infos)} files")
        if total > ARCHIVE_MB << 20 or packed > size:
            raise found.too_complex("解压后过大", "too much to unpack")
        names: set[str] = set()
        for info in infos:
            name = _archived_name(info)
            what = _bad_name(info, name, names)
            if what is not None:
                raise found.stop(ATTACHMENT_ARCHIVE, what=what[0], what_en=what[1])
            names.add(name.casefold())
            if info.flag_bits & 1:
                raise found.stop(ATTACHMENT_LOCKED)
            if info.is_dir():
                continue
            if info.file_size > 1 << 20 and info.file_size > ARCHIVE_RATIO * info.compress_size:
                raise found.too_complex("压缩比异常", "a suspicious ratio of compression")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise found.damaged()
            extension = extension_of(name)
            if extension not in (*self.limits.types, "zip"):
                facts = (f"“.{extension}”类型的文件", f"a file of type '.{extension}'")
                raise found.stop(ATTACHMENT_ARCHIVE, what=facts[0], what_en=facts[1])
            with archive.open(info) as file:
                data = file.read(info.file_size + 1)
            found.inside = Where(f"压缩包内的 {name[:80]}", f"{name[:80]} in the archive")
            self.depth += 1
            found.scan(name, WHOLE)
            if extension == "svg":
                raise found.stop(ATTACHMENT_ARCHIVE, what="SVG 图片", what_en="an SVG picture")
            self.file(data, name, Endless(0))
            self.depth -= 1
            found.inside = Where("", "")


def _runs(cell: str) -> bool:
    """Tell whether a program for tables would compute the cell; a dash or an amount is data."""
    return not _NUMBER.fullmatch(cell) and _RUNNING.match(cell) is not None


def _archived_name(info: zipfile.ZipInfo) -> str:
    """Return the name of a file in an archive; older Chinese programs write it in GBK."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _bad_name(info: zipfile.ZipInfo, name: str, names: set[str]) -> tuple[str, str] | None:
    parts = re.split(r"[/\\]", name)
    if ".." in parts or name.startswith(("/", "\\")) or _DRIVE.match(name) or "\0" in name:
        return "越出压缩包的文件名", "a name that climbs out of the archive"
    if info.external_attr >> 28 == 0xA:
        return "符号链接", "a symbolic link"
    if name.casefold() in names:
        return "同名的文件", "files of one name"
    return None


def published_bytes(root: Path, path: str, digest: str) -> bytes:
    """Return what is published of a file: an SVG picture in its safe form, others as they are.

    ``digest`` is that of the bytes to publish.

    Raises:
        OSError: it is not what was looked through any more; a build then publishes nothing.
    """
    if extension_of(path) != "svg":
        return read_unchanged(root, path, digest)
    try:
        data = drawing(read_regular(root, path)).text.encode()
    except NoPicture:
        data = b""
    if digest_of_bytes(data) != digest:
        raise OSError(0, "内容在构建过程中被改动，请重新构建", path)
    return data
