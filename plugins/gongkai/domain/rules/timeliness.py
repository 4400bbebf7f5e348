"""Deadlines: the 20 working days of 条例 art. 26 and the report dates of art. 49."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gongkai.domain.calendar import DISCLOSURE_WORKING_DAYS, YearUnknown
from gongkai.domain.corpus import Corpus
from gongkai.domain.reports.form import form_for, forms
from gongkai.domain.reports.report import deadline
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem


def judge_missing_reports(corpus: Corpus, today: date) -> Iterator[Problem]:
    """Yield agencies whose report on last year, or on the year before, is overdue and not there.

    Only an agency that has reported here before is asked; one that never has stands on the board.
    """
    held = {(r.agency, r.year) for r in corpus.reports if r.subject == "disclosure"}
    reporting = {agency for agency, _ in held}
    for agency in corpus.agencies.values():
        if agency.id not in reporting or agency.is_historical:
            continue
        for year in (today.year - 1, today.year - 2):
            form = form_for(year)
            earlier = corpus.site.earlier_deadlines
            due = deadline(form, agency.level, year, earlier) if form else None
            if due is None or due >= today:
                continue
            if (agency.id, year) not in held:
                facts = {"year": year, "limit": str(due)}
                yield Problem(p.REPORT_MISSING, Place(f"agencies/{agency.id}/agency.yml"), facts)
            break  # the latest year that is due


def judge_deadlines(corpus: Corpus) -> Iterator[Problem]:
    """Yield late publications; a year without holiday notice is unchecked, never passed."""
    limits: dict[date, date | int] = {}
    for record in corpus.entries:
        entry = record.entry
        if entry is None or entry.deadline_basis or entry.migrated_on:
            continue
        if entry.published_on.date < entry.issued_on:
            continue  # already an error of its own
        start = entry.issued_on
        if (entry.published_on.date - start).days <= DISCLOSURE_WORKING_DAYS:
            continue  # in time whatever the holidays were
        if start not in limits:
            try:
                limits[start] = corpus.calendar.after(start, DISCLOSURE_WORKING_DAYS)
            except YearUnknown as unknown:
                limits[start] = unknown.year
        limit = limits[start]
        if isinstance(limit, int):
            yield Problem(p.CALENDAR_UNKNOWN, record.at("published_on"), {"year": limit})
        elif entry.published_on.date > limit:
            facts = {"start": str(start), "limit": str(limit)}
            yield Problem(p.LATE_PUBLICATION, record.at("published_on"), facts)
    for report in corpus.reports:
        form = forms().get(report.report.form) if report.report else None
        agency = corpus.agencies.get(report.agency)
        if report.report is None or form is None or agency is None or report.report.migrated_on:
            continue
        due = deadline(form, agency.level, report.year, corpus.site.earlier_deadlines)
        if due and report.report.published_on.date > due:
            facts = {"value": str(report.report.published_on.date), "limit": str(due)}
            yield Problem(p.LATE_REPORT, report.at("published_on"), facts)
