"""Leaves of an append-only log into its root, its tiles, and proofs about both.

Hashing, inclusion and consistency follow RFC 6962 section 2.1 (verification: RFC 9162 sections
2.1.3.2 and 2.1.4.2); tiles and their names follow the C2SP ``tlog-tiles`` layout with height 8.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

HASH_SIZE = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT

Tile = tuple[int, int, int]  # level, number, width: 256 when full


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf that holds ``data``."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two hashes."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root_hash(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes; that of no leaves is the hash of nothing."""
    return _root_of(_peaks(leaves))


def levels_of(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Return the hashes of all complete subtrees: one list for each height, leaves first.

    The list of height h holds one hash for each full run of 2**h leaves.
    """
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[n], below[n + 1]) for n in range(0, len(below) - 1, 2)])
    return levels


def inclusion_proof(levels: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """Return the audit path of leaf ``index``, the lowest hash first.

    ``levels`` are those of ``levels_of``.

    Raises:
        IndexError: the log has no such leaf.
    """
    size = len(levels[0])
    if not 0 <= index < size:
        raise IndexError(index)
    return _path(levels, index, 0, size)


def _path(levels: Sequence[Sequence[bytes]], index: int, start: int, size: int) -> list[bytes]:
    if size == 1:
        return []
    split = _split(size)
    if index < split:
        path = _path(levels, index, start, split)
        return [*path, _subtree(levels, start + split, size - split)]
    path = _path(levels, index - split, start + split, size - split)
    return [*path, _subtree(levels, start, split)]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a proof shows leaf hash ``leaf`` at ``index`` of the log with ``root``."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistency_proof(levels: Sequence[Sequence[bytes]], old: int) -> list[bytes]:
    """Return what shows that the log of the first ``old`` leaves is a beginning of this one.

    Raises:
        IndexError: ``old`` is 0 or more than the log has.
    """
    size = len(levels[0])
    if not 0 < old <= size:
        raise IndexError(old)
    return _common(levels, old, 0, size, True)


def _common(
    levels: Sequence[Sequence[bytes]], old: int, start: int, size: int, is_whole: bool
) -> list[bytes]:
    if old == size:
        return [] if is_whole else [_subtree(levels, start, size)]
    split = _split(size)
    if old <= split:
        proof = _common(levels, old, start, split, is_whole)
        return [*proof, _subtree(levels, start + split, size - split)]
    proof = _common(levels, old - split, start + split, size - split, False)
    return [*proof, _subtree(levels, start, split)]


def is_consistent(
    old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether a proof shows the log of ``size`` to begin with that of ``old`` leaves.

    Every log begins with the empty one, for which there is nothing to prove.
    """
    if not 0 <= old <= size:
        return False
    if old == 0:
        return not proof and old_root == root_hash([])
    if old == size:
        return not proof and old_root == root
    hashes = list(proof)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = hashes[0]
    for one in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(one, first), node_hash(one, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, one)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == root


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield the tiles of a log of ``size`` leaves, level by level; the last may be partial."""
    level = 0
    while size:
        full, rest = divmod(size, TILE_WIDTH)
        for number in range(full):
            yield level, number, TILE_WIDTH
        if rest:
            yield level, full, rest
        size, level = full, level + 1


def tile_data(levels: Sequence[Sequence[bytes]], tile: Tile) -> bytes:
    """Return the hashes in a tile, one behind the other."""
    level, number, width = tile
    first = number * TILE_WIDTH
    return b"".join(levels[level * TILE_HEIGHT][first : first + width])


def tile_name(tile: Tile) -> str:
    """Return a tile's address below the log: ``tile/0/x001/067`` or ``tile/1/000.p/5``."""
    level, number, width = tile
    return f"tile/{level}/{numbered(number, width)}"


def entries_name(number: int, width: int = TILE_WIDTH) -> str:
    """Return the address below the log of the leaves' data under tile ``number`` of level 0."""
    return f"tile/entries/{numbered(number, width)}"


def numbered(number: int, width: int = TILE_WIDTH) -> str:
    """Return a tile's number in groups of three digits, with its width where it is partial."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups) + (f".p/{width}" if width < TILE_WIDTH else "")


def entries_bundle(leaves: Sequence[bytes]) -> bytes:
    """Return leaves' data as a tile of entries: each behind its length in two bytes.

    Raises:
        OverflowError: a leaf is longer than 65535 bytes.
    """
    return b"".join(len(data).to_bytes(2, "big") + data for data in leaves)


def bundled_entries(bundle: bytes) -> list[bytes]:
    """Return the leaves' data in a tile of entries.

    Raises:
        ValueError: the bundle ends within a leaf.
    """
    leaves, at = [], 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if at + 2 > len(bundle) or end > len(bundle):
            raise ValueError("a tile of entries ends within a leaf")
        leaves.append(bundle[at + 2 : end])
        at = end
    return leaves


class Tiles:
    """A published log, read tile by tile: its leaves, root and proofs.

    ``read`` returns the bytes at an address below the log, such as ``tile/0/000.p/5``. Nothing
    that it returns is trusted: a root from here is to be compared with that of the checkpoint,
    and ``damaged`` names the tiles that do not agree with those below them.
    """

    def __init__(self, size: int, read: Callable[[str], bytes]) -> None:
        self.size = size
        self._tile = lru_cache(maxsize=None)(lambda tile: self._hashes(read, tile))

    @staticmethod
    def _hashes(read: Callable[[str], bytes], tile: Tile) -> list[bytes]:
        data = read(tile_name(tile))
        if len(data) != tile[2] * HASH_SIZE:
            raise ValueError(f"{tile_name(tile)} has {len(data)} bytes")
        return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]

    def leaf(self, index: int) -> bytes:
        """Return a leaf's hash as its tile has it.

        Raises:
            IndexError: the log has no such leaf.
            ValueError: its tile has another length than its name says.
        """
        if not 0 <= index < self.size:
            raise IndexError(index)
        return self._node(0, index)

    def root(self) -> bytes:
        """Return the root that the topmost tiles give.

        Raises:
            ValueError: a tile has another length than its name says.
        """
        return self._range(0, self.size) if self.size else root_hash([])

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Return the audit path of a leaf.

        Raises:
            IndexError: the log has no such leaf.
            ValueError: a tile has another length than its name says.
        """
        if not 0 <= index < self.size:
            raise IndexError(index)
        path: list[bytes] = []
        start, size = 0, self.size
        while size > 1:
            split = _split(size)
            if index < start + split:
                path.insert(0, self._range(start + split, size - split))
                size = split
            else:
                path.insert(0, self._range(start, split))
                start, size = start + split, size - split
        return path

    def damaged(self) -> Iterator[str]:
        """Yield the names of tiles that do not follow from the tiles below them.

        Tiles of level 0 are compared with nothing here; whoever has the entries compares them.

        Raises:
            ValueError: a tile has another length than its name says.
        """
        for tile in tiles_of(self.size):
            level, number, width = tile
            if level == 0:
                continue
            held = self._tile(tile)
            for n in range(width):
                below = (level - 1, number * TILE_WIDTH + n, TILE_WIDTH)
                if held[n] != root_hash(self._tile(below)):
                    yield tile_name(tile)
                    break

    def _node(self, height: int, index: int) -> bytes:
        """Return the hash of a complete subtree, from the lowest tile that reaches it."""
        level, within = divmod(height, TILE_HEIGHT)
        first = index << within
        number, offset = divmod(first, TILE_WIDTH)
        width = min(TILE_WIDTH, (self.size >> (level * TILE_HEIGHT)) - number * TILE_WIDTH)
        return root_hash(self._tile((level, number, width))[offset : offset + (1 << within)])

    def _range(self, start: int, size: int) -> bytes:
        if size & (size - 1) == 0:
            height = size.bit_length() - 1
            return self._node(height, start >> height)
        split = _split(size)
        return node_hash(self._range(start, split), self._range(start + split, size - split))


def _split(size: int) -> int:
    """Return the largest power of two below ``size``, which is more than 1."""
    return 1 << ((size - 1).bit_length() - 1)


def _subtree(levels: Sequence[Sequence[bytes]], start: int, size: int) -> bytes:
    """Return the root over a run of leaves that begins at a border of its size."""
    if size & (size - 1) == 0:
        height = size.bit_length() - 1
        return levels[height][start >> height]
    split = _split(size)
    left = _subtree(levels, start, split)
    return node_hash(left, _subtree(levels, start + split, size - split))


def _peaks(leaves: Sequence[bytes]) -> list[bytes]:
    """Return the roots of the complete subtrees that the leaves make, the largest first."""
    peaks: list[bytes] = []
    for n, leaf in enumerate(leaves):
        while n & 1:
            leaf, n = node_hash(peaks.pop(), leaf), n >> 1
        peaks.append(leaf)
    return peaks


def _root_of(peaks: list[bytes]) -> bytes:
    if not peaks:
        return hashlib.sha256(b"").digest()
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = node_hash(peak, found)
    return found
