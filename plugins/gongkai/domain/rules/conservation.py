"""What was published before against what is there now: an address never vanishes silently.

The ledger says what was ever published (decisions.md, "The ledger"). Each live address in it needs
a page, a tombstone or the stub of a former number; a report or guide needs its page.
"""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.domain.corpus import (
    Corpus,
    EntryRecord,
    GuideRecord,
    ReportRecord,
    State,
    state_of_entry,
    state_of_page,
)
from gongkai.domain.ledger import LedgerRow
from gongkai.domain.rules.review import is_approved
from gongkai.domain.values import Moment
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem, Severity
from gongkai.kernel.text import fold

_HIDDEN = {
    State.HELD_BACK: ("未经审查", "held back"),
    State.SCHEDULED: ("定时发布", "scheduled"),
    State.COUNTED: ("不予公开", "withheld"),
}
_RESTORE = {
    "remedy": "请恢复源文件，或在本单位的 withdrawn.yml 登记撤下",
    "remedy_en": "restore the file, or add a row to the agency's withdrawn.yml",
}
_MEND = {
    "remedy": "本单位的 {path} 有错，多半就是它，请先改正；不是它的，" + _RESTORE["remedy"],
    "remedy_en": "{path} has errors and may be it: mend that first; else " + _RESTORE["remedy_en"],
}
_RESTORE_PAGE = {"remedy": "请恢复源文件", "remedy_en": "restore the file"}
# found in one file, these stop all that its agency would newly publish (decisions.md, "The ledger")
_STOPPING = frozenset(
    code.id
    for code in (
        *(p.FOREIGN_INDEX_NUMBER, p.NOT_A_REGULAR_FILE, p.ATTACHMENT_MISMATCH),
        *(p.ATTACHMENT_FORBIDDEN, p.ATTACHMENT_ACTIVE, p.ATTACHMENT_ARCHIVE, p.CELL_FORMULA),
        *(p.ATTACHMENT_PRIVATE, p.ATTACHMENT_SECRET, p.SVG_ACTIVE),
    )
)
_STOPPING_RANGES = ("GK70", "GK76")  # personal data and secrecy; whose folder it is


def judge_conservation(corpus: Corpus, as_of: Moment) -> Iterator[Problem]:
    """Yield each published address that would vanish, and each item that hides or changes hands."""
    numbers = {fold(n): record for n, record in corpus.by_index_number.items()}
    excused = {fold(g.tombstone.index_number) for g in corpus.tombstones if g.is_own(corpus)}
    for record in corpus.entries:
        if record.entry is not None and record.entry.former_index_numbers:
            approved = is_approved(corpus, record, as_of.date)
            # what is not published itself leaves no stub at its former address
            if state_of_entry(record.entry, False, as_of.key(), approved) is State.PUBLISHED:
                excused.update(map(fold, record.entry.former_index_numbers))
    pages = dict(_pages(corpus, as_of))
    unread = {r.agency: r.path for r in reversed(corpus.entries) if r.entry is None}
    for address, row in corpus.ledger.live.items():
        day = corpus.ledger.first[address].date
        if day > str(as_of.date):
            continue  # a build for a day on which it was not public yet
        if not address.startswith("i/"):
            if address not in pages:
                yield _gone(row, day, _RESTORE_PAGE)
            elif (hidden := pages[address]) is not None:
                yield _hidden(day, *hidden)
            continue
        number = fold(address.removeprefix("i/"))
        held = numbers.get(number)
        if held is None or held.entry is None:
            if number not in excused:
                path = unread.get(row.agency)
                remedy = {key: words.format(path=path) for key, words in _MEND.items()}
                yield _gone(row, day, remedy if path else _RESTORE)
            continue
        if number in excused:
            continue  # a takedown with the source still there is an error of its own
        owner = corpus.code_owners.get(held.entry.front)
        if held.agency not in (row.agency, owner):
            facts = {"date": day, "agency": row.agency, "other": held.agency}
            yield Problem(p.PUBLISHED_AND_MOVED, held.at("index_number"), facts)
        approved = is_approved(corpus, held, as_of.date)
        state = state_of_entry(held.entry, False, as_of.key(), approved)
        if state in _HIDDEN:
            at = {State.SCHEDULED: "published_on", State.COUNTED: "disclosure"}.get(state, "review")
            yield _hidden(day, held.at(at), state)


def stops_its_agency(problem: Problem) -> bool:
    """Tell whether a finding is one of security, privacy or ownership."""
    if problem.severity is not Severity.ERROR:
        return False
    return problem.code.id in _STOPPING or problem.code.id.startswith(_STOPPING_RANGES)


def page_key(record: EntryRecord | GuideRecord | ReportRecord) -> str:
    """Return the address, without ``.html``, under which a record stands in the ledger."""
    if isinstance(record, EntryRecord):
        return f"i/{record.entry.index_number}" if record.entry else ""
    if isinstance(record, GuideRecord):
        return f"a/{record.agency}/guide"
    folder = {"disclosure": "report"}.get(record.subject, record.subject)
    return f"a/{record.agency}/{folder}/{record.year}"


def _pages(corpus: Corpus, as_of: Moment) -> Iterator[tuple[str, tuple[Place, State] | None]]:
    """Yield the address of each guide and report, and where and why it is hidden."""
    for guide in corpus.guides.values():
        approved = is_approved(corpus, guide, as_of.date)
        state = state_of_page(guide.guide, guide.guide is None, as_of, approved)
        yield page_key(guide), (Place(guide.path), state) if state in _HIDDEN else None
    for report in corpus.reports:
        approved = is_approved(corpus, report, as_of.date)
        state = state_of_page(report.report, report.report is None, as_of, approved)
        where = report.at("published_on" if state is State.SCHEDULED else "review")
        yield page_key(report), (where, state) if state in _HIDDEN else None


def _gone(row: LedgerRow, day: str, remedy: dict[str, str]) -> Problem:
    facts = {"date": day, "address": row.address, **remedy}
    return Problem(p.PUBLISHED_AND_GONE, row.place, facts)


def _hidden(day: str, place: Place, state: State) -> Problem:
    zh, en = _HIDDEN[state]
    return Problem(p.PUBLISHED_AND_HIDDEN, place, {"date": day, "state": zh, "state_en": en})
