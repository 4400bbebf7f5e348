from __future__ import annotations

import hashlib
import re
import socket
import subprocess
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gongkai.domain.reports.form import ReportForm
from gongkai.domain.reports.grid import match_grids
from gongkai.intake.office import read_html
from gongkai.press.templates import Templates
from gongkai.press.writers import portable as module
from gongkai.press.writers.portable import (
    Fonts,
    TooLongForPaper,
    find_fonts,
    layout,
    portable,
    print_digest,
    report_html,
    why_not,
)
from gongkai.views.pages import ProblemView, RateView, ReportPage, ReportPart
from gongkai.views.shared import MARK, Cell, Table
from report_samples import (
    AGENCY,
    FORMS,
    PROSE,
    ROOT,
    TITLE,
    elsewhere,
    found_texts,
    sample_figures,
    sample_page,
    texts_of,
)

FORM = FORMS["2021"]
MADE_ON = date(2026, 1, 20)
TEMPLATES = Templates(ROOT / "theme")
CSS = (ROOT / "theme" / "print" / "report.css").read_text("utf-8")
needs_fonts = pytest.mark.skipif(why_not() is not None, reason="no fonts or no pango here")


def html_of(form: ReportForm = FORM, **changes: Any) -> str:
    page = sample_page(form, sample_figures(form), **changes)
    return report_html(TEMPLATES, page, AGENCY, MADE_ON)


def html_of_page(page: ReportPage, base: str = "") -> str:
    return report_html(TEMPLATES, page, AGENCY, MADE_ON, base)


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    found = find_fonts()
    if found is None:
        pytest.skip("no fonts here")
    return found


def boxes(page: Any) -> Iterator[Any]:
    yield from page._page_box.descendants()


def tags(page: Any) -> list[str]:
    return [box.element_tag for box in boxes(page)]


@pytest.mark.parametrize("name", FORMS)
def test_figures_survive_the_way_through_the_page_for_paper(name: str) -> None:
    form = FORMS[name]
    grids, problems = read_html("x.html", html_of(form).encode())
    matched = match_grids(form, grids)
    assert problems == []
    assert found_texts(matched) == texts_of(sample_figures(form))
    assert (matched.unknown, matched.ambiguous) == ((), {})


@pytest.mark.parametrize("name", FORMS)
def test_figures_survive_the_way_through_the_page_of_the_site(name: str) -> None:
    form = FORMS[name]
    page = sample_page(form, sample_figures(form))
    template = TEMPLATES.environment.get_template("partials/gk/figure.html")
    html = "".join(
        f"<h2>{part.heading}</h2>"
        + "".join(template.render(figure=f, page_address="a/b/c.html") for f in part.tables)
        for part in page.parts
    )
    matched = match_grids(form, read_html("x.html", html.encode())[0])
    assert found_texts(matched) == texts_of(sample_figures(form))
    assert (matched.unknown, matched.ambiguous) == ((), {})


def test_links_into_the_site_are_made_whole_or_left_out() -> None:
    body = (
        f'<p><a href="{MARK}i/x.html">甲</a><a href="#p">乙</a><img src="{MARK}x.png" alt="图"></p>'
    )
    page = sample_page(FORM, sample_figures(FORM), parts=(ReportPart("p", "一", body, ()),))
    assert MARK not in html_of_page(page)
    assert '<a>甲</a><a href="#p">乙</a>' in html_of_page(page)
    assert '<a href="https://x.example/i/x.html">甲</a>' in html_of_page(page, "https://x.example/")


def test_the_page_for_paper_escapes_what_it_prints() -> None:
    html = html_of(title="<script>alert(1)</script>")
    assert "<script>" not in html


@needs_fonts
def test_it_is_tagged_and_tells_its_language_title_and_date(fonts: Fonts) -> None:
    data = portable(html_of(), CSS, fonts)
    plain = _inflated(data)
    assert data.startswith(b"%PDF-1.7")
    for words in (b"/StructTreeRoot", b"/Lang", b"/Table", b"/TH", b"/H1", b"pdfuaid"):
        assert words in plain, words
    assert b"zh-CN" in plain
    assert set(re.findall(rb"\(D:(\d{14})", plain)) == {b"20260120000000"}
    assert TITLE.encode("utf-16-be").hex() in data.hex() or TITLE.encode() in plain


@needs_fonts
def test_no_font_but_the_three_is_used_and_each_is_embedded(fonts: Fonts) -> None:
    odd = sample_page(FORM, sample_figures(FORM), title="标题 Ａ①㎡ é 😀 ع")
    plain = _inflated(portable(html_of_page(odd), CSS, fonts))
    names = set(re.findall(rb"/BaseFont ?/[A-Z]{6}\+([A-Za-z-]+)", plain))
    assert names <= {b"Noto-Serif-CJK-SC", b"Noto-Serif-CJK-SC-Bold", b"Noto-Sans-CJK-SC"}
    assert plain.count(b"/FontFile3") >= 3


@needs_fonts
@pytest.mark.parametrize("name", ["2021", "2017"])
def test_bytes_depend_on_nothing_of_the_machine_but_the_fonts(
    name: str, fonts: Fonts, tmp_path: Path
) -> None:
    html = html_of(FORMS[name])
    data = portable(html, CSS, fonts)
    assert data == portable(html, CSS, fonts)
    code = (
        "import hashlib; from pathlib import Path; from datetime import date;"
        "from report_samples import *;"
        "from gongkai.press.templates import Templates;"
        "from gongkai.press.writers.portable import *;"
        f"form = FORMS[{name!r}]; theme = ROOT / 'theme';"
        "page = sample_page(form, sample_figures(form));"
        "html = report_html(Templates(theme), page, AGENCY, date(2026, 1, 20));"
        "css = (theme / 'print' / 'report.css').read_text('utf-8');"
        "print(hashlib.sha256(portable(html, css, find_fonts())).hexdigest())"
    )
    assert elsewhere(code, tmp_path) == hashlib.sha256(data).hexdigest()


@needs_fonts
def test_nothing_is_fetched(fonts: Fonts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"not a picture")
    body = (
        f'<p><img src="https://x.example/a.png" alt="外图"><img src="{secret.as_uri()}" alt="本地">'
        '<img src="//x.example/b.png" alt="丙"></p>'
        '<link rel="stylesheet" href="https://x.example/a.css">'
        "<style>@import url(https://x.example/b.css); p {background: url(https://x.example/c)}"
        "</style>"
    )
    page = sample_page(FORM, sample_figures(FORM), parts=(ReportPart("p", "一", body, ()),))
    assert portable(html_of_page(page), CSS, fonts).startswith(b"%PDF")


@needs_fonts
@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("lead", range(0, 22, 3))
def test_a_head_or_heading_never_stands_without_what_follows(
    name: str, lead: int, fonts: Fonts
) -> None:
    """Wherever a table begins on a page, its head has lines below it, and no line is broken."""
    form = FORMS[name]
    before = ReportPart("lead", "", "<p>一行文字。</p>" * lead, ())
    page = sample_page(form, sample_figures(form))
    page = sample_page(form, sample_figures(form), parts=(before, *page.parts))
    document = layout(html_of_page(page), CSS, fonts)
    rows = 0
    for one in document.pages:
        for box in boxes(one):
            if type(box).__name__ == "TableBox":
                groups = [g for g in box.children if g.element_tag in ("thead", "tbody")]
                lines = [sum(1 for r in g.children if r.element_tag == "tr") for g in groups]
                assert [g.element_tag for g in groups] == ["thead", "tbody"], lines
                assert min(lines) >= 1
                rows += lines[1]
        last = [box for box in boxes(one) if box.element_tag in ("h2", "h3", "p", "table", "li")][
            -1
        ]
        assert last.element_tag not in ("h2", "h3")
    figures = sum(len(f.table.rows) for part in page.parts for f in part.tables)
    prose = sum(part.html.count("<td>救助") for part in page.parts)
    assert rows == figures + prose


@needs_fonts
@pytest.mark.parametrize("lead", range(0, 22, 5))
def test_the_large_table_stands_on_one_page(lead: int, fonts: Fonts) -> None:
    before = ReportPart("lead", "", "<p>一行文字。</p>" * lead, ())
    parts = sample_page(FORM, sample_figures(FORM)).parts
    page = sample_page(FORM, sample_figures(FORM), parts=(before, *parts))
    document = layout(html_of_page(page), CSS, fonts)
    held = [
        sum("matrix" in (box.element.get("class") or "") for box in boxes(one) if _is_table(box))
        for one in document.pages
    ]
    assert sum(held) == 1


def _is_table(box: Any) -> bool:
    return type(box).__name__ == "TableBox"


@needs_fonts
def test_the_head_of_a_long_table_is_repeated_on_every_page(fonts: Fonts) -> None:
    document = layout(html_of(FORMS["2017"]), CSS, fonts)
    heads = [tags(page).count("thead") for page in document.pages]
    tables = [sum(_is_table(box) for box in boxes(page)) for page in document.pages]
    assert heads == tables and sum(heads) > 2


@needs_fonts
def test_pages_are_numbered_and_of_the_size_of_paper(fonts: Fonts) -> None:
    document = layout(html_of(), CSS, fonts)
    for number, page in enumerate(document.pages, 1):
        assert (round(page.width), round(page.height)) == (794, 1123)
        words = "".join(getattr(box, "text", "") for box in boxes(page))
        assert f"— {number} —" in words


@needs_fonts
def test_every_kind_of_content_is_laid_out(fonts: Fonts) -> None:
    rows = tuple(
        (Cell(f"指标{n}", True, scope="row"), Cell("1", is_number=True)) for n in range(60)
    )
    table = Table("主要数字", ((Cell("指标", True), Cell("数值", True)),), rows, note="说明")
    html = html_of(
        figures=table,
        problems=(ProblemView("问题", "措施", "完成"), ProblemView("另一个", "", "")),
        rates=(RateView("办结率", "", "1÷0", "分母为零", ""),),
        is_invented=True,
        is_historical=True,
    )
    document = layout(html, CSS, fonts)
    words = "".join(getattr(box, "text", "") for page in document.pages for box in boxes(page))
    for text in ("主要数字", "另一个", "办结率", "演示数据", "历史样例", "两处总数不一致"):
        assert text in words
    assert PROSE.count("<li>") == 4


def test_only_the_fonts_that_are_allowed_are_used(fonts: Fonts) -> None:
    digests = {font.digest for font in fonts.files}
    assert find_fonts(digests) == fonts
    assert find_fonts({"0" * 64}) is None
    assert find_fonts(digests - {fonts.sans.digest}) is None
    for font in fonts.files:
        assert hashlib.sha256(font.path.read_bytes()).hexdigest() == font.digest
    assert "摘要不符" in str(why_not({"0" * 64}))


def test_a_font_in_an_odd_place_is_found_through_fontconfig(
    fonts: Fonts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FOLDERS", ())
    if module.shutil.which("fc-match") is None:
        assert find_fonts() is None
    else:
        assert find_fonts() == fonts


def test_it_says_in_chinese_what_is_missing(monkeypatch: pytest.MonkeyPatch, fonts: Fonts) -> None:
    def lost(name: str) -> None:
        raise OSError(f"cannot load library {name!r}")

    assert why_not() is None
    with monkeypatch.context() as patch:
        patch.setattr(module.importlib.util, "find_spec", lambda _: None)
        assert "pip install weasyprint" in str(why_not())
    with monkeypatch.context() as patch:
        patch.setattr(module.ctypes, "CDLL", lost)
        assert "apt-get install libpango" in str(why_not())
    monkeypatch.setattr(module, "_FOLDERS", ())
    monkeypatch.setattr(module.shutil, "which", lambda _: None)
    assert "fonts-noto-cjk" in str(why_not())


def test_the_environment_is_left_as_it_was(fonts: Fonts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "/nowhere")
    monkeypatch.delenv("FONTCONFIG_PATH", raising=False)
    with module._only(fonts):
        assert module.os.environ["FONTCONFIG_FILE"] != "/nowhere"
    assert module.os.environ["FONTCONFIG_FILE"] == "/nowhere"
    assert "FONTCONFIG_PATH" not in module.os.environ


def test_another_template_or_style_sheet_gives_another_digest(tmp_path: Path) -> None:
    theme = tmp_path / "theme"
    (theme / "words").mkdir(parents=True)
    (theme / "words" / "zh.json").write_text("{}", "utf-8")
    (theme / "print").mkdir()
    (theme / "print" / "report.css").write_text("a", "utf-8")
    before = print_digest(Templates(theme))
    (theme / "print" / "report.css").write_text("b", "utf-8")
    assert print_digest(Templates(theme)) != before


@needs_fonts
def test_its_text_can_be_copied(fonts: Fonts, tmp_path: Path) -> None:
    program = module.shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed")
    file = tmp_path / "x.pdf"
    file.write_bytes(portable(html_of(), CSS, fonts))
    done = subprocess.run([program, str(file), "-"], capture_output=True, check=True, timeout=60)
    text = re.sub(r"\s", "", done.stdout.decode())
    assert "政府信息公开工作年度报告" in text
    assert "3.危及“三安全一稳定”" in text


def _inflated(data: bytes) -> bytes:
    """Return a PDF with its streams unpacked."""
    parts = [data]
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            parts.append(zlib.decompress(match[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def test_a_page_too_long_for_paper_is_refused_at_once(fonts: Fonts) -> None:
    for html in ("<table>" + "<tr><td>1</td></tr>" * 20_001 + "</table>", "甲" * 2_000_001):
        with pytest.raises(TooLongForPaper):
            portable(html, CSS, fonts)


@needs_fonts
def test_characters_without_a_place_in_xml_are_left_out_of_a_pdf(fonts: Fonts) -> None:
    odd = "甲\ufffe\uffff\x00\x0b\x1f\ud800乙"
    assert portable(html_of(title=odd), CSS, fonts).startswith(b"%PDF")


def test_a_folder_that_is_not_ours_is_not_used_and_leaves_nothing_behind(
    fonts: Fonts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module.tempfile, "tempdir", str(tmp_path))
    theirs = tmp_path / f"gongkai-fonts-{module.os.getuid()}"
    theirs.write_text("not a folder", "utf-8")
    with module._only(fonts):
        assert len(list(tmp_path.iterdir())) == 2
    assert list(tmp_path.iterdir()) == [theirs]
