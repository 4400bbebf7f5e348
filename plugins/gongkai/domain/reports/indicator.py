"""What figures count, whatever form they stand on: the vocabulary that joins years.

Two forms feed the same indicator only where they mean the same thing. A parent is the sum of its
children; where a form states it itself, the stated figure counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from gongkai.domain.reports.form import NUMBERS, TOTAL, CellKey, ReportForm


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that reports count; a stock stands at the end of the year and is never added up."""

    key: str
    label: str
    measure: str = "件"
    parent: str = ""
    is_stock: bool = False
    group: str = ""


_REQUESTS, _RESULTS = "收到和处理申请", "申请办理结果"
_DISPUTES, _PROACTIVE, _EARLIER = "复议和诉讼", "主动公开", "早期统计"


def _disputes(stem: str, label: str, parent: str) -> tuple[Indicator, ...]:
    """Return the five figures of one group of table four."""
    ends = (
        ("upheld", "结果维持"),
        ("corrected", "结果纠正"),
        ("other", "其他结果"),
        ("pending", "尚未审结"),
        ("total", "总计"),
    )
    return tuple(
        Indicator(
            f"{stem}_{end}",
            f"{label}{words}",
            parent=f"{parent}_{end}" if parent else "",
            is_stock=end == "pending",
            group=_DISPUTES,
        )
        for end, words in ends
    )


INDICATORS: Mapping[str, Indicator] = {
    one.key: one
    for one in (
        Indicator("received", "收到政府信息公开申请", group=_REQUESTS),
        Indicator("carried_in", "上年结转申请", group=_REQUESTS, is_stock=True),
        Indicator("concluded", "办结申请", group=_REQUESTS),
        Indicator("carried_out", "结转下年度申请", group=_REQUESTS, is_stock=True),
        Indicator("granted", "予以公开", group=_RESULTS),
        Indicator("partly_granted", "部分公开", group=_RESULTS),
        Indicator("refused", "不予公开", group=_RESULTS),
        Indicator("refused_state_secret", "属于国家秘密", parent="refused", group=_RESULTS),
        Indicator("refused_by_law", "其他法律行政法规禁止公开", parent="refused", group=_RESULTS),
        Indicator("refused_safety", "危及“三安全一稳定”", parent="refused", group=_RESULTS),
        Indicator("refused_third_party", "保护第三方合法权益", parent="refused", group=_RESULTS),
        Indicator("refused_internal", "属于三类内部事务信息", parent="refused", group=_RESULTS),
        Indicator("refused_deliberative", "属于四类过程性信息", parent="refused", group=_RESULTS),
        Indicator("refused_case_file", "属于行政执法案卷", parent="refused", group=_RESULTS),
        Indicator("refused_registry", "属于行政查询事项", parent="refused", group=_RESULTS),
        Indicator("unavailable", "无法提供", group=_RESULTS),
        Indicator(
            "unavailable_not_held", "本机关不掌握相关政府信息", parent="unavailable", group=_RESULTS
        ),
        Indicator(
            "unavailable_must_create",
            "没有现成信息需要另行制作",
            parent="unavailable",
            group=_RESULTS,
        ),
        Indicator(
            "unavailable_unclear", "补正后申请内容仍不明确", parent="unavailable", group=_RESULTS
        ),
        Indicator("not_processed", "不予处理", group=_RESULTS),
        Indicator(
            "not_processed_petition", "信访举报投诉类申请", parent="not_processed", group=_RESULTS
        ),
        Indicator("not_processed_repeat", "重复申请", parent="not_processed", group=_RESULTS),
        Indicator(
            "not_processed_publication",
            "要求提供公开出版物",
            parent="not_processed",
            group=_RESULTS,
        ),
        Indicator(
            "not_processed_mass", "无正当理由大量反复申请", parent="not_processed", group=_RESULTS
        ),
        Indicator(
            "not_processed_reconfirm",
            "要求行政机关确认或重新出具已获取信息",
            parent="not_processed",
            group=_RESULTS,
        ),
        Indicator("otherwise_closed", "其他处理", group=_RESULTS),
        Indicator(
            "otherwise_closed_not_corrected",
            "逾期不补正，不再处理",
            parent="otherwise_closed",
            group=_RESULTS,
        ),
        Indicator(
            "otherwise_closed_fee_unpaid",
            "逾期未缴费，不再处理",
            parent="otherwise_closed",
            group=_RESULTS,
        ),
        Indicator(
            "otherwise_closed_other", "其他处理中的其他", parent="otherwise_closed", group=_RESULTS
        ),
        Indicator("rules_issued", "制发规章", group=_PROACTIVE),
        Indicator("rules_repealed", "废止规章", group=_PROACTIVE),
        Indicator("rules_in_force", "现行有效规章", group=_PROACTIVE, is_stock=True),
        Indicator("normative_issued", "制发行政规范性文件", group=_PROACTIVE),
        Indicator("normative_repealed", "废止行政规范性文件", group=_PROACTIVE),
        Indicator("normative_in_force", "现行有效行政规范性文件", group=_PROACTIVE, is_stock=True),
        Indicator("licences", "行政许可决定", group=_PROACTIVE),
        Indicator("penalties", "行政处罚决定", group=_PROACTIVE),
        Indicator("coercions", "行政强制决定", group=_PROACTIVE),
        Indicator("fees", "行政事业性收费", "万元", group=_PROACTIVE),
        *_disputes("reconsideration", "行政复议", ""),
        *_disputes("litigation", "行政诉讼", ""),
        *_disputes("litigation_direct", "未经复议直接起诉", "litigation"),
        *_disputes("litigation_after_review", "复议后起诉", "litigation"),
        Indicator("disclosed", "主动公开政府信息", "条", group=_EARLIER),
        Indicator("disclosed_normative", "主动公开规范性文件", "条", group=_EARLIER),
        Indicator("channel_gazette", "政府公报公开", "条", group=_EARLIER),
        Indicator("channel_website", "政府网站公开", "条", group=_EARLIER),
        Indicator("channel_microblog", "政府微博公开", "条", group=_EARLIER),
        Indicator("channel_wechat", "政府微信公开", "条", group=_EARLIER),
        Indicator("channel_other", "其他方式公开", "条", group=_EARLIER),
        Indicator("training_people", "接受培训人员", "人次", group=_EARLIER),
        Indicator("request_fees", "依申请公开收费", "万元", group=_EARLIER),
    )
}


def children_of(indicator: str) -> tuple[str, ...]:
    """Return the indicators whose sum is ``indicator``."""
    return tuple(one.key for one in INDICATORS.values() if one.parent == indicator)


def values_of(
    form: ReportForm, cells: Mapping[CellKey, Decimal]
) -> dict[tuple[str, str], Decimal | None]:
    """Return a report's value for each (indicator, applicant class) that its form has.

    A pair that is absent is not on the form: a gap in a series. ``None`` is a cell of the form
    that was left blank. A parent that the form does not state is the sum of its children, where
    the form has all of its own.
    """
    found: dict[tuple[str, str], Decimal | None] = {}
    for table in form.tables:
        for row in table.data_rows:
            for column in table.columns:
                fed = table.indicator(row.key, column.key)
                if fed is None or table.unit(row.key, column.key) not in NUMBERS:
                    continue
                found[fed] = cells.get((table.key, row.key, column.key))
    parents: dict[tuple[str, str], list[Decimal | None]] = {}
    for (key, applicant), value in found.items():
        parent = INDICATORS[key].parent if key in INDICATORS else ""
        if parent and (parent, applicant) not in found:
            parents.setdefault((parent, applicant), []).append(value)
    for pair, values in parents.items():
        known = [value for value in values if value is not None]
        found[pair] = sum(known, Decimal(0)) if len(known) == len(values) else None
    if form.requests is not None:
        _add_organisations(form, found)
    return found


def _add_organisations(form: ReportForm, found: dict[tuple[str, str], Decimal | None]) -> None:
    """Add the class of all organisations, which forms print as a header without a figure."""
    requests = form.requests
    table = form.table(requests.table) if requests else None
    if table is None:
        return
    grouped = [c.applicant for c in table.columns if c.group and c.applicant]
    # in the order of the form: a set's order would change with every run
    for key in dict.fromkeys(key for key, applicant in list(found) if applicant in grouped):
        values = [found.get((key, applicant)) for applicant in grouped]
        known = [value for value in values if value is not None]
        found[key, "organisations"] = sum(known, Decimal(0)) if len(known) == len(values) else None


def value_of(
    values: Mapping[tuple[str, str], Decimal | None], indicator: str, applicant: str = TOTAL
) -> Decimal | None:
    """Return one figure, or ``None`` where it is blank or not on the form."""
    return values.get((indicator, applicant))
