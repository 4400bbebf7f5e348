"""The prose of a yearly report into figures that its tables can be asked about.

Prose is read for what it states beyond doubt. A sentence that could mean something else is left
alone, and a difference is a question to the author: the words may count on another basis.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from gongkai.domain.reports.form import TOTAL
from gongkai.kernel.text import excerpt

Lines = Sequence[tuple[int, str]]  # (number of the source line, its text)
MismatchKind = Literal["differs", "includes_carried", "other_count"]

ALIKE_WARN = 0.6
"""From this share of shingles in common on, a report is called alike (内容雷同).

Measured on the prose of real reports: those of one city for 2023 and 2024 have 0.20 in common
either way; those of a county in 2012 and of the zone in its place in 2016 have 0.30 and 0.23;
any other two 0.01 to 0.07. A text of which only the figures changed has 1.0; one of which every
second sentence is another 0.48, every third 0.65, every fourth 0.71. The warning thus comes where
about two thirds of the sentences were kept.
"""
JUDGED_CHARACTERS = 200  # a text with fewer, figures and marks left out, is not judged
COMPARED_CHARACTERS = 200_000  # of each text at most; the longest sample has 5,000
SHINGLE = 5  # characters; shorter ones are shared by any two reports
PASSAGES = 3
PASSAGE_CHARACTERS = 20  # a shorter common passage is a turn of phrase
EXCERPT_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that the prose states, as the tables name it.

    ``line`` and ``column`` (from 1) are where the number stands, or the word that denies.
    ``value`` is in cases, for ``fees`` in 万元. ``text`` is the sentence around it, ``words`` the
    words that make the claim. ``is_total_with_carried`` tells that the words themselves say that
    cases carried over from last year are counted in.
    """

    line: int
    column: int
    text: str
    indicator: str
    applicant: str
    value: Decimal
    is_total_with_carried: bool
    words: str


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A figure of the prose that is not the one on record; it asks and does not accuse.

    ``differs``: another figure. ``includes_carried``: new requests and those carried over,
    together. ``other_count``: another figure, in words that point to another basis (备案, 本级,
    全市). ``stated`` is the figure on record; ``indicator`` is the key of a named figure where
    one was checked.
    """

    line: int
    column: int
    indicator: str
    applicant: str
    claimed: Decimal
    stated: Decimal
    words: str
    kind: MismatchKind


@dataclass(frozen=True, slots=True)
class Growth:
    """A comparison with the year before, which takes last year's figure to be checked.

    ``times`` is this year's figure over last year's where the words say it: 增长15% is 1.15,
    增长近两倍 is 3, 下降一成 is 0.9. ``difference`` is the change in ``unit`` where they say that.
    ``figure`` is the nearest figure before the comparison in its sentence: most often this
    year's.
    """

    line: int
    column: int
    words: str
    times: Decimal | None
    difference: Decimal | None
    unit: str
    is_approximate: bool
    figure: Decimal | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of this year's text that last year's has too; ``line`` counts from 1."""

    line: int
    text: str
    characters: int


@dataclass(frozen=True, slots=True)
class Similarity:
    """How much of this year's text stood in last year's: 0 to 1; 0 where it is not judged."""

    ratio: float
    longest: tuple[Passage, ...]
    is_judged: bool

    @property
    def is_alike(self) -> bool:
        """Tell whether the author should be asked about the likeness."""
        return self.is_judged and self.ratio >= ALIKE_WARN


_ALIKE = str.maketrans("０１２３４５６７８９％．,():;!?﹑〇", "0123456789%.，（）：；！？、零")
_PIECES = re.compile(r"[^\s\u200b-\u200d\ufeff\u00ad“”‘’\"'「」#]+")
_ITEM = re.compile(
    r"\s*(?:[-*+•]\s+|\d{1,2}[.、．](?!\d)|(?=[（(][一二三四五六七八九十]{1,3}[）)])"
    r"|[一二三四五六七八九十]{1,3}、|(?=第[一二三四五六七八九十]{1,3}[条章]))"
)
_CELL = re.compile(r"\s*[\d.,，]{1,20}\s*")


@dataclass(frozen=True, slots=True)
class _Flow:
    """Lines as one text without white space and quotes, and where each character stood.

    Lines that follow one another are joined, for a PDF breaks them anywhere, even in a number;
    a gap, a list item or a bare table cell ends the sentence.
    """

    text: str
    starts: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, lines: Lines) -> _Flow:
        parts: list[str] = []
        starts: list[int] = []
        places: list[tuple[int, int]] = []
        length, before, was_cell = 0, None, False

        def add(piece: str, line: int, column: int) -> None:
            nonlocal length
            parts.append(piece)
            starts.append(length)
            places.append((line, column))
            length += len(piece)

        for number, raw in lines:
            is_cell, item = _CELL.fullmatch(raw) is not None, _ITEM.match(raw)
            if parts and (number - 1 != before or is_cell or was_cell or item):
                add("\n", number, 1)
            end = 0
            for match in _PIECES.finditer(raw, item.end() if item else 0):
                gap = raw[end : match.start()]
                if end and gap.isspace() and raw[end - 1].isdigit() and match[0][0].isdigit():
                    add(" ", number, end + 1)  # two cells, or a thousands separator
                add(match[0].translate(_ALIKE), number, match.start() + 1)
                end = match.end()
            if end:
                before, was_cell = number, is_cell
        return cls("".join(parts), tuple(starts), tuple(places))

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of a character."""
        at = bisect_right(self.starts, offset) - 1
        line, column = self.places[at]
        return line, column + offset - self.starts[at]


_HAN_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_DIGITS = r"(?:\d{1,3}(?:[， ]\d{3}){1,4}(?!\d)|\d{1,12}(?:\.\d{1,6})?)"
_NUMBER = rf"(?:{_DIGITS}|[零一二两三四五六七八九十百千]{{1,9}})"
_NOT_A_COUNT = re.compile(
    r"(?:[每第任某哪这那同单各首\d.*/A-Za-z〔\[%一二两三四五六七八九十百千万]|\d[-—–－~～至到 ])$"
)
_ABOUT_BEFORE = re.compile(
    r"(?:大约|将近|接近|超过|不足|不到|至少|不少于|不低于|不超过|约|近|逾|超)$"
)
_ABOUT_AFTER = re.compile(r"(?:以上|以下|以内|左右|上下|之多|多|余|次|套|事)")


def _value(words: str) -> Decimal | None:
    """Return what a number says, or ``None`` where it only gives an idea (两三, 百)."""
    if words[0].isdigit():
        return Decimal(words.replace("，", "").replace(" ", ""))
    if not any(c in _HAN_UNITS for c in words):
        if len(words) == 1:
            return Decimal(_HAN_DIGITS[words])
        is_positional = len(words) > 2 and "零" in words and "两" not in words
        return Decimal("".join(str(_HAN_DIGITS[c]) for c in words)) if is_positional else None
    total, digit, last = 0, -1, 10_000
    for c in words:
        if c in _HAN_DIGITS:
            if digit > 0:
                return None  # 三五十
            digit = _HAN_DIGITS[c]
            continue
        unit = _HAN_UNITS[c]
        if unit >= last or (digit < 1 and unit > 10) or (digit == 0 and total == 0):
            return None
        total += max(digit, 1) * unit
        digit, last = -1, unit
    if digit > 0 and last > 10 and "零" not in words:
        return None  # 一百二 is 120 to some
    return Decimal(total + max(digit, 0))


_LABEL, _REST = 80, 24  # characters read before and behind a number

# A rule reads "label#rest": the words before a number back to the mark that parts them from
# others, # for the number and its unit, the words behind it. Repeated groups are possessive or
# bounded and a label is short, so that no text makes a rule slow.
_LEAD = (
    r"(?:其中|另外|另有|另|此外|同时|全部|以及|本年度|本年|今年|当年|全年|年内|年末|年底|期末"
    r"|(?:19|20)\d\d年度?|全[省市县区州旗镇乡局系]统?|[我本][省市县区州旗镇乡局委厅办院处]"
    r"|本单位|本部门|本机关|本级|政府|共计|合计|总计|累计|总共|共有|共|已|均|计|有|含|包括"
    r"|分别为|分别是|结果分别为|结果为|结果是|答复结果为|依法|按时|按期|及时|实际|作出|做出|决定"
    r"|经审查|属于|涉及|来自|被|并|为|是|对|的|于|在法定期限内)*+"
)
_END = r"#(?:(?:均|全部|都|已|皆|其中|同比|较|并|且|占).*)?$"
_COUNTED = r"(?:数量|总数|总量|数)?(?:共计|合计|总计|共有|累计|共|为|是|有|达|计)?"
_OBJECT = (
    r"(?:(?:(?:政府|政务)?信息(?:依申请)?公开(?:的)?申请|(?:政府|政务)信息依申请公开(?:申请)?"
    r"|依申请公开(?:的)?(?:政府信息)?(?:申请)?|公开(?:的)?申请|申请公开(?:政府)?信息|申请)"
    r"(?:案件|事项|件|表|书)?(?:的)?)"
)
_FROM = (
    r"(?:有关|涉及|关于|各类|各种|书面|公民[、和]法人(?:[、和或及与]|或者|以及)其他组织|申请人|群众"
    r"|社会公众|向[^，。；：（#]{1,16}?(?:提出|提交)|提出|提交|递交|的)*+"
)
_RECEIVE = (
    r"(?:新收到?|新受理|新增|收到|受理|收办|收悉|接收(?:处理|办理)?|接到)(?:并(?:受理|办理))?了?"
)
_SETTLE = r"(?:办结|办复|答复|办理(?:完毕|完成|答复|办结)?|处理(?:完毕)?)了?"
_LAST = r"(?:上年度?|上一年度?|去年度?|往年|(?:19|20)\d\d年度?)"
_NEXT = r"(?:下年度?|下一年度?|次年度?|明年度?|(?:19|20)\d\d年度?)"
_CASES = rf"(?:{_OBJECT}|案件)"
_IN = rf"{_LAST}(?:未办结|延续)?(?:结转|转入|转结)(?:至本年度?|到本年度?|办理|继续办理)?(?:的)?"
_OUT = rf"(?:结转|转结|转|延)(?:至|到|入)?{_NEXT}(?:继续)?(?:办理|处理|办结)?(?:答复|办理)?(?:的)?"
_DOCUMENTS = r"(?:行政)?规范性文件"
_ISSUE = r"(?:新?制发|新?制定|制订|出台|印发)(?:并(?:公开|发布|公布|印发|实施)|出台|印发)?了?"
_CASE = r"(?:案件|申请|事项|案)?"
_OF_OURS = (
    r"(?:有关|涉及|关于|因|由|的|类|政府信息公开|信息公开|依申请公开|工作|申请|方面|领域|而|被|提起"
    r"|引起|引发|产生|发生|导致)*+"
)
_RULING = r"(?:(?:行政)?(?:复议|诉讼))?(?:机关|法院)?(?:作出|决定|判决|裁定|结果|予以|被)*+"
_WHO = {
    "自然人": "natural",
    "公民": "natural",
    "法人或其他组织": "organisations",
    "法人或者其他组织": "organisations",
    "法人和其他组织": "organisations",
    "商业企业": "enterprise",
    "企业": "enterprise",
    "科研机构": "research",
    "社会公益组织": "charity",
    "法律服务机构": "legal",
    "其他组织": "other_org",
    "其他": "other_org",
}
_BROAD = frozenset({"natural", "organisations", "other_org"})

Family = Literal[
    "requests", "results", "applicants", "documents", "decisions", "fees", "disputes", "outcomes"
]


@dataclass(frozen=True, slots=True)
class _Rule:
    """How one figure is worded: ``words`` are the group that says so."""

    indicator: str
    family: Family
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Denial:
    """How figures are said to be nought; each counts where its word, if any, is there."""

    family: Family
    indicators: dict[str, str]
    pattern: re.Pattern[str]


def _rule(
    indicator: str,
    family: Family,
    before: str,
    first: str | None = None,
    behind: str = "",
    *,
    start: str = "",
) -> _Rule:
    """Return the rule for ``before`` and a number, or ``first``, a number and ``behind``."""
    pattern = rf"{start}(?P<words>{before}){_END}"
    if first is not None:
        pattern += rf"|{start}(?P<first>{first})#{behind}$"
    return _Rule(indicator, family, re.compile(pattern))


def _result(indicator: str, words: str) -> _Rule:
    before = rf"(?:同意|作)?(?:{words})(?:情况|答复|决定)?(?:的)?(?:有|为|共)?"
    return _rule(indicator, "results", before, start=rf"(?:^{_LEAD}|中)")


def _decision(indicator: str, name: str) -> _Rule:
    before = (
        rf"(?:(?:办理|实施|核发)(?:各类)?)?(?:[^，#]{{2,16}}?等)?{name}(?:决定|案件)?{_COUNTED}"
    )
    first = r"(?:作出|实施|办理)了?"
    return _rule(indicator, "decisions", before, first, rf"{name}(?:决定|案件)?", start=f"^{_LEAD}")


def _dispute(indicator: str, name: str) -> _Rule:
    first = r"(?:有|发生|产生|引发|涉及|收到|受理)了?"
    behind = rf"{_OF_OURS}{name}{_CASE}"
    return _rule(indicator, "disputes", rf"{name}{_CASE}{_COUNTED}", first, behind)


def _outcome(indicator: str, words: str) -> _Rule:
    before, behind = rf"{_RULING}(?:{words})(?:的)?(?:有|为|共)?", rf"{_RULING}(?:{words})"
    return _rule(indicator, "outcomes", before, "", behind, start=f"^{_LEAD}")


_NAMES = "|".join(sorted(_WHO, key=len, reverse=True))
_RULES = (
    _rule(
        "",
        "applicants",
        rf"(?P<receive>{_RECEIVE})?(?:来自|由)?(?P<who>{_NAMES})(?:提出|提交|递交)?(?:的)?{_OBJECT}?"
        r"(?:有|为|共)?",
        start=f"^{_LEAD}",
    ),
    _rule("carried_out", "requests", rf"{_OUT}{_CASES}?{_COUNTED}", _OUT, _CASES),
    _rule(
        "carried_in", "requests", rf"(?:{_IN}|结转{_LAST}(?:的)?){_CASES}?{_COUNTED}", _IN, _CASES
    ),
    _result("granted", "予以公开|同意公开|准予公开"),
    _result("partly_granted", "(?:予以)?部分公开"),
    _result("refused", "不予公开"),
    _result("unavailable", "无法提供"),
    _result("not_processed", "不予处理"),
    _result("otherwise_closed", "其他处理"),
    _rule(
        "received",
        "requests",
        f"{_RECEIVE}{_FROM}{_OBJECT}?{_COUNTED}",
        _RECEIVE,
        f"{_FROM}{_OBJECT}",
    ),
    _rule(
        "concluded", "requests", f"{_SETTLE}{_FROM}{_OBJECT}?{_COUNTED}", _SETTLE, _FROM + _OBJECT
    ),
    _rule(
        "normative_issued",
        "documents",
        rf"{_ISSUE}(?:的|各类)?{_DOCUMENTS}{_COUNTED}",
        _ISSUE,
        _DOCUMENTS,
    ),
    _rule(
        "normative_repealed",
        "documents",
        rf"(?:宣布|公布)?废止(?:(?:的)?{_DOCUMENTS})?{_COUNTED}",
        "(?:宣布|公布)?废止了?",
        _DOCUMENTS,
        start=f"^{_LEAD}",
    ),
    _rule("normative_in_force", "documents", rf"现行有效(?:的?{_DOCUMENTS})?{_COUNTED}"),
    _decision("licences", "行政许可"),
    _decision("penalties", "行政处罚"),
    _decision("coercions", "行政强制"),
    _rule(
        "fees",
        "fees",
        rf"(?:收取)?行政事业性收费(?:金额|总额|收入)?{_COUNTED}",
        start=f"^{_LEAD}",
    ),
    _dispute("reconsideration", "行政复议"),
    _dispute("litigation", "行政诉讼"),
    _outcome("upheld", "维持"),
    _outcome("corrected", "纠正|纠错"),
    _rule(
        "both",
        "disputes",
        rf"行政复议{_CASE}[、和及与](?:提起)?行政诉讼{_CASE}(?:数量)?均?(?:为|是|有)?",
    ),
)
_LIKELY = re.compile(
    r"申请|公开|提供|处理|转|收|受理|接|办|答复|文件|废止|现行|行政|维持|纠|自然人|公民|法人"
    r"|企业|机构|组织|其他"
)

_NO = r"(?:没有|未曾|从未|尚未|没|未|无)(?:再|过|有)?"
_FACT = r"(?:的)?(?:情况|情形|现象|申请|案件|事项|问题|行为)?"
_AND = r"(?:[、和及与或]|或者|以及)"
_GRIEF = r"(?:投诉|举报|申诉|信访|媒体曝光|负面舆情|国家赔偿|纠纷)"
_REMEDY = rf"(?:行政复议{_CASE}|行政诉讼{_CASE}|复议{_CASE}|诉讼{_CASE}|{_GRIEF})"
_ACT = r"(?:行政许可|行政处罚|行政强制)(?:决定|措施)?"


def _denial(family: Family, indicators: dict[str, str], words: str) -> _Denial:
    return _Denial(family, indicators, re.compile(f"{_NO}{words}"))


_DENIALS = (
    _denial(
        "requests",
        {"received": ""},
        rf"(?:(?:收到|受理|接到|接收|收悉|产生|发生)(?:过|任何)*+{_FROM}{_OBJECT}"
        rf"|{_FROM}(?:政府|政务)?信息公开申请)(?:情况|情形)?",
    ),
    _denial("requests", {"carried_in": ""}, rf"{_IN}{_CASES}?(?:情况)?"),
    _denial("requests", {"carried_out": ""}, rf"{_OUT}{_CASES}?(?:情况)?"),
    _denial(
        "disputes",
        {"reconsideration": "复议", "litigation": "诉讼"},
        rf"(?:收到|受理|接到|出现|存在|发生|产生|引发|引起|一起|任何|因|被)*+{_OF_OURS}"
        rf"(?:{_GRIEF}|[、和及与或])*+{_REMEDY}(?:{_AND}{_OF_OURS}{_REMEDY}){{0,5}}等?{_FACT}",
    ),
    _denial(
        "documents",
        {"normative_issued": "", "normative_repealed": "废止"},
        rf"(?:{_ISSUE}(?:{_AND}废止)?(?:过|的)?{_DOCUMENTS}|新?制发(?:{_AND}废止)?){_FACT}",
    ),
    _denial("documents", {"normative_repealed": ""}, rf"废止(?:的)?(?:{_DOCUMENTS})?"),
    _denial(
        "decisions",
        {"licences": "行政许可", "penalties": "行政处罚", "coercions": "行政强制"},
        rf"(?:作出|做出|实施|发生|办理)*+{_ACT}(?:{_AND}{_ACT}){{0,2}}{_FACT}",
    ),
    _denial("fees", {"fees": ""}, rf"(?:收取|发生|产生|任何)*+行政事业性收费(?:项目)?{_FACT}"),
)

# words beside a figure that make it another one
_COMPARED = re.compile(
    r"同比|环比|较|比(?!例)|增长|增加|减少|下降|上升|净增|多[收办受]|少[收办受]|占"
)
_PLANNED = re.compile(r"计划|力争|目标|争取|预计|打算|拟|将|应当|要求|上限|名额|任务|确保")
_UNMADE = re.compile(
    r"(?:[未不没无曾转、和与或/]|(?<!涉)及|不予|没有|重复|不再|延期|当场|口头|逾期|超期|补正|推动|协助|以及|或者)$"
)
_CHANNEL = re.compile(
    r"当面|现场|信函|信件|邮寄|邮政|寄送|网上|网络|在线|线上|线下|邮件|邮箱|传真|平台|窗口|网站|系统"
)
_MANY_CHANNELS = re.compile(r"等|各类|各种|多种|全系统")
_LOCAL = re.compile(
    r"本级|[县市区省州]直|乡镇|镇街|街道|部门|处室|科室|所属|下属|直属|分局|派出|办公[室厅]"
)
_WHOLE = re.compile(r"全[省市县区州旗镇乡局系]|各|共|合计|总计|汇总")
_OTHER_DOCUMENT = re.compile(r"代拟|起草|审查|审核|清理|评估|备案|党|修[改订]|部分|拟|参与|协助")
_OTHER_CASELOAD = re.compile(r"审理|审结|承办|代理|化解|办理|受理|机构|机关收到")
_PART_OF_CASES = re.compile(r"复议|起诉|由此|因此")
_LINK = re.compile(
    r"(?:^|[的类有共被月年]|年度|方面|工作|领域|信息公开|发生|引发|引起|导致|产生|涉及|申请|提起|收到"
    r"|受理|备案|应对|出现|存在|其中)$"
)
_OTHER_BASIS = re.compile(
    r"备案|本级|汇总|全[省市县区州旗镇乡系]|各[级县区市乡镇部单地]|辖区|[县市区省州]直|街道|乡镇|部门"
)
_WITH_CARRIED = re.compile(
    rf"[，（：]?(?:(?:其中[，：]?)?(?:含|包含|包括|加上|连同)(?:有)?(?:{_LAST})?(?:未办结|的)?结转"
    rf"|其中[，：]?(?:{_LAST}(?:未办结)?结转|(?:本年度?)?新[收增受][^。；]{{0,24}}{_LAST}结转))"
)
_SUM = re.compile(r"共|[合总]计")

_MARK = re.compile(
    rf"""
      (?P<title>《[^》\n]{{0,200}}》|〔(?:19|20)\d\d〕\d{{1,6}}号)
    | (?P<stop>[。！？\n]|（[一二三四五六七八九十]{{1,3}}）)
    | (?P<semicolon>；) | (?P<open>（) | (?P<close>）)
    | (?P<since>以来|历年|历史|近[两二三四五几\d]年|[一二两三四五六七八九十]年来)
    | (?P<year>(?<![\d较比与同])(?:19|20)\d\d年度?)
    | (?P<now>今年|本年度?|全年|当年|年内)
    | (?P<then>(?<![较比与同])(?:去年|上年度?|上一年度?|前年|往年|同期)
        |明年|来年|下一步|下阶段|次年|下一?年度?)
    | (?P<month>(?<!\d)\d{{1,2}}月|上半年|下半年|季度)
    | (?P<amount>(?P<number>{_NUMBER})(?P<unit>件|起|宗|例|亿元|万元|元))
    | (?P<none>没有|未曾|从未|尚未|没|未|无)
    | (?P<requests>依申请公开|信息公开(?:的)?申请|公开(?:的)?申请|申请公开)
    | (?P<rules>规章(?:[、和](?:行政)?规范性文件)?) | (?P<documents>规范性文件)
    | (?P<other>信访|投诉|诉求|来信|信件|留言|建议|提案|咨询|热线|舆情|工单|意见|问卷|许可申请)
    | (?P<published>公示|公布|公开|归集|推送|上传|信用)
    | (?P<attribute>公文|发文|属性|源头认定)
    | (?P<cleaning>清理|评估)
    """,
    re.VERBOSE,
)
_TIMES = frozenset({"since", "year", "now", "then", "month"})
_TOPICS = frozenset({"requests", "rules", "documents", "other"})
_EDGE = re.compile(r"[，。；：（）！？\n、]")
_REST_END = re.compile(r"[，。；：（）！？\n、\d]")
_AMOUNT_END = re.compile(r"(?:[\d一二两三四五六七八九十百千万零][^\d，。；、（）]{1,4}|）)$")
_CLAUSE = re.compile(r"[^，。；：（）！？\n]{1,80}")
_CLOSE = re.compile(r"[。；！？\n]")

Scope = Literal["now", "other"]


@dataclass(frozen=True, slots=True)
class _Found:
    """A claim, and what may yet speak against it when its sentence has been read."""

    claim: Claim
    family: Family
    is_local: bool  # the words name one body or level
    is_bare: bool  # the words alone do not say what is counted

    @property
    def counted(self) -> tuple[str, str, bool]:
        """What is counted: of two figures for it in one sentence, one must be a part."""
        claim = self.claim
        return claim.indicator, claim.applicant, claim.is_total_with_carried


@dataclass(slots=True)
class _Sentence:
    """What is known while one sentence is read, left to right."""

    start: int = 0
    scope: Scope = "now"
    topic: str = ""  # what the latest words are about, at first those of the sentence before
    received: bool | None = None  # the latest figure is of requests received; with carried ones
    latest: tuple[str, int] = ("", -1)  # the latest claim's indicator and end
    inside: list[tuple[str, bool | None]] = field(default_factory=list)  # one per open bracket:
    # the indicator that it explains, and ``received`` as it was before
    classes: set[str] = field(default_factory=set)
    disputes: list[str] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    found: list[_Found] = field(default_factory=list)


def claims(lines: Lines, year: int | None = None) -> tuple[Claim, ...]:
    """Return the statements of statutory figures in a report's prose, in reading order.

    Lines that follow one another are read as one text; ``plain_lines`` makes them. With ``year``,
    the year reported on, figures of other years are left out. Left out as well: rounded figures,
    comparisons, sums over years, parts of a year, plans, shares of one channel or one body
    beside a total, and whatever else the words do not settle.
    """
    return tuple(_Reader(_Flow.of(lines), year).read())


def _is_precise(text: str, mark: re.Match[str]) -> bool:
    """Tell whether a number is one that a table could hold, and no estimate or turn of phrase."""
    number, unit = mark["number"], mark["unit"]
    before = text[max(0, mark.start() - 4) : mark.start()]
    if number == "零":
        return before.endswith(("为", "是"))
    if (number, unit) == ("一", "起"):
        return False  # together
    if number[0] in "十百千" and before.endswith(("数", "几", "上", "成", "好")):
        return False
    return not (
        _NOT_A_COUNT.search(before)
        or _ABOUT_BEFORE.search(before)
        or _ABOUT_AFTER.match(text, mark.end())
        or _value(number) is None
        or ("." in number and not unit.endswith("元"))
    )


def _scope(text: str, mark: re.Match[str], year: int | None) -> Scope | None:
    """Return the time that a word puts what follows in, or ``None`` where it does not."""
    kind = mark.lastgroup
    before, after = text[max(0, mark.start() - 4) : mark.start()], text[mark.end() : mark.end() + 4]
    if kind == "now":
        return "now"
    if kind == "since" or (kind == "year" and after.startswith(("以来", "来", "起"))):
        return "other"
    if kind == "month":
        is_whole = mark[0] == "12月" or (mark[0] == "1月" and after.startswith("1日"))
        return None if is_whole else "other"
    if re.search(r"[结转延][至到入]?$", before) or re.match(r"未办结|结转|延续|转入", after):
        return None
    return "now" if kind == "year" and year in {None, int(mark[0][:4])} else "other"


class _Reader:
    """Reads one flow of text from mark to mark, once."""

    def __init__(self, flow: _Flow, year: int | None) -> None:
        self.flow, self.text, self.year = flow, flow.text, year
        self.kept: list[_Found] = []

    def read(self) -> Iterator[Claim]:
        """Yield the claims that stand after each sentence has been weighed as a whole."""
        now = _Sentence()
        time_end = -1  # where the latest word for a time ended: 2023年全年 is still 2023
        for mark in _MARK.finditer(self.text):
            kind = "amount" if mark.lastgroup == "unit" else mark.lastgroup or ""
            if kind == "stop":
                now = self._finish(now, mark.end(), is_break=mark[0][0] in "\n（")
            elif kind == "semicolon":
                now.disputes.clear()
            elif kind == "open":
                explained = now.latest[0] if now.latest[1] == mark.start() else ""
                now.inside.append((explained, now.received))
            elif kind == "close" and now.inside:
                now.received = now.inside.pop()[1]
            elif kind in _TIMES:
                is_same = kind == "now" and mark.start() == time_end
                scope = now.scope if is_same else _scope(self.text, mark, self.year)
                if scope is not None:
                    now.scope, time_end = scope, mark.end()
                    now.words.add("dated")
            elif kind == "amount":
                self._amount(now, mark)
            elif kind == "none":
                self._denial(now, mark.start())
            elif kind in _TOPICS:
                now.topic = kind
                now.words.add(kind)
            else:
                now.words.add(kind)
        self._finish(now, len(self.text), is_break=True)
        whole = {found.counted for found in self.kept if not found.is_local}
        for found in self.kept:
            if not found.is_local or found.counted not in whole:
                yield found.claim

    def _amount(self, now: _Sentence, mark: re.Match[str]) -> None:
        """Read one number and its unit."""
        label = self._label(mark.start())
        if _COMPARED.search(label):
            return
        rest = self.text[mark.end() : mark.end() + _REST]
        line = f"{label}#{_REST_END.split(rest, 1)[0]}"
        is_read = (
            now.scope == "now"
            and _LIKELY.search(line)
            and not _PLANNED.search(label)
            and ("累计" not in label or "dated" in now.words)
            and _is_precise(self.text, mark)
            and any(self._take(now, mark, line, rule) for rule in _RULES)
        )
        if not is_read and not now.inside:
            now.received = None

    def _label(self, start: int) -> str:
        """Return the words before a number, back to the mark that parts them from others."""
        chunk = self.text[max(0, start - _LABEL) : start].removesuffix("：")
        if chunk.endswith("）") and (opened := chunk.rfind("（")) >= 0:
            chunk = chunk[:opened]
        cut = 0
        for edge in _EDGE.finditer(chunk):
            if edge[0] != "、" or _AMOUNT_END.search(chunk[: edge.start()][-8:]):
                cut = edge.end()
        return chunk[cut:]

    def _take(self, now: _Sentence, mark: re.Match[str], line: str, rule: _Rule) -> bool:
        """Add the claim that a rule finds in a line, or tell that it finds none."""
        if (rule.family == "fees") != mark["unit"].endswith("元"):
            return False
        match = rule.pattern.search(line)
        if match is None:
            return False
        group = "words" if match["words"] is not None else "first"
        prefix, number, value = line[: match.start(group)], mark[0], _value(mark["number"])
        behind = "" if group == "words" else line[line.index("#") + 1 :]
        said = match[group] + behind
        if value is None or _UNMADE.search(prefix) or not _fits(now, rule, said, prefix):
            return False
        if value == 1 and match[group].endswith("的"):
            return False  # 不予公开的1件 may be one of several
        indicators, applicant, carried = [rule.indicator], TOTAL, False
        if rule.family == "applicants":
            applicant = _WHO[match["who"]]
            if match["receive"] and (now.topic == "requests" or "公开" in said):
                now.received = False
            indicator = now.inside[-1][0] if now.inside else ""
            if not indicator and now.received is None:
                return False
            if applicant == "other_org" and not now.classes - _BROAD:
                return True  # all but the natural persons, or the class 其他
            now.classes.add(applicant)
            indicators, carried = [indicator or "received"], bool(now.received)
        elif rule.family == "outcomes":
            indicators = [f"{_disputed(now, said)}_{rule.indicator}"]
        elif rule.indicator == "both":
            if value != 0:
                return False
            indicators = ["reconsideration", "litigation"]
        elif rule.family == "fees":
            value = value.scaleb({"元": -4, "万元": 0, "亿元": 4}[mark["unit"]])
        if rule.family not in {"applicants", "outcomes"}:
            if rule.indicator == "received":
                carried = bool(_WITH_CARRIED.match(self.text, mark.end(), mark.end() + 64))
            now.received = carried if rule.indicator == "received" else None
            now.classes.clear()
            now.latest = rule.indicator, mark.end()
        if rule.family == "disputes":
            now.disputes += indicators
        if rule.family in {"requests", "results"}:
            now.topic = "requests"
        is_bare = (rule.family == "decisions" and "作出" not in line) or (
            rule.family == "documents" and "规范性文件" not in said
        )
        is_local = bool(_LOCAL.search(prefix)) and not _WHOLE.search(prefix)
        words = f"{match[group]}{number}{behind}"
        for indicator in indicators:
            claim = self._claim(now, mark.start(), indicator, applicant, value, carried, words)
            now.found.append(_Found(claim, rule.family, is_local, is_bare))
        return True

    def _claim(
        self,
        now: _Sentence,
        at: int,
        indicator: str,
        applicant: str,
        value: Decimal,
        carried: bool,
        words: str,
    ) -> Claim:
        low = max(now.start, at - 160)
        low = max(low, self.text.rfind("；", low, at) + 1)
        close = _CLOSE.search(self.text, at, at + 80)
        text = self.text[low : close.start() if close else at + 80]
        return Claim(*self.flow.place(at), text, indicator, applicant, value, carried, words)

    def _denial(self, now: _Sentence, start: int) -> None:
        """Read 没有收到申请, 未发生行政复议 and the like: they state nought."""
        label = self._label(start)
        clause = _CLAUSE.match(self.text, start)
        if clause is None or now.scope == "other" or _PLANNED.search(label):
            return
        if label.endswith(("如", "若", "有", "是否", "倘")):
            return
        said = clause[0]
        for denial in _DENIALS:
            family = denial.family
            if denial.pattern.fullmatch(said) is None:
                continue
            if family == "documents" and now.topic != "documents" and "规范性文件" not in said:
                continue
            if (
                family == "requests"
                and "公开" not in said
                and not (now.topic == "requests" or "转" in said)
            ):
                continue
            is_local = bool(_LOCAL.search(label)) and not _WHOLE.search(label)
            for indicator, word in denial.indicators.items():
                if word in said:
                    claim = self._claim(now, start, indicator, TOTAL, Decimal(0), False, said)
                    now.found.append(_Found(claim, family, is_local, False))
                    now.disputes += [indicator] if family == "disputes" else []
            return

    def _finish(self, now: _Sentence, end: int, *, is_break: bool) -> _Sentence:
        """Weigh a sentence as a whole, keep what stands and open the next one."""
        stands = [
            one
            for one in now.found
            # labels of documents (主动公开、依申请公开、不予公开), decisions shown, not taken,
            # the outcome of a review of documents
            if not (one.family == "results" and "attribute" in now.words)
            and not (one.is_bare and one.family == "decisions" and "published" in now.words)
            and not (one.is_bare and one.family == "documents" and "cleaning" in now.words)
        ]
        values: dict[tuple[str, str, bool], set[Decimal]] = {}
        sums: dict[tuple[str, str, bool], set[Decimal]] = {}
        for one in stands:
            if not one.is_local:
                values.setdefault(one.counted, set()).add(one.claim.value)
                if _SUM.search(one.claim.words):
                    sums.setdefault(one.counted, set()).add(one.claim.value)
        for one in stands:
            told = values.get(one.counted, set())
            if one.is_local or len(told) == 1 or sums.get(one.counted, told) == {one.claim.value}:
                self.kept.append(one)  # else parts of something, one beside the other
        following = _Sentence(start=end)
        if not is_break:
            has_requests = any(one.family in {"requests", "results"} for one in stands)
            following.topic = "requests" if has_requests else now.topic
            if re.match(r"其中|[从按]申请人", self.text[end : end + 6]):
                following.received, following.disputes = now.received, now.disputes
        return following


def _fits(now: _Sentence, rule: _Rule, said: str, prefix: str) -> bool:
    """Tell whether the words around those of a rule leave them their meaning."""
    if rule.family == "results":
        return now.topic == "requests" or "requests" in now.words
    if rule.indicator in {"received", "concluded", "carried_in", "carried_out"}:
        if _CHANNEL.search(prefix) and not _MANY_CHANNELS.search(prefix):
            return False
        if rule.indicator.startswith("carried"):
            return True
        if rule.indicator == "concluded" and "其中" in prefix:
            return False  # of the new ones, perhaps
        if "公开" in said or said.startswith("新收申请"):
            return True
        is_plain = "申请" in said or re.fullmatch(_LEAD, prefix) is not None
        return now.topic == "requests" and is_plain
    if rule.family == "documents":
        is_ours = "规范性文件" in said or now.topic == "documents"
        return is_ours and not _OTHER_DOCUMENT.search(prefix)
    if rule.family == "disputes" and said.startswith("行政"):
        if _PART_OF_CASES.search(prefix):
            return False
        is_ours = "信息公开" in prefix or "依申请" in prefix
        return bool(_LINK.search(prefix)) and (is_ours or not _OTHER_CASELOAD.search(prefix))
    if rule.family == "outcomes":
        return _disputed(now, said) != ""
    return True


def _disputed(now: _Sentence, said: str) -> str:
    """Return what an outcome is the outcome of, "" where the words do not tell."""
    told = {"reconsideration"} if "复议" in said else set(now.disputes)
    told &= {"litigation"} if re.search("诉讼|法院|判决", said) else told
    return told.pop() if len(told) == 1 else ""


def check_claims(
    found: Sequence[Claim], value_of: Callable[[str, str], Decimal | None]
) -> Iterator[Mismatch]:
    """Yield a question for every claim that the tables do not bear out.

    ``value_of`` gives the figure of a table for (indicator, applicant), ``None`` where it is
    blank or not on the form. A claim repeated with the same figure is asked about once. 收到 and
    收办 may count requests carried over from last year; that is a question of its own kind.
    """
    asked: set[tuple[str, str, Decimal]] = set()
    for claim in found:
        key = claim.indicator, claim.applicant, claim.value
        stated = value_of(claim.indicator, claim.applicant)
        if stated is None or key in asked:
            continue
        mismatch = _judged(claim, stated, value_of)
        if mismatch is not None:
            asked.add(key)
            yield mismatch


def _judged(
    claim: Claim, stated: Decimal, value_of: Callable[[str, str], Decimal | None]
) -> Mismatch | None:
    kind: MismatchKind = "other_count" if _OTHER_BASIS.search(claim.text) else "differs"
    received = value_of("received", claim.applicant)
    carried = value_of("carried_in", claim.applicant)
    both = received + carried if received is not None and carried is not None else None
    is_handled = claim.indicator == "concluded" and re.search(r"办理(?!完)|处理", claim.words)
    if claim.indicator == "received" and claim.is_total_with_carried:
        if both is None or claim.value == both:
            return None
        if claim.applicant != TOTAL and claim.value == received:
            return None  # the split may be of the new ones only
        stated = both
    elif claim.value == _rounded(stated, claim.value) or (is_handled and claim.value == received):
        return None
    elif claim.value == both and (
        is_handled or (claim.indicator == "received" and "新" not in claim.words)
    ):
        kind = "includes_carried"
    return Mismatch(
        claim.line,
        claim.column,
        claim.indicator,
        claim.applicant,
        claim.value,
        stated,
        claim.words,
        kind,
    )


def _rounded(stated: Decimal, claimed: Decimal) -> Decimal:
    """Return the table's figure to as many places as the prose gives, never fewer than none."""
    exponent = claimed.as_tuple().exponent
    if not isinstance(exponent, int) or claimed == 0:
        return stated
    return stated.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_UP)


_ANY_NUMBER = re.compile(_NUMBER)
_REMARK = re.compile(r"（[^（）]{0,60}）$")
_ROUNDED_NAME = re.compile(r"约数|原件作|左右|余")
_HEAD = re.compile(r"(?:总数|数量|总量|件数|条数|期数|字数|总计|信息|数|类)$")
_BEFORE_NAME = re.compile(
    rf"(?:{_LEAD}(?:通过|召开|举办|开展|组织|完成|按照?|经|由|在|用)?){{1,2}}"
)
_AFTER_NAME = re.compile(r"(?:信息)?(?:共计|合计|总计|共|为|是|有|达|计|了|：){1,2}$")
_LONGER_UNIT = re.compile(r"次|月|工作日|方面|小时|余|多|以上|以下|左右|上下|以内")


def check_named(
    lines: Lines, figures: Sequence[tuple[str, str, Decimal, str]], year: int | None = None
) -> Iterator[Mismatch]:
    """Yield a question where prose gives a named figure (key, name, value, unit) another value.

    Only a name that stands word for word before its number, alone in its clause, with the same
    unit behind it is compared; 总数, 信息 and the like may be left off its end. A name of which the
    prose gives the right figure somewhere is not asked about.
    """
    names: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
    for key, name, value, unit in figures:
        for spelled in _spellings(name):
            names.setdefault((spelled, unit), []).append((key, value))
    flow = _Flow.of(lines)
    units = sorted({unit for _, unit in names if unit}, key=len, reverse=True)
    asked: dict[str, Mismatch] = {}
    agreed: set[str] = set()
    for start, end, value in _numbers(flow.text, year):
        unit = next((one for one in units if flow.text.startswith(one, end)), "")
        if not unit or _LONGER_UNIT.match(flow.text, end + len(unit)):
            continue
        for name in _names_before(flow.text, start):
            candidates = names.get((name, unit), [])
            keys = {key for key, _ in candidates}
            if any(figure == value for _, figure in candidates):
                agreed |= keys
            elif candidates:
                line, column = flow.place(start)
                key, stated = candidates[0]
                words = f"{name}{flow.text[start:end]}{unit}"
                asked.setdefault(
                    key, Mismatch(line, column, key, TOTAL, value, stated, words, "differs")
                )
            if candidates:
                break
    yield from (mismatch for key, mismatch in asked.items() if key not in agreed)


def _spellings(name: str) -> Iterator[str]:
    """Yield a name as prose may spell it: without spaces and quotes, or only its head."""
    if _ROUNDED_NAME.search(name):
        return
    spelled = _REMARK.sub("", _Flow.of([(1, name)]).text).removeprefix("其中").split("：")[-1]
    if len(spelled) > 1:
        yield spelled
    head = _HEAD.sub("", spelled)
    if head != spelled and len(head) > 2:
        yield head


def _names_before(text: str, start: int) -> Iterator[str]:
    """Yield what may be the name of the number at ``start``, the longest reading first."""
    chunk = text[max(0, start - _LABEL) : start]
    edges = [0] if len(chunk) < _LABEL else []
    for mark in _EDGE.finditer(chunk):
        if mark[0] != "、" or _AMOUNT_END.search(chunk[max(0, mark.start() - 8) : mark.start()]):
            edges.append(mark.end())
    hard = max((m.end() for m in _EDGE.finditer(chunk) if m[0] not in "：、"), default=0)
    for edge in (edge for edge in edges if edge >= hard):
        label = chunk[edge:]
        tail = _AFTER_NAME.search(label)
        for name in (label, label[: tail.start()] if tail else label):
            yield name
            if (lead := _BEFORE_NAME.match(name)) and 0 < lead.end() < len(name):
                yield name[lead.end() :]


def _numbers(text: str, year: int | None) -> Iterator[tuple[int, int, Decimal]]:
    """Yield start, end and value of every precise number that belongs to the year reported on."""
    marks = iter(_MARK.finditer(text))
    mark = next(marks, None)
    scope: Scope = "now"
    for match in _ANY_NUMBER.finditer(text):
        while mark is not None and mark.end() <= match.start():
            kind = mark.lastgroup or ""
            if kind == "stop":
                scope = "now"
            elif kind in {"year", "then", "since", "now"}:
                scope = _scope(text, mark, year) or scope
            mark = next(marks, None)
        before = text[max(0, match.start() - 4) : match.start()]
        value = _value(match[0])
        is_precise = not (_NOT_A_COUNT.search(before) or _ABOUT_BEFORE.search(before))
        if value is not None and is_precise and scope == "now":
            yield match.start(), match.end(), value


_YEAR_BEFORE = r"(?:上一?年|去年|前一年)(?:度|同期)?"
_ABOUT = r"(?P<about>大约|将近|超过|约|近|逾|超)?"
_UNITS = "件|起|条|次|项|个|份|篇|期|人次|万元|元"
_CHANGE = re.compile(
    rf"(?P<than>(?:同比|环比|[比较]{_YEAR_BEFORE}|与{_YEAR_BEFORE}相比)，?)?"
    r"(?P<way>增长|增加|上升|提高|提升|下降|减少|降低|翻)(?P<to>到|至|为)?了?"
    rf"{_ABOUT}(?P<number>{_NUMBER})(?P<more>[多余])?(?P<unit>%|个百分点|倍|番|成|{_UNITS})"
)
_FOLD = re.compile(
    rf"(?:是|为|相当于|达到?){_YEAR_BEFORE}的{_ABOUT}(?P<number>{_NUMBER})(?P<more>[多余])?(?P<unit>倍)"
)
_FIGURE = re.compile(rf"(?P<number>{_DIGITS})(?:{_UNITS})")
_INSERT = re.compile(r"（[^（）]{0,200}）")


def growth_claims(lines: Lines) -> tuple[Growth, ...]:
    """Return the comparisons with last year (同比增长15%, 是去年的近3倍) in reading order.

    A bare 增加12件 without 同比 or 较上年 is no comparison of years and is left out.
    """
    flow = _Flow.of(lines)
    found: list[tuple[int, Growth]] = []
    for match in (*_CHANGE.finditer(flow.text), *_FOLD.finditer(flow.text)):
        value, unit = _value(match["number"]), match["unit"]
        is_fold = match.re is _FOLD
        is_of_years = is_fold or match["than"] or unit in {"%", "倍", "番"}
        if value is None or not is_of_years:
            continue
        times, difference = (value, None) if is_fold else _change(match, value)
        clauses = _CLOSE.split(flow.text[max(0, match.start() - 240) : match.start()])
        figures = _FIGURE.findall(_INSERT.sub("", clauses[-1]))
        growth = Growth(
            *flow.place(match.start()),
            match[0],
            times,
            difference,
            unit,
            bool(match["about"] or match["more"]),
            _value(figures[-1]) if figures else None,
        )
        found.append((match.start(), growth))
    return tuple(growth for _, growth in sorted(found, key=lambda one: one[0]))


def _change(match: re.Match[str], value: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Return (times, difference) that a comparison states."""
    unit = match["unit"]
    sign = -1 if match["way"] in {"下降", "减少", "降低"} else 1
    if unit == "番":
        return (Decimal(2) ** int(value) if value <= 10 else None), None
    if unit not in {"%", "成", "倍"}:
        return None, None if match["to"] else sign * value
    share = value / {"%": 100, "成": 10, "倍": 1}[unit]
    if match["to"]:
        return (share if unit == "倍" else None), None
    return (1 + sign * share if sign > 0 or share <= 1 else None), None


_LEFT_OUT = re.compile(
    r"(?:\d{2,4}|[零〇一二三四五六七八九]{4})年度?|[今去前明本上下]一?年度?|[零〇一二两三四五六七八九十百千万]"
    r"|[\W\d_]"
)


def similarity(now: str, before: str) -> Similarity:
    """Return how much of this year's text stood in last year's, with the longest passages.

    Both texts are stripped of digits and Chinese numerals, marks, white space and words for
    years, so that a text in which only the figures changed counts as the same. ``ratio`` is the
    share of this year's shingles of five characters that last year's text has. Time and memory
    grow with the length of the texts, of which COMPARED_CHARACTERS are read.
    """
    new, places = _bare(now)
    old, _ = _bare(before)
    if min(len(new), len(old)) < JUDGED_CHARACTERS:
        return Similarity(0.0, (), is_judged=False)
    first: dict[str, int] = {}
    for at in range(len(old) - SHINGLE + 1):
        first.setdefault(old[at : at + SHINGLE], at)
    shingles = {new[at : at + SHINGLE] for at in range(len(new) - SHINGLE + 1)}
    ratio = sum(one in first for one in shingles) / len(shingles)
    runs = sorted(_runs(new, old, first), key=lambda run: (run[0] - run[1], run[0]))[:PASSAGES]
    passages = tuple(
        Passage(
            now.count("\n", 0, places[start]) + 1,
            excerpt(now[places[start] : places[end - 1] + 1], EXCERPT_CHARACTERS),
            end - start,
        )
        for start, end in runs
        if end - start >= PASSAGE_CHARACTERS
    )
    return Similarity(ratio, passages, is_judged=True)


def _bare(text: str) -> tuple[str, list[int]]:
    """Return the characters that are compared, and where each stood."""
    kept: list[str] = []
    places: list[int] = []
    end = 0
    head = text[:COMPARED_CHARACTERS]
    for match in _LEFT_OUT.finditer(head):
        kept.append(head[end : match.start()])
        places.extend(range(end, match.start()))
        end = match.end()
    kept.append(head[end:])
    places.extend(range(end, len(head)))
    return "".join(kept), places


def _runs(new: str, old: str, first: dict[str, int]) -> Iterator[tuple[int, int]]:
    """Yield start and end of passages of ``new`` that follow one another in ``old`` too."""
    at = 0
    while at <= len(new) - SHINGLE:
        place = first.get(new[at : at + SHINGLE])
        if place is None:
            at += 1
            continue
        end, then = at + SHINGLE, place + SHINGLE
        while end < len(new) and then < len(old) and new[end] == old[then]:
            end, then = end + 1, then + 1
        yield at, end
        at = end - SHINGLE + 1


_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"\s{0,3}#{1,6}(?:\s|$)")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-+)\s*")
_TABLE_RULE = re.compile(r"\s{0,8}\|?(?:\s{0,8}:?-+:?\s{0,8}\|){1,40}(?:\s{0,8}:?-+:?\s{0,8})?")
_DEFINITION = re.compile(r"\s{0,3}\[[^\[\]\n]{1,200}\]:|\s{0,40}(?:!!!|\?\?\?)\s|\s{0,3}\*\[")
_LEFT_BLANK = re.compile(
    r"(?P<code>`[^`\n]{1,500}`)|(?P<image>!\[[^\[\]\n]{0,300}\]\([^()\n]{0,600}\))"
    r"|(?P<target>\](?:\([^()\n]{0,600}\)|\[[^\[\]\n]{0,200}\]))|(?P<note>\[\^[^\[\]\n]{1,60}\])"
    r"|(?P<tag></?[A-Za-z!][^<>\n]{0,400}>)|(?P<url>https?://[!-~]{1,500})"
    r"|(?P<attributes>\{[:#.][^{}\n]{0,200}\})|(?P<entity>&(?:[A-Za-z]{2,10}|\#\d{1,6});)"
    r"|(?P<escape>\\(?=[!-/:-@\[-`{-~]))|(?P<strong>(?<!\\)(?:\*\*|__|~~))"
    r"|(?P<bracket>(?<!\\)\[(?=[^\[\]\n]{0,300}\][(\[]))"
)
_EMPHASIS = re.compile(r"(?<![\\*])\*(?=[^\s*])([^*\n]{1,200})(?<=[^\s\\])\*(?!\*)")
_QUOTE = re.compile(r"\s{0,3}>\s?")


def plain_lines(markdown: str, first_line: int) -> list[tuple[int, str]]:
    """Return the lines of prose in a Markdown text, numbered from ``first_line``.

    Headings, tables, code, comments and blank lines are left out. Link targets, tags and other
    markup are blanked, so that every character that is left keeps its column.
    """
    lines = _without_comments(markdown).splitlines()
    kept: list[tuple[int, str]] = []
    fence, raw_end, in_table = "", "", False
    for at, line in enumerate(lines):
        if fence or raw_end:
            if fence and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            elif raw_end and raw_end in line.lower():
                raw_end = ""
            continue
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if opened := _FENCE.match(line):
            fence = opened[1]
            continue
        if (end := _raw_block(line)) is not None:
            raw_end = end
            continue
        in_table = in_table and "|" in line
        if _TABLE_RULE.fullmatch(line) or ("|" in line and _TABLE_RULE.fullmatch(following)):
            in_table = True
        is_title = bool(following.strip()) and _UNDERLINE.fullmatch(following) is not None
        if (
            in_table
            or is_title
            or line.lstrip().startswith("|")
            or not line.strip()
            or any(rule.match(line) for rule in (_HEADING, _DEFINITION))
            or _UNDERLINE.fullmatch(line)
        ):
            continue
        text = _LEFT_BLANK.sub(lambda m: " " * len(m[0]), line)
        text = _EMPHASIS.sub(lambda m: f" {m[1]} ", text)
        if quote := _QUOTE.match(text):
            text = " " * quote.end() + text[quote.end() :]
        if text.strip():
            kept.append((first_line + at, text))
    return kept


_WITHIN_LINE = re.compile("[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def _without_comments(markdown: str) -> str:
    """Blank comments, wherever they begin; one that is never closed goes to the end."""
    pieces, at = [], 0
    while (begin := markdown.find("<!--", at)) >= 0:
        end = markdown.find("-->", begin + 4)
        end = len(markdown) if end < 0 else end + 3
        pieces += [markdown[at:begin], _WITHIN_LINE.sub(" ", markdown[begin:end])]
        at = end
    return "".join((*pieces, markdown[at:]))


def _raw_block(line: str) -> str | None:
    """Return what ends a comment or HTML table that a line opens, "" if the line ends it too."""
    lowered = line.lower().lstrip()
    for begin, end in (("<!--", "-->"), ("<table", "</table>"), ("<pre", "</pre>")):
        if lowered.startswith(begin):
            return "" if end in lowered else end
    return None
