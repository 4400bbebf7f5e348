"""A body that discloses (公开主体): identity, contacts, and what it states to have nothing of."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from gongkai.domain.privacy import PrivacyWaivers
from gongkai.domain.values import Flag, IsoDate, Item, Maintainers, Words


class Level(StrEnum):
    """The tier that decides which duties of 条例 arts 20-21 apply and when a report is due."""

    COUNTY = "county"
    DEPARTMENT = "department"
    TOWN = "town"
    ZONE = "zone"
    ENTERPRISE = "enterprise"  # 公共企事业单位 (条例 art. 55): discloses, reports under other rules
    VERTICAL = "vertical"  # 垂直管理单位: reports to its own system's office


class Contact(Item):
    """How the public reaches the disclosure office."""

    office: str = Field(default="", title="公开工作机构", description="负责政府信息公开工作的机构")
    address: str = Field(default="", title="地址", description="办公地址")
    hours: str = Field(default="", title="办公时间", description="办公时间")
    telephone: str = Field(default="", title="联系电话", description="办公电话")
    fax: str = Field(default="", title="传真", description="传真号码")
    email: str = Field(default="", title="电子邮箱", description="电子邮箱")
    postcode: str = Field(default="", title="邮政编码", description="邮政编码")


class Leader(Item):
    """A post in the leadership; persons are not named in this catalogue."""

    post: str = Field(title="职务", description="职务", min_length=1)
    duties: str = Field(title="分工", description="工作分工", min_length=1)


class ReadingPlace(Item):
    """政府信息查阅场所 (条例 art. 25)."""

    name: str = Field(title="名称", description="场所名称", min_length=1)
    address: str = Field(title="地址", description="地址", min_length=1)
    hours: str = Field(title="开放时间", description="开放时间", min_length=1)
    telephone: str = Field(default="", title="电话", description="电话")
    equipment: str = Field(default="", title="设备", description="查询设备")
    windows: str = Field(default="", title="窗口", description="窗口数")


class NothingInColumn(Item):
    """本单位无此类信息, for a column, with the day on which this was confirmed."""

    column: str = Field(title="栏目", description="栏目代号")
    stated_on: IsoDate = Field(title="确认日期", description="确认日期")


class NothingForItem(Item):
    """本单位无此类信息, for an item of 条例 art. 20."""

    item: int = Field(title="事项", description="第二十条第几项", ge=1, le=15)
    stated_on: IsoDate = Field(title="确认日期", description="确认日期")


REQUIRED_CONTACTS = ("office", "address", "hours", "telephone")


class Agency(Item):
    """One agency, one folder; ``id`` is the folder's name."""

    id: str = Field(title="代号", description="文件夹名")
    name: str = Field(title="名称", description="规范全称", min_length=1)
    short_name: str = Field(default="", title="简称", description="简称")
    level: Level = Field(
        title="层级", description="county、department、town、zone、enterprise 或 vertical"
    )
    parent: str = Field(default="", title="上级单位", description="上级单位代号")
    collection: str = Field(
        default="front",
        title="所属板块",
        description="front 或 history",
        pattern="^(front|history)$",
    )
    codes: Words = Field(title="机构代码", description="索引号前段码，第一个用于新号", min_length=1)
    issues_as: Words = Field(
        default=(),
        title="发文名义",
        description="发文用的其他名称，如 青禾县人民政府办公室；所发文件算本机关制定",
    )
    maintainers: Maintainers = Field(
        default=(),
        title="维护人",
        description="谁审核本单位文件夹的改动：代码平台上的 @群组、@群组/小组 或邮箱；"
        "写进 CODEOWNERS，不在网页上显示",
        examples=["@qinghe/mzj"],
    )
    register_is_public: Flag = Field(
        default=False,
        title="公开登记台账",
        description="是否在年报明细页逐件列出申请的月份、类别、主题和结果；默认只公布合计",
    )
    guide: str = Field(
        default="own",
        title="公开指南",
        description="own、parent 或 none",
        pattern="^(own|parent|none)$",
    )
    guide_note: str = Field(default="", title="指南说明", description="没有指南时的说明")
    introduction: str = Field(default="", title="简介", description="机关简介")
    contact: Contact = Field(default=Contact(), title="联系方式", description="联系方式")
    leaders: tuple[Leader, ...] = Field(default=(), title="领导岗位", description="岗位与分工")
    reading_places: tuple[ReadingPlace, ...] = Field(
        default=(), title="查阅场所", description="查阅场所"
    )
    nothing_to_disclose: tuple[NothingInColumn, ...] = Field(
        default=(), title="无此类信息", description="栏目声明"
    )
    article_20_none: tuple[NothingForItem, ...] = Field(
        default=(), title="法定事项声明", description="第二十条声明"
    )
    privacy_waivers: PrivacyWaivers = Field(
        default=(),
        title="个人信息豁免",
        description="经复核可以公开的个人信息：kind、value（照提示打码）、reason、reviewer（岗位）",
    )

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name

    @property
    def is_historical(self) -> bool:
        """Tell whether the agency belongs to 历史样例."""
        return self.collection == "history"
