"""A yearly report into its page: parts in the order of its form, tables exactly as prescribed.

What the site adds (summary, charts, checks) is computed from what figures count and stands apart
from the report itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from gongkai.derive import addresses
from gongkai.domain.corpus import ReportRecord
from gongkai.domain.reports.figures import Figures
from gongkai.domain.reports.form import CellKey, FigureTable, ReportForm, forms
from gongkai.domain.reports.indicator import INDICATORS, values_of
from gongkai.domain.reports.named import named_values, rate_of
from gongkai.domain.reports.report import AnnualReport
from gongkai.views import chart, formats
from gongkai.views.entry_page import rewrite
from gongkai.views.frame import Frame
from gongkai.views.pages import (
    Footnote,
    ProblemView,
    RateView,
    Remark,
    ReportPage,
    ReportPart,
)
from gongkai.views.platform_page import strip_tags
from gongkai.views.report_summary import APPLICANTS, OUTCOMES, Values, summary
from gongkai.views.report_tables import (
    Dress,
    anchor_of,
    cell_link,
    figure_view,
    note_anchor,
    override_words,
)
from gongkai.views.shared import Cell, ChartView, Fact, Link, Note, Proof, Table

_SECTION = re.compile(r'<h2(?: id="([^"]*)")?>(.*?)</h2>', re.DOTALL)
_SCOPES = {"own": "本级", "consolidated": "汇总（本级和汇总情况所列单位）"}
_PROBLEMS = "problems"  # how the key of the part ends that a list of problems belongs to
_WEBSITE = "政府网站工作年度报表"
_POINTS = "分"  # a unit of which a sum says nothing about disclosure
_FEW_YEARS = 4  # up to here, columns side by side; from here on, lines
_SMALLEST_SUM = 3  # a sum of two parts needs no drawing
_MOST_SUMS = 4
_ENDS = ("。", "！", "？", "；")
_CHANNELS = tuple(key for key in INDICATORS if key.startswith("channel_"))


def basis_address(agency: str, year: int, subject: str = "disclosure") -> str:
    """Return the address of what the computed figures of a report count."""
    return addresses.report_address(agency, year, subject).replace(".html", "-basis.html")


def column_crumb(frame: Frame, record: ReportRecord) -> Link:
    """Return what a report belongs to; that of a website is none of the yearly reports."""
    if record.subject == "website":
        return Link(_WEBSITE)
    column = frame.corpus.columns["reports"]
    return Link(column.name, addresses.agency_address(record.agency, "report/index.html"))


def basis_cells(form: ReportForm, figures: Figures) -> tuple[CellKey, ...]:
    """Return the figures that the site counted, in the order of the form; zeros count nothing."""
    return tuple(
        cell
        for cell in form.cells()
        if (origin := figures.origins.get(cell)) is not None
        and origin.kind in ("computed", "overridden")
        and origin.computed
    )


def report_page(
    frame: Frame,
    record: ReportRecord,
    body: str,
    targets: tuple[tuple[str, str], ...],
    previous: tuple[str, str] | None,
    following: tuple[str, str] | None,
    remarks: tuple[str, ...] = (),
    *,
    checks: Sequence[tuple[str, CellKey | None]] = (),
    values: Values | None = None,
    history: Sequence[tuple[int, Values]] = (),
    outputs: Sequence[Link] = (),
    due_on: date | None = None,
    scope: str = "",
    consolidation: Sequence[Table] = (),
    has_basis: bool = False,
    proof: Proof | None = None,
) -> ReportPage:
    """Return the view of one report.

    Args:
        frame: the site's settings.
        record: the report with its figures.
        body: the HTML of its prose.
        targets: where the links of the body lead.
        previous: title and address of the report before.
        following: title and address of the report after.
        remarks: what checks found, where no single figure is to blame.
        checks: what checks found, each with the figure that it is about.
        values: the report's indicators, where they are more than those of its form.
        history: the indicators of the agency's earlier years; last year's stand in the summary.
        outputs: the report in other formats; ``detail`` is the size in words.
        due_on: the day by which the report had to be published.
        scope: what the figures count, where the report's own word is not enough.
        consolidation: how a consolidated report compares with those of the bodies it counts.
        has_basis: whether a page tells what the computed figures count.
        proof: the report's record in the publication log.
    """
    report = record.report
    assert report is not None, "only bound reports have pages"
    agency = frame.agency(record.agency)
    form = forms()[report.form]
    address = addresses.report_address(record.agency, record.year, record.subject)
    column = frame.corpus.columns["reports"]
    source = report.source or agency.name
    tags = frame.content_tags(
        report.title,
        report.published_on,
        source,
        address,
        ("政府信息公开", "年度报告", f"{record.year}年"),
    )
    figures = record.figures
    basis = basis_address(record.agency, record.year, record.subject) if has_basis else ""
    counted = basis_cells(form, figures) if has_basis else ()
    told = [(text, cell) for text, cell in checks if cell is None or _is_of(form, cell)]
    told += _corrected_labels(form)
    overridden = _overridden(form, figures)
    dress = Dress(
        texts=figures.texts,
        anchors=frozenset((*counted, *overridden, *(cell for _, cell in told if cell))),
        links={cell: f"{basis}#{anchor_of(cell)}" for cell in counted},
        notes={cell: number for number, cell in enumerate(overridden, 1)},
    )
    problems = tuple(ProblemView(p.problem, p.measure, p.status) for p in report.problems)
    parts = _parts(form, figures, rewrite(body, dict(targets)), dress, problems)
    values = values_of(form, figures.cells) if values is None else values
    before = next((held for year, held in history if year == record.year - 1), None)
    return ReportPage(
        head=frame.head(report.title, address, *frame.column_tags(column), *tags),
        crumbs=(
            *frame.agency_crumbs(record.agency),
            column_crumb(frame, record),
            Link(f"{record.year}年"),
        ),
        lang=report.lang,
        title=report.title,
        facts=_facts(record, report, form, agency.name, scope, due_on),
        summary=summary(record.year, values, before, _doubted(form, figures, checks)),
        charts=charts(record.year, values, history, report),
        parts=parts,
        problems=() if any(part.problems for part in parts) else problems,
        figures=_named_figures(report) if report.figures else None,
        rates=tuple(_rates(report)),
        consolidation=tuple(consolidation),
        notes=_notes(report),
        remarks=(*(Remark(text) for text in remarks), *(_remark(form, *one) for one in told)),
        outputs=tuple(outputs),
        basis=Link(f"{record.year}年", basis) if counted else None,
        source=source,
        published=formats.short_moment(report.published_on),
        published_iso=formats.iso_moment(report.published_on),
        is_invented=report.invented,
        is_historical=agency.is_historical,
        previous=Link(*previous) if previous else None,
        next=Link(*following) if following else None,
        proof=proof,
    )


def _facts(
    record: ReportRecord,
    report: AnnualReport,
    form: ReportForm,
    agency: str,
    scope: str,
    due_on: date | None,
) -> tuple[Fact, ...]:
    """Return the box on top: whose report, of what, on which form and when."""
    reviewed_on = report.review.checked_on if report.review else None
    facts = (
        Fact("报告年度", f"{record.year}年"),
        Fact("报告单位", agency),
        Fact("统计范围", scope or _SCOPES.get(report.scope, "")),
        Fact("报告格式", f"{form.title}{f'（{form.instrument}）' if form.instrument else ''}"),
        Fact("原件落款日期", report.stated_on),
        Fact("审核日期", formats.long_date(reviewed_on) if reviewed_on else ""),
        Fact("报送日期", formats.long_date(report.submitted_on) if report.submitted_on else ""),
        Fact(
            "发布日期",
            formats.long_moment(report.published_on),
            "",
            formats.iso_moment(report.published_on),
        ),
        Fact("发布期限", timeliness(report, due_on)),
        Fact("迁移日期", formats.long_date(report.migrated_on) if report.migrated_on else ""),
    )
    return tuple(fact for fact in facts if fact.value)


def timeliness(report: AnnualReport, due_on: date | None) -> str:
    """Return the last day and whether it was kept; a migrated page's date is no publication."""
    if due_on is None:
        return ""
    words = formats.long_date(due_on)
    if report.migrated_on or report.as_printed:
        return words
    days = (report.published_on.date - due_on).days
    return f"{words}（{f'逾期{days}天发布' if days > 0 else '按时发布'}）"


def charts(
    year: int,
    values: Values,
    history: Sequence[tuple[int, Values]],
    report: AnnualReport,
) -> tuple[ChartView, ...]:
    """Return the drawings of a report: those whose figures are there and say something."""
    drawn: list[ChartView] = []
    concluded, received = values.get(("concluded", "total")), values.get(("received", "total"))
    outcomes = _known((INDICATORS[key].label, values.get((key, "total"))) for key in OUTCOMES)
    if concluded and len(outcomes) > 1:
        drawn.append(chart.bars(f"{year}年申请办理结果", outcomes, "件", whole=concluded))
    applicants = _known((label, values.get(("received", key))) for key, label in APPLICANTS.items())
    if received and len(applicants) > 1:
        drawn.append(chart.bars(f"{year}年申请人类型", applicants, "件", whole=received))
    channels = _known((INDICATORS[key].label, values.get((key, "total"))) for key in _CHANNELS)
    if len(channels) > 1 and any(value for _, value in channels):
        drawn.append(chart.bars(f"{year}年各渠道公开政府信息", channels, "条"))
    drawn += _trends(year, values, history)
    drawn += _sums(year, report)
    return tuple(drawn)


def _known(items: Iterable[tuple[str, Decimal | None]]) -> list[tuple[str, Decimal]]:
    return [(label, value) for label, value in items if value is not None]


def _trends(year: int, values: Values, history: Sequence[tuple[int, Values]]) -> list[ChartView]:
    """Return what came of several years; a year without a report is a gap, not a zero."""
    held = {**dict(history), year: values}
    years = list(range(min(held), year + 1))

    def line(indicator: str) -> tuple[str, list[Decimal | None]]:
        label = INDICATORS[indicator].label
        return label, [held.get(y, {}).get((indicator, "total")) for y in years]

    drawn = []
    flow = [one for one in map(line, ("received", "concluded")) if _count(one[1]) > 1]
    if flow and any(value for _, found in flow for value in found):
        caption = f"{years[0]}—{year}年收到和办结的申请"
        if len(flow) == 1:
            caption = f"{years[0]}—{year}年{flow[0][0]}"
        if len(years) <= _FEW_YEARS:
            drawn.append(chart.columns(caption, [f"{y}年" for y in years], flow, "件"))
        else:
            drawn.append(chart.series(caption, years, flow, "件"))
    stock = line("normative_in_force")
    if _count(stock[1]) > 1 and any(stock[1]):
        caption = f"{years[0]}—{year}年末{stock[0]}"
        drawn.append(chart.series(caption, years, [stock], "件", steps=True))
    return drawn


def _count(values: Sequence[Decimal | None]) -> int:
    return sum(value is not None for value in values)


def _sums(year: int, report: AnnualReport) -> list[ChartView]:
    """Return a drawing for each sum that the report breaks down into several parts."""
    figures = {figure.key: figure for figure in report.figures}
    values = named_values(report)
    drawn = []
    for rule in report.sums:
        keys = [key for key in rule.parts if key in values]
        units = {figures[key].unit for key in keys}
        if len(keys) < _SMALLEST_SUM or len(keys) < len(rule.parts) or len(units) > 1:
            continue
        if _POINTS in units:
            continue
        total = values.get(rule.total)
        adds_up = total == sum((values[key] for key in keys), Decimal(0))
        items = [(figures[key].name, values[key]) for key in keys]
        subject = figures[rule.total].name.removesuffix("总数") if rule.total in figures else ""
        caption = f"{year}年{f'{subject}：' if subject not in rule.name else ''}{rule.name}"
        drawn.append(chart.bars(caption, items, units.pop(), whole=total if adds_up else None))
    return drawn[:_MOST_SUMS]


def _parts(
    form: ReportForm,
    figures: Figures,
    body: str,
    dress: Dress,
    problems: tuple[ProblemView, ...],
) -> tuple[ReportPart, ...]:
    """Cut the body at its <h2> and put prose and tables in the order of the form."""
    if not form.parts:
        return (ReportPart("report", "", body, (), sections=_sections(body)),)
    pieces = list(_SECTION.finditer(body))
    prose: dict[str, str] = {}
    extra = body[: pieces[0].start()] if pieces else body
    for n, match in enumerate(pieces):
        end = pieces[n + 1].start() if n + 1 < len(pieces) else len(body)
        text = strip_tags(match[2])
        part = next((part for part in form.parts if part.label in text), None)
        if part is None:
            extra += body[match.start() : end]
        else:
            prose[part.key] = prose.get(part.key, "") + body[match.end() : end]
    parts = []
    for part in form.parts:
        tables = [table for key in part.tables if (table := form.table(key))]
        views = tuple(
            figure_view(table, figures.cells, dress, _footnotes(table, figures, dress))
            for table in tables
        )
        listed = problems if part.key.endswith(_PROBLEMS) else ()
        parts.append(ReportPart(part.key, part.heading, prose.get(part.key, ""), views, listed))
    if extra.strip():
        rest = ReportPart("extra", "", extra, (), sections=_sections(extra))
        # a form without prose is an annex: the text comes first
        parts.insert(len(parts) if any(part.is_prose for part in form.parts) else 0, rest)
    return tuple(parts)


def _sections(html: str) -> tuple[Link, ...]:
    """Return the chapters of a text that can be reached."""
    return tuple(
        Link(strip_tags(match[2]), f"#{match[1]}") for match in _SECTION.finditer(html) if match[1]
    )


def _is_of(form: ReportForm, cell: CellKey) -> bool:
    table = form.table(cell[0])
    return table is not None and cell[1] in table.row_of and cell[2] in table.column_of


def _overridden(form: ReportForm, figures: Figures) -> tuple[CellKey, ...]:
    return tuple(
        cell
        for cell in form.cells()
        if (origin := figures.origins.get(cell)) is not None and origin.kind == "overridden"
    )


def _footnotes(table: FigureTable, figures: Figures, dress: Dress) -> list[Footnote]:
    """Return why figures of a table are not those that the site counted."""
    notes = []
    for cell, number in dress.notes.items():
        if cell[0] != table.key:
            continue
        text = override_words(table, figures, cell)
        link = cell_link(table, cell)
        notes.append(Footnote(number, note_anchor(number), text, link))
    return notes


def _doubted(
    form: ReportForm, figures: Figures, checks: Sequence[tuple[str, CellKey | None]]
) -> frozenset[str]:
    """Return the indicators whose figure a check found to disagree with others.

    A check stands at one figure; the other one it names by its label and value.
    """
    found = set()
    for text, cell in checks:
        table = form.table(cell[0]) if cell and _is_of(form, cell) else None
        if table is None or cell is None:
            continue
        named = [
            (row.key, column.key)
            for row in table.data_rows
            for column in table.columns
            if table.layout == "tree"
            and (value := figures.cells.get((table.key, row.key, column.key))) is not None
            and f"{row.label} {formats.number(value)}" in text
        ]
        for place in (cell[1:], *named):
            if fed := table.indicator(*place):
                found.add(fed[0])
    return frozenset(found)


def _corrected_labels(form: ReportForm) -> list[tuple[str, CellKey | None]]:
    """Return a remark for each label that the form misprints and that we read otherwise."""
    return [
        (
            f"表中“{row.label}”照原表印出，本站按“{row.corrected}”理解。",
            (table.key, row.key, table.columns[0].key),
        )
        for table in form.tables
        for row in table.data_rows
        if row.corrected
    ]


def _remark(form: ReportForm, text: str, cell: CellKey | None) -> Remark:
    table = form.table(cell[0]) if cell else None
    if cell and not text.endswith(_ENDS):
        text += "。"  # the figure is named behind it
    return Remark(text, cell_link(table, cell) if table and cell else None)


def _notes(report: AnnualReport) -> tuple[Note, ...]:
    """Return what the editors write about figures that do not agree."""
    texts = [row.note for row in report.discrepancies]
    if report.discrepancy_note:
        texts.insert(0, report.discrepancy_note)
    return tuple(Note(text, "check") for text in texts)


def _named_figures(report: AnnualReport) -> Table:
    head = (tuple(Cell(t, True, scope="col") for t in ("指标", "数值", "单位")),)
    rows = tuple(
        (Cell(f.name, True, scope="row"), Cell(f.value, is_number=True), Cell(f.unit))
        for f in report.figures
    )
    return Table("报告中的主要数字（照原件）", head, rows)


def _rates(report: AnnualReport) -> list[RateView]:
    """Return each rate with its formula; a rate whose figures are not there is left out."""
    values = named_values(report)
    names: Mapping[str, str] = {figure.key: figure.name for figure in report.figures}
    views = []
    for rate in report.rates:
        part, whole = values.get(rate.part), values.get(rate.whole)
        if part is None or whole is None:
            continue
        digits = len(rate.stated.strip(" %％").partition(".")[2]) if rate.stated else 1
        computed = rate_of(part, whole, digits)
        value = f"{computed}%" if computed is not None else ""
        stated = rate.stated.replace("％", "%").replace(" ", "")
        views.append(
            RateView(
                name=rate.name,
                value=value,
                formula=f"{formats.number(part)}÷{formats.number(whole)}",
                words=f"{names[rate.part]}÷{names[rate.whole]}",
                stated=stated if stated != value else "",
            )
        )
    return views
