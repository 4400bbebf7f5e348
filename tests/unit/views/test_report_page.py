"""The page of a report: tables as prescribed, what phones show instead, where figures come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongkai.domain.corpus import ReportRecord
from gongkai.domain.reports.figures import Counted, Figures, Origin
from gongkai.domain.reports.form import CellKey, forms
from gongkai.domain.site import Site
from gongkai.kernel.place import Place
from gongkai.press.shell import Shell
from gongkai.press.templates import Templates
from gongkai.views.frame import Frame
from gongkai.views.pages import FigureLine, FigureView, ReportBasisPage, ReportPage
from gongkai.views.report_basis import report_basis_page
from gongkai.views.report_page import basis_cells, report_page, timeliness
from gongkai.views.report_tables import figure_lines, figure_table
from gongkai.views.shared import Link, Table
from make import make_columns, make_corpus
from make_reports import figures_of, report_record

REQUESTS = {
    "s3_requests.new.natural": 3,
    "s3_requests.new.total": 3,
    "s3_requests.granted.natural": 2,
    "s3_requests.granted.total": 2,
    "s3_requests.denied_internal.natural": 1,
    "s3_requests.denied_internal.total": 1,
    "s3_requests.results_total.natural": 3,
    "s3_requests.results_total.total": 3,
}
NEW, HELD = ("s3_requests", "new", "total"), ("s2_art20_1", "normative", "in_force")


OLD = {"key": "n", "name": "数", "value": "1", "unit": "条"}


@pytest.fixture
def frame() -> Frame:
    return Frame(make_corpus(columns=make_columns("reports"), site=Site(name="青禾县")))


def page_of(frame: Frame, record: ReportRecord, body: str = "", **more: Any) -> ReportPage:
    return report_page(frame, record, body, (), None, None, **more)


def with_origins(record: ReportRecord, origins: Mapping[CellKey, Origin]) -> ReportRecord:
    return replace(record, figures=replace(record.figures, origins=origins))


def computed(value: int, *counted: Counted, reason: str = "") -> Origin:
    kind = "overridden" if reason else "computed"
    return Origin(kind, Place("x.md"), Decimal(value), counted, reason)  # type: ignore[arg-type]


def figure(view: ReportPage, key: str) -> FigureView:
    return next(f for part in view.parts for f in part.tables if f.anchor == f"t-{key}")


def html_of(theme: Path, view: ReportPage | ReportBasisPage, name: str) -> str:
    pressed = Templates(theme).press(Shell(("", "", "", "")), name, view, "a/mzj/report/2025.html")
    return pressed.decode()


def lines_of(lines: tuple[FigureLine, ...]) -> dict[str, FigureLine]:
    found: dict[str, FigureLine] = {}
    for line in lines:
        found |= {line.label: line, **lines_of(line.lines)}
    return found


def grid(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_the_parts_stand_in_the_order_of_the_form_with_their_text(frame: Frame) -> None:
    body = '<h2 id="b">六、其他需要报告的事项</h2><p>无</p><h2 id="a">一、总体情况</h2><p>很好</p>'
    view = page_of(frame, report_record(), body)
    assert [part.heading[:1] for part in view.parts] == list("一二三四五六")
    assert (view.parts[0].html, view.parts[5].html) == ("<p>很好</p>", "<p>无</p>")


def test_the_text_of_a_form_without_prose_parts_comes_before_its_table(frame: Frame) -> None:
    view = page_of(frame, report_record(form="2017", year=2017), "<p>自查报告</p>")
    assert [part.anchor for part in view.parts] == ["extra", "statistics"]


def test_the_chapters_of_an_old_report_can_be_reached(frame: Frame, theme: Path) -> None:
    body = '<h2 id="a">一、总体情况</h2><h2>无锚点</h2><h2 id="b">二、<b>渠道</b></h2><p>乙</p>'
    view = page_of(frame, report_record(form="legacy", year=2011, figures=[OLD]), body)
    assert view.parts[0].sections == (Link("一、总体情况", "#a"), Link("二、渠道", "#b"))
    assert '<li><a href="#b">二、渠道</a></li>' in html_of(theme, view, "report")


def test_the_report_of_a_website_is_none_of_the_yearly_reports(frame: Frame) -> None:
    record = replace(report_record(), subject="website")
    labels = [crumb.label for crumb in page_of(frame, record).crumbs]
    assert labels[-2:] == ["政府网站工作年度报表", "2025年"]
    assert not [label for label in labels if "政府信息公开年报" in label]


def test_the_summary_says_which_of_its_figures_disagree_with_others(frame: Frame) -> None:
    cells = {"statistics.disclosed.value": 17, "statistics.channel_website.value": 140}
    record = report_record(form="2017", year=2017, cells=cells)
    at = ("statistics", "channel_website", "value")
    check = "2.政府网站公开政府信息数 140，大于 （一）主动公开政府信息数 17"
    told = {fact.label: fact.value for fact in page_of(frame, record, checks=[(check, at)]).summary}
    words = "主动公开政府信息17条（主动公开政府信息与其他数字不一致，见数据核对说明）。"
    assert told["主动公开"] == words
    plain = {fact.label: fact.value for fact in page_of(frame, record).summary}
    assert plain["主动公开"] == "主动公开政府信息17条。"


def test_the_matrix_is_printed_with_its_headers_and_without_a_column_of_our_own() -> None:
    table = forms()["2021"].table("s3_requests")
    assert table
    official = figure_table(table, figures_of("2021", REQUESTS).cells)
    assert [len(row) for row in official.head] == [2, 3, 5]
    assert len(official.rows) == 25
    for n, row in enumerate(official.rows):
        assert sum(not cell.is_header for cell in row) == 7, n
    assert official.rows[0][0].colspan == 3
    first = official.rows[2]
    assert (first[0].text, first[0].rowspan, first[0].scope) == (
        "三、本年度办理结果",
        22,
        "row",
    )
    scopes = {cell.scope for row in (*official.head, *official.rows) for cell in row}
    assert scopes == {"row", "col", ""}, "a scope of a group would take in every later line"
    assert official.head[0][0].scope == "col"
    assert not any("小计" in cell.text for row in official.rows for cell in row)


def test_the_2019_matrix_has_one_row_for_other_outcomes() -> None:
    table = forms()["2019"].table("s3_requests")
    assert table
    assert len(figure_table(table, {}).rows) == 23


def test_a_phone_sees_the_total_of_each_row_and_the_applicants_on_demand() -> None:
    table = forms()["2021"].table("s3_requests")
    assert table
    lines = lines_of(figure_lines(table, figures_of("2021", REQUESTS).cells))
    received = lines["一、本年新收政府信息公开申请数量"]
    assert received.value == "3"
    assert [(p.label, p.value) for p in received.parts][:2] == [("自然人", "3"), ("商业企业", "0")]
    assert received.parts[-1].label == "其他（法人或其他组织）"
    assert lines["四、结转下年度继续办理"].parts == (), "seven zeros need no second look"


def test_a_phone_sees_subtotals_that_are_told_to_be_ours_and_no_total_twice() -> None:
    table = forms()["2021"].table("s3_requests")
    assert table
    lines = lines_of(figure_lines(table, figures_of("2021", REQUESTS).cells))
    refused = lines["（三）不予公开"]
    assert (refused.value, refused.is_subtotal, len(refused.lines)) == ("1", True, 8)
    assert not lines["三、本年度办理结果"].is_subtotal
    assert lines["（七）总计"].value == "3"
    assert not lines["（七）总计"].is_subtotal


def test_a_group_with_a_blank_has_no_subtotal() -> None:
    table = forms()["2021"].table("s3_requests")
    assert table
    blank = figures_of("2021", REQUESTS, ["s3_requests.denied_by_law.total"])
    lines = lines_of(figure_lines(table, blank.cells))
    assert (lines["（三）不予公开"].value, lines["（三）不予公开"].is_subtotal) == ("", False)
    assert lines["2.其他法律行政法规禁止公开"].is_blank
    assert lines["（四）无法提供"].is_subtotal


def test_table_four_stands_upright_on_a_phone_with_the_same_figures(frame: Frame) -> None:
    cells = {"s4_review.review.upheld": 1, "s4_review.litigation_after_review.total": 2}
    view = figure(page_of(frame, report_record(cells=cells)), "s4_review")
    assert grid(view.table) == [["1", "0", "0", "0", "0", *"00000", "0", "0", "0", "0", "2"]]
    assert view.narrow
    assert grid(view.narrow)[0] == ["结果维持", "1", "0", "0"]
    assert grid(view.narrow)[4] == ["总计", "0", "0", "2"]


def test_an_indicator_tree_shows_units_levels_headings_and_blanks(
    frame: Frame, theme: Path
) -> None:
    blank = ["statistics.channel_gazette.value", "statistics.hall.value"]
    record = report_record(form="2017", year=2017, blank=blank)
    record = replace(
        record, figures=replace(record.figures, texts={("statistics", "hall", "value"): "否"})
    )
    view = page_of(frame, record)
    tree = figure(view, "statistics").table
    assert [cell.text for cell in tree.head[0]] == ["统计指标", "单位", "统计数"]
    rows = {row[0].text: row for row in tree.rows}
    heading = rows["一、主动公开情况"]
    assert (heading[0].is_heading, heading[1].text, heading[2].is_blank) == (True, "—", False)
    part = rows["1.政府公报公开政府信息数"]
    assert (part[0].level, part[1].text, part[2].text, part[2].is_blank) == (2, "条", "", True)
    assert rows["（一）是否设立实体办事大厅"][2].text == "否"
    assert "本地增设的指标：十、部门设立实体、网上办事大厅情况" in tree.note
    html = html_of(theme, view, "report")
    assert html.count("（未填）") == sum(row[2].is_blank for row in tree.rows)


def test_a_misprinted_label_is_printed_and_our_reading_is_a_remark(frame: Frame) -> None:
    view = page_of(frame, report_record(form="2017", year=2017))
    assert any(row[0].text == "涉及个人秘密的" for row in figure(view, "statistics").table.rows)
    remark = next(r for r in view.remarks if "涉及个人隐私的" in r.text)
    assert remark.figure
    assert remark.figure.wide == remark.figure.narrow == "#statistics-refused_privacy-value"


def test_a_check_leads_to_its_figure_on_wide_and_on_narrow_screens(
    frame: Frame, theme: Path
) -> None:
    checks = [("总计不等", NEW), ("正文与上年相似。", None), ("不在表上", ("no", "such", "cell"))]
    view = page_of(frame, report_record(), checks=checks)
    assert [remark.text for remark in view.remarks] == ["总计不等。", "正文与上年相似。"]
    link = view.remarks[0].figure
    assert link
    assert (link.wide, link.narrow) == ("#s3_requests-new-total", "#n-s3_requests-new")
    html = html_of(theme, view, "report")
    for address in (link.wide, link.narrow):
        assert html.count(f'id="{address[1:]}"') == 1


def test_every_anchor_is_there_once_and_every_link_on_the_page_leads_somewhere(
    frame: Frame, theme: Path
) -> None:
    record = with_origins(
        report_record(cells=REQUESTS), {HELD: computed(4, reason="目录尚未补录"), NEW: computed(3)}
    )
    checks = [("甲。", ("s4_review", "review", "total")), ("乙。", NEW)]
    view = page_of(frame, record, checks=checks, has_basis=True, history=[(2024, {})])
    html = html_of(theme, view, "report")
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    inner = re.findall(r'href="#([^"]+)"', html)
    assert inner
    assert set(inner) <= set(ids)


def test_a_computed_figure_leads_to_what_it_counts(frame: Frame, theme: Path) -> None:
    record = with_origins(report_record(cells=REQUESTS), {NEW: computed(3)})
    url = "a/mzj/report/2025-basis.html#s3_requests-new-total"
    view = page_of(frame, record, has_basis=True)
    assert figure(view, "s3_requests").table.rows[0][-1].url == url
    line = lines_of(figure(view, "s3_requests").lines)["一、本年新收政府信息公开申请数量"]
    assert (line.parts[-1].label, line.parts[-1].url) == ("总计", url)
    assert view.basis
    html = html_of(theme, view, "report")
    assert not re.search(r"<summary[^>]*>(?:(?!</summary>).)*<a ", html, re.DOTALL)
    plain = page_of(frame, record)
    assert plain.basis is None
    assert figure(plain, "s3_requests").table.rows[0][-1].url == ""


def test_an_overridden_figure_has_a_footnote_with_its_reason(frame: Frame, theme: Path) -> None:
    record = with_origins(
        report_record(cells={"s2_art20_1.normative.in_force": 2}),
        {HELD: computed(4, reason="两件已移交卫健局")},
    )
    view = figure(page_of(frame, record), "s2_art20_1")
    assert [(m.label, m.url) for m in view.table.rows[1][-1].marks] == [("1", "#note-1")]
    (note,) = view.notes
    assert note.text == "报告采用2件，本站统计为4件。理由：两件已移交卫健局"
    assert note.figure.label == "行政规范性文件·现行有效件数"
    assert 'aria-label="注1"' in html_of(theme, page_of(frame, record), "report")


def test_the_summary_compares_with_the_year_before_and_with_no_other(frame: Frame) -> None:
    record = report_record(cells=REQUESTS)
    last = {("received", "total"): Decimal(2)}
    words = "".join(f.value for f in page_of(frame, record, history=[(2024, last)]).summary)
    assert "比上年增加1件（50.0%）" in words
    words = "".join(f.value for f in page_of(frame, record, history=[(2023, last)]).summary)
    assert "上年" not in words.replace("没有上年结转", "")


def test_charts_are_drawn_from_figures_that_are_there(frame: Frame) -> None:
    assert page_of(frame, report_record()).charts == ()
    captions = [c.caption for c in page_of(frame, report_record(cells=REQUESTS)).charts]
    assert captions == ["2025年申请办理结果", "2025年申请人类型"]


def test_a_year_without_a_report_is_a_gap_in_the_trend(frame: Frame) -> None:
    history = [(y, {("received", "total"): Decimal(y - 2018)}) for y in (2019, 2020, 2022)]
    charts = page_of(frame, report_record(cells=REQUESTS), history=history).charts
    trend = next(c for c in charts if c.caption.startswith("2019—2025年"))
    rows = {row[0]: row[1] for row in grid(trend.table)}
    assert (rows["2021年"], rows["2022年"], rows["2025年"]) == ("无数据", "4", "3")
    few = page_of(frame, report_record(cells=REQUESTS), history=history[2:]).charts
    assert "柱形图" in next(c.svg for c in few if c.caption.startswith("2022—2025年"))


def test_sums_of_an_old_report_are_drawn_with_shares_only_where_they_add_up(frame: Frame) -> None:
    figures = [
        {"key": key, "name": name, "value": value}
        for key, name, value in (
            ("t", "总数", "9"),
            ("a", "甲", "5"),
            ("b", "乙", "3"),
            ("c", "丙", "1"),
        )
    ]
    rules = [{"total": "t", "parts": ["a", "b", "c"], "name": "按类别"}]
    record = report_record(form="legacy", figures=figures, sums=rules)
    (chart,) = page_of(frame, record).charts
    assert grid(chart.table)[0] == ["甲", "5", "55.6%"]
    figures[0]["value"] = "10"
    record = report_record(form="legacy", figures=figures, sums=rules)
    (chart,) = page_of(frame, record).charts
    assert grid(chart.table)[0] == ["甲", "5"]
    figures[0]["name"] = "主动公开政府信息总数"
    record = report_record(form="legacy", year=2011, figures=figures, sums=rules)
    (chart,) = page_of(frame, record).charts
    assert chart.caption == "2011年主动公开政府信息：按类别"
    points = [{**figure, "unit": "分"} for figure in figures]
    assert page_of(frame, report_record(form="legacy", figures=points, sums=rules)).charts == ()


def test_a_rate_is_printed_with_its_formula(frame: Frame, theme: Path) -> None:
    figures = [
        {"key": "done", "name": "办结件数", "value": "7766", "unit": "件"},
        {"key": "all", "name": "受理件数", "value": "9541", "unit": "件"},
        {"key": "none", "name": "没有的", "value": "0", "unit": "件"},
    ]
    rates = [
        {"name": "办结率", "part": "done", "whole": "all"},
        {"name": "载明不同", "part": "done", "whole": "all", "stated": "82%"},
        {"name": "载明相同", "part": "done", "whole": "all", "stated": "81.40％"},
        {"name": "没有基数", "part": "done", "whole": "none"},
    ]
    view = page_of(frame, report_record(figures=figures, rates=rates))
    first, other, same, none = view.rates
    assert (first.value, first.formula, first.words) == ("81.4%", "7766÷9541", "办结件数÷受理件数")
    assert (other.value, other.stated) == ("81%", "82%")
    assert same.stated == ""
    assert none.value == ""
    html = html_of(theme, view, "report")
    assert "<b>81.4%</b>＝7766÷9541" in html
    assert "分母为零，不计算（7766÷0）" in html


def test_problems_stand_in_the_part_on_problems_or_in_one_of_their_own(frame: Frame) -> None:
    rows = [{"problem": "更新不及时", "measure": "每周检查", "status": "已完成"}]
    view = page_of(frame, report_record(problems=rows))
    held = {part.anchor: part.problems for part in view.parts}
    assert held["s5_problems"][0].measure == "每周检查"
    assert view.problems == ()
    old = page_of(frame, report_record(form="2017", year=2017, problems=rows))
    assert [row.problem for row in old.problems] == ["更新不及时"]


@pytest.mark.parametrize(
    ("published", "more", "words"),
    [
        ("2026-01-31 17:00", {}, "2026年1月31日（按时发布）"),
        ("2026-02-03 09:00", {}, "2026年1月31日（逾期3天发布）"),
        ("2026-02-03 09:00", {"migrated_on": "2026-02-03"}, "2026年1月31日"),
    ],
)
def test_timeliness_is_judged_unless_the_page_came_from_an_old_site(
    published: str, more: dict[str, str], words: str
) -> None:
    report = report_record(published_on=published, **more).report
    assert report
    assert timeliness(report, date(2026, 1, 31)) == words
    assert timeliness(report, None) == ""


def test_the_box_tells_scope_and_the_three_dates(frame: Frame) -> None:
    record = report_record(scope="own", submitted_on="2026-01-18", addends=["mzj"])
    view = page_of(frame, record, due_on=date(2026, 1, 31))
    facts = {fact.label: fact.value for fact in view.facts}
    assert facts["统计范围"] == "本级"
    assert (facts["审核日期"], facts["报送日期"]) == ("2026年1月8日", "2026年1月18日")
    assert facts["发布期限"].endswith("（按时发布）")
    assert facts["发布日期"] == "2026年1月20日 09:00"
    shown = {f.label: f.value for f in page_of(frame, record, scope="县本级").facts}
    assert shown["统计范围"] == "县本级"


def test_downloads_and_what_the_site_adds_are_told_apart_from_the_report(
    frame: Frame, theme: Path
) -> None:
    table = Table("汇总核对", (), ())
    outputs = [Link("Word", "a/mzj/report/2025.docx", "42 KB")]
    view = page_of(
        frame,
        report_record(cells=REQUESTS),
        outputs=outputs,
        consolidation=[table],
        checks=[("甲。", None)],
    )
    html = html_of(theme, view, "report")
    assert "Word</a> <span" in html
    assert "（42 KB）" in html
    for words in ("根据本报告表格自动生成", "由本站根据报告数据绘制", "由本站根据各单位报告汇总"):
        assert words in html
    assert "数据核对说明（系统提示，非原文）" in html
    doc = html[html.index("data-gk-doc") : html.index("汇总核对")]
    assert "gk-chart" not in doc
    assert not re.search(r"\sstyle=|<script|\son\w+=", html)


def test_the_page_without_anything_to_add_is_still_the_report(frame: Frame, theme: Path) -> None:
    record = replace(report_record(form="legacy"), figures=Figures({}))
    view = page_of(frame, record, "<p>原文</p>")
    assert (view.summary, view.charts, view.remarks, view.outputs) == ((), (), (), ())
    assert "<p>原文</p>" in html_of(theme, view, "report")


# what computed figures count


def basis_of(frame: Frame, record: ReportRecord, **more: Any) -> ReportBasisPage:
    facts: dict[str, Any] = {"entries": {}, "requests": None, "decisions": None}
    return report_basis_page(frame, record, **{**facts, **more})


def counted_record() -> ReportRecord:
    def requests(*refs: str) -> tuple[Counted, ...]:
        return tuple(Counted("request", ref) for ref in refs)

    form = forms()["2021"]
    record = report_record(cells={**REQUESTS, "s2_art20_5.licence.decisions": 12})
    values = record.figures.cells
    origins = {
        cell: computed(int(values[cell]), *requests(*(f"r{n}" for n in range(int(values[cell])))))
        for cell in form.cells()
        if cell[0] == "s3_requests"
    }
    origins[HELD] = computed(2, Counted("entry", "QH/1"), Counted("entry", "QH/2"), reason="未补录")
    origins["s2_art20_5", "licence", "decisions"] = computed(
        12,
        Counted("decision", "d1", Decimal(5)),
        Counted("decision", "d2", Decimal(4)),
        Counted("decision", "d3", Decimal(3)),
    )
    return with_origins(record, origins)


def test_zeros_have_no_basis_and_the_others_stand_in_the_order_of_the_form() -> None:
    record = counted_record()
    cells = basis_cells(forms()["2021"], record.figures)
    assert cells[0] == HELD
    assert all(record.figures.origins[cell].computed for cell in cells)
    assert ("s3_requests", "carried_in", "total") not in cells


def test_entries_are_listed_and_an_override_is_explained(frame: Frame) -> None:
    entries = {"QH/1": Link("甲办法", "i/QH/1.html", "青政规〔2025〕1号")}
    view = basis_of(frame, counted_record(), entries=entries)
    (found,) = view.sections[0].figures
    assert (found.anchor, found.value) == ("s2_art20_1-normative-in_force", "2件")
    assert [link.label for link in found.entries] == ["甲办法"], "one is not public any more"
    assert found.note == "报告采用0件，本站统计为2件。理由：未补录"
    assert found.back.wide == "a/mzj/report/2025.html#s2_art20_1-normative-in_force"


def test_decisions_are_added_up_by_month_and_matter(frame: Frame) -> None:
    rows = {"d1": ("2025-03", "登记"), "d2": ("2025-01", "登记"), "d3": ("2025-03", "登记")}
    view = basis_of(frame, counted_record(), decisions=rows)
    (found,) = view.sections[1].figures
    assert found.table
    assert grid(found.table) == [["2025-01", "登记", "4"], ["2025-03", "登记", "8"]]


def test_a_total_is_told_as_a_sum_of_the_figures_beside_it(frame: Frame) -> None:
    figures = {f.anchor: f for f in basis_of(frame, counted_record()).sections[2].figures}
    total = figures["s3_requests-results_total-natural"]
    assert [(p.label, p.detail) for p in total.formula] == [
        ("（一）予以公开", "2"),
        ("5.属于三类内部事务信息", "1"),
    ]
    assert all(part.url[1:] in figures for part in total.formula)
    assert figures["s3_requests-new-total"].formula[0].label == "自然人"


def test_a_closed_register_gives_counts_alone(frame: Frame, theme: Path) -> None:
    rows = {f"r{n}": ("2025-03", "自然人", "土地", "予以公开") for n in range(9)}
    closed, opened = (basis_of(frame, counted_record(), requests=r) for r in (None, rows))
    assert closed.sections[2].is_register_closed
    assert not any(f.table for f in closed.sections[2].figures)
    assert "申请登记簿不对外公开，这里只公布件数。" in html_of(theme, closed, "report_basis")
    assert not opened.sections[2].is_register_closed
    first, total = opened.sections[2].figures[:2]
    assert first.table
    assert len(first.table.rows) == 3
    assert total.formula
    assert total.table is None, "its rows stand with the figures that it adds up"
    assert "r0" not in html_of(theme, opened, "report_basis"), "no number leads to a person"


def test_the_anchors_that_a_report_links_to_are_on_its_basis_page(
    frame: Frame, theme: Path
) -> None:
    record = counted_record()
    page = html_of(theme, page_of(frame, record, has_basis=True), "report")
    basis = html_of(theme, basis_of(frame, record), "report_basis")
    wanted = set(re.findall(r'2025-basis\.html#([^"]+)"', page))
    assert wanted
    assert wanted <= set(re.findall(r'\bid="([^"]+)"', basis))
    back = set(re.findall(r'report/2025\.html#([^"]+)"', basis))
    assert back <= set(re.findall(r'\bid="([^"]+)"', page))
