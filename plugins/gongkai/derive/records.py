"""What the public sees of an item into the record that the publication log commits to.

A record holds what must not change unseen and nothing else: no field that is not printed, nothing
that changes with the day, with other items or with the way in which text becomes HTML. What is
empty is left out, so that a field which is added later changes no record that does not use it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gongkai.derive import addresses
from gongkai.derive.links import PublicFile
from gongkai.domain.corpus import EntryRecord, GuideRecord, ReportRecord
from gongkai.domain.entry import Disclosure, Entry
from gongkai.domain.guide import STATUTORY_ITEMS
from gongkai.domain.kinds import Budget, Consultation, Decision, Institution, Service, WorkReport
from gongkai.domain.reports.form import forms
from gongkai.domain.reports.report import AnnualReport

FORMAT = 1
Record = dict[str, Any]
Item = EntryRecord | GuideRecord | ReportRecord
_NONE: Mapping[str, str] = {}


def address_of(item: Item) -> str:
    """Return the address under which an item stands in the ledger: without ``.html``."""
    if isinstance(item, EntryRecord):
        assert item.entry is not None, "only bound entries are published"
        page = addresses.entry_address(item.entry.index_number)
    elif isinstance(item, GuideRecord):
        page = addresses.agency_address(item.agency, "guide.html")
    else:
        page = addresses.report_address(item.agency, item.year, item.subject)
    return page.removesuffix(".html")


def record(
    item: Item, files: Sequence[PublicFile] = (), sha256: Mapping[str, str] = _NONE
) -> Record:
    """Return the public record of an entry, a guide or a report.

    Args:
        item: a bound item; of an entry on request only what its page prints is recorded.
        files: the files that are published with an entry, pictures among them.
        sha256: the SHA-256 of each file that does not bring its own, by its path below content/,
            64 hexadecimal digits.

    Raises:
        KeyError: ``sha256`` lacks one of the files.
    """
    if isinstance(item, EntryRecord):
        facts = _entry_facts(item, files, sha256)
    elif isinstance(item, GuideRecord):
        facts = _guide_facts(item)
    else:
        facts = _report_facts(item)
    found: Record = {"format": FORMAT, "address": address_of(item), "agency": item.agency, **facts}
    return {key: value for key, value in found.items() if value}


def takedown(address: str, event: str) -> Record:
    """Return what a row commits to that says of an address no more than that it is gone."""
    return {"format": FORMAT, "address": address, "event": event}


def canonical(record: Record) -> bytes:
    """Return the one form of a record that is hashed: sorted keys, no blanks, UTF-8."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def commitment(record: Record, salt: str) -> str:
    """Return what the log holds in a record's place, as 64 hexadecimal digits.

    ``salt`` is 32 hexadecimal digits; without it nobody can tell whether a guess is right.
    """
    return hashlib.sha256(canonical({**record, "salt": salt})).hexdigest()


def _entry_facts(
    item: EntryRecord, files: Sequence[PublicFile], sha256: Mapping[str, str]
) -> Record:
    entry = item.entry
    assert entry is not None, "only bound entries are published"
    facts: Record = {
        "title": entry.title,
        "document_number": entry.shown_document_number,
        "registration_number": entry.registration_number,
        "issued_on": str(entry.issued_on),
        "published_on": str(entry.published_on),
        "effective_on": _day(entry.effective_on),
        "expires_on": _day(entry.expires_on),
        "repealed_on": _day(entry.repealed_on),
        "disclosure": entry.disclosure.value,
    }
    if entry.disclosure is not Disclosure.PROACTIVE:
        return facts | {"disclosure_reason": entry.disclosure_reason}
    return facts | {
        "kind": entry.kind,
        "text": item.body.text,
        "attachments": [
            [file.url.rpartition("/")[2], file.sha256 or sha256[file.source]] for file in files
        ],
        "changes": [[str(c.date), c.kind.value, c.note] for c in entry.changes],
        "details": {key: values for key, values in _details(entry) if values},
        "codes": {key: value for key, value in _codes(entry) if value},
    }


def _details(entry: Entry) -> Iterator[tuple[str, list[str]]]:
    """Yield the texts beside the body that the page prints as they were written."""
    one = entry
    yield "addressees", _written(one.addressees)
    yield "signature", list(one.signature)
    yield "annotation", _written(one.annotation)
    yield "contact", _written(one.contact)
    yield "discrepancy_note", _written(one.discrepancy_note)
    if origin := one.reprint_of:
        yield "reprint_of", _written(origin.title, origin.document_number)
    if isinstance(one, Service):
        yield "basis", list(one.basis)
        yield "conditions", list(one.conditions)
        yield "materials", [text for m in one.materials for text in _written(m.name, m.copies)]
        yield "procedure", list(one.procedure)
        yield "time_limit", _written(one.time_limit)
        yield "fee", _written(one.fee)
        yield "result", _written(one.result)
        yield "window", _written(one.window)
    elif isinstance(one, Consultation):
        yield "reply_to", _written(one.reply_to)
    elif isinstance(one, Decision):
        yield "decision_basis", list(one.decision_basis)
    elif isinstance(one, Institution):
        yield "duties", list(one.duties)
        yield "divisions", [text for d in one.divisions for text in (d.name, d.duties)]
    elif isinstance(one, WorkReport):
        yield "period", _written(one.period)


def _codes(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield what the page prints in other words than it was written in."""
    if isinstance(entry, Consultation):
        yield "opens_on", _day(entry.opens_on)
        yield "closes_on", _day(entry.closes_on)
    elif isinstance(entry, Decision):
        yield "stage", entry.stage
    elif isinstance(entry, Budget):
        yield "fiscal_year", str(entry.fiscal_year or "")
        yield "budget_type", entry.budget_type


def _guide_facts(item: GuideRecord) -> Record:
    guide = item.guide
    assert guide is not None, "only bound guides are published"
    details = {key: _written(getattr(guide, key)) for key in STATUTORY_ITEMS}
    return {
        "title": guide.title,
        "published_on": str(guide.published_on),
        "updated_on": _day(guide.updated_on),
        "text": item.body.text,
        "details": {key: values for key, values in details.items() if values},
    }


def _report_facts(item: ReportRecord) -> Record:
    report = item.report
    assert report is not None, "only bound reports are published"
    details = {
        "figures": [text for f in report.figures for text in _written(f.name, f.value)],
        "problems": [
            text for row in report.problems for text in _written(row.problem, row.measure)
        ],
        "discrepancies": [row.note for row in report.discrepancies],
        "discrepancy_note": _written(report.discrepancy_note),
        "stated_on": _written(report.stated_on),
    }
    return {
        "title": report.title,
        "form": report.form,
        "published_on": str(report.published_on),
        "sections": sorted([size, digest] for size, digest in item.sections),
        "tables": dict(_tables(item, report)),
        "details": {key: values for key, values in details.items() if values},
    }


def _tables(item: ReportRecord, report: AnnualReport) -> Iterator[tuple[str, list[str]]]:
    """Yield the figures of each table that has any, row by row; a blank is an empty text."""
    form = forms().get(report.form)
    if form is None:
        return
    tables: dict[str, list[str]] = {}
    cells, texts = item.figures.cells, item.figures.texts
    for cell in form.cells():
        value = cells.get(cell)
        text = texts.get(cell, "") if value is None else f"{value:f}"
        if value is not None and "." in text:
            text = text.rstrip("0").rstrip(".")
        tables.setdefault(cell[0], []).append(text)
    yield from ((key, values) for key, values in tables.items() if any(values))


def _day(day: object) -> str:
    return str(day) if day else ""


def _written(*texts: str) -> list[str]:
    return [text for text in texts if text]
