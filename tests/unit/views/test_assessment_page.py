"""Own scores and what the site found stand side by side; neither changes the other."""

from __future__ import annotations

from typing import Any

from gongkai.derive.evidence import Evidence, Source, Verdict
from gongkai.domain.assessment import Assessment, AssessmentRecord, Sheet
from gongkai.views.assessment_page import assessment_page
from gongkai.views.frame import Frame
from gongkai.views.pages import AssessmentPage, ScoreTarget
from make import CLEARED, make_corpus, make_record

SHEET = Sheet.model_validate(
    {
        "name": "county",
        "title": "评分表",
        "basis": ["考核通知"],
        "max": "10",
        "groups": [
            {
                "label": "政务服务",
                "max": "10",
                "targets": [
                    {
                        "code": "D2",
                        "label": "实体服务大厅",
                        "max": "3",
                        "criteria": [
                            {"text": "进驻便民服务中心", "max": "2"},
                            {"text": "运行良好", "max": "1"},
                        ],
                    },
                    {
                        "code": "D3",
                        "label": "网上政务平台",
                        "max": "2",
                        "criteria": [{"text": "网上办事功能", "max": "2"}],
                    },
                    {
                        "code": "D4",
                        "label": "制度",
                        "max": "5",
                        "criteria": [{"text": "流程", "max": "3"}, {"text": "清单", "max": "2"}],
                    },
                ],
            }
        ],
    }
)
SAYS_NO = Evidence(Verdict.CONTRADICTED, "统计表填“否”", (Source("统计表", "a/mzj/r.html"),))
SAYS_YES = Evidence(Verdict.PROVEN, "找到1条")


def page(
    *scores: dict[str, str], evidence: dict[str, tuple[Evidence, ...]] | None = None, **own: Any
) -> AssessmentPage:
    facts = {
        "title": "自查评分表",
        "sheet": "county",
        "published_on": "2026-01-10 09:00",
        "printed_total": "8",
        "scores": scores,
        "review": CLEARED,
    }
    assessment = Assessment.model_validate({**facts, **own})
    record = AssessmentRecord("x.yml", "mzj", 2025, "d", assessment, (), {})
    published = make_record()
    assert published.entry is not None
    numbers = {published.entry.index_number: published}
    frame = Frame(make_corpus(published))
    return assessment_page(frame, record, SHEET, evidence or {}, numbers)


def targets(shown: AssessmentPage) -> list[ScoreTarget]:
    return list(shown.groups[0].targets)


def tones(target: ScoreTarget) -> list[list[str]]:
    return [[check.tone for check in row.checks] for row in target.rows]


def test_a_claim_that_the_site_contradicts_is_shown_beside_it() -> None:
    hall, _, _ = targets(page({"item": "D2", "points": "3"}, evidence={"D2.1": (SAYS_NO,)}))
    assert (hall.score, hall.is_whole) == ("3", True)
    assert hall.conflict == "自评3分，扣除与本站信息不符的标准，至多1分"
    assert tones(hall) == [["contradicted"], ["unknown"]]
    assert hall.rows[0].checks[0].links[0].url == "a/mzj/r.html"


def test_a_score_that_leaves_the_doubted_points_out_is_no_conflict() -> None:
    hall, _, _ = targets(page({"item": "D2", "points": "1"}, evidence={"D2.1": (SAYS_NO,)}))
    assert (hall.conflict, tones(hall)) == ("", [["unclaimed"], ["unknown"]])


def test_a_blank_that_the_site_would_not_grant_either_is_no_conflict() -> None:
    _, platform, _ = targets(page(evidence={"D3.1": (SAYS_NO,)}))
    assert (platform.score, platform.is_blank, platform.conflict) == ("空白", True, "")
    assert tones(platform) == [["unclaimed"]]


def test_a_criterion_scored_by_itself_is_held_against_its_own_evidence() -> None:
    scores = ({"item": "D4.1", "points": "3"}, {"item": "D4.2", "points": "2"})
    shown = targets(page(*scores, evidence={"D4.1": (SAYS_YES,), "D4.2": (SAYS_NO,)}))[2]
    assert [row.conflict for row in shown.rows] == ["", "自评2分，与本站信息不符"]
    assert tones(shown) == [["proven"], ["contradicted"]]
    assert (shown.score, shown.is_whole) == ("5", False)


def test_evidence_on_a_whole_target_stands_in_its_first_line() -> None:
    shown = page({"item": "D2", "points": "3"}, evidence={"D2": (SAYS_NO,), "D2.2": (SAYS_YES,)})
    hall = targets(shown)[0]
    assert tones(hall) == [["contradicted"], ["proven"]]
    assert hall.conflict.endswith("至多0分")


def test_sums_blanks_and_conflicts_are_told_at_the_head() -> None:
    shown = page(
        {"item": "D2", "points": "3"},
        {"item": "D4", "points": "5"},
        evidence={"D2.1": (SAYS_NO,)},
    )
    facts = {fact.label: fact.value for fact in shown.facts}
    assert facts["各项相加"] == "8分，与原表总计相符"
    assert facts["未评分项目"] == "网上政务平台（2分）"
    assert facts["与本站不符"] == "1项"
    assert [[cell.text for cell in row] for row in shown.summary.rows] == [
        ["政务服务", "10", "8", "2"],
        ["合计（本站相加）", "10", "8", "2"],
    ]


def test_what_does_not_add_up_is_said_in_words_for_the_public() -> None:
    shown = page(
        {"item": "D2", "points": "4"},
        {"item": "D4", "points": "5"},
        {"item": "D4.1", "points": "3"},
        discrepancies=[{"check": "D2", "note": "原件如此。"}],
    )
    assert [note.text for note in shown.notes] == [
        "原件如此。",
        "原表总计8分，各项自评相加为9分",
        "D2自评4分，超过满分3分",
        "“制度”自评5分，各条标准相加为3分",
    ]


def test_each_file_of_the_list_is_found_or_said_to_be_missing() -> None:
    number = "QH0000028/2026-00001"
    files = [
        {"number": "1", "title": "考核制度", "entry": number, "group": "制度"},
        {"number": "2", "title": "考核 制度", "entry": number},
        {"number": "3", "title": "领导情况", "page": "leaders"},
        {"number": "4", "title": "网页", "url": "https://www.example.cn/a.html"},
        {"number": "5", "title": "会议记录", "note": "未归档"},
        {"number": "6", "title": "草稿", "entry": "QH0000028/2026-00009"},
    ]
    table = page(files=files).files
    assert table is not None
    assert [(row[2].url, row[3].text) for row in table.rows] == [
        (f"i/{number}.html", "已找到"),
        (f"i/{number}.html", "与第1项重复"),
        ("a/mzj/index.html#leaders", "已找到"),
        ("https://www.example.cn/a.html", "已找到"),
        ("", "没有找到材料；未归档"),
        ("", "没有找到材料"),
    ]
    assert table.note == "清单列6行，重复1行，不重复的5行；4行可以找到。"
    assert page().files is None


def test_what_the_body_points_to_is_linked_where_it_is_published() -> None:
    score = {"item": "D2", "points": "3", "claim": "见纪要。"}
    pointed: dict[str, Any] = {**score, "entries": ["QH0000028/2026-00001", "QH0000028/2026-00009"]}
    hall = targets(page(pointed))[0]
    assert hall.claim == "见纪要。"
    assert [link.url for link in hall.links] == ["i/QH0000028/2026-00001.html"]
