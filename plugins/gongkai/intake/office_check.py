"""The parts of an Office or OFD package into what is held against them, and the text of it all.

What readers see is collected as the search does it, in the same pass; what they do not see
(hidden sheets, tracked deletions, comments, properties, caches of data) is looked through too.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import ClassVar

from gongkai.intake.byte_text import look_at_bytes
from gongkai.intake.findings import Findings, Where
from gongkai.intake.office_text import (
    DEFAULT_NAME,
    ELEMENTS_LIMIT,
    FALLBACK,
    PART_LIMIT_MB,
    PARTS_LIMIT_MB,
    SHARED_CHARACTERS,
    SHEET_SPACES,
    SHEETS_LIMIT,
    WORD_SPACES,
    Collected,
    Full,
    NoText,
    Parts,
    Reader,
    SheetPart,
    WordPart,
    Workbook,
    named,
    package,
    read_words,
)
from gongkai.intake.pictures import EMBEDDED, look_at_exif
from gongkai.intake.sniff import OFD, OLE_HEAD, SHEETS, WORD, Kind, head_kind, sniff
from gongkai.kernel.problems import (
    ATTACHMENT_ACTIVE,
    ATTACHMENT_LOCKED,
    ATTACHMENT_MORE_INSIDE,
)

XML_LIMIT_MB = 160  # of all parts that are read, unpacked
XML_PART_LIMIT_MB = 96
CHECK_ELEMENTS = 12_000_000
UNPACKED_LIMIT_MB = 600  # of the whole package, as it says itself
PARTS_LIMIT = 5000
RATIO_LIMIT = 300  # of a part over a megabyte: an office program's own come to 50

_WORD_PLACES = {
    "document": Where("正文", "the body"),
    "header": Where("页眉", "a header"),
    "footer": Where("页脚", "a footer"),
    "footnotes": Where("脚注", "the footnotes"),
    "endnotes": Where("尾注", "the endnotes"),
    "comments": Where("批注", "the comments"),
}
# parts that programs fill: read only where they hold a number or a mark as long as a person's
_RARELY_TEXT = re.compile(
    r"(?:word|xl|ppt)/(?:styles|stylesWithEffects|fontTable|settings|webSettings|numbering|calcChain"
    r"|presProps|viewProps|tableStyles|metadata)\.xml|(?:word|xl|ppt)/theme/.+|.+/slideLayouts/.+"
    r"|.+/slideMasters/.+|xl/workbook\.xml|Doc_0/.*(?:Fonts?|Theme).*"
)
# entities and wide characters may be anything
_TELLING = (b"&#", b"\0", b"userName")
_TELLING_WORDS = tuple(word.encode() for word in ("密", "住", "号", "护照", "\uff10", "\uff11"))
_DIGITS_ALONE = bytes(ord("0") if chr(n) in "0123456789" else ord(".") for n in range(256))
_AS_LONG_AS_A_MOBILE = b"0" * 11
BYTES_LIMIT_MB = 16  # of a part of an unknown form
_PICTURE = re.compile(r"(?i).+\.(?:jpe?g|png|gif|webp|tiff?|bmp)")
_RELATIONS = (
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "http://purl.oclc.org/ooxml/package/relationships",
)
_HARMLESS_LINK = re.compile(r"(?i)(?:https?|mailto|tel|ftp|file):|[a-z]:[\\/]|[^:]*$|#")
_EXTERNAL = {
    "attachedTemplate": ("外部模板", "an outside template"),
    "oleObject": ("外部对象", "an outside object"),
    "frame": ("外部框架网页", "an outside frame"),
    "image": ("外部图片", "an outside picture"),
    "subDocument": ("外部子文档", "an outside part of the document"),
    "video": ("外部视频", "an outside video"),
    "audio": ("外部声音", "an outside sound"),
    "media": ("外部媒体", "outside media"),
}
_ACTIVE = {
    "vbaProject": ("宏", "macros"),
    "wordVbaData": ("宏", "macros"),
    "xlMacrosheet": ("宏表", "a sheet of macros"),
    "xlIntlMacrosheet": ("宏表", "a sheet of macros"),
    "dialogsheet": ("宏对话框", "a dialog of macros"),
    "oleObject": ("嵌入对象", "an embedded object"),
    "control": ("ActiveX 控件", "an ActiveX control"),
    "activeXControlBinary": ("ActiveX 控件", "an ActiveX control"),
    "aFChunk": ("嵌入的网页", "an embedded web page"),
    "extensibility": ("自定义菜单", "a menu of its own"),
    "ui/extensibility": ("自定义菜单", "a menu of its own"),
}
_ACTIVE_PART = re.compile(
    r"(?i)(?:(?P<macro>.*vba(?:project|data)[^/]*|.*/macrosheets/.+|.*/dialogsheets/.+)"
    r"|(?P<control>.*/activex/.+)"
    r"|(?P<object>.*/embeddings/.+\.(?:bin|exe|dll|vbs|js|bat|cmd|scr|msi|lnk|hta|ps1))"
    r"|(?P<page>.+\.(?:html?|mht(?:ml)?|xhtml|js|vbs|hta|swf|exe|dll|bat|cmd|ps1|lnk)))"
)
_ACTIVE_NAMES = {
    "macro": ("宏", "macros"),
    "control": ("ActiveX 控件", "an ActiveX control"),
    "object": ("嵌入对象", "an embedded object"),
    "page": ("嵌入的网页或程序", "an embedded web page or program"),
}
_DDE_FIELD = re.compile(r"(?i)(?:^|[\s\"\\])DDE(?:AUTO)?\s")
_FETCHING_FIELD = re.compile(r"(?i)^\s*(?:INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|DATABASE)\s")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_SAID_IN_MARKUP = re.compile(r"\b(?:alt|title|string)=\"([^\"]{8,})\"")
_FETCHING = re.compile(r"(?i)\b(?:WEBSERVICE|CALL|REGISTER(?:\.ID)?|RTD|EXEC)\s*\(")


class Endless(Collected):
    """Text up to a limit from a source that is read on beyond it."""

    def add(self, piece: str) -> None:
        """Keep a piece where there is room."""
        if self.size < self.limit:
            try:
                super().add(piece)
            except Full:
                return


@dataclass
class Package:
    """What looking through a package shares."""

    parts: Parts
    found: Findings
    kept: Endless
    inspect_inner: Callable[[bytes, str], None]


def check_package(
    data: bytes, kind: Kind, found: Findings, kept: Endless, inner: Callable[[bytes, str], None]
) -> bool:
    """Look through a package; tell whether the search would have read the very text in ``kept``.

    Raises:
        Refused: it cannot be looked through.
        NoText: it is damaged, locked or beyond bounds.
    """
    _bounds(data, found)
    with package(BytesIO(data)) as parts:
        infos = parts.archive.infolist()
        if len(infos) != len(parts.names):
            raise found.stop(ATTACHMENT_MORE_INSIDE, what="同名的部件", what_en="parts of one name")
        parts.bytes_left, parts.part_limit = XML_LIMIT_MB << 20, XML_PART_LIMIT_MB << 20
        parts.elements_left = CHECK_ELEMENTS
        if any(info.flag_bits & 1 for info in infos):
            raise found.stop(ATTACHMENT_LOCKED)
        if len(infos) > PARTS_LIMIT:
            raise found.too_complex(f"{len(infos)} 个部件", f"{len(infos)} parts")
        if sum(info.file_size for info in infos) > UNPACKED_LIMIT_MB << 20:
            raise found.too_complex("解压后过大", "too much to unpack")
        for info in infos:
            if info.file_size > 1 << 20 and info.file_size > RATIO_LIMIT * info.compress_size:
                raise found.too_complex("压缩比异常", "a suspicious ratio of compression")
        box = Package(parts, found, kept, inner)
        seen: set[str] = set()
        if kind is WORD:
            seen = _words(box)
        elif kind is SHEETS:
            seen = _sheets(box)
        spent = (XML_LIMIT_MB << 20) - parts.bytes_left
        is_alike = spent <= PARTS_LIMIT_MB << 20
        is_alike &= CHECK_ELEMENTS - parts.elements_left <= ELEMENTS_LIMIT
        is_alike &= all(info.file_size <= PART_LIMIT_MB << 20 for info in infos)
        for name in parts.names:
            if name not in seen:
                _other_part(box, name, kind)
        if parts.is_cut:
            raise found.too_complex("内容过多", "too much content")
    return is_alike


def _bounds(data: bytes, found: Findings) -> None:
    """Refuse a package that does not begin at the first byte and end at the last."""
    end = data.rfind(b"PK\x05\x06")
    if not data.startswith(b"PK\x03\x04") or end < 0:
        raise found.damaged()
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    offset = int.from_bytes(data[end + 16 : end + 20], "little")
    comment = int.from_bytes(data[end + 20 : end + 22], "little")
    if end + 22 + comment != len(data) or comment > 1024 or offset + size != end:
        what = ("压缩包前后的其他内容", "something before or behind the package")
        raise found.stop(ATTACHMENT_MORE_INSIDE, what=what[0], what_en=what[1])


class _AnyName(dict[str, str]):
    """The local name of every element."""

    def get(self, key: str, default: object = "") -> str:
        """Return the name without its name space."""
        return key.rpartition(" ")[2]


_RUNS = frozenset(
    ["t", "r", "rPr", "b", "i", "u", "rPh", "TextCode", "instrText", "delText", "tab", "br"]
)


_CELLS = frozenset(["v", "cell", "s", "n", "d", "x", "m", "e"])  # of rows in caches of data
_FIGURES = frozenset(["numCache", "numLit"])  # of charts: amounts, which the cells hold too


class _Loose(Reader):
    """All text of a part, a line for each paragraph, row or property; and who is named in it."""

    names: ClassVar[Mapping[str, str]] = _AnyName()

    def __init__(self, found: Findings, where: Where, values: tuple[str, ...] = ()) -> None:
        self.found, self.where, self.values = found, where, values
        self.pieces: list[str] = []
        self.said: dict[str, None] = {}  # in attributes
        self.is_author = self.is_figure = False
        self.author: list[str] = []
        self.rows = _Rows(self.pieces)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element."""
        self.is_author = name == "author"
        if name in _FIGURES:
            self.is_figure = True
        elif name == "tc":
            self.rows.begin()
        if attributes:
            self.attributes(attributes)
        if name in ("ddeLink", "oleLink"):
            self.found.refuse(ATTACHMENT_ACTIVE, self.where, what="DDE 链接", what_en="a DDE link")

    def attributes(self, attributes: dict[str, str]) -> None:
        """Meet what an element says of itself."""
        for key, value in attributes.items():
            if key in self.values:
                self.pieces.append(value + "\t")
            elif len(value) >= TELLING_LENGTH:
                self.said[value] = None
            if key.rpartition(" ")[2] in _AUTHOR_NAMES:
                self.found.note_author(value, COMMENT_AUTHOR)

    def end(self, name: str) -> None:
        """Meet the end of an element."""
        if name == "author":
            self.found.note_author("".join(self.author), COMMENT_AUTHOR)
            self.author.clear()
            self.is_author = False
        if name in _FIGURES:
            self.is_figure = False
        if name in _CELLS:
            self.pieces.append("\t")
        elif name == "tc":
            self.rows.end()
        elif name not in _RUNS:
            self.rows.line()

    def text(self, data: str) -> None:
        """Meet text."""
        if self.is_author:
            self.author.append(data)
        elif not self.is_figure:
            self.rows.text(data)

    def finish(self) -> None:
        """Look through what was collected."""
        text = re.sub(r"[ \r]*\n[ \r\n]*", "\n", "".join(self.pieces))
        self.found.scan(text, self.where)
        if self.said:
            self.found.scan_lines(self.said, lambda _: self.where)


class _Rows:
    """The text of a part with a line for each row of a table, and tabs between its cells."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self.depth = 0
        self.span = 1
        self.is_next = False  # whether a paragraph of this cell has ended

    def begin(self) -> None:
        """Meet the beginning of a cell."""
        self.depth += 1
        self.span, self.is_next = 1, False

    def end(self) -> None:
        """Meet the end of a cell, which may be as wide as several."""
        self.depth -= 1
        self.pieces.append("、" if self.depth else "\t" * min(self.span, 64))
        self.span, self.is_next = 1, False

    def line(self) -> None:
        """Meet the end of a paragraph or row."""
        if self.depth:
            self.is_next = True
        else:
            self.pieces.append("\n")

    def text(self, data: str) -> None:
        """Meet text."""
        if self.is_next:
            self.is_next = False
            self.pieces.append("、")
        self.pieces.append(data)


COMMENT_AUTHOR = Where("批注或修订的作者", "the author of a comment or change")
_AUTHOR_KEYS = ("author", *(f"{space} author" for space in WORD_SPACES))
_AUTHOR_NAMES = frozenset(["author", "displayName", "userName"])
TELLING_LENGTH = 8  # characters of an attribute that may be a number of a person's
# what may stand for readers or writers in the attributes of a body or sheet
_SAYING = (
    "descr",
    "title",
    "alt",
    "string",
    "prompt",
    "promptTitle",
    "error",
    "errorTitle",
    "text",
    "tooltip",
    "display",
    *(f"{space} {name}" for space in WORD_SPACES for name in ("val", "displayText")),
)


def _say(said: dict[str, None], attributes: dict[str, str]) -> None:
    """Keep what the attributes of an element may tell."""
    for key in attributes.keys() & _SAYING:
        if len(attributes[key]) >= TELLING_LENGTH:
            said[attributes[key]] = None


def _authors(found: Findings, attributes: dict[str, str]) -> None:
    for key in _AUTHOR_KEYS:
        if key in attributes:
            found.note_author(attributes[key], COMMENT_AUTHOR)


_LOOK_INTO = "delText delInstrText instrText fldSimple del moveFrom tc tr gridSpan"
_TAKEN_AWAY = frozenset(["delText", "delInstrText", "instrText", "del", "moveFrom"])
_CHARACTERS = frozenset(["t", "delText", "delInstrText", "instrText"])
_CODES = frozenset(["instrText", "delInstrText"])
_VAL = tuple(f"{space} val" for space in WORD_SPACES)
_INSTRUCTION = tuple(f"{space} instr" for space in WORD_SPACES)


class _Words(WordPart):
    """Text of a part of a Word file as it is shown, and all text of it."""

    names: ClassVar[Mapping[str, str]] = {
        **WordPart.names,
        **named(WORD_SPACES, _LOOK_INTO),
        FALLBACK: "unshown",
    }

    def __init__(self, add: Callable[[str], None], found: Findings) -> None:
        super().__init__(add)
        self.found = found
        self.all: list[str] = []
        self.rows = _Rows(self.all)
        self.said: dict[str, None] = {}
        self.codes: list[str] = []
        self.inside = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element."""
        super().start("unshown" if name in _TAKEN_AWAY else name, attributes)
        if name in _CHARACTERS:
            self.inside = name
        elif name == "tc":
            self.rows.begin()
        elif name in ("br", "tab", "cr"):
            self.all.append(" ")
        elif name == "gridSpan":
            width = next((attributes[key] for key in _VAL if key in attributes), "")
            self.rows.span = int(width) if re.fullmatch("[0-9]{1,2}", width) else 1
        elif name == "fldSimple":
            self.codes += ["\n", *(attributes[key] for key in _INSTRUCTION if key in attributes)]
        if attributes:
            _authors(self.found, attributes)
            _say(self.said, attributes)

    def end(self, name: str) -> None:
        """Meet the end of an element."""
        super().end(name)
        if name in _CHARACTERS:
            self.inside = ""
        elif name == "p":
            self.rows.line()
            self.codes.append("\n")
        elif name == "tc":
            self.rows.end()
        elif name == "tr":
            self.rows.line()

    def text(self, data: str) -> None:
        """Meet text."""
        super().text(data)
        if self.inside in _CODES:
            self.codes.append(data)
        elif self.inside:
            self.rows.text(data)


def _words(box: Package) -> set[str]:
    """Look through body, headers, footers and notes; return the parts."""
    readers: dict[str, _Words] = {}

    def reader(name: str, add: Callable[[str], None]) -> _Words:
        readers[name] = _Words(add, box.found)
        return readers[name]

    read_words(box.parts, box.kept, reader)
    for name, part in readers.items():
        match = re.match(r"word/([a-z]+)", name)
        where = _WORD_PLACES[match[1]] if match else Where(name, name)
        box.found.scan("".join(part.all), where)
        box.found.scan("\n".join(part.said), where)
        for line in "".join(part.codes).split("\n"):
            _field(box.found, line, where)
    return set(readers)


def _field(found: Findings, code: str, where: Where) -> None:
    """Refuse a field that fetches or runs something."""
    if not code.strip():
        return
    if _DDE_FIELD.search(code):
        found.refuse(ATTACHMENT_ACTIVE, where, what="DDE 域", what_en="a DDE field")
    elif _FETCHING_FIELD.match(code):
        what = ("会读取外部文件的域", "a field that fetches something")
        found.refuse(ATTACHMENT_ACTIVE, where, what=what[0], what_en=what[1])


_FORMULAS = frozenset(["f", "formula", "formula1", "formula2"])
_TEXTS = re.compile(r'"([^"]{8,})"')


class _Cells(SheetPart):
    """The visible cells of a sheet, and all cells by rows."""

    names: ClassVar[Mapping[str, str]] = {
        **SheetPart.names,
        **named(
            SHEET_SPACES,
            "f formula formula1 formula2 oddHeader oddFooter evenHeader evenFooter firstHeader"
            " firstFooter",
        ),
        "http://schemas.microsoft.com/office/excel/2006/main f": "formula",
    }

    def __init__(
        self,
        add: Callable[[str], None],
        texts: list[str],
        dates: set[str],
        first: object,
        found: Findings,
        where: Where,
    ) -> None:
        super().__init__(add, texts, dates, first)  # type: ignore[arg-type]
        self.found, self.where = found, where
        self.row = 0
        self.cells: list[str] = []
        self.lines: list[str] = []
        self.numbers: list[int] = []
        self.seen: set[str] = set()
        self.notes: list[str] = []
        self.said: dict[str, None] = {}  # in formulas, in rules for what may be written, in links
        self.formula: list[str] = []
        self.inside = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element."""
        super().start(name, attributes)
        if name == "row":
            said = attributes.get("r", "")
            is_said = said.isascii() and said.isdecimal() and len(said) < 9
            self.row = int(said) if is_said else self.row + 1
            self.cells = []
        elif name.startswith("f") or name.endswith(("Header", "Footer")):
            self.inside = name
        elif not name and attributes:
            _say(self.said, attributes)

    def end(self, name: str) -> None:
        """Meet the end of an element."""
        super().end(name)
        if name == "row":
            if self.cells:
                self.seen.update(self.cells)
                self.lines.append("\t".join(self.cells).replace("\n", " "))
                self.numbers.append(self.row)
        elif name == self.inside:
            self.inside = ""
            if self.formula:
                formula = "".join(self.formula)
                self.said.update(dict.fromkeys(_TEXTS.findall(formula)))
                if name == "f":
                    self._judge_formula(formula)
                self.formula.clear()

    def text(self, data: str) -> None:
        """Meet text."""
        super().text(data)
        if self.inside in _FORMULAS:
            self.formula.append(data)
        elif self.inside:
            self.notes.append(data)

    def cell(self, value: str, is_hidden: bool) -> None:
        """Meet the stored value of a cell."""
        if shown := self.shown(value):
            is_amount = self.kind == "n" and "." in shown  # whatever its digits, nobody's number
            self.cells.append("0.5" if is_amount else shown)
            if not is_hidden:
                self.show(shown)

    def finish(self) -> None:
        """Look through what was collected."""
        zh, en = self.where

        def place(n: int) -> Where:
            row = self.numbers[n]
            return Where(f"{zh}第 {row} 行", f"row {row} of {en}")

        self.found.scan_lines(self.lines, place)
        self.found.scan(
            "\n".join(self.notes), Where(f"{zh}的页眉页脚", f"header or footer of {en}")
        )
        rules = Where(f"{zh}的公式、数据验证或链接", f"formulas, rules or links of {en}")
        self.found.scan_lines(self.said, lambda _: rules)

    def _judge_formula(self, formula: str) -> None:
        where = Where(f"{self.where.zh}第 {self.row} 行", f"row {self.row} of {self.where.en}")
        if "|" in formula and "|" in _QUOTED.sub("", formula):
            self.found.refuse(ATTACHMENT_ACTIVE, where, what="DDE 公式", what_en="a DDE formula")
        elif "(" in formula and _FETCHING.search(formula):
            what = ("会联网或运行程序的公式", "a formula that fetches or runs something")
            self.found.refuse(ATTACHMENT_ACTIVE, where, what=what[0], what_en=what[1])


def _sheets(box: Package) -> set[str]:
    """Look through a workbook's sheets, hidden ones included; return the parts."""
    book = Workbook.of(box.parts)
    texts = book.facts[0]
    if sum(map(len, texts)) > SHARED_CHARACTERS:
        raise box.found.too_complex("文字过多", "too much text")
    sheets = [(name, part, True) for name, part in book.visible]
    sheets += [(name, part, False) for name, part in book.hidden]
    if len(sheets) > SHEETS_LIMIT:
        raise box.found.too_complex(f"{len(sheets)} 张工作表", f"{len(sheets)} sheets")
    seen: set[str] = set()
    for name, part, is_shown in sheets:
        hidden = ("", "") if is_shown else ("隐藏的", "hidden ")
        where = Where(f"{hidden[0]}工作表“{name}”", f"{hidden[1]}sheet '{name}'")
        kept = box.kept if is_shown else Endless(0)
        if is_shown and not DEFAULT_NAME.fullmatch(name.strip()):
            kept.add(f"{name}\n")
        reader = _Cells(kept.add, *book.facts, box.found, where)
        box.parts.read(part, reader)
        kept.add("\n")
        reader.finish()
        seen |= reader.seen
        box.found.scan(name, where)
    # texts that no cell shows any more stay in the file
    unseen = [text for text in texts if text not in seen]
    box.found.scan_lines(unseen, lambda _: Where("单元格文字", "the texts of cells"))
    return {part for _, part, _ in sheets} | {"xl/sharedStrings.xml"}


def _other_part(box: Package, name: str, kind: Kind) -> None:
    """Look through a part that holds no text for readers, or none that the search collects."""
    found = box.found
    if name.endswith("/"):
        return
    if ".." in name.split("/") or name.startswith("/") or "\\" in name:
        what = ("越出压缩包的部件名", "a part whose name climbs out of the package")
        raise found.stop(ATTACHMENT_MORE_INSIDE, what=what[0], what_en=what[1])
    if active := _ACTIVE_PART.fullmatch(name):
        what = _ACTIVE_NAMES[str(active.lastgroup)]
        found.refuse(ATTACHMENT_ACTIVE, what=what[0], what_en=what[1])
        return
    lower = name.lower()
    if lower.endswith(".rels"):
        box.parts.read(name, _Relations(found))
    elif re.fullmatch(r"docprops/.+\.xml", lower) or (kind is OFD and lower == "ofd.xml"):
        box.parts.read(name, properties := _Properties(found))
        properties.finish()
    elif kind is OFD and re.search(r"(?:^|/)attach", lower):
        found.refuse(ATTACHMENT_ACTIVE, what="嵌入的文件", what_en="embedded files")
    elif _RARELY_TEXT.fullmatch(name) and not _tells(box, name):
        return
    elif lower.endswith(".vml"):
        _drawn_markup(box, name)
    elif lower.endswith(".xml"):
        reader = _Loose(found, _place_of_part(name), _values_of(lower))
        box.parts.read(name, reader)
        reader.finish()
    else:
        _binary_part(box, name)


def _part_bytes(box: Package, name: str) -> bytes:
    """Return a part whole, within the bounds of what is read."""
    info = box.parts.names[name]
    box.parts.bytes_left -= info.file_size
    if box.parts.bytes_left < 0 or info.file_size > box.parts.part_limit:
        raise box.found.too_complex("内容过多", "too much content")
    with box.parts.archive.open(info) as file:
        return file.read(info.file_size)


def _tells(box: Package, name: str) -> bool:
    """Tell whether a part that programs fill holds anything that could be somebody's."""
    data = _part_bytes(box, name)
    if _AS_LONG_AS_A_MOBILE in data.translate(_DIGITS_ALONE, b" -"):
        return True
    words = _TELLING if data.isascii() else (*_TELLING, *_TELLING_WORDS)
    return any(word in data for word in words)


def _drawn_markup(box: Package, name: str) -> None:
    """Look through a drawing of the past, whose markup programs themselves write with slips."""
    text = _part_bytes(box, name).decode("utf-8", "replace")
    said = [html.unescape(value) for value in _SAID_IN_MARKUP.findall(text)]
    words = html.unescape(re.sub(r"\s*\n\s*", "\n", re.sub("<[^<>]*>", "\n", text)))
    box.found.scan("\n".join([words, *said]), _place_of_part(name))


def _values_of(name: str) -> tuple[str, ...]:
    """Return the attributes in which a part keeps what cells elsewhere held."""
    if "pivotcache" in name:
        return ("v", "name")
    return ("val",) if "externallinks" in name else ()


_PARTS = (
    ("pivotCache", "数据透视表的缓存", "the cache of a pivot table"),
    ("/charts/", "图表", "a chart"),
    ("/diagrams/", "SmartArt 图示", "a diagram"),
    ("/drawings/", "图形和文本框", "shapes and text boxes"),
    ("customXml/", "自定义 XML 数据", "custom XML data"),
    ("xl/workbook.xml", "名称定义和工作簿设置", "defined names and settings of the workbook"),
    ("xl/tables/", "表格的列名", "the columns of a table"),
    ("xl/externalLinks/", "外部链接的缓存", "the cache of a link to another file"),
    ("xl/connections.xml", "数据连接", "a connection to data"),
    ("xl/queryTables/", "数据连接", "a connection to data"),
    ("xl/revisions/", "修订记录", "the record of changes"),
    ("xl/persons/", "批注或修订的作者", "the author of a comment or change"),
    ("word/people", "批注或修订的作者", "the author of a comment or change"),
    ("word/glossary/", "文档部件库", "the building blocks"),
    ("/slideMasters/", "幻灯片母版", "a slide master"),
    ("/slideLayouts/", "幻灯片版式", "a slide layout"),
    ("settings.xml", "文档设置和变量", "settings and variables"),
    ("styles.xml", "样式", "the styles"),
    ("/theme/", "主题", "the theme"),
)


def _place_of_part(name: str) -> Where:
    if match := re.match(r"word/(comments|footnotes|endnotes|header|footer)", name):
        return _WORD_PLACES[match[1]]
    if "comment" in name.lower():
        return _WORD_PLACES["comments"]
    if match := re.fullmatch(r"ppt/slides/slide([0-9]+)\.xml", name):
        return Where(f"第 {match[1]} 张幻灯片", f"slide {match[1]}")
    if match := re.fullmatch(r"ppt/notesSlides/notesSlide([0-9]+)\.xml", name):
        return Where(f"第 {match[1]} 张幻灯片的备注", f"the notes of slide {match[1]}")
    if match := re.search(r"Page_?([0-9]+)/", name):
        return Where(f"第 {int(match[1]) + 1} 页", f"page {int(match[1]) + 1}")
    for mark, zh, en in _PARTS:
        if mark in name:
            return Where(zh, en)
    return Where(f"部件 {name}", f"part {name}")


def _binary_part(box: Package, name: str) -> None:
    """Look at a picture, an embedded file or other data within the package."""
    info = box.parts.names[name]
    with box.parts.archive.open(info) as file:
        if _PICTURE.fullmatch(name):
            box.parts.bytes_left -= info.file_size
            if info.file_size > 64 << 20:
                raise box.found.too_complex("图片过大", "a picture that is too large")
            data = file.read(64 << 20)
            look_at_exif(data, box.found, EMBEDDED)
        elif "/embeddings/" in name:
            box.inspect_inner(file.read(info.file_size), posixpath.basename(name))
            return
        elif info.file_size <= BYTES_LIMIT_MB << 20:
            data = _part_bytes(box, name)
            look_at_bytes(data, box.found, _place_of_part(name))  # pictures of text, say
        else:
            data = file.read(4096)
    kind = head_kind(data[:4096])
    is_active = kind is not None and not kind.extensions and kind.id in ("program", "script")
    if is_active or data.startswith(OLE_HEAD):
        found = sniff(data) if kind is None else kind
        zh, en = (found.zh, found.en) if is_active else ("嵌入对象", "an embedded object")
        box.found.refuse(ATTACHMENT_ACTIVE, what=zh, what_en=en)


class _Relations(Reader):
    """What a part leads to: outside the file only where a reader asks for it."""

    names: ClassVar[Mapping[str, str]] = named(_RELATIONS, "Relationship")

    def __init__(self, found: Findings) -> None:
        self.found = found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element."""
        if name != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        if attributes.get("TargetMode", "").casefold() == "external" or "://" in target:
            self.found.scan(target[:2000], Where("链接", "a link"))
            is_link = kind == "hyperlink" and _HARMLESS_LINK.match(target)
            is_book = kind.casefold().startswith(("externallinkpath", "xlpath", "xlexternal"))
            if is_link or (
                is_book and not target.casefold().startswith(("http", "\\\\", "file:////"))
            ):
                return
            zh, en = _EXTERNAL.get(kind, ("外部内容", "outside content"))
            if kind == "hyperlink":
                zh, en = "会运行程序的链接", "a link that runs something"
            self.found.refuse(ATTACHMENT_ACTIVE, what=zh, what_en=en)
        elif active := _ACTIVE.get(kind):
            self.found.refuse(ATTACHMENT_ACTIVE, what=active[0], what_en=active[1])


_PROPERTIES = {
    "creator": Where("属性“作者”", "property 'author'"),
    "Author": Where("属性“作者”", "property 'author'"),
    "lastModifiedBy": Where("属性“最后保存者”", "property 'last saved by'"),
    "Manager": Where("属性“经理”", "property 'manager'"),
    "Company": Where("属性“单位”", "property 'company'"),
}
_PROPERTY = Where("文件属性", "the properties")


class _Properties(_Loose):
    """What a file says of itself and of who made it."""

    def __init__(self, found: Findings) -> None:
        super().__init__(found, _PROPERTY)
        self.open: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element."""
        self.open = []
        self.attributes(attributes)

    def end(self, name: str) -> None:
        """Meet the end of an element."""
        if where := _PROPERTIES.get(name):
            for one in re.split("[;；,，]", "".join(self.open)):
                self.found.note_author(one, where)
        self.pieces += [*self.open, "\n"]
        self.open = []

    def text(self, data: str) -> None:
        """Meet text."""
        self.open.append(data)


def no_text(found: Findings, error: NoText) -> None:
    """Hold against a file why it could not be read."""
    if error.note == "encrypted":
        found.refuse(ATTACHMENT_LOCKED)
    elif error.note == "too large":
        found.too_complex("内容过多", "too much content")
    else:
        found.damaged()
