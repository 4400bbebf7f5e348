"""Everything that content/ says, bound and located: what rules judge and pages are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from posixpath import normpath
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import Field

from gongkai.domain.agency import Agency
from gongkai.domain.body import BodyFacts
from gongkai.domain.calendar import WorkingCalendar
from gongkai.domain.column import Column
from gongkai.domain.entry import Disclosure, Entry, Review
from gongkai.domain.guide import Guide
from gongkai.domain.ledger import Ledger
from gongkai.domain.old_address import LegacyUrls
from gongkai.domain.reports.figures import Count, Figures
from gongkai.domain.reports.form import CellKey
from gongkai.domain.reports.report import AnnualReport
from gongkai.domain.site import Site
from gongkai.domain.values import Flag, IndexNumber, IsoDate, Item, Moment
from gongkai.domain.vocab import Vocabulary
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem, Severity
from gongkai.kernel.text import fold

if TYPE_CHECKING:
    from gongkai.domain.assessment import AssessmentRecord, AssessmentSheet
    from gongkai.domain.decisions import DecidedRow
    from gongkai.domain.register import Registered
    from gongkai.domain.reports.grid import Grid
    from gongkai.domain.reports.prose import Claim

Places = Mapping[str, tuple[int, int]]
Row = TypeVar("Row")


class State(StrEnum):
    """What became of one file under content/; each file is in exactly one state."""

    PUBLISHED = "published"
    COUNTED = "counted"  # 不予公开: no page, row, feed or index, counted only
    HELD_BACK = "held_back"
    SCHEDULED = "scheduled"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    USED = "used"  # data that pages are made from: identity, vocabularies, agencies
    UNUSED = "unused"  # an attachment that nothing refers to
    ENDED = "ended"  # an attachment of an entry whose 公示期 is over


@dataclass(frozen=True, slots=True)
class FileFacts:
    """An attachment or picture under an agency's folder."""

    path: str
    size: int
    digest: str
    sha256: str = ""  # of the bytes that are published, once the file was looked through


@dataclass(frozen=True, slots=True)
class Ended:
    """What the source of an entry still holds whose 公示期 is over: no text, only what to delete.

    ``fields`` are (Chinese, English) names of what is left, ``files`` content paths below files/.
    """

    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """One catalogue file: the entry where it could be bound, its body's facts, its problems.

    ``digest`` is of the whole source, ``row_digest`` of what a line in a list can show of it.
    Where ``ended`` is set, the 公示期 is over: entry and body are what may still be shown.
    ``blob`` is git's name of the source's bytes. ``unused_waivers`` are those of its privacy
    waivers, by number, that nothing in its own text answers to.
    """

    path: str
    agency: str
    folder: str
    digest: str
    row_digest: str
    entry: Entry | None
    body: BodyFacts
    problems: tuple[Problem, ...]
    places: Places
    ended: Ended | None = None
    blob: str = ""
    unused_waivers: tuple[int, ...] = ()

    def at(self, dotted: str) -> Place:
        """Return where a field was written; a missing field points at the head of the file."""
        return place_of(self.path, self.places, dotted)


@dataclass(frozen=True, slots=True)
class GuideRecord:
    """One agency's guide."""

    path: str
    agency: str
    digest: str
    guide: Guide | None
    body: BodyFacts
    problems: tuple[Problem, ...]
    places: Places


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """A table file beside a report, read but not yet matched with a form."""

    path: str
    agency: str
    year: int
    digest: str
    grids: tuple[Grid, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RowsRecord(Generic[Row]):
    """A register of applications or a sheet of decisions: located rows, of one agency's year."""

    path: str
    agency: str
    year: int
    digest: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """One agency's report on one year: on disclosure, or (``subject``) on its web site.

    ``figures`` are those of the front matter until the corpus is resolved, then those of all
    sources; ``own`` are the body's own figures within a consolidated report, ``counts`` what the
    site could count whether or not the report asks for it. ``prose`` holds the lines of text that
    are no tables and headings, ``claims`` the figures that they state, ``empty_headings`` the
    parts without text, ``sections`` the length and SHA-256 of each part's text.
    ``stamp`` changes with anything of all this.
    """

    path: str
    agency: str
    year: int
    digest: str
    report: AnnualReport | None
    figures: Figures
    body: BodyFacts
    problems: tuple[Problem, ...]
    places: Places
    subject: str = "disclosure"
    prose: tuple[tuple[int, str], ...] = ()
    claims: tuple[Claim, ...] = ()
    empty_headings: tuple[str, ...] = ()
    sections: tuple[tuple[int, str], ...] = ()
    own: Figures = field(default_factory=lambda: Figures({}))
    counts: Mapping[CellKey, Count] = field(default_factory=dict)
    stamp: str = ""

    def at(self, dotted: str) -> Place:
        """Return where a figure or field was written."""
        return place_of(self.path, self.places, dotted)


class Tombstone(Item):
    """One row of ``withdrawn.yml``: an address that was published and is no more."""

    index_number: IndexNumber = Field(title="索引号", description="撤下条目的索引号")
    withdrawn_on: IsoDate = Field(title="撤下日期", description="撤下日期")
    reason: str = Field(
        title="原因",
        description="privacy 依法去除个人信息、error 内容有误、duplicate 重复发布、"
        "expired 公示期满、ordered 依上级要求",
        pattern="^(privacy|error|duplicate|expired|ordered)$",
    )
    note: str = Field(default="", title="说明", description="对公众的说明")
    successor: str = Field(default="", title="替代条目", description="替代条目的索引号")
    title: str = Field(default="", title="名称", description="原标题；因个人信息撤下的不写")
    legacy_urls: LegacyUrls = Field(
        default=(), title="旧网址", description="旧网站上的地址，访问时转到撤下的说明"
    )
    show_title: Flag = Field(default=True, title="显示标题", description="是否显示原标题")

    @property
    def shown_title(self) -> str:
        """The title to print; a privacy takedown hides it, whatever the row says."""
        return self.title if self.show_title and self.reason != "privacy" else ""


@dataclass(frozen=True, slots=True)
class TombstoneRecord:
    """A tombstone and where it was written."""

    agency: str
    tombstone: Tombstone
    place: Place
    successor_place: Place

    def is_own(self, corpus: Corpus) -> bool:
        """Tell whether the number is one of the agency that withdraws it."""
        return corpus.code_owners.get(self.tombstone.index_number.split("/")[0]) == self.agency


def place_of(path: str, places: Places, dotted: str) -> Place:
    """Return the place of the nearest written ancestor of a dotted field path."""
    while dotted:
        if dotted in places:
            return Place(path, *places[dotted])
        dotted = dotted.rpartition(".")[0]
    return Place(path, 1, 1)


def resolve(source: str, target: str, agency: str) -> str | None:
    """Return the content path that a relative ``target`` in file ``source`` names.

    ``None`` when it would leave the agency's folder: absolute paths, drive letters,
    backslashes and climbing are all refused, whatever the file system would make of them.
    """
    if target.startswith("/") or "\\" in target or ":" in target or "\0" in target:
        return None
    joined = normpath(f"{source.rpartition('/')[0]}/{target}")
    return joined if joined.startswith(f"agencies/{agency}/") else None


@dataclass(frozen=True)
class Corpus:
    """The whole content of one commit, before and after judgement."""

    site: Site
    vocabularies: Mapping[str, Vocabulary]
    columns: Mapping[str, Column]
    agencies: Mapping[str, Agency]
    entries: tuple[EntryRecord, ...]
    guides: Mapping[str, GuideRecord]
    reports: tuple[ReportRecord, ...]
    tombstones: tuple[TombstoneRecord, ...]
    files: Mapping[str, FileFacts]
    calendar: WorkingCalendar
    problems: tuple[Problem, ...] = ()
    other_files: tuple[str, ...] = ()
    places: Mapping[str, Places] = field(default_factory=dict)
    sheets: tuple[SheetRecord, ...] = ()
    registers: tuple[RowsRecord[Registered], ...] = ()
    decisions: tuple[RowsRecord[DecidedRow], ...] = ()
    assessment_sheets: Mapping[str, AssessmentSheet] = field(default_factory=dict)
    assessments: Mapping[tuple[str, int], AssessmentRecord] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)

    @cached_property
    def by_index_number(self) -> dict[str, EntryRecord]:
        """The record that holds each index number, spelled as that record spells it.

        Its own agency's comes before any other, then the one published first: a later file must
        not take the address of a published one. Numbers that differ in case or width are one.
        """
        holders: dict[str, EntryRecord] = {}
        for record in self.entries:
            if record.entry is None:
                continue
            key = fold(record.entry.index_number)
            holder = holders.get(key)
            if holder is None or self._claim(record) < self._claim(holder):
                holders[key] = record
        return {r.entry.index_number: r for r in holders.values() if r.entry}

    def _claim(self, record: EntryRecord) -> tuple[bool, str, str]:
        """Return a key that sorts the rightful holder of a number first."""
        assert record.entry is not None
        is_foreign = self.code_owners.get(record.entry.front) != record.agency
        return is_foreign, record.entry.published_on.key(), record.path

    @cached_property
    def by_path(self) -> dict[str, EntryRecord]:
        """The record of each catalogue file."""
        return {record.path: record for record in self.entries}

    @cached_property
    def code_owners(self) -> dict[str, str]:
        """The agency of each front part of an index number."""
        return {code: agency.id for agency in self.agencies.values() for code in agency.codes}

    def label(self, vocabulary: str, code: str) -> str:
        """Return the Chinese name of a vocabulary code."""
        return self.vocabularies[vocabulary].label(code)

    def article_20_item(self, entry: Entry) -> int:
        """Return the item of 条例 art. 20 that an entry answers, by default its column's first."""
        if entry.article_20 is not None:
            return entry.article_20
        column = self.columns.get(entry.column)
        return column.article_20[0] if column and column.article_20 else 15

    def agency_named(self, name: str) -> str | None:
        """Return the id of the agency with an id or full name, or ``None``."""
        if name in self.agencies:
            return name
        return self._ids_by_name.get(name)

    @cached_property
    def _ids_by_name(self) -> dict[str, str]:
        return {agency.name: agency.id for agency in self.agencies.values()}


@dataclass(frozen=True)
class Judged:
    """A corpus with all its problems and, for each file, the state it ended in."""

    corpus: Corpus
    problems: tuple[Problem, ...]
    states: Mapping[str, State]
    as_of: Moment

    @property
    def today(self) -> date:
        """The day that comparisons use."""
        return self.as_of.date

    @cached_property
    def published(self) -> tuple[EntryRecord, ...]:
        """Published records with a page, oldest first; ties go by index number."""
        records = [
            record
            for record in self.corpus.entries
            if record.entry is not None and self.states[record.path] is State.PUBLISHED
        ]
        return tuple(sorted(records, key=_oldest_first))

    @cached_property
    def published_numbers(self) -> dict[str, EntryRecord]:
        """Published records by index number."""
        return {r.entry.index_number: r for r in self.published if r.entry}

    def count(self, severity: Severity) -> int:
        """Count the problems of one severity."""
        return sum(problem.severity is severity for problem in self.problems)

    @cached_property
    def published_guides(self) -> dict[str, GuideRecord]:
        """Published guides by agency."""
        return {
            agency: record
            for agency, record in self.corpus.guides.items()
            if record.guide and self.states[record.path] is State.PUBLISHED
        }

    @cached_property
    def published_reports(self) -> tuple[ReportRecord, ...]:
        """Published reports by agency, newest year first."""
        return self._published_on("disclosure")

    @cached_property
    def published_site_reports(self) -> tuple[ReportRecord, ...]:
        """Published yearly reports on the web site itself, newest year first."""
        return self._published_on("website")

    def _published_on(self, subject: str) -> tuple[ReportRecord, ...]:
        records = [
            r
            for r in self.corpus.reports
            if r.report and r.subject == subject and self.states[r.path] is State.PUBLISHED
        ]
        return tuple(sorted(records, key=lambda r: (r.agency, -r.year)))


def _oldest_first(record: EntryRecord) -> tuple[str, str]:
    entry = record.entry
    return (entry.published_on.key(), entry.index_number) if entry else ("", "")


def state_of_page(
    page: object, is_rejected: bool, as_of: Moment, is_approved: bool = True
) -> State:
    """Return the state of a guide or report, which have a review and a publication date too."""
    if page is None or is_rejected:
        return State.REJECTED
    review = getattr(page, "review", None)
    if not isinstance(review, Review) or not review.is_cleared or not is_approved:
        return State.HELD_BACK
    published_on: Moment = page.published_on  # type: ignore[attr-defined]
    return State.SCHEDULED if published_on.key() > as_of.key() else State.PUBLISHED


def state_of_entry(entry: Entry, has_error: bool, as_of: str, is_approved: bool = True) -> State:
    """Return the state of an entry: slips reject it, no review or a later date holds it."""
    if has_error:
        return State.REJECTED
    if not entry.has_clearance or not is_approved:
        return State.HELD_BACK
    if entry.published_on.key() > as_of:
        return State.SCHEDULED
    if entry.disclosure is Disclosure.WITHHELD:
        return State.COUNTED
    return State.PUBLISHED
