"""Series into pages: an agency's years, one indicator of all agencies, the explorer, rankings.

A gap is printed as such and never as zero; a sum is printed only over what was declared a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gongkai.derive import addresses
from gongkai.derive.rankings import Ranking, Unranked
from gongkai.derive.series import (
    CONSOLIDATED,
    Change,
    DeclaredSet,
    Line,
    NamedLine,
    Point,
    Series,
    YearsSum,
    adds_up,
)
from gongkai.domain import vocab
from gongkai.domain.agency import Agency
from gongkai.domain.corpus import ReportRecord
from gongkai.domain.reports.form import forms
from gongkai.domain.reports.indicator import INDICATORS, Indicator
from gongkai.domain.reports.report import deadline
from gongkai.views import chart, formats
from gongkai.views.frame import Frame
from gongkai.views.pages import (
    Choice,
    ChoiceGroup,
    ExplorerPage,
    IndicatorPage,
    RankingsPage,
    RankingView,
    RankRow,
    ReportsPage,
    SeriesCell,
    SeriesGroup,
    SeriesRow,
)
from gongkai.views.shared import Block, Cell, ChartView, Fact, Link, Table

EXPLORER = addresses.EXPLORER
SERIES_DATA = "data/series.json"
GAP, BLANK, ORIGINAL, TOGETHER = "—", "未填", "※", "▲"
MARKS = (
    Fact(GAP, "该年格式无此项，或者该年没有年报；不是零"),
    Fact(BLANK, "格式有此项，原报告没有填写；不是零"),
    Fact(ORIGINAL, "早期报告，照原件列示"),
    Fact(TOGETHER, "全县汇总数，不与单位自身的数比较增减"),
)
NO_DATA = "（无数据）"
_READ_OUT = {GAP: NO_DATA, ORIGINAL: "（早期报告）", TOGETHER: "（全县汇总）"}
_ALL_TOGETHER, _SOME_TOGETHER = "（全县汇总）", "（含全县汇总）"
SCOPE_LABELS = {"own": "县本级", CONSOLIDATED: "全县汇总"}
HISTORY = "历史样例"
_DATA_LABEL = "年报数据"
_OUTCOMES = (
    "granted",
    "partly_granted",
    "refused",
    "unavailable",
    "not_processed",
    "otherwise_closed",
)
_CHARTS: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("政府信息公开申请的接收和办结", ("received", "concluded"), False),
    ("申请的办理结果", _OUTCOMES, False),
    ("现行有效的行政规范性文件（年末）", ("normative_in_force",), True),
)


def indicator_address(indicator: str) -> str:
    """Return the page of one indicator."""
    return f"r/{indicator}.html"


def rankings_address(year: int, newest: int) -> str:
    """Return the page of rankings of a year; the newest has the address without a year."""
    return "r/rankings.html" if year == newest else f"r/rankings-{year}.html"


def header(*labels: str) -> tuple[tuple[Cell, ...], ...]:
    """Return one header line."""
    return (tuple(Cell(label, True, scope="col") for label in labels),)


def signed(value: Decimal) -> str:
    """Return a difference with its sign, or 持平."""
    if value == 0:
        return "持平"
    return f"{'+' if value > 0 else '−'}{chart.amount(abs(value))}"


def change_in_words(change: Change | None) -> str:
    """Return ``+12（+25.0%）``; the percentage stands only where last year's figure is a base."""
    if change is None:
        return GAP
    words = signed(change.difference)
    if change.ratio is None or change.difference == 0:
        return words
    sign = "+" if change.difference > 0 else "−"
    return f"{words}（{sign}{chart.share(abs(change.difference), change.base)}）"


def _point_text(point: Point | None) -> str:
    if point is None:
        return GAP
    return BLANK if point.value is None else chart.amount(point.value)


def _point_marks(point: Point | None) -> str:
    if point is None:
        return ""
    return (ORIGINAL if point.is_original else "") + (
        TOGETHER if point.scope == CONSOLIDATED else ""
    )


def _read_out(text: str) -> str:
    """Return in words what the signs at a figure mean."""
    return "".join(words for sign, words in _READ_OUT.items() if sign in text)


def _marks(shown: Iterable[str]) -> tuple[Fact, ...]:
    """Return the explanation of each sign that a page prints."""
    text = "\n".join(shown)
    return tuple(fact for fact in MARKS if fact.label in text)


def reports_page(
    frame: Frame,
    agency_id: str,
    records: Sequence[ReportRecord],
    series: Series,
    *,
    earlier: Mapping[str, tuple[int, int]] | None = None,
    address_of: Callable[[ReportRecord], str] | None = None,
    has_explorer: bool = True,
) -> ReportsPage:
    """Return every yearly report of an agency, newest first, and its figures year by year.

    ``earlier`` are a place's own days of publication, by level.
    """
    agency = frame.agency(agency_id)
    column = frame.corpus.columns["reports"]
    title = f"{agency.name}政府信息公开年报"
    address = addresses.agency_address(agency_id, "report/index.html")
    table = _list_of_reports(agency, title, records, earlier, address_of or _address_of)
    tables = (
        *_indicator_tables(series, agency_id, has_explorer),
        *_named_tables(series, agency_id),
    )
    compare = Link("与其他单位比较", f"{EXPLORER}?a={agency_id}")
    return ReportsPage(
        frame.head(title, address, *frame.column_tags(column)),
        (*frame.agency_crumbs(agency_id), Link(column.name)),
        title,
        table,
        "" if table else "本单位的年度报告尚未发布",
        charts=tuple(_charts(series, agency_id)),
        tables=tables,
        sums=_sums(series, agency_id),
        marks=_marks(cell.text for one in tables for row in (*one.head, *one.rows) for cell in row),
        links=(compare,) if has_explorer and tables else (),
        is_invented=any(record.report and record.report.invented for record in records),
    )


def _address_of(record: ReportRecord) -> str:
    return addresses.report_address(record.agency, record.year, record.subject)


def _list_of_reports(
    agency: Agency,
    title: str,
    records: Sequence[ReportRecord],
    earlier: Mapping[str, tuple[int, int]] | None,
    address_of: Callable[[ReportRecord], str],
) -> Table | None:
    bound = [(record, record.report) for record in records if record.report]
    if not bound:
        return None
    has_scope = any(report.scope for _, report in bound)
    rows = []
    for record, report in bound:
        form = forms()[report.form]
        due = deadline(form, agency.level, record.year, earlier)
        timing = "无统一期限"
        if report.migrated_on:
            timing = "迁移不计"
        elif due:
            state = "按时" if report.published_on.date <= due else "逾期"
            timing = f"{state}（期限{due.month}月{due.day}日）"
        rows.append(
            (
                Cell(f"{record.year}年", True, scope="row"),
                Cell(report.title, url=address_of(record)),
                *((Cell(SCOPE_LABELS.get(report.scope, "")),) if has_scope else ()),
                Cell(str(report.published_on.date)),
                Cell(timing),
                Cell(form.instrument or form.title),
            )
        )
    scope = ("统计范围",) if has_scope else ()
    head = header("年度", "年度报告", *scope, "发布日期", "是否按时", "格式")
    return Table(title, head, tuple(rows), "filed")


def _indicator_tables(series: Series, agency: str, has_explorer: bool) -> Iterator[Table]:
    """Yield a table for each group of indicators: a row each, a column for each reported year."""
    years = series.reported.get(agency, ())
    lines: dict[str, list[tuple[Indicator, Line]]] = {}
    for key, indicator in INDICATORS.items():
        if not indicator.parent and (line := series.line(agency, key)).points:
            lines.setdefault(indicator.group, []).append((indicator, line))
    for group, members in lines.items():
        held = [year for year in years if any(year in line.points for _, line in members)]
        rows = []
        for indicator, line in members:
            url = indicator_address(indicator.key) if has_explorer else ""
            cells = [
                Cell(f"{indicator.label}（{indicator.measure}）", True, scope="row", url=url),
                *(_figure(line.points.get(year)) for year in held),
            ]
            if len(held) > 1:
                words = change_in_words(line.change(held[-1]))
                cells.append(Cell(words, is_number=True, unseen=_read_out(words)))
            rows.append(tuple(cells))
        heads = [f"{year}年{_year_marks(members, year)}" for year in held]
        if len(held) > 1:
            heads.append(f"{held[-1]}年比上年")
        head = tuple(
            Cell(one, True, scope="col", unseen=_read_out(one)) for one in ("指标", *heads)
        )
        yield Table(group, (head,), tuple(rows), "years")


def _figure(point: Point | None) -> Cell:
    text = _point_text(point)
    return Cell(text, is_number=True, unseen=_read_out(text))


def _year_marks(members: Sequence[tuple[Indicator, Line]], year: int) -> str:
    points = (line.points.get(year) for _, line in members)
    return next((marks for point in points if (marks := _point_marks(point))), "")


def _named_tables(series: Series, agency: str) -> Iterator[Table]:
    """Yield the figures that reports name themselves, where more than one year has them."""
    lines = [line for line in series.named.get(agency, ()) if len(line.line.points) > 1]
    if not lines:
        return
    years = sorted({year for line in lines for year in line.line.points})
    rows = tuple(
        (
            Cell(f"{line.name}（{line.unit}）", True, scope="row"),
            *(_figure(line.line.points.get(year)) for year in years),
        )
        for line in lines
    )
    yield Table("报告自列的数字", header("数字", *(f"{year}年" for year in years)), rows, "years")


def _charts(series: Series, agency: str) -> Iterator[ChartView]:
    """Yield a chart for each subject that has figures of two years or more."""
    for caption, indicators, is_stock in _CHARTS:
        lines = [(INDICATORS[key], series.line(agency, key)) for key in indicators]
        held, scope, is_mixed = _one_scope([line for _, line in lines])
        if len(held) < 2:
            continue
        if is_mixed:
            caption += f"（{SCOPE_LABELS.get(scope, '未注明范围')}）"
        years = range(held[0], held[-1] + 1)
        drawn = [
            (indicator.label, [line.value(year) if year in held else None for year in years])
            for indicator, line in lines
        ]
        yield chart.series(caption, years, drawn, lines[0][0].measure, steps=is_stock)


def _one_scope(lines: Sequence[Line]) -> tuple[list[int], str, bool]:
    """Return the years to draw together, their scope, and whether there are others beside it.

    Figures of another scope belong to no common line: the latest scope with two years is drawn.
    """
    scopes: dict[str, set[int]] = {}
    for line in lines:
        for year, point in line.points.items():
            if point.value is not None:
                scopes.setdefault(point.scope, set()).add(year)
    latest = sorted(scopes, key=lambda scope: (len(scopes[scope]) > 1, max(scopes[scope])))
    scope = latest[-1] if latest else ""
    return sorted(scopes.get(scope, ())), scope, len(scopes) > 1


def _sums(series: Series, agency: str) -> Table | None:
    """Return what several years add up to: never of stocks, never across units or scopes."""
    found: list[tuple[str, YearsSum]] = []
    for key, indicator in INDICATORS.items():
        total = series.sum_of_years(agency, key)
        if total and total.value and not indicator.parent:  # what never occurred needs no sum
            found.append((indicator.label, total))
    named: Iterable[NamedLine] = series.named.get(agency, ())
    for line in named:
        if line.adds_up and (total := line.line.total()):
            found.append((line.name, total))
    if not found:
        return None
    rows = tuple(
        (
            Cell(label, True, scope="row"),
            Cell(years_in_words(total.years, total.missing)),
            Cell(chart.amount(total.value), is_number=True),
            Cell(total.unit),
        )
        for label, total in found
    )
    note = "合计由本站计算。年末存量和尚未审结的案件不跨年相加；单位或者统计范围变化的也不相加。"
    return Table("历年合计", header("指标", "年份", "合计", "单位"), rows, "tally", note)


def years_in_words(years: Sequence[int], missing: Sequence[int]) -> str:
    """Return ``2021—2025年（缺2023年）``."""
    words = f"{years[0]}—{years[-1]}年"
    return f"{words}（缺{'、'.join(map(str, missing))}年）" if missing else words


def explorer_page(
    frame: Frame, series: Series, *, links: tuple[Link, ...] = (), is_invented: bool = False
) -> ExplorerPage:
    """Return the entrance to every indicator; the comparison itself is made in the browser."""
    title = "年报数据查询"
    lead = (
        "各单位政府信息公开工作年度报告所载的数字，按指标和年份汇集。"
        "单位之间、年份之间只在含义相同的指标上可比。"
    )
    tags = frame.special_column_tags(title, _DATA_LABEL, lead)
    groups: dict[str, list[Choice]] = {}
    for key in series.by_indicator:
        groups.setdefault(INDICATORS[key].group, []).append(_choice(series, key))
    return ExplorerPage(
        head=frame.head(title, EXPLORER, *tags),
        crumbs=(frame.home(), Link(title)),
        title=title,
        lead=lead,
        indicators=tuple(
            ChoiceGroup(f"i{n}", label, tuple(choices))
            for n, (label, choices) in enumerate(groups.items(), 1)
        ),
        agencies=_agencies(frame, _holders(series), series.by_indicator.values()),
        years=all_years(series),
        data_url=SERIES_DATA,
        links=links,
        marks=MARKS,
        is_invented=is_invented,
    )


def _agencies(
    frame: Frame, holders: Iterable[str], held: Iterable[Mapping[str, Line]]
) -> tuple[ChoiceGroup, ...]:
    """Return the agencies by level; the detail says whose figures count others too."""
    scopes: dict[str, set[bool]] = {}
    for lines in held:
        for agency, line in lines.items():
            found = scopes.setdefault(agency, set())
            found |= {point.scope == CONSOLIDATED for point in line.points.values()}

    def detail(agency: str) -> str:
        found = scopes.get(agency, set())
        if True not in found:
            return ""
        return _SOME_TOGETHER if False in found else _ALL_TOGETHER

    return tuple(
        ChoiceGroup(
            f"g{n}", label, tuple(Choice(a.id, a.label, detail=detail(a.id)) for a in members)
        )
        for n, (label, members) in enumerate(_by_level(frame, holders), 1)
    )


def _choice(series: Series, key: str) -> Choice:
    indicator = INDICATORS[key]
    years = series.years(key)
    span = f"{years[0]}年" if len(years) == 1 else f"{years[0]}—{years[-1]}年"
    detail = f"{span}，{len(series.by_indicator[key])}个单位"
    label, address = full_label(indicator), indicator_address(key)
    return Choice(key, label, address, indicator.measure, detail, indicator.is_stock)


def full_label(indicator: Indicator) -> str:
    """Return the label of an indicator, after its parent's where it cannot stand alone."""
    parent = INDICATORS.get(indicator.parent)
    if parent is None or parent.label in indicator.label:
        return indicator.label
    is_part = indicator.key.startswith(f"{parent.key}_")
    return f"{parent.label}：{indicator.label}" if is_part else indicator.label


def all_years(series: Series) -> tuple[int, ...]:
    """Return every year that some indicator has a figure or a blank of, oldest first."""
    return tuple(sorted({year for key in series.by_indicator for year in series.years(key)}))


def _holders(series: Series) -> set[str]:
    return {agency for lines in series.by_indicator.values() for agency in lines}


def _by_level(frame: Frame, holders: Iterable[str]) -> Iterator[tuple[str, list[Agency]]]:
    """Yield agencies by level in the order of the site, the historical ones last."""
    wanted = set(holders)
    groups: dict[str, list[Agency]] = {}
    for agency in frame.corpus.agencies.values():
        if agency.id in wanted:
            label = vocab.LEVEL_LABELS.get(agency.level, agency.level.value)
            groups.setdefault(HISTORY if agency.is_historical else label, []).append(agency)
    order = {label: n for n, label in enumerate(vocab.LEVEL_LABELS.values())}
    order[HISTORY] = len(order) + 1
    yield from sorted(groups.items(), key=lambda pair: order.get(pair[0], len(order) - 1))


def series_json(frame: Frame, series: Series) -> dict[str, Any]:
    """Return the facts of ``data/series.json``: totals of all applicants, figures as texts.

    A year that is absent is a gap, ``null`` is a blank. ``as_printed`` and ``consolidated`` are the
    years of an agency whose figures are marked.
    """
    values: dict[str, dict[str, dict[str, str | None]]] = {}
    as_printed: dict[str, set[int]] = {}
    together: dict[str, set[int]] = {}
    for key, lines in series.by_indicator.items():
        values[key] = {}
        for agency, line in lines.items():
            years: dict[str, str | None] = {}
            for year, point in sorted(line.points.items()):
                years[str(year)] = None if point.value is None else formats.number(point.value)
                if point.is_original:
                    as_printed.setdefault(agency, set()).add(year)
                if point.scope == CONSOLIDATED:
                    together.setdefault(agency, set()).add(year)
            values[key][agency] = years
    return {
        "years": list(all_years(series)),
        "agencies": [
            {"id": agency.id, "label": agency.label, "group": label}
            for label, members in _by_level(frame, _holders(series))
            for agency in members
        ],
        "indicators": [
            {
                "key": key,
                "label": full_label(INDICATORS[key]),
                "unit": INDICATORS[key].measure,
                "group": INDICATORS[key].group,
                "stock": INDICATORS[key].is_stock,
            }
            for key in series.by_indicator
        ],
        "values": values,
        "as_printed": {agency: sorted(years) for agency, years in as_printed.items()},
        "consolidated": {agency: sorted(years) for agency, years in together.items()},
    }


def indicator_page(
    frame: Frame,
    series: Series,
    indicator: str,
    *,
    declared: tuple[DeclaredSet, ...] = (),
    is_invented: bool = False,
) -> IndicatorPage:
    """Return one indicator of every agency by year; sums only over the ``declared`` sets."""
    known = INDICATORS[indicator]
    held = series.years(indicator)
    years = tuple(range(held[0], held[-1] + 1))  # the axis of the drawing: gaps keep their place
    lines = series.by_indicator[indicator]
    choice = _choice(series, indicator)
    title = choice.label
    lead = f"{known.group}，单位：{known.measure}。各单位年度报告所载的数。"
    if known.is_stock:
        lead += "年末存量，不跨年相加。"
    elif not adds_up(indicator):
        lead += "含尚未审结的案件，不跨年相加。"
    groups = tuple(
        SeriesGroup(
            label,
            tuple(
                SeriesRow(
                    agency.id,
                    agency.label,
                    addresses.agency_address(agency.id, "report/index.html"),
                    tuple(_series_cell(year, lines[agency.id].points.get(year)) for year in years),
                )
                for agency in members
            ),
        )
        for label, members in _by_level(frame, lines)
    )
    totals, notes = _totals(frame, series, indicator, years, declared)
    tags = frame.special_column_tags(title, _DATA_LABEL, f"{title}：{lead}")
    shown = [c.text + c.marks for g in groups for row in g.rows for c in row.cells]
    return IndicatorPage(
        head=frame.head(title, indicator_address(indicator), *tags),
        crumbs=(frame.home(), Link("年报数据查询", EXPLORER), Link(title)),
        title=title,
        lead=lead,
        indicator=choice,
        agencies=_agencies(frame, lines, [lines]),
        years=years,
        groups=groups,
        totals=totals,
        notes=notes,
        marks=_marks(shown),
        links=(Link("查询其他指标", EXPLORER),),
        is_invented=is_invented,
    )


def _series_cell(year: int, point: Point | None) -> SeriesCell:
    value = point.value if point else None
    text, marks = _point_text(point), _point_marks(point)
    return SeriesCell(
        year,
        text,
        "" if value is None else formats.number(value),
        is_gap=point is None,
        is_blank=point is not None and value is None,
        marks=marks,
        unseen=_read_out(text + marks),
    )


def _totals(
    frame: Frame,
    series: Series,
    indicator: str,
    years: Sequence[int],
    declared: tuple[DeclaredSet, ...],
) -> tuple[tuple[SeriesRow, ...], tuple[str, ...]]:
    """Return our sums over the declared sets, and who is not in them, by name.

    A sum that lacks more than a third of its set is not printed: it would pass for the whole.
    """
    lines = series.by_indicator[indicator]
    rows: list[SeriesRow] = []
    notes: list[str] = []
    for n, one in enumerate(declared, 1):
        cells = []
        for year in years:
            sum_ = series.aggregate(one, indicator, year)
            if sum_.value is None:
                cells.append(SeriesCell(year, GAP, is_gap=True, unseen=NO_DATA))
                continue
            absent = (*sum_.missing, *sum_.blank, *sum_.refused)
            is_known = len(absent) * 3 <= len(absent) + len(sum_.counted)
            text = chart.amount(sum_.value) if is_known else GAP
            points = [lines[agency].points[year] for agency in sum_.counted]
            marks = ORIGINAL if is_known and any(one.is_original for one in points) else ""
            cells.append(
                SeriesCell(
                    year,
                    f"{text}（缺{len(absent)}家）" if absent else text,
                    is_gap=not is_known,
                    marks=marks,
                    unseen=_read_out(text + marks),
                )
            )
            said = [
                f"{words}：{'、'.join(name_of(frame, agency) for agency in names)}"
                for words, names in (
                    ("没有年报或者格式无此项", sum_.missing),
                    ("未填", sum_.blank),
                    ("为汇总数，不重复计算", sum_.refused),
                )
                if names
            ]
            if said:
                notes.append(f"{one.label}本站合计（{year}年）不含：{'；'.join(said)}。")
        rows.append(SeriesRow(f"total-{n}", f"{one.label}（本站合计）", "", tuple(cells)))
    return tuple(rows), tuple(notes)


def name_of(frame: Frame, agency: str) -> str:
    """Return the short name of an agency, or what was written where there is no such agency."""
    known = frame.corpus.agencies.get(agency)
    return known.label if known else agency


_WHY = {
    Unranked.NO_BASE: "无基数，不参与排名",
    Unranked.SMALL_BASE: "基数过小，不参与排名",
    Unranked.NOT_STATED: "未填或者格式无此项，不参与排名",
    Unranked.CONSOLIDATED: "全县汇总数，不参与排名",
    Unranked.NO_REPORT: "没有该年度的年报",
}


def rankings_page(
    frame: Frame,
    rankings: tuple[Ranking, ...],
    year: int,
    years: Sequence[int],
    *,
    minimum: int = 1,
    is_invented: bool = False,
) -> RankingsPage:
    """Return the rankings of one report year; ``years`` are all those that have a page."""
    newest = max(years)
    title = f"{year}年度年报指标排名"
    lead = "只对有基数的比率排名，不对数量排名；比率后列出分子和分母，比率相同的名次并列。"
    if minimum > 1:
        lead += f"分母不足{minimum}件的不参与排名。"
    tags = frame.special_column_tags(title, _DATA_LABEL, lead)
    return RankingsPage(
        head=frame.head(title, rankings_address(year, newest), *tags),
        crumbs=(frame.home(), Link("年报数据查询", EXPLORER), Link(title)),
        title=title,
        lead=lead,
        rankings=tuple(_ranking(frame, ranking, year) for ranking in rankings),
        years=tuple(
            Link(f"{one}年", "" if one == year else rankings_address(one, newest))
            for one in sorted(years, reverse=True)
        )
        if len(years) > 1
        else (),
        links=(Link("年报数据查询", EXPLORER),),
        is_invented=is_invented,
    )


def _ranking(frame: Frame, ranking: Ranking, year: int) -> RankingView:
    sizes = Counter(row.rank for row in ranking.ranked)
    groups: dict[Unranked, list[Link]] = {}
    for agency, why in ranking.unranked:
        url = "" if why is Unranked.NO_REPORT else addresses.report_address(agency, year)
        groups.setdefault(why, []).append(Link(name_of(frame, agency), url))
    return RankingView(
        anchor=f"rate-{ranking.rate.key.replace('_', '-')}",
        label=ranking.rate.label,
        formula=ranking.rate.formula,
        order="由低到高" if ranking.rate.is_lower_first else "由高到低",
        rows=tuple(
            RankRow(
                f"{row.rank}（并列）" if sizes[row.rank] > 1 else str(row.rank),
                Link(name_of(frame, row.agency), addresses.report_address(row.agency, year)),
                chart.share(row.part, row.whole),
                chart.amount(row.part),
                chart.amount(row.whole),
            )
            for row in ranking.ranked
        ),
        unranked=tuple(
            Block(words, links=tuple(groups[why])) for why, words in _WHY.items() if why in groups
        ),
    )
