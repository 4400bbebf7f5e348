"""An entry and what surrounds it into the view of its page."""

from __future__ import annotations

import re
from datetime import date
from html import escape, unescape
from typing import NamedTuple

from gongkai.derive import addresses
from gongkai.derive.history import EntryHistory
from gongkai.derive.links import PublicFile, Relation
from gongkai.domain import vocab
from gongkai.domain.corpus import EntryRecord
from gongkai.domain.entry import Disclosure, Entry, Instrument, Notice, Validity
from gongkai.domain.kinds import Budget, Consultation, Decision, Institution, Service, WorkReport
from gongkai.views import formats
from gongkai.views.changes_page import history_lines
from gongkai.views.frame import NOTICE_OVER, Frame
from gongkai.views.pages import EntryPage, MovedPage, StubPage, TombstonePage, WithheldPage
from gongkai.views.shared import (
    MARK,
    AttachmentView,
    Block,
    Cell,
    Fact,
    Head,
    Link,
    Note,
    Proof,
    Table,
)

# a wide table scrolls in a box of its own, which the keyboard can reach
_TABLE = '<div class="gk-table__box" role="region" tabindex="0" aria-label="表格"><table>'
# in safe HTML every attribute is in double quotes, so a tag ends where it seems to
_TAG = re.compile(r'<(?:a|img)(?: [a-z]+="[^"]*")*>')
_ADDRESS = re.compile(r'(?P<name>href|src)="(?P<target>[^"]*)"')


class Surroundings(NamedTuple):
    """All that an entry's page shows beyond its own file; with the record it is the page's key."""

    validity: str
    today_matters: str
    previous: tuple[str, str] | None
    next: tuple[str, str] | None
    relations: tuple[Relation, ...]
    files: tuple[PublicFile, ...]
    targets: tuple[tuple[str, str], ...]
    repealed_by: tuple[str, str]
    article_20: int
    history: EntryHistory = EntryHistory()
    proof: Proof | None = None


def entry_page(frame: Frame, record: EntryRecord, around: Surroundings, body: str) -> EntryPage:
    """Return the view of a proactively disclosed entry."""
    entry = _entry(record)
    validity = Validity(around.validity)
    pictures = [file.url for file in around.files if file.is_picture]
    is_over = record.ended is not None  # its 公示期: nothing below the title is left
    is_document = entry.standing is not Instrument.NONE and not is_over
    return EntryPage(
        head=_head(frame, record, entry, pictures[0] if pictures else ""),
        crumbs=_crumbs(frame, record, entry),
        kind=entry.kind,
        lang=entry.lang,
        title=entry.title,
        box=_box(frame, record, entry, validity, around.article_20),
        banner=_notice(entry, is_over) or _banner(entry, validity, around),
        document_number=entry.shown_document_number,
        registration_number=entry.registration_number,
        addressees=entry.addressees,
        blocks=() if is_over else tuple(_kind_blocks(entry, around)),
        body=rewrite(body, dict(around.targets)),
        signature=(entry.signature or frame.issuers(record, entry)) if is_document else (),
        signed_on=formats.long_date(entry.issued_on) if is_document else "",
        annotation=entry.annotation,
        attachments=tuple(_attachment(file) for file in around.files if not file.is_picture),
        source=frame.source(record, entry),
        published=formats.short_moment(entry.published_on),
        published_iso=formats.iso_moment(entry.published_on),
        history=history_lines(entry, around.history),
        notes=tuple(_notes(entry)),
        relations=_relations(around.relations),
        contact=entry.contact,
        previous=Link(*around.previous) if around.previous else None,
        next=Link(*around.next) if around.next else None,
        is_historical=frame.agency(record.agency).is_historical,
        is_document=is_document,
        proof=around.proof,
    )


def withheld_page(frame: Frame, record: EntryRecord, around: Surroundings) -> WithheldPage:
    """Return the metadata page of an entry that is disclosed on request."""
    entry = _entry(record)
    reasons = frame.corpus.vocabularies["reasons"].terms
    reason = reasons.get(entry.disclosure_reason)
    return WithheldPage(
        head=_head(frame, record, entry, ""),
        crumbs=_crumbs(frame, record, entry),
        title=entry.title,
        box=_box(frame, record, entry, Validity(around.validity), around.article_20),
        reason=reason.name if reason else entry.disclosure_reason,
        basis=reason.basis if reason else "",
        how_to_apply=Link(
            "申请公开这份信息", addresses.agency_address(record.agency, "apply.html")
        ),
        source=frame.source(record, entry),
        published=formats.short_moment(entry.published_on),
        published_iso=formats.iso_moment(entry.published_on),
        proof=around.proof,
    )


def rewrite(body: str, targets: dict[str, str]) -> str:
    """Point the relative links of safe HTML at site addresses, marked for the page's depth.

    A site address follows ``MARK``; the press makes it relative to the page. A
    link whose target is not published loses its address and keeps its text.
    """

    def point(match: re.Match[str]) -> str:
        address = targets.get(unescape(match["target"]))
        if address is None:
            return match[0]
        return f'{match["name"]}="{MARK}{escape(address)}"' if address else ""

    pointed = _TAG.sub(lambda tag: _ADDRESS.sub(point, tag[0]), body)
    return pointed.replace("<table>", _TABLE).replace("</table>", "</table></div>")


def tombstone_page(
    frame: Frame, agency: str, tombstone_facts: tuple[str, ...], url: str
) -> TombstonePage:
    """Return what stands at a withdrawn address: 该信息已于…撤下."""
    number, withdrawn_on, reason, note, title, successor = tombstone_facts
    is_known = agency in frame.corpus.agencies
    crumbs = frame.agency_crumbs(agency) if is_known else (frame.home(),)
    shown = title or "已撤下的信息"
    day = formats.long_date(date.fromisoformat(withdrawn_on))
    text = f"该信息（索引号{number}）已于{day}撤下，原因：{TOMBSTONE_REASONS[reason]}。"
    link = Link("查看替代的信息", addresses.entry_address(successor)) if successor else None
    return TombstonePage(
        frame.head("已撤下的信息", url),
        (*crumbs, Link("已撤下")),
        shown,
        text,
        note,
        link,
    )


def suspended_page(frame: Frame, agency: str, address: str) -> TombstonePage:
    """Return what stands at a published address while its source is wrong: 正在核查."""
    is_known = agency in frame.corpus.agencies
    crumbs = frame.agency_crumbs(agency) if is_known else (frame.home(),)
    return TombstonePage(
        frame.head("暂停访问", address),
        (*crumbs, Link("暂停访问")),
        "这份信息暂时不能查看",
        "该信息正在核查，核查完毕后恢复或者说明处理结果。需要这份信息的，请与发布单位联系。",
        "",
        Link("查看发布单位的联系方式", addresses.agency_address(agency)) if is_known else None,
    )


TOMBSTONE_REASONS = {
    "privacy": "依法去除个人信息",
    "error": "内容有误",
    "duplicate": "重复发布",
    "expired": "公示期满",
    "ordered": "依上级要求",
}


def stub_page(frame: Frame, former: str, title: str, number: str) -> StubPage:
    """Return what stands at the address of a former index number."""
    target = Link(title, addresses.entry_address(number), number)
    head = Head(
        f"索引号已更正 - {frame.corpus.site.name}",
        frame.site_tags,
        frame.corpus.site.base_url + addresses.entry_address(number),
    )
    return StubPage(
        head, (frame.home(), Link("索引号已更正")), f"索引号{former}已更正为{number}", target
    )


def moved_page(frame: Frame, title: str, address: str) -> MovedPage:
    """Return what stands at an address of the former site: where it has moved to."""
    head = Head(title, frame.site_tags, frame.corpus.site.base_url + address)
    return MovedPage(head, Link(title, address))


def _entry(record: EntryRecord) -> Entry:
    assert record.entry is not None, "only bound entries have pages"
    return record.entry


def _head(frame: Frame, record: EntryRecord, entry: Entry, image: str) -> Head:
    address = addresses.entry_address(entry.index_number)
    column = frame.corpus.columns.get(entry.column)
    tags = frame.content_tags(
        entry.title,
        entry.published_on,
        frame.source(record, entry),
        address,
        entry.keywords or entry.tags,
        frame.summary(record, entry),
        frame.issuers(record, entry)[0],
        image,
    )
    if entry.notice:  # a page that outlives its source still says how long it may be shown
        tags += (("NoticeEnd", str(entry.notice.last)),)
    return frame.head(entry.title, address, *(frame.column_tags(column) if column else ()), *tags)


def _crumbs(frame: Frame, record: EntryRecord, entry: Entry) -> tuple[Link, ...]:
    column = frame.corpus.columns.get(entry.column)
    crumbs = frame.agency_crumbs(record.agency)
    if column:
        address = addresses.column_address(column.code, record.agency)
        crumbs += (Link(column.name, address),)
    return (*crumbs, Link(entry.title))


def _box(
    frame: Frame, record: EntryRecord, entry: Entry, validity: Validity, item: int
) -> tuple[Fact, ...]:
    corpus = frame.corpus

    def class_of(facet: str, code: str) -> str:
        return addresses.class_address(facet, code)

    facts = [
        Fact("索引号", entry.index_number),
        Fact("文号", entry.shown_document_number),
        Fact("统一登记编号", entry.registration_number),
        Fact("发文机关", "、".join(frame.issuers(record, entry))),
        Fact("成文日期", formats.long_date(entry.issued_on), "", str(entry.issued_on)),
        Fact(
            "发布日期",
            formats.short_moment(entry.published_on),
            "",
            formats.iso_moment(entry.published_on),
        ),
        Fact(
            "有效性",
            vocab.VALIDITY_LABELS[validity] if validity is not Validity.NOT_APPLICABLE else "",
            class_of("validity", validity),
        ),
        Fact("施行日期", formats.long_date(entry.effective_on) if entry.effective_on else ""),
        Fact("有效期至", formats.long_date(entry.expires_on) if entry.expires_on else ""),
        Fact("废止日期", formats.long_date(entry.repealed_on) if entry.repealed_on else ""),
        Fact(
            "主题分类", corpus.label("subjects", entry.subject), class_of("subject", entry.subject)
        ),
        Fact("体裁", corpus.label("genres", entry.genre), class_of("genre", entry.genre)),
        Fact(
            "文件性质",
            vocab.INSTRUMENT_LABELS[entry.standing],
            class_of("instrument", entry.standing),
        ),
        Fact("公开属性", vocab.DISCLOSURE_LABELS[entry.disclosure]),
        Fact("公开方式", "、".join(corpus.label("channels", c) for c in entry.channels)),
        Fact("服务对象", "、".join(corpus.label("audiences", a) for a in entry.audience)),
        Fact("公开事项", f"条例第二十条第{item}项", class_of("article20", str(item))),
        Fact("关键词", "、".join(entry.keywords)),
        Fact("曾用索引号", "、".join(entry.former_index_numbers)),
        Fact("迁移日期", formats.long_date(entry.migrated_on) if entry.migrated_on else ""),
        Fact("公示期", _period(entry.notice) if entry.notice else ""),
        Fact("期限依据", entry.deadline_basis),
        Fact("内容概述", frame.summary(record, entry)),
    ]
    return tuple(fact for fact in facts if fact.value)


_CONSULTATIONS = {"open": "正在征集意见", "closed": "意见征集已经结束", "ahead": "意见征集尚未开始"}


def _banner(entry: Entry, validity: Validity, around: Surroundings) -> Note | None:
    if around.today_matters:
        return Note(_CONSULTATIONS[around.today_matters], around.today_matters)
    if validity is Validity.REPEALED:
        label, url = around.repealed_by
        link = Link(label, url) if label else None
        return Note("本文件已废止，见" if link else "本文件已废止", "lapsed", link)
    if validity is Validity.EXPIRED and entry.expires_on:
        return Note(f"本文件已于{formats.long_date(entry.expires_on)}期满失效", "lapsed")
    if validity is Validity.EXPIRED:
        return Note("本文件已失效", "lapsed")
    if validity is Validity.NOT_YET and entry.effective_on:
        return Note(f"本文件尚未施行，自{formats.long_date(entry.effective_on)}起施行", "info")
    if validity is Validity.PARTLY:
        return Note("本文件部分内容已不再执行，请结合相关文件阅读", "warning")
    if validity is Validity.AMENDED:
        return Note("本文件已经修改，请结合相关文件阅读", "warning")
    return None


def _notice(entry: Entry, is_over: bool) -> Note | None:
    if is_over:
        return Note(NOTICE_OVER, "info")
    return Note(f"公示期：{_period(entry.notice)}", "info") if entry.notice else None


def _period(notice: Notice) -> str:
    """Return 2026年3月1日至3月7日; the year stands twice only where it differs."""
    last = formats.long_date(notice.last)
    if notice.first.year == notice.last.year:
        last = last.partition("年")[2]
    return f"{formats.long_date(notice.first)}至{last}"


def _attachment(file: PublicFile) -> AttachmentView:
    name = file.source.rpartition("/")[2]
    size = formats.size_in_words(file.size)
    kind = formats.file_kind(name)
    return AttachmentView(file.title, file.url, kind, size, name, file.sha256)


def _notes(entry: Entry) -> list[Note]:
    notes = []
    if entry.reprint_of:
        origin = entry.reprint_of
        number = f"（{origin.document_number}）" if origin.document_number else ""
        link = Link(f"《{origin.title}》{number}", origin.url)
        notes.append(Note("本条为转载，原件：", "info", link))
    if entry.discrepancy_note:
        notes.append(Note(entry.discrepancy_note, "check"))
    return notes


def _relations(relations: tuple[Relation, ...]) -> tuple[Block, ...]:
    groups: dict[str, list[Link]] = {}
    for relation in relations:
        groups.setdefault(relation.group, []).append(
            Link(relation.title, relation.url, relation.number)
        )
    return tuple(Block(label, links=tuple(links)) for label, links in groups.items())


def _kind_blocks(entry: Entry, around: Surroundings) -> list[Block]:
    blocks: list[Block] = []
    if isinstance(entry, Service):
        blocks = _service_blocks(entry, around)
    elif isinstance(entry, Consultation):
        period = ""
        if entry.opens_on and entry.closes_on:
            period = f"{formats.long_date(entry.opens_on)}至{formats.long_date(entry.closes_on)}"
        blocks = [
            Block("征集时间", period),
            Block("反馈方式", entry.reply_to),
        ]
    elif isinstance(entry, Decision):
        blocks = [
            Block("决策阶段", vocab.STAGE_LABELS.get(entry.stage, entry.stage)),
            Block("决策依据", items=entry.decision_basis),
        ]
    elif isinstance(entry, Institution):
        head = ((Cell("内设机构", True, scope="col"), Cell("主要职责", True, scope="col")),)
        rows = tuple((Cell(d.name, True, scope="row"), Cell(d.duties)) for d in entry.divisions)
        blocks = [
            Block("主要职责", items=entry.duties, is_ordered=True),
            Block("内设机构", table=Table("内设机构及职责", head, rows)),
        ]
    elif isinstance(entry, WorkReport):
        blocks = [Block("报告期", entry.period)]
    elif isinstance(entry, Budget):
        label = vocab.BUDGET_LABELS.get(entry.budget_type, entry.budget_type)
        blocks = [Block("预算年度", f"{entry.fiscal_year}年"), Block("类别", label)]
    return [b for b in blocks if b.text or b.items or b.links or (b.table and b.table.rows)]


def _service_blocks(entry: Service, around: Surroundings) -> list[Block]:
    urls = {file.source.rpartition("/")[2]: file for file in around.files}
    head = tuple(Cell(text, True, scope="col") for text in ("材料名称", "份数和要求", "空白表格"))
    rows = []
    for material in entry.materials:
        file = urls.get(material.form.rpartition("/")[2]) if material.form else None
        form = Cell("—")
        if file:
            size = formats.size_in_words(file.size)
            form = Cell(f"下载（{formats.file_kind(file.source)}，{size}）", url=file.url)
        rows.append((Cell(material.name, True, scope="row"), Cell(material.copies), form))
    return [
        Block("设定依据", items=entry.basis),
        Block("受理条件", items=entry.conditions),
        Block("申请材料", table=Table("申请材料", (head,), tuple(rows))),
        Block("办理程序", items=entry.procedure, is_ordered=True),
        Block("办理期限", entry.time_limit),
        Block("收费", entry.fee),
        Block("办理结果", entry.result),
        Block("办理地点和时间", entry.window),
    ]


def consultation_state(entry: Entry, today: date) -> str:
    """Return open, closed or ahead for a consultation, and nothing for other entries."""
    if not isinstance(entry, Consultation) or entry.opens_on is None or entry.closes_on is None:
        return ""
    if today < entry.opens_on:
        return "ahead"
    return "open" if today <= entry.closes_on else "closed"


def is_on_request(record: EntryRecord) -> bool:
    """Tell whether the entry has a metadata page only."""
    return _entry(record).disclosure is Disclosure.ON_REQUEST
