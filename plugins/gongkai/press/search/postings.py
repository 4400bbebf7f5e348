"""Counted terms of all documents into one sorted list of postings, and that list up to date.

A posting is one number: the term's key (40 bits) and the document's (24 bits); beside it stand the
weight of the term in the document, on a logarithmic scale of 127 steps, and the number of fields
that hold it. Idf is left to the reader, so that a new document changes no posting of another.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai.press.search.tokens import FIELDS, LETTERS, TEXT, Counted

K1 = 1.2
BOOSTS = (6.0, 8.0, 2.0, 1.0, 3.0)  # title, number, meta, text, letters
SLOPES = (0.35, 0.0, 0.75, 0.75, 0.0)  # b of BM25: how much a longer field counts for less
FIRST, RATIO, STEPS = 0.05, 1.08, 127  # weight w stands for FIRST · RATIO**(w - 1)
IN_TITLE = 0x80  # the bit beside the weight: in title, number, keywords or column
DOCUMENT_BITS = 24
PASSES = 16  # parts of the key space that are sorted one after another, where there are more
ONE_PASS = 1_000_000  # postings than this
EXACT = float(1 << 32)  # parts of one that scores are added in
_GRID = 1.09  # averages are rounded to powers of this, so that one document rarely moves them
_MAGIC = b"gkpost01"

Numbers = NDArray[np.uint64]
Bytes = NDArray[np.uint8]


class TooManyDocuments(ValueError):
    """There are more documents than 24 bits can number."""


@dataclass(frozen=True, slots=True)
class Postings:
    """All postings, sorted: ``at`` is key << 24 | document; the other two go with it."""

    at: Numbers
    weights: Bytes
    fields: Bytes

    def save(self, path: Path) -> int:
        """Write the postings to a file and return its checksum.

        Raises:
            OSError: the file cannot be written; one that stood there before still stands.
        """
        columns = (self.at, self.weights, self.fields)
        parts: list[Any] = [np.ascontiguousarray(column).data for column in columns]
        checksum = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".new")
        with beside.open("wb") as file:
            for part in [_MAGIC, len(self.at).to_bytes(8, "little"), *parts]:
                checksum = zlib.crc32(part, checksum)
                file.write(part)
        beside.replace(path)
        return checksum

    @classmethod
    def load(cls, path: Path, checksum: int) -> Postings | None:
        """Return what was saved, or ``None`` when the file is gone, foreign or damaged."""
        try:
            data = path.read_bytes()
        except OSError:
            return None
        size = int.from_bytes(data[8:16], "little")
        if data[:8] != _MAGIC or len(data) != 16 + size * 10 or zlib.crc32(data) != checksum:
            return None
        return cls(
            np.frombuffer(data, np.uint64, size, 16),
            np.frombuffer(data, np.uint8, size, 16 + size * 8),
            np.frombuffer(data, np.uint8, size, 16 + size * 9),
        )


def averages(lengths: Sequence[tuple[int, ...]]) -> tuple[float, ...]:
    """Return the average length of each field, rounded up to a power of 1.09.

    Rounded, one new document does not change the weight of every word of every other.
    """
    found = []
    for field in range(len(FIELDS)):
        total = sum(one[field] for one in lengths)
        limit, step = total / len(lengths) if lengths else 0.0, 1.0
        while step < limit:
            step *= _GRID
        found.append(step)
    return tuple(found)


def norms(
    lengths: Sequence[tuple[int, ...]],
    means: Sequence[float],
    slopes: Sequence[float] = SLOPES,
) -> NDArray[np.float64]:
    """Return k1 · (1 − b + b · length / average) for each document and field."""
    table = np.array(lengths, dtype=np.float64).reshape(len(lengths), len(FIELDS))
    slope, mean = np.array(slopes), np.array(means)
    return np.asarray(K1 * (1 - slope + slope * (table / mean)))


def join(
    documents: Mapping[int, Counted],
    table: NDArray[np.float64],
    boosts: Sequence[float] = BOOSTS,
) -> Postings:
    """Return the postings of documents by number; ``table`` holds their norms."""
    if documents and max(documents) >> DOCUMENT_BITS:
        raise TooManyDocuments(len(documents))
    total = sum(len(one.keys) for one in documents.values())
    at = np.empty(total, np.uint64)  # once, not once a part and once for all
    weights, fields = np.empty(total, np.uint8), np.empty(total, np.uint8)
    size = 0
    for bucket in _buckets(documents):
        part = _sorted(bucket, table, boosts)
        place = slice(size, size + len(part.at))
        at[place], weights[place], fields[place] = part.at, part.weights, part.fields
        size = place.stop
    return Postings(at[:size], weights[:size], fields[:size])


def _buckets(documents: Mapping[int, Counted]) -> Iterable[list[tuple[int, Counted]]]:
    """Yield the documents' terms by rising ranges of keys, so that few are sorted at a time."""
    total = sum(len(one.keys) for one in documents.values())
    if total < ONE_PASS:
        if total:
            yield list(documents.items())
        return
    sample = np.sort(np.concatenate([one.keys[::97] for one in documents.values()]))
    edges = sample[np.linspace(0, len(sample) - 1, PASSES + 1).astype(int)][1:-1]
    cuts = {
        n: [0, *np.searchsorted(one.keys, edges), len(one.keys)] for n, one in documents.items()
    }
    for turn in range(PASSES):
        bucket = []
        for n, one in documents.items():
            part = slice(int(cuts[n][turn]), int(cuts[n][turn + 1]))
            if part.start < part.stop:
                piece = Counted(one.keys[part], one.fields[part], one.counts[part], one.lengths)
                bucket.append((n, piece))
        if bucket:
            yield bucket


def _sorted(
    documents: Sequence[tuple[int, Counted]],
    table: NDArray[np.float64],
    boosts: Sequence[float],
) -> Postings:
    sizes = [len(one.keys) for _, one in documents]
    numbers = np.repeat(np.array([n for n, _ in documents], np.uint64), sizes)
    keys = np.concatenate([one.keys for _, one in documents])
    fields = np.concatenate([one.fields for _, one in documents])
    counts = np.concatenate([one.counts for _, one in documents])
    at = (keys << np.uint64(DOCUMENT_BITS)) | numbers
    order = np.argsort(at)
    at, fields = at[order], fields[order]
    frequency = counts[order].astype(np.float64)
    norm = table[numbers[order].astype(np.intp), fields]
    boost = np.array(boosts)[fields]
    score = boost * ((K1 + 1) * frequency) / (norm + frequency)
    starts = np.flatnonzero(np.concatenate(([True], at[1:] != at[:-1])))
    # in whole numbers, the order in which the fields of one posting are added makes no difference
    whole = np.add.reduceat(np.rint(score * EXACT).astype(np.int64), starts)
    total = whole / EXACT
    # letters of a title are there to catch slips: they make no hit "in the title"
    in_title = (fields != TEXT) & (fields != LETTERS)
    flag = np.maximum.reduceat(in_title.astype(np.uint8), starts) * np.uint8(IN_TITLE)
    held = np.add.reduceat(np.ones(len(at), np.uint8), starts)
    return Postings(at[starts], steps(total) | flag, held.astype(np.uint8))


def steps(scores: NDArray[np.float64]) -> Bytes:
    """Return the nearest step of the logarithmic scale for each score, 1 to 127."""
    edges = []
    edge = FIRST * RATIO**0.5
    for _ in range(STEPS - 1):
        edges.append(edge)
        edge *= RATIO
    return (np.searchsorted(np.array(edges), scores, side="right") + 1).astype(np.uint8)


def replaced(
    postings: Postings,
    gone: Mapping[int, Counted],
    come: Mapping[int, Counted],
    table: NDArray[np.float64],
    boosts: Sequence[float] = BOOSTS,
) -> Postings:
    """Return the postings with some documents' terms exchanged: what :func:`join` would give."""
    lost = [
        (np.unique(one.keys) << np.uint64(DOCUMENT_BITS)) | np.uint64(number)
        for number, one in gone.items()
    ]
    at, weights, fields = postings.at, postings.weights, postings.fields
    if lost:
        places = np.searchsorted(at, np.concatenate(lost))
        at, weights = np.delete(at, places), np.delete(weights, places)
        fields = np.delete(fields, places)
    new = join(come, table, boosts)
    if not len(new.at):
        return Postings(at, weights, fields)
    places = np.searchsorted(at, new.at)
    return Postings(
        np.insert(at, places, new.at),
        np.insert(weights, places, new.weights),
        np.insert(fields, places, new.fields),
    )
