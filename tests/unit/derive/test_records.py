"""What a record holds and what it leaves out, and that nobody can guess behind a commitment."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gongkai.derive.links import PublicFile
from gongkai.derive.records import canonical, commitment, record, takedown
from gongkai.domain.body import BodyFacts
from gongkai.domain.corpus import GuideRecord
from gongkai.domain.guide import Guide
from make import CLEARED, make_record, make_report_record

SALT = "0123456789abcdef0123456789abcdef"
FILE = PublicFile(
    "agencies/mzj/files/a.txt", "i/QH0000028/2026-00001/1-0123abcd.txt", "表", 10, False
)
BODY = BodyFacts("d", 4, "正文", text="5" * 64)


def test_a_record_holds_what_the_public_sees_and_nothing_that_is_empty() -> None:
    made = record(
        make_record(body=BODY, document_number="青民发[2026]12号"), (FILE,), {FILE.source: "a" * 64}
    )
    assert made == {
        "format": 1,
        "address": "i/QH0000028/2026-00001",
        "agency": "mzj",
        "title": "青禾县民政局关于做好高龄津贴发放工作的通知",
        "document_number": "青民发〔2026〕12号",
        "issued_on": "2026-03-02",
        "published_on": "2026-03-05 10:20",
        "disclosure": "proactive",
        "kind": "document",
        "text": "5" * 64,
        "attachments": [["1-0123abcd.txt", "a" * 64]],
    }


@pytest.mark.parametrize(
    "change",
    [
        {"title": "另一标题"},
        {"document_number": "青民发〔2026〕13号"},
        {"issued_on": "2026-03-01"},
        {"published_on": "2026-03-05 10:21"},
        {"expires_on": "2027-03-05"},
        {"body": replace(BODY, text="6" * 64)},
        {"annotation": "（此件公开发布）"},
        {"signature": ["青禾县民政局"]},
        {"contact": "办公室"},
        {"changes": [{"date": "2026-03-06", "kind": "correction", "note": "更正日期"}]},
    ],
)
def test_what_the_public_sees_changes_the_record(change: dict[str, Any]) -> None:
    assert record(make_record(**{"body": BODY, **change})) != record(make_record(body=BODY))


@pytest.mark.parametrize(
    "change",
    [
        {"review": {**CLEARED, "reviewer": "分管领导"}},
        {"tags": ["养老"]},
        {"keywords": ["津贴"]},
        {"waivers": ["GK239"]},
        {"related": ["QH0000028/2026-00002"]},
        {"column": "documents"},
        {"body": replace(BODY, digest="e", excerpt="别的", anchors=("a",))},
    ],
)
def test_what_is_private_or_another_s_or_mere_html_does_not(change: dict[str, Any]) -> None:
    assert record(make_record(**{"body": BODY, **change})) == record(make_record(body=BODY))


def test_of_an_entry_on_request_only_what_its_page_prints_is_recorded() -> None:
    facts = {"disclosure": "on_request", "disclosure_reason": "internal", "contact": "办公室"}
    made = record(make_record(body=BODY, **facts), (FILE,), {})
    assert made["disclosure_reason"] == "internal"
    assert not made.keys() & {"text", "attachments", "details", "kind", "codes"}


def test_the_fields_of_a_kind_are_recorded() -> None:
    item = make_record(
        body=BODY, kind="service", basis=["条例"], procedure=["提交", "审核"],
        materials=[{"name": "身份证明", "copies": "1份"}], time_limit="3日", result="证",
    )  # fmt: skip
    details = record(item)["details"]
    assert details["procedure"] == ["提交", "审核"]
    assert details["materials"] == ["身份证明", "1份"]
    assert details["fee"] == ["不收费"]
    days = {"opens_on": "2026-03-01", "closes_on": "2026-04-01", "reply_to": "邮箱"}
    assert record(make_record(kind="consultation", **days))["codes"] == {
        "opens_on": "2026-03-01",
        "closes_on": "2026-04-01",
    }


def test_a_guide_is_recorded_with_its_statutory_items() -> None:
    guide = Guide.model_validate(
        {
            "title": "指南",
            "published_on": "2026-01-12 09:00",
            "fax": "0000",
            "updated_on": "2026-02-01",
        }
    )
    path = "agencies/mzj/guide.md"
    made = record(GuideRecord(path, "mzj", "d", guide, BODY, (), {}))
    assert made["address"] == "a/mzj/guide"
    assert made["details"] == {"fax": ["0000"]}
    assert made["updated_on"] == str(date(2026, 2, 1))


def test_a_report_is_recorded_with_its_figures() -> None:
    item = make_report_record()
    made = record(item)
    assert made["address"] == f"a/{item.agency}/report/{item.year}"
    assert all(set(values) == {"0"} for values in made["tables"].values())
    cell = next(iter(item.figures.cells))
    figures = replace(
        item.figures, cells={**item.figures.cells, cell: item.figures.cells[cell] + 1}
    )
    assert record(replace(item, figures=figures)) != made


def test_the_canonical_form_is_one_line_of_sorted_keys() -> None:
    made = canonical({"b": ["标题", "\u2028", '"'], "a": {"d": "1", "c": 2}})
    assert made == '{"a":{"c":2,"d":"1"},"b":["标题","\u2028","\\""]}'.encode()
    assert json.loads(made) == {"a": {"c": 2, "d": "1"}, "b": ["标题", "\u2028", '"']}


def test_a_commitment_is_that_of_the_record_with_its_salt() -> None:
    made = record(make_record(body=BODY))
    by_hand = hashlib.sha256(canonical({**made, "salt": SALT})).hexdigest()
    assert commitment(made, SALT) == by_hand
    assert commitment(made, SALT) != commitment(made, SALT[::-1])


def test_a_takedown_commits_to_the_address_and_no_more() -> None:
    made = takedown("i/QH0000028/2026-00001", "erased")
    assert made.keys() == {"format", "address", "event"}


def test_a_file_without_a_digest_is_a_slip_of_the_caller() -> None:
    with pytest.raises(KeyError):
        record(make_record(body=BODY), (FILE,), {})
