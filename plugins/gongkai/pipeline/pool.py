"""Many small independent jobs through a ``concurrent.futures.Executor``, or in line when few."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import Any, TypeVar

from gongkai.release.staging import let_go

T = TypeVar("T")
R = TypeVar("R")
FEW = 150  # below this, starting workers costs more than they save
CHUNK = 64
_shared: tuple[Callable[[Any], Any], Sequence[Any], int] | None = None


def run(
    jobs: Sequence[T],
    work: Callable[[T], R],
    workers: int | None = None,
    *,
    few: int = FEW,
    chunk: int = CHUNK,
) -> Iterator[R]:
    """Yield ``work(job)`` for each job, in order; fewer jobs than ``few`` run in line.

    Workers are forked, so that ``work`` and the jobs are theirs without copying or pickling; where
    a system cannot fork, or other threads run (as under ``mkdocs serve``), the jobs run in line.
    """
    count = workers if workers is not None else os.cpu_count() or 1
    if count < 2 or len(jobs) < few or not _can_fork():
        yield from map(work, jobs)
        return
    global _shared
    _shared = (work, jobs, chunk)
    gc.collect()
    gc.freeze()  # pages that hold only old objects stay shared with the workers
    try:
        with _executor(count) as executor:
            for results in executor.map(_chunk, range(0, len(jobs), chunk)):
                yield from results
    finally:
        gc.unfreeze()
        _shared = None


def _executor(count: int) -> Executor:
    context = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(count, mp_context=context, initializer=let_go)


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1


def _chunk(first: int) -> list[Any]:
    assert _shared is not None, "workers inherit the work and the jobs"
    work, jobs, chunk = _shared
    return [work(job) for job in jobs[first : first + chunk]]
