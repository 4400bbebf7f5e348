from __future__ import annotations

import io
import time
import zipfile
from datetime import date
from typing import Any

import docx
import openpyxl
import pytest
import xlsxwriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from gongkai.domain.reports.grid import Grid, match_grids
from gongkai.intake import office
from gongkai.intake.office import read_csv_grid, read_docx, read_grids, read_html, read_xlsx
from gongkai.press.writers.workbook import workbook
from gongkai.views.report_sheet import sheet_view
from make import codes
from report_samples import FORMS, found_texts, sample_figures, texts_of, zero_figures

FORM = FORMS["2021"]
MADE_ON = date(2026, 1, 20)


def lines(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def copies(grid: Grid) -> list[tuple[int, int]]:
    return [(c.row, c.column) for row in grid.rows for c in row if c.is_merged_copy]


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def book(*rows: list[Any], merged: str = "") -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    return saved(made)


def repacked(data: bytes, **changes: bytes | None) -> bytes:
    """Return a package with some of its parts replaced, added or taken out."""
    parts = {name.replace("__", "/").replace("_xml", ".xml"): new for name, new in changes.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name)


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(data: bytes, old: bytes, new: bytes) -> bytes:
    text = part(data, SHEET)
    assert old in text
    return repacked(data, xl__worksheets__sheet1_xml=text.replace(old, new))


# workbooks


def test_a_sheet_is_read_with_merged_cells_and_numbers_in_plain_digits() -> None:
    data = book(["甲", "乙", None], ["丙", 3.0, 1234567], ["丁", 0.1 + 0.2, True], merged="B1:C1")
    (grid,), problems = read_xlsx("x.xlsx", data)
    assert problems == []
    assert lines(grid) == [["甲", "乙", ""], ["丙", "3", "1234567"], ["丁", "0.3", "是"]]
    assert copies(grid) == [(1, 3)]
    assert grid.name == "Sheet"


def test_cells_keep_their_places_and_blank_lines_part_tables() -> None:
    made = openpyxl.Workbook()
    made.active["C4"] = "甲"
    made.active["D6"] = "乙"
    (grid,), _ = read_xlsx("x.xlsx", saved(made))
    assert (grid.rows[0][0].row, grid.rows[0][0].column) == (4, 3)
    assert lines(grid) == [["甲", ""], ["", ""], ["", "乙"]]


def test_a_percentage_is_read_as_it_is_shown() -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = 0.814
    made.active["A1"].number_format = "0.0%"
    (grid,), _ = read_xlsx("x.xlsx", saved(made))
    assert lines(grid) == [["81.4%"]]


def test_hidden_sheets_are_left_out() -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "甲"
    made.create_sheet("旧表")["A1"] = "乙"
    made["旧表"].sheet_state = "hidden"
    grids, _ = read_xlsx("x.xlsx", saved(made))
    assert [grid.name for grid in grids] == ["Sheet"]


def test_a_formula_shows_its_stored_result_and_is_reported_without_one() -> None:
    data = book([1, 2, "=A1+B1"])
    (grid,), problems = read_xlsx("x.xlsx", data)
    assert lines(grid) == [["1", "2"]]
    assert [(x.code.id, x.place.line, x.place.column) for x in problems] == [("GK456", 1, 3)]
    assert "Sheet!C1" in problems[0].message()
    stored = with_sheet(data, b"<v></v>", b"<v>3</v>")
    (grid,), problems = read_xlsx("x.xlsx", stored)
    assert (lines(grid), problems) == ([["1", "2", "3"]], [])


def test_sums_of_our_own_sheets_are_worked_out_where_their_results_were_dropped() -> None:
    figures = zero_figures(FORM)
    data = workbook(sheet_view(FORM, "标题", "单位", 2025, figures), MADE_ON)
    made = openpyxl.load_workbook(io.BytesIO(data))  # which keeps formulas and drops results
    again = saved(made)
    assert b"<f>" in part(again, SHEET)
    grids, problems = read_xlsx("x.xlsx", again)
    assert problems == []
    assert found_texts(match_grids(FORM, grids)) == texts_of(figures)


def test_an_empty_sheet_of_ours_has_places_and_no_figures() -> None:
    data = workbook(sheet_view(FORM, "标题", "单位", 2025, None), MADE_ON)
    grids, problems = read_xlsx("x.xlsx", data)
    matched = match_grids(FORM, grids)
    assert (problems, matched.texts, len(matched.blank)) == ([], {}, 200)


@pytest.mark.parametrize("name", FORMS)
def test_figures_survive_the_way_through_a_workbook(name: str) -> None:
    form, figures = FORMS[name], sample_figures(FORMS[name])
    data = workbook(sheet_view(form, "标题", "单位", 2025, figures), MADE_ON)
    grids, problems = read_xlsx("x.xlsx", data)
    matched = match_grids(form, grids)
    assert problems == []
    assert found_texts(matched) == texts_of(figures)
    assert (matched.unknown, matched.ambiguous) == ((), {})


def test_a_far_cell_in_an_otherwise_small_sheet_costs_nothing() -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "甲"
    made.active["XFD1048576"] = "乙"
    begin = time.process_time()
    (grid,), problems = read_xlsx("x.xlsx", saved(made))
    assert (lines(grid), problems) == ([["甲", ""], ["", "乙"]], [])
    assert time.process_time() - begin < 20


# Word files


def cell_property(cell: Any, name: str, value: str = "") -> None:
    element = OxmlElement(name)
    if value:
        element.set(qn("w:val"), value)
    cell._tc.get_or_add_tcPr().append(element)


def test_tables_of_a_word_file_are_read_with_spans_and_the_line_above() -> None:
    document = docx.Document()
    document.add_paragraph("三、申请情况")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "甲"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "乙"
    for at, text in (((1, 1), "丙"), ((1, 2), "丁"), ((2, 0), "戊"), ((2, 1), "1"), ((2, 2), "2")):
        table.cell(*at).text = text
    (grid,), problems = read_docx("x.docx", saved(document))
    assert problems == []
    assert lines(grid) == [["甲", "乙", ""], ["", "丙", "丁"], ["戊", "1", "2"]]
    assert copies(grid) == [(1, 3), (2, 1)]
    assert grid.name == "三、申请情况"


def test_nested_tables_content_controls_and_revisions_are_read_as_shown() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "外"
    inner = table.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "内", "7"
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    control.append(content)
    paragraph = table.cell(1, 0).paragraphs[0]
    run = paragraph.add_run("控件")._r
    paragraph._p.remove(run)
    content.append(run)
    paragraph._p.append(control)
    target = table.cell(1, 1).paragraphs[0]
    target.add_run("8")
    struck, gone = OxmlElement("w:del"), OxmlElement("w:r")
    words = OxmlElement("w:delText")
    words.text = "9"
    gone.append(words)
    struck.append(gone)
    target._p.append(struck)
    mark = target.add_run("①")
    mark.font.superscript = True
    grids, _ = read_docx("x.docx", saved(document))
    assert [lines(grid) for grid in grids] == [[["外", ""], ["控件", "8"]], [["内", "7"]]]


def test_rows_inside_a_content_control_count_as_rows() -> None:
    document = docx.Document()
    table = document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "甲", "乙"
    row = table.rows[1]._tr
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    control.append(content)
    table._tbl.remove(row)
    content.append(row)
    table._tbl.append(control)
    (grid,), _ = read_docx("x.docx", saved(document))
    assert lines(grid) == [["甲"], ["乙"]]


# pages and CSV


def page(table: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{table}</body></html>".encode()


def test_a_page_is_read_with_spans_captions_and_tags_never_closed() -> None:
    html = (
        "<h3>三、申请情况</h3><table><tr><th rowspan=2>甲<th colspan='2'>乙"
        "<tr><td>丙<br>续<td>丁&amp;戊<tr><td>己<td>１<td>2</table>"
        "<table><caption>第二张</caption><tr><td>a</td></tr></table>"
    )
    grids, problems = read_html("x.html", page(html))
    assert problems == []
    assert lines(grids[0]) == [
        ["甲", "乙", ""],
        ["", "丙\n续", "丁&戊"],
        ["己", "１", "2"],
    ]
    assert [grid.name for grid in grids] == ["三、申请情况", "第二张"]


def test_a_nested_table_is_a_table_of_its_own() -> None:
    html = "<table><tr><td>外<table><tr><td>内</td></tr></table>后</td><td>2</td></tr></table>"
    grids, _ = read_html("x.html", page(html))
    assert sorted(str(lines(grid)) for grid in grids) == ["[['内']]", "[['外\\n后', '2']]"]


def test_scripts_comments_and_footnote_marks_are_no_text() -> None:
    html = (
        "<script>document.write('<table><tr><td>不</td></tr></table>')</script>"
        "<!-- <table><tr><td>不</td></tr></table> -->"
        "<table><tr><td>甲<style>td{}</style></td><td>13<sup>[2]</sup></td><td>m<sup>2</sup></td>"
        "<td>4<sup><a href='#n'>1</a></sup></td></tr></table>"
    )
    (grid,), _ = read_html("x.html", page(html))
    assert lines(grid) == [["甲", "13", "m2", "4"]]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_a_page_and_a_csv_may_be_in_any_encoding_of_chinese(encoding: str) -> None:
    html = "<table><tr><td>行政许可</td><td>6</td></tr></table>"
    (grid,), problems = read_html("x.html", html.encode(encoding))
    assert (lines(grid), problems) == ([["行政许可", "6"]], [])
    (grid,), problems = read_csv_grid("x.csv", "行政许可,6\r\n".encode(encoding))
    assert (lines(grid), problems) == ([["行政许可", "6"]], [])


def test_the_encoding_that_a_page_names_counts() -> None:
    head = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
    html = page("<table><tr><td>許可</td></tr></table>", head).decode().encode("gbk")
    (grid,), _ = read_html("x.html", html)
    assert lines(grid) == [["許可"]]


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv_is_parted_by_commas_tabs_or_semicolons(mark: str) -> None:
    (grid,), _ = read_csv_grid("x.csv", f'甲{mark}"乙\n续"{mark}\'-3\r\n'.encode())
    assert lines(grid) == [["甲", "乙\n续", "-3"]]


# what a file is, and what is refused


def test_a_file_is_told_by_its_content_before_its_name() -> None:
    html = page("<table><tr><td>甲</td></tr></table>")
    assert lines(read_grids("x.xls", html)[0][0]) == [["甲"]]
    assert lines(read_grids("x.docx", book(["甲"]))[0][0]) == [["甲"]]
    assert codes(read_grids("x.pdf", b"%PDF-1.7")[1]) == ["GK465"]
    assert codes(read_grids("x.xlsx", b"just text")[1]) == ["GK450"]


@pytest.mark.parametrize("name", ["x.xls", "x.doc", "x.wps", "x.et", "x.xlsx", "x.docx"])
def test_old_and_locked_files_are_told_apart(name: str) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert codes(read_grids(name, old)[1]) == ["GK451"]
    locked = old + "EncryptedPackage".encode("utf-16-le")
    assert codes(read_grids(name, locked)[1]) == ["GK452"]
    assert "另存为 .docx 或 .xlsx" in read_grids(name, old)[1][0].message()


def test_a_zip_with_a_password_is_locked() -> None:
    data = bytearray(book(["甲"]))
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    assert codes(read_xlsx("x.xlsx", bytes(data))[1]) == ["GK452"]


def test_macros_are_refused() -> None:
    data = repacked(book(["甲"]), **{"xl__vbaProject.bin": b"x"})
    assert codes(read_xlsx("x.xlsm", data)[1]) == ["GK453"]
    types = part(book(["甲"]), "[Content_Types].xml").replace(
        b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main"
    )
    data = repacked(book(["甲"]), **{"[Content_Types]_xml": types})
    assert codes(read_xlsx("x.xlsx", data)[1]) == ["GK453"]


def bomb(content: bytes, count: int = 1) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        package.writestr("xl/workbook.xml", b"<x/>")
        package.writestr("word/document.xml", b"<x/>")
        for n in range(count):
            package.writestr(f"xl/media/{n}.png", content)
    return buffer.getvalue()


@pytest.mark.parametrize("read", [read_xlsx, read_docx])
def test_zip_bombs_are_refused_before_anything_is_unpacked(read: Any) -> None:
    begin = time.process_time()
    assert codes(read("x.zip", bomb(b"\0" * 11_000_000, 5))[1]) == ["GK454"]
    assert codes(read("x.zip", bomb(b"\0" * 4_000_000))[1]) == ["GK454"]
    assert codes(read("x.zip", bomb(b"x", 2001))[1]) == ["GK454"]
    assert time.process_time() - begin < 5


def test_a_size_that_the_directory_understates_does_not_get_past_the_limit() -> None:
    data = bomb(b"\0" * 4_000_000)
    size = (4_000_000).to_bytes(4, "little")
    assert data.count(size) == 2
    problems = read_xlsx("x.xlsx", data.replace(size, (100).to_bytes(4, "little")))[1]
    assert codes(problems) == ["GK450"]


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">
<!ENTITY c SYSTEM "file:///etc/passwd">]><x>&b;&c;</x>"""


@pytest.mark.parametrize(
    "markup",
    [
        ENTITIES,
        ENTITIES.decode().encode("utf-16"),
        ENTITIES.decode().encode("utf-16-be"),
        b"\xef\xbb\xbf" + ENTITIES,
        b'<?xml version="1.0" encoding="UTF-7"?><x>+ADw-</x>',
        ENTITIES.decode().encode("cp037"),
    ],
    ids=["plain", "utf-16", "utf-16-be", "bom", "utf-7", "ebcdic"],
)
def test_entities_and_odd_encodings_are_refused_in_every_part(markup: bytes) -> None:
    for name in ("xl__sharedStrings_xml", "xl__workbook_xml", "xl__worksheets__sheet1_xml"):
        data = repacked(book(["甲"]), **{name: markup})
        assert codes(read_xlsx("x.xlsx", data)[1]) == ["GK455"], name
    document = saved(docx.Document())
    data = repacked(document, word__document_xml=markup)
    assert codes(read_docx("x.docx", data)[1]) == ["GK455"]
    assert codes(read_docx("x.docx", repacked(document, **{"x.dat": ENTITIES}))[1]) == ["GK455"]


def test_a_damaged_file_is_a_problem_and_no_crash() -> None:
    whole = book(["甲", 1], ["乙", 2])
    for cut in range(0, len(whole), 97):
        grids, problems = read_xlsx("x.xlsx", whole[:cut])
        assert grids == () and codes(problems) == ["GK450"]
    for name in ("xl__worksheets__sheet1_xml", "xl__workbook_xml", "xl__styles_xml"):
        for content in (b"<a", b"", b"<a/>"):
            grids, problems = read_xlsx("x.xlsx", repacked(whole, **{name: content}))
            assert codes(problems) in ([], ["GK450"])
    document = docx.Document()
    document.add_table(1, 1)
    for content in (b"<a", b"", b"<a/>"):
        _, problems = read_docx("x.docx", repacked(saved(document), word__document_xml=content))
        assert codes(problems) in ([], ["GK450"])


def test_a_cell_of_an_impossible_kind_is_a_problem_and_no_crash() -> None:
    data = book([1])
    for new in (
        b'<c r="A1" t="s"><v>99999</v></c>',
        b'<c r="A1"><v>1e999</v></c>',
        b'<c r="A1"><v>nan</v></c>',
        b'<c r="A1" s="99999"><v>5</v></c>',
        b'<c r="ZZZZ1"><v>5</v></c>',
        b'<c r="A99999999999"><v>5</v></c>',
        b'<c r="A1" t="d"><v>junk</v></c>',
    ):
        _, problems = read_xlsx("x.xlsx", with_sheet(data, b'<c r="A1" t="n"><v>1</v></c>', new))
        assert set(codes(problems)) <= {"GK450", "GK454"}, new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        (b'<dimension ref="A1:B1"/>', b'<dimension ref="A1:XFD1048576"/>'),
        (b'<row r="1"', b'<row r="1048576"'),
    ],
    ids=["merged", "dimension", "row"],
)
def test_claims_of_a_huge_sheet_cost_nothing(old: bytes, new: bytes) -> None:
    begin = time.process_time()
    data = with_sheet(book([1, 2]), old, new)
    (grid,), problems = read_xlsx("x.xlsx", data)
    assert problems == []
    assert sum(map(len, grid.rows)) == 2
    assert time.process_time() - begin < 10


def test_more_cells_than_a_form_can_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "CELLS_LIMIT", 50)
    wide = ["1"] * 51
    assert codes(read_xlsx("x.xlsx", book(wide))[1]) == ["GK454"]
    assert codes(read_csv_grid("x.csv", ",".join(wide).encode())[1]) == ["GK454"]
    html = "<table><tr>" + "<td>1</td>" * 51
    assert codes(read_html("x.html", html.encode())[1]) == ["GK454"]
    document = docx.Document()
    document.add_table(3, 20)
    assert codes(read_docx("x.docx", saved(document))[1]) == ["GK454"]


def test_overlapping_merged_cells_are_bounded() -> None:
    areas = "".join('<mergeCell ref="A1:CV1000"/>' for _ in range(300)).encode()
    made = openpyxl.Workbook()
    made.active["CV1000"] = made.active["A1"] = 1
    data = with_sheet(
        saved(made), b"</sheetData>", b"</sheetData><mergeCells>" + areas + b"</mergeCells>"
    )
    begin = time.process_time()
    assert codes(read_xlsx("x.xlsx", data)[1]) == ["GK454"]
    assert time.process_time() - begin < 10


@pytest.mark.parametrize(
    "html",
    [
        "<!--" * 400_000,
        "<a" * 400_000,
        '<a "' * 400_000,
        "<a '\"" * 400_000,
        "<table>" * 300_000,
        "<script>" * 200_000,
        "&" * 1_000_000,
        "<table><tr>" + "<td rowspan=1000>1" * 20_000,
        "<table><tr>" + "<td>" * 190_000,
        "<table>" + "<tr><td rowspan=0 colspan=9>" * 20_000,
        "</" * 500_000,
    ],
    ids=lambda html: html[:20],
)
def test_pages_made_to_keep_a_parser_busy_are_read_in_seconds(html: str) -> None:
    begin = time.process_time()
    _, problems = read_html("x.html", html.encode())
    assert set(codes(problems)) <= {"GK454"}
    assert time.process_time() - begin < 15


def test_large_text_files_and_endless_fields_are_refused() -> None:
    assert codes(read_csv_grid("x.csv", b"1," * 5_000_000)[1]) == ["GK454"]
    assert codes(read_html("x.html", b" " * 9_000_000)[1]) == ["GK454"]
    assert codes(read_csv_grid("x.csv", b'"' + b"a" * 200_000)[1]) == ["GK450"]


def test_spans_and_nesting_of_a_word_file_are_bounded() -> None:
    document = docx.Document()
    table = document.add_table(1, 1)
    cell_property(table.cell(0, 0), "w:gridSpan", "999999999")
    (grid,), problems = read_docx("x.docx", saved(document))
    assert problems == [] and sum(map(len, grid.rows)) <= 63
    deep = b"<w:p>" * 20_000
    head = part(saved(document), "word/document.xml").partition(b"<w:body>")[0]
    data = repacked(saved(document), word__document_xml=head + b"<w:body>" + deep)
    assert codes(read_docx("x.docx", data)[1]) == ["GK450"]


def test_hidden_characters_are_left_out_and_told_with_their_place() -> None:
    grids, problems = read_csv_grid("x.csv", "甲\u200b,1\r\n乙,2\u202e\r\n".encode())
    assert lines(grids[0]) == [["甲", "1"], ["乙", "2"]]
    found = [(x.code.id, x.place.line, x.place.column, x.severity) for x in problems]
    assert found == [("GK120", 1, 1, "error"), ("GK120", 2, 2, "error")]
    grids, problems = read_xlsx("x.xlsx", book(["甲\u200b", 1]))
    assert (lines(grids[0]), codes(problems)) == ([["甲", "1"]], ["GK120"])
    html = "<p>名\u200b</p><table><tr><td>甲&#8203;</td><td>1</td></tr></table>"
    grids, problems = read_html("x.html", page(html))
    assert (lines(grids[0]), grids[0].name) == ([["甲", "1"]], "名")
    assert [(x.code.id, x.severity) for x in problems] == [("GK120", "warning")]
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "甲\u200b"
    grids, problems = read_docx("x.docx", saved(document))
    assert (lines(grids[0]), codes(problems)) == ([["甲"]], ["GK120"])


def test_a_long_cell_is_cut_and_told() -> None:
    grids, problems = read_xlsx("x.xlsx", book(["甲" * 2001, "乙" * 2000]))
    assert [len(cell.text) for cell in grids[0].rows[0]] == [2000, 2000]
    assert [(x.code.id, x.place.column) for x in problems] == [("GK437", 1)]
    grids, problems = read_csv_grid("x.csv", ("1" * 2001).encode())
    assert (len(grids[0].rows[0][0].text), codes(problems)) == (2000, ["GK437"])


def shared_bomb(text: str, cells: int) -> bytes:
    """Return a small workbook whose cells all refer to one long text."""
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = made.add_worksheet()
    for row in range(cells):
        sheet.write_string(row, 0, text)
    made.close()
    return buffer.getvalue()


def test_a_text_that_many_cells_share_is_bounded_in_all() -> None:
    data = shared_bomb("甲" * 2000, 2100)
    assert len(data) < 50_000
    assert codes(read_xlsx("x.xlsx", data)[1]) == ["GK454"]


def test_a_merged_cell_keeps_its_text_once() -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "甲" * 2000
    made.active["CV1000"] = 1
    made.active.merge_cells("A1:CV999")
    (grid,), problems = read_xlsx("x.xlsx", saved(made))
    assert problems == []
    assert sum(len(cell.text) for row in grid.rows for cell in row) == 2001


def test_cells_are_counted_over_all_sheets_of_a_file() -> None:
    made = openpyxl.Workbook()
    for n in range(6):
        sheet = made.active if n == 0 else made.create_sheet()
        sheet["A1"], sheet["GR200"] = 1, 1  # forty thousand positions each
    grids, _ = read_xlsx("x.xlsx", saved(made))
    assert sum(len(row) for grid in grids for row in grid.rows) <= 200_000
    names = b"".join(b'<sheet name="%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(201))
    main = part(book([1]), "xl/workbook.xml").replace(b"</sheets>", names + b"</sheets>")
    assert codes(read_xlsx("x.xlsx", repacked(book([1]), xl__workbook_xml=main))[1]) == ["GK454"]


def test_a_large_file_is_refused_before_it_is_opened() -> None:
    data = repacked(book([1]), **{"xl__media__a.bin": bytes(range(256)) * 21_000})
    assert codes(read_xlsx("x.xlsx", data)[1]) == ["GK454"]
    assert codes(read_docx("x.docx", data)[1]) == ["GK454"]


@pytest.mark.parametrize("tag", [b"<c\t>", b"<c\n/>", b"<x:c>", b"<c/>"])
@pytest.mark.parametrize("name", ["xl__worksheets__sheet1_xml", "xl__elsewhere_xml"])
def test_cells_are_counted_however_they_are_written(
    tag: bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "CELLS_LIMIT", 50)
    data = repacked(book([1]), **{name: b"<worksheet>" + tag * 51 + b"</worksheet>"})
    assert codes(read_xlsx("x.xlsx", data)[1]) == ["GK454"]


def test_merged_cells_made_to_keep_a_search_busy() -> None:
    data = with_sheet(book([1]), b"</sheetData>", b"</sheetData>" + b"<mergeCell " * 90_000)
    begin = time.process_time()
    assert codes(read_xlsx("x.xlsx", data)[1]) in ([], ["GK450"], ["GK454"])
    assert time.process_time() - begin < 5


def test_nested_text_boxes_are_each_read_once() -> None:
    depth, box = 60, b"<w:p><w:r><w:txbxContent>"
    inner = b"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>7</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    body = box * depth + inner + b"</w:txbxContent></w:r></w:p>" * depth
    head = part(saved(docx.Document()), "word/document.xml").partition(b"<w:body>")[0]
    whole = head + b"<w:body>" + body + b"</w:body></w:document>"
    begin = time.process_time()
    data = repacked(saved(docx.Document()), word__document_xml=whole)
    grids, problems = read_docx("x.docx", data)
    assert ([lines(grid) for grid in grids], problems) == ([[["7"]]], [])
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    "html",
    [
        "<" + "a" * 1_000_000,
        "<table><tr><td " + "a" * 1_000_000 + ">1",
        "<table><tr><td " + "a " * 500_000 + ">1",
        "<table><tr><td a" + " " * 1_000_000 + ">1",
        "<table><tr><td>" + "<sup>x</sup>" * 200_000,
        "<table><tr><td>" + " <sup> </sup>" * 200_000,
    ],
    ids=lambda html: html[:24],
)
def test_long_names_and_many_marks_are_read_in_seconds(html: str) -> None:
    begin = time.process_time()
    _, problems = read_html("x.html", html.encode())
    assert set(codes(problems)) <= {"GK437"}
    assert time.process_time() - begin < 5


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damage_in_a_rarely_used_packing_is_a_problem(method: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package:
        package.writestr("xl/workbook.xml", b"<x>" + bytes(range(65, 90)) * 400 + b"</x>")
    data = bytearray(buffer.getvalue())
    begin = 30 + len("xl/workbook.xml")
    for at in range(begin, begin + 60):
        damaged = bytes(data[:at]) + bytes([data[at] ^ 0xFF]) + bytes(data[at + 1 :])
        grids, problems = read_xlsx("x.xlsx", damaged)
        assert grids == () and codes(problems) == ["GK450"], at
