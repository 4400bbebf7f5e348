"""A yearly report on phones, desks and paper: each figure is shown, and read, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from acceptance.project import Project

REPORT = "a/qinghe/report/2025.html"
ROW = "一、本年新收政府信息公开申请数量"


@pytest.mark.parametrize(("width", "is_narrow"), [(320, True), (767, True), (768, False)])
def test_a_screen_shows_one_of_two_forms_of_a_large_table(
    visit: Callable[..., Any], width: int, is_narrow: bool
) -> None:
    page = visit(width, 800).go(REPORT)
    for key in ("s3_requests", "s4_review"):
        part = page.locator(f"#t-{key}")
        assert part.locator(".gk-only-narrow").is_visible() is is_narrow
        assert part.locator(".gk-only-wide").is_visible() is not is_narrow
        read = part.aria_snapshot()
        assert ("小计（本站计算）" in read) == (is_narrow and key == "s3_requests")
        if key == "s4_review":
            heads = [read.count(f'{role} "结果维持"') for role in ("rowheader", "columnheader")]
            assert heads == ([1, 0] if is_narrow else [0, 3])
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_rows_and_groups_open_by_keyboard_on_a_phone(visit: Callable[..., Any]) -> None:
    page = visit(360, 800).go(REPORT)
    row = page.locator("summary", has_text=ROW)
    row.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#n-s3_requests-new dt", has_text="自然人")).to_be_visible()
    group = page.locator("summary", has_text="（三）不予公开")
    inner = page.locator(".gk-lines__row", has_text="1.属于国家秘密")
    expect(inner).to_be_hidden()
    group.focus()
    page.keyboard.press("Space")
    expect(inner).to_be_visible()
    page.keyboard.press("Space")
    expect(inner).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1440])
def test_only_tables_that_scroll_are_stops_for_the_keyboard(
    visit: Callable[..., Any], width: int
) -> None:
    page = visit(width, 800).go(REPORT)
    wrong = page.evaluate(
        """[...document.querySelectorAll(".gk-table__box")].filter((box) => box.checkVisibility()
          && (box.tabIndex === 0) !== (box.scrollWidth > box.clientWidth + 1)).length"""
    )
    assert wrong == 0


def test_paper_has_the_official_table_even_from_a_phone(visit: Callable[..., Any]) -> None:
    page = visit(360, 800).go(REPORT)
    page.emulate_media(media="print")
    matrix = page.locator("#t-s3_requests")
    assert matrix.locator(".gk-only-wide table").is_visible()
    assert matrix.locator(".gk-only-narrow").is_hidden()
    order = page.evaluate(
        "['.gk-doc', '.gk-digest', '.gk-charts'].map("
        "(name) => document.querySelector(name).getBoundingClientRect().top)"
    )
    assert order == sorted(order), "what the site adds stands behind the report"


def test_drawings_keep_their_words_inside_and_apart(
    visit: Callable[..., Any], demo: Project
) -> None:
    reports = sorted(a for a in demo.tree() if a.startswith("a/") and "/report/2" in a)
    reports = [a for a in reports if a.endswith(".html") and "-basis" not in a]
    wrong = []
    for width in (320, 1440):
        visitor = visit(width, 800)
        for address in reports:
            visitor.go(address)
            wrong += [f"{width} {address}: {w}" for w in visitor.page.evaluate(_DRAWINGS)]
    assert wrong == []


_DRAWINGS = """[...document.querySelectorAll(".gk-chart__svg")].flatMap((drawing) => {
  const frame = drawing.getBoundingClientRect(), wrong = [];
  const words = [...drawing.querySelectorAll("text")].filter((t) => t.checkVisibility())
    .map((t) => [t.textContent, t.getBoundingClientRect()]);
  words.forEach(([said, at], i) => {
    if (at.left < frame.left - 8 || at.right > frame.right + 8) wrong.push("outside: " + said);
    for (const [other, place] of words.slice(i + 1)) {
      if (at.left < place.right - 1 && place.left < at.right - 1
        && at.top < place.bottom - 6 && place.top < at.bottom - 6) {
        wrong.push("one over the other: " + said + " " + other);
      }
    }
  });
  return wrong;
})"""
