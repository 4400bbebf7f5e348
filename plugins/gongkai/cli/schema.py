"""``gongkai schema``: the JSON Schema and reference pages made from the declarations."""

from __future__ import annotations

import argparse

from gongkai.cli.common import say
from gongkai.pipeline.ownership import CODEOWNERS, owners_file
from gongkai.schema.reference import generated_files


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``schema``."""
    parser.add_argument("--check", action="store_true", help="只检查已提交的文件是否与声明一致")


def run(arguments: argparse.Namespace) -> int:
    """Write the generated files, or tell which are stale."""
    files = generated_files()
    content = arguments.project / "content"
    if (content / "site.yml").is_file() and (owners := owners_file(content)) is not None:
        files[CODEOWNERS] = owners
    stale = []
    for path, text in files.items():
        file = arguments.project / path
        if file.is_file() and file.read_text("utf-8") == text:
            continue
        stale.append(path)
        if not arguments.check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8", newline="\n")
    for path in stale:
        print(path)
    if arguments.check and stale:
        say("以上文件与字段声明不一致，请运行 gongkai schema 后提交")
        return 1
    return 0
