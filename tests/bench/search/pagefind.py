"""Pagefind beside us: its program installed, and the same pages into its index."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from bench.measure import Cost, run

HERE = Path(__file__).parent
PAGES = "{i/*/*.html,a/*/report/[0-9]*.html}"  # entries and yearly reports, no lists
TEXT = "article"  # what stands on a page beside its head, foot and navigation
LANGUAGE = "zh"


def install(tools: Path) -> Path | None:
    """Install the program into ``tools`` and return it; ``None`` where that cannot be done."""
    npm = shutil.which("npm")
    if not (found := _program(tools)) and npm:
        tools.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy2(HERE / name, tools)
        command = [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=tools, check=False)
        found = _program(tools)
    return found


def _program(tools: Path) -> Path | None:
    programs = tools.glob("node_modules/@pagefind/*/bin/pagefind_extended")  # it knows Chinese
    return next(iter(sorted(programs)), None)


def index(program: Path, site: Path, out: Path) -> Cost:
    """Index the pages of a site and return what that took."""
    shutil.rmtree(out, ignore_errors=True)
    command = [
        str(program), "--site", str(site), "--output-path", str(out), "--glob", PAGES,
        "--root-selector", TEXT, "--force-language", LANGUAGE, "--quiet",
    ]  # fmt: skip
    out.parent.mkdir(parents=True, exist_ok=True)
    return run(command, out.parent, dict(os.environ))


def files(out: Path) -> list[Path]:
    """Return the files of its index that a search can ask for; its ready-made pages are not."""
    own = ("-ui.", "modular", "highlight", "component")
    return [path for path in out.rglob("*") if path.is_file() and not _is_extra(path.name, own)]


def _is_extra(name: str, own: tuple[str, ...]) -> bool:
    return any(mark in name for mark in own)
