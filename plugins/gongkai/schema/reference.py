"""Fields and problem codes into the reference pages of the help and the schema files."""

from __future__ import annotations

import re
from typing import Any

from gongkai.domain.agency import Agency
from gongkai.domain.column import ColumnSpec
from gongkai.domain.entry import Entry
from gongkai.domain.guide import Guide
from gongkai.domain.kinds import KINDS
from gongkai.domain.reports.form import forms
from gongkai.domain.reports.report import AnnualReport
from gongkai.domain.site import Site, SiteContact
from gongkai.domain.values import Item
from gongkai.kernel.problems import CODES, Severity
from gongkai.schema.json_schema import as_text, schemas

_SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}
_MARKDOWN = re.compile(r"[\\\[\]*<>|_]")
_ROOMS = {
    "1": "文件和元数据",
    "2": "目录条目",
    "3": "单位、栏目、词表和站点",
    "4": "年度报告",
    "5": "链接",
    "6": "检索",
    "9": "构建",
}


def generated_files() -> dict[str, str]:
    """Return the text of every generated file, by its path in the project."""
    files = {
        "site_src/help/fields.md": fields_page(),
        "site_src/help/problems.md": problems_page(),
    }
    for name, schema in schemas().items():
        files[f"site_src/help/schema/{name}.json"] = as_text(schema)
    return files


def fields_page() -> str:
    """Return the reference of all fields, in Chinese."""
    parts = [
        "---\ntitle: 字段说明\n---\n",
        "本页由字段声明自动生成。字段名写英文或中文都可以，但同一字段只写一次。"
        "各类文件的 JSON Schema 见 schema/ 文件夹，可配合编辑器自动提示。\n",
        "## 目录条目（catalogue/年份/*.md）\n",
        _table(Entry),
    ]
    for kind in KINDS.values():
        own = [key for key in kind.model.model_fields if key not in Entry.model_fields]
        if own:
            parts += [f"## {kind.label}（kind: {kind.code}）另有的字段\n", _table(kind.model, own)]
    for heading, model in (
        ("公开指南（guide.md）", Guide),
        ("年度报告（reports/年份.md）", AnnualReport),
        ("单位（agency.yml）", Agency),
        ("栏目（vocab/columns.yml）", ColumnSpec),
        ("站点（site.yml）", Site),
        ("站点联系方式（site.yml 的 contact）", SiteContact),
    ):
        parts += [f"## {heading}\n", _table(model)]
    parts.append("## 年度报告的格式\n")
    for form in forms().values():
        parts.append(
            f"### {form.name}：{form.title}{f'（{form.instrument}）' if form.instrument else ''}\n"
        )
        if form.takes_named_figures:
            parts.append("用 figures 逐项写数字，用 sums 和 relations 写明应当成立的关系。\n")
        for table in form.tables:
            columns = "、".join(f"{c.key} {c.label}" for c in table.columns)
            rows = [f"| {row.key} | {'／'.join((*row.headers, row.label))} |" for row in table.rows]
            parts.append(
                f"`{table.key}`（{table.caption}），各列依次为：{columns}。\n\n"
                "| 行 | 名称 |\n|---|---|\n" + "\n".join(rows) + "\n"
            )
    return "\n".join(parts)


def _table(model: type[Item], keys: list[str] | None = None) -> str:
    rows = ["| 字段 | 中文 | 必填 | 说明 | 例 |", "|---|---|---|---|---|"]
    for key, info in model.model_fields.items():
        if (keys is not None and key not in keys) or (model is Agency and key == "id"):
            continue
        example = f"`{info.examples[0]}`" if info.examples else ""
        cells = (key, info.title, "是" if info.is_required() else "", info.description, example)
        rows.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _cell(value: Any) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", str(value or ""))


def problems_page() -> str:
    """Return the list of all problem codes with both languages."""
    parts = [
        "---\ntitle: 提示代码\n---\n",
        "本页由程序自动生成。错误会使检查不通过；警告在 `--strict` 下使检查不通过；提示不影响发布。"
        "花括号里的内容在提示中换成实际的文字。\n",
    ]
    room = ""
    for code in CODES.values():
        if code.id[2] != room:
            room = code.id[2]
            parts.append(
                f"\n## GK{room}xx {_ROOMS[room]}\n\n"
                "| 代码 | 程度 | 提示 | English |\n|---|---|---|---|"
            )
        severity = _SEVERITIES[code.severity] + ("（可自动改正）" if code.is_fixable else "")
        parts.append(f"| {code.id} | {severity} | {_cell(code.zh)} | {_cell(code.en)} |")
    return "\n".join(parts) + "\n"
