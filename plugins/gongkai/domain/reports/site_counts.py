"""Entries into the figures of the web site's yearly report that the site itself can count.

政府网站工作年度报表 (国办函〔2018〕12号) counts what was published by three classes: 概况类,
政务动态 and 信息公开目录. The class of an entry is that of its column's ``type:`` (the open list
of 栏目类别 in 国办发〔2017〕47号); a column of a type that is in none of them is reported, and its
entries stand in no class and not in the total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from gongkai.domain.column import Column
from gongkai.domain.entry import Entry
from gongkai.domain.kinds import Consultation, Interpretation, Service

OVERVIEW, NEWS, CATALOGUE = "概况类", "政务动态", "信息公开目录"
# the eighteen types of the list, less 首页, which is no column
CLASS_OF_TYPE: Mapping[str, str] = {
    "概况信息": OVERVIEW,
    "机构职能": OVERVIEW,
    "负责人信息": OVERVIEW,
    "工作动态": NEWS,
    "政策文件": CATALOGUE,
    "信息公开指南": CATALOGUE,
    "信息公开目录": CATALOGUE,
    "信息公开年报": CATALOGUE,
    "依申请公开": CATALOGUE,
    "数据发布": CATALOGUE,
    "数据开放": CATALOGUE,
    "政策解读": CATALOGUE,
    "回应关切": CATALOGUE,
    "办事服务": CATALOGUE,
    "咨询投诉": CATALOGUE,
    "征集调查": CATALOGUE,
    "在线访谈": CATALOGUE,
}
INTERPRETATIONS = "政策解读"

Columns = Mapping[str, Column]


def class_of(entry: Entry, columns: Columns) -> str:
    """Return the class of an entry's column, or nothing where its type is in none."""
    column = columns.get(entry.column)
    return CLASS_OF_TYPE.get(column.type, "") if column else ""


def unclassified(columns: Columns) -> tuple[Column, ...]:
    """Return the columns whose type is in no class: what stands there is not counted."""
    return tuple(column for column in columns.values() if column.type not in CLASS_OF_TYPE)


def _published_in(entries: Iterable[Entry], year: int) -> Iterator[Entry]:
    return (entry for entry in entries if entry.published_on.date.year == year)


def _of_class(wanted: str) -> Callable[[Iterable[Entry], Columns, int], Iterator[Entry]]:
    """Return the counting of one class, or of all three where none is named."""

    def counted(entries: Iterable[Entry], columns: Columns, year: int) -> Iterator[Entry]:
        for entry in _published_in(entries, year):
            found = class_of(entry, columns)
            if found and wanted in ("", found):
                yield entry

    return counted


def _services(entries: Iterable[Entry], columns: Columns, year: int) -> Iterator[Entry]:
    """Yield the services at the end of the year: published by then and still in force."""
    end = date(year, 12, 31)
    for entry in entries:
        is_there = isinstance(entry, Service) and entry.published_on.date <= end
        if is_there and not entry.validity_on(end).is_lapsed:
            yield entry


def _interpretations(entries: Iterable[Entry], columns: Columns, year: int) -> Iterator[Entry]:
    for entry in _published_in(entries, year):
        column = columns.get(entry.column)
        if isinstance(entry, Interpretation) or (column and column.type == INTERPRETATIONS):
            yield entry


def _consultations(entries: Iterable[Entry], columns: Columns, year: int) -> Iterator[Entry]:
    return (entry for entry in _published_in(entries, year) if isinstance(entry, Consultation))


def _consultation_results(entries: Iterable[Entry], columns: Columns, year: int) -> Iterator[Entry]:
    """Yield the consultations whose result was published in the year, whenever they opened."""
    every = tuple(entries)
    results = {entry.index_number for entry in _published_in(every, year)}
    for entry in every:
        if isinstance(entry, Consultation) and entry.outcome in results:
            yield entry


_COUNTS: Mapping[str, Callable[[Iterable[Entry], Columns, int], Iterator[Entry]]] = {
    "total": _of_class(""),
    f"type.{OVERVIEW}": _of_class(OVERVIEW),
    f"type.{NEWS}": _of_class(NEWS),
    f"type.{CATALOGUE}": _of_class(CATALOGUE),
    "services": _services,
    "interpretations": _interpretations,
    "consultations": _consultations,
    "consultation_results": _consultation_results,
}
PREFIX = "site."
SITE_COUNTS = tuple(PREFIX + name for name in _COUNTS)


def count(name: str, entries: Iterable[Entry], columns: Columns, year: int) -> tuple[str, ...]:
    """Return the index numbers that a figure counts, in order; the figure is how many there are.

    ``entries`` are those with a page on the site. What the form counts within the year goes by
    the date of publication; 政务服务事项 is a stock, counted at the year's end. ``name`` is one of
    ``SITE_COUNTS``, with or without its prefix.

    Raises:
        KeyError: no figure of that name is counted from the site.
    """
    counted = _COUNTS[name.removeprefix(PREFIX)](entries, columns, year)
    return tuple(sorted(entry.index_number for entry in counted))
