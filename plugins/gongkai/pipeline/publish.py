"""What is published now against the ledger: new rows, written while the new site is swapped in.

A publication goes: build into the staging folder, append to the ledger, verify the staged site by
the independent recount, sign the checkpoint of the log, swap. Until the swap the old site stands;
where a step fails the ledger is put back. A program that is killed after the ledger was written
leaves rows of items that are not served yet: the next publication serves them.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from gongkai.derive.links import public_files
from gongkai.derive.records import Item, Record, address_of, commitment, record, takedown
from gongkai.domain.corpus import EntryRecord, Judged, State
from gongkai.domain.entry import ChangeKind
from gongkai.domain.ledger import (
    CHANGED,
    ERASED,
    GONE,
    HEADER,
    KEYS_HEADER,
    PUBLISHED,
    RESTORED,
    WITHDRAWN,
    Ledger,
    LedgerKey,
    LedgerRow,
)
from gongkai.intake.source import read_regular
from gongkai.kernel import merkle
from gongkai.kernel.digest import git_blob_id
from gongkai.kernel.place import Place
from gongkai.kernel.text import fold
from gongkai.pipeline.log_files import CHECKPOINT, SIGNATURE
from gongkai.release.ledger_files import appended, clear_unfinished
from gongkai.release.signing import sign
from gongkai.release.verify import verify
from gongkai.views.entry_page import is_on_request

LEDGER = "ledger"
SOURCE_LIMIT = 4 << 20  # bytes; no page source is larger
Salt = Callable[[], str]
Row = LedgerRow  # for the command, which does not know the domain


class NotVerified(Exception):
    """The staged site does not agree with the content; the published one stands."""


class PublishedLater(Exception):
    """The ledger holds a publication of a later day; its days never go back."""

    def __init__(self, date: str, as_of: str) -> None:
        self.facts = {"date": date, "as_of": as_of}
        super().__init__(f"{as_of} < {date}")


class LogRewritten(Exception):
    """The ledger does not continue the log that is served: rows were changed or taken away."""


@dataclass
class Publication:
    """One run of ``gongkai publish``: what to do, and afterwards what was done."""

    sign: tuple[str, ...] = ()
    is_dry: bool = False
    salt: Salt = field(default=lambda: secrets.token_hex(16))
    rows: list[LedgerRow] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    is_done: bool = False
    _files: dict[str, bytes] = field(default_factory=dict)
    _leaves: tuple[bytes, ...] = ()

    def begin(self, content: Path) -> None:
        """Clear what a killed publication left; the caller holds the lock of the site."""
        clear_unfinished(content / LEDGER)

    def enter(self, judged: Judged, root: Path) -> Judged:
        """Return the verdict with the ledger as it will be once this publication is done.

        Raises:
            PublishedLater: the build is for a day before that of the last publication.
        """
        old = judged.corpus.ledger
        last = max((row.date for row in old.rows), default="")
        if str(judged.today) < last:
            raise PublishedLater(last, str(judged.today))
        self.rows.clear()
        made = _Rows(judged, root, self.salt)
        self.rows += made.rows
        if made.rows or made.dropped:
            keys = {c: key for c, key in old.keys.items() if c not in made.dropped} | made.keys
            ledger = Ledger.of((*_by_agency(old.rows), *made.rows), keys)
            touched = {row.agency for row in made.rows} | made.cleared
            self._files = dict(_files(ledger, touched))
            judged = _with_ledger(judged, ledger, (f"{LEDGER}/{name}" for name in self._files))
        self._leaves = judged.corpus.ledger.leaves
        return judged

    @contextmanager
    def around(self, staged: Path, target: Path, content: Path) -> Iterator[None]:
        """Hold the ledger's new rows while a staged release takes the place of the target.

        Raises:
            LogRewritten: the log that is served is no beginning of the new one.
            NotVerified: the staged site fails the independent recount; ``findings`` say how.
            SigningFailed: the outside command gave no signature.
            OSError: something cannot be written; ledger and site stand as they were.
        """
        self._continues(target)
        with appended(content / LEDGER, self._files):
            self.findings, _ = verify(content, staged)
            if self.findings:
                raise NotVerified
            if self.sign and (staged / CHECKPOINT).exists():
                signature = sign((staged / CHECKPOINT).read_bytes(), self.sign)
                (staged / SIGNATURE).write_bytes(signature)
            yield
        self.is_done = True

    def _continues(self, target: Path) -> None:
        """Refuse a ledger that does not go on from the log which stands at the target."""
        served = _read_checkpoint(target / CHECKPOINT)
        if served is None:
            return
        size, root = served
        leaves = [merkle.leaf_hash(data) for data in self._leaves[:size]]
        if len(leaves) < size or merkle.root_hash(leaves) != root:
            raise LogRewritten


def _read_checkpoint(path: Path) -> tuple[int, bytes] | None:
    """Return size and root of a checkpoint, or nothing where none stands or it is no checkpoint."""
    try:
        _, size, root, *_ = path.read_text("utf-8").split("\n")
        return int(size), base64.b64decode(root, validate=True)
    except (OSError, ValueError, binascii.Error):
        return None


class _Rows:
    """The rows that a verdict adds to its ledger, their keys, and the keys that it takes away."""

    def __init__(self, judged: Judged, root: Path, salt: Salt) -> None:
        self.judged, self.root, self.salt = judged, root, salt
        self.old = judged.corpus.ledger
        self.batch, self.date = self.old.batch + 1, str(judged.today)
        self.rows: list[LedgerRow] = []
        self.keys: dict[str, LedgerKey] = {}
        self.dropped: set[str] = set()
        self.cleared: set[str] = set()  # agencies some of whose keys are taken away
        self._past: dict[str, list[LedgerRow]] = defaultdict(list)
        for row in self.old.rows:
            self._past[row.address].append(row)
        held = set()
        for item in _published(judged):
            held.add(address_of(item))
            self._hold(item)
        self._take_down(held)
        self.rows.sort(key=lambda row: (row.agency, row.address))

    def _hold(self, item: Item) -> None:
        """Add a row where an item is new, or is no longer what its last row says."""
        address = address_of(item)
        last = self.old.last.get(address)
        facts = self._record(item)
        if last is None:
            event = PUBLISHED
        elif last.event in GONE:
            event = RESTORED
        else:
            key = self.old.keys.get(last.commitment)
            if key is not None and commitment(facts, key.salt) == last.commitment:
                return
            event = CHANGED
        source = git_blob_id(read_regular(self.root, item.path, SOURCE_LIMIT))
        self._add(event, address, item.agency, facts, source)
        until = _erased_until(item)
        past = self._past[address]
        is_new = all(row.commitment in self.old.keys for row in past)  # nothing was erased yet
        if until and past and is_new:
            until = max(until, past[-1].date)  # a note that is dated back covers what stood before
        self._forget(address, until)

    def _record(self, item: Item) -> Record:
        if not isinstance(item, EntryRecord) or is_on_request(item):
            return record(item)
        return record(item, public_files(self.judged, item))

    def _take_down(self, held: set[str]) -> None:
        """Add a row for each live address that a tombstone or a stub has taken."""
        corpus = self.judged.corpus
        reasons = {
            fold(g.tombstone.index_number): g.tombstone.reason
            for g in corpus.tombstones
            if g.is_own(corpus)
        }
        former = {
            fold(n) for r in self.judged.published if r.entry for n in r.entry.former_index_numbers
        }
        for address, row in self.old.live.items():
            number = fold(address.removeprefix("i/"))
            if address in held or number not in reasons.keys() | former:
                continue
            event = ERASED if reasons.get(number) == "privacy" else WITHDRAWN
            self._add(event, address, row.agency, takedown(address, event), "-")
            if event == ERASED:
                self._forget(address, self.date)

    def _add(self, event: str, address: str, agency: str, facts: Record, source: str) -> None:
        salt = self.salt()
        sealed = commitment(facts, salt)
        self.keys[sealed] = LedgerKey(salt, source)
        place = Place(f"{LEDGER}/{agency}.tsv")
        self.rows.append(LedgerRow(self.batch, self.date, event, address, sealed, agency, place))

    def _forget(self, address: str, until: str) -> None:
        """Take away what opens the rows of an address up to a day: nobody can test a guess."""
        for row in self._past[address]:
            if row.date <= until and row.commitment in self.old.keys:
                self.dropped.add(row.commitment)
                self.cleared.add(row.agency)


def _with_ledger(judged: Judged, ledger: Ledger, paths: Iterable[str]) -> Judged:
    """Return the verdict with a ledger whose files will be there when the account is checked."""
    corpus = judged.corpus
    others = tuple(sorted({*corpus.other_files, *paths}))
    states = dict.fromkeys(others, State.USED) | dict(judged.states)
    corpus = replace(corpus, ledger=ledger, other_files=others)
    return replace(judged, corpus=corpus, states=states)


def _published(judged: Judged) -> Iterator[Item]:
    yield from judged.published
    yield from judged.published_guides.values()
    yield from judged.published_reports
    yield from judged.published_site_reports


def _erased_until(item: Item) -> str:
    """Return the day up to which an item's earlier texts may not be opened any more, or nothing."""
    if not isinstance(item, EntryRecord) or item.entry is None:
        return ""
    if item.ended is not None:
        return "9999"
    changes = item.entry.changes
    return max((str(c.date) for c in changes if c.kind is ChangeKind.REDACTION), default="")


def _by_agency(rows: Iterable[LedgerRow]) -> list[LedgerRow]:
    """Return rows in the order of the agencies' files, as a ledger is made from them."""
    return sorted(rows, key=lambda row: row.agency)


def _files(ledger: Ledger, agencies: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of the ledger files of some agencies."""
    for agency in sorted(agencies):
        rows = [row for row in ledger.rows if row.agency == agency]
        lines = ["\t".join(HEADER)]
        lines += ["\t".join((str(row.batch), *row[1:5])) for row in rows]
        yield f"{agency}.tsv", ("\n".join(lines) + "\n").encode()
        lines = ["\t".join(KEYS_HEADER)]
        for row in rows:
            if (key := ledger.keys.get(row.commitment)) is not None:
                lines.append(f"{row.commitment}\t{key.salt}\t{key.source}")
        yield f"{agency}.keys.tsv", ("\n".join(lines) + "\n").encode()
