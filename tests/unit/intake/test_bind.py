"""Located values into a model, each fault at the line that was written."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.domain.entry import Disclosure, Entry, Instrument, Outside
from gongkai.domain.guide import Guide
from gongkai.domain.kinds import Service
from gongkai.intake.bind import bind, shape_of
from make import codes, places, read_fields

SOUND = """title: 通知
index_number: QH0000028/2026-00001
issued_on: 2026-03-02
published_on: 2026-03-05 10:20
column: rules
subject: T17"""


def bound(extra: str = "", model: Any = Entry, head: str = SOUND) -> Any:
    return bind(model, "a.md", read_fields(f"{head}\n{extra}".strip()))


def test_english_keys_bind() -> None:
    entry = bound().model
    assert entry.title == "通知"
    assert str(entry.published_on) == "2026-03-05 10:20"


def test_chinese_labels_bind_and_so_do_chinese_values() -> None:
    head = """名称: 通知
索引号: QH0000028/2026-00001
成文日期: 2026-03-02
发布日期: 2026-03-05 10:20
栏目: rules
主题分类: T17
公开属性: 依申请公开
文件性质: 规章
审查记录: {审查日期: 2026-03-04, 审查人岗位: 主任, 审查结论: 依申请公开}
更改记录:
  - {日期: 2026-04-01, 类别: 更正, 说明: 改错字}"""
    found = bound(head=head)
    assert found.problems == []
    assert found.model.disclosure is Disclosure.ON_REQUEST
    assert found.model.instrument is Instrument.RULE
    assert found.model.changes[0].kind == "correction"
    assert found.model.review.reviewer == "主任"


def test_every_label_of_every_field_is_accepted() -> None:
    for key, (label, _) in shape_of(Entry).items():
        problems = bound(head=f"{label}: x").problems
        assert "GK104" not in codes(problems), f"{label} ({key})"


def test_one_field_in_both_languages_is_refused_at_the_second() -> None:
    assert places(bound("名称: 又一个").problems) == ["8:1 GK105"]


@pytest.mark.parametrize(
    ("extra", "expected", "guess"),
    [
        ("titel: x", "8:1 GK104", "title"),
        ("内容概诉: x", "8:1 GK104", "内容概述"),
        (
            "review: {checked_on: 2026-03-04, reviewer: 主任, result: y, resutl: x}",
            "8:59 GK104",
            "result",
        ),
        ("attachments:\n  - {file: a.pdf, titel: x}", "9:19 GK104", "title"),
        ("related:\n  - {title: x, ulr: y}", "9:16 GK104", "url"),
    ],
)
def test_an_unknown_key_is_named_where_it_stands_with_what_was_meant(
    extra: str, expected: str, guess: str
) -> None:
    found = bound(extra)
    assert places(found.problems) == [expected]
    assert f"是不是“{guess}”" in found.problems[0].message()
    assert f"did you mean '{guess}'" in found.problems[0].message("en")
    assert found.model is None


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ("review: {checked_on: 2026-02-30, reviewer: 主任, result: 可以公开}", ["8:22 GK203"]),
        ("review: {reviewer: 主任, result: 可以公开}", ["8:9 GK201"]),
        ("review: x", ["8:9 GK213"]),
        ("changes:\n  - {date: 201*-01-01, kind: 更新, note: x}", ["9:12 GK204"]),
        ("changes:\n  - {date: 2026-04-01, kind: 修改, note: x}", ["9:30 GK212"]),
        (
            "changes:\n  - {date: 2026-04-01, kind: 更新, note: x}\n"
            "  - {date: x, kind: 更新, note: y}",
            ["10:12 GK202"],
        ),
        ("article_20: 0", ["8:13 GK213"]),
        ("article_20: 1.5", ["8:13 GK213"]),
        ("article_20: [1]", ["8:13 GK213"]),
        ("former_index_numbers: [a/b, 甲/1]", ["8:29 GK205"]),
        ("interprets: [QH0000028/2026-00002, 甲]", ["8:36 GK205"]),
        ("interprets: {url: https://www.gov.cn/}", ["8:13 GK201"]),
        ("lang: en", ["8:7 GK213"]),
        ("tags: {a: b}", ["8:7 GK213"]),
        ("tags:\n  - [a]", ["9:5 GK213"]),
        ("summary: [a]", ["8:10 GK213"]),
    ],
)
def test_a_fault_stands_where_the_value_was_written(extra: str, expected: list[str]) -> None:
    assert places(bound(extra).problems) == expected


def test_all_faults_are_told_at_once() -> None:
    found = bound("article_20: x\nlang: en\ntitel: y", head=SOUND.replace("2026-03-02", "昨天"))
    assert sorted(places(found.problems)) == ["10:1 GK104", "4:12 GK202", "8:13 GK213", "9:7 GK213"]


def test_missing_fields_point_at_the_head_with_an_example() -> None:
    found = bound(head="title: 通知")
    assert set(places(found.problems)) == {"1:1 GK201"}
    messages = [problem.message() for problem in found.problems]
    assert "缺少必填字段“主题分类”（subject）；例如 subject: T17" in messages
    assert len(messages) == 5


def test_an_empty_value_counts_as_not_written() -> None:
    found = bound("summary:\nreview:\ntags:")
    assert found.problems == []
    assert (found.model.summary, found.model.review, found.model.tags) == ("", None, ())


def test_one_scalar_stands_for_a_list_of_one() -> None:
    entry = bound("tags: 高龄\ninterpreted_by: QH0000028/2026-00002").model
    assert entry.tags == ("高龄",)
    assert entry.interpreted_by == ("QH0000028/2026-00002",)


def test_a_reference_is_a_number_or_an_outside_document() -> None:
    entry = bound(
        "related:\n  - QH0000028/2026-00002\n  - {title: 条例, 文号: 国令〔2019〕711号}"
    ).model
    assert entry.related[0] == "QH0000028/2026-00002"
    assert entry.related[1] == Outside(title="条例", document_number="国令〔2019〕711号")


def test_the_fields_of_another_kind_are_unknown() -> None:
    assert codes(bound("fee: 不收费").problems) == ["GK104"]
    assert bound("fee: 不收费", model=Service).problems == []


def test_white_space_around_a_text_is_not_kept() -> None:
    assert bound(head=SOUND.replace("通知", '"  通知  "')).model.title == "通知"


def test_numbers_in_texts_are_texts() -> None:
    entry = bound("contact: 0123456\nannotation: no\nsource: 12:30\ntags: [1e3, ~]").model
    assert (entry.contact, entry.annotation, entry.source) == ("0123456", "no", "12:30")
    assert entry.tags == ("1e3", "~")


def test_a_guide_binds_by_its_labels() -> None:
    found = bound(
        model=Guide, head="名称: 指南\n发布日期: 2026-01-12 09:00\n传真号码: 0000-0000022"
    )
    assert found.problems == []
    assert found.model.fax == "0000-0000022"
