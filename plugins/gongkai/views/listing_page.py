"""Lists and counts into the views of directory, facet, class and column pages."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.derive import addresses
from gongkai.derive.directory import FACETS, KEEPS_LAPSED_APART, Directory, Facet
from gongkai.derive.listing import ListPage
from gongkai.domain.column import Column, period_in_words
from gongkai.domain.corpus import EntryRecord
from gongkai.views.frame import Frame, pager
from gongkai.views.pages import DirectoryPage, FacetCard, FacetPage, ListingPage
from gongkai.views.shared import Block, Count, EntryRow, Fact, Link

CARD_CLASSES = 6


class ListShape:
    """What is the same on all pages of one list."""

    __slots__ = ("children", "crumbs", "description", "facts", "statement", "tags", "title")

    def __init__(
        self,
        title: str,
        crumbs: tuple[Link, ...],
        description: str,
        tags: tuple[tuple[str, str], ...],
        facts: tuple[Fact, ...] = (),
        children: tuple[Count, ...] = (),
        statement: str = "",
    ) -> None:
        self.title = title
        self.crumbs = crumbs
        self.description = description
        self.tags = tags
        self.facts = facts
        self.children = children
        self.statement = statement

    def key(self) -> str:
        """Return a text that differs when the list's own words differ."""
        return repr([getattr(self, name) for name in self.__slots__])


def listing_page(
    frame: Frame,
    folder: str,
    page: ListPage[EntryRecord],
    rows: tuple[EntryRow, ...],
    shape: ListShape,
    total: int,
    last: int,
) -> ListingPage:
    """Return one page of a list; only the newest page tells totals, children and facts."""
    title = shape.title if page.is_newest else f"{shape.title}（第{page.number}页）"
    return ListingPage(
        head=frame.head(title, folder + page.name, *shape.tags),
        crumbs=shape.crumbs,
        title=shape.title,
        description=shape.description,
        facts=shape.facts if page.is_newest else (),
        rows=rows,
        pager=pager(folder, total, len(rows), page.number, last),
        children=shape.children if page.is_newest else (),
        statement=shape.statement if not total else "",
    )


def class_shape(frame: Frame, facet: Facet, code: str, label: str) -> ListShape:
    """Return the shape of a class of the directory."""
    crumbs = (
        frame.home(),
        Link("公开目录", addresses.DIRECTORY),
        Link(facet.label, addresses.facet_address(facet.code)),
        Link(label),
    )
    tags = frame.special_column_tags(label, "信息公开目录", f"公开目录·{facet.label}：{label}")
    return ListShape(label, crumbs, facet.description, tags)


def lapsed_shape(frame: Frame) -> ListShape:
    """Return the shape of 废止和失效文件."""
    label = "废止和失效文件"
    crumbs = (frame.home(), Link("公开目录", addresses.DIRECTORY), Link(label))
    tags = frame.special_column_tags(
        label, "政策文件", "已废止或者已失效的文件，仅供查考，不得作为依据"
    )
    return ListShape(label, crumbs, "已废止或者已失效，仅供查考，不得作为行政管理的依据。", tags)


def year_shape(frame: Frame, agency: str, year: int) -> ListShape:
    """Return the shape of one agency's entries of one year."""
    label = f"{frame.agency(agency).label}{year}年公开的信息"
    crumbs = (*frame.agency_crumbs(agency), Link(f"{year}年"))
    tags = frame.special_column_tags(
        label, "信息公开目录", f"{frame.agency(agency).name}{year}年成文的公开信息"
    )
    return ListShape(label, crumbs, "按成文日期的年份归集。", tags)


def column_shape(frame: Frame, directory: Directory, column: Column, agency: str = "") -> ListShape:
    """Return the shape of a column page, of the whole site or of one agency."""
    corpus = frame.corpus
    crumbs = frame.agency_crumbs(agency) if agency else (frame.home(), Link("栏目", "c/index.html"))
    trail: list[Link] = []
    parent = corpus.columns.get(column.parent)
    while parent:
        trail.insert(0, Link(parent.name, special_address(parent, agency, corpus.site.host)))
        parent = corpus.columns.get(parent.parent)
    crumbs = (*crumbs, *trail, Link(column.name))
    owner = corpus.agencies.get(column.owner)
    facts = [
        Fact("更新周期", period_in_words(column.period)),
        Fact("责任单位", owner.name if owner else ""),
        Fact("公开事项", "、".join(f"条例第二十条第{n}项" for n in column.article_20)),
    ]
    tags = frame.column_tags(column)
    return ListShape(
        column.name,
        crumbs,
        column.description,
        tags,
        tuple(fact for fact in facts if fact.value),
        tuple(_children(frame, directory, column, agency)),
        column_statement(frame, column, agency),
    )


def column_statement(frame: Frame, column: Column, agency: str) -> str:
    """Return 本单位无此类信息 with the month of confirmation, or that nothing was published yet."""
    if agency:
        for statement in frame.agency(agency).nothing_to_disclose:
            if statement.column == column.code:
                day = statement.stated_on
                return f"本单位无此类信息（{day.year}年{day.month}月确认）"
    elif column.nothing_stated_on:
        day = column.nothing_stated_on
        return f"本站无此类信息（{day.year}年{day.month}月确认）"
    return "本栏目暂未发布信息"


def _children(frame: Frame, directory: Directory, column: Column, agency: str) -> list[Count]:
    counts = []
    for code in column.children:
        child = frame.corpus.columns[code]
        if agency and not child.is_open_to(agency):
            continue
        held = (
            directory.by_agency_column.get((agency, code), ())
            if agency
            else directory.by_column.get(code, ())
        )
        statement = "" if held else column_statement(frame, child, agency)
        counts.append(
            Count(
                child.name,
                len(held),
                special_address(child, agency, frame.corpus.site.host),
                statement,
            )
        )
    if column.code in KEEPS_LAPSED_APART:
        lapsed = [
            r
            for r in directory.lapsed
            if r.entry and r.entry.column == column.code and agency in ("", r.agency)
        ]
        counts.append(Count("废止和失效", len(lapsed), addresses.LAPSED))
    return counts


def special_address(column: Column, agency: str, host: str) -> str:
    """Return a column's address; guide, reports and apply are pages of their own."""
    body = agency or host
    if column.page == "guide":
        return addresses.agency_address(body, "guide.html")
    if column.page == "reports":
        return addresses.agency_address(body, "report/index.html")
    if column.page == "apply":
        return addresses.agency_address(body, "apply.html")
    return addresses.column_address(column.code, agency)


def facet_counts(frame: Frame, directory: Directory, facet: Facet) -> tuple[Count, ...]:
    """Return the classes of a facet; of open vocabularies only those that hold something."""
    counts = []
    for code, label in facet.classes(frame.corpus):
        held = directory.count(facet.code, code)
        if held:
            counts.append(Count(label, held, addresses.class_address(facet.code, code)))
        elif facet.code == "article20":
            counts.append(Count(label, 0, "", _article_20_statement(frame, int(code))))
    return tuple(counts)


def _article_20_statement(frame: Frame, item: int) -> str:
    stated = [
        statement.stated_on
        for agency in frame.corpus.agencies.values()
        for statement in agency.article_20_none
        if statement.item == item
    ]
    if stated:
        day = max(stated)
        return f"各单位无此类信息（{day.year}年{day.month}月确认）"
    return "暂未发布"


def facet_page(frame: Frame, directory: Directory, facet: Facet) -> FacetPage:
    """Return the page of one facet; agencies are also crossed with columns and years."""
    crumbs = (frame.home(), Link("公开目录", addresses.DIRECTORY), Link(facet.label))
    groups: tuple[Block, ...] = ()
    if facet.code == "agency":
        groups = tuple(_agency_groups(frame, directory))
    title = f"公开目录（{facet.label}）"
    tags = frame.special_column_tags(title, "信息公开目录", facet.description)
    address = addresses.facet_address(facet.code)
    return FacetPage(
        frame.head(title, address, *tags),
        crumbs,
        title,
        facet.description,
        facet_counts(frame, directory, facet),
        groups,
    )


def _agency_groups(frame: Frame, directory: Directory) -> list[Block]:
    blocks = []
    for agency in frame.corpus.agencies.values():
        links = []
        for column in frame.corpus.columns.values():
            held = directory.by_agency_column.get((agency.id, column.code))
            if held and not column.children:
                links.append(
                    Link(
                        column.name,
                        addresses.column_address(column.code, agency.id),
                        str(len(held)),
                    )
                )
        for year in agency_years(directory, agency.id):
            held = directory.by_agency_year[agency.id, year]
            links.append(
                Link(
                    f"{year}年",
                    addresses.agency_address(agency.id, f"y/{year}/index.html"),
                    str(len(held)),
                )
            )
        if links:
            blocks.append(Block(agency.name, links=tuple(links)))
    return blocks


def agency_years(directory: Directory, agency: str) -> list[int]:
    """Return the years of an agency's entries, newest first."""
    return sorted((y for a, y in directory.by_agency_year if a == agency), reverse=True)


def directory_page(frame: Frame, directory: Directory) -> DirectoryPage:
    """Return the front page of 公开目录."""
    title = "政府信息公开目录"
    tags = frame.special_column_tags(
        title, "信息公开目录", "按单位、栏目、主题、体裁、文件性质、年份、法定事项和有效性查找"
    )
    cards = []
    for facet in FACETS:
        counts = [c for c in facet_counts(frame, directory, facet) if c.count]
        if facet.code != "year":
            counts.sort(key=lambda c: -c.count)
        cards.append(
            FacetCard(
                facet.label, addresses.facet_address(facet.code), tuple(counts[:CARD_CLASSES])
            )
        )
    lapsed = Count("废止和失效文件", len(directory.lapsed), addresses.LAPSED)
    return DirectoryPage(
        frame.head(title, addresses.DIRECTORY, *tags),
        (frame.home(), Link("公开目录")),
        title,
        len(directory.records),
        lapsed,
        tuple(cards),
    )


def columns_page(frame: Frame, directory: Directory) -> FacetPage:
    """Return the page of all columns as a tree."""
    columns = frame.corpus.columns
    roots = [c for c in columns.values() if not c.parent]
    counts = tuple(_column_count(frame, directory, column) for column in roots)
    groups = tuple(
        Block(column.name, links=tuple(_column_links(frame, directory, column)))
        for column in roots
        if column.children
    )
    title = "栏目"
    tags = frame.special_column_tags(title, "信息公开目录", "本站全部栏目")
    return FacetPage(
        frame.head(title, "c/index.html", *tags),
        (frame.home(), Link(title)),
        title,
        "本站全部栏目和条目数。",
        counts,
        groups,
    )


def _column_count(frame: Frame, directory: Directory, column: Column) -> Count:
    host = frame.corpus.site.host
    held = len(directory.by_column.get(column.code, ()))
    note = (
        column.description if column.page else "" if held else column_statement(frame, column, "")
    )
    return Count(column.name, held, special_address(column, "", host), note)


def _column_links(frame: Frame, directory: Directory, column: Column) -> list[Link]:
    links = []
    for code in column.children:
        child = frame.corpus.columns[code]
        held = len(directory.by_column.get(code, ()))
        links.append(
            Link(child.name, special_address(child, "", frame.corpus.site.host), str(held))
        )
        links += _column_links(frame, directory, child)
    return links


def newest_first(records: Sequence[EntryRecord], most: int) -> list[EntryRecord]:
    """Return the newest records of a list that is oldest first."""
    return list(reversed(records[-most:]))
