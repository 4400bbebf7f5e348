"""Longer ledger files in place of the old ones, all or none of them while the program lives.

Each file is replaced whole by rename. A program that is killed between two renames leaves some
agencies' rows written and others' not: every row stands for itself, and the next publication
writes those that are missing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from gongkai.release.staging import replace_file

_UNFINISHED = ".*.new"  # what replace_file writes beside a file before it takes its place


def clear_unfinished(folder: Path) -> None:
    """Drop what a publication that was killed left beside the ledger files.

    The caller holds the lock of the site, so that nobody is writing them now.
    """
    for path in folder.glob(_UNFINISHED):
        with suppress(OSError):
            path.unlink()


@contextmanager
def appended(folder: Path, files: Mapping[str, bytes]) -> Iterator[None]:
    """Write ``files`` (name → whole content) into ``folder``; take them back if the block fails.

    Raises:
        OSError: a file cannot be written; all stand as they were.
    """
    before: dict[str, bytes | None] = {}
    try:
        # rows before their keys: a row without a key is entered anew, a key without a row is wrong
        for name in sorted(files, key=lambda name: (name.endswith(".keys.tsv"), name)):
            path = folder / name
            before[name] = path.read_bytes() if path.exists() else None
            replace_file(path, files[name])
        _sync(folder)
        yield
    except BaseException:
        for name, data in before.items():
            with suppress(OSError):  # what failed before may fail again; the rows do no harm
                if data is None:
                    (folder / name).unlink(missing_ok=True)
                else:
                    replace_file(folder / name, data)
        raise


def _sync(folder: Path) -> None:
    if os.name == "nt" or not folder.is_dir():
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
