"""Yearly decisions: what a row may say, and what the report adds up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gongkai.domain.decisions import KINDS, DecisionRow, totals


def make_decision(**fields: object) -> DecisionRow:
    facts = {"kind": "licence", "decided_on": "2025-03-04", "matter": "食品经营许可"}
    return DecisionRow.model_validate({**facts, **fields})


def test_a_row_is_one_decision_unless_it_says_how_many() -> None:
    assert make_decision().weight == 1
    assert make_decision(kind="行政处罚", count="12").weight == 12


def test_a_fee_adds_its_amount_and_not_its_number() -> None:
    row = make_decision(kind="fee", amount="3.25", count="4", line=7)
    assert (row.weight, row.ref) == (Decimal("3.25"), "7")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"decided_on": "2024-12-31"}, [("GK439", "decided_on")]),
        ({"kind": "fee"}, [("GK447", "amount")]),
        ({"kind": "fee", "amount": "0"}, []),
        ({"kind": "coercion", "amount": "1"}, [("GK447", "amount")]),
    ],
)
def test_what_does_not_agree_is_named_at_its_field(
    fields: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert [(f.code.id, f.field) for f in make_decision(**fields).slips(2025)] == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "许可证"},
        {"matter": ""},
        {"matter": "长" * 61},
        {"matter": "=HYPERLINK(1)"},
        {"matter": "@SUM(1)"},
        {"matter": "对张三（男，住东街）作出罚款"},
        {"matter": "护照E12345678"},
        {"matter": "1380 0138 000"},
        {"matter": "zhangsan＠qq。com"},
        {"matter": "许可1234567"},
        {"count": "0"},
        {"count": "一"},
        {"kind": "fee", "amount": "-1"},
        {"kind": "fee", "amount": "NaN"},
        {"kind": "fee", "amount": "3万元"},
        {"decided_on": "2025-02-30"},
    ],
)
def test_what_no_row_may_say_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        make_decision(**fields)


ROWS = st.builds(
    lambda kind, day, count, cents: make_decision(
        kind=kind,
        decided_on=day,
        count=count,
        **({"amount": f"{cents / 100:.2f}"} if kind == "fee" else {}),
    ),
    st.sampled_from([*KINDS.labels]),
    st.sampled_from(["2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01"]),
    st.integers(1, 9),
    st.integers(0, 99999),
)


@given(st.lists(ROWS))
def test_each_figure_is_the_sum_of_the_rows_it_names(rows: list[DecisionRow]) -> None:
    found = totals(rows, 2025)
    assert set(found) == set(KINDS.labels)
    for figure, named in found.values():
        assert figure == sum(row.weight for row in named)
    assert sum(len(named) for _, named in found.values()) == sum(
        row.decided_on.year == 2025 for row in rows
    )
