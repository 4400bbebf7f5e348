"""Figures of different forms join one series where they count the same, and nowhere else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongkai.domain.reports.form import CellKey, ReportForm
from gongkai.domain.reports.forms.form_2017 import FORM as FORM_2017
from gongkai.domain.reports.forms.form_2019 import FORM as FORM_2019
from gongkai.domain.reports.forms.form_2021 import FORM as FORM_2021
from gongkai.domain.reports.indicator import INDICATORS, children_of, value_of, values_of

Values = dict[tuple[str, str], Decimal | None]


def full(form: ReportForm, value: int = 1) -> dict[CellKey, Decimal]:
    """Return the same figure in every cell."""
    return {cell: Decimal(value) for cell in form.cells()}


def names(form: ReportForm) -> set[str]:
    return {key for key, _ in values_of(form, full(form))}


def test_every_parent_is_an_indicator_and_adds_up_its_children() -> None:
    parents = {one.parent for one in INDICATORS.values() if one.parent}
    assert parents <= set(INDICATORS)
    assert len(children_of("refused")) == 8
    assert children_of("litigation_total") == (
        "litigation_direct_total",
        "litigation_after_review_total",
    )


def test_the_form_of_2021_feeds_every_figure_since_2019() -> None:
    early = {key for key, one in INDICATORS.items() if one.group == "早期统计"}
    assert set(INDICATORS) - names(FORM_2021) == early


@pytest.mark.parametrize(
    ("parent", "children"),
    [("refused", 8), ("unavailable", 3), ("not_processed", 5), ("otherwise_closed", 3)],
)
def test_a_header_of_the_form_is_the_sum_of_its_rows(parent: str, children: int) -> None:
    values = values_of(FORM_2021, full(FORM_2021, 2))
    assert value_of(values, parent) == 2 * children
    assert value_of(values, parent, "natural") == 2 * children


def test_suits_are_the_sum_of_both_branches() -> None:
    assert value_of(values_of(FORM_2021, full(FORM_2021, 3)), "litigation_corrected") == 6


def test_organisations_are_the_sum_of_their_five_columns() -> None:
    values = values_of(FORM_2021, full(FORM_2021, 4))
    assert value_of(values, "received", "organisations") == 20
    assert value_of(values, "refused", "organisations") == 160


def test_a_blank_addend_leaves_its_sum_blank_and_not_absent() -> None:
    cells = full(FORM_2021)
    del cells["s3_requests", "denied_internal", "total"]
    values = values_of(FORM_2021, cells)
    assert values["refused_internal", "total"] is None
    assert values["refused", "total"] is None
    assert values["refused", "natural"] == 8


class TestTheSeriesFrom2020To2021:
    def test_table_two_joins_what_was_made_and_decided(self) -> None:
        proactive = {key for key, one in INDICATORS.items() if one.group == "主动公开"}
        assert names(FORM_2019) & proactive == {
            "rules_issued",
            "normative_issued",
            "licences",
            "penalties",
            "coercions",
        }

    def test_what_is_open_to_the_public_is_not_what_is_in_force(self) -> None:
        values = values_of(FORM_2019, full(FORM_2019))
        assert ("normative_in_force", "total") not in values
        assert ("fees", "total") not in values

    def test_decisions_are_taken_from_their_own_column(self) -> None:
        cells = full(FORM_2019)
        cells["s2_art20_5", "licence", "decisions"] = Decimal(7)
        assert value_of(values_of(FORM_2019, cells), "licences") == 7

    def test_other_closings_join_as_one(self) -> None:
        cells = full(FORM_2019)
        cells["s3_requests", "other", "total"] = Decimal(9)
        values = values_of(FORM_2019, cells)
        assert value_of(values, "otherwise_closed") == 9
        assert ("otherwise_closed_other", "total") not in values

    def test_applications_results_and_disputes_join_whole(self) -> None:
        groups = {"收到和处理申请", "申请办理结果", "复议和诉讼"}
        joined = {key for key, one in INDICATORS.items() if one.group in groups}
        divided = set(children_of("otherwise_closed"))
        assert joined - names(FORM_2019) == divided


class TestTheSeriesFrom2018To2019:
    def test_what_joins(self) -> None:
        assert names(FORM_2017) & names(FORM_2021) == {
            "received",
            "normative_issued",
            "reconsideration_upheld",
            "reconsideration_corrected",
            "reconsideration_other",
            "litigation_upheld",
            "litigation_corrected",
            "litigation_other",
        }

    def test_a_gap_is_absent_and_never_zero(self) -> None:
        values = values_of(FORM_2017, full(FORM_2017))
        for key in ("granted", "refused", "concluded", "carried_out", "reconsideration_total"):
            assert (key, "total") not in values
            assert value_of(values, key) is None

    def test_a_blank_is_none_and_never_zero(self) -> None:
        values = values_of(FORM_2017, {})
        assert values["received", "total"] is None

    def test_early_figures_keep_their_own_series(self) -> None:
        assert {"disclosed", "channel_wechat", "training_people", "request_fees"} <= names(
            FORM_2017
        )


def test_what_stands_at_the_end_of_a_year_is_a_stock() -> None:
    stocks = {key for key, one in INDICATORS.items() if one.is_stock}
    assert {"carried_out", "normative_in_force", "reconsideration_pending"} <= stocks
    assert "received" not in stocks
