"""The rules on yearly reports: identities, last year, prose, repetition, catalogue, register."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gongkai.domain.agency import Level
from gongkai.domain.corpus import EntryRecord, ReportRecord
from gongkai.domain.register import Application
from gongkai.domain.reports.report import EXPLAINED
from gongkai.domain.reports.resolution import resolve_reports
from gongkai.domain.rules.reports import judge_registers, judge_reports
from gongkai.kernel.problems import CODES, Problem, Severity
from make import (
    AS_OF,
    CLEARED,
    codes,
    make_agency,
    make_corpus,
    make_decisions,
    make_record,
    make_register,
    make_report_record,
    make_sheet,
)
from registers import make_application

WRONG_TOTAL = {"s4_review": {"review": ["0", "1", "0", "0", "2"]}}
RECEIVED = {
    "s3_requests": {
        key: ["6", "0", "0", "0", "0", "0", "6"] for key in ("new", "granted", "results_total")
    }
}
MOVED = {"as_printed": "是", "migrated_on": "2026-02-03"}


def told(
    *records: ReportRecord, entries: tuple[EntryRecord, ...] = (), **changes: Any
) -> list[Problem]:
    """Return the problems of reports, their figures resolved."""
    corpus = resolve_reports(make_corpus(*entries, reports=records, **changes), AS_OF)
    return [*corpus.problems, *judge_reports(corpus)]


def of(found: list[Problem], code: str) -> list[Problem]:
    return [problem for problem in found if problem.code.id == code]


def severities(found: list[Problem]) -> set[Severity]:
    return {problem.severity for problem in found}


def test_a_report_of_zeros_gives_no_problem() -> None:
    assert told(make_report_record()) == []


# explained or not


def test_an_identity_that_fails_is_an_error() -> None:
    found = told(make_report_record(tables=WRONG_TOTAL))
    assert codes(found) == ["GK404"]
    assert severities(found) == {Severity.ERROR}
    assert EXPLAINED not in found[0].message()


@pytest.mark.parametrize(
    ("explanation", "is_said"),
    [
        ({"discrepancies": [{"check": "S4", "note": "原件如此"}]}, True),
        ({"discrepancy_note": "原件如此"}, True),
        (MOVED, False),
    ],
    ids=["by its name", "as a whole", "as printed"],
)
def test_an_explained_identity_is_a_note(explanation: dict[str, Any], is_said: bool) -> None:
    found = told(make_report_record(tables=WRONG_TOTAL, **explanation))
    assert codes(found) == ["GK404"]
    assert severities(found) == {Severity.NOTE}
    assert found[0].message().endswith(EXPLAINED) is is_said


@pytest.mark.parametrize("check", ["S3-ROW", "s4", "S4 ", "*", ""])
def test_an_explanation_of_something_else_softens_nothing(check: str) -> None:
    note = {"check": check, "note": "原件如此"}
    expected = Severity.NOTE if check.strip() == "S4" else Severity.ERROR
    found = of(told(make_report_record(tables=WRONG_TOTAL, discrepancies=[note])), "GK404")
    assert severities(found) == {expected}


def test_one_figure_that_explains_all_is_named_as_a_note() -> None:
    tables = {"s4_review": {"review": ["3", "4", "5", "0", "21"]}}
    found = told(make_report_record(tables=tables))
    assert codes(found) == ["GK404", "GK416"]
    assert found[1].severity is Severity.NOTE
    assert "写作 21，疑为 12（相邻的 2 和 1 写颠倒了）" in found[1].message()


def test_an_explanation_softens_what_does_not_follow_from_last_year() -> None:
    before = make_report_record(year=2024, tables={"s3_requests": carried("carried_out")})
    note = {"check": "S3-PREV", "note": "上年误报"}
    assert codes(told(before, make_report_record())) == ["GK403"] * 2 + ["GK412"] * 2
    found = of(told(before, make_report_record(discrepancies=[note])), "GK412")
    assert severities(found) == {Severity.NOTE}


def carried(row: str) -> dict[str, list[str]]:
    return {row: ["1", "0", "0", "0", "0", "0", "1"]}


def test_what_was_pending_counts_again() -> None:
    before = make_report_record(
        year=2024, tables={"s4_review": {"review": ["0", "0", "0", "2", "2"]}}
    )
    found = told(before, make_report_record())
    assert codes(found) == ["GK419"]
    assert severities(found) == {Severity.WARNING}


def test_a_year_between_is_no_year_before() -> None:
    before = make_report_record(
        year=2023, tables={"s4_review": {"review": ["0", "0", "0", "2", "2"]}}
    )
    assert told(before, make_report_record()) == []


def test_the_year_before_is_of_the_same_body_and_subject() -> None:
    before = make_report_record(
        "czj", 2024, tables={"s4_review": {"review": ["0", "0", "0", "2", "2"]}}
    )
    agencies = {name: make_agency(name, codes=(name,)) for name in ("mzj", "czj")}
    assert told(before, make_report_record(), agencies=agencies) == []


# where a figure stands


def test_an_identity_of_a_sheet_is_placed_on_the_sheet() -> None:
    rows = [
        f"s4_review,{row},{column},{int((row, column) == ('review', 'total'))}"
        for row in ("review", "litigation_direct", "litigation_after_review")
        for column in ("upheld", "corrected", "other", "pending", "total")
    ]
    sheet = make_sheet("table,row,column,value", *rows)
    found = told(make_report_record(tables={"s4_review": None}), sheets=(sheet,))
    assert [(one.code.id, str(one.place)) for one in found] == [("GK404", f"{sheet.path}:6:4")]


# forms


@pytest.mark.parametrize(
    ("form", "year", "folder", "expected"),
    [
        ("2021", 2021, "reports", []),
        ("2021", 2030, "reports", []),
        ("2021", 2020, "reports", ["GK497"]),
        ("2019", 2019, "reports", []),
        ("2019", 2021, "reports", ["GK497"]),
        ("2017", 2014, "reports", []),
        ("2017", 2019, "reports", ["GK497"]),
        ("legacy", 2007, "reports", ["GK497"]),
        ("legacy", 2008, "reports", []),
        ("legacy", 2018, "reports", []),
        ("legacy", 2019, "reports", ["GK497"]),
        ("legacy", 2025, "reports", ["GK497"]),
        ("website", 2025, "reports", ["GK497"]),
        ("2021", 2025, "website", ["GK497"]),
        ("website", 2025, "website", []),
    ],
)
def test_a_report_has_a_form_of_its_year_and_subject(
    form: str, year: int, folder: str, expected: list[str]
) -> None:
    record = make_report_record(year=year, folder=folder, form=form)
    assert codes(of(told(record), "GK497")) == expected


def test_a_figure_joins_no_series_under_an_unknown_name() -> None:
    row = {"key": "a", "name": "办结", "value": "1", "unit": "件", "indicator": "conclude"}
    found = told(make_report_record(figures=[row]))
    assert codes(found) == ["GK498"]
    assert "是不是“concluded”" in found[0].message()


# rules and normative documents


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Level.COUNTY, ["GK493"]),
        (Level.DEPARTMENT, ["GK493"]),
        (Level.TOWN, ["GK493"]),
        (Level.ZONE, ["GK492"]),
    ],
)
def test_a_body_below_city_level_makes_no_rules(level: Level, expected: list[str]) -> None:
    record = make_report_record(tables={"s2_art20_1": {"rules": ["0", "1", "0"]}})
    assert codes(told(record, agencies={"mzj": make_agency(level=level)})) == expected


def test_an_old_report_of_rules_is_noted() -> None:
    record = make_report_record(tables={"s2_art20_1": {"rules": ["0", "1", "0"]}}, **MOVED)
    found = told(record)
    assert codes(found) == ["GK493"]
    assert severities(found) == {Severity.NOTE}


DOCUMENTS = {"s2_art20_1": {"normative": ["1", "0", "1"]}}


def test_a_catalogue_without_the_documents_is_a_warning() -> None:
    found = told(make_report_record(tables=DOCUMENTS))
    assert codes(found) == ["GK492", "GK492"]
    assert severities(found) == {Severity.WARNING}
    assert "报告 1，本站目录可查到 0 件" in found[0].message()


def test_a_catalogue_with_the_documents_is_no_problem() -> None:
    entry = make_record(
        "agencies/mzj/catalogue/2025/a.md",
        instrument="normative",
        issued_on="2025-03-02",
        published_on="2025-03-05 10:20",
    )
    assert told(make_report_record(tables=DOCUMENTS), entries=(entry,)) == []
    assert codes(told(make_report_record(), entries=(entry,))) == ["GK492", "GK492"]


@pytest.mark.parametrize(
    "changes",
    [
        {"migrated_on": "2026-02-03"},
        MOVED,
        {"scope": "consolidated", "addends": ["mzj"]},
    ],
    ids=["moved here", "as printed", "of several bodies"],
)
def test_a_report_from_before_the_catalogue_is_not_measured_by_it(changes: dict[str, Any]) -> None:
    assert told(make_report_record(tables=DOCUMENTS, **changes)) == []


def test_a_historical_body_has_no_catalogue_to_be_measured_by() -> None:
    agencies = {"mzj": make_agency(collection="history")}
    assert told(make_report_record(tables=DOCUMENTS), agencies=agencies) == []


def test_a_figure_counted_from_the_catalogue_is_not_measured_by_it() -> None:
    row = {"cell": "s2_art20_1.normative.issued", "value": "3", "reason": "两件未录入目录"}
    record = make_report_record(
        tables={"s2_art20_1": {"rules": ["0", "0", "0"], "normative": []}},
        computed=["s2_art20_1.normative"],
        overrides=[row],
    )
    assert codes(told(record)) == ["GK417"]  # three were made and none is in force


def test_the_catalogue_is_explained_under_its_own_name() -> None:
    note = {"check": "S2-CAT", "note": "早年的文件尚未录入"}
    found = told(make_report_record(tables=DOCUMENTS, discrepancies=[note]))
    assert severities(found) == {Severity.NOTE}
    assert found[0].message().endswith(EXPLAINED)


# prose


def test_a_figure_of_the_text_that_the_table_has_is_no_question() -> None:
    record = make_report_record(tables=RECEIVED, text="本年收到政府信息公开申请6件。")
    assert told(record) == []


def test_another_figure_in_the_text_is_a_question_at_its_place() -> None:
    record = make_report_record(tables=RECEIVED, text="## 一\n\n本年收到政府信息公开申请8件。")
    (found,) = told(record)
    assert (found.code.id, found.severity) == ("GK489", Severity.WARNING)
    assert (found.place.line, found.place.column) == (3, 13)
    assert "表格“收到政府信息公开申请”为 6；是同一个数吗" in found.message()


@pytest.mark.parametrize(
    ("explanation", "ending"),
    [
        ({"discrepancies": [{"check": "TXT", "note": "含各镇受理的"}]}, EXPLAINED),
        ({"discrepancy_note": "正文含各镇受理的"}, EXPLAINED),
        (MOVED, "TXT"),
    ],
    ids=["by its name", "as a whole", "as printed"],
)
def test_a_text_that_counts_otherwise_is_explained_as_txt(
    explanation: dict[str, Any], ending: str
) -> None:
    record = make_report_record(
        tables=RECEIVED, text="本年收到政府信息公开申请8件。", **explanation
    )
    (found,) = told(record)
    assert (found.code.id, found.severity) == ("GK489", Severity.NOTE)
    assert found.message().endswith(ending)


def test_an_explanation_of_the_table_does_not_explain_the_text() -> None:
    note = {"check": "S3-ROW", "note": "原件如此"}
    record = make_report_record(
        tables=RECEIVED, text="本年收到政府信息公开申请8件。", discrepancies=[note]
    )
    assert severities(told(record)) == {Severity.WARNING}


def test_the_text_is_not_asked_about_a_blank() -> None:
    record = make_report_record(tables={"s3_requests": None}, text="本年收到政府信息公开申请8件。")
    assert of(told(record), "GK489") == []


def test_requests_carried_over_are_a_note_of_their_own() -> None:
    tables = {"s3_requests": {**RECEIVED["s3_requests"], **carried("carried_in")}}
    tables["s3_requests"] |= carried("carried_out")
    record = make_report_record(tables=tables, text="本年收到政府信息公开申请7件。")
    (found,) = told(record)
    assert (found.code.id, found.severity) == ("GK490", Severity.NOTE)
    assert "新收 6＋结转 1" in found.message()


def test_a_class_of_applicants_is_named() -> None:
    text = "本年收到政府信息公开申请6件，其中自然人5件，商业企业1件。"
    found = told(make_report_record(tables=RECEIVED, text=text))
    assert codes(found) == ["GK489", "GK489"]
    assert "“收到政府信息公开申请·自然人”为 6" in found[0].message()


def test_a_named_figure_is_compared_by_its_name_and_unit() -> None:
    row = {"key": "total", "name": "主动公开信息", "value": "46", "unit": "条"}
    assert told(make_report_record(figures=[row], text="本年主动公开信息46条。")) == []
    (found,) = told(make_report_record(figures=[row], text="本年主动公开信息64条。"))
    assert (found.code.id, found.severity) == ("GK489", Severity.WARNING)
    assert told(make_report_record(figures=[row], text="本年主动公开信息64篇。")) == []


def test_a_named_figure_of_another_year_is_not_compared() -> None:
    row = {"key": "total", "name": "主动公开信息", "value": "46", "unit": "条"}
    text = "本年主动公开信息稳步增长。2023年主动公开信息31条。"
    assert told(make_report_record(figures=[row], text=text)) == []


FIGURE = {"key": "a", "name": "办结申请", "value": "120", "unit": "件"}
COMPARED = "办结申请120件，是上年的近3倍。"


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({}, Severity.NOTE),
        ({"growth": [{"figure": "a", "words": "增长20%", "previous": "100"}]}, Severity.WARNING),
        (
            {**MOVED, "growth": [{"figure": "a", "words": "增长20%", "previous": "100"}]},
            Severity.NOTE,
        ),
    ],
    ids=["of a report that lists none", "of one that lists others", "as printed"],
)
def test_a_comparison_in_the_text_is_listed_with_its_base(
    changes: dict[str, Any], severity: Severity
) -> None:
    (found,) = told(make_report_record(figures=[FIGURE], text=COMPARED, **changes))
    assert (found.code.id, found.severity) == ("GK487", severity)


def test_a_comparison_that_is_listed_is_not_asked_about() -> None:
    row = {"figure": "a", "words": "近3倍", "previous": "40"}
    assert told(make_report_record(figures=[FIGURE], growth=[row], text=COMPARED)) == []


@pytest.mark.xfail(strict=True, reason="listed words are compared with the prose as it was folded")
@pytest.mark.parametrize("listed", ["增长３０％", "增长 30%"])
def test_a_comparison_is_listed_as_it_is_printed(listed: str) -> None:
    row = {"figure": "a", "words": listed, "previous": "92.31"}
    text = f"办结申请120件，同比{listed}。"
    assert told(make_report_record(figures=[FIGURE], growth=[row], text=text)) == []


# whose a report is

BODIES = {
    "qinghe": make_agency("qinghe", level=Level.COUNTY, codes=("QH1",)),
    "mzj": make_agency(name="mzj", parent="qinghe", short_name="县民政局"),
    "czj": make_agency("czj", codes=("QH2",), parent="qinghe"),
    "ylzx": make_agency("ylzx", codes=("QH3",), parent="mzj"),
}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("青禾县czj2025年政府信息公开工作年度报告", ["GK428"]),
        ("青禾县mzj2025年政府信息公开工作年度报告", []),
        ("县民政局2025年年报", []),
        ("2025年政府信息公开工作年度报告", []),
        ("青禾县mzj、青禾县czj2025年联合报告", []),
        ("青禾市财政局2025年年报", []),
    ],
)
def test_a_title_that_names_another_body_is_a_question(title: str, expected: list[str]) -> None:
    found = told(make_report_record(title=title), agencies=BODIES)
    assert codes(found) == expected
    assert severities(found) <= {Severity.WARNING}


@pytest.mark.parametrize(
    ("body", "addends", "expected"),
    [
        ("mzj", ["mzj", "ylzx"], []),
        ("mzj", ["ylzx", "czj"], ["addends.1"]),
        ("mzj", ["qinghe"], ["addends.0"]),
        ("mzj", ["liulim"], []),
        ("qinghe", ["mzj", "czj", "ylzx"], []),
    ],
    ids=["its own", "a sister", "its parent", "an unknown one", "of a government"],
)
def test_a_body_counts_for_those_below_it(
    body: str, addends: list[str], expected: list[str]
) -> None:
    record = make_report_record(body, scope="consolidated", addends=addends)
    record = replace(record, places={f"addends.{n}": (7, n + 1) for n in range(3)})
    found = of(told(record, agencies=BODIES), "GK427")
    assert [f"addends.{one.place.column - 1}" for one in found] == expected
    assert severities(found) <= {Severity.ERROR}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("填报单位：青禾县czj", ["GK429"]),
        ("填报单位:青禾县mzj办公室", []),
        ("填报单位：县民政局", []),
        ("填报单位（盖章）：", []),
        ("填报单位：", []),
        ("统计年度：2024", ["GK429"]),
        ("统计年度：2025年", []),
        ("统计年度：本年", []),
        ("填报人：张三", []),
    ],
)
def test_a_sheet_says_whose_it_is(cell: str, expected: list[str]) -> None:
    rows = (cell, "第二十条第（五）项", "信息内容,本年处理决定数量", "行政许可,12")
    record = make_report_record(tables={"s2_art20_5": None})
    found = told(record, agencies=BODIES, sheets=(make_sheet(*rows),))
    assert codes(found) == expected
    assert all((one.place.line, one.place.column) == (1, 1) for one in found)


NAMED = "table,row,column,value", "website,weibo,value,青禾发布（13900000000）"


def named_on_a_sheet() -> list[Problem]:
    """Return what is told of a sheet with a telephone number in a cell of words."""
    path = "agencies/mzj/website/2025.csv"
    sheet = replace(make_sheet(*NAMED), path=path)
    tables = {"website": {"has_media": "否"}}
    record = make_report_record(folder="website", form="website", tables=tables)
    return told(record, sheets=(sheet,))


def test_a_text_of_a_sheet_tells_of_nobody() -> None:
    (found,) = of(named_on_a_sheet(), "GK432")
    assert (found.place.line, found.place.column) == (2, 4)
    assert "139******00" in found.message()


def test_what_tells_of_somebody_is_printed_nowhere() -> None:
    printed = "".join(one.line() + one.line("en") for one in named_on_a_sheet())
    assert "13900" not in printed


# repetition

LONG = (
    "本年，我局坚持以人民为中心，按照上级部署推进政务公开各项工作，进一步完善信息发布审核机制，"
    "明确各股室责任，定期开展自查自评；组织业务培训，提升工作人员依法公开意识和能力；加强平台建设，"
    "优化栏目设置，方便群众查找；畅通依申请公开渠道，规范办理程序，提高答复质量；围绕养老服务、"
    "社会救助、殡葬管理等重点领域，及时发布政策文件和解读材料，回应社会关切；认真听取群众意见建议，"
    "不断改进工作作风，推动政务公开与业务工作深度融合，取得了较好成效，全年没有发生失泄密问题。"
)


def alike(now: str, before: str, **changes: Any) -> list[Problem]:
    return told(make_report_record(year=2024, text=before), make_report_record(text=now, **changes))


def test_a_text_that_repeats_last_years_is_asked_about() -> None:
    (found,) = alike(LONG.replace("本年", "2025年"), LONG.replace("本年", "2024年"))
    assert (found.code.id, found.severity) == ("GK491", Severity.WARNING)
    assert found.message().startswith("正文有 100% 与2024年报告相同（内容雷同）")
    assert "我局坚持以人民为中心" in found.message()


def test_a_new_text_is_not() -> None:
    assert alike(LONG[::-1], LONG) == []


def test_a_short_text_is_not_judged() -> None:
    assert alike(LONG[:120], LONG[:120]) == []


def test_two_old_reports_alike_are_a_note() -> None:
    found = alike(LONG, LONG, **MOVED)
    assert severities(found) == {Severity.NOTE}


# parts


def test_a_part_of_prose_with_nothing_below_its_heading_is_named() -> None:
    record = replace(make_report_record(), empty_headings=("六、其他需要报告的事项",))
    found = told(record)
    assert [one.message() for one in found] == [
        "“六、其他需要报告的事项”只有标题没有内容；没有发生的事项也要写明“无”"
    ]


def test_an_empty_heading_that_is_no_part_of_prose_is_nothing_to_the_form() -> None:
    headings = ("二、主动公开政府信息情况", "附表")
    assert told(replace(make_report_record(), empty_headings=headings)) == []


# registers


def registers(*rows: Application, **changes: Any) -> list[Problem]:
    corpus = make_corpus(registers=(make_register(*rows, **changes),))
    return list(judge_registers(corpus, AS_OF))


def test_a_number_is_repeated_within_an_agency_only() -> None:
    rows = (make_application(number="2025-1"), make_application(number="2025-1"))
    assert "GK440" in codes(registers(*rows))
    two = (make_register(rows[0]), make_register(rows[1], agency="czj"))
    assert "GK440" not in codes(judge_registers(make_corpus(registers=two), AS_OF))
    two = (make_register(rows[0]), make_register(rows[1], year=2024))
    assert "GK440" in codes(judge_registers(make_corpus(registers=two), AS_OF))


def test_no_register_gives_no_problem() -> None:
    assert registers() == []
    assert list(judge_registers(make_corpus(), AS_OF)) == []


# whole reports


def test_a_report_counted_from_register_and_decisions_fails_no_identity() -> None:
    rows = [
        make_application(
            number=f"2025-{n}",
            received_on=f"2025-0{n}-10",
            applicant=applicant,
            **({"answered_on": f"2025-0{n}-20", "outcome": outcome} if outcome else {}),
        )
        for n, (applicant, outcome) in enumerate(
            (("natural", "granted"), ("legal", "partial"), ("charity", "np_mass"), ("natural", "")),
            1,
        )
    ]
    tables = dict.fromkeys(("s3_requests", "s4_review", "s2_art20_5"))
    record = make_report_record(
        tables=tables, computed="all", text="本年收到政府信息公开申请4件，结转下年度1件。"
    )
    found = told(
        record, registers=(make_register(*rows),), decisions=(make_decisions({"count": 3}),)
    )
    assert found == []


def test_every_message_of_these_rules_prints_without_a_gap() -> None:
    tables = {**WRONG_TOTAL, "s2_art20_1": {"rules": ["1", "0", "1"], "normative": ["2", "0", "1"]}}
    before = make_report_record(
        year=2024, text=LONG, tables={"s3_requests": carried("carried_out")}
    )
    record = make_report_record(tables=tables, text=f"{LONG}\n\n本年收到政府信息公开申请8件。")
    found = told(before, record)
    assert len({one.code.id for one in found}) >= 7
    for problem in found:
        assert problem.code.id in CODES
        for language in ("zh", "en"):
            assert "{" not in problem.message(language)
            assert "None" not in problem.message(language)


# what a report says of itself


def test_an_explanation_that_names_no_check_is_told() -> None:
    note = {"check": "S3-BALL", "note": "原件如此"}
    (found,) = told(make_report_record(discrepancies=[note]))
    assert (found.code.id, found.severity) == ("GK421", Severity.WARNING)
    assert "没有“S3-BALL”这个核对项（是不是“S3-BAL”？）" in found.message()


@pytest.mark.parametrize("check", ["S3-ROW", "S3-PREV", "S4", "TXT", "S2-CAT", "汇总核对", "合计"])
def test_an_explanation_that_names_a_check_is_not_asked_about(check: str) -> None:
    figures = [{"key": key, "name": key, "value": "1"} for key in ("t", "a")]
    record = make_report_record(
        figures=figures,
        sums=[{"total": "t", "parts": ["a"], "name": "合计"}],
        discrepancies=[{"check": check, "note": "原件如此"}],
    )
    assert told(record) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"addends": ["mzj"]}, ["GK426"]),
        ({"own_tables": {"s2_art20_5": {"licence": ["3"]}}}, ["GK426"]),
        ({"addends_outside": [{"name": "青禾县税务局"}]}, ["GK426"]),
        ({"addends": ["mzj"], "addends_outside": [{"name": "青禾县税务局"}]}, ["GK426"] * 2),
        ({"addends": ["mzj"], "scope": "own"}, ["GK426"]),
        ({"scope": "consolidated"}, ["GK425"]),
        ({"scope": "consolidated", "addends": ["mzj"]}, []),
        ({"scope": "own"}, []),
    ],
)
def test_addends_and_scope_go_together(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(told(make_report_record(**changes))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": "青禾县民政局2024年政府信息公开工作年度报告"}, "标题写的是2024年"),
        ({"title": "青禾县民政局 2024 年度报告"}, "标题写的是2024年"),
        ({"published_on": "2024-12-30 09:00"}, "发布日期是 2024-12-30"),
        ({"published_on": "2025-12-30 09:00"}, "发布日期是 2025-12-30"),
        ({"submitted_on": "2025-12-31"}, "报送日期是 2025-12-31"),
        ({"review": {**CLEARED, "checked_on": "2025-12-31"}}, "审查日期是 2025-12-31"),
        ({"published_on": "2025-12-30 09:00", "migrated_on": "2031-01-20"}, ""),
        ({"title": "青禾县民政局关于2024年至2025年政务公开工作的报告"}, ""),
        ({"title": "青禾县民政局年度报告"}, ""),
        ({"title": "第120250年"}, ""),
        ({"published_on": "2031-01-20 09:00", "migrated_on": "2031-01-20"}, ""),
    ],
)
def test_a_report_is_of_the_year_that_its_file_is_named_by(
    changes: dict[str, Any], expected: str
) -> None:
    found = told(make_report_record(**changes))
    assert codes(found) == (["GK422"] if expected else [])
    assert all(f"文件名是2025年，而{expected}" in one.message() for one in found)
