"""One frozen view for each kind of page; builders live beside, in ``<kind>_page.py``.

``crumbs`` lead from the home page to the page itself (the last one has no address).
"""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.views.shared import (
    AttachmentView,
    Block,
    Count,
    EntryRow,
    Fact,
    Head,
    Link,
    Note,
    Pager,
    Table,
)


@dataclass(frozen=True, slots=True)
class EntryPage:
    """An entry with its 索引号 box, document layout, attachments, relations and neighbours."""

    head: Head
    crumbs: tuple[Link, ...]
    kind: str
    lang: str
    title: str
    box: tuple[Fact, ...]
    banner: Note | None
    document_number: str
    registration_number: str
    addressees: str
    blocks: tuple[Block, ...]
    body: str
    signature: tuple[str, ...]
    signed_on: str
    annotation: str
    attachments: tuple[AttachmentView, ...]
    source: str
    published: str
    published_iso: str
    changes: tuple[Fact, ...]
    notes: tuple[Note, ...]
    relations: tuple[Block, ...]
    contact: str
    previous: Link | None
    next: Link | None
    is_historical: bool
    is_document: bool


@dataclass(frozen=True, slots=True)
class WithheldPage:
    """The metadata page of an entry that is disclosed on request: reason, basis, how to apply."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    box: tuple[Fact, ...]
    reason: str
    basis: str
    how_to_apply: Link
    source: str
    published: str
    published_iso: str


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page of a list: a directory class, a column or a column of one agency."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    description: str
    facts: tuple[Fact, ...]
    rows: tuple[EntryRow, ...]
    pager: Pager | None
    children: tuple[Count, ...]
    statement: str


@dataclass(frozen=True, slots=True)
class FacetPage:
    """All classes of one facet with their counts."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    description: str
    counts: tuple[Count, ...]
    groups: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """公开目录: the entrance to every facet."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    total: int
    lapsed: Count
    facets: tuple[FacetCard, ...]


@dataclass(frozen=True, slots=True)
class FacetCard:
    """One facet on the directory's front page."""

    label: str
    url: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class PlatformPage:
    """One agency's 政府信息公开 platform: the four statutory parts and 依申请公开."""

    head: Head
    crumbs: tuple[Link, ...]
    name: str
    introduction: str
    is_historical: bool
    parts: tuple[Link, ...]
    columns: tuple[Count, ...]
    newest: tuple[EntryRow, ...]
    newest_url: str
    contact: tuple[Fact, ...]
    leaders: tuple[Fact, ...]
    reading_places: Table | None
    coverage: Table
    years: tuple[Count, ...]
    total: int


@dataclass(frozen=True, slots=True)
class GuidePage:
    """政府信息公开指南: the nine statutory items and the guide's prose."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    agency: str
    items: tuple[Fact, ...]
    body: str
    published: str
    published_iso: str
    updated: str
    source: str
    note: Note | None
    supervision: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """政府信息公开年报: every report of one agency."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    table: Table | None
    empty: str


@dataclass(frozen=True, slots=True)
class ReportPart:
    """One part of a report: its heading, prose and tables."""

    anchor: str
    heading: str
    html: str
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A yearly report as its form prescribes, or as its original was written."""

    head: Head
    crumbs: tuple[Link, ...]
    lang: str
    title: str
    facts: tuple[Fact, ...]
    parts: tuple[ReportPart, ...]
    figures: Table | None
    notes: tuple[Note, ...]
    source: str
    published: str
    published_iso: str
    is_invented: bool
    is_historical: bool
    previous: Link | None
    next: Link | None


@dataclass(frozen=True, slots=True)
class NewestGroup:
    """The newest entries of one column on the home page."""

    label: str
    url: str
    rows: tuple[EntryRow, ...]


@dataclass(frozen=True, slots=True)
class LevelGroup:
    """The agencies of one level (县政府, 部门, 乡镇)."""

    key: str
    label: str
    agencies: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    """The front door."""

    head: Head
    name: str
    note: str
    parts: tuple[Link, ...]
    groups: tuple[NewestGroup, ...]
    levels: tuple[LevelGroup, ...]
    history: tuple[Link, ...]
    total: int
    agencies: int
    reports: int
    as_of: str
    columns: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class TombstonePage:
    """What stands at the address of a withdrawn entry."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    text: str
    note: str
    successor: Link | None


@dataclass(frozen=True, slots=True)
class StubPage:
    """What stands at the address of a former index number."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    target: Link


@dataclass(frozen=True, slots=True)
class ApplyPage:
    """依申请公开: how to ask, time limits and where, for one agency."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    agency: str
    office: tuple[Fact, ...]
    limits: tuple[Fact, ...]
    guide: Link | None
    form: Link | None
    rows: tuple[EntryRow, ...]
    note: Note | None


@dataclass(frozen=True, slots=True)
class FooterView:
    """The footer of every page, from site.yml."""

    organizer: str
    facts: tuple[Fact, ...]
    registrations: tuple[Fact, ...]
    links: tuple[Link, ...]
    find_errors: str
    demonstration_note: str
