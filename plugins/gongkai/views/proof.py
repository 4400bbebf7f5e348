"""An item and the ledger into what its page says of the publication log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from gongkai.derive.links import PublicFile
from gongkai.derive.records import Item, address_of, canonical, record
from gongkai.domain.corpus import EntryRecord, GuideRecord
from gongkai.domain.ledger import Ledger
from gongkai.views import formats
from gongkai.views.shared import Fact, Proof


def proof_of(
    ledger: Ledger, item: Item, files: Sequence[PublicFile], sha256: Mapping[str, str]
) -> Proof | None:
    """Return the proof of an item, or nothing where the ledger does not know its address.

    ``files`` are an entry's published files, ``sha256`` their digests by content path. Nothing
    here depends on how long the log is, or every publication would change every page.
    """
    if not ledger.rows:
        return None
    address = address_of(item)
    first = ledger.first.get(address)
    if first is None:
        return None
    begun = Proof(
        first_on=_long(first.date),
        first_number=ledger.index[first.commitment] + 1,
        is_first_day=str(_published(item)) == first.date,
    )
    row = ledger.live.get(address)
    key = ledger.keys.get(row.commitment) if row else None
    if row is None or key is None:
        return begun
    made = record(item, files, sha256)
    sealed = canonical({**made, "salt": key.salt})
    if hashlib.sha256(sealed).hexdigest() != row.commitment:
        return begun
    index = ledger.index[row.commitment]
    facts = [Fact("登记日期", _long(row.date)), Fact("在日志中的位置（从0数起）", str(index))]
    if "text" in made:
        facts.append(Fact("正文（去掉空白）的 SHA-256", made["text"]))
    facts += [Fact(f"{name} 的 SHA-256", digest) for name, digest in made.get("attachments", ())]
    facts += [Fact("随机数（盐）", key.salt), Fact("承诺值（SHA-256）", row.commitment)]
    return replace(
        begun,
        entered_on=_long(row.date),
        number=index + 1,
        record=sealed.decode(),
        facts=tuple(facts),
    )


@lru_cache(maxsize=1024)
def _long(day: str) -> str:
    return formats.long_date(date.fromisoformat(day))


def _published(item: Item) -> date:
    page = (
        item.entry
        if isinstance(item, EntryRecord)
        else item.guide
        if isinstance(item, GuideRecord)
        else item.report
    )
    assert page is not None, "only bound items are published"
    return page.published_on.date
