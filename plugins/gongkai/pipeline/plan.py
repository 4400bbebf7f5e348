"""A judged corpus into every artifact of the site, each with the digest of what it depends on.

A page's view is a pure function of the settings, its own records and its surroundings; the
key is the digest of exactly these. So nothing tracks which page depends on which other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any

from gongkai.derive import addresses
from gongkai.derive.directory import FACETS, Directory, build_directory
from gongkai.derive.evidence import assessment_address, public_assessments
from gongkai.derive.history import EntryHistory, notes_of
from gongkai.derive.links import Links, PublicFile, body_targets, build_links, public_files
from gongkai.derive.listing import PAGE_SIZE, paginate
from gongkai.derive.statistics import statistics_address
from gongkai.domain.corpus import EntryRecord, GuideRecord, Judged, ReportRecord
from gongkai.domain.entry import Entry
from gongkai.domain.kinds import Service
from gongkai.domain.search_words import SearchWords
from gongkai.domain.values import normal_document_number
from gongkai.intake.attachment_check import published_bytes
from gongkai.kernel.digest import digest_of_text
from gongkai.pipeline.cache import Cache
from gongkai.pipeline.versions import SiteHistory
from gongkai.press.artifact import Artifact
from gongkai.press.shell import Shell
from gongkai.press.templates import Templates
from gongkai.views import entry_page, listing_page, platform_page
from gongkai.views.entry_page import Surroundings
from gongkai.views.frame import Frame
from gongkai.views.listing_page import ListShape
from gongkai.views.proof import proof_of
from gongkai.views.shared import EntryRow, Link, Proof

Producer = Callable[["Plan"], Iterator[Artifact]]


@dataclass(frozen=True)
class Kept:
    """Published addresses (without ``.html``) that the new release does not make itself."""

    files: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    suspended: tuple[str, ...] = ()


class Plan:
    """What producers share: the judged corpus, what is derived from it, shells and templates."""

    def __init__(
        self,
        judged: Judged,
        settings_digest: str,
        version: str,
        templates: Templates,
        shells: dict[int, Shell],
        body: Callable[[EntryRecord | GuideRecord | ReportRecord], str],
        root: Path,
        cache: Cache,
        search_words: SearchWords,
        workers: int | None = None,
        history: SiteHistory | None = None,
    ) -> None:
        self.judged = judged
        self.templates = templates
        self.shells = shells
        self.root = root
        self.cache = cache
        self.search_words = search_words
        self.workers = workers
        self.history = history or SiteHistory()
        self.frame = Frame(judged.corpus)
        self._body = body
        self.kept = Kept()
        self.prose: frozenset[str] = frozenset()  # addresses of the site's fixed pages
        self.without_redirect: list[str] = []  # old addresses at which a fixed page stands
        self.shared: dict[str, object] = {}  # what producers of one family make once
        self._rows: dict[str, EntryRow] = {}
        self._settings_digest = settings_digest
        self._version = version

    @cached_property
    def sha256(self) -> Mapping[str, str]:
        """The SHA-256 of each file of the agencies, as it is published, by content path."""
        return {path: facts.sha256 for path, facts in self.judged.corpus.files.items()}

    @property
    def version(self) -> str:
        """The digest of this program and its libraries."""
        return self._version

    @cached_property
    def base(self) -> str:
        """The digest of all that every page depends on; asked for once the shells are there."""
        shells = [digest_of_text(*self.shells[depth].parts) for depth in sorted(self.shells)]
        return digest_of_text(self._settings_digest, self._version, self.templates.digest, *shells)

    @cached_property
    def directory(self) -> Directory:
        """Published entries by class."""
        return build_directory(self.judged)

    @cached_property
    def names(self) -> str:
        """The digest of what every line in a list says of agencies, columns and classes."""
        corpus = self.judged.corpus
        agencies = [(a.id, a.name, a.short_name) for a in corpus.agencies.values()]
        columns = [(c.code, c.name) for c in corpus.columns.values()]
        return digest_of_text(self._version, repr(agencies), repr(columns))

    @cached_property
    def stamps(self) -> dict[str, str]:
        """What a published entry's line in any list depends on, by source path."""
        validity = self.directory.validity
        return {
            record.path: f"{record.row_digest} {validity[record.path]} {record.agency}"
            for record in self.judged.published
        }

    @cached_property
    def links(self) -> Links:
        """Relations and neighbours of published entries."""
        return build_links(self.judged)

    @cached_property
    def by_document_number(self) -> dict[str, str]:
        """The address of each published document number, in standard brackets."""
        return {
            record.entry.shown_document_number: addresses.entry_address(record.entry.index_number)
            for record in self.judged.published
            if record.entry and record.entry.document_number
        }

    def body(self, record: EntryRecord | GuideRecord | ReportRecord) -> str:
        """Return the safe HTML of a record's body."""
        return self._body(record) if record.body.digest else ""

    def proof(
        self, record: EntryRecord | GuideRecord | ReportRecord, files: Sequence[PublicFile] = ()
    ) -> Proof | None:
        """Return what an item's page says of the publication log."""
        return proof_of(self.judged.corpus.ledger, record, files, self.sha256)

    def row(self, record: EntryRecord) -> EntryRow:
        """Return the line of a published entry, the same value for every list."""
        row = self._rows.get(record.path)
        if row is None:
            row = self.frame.row(record, self.directory.validity[record.path])
            self._rows[record.path] = row
        return row

    def page(self, template: str, address: str, key: str, view: Callable[[], Any]) -> Artifact:
        """Return the artifact of one page; the view is made only when the page is pressed."""

        def make() -> bytes:
            shell = self.shells[address.count("/")]
            return self.templates.press(shell, template, view(), address)

        return Artifact(address, digest_of_text(self.base + template, key), make)

    def raw(self, address: str, key: str, make: Callable[[], bytes]) -> Artifact:
        """Return the artifact of a file that is no page."""
        return Artifact(address, digest_of_text(self.base, key), make)

    def list_pages(
        self, folder: str, records: Sequence[EntryRecord], shape: ListShape, size: int
    ) -> Iterator[Artifact]:
        """Yield the pages of one list of records, given oldest first."""
        pages = paginate(records, size)
        stamps = self.stamps
        newest_key = shape.key()
        older_key = (
            repr((shape.title, shape.crumbs, shape.description, shape.tags)) if pages[1:] else ""
        )
        for page in pages:
            # an old page depends on its own rows; only the newest prints totals and children
            total = len(records) if page.is_newest else 0
            neighbours = len(pages) if page.number >= len(pages) - 1 else 0
            key = "\n".join(
                (
                    newest_key if page.is_newest else older_key,
                    f"{page.name} {total} {neighbours}",
                    *(stamps[record.path] for record in page.items),
                )
            )

            def view(page: Any = page, total: int = len(records), last: int = len(pages)) -> Any:
                rows = tuple(self.row(record) for record in page.items)
                return listing_page.listing_page(self.frame, folder, page, rows, shape, total, last)

            yield self.page("listing", folder + page.name, key, view)


SHELL_DEPTHS = range(5)  # from the root to a/x/c/y/page.html


DATA_FILES = (
    "catalogue.json",
    "catalogue.csv",
    "reports.json",
    "reports.csv",
    "series.json",
    "build.json",
    "files.json",
    "files.csv",
    "manifest.tsv",
    "redirects.map",
)


def has_page(plan: Plan, address: str) -> bool:
    """Tell whether something will stand at an address that MkDocs itself does not draw."""
    judged, directory = plan.judged, plan.directory
    columns, agencies = judged.corpus.columns, judged.corpus.agencies
    match address.split("/"):
        case ["i", front, back]:
            return f"{front}/{back.removesuffix('.html')}" in judged.published_numbers
        case ["i", front, back, "changes.html"]:
            found = judged.published_numbers.get(f"{front}/{back}")
            own = plan.history.entries.get(found.path) if found else None
            return own is not None and own.has_page
        case ["data", name]:
            return name in DATA_FILES
        case ["opensearch.xml"] | ["search", "manifest.json" | "engine.js"] | ["c", "index.html"]:
            return True
        case ["d", "index.html"] | ["d", "lapsed", "index.html"]:
            return True
        case ["log", "checkpoint"]:
            return bool(judged.corpus.ledger.rows)
        case ["d", facet, "index.html"]:
            return any(facet == known.code for known in FACETS)
        case ["d", facet, code, "index.html"]:
            return directory.count(facet, code) > 0
        case ["c", column, "index.html"]:
            return column in columns and not columns[column].page
        case ["a", agency, "index.html" | "guide.html" | "apply.html"]:
            return agency in agencies
        case ["a", agency, "report", "index.html"]:
            return agency in agencies
        case ["a", agency, "report" | "website", _]:
            return any(
                address == addresses.report_address(agency, record.year, record.subject)
                for record in (*judged.published_reports, *judged.published_site_reports)
                if record.agency == agency
            )
        case ["a", agency, "assessment", _]:
            return any(
                address == assessment_address(agency, record.year)
                for record, _ in public_assessments(judged)
                if record.agency == agency
            )
        case ["a", agency, "statistics.html"]:
            return agency in agencies
        case ["r", "index.html"] | ["d", "statistics.html"]:
            return True
        case ["a", agency, "c", column, "index.html"]:
            is_known = agency in agencies and column in columns and not columns[column].page
            return is_known and columns[column].is_open_to(agency)
        case ["a", agency, "y", year, "index.html"]:
            return year.isdigit() and (agency, int(year)) in directory.by_agency_year
    return False


def entry_pages(plan: Plan) -> Iterator[Artifact]:
    """Yield every entry's page with its files, metadata pages, tombstones and stubs.

    Content without errors never asks for one address twice; where a quarantine build goes on
    in spite of errors, a page wins over a tombstone and both win over a stub.
    """
    taken: set[str] = set()
    for artifact in chain(_entry_files(plan), _tombstones(plan), _stubs(plan)):
        if artifact.address not in taken:
            taken.add(artifact.address)
            yield artifact


def _entry_files(plan: Plan) -> Iterator[Artifact]:
    judged, frame = plan.judged, plan.frame
    for record in judged.published:
        entry = record.entry
        if entry is None:
            continue
        shows = has_files(record, entry) and not entry_page.is_on_request(record)
        files = public_files(judged, record) if shows else ()
        around = _surroundings(plan, record, entry, files)
        address = addresses.entry_address(entry.index_number)
        key = f"{record.digest} {record.path} {around!r}"
        if entry_page.is_on_request(record):
            yield plan.page(
                "withheld", address, key, partial(entry_page.withheld_page, frame, record, around)
            )
        else:
            yield plan.page(
                f"kinds/{entry.kind}", address, key, partial(_entry_view, plan, record, around)
            )
        for file in files:
            digest = judged.corpus.files[file.source].digest
            read = partial(published_bytes, plan.root, file.source, digest)
            yield Artifact(file.url, digest, read)


def _tombstones(plan: Plan) -> Iterator[Artifact]:
    for grave in plan.judged.corpus.tombstones:
        row = grave.tombstone
        if not grave.is_own(plan.judged.corpus):
            continue
        facts = (
            row.index_number,
            str(row.withdrawn_on),
            row.reason,
            row.note,
            row.shown_title,
            row.successor if row.successor in plan.judged.published_numbers else "",
        )
        url = addresses.entry_address(row.index_number)
        view = partial(entry_page.tombstone_page, plan.frame, grave.agency, facts, url)
        yield plan.page("tombstone", url, repr((grave.agency, facts)), view)


def _stubs(plan: Plan) -> Iterator[Artifact]:
    for record in plan.judged.published:
        entry = record.entry
        if entry is None:
            continue
        for former in entry.former_index_numbers:
            number = entry.index_number
            view = partial(entry_page.stub_page, plan.frame, former, entry.title, number)
            key = f"{former} {entry.title} {number}"
            yield plan.page("stub", addresses.entry_address(former), key, view)


def _entry_view(plan: Plan, record: EntryRecord, around: Surroundings) -> Any:
    return entry_page.entry_page(plan.frame, record, around, plan.body(record))


def has_files(record: EntryRecord, entry: Entry) -> bool:
    """Tell whether an entry may have files at all, before they are looked for."""
    return bool(entry.attachments or record.body.links or isinstance(entry, Service))


def _surroundings(
    plan: Plan,
    record: EntryRecord,
    entry: Entry,
    files: tuple[PublicFile, ...],
) -> Surroundings:
    judged, links = plan.judged, plan.links
    targets: tuple[tuple[str, str], ...] = ()
    if record.body.links:
        written = tuple(link.target for link in record.body.links)
        targets = body_targets(judged, record.path, record.agency, written, files)
    repealed_by = ("", "")
    if entry.repealed_by:
        number = entry.repealed_by
        found = judged.published_numbers.get(number)
        if found and found.entry:
            label = found.entry.shown_document_number or f"《{found.entry.title}》"
            repealed_by = (label, addresses.entry_address(number))
        else:
            normal = normal_document_number(number) or number
            repealed_by = (normal, plan.by_document_number.get(normal, ""))
    return Surroundings(
        validity=plan.directory.validity[record.path].value,
        today_matters=entry_page.consultation_state(entry, judged.today),
        previous=_neighbour(links.previous.get(record.path)),
        next=_neighbour(links.next.get(record.path)),
        relations=links.relations.get(record.path, ()),
        files=files,
        targets=targets,
        repealed_by=repealed_by,
        article_20=judged.corpus.article_20_item(entry),
        history=plan.history.entries.get(record.path) or EntryHistory(loose=notes_of(entry)),
        proof=plan.proof(record, files),
    )


def _neighbour(record: EntryRecord | None) -> tuple[str, str] | None:
    if record is None or record.entry is None:
        return None
    return record.entry.title, addresses.entry_address(record.entry.index_number)


def directory_pages(plan: Plan, page_size: int = PAGE_SIZE) -> Iterator[Artifact]:
    """Yield 公开目录: its front page, each facet, each class, agency × year, and the lapsed."""
    frame, directory = plan.frame, plan.directory
    counts = repr({key: len(held) for key, held in sorted(directory.by_class.items())})
    crossed = repr(sorted((k, len(v)) for k, v in directory.by_agency_column.items()))
    years = repr(sorted((k, len(v)) for k, v in directory.by_agency_year.items()))
    view = partial(listing_page.directory_page, frame, directory)
    key = f"{counts} {len(directory.lapsed)}"
    yield plan.page("directory", addresses.DIRECTORY, key, view)
    for facet in FACETS:
        own = {
            code: len(held)
            for (f, code), held in sorted(directory.by_class.items())
            if f == facet.code
        }
        key = f"{own} {crossed} {years}" if facet.code == "agency" else repr(own)
        facet_view = partial(listing_page.facet_page, frame, directory, facet)
        yield plan.page("facet", addresses.facet_address(facet.code), key, facet_view)
        for code, label in facet.classes(plan.judged.corpus):
            if held := directory.by_class.get((facet.code, code)):
                shape = listing_page.class_shape(frame, facet, code, label)
                yield from plan.list_pages(f"d/{facet.code}/{code}/", held, shape, page_size)
    for (agency, year), held in directory.by_agency_year.items():
        shape = listing_page.year_shape(frame, agency, year)
        yield from plan.list_pages(f"a/{agency}/y/{year}/", held, shape, page_size)
    shape = listing_page.lapsed_shape(frame)
    yield from plan.list_pages("d/lapsed/", directory.lapsed, shape, page_size)


def column_pages(plan: Plan, page_size: int = PAGE_SIZE) -> Iterator[Artifact]:
    """Yield every column of the site and of each agency that uses it, and the tree of columns."""
    frame, directory = plan.frame, plan.directory
    held_by_column = repr(sorted((k, len(v)) for k, v in directory.by_column.items()))
    yield plan.page(
        "facet",
        "c/index.html",
        held_by_column,
        partial(listing_page.columns_page, frame, directory),
    )
    for column in plan.judged.corpus.columns.values():
        if column.page:
            continue
        shape = listing_page.column_shape(frame, directory, column)
        held = directory.by_column.get(column.code, [])
        yield from plan.list_pages(f"c/{column.code}/", held, shape, page_size)
        for agency in plan.judged.corpus.agencies.values():
            if not column.is_open_to(agency.id):
                continue
            mine = directory.by_agency_column.get((agency.id, column.code), [])
            shape = listing_page.column_shape(frame, directory, column, agency.id)
            yield from plan.list_pages(f"a/{agency.id}/c/{column.code}/", mine, shape, page_size)


def platform_pages(plan: Plan) -> Iterator[Artifact]:
    """Yield each agency's platform page, guide and request page."""
    frame, directory, judged = plan.frame, plan.directory, plan.judged
    form = _request_form(plan)
    data = _data_links(plan)
    for agency in judged.corpus.agencies:
        mine = directory.by_class.get(("agency", agency), [])
        newest = [plan.stamps[r.path] for r in mine[-platform_page.NEWEST :]]
        columns = {k[1]: len(v) for k, v in directory.by_agency_column.items() if k[0] == agency}
        items = {k[1]: len(v) for k, v in directory.by_agency_item.items() if k[0] == agency}
        years = {k[1]: len(v) for k, v in directory.by_agency_year.items() if k[0] == agency}
        key = repr(
            (
                newest,
                sorted(columns.items()),
                sorted(items.items()),
                sorted(years.items()),
                len(mine),
                data[agency],
            )
        )
        view = partial(platform_page.platform_page, frame, directory, agency, data[agency])
        yield plan.page("platform", addresses.agency_address(agency), key, view)
        guide = _guide_of(plan, agency)
        yield _guide_page(plan, agency, guide)
        on_request = [plan.stamps[r.path] for r in mine if r.entry and entry_page.is_on_request(r)]
        apply = partial(platform_page.apply_page, frame, directory, agency, guide, form)
        key = repr((on_request, guide.digest if guide else "", form))
        yield plan.page("apply", addresses.agency_address(agency, "apply.html"), key, apply)


def _data_links(plan: Plan) -> dict[str, list[Link]]:
    """Return links to each agency's statistics, self-assessments and reports on the site."""
    judged = plan.judged
    links = {
        agency: [Link("信息公开统计", statistics_address(agency))]
        for agency in judged.corpus.agencies
    }
    for record, _ in public_assessments(judged):
        if record.assessment is not None:
            address = assessment_address(record.agency, record.year)
            links[record.agency].append(Link(record.assessment.title, address))
    for report in judged.published_site_reports:
        if report.report is not None:
            address = addresses.report_address(report.agency, report.year, report.subject)
            links[report.agency].append(Link(report.report.title, address))
    return links


def _guide_of(plan: Plan, agency: str) -> GuideRecord | None:
    """Return the guide that holds for an agency: its own, or its parent's where it says so."""
    agencies, guides = plan.judged.corpus.agencies, plan.judged.published_guides
    at = agency
    seen = {at}
    while agencies[at].guide == "parent" and agencies[at].parent in agencies:
        at = agencies[at].parent
        if at in seen:
            return None
        seen.add(at)
    return guides.get(at)


def _guide_page(plan: Plan, agency: str, guide: GuideRecord | None) -> Artifact:
    address = addresses.agency_address(agency, "guide.html")
    if guide is None:
        view = partial(platform_page.missing_guide_page, plan.frame, agency)
        return plan.page("guide", address, "none", view)
    written = tuple(link.target for link in guide.body.links)
    targets = body_targets(plan.judged, guide.path, guide.agency, written, ())
    # a guide that others use too has its own address in the log
    proof = plan.proof(guide) if guide.agency == agency else None

    def own_view() -> Any:
        body = plan.body(guide)
        return platform_page.guide_page(plan.frame, agency, guide, body, targets, proof)

    key = f"{guide.digest} {guide.path} {targets!r} {proof!r}"
    return plan.page("guide", address, key, own_view)


def _request_form(plan: Plan) -> Link | None:
    """Return the blank request form: the first form of a service that says it is one."""
    for record in plan.judged.published:
        if isinstance(record.entry, Service) and "公开" in record.entry.title:
            for file in public_files(plan.judged, record):
                if not file.is_picture:
                    return Link(file.title, file.url)
    return None
