"""What was ever published, row by row: the source of the publication log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from gongkai.kernel.place import Place

HEADER = ("batch", "date", "event", "address", "commitment")
KEYS_HEADER = ("commitment", "salt", "source")
PUBLISHED, CHANGED, WITHDRAWN, ERASED, RESTORED = (
    "published",
    "changed",
    "withdrawn",
    "erased",
    "restored",
)
GONE = frozenset((WITHDRAWN, ERASED))
# what may come after what, for one address; nothing stands before its first row
FOLLOWING = {
    "": frozenset((PUBLISHED,)),
    PUBLISHED: frozenset((CHANGED, WITHDRAWN, ERASED)),
    CHANGED: frozenset((CHANGED, WITHDRAWN, ERASED)),
    RESTORED: frozenset((CHANGED, WITHDRAWN, ERASED)),
    WITHDRAWN: frozenset((PUBLISHED, RESTORED, ERASED)),
    ERASED: frozenset((PUBLISHED, RESTORED)),
}


class LedgerRow(NamedTuple):
    """One publication, change or takedown.

    ``batch`` counts the publications of the whole site from 1, ``date`` is an ISO date, ``address``
    a site address without ``.html``, ``commitment`` 64 hexadecimal digits.
    """

    batch: int
    date: str
    event: str
    address: str
    commitment: str
    agency: str
    place: Place


class LedgerKey(NamedTuple):
    """What opens a commitment: its salt, and the blob of the source file it was made from."""

    salt: str
    source: str


@dataclass(frozen=True)
class Ledger:
    """All rows in the order of the log, and the keys that were not dropped by an erasure.

    ``keys`` are by commitment.
    """

    rows: tuple[LedgerRow, ...] = ()
    keys: Mapping[str, LedgerKey] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[LedgerRow], keys: Mapping[str, LedgerKey]) -> Ledger:
        """Return the ledger of rows that are given agency by agency, in the order of each file."""
        # sorting keeps the order of equals, which is that of each file
        ordered = sorted(rows, key=lambda row: (row[0], row[5]))
        return cls(tuple(ordered), keys)

    @cached_property
    def live(self) -> dict[str, LedgerRow]:
        """The last row of each address that is neither withdrawn nor erased."""
        return {a: row for a, row in self.last.items() if row.event not in GONE}

    @cached_property
    def last(self) -> dict[str, LedgerRow]:
        """The last row of each address, whatever it says."""
        return {row.address: row for row in self.rows}

    @cached_property
    def first(self) -> dict[str, LedgerRow]:
        """The first row of each address."""
        return {row.address: row for row in reversed(self.rows)}

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each commitment's leaf, from 0."""
        return {row.commitment: n for n, row in enumerate(self.rows)}

    @cached_property
    def leaves(self) -> tuple[bytes, ...]:
        """The data of each leaf: the bytes of the commitments, in the order of the log."""
        return tuple(bytes.fromhex(row.commitment) for row in self.rows)

    @property
    def batch(self) -> int:
        """The number of the last publication; 0 where there was none."""
        return self.rows[-1].batch if self.rows else 0
