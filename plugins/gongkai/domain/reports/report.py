"""One agency's report for one year, as its editors write it.

What its figures are is resolved in ``figures.py``; whether they add up is judged in
``identities.py`` and ``rules/reports.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from gongkai.domain.entry import Review
from gongkai.domain.old_address import LegacyUrls
from gongkai.domain.privacy import PrivacyWaivers
from gongkai.domain.reports.form import ReportForm
from gongkai.domain.values import Flag, IsoDate, Item, Moment, Words

EXPLAINED = "；已附数据核对说明"
EVERY_CHECK = "*"


class NamedFigure(Item):
    """One figure that has no cell on the form: an older report's, or one that prose states."""

    key: str = Field(
        title="代号", description="小写字母、数字、下划线", pattern="^[a-z][a-z0-9_]*$"
    )
    name: str = Field(title="名称", description="指标名称", min_length=1, max_length=80)
    value: str = Field(title="数值", description="原件载明的数字")
    unit: str = Field(default="条", title="单位", description="计量单位", max_length=20)
    indicator: str = Field(default="", title="指标", description="与各年格式相通的指标代号")
    is_stock: Flag = Field(
        default=False, title="时点数", description="年末的存量，如公开栏的块数；各年不相加"
    )


class Sum(Item):
    """A total and the parts that ought to make it."""

    total: str = Field(title="总数", description="总数的代号")
    parts: Words = Field(title="分项", description="分项的代号")
    name: str = Field(title="名称", description="这组数字的名称", max_length=80)


class Relation(Item):
    """Two figures of which the left cannot be larger."""

    left: str = Field(title="左", description="较小的数的代号")
    right: str = Field(title="右", description="较大的数的代号")
    name: str = Field(title="名称", description="关系的说明", max_length=80)


class Rate(Item):
    """A rate with its formula: it is printed with both figures, and checked where it is stated."""

    name: str = Field(title="名称", description="如 办结率", min_length=1, max_length=80)
    part: str = Field(title="分子", description="数字的代号")
    whole: str = Field(title="分母", description="数字的代号")
    stated: str = Field(
        default="", title="载明", description="原件载明的百分比，如 81.4%；不写时由本站计算"
    )


class Growth(Item):
    """A comparison that prose makes ("近3倍"), with the earlier value that it needs."""

    figure: str = Field(title="数字", description="本年数字的代号")
    words: str = Field(title="原文", description="正文的说法，如 近3倍", min_length=1)
    previous: str = Field(default="", title="上年数值", description="上年的数字；不详的不写")


class Discrepancy(Item):
    """数据核对说明: what does not agree in the original, told apart from the original."""

    check: str = Field(default="", title="核对项", description="勾稽关系的代号或名称")
    note: str = Field(title="说明", description="说明", min_length=1)


class Override(Item):
    """A computed figure that the agency replaces, with the reason that the page prints."""

    cell: str = Field(
        title="单元格", description="表.行.列，如 s2_art20_1.normative.in_force", min_length=1
    )
    value: str = Field(title="数值", description="采用的数字")
    reason: str = Field(
        title="理由", description="为什么不用计算得出的数", min_length=4, max_length=300
    )


class OutsideAddend(Item):
    """A body that a consolidated report counts and that has no report on this site."""

    name: str = Field(title="名称", description="单位名称", min_length=1)
    reason: str = Field(default="", title="说明", description="为什么没有它的年报")


class Shortcoming(Item):
    """One row of 问题清单: a problem, the measure against it and how far that has come."""

    problem: str = Field(title="问题", description="存在的问题", min_length=1, max_length=300)
    measure: str = Field(default="", title="整改措施", description="整改措施", max_length=500)
    status: str = Field(default="", title="进展", description="如 已完成、正在整改", max_length=80)


class AnnualReport(Item):
    """The front matter of ``reports/<year>.md``; parts in prose stand in the body."""

    title: str = Field(title="名称", description="报告标题", min_length=1, max_length=200)
    form: str = Field(title="格式", description="报告格式的代号，如 2021；早期的写 legacy")
    published_on: Moment = Field(
        title="发布日期", description="发布时刻", examples=["2026-01-20 09:00"]
    )
    time_unknown: Flag = Field(default=False, title="时刻不详", description="时刻无从查考")
    submitted_on: IsoDate | None = Field(
        default=None, title="报送日期", description="报送主管部门的日期"
    )
    migrated_on: IsoDate | None = Field(
        default=None, title="迁移日期", description="从旧网站迁来的日期"
    )
    stated_on: str = Field(default="", title="落款日期", description="原件所署日期")
    as_printed: Flag = Field(
        default=False,
        title="照原件发布",
        description="旧报告照原件发布：数字的出入不拦截，由系统另行注明；须写 migrated_on",
    )
    invented: Flag = Field(default=False, title="演示数据", description="数字为演示而编")
    scope: str = Field(
        default="",
        title="统计范围",
        description="政府的报告写 own（本级）或 consolidated（全县汇总）",
        pattern="^(own|consolidated|)$",
    )
    addends: Words = Field(
        default=(), title="汇总单位", description="全县汇总包含的单位代号；本级写本单位代号"
    )
    addends_outside: tuple[OutsideAddend, ...] = Field(
        default=(), title="站外汇总单位", description="计入汇总而本站没有年报的单位"
    )
    own_tables: dict[str, dict[str, Any]] = Field(
        default={}, title="本级表格", description="全县汇总报告中本级机关自己的数字，写法同表格"
    )
    tables: dict[str, dict[str, Any]] = Field(
        default={},
        title="表格",
        description="表格数字；也可以写在同名的 .xlsx 或 .csv 里，或由本站计算",
    )
    computed: Words = Field(
        default=(),
        title="计算",
        description="由本站计算的表、行或单元格，如 s3_requests；全部可算的写 all",
    )
    overrides: tuple[Override, ...] = Field(
        default=(), title="改用", description="不用计算结果的单元格及理由"
    )
    figures: tuple[NamedFigure, ...] = Field(
        default=(), title="数字", description="表格之外的数字：早期报告的、正文引用的"
    )
    sums: tuple[Sum, ...] = Field(default=(), title="合计", description="应相等的合计")
    relations: tuple[Relation, ...] = Field(
        default=(), title="大小关系", description="应成立的大小关系"
    )
    rates: tuple[Rate, ...] = Field(default=(), title="比率", description="比率及其分子、分母")
    growth: tuple[Growth, ...] = Field(
        default=(), title="增减说法", description="正文中的倍数和增幅，及上年数值"
    )
    problems: tuple[Shortcoming, ...] = Field(
        default=(), title="问题清单", description="存在的问题和整改措施"
    )
    discrepancies: tuple[Discrepancy, ...] = Field(
        default=(), title="数据核对说明", description="逐项说明出入"
    )
    discrepancy_note: str = Field(
        default="",
        title="总的核对说明",
        description="对全部出入的总说明；逐项的写在数据核对说明里",
    )
    review: Review | None = Field(default=None, title="审查记录", description="保密审查记录")
    legacy_urls: LegacyUrls = Field(
        default=(), title="旧网址", description="旧网站上的地址，访问时转到本页"
    )
    lang: str = Field(
        default="zh-Hans", title="语种", description="zh-Hans 或 zh-Hant", pattern="^zh-Han[st]$"
    )
    source: str = Field(default="", title="来源", description="信息来源")
    privacy_waivers: PrivacyWaivers = Field(
        default=(),
        title="个人信息豁免",
        description="经复核可以公开的个人信息：kind、value（照提示打码）、reason、reviewer（岗位）",
    )

    def explains(self, check: str) -> bool:
        """Tell whether the agency has explained why a check fails, or prints an old report."""
        if self.as_printed or self.discrepancy_note:
            return True
        return any(row.check == check for row in self.discrepancies)


def deadline(
    form: ReportForm,
    level: str,
    year: int,
    earlier: Mapping[str, tuple[int, int]] | None = None,
) -> date | None:
    """Return the day by which a body of ``level`` publishes its report on ``year``.

    The statutory day of 条例 art. 49 is the form's; a place may set an ``earlier`` one by level,
    or one where the law has none. A later one does not undo the law.
    """
    days = [day for day in ((earlier or {}).get(level), form.deadlines.get(level)) if day]
    return date(year + 1, *min(days)) if days else None
