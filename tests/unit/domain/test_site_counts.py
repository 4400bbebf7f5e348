"""What the site counts for its own yearly report, and which columns it cannot place."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.domain.column import Column, ColumnSpec, flatten
from gongkai.domain.entry import Entry
from gongkai.domain.reports.form import forms
from gongkai.domain.reports.site_counts import SITE_COUNTS, count, unclassified
from gongkai.domain.rules.website import judge_column_types
from make import codes, make_entry

TYPES = {
    "overview": "概况信息",
    "duties": "机构职能",
    "news": "工作动态",
    "files": "政策文件",
    "readings": "政策解读",
    "services": "办事服务",
    "surveys": "征集调查",
    "odd": "花边新闻",
}
COLUMNS: dict[str, Column] = {
    column.code: column
    for column in flatten(
        tuple(
            ColumnSpec(code=code, name=code, period="6m", type=kind) for code, kind in TYPES.items()
        )
    )
}


def entry(n: int, column: str, kind: str = "document", **changes: Any) -> Entry:
    number = f"QH0000028/2026-{n:05}"
    return make_entry(kind, index_number=number, column=column, **changes)


def counts(*entries: Entry, year: int = 2026) -> dict[str, int]:
    return {name: len(count(name, entries, COLUMNS, year)) for name in SITE_COUNTS}


def test_the_total_is_the_sum_of_the_three_classes() -> None:
    found = counts(*(entry(n, column) for n, column in enumerate(TYPES, 1)))
    classes = [found[f"site.type.{name}"] for name in ("概况类", "政务动态", "信息公开目录")]
    assert classes == [2, 1, 4]
    assert found["site.total"] == sum(classes) == 7, "one entry stands in an unknown column"


def test_only_what_was_published_in_the_year_counts() -> None:
    entries = [
        entry(1, "files"),
        entry(2, "files", published_on="2025-12-31", issued_on="2025-12-01"),
    ]
    assert count("site.total", entries, COLUMNS, 2026) == ("QH0000028/2026-00001",)
    assert count("total", entries, COLUMNS, 2025) == ("QH0000028/2026-00002",)


def test_services_are_a_stock_at_the_end_of_the_year() -> None:
    old = entry(1, "services", "service", issued_on="2024-01-05", published_on="2024-01-06 09:00")
    gone = entry(
        2,
        "services",
        "service",
        issued_on="2024-01-05",
        published_on="2024-01-06 09:00",
        repealed_on="2025-06-01",
        repealed_by="青政发〔2025〕1号",
    )
    assert counts(old, gone, year=2024)["site.services"] == 2
    assert counts(old, gone, year=2026)["site.services"] == 1
    assert counts(old, gone, year=2023)["site.services"] == 0


def test_interpretations_go_by_kind_or_by_column() -> None:
    found = counts(entry(1, "readings"), entry(2, "files", "interpretation"), entry(3, "files"))
    assert found["site.interpretations"] == 2


def test_a_result_counts_in_the_year_in_which_it_was_published() -> None:
    asked = entry(
        1,
        "surveys",
        "consultation",
        issued_on="2025-11-20",
        published_on="2025-11-21 09:00",
        outcome="QH0000028/2026-00002",
    )
    result = entry(2, "surveys")
    before, after = counts(asked, result, year=2025), counts(asked, result, year=2026)
    assert (before["site.consultations"], before["site.consultation_results"]) == (1, 0)
    assert (after["site.consultations"], after["site.consultation_results"]) == (0, 1)


def test_a_column_of_an_unknown_type_is_reported() -> None:
    assert [column.code for column in unclassified(COLUMNS)] == ["odd"]
    problems = list(judge_column_types(COLUMNS))
    assert codes(problems) == ["GK479"]
    assert "花边新闻" in problems[0].message()


def test_an_unknown_count_is_a_programmers_slip() -> None:
    with pytest.raises(KeyError):
        count("site.visits", (), COLUMNS, 2026)


def test_every_source_of_the_form_can_be_counted() -> None:
    form = forms()["website"]
    assert set(form.sources.values()) == set(SITE_COUNTS)
    assert set(form.sources) <= set(form.cells())


def test_the_form_of_the_web_site_names_its_own_cells() -> None:
    form = forms()["website"]
    assert (form.subject, form.years) == ("website", (2018, None))
    assert set(form.deadlines.values()) == {(1, 31)}
    (table,) = form.tables
    keys = {row.key for row in table.data_rows}
    assert len({row.key for row in table.rows}) == len(table.rows)
    for equation in form.equations:
        assert {*equation.left, *equation.right} <= keys
    for limit in form.limits:
        assert {*limit.smaller, *limit.larger} <= keys
    for implication in form.implications:
        assert {*implication.given, implication.needed} <= keys
    assert form.name_of(("website", "cases_legal", "value")) == "办事服务／办件量总数／法人办件量"
