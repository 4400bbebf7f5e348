"""A picture into what is held against it: what stands behind it, where it was taken, by whom."""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from gongkai.intake.findings import Findings, Where
from gongkai.intake.sniff import GIF, JPEG, PNG, Kind
from gongkai.kernel.problems import ATTACHMENT_MORE_INSIDE

PIXELS_LIMIT = 150_000_000
TEXT_LIMIT = 1 << 20  # of one text in a PNG, unpacked
_FORMATS = {PNG.id: "PNG", JPEG.id: "JPEG", GIF.id: "GIF", "webp": "WEBP"}
_GPS, _EXIF = 0x8825, 0x8769
_NAMES = {
    0x013B: Where("照片的作者", "the photographer"),
    0x8298: Where("照片的版权", "the copyright of the photograph"),
    0x9C9D: Where("照片的作者", "the photographer"),
    0xA430: Where("相机的主人", "the owner of the camera"),
}
EMBEDDED = Where("内嵌图片", "an embedded picture")
_TAKEN_AT = Where("照片位置信息", "the place in the photograph")
_XMP_PLACE = re.compile(rb"GPSL(?:atitude|ongitude)")
_XMP_NAMES = re.compile(
    rb"<dc:creator>(.{1,2000}?)</dc:creator>|aux:OwnerName=\"([^\"]{1,200})\"", re.DOTALL
)
_MARKUP = re.compile(rb"(?i)<(?:html|script|!doctype|iframe|svg|body|\?php)")


def check_picture(data: bytes, kind: Kind, found: Findings) -> None:
    """Look through a picture file.

    Raises:
        Refused: it is damaged, or something other than a picture as well.
    """
    from PIL import Image

    if _MARKUP.search(data[:1024]):
        what = ("网页代码", "code of a web page")
        raise found.stop(ATTACHMENT_MORE_INSIDE, what=what[0], what_en=what[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(data), formats=(_FORMATS[kind.id],)) as image:
                width, height = image.size
                if width * height > PIXELS_LIMIT:
                    raise found.too_complex("像素过多", "too many pixels")
                image.verify()
        except Image.DecompressionBombError:
            raise found.too_complex("像素过多", "too many pixels") from None
        except (OSError, SyntaxError, ValueError, struct.error, EOFError, zlib.error):
            raise found.damaged() from None
    end = _END[kind.id](data)
    if end is None:
        raise found.damaged()
    rest = data[end:].strip(b"\0\r\n ")
    # telephones put a smaller picture behind the first one
    if rest and not (kind is JPEG and rest.startswith(b"\xff\xd8\xff") and _ends_well(rest)):
        what = ("图片之后的其他内容", "something behind the picture")
        raise found.stop(ATTACHMENT_MORE_INSIDE, what=what[0], what_en=what[1])
    look_at_exif(data, found, Where("", ""))
    if kind is PNG:
        _png_texts(data, found)


def _ends_well(data: bytes) -> bool:
    """Tell whether nothing but whole JPEG pictures follow one another."""
    for _ in range(16):
        end = _jpeg_end(data)
        if end is None:
            return False
        data = data[end:].strip(b"\0\r\n ")
        if not data:
            return True
        if not data.startswith(b"\xff\xd8\xff"):
            return False
    return False


def look_at_exif(data: bytes, found: Findings, within: Where) -> None:
    """Look for a place and for persons in what a camera or program wrote into a picture."""
    from PIL import Image

    if _XMP_PLACE.search(data):
        found.note_private("location", "***", _in(within, _TAKEN_AT))
    for match in _XMP_NAMES.finditer(data):
        said = (match[1] or match[2] or b"").decode("utf-8", "replace")
        for name in re.sub(r"<[^<>]*>", "\n", said).splitlines():
            found.note_author(name, _in(within, _NAMES[0x013B]))
    is_bare = data.startswith((b"II*\0", b"MM\0*"))
    if not is_bare and not any(mark in data for mark in (b"Exif", b"eXIf", b"EXIF")):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(data)) as image:
                _exif(image.getexif(), found, within)
        except MemoryError:
            raise
        except Exception:  # whatever a damaged block makes the library stumble over
            look_at_raw_exif(data, found, within)


def look_at_raw_exif(data: bytes, found: Findings, within: Where = EMBEDDED) -> None:
    """Look at the camera's notes of pictures that stand whole within other data."""
    from PIL import Image

    at = -1
    for _ in range(200):
        at = data.find(b"Exif\0\0", at + 1)
        if at < 0:
            return
        notes = Image.Exif()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                notes.load(data[at : at + 65_536])
                _exif(notes, found, within)
            except MemoryError:
                raise
            except Exception:
                continue


def _exif(notes: Any, found: Findings, within: Where) -> None:
    place = notes.get_ifd(_GPS)
    if any(number in place for number in (2, 4)):
        found.note_private("location", "***", _in(within, _TAKEN_AT))
    for tags in (dict(notes), notes.get_ifd(_EXIF)):
        for number, where in _NAMES.items():
            value = tags.get(number)
            if isinstance(value, bytes):
                value = value.decode("utf-16-le" if number == 0x9C9D else "utf-8", "replace")
            if isinstance(value, tuple):
                value = bytes(value).decode("utf-16-le", "replace")
            if isinstance(value, str):
                found.note_author(
                    re.sub(r"(?i)\(c\)|©|copyright", "", value[:200]), _in(within, where)
                )
    for number in (0x010E, 0x9286):
        if isinstance(value := notes.get(number), str):
            found.scan(value[:10_000], _in(within, Where("照片的说明", "the caption")))


def _in(within: Where, where: Where) -> Where:
    if not within.zh:
        return where
    return Where(f"{within.zh}的{where.zh}", f"{where.en} of {within.en}")


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, start and end of what each chunk of a PNG holds."""
    at = 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        yield kind, at + 8, at + 8 + size
        at += 12 + size
        if kind == b"IEND":
            return


def _png_end(data: bytes) -> int | None:
    return next((end + 4 for kind, _, end in _chunks(data) if kind == b"IEND"), None)


def _png_texts(data: bytes, found: Findings) -> None:
    for kind, start, end in _chunks(data):
        if kind not in (b"tEXt", b"zTXt", b"iTXt"):
            continue
        key, _, rest = data[start : min(end, start + TEXT_LIMIT)].partition(b"\0")
        is_packed = kind == b"zTXt" or (kind == b"iTXt" and rest[:1] == b"\1")
        if kind == b"iTXt":
            rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
        if is_packed:
            try:
                rest = zlib.decompressobj().decompress(rest.removeprefix(b"\0"), TEXT_LIMIT)
            except zlib.error:
                continue
        text = rest.decode("utf-8" if kind == b"iTXt" else "latin-1", "replace")
        where = Where(f"图片说明“{key.decode('latin-1')}”", f"text '{key.decode('latin-1')}'")
        if key.lower() in (b"author", b"artist"):
            found.note_author(text, where)
        if _XMP_PLACE.search(rest):
            found.note_private("location", "***", _TAKEN_AT)
        found.scan(text, where)


_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


def _jpeg_end(data: bytes) -> int | None:
    """Return where the picture ends, marker by marker; its own data hold no markers."""
    at = 2
    while match := _MARKER.search(data, at):
        marker = data[match.start() + 1]
        if marker == 0xD9:
            return match.end()
        if marker in (0x01, 0xD8):
            at = match.end()
            continue
        size = int.from_bytes(data[match.end() : match.end() + 2], "big")
        if size < 2:
            return None
        at = match.end() + size
    return None


def _gif_end(data: bytes) -> int | None:
    """Return where the picture ends, block by block."""
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    while at < len(data):
        kind = data[at]
        if kind == 0x3B:
            return at + 1
        if kind == 0x21:
            at += 2
        elif kind == 0x2C and at + 10 <= len(data):
            flags = data[at + 9]
            at += 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
        else:
            return None
        while at < len(data) and data[at]:
            at += data[at] + 1
        at += 1
    return None


def _webp_end(data: bytes) -> int | None:
    size = int.from_bytes(data[4:8], "little") + 8
    return size + size % 2 if size <= len(data) else None


_END = {PNG.id: _png_end, JPEG.id: _jpeg_end, GIF.id: _gif_end, "webp": _webp_end}
