"""What the site itself can prove or contradict of a self-assessment, with links to the evidence.

Each rule looks at published content alone and says one of three things. What is missing speaks
against a body whose site this is; of a historical sample only what its own papers say can speak,
since the site on which it disclosed is not this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from gongkai.derive.addresses import (
    agency_address,
    column_address,
    entry_address,
    report_address,
)
from gongkai.derive.directory import Directory
from gongkai.domain.agency import Agency
from gongkai.domain.assessment import (
    FIXED_PAGES,
    Assessment,
    AssessmentRecord,
    AssessmentSheet,
    Check,
    Sheet,
)
from gongkai.domain.calendar import DISCLOSURE_WORKING_DAYS, YearUnknown
from gongkai.domain.column import Column
from gongkai.domain.corpus import Judged, ReportRecord
from gongkai.domain.entry import Entry
from gongkai.domain.kinds import Budget, Consultation, Decision, Interpretation, Service
from gongkai.domain.reports.form import forms
from gongkai.domain.reports.report import deadline
from gongkai.kernel.problems import Severity
from gongkai.kernel.text import fold

INTERPRETATIONS = "政策解读"  # 栏目类别
SHOWN = 5  # links to print for one check; the rest are counted
ONE_YEAR = timedelta(days=366)
HISTORICAL = "（历史样例，原网站无从核对）"


def public_assessments(judged: Judged) -> Iterator[tuple[AssessmentRecord, AssessmentSheet]]:
    """Yield what has a page: an assessment that is reviewed, due and without error, its sheet."""
    rejected = {x.place.path for x in judged.problems if x.severity is Severity.ERROR}
    sheets = judged.corpus.assessment_sheets
    for record in judged.corpus.assessments.values():
        own = record.assessment
        if own is None or record.path in rejected or record.agency not in judged.corpus.agencies:
            continue
        sheet = sheets.get(own.sheet)
        if sheet is not None and sheet.path not in rejected and own.is_public(judged.as_of):
            yield record, sheet


class Verdict(StrEnum):
    """What the site can say of a criterion."""

    PROVEN = "proven"
    CONTRADICTED = "contradicted"
    UNKNOWN = "unknown"


class Source(NamedTuple):
    """A piece of evidence: its name and its address on the site."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one rule found for one target or criterion."""

    verdict: Verdict
    text: str
    links: tuple[Source, ...] = ()


def assessment_address(agency: str, year: int) -> str:
    """Return the address of a body's assessment of one year."""
    return agency_address(agency, f"assessment/{year}.html")


def fixed_page(agency: str, page: str) -> str:
    """Return the address of one of an agency's fixed pages."""
    return agency_address(agency, FIXED_PAGES[page])


@dataclass(frozen=True)
class Ground:
    """What the rules look at: one agency's published content, and the year in question."""

    judged: Judged
    directory: Directory
    agency: Agency
    year: int
    report: ReportRecord | None
    pointed_at: frozenset[str]

    @property
    def entries(self) -> Iterator[Entry]:
        """The agency's published entries, oldest first."""
        return self.entries_of(self.agency.id)

    def entries_of(self, agency: str) -> Iterator[Entry]:
        """Yield the published entries of an agency, oldest first."""
        records = self.directory.by_class.get(("agency", agency), ())
        return (record.entry for record in records if record.entry)

    @property
    def of_the_year(self) -> list[Entry]:
        """The entries that were made or published within the year."""
        return [
            entry
            for entry in self.entries
            if self.year in (entry.issued_on.year, entry.published_on.date.year)
        ]

    def lacking(self, text: str, links: Iterable[Source] = ()) -> Evidence:
        """Say that something is not there: of a historical sample that proves nothing."""
        if self.agency.is_historical:
            return Evidence(Verdict.UNKNOWN, text + HISTORICAL, tuple(links))
        return Evidence(Verdict.CONTRADICTED, text, tuple(links))


@dataclass(frozen=True)
class Examiner:
    """Runs the checks of score sheets over the published content."""

    judged: Judged
    directory: Directory

    @cached_property
    def reports(self) -> dict[tuple[str, int], ReportRecord]:
        """The published reports on disclosure by agency and year."""
        return {(r.agency, r.year): r for r in self.judged.published_reports}

    def examine(
        self, agency: str, year: int, sheet: Sheet, own: Assessment
    ) -> dict[str, tuple[Evidence, ...]]:
        """Return what the checks of a sheet find for one agency and year, by item."""
        ground = Ground(
            self.judged,
            self.directory,
            self.judged.corpus.agencies[agency],
            year,
            self.reports.get((agency, year)),
            frozenset(number for score in own.scores for number in score.entries),
        )
        found: dict[str, tuple[Evidence, ...]] = {}
        for check in sheet.checks:
            if rule := RULES.get(check.rule):
                found[check.item] = (*found.get(check.item, ()), rule(ground, check))
        return found


def _proven(text: str, links: Iterable[Source] = ()) -> Evidence:
    return Evidence(Verdict.PROVEN, text, tuple(links))


def _unknown(text: str, links: Iterable[Source] = ()) -> Evidence:
    return Evidence(Verdict.UNKNOWN, text, tuple(links))


def _links(entries: Iterable[Entry]) -> tuple[Source, ...]:
    """Return links to the newest entries."""
    newest = list(entries)[-SHOWN:]
    return tuple(Source(e.title, entry_address(e.index_number)) for e in reversed(newest))


def _annual_report(ground: Ground, check: Check) -> Evidence:
    """条例 art. 49 (2007: art. 31): the report on the year, by the day its form names."""
    agency, year, record = ground.agency, ground.year, ground.report
    if record is None or record.report is None:
        return ground.lacking(f"本站没有{year}年的年度报告")
    link = (Source(record.report.title, report_address(agency.id, year)),)
    day = record.report.published_on.date
    due = deadline(forms()[record.report.form], agency.level, year)
    if record.report.migrated_on:
        return _unknown(f"{year}年报告是从旧网站迁来的，发布日期无从核对", link)
    if due is None:
        return _proven(f"{year}年报告于{day}发布", link)
    if day <= due:
        return _proven(f"{year}年报告于{day}发布，期限是{due}", link)
    return Evidence(Verdict.CONTRADICTED, f"{year}年报告于{day}发布，晚于期限{due}", link)


def _guide(ground: Ground, check: Check) -> Evidence:
    """条例 art. 12: the guide is kept up to date; here, changed within the year before its end."""
    agency = ground.agency
    record = ground.judged.published_guides.get(agency.id)
    if record is None or record.guide is None:
        if agency.guide == "parent":
            return _unknown(
                "使用上级单位的公开指南", (Source("公开指南", fixed_page(agency.id, "guide")),)
            )
        return ground.lacking("本站没有本单位的公开指南")
    link = (Source(record.guide.title, fixed_page(agency.id, "guide")),)
    day = record.guide.updated_on or record.guide.published_on.date
    end = date(ground.year, 12, 31)
    if day > end:
        return _unknown(f"指南最近于{day}更新，当年是否更新无从核对", link)
    if day > end - ONE_YEAR:
        return _proven(f"指南于{day}更新", link)
    return Evidence(Verdict.CONTRADICTED, f"指南最近一次更新是{day}，已超过一年", link)


def _directory(ground: Ground, check: Check) -> Evidence:
    """条例 art. 12: the directory is kept up to date; here, has entries published in the year."""
    fresh = [e for e in ground.entries if e.published_on.date.year == ground.year]
    if not fresh:
        return ground.lacking(f"目录中没有{ground.year}年发布的信息")
    newest = max(entry.published_on.date for entry in fresh)
    text = f"{ground.year}年发布{len(fresh)}条，最近一条是{newest}"
    return _proven(text, _links(fresh))


def _columns(ground: Ground, check: Check) -> Evidence:
    """Every column that is named holds something, or is said to have nothing."""
    corpus, agency = ground.judged.corpus, ground.agency
    said = {statement.column for statement in agency.nothing_to_disclose}
    by_name = {fold(column.name): column for column in corpus.columns.values()}
    filled: list[str] = []
    stated: list[str] = []
    empty: list[str] = []
    missing: list[str] = []
    links: list[Source] = []
    for name in check.columns:
        column = corpus.columns.get(name) or by_name.get(fold(name))
        if column is None:
            missing.append(name)
            continue
        held = _held(ground, column)
        (filled if held else stated if column.code in said else empty).append(column.name)
        if held:
            links.append(
                Source(f"{column.name}（{held}条）", column_address(column.code, agency.id))
            )
    words = [
        f"{label}：{'、'.join(names)}"
        for label, names in (
            ("有信息", filled),
            ("声明无此类信息", stated),
            ("没有信息", empty),
            ("本站没有这个栏目", missing),
        )
        if names
    ]
    text = "；".join(words)
    if empty or missing:
        return ground.lacking(text, tuple(links))
    return _proven(text, links)


def _held(ground: Ground, column: Column) -> int:
    """Count the agency's entries in a column and in those below it."""
    columns = ground.judged.corpus.columns
    codes = {column.code}
    for other in columns.values():  # children stand behind their parents
        if other.parent in codes:
            codes.add(other.code)
    return sum(entry.column in codes for entry in ground.entries)


def _entries(ground: Ground, check: Check) -> Evidence:
    """Entries whose title or tags hold one of the words; those pointed at also by summary."""
    words = [fold(word) for word in check.words]
    found = []
    for entry in ground.of_the_year:
        if check.columns and entry.column not in check.columns:
            continue
        texts = [entry.title, *entry.tags, *entry.keywords]
        if entry.index_number in ground.pointed_at:
            texts.append(entry.summary)
        if any(word in fold(text) for word in words for text in texts):
            found.append(entry)
    named = "、".join(f"“{word}”" for word in check.words)
    if not found:
        return ground.lacking(f"没有找到{ground.year}年{named}的信息")
    return _proven(f"找到{named}的信息{len(found)}条", _links(found))


def _interpretations(ground: Ground, check: Check) -> Evidence:
    """Interpretation and file name each other on both pages, as score sheets ask."""
    columns, numbers = ground.judged.corpus.columns, ground.judged.published_numbers
    every, linked = [], []
    for entry in ground.of_the_year:
        column = columns.get(entry.column)
        is_one = isinstance(entry, Interpretation)
        if not is_one and not (column and column.type == INTERPRETATIONS):
            continue
        every.append(entry)
        others = [numbers[n].entry for n in entry.interprets if isinstance(n, str) and n in numbers]
        if others and all(o and entry.index_number in o.interpreted_by for o in others):
            linked.append(entry)
    if not every:
        return ground.lacking(f"没有找到{ground.year}年的政策解读")
    text = f"政策解读{len(every)}篇，其中{len(linked)}篇与文件双向关联"
    if len(linked) == len(every):
        return _proven(text, _links(linked))
    return ground.lacking(text, _links(e for e in every if e not in linked))


def _budget(ground: Ground, check: Check) -> Evidence:
    """条例 art. 20 item 7: the year's budget and the final accounts of the year before."""
    budgets = [e for e in ground.entries if isinstance(e, Budget)]
    year = ground.year
    planned = [e for e in budgets if e.budget_type == "budget" and e.fiscal_year == year]
    closed = [
        e
        for e in budgets
        if e.budget_type == "final_accounts" and e.fiscal_year in (year, year - 1)
    ]
    links = _links([*closed, *planned])
    if planned and closed:
        return _proven(f"有{year}年度预算和{closed[-1].fiscal_year}年度决算", links)
    lacking = [label for label, held in (("预算", planned), ("决算", closed)) if not held]
    having = [label for label, held in (("预算", planned), ("决算", closed)) if held]
    text = f"没有找到{'、'.join(lacking)}"
    return ground.lacking(f"有{'、'.join(having)}，{text}" if having else text, links)


def _requests(ground: Ground, check: Check) -> Evidence:
    """条例 arts 29 and 36 in practice: a request page, and a blank form to take away."""
    corpus, agency = ground.judged.corpus, ground.agency
    if agency.is_historical:
        return _unknown("历史样例不受理申请，原网站的申请专栏无从核对")
    page = Source("依申请公开", fixed_page(agency.id, "apply"))
    for body in dict.fromkeys((agency.id, corpus.site.host)):
        for entry in ground.entries_of(body):
            is_form = isinstance(entry, Service) and any(m.form for m in entry.materials)
            if is_form and "公开" in entry.title:
                form = Source(entry.title, entry_address(entry.index_number))
                return _proven("有依申请公开专栏，可以下载申请表", (page, form))
    return Evidence(Verdict.CONTRADICTED, "有依申请公开专栏，没有可以下载的申请表", (page,))


def _timeliness(ground: Ground, check: Check) -> Evidence:
    """条例 art. 26: the share published within 20 working days; what cannot be told is left out."""
    calendar = ground.judged.corpus.calendar
    limits: dict[date, date | None] = {}
    in_time, late, open_ = 0, [], 0
    for entry in ground.entries:
        if entry.published_on.date.year != ground.year:
            continue
        if entry.deadline_basis or entry.migrated_on:
            open_ += 1
            continue
        if entry.issued_on not in limits:
            try:
                limits[entry.issued_on] = calendar.after(entry.issued_on, DISCLOSURE_WORKING_DAYS)
            except YearUnknown:
                limits[entry.issued_on] = None
        limit = limits[entry.issued_on]
        days = (entry.published_on.date - entry.issued_on).days
        if limit is None and days > DISCLOSURE_WORKING_DAYS:
            open_ += 1
        elif limit is None or entry.published_on.date <= limit:
            in_time += 1
        else:
            late.append(entry)
    checked = in_time + len(late)
    rest = f"，另有{open_}条不作核对" if open_ else ""
    if not checked:
        return _unknown(f"{ground.year}年发布的信息没有可以核对时限的{rest}")
    text = f"核对{checked}条，{in_time}条在20个工作日内公开（{100 * in_time / checked:.1f}%）{rest}"
    if late:
        return Evidence(Verdict.CONTRADICTED, text, _links(late))
    return _proven(text)


def _consultations(ground: Ground, check: Check) -> Evidence:
    """A consultation before each great decision: the year's decisions against its consultations."""
    year = ground.of_the_year
    asked = [entry for entry in year if isinstance(entry, Consultation)]
    decided = [
        entry for entry in year if isinstance(entry, Decision) or entry.column == "decisions"
    ]
    if asked:
        return _proven(f"{ground.year}年公开征集意见{len(asked)}次", _links(asked))
    if decided:
        text = f"有决策{len(decided)}项，没有征集意见的信息"
        return ground.lacking(text, _links(decided))
    return _unknown(f"没有{ground.year}年的决策和征集意见信息")


def _leaders(ground: Ground, check: Check) -> Evidence:
    """The duties of the leading posts name the words."""
    agency = ground.agency
    page = (Source("领导分工", fixed_page(agency.id, "leaders")),)
    for leader in agency.leaders:
        if any(word in leader.duties or word in leader.post for word in check.words):
            return _proven(f"{leader.post}：{leader.duties}", page)
    named = "、".join(f"“{word}”" for word in check.words)
    return ground.lacking(f"领导分工没有写明{named}", page if agency.leaders else ())


def _reading_places(ground: Ground, check: Check) -> Evidence:
    """条例 art. 25: the places where disclosed information can be read."""
    places = ground.agency.reading_places
    if not places:
        return ground.lacking("没有登记政府信息查阅场所")
    page = Source("查阅场所", agency_address(ground.agency.id, "index.html#reading-places"))
    return _proven(f"登记查阅场所{len(places)}处", (page,))


def _report_cell(ground: Ground, check: Check) -> Evidence:
    """A cell of the year's report or statistics says what the criterion needs, or the contrary."""
    record = ground.report
    if record is None or record.report is None:
        return _unknown(f"本站没有{ground.year}年的年度报告或统计表")
    form = forms()[record.report.form]
    link = (Source(record.report.title, report_address(ground.agency.id, ground.year)),)
    for table, row, column in form.cells():
        if row != check.row:
            continue
        cell = (table, row, column)
        at = form.table(table)
        label = at.row_of[row].label if at else row
        written = record.figures.texts.get(cell)
        number = record.figures.cells.get(cell)
        said = f"统计表“{label}”"
        if written is None and number is None:
            return _unknown(f"{said}一格空白", link)
        shown = written if number is None else f"{number.normalize():f}"
        verdict = Verdict.PROVEN if _fits(check.expects, shown) else Verdict.CONTRADICTED
        return Evidence(verdict, f"{said}填“{shown}”", link)
    return _unknown(f"{ground.year}年的年度报告没有这一项", link)


def _fits(expects: str, value: str | None) -> bool:
    """Tell whether a written value is what a check expects: a word, or a number and its bound."""
    if value is None:
        return False
    if expects.startswith((">=", "<=")):
        try:
            found, bound = Decimal(value), Decimal(expects[2:])
        except ArithmeticError:
            return False
        return found >= bound if expects.startswith(">=") else found <= bound
    return value == expects if expects else bool(value)


RULES: Mapping[str, Callable[[Ground, Check], Evidence]] = {
    "annual_report": _annual_report,
    "guide": _guide,
    "directory": _directory,
    "columns": _columns,
    "entries": _entries,
    "interpretations": _interpretations,
    "budget": _budget,
    "requests": _requests,
    "timeliness": _timeliness,
    "consultations": _consultations,
    "leaders": _leaders,
    "reading_places": _reading_places,
    "report_cell": _report_cell,
}
