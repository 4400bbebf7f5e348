"""Seconds into inputs tried: the reader of heads and the way of Markdown to safe HTML, fuzzed.

    python tests/fuzz/run.py [--seconds 60] [--seed N] [--count N] [--out build/fuzz] [FILE …]

The seeds come first, then inputs made under the printed seed: the same seed makes the same ones.
A child process takes them one by one, each within bounds of CPU time and memory. An input that
breaks a promise is kept in the folder with its reason beside it, and the exit status is 1. FILEs
are kept inputs to try again.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import select
import signal
import struct
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, count, islice
from pathlib import Path
from typing import BinaryIO

if not __package__:  # run as a script: let this folder be the package ``fuzz``
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from fuzz.inputs import BODY, FILE, Input, first_inputs, made_input

CPU_SECONDS = 6  # of one input; a body may be given up after two, and is rendered once more
WALL_SECONDS = 120  # on a machine that has other things to do
MEMORY = 2 << 30
KEPT = 100
CHILD = (sys.executable, str(Path(__file__).resolve()), "--child")
_HEAD = struct.Struct(">BI")


@dataclass
class Tally:
    """What was tried, what took longest and what failed."""

    tried: int = 0
    bytes: int = 0
    slowest: float = 0.0
    slowest_input: Input | None = None
    failures: list[tuple[str, Path]] = field(default_factory=list)


class Child:
    """The process that takes inputs; it is started anew where it died."""

    def __init__(self, command: Sequence[str] = CHILD, wall_seconds: float = WALL_SECONDS) -> None:
        self._command = command
        self._wall_seconds = wall_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def take(self, given: Input) -> tuple[float, str]:
        """Return the CPU seconds that an input took and why it failed, or nothing."""
        if self._process is None:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        asked, told = self._process.stdin, self._process.stdout
        assert asked is not None and told is not None
        try:
            asked.write(_HEAD.pack((BODY, FILE).index(given.kind), len(given.data)) + given.data)
            asked.flush()
            is_there, _, _ = select.select([told], [], [], self._wall_seconds)
            line = told.readline() if is_there else b""
        except BrokenPipeError:
            line = b""
        if line:
            seconds, reason = json.loads(line)
            return seconds, reason
        return CPU_SECONDS, self._end()

    def _end(self) -> str:
        """Kill the process, or what is left of it, and say how it ended."""
        process, self._process = self._process, None
        assert process is not None
        try:
            status = process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return f"no answer within {self._wall_seconds} seconds"
        process.communicate()
        if status == -signal.SIGXCPU:
            return f"more than {CPU_SECONDS} seconds of CPU time"
        return f"the process died with status {status}"

    def close(self) -> None:
        """Let the process go."""
        if self._process is not None:
            self._process.communicate()  # it ends where its input does
            self._process = None


def fuzz(inputs: Iterable[Input], child: Child, out: Path, seconds: float) -> Tally:
    """Try inputs until they or the time have run out."""
    tally = Tally()
    end = time.monotonic() + seconds
    for given in inputs:
        took, reason = child.take(given)
        tally.tried += 1
        tally.bytes += len(given.data)
        if took > tally.slowest:
            tally.slowest, tally.slowest_input = took, given
        if reason:
            tally.failures.append((reason, _keep(out, given, reason)))
        if len(tally.failures) >= KEPT or time.monotonic() > end:
            break
    child.close()
    return tally


def _keep(out: Path, given: Input, reason: str) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{sha256(given.data).hexdigest()[:12]}.{given.kind}"
    path.write_bytes(given.data)
    path.with_name(f"{path.name}.reason").write_text(f"{reason}\n", "utf-8")
    return path


def inputs_under(seed: int) -> Iterator[Input]:
    """Yield every seed as it is, then what is made without end."""
    return chain(first_inputs(), (made_input(seed, n) for n in count()))


def serve(asked: BinaryIO, told: BinaryIO) -> None:
    """Take inputs from the parent until there are no more."""
    import resource

    from fuzz.promises import Broken, check

    with suppress(ValueError):  # macOS knows the limit and does not let it be set
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    while head := asked.read(_HEAD.size):
        kind, size = _HEAD.unpack(head)
        given = Input((BODY, FILE)[kind], asked.read(size))
        start = time.process_time()
        resource.setrlimit(resource.RLIMIT_CPU, (int(start) + CPU_SECONDS + 1, hard))
        reason = ""
        try:
            check(given)
        except Broken as broken:
            reason = str(broken)
        except Exception:
            reason = traceback.format_exc(limit=-6)
        answer = json.dumps([round(time.process_time() - start, 3), reason])
        told.write(answer.encode() + b"\n")
        told.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as the command line asks and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--count", type=int, default=None)
    parser.add_argument("--out", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("files", type=Path, nargs="*")
    given = parser.parse_args(arguments)
    if given.child:
        serve(sys.stdin.buffer, os.fdopen(os.dup(1), "wb"))
        return 0
    seed = secrets.randbelow(10**9) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    inputs = [Input(p.suffix[1:], p.read_bytes()) for p in given.files] or inputs_under(seed)
    tally = fuzz(islice(inputs, given.count), Child(), given.out, given.seconds)
    print(f"{tally.tried} inputs, {tally.bytes / 1e6:.1f} MB")
    print(f"slowest: {tally.slowest:.2f} s of CPU time", end="")
    print(f", {len(tally.slowest_input.data)} bytes" if tally.slowest_input else "")
    print(f"{len(tally.failures)} failures")
    for reason, path in tally.failures:
        print(f"{path}: {reason.strip().splitlines()[-1]}")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
