"""Scores on their sheet: sums, blanks, and what a target's own score means."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from gongkai.derive.evidence import RULES
from gongkai.domain.assessment import (
    EVIDENCE_RULES,
    Assessment,
    Sheet,
    parse_points,
    reckon,
)
from make import AS_OF, CLEARED

SHEET = Sheet.model_validate(
    {
        "name": "county",
        "title": "考核评分表",
        "max": "9",
        "groups": [
            {
                "label": "组织领导",
                "max": "9",
                "targets": [
                    {
                        "code": "A1",
                        "label": "主要负责人亲自抓",
                        "max": "5",
                        "criteria": [
                            {"text": "听取汇报", "max": "3"},
                            {"text": "研究部署", "max": "2"},
                        ],
                    },
                    {
                        "code": "A2",
                        "label": "培训",
                        "max": "4",
                        "criteria": [{"text": "每年一次", "code": "training"}],
                    },
                ],
            }
        ],
    }
)


def assessment(*scores: tuple[str, str | None], **changes: Any) -> Assessment:
    facts = {
        "title": "自查评分表",
        "sheet": "county",
        "published_on": "2026-01-10 09:00",
        "printed_total": "9",
        "scores": [
            {"item": item, **({} if points is None else {"points": points})}
            for item, points in scores
        ],
        "review": CLEARED,
    }
    return Assessment.model_validate({**facts, **changes})


def test_a_target_is_scored_as_a_whole_or_by_its_criteria() -> None:
    result = reckon(SHEET, assessment(("A1", "5"), ("training", "4")))
    whole, parts = result.targets
    assert (whole.is_whole, whole.score, parts.is_whole, parts.score) == (True, 5, False, 4)
    assert (result.score, result.groups[0].score, result.blanks) == (9, 9, ())


def test_a_blank_stays_blank_and_adds_nothing() -> None:
    result = reckon(SHEET, assessment(("A1.1", "3"), ("A2", None)))
    first, second = result.targets
    assert (first.score, first.blanks) == (3, ("A1.2",))
    assert (second.score, second.blanks, second.added) == (None, ("A2",), 0)
    assert (result.score, result.blanks) == (3, ("A1.2", "A2"))


def test_an_own_score_goes_before_the_sum_of_the_criteria() -> None:
    first, _ = reckon(SHEET, assessment(("A1", "5"), ("A1.1", "3"), ("A1.2", "1"))).targets
    assert (first.score, first.is_whole) == (5, False)


def test_the_first_of_two_scores_counts() -> None:
    assert assessment(("A2", "4"), ("A2", "1")).points() == {"A2": Decimal(4)}


def test_maxima_are_known_by_code_even_where_none_is_printed() -> None:
    assert SHEET.maxima() == {"A1": 5, "A1.1": 3, "A1.2": 2, "A2": 4, "training": None}


@pytest.mark.parametrize("written", ["0", "3", "0.5", "12.25"])
def test_points_are_whole_or_decimal(written: str) -> None:
    assert parse_points(written) == Decimal(written)


@pytest.mark.parametrize("written", ["-1", "五", "1,5", "03", "1.234", "NaN", ""])
def test_other_points_are_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        assessment(("A1", written), printed_total=written)


def test_what_has_no_review_or_is_not_due_is_not_public() -> None:
    assert assessment().is_public(AS_OF)
    assert not assessment(review=None).is_public(AS_OF)
    assert not assessment(published_on="2026-12-01 09:00").is_public(AS_OF)
    refused = {**CLEARED, "result": "暂不公开"}
    assert not assessment(review=refused).is_public(AS_OF)


def test_every_rule_that_a_sheet_may_name_is_there() -> None:
    assert list(EVIDENCE_RULES) == list(RULES)
