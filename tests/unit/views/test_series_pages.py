"""Pages of series: gaps and blanks as such, marks with their legend, sums only where declared."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongkai.derive.board import build_board
from gongkai.derive.consolidation import consolidate
from gongkai.derive.rankings import build_rankings
from gongkai.derive.series import Change, DeclaredSet, Series, build_series
from gongkai.domain.agency import Level
from gongkai.domain.corpus import ReportRecord
from gongkai.domain.reports.indicator import INDICATORS
from gongkai.press.shell import MARKS, Shell
from gongkai.press.templates import Templates
from gongkai.views.board_page import board_address, board_document, board_page
from gongkai.views.consolidation_tables import consolidation_tables
from gongkai.views.frame import Frame
from gongkai.views.series_pages import (
    BLANK,
    EXPLORER,
    GAP,
    change_in_words,
    explorer_page,
    full_label,
    indicator_address,
    indicator_page,
    rankings_address,
    rankings_page,
    reports_page,
    series_json,
    years_in_words,
)
from gongkai.views.shared import Table
from make import make_agency, make_columns, make_corpus
from make_reports import received, report_record

AGENCIES = {
    "qinghe": make_agency("qinghe").model_copy(update={"level": Level.COUNTY}),
    "mzj": make_agency("mzj"),
    "jyj": make_agency("jyj"),
    "zhuhui": make_agency("zhuhui").model_copy(update={"collection": "history"}),
}
FRAME = Frame(make_corpus(agencies=AGENCIES, columns=make_columns("reports")))
STATED = {"key": "new", "name": "新收", "value": "2", "unit": "件", "indicator": "received"}
RECORDS = [
    report_record("mzj", 2025, received(6, granted=3, results_total=6)),
    report_record("mzj", 2024, received(4), figures=[{**STATED, "key": "x", "indicator": ""}]),
    report_record("mzj", 2020, received(5), form="2019"),
    report_record("jyj", 2025, blank=["s3_requests.new.total"]),
    report_record("qinghe", 2025, received(50), scope="consolidated", addends=["mzj"]),
    report_record("zhuhui", 2009, form="legacy", figures=[STATED]),
]
SERIES = build_series(RECORDS)
EVIL = '<script>alert(1)</script>"&'


def of(agency: str) -> list[ReportRecord]:
    return [record for record in RECORDS if record.agency == agency]


def texts(table: Table, label: str) -> list[str]:
    """Return the row whose header begins with a label."""
    return next([cell.text for cell in row] for row in table.rows if row[0].text.startswith(label))


def table_of(tables: tuple[Table, ...], caption: str) -> Table:
    return next(table for table in tables if table.caption == caption)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (None, GAP),
        (Change(Decimal(2), Decimal(4)), "+2（+50.0%）"),
        (Change(Decimal(-3), Decimal(6)), "−3（−50.0%）"),
        (Change(Decimal(5), Decimal(0)), "+5"),
        (Change(Decimal(0), Decimal(6)), "持平"),
    ],
)
def test_a_change_is_told_with_a_rate_where_there_is_a_base(
    change: Change | None, words: str
) -> None:
    assert change_in_words(change) == words


def test_an_agency_s_years_stand_side_by_side_with_the_change_on_last_year() -> None:
    view = reports_page(FRAME, "mzj", of("mzj"), SERIES)
    table = table_of(view.tables, "收到和处理申请")
    heads = [cell.text for cell in table.head[0]]
    assert heads == ["指标", "2020年", "2024年", "2025年", "2025年比上年"]
    assert texts(table, "收到")[1:] == ["5", "4", "6", "+2（+50.0%）"]
    proactive = table_of(view.tables, "主动公开")
    assert texts(proactive, "现行有效行政规范性文件")[1] == GAP
    assert GAP in {mark.label for mark in view.marks}


def test_a_blank_figure_says_so_and_has_its_legend() -> None:
    view = reports_page(FRAME, "jyj", of("jyj"), SERIES)
    assert texts(table_of(view.tables, "收到和处理申请"), "收到")[1:] == [BLANK]
    assert [mark.label for mark in view.marks] == [BLANK]


def test_one_year_has_no_charts_changes_or_sums() -> None:
    view = reports_page(FRAME, "jyj", of("jyj"), SERIES)
    assert view.charts == ()
    assert view.sums is None


def test_years_are_summed_where_a_sum_means_anything() -> None:
    view = reports_page(FRAME, "mzj", of("mzj"), SERIES)
    assert view.sums is not None
    assert texts(view.sums, "收到")[1:] == ["2020—2025年（缺2021、2022、2023年）", "15", "件"]
    assert not [row for row in view.sums.rows if "现行有效" in row[0].text]


def test_charts_keep_a_place_for_years_without_a_report() -> None:
    view = reports_page(FRAME, "mzj", of("mzj"), SERIES)
    first = view.charts[0]
    assert [row[0].text for row in first.table.rows] == [f"{y}年" for y in range(2020, 2026)]
    assert first.table.rows[1][1].text == "无数据"


def test_figures_of_different_scope_are_not_drawn_together() -> None:
    records = [
        report_record("qinghe", year, received(year - 2000), scope=scope)
        for year, scope in ((2022, "own"), (2023, "own"), (2024, "consolidated"))
    ]
    view = reports_page(FRAME, "qinghe", records, build_series(records))
    assert view.charts[0].caption.endswith("（县本级）")
    assert [row[0].text for row in view.charts[0].table.rows] == ["2022年", "2023年"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"published_on": "2026-01-31"}, "按时（期限1月31日）"),
        ({"published_on": "2026-02-01"}, "逾期（期限1月31日）"),
        ({"published_on": "2026-06-01", "migrated_on": "2026-06-01"}, "迁移不计"),
    ],
)
def test_the_list_of_reports_tells_whether_each_was_in_time(
    changes: dict[str, Any], words: str
) -> None:
    record = report_record(**changes)
    view = reports_page(FRAME, "mzj", [record], build_series([record]))
    assert view.table is not None
    assert view.table.rows[0][3].text == words


def test_an_earlier_local_day_counts() -> None:
    record = report_record(published_on="2026-01-21")
    view = reports_page(FRAME, "mzj", [record], SERIES, earlier={"department": (1, 20)})
    assert view.table is not None
    assert view.table.rows[0][3].text == "逾期（期限1月20日）"


def test_an_agency_without_reports_says_so() -> None:
    view = reports_page(FRAME, "mzj", [], Series({}))
    assert view.table is None
    assert view.empty
    assert (view.tables, view.charts, view.sums, view.links) == ((), (), None, ())


def test_an_indicator_page_has_every_agency_by_level_and_history_last() -> None:
    view = indicator_page(FRAME, SERIES, "received")
    assert view.years == tuple(range(2009, 2026)), "the axis of the drawing"
    assert [group.label for group in view.groups] == ["县政府", "部门", "历史样例"]
    rows = {row.key: row for group in view.groups for row in group.rows}
    cells = {cell.year: cell for cell in rows["mzj"].cells}
    assert [cells[y].text for y in (2009, 2019, 2020, 2024, 2025)] == [GAP, GAP, "5", "4", "6"]
    assert [cells[y].value for y in (2009, 2020, 2025)] == ["", "5", "6"]
    assert (cells[2009].unseen, cells[2025].unseen) == ("（无数据）", "")
    assert rows["jyj"].cells[-1].is_blank
    assert rows["jyj"].cells[-1].text == BLANK
    assert rows["qinghe"].cells[-1].marks == "▲"
    assert rows["qinghe"].cells[-1].unseen == "（全县汇总）"
    assert (rows["zhuhui"].cells[0].marks, rows["zhuhui"].cells[0].unseen) == ("※", "（早期报告）")
    assert len(view.marks) == 4


def test_totals_stand_only_over_what_was_declared_and_name_whom_they_lack() -> None:
    assert indicator_page(FRAME, SERIES, "received").totals == ()
    declared = (DeclaredSet("各部门", ("mzj", "jyj")),)
    view = indicator_page(FRAME, SERIES, "received", declared=declared)
    (total,) = view.totals
    assert total.label == "各部门（本站合计）"
    shown = {cell.year: cell.text for cell in total.cells}
    assert shown[2019] == GAP
    assert shown[2025] == "—（缺1家）", "half of the set is no sum of it"
    assert "未填：青禾县jyj" in view.notes[-1]


def test_a_sum_with_most_of_its_set_stands_and_shows_that_it_holds_early_reports() -> None:
    series = build_series(
        [
            *(report_record(agency, 2025, received(n)) for n, agency in ((2, "mzj"), (3, "jyj"))),
            *(
                report_record(agency, 2009, form="legacy", figures=[STATED])
                for agency in ("mzj", "jyj")
            ),
        ]
    )
    declared = (DeclaredSet("各部门", ("mzj", "jyj", "nobody")),)
    (total,) = indicator_page(FRAME, series, "received", declared=declared).totals
    first, last = total.cells[0], total.cells[-1]
    assert (first.text, first.marks) == ("4（缺1家）", "※")
    assert (last.text, last.marks) == ("5（缺1家）", "")


def test_who_counts_others_too_is_told_where_agencies_are_chosen() -> None:
    groups = explorer_page(FRAME, SERIES).agencies
    details = {choice.key: choice.detail for group in groups for choice in group.choices}
    assert (details["qinghe"], details["mzj"]) == ("（全县汇总）", "")
    records = [report_record("mzj", 2024), report_record("mzj", 2025, scope="consolidated")]
    groups = explorer_page(FRAME, build_series(records)).agencies
    assert groups[0].choices[0].detail == "（含全县汇总）"


def test_every_indicator_of_the_explorer_has_a_page() -> None:
    view = explorer_page(FRAME, SERIES)
    choices = [choice for group in view.indicators for choice in group.choices]
    assert [choice.key for choice in choices] == list(SERIES.by_indicator)
    assert all(choice.url == indicator_address(choice.key) for choice in choices)
    assert [g.label for g in view.agencies] == ["县政府", "部门", "历史样例"]


def test_a_child_is_named_after_its_parent_where_it_cannot_stand_alone() -> None:
    assert full_label(INDICATORS["refused_state_secret"]) == "不予公开：属于国家秘密"
    assert full_label(INDICATORS["litigation_direct_total"]) == "未经复议直接起诉总计"
    assert full_label(INDICATORS["received"]) == "收到政府信息公开申请"


def test_the_data_of_the_explorer_tells_gaps_from_blanks() -> None:
    data = json.loads(json.dumps(series_json(FRAME, SERIES)))
    assert data["values"]["received"]["mzj"] == {"2020": "5", "2024": "4", "2025": "6"}
    assert data["values"]["received"]["jyj"] == {"2025": None}
    assert data["as_printed"] == {"zhuhui": [2009]}
    assert data["consolidated"] == {"qinghe": [2025]}
    assert {one["id"] for one in data["agencies"]} == set(AGENCIES)
    assert data["years"] == [2009, 2020, 2024, 2025]


def test_a_ranking_prints_both_figures_and_who_stands_apart() -> None:
    rankings = build_rankings(SERIES, 2025, ["mzj", "jyj", "qinghe", "nobody"])
    view = rankings_page(FRAME, rankings, 2025, (2024, 2025), minimum=5)
    first = view.rankings[0]
    (row,) = first.rows
    assert (row.rank, row.rate, row.part, row.whole) == ("1", "100.0%", "6", "6")
    apart = {block.label: [link.label for link in block.links] for block in first.unranked}
    assert apart["全县汇总数，不参与排名"] == ["青禾县qinghe"]
    assert apart["没有该年度的年报"] == ["nobody"]
    assert "不足5件" in view.lead
    assert [(y.label, y.url) for y in view.years] == [
        ("2025年", ""),
        ("2024年", "r/rankings-2024.html"),
    ]


def test_agencies_without_a_base_are_said_not_to_be_ranked() -> None:
    series = build_series([report_record("mzj")])
    view = rankings_page(FRAME, build_rankings(series, 2025, ["mzj"]), 2025, (2025,))
    assert [block.label for block in view.rankings[0].unranked] == ["无基数，不参与排名"]
    assert view.rankings[0].rows == ()


def test_the_tables_of_a_consolidated_report_name_our_sum_and_whom_it_lacks() -> None:
    record = report_record(
        "qinghe",
        cells=received(9),
        scope="consolidated",
        addends=["mzj", "jyj"],
        addends_outside=[{"name": "县气象局", "reason": "年报由上级发布"}],
    )
    other = report_record("mzj", cells=received(3))
    reports = {(r.agency, r.year): r for r in (record, other)}
    found = consolidate(record, reports, AGENCIES)
    assert found is not None
    tables = consolidation_tables(FRAME, found)
    assert texts(tables[0], "收到")[1:] == ["件", "9", "3", "+6", "本站汇总不全"]
    assert "青禾县jyj：没有该年度的年报" in tables[0].note
    assert "县气象局：本站没有它的年报（年报由上级发布）" in tables[0].note
    assert [row[0].text for row in tables[1].rows] == ["青禾县mzj", "本站汇总", "报告载明"]
    assert tables[1].head[0][1].text == "收到政府信息公开申请（件）"


def test_what_differs_from_our_sum_stands_first() -> None:
    cells = received(3) | {"s2_art20_5.licence.decisions": 4}
    record = report_record("qinghe", cells=cells, scope="consolidated", addends=["mzj"])
    other = report_record("mzj", cells=received(3))
    found = consolidate(record, {(r.agency, r.year): r for r in (record, other)}, AGENCIES)
    assert found is not None
    first, second, *_ = consolidation_tables(FRAME, found)[0].rows
    assert (first[0].text, first[-1].text, first[-1].is_fault) == ("行政许可决定", "不符", True)
    assert (second[-1].text, second[-1].is_fault) == ("相符", False)


def test_years_are_told_with_those_that_are_missing() -> None:
    assert years_in_words((2021, 2022), ()) == "2021—2022年"
    assert years_in_words((2021, 2023), (2022,)) == "2021—2023年（缺2022年）"


def pressed(theme: Path, template: str, address: str, view: Any) -> str:
    shell = Shell.split("|".join(MARKS.values()))
    return Templates(theme).press(shell, template, view, address).decode()


def evil_frame() -> Frame:
    agencies = {
        key: agency.model_copy(update={"name": EVIL, "short_name": EVIL})
        for key, agency in AGENCIES.items()
    }
    return Frame(make_corpus(agencies=agencies, columns=make_columns("reports")))


@pytest.fixture(scope="module")
def pages(theme: Path) -> dict[str, str]:
    frame = evil_frame()
    board = build_board(
        2025,
        date(2026, 4, 1),
        agencies=frame.corpus.agencies.values(),
        records=RECORDS,
        published={record.path for record in RECORDS},
    )
    rankings = build_rankings(SERIES, 2025, AGENCIES)
    views = {
        ("reports", "a/mzj/report/index.html"): reports_page(frame, "mzj", of("mzj"), SERIES),
        ("explorer", EXPLORER): explorer_page(frame, SERIES),
        ("indicator", indicator_address("received")): indicator_page(
            frame,
            SERIES,
            "received",
            declared=(DeclaredSet(EVIL, ("mzj", "jyj")),),
        ),
        ("rankings", rankings_address(2025, 2025)): rankings_page(frame, rankings, 2025, (2025,)),
        ("board", board_address(2025)): board_page(frame, board),
    }
    found = {
        template: pressed(theme, template, address, view)
        for (template, address), view in views.items()
    }
    found["document"] = board_document(board_page(frame, board))
    return found


@pytest.mark.parametrize(
    "name", ["reports", "explorer", "indicator", "rankings", "board", "document"]
)
def test_no_page_lets_a_name_become_markup(pages: dict[str, str], name: str) -> None:
    assert "<script>alert" not in pages[name]
    assert "&lt;script&gt;" in pages[name]


@pytest.mark.parametrize("name", ["reports", "explorer", "indicator", "rankings", "board"])
def test_no_page_of_the_site_has_inline_scripts_or_styles(pages: dict[str, str], name: str) -> None:
    assert " style=" not in pages[name]
    assert "<style" not in pages[name]
    assert pages[name].count("<script") == pages[name].count("<script src=")


def test_the_board_file_needs_no_other_file(pages: dict[str, str]) -> None:
    for word in ("<script", "<link", "src=", "href=", "url("):
        assert word not in pages["document"]


def test_the_explorer_lists_every_table_without_a_script(pages: dict[str, str]) -> None:
    assert '<a href="../r/received.html">' in pages["explorer"]
    assert 'aria-labelledby="explore" hidden' in pages["explorer"]
    assert 'data-series="../data/series.json"' in pages["explorer"]


def test_the_table_of_an_indicator_can_be_read_by_the_script(pages: dict[str, str]) -> None:
    page = pages["indicator"]
    assert 'data-agency="mzj"' in page
    assert 'data-year="2025" data-value="6"' in page
    assert 'data-year="2025" data-value=""' in page  # a blank
    assert 'data-year="2009">—' in page  # a gap
