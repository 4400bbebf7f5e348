"""What a quarantine build leaves out, and what stands at published addresses meanwhile.

A finding of security, privacy or ownership stops what its agency would newly publish; what stands
in the ledger with the same source goes on. An address that was published keeps its last good bytes
while its source is wrong. Where those bytes are what is wrong, or are not to be had, a page says
that the item is being checked: an address never vanishes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from gongkai.domain.corpus import (
    Corpus,
    EntryRecord,
    GuideRecord,
    Judged,
    ReportRecord,
    State,
)
from gongkai.domain.rules.conservation import page_key, stops_its_agency
from gongkai.kernel import problems as p
from gongkai.kernel.digest import digest_of_bytes, git_blob_id
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem
from gongkai.pipeline.plan import Kept, Plan
from gongkai.press.artifact import Artifact
from gongkai.views.entry_page import suspended_page

Record = EntryRecord | GuideRecord | ReportRecord
MANIFEST = "data/manifest.tsv"
ACCOUNT = "data/build.json"
_NOTICE_END = re.compile(rb'<meta name="NoticeEnd" content="([0-9]{4}-[0-9]{2}-[0-9]{2})"')


def batch_problems(judged: Judged, root: Path) -> Iterator[Problem]:
    """Yield what is not published because of a finding elsewhere in its agency.

    An agency without rows in the ledger has nothing to compare with: there only the file itself is
    left out.
    """
    corpus = judged.corpus
    causes: dict[str, Problem] = {}
    for problem in judged.problems:
        parts = problem.place.path.split("/")
        if parts[0] == "agencies" and stops_its_agency(problem):
            causes.setdefault(parts[1], problem)
    known = {row.agency for row in corpus.ledger.rows}
    for agency, cause in causes.items():
        if agency not in known:
            continue
        facts = {"file": cause.place.path, "code": cause.code.id}
        for record in _records(corpus, agency):
            is_public = judged.states[record.path] is State.PUBLISHED
            if is_public and not is_as_published(corpus, record, root):
                yield Problem(p.BATCH_STOPPED, Place(record.path), facts)


def is_as_published(corpus: Corpus, record: Record, root: Path) -> bool:
    """Tell whether a source is byte for byte the one that the ledger's last row was made from."""
    address = page_key(record)
    row = corpus.ledger.live.get(address) if address else None
    key = corpus.ledger.keys.get(row.commitment) if row else None
    return key is not None and key.source == git_blob_id((root / record.path).read_bytes())


def _records(corpus: Corpus, agency: str) -> Iterator[Record]:
    yield from (record for record in corpus.entries if record.agency == agency)
    if agency in corpus.guides:
        yield corpus.guides[agency]
    yield from (record for record in corpus.reports if record.agency == agency)


def kept_pages(
    judged: Judged, target: Path, root: Path, known: Mapping[str, str] | None = None
) -> Kept:
    """Return what to keep of the site that stands at ``target`` in place of what was left out.

    ``known`` are the digests of what this program wrote there, as far as it remembers: a page
    whose list was rewritten with it is not kept.
    """
    written = known or {}
    corpus = judged.corpus
    made = set(_made(judged))
    missing = [address for address in corpus.ledger.live if address not in made]
    if not missing:
        return Kept()
    leaking = set(_leaking(judged, root))
    standing = _standing(target)
    harmful = _harmful(judged)
    files: dict[str, tuple[tuple[str, str], ...]] = {}
    suspended = []
    for address in missing:
        over = is_notice_over_on(target / f"{address}.html", judged.today)
        foreign = any(written.get(at, is_) != is_ for at, is_ in standing.get(address, ()))
        harms = any(digest in harmful for _, digest in standing.get(address, ()))
        if address in leaking or address not in standing or over or foreign or harms:
            suspended.append(address)
        else:
            files[address] = tuple(standing[address])
    return Kept(files, tuple(suspended))


def is_notice_over_on(page: Path, today: date) -> bool:
    """Tell whether a standing page has a 公示期 that is over, whatever became of its source."""
    try:
        found = _NOTICE_END.search(page.read_bytes())
    except OSError:
        return False
    return found is not None and found[1].decode() < str(today)


def _made(judged: Judged) -> Iterator[str]:
    """Yield the addresses at which the new release has a page, a tombstone or a stub."""
    corpus = judged.corpus
    for record in judged.published:
        if record.entry:
            yield f"i/{record.entry.index_number}"
            yield from (f"i/{number}" for number in record.entry.former_index_numbers)
    for grave in corpus.tombstones:
        if grave.is_own(corpus):
            yield f"i/{grave.tombstone.index_number}"
    for agency in judged.published_guides:
        yield f"a/{agency}/guide"
    for report in (*judged.published_reports, *judged.published_site_reports):
        if key := page_key(report):
            yield key


def _leaking(judged: Judged, root: Path) -> Iterator[str]:
    """Yield the addresses whose published text itself has a finding."""
    corpus = judged.corpus
    bad = {problem.place.path for problem in judged.problems if stops_its_agency(problem)}
    records: tuple[Record, ...] = (*corpus.entries, *corpus.guides.values(), *corpus.reports)
    for record in records:
        address = page_key(record)
        if address and record.path in bad and is_as_published(corpus, record, root):
            yield address


def _harmful(judged: Judged) -> set[str]:
    """Return the digests of attachments that themselves have such a finding."""
    files = judged.corpus.files
    return {
        files[problem.place.path].digest
        for problem in judged.problems
        if problem.place.path in files and stops_its_agency(problem)
    }


def _standing(target: Path) -> dict[str, list[tuple[str, str]]]:
    """Return the files (address, digest) of each page of the standing site, with its folder's."""
    found: dict[str, list[tuple[str, str]]] = {}
    try:
        text = (target / MANIFEST).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    for line in text.splitlines():
        digest, _, rest = line.partition("\t")
        address = rest.partition("\t")[2]
        parts = address.split("/")
        key = "/".join(parts[:3]) if parts[0] == "i" else address
        found.setdefault(key.removesuffix(".html"), []).append((address, digest))
    suspended = _suspended(target)  # pages that say so are no last good bytes
    return {
        key: files
        for key, files in found.items()
        if key not in suspended and any(a == f"{key}.html" for a, _ in files)
    }


def _suspended(target: Path) -> set[str]:
    """Return the addresses that the standing site itself says are being checked."""
    try:
        account = json.loads((target / ACCOUNT).read_bytes())
        return set(account["suspended"])
    except (OSError, ValueError, LookupError, TypeError):
        return set()


def kept_artifacts(plan: Plan, target: Path) -> Iterator[Artifact]:
    """Yield the kept files as they stand, and a page for each address that is suspended."""
    kept = plan.kept
    for files in kept.files.values():
        for address, digest in files:
            yield Artifact(address, f"kept {digest}", partial(_bytes, target / address, digest))
    agencies = {row.address: row.agency for row in plan.judged.corpus.ledger.rows}
    for key in kept.suspended:
        address = f"{key}.html"
        view = partial(suspended_page, plan.frame, agencies[key], address)
        yield plan.page("tombstone", address, f"suspended {agencies[key]}", view)


def _bytes(path: Path, digest: str) -> bytes:
    data = path.read_bytes()
    if digest_of_bytes(data) != digest:  # somebody wrote into the published folder
        raise OSError(0, "内容与清单不符", str(path))
    return data
