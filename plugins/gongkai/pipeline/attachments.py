"""The files that entries attach into what is held against them, and the list of those published.

Each content is looked through once: what was found is remembered by its digest and its name, and
the text that was met on the way is handed to the search.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai.derive.links import public_files
from gongkai.domain.corpus import EntryRecord, FileFacts
from gongkai.domain.entry import Entry
from gongkai.domain.kinds import Service
from gongkai.domain.privacy import PRIVACY_WORDS, PrivacyKind
from gongkai.domain.rules.relations import attached_files, file_named
from gongkai.domain.site import Site, extension_of
from gongkai.intake.attachment_check import Inspected, Limits, inspect
from gongkai.intake.findings import FINDINGS_LIMIT, Finding
from gongkai.intake.private import remedy, unused_waiver
from gongkai.kernel.digest import digest_of_text
from gongkai.kernel.place import Place
from gongkai.kernel.problems import (
    ATTACHMENT_PRIVATE,
    ATTACHMENT_REFUSED,
    ATTACHMENT_SECRET,
    CODES,
    MORE_OF_THE_SAME,
    PRIVATE_DATA_WAIVED,
    Problem,
)
from gongkai.pipeline import pool
from gongkai.pipeline.cache import Cache
from gongkai.pipeline.plan import Plan, has_files
from gongkai.press.artifact import Artifact
from gongkai.press.writers.data import csv_file, json_rows
from gongkai.views import entry_page

FILE_FIELDS = ("index_number", "address", "name", "title", "type", "size", "sha256")


@dataclass(frozen=True, slots=True)
class Use:
    """Where an entry names a file, and how it is written there."""

    record: EntryRecord
    place: Place
    file: str


def uses_of_files(
    entries: Iterable[EntryRecord], files: Mapping[str, FileFacts]
) -> dict[str, list[Use]]:
    """Return where entries attach, link to or show each file, by its content path."""
    uses: defaultdict[str, list[Use]] = defaultdict(list)
    for record in entries:
        entry = record.entry
        if entry is None:
            continue
        if entry.attachments or isinstance(entry, Service):
            for field, file in attached_files(record):
                path = file_named(record.path, file, record.agency) or ""
                if path in files:
                    uses[path].append(Use(record, record.at(field), file))
        for link in record.body.links:
            path = file_named(record.path, link.target, record.agency) or ""
            if path in files:
                place = Place(record.path, link.line, link.column)
                uses[path].append(Use(record, place, link.target))
    return uses


def inspected_files(
    entries: Sequence[EntryRecord],
    files: Mapping[str, FileFacts],
    site: Site,
    root: Path,
    cache: Cache,
    workers: int | None = None,
) -> tuple[dict[str, FileFacts], list[Problem]]:
    """Return the files as they are published, and what is held against those that entries name.

    Raises:
        OSError: a file cannot be read.
    """
    allowed = site.allowed_types
    named = uses_of_files(entries, files)
    # the others are refused for their type
    uses = {path: where for path, where in named.items() if extension_of(path) in allowed}
    unseen = {use.record.path for path in named.keys() - uses.keys() for use in named[path]}
    limits = Limits(site.attachment_limit_mb, allowed)
    seen = _inspections(sorted(uses), files, limits, root, cache, workers)
    known = dict(files)
    problems: list[Problem] = []
    used: dict[tuple[str, int], None] = {}  # entries and which of their waivers a file needs
    for path, one in seen.items():
        facts = files[path]
        size, digest = one.served or (facts.size, facts.digest)
        known[path] = FileFacts(path, size, digest, one.sha256)
        problems += _problems(path, one, uses[path], used)
    problems += _unused_waivers((one for one in entries if one.path not in unseen), used)
    return known, problems


def _unused_waivers(
    entries: Iterable[EntryRecord], used: Mapping[tuple[str, int], None]
) -> Iterator[Problem]:
    """Yield a warning for each waiver that neither the entry's text nor a file of its needs."""
    for record in entries:
        entry = record.entry
        if entry is None or record.ended is not None:  # its text and files are gone
            continue
        for n in record.unused_waivers:
            if (record.path, n) not in used and n < len(entry.privacy_waivers):
                place = record.at(f"privacy_waivers.{n}")
                yield unused_waiver(entry.privacy_waivers[n], place)


def _inspections(
    paths: list[str],
    files: Mapping[str, FileFacts],
    limits: Limits,
    root: Path,
    cache: Cache,
    workers: int | None,
) -> dict[str, Inspected]:
    """Return what looking at each file gave: remembered, or found out now in parallel."""
    stamp = digest_of_text(cache.version, repr(limits))
    kept = cache.inspections(stamp)
    seen: dict[str, Inspected] = {}
    wanted: dict[tuple[str, str], str] = {}
    keys = {path: (files[path].digest, path.rpartition("/")[2]) for path in paths}
    for path, key in keys.items():
        if (written := kept.get(key)) is None:
            wanted[key] = path
        else:
            seen[path] = Inspected.of(json.loads(written))

    def work(path: str) -> tuple[dict[str, Any], str | None]:
        one = inspect(root / path, path, limits)
        return one.facts(), one.text

    # reading one file takes as long as pressing many pages: few are worth the workers
    results = pool.run(list(wanted.values()), work, workers, few=8, chunk=4)
    now: dict[tuple[str, str], Inspected] = {}
    for key, (facts, text) in zip(wanted, results, strict=True):
        cache.keep_inspection(stamp, key, json.dumps(facts, ensure_ascii=False))
        if text is not None:
            cache.keep_attachment_text(key[0], extension_of(key[1]), text)
        now[key] = Inspected.of(facts)
    cache.forget_inspections(stamp, kept.keys() - set(keys.values()))
    cache.commit()
    return {path: seen[path] if path in seen else now[key] for path, key in keys.items()}


def _problems(
    path: str, seen: Inspected, uses: list[Use], used: dict[tuple[str, int], None]
) -> Iterator[Problem]:
    """Yield what is held against a file, and the entries that therefore cannot be published.

    What an entry waives is noted there; which waivers it needs is added to ``used``.
    """
    place = Place(path)
    codes: dict[str, None] = {}
    count = 0
    for code, facts in seen.refusals:
        codes[code] = None
        yield Problem(CODES[code], place, facts)
    for found in seen.private:
        what, what_en = PRIVACY_WORDS[PrivacyKind(found.kind)]
        facts = {**_facts(found), "what": what, "what_en": what_en}
        records = {use.record.path: use.record for use in uses}
        waived = {path: _waiver(found, record.entry) for path, record in records.items()}
        if -1 in waived.values():
            zh, en = remedy(PrivacyKind(found.kind), found.value)
            codes[ATTACHMENT_PRIVATE.id] = None
            count += 1
            if count <= FINDINGS_LIMIT:
                yield Problem(ATTACHMENT_PRIVATE, place, {**facts, "remedy": zh, "remedy_en": en})
        facts["what"] = f"文件 {path} {found.where.zh}的{what}"
        facts["what_en"] = f"{what_en} in {found.where.en} of {path}"
        for name, n in waived.items():
            entry = records[name].entry
            if n < 0 or entry is None:
                continue
            used[name, n] = None
            one = entry.privacy_waivers[n]
            said = {"reviewer": one.reviewer, "reason": one.reason}
            waiver_place = records[name].at(f"privacy_waivers.{n}")
            yield Problem(PRIVATE_DATA_WAIVED, waiver_place, {**facts, **said})
    if count > FINDINGS_LIMIT:
        facts = {"code": ATTACHMENT_PRIVATE.id, "count": count - FINDINGS_LIMIT}
        yield Problem(MORE_OF_THE_SAME, place, facts)
    for found in seen.secret:
        codes[ATTACHMENT_SECRET.id] = None
        yield Problem(ATTACHMENT_SECRET, place, _facts(found))
    if codes:
        facts = {"path": path, "codes": "、".join(sorted(codes))}
        for use in uses:
            yield Problem(ATTACHMENT_REFUSED, use.place, {**facts, "file": use.file})


def _facts(found: Finding) -> dict[str, Any]:
    return {"value": found.value, "where": found.where.zh, "where_en": found.where.en}


def _waiver(found: Finding, entry: Entry | None) -> int:
    """Return which waiver of an entry says why this personal data may stand, or -1."""
    waivers = enumerate(entry.privacy_waivers) if entry is not None else ()
    matching = (n for n, w in waivers if (w.kind.value, w.value) == (found.kind, found.value))
    return next(matching, -1)


def attachment_list(plan: Plan) -> Iterator[Artifact]:
    """Yield data/files.json and .csv: every published attachment with its SHA-256."""
    rows: list[dict[str, Any]] = []
    for record in plan.judged.published:
        entry = record.entry
        if entry is None or not has_files(record, entry) or entry_page.is_on_request(record):
            continue
        for file in public_files(plan.judged, record):
            rows.append(
                {
                    "index_number": entry.index_number,
                    "address": file.url,
                    "name": file.source.rpartition("/")[2],
                    "title": file.title,
                    "type": extension_of(file.source),
                    "size": file.size,
                    "sha256": file.sha256,
                }
            )
    key = digest_of_text(repr(rows))
    yield plan.raw("data/files.json", "json" + key, lambda: json_rows("files", rows))
    yield plan.raw(
        "data/files.csv",
        "csv" + key,
        lambda: csv_file(FILE_FIELDS, ([str(v) for v in row.values()] for row in rows)),
    )
