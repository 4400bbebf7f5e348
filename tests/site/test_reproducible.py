"""The same content gives the same bytes, wherever, whenever and however often it is built."""

from __future__ import annotations

from pathlib import Path

import pytest

from acceptance.project import Project, assert_same, demonstration, ended

SURROUNDINGS = {
    "another path": ([], {}),
    "another time zone": ([], {"TZ": "America/Los_Angeles", "SOURCE_DATE_EPOCH": "86400"}),
    "another language": ([], {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}),
    "another hash seed": ([], {"PYTHONHASHSEED": "4242"}),
    "one worker": (["--workers", "1"], {"PYTHONHASHSEED": "7"}),
    "two workers": (["--workers", "2"], {"LC_ALL": "zh_CN.UTF-8", "TZ": "Asia/Kathmandu"}),
}


@pytest.mark.parametrize(
    "names", [list(SURROUNDINGS)[:2], list(SURROUNDINGS)[2:4], list(SURROUNDINGS)[4:]], ids=str
)
def test_surroundings_change_no_byte(demo: Project, tmp_path: Path, names: list[str]) -> None:
    started = []
    for n, name in enumerate(names):
        arguments, env = SURROUNDINGS[name]
        project = demonstration(tmp_path / ("深" * n or "x") / f"a folder {n}")
        started.append((name, project, project.start("build", *arguments, env=env)))
    for name, project, process in started:
        result = ended(process)
        assert result.code == 0, (name, result.said)
        assert_same(demo.tree(), project.tree(), name)


def test_a_cache_changes_no_byte(demo: Project, tmp_path: Path) -> None:
    project = demo.copy_to(tmp_path / "project", with_build=True)
    (project.root / "build" / "site").rename(tmp_path / "gone")
    project.build("--workers", "2")
    assert_same(demo.tree(), project.tree(), "with a warm cache and no site")


def test_the_time_stamps_of_sources_change_no_byte(demo: Project, tmp_path: Path) -> None:
    project = demonstration(tmp_path / "project")
    for path in project.root.rglob("*"):
        if path.is_file():
            path.touch()
    project.build()
    assert_same(demo.tree(), project.tree())
