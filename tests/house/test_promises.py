"""Every promise of the help names a test that is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "site_src" / "help" / "promises.md"
ROWS = re.findall(r"(?m)^\| ([^|]+) \| `([^`]+)` \|$", PAGE.read_text("utf-8"))


def test_every_row_names_a_promise_and_a_test() -> None:
    lines = [x for x in PAGE.read_text("utf-8").splitlines() if x.startswith("|")]
    heads = [x for x in lines if x in ("| 承诺 | 守住它的测试 |", "|---|---|")]
    assert len(heads) == 2 * 9
    assert len(ROWS) == len(lines) - len(heads)
    assert len({promise for promise, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize("name", [name for _, name in ROWS])
def test_the_test_is_there(name: str) -> None:
    path, _, function = name.partition("::")
    file = ROOT / path
    assert file.is_file(), name
    if function:
        tree = ast.parse(file.read_text("utf-8"))
        held = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert function in held, name
        assert function.startswith("test_"), name
