"""The counts of a site or an agency into its page of tables, each with its sum printed."""

from __future__ import annotations

from gongkai.derive import addresses
from gongkai.derive.statistics import Line, Statistics, Tally, statistics_address
from gongkai.domain import vocab
from gongkai.views.frame import Frame
from gongkai.views.pages import StatisticsPage
from gongkai.views.shared import Block, Cell, Fact, Link, Table

PARTITION = "各行相加等于合计，每条信息只计一次。"
NESTED = "“其中”各行已含在上面一行之内，不再加入合计。"
CHANNELS = (
    "一条信息可以用几种方式公开：总数只计一条，在每种方式里各计一条，所以各行相加可以大于总数。"
)
LAPSED = "已废止和失效的文件仍计入本表，栏目页另列，两处的数可以不同。"
LEAD = (
    "统计范围是本站已经发布的信息，包括历史样例和依申请公开的目录，不包括不予公开和暂不发布的信息。"
)


def statistics_page(frame: Frame, statistics: Statistics) -> StatisticsPage:
    """Return the page of the whole site, or of the agency that the counts are of."""
    agency = statistics.agency
    name = frame.agency(agency).name if agency else ""
    title = f"{name}公开信息统计" if agency else "公开信息统计"
    crumbs: tuple[Link, ...] = (frame.home(), Link("公开目录", addresses.DIRECTORY))
    if agency:
        crumbs = frame.agency_crumbs(agency)
    description = f"{name}公开的信息按栏目、公开方式和年份统计" if agency else "本站信息条数统计"
    tags = frame.special_column_tags(title, "信息公开目录", description)
    tables = [_columns(frame, statistics)]
    tables += [_classes(frame, statistics, tally) for tally in statistics.classes if tally.total]
    tables += [_channels(statistics.channels), _years(statistics.years)]
    if not agency:
        tables.append(_agencies(frame, statistics.agencies))
    return StatisticsPage(
        head=frame.head(title, statistics_address(agency), *tags),
        crumbs=(*crumbs, Link("统计")),
        title=title,
        lead="" if agency else LEAD,
        facts=_facts(statistics),
        tables=tuple(tables),
        coverage=_coverage(frame, statistics),
        whole=Link("全站统计", statistics_address()) if agency else None,
    )


def _facts(statistics: Statistics) -> tuple[Fact, ...]:
    filled = {line.code for line in statistics.columns.lines if line.count}
    for tally in statistics.classes:
        filled |= {line.code for line in tally.lines if line.count}
    facts = [Fact("信息总数", f"{statistics.total}条"), Fact("有信息的栏目", f"{len(filled)}个")]
    if not statistics.agency:
        held = sum(line.count > 0 for line in statistics.agencies.lines)
        facts.append(Fact("公开主体", f"{held}个"))
    if years := [line.label for line in statistics.years.lines]:
        span = years[0] if len(years) == 1 else f"{years[-1]}至{years[0]}"
        facts.append(Fact("发布时间", span))
    return tuple(facts)


def _head(*labels: str) -> tuple[tuple[Cell, ...], ...]:
    return (tuple(Cell(label, True, scope="col") for label in labels),)


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.1f}%" if total else "—"


def _row(line: Line, total: int, url: str = "") -> tuple[Cell, ...]:
    label = f"{'再' * (line.level - 1)}其中：{line.label}" if line.level else line.label
    return (
        Cell(label, True, scope="row", url=url),
        Cell(str(line.count), is_number=True),
        Cell("" if line.level else _share(line.count, total), is_number=True),
    )


def _sum(label: str, count: int, share: str = "") -> tuple[Cell, ...]:
    return (
        Cell(label, True, scope="row"),
        Cell(str(count), is_number=True),
        Cell(share, is_number=True),
    )


def _partition(
    label: str, head: str, tally: Tally, urls: dict[str, str], note: str = PARTITION
) -> Block:
    """Return a table whose lines add up to its last row."""
    rows = [_row(line, tally.total, urls.get(line.code, "")) for line in tally.lines]
    rows.append(_sum("合计", tally.added, "100%" if tally.total else "—"))
    table = Table(label, _head(head, "条数", "占比"), tuple(rows), "sums", note)
    return Block(label, table=table)


def _urls(frame: Frame, statistics: Statistics, tally: Tally) -> dict[str, str]:
    columns = frame.corpus.columns
    return {
        line.code: addresses.column_address(line.code, statistics.agency)
        for line in tally.lines
        if line.code in columns
        and not columns[line.code].page
        and (not statistics.agency or columns[line.code].is_open_to(statistics.agency))
    }


def _columns(frame: Frame, statistics: Statistics) -> Block:
    tally = statistics.columns
    note = PARTITION + "含下级栏目的信息。" + LAPSED
    return _partition("按栏目统计", "栏目", tally, _urls(frame, statistics, tally), note)


def _classes(frame: Frame, statistics: Statistics, tally: Tally) -> Block:
    is_nested = any(line.level for line in tally.lines)
    urls = _urls(frame, statistics, tally)
    note = PARTITION + (NESTED if is_nested else "")
    return _partition(f"{tally.label}：各类条数", "类别", tally, urls, note)


def _channels(tally: Tally) -> Block:
    label = "按公开方式统计"
    rows = [_row(line, tally.total) for line in tally.lines]
    rows.append(_sum("各行相加（一条信息有几种方式的重复计）", tally.added))
    rows.append(_sum("合计（每条信息只计一次）", tally.total, "100%" if tally.total else "—"))
    table = Table(label, _head("公开方式", "条数", "占比"), tuple(rows), "sums", CHANNELS)
    return Block(label, table=table)


def _years(tally: Tally) -> Block:
    note = PARTITION + "按发布日期的年份，不按成文日期。"
    return _partition("按发布年份统计", "年份", tally, {}, note)


def _agencies(frame: Frame, tally: Tally) -> Block:
    """Return the agencies with their levels; each leads to its own statistics."""
    label = "按公开主体统计"
    rows = []
    for line in tally.lines:
        agency = frame.corpus.agencies.get(line.code)
        level = ""
        if agency:
            level = "历史样例" if agency.is_historical else vocab.LEVEL_LABELS[agency.level]
        first, *numbers = _row(line, tally.total, statistics_address(line.code) if agency else "")
        rows.append((first, Cell(level), *numbers))
    first, *numbers = _sum("合计", tally.added, "100%" if tally.total else "—")
    rows.append((first, Cell(""), *numbers))
    head = _head("公开主体", "类别", "条数", "占比")
    return Block(label, table=Table(label, head, tuple(rows), "sums", PARTITION))


def _coverage(frame: Frame, statistics: Statistics) -> tuple[Block, ...]:
    """Return the columns with nothing, with little, and those said to have nothing."""
    coverage = statistics.coverage

    def links(lines: tuple[Line, ...], with_count: bool = False) -> tuple[Link, ...]:
        return tuple(
            Link(
                line.label,
                addresses.column_address(line.code, statistics.agency),
                f"{line.count}条" if with_count else "",
            )
            for line in lines
        )

    blocks = (
        Block(f"不足{coverage.floor}条的栏目", links=links(coverage.low, True)),
        Block("没有信息的栏目", links=links(coverage.empty)),
        Block("已声明无此类信息的栏目", links=links(coverage.stated)),
    )
    return tuple(block for block in blocks if block.links)
