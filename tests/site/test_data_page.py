"""The sample program of the data page reads the published index."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from acceptance.project import ROOT, Project

PAGE = ROOT / "site_src" / "help" / "data.md"


@pytest.mark.parametrize(
    ("term", "address"),
    [("低保", "i/QH0000028/2026-00006.html"), ("#2026-12", "i/QH0000028/2026-00004.html")],
)
def test_the_sample_program_finds_what_holds_a_term(
    demo: Project, tmp_path: Path, term: str, address: str
) -> None:
    match = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert match
    program = tmp_path / "read.py"
    program.write_text(match[1], "utf-8")
    command = [sys.executable, "-X", "utf8", str(program), str(demo.site), term]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    found = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert address in found, done.stdout
    assert all((demo.site / each).is_file() for each in found)
