"""A complete new release beside the published one, swapped in by rename.

The published folder is never half written: files are staged beside it, unchanged ones as hard
links, and the two folders trade places in one step where the system can do that. A build that
dies leaves only a staging folder, which the next build clears.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class AnotherBuild(RuntimeError):
    """Another process holds the lock of this site."""


@contextmanager
def locked(lock: Path) -> Iterator[None]:
    """Hold the lock of a site; the system frees it when the process ends, however it ends.

    Raises:
        AnotherBuild: another process holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+b") as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AnotherBuild(str(lock)) from error
        _held.add(file.fileno())
        try:
            yield
        finally:
            _held.discard(file.fileno())


_held: set[int] = set()


def let_go() -> None:
    """Drop the locks that a forked worker has inherited: they are its parent's alone.

    A worker that outlives a killed parent would otherwise keep the site locked.
    """
    for handle in _held:
        os.close(handle)
    _held.clear()


class Staging:
    """The folder in which a release is put together, next to its target."""

    def __init__(self, target: Path) -> None:
        # what a link names is replaced, not the link; a link to itself is refused later on
        target = Path(os.path.realpath(target))
        self.target = target
        self.folder = target.parent / f".{target.name}.staging"
        self.previous = target.parent / f".{target.name}.previous"
        self._made: set[str] = set()

    def begin(self) -> None:
        """Clear what a dead build left behind and start empty."""
        self.recover()
        remove(self.folder)
        self.folder.mkdir(parents=True)
        self._made.clear()

    def recover(self) -> None:
        """Bring the old site back if a build died between the two renames of the slow swap."""
        if self.previous.exists() and not self.target.exists():
            self.previous.rename(self.target)

    @property
    def has_leftovers(self) -> bool:
        """Tell whether a dead build left an old or a half-made site beside the published one."""
        return self.folder.exists() or self.previous.exists()

    def clear(self) -> None:
        """Drop what a dead build left: it may hold what has been taken down since."""
        self.recover()
        remove(self.folder)
        remove(self.previous)

    def write(self, address: str, data: bytes) -> tuple[int, int]:
        """Write one file and return its size and modification time in nanoseconds."""
        path = self._path(address)
        # unbuffered: the stat below must see the whole file and its last time stamp
        with open(path, "wb", buffering=0) as file:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            facts = os.fstat(file.fileno())
        return facts.st_size, facts.st_mtime_ns

    def keep(self, address: str) -> None:
        """Take an unchanged file over from the published site without writing its bytes again."""
        path = self._path(address)
        source = f"{self.target}/{address}"
        try:
            os.link(source, path)
        except OSError as error:
            if error.errno not in (
                errno.EPERM,
                errno.EXDEV,
                errno.EMLINK,
                errno.ENOTSUP,
                errno.EOPNOTSUPP,
            ):
                raise
            shutil.copy2(source, path)

    def _path(self, address: str) -> str:
        folder = address.rpartition("/")[0]
        if folder not in self._made:
            os.makedirs(f"{self.folder}/{folder}", exist_ok=True)
            self._made.add(folder)
        return f"{self.folder}/{address}"

    def publish(self) -> None:
        """Make the staged release the published one; readers see the old site or the new one."""
        if hasattr(os, "sync"):
            os.sync()  # the release is on the disk before any name points to it
        if not self.target.exists():
            self.folder.rename(self.target)
        elif _exchange(self.folder, self.target):
            remove(self.folder)
        else:
            remove(self.previous)
            self.target.rename(self.previous)
            self.folder.rename(self.target)
            remove(self.previous)
        _sync_folder(self.target.parent)

    def abandon(self) -> None:
        """Drop the staged release; the published one stays as it is."""
        remove(self.folder)


def replace_file(path: Path, data: bytes) -> None:
    """Write one file whole or not at all: beside first, then over the old one.

    Raises:
        OSError: the disk is full or the folder is not writable; the old file stands.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    try:
        with open(beside, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def remove(folder: Path) -> None:
    """Remove a folder and all it holds, if it is there."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step, where the system knows how (Linux renameat2)."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done = call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return bool(done == 0)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
