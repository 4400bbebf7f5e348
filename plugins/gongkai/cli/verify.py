"""``gongkai verify``: the published site recounted against content/ by an independent check."""

from __future__ import annotations

import argparse
from pathlib import Path

from gongkai.cli.common import say
from gongkai.release.verify import verify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``verify``."""
    parser.add_argument("site", nargs="?", type=Path, help="网站文件夹（默认 build/site）")


def run(arguments: argparse.Namespace) -> int:
    """Print what does not agree; return 0 when everything does."""
    site = arguments.site or arguments.project / "build" / "site"
    findings, summary = verify(arguments.project / "content", site)
    for finding in findings:
        print(finding)
    say(summary)
    return 1 if findings else 0
