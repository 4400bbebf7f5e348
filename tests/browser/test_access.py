"""What a page tells those who do not see it or do not use a mouse: names, order, contrast."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

_COMMON = """
const shown = (e) => {
  if (!e.checkVisibility({ visibilityProperty: true })) return false;
  return !e.closest("[aria-hidden=true]");
};
const name = (e) => {
  const by = (e.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean)
    .map((id) => document.getElementById(id)).map((n) => (n ? n.textContent : "")).join(" ");
  const label = e.id && document.querySelector(`label[for="${CSS.escape(e.id)}"]`);
  const wrap = e.closest("label");
  const images = [...e.querySelectorAll("img[alt]")].map((n) => n.alt).join(" ");
  return (by || e.getAttribute("aria-label") || (label || wrap || {}).textContent
    || e.textContent + images || e.getAttribute("title") || "").trim();
};
const where = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "")
  + (e.className && e.className.split ? "." + e.className.split(" ").join(".") : "");
"""

LANDMARKS = """() => {
  const wrong = [];
  if (!document.documentElement.lang) wrong.push("no lang");
  if (document.title.trim().length < 4) wrong.push("no title");
  for (const [what, count] of [["main", 1], ["body > header, header.gk-top", 1], ["footer", 1]]) {
    if (document.querySelectorAll(what).length !== count) wrong.push(what);
  }
  const navs = [...document.querySelectorAll("nav")].filter(shown).map(name);
  if (navs.some((n) => !n)) wrong.push("a nav without name");
  if (new Set(navs).size !== navs.length) wrong.push("two navs of one name: " + navs);
  const main = document.querySelector("main");
  for (const e of document.querySelectorAll("h1, article")) {
    if (!main.contains(e)) wrong.push("outside main: " + where(e));
  }
  for (const e of document.querySelectorAll("section[aria-labelledby], [role=region]")) {
    if (shown(e) && !name(e)) wrong.push("a region without name: " + where(e));
  }
  return wrong;
}"""

NAMES = """() => {
  const wrong = [];
  for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (shown(e) && !name(e)) wrong.push("no name: " + where(e) + " " + e.outerHTML.slice(0, 80));
  }
  for (const e of document.querySelectorAll("img")) {
    if (!e.hasAttribute("alt")) wrong.push("no alt: " + where(e));
  }
  for (const e of document.querySelectorAll("[aria-labelledby], [aria-describedby], [for]")) {
    for (const a of ["aria-labelledby", "aria-describedby", "for"]) {
      for (const id of (e.getAttribute(a) || "").split(" ").filter(Boolean)) {
        if (!document.getElementById(id)) wrong.push(`${a}=${id} leads nowhere`);
      }
    }
  }
  for (const e of document.querySelectorAll("[tabindex]")) {
    if (e.tabIndex > 0) wrong.push("tabindex: " + where(e));
  }
  for (const e of document.querySelectorAll("[aria-hidden=true] a, [aria-hidden=true] button")) {
    wrong.push("focus inside what is hidden: " + where(e));
  }
  const places = new Map();
  for (const e of document.querySelectorAll("main a[href]")) {
    if (!shown(e) || e.textContent.trim() !== "更多") continue;
    wrong.push("a link that says only 更多");
  }
  for (const list of document.querySelectorAll("ul, ol")) {
    if ([...list.children].some((c) => c.tagName !== "LI")) wrong.push("list: " + where(list));
  }
  for (const list of document.querySelectorAll("dl")) {
    if ([...list.children].some((c) => !["DIV", "DT", "DD"].includes(c.tagName))) {
      wrong.push("dl: " + where(list));
    }
  }
  return wrong;
}"""

HEADINGS = """() => {
  const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter(shown).map((h) => Number(h.tagName[1]));
  const wrong = [];
  if (levels.filter((n) => n === 1).length !== 1) wrong.push("h1: " + levels);
  levels.forEach((n, i) => { if (i && n > levels[i - 1] + 1) wrong.push("skips: " + levels); });
  for (const h of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    if (shown(h) && !h.textContent.trim()) wrong.push("empty: " + where(h));
  }
  return wrong;
}"""

TABLES = """() => {
  const wrong = [];
  for (const table of document.querySelectorAll("table")) {
    const box = table.closest("[role=region]");
    const isNamed = table.caption || (box && name(box));
    if (!isNamed) wrong.push("no caption: " + where(table.parentElement));
    if (!table.querySelector("th")) wrong.push("no head: " + table.textContent.slice(0, 40));
    if (!table.closest(".gk-prose")) {
      for (const th of table.querySelectorAll("th")) {
        const isCorner = !th.textContent.trim() || (th.rowSpan > 1 && th.colSpan > 1);
        if (!th.scope && !isCorner) wrong.push("no scope: " + th.textContent.slice(0, 30));
      }
    }
    const scrolls = box && box.scrollWidth > box.clientWidth + 1;
    if (scrolls && box.tabIndex < 0) wrong.push("scrolls, but not by keys: " + where(box));
    const width = (row) => [...row.cells].reduce((n, c) => n + c.colSpan, 0);
    const widths = new Set([...table.rows].map(width));
    const spans = [...table.querySelectorAll("[rowspan]")].some((c) => c.rowSpan > 1);
    if (!spans && widths.size > 1) wrong.push("ragged: " + [...widths]);
  }
  return wrong;
}"""

CONTRAST = """() => {
  const parse = (c) => {
    const n = c.match(/[0-9.]+/g).map(Number);
    return c.startsWith("color(") ? [n[0] * 255, n[1] * 255, n[2] * 255, n[3] ?? 1]
      : [n[0], n[1], n[2], n[3] ?? 1];
  };
  const light = ([r, g, b]) => {
    const part = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
    return .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  };
  const over = (top, under) => top.slice(0, 3).map((v, i) => v * top[3] + under[i] * (1 - top[3]));
  const ground = (e) => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      layers.push(parse(style.backgroundColor));
      if (layers[layers.length - 1][3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const wrong = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !shown(e)) continue;
    if (e.closest("[aria-disabled=true], :disabled, .gk-unseen, noscript")) continue;
    const style = getComputedStyle(e), under = ground(e);
    if (!under) continue;
    const [a, b] = [light(over(parse(style.color), under)), light(under)].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    seen += 1;
    if (ratio < (isLarge ? 3 : 4.5)) {
      wrong.add(`${ratio.toFixed(2)} ${where(e)} ${style.color}`);
    }
  }
  if (seen < 20) wrong.add("only " + seen + " texts were looked at");
  return [...wrong];
}"""

TARGETS = """() => {
  const wrong = [];
  const all = "button, input:not([type=radio]), .gk-nav__link, .gk-pager a";
  for (const e of document.querySelectorAll(all)) {
    if (!shown(e)) continue;
    // whoever hits the words around a box hits the box
    const box = (e.type === "checkbox" && e.closest("label") || e).getBoundingClientRect();
    if (box.width && (box.height < 24 || box.width < 24)) {
      wrong.push(`${where(e)} ${box.width.toFixed(0)}x${box.height.toFixed(0)}`);
    }
  }
  return wrong;
}"""

CHECKS = {
    "landmarks": LANDMARKS,
    "names": NAMES,
    "headings": HEADINGS,
    "tables": TABLES,
    "contrast": CONTRAST,
    "targets": TARGETS,
}


@pytest.mark.parametrize("width", [360, 1200])
def test_every_kind_of_page_tells_what_it_is(
    visit: Any, samples: dict[str, str], width: int
) -> None:
    visitor = visit(width, 800)
    wrong: dict[str, dict[str, list[str]]] = {}
    for kind, address in samples.items():
        page = visitor.go(address)
        for what, script in CHECKS.items():
            body = script.removeprefix("() => {").removesuffix("}")
            if found := page.evaluate(f"() => {{ {_COMMON} {body} }}"):
                wrong.setdefault(what, {})[kind] = found[:4]
    assert wrong == {}


def test_results_and_their_count_are_announced(visitor: Any) -> None:
    page = visitor.go("search/index.html?q=停车")
    page.locator("[data-gk-results] > li").first.wait_for()
    said = page.locator("[data-gk-said]")
    assert said.get_attribute("role") == "status"
    expect(said).to_have_text(re.compile(r"共\d+条，第1页"))
    page.locator("[data-gk-facets] input").first.wait_for()
    for what in ("landmarks", "names", "headings", "contrast", "targets"):
        body = CHECKS[what].removeprefix("() => {").removesuffix("}")
        assert page.evaluate(f"() => {{ {_COMMON} {body} }}") == [], what


def test_the_checks_find_what_they_look_for(visitor: Any) -> None:
    page = visitor.go("index.html")
    page.evaluate(
        """() => {
          const bad = document.createElement("div");
          bad.innerHTML = '<h5>x</h5><button class="tiny"></button>'
            + '<img src="../zwgk/assets/icon.svg">'
            + '<table><tr><td>1</td></tr></table><nav></nav><p class="grey">看不清的字</p>';
          document.querySelector("main").append(bad);
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(".grey { color: #aaa } .tiny { width: 9px; height: 9px; padding: 0 }");
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    for what, script in CHECKS.items():
        body = script.removeprefix("() => {").removesuffix("}")
        assert page.evaluate(f"() => {{ {_COMMON} {body} }}"), what


def test_a_reader_who_wants_large_text_and_little_motion_is_heard(visit: Any) -> None:
    visitor = visit(640, 800, reduced_motion="reduce", device_scale_factor=2)
    page = visitor.go("i/QH0000028/2026-00004.html")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter((e) =>"
        " parseFloat(getComputedStyle(e).transitionDuration) > 0.01"
        " && e.className.startsWith && e.className.startsWith('gk-')).length"
    )
    assert moving == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
