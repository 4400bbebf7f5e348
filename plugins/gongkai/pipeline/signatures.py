"""Folders into the stat signatures by which an unchanged input or release is told."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from gongkai.kernel.digest import digest_of_text


def signatures(place: Path) -> Iterator[tuple[str, int, int]]:
    """Yield (name, size, last change) of a file, or of every file below a folder, in order."""
    if place.is_dir():
        for folder, folders, names in os.walk(place):
            folders.sort()
            for name in sorted(names):
                path = Path(folder) / name
                facts = path.lstat()
                changed = max(facts.st_mtime_ns, facts.st_ctime_ns)
                if path.is_symlink():
                    changed = time.time_ns()  # what it leads to is not watched
                yield path.relative_to(place).as_posix(), facts.st_size, changed
    elif place.exists():
        facts = place.stat()
        yield place.name, facts.st_size, max(facts.st_mtime_ns, facts.st_ctime_ns)


def standing_digest(standing: dict[str, tuple[int, int]]) -> str:
    """Return one digest of size and time of every file of a release."""
    return digest_of_text("\n".join(f"{a} {s} {m}" for a, (s, m) in sorted(standing.items())))


def standing_files(target: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of every file of the published site, whoever put it there."""
    found: dict[str, tuple[int, int]] = {}
    for item, facts in _files(str(target)):
        found[item] = facts
    return found


def _files(folder: str, prefix: str = "") -> Iterator[tuple[str, tuple[int, int]]]:
    try:
        entries = os.scandir(folder)
    except FileNotFoundError:
        return
    with entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, f"{prefix}{entry.name}/")
            else:
                facts = entry.stat(follow_symlinks=False)
                yield prefix + entry.name, (facts.st_size, facts.st_mtime_ns)
