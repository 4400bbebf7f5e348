"""Ledger files are replaced whole, and put back where what they belong to fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gongkai.release import ledger_files
from gongkai.release.ledger_files import appended, clear_unfinished


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_longer_files_stand_when_the_block_ends(tmp_path: Path) -> None:
    (tmp_path / "mzj.tsv").write_bytes(b"1\n")
    with appended(tmp_path, {"mzj.tsv": b"1\n2\n", "czj.tsv": b"3\n"}):
        assert held(tmp_path) == {"mzj.tsv": b"1\n2\n", "czj.tsv": b"3\n"}
    assert held(tmp_path) == {"mzj.tsv": b"1\n2\n", "czj.tsv": b"3\n"}


def test_the_folder_is_made_with_the_first_row(tmp_path: Path) -> None:
    with appended(tmp_path / "ledger", {"mzj.tsv": b"1\n"}):
        pass
    assert held(tmp_path / "ledger") == {"mzj.tsv": b"1\n"}


def test_what_was_written_is_taken_back_when_the_block_fails(tmp_path: Path) -> None:
    (tmp_path / "mzj.tsv").write_bytes(b"1\n")
    with (
        pytest.raises(KeyboardInterrupt),
        appended(tmp_path, {"mzj.tsv": b"1\n2\n", "czj.tsv": b"3\n"}),
    ):
        raise KeyboardInterrupt
    assert held(tmp_path) == {"mzj.tsv": b"1\n"}


def test_a_second_file_that_cannot_be_written_takes_the_first_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "czj.tsv").write_bytes(b"1\n")
    real = ledger_files.replace_file

    def full(path: Path, data: bytes) -> None:
        if path.name == "mzj.tsv":
            raise OSError(28, os.strerror(28), str(path))
        real(path, data)

    monkeypatch.setattr(ledger_files, "replace_file", full)
    with (
        pytest.raises(OSError, match="No space"),
        appended(tmp_path, {"czj.tsv": b"1\n2\n", "mzj.tsv": b"3\n"}),
    ):
        raise AssertionError("the block must not run")
    assert held(tmp_path) == {"czj.tsv": b"1\n"}


def test_what_a_killed_publication_left_is_cleared(tmp_path: Path) -> None:
    (tmp_path / ".mzj.tsv.new").write_bytes(b"1")
    (tmp_path / "mzj.tsv").write_bytes(b"1\n")
    clear_unfinished(tmp_path)
    assert held(tmp_path) == {"mzj.tsv": b"1\n"}
    clear_unfinished(tmp_path / "none")
