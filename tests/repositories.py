"""Real git repositories for tests, whatever the settings of the machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

IDENTITY = ("-c", "user.name=editor", "-c", "user.email=editor@qinghe.example")
SETTINGS = ("-c", "init.defaultBranch=main", "-c", "commit.gpgSign=false", "-c", "gc.auto=0")


class Repository:
    """A repository in a folder of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q")

    def git(self, *arguments: str, day: str = "2026-01-05") -> str:
        """Run git and return what it says; commits are made at ten o'clock of a day in China."""
        stamp = f"{day}T10:00:00+0800"
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": stamp,
            "GIT_COMMITTER_DATE": stamp,
        }
        done = subprocess.run(
            ["git", *IDENTITY, *SETTINGS, *arguments],
            cwd=self.folder,
            env=environment,
            check=True,
            capture_output=True,
        )
        return os.fsdecode(done.stdout).strip()

    def commit(self, day: str, message: str = "edit") -> str:
        """Commit all that changed below content/, and return the commit's id."""
        self.git("add", "-A", "--", ".")
        self.git("commit", "-q", "--allow-empty", "-m", message, day=day)
        return self.git("rev-parse", "HEAD")

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file of the repository."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file


def fake_git(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a shell script in the place of git."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "git"
    file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
