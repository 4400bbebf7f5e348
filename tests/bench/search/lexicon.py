"""A word list into draws of real words, by the share that each has in ordinary texts.

The words are those of the dictionary that Chinese segmenters ship, with its frequencies: a search
that cuts texts by words meets the words it knows.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import yaml

from gongkai.kernel.hanzi import TRADITIONAL

CLASSES = {"n": "n", "v": "v", "vn": "w", "a": "a", "d": "d", "b": "b"}  # of the list → of patterns
MOST = {"n": 24000, "v": 9000, "w": 2500, "a": 3000, "d": 900, "b": 900}
FLATTER = 0.75  # power of a frequency: official texts are about more things than novels are
LEAST = 3  # the list's least frequency; words that have it are kept apart as rare
RARE = 6000
AHEAD = 48  # words drawn at a time
_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")


@cache
def words() -> dict[str, Any]:
    """Return the lists of ``words.yml``."""
    loaded: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_name("words.yml").read_text("utf-8")
    )
    return loaded


class NoWordList(RuntimeError):
    """No installed package has the word list."""


def word_list() -> Path:
    """Return the word list of the installed package ``jieba-py``.

    Raises:
        NoWordList: the package is not installed.
    """
    package = importlib.util.find_spec("jieba")
    for folder in (package.submodule_search_locations or ()) if package else ():
        for name in ("_data/dict.txt", "dict.txt"):
            if (found := Path(folder, name)).is_file():
                return found
    raise NoWordList("texts are made of the words of jieba-py: pip install jieba-py")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words of each class with cumulated weights, and words that no text draws by chance."""

    classes: dict[str, tuple[list[str], list[float]]]
    rare: list[str]

    @classmethod
    def of(cls, lines: Iterable[tuple[str, int, str]]) -> Lexicon:
        """Sort (word, frequency, class) into what texts draw from."""
        by_class: dict[str, list[tuple[float, str]]] = {name: [] for name in MOST}
        rare = []
        for word, count, tag in lines:
            name = CLASSES.get(tag)
            if name is None or not _HAN.fullmatch(word) or not _is_simple(word):
                continue
            if count > LEAST:
                by_class[name].append((-(count**FLATTER), word))
            elif name == "n" and len(word) == 2:
                rare.append(word)
        classes = {}
        for name, found in by_class.items():
            found.sort()
            kept = found[: MOST[name]]
            weights = list(accumulate(-weight for weight, _ in kept))
            classes[name] = ([word for _, word in kept], weights)
        return cls(classes, sorted(rare)[:RARE])

    def topical(self, rng: Random, name: str, count: int) -> list[str]:
        """Return words that are neither among the commonest nor among the rarest."""
        found = self.classes[name][0]
        return rng.sample(found[len(found) // 40 : len(found) // 2] or found, count)


_COMPLEX = set(TRADITIONAL)


def _is_simple(word: str) -> bool:
    return not _COMPLEX.intersection(word)


@cache
def installed() -> Lexicon:
    """Return the lexicon of the installed word list."""
    return Lexicon.of(_lines(word_list()))


def _lines(path: Path) -> Iterator[tuple[str, int, str]]:
    for line in path.read_text("utf-8").splitlines():
        word, count, tag = line.split(" ")
        yield word, int(count), tag


class Draws:
    """Draws words for one text; the same seed draws the same."""

    def __init__(self, lexicon: Lexicon, rng: Random) -> None:
        self.lexicon = lexicon
        self.rng = rng
        self._ahead: dict[str, list[str]] = {}

    def word(self, name: str) -> str:
        """Return a word of a class."""
        ahead = self._ahead.get(name)
        if not ahead:
            found, weights = self.lexicon.classes[name]
            ahead = self._ahead[name] = self.rng.choices(found, cum_weights=weights, k=AHEAD)
        return ahead.pop()
