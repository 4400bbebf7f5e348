"""``gongkai verify``: the built site recounted, or a served copy held against what proves it."""

from __future__ import annotations

import argparse
import json
import re
import time
from pathlib import Path
from typing import Any

from gongkai.cli.common import UsageError, progress, say
from gongkai.kernel import problems as p
from gongkai.kernel.problems import visible
from gongkai.release import served
from gongkai.release.fetch import Folder, Source, Web
from gongkai.release.signing import Command, KeyUnreadable, SigningFailed, check_command
from gongkai.release.verify import verify

_URL = re.compile(r"https?://", re.IGNORECASE)
_HOUR = 3600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``verify``."""
    parser.add_argument(
        "site",
        nargs="?",
        metavar="文件夹或网址",
        help="要核对的副本；不写则按 content/ 另行清点 build/site",
    )
    trust = parser.add_mutually_exclusive_group()
    trust.add_argument("--key", type=Path, metavar="公钥", help="验证检查点签名的公钥（PEM）")
    trust.add_argument(
        "--check-command",
        metavar="命令",
        help="验证签名的外部命令，{in} 是检查点，{sig} 是签名，状态 0 表示有效",
    )
    parser.add_argument(
        "--against", type=Path, metavar="文件夹", help="可信的网站文件夹（默认 build/site）"
    )
    parser.add_argument(
        "--since", type=Path, metavar="文件", help="以前保存的检查点，核对发布日志是否接续"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出格式")
    parser.add_argument(
        "--time-limit", type=float, default=_HOUR, metavar="秒", help="核对网址最多用多久"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print what does not agree: 0 nothing, 1 something, 2 it could not be checked."""
    built: Path = arguments.project / "build" / "site"
    given: str | None = arguments.site
    if given is None or (not _URL.match(given) and Path(given).resolve() == built.resolve()):
        return _recount(arguments, built)
    content = arguments.project / "content"
    against = arguments.against
    if against is None and (built / served.MANIFEST).is_file():
        against = built
    anchors = _anchors(arguments, content if content.is_dir() else None, against)
    if not _URL.match(given):
        if not Path(given).is_dir():
            say(f"{given}：没有这个文件夹，找不到 data/build.json 和 data/manifest.tsv")
            return 2
        return _tell(_checked(Folder(Path(given)), anchors), given, arguments)
    try:
        web = Web(given, until=time.monotonic() + arguments.time_limit)
    except ValueError:
        raise _bad("文件夹或网址", given, "应为 https://www.example.gov.cn/ 这样的网址") from None
    try:
        return _tell(_checked(web, anchors), given, arguments)
    finally:
        web.close()


def _recount(arguments: argparse.Namespace, site: Path) -> int:
    """Count the built site anew from its content, and check its log's signature where asked."""
    content = arguments.project / "content"
    findings, summary = verify(content, site)
    if arguments.key or arguments.check_command or arguments.since or arguments.against:
        verdict = _checked(Folder(site), _anchors(arguments, content, arguments.against))
        findings += [one for one in map(_line, verdict.differences) if one not in findings]
        if verdict.why_not:
            findings.append(verdict.why_not)
        for words in verdict.trusted:
            say(words)
    if arguments.format == "json":
        rows = [dict(zip(("address", "why"), one.split(": ", 1), strict=False)) for one in findings]
        _print_json({"summary": summary, "differences": rows})
    else:
        for finding in findings:
            print(visible(finding))
    say(summary)
    return 1 if findings else 0


def _anchors(
    arguments: argparse.Namespace, content: Path | None, against: Path | None
) -> served.Anchors:
    """Return what was given to trust in.

    Raises:
        UsageError: a file that was named cannot be used.
    """
    check: Command | None = arguments.check_command
    try:
        if arguments.key is not None:
            check = check_command(arguments.key)
    except KeyUnreadable as error:
        raise _bad("--key", arguments.key, str(error)) from None
    since = None
    if arguments.since is not None:
        try:
            since = arguments.since.read_bytes()
        except OSError as error:
            raise _bad("--since", arguments.since, error.strerror or "读不出") from None
    if arguments.against is not None and not (arguments.against / served.MANIFEST).is_file():
        raise _bad("--against", arguments.against, "那里没有生成好的网站")
    return served.Anchors(check, content, against, since)


def _checked(source: Source, anchors: served.Anchors) -> served.Verdict:
    try:
        return served.check(source, anchors, tell=progress())
    except SigningFailed as error:
        raise _bad("--check-command", "", str(error)) from None
    except ValueError as error:
        raise _bad("--since", "", f"这个检查点{error}") from None


def _tell(verdict: served.Verdict, name: str, arguments: argparse.Namespace) -> int:
    if arguments.format == "json":
        _print_json(
            {
                "copy": name,
                "summary": verdict.summary(),
                "files": verdict.files,
                "proved": verdict.is_proved,
                "trusted": verdict.trusted,
                "notes": verdict.notes,
                "differences": [
                    {"kind": one.kind.value, "address": one.address, "why": one.why}
                    for one in verdict.differences
                ],
            }
        )
    else:
        for one in verdict.differences:
            print(_line(one))
    for words in (*verdict.trusted, *verdict.notes):
        say(visible(words))
    say(visible(verdict.summary()))
    return verdict.code


def _line(one: served.Difference) -> str:
    return visible(one.line())


def _print_json(facts: dict[str, Any]) -> None:
    print(json.dumps({"version": 1, **facts}, ensure_ascii=False, indent=1))


def _bad(option: str, value: object, why: str) -> UsageError:
    return UsageError(p.BAD_OPTION, option=option, value=str(value), remedy=why, remedy_en=why)
