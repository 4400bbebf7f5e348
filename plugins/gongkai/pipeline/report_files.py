"""The files of a yearly report: blank ones to fill in, and figures out of other people's files."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from gongkai.domain.agency import Level
from gongkai.domain.corpus import Judged
from gongkai.domain.reports.figures import Figures, read_value
from gongkai.domain.reports.form import CellKey, FigureTable, Part, ReportForm, form_for, forms
from gongkai.domain.reports.grid import GridText, Matched, best_form, match_grids
from gongkai.domain.reports.labels import cell_name
from gongkai.intake.front_matter import read_front_matter
from gongkai.intake.office import read_grids
from gongkai.intake.source import decode
from gongkai.kernel import problems as p
from gongkai.kernel.place import Located, Place
from gongkai.kernel.problems import Problem, Severity
from gongkai.press.writers.data import csv_file
from gongkai.press.writers.workbook import workbook
from gongkai.views.report_sheet import sheet_view

Files = list[Path]

NO_FORM = "legacy"  # reports older than the national forms
TIDY_HEAD = ("表", "行", "列", "数值")
PATH_MARK = "／"
_FOLDERS = {"disclosure": "reports", "website": "website"}
_TITLES = {"disclosure": "政府信息公开工作年度报告", "website": "政府网站工作年度报表"}
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")
# by words of the part's label, since each form has parts of its own
_GUIDANCE = (
    (
        "总体情况",
        "写主动公开、依申请公开、政府信息管理、平台建设、监督保障五个方面；各级政府还要写考核、社会评议和责任追究结果",
    ),
    ("问题", "写上一年报告所提问题的改进情况、本年的主要问题和下一步的具体措施"),
    ("其他", "写信息处理费的收取情况和其他需要报告的事项；没有的也要写明“没有”"),
)
_TABLE_GUIDANCE = "本部分的表格由页面按数字排出，这里只在需要解释时写文字，不需要的可以删去本部分"
_ANY_GUIDANCE = "在这里写本部分的内容"


def form_names(*, with_tables: bool = False) -> list[str]:
    """Return the names of all forms, or of those that have tables."""
    return [name for name, form in forms().items() if form.tables or not with_tables]


def default_form(year: int) -> str:
    """Return the name of the form for reports on a year."""
    form = form_for(year)
    return form.name if form else NO_FORM


def report_path(root: Path, agency: str, year: int, form: str, kind: str = "md") -> Path:
    """Return where an agency's report on a year stands, or its sheet."""
    folder = _FOLDERS[forms()[form].subject]
    return root / "agencies" / agency / folder / f"{year}.{kind}"


def new_report(
    root: Path, judged: Judged, agency: str, year: int, form: str, *, with_sheet: bool, today: date
) -> Files:
    """Write the skeleton of a report, with an empty workbook beside it if wanted.

    What is there already is left alone; the paths of what was written are returned.

    Raises:
        FileExistsError: everything asked for is there already.
        LinkedPlace: a link leads elsewhere.
    """
    of = forms()[form]
    body = judged.corpus.agencies[agency]
    name, heads = body.name, body.level is Level.COUNTY and of.subject == "disclosure"
    if heads and body.issues_as:
        name = body.issues_as[0]  # a county's report is its government's, not its office's
    title = f"{name}{year}年{_TITLES[of.subject]}"
    text = report_path(root, agency, year, form)
    wanted: list[tuple[Path, Callable[[], bytes]]] = [
        (text, lambda: skeleton(of, title, year, with_sheet=with_sheet, heads=heads).encode())
    ]
    if with_sheet:
        sheet = report_path(root, agency, year, form, "xlsx")
        wanted.append((sheet, lambda: workbook(sheet_view(of, title, name, year, None), today)))
    for path, _ in wanted:
        _refuse_links(root, path)
    missing = [(path, make) for path, make in wanted if not path.exists()]
    if not missing:
        raise FileExistsError(17, "there already", str(text))
    for path, make in missing:
        _write_new(root, path, make())
    return [path for path, _ in missing]


class LinkedPlace(Exception):
    """A file would be written through a link, so that it would land somewhere else."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


def _refuse_links(root: Path, path: Path) -> None:
    """Let nothing below ``root`` be written through a link.

    Raises:
        LinkedPlace: a folder on the way, or the file itself, is a link.
    """
    place = root
    for name in path.relative_to(root).parts:
        place = place / name
        if place.is_symlink():
            raise LinkedPlace(place)


def _write_new(root: Path, path: Path, data: bytes) -> None:
    """Write a file that is not there yet.

    Raises:
        FileExistsError: it is there.
        LinkedPlace: a link leads elsewhere.
    """
    _refuse_links(root, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    _refuse_links(root, path)
    beside = _written_beside(path, data)
    try:
        os.link(beside, path)  # unlike a rename, it never takes the place of a file
    except FileExistsError:
        raise FileExistsError(17, "there already", str(path)) from None
    except OSError:  # a disk without hard links
        with path.open("xb") as file:
            file.write(data)
    finally:
        beside.unlink()


def _written_beside(path: Path, data: bytes) -> Path:
    """Write a file of a name that nobody can have prepared, down to the disk."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}.gongkai-new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(beside, flags, 0o666), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
        raise
    return beside


def skeleton(
    form: ReportForm, title: str, year: int, *, with_sheet: bool, heads: bool = False
) -> str:
    """Return the text of a new report; every line says what belongs there.

    A county ``heads`` others: its report may add up theirs.
    """
    lines = [
        "---",
        "# 冒号后留空的字段视为没有填写。",
        f"title: {title}",
        f'form: "{form.name}"  # 格式：{form.title}',
        f"published_on:  # 发布日期和时刻，如 {year + 1}-01-20 09:00",
        "review:  # 审查记录：没有的暂不发布",
        "  checked_on:  # 审查日期",
        "  reviewer:  # 审查人岗位，只写岗位",
        "  result:  # 可以公开、依申请公开、不予公开 或 暂不公开",
    ]
    if with_sheet:
        lines.append(f"# 表格的数字填在旁边的 {year}.xlsx 里，生成网站时直接读取，这里不必再填。")
    elif form.tables:
        lines.append("# 表格的数字写在 tables 里；有 Excel、Word 或网页表格的，可运行")
        lines.append(f"# gongkai report import 文件 --agency 单位代号 --year {year}")
    lines += _choices(form, year, heads=heads)
    lines.append("---")
    for part in form.parts:
        lines += [f"## {part.heading}", "", f"<!-- {_guidance(part)} -->", ""]
    if not form.parts:
        lines += [f"<!-- {_ANY_GUIDANCE} -->", ""]
    return "\n".join(lines)


def _choices(form: ReportForm, year: int, *, heads: bool) -> Iterator[str]:
    """Yield the fields that only some reports need, each to be had by taking off its “#”."""
    yield "# 以下各项用得上时去掉行首的“# ”再填，用不上的不必理会："
    yield f"# submitted_on: {year + 1}-01-10  # 报送主管部门的日期"
    if form.tables:
        first = form.tables[0]
        cell = f"{first.key}.{first.data_rows[0].key}.{first.columns[0].key}"
        if form.sources or form.requests:
            yield "# computed: all  # 由网站计算的表、行或单元格；可算的全算写 all"
            yield "# overrides:  # 不用计算结果的单元格，理由会印在页面上"
            yield f"#   - {{cell: {cell}, value: 0, reason: 为什么不用计算得出的数}}"
        if heads:
            yield "# scope: consolidated  # 全县汇总写 consolidated，只报本级写 own"
            yield "# addends: [本单位代号, 其他单位代号]  # 汇总包含的单位，本级写本单位代号"
            yield "# own_tables:  # 汇总报告中本级机关自己的数字，写法同 tables"
            values = ", ".join("0" for _ in first.columns)
            yield f"#   {first.key}:"
            yield f"#     {first.data_rows[0].key}: [{values}]"
        yield "# discrepancies:  # 数字有出入而原件如此的，逐项说明"
        yield "#   - {check: 核对项的代号, note: 为什么对不上}"
    yield "# problems:  # 问题清单，页面排成表格"
    yield "#   - {problem: 存在的问题, measure: 改进措施, status: 正在整改}"


def _guidance(part: Part) -> str:
    if not part.is_prose:
        return _TABLE_GUIDANCE
    return next((words for key, words in _GUIDANCE if key in part.label), _ANY_GUIDANCE)


@dataclass(frozen=True)
class Imported:
    """What a file holds of a form, and everything that was wrong with it."""

    form: ReportForm | None
    texts: Mapping[CellKey, str]
    problems: tuple[Problem, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether every figure of the form was found and nothing else went wrong."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


def import_figures(name: str, data: bytes, form: str | None) -> Imported:
    """Return the figures of a file's tables by cell; without a form, that which fits best.

    A figure that cannot be one (``/``, ``约20``) is taken as it stands: the check will refuse it
    where it was written.
    """
    grids, problems = read_grids(name, data)
    if any(problem.severity is Severity.ERROR for problem in problems) and not grids:
        return Imported(None, {}, tuple(problems))
    if not any(cell.text for grid in grids for row in grid.rows for cell in row):
        found = Problem(p.NO_TABLES_IN_FILE, Place(name))
        return Imported(None, {}, (*problems, found))
    of = forms()[form] if form else best_form(forms().values(), grids)
    if of is None:
        facts = {"known": "、".join(form_names(with_tables=True))}
        return Imported(None, {}, (*problems, Problem(p.FORM_NOT_RECOGNISED, Place(name), facts)))
    matched = match_grids(of, grids)
    texts = {cell: found.text for cell, found in matched.texts.items()}
    return Imported(of, texts, (*problems, *_what_is_missing(name, of, matched, len(grids))))


def _what_is_missing(
    name: str, form: ReportForm, matched: Matched, grids: int
) -> Iterator[Problem]:
    for table in form.tables:
        cells = [cell for cell in form.cells() if cell[0] == table.key]
        unfound = [cell for cell in matched.missing if cell in set(cells) - set(matched.blank)]
        if len(unfound) == len(cells):
            facts = {"label": f"{table.caption}（整张表）"}
            yield Problem(p.FIGURE_NOT_FOUND, Place(name), facts)
            continue
        for cell in unfound:
            yield Problem(p.FIGURE_NOT_FOUND, Place(name), {"label": form.name_of(cell)})
    for cell, at in matched.blank.items():
        if not form.blank_is_zero and not _is_text(form, cell):
            facts = {"label": form.name_of(cell) + _aside(name, at, grids)}
            yield Problem(p.FIGURE_BLANK, Place(name, at.row, at.column), facts)
    for cell, places in matched.ambiguous.items():
        found = "、".join(f"{_where(name, at, grids)}“{at.text}”" for at in places)
        facts = {"label": form.name_of(cell), "found": found}
        first = places[0]
        yield Problem(p.FIGURE_AMBIGUOUS, Place(name, first.row, first.column), facts)
    for at in matched.unknown:
        facts = {"label": at.text, "form": form.name}
        yield Problem(p.LABEL_NOT_ON_FORM, Place(name, at.row, at.column), facts)


def _is_text(form: ReportForm, cell: CellKey) -> bool:
    table = form.table(cell[0])
    return table is not None and table.unit(*cell[1:]) == "text"


def _aside(name: str, at: GridText, grids: int) -> str:
    """Return what a spreadsheet calls a cell, or which table of several it is in."""
    if name.lower().endswith((".xlsx", ".xlsm")):
        return f"（{cell_name(at.row, at.column)}）"
    return f"（第{at.grid + 1}张表）" if grids > 1 else ""


def _where(name: str, at: GridText, grids: int) -> str:
    table = f"第{at.grid + 1}张表" if grids > 1 else ""
    if name.lower().endswith((".xlsx", ".xlsm")):
        return f"{table}{cell_name(at.row, at.column)}"
    return f"{table}第{at.row}行第{at.column}列"


def as_yaml(form: ReportForm, texts: Mapping[CellKey, str]) -> str:
    """Return ``tables:`` as it stands in the front matter; what is missing is left out."""
    lines = ["tables:"]
    for table in form.tables:
        rows = [line for row in table.data_rows if (line := _yaml_row(table, row.key, texts))]
        if rows:
            lines += [f"  {table.key}:", *rows]
    return "\n".join(lines) + "\n" if len(lines) > 1 else "tables: {}\n"


def _yaml_row(table: FigureTable, row: str, texts: Mapping[CellKey, str]) -> str:
    keys = [column.key for column in table.columns]
    values = {key: texts[table.key, row, key] for key in keys if (table.key, row, key) in texts}
    if not values:
        return ""
    if len(values) == len(keys):
        return f"    {row}: [{', '.join(map(_scalar, values.values()))}]"
    pairs = ", ".join(f"{key}: {_scalar(value)}" for key, value in values.items())
    return f"    {row}: {{{pairs}}}"


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def as_csv(form: ReportForm, texts: Mapping[CellKey, str]) -> bytes:
    """Return one line for each cell of the form, with its labels."""
    return csv_file(TIDY_HEAD, _tidy_rows(form, texts))


def _tidy_rows(form: ReportForm, texts: Mapping[CellKey, str]) -> Iterator[Sequence[str]]:
    for cell in form.cells():
        table = form.table(cell[0])
        assert table is not None, "the cell is of this form"
        row = table.row_of[cell[1]]
        path = PATH_MARK.join((*row.headers, row.label))
        column = table.column_of[cell[2]].label
        yield table.caption, path, column, texts.get(cell, "")


def as_workbook(
    form: ReportForm,
    texts: Mapping[CellKey, str],
    agency: str,
    year: int,
    made_on: date,
) -> bytes:
    """Return the form's sheet with the figures in it; what is no number stays a text."""
    cells: dict[CellKey, Decimal] = {}
    words: dict[CellKey, str] = {}
    for cell, text in texts.items():
        table = form.table(cell[0])
        assert table is not None, "the cell is of this form"
        value = read_value(text, table.unit(*cell[1:]))
        if isinstance(value, Decimal):
            cells[cell] = value
        else:
            words[cell] = text
    title = f"{agency}{year}年{_TITLES[form.subject]}"
    return workbook(sheet_view(form, title, agency, year, Figures(cells, words)), made_on)


@dataclass(frozen=True)
class Kept:
    """Where figures were written, or the file that holds some already."""

    written: Path | None = None
    held_by: Path | None = None


def written_form(root: Path, agency: str, year: int) -> str | None:
    """Return the form that an agency's report on a year names, if there is one."""
    path = root / "agencies" / agency / "reports" / f"{year}.md"
    fields = _fields(path)[0] if path.is_file() else None
    node = (fields or {}).get("form") or (fields or {}).get("格式")
    name = node.value if node else None
    return name if isinstance(name, str) and name in forms() else None


def put_into_report(
    root: Path, agency: str, year: int, form: ReportForm, texts: Mapping[CellKey, str]
) -> Kept:
    """Write ``tables:`` at the end of the report's front matter, unless figures are there.

    Nothing is written where there is no report yet, or where its front matter cannot be read.
    """
    path = report_path(root, agency, year, form.name)
    _refuse_links(root, path)
    for kind in ("xlsx", "csv"):
        sheet = report_path(root, agency, year, form.name, kind)
        if sheet.exists():
            return Kept(held_by=sheet)
    if not path.is_file():
        return Kept()
    fields, end, text = _fields(path)
    if fields is None:
        return Kept()
    if any(name in fields for name in ("tables", "表格")):
        return Kept(held_by=path)
    _replace(root, path, text[:end] + as_yaml(form, texts) + text[end:])
    return Kept(path)


def put_beside_report(
    root: Path, agency: str, year: int, form: ReportForm, kind: str, data: bytes
) -> Kept:
    """Write a sheet beside the report, unless a sheet is there or figures are in the report."""
    path = report_path(root, agency, year, form.name)
    _refuse_links(root, path)
    fields = _fields(path)[0] if path.is_file() else None
    if any(name in (fields or {}) for name in ("tables", "表格")):
        return Kept(held_by=path)
    for other in ("xlsx", "csv"):
        sheet = report_path(root, agency, year, form.name, other)
        if sheet.exists():
            return Kept(held_by=sheet)
    target = report_path(root, agency, year, form.name, kind)
    _write_new(root, target, data)
    return Kept(target)


def _fields(path: Path) -> tuple[dict[str, Located] | None, int, str]:
    """Return the fields of a front matter, where it ends in the text, and the text."""
    text, problems = decode(path.name, path.read_bytes())
    if text is None or any(x.severity is Severity.ERROR for x in problems):
        return None, 0, ""
    fields, body, _, problems = read_front_matter(path.name, text)
    if fields is None or any(x.severity is Severity.ERROR for x in problems):
        return None, 0, text
    end = text.rindex("\n---", 0, len(text) - len(body)) + 1
    return fields, end, text


def _replace(root: Path, path: Path, text: str) -> None:
    """Replace a file in one step, so that a full disk never costs an editor's text."""
    _refuse_links(root, path)
    beside = _written_beside(path, text.encode())
    try:
        beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    except OSError:
        beside.unlink()
        raise
