"""Sorted keys into slices of bounded size, cut at fixed places of the key space.

A range that is too large is halved, and its halves again, whatever stands in them; small
neighbours are joined within groups of bounded size. So a cut depends on what stands near it alone,
and one more document moves at most the cuts beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KEY_BITS = 40
GROUP = 8  # ranges of up to so many times the limit are filled together


@dataclass(frozen=True, slots=True)
class Leaf:
    """One slice: the least key of its range, and which of the sorted keys it holds."""

    low: int
    first: int
    last: int  # one past


@dataclass(frozen=True, slots=True)
class Trie:
    """The slices in order, and the shape from which a reader finds them again."""

    leaves: tuple[Leaf, ...]
    shape: bytes


def cut(keys: NDArray[np.uint64], sizes: NDArray[np.float64], limit: float) -> Trie:
    """Return slices of sorted distinct keys whose sizes add up to ``limit`` at most.

    The shape is made of bits, a node of the tree in preorder, most significant bit first: 1 for a
    range that is halved; 0 for one that is not, then 1 where a slice begins and 0 where the range
    goes with the slice before it.
    """
    sums = np.concatenate(([0.0], np.cumsum(sizes)))
    bits: list[int] = []
    leaves: list[Leaf] = []
    filled, group_end = 0.0, 0
    stack = [(0, KEY_BITS, 0, len(keys))]
    while stack:
        low, width, first, last = stack.pop()
        size = float(sums[last] - sums[first])
        if first < last and first >= group_end and size <= limit * GROUP:
            group_end, filled = last, limit  # a new group begins with a new slice
        if width and last - first > 1 and size > limit:
            bits.append(1)
            half = low + (1 << (width - 1))
            middle = first + int(np.searchsorted(keys[first:last], np.uint64(half)))
            stack.append((half, width - 1, middle, last))
            stack.append((low, width - 1, first, middle))
            continue
        joins = first == last or filled + size <= limit
        bits += (0, 0 if joins else 1)
        if first == last:
            continue
        if joins:
            filled += size
            leaves[-1] = Leaf(leaves[-1].low, leaves[-1].first, last)
        else:
            filled = size
            leaves.append(Leaf(low, first, last))
    return Trie(tuple(leaves), np.packbits(np.array(bits, np.uint8)).tobytes())
