"""Markdown into safe HTML within bounds, with the facts that rules read."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.kernel import clock
from gongkai.markup import body
from gongkai.markup.body import plain_text, render_body
from make import codes, places
from safe_html import faults
from unit.markup.payloads import PAYLOADS


def test_there_are_payloads_enough_and_the_scan_sees_them() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 75
    raw = "<p onclick=x>a</p><script>b</script><a href=' javascript:c'>d</a><!-- e --><i style=f>"
    assert len(faults(raw)) == 5


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: ascii(payload)[1:40])
def test_no_active_content_reaches_the_page(payload: str) -> None:
    html, _, _ = render_body("a.md", f"前文。\n\n{payload}\n\n后文。")
    assert faults(html) == []
    assert "前文" in html


@pytest.mark.parametrize("payload", PAYLOADS[::3], ids=lambda payload: ascii(payload)[1:40])
def test_what_is_clean_stays_as_it_is_when_cleaned_again(payload: str) -> None:
    html, _, _ = render_body("a.md", payload)
    again, _, _ = render_body("a.md", html)
    assert faults(again) == []


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<",
                ">",
                "script",
                "img ",
                "onerror=",
                '"',
                "'",
                "javascript:",
                "[",
                "]",
                "(",
                ")",
                "!",
                "\n",
                "\n\n",
                "`",
                "*",
                "&",
                ";",
                "#58",
                "<a href=",
                "</",
                "svg",
                "style",
                "<!--",
                "-->",
                "甲",
                "    ",
                "|",
                ":",
                "x",
                "=",
                "/",
                "\t",
            ]
        ),
        max_size=25,
    )
)
def test_no_mixture_of_pieces_gets_through(pieces: list[str]) -> None:
    html, _, _ = render_body("a.md", "".join(pieces))
    assert faults(html) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<script>a</script>", "script"),
        ("<iframe src=x></iframe>", "iframe"),
        ("<p onclick=a>b</p>", "onclick"),
        ("[a](javascript:b)", "javascript"),
        ("<style>a</style>", "style"),
        ("<form><input></form>", "form"),
        ("<p style='a'>b</p>", "style"),
    ],
)
def test_what_was_taken_out_is_named(text: str, what: str) -> None:
    _, _, problems = render_body("a.md", f"一\n\n{text}", 10)
    assert "12:" in str(problems[0].place)
    assert what in problems[0].message()
    assert set(codes(problems)) == {"GK123"}


@pytest.mark.parametrize(
    "text",
    [
        "办理依据：javascript: 是一种语言。",
        "数据 data: 无",
        "a < b，c > d",
        "小于号 <5 件",
        "电子邮件 <a@b.example>",
        "只写 onclick= 四个字",
        "5<x 且 x>3",
    ],
)
def test_ordinary_words_are_not_taken_for_active_content(text: str) -> None:
    _, _, problems = render_body("a.md", text)
    assert problems == []


def test_merged_cells_and_scopes_are_kept() -> None:
    source = '<table><tr><th scope="row" rowspan="2">甲</th><td colspan="3">乙</td></tr></table>'
    html, _, _ = render_body("a.md", source)
    assert 'rowspan="2"' in html
    assert 'colspan="3"' in html
    assert 'scope="row"' in html


def test_alignment_is_a_class_and_never_a_style() -> None:
    html, _, _ = render_body("a.md", "|甲|乙|丙|\n|:-|:-:|-:|\n|1|2|3|")
    assert "style" not in html
    assert [html.count(f'class="{name}"') for name in ("gk-left", "gk-center", "gk-right")] == [
        2,
        2,
        2,
    ]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# 甲\n\n## 乙\n\n# 丙", [2, 3, 2]),
        ("## 甲\n\n### 乙", [2, 3]),
        ("### 甲", [3]),
        ("甲\n===\n\n乙\n---", [2, 3]),
    ],
)
def test_the_highest_heading_is_of_the_second_level(text: str, levels: list[int]) -> None:
    html, facts, _ = render_body("a.md", text)
    written = re.findall(r'<h([1-6]) id="([^"]+)">', html)
    assert [int(level) for level, _ in written] == levels
    assert tuple(anchor for _, anchor in written) == facts.anchors


@pytest.mark.parametrize(
    "address",
    [
        "java&#x200b;script:alert(1)",
        "java\u200bscript:alert(1)",
        "java&#8203;script&colon;alert(1)",
        "java&ZeroWidthSpace;script:alert(1)",
        "&#xfeff;javascript:alert(1)",
        "\u2060vb&NoBreak;script:msgbox(1)",
        "da&#x1;ta:text/html,x",
        "java&lrm;scr&rlm;ipt&#x202e;:alert(1)",
    ],
)
def test_a_character_that_nobody_sees_hides_no_address(address: str) -> None:
    for text in (f"[甲]({address})", f"<a href='{address}'>甲</a>", f"![甲]({address})"):
        html, _, problems = render_body("a.md", text)
        assert faults(html) == []
        assert "script" not in html and "data" not in html
        assert "GK123" in codes(problems)


def test_anchors_are_chinese_and_unique() -> None:
    _, facts, _ = render_body("a.md", "## 办理步骤\n\n## 办理步骤\n\n## （一）条件 & 期限")
    assert facts.anchors == ("办理步骤", "办理步骤_1", "一条件-期限")
    assert facts.headings[2] == "（一）条件 & 期限"


def test_links_and_pictures_are_found_with_their_places() -> None:
    _, facts, _ = render_body("a.md", "见[甲](a.md)。\n\n![图](b.png)和[乙](a.md)", 5)
    assert [(x.target, x.line, x.column, x.is_image, x.text) for x in facts.links] == [
        ("a.md", 5, 6, False, ""),
        ("b.png", 7, 6, True, "图"),
        ("a.md", 7, 17, False, ""),
    ]


def test_an_address_with_signs_is_read_as_written() -> None:
    _, facts, _ = render_body("a.md", "[甲](https://a.example/?b=1&c=2)")
    assert facts.links[0].target == "https://a.example/?b=1&c=2"


@pytest.mark.parametrize(
    "text", ["", "   \n", "<!-- 注 -->", "---", "<script>a</script>", "![](a.png)"]
)
def test_what_has_no_words_is_empty(text: str) -> None:
    assert render_body("a.md", text)[1].is_empty


def test_characters_are_counted_without_white_space() -> None:
    assert render_body("a.md", "甲 乙\n丙\n\n- 丁")[1].characters == 4


def test_an_excerpt_comes_from_paragraphs() -> None:
    assert (
        render_body("a.md", "# 标题\n\n第一段。\n\n| 表 |\n|--|\n| 格 |")[1].excerpt == "第一段。"
    )


def test_plain_text_keeps_blocks_apart() -> None:
    assert plain_text("<p>甲&amp;乙</p><p>丙<br>丁</p>") == "甲&乙\n丙\n丁\n"


def test_a_template_leftover_is_shown_and_noted() -> None:
    html, _, problems = render_body("a.md", "一 {{ x }} 二", 3)
    assert "{{ x }}" in html
    assert places(problems) == ["3:3 GK125"]


FLOODS = {
    "brackets": "[" * 51_200,
    "brackets and parentheses": "[](" * 17_000,
    "images": "![" * 25_000,
    "brackets line by line": "[\n" * 3_000,
    "image brackets line by line": "![\n" * 3_000,
    "tags": "<div " * 20_000,
    "open tags": "<div>" * 20_000,
    "lists": "\n".join("    " * n + "- a" for n in range(400)),
    "lists by tabs": "\n".join("\t" * n + "- a" for n in range(400)),
    "quotes": ">" * 5_000 + " a",
    "quotes line by line": "\n".join("> " * n + "a" for n in range(400)),
    "quoted lists": "> - " * 300 + "a",
    "lists on one line": "- " * 2_000 + "a",
    "numbers on one line": "1. " * 2_000 + "a",
    "emphasis": "*a **b " * 3_000,
    "stars": "*" * 30_000 + "a",
    "underscores": "_a" * 10_000,
    "backticks": "`a``b" * 5_000,
    "ticks": "".join("`" * n + " " for n in range(300)),
    "ampersands": "&" * 50_000,
    "definitions": "a\n: b\n" * 3_000,
    "references": "\n".join(f"[{n}]: a" for n in range(3_000)),
    "reference uses": "[a]\n" * 5_000 + "\n[a]: b",
    "abbreviations": "".join(f"*[a{n}]: b\n" for n in range(1_000)) + "\n" + "a1 a2 " * 1_000,
    "headings": "# a\n" * 3_000,
    "same headings": "## 甲\n\n" * 2_000,
    "table columns": "|" * 4_000 + "\n" + "|-" * 4_000 + "\n",
    "table rows": "|a|b|\n|-|-|\n" + "|1|2|\n" * 5_000,
    "comments": "<!--" * 4_000,
    "entities": "&#x" * 20_000,
    "backslashes": "\\" * 50_000,
    "blank lines": "\n" * 16_000 + "a",
    "spaces": " " * 60_000 + "a",
    "long word": "甲" * 30_000,
}


@pytest.mark.parametrize("text", FLOODS.values(), ids=FLOODS.keys())
def test_no_flood_keeps_the_converter_busy(text: str) -> None:
    start = time.process_time()
    html, _, problems = render_body("a.md", text)
    assert time.process_time() - start < 2
    assert html or problems or not re.sub(r"\[[0-9]+\]: a|\s", "", text)


@pytest.mark.parametrize("name", ["lists on one line", "numbers on one line", "quoted lists"])
def test_a_body_that_fails_leaves_nothing_behind_for_the_next(name: str) -> None:
    before = render_body("a.md", "## 甲\n\n乙\n\n丙")
    render_body("a.md", FLOODS[name])
    assert render_body("a.md", "## 甲\n\n乙\n\n丙") == before


@pytest.fixture
def without_collections() -> Iterator[None]:
    """Collect no garbage meanwhile: an alarm within a callback of the collector is lost."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("without_collections")
def test_a_body_that_takes_too_long_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "SECONDS", 0.02)
    html, facts, problems = render_body("a.md", "*甲 **乙 " * 20_000, 7)
    assert (html, facts.characters) == ("", 0)
    assert places(problems) == ["7:1 GK124"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("without_collections")
def test_an_alarm_that_is_lost_rings_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(phase: str, facts: dict[str, int]) -> None:
        start = time.process_time()
        while time.process_time() - start < 0.1:
            pass

    convert = body._render
    monkeypatch.setattr(body, "SECONDS", 0.02)
    monkeypatch.setattr(clock, "AGAIN", 0.02)
    monkeypatch.setattr(body, "_render", lambda *given: (gc.collect(0), convert(*given))[1])
    gc.callbacks.append(busy)
    try:
        _, _, problems = render_body("a.md", "*甲 **乙 " * 20_000, 7)
    finally:
        gc.callbacks.remove(busy)
    assert places(problems) == ["7:1 GK124"]


def test_the_time_limit_leaves_no_alarm_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "SECONDS", 0.05)
    render_body("a.md", "甲")
    start = time.process_time()
    while time.process_time() - start < 0.15:
        pass
    assert render_body("a.md", "乙")[0] == "<p>乙</p>"
