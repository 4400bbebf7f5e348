"""Columns: periods, trees, who may file where."""

from __future__ import annotations

import pytest

from gongkai.domain.column import ColumnSpec, flatten, is_period, period_in_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("14d", "每14天至少更新一次"),
        ("2w", "每2周至少更新一次"),
        ("6m", "每6个月至少更新一次"),
        ("1y", "每1年至少更新一次"),
        ("on_change", "有变动即更新"),
        ("irregular", "不定期更新"),
    ],
)
def test_a_period_is_read_and_told(text: str, words: str) -> None:
    assert is_period(text)
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
