"""What the site can prove of a self-assessment, what speaks against it, what it cannot tell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gongkai.derive.directory import build_directory
from gongkai.derive.evidence import (
    Evidence,
    Examiner,
    Verdict,
    assessment_address,
    fixed_page,
    public_assessments,
)
from gongkai.domain.assessment import Assessment, AssessmentRecord, AssessmentSheet, Sheet
from gongkai.domain.body import BodyFacts
from gongkai.domain.column import Column, ColumnSpec, flatten
from gongkai.domain.corpus import EntryRecord, GuideRecord, Judged, ReportRecord, State
from gongkai.domain.guide import Guide
from gongkai.domain.reports.figures import Figures
from make import (
    AS_OF,
    CLEARED,
    make_agency,
    make_calendar,
    make_corpus,
    make_judged,
    make_record,
    make_report,
)

YEAR = 2026
COLUMNS: dict[str, Column] = {
    column.code: column
    for column in flatten(
        (
            ColumnSpec(code="rules", name="制度", period="6m"),
            ColumnSpec(code="budget", name="财政预决算", period="1y"),
            ColumnSpec(code="readings", name="政策解读", period="6m", type="政策解读"),
            ColumnSpec(code="decisions", name="重大决策", period="1y"),
            ColumnSpec(
                code="key",
                name="重点领域",
                period="1y",
                children=(ColumnSpec(code="fees", name="行政事业性收费", period="1y"),),
            ),
        )
    )
}


def sheet(**check: Any) -> Sheet:
    target = {
        "code": "A1",
        "label": "目标",
        "max": "5",
        "criteria": [{"text": "标准", "max": "5"}],
    }
    group = {"label": "项目", "max": "5", "targets": [target]}
    facts = {"name": "county", "title": "评分表", "max": "5", "groups": [group]}
    return Sheet.model_validate({**facts, "checks": [{"item": "A1.1", **check}]})


def own(**changes: Any) -> Assessment:
    facts = {
        "title": "自查评分表",
        "sheet": "county",
        "published_on": "2026-11-01 09:00",
        "printed_total": "5",
        "scores": [{"item": "A1", "points": "5"}],
        "review": CLEARED,
    }
    return Assessment.model_validate({**facts, **changes})


def record(n: int, column: str = "rules", **changes: Any) -> EntryRecord:
    path = f"agencies/mzj/catalogue/2026/e{n}.md"
    return make_record(
        path, index_number=f"QH0000028/2026-{n:05}", column=column, review=CLEARED, **changes
    )


def judged(*records: EntryRecord, agency: dict[str, Any] | None = None, **changes: Any) -> Judged:
    facts = {"columns": COLUMNS, "agencies": {"mzj": make_agency(**(agency or {}))}, **changes}
    return make_judged(*records, **facts)


def found(given: Judged, points_to: tuple[str, ...] = (), **check: Any) -> Evidence:
    scores = [{"item": "A1", "points": "5", "entries": list(points_to)}]
    examiner = Examiner(given, build_directory(given))
    evidence = examiner.examine("mzj", YEAR, sheet(**check), own(scores=scores))
    (one,) = evidence["A1.1"]
    return one


def report(**changes: Any) -> ReportRecord:
    facts: dict[str, Any] = {
        "path": "agencies/mzj/reports/2026.md",
        "agency": "mzj",
        "year": YEAR,
        "digest": "d",
        "report": make_report(published_on="2026-11-10 09:00"),
        "figures": Figures({}),
        "body": BodyFacts("d", 40, "正文"),
        "problems": (),
        "places": {},
    }
    return ReportRecord(**{**facts, **changes})


def with_report(one: ReportRecord, *records: EntryRecord, **agency: Any) -> Judged:
    """Return a judged corpus whose only report is published, whatever its figures say."""
    given = judged(*records, agency=agency)
    corpus = replace(given.corpus, reports=(one,))
    return Judged(corpus, (), {**given.states, one.path: State.PUBLISHED}, AS_OF)


def test_a_report_by_its_day_is_proven_and_a_late_one_speaks_against() -> None:
    in_time = found(with_report(report()), rule="annual_report")
    assert in_time.verdict is Verdict.PROVEN
    assert in_time.links[0].url == "a/mzj/report/2026.html"
    late = report(report=make_report(published_on="2027-02-01 09:00"))
    assert found(with_report(late), rule="annual_report").verdict is Verdict.CONTRADICTED
    migrated = report(report=make_report(published_on="2027-02-01 09:00", migrated_on="2027-02-01"))
    assert found(with_report(migrated), rule="annual_report").verdict is Verdict.UNKNOWN


def test_what_is_missing_speaks_against_a_body_but_not_against_a_historical_sample() -> None:
    assert found(judged(), rule="annual_report").verdict is Verdict.CONTRADICTED
    past = judged(agency={"collection": "history"})
    evidence = found(past, rule="annual_report")
    assert evidence.verdict is Verdict.UNKNOWN
    assert "历史样例" in evidence.text


@pytest.mark.parametrize(
    ("updated", "verdict"),
    [
        ("2026-06-01", Verdict.PROVEN),
        ("2025-12-31", Verdict.PROVEN),
        ("2025-12-29", Verdict.CONTRADICTED),
        ("2027-01-05", Verdict.UNKNOWN),
    ],
)
def test_a_guide_counts_when_it_was_changed_within_the_year(updated: str, verdict: Verdict) -> None:
    text = Guide(title="指南", published_on="2020-01-01 09:00", updated_on=updated, review=CLEARED)
    guide = GuideRecord("agencies/mzj/guide.md", "mzj", "d", text, BodyFacts("d", 9, "x"), (), {})
    given = judged(guides={"mzj": guide})
    assert found(given, rule="guide").verdict is verdict


def test_a_guide_of_the_parent_proves_nothing_and_none_speaks_against() -> None:
    assert found(judged(agency={"guide": "parent"}), rule="guide").verdict is Verdict.UNKNOWN
    assert found(judged(), rule="guide").verdict is Verdict.CONTRADICTED


def test_the_directory_is_up_to_date_when_the_year_has_entries() -> None:
    assert found(judged(record(1)), rule="directory").verdict is Verdict.PROVEN
    assert found(judged(), rule="directory").verdict is Verdict.CONTRADICTED


def test_every_column_is_filled_or_said_to_have_nothing() -> None:
    stated = {"nothing_to_disclose": [{"column": "budget", "stated_on": "2026-11-02"}]}
    check = {"rule": "columns", "columns": ["重点领域", "budget"]}
    evidence = found(judged(record(1, "fees"), agency=stated), **check)
    assert evidence.verdict is Verdict.PROVEN
    assert evidence.links[0].label == "重点领域（1条）"
    empty = found(judged(record(1, "fees")), **check)
    assert (empty.verdict, "没有信息：财政预决算" in empty.text) == (Verdict.CONTRADICTED, True)
    missing = found(judged(), rule="columns", columns=["扶贫工作"])
    assert missing.text == "本站没有这个栏目：扶贫工作"


def test_entries_are_found_by_title_tag_and_column_and_pointed_ones_by_summary() -> None:
    check = {"rule": "entries", "words": ["会议纪要"]}
    assert (
        found(judged(record(1, title="研究公开工作的会议纪要")), **check).verdict is Verdict.PROVEN
    )
    assert found(judged(record(1, tags=["会议纪要"])), **check).verdict is Verdict.PROVEN
    summed = judged(record(1, summary="登记会议纪要一份"))
    assert found(summed, **check).verdict is Verdict.CONTRADICTED
    assert found(summed, ("QH0000028/2026-00001",), **check).verdict is Verdict.PROVEN
    elsewhere = found(judged(record(1, "budget", title="会议纪要")), columns=["rules"], **check)
    assert elsewhere.verdict is Verdict.CONTRADICTED


def test_interpretations_must_be_linked_both_ways() -> None:
    file = record(1, interpreted_by=["QH0000028/2026-00002"])
    reading = record(2, "readings", kind="interpretation", interprets=["QH0000028/2026-00001"])
    lonely = record(3, "readings")
    both = found(judged(file, reading), rule="interpretations")
    assert (both.verdict, both.text) == (Verdict.PROVEN, "政策解读1篇，其中1篇与文件双向关联")
    one = found(judged(file, reading, lonely), rule="interpretations")
    assert (one.verdict, len(one.links)) == (Verdict.CONTRADICTED, 1)
    assert found(judged(), rule="interpretations").verdict is Verdict.CONTRADICTED


def test_budget_and_final_accounts_are_both_needed() -> None:
    def paper(n: int, kind: str, year: int) -> EntryRecord:
        return record(n, "budget", kind="budget", budget_type=kind, fiscal_year=year)

    planned, closed = paper(1, "budget", YEAR), paper(2, "final_accounts", YEAR - 1)
    assert found(judged(planned, closed), rule="budget").verdict is Verdict.PROVEN
    half = found(judged(planned), rule="budget")
    assert (half.verdict, half.text) == (Verdict.CONTRADICTED, "有预算，没有找到决算")


def test_a_request_page_needs_a_form_to_take_away() -> None:
    bare = found(judged(), rule="requests")
    assert (bare.verdict, bare.links[0].url) == (Verdict.CONTRADICTED, "a/mzj/apply.html")
    service = record(
        1,
        kind="service",
        title="政府信息公开申请",
        materials=[{"name": "申请表", "form": "../../files/form.txt"}],
    )
    given = judged(service, files=("agencies/mzj/files/form.txt",))
    assert found(given, rule="requests").verdict is Verdict.PROVEN
    past = judged(agency={"collection": "history"})
    assert found(past, rule="requests").verdict is Verdict.UNKNOWN


def test_timeliness_is_the_share_within_twenty_working_days() -> None:
    known = {"calendar": make_calendar(YEAR)}
    soon = record(1)
    late = record(2, issued_on="2026-03-02", published_on="2026-06-05 09:00")
    excused = record(3, published_on="2026-06-05 09:00", deadline_basis="预算法")
    fine = found(judged(soon, excused, **known), rule="timeliness")
    assert fine.verdict is Verdict.PROVEN
    assert fine.text == "核对1条，1条在20个工作日内公开（100.0%），另有1条不作核对"
    bad = found(judged(soon, late, **known), rule="timeliness")
    assert (bad.verdict, "50.0%" in bad.text, len(bad.links)) == (Verdict.CONTRADICTED, True, 1)
    unknown = found(judged(late), rule="timeliness")
    assert unknown.verdict is Verdict.UNKNOWN, "a year without holiday notice is not checked"


def test_a_decision_without_consultation_speaks_against() -> None:
    decision = record(1, "decisions")
    asked = record(2, kind="consultation", opens_on="2026-03-03", closes_on="2026-04-03")
    assert found(judged(decision), rule="consultations").verdict is Verdict.CONTRADICTED
    assert found(judged(decision, asked), rule="consultations").verdict is Verdict.PROVEN
    assert found(judged(), rule="consultations").verdict is Verdict.UNKNOWN


def test_duties_and_reading_places_are_read_from_the_agency() -> None:
    leader = {"leaders": [{"post": "副局长", "duties": "分管政务公开"}]}
    check = {"rule": "leaders", "words": ["政务公开"]}
    assert found(judged(agency=leader), **check).verdict is Verdict.PROVEN
    assert found(judged(), **check).verdict is Verdict.CONTRADICTED
    place = {"reading_places": [{"name": "档案馆", "address": "民生路", "hours": "工作日"}]}
    assert found(judged(agency=place), rule="reading_places").verdict is Verdict.PROVEN
    assert found(judged(), rule="reading_places").verdict is Verdict.CONTRADICTED


HALL, MEETINGS = ("statistics", "hall", "value"), ("statistics", "meetings", "value")


@pytest.mark.parametrize(
    ("check", "figures", "verdict"),
    [
        (("hall", "是"), Figures({}, {HALL: "否"}), Verdict.CONTRADICTED),
        (("hall", "是"), Figures({}, {HALL: "是"}), Verdict.PROVEN),
        (("hall", "是"), Figures({}, {}), Verdict.UNKNOWN),
        (("meetings", ">=1"), Figures({MEETINGS: Decimal(1)}), Verdict.PROVEN),
        (("meetings", ">=1"), Figures({MEETINGS: Decimal(0)}), Verdict.CONTRADICTED),
        (("meetings", "<=3"), Figures({MEETINGS: Decimal(3)}), Verdict.PROVEN),
        (("meetings", ""), Figures({MEETINGS: Decimal(0)}), Verdict.PROVEN),
        (("no-such-row", "是"), Figures({}), Verdict.UNKNOWN),
    ],
)
def test_a_cell_of_the_statistics_proves_or_contradicts(
    check: tuple[str, str], figures: Figures, verdict: Verdict
) -> None:
    row, expects = check
    stated = make_report(published_on="2026-11-10 09:00", form="2017", tables={})
    given = with_report(report(report=stated, figures=figures), collection="history")
    evidence = found(given, rule="report_cell", row=row, expects=expects)
    assert evidence.verdict is verdict, evidence.text


def test_without_a_report_a_cell_cannot_be_told() -> None:
    assert found(judged(), rule="report_cell", row="hall").verdict is Verdict.UNKNOWN


def test_only_what_is_reviewed_due_and_sound_has_a_page() -> None:
    record_of = AssessmentRecord(
        "agencies/mzj/assessments/2026.yml", "mzj", 2026, "d", own(), (), {}
    )
    given = judged()
    sheets = {
        "county": AssessmentSheet("vocab/assessments/county.yml", "d", sheet(rule="guide"), {})
    }

    def public(one: AssessmentRecord, **changes: Any) -> list[AssessmentRecord]:
        facts = {"assessment_sheets": sheets, "assessments": {("mzj", 2026): one}, **changes}
        corpus = make_corpus(columns=COLUMNS, **facts)
        return [r for r, _ in public_assessments(Judged(corpus, (), given.states, AS_OF))]

    def of(assessment: Assessment | None) -> AssessmentRecord:
        return AssessmentRecord(record_of.path, "mzj", 2026, "d", assessment, (), {})

    assert public(record_of) == [record_of]
    assert public(of(None)) == []
    assert public(of(own(review=None))) == []
    assert public(of(own(published_on="2026-12-01 09:00"))) == []
    assert public(record_of, assessment_sheets={}) == []


def test_addresses() -> None:
    assert assessment_address("mzj", 2026) == "a/mzj/assessment/2026.html"
    assert fixed_page("mzj", "leaders") == "a/mzj/index.html#leaders"
