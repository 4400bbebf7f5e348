"""A disclosure catalogue entry (信息公开目录条目) and the rules it can judge about itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, create_model

from gongkai.domain.old_address import LegacyUrls
from gongkai.domain.personal import looks_like_name
from gongkai.domain.privacy import PrivacyWaivers
from gongkai.domain.values import (
    Flag,
    IndexNumber,
    IndexNumbers,
    IsoDate,
    Item,
    Moment,
    WebAddress,
    Words,
    has_masked_year,
    normal_document_number,
)
from gongkai.domain.vocab import DISCLOSURE_LABELS, VALIDITY_LABELS
from gongkai.kernel import problems as p
from gongkai.kernel.terms import terms

SUMMARY_LIMIT = 300  # 编目规范 in domain/catalogue.md: ≤ 300 characters for a text up to 5,000


class Disclosure(StrEnum):
    """公开属性: the three ways of 条例 arts 13-16."""

    PROACTIVE = "proactive"
    ON_REQUEST = "on_request"
    WITHHELD = "withheld"


DISCLOSURE_RESULTS = {Disclosure.ON_REQUEST: "依申请公开", Disclosure.WITHHELD: "不予公开"}


class Instrument(StrEnum):
    """文件性质: only 行政规范性文件 count in table two of the yearly report."""

    RULE = "rule"
    NORMATIVE = "normative"
    OFFICIAL = "official"
    NONE = "none"


class Validity(StrEnum):
    """有效性: the closed list of domain/catalogue.md."""

    IN_FORCE = "in_force"
    PARTLY = "partly"
    AMENDED = "amended"
    EXPIRED = "expired"
    REPEALED = "repealed"
    NOT_YET = "not_yet"
    NOT_APPLICABLE = "not_applicable"

    @property
    def is_lapsed(self) -> bool:
        """Tell whether the document belongs to 废止和失效文件."""
        return self in (Validity.EXPIRED, Validity.REPEALED)


class ChangeKind(StrEnum):
    """What a later change was: 更正 mends a mistake, 更新 brings the text up to date.

    去除个人信息 takes personal data out: no version before it is ever shown again.
    """

    CORRECTION = "correction"
    UPDATE = "update"
    REDACTION = "redaction"


APPROVING = frozenset(
    ("同意", "同意公开", "可以公开", "通过", "审核通过", "合法", "签发", "同意签发", "approved")
)


class Approval(Item):
    """The word of one position (岗位) on publishing, as a site's review rules ask for."""

    role: str = Field(
        title="岗位", description="与审查规则的岗位一致，不写姓名", min_length=1, max_length=60
    )
    approved_on: IsoDate = Field(title="审核日期", description="不晚于发布日期")
    result: str = Field(
        title="审核意见", description="同意、通过、合法、签发 等；其他意见不算通过", min_length=1
    )

    def is_given_on(self, today: date) -> bool:
        """Tell whether the position has agreed by a day."""
        return self.result in APPROVING and self.approved_on <= today


class Review(Item):
    """The record of the review before publication that 条例 art. 17 asks for."""

    checked_on: IsoDate = Field(title="审查日期", description="保密审查的日期")
    reviewer: str = Field(title="审查人岗位", description="只写岗位，不写姓名", min_length=1)
    result: str = Field(
        title="审查结论",
        description="可以公开、依申请公开、不予公开 或 暂不公开",
    )
    approvals: tuple[Approval, ...] = Field(
        default=(), title="审核意见", description="审查规则要求的各岗位的意见"
    )

    @property
    def is_cleared(self) -> bool:
        """Tell whether the result allows publication."""
        return self.result in ("可以公开", "同意公开", "cleared")


_DAYS: Any = {  # ``from`` cannot be written as the name of an attribute
    "from": (IsoDate, Field(title="开始日期", description="公示的第一天")),
    "to": (IsoDate, Field(title="截止日期", description="公示的最后一天")),
}
_Days: Any = create_model("_Days", __base__=Item, **_DAYS)


class Notice(_Days):  # type: ignore[misc]
    """公示期: the days on which what an entry says of persons may be read."""

    hide_title: Flag = Field(
        default=False, title="隐去名称", description="名称里有个人信息的写“是”，期满后不再显示"
    )

    @property
    def first(self) -> date:
        """The first day."""
        day: date = getattr(self, "from")
        return day

    @property
    def last(self) -> date:
        """The last day."""
        day: date = self.to
        return day

    @property
    def over_on(self) -> date:
        """The first day on which nothing of it may be read."""
        return date.fromordinal(self.last.toordinal() + 1)


class Change(Item):
    """One change after publication, with a note for the public."""

    date: IsoDate = Field(title="日期", description="更改的日期")
    kind: ChangeKind = Field(
        title="类别", description="correction 更正，update 更新，redaction 去除个人信息"
    )
    note: str = Field(title="说明", description="对公众的说明", min_length=1)


class Attachment(Item):
    """A file that belongs to the entry."""

    file: str = Field(
        title="文件", description="相对于本文件的路径，在本单位文件夹之内", min_length=1
    )
    title: str = Field(default="", title="名称", description="附件名称；不写时用文件名")


class Outside(Item):
    """A document that is not in this site's catalogue."""

    title: str = Field(title="名称", description="文件名称", min_length=1)
    document_number: str = Field(default="", title="文号", description="文号")
    publisher: str = Field(default="", title="发布机关", description="发布机关")
    url: WebAddress = Field(default="", title="网址", description="原文网址")


def _as_references(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


def _kind_of_reference(value: object) -> str:
    return "number" if isinstance(value, str) else "outside"


Reference = Annotated[
    Annotated[IndexNumber, Tag("number")] | Annotated[Outside, Tag("outside")],
    Discriminator(_kind_of_reference),
]
References = Annotated[tuple[Reference, ...], BeforeValidator(_as_references)]


class Entry(Item):
    """One item of government information in the catalogue."""

    title: str = Field(
        title="名称",
        description="信息的标题，不含文号",
        examples=["青禾县民政局关于做好高龄津贴发放工作的通知"],
        min_length=1,
        max_length=200,
    )
    index_number: IndexNumber = Field(
        title="索引号",
        description="全站唯一，一经使用不再变更；用 gongkai new entry 领取",
        examples=["QH0000028/2026-00003"],
    )
    document_number: str = Field(
        default="",
        title="文号",
        description="发文字号；没有的不填",
        examples=["青民发〔2026〕12号"],
    )
    registration_number: str = Field(
        default="",
        title="统一登记编号",
        description="规范性文件统一登记编号",
        examples=["QHGS—2026—9"],
    )
    kind: str = Field(
        default="document",
        title="类型",
        description="条目类型，决定版式和另外要填的字段",
        examples=["service"],
    )
    instrument: Instrument | None = Field(
        default=None,
        title="文件性质",
        description="rule 规章、normative 行政规范性文件、official 其他公文、none 非公文；"
        "不写时有文号的为 official",
        examples=["normative"],
    )
    genre: str = Field(
        default="notice", title="体裁", description="见 vocab/genres.yml", examples=["notice"]
    )
    issuers: Words = Field(
        default=(),
        title="发文机关",
        description="单位代号或外单位全称，牵头的写在第一个；不写时为本单位",
        examples=["[mzj, czj]"],
    )
    issued_on: IsoDate = Field(
        title="成文日期", description="文件形成的日期", examples=["2026-03-02"]
    )
    published_on: Moment = Field(
        title="发布日期",
        description="在本网站公开的时刻；将来的时刻表示定时发布",
        examples=["2026-03-05 10:20"],
    )
    time_unknown: Flag = Field(
        default=False, title="时刻不详", description="发布时刻无从查考时写“是”"
    )
    effective_on: IsoDate | None = Field(default=None, title="生效日期", description="自何日起施行")
    expires_on: IsoDate | None = Field(
        default=None, title="有效期至", description="有效期的最后一天"
    )
    repealed_on: IsoDate | None = Field(default=None, title="废止日期", description="自何日起废止")
    repealed_by: str = Field(default="", title="废止依据", description="索引号或文号")
    validity: Validity | None = Field(
        default=None,
        title="有效性",
        description="日期推不出时才写：partly 部分有效、amended 已修改",
    )
    column: str = Field(title="栏目", description="见 vocab/columns.yml", examples=["normative"])
    subject: str = Field(title="主题分类", description="见 vocab/subjects.yml", examples=["T17"])
    audience: Words = Field(
        default=("public",), title="服务对象", description="见 vocab/audiences.yml"
    )
    tags: Words = Field(default=(), title="标签", description="专题标签")
    keywords: Words = Field(default=(), title="关键词", description="检索用的关键词")
    summary: str = Field(
        default="", title="内容概述", description="100 字左右；不写时取正文开头", max_length=1000
    )
    disclosure: Disclosure = Field(
        default=Disclosure.PROACTIVE,
        title="公开属性",
        description="proactive 主动公开、on_request 依申请公开、withheld 不予公开",
    )
    disclosure_reason: str = Field(
        default="", title="不公开理由", description="见 vocab/reasons.yml", examples=["internal"]
    )
    channels: Words = Field(
        default=("website",), title="公开方式", description="见 vocab/channels.yml"
    )
    article_20: int | None = Field(
        default=None,
        title="法定公开事项",
        description="条例第二十条第几项；不写时按栏目",
        ge=1,
        le=15,
    )
    deadline_basis: str = Field(
        default="", title="期限依据", description="公开期限另有规定时写明依据"
    )
    notice: Notice | None = Field(
        default=None,
        title="公示期",
        description="期满后网页保留，正文、附件和概述撤去",
        examples=["{from: 2026-03-01, to: 2026-03-07}"],
    )
    changes: tuple[Change, ...] = Field(
        default=(), title="更改记录", description="发布后的更正和更新"
    )
    legacy_urls: LegacyUrls = Field(
        default=(),
        title="旧网址",
        description="旧网站上的地址，访问时转到本条",
        examples=["[/art/2012/3/5/art_123_456.html]"],
    )
    migrated_on: IsoDate | None = Field(
        default=None, title="迁移日期", description="从旧网站迁来的日期"
    )
    former_index_numbers: IndexNumbers = Field(
        default=(), title="曾用索引号", description="改正前的索引号"
    )
    reprint_of: Outside | None = Field(default=None, title="转载自", description="转载的原文件")
    interprets: References = Field(default=(), title="解读", description="本条解读的文件")
    interpreted_by: IndexNumbers = Field(default=(), title="被解读", description="解读本文件的条目")
    supersedes: References = Field(default=(), title="替代", description="本文件替代的文件")
    corrects: References = Field(default=(), title="澄清", description="本条更正或澄清的信息")
    related: References = Field(default=(), title="相关文件", description="相关的条目或外部文件")
    addressees: str = Field(default="", title="主送机关", description="公文的主送机关")
    signature: Words = Field(default=(), title="落款", description="署名，逐行；不写时为发文机关")
    annotation: str = Field(default="", title="附注", description="如（此件公开发布）")
    attachments: tuple[Attachment, ...] = Field(default=(), title="附件", description="附件清单")
    review: Review | None = Field(
        default=None,
        title="审查记录",
        description="保密审查：checked_on、reviewer（岗位）、result；没有的暂不发布",
        examples=["{checked_on: 2026-03-04, reviewer: 办公室主任, result: 可以公开}"],
    )
    contact: str = Field(default="", title="联系方式", description="本条的联系科室和电话")
    source: str = Field(default="", title="来源", description="信息来源；不写时为本单位")
    lang: str = Field(
        default="zh-Hans", title="语种", description="zh-Hans 或 zh-Hant", pattern="^zh-Han[st]$"
    )
    waivers: Words = Field(
        default=(),
        title="豁免",
        description="经审查保留的警告代码，如 [GK239]；只对警告有效，保留后成为提示",
    )
    privacy_waivers: PrivacyWaivers = Field(
        default=(),
        title="个人信息豁免",
        description="经复核可以公开的个人信息：kind、value（照提示打码）、reason、reviewer（岗位）",
    )
    discrepancy_note: str = Field(
        default="", title="数据核对说明", description="原件出入的说明，与原文分开显示"
    )

    @property
    def front(self) -> str:
        """The agency part of the index number (前段码)."""
        return self.index_number.split("/")[0]

    @property
    def back(self) -> str:
        """The serial part of the index number (后段码)."""
        return self.index_number.split("/")[1]

    @property
    def standing(self) -> Instrument:
        """The instrument, by default 其他公文 where there is a document number."""
        if self.instrument is not None:
            return self.instrument
        return Instrument.OFFICIAL if self.document_number else Instrument.NONE

    @property
    def shown_document_number(self) -> str:
        """The document number in standard brackets where it can be normalised."""
        return normal_document_number(self.document_number) or self.document_number

    @property
    def has_clearance(self) -> bool:
        """Tell whether the review record allows what the entry asks for.

        A record may also say 依申请公开 or 不予公开; that clears an entry of just that kind.
        """
        if self.review is None:
            return False
        return self.review.is_cleared or (
            self.disclosure is not Disclosure.PROACTIVE
            and self.review.result == DISCLOSURE_RESULTS[self.disclosure]
        )

    def validity_on(self, today: date) -> Validity:
        """Return the validity on a day, derived from the dates where they decide it.

        Only rules, normative documents and entries with validity dates have one; other
        entries are 不适用.
        """
        if self.repealed_on and self.repealed_on <= today:
            return Validity.REPEALED
        if self.expires_on and self.expires_on < today:
            return Validity.EXPIRED
        if self.effective_on and self.effective_on > today:
            return Validity.NOT_YET
        if self.validity is not None:
            return self.validity
        dated = self.effective_on or self.expires_on or self.repealed_on
        if self.standing in (Instrument.RULE, Instrument.NORMATIVE) or dated:
            return Validity.IN_FORCE
        return Validity.NOT_APPLICABLE

    def turning_days(self) -> tuple[date, ...]:
        """Return the days on which the page may differ from that of the day before."""
        days = [day for day in (self.repealed_on, self.effective_on) if day]
        if self.expires_on:
            days.append(date.fromordinal(self.expires_on.toordinal() + 1))
        if self.notice:
            days.append(self.notice.over_on)
        return tuple(days)

    def slips(self) -> Iterator[Finding]:
        """Yield what the entry alone, without calendar and neighbours, shows to be wrong."""
        facts: dict[str, Any]
        yield from _document_number_slips(self.document_number)
        yield from self._date_slips()
        if self.disclosure is not Disclosure.PROACTIVE:
            if not self.disclosure_reason:
                yield Finding(p.NO_DISCLOSURE_REASON, "disclosure", disclosure_facts(self))
            if self.attachments:
                facts = {
                    **disclosure_facts(self),
                    "what": "附件",
                    "what_en": "attachments",
                }
                yield Finding(p.WITHHELD_BODY, "attachments", facts)
        if self.published_on.time is None and not self.time_unknown:
            yield Finding(p.NO_TIME, "published_on", {"value": str(self.published_on)})
        if self.review is None:
            yield Finding(p.NO_REVIEW, "", {})
        elif not self.has_clearance:
            yield Finding(p.REVIEW_REFUSED, "review", {"result": self.review.result})
        yield from review_slips(self.review, self.published_on.date)
        if self.notice and self.notice.last < max(self.notice.first, self.published_on.date):
            facts = {"begin": str(self.notice.first), "value": str(self.notice.last)}
            yield Finding(p.NOTICE_DATES, "notice.to", facts)
        if len(self.summary) > SUMMARY_LIMIT:
            facts = {
                "label": "内容概述",
                "key": "summary",
                "size": len(self.summary),
                "limit": SUMMARY_LIMIT,
            }
            yield Finding(p.TOO_LONG, "summary", facts)
        if not terms(self.title):
            yield Finding(p.NOTHING_TO_FIND, "title", {"title": self.title})

    def _date_slips(self) -> Iterator[Finding]:
        if self.repealed_on and not self.repealed_by:
            yield Finding(p.REPEAL_WITHOUT_BASIS, "repealed_on", {})
        for earlier, later in (
            ("issued_on", "published_on"),
            ("issued_on", "effective_on"),
            ("effective_on", "expires_on"),
            ("issued_on", "repealed_on"),
            ("effective_on", "repealed_on"),
        ):
            first, second = getattr(self, earlier), getattr(self, later)
            second_day = second.date if isinstance(second, Moment) else second
            retroactive = (
                later == "effective_on"
            )  # some documents take effect before they are signed
            if first and second_day and second_day < first and not retroactive:
                yield Finding(
                    p.DATES_OUT_OF_ORDER,
                    later,
                    {
                        **_named(later),
                        "value": str(second_day),
                        "other": earlier,
                        "other_label": _label(earlier),
                        "other_value": str(first),
                    },
                )
        written = self.validity
        if written is None:
            return
        by_dates = self.model_copy(update={"validity": None})
        if self.repealed_on and written is not Validity.REPEALED:
            derived = Validity.REPEALED
        elif (written is Validity.REPEALED and not self.repealed_on) or (
            written is Validity.EXPIRED and not self.expires_on
        ):
            derived = by_dates.validity_on(self.issued_on)
        else:
            return
        facts = {
            "value": VALIDITY_LABELS[written],
            "value_en": written,
            "derived": VALIDITY_LABELS[derived],
            "derived_en": derived,
        }
        yield Finding(p.VALIDITY_CONTRADICTS, "validity", facts)


# what stays of an entry whose notice is over: identity, classes and dates, nothing in free text
_KEPT_AFTER_NOTICE = frozenset(
    (
        *("title", "index_number", "document_number", "registration_number", "kind"),
        *("instrument", "genre", "issuers", "issued_on", "published_on", "time_unknown"),
        *("effective_on", "expires_on", "repealed_on", "repealed_by", "validity", "column"),
        *("subject", "audience", "disclosure", "disclosure_reason", "channels", "article_20"),
        *("notice", "migrated_on", "former_index_numbers", "legacy_urls", "interprets"),
        *("interpreted_by", "supersedes", "corrects", "related", "review", "source", "lang"),
        "waivers",
    )
)
TITLE_AFTER_NOTICE = "公示期已满的信息"


def is_notice_over(entry: Entry, today: date) -> bool:
    """Tell whether an entry had a 公示期 that has ended: nothing of its text may be shown."""
    return entry.notice is not None and entry.notice.last < today


def without_text(entry: Entry) -> Entry:
    """Return what may be kept of an entry whose notice is over.

    Fields in free text go, a kind's own fields too, and the title where ``hide_title`` says so;
    a second time changes nothing.
    """
    kept = {key: getattr(entry, key) for key in entry.model_fields_set & _KEPT_AFTER_NOTICE}
    if entry.notice is not None and entry.notice.hide_title:
        kept["title"] = TITLE_AFTER_NOTICE
    return type(entry).model_construct(**kept)


def review_slips(review: Review | None, published: date) -> Iterator[Finding]:
    """Yield what is odd in a review: names of persons, approvals after publication."""
    if review is None:
        return
    if looks_like_name(review.reviewer):
        facts = {"key": "reviewer", "label": "审查人岗位", "value": _masked(review.reviewer)}
        yield Finding(p.NAME_OF_REVIEWER, "review.reviewer", facts)
    for n, approval in enumerate(review.approvals):
        if looks_like_name(approval.role):
            facts = {"key": "role", "label": "岗位", "value": _masked(approval.role)}
            yield Finding(p.NAME_OF_REVIEWER, f"review.approvals.{n}.role", facts)
        if approval.approved_on > published:
            facts = {
                "role": approval.role,
                "value": str(approval.approved_on),
                "published": str(published),
            }
            yield Finding(p.APPROVED_LATE, f"review.approvals.{n}.approved_on", facts)


def _masked(name: str) -> str:
    return name[0] + "*" * (len(name) - 1)


def disclosure_facts(entry: Entry) -> dict[str, str]:
    """Return an entry's disclosure in both languages, for a message."""
    return {
        "disclosure": DISCLOSURE_LABELS[entry.disclosure],
        "disclosure_en": entry.disclosure,
    }


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem before its place is known: the field's dotted path stands for the place."""

    code: p.Code
    field: str
    facts: dict[str, Any]
    softened_to: p.Severity | None = None


def _document_number_slips(written: str) -> Iterator[Finding]:
    if not written:
        return
    if has_masked_year(written):
        yield Finding(p.MASKED_DOCUMENT_NUMBER, "document_number", {"value": written})
        return
    normal = normal_document_number(written)
    if normal is None:
        yield Finding(p.BAD_DOCUMENT_NUMBER, "document_number", {"value": written})
    elif normal != written:
        yield Finding(p.DOCUMENT_NUMBER_BRACKETS, "document_number", {"proposal": normal})


def _label(key: str) -> str:
    return str(Entry.model_fields[key].title)


def _named(key: str) -> dict[str, str]:
    return {"key": key, "label": _label(key)}
