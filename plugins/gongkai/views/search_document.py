"""An entry into what search keeps of it: a card to show and the fields to score."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.domain.corpus import EntryRecord
from gongkai.domain.entry import Validity
from gongkai.views.frame import Frame


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One document: ``card`` is what the results page prints, the fields are plain text."""

    card: tuple[str, ...]
    title: str
    number: str
    meta: str
    text: str


def search_document(frame: Frame, record: EntryRecord, validity: Validity) -> SearchDocument:
    """Return the search document of a published entry; its body is not in this first index."""
    entry = record.entry
    assert entry is not None, "only published entries are searched"
    row = frame.row(record, validity)
    numbers = (
        entry.document_number,
        entry.index_number,
        entry.registration_number,
        *entry.former_index_numbers,
    )
    meta = (
        *entry.keywords,
        *entry.tags,
        frame.agency(record.agency).name,
        row.column,
        *frame.issuers(record, entry),
    )
    card = (
        row.url,
        row.title,
        row.index_number,
        row.document_number,
        row.agency,
        row.published,
        row.column,
        row.validity,
        row.summary,
    )
    return SearchDocument(card, entry.title, " ".join(numbers), " ".join(meta), row.summary)
