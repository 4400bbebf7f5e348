"""What a page says of the log: from when on, under which number, and whether it still holds."""

from __future__ import annotations

import hashlib
import json

from gongkai.derive.records import commitment, record
from gongkai.domain.body import BodyFacts
from gongkai.domain.corpus import EntryRecord
from gongkai.domain.ledger import Ledger, LedgerKey, LedgerRow
from gongkai.kernel.place import Place
from gongkai.views.proof import proof_of
from make import make_record

ADDRESS = "i/QH0000028/2026-00001"
SALT = "0123456789abcdef0123456789abcdef"
BODY = BodyFacts("d", 4, "正文", text="5" * 64)


def ledger_of(*states: tuple[str, str, EntryRecord | None]) -> Ledger:
    """Return a ledger with another agency's row first, then (date, event, item) of one address."""
    place = Place("ledger/mzj.tsv", 2)
    other = hashlib.sha256(b"other").hexdigest()
    rows = [LedgerRow(1, "2026-01-01", "published", "a/aaa/guide", other, "aaa", place)]
    keys = {}
    for n, (day, event, item) in enumerate(states):
        salt = SALT[n:] + SALT[:n]
        sealed = commitment(record(item) if item else {"n": n}, salt)
        if item:
            keys[sealed] = LedgerKey(salt, "-")
        rows.append(LedgerRow(n + 2, day, event, ADDRESS, sealed, "mzj", place))
    return Ledger.of(rows, keys)


def test_a_published_item_has_its_number_and_the_record_that_the_log_commits_to() -> None:
    item = make_record(body=BODY)
    ledger = ledger_of(("2026-03-05", "published", item))
    proof = proof_of(ledger, item, (), {})
    assert proof is not None
    assert (proof.first_on, proof.first_number, proof.number) == ("2026年3月5日", 2, 2)
    assert proof.is_first_day
    sealed = hashlib.sha256(proof.record.encode()).hexdigest()
    assert ledger.index[sealed] == 1
    assert json.loads(proof.record)["salt"] == SALT


def test_what_was_published_before_the_log_began_is_not_said_to_be_published_first() -> None:
    item = make_record(body=BODY)
    proof = proof_of(ledger_of(("2026-04-01", "published", item)), item, (), {})
    assert proof is not None and not proof.is_first_day


def test_a_changed_item_keeps_its_first_number() -> None:
    item, later = make_record(body=BODY), make_record(body=BODY, title="改正后的标题")
    ledger = ledger_of(("2026-03-05", "published", item), ("2026-03-09", "changed", later))
    proof = proof_of(ledger, later, (), {})
    assert proof is not None
    assert (proof.first_number, proof.number, proof.entered_on) == (2, 3, "2026年3月9日")


def test_a_text_that_is_not_in_the_log_shows_no_record() -> None:
    item, later = make_record(body=BODY), make_record(body=BODY, title="改正后的标题")
    proof = proof_of(ledger_of(("2026-03-05", "published", item)), later, (), {})
    assert proof is not None and (proof.first_number, proof.record, proof.facts) == (2, "", ())


def test_an_erased_item_shows_no_record() -> None:
    item = make_record(body=BODY)
    ledger = ledger_of(("2026-03-05", "published", item), ("2026-03-09", "erased", None))
    proof = proof_of(ledger, item, (), {})
    assert proof is not None and proof.record == ""


def test_without_a_ledger_or_a_row_of_its_own_nothing_is_said() -> None:
    item = make_record(body=BODY)
    assert proof_of(Ledger(), item, (), {}) is None
    assert proof_of(ledger_of(), item, (), {}) is None


def test_what_is_printed_does_not_depend_on_how_long_the_log_is() -> None:
    item = make_record(body=BODY)
    short = ledger_of(("2026-03-05", "published", item))
    place = Place("ledger/zzz.tsv", 2)
    more = LedgerRow(9, "2026-09-09", "published", "a/zzz/guide", "f" * 64, "zzz", place)
    longer = Ledger.of((*short.rows, more), short.keys)
    assert proof_of(short, item, (), {}) == proof_of(longer, item, (), {})
