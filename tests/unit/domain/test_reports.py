"""The 2021 form as prescribed; figures as they may be written, and how they must add up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.reports.figures import chosen, own_figures, read_figures, read_value
from gongkai.domain.reports.form import FigureTable, Kind, forms
from gongkai.domain.reports.forms.form_2021 import FORM
from gongkai.domain.reports.identities import Check, checks, checks_against, finding_of
from gongkai.domain.reports.report import AnnualReport, deadline
from make import make_report

PRESCRIBED = Path(__file__).parents[4] / "shared" / "domain" / "annual-report-2021.yaml"
ZERO = ["0"] * 7


def table(key: str) -> FigureTable:
    found = FORM.table(key)
    assert found is not None
    return found


def test_every_form_is_found_by_being_there() -> None:
    assert set(forms()) >= {"2017", "2019", "2021", "legacy", "website"}


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


def failing(found: tuple[Check, ...]) -> list[tuple[str, str]]:
    """Return code and cell of what does not hold."""
    told = [finding_of(check) for check in found if not check.holds]
    return [(code.id, ".".join(cell)) for code, cell, _ in told]


def slips(**tables: Any) -> list[tuple[str, str]]:
    """Return code and dotted path of slips of writing, code and cell of identities that fail."""
    figures, found = read_figures(make_report(tables=tables), FORM)
    return [(one.code.id, one.field) for one in found] + failing(checks(FORM, figures))


def test_a_report_of_zeros_is_sound() -> None:
    assert slips() == []


def test_the_total_of_a_row_is_the_sum_of_its_applicants() -> None:
    found = slips(s3_requests={"np_mass": ["0", "0", "0", "0", "0", "1", "0"]})
    assert ("GK401", "s3_requests.np_mass.total") in found


@pytest.mark.parametrize("column", range(6))
def test_every_column_of_results_is_added_up(column: int) -> None:
    row = [*ZERO]
    row[column] = row[6] = "2"
    found = slips(s3_requests={"denied_registry": row})
    applicant = table("s3_requests").columns[column].key
    assert found == [
        ("GK402", f"s3_requests.results_total.{applicant}"),
        ("GK402", "s3_requests.results_total.total"),
    ]


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
    assert found == [("GK403", "s3_requests.new.natural"), ("GK403", "s3_requests.new.total")]


@pytest.mark.parametrize("row", ["review", "litigation_direct", "litigation_after_review"])
def test_each_group_of_part_four_adds_up(row: str) -> None:
    assert slips(s4_review={row: ["1", "2", "3", "4", "10"]}) == []
    assert slips(s4_review={row: ["1", "2", "3", "4", "9"]}) == [
        ("GK404", f"s4_review.{row}.total")
    ]


# how a figure may be written


NO_COUNTS = """
    -1 1.5 03 1,000 1_000 +1 1e3 0x1 1234567890123 NaN .inf null ~ true / 12% ² ٣
    约12 十二 二〇 １２ 12件
"""


@pytest.mark.parametrize("text", [*NO_COUNTS.split(), " "])
def test_what_is_no_count(text: str) -> None:
    assert slips(s2_art20_5={"licence": [text]}) == [("GK406", "tables.s2_art20_5.licence.0")]


@pytest.mark.parametrize("text", ["0", "1.25", "1000000", "0.000001"])
def test_fees_are_money(text: str) -> None:
    assert slips(s2_art20_8={"fees": [text]}) == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (" 12 ", "count", Decimal(12)),
        ("0.50", "money", Decimal("0.50")),
        ("-3", "change", Decimal(-3)),
        ("−3", "change", Decimal(-3)),
        ("+3", "change", Decimal(3)),
        ("-3", "count", None),
        ("-3", "money", None),
        ("1.5", "change", None),
        ("3.5", "rate", Decimal("3.5")),
        ("有", "flag", "是"),
        ("TRUE", "flag", "是"),
        ("无", "flag", "否"),
        ("可能", "flag", None),
        ("1", "flag", None),
        (" 微博 ", "text", "微博"),
    ],
)
def test_a_figure_is_read_by_its_kind(text: str, kind: Kind, value: object) -> None:
    assert read_value(text, kind) == value


def test_a_row_is_a_list_a_mapping_or_the_one_figure_that_it_has() -> None:
    row = {"issued": "1", "repealed": "0", "in_force": "3"}
    report = make_report(tables={"s2_art20_1": {"normative": row}, "s2_art20_5": {"licence": "12"}})
    figures, found = read_figures(report, FORM)
    assert found == []
    assert figures.cells["s2_art20_1", "normative", "in_force"] == Decimal(3)
    assert figures.cells["s2_art20_5", "licence", "decisions"] == Decimal(12)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({"licence": ["1", "2"]}, ("GK406", "tables.s2_art20_5.licence.1")),
        ({"licence": {"decision": "1"}}, ("GK407", "tables.s2_art20_5.licence.decision")),
        ({"licence": {"decisions": {"a": "1"}}}, ("GK406", "tables.s2_art20_5.licence.decisions")),
        ({"licence": [["1"]]}, ("GK406", "tables.s2_art20_5.licence.0")),
        ({"licens": ["1"]}, ("GK407", "tables.s2_art20_5.licens")),
        ({"行政许可": ["1"]}, ("GK407", "tables.s2_art20_5.行政许可")),
    ],
)
def test_what_a_table_does_not_have_is_named_where_it_is_written(
    rows: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert slips(s2_art20_5=rows) == [expected]


def test_one_text_is_no_row_of_several_figures() -> None:
    assert slips(s2_art20_1={"normative": "3"}) == [("GK406", "tables.s2_art20_1.normative")]


def test_a_table_that_the_form_lacks_is_named() -> None:
    assert slips(s2_art20_9={"licence": ["1"]}) == [("GK407", "tables.s2_art20_9")]


def test_what_is_wrong_with_own_tables_is_named_there() -> None:
    report = make_report(own_tables={"s2_art20_5": {"licence": ["约3"], "licens": ["3"]}})
    figures, found = own_figures(report, FORM)
    assert figures.cells == {}
    assert {(one.code.id, one.field) for one in found} == {
        ("GK406", "own_tables.s2_art20_5.licence.0"),
        ("GK407", "own_tables.s2_art20_5.licens"),
    }


_LEAF = st.sampled_from(["", "0", "12", "-1", "x", " "])
_CELLS = st.recursive(
    _LEAF,
    lambda below: st.lists(below, max_size=9) | st.dictionaries(_LEAF, below, max_size=3),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from([*(t.key for t in FORM.tables), "", "x"]),
        st.dictionaries(st.sampled_from(["licence", "new", "normative", "review", "y"]), _CELLS),
    )
)
def test_whatever_is_written_becomes_a_figure_or_a_finding(tables: dict[str, Any]) -> None:
    report = AnnualReport.model_validate(
        {"title": "x", "form": "2021", "published_on": "2026-01-20", "tables": tables}
    )
    figures, found = read_figures(report, FORM)
    assert all(value >= 0 for value in figures.cells.values())
    assert figures.cells or found or not _leaves(tables)


def _leaves(written: object) -> int:
    if isinstance(written, list):
        return sum(_leaves(one) for one in written)
    if isinstance(written, dict):
        return sum(_leaves(one) for one in written.values())
    return int(written != "")


@pytest.mark.parametrize(
    ("names", "count", "strange"),
    [
        (("all",), 200, []),
        (("s3_requests",), 175, []),
        (("s3_requests.new",), 7, []),
        (("s3_requests.new.total", "s3_requests.new"), 7, []),
        (("s3_requests.new.",), 0, [(0, "s3_requests.new.")]),
        (("s3", "S3_REQUESTS", ""), 0, [(0, "s3"), (1, "S3_REQUESTS"), (2, "")]),
        (("all", "表三"), 200, [(1, "表三")]),
    ],
)
def test_what_is_to_be_counted_is_named_by_table_row_or_cell(
    names: tuple[str, ...], count: int, strange: list[tuple[int, str]]
) -> None:
    cells, others = chosen(FORM, names)
    assert (len(cells), others) == (count, strange)


# against the year before


def against(before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str]]:
    then, _ = read_figures(make_report(tables=before), FORM)
    figures, _ = read_figures(make_report(tables=now), FORM)
    return failing(checks_against(FORM, figures, FORM, then, 2024))


def test_what_was_carried_out_comes_in_the_year_after() -> None:
    one = ["1", "0", "0", "0", "0", "0", "1"]
    assert (
        against({"s3_requests": {"carried_out": one}}, {"s3_requests": {"carried_in": one}}) == []
    )
    assert against({"s3_requests": {"carried_out": one}}, {}) == [
        ("GK412", "s3_requests.carried_in.natural"),
        ("GK412", "s3_requests.carried_in.total"),
    ]


def test_documents_in_force_follow_from_last_year() -> None:
    stock = lambda *n: {"s2_art20_1": {"normative": [str(i) for i in n]}}  # noqa: E731
    assert against(stock(0, 0, 5), stock(2, 1, 6)) == []
    assert against(stock(0, 0, 5), stock(2, 1, 7)) == [("GK413", "s2_art20_1.normative.in_force")]


# what the report says of itself


def test_an_explanation_is_of_its_own_identity_only() -> None:
    report = make_report(discrepancies=[{"check": "S4", "note": "原件如此"}])
    assert report.explains("S4")
    assert not report.explains("S3-ROW")


@pytest.mark.parametrize("whole", [{"discrepancy_note": "原件如此"}, {"as_printed": "是"}])
def test_a_note_on_the_whole_and_an_old_report_explain_everything(whole: dict[str, str]) -> None:
    assert make_report(**whole).explains("S3-ROW")


@pytest.mark.parametrize(
    ("level", "due"), [("department", "2026-01-31"), ("county", "2026-03-31"), ("town", "None")]
)
def test_the_day_by_which_a_report_is_due(level: str, due: str) -> None:
    assert str(deadline(FORM, level, 2025)) == due


def test_a_place_may_set_an_earlier_day() -> None:
    assert str(deadline(FORM, "department", 2025, {"department": (1, 15)})) == "2026-01-15"
    assert str(deadline(FORM, "county", 2025, {"department": (1, 15)})) == "2026-03-31"


@pytest.mark.xfail(strict=True, reason="brackets and quotes of the program are printed")
@pytest.mark.parametrize("cell", [["1"], {"a": "1"}])
def test_a_cell_of_several_figures_is_told_in_words(cell: object) -> None:
    (finding,) = read_figures(make_report(tables={"s2_art20_5": {"licence": [cell]}}), FORM)[1]
    assert "'" not in str(finding.facts["value"])


def codes_of(found: list[tuple[str, str]]) -> set[str]:
    return {code for code, _ in found}
