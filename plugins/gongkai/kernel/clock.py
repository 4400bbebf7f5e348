"""A bound on the CPU time of work whose input nobody controls."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

AGAIN = 0.25  # seconds after which the alarm rings again


@contextmanager
def cpu_seconds(seconds: float, error: type[BaseException]) -> Iterator[None]:
    """Raise ``error`` after so much CPU time of this process, where the system has such a timer.

    A busy machine does not change the verdict: waiting does not count. The alarm rings until
    somebody listens, since a library may catch everything, and where it rings first may swallow it.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not hasattr(signal, "ITIMER_VIRTUAL"):
        yield
        return

    def stop(signum: int, frame: object) -> None:
        raise error

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
