"""Paragraphs for comparing hold what the page shows, and nothing that it does not."""

from __future__ import annotations

import pytest

from gongkai.markup.body import plain_text, render_body
from gongkai.markup.plain import paragraphs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第一行\n接着写\n\n第二段", ("第一行接着写", "第二段")),
        ("one\ntwo", ("one two",)),
        ("## 一、标题 ##\n正文", ("一、标题", "正文")),
        ("- 甲\n- 乙\n  接着", ("甲", "乙接着")),
        ("1. 甲\n2. 乙", ("1. 甲", "2. 乙")),
        ("| 项目 | 标准 |\n|---|---:|\n| 证 | 80元 |", ("项目 | 标准", "证 | 80元")),
        ("**重要**的`事`，见[附件](a.pdf)和![图](b.png)", ("重要的事，见附件和图",)),
        ("> 引文", ("引文",)),
        ("一\n\n---\n\n二", ("一", "二")),
        ("文件_名_不变", ("文件_名_不变",)),
        ("", ()),
    ],
)
def test_markup_goes_and_words_stay(text: str, expected: tuple[str, ...]) -> None:
    assert paragraphs(text) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- 内部意见 -->",
        "[//]: # (内部意见)",
        "[内部意见]: http://a.example",
        "<script>内部意见</script>",
        "*[甲]: 内部意见",
        '<a title="内部意见">链接</a>',
    ],
)
def test_what_the_page_hides_is_hidden_here_too(hidden: str) -> None:
    text = f"公开的话。\n\n{hidden}\n\n另一段。"
    found = paragraphs(text)
    assert found[0] == "公开的话。"
    assert "内部" not in "".join(found)


def test_a_number_parted_by_markup_is_whole_again() -> None:
    assert paragraphs("编号12**34**56") == ("编号123456",)
    assert paragraphs("编号12<b>34</b>56") == ("编号123456",)


def test_plain_text_reads_as_the_page_does() -> None:
    text = "## 标题\n\n第一段有**重点**。\n\n- 甲\n- 乙\n\n| 项 | 额 |\n|---|---|\n| 子 | 1 |\n"
    shown = plain_text(render_body("x.md", text)[0])
    wanted = "".join(shown.split())
    assert "".join("".join(paragraphs(text)).split()).replace("|", "") == wanted
