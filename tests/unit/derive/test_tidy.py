"""Reports as tidy rows: every written figure once, and nothing of ours among them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gongkai.derive.tidy import HEADER, NAMED, tidy_rows
from gongkai.domain.reports.figures import Origin
from gongkai.domain.reports.form import forms
from gongkai.kernel.place import Place
from make_reports import figures_of, received, report_record


def test_every_number_of_the_form_is_a_row_in_the_order_of_the_form() -> None:
    rows = list(tidy_rows([report_record(cells=received(26))]))
    assert [tuple(row[3:6]) for row in rows] == list(forms()["2021"].cells())
    assert all(len(row) == len(HEADER) for row in rows)
    assert rows[0][:3] == ("mzj", "2025", "2021")
    (row,) = [row for row in rows if row[3:6] == ("s3_requests", "new", "total")]
    assert row[6:10] == ("received", "total", "26", "件")
    assert row[10:] == ("", "mzj", "一、本年新收政府信息公开申请数量·总计", "written", "false")


def test_a_blank_cell_is_no_row() -> None:
    rows = list(tidy_rows([report_record(blank=["s3_requests.new.total"])]))
    assert ("s3_requests", "new", "total") not in [row[3:6] for row in rows]


def test_a_cell_names_what_it_counts_itself_and_no_parent() -> None:
    indicators = {row[6] for row in tidy_rows([report_record()])}
    assert "refused_state_secret" in indicators
    assert "refused" not in indicators
    assert "litigation_total" not in indicators


def test_named_figures_stand_in_a_table_of_their_own() -> None:
    figures = [
        {"key": "sessions", "name": "培训", "value": "6", "unit": "次"},
        {
            "key": "people",
            "name": "人次",
            "value": "23",
            "unit": "人次",
            "indicator": "training_people",
        },
        {"key": "funds", "name": "经费", "value": "3.50", "unit": "万元"},
        {"key": "unknown", "name": "不详", "value": "约十", "unit": "次"},
    ]
    rows = list(tidy_rows([report_record("x", 2014, form="legacy", figures=figures)]))
    begin = ("x", "2014", "legacy", NAMED)
    assert rows == [
        (*begin, "sessions", "", "", "", "6", "次", "", "x", "培训", "written", "false"),
        (
            *(*begin, "people", "", "training_people", "total", "23", "人次"),
            *("", "x", "人次", "written", "false"),
        ),
        (*begin, "funds", "", "", "", "3.5", "万元", "", "x", "经费", "written", "false"),
    ]


def test_a_row_tells_whose_it_is_what_it_covers_and_where_it_comes_from() -> None:
    cell = ("s2_art20_5", "licence", "decisions")
    facts = {"scope": "consolidated", "as_printed": "是", "migrated_on": "2026-02-03"}
    record = report_record(**facts)
    origin = Origin("overridden", Place(record.path), Decimal(1), reason="两件在纸质台账上")
    record = replace(record, figures=replace(record.figures, origins={cell: origin}))
    rows = [dict(zip(HEADER, row, strict=True)) for row in tidy_rows([record], {"mzj": "民政局"})]
    assert {row["scope"] for row in rows} == {"consolidated"}
    assert {row["agency_name"] for row in rows} == {"民政局"}
    assert {row["as_printed"] for row in rows} == {"true"}
    (licence,) = [row for row in rows if (row["table"], row["row"]) == cell[:2]]
    assert (licence["label"], licence["origin"]) == ("行政许可·本年处理决定数量", "overridden")


def test_texts_and_answers_of_yes_or_no_are_no_figures() -> None:
    record = report_record(year=2017, form="2017")
    rows = list(tidy_rows([replace(record, figures=figures_of("2017"))]))
    kinds = {
        forms()["2017"].tables[0].unit(row[4], row[5]) for row in rows if row[3] == "statistics"
    }
    assert kinds <= {"count", "money", "change", "rate"}


def test_an_unreadable_report_has_no_rows() -> None:
    assert list(tidy_rows([replace(report_record(), report=None)])) == []
