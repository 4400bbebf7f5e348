"""汇总核对: nobody is counted twice, and who is missing is named and never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from gongkai.derive.consolidation import Absence, Compared, Consolidation, LeftOut, consolidate
from gongkai.domain.agency import Agency
from gongkai.domain.corpus import ReportRecord
from gongkai.domain.reports.figures import Figures
from gongkai.domain.reports.form import forms
from make import make_agency
from make_reports import received, report_record

NEW = ("s3_requests", "new", "total")
IDS = ("qinghe", "mzj", "jyj", "czj", "kfq")
AGENCIES: dict[str, Agency] = {name: make_agency(name) for name in IDS}


def county(count: int, **changes: Any) -> ReportRecord:
    changes = {"addends": ["mzj", "jyj"], **changes}
    return report_record("qinghe", cells=received(count), scope="consolidated", **changes)


def check(
    record: ReportRecord,
    *others: ReportRecord,
    agencies: Mapping[str, Agency] = AGENCIES,
) -> Consolidation:
    found = consolidate(record, {(r.agency, r.year): r for r in (record, *others)}, agencies)
    assert found is not None
    return found


def cell(found: Consolidation) -> Compared[Any]:
    return next(one for one in found.cells if one.key == NEW)


MZJ, JYJ = report_record("mzj", cells=received(3)), report_record("jyj", cells=received(4))


def test_a_sum_that_agrees_has_no_fault() -> None:
    found = check(county(7), MZJ, JYJ)
    assert found.addends == ("mzj", "jyj")
    assert (cell(found).stated, cell(found).ours, cell(found).parts) == (7, 7, (3, 4))
    assert cell(found).difference == 0
    assert found.faults == ()
    assert found.left_out == ()


def test_a_difference_is_told_at_its_cell_and_for_the_indicator() -> None:
    found = check(county(9), MZJ, JYJ)
    assert [one.key for one in found.faults] == [NEW]
    assert cell(found).difference == 2
    total = next(one for one in found.totals if one.key == "received")
    assert (total.stated, total.ours, total.is_fault) == (9, 7, True)


def test_a_missing_report_is_named_and_not_taken_for_zero() -> None:
    found = check(county(9), MZJ)
    assert found.left_out == (LeftOut("jyj", Absence.NO_REPORT, 1),)
    assert found.gaps == found.left_out
    assert not cell(found).is_whole
    assert not cell(found).is_fault  # the missing body may well have received the other six


def test_a_stated_figure_smaller_than_an_incomplete_sum_is_a_fault_all_the_same() -> None:
    assert cell(check(county(2), MZJ)).is_fault


def test_a_report_of_another_year_is_no_addend() -> None:
    found = check(county(7), MZJ, report_record("jyj", 2024, received(4)))
    assert [one.why for one in found.left_out] == [Absence.NO_REPORT]


def test_a_blank_addend_is_not_zero() -> None:
    found = check(county(9), MZJ, report_record("jyj", blank=[".".join(NEW)]))
    assert cell(found).parts == (3, None)
    assert not cell(found).is_whole
    assert not cell(found).is_fault


def test_the_body_s_own_figures_are_an_addend_under_its_own_name() -> None:
    found = check(county(12, own=received(5)), MZJ, JYJ)
    assert found.addends == ("qinghe", "mzj", "jyj")
    assert cell(found).parts == (5, 3, 4)
    assert found.faults == ()


def test_own_figures_that_are_declared_and_not_written_are_a_gap() -> None:
    found = check(county(9, addends=["qinghe", "mzj"]), MZJ)
    assert [(one.name, one.why) for one in found.gaps] == [("qinghe", Absence.NO_OWN_TABLES)]


def test_own_figures_are_counted_once_though_declared() -> None:
    found = check(county(8, addends=["qinghe", "mzj"], own=received(5)), MZJ)
    assert found.addends == ("qinghe", "mzj")
    assert found.faults == ()


def test_a_body_listed_twice_is_counted_once() -> None:
    found = check(county(7, addends=["mzj", "jyj", "mzj"]), MZJ, JYJ)
    assert cell(found).ours == 7
    assert found.doubles == (LeftOut("mzj", Absence.TWICE, 2, overlap=("mzj",)),)
    assert found.faults == ()


def test_an_addend_that_counts_another_addend_is_refused() -> None:
    zone = report_record("kfq", cells=received(10), scope="consolidated", addends=["kfq", "jyj"])
    found = check(county(7, addends=["mzj", "jyj", "kfq"]), MZJ, JYJ, zone)
    assert found.addends == ("mzj", "jyj")
    assert found.doubles == (LeftOut("kfq", Absence.COVERED, 2, overlap=("jyj",)),)


def test_an_addend_that_counts_the_body_itself_is_refused() -> None:
    zone = report_record("kfq", scope="consolidated", addends=["qinghe"])
    found = check(county(3, addends=["mzj", "kfq"]), MZJ, zone)
    assert "qinghe" in found.doubles[0].overlap


def test_a_consolidated_addend_that_names_nobody_is_refused() -> None:
    zone = report_record("kfq", cells=received(10), scope="consolidated")
    found = check(county(13, addends=["mzj", "kfq"]), MZJ, zone)
    assert [one.why for one in found.doubles] == [Absence.COVERED]


def test_a_consolidated_addend_whose_bodies_nobody_else_counts_is_taken() -> None:
    zone = report_record("kfq", cells=received(10), scope="consolidated", addends=["kfq", "czj"])
    found = check(county(13, addends=["mzj", "kfq"]), MZJ, zone)
    assert found.addends == ("mzj", "kfq")
    assert found.faults == ()


def test_two_addends_may_not_both_count_a_third() -> None:
    first = report_record("kfq", scope="consolidated", addends=["czj"])
    second = report_record("jyj", scope="consolidated", addends=["czj"])
    found = check(county(0, addends=["kfq", "jyj"]), first, second)
    assert found.addends == ("kfq",)
    assert found.doubles == (LeftOut("jyj", Absence.COVERED, 1, overlap=("czj",)),)


def test_double_counting_is_found_at_any_depth() -> None:
    deep = report_record("czj", scope="consolidated", addends=["mzj"])
    zone = report_record("kfq", scope="consolidated", addends=["czj"])
    found = check(county(3, addends=["mzj", "kfq"]), MZJ, zone, deep)
    assert found.doubles[0].overlap == ("mzj",)


def test_reports_that_count_each_other_end() -> None:
    one = report_record("kfq", scope="consolidated", addends=["czj"])
    other = report_record("czj", scope="consolidated", addends=["kfq"])
    assert check(county(0, addends=["kfq"]), one, other).addends == ("kfq",)


@pytest.mark.parametrize(
    ("level", "why"),
    [
        ("enterprise", Absence.ENTERPRISE),
        ("vertical", Absence.VERTICAL),
        ("society", Absence.OTHER_LEVEL),
    ],
)
def test_a_body_outside_the_scope_is_left_out_and_no_gap(level: str, why: Absence) -> None:
    agencies = {**AGENCIES, "jyj": AGENCIES["jyj"].model_copy(update={"level": level})}
    found = check(county(3), MZJ, JYJ, agencies=agencies)
    assert [(one.name, one.why) for one in found.left_out] == [("jyj", why)]
    assert found.gaps == ()
    assert cell(found).is_whole
    assert found.faults == ()


def test_a_body_without_a_place_on_the_site_is_a_gap_with_its_reason() -> None:
    outside = [{"name": "县气象局", "reason": "年报由上级发布"}]
    found = check(county(9, addends_outside=outside), MZJ, JYJ)
    assert found.gaps == (LeftOut("县气象局", Absence.OUTSIDE, 0, "年报由上级发布"),)
    assert not cell(found).is_fault


def test_an_unknown_addend_is_named() -> None:
    found = check(county(7, addends=["mzj", "jyj", "nobody"]), MZJ, JYJ)
    assert [(one.name, one.why) for one in found.left_out] == [("nobody", Absence.UNKNOWN)]


def test_an_addend_of_another_form_is_not_added_cell_by_cell() -> None:
    old = report_record("jyj", form="2019", cells=received(4))
    found = check(county(7), MZJ, old)
    assert [one.why for one in found.gaps] == [Absence.OTHER_FORM]


def test_a_report_of_the_body_alone_is_not_consolidated() -> None:
    assert consolidate(report_record("qinghe", scope="own"), {}, AGENCIES) is None
    assert consolidate(report_record("mzj"), {}, AGENCIES) is None


def test_an_increase_below_an_incomplete_sum_is_no_fault() -> None:
    change = "s2_art20_5.licence.change"
    record = report_record(
        "qinghe",
        2020,
        {change: -2},
        form="2019",
        scope="consolidated",
        addends=["mzj", "jyj"],
    )
    found = check(record, report_record("mzj", 2020, {change: 3}, form="2019"))
    one = next(one for one in found.cells if ".".join(one.key) == change)
    assert (one.difference, one.is_whole, one.is_fault) == (-5, False, False)


def test_on_an_old_form_a_blank_beside_a_figure_adds_nothing() -> None:
    cells = [
        c for c in forms()["2017"].cells() if forms()["2017"].tables[0].unit(*c[1:]) == "count"
    ]
    left = report_record("mzj", 2017, {".".join(cells[0]): 3}, form="2017")
    right = report_record("jyj", 2017, form="2017")
    right = replace(right, figures=Figures({cells[1]: right.figures.cells[cells[1]]}))
    whole = report_record(
        "qinghe",
        2017,
        {".".join(cells[0]): 3},
        form="2017",
        scope="consolidated",
        addends=["mzj", "jyj"],
    )
    one = next(one for one in check(whole, left, right).cells if one.key == cells[0])
    assert (one.parts, one.is_whole, one.is_fault) == ((3, 0), True, False)
