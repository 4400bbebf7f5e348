"""What a reader does: goes to an entry, downloads a file, searches, types, prints."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from acceptance.project import Project, read_page, where_to

Rows = list[dict[str, Any]]
Visit = Callable[..., Any]
RESULTS = "[data-gk-results] > li"


def test_from_home_by_column_and_entry_to_the_attachment(
    visitor: Any, demo: Project, rows: Rows
) -> None:
    row = next(
        r
        for r in rows
        if r["column"] == "statistics"
        and r["kind"] == "document"
        and 'class="gk-files"' in demo.text(r["address"])
    )
    page = visitor.go("index.html")
    page.locator("section[aria-labelledby=columns]").get_by_role("link", name="统计信息").click()
    assert visitor.address == "c/statistics/index.html"
    page.locator(".gk-rows").get_by_role("link", name=row["title"], exact=True).click()
    assert visitor.address == row["address"]
    expect(page.locator("h1")).to_have_text(row["title"])
    link = page.locator(".gk-files a").first
    with page.expect_download() as download:
        link.click()
    data = Path(download.value.path()).read_bytes()
    assert data in {p.read_bytes() for p in demo.content.glob("agencies/*/files/*")}
    assert download.value.suggested_filename == link.get_attribute("download")


def test_the_crumbs_lead_back_to_the_chosen_level(visitor: Any) -> None:
    page = visitor.go("a/heyan/index.html")
    page.locator(".gk-crumbs").get_by_role("link", name="乡镇").click()
    assert visitor.address == "index.html"
    expect(page.get_by_role("radio", name="乡镇")).to_be_checked()
    expect(page.locator(".gk-levels__panel").get_by_role("link", name="河沿镇")).to_be_visible()


def test_a_document_number_is_found_in_any_brackets(visitor: Any, rows: Rows) -> None:
    wanted = {"青民发〔2026〕12号", "孟政办〔2011〕21号", "松山管发〔2017〕45号"}
    held = {r["document_number"]: r["address"] for r in rows if r["document_number"] in wanted}
    assert set(held) == wanted
    for number, address in held.items():
        for brackets in ("〔〕", "[]", "【】"):
            query = number.replace("〔", brackets[0]).replace("〕", brackets[1])
            assert visitor.ask(query)[0] == address, query


def test_an_index_number_is_found_however_it_is_typed(visitor: Any, rows: Rows) -> None:
    number = "QH0000028/2026-00004"
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    for query in (number, number.lower(), wide, f"  {number} "):
        assert visitor.ask(query)[0] == f"i/{number}.html", query


def test_a_word_of_two_characters_finds_titles_first(visitor: Any, rows: Rows) -> None:
    titles = {r["address"]: r["title"] for r in rows}
    for word, same in (("停车", "停车"), ("低保", "最低生活保障"), ("预算", "预算")):
        hits = visitor.ask(word)
        assert hits
        expected = [a for a, title in titles.items() if word in title or same in title]
        assert expected, word
        assert word in titles[hits[0]] or same in titles[hits[0]], word
    marks = visitor.page.locator(f"{RESULTS} mark").all_inner_texts()
    assert "预算" in marks


def test_a_single_character_finds_what_holds_it(visitor: Any, rows: Rows) -> None:
    titles = [r["title"] for r in rows]
    lone = next(
        c
        for t in titles
        for c in t
        if sum(c in other for other in titles) == 1 and "一" <= c <= "鿿"
    )
    address = next(r["address"] for r in rows if lone in r["title"])
    assert visitor.ask(lone)[0] == address, lone


def test_a_title_finds_its_own_page_first(visitor: Any, rows: Rows) -> None:
    missed = [r["title"] for r in rows[::6] if visitor.ask(r["title"])[0] != r["address"]]
    assert missed == []


def test_what_is_not_published_is_not_found(visitor: Any, demo: Project) -> None:
    hidden = [p for p, s in demo.states().items() if s in ("held_back", "scheduled", "counted")]
    assert hidden
    for path in hidden:
        text = (demo.content / path).read_text("utf-8")
        number = text.split("index_number: ")[1].split("\n")[0]
        title = text.split("title: ")[1].split("\n")[0]
        assert f"i/{number}.html" not in visitor.ask(number)
        assert f"i/{number}.html" not in visitor.ask(title)


def test_nothing_found_says_so_and_offers_to_apply(visitor: Any) -> None:
    assert visitor.ask("魑魅魍魉饕餮") == []
    page = visitor.page
    none = page.locator("[data-gk-none]")
    expect(none).to_be_visible()
    expect(none).to_contain_text("未找到相关信息，可换个说法，或申请公开")
    none.get_by_role("link", name="申请公开").click()
    page.wait_for_url("**/help/apply.html*")


def test_a_deep_link_answers_and_the_back_button_returns(visitor: Any) -> None:
    page = visitor.go("search/index.html?q=临时救助")
    expect(page.locator(RESULTS).first).to_be_visible()
    expect(page.locator("#gk-query")).to_have_value("临时救助")
    before = page.locator(".gk-result__title").all_inner_texts()
    page.locator(".gk-result__title").first.click()
    assert visitor.address.startswith("i/")
    page.go_back()
    expect(page.locator(RESULTS).first).to_be_visible()
    assert page.locator(".gk-result__title").all_inner_texts() == before
    page.locator("#gk-query").fill("教师")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]q=%E6%95%99%E5%B8%88"))
    page.reload()
    expect(page.locator("[data-gk-count]")).to_have_text(re.compile(r"共\d+条"))
    expect(page.locator("#gk-query")).to_have_value("教师")


def test_the_header_s_box_leads_to_the_results(visitor: Any) -> None:
    page = visitor.go("i/QH0000028/2026-00004.html")
    page.locator("#gk-find").fill("殡葬")
    page.get_by_role("search", name="全站搜索").get_by_role("button", name="搜索").click()
    page.wait_for_url("**/search/index.html?q=*")
    expect(page.locator(RESULTS).first).to_contain_text("殡葬")


def test_results_may_be_ordered_by_time_and_cleared(visitor: Any) -> None:
    visitor.ask("通知")
    page = visitor.page
    page.get_by_role("radio", name="按发布时间").check()
    page.locator("[data-gk-area][aria-busy=false]").wait_for()
    days = page.locator(f"{RESULTS} time").all_inner_texts()
    assert len(days) > 3
    assert days == sorted(days, reverse=True)
    assert "order=time" in page.url
    page.get_by_role("button", name="清空条件").click()
    expect(page.locator(RESULTS)).to_have_count(0)
    expect(page.locator("#gk-query")).to_be_focused()
    assert "q=" not in page.url


def test_hostile_queries_are_only_text(visitor: Any) -> None:
    for query in (
        "<img src=x onerror=alert(1)>停车",
        "停车 +title:* ~1 -x ^9",
        "\\*",
        "%00",
        "😀停车",
    ):
        visitor.ask(query)
        assert visitor.page.locator("#gk-query").input_value() == query
        assert visitor.page.locator(f"{RESULTS} img").count() == 0


def focused(page: Page) -> str:
    """Return what has the focus, in a word."""
    return page.evaluate(
        "(() => { const at = document.activeElement;"
        " return at.id || at.className.split(' ')[0] || at.tagName; })()"
    )


def has_visible_focus(page: Page) -> bool:
    return page.evaluate(
        "(() => { const at = getComputedStyle(document.activeElement);"
        " return parseFloat(at.outlineWidth) >= 2 && at.outlineStyle !== 'none'; })()"
    )


def test_the_keyboard_reaches_skip_link_search_and_navigation_in_order(visitor: Any) -> None:
    page = visitor.go("i/QH0000028/2026-00004.html")
    order = []
    for _ in range(6):
        page.keyboard.press("Tab")
        order.append(focused(page))
        assert has_visible_focus(page), order
    assert order[:5] == ["gk-skip", "gk-brand", "gk-find", "gk-find__button", "gk-nav__link"]
    page.reload()
    page.keyboard.press("Tab")
    expect(page.locator(".gk-skip")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    assert focused(page) == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_a_search_needs_no_mouse(visitor: Any) -> None:
    page = visitor.go("d/index.html")
    page.keyboard.press("/")
    assert focused(page) == "gk-find"
    page.keyboard.type("殡葬补贴")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/index.html?q=*")
    title = page.locator(f"{RESULTS} .gk-result__title").first
    expect(title).to_be_visible()
    wanted = where_to("search/index.html", title.get_attribute("href") or "")
    page.keyboard.press("/")
    assert focused(page) == "gk-query"
    page.keyboard.type("/")
    assert page.locator("#gk-query").input_value().endswith("/"), "a slash may be typed"
    for _ in range(8):
        page.keyboard.press("Tab")
        assert has_visible_focus(page)
        if focused(page) == "gk-result__title":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{wanted}")


def test_the_home_page_switches_levels_by_mouse_and_keyboard(visitor: Any) -> None:
    page = visitor.go("index.html")
    panels = page.locator(".gk-levels__panel")

    def shown() -> list[str]:
        return [p.get_attribute("aria-label") or "" for p in panels.all() if p.is_visible()]

    assert panels.count() == 3
    assert shown() == ["县政府"]
    page.locator(".gk-levels").get_by_text("乡镇", exact=True).first.click()
    assert shown() == ["乡镇"]
    page.locator("input[name=level]:checked").focus()
    page.keyboard.press("ArrowLeft")
    assert shown() == ["部门"]
    page.locator(".gk-levels__panel").get_by_role("link", name="民政局").click()
    assert visitor.address == "a/mzj/index.html"


def test_the_size_of_the_text_may_be_chosen_and_is_kept(visitor: Any) -> None:
    page = visitor.go("i/QH0000028/2026-00004.html")

    def size() -> float:
        return page.evaluate(
            "parseFloat(getComputedStyle(document.querySelector('.gk-prose p')).fontSize)"
        )

    medium = size()
    page.get_by_role("button", name="大", exact=True).click()
    large = size()
    assert large > medium
    visitor.go("i/QH0000028/2026-00005.html")
    expect(page.get_by_role("button", name="大", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="小", exact=True).click()
    assert size() < medium


def test_the_tools_print_and_copy(visitor: Any) -> None:
    page = visitor.go("i/QH0000028/2026-00004.html")
    page.evaluate("window.print = () => { window.gkPrinted = true; }")
    page.get_by_role("button", name="打印").click()
    assert page.evaluate("window.gkPrinted") is True
    page.get_by_role("button", name="复制链接").click()
    expect(page.locator(".gk-tools [data-gk-said]")).to_have_text(re.compile("已复制|复制失败"))


NARROW = (
    "home", "platform", "historical platform", "directory", "facet", "column", "document",
    "service", "budget", "institution", "guide", "report", "old report", "reports", "apply",
    "search", "help", "fields", "map", "on request",
)  # fmt: skip


@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_scrolls_sideways(visit: Visit, samples: dict[str, str], width: int) -> None:
    visitor = visit(width, 800)
    wide = {}
    for name in NARROW:
        page = visitor.go(samples[name])
        found = page.evaluate("document.documentElement.scrollWidth")
        if found > width:
            wide[name] = found
    assert wide == {}
    visitor.ask("通知")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_kind_of_page_keeps_to_the_policy(visitor: Any, samples: dict[str, str]) -> None:
    for name, address in samples.items():
        page = visitor.go(address)
        expect(page.locator("h1")).to_be_visible()
        visitor.check()
        assert page.evaluate("document.documentElement.classList.contains('js')"), name


def test_a_site_works_from_the_root_of_a_server_too(visit: Visit, demo: Project, base: str) -> None:
    """The same files, asked for from ``/zwgk/`` elsewhere; here only links are followed."""
    visitor = visit()
    page = visitor.go("index.html")
    for link in page.locator(".gk-nav__link").all():
        href = link.get_attribute("href") or ""
        assert not href.startswith("/")
        assert (demo.site / where_to("index.html", href)).is_file()


# a font may draw a character by the glyph of the radical that looks the same
TWINS = dict(
    zip(
        "⺠⻘⻬⻅⻓⻔⻚⻋⻢⻥⻦⻜⻛⻩⻰⻄⻆⻉⻙⻮⻳⺟⼾⻝",
        "民青齐见长门页车马鱼鸟飞风黄龙西角贝韦齿龟母户食",
        strict=True,
    )
)


def characters_of(pdf: bytes) -> set[str]:
    """Return every character that the fonts of a PDF can be read back as."""
    found: set[str] = set()
    for data in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            text = zlib.decompressobj().decompress(data).decode("latin-1")
        except zlib.error:
            continue
        for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
            for code in re.findall(r"<[0-9A-Fa-f]+>\s*<([0-9A-Fa-f]+)>", block):
                found.update(bytes.fromhex(code).decode("utf-16-be"))
        for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
            for first, last, code in re.findall(
                r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block
            ):
                start = int.from_bytes(bytes.fromhex(code), "big")
                found.update(chr(start + n) for n in range(int(last, 16) - int(first, 16) + 1))
    return {
        c
        for character in found
        for c in (character, unicodedata.normalize("NFKC", character), TWINS.get(character, ""))
    }


@pytest.mark.parametrize("name", ["document", "report"])
def test_paper_shows_the_text_and_not_the_navigation(
    visitor: Any, samples: dict[str, str], demo: Project, name: str
) -> None:
    address = samples[name]
    page = visitor.go(address)
    page.emulate_media(media="print")
    for part in (".gk-top", ".gk-nav", ".gk-foot", ".gk-crumbs", ".gk-tools", ".gk-skip"):
        assert all(not n.is_visible() for n in page.locator(part).all()), part
    shown = re.sub(r"\s+", "", page.locator("body").inner_text())
    source = read_page(demo.text(address))
    for part in source.all("div", "gk-only-narrow"):  # what a phone shows in place of a table
        assert part.parent is not None
        part.parent.children = [child for child in part.parent.children if child is not part]
    doc = next(n for n in source.nodes if "data-gk-doc" in n.attrs)
    for words in (source.h1, *re.findall(r"\S{6,}", doc.text())[:40]):
        assert re.sub(r"\s+", "", words) in shown, words
    pdf = page.pdf()
    assert pdf.startswith(b"%PDF")
    wanted = {c for c in source.h1 + doc.text() if "一" <= c <= "鿿" or c.isdigit()}
    assert wanted - characters_of(pdf) == set()
    if name == "report":
        tables = page.locator(".gk-table--matrix table")
        assert tables.locator("tbody tr").count() == 25
        box = page.locator(".gk-table--matrix .gk-table__box").first
        assert box.evaluate("e => e.scrollWidth - e.clientWidth") <= 1, "no figure is cut off"


def test_without_scripts_pages_are_read_and_search_leads_to_the_directory(
    visit: Visit, samples: dict[str, str], rows: Rows
) -> None:
    visitor = visit(java_script_enabled=False)
    page = visitor.page
    for name in ("home", "document", "service", "report", "guide", "column", "apply"):
        visitor.go(samples[name])
        expect(page.locator("h1")).to_be_visible()
        assert len(page.locator("main").inner_text()) > 150, name
    visitor.go(samples["document"])
    expect(page.locator(".gk-prose p").first).to_be_visible()
    assert page.locator(".gk-tools").is_hidden(), "what needs a script is not shown without"
    visitor.go("index.html")
    page.locator(".gk-levels").get_by_text("乡镇", exact=True).first.click()
    expect(page.locator(".gk-levels__panel").get_by_role("link", name="河沿镇")).to_be_visible()
    page.locator("#gk-find").fill("停车")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/index.html?q=*")
    page.locator("main").get_by_role("link", name="公开目录").click()
    page.wait_for_url("**/d/index.html")
    page.get_by_role("link", name="按年份").click()
    visitor.wrong.clear()  # nothing reports violations without scripts
