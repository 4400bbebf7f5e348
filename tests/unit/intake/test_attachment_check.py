from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
import xlsxwriter
from docx.oxml import OxmlElement
from docx.shared import Inches
from PIL import Image, PngImagePlugin
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from gongkai.intake import attachment_check, office_check, pdf_check
from gongkai.intake.attachment_check import Inspected, Limits, inspect, published_bytes
from gongkai.intake.authors import is_person
from gongkai.kernel.digest import digest_of_bytes
from gongkai.kernel.problems import CODES

CONTENT = Path(__file__).parents[3] / "content"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = ("pdf", "docx", "xlsx", "pptx", "doc", "xls", "csv", "txt", "png", "jpg", "gif", "webp")
TYPES += ("zip", "ofd", "wps", "et", "svg", "jpeg")
Look = Callable[..., Inspected]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Return a function from the bytes of a file and its name to what is held against it."""

    def at(data: bytes, name: str, **limits: Any) -> Inspected:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return inspect(path, f"agencies/mzj/files/{name}", Limits(**{"types": TYPES, **limits}))

    return at


def codes(one: Inspected) -> list[str]:
    return [code for code, _ in one.refusals]


def said(one: Inspected) -> str:
    return "\n".join(CODES[code].zh.format_map(facts) for code, facts in one.refusals)


def found(one: Inspected) -> list[tuple[str, str]]:
    return [(finding.kind, finding.where.zh) for finding in one.private]


def identity(serial: int = 7) -> str:
    """Return a number with a right check digit, of a county that does not exist."""
    body = f"11990019900101{serial:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


NUMBER = identity()


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def zipped(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def with_parts(data: bytes, more: dict[str, str | bytes], **changed: str) -> bytes:
    """Return a package with further or other parts; ``changed`` maps text to text in all XML."""
    parts: dict[str, str | bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    return zipped({**parts, **more})


def word(*paragraphs: str) -> Any:
    made = docx.Document()
    made.core_properties.author = "办公室"
    for text in paragraphs or ("关于公布办事指南的通知",):
        made.add_paragraph(text)
    return made


def markup(body: str, **parts: str) -> bytes:
    """Return a Word file with this markup as its body."""
    xml = f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'
    return with_parts(saved(word()), {"word/document.xml": xml})


def relation(kind: str, target: str, mode: str = ' TargetMode="External"') -> bytes:
    """Return a Word file with a further relation."""
    rels = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId9" '
        f'Type="{R}/{kind}" Target="{target}"{mode}/></Relationships>'
    )
    return with_parts(saved(word()), {"word/_rels/footer9.xml.rels": rels})


def book(rows: list[list[Any]] = [["指标", "数"], ["低保对象", 128]]) -> Any:  # noqa: B006
    made = openpyxl.Workbook()
    made.properties.creator = "统计科"
    for row in rows:
        made.active.append(row)
    return made


def picture(format_: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (24, 16), "white").save(buffer, format_, **options)
    return buffer.getvalue()


def notes(place: bool = False, **tags: str) -> bytes:
    """Return what a camera writes."""
    exif = Image.Exif()
    for number, value in tags.items():
        exif[int(number.lstrip("t"), 16)] = value
    if place:
        exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 15.0, 0.0), 3: "E", 4: (120.0, 5.0, 0.0)})
    return exif.tobytes()


def pdf(change: Callable[[pypdf.PdfWriter], None] = lambda _: None, text: str = "notice") -> bytes:
    """Return a PDF of one page with this text, changed in some way."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(300, 400)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = StreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 300 Td ({text}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def action(**keys: str) -> DictionaryObject:
    made = DictionaryObject({NameObject("/Type"): NameObject("/Action")})
    for key, value in keys.items():
        is_name = value.startswith("/")
        held = NameObject(value) if is_name else TextStringObject(value)
        made[NameObject(f"/{key}")] = held
    return made


def opening(**keys: str) -> bytes:
    """Return a PDF with an action when it is opened."""

    def change(writer: pypdf.PdfWriter) -> None:
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(action(**keys))

    return pdf(change)


def annotated(subtype: str, **keys: Any) -> bytes:
    """Return a PDF with an annotation."""

    def change(writer: pypdf.PdfWriter) -> None:
        note = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject(subtype),
                NameObject("/Rect"): ArrayObject(map(NumberObject, (0, 0, 9, 9))),
                **{NameObject(f"/{key}"): value for key, value in keys.items()},
            }
        )
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])

    return pdf(change)


def in_object_stream(data: bytes, spelled: bytes) -> bytes:
    """Return a PDF with an object packed away in a stream of objects."""
    inner = b"9 0 " + spelled
    packed = zlib.compress(inner)
    head = b"8 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\n" % len(packed)
    at = data.rfind(b"xref")
    return data[:at] + head + b"stream\n" + packed + b"\nendstream\nendobj\n" + data[at:]


def compound(**streams: bytes) -> bytes:
    """Return a compound file of streams, ``__`` for a slash; each fills sectors of its own."""
    return compound_of({name.replace("__", "/"): data for name, data in streams.items()})


def compound_of(streams: dict[str, bytes]) -> bytes:
    """Return a compound file ([MS-CFB]) with sectors of 512 bytes and no small streams."""
    folders = sorted({name.split("/")[0] for name in streams if "/" in name})
    entries: list[tuple[str, int, bytes]] = [("Root Entry", 5, b"")]
    entries += [(folder, 1, b"") for folder in folders]
    for name, data in streams.items():
        size = max(4096, -(-len(data) // 512) * 512)
        entries.append((name.split("/")[-1], 2, data.ljust(size, b"\0")))
    tops = [*range(1, 1 + len(folders))]
    inner: dict[int, list[int]] = {n: [] for n in tops}
    for n, name in enumerate(streams, 1 + len(folders)):
        if "/" in name:
            inner[1 + folders.index(name.split("/")[0])].append(n)
        else:
            tops.append(n)
    right: dict[int, int] = {}
    child: dict[int, int] = {}
    for parent, members in ((0, tops), *inner.items()):
        if members:
            child[parent] = members[0]
            right.update(pairwise(members))
    directory_sectors = -(-len(entries) // 4)
    starts: list[int] = []
    at = 1 + directory_sectors
    for _, kind, data in entries:
        starts.append(at if kind == 2 else 0xFFFFFFFE)
        at += len(data) // 512
    fat = [0xFFFFFFFD, *range(2, 1 + directory_sectors), 0xFFFFFFFE]
    for _, kind, data in entries:
        if kind == 2:
            first, count = len(fat), len(data) // 512
            fat += [*range(first + 1, first + count), 0xFFFFFFFE]
    assert len(fat) <= 128
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat)))
    folder = b""
    for n, (name, kind, data) in enumerate(entries):
        raw = (name + "\0").encode("utf-16-le")
        none = 0xFFFFFFFF
        folder += raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
        folder += struct.pack("<III", none, right.get(n, none), child.get(n, none))
        folder += bytes(36) + struct.pack("<IQ", starts[n], len(data))
    folder = folder.ljust(directory_sectors * 512, b"\0")
    return head + table + folder + b"".join(data for _, kind, data in entries if kind == 2)


def record(kind: int, held: bytes) -> bytes:
    return struct.pack("<HH", kind, len(held)) + held


BEGIN = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))


def property_set(author: str) -> bytes:
    """Return what an old Office file says of its author ([MS-OLEPS])."""
    text = author.encode("gb18030") + b"\0"
    text = text.ljust(-(-len(text) // 4) * 4, b"\0")
    values = struct.pack("<IIHxx", 2, 2, 936)[4:]  # type 2: the code page
    first = struct.pack("<II", 2, 936)
    second = struct.pack("<II", 30, len(text)) + text
    offsets = struct.pack("<IIII", 1, 24, 4, 24 + len(first))
    body = offsets + first + second
    section = struct.pack("<II", 8 + len(body), 2) + body
    del values
    head = struct.pack("<HHI", 0xFFFE, 0, 2) + bytes(16) + struct.pack("<I", 1)
    format_id = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
    return head + format_id + struct.pack("<I", 48) + section


# what may stand


def test_the_demonstrations_own_attachments_pass(tmp_path: Path) -> None:
    files = [path for path in sorted(CONTENT.glob("agencies/*/files/**/*")) if path.is_file()]
    assert len(files) > 15
    for path in files:
        one = inspect(path, path.name, Limits(types=TYPES))
        assert (one.refusals, one.private, one.secret) == ((), (), ()), path


def test_sound_files_of_every_allowed_type_pass(look: Look) -> None:
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = made.add_worksheet("预算")
    sheet.write_row(0, 0, ["科目", "金额", 0.5])
    sheet.write_formula(1, 0, '=IF(C1>0,"是|否","无")', None, "是|否")
    sheet.write_url(2, 0, "https://www.example.gov.cn/", string="网站")
    sheet.insert_image(3, 0, "a.png", {"image_data": io.BytesIO(picture())})
    chart = made.add_chart({"type": "column"})
    chart.add_series({"values": "=预算!$C$1:$C$1"})
    sheet.insert_chart(5, 5, chart)
    made.set_properties({"author": "财政局", "company": "青禾县财政局"})
    made.close()
    text = word("一、办理条件", "二、办理材料")
    text.add_picture(io.BytesIO(picture()), Inches(1))
    ofd = {"OFD.xml": "<ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'><a>办公室</a></ofd:OFD>"}
    ofd["Doc_0/Pages/Page_0/Content.xml"] = "<Page><TextCode>公示</TextCode></Page>"
    sound = {
        "a.docx": saved(text),
        "a.xlsx": buffer.getvalue(),
        "b.xlsx": saved(book()),
        "a.pdf": pdf(),
        "a.doc": compound(WordDocument=bytes(5000), Data=b"x"),
        "a.wps": compound(WordDocument=bytes(5000)),
        "a.xls": compound(Workbook=BEGIN + record(0x0A, b"")),
        "a.et": compound(Workbook=BEGIN),
        "a.ofd": zipped(ofd),
        "a.csv": "科目,金额,增减\r\n收入,15130000154,-3.5%\r\n支出,-,+2\r\n".encode(),
        "b.csv": "科目,金额\r\n收入,1\r\n".encode("gb18030"),
        "a.txt": "申请人：\n一、<姓名>处填写单位；MZJ-1 号\n".encode(),
        "b.txt": b"MZJ 2026",
        "c.txt": b"",
        "a.png": picture(pnginfo=None),
        "a.jpg": picture("JPEG", exif=notes(t010F="Canon", t0131="Photoshop")),
        "a.gif": picture("GIF"),
        "a.webp": picture("WEBP"),
        "a.zip": zipped(
            {"说明.txt": "说明", "表/一.csv": "甲,乙\r\n1,2\r\n", "a.docx": saved(word())}
        ),
    }
    for name, data in sound.items():
        one = look(data, name)
        assert (one.refusals, one.private, one.secret) == ((), (), ()), (name, said(one))


def test_a_pdf_of_a_report_writer_passes(look: Look) -> None:
    weasyprint = pytest.importorskip("weasyprint")
    html = '<meta name="author" content="青禾县财政局"><p>预算公开</p><a href="https://a.cn/">x</a>'
    data = weasyprint.HTML(string=html).write_pdf()
    one = look(data, "a.pdf")
    assert (one.refusals, one.private) == ((), ())


# what it is


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"MZ\x90\0" + bytes(60) + b"PE\0\0", "a.pdf", "GK721"),
        (b"MZ\x90\0" + bytes(60) + b"PE\0\0", "a.txt", "GK721"),
        (b"\x7fELF\x02\x01" + bytes(50), "a.doc", "GK721"),
        (b"\xcf\xfa\xed\xfe" + bytes(50), "a.zip", "GK721"),
        (b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(20), "a.txt", "GK721"),
        (b"#!/bin/sh\nrm -rf x\n", "a.txt", "GK721"),
        (b"@echo off\r\ndel x\r\n", "a.txt", "GK721"),
        (b"L\0\0\0\x01\x14\x02\0" + bytes(80), "a.doc", "GK721"),
        (b"[InternetShortcut]\r\nURL=https://a.cn/\r\n", "a.txt", "GK721"),
        (b"<!DOCTYPE html><p>x", "a.doc", "GK721"),
        (b"<html><script>1</script></html>", "a.txt", "GK721"),
        (b"x,<script>alert(1)</script>\r\n", "a.csv", "GK721"),
        (b"<table><tr><td>1</td></tr></table>", "a.xls", "GK721"),
        ("\ufeff<html>".encode("utf-16"), "a.txt", "GK721"),
        (b"From: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "a.doc", "GK721"),
        (b"<?xml version='1.0'?><Workbook/>", "a.xls", "GK721"),
        (b"<?xml version='1.0'?><a/>", "a.txt", "GK721"),
        (b"<?php echo 1;", "a.txt", "GK721"),
        (b"{\\rtf1 x}", "a.doc", "GK721"),
        (b"Rar!\x1a\x07\0" + bytes(20), "a.zip", "GK721"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(20), "a.zip", "GK721"),
        (b"\x1f\x8b\x08" + bytes(20), "a.zip", "GK721"),
        (b"CWS\x0a" + bytes(range(256)), "a.pdf", "GK721"),
        (b"ab\0cd", "a.txt", "GK721"),
        (bytes(range(256)), "a.csv", "GK721"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "a.jpg", "GK720"),
        (b"%PDF-1.7\n", "a.docx", "GK720"),
        (b"plain text", "a.pdf", "GK720"),
        (b"plain text", "a.png", "GK720"),
        (b"", "a.docx", "GK720"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "GK720"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    look: Look, data: bytes, name: str, code: str
) -> None:
    assert codes(look(data, name)) == [code]


def test_packages_and_compound_files_are_told_apart(look: Look) -> None:
    text = saved(word())
    for data, name, code in (
        (text, "a.doc", "GK720"),
        (text, "a.xlsx", "GK720"),
        (text, "a.zip", "GK720"),
        (saved(book()), "a.docx", "GK720"),
        (compound(Workbook=BEGIN), "a.doc", "GK720"),
        (compound(WordDocument=b"x"), "a.docx", "GK720"),
        (compound(Other=b"x"), "a.doc", "GK721"),
        (zipped({"META-INF/MANIFEST.MF": "x", "a.class": b"x"}), "a.zip", "GK721"),
        (zipped({"AndroidManifest.xml": "x"}), "a.zip", "GK721"),
        (compound_of({"\u4840\u3f3f\u4577": b"x"}), "a.doc", "GK721"),
    ):
        one = look(data, name)
        assert codes(one) == [code], (name, said(one))
    assert "Word 文档（docx）" in said(look(text, "a.doc"))


# Office files that act


def macro_types(kind: str) -> bytes:
    types = zipfile.ZipFile(io.BytesIO(saved(word()))).read("[Content_Types].xml").decode()
    return types.replace(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", kind
    ).encode()


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (lambda: with_parts(saved(word()), {"word/vbaProject.bin": b"x"}), "GK721", "宏"),
        (
            lambda: with_parts(
                saved(word()),
                {
                    "[Content_Types].xml": macro_types(
                        "application/vnd.ms-word.document.macroEnabled.main+xml"
                    )
                },
            ),
            "GK721",
            "宏",
        ),
        (
            lambda: with_parts(
                saved(word()),
                {
                    "[Content_Types].xml": macro_types(
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
                    )
                },
            ),
            "GK721",
            "模板",
        ),
        (
            lambda: with_parts(saved(word()), {"word/embeddings/oleObject1.bin": b"x"}),
            "GK722",
            "嵌入对象",
        ),
        (lambda: with_parts(saved(word()), {"word/embeddings/a.xlsx": b"MZ"}), "GK722", "嵌入对象"),
        (
            lambda: with_parts(saved(word()), {"word/activeX/activeX1.xml": "<a/>"}),
            "GK722",
            "ActiveX",
        ),
        (lambda: with_parts(saved(word()), {"word/afchunk.mht": "x"}), "GK722", "网页"),
        (lambda: with_parts(saved(word()), {"word/media/a.bin": b"MZ\x90\0\xff"}), "GK722", "程序"),
        (lambda: relation("attachedTemplate", "https://a.cn/t.dotm"), "GK722", "外部模板"),
        (lambda: relation("oleObject", "https://a.cn/x.hta"), "GK722", "外部对象"),
        (lambda: relation("frame", "https://a.cn/"), "GK722", "外部框架"),
        (lambda: relation("image", "https://a.cn/x.png"), "GK722", "外部图片"),
        (lambda: relation("image", "\\\\\\\\a.cn\\\\x.png"), "GK722", "外部图片"),
        (lambda: relation("subDocument", "https://a.cn/x.docx"), "GK722", "外部子文档"),
        (lambda: relation("hyperlink", "javascript:alert(1)"), "GK722", "运行程序的链接"),
        (lambda: relation("vbaProject", "vbaProject.bin", ""), "GK722", "宏"),
        (lambda: relation("aFChunk", "a.mht", ""), "GK722", "网页"),
        (lambda: relation("control", "a.xml", ""), "GK722", "ActiveX"),
        (lambda: relation("stylesheet", "https://a.cn/x"), "GK722", "外部内容"),
        (
            lambda: markup('<w:p><w:fldSimple w:instr="DDEAUTO c:\\\\x.exe a"/></w:p>'),
            "GK722",
            "DDE",
        ),
        (
            lambda: markup(
                "<w:p><w:r><w:instrText>DDEA</w:instrText></w:r>"
                "<w:r><w:instrText>UTO cmd x</w:instrText></w:r></w:p>"
            ),
            "GK722",
            "DDE",
        ),
        (
            lambda: markup(
                '<w:p><w:r><w:instrText> INCLUDEPICTURE "https://a.cn/x" </w:instrText></w:r></w:p>'
            ),
            "GK722",
            "外部文件",
        ),
    ],
)
def test_a_word_file_that_acts_is_refused(look: Look, data: Any, code: str, words: str) -> None:
    one = look(data(), "a.docx")
    assert codes(one) == [code] and words in said(one), said(one)


def test_a_hyperlink_is_no_fetched_content(look: Look) -> None:
    for target in ("https://www.example.gov.cn/", "mailto:a@example.gov.cn", "../b.docx", "#x"):
        assert look(relation("hyperlink", target), "a.docx").refusals == ()


@pytest.mark.parametrize(
    "formula", ["cmd|'/c calc'!A0", "MSEXCEL|'..\\x'!A1", 'WEBSERVICE("https://a.cn/"&A1)']
)
def test_a_formula_that_runs_or_fetches_is_refused(look: Look, formula: str) -> None:
    made = book()
    made.active["C5"] = f"={formula}"
    one = look(saved(made), "a.xlsx")
    assert codes(one) == ["GK722"] and "第 5 行" in said(one)


def test_workbooks_with_macro_sheets_and_dde_links_are_refused(look: Look) -> None:
    data = saved(book())
    for parts in (
        {"xl/macrosheets/sheet1.xml": "<a/>"},
        {"xl/externalLinks/externalLink1.xml": "<externalLink><ddeLink/></externalLink>"},
        {"xl/vbaProject.bin": b"x"},
        {"xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"},
    ):
        one = look(with_parts(data, parts), "a.xlsx")
        assert set(codes(one)) <= {"GK721", "GK722"} and one.refusals, parts


def test_old_office_files_that_act_are_refused(look: Look) -> None:
    for data, name in (
        (compound(WordDocument=b"x", Macros__VBA=b"x"), "a.doc"),
        (compound(WordDocument=b"x", _VBA_PROJECT=b"x"), "a.doc"),
        (compound_of({"WordDocument": b"x", "ObjectPool/\x01Ole10Native": b"x"}), "a.doc"),
        (compound_of({"WordDocument": b"x", "ObjectPool/\x03OCXNAME": b"x"}), "a.doc"),
        (compound(WordDocument=bytes(600) + b"\x13 DDEAUTO cmd"), "a.wps"),
        (compound(WordDocument="\x13DDEAUTO cmd".encode("utf-16-le")), "a.doc"),
        (compound(Workbook=BEGIN + record(0x85, bytes(5) + b"\x01\x01\0a")), "a.xls"),
        (compound(Workbook=BEGIN + record(0x01AE, b"\0\0\x03\0cmd")), "a.et"),
    ):
        one = look(data, name)
        assert codes(one) == ["GK722"], (name, said(one))


# locked, damaged, too large


def test_locked_files_are_refused_with_the_remedy(look: Look) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("", "owner", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    locked = bytearray(zipped({"a.txt": "x"}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.find(mark) + flags] |= 1
    for data, name in (
        (buffer.getvalue(), "a.pdf"),
        (compound(EncryptedPackage=b"x"), "a.docx"),
        (compound(WordDocument=bytes(11) + b"\x01"), "a.doc"),
        (compound(Workbook=BEGIN + record(0x2F, bytes(6))), "a.xls"),
        (bytes(locked), "a.zip"),
    ):
        one = look(data, name)
        assert codes(one) == ["GK723"], (name, said(one))
        assert "去掉密码" in said(one)


def test_a_file_that_was_cut_short_is_refused_and_never_raises(look: Look) -> None:
    for data, name in (
        (saved(word()), "a.docx"),
        (saved(book()), "a.xlsx"),
        (picture(), "a.png"),
        (picture("JPEG"), "a.jpg"),
        (picture("GIF"), "a.gif"),
        (picture("WEBP"), "a.webp"),
        (zipped({"a.txt": "x" * 5000}), "a.zip"),
        (compound(WordDocument=b"x" * 5000), "a.doc"),
    ):
        for part in (1, 5, 10, 15, 19):
            cut = data[: len(data) * part // 20]
            if not (name == "a.doc" and part > 10):  # streams of zeros may be missing
                assert look(cut, name).refusals, (name, part)
            flipped = bytearray(data)
            flipped[len(data) * part // 20] ^= 0xFF
            look(bytes(flipped), name)
    for part in range(1, 20):
        look(pdf()[: len(pdf()) * part // 20], "a.pdf")


def test_a_file_over_the_sites_limit_is_refused_with_both_sizes(look: Look) -> None:
    one = look(b"x" * (3 << 20), "a.txt", size_mb=2)
    assert codes(one) == ["GK725"] and "3.0 MB" in said(one) and "2 MB" in said(one)
    assert len(one.sha256) == 64


# PDFs that act


def named(key: str) -> bytes:
    def change(writer: pypdf.PdfWriter) -> None:
        if key == "JavaScript":
            scripts = ArrayObject([TextStringObject("a"), action(S="/JavaScript", JS="x")])
            tree = DictionaryObject({NameObject("/Names"): scripts})
            names = DictionaryObject({NameObject("/JavaScript"): tree})
            writer.root_object[NameObject("/Names")] = names
        elif key == "EmbeddedFiles":
            writer.add_attachment("a.exe", b"MZ")
        else:
            form = DictionaryObject({NameObject("/XFA"): TextStringObject("x")})
            writer.root_object[NameObject("/AcroForm")] = form

    return pdf(change)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lambda: named("JavaScript"), "JavaScript"),
        (lambda: named("EmbeddedFiles"), "嵌入的文件"),
        (lambda: named("XFA"), "XFA"),
        (lambda: opening(S="/JavaScript", JS="app.alert(1)"), "JavaScript"),
        (lambda: opening(S="/Launch", F="cmd.exe"), "启动程序"),
        (lambda: opening(S="/SubmitForm", F="https://a.cn/"), "提交表单"),
        (lambda: opening(S="/ImportData", F="x"), "导入数据"),
        (lambda: opening(S="/GoToE", F="x"), "嵌入文件"),
        (lambda: opening(S="/GoToR", F="\\\\\\\\a\\\\b"), "外部文件"),
        (lambda: opening(S="/Rendition"), "媒体"),
        (lambda: opening(S="/URI", URI="javascript:alert(1)"), "不是网页"),
        (lambda: opening(S="/URI", URI="file:///c:/x.exe"), "不是网页"),
        (lambda: annotated("/RichMedia"), "媒体"),
        (lambda: annotated("/FileAttachment"), "媒体或文件"),
        (lambda: annotated("/Link", A=action(S="/Launch", F="x")), "启动程序"),
        (
            lambda: annotated(
                "/Widget", AA=DictionaryObject({NameObject("/K"): action(S="/JavaScript", JS="x")})
            ),
            "JavaScript",
        ),
        (
            lambda: opening(S="/JavaScript", JS="x").replace(b"/JavaScript", b"/J#61vaScript"),
            "JavaScript",
        ),
    ],
)
def test_a_pdf_that_acts_is_refused(look: Look, data: Any, words: str) -> None:
    one = look(data(), "a.pdf")
    assert set(codes(one)) == {"GK722"} and words in said(one), said(one)


def test_links_of_the_web_and_of_mail_may_stand(look: Look) -> None:
    for uri in ("https://www.example.gov.cn/", "mailto:a@example.gov.cn", "www.example.gov.cn"):
        data = annotated("/Link", A=action(S="/URI", URI=uri))
        assert look(data, "a.pdf").refusals == ()


def test_what_is_packed_into_a_stream_of_objects_is_seen(look: Look) -> None:
    assert pdf_check._names_tell(in_object_stream(pdf(), b"<</S/Launch/F(x)>>"))[0]
    assert pdf_check._names_tell(in_object_stream(pdf(), b"<</S/La#75nch/F(x)>>"))[0]
    assert not pdf_check._names_tell(in_object_stream(pdf(), b"<</A 1>>"))[0]
    packed = io.BytesIO()
    writer = pypdf.PdfWriter(io.BytesIO(opening(S="/Launch", F="x")))
    writer.write(packed)
    assert codes(look(packed.getvalue(), "a.pdf")) == ["GK722"]


# more in a file than it seems


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (lambda: b"<html>\n" + pdf(), "a.pdf"),
        (lambda: pdf() + zipped({"a.txt": "x"}), "a.pdf"),
        (lambda: pdf() + b"\n<script>" + b"x" * 100, "a.pdf"),
        (lambda: picture() + zipped({"a.txt": "x"}), "a.png"),
        (lambda: picture("JPEG") + zipped({"a.txt": "x"}), "a.jpg"),
        (lambda: picture("JPEG") + b"<?php evil", "a.jpg"),
        (lambda: picture("GIF") + b"<script>", "a.gif"),
        (lambda: picture("WEBP") + b"MZ", "a.webp"),
        (lambda: picture("JPEG", comment=b"<script>alert(1)</script>"), "a.jpg"),
        (lambda: b"GIF89a<script>" + picture("GIF")[14:], "a.gif"),
        (lambda: saved(word()) + b"MZ", "a.docx"),
        (lambda: zipped({"a.txt": "x"}) + b"<html>", "a.zip"),
    ],
)
def test_a_file_that_is_two_things_is_refused(look: Look, data: Any, name: str) -> None:
    one = look(data(), name)
    assert set(codes(one)) <= {"GK727", "GK724", "GK720"} and one.refusals, said(one)


def test_a_second_picture_of_a_telephone_may_follow(look: Look) -> None:
    assert look(picture("JPEG") * 2, "a.jpg").refusals == ()


# archives


@pytest.mark.parametrize("name", ["../a.txt", "/a.txt", "C:\\a.txt", "a\\..\\..\\b.txt"])
def test_a_name_that_climbs_out_of_an_archive_is_refused(look: Look, name: str) -> None:
    one = look(zipped({name: "x"}), "a.zip")
    assert codes(one) == ["GK728"] and "越出" in said(one)


def test_files_in_an_archive_are_held_to_the_same_rules(look: Look) -> None:
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = 0xA1FF << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    for data, code in (
        (zipped({"a.zip": zipped({"a.txt": "x"})}), "GK728"),
        (zipped({"a.exe": b"MZ"}), "GK728"),
        (zipped({"a.svg": "<svg/>"}), "GK728"),
        (zipped({"a.txt": "x", "A.TXT": "y"}), "GK728"),
        (buffer.getvalue(), "GK728"),
        (zipped({"a.pdf": b"MZ\0\xff"}), "GK721"),
        (zipped({"a.docx": with_parts(saved(word()), {"word/vbaProject.bin": b"x"})}), "GK721"),
        (zipped({"a.csv": "=1+cmd|' /c x'!A0,2"}), "GK729"),
    ):
        one = look(data, "a.zip")
        assert codes(one) == [code], said(one)
    one = look(zipped({"名单.txt": f"身份证号 {NUMBER}"}), "a.zip")
    assert found(one) == [("identity", "压缩包内的 名单.txt的第 1 行")]


def test_bombs_are_refused_before_they_are_unpacked(look: Look) -> None:
    zeros = b"\0" * (20 << 20)
    many = zipped({f"{n}.txt": "" for n in range(2000)}, zipfile.ZIP_STORED)
    lying = bytearray(zipped({"a.txt": b" " * (4 << 20)}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        lying[lying.find(mark) + at : lying.find(mark) + at + 4] = struct.pack("<I", 100)
    body = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>' + " " * (200 << 20)
    cases = (
        (zipped({"a.txt": zeros}), "a.zip", "GK726"),
        (many, "a.zip", "GK726"),
        (bytes(lying), "a.zip", "GK724"),
        (with_parts(saved(word()), {"word/document.xml": body}), "a.docx", "GK726"),
        (with_parts(saved(word()), {"word/media/a.png": zeros}), "a.docx", "GK726"),
        (with_parts(saved(book()), {f"xl/x{n}.xml": "" for n in range(6000)}), "a.xlsx", "GK726"),
    )
    before = time.process_time()
    for data, name, code in cases:
        assert codes(look(data, name)) == [code], name
    assert time.process_time() - before < 8


def test_entities_are_refused(look: Look) -> None:
    bomb = f'<!DOCTYPE w [<!ENTITY a "aaaa">]><w:document xmlns:w="{W}">&a;</w:document>'
    assert codes(look(with_parts(saved(word()), {"word/document.xml": bomb}), "a.docx")) == [
        "GK724"
    ]


# tables


@pytest.mark.parametrize(
    "cell", ["=1+1", "=HYPERLINK(A1)", "@SUM(A1)", "+cmd|' /c calc'!A0", "-2+3+cmd(1)", "\t=1"]
)
def test_a_cell_that_would_be_run_is_refused_with_its_row(look: Look, cell: str) -> None:
    one = look(f'甲,乙\r\n1,"{cell}"\r\n'.encode(), "a.csv")
    assert codes(one) == ["GK729"] and "第 2 行" in said(one)


@pytest.mark.parametrize(
    "cell", ["-", "—", "-3.5", "+86 0000-0000000", "-5%", "- 说明", "+/-", "1=1"]
)
def test_dashes_amounts_and_remarks_are_no_formulas(look: Look, cell: str) -> None:
    assert look(f"甲,乙\r\n1,{cell}\r\n".encode(), "a.csv").refusals == ()


# personal data


def test_personal_data_is_found_wherever_a_word_file_holds_it(look: Look) -> None:
    line = f"身份证号：{NUMBER}"
    header, comment, deleted, hidden, noted = (word() for _ in range(5))
    header.sections[0].header.paragraphs[0].text = line
    comment.add_comment(comment.paragraphs[0].runs, text=line, author="办公室")
    struck, run, gone = OxmlElement("w:del"), OxmlElement("w:r"), OxmlElement("w:delText")
    gone.text = line
    run.append(gone)
    struck.append(run)
    deleted.paragraphs[0]._p.append(struck)
    hidden.add_paragraph("").add_run(line).font.hidden = True
    noted.core_properties.comments = line
    for made, where in (
        (word(line), "正文"),
        (header, "页眉"),
        (comment, "批注"),
        (deleted, "正文"),
        (hidden, "正文"),
        (noted, "文件属性"),
    ):
        one = look(saved(made), "a.docx")
        assert found(one) == [("identity", where)], where
        assert NUMBER not in str(one.facts()) and one.private[0].value.count("*") > 8
        assert one.text is None


def test_personal_data_is_found_wherever_a_workbook_holds_it(look: Look) -> None:
    def hidden_sheet(made: Any) -> None:
        made.create_sheet("底表").append([NUMBER])
        made["底表"].sheet_state = "hidden"

    def very_hidden_sheet(made: Any) -> None:
        hidden_sheet(made)
        made["底表"].sheet_state = "veryHidden"

    def hidden_row(made: Any) -> None:
        made.active.append(["身份证", NUMBER])
        made.active.row_dimensions[3].hidden = True

    def hidden_column(made: Any) -> None:
        made.active["F9"] = NUMBER
        made.active.column_dimensions["F"].hidden = True

    def remark(made: Any) -> None:
        made.active["A1"].comment = openpyxl.comments.Comment(NUMBER, "办公室")

    def footer(made: Any) -> None:
        made.active.oddFooter.center.text = f"编制 {NUMBER}"

    for change, where in (
        (hidden_sheet, "隐藏的工作表“底表”第 1 行"),
        (very_hidden_sheet, "隐藏的工作表“底表”第 1 行"),
        (hidden_row, "工作表“Sheet”第 3 行"),
        (hidden_column, "工作表“Sheet”第 9 行"),
        (remark, "批注"),
        (footer, "工作表“Sheet”的页眉页脚"),
    ):
        made = book()
        change(made)
        one = look(saved(made), "a.xlsx")
        assert ("identity", where) in found(one)[:1], (where, found(one))
    mobile = 13800000000 + 1234
    one = look(saved(book([["姓名", "手机"], ["甲", mobile]])), "a.xlsx")
    assert found(one) == [("mobile", "工作表“Sheet”第 2 行")]


HELD_BY_PARTS: dict[str, tuple[str, str]] = {
    "xl/drawings/drawing1.xml": ("<x><p><r><t>{}</t></r></p></x>", "图形和文本框"),
    "xl/drawings/drawing2.xml": ("<x><docPr descr='{}'/></x>", "图形和文本框"),
    "xl/drawings/vmlDrawing1.vml": ("<x><v:textbox><br>{}</v:textbox></x>", "图形和文本框"),
    "xl/drawings/vmlDrawing2.vml": ('<x><v:shape alt="{}"></x>', "图形和文本框"),
    "xl/diagrams/data1.xml": ("<x><p><t>{}</t></p></x>", "SmartArt 图示"),
    "xl/charts/chart1.xml": ("<x><strCache><pt><v>{}</v></pt></strCache></x>", "图表"),
    "xl/charts/chart2.xml": ("<x><title><p><t>{}</t></p></title></x>", "图表"),
    "xl/tables/table1.xml": ("<x><tableColumn name='{}'/></x>", "表格的列名"),
    "xl/connections.xml": ("<x><connection description='{}'/></x>", "数据连接"),
    "xl/externalLinks/externalLink1.xml": ("<x><cell><v>{}</v></cell></x>", "外部链接的缓存"),
    "xl/theme/theme1.xml": ("<x name='{}'/>", "主题"),
    "customXml/item1.xml": ("<x><y>{}</y></x>", "自定义 XML 数据"),
    "customXml/item2.xml": ("<x y='{}'/>", "自定义 XML 数据"),
    "docProps/custom.xml": ("<x><property name='y'><v>{}</v></property></x>", "文件属性"),
    "docProps/custom2.xml": ("<x><property name='{}'><v>y</v></property></x>", "文件属性"),
    "xl/printerSettings/printerSettings1.bin": ("\x01{}\x01", "部件 xl/printerSettings/"),
    "xl/media/image1.emf": ("\x01{}\x01", "部件 xl/media/image1.emf"),
    "xl/slides/any.xml": ("<x>{}</x>", "部件 xl/slides/any.xml"),
}


@pytest.mark.parametrize("name", HELD_BY_PARTS)
def test_an_identity_number_is_found_in_whatever_part_holds_it(look: Look, name: str) -> None:
    text, where = HELD_BY_PARTS[name]
    told = found(look(with_parts(saved(book()), {name: text.replace("{}", NUMBER)}), "a.xlsx"))
    assert [kind for kind, _ in told] == ["identity"] and told[0][1].startswith(where), told
    assert found(look(with_parts(saved(book()), {name: text}), "a.xlsx")) == []


def in_book(part: str, before: str, more: str) -> bytes:
    """Return a workbook with further markup before some other in one part."""
    data = saved(book())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read(part).decode()
    assert before in text
    return with_parts(data, {part: text.replace(before, more + before)})


@pytest.mark.parametrize(
    ("part", "before", "more", "where"),
    [
        ("xl/workbook.xml", "<calcPr", '<definedNames><a>"{}"</a></definedNames>', "名称定义"),
        ("xl/styles.xml", "</styleSheet>", "<numFmt formatCode='{}'/>", "样式"),
        (
            "xl/worksheets/sheet1.xml",
            "<pageMargins",
            "<x prompt='号码 {}'/>",
            "工作表“Sheet”的公式",
        ),
        ("xl/worksheets/sheet1.xml", "<pageMargins", "<x tooltip='{}'/>", "工作表“Sheet”的公式"),
        (
            "xl/worksheets/sheet1.xml",
            "<pageMargins",
            '<y><formula1>"甲,{}"</formula1></y>',
            "工作表“Sheet”的公式",
        ),
        (
            "xl/worksheets/sheet1.xml",
            "</sheetData>",
            "<row r='9'><c r='A9'><f>IF(A1=\"{}\",1,2)</f><v>2</v></c></row>",
            "工作表“Sheet”的公式",
        ),
    ],
)
def test_an_identity_number_is_found_in_what_a_workbook_says_of_itself(
    look: Look, part: str, before: str, more: str, where: str
) -> None:
    told = found(look(in_book(part, before, more.replace("{}", NUMBER)), "a.xlsx"))
    assert [kind for kind, _ in told] == ["identity"] and told[0][1].startswith(where), told


@pytest.mark.parametrize(
    "body",
    [
        "<w:p><w:r><w:pict><s alt='{}'/></w:pict></w:r></w:p>",
        "<w:p><w:r><w:drawing><d descr='身份证 {}'/></w:drawing></w:r></w:p>",
        "<w:p><w:r><w:pict><b><w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent></b>"
        "</w:pict></w:r></w:p>",
        "<w:sdt><w:sdtPr><w:alias w:val='{}'/></w:sdtPr></w:sdt>",
    ],
)
def test_an_identity_number_is_found_in_shapes_and_controls(look: Look, body: str) -> None:
    one = look(markup(body.replace("{}", NUMBER)), "a.docx")
    assert found(one) == [("identity", "正文")]


def rows_of(*rows: tuple[str, ...]) -> str:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>".format
    lines = ("".join(map(cell, row)) for row in rows)
    return "".join(["<w:tbl>", *(f"<w:tr>{line}</w:tr>" for line in lines), "</w:tbl>"])


def test_a_table_of_a_document_is_read_by_rows_and_heads(look: Look) -> None:
    wrong = NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2")
    one = look(markup(rows_of(("姓名", "身份证号"), ("甲", wrong))), "a.docx")
    assert found(one) == [("identity", "正文")]
    one = look(markup(rows_of(("科目", "金额"), ("税收", "15130000154"))), "a.docx")
    assert found(one) == []
    # a number is not put together from two cells
    one = look(markup(rows_of(("甲", "乙"), ("138", "00001234"))), "a.docx")
    assert found(one) == []
    cell = "<tr><tc><p><t>{}</t></p></tc></tr>"
    slide = f"<x>{cell.format('金额')}{cell.format('15130000154')}</x>"
    assert found(look(with_parts(saved(book()), {"xl/d.xml": slide}), "a.xlsx")) == []


def test_who_commented_or_changed_is_found_in_every_list_of_persons(look: Look) -> None:
    for name, text in (
        ("xl/persons/person.xml", "<x><person displayName='张三'/></x>"),
        ("word/people.xml", "<x xmlns:w='y'><w:person w:author='张三'/></x>"),
        ("xl/revisions/userNames.xml", "<x><userInfo userName='张三'/></x>"),
    ):
        told = found(look(with_parts(saved(book()), {name: text}), "a.xlsx"))
        assert told == [("author", "批注或修订的作者")], name


def test_a_cache_of_a_pivot_table_is_looked_through(look: Look) -> None:
    records = f'<pivotCacheRecords><r><s v="{NUMBER}"/></r></pivotCacheRecords>'
    data = with_parts(saved(book()), {"xl/pivotCache/pivotCacheRecords1.xml": records})
    assert found(look(data, "a.xlsx")) == [("identity", "数据透视表的缓存")]


def test_amounts_in_caches_of_data_and_charts_are_no_telephone_numbers(look: Look) -> None:
    row = '<r><s v="收入"/><n v="15130000154"/><n v="2026"/></r>'
    chart = "<chart><numCache><pt><v>15130000154</v></pt></numCache><v>甲</v></chart>"
    parts = {
        "xl/pivotCache/pivotCacheRecords1.xml": f"<pivotCacheRecords>{row}</pivotCacheRecords>",
        "xl/charts/chart1.xml": chart,
    }
    one = look(with_parts(saved(book()), dict(parts)), "a.xlsx")
    assert (one.refusals, one.private) == ((), ())


def test_the_workbook_of_a_chart_is_looked_through_too(look: Look) -> None:
    name = "word/embeddings/Microsoft_Excel_Sheet1.xlsx"
    assert look(with_parts(saved(word()), {name: saved(book())}), "a.docx").refusals == ()
    data = with_parts(saved(word()), {name: saved(book([["身份证", NUMBER]]))})
    where = "嵌入的 Microsoft_Excel_Sheet1.xlsx的工作表“Sheet”第 1 行"
    assert found(look(data, "a.docx")) == [("identity", where)]
    macros = with_parts(saved(book()), {"xl/vbaProject.bin": b"x"})
    assert codes(look(with_parts(saved(word()), {name: macros}), "a.docx")) == ["GK722"]


def test_personal_data_in_a_pdf_is_found_on_its_page(look: Look) -> None:
    one = look(pdf(text=f"ID {NUMBER}"), "a.pdf")
    assert found(one) == [("identity", "第 1 页")]

    def authored(writer: pypdf.PdfWriter) -> None:
        writer.add_metadata({"/Author": "张三", "/Creator": "Word"})

    assert found(look(pdf(authored), "a.pdf")) == [("author", "属性“作者”")]

    def described(writer: pypdf.PdfWriter) -> None:
        stream = StreamObject()
        stream.set_data(
            "<dc:creator><rdf:Seq><rdf:li>李四</rdf:li></rdf:Seq></dc:creator>".encode()
        )
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)

    assert found(look(pdf(described), "a.pdf")) == [("author", "属性“作者”")]


def a_note(where: str, **keys: Any) -> bytes:
    """Return a PDF with a note on its first page, a field, a bookmark or a text for a picture."""

    def change(writer: pypdf.PdfWriter) -> None:
        held = DictionaryObject({NameObject(f"/{key}"): value for key, value in keys.items()})
        reference = writer._add_object(held)
        root, several = writer.root_object, ArrayObject([reference])
        if where == "Annots":
            writer.pages[0][NameObject("/Annots")] = writer._add_object(several)
        elif where == "AcroForm":
            kids = DictionaryObject({NameObject("/Kids"): several})
            fields = ArrayObject([writer._add_object(kids)])
            root[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): fields})
        elif where == "Outlines":
            root[NameObject("/Outlines")] = DictionaryObject({NameObject("/First"): reference})
        else:
            tree = DictionaryObject({NameObject("/K"): several, NameObject("/P"): reference})
            root[NameObject("/StructTreeRoot")] = writer._add_object(tree)

    return pdf(change)


@pytest.mark.parametrize(
    ("where", "key", "place"),
    [
        ("Annots", "Contents", "第 1 页的批注或表单"),
        ("Annots", "RC", "第 1 页的批注或表单"),
        ("Annots", "V", "第 1 页的批注或表单"),
        ("AcroForm", "V", "表单"),
        ("AcroForm", "TU", "表单"),
        ("Outlines", "Title", "书签"),
        ("StructTreeRoot", "Alt", "替代文字"),
    ],
)
def test_personal_data_beside_the_pages_of_a_pdf_is_found(
    look: Look, where: str, key: str, place: str
) -> None:
    for text in (f"号码 {NUMBER}", f"ID {NUMBER}"):
        data = a_note(where, **{key: TextStringObject(text)})
        assert found(look(data, "a.pdf")) == [("identity", place)]


def test_who_wrote_a_note_in_a_pdf_or_signed_it_is_found(look: Look) -> None:
    name = TextStringObject("张三")
    box = ArrayObject(map(NumberObject, (0, 0, 9, 9)))
    note = a_note("Annots", Subtype=NameObject("/Text"), Rect=box, T=name)
    assert found(look(note, "a.pdf")) == [("author", "批注或修订的作者")]
    field = a_note("Annots", Subtype=NameObject("/Widget"), Rect=box, T=name, V=name)
    assert found(look(field, "a.pdf")) == []
    signature = DictionaryObject({NameObject("/ByteRange"): box, NameObject("/Name"): name})
    assert found(look(a_note("AcroForm", V=signature), "a.pdf")) == [("author", "签名人")]


def test_bookmarks_that_lead_in_a_circle_end(look: Look) -> None:
    def change(writer: pypdf.PdfWriter) -> None:
        held = DictionaryObject({NameObject("/Title"): TextStringObject("第一章")})
        reference = writer._add_object(held)
        held[NameObject("/Next")] = held[NameObject("/First")] = reference
        writer.root_object[NameObject("/Outlines")] = reference

    assert found(look(pdf(change), "a.pdf")) == []


def test_the_persons_that_a_file_names_as_its_makers_are_found(look: Look) -> None:
    for field, where in (
        ("author", "属性“作者”"),
        ("last_modified_by", "属性“最后保存者”"),
    ):
        made = word()
        setattr(made.core_properties, field, "张三")
        one = look(saved(made), "a.docx")
        assert [(f.kind, f.value, f.where.zh) for f in one.private] == [("author", "张*", where)]
    buffer = io.BytesIO()
    sheets = xlsxwriter.Workbook(buffer)
    sheets.add_worksheet().write_comment(0, 0, "x", {"author": "王小明"})
    sheets.set_properties({"author": "办公室", "manager": "李四", "company": "赵六"})
    sheets.close()
    wheres = [where for _, where in found(look(buffer.getvalue(), "a.xlsx"))]
    assert sorted(wheres) == ["属性“单位”", "属性“经理”", "批注或修订的作者"]
    made = word()
    made.add_comment(made.paragraphs[0].runs, text="x", author="王小明")
    assert found(look(saved(made), "a.docx")) == [("author", "批注或修订的作者")]


OTHERS = (
    "Administrator|user|WPS Office|Microsoft Office User|青禾县民政局|办公室|财务科|Lenovo"
    "|python-docx|微软用户|系统管理员|高新区|文档|安监局|Windows User|openpyxl|Sky123.Org||123"
    "|统计股|金山|方正|Apple|Adobe InDesign|中共青禾县委|万科|王府社区"
    "|Qinghe Press Office|Qinghe County Statistics Bureau|Smith Inc|Smith & Co. Ltd.|Data Team"
    "|Beijing Normal University|Global Research Institute|World Bank|Foxit Reader|Design Studio"
    "|Information Office|Public Works|Yangtze Valley Authority|Canon Copier|Planning Section"
    "|QINGHE PRESS|DESKTOP-7A|HP LaserJet 400|Zhang Wei Law Firm Partners|National Archives"
    "|Statistics Division|Editorial Board|Nikon D850|Adobe Acrobat Pro|Skia/PDF m120|LaTeX"
    "|党政办|司法所|农办|管委会|安监站|施工|文旅中心|方案组|江门市|高校办|林业局|车管所|边防支队"
    "|唐山|黄山|石家庄|齐齐哈尔|马鞍山|连云港|成都|温州|江苏|安徽|武汉|宁波|常州|郑州|贵州|和平"
    "|范本|简报|林业|水利|应急|党建|全国|康佳|万达|时代|阳光|章程|成员|经办|常委|应用|方式|计财"
)
PERSONS = (
    "张三|王小明|欧阳小明|张 三|Li Ming|Smith, John|李四 |王建国|李秀英|刘芳|陈静|杨洋|赵丽"
    "|黄磊|周杰|吴敏|徐静|孙丽|马超|朱军|胡明|郭涛|何伟|高峰|林涛|罗丹|郑爽|梁静|谢娜|宋佳|唐敏"
    "|许晴|韩磊|冯刚|邓超|曹颖|彭丽|曾华|司马青|诸葛明|上官云|陈李佳明|Zhang Wei|Wang Xiaoming"
    "|Zhang, San|Ouyang Ming|John Smith|Mary A. Jones|Anne-Marie Duval|Liu Yang|Chen Jing"
    "|Sun Li|Zhao Lei|Huang Xiaoling|Xu Fang|Ma Chao|zhang.san@example.cn|li_ming@mail.example"
    "|沈涛|卢静|姜华|崔健|谭咏|汪涵|金鑫|石磊|夏雨|韦唯|付强|白雪|秦岚|江涛|龙飞|史良|温馨月"
)


@pytest.mark.parametrize("name", OTHERS.split("|"))
def test_offices_programs_and_computers_are_no_persons(name: str) -> None:
    assert not is_person(name)


@pytest.mark.parametrize("name", PERSONS.split("|"))
def test_names_of_persons_are_told(name: str) -> None:
    assert is_person(name)


def test_where_and_by_whom_a_photograph_was_taken_is_found(look: Look) -> None:
    place, person = notes(place=True), notes(t013B="Li Ming")
    for format_, name in (("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")):
        one = look(picture(format_, exif=place), name)
        assert found(one) == [("location", "照片位置信息")], name
        one = look(picture(format_, exif=person), name)
        assert found(one) == [("author", "照片的作者")], name
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Li Ming")
    info.add_itxt("XML:com.adobe.xmp", "<x exif:GPSLatitude='30,1N'/>", zip=True)
    kinds = {kind for kind, _ in found(look(picture(pnginfo=info), "a.png"))}
    assert kinds == {"author", "location"}


def test_a_photograph_within_a_document_is_looked_at(look: Look) -> None:
    made = word()
    made.add_picture(io.BytesIO(picture("JPEG", exif=notes(place=True))), Inches(1))
    one = look(saved(made), "a.docx")
    assert found(one) == [("location", "内嵌图片的照片位置信息")]
    sheets = io.BytesIO()
    with xlsxwriter.Workbook(sheets) as held:
        image = io.BytesIO(picture("JPEG", exif=notes(place=True)))
        held.add_worksheet().insert_image(0, 0, "a.jpg", {"image_data": image})
    assert found(look(sheets.getvalue(), "a.xlsx")) == [("location", "内嵌图片的照片位置信息")]


def test_numbers_in_old_office_files_are_found_in_their_bytes(look: Look) -> None:
    wide = f"姓名 身份证号 {NUMBER}\r".encode("utf-16-le")
    for start in (0, 1):
        data = compound(WordDocument=bytes(1536 + start) + wide)
        assert [kind for kind, _ in found(look(data, "a.doc"))] == ["identity"]
    data = compound(WordDocument=bytes(1536) + f"ID {NUMBER}\r".encode("ascii"))
    assert [kind for kind, _ in found(look(data, "a.wps"))] == ["identity"]
    mobile = record(0x0203, struct.pack("<HHHd", 6, 1, 0, 13800001234.0))
    one = look(compound(Workbook=BEGIN + mobile), "a.xls")
    assert found(one) == [("mobile", "第 7 行")]


def shared_text(text: str, wide: bool) -> bytes:
    raw = text.encode("utf-16-le" if wide else "latin-1")
    return struct.pack("<HB", len(text), wide) + raw


def old_book(*records: bytes) -> bytes:
    return compound(Workbook=BEGIN + b"".join(records) + record(0x0A, b""))


@pytest.mark.parametrize("wide", [True, False])
def test_texts_that_cells_of_an_old_workbook_share_are_read_by_rows(look: Look, wide: bool) -> None:
    wrong = NUMBER[:17] + (
        "1" if NUMBER[17] != "1" else "2"
    )  # told by the head of its column alone
    texts = [shared_text("姓名", True), shared_text("身份证号", True), shared_text("甲", True)]
    held = struct.pack("<II", 4, 4) + b"".join(texts) + shared_text(wrong, wide)
    cells = [record(0xFD, struct.pack("<HHHI", n // 2, n % 2, 0, n)) for n in range(4)]
    assert found(look(old_book(record(0xFC, held), *cells), "a.xls")) == [("identity", "第 2 行")]
    # in two records, of which the second says anew how wide its characters are
    for cut in (3, 7, 10, 17):
        width = 2 if wide else 1
        head, rest = held[: -width * (18 - cut)], held[-width * (18 - cut) :]
        parts = [record(0xFC, head), record(0x3C, bytes([wide]) + rest)]
        assert found(look(old_book(*parts, *cells), "a.xls")) == [("identity", "第 2 行")]
        narrow = bytes([0]) + wrong[cut:].encode()
        parts = [record(0xFC, head), record(0x3C, narrow)]
        assert found(look(old_book(*parts, *cells), "a.xls")) == [("identity", "第 2 行")]


def test_amounts_in_an_old_workbook_are_known_by_their_heads(look: Look) -> None:
    held = struct.pack("<II", 1, 1) + shared_text("金额（元）", True)
    head = record(0xFD, struct.pack("<HHHI", 0, 0, 0, 0))
    amount = record(0x0203, struct.pack("<HHHd", 1, 0, 0, 15130000154.0))
    year = record(0x0203, struct.pack("<HHHd", 1, 1, 0, 2025.0))
    assert found(look(old_book(record(0xFC, held), head, amount, year), "a.xls")) == []
    label = record(0x0204, struct.pack("<HHHHB", 4, 0, 0, 11, 0) + b"13800001234")
    assert found(look(old_book(label), "a.xls")) == [("mobile", "第 5 行")]


def old_document(*pieces: tuple[str, bool]) -> bytes:
    """Return an old Word file whose text is kept in pieces, each behind the one that follows."""
    stream, places = bytearray(2048), []
    stream[11] = 2  # the list of pieces stands in 1Table
    for text, wide in reversed(pieces):
        at = len(stream)
        stream += text.encode("utf-16-le" if wide else "cp1252") + bytes(5 if wide else 4)
        stream += bytes(len(stream) % 2)
        places.append(at if wide else at * 2 | 1 << 30)
    ends = [0]
    for text, _ in pieces:
        ends.append(ends[-1] + len(text))
    plan = struct.pack(f"<{len(ends)}I", *ends)
    plan += b"".join(struct.pack("<HIH", 0, place, 0) for place in reversed(places))
    table = b"\1\2\0ab\2" + struct.pack("<I", len(plan)) + plan
    struct.pack_into("<II", stream, 0x1A2, 0, len(table))
    return compound_of({"WordDocument": bytes(stream), "1Table": table})


def test_the_pieces_of_an_old_document_are_read_in_their_order(look: Look) -> None:
    for first, second in ((True, True), (False, False), (True, False), (False, True)):
        data = old_document(("ID " + NUMBER[:9], first), (NUMBER[9:] + "\r", second))
        assert found(look(data, "a.doc")) == [("identity", "正文")]
    data = old_document(("姓名\7住址\7\7甲\7青禾县东街8号2单元301室\7\7", True))
    assert found(look(data, "a.doc")) == [("address", "正文")]
    data = old_document(("科目\7金额\7\7税收\7" + "15130000154\7\7", True))
    assert found(look(data, "a.doc")) == []


def swapped(data: bytes, first: int) -> bytes:
    """Return a compound file in which two sectors of a stream have changed places."""
    sectors = [data[at : at + 512] for at in range(512, len(data), 512)]
    table = list(struct.unpack("<128I", sectors[0]))
    assert table[first : first + 3] == [first + 1, first + 2, first + 3]
    table[first], table[first + 2], table[first + 1] = first + 2, first + 1, first + 3
    sectors[0] = struct.pack("<128I", *table)
    sectors[first + 1], sectors[first + 2] = sectors[first + 2], sectors[first + 1]
    return data[:512] + b"".join(sectors)


def test_a_number_over_two_sectors_that_do_not_follow_one_another_is_found(look: Look) -> None:
    for text in (NUMBER.encode("utf-16-le"), NUMBER.encode()):
        data = compound(WordDocument=bytes(1024 - len(text) // 2) + text)
        first = next(n for n in range(9) if data[512 * (n + 2) :].startswith(bytes(16)) and n > 1)
        for at in range(first, first + 2):
            one = look(swapped(data, at), "a.doc")
            assert [kind for kind, _ in found(one)] == ["identity"]


def test_the_author_of_an_old_office_file_is_found(look: Look) -> None:
    for author, expected in (("张三", [("author", "属性“作者”")]), ("办公室", [])):
        streams = {"WordDocument": b"x", "\x05SummaryInformation": property_set(author)}
        assert found(look(compound_of(streams), "a.doc")) == expected
    saver = "李四".encode("utf-16-le")
    access = record(0x5C, struct.pack("<HB", 2, 1) + saver + b" \0" * 40)
    one = look(compound(Workbook=BEGIN + access), "a.xls")
    assert found(one) == [("author", "属性“最后保存者”")]


def test_text_files_and_ofd_are_looked_through_by_line_and_page(look: Look) -> None:
    one = look(f"说明\n\n身份证号 {NUMBER}\n".encode("gb18030"), "a.txt")
    assert found(one) == [("identity", "第 3 行")]
    one = look(f"姓名,号码\r\n甲,{NUMBER}\r\n".encode(), "a.csv")
    assert found(one) == [("identity", "第 2 行")]
    page = f"<ofd:Page xmlns:ofd='x'><ofd:TextCode>身份证号 {NUMBER}</ofd:TextCode></ofd:Page>"
    parts = {
        "OFD.xml": "<ofd:OFD xmlns:ofd='x'><ofd:Author>张三</ofd:Author></ofd:OFD>",
        "Doc_0/Pages/Page_0/Content.xml": page,
    }
    one = look(zipped(parts), "a.ofd")
    assert found(one) == [("author", "属性“作者”"), ("identity", "第 1 页")]
    parts["Doc_0/Attachs/Attachments.xml"] = "<a/>"
    assert codes(look(zipped(parts), "a.ofd")) == ["GK722"]


def test_a_mark_of_secrecy_is_found_anywhere(look: Look) -> None:
    made = word()
    made.sections[0].header.paragraphs[0].text = "机密★1年"
    for data, name, where in (
        (saved(made), "a.docx", "页眉"),
        ("秘密★启用前\n".encode(), "a.txt", "第 1 行"),
        (saved(book([["绝密★"]])), "a.xlsx", "工作表“Sheet”第 1 行"),
        (compound(WordDocument="机密★3年 13800001234".encode("utf-16-le")), "a.doc", "内容"),
    ):
        assert [one.where.zh for one in look(data, name).secret] == [where], name


def test_a_files_own_name_is_looked_at(look: Look) -> None:
    assert found(look(b"x", f"{NUMBER}.txt")) == [("identity", "文件名")]


# SVG


def svg(inner: str, attributes: str = "") -> bytes:
    links = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:i="http://www.inkscape.org/x"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {links} {attributes}>{inner}</svg>'.encode()


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<script>alert(1)</script>", "元素 script"),
        ("<foreignObject><p/></foreignObject>", "元素 foreignObject"),
        ("<image href='https://a.cn/x.png'/>", "元素 image"),
        ("<a href='https://a.cn'><path d='M0 0'/></a>", "元素 a"),
        ("<animate attributeName='href' to='javascript:1'/>", "元素 animate"),
        ("<set attributeName='href' to='javascript:1'/>", "元素 set"),
        ("<iframe/>", "元素 iframe"),
        ("<path onclick='x()' d='M0 0'/>", "属性 onclick"),
        ("<use xlink:href='https://a.cn/x.svg#a'/>", "外部链接"),
        ("<use href='data:image/svg+xml,x'/>", "外部链接"),
        ("<path fill='url(https://a.cn/#a)'/>", "属性 fill"),
        ("<path style='fill:url(//a.cn/x)'/>", "样式 fill"),
        ("<path style='x:expression(1)'/>", "样式 x"),
        ("<style>@import 'https://a.cn/x.css';</style>", "外部引用"),
        ("<style>path{fill:url(https://a.cn)}</style>", "外部引用"),
        ("<style>path{fill:u\\72l(//a.cn)}</style>", "外部引用"),
        ("<x:p xmlns:x='http://www.w3.org/1999/xhtml'>a</x:p>", "元素 p"),
        ("<path formaction='x'/>", "属性 formaction"),
    ],
)
def test_an_svg_picture_that_acts_or_fetches_is_refused(look: Look, inner: str, words: str) -> None:
    one = look(svg(inner), "a.svg")
    assert set(codes(one)) == {"GK733"} and words in said(one), said(one)


def test_doctypes_and_style_sheets_of_an_svg_picture_are_refused(look: Look) -> None:
    for before in ('<!DOCTYPE svg [<!ENTITY a "x">]>', '<?xml-stylesheet href="https://a.cn/x"?>'):
        assert codes(look(before.encode() + svg(""), "a.svg")) in (["GK733"], ["GK721"])
    assert codes(look(b"<?xml version='1.0'?>" + svg("<g>")[:-6], "a.svg")) == ["GK724"]


def test_an_svg_picture_is_published_in_its_safe_form(look: Look, tmp_path: Path) -> None:
    drawn = (
        "<!-- by a program --><metadata><x/></metadata><i:grid/><title>流程</title>"
        "<defs><linearGradient id='a'/></defs><style>.b{fill:url(#a)}</style>"
        "<path i:label='x' style='fill:#fff;-i-x:1' class='b' d='M0 0'/><use xlink:href='#a'/>"
        "<text x='1'>申请 &amp; <tspan>受理</tspan>后</text>"
    )
    data = svg(drawn, "viewBox='0 0 9 9'")
    one = look(data, "a.svg")
    assert one.refusals == () and one.served is not None
    (tmp_path / "a.svg").write_bytes(data)
    published = published_bytes(tmp_path, "a.svg", one.served[1])
    assert published.decode() == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>流程</title>'
        '<defs><linearGradient id="a"></linearGradient></defs><style>.b{fill:url(#a)}</style>'
        '<path fill="#fff" class="b" d="M0 0"></path><use href="#a"></use>'
        '<text x="1">申请 &amp; <tspan>受理</tspan>后</text></svg>\n'
    )
    assert one.served == (len(published), digest_of_bytes(published))
    again = look(published, "a.svg")
    assert again.served == one.served and again.sha256 == one.sha256
    with pytest.raises(OSError):
        published_bytes(tmp_path, "a.svg", "0" * 32)
    assert found(look(svg(f"<text>身份证号 {NUMBER}</text>"), "a.svg"))


# bounds


def test_many_pages_and_rows_are_checked_to_the_end(look: Look) -> None:
    buffer = io.BytesIO()
    sheets = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = sheets.add_worksheet()
    for row in range(100_000):
        sheet.write_row(row, 0, [row, f"第{row}组", 0.5])
    sheet.write_row(100_000, 0, ["身份证号", NUMBER])
    sheets.close()
    before = time.process_time()
    assert found(look(buffer.getvalue(), "a.xlsx")) == [("identity", "工作表“Sheet1”第 100001 行")]
    assert time.process_time() - before < 20

    def many(writer: pypdf.PdfWriter) -> None:
        first = writer.pages[0]
        for _ in range(1999):
            writer.add_page(first)

    one = look(pdf(many, text=f"ID {NUMBER}"), "a.pdf")
    assert found(one) == [("identity", "第 1 页")]


def test_what_cannot_be_checked_within_the_bounds_is_refused(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_check, "CHECK_PAGES", 0)
    assert codes(look(pdf(), "a.pdf")) == ["GK726"]
    monkeypatch.undo()
    monkeypatch.setattr(office_check, "CHECK_ELEMENTS", 5)
    assert codes(look(saved(book()), "a.xlsx")) == ["GK726"]
    monkeypatch.undo()
    monkeypatch.setattr(office_check, "UNPACKED_LIMIT_MB", 0)
    assert codes(look(saved(word()), "a.docx")) == ["GK726"]
    monkeypatch.undo()
    monkeypatch.setattr(attachment_check, "SECONDS", 0.0001)
    assert codes(look(pdf(), "a.pdf")) == ["GK726"]


def test_a_list_of_thousands_is_reported_in_few_lines(look: Look) -> None:
    lines = "\n".join(f"身份证号 {identity(n)}" for n in range(500))
    one = look(lines.encode(), "a.txt")
    assert len(one.private) < 200  # of which the first twenty are told
    assert codes(one) == ["GK726"]  # what comes behind them was not read


def test_the_text_for_the_search_is_the_very_text_it_would_read(look: Look, tmp_path: Path) -> None:
    from gongkai.intake.attachment_text import attachment_text

    made = word("一、条件", "二、材料")
    made.sections[0].footer.paragraphs[0].text = "第一页"
    sheets = book([["甲", "乙"], ["丙", 1.5]])
    sheets.create_sheet("藏").append(["不见"])
    sheets["藏"].sheet_state = "hidden"
    for data, name in ((saved(made), "a.docx"), (saved(sheets), "a.xlsx"), (pdf(), "a.pdf")):
        one = look(data, name)
        assert one.text == attachment_text(tmp_path / "upload", name).text and one.text


def test_what_was_found_survives_being_written_down(look: Look) -> None:
    import json

    made = word(f"身份证号 {NUMBER}", "机密★1年", "DDE")
    for one in (look(saved(made), "a.docx"), look(b"MZ\0\xff", "a.doc"), look(svg(""), "a.svg")):
        kept = Inspected.of(json.loads(json.dumps(one.facts())))
        assert kept.facts() == one.facts()
        assert (kept.refusals, kept.private, kept.served) == (one.refusals, one.private, one.served)
