"""Numbered documents and their postings into the files of the index, the manifest last."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from gongkai.kernel.terms import normalise
from gongkai.press.search.postings import FIRST, RATIO, Postings
from gongkai.press.search.shards import (
    FORMAT,
    FRONT,
    NAME_BYTES,
    PART,
    Family,
    SearchFile,
    all_files,
    b64,
    deflate,
    gaps,
    name_of,
    named,
    short,
    term_families,
)
from gongkai.press.writers.data import json_text
from gongkai.views.search_document import SearchCard, validity_label

BLOCK = 8  # cards a file
GROUP = 32  # cards whose files have one name together: every visitor loads the list of names
FACETS = ("agency", "column", "subject", "kind", "validity")
LAPSED_INLINE = 2048  # bytes of the list of lapsed documents that the manifest itself can hold


@dataclass(frozen=True, slots=True)
class Numbered:
    """One document of the index: what its card depends on, its classes, how to make the card."""

    stamp: str
    classes: tuple[str, ...]  # codes, in the order of FACETS
    year: int
    is_lapsed: bool
    card: Callable[[], SearchCard]


@dataclass(frozen=True, slots=True)
class Labels:
    """The codes of each facet with their Chinese labels, in order; groups of words; noise."""

    facets: Mapping[str, Sequence[tuple[str, str]]]
    synonyms: Sequence[Sequence[str]] = ()
    noise: Sequence[str] = ()
    variants: str = ""  # the address of the table of traditional characters


def index_files(
    documents: Sequence[Numbered], postings: Postings, labels: Labels
) -> list[SearchFile]:
    """Return all files of the index; the manifest comes last."""
    values = {name: (("", ""), *labels.facets[name]) for name in FACETS}
    places = {name: {code: n for n, (code, _) in enumerate(values[name])} for name in FACETS}
    slices, overflow, common = term_families(postings, len(documents))
    cards = _cards(documents, places)
    classes, class_files = _facets(documents, values, places)
    lapsed, lapsed_files = _lapsed(documents)
    manifest = {
        "version": FORMAT,
        "documents": len(documents),
        "front": FRONT,
        "part": PART,
        "weights": {"first": FIRST, "ratio": RATIO},
        "terms": slices.facts,
        "overflow": [family.facts for family in overflow],
        "common": common,
        "cards": {"size": BLOCK, "group": GROUP, **cards.facts},
        "facets": classes,
        "years": _years(documents),
        **lapsed,
        "synonyms": [[normalise(word) for word in group] for group in labels.synonyms],
        "noise": [normalise(word) for word in labels.noise],
        "variants": labels.variants,
    }
    data = json_text(manifest, separators=(",", ":")).encode()
    files = [*all_files([slices, *overflow, cards]), *class_files, *lapsed_files]
    return [*files, SearchFile("manifest.json", name_of(data).hex(), lambda: data)]


def _cards(documents: Sequence[Numbered], places: Mapping[str, Mapping[str, int]]) -> Family:
    order = repr([sorted(places[name].items()) for name in ("agency", "column", "kind")])
    files, names = [], []
    for number, first in enumerate(range(0, len(documents), BLOCK)):
        block = documents[first : first + BLOCK]
        if first % GROUP == 0:
            mark = name_of(order, *(one.stamp for one in documents[first : first + GROUP]))
            names.append(mark[:NAME_BYTES])

        def make(block: Sequence[Numbered] = block) -> bytes:
            rows = [_row(one.card(), places) for one in block]
            return deflate(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())

        files.append(SearchFile(f"c/{number}-{short(mark)}.bin", mark.hex(), make))
    pages, facts = named("c", names)
    return Family((*files, *pages), facts)


def _row(card: SearchCard, places: Mapping[str, Mapping[str, int]]) -> list[Any]:
    own = f"i/{card.index_number}.html"
    return [
        "" if card.index_number and card.url == own else card.url,
        card.title,
        card.index_number,
        card.document_number,
        places["agency"].get(card.agency, 0),
        card.published,
        places["column"].get(card.column, 0),
        validity_label(card.validity),
        places["kind"].get(card.kind, 0),
        card.summary,
    ]


def _facets(
    documents: Sequence[Numbered],
    values: Mapping[str, Sequence[tuple[str, str]]],
    places: Mapping[str, Mapping[str, int]],
) -> tuple[dict[str, Any], list[SearchFile]]:
    facts: dict[str, Any] = {}
    files = []
    for column, name in enumerate(FACETS):
        wide = len(values[name]) > 256
        numbers = [places[name].get(one.classes[column], 0) for one in documents]
        marks = []
        for part, first in enumerate(range(0, len(numbers), PART)):
            kind = np.dtype("<u2") if wide else np.dtype("u1")
            data = np.array(numbers[first : first + PART], kind).tobytes()
            mark = name_of(name, data)
            marks.append(mark[:NAME_BYTES])
            address = f"f/{name}-{part}-{short(mark)}.bin"
            files.append(SearchFile(address, mark.hex(), partial(deflate, data)))
        facts[name] = {
            "values": [list(pair) for pair in values[name]],
            "width": 2 if wide else 1,
            "names": b64(b"".join(marks)),
        }
    return facts, files


def _lapsed(documents: Sequence[Numbered]) -> tuple[dict[str, str], list[SearchFile]]:
    data = gaps([number for number, one in enumerate(documents) if one.is_lapsed])
    if len(data) <= LAPSED_INLINE:
        return {"lapsed": b64(data)}, []
    mark = name_of("lapsed", data)
    address = f"l-{short(mark)}.bin"
    return {"lapsed_file": address}, [SearchFile(address, mark.hex(), lambda: deflate(data))]


def _years(documents: Sequence[Numbered]) -> list[list[int]]:
    """Return each year with the number of its first document: documents stand by date."""
    years: list[list[int]] = []
    for number, one in enumerate(documents):
        if not years or years[-1][0] != one.year:
            years.append([one.year, number])
    return years
