"""``gongkai publish``: check, build, verify what was built, enter it in the ledger, swap it in."""

from __future__ import annotations

import argparse
import shlex
from collections import Counter
from collections.abc import Iterable

from gongkai.cli import build
from gongkai.cli.common import UsageError, content_build, say
from gongkai.kernel import problems as p
from gongkai.pipeline.publish import Publication, PublishedLater, Row

FINDINGS_SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``publish``."""
    build.add_arguments(parser)
    parser.add_argument(
        "--sign",
        metavar="命令",
        help="给发布日志的检查点签名的外部命令，{in} 是要签的文件，{out} 是签名文件",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="只列出将要登记的内容，不改动网站和登记簿"
    )


def run(arguments: argparse.Namespace) -> int:
    """Publish the site; return 0 when all is published, 1 when content was refused or left out."""
    command = shlex.split(arguments.sign) if arguments.sign else []
    if arguments.sign is not None and not any("{in}" in part for part in command):
        remedy = {
            "remedy": "命令里要有 {in}，如 openssl pkeyutl -sign -rawin -in {in} -out {out} …",
            "remedy_en": "name {in} in it",
        }
        raise UsageError(p.BAD_OPTION, option="--sign", value=arguments.sign, **remedy)
    publication = Publication(sign=tuple(command), is_dry=arguments.dry_run)
    if publication.is_dry:
        return _dry_run(arguments, publication)
    code = build.build_site(arguments, publication)
    if code == 2:
        for finding in publication.findings[:FINDINGS_SHOWN]:
            print(finding)
        if (more := len(publication.findings) - FINDINGS_SHOWN) > 0:
            say(f"……另有 {more} 处")
        return code
    if publication.is_done and publication.rows:
        _tell(publication.rows)
        say(f"已登记：{_counted(publication.rows)}；请把 content/ledger 的改动提交到代码库")
    elif publication.is_done or code == 0:
        say("没有要登记的内容")
    return code


def _dry_run(arguments: argparse.Namespace, publication: Publication) -> int:
    one = content_build(arguments)
    one.options.quarantine = arguments.quarantine
    one.publication = publication
    try:
        judged = one.load()
    except PublishedLater as error:
        raise UsageError(p.PUBLISHED_LATER, **error.facts) from None
    one.cache.close()
    _tell(publication.rows)
    say(f"将登记：{_counted(publication.rows) or '没有新的内容'}")
    errors = judged.count(p.Severity.ERROR)
    if errors:
        say(f"内容有 {errors} 处错误，见 gongkai check")
    return 1 if errors else 0


def _tell(rows: Iterable[Row]) -> None:
    for row in rows:
        print(f"{row.date}\t{row.event}\t{row.agency}\t{row.address}")


def _counted(rows: Iterable[Row]) -> str:
    counts = Counter(row.event for row in rows)
    return "，".join(f"{_EVENTS[event]} {n} 项" for event, n in sorted(counts.items()))


_EVENTS = {
    "published": "新公布",
    "changed": "更改",
    "withdrawn": "撤下",
    "erased": "依法去除",
    "restored": "恢复",
}
