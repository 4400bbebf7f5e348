"""Every page and file of the yearly reports: reports, their files, comparison, statistics."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from gongkai.derive import addresses
from gongkai.derive.board import Board, Checks, build_board
from gongkai.derive.consolidation import Consolidation, consolidate
from gongkai.derive.evidence import Examiner, assessment_address, public_assessments
from gongkai.derive.links import body_targets
from gongkai.derive.rankings import build_rankings
from gongkai.derive.series import DeclaredSet, Series, build_series
from gongkai.derive.statistics import all_statistics, statistics_address
from gongkai.derive.tidy import HEADER, tidy_rows
from gongkai.domain.corpus import Judged, ReportRecord
from gongkai.domain.register import APPLICANTS, OUTCOMES
from gongkai.domain.reports.form import CellKey, forms
from gongkai.domain.reports.indicator import values_of
from gongkai.domain.reports.prose import similarity
from gongkai.domain.reports.report import EXPLAINED, deadline
from gongkai.domain.rules.reports import text_of
from gongkai.domain.vocab import TOPICS
from gongkai.kernel import problems as p
from gongkai.kernel.digest import digest_of_text
from gongkai.pipeline.plan import Plan
from gongkai.press.artifact import Artifact
from gongkai.press.writers.data import csv_file, json_file
from gongkai.press.writers.portable import (
    Fonts,
    find_fonts,
    portable,
    print_digest,
    report_html,
    why_not,
)
from gongkai.press.writers.word import word
from gongkai.press.writers.workbook import workbook
from gongkai.views import (
    assessment_page,
    board_page,
    formats,
    report_basis,
    report_page,
    series_pages,
    statistics_page,
)
from gongkai.views.consolidation_tables import consolidation_tables
from gongkai.views.report_sheet import sheet_view
from gongkai.views.shared import Link, Proof

Values = Mapping[tuple[str, str], Decimal | None]
# what the checks find on the figures of a report is printed on its page; style is not
SHOWN_CODES = frozenset(
    (
        p.ROW_SUM,
        p.COLUMN_SUM,
        p.BALANCE,
        p.REVIEW_SUM,
        p.SUM_DIFFERS,
        p.RELATION_FAILS,
        p.CARRIED_IN_DIFFERS,
        p.STOCK_DIFFERS,
        p.LIKELY_SLIP,
        p.LIMIT_EXCEEDED,
        p.IMPLICATION_FAILS,
        p.PENDING_LOST,
        p.RATE_DIFFERS,
        p.GROWTH_WITHOUT_BASE,
        p.GROWTH_DIFFERS,
        p.PROSE_DIFFERS,
        p.PROSE_INCLUDES_CARRIED,
        p.CATALOGUE_DIFFERS,
        p.RULES_BELOW_CITY,
        p.CONSOLIDATION_DIFFERS,
        p.MISSING_CELL,
    )
)
_AGAINST_LAST_YEAR = (p.CARRIED_IN_DIFFERS, p.STOCK_DIFFERS, p.PENDING_LOST)
_REMEDY = re.compile(r"；[^；（）]*请[^；]*$|；是同一个数吗.*|（S[0-9]-CAT）")
PAPER_LIMIT = (
    1_000_000  # bytes of HTML of a report that is laid out on paper; real ones have 50,000
)
PAPER_CELLS = 10_000  # tags of tables in it
OUTPUTS = ("docx", "pdf", "xlsx", "json")
LABELS = {
    "docx": "Word 文档（可编辑）",
    "pdf": "PDF（A4，可打印）",
    "xlsx": "Excel 表格（含公式）",
    "json": "数据（JSON）",
}


@dataclass(frozen=True)
class ReportOptions:
    """What mkdocs.yml asks for under ``gongkai/reports``."""

    outputs: tuple[str, ...] = ()
    font_digests: tuple[str, ...] = ()
    has_public_board: bool = False
    smallest_base: int = 1


class Reports:
    """What all report pages share: figures by indicator, series, checks, consolidation."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        self.published = judged.published_reports
        self.by_year = {(r.agency, r.year): r for r in self.published}
        self._fonts: dict[tuple[str, ...], Fonts | None] = {}

    @cached_property
    def values(self) -> dict[str, Values]:
        """The indicators of each published report, by path."""
        found: dict[str, Values] = {}
        for record in (*self.published, *self.judged.published_site_reports):
            form = forms()[record.report.form] if record.report else None
            if form is not None:
                found[record.path] = values_of(form, record.figures.cells)
        return found

    def fonts(self, options: ReportOptions) -> Fonts | None:
        """Return the fonts of PDFs, ``None`` where this machine cannot make any."""
        if options.font_digests not in self._fonts:
            can = why_not(options.font_digests) is None
            self._fonts[options.font_digests] = find_fonts(options.font_digests) if can else None
        return self._fonts[options.font_digests]

    @cached_property
    def series(self) -> Series:
        """Every line over the years."""
        return build_series(self.published)

    @cached_property
    def problems(self) -> dict[str, list[p.Problem]]:
        """The problems of each report and its sheet, by the path of the report."""
        found: dict[str, list[p.Problem]] = defaultdict(list)
        for problem in self.judged.problems:
            path = problem.place.path
            stem, _, kind = path.rpartition(".")
            if "/reports/" in path or "/website/" in path:
                found[path if kind == "md" else f"{stem}.md"].append(problem)
        return found

    def checks(self, record: ReportRecord) -> tuple[tuple[str, CellKey | None], ...]:
        """Return what the checks found, each with the figure at whose place it was found.

        The explanations that the editors wrote stand beside; GK415 only repeats them. What an
        editor is asked to do about it is not for the public.
        """
        cells = {origin.place: cell for cell, origin in record.figures.origins.items()}
        # a report that is not published must not show through the checks of the next one
        has_before = (record.agency, record.year - 1) in self.by_year
        return tuple(
            (_REMEDY.sub("", problem.message().removesuffix(EXPLAINED)), cells.get(problem.place))
            for problem in self.problems.get(record.path, ())
            if problem.code in SHOWN_CODES
            and (has_before or problem.code not in _AGAINST_LAST_YEAR)
        )

    def history(self, record: ReportRecord) -> tuple[tuple[int, Values], ...]:
        """Return the indicators of the agency's earlier reports of the same scope, oldest first."""
        scope = record.report.scope if record.report else ""
        earlier = [
            (one.year, self.values[one.path])
            for one in self.published
            if one.agency == record.agency
            and one.subject == record.subject
            and one.year < record.year
            and one.report is not None
            and one.report.scope == scope
        ]
        return tuple(sorted(earlier, key=lambda pair: pair[0]))

    def consolidation(self, record: ReportRecord) -> Consolidation | None:
        """Return 汇总核对 of a consolidated report."""
        return consolidate(record, self.by_year, self.judged.corpus.agencies)

    def similarity(self, record: ReportRecord) -> float | None:
        """Return how much of a report's prose repeats last year's, ``None`` where none is."""
        before = next(
            (
                one
                for one in self.judged.corpus.reports
                if (one.subject, one.agency, one.year)
                == (record.subject, record.agency, record.year - 1)
            ),
            None,
        )
        if before is None or not before.prose or not record.prose:
            return None
        measured = similarity(text_of(record), text_of(before))
        return measured.ratio if measured.is_judged else None

    def board(self, year: int, *, only_public: bool = False) -> Board:
        """Return the January board of the reports on ``year``.

        The public one knows nothing of reports that are not published yet.
        """
        public = {r.path for r in self.published}
        corpus = self.judged.corpus
        records = [r for r in corpus.reports if r.year == year and r.subject == "disclosure"]
        checks = {}
        for record in records:
            found = [x for x in self.problems.get(record.path, []) if x.code in SHOWN_CODES]
            errors = sum(x.severity is not p.Severity.NOTE for x in found)
            explained = sum(
                x.severity is p.Severity.NOTE and x.code.severity is not p.Severity.NOTE
                for x in found
            )
            checks[record.path] = Checks(errors, explained, len(found) - errors - explained)
        earlier = {
            str(row.level): {
                key: day
                for key, day in (("submit", row.submit), ("publish", row.publish))
                if day is not None
            }
            for row in corpus.site.report_deadlines
        }
        return build_board(
            year,
            self.judged.today,
            agencies=corpus.agencies.values(),
            records=records if not only_public else [r for r in records if r.path in public],
            published=public,
            earlier=earlier,
            checks=checks,
            similarity={r.path: self.similarity(r) for r in records},
        )

    @property
    def board_years(self) -> tuple[int, ...]:
        """The report years that have a board: those in which a body reported that owes one.

        What was only moved here from an older site tells nothing of whether it came in time.
        """
        corpus = self.judged.corpus
        return tuple(
            sorted(
                {self.judged.today.year - 1}
                | {
                    r.year
                    for r in corpus.reports
                    if r.subject == "disclosure"
                    and r.agency in corpus.agencies
                    and not corpus.agencies[r.agency].is_historical
                    and r.report is not None
                    and not r.report.migrated_on
                }
            )
        )

    @cached_property
    def declared(self) -> tuple[DeclaredSet, ...]:
        """The sets over which sums are shown: what the newest consolidated reports declare."""
        newest: dict[str, ReportRecord] = {}
        for record in self.published:
            if record.report and record.report.scope == "consolidated" and record.report.addends:
                held = newest.get(record.agency)
                if held is None or held.year < record.year:
                    newest[record.agency] = record
        names = self.judged.corpus.agencies
        return tuple(
            DeclaredSet(f"{names[agency].label}汇总单位", record.report.addends)
            for agency, record in sorted(newest.items())
            if record.report
        )


def reports_of(plan: Plan) -> Reports:
    """Return the shared facts of a plan's reports, made once."""
    held = plan.shared.get("reports")
    if not isinstance(held, Reports):
        held = plan.shared["reports"] = Reports(plan.judged)
    return held


def report_pages(plan: Plan, options: ReportOptions) -> Iterator[Artifact]:
    """Yield each report with its basis page and files, and each agency's list of reports."""
    reports = reports_of(plan)
    judged = plan.judged
    by_agency: dict[str, list[ReportRecord]] = {agency: [] for agency in judged.corpus.agencies}
    for record in reports.published:
        by_agency[record.agency].append(record)
    for agency, records in by_agency.items():
        yield _agency_page(plan, reports, agency, records)
        yield from _pages_of(plan, reports, records, options)
    on_site: dict[str, list[ReportRecord]] = defaultdict(list)
    for record in judged.published_site_reports:
        on_site[record.agency].append(record)
    for records in on_site.values():
        yield from _pages_of(plan, reports, records, options)


def _agency_page(
    plan: Plan, reports: Reports, agency: str, records: list[ReportRecord]
) -> Artifact:
    key = repr([(r.stamp, r.figures.cells) for r in records])
    view = partial(
        series_pages.reports_page,
        plan.frame,
        agency,
        records,
        reports.series,
        earlier=plan.judged.corpus.site.earlier_deadlines,
    )
    return plan.page("reports", addresses.agency_address(agency, "report/index.html"), key, view)


def _pages_of(
    plan: Plan, reports: Reports, records: Sequence[ReportRecord], options: ReportOptions
) -> Iterator[Artifact]:
    """Yield the pages and files of one agency's reports, newest first."""
    for n, record in enumerate(records):
        assert record.report is not None
        older = _report_link(records[n + 1]) if n + 1 < len(records) else None
        newer = _report_link(records[n - 1]) if n else None
        made = _Made(plan, reports, record, (older, newer), options)
        yield plan.page("report", made.address, made.key, made.view)
        if made.has_basis:
            yield plan.page("report_basis", made.basis_address, made.basis_key, made.basis_view)
        yield from made.files()


class _Made:
    """One report's page, basis page and files, with the keys they depend on."""

    def __init__(
        self,
        plan: Plan,
        reports: Reports,
        record: ReportRecord,
        around: tuple[tuple[str, str] | None, tuple[str, str] | None],
        options: ReportOptions,
    ) -> None:
        assert record.report is not None
        self.plan, self.reports, self.record, self.options = plan, reports, record, options
        self.report = record.report
        self.form = forms()[record.report.form]
        self.older, self.newer = around
        self.agency = plan.judged.corpus.agencies[record.agency]
        self.address = addresses.report_address(record.agency, record.year, record.subject)
        self.stem = self.address.removesuffix(".html")
        self.basis_address = report_page.basis_address(record.agency, record.year, record.subject)
        self.basis_cells = report_page.basis_cells(self.form, record.figures)
        self.has_basis = bool(self.basis_cells)
        self.checks = reports.checks(record)
        self.history = reports.history(record)
        written = tuple(link.target for link in record.body.links)
        self.targets = body_targets(plan.judged, record.path, record.agency, written, ())
        earlier = plan.judged.corpus.site.earlier_deadlines
        self.due_on = deadline(self.form, self.agency.level, record.year, earlier)

    @cached_property
    def consolidation(self) -> Consolidation | None:
        """汇总核对, where the report counts others too."""
        return self.reports.consolidation(self.record)

    @cached_property
    def proof(self) -> Proof | None:
        """What the page says of the publication log."""
        return self.plan.proof(self.record)

    @cached_property
    def facts(self) -> str:
        """The digest of all that the report itself says and is told to have wrong."""
        addends = self.consolidation.addends if self.consolidation else ()
        stamps = [
            self.reports.by_year[agency, self.record.year].stamp
            for agency in addends
            if (agency, self.record.year) in self.reports.by_year
        ]
        return digest_of_text(
            self.record.stamp,
            self.record.path,
            repr(self.checks),
            repr(stamps),
            repr((self.older, self.newer, self.targets, self.due_on)),
            repr((self.agency.name, self.agency.is_historical)),
        )

    @property
    def key(self) -> str:
        """What the page depends on beside settings and templates."""
        return f"{self.facts} {self.history!r} {self.options!r} {self.kinds!r} {self.proof!r}"

    def view(self, *, is_linked: bool = True) -> Any:
        """Return the view of the page; a file to keep has no links to others."""
        consolidation = self.consolidation
        return report_page.report_page(
            self.plan.frame,
            self.record,
            self.plan.body(self.record),
            self.targets,
            self.older,
            self.newer,
            checks=self.checks,
            history=self.history,
            outputs=self.outputs() if is_linked else (),
            due_on=self.due_on,
            consolidation=(
                consolidation_tables(self.plan.frame, consolidation) if consolidation else ()
            ),
            has_basis=self.has_basis,
            proof=self.proof if is_linked else None,
        )

    @property
    def basis_key(self) -> str:
        """What the basis page depends on beside settings and templates."""
        judged = self.plan.judged
        counted = {
            one.ref
            for cell in self.basis_cells
            for one in self.record.figures.origins[cell].counted
            if one.kind == "entry"
        }
        stamps = [
            self.plan.stamps[judged.published_numbers[ref].path]
            for ref in sorted(counted & judged.published_numbers.keys())
        ]
        corpus, agency = judged.corpus, self.record.agency
        rows = [one.digest for one in corpus.registers if one.agency == agency]
        rows += [one.digest for one in corpus.decisions if one.agency == agency]
        return repr((self.record.stamp, stamps, rows, self.agency.register_is_public))

    def basis_view(self) -> Any:
        """Return the view of what the computed figures count."""
        return report_basis.report_basis_page(
            self.plan.frame,
            self.record,
            entries=self._entry_links(),
            requests=self._requests() if self.agency.register_is_public else None,
            decisions=self._decisions(),
        )

    def _entry_links(self) -> dict[str, Link]:
        links = {}
        for number, found in self.plan.judged.published_numbers.items():
            if found.entry is not None:
                detail = found.entry.shown_document_number or str(found.entry.issued_on)
                links[number] = Link(found.entry.title, addresses.entry_address(number), detail)
        return links

    def _requests(self) -> dict[str, report_basis.Request]:
        """Return month, class, topic and outcome of each application: nothing that tells who."""
        topics = self.plan.judged.corpus.vocabularies[TOPICS]
        rows = {}
        for register in self.plan.judged.corpus.registers:
            if register.agency != self.record.agency:
                continue
            for one in register.rows:
                row = one.row
                rows[row.number] = (
                    f"{row.received_on:%Y-%m}",
                    APPLICANTS.labels[row.applicant],
                    topics.label(row.topic),
                    # what came after the year is no part of its report
                    OUTCOMES.labels[row.closed[1]]
                    if row.closed and row.closed[0].year <= self.record.year
                    else "",
                )
        return rows

    def _decisions(self) -> dict[str, report_basis.Decision]:
        return {
            one.row.ref: (f"{one.row.decided_on:%Y-%m}", one.row.matter)
            for sheet in self.plan.judged.corpus.decisions
            if (sheet.agency, sheet.year) == (self.record.agency, self.record.year)
            for one in sheet.rows
        }

    def outputs(self) -> tuple[Link, ...]:
        """Return links to the report's files, in the order that mkdocs.yml gives."""
        return tuple(Link(LABELS[kind], f"{self.stem}.{kind}") for kind in self.kinds)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of files that are made of this report, here and now."""
        return tuple(self._kinds())

    @cached_property
    def fits_paper(self) -> bool:
        """Tell whether the prose can be laid out; ten books would take the machine's memory."""
        html = self.plan.body(self.record)
        return len(html) <= PAPER_LIMIT and html.count("<t") <= PAPER_CELLS

    def _kinds(self) -> Iterator[str]:
        for kind in self.options.outputs:
            if kind == "xlsx" and not self.form.tables:
                continue  # nothing to lay out
            if kind in ("docx", "pdf") and not self.fits_paper:
                continue
            if kind == "pdf" and self.reports.fonts(self.options) is None:
                continue  # the build has said so
            yield kind

    def _pdf(self) -> bytes:
        fonts = self.reports.fonts(self.options)
        assert fonts is not None, "without fonts no PDF is asked for"
        templates = self.plan.templates
        made_on = self.report.published_on.date
        base = self.plan.judged.corpus.site.base_url
        page = self.view(is_linked=False)
        html = report_html(templates, page, self.agency.name, made_on, base)
        css = (templates.theme / "print" / "report.css").read_text("utf-8")
        return portable(html, css, fonts)

    def files(self) -> Iterator[Artifact]:
        """Yield the report's files; they depend on the report alone, not on the theme."""
        made_on = self.report.published_on.date
        makers: dict[str, Callable[[], bytes]] = {
            "docx": lambda: word(self.view(is_linked=False), self.agency.name, made_on),
            "xlsx": lambda: workbook(
                sheet_view(
                    self.form,
                    self.report.title,
                    self.agency.name,
                    self.record.year,
                    self.record.figures,
                ),
                made_on,
            ),
            "pdf": self._pdf,
            "json": lambda: json_file(**report_row(self.record)),
        }
        templates = self.plan.templates
        base = self.plan.judged.corpus.site.base_url
        for kind in self.kinds:
            key = digest_of_text(kind, self.plan.version, self.facts, base, templates.words_digest)
            if kind == "pdf":
                fonts = self.reports.fonts(self.options)
                assert fonts is not None, "without fonts no PDF is asked for"
                key = digest_of_text(key, fonts.digest, print_digest(self.plan.templates))
            yield Artifact(f"{self.stem}.{kind}", key, makers[kind])


def no_pdf(font_digests: Iterable[str]) -> str | None:
    """Return why no PDF can be made on this machine, or ``None`` where it can."""
    return why_not(tuple(font_digests))


def report_row(record: ReportRecord) -> dict[str, Any]:
    """Return the exported facts of one report: figures by table, row and column, or by name."""
    report = record.report
    assert report is not None, "only published reports are exported"
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for (table, row, column), value in record.figures.cells.items():
        tables.setdefault(table, {}).setdefault(row, {})[column] = formats.number(value)
    for (table, row, column), text in record.figures.texts.items():
        tables.setdefault(table, {}).setdefault(row, {})[column] = text
    computed = sorted(
        ".".join(cell)
        for cell, origin in record.figures.origins.items()
        if origin.kind == "computed"
    )
    overridden = {
        ".".join(cell): origin.reason
        for cell, origin in record.figures.origins.items()
        if origin.kind == "overridden"
    }
    return {
        "agency": record.agency,
        "year": record.year,
        "title": report.title,
        "form": report.form,
        "instrument": forms()[report.form].instrument,
        "scope": report.scope,
        "published_on": str(report.published_on),
        "address": addresses.report_address(record.agency, record.year, record.subject),
        "invented": report.invented,
        "as_printed": report.as_printed,
        "tables": tables,
        "computed": computed,
        "overridden": overridden,
        "figures": [f.model_dump(mode="json") for f in report.figures],
        "discrepancies": [d.note for d in report.discrepancies],
    }


def _report_link(record: ReportRecord) -> tuple[str, str]:
    title = record.report.title if record.report else ""
    return title, addresses.report_address(record.agency, record.year, record.subject)


def series_files(plan: Plan, options: ReportOptions) -> Iterator[Artifact]:
    """Yield the comparison of years and agencies, its data, and the board where it is public."""
    reports = reports_of(plan)
    frame, series = plan.frame, reports.series
    everything = digest_of_text(*(r.stamp + r.path for r in reports.published))
    is_invented = any(r.report and r.report.invented for r in reports.published)
    key = f"{everything} {options!r}"
    names = {one.id: one.name for one in plan.judged.corpus.agencies.values()}
    years = _ranked_years(reports)
    boards = reports.board_years if options.has_public_board else ()
    links = []
    if years:
        links.append(Link("指标排名", series_pages.rankings_address(max(years), max(years))))
    links += [
        Link(f"{year}年度报送和发布情况", board_page.board_address(year)) for year in boards[::-1]
    ]
    links += [Link("全部年报数据（CSV）", "data/reports.csv")]
    explorer = partial(
        series_pages.explorer_page, frame, series, links=tuple(links), is_invented=is_invented
    )
    yield plan.page("explorer", series_pages.EXPLORER, key, explorer)
    for indicator in series.by_indicator:
        page = partial(
            series_pages.indicator_page,
            frame,
            series,
            indicator,
            declared=reports.declared,
            is_invented=is_invented,
        )
        yield plan.page("indicator", series_pages.indicator_address(indicator), key, page)
    for year in years:
        ranked = partial(_rankings_view, plan, reports, year, years, options, is_invented)
        address = series_pages.rankings_address(year, max(years))
        yield plan.page("rankings", address, key, ranked)
    for year in boards:
        board = reports.board(year, only_public=True)
        view = partial(board_page.board_page, frame, board)
        yield plan.page("board", board_page.board_address(year), repr(board), view)
    yield plan.raw(
        "data/series.json",
        "series" + everything,
        lambda: json_file(**series_pages.series_json(frame, series)),
    )
    yield plan.raw(
        "data/reports.csv",
        "reports" + everything,
        lambda: csv_file(HEADER, tidy_rows(reports.published, names)),
    )


def _ranked_years(reports: Reports) -> tuple[int, ...]:
    """Return the years in which at least two agencies can be compared."""
    count: dict[int, int] = defaultdict(int)
    for record in reports.published:
        is_own = record.report is not None and record.report.scope != "consolidated"
        if is_own and _is_ranked(reports, record):
            count[record.year] += ("concluded", "total") in reports.values[record.path]
    return tuple(sorted(year for year, held in count.items() if held > 1))


def _is_ranked(reports: Reports, record: ReportRecord) -> bool:
    """Tell whether a report takes part: what is kept as history is compared with nobody."""
    return not reports.judged.corpus.agencies[record.agency].is_historical


def _rankings_view(
    plan: Plan,
    reports: Reports,
    year: int,
    years: tuple[int, ...],
    options: ReportOptions,
    is_invented: bool,
) -> Any:
    names = [
        agency
        for (agency, one), record in reports.by_year.items()
        if one == year and _is_ranked(reports, record)
    ]
    rankings = build_rankings(reports.series, year, names, minimum=options.smallest_base)
    return series_pages.rankings_page(
        plan.frame,
        rankings,
        year,
        years,
        minimum=options.smallest_base,
        is_invented=is_invented,
    )


def statistics_pages(plan: Plan) -> Iterator[Artifact]:
    """Yield the statistics of entries: of the whole site, and of each agency."""
    counted = all_statistics(plan.judged)
    for agency, statistics in counted.items():
        view = partial(statistics_page.statistics_page, plan.frame, statistics)
        yield plan.page("statistics", statistics_address(agency), repr(statistics), view)


def assessment_pages(plan: Plan) -> Iterator[Artifact]:
    """Yield each self-assessment with what the site itself can tell of its items."""
    examiner = Examiner(plan.judged, plan.directory)
    for record, sheet in public_assessments(plan.judged):
        own = record.assessment
        assert own is not None, "only bound assessments are public"
        evidence = examiner.examine(record.agency, record.year, sheet.sheet, own)
        view = partial(
            assessment_page.assessment_page,
            plan.frame,
            record,
            sheet.sheet,
            evidence,
            plan.judged.published_numbers,
        )
        address = assessment_address(record.agency, record.year)
        yield plan.page("assessment", address, repr(view()), view)
