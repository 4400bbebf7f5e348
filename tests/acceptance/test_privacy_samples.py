"""No alarm is raised by real documents or by this site's own, and no command repeats a number."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from acceptance.project import ROOT, small_project
from gongkai.domain.privacy import private_data, secrecy_marks
from gongkai.intake.attachment_text import attachment_text
from gongkai.intake.private import name_problem

SAMPLES = ROOT.parent / "shared" / "samples"
OWN = (ROOT / "content", ROOT / "tests" / "golden" / "base")
_TEXTS = {".md", ".html", ".txt", ".csv", ".tsv", ".json", ".yaml", ".yml"}
NUMBERS = ("13800138000", "210102199003079999", "6222021234567890128")


def texts(folder: Path) -> list[tuple[Path, str]]:
    """Return every file below a folder that has a text, with its text."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        if path.suffix in _TEXTS:
            found.append((path, path.read_text("utf-8", "replace")))
        elif text := attachment_text(path, path.name, 2_000_000).text:
            found.append((path, text))
    return found


def alarms(folder: Path) -> list[tuple[str, str, str]]:
    """Return what is told of the files below a folder."""
    told = []
    for path, text in texts(folder):
        name = path.relative_to(folder).as_posix()
        told += [(name, str(one.kind), one.masked) for one in private_data(text)]
        told += [(name, "secret", mark) for _, mark in secrecy_marks(text)]
        if name_problem(path.name, ""):
            told.append((name, "name", ""))
    return told


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
def test_real_documents_raise_no_alarm() -> None:
    assert len(texts(SAMPLES)) > 50
    assert alarms(SAMPLES) == []


@pytest.mark.parametrize("folder", OWN, ids=lambda folder: folder.name)
def test_the_own_content_raises_no_alarm(folder: Path) -> None:
    assert len(texts(folder)) > 10
    assert alarms(folder) == []


def test_no_command_and_no_cache_repeats_a_number(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project")
    entry = next(project.content.glob("agencies/*/catalogue/*/*.md"))
    text = entry.read_text("utf-8")
    mobile, own, card = NUMBERS
    entry.write_text(
        text.replace("title: ", f"title: {own}", 1) + f"\n请致电{mobile}，卡号{card}。\n", "utf-8"
    )
    (entry.parent / f"王某{mobile}.md").write_text(text, "utf-8")
    said = ""
    for arguments in (("--format", "json"), ("--format", "github"), ()):
        said += project.run("check", *arguments).said
    said += project.run("build").said
    said += project.run("build", "--quarantine").said
    assert "GK701" in said and "GK704" in said
    kept = b""
    for folder, _, names in os.walk(project.root / "build"):
        for name in names:
            kept += Path(folder, name).read_bytes()
            said += name
    for number in NUMBERS:
        assert number not in said
        assert number.encode() not in kept
