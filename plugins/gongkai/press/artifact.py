"""One file of the published site: its address, what its bytes depend on, how to make them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Artifact:
    """``make`` gives the bytes; equal keys mean equal bytes, so nothing is made twice.

    ``prepare`` does once what the making of many files needs, before workers are forked.
    """

    address: str
    key: str
    make: Callable[[], bytes]
    prepare: Callable[[], object] | None = None
