"""``gongkai check``: every problem in the content, located, in words or for machines."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from posixpath import normpath

from gongkai.cli.common import UsageError, content_build, say
from gongkai.kernel import problems as p
from gongkai.kernel.problems import Problem, Severity, in_order, visible
from gongkai.kernel.text import nearest
from gongkai.pipeline.mend import mend_content
from gongkai.pipeline.ownership import (
    SITE,
    Change,
    GitFailed,
    judge_change,
    of_the_change,
    read_change,
)

_LABELS = {
    "zh": {"error": "错误", "warning": "警告", "note": "提示"},
    "en": {"error": "error", "warning": "warning", "note": "note"},
}
_HIDDEN = {
    "zh": "另有 {count} 处问题与这次改动无关，没有列出",
    "en": "{count} more problems were there before this change and are not listed",
}
_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``check``."""
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="提示的语言")
    parser.add_argument(
        "--format", choices=("text", "json", "github"), default="text", help="输出格式"
    )
    parser.add_argument("--strict", action="store_true", help="有警告也算不通过")
    parser.add_argument("--fix", action="store_true", help="自动改正编码、换行和文号括号")
    parser.add_argument("--quiet", action="store_true", help="不列提示，只列错误和警告")
    parser.add_argument(
        "--changed",
        metavar="基准",
        help="只列出相对于这个分支或提交的改动带来的问题，如 origin/main",
    )
    parser.add_argument(
        "--as",
        dest="who",
        metavar="单位",
        action="append",
        help="改动只能在这个单位的文件夹里（可以写几次；网站主办单位写 site）；与 --changed 连用",
    )


def run(arguments: argparse.Namespace) -> int:
    """Check and print; return 0 when clean, 1 when there are errors (or warnings, if strict)."""
    build = content_build(arguments)
    change = _change(arguments)
    judged = build.load()
    if arguments.fix:
        mended = mend_content(build.options.content, judged)
        for path in mended:
            print(f"已改正 {path}" if arguments.lang == "zh" else f"mended {path}", file=sys.stderr)
        if mended:
            judged = build.load()
    build.cache.close()
    found, hidden = judged.problems, 0
    if change is not None:
        who = set(arguments.who or ())
        if unknown := who - judged.corpus.agencies.keys() - {SITE}:
            raise _unknown_agency(min(unknown), judged.corpus.agencies)
        try:
            found, hidden = of_the_change(change, judged, build)
            foreign = judge_change(change, judged, build.options.content, who) if who else []
        except GitFailed as error:
            raise _failed(arguments.changed, error) from None
        found = tuple(in_order([*found, *foreign]))
    problems = [
        problem for problem in found if not (arguments.quiet and problem.severity is Severity.NOTE)
    ]
    _print(problems, arguments.format, arguments.lang)
    counts = Counter(problem.severity for problem in found)
    if arguments.format == "text":
        say(_summary(counts, len(judged.states), arguments.lang))
        if hidden:
            say(_HIDDEN[arguments.lang].format(count=hidden))
    failing = counts[Severity.ERROR] or (arguments.strict and counts[Severity.WARNING])
    return 1 if failing else 0


def _change(arguments: argparse.Namespace) -> Change | None:
    """Return the change that is asked about, or nothing where the whole content is.

    Raises:
        UsageError: git does not know it, or an agency is named without a change.
    """
    if arguments.changed is None:
        if arguments.who:
            remedy = {
                "remedy": "要和 --changed 连用，如 --changed origin/main",
                "remedy_en": "use it with --changed, such as --changed origin/main",
            }
            raise UsageError(p.BAD_OPTION, option="--as", value=arguments.who[0], **remedy)
        return None
    try:
        return read_change(arguments.project, arguments.changed)
    except GitFailed as error:
        raise _failed(arguments.changed, error) from None


def _failed(base: str, error: GitFailed) -> UsageError:
    words = {"remedy": error.remedy, "remedy_en": error.remedy_en}
    return UsageError(p.BAD_OPTION, option="--changed", value=base, **words)


def _unknown_agency(code: str, agencies: Iterable[str]) -> UsageError:
    near = p.hint(nearest(code, agencies))
    words = {
        "remedy": f"没有这个单位{near['hint']}，应为单位文件夹的名字或 site",
        "remedy_en": f"no such agency{near['hint_en']}: name an agency's folder, or site",
    }
    return UsageError(p.BAD_OPTION, option="--as", value=code, **words)


def _print(problems: list[Problem], form: str, language: str) -> None:
    if form == "json":
        rows = [
            {
                "path": x.place.path,
                "line": x.place.line,
                "column": x.place.column,
                "code": x.code.id,
                "severity": x.severity.value,
                "message": x.message(language),
                "fixable": x.code.is_fixable,
            }
            for x in problems
        ]
        print(json.dumps({"version": 1, "problems": rows}, ensure_ascii=False, indent=1))
        return
    for x in problems:
        if form == "github":
            path = normpath(f"content/{visible(x.place.path)}")  # what lies elsewhere climbs out
            path = path.replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
            place = f"file={path},line={x.place.line},col={x.place.column}"
            message = x.message(language).replace("%", "%25").replace("\n", "%0A")
            print(f"::{_GITHUB[x.severity]} {place},title={x.code.id}::{message}")
        else:
            label = _LABELS[language][x.severity]
            print(
                f"{visible(str(x.place))}: {x.code.id} {label}：{x.message(language)}"
                if language == "zh"
                else f"{visible(str(x.place))}: {x.code.id} {label}: {x.message(language)}"
            )


def _summary(counts: Counter[Severity], files: int, language: str) -> str:
    errors, warnings, notes = (counts[s] for s in (Severity.ERROR, Severity.WARNING, Severity.NOTE))
    if language == "en":
        return f"{files} files: {errors} errors, {warnings} warnings, {notes} notes"
    return f"共检查 {files} 个文件：{errors} 处错误，{warnings} 处警告，{notes} 条提示"
