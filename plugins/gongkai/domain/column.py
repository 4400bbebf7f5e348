"""A column of the site (栏目): a tree with owners, update periods and statutory items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pydantic import Field

from gongkai.domain.values import Flag, IsoDate, Item, Words

_PERIOD = re.compile(r"([1-9][0-9]*)(d|w|m|y)")
_ITEM = re.compile(r"[1-9]|1[0-5]")  # 条例 art. 20 has fifteen items
OPEN_PERIODS = {"on_change": "有变动即更新", "irregular": "不定期更新"}
ON_CHANGE = "on_change"


def is_period(text: str) -> bool:
    """Tell whether ``text`` is a period: 14d, 2w, 6m, 1y, on_change or irregular."""
    return text in OPEN_PERIODS or _PERIOD.fullmatch(text) is not None


def period_in_words(text: str) -> str:
    """Return a period as a phrase for the public."""
    match = _PERIOD.fullmatch(text)
    if not match:
        return OPEN_PERIODS.get(text, text)
    units = {"d": "天", "w": "周", "m": "个月", "y": "年"}
    return f"每{match[1]}{units[match[2]]}至少更新一次"


class ColumnSpec(Item):
    """One column as written in ``vocab/columns.yml``; children are nested."""

    code: str = Field(title="代号", description="小写字母、数字、连字符")
    name: str = Field(title="名称", description="栏目名称", min_length=1)
    period: str = Field(
        default="", title="更新周期", description="14d、6m、1y、on_change 或 irregular"
    )
    type: str = Field(default="信息公开目录", title="栏目类别", description="ColumnType")
    owner: str = Field(default="", title="责任单位", description="单位代号")
    description: str = Field(default="", title="栏目说明", description="ColumnDescription")
    keywords: Words = Field(default=(), title="栏目关键词", description="ColumnKeywords")
    article_20: Words = Field(default=(), title="法定事项", description="条例第二十条各项")
    agencies: Words = Field(
        default=(), title="开放单位", description="只对这些单位开放；不写则全部"
    )
    required: Flag = Field(default=False, title="必设", description="是否必须有内容或声明")
    page: str = Field(
        default="",
        title="固定页",
        description="guide、reports 或 apply：由固定页承担",
        pattern="^(guide|reports|apply|)$",
    )
    nothing_stated_on: IsoDate | None = Field(
        default=None, title="无此类信息", description="全站声明日期"
    )
    children: tuple[ColumnSpec, ...] = Field(default=(), title="下级栏目", description="下级栏目")


class Column(Item):
    """One column in its place in the tree."""

    code: str
    name: str
    period: str
    type: str
    owner: str
    description: str
    keywords: tuple[str, ...]
    article_20: tuple[int, ...]
    agencies: tuple[str, ...]
    is_required: bool
    page: str
    nothing_stated_on: date | None
    parent: str
    children: tuple[str, ...]
    depth: int

    def is_open_to(self, agency: str) -> bool:
        """Tell whether an agency may file entries here."""
        return not self.agencies or agency in self.agencies


def flatten(specs: tuple[ColumnSpec, ...], parent: Column | None = None) -> Iterator[Column]:
    """Yield the columns of a tree, parents first; children inherit agencies and owner."""
    for spec in specs:
        column = Column(
            code=spec.code,
            name=spec.name,
            period=spec.period,
            type=spec.type,
            owner=spec.owner or (parent.owner if parent else ""),
            description=spec.description or spec.name,
            keywords=spec.keywords or (spec.name,),
            article_20=tuple(int(n) for n in spec.article_20 if _ITEM.fullmatch(n)),
            agencies=spec.agencies or (parent.agencies if parent else ()),
            is_required=spec.required,
            page=spec.page,
            nothing_stated_on=spec.nothing_stated_on,
            parent=parent.code if parent else "",
            children=tuple(child.code for child in spec.children),
            depth=parent.depth + 1 if parent else 0,
        )
        yield column
        yield from flatten(spec.children, column)
