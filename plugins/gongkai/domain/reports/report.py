"""One agency's report for one year: its figures, and whether they add up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from gongkai.domain.entry import Finding, Review
from gongkai.domain.reports.form import Equation, FigureTable, ReportForm
from gongkai.domain.values import Flag, IsoDate, Item, Moment, Words
from gongkai.kernel import problems as p
from gongkai.kernel.text import nearest

Cell = tuple[str, str, str]
EXPLAINED = "；已附数据核对说明"
_COUNT = re.compile(r"0|[1-9][0-9]{0,11}")
_MONEY = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?")


class NamedFigure(Item):
    """One figure of an older report."""

    key: str = Field(
        title="代号", description="小写字母、数字、下划线", pattern="^[a-z][a-z0-9_]*$"
    )
    name: str = Field(title="名称", description="指标名称", min_length=1)
    value: str = Field(title="数值", description="原件载明的数字")
    unit: str = Field(default="条", title="单位", description="计量单位")


class Sum(Item):
    """A total and the parts that ought to make it."""

    total: str = Field(title="总数", description="总数的代号")
    parts: Words = Field(title="分项", description="分项的代号")
    name: str = Field(title="名称", description="这组数字的名称")


class Relation(Item):
    """Two figures of which the left cannot be larger."""

    left: str = Field(title="左", description="较小的数的代号")
    right: str = Field(title="右", description="较大的数的代号")
    name: str = Field(title="名称", description="关系的说明")


class Discrepancy(Item):
    """数据核对说明: what does not agree in the original, told apart from the original."""

    check: str = Field(default="", title="核对项", description="勾稽关系的代号或名称")
    note: str = Field(title="说明", description="说明", min_length=1)


class AnnualReport(Item):
    """The front matter of ``reports/<year>.md``; parts in prose stand in the body."""

    title: str = Field(title="名称", description="报告标题", min_length=1, max_length=200)
    form: str = Field(title="格式", description="2021 或 legacy")
    published_on: Moment = Field(title="发布日期", description="发布时刻")
    time_unknown: Flag = Field(default=False, title="时刻不详", description="时刻无从查考")
    submitted_on: IsoDate | None = Field(
        default=None, title="报送日期", description="报送主管部门的日期"
    )
    migrated_on: IsoDate | None = Field(
        default=None, title="迁移日期", description="从旧网站迁来的日期"
    )
    stated_on: str = Field(default="", title="落款日期", description="原件所署日期")
    invented: Flag = Field(default=False, title="演示数据", description="数字为演示而编")
    tables: dict[str, dict[str, Any]] = Field(default={}, title="表格", description="表格数字")
    figures: tuple[NamedFigure, ...] = Field(default=(), title="数字", description="早期报告的数字")
    sums: tuple[Sum, ...] = Field(default=(), title="合计", description="应相等的合计")
    relations: tuple[Relation, ...] = Field(
        default=(), title="大小关系", description="应成立的大小关系"
    )
    discrepancies: tuple[Discrepancy, ...] = Field(
        default=(), title="数据核对说明", description="出入说明"
    )
    review: Review | None = Field(default=None, title="审查记录", description="保密审查记录")
    lang: str = Field(
        default="zh-Hans", title="语种", description="zh-Hans 或 zh-Hant", pattern="^zh-Han[st]$"
    )
    source: str = Field(default="", title="来源", description="信息来源")

    def explained(self) -> frozenset[str]:
        """Return the names of the checks that a discrepancy row explains."""
        return frozenset(row.check for row in self.discrepancies if row.check)


@dataclass(frozen=True)
class Figures:
    """The figures of one report, by cell; a missing cell is not in the mapping."""

    cells: Mapping[Cell, Decimal]

    def sum(self, table: str, keys: tuple[str, ...], line: str, axis: str) -> Decimal | None:
        """Add the cells of one line, or return ``None`` when one of them is missing."""
        total = Decimal(0)
        for key in keys:
            cell = (table, line, key) if axis == "row" else (table, key, line)
            value = self.cells.get(cell)
            if value is None:
                return None
            total += value
        return total


def read_figures(report: AnnualReport, form: ReportForm) -> tuple[Figures, list[Finding]]:
    """Return the cells of a report's tables and what is wrong with how they are written."""
    cells: dict[Cell, Decimal] = {}
    found: list[Finding] = []
    known = [table.key for table in form.tables]
    for key in report.tables:
        if form.table(key) is None:
            found.append(_unknown(form, f"tables.{key}", key, known))
    for table in form.tables:
        rows = report.tables.get(table.key, {})
        row_keys = [row.key for row in table.rows]
        for key in rows:
            if key not in row_keys:
                found.append(_unknown(form, f"tables.{table.key}.{key}", key, row_keys))
        for row in table.rows:
            path = f"tables.{table.key}.{row.key}"
            values, slips = _row_values(table, rows.get(row.key), path, form)
            found.extend(slips)
            for column in table.columns:
                label = f"{'／'.join((*row.headers, row.label))}·{column.label}"
                if column.key not in values:
                    if table.key not in report.tables:
                        path = "tables" if report.tables else ""
                    found.append(Finding(p.MISSING_CELL, path, {"label": label}))
                    continue
                text, at = values[column.key]
                number, slip = _number(text, at, column.unit)
                if slip:
                    found.append(slip)
                elif number is not None:
                    cells[table.key, row.key, column.key] = number
    return Figures(cells), found


def _row_values(
    table: FigureTable, written: object, path: str, form: ReportForm
) -> tuple[dict[str, tuple[str, str]], list[Finding]]:
    """Return the row's texts and their paths by column; a row is a list or a mapping."""
    columns = [column.key for column in table.columns]
    if isinstance(written, list):
        found = []
        if len(written) > len(columns):
            facts = {
                "value": f"第{len(columns) + 1}个数",
                "expected": f"这一行的数：只有{len(columns)}格",
                "expected_en": f"one of the {len(columns)} figures of this row",
            }
            found.append(Finding(p.BAD_FIGURE, f"{path}.{len(columns)}", facts))
        pairs = zip(columns, written, strict=False)
        return {key: (str(v), f"{path}.{i}") for i, (key, v) in enumerate(pairs) if v != ""}, found
    if isinstance(written, dict):
        slips = [
            _unknown(form, f"{path}.{key}", key, columns) for key in written if key not in columns
        ]
        return {
            k: (str(written[k]), f"{path}.{k}") for k in columns if written.get(k, "") != ""
        }, slips
    if isinstance(written, str) and written and len(columns) == 1:
        return {columns[0]: (written, path)}, []
    return {}, []


def _unknown(form: ReportForm, path: str, key: str, known: list[str]) -> Finding:
    return Finding(
        p.UNKNOWN_CELL, path, {"key": key, "form": form.name, **p.hint(nearest(key, known))}
    )


def _number(text: str, path: str, unit: str) -> tuple[Decimal | None, Finding | None]:
    pattern = _MONEY if unit == "money" else _COUNT
    if pattern.fullmatch(text.strip()):
        return Decimal(text.strip()), None
    expected = (
        ("不小于零的金额（万元）", "an amount of 0 or more")
        if unit == "money"
        else ("不小于零的整数", "a whole number of 0 or more")
    )
    return None, Finding(
        p.BAD_FIGURE, path, {"value": text, "expected": expected[0], "expected_en": expected[1]}
    )


def judge_figures(report: AnnualReport, form: ReportForm, figures: Figures) -> Iterator[Finding]:
    """Yield every equation of the form that does not hold, at the total that states it."""
    explained = report.explained()
    for equation in form.equations:
        table = form.table(equation.table)
        if table is None:
            continue
        lines = table.rows if equation.axis == "row" else table.columns
        for line in lines:
            left = figures.sum(table.key, equation.left, line.key, equation.axis)
            right = figures.sum(table.key, equation.right, line.key, equation.axis)
            if left is not None and right is not None and left != right:
                softened = p.Severity.NOTE if equation.id in explained else None
                yield _failed(report, equation, table, line.key, line.label, left, right, softened)


_EQUATION_CODES = {
    "S3-ROW": p.ROW_SUM,
    "S3-COL": p.COLUMN_SUM,
    "S3-BAL": p.BALANCE,
    "S4": p.REVIEW_SUM,
}


def _failed(
    report: AnnualReport,
    equation: Equation,
    table: FigureTable,
    line: str,
    label: str,
    left: Decimal,
    right: Decimal,
    softened: p.Severity | None,
) -> Finding:
    code = _EQUATION_CODES.get(equation.id, p.BALANCE)
    key = equation.left[0]
    cell = (line, key) if equation.axis == "row" else (key, line)
    facts = {
        "row": label,
        "column": label,
        "group": label,
        "left": left,
        "right": right,
        "stated": left,
        "sum": right,
    }
    return Finding(code, cell_path(report, table, *cell), facts, softened)


def cell_path(report: AnnualReport, table: FigureTable, row: str, column: str) -> str:
    """Return the dotted path under which a cell was written."""
    written = report.tables.get(table.key, {}).get(row)
    if isinstance(written, list):
        position = [c.key for c in table.columns].index(column)
        return f"tables.{table.key}.{row}.{position}"
    return (
        f"tables.{table.key}.{row}.{column}"
        if isinstance(written, dict)
        else f"tables.{table.key}.{row}"
    )


def judge_against(
    report: AnnualReport, form: ReportForm, figures: Figures, before: Figures, year_before: int
) -> Iterator[Finding]:
    """Yield what does not follow from last year's report: carried-over rows and stocks."""
    explained = report.explained()
    for rule in form.carried_over:
        table = form.table(rule.table)
        for column in table.columns if table else ():
            now = figures.cells.get((rule.table, rule.row, column.key))
            then = before.cells.get((rule.table, rule.previous_row, column.key))
            if table and now is not None and then is not None and now != then:
                softened = p.Severity.NOTE if rule.id in explained else None
                facts = {
                    "column": column.label,
                    "stated": now,
                    "previous": then,
                    "year": year_before,
                    "note": EXPLAINED if softened else "",
                }
                yield Finding(
                    p.CARRIED_IN_DIFFERS,
                    cell_path(report, table, rule.row, column.key),
                    facts,
                    softened,
                )
    for stock in form.stocks:
        table = form.table(stock.table)
        for row in table.rows if table else ():
            cell = (stock.table, row.key)
            values = [
                figures.cells.get((*cell, key)) for key in (stock.stock, stock.gained, stock.lost)
            ]
            then = before.cells.get((*cell, stock.stock))
            if table is None or then is None or None in values:
                continue
            now, gained, lost = (value or Decimal(0) for value in values)
            if now != then + gained - lost:
                softened = p.Severity.NOTE if stock.id in explained else None
                facts = {"row": row.label, "stated": now, "expected": then + gained - lost}
                yield Finding(
                    p.STOCK_DIFFERS, cell_path(report, table, row.key, stock.stock), facts, softened
                )


def judge_named_figures(report: AnnualReport) -> Iterator[Finding]:
    """Yield sums and relations of named figures that fail; an explained one is a note."""
    figures: dict[str, Decimal] = {}
    for n, figure in enumerate(report.figures):
        number, slip = _number(figure.value, f"figures.{n}.value", "money")
        if slip:
            yield slip
        elif number is not None:
            figures[figure.key] = number
    explained = {row.check: row.note for row in report.discrepancies if row.check}

    def look_up(key: str, path: str) -> Decimal | Finding:
        if key in figures:
            return figures[key]
        return Finding(
            p.UNKNOWN_CELL, path, {"key": key, "form": report.form, **p.hint(nearest(key, figures))}
        )

    for n, rule in enumerate(report.sums):
        values = [look_up(rule.total, f"sums.{n}.total")]
        values += [look_up(key, f"sums.{n}.parts.{i}") for i, key in enumerate(rule.parts)]
        if slips := [value for value in values if isinstance(value, Finding)]:
            yield from slips
            continue
        numbers = [value for value in values if isinstance(value, Decimal)]
        stated, added = numbers[0], sum(numbers[1:], Decimal(0))
        if stated != added:
            at = next(i for i, figure in enumerate(report.figures) if figure.key == rule.total)
            facts = {
                "name": rule.name,
                "stated": stated,
                "sum": added,
                "difference": abs(stated - added),
            }
            yield _explained(p.SUM_DIFFERS, f"figures.{at}.value", facts, explained.get(rule.name))
    for n, relation in enumerate(report.relations):
        left = look_up(relation.left, f"relations.{n}.left")
        right = look_up(relation.right, f"relations.{n}.right")
        if isinstance(left, Finding) or isinstance(right, Finding):
            yield from (side for side in (left, right) if isinstance(side, Finding))
        elif left > right:
            at = next(i for i, figure in enumerate(report.figures) if figure.key == relation.left)
            facts = {"name": relation.name, "left": left, "right": right}
            yield _explained(
                p.RELATION_FAILS, f"figures.{at}.value", facts, explained.get(relation.name)
            )
    for n, row in enumerate(report.discrepancies):
        if not row.check:
            yield Finding(p.STATED_CONTRADICTION, f"discrepancies.{n}.note", {"note": row.note})


def _explained(code: p.Code, path: str, facts: dict[str, Any], note: str | None) -> Finding:
    if note is None:
        return Finding(code, path, {**facts, "note": ""})
    return Finding(code, path, {**facts, "note": EXPLAINED}, p.Severity.NOTE)


def deadline(form: ReportForm, level: str, year: int) -> date | None:
    """Return the statutory day by which a body of ``level`` publishes its report on ``year``."""
    due = form.deadlines.get(level)
    return date(year + 1, *due) if due else None
