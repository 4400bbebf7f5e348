"""The disclosure guide (政府信息公开指南) and its nine items (条例 art. 12)."""

from __future__ import annotations

from pydantic import Field

from gongkai.domain.entry import Review
from gongkai.domain.old_address import LegacyUrls
from gongkai.domain.privacy import PrivacyWaivers
from gongkai.domain.values import Flag, IsoDate, Item, Moment


class Guide(Item):
    """One agency's guide; the nine items are in the order of 条例 art. 12."""

    title: str = Field(title="名称", description="指南标题", min_length=1)
    published_on: Moment = Field(title="发布日期", description="发布时刻")
    time_unknown: Flag = Field(default=False, title="时刻不详", description="时刻无从查考")
    updated_on: IsoDate | None = Field(default=None, title="更新日期", description="最近更新")
    classification: str = Field(default="", title="政府信息的分类", description="条例第十二条")
    arrangement: str = Field(default="", title="编排体系", description="条例第十二条")
    access: str = Field(default="", title="获取方式", description="条例第十二条")
    office_name: str = Field(default="", title="工作机构的名称", description="条例第十二条")
    office_address: str = Field(default="", title="办公地址", description="条例第十二条")
    office_hours: str = Field(default="", title="办公时间", description="条例第十二条")
    telephone: str = Field(default="", title="联系电话", description="条例第十二条")
    fax: str = Field(default="", title="传真号码", description="条例第十二条")
    internet_contact: str = Field(default="", title="互联网联系方式", description="条例第十二条")
    accepts_requests: Flag = Field(default=True, title="受理申请", description="是否受理公开申请")
    review: Review | None = Field(default=None, title="审查记录", description="保密审查记录")
    privacy_waivers: PrivacyWaivers = Field(
        default=(),
        title="个人信息豁免",
        description="经复核可以公开的个人信息：kind、value（照提示打码）、reason、reviewer（岗位）",
    )
    legacy_urls: LegacyUrls = Field(
        default=(), title="旧网址", description="旧网站上的地址，访问时转到本页"
    )


STATUTORY_ITEMS = (
    "classification",
    "arrangement",
    "access",
    "office_name",
    "office_address",
    "office_hours",
    "telephone",
    "fax",
    "internet_contact",
)
