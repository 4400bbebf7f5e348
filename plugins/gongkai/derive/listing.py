"""A list of entries into pages numbered from the oldest (decisions.md 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """One page of a list, newest item first; ``number`` counts from the oldest page, 1."""

    name: str
    number: int
    items: tuple[T, ...]

    @property
    def is_newest(self) -> bool:
        """Tell whether this is the page that grows."""
        return self.name == "index.html"


def paginate(oldest_first: Sequence[T], size: int = PAGE_SIZE) -> list[ListPage[T]]:
    """Return the pages, newest first: ``index.html`` holds the newest ``size`` to ``2·size - 1``.

    ``p1.html`` holds the oldest ``size`` items and never changes its items once it is full, so
    that one publication rewrites one page of a list and not all of them.
    """
    full = max(0, len(oldest_first) // size - 1)
    newest = ListPage("index.html", full + 1, tuple(reversed(oldest_first[full * size :])))
    older = [
        ListPage(f"p{n}.html", n, tuple(reversed(oldest_first[(n - 1) * size : n * size])))
        for n in range(full, 0, -1)
    ]
    return [newest, *older]
