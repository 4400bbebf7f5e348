"""The JSON Schemas know what the models know, and leave out what nobody writes."""

from __future__ import annotations

import json

import pytest

from gongkai.domain.reports.form import forms
from gongkai.domain.reports.report import AnnualReport
from gongkai.schema.json_schema import as_text, schemas

SCHEMAS = schemas()


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_json_that_reads_back(name: str) -> None:
    text = as_text(SCHEMAS[name])
    assert text.endswith("}\n")
    assert json.loads(text)["title"] == name


def test_a_report_names_its_form_from_those_that_are_there() -> None:
    assert SCHEMAS["report"]["properties"]["form"]["enum"] == list(forms())


def test_the_tables_of_every_form_can_be_completed() -> None:
    report = SCHEMAS["report"]
    known = report["$defs"]["FormTables"]["properties"]
    for key in ("tables", "own_tables"):
        assert report["properties"][key]["allOf"] == [{"$ref": "#/$defs/FormTables"}]
    for form in forms().values():
        for table in form.tables:
            rows = known[table.key]["properties"]
            assert {row.key for row in table.data_rows} <= rows.keys()
            assert not {row.key for row in table.rows if row.is_heading} & rows.keys()


def test_a_table_of_two_forms_tells_the_columns_of_both() -> None:
    rows = SCHEMAS["report"]["$defs"]["FormTables"]["properties"]["s2_art20_1"]["properties"]
    said = rows["rules"]["description"]
    assert "made 本年新制作数量" in said
    assert "issued 本年制发件数" in said
    requests = SCHEMAS["report"]["$defs"]["FormTables"]["properties"]["s3_requests"]["properties"]
    assert "；或 " not in requests["new"]["description"]  # both forms have the same columns


def test_what_the_program_fills_in_is_no_property() -> None:
    for name, key in (("agency", "id"), ("assessment-sheet", "name")):
        assert key not in SCHEMAS[name]["properties"]
        assert key not in SCHEMAS[name]["required"]


def test_asking_for_schemas_leaves_the_models_alone() -> None:
    assert "enum" not in AnnualReport.model_json_schema()["properties"]["form"]
