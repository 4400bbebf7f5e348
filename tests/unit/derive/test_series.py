"""Reports joined over the years: gaps stay gaps, and nothing is added up that must not be."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gongkai.derive.series import DeclaredSet, adds_up, build_series
from make_reports import received, report_record

OTHERWISE = "s3_requests.other.total"


def test_a_year_of_the_2019_form_joins_the_2021_form_only_where_both_count_the_same() -> None:
    old = {**received(7), OTHERWISE: 2, "s2_art20_1.normative.open": 90}
    new = {**received(9), "s3_requests.other_other.total": 3, "s2_art20_1.normative.in_force": 21}
    series = build_series(
        [report_record(year=2020, cells=old, form="2019"), report_record(year=2021, cells=new)]
    )
    line = series.line("mzj", "received")
    assert [line.value(2020), line.value(2021)] == [7, 9]
    whole = series.line("mzj", "otherwise_closed")
    assert [whole.value(2020), whole.value(2021)] == [2, 3]
    assert sorted(series.line("mzj", "otherwise_closed_other").points) == [2021]
    # what is open to the public is no stock of what is in force
    assert sorted(series.line("mzj", "normative_in_force").points) == [2021]


def test_a_gap_and_a_blank_are_never_zero() -> None:
    series = build_series(
        [
            report_record(year=2023, cells=received(5)),
            report_record(year=2025, blank=["s3_requests.new.total"]),
        ]
    )
    line = series.line("mzj", "received")
    assert 2024 not in line.points
    assert line.points[2025].value is None
    assert line.value(2024) is None
    assert line.change(2025) is None
    assert line.change(2024) is None


def test_a_missing_line_is_empty() -> None:
    line = build_series([]).line("mzj", "received")
    assert line.points == {}
    assert line.total() is None


@pytest.mark.parametrize(
    ("before", "now", "difference", "ratio"),
    [(4, 6, 2, Decimal("0.5")), (6, 3, -3, Decimal("-0.5")), (0, 5, 5, None), (0, 0, 0, None)],
)
def test_a_change_has_a_rate_only_where_last_year_is_a_base(
    before: int, now: int, difference: int, ratio: Decimal | None
) -> None:
    series = build_series(
        [
            report_record(year=2024, cells=received(before)),
            report_record(year=2025, cells=received(now)),
        ]
    )
    change = series.line("mzj", "received").change(2025)
    assert change is not None
    assert change.difference == difference
    assert change.ratio == ratio


def test_a_year_before_last_is_no_last_year() -> None:
    series = build_series(
        [report_record(year=2023, cells=received(4)), report_record(year=2025, cells=received(6))]
    )
    assert series.line("mzj", "received").change(2025) is None


def test_a_consolidated_figure_is_not_compared_with_the_body_s_own() -> None:
    series = build_series(
        [
            report_record("qinghe", 2024, received(9), scope="own"),
            report_record("qinghe", 2025, received(90), scope="consolidated"),
        ]
    )
    line = series.line("qinghe", "received")
    assert line.change(2025) is None
    assert line.total() is None


def test_years_of_a_flow_are_added_up_and_the_missing_ones_named() -> None:
    series = build_series(
        [report_record(year=y, cells=received(y - 2020)) for y in (2021, 2022, 2024)]
    )
    total = series.sum_of_years("mzj", "received")
    assert total is not None
    assert (total.value, total.years, total.missing) == (7, (2021, 2022, 2024), (2023,))
    assert total.unit == "件"


@pytest.mark.parametrize(
    "indicator",
    ["normative_in_force", "carried_in", "reconsideration_pending", "reconsideration_total"],
)
def test_a_stock_and_what_is_counted_again_are_not_added_up(indicator: str) -> None:
    series = build_series([report_record(year=2024), report_record(year=2025)])
    assert series.line("mzj", indicator).points
    assert not adds_up(indicator)
    assert series.sum_of_years("mzj", indicator) is None


def test_one_year_is_no_sum() -> None:
    assert build_series([report_record()]).sum_of_years("mzj", "received") is None


def test_different_units_are_not_added_up() -> None:
    series = build_series(
        [
            report_record(year=2018, cells={"statistics.normative_issued.value": 3}, form="2017"),
            report_record(year=2019, cells={"s2_art20_1.normative.made": 2}, form="2019"),
        ]
    )
    line = series.line("mzj", "normative_issued")
    assert [point.unit for _, point in sorted(line.points.items())] == ["条", "件"]
    assert line.total() is None


def figure(**changes: str) -> dict[str, str]:
    return {"key": "training", "name": "举办培训", "value": "6", "unit": "次", **changes}


def test_figures_that_reports_name_are_summed_by_key_and_unit() -> None:
    years = {2014: "6", 2015: "4", 2016: "2"}
    series = build_series(
        [
            report_record("zhanjiang", y, form="legacy", figures=[figure(value=v)])
            for y, v in years.items()
        ]
    )
    (line,) = series.named["zhanjiang"]
    total = line.line.total()
    assert line.adds_up
    assert total is not None
    assert (total.value, total.unit) == (12, "次")


def test_a_figure_of_another_unit_is_another_line() -> None:
    series = build_series(
        [
            report_record("x", 2014, form="legacy", figures=[figure(unit="次")]),
            report_record("x", 2015, form="legacy", figures=[figure(unit="期")]),
        ]
    )
    assert [line.unit for line in series.named["x"]] == ["次", "期"]
    assert all(line.line.total() is None for line in series.named["x"])


@pytest.mark.parametrize("changes", [{"unit": "个"}, {"name": "累计举办培训"}])
def test_a_figure_that_may_stand_at_a_day_is_not_summed(changes: dict[str, str]) -> None:
    series = build_series(
        [
            report_record("x", year, form="legacy", figures=[figure(**changes)])
            for year in (2014, 2015)
        ]
    )
    assert not series.named["x"][0].adds_up


def test_a_named_figure_feeds_its_indicator_where_the_units_agree() -> None:
    people = {"key": "people", "name": "培训人次", "indicator": "training_people"}
    series = build_series(
        [
            report_record(
                "x", 2014, form="legacy", figures=[{**people, "value": "23", "unit": "人次"}]
            ),
            report_record(
                "x", 2015, form="legacy", figures=[{**people, "value": "23", "unit": "人"}]
            ),
        ]
    )
    assert series.line("x", "training_people").value(2014) == 23
    assert 2015 not in series.line("x", "training_people").points


def test_a_cell_of_the_form_comes_before_a_figure_of_the_same_indicator() -> None:
    stated = {"key": "new", "name": "新收", "value": "8", "unit": "件", "indicator": "received"}
    written = report_record(year=2024, cells=received(7), figures=[stated])
    blank = report_record(year=2025, blank=["s3_requests.new.total"], figures=[stated])
    line = build_series([written, blank]).line("mzj", "received")
    assert [line.value(2024), line.value(2025)] == [7, 8]


def test_reports_printed_as_they_were_are_included_and_marked() -> None:
    stated = {"key": "new", "name": "新收", "value": "0", "unit": "件", "indicator": "received"}
    series = build_series(
        [
            report_record("x", 2014, form="legacy", figures=[stated]),
            report_record(
                "x", 2020, received(3), form="2019", as_printed=True, migrated_on="2021-06-01"
            ),
            report_record("x", 2021, received(4)),
        ]
    )
    points = series.line("x", "received").points
    assert {year: point.is_original for year, point in points.items()} == {
        2014: True,
        2020: True,
        2021: False,
    }


def test_a_sum_over_agencies_names_whom_it_lacks() -> None:
    series = build_series(
        [
            report_record("mzj", cells=received(3)),
            report_record("jyj", cells=received(4)),
            report_record("czj", blank=["s3_requests.new.total"]),
            report_record("qinghe", cells=received(99), scope="consolidated"),
        ]
    )
    declared = DeclaredSet("部门", ("mzj", "jyj", "jyj", "czj", "rsj", "qinghe"))
    total = series.aggregate(declared, "received", 2025)
    assert total.value == 7
    assert total.counted == ("mzj", "jyj")
    assert (total.blank, total.missing, total.refused) == (("czj",), ("rsj",), ("qinghe",))
    assert not total.is_whole


def test_a_sum_over_agencies_takes_a_body_s_own_figures_and_not_its_consolidated_ones() -> None:
    series = build_series(
        [
            report_record("mzj", cells=received(3)),
            report_record("qinghe", cells=received(99), scope="consolidated", own=received(5)),
        ]
    )
    total = series.aggregate(DeclaredSet("全县", ("qinghe", "mzj")), "received", 2025)
    assert (total.value, total.is_whole) == (8, True)


def test_a_sum_over_agencies_without_figures_is_none() -> None:
    total = build_series([]).aggregate(DeclaredSet("部门", ("mzj",)), "received", 2025)
    assert total.value is None
    assert total.missing == ("mzj",)


def test_applicant_classes_have_lines_of_their_own() -> None:
    cells = {**received(9), "s3_requests.new.natural": 4, "s3_requests.new.enterprise": 5}
    series = build_series([report_record(cells=cells)])
    assert series.line("mzj", "received", "natural").value(2025) == 4
    assert series.line("mzj", "received", "organisations").value(2025) == 5


def test_an_unreadable_report_is_left_out() -> None:
    assert build_series([replace(report_record(), report=None)]).lines == {}
