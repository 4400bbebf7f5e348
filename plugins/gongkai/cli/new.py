"""``gongkai new``: the commented skeleton of an entry, with its index number, or of a report."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from gongkai.cli.common import UsageError, content_build
from gongkai.cli.report import add_report_arguments, asked_form, asked_year, linked
from gongkai.kernel import problems as p
from gongkai.kernel.text import nearest
from gongkai.pipeline.build import Build
from gongkai.pipeline.report_files import LinkedPlace, default_form, form_names, new_report
from gongkai.pipeline.skeleton import kind_codes, new_entry


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``new``."""
    parser.add_argument(
        "what", choices=("entry", "report"), help="entry：目录条目；report：年度报告"
    )
    parser.add_argument(
        "--agency",
        required=True,
        metavar="单位",
        help="单位代号（content/agencies/ 下的文件夹名）",
    )
    kinds = f"条目类型：{'、'.join(kind_codes())}"
    parser.add_argument("--kind", default="document", metavar="类型", help=kinds)
    parser.add_argument(
        "--column", default="", metavar="栏目", help="栏目代号（见 vocab/columns.yml）"
    )
    parser.add_argument(
        "--name",
        default="",
        metavar="文件名",
        help="文件名，小写字母、数字和连字符；不写时用索引号后段",
    )
    add_report_arguments(parser, is_required=False)
    parser.add_argument(
        "--xlsx", action="store_true", help="年报旁边再放一份空白的 Excel 表格，数字填在里面"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the skeleton and print its path."""
    build = content_build(arguments)
    judged = build.load()
    build.cache.close()
    if arguments.agency not in judged.corpus.agencies:
        near = nearest(arguments.agency, judged.corpus.agencies)
        raise UsageError(p.UNKNOWN_AGENCY, value=arguments.agency, **p.hint(near))
    make = _report if arguments.what == "report" else _entry
    for path in make(arguments, build, judged):
        print(path)
    return 0


def _report(arguments: argparse.Namespace, build: Build, judged: Any) -> list[Path]:
    """Write the skeleton of a report, and its workbook if wanted."""
    year = asked_year(arguments)
    form = asked_form(arguments) or default_form(year)
    if arguments.xlsx and form not in form_names(with_tables=True):
        known = "、".join(form_names(with_tables=True))
        raise UsageError(p.FORM_WITHOUT_TABLES, form=form, known=known)
    root, agency = build.options.content, arguments.agency
    try:
        return new_report(
            root, judged, agency, year, form, with_sheet=arguments.xlsx, today=judged.today
        )
    except ModuleNotFoundError as error:
        raise UsageError(p.LIBRARY_MISSING, package=error.name or "") from None
    except LinkedPlace as error:
        raise linked(error) from None
    except FileExistsError as error:
        why = "文件已存在，保持原样，没有改动"
        raise UsageError(p.CANNOT_WRITE, file=str(error.filename), why=why) from None


def _entry(arguments: argparse.Namespace, build: Build, judged: Any) -> list[Path]:
    """Write the skeleton of an entry."""
    columns = judged.corpus.columns
    if arguments.kind not in kind_codes():
        raise UsageError(
            p.NOT_IN_VOCABULARY,
            key="kind",
            label="类型",
            value=arguments.kind,
            where="、".join(kind_codes()),
            **p.hint(nearest(arguments.kind, kind_codes())),
        )
    if arguments.column and arguments.column not in columns:
        near = nearest(arguments.column, columns)
        raise UsageError(p.UNKNOWN_COLUMN, value=arguments.column, **p.hint(near))
    if arguments.name and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", arguments.name):
        raise UsageError(p.BAD_CODE, value=arguments.name)
    try:
        written = new_entry(
            build.options.content,
            judged,
            arguments.agency,
            arguments.kind,
            arguments.column,
            arguments.name,
            judged.today,
        )
    except FileExistsError as error:
        remedy = {
            "remedy": "文件已存在，请换一个 --name",
            "remedy_en": "the file exists; choose another --name",
        }
        raise UsageError(
            p.BAD_OPTION, option="--name", value=str(error.filename), **remedy
        ) from None
    return [written]
