"""Published reports, transcribed cell by cell: our identities find exactly what was noted there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai.domain.reports.figures import Figures
from gongkai.domain.reports.form import CellKey
from gongkai.domain.reports.forms.form_2021 import FORM
from gongkai.domain.reports.identities import Check, Slip, checks, checks_against, likely_slip
from gongkai.domain.reports.indicator import value_of, values_of

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples" / "reports"
NAMES = ("r-kewei-2024", "r-pingtan-2022", "r-suqian-2023", "r-suqian-2024")
pytestmark = pytest.mark.skipif(
    not all((SAMPLES / name / "tables.yaml").exists() for name in NAMES),
    reason="the transcribed reports are not on this computer",
)
_ROWS = {"new": "new", "carried_in": "carried_in", "granted": "granted", "partial": "partial"}
_ROWS |= {"total": "results_total", "carried_out": "carried_out"}
_NUMBERED = {
    "deny": (
        "state_secret",
        "by_law",
        "safety",
        "third_party",
        "internal",
        "deliberative",
        "case_file",
        "registry",
    ),
    "unable": ("not_held", "must_create", "unclear"),
    "refuse": ("petition", "repeat", "publication", "mass", "reconfirm"),
    "other": ("not_corrected", "fee_unpaid", "other"),
}
_STEMS = {"deny": "denied", "unable": "unable", "refuse": "np", "other": "other"}
for _stem, _ends in _NUMBERED.items():
    _ROWS |= {f"{_stem}{n}": f"{_STEMS[_stem]}_{end}" for n, end in enumerate(_ends, 1)}
_DISPUTES = {
    "行政复议": "review",
    "未经复议直接起诉": "litigation_direct",
    "复议后起诉": "litigation_after_review",
}
_PROACTIVE: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "规章": ("s2_art20_1", "rules", ("issued", "repealed", "in_force")),
    "规范性文件": ("s2_art20_1", "normative", ("issued", "repealed", "in_force")),
    "行政规范性文件": ("s2_art20_1", "normative", ("issued", "repealed", "in_force")),
    "行政许可": ("s2_art20_5", "licence", ("decisions",)),
    "行政处罚": ("s2_art20_6", "penalty", ("decisions",)),
    "行政强制": ("s2_art20_6", "coercion", ("decisions",)),
    "行政事业性收费（万元）": ("s2_art20_8", "fees", ("amount",)),
}


@cache
def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((SAMPLES / name / "tables.yaml").read_text("utf-8"))
    return found


def _cells(written: dict[str, Any]) -> Iterator[tuple[CellKey, object]]:
    table = FORM.table("s3_requests")
    assert table is not None
    for row in written["rows"]:
        assert table.row_of[_ROWS[row["key"]]].label == row["label"]
        for column, value in zip(table.columns, row["values"], strict=True):
            yield (table.key, _ROWS[row["key"]], column.key), value
    for label, row_key in _DISPUTES.items():
        disputes = FORM.table("s4_review")
        assert disputes is not None
        for column, value in zip(disputes.columns, written[label], strict=True):
            yield (disputes.key, row_key, column.key), value
    for label, values in written["active_disclosure"].items():
        table_key, row_key, columns = _PROACTIVE[label]
        listed = values if isinstance(values, list) else [values]
        for column_key, value in zip(columns, listed, strict=True):
            yield (table_key, row_key, column_key), value


@cache
def figures(name: str) -> Figures:
    return Figures(
        {cell: Decimal(str(value)) for cell, value in _cells(sample(name)) if value is not None}
    )


def failing(found: tuple[Check, ...]) -> list[tuple[str, str]]:
    return [(check.id, check.line) for check in found if not check.holds]


@pytest.mark.parametrize("name", NAMES)
def test_every_identity_of_the_report_holds_as_was_noted(name: str) -> None:
    assert json.loads((SAMPLES / name / "meta.json").read_text("utf-8"))["identities_hold"]
    found = checks(FORM, figures(name))
    assert failing(found) == []
    assert likely_slip(found) is None


@pytest.mark.parametrize("name", NAMES)
def test_the_cells_that_are_missing(name: str) -> None:
    blank = {("s3_requests", "carried_out", "total")} if name == "r-kewei-2024" else set()
    assert set(FORM.cells()) - set(figures(name).cells) == blank
    # without the blank cell, its row and its column's balance cannot be told
    assert len(checks(FORM, figures(name))) == 44 - 2 * len(blank)


def test_the_second_year_follows_from_the_first() -> None:
    found = checks_against(FORM, figures("r-suqian-2024"), FORM, figures("r-suqian-2023"), 2023)
    assert failing(found) == []
    assert {check.id for check in found} == {"S3-PREV", "S2-STOCK", "S4-PEND"}
    assert len(found) == 7 + 2 + 3


def test_the_years_the_other_way_round_do_not() -> None:
    found = checks_against(FORM, figures("r-suqian-2023"), FORM, figures("r-suqian-2024"), 2024)
    assert {id for id, _ in failing(found)} == {"S3-PREV", "S2-STOCK"}


@pytest.mark.parametrize("name", NAMES)
def test_a_slip_in_any_cell_of_table_three_is_traced(name: str) -> None:
    right = figures(name).cells
    for cell, value in right.items():
        if cell[0] != "s3_requests":
            continue
        found = checks(FORM, Figures({**right, cell: value + 9}))
        assert not all(check.holds for check in found)
        slip = likely_slip(found)
        assert slip == Slip(cell, value + 9, value, "sole")  # even beside the one blank


def test_what_the_prose_of_a_report_may_be_held_against() -> None:
    """The prose says 134 reviews and 57 suits; the tables of the same report say otherwise."""
    values = values_of(FORM, figures("r-suqian-2024").cells)
    assert value_of(values, "reconsideration_total") == 170
    assert value_of(values, "litigation_total") == 77
    assert value_of(values, "refused") == 92
    assert value_of(values, "received", "organisations") == 85


def test_a_report_that_counts_what_was_carried_over_twice_is_seen_in_its_figures() -> None:
    """The prose says 75 applications: 74 received and one carried over."""
    values = values_of(FORM, figures("r-pingtan-2022").cells)
    assert value_of(values, "received") == 74
    assert value_of(values, "carried_in") == 1
    assert value_of(values, "concluded") == 75
