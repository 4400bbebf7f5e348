"""Charts: the same data in drawing and table, gaps that are no zeros, room for every label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.views import chart
from gongkai.views.shared import ChartView

LONG = "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
LARGEST = 999_999_999_999  # twelve digits, as many as a figure may have
YEARS = (2021, 2022, 2023, 2024, 2025)
LABELS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs", "Mn", "Me")),
    min_size=1,
    max_size=40,
)


def decimals(*values: int | str | None) -> list[Decimal | None]:
    return [None if value is None else Decimal(value) for value in values]


def drawn(view: ChartView) -> ElementTree.Element:
    return ElementTree.fromstring(view.svg)


def texts(view: ChartView) -> list[str]:
    return ["".join(text.itertext()) for text in drawn(view).iter("text")]


def table(view: ChartView) -> list[list[str]]:
    return [[cell.text for cell in row] for row in view.table.rows]


def marks(view: ChartView) -> int:
    return sum(part.get("class") == "gk-chart__mark" for part in drawn(view).iter("svg"))


def some_charts() -> Iterator[ChartView]:
    yield chart.bars("办理结果", [("予以公开", Decimal(8)), ("不予公开", Decimal(0))], "件")
    yield chart.bars("占比", [(LONG, Decimal(1808595))], "件", whole=Decimal(1808595))
    yield chart.bars("没有", [], "件")
    yield chart.series("历年", YEARS, [("收到", decimals(4, None, 7, 7, 1808595))], "件")
    yield chart.series("年末", YEARS, [("现行有效", decimals(1, 1, 2, 2, 0))], "件", steps=True)
    yield chart.columns("两年", ("2024年", "2025年"), [("收到", decimals(3, 4))], "件")
    yield chart.columns(
        "横排", ("2024年", "2025年"), [(n, decimals(1808595, None)) for n in "甲乙丙"], "件"
    )


@pytest.mark.parametrize("view", tuple(some_charts()), ids=lambda view: view.caption)
def test_a_drawing_is_well_formed_and_tells_its_name_and_what_it_shows(view: ChartView) -> None:
    root = drawn(view)
    assert root.get("role") == "img"
    ids = (root.get("aria-labelledby") or "").split()
    assert [root[0].tag, root[1].tag] == ["title", "desc"]
    assert [root[0].get("id"), root[1].get("id")] == ids
    assert root[0].text == view.caption
    assert root[1].text
    assert root[2].get("aria-hidden") == "true", "its parts are not read a second time"
    assert len(root) == 3


@pytest.mark.parametrize("view", tuple(some_charts()), ids=lambda view: view.caption)
def test_a_drawing_needs_no_style_script_colour_or_other_host(view: ChartView) -> None:
    assert not re.search(r"\sstyle=|<script|<style|href|#[0-9a-f]{3,6}\b|rgb\(|http", view.svg)


@pytest.mark.parametrize("view", tuple(some_charts()), ids=lambda view: view.caption)
def test_a_drawing_keeps_the_size_of_its_text_on_every_screen(view: ChartView) -> None:
    root = drawn(view)
    assert root.get("viewBox") is None, "it would shrink the text with the picture"
    assert root.get("width") == "100%"
    assert (root.get("height") or "").endswith("em")


def test_the_same_data_gives_the_same_bytes_and_other_data_other_ids() -> None:
    one = [chart.bars("图", [("甲", Decimal(1))], "件").svg for _ in range(2)]
    assert one[0] == one[1]
    ids = [
        re.findall(r' id="([^"]+)"', view.svg)
        for view in (
            chart.bars("图", [("甲", Decimal(1))], "件"),
            chart.bars("图", [("甲", Decimal(2))], "件"),
            chart.columns("图", ("2024年",), [("甲", decimals(1)), ("乙", decimals(1))], "件"),
        )
    ]
    found = [name for names in ids for name in names]
    assert len(found) == len(set(found))


def test_every_bar_has_its_value_beside_it_and_in_the_table() -> None:
    items = [("予以公开", Decimal(8)), ("部分公开", Decimal("2.50")), ("不予公开", Decimal(0))]
    view = chart.bars("办理结果", items, "件")
    assert texts(view) == ["予以公开8件", "部分公开2.5件", "不予公开0件"]
    assert table(view) == [["予以公开", "8"], ["部分公开", "2.5"], ["不予公开", "0"]]
    assert [cell.text for cell in view.table.head[0]] == ["项目", "数量（件）"]


def test_bars_are_as_long_as_their_values_and_nothing_has_no_bar() -> None:
    items = [("甲", Decimal(8)), ("乙", Decimal(2)), ("丙", Decimal(0))]
    view = chart.bars("图", items, "件")
    bars = [r.get("width") for r in drawn(view).iter("rect") if r.get("class") == "gk-chart__fill"]
    assert bars == ["100%", "25%"]


def test_with_a_whole_a_full_bar_is_the_whole_and_shares_are_told() -> None:
    items = [("甲", Decimal(3)), ("乙", Decimal(0))]
    view = chart.bars("图", items, "件", whole=Decimal(12))
    bars = [r.get("width") for r in drawn(view).iter("rect") if r.get("class") == "gk-chart__fill"]
    assert bars == ["25%"]
    assert texts(view) == ["甲3件（25.0%）", "乙0件"]
    assert table(view) == [["甲", "3", "25.0%"], ["乙", "0", "0.0%"]]


def test_what_exceeds_its_whole_is_drawn_to_the_largest() -> None:
    view = chart.bars("图", [("甲", Decimal(8)), ("乙", Decimal(4))], "件", whole=Decimal(2))
    bars = [r.get("width") for r in drawn(view).iter("rect") if r.get("class") == "gk-chart__fill"]
    assert bars == ["100%", "50%"]


def test_a_very_small_share_is_not_called_none() -> None:
    assert chart.share_in_words(Decimal(1), Decimal(1808595)) == "不足0.1%"
    assert chart.share_in_words(Decimal(0), Decimal(5)) == "0.0%"
    assert chart.share(Decimal(1), Decimal(0)) == ""


def test_nothing_at_all_is_drawn_without_a_bar() -> None:
    view = chart.bars("图", [("甲", Decimal(0)), ("乙", Decimal(0))], "件", whole=Decimal(0))
    assert not [r for r in drawn(view).iter("rect") if r.get("class") == "gk-chart__fill"]
    assert "每项都是0件" in (drawn(view)[1].text or "")


def test_large_numbers_have_separators() -> None:
    view = chart.bars("图", [("申请", Decimal(1808595))], "件")
    assert texts(view) == ["申请1,808,595件"]
    assert table(view) == [["申请", "1,808,595"]]


@given(LABELS, st.integers(0, LARGEST))
def test_no_line_of_a_bar_is_wider_than_the_narrowest_screen(name: str, value: int) -> None:
    view = chart.bars("图", [(name, Decimal(value))], "件", whole=Decimal(LARGEST))
    for text in drawn(view).iter("text"):
        words = "".join(text.itertext())
        has_both = bool(text.text) and len(text)
        assert chart.width_of(words) + (0.6 if has_both else 0) <= chart.NARROW + 1.01, words


@given(LABELS)
def test_a_label_that_is_broken_loses_nothing(name: str) -> None:
    joined = "".join(chart.wrapped(name)).replace(" ", "")
    assert joined == name.replace(" ", "")


def test_a_line_does_not_begin_with_a_closing_mark_nor_break_a_number() -> None:
    lines = chart.wrapped("一二三四五六七八九十一二三四五，后面还有1808595件")
    assert not any(line[0] in "，。、）" for line in lines)
    assert any("1808595" in line for line in lines)


def test_a_gap_is_not_a_zero() -> None:
    view = chart.series("历年", (2023, 2024, 2025), [("收到", decimals(4, None, 0))], "件")
    assert marks(view) == 1 + 2, "a sample beside the name and two years that are known"
    lines = [e for e in drawn(view).iter("line") if e.get("class") == "gk-chart__line"]
    assert lines == [], "no line runs across a year without a figure"
    assert "缺" in texts(view)
    assert "0" in texts(view)
    assert table(view) == [
        ["2023年", "4"],
        ["2024年", chart.NO_DATA],
        ["2025年", "0"],
    ]
    assert "2024年无数据" in (drawn(view)[1].text or "")


def test_a_line_joins_neighbouring_years_and_steps_stay_level_to_the_year_of_change() -> None:
    values = [("现行有效", decimals(2, 2, 5))]
    straight = chart.series("图", (2023, 2024, 2025), values, "件")
    stepped = chart.series("图", (2023, 2024, 2025), values, "件", steps=True)

    def lines(view: ChartView) -> list[tuple[str, ...]]:
        return [
            tuple(e.get(name) or "" for name in ("x1", "y1", "x2", "y2"))
            for e in drawn(view).iter("line")
            if e.get("class") == "gk-chart__line"
        ]

    assert len(lines(straight)) == 2
    level, first, rise = lines(stepped)
    assert level[1] == level[3] == first[1] == first[3], "it does not rise before the year is out"
    assert rise[0] == rise[2] == "83.33%"


def test_one_year_all_gaps_and_all_zeros_are_drawn_too() -> None:
    assert marks(chart.series("图", (2025,), [("收到", decimals(5))], "件")) == 2
    nothing = chart.series("图", (2024, 2025), [("收到", decimals(None, None))], "件")
    assert marks(nothing) == 1
    assert "收到无数据" in (drawn(nothing)[1].text or "")
    zeros = chart.series("图", (2024, 2025), [("收到", decimals(0, 0))], "件")
    assert texts(zeros).count("0") == 2


def test_lines_differ_without_colour() -> None:
    lines = [(f"第{n}条", decimals(1, 2)) for n in range(4)]
    root = drawn(chart.series("图", (2024, 2025), lines, "件"))
    dashes = [
        e.get("stroke-dasharray") for e in root.iter("line") if e.get("class") == "gk-chart__line"
    ]
    assert len(set(dashes)) == 4
    shapes = {
        ElementTree.tostring(e[0]) for e in root.iter("svg") if e.get("class") == "gk-chart__mark"
    }
    assert len(shapes) == 4


def test_columns_differ_without_colour_and_the_legend_shows_how() -> None:
    lines = [(f"第{n}项", decimals(1, 2)) for n in range(5)]
    root = drawn(chart.columns("图", ("2024年", "2025年"), lines, "件"))
    patterns = {e.get("id"): ElementTree.tostring(e[1]) for e in root.iter("pattern")}
    assert len(set(patterns.values())) == 4, "the first line is solid, each other has its own"
    fills = [e.get("fill") for e in root.iter("rect") if e.get("class") == "gk-chart__hatch"]
    assert {f"url(#{name})" for name in patterns} == set(fills)
    legend = [e for e in root.iter("rect") if e.get("width") == "1.2em"]
    assert [e.get("fill") for e in legend] == [
        None,
        *(f"url(#gc{_key(root)}-p{n})" for n in (1, 2, 3, 4)),
    ]


def _key(root: ElementTree.Element) -> str:
    return (root[0].get("id") or "").removeprefix("gc").removesuffix("-t")


def test_columns_lie_down_where_their_values_have_no_room() -> None:
    groups = ("2023年", "2024年", "2025年")
    small = chart.columns("图", groups, [("收到", decimals(1, 2, 3))], "件")
    large = chart.columns("图", groups, [("收到", decimals(1808595, None, 0))], "件")
    assert texts(small) == ["1", "2023年", "2", "2024年", "3", "2025年"]
    assert texts(large) == ["2023年", "1,808,595件", "2024年", chart.NO_DATA, "2025年", "0件"]


def test_a_column_without_a_figure_is_marked_and_not_drawn() -> None:
    lines = [("收到", decimals(None, 3)), ("办结", decimals(0, 2))]
    view = chart.columns("图", ("2024年", "2025年"), lines, "件")
    assert texts(view)[2:6] == ["缺", "0", "2024年", "3"]
    assert table(view) == [["2024年", chart.NO_DATA, "0"], ["2025年", "3", "2"]]


def test_labels_on_a_line_do_not_run_into_one_another() -> None:
    years = range(2008, 2026)
    values = [Decimal(1808595 + n * 1000) for n in range(18)]
    root = drawn(chart.series("图", years, [("收到", values)], "件"))
    shown: Sequence[ElementTree.Element] = list(root.iter("text"))
    for room in (chart.NARROW, 25.0):
        spans = []
        for text in shown:
            kind = text.get("class") or ""
            if "value" not in kind or (room == chart.NARROW and "more" in kind):
                continue
            half = chart.width_of(text.text or "") / 2
            x = float((text.get("x") or "0").removesuffix("%")) / 100 * room
            begin = {"start": x, "end": x - 2 * half}.get(text.get("text-anchor") or "", x - half)
            spans.append((begin, begin + 2 * half))
        spans.sort()
        assert spans
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
        assert spans[0][0] >= -0.5
        assert spans[-1][1] <= room + 0.5
    assert len(table(chart.series("图", years, [("收到", values)], "件"))) == 18


def test_named_years_are_evenly_spaced_and_end_with_the_latest() -> None:
    years = range(2008, 2026)
    root = drawn(chart.series("图", years, [("收到", [Decimal(1)] * 18)], "件"))
    named = [int(t.text or 0) for t in root.iter("text") if t.get("class") == "gk-chart__year"]
    assert named[-1] == 2025
    assert len({b - a for a, b in pairwise(named)}) == 1


def test_a_line_with_too_few_values_is_a_slip_of_the_program() -> None:
    with pytest.raises(ValueError, match="收到: 1 values for 2 places"):
        chart.series("图", (2024, 2025), [("收到", decimals(1))], "件")


def test_labels_are_escaped() -> None:
    view = chart.bars('<b>"图"</b>', [("<script>", Decimal(1))], "<i>")
    assert "<script>" not in view.svg
    assert drawn(view)[0].text == '<b>"图"</b>'
    assert texts(view) == ["<script>1<i>"]


def test_up_to_six_points_are_read_out_and_of_more_the_ends_and_the_extremes() -> None:
    few = chart.series("存量", range(2020, 2026), [("甲", [Decimal(n) for n in range(6)])], "件")
    for year in range(2020, 2026):
        assert f"{year}年{year - 2020}件" in few.svg
    values = [Decimal(n) for n in (5, 4, 9, 6, 1, 3, 4, 7)]
    many = chart.series("存量", range(2018, 2026), [("甲", values)], "件")
    assert "甲2018年5件，2020年9件，2022年1件，2025年7件。" in many.svg
