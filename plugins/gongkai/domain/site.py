"""The site's identity (content/site.yml): what footers and page tags print, patterns included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field

from gongkai.domain.agency import Level
from gongkai.domain.entry import Instrument
from gongkai.domain.kinds import KINDS
from gongkai.domain.privacy import PrivacyWaivers
from gongkai.domain.values import (
    Flag,
    IsoDate,
    Item,
    Maintainers,
    Moment,
    MonthDay,
    WebAddress,
    Words,
)
from gongkai.domain.vocab import INSTRUMENT_LABELS


class SiteContact(Item):
    """How to reach the body that runs the site."""

    address: str = Field(default="", title="地址", description="地址")
    telephone: str = Field(default="", title="电话", description="电话")
    fax: str = Field(default="", title="传真", description="传真")
    email: str = Field(default="", title="邮箱", description="邮箱")
    supervision: str = Field(default="", title="监督电话", description="监督电话")
    report_box: str = Field(default="", title="举报信箱", description="举报信箱")


class FriendlyLink(Item):
    """A link in the footer."""

    title: str = Field(title="名称", description="名称", min_length=1)
    url: str = Field(title="网址", description="网址", pattern="^https?://[^ \"'<>]+$")


class IndexNumberForm(Item):
    """A further form of 索引号 that this site accepts."""

    name: str = Field(title="名称", description="名称")
    regex: str = Field(title="写法", description="正则表达式")


class ReportDeadline(Item):
    """An earlier day than the statutory one on which a level's yearly report is due here."""

    level: Level = Field(title="层级", description="county、department、town 或 zone")
    submit: MonthDay | None = Field(default=None, title="报送期限", description="如 01-20")
    publish: MonthDay | None = Field(default=None, title="发布期限", description="如 01-28")


# what a review rule may name beside the kinds of entries
PAGE_KINDS = {"guide": "公开指南", "report": "年度报告", "website": "网站年报"}
RULE_KINDS = {**{kind.code: kind.label for kind in KINDS.values()}, **PAGE_KINDS}


def _in_english(labels: Mapping[str, str]) -> BeforeValidator:
    """Return a validator that takes one word or a list, in English or by Chinese label."""
    codes = {label: code for code, label in labels.items()}

    def words(value: object) -> object:
        value = [value] if isinstance(value, str) else value
        is_list = isinstance(value, list | tuple)
        return [codes.get(str(one), one) for one in value] if is_list else value  # type: ignore[attr-defined]

    return BeforeValidator(words)


class ReviewRule(Item):
    """Whose approval some items need before they are published; positions, never names."""

    name: str = Field(title="名称", description="规则的名称，用在提示里", min_length=1)
    kinds: Annotated[tuple[str, ...], _in_english(RULE_KINDS)] = Field(
        default=(),
        title="类型",
        description="条目类型；也可以写 guide、report、website。不写时为所有条目",
    )
    instruments: Annotated[tuple[Instrument, ...], _in_english(INSTRUMENT_LABELS)] = Field(
        default=(), title="文件性质", description="rule、normative、official、none"
    )
    columns: Words = Field(default=(), title="栏目", description="栏目代号")
    agencies: Words = Field(default=(), title="单位", description="单位代号")
    with_notice: Flag = Field(default=False, title="有公示期", description="只管有公示期的条目")
    since: IsoDate | None = Field(
        default=None, title="施行日期", description="只管发布日期在这一天及以后的"
    )
    roles: Words = Field(
        title="岗位",
        description="必须同意的岗位，不写姓名",
        min_length=1,
        examples=["[合法性审核]"],
    )


_NEVER = {
    "html",
    "htm",
    "xhtml",
    "xht",
    "shtml",
    "svgz",
    "xml",
    "xsl",
    "js",
    "mjs",
    "css",
    "swf",
}
PICTURES = ("png", "jpg", "jpeg", "gif", "webp", "svg")


def extension_of(path: str) -> str:
    """Return the extension of a path's last part in lower case, or nothing."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


class Site(Item):
    """Identity of the published site."""

    name: str = Field(default="", title="网站名称", description="SiteName")
    domain: str = Field(default="", title="域名", description="SiteDomain")
    url: WebAddress = Field(
        default="", title="网址", description="规范链接的前缀，以 / 结尾；不写时由域名得出"
    )
    id_code: str = Field(default="", title="网站标识码", description="SiteIDCode")
    organizer: str = Field(default="", title="主办单位", description="主办单位")
    icp: str = Field(default="", title="ICP备案编号", description="ICP备案编号")
    police: str = Field(default="", title="公安机关备案号", description="公安机关备案号")
    find_errors: str = Field(default="", title="我为政府网站找错", description="找错入口的地址")
    description: str = Field(default="", title="网站说明", description="网站说明")
    contact: SiteContact = Field(default=SiteContact(), title="联系方式", description="联系方式")
    links: tuple[FriendlyLink, ...] = Field(default=(), title="友情链接", description="友情链接")
    host: str = Field(default="", title="主站单位", description="首页所属单位的代号")
    as_of: Moment | None = Field(default=None, title="截止时刻", description="演示固定的构建时刻")
    demonstration: Flag = Field(default=False, title="演示", description="是否演示站点")
    demonstration_note: str = Field(default="", title="演示说明", description="演示说明")
    index_number_forms: tuple[IndexNumberForm, ...] = Field(
        default=(), title="其他索引号写法", description="除国家写法之外接受的写法"
    )
    attachment_types: Words = Field(
        default=(
            "pdf",
            "doc",
            "docx",
            "xls",
            "xlsx",
            "csv",
            "txt",
            "png",
            "jpg",
            "jpeg",
            "gif",
            "ofd",
            "wps",
            "et",
            "zip",
        ),
        title="附件类型",
        description="可以发布的附件扩展名",
    )
    attachment_limit_mb: int = Field(
        default=50, title="附件大小上限", description="一个附件最多多少 MB", ge=1, le=200
    )

    review_rules: tuple[ReviewRule, ...] = Field(
        default=(), title="审查规则", description="哪些信息发布前要哪些岗位审核同意"
    )
    maintainers: Maintainers = Field(
        default=(),
        title="维护人",
        description="谁审核各单位文件夹以外的改动（设置、主题、程序和发布登记簿），写法同单位的维护人",
        examples=["@qinghe/zwgk"],
    )
    report_deadlines: tuple[ReportDeadline, ...] = Field(
        default=(), title="年报期限", description="早于法定日期的年报报送、发布期限"
    )
    privacy_waivers: PrivacyWaivers = Field(
        default=(),
        title="个人信息豁免",
        description="经复核可以公开的个人信息：kind、value（照提示打码）、reason、reviewer（岗位）",
    )

    history_since: IsoDate | None = Field(
        default=None,
        title="历史起始日期",
        description="此日之前的修改不列为公开后的更改；接管旧站点或编制期间的提交用它略去",
    )

    @property
    def earlier_deadlines(self) -> dict[str, tuple[int, int]]:
        """The publication days that this place sets itself, by level."""
        return {str(row.level): row.publish for row in self.report_deadlines if row.publish}

    @property
    def base_url(self) -> str:
        """The absolute prefix for canonical links and the sitemap, with a closing slash."""
        return f"{self.url.rstrip('/')}/" if self.url else f"https://{self.domain}/"

    @property
    def allowed_types(self) -> tuple[str, ...]:
        """The extensions that may be published: never one that a browser would run."""
        return tuple(t.lower() for t in self.attachment_types if t.lower() not in _NEVER)


# 国办发〔2017〕47号: the footer must list these; 网站标识码 is ten digits, or bm and eight digits
REQUIRED_IDENTITY: dict[str, tuple[str, str, str]] = {
    "name": (r".{2,60}", "", ""),
    "domain": (
        r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+",
        "如 www.example.gov.cn",
        "such as www.example.gov.cn",
    ),
    "id_code": (
        r"[0-9]{10}|bm[0-9]{8}",
        "应为10位数字，或 bm 加8位数字",
        "ten digits, or bm and eight digits",
    ),
    "organizer": (r".{2,60}", "", ""),
    "icp": (
        r".{1,3}ICP备[0-9]{8}号(-[0-9]+)?",
        "如 辽ICP备00000000号",
        "such as 辽ICP备00000000号",
    ),
    "police": (
        r".{1,3}公网安备\s?[0-9]{14}号",
        "如 辽公网安备00000000000000号",
        "such as 辽公网安备00000000000000号",
    ),
    "find_errors": (
        r"https?://[^ \"'<>]+|mailto:[^ \"'<>]+",
        "应为 https 或 mailto 地址",
        "an https or mailto address",
    ),
}
REQUIRED_SITE_CONTACTS: dict[str, tuple[str, str, str]] = {
    "address": (r".{4,}", "", ""),
    "telephone": (r"[0-9]{3,4}-[0-9]{7,8}(-[0-9]+)?", "如 0000-0000000", "such as 0000-0000000"),
    "fax": (r"[0-9]{3,4}-[0-9]{7,8}(-[0-9]+)?", "如 0000-0000000", "such as 0000-0000000"),
    "email": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "应为电子邮箱", "an e-mail address"),
    "supervision": (
        r"[0-9]{3,4}-[0-9]{7,8}(-[0-9]+)?|1[0-9]{4}",
        "如 0000-0000000",
        "such as 0000-0000000",
    ),
    "report_box": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "应为电子邮箱", "an e-mail address"),
}


def fits(pattern: str, value: str) -> bool:
    """Tell whether the whole of ``value`` fits ``pattern``."""
    return re.fullmatch(pattern, value) is not None
