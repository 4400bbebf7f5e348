"""Figures that the prose of a report states, and those that it only seems to state."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.reports.prose import (
    Claim,
    Growth,
    Mismatch,
    check_claims,
    check_named,
    claims,
    growth_claims,
    plain_lines,
)

YEAR = 2025
REQUESTS = "（二）依申请公开情况。"


def lines(text: str) -> list[tuple[int, str]]:
    return list(enumerate(text.split("\n"), 1))


def said(text: str, year: int | None = YEAR) -> dict[str, int | Decimal]:
    """Return what a text claims, as indicator or indicator/applicant."""
    return {
        c.indicator if c.applicant == "total" else f"{c.indicator}/{c.applicant}": c.value
        for c in claims(lines(text), year)
    }


def one(text: str) -> Claim:
    (claim,) = claims(lines(text), YEAR)
    return claim


@pytest.mark.parametrize(
    "sentence",
    [
        "全年共收到政府信息公开申请36件。",
        "本局2025年受理政府信息公开申请36件，均已按期答复。",
        "收办依申请公开案件三十六件。",
        "全区接收政府信息公开申请３６件。",
        "全年接收办理依申请公开36件。",
        "受理公民、法人和其他组织向镇政府提出的政府信息公开申请36件。",
        "通过网站、邮寄等渠道收到政府信息公开申请36件。",
        "收到36件政府信息公开申请。",
        "2025年1月1日至12月31日，共收到政府信息公开申请36件。",
        "截至2025年12月31日，收到政府信息公开申请36件。",
        "2025年累计收到政府信息公开申请36件。",
        f"{REQUESTS}新收36件。",
        f"{REQUESTS}全年收到申请36件。",
        "2024年收到政府信息公开申请30件，2025年收到政府信息公开申请36件。",
        "收到政府信息公开申请36件，较2024年的30件增加6件。",
        "收到政府信息公开申请36件（2024年为30件）。",
        "共收到政府信息公开申请36件，其中市政府办公室收到政府信息公开申请20件。",
    ],
)
def test_requests_received_are_read_however_they_are_worded(sentence: str) -> None:
    assert said(sentence) == {"received": 36}


def test_a_number_has_separators_or_chinese_numerals() -> None:
    assert one("收到政府信息公开申请6,000件。").value == 6000
    assert one("收到政府信息公开申请１，２０４件。").value == 1204
    assert one("收到政府信息公开申请12 304件。").value == 12304
    assert one("收到政府信息公开申请一百零五件。").value == 105
    assert one("收到政府信息公开申请两千三百件。").value == 2300
    assert one("收到政府信息公开申请二〇五件。").value == 205


@pytest.mark.parametrize(
    "number",
    [
        *("约36件", "近36件", "逾36件", "超过36件", "不足36件", "36余件", "三十多件", "数十件"),
        *("36件以上", "36件左右", "两三件", "3至5件", "3-5件", "三五十件", "12.5件", "3.6万件"),
        *("36件次", "201*件", "第36件", "每一件", "一百二件", "几百件", "几件", "零件"),
    ],
)
def test_an_estimate_claims_nothing(number: str) -> None:
    assert said(f"收到政府信息公开申请{number}。") == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "历年累计收到政府信息公开申请320件。",
        "2008年以来累计受理政府信息公开申请320件。",
        "自2019年以来收到政府信息公开申请320件。",
        "截至目前累计收到政府信息公开申请320件。",
        "收到政府信息公开申请同比增长12件。",
        "收到的申请较上年增加3件。",
        "比去年多收到政府信息公开申请3件。",
        "与2024年相比，收到政府信息公开申请减少3件。",
        "2024年收到政府信息公开申请30件。",
        "2024年全年收到政府信息公开申请30件。",
        "去年收到政府信息公开申请30件。",
        "1—10月收到政府信息公开申请30件。",
        "上半年收到政府信息公开申请30件。",
        "2026年计划制定行政规范性文件5件。",
        "计划制定行政规范性文件5件。",
        "不予受理政府信息公开申请2件。",
        "延期答复政府信息公开申请2件。",
        "收到涉及征地拆迁的政府信息公开申请10件。",
        "通过网络收到政府信息公开申请3件。",
        "收到信函申请3件、网络申请4件。",
        "收到群众来信12件，答复12件。",
        "接待咨询20件，收到意见建议12件。",
        "收到人大代表建议12件、政协提案8件，办结20件。",
        "受理低保申请12件。",
        "受理企业申请12件。",
        "未收到行政许可申请。",
        "市公安局收到政府信息公开申请30件、市教育局收到政府信息公开申请15件。",
        "《关于收到政府信息公开申请12件的通报》已经印发。",
        "如没有收到政府信息公开申请，应当零报告。",
        "办理好每一件政府信息公开申请。",
        "公文属性认定为主动公开50件、依申请公开20件、不予公开5件。",
        "主动公开行政规范性文件42件。",
        "代拟规范性文件4件，审查规范性文件8件。",
        "对现行有效的规范性文件开展清理，废止3件、修改2件。",
        "制定规章2件，废止1件，现行有效12件。",
        "规章、规范性文件共制定5件。",
        "公示行政许可23件、行政处罚2件。",
        "不予行政许可2件，行政许可事项59项。",
        "收取信息处理费230元，收费金额为0元。",
        "市司法局办理行政复议案件134件。",
        "行政复议机构受理行政复议案件120件。",
        "行政复议、行政诉讼共3件。",
        "未发生行政复议纠错案件。",
        "大家一起行政复议。",
    ],
)
def test_figures_of_something_else_claim_nothing(sentence: str) -> None:
    assert said(sentence) == {}


def test_outcomes_of_requests_are_read_as_a_list() -> None:
    assert said(
        "全年收到政府信息公开申请27件，上年结转1件。办结26件，结果为予以公开六件、部分公开2件、"
        "不予公开1件、无法提供3件、不予处理1件、其他处理（多为自行撤回）13件；"
        "结转下年度继续办理2件。"
    ) == {
        "received": 27,
        "carried_in": 1,
        "concluded": 26,
        "granted": 6,
        "partly_granted": 2,
        "refused": 1,
        "unavailable": 3,
        "not_processed": 1,
        "otherwise_closed": 13,
        "carried_out": 2,
    }


def test_percentages_between_the_outcomes_do_not_matter() -> None:
    assert said(
        "共办理政府信息公开申请12件，其中，予以公开5件，占41.7%；部分公开2件，占16.7%。"
    ) == {"concluded": 12, "granted": 5, "partly_granted": 2}


@pytest.mark.parametrize(
    ("sentence", "indicator"),
    [
        ("上年度结转4件。", "carried_in"),
        ("2024年结转政府信息公开申请4件。", "carried_in"),
        ("上年结转的4件申请均已答复。", ""),
        ("上年结转的1件申请，已经答复。", ""),
        ("上年结转的4件申请，均已答复。", "carried_in"),
        ("转到下一年度答复的有4件。", "carried_out"),
        ("结转2026年继续办理4件。", "carried_out"),
        ("结转下年度继续办理的4件申请，正在征求意见。", "carried_out"),
    ],
)
def test_cases_carried_over_name_the_year_they_come_from_or_go_to(
    sentence: str, indicator: str
) -> None:
    assert said(sentence) == ({indicator: 4} if indicator else {})


def test_applicants_split_the_requests_received() -> None:
    assert said(
        "新收政府信息公开申请20件：自然人12件、商业企业3件、科研机构1件、社会公益组织1件、"
        "法律服务机构1件、其他2件；上年结转1件。"
    ) == {
        "received": 20,
        "received/natural": 12,
        "received/enterprise": 3,
        "received/research": 1,
        "received/charity": 1,
        "received/legal": 1,
        "received/other_org": 2,
        "carried_in": 1,
    }
    assert said(
        "收到政府信息公开申请20件，同比下降5%，其中，自然人申请15件，法人或其他组织5件。"
    ) == {
        "received": 20,
        "received/natural": 15,
        "received/organisations": 5,
    }
    assert said("收到政府信息公开申请20件（市直5件、各县15件）。其中自然人15件。") == {
        "received": 20,
        "received/natural": 15,
    }


def test_applicants_in_brackets_split_the_figure_before_the_bracket() -> None:
    assert said("收到政府信息公开申请8件，予以公开6件（自然人5件、商业企业1件）。") == {
        "received": 8,
        "granted": 6,
        "granted/natural": 5,
        "granted/enterprise": 1,
    }


def test_applicants_after_several_figures_belong_to_none() -> None:
    assert said("收到政府信息公开申请20件，上年结转1件，其中自然人21件。") == {
        "received": 20,
        "carried_in": 1,
    }
    assert said("收到政府信息公开申请20件，予以公开6件，其中自然人5件。") == {
        "received": 20,
        "granted": 6,
    }


def test_other_is_a_class_only_beside_the_other_classes() -> None:
    assert said("收到政府信息公开申请20件，其中自然人15件、其他5件。") == {
        "received": 20,
        "received/natural": 15,
    }


@pytest.mark.parametrize(
    "sentence",
    [
        f"{REQUESTS}收到申请13件（含上年结转1件）。",
        f"{REQUESTS}收到申请13件，其中上年结转1件。",
        f"{REQUESTS}收到申请13件，其中新收12件、上年结转1件。",
    ],
)
def test_words_may_say_that_carried_cases_are_counted_in(sentence: str) -> None:
    first = claims(lines(sentence), YEAR)[0]
    assert (first.value, first.is_total_with_carried) == (13, True)
    table = {"received": 12, "carried_in": 1}
    assert not list(check_claims(claims(lines(sentence), YEAR), figures(table)))


def test_documents_are_counted_by_what_happened_to_them() -> None:
    assert said("制定并公开行政规范性文件5件，废止2件，年末现行有效30件。") == {
        "normative_issued": 5,
        "normative_repealed": 2,
        "normative_in_force": 30,
    }
    assert said("年内新制发的规范性文件8件，到年末现行有效的行政规范性文件60件。") == {
        "normative_issued": 8,
        "normative_in_force": 60,
    }
    none = {"normative_issued": 0, "normative_repealed": 0}
    assert said("全年未制定行政规范性文件，无废止。") == none
    assert said("没有制发、废止行政规范性文件。") == none
    assert said("规范性文件的解读方案没有制定。") == {}


def test_decisions_and_fees_are_read() -> None:
    assert said("作出养老机构备案等行政许可决定23件、行政处罚决定2件，没有实施行政强制。") == {
        "licences": 23,
        "penalties": 2,
        "coercions": 0,
    }
    assert one("收取行政事业性收费12.5万元。").value == Decimal("12.5")
    assert one("行政事业性收费3000元。").value == Decimal("0.3")
    assert one("没有行政事业性收费。").indicator == "fees"


def test_disputes_are_read_with_their_outcomes() -> None:
    assert said("因政府信息公开引发行政复议3件（维持2件、纠正1件）、行政诉讼2起。") == {
        "reconsideration": 3,
        "reconsideration_upheld": 2,
        "reconsideration_corrected": 1,
        "litigation": 2,
    }
    assert said("全年行政复议案件2件，其中1件维持、1件尚未审结，另有复议后起诉1件。") == {
        "reconsideration": 2,
        "reconsideration_upheld": 1,
    }
    assert said("发生行政复议3件，其中维持2件；行政诉讼2件，法院判决维持1件。") == {
        "reconsideration": 3,
        "reconsideration_upheld": 2,
        "litigation": 2,
        "litigation_upheld": 1,
    }
    assert said("年内发生1件因信息公开引起的行政复议，行政诉讼数量为0件。") == {
        "reconsideration": 1,
        "litigation": 0,
    }


def test_one_case_picked_out_of_several_is_not_the_figure() -> None:
    assert said(f"{REQUESTS}不予公开的1件，第三方不同意。") == {}
    assert said("答复没有写检索经过，由此引起行政复议1件。") == {}
    assert said("复议后起诉的行政诉讼1件，年底尚未审结。") == {}


def test_an_outcome_after_two_kinds_of_dispute_is_of_neither() -> None:
    assert said("行政复议2件、行政诉讼3件，其中维持4件。") == {
        "reconsideration": 2,
        "litigation": 3,
    }


@pytest.mark.parametrize(
    ("sentence", "nought"),
    [
        ("2025年没有收到政府信息公开申请。", {"received"}),
        ("未收到公民、法人和其他组织提出的政府信息公开申请。", {"received"}),
        ("没有上年结转申请，无结转下年度继续办理的申请。", {"carried_in", "carried_out"}),
        ("未发生行政复议、行政诉讼。", {"reconsideration", "litigation"}),
        (
            "没有发生因政府信息公开申请行政复议和提起行政诉讼的情况。",
            {"reconsideration", "litigation"},
        ),
        ("信息公开没有引起举报、投诉、行政复议或者行政诉讼。", {"reconsideration", "litigation"}),
        ("行政复议、行政诉讼均为0件。", {"reconsideration", "litigation"}),
        ("未收到涉及信息公开的行政复议申请。", {"reconsideration"}),
        ("没有行政诉讼案件。", {"litigation"}),
    ],
)
def test_a_denial_claims_nought(sentence: str, nought: set[str]) -> None:
    assert said(sentence) == dict.fromkeys(nought, 0)


def test_a_sentence_broken_over_lines_is_read_as_one() -> None:
    found = claims(
        [(7, "全年共收到政府信"), (8, "息公开申请案件27"), (9, "18件，予以公开11"), (10, "05件。")]
    )
    assert [(c.line, c.column, c.value) for c in found] == [(8, 8, 2718), (9, 9, 1105)]
    assert found[0].words == "收到政府信息公开申请案件2718件"


def test_a_gap_between_lines_ends_the_sentence() -> None:
    assert said("收到政府信息公开申请\n\n36件。") == {}
    assert claims([(1, "收到政府信息公开申请"), (3, "36件。")]) == ()


def test_table_cells_on_lines_of_their_own_do_not_run_together() -> None:
    assert said("行政许可\n97\n3\n36件政府信息公开申请。") == {}


def test_a_list_item_begins_a_sentence() -> None:
    assert said("- 收到政府信息公开申请\n- 36件\n- 办结依申请公开30件") == {"concluded": 30}


def test_a_claim_knows_its_place_and_words() -> None:
    claim = one("  全年共收到政府信息公开申请 36 件，均已答复。")
    assert (claim.line, claim.column) == (1, 17)
    assert claim.words == "收到政府信息公开申请36件"
    assert claim.text == "全年共收到政府信息公开申请36件，均已答复"


def test_without_a_year_every_year_is_read() -> None:
    assert said("2023年收到政府信息公开申请30件。", None) == {"received": 30}


# a report's tables, by indicator or indicator/applicant


def figures(table: dict[str, object]):  # type: ignore[no-untyped-def]
    def value_of(indicator: str, applicant: str) -> Decimal | None:
        value = table.get(indicator if applicant == "total" else f"{indicator}/{applicant}")
        return None if value is None else Decimal(str(value))

    return value_of


def asked(text: str, **table: object) -> list[Mismatch]:
    return list(check_claims(claims(lines(text), YEAR), figures(table)))


def test_a_figure_that_agrees_or_is_not_on_the_form_is_not_asked_about() -> None:
    assert asked("收到政府信息公开申请36件，行政复议2件。", received=36) == []


def test_another_figure_is_asked_about_at_its_place() -> None:
    (mismatch,) = asked("一是规范流程。\n全年收到政府信息公开申请36件。", received=35, carried_in=2)
    assert (mismatch.line, mismatch.column, mismatch.kind) == (2, 13, "differs")
    assert (mismatch.claimed, mismatch.stated) == (36, 35)


def test_new_and_carried_requests_together_are_a_question_of_their_own() -> None:
    (mismatch,) = asked("收办政府信息公开申请36件。", received=35, carried_in=1)
    assert (mismatch.kind, mismatch.stated) == ("includes_carried", 35)
    (mismatch,) = asked("新收政府信息公开申请36件。", received=35, carried_in=1)
    assert mismatch.kind == "differs"


def test_handled_cases_may_be_all_that_were_received() -> None:
    assert asked("办理政府信息公开申请36件。", received=36, carried_in=1, concluded=35) == []
    (mismatch,) = asked("办理政府信息公开申请37件。", received=36, carried_in=1, concluded=35)
    assert (mismatch.kind, mismatch.stated) == ("includes_carried", 35)
    (mismatch,) = asked("办结政府信息公开申请36件。", received=36, carried_in=1, concluded=35)
    assert mismatch.kind == "differs"


@pytest.mark.parametrize(
    "sentence",
    [
        "向上级备案的行政复议案件134件。",
        "县本级政府信息公开行政复议案件134件。",
        "全市政府信息公开行政复议案件134件。",
    ],
)
def test_words_for_another_basis_soften_the_question(sentence: str) -> None:
    (mismatch,) = asked(sentence, reconsideration=170)
    assert mismatch.kind == "other_count"


def test_a_figure_stated_twice_is_asked_about_once() -> None:
    text = "收到政府信息公开申请36件。全年共收到政府信息公开申请36件。收到政府信息公开申请37件。"
    assert [m.claimed for m in asked(text, received=35)] == [36, 37]


def test_money_may_be_rounded_in_prose() -> None:
    assert asked("行政事业性收费81302.46万元。", fees="81302.4567") == []
    assert asked("行政事业性收费8.13亿元。", fees="81302.4567") == []
    (mismatch,) = asked("行政事业性收费81303万元。", fees="81302.4567")
    assert mismatch.kind == "differs"


NAMED = [
    ("total", "主动公开政府信息总数", Decimal(268), "条"),
    ("plan", "规划、计划类", Decimal(21), "条"),
    ("training", "业务培训", Decimal(6), "次"),
    ("people", "参训人数（原件作120余人次）", Decimal(120), "人次"),
    ("funds", "设备投入", Decimal(3), "万元"),
    ("self", "自评：组织领导", Decimal(18), "分"),
    ("most", "满分：组织领导", Decimal(20), "分"),
]


def named(text: str) -> list[tuple[str, int]]:
    return [(m.indicator, int(m.claimed)) for m in check_named(lines(text), NAMED, YEAR)]


def test_a_named_figure_is_found_by_its_name_and_unit() -> None:
    assert named("全年主动公开政府信息286条，其中规划、计划类22条。") == [
        ("total", 286),
        ("plan", 22),
    ]
    assert named("组织业务培训七次，设备投入 5 万元。") == [("training", 7), ("funds", 5)]


def test_a_named_figure_that_agrees_is_not_asked_about() -> None:
    assert named("全年主动公开政府信息268条。业务培训6次。业务培训2次。组织领导20分。") == []


@pytest.mark.parametrize(
    "text",
    [
        "全县主动公开政府信息类文件286条。",  # another name
        "参加全省业务培训2次。",
        "业务培训23人次。",  # another unit
        "设备投入约5万元。",
        "设备投入5元。",
        "2024年业务培训4次。",
        "历年累计业务培训40次。",
        "参训人数130人次。",  # the name itself is an estimate
        "政策、计划类、规划、计划类共30条。",
        "业务培训，7次。",
    ],
)
def test_a_name_that_is_not_alone_with_its_number_is_left_alone(text: str) -> None:
    assert named(text) == []


def growth(text: str) -> Growth:
    (found,) = growth_claims(lines(text))
    return found


@pytest.mark.parametrize(
    ("text", "times", "is_approximate"),
    [
        ("办件8200件，是去年的近3倍。", "3", True),
        ("访问量增长近两倍。", "3", True),
        ("申请36件，同比增长15%。", "1.15", False),
        ("申请36件，较上年下降一成。", "0.9", False),
        ("公开量翻一番。", "2", False),
        ("申请量同比增长12.5%。", "1.125", False),
    ],
)
def test_a_comparison_says_how_many_times_last_year(
    text: str, times: str, is_approximate: bool
) -> None:
    found = growth(text)
    assert found.times == Decimal(times)
    assert found.is_approximate is is_approximate


def test_a_comparison_knows_its_place_and_the_figure_before_it() -> None:
    found = growth("全年收到申请36件（网上30件），比上年增加12件。")
    assert (found.column, found.figure, found.difference, found.unit) == (18, 36, 12, "件")
    assert growth("较上年减少3件。").difference == -3


def test_a_change_of_no_year_is_no_comparison() -> None:
    assert growth("满意率提高到98%。").times is None
    assert growth_claims(lines("清单增加12件。")) == ()


def test_prose_is_what_is_left_of_markdown() -> None:
    text = (
        "## 标题\n"
        "全年收到[申请](a/b.md)**36**件，见`x 12件`。\n"
        "\n"
        "| 类别 | 件 |\n|---|---|\n| 许可 | 12 |\n"
        "类 | 数\n--- | ---\n甲 | 3\n"
        "\n"
        "> 引文<br>12\\*件\n"
        "```\n收到申请9件\n```\n"
        "<!-- 注\n释 -->\n"
        "<table><tr><td>1</td></tr>\n</table>\n"
        "末行![图](x.png)。"
    )
    kept = plain_lines(text, 10)
    assert [number for number, _ in kept] == [11, 20, 28]
    source = text.split("\n")
    for number, line in kept:
        original = source[number - 10]
        assert len(line) == len(original)
        assert all(a in (b, " ") for a, b in zip(line, original, strict=True))
    assert "".join(kept[0][1].split()) == "全年收到申请36件，见。"
    assert "".join(kept[1][1].split()) == "引文12*件"
    assert "".join(kept[2][1].split()) == "末行。"


def test_a_claim_in_markdown_is_placed_in_the_source() -> None:
    (claim,) = claims(plain_lines("## 一\n\n全年收到政府信息公开申请**36**件。", 5), YEAR)
    assert (claim.line, claim.column, claim.value) == (7, 15, 36)


def test_a_setext_title_and_a_rule_are_no_prose() -> None:
    assert plain_lines("标题\n====\n\n---\n正文。", 1) == [(5, "正文。")]


WORDS = ["收到", "政府信息公开申请", "36件", "，", "。", "、", "（", "）", "其中", "自然人", "没有"]
WORDS += ["行政复议", "维持", "2024年", "十", "约", "结转下年度", "\n", "行政规范性文件", "废止"]


@given(st.lists(st.sampled_from(WORDS), max_size=40).map("".join))
def test_any_text_is_read_without_a_fall(text: str) -> None:
    source = text.split("\n")
    for claim in claims(lines(text), YEAR):
        assert claim.value >= 0
        assert source[claim.line - 1][claim.column - 1] in "3十没"
    growth_claims(lines(text))
    list(check_named(lines(text), NAMED))


@given(st.text(max_size=200))
def test_any_characters_are_read_without_a_fall(text: str) -> None:
    for number, line in plain_lines(text, 1):
        assert len(line) == len(text.splitlines()[number - 1])
    claims(lines(text), YEAR)
    growth_claims(lines(text))


@pytest.mark.parametrize(
    "piece",
    ["共计", "有关", "（", "《", "收到", "1，000", "其中", "没有", "自然人1件、", "<", "[a]("],
)
def test_a_long_line_is_read_in_time_that_grows_with_it(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    begin = time.process_time()
    claims([(1, text)], YEAR)
    growth_claims([(1, text)])
    plain_lines(text, 1)
    assert time.process_time() - begin < 10
