"""The page of an entry's changes is bounded, however often somebody committed the file."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gongkai.derive.differences import Difference
from gongkai.derive.history import PRIVATE, EntryHistory, Step
from gongkai.pipeline import history_files


def test_of_many_changes_only_the_last_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Step] = []
    texts = SimpleNamespace(difference=lambda step: asked.append(step) or Difference((), ()))
    given: list[Any] = []
    monkeypatch.setattr(history_files, "changes_page", lambda *facts: given.append(facts[3]))
    steps = tuple(
        Step(f"change-{n}", "2026-03-01", (), "a", "b", PRIVATE if n == 1 else "")
        for n in range(history_files.COMPARED + 3)
    )
    plan, record = SimpleNamespace(frame=None), SimpleNamespace()
    history_files._view(plan, texts, record, EntryHistory("", steps))  # type: ignore[arg-type]
    assert asked == [*steps[3:]]
    (found,) = given
    assert len(found) == len(steps)
    assert found[1] is None, "what must not be shown is said to be so"
    assert found[0] == found[2] == Difference((), (), is_rewritten=True)
