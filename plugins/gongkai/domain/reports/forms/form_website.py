"""政府网站工作年度报表 (国办函〔2018〕12号): the yearly report on the web site itself.

Due on 31 January and linked from the home page. The notice was read, its annex was not: labels
follow the form as sites commonly publish it and are unverified, and so are the identities
between them, which therefore only warn, but for the three classes that 信息发布 is made of.
To change the list of cells, change ``_LINES``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gongkai.domain.reports.form import (
    CellKey,
    Equation,
    FigureColumn,
    FigureRow,
    FigureTable,
    Implication,
    Kind,
    Limit,
    Part,
    ReportForm,
)

TABLE, COLUMN = "website", "value"


class _Line(NamedTuple):
    """One line of the form; a heading has no ``kind``, ``source`` names what counts the cell."""

    key: str
    label: str
    kind: Kind | None = None
    measure: str = ""
    level: int = 1
    source: str = ""


_LINES = (
    _Line("basics", "基本信息", level=0),
    _Line("site_name", "网站名称", "text"),
    _Line("home_url", "首页网址", "text"),
    _Line("organizer", "主办单位", "text"),
    _Line("site_type", "网站类型（政府门户网站、部门网站或专项网站）", "text"),
    _Line("id_code", "政府网站标识码", "text"),
    _Line("icp", "ICP备案号", "text"),
    _Line("police", "公安机关备案号", "text"),
    _Line("visits", "访问量", level=0),
    _Line("unique_visitors", "独立用户访问总量", "count", "个"),
    _Line("total_visits", "网站总访问量", "count", "次"),
    _Line("publishing", "信息发布", level=0),
    _Line("published", "信息发布总数", "count", "条", source="site.total"),
    _Line("overview", "概况类信息更新量", "count", "条", level=2, source="site.type.概况类"),
    _Line("news", "政务动态信息更新量", "count", "条", level=2, source="site.type.政务动态"),
    _Line(
        "catalogue",
        "信息公开目录信息更新量",
        "count",
        "条",
        level=2,
        source="site.type.信息公开目录",
    ),
    _Line("topics", "专栏专题", level=0),
    _Line("topics_kept", "维护数量", "count", "个"),
    _Line("topics_new", "新开设数量", "count", "个"),
    _Line("answers", "解读回应", level=0),
    _Line("interpretations", "解读信息发布总数", "count", "条", source="site.interpretations"),
    _Line("materials", "解读材料数量", "count", "条", level=2),
    _Line("products", "解读产品数量", "count", "个", level=2),
    _Line("comments", "媒体评论文章数量", "count", "篇", level=2),
    _Line("responses", "回应公众关注热点或重大舆情数量", "count", "次"),
    _Line("service", "办事服务", level=0),
    _Line("has_service_list", "是否发布服务事项目录", "flag"),
    _Line("users", "注册用户数", "count", "个"),
    _Line("services", "政务服务事项数量", "count", "项", source="site.services"),
    _Line("services_online", "可全程在线办理政务服务事项数量", "count", "项"),
    _Line("cases", "办件量总数", "count", "件"),
    _Line("cases_natural", "自然人办件量", "count", "件", level=2),
    _Line("cases_legal", "法人办件量", "count", "件", level=2),
    _Line("interaction", "互动交流", level=0),
    _Line("has_platform", "是否使用统一平台", "flag"),
    _Line("letters", "留言办理：收到留言数量", "count", "条"),
    _Line("letters_closed", "留言办理：办结留言数量", "count", "条"),
    _Line("letters_days", "留言办理：平均办理时间", "rate", "天"),
    _Line("letters_published", "留言办理：公开答复数量", "count", "条"),
    _Line("surveys", "征集调查：征集调查期数", "count", "期", source="site.consultations"),
    _Line("survey_comments", "征集调查：收到意见数量", "count", "条"),
    _Line(
        "survey_results",
        "征集调查：公布调查结果期数",
        "count",
        "期",
        source="site.consultation_results",
    ),
    _Line("interviews", "在线访谈：访谈期数", "count", "期"),
    _Line("interview_comments", "在线访谈：网民留言数量", "count", "条"),
    _Line("interview_answers", "在线访谈：答复网民提问数量", "count", "条"),
    _Line("has_smart_answers", "是否提供智能问答", "flag"),
    _Line("security", "安全防护", level=0),
    _Line("checks", "安全检测评估次数", "count", "次"),
    _Line("faults", "发现问题数量", "count", "个"),
    _Line("faults_mended", "问题整改数量", "count", "个"),
    _Line("has_monitoring", "是否建立安全监测预警机制", "flag"),
    _Line("has_drill", "是否开展应急演练", "flag"),
    _Line("has_officer", "是否明确网站安全责任人", "flag"),
    _Line("media", "移动新媒体", level=0),
    _Line("has_media", "是否有移动新媒体", "flag"),
    _Line("weibo", "微博：名称", "text", level=2),
    _Line("weibo_posts", "微博：信息发布量", "count", "条", level=2),
    _Line("weibo_followers", "微博：关注量", "count", "个", level=2),
    _Line("wechat", "微信：名称", "text", level=2),
    _Line("wechat_posts", "微信：信息发布量", "count", "条", level=2),
    _Line("wechat_subscribers", "微信：订阅数", "count", "个", level=2),
    _Line("other_media", "其他移动新媒体", "text", level=2),
    _Line("innovation", "创新发展", level=0),
    _Line("has_search_service", "搜索即服务", "flag"),
    _Line("has_languages", "多语言版本", "flag"),
    _Line("has_accessibility", "无障碍浏览", "flag"),
    _Line("has_personal_pages", "千人千网", "flag"),
)
_SOURCES: dict[CellKey, str] = {
    (TABLE, line.key, COLUMN): line.source for line in _LINES if line.source
}


def _rows() -> Iterator[FigureRow]:
    """Yield the lines with the labels above them, so that a figure has a full name."""
    above: list[str] = []
    for line in _LINES:
        del above[line.level :]
        yield FigureRow(
            line.key,
            line.label,
            tuple(above),
            unit=line.kind,
            measure=line.measure,
            level=line.level,
            is_heading=line.kind is None,
        )
        above.append(line.label)


FORM = ReportForm(
    name="website",
    title="政府网站工作年度报表",
    instrument="国办函〔2018〕12号",
    years=(2018, None),
    parts=(Part("website", "", "政府网站工作年度报表", (TABLE,)),),
    tables=(
        FigureTable(
            TABLE,
            "政府网站工作年度报表",
            (FigureColumn(COLUMN, "填报内容", measure=""),),
            tuple(_rows()),
            corner="指标",
            layout="tree",
        ),
    ),
    equations=(
        Equation(
            "WS-PUBLISHED",
            TABLE,
            "column",
            ("published",),
            ("overview", "news", "catalogue"),
            words="信息发布总数＝概况类＋政务动态＋信息公开目录",
        ),
        Equation(
            "WS-CASES",
            TABLE,
            "column",
            ("cases",),
            ("cases_natural", "cases_legal"),
            "warning",
            "办件量总数＝自然人办件量＋法人办件量",
        ),
    ),
    limits=(
        Limit(
            "WS-READING",
            TABLE,
            "column",
            ("materials", "products", "comments"),
            ("interpretations",),
            "warning",
            "解读材料、解读产品和评论文章之和不大于解读信息发布总数",
        ),
        Limit(
            "WS-ONLINE",
            TABLE,
            "column",
            ("services_online",),
            ("services",),
            "warning",
            "可全程在线办理的事项不多于政务服务事项",
        ),
        Limit(
            "WS-LETTERS",
            TABLE,
            "column",
            ("letters_closed",),
            ("letters",),
            "warning",
            "办结留言不多于收到留言；办结上年留言的请说明",
        ),
        Limit(
            "WS-ANSWERED",
            TABLE,
            "column",
            ("letters_published",),
            ("letters_closed",),
            "warning",
            "公开答复不多于办结留言",
        ),
        Limit(
            "WS-SURVEYS",
            TABLE,
            "column",
            ("survey_results",),
            ("surveys",),
            "warning",
            "公布结果的期数不多于征集调查期数；公布上年结果的请说明",
        ),
        Limit(
            "WS-MENDED",
            TABLE,
            "column",
            ("faults_mended",),
            ("faults",),
            "warning",
            "问题整改数量不大于发现问题数量",
        ),
        Limit(
            "WS-TOPICS",
            TABLE,
            "column",
            ("topics_new",),
            ("topics_kept",),
            "warning",
            "新开设的专栏专题不多于维护的专栏专题",
        ),
    ),
    implications=(
        Implication(
            "WS-MEDIA",
            TABLE,
            ("weibo", "wechat", "other_media"),
            "has_media",
            words="写有微博、微信或其他新媒体的，“是否有移动新媒体”应为“是”",
        ),
        Implication(
            "WS-CHECKS",
            TABLE,
            ("faults",),
            "checks",
            words="发现问题的，应有安全检测评估次数",
        ),
    ),
    sources=_SOURCES,
    subject="website",
    deadlines=dict.fromkeys(("county", "department", "town", "zone"), (1, 31)),
)
