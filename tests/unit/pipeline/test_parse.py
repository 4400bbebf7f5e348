"""One file that the program fails on costs itself alone."""

from __future__ import annotations

import json
import time
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


# the parts of a report

HEAD = """---
title: 青禾县民政局2025年政府信息公开工作年度报告
form: "2021"
published_on: 2026-01-20 09:00
---
"""


def empty(tmp_path: Path, body: str) -> list[str]:
    """Return the headings of a report below which nothing stands."""
    path = "agencies/mzj/reports/2025.md"
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(HEAD + body, "utf-8")
    parsed = parse(tmp_path, Found(path, 1, 1, "report", "mzj", "2025"))
    found = json.loads(parsed.facts)["empty"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("below", "is_empty"),
    [
        ("", True),
        ("\n\n", True),
        ("<!-- 待补 -->\n", True),
        ("---\n", True),
        ("### （一）收费\n\n### （二）其他\n", True),
        ("无\n", False),
        ("### （一）收费\n\n未收取。\n", False),
        ("### （一）收费\n\n### （二）其他\n\n无。\n", False),
        ("#### 收费\n未收取。\n", False),
        ("| 年 | 数 |\n|---|---|\n| 2025 | 1 |\n", False),
        ("- 无\n", False),
        ("**无**\n", False),
    ],
)
def test_a_part_is_empty_where_nothing_but_headings_stands(
    tmp_path: Path, below: str, is_empty: bool
) -> None:
    body = f"## 一、总体情况\n\n概述。\n\n## 六、其他需要报告的事项\n\n{below}"
    assert empty(tmp_path, body) == (["六、其他需要报告的事项"] if is_empty else [])


def test_a_part_ends_at_the_next_one(tmp_path: Path) -> None:
    assert empty(tmp_path, "## 甲\n\n## 乙\n\n### 丙\n\n## 丁\n\n无\n") == ["甲", "乙"]


@pytest.mark.parametrize("text", ["## a\n", "### b\n", "#", "\n", "## a"])
def test_whatever_a_file_can_hold_is_looked_through_in_time(text: str) -> None:
    begin = time.process_time()
    room._empty_headings(f"## a\n{text * 200_000}")
    assert time.process_time() - begin < 5
