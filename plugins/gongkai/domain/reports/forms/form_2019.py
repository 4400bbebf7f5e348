"""The form of 国办公开办函〔2019〕60号（试行）, for reports on 2019 and 2020; labels verbatim.

Its table two counts items of power rather than files and fees, so that few of its figures join
those of later years: what an agency made in the year and how many decisions it took.
"""

from __future__ import annotations

from gongkai.domain.reports.form import (
    NO_INDICATOR,
    FigureColumn,
    FigureRow,
    FigureTable,
    ReportForm,
)
from gongkai.domain.reports.forms import common

_OTHERWISE_ROWS = (FigureRow("other", "（六）其他处理", (common.RESULTS,), "otherwise_closed"),)
_ITEMS = (
    FigureColumn("items_before", "上一年项目数量", measure="项", indicator=NO_INDICATOR),
    FigureColumn("change", "本年增/减", unit="change", measure="项", indicator=NO_INDICATOR),
)
_DECISIONS = (*_ITEMS, FigureColumn("decisions", "处理决定数量"))
_PROACTIVE = (
    FigureTable(
        "s2_art20_1",
        "第二十条第（一）项",
        (
            FigureColumn("made", "本年新制作数量", indicator="issued"),
            # what is open to the public includes what no longer holds: it is not 现行有效件数
            FigureColumn("opened", "本年新公开数量", indicator=NO_INDICATOR),
            FigureColumn("open", "对外公开总数量", indicator=NO_INDICATOR),
        ),
        (
            FigureRow("rules", "规章", (), "rules"),
            FigureRow("normative", "规范性文件", (), "normative"),
        ),
    ),
    FigureTable(
        "s2_art20_5",
        "第二十条第（五）项",
        _DECISIONS,
        (
            FigureRow("licence", "行政许可", (), "licences"),
            FigureRow("service", "其他对外管理服务事项"),
        ),
    ),
    FigureTable(
        "s2_art20_6",
        "第二十条第（六）项",
        _DECISIONS,
        (
            FigureRow("penalty", "行政处罚", (), "penalties"),
            FigureRow("coercion", "行政强制", (), "coercions"),
        ),
    ),
    # how many fees there are, not what they brought in: no series with 本年收费金额
    FigureTable("s2_art20_8", "第二十条第（八）项", _ITEMS, (FigureRow("fees", "行政事业性收费"),)),
    FigureTable(
        "s2_art20_9",
        "第二十条第（九）项",
        (
            FigureColumn("purchases", "采购项目数量", measure="项"),
            FigureColumn("amount", "采购总金额", unit="money", measure=""),  # the form states none
        ),
        (FigureRow("procurement", "政府集中采购"),),
    ),
)

FORM = ReportForm(
    name="2019",
    title="中华人民共和国政府信息公开工作年度报告格式（试行）",
    instrument="国办公开办函〔2019〕60号",
    years=(2019, 2020),
    parts=common.parts(_PROACTIVE),
    tables=(*_PROACTIVE, common.request_figures(_OTHERWISE_ROWS), common.DISPUTE_TABLE),
    equations=common.equations(_OTHERWISE_ROWS),
    carried_over=common.CARRIED_OVER,
    retained=common.RETAINED,
    requests=common.register_places(
        _OTHERWISE_ROWS,
        dict.fromkeys(("other_not_corrected", "other_fee_unpaid", "other_other"), "other"),
    ),
    sources={
        ("s2_art20_1", "rules", "made"): "catalogue.rule.issued",
        ("s2_art20_1", "normative", "made"): "catalogue.normative.issued",
        ("s2_art20_5", "licence", "decisions"): "decisions.licence",
        ("s2_art20_6", "penalty", "decisions"): "decisions.penalty",
        ("s2_art20_6", "coercion", "decisions"): "decisions.coercion",
    },
    deadlines=common.DEADLINES,
)
