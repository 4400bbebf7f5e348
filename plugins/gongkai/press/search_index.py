"""Search documents into lunr indexes, a segment at a time, and the manifest that names them.

The segments are lunr's own serialised form, written from plain counts: lunr's builder takes
20 ms and more for an entry. A test holds the result equal to lunr.py's builder. Documents are
numbered oldest first, so one new entry rewrites the last segment alone (decisions.md 36).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence

from gongkai.kernel.text import terms
from gongkai.views.search_document import SearchDocument

SEGMENT_SIZE = 500
FIELDS = ("title", "number", "meta", "text")
BOOSTS = {"title": 6, "number": 8, "meta": 2, "text": 1}
LUNR_VERSION = "2.3.9"
MANIFEST_VERSION = 1
_B, _K1 = 0.75, 1.2  # lunr's defaults


def segment(documents: Sequence[SearchDocument]) -> bytes:
    """Return one segment: a lunr index whose refs are positions, and a card for each document."""
    data = {"index": lunr_index(documents), "cards": [document.card for document in documents]}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def lunr_index(documents: Sequence[SearchDocument]) -> dict[str, object]:
    """Return what lunr's builder would serialise for these documents.

    Scores follow lunr 2.3: BM25 with b = 0.75 and k1 = 1.2 within a field, times the field's
    boost, rounded to three decimals.
    """
    numbers: dict[str, int] = {}
    postings: dict[str, dict[str, dict[str, dict[str, object]]]] = {}
    counts: dict[tuple[str, int], Counter[str]] = {}
    lengths: dict[str, list[int]] = {field: [] for field in FIELDS}
    for position, document in enumerate(documents):
        for field in FIELDS:
            tokens = terms(getattr(document, field))
            counts[field, position] = counter = Counter(tokens)
            lengths[field].append(len(tokens))
            for term in counter:
                if term not in postings:
                    numbers[term] = len(numbers)
                    postings[term] = {name: {} for name in FIELDS}
                postings[term][field][str(position)] = {}
    total = len(documents)
    idf = {term: _idf(posting, total) for term, posting in postings.items()}
    averages = {field: sum(sizes) / total if total else 0.0 for field, sizes in lengths.items()}
    vectors: list[list[object]] = []
    for position in range(total):
        for field in FIELDS:
            counter = counts[field, position]
            share = lengths[field][position] / averages[field] if averages[field] else 0.0
            norm = _K1 * (1 - _B + _B * share)
            elements: list[float | int] = []
            for index, term in sorted((numbers[term], term) for term in counter):
                frequency = counter[term]
                score = idf[term] * ((_K1 + 1) * frequency) / (norm + frequency) * BOOSTS[field]
                elements += [index, round(score, 3)]
            vectors.append([f"{field}/{position}", elements])
    ordered = sorted(postings, key=lambda term: term.encode("utf-16-be"))  # as JavaScript compares
    return {
        "version": LUNR_VERSION,
        "fields": list(FIELDS),
        "fieldVectors": vectors,
        "invertedIndex": [[term, {"_index": numbers[term], **postings[term]}] for term in ordered],
        "pipeline": [],
    }


def _idf(posting: dict[str, dict[str, dict[str, object]]], total: int) -> float:
    holding = sum(len(refs) for refs in posting.values())
    return math.log(1 + abs((total - holding + 0.5) / (holding + 0.5)))


def manifest(files: Sequence[str], total: int) -> bytes:
    """Return the manifest that the results page reads first."""
    segments = [
        {
            "file": name,
            "first": n * SEGMENT_SIZE,
            "count": min(SEGMENT_SIZE, total - n * SEGMENT_SIZE),
        }
        for n, name in enumerate(files)
    ]
    data = {
        "version": MANIFEST_VERSION,
        "documents": total,
        "segments": segments,
        "lunr": "lunr.js",
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()
