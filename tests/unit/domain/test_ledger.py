"""The ledger: its order, what is live, first and last, and where a commitment stands in the log."""

from __future__ import annotations

import hashlib

from gongkai.domain.ledger import Ledger, LedgerRow
from gongkai.kernel.place import Place


def row(batch: int, agency: str, address: str, event: str = "published") -> LedgerRow:
    sealed = hashlib.sha256(f"{batch}{address}{event}".encode()).hexdigest()
    place = Place(f"ledger/{agency}.tsv", 2)
    return LedgerRow(batch, f"2026-01-{batch:02}", event, address, sealed, agency, place)


def test_the_log_goes_by_batch_then_agency_then_position() -> None:
    given = [
        row(1, "a", "a/a/guide"),
        row(3, "a", "i/A/2"),
        row(3, "a", "i/A/1"),
        row(1, "b", "a/b/guide"),
        row(2, "b", "i/B/1"),
    ]
    ledger = Ledger.of(given, {})
    assert [(r.batch, r.address) for r in ledger.rows] == [
        (1, "a/a/guide"),
        (1, "a/b/guide"),
        (2, "i/B/1"),
        (3, "i/A/2"),
        (3, "i/A/1"),
    ]
    assert [ledger.index[r.commitment] for r in ledger.rows] == [0, 1, 2, 3, 4]
    assert ledger.leaves[2] == bytes.fromhex(ledger.rows[2].commitment)
    assert ledger.batch == 3


def test_what_was_withdrawn_is_not_live_and_what_was_restored_is() -> None:
    events = ["published", "changed", "withdrawn", "restored", "erased"]
    rows = [row(n, "a", "i/A/1", event) for n, event in enumerate(events, 1)]
    for size, is_live in ((1, True), (2, True), (3, False), (4, True), (5, False)):
        ledger = Ledger.of(rows[:size], {})
        assert ("i/A/1" in ledger.live) is is_live
        assert ledger.first["i/A/1"] == rows[0]
        assert ledger.last["i/A/1"] == rows[size - 1]


def test_a_site_that_has_published_nothing_has_an_empty_ledger() -> None:
    ledger = Ledger()
    assert (ledger.batch, ledger.live, ledger.index, ledger.leaves) == (0, {}, {}, ())
