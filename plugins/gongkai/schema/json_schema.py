"""The model of a content type into a JSON Schema that editors' programs understand."""

from __future__ import annotations

import json
from typing import Any

from gongkai.domain.agency import Agency
from gongkai.domain.assessment import Assessment, Sheet
from gongkai.domain.guide import Guide
from gongkai.domain.kinds import KINDS
from gongkai.domain.reports.form import forms
from gongkai.domain.reports.report import AnnualReport
from gongkai.domain.search_words import SearchWords
from gongkai.domain.site import Site
from gongkai.domain.values import Item

# fields that the program fills in from where a file lies or a row stands; nobody writes them
FILLED_IN = {"Agency": ("id",), "Sheet": ("name",), "DecisionRow": ("line",)}


def schemas() -> dict[str, dict[str, Any]]:
    """Return a schema for each kind of entry and for each other file, by name."""
    models: dict[str, type[Item]] = {
        **{f"entry-{code.replace('_', '-')}": kind.model for code, kind in KINDS.items()},
        "guide": Guide,
        "report": AnnualReport,
        "agency": Agency,
        "assessment": Assessment,
        "assessment-sheet": Sheet,
        "synonyms": SearchWords,
        "site": Site,
    }
    return {name: _schema(name, model) for name, model in models.items()}


def _schema(name: str, model: type[Item]) -> dict[str, Any]:
    schema = model.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = name
    for key in FILLED_IN.get(model.__name__, ()):
        schema["properties"].pop(key)
        if key in schema.get("required", ()):
            schema["required"].remove(key)
    if model is AnnualReport:
        schema["properties"]["form"]["enum"] = list(forms())
        schema["$defs"]["FormTables"] = _form_tables()
        for key in ("tables", "own_tables"):
            schema["properties"][key]["allOf"] = [{"$ref": "#/$defs/FormTables"}]
    return schema


def _form_tables() -> dict[str, Any]:
    """Return the tables of every form with their rows, so that a program can complete the keys.

    Two forms may have a table of one key, with other rows and columns; a report names its form,
    and the check holds it to that.
    """
    tables: dict[str, Any] = {}
    for form in forms().values():
        for table in form.tables:
            empty: dict[str, Any] = {"type": "object", "title": table.caption, "properties": {}}
            rows = tables.setdefault(table.key, empty)["properties"]
            columns = "、".join(f"{column.key} {column.label}" for column in table.columns)
            for row in table.data_rows:
                known = rows.setdefault(row.key, {"title": row.label, "description": columns})
                if columns not in known["description"].split("；或 "):
                    known["description"] += f"；或 {columns}"
    return {"type": "object", "properties": tables}


def as_text(schema: dict[str, Any]) -> str:
    """Return a schema as a file's text."""
    return json.dumps(schema, ensure_ascii=False, indent=1, default=str) + "\n"
