"""``gongkai bundle``: the built site as one ZIP file that opens without a server."""

from __future__ import annotations

import argparse
from pathlib import Path

from gongkai.cli.common import UsageError, say
from gongkai.kernel import problems as p
from gongkai.release.bundle import NoSite, bundle
from gongkai.release.staging import locked


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``bundle``."""
    parser.add_argument(
        "site", nargs="?", type=Path, metavar="网站", help="网站文件夹（默认 build/site）"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="文件",
        help="写到哪个文件（默认 build/site.zip，在网站文件夹旁边）",
    )


def run(arguments: argparse.Namespace) -> int:
    """Pack the site and say where it is; no build can change it meanwhile."""
    site: Path = arguments.site or arguments.project / "build" / "site"
    if not site.is_dir():
        raise UsageError(p.NO_SITE, str(site), folder=str(site))
    where = site.resolve()
    out: Path = arguments.out or where.with_name(f"{where.name}.zip")
    if where in out.resolve().parents:
        remedy = {
            "remedy": "不能写进网站文件夹，请写到别处",
            "remedy_en": "it cannot lie in the site itself; write it elsewhere",
        }
        raise UsageError(p.BAD_OPTION, option="--out", value=str(out), **remedy)
    with locked(where.parent / f".{where.name}.lock"):
        try:
            count = bundle(where, out)
        except NoSite:
            raise UsageError(p.NO_SITE, str(site), folder=str(site)) from None
    say(f"已把 {count} 个文件打包为 {out}，解压后双击 index.html 即可浏览和检索")
    return 0
