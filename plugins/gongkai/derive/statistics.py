"""Published entries into counted tables: by column and class, channel, year and agency.

An entry counts once in every total. A table whose lines do not agree with its total cannot be
made, so that the sums which the pages print are right by construction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongkai.derive.addresses import agency_address
from gongkai.domain.agency import Agency
from gongkai.domain.column import Column
from gongkai.domain.corpus import EntryRecord, Judged
from gongkai.domain.vocab import Vocabulary

SITE_STATISTICS = "d/statistics.html"
# a monitor of 基层政务公开 asks for at least four entries under each item (a local practice)
COLUMN_FLOOR = 4
OWN = "（直接归入）"
UNNAMED_CHANNEL = "未注明"


def statistics_address(agency: str = "") -> str:
    """Return the address of the statistics of one agency, or of the whole site."""
    return agency_address(agency, "statistics.html") if agency else SITE_STATISTICS


class WrongSum(ValueError):
    """The lines of a table do not agree with its total."""


@dataclass(frozen=True, slots=True)
class Line:
    """One class of a table and how many entries it holds.

    A line of a deeper level is part of the nearest line above it that is less deep.
    """

    code: str
    label: str
    count: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """A table of counts; ``total`` counts each entry once.

    The lines of a partition add up to the total. In the others, such as 公开方式, an entry may
    stand in several lines, and ``added`` may be more than the total.

    Raises:
        WrongSum: the lines do not agree with the total, or parts are more than their whole.
    """

    code: str
    label: str
    lines: tuple[Line, ...]
    total: int
    is_partition: bool = True

    def __post_init__(self) -> None:
        most = max((line.count for line in self.lines), default=0)
        agrees = most <= self.total <= self.added
        if self.is_partition:
            agrees = self.added == self.total
        if not agrees or not self._parts_fit():
            raise WrongSum(f"{self.code}: {self.lines} are not {self.total}")

    @property
    def added(self) -> int:
        """What the lines make together, an entry in two of them counted twice."""
        return sum(line.count for line in self.lines if not line.level)

    def _parts_fit(self) -> bool:
        """Tell whether the parts of every line together are no more than it."""
        left: list[int] = []
        for line in self.lines:
            del left[line.level :]
            if left:
                left[-1] -= line.count
                if left[-1] < 0:
                    return False
            left.append(line.count)
        return True


@dataclass(frozen=True, slots=True)
class Coverage:
    """Columns that hold nothing or little, by name; ``stated`` ones are said to have nothing."""

    floor: int
    empty: tuple[Line, ...]
    low: tuple[Line, ...]
    stated: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counts of the whole site, or of one agency.

    ``columns`` are the columns at the top of the tree, each with all that stands below it;
    ``classes`` are the insides of those that have columns below them. A column's count includes
    those of the columns below it: an entry counts once in each of its ancestors.
    """

    agency: str
    total: int
    columns: Tally
    classes: tuple[Tally, ...]
    channels: Tally
    years: Tally
    agencies: Tally
    coverage: Coverage

    def tree(self, column: str) -> Tally:
        """Return the classes of one column at the top of the tree.

        Raises:
            KeyError: there is no such column, or it has none below it.
        """
        for tally in self.classes:
            if tally.code == column:
                return tally
        raise KeyError(column)


def count_entries(
    records: Iterable[EntryRecord],
    columns: Mapping[str, Column],
    vocabularies: Mapping[str, Vocabulary],
    agencies: Mapping[str, Agency],
    *,
    agency: str = "",
    floor: int = COLUMN_FLOOR,
) -> Statistics:
    """Count published records, in one pass; ``agency`` says whose they are, if one agency's."""
    total = 0
    by_column: Counter[str] = Counter()
    by_channel: Counter[str] = Counter()
    by_year: Counter[int] = Counter()
    by_agency: Counter[str] = Counter()
    for record in records:
        entry = record.entry
        if entry is None:
            continue
        total += 1
        by_column[entry.column] += 1
        by_channel.update(set(entry.channels) or {""})
        by_year[entry.published_on.date.year] += 1
        by_agency[record.agency] += 1
    tree = _Tree(columns, by_column, agency)
    channels = {term.code: term.name for term in vocabularies["channels"].terms.values()}
    bodies = {} if agency else {one.id: one.name for one in agencies.values()}
    return Statistics(
        agency=agency,
        total=total,
        columns=Tally("columns", "栏目", tree.roots(), total),
        classes=tuple(tree.classes()),
        channels=Tally(
            "channels",
            "公开方式",
            _lines(by_channel, {**channels, "": UNNAMED_CHANNEL}),
            total,
            is_partition=False,
        ),
        years=Tally(
            "years",
            "发布年份",
            tuple(
                Line(str(year), f"{year}年", n) for year, n in sorted(by_year.items(), reverse=True)
            ),
            total,
        ),
        agencies=Tally("agencies", "公开主体", _lines(by_agency, bodies, with_empty=True), total),
        coverage=_coverage(tree, agencies.get(agency), floor),
    )


def all_statistics(judged: Judged, *, floor: int = COLUMN_FLOOR) -> dict[str, Statistics]:
    """Return the statistics of the site, under an empty name, and of each agency by id."""
    corpus = judged.corpus
    held: dict[str, list[EntryRecord]] = {agency: [] for agency in corpus.agencies}
    for record in judged.published:
        held.setdefault(record.agency, []).append(record)
    facts = (corpus.columns, corpus.vocabularies, corpus.agencies)
    found = {"": count_entries(judged.published, *facts, floor=floor)}
    for agency, records in held.items():
        found[agency] = count_entries(records, *facts, agency=agency, floor=floor)
    return found


def _lines(
    counted: Counter[str], names: Mapping[str, str], *, with_empty: bool = False
) -> tuple[Line, ...]:
    """Return a line for each code, the known ones in their order, then the others."""
    known = [code for code in names if with_empty or counted[code]]
    others = sorted(code for code, n in counted.items() if n and code not in names)
    return tuple(Line(code, names.get(code, code), counted[code]) for code in (*known, *others))


class _Tree:
    """The columns with what stands in each and what stands in or below it."""

    def __init__(self, columns: Mapping[str, Column], own: Counter[str], agency: str) -> None:
        self.own = own
        self.held: Counter[str] = Counter(own)
        shown: set[str] = set()
        for column in reversed(list(columns.values())):  # children stand behind their parents
            if column.parent:
                self.held[column.parent] += self.held[column.code]
            is_open = not agency or column.is_open_to(agency)
            if is_open or self.held[column.code] or not shown.isdisjoint(column.children):
                shown.add(column.code)
        self.columns = {code: column for code, column in columns.items() if code in shown}

    def roots(self) -> tuple[Line, ...]:
        """Return the columns at the top, and entries of columns that nobody registered."""
        tops = [c for c in self.columns.values() if not c.parent and self._counts(c)]
        strays = sorted(code for code in self.own if code not in self.columns)
        return (
            *(self._line(column) for column in tops),
            *(Line(code, code, self.own[code]) for code in strays),
        )

    def classes(self) -> Iterable[Tally]:
        """Yield the inside of each column at the top that has columns below it."""
        for column in self.columns.values():
            if not column.parent and any(code in self.columns for code in column.children):
                lines = tuple(self._inside(column, 0))
                yield Tally(column.code, column.name, lines, self.held[column.code])

    def _inside(self, column: Column, level: int) -> Iterable[Line]:
        for code in column.children:
            child = self.columns.get(code)
            if child and self._counts(child):
                yield self._line(child, level)
                yield from self._inside(child, level + 1)
        if column.children and self.own[column.code]:
            yield Line(column.code, f"{column.name}{OWN}", self.own[column.code], level)

    def _counts(self, column: Column) -> bool:
        """Tell whether entries can stand in a column; guides and reports are no entries."""
        return not column.page or self.held[column.code] > 0

    def _line(self, column: Column, level: int = 0) -> Line:
        return Line(column.code, column.name, self.held[column.code], level)


def _coverage(tree: _Tree, agency: Agency | None, floor: int) -> Coverage:
    """Return the columns without columns below them that hold fewer than ``floor`` entries."""
    said = {statement.column for statement in agency.nothing_to_disclose} if agency else set()
    empty, low, stated = [], [], []
    names = Counter(column.name for column in tree.columns.values())
    for column in tree.columns.values():
        if column.page or column.children:
            continue
        above = tree.columns.get(column.parent)
        label = column.name
        if above and names[column.name] > 1:
            label = f"{above.name}·{column.name}"
        line = Line(column.code, label, tree.held[column.code])
        if line.count:
            if line.count < floor:
                low.append(line)
        elif column.code in said or (agency is None and column.nothing_stated_on):
            stated.append(line)
        else:
            empty.append(line)
    return Coverage(floor, tuple(empty), tuple(low), tuple(stated))
