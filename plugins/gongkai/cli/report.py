"""``gongkai report import``: the tables of a report out of a workbook, Word file, CSV or page."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path

from gongkai.cli.common import UsageError, content_build, say
from gongkai.kernel import problems as p
from gongkai.kernel.text import nearest
from gongkai.pipeline.report_files import (
    Imported,
    Kept,
    LinkedPlace,
    as_csv,
    as_workbook,
    as_yaml,
    form_names,
    import_figures,
    put_beside_report,
    put_into_report,
    written_form,
)

_LABELS = {"error": "错误", "warning": "警告", "note": "提示"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``report``."""
    parser.add_argument("what", choices=("import",), help="import：读取表格里的数字")
    parser.add_argument("file", type=Path, metavar="文件", help=".xlsx、.csv、.docx 或 .html 文件")
    add_report_arguments(parser)
    parser.add_argument(
        "--to",
        choices=("yaml", "xlsx", "csv"),
        default="yaml",
        help="写到哪里：yaml 写进年报的 tables（默认），xlsx、csv 写成年报旁边的表格文件",
    )


def add_report_arguments(parser: argparse.ArgumentParser, *, is_required: bool = True) -> None:
    """Declare the options that say which report is meant; ``--agency`` for ``report`` alone."""
    if is_required:
        parser.add_argument(
            "--agency",
            required=True,
            metavar="单位",
            help="单位代号（content/agencies/ 下的文件夹名）",
        )
    parser.add_argument("--year", required=is_required, metavar="年份", help="报告年度，如 2025")
    forms = f"年报格式：{'、'.join(form_names())}"
    parser.add_argument("--form", default="", metavar="格式", help=forms)


def asked_year(arguments: argparse.Namespace) -> int:
    """Return the year of the report.

    Raises:
        UsageError: it is missing or no year.
    """
    if not re.fullmatch(r"(19|20)\d{2}", arguments.year or ""):
        remedy = {"remedy": "请写四位数字的年度，如 2025", "remedy_en": "write a year such as 2025"}
        raise UsageError(p.BAD_OPTION, option="--year", value=arguments.year or "", **remedy)
    return int(arguments.year)


def asked_form(arguments: argparse.Namespace) -> str:
    """Return the form that was asked for, or nothing.

    Raises:
        UsageError: there is no such form.
    """
    if arguments.form and arguments.form not in form_names():
        known = "、".join(form_names())
        raise UsageError(p.UNKNOWN_FORM, value=arguments.form, known=known)
    return str(arguments.form)


def run(arguments: argparse.Namespace) -> int:
    """Read the file, write or print its figures, and say what was not found."""
    year, form = asked_year(arguments), asked_form(arguments)
    build = content_build(arguments)
    judged = build.load()
    build.cache.close()
    root, agency = build.options.content, arguments.agency
    if agency not in judged.corpus.agencies:
        near = nearest(agency, judged.corpus.agencies)
        raise UsageError(p.UNKNOWN_AGENCY, value=agency, **p.hint(near))
    try:
        data = arguments.file.read_bytes()
    except (OSError, ValueError) as error:
        raise _unreadable(arguments.file, error) from None
    form = form or written_form(root, agency, year) or ""
    if form and form not in form_names(with_tables=True):
        known = "、".join(form_names(with_tables=True))
        raise UsageError(p.FORM_WITHOUT_TABLES, form=form, known=known)
    try:
        read = import_figures(arguments.file.name, data, form or None)
        name = judged.corpus.agencies[agency].name
        is_kept = _keep(arguments, read, name, root, year, judged.today)
    except LinkedPlace as error:
        raise linked(error) from None
    except ModuleNotFoundError as error:
        raise UsageError(p.LIBRARY_MISSING, package=error.name or "") from None
    for problem in read.problems:
        line = f"{p.visible(str(problem.place))}: {problem.code.id}"
        say(f"{line} {_LABELS[problem.severity]}：{problem.message()}")
    if read.form:
        found = f"读到 {len(read.texts)} 格，共 {sum(1 for _ in read.form.cells())} 格"
        say(f"按 {read.form.name} 格式读取：{found}")
    return 0 if read.is_whole and is_kept else 1


def _keep(
    arguments: argparse.Namespace,
    read: Imported,
    name: str,
    root: Path,
    year: int,
    today: date,
) -> bool:
    """Write the figures where they were asked for; YAML without a place goes to the terminal.

    It is false where a file holds figures already and was left alone.
    """
    form, agency = read.form, arguments.agency
    if form is None or not read.texts:
        return True
    if arguments.to == "yaml":
        kept = put_into_report(root, agency, year, form, read.texts)
        if kept.written is None:
            print(as_yaml(form, read.texts), end="")
    elif arguments.to == "csv":
        kept = put_beside_report(root, agency, year, form, "csv", as_csv(form, read.texts))
    else:
        data = as_workbook(form, read.texts, name, year, today)
        kept = put_beside_report(root, agency, year, form, "xlsx", data)
    _say_where(kept)
    return kept.held_by is None


def _say_where(kept: Kept) -> None:
    if kept.written:
        say(f"已写入 {kept.written}")
    if kept.held_by:
        say(f"{p.REPORT_HAS_FIGURES.id} {p.REPORT_HAS_FIGURES.zh.format(file=kept.held_by)}")


def _unreadable(file: Path, error: Exception) -> UsageError:
    """Return what to say about an input file that is not there or cannot be opened."""
    if isinstance(error, FileNotFoundError):
        remedy = {
            "remedy": "没有这个文件；请核对文件名和所在的文件夹",
            "remedy_en": "there is no such file; check its name and folder",
        }
    elif isinstance(error, IsADirectoryError):
        remedy = {
            "remedy": "这是文件夹；请写明里面的文件",
            "remedy_en": "this is a folder; name the file in it",
        }
    else:
        remedy = {
            "remedy": "这个文件打不开；请核对权限，或关闭正在使用它的程序",
            "remedy_en": "the file cannot be opened; check its permissions",
        }
    return UsageError(p.MISSING_FILE, file=str(file), **remedy)


def linked(error: LinkedPlace) -> UsageError:
    """Return what to say about a link below ``content``, through which nothing is written."""
    return UsageError(
        p.CANNOT_WRITE, file=str(error.path), why="这里是链接，请放入真实的文件夹或文件"
    )
