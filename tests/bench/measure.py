"""A command into what it cost: CPU of all its processes, wall time, peak memory, files changed.

CPU is what the kernel charged to the command and to every process it waited for. Memory is the
sum of the proportional set sizes of its whole process tree, so that pages shared by forked
workers count once; it is sampled, by a thread whose own time falls to this process and not to
the command.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

INTERVAL = 0.05  # seconds between samples of memory
TAIL = 4000  # characters of a failed command's output worth showing


class CommandFailed(RuntimeError):
    """The measured command did not succeed; the message ends with what it printed."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command took; ``peak`` is in bytes, ``None`` where it cannot be known."""

    cpu: float
    wall: float
    peak: int | None
    output: str = ""

    def plain(self) -> dict[str, Any]:
        """Return the figures alone."""
        return {key: value for key, value in asdict(self).items() if key != "output"}


def run(command: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end and return its cost.

    Raises:
        CommandFailed: it ended with another status than 0.
    """
    if hasattr(os, "sync"):
        os.sync()  # what was written before must not be flushed on this command's time
    with (cwd / ".measured-output").open("w+b") as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=dict(env) if env is not None else None,
            stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
        sampler = _Sampler(process.pid)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)  # its own and its waited-for children's usage
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        sampler.stop()
        said.seek(0)
        output = said.read().decode("utf-8", "replace")
    if process.returncode:
        how = f"{' '.join(command)} ended with {process.returncode}"
        raise CommandFailed(f"{how}:\n{output[-TAIL:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, sampler.peak, output)


class _Sampler(threading.Thread):
    """Keeps the largest sum of PSS seen over a process and its descendants."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak: int | None = None
        self._done = threading.Event()

    def run(self) -> None:
        while True:
            started = time.perf_counter()
            sizes = [size for pid in descendants(self.pid) if (size := pss(pid)) is not None]
            if sizes:
                self.peak = max(self.peak or 0, sum(sizes))
            # a large process takes long to look at: never watch more than a fifth of the time
            spent = time.perf_counter() - started
            if self._done.wait(max(INTERVAL, 4 * spent)):
                return

    def stop(self) -> None:
        self._done.set()
        self.join()


def descendants(root: int) -> list[int]:
    """Return a process and all that descend from it, as far as /proc tells."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_bytes().rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue  # it ended meanwhile
        children.setdefault(parent, []).append(int(path.parent.name))
    found = [root]
    for pid in found:  # grows while it is read
        found.extend(children.get(pid, ()))
    return found


def pss(pid: int) -> int | None:
    """Return the proportional set size of a process in bytes, or ``None`` where unknown."""
    try:
        lines = Path("/proc", str(pid), "smaps_rollup").read_bytes().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(b"Pss:")), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """One output file: when and as what it was written, and what it holds."""

    written: tuple[int, int]
    digest: bytes
    size: int


def standing(folder: Path) -> dict[str, Standing]:
    """Return every file below a folder by its path there."""
    found: dict[str, Standing] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            facts = path.stat()
            digest = hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
            written = (facts.st_mtime_ns, facts.st_ino)
            found[path.relative_to(folder).as_posix()] = Standing(written, digest, facts.st_size)
    return found


@dataclass(frozen=True, slots=True)
class Changes:
    """What a run did to the output: files written anew, and files whose bytes became others."""

    written: int
    changed: int
    by_folder: dict[str, int] = field(default_factory=dict)


def compare(before: Mapping[str, Standing], after: Mapping[str, Standing]) -> Changes:
    """Compare two standings; a file that is new or gone counts as changed."""
    new = [address for address in after if address not in before]
    gone = [address for address in before if address not in after]
    both = [(address, was, after[address]) for address, was in before.items() if address in after]
    written = len(new) + sum(was.written != now.written for _, was, now in both)
    changed = new + gone + [address for address, was, now in both if was.digest != now.digest]
    folders = Counter(address.split("/")[0] if "/" in address else "." for address in changed)
    return Changes(written, len(changed), dict(folders.most_common()))
