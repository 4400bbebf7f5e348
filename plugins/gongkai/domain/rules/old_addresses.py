"""Old addresses (旧网址): each leads to one page, and none to what is this site's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from gongkai.domain.corpus import Corpus, place_of
from gongkai.domain.old_address import OWN_PARTS, OldAddress, take_apart
from gongkai.domain.rules.conservation import page_key
from gongkai.domain.rules.review import page_of, pages
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem

_NEVER = 10**10  # behind every batch


@dataclass(frozen=True, slots=True)
class Claim:
    """One old address as a page claims it: its source, where it is written, whom it leads to.

    ``number`` is the index number of an entry or a tombstone, otherwise empty; ``order`` sorts
    the rightful holder of an address that is written twice first: a source that stands as it was
    published, then what was entered in the ledger first. A date in a file proves nothing.
    """

    path: str
    number: str
    written: str
    address: OldAddress
    place: Place
    order: tuple[bool, int, str, str, int]


def own_host(corpus: Corpus) -> str:
    """Return the host that the site itself stands on."""
    return (urlsplit(corpus.site.base_url).hostname or "").lower()


def claims(corpus: Corpus) -> list[Claim]:
    """Return all old addresses, the rightful holder of each before the others."""
    found: list[Claim] = []
    for record in pages(corpus):
        page = page_of(record)
        if page is None:
            continue
        for n, written in enumerate(page.legacy_urls):
            place = place_of(record.path, record.places, f"legacy_urls.{n}")
            number = getattr(page, "index_number", "")
            held = _holding(corpus, page_key(record), getattr(record, "blob", ""))
            order = (*held, page.published_on.key(), record.path, n)
            found.append(Claim(record.path, number, written, take_apart(written), place, order))
    for grave in corpus.tombstones:
        row = grave.tombstone
        for n, written in enumerate(row.legacy_urls):
            held = _holding(corpus, f"i/{row.index_number}", "")
            path, order = grave.place.path, (*held, str(row.withdrawn_on), row.index_number, n)
            address = take_apart(written)
            found.append(Claim(path, row.index_number, written, address, grave.place, order))
    return sorted(found, key=lambda claim: claim.order)


def _holding(corpus: Corpus, key: str, blob: str) -> tuple[bool, int]:
    """Return whether a source is another than the published one, and when its page was entered."""
    ledger = corpus.ledger
    row, first = ledger.last.get(key), ledger.first.get(key)
    sealed = ledger.keys.get(row.commitment) if row else None
    is_as_published = sealed is not None and bool(blob) and sealed.source == blob
    return not is_as_published, first.batch if first else _NEVER


def judge_old_addresses(corpus: Corpus) -> Iterator[Problem]:
    """Yield old addresses that two pages claim, and those that this site needs itself."""
    host = own_host(corpus)
    seen: dict[tuple[str, str, str], Claim] = {}
    for claim in claims(corpus):
        address = claim.address
        facts: dict[str, object] = {"value": claim.written}
        if address.host in ("", host) and address.first in OWN_PARTS:
            facts["first"] = address.first
            yield Problem(p.OLD_ADDRESS_TAKEN, claim.place, facts)
        holder = seen.setdefault(address.identity(host), claim)
        if holder is not claim:
            facts["other"] = holder.path
            yield Problem(p.REPEATED_OLD_ADDRESS, claim.place, facts)
