"""Postings into the files of the index: slices of terms, and overflow lists of common ones."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai.press.search.postings import DOCUMENT_BITS, Postings
from gongkai.press.search.trie import Leaf, cut

FORMAT = 2  # of all files; the browser refuses another
FRONT = 1024  # documents of a term that its slice holds; the others overflow
PART = 16384  # documents that one set of overflow lists and one file of a facet speak of
LIMIT = 6500.0  # estimated bytes of a slice
OVERFLOW_LIMIT = 11000.0
TERM_BYTES, POSTING_BYTES = 4.0, 1.75  # what a term and a posting add to a slice, about
COMMON, BITS_A_TERM, HASHES = 0.15, 12, 6  # share of documents; size of the Bloom filter
PAGE = 512  # names a page, where there are too many for the manifest
INLINE = 4096  # names that the manifest itself can hold
NAME_BYTES = 3

Numbers = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class SearchFile:
    """One file: its address below search/, what its bytes depend on, how to make them."""

    address: str
    key: str
    make: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Family:
    """Files of one kind and what the manifest says of them."""

    files: tuple[SearchFile, ...]
    facts: dict[str, Any]


def deflate(data: bytes) -> bytes:
    """Return raw DEFLATE, as browsers inflate it with the site's own script."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return packer.compress(data) + packer.flush()


def deflate_columns(columns: Sequence[bytes]) -> bytes:
    """Return raw DEFLATE with a code of its own for each column of numbers.

    Numbers hold no repetitions worth looking for; gaps and weights under one code would cost a
    tenth more.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_HUFFMAN_ONLY)
    out = []
    for column in columns:
        out += [packer.compress(column), packer.flush(zlib.Z_BLOCK)]
    return b"".join([*out, packer.flush()])


def name_of(*parts: bytes | str) -> bytes:
    """Return a digest of what a file is made of; its first three bytes stand in its name."""
    digest = blake2b(digest_size=16)
    digest.update(b"%d" % FORMAT)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.digest()


def short(mark: bytes) -> str:
    """Return what a file's name holds of its digest."""
    return mark[:NAME_BYTES].hex()


def term_families(postings: Postings, total: int) -> tuple[Family, list[Family], str]:
    """Return the slices of terms, the overflow lists of each part, and the common terms.

    ``total`` counts the documents; the third is what :func:`bloom` gives of the terms that many
    of them hold, as base64.
    """
    at = postings.at
    is_first = np.ones(len(at), np.bool_)
    shift, mask = np.uint64(DOCUMENT_BITS), np.uint64((1 << DOCUMENT_BITS) - 1)
    is_first[1:] = (at[1:] ^ at[:-1]) > mask
    bounds = np.append(np.flatnonzero(is_first), len(at)).astype(np.intp)
    sizes = np.diff(bounds)
    keys = at[bounds[:-1]] >> shift
    documents = (at & mask).astype(np.uint32)
    weights = postings.weights
    behind = _behind(weights, bounds, sizes)
    front = np.ones(len(at), np.bool_)
    front[behind] = False
    rows = _Rows(keys, np.minimum(sizes, FRONT), documents[front], weights[front])
    slices = _family(rows, "t", LIMIT, (sizes, _more(postings.fields, bounds)))
    overflow = []
    if len(behind):
        terms = np.searchsorted(bounds, behind, side="right") - 1
        parts = documents[behind] // PART
        for part in range(int(documents.max()) // PART + 1):
            own, term = behind[parts == part], terms[parts == part]
            held = np.bincount(term, minlength=len(keys))
            rows = _Rows(keys[held > 0], held[held > 0], documents[own], weights[own])
            overflow.append(_family(rows, f"v{part}", OVERFLOW_LIMIT, None))
    return slices, overflow, b64(bloom(keys[sizes > COMMON * total]))


def bloom(keys: Numbers) -> bytes:
    """Return a Bloom filter of keys: the reader leaves common terms out of long queries.

    Lists of the terms would take five times the bytes of every visitor. Bit n is bit n % 8 of
    byte n // 8; a key sets six bits, by 32-bit arithmetic that browsers have.
    """
    size = -(-len(keys) * BITS_A_TERM // 8) * 8
    u32 = np.uint32
    high, low = (keys >> np.uint64(20)).astype(u32), (keys & np.uint64(0xFFFFF)).astype(u32)
    x = (low ^ high * u32(0x85EBCA6B)) * u32(0xC2B2AE35)  # arrays of 32 bits wrap
    x ^= x >> u32(15)
    x *= u32(0x2C1B3C6D)
    x ^= x >> u32(13)
    step = x * u32(0x9E3779B1) | u32(1)
    bits = np.zeros(size, np.uint8)
    for turn in range(HASHES):
        bits[(x + u32(turn) * step) % u32(max(size, 1))] = 1
    return np.packbits(bits, bitorder="little").tobytes()


def _behind(
    weights: NDArray[np.uint8], bounds: NDArray[np.intp], sizes: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return the places of postings beyond the best of their term; the oldest go on ties."""
    found = [np.zeros(0, np.intp)]
    for term in np.flatnonzero(sizes > FRONT):
        first, last = int(bounds[term]), int(bounds[term + 1])
        rank = (weights[first:last] & np.uint8(0x7F)).astype(np.uint64) << np.uint64(32)
        rank |= np.arange(last - first, dtype=np.uint64)
        many = last - first - FRONT
        found.append(np.sort(np.argpartition(rank, many)[:many]) + first)
    return np.concatenate(found)


def _more(fields: NDArray[np.uint8], bounds: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return, for each term, how many more fields than documents hold it."""
    places = np.flatnonzero(fields > 1)
    terms = np.searchsorted(bounds, places, side="right") - 1
    sums = np.bincount(terms, weights=fields[places] - 1, minlength=len(bounds) - 1)
    return np.asarray(sums.astype(np.int64))


class _Rows:
    """The postings of one family: under each key so many of the documents, one after another."""

    def __init__(
        self,
        keys: Numbers,
        counts: NDArray[np.intp],
        documents: NDArray[np.uint32],
        weights: NDArray[np.uint8],
    ) -> None:
        self.distinct, self.documents, self.weights = keys, documents, weights
        self.bounds = np.concatenate(([0], np.cumsum(counts))).astype(np.intp)


def _family(
    rows: _Rows,
    name: str,
    limit: float,
    sizes: tuple[NDArray[Any], NDArray[Any]] | None,
) -> Family:
    counts = np.diff(rows.bounds)
    trie = cut(rows.distinct, TERM_BYTES + POSTING_BYTES * counts, limit)
    folder, dash = (name[0], f"{name[1:]}-") if name != "t" else ("t", "")
    files, names = [], []
    for leaf in trie.leaves:
        columns = (
            [column[leaf.first : leaf.last] for column in sizes]
            if sizes
            else [counts[leaf.first : leaf.last]]
        )
        first, last = int(rows.bounds[leaf.first]), int(rows.bounds[leaf.last])
        mark = name_of(
            name,
            str(leaf.low),
            rows.distinct[leaf.first : leaf.last].tobytes(),
            *(column.astype(np.int64).tobytes() for column in columns),
            rows.documents[first:last].tobytes(),
            rows.weights[first:last].tobytes(),
        )
        names.append(mark[:NAME_BYTES])

        def make(
            leaf: Leaf = leaf, columns: list[NDArray[Any]] = columns, at: slice = slice(first, last)
        ) -> bytes:
            starts = rows.bounds[leaf.first : leaf.last] - at.start
            return deflate_columns(
                slice_columns(
                    leaf.low,
                    rows.distinct[leaf.first : leaf.last],
                    columns,
                    rows.documents[at],
                    rows.weights[at],
                    starts,
                )
            )

        address = f"{folder}/{dash}{base36(leaf.low)}-{short(mark)}.bin"
        files.append(SearchFile(address, mark.hex(), make))
    pages, facts = named(name, names)
    return Family((*files, *pages), {"shape": b64(trie.shape), **facts})


def slice_columns(
    low: int,
    keys: Numbers,
    columns: list[NDArray[Any]],
    documents: NDArray[np.uint32],
    weights: NDArray[np.uint8],
    starts: NDArray[np.intp],
) -> tuple[bytes, bytes, bytes]:
    """Return one slice before it is deflated: terms and their counts, gaps, weights."""
    steps = np.diff(keys, prepend=np.uint64(low))
    gaps = documents.astype(np.int64)
    gaps[1:] -= documents[:-1].astype(np.int64)
    gaps[starts] = documents[starts]
    head = [varints(np.array([len(keys)])), varints(steps), *map(varints, columns)]
    return b"".join(head), varints(gaps), weights.tobytes()


def varints(values: NDArray[Any]) -> bytes:
    """Return numbers in little-endian groups of seven bits, the high bit where more follow."""
    rest = values.astype(np.uint64)
    if not len(rest):
        return b""
    sizes = np.ones(len(rest), np.intp)
    for bits in range(7, 42, 7):
        sizes += rest >= np.uint64(1 << bits)
    ends = np.cumsum(sizes)
    out = np.empty(int(ends[-1]), np.uint8)
    begins = ends - sizes
    for place in range(int(sizes.max())):
        held = sizes > place
        more = (sizes[held] > place + 1).astype(np.uint8) << 7
        group = (rest[held] >> np.uint64(7 * place)).astype(np.uint8) & np.uint8(0x7F)
        out[begins[held] + place] = group | more
    return out.tobytes()


def named(family: str, names: list[bytes]) -> tuple[list[SearchFile], dict[str, Any]]:
    """Return what the manifest says of the names of files, and pages where they are many."""
    if len(names) <= INLINE:
        return [], {"names": b64(b"".join(names))}
    pages, marks = [], []
    for number, first in enumerate(range(0, len(names), PAGE)):
        data = b"".join(names[first : first + PAGE])
        mark = name_of(family, str(number), data)
        marks.append(mark[:NAME_BYTES])
        address = f"p/{family}-{number}-{short(mark)}.bin"
        pages.append(SearchFile(address, mark.hex(), partial(bytes, data)))
    return pages, {"names": b64(b"".join(marks)), "page": PAGE}


def b64(data: bytes) -> str:
    """Return bytes as the text that ``atob`` reads."""
    return base64.b64encode(data).decode("ascii")


def base36(number: int) -> str:
    """Return a number as JavaScript's ``toString(36)`` does."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while True:
        number, last = divmod(number, 36)
        text = digits[last] + text
        if not number:
            return text


def gaps(numbers: list[int]) -> bytes:
    """Return rising numbers as the first and the differences."""
    values = np.array(numbers, np.int64)
    return varints(np.diff(values, prepend=np.int64(0)))


def all_files(families: list[Family]) -> Iterator[SearchFile]:
    """Yield the files of families one after another."""
    for family in families:
        yield from family.files
