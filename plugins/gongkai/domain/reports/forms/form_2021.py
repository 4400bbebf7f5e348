"""The form of 国办公开办函〔2021〕30号, for reports on 2021 and later; labels verbatim."""

from __future__ import annotations

from gongkai.domain.reports.form import (
    CarriedOver,
    Equation,
    FigureColumn,
    FigureRow,
    FigureTable,
    Part,
    ReportForm,
    Stock,
)

_ORGANISATIONS = "法人或其他组织"
_APPLICANTS = (
    FigureColumn("natural", "自然人"),
    FigureColumn("enterprise", "商业企业", _ORGANISATIONS),
    FigureColumn("research", "科研机构", _ORGANISATIONS),
    FigureColumn("charity", "社会公益组织", _ORGANISATIONS),
    FigureColumn("legal", "法律服务机构", _ORGANISATIONS),
    FigureColumn("other_org", "其他", _ORGANISATIONS),
    FigureColumn("total", "总计"),
)
_RESULTS = "三、本年度办理结果"
_DENIED, _UNABLE = (_RESULTS, "（三）不予公开"), (_RESULTS, "（四）无法提供")
_UNPROCESSED, _OTHER = (_RESULTS, "（五）不予处理"), (_RESULTS, "（六）其他处理")
_RESULT_ROWS = (
    FigureRow("granted", "（一）予以公开", (_RESULTS,), "granted"),
    FigureRow(
        "partial",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        (_RESULTS,),
        "partly_granted",
    ),
    FigureRow("denied_state_secret", "1.属于国家秘密", _DENIED, "refused"),
    FigureRow("denied_by_law", "2.其他法律行政法规禁止公开", _DENIED, "refused"),
    FigureRow("denied_safety", "3.危及“三安全一稳定”", _DENIED, "refused"),
    FigureRow("denied_third_party", "4.保护第三方合法权益", _DENIED, "refused"),
    FigureRow("denied_internal", "5.属于三类内部事务信息", _DENIED, "refused"),
    FigureRow("denied_deliberative", "6.属于四类过程性信息", _DENIED, "refused"),
    FigureRow("denied_case_file", "7.属于行政执法案卷", _DENIED, "refused"),
    FigureRow("denied_registry", "8.属于行政查询事项", _DENIED, "refused"),
    FigureRow("unable_not_held", "1.本机关不掌握相关政府信息", _UNABLE, "unavailable"),
    FigureRow("unable_must_create", "2.没有现成信息需要另行制作", _UNABLE, "unavailable"),
    FigureRow("unable_unclear", "3.补正后申请内容仍不明确", _UNABLE, "unavailable"),
    FigureRow("np_petition", "1.信访举报投诉类申请", _UNPROCESSED, "not_processed"),
    FigureRow("np_repeat", "2.重复申请", _UNPROCESSED, "not_processed"),
    FigureRow("np_publication", "3.要求提供公开出版物", _UNPROCESSED, "not_processed"),
    FigureRow("np_mass", "4.无正当理由大量反复申请", _UNPROCESSED, "not_processed"),
    FigureRow(
        "np_reconfirm", "5.要求行政机关确认或重新出具已获取信息", _UNPROCESSED, "not_processed"
    ),
    FigureRow(
        "other_not_corrected",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        _OTHER,
        "otherwise_closed",
    ),
    FigureRow(
        "other_fee_unpaid",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        _OTHER,
        "otherwise_closed",
    ),
    FigureRow("other_other", "3.其他", _OTHER, "otherwise_closed"),
)
_OUTCOMES = (
    FigureColumn("upheld", "结果维持"),
    FigureColumn("corrected", "结果纠正"),
    FigureColumn("other", "其他结果"),
    FigureColumn("pending", "尚未审结"),
    FigureColumn("total", "总计"),
)
_COUNTED = ("upheld", "corrected", "other", "pending")

FORM = ReportForm(
    name="2021",
    title="中华人民共和国政府信息公开工作年度报告格式",
    instrument="国办公开办函〔2021〕30号",
    years=(2021, None),
    parts=(
        Part("s1_overview", "一", "总体情况"),
        Part(
            "s2_proactive",
            "二",
            "主动公开政府信息情况",
            ("s2_art20_1", "s2_art20_5", "s2_art20_6", "s2_art20_8"),
        ),
        Part("s3_requests", "三", "收到和处理政府信息公开申请情况", ("s3_requests",)),
        Part("s4_review", "四", "政府信息公开行政复议、行政诉讼情况", ("s4_review",)),
        Part("s5_problems", "五", "存在的主要问题及改进情况"),
        Part("s6_other", "六", "其他需要报告的事项"),
    ),
    tables=(
        FigureTable(
            "s2_art20_1",
            "第二十条第（一）项",
            (
                FigureColumn("issued", "本年制发件数"),
                FigureColumn("repealed", "本年废止件数"),
                FigureColumn("in_force", "现行有效件数"),
            ),
            (FigureRow("rules", "规章"), FigureRow("normative", "行政规范性文件")),
        ),
        FigureTable(
            "s2_art20_5",
            "第二十条第（五）项",
            (FigureColumn("decisions", "本年处理决定数量"),),
            (FigureRow("licence", "行政许可"),),
        ),
        FigureTable(
            "s2_art20_6",
            "第二十条第（六）项",
            (FigureColumn("decisions", "本年处理决定数量"),),
            (FigureRow("penalty", "行政处罚"), FigureRow("coercion", "行政强制")),
        ),
        FigureTable(
            "s2_art20_8",
            "第二十条第（八）项",
            (FigureColumn("amount", "本年收费金额（单位：万元）", unit="money"),),
            (FigureRow("fees", "行政事业性收费"),),
        ),
        FigureTable(
            "s3_requests",
            "收到和处理政府信息公开申请情况",
            _APPLICANTS,
            (
                FigureRow("new", "一、本年新收政府信息公开申请数量", (), "received"),
                FigureRow("carried_in", "二、上年结转政府信息公开申请数量", (), "carried_in"),
                *_RESULT_ROWS,
                FigureRow("results_total", "（七）总计", (_RESULTS,)),
                FigureRow("carried_out", "四、结转下年度继续办理", (), "carried_out"),
            ),
            corner="",
            column_head="申请人情况",
            corner_note="（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
            layout="matrix",
        ),
        FigureTable(
            "s4_review",
            "政府信息公开行政复议、行政诉讼情况",
            _OUTCOMES,
            (
                FigureRow("review", "行政复议"),
                FigureRow("litigation_direct", "未经复议直接起诉", ("行政诉讼",)),
                FigureRow("litigation_after_review", "复议后起诉", ("行政诉讼",)),
            ),
            layout="wide",
        ),
    ),
    equations=(
        Equation(
            "S3-ROW", "s3_requests", "row", ("total",), tuple(c.key for c in _APPLICANTS[:-1])
        ),
        Equation(
            "S3-COL",
            "s3_requests",
            "column",
            ("results_total",),
            tuple(r.key for r in _RESULT_ROWS),
        ),
        Equation(
            "S3-BAL",
            "s3_requests",
            "column",
            ("new", "carried_in"),
            ("results_total", "carried_out"),
        ),
        Equation("S4", "s4_review", "row", ("total",), _COUNTED),
    ),
    carried_over=(CarriedOver("S3-PREV", "s3_requests", "carried_in", "carried_out"),),
    stocks=(Stock("S2-STOCK", "s2_art20_1", "in_force", "issued", "repealed"),),
    deadlines={"department": (1, 31), "county": (3, 31)},  # 条例 art. 49; towns have no date there
)
