"""Fields, report forms and problem codes into the help's reference pages and the schema files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from gongkai.domain.agency import Agency
from gongkai.domain.assessment import EVIDENCE_RULES, FIXED_PAGES, Assessment, Sheet
from gongkai.domain.column import ColumnSpec
from gongkai.domain.corpus import Tombstone
from gongkai.domain.decisions import DecisionRow
from gongkai.domain.entry import Entry
from gongkai.domain.guide import Guide
from gongkai.domain.kinds import KINDS
from gongkai.domain.register import OUTCOMES, Application
from gongkai.domain.reports.form import (
    Equation,
    FigureTable,
    Implication,
    Limit,
    ReportForm,
    forms,
)
from gongkai.domain.reports.indicator import INDICATORS
from gongkai.domain.reports.report import AnnualReport
from gongkai.domain.search_words import SearchWords
from gongkai.domain.site import Site
from gongkai.domain.values import Item
from gongkai.domain.vocab import LEVEL_LABELS, Term
from gongkai.kernel.problems import CODES, Severity
from gongkai.schema.json_schema import FILLED_IN, as_text, schemas

_SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}
_MARKDOWN = re.compile(r"[\\\[\]*<>|_]")
_ROOMS = {
    "1": "文件和元数据",
    "2": "目录条目",
    "3": "单位、栏目、词表和站点",
    "4": "年度报告、登记台账和考核自查",
    "5": "链接",
    "6": "检索",
    "7": "安全和发布",
    "9": "构建",
}
_FOLDERS = {"disclosure": "reports", "website": "website"}
# what each source of domain/reports/sources.py counts; one without words stops `gongkai schema`
_SOURCES = {
    "catalogue.rule.issued": "目录中本机关制定、成文日期在本年的规章",
    "catalogue.rule.repealed": "目录中本机关制定、废止日期在本年的规章",
    "catalogue.rule.in_force": "目录中本机关制定、到12月31日没有废止或失效的规章",
    "catalogue.normative.issued": "目录中本机关制定、成文日期在本年的行政规范性文件",
    "catalogue.normative.repealed": "目录中本机关制定、废止日期在本年的行政规范性文件",
    "catalogue.normative.in_force": "目录中本机关制定、到12月31日没有废止或失效的行政规范性文件",
    "entries.all": "本单位本年发布的主动公开信息",
    "entries.normative": "本单位本年发布的行政规范性文件",
    "entries.interpretations": "本单位本年发布的政策解读",
    "entries.channel.gazette": "本单位本年发布、公开方式含政府公报的信息",
    "entries.channel.website": "本单位本年发布、公开方式含政府网站的信息",
    "entries.channel.microblog": "本单位本年发布、公开方式含微博的信息",
    "entries.channel.wechat": "本单位本年发布、公开方式含微信的信息",
    "entries.channel.other": "本单位本年发布、公开方式含其他方式的信息",
    "decisions.licence": "处理决定表中行政许可的件数",
    "decisions.penalty": "处理决定表中行政处罚的件数",
    "decisions.coercion": "处理决定表中行政强制的件数",
    "decisions.fee": "处理决定表中行政事业性收费的金额（万元）",
    "site.total": "全站本年发布、栏目类别属于下列三类的信息",
    "site.type.概况类": "全站本年发布、栏目类别属于概况类的信息",
    "site.type.政务动态": "全站本年发布、栏目类别属于政务动态的信息",
    "site.type.信息公开目录": "全站本年发布、栏目类别属于信息公开目录的信息",
    "site.interpretations": "全站本年发布的政策解读",
    "site.services": "全站12月31日有效的办事服务",
    "site.consultations": "全站本年发布的意见征集",
    "site.consultation_results": "结果在本年公布的意见征集",
}


def generated_files() -> dict[str, str]:
    """Return the text of every generated file, by its path in the project."""
    files = {
        "site_src/help/fields.md": fields_page(),
        "site_src/help/report-forms.md": forms_page(),
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
        "由几项组成的字段（例如 review），各项列在它第一次出现的那张表之后。"
        "各类文件的 JSON Schema 见 schema/ 文件夹，可配合编辑器自动提示。"
        "年报各种格式的表、行、列见[年报格式](report-forms.md)。\n",
    ]
    seen: set[type[Item]] = set()
    parts += ["## 目录条目（catalogue/年份/*.md）\n", *_tables(Entry, seen)]
    for kind in KINDS.values():
        own = [key for key in kind.model.model_fields if key not in Entry.model_fields]
        if own:
            parts.append(f"## {kind.label}（kind: {kind.code}）另有的字段\n")
            parts += _tables(kind.model, seen, own)
    for heading, note, model in _FILES:
        parts += [f"## {heading}\n", *([f"{note}\n"] if note else []), *_tables(model, seen)]
        parts += _lists(model)
    return "\n".join(parts)


_FILES: tuple[tuple[str, str, type[Item]], ...] = (
    ("公开指南（guide.md）", "", Guide),
    (
        "年度报告（reports/年份.md）和网站年报（website/年份.md）",
        "写法见[年报怎么写](annual-report.md)。",
        AnnualReport,
    ),
    (
        "登记台账（register/年份.csv）",
        "第一行是表头，写英文列名或中文列名都可以；说明见[登记台账和处理决定表](register.md)。",
        Application,
    ),
    (
        "处理决定表（decisions/年份.csv）",
        "第一行是表头，写英文列名或中文列名都可以；说明见[登记台账和处理决定表](register.md)。",
        DecisionRow,
    ),
    (
        "考核自查（assessments/年份.yml）",
        "写法见[考核自查、信息统计和网站年报](assessment.md)。",
        Assessment,
    ),
    ("评分表（vocab/assessments/名称.yml）", "", Sheet),
    ("单位（agency.yml）", "", Agency),
    ("撤下登记（withdrawn.yml）", "", Tombstone),
    ("栏目（vocab/columns.yml）", "", ColumnSpec),
    (
        "检索用词（vocab/synonyms.yml）",
        "可以不写；写法见[编辑人员五分钟入门](editor.md#六检索用词)。",
        SearchWords,
    ),
    ("词表（vocab/ 下的其他文件）", "", Term),
    ("站点（site.yml）", "", Site),
)


def _lists(model: type[Item]) -> Iterator[str]:
    """Yield the closed lists that a file of ``model`` names, where they are long."""
    if model is Application:
        yield "### 办理结果（outcome）可以写\n"
        yield _listed(("代号", "名称"), OUTCOMES.labels.items())
    elif model is Assessment:
        yield "### 固定页（page）可以写\n"
        yield _listed(("代号", "本单位的页面"), FIXED_PAGES.items())
    elif model is Sheet:
        yield "### 核对规则（rule）可以写\n"
        yield _listed(("代号", "本站核对什么"), EVIDENCE_RULES.items())


def _listed(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _tables(
    model: type[Item], seen: set[type[Item]], keys: list[str] | None = None
) -> Iterator[str]:
    """Yield the table of a model, and one for each model that its fields nest, each once."""
    waiting: list[tuple[str, type[Item], list[str] | None]] = [("", model, keys)]
    while waiting:
        heading, one, only = waiting.pop(0)
        if heading:
            yield f"### {heading}\n"
        yield _table(one, only)
        for key, info in one.model_fields.items():
            if only is not None and key not in only:
                continue
            for nested in _nested(info.annotation):
                if nested not in seen:
                    seen.add(nested)
                    waiting.append((f"{info.title}（{key}）的各项", nested, None))


def _nested(annotation: Any) -> Iterator[type[Item]]:
    if isinstance(annotation, type) and issubclass(annotation, Item):
        yield annotation
    for part in get_args(annotation):
        yield from _nested(part)


def _table(model: type[Item], keys: list[str] | None = None) -> str:
    left_out = FILLED_IN.get(model.__name__, ())
    rows = []
    for key, info in model.model_fields.items():
        if (keys is not None and key not in keys) or key in left_out:
            continue
        example = f"`{info.examples[0]}`" if info.examples else ""
        rows.append(
            (key, info.title, "是" if info.is_required() else "", info.description, example)
        )
    return _listed(("字段", "中文", "必填", "说明", "例"), rows)


def _cell(value: Any) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", str(value or ""))


def forms_page() -> str:
    """Return the reference of all report forms: cells, identities, what can be counted."""
    parts = [
        "---\ntitle: 年报格式\ndescription: 年报各种格式的表、行、列、勾稽关系和计算依据。\n---\n",
        "本页由格式声明自动生成。表、行、列的代号用于 tables、own_tables、computed 和 overrides；"
        "勾稽关系的代号用于 discrepancies 的 check。写法见[年报怎么写](annual-report.md)。\n",
    ]
    # the newest first, and the report on the web site behind those on disclosure
    for form in sorted(forms().values(), key=lambda form: (form.subject, -form.years[0])):
        parts += _form(form)
    parts += [
        "## 指标\n",
        "各年比较、图表和数据文件使用的指标。"
        "figures 中的数字写上 indicator，就能与各年格式的数字比较。\n",
        _listed(
            ("代号", "名称", "单位", "类别"),
            ((one.key, one.label, one.measure, one.group) for one in INDICATORS.values()),
        ),
    ]
    return "\n".join(parts)


def _form(form: ReportForm) -> Iterator[str]:
    title = f"{form.name}：{form.title}{f'（{form.instrument}）' if form.instrument else ''}"
    yield f"## {title}\n"
    first, last = form.years
    span = f"{first}年起" if last is None else f"{first}年至{last}年"
    said = f"适用于{span}的报告，文件放在 {_FOLDERS[form.subject]}/，form 写 `{form.name}`。"
    if form.deadlines:
        said += f"发布期限：{_days(form)}；其他层级没有统一期限。"
    if form.blank_is_zero:
        said += "本格式允许空白：核对时，与数字并列的空白按零计，页面上仍显示空白。"
    if form.takes_named_figures:
        other = "另外可以" if form.tables else ""
        said += f"{other}用 figures 逐项写数字，用 sums 和 relations 写明应当成立的关系。"
    yield f"{said}\n"
    for table in form.tables:
        yield from _rows(table)
    if checks := _checks(form):
        yield f"### {form.name} 格式的勾稽关系\n"
        yield _listed(("代号", "程度", "关系"), checks)
    if sources := list(_counted(form)):
        yield f"### {form.name} 格式中可以由本站计算的数\n"
        yield _listed(("单元格", "计算依据"), sources)


def _days(form: ReportForm) -> str:
    """Return the days by which reports are due, with the levels that they bind."""
    levels: dict[tuple[int, int], list[str]] = {}
    for level, day in form.deadlines.items():
        levels.setdefault(day, []).append(LEVEL_LABELS[level])
    return "，".join(
        f"{'、'.join(names)}次年{month}月{day}日" for (month, day), names in sorted(levels.items())
    )


def _rows(table: FigureTable) -> Iterator[str]:
    columns = "、".join(f"{c.key} {c.label}" for c in table.columns)
    yield f"`{table.key}`（{table.caption}），各列依次为：{columns}。\n"
    if table.layout == "tree":
        rows = (
            (row.key, "／".join((*row.headers, row.label)), row.measure) for row in table.data_rows
        )
        yield _listed(("行", "名称", "单位"), rows)
    else:
        yield _listed(
            ("行", "名称"),
            ((row.key, "／".join((*row.headers, row.label))) for row in table.data_rows),
        )


def _checks(form: ReportForm) -> list[tuple[str, str, str]]:
    """Return name, severity and words of each identity; one that is declared twice stands once."""
    found: dict[tuple[str, str, str], None] = {}
    rules: tuple[Equation | Limit | Implication, ...]
    rules = (*form.equations, *form.limits, *form.implications)
    for rule in rules:
        found[rule.id, _SEVERITIES[Severity(rule.severity)], rule.words] = None
    for carried in form.carried_over:
        row, before = (
            _label(form, carried.table, key) for key in (carried.row, carried.previous_row)
        )
        found[carried.id, "错误", f"“{row}”与上一年报告的“{before}”相等"] = None
    for stock in form.stocks:
        kept, gained, lost = (
            _column(form, stock.table, key) for key in (stock.stock, stock.gained, stock.lost)
        )
        found[stock.id, "警告", f"{kept}＝上一年的{kept}＋{gained}－{lost}"] = None
    for retained in form.retained:
        pending, total = (
            _column(form, retained.table, key) for key in (retained.pending, retained.total)
        )
        found[retained.id, "警告", f"上一年的“{pending}”不大于本年的“{total}”"] = None
    return list(found)


def _label(form: ReportForm, table: str, row: str) -> str:
    held = form.table(table)
    assert held is not None, f"form {form.name} has no table {table}"
    return held.row_of[row].label


def _column(form: ReportForm, table: str, column: str) -> str:
    held = form.table(table)
    assert held is not None, f"form {form.name} has no table {table}"
    return held.column_of[column].label


def _counted(form: ReportForm) -> Iterator[tuple[str, str]]:
    """Yield what can be counted, and from what.

    Raises:
        KeyError: a source has no words yet (a programmer's slip).
    """
    for cell, source in form.sources.items():
        yield ".".join(cell), _SOURCES[source]
    if form.requests is not None:
        yield f"{form.requests.table} 的全部各格", "登记台账"
        if form.requests.disputes:
            yield f"{form.requests.disputes} 的全部各格", "登记台账"


def problems_page() -> str:
    """Return the list of all problem codes with both languages."""
    parts = [
        "---\ntitle: 提示代码\n---\n",
        "本页由程序自动生成。错误会使检查不通过；警告在 `--strict` 下使检查不通过；提示不影响发布。"
        "花括号里的内容在提示中换成实际的文字。\n",
    ]
    for room, label in _ROOMS.items():
        rows = [
            (
                code.id,
                _SEVERITIES[code.severity] + ("（可自动改正）" if code.is_fixable else ""),
                code.zh,
                code.en,
            )
            for code in sorted(CODES.values(), key=lambda code: code.id)
            if code.id[2] == room
        ]
        if rows:
            parts += [
                f"\n## GK{room}xx {label}\n",
                _listed(("代码", "程度", "提示", "English"), rows),
            ]
    return "\n".join(parts)
