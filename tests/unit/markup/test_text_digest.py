"""The digest of a body's words is that of what a browser shows, and of nothing else."""

from __future__ import annotations

import hashlib

from gongkai.kernel.text import solid
from gongkai.markup.body import render_body, sections


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_white_space_of_every_kind_is_taken_out() -> None:
    assert solid(" 年\t满\n80\u3000周\u00a0岁\r\n的\u2003老\ufeff人 ") == "年满80周岁的老人"
    assert solid("零\u200b宽") == "零\u200b宽", "what no reader's eye sees is no white space"


def test_the_words_are_those_between_the_tags() -> None:
    text = '## 对象 & <b>范围</b>\n\n见[说明](a.md "甲>乙")，1 &lt; 2。\n\n![图](p.png "丙>丁")'
    _, facts, _ = render_body("a.md", text)
    assert facts.text == digest("对象&范围见说明，1<2。")


def test_another_layout_of_the_same_words_is_the_same_text() -> None:
    one = render_body("a.md", "第一段。\n\n第二段。")[1]
    other = render_body("a.md", "- 第一段。\n- **第二段。**")[1]
    assert one.text == other.text and one.digest != other.digest
    assert render_body("a.md", "第一段。\n\n第三段。")[1].text != one.text


def test_a_body_without_words_has_no_digest() -> None:
    assert render_body("a.md", " \n")[1].text == ""


def test_the_parts_of_a_report_are_told_apart_without_their_headings() -> None:
    first = "<p>前言</p><h2>一、总体</h2><p>甲</p><h3>小节</h3>"
    safe = first + '<h2 id="x">二、问题</h2><h2>三</h2><p>乙😀</p>'
    assert sections(safe) == [(2, digest("前言")), (3, digest("甲小节")), (2, digest("乙😀"))]
