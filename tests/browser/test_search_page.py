"""What a reader who searches sees: suggestions, results, their address, filters, help, failures."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from acceptance.project import Project

RESULTS = "[data-gk-results] > li"
STANDING = "[data-gk-found]:not([hidden]) [data-gk-area][aria-busy=false]"
Visit = Callable[..., Any]
ASSETS = Path(__file__).parent.parent.parent / "theme" / "assets"
NUMBER = "青民发〔2026〕12号"
DOCUMENT = "i/QH0000028/2026-00004.html"

# An engine with the answers of a small site which has everything that a page may be told.
ENGINE = """
(function () {
  "use strict";
  const ALL = 2345;
  const card = (n) => ({
    url: "i/QH0000028/2026-00004.html", index: "QH0000028/2026-" + (10000 + n),
    title: n ? "通知第" + n + "件" : "<img src=x onerror=alert(1)>通知",
    document_number: n % 2 ? "" : "青民发〔2026〕" + n + "号",
    agency: "mzj", agency_label: "民政局", published: n % 2 ? "2026-03-01" : "2026-03-01 09:30",
    column_label: "通知公告", validity: n === 2 ? "已废止" : "", kind: "entry", kind_label: "文件",
    summary: n === 3 ? "一、申请；" : "关于<b>通知</b>的通知",
  });
  const many = (q) => (/通知/.test(q) ? ALL : /三件/.test(q) ? 3 : /混合/.test(q) ? 13 : 0);
  const full = (q, total) => (/混合/.test(q) ? 12 : total);
  const engine = {
    open: () => Promise.resolve({ documents: ALL, labels: {
      agency: { czj: "财政局", mzj: "民政局", qinghe: "青河县人民政府" },
      validity: { repealed: "已废止" },
    } }),
    search({ q, filters, from, size }) {
      const isPast = (filters.year || []).includes("1999");
      const whole = many(q);
      const total = isPast ? 0 : whole;
      const hits = [];
      for (let n = from; n < Math.min(total, from + size); n += 1) {
        hits.push({
          number: n, card: card(n), score: 1, isExact: n === 1, isLapsed: n === 2,
          isWeak: n >= full(q, total), isUnproven: n === 3,
        });
      }
      return Promise.resolve({
        total, isLower: /以上/.test(q), isPartial: /缺/.test(q), isLoose: /近似/.test(q), hits,
        full: full(q, total), missing: /99号/.test(q) ? q : null,
        words: q.split(/\\s+/).filter(Boolean).map((text) => ({ text, found: text === "停车" })),
        marks: ["通知"], suggestion: /通之/.test(q) ? "通知" : null,
        hidden: whole - total, excludedOnly: /^-/.test(q),
      });
    },
    suggest: () => Promise.resolve(
      [0, 1, 2].map((n) => Object.assign(card(n), { isExact: false })),
    ),
    exact: () => Promise.resolve(null),
    context: (url, marks) => {
      engine.asked = (engine.asked || 0) + 1;
      return Promise.resolve(["……现将<b>通知</b>印发……", "", null][(engine.asked - 1) % 3]);
    },
    facets: ({ filters }) => Promise.resolve({
      agency: [["czj", "财政局", 3], ["mzj", "民政局", 12], ["none", "<b>无</b>", 1]],
      column: Array.from({ length: 12 }, (_, n) => ["c" + n, "栏目" + n, 12 - n]),
      subject: [["T02", "综合政务", 5]], kind: [],
      validity: [["repealed", "已废止", 1], ["in_force", "现行有效", 9]],
      year: [["2026", "2026", 9], ["2025", "2025", 7]],
    }),
  };
  self.gongkaiSearch = { create: () => engine };
  if (typeof document === "undefined") {
    self.onmessage = ({ data }) => engine[data.method](...data.args)
      .then((result) => self.postMessage({ id: data.id, result }));
  }
})();
"""


def standing(page: Page) -> None:
    """Wait until results, or the help in their place, stand."""
    page.locator(STANDING).wait_for()


def pretend(visitor: Any) -> None:
    """Answer with the small engine instead of the shipped one."""
    visitor.page.route(
        "**/search/engine.js",
        lambda route: route.fulfill(body=ENGINE, content_type="text/javascript"),
    )


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def titles(page: Page) -> list[str]:
    return page.locator(f"{RESULTS} .gk-result__title").all_inner_texts()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


def stands_at(page: Page, place: int) -> None:
    """Wait until the page is scrolled to a place."""
    for _ in range(50):
        if abs(page.evaluate("window.scrollY") - place) < 5:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"at {page.evaluate('window.scrollY')}, not {place}")


# the box of every page


def test_the_engine_is_loaded_when_one_begins_to_type(visitor: Any) -> None:
    seen: list[str] = []
    visitor.page.on("request", lambda request: seen.append(request.url))
    page = visitor.go("c/index.html")
    page.locator("#gk-find").focus()
    page.wait_for_timeout(300)
    assert [url for url in seen if "/search/" in url] == []
    page.keyboard.type("临时救助")
    expect(page.get_by_role("option").first).to_be_visible()
    assert any(url.endswith("/search/engine.js") for url in seen)


@pytest.mark.parametrize("where", ["index.html", "c/index.html", DOCUMENT])
def test_titles_are_suggested_at_every_depth(visitor: Any, where: str) -> None:
    page = visitor.go(where)
    box = page.locator("#gk-find")
    box.press_sequentially("临时救助")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("临时救助")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".gk-find [role=status]")).to_have_text(
        re.compile(r"有\d+条提示，可用上下方向键选择")
    )
    options.first.click()
    page.wait_for_url("**/i/**")
    expect(page.locator("h1")).to_contain_text("临时救助")


def test_suggestions_are_chosen_by_keys(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("c/index.html")
    box = page.locator("#gk-find")
    expect(box).to_have_attribute("role", "combobox")
    box.press_sequentially("通知")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    expect(options.first).to_contain_text("<img src=x onerror=alert(1)>通知")
    expect(page.get_by_role("listbox", name="搜索提示")).to_be_visible()
    expect(options.locator(".gk-tag")).to_have_text(["已废止"])
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(chosen).to_have_text(re.compile("通知第1件"))
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(chosen).to_have_count(0)
    assert box.get_attribute("aria-activedescendant") is None, "back in the field"
    page.keyboard.press("ArrowUp")
    expect(chosen).to_have_text(re.compile("通知第2件"))
    page.keyboard.press("Escape")
    expect(page.locator("#gk-find-list")).to_be_hidden()
    expect(box).to_have_value("通知")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(options).to_have_count(3)
    page.keyboard.press("Tab")
    expect(page.locator("#gk-find-list")).to_be_hidden()
    box.focus()
    page.keyboard.press("ArrowDown")
    expect(options).to_have_count(3)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/" + DOCUMENT)


def test_the_arrow_opens_what_the_mouse_would(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("c/index.html")
    page.locator("#gk-find").press_sequentially("通知")
    page.get_by_role("option").nth(1).click()
    page.wait_for_url("**/" + DOCUMENT)


@pytest.mark.parametrize("typed", [NUMBER, "青民发[2026]12号", "QH0000028/2026-00004"])
def test_an_exact_number_goes_straight_to_the_document(visitor: Any, typed: str) -> None:
    page = visitor.go("c/index.html")
    page.locator("#gk-find").press_sequentially(typed)
    first = page.get_by_role("option").first
    expect(first).to_contain_text("直达")
    number = page.get_by_role("option").count()
    expect(page.locator(".gk-find [role=status]")).to_contain_text(f"有{number}条提示")
    page.keyboard.press("Enter")
    page.wait_for_url("**/" + DOCUMENT)


def test_an_exact_number_has_a_way_to_all_results_too(visitor: Any) -> None:
    page = visitor.go("c/index.html")
    page.locator("#gk-find").press_sequentially(NUMBER)
    every = page.get_by_role("option").last
    expect(every).to_have_text(f"查看“{NUMBER}”的全部检索结果")
    every.click()
    page.wait_for_url("**/search/index.html?q=*")
    standing(page)
    expect(page.locator(RESULTS).first).to_contain_text("直达")
    assert asked(page) == {"q": [NUMBER]}


def test_a_hasty_number_goes_straight_by_way_of_the_results(visitor: Any) -> None:
    page = visitor.go("c/index.html")
    page.locator("#gk-find").fill(NUMBER)
    page.keyboard.press("Enter")
    page.wait_for_url("**/" + DOCUMENT)
    page.go_back()
    page.wait_for_url("**/c/index.html")


def test_a_composed_word_is_not_sent_by_the_key_that_ends_it(visitor: Any) -> None:
    page = visitor.go("c/index.html")
    page.locator("#gk-find").focus()
    session = page.context.new_cdp_session(page)
    composed = {"text": "tongzhi", "selectionStart": 7, "selectionEnd": 7}
    session.send("Input.imeSetComposition", composed)
    page.wait_for_timeout(400)
    expect(page.get_by_role("option")).to_have_count(0)
    page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
        " { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))"
    )
    assert visitor.address == "c/index.html"
    session.send("Input.insertText", {"text": "通知"})
    expect(page.get_by_role("option").first).to_be_visible()


def test_whoever_saves_data_is_not_sent_suggestions(visitor: Any) -> None:
    seen: list[str] = []
    visitor.page.on("request", lambda request: seen.append(request.url))
    visitor.page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'connection',"
        " { get: () => ({ saveData: true }) })"
    )
    page = visitor.go("c/index.html")
    page.locator("#gk-find").press_sequentially("通知")
    page.wait_for_timeout(500)
    assert [url for url in seen if "/search/" in url] == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/index.html?q=*")
    standing(page)
    expect(page.locator(RESULTS).first).to_be_visible()
    assert not page.locator("[data-gk-filters]").evaluate("e => e.open")
    assert [url for url in seen if "/search/f/" in url] == []


def test_the_box_works_where_the_engine_does_not(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.route("**/search/engine.js", lambda route: route.abort())
    visitor.go("c/index.html")
    page.locator("#gk-find").press_sequentially("临时救助")
    page.wait_for_timeout(400)
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/index.html?q=*")
    expect(page.get_by_role("alert")).to_contain_text("检索数据加载失败，请点击重试")
    page.unroute("**/search/engine.js")
    page.get_by_role("button", name="重试").click()
    expect(page.locator(RESULTS).first).to_be_visible()
    visitor.wrong.clear()  # the failed requests were ours


def test_what_one_asks_never_leaves_the_browser(visitor: Any) -> None:
    told: list[str] = []

    def note(request: Any) -> None:
        told.append(request.url + " " + str(request.headers.get("referer")))

    visitor.page.on("request", note)
    page = visitor.go("c/index.html")
    page.locator("#gk-find").press_sequentially("临时救助")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/index.html?q=*")
    standing(page)
    page.locator(".gk-result__more").first.click()
    page.locator(".gk-result__context").first.wait_for()
    page.locator(".gk-result__title").first.click()
    page.wait_for_url("**/i/**")
    words = (quote("临时救助"), "临时救助")
    # what stands behind "#" is not sent; the browser's own list of requests shows it
    sent = [line for line in told if any(word in line.partition("#")[0] for word in words)]
    assert sent == []
    referers = [line for line in told if any(word in line.rpartition(" ")[2] for word in words)]
    assert referers == []


# results


def test_results_are_counted_and_paged_in_their_own_address(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html?q=通知")
    standing(page)
    expect(page.locator(RESULTS)).to_have_count(10)
    expect(page.locator("[data-gk-count]")).to_have_text("共2345条，列出前1000条")
    pager = page.get_by_role("navigation", name="翻页")
    expect(pager).to_contain_text("第1/100页")
    steps = pager.locator("li").all_inner_texts()
    assert steps == ["首页", "上一页", "下一页", "尾页"]
    assert pager.get_by_role("link").all_inner_texts() == ["下一页", "尾页"]
    pager.get_by_role("link", name="下一页").click()
    expect(pager).to_contain_text("第2/100页")
    assert asked(page) == {"q": ["通知"], "page": ["2"]}
    assert focused(page) == "gk-results"
    expect(page.locator("[data-gk-said]")).to_have_text("共2345条，列出前1000条，第2页")
    assert titles(page)[0] == "通知第10件"
    expect(page.get_by_role("heading", level=2)).to_have_text("“通知”的检索结果")
    expect(page).to_have_title(re.compile("^通知 - "))
    pager.get_by_role("link", name="尾页").click()
    expect(pager).to_contain_text("第100/100页")
    visitor.go("search/index.html?q=三件&page=9")
    standing(page)
    expect(page.locator(RESULTS)).to_have_count(3)
    expect(page.locator("[data-gk-count]")).to_have_text("共3条")
    assert asked(page) == {"q": ["三件"]}, "a page that is not there leads to the last"
    expect(page.get_by_role("navigation", name="翻页")).to_have_count(0)


def test_a_lower_bound_and_a_part_of_the_words_are_said_to_be_so(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html?q=三件以上")
    standing(page)
    expect(page.locator("[data-gk-count]")).to_have_text("至少3条")
    visitor.go("search/index.html?q=三件缺")
    standing(page)
    expect(page.locator("[data-gk-count]")).to_have_text(
        "没有同时含有全部词语的信息，以下3条含有部分词语"
    )


def test_hits_with_some_of_the_words_stand_apart_and_are_counted_apart(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html?q=混合&page=2")
    standing(page)
    expect(page.locator("[data-gk-count]")).to_have_text("共12条，另有1条只含有部分词语")
    expect(page.locator(RESULTS)).to_have_count(3)
    apart = page.get_by_role("list", name="以下信息只含有部分词语")
    expect(apart.get_by_role("heading", level=3)).to_have_text(["通知第12件"])
    expect(page.locator(".gk-pager__state")).to_have_text("列出13条，第2/2页")
    page.get_by_role("link", name="上一页").click()
    expect(page.locator(RESULTS)).to_have_count(10)
    expect(page.get_by_text("以下信息只含有部分词语")).to_be_hidden()
    visitor.go("search/index.html?q=混合以上")
    standing(page)
    expect(page.locator("[data-gk-count]")).to_have_text("至少12条，另有至少1条只含有部分词语")
    expect(page.locator("[data-gk-else]")).to_be_visible()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("三件缺", "没有同时含有全部词语的信息，以下3条含有部分词语"),
        ("三件缺以上", "没有同时含有全部词语的信息，以下至少3条含有部分词语"),
        ("三件近似", "没有与检索词完全一致的信息，以下3条较为接近"),
    ],
)
def test_near_misses_are_said_to_be_so_and_lead_on(visitor: Any, query: str, told: str) -> None:
    pretend(visitor)
    page = visitor.go(f"search/index.html?q={query}")
    standing(page)
    expect(page.locator("[data-gk-count]")).to_have_text(told)
    expect(page.locator("[data-gk-said]")).to_have_text(f"{told}，第1页")
    others = page.locator("[data-gk-else]")
    expect(others).to_have_text("没有您要找的信息，可以申请公开，也可以查阅公开目录。")
    expect(others.get_by_role("link", name="公开目录")).to_have_attribute("href", "../d/index.html")
    others.get_by_role("link", name="申请公开").click()
    page.wait_for_url("**/help/apply.html#about=*")
    expect(page.locator("[data-gk-about]")).to_contain_text(query)


@pytest.mark.parametrize("query", ["青民发〔2026〕99号", "三件99号"])
def test_a_number_that_no_document_has_is_told_first(visitor: Any, query: str) -> None:
    pretend(visitor)
    page = visitor.go(f"search/index.html?q={query}")
    standing(page)
    told = f"没有查到“{query}”，请核对文号或者索引号。"
    expect(page.locator("[data-gk-lost]")).to_have_text(told)
    expect(page.locator("[data-gk-said]")).to_have_text(re.compile(f"^{told}"))
    link = page.locator("[data-gk-area]").get_by_role("link", name="申请公开")
    expect(link).to_be_visible()
    visitor.go("search/index.html?q=三件")
    standing(page)
    expect(page.locator("[data-gk-lost]")).to_be_hidden()
    expect(page.locator("[data-gk-else]")).to_be_hidden()


def test_an_unproven_phrase_is_noted_at_its_hit(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html?q=通知")
    standing(page)
    expect(page.locator(".gk-result__note")).to_have_count(1)
    expect(page.locator(RESULTS).nth(3)).to_contain_text("附件中的词组未逐字核对")
    expect(page.locator(RESULTS).nth(3).locator(".gk-result__summary")).to_have_text("一、申请；…")


def test_words_that_the_text_does_not_say_are_told_from_a_page_not_read(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html?q=通知")
    standing(page)
    told = ["通知", "检索词不在正文中，可能在附件或者目录信息里", "没有取得文中位置"]
    for hit, words in zip(page.locator(RESULTS).all()[:3], told, strict=True):
        hit.get_by_role("button", name=re.compile("显示文中位置")).click()
        expect(hit.locator(".gk-result__context")).to_contain_text(words)


def test_new_words_behind_the_hash_are_taken_on_the_open_page(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html?q=通知&page=2&agency=mzj")
    standing(page)
    page.evaluate("location.hash = '#q=三件'")
    expect(page.locator("[data-gk-count]")).to_have_text("共3条")
    assert asked(page) == {"q": ["三件"]}
    page.go_back()
    expect(page.locator(".gk-pager__state")).to_contain_text("第2/100页")


def test_a_hit_shows_what_it_is_and_never_runs_what_it_holds(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html?q=通知")
    standing(page)
    hits = page.locator(RESULTS)
    expect(hits.nth(0).get_by_role("heading", level=3)).to_have_text(
        "<img src=x onerror=alert(1)>通知"
    )
    expect(hits.nth(0).locator(".gk-result__summary")).to_have_text("关于<b>通知</b>的通知")
    assert hits.nth(0).locator("mark").all_inner_texts() == ["通知"] * 3
    expect(hits.nth(1)).to_contain_text("直达")
    expect(hits.nth(2).locator(".gk-tag--lapsed")).to_have_text("已废止")
    meta = hits.nth(2).locator(".gk-row__meta > li").all_inner_texts()
    assert meta == [
        "青民发〔2026〕2号", "索引号：QH0000028/2026-10002", "民政局", "通知公告", "文件",
        "2026-03-01 09:30",
    ]  # fmt: skip
    assert hits.nth(2).locator("time").get_attribute("datetime") == "2026-03-01T09:30"
    more = hits.nth(0).get_by_role("button", name=re.compile("显示文中位置"))
    more.click()
    expect(hits.nth(0).locator(".gk-result__context")).to_have_text("……现将<b>通知</b>印发……")
    expect(hits.nth(0).locator(".gk-result__context mark")).to_have_text("通知")
    hide = hits.nth(0).get_by_role("button", name=re.compile("收起文中位置"))
    expect(hide).to_have_attribute("aria-expanded", "true")
    hide.click()
    expect(hits.nth(0).locator(".gk-result__context")).to_be_hidden()
    assert page.locator(f"{RESULTS} img, {RESULTS} b").count() == 0


def test_the_place_in_the_text_is_shown_on_demand(visitor: Any) -> None:
    page = visitor.go("search/index.html?q=临时救助")
    standing(page)
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    hit = page.locator(RESULTS).first
    hit.get_by_role("button", name=re.compile("显示文中位置")).click()
    expect(hit.locator(".gk-result__context mark").first).to_be_visible()
    assert [url for url in seen if "/i/" in url] != []


def test_going_back_brings_results_and_place_back(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html")
    page.locator("#gk-query").fill("通知")
    page.keyboard.press("Enter")
    standing(page)
    page.get_by_role("link", name="下一页").click()
    expect(page.locator(".gk-pager__state")).to_contain_text("第2/100页")
    page.evaluate("window.scrollTo(0, 600)")
    page.get_by_role("link", name="下一页").evaluate("e => e.click()")  # a click would scroll
    expect(page.locator(".gk-pager__state")).to_contain_text("第3/100页")
    page.go_back()
    expect(page.locator(".gk-pager__state")).to_contain_text("第2/100页")
    stands_at(page, 600)
    page.go_back()
    expect(page.locator(".gk-pager__state")).to_contain_text("第1/100页")
    page.go_forward()
    expect(page.locator(".gk-pager__state")).to_contain_text("第2/100页")
    stands_at(page, 600)
    before = titles(page)
    page.wait_for_timeout(400)
    page.locator(f"{RESULTS} a").nth(5).evaluate("e => e.click()")
    page.wait_for_url("**/" + DOCUMENT)
    page.go_back()
    standing(page)
    assert titles(page) == before
    stands_at(page, 600)
    page.go_back()
    page.go_back()
    expect(page.locator("[data-gk-tips]")).to_be_visible()
    expect(page.locator(RESULTS)).to_have_count(0)
    expect(page.locator("#gk-query")).to_have_value("")


def test_the_skip_link_leaves_the_results_alone(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html?q=通知&page=3")
    standing(page)
    page.locator(f"{RESULTS}").first.evaluate("e => { e.dataset.same = '1'; }")
    page.locator(".gk-skip").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert page.locator(f"{RESULTS}[data-same]").count() == 1


# filters


def test_filters_narrow_the_results_and_stand_in_the_address(visitor: Any) -> None:
    page = visitor.go("search/index.html?q=通知")
    standing(page)
    panel = page.locator("[data-gk-filters]")
    expect(panel.get_by_role("group", name="公开单位")).to_be_visible()
    every = int(re.sub(r"\D", "", page.locator("[data-gk-count]").inner_text()))
    first = panel.get_by_role("group", name="公开单位").get_by_role("checkbox").first
    code = first.get_attribute("value")
    held = int(first.locator("xpath=..").locator(".gk-filter__count").inner_text())
    name = first.locator("xpath=..").locator(".gk-filter__name").inner_text()
    first.check()
    expect(page.locator("[data-gk-count]")).to_have_text(f"共{held}条")
    assert held < every
    assert asked(page) == {"q": ["通知"], "agency": [code]}
    expect(panel.get_by_role("checkbox", checked=True)).to_be_focused()
    for hit in page.locator(RESULTS).all():
        expect(hit).to_contain_text(name)
    panel.get_by_role("group", name="公开单位").get_by_role("checkbox").nth(1).check()
    expect(page.locator("[data-gk-chips] .gk-chip")).to_have_count(3)
    assert len(asked(page)["agency"]) == 2
    shared = page.url
    page.goto("about:blank")
    page.goto(shared)
    standing(page)
    chip = page.get_by_role("button", name=f"取消筛选：公开单位 {name}")
    expect(chip).to_have_text(re.compile(f"公开单位：{name}"))
    chip.click()
    expect(page.locator("[data-gk-chips] .gk-chip")).to_have_count(1)
    assert focused(page) == "gk-results"
    page.locator(".gk-chip").click()
    assert focused(page) == "gk-results"
    expect(page.locator("[data-gk-count]")).to_have_text(f"共{every}条")
    page.go_back()
    expect(page.locator("[data-gk-chips] .gk-chip")).to_have_count(1)


def test_a_filter_is_named_even_where_the_site_does_not_know_it(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html?q=通知&agency=qinghe&agency=nowhere&year=1999")
    standing(page)
    chips = page.locator("[data-gk-chips] .gk-chip[data-code]")
    expect(chips).to_have_text(
        [
            re.compile("^公开单位：青河县人民政府"),
            re.compile("^公开单位：（无此项）"),
            re.compile("^年份：1999年"),
        ]
    )
    expect(page.locator("[data-gk-said]")).to_contain_text("；已选3项筛选")
    group = page.get_by_role("group", name="公开单位")
    names = group.locator(".gk-filter__name").all_inner_texts()
    assert set(names) == {"财政局", "民政局", "<b>无</b>", "青河县人民政府", "（无此项）"}


def test_long_lists_of_filters_open_and_close(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html?q=通知")
    standing(page)
    group = page.get_by_role("group", name="栏目")
    boxes = group.get_by_role("checkbox")
    expect(boxes).to_have_count(8)
    group.get_by_role("button", name=re.compile("更多（共12项） ?：栏目")).click()
    expect(boxes).to_have_count(12)
    boxes.nth(11).check()
    expect(page.get_by_role("button", name="取消筛选：栏目 栏目11")).to_be_visible()
    expect(boxes).to_have_count(12)
    group.get_by_role("button", name=re.compile("收起 ?：栏目")).click()
    expect(boxes).to_have_count(9)
    expect(boxes.nth(8)).to_be_checked()
    assert page.get_by_role("group", name="主题").count() == 0, "one value is no choice"
    assert (
        page.get_by_role("group", name="年份")
        .get_by_role("checkbox")
        .first.evaluate("e => e.closest('label').innerText")
        .startswith("2026年")
    )


def test_a_phone_counts_filters_when_they_are_opened(visit: Visit) -> None:
    visitor = visit(390, 800)
    seen: list[str] = []
    visitor.page.on("request", lambda request: seen.append(request.url))
    page = visitor.go("search/index.html?q=通知")
    standing(page)
    page.wait_for_timeout(300)
    assert [url for url in seen if "/search/f/" in url] == []
    page.locator("summary", has_text="筛选").click()
    group = page.get_by_role("group", name="公开单位")
    group.get_by_role("checkbox").first.check()
    expect(page.locator("summary")).to_contain_text("（已选1项）")
    expect(page.locator("[data-gk-filters]")).to_have_attribute("open", "")
    page.get_by_role("button", name="查看结果").click()
    expect(group).to_be_hidden()
    assert focused(page) == "gk-results"
    expect(page.locator(".gk-chip")).to_have_count(1)


@pytest.mark.parametrize(("width", "is_beside"), [(390, False), (1280, True)])
def test_filters_are_reached_where_they_are_seen(visit: Visit, width: int, is_beside: bool) -> None:
    visitor = visit(width, 800)
    pretend(visitor)
    page = visitor.go("search/index.html?q=通知")
    standing(page)
    page.locator("#gk-results").focus()
    label = page.locator("summary", has_text="筛选")
    at = "e => e.getBoundingClientRect()"
    seen, results = label.evaluate(at), page.locator("[data-gk-area]").evaluate(at)
    if is_beside:
        assert seen["left"] >= results["right"]
        page.keyboard.press("Tab")
        expect(page.locator("[data-gk-order] input").first).to_be_focused()
    else:
        assert seen["bottom"] <= results["top"]
        page.keyboard.press("Shift+Tab")
        expect(label).to_be_focused()


def test_going_back_finds_the_filters_of_a_phone_open(visit: Visit) -> None:
    visitor = visit(390, 800)
    pretend(visitor)
    page = visitor.go("search/index.html?q=通知")
    standing(page)
    page.locator("summary", has_text="筛选").click()
    page.get_by_role("group", name="栏目").wait_for()
    place = page.locator(RESULTS).nth(2).evaluate("e => e.offsetTop")
    page.evaluate(f"window.scrollTo(0, {place})")
    page.wait_for_timeout(400)
    page.locator(f"{RESULTS} a").nth(2).evaluate("e => e.click()")
    page.wait_for_url("**/" + DOCUMENT)
    page.go_back()
    standing(page)
    expect(page.get_by_role("group", name="栏目")).to_have_count(1)
    expect(page.locator("[data-gk-filters]")).to_have_attribute("open", "")
    stands_at(page, place)


# nothing found


def test_nothing_found_tells_which_words_and_filters_are_to_blame(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html?q=停车 饕餮&page=3")
    standing(page)
    none = page.locator("[data-gk-none]")
    expect(none).to_contain_text("未找到相关信息，可换个说法，或申请公开，也可以查阅公开目录。")
    expect(none.get_by_role("link", name="公开目录")).to_have_attribute("href", "../d/index.html")
    assert none.locator("li").all_inner_texts() == ["“停车”有相关信息，“饕餮”没有。"]
    expect(page.locator("[data-gk-said]")).to_have_text("未找到相关信息，可换个说法，或申请公开")
    expect(page.locator("[data-gk-filters]")).to_be_hidden()
    none.get_by_role("link", name="停车").click()
    standing(page)
    assert asked(page) == {"q": ["停车"]}
    visitor.go("search/index.html?q=三件&year=1999&year=1998")
    standing(page)
    expect(none).to_contain_text("另有3条信息符合检索词，被所选的筛选条件排除。")
    expect(page.locator("[data-gk-said]")).to_have_text(re.compile("申请公开；已选2项筛选$"))
    none.get_by_role("button", name="取消全部筛选").click()
    expect(page.locator(RESULTS)).to_have_count(3)
    assert asked(page) == {"q": ["三件"]}
    visitor.go("search/index.html?q=-三四件")
    standing(page)
    expect(none).to_contain_text("只写了要排除的词语。请再写上要查找的词语。")


def test_a_slip_is_offered_as_what_was_meant(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html?q=通之")
    standing(page)
    meant = page.locator("[data-gk-meant]")
    expect(meant).to_have_text("您要找的是不是：通知")
    expect(page.locator("[data-gk-said]")).to_have_text(re.compile("；您要找的是不是“通知”$"))
    meant.get_by_role("link").click()
    expect(page.locator(RESULTS)).to_have_count(10)
    assert asked(page) == {"q": ["通知"]}
    expect(page.locator("#gk-query")).to_have_value("通知")
    expect(meant).to_be_hidden()


def test_what_was_not_found_goes_along_to_the_application(visitor: Any) -> None:
    seen: list[str] = []
    visitor.page.on("request", lambda request: seen.append(request.url.partition("#")[0]))
    pretend(visitor)
    page = visitor.go("search/index.html")
    page.locator("#gk-query").fill("魑魅<b>魍魉")
    page.keyboard.press("Enter")
    standing(page)
    page.locator("[data-gk-none]").get_by_role("link", name="申请公开").click()
    page.wait_for_url("**/help/apply.html#about=*")
    place = page.locator("[data-gk-about]")
    expect(place).to_contain_text("您要查找的内容：魑魅<b>魍魉")
    place.get_by_role("button", name="复制").click()
    expect(place.get_by_role("status")).to_have_text(re.compile("已复制|复制失败"))
    visitor.go("a/qinghe/apply.html")
    expect(place).to_contain_text("您要查找的内容：魑魅<b>魍魉")
    place.get_by_role("button", name="不再显示").click()
    expect(place).to_be_hidden()
    visitor.go("help/apply.html")
    expect(place).to_be_hidden()
    assert [url for url in seen if quote("魑魅") in url] == []


# failures


def test_a_lost_file_of_the_index_says_so_and_may_be_tried_again(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go("search/index.html?q=临时救助")
    standing(page)
    page.context.route("**/search/*/*.bin", lambda route: route.abort())
    page.locator("#gk-query").fill("殡葬补贴")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("检索数据加载失败，请点击重试")
    expect(page.locator("[data-gk-found]")).to_be_hidden()
    page.get_by_role("button", name="重试").press("Enter")
    expect(alert).to_contain_text("正在检索…")
    expect(alert).to_contain_text("检索数据加载失败，请点击重试")
    expect(page.get_by_role("button", name="重试")).to_be_focused()
    page.context.unroute("**/search/*/*.bin")
    page.get_by_role("button", name="重试").click()
    expect(page.locator(RESULTS).first).to_be_visible()
    expect(alert).to_be_hidden()
    visitor.wrong.clear()  # the failed requests were ours


def test_filters_that_fail_may_be_tried_again(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.context.route("**/search/f/*.bin", lambda route: route.abort())
    visitor.go("search/index.html?q=通知")
    standing(page)
    panel = page.locator("[data-gk-facets]")
    expect(panel).to_contain_text("筛选条件加载失败")
    expect(page.locator(RESULTS).first).to_be_visible()
    panel.get_by_role("button", name="重试").press("Enter")
    page.wait_for_timeout(500)
    expect(panel.get_by_role("button", name="重试")).to_be_focused()
    page.context.unroute("**/search/f/*.bin")
    panel.get_by_role("button", name="重试").click()
    expect(page.get_by_role("group", name="公开单位")).to_be_visible()
    visitor.wrong.clear()  # the failed requests were ours


def test_a_renewed_site_asks_to_be_loaded_anew(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page

    def newer(route: Route) -> None:
        route.fulfill(body='{"version": 99}', content_type="application/json")

    page.context.route("**/search/manifest.json", newer)
    visitor.go("search/index.html?q=临时救助")
    expect(page.get_by_role("alert")).to_contain_text("网站内容刚刚更新，请刷新页面")
    page.context.unroute("**/search/manifest.json")
    page.get_by_role("button", name="刷新页面").click()
    expect(page.locator(RESULTS).first).to_be_visible()


def test_a_slow_line_is_told_that_the_search_goes_on(visitor: Any) -> None:
    page = visitor.page
    waiting: list[Route] = []
    page.context.route("**/search/manifest.json", lambda route: waiting.append(route))
    page.clock.install()
    visitor.go("search/index.html?q=临时救助")
    expect(page.locator("[data-gk-said]")).to_have_text("正在检索…")
    expect(page.locator("[data-gk-count]")).to_have_text("正在检索…")
    assert page.locator("[data-gk-count]").evaluate("e => getComputedStyle(e).opacity") == "1"
    page.clock.fast_forward(6000)
    expect(page.locator("[data-gk-said]")).to_have_text("网络较慢，仍在检索…")
    expect(page.locator("[data-gk-count]")).to_have_text("网络较慢，仍在检索…")
    for route in waiting:
        route.continue_()
    page.context.unroute("**/search/manifest.json")
    expect(page.locator(RESULTS).first).to_be_visible()
    expect(page.locator("[data-gk-said]")).to_have_text(re.compile(r"共\d+条，第1页|含有部分词语"))


def test_a_browser_without_workers_finds_the_same(visit: Visit) -> None:
    found = []
    for script in ("", "delete window.Worker"):
        visitor = visit()
        visitor.page.add_init_script(script)
        page = visitor.go("search/index.html?q=临时救助")
        standing(page)
        found.append(titles(page))
    assert found[0]
    assert found[0] == found[1]


def test_a_site_unpacked_on_a_disk_searches_too(
    browser: Browser, demo: Project, tmp_path: Path
) -> None:
    told = demo.run("bundle", "--out", str(tmp_path / "site.zip"))
    assert told.code == 0, told.said
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        archive.extractall(tmp_path / "site")
    page = browser.new_page()
    page.goto((tmp_path / "site" / "c" / "index.html").as_uri())
    page.locator("#gk-find").press_sequentially("临时救助")
    expect(page.get_by_role("option").first).to_contain_text("临时救助")
    page.keyboard.press("Enter")
    standing(page)
    expect(page.locator(RESULTS).first).to_contain_text("临时救助")
    every = page.locator("[data-gk-count]").inner_text()
    page.get_by_role("group", name="公开单位").get_by_role("checkbox").first.check()
    expect(page.locator(".gk-chip")).to_have_count(1)
    expect(page.locator("[data-gk-count]")).not_to_have_text(every)
    page.go_back()
    expect(page.locator("[data-gk-count]")).to_have_text(every)
    page.locator(".gk-result__title").first.click()
    page.wait_for_url("**/site/i/**")
    page.close()


def test_old_browsers_can_read_the_scripts() -> None:
    newer = re.compile(
        r"\?\.[a-z_(\[]|\?\?|catch \{|globalThis|\(\?<|[{,(]\s*\.\.\.\w+\s*}"
        r"|\.(?:flat|flatMap|matchAll|replaceAll|replaceChildren|at|fromEntries|allSettled)\("
    )
    for name in ("find.js", "search.js", "search-view.js", "gk.js"):
        text = re.sub(r"//.*|\"(?:[^\"\\]|\\.)*\"", "", (ASSETS / name).read_text("utf-8"))
        assert newer.findall(text) == [], name


# reading otherwise


def test_targets_on_a_phone_are_large_enough(visit: Visit) -> None:
    visitor = visit(390, 800)
    pretend(visitor)
    page = visitor.go("search/index.html?q=通知&agency=mzj")
    standing(page)
    page.locator("summary").click()
    page.get_by_role("group", name="栏目").wait_for()
    small = page.evaluate(
        """() => [...document.querySelectorAll(
          ".gk-search :is(button, summary, label, .gk-pager a, input[type=text])"
        )].filter((e) => e.checkVisibility() && !e.matches(".gk-query__label"))
          .map((e) => [e.textContent.trim().slice(0, 20), e.getBoundingClientRect().height])
          .filter(([, height]) => height < 43.5)"""
    )
    assert small == []
    page.locator("#gk-query").fill("")
    page.locator("#gk-query").press_sequentially("通知")
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    box = option.bounding_box()
    assert box is not None
    assert box["height"] >= 43.5


def test_results_can_be_read_at_four_times_the_size(visit: Visit) -> None:
    visitor = visit(320, 256)
    pretend(visitor)
    page = visitor.go("search/index.html?q=通知&agency=mzj&agency=czj")
    standing(page)
    page.locator("summary").click()
    page.get_by_role("group", name="栏目").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator("#gk-query").fill("三件")
    page.keyboard.press("Enter")
    expect(page.locator("[data-gk-count]")).to_have_text("共3条")
    expect(page.locator("#gk-results")).to_be_in_viewport()
    expect(page.locator("[data-gk-count]")).to_be_in_viewport()
    visitor.go("c/index.html")
    page.locator("#gk-find").press_sequentially("通知")
    page.get_by_role("option").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_paper_shows_the_results_and_not_the_filters(visitor: Any) -> None:
    pretend(visitor)
    page = visitor.go("search/index.html?q=通知&agency=mzj")
    standing(page)
    page.emulate_media(media="print")
    hidden = ".gk-query, [data-gk-filters], .gk-result__more, .gk-pager, [data-gk-order]"
    for each in page.locator(hidden).all():
        expect(each).to_be_hidden()
    expect(page.locator(RESULTS).first).to_be_visible()
    expect(page.locator("[data-gk-count]")).to_be_visible()
    page.emulate_media(media="screen", forced_colors="active")
    expect(page.locator(RESULTS).first).to_be_visible()


def test_without_scripts_the_page_leads_to_the_directory(visit: Visit) -> None:
    visitor = visit(java_script_enabled=False)
    page = visitor.go("search/index.html?q=停车")
    expect(page.locator(".gk-query")).to_be_hidden()
    page.locator("main").get_by_role("link", name="公开目录").click()
    page.wait_for_url("**/d/index.html")
    visitor.wrong.clear()  # nothing reports violations without scripts
