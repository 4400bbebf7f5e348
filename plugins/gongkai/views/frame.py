"""What all pages of a site share: identity, page tags, crumbs, rows, main navigation, footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gongkai.derive import addresses
from gongkai.domain import vocab
from gongkai.domain.agency import Agency
from gongkai.domain.column import Column
from gongkai.domain.corpus import Corpus, EntryRecord
from gongkai.domain.entry import Disclosure, Entry, Validity
from gongkai.domain.values import Moment
from gongkai.kernel.text import excerpt
from gongkai.views import formats
from gongkai.views.pages import FooterView
from gongkai.views.shared import EntryRow, Fact, Head, Link, Pager

HOME_LABEL = "首页"
SUMMARY_CHARACTERS = 100
NOTICE_OVER = "公示期已满，依法去除个人信息"


@dataclass(frozen=True)
class Frame:
    """The settings of one site as pages need them; a pure function of content/ settings."""

    corpus: Corpus

    @cached_property
    def site_tags(self) -> tuple[tuple[str, str], ...]:
        """网站标签, on every page (国办发〔2017〕47号)."""
        site = self.corpus.site
        return (("SiteName", site.name), ("SiteDomain", site.domain), ("SiteIDCode", site.id_code))

    def column_tags(self, column: Column) -> tuple[tuple[str, str], ...]:
        """栏目标签, on column pages and the pages of their entries."""
        return (
            ("ColumnName", column.name),
            ("ColumnDescription", column.description),
            ("ColumnKeywords", ",".join(column.keywords)),
            ("ColumnType", column.type),
        )

    def special_column_tags(
        self, name: str, kind: str, description: str
    ) -> tuple[tuple[str, str], ...]:
        """栏目标签 of pages that are no column of the tree: home, directory, platform."""
        return (
            ("ColumnName", name),
            ("ColumnDescription", description),
            ("ColumnKeywords", f"{name},政府信息公开"),
            ("ColumnType", kind),
        )

    def content_tags(
        self,
        title: str,
        moment: Moment,
        source: str,
        address: str,
        keywords: Sequence[str] = (),
        description: str = "",
        author: str = "",
        image: str = "",
    ) -> tuple[tuple[str, str], ...]:
        """内容页标签: three required, five optional; an unknown time is never invented."""
        optional = (
            ("Keywords", ",".join(keywords)),
            ("Author", author),
            ("Description", description),
            ("Image", self.corpus.site.base_url + image if image else ""),
            ("Url", self.corpus.site.base_url + address),
        )
        return (
            ("ArticleTitle", title),
            ("PubDate", formats.short_moment(moment)),
            ("ContentSource", source),
            *((name, value) for name, value in optional if value),
        )

    def head(self, title: str, address: str, *tags: tuple[str, str]) -> Head:
        """Return a page's head; the site's own tags come first."""
        full = f"{title} - {self.corpus.site.name}" if title else self.corpus.site.name
        canonical = self.corpus.site.base_url + ("" if address == addresses.HOME else address)
        description = next((v for k, v in tags if k in ("Description", "ColumnDescription")), "")
        extra = (("description", description),) if description else ()
        return Head(full, (*self.site_tags, *tags, *extra), canonical)

    def agency(self, agency: str) -> Agency:
        """Return an agency by id."""
        return self.corpus.agencies[agency]

    def agency_link(self, agency: str) -> Link:
        """Return a link to an agency's platform."""
        return Link(self.agency(agency).label, addresses.agency_address(agency))

    def home(self) -> Link:
        """Return the first crumb."""
        return Link(HOME_LABEL, addresses.HOME)

    def agency_crumbs(self, agency: str) -> tuple[Link, ...]:
        """Return the crumbs down to an agency's platform."""
        level = vocab.LEVEL_LABELS[self.agency(agency).level]
        group = "历史样例" if self.agency(agency).is_historical else level
        return (
            self.home(),
            Link(group, f"{addresses.HOME}#{_anchor(self.agency(agency))}"),
            self.agency_link(agency),
        )

    def issuers(self, record: EntryRecord, entry: Entry) -> tuple[str, ...]:
        """Return the full names of the issuing bodies, the leading one first."""
        names = entry.issuers or (record.agency,)
        agencies = self.corpus.agencies
        return tuple(agencies[n].name if n in agencies else n for n in names)

    def source(self, record: EntryRecord, entry: Entry) -> str:
        """Return the source line: as written, or the publishing agency."""
        if entry.source:
            return entry.source
        if entry.reprint_of:
            return entry.reprint_of.publisher or entry.reprint_of.title
        return self.agency(record.agency).name

    def summary(self, record: EntryRecord, entry: Entry) -> str:
        """Return 内容概述: as written, or the beginning of the body, or the title."""
        if record.ended is not None:
            return NOTICE_OVER
        written = entry.summary or record.body.excerpt
        if not written and entry.disclosure is Disclosure.ON_REQUEST:
            return "依申请公开的信息，可按公开指南提出申请。"
        return excerpt(written or entry.title, SUMMARY_CHARACTERS)

    def row(self, record: EntryRecord, validity: Validity) -> EntryRow:
        """Return the line of an entry in any list."""
        entry = record.entry
        assert entry is not None, "only bound entries are listed"
        shows = validity not in (Validity.NOT_APPLICABLE, Validity.IN_FORCE)
        column = self.corpus.columns.get(entry.column)
        return EntryRow(
            url=addresses.entry_address(entry.index_number),
            title=entry.title,
            index_number=entry.index_number,
            document_number=entry.shown_document_number,
            summary=self.summary(record, entry),
            issued=formats.long_date(entry.issued_on),
            published=str(entry.published_on.date),
            published_iso=formats.iso_moment(entry.published_on),
            validity=vocab.VALIDITY_LABELS[validity] if shows else "",
            is_lapsed=validity.is_lapsed,
            disclosure=""
            if entry.disclosure is Disclosure.PROACTIVE
            else vocab.DISCLOSURE_LABELS[entry.disclosure],
            agency=self.agency(record.agency).label,
            column=column.name if column else entry.column,
        )

    @cached_property
    def navigation(self) -> tuple[Link, ...]:
        """The main navigation: the host agency's four statutory parts and 依申请公开."""
        host = self.corpus.site.host
        platform = addresses.agency_address(host)
        columns = self.corpus.columns
        links = [self.home(), Link("政府信息公开", platform), Link("公开目录", addresses.DIRECTORY)]
        for code in ("interpretations", "consultations"):
            if code in columns:
                links.append(Link(columns[code].name, addresses.column_address(code)))
        links.append(Link("依申请公开", addresses.agency_address(host, "apply.html")))
        links.append(Link("年报", addresses.agency_address(host, "report/index.html")))
        return tuple(links)

    @cached_property
    def footer(self) -> FooterView:
        """The footer of every page, from site.yml."""
        site = self.corpus.site
        contact = site.contact
        return FooterView(
            organizer=site.organizer,
            facts=(
                Fact("地址", contact.address),
                Fact("电话", contact.telephone, f"tel:{contact.telephone}"),
                Fact("传真", contact.fax),
                Fact("邮箱", contact.email, f"mailto:{contact.email}"),
                Fact("监督电话", contact.supervision, f"tel:{contact.supervision}"),
                Fact("举报信箱", contact.report_box, f"mailto:{contact.report_box}"),
            ),
            registrations=(
                Fact("网站标识码", site.id_code),
                Fact("备案编号", site.icp),
                Fact("公安备案", site.police),
            ),
            links=tuple(Link(link.title, link.url) for link in site.links),
            find_errors=site.find_errors,
            demonstration_note=site.demonstration_note if site.demonstration else "",
        )


def _anchor(agency: Agency) -> str:
    return "history" if agency.is_historical else f"level-{agency.level}"


def pager(folder: str, total: int, shown: int, number: int, last: int) -> Pager | None:
    """Return the steps of a list page; ``number`` counts from the oldest page.

    An old page never prints totals, which would change with every publication.
    """
    if last == 1:
        return None

    def page(n: int) -> str:
        return f"{folder}index.html" if n == last else f"{folder}p{n}.html"

    is_newest = number == last
    return Pager(
        total=total if is_newest else 0,
        shown=shown,
        number=number,
        last_number=last if is_newest else 0,
        newest="" if is_newest else page(last),
        newer="" if is_newest else page(number + 1),
        older="" if number == 1 else page(number - 1),
        oldest="" if number == 1 else page(1),
    )
