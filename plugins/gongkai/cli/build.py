"""``gongkai build`` and ``gongkai serve``: MkDocs with the project's mkdocs.yml, as one command."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from typing import Any

from gongkai.cli.common import UsageError, asked_instant, say
from gongkai.kernel import problems as p
from gongkai.pipeline.publish import Publication


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options that ``build`` and ``serve`` share."""
    parser.add_argument("--strict", action="store_true", help="有警告也不发布")
    parser.add_argument(
        "--quarantine", action="store_true", help="有错的条目单独剔除，其余照常发布"
    )
    parser.add_argument(
        "--workers", type=int, metavar="个数", help="并行进程数（默认等于处理器数）"
    )
    parser.add_argument("--verbose", action="store_true", help="列出每条提示")


def run(arguments: argparse.Namespace) -> int:
    """Build the site; return 0 when all is published, 1 when content was refused or left out."""
    return build_site(arguments)


def build_site(arguments: argparse.Namespace, publication: Publication | None = None) -> int:
    """Build the site, and where it is a publication enter it in the ledger; return as ``run``."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort

    _quiet(arguments.verbose)
    config = load_config(str(_config_file(arguments)), strict=arguments.strict)
    plugin: Any = config.plugins["gongkai/catalogue"]
    _set_options(plugin, arguments)
    plugin.publication = publication
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build(config)
        config.plugins.on_shutdown()
    except Abort as abort:
        say(str(abort))
        plugin.give_up()
        return 2 if hasattr(abort, "problem") else 1
    outcome = plugin.outcome
    if outcome is None:
        return 1
    if outcome.swapped:
        written, removed = len(outcome.written), len(outcome.removed)
        say(f"共 {outcome.artifacts} 个文件，写入 {written} 个，撤去 {removed} 个")
    else:
        say("没有变化，原网站不动")
    for notice in plugin.build.notices:
        say(notice)
    errors = sum(x.severity is p.Severity.ERROR for x in plugin.problems or ())
    if errors:
        say(f"有 {errors} 处错误，有错的条目没有发布，见上面的提示")
    return 1 if errors else 0


def serve(arguments: argparse.Namespace) -> int:
    """Serve the site on this machine and rebuild on every change."""
    from mkdocs.commands.serve import serve as mkdocs_serve

    _quiet(arguments.verbose)
    mkdocs_serve(str(_config_file(arguments)), dev_addr=arguments.address)
    return 0


def _config_file(arguments: argparse.Namespace) -> Any:
    file = arguments.project / "mkdocs.yml"
    if not file.is_file():
        remedy = {
            "remedy": "请在项目文件夹中运行，或用 --project 指明",
            "remedy_en": "run it in the project, or name --project",
        }
        raise UsageError(p.MISSING_FILE, str(file), file=str(file), **remedy)
    return file


def _set_options(plugin: Any, arguments: argparse.Namespace) -> None:
    """Let the command line override what mkdocs.yml says."""
    if asked_instant(arguments) is not None:
        plugin.config.as_of = arguments.as_of
    if arguments.quarantine:
        plugin.config.quarantine = True
    if arguments.workers is not None:
        plugin.config.workers = arguments.workers


def _quiet(verbose: bool) -> None:
    """Print problems as they are found, without MkDocs' own chatter; errors always show."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    os.environ.setdefault("DISABLE_MKDOCS_2_WARNING", "true")
    logger = logging.getLogger("mkdocs")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    handler.setLevel(logging.INFO if verbose else logging.WARNING)
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
