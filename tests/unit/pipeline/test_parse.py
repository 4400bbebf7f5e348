"""One file that the program fails on costs itself alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gongkai.intake.walk import Found
from gongkai.pipeline import parse as room
from gongkai.pipeline.parse import parse, unpack_problems


def test_a_failure_of_the_program_is_named_at_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise ZeroDivisionError("半途")

    monkeypatch.setattr(room, "read_front_matter", fail)
    path = "agencies/mzj/catalogue/2026/a.md"
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("---\ntitle: 甲\n---\n正文\n", "utf-8")
    parsed = parse(tmp_path, Found(path, 1, 1, "entry", "mzj", "2026"))
    facts = json.loads(parsed.facts)
    assert facts["model"] is None
    (problem,) = unpack_problems(path, facts["problems"])
    assert problem.line().startswith(f"{path}:1:1: GK904 ")
    assert "ZeroDivisionError: 半途" in problem.line()
