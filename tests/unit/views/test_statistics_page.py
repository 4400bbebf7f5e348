"""The page of counts prints every sum, and says where an entry stands in several lines."""

from __future__ import annotations

from gongkai.derive.statistics import all_statistics
from gongkai.domain.column import ColumnSpec, flatten
from gongkai.domain.vocab import VOCABULARIES
from gongkai.views.frame import Frame
from gongkai.views.pages import StatisticsPage
from gongkai.views.shared import Table
from gongkai.views.statistics_page import statistics_page
from make import make_agency, make_judged, make_record, make_vocabulary

COLUMNS = {
    column.code: column
    for column in flatten(
        (
            ColumnSpec(
                code="direct",
                name="直报栏目",
                period="irregular",
                children=tuple(
                    ColumnSpec(code=f"d{n}", name=f"第{n}类", period="1y") for n in (1, 2)
                ),
            ),
            ColumnSpec(code="news", name="动态", period="14d"),
        )
    )
}


def page(agency: str = "") -> StatisticsPage:
    records = [
        make_record(
            f"agencies/{owner}/catalogue/2026/e{n}.md",
            index_number=f"{front}/2026-{n:05}",
            column=column,
            channels=channels,
        )
        for n, (owner, front, column, channels) in enumerate(
            (
                ("mzj", "QH0000028", "d1", ["website", "gazette"]),
                ("mzj", "QH0000028", "d1", ["website"]),
                ("czj", "QH0000036", "news", ["website"]),
            ),
            1,
        )
    ]
    corpus = {
        "columns": COLUMNS,
        "agencies": {
            "mzj": make_agency(),
            "czj": make_agency("czj", codes=("QH0000036",), collection="history"),
        },
    }
    words = {name: make_vocabulary(name) for name in VOCABULARIES}
    words["channels"] = make_vocabulary("channels", "website", "gazette")
    judged = make_judged(*records, vocabularies=words, **corpus)
    return statistics_page(Frame(judged.corpus), all_statistics(judged)[agency])


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def table_of(page: StatisticsPage, label: str) -> Table:
    (block,) = [block for block in page.tables if block.label == label]
    assert block.table is not None
    return block.table


def test_the_last_line_of_every_table_is_its_sum() -> None:
    shown = page()
    for block in shown.tables:
        assert block.table is not None
        *lines, last = rows(block.table)
        assert last[0].startswith("合计")
        if block.label != "按公开方式统计":
            at = [cell.text for cell in block.table.head[0]].index("条数")
            added = sum(int(line[at]) for line in lines if "其中" not in line[0])
            assert int(last[at]) == added, block.label


def test_classes_lead_to_their_columns_and_state_their_share() -> None:
    table = table_of(page(), "直报栏目：各类条数")
    assert rows(table) == [["第1类", "2", "100.0%"], ["第2类", "0", "0.0%"], ["合计", "2", "100%"]]
    assert table.rows[0][0].url == "c/d1/index.html"


def test_the_page_says_that_channels_overlap() -> None:
    table = table_of(page(), "按公开方式统计")
    assert [line[:2] for line in rows(table)] == [
        ["website", "3"],
        ["gazette", "1"],
        ["各行相加（一条信息有几种方式的重复计）", "4"],
        ["合计（每条信息只计一次）", "3"],
    ]
    assert "总数只计一条" in table.note


def test_agencies_are_told_apart_from_historical_samples() -> None:
    table = table_of(page(), "按公开主体统计")
    assert rows(table)[:2] == [
        ["青禾县mzj", "部门", "2", "66.7%"],
        ["青禾县czj", "历史样例", "1", "33.3%"],
    ]
    assert table.rows[0][0].url == "a/mzj/statistics.html"


def test_an_agency_has_a_page_of_its_own_with_the_way_to_the_whole() -> None:
    shown = page("mzj")
    assert shown.title == "青禾县mzj公开信息统计"
    assert shown.whole is not None and shown.whole.url == "d/statistics.html"
    assert not any(block.label == "按公开主体统计" for block in shown.tables)
    table = table_of(shown, "直报栏目：各类条数")
    assert table.rows[0][0].url == "a/mzj/c/d1/index.html"
    assert [(b.label, [(link.label, link.detail) for link in b.links]) for b in shown.coverage] == [
        ("不足4条的栏目", [("第1类", "2条")]),
        ("没有信息的栏目", [("第2类", ""), ("动态", "")]),
    ]
