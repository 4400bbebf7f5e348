"""Review rules: whose approval is missing, and what a missing one holds back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongkai.domain.corpus import Corpus, EntryRecord, State
from gongkai.domain.personal import looks_like_name
from gongkai.domain.rules.review import coming_approvals, is_approved, missing_approvals
from gongkai.domain.site import ReviewRule, Site
from make import AS_OF, CLEARED, PATH, make_corpus, make_judged, make_record

TODAY = AS_OF.date
LEGAL, HEAD = "合法性审核", "主要负责人签发"


def approval(role: str, day: str = "2026-03-03", result: str = "同意") -> dict[str, str]:
    return {"role": role, "approved_on": day, "result": result}


def approved(*approvals: dict[str, str], **changes: Any) -> EntryRecord:
    return make_record(review={**CLEARED, "approvals": approvals}, **changes)


def ruled(record: EntryRecord, **rule: Any) -> Corpus:
    facts = {"name": "规则", "roles": [LEGAL, HEAD], **rule}
    site = Site(name="青禾县政府信息公开", review_rules=(ReviewRule.model_validate(facts),))
    return make_corpus(record, site=site)


def missing(record: EntryRecord, **rule: Any) -> list[str]:
    corpus = ruled(record, **rule)
    return [role for _, roles in missing_approvals(corpus, record, TODAY) for role in roles]


def test_each_position_of_a_rule_has_to_agree() -> None:
    assert missing(make_record()) == [LEGAL, HEAD]
    assert missing(approved(approval(LEGAL))) == [HEAD]
    assert missing(approved(approval(LEGAL), approval(HEAD, result="签发"))) == []


@pytest.mark.parametrize("result", ["不同意", "退回修改", "建议不同意公开", "暂缓"])
def test_a_word_that_does_not_agree_is_no_approval(result: str) -> None:
    assert missing(approved(approval(LEGAL), approval(HEAD, result=result))) == [HEAD]


def test_an_approval_counts_from_its_day_on() -> None:
    record = approved(approval(LEGAL), approval(HEAD, day="2026-11-21"))
    corpus = ruled(record)
    assert not is_approved(corpus, record, date(2026, 11, 20))
    assert is_approved(corpus, record, date(2026, 11, 21))
    assert list(coming_approvals(corpus, record, date(2026, 11, 20))) == [date(2026, 11, 21)]
    assert list(coming_approvals(corpus, record, date(2026, 11, 21))) == []


@pytest.mark.parametrize(
    ("rule", "falls_under"),
    [
        ({}, True),
        ({"kinds": ["document"]}, True),
        ({"kinds": ["法规政策和公文"]}, True),
        ({"kinds": ["service"]}, False),
        ({"kinds": ["guide"]}, False),
        ({"instruments": ["非公文"]}, True),
        ({"instruments": ["normative"]}, False),
        ({"columns": ["normative"]}, True),
        ({"columns": ["notices"]}, False),
        ({"agencies": ["mzj"]}, True),
        ({"agencies": ["czj"]}, False),
        ({"since": "2026-03-05"}, True),
        ({"since": "2026-03-06"}, False),
        ({"with_notice": True}, False),
        ({"columns": ["normative"], "agencies": ["czj"]}, False),
    ],
)
def test_a_rule_holds_where_all_its_filters_fit(rule: dict[str, Any], falls_under: bool) -> None:
    assert bool(missing(make_record(), **rule)) is falls_under


def test_a_rule_for_notices_holds_for_entries_with_one() -> None:
    notice = {"from": "2026-03-05", "to": "2026-03-11"}
    assert missing(make_record(notice=notice), with_notice=True)


def test_what_lacks_an_approval_is_held_back_and_listed() -> None:
    record = make_record()
    judged = make_judged(record, site=ruled(record).site)
    assert judged.states[PATH] is State.HELD_BACK
    assert "GK710" in [problem.code.id for problem in judged.problems]
    assert judged.published == ()


def test_without_rules_nothing_is_asked() -> None:
    judged = make_judged(make_record())
    assert judged.states[PATH] is State.PUBLISHED


@pytest.mark.parametrize(
    "text", ["张三", "李某某", "王局长", "赵书记", "欧阳·某", "孙副县长", "陈 某"]
)
def test_a_name_is_told_from_a_position(text: str) -> None:
    assert looks_like_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "办公室主任",
        "编辑审核岗",
        "副局长（分管人事和劳动关系）",
        "行政审核股负责人",
        "合法性审核",
        "主要负责人签发",
        "信息公开机构复核",
        "主任",
        "局长",
        "程序员",
        "管理员",
        "法制科",
        "高级文秘",
        "常务副县长",
        "党政办",
        "保密办",
        "科长",
    ],
)
def test_a_position_is_not_taken_for_a_name(text: str) -> None:
    assert not looks_like_name(text)
