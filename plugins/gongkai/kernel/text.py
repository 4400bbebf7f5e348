"""Chinese text into the shapes that comparing, searching and printing need."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_SPACE = re.compile(r"\s+")
# white space as browsers and this program both know it, spelled out so that both take out the same
_BLANK = re.compile(
    "[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+"
)
BRACKETS = str.maketrans("[【〖（(［﹝", "〔〔〔〔〔〔〔") | str.maketrans(
    "]】〗）)］﹞", "〕〕〕〕〕〕〕"
)


def squeeze(text: str) -> str:
    """Return ``text`` with every run of white space as one space and none at the ends."""
    return _SPACE.sub(" ", text).strip()


def solid(text: str) -> str:
    """Return ``text`` without white space: what a page shows, however its lines are broken."""
    return _BLANK.sub("", text)


def fold(text: str) -> str:
    """Return the form in which names are compared: NFKC, case folded, no white space."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text).casefold())


def nearest(word: str, choices: Iterable[str], *, most: int = 2) -> str | None:
    """Return the choice within ``most`` edits of ``word``, or ``None``.

    The first of equally near choices wins, so that a message never depends on hashing.
    """
    best: tuple[int, str] | None = None
    for choice in choices:
        if abs(len(choice) - len(word)) > most:
            continue
        distance = _edits(word.casefold(), choice.casefold())
        if (
            distance <= most
            and distance < max(len(word), 2)
            and (best is None or distance < best[0])
        ):
            best = (distance, choice)
    return best[1] if best else None


def _edits(left: Sequence[str], right: Sequence[str]) -> int:
    """Count insertions, deletions, replacements and swaps of neighbours."""
    before_last: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        before_last, last = last, row
    return last[-1]


def excerpt(text: str, characters: int) -> str:
    """Return the beginning of ``text`` on one line, cut at a sentence where it can be."""
    line = squeeze(text)
    if len(line) <= characters:
        return line
    cut = line[:characters]
    stop = max(cut.rfind(mark) for mark in "。；！？")
    return cut[: stop + 1] if stop >= characters // 2 else cut[: characters - 1] + "…"
