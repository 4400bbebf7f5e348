"""Inputs of a hostile size are refused in words or handled within stated time and memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

MEMORY_MB = 1024  # of address space, the libraries of the package included
SECONDS = 8  # of processor time for one file, the start of the process included
HEAD = (
    "---\ntitle: 关于试点工作的通知\nindex_number: QH0000028/2026-00001\nissued_on: 2026-03-02\n"
    "published_on: 2026-03-05 10:20\ncolumn: notices\nsubject: T17\n"
)
PROGRAM = """
import sys
from pathlib import Path
from gongkai.intake.walk import walk
from gongkai.pipeline.parse import parse
import json
root = Path(sys.argv[1])
for found in walk(root)[0]:
    facts = json.loads(parse(root, found, {}).facts)
    print(" ".join(sorted({p["code"] if isinstance(p, dict) else p[0] for p in facts["problems"]})))
"""


def bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB << 20, MEMORY_MB << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def entry(body: str = "正文", more: str = "") -> str:
    return f"{HEAD}{more}---\n{body}\n"


ROW = "行政许可,2025-03-05,施工许可,1,\n"
CASES: dict[str, tuple[str, Callable[[], str]]] = {
    "a table of 100,000 rows": (
        "notice",
        lambda: entry("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 100_000),
    ),
    "a sheet of 100,000 rows": ("sheet", lambda: "类别,日期,事项名称,件数,金额\n" + ROW * 100_000),
    "a sheet of one megabyte's row": (
        "sheet",
        lambda: "类别,日期,事项名称,件数,金额\n" + "长" * 350_000,
    ),
    "a line of a megabyte": ("notice", lambda: entry("字" * 350_000)),
    "nine megabytes": ("notice", lambda: entry("字\n" * 2_300_000)),
    "fifty thousand links": ("notice", lambda: entry("[a](b)\n" * 50_000)),
    "fifty thousand pictures": ("notice", lambda: entry("![a](b)\n" * 50_000)),
    "fifty thousand addresses": ("notice", lambda: entry("<https://a.example>\n" * 50_000)),
    "fifty thousand references": ("notice", lambda: entry("[a][b]\n" * 50_000 + "\n[b]: c\n")),
    "fifty thousand definitions": (
        "notice",
        lambda: entry("".join(f"[a{n}]: b\n" for n in range(50_000))),
    ),
    "fifty thousand headings": ("notice", lambda: entry("# a\n\n" * 50_000)),
    "a hundred thousand brackets": ("notice", lambda: entry("[" * 100_000)),
    "a hundred thousand stars": ("notice", lambda: entry("*a " * 30_000)),
    "a hundred thousand quotes": ("notice", lambda: entry(">" * 90_000)),
    "a hundred thousand entities": ("notice", lambda: entry("&lt;" * 20_000 + "\n")),
    "a million blank lines": ("notice", lambda: entry("\n" * 1_000_000)),
    "front matter of a hundred thousand levels": (
        "notice",
        lambda: entry(more="keywords: " + "[" * 30_000 + "\n"),
    ),
    "front matter of a hundred thousand keys": (
        "notice",
        lambda: entry(more="".join(f"k{n}: v\n" for n in range(100_000))),
    ),
    "ten thousand attachments": (
        "notice",
        lambda: entry(
            more="attachments:\n" + "  - {file: ../../files/a.txt, title: 附件}\n" * 10_000
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_work_on_one_file_is_bounded(name: str, tmp_path: Path) -> None:
    kind, made = CASES[name]
    path = "decisions/2025.csv" if kind == "sheet" else "catalogue/2026/a.md"
    file = tmp_path / "agencies" / "mzj" / path
    file.parent.mkdir(parents=True)
    file.write_text(made(), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        preexec_fn=bounded,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-400:]
    assert "GK904" not in done.stdout.decode()
