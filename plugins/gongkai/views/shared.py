"""The small views that several pages share.

Every ``url`` is an address from the site's root without a leading slash; templates pass it
through the ``url`` filter, which makes it relative to the page.
"""

from __future__ import annotations

from dataclasses import dataclass

# stands before a site address in HTML that does not know its page yet; no source can hold it
MARK = "\x02"


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere; an empty ``url`` prints the text alone."""

    label: str
    url: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a box: a label and its value, perhaps with an address."""

    label: str
    value: str
    url: str = ""
    datetime: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A class of the directory and how many entries it holds."""

    label: str
    count: int
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in a page's <head>: title, statutory page tags in order, canonical address."""

    title: str
    tags: tuple[tuple[str, str], ...]
    canonical: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line of any listing of entries."""

    url: str
    title: str
    index_number: str
    document_number: str
    summary: str
    issued: str
    published: str
    published_iso: str
    validity: str
    is_lapsed: bool
    disclosure: str
    agency: str
    column: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Steps between the pages of a list that is numbered from its oldest page."""

    total: int
    shown: int
    number: int
    last_number: int
    newest: str
    newer: str
    older: str
    oldest: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; numbers are set right.

    ``marks`` are references to footnotes, a ``level`` sets a label in, a blank is a figure that
    was not filled in. ``unseen`` is read out after the text: what a sign in it means. A fault is
    what a reader ought to notice first.
    """

    text: str
    is_header: bool = False
    is_number: bool = False
    colspan: int = 1
    rowspan: int = 1
    scope: str = ""
    url: str = ""
    anchor: str = ""
    marks: tuple[Link, ...] = ()
    level: int = 0
    is_blank: bool = False
    is_heading: bool = False
    is_fault: bool = False
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; ``style`` is plain, matrix, wide, narrow, tree or chart."""

    caption: str
    head: tuple[tuple[Cell, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    style: str = "plain"
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChartView:
    """A drawing that was made when the site was built, and the same data as a table."""

    svg: str
    caption: str
    table: Table


@dataclass(frozen=True, slots=True)
class Block:
    """A labelled part of a page made from fields: a paragraph, a list or a table."""

    label: str
    text: str = ""
    items: tuple[str, ...] = ()
    is_ordered: bool = False
    links: tuple[Link, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file to download: its shown title, address, kind (Word, Excel …) and size in words."""

    title: str
    url: str
    kind: str
    size: str
    file_name: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A banner or remark; ``tone`` is info, warning or lapsed."""

    text: str
    tone: str = "info"
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """When an item was first published, and where the publication log has what it says now.

    Numbers count the log's entries from 1. ``record`` is what the log commits to, with its salt;
    it is empty where the present text is not in the log. ``is_first_day`` tells that the log has
    the item from the day of its publication on.
    """

    first_on: str
    first_number: int
    is_first_day: bool
    entered_on: str = ""
    number: int = 0
    record: str = ""
    facts: tuple[Fact, ...] = ()
