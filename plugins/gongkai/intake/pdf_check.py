"""A PDF into what is held against it, and its text by pages.

Two looks: the names that stand in its bytes and in its streams of objects, however they are
spelled, and, where one of them could mean something that runs, all its objects one by one. A
file without such a name needs the first alone.
"""

from __future__ import annotations

import logging
import re
import time
import warnings
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from gongkai.intake.attachment_text import (
    PAGES_LIMIT,
    SECONDS,
    STEPS_LIMIT,
    STREAM_LIMIT_MB,
    joined,
    pdf_bounds,
)
from gongkai.intake.findings import Findings, Refused, Where
from gongkai.intake.office_check import COMMENT_AUTHOR, TELLING_LENGTH, Endless
from gongkai.intake.pictures import look_at_raw_exif
from gongkai.kernel.problems import (
    ATTACHMENT_ACTIVE,
    ATTACHMENT_LOCKED,
    ATTACHMENT_MORE_INSIDE,
)

CHECK_PAGES = 5000
CHECK_STEPS = 12_000_000
OBJECTS_LIMIT = 400_000
NODES_LIMIT = 3_000_000  # of all objects, with what they hold
LOOK_LIMIT_MB = 256  # streams of objects, unpacked
_FORGET = 20

_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_TELLING = re.compile(
    rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|EmbeddedFiles?|EF|RichMedia\w*|XFA|OpenAction"
    rb"|AA|FileAttachment|Rendition|Movie|Sound|GoTo[ER3]\w*|Screen|3D|URI|Collection|Encrypt)(?![A-Za-z0-9])"
)
_PLAIN_LINK = re.compile(
    rb"/URI\s*\((?:https?://|mailto:|www\.|[^():]*\))|/S\s*/URI(?![A-Za-z0-9])", re.IGNORECASE
)
_OBJECT_STREAM = re.compile(rb"/(?:ObjStm|First)(?![A-Za-z])")
_STREAM = re.compile(rb"stream\r?\n")
_RUNS = {
    "/JavaScript": ("JavaScript 脚本", "JavaScript"),
    "/Launch": ("启动程序的动作", "an action that launches a program"),
    "/SubmitForm": ("提交表单的动作", "an action that submits a form"),
    "/ImportData": ("导入数据的动作", "an action that imports data"),
    "/Rendition": ("播放媒体的动作", "an action that plays media"),
    "/RichMediaExecute": ("富媒体", "rich media"),
    "/Movie": ("嵌入的影片", "an embedded film"),
    "/Sound": ("嵌入的声音", "an embedded sound"),
    "/GoToE": ("打开嵌入文件的动作", "an action that opens an embedded file"),
    "/GoToR": ("打开外部文件的动作", "an action that opens another file"),
    "/GoTo3DView": ("三维内容", "3D content"),
}
_HOLDS = {
    "/JS": ("JavaScript 脚本", "JavaScript"),
    "/JavaScript": ("JavaScript 脚本", "JavaScript"),
    "/XFA": ("XFA 动态表单", "an XFA form"),
    "/EmbeddedFiles": ("嵌入的文件", "embedded files"),
    "/EF": ("嵌入的文件", "embedded files"),
    "/RichMediaContent": ("富媒体", "rich media"),
    "/RichMediaSettings": ("富媒体", "rich media"),
}
_SUBTYPES = {"/RichMedia", "/3D", "/Screen", "/Movie", "/Sound", "/FileAttachment"}
_LINK = re.compile(r"(?i)\s*(?:https?://|mailto:|www\.|[^:]*$)")
_AUTHOR = Where("属性“作者”", "property 'author'")
_PROPERTY = Where("文件属性", "the properties")
_SIGNED_BY = Where("签名人", "who signed it")
_CREATORS = re.compile(rb"<dc:creator>(.*?)</dc:creator>|pdf:Author=\"([^\"]*)\"", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
# where words stand that are on no page, and what in the bytes says that there are any
_WORDED = {
    "/Annots": re.compile(
        rb"/(?:Contents|RC|TU|DV|V|Subj)\s*[(<]\s*[^<\s]|/Subtype\s*/(?:Text|FreeText|Highlight"
        rb"|Underline|StrikeOut|Squiggly|Stamp|Ink|Caret|Square|Circle|Line|Poly\w+|Redact)\b"
    ),
    "/AcroForm": re.compile(rb"/AcroForm"),
    "/Outlines": re.compile(rb"/Outlines"),
    "/StructTreeRoot": re.compile(rb"/(?:Alt|ActualText)\s*[(<]\s*[^<\s]"),
}
_ANYTHING = b"/JavaScript /Contents(x) /AcroForm /Outlines /Alt(x) "
_BESIDE_PAGES = {
    "/AcroForm": Where("表单", "the form"),
    "/Outlines": Where("书签", "the bookmarks"),
    "/StructTreeRoot": Where("替代文字", "the texts for pictures"),
}
# what leads out of a note, field or bookmark: to pages, looks, actions and back up
_ELSEWHERE = frozenset(
    ["/P", "/Pg", "/Parent", "/AP", "/A", "/Dest", "/Resources", "/Popup", "/DR", "/SE", "/Cert"]
)


class TooSlow(BaseException):
    """The CPU time is used up; no Exception, so that no library takes it for a slip."""


def check_pdf(data: bytes, found: Findings, kept: Endless, until: float) -> bool:
    """Look through a PDF; tell whether the search would have read the very text in ``kept``.

    Raises:
        Refused: it cannot be looked through.
        TooSlow: ``until`` (of this thread's CPU time) has come.
    """
    if not data.startswith(b"%PDF-"):
        what = ("文件头之前的其他内容", "something before its head")
        raise found.stop(ATTACHMENT_MORE_INSIDE, what=what[0], what_en=what[1])
    _tail(data, found)
    needs_walk, worded = _names_tell(data)
    look_at_raw_exif(data, found)
    return _read(data, found, kept, until, needs_walk, worded)


def _tail(data: bytes, found: Findings) -> None:
    """Refuse what stands behind the end, and an archive anywhere in it."""
    end = data.rfind(b"%%EOF")
    rest = data[end + 5 :].strip(b"\r\n\t \0") if end >= 0 else b""
    if len(rest) > 64 or data.rfind(b"PK\x05\x06", max(0, len(data) - 70_000)) >= 0:
        what = ("文件末尾之后的其他内容", "something behind its end")
        raise found.stop(ATTACHMENT_MORE_INSIDE, what=what[0], what_en=what[1])


def _names_tell(data: bytes) -> tuple[bool, set[str]]:
    """Tell whether a name in the bytes or in a stream of objects could mean something that runs.

    And where there may be words that stand on no page: of notes, fields, bookmarks.
    """
    budget = LOOK_LIMIT_MB << 20
    worded: set[str] = set()
    needs_walk = False
    for piece in _pieces(data):
        budget -= len(piece)
        if budget < 0:
            return True, set(_WORDED)
        piece = _spelled(piece)
        worded |= {key for key, words in _WORDED.items() if words.search(piece)}
        if needs_walk:
            continue
        for match in _TELLING.finditer(piece):
            start = match.start()
            if match[0] == b"/URI":
                before = piece[max(0, start - 12) : start].rstrip()
                if _PLAIN_LINK.match(piece, start) or before.endswith(b"/S"):
                    continue
            needs_walk = True
            break
    return needs_walk, worded


def _pieces(data: bytes) -> Iterator[bytes]:
    """Yield the bytes without what streams hold, and what streams of objects hold, unpacked."""
    plain: list[bytes] = []
    at = 0
    while match := _STREAM.search(data, at):
        end = data.find(b"endstream", match.end())
        if end < 0:
            break
        head = _spelled(data[at : match.start()])
        plain.append(head)
        if _OBJECT_STREAM.search(head):
            yield _unpacked(data[match.end() : end])
        elif b"Filter" not in head:
            yield data[match.end() : end]
        at = end + len(b"endstream")
    plain.append(data[at:])
    yield b"\n".join(plain)


def _unpacked(stream: bytes) -> bytes:
    """Return a stream unpacked; for one that cannot be, all names that tell."""
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(stream, STREAM_LIMIT_MB << 20)
    except zlib.error:
        return _ANYTHING
    return _ANYTHING if unpacker.unconsumed_tail else text


def _spelled(piece: bytes) -> bytes:
    """Return bytes with the characters that names may spell as numbers."""
    if b"#" not in piece:
        return piece
    return _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), piece)


def _read(
    data: bytes, found: Findings, kept: Endless, until: float, needs_walk: bool, worded: set[str]
) -> bool:
    import pypdf
    from pypdf.errors import LimitReachedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with pypdf.apply_configuration(pdf_bounds()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            reader = pypdf.PdfReader(BytesIO(data))
            if reader.is_encrypted:
                raise found.stop(ATTACHMENT_LOCKED)
            count = len(reader.pages)
        except (Refused, MemoryError):
            raise
        except LimitReachedError:
            raise found.too_complex("结构过大", "too large a structure") from None
        except Exception:
            raise found.damaged() from None
        if count > CHECK_PAGES:
            raise found.too_complex(f"{count} 页", f"{count} pages")
        if needs_walk:
            _walk(reader, found, until)
        _metadata(reader, found)
        _beside_pages(reader, count if "/Annots" in worded else 0, worded, found, until)
        return _pages(reader, count, found, kept, until)


def _pages(reader: Any, count: int, found: Findings, kept: Endless, until: float) -> bool:
    """Look through the text of all pages; a page that cannot be read refuses the file."""
    from pypdf.errors import LimitReachedError

    steps = 0
    begun = time.thread_time()

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps % 256 == 0 and time.thread_time() > until:
            raise TooSlow

    is_alike = count <= PAGES_LIMIT
    lines: list[str] = []
    numbers: list[int] = []
    for number in range(count):
        if time.thread_time() > until or steps > CHECK_STEPS:
            raise TooSlow
        try:
            text = reader.pages[number].extract_text(visitor_operand_before=step)
        except LimitReachedError:
            where = (f"第 {number + 1} 页内容过多", f"too much on page {number + 1}")
            raise found.too_complex(*where) from None
        except MemoryError:
            raise
        except Exception:
            where = (f"第 {number + 1} 页无法读取", f"page {number + 1} cannot be read")
            raise found.too_complex(*where) from None
        kept.add(joined(text) + "\n")
        for line in text.splitlines():
            lines.append(line)
            numbers.append(number + 1)
        if number % _FORGET == _FORGET - 1:
            reader.resolved_objects.clear()

    def place(n: int) -> Where:
        return Where(f"第 {numbers[n]} 页", f"page {numbers[n]}")

    found.scan_lines(lines, place)
    used = time.thread_time() - begun
    return is_alike and steps <= STEPS_LIMIT and used < SECONDS / 2


def _metadata(reader: Any, found: Findings) -> None:
    """Look for persons among what the file says of itself."""
    try:
        facts = dict(reader.metadata or {})
        for key in ("/Author", "/Manager", "/Company"):
            for name in re.split("[;；,，]", str(facts.get(key, ""))[:1000]):
                found.note_author(name, _AUTHOR)
        text = "\n".join(str(value)[:5000] for value in facts.values())
        found.scan(text, _PROPERTY)
        packet = reader.root_object.get("/Metadata")
        if packet is not None:
            xmp = packet.get_object().get_data()[: 1 << 20]
            for match in _CREATORS.finditer(xmp):
                said = (match[1] or match[2] or b"").decode("utf-8", "replace")
                for name in _TAG.sub("\n", said).splitlines():
                    found.note_author(name, _AUTHOR)
            found.scan(_TAG.sub("\n", xmp.decode("utf-8", "replace")), _PROPERTY)
    except MemoryError:
        raise
    except Exception:
        raise found.damaged() from None


def _beside_pages(reader: Any, count: int, worded: set[str], found: Findings, until: float) -> None:
    """Look through the words that stand on no page: notes, fields, bookmarks, pictures' texts."""
    for number in range(count):
        try:
            notes = reader.pages[number].get("/Annots")
        except MemoryError:
            raise
        except Exception:
            continue  # the page itself is read, and refused, later
        if notes is not None:
            where = Where(
                f"第 {number + 1} 页的批注或表单", f"notes or fields of page {number + 1}"
            )
            _tree(notes, found, where, until)
        if number % _FORGET == _FORGET - 1:
            reader.resolved_objects.clear()
    root = reader.root_object
    for key, where in _BESIDE_PAGES.items():
        if key in worded:
            _tree(_own(root, key), found, where, until)


def _tree(root: Any, found: Findings, where: Where, until: float) -> None:
    """Look through all texts of an object and of those that belong to it, each once."""
    from pypdf.generic import IndirectObject, NameObject

    stack: list[Any] = [root]
    seen: set[int] = set()
    said: dict[str, None] = {}
    nodes = 0
    while stack:
        held = stack.pop()
        nodes += 1
        if nodes > NODES_LIMIT:
            raise found.too_complex("对象过多", "too many objects")
        if nodes % 256 == 0 and time.thread_time() > until:
            raise TooSlow
        if isinstance(held, IndirectObject):
            if held.idnum in seen:
                continue
            seen.add(held.idnum)
            try:
                held = held.get_object()
            except MemoryError:
                raise
            except Exception:
                continue  # what nobody can read tells nothing
        if isinstance(held, dict):
            is_note = "/Rect" in held and str(_own(held, "/Subtype")) not in ("/Widget", "/Link")
            if is_note and "/T" in held:
                found.note_author(_words(_own(held, "/T")), COMMENT_AUTHOR)
            if "/ByteRange" in held:  # a signature
                found.note_author(_words(_own(held, "/Name")), _SIGNED_BY)
                continue
            inner = held.raw_get  # type: ignore[attr-defined]
            stack += [inner(key) for key in held if key not in _ELSEWHERE]
        elif isinstance(held, list):
            stack += held
        elif isinstance(held, NameObject):
            continue
        elif isinstance(held, str | bytes) and len(held) >= TELLING_LENGTH:
            said[_words(held)] = None
    found.scan_lines(said, lambda _: where)


def _words(held: Any) -> str:
    """Return a text as it is read; markup of its letters goes."""
    if isinstance(held, bytes):
        held = held.decode(
            "utf-16" if held[:2] in (b"\xfe\xff", b"\xff\xfe") else "utf-8", "replace"
        )
    text = str(held)[:1_000_000].replace("\r", "\n")
    return _TAG.sub("\n", text) if "</" in text else text


def _walk(reader: Any, found: Findings, until: float) -> None:
    """Look at every object of the file for what runs, is fetched or is embedded."""
    from pypdf.generic import IndirectObject

    numbers = {number for table in reader.xref.values() for number in table}
    numbers |= set(reader.xref_objStm)
    if len(numbers) > OBJECTS_LIMIT:
        raise found.too_complex(f"{len(numbers)} 个对象", f"{len(numbers)} objects")
    generations = {n: g for g, table in reader.xref.items() for n in table}
    nodes = 0

    def spend(count: int) -> None:
        nonlocal nodes
        nodes += count
        if nodes > NODES_LIMIT:
            raise found.too_complex("对象过多", "too many objects")

    _judge_all(reader.trailer, found, spend)
    for done, number in enumerate(sorted(numbers)):
        if done % 256 == 0:
            if time.thread_time() > until:
                raise TooSlow
            reader.resolved_objects.clear()
        try:
            held = reader.get_object(IndirectObject(number, generations.get(number, 0), reader))
        except MemoryError:
            raise
        except Exception:
            continue  # an object that nobody can read does nothing
        _judge_all(held, found, spend)


def _judge_all(root: Any, found: Findings, spend: Callable[[int], None]) -> None:
    """Judge an object with what it holds itself; what it refers to is judged on its own."""
    stack = [root]
    while stack:
        held = stack.pop()
        if isinstance(held, dict):
            spend(len(held) + 1)
            _judge(held, found)
            inner = map(held.raw_get, held)  # type: ignore[attr-defined]
            stack.extend(value for value in inner if isinstance(value, dict | list))
        elif isinstance(held, list):
            spend(len(held) + 1)
            stack.extend(value for value in held if isinstance(value, dict | list))


def _judge(held: Any, found: Findings) -> None:
    action = str(_own(held, "/S"))
    if active := _RUNS.get(action):
        found.refuse(ATTACHMENT_ACTIVE, what=active[0], what_en=active[1])
    for key, (zh, en) in _HOLDS.items():
        if key in held:
            found.refuse(ATTACHMENT_ACTIVE, what=zh, what_en=en)
    if str(_own(held, "/Subtype")) in _SUBTYPES:
        what = ("嵌入的媒体或文件", "embedded media or files")
        found.refuse(ATTACHMENT_ACTIVE, what=what[0], what_en=what[1])
    if "/URI" in held and not isinstance(_own(held, "/URI"), dict):
        link = _own(held, "/URI")
        text = link.decode("latin-1") if isinstance(link, bytes) else str(link)
        if not _LINK.match(text.replace("\0", "")):
            what = ("不是网页或邮箱的链接", "a link that is neither of the web nor of mail")
            found.refuse(ATTACHMENT_ACTIVE, what=what[0], what_en=what[1])


def _own(held: Any, key: str) -> Any:
    """Return the value of a key, or nothing where it cannot be read."""
    try:
        return held.get(key, "")
    except MemoryError:
        raise
    except Exception:
        return ""
