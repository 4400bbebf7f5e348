"""What the site can count for a report: catalogue, register of applications, decisions.

Each source is a name that forms use in ``ReportForm.sources`` and a function from what an agency
has in a year to a count with everything that it counts. ``None`` means that there is nothing to
count from, which is not zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from gongkai.domain.column import Column
from gongkai.domain.decisions import DecisionRow, totals
from gongkai.domain.entry import Disclosure, Entry, Instrument, Validity
from gongkai.domain.register import Application, DisputeCounts, RequestCounts, counts
from gongkai.domain.reports import site_counts
from gongkai.domain.reports.figures import Count, Counted
from gongkai.domain.reports.form import TOTAL, CellKey, ReportForm


@dataclass(frozen=True)
class Basis:
    """What one agency's report on one year can be counted from.

    ``entries`` are those of its own folder that are open to the public; ``makes`` tells whether
    the agency is the 制定机关 of an entry (a reprint's maker is somebody else). ``site_entries``
    are those of the whole site, for the report on the site itself. ``decisions`` and
    ``requests`` are ``None`` where there is no such file.
    """

    year: int
    entries: Sequence[Entry]
    makes: Callable[[Entry], bool]
    site_entries: Sequence[Entry] = ()
    columns: Mapping[str, Column] = field(default_factory=dict)
    decisions: Sequence[DecisionRow] | None = None
    requests: Sequence[Application] | None = None


def _entries(found: Iterable[Entry]) -> Count:
    counted = tuple(Counted("entry", entry.index_number) for entry in found)
    return Count(Decimal(len(counted)), counted)


def _instruments(basis: Basis, instrument: Instrument) -> list[Entry]:
    """Return the rules or normative documents that the agency itself made.

    Reprints and superiors' files never count (form of 国办公开办函〔2021〕30号, table two).
    """
    return [
        entry
        for entry in basis.entries
        if entry.standing is instrument and entry.reprint_of is None and basis.makes(entry)
    ]


def _issued(instrument: Instrument) -> Source:
    return lambda basis, _: _entries(
        e for e in _instruments(basis, instrument) if e.issued_on.year == basis.year
    )


def _repealed(instrument: Instrument) -> Source:
    return lambda basis, _: _entries(
        e
        for e in _instruments(basis, instrument)
        if e.repealed_on is not None and e.repealed_on.year == basis.year
    )


def _in_force(instrument: Instrument) -> Source:
    def count(basis: Basis, _: str) -> Count:
        last = date(basis.year, 12, 31)
        return _entries(
            e
            for e in _instruments(basis, instrument)
            if e.issued_on <= last and not _lapsed(e, last)
        )

    return count


def _lapsed(entry: Entry, day: date) -> bool:
    """Tell whether a document no longer held on a day; one not yet in force has been made."""
    return entry.validity_on(day) in (Validity.REPEALED, Validity.EXPIRED)


def _published(basis: Basis) -> list[Entry]:
    return [
        e
        for e in basis.entries
        if e.published_on.date.year == basis.year and e.disclosure is Disclosure.PROACTIVE
    ]


# channels as coded in vocab/channels.yml → the line of the statistics form that counts them
CHANNELS = {
    "gazette": ("gazette",),
    "website": ("website",),
    "microblog": ("microblog", "weibo"),
    "wechat": ("wechat",),
}


def _by_channel(basis: Basis, name: str) -> Count:
    """Count the year's entries of a channel; an entry counts once in each of its channels."""
    known = {code for codes in CHANNELS.values() for code in codes}
    if name == "other":
        return _entries(e for e in _published(basis) if set(e.channels) - known)
    codes = CHANNELS.get(name, (name,))
    return _entries(e for e in _published(basis) if set(e.channels) & set(codes))


def _decisions(basis: Basis, kind: str) -> Count | None:
    if basis.decisions is None:
        return None
    value, rows = totals(basis.decisions, basis.year)[kind]
    return Count(value, tuple(Counted("decision", row.ref, row.weight) for row in rows))


def _site(basis: Basis, name: str) -> Count:
    found = site_counts.count(name, basis.site_entries, basis.columns, basis.year)
    return Count(Decimal(len(found)), tuple(Counted("entry", number) for number in found))


Source = Callable[[Basis, str], Count | None]
SOURCES: Mapping[str, Source] = {
    "catalogue.rule.issued": _issued(Instrument.RULE),
    "catalogue.rule.repealed": _repealed(Instrument.RULE),
    "catalogue.rule.in_force": _in_force(Instrument.RULE),
    "catalogue.normative.issued": _issued(Instrument.NORMATIVE),
    "catalogue.normative.repealed": _repealed(Instrument.NORMATIVE),
    "catalogue.normative.in_force": _in_force(Instrument.NORMATIVE),
    "entries.all": lambda basis, _: _entries(_published(basis)),
    "entries.normative": lambda basis, _: _entries(
        e for e in _published(basis) if e.standing is Instrument.NORMATIVE
    ),
    "entries.interpretations": lambda basis, _: _entries(
        e for e in _published(basis) if e.kind == "interpretation"
    ),
    "entries.channel": _by_channel,
    "decisions": _decisions,
    "site": _site,
}


def source_named(name: str) -> tuple[Source, str] | None:
    """Return the source of a full name, or of its first part with the rest as its argument."""
    if name in SOURCES:
        return SOURCES[name], ""
    begin = name
    while "." in begin:
        begin = begin.rpartition(".")[0]
        if begin in SOURCES:
            return SOURCES[begin], name[len(begin) + 1 :]
    return None


def count_cells(form: ReportForm, basis: Basis) -> dict[CellKey, Count]:
    """Return every cell of a form that can be counted, with what it counts.

    Raises:
        KeyError: the form names a source that is not there (a programmer's slip).
    """
    found: dict[CellKey, Count] = {}
    for cell, name in form.sources.items():
        source = source_named(name)
        if source is None:
            raise KeyError(name)
        count, argument = source
        result = count(basis, argument)
        if result is not None:
            found[cell] = result
    if form.requests is not None and basis.requests is not None:
        found |= _request_cells(form, counts(basis.requests, basis.year))
    return found


def _request_cells(form: ReportForm, held: RequestCounts) -> dict[CellKey, Count]:
    """Return every cell of the tables on applications and on disputes, zeros included."""
    at = form.requests
    assert at is not None
    table = form.table(at.table)
    assert table is not None
    found: dict[CellKey, Count] = {}
    columns = {table.column_of[key].applicant: key for key in at.applicants}
    rows: dict[str, dict[str, list[str]]] = {
        key: {applicant: [] for applicant in columns}
        for key in (at.received, at.carried_in, *at.results, at.carried_out)
    }
    for row, by_applicant in (
        (at.received, held.received),
        (at.carried_in, held.carried_in),
        (at.carried_out, held.carried_out),
    ):
        for applicant, refs in by_applicant.items():
            rows[row][applicant] += refs
    for outcome, by_applicant in held.results.items():
        for applicant, refs in by_applicant.items():
            rows[at.outcomes.get(outcome, outcome)][applicant] += refs
    rows[at.results_total] = {
        applicant: [ref for key in at.results for ref in rows[key][applicant]]
        for applicant in columns
    }
    for key, by_class in rows.items():
        for applicant, listed in by_class.items():
            found[at.table, key, columns[applicant]] = _requests(listed)
        everyone = [ref for listed in by_class.values() for ref in listed]
        found[at.table, key, at.total] = _requests(everyone)
    if at.disputes:
        disputes = (held.reviews, held.suits_direct, held.suits_after_review)
        for key, group in zip(at.dispute_rows, disputes, strict=True):
            found |= _dispute_cells(form, at.disputes, key, group)
    return found


def _dispute_cells(
    form: ReportForm, table_key: str, row: str, held: DisputeCounts
) -> dict[CellKey, Count]:
    table = form.table(table_key)
    assert table is not None
    ends = {
        "upheld": held.upheld,
        "corrected": held.corrected,
        "other": held.other,
        "pending": held.pending,
    }
    everyone = tuple(ref for refs in ends.values() for ref in refs)
    return {
        (table_key, row, column.key): _requests(
            everyone if column.indicator == TOTAL else ends[column.indicator]
        )
        for column in table.columns
    }


def _requests(refs: Iterable[str]) -> Count:
    counted = tuple(Counted("request", ref) for ref in refs)
    return Count(Decimal(len(counted)), counted)
