"""Two versions of what the public sees into their differences, word by word, within bounds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

Op = Literal["same", "out", "in"]
# digits and Latin words are compared whole, Chinese character by character
_TOKEN = re.compile(
    r"[0-9０-９]+(?:[.,:/-][0-9]+)*[%％]?|[A-Za-z]+(?:[-'][A-Za-z]+)*|\s+|.", re.DOTALL
)
CONTEXT = 1  # unchanged paragraphs shown on either side of a change
PARAGRAPHS_LIMIT = 5_000  # of one version; a longer one is not compared
CHARACTERS_LIMIT = 400_000
STEPS_LIMIT = 250_000  # of comparing words, in one comparison: about a tenth of a second
EDITS_LIMIT = 160  # words that differ in one paragraph: beyond, it is a new paragraph
ALIKE = 0.45  # share of characters in common from which on two paragraphs are one
WINDOW = 6  # paragraphs among which the counterpart of a changed one is looked for
ISLAND = 2  # characters in common between two changes that are not worth a change of colour


class Piece(NamedTuple):
    """A run of words: in both versions, taken out, or put in."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as both versions have it; ``folded`` unchanged ones are left out before it.

    The last one of a comparison may be without pieces: it only tells what is left out at the end.
    """

    pieces: tuple[Piece, ...]
    folded: int = 0


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that the public sees, before and after; empty where it was not filled in."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the public sees of one version: fields as text, and the paragraphs of its body."""

    fields: Mapping[str, str]
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two versions; ``is_rewritten`` where the texts are not compared."""

    fields: tuple[FieldChange, ...]
    paragraphs: tuple[Paragraph, ...]
    is_rewritten: bool = False


def difference(before: Shown, after: Shown) -> Difference:
    """Return what a reader of both versions would see to differ."""
    keys = dict.fromkeys((*before.fields, *after.fields))
    fields = tuple(
        FieldChange(key, before.fields.get(key, ""), after.fields.get(key, ""))
        for key in keys
        if before.fields.get(key, "") != after.fields.get(key, "")
    )
    if before.body == after.body:
        return Difference(fields, ())
    for body in (before.body, after.body):
        if len(body) > PARAGRAPHS_LIMIT or sum(map(len, body)) > CHARACTERS_LIMIT:
            return Difference(fields, (), is_rewritten=True)
    return Difference(fields, tuple(_folded(list(_paragraphs(before.body, after.body)))))


def _folded(rows: Sequence[tuple[Piece, ...]]) -> Iterator[Paragraph]:
    """Leave out unchanged paragraphs that do not stand beside a changed one."""
    near: set[int] = set()
    for n, pieces in enumerate(rows):
        if any(piece.op != "same" for piece in pieces):
            near.update(range(max(0, n - CONTEXT), n + CONTEXT + 1))
    folded = 0
    for n, pieces in enumerate(rows):
        if n in near:
            yield Paragraph(pieces, folded)
            folded = 0
        else:
            folded += 1
    if folded:
        yield Paragraph((), folded)


def _paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    budget = _Budget(STEPS_LIMIT)
    for op, left, right in _aligned(old, new):
        if op == "same":
            yield (Piece("same", left),)
        elif left and right:
            yield words(left, right, budget)
        else:
            yield (Piece("out", left),) if left else (Piece("in", right),)


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield ("same"|"", old paragraph, new paragraph) in order; one side may be missing.

    Equal paragraphs at both ends, then those that occur once in both versions, are the fixed
    points ("patience"); between them, changed ones are paired with what they resemble.
    """
    spans = [(0, len(old), 0, len(new))]
    while spans:
        a, b, c, d = spans.pop()
        while a < b and c < d and old[a] == new[c]:
            yield "same", old[a], new[c]
            a, c = a + 1, c + 1
        tail = 0
        while tail < min(b - a, d - c) and old[b - 1 - tail] == new[d - 1 - tail]:
            tail += 1
        b, d = b - tail, d - tail
        points = _fixed_points(old[a:b], new[c:d]) if a < b and c < d else []
        if tail:
            spans.append((b, b + tail, d, d + tail))
        if not points:
            yield from _paired(old[a:b], new[c:d])
            continue
        edges = [(-1, -1), *points, (b - a, d - c)]
        for (i, j), (k, m) in reversed(list(pairwise(edges))):
            # each span begins with the fixed point that ends the one before it
            spans.append((a + max(i, 0), a + k, c + max(j, 0), c + m))


def _fixed_points(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the longest rising run of paragraphs that occur once in either version."""
    ones, twos = Counter(old), Counter(new)
    where = {text: n for n, text in enumerate(old) if ones[text] == 1}
    pairs = [(where[t], n) for n, t in enumerate(new) if twos[t] == 1 and t in where]
    tops: list[int] = []  # index into pairs of the smallest end of a run of each length
    before: list[int] = []
    for n, (position, _) in enumerate(pairs):
        low, high = 0, len(tops)
        while low < high:
            middle = (low + high) // 2
            if pairs[tops[middle]][0] < position:
                low = middle + 1
            else:
                high = middle
        before.append(tops[low - 1] if low else -1)
        tops[low : low + 1] = [n]
    run: list[tuple[int, int]] = []
    at = tops[-1] if tops else -1
    while at >= 0:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    if len(old) == len(new) == 1:
        is_one = _is_alike(old[0], new[0])
        yield from [("", old[0], new[0])] if is_one else [("", old[0], ""), ("", "", new[0])]
        return
    n = 0
    for text in new:
        ahead = range(n, min(n + WINDOW, len(old)))
        found = next((k for k in ahead if _is_alike(old[k], text)), None)
        if found is None:
            yield "", "", text
            continue
        for k in range(n, found):
            yield "", old[k], ""
        yield "same" if old[found] == text else "", old[found], text
        n = found + 1
    for text in old[n:]:
        yield "", text, ""


def _is_alike(left: str, right: str) -> bool:
    """Tell whether one paragraph may have been made from the other, judged by its characters."""
    if left == right:
        return True
    if not left or not right or min(len(left), len(right)) * 4 < max(len(left), len(right)):
        return False
    common = (Counter(left) & Counter(right)).total()
    return common * 2 >= ALIKE * (len(left) + len(right))


class _Budget:
    """Steps that are left for one comparison."""

    def __init__(self, steps: int) -> None:
        self.steps = steps


def words(left: str, right: str, budget: _Budget | None = None) -> tuple[Piece, ...]:
    """Return one paragraph as both versions have it, in runs of words."""
    old, new = _TOKEN.findall(left), _TOKEN.findall(right)
    head = 0
    most = min(len(old), len(new))
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    pieces = [Piece("same", "".join(old[:head]))]
    pieces += _without_islands(_middle(middle_old, middle_new, budget or _Budget(STEPS_LIMIT)))
    pieces.append(Piece("same", "".join(old[len(old) - tail :])))
    return tuple(piece for piece in pieces if piece.text)


def _middle(old: list[str], new: list[str], budget: _Budget) -> list[Piece]:
    whole = [Piece("out", "".join(old)), Piece("in", "".join(new))]
    if not old or not new:
        return whole
    trace = _trace(old, new, budget)
    return whole if trace is None else _walked_back(old, new, trace)


def _trace(old: list[str], new: list[str], budget: _Budget) -> list[dict[int, int]] | None:
    """Return the furthest points of each number of edits (Myers 1986), ``None`` if too many."""
    n, m = len(old), len(new)
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(min(n + m, EDITS_LIMIT) + 1):
        trace.append(dict(furthest))
        for k in range(-edits, edits + 1, 2):
            x = furthest[k + 1] if _goes_down(furthest, edits, k) else furthest[k - 1] + 1
            y = x - k
            start = x
            while x < n and y < m and old[x] == new[y]:
                x, y = x + 1, y + 1
            budget.steps -= 1 + x - start
            furthest[k] = x
            if x >= n and y >= m:
                return trace
        if budget.steps <= 0:
            return None
    return None


def _goes_down(furthest: Mapping[int, int], edits: int, k: int) -> bool:
    """Tell whether the furthest path to diagonal ``k`` ends by putting a word in."""
    return k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])


def _walked_back(old: list[str], new: list[str], trace: list[dict[int, int]]) -> list[Piece]:
    x, y = len(old), len(new)
    steps: list[Piece] = []
    for edits in range(len(trace) - 1, -1, -1):
        furthest, k = trace[edits], x - y
        before = k + 1 if _goes_down(furthest, edits, k) else k - 1
        from_x = furthest[before] if edits else 0
        from_y = from_x - before if edits else 0
        while x > from_x and y > from_y:
            x, y = x - 1, y - 1
            steps.append(Piece("same", old[x]))
        if edits == 0:
            break
        if x == from_x:
            y -= 1
            steps.append(Piece("in", new[y]))
        else:
            x -= 1
            steps.append(Piece("out", old[x]))
    steps.reverse()
    return steps


def _without_islands(steps: Sequence[Piece]) -> Iterator[Piece]:
    """Yield runs, in each change what was taken out before what was put in, and no confetti.

    Two characters that happen to stand in both versions between two changes do not help to
    read: they join the changes. A number or a Latin word stays as it is.
    """
    same, out, into = "", "", ""
    for op, text in steps:
        if op == "same":
            same += text
            continue
        if same and ((not out and not into) or _stands_alone(same)):
            yield from _change(out, into)
            yield Piece("same", same)
            out, into = "", ""
        elif same:
            out, into = out + same, into + same
        same = ""
        if op == "out":
            out += text
        else:
            into += text
    yield from _change(out, into)
    if same:
        yield Piece("same", same)


def _stands_alone(text: str) -> bool:
    return len(text.strip()) > ISLAND or (text.strip().isalnum() and text.strip().isascii())


def _change(out: str, into: str) -> Iterator[Piece]:
    if out:
        yield Piece("out", out)
    if into:
        yield Piece("in", into)
