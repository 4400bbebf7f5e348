"""``gongkai check``: every problem in the content, located, in words or for machines."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter

from gongkai.cli.common import content_build, say
from gongkai.kernel.problems import Problem, Severity, visible
from gongkai.pipeline.mend import mend_content

_LABELS = {
    "zh": {"error": "错误", "warning": "警告", "note": "提示"},
    "en": {"error": "error", "warning": "warning", "note": "note"},
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


def run(arguments: argparse.Namespace) -> int:
    """Check and print; return 0 when clean, 1 when there are errors (or warnings, if strict)."""
    build = content_build(arguments)
    judged = build.load()
    if arguments.fix:
        mended = mend_content(build.options.content, judged)
        for path in mended:
            print(f"已改正 {path}" if arguments.lang == "zh" else f"mended {path}", file=sys.stderr)
        if mended:
            judged = build.load()
    build.cache.close()
    problems = [
        problem
        for problem in judged.problems
        if not (arguments.quiet and problem.severity is Severity.NOTE)
    ]
    _print(problems, arguments.format, arguments.lang)
    counts = Counter(problem.severity for problem in judged.problems)
    if arguments.format == "text":
        say(_summary(counts, len(judged.states), arguments.lang))
    failing = counts[Severity.ERROR] or (arguments.strict and counts[Severity.WARNING])
    return 1 if failing else 0


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
            path = visible(x.place.path).replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
            place = f"file=content/{path},line={x.place.line},col={x.place.column}"
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
