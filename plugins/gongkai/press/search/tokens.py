"""A search document into counted terms: numbers in arrays that can be kept and joined."""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai.kernel.terms import (
    RUN_LIMIT,
    Concepts,
    cut,
    identifier_key,
    key_of,
    letters,
    normalise,
    number_keys,
)
from gongkai.views.search_document import SearchDocument

FIELDS = ("title", "number", "meta", "text", "letters")
TITLE, NUMBER, META, TEXT, LETTERS = range(len(FIELDS))
MOST = 255  # of one term in one field of one document; more says no more
_OTHER_RUN = re.compile(r"[a-z0-9]+")
_HEAD = struct.Struct("<I5I")

Keys = NDArray[np.uint64]
Bytes = NDArray[np.uint8]


def _han_table() -> NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=np.bool_)
    for first, last in ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)):
        table[first : last + 1] = True
    return table


_IS_HAN = _han_table()


@dataclass(frozen=True, slots=True)
class Counted:
    """The terms of one document: for each key and field how often, and how long each field is.

    ``keys`` (40 bits each), ``fields`` and ``counts`` are of one length, sorted by key and field;
    ``lengths`` counts the terms of each field with repetitions, as lunr does.
    """

    keys: Keys
    fields: Bytes
    counts: Bytes
    lengths: tuple[int, ...]

    def packed(self) -> bytes:
        """Return the bytes that :meth:`unpacked` reads."""
        head = _HEAD.pack(len(self.keys), *self.lengths)
        body = self.keys.tobytes() + self.fields.tobytes() + self.counts.tobytes()
        return head + zlib.compress(body, 1)

    @classmethod
    def unpacked(cls, data: bytes) -> Counted:
        """Return what was packed.

        Raises:
            ValueError: the bytes are damaged.
        """
        try:
            size, *lengths = _HEAD.unpack_from(data)
            body = zlib.decompress(data[_HEAD.size :])
        except (struct.error, zlib.error) as error:
            raise ValueError("damaged terms") from error
        if len(body) != size * 10:
            raise ValueError("damaged terms")
        return cls(
            np.frombuffer(body, np.uint64, size),
            np.frombuffer(body, np.uint8, size, size * 8),
            np.frombuffer(body, np.uint8, size, size * 9),
            tuple(lengths),
        )


def field_terms(document: SearchDocument, concepts: Concepts) -> dict[str, list[str]]:
    """Return the terms of each field, in order and with repetitions: the contract in plain words.

    :func:`count` does the same by arrays for long texts; a test holds the two together.
    """
    title = normalise(document.title)
    numbers = [normalise(number) for number in document.numbers]
    meta = normalise(document.meta)
    text = normalise(document.text)
    return {
        "title": _all(title, concepts),
        "number": [term for number in numbers for term in (*cut(number), *number_keys(number))]
        + [identifier_key(number) for number in document.numbers],
        "meta": _all(meta, concepts),
        "text": _all(text, concepts),
        "letters": letters(title),
    }


def _all(normal: str, concepts: Concepts) -> list[str]:
    return [*cut(normal), *number_keys(normal), *concepts.keys(normal)]


def count(document: SearchDocument, concepts: Concepts) -> Counted:
    """Return the counted terms of a document."""
    short = field_terms(document.without_text(), concepts)
    text = normalise(document.text)
    parts: list[tuple[Any, Any, int]] = []
    lengths = []
    for number, field in enumerate(FIELDS):
        if number == TEXT:
            keys = _text_keys(text, concepts)
        else:
            keys = np.array([key_of(term) for term in short[field]], dtype=np.uint64)
        lengths.append(len(keys))
        if len(keys):
            distinct, often = np.unique(keys, return_counts=True)
            parts.append((distinct, np.minimum(often, MOST).astype(np.uint8), number))
    if not parts:
        none = np.zeros(0, np.uint8)
        return Counted(np.zeros(0, np.uint64), none, none, tuple(lengths))
    keys = np.concatenate([part[0] for part in parts])
    counts: Bytes = np.concatenate([part[1] for part in parts])
    fields = np.repeat(
        np.array([part[2] for part in parts], np.uint8), [len(part[0]) for part in parts]
    )
    order = np.lexsort((fields, keys))
    return Counted(keys[order], fields[order], counts[order], tuple(lengths))


def _text_keys(normal: str, concepts: Concepts) -> Keys:
    """Return the keys of all terms of a long text, in no particular order."""
    codes = np.frombuffer(normal.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if codes.size and int(codes.max()) > 0xFFFF:  # rare characters: the plain way
        found = Counter(_all(normal, concepts))
        keys = np.array([key_of(term) for term in found], dtype=np.uint64)
        return np.repeat(keys, list(found.values()))
    is_han = _IS_HAN[codes]
    pair = is_han[:-1] & is_han[1:]
    wide = codes.astype(np.uint64)
    pairs = (wide[:-1][pair] << np.uint64(16)) | wide[1:][pair]
    alone = is_han.copy()
    alone[1:] &= ~is_han[:-1]
    alone[:-1] &= ~is_han[1:]
    others = [key_of(run[:RUN_LIMIT]) for run in _OTHER_RUN.findall(normal)]
    others += [key_of(term) for term in (*number_keys(normal), *concepts.keys(normal))]
    singles = wide[alone] << np.uint64(16)
    return np.concatenate((pairs, singles, np.array(others, dtype=np.uint64)))
