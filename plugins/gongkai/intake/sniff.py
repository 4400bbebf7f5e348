"""The bytes of a file into what it is, whatever it is called."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection
from io import BytesIO
from typing import NamedTuple

from gongkai.kernel.problems import ATTACHMENT_FORBIDDEN, ATTACHMENT_MISMATCH, Code


class Kind(NamedTuple):
    """What a file is: the extensions that may name it, and how messages call it."""

    id: str
    extensions: tuple[str, ...]
    zh: str
    en: str

    @property
    def refusal(self) -> Code:
        """What is wrong with such a file under another name."""
        return ATTACHMENT_MISMATCH if self.extensions else ATTACHMENT_FORBIDDEN


PDF = Kind("pdf", ("pdf",), "PDF 文件", "a PDF file")
WORD = Kind("docx", ("docx",), "Word 文档（docx）", "a Word document (docx)")
SHEETS = Kind("xlsx", ("xlsx",), "Excel 工作簿（xlsx）", "an Excel workbook (xlsx)")
SLIDES = Kind("pptx", ("pptx",), "PowerPoint 演示文稿（pptx）", "a presentation (pptx)")
MACRO = Kind("macro", (), "带宏的 Office 文件", "an Office file with macros")
TEMPLATE = Kind("template", (), "Office 模板或加载项", "an Office template or add-in")
OFD = Kind("ofd", ("ofd",), "OFD 文件", "an OFD file")
ZIP = Kind("zip", ("zip",), "ZIP 压缩包", "a ZIP archive")
JAR = Kind("jar", (), "Java 或安卓程序", "a Java or Android program")
PNG = Kind("png", ("png",), "PNG 图片", "a PNG picture")
JPEG = Kind("jpeg", ("jpg", "jpeg"), "JPEG 图片", "a JPEG picture")
GIF = Kind("gif", ("gif",), "GIF 图片", "a GIF picture")
WEBP = Kind("webp", ("webp",), "WebP 图片", "a WebP picture")
SVG = Kind("svg", ("svg",), "SVG 图片", "an SVG picture")
TEXT = Kind("text", ("txt", "csv", "tsv"), "纯文本", "plain text")
EMPTY = Kind("empty", ("txt", "csv", "tsv"), "空文件", "an empty file")
OLD_WORD = Kind("doc", ("doc", "wps"), "旧版 Word 文档（doc）", "an old Word document (doc)")
OLD_SHEETS = Kind("xls", ("xls", "et"), "旧版 Excel 工作簿（xls）", "an old Excel workbook (xls)")
OLD_SLIDES = Kind(
    "ppt", ("ppt", "dps"), "旧版 PowerPoint 演示文稿（ppt）", "an old presentation (ppt)"
)
OLE = Kind("ole", (), "无法识别的复合文档", "a compound file of an unknown kind")
LOCKED = Kind("locked", (), "加了密码的 Office 文件", "an Office file with a password")
HTML = Kind("html", (), "网页（HTML）", "a web page (HTML)")
MHTML = Kind("mhtml", (), "网页归档（MHTML）", "an archived web page (MHTML)")
XML = Kind("xml", (), "XML 文件", "an XML file")
SCRIPT = Kind("script", (), "脚本", "a script")
PROGRAM = Kind("program", (), "可执行程序", "a program")
SHORTCUT = Kind("shortcut", (), "快捷方式", "a shortcut")
INSTALLER = Kind("installer", (), "安装包", "an installer")
RTF = Kind("rtf", (), "RTF 文件", "an RTF file")
ARCHIVE = Kind("archive", (), "压缩包（非 ZIP）", "an archive other than ZIP")
BINARY = Kind("binary", (), "无法识别的二进制数据", "binary data of an unknown kind")

OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADS: tuple[tuple[bytes, Kind], ...] = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"MZ", PROGRAM),
    (b"ZM", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),  # Java classes and universal Mach-O
    (b"\xfe\xed\xfa\xce", PROGRAM),
    (b"\xfe\xed\xfa\xcf", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\0asm", PROGRAM),
    (b"dex\n", PROGRAM),
    (b"#!", SCRIPT),
    (b"\xef\xbb\xbf#!", SCRIPT),
    (b"L\0\0\0\x01\x14\x02\0", SHORTCUT),
    (b"{\\rt", RTF),
    (b"Rar!", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"BZh", ARCHIVE),
    (b"\xfd7zXZ\0", ARCHIVE),
    (b"MSCF", ARCHIVE),
    (b"\x28\xb5\x2f\xfd", ARCHIVE),
    (b"ITSF", PROGRAM),  # compiled help runs scripts
    (b"FWS", PROGRAM),
    (b"CWS", PROGRAM),
)
HEADS = tuple(head for head, _ in _HEADS if len(head) > 3)
_TAGS = re.compile(
    r"<\s*(?:!doctype\s+html|html|head|body|script|iframe|frameset|object|embed|form|svg|meta|link"
    r"|style|base|img|a\s+href|table|div|title)\b",
    re.IGNORECASE,
)
# in a text of any length; names of tags in a manual are not written so
_LIVE = re.compile(r"<\s*(?:script|iframe|object|embed)\b[^<>]{0,200}>", re.IGNORECASE)
_MAIL = re.compile(r"(?:[A-Za-z-]+:[^\n]*\n){0,20}MIME-Version:", re.IGNORECASE)
_SCRIPTS = re.compile(
    r"@echo off\b|<\?php|<%|\[InternetShortcut\]|\[Desktop Entry\]|Windows Registry Editor|REGEDIT4"
    r"|on error resume next|set \w+ *= *createobject\(|(?:var|const|let) \w+ *= *new ActiveX",
    re.IGNORECASE,
)


def head_kind(data: bytes) -> Kind | None:
    """Return what the first bytes alone say, or ``None``."""
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WEBP
    for head, kind in _HEADS:
        if data.startswith(head):
            is_word = head.isalnum() and len(head) < 4  # MZ may begin a word, too
            return None if is_word and decoded(data) is not None else kind
    return None


def sniff(data: bytes) -> Kind:
    """Return what a file is by its bytes; of packages and compound files by what they hold."""
    if not data:
        return EMPTY
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(OLE_HEAD):
        return OLE
    return head_kind(data) or text_kind(data)


def text_kind(data: bytes) -> Kind:
    """Return what sort of text this is, or that it is none."""
    text = decoded(data)
    if text is None:
        return BINARY
    begin = text[:4096].lstrip("\ufeff \t\r\n\f")
    if begin.startswith("<?xml") or begin.startswith(("<svg", "<!--", "<!DOCTYPE svg")):
        return _markup_kind(text)
    if _MAIL.match(begin):
        return MHTML
    if begin.startswith("#!") or _SCRIPTS.search(begin[:1024]):
        return SCRIPT
    if begin.startswith("<") and _TAGS.match(begin):
        return HTML
    if _TAGS.search(text[:1024]) or _LIVE.search(text):
        return HTML
    return XML if re.match(r"<[A-Za-z_][\w:.-]*(?:\s[^<>]*)?/?>", begin) else TEXT


def decoded(data: bytes) -> str | None:
    """Return a text in UTF-8, UTF-16 with its mark, or GB 18030; ``None`` where it is none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None


_CONTROL = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\ufffe\uffff]")


def _markup_kind(text: str) -> Kind:
    """Return SVG, HTML or XML, by the first element."""
    for match in re.finditer(r"<([A-Za-z_][\w:.-]*)", text[:65536]):
        name = match[1].rpartition(":")[2].lower()
        return SVG if name == "svg" else HTML if name == "html" else XML
    return XML


def _zip_kind(data: bytes) -> Kind:
    """Return what a package is by what it holds."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {info.filename for info in archive.infolist()}
            if "[Content_Types].xml" in names:
                if archive.getinfo("[Content_Types].xml").file_size > 1 << 20:
                    return ZIP
                with archive.open("[Content_Types].xml") as file:
                    return _office_kind(file.read(1 << 20), names)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, LookupError, OSError):
        return ZIP
    except Exception:  # zlib's own errors and a locked part
        return ZIP
    if "OFD.xml" in names:
        return OFD
    if names & {"META-INF/MANIFEST.MF", "AndroidManifest.xml", "classes.dex"}:
        return JAR
    return ZIP


_MAIN = {
    "wordprocessingml.document.main+xml": WORD,
    "spreadsheetml.sheet.main+xml": SHEETS,
    "presentationml.presentation.main+xml": SLIDES,
    "presentationml.slideshow.main+xml": SLIDES,
}


def _office_kind(types: bytes, names: Collection[str]) -> Kind:
    text = types.decode("utf-8", "replace").casefold()
    if "macroenabled" in text or "vbaproject" in text or "macrosheet" in text:
        return MACRO
    if any("vbaproject" in name.casefold() for name in names):
        return MACRO
    if "template.main+xml" in text or "addin" in text:
        return TEMPLATE
    return next((kind for mark, kind in _MAIN.items() if mark in text), ZIP)
