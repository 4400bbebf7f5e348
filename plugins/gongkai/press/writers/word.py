"""A report's page into a Word file that looks like an official document (GB/T 9704).

Fonts are named as offices name them, with others to take where those are not installed. Tables
are written cell by cell, so that header lines repeat, lines never break and merged cells stay
merged. Equal views make equal bytes: the archive is written anew without dates.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from html.parser import HTMLParser
from typing import Any

from gongkai.press.writers.characters import printable
from gongkai.views.pages import FigureView, ProblemView, RateView, ReportPage
from gongkai.views.shared import Cell, Table

HISTORICAL = "历史样例：数据按原报告列示，未作改动；核对中发现的差异见文末说明。"
NOTES = "数据核对说明（编制单位）"
CHECKS = "数据核对说明（系统提示，非原文）"
_FANGSONG, _KAI, _HEI, _SONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
_TITLE = "方正小标宋简体"
_LATIN = "Times New Roman"
_ALTERNATIVES = {
    _TITLE: "华文中宋",
    _FANGSONG: "仿宋",
    _KAI: "楷体",
    _HEI: "SimHei",
    _SONG: "SimSun",
}
# sizes in half points: 二号, 三号, 四号, 五号, 小五
_SIZE_2, _SIZE_3, _SIZE_4, _SIZE_5, _SIZE_5S = 44, 32, 28, 21, 18
_LINE = 560  # twentieths of a point: 28 points
_MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}  # millimetres
_TEXT_WIDTH = 8845  # 156 mm in twentieths of a point
_FIGURE_WIDTH = 640
_ROW_HEIGHTS = {"matrix": 340, "tree": 380, "wide": 480}
_WHOLE = 31  # a table of fewer lines stays on one page
_SECOND_HALF = "政府信息公开工作年度报告"
_TITLE_CHARACTERS = 19
_PROPERTY_CHARACTERS = 255  # of a file's properties, as the format has it
LANGUAGES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}


def word(page: ReportPage, agency: str, made_on: date) -> bytes:
    """Return the report as .docx; ``made_on`` is the date that its properties state."""
    import docx

    document = docx.Document()
    language = LANGUAGES.get(page.lang, "zh-CN")
    _set_up(document, page.title, agency, made_on, language)
    writer = _Writer(document)
    writer.paragraph("\n".join(title_lines(page.title)), "Title")
    writer.paragraph(f"{agency}　{long_date(page.published)}", "Subtitle")
    if page.is_invented:
        writer.paragraph("（演示数据）", "Subtitle")
    if page.is_historical:
        writer.small(HISTORICAL)
    for part in page.parts:
        if part.heading:
            writer.paragraph(part.heading, "Heading 1")
        writer.prose(part.html)
        for view in part.tables:
            writer.figures(view, part.heading)
        writer.problems(part.problems)
    writer.problems(page.problems, "问题清单")
    if page.figures or page.rates:
        writer.paragraph("报告所载数据", "Heading 1")
        if page.figures:
            writer.table(page.figures)
        writer.rates(page.rates)
    writer.remarks(NOTES, [note.text for note in page.notes])
    writer.remarks(CHECKS, [remark.text for remark in page.remarks])
    buffer = io.BytesIO()
    document.save(buffer)
    return _without_dates(buffer.getvalue())


def title_lines(title: str) -> list[str]:
    """Break a title that is longer than a line where its second half begins, not in a word."""
    at = title.find(_SECOND_HALF)
    is_long = sum(1 if ord(c) > 0x2E80 else 0.5 for c in title) > _TITLE_CHARACTERS
    return [title[:at], title[at:]] if is_long and at > 0 else [title]


def long_date(published: str) -> str:
    """Return 2026年1月20日 for a moment as pages print it."""
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})", published)
    if match is None:
        return published
    year, month, day = (int(part) for part in match.groups())
    return f"{year}年{month}月{day}日"


def _set_up(document: Any, title: str, agency: str, made_on: date, language: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.shared import Mm

    moment = datetime.combine(made_on, time())
    facts = document.core_properties
    name = printable(agency)[:_PROPERTY_CHARACTERS]
    facts.title, facts.author = printable(title)[:_PROPERTY_CHARACTERS], name
    facts.last_modified_by = name
    facts.comments, facts.language, facts.revision = "", language, 1
    facts.created = facts.modified = moment
    relations = document.part.package.rels
    for key in [k for k, r in relations.items() if r.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[key]
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for edge, size in _MARGINS.items():
        setattr(section, f"{edge}_margin", Mm(size))
    section.footer_distance = Mm(28)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        _page_number(footer.paragraphs[0], side)
    _styles(document, language)


def _page_number(paragraph: Any, side: Any) -> None:
    """Write “— 1 —”, one character in from the outer edge."""
    from docx.shared import Pt

    paragraph.alignment = side
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
    number = (("begin", ""), ("w:instrText", "PAGE"), ("separate", ""), ("w:t", "1"), ("end", ""))
    for kind, words in (("w:t", "— "), *number, ("w:t", " —")):
        run = paragraph.add_run()
        _font(run._r.get_or_add_rPr(), _SONG, _SIZE_4, latin=_SONG)
        if words:
            run._r.append(_element(kind, text=words))
        else:
            run._r.append(_element("w:fldChar", {"w:fldCharType": kind}))


def _styles(document: Any, language: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    root = document.styles.element
    defaults = root.find(_q("w:docDefaults")).find(_q("w:rPrDefault")).find(_q("w:rPr"))
    for child in list(defaults):
        defaults.remove(child)
    _font(defaults, _FANGSONG, _SIZE_3)
    defaults.append(_element("w:lang", {"w:val": language, "w:eastAsia": language}))
    looks: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
        ("Normal", _FANGSONG, _SIZE_3, {"first": 2}),
        ("Title", _TITLE, _SIZE_2, {"align": "center", "line": 640, "before": 560, "after": 280}),
        ("Subtitle", _KAI, _SIZE_3, {"align": "center", "after": 280}),
        ("Heading 1", _HEI, _SIZE_3, {"first": 2, "keep": True, "level": 0}),
        ("Heading 2", _KAI, _SIZE_3, {"first": 2, "keep": True, "level": 1}),
        ("Heading 3", _FANGSONG, _SIZE_3, {"first": 2, "keep": True, "level": 2, "bold": True}),
        ("Caption", _HEI, _SIZE_4, {"align": "center", "keep": True}),
        ("Footer", _SONG, _SIZE_4, {}),
    )
    for name, face, size, facts in looks:
        style = document.styles[name]
        element = style.element
        for tag in ("w:pPr", "w:rPr"):
            old = element.find(_q(tag))
            if old is not None:
                element.remove(old)
        _font(element.get_or_add_rPr(), face, size, is_bold=bool(facts.get("bold")))
        look = style.paragraph_format
        if facts.get("align"):
            look.alignment = WD_ALIGN_PARAGRAPH.CENTER
        properties = element.get_or_add_pPr()
        if facts.get("keep"):
            look.keep_with_next = True
        if name != "Footer":
            spacing = {
                "w:before": str(facts.get("before", 0)),
                "w:after": str(facts.get("after", 0)),
                "w:line": str(facts.get("line", _LINE)),
                "w:lineRule": "exact",
            }
            properties.append(_element("w:spacing", spacing))
        properties.append(_indent(facts.get("first", 0), size))
        if "level" in facts:
            properties.append(_element("w:outlineLvl", {"w:val": str(facts["level"])}))
        _in_order(properties)
    for old in root.findall(_q("w:latentStyles")):
        root.remove(old)


def _indent(first: float, size: int, left: float = 0) -> Any:
    """Return an indent in characters, which follows the size, and in points for other readers."""
    twips = size * 10  # the width of a character
    facts = {
        "w:firstLineChars": str(round(first * 100)),
        "w:firstLine": str(round(first * twips)),
    }
    if left:
        facts |= {"w:leftChars": str(round(left * 100)), "w:left": str(round(left * twips))}
    return _element("w:ind", facts)


# the order in which a schema wants the properties of a paragraph
_PROPERTIES = ("pStyle", "keepNext", "pBdr", "spacing", "ind", "jc", "outlineLvl", "rPr")


def _in_order(properties: Any) -> None:
    order = {_q(f"w:{name}"): n for n, name in enumerate(_PROPERTIES)}
    children = sorted(properties, key=lambda child: order.get(child.tag, 1))
    for child in children:
        properties.remove(child)
        properties.append(child)


def _q(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(name)


def _element(name: str, facts: Mapping[str, str] | None = None, *, text: str = "") -> Any:
    from docx.oxml import OxmlElement

    element = OxmlElement(name)
    for key, value in (facts or {}).items():
        element.set(_q(key), printable(value))
    if text := printable(text):
        element.text = text
        if text != text.strip():
            element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element


def _font(
    properties: Any, face: str, size: int = 0, *, latin: str = _LATIN, is_bold: bool = False
) -> None:
    """Set the fonts of a run: ``face`` for Chinese, ``latin`` for letters and digits."""
    facts = {"w:ascii": latin, "w:hAnsi": latin, "w:eastAsia": face, "w:cs": latin}
    properties.insert(0, _element("w:rFonts", facts))
    if is_bold:
        properties.append(_element("w:b"))
    if size:
        properties.append(_element("w:sz", {"w:val": str(size)}))
        properties.append(_element("w:szCs", {"w:val": str(size)}))


@dataclass(frozen=True)
class _Run:
    """A stretch of text in one look."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    raised: str = ""


class _Writer:
    """Write blocks at the end of a document."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.body = document.element.body

    def paragraph(self, text: str | Sequence[_Run], style: str = "Normal", indent: int = 0) -> Any:
        """Write one paragraph; an indented one stands so many characters in."""
        paragraph = self.document.add_paragraph(style=style)
        runs = [_Run(text)] if isinstance(text, str) else text
        for one in runs:
            run = paragraph.add_run(printable(one.text))
            if one.is_bold:
                run.bold = True
            if one.is_italic:  # Chinese has no italics: emphasis is another face
                run._r.get_or_add_rPr().insert(0, _element("w:rFonts", {"w:eastAsia": _KAI}))
            if one.raised:
                run.font.superscript = one.raised == "sup"
                run.font.subscript = one.raised == "sub"
        if indent:
            paragraph._p.get_or_add_pPr().append(_indent(0, _SIZE_3, indent))
        return paragraph

    def prose(self, html: str) -> None:
        """Write safe HTML as paragraphs, lists and tables."""
        for block in _Prose().read(html):
            if isinstance(block, _Block):
                self.paragraph(block.runs, block.style, block.indent)
            else:
                self.table(block)

    def figures(self, view: FigureView, heading: str) -> None:
        """Write a table of the form and why some of its figures are not the counted ones."""
        table = view.table
        if heading.endswith(table.caption):
            table = replace(table, caption="")
        self.table(table)
        for note in view.notes:
            self.small(f"注：{note.figure.label}：{note.text}")

    def problems(self, problems: Sequence[ProblemView], heading: str = "") -> None:
        """Write 问题清单 as a table."""
        if not problems:
            return
        if heading:
            self.paragraph(heading, "Heading 1")
        head = tuple(Cell(words, True) for words in ("序号", "问题", "改进措施", "进展"))
        rows = tuple(
            (Cell(str(n), is_number=True), Cell(one.problem), Cell(one.measure), Cell(one.status))
            for n, one in enumerate(problems, 1)
        )
        self.table(Table("", (head,), rows, "problems"))

    def rates(self, rates: Sequence[RateView]) -> None:
        """Write rates with their formulas."""
        for one in rates:
            stated = f"；原件载明 {one.stated}" if one.stated else ""
            value = f"{one.value}，" if one.value else ""
            self.paragraph(f"{one.name}：{value}{one.formula}（{one.words}）{stated}")

    def remarks(self, title: str, words: Sequence[str]) -> None:
        """Write what is no part of the report, told apart by a line and a heading of its own."""
        if not words:
            return
        heading = self.paragraph([_Run(title)], "Heading 2")
        properties = heading._p.get_or_add_pPr()
        borders = _element("w:pBdr")
        line = {"w:val": "single", "w:sz": "6", "w:space": "8", "w:color": "7F7F7F"}
        borders.append(_element("w:top", line))
        properties.append(borders)
        properties.append(
            _element("w:spacing", {"w:before": "480", "w:line": "480", "w:lineRule": "exact"})
        )
        _in_order(properties)
        for run in heading.runs:
            _font(run._r.get_or_add_rPr(), _HEI, _SIZE_4)
        for text in words:
            self.small(text)

    def small(self, text: str) -> None:
        """Write a remark in smaller letters."""
        paragraph = self.paragraph([_Run(text)])
        properties = paragraph._p.get_or_add_pPr()
        properties.append(_element("w:spacing", {"w:line": "420", "w:lineRule": "exact"}))
        properties.append(_indent(2, _SIZE_4))
        _in_order(properties)
        for run in paragraph.runs:
            _font(run._r.get_or_add_rPr(), _KAI, _SIZE_4)

    def table(self, table: Table) -> None:
        """Write a table in the width of the page, and the little space that parts two tables."""
        head, caption = list(table.head), table.caption
        columns = _columns(table)
        if not columns:
            return
        if caption and table.style == "plain" and head:
            head.insert(0, (Cell(caption, True, colspan=columns, is_heading=True),))
        elif caption:
            self.paragraph(caption, "Caption")
        self.body.insert_element_before(_table(table, head, columns, caption), "w:sectPr")
        if table.note:
            self.small(table.note)
        else:
            gap = self.paragraph("")
            spacing = {"w:line": "160", "w:lineRule": "exact"}
            gap._p.get_or_add_pPr().append(_element("w:spacing", spacing))


def _columns(table: Table) -> int:
    """Return how many columns the cells of a table fill."""
    taken: dict[tuple[int, int], bool] = {}
    most = 0
    for number, row in enumerate((*table.head, *table.rows)):
        for column, cell in _placed(row, number, taken):
            most = max(most, column + cell.colspan)
    return most


def _placed(
    row: Iterable[Cell], number: int, taken: dict[tuple[int, int], bool]
) -> Iterator[tuple[int, Cell]]:
    """Yield each cell of a row with its column; spans from above push it to the right."""
    column = 0
    for cell in row:
        while (number, column) in taken:
            column += 1
        for down in range(cell.rowspan):
            for across in range(cell.colspan):
                taken[number + down, column + across] = True
        yield column, cell
        column += cell.colspan


def _table(table: Table, head: list[tuple[Cell, ...]], columns: int, caption: str) -> Any:
    widths = _widths(table, columns)
    size = _SIZE_5S if table.style in ("matrix", "wide") else _SIZE_5
    element = _element("w:tbl")
    properties = _element("w:tblPr")
    properties.append(_element("w:tblW", {"w:w": str(sum(widths)), "w:type": "dxa"}))
    properties.append(_element("w:jc", {"w:val": "center"}))
    borders = _element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = {"w:val": "single", "w:sz": "4", "w:space": "0", "w:color": "000000"}
        borders.append(_element(f"w:{side}", line))
    properties.append(borders)
    properties.append(_element("w:tblLayout", {"w:type": "fixed"}))
    margins = _element("w:tblCellMar")
    inner = "36" if size == _SIZE_5S else "70"
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", {"w:w": inner, "w:type": "dxa"}))
    properties.append(margins)
    if caption:
        properties.append(_element("w:tblCaption", {"w:val": caption}))
    element.append(properties)
    grid = _element("w:tblGrid")
    for width in widths:
        grid.append(_element("w:gridCol", {"w:w": str(width)}))
    element.append(grid)
    rows = [*head, *table.rows]
    stays = len(rows) < _WHOLE
    below: dict[int, tuple[int, Cell]] = {}  # column → lines left of the cell that covers it
    for number, row in enumerate(rows):
        is_last = number == len(rows) - 1
        line = _row(row, widths, below, size, table.style, is_kept=stays and not is_last)
        height = _ROW_HEIGHTS.get(table.style, 460)
        line.insert(0, _row_properties(height, is_header=number < len(head)))
        element.append(line)
    return element


def _row_properties(height: int, *, is_header: bool) -> Any:
    properties = _element("w:trPr")
    properties.append(_element("w:cantSplit"))
    properties.append(_element("w:trHeight", {"w:val": str(height), "w:hRule": "atLeast"}))
    if is_header:
        properties.append(_element("w:tblHeader"))
    properties.append(_element("w:jc", {"w:val": "center"}))
    return properties


def _row(
    row: tuple[Cell, ...],
    widths: Sequence[int],
    below: dict[int, tuple[int, Cell]],
    size: int,
    style: str,
    *,
    is_kept: bool,
) -> Any:
    """Return one line; a cell that covers several lines is continued in each of them."""
    element = _element("w:tr")
    cells = iter(row)
    column = 0
    while column < len(widths):
        is_continued = column in below
        if is_continued:
            left, cell = below.pop(column)
        else:
            cell = next(cells, Cell(""))
            left = cell.rowspan
        span = min(cell.colspan, len(widths) - column)
        if left > 1:
            below[column] = (left - 1, cell)
        width = sum(widths[column : column + span])
        merge = "" if cell.rowspan == 1 else "continue" if is_continued else "restart"
        shown = replace(cell, text="") if is_continued else cell
        element.append(_cell(shown, width, span, merge, size, style, is_kept=is_kept))
        column += span
    return element


def _cell(
    cell: Cell, width: int, span: int, merge: str, size: int, style: str, *, is_kept: bool
) -> Any:
    element = _element("w:tc")
    properties = _element("w:tcPr")
    properties.append(_element("w:tcW", {"w:w": str(width), "w:type": "dxa"}))
    if span > 1:
        properties.append(_element("w:gridSpan", {"w:val": str(span)}))
    if merge:
        properties.append(_element("w:vMerge", {"w:val": merge}))
    if cell.is_header and width == _FIGURE_WIDTH:  # two characters a line: 社会 公益 组织
        margins = _element("w:tcMar")
        for side in ("left", "right"):
            margins.append(_element(f"w:{side}", {"w:w": "100", "w:type": "dxa"}))
        properties.append(margins)
    properties.append(_element("w:vAlign", {"w:val": "center"}))
    element.append(properties)
    paragraph = _element("w:p")
    look = _element("w:pPr")
    if is_kept:
        look.append(_element("w:keepNext"))
    look.append(_element("w:spacing", {"w:line": str(size * 13), "w:lineRule": "atLeast"}))
    if cell.level:
        look.append(_indent(0, size, cell.level))
    else:
        look.append(_element("w:ind", {"w:firstLineChars": "0", "w:firstLine": "0"}))
    look.append(_element("w:jc", {"w:val": _side(cell, style)}))
    paragraph.append(look)
    face = _HEI if cell.is_heading else _SONG
    for n, text in enumerate(cell.text.split("\n")):
        run = _element("w:r")
        _font(run.get_or_add_rPr(), face, size)
        if n:
            run.append(_element("w:br"))
        if text:
            run.append(_element("w:t", text=text))
        paragraph.append(run)
    element.append(paragraph)
    return element


def _side(cell: Cell, style: str) -> str:
    if style == "tree" and not cell.is_header:
        return "center"
    if cell.scope == "row" or cell.level or (not cell.is_header and not cell.is_number):
        return "left"
    return "center"


def _widths(table: Table, columns: int) -> list[int]:
    """Share out the width of the page: figures alike and narrow, labels what is left."""
    if table.style == "wide":
        widths = [_TEXT_WIDTH // columns] * columns
    elif table.style == "matrix":
        figures = max((sum(c.is_number for c in row) for row in table.rows), default=0)
        labels = columns - figures
        figure = min(_FIGURE_WIDTH, _TEXT_WIDTH * 2 // 3 // max(figures, 1))
        rest = _TEXT_WIDTH - figure * figures
        outer = [rest * (n + 1) // 9 for n in range(labels - 1)]
        widths = [*outer, rest - sum(outer)] + [figure] * figures
    elif table.style == "tree":
        widths = [0, 900, *[2200] * (columns - 2)]
        widths[0] = _TEXT_WIDTH - sum(widths)
    elif table.style == "problems":
        widths = [700, 3600, 3345, 1200]
    elif columns > 1 and all(any(c.is_number for c in row) for row in table.rows):
        label = _TEXT_WIDTH * 2 // 5
        widths = [label] + [(_TEXT_WIDTH - label) // (columns - 1)] * (columns - 1)
    else:
        widths = [_TEXT_WIDTH // columns] * columns
    widths[-1] += _TEXT_WIDTH - sum(widths)
    return widths


@dataclass
class _Block:
    """A paragraph that is being read."""

    style: str = "Normal"
    indent: int = 0
    runs: list[_Run] = field(default_factory=list)


_INLINE = {"strong": "b", "b": "b", "em": "i", "i": "i", "sup": "sup", "sub": "sub"}
_HEADINGS = {"h2": "Heading 2", "h3": "Heading 2", "h4": "Heading 3", "h5": "Heading 3"}
_BLOCKS = {"p", "blockquote", "pre", "dt", "dd", "div", "figure", "figcaption", "hr", "h6"}


class _Prose(HTMLParser):
    """Read the safe HTML of a body into paragraphs and tables."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[_Block | Table] = []
        self.open = _Block()
        self.looks: list[str] = []
        self.lists: list[int | None] = []
        self.quoted = 0
        self.rows: list[list[Cell]] | None = None
        self.head: int = 0
        self.cell: Cell | None = None
        self.words: list[str] = []
        self.caption = ""

    def read(self, html: str) -> list[_Block | Table]:
        """Return the blocks in order."""
        self.feed(html)
        self.close()
        self._flush()
        return self.blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a list, a table or another look."""
        facts = {key: value or "" for key, value in attrs}
        if self.rows is not None:
            self._table_tag(tag, facts)
        elif tag in _INLINE:
            self.looks.append(_INLINE[tag])
        elif tag in _HEADINGS:
            self._begin(_HEADINGS[tag])
        elif tag in ("ul", "ol"):
            self._flush()
            start = facts.get("start", "1")
            is_plain = re.fullmatch("[0-9]{1,9}", start)
            self.lists.append((int(start) if is_plain else 1) if tag == "ol" else None)
        elif tag == "li":
            self._begin()
            number = self.lists[-1] if self.lists else None
            self._add("• " if number is None else f"{number}. ")
            if number is not None:
                self.lists[-1] = number + 1
        elif tag == "table":
            self._flush()
            self.rows, self.head, self.caption = [], 0, ""
        elif tag == "br":
            self._add("\n")
        elif tag == "img" and facts.get("alt"):
            self._add(f"〔图：{facts['alt']}〕")
        elif tag in _BLOCKS:
            self.quoted += tag == "blockquote"
            if not (self.lists and self.open.runs and tag == "p"):
                self._begin()

    def handle_endtag(self, tag: str) -> None:
        """End what began."""
        if self.rows is not None:
            if tag in ("td", "th", "caption"):
                self._end_cell(tag)
            elif tag == "thead":
                self.head = len(self.rows)
            elif tag == "table":
                rows = [tuple(row) for row in self.rows if row]
                head, self.rows = rows[: self.head], None
                self.blocks.append(
                    Table(self.caption, tuple(head), tuple(rows[self.head :]), "prose")
                )
        elif tag in _INLINE and _INLINE[tag] in self.looks:
            self.looks.remove(_INLINE[tag])
        elif tag in ("ul", "ol"):
            self._flush()
            self.lists = self.lists[:-1]
        elif tag in _BLOCKS or tag in _HEADINGS or tag == "li":
            self._flush()
            self.quoted -= tag == "blockquote" and self.quoted > 0

    def handle_data(self, data: str) -> None:
        """Take text."""
        if self.rows is not None:
            self.words.append(data)
        else:
            self._add(re.sub(r"\s*\n\s*", "", data))

    def _add(self, text: str) -> None:
        if not text or (not self.open.runs and not text.strip()):
            return
        raised = next((look for look in self.looks if look in ("sup", "sub")), "")
        self.open.runs.append(_Run(text, "b" in self.looks, "i" in self.looks, raised))

    def _begin(self, style: str = "Normal") -> None:
        self._flush()
        self.open.style = style
        if style == "Normal":
            self.open.indent = 2 * (len(self.lists) + (self.quoted > 0))

    def _flush(self) -> None:
        if any(run.text.strip() for run in self.open.runs):
            self.blocks.append(self.open)
        self.open = _Block()

    def _table_tag(self, tag: str, facts: Mapping[str, str]) -> None:
        assert self.rows is not None, "inside a table"
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            if not self.rows:
                self.rows.append([])
            spans = [facts.get(key, "1") for key in ("colspan", "rowspan")]
            across, down = (
                max(1, min(60, int(s))) if re.fullmatch("[0-9]{1,9}", s) else 1 for s in spans
            )
            is_number = "gk-right" in facts.get("class", "")
            self.cell = Cell("", tag == "th", is_number, across, down)
            self.words = []
        elif tag == "caption":
            self.words = []
        elif tag == "br":
            self.words.append("\n")

    def _end_cell(self, tag: str) -> None:
        text = "".join(self.words).strip()
        self.words = []
        if tag == "caption":
            self.caption = text
        elif self.cell is not None and self.rows:
            self.rows[-1].append(replace(self.cell, text=text))
            self.cell = None


def _without_dates(data: bytes) -> bytes:
    """Write a package anew: fixed dates, a fixed order, and the fonts to take instead of ours."""
    source = zipfile.ZipFile(io.BytesIO(data))
    buffer = io.BytesIO()
    names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            info.external_attr = 0o644 << 16
            content = _font_table() if name == "word/fontTable.xml" else source.read(name)
            package.writestr(info, content)
    return buffer.getvalue()


def _font_table() -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in _ALTERNATIVES.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<w:fonts xmlns:w="{space}">{fonts}</w:fonts>'.encode()
