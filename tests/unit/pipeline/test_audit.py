"""What is judged over several reports at once, and the office's own board of each year."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from gongkai.derive.board import CSV_HEADER
from gongkai.derive.consolidation import Absence
from gongkai.domain.agency import Level
from gongkai.domain.corpus import Judged, ReportRecord, State
from gongkai.kernel.problems import Problem, Severity
from gongkai.pipeline.audit import WHY, with_consolidation, write_audit
from make import codes, make_agency, make_judged, make_report_record

LICENCES = {"s2_art20_5": {"licence": ["12"]}}


def judged_of(*reports: ReportRecord, **levels: Level) -> Judged:
    """Return the verdict on reports of a county, an agency and whoever else is given."""
    known = {"qinghe": Level.COUNTY, "mzj": Level.DEPARTMENT, **levels}
    agencies = {
        name: make_agency(name, level=level, codes=(name,)) for name, level in known.items()
    }
    return make_judged(reports=reports, agencies=agencies)


def county(**changes: Any) -> ReportRecord:
    facts = {"scope": "consolidated", "addends": ["mzj"], "tables": LICENCES}
    return make_report_record("qinghe", **{**facts, **changes})


def found(judged: Judged) -> list[Problem]:
    return [one for one in with_consolidation(judged).problems if one not in judged.problems]


def test_a_sum_that_agrees_changes_nothing() -> None:
    judged = judged_of(county(), make_report_record(tables=LICENCES))
    assert with_consolidation(judged) is judged


def test_a_figure_that_its_addends_do_not_make_is_a_warning() -> None:
    judged = judged_of(county(), make_report_record())
    (problem,) = found(judged)
    assert (problem.code.id, problem.severity) == ("GK495", Severity.WARNING)
    assert "汇总报告 12，本站汇总 0，相差 12" in problem.message()
    assert with_consolidation(judged).states == judged.states


@pytest.mark.parametrize(
    "explanation",
    [{"discrepancies": [{"check": "汇总核对", "note": "含税务"}]}, {"discrepancy_note": "含税务"}],
)
def test_a_difference_that_is_explained_is_a_note(explanation: dict[str, Any]) -> None:
    (problem,) = found(judged_of(county(**explanation), make_report_record()))
    assert (problem.code.id, problem.severity) == ("GK495", Severity.NOTE)
    assert problem.message().endswith("；已附数据核对说明")


def test_what_is_not_published_does_not_show_through_a_sum() -> None:
    later = make_report_record(tables=LICENCES, published_on="2031-01-20 09:00")
    judged = judged_of(county(), later)
    assert judged.states[later.path] is State.SCHEDULED
    (problem,) = found(judged)
    assert problem.code.id == "GK496"
    assert "没有已发布的同年年报" in problem.message()


def test_only_a_report_on_disclosure_for_all_is_compared() -> None:
    alone = make_report_record("qinghe", tables=LICENCES)
    website = make_report_record(
        "qinghe", folder="website", form="website", scope="consolidated", addends=["mzj"]
    )
    assert found(judged_of(alone, website, make_report_record())) == []


def test_a_report_for_all_on_an_unknown_form_is_passed_over() -> None:
    assert found(judged_of(county(form="2020"), make_report_record())) == []


# what to do about each addend that is in no sum


def told(name: str, *reports: ReportRecord, **levels: Level) -> str:
    """Return what is said of an addend, with its remedy."""
    judged = judged_of(county(addends=["mzj", name]), *reports, **levels)
    (problem,) = [one for one in found(judged) if one.facts.get("name") == name]
    return problem.message()


def test_every_reason_has_its_words() -> None:
    assert WHY.keys() == set(Absence) - {Absence.OUTSIDE}


@pytest.mark.parametrize(
    ("name", "levels", "why", "remedy"),
    [
        ("liulim", {}, "不是本站单位的代号", "不在本站的请移到 addends_outside"),
        ("czj", {"czj": Level.TOWN}, "没有已发布的同年年报", "汇总核对缺它的数"),
        ("qinghe", {}, "没有写 own_tables", "请把本级的数写在 own_tables"),
        ("gsgs", {"gsgs": Level.ENTERPRISE}, "公共企事业单位", "请从 addends 中去掉"),
        ("qxj", {"qxj": Level.VERTICAL}, "垂直管理单位", "请从 addends 中去掉"),
    ],
)
def test_an_addend_that_is_in_no_sum_has_the_remedy_of_its_reason(
    name: str, levels: dict[str, Level], why: str, remedy: str
) -> None:
    message = told(name, make_report_record(tables=LICENCES), **levels)
    assert why in message
    assert message.endswith(remedy) or f"；{remedy}" in message


def test_an_addend_on_another_form_is_not_added() -> None:
    message = told(
        "czj", make_report_record(), make_report_record("czj", form="legacy"), czj=Level.DEPARTMENT
    )
    assert "年报格式不同" in message


@pytest.mark.xfail(strict=True, reason="it is told to be in no sum at all")
def test_an_addend_named_twice_is_in_the_sum_once() -> None:
    message = told("mzj", make_report_record(tables=LICENCES))
    assert "不计入本站汇总" not in message


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"addends": ["mzj", "x"]}, "addends.1"), ({"addends": ["x", "mzj"]}, "addends.0")],
)
@pytest.mark.parametrize("own", [{}, {"s2_art20_5": {"licence": ["0"]}}], ids=["alone", "own"])
def test_an_addend_is_named_where_it_stands(
    changes: dict[str, Any], place: str, own: dict[str, Any]
) -> None:
    record = county(**changes, own_tables=own)
    record.places.update({f"addends.{n}": (9, 10 + n) for n in range(2)})  # type: ignore[attr-defined]
    problems = found(judged_of(record, make_report_record(tables=LICENCES)))
    (problem,) = [one for one in problems if one.code.id == "GK496"]
    assert (problem.place.line, problem.place.column) == (9, 10 + int(place[-1]))


# the board


def test_each_year_has_a_page_and_a_sheet(tmp_path: Path) -> None:
    judged = judged_of(make_report_record(), make_report_record(year=2024))
    written = write_audit(judged, tmp_path / "audit")
    assert [path.name for path in written] == [
        f"board-{year}.{kind}" for year in (2024, 2025) for kind in ("html", "csv")
    ]
    assert sorted(written) == sorted((tmp_path / "audit").iterdir())  # and nothing is left over
    page = (tmp_path / "audit" / "board-2025.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    rows = list(
        csv.reader(io.StringIO((tmp_path / "audit" / "board-2025.csv").read_text("utf-8-sig")))
    )
    assert tuple(rows[0]) == CSV_HEADER
    states = {row[0]: row[3] for row in rows[1:]}
    assert states == {"qinghe": "not_submitted", "mzj": "on_time"}


def test_a_board_is_written_anew_over_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "board-2025.csv").write_text("旧", "utf-8")
    write_audit(judged_of(make_report_record()), tmp_path)
    assert "旧" not in (tmp_path / "board-2025.csv").read_text("utf-8-sig")


def test_the_verdict_on_a_report_is_on_the_board(tmp_path: Path) -> None:
    wrong = make_report_record(tables={"s4_review": {"review": ["0", "1", "0", "0", "2"]}})
    judged = judged_of(wrong)
    assert "GK404" in codes(judged.problems)
    write_audit(judged, tmp_path)
    rows = csv.DictReader(io.StringIO((tmp_path / "board-2025.csv").read_text("utf-8-sig")))
    (row,) = [row for row in rows if row["agency"] == "mzj"]
    assert (row["state"], row["errors"]) == ("not_submitted", "1")
