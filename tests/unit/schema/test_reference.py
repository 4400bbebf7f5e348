"""The reference pages name every field, cell, identity and message that an editor can meet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongkai.domain.decisions import DecisionRow
from gongkai.domain.register import OUTCOMES, Application
from gongkai.domain.reports.form import ReportForm, forms
from gongkai.domain.reports.indicator import INDICATORS
from gongkai.domain.reports.report import AnnualReport, Override
from gongkai.domain.site import ReportDeadline
from gongkai.kernel.problems import CODES
from gongkai.schema.reference import fields_page, forms_page, generated_files, problems_page

PROJECT = Path(__file__).parents[3]
FORMS = pytest.mark.parametrize("form", forms().values(), ids=lambda form: form.name)


def cells(page: str) -> set[str]:
    """Return the first cell of every line of every table of a page, without escapes."""
    lines = (line for line in page.splitlines() if line.startswith("| "))
    return {line.split(" | ")[0].removeprefix("| ").replace("\\", "") for line in lines}


def section(page: str, begin: str) -> str:
    """Return the part of a page below the heading that begins with ``begin``."""
    _, _, rest = page.partition(f"\n## {begin}")
    return rest.partition("\n## ")[0]


@pytest.mark.parametrize("model", [AnnualReport, Override, Application, ReportDeadline])
def test_every_field_of_a_report_and_its_tables_has_a_line(model: type[AnnualReport]) -> None:
    assert model.model_fields.keys() <= cells(fields_page())


def test_a_field_that_the_program_fills_in_has_no_line() -> None:
    decisions = cells(section(fields_page(), "处理决定表"))
    assert decisions >= DecisionRow.model_fields.keys() - {"line"}
    assert "line" not in decisions
    assert "id" not in cells(section(fields_page(), "单位（agency.yml）"))


def test_a_model_that_several_fields_nest_has_one_table() -> None:
    assert fields_page().count("（review）的各项") == 1


def test_every_outcome_of_the_register_can_be_looked_up() -> None:
    assert OUTCOMES.labels.keys() <= cells(section(fields_page(), "登记台账"))


@FORMS
def test_every_row_of_a_form_that_holds_figures_has_a_line(form: ReportForm) -> None:
    listed = cells(section(forms_page(), f"{form.name}："))
    for table in form.tables:
        assert {row.key for row in table.data_rows} <= listed
        headings = {row.key for row in table.rows if row.is_heading}
        assert not headings & (listed - {row.key for one in form.tables for row in one.data_rows})


@FORMS
def test_every_identity_of_a_form_has_a_line(form: ReportForm) -> None:
    rules = (*form.equations, *form.limits, *form.implications)
    rules += (*form.carried_over, *form.stocks, *form.retained)
    assert {rule.id for rule in rules} <= cells(section(forms_page(), f"{form.name}："))


@FORMS
def test_every_cell_that_can_be_counted_has_words_for_what_it_counts(form: ReportForm) -> None:
    listed = cells(section(forms_page(), f"{form.name}："))
    assert {".".join(cell) for cell in form.sources} <= listed
    if form.requests:
        assert f"{form.requests.table} 的全部各格" in listed


def test_no_identity_stands_twice_with_the_same_words() -> None:
    for form in forms().values():
        lines = [
            line
            for line in section(forms_page(), f"{form.name}：").splitlines()
            if re.match(r"\| [A-Z0-9]+-?[A-Z0-9]* \|", line)
        ]
        assert len(lines) == len(set(lines))


def test_a_form_says_when_its_reports_are_due() -> None:
    said = section(forms_page(), "2021：")
    assert "部门次年1月31日，县政府次年3月31日；其他层级没有统一期限" in said


def test_every_indicator_has_a_line() -> None:
    assert INDICATORS.keys() <= cells(forms_page())


def test_every_message_has_a_line_and_they_stand_in_order() -> None:
    lines = re.findall(r"^\| (GK[0-9]{3}) \|", problems_page(), re.MULTILINE)
    assert lines == sorted(CODES)


def test_what_stands_in_a_table_cannot_break_it() -> None:
    for name, text in generated_files().items():
        width = 0
        for line in text.splitlines() if name.endswith(".md") else ():
            found = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            assert not width or not found or width == found, f"{name}: {line}"
            width = found


def test_the_generated_pages_link_to_pages_that_are_there() -> None:
    for name, text in generated_files().items():
        for target in re.findall(r"\]\(([^)#]+\.md)\)", text):
            path = PROJECT / name
            assert (path.parent / target).is_file(), f"{name}: {target}"
