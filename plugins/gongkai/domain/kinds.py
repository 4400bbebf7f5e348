"""The content types of catalogue entries, registered in one place.

To add a type: declare its model here or in a module of its own, list it in ``KINDS``, add
``theme/pages/kinds/<code>.html`` and one golden case.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field

from gongkai.domain.entry import Entry
from gongkai.domain.values import IndexNumber, IsoDate, Item, Words


class Material(Item):
    """One document that an applicant hands in."""

    name: str = Field(title="材料名称", description="材料名称", min_length=1)
    copies: str = Field(default="1份", title="份数", description="份数和要求")
    form: str = Field(default="", title="表格", description="空白表格文件的相对路径")


class Division(Item):
    """One inner office of an agency."""

    name: str = Field(title="机构名称", description="内设机构名称", min_length=1)
    duties: str = Field(title="职责", description="内设机构职责", min_length=1)


class Interpretation(Entry):
    """政策解读: explains a document and is linked with it both ways."""


class Clarification(Entry):
    """澄清: accurate information against what is false or incomplete (条例 art. 6)."""


class Service(Entry):
    """办事服务: basis, conditions, procedure, time limit and result (条例 art. 20 item 5)."""

    basis: Words = Field(default=(), title="设定依据", description="法律法规依据")
    conditions: Words = Field(default=(), title="受理条件", description="谁在什么条件下可以办")
    materials: tuple[Material, ...] = Field(default=(), title="申请材料", description="材料清单")
    procedure: Words = Field(default=(), title="办理程序", description="逐步写")
    time_limit: str = Field(default="", title="办理期限", description="法定期限和承诺期限")
    fee: str = Field(default="不收费", title="收费", description="收费标准和依据")
    result: str = Field(default="", title="办理结果", description="领到什么、怎样送达")
    window: str = Field(default="", title="办理地点", description="窗口地址和时间")


class Consultation(Entry):
    """意见征集: opens, closes, and names its outcome."""

    opens_on: IsoDate | None = Field(default=None, title="开始日期", description="征集开始")
    closes_on: IsoDate | None = Field(default=None, title="截止日期", description="征集截止")
    reply_to: str = Field(default="", title="反馈方式", description="怎样提交意见")
    outcome: IndexNumber | None = Field(
        default=None, title="结果", description="公布结果的条目索引号"
    )


class Decision(Entry):
    """重大行政决策: the stage and what it rests on."""

    stage: str = Field(default="", title="决策阶段", description="draft 草案、adopted 已作出")
    decision_basis: Words = Field(default=(), title="决策依据", description="法律和政策依据")


class Institution(Entry):
    """机构职能: duties and inner offices (条例 art. 20 item 2)."""

    duties: Words = Field(default=(), title="主要职责", description="逐条写")
    divisions: tuple[Division, ...] = Field(
        default=(), title="内设机构", description="内设机构及职责"
    )


class WorkReport(Entry):
    """经济工作报告: the period that it reports on."""

    period: str = Field(default="", title="报告期", description="如 2025年")


class Budget(Entry):
    """财政预算、决算 (条例 art. 20 item 7)."""

    fiscal_year: int | None = Field(
        default=None, title="年度", description="预算年度", ge=1949, le=2100
    )
    budget_type: str = Field(
        default="",
        title="预决算类别",
        description="budget 预算、final_accounts 决算",
        pattern="^(budget|final_accounts|)$",
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """A content type: its model, Chinese label, and the fields it cannot do without."""

    code: str
    label: str
    model: type[Entry]
    required: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("document", "法规政策和公文", Entry),
        Kind("interpretation", "政策解读", Interpretation),
        Kind("clarification", "澄清", Clarification, ("corrects",)),
        Kind(
            "service",
            "办事服务",
            Service,
            ("basis", "conditions", "procedure", "time_limit", "result"),
        ),
        Kind("consultation", "意见征集", Consultation, ("opens_on", "closes_on", "reply_to")),
        Kind("decision", "重大决策", Decision, ("stage", "decision_basis")),
        Kind("institution", "机构职能", Institution, ("duties", "divisions")),
        Kind("work_report", "经济工作报告", WorkReport, ("period",)),
        Kind("budget", "财政预决算", Budget, ("fiscal_year", "budget_type")),
    )
}
