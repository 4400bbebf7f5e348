"""How much of this year's report stood in last year's."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.reports.prose import (
    ALIKE_WARN,
    COMPARED_CHARACTERS,
    PASSAGE_CHARACTERS,
    similarity,
)

BEFORE = """2024年，镇政府围绕惠农补贴和村级财务两条主线整理公开内容，把公开栏搬到村口和集市。
全年更新公开栏112次，发放明白纸3400份，村广播播出46期。
一是补齐村级决算公开，14个村全部张贴到户；二是把老人津贴名单交由村民代表核对后再公示。
收到政府信息公开申请7件，答复7件，没有行政复议和行政诉讼。
信息员培训两期，到会38人，课后逐人抽查发布流程，发现的三处错漏当天改正。
群众反映最多的是补贴计算办法看不懂，镇里请农经站写了问答，并在赶集日现场讲解。
下一步准备把林权登记旧档逐卷扫描，方便村民凭身份证查阅本户材料。"""
OTHER = """本局承担全区排水和供水管网的监管，公开工作随工程进度安排。
管线迁改、停水抢修一律提前四十八小时发布公告，突发爆管在两小时内说明影响范围。
水质检测结果按周公布，覆盖出厂水、管网水和龙头水三类共四十二个指标。
窗口受理用水报装，办理时限由七日压到三日，材料从六份减到两份。
热线坐席增至九个，夜间值守延长到二十二点，投诉回访由第三方随机抽取。
问题在于部分老旧小区水表数据不全，影响按户公布用水量；今后两年分批换装智能水表。
另外，工程招标信息分散在三个平台，企业查找费时，已着手合并到一个专栏。"""


def test_the_same_text_with_other_figures_is_alike() -> None:
    now = BEFORE.replace("2024年", "2025年").translate(str.maketrans("1234567", "2345678"))
    found = similarity(now.replace("两期", "五期"), BEFORE)
    assert found.ratio == 1.0
    assert found.is_alike


def test_texts_of_different_bodies_are_not_alike() -> None:
    found = similarity(OTHER, BEFORE)
    assert found.is_judged
    assert found.ratio < 0.05
    assert not found.is_alike
    assert found.longest == ()


def test_the_share_is_of_this_years_text() -> None:
    found = similarity(BEFORE + OTHER, BEFORE)
    assert 0.4 < found.ratio < 0.6
    assert similarity(BEFORE, BEFORE + OTHER).ratio == 1.0


def test_most_sentences_kept_is_over_the_threshold_and_half_is_not() -> None:
    old, new = BEFORE.split("\n"), OTHER.split("\n")
    mostly = "\n".join([*old[:6], new[0]])
    half = "\n".join([*old[:3], *new[:4]])
    assert similarity(mostly, BEFORE).ratio >= ALIKE_WARN > similarity(half, BEFORE).ratio


def test_the_longest_passages_are_shown_at_their_lines() -> None:
    old, new = BEFORE.split("\n"), OTHER.split("\n")
    found = similarity("\n".join([new[0], old[2], *new[1:3], old[5], *new[3:]]), BEFORE)
    assert sorted(passage.line for passage in found.longest) == [2, 5]
    sizes = [passage.characters for passage in found.longest]
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) >= PASSAGE_CHARACTERS
    assert "14个村全部张贴到户" in " ".join(passage.text for passage in found.longest)


def test_at_most_three_passages_are_shown_and_cut_short() -> None:
    now = "\n".join(f"{line}{'甲乙丙丁戊'[i % 5] * 9}" for i, line in enumerate(BEFORE.split("\n")))
    found = similarity(now, BEFORE)
    assert len(found.longest) == 3
    assert all(len(passage.text) <= 80 for passage in found.longest)


@pytest.mark.parametrize(("now", "before"), [("", ""), (BEFORE, ""), (BEFORE[:150], BEFORE)])
def test_a_short_text_is_not_judged(now: str, before: str) -> None:
    found = similarity(now, before)
    assert not found.is_judged
    assert not found.is_alike
    assert found.ratio == 0


def test_a_very_long_text_is_read_only_so_far() -> None:
    dice = random.Random(7)
    start = "".join(dice.choices("天地玄黄宇宙洪荒日月盈昃辰宿列张", k=COMPARED_CHARACTERS))
    assert similarity(start + OTHER * 1000, start).ratio == 1.0


@given(st.text(max_size=400), st.text(max_size=400))
def test_the_share_lies_between_nought_and_one(now: str, before: str) -> None:
    assert 0 <= similarity(now * 3, before * 3 + now).ratio <= 1
