"""Yearly reports, their comparison and statistics in a browser: policy, phones, keys, paper."""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from acceptance.project import Project, where_to
from browser.test_journeys import TWINS
from gongkai.domain.reports.form import FigureRow, forms

Visit = Callable[..., Any]
EXPLORER = "r/index.html"
WRITTEN, COUNTED = "a/qinghe/report/2025.html", "a/mzj/report/2025.html"
PAGES = {
    "a report for others": WRITTEN,
    "a counted report": COUNTED,
    "its basis": "a/mzj/report/2025-basis.html",
    "a report of the first form": "a/czj/report/2020.html",
    "statistics as a tree": "a/wuhai/report/2017.html",
    "an old report": "a/zhuhui/report/2009.html",
    "a report on the web site": "a/qinghe/website/2025.html",
    "reports": "a/mzj/report/index.html",
    "reports of two scopes": "a/qinghe/report/index.html",
    "explorer": EXPLORER,
    "indicator": "r/received.html",
    "stock": "r/normative_in_force.html",
    "rankings": "r/rankings.html",
    "statistics": "d/statistics.html",
    "statistics of a body": "a/zhuhui/statistics.html",
    "assessment": "a/wuhai/assessment/2017.html",
}


def test_pages_of_reports_keep_to_the_policy_and_say_nothing_wrong(
    visitor: Any, demo: Project
) -> None:
    """``default-src 'self'``: no console message, no violation, no request that fails."""
    for name, address in PAGES.items():
        assert (demo.site / address).is_file(), name
        page = visitor.go(address)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.classList.contains('js')"), name
        visitor.check()
        inline = page.evaluate(
            "document.querySelectorAll('[style], style, script:not([src])').length"
        )
        assert inline == 0, name


def wide_parts(page: Page) -> list[str]:
    """Return what reaches past the right edge of the screen and does not scroll in its own box."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter((e) => {
          if (!e.checkVisibility() || e.closest(".gk-unseen")) return false;
          for (let at = e.parentElement; at; at = at.parentElement) {
            if (["auto", "scroll", "hidden"].includes(getComputedStyle(at).overflowX)) return false;
          }
          return e.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
        }).map((e) => e.tagName + "." + e.className).slice(0, 5)"""
    )


@pytest.mark.parametrize("width", [320, 768])
def test_no_page_of_reports_scrolls_sideways(visit: Visit, width: int) -> None:
    visitor = visit(width, 720)
    wrong = {}
    for name, address in PAGES.items():
        page = visitor.go(address)
        page.locator("main details").evaluate_all("all => all.forEach((e) => { e.open = true; })")
        found = page.evaluate("document.documentElement.scrollWidth")
        parts = wide_parts(page)
        if found > width or parts:
            wrong[name] = (found, parts)
    assert wrong == {}


# what a screen reader is told of table three


def heard(page: Page, selector: str) -> list[str]:
    """Return the texts below an element that the accessibility tree exposes, in order."""
    session = page.context.new_cdp_session(page)
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    at = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    assert at, selector
    answer = session.send("Accessibility.queryAXTree", {"nodeId": at, "role": "StaticText"})
    session.detach()
    return [n["name"]["value"].strip() for n in answer["nodes"] if not n["ignored"]]


def figures(texts: list[str]) -> Counter[str]:
    return Counter(text for text in texts if re.fullmatch(r"[0-9]+", text))


def stated(demo: Project, address: str) -> dict[str, dict[str, str]]:
    """Return the figures of table three as the report's own data give them."""
    data = json.loads(demo.text(address.replace(".html", ".json")))
    found: dict[str, dict[str, str]] = data["tables"]["s3_requests"]
    return found


def groups(rows: dict[str, dict[str, str]]) -> Iterator[tuple[str, list[FigureRow]]]:
    """Yield the numbered headings of the form with the rows below them."""
    table = forms()["2021"].table("s3_requests")
    assert table is not None
    assert [row.key for row in table.rows] == list(rows)
    for heading, held in groupby(table.rows, key=lambda row: row.headers[1:2]):
        yield (heading[0] if heading else ""), list(held)


@pytest.mark.parametrize("address", [WRITTEN, COUNTED])
def test_at_a_desk_each_of_the_175_figures_is_told_once(
    visit: Visit, demo: Project, address: str
) -> None:
    page = visit(1200, 900).go(address)
    wanted = Counter(value for row in stated(demo, address).values() for value in row.values())
    assert sum(wanted.values()) == 175
    assert figures(heard(page, "#t-s3_requests")) == wanted


def test_on_a_phone_each_figure_is_told_once_line_by_line(visit: Visit, demo: Project) -> None:
    page = visit(360, 720).go(WRITTEN)
    rows = stated(demo, WRITTEN)
    closed: Counter[str] = Counter()
    opened: Counter[str] = Counter()
    for heading, held in groups(rows):
        totals = [rows[row.key]["total"] for row in held]
        closed.update([str(sum(map(Decimal, totals)))] if heading else totals)
        opened.update([str(sum(map(Decimal, totals)))] if heading else [])
        for row in held:
            *parts, total = rows[row.key].values()
            opened.update([total, *(parts if any(part != "0" for part in parts) else [])])
    assert figures(heard(page, "#t-s3_requests")) == closed
    lines = page.locator("#t-s3_requests details")
    lines.evaluate_all("all => all.forEach((e) => { e.open = true; })")
    assert figures(heard(page, "#t-s3_requests")) == opened


def test_on_a_phone_a_counted_figure_is_a_link_and_is_told(visit: Visit, demo: Project) -> None:
    page = visit(360, 720).go(COUNTED)
    rows = stated(demo, COUNTED)
    line = page.locator("[id=n-s3_requests-new]")
    line.locator("summary").click()
    told = figures(heard(page, "[id=n-s3_requests-new] dl"))
    assert told == Counter(rows["new"].values())
    line.get_by_role("link", name=rows["new"]["natural"], exact=True).first.click()
    page.wait_for_url("**/2025-basis.html#s3_requests-new-natural")
    expect(page.locator("[id=s3_requests-new-natural]")).to_be_in_viewport()
    page.locator("[id=s3_requests-new-natural]").get_by_role("link", name="在报告中查看").click()
    page.wait_for_url("**/2025.html#n-s3_requests-new")
    expect(page.locator("[id=n-s3_requests-new]")).to_be_in_viewport()


# paper


def objects(pdf: bytes) -> dict[int, bytes]:
    return {
        int(n): body
        for n, body in re.findall(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL)
    }


def stream(body: bytes) -> str:
    found = re.search(rb"stream\r?\n(.*)\r?\nendstream", body, re.DOTALL)
    assert found
    return zlib.decompressobj().decompress(found[1]).decode("latin-1")


def letters(cmap: str) -> dict[str, str]:
    """Return what the codes of a font stand for."""
    found: dict[str, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            found[code.upper()] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = int(text, 16)
            for n in range(int(last, 16) - int(first, 16) + 1):
                found[f"{int(first, 16) + n:0{len(first)}X}"] = chr(start + n)
    return found


def texts_of(pdf: bytes) -> list[str]:
    """Return the text of each page of a PDF that Chromium made, without spaces."""
    held = objects(pdf)

    def kids(body: bytes) -> Iterator[bytes]:
        if b"/Type /Pages" not in body:
            yield body
            return
        listed = re.search(rb"/Kids \[(.*?)\]", body, re.DOTALL)
        assert listed
        for n in re.findall(rb"(\d+) 0 R", listed[1]):
            yield from kids(held[int(n)])

    (root,) = [body for body in held.values() if b"/Type /Pages" in body and b"/Parent" not in body]
    texts = []
    for page in kids(root):
        fonts = {}
        for name, n in re.findall(rb"/(F\d+) (\d+) 0 R", page):
            cmap = re.search(rb"/ToUnicode (\d+) 0 R", held[int(n)])
            fonts[name.decode()] = letters(stream(held[int(cmap[1])])) if cmap else {}
        contents = re.search(rb"/Contents (\d+) 0 R", page)
        assert contents
        codes: dict[str, str] = {}
        size, words = 4, []
        drawn = stream(held[int(contents[1])])
        for font, shown in re.findall(r"/(F\d+) \S+ Tf|<([0-9A-Fa-f]+)>", drawn):
            if font:
                codes = fonts.get(font, {})
                size = len(next(iter(codes), "0000"))
                continue
            for at in range(0, len(shown), size):
                words.append(codes.get(shown[at : at + size].upper(), ""))
        text = unicodedata.normalize("NFKC", "".join(words))
        texts.append(re.sub(r"\s+", "", text.translate(str.maketrans(TWINS))))
    return texts


@pytest.mark.parametrize("address", [WRITTEN, COUNTED, "a/czj/report/2020.html"])
def test_on_paper_table_three_keeps_its_head_with_its_rows(visitor: Any, address: str) -> None:
    page = visitor.go(address)
    pages = texts_of(page.pdf(format="A4"))
    assert len(pages) >= 3
    head = "本列数据的勾稽关系为"
    rows = ("一、本年新收政府信息公开申请数量", "(一)予以公开", "四、结转下年度继续办理")
    with_head = {n for n, text in enumerate(pages) if head in text}
    with_rows = {n for n, text in enumerate(pages) for row in rows if row in text}
    assert with_head and with_rows <= with_head, (with_head, with_rows)
    first = min(with_head)
    assert rows[0] in pages[first], "the head does not stand alone at the end of a page"
    for n in with_rows:
        assert "自然人" in pages[n] and "总计" in pages[n], "each page of the table has its head"


# the comparison of reports


def test_without_scripts_every_indicator_is_reached_by_links(visit: Visit, demo: Project) -> None:
    visitor = visit(java_script_enabled=False)
    page = visitor.go(EXPLORER)
    links = page.locator(".gk-series__links a")
    found = {where_to(EXPLORER, link.get_attribute("href") or "") for link in links.all()}
    assert found == {f"r/{key}.html" for key in demo.data("series")["values"]}
    assert all(link.is_visible() for link in links.all())
    assert page.locator("[data-gk-explore]").is_hidden(), "what needs a script is not shown"
    links.filter(has_text="收到政府信息公开申请").first.click()
    assert visitor.address == "r/received.html"
    expect(page.locator("table[data-gk-table]")).to_be_visible()
    expect(page.locator("tr[data-agency=mzj] td[data-year='2025']")).to_have_text("13")
    page.get_by_role("link", name="查询其他指标").click()
    assert visitor.address == EXPLORER
    page.get_by_role("link", name="指标排名").click()
    assert visitor.address == "r/rankings.html"
    visitor.wrong.clear()  # nothing reports violations without scripts


def result(page: Page) -> tuple[str, list[str]]:
    """Return the title of the drawing and the first column of the table below it."""
    box = page.locator("[data-gk-result]")
    expect(box.locator("figure svg[role=img]")).to_be_visible()
    title = box.locator("svg > title").text_content()
    return title or "", box.locator("tbody th").all_inner_texts()


def test_what_is_chosen_is_drawn_and_kept_in_the_address(visitor: Any, demo: Project) -> None:
    page = visitor.go(EXPLORER)
    first, _ = result(page)
    assert "收到政府信息公开申请" in first
    assert "?" not in page.url, "nothing has been chosen yet"
    page.locator("[data-gk-indicator]").select_option("granted")
    title, names = result(page)
    assert "予以公开" in title and title != first
    assert re.search(r"\?i=granted&a=[a-z,]+&y=\d{4}-\d{4}$", page.url)
    page.get_by_role("button", name="清除所选单位").click()
    expect(page.locator("[data-gk-told]")).to_have_text("请至少选择一个单位。")
    assert page.locator("[data-gk-result] > *").count() == 0
    page.get_by_label("县民政局", exact=True).check()
    page.locator("[data-gk-from]").select_option("2023")
    assert page.url.endswith("?i=granted&a=mzj&y=2023-2025")
    title, names = result(page)
    assert names == ["县民政局"]
    values = demo.data("series")["values"]["granted"]["mzj"]
    cells = page.locator("[data-gk-result] tbody td").all_inner_texts()
    assert cells == [values[year] for year in ("2023", "2024", "2025")]
    page.go_back()
    expect(page.locator("[data-gk-from]")).not_to_have_value("2023")
    page.go_back()
    expect(page.get_by_label("县民政局", exact=True)).not_to_be_checked()
    page.go_back()
    expect(page.locator("[data-gk-indicator]")).to_have_value("granted")
    page.go_back()
    expect(page.locator("[data-gk-indicator]")).to_have_value("received")
    assert result(page)[0] == first
    page.go_forward()
    expect(page.locator("[data-gk-indicator]")).to_have_value("granted")


def test_a_shared_address_shows_what_was_chosen_and_says_what_it_left_out(visitor: Any) -> None:
    page = visitor.go(f"{EXPLORER}?i=concluded&a=mzj,rsj&y=2024-2025")
    title, names = result(page)
    assert "办结申请" in title and names == ["县民政局", "县人社局"]
    page.reload()
    assert result(page) == (title, names)
    page = visitor.go(f"{EXPLORER}?i=nothing&a=mzj,nobody&y=1999")
    assert result(page)[1] == ["县民政局"]
    expect(page.locator("[data-gk-told]")).to_contain_text("链接中有本页没有的选项，已略去。")
    page = visitor.go("a/rsj/report/index.html")
    page.get_by_role("link", name="与其他单位比较").click()
    assert visitor.address == EXPLORER and page.url.endswith("?a=rsj")
    assert "县人社局" in result(page)[1]


def test_a_comparison_needs_no_mouse(visitor: Any) -> None:
    page = visitor.go(EXPLORER)
    result(page)
    page.locator("[data-gk-indicator]").focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(page.locator("[data-gk-indicator]")).to_have_value("concluded")
    assert "办结申请" in result(page)[0] and "i=concluded" in page.url
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "gk-explore-to"
    page.keyboard.press("Tab")
    box = page.evaluate("document.activeElement.value")
    was = page.evaluate("document.activeElement.checked")
    page.keyboard.press("Space")
    held = page.locator(f"input[name=a][value={box}]")
    expect(held).to_be_checked(checked=not was)
    assert page.evaluate("document.activeElement.value") == box, "the focus stays"
    outline = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
    assert outline >= 2
    told = page.locator("[data-gk-told]")
    assert told.get_attribute("role") == "status" and told.inner_text()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("'gkClear' in document.activeElement.dataset"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("input[name=a]:checked")).to_have_count(0)
    assert page.evaluate("document.activeElement.name") == "a"


def test_lost_data_say_so_and_leave_the_tables(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.route("**/data/series.json", lambda route: route.abort())
    visitor.go(EXPLORER)
    expect(page.get_by_role("alert")).to_contain_text("数据加载失败")
    expect(page.locator(".gk-series__links a").first).to_be_visible()
    page.unroute("**/data/series.json")
    page.get_by_role("button", name="重试").click()
    assert "收到政府信息公开申请" in result(page)[0]
    visitor.wrong.clear()  # the failed request was ours
