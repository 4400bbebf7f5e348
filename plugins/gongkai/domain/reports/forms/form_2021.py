"""The form of 国办公开办函〔2021〕30号, for reports on 2021 and later; labels verbatim."""

from __future__ import annotations

from gongkai.domain.reports.form import (
    FigureColumn,
    FigureRow,
    FigureTable,
    Limit,
    ReportForm,
    Stock,
)
from gongkai.domain.reports.forms import common

_OTHERWISE = (common.RESULTS, "（六）其他处理")
_OTHERWISE_ROWS = (
    FigureRow(
        "other_not_corrected",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        _OTHERWISE,
        "otherwise_closed_not_corrected",
    ),
    FigureRow(
        "other_fee_unpaid",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        _OTHERWISE,
        "otherwise_closed_fee_unpaid",
    ),
    FigureRow("other_other", "3.其他", _OTHERWISE, "otherwise_closed_other"),
)
_MADE = ("issued", "repealed", "in_force")
_PROACTIVE = (
    FigureTable(
        "s2_art20_1",
        "第二十条第（一）项",
        (
            FigureColumn("issued", "本年制发件数", indicator="issued"),
            FigureColumn("repealed", "本年废止件数", indicator="repealed"),
            FigureColumn("in_force", "现行有效件数", indicator="in_force"),
        ),
        (
            FigureRow("rules", "规章", (), "rules"),
            FigureRow("normative", "行政规范性文件", (), "normative"),
        ),
    ),
    FigureTable(
        "s2_art20_5",
        "第二十条第（五）项",
        (FigureColumn("decisions", "本年处理决定数量"),),
        (FigureRow("licence", "行政许可", (), "licences"),),
    ),
    FigureTable(
        "s2_art20_6",
        "第二十条第（六）项",
        (FigureColumn("decisions", "本年处理决定数量"),),
        (
            FigureRow("penalty", "行政处罚", (), "penalties"),
            FigureRow("coercion", "行政强制", (), "coercions"),
        ),
    ),
    FigureTable(
        "s2_art20_8",
        "第二十条第（八）项",
        (FigureColumn("amount", "本年收费金额（单位：万元）", unit="money", measure="万元"),),
        (FigureRow("fees", "行政事业性收费", (), "fees"),),
    ),
)

FORM = ReportForm(
    name="2021",
    title="中华人民共和国政府信息公开工作年度报告格式",
    instrument="国办公开办函〔2021〕30号",
    years=(2021, None),
    parts=common.parts(_PROACTIVE),
    tables=(*_PROACTIVE, common.request_figures(_OTHERWISE_ROWS), common.DISPUTE_TABLE),
    equations=common.equations(_OTHERWISE_ROWS),
    # "Suits after review do not exceed concluded reviews" (S4-AFTER-CAP) is no limit here: the
    # reviews of all earlier years count on its right side, and no report states them.
    limits=(
        Limit(
            "S2-CAP",
            "s2_art20_1",
            "row",
            ("issued",),
            ("in_force", "repealed"),
            "warning",
            "本年制发的，年末或者现行有效，或者已经废止",
        ),
    ),
    carried_over=common.CARRIED_OVER,
    stocks=(Stock("S2-STOCK", "s2_art20_1", "in_force", "issued", "repealed"),),
    retained=common.RETAINED,
    requests=common.register_places(_OTHERWISE_ROWS),
    sources={
        **common.sources_of_row("s2_art20_1", "rules", "catalogue.rule", _MADE),
        **common.sources_of_row("s2_art20_1", "normative", "catalogue.normative", _MADE),
        ("s2_art20_5", "licence", "decisions"): "decisions.licence",
        ("s2_art20_6", "penalty", "decisions"): "decisions.penalty",
        ("s2_art20_6", "coercion", "decisions"): "decisions.coercion",
        ("s2_art20_8", "fees", "amount"): "decisions.fee",
    },
    deadlines=common.DEADLINES,
)
