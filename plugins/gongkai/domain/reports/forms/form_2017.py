"""政府信息公开情况统计表 of 国办发〔2014〕32号, for reports on 2014 to 2018; labels verbatim.

The labels, misprints included, are those of the sheet that 乌海市 used for 2017; part ten is that
city's own. An office left blank what did not occur, so that a blank beside a figure adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

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

TABLE, VALUE = "statistics", "value"
_HEADING_MARK = "—"  # printed in the unit column of a line without a figure
_KINDS: dict[str, Kind] = {"万元": "money", "是/否": "flag", "": "text"}


def _heading(level: int, key: str, label: str, mark: str = _HEADING_MARK) -> FigureRow:
    return FigureRow(key, label, measure=mark, level=level, is_heading=True)


def _line(
    level: int,
    key: str,
    label: str,
    measure: str,
    indicator: str = "",
    *,
    corrected: str = "",
    note: str = "",
) -> FigureRow:
    return FigureRow(
        key,
        label,
        indicator=indicator,
        unit=_KINDS.get(measure, "count"),
        measure=measure,
        level=level,
        corrected=corrected,
        note=note,
    )


# Granted and refused join no series with 2019 and later: these lines count letters of answer, of
# which one application may get several, and sort them by the grounds of the 2007 条例; answers
# that ask for a correction are among them. For the same reason 申请办结数 is not 办理结果总计.
_LINES = (
    _heading(0, "proactive", "一、主动公开情况"),
    _line(
        1,
        "disclosed",
        "（一）主动公开政府信息数",
        "条",
        "disclosed",
        note="（不同渠道和方式公开相同信息计1条）",
    ),
    _line(2, "disclosed_normative", "其中：主动公开规范性文件数", "条", "disclosed_normative"),
    _line(2, "normative_issued", "制发规范性文件总数", "条", "normative_issued"),
    _heading(1, "channels", "（二）通过不同渠道和方式公开政府信息的情况"),
    _line(2, "channel_gazette", "1.政府公报公开政府信息数", "条", "channel_gazette"),
    _line(2, "channel_website", "2.政府网站公开政府信息数", "条", "channel_website"),
    _line(2, "channel_microblog", "3.政府微博公开政府信息数", "条", "channel_microblog"),
    _line(2, "channel_wechat", "4.政府微信公开政府信息数", "条", "channel_wechat"),
    _line(2, "channel_other", "5.其他方式公开政府信息数", "条", "channel_other"),
    _heading(0, "responses", "二、回应解读情况"),
    _line(
        1,
        "hot_topics",
        "（一）回应公众关注热点或重大舆情数",
        "次",
        note="（不同方式回应同一热点或舆情计1次）",
    ),
    _heading(1, "response_channels", "（二）通过不同渠道和方式回应解读的情况"),
    _line(2, "press_conferences", "1.参加或举办新闻发布会总次数", "次"),
    _line(3, "press_conferences_by_head", "其中：主要负责同志参加新闻发布会次数", "次"),
    _line(2, "online_interviews", "2.政府网站在线访谈次数", "次"),
    _line(3, "online_interviews_by_head", "其中：主要负责同志参加政府网站在线访谈次数", "次"),
    _line(2, "interpretations", "3.政策解读稿件发布数", "篇"),
    _line(2, "social_media_responses", "4.微博微信回应件数", "次"),
    _line(2, "other_responses", "5.其他方式回应数", "次"),
    _heading(0, "applications", "三、依申请公开情况"),
    _line(1, "received", "（一）收到申请数", "件", "received"),
    _line(2, "received_in_person", "1.当面申请数", "件"),
    _line(2, "received_by_fax", "2.传真申请数", "件"),
    _line(2, "received_online", "3.网络申请数", "件"),
    _line(2, "received_by_letter", "4.信函申请数", "件"),
    _line(1, "concluded", "（二）申请办结数", "件"),
    _line(2, "concluded_in_time", "1.按时办结数", "件"),
    _line(2, "concluded_extended", "2.延期办结数", "件"),
    _line(1, "answered", "（三）申请答复数", "件"),
    _line(2, "answered_already_public", "1.属于已主动公开范围数", "件"),
    _line(2, "answered_granted", "2.同意公开答复数", "件"),
    _line(2, "answered_partly", "3.同意部分公开答复数", "件"),
    _line(2, "answered_refused", "4.不同意公开答复数", "件"),
    _line(3, "refused_state_secret", "其中：涉及国家秘密的", "件"),
    _line(3, "refused_trade_secret", "涉及商业秘密的", "件"),
    _line(3, "refused_privacy", "涉及个人秘密的", "件", corrected="涉及个人隐私的"),
    _line(
        3,
        "refused_safety",
        "危机国家安全、公共安全、经济安全和社会稳定",
        "件",
        corrected="危及国家安全、公共安全、经济安全和社会稳定的",
    ),
    _line(3, "refused_not_government", "不是《条例》所指应公开的政府信息", "件"),
    _line(3, "refused_other", "法律法规规定的其他情形", "件"),
    _line(2, "answered_not_ours", "5.不属于本行政机关公开数", "件"),
    _line(2, "answered_not_existing", "6.申请信息不存在数", "件"),
    _line(2, "answered_to_correct", "7.告知作出更改补充数", "件"),
    _line(
        2,
        "answered_elsewhere",
        "8.告知通过转其他途径办理数",
        "件",
        corrected="8.告知通过其他途径办理数",
    ),
    _heading(0, "reconsideration", "四、行政复议数量"),
    _line(1, "reconsideration_upheld", "（一）维持具体行政行为数", "件", "reconsideration_upheld"),
    _line(1, "reconsideration_corrected", "（二）被依法纠错数", "件", "reconsideration_corrected"),
    _line(1, "reconsideration_other", "（三）其他情形数", "件", "reconsideration_other"),
    _heading(0, "litigation", "五、行政诉讼数量"),
    _line(
        1,
        "litigation_upheld",
        "（一）维持具体行政行为或者驳回原告诉讼请求数",
        "件",
        "litigation_upheld",
    ),
    _line(1, "litigation_corrected", "（二）被依法纠错数", "件", "litigation_corrected"),
    _line(1, "litigation_other", "（三）其他情形数", "件", "litigation_other"),
    _line(0, "complaints", "六、举报投诉数量", "件"),
    _line(0, "request_fees", "七、依申请公开信息收取的费用", "万元", "request_fees"),
    _heading(0, "support", "八、机构建设和保障经费情况"),
    _line(1, "offices", "（一）政府信息公开工作专门机构数", "个"),
    _line(1, "reading_places", "（二）设置政府信息公开查阅点数", "个"),
    _line(1, "staff", "（三）从事政府信息公开工作人员数", "人"),
    _line(2, "staff_full_time", "1.专职人员数（不包括政府公报及政府网站工作人员数）", "人"),
    _line(2, "staff_part_time", "2.兼职人员数", "人"),
    _line(
        1,
        "budget",
        "（四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）",
        "万元",
    ),
    _heading(0, "meetings_and_training", "九、政府信息公开会议和培训情况"),
    _line(1, "meetings", "（一）召开政府信息公开工作会议或专题会议数", "次"),
    _line(1, "training_courses", "（二）举办各类培训班数", "次"),
    _line(1, "training_people", "（三）接受培训人员数", "人次", "training_people"),
    _heading(0, "service_halls", "十、部门设立实体、网上办事大厅情况", ""),
    _line(1, "hall", "（一）是否设立实体办事大厅", "是/否"),
    _line(1, "hall_matters", "（二）实体办事大厅办理事项内容（可附页说明）", ""),
    _line(1, "hall_supervised_online", "（三）是否与电子监察系统联网", "是/否"),
    _line(1, "online_services", "（四）部门网站是否具备网上办事功能", "是/否"),
    _line(1, "online_matters", "（五）网上办理事项内容", ""),
)
# the form prints 制发规范性文件总数 below 主动公开政府信息数, of which it is not a part
_NO_PART_OF_ITS_PARENT = "normative_issued"


def _rows(lines: tuple[FigureRow, ...]) -> Iterator[FigureRow]:
    """Yield the lines with the labels above them, and part ten marked as local."""
    above: list[str] = []
    is_local = False
    for line in lines:
        del above[line.level :]
        is_local = is_local or line.key == "service_halls"
        headers = above[:1] if line.key == _NO_PART_OF_ITS_PARENT else above
        yield replace(line, headers=tuple(headers), is_local=is_local)
        above.append(line.corrected or line.label)


_CHANNELS = ("gazette", "website", "microblog", "wechat", "other")
_CHANNEL_ROWS = tuple(f"channel_{name}" for name in _CHANNELS)


def _sum(id: str, total: str, parts: tuple[str, ...], words: str) -> Equation:
    return Equation(id, TABLE, "column", (total,), parts, words=words)


def _of_which(part: str, whole: str) -> Limit:
    return Limit("ST-OFW", TABLE, "column", (part,), (whole,), words="“其中”数不大于总数")


def _cell(row: str) -> CellKey:
    return TABLE, row, VALUE


FORM = ReportForm(
    name="2017",
    title="政府信息公开情况统计表",
    instrument="国办发〔2014〕32号",
    years=(2014, 2018),
    parts=(Part("statistics", "", "政府信息公开情况统计表", (TABLE,)),),
    tables=(
        FigureTable(
            TABLE,
            "政府信息公开情况统计表",
            (FigureColumn(VALUE, "统计数", measure=""),),
            tuple(_rows(_LINES)),
            corner="统计指标",
            layout="tree",
        ),
    ),
    equations=(
        _sum(
            "ST-APP",
            "received",
            ("received_in_person", "received_by_fax", "received_online", "received_by_letter"),
            "收到申请数＝当面、传真、网络、信函申请数之和",
        ),
        _sum(
            "ST-DONE",
            "concluded",
            ("concluded_in_time", "concluded_extended"),
            "申请办结数＝按时办结数＋延期办结数",
        ),
        _sum(
            "ST-ANS",
            "answered",
            (
                "answered_already_public",
                "answered_granted",
                "answered_partly",
                "answered_refused",
                "answered_not_ours",
                "answered_not_existing",
                "answered_to_correct",
                "answered_elsewhere",
            ),
            "申请答复数＝八类答复数之和",
        ),
        _sum(
            "ST-DENY",
            "answered_refused",
            (
                "refused_state_secret",
                "refused_trade_secret",
                "refused_privacy",
                "refused_safety",
                "refused_not_government",
                "refused_other",
            ),
            "不同意公开答复数＝六种情形之和（末项为其他情形，没有遗漏）",
        ),
        Equation(
            "ST-ANSDONE",
            TABLE,
            "column",
            ("answered",),
            ("concluded",),
            "warning",
            "一件申请一般答复一次；有例外的请说明",
        ),
        _sum(
            "ST-STAFF",
            "staff",
            ("staff_full_time", "staff_part_time"),
            "工作人员数＝专职人员数＋兼职人员数",
        ),
    ),
    limits=(
        _of_which("disclosed_normative", "disclosed"),
        _of_which("press_conferences_by_head", "press_conferences"),
        _of_which("online_interviews_by_head", "online_interviews"),
        Limit(
            "ST-NORM",
            TABLE,
            "column",
            ("disclosed_normative",),
            ("normative_issued",),
            "warning",
            "主动公开规范性文件数不大于制发总数；公开了往年文件的请说明",
        ),
        *(
            Limit(
                "ST-DEDUP",
                TABLE,
                "column",
                (row,),
                ("disclosed",),
                words="一条信息在一个渠道至多计一次，任一渠道的数不大于主动公开数",
            )
            for row in _CHANNEL_ROWS
        ),
        Limit(
            "ST-DEDUP",
            TABLE,
            "column",
            ("disclosed",),
            _CHANNEL_ROWS,
            words="每条信息至少经一个渠道公开，主动公开数不大于各渠道之和",
        ),
        # no line of the form states what was left unfinished, so that the excess is asked about
        Limit(
            "ST-DONE2",
            TABLE,
            "column",
            ("concluded",),
            ("received",),
            "warning",
            "办结数不大于收到数与上年未办结数之和；办结了上年申请的请说明",
        ),
    ),
    implications=(
        Implication(
            "ST-RESP",
            TABLE,
            ("social_media_responses", "other_responses"),
            "hot_topics",
            words="有回应的，回应热点或舆情数不为零",
        ),
        Implication(
            "ST-TRAIN",
            TABLE,
            ("training_people",),
            "training_courses",
            words="有人接受培训而没有举办培训班的，请说明由谁培训",
        ),
        Implication(
            "ST-HALL",
            TABLE,
            ("hall_matters",),
            "hall",
            words="没有实体办事大厅的，不填办理事项",
        ),
        Implication(
            "ST-HALL",
            TABLE,
            ("online_matters",),
            "online_services",
            words="没有网上办事功能的，不填办理事项",
        ),
    ),
    sources={
        _cell("disclosed"): "entries.all",
        _cell("disclosed_normative"): "entries.normative",
        _cell("normative_issued"): "catalogue.normative.issued",
        **{_cell(f"channel_{name}"): f"entries.channel.{name}" for name in _CHANNELS},
        _cell("interpretations"): "entries.interpretations",
    },
    takes_named_figures=True,
    blank_is_zero=True,
    # 条例 (2007) art. 31: every agency, towns included, by 31 March
    deadlines=dict.fromkeys(("county", "department", "town", "zone"), (3, 31)),
)
