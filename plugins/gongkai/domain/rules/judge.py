"""A corpus into its verdict: every problem, and the state of every file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from gongkai.domain.assessment import AssessmentRecord
from gongkai.domain.corpus import (
    Corpus,
    EntryRecord,
    GuideRecord,
    Judged,
    ReportRecord,
    RowsRecord,
    SheetRecord,
    State,
    state_of_entry,
    state_of_page,
)
from gongkai.domain.entry import Entry
from gongkai.domain.reports.resolution import resolve_reports
from gongkai.domain.rules.assessments import judge_assessments
from gongkai.domain.rules.columns import judge_guides, judge_statements
from gongkai.domain.rules.conservation import judge_conservation
from gongkai.domain.rules.identity import judge_identities
from gongkai.domain.rules.notices import judge_notices
from gongkai.domain.rules.old_addresses import judge_old_addresses
from gongkai.domain.rules.relations import (
    attached_files,
    file_named,
    judge_relations,
    resolve_link,
    split_target,
)
from gongkai.domain.rules.reports import judge_bases, judge_registers, judge_reports
from gongkai.domain.rules.review import is_approved, judge_approvals
from gongkai.domain.rules.timeliness import judge_deadlines, judge_missing_reports
from gongkai.domain.rules.website import judge_column_types
from gongkai.domain.values import Moment
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem, Severity, in_order
from gongkai.kernel.text import fold

Record = EntryRecord | GuideRecord | ReportRecord | SheetRecord | RowsRecord[Any] | AssessmentRecord


_OF_FOLDERS = (p.BAD_FILE_NAME, p.LOOKALIKE_NAME, p.NAME_TOO_LONG, p.FOLDER_TOO_DEEP)


def judge(corpus: Corpus, as_of: Moment) -> Judged:
    """Run every rule and give every file its one state; ``as_of`` is only compared with."""
    problems: list[Problem] = list(corpus.problems)
    given = len(corpus.problems)
    for record in _records(corpus):
        problems.extend(record.problems)
    problems.extend(judge_identities(corpus))
    problems.extend(judge_conservation(corpus, as_of))
    problems.extend(judge_deadlines(corpus))
    problems.extend(judge_missing_reports(corpus, as_of.date))
    problems.extend(judge_relations(corpus))
    problems.extend(judge_statements(corpus))
    problems.extend(judge_guides(corpus))
    problems.extend(judge_notices(corpus))
    problems.extend(judge_old_addresses(corpus))
    problems.extend(judge_approvals(corpus, as_of.date))
    # figures are counted only now, from entries that nothing is wrong with
    left_out = _rejected(problems) | _withdrawn_sources(corpus) | _unapproved(corpus, as_of)
    corpus = resolve_reports(corpus, as_of, left_out)
    problems.extend(corpus.problems[given:])
    problems.extend(judge_reports(corpus))
    problems.extend(judge_registers(corpus, as_of))
    problems.extend(judge_bases(corpus, problems))
    problems.extend(
        judge_assessments(corpus.assessment_sheets, corpus.assessments, corpus.by_index_number)
    )
    problems.extend(judge_column_types(corpus.columns))
    problems.extend(
        Problem(p.NO_REVIEW, Place(own.path))
        for own in corpus.assessments.values()
        if own.assessment is not None and own.assessment.review is None
    )
    problems = [_waived(corpus, problem) for problem in problems]
    states = _states(corpus, _rejected(problems), as_of)
    problems.extend(_links_to_unpublished(corpus, states))
    problems.extend(
        Problem(p.UNUSED_FILE, Place(path))
        for path, state in states.items()
        if state is State.UNUSED
    )
    return Judged(corpus, tuple(in_order(problems)), states, as_of)


def _records(corpus: Corpus) -> Iterator[Record]:
    """Yield every record that brings problems of its own."""
    yield from corpus.entries
    yield from corpus.guides.values()
    yield from corpus.reports
    yield from corpus.sheets
    yield from corpus.registers
    yield from corpus.decisions
    yield from corpus.assessments.values()


def _waived(corpus: Corpus, problem: Problem) -> Problem:
    """Return a warning as a note where its own entry waives that code; errors never soften."""
    if problem.severity is not Severity.WARNING:
        return problem
    record = corpus.by_path.get(problem.place.path)
    if record is None or record.entry is None or problem.code.id not in record.entry.waivers:
        return problem
    return replace(problem, softened_to=Severity.NOTE)


def _withdrawn_sources(corpus: Corpus) -> frozenset[str]:
    """Return the entries whose number has a tombstone: a takedown wins over a forgotten source."""
    numbers = {fold(g.tombstone.index_number) for g in corpus.tombstones if g.is_own(corpus)}
    return frozenset(
        record.path
        for record in corpus.entries
        if record.entry is not None and fold(record.entry.index_number) in numbers
    )


def _unapproved(corpus: Corpus, as_of: Moment) -> frozenset[str]:
    """Return the entries that a review rule holds back."""
    if not corpus.site.review_rules:
        return frozenset()
    today = as_of.date
    return frozenset(r.path for r in corpus.entries if not is_approved(corpus, r, today))


def _rejected(problems: Iterable[Problem]) -> frozenset[str]:
    return frozenset(x.place.path for x in problems if x.severity is Severity.ERROR)


def _states(corpus: Corpus, rejected: frozenset[str], as_of: Moment) -> dict[str, State]:
    states: dict[str, State] = {}
    now = as_of.key()
    # what is wrong on the sheet beside a report is wrong in the report
    rejected |= {f"{s.path.rpartition('.')[0]}.md" for s in corpus.sheets if s.path in rejected}
    withdrawn = _withdrawn_sources(corpus)
    unapproved = _unapproved(corpus, as_of)
    unreadable = _rejected(corpus.problems)  # other rules judge data files, but these are used
    for table in chain[SheetRecord | RowsRecord[Any]](
        corpus.sheets, corpus.registers, corpus.decisions
    ):
        unreadable |= {table.path} & rejected
    # a folder that was refused whole: what it holds has no problem of its own
    refused_folders = {f"{x.place.path}/" for x in corpus.problems if x.code in _OF_FOLDERS}
    for path in corpus.other_files:
        is_refused = path in unreadable or _lies_in(path, refused_folders)
        states[path] = State.REJECTED if is_refused else State.USED
    files: dict[str, State] = {}
    for record in corpus.entries:
        if record.entry is None:
            states[record.path] = State.REJECTED
            continue
        is_rejected = (
            record.path in rejected
            or record.agency not in corpus.agencies
            or record.path in withdrawn
        )
        state = state_of_entry(record.entry, is_rejected, now, record.path not in unapproved)
        states[record.path] = state
        for path in record.ended.files if record.ended else ():
            if files.get(path) is not State.PUBLISHED:
                files[path] = State.ENDED
        named = [file for _, file in attached_files(record)]
        named += [link.target for link in record.body.links]
        for file in named:
            named_path = file_named(record.path, file, record.agency)
            if named_path is None or named_path not in corpus.files:
                continue
            if files.get(named_path) is not State.PUBLISHED:
                files[named_path] = state
    for guide in corpus.guides.values():
        is_rejected = guide.path in rejected or guide.agency not in corpus.agencies
        states[guide.path] = state_of_page(
            guide.guide, is_rejected, as_of, is_approved(corpus, guide, as_of.date)
        )
    for report in corpus.reports:
        is_rejected = report.path in rejected or report.agency not in corpus.agencies
        states[report.path] = state_of_page(
            report.report, is_rejected, as_of, is_approved(corpus, report, as_of.date)
        )
    for sheet in corpus.sheets:  # a sheet is as public as the report whose figures it holds
        of_report = states.get(f"{sheet.path.rpartition('.')[0]}.md", State.REJECTED)
        if states[sheet.path] is State.USED and of_report is not State.PUBLISHED:
            states[sheet.path] = of_report
    for own in corpus.assessments.values():
        score = corpus.assessment_sheets.get(own.assessment.sheet) if own.assessment else None
        is_rejected = (
            own.path in rejected
            or own.agency not in corpus.agencies
            or score is None
            or score.path in rejected
        )
        states[own.path] = state_of_page(own.assessment, is_rejected, as_of)
    for path in corpus.files:
        states[path] = State.REJECTED if path in rejected else files.get(path, State.UNUSED)
    return states


def _links_to_unpublished(corpus: Corpus, states: dict[str, State]) -> Iterable[Problem]:
    """Warn of a published body that links to an entry whose page does not exist yet."""
    for record in corpus.entries:
        if states[record.path] is not State.PUBLISHED:
            continue
        for link in record.body.links:
            parts = split_target(link.target)
            if parts is None or parts[0] or parts[1] or not parts[2].endswith(".md"):
                continue
            found = resolve_link(corpus, record.path, record.agency, parts[2])
            if found is None or isinstance(found, str) or not isinstance(found.entry, Entry):
                continue
            if states[found.path] is not State.PUBLISHED:
                place = Place(record.path, link.line, link.column)
                yield Problem(p.LINK_TO_UNPUBLISHED, place, {"target": link.target})


def _lies_in(path: str, folders: set[str]) -> bool:
    """Tell whether a path lies below one of some folders."""
    if not folders:
        return False
    ends = (n + 1 for n, character in enumerate(path) if character == "/")
    return any(path[:end] in folders for end in ends)
