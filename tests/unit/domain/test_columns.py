"""Columns: periods, trees, who may file where."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.column import ColumnSpec, flatten, is_period, period_days, period_in_words


@pytest.mark.parametrize(
    ("text", "days", "words"),
    [
        ("14d", 14, "每14天至少更新一次"),
        ("2w", 14, "每2周至少更新一次"),
        ("6m", 180, "每6个月至少更新一次"),
        ("1y", 365, "每1年至少更新一次"),
        ("on_change", None, "有变动即更新"),
        ("irregular", None, "不定期更新"),
    ],
)
def test_a_period_is_read_and_told(text: str, days: int | None, words: str) -> None:
    assert is_period(text)
    assert period_days(text) == days
    assert period_in_words(text) == words


@pytest.mark.parametrize("text", ["", "0d", "14", "d", "半年", "14d ", "1.5y", "-1d", "1年"])
def test_what_is_no_period(text: str) -> None:
    assert not is_period(text)


def test_children_inherit_owner_and_agencies_and_come_after_their_parent() -> None:
    child = ColumnSpec(code="b", name="乙")
    own = ColumnSpec(code="c", name="丙", owner="czj", agencies=("czj",))
    parent = ColumnSpec(code="a", name="甲", owner="mzj", agencies=("mzj",), children=(child, own))
    a, b, c = flatten((parent,))
    assert (a.code, a.children, a.depth, a.parent) == ("a", ("b", "c"), 0, "")
    assert (b.owner, b.agencies, b.depth, b.parent) == ("mzj", ("mzj",), 1, "a")
    assert (c.owner, c.agencies) == ("czj", ("czj",))
    assert b.is_open_to("mzj")
    assert not b.is_open_to("czj")


def test_a_column_is_stale_the_day_after_its_period() -> None:
    (column,) = flatten((ColumnSpec(code="a", name="甲", period="14d"),))
    newest = date(2026, 11, 6)
    assert not column.is_stale(newest, date(2026, 11, 20))
    assert column.is_stale(newest, date(2026, 11, 21))
    assert column.is_stale(None, date(2026, 11, 20))


def test_a_column_without_a_fixed_period_is_never_stale() -> None:
    (column,) = flatten((ColumnSpec(code="a", name="甲", period="on_change"),))
    assert not column.is_stale(None, date(2026, 11, 20))
