from __future__ import annotations

import hashlib
import io
import re
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pytest

from gongkai.domain.reports.grid import match_grids
from gongkai.intake.office import read_docx
from gongkai.press.writers.word import CHECKS, NOTES, long_date, title_lines, word
from gongkai.views.pages import CellLink, Footnote, ProblemView, RateView, Remark, ReportPart
from gongkai.views.shared import Cell, Table
from report_samples import (
    AGENCY,
    FORMS,
    TITLE,
    converted,
    elsewhere,
    found_texts,
    sample_figures,
    sample_page,
    texts_of,
)

FORM = FORMS["2021"]
MADE_ON = date(2026, 1, 20)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def made(**changes: Any) -> bytes:
    return word(sample_page(FORM, sample_figures(FORM), **changes), AGENCY, MADE_ON)


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def paragraphs(data: bytes) -> list[tuple[str, str]]:
    return [(p.style.name, p.text) for p in opened(data).paragraphs if p.text]


def prose(html: str) -> list[tuple[str, str]]:
    part = ReportPart("p", "一、总体情况", html, ())
    words = paragraphs(made(parts=(part,), notes=()))
    return words[[text for _, text in words].index("一、总体情况") + 1 :]


@pytest.mark.parametrize("name", FORMS)
def test_figures_survive_the_way_through_a_word_file(name: str) -> None:
    form, figures = FORMS[name], sample_figures(FORMS[name])
    grids, problems = read_docx("x.docx", word(sample_page(form, figures), AGENCY, MADE_ON))
    matched = match_grids(form, grids)
    assert problems == []
    assert found_texts(matched) == texts_of(figures)
    assert (matched.unknown, matched.ambiguous) == ((), {})


@pytest.mark.parametrize("name", FORMS)
def test_equal_views_make_equal_bytes_wherever_they_are_made(name: str, tmp_path: Path) -> None:
    data = word(sample_page(FORMS[name], sample_figures(FORMS[name])), AGENCY, MADE_ON)
    code = (
        "import hashlib; from report_samples import *; from datetime import date;"
        "from gongkai.press.writers.word import word;"
        f"form = FORMS[{name!r}];"
        "data = word(sample_page(form, sample_figures(form)), AGENCY, date(2026, 1, 20));"
        "print(hashlib.sha256(data).hexdigest())"
    )
    assert elsewhere(code, tmp_path) == hashlib.sha256(data).hexdigest()


def test_the_only_date_in_the_file_is_the_one_that_was_given() -> None:
    data = made()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml"
        assert not any("thumbnail" in name for name in package.namelist())
    facts = opened(data).core_properties
    assert (facts.title, facts.author, facts.language) == (TITLE, AGENCY, "zh-CN")
    assert facts.created == facts.modified
    assert facts.created.replace(tzinfo=None) == datetime(2026, 1, 20)  # noqa: DTZ001
    assert facts.comments == ""


def test_the_page_is_that_of_an_official_document() -> None:
    document = opened(made())
    section = document.sections[0]
    sizes = [section.page_width, section.page_height, section.top_margin, section.bottom_margin]
    sizes += [section.left_margin, section.right_margin]
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 35, 28, 26]
    footers = [section.footer, section.even_page_footer]
    assert [f.paragraphs[0].text for f in footers] == ["— 1 —", "— 1 —"]
    assert [f.paragraphs[0].alignment for f in footers] == [2, 0]  # right and left
    assert all(b"PAGE" in ElementTree.tostring(_tree(f)) for f in footers)
    normal = document.styles["Normal"]
    fonts = normal.element.rPr.rFonts
    assert fonts.get(f"{W}eastAsia") == "仿宋_GB2312"
    assert normal.font.size.pt == 16
    assert (
        normal.paragraph_format.line_spacing.pt,
        normal.paragraph_format.first_line_indent.pt,
    ) == (
        28,
        32,
    )
    faces = {
        name: document.styles[name].element.rPr.rFonts.get(f"{W}eastAsia")
        for name in ("Title", "Heading 1", "Heading 2")
    }
    assert faces == {"Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体_GB2312"}


def _tree(footer: Any) -> ElementTree.Element:
    from lxml import etree

    return ElementTree.fromstring(etree.tostring(footer._element))


def test_fonts_that_are_not_installed_have_others_to_take_their_place() -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as package:
        fonts = package.read("word/fontTable.xml").decode()
        styles = package.read("word/styles.xml").decode()
    assert '<w:font w:name="方正小标宋简体"><w:altName w:val="华文中宋"/>' in fonts
    assert 'w:eastAsia="zh-CN"' in styles and 'w:val="zh-CN"' in styles


def test_a_report_in_traditional_characters_says_so() -> None:
    with zipfile.ZipFile(io.BytesIO(made(lang="zh-Hant"))) as package:
        assert 'w:eastAsia="zh-TW"' in package.read("word/styles.xml").decode()


def test_headers_repeat_rows_stay_whole_and_merged_cells_are_merged() -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as package:
        tree = ElementTree.fromstring(package.read("word/document.xml"))
    tables = tree.findall(f".//{W}tbl")
    lines = [len(t.findall(f"{W}tr")) for t in tables]
    heads = [len(t.findall(f"{W}tr/{W}trPr/{W}tblHeader")) for t in tables]
    assert lines == [2, 4, 3, 4, 3, 28, 4]  # one in the prose, six of the form
    assert heads == [1, 2, 2, 2, 2, 3, 3]
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    matrix = tables[5]
    spans = [cell.get(f"{W}val") for cell in matrix.iter(f"{W}gridSpan")]
    assert spans[:2] == ["3", "7"]
    grid = [int(column.get(f"{W}w", "0")) for column in matrix.iter(f"{W}gridCol")]
    assert len(grid) == 10 and sum(grid) == 8845  # 156 mm: the width of the text
    results = [cell for cell in matrix.iter(f"{W}tc") if "三、本年度" in "".join(cell.itertext())]
    assert [c.find(f"{W}tcPr/{W}vMerge").get(f"{W}val") for c in results] == ["restart"]  # type: ignore[union-attr]


def test_every_line_of_a_table_fills_the_grid() -> None:
    for name, form in FORMS.items():
        data = word(sample_page(form, sample_figures(form)), AGENCY, MADE_ON)
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            tree = ElementTree.fromstring(package.read("word/document.xml"))
        for table in tree.iter(f"{W}tbl"):
            columns = len(list(table.iter(f"{W}gridCol")))
            for row in table.findall(f"{W}tr"):
                spans = (cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc"))
                widths = [int(s.get(f"{W}val", "1")) if s is not None else 1 for s in spans]
                assert sum(widths) == columns, name


def test_prose_becomes_paragraphs_headings_lists_and_tables() -> None:
    html = (
        "<p>第一段，<strong>重点</strong>和<em>着重</em>，见<a href='x'>目录</a>。</p>"
        '<h3 id="a">（一）小标题</h3><h4>1.更小的</h4>'
        "<ul><li>甲</li><li>乙<ol start='3'><li>丙</li><li>丁</li></ol></li></ul>"
        "<ol><li><p>戊</p></li></ol><blockquote><p>引文</p></blockquote>"
        "<p>一行<br>两行</p><p>图：<img src='x.png' alt='流程图'></p><p>H<sub>2</sub>O</p>"
        "<dl><dt>词</dt><dd>释义</dd></dl><hr><p> </p>"
    )
    assert prose(html) == [
        ("Normal", "第一段，重点和着重，见目录。"),
        ("Heading 2", "（一）小标题"),
        ("Heading 3", "1.更小的"),
        ("Normal", "• 甲"),
        ("Normal", "• 乙"),
        ("Normal", "3. 丙"),
        ("Normal", "4. 丁"),
        ("Normal", "1. 戊"),
        ("Normal", "引文"),
        ("Normal", "一行\n两行"),
        ("Normal", "图：〔图：流程图〕"),
        ("Normal", "H2O"),
        ("Normal", "词"),
        ("Normal", "释义"),
    ]
    part = ReportPart("p", "", html, ())
    first = next(p for p in opened(made(parts=(part,))).paragraphs if p.text.startswith("第一段"))
    assert [run.text for run in first.runs if run.bold] == ["重点"]


def test_a_table_in_the_prose_keeps_its_spans() -> None:
    html = (
        "<table><caption>表</caption><thead><tr><th rowspan='2'>甲</th><th colspan='2'>乙</th></tr>"
        "<tr><th>丙</th><th>丁</th></tr></thead>"
        "<tbody><tr><td>a</td><td class='gk-right'>1</td><td>x<br>y</td></tr></tbody></table>"
    )
    part = ReportPart("p", "", html, ())
    (grid, *_), _ = read_docx("x.docx", made(parts=(part,)))
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["甲", "乙", ""],
        ["", "丙", "丁"],
        ["a", "1", "x\ny"],
    ]
    assert grid.name == "表"


@pytest.mark.parametrize(
    "html",
    ["", "<p>", "<table></table>", "<table><tr></tr></table>", "</li></ul><td>1</td>", "<ul><li>"],
)
def test_whatever_prose_there_is_makes_a_file_that_opens(html: str) -> None:
    opened(made(parts=(ReportPart("p", "", html, ()),)))


def test_what_checks_found_stands_apart_under_its_own_heading() -> None:
    data = made(remarks=(Remark("表三不平。"),))
    words = [text for _, text in paragraphs(data)]
    assert words[-4:] == [NOTES, "两处总数不一致，原件未说明。", CHECKS, "表三不平。"]
    heading = next(p for p in opened(data).paragraphs if p.text == CHECKS)
    assert heading._p.pPr.find(f"{W}pBdr") is not None
    assert not {NOTES, CHECKS} & {text for _, text in paragraphs(made(notes=()))}


def test_remarks_problems_rates_and_older_figures_are_written_too() -> None:
    part = sample_page(FORM, sample_figures(FORM)).parts[1]
    figure = CellLink("行政规范性文件·现行有效件数", "", "")
    noted = part.tables[0].__class__(
        part.tables[0].anchor,
        part.tables[0].table,
        notes=(Footnote(1, "note-1", "报告采用4件", figure),),
    )
    table = Table(
        "主要数字",
        ((Cell("指标", True), Cell("数值", True)),),
        ((Cell("总数", True, scope="row"), Cell("520", is_number=True)),),
    )
    data = made(
        parts=(
            ReportPart("p", "二、情况", "", (noted,), (ProblemView("不及时", "改", "已完成"),)),
        ),
        problems=(ProblemView("另一个", "", ""),),
        figures=table,
        rates=(RateView("办结率", "81.4%", "a÷b", "分子÷分母", "82%"),),
        is_invented=True,
        is_historical=True,
    )
    said = "\n".join(text for _, text in paragraphs(data))
    for words in (
        "注：行政规范性文件·现行有效件数：报告采用4件",
        "（演示数据）",
        "历史样例",
        "问题清单",
    ):
        assert words in said
    assert "办结率：81.4%，a÷b（分子÷分母）；原件载明 82%" in said
    grids, _ = read_docx("x.docx", data)
    cells = {cell.text for grid in grids for row in grid.rows for cell in row}
    assert {"不及时", "已完成", "另一个", "520", "主要数字"} <= cells


def test_a_footnote_never_touches_the_figure_that_it_explains() -> None:
    part = sample_page(FORM, sample_figures(FORM)).parts[1]
    assert all(not cell.marks for view in part.tables for row in view.table.rows for cell in row)


def test_a_long_title_is_broken_before_its_second_half() -> None:
    assert title_lines(TITLE) == ["青禾县民政局2025年", "政府信息公开工作年度报告"]
    assert title_lines("某局2025年政府信息公开年报") == ["某局2025年政府信息公开年报"]
    assert long_date("2026-01-20 09:00") == "2026年1月20日"
    assert long_date("2018年") == "2018年"


def test_libreoffice_opens_it_and_prints_every_word(tmp_path: Path) -> None:
    data = made(remarks=(Remark("表三不平。"),))
    pdf = converted(data, "report.docx", "pdf", tmp_path)
    assert pdf.read_bytes().startswith(b"%PDF")
    text = _text(pdf)
    if text:
        assert "三、收到和处理政府信息公开申请情况" in text
        assert "数据核对说明" in text
        assert re.search(r"— ?1 ?—", text)


def _text(pdf: Path) -> str:
    import shutil

    program = shutil.which("pdftotext")
    if program is None:
        return ""
    done = subprocess.run([program, str(pdf), "-"], capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def test_characters_without_a_place_in_xml_are_left_out() -> None:
    odd = "甲\ufffe\uffff\x00\x0b\x1f\ud800乙"
    part = ReportPart("p", odd, f"<p>{odd}<b>{odd}</b></p>", ())
    page = sample_page(
        FORM,
        sample_figures(FORM),
        title=odd,
        parts=(part,),
        figures=Table(odd, ((Cell(odd, True),),), ((Cell(odd),),), note=odd),
        problems=(ProblemView(odd, odd, odd),),
    )
    data = word(page, odd * 100, MADE_ON)
    document = opened(data)
    assert document.core_properties.title == "甲乙"
    assert document.core_properties.author == ("甲乙" * 100)[:255]
    assert ("Heading 1", "甲乙") in paragraphs(data)


def test_numbers_of_lists_and_spans_that_no_program_can_read_do_no_harm() -> None:
    html = "<ol start='²'><li>甲</li></ol><ol start='99999999999999'><li>乙</li></ol>"
    assert [text for _, text in prose(html)][:2] == ["1. 甲", "1. 乙"]
    assert made(
        parts=(ReportPart("p", "一", "<table><tr><td colspan='²'>1</td></tr></table>", ()),)
    )
