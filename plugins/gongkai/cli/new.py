"""``gongkai new entry``: a commented skeleton with the next index number."""

from __future__ import annotations

import argparse
import re

from gongkai.cli.common import UsageError, content_build
from gongkai.kernel import problems as p
from gongkai.kernel.text import nearest
from gongkai.pipeline.skeleton import kind_codes, new_entry


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``new``."""
    parser.add_argument("what", choices=("entry",), help="entry：目录条目")
    parser.add_argument(
        "--agency", required=True, help="单位代号（content/agencies/ 下的文件夹名）"
    )
    parser.add_argument("--kind", default="document", help=f"条目类型：{'、'.join(kind_codes())}")
    parser.add_argument("--column", default="", help="栏目代号（见 vocab/columns.yml）")
    parser.add_argument(
        "--name", default="", help="文件名，小写字母、数字和连字符；不写时用索引号后段"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the skeleton and print its path."""
    build = content_build(arguments)
    judged = build.load()
    build.cache.close()
    agencies, columns = judged.corpus.agencies, judged.corpus.columns
    if arguments.agency not in agencies:
        near = nearest(arguments.agency, agencies)
        raise UsageError(p.UNKNOWN_AGENCY, value=arguments.agency, **p.hint(near))
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
        path = new_entry(
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
    print(path)
    return 0
