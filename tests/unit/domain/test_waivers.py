"""A waiver softens the warning that it names, in its own file alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden.cases import BASE, Case, build_of
from gongkai.kernel.problems import Severity

PATH = "agencies/mzj/catalogue/2026/allowance.md"


@pytest.mark.parametrize(
    ("waivers", "severity"), [("[GK221]", Severity.NOTE), ("[GK239]", Severity.WARNING)]
)
def test_only_the_named_warning_becomes_a_note(
    tmp_path: Path, waivers: str, severity: Severity
) -> None:
    Case(BASE / "base.case", "", ()).lay(tmp_path / "content")
    file = tmp_path / "content" / PATH
    lines = file.read_text("utf-8").split("\n")
    lines = [
        x[: len("published_on: 2026-01-01")] if x.startswith("published_on") else x for x in lines
    ]
    file.write_text("\n".join([lines[0], f"waivers: {waivers}", *lines[1:]]), "utf-8")
    build = build_of(tmp_path / "content")
    judged = build.load()
    build.cache.close()
    found = {x.code.id: x.severity for x in judged.problems if x.place.path == PATH}
    assert found["GK221"] is severity
