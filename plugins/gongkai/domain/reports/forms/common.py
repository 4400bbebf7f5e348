"""What the national forms since 2019 share: applicants, results, reviews and suits, identities.

国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号 print tables three and four alike, except for
（六）其他处理, which the later form divides. Labels are verbatim.
"""

from __future__ import annotations

from collections.abc import Mapping

from gongkai.domain.reports.form import (
    TOTAL,
    CarriedOver,
    CellKey,
    Equation,
    FigureColumn,
    FigureRow,
    FigureTable,
    Part,
    RequestTable,
    Retained,
)

REQUESTS, DISPUTES = "s3_requests", "s4_review"
# 条例 (2019) art. 49: departments by 31 January, governments by 31 March; towns have no date there
DEADLINES: Mapping[str, tuple[int, int]] = {"department": (1, 31), "county": (3, 31)}

_ORGANISATIONS = "法人或其他组织"
APPLICANTS = (
    FigureColumn("natural", "自然人", applicant="natural"),
    FigureColumn("enterprise", "商业企业", _ORGANISATIONS, applicant="enterprise"),
    FigureColumn("research", "科研机构", _ORGANISATIONS, applicant="research"),
    FigureColumn("charity", "社会公益组织", _ORGANISATIONS, applicant="charity"),
    FigureColumn("legal", "法律服务机构", _ORGANISATIONS, applicant="legal"),
    FigureColumn("other_org", "其他", _ORGANISATIONS, applicant="other_org"),
    FigureColumn("total", "总计", applicant=TOTAL),
)
_CLASSES = tuple(column.key for column in APPLICANTS[:-1])

RESULTS = "三、本年度办理结果"
_DENIED, _UNABLE = (RESULTS, "（三）不予公开"), (RESULTS, "（四）无法提供")
_UNPROCESSED = (RESULTS, "（五）不予处理")
RESULT_ROWS = (
    FigureRow("granted", "（一）予以公开", (RESULTS,), "granted"),
    FigureRow(
        "partial",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        (RESULTS,),
        "partly_granted",
    ),
    FigureRow("denied_state_secret", "1.属于国家秘密", _DENIED, "refused_state_secret"),
    FigureRow("denied_by_law", "2.其他法律行政法规禁止公开", _DENIED, "refused_by_law"),
    FigureRow("denied_safety", "3.危及“三安全一稳定”", _DENIED, "refused_safety"),
    FigureRow("denied_third_party", "4.保护第三方合法权益", _DENIED, "refused_third_party"),
    FigureRow("denied_internal", "5.属于三类内部事务信息", _DENIED, "refused_internal"),
    FigureRow("denied_deliberative", "6.属于四类过程性信息", _DENIED, "refused_deliberative"),
    FigureRow("denied_case_file", "7.属于行政执法案卷", _DENIED, "refused_case_file"),
    FigureRow("denied_registry", "8.属于行政查询事项", _DENIED, "refused_registry"),
    FigureRow("unable_not_held", "1.本机关不掌握相关政府信息", _UNABLE, "unavailable_not_held"),
    FigureRow(
        "unable_must_create", "2.没有现成信息需要另行制作", _UNABLE, "unavailable_must_create"
    ),
    FigureRow("unable_unclear", "3.补正后申请内容仍不明确", _UNABLE, "unavailable_unclear"),
    FigureRow("np_petition", "1.信访举报投诉类申请", _UNPROCESSED, "not_processed_petition"),
    FigureRow("np_repeat", "2.重复申请", _UNPROCESSED, "not_processed_repeat"),
    FigureRow("np_publication", "3.要求提供公开出版物", _UNPROCESSED, "not_processed_publication"),
    FigureRow("np_mass", "4.无正当理由大量反复申请", _UNPROCESSED, "not_processed_mass"),
    FigureRow(
        "np_reconfirm",
        "5.要求行政机关确认或重新出具已获取信息",
        _UNPROCESSED,
        "not_processed_reconfirm",
    ),
)

OUTCOMES = (
    FigureColumn("upheld", "结果维持", indicator="upheld"),
    FigureColumn("corrected", "结果纠正", indicator="corrected"),
    FigureColumn("other", "其他结果", indicator="other"),
    FigureColumn("pending", "尚未审结", indicator="pending"),
    FigureColumn("total", "总计", indicator="total"),
)
DISPUTE_TABLE = FigureTable(
    DISPUTES,
    "政府信息公开行政复议、行政诉讼情况",
    OUTCOMES,
    (
        FigureRow("review", "行政复议", (), "reconsideration"),
        FigureRow("litigation_direct", "未经复议直接起诉", ("行政诉讼",), "litigation_direct"),
        FigureRow(
            "litigation_after_review", "复议后起诉", ("行政诉讼",), "litigation_after_review"
        ),
    ),
    layout="wide",
)

CARRIED_OVER = (CarriedOver("S3-PREV", REQUESTS, "carried_in", "carried_out"),)
RETAINED = (Retained("S4-PEND", DISPUTES, "pending", "total"),)


def parts(proactive: tuple[FigureTable, ...]) -> tuple[Part, ...]:
    """Return the six parts of 条例 art. 50; part two holds the tables of ``proactive``."""
    tables = tuple(table.key for table in proactive)
    return (
        Part("s1_overview", "一", "总体情况"),
        Part("s2_proactive", "二", "主动公开政府信息情况", tables),
        Part("s3_requests", "三", "收到和处理政府信息公开申请情况", (REQUESTS,)),
        Part("s4_review", "四", "政府信息公开行政复议、行政诉讼情况", (DISPUTES,)),
        Part("s5_problems", "五", "存在的主要问题及改进情况"),
        Part("s6_other", "六", "其他需要报告的事项"),
    )


def request_figures(otherwise: tuple[FigureRow, ...]) -> FigureTable:
    """Return table three; ``otherwise`` are the rows of （六）其他处理."""
    return FigureTable(
        REQUESTS,
        "收到和处理政府信息公开申请情况",
        APPLICANTS,
        (
            FigureRow("new", "一、本年新收政府信息公开申请数量", (), "received"),
            FigureRow("carried_in", "二、上年结转政府信息公开申请数量", (), "carried_in"),
            *RESULT_ROWS,
            *otherwise,
            FigureRow("results_total", "（七）总计", (RESULTS,), "concluded"),
            FigureRow("carried_out", "四、结转下年度继续办理", (), "carried_out"),
        ),
        corner="",
        column_head="申请人情况",
        corner_note="（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        layout="matrix",
    )


def equations(otherwise: tuple[FigureRow, ...]) -> tuple[Equation, ...]:
    """Return the identities of tables three and four.

    Only S3-BAL is printed on the form; the others follow from the word 总计.
    """
    results = tuple(row.key for row in (*RESULT_ROWS, *otherwise))
    return (
        Equation(
            "S3-ROW",
            REQUESTS,
            "row",
            ("total",),
            _CLASSES,
            words="总计＝自然人＋法人或其他组织各列",
        ),
        Equation(
            "S3-COL",
            REQUESTS,
            "column",
            ("results_total",),
            results,
            words="（七）总计＝（一）至（六）各行之和",
        ),
        Equation(
            "S3-BAL",
            REQUESTS,
            "column",
            ("new", "carried_in"),
            ("results_total", "carried_out"),
            words="第一项加第二项之和，等于第三项加第四项之和",
        ),
        Equation(
            "S4",
            DISPUTES,
            "row",
            ("total",),
            ("upheld", "corrected", "other", "pending"),
            words="总计＝结果维持＋结果纠正＋其他结果＋尚未审结",
        ),
    )


def register_places(
    otherwise: tuple[FigureRow, ...], outcomes: Mapping[str, str] | None = None
) -> RequestTable:
    """Return where the register's counts belong; a result without a row of its own needs one."""
    return RequestTable(
        table=REQUESTS,
        received="new",
        carried_in="carried_in",
        results=tuple(row.key for row in (*RESULT_ROWS, *otherwise)),
        results_total="results_total",
        carried_out="carried_out",
        applicants=_CLASSES,
        total="total",
        outcomes=outcomes or {},
        disputes=DISPUTES,
        dispute_rows=("review", "litigation_direct", "litigation_after_review"),
    )


def sources_of_row(table: str, row: str, stem: str, columns: tuple[str, ...]) -> dict[CellKey, str]:
    """Return the sources of a row whose columns are named like the ends of their sources."""
    return {(table, row, column): f"{stem}.{column}" for column in columns}
