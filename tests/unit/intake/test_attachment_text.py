from __future__ import annotations

import io
import struct
import threading
import time
import zipfile
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
import xlsxwriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches

from gongkai.intake import attachment_text as module
from gongkai.intake import office_text
from gongkai.intake.attachment_text import AttachmentText, attachment_text

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def text_of(tmp_path: Path) -> Any:
    """Return a function from the bytes of a file and its name to its text."""

    def read(data: bytes, name: str, **options: int) -> AttachmentText:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return attachment_text(path, name, **options)

    return read


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def package(**parts: str | bytes) -> bytes:
    """Return a package of parts; ``__`` stands for a slash and ``_xml`` for .xml."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return buffer.getvalue()


def word(body: str, **parts: str) -> bytes:
    """Return a Word file with this markup as its body."""
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return package(word__document_xml=document, **parts)


def seconds_of(call: Any) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before


# Word files


def test_paragraphs_tables_headers_and_footers_are_text(text_of: Any) -> None:
    made = docx.Document()
    made.add_paragraph("关于印发\n《办法》的通知").add_run("（试行）")
    table = made.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 1).text = "低保", "三百元"
    table.cell(1, 0).add_table(1, 1).cell(0, 0).text = "内表"
    section = made.sections[0]
    section.header.paragraphs[0].text = "内部编号甲"
    section.footer.paragraphs[0].text = "联系电话"
    assert text_of(saved(made), "a.docx") == AttachmentText(
        "关于印发 《办法》的通知（试行） 低保 内表 三百元 内部编号甲 联系电话"
    )


def test_a_word_that_was_typed_in_pieces_is_one_word(text_of: Any) -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("人民")
    paragraph.add_run("政").bold = True
    paragraph.add_run("府")
    assert text_of(saved(made), "a.DOCX").text == "人民政府"


def test_what_a_reader_of_word_does_not_see_is_no_text(text_of: Any) -> None:
    made = docx.Document()
    made.core_properties.author = "作者某"
    made.core_properties.title = "属性某"
    made.core_properties.comments = "备注某"
    paragraph = made.add_paragraph("正文")
    made.add_comment(paragraph.runs, text="批注某", author="批注人某")
    deleted = OxmlElement("w:del")
    deleted.set(qn("w:author"), "修订人某")
    run = OxmlElement("w:r")
    struck = OxmlElement("w:delText")
    struck.text = "删去某"
    run.append(struck)
    deleted.append(run)
    paragraph._p.append(deleted)
    inserted = OxmlElement("w:ins")
    inserted.set(qn("w:author"), "修订人某")
    run = OxmlElement("w:r")
    new = OxmlElement("w:t")
    new.text = "补上"
    run.append(new)
    inserted.append(run)
    paragraph._p.append(inserted)
    made.add_paragraph("").add_run("隐藏某").font.hidden = True
    shown = made.add_paragraph("").add_run("不隐藏")
    shown.font.hidden = False
    assert text_of(saved(made), "a.docx").text == "正文补上 不隐藏"


def test_moves_fields_and_older_twins_of_text_boxes_are_read_once(text_of: Any) -> None:
    box = "<w:r><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></w:r>"
    older = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body = (
        "<w:p><w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>新处</w:t></w:r></w:moveTo></w:p>"
        "<w:p><w:r><w:instrText>AUTHOR</w:instrText></w:r><w:r><w:t>第1页</w:t></w:r></w:p>"
        f"<w:p {older}><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert text_of(word(body), "a.docx").text == "新处 第1页 框内"


def test_a_hidden_run_hides_the_box_in_it_and_nothing_behind_it(text_of: Any) -> None:
    body = (
        "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:rPr><w:vanish/></w:rPr>"
        "<w:txbxContent><w:p><w:r><w:t>藏</w:t></w:r></w:p></w:txbxContent></w:r>"
        "<w:r><w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr>"
        "<w:t>见</w:t></w:r></w:p>"
    )
    assert text_of(word(body), "a.docx").text == "见"


def test_a_header_of_many_sections_is_read_once(text_of: Any) -> None:
    header = f'<w:hdr xmlns:w="{W}"><w:p><w:r><w:t>页眉</w:t></w:r></w:p></w:hdr>'
    parts = {f"word__header{n}_xml": header for n in (1, 2, 3)}
    assert text_of(word("", **parts), "a.docx").text == "页眉"


def test_a_file_of_pictures_alone_is_a_scan(text_of: Any, tmp_path: Path) -> None:
    picture = tmp_path / "scan.png"
    row = zlib.compress(b"\0\0")
    png = b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    for kind, data in ((b"IHDR", header), (b"IDAT", row), (b"IEND", b"")):
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        png += struct.pack(">I", len(data)) + kind + data + checksum
    picture.write_bytes(png)
    made = docx.Document()
    made.add_picture(str(picture), Inches(1))
    assert text_of(saved(made), "a.docx") == AttachmentText("", "scanned")
    assert text_of(saved(docx.Document()), "a.docx") == AttachmentText("")


# workbooks


def test_visible_cells_and_stored_results_are_text(text_of: Any) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("社会救助")
    sheet.write_row(0, 0, ["指标", 0.1 + 0.2, 1284, 1e20, True])
    sheet.write_formula(1, 0, "=A1&B1", None, "合计人数")
    sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    sheet.write_rich_string(2, 0, "城", book.add_format({"bold": True}), "市", "低保")
    sheet.write_datetime(2, 1, date(2026, 3, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write(2, 2, 46083, book.add_format({"num_format": 14}))
    sheet.write(2, 3, 46083, book.add_format({"num_format": '#,##0"days"'}))
    sheet.write_comment(0, 0, "批注某", {"author": "批注人某"})
    book.add_worksheet("隐藏表").write(0, 0, "隐藏某")
    book.get_worksheet_by_name("隐藏表").hide()
    deep = book.add_worksheet("深藏表")
    deep.write(0, 0, "深藏某")
    deep.very_hidden()
    book.add_worksheet().write(0, 0, "第二张")
    book.set_properties({"author": "作者某", "title": "属性某"})
    book.close()
    read = text_of(buffer.getvalue(), "a.xlsx")
    assert read.text == (
        "社会救助 指标 0.3 1284 100000000000000000000 合计人数 "
        "城市低保 2026-03-02 2026-03-02 46083 第二张"
    )


def test_hidden_rows_and_columns_are_no_text(text_of: Any) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (["甲", "藏", "乙"], ["藏", "藏", "藏"], ["丙", "藏", 4]):
        sheet.append(row)
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[2].hidden = True
    assert text_of(saved(made), "a.xlsx").text == "甲 乙 丙 4"


SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def book_of(sheet: str) -> bytes:
    """Return a workbook whose only sheet is given as XML."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return package(
        xl__workbook_xml=f'<workbook {SPACE} xmlns:r="{relation}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        **{
            "xl/_rels/workbook.xml.rels": "<Relationships "
            'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" Target="/xl/worksheets/sheet1.xml"/></Relationships>'
        },
        xl__worksheets__sheet1_xml=f"<worksheet {SPACE}>{sheet}</worksheet>",
    )


@pytest.mark.parametrize(
    ("before", "row", "seen"),
    [
        ("", "", "甲 乙"),
        ('<cols><col min="2" max="2" width="0"/></cols>', "", "甲"),
        ('<cols><col min="2" max="99999" hidden="true"/></cols>', "", "甲"),
        ("", ' ht="0.0"', ""),
        ('<sheetFormatPr zeroHeight="1"/>', "", ""),
        ('<sheetFormatPr zeroHeight="1"/>', ' hidden="0"', "甲 乙"),
    ],
)
def test_rows_and_columns_of_no_size_are_no_text(
    text_of: Any, before: str, row: str, seen: str
) -> None:
    cells = '<c r="A1" t="str"><v>甲</v></c><c r="B1" t="str"><v>乙</v></c>'
    data = book_of(f"{before}<sheetData><row{row}>{cells}</row></sheetData>")
    assert text_of(data, "a.xlsx").text == seen


def test_texts_within_cells_are_read_too(text_of: Any) -> None:
    data = book_of(
        "<sheetData><row>"
        '<c t="inlineStr"><is><r><t>公</t></r><r><t>示</t></r><rPh><t>gong</t></rPh></is></c>'
        '<c t="s"><v>99</v></c><c t="s"><v>x</v></c><c><v>1e999</v></c><c><v>nan</v></c>'
        '<c t="str"><f>A1</f><v>结果</v></c></row></sheetData>'
    )
    assert text_of(data, "a.xlsx").text == "公示 结果"


def test_a_long_sheet_is_read_to_the_limit(text_of: Any) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet()
    for row in range(100_000):
        sheet.write_row(row, 0, [row, f"村民小组{row}", 0.5])
    book.close()
    data = buffer.getvalue()
    reads: list[AttachmentText] = []
    assert seconds_of(lambda: reads.append(text_of(data, "a.xlsx", limit=50_000))) < 3
    assert 49_000 < len(reads[0].text) <= 50_000
    assert reads[0].text.startswith("0 村民小组0 0.5 1 村民小组1")
    assert seconds_of(lambda: reads.append(text_of(data, "a.xlsx", limit=10_000_000))) < 8
    assert reads[1].text.startswith(reads[0].text[:1000])


# hostile and damaged packages


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pdf"])
@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"PK\x05\x06" + bytes(18), b"%PDF-1.7\n%%EOF", b"\0" * 5000, b"<html></html>"],
)
def test_a_file_that_is_something_else_is_damaged(text_of: Any, data: bytes, name: str) -> None:
    assert text_of(data, name) == AttachmentText("", "damaged")


def test_a_file_that_was_cut_short_never_raises(text_of: Any) -> None:
    made = docx.Document()
    made.add_paragraph("正文")
    book = openpyxl.Workbook()
    book.active["A1"] = "甲"
    for data, name in (
        (saved(made), "a.docx"),
        (saved(book), "a.xlsx"),
        (pdf(*page("BT /F1 12 Tf <00010002> Tj ET")), "a.pdf"),
    ):
        for part in range(1, 20):
            read = text_of(data[: len(data) * part // 20], name)
            assert read.text or read.note in ("damaged", "scanned"), (name, part)
            flipped = bytearray(data)
            flipped[len(data) * part // 20] ^= 0xFF
            text_of(bytes(flipped), name)


def test_entities_deep_nesting_and_odd_encodings_are_refused(text_of: Any) -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    document = f'<w:document xmlns:w="{W}"><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:document>'
    for markup in (
        bomb + document,
        "<a>" * 3_000_000,
        "<?xml version='1.0' encoding='klingon'?><a/>",
        "<w:document>",
    ):
        assert text_of(package(word__document_xml=markup), "a.docx").note == "damaged"


def test_a_bomb_is_unpacked_to_the_limit_alone(text_of: Any) -> None:
    text = f'<w:document xmlns:w="{W}"><w:p>'.encode()
    blanks = b"<w:r><w:t xml:space='preserve'>" + b" " * (80 << 20)
    elements = b"<w:br/>" * (8 << 20)
    attribute = b"<w:p w:x='" + b"x" * (60 << 20)
    for content in (blanks, elements, attribute):
        data = package(word__document_xml=text + b"<w:r><w:t>\xe7\x94\xb2</w:t></w:r>" + content)
        assert len(data) < 2 << 20
        read: list[AttachmentText] = []
        assert seconds_of(lambda data=data, read=read: read.append(text_of(data, "a.docx"))) < 6
        assert read[0] == AttachmentText("甲")


def test_many_bombs_in_one_package_are_one_bomb(text_of: Any) -> None:
    header = f'<w:hdr xmlns:w="{W}"><w:p><w:r><w:t>' + " " * (20 << 20)
    header += "</w:t></w:r></w:p></w:hdr>"
    parts = {f"word__header{n}_xml": header for n in range(30)}
    read: list[AttachmentText] = []
    data = word("<w:p/>", **parts)
    assert seconds_of(lambda: read.append(text_of(data, "a.docx"))) < 5
    assert read == [AttachmentText("", "too large")]


def test_a_long_list_of_parts_is_not_read(text_of: Any) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"word/{number:060}.xml", b"")
    assert text_of(buffer.getvalue(), "a.docx").note == "too large"


def test_locked_and_old_office_files_are_named(text_of: Any) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert text_of(ole + "EncryptedPackage".encode("utf-16-le"), "a.xlsx").note == "encrypted"
    assert text_of(ole, "a.docx").note == "unsupported"
    locked = bytearray(word("<w:p/>"))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.find(mark) + flags] |= 1
    assert text_of(bytes(locked), "a.docx").note == "encrypted"


def test_other_kinds_have_no_text(text_of: Any) -> None:
    for name in ("a.doc", "a.wps", "a.ofd", "a.zip", "a.png", "a.docm", "noname", ".pdf"):
        assert text_of(b"text", name) == AttachmentText("", "unsupported")


def test_a_file_beyond_all_bounds_is_not_opened(
    text_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FILE_LIMIT_MB", 0)
    assert text_of(b"x", "a.txt").note == "too large"


# text and CSV


def test_text_files_are_read_in_any_usual_encoding(text_of: Any) -> None:
    words = "编号,指标\r\n1,低保对象\r\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert text_of(words.encode(encoding), "a.csv").text == "编号,指标 1,低保对象"
    assert text_of("低\u200b保\x00\x0c对象\ud800".encode("utf-8", "replace"), "a.txt").text == (
        "低保 对象?"
    )
    assert text_of("低保对象".encode()[:-1], "a.txt").note == "damaged"
    assert text_of(b"", "a.txt") == AttachmentText("")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_the_end_of_a_long_text_is_cut_off_between_characters(
    text_of: Any, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ("政府信息公开\n" * 1000).encode(encoding)
    for limit in range(100, 108):
        read = text_of(data, "a.txt", limit=limit)
        assert limit - 1 <= len(read.text) <= limit and not read.note
        assert set(read.text) <= set("政府信息公开 ")


# PDF


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is the catalogue."""
    data, starts = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        starts.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    xref = b"".join(b"%010d 00000 n \n" % start for start in starts)
    end = b"trailer << /Size %d /Root 1 0 R %b >>" % (len(objects) + 1, trailer)
    return (
        data
        + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        + xref
        + end
        + b"\nstartxref\n%d\n%%%%EOF\n" % len(data)
    )


def stream(data: bytes, facts: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    head = b"<< /Length %d /Filter /FlateDecode %b >>" % (len(packed), facts)
    return head + b"\nstream\n" + packed + b"\nendstream"


NAMES = "".join(
    f"<{code:04x}> <{ord(character):04x}>\n" for code, character in enumerate("低保对象⺠政", 1)
)
FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode 6 0 R "
    b"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 1000 >>] >>"
)
TO_UNICODE = stream(
    b"/CIDInit /ProcSet findresource begin begincmap\n"
    b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
    b"6 beginbfchar\n" + NAMES.encode() + b"endbfchar\nendcmap end"
)


def page(
    content: str, resources: bytes = b"", *more: bytes, annotations: bytes = b""
) -> list[bytes]:
    """Return the objects of a PDF of one page."""
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> %b >> %b >>" % (resources, annotations),
        stream(content.encode()),
        FONT,
        TO_UNICODE,
        *more,
    ]


def shown(codes: str) -> str:
    return f"BT /F1 12 Tf 50 700 Td <{codes}> Tj ET\n"


def test_the_text_layer_of_a_pdf_is_read_with_its_lines_joined(text_of: Any) -> None:
    lines = "BT /F1 12 Tf 14 TL 50 700 Td <00010002> Tj T* <00030004> Tj T* <00050006> Tj ET"
    note = b"/Annots [<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (secret) >>]"
    data = pdf(*page(lines, annotations=note), b"<< /Author (Somebody) >>", trailer=b"/Info 7 0 R")
    assert text_of(data, "a.pdf") == AttachmentText("低保对象民政")


def test_a_pdf_without_a_text_layer_is_a_scan(text_of: Any) -> None:
    image = stream(b"\0", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8")
    data = pdf(*page("q /I1 Do Q", b"/XObject << /I1 7 0 R >>", image))
    assert text_of(data, "a.pdf") == AttachmentText("", "scanned")


def test_an_encrypted_pdf_is_named_whatever_locks_it(text_of: Any) -> None:
    for password in ("", "secret"):
        writer = pypdf.PdfWriter()
        writer.append(io.BytesIO(pdf(*page(shown("0001")))))
        writer.encrypt(password, "owner", algorithm="RC4-128")
        buffer = io.BytesIO()
        writer.write(buffer)
        assert text_of(buffer.getvalue(), "a.pdf").note == "encrypted"
    for version in (b"/Filter /Standard /V 5 /R 6", b"/Filter /Adobe.PubSec /V 4"):
        lock = b"<< %b /Length 256 /P -44 /O <%b> /U <%b> /OE <%b> /UE <%b> /Perms <%b> >>" % (
            version,
            *(b"00" * size for size in (48, 48, 32, 32, 16)),
        )
        data = pdf(*page(shown("0001")), lock, trailer=b"/Encrypt 7 0 R /ID [<00> <00>]")
        assert text_of(data, "a.pdf").note == "encrypted"


def test_a_broken_page_is_left_out_and_the_others_are_read(text_of: Any) -> None:
    objects = page(shown("00010002"))
    objects[1] = b"<< /Type /Pages /Kids [7 0 R 3 0 R] /Count 2 >>"
    objects.append(b"<< /Type /Page /Parent 2 0 R /Contents 8 0 R /Resources 8 0 R >>")
    objects.append(
        b"<< /Length 20 /Filter /FlateDecode >>\nstream\nno deflate at all !!\nendstream"
    )
    assert text_of(pdf(*objects), "a.pdf").text == "低保"


def test_loops_of_objects_end(text_of: Any) -> None:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 7 0 R >> >>"
    calls_itself = page("/X Do", b"/XObject << /X 7 0 R >>", stream(b"/X Do /X Do", form))
    own_parent = page(shown("0001"))
    own_parent[1] = b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 /Parent 2 0 R >>"
    names_itself = page(shown("0001"))
    names_itself[3] = b"4 0 R"
    doubling = page("/X Do", b"/XObject << /X 7 0 R >>")
    for number in range(7, 40):
        inner = b"<< /XObject << /X %d 0 R >> >>" % (number + 1)
        doubling.append(
            stream(b"/X Do /X Do", b"/Subtype /Form /BBox [0 0 9 9] /Resources %b" % inner)
        )
    for objects in (calls_itself, own_parent, names_itself, doubling):
        read: list[AttachmentText] = []
        data = pdf(*objects)
        assert seconds_of(lambda data=data, read=read: read.append(text_of(data, "a.pdf"))) < 6
        assert read[0].text in ("", "低") and read[0].note in ("", "scanned", "damaged")


def test_a_pdf_bomb_costs_its_own_text_alone(text_of: Any) -> None:
    large = pdf(*page("q Q " * (60 << 20)))
    steps = pdf(*page(shown("0001") * 200_000))
    assert len(large) < 1 << 20
    for data in (large, steps):
        read: list[AttachmentText] = []
        assert seconds_of(lambda data=data, read=read: read.append(text_of(data, "a.pdf"))) < 12
        assert read[0] == AttachmentText("", "too large")


def test_reading_stops_after_so_many_pages_steps_and_characters(
    text_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = page(shown("0001" * 50))
    objects[1] = b"<< /Type /Pages /Kids [%b] /Count 40 >>" % (b"3 0 R " * 40)
    data = pdf(*objects)
    assert text_of(data, "a.pdf").text.count("低") == 2000
    assert len(text_of(data, "a.pdf", limit=120).text) == 120
    monkeypatch.setattr(module, "PAGES_LIMIT", 3)
    assert text_of(data, "a.pdf").text.count("低") == 150
    monkeypatch.setattr(module, "STEPS_LIMIT", 6)  # a page has five
    assert text_of(data, "a.pdf").text.count("低") == 50


def test_a_file_that_keeps_the_parser_busy_is_given_up_whole(
    text_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.3)
    objects = page(shown("0001" * 2000) * 20)
    objects[1] = b"<< /Type /Pages /Kids [%b] /Count 400 >>" % (b"3 0 R " * 400)
    data = pdf(*objects)
    for in_thread in (False, True):
        read: list[AttachmentText] = []

        def work(read: list[AttachmentText] = read) -> None:
            read.append(text_of(data, "a.pdf", limit=10_000_000))

        before = time.process_time()
        if in_thread:  # as under `mkdocs serve`, where no signal arrives
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
        else:
            work()
        assert read == [AttachmentText("", "too large")]
        assert time.process_time() - before < 20


def test_the_same_bytes_give_the_same_text(text_of: Any) -> None:
    data = pdf(*page(shown("00010002") * 30))
    assert len({text_of(data, "a.pdf").text for _ in range(3)}) == 1


def test_the_parts_of_a_workbook_share_one_bound(
    text_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet().write_column(0, 0, [f"第{number}行" for number in range(20)])
    data = buffer.getvalue()
    whole = text_of(data, "a.xlsx").text
    monkeypatch.setattr(office_text, "SHARED_LIMIT", 3)
    assert text_of(data, "a.xlsx").text == "第0行 第1行 第2行" == whole[:11]


def test_the_encodings_of_older_chinese_programs_are_known(text_of: Any) -> None:
    objects = page(f"BT /F1 12 Tf 50 700 Td <{'低保对象'.encode('gbk').hex()}> Tj ET")
    objects[4] = FONT.replace(b"/Identity-H /ToUnicode 6 0 R", b"/GBK-EUC-H")
    assert text_of(pdf(*objects), "a.pdf").text == "低保对象"
