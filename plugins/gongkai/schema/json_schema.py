"""The model of a content type into a JSON Schema that editors' programs understand."""

from __future__ import annotations

import json
from typing import Any

from gongkai.domain.agency import Agency
from gongkai.domain.guide import Guide
from gongkai.domain.kinds import KINDS
from gongkai.domain.reports.report import AnnualReport
from gongkai.domain.site import Site
from gongkai.domain.values import Item


def schemas() -> dict[str, dict[str, Any]]:
    """Return a schema for each kind of entry and for each other file, by name."""
    models: dict[str, type[Item]] = {
        **{f"entry-{code.replace('_', '-')}": kind.model for code, kind in KINDS.items()},
        "guide": Guide,
        "report": AnnualReport,
        "agency": Agency,
        "site": Site,
    }
    return {name: _schema(name, model) for name, model in models.items()}


def _schema(name: str, model: type[Item]) -> dict[str, Any]:
    schema = model.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = name
    if name == "agency":  # the folder's name, never written
        schema["properties"].pop("id")
        schema["required"].remove("id")
    return schema


def as_text(schema: dict[str, Any]) -> str:
    """Return a schema as a file's text."""
    return json.dumps(schema, ensure_ascii=False, indent=1, default=str) + "\n"
