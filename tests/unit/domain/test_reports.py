"""The 2021 form as prescribed, and figures that add up or are named where they do not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai.domain.reports.form import FigureTable, forms
from gongkai.domain.reports.forms.form_2021 import FORM
from gongkai.domain.reports.report import (
    AnnualReport,
    deadline,
    judge_against,
    judge_figures,
    judge_named_figures,
    read_figures,
)
from gongkai.kernel.problems import Severity
from make import CLEARED, codes, make_report

PRESCRIBED = Path(__file__).parents[4] / "shared" / "domain" / "annual-report-2021.yaml"
ZERO = ["0"] * 7


def table(key: str) -> FigureTable:
    found = FORM.table(key)
    assert found is not None
    return found


def test_both_forms_are_found_by_being_there() -> None:
    assert set(forms()) >= {"2021", "legacy"}


def test_table_three_has_twenty_five_rows_of_seven_figures() -> None:
    assert len(table("s3_requests").rows) == 25
    assert len(table("s3_requests").columns) == 7


def test_table_two_has_ten_cells_and_table_four_fifteen() -> None:
    cells = list(FORM.cells())
    assert sum(name.startswith("s2_") for name, _, _ in cells) == 10
    assert sum(name == "s4_review" for name, _, _ in cells) == 15
    assert len(cells) == 200
    assert len(set(cells)) == 200


def test_no_two_rows_or_columns_share_a_key() -> None:
    for one in FORM.tables:
        assert len({row.key for row in one.rows}) == len(one.rows)
        assert len({column.key for column in one.columns}) == len(one.columns)


@pytest.fixture(scope="module")
def form() -> Any:
    return yaml.load(PRESCRIBED.read_text("utf-8"), yaml.BaseLoader)  # `no` is a key there


@pytest.mark.skipif(
    not PRESCRIBED.exists(), reason="the form as transcribed is not on this computer"
)
class TestAsPrescribed:
    """Labels and order are those of the transcription of 国办公开办函〔2021〕30号."""

    def test_the_six_parts(self, form: Any) -> None:
        ours = [(part.key, part.number, part.label, part.is_prose) for part in FORM.parts]
        assert ours == [
            (s["key"], s["no"], s["label"], s["kind"] == "prose") for s in form["sections"]
        ]

    def test_the_tables_of_part_two(self, form: Any) -> None:
        for key in ("s2_art20_1", "s2_art20_5", "s2_art20_6", "s2_art20_8"):
            theirs, ours = form["tables"][key], table(key)
            assert ours.caption == theirs["caption"]
            assert [ours.corner, *(c.label for c in ours.columns)] == theirs["head"]
            assert [(c.key, c.unit) for c in ours.columns] == [
                (c["key"], c["type"]) for c in theirs["columns"]
            ]
            assert [(r.key, r.label) for r in ours.rows] == [
                (r["key"], r["label"]) for r in theirs["rows"]
            ]

    def test_the_rows_of_part_three(self, form: Any) -> None:
        theirs = list(_rows(form["tables"]["s3_requests"]["rows"], ()))
        assert [(r.key, r.label, r.headers) for r in table("s3_requests").rows] == theirs

    def test_the_columns_of_part_three(self, form: Any) -> None:
        theirs = []
        for column in form["tables"]["s3_requests"]["columns"]:
            children = column.get("children")
            group = column["label"] if children else ""
            theirs += [(c["key"], c["label"], group) for c in children or [column]]
        ours = table("s3_requests")
        assert [(c.key, c.label, c.group) for c in ours.columns] == theirs
        assert ours.corner_note == form["tables"]["s3_requests"]["corner_note"]
        assert ours.column_head == form["tables"]["s3_requests"]["column_head"]

    def test_part_four(self, form: Any) -> None:
        review, litigation = form["tables"]["s4_review"]["columns"]
        ours = table("s4_review")
        assert [(c.key, c.label) for c in ours.columns] == [
            (c["key"], c["label"]) for c in review["children"]
        ]
        assert ours.rows[0].label == review["label"]
        assert [r.label for r in ours.rows[1:]] == [c["label"] for c in litigation["children"]]
        assert {r.headers for r in ours.rows[1:]} == {(litigation["label"],)}

    def test_the_counts(self, form: Any) -> None:
        counts = form["counts"]
        assert len(table("s3_requests").rows) == int(counts["s3_data_rows"])
        assert len(table("s3_requests").columns) == int(counts["s3_columns"])


def _rows(rows: list[Any], headers: tuple[str, ...]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for row in rows:
        if row.get("data") == "true":
            yield row["key"], row["label"], headers
        yield from _rows(row.get("children", []), (*headers, row["label"]))


def slips(**tables: Any) -> list[tuple[str, str]]:
    report = make_report(tables=tables)
    figures, found = read_figures(report, FORM)
    found += judge_figures(report, FORM, figures)
    return [(finding.code.id, finding.field) for finding in found]


def test_a_report_of_zeros_is_sound() -> None:
    assert slips() == []


def test_the_total_of_a_row_is_the_sum_of_its_applicants() -> None:
    found = slips(s3_requests={"np_mass": ["0", "0", "0", "0", "0", "1", "0"]})
    assert ("GK401", "tables.s3_requests.np_mass.6") in found


@pytest.mark.parametrize("column", range(6))
def test_every_column_of_results_is_added_up(column: int) -> None:
    row = [*ZERO]
    row[column] = row[6] = "2"
    found = slips(s3_requests={"denied_registry": row})
    assert ("GK402", f"tables.s3_requests.results_total.{column}") in found
    assert ("GK402", "tables.s3_requests.results_total.6") in found
    assert len(found) == 2


@pytest.mark.parametrize("row", [row.key for row in table("s3_requests").rows[2:23]])
def test_every_one_of_the_twenty_one_result_rows_counts(row: str) -> None:
    one = ["1", "0", "0", "0", "0", "0", "1"]
    assert slips(s3_requests={row: one, "results_total": one, "new": one}) == []
    assert codes_of(slips(s3_requests={"results_total": one, "new": one})) == {"GK402"}


def test_what_came_in_is_settled_or_carried_over() -> None:
    one = ["1", "0", "0", "0", "0", "0", "1"]
    assert slips(s3_requests={"new": one, "carried_out": one}) == []
    assert slips(s3_requests={"carried_in": one, "carried_out": one}) == []
    found = slips(s3_requests={"new": one})
    assert found == [("GK403", "tables.s3_requests.new.0"), ("GK403", "tables.s3_requests.new.6")]


@pytest.mark.parametrize("row", ["review", "litigation_direct", "litigation_after_review"])
def test_each_group_of_part_four_adds_up(row: str) -> None:
    assert slips(s4_review={row: ["1", "2", "3", "4", "10"]}) == []
    assert slips(s4_review={row: ["1", "2", "3", "4", "9"]}) == [
        ("GK404", f"tables.s4_review.{row}.4")
    ]


def test_an_explanation_softens_its_own_identity_only() -> None:
    tables = {"s4_review": {"review": ["1", "0", "0", "0", "2"]}}
    for check, severity in (("S4", Severity.NOTE), ("S3-ROW", None)):
        report = make_report(tables=tables, discrepancies=[{"check": check, "note": "原件如此"}])
        figures, _ = read_figures(report, FORM)
        assert [f.softened_to for f in judge_figures(report, FORM, figures)] == [severity]


@pytest.mark.parametrize(
    "text", ["-1", "1.5", "03", "1,000", "约12", "/", "1e3", "１２", "+1", "12345678901234"]
)
def test_what_is_no_count(text: str) -> None:
    assert codes_of(slips(s2_art20_5={"licence": [text]})) == {"GK406"}


@pytest.mark.parametrize("text", ["0", "1.25", "1000000", "0.000001"])
def test_fees_are_money(text: str) -> None:
    assert slips(s2_art20_8={"fees": [text]}) == []


def test_blank_is_missing_and_not_zero() -> None:
    assert slips(s2_art20_5={"licence": [""]}) == [("GK405", "tables.s2_art20_5.licence")]


def test_a_row_may_be_a_mapping_and_a_single_figure_a_text() -> None:
    row = {"issued": "1", "repealed": "0", "in_force": "3"}
    report = make_report(tables={"s2_art20_1": {"normative": row}, "s2_art20_5": {"licence": "12"}})
    figures, found = read_figures(report, FORM)
    assert found == []
    assert figures.cells["s2_art20_1", "normative", "in_force"] == Decimal(3)
    assert figures.cells["s2_art20_5", "licence", "decisions"] == Decimal(12)


def against(before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str]]:
    earlier, later = make_report(tables=before), make_report(tables=now)
    then, figures = read_figures(earlier, FORM)[0], read_figures(later, FORM)[0]
    return [(f.code.id, f.field) for f in judge_against(later, FORM, figures, then, 2024)]


def test_what_was_carried_out_comes_in_the_year_after() -> None:
    one = ["1", "0", "0", "0", "0", "0", "1"]
    assert (
        against({"s3_requests": {"carried_out": one}}, {"s3_requests": {"carried_in": one}}) == []
    )
    found = against({"s3_requests": {"carried_out": one}}, {})
    assert found == [
        ("GK412", "tables.s3_requests.carried_in.0"),
        ("GK412", "tables.s3_requests.carried_in.6"),
    ]


def test_documents_in_force_follow_from_last_year() -> None:
    stock = lambda *n: {"s2_art20_1": {"normative": [str(i) for i in n]}}  # noqa: E731
    assert against(stock(0, 0, 5), stock(2, 1, 6)) == []
    assert against(stock(0, 0, 5), stock(2, 1, 7)) == [("GK413", "tables.s2_art20_1.normative.2")]


def make_legacy(**changes: Any) -> AnnualReport:
    figures = [{"key": k, "name": k, "value": v} for k, v in changes.pop("figures").items()]
    facts = {
        "title": "旧报告",
        "form": "legacy",
        "published_on": "2012-02-10 09:00",
        "review": CLEARED,
    }
    return AnnualReport.model_validate({**facts, "figures": figures, **changes})


# the five types and five channels that seed 002 states, and its total
TYPES = {"stated": "13809", "a": "2302", "b": "2136", "c": "1254", "d": "1160", "e": "7038"}


def test_a_wrong_sum_of_an_original_is_named_with_its_difference() -> None:
    rule = {"total": "stated", "parts": [*"abcde"], "name": "五类合计"}
    (finding,) = judge_named_figures(make_legacy(figures=TYPES, sums=[rule]))
    assert finding.code.id == "GK408"
    assert finding.field == "figures.0.value"
    assert finding.facts["sum"] == Decimal(13890)
    assert finding.facts["difference"] == Decimal(81)
    assert finding.softened_to is None


def test_an_explained_wrong_sum_is_a_note() -> None:
    rule = {"total": "stated", "parts": [*"abcde"], "name": "五类合计"}
    note = {"check": "五类合计", "note": "总数与分项不符"}
    (finding,) = judge_named_figures(make_legacy(figures=TYPES, sums=[rule], discrepancies=[note]))
    assert finding.softened_to is Severity.NOTE


def test_a_right_sum_is_silent() -> None:
    figures = {"t": "471", "a": "70", "b": "32", "c": "369"}
    rule = {"total": "t", "parts": ["a", "b", "c"], "name": "合计"}
    assert codes(judge_named_figures(make_legacy(figures=figures, sums=[rule]))) == []


def test_a_part_cannot_be_larger_than_its_whole() -> None:
    relation = {"left": "a", "right": "b", "name": "关系"}
    for left, right, expected in (("5", "5", []), ("6", "5", ["GK409"])):
        report = make_legacy(figures={"a": left, "b": right}, relations=[relation])
        assert codes(judge_named_figures(report)) == expected


def test_a_sum_over_an_unknown_figure_is_named_at_its_part() -> None:
    rule = {"total": "t", "parts": ["a", "x"], "name": "合计"}
    (finding,) = judge_named_figures(make_legacy(figures={"t": "1", "a": "1"}, sums=[rule]))
    assert (finding.code.id, finding.field) == ("GK407", "sums.0.parts.1")


@pytest.mark.parametrize(
    ("level", "due"), [("department", "2026-01-31"), ("county", "2026-03-31"), ("town", "None")]
)
def test_the_day_by_which_a_report_is_due(level: str, due: str) -> None:
    assert str(deadline(FORM, level, 2025)) == due


def codes_of(found: list[tuple[str, str]]) -> set[str]:
    return {code for code, _ in found}
