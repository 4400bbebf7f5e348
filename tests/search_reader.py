"""The files of a search index back into postings and cards: what a browser reads, in Python."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any

Read = Callable[[str], bytes]


def inflate(data: bytes) -> bytes:
    return zlib.decompress(data, -15)


def varints(data: bytes, at: int, count: int) -> tuple[list[int], int]:
    found = []
    for _ in range(count):
        value, bits = 0, 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << bits
            bits += 7
            if byte < 0x80:
                break
        found.append(value)
    return found, at


def leaves(shape: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield low, width and whether a file begins, by rising keys."""
    bits = (byte >> (7 - n) & 1 for byte in shape for n in range(8))
    stack = [(0, 1 << 40)]
    while stack:
        low, width = stack.pop()
        if next(bits):
            stack += [(low + width // 2, width // 2), (low, width // 2)]
        else:
            yield low, width, bool(next(bits))


class Index:
    """A whole index, read through ``read(address below search/)``."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.facts: dict[str, Any] = json.loads(read("manifest.json"))
        self.touched: list[str] = []

    def names(self, facts: dict[str, Any], family: str) -> Iterator[str]:
        marks = base64.b64decode(facts["names"])
        own = [marks[n : n + 3].hex() for n in range(0, len(marks), 3)]
        if "page" not in facts:
            yield from own
            return
        for number, mark in enumerate(own):
            page = self.read(f"p/{family}-{number}-{mark}.bin")
            yield from (page[n : n + 3].hex() for n in range(0, len(page), 3))

    def postings(self) -> dict[int, dict[int, int]]:
        """Return key → document → weight byte of all slices and overflow lists."""
        found: dict[int, dict[int, int]] = {}
        families = [("t", self.facts["terms"])]
        families += [(f"v{n}", facts) for n, facts in enumerate(self.facts["overflow"])]
        self.counts: dict[int, tuple[int, int]] = {}
        for family, facts in families:
            starts = [
                low for low, _, is_start in leaves(base64.b64decode(facts["shape"])) if is_start
            ]
            names = list(self.names(facts, family))
            assert len(starts) == len(names)
            for low, name in zip(starts, names, strict=True):
                prefix = "t/" if family == "t" else f"v/{family[1:]}-"
                data = inflate(self.read(f"{prefix}{base36(low)}-{name}.bin"))
                for key, df, more, pairs in self._slice(data, low, family == "t"):
                    if family == "t":
                        self.counts[key] = (df, more)
                    own = found.setdefault(key, {})
                    assert not own.keys() & pairs.keys()
                    own.update(pairs)
        return found

    def _slice(
        self, data: bytes, low: int, is_front: bool
    ) -> Iterator[tuple[int, int, int, dict[int, int]]]:
        (size,), at = varints(data, 0, 1)
        steps, at = varints(data, at, size)
        df, at = varints(data, at, size)
        more, at = varints(data, at, size) if is_front else ([0] * size, at)
        held = [min(n, self.facts["front"]) if is_front else n for n in df]
        lists = []
        for count in held:
            gaps, at = varints(data, at, count)
            numbers, number = [], 0
            for gap in gaps:
                number += gap
                numbers.append(number)
            lists.append(numbers)
        key = low
        for n, numbers in enumerate(lists):
            key += steps[n]
            weights = data[at : at + len(numbers)]
            at += len(numbers)
            yield key, df[n], more[n], dict(zip(numbers, weights, strict=True))
        assert at == len(data)

    def cards(self) -> list[list[Any]]:
        found = []
        facts = self.facts["cards"]
        names = list(self.names(facts, "c"))
        for first in range(0, self.facts["documents"], facts["size"]):
            address = f"c/{first // facts['size']}-{names[first // facts['group']]}.bin"
            found += json.loads(inflate(self.read(address)))
        return found


def base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while True:
        number, last = divmod(number, 36)
        text = digits[last] + text
        if not number:
            return text
