"""Ranked addresses and their grades into success@3 and nDCG@10.

A grade tells how well a page answers a query: 3 is what was meant, 2 answers it too, 1 has to do
with it, 0 is everything else.

* success@3 is 1 where one of the first three results has the highest grade that any page has for
  the query, and 0 elsewhere.
* nDCG@10 adds (2^grade - 1) / log2(place + 1) over the first ten results, and divides by what the
  best order of all graded pages would have given.

Both are means over queries; queries about which nothing is right count as well.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

FIRST, LIST = 3, 10


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader types, of which kind it is, and the grades of pages by their addresses."""

    kind: str
    text: str
    grades: dict[str, int] = field(default_factory=dict)
    form: str = ""


def success(found: Sequence[str], grades: Mapping[str, int], first: int = FIRST) -> float:
    """Return whether one of the first results is as good as any page can be."""
    best = max(grades.values(), default=0)
    return float(best > 0 and any(grades.get(key) == best for key in found[:first]))


def ndcg(found: Sequence[str], grades: Mapping[str, int], places: int = LIST) -> float:
    """Return the discounted gain of the first results as a share of the best possible."""
    best = _gain(sorted(grades.values(), reverse=True)[:places])
    seen: set[str] = set()
    given = []
    for key in found[:places]:
        given.append(0 if key in seen else grades.get(key, 0))  # a page counts once
        seen.add(key)
    return _gain(given) / best if best else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Means over the queries of one kind."""

    kind: str
    queries: int
    success: float
    ndcg: float


def verdicts(queries: Sequence[Query], found: Sequence[Sequence[str]]) -> list[Verdict]:
    """Return a verdict a kind in the order of the queries, and one over all."""
    kinds = dict.fromkeys(query.kind for query in queries)
    pairs = list(zip(queries, found, strict=True))
    chosen = [(kind, [pair for pair in pairs if pair[0].kind == kind]) for kind in kinds]
    return [_verdict(kind, some) for kind, some in [*chosen, ("all", pairs)]]


def _verdict(kind: str, pairs: Sequence[tuple[Query, Sequence[str]]]) -> Verdict:
    count = len(pairs) or 1
    return Verdict(
        kind,
        len(pairs),
        sum(success(found, query.grades) for query, found in pairs) / count,
        sum(ndcg(found, query.grades) for query, found in pairs) / count,
    )
