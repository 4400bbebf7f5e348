"""Nothing that is remembered or said of a file repeats the personal data in it."""

from __future__ import annotations

import json

import pytest

from gongkai.domain.privacy import PrivacyKind, PrivacyWaiver
from gongkai.intake.private import Look, hidden_message, name_problem, remedy
from gongkai.intake.walk import Found
from gongkai.pipeline.parse import parse_bytes
from near_misses import true_cases

PATH = "agencies/mzj/catalogue/2026/a.md"
HEAD = """---
title: {title}
index_number: QH0000028/2026-00002
issued_on: 2026-05-11
published_on: 2026-05-12 09:30
column: notices
subject: T17
{more}review: {{checked_on: 2026-05-12, reviewer: 办公室主任, result: 可以公开}}
---
{body}
"""
NUMBER = "13800138000"
WAIVER = "privacy_waivers: [{kind: mobile, value: 138******00, reason: 值班专用, reviewer: 主任}]\n"


def parsed(body: str, title: str = "通知", more: str = "") -> tuple[dict[str, object], str]:
    text = HEAD.format(title=title, more=more, body=body)
    one = parse_bytes(Found(PATH, len(text), 1, "entry", "mzj", "2026"), text.encode())
    return json.loads(one.facts), one.html


def codes(facts: dict[str, object]) -> list[str]:
    problems = facts["problems"]
    assert isinstance(problems, list)
    return [problem[0] for problem in problems]


@pytest.mark.parametrize(
    ("title", "more", "body"),
    [
        ("通知", "", f"请致电{NUMBER}。"),
        (f"请致电{NUMBER}", "", "正文。"),
        ("通知", f"summary: 请致电{NUMBER}\n", "正文。"),
        ("通知", f'"{NUMBER}": 张\n', "正文。"),
        ("通知", f"note: [{NUMBER}\n", "正文。"),
        ("通知", "", f"# 致电{NUMBER}\n\n[值班](tel:{NUMBER})"),
        ("通知", f"keywords: [甲, 电话{NUMBER}]\n", "正文。"),
        ("通知", f"column: 电话{NUMBER}\n", "{{ 电话" + NUMBER + " }}"),
    ],
)
def test_what_is_remembered_of_a_file_holds_no_number(title: str, more: str, body: str) -> None:
    facts, html = parsed(body, title, more)
    assert "GK701" in codes(facts)
    assert html == ""
    assert NUMBER not in json.dumps(facts, ensure_ascii=False)


def test_nothing_of_any_true_case_is_remembered() -> None:
    for kind, way, text in true_cases(300, seed=5):
        facts, html = parsed(text)
        assert "GK701" in codes(facts), (kind, way)
        assert html == ""
        kept = json.dumps(facts["body"], ensure_ascii=False)
        assert text not in kept and text[-8:] not in kept, (kind, way)


def test_a_refused_entry_keeps_its_identity() -> None:
    facts, _ = parsed(f"请致电{NUMBER}。")
    model = facts["model"]
    assert isinstance(model, dict)
    assert model["index_number"] == "QH0000028/2026-00002"


def test_a_waived_number_is_published() -> None:
    facts, html = parsed(f"值班电话：{NUMBER}。", more=WAIVER)
    assert codes(facts) == ["GK702"]
    assert NUMBER in html


def test_a_waiver_answers_to_its_own_value_alone() -> None:
    facts, html = parsed("值班电话：13900139000。", more=WAIVER)
    assert codes(facts) == ["GK701"]
    assert facts["unused"] == [0]  # or it may be for what a file holds
    assert html == ""


def test_of_many_findings_twenty_are_told() -> None:
    facts, _ = parsed("\n\n".join(f"请致电138001380{n:02}。" for n in range(50)))
    told = codes(facts)
    assert told.count("GK701") == 20
    assert told.count("GK448") == 1


def test_a_number_that_markup_parts_is_found_at_its_beginning() -> None:
    facts, _ = parsed("经办人\n电话 138\n0013\n8000")
    problems = facts["problems"]
    assert isinstance(problems, list)
    assert [problem[:3] for problem in problems] == [["GK701", 11, 4]]


def test_what_a_reader_sees_is_not_told_twice() -> None:
    facts, _ = parsed(f"请致电<b>{NUMBER}</b>&nbsp;。")
    assert codes(facts) == ["GK701"]


def test_an_amount_in_a_table_of_tags_passes() -> None:
    head = "<tr><th>项目</th><th>金额</th></tr>"
    table = f"<table>{head}<tr><td>支出</td><td>15130000154</td></tr></table>"
    facts, html = parsed(table)
    assert codes(facts) == []
    assert "15130000154" in html


def test_a_failure_does_not_repeat_what_it_stumbled_over() -> None:
    said = hidden_message(ValueError(f"cannot read 电话{NUMBER} of 210102199003079999"))
    assert NUMBER not in said and "210102199003079999" not in said
    assert said.startswith("ValueError: cannot read")


def test_a_message_that_cut_a_number_short_is_hidden() -> None:
    look = Look().read(f"请致电{NUMBER}。")
    assert look.hidden({"value": "请致电138001380"}) == {"value": "*****"}


def test_a_name_is_shown_masked() -> None:
    private = name_problem(f"王某{NUMBER}.docx", "agencies/mzj/files/")
    assert private is not None
    assert private[0] == "王某138******00.docx"
    assert name_problem("附件1：2026年预算表15130000154.xlsx".replace("表", "表P"), "") is None
    assert name_problem("机密★启用前.docx", "") is not None


def test_waivers_of_a_file_are_matched_by_kind_and_value() -> None:
    look = Look().read(f"请致电{NUMBER}。")
    facts = {"value": "138******00", "reason": "值班专用", "reviewer": "主任"}
    assert not look.is_held([PrivacyWaiver.model_validate({"kind": "mobile", **facts})])
    assert look.is_held([PrivacyWaiver.model_validate({"kind": "card", **facts})])


def test_behind_the_last_finding_that_is_read_nothing_is_waived() -> None:
    lines = "\n".join([f"请致电{NUMBER}。"] * 600 + ["请致电13900139011。"])
    look = Look().read(lines)
    facts = {"kind": "mobile", "value": "138******00", "reason": "值班专用", "reviewer": "主任"}
    waiver = PrivacyWaiver.model_validate(facts)
    assert look.is_held([waiver])
    told = look.problems("a.md", [waiver])
    assert [one.code.id for one in told].count("GK701") == 1
    remedy = next(one for one in told if one.code.id == "GK701").facts["remedy"]
    assert remedy == "这个文件里不能豁免"


def test_the_waiver_of_a_message_can_be_copied_whatever_the_value() -> None:
    words = remedy(PrivacyKind.AUTHOR, "O'*****")
    assert all("value: 'O''*****'" in one for one in words)
