"""One frozen view for each kind of page; builders live beside, in ``<kind>_page.py``.

``crumbs`` lead from the home page to the page itself (the last one has no address).
"""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.views.shared import (
    AttachmentView,
    Block,
    ChartView,
    Count,
    EntryRow,
    Fact,
    Head,
    Link,
    Note,
    Pager,
    Proof,
    Table,
)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change after publication, or the first publication; the link shows what changed."""

    label: str
    day: str
    note: str = ""
    link: Link | None = None
    is_first: bool = False


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
    history: tuple[HistoryLine, ...]
    notes: tuple[Note, ...]
    relations: tuple[Block, ...]
    contact: str
    previous: Link | None
    next: Link | None
    is_historical: bool
    is_document: bool
    proof: Proof | None = None


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
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class MovedPage:
    """What stands at an address of the former site: one link, no shell, no script."""

    head: Head
    target: Link


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
    data: tuple[Link, ...]
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
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """政府信息公开年报: every report of one agency, and its figures year by year.

    ``marks`` explain the signs in the tables, ``sums`` are what several years add up to.
    """

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    table: Table | None
    empty: str
    charts: tuple[ChartView, ...] = ()
    tables: tuple[Table, ...] = ()
    sums: Table | None = None
    marks: tuple[Fact, ...] = ()
    links: tuple[Link, ...] = ()
    is_invented: bool = False


@dataclass(frozen=True, slots=True)
class CellLink:
    """Where a figure stands on its page: in the table of wide screens and in that of narrow ones.

    The two are one where one table serves all screens. ``name`` is heard behind a short label.
    """

    label: str
    wide: str
    narrow: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Footnote:
    """Why a figure is not the one that the site counted."""

    number: int
    anchor: str
    text: str
    figure: CellLink


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A row of a large table as a phone shows it: its total, and what it is made of on demand.

    ``parts`` are its figures by column, ``lines`` the rows below a heading; a heading's value is
    the sum of its rows, which the official table does not print.
    """

    anchor: str
    label: str
    value: str
    is_subtotal: bool = False
    is_blank: bool = False
    marks: tuple[Link, ...] = ()
    parts: tuple[Fact, ...] = ()
    lines: tuple[FigureLine, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureView:
    """A table of a report's form as prescribed, and what narrow screens show in its place."""

    anchor: str
    table: Table
    lines: tuple[FigureLine, ...] = ()
    narrow: Table | None = None
    notes: tuple[Footnote, ...] = ()


@dataclass(frozen=True, slots=True)
class ProblemView:
    """One row of 问题清单."""

    problem: str
    measure: str
    status: str


@dataclass(frozen=True, slots=True)
class RateView:
    """A rate with its formula, and what the original states where that differs."""

    name: str
    value: str
    formula: str
    words: str
    stated: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What a check found, and the figure that it is about."""

    text: str
    figure: CellLink | None = None


@dataclass(frozen=True, slots=True)
class ReportPart:
    """One part of a report: its heading, prose, tables and list of problems."""

    anchor: str
    heading: str
    html: str
    tables: tuple[FigureView, ...]
    problems: tuple[ProblemView, ...] = ()
    sections: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A yearly report as its form prescribes, or as its original was written.

    ``summary``, ``charts``, ``consolidation`` and ``remarks`` are the site's own and are told apart
    from the report; ``problems`` is a list that no part of the form has a place for.
    """

    head: Head
    crumbs: tuple[Link, ...]
    lang: str
    title: str
    facts: tuple[Fact, ...]
    summary: tuple[Fact, ...]
    charts: tuple[ChartView, ...]
    parts: tuple[ReportPart, ...]
    problems: tuple[ProblemView, ...]
    figures: Table | None
    rates: tuple[RateView, ...]
    consolidation: tuple[Table, ...]
    notes: tuple[Note, ...]
    remarks: tuple[Remark, ...]
    outputs: tuple[Link, ...]
    basis: Link | None
    source: str
    published: str
    published_iso: str
    is_invented: bool
    is_historical: bool
    previous: Link | None
    next: Link | None
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class BasisFigure:
    """One computed figure and what it counts: a formula, entries or rows.

    ``formula`` names the figures that it adds up; ``hidden`` is how much a long list leaves out;
    ``note`` says which figure the report has in its place, and why.
    """

    anchor: str
    name: str
    value: str
    back: CellLink
    formula: tuple[Link, ...] = ()
    entries: tuple[Link, ...] = ()
    table: Table | None = None
    hidden: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class BasisSection:
    """The computed figures of one table; a closed register gives its counts alone."""

    anchor: str
    label: str
    is_register_closed: bool
    figures: tuple[BasisFigure, ...]


@dataclass(frozen=True, slots=True)
class ReportBasisPage:
    """What each computed figure of a report counts."""

    head: Head
    crumbs: tuple[Link, ...]
    lang: str
    title: str
    report: Link
    sections: tuple[BasisSection, ...]
    is_invented: bool
    is_historical: bool


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
    data: tuple[Link, ...]
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


@dataclass(frozen=True, slots=True)
class SeriesCell:
    """One year's figure: what is printed, and its digits alone; a gap and a blank have none.

    ``unseen`` is read out after it: what its signs mean.
    """

    year: int
    text: str
    value: str = ""
    is_gap: bool = False
    is_blank: bool = False
    marks: str = ""
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One agency's figures of an indicator, or the sum over a declared set of agencies."""

    key: str
    label: str
    url: str
    cells: tuple[SeriesCell, ...]


@dataclass(frozen=True, slots=True)
class SeriesGroup:
    """The agencies of one level in a table of series."""

    label: str
    rows: tuple[SeriesRow, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose in the explorer: an indicator or an agency."""

    key: str
    label: str
    url: str = ""
    unit: str = ""
    detail: str = ""
    is_stock: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Choices under one heading; ``key`` is an anchor."""

    key: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ExplorerPage:
    """年报数据: the entrance to every indicator, and a comparison where scripts run."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    lead: str
    indicators: tuple[ChoiceGroup, ...]
    agencies: tuple[ChoiceGroup, ...]
    years: tuple[int, ...]
    data_url: str
    links: tuple[Link, ...]
    marks: tuple[Fact, ...]
    is_invented: bool


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """One indicator of every agency that reports it, year by year."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    lead: str
    indicator: Choice
    agencies: tuple[ChoiceGroup, ...]
    years: tuple[int, ...]
    groups: tuple[SeriesGroup, ...]
    totals: tuple[SeriesRow, ...]
    notes: tuple[str, ...]
    marks: tuple[Fact, ...]
    links: tuple[Link, ...]
    is_invented: bool


@dataclass(frozen=True, slots=True)
class RankRow:
    """One agency's rank, with both figures of its rate."""

    rank: str
    agency: Link
    rate: str
    part: str
    whole: str


@dataclass(frozen=True, slots=True)
class RankingView:
    """One rate: who has a rank, and who has none and why."""

    anchor: str
    label: str
    formula: str
    order: str
    rows: tuple[RankRow, ...]
    unranked: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class RankingsPage:
    """Agencies ranked by the rates of one report year."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    lead: str
    rankings: tuple[RankingView, ...]
    years: tuple[Link, ...]
    links: tuple[Link, ...]
    is_invented: bool


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One agency on the board; ``tone`` is good, warn, bad or quiet."""

    agency: Link
    level: str
    state: str
    tone: str
    days: str
    submitted: str
    checked: str
    published: str
    due: str
    checks: str
    similarity: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """How far every agency has come with its report on one year."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    lead: str
    summary: tuple[Fact, ...]
    lines: tuple[BoardLine, ...]
    marks: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """Counts by column, class, channel, year and agency, and the columns that hold little."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    lead: str
    facts: tuple[Fact, ...]
    tables: tuple[Block, ...]
    coverage: tuple[Block, ...]
    whole: Link | None


@dataclass(frozen=True, slots=True)
class SiteCheck:
    """What the site can say of one criterion: proven, contradicted, unclaimed or unknown."""

    tone: str
    label: str
    text: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One criterion of a target; ``claim`` is what the body itself says of it."""

    text: str
    most: str
    score: str
    is_blank: bool
    claim: str
    links: tuple[Link, ...]
    checks: tuple[SiteCheck, ...]
    conflict: str


@dataclass(frozen=True, slots=True)
class ScoreTarget:
    """One target with its criteria; ``is_whole`` where it was scored as one."""

    label: str
    most: str
    score: str
    is_whole: bool
    is_blank: bool
    claim: str
    links: tuple[Link, ...]
    conflict: str
    rows: tuple[ScoreRow, ...]


@dataclass(frozen=True, slots=True)
class ScoreGroup:
    """One group of a score sheet with its sums."""

    anchor: str
    label: str
    corrected: str
    most: str
    score: str
    targets: tuple[ScoreTarget, ...]


@dataclass(frozen=True, slots=True)
class AssessmentPage:
    """考核自查评分表: a body's own scores beside what the site can prove, and its 材料清单."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    facts: tuple[Fact, ...]
    summary: Table
    groups: tuple[ScoreGroup, ...]
    files: Table | None
    notes: tuple[Note, ...]
    sources: tuple[Link, ...]
    source: str
    published: str
    published_iso: str
    is_historical: bool


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A run of words: ``op`` is same, out or in."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class DiffParagraph:
    """A paragraph of both versions; ``folded`` unchanged ones are left out before it."""

    pieces: tuple[DiffPiece, ...]
    folded: int


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """A field before and after, each in runs of words."""

    label: str
    before: tuple[DiffPiece, ...]
    after: tuple[DiffPiece, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change: its day, what the editor says of it, and what is different.

    ``gap`` is said in place of the differences where these must not or cannot be shown.
    """

    anchor: str
    day: str
    notes: tuple[Fact, ...]
    fields: tuple[FieldDiff, ...]
    paragraphs: tuple[DiffParagraph, ...]
    is_rewritten: bool
    gap: str


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """How an entry changed after its publication, newest change first."""

    head: Head
    crumbs: tuple[Link, ...]
    lang: str
    title: str
    entry: Link
    first: str
    changes: tuple[ChangeView, ...]
    has_tables: bool = False
