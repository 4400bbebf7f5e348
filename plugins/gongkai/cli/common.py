"""What the commands share: where the project is, how to speak, how to show progress."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Code, Problem
from gongkai.pipeline.build import Build, Instant, Options, moment


class UsageError(Exception):
    """A command was called in a way that cannot work; its words are for the user."""

    def __init__(self, code: Code, path: str = "", **facts: object) -> None:
        self.problem = Problem(code, Place(path), facts)
        super().__init__(self.problem.message())


def add_project_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options that say where things are."""
    parser.add_argument(
        "--project",
        type=Path,
        default=Path(),
        metavar="文件夹",
        help="项目所在的文件夹（默认当前文件夹）",
    )
    parser.add_argument(
        "--as-of",
        metavar="时刻",
        help="按哪个时刻判断定时发布和有效性，如 2026-11-20 或 2026-11-20T09:00",
    )


def content_build(arguments: argparse.Namespace) -> Build:
    """Return a build over the project's content.

    Raises:
        UsageError: there is no content folder, or the instant cannot be read.
    """
    project: Path = arguments.project
    content = project / "content"
    if not content.is_dir():
        remedy = {
            "remedy": "请在项目文件夹中运行，或用 --project 指明",
            "remedy_en": "run it in the project, or name --project",
        }
        raise UsageError(p.MISSING_FILE, str(content), file=str(content), **remedy)
    as_of = asked_instant(arguments)
    cache = project / "build" / "cache" / "gongkai.sqlite"
    return Build(Options(content, project / "theme", cache, as_of, progress=progress()))


def asked_instant(arguments: argparse.Namespace) -> Instant | None:
    """Return the instant of ``--as-of``, or nothing where it was not given.

    Raises:
        UsageError: it cannot be read.
    """
    if not arguments.as_of:
        return None
    try:
        return moment(arguments.as_of)
    except ValueError:
        remedy = {
            "remedy": "应为 2026-11-20 或 2026-11-20T09:00",
            "remedy_en": "write 2026-11-20 or 2026-11-20T09:00",
        }
        raise UsageError(p.BAD_OPTION, option="--as-of", value=arguments.as_of, **remedy) from None


def progress() -> Callable[[str, int, int], None] | None:
    """Return a progress line for a terminal, and nothing in CI or a pipe."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None

    def tell(label: str, done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r{label} {done}/{total}", end=end, file=sys.stderr, flush=True)

    return tell


def say(words: str) -> None:
    """Say something to the person at the terminal; results go to standard output alone."""
    if sys.stderr is not None:  # it may be closed
        print(words, file=sys.stderr)
