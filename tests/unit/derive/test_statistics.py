"""Counts: every entry once in each total, and no table whose lines disagree with it."""

from __future__ import annotations

import pytest

from gongkai.derive.statistics import (
    Line,
    Statistics,
    Tally,
    WrongSum,
    all_statistics,
    count_entries,
    statistics_address,
)
from gongkai.domain.column import ColumnSpec, flatten
from gongkai.domain.corpus import EntryRecord
from make import make_agency, make_corpus, make_judged, make_record, make_vocabulary

COLUMNS = {
    column.code: column
    for column in flatten(
        (
            ColumnSpec(
                code="files",
                name="政府文件",
                period="6m",
                children=(
                    ColumnSpec(
                        code="normative",
                        name="规范性文件",
                        period="6m",
                        children=(ColumnSpec(code="lapsed", name="失效", period="6m"),),
                    ),
                    ColumnSpec(code="posts", name="任免", period="6m"),
                ),
            ),
            ColumnSpec(code="news", name="动态", period="14d", agencies=("czj",)),
            ColumnSpec(code="reports", name="年报", period="1y", page="reports"),
        )
    )
}
CHANNELS = make_vocabulary("channels", "gazette", "website", "tv")


def records(*columns: str, agency: str = "mzj", **changes: object) -> list[EntryRecord]:
    return [
        make_record(
            f"agencies/{agency}/catalogue/2026/{column}-{n}.md",
            column=column,
            index_number=f"QH0000028/2026-{n:05}",
            **changes,
        )
        for n, column in enumerate(columns, 1)
    ]


def counted(*found: EntryRecord, agency: str = "", floor: int = 4) -> Statistics:
    agencies = {"mzj": make_agency(), "czj": make_agency("czj")}
    vocabularies = {"channels": CHANNELS}
    return count_entries(found, COLUMNS, vocabularies, agencies, agency=agency, floor=floor)


def lines(tally: Tally) -> dict[str, int]:
    return {line.label: line.count for line in tally.lines}


def test_an_entry_counts_once_in_each_column_above_it() -> None:
    found = counted(*records("normative", "lapsed", "lapsed", "posts", "files"))
    assert found.total == 5
    assert lines(found.columns) == {"政府文件": 5, "动态": 0}
    tree = found.tree("files")
    assert [(line.label, line.count, line.level) for line in tree.lines] == [
        ("规范性文件", 3, 0),
        ("失效", 2, 1),
        ("规范性文件（直接归入）", 1, 1),
        ("任免", 1, 0),
        ("政府文件（直接归入）", 1, 0),
    ]
    assert tree.added == tree.total == 5


def test_an_entry_of_several_channels_counts_once_in_the_total_and_once_in_each() -> None:
    found = counted(
        *records("posts", channels=["website", "gazette", "website"]),
        *records("normative", channels=["website"]),
        *records("lapsed", channels=[]),
    )
    assert lines(found.channels) == {"gazette": 1, "website": 2, "未注明": 1}
    assert (found.channels.total, found.channels.added) == (3, 4)


def test_the_year_is_that_of_publication() -> None:
    late = make_record(issued_on="2025-12-30", published_on="2026-01-04 09:00", column="posts")
    assert lines(counted(late).years) == {"2026年": 1}


def test_columns_of_no_one_and_agencies_without_entries_are_shown() -> None:
    found = counted(*records("posts", "unknown"))
    assert lines(found.columns) == {"政府文件": 1, "动态": 0, "unknown": 1}
    assert lines(found.agencies) == {"青禾县mzj": 2, "青禾县czj": 0}


def test_an_agency_is_shown_the_columns_that_are_open_to_it() -> None:
    assert lines(counted(agency="mzj").columns) == {"政府文件": 0}
    assert lines(counted(agency="czj").columns) == {"政府文件": 0, "动态": 0}
    strayed = counted(*records("news"), agency="mzj")
    assert lines(strayed.columns) == {"政府文件": 0, "动态": 1}


def test_columns_below_the_floor_are_listed_by_name() -> None:
    found = counted(*records(*["posts"] * 3, *["lapsed"] * 4))
    assert [line.label for line in found.coverage.low] == ["任免"]
    assert [line.label for line in found.coverage.empty] == ["动态"]
    assert [line.label for line in counted(*records("posts"), floor=1).coverage.low] == []


def test_a_statement_of_having_nothing_stands_apart() -> None:
    agency = make_agency(nothing_to_disclose=[{"column": "posts", "stated_on": "2026-11-02"}])
    found = count_entries((), COLUMNS, {"channels": CHANNELS}, {"mzj": agency}, agency="mzj")
    assert [line.code for line in found.coverage.stated] == ["posts"]
    assert [line.code for line in found.coverage.empty] == ["lapsed"]


def test_columns_of_one_name_are_told_apart_by_the_column_above() -> None:
    twins = {
        column.code: column
        for column in flatten(
            tuple(
                ColumnSpec(
                    code=code,
                    name=name,
                    period="6m",
                    children=(ColumnSpec(code=f"{code}-1", name="应急管理", period="1y"),),
                )
                for code, name in (("direct", "直报栏目"), ("proactive", "法定主动公开内容"))
            )
        )
    }
    found = count_entries((), twins, {"channels": CHANNELS}, {})
    labels = [line.label for line in found.coverage.empty]
    assert labels == ["直报栏目·应急管理", "法定主动公开内容·应急管理"]


def test_the_site_is_the_sum_of_its_agencies() -> None:
    judged = make_judged(
        *records("posts", "lapsed"), columns=COLUMNS, agencies={"mzj": make_agency()}
    )
    found = all_statistics(judged)
    assert set(found) == {"", "mzj"}
    assert found[""].total == sum(found[a].total for a in found if a) == 2
    assert make_corpus().agencies.keys() == {"mzj"}


@pytest.mark.parametrize(
    ("lines", "total", "is_partition"),
    [
        ((Line("a", "a", 2), Line("b", "b", 3)), 6, True),
        ((Line("a", "a", 2), Line("b", "b", 3)), 6, False),
        ((Line("a", "a", 7),), 6, False),
        ((Line("a", "a", 2), Line("b", "b", 3, 1)), 2, True),
    ],
)
def test_lines_that_do_not_agree_with_the_total_make_no_table(
    lines: tuple[Line, ...], total: int, is_partition: bool
) -> None:
    with pytest.raises(WrongSum):
        Tally("x", "x", lines, total, is_partition)


def test_a_tree_that_is_not_there_is_a_programmers_slip() -> None:
    with pytest.raises(KeyError):
        counted().tree("news")


def test_addresses() -> None:
    assert statistics_address() == "d/statistics.html"
    assert statistics_address("mzj") == "a/mzj/statistics.html"
