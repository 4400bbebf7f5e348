"""An agency into its platform page, guide, list of reports and request page; the home page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from gongkai.derive import addresses
from gongkai.derive.directory import Directory
from gongkai.derive.statistics import statistics_address
from gongkai.domain import vocab
from gongkai.domain.agency import Agency, Contact
from gongkai.domain.corpus import EntryRecord, GuideRecord, Judged, ReportRecord
from gongkai.domain.entry import Disclosure
from gongkai.domain.guide import STATUTORY_ITEMS, Guide
from gongkai.views import formats
from gongkai.views.entry_page import rewrite
from gongkai.views.frame import Frame
from gongkai.views.listing_page import agency_years, column_statement, newest_first, special_address
from gongkai.views.pages import (
    ApplyPage,
    GuidePage,
    HomePage,
    LevelGroup,
    NewestGroup,
    PlatformPage,
)
from gongkai.views.shared import Cell, Count, EntryRow, Fact, Link, Note, Proof, Table

NEWEST = 8
NEWEST_AT_HOME = 6
HOME_COLUMNS = (
    "normative",
    "interpretations",
    "notices",
    "livelihood",
    "consultations",
    "decisions",
)
PARTS = ("guide", "rules", "proactive", "reports", "apply")


def parts(frame: Frame, agency: str) -> tuple[Link, ...]:
    """Return the four statutory parts in their order (国办公开办函〔2019〕61号) and 依申请公开."""
    host = frame.corpus.site.host
    columns = frame.corpus.columns
    return tuple(
        Link(
            columns[code].name,
            special_address(columns[code], agency, host),
            columns[code].description,
        )
        for code in PARTS
        if code in columns
    )


def platform_page(
    frame: Frame, directory: Directory, agency_id: str, data: Sequence[Link] = ()
) -> PlatformPage:
    """Return one agency's 政府信息公开 page; every agency's has the same parts and layout.

    ``data`` leads to what the site counts of the agency and what the agency says of itself.
    """
    agency = frame.agency(agency_id)
    mine = directory.by_class.get(("agency", agency_id), [])
    title = f"{agency.name}政府信息公开"
    description = (
        agency.introduction or f"{agency.name}的政府信息公开指南、制度、法定主动公开内容和年报"
    )
    tags = frame.special_column_tags(title, "信息公开目录", description)
    address = addresses.agency_address(agency_id)
    return PlatformPage(
        head=frame.head(title, address, *tags),
        crumbs=(*frame.agency_crumbs(agency_id)[:-1], Link(agency.label)),
        name=agency.name,
        introduction=agency.introduction,
        is_historical=agency.is_historical,
        parts=parts(frame, agency_id),
        columns=tuple(_columns(frame, directory, agency)),
        newest=_rows(frame, directory, newest_first(mine, NEWEST)),
        newest_url=addresses.class_address("agency", agency_id) if mine else "",
        contact=contact_facts(agency.contact),
        leaders=tuple(Fact(leader.post, leader.duties) for leader in agency.leaders),
        reading_places=_reading_places(agency),
        coverage=_coverage(frame, directory, agency),
        data=tuple(data),
        years=tuple(
            Count(
                f"{year}年",
                len(directory.by_agency_year[agency_id, year]),
                addresses.agency_address(agency_id, f"y/{year}/index.html"),
            )
            for year in agency_years(directory, agency_id)
        ),
        total=len(mine),
    )


def _rows(frame: Frame, directory: Directory, records: list[EntryRecord]) -> tuple[EntryRow, ...]:
    return tuple(frame.row(record, directory.validity[record.path]) for record in records)


def _columns(frame: Frame, directory: Directory, agency: Agency) -> list[Count]:
    """Return the agency's columns that hold entries, must exist, or carry a statement."""
    stated = {statement.column for statement in agency.nothing_to_disclose}
    counts = []
    for column in frame.corpus.columns.values():
        held = directory.by_agency_column.get((agency.id, column.code), ())
        if column.page or column.children or not column.is_open_to(agency.id):
            continue
        if held or column.is_required or column.code in stated:
            note = "" if held else column_statement(frame, column, agency.id)
            address = addresses.column_address(column.code, agency.id)
            counts.append(Count(column.name, len(held), address, note))
    return counts


def contact_facts(contact: Contact) -> tuple[Fact, ...]:
    """Return an agency's contacts as labelled lines."""
    facts = []
    for key, info in Contact.model_fields.items():
        if value := getattr(contact, key):
            url = f"tel:{value}" if key == "telephone" and re.fullmatch(r"[0-9-]+", value) else ""
            url = f"mailto:{value}" if key == "email" and "@" in value else url
            facts.append(Fact(str(info.title), value, url))
    return tuple(facts)


def _reading_places(agency: Agency) -> Table | None:
    if not agency.reading_places:
        return None
    labels = ("名称", "地址", "开放时间", "电话", "设备", "窗口")
    head = (tuple(Cell(label, True, scope="col") for label in labels),)
    rows = tuple(
        (
            Cell(place.name, True, scope="row"),
            *(
                Cell(v or "—")
                for v in (
                    place.address,
                    place.hours,
                    place.telephone,
                    place.equipment,
                    place.windows,
                )
            ),
        )
        for place in agency.reading_places
    )
    return Table("政府信息查阅场所", head, rows)


def _coverage(frame: Frame, directory: Directory, agency: Agency) -> Table:
    """Return the fifteen items of 条例 art. 20: how many entries answer each, or the statement."""
    stated = {statement.item: statement.stated_on for statement in agency.article_20_none}
    head = (tuple(Cell(t, True, scope="col") for t in ("项", "应当主动公开的信息", "已公开")),)
    rows = []
    for code, term in frame.corpus.vocabularies["article-20"].terms.items():
        held = directory.by_agency_item.get((agency.id, int(code)), ())
        if held:
            state = Cell(f"{len(held)}条", is_number=True)
        elif day := stated.get(int(code)):
            state = Cell(f"本单位无此类信息（{day.year}年{day.month}月确认）")
        else:
            state = Cell("暂未发布")
        rows.append((Cell(code, True, scope="row"), Cell(term.name), state))
    return Table("《政府信息公开条例》第二十条各项的公开情况", head, tuple(rows))


def guide_page(
    frame: Frame,
    agency_id: str,
    record: GuideRecord,
    body: str,
    targets: tuple[tuple[str, str], ...],
    proof: Proof | None = None,
) -> GuidePage:
    """Return the guide of ``agency_id``, which may be its parent's."""
    guide = record.guide
    assert guide is not None, "only bound guides have pages"
    agency = frame.agency(agency_id)
    address = addresses.agency_address(agency_id, "guide.html")
    column = frame.corpus.columns["guide"]
    owner = frame.agency(record.agency)
    tags = frame.content_tags(
        guide.title, guide.published_on, owner.name, address, ("信息公开指南",), guide.access
    )
    note = None
    if record.agency != agency_id:
        note = Note(
            f"{agency.name}使用上级单位{owner.name}的公开指南", "info", frame.agency_link(owner.id)
        )
    contact = frame.corpus.site.contact
    return GuidePage(
        head=frame.head(guide.title, address, *frame.column_tags(column), *tags),
        crumbs=(*frame.agency_crumbs(agency_id), Link(column.name)),
        title=guide.title,
        agency=agency.name,
        items=tuple(
            Fact(str(Guide.model_fields[key].title), getattr(guide, key)) for key in STATUTORY_ITEMS
        ),
        body=rewrite(body, dict(targets)),
        published=formats.short_moment(guide.published_on),
        published_iso=formats.iso_moment(guide.published_on),
        updated=formats.long_date(guide.updated_on) if guide.updated_on else "",
        source=owner.name,
        note=note,
        supervision=(
            Fact("监督电话", contact.supervision, f"tel:{contact.supervision}"),
            Fact("举报信箱", contact.report_box, f"mailto:{contact.report_box}"),
        ),
        proof=proof,
    )


def missing_guide_page(frame: Frame, agency_id: str) -> GuidePage:
    """Return the guide page of an agency whose original has none (历史样例), with its note."""
    agency = frame.agency(agency_id)
    column = frame.corpus.columns["guide"]
    title = f"{agency.name}政府信息公开指南"
    address = addresses.agency_address(agency_id, "guide.html")
    return GuidePage(
        head=frame.head(title, address, *frame.column_tags(column)),
        crumbs=(*frame.agency_crumbs(agency_id), Link(column.name)),
        title=title,
        agency=agency.name,
        items=(),
        body="",
        published="",
        published_iso="",
        updated="",
        source=agency.name,
        note=Note(agency.guide_note or "本单位的公开指南尚未发布", "info"),
        supervision=(),
    )


REQUEST_LIMITS = (
    ("当场能够答复的", "当场答复（条例第三十三条）"),
    ("不能当场答复的", "收到申请之日起20个工作日内答复（条例第三十三条）"),
    ("需要延长的", "经公开工作机构负责人同意并告知申请人，延长不超过20个工作日（条例第三十三条）"),
    ("申请内容不明确的", "收到申请之日起7个工作日内一次性告知补正（条例第三十条）"),
    (
        "征求第三方意见的",
        "第三方15个工作日内提出意见，所需时间不计入答复期限（条例第三十二条、第三十三条）",
    ),
)


def apply_page(
    frame: Frame, directory: Directory, agency_id: str, guide: GuideRecord | None, form: Link | None
) -> ApplyPage:
    """Return 依申请公开 for one agency: where to ask, within which limits, what is on request."""
    agency = frame.agency(agency_id)
    column = frame.corpus.columns["apply"]
    title = f"向{agency.name}申请公开政府信息"
    address = addresses.agency_address(agency_id, "apply.html")
    mine = directory.by_class.get(("agency", agency_id), [])
    on_request = [r for r in mine if r.entry and r.entry.disclosure is Disclosure.ON_REQUEST]
    note = None
    if agency.is_historical:
        note = Note("历史样例仅供查考，不受理申请；现行信息请向原单位的承继机关申请。", "warning")
    elif guide and guide.guide and not guide.guide.accepts_requests:
        note = Note("本单位不直接受理公开申请，请按公开指南写明的渠道办理。", "info")
        form = None
    office: tuple[Fact, ...] = contact_facts(agency.contact)
    return ApplyPage(
        head=frame.head(title, address, *frame.column_tags(column)),
        crumbs=(*frame.agency_crumbs(agency_id), Link(column.name)),
        title=title,
        agency=agency.name,
        office=office,
        limits=tuple(Fact(label, text) for label, text in REQUEST_LIMITS),
        guide=Link(guide.guide.title, addresses.agency_address(agency_id, "guide.html"))
        if guide and guide.guide
        else None,
        form=form,
        rows=_rows(frame, directory, list(reversed(on_request))),
        note=note,
    )


def home_page(frame: Frame, directory: Directory, judged: Judged) -> HomePage:
    """Return the front door: the host agency's parts, newest entries by column, all agencies."""
    corpus = frame.corpus
    site = corpus.site
    tags = frame.special_column_tags("首页", "首页", site.description or site.name)
    groups = []
    for code in HOME_COLUMNS:
        held = [
            r for r in directory.by_column.get(code, ()) if not frame.agency(r.agency).is_historical
        ]
        if held and code in corpus.columns:
            rows = _rows(frame, directory, newest_first(held, NEWEST_AT_HOME))
            groups.append(
                NewestGroup(corpus.columns[code].name, addresses.column_address(code), rows)
            )
    agencies = corpus.agencies.values()
    levels = []
    for level, label in vocab.LEVEL_LABELS.items():
        links = tuple(
            Link(a.name, addresses.agency_address(a.id), str(directory.count("agency", a.id)))
            for a in agencies
            if a.level == level and not a.is_historical
        )
        if links:
            levels.append(LevelGroup(f"level-{level}", label, links))
    columns = [
        c
        for c in corpus.columns.values()
        if c.parent == "proactive" or (not c.parent and not c.page)
    ]
    return HomePage(
        head=frame.head("", addresses.HOME, *tags),
        name=site.name,
        note=site.demonstration_note if site.demonstration else "",
        parts=parts(frame, site.host) if site.host in corpus.agencies else (),
        groups=tuple(groups),
        levels=tuple(levels),
        history=tuple(
            Link(a.name, addresses.agency_address(a.id), str(directory.count("agency", a.id)))
            for a in agencies
            if a.is_historical
        ),
        data=(
            Link("年报数据查询和比较", addresses.EXPLORER),
            Link("信息公开统计", statistics_address()),
            *(
                Link(r.report.title, addresses.report_address(r.agency, r.year, r.subject))
                for r in _newest_of(judged.published_site_reports, site.host)
                if r.report
            ),
        ),
        total=len(directory.records),
        agencies=len(corpus.agencies),
        reports=len(judged.published_reports),
        as_of=formats.long_date(judged.today),
        columns=tuple(
            Count(
                c.name, len(directory.by_column.get(c.code, ())), addresses.column_address(c.code)
            )
            for c in columns
            if directory.by_column.get(c.code)
        ),
    )


def _newest_of(records: Sequence[ReportRecord], host: str) -> Sequence[ReportRecord]:
    """Return the newest report on the site, which its host makes; newest first is the order."""
    return [record for record in records if record.agency == host][:1] or records[:1]


def strip_tags(safe: str) -> str:
    """Return the words of a scrap of safe HTML on one line."""
    return unescape(re.sub(r"<[^>]*>", "", safe)).strip()
