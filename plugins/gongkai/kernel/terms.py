"""Text into search terms, by the contract that the build and the browser share.

``theme/assets/search/contract.js`` does the same; ``tests/segment.json`` holds the cases that
both must pass. What is kept simple here is kept simple so that two languages agree on it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from gongkai.kernel.hanzi import TO_SIMPLIFIED

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134a"
RUN_LIMIT = 40  # characters of a Latin or digit run that are looked at
OTHER = 1 << 39  # where the keys of terms begin that are no Chinese characters of the BMP
_RUN = re.compile(rf"([{HAN}]+)|([a-z0-9]+)")
_NOT_IDENTIFYING = re.compile(rf"[^{HAN}a-z0-9]|[第号]")
# 〔2024〕12号 in whatever brackets, and 2024年第12号
_NUMBER = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2}) ?(?:[\u3015\]\u3011)\u3017\u3009\u300b] ?第? ?|年 ?第 ?)"
    r"([0-9]{1,5}) ?号"
)
_MASK = 0xFFFFFFFF


def normalise(text: str) -> str:
    """Return the form in which texts are compared: NFKC, simplified characters, lower case."""
    return unicodedata.normalize("NFKC", text).translate(TO_SIMPLIFIED).lower()


def cut(normal: str) -> list[str]:
    """Cut a normalised text: Han runs into bigrams, Latin and digit runs whole.

    A Han run of one character stays as it is; of a longer Latin run than ``RUN_LIMIT`` the
    beginning counts.
    """
    found: list[str] = []
    for match in _RUN.finditer(normal):
        han, other = match.groups()
        if other:
            found.append(other[:RUN_LIMIT])
        elif len(han) == 1:
            found.append(han)
        else:
            found.extend(first + second for first, second in pairwise(han))
    return found


def terms(text: str) -> list[str]:
    """Cut any text into search terms."""
    return cut(normalise(text))


def number_keys(normal: str) -> list[str]:
    """Return ``#2024-12`` for each document number that a normalised text names."""
    return [f"#{year}-{int(serial)}" for year, serial in _NUMBER.findall(normal)]


def identifier_key(text: str) -> str:
    """Return what is left of a 文号 or 索引号 whatever brackets and blanks it is typed with."""
    return "=" + _NOT_IDENTIFYING.sub("", normalise(text))


def letters(normal: str) -> list[str]:
    """Return the Chinese characters of a normalised text, each once, in order."""
    return [c for c in dict.fromkeys(normal) if _is_han(ord(c))]


class Concepts:
    """Words that mean the same: the first of each group names what all of them mean.

    A text gives the name of every word that stands in it, one within another too: who asks for
    医保 also means 县医保局. A query is read by its longest words (contract.js).
    """

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self.names: dict[str, str] = {}
        for group in groups:
            words = [normalise(word) for word in group]
            for word in words:
                self.names.setdefault(word, words[0])
        self._by_head: dict[str, list[str]] = {}
        for word in sorted(filter(None, self.names)):
            self._by_head.setdefault(word[:2], []).append(word)
        firsts = "".join(sorted({re.escape(head[0]) for head in self._by_head}))
        self._first = re.compile(f"[{firsts}]") if firsts else None

    def keys(self, normal: str) -> list[str]:
        """Return ``~name`` for each word of a group that stands in a normalised text."""
        if self._first is None:
            return []
        found = []
        for match in self._first.finditer(normal):
            at = match.start()
            for word in self._by_head.get(normal[at : at + 2], ()):
                if normal.startswith(word, at):
                    found.append("~" + self.names[word])
        return found


def _is_han(code: int) -> bool:
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or code == 0x3007
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3134A
    )


@lru_cache(maxsize=1 << 18)
def key_of(term: str) -> int:
    """Return the 40-bit number of a term: readable for Chinese characters, else a hash.

    Two of a million other terms share a number about once; what one of them finds is then
    found for the other too.
    """
    if len(term) == 2 and _in_plane(term[0]) and _in_plane(term[1]):
        return ord(term[0]) << 16 | ord(term[1])
    if len(term) == 1 and _in_plane(term):
        return ord(term) << 16
    return OTHER | hash39(term)


def _in_plane(character: str) -> bool:
    code = ord(character)
    return code < 0x10000 and _is_han(code)


def hash39(term: str) -> int:
    """Return a 39-bit hash of a term's UTF-16 code units, in arithmetic that browsers have."""
    a, b = 0x9DC5811C, 0x811C9DC5
    units = term.encode("utf-16-le", "surrogatepass")
    for low, high in zip(units[::2], units[1::2], strict=True):
        unit = high << 8 | low
        a = (a ^ unit) * 0x01000193 & _MASK
        b = (b ^ unit) * 0x85EBCA6B & _MASK
        b ^= b >> 13
    a ^= a >> 16
    b ^= b >> 15
    a = a * 0x7FEB352D & _MASK
    a ^= a >> 15
    return (b & 0x7F) << 32 | a
