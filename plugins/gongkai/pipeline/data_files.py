"""A plan into the files under data/: catalogue, reports, account, sitemap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from gongkai.derive import addresses
from gongkai.domain.corpus import EntryRecord, Judged, State
from gongkai.domain.kinds import Consultation
from gongkai.domain.reports.form import form_for
from gongkai.domain.reports.report import deadline
from gongkai.domain.rules.review import coming_approvals, pages
from gongkai.kernel.digest import digest_of_text
from gongkai.pipeline.plan import Plan
from gongkai.pipeline.report_plan import report_row
from gongkai.press.artifact import Artifact
from gongkai.press.writers.data import csv_file, json_file, json_rows
from gongkai.press.writers.sitemap import sitemap

CATALOGUE_FIELDS = (
    "index_number",
    "title",
    "document_number",
    "summary",
    "issued_on",
    "published_on",
    "agency",
    "issuers",
    "column",
    "subject",
    "genre",
    "instrument",
    "validity",
    "disclosure",
    "article_20",
    "channels",
    "kind",
    "address",
)


def catalogue_files(plan: Plan) -> Iterator[Artifact]:
    """Yield data/catalogue.json and .csv, data/reports.json and the sitemap."""
    records = plan.judged.published
    key = digest_of_text("\n".join(plan.stamps[r.path] for r in records))

    rows: list[dict[str, Any]] = []

    def made() -> list[dict[str, Any]]:
        if not rows:  # both files hold the same rows; where one is made, the other is too
            rows.extend(catalogue_row(plan, record) for record in records)
        return rows

    yield plan.raw("data/catalogue.json", "json" + key, lambda: json_rows("entries", made()))
    yield plan.raw(
        "data/catalogue.csv",
        "csv" + key,
        lambda: csv_file(CATALOGUE_FIELDS, map(_flat, made())),
    )
    reports = plan.judged.published_reports
    report_key = digest_of_text(*(record.stamp + record.path for record in reports))
    yield plan.raw(
        "data/reports.json",
        "reports" + report_key,
        lambda: json_file(reports=[report_row(record) for record in reports]),
    )
    yield plan.raw("sitemap.xml", "sitemap" + key + report_key, lambda: _sitemap(plan))


def catalogue_row(plan: Plan, record: EntryRecord) -> dict[str, Any]:
    """Return the exported metadata of one published entry."""
    entry = record.entry
    assert entry is not None, "only published entries are exported"
    return {
        "index_number": entry.index_number,
        "title": entry.title,
        "document_number": entry.shown_document_number,
        "summary": plan.frame.summary(record, entry),
        "issued_on": str(entry.issued_on),
        "published_on": str(entry.published_on),
        "agency": record.agency,
        "issuers": list(plan.frame.issuers(record, entry)),
        "column": entry.column,
        "subject": entry.subject,
        "genre": entry.genre,
        "instrument": entry.standing.value,
        "validity": plan.directory.validity[record.path].value,
        "disclosure": entry.disclosure.value,
        "article_20": plan.judged.corpus.article_20_item(entry),
        "channels": list(entry.channels),
        "kind": entry.kind,
        "address": addresses.entry_address(entry.index_number),
    }


def _flat(row: dict[str, Any]) -> list[str]:
    return ["；".join(v) if isinstance(v, list) else str(v) for v in row.values()]


def _sitemap(plan: Plan) -> bytes:
    base = plan.judged.corpus.site.base_url
    pages: list[tuple[str, str]] = [("", ""), (addresses.DIRECTORY, "")]
    pages += [(addresses.agency_address(agency), "") for agency in plan.judged.corpus.agencies]
    pages += [
        (addresses.report_address(r.agency, r.year, r.subject), str(r.report.published_on.date))
        for r in (*plan.judged.published_reports, *plan.judged.published_site_reports)
        if r.report
    ]
    for record in plan.judged.published:
        if record.entry:
            changed = max([record.entry.published_on.date, *(c.date for c in record.entry.changes)])
            pages.append((addresses.entry_address(record.entry.index_number), str(changed)))
    return sitemap(base, pages)


def build_account(plan: Plan) -> Iterator[Artifact]:
    """Yield data/build.json: every file of content/ in exactly one state, and when that changes."""
    judged = plan.judged
    counts = Counter(state.value for state in judged.states.values())
    facts = {
        "as_of": str(judged.today),
        "next_change": next_change(plan),
        "counts": {state.value: counts[state.value] for state in State},
        "entries": len(judged.published),
        "withdrawn_addresses": len(judged.corpus.tombstones),
        "problems": dict(sorted(Counter(x.severity.value for x in judged.problems).items())),
        "history": plan.history.status,
        "kept": sorted(plan.kept.files),
        "suspended": sorted(plan.kept.suspended),
        "files": dict(_named_states(judged)),
    }
    yield plan.raw("data/build.json", repr(facts), lambda: json_file(**facts))


_PUBLIC_STATES = (State.PUBLISHED, State.USED, State.WITHDRAWN)


def _named_states(judged: Judged) -> Iterator[tuple[str, str]]:
    """Yield each file of content/ with its state; what is not public keeps its name to itself.

    A file name may tell what must not be told yet, or ever. Such files stand in the account as
    ``folder/#n``, numbered in the order of their names, so that ``verify`` can still match them.
    """
    unnamed: Counter[str] = Counter()
    for path, state in sorted(judged.states.items()):
        if state in _PUBLIC_STATES:
            yield path, state.value
        else:
            folder = path.rpartition("/")[0]
            unnamed[folder] += 1
            yield f"{folder}/#{unnamed[folder]}", state.value


def next_change(plan: Plan) -> str | None:
    """Return the next day on which the output would change without any new commit, or ``None``."""
    judged = plan.judged
    today = judged.today
    days: set[date] = set()
    for path, state in judged.states.items():
        if (
            state is State.SCHEDULED
            and (record := judged.corpus.by_path.get(path))
            and record.entry
        ):
            days.add(record.entry.published_on.date)
    for guide in judged.corpus.guides.values():
        if judged.states[guide.path] is State.SCHEDULED and guide.guide:
            days.add(guide.guide.published_on.date)
    for report in judged.corpus.reports:
        if judged.states[report.path] is State.SCHEDULED and report.report:
            days.add(report.report.published_on.date)
    for own in judged.corpus.assessments.values():
        if judged.states[own.path] is State.SCHEDULED and own.assessment:
            days.add(own.assessment.published_on.date)
    for record in judged.published:
        entry = record.entry
        if entry is None:
            continue
        days.update(day for day in entry.turning_days() if day > today)
        if isinstance(entry, Consultation):
            if entry.opens_on and entry.opens_on > today:
                days.add(entry.opens_on)
            if entry.closes_on and entry.closes_on >= today:
                days.add(entry.closes_on + timedelta(days=1))
    for page in pages(judged.corpus):
        if judged.states[page.path] is State.HELD_BACK:
            days.update(coming_approvals(judged.corpus, page, today))
    days.update(_judged_by_date(judged))
    return str(min(days)) if days else None


def _judged_by_date(judged: Judged) -> Iterator[date]:
    """Yield the days on which what the checks say, and the account counts, may change by itself."""
    corpus, today = judged.corpus, judged.today
    tomorrow = today + timedelta(days=1)
    for register in corpus.registers:
        if any(one.row.answered_on is None for one in register.rows):
            yield tomorrow  # a limit is running
            break
    for agency in corpus.agencies.values():
        for year in (today.year - 1, today.year):
            form = form_for(year)
            earlier = corpus.site.earlier_deadlines
            due = deadline(form, agency.level, year, earlier) if form else None
            if due is not None and due >= today:
                yield due + timedelta(days=1)
