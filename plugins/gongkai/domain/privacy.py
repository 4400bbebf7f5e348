"""A text of many lines into the personal data and marks of secrecy that it holds, masked.

``personal.py`` holds closed sheets to what their columns allow and may be strict. Here prose and
tables of every kind are read: what is told must be a person's, for a false alarm stops an agency's
publication. So a number needs its check digit, its place in no longer number, and nothing beside it
that says it is an amount, a code or part of an address on the web; a number without a check digit
needs the word that says what it is, before it or at the head of its column.

Not told, on purpose: landlines, hotlines and numbers of QQ, which offices publish to be reached;
accounts of offices, which bear no issuer's prefix of personal cards; postal addresses of offices;
addresses of e-mail, which offices publish as they do telephone numbers, often on a public
provider's servers, so that nothing tells whose one is; years and months of birth in the lives of
leaders; names alone, which no program can tell.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import BeforeValidator, Field

from gongkai.domain.personal import SURNAMES, digit_of, masked, passes_luhn
from gongkai.domain.values import Item, credit_check, organisation_check


class PrivacyKind(StrEnum):
    """What kind of personal data was found; ``author`` and ``location`` are of files alone."""

    IDENTITY = "identity"
    MOBILE = "mobile"
    CARD = "card"
    PASSPORT = "passport"
    SOCIAL_SECURITY = "social_security"
    ADDRESS = "address"
    BIRTH = "birth"
    AUTHOR = "author"
    LOCATION = "location"


PRIVACY_WORDS: Mapping[PrivacyKind, tuple[str, str]] = {
    PrivacyKind.IDENTITY: ("身份证件号码", "an ID number"),
    PrivacyKind.MOBILE: ("手机号码", "a mobile number"),
    PrivacyKind.CARD: ("银行卡号", "the number of a bank card"),
    PrivacyKind.PASSPORT: ("护照或通行证号码", "the number of a passport or permit"),
    PrivacyKind.SOCIAL_SECURITY: ("社保、医保或公积金个人号码", "a social security number"),
    PrivacyKind.ADDRESS: ("家庭住址", "a home address"),
    PrivacyKind.BIRTH: ("出生日期", "a date of birth"),
    PrivacyKind.AUTHOR: ("文件作者姓名", "the name of a file's author"),
    PrivacyKind.LOCATION: ("拍摄地点", "the place where a picture was taken"),
}


@dataclass(frozen=True, slots=True)
class PrivateData:
    """Personal data between two offsets of a text; its value is kept masked alone."""

    kind: PrivacyKind
    start: int
    end: int
    masked: str


def _kind_named(value: object) -> object:
    """Accept the Chinese word of a kind as a message prints it."""
    return next((kind for kind, words in PRIVACY_WORDS.items() if words[0] == value), value)


class PrivacyWaiver(Item):
    """One piece of personal data that may stand: somebody has looked at it and says why."""

    kind: Annotated[PrivacyKind, BeforeValidator(_kind_named)] = Field(
        title="个人信息类别",
        description="identity、mobile、card、passport、social_security、address、birth、author、location",
    )
    value: str = Field(
        title="掩码",
        description="照提示里的写法，带星号，如 138******00",
        min_length=1,
        max_length=200,
    )
    reason: str = Field(
        title="公开理由", description="为什么可以公开", min_length=2, max_length=300
    )
    reviewer: str = Field(
        title="复核岗位", description="只写岗位，不写姓名", min_length=1, max_length=60
    )


PrivacyWaivers = tuple[PrivacyWaiver, ...]

# ---------------------------------------------------------------- numbers, however written
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\u0300-\u036f\u20d0-\u20ff"
)
_SPACES = " \u00a0\u2000-\u200a\u202f\u205f\u3000"
_DASHES = r"\-‐-―−－﹣_＿"
_POINTS = ".．·•・‧∙⋅。"
_MARKUP = "*`~\\\\"
_HAN_DIGITS = "〇零幺一二三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖"
_ROUND_DIGITS = "⓪①-⑨❶-❾➀-➈➊-➒"
_GAP = rf"(?:[{_UNSEEN}{_SPACES}{_DASHES}{_POINTS}{_MARKUP}]|<[^<>\n]{{1,12}}>){{0,8}}+"
# possessive, so that no input is read more than a few times over
_ANY_DIGIT = rf"[\d{_HAN_DIGITS}{_ROUND_DIGITS}]"
_CLUSTER = re.compile(rf"{_ANY_DIGIT}(?:{_GAP}{_ANY_DIGIT}){{6,}}+")
_DATE_OR_LANDLINE = re.compile(
    r"(?:19|20)[0-9]{2}(?P<mark>[-./])[0-9]{1,2}(?P=mark)[0-9]{1,2}(?: [0-9]{1,2})?"
    r"|0(?:10|2[0-9]|[3-9][0-9]{2})[- ][2-8][0-9]{6,7}"
)
_DECIMALS = re.compile(r"\d(?:[^\n" + _HAN_DIGITS + r"]*\d)?")
_HIDES = re.compile(rf"[{_UNSEEN}*`~\\]+|__+|<[^<>\n]{{1,12}}>")
_MAY_HIDE = re.compile(rf"[{_UNSEEN}*`~\\_<]")
_CHECK_X = re.compile(rf"[{_UNSEEN}*`~]{{0,4}}[ \-]?([XxＸｘ])(?![0-9A-Za-z])")
FINDINGS_LIMIT = 500  # in one text; who finds that many looks no further
ROW_LIMIT = 4000  # characters of a row of a table
_LEFT, _RIGHT = 48, 16  # characters beside a number that may say what it is
_LINES_ABOVE, _LABEL = 3, 24  # lines among which a label may stand over it, and its length
_LINE_MARKS = " \u3000\t>|#+-\"'“"  # what a line may begin with, or a cell
_MAY_BE_LABELLED = re.compile(rf"[{_UNSEEN}{_SPACES}\t>|#+\-\"'“A-Za-z]*\Z")


def _shapes(*sizes: tuple[int, ...], last: str = "[0-9]") -> str:
    """Return a pattern of digits in groups with one separator, such as 3-4-4."""
    shapes = []
    for n, shape in enumerate(sizes):
        groups = [f"[0-9]{{{size}}}" for size in shape]
        groups[-1] = f"[0-9]{{{shape[-1] - 1}}}{last}"
        shapes.append(f"{groups[0]}(?P<s{n}>[ .-]){f'(?P=s{n})'.join(groups[1:])}")
    return "|".join(shapes)


_IDENTITY = re.compile(
    r"(?<![0-9])(?:[0-9]{17}[0-9X]|[0-9]{15}|"
    + _shapes(
        (6, 8, 4),
        (6, 4, 4, 4),
        (6, 4, 2, 2, 4),
        (6, 4, 2, 2, 3, 1),
        (6, 8, 3, 1),
        (6, 12),
        (14, 4),
        (17, 1),
        (4, 4, 4, 4, 2),
        (3, 3, 4, 4, 4),
        (3, 3, 8, 4),
        (6, 6, 6),
        (2, 4, 8, 4),
        (2, 2, 2, 8, 4),
        (2, 2, 2, 4, 2, 2, 4),
        (1,) * 18,
        last="[0-9X]",
    )
    + r")(?![0-9X])"
)
_MOBILE = re.compile(
    r"(?<![0-9])(?P<code>(?:00)?86[ .-]?|0)?(?P<number>1[3-9][0-9]{9}|(?=1[ .-]?[3-9])(?:"
    + _shapes((3, 4, 4), (4, 3, 4), (3, 3, 5), (3, 8), (7, 4), (4, 4, 3), (5, 6), (1,) * 11)
    + r"))(?![0-9])"
)
_CARD = re.compile(
    r"(?<![0-9])(?:[0-9]{15,19}|"
    + _shapes(
        (4, 4, 4, 4, 3),  # longer shapes first, or their beginning would be taken
        (4, 4, 4, 4, 2),
        (4, 4, 4, 4, 1),
        (4, 4, 4, 4),
        (4, 4, 4, 7),
        (6, 13),
        (6, 10),
        (6, 6, 7),
        (4, 6, 5),
        (1,) * 19,
        (1,) * 16,
    )
    + r")(?![0-9])"
)
# 3-4-4 with marks that part other things too: only a word or a bracket makes it a mobile number
_ODD_MOBILE = re.compile(
    r"[1１][3-9３-９]\d(?P<gap>[-.,，/:：+)）\]】 \u3000–—]{1,3})"
    r"\d{4}(?P<next>[-.,，/:：+ \u3000–—]{0,3})\d{4}(?!\d|[-.,，/:：+]\d)"
)
_YEARS = re.compile("(?:(?:19|20)[0-9]{2}){2}")
_OPENING, _CLOSING = "(（[【", ")）]】"
_OWN_PHONE_WORD = re.compile(
    r"(?:手机|电话|联系方式|号码|微信|致电|拨打|(?i:tel|phone|mobile))[号码为是\s:：.(（]{0,8}$"
)
_PHONE_WORD_BEHIND = re.compile(r"[\s)）]{0,2}(?:联系|[(（]?(?:手机|微信))")
# the provinces of GB/T 2260 and the numbers of mobile networks in use
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_NETWORK = re.compile(r"1(?:3[0-9]|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])")
_ISSUER = re.compile(r"62|9558|4|5[1-5]|35[2-8]|3[47]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

# what a number is called, at the end of what stands before it or at the head of its column
_FILLER = r"(?:号码|证号|号|码|编号|[为是]|[Nn][Oo]|number|[\s:：.(（【\[|/“\"'＝=])*"
_ID_WORD = re.compile(
    r"(?:身份证|居民证|身份号|身份证件|公民身份|公民证|证件号|证件|户口簿|居住证|驾驶证|社会保障号)"
    r"(?:明)?(?:件)?(?:号码|证号|号|码|[为是：:])?[^0-9。；;]{0,10}$"
)
_PASSPORT_WORD = re.compile(rf"(?:护照|(?i:passport)){_FILLER}$")
_PERMIT_WORD = re.compile(
    r"(?:来往内地通行证|来往大陆通行证|往来港澳通行证|往来台湾通行证|港澳通行证|台湾通行证|台胞证"
    r"|回乡证|港澳台居住证|军官证|士兵证|警官证|文职干部证|军人证|士官证)"
    rf"(?:字第|字)?{_FILLER}$"
)
_DISABILITY_WORD = re.compile(rf"残疾人?证{_FILLER}$")
_SOCIAL_WORD = re.compile(
    r"(?<!单位)(?:社会?保障?险?|医疗保险|基本医疗|养老保险|失业保险|工伤保险|医保|新农合|农合|参保|低保"
    r"|住房公积金|公积金|参保人员?)(?:个人|人员?|缴费|缴存)?(?:卡|证)?"
    r"(?:编号|号码|卡号|账号|帐号|证号|账户|号)[\s:：为是(（|]*$"
    r"|(?:个人编号|个人账号|个人社保号|个人公积金)[\s:：为是(（|]*$"
)
_CARD_WORD = re.compile(
    r"(?:卡号|银行卡|信用卡|储蓄卡|借记卡|工资卡|一卡通|惠农卡|存折)[^0-9。；;]{0,8}$"
    r"|(?:账号|帐号|账户|帐户|开户)[^0-9。；;]{0,14}$"
)
_STRONG_CARD_WORD = re.compile(
    r"(?:银行卡|信用卡|储蓄卡|借记卡|工资卡|一卡通|惠农卡|^卡|[^油通C]卡)号?[^0-9。；;]{0,8}$"
)
_PHONE_WORD = re.compile(
    r"(?:手机|电话|联系|移动|致电|拨打|热线|微信|短信|咨询|号码是|支付宝|[Tt][Ee][Ll]"
    r"|[Mm]obile|[Pp]hone|MOBILE|PHONE)[^0-9。；;，,元额]{0,12}$"
)
_CODE_WORD = re.compile(
    r"(?:编号|单号|流水号|代码|编码|案号|文号|档号|注册号|登记号|许可证|证号|证书|备案|税号|发票|票号"
    r"|合同|图号|条码|条形码|序列号|批号|受理号|项目|标段|标号|宗地|地块|索引号|统一|信用代码|机构"
    r"|字第|第|订单|账单|户号|表号|桩号|标准|版本|(?<![A-Za-z])(?:ISBN|ISSN|DOI|QQ|qq|SN|NO|No|ICP|ID|id))"
    r"[号码为是]{0,2}[\s:：.(（【\[“\"#=]*$"
)
_SUM_WORD = re.compile(
    r"(?:金额|合计|总计|共计|小计|累计|资金|预算|决算|收入|支出|余额|造价|投资|产值|价[款格]?|税额?|款项?"
    r"|费用?|人民币|RMB|总额|数额|补助|补贴|拨款|资产|负债|贷款|存款|面积|数量|总数|[¥￥$€£])[\s:：为是约达计共有]{0,4}$"
)
_SUM_HEADING = re.compile(
    r"金额|合计|总计|小计|资金|预算|决算|收入|支出|余额|造价|投资|产值|单价|总价|报价|价格|税|款|费|总额"
    r"|数额|补助|补贴|资产|负债|面积|数量|总数|元|万|亿|吨|%|％|年$|年度|数$|值$|量$|额$|amount|total"
)
_CODE_HEADING = re.compile(
    r"编号|单号|流水号|代码|编码|案号|文号|档号|注册号|登记号|证号|证书|备案|税号|发票|票号|合同|条码|条形码"
    r"|序列号|批号|受理号|索引号|户号|表号|标段|宗地|执法证|ISBN|ISSN|code|index|serial"
)
_PHONE_HEADING = re.compile(r"手机|电话|联系|移动|微信|号码|phone|mobile|tel", re.IGNORECASE)
_SUM_UNIT = re.compile(
    r"\s{0,2}(?:元|万|亿|千|百|角|美元|欧元|港元|日元|吨|公斤|克|平方|立方|㎡|m|亩|公顷|度|字节|株|粒|升|[%％‰]"
    r"|[kKMGT]?[BbWw]\b)"
)
_UNIT_ABOVE = re.compile(r"单位[:：]\s{0,4}[^\n|]{0,8}[元万亿吨]")
_FIGURE = r"[¥￥$]?[-+−]?[0-9][0-9,，]*(?:[.．][0-9]+)?[%％]?"
_IS_FIGURE = re.compile(_FIGURE)
_FIGURE_BEFORE = re.compile(rf"(?:^|[\s,，|\[])({_FIGURE})[\s,，|]+$")
_FIGURE_AFTER = re.compile(rf"[\s,，|]+({_FIGURE})(?:$|[\s,，|\]])")
_MOBILE_OR_LONGER = re.compile(r"1[3-9][0-9]{9}|[0-9]{15,}")
_HAN = "\u3400-\u9fff"
_NAME = re.compile(
    rf"(?:[{SURNAMES}黄周何林高马任许唐谢韦史钟陆汤金方石毛康龙万段雷贺顾龚武白江童颜洪]"
    rf"|欧阳|上官|司马|诸葛|皇甫|尉迟|东方)[{_HAN}·]{{1,3}}"
)
_NAME_BEFORE = re.compile(rf"(?:^|[^{_HAN}])({_NAME.pattern})[\s,，|:：(（]*$")
_NO_NAME = re.compile(
    r"[元吨亩计额费款数量价率值金项目号称类别区县市镇乡村街道路局所院部厅处科司]$"
)
_URL = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+]*://|www\.|\.(?:cn|com|net|org)/)[^\s\"'<>()（），。；]*$"
)
_OWN_PARAMETER = re.compile(r"(?:tel|mobile|phone|sjh)[=:]$", re.IGNORECASE)
_PHONE_LETTERS = re.compile(r"(?:tel|mobile|phone|mob|m|t)$", re.IGNORECASE)
_FILE_STEM = re.compile(r"\.[A-Za-z]{2,5}(?![A-Za-z])")
_LETTERS = re.compile(rf"([A-Za-z]{{1,2}})[{_UNSEEN}{_SPACES}]{{0,2}}$")
_PASSPORT_FORM = re.compile(r"[EGDPSHMKCWLT][A-Z]?[0-9]{7,10}|[A-Z]{1,2}[0-9]{7,8}|[0-9]{8,10}")
_STRICT_PASSPORT_FORM = re.compile(r"(?:[EGDPSHMKC][0-9]{8}|[EC][A-Z][0-9]{7}|[HM][0-9]{10})")
_NO_PERSON = re.compile(r"许可|资格|执法|资质|登记|营业|产权|机构|单位|企业|公司|车辆")
_DOCUMENT_WORDS = re.compile(
    "残疾|护照|通行证|台胞证|回乡证|居[住民]证|证件|身份[证号]|公民[证身]|户口簿|驾驶证|[官兵]证|干部证|军人证"
    "|社保|社会保|保险|医疗|医保|农合|参保|低保|公积金|个人[编账]号|(?i:passport)"
)
# between such a word and its number stands no other number
_DOCUMENT_WORD_BEFORE = re.compile(rf"(?:{_DOCUMENT_WORDS.pattern})[^0-9]*\Z")
_DOCUMENT_HEADING = re.compile(r"护照|通行证|台胞证|回乡证|证件号")


def private_data(text: str) -> list[PrivateData]:
    """Return the personal data of a text in the order of their places; never two of one place.

    Digits of any script and width count, parted by spaces, dashes, points, markup or what cannot
    be seen. The text is read a fixed number of times, whatever it holds; beyond
    ``FINDINGS_LIMIT`` findings the rest is left unread.
    """
    page = _Page(text)
    found: list[PrivateData] = []
    for match in _CLUSTER.finditer(text):
        found += _of_cluster(page, match.start(), match.end())
        if len(found) >= FINDINGS_LIMIT:
            return found
    found += _odd_mobiles(page)
    if _HOME_HINT.search(text):
        found += _homes(page, found)
    if _BIRTH_HINT.search(text):
        found += _births(page)
    if len(found) < 2:
        return found
    found.sort(key=lambda one: (one.start, -one.end))
    apart = found[:1]
    for one in found[1:]:
        if one.start >= apart[-1].end:
            apart.append(one)
    return apart


def redacted(text: str) -> str:
    """Return a text in which all personal data is masked, for messages about it."""
    for one in reversed(private_data(text)):
        text = text[: one.start] + one.masked + text[one.end :]
    return text


class _Page:
    """A text with its lines and tables; what is not asked for costs nothing."""

    def __init__(self, text: str) -> None:
        self.text = text
        # the row that was asked for last: its line, mark and cells, and what its head says
        self._open: tuple[int, str, list[str], list[str], list[str], str] = (-1, "", [], [], [], "")
        self._known_heads: dict[int, tuple[list[str], list[str], str]] = {}

    @cached_property
    def has_document_words(self) -> bool:
        """Tell whether anything is named here whose numbers bear no check digit."""
        if _DOCUMENT_WORDS.search(self.text):
            return True
        has_markup = _MAY_HIDE.search(self.text) is not None
        return has_markup and _DOCUMENT_WORDS.search(_HIDES.sub("", self.text)) is not None

    @cached_property
    def _named_heads(self) -> set[int]:
        """The first lines of the tables at whose head such a word stands."""
        named: set[int] = set()
        for head in {head for head in self._heads if head >= 0}:
            lines = "\n".join(self._lines[head : head + 2])
            if _DOCUMENT_WORDS.search(lines):
                named.add(head)
        return named

    def is_worded(self, at: int) -> bool:
        """Tell whether a word before an offset or above it may make a number there personal."""
        if not self.has_document_words:
            return False
        before = self.before(at)
        if _DOCUMENT_WORD_BEFORE.search(before):
            return True
        if _MAY_BE_LABELLED.match(before) and _DOCUMENT_WORDS.search(self.above(at)):
            return True
        n = bisect_right(self._starts, at) - 1
        if self._heads[n] not in self._named_heads:
            return False
        row = self.row(at)
        return row is not None and _DOCUMENT_WORDS.search(row.heading) is not None

    def above(self, at: int) -> str:
        """Return the next line above that says anything, where it is as short as a label."""
        n = bisect_right(self._starts, at) - 1
        for line in reversed(self._lines[max(0, n - _LINES_ABOVE) : n]):
            if line and not line.isspace():
                label = _HIDES.sub("", line[:_LEFT]).strip() if len(line) < _LEFT else ""
                return "" if len(label) > _LABEL or re.search(r"\d", label) else label
        return ""

    def before(self, at: int) -> str:
        """Return what stands before an offset on its line, without markup."""
        begin = max(self.text.rfind("\n", max(0, at - _LEFT), at) + 1, at - _LEFT, 0)
        return _HIDES.sub("", self.text[begin:at])

    def after(self, at: int) -> str:
        """Return what stands behind an offset on its line, without markup."""
        return _HIDES.sub("", self.text[at : at + _RIGHT].partition("\n")[0])

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [0], self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _heads(self) -> list[int]:
        """The first line of the table that each line belongs to, or -1."""
        heads: list[int] = []
        form, head, width = "", -1, 0
        for n, line in enumerate(self._lines):
            # no table that a person reads has longer rows
            mark = next((mark for mark in "|\t," if mark in line), "")
            mark = mark if len(line) <= ROW_LIMIT else ""
            count = line.count(mark) if mark else 0
            if not mark:
                form, head = "", -1
            elif mark != form or (mark == "," and count != width):
                form, head, width = mark, n, count
            heads.append(head)
        return heads

    def _head(self, head: int, mark: str) -> tuple[list[str], list[str], str]:
        """Return the cells of a table's first two lines, and what stands over them."""
        if head not in self._known_heads:
            headings = [cell.strip() for cell in self._lines[head].split(mark)]
            second = self._lines[head + 1].split(mark) if head + 1 < len(self._lines) else []
            if any(re.search(r"[0-9]", cell) for cell in second):
                second = []  # a row of values, no second line of the header
            above = "\n".join(self._lines[max(0, head - 3) : head])[-200:]
            self._known_heads[head] = headings, second, above
        return self._known_heads[head]

    def row(self, at: int) -> _Row | None:
        """Return the table row that holds an offset, or ``None``."""
        n = bisect_right(self._starts, at) - 1
        head = self._heads[n]
        if head < 0:
            return None
        line = self._lines[n]
        if self._open[0] != n:
            mark = next(mark for mark in "|\t," if mark in line)
            self._open = (n, mark, line.split(mark), *self._head(head, mark))
        _, mark, cells, headings, second, above = self._open
        column = line.count(mark, 0, at - self._starts[n])
        if n == head:
            headings, second = [], []
        elif n == head + 1:
            second = []
        return _Row(cells, column, headings, second, above)


@dataclass(frozen=True)
class _Row:
    """One row of a table: its cells, the column in question, and what stands over the table."""

    cells: list[str]
    column: int
    headings: list[str]
    second: list[str]
    above: str

    @property
    def heading(self) -> str:
        """What the column is called."""
        parts = [
            cells[self.column].strip(" -:")
            for cells in (self.headings, self.second)
            if self.column < len(cells)
        ]
        return " ".join(part for part in parts if part)

    @property
    def others(self) -> list[str]:
        """The other cells that hold anything."""
        cells = (c.strip(" \"'[]*") for n, c in enumerate(self.cells) if n != self.column)
        return [cell for cell in cells if cell]

    def holds_figures(self) -> bool:
        """Tell whether the other cells are figures, as in a statement of accounts."""
        others = self.others
        figures = [
            cell
            for cell in others
            if _IS_FIGURE.fullmatch(cell) and not _MOBILE_OR_LONGER.fullmatch(cell)
        ]
        if others and others[0] in figures and len(others[0]) <= 4 and self.column > 0:
            figures = figures[1:]  # the number of the row
        return bool(figures) and not any(map(_is_name, others))


def _is_name(cell: str) -> bool:
    return _NAME.fullmatch(cell) is not None and not _NO_NAME.search(cell)


def _has_name_before(near: _Near) -> bool:
    match = _NAME_BEFORE.search(near.before)
    return match is not None and not _NO_NAME.search(match[1])


def _of_cluster(page: _Page, begin: int, end: int) -> list[PrivateData]:
    size = end - begin
    if size < 11 and not page.has_document_words:
        return []  # before anything else is looked at: most numbers are dates and amounts
    cluster = page.text[begin:end]
    if size < 14 and _DATE_OR_LANDLINE.fullmatch(cluster):
        return []
    if size >= 11:
        size -= cluster.count("-") + cluster.count(" ") + cluster.count(".")
    if size < 11 and not page.is_worded(begin):
        return []
    digits, at = _reading(page.text, begin, end)
    found = list(_numbers(page, digits, at))
    if not found and not cluster.isascii() and _IN_WORDS.search(cluster):
        for part in _NOT_IN_WORDS.finditer(cluster):  # 周一13800138000, ①13800138000
            if (inner := _DECIMALS.search(part[0])) and len(inner[0]) < len(cluster):
                first = begin + part.start() + inner.start()
                found += _numbers(page, *_reading(page.text, first, first + len(inner[0])))
    return found


def _reading(text: str, begin: int, end: int) -> tuple[str, list[int]]:
    """Return digits with one character between groups, and the offset of each character.

    A space, ``-`` or ``.`` parts the digits of a number, ``|`` parts two numbers; the last offset
    is that of the end.
    """
    check = _CHECK_X.match(text, end)
    cluster = text[begin : check.end()] if check else text[begin:end]
    if cluster.isascii() and cluster.isdigit():
        return cluster, list(range(begin, end + 1))
    letters: list[str] = []
    at: list[int] = []
    gap = 0
    for match in _PIECES.finditer(cluster):
        if match.lastgroup == "gap":
            gap = match.start()
            mark = _mark(match[0])
            if mark:
                letters.append(mark)
                at.append(begin + gap)
            continue
        letters.append("X" if match.lastgroup == "check" else digit_of(match[0]))
        at.append(begin + match.start())
    at.append(begin + len(cluster))
    return "".join(letters), at


_IN_WORDS = re.compile(f"[{_HAN_DIGITS}{_ROUND_DIGITS}]")
_NOT_IN_WORDS = re.compile(f"[^{_HAN_DIGITS}{_ROUND_DIGITS}]{{7,}}")
_PIECES = re.compile(
    rf"(?P<digit>[\d{_HAN_DIGITS}{_ROUND_DIGITS}])|(?P<check>(?<!<)[XxＸｘ]\Z)"
    rf"|(?P<gap>(?:<[^<>\n]{{1,12}}>|[^\d{_HAN_DIGITS}{_ROUND_DIGITS}XxＸｘ<])+)"
)


def _mark(gap: str) -> str:
    rest = _HIDES.sub("", gap)
    if not rest:
        return ""
    if len(rest) <= 2 and not rest.strip():
        return " "
    middle = rest.strip()
    if len(rest) > 3 or len(middle) > 1:
        return "|"
    return "." if middle in _POINTS else "-"


def _numbers(page: _Page, digits: str, at: list[int]) -> Iterator[PrivateData]:
    """Yield the personal numbers in a reading."""
    count = len(digits) if digits.isdigit() else sum(c not in " -.|" for c in digits)
    if count < 7:
        return
    text, taken = page.text, 0

    def made(kind: PrivacyKind, match: re.Match[str], compact: str) -> PrivateData:
        return PrivateData(kind, at[match.start()], at[match.end() - 1] + 1, masked(compact, 3, 2))

    if count >= 15:
        gone: list[tuple[int, int]] = []
        for match in _IDENTITY.finditer(digits):
            if taken >= FINDINGS_LIMIT:
                return
            if one := _compact(match[0]):
                near = _Near(page, at[match.start()], at[match.end() - 1] + 1)
                if _is_identity(one, near, is_parted=len(one) != len(match[0])):
                    yield made(PrivacyKind.IDENTITY, match, one)
                    gone.append(match.span())
                    taken += 1
        digits = _without(digits, gone)
        gone.clear()
        for match in _CARD.finditer(digits):
            if taken >= FINDINGS_LIMIT:
                return
            one = _compact(match[0])
            near = _Near(page, at[match.start()], at[match.end() - 1] + 1)
            if _is_card(one, near, is_parted=len(one) != len(match[0])):
                yield made(PrivacyKind.CARD, match, one)
                gone.append(match.span())
                taken += 1
        digits = _without(digits, gone)
    if count >= 11:
        for match in _MOBILE.finditer(digits):
            if taken >= FINDINGS_LIMIT:
                return
            one = _compact(match["number"])
            near = _Near(page, at[match.start()], at[match.end() - 1] + 1)
            if _is_mobile(one, match, digits, near):
                yield made(PrivacyKind.MOBILE, match, one)
                taken += 1
    if not taken and count <= 22 and page.is_worded(at[0]):
        first, last = at[0], at[len(digits) - 1] + 1
        yield from _worded(text, _Near(page, first, last), _compact(digits))


def _odd_mobiles(page: _Page) -> Iterator[PrivateData]:
    """Yield mobile numbers in brackets, or parted by marks behind a word: 手机139,8765,4321."""
    text = page.text
    for match in _ODD_MOBILE.finditer(text):
        start, end = match.span()
        before = text[max(0, start - 2) : start]
        if before[-1:] in ("0", "０"):  # (0139)87654321
            before = before[:-1]
        if before[-1:].isdigit() or (before[-1:].isascii() and before[-1:].isalpha()):
            continue
        number = "".join(map(digit_of, filter(str.isdigit, match[0])))
        if not _NETWORK.match(number) or _YEARS.fullmatch(number, 3):
            continue
        near = _Near(page, start, end)
        if near.is_in_url or _SUM_UNIT.match(near.after):
            continue
        is_bracketed = any(c in _CLOSING for c in match["gap"]) and before[-1:] in _OPENING
        if is_bracketed and before[-1:]:
            is_said = not near.row or not near.row.holds_figures()
        else:
            is_said = bool(_OWN_PHONE_WORD.search(near.before))
            is_said |= bool(_PHONE_WORD_BEHIND.match(near.after))
        if is_said and not _CODE_WORD.search(near.before.rstrip(_OPENING)):
            yield PrivateData(PrivacyKind.MOBILE, start, end, masked(number, 3, 2))


def _without(digits: str, spans: list[tuple[int, int]]) -> str:
    """Return a reading in which some spans part numbers."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [digits[at:start], "|" * (end - start)]
        at = end
    return "".join([*pieces, digits[at:]]) if spans else digits


def _compact(digits: str) -> str:
    return digits if digits.isalnum() else re.sub("[ .|-]", "", digits)


class _Near:
    """What stands beside a number: before it, behind it, and at the head of its column."""

    def __init__(self, page: _Page, start: int, end: int) -> None:
        self.page, self.start, self.end = page, start, end

    @cached_property
    def before(self) -> str:
        """The text before the number on its line."""
        return self.page.before(self.start)

    @cached_property
    def after(self) -> str:
        """The text behind the number on its line."""
        return self.page.after(self.end)

    @cached_property
    def row(self) -> _Row | None:
        """The table row that the number stands in."""
        return self.page.row(self.start)

    @cached_property
    def heading(self) -> str:
        """What the number's column is called, or nothing."""
        return self.row.heading if self.row else ""

    @cached_property
    def label(self) -> str:
        """The text before the number on its line, or the line above one that begins with it."""
        return self.before if self.before.strip(_LINE_MARKS) else self.page.above(self.start)

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether the text before the number, or else its heading, ends with a word."""
        return bool(pattern.search(self.label)) or bool(
            self.heading and pattern.search(self.heading)
        )

    @cached_property
    def is_code(self) -> bool:
        """Tell whether the number is said to be a code or stands in an address on the web."""
        if _CODE_WORD.search(self.before) or self._is_glued or self.is_in_url:
            return True
        return bool(self.heading and _CODE_HEADING.search(self.heading))

    @cached_property
    def is_in_url(self) -> bool:
        """Tell whether the number is part of an address on the web."""
        before = self.page.text[max(0, self.start - 300) : self.start]
        return bool(_URL.search(before)) and not _OWN_PARAMETER.search(before)

    @property
    def _is_glued(self) -> bool:
        last, following = self.before[-1:], self.after[:1]
        if last.isascii() and last.isalpha() and not _PHONE_LETTERS.search(self.before):
            return True
        return following.isascii() and following.isalpha()


def _is_identity(number: str, near: _Near, *, is_parted: bool) -> bool:
    """Tell a resident's number (GB 11643) from other numbers of 15 and 18 digits."""
    if len(number) == 15:
        if not _PROVINCE.match(number) or not _is_day("19" + number[6:12]):
            return False
        return near.says(_ID_WORD) or (not near.is_code and _is_of_person(near))
    if not _is_day(number[6:14]):
        return False
    is_right = _check_digit(number) == number[17]
    if near.says(_ID_WORD) and not near.is_in_url:
        return is_right or bool(_PROVINCE.match(number))
    if not is_right or not _PROVINCE.match(number):
        return False
    if number[:17].isdigit() and _is_credit_code(number):
        return False
    # a serial number that begins with a region and a day is of our time
    return not (near.is_code and (number[6:10] >= "2008" or near.is_in_url or is_parted))


def _check_digit(number: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11]


def _is_day(digits: str) -> bool:
    if digits[:2] not in ("19", "20") or digits[:4] > "2039":
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def _is_credit_code(number: str) -> bool:
    if not _PROVINCE.match(number, 2):  # of the office that gave it
        return False
    return credit_check(number) == number[17] and organisation_check(number[8:17]) == number[16]


def _is_of_person(near: _Near) -> bool:
    """Tell whether a row or sentence is about one person."""
    if near.row:
        return any(cell in ("男", "女") or _is_name(cell) for cell in near.row.others)
    return _has_name_before(near) or bool(re.search(r"[,，、\s(（][男女][,，、\s]", near.before))


def _is_card(number: str, near: _Near, *, is_parted: bool) -> bool:
    """Tell a personal bank card from other long numbers."""
    if not _ISSUER.match(number) or (len(number) == 15) != (number[:2] in ("34", "37")):
        return False
    if near.is_in_url:
        return False
    is_right = passes_luhn(number)
    if near.says(_CARD_WORD):
        if number[:2] == "62" or number[:4] == "9558":
            return is_right or near.says(_STRONG_CARD_WORD)
        is_said = near.says(_STRONG_CARD_WORD) or _is_of_person(near)  # no account of an office
        return is_right and is_said and len(number) in (15, 16)
    if not is_right or near.is_code or _SUM_UNIT.match(near.after):
        return False
    if number[0] == "6" or number[0] == "9":
        if is_parted and _is_in_figures(near):
            return False
        # some issuers share their prefixes with regions: a code goes on with the year
        return len(number) in (16, 19) and number[6:8] not in ("19", "20")
    if is_parted:
        return len(number) in (15, 16) and not _is_in_figures(near)
    return len(number) == 16 and number[6:8] not in ("19", "20")


def _is_mobile(number: str, match: re.Match[str], digits: str, near: _Near) -> bool:
    """Tell a mobile number from amounts, codes and figures in a row."""
    if near.is_in_url:
        return False
    heading = near.heading
    if _PHONE_WORD.search(near.before) or (heading and _PHONE_HEADING.search(heading)):
        return not _SUM_UNIT.match(near.after) or bool(heading)
    if not _NETWORK.match(number) or near.is_code:
        return False
    if match["code"] and (match["code"].startswith("00") or near.before.endswith("+")):
        return True
    if match["code"] not in (None, "0") and not _has_name_before(near):
        return False  # thirteen digits that happen to begin with 86
    is_parted = len(number) != len(match["number"])
    if is_parted:
        alone = match.start() in (0,) or digits[match.start() - 1] == "|"
        alone &= match.end() == len(digits) or digits[match.end()] == "|"
        years = re.findall(r"[0-9]+", match["number"])[1:]
        if not alone or all(re.fullmatch("(?:19|20)[0-9]{2}", part) for part in years):
            return False
        if "-" not in match["number"] and _is_in_figures(near):
            return False
        sizes = [len(part) for part in years]
        if sizes not in ([4, 4], [1] * 10) and not _has_name_before(near):
            return False  # nobody writes 1380 013 8000 without saying what it is
    elif not _stands_alone(match, digits, near):
        return False
    if _SUM_UNIT.match(near.after) or _SUM_WORD.search(near.before):
        return False
    if near.before[-1:] in "/=_#%&" and near.before[-1:] and _FILE_STEM.match(near.after):
        return False  # files/15130000154.pdf
    if near.row:
        if heading and _SUM_HEADING.search(heading):
            return False
        if not is_parted and (near.row.holds_figures() or _UNIT_ABOVE.search(near.row.above)):
            return False
    return not _is_among_figures(near)


def _stands_alone(match: re.Match[str], digits: str, near: _Near) -> bool:
    """Tell whether eleven digits are no part of a decimal, sum or hyphenated code."""
    first, last = match.start(), match.end()
    before = digits[first - 1] if first else near.before[-1:]
    after = digits[last] if last < len(digits) else near.after[:1]
    if first and before in "-.":
        return False
    if last < len(digits) and after in "-.":
        return False
    if re.search(r"[0-9A-Za-z][-—._]$|[0-9][,，]$", near.before):
        return False
    return not re.match(r"[.,，][0-9]{2,3}(?![0-9])|-[0-9A-Za-z]", near.after)


def _is_in_figures(near: _Near) -> bool:
    """Tell whether groups of digits may be figures of their own: others stand on their line."""
    if _has_name_before(near):
        return False
    if near.row:
        return near.row.holds_figures()
    return bool(re.search(r"[0-9]", near.before + near.after))


def _is_among_figures(near: _Near) -> bool:
    """Tell whether the numbers right beside it on the line are figures too."""
    beside = [
        found[1]
        for found in (_FIGURE_BEFORE.search(near.before), _FIGURE_AFTER.match(near.after))
        if found
    ]
    figures = [one for one in beside if not _MOBILE_OR_LONGER.fullmatch(one)]
    if _has_name_before(near):
        return False
    if len(figures) == 1 and len(figures[0]) <= 3 and near.before.strip() == figures[0]:
        return False  # the number of the row
    return bool(figures)


def _worded(text: str, near: _Near, number: str) -> Iterator[PrivateData]:
    """Yield a number that only the word beside it makes personal."""
    before, heading = near.before, near.heading
    letters = ""
    if match := _LETTERS.search(before):
        letters, before = match[1].upper(), before[: match.start()]
        if before[-1:].isascii() and before[-1:].isalnum():
            return
    if near.is_in_url or (near.after[:1].isascii() and near.after[:1].isalnum()):
        return
    if not before.strip(_LINE_MARKS):
        before = near.page.above(near.start)
    value = letters + number
    start = near.start
    if letters:
        start = text.rfind(letters[0], 0, near.start)
        if start < 0 or near.start - start > 8:
            start = max(text.rfind(letters[0].lower(), 0, near.start), near.start - 8, 0)
    kind = None
    if len(number) == 20 and not letters:  # an ID number, and kind and degree of the disability
        if near.says(_DISABILITY_WORD) and _is_day(number[6:14]):
            kind = PrivacyKind.IDENTITY
    elif _PASSPORT_WORD.search(before) or _PERMIT_WORD.search(before):
        if _PASSPORT_FORM.fullmatch(value) or (_PERMIT_WORD.search(before) and not letters):
            kind = PrivacyKind.PASSPORT
    elif _ID_WORD.search(before) and _STRICT_PASSPORT_FORM.fullmatch(value):
        kind = PrivacyKind.PASSPORT if not _NO_PERSON.search(before) else None
    elif _SOCIAL_WORD.search(before) and "登记" not in before[-12:]:
        kind = PrivacyKind.SOCIAL_SECURITY
    elif heading and not _NO_PERSON.search(heading):
        if (
            (_DOCUMENT_HEADING.search(heading) and _STRICT_PASSPORT_FORM.fullmatch(value))
            or (_PASSPORT_WORD.search(heading) and _PASSPORT_FORM.fullmatch(value))
            or (_PERMIT_WORD.search(heading) and _PASSPORT_FORM.fullmatch(value))
        ):
            kind = PrivacyKind.PASSPORT
        elif _SOCIAL_WORD.search(heading):
            kind = PrivacyKind.SOCIAL_SECURITY
    if kind is not None:
        yield PrivateData(kind, start, near.end, masked(value, 3 if letters else 2, 2))


# ---------------------------------------------------------------- homes and days of birth
_HOME_HINT = re.compile("家庭[住地]|住址|户籍|户口|居住地|姓名|户主|[现家]住|现居")
_HOME_WORD = re.compile(
    r"(?:家庭住址|家庭地址|现住址|现住地址?|现居住地址?|户籍(?:所在)?地址?|户籍所在地|户口所在地|户籍住址"
    r"|常住地址|居住地址|居住地|住址)"
)
_HOME_LABEL = re.compile(
    rf"(?<![办公单位企业])(?P<word>{_HOME_WORD.pattern})(?:[:：]|[为是](?=[^\s]))[\s“\"]{{0,2}}"
    r"(?P<home>[^\s\n|,，。；;、\"”)）]{5,60})"
)
# 张某，男，现住…: a person was spoken of, and nothing is said of all who live there
_HOME_TOLD = re.compile(
    rf"(?:^|[,，、;；(（\s])(?:现住|现居住|现居|家住)[在于]?\s?"
    rf"(?P<home>[{_HAN}0-9０-９A-Za-z-]{{6,50}})(?!的|[{_HAN}])"
)
_ALL_WHO_LIVE = re.compile("(?:居民|住户|群众|业主|村民|老人|家庭|户|人员|职工)$|的")
_ORDINAL = r"[0-9０-９一二三四五六七八九十百〇甲乙丙A-Za-z-]{1,8}"
_DWELLING = re.compile(
    rf"(?:路|街|巷|道|弄|胡同|里|村|庄|屯|社区|小区|花园|家园|苑|镇|乡|区|县|院)"
    rf"[^\s|，。；]{{0,20}}?{_ORDINAL}(?:号|室|单元|栋|幢|座|楼|组|队|户|弄)"
)
_DOOR = re.compile(rf"{_ORDINAL}(?:室|单元|栋|幢|号楼|组[^\s|，。]{{0,3}}{_ORDINAL}号|号院)")
_HOME_HEADING = re.compile(rf"^{_HOME_WORD.pattern}(?:[(（].*)?$")
_ADDRESS_HEADING = re.compile(r"^(?:详细|通讯|通信|联系|收件)?(?:地址|住址|住处)$")
_PERSON_HEADING = re.compile(
    r"^(?:户主|家长|学生|申请人|权利人|被征收人|受助人|村民|居民|低保对象|救助对象|保障对象|承租人)?"
    r"(?:姓名|名字)$|^户主$|^低保对象$|^救助对象$|^保障对象$|^被征收人$"
)
_OFFICE_HEADING = re.compile(
    r"单位|机构|部门|企业|公司|医院|学校|职务|职称|站点|网点|门店|场所|岗位"
)
_MASKED_HOME = re.compile(r"[*＊×xX_＿…某]{2,}|某[某路街村市县区]")


def _homes(page: _Page, numbers: list[PrivateData]) -> Iterator[PrivateData]:
    """Yield home addresses: behind their word, in their column, or beside a name in a list."""
    text = page.text
    for match in _HOME_LABEL.finditer(text):
        home = _HIDES.sub("", match["home"])
        if _DWELLING.search(home) and not _MASKED_HOME.search(home):
            yield _home(match.start("home"), match["home"])
    for match in _HOME_TOLD.finditer(text):
        home = match["home"]
        if _DWELLING.search(home) and not (_MASKED_HOME.search(home) or _ALL_WHO_LIVE.search(home)):
            yield _home(match.start("home"), home)
    if "|" not in text and "\t" not in text and "," not in text:
        return
    heads: dict[int, tuple[dict[int, bool], bool]] = {}
    for n, head in enumerate(page._heads):
        if head < 0 or n == head:
            continue
        if head not in heads:
            heads[head] = _address_columns(page._lines[head])
        columns, is_list_of_persons = heads[head]
        if not columns:
            continue
        line = page._lines[n]
        mark = next(mark for mark in "|\t," if mark in line)
        at = page._starts[n]
        for column, cell in enumerate(line.split(mark)):
            is_home = columns.get(column)
            plain = _HIDES.sub("", cell).strip()
            if is_home is not None and plain and not _MASKED_HOME.search(plain):
                form = _DWELLING if is_home else _DOOR
                if form.search(plain) and (is_home or is_list_of_persons):
                    yield _home(at + len(cell) - len(cell.lstrip()), cell.strip())
            at += len(cell) + 1


def _address_columns(line: str) -> tuple[dict[int, bool], bool]:
    """Return the columns with addresses, whether of homes, and whether the list is of persons."""
    mark = next(mark for mark in "|\t," if mark in line)
    names = [_HIDES.sub("", cell).strip(" \"'：:") for cell in line.split(mark)]
    columns = {
        n: bool(_HOME_HEADING.match(name))
        for n, name in enumerate(names)
        if _HOME_HEADING.match(name) or _ADDRESS_HEADING.match(name)
    }
    is_of_persons = any(map(_PERSON_HEADING.match, names))
    is_of_offices = any(map(_OFFICE_HEADING.search, names))
    return columns, is_of_persons and not is_of_offices


def _home(start: int, value: str) -> PrivateData:
    return PrivateData(PrivacyKind.ADDRESS, start, start + len(value), masked(value, 3, 0))


_BIRTH_HINT = re.compile("出生|[男女][,，、].{0,24}生")
_DAY = (
    r"(?P<day{n}>(?:19|20)[0-9]{{2}}(?:年[0-9]{{1,2}}月[0-9]{{1,2}}日|[-./][0-9]{{1,2}}[-./][0-9]{{1,2}}"
    r"|[0-9]{{4}}(?![0-9])))"
)
_BIRTH = re.compile(
    r"出生(?:日期|年月日?|时间)[:：]\s{0,3}"
    + _DAY.format(n=1)
    + r"(?![0-9]|\s*[(（]?[含及]?[以之]?[前后至到起])"
    rf"|(?:^|[^{_HAN}]){_NAME.pattern}[,，、(（]\s?" + _DAY.format(n=3) + "出生"
    r"|(?<![男女])[,，、(（\s][男女][,，、\s][^。；\n]{0,16}?"
    + _DAY.format(n=2)
    + "(?:日)?(?:出)?生"
)
_BIRTH_HEADING = re.compile(r"^(?:出生(?:日期|年月日?|时间)|生日)$")
_WHOLE_DAY = re.compile(_DAY.format(n=""))


def _births(page: _Page) -> Iterator[PrivateData]:
    """Yield whole dates of birth behind their word, beside a person's sex, or in their column."""
    for match in _BIRTH.finditer(page.text):
        group = next(name for name in ("day1", "day2", "day3") if match[name])
        yield _birth(match.start(group), match[group])
    heads: dict[int, list[int]] = {}
    if "|" not in page.text and "\t" not in page.text and "," not in page.text:
        return
    for n, head in enumerate(page._heads):
        if head < 0 or n == head:
            continue
        line = page._lines[head]
        if head not in heads:
            mark = next(mark for mark in "|\t," if mark in line)
            names = [cell.strip(" \"'：:*") for cell in line.split(mark)]
            is_of_persons = any(map(_PERSON_HEADING.match, names))
            heads[head] = [
                c for c, name in enumerate(names) if is_of_persons and _BIRTH_HEADING.match(name)
            ]
        if not heads[head]:
            continue
        line, at = page._lines[n], page._starts[n]
        mark = next(mark for mark in "|\t," if mark in line)
        for column, cell in enumerate(line.split(mark)):
            if column in heads[head] and (day := _WHOLE_DAY.search(cell)):
                yield _birth(at + day.start(), day[0])
            at += len(cell) + 1


def _birth(start: int, value: str) -> PrivateData:
    return PrivateData(PrivacyKind.BIRTH, start, start + len(value), masked(value, 4, 0))


# ---------------------------------------------------------------- marks of secrecy
_PART = rf"[{_UNSEEN}{_SPACES}\t*`_]{{0,6}}(?:<[^<>\n]{{1,12}}>)?[{_UNSEEN}{_SPACES}\t*`_]{{0,3}}"
_STARS = "★☆✩✪✫✬✭✮✯✰⭐🌟⚝"
_SECRECY = re.compile(
    rf"(?P<mark>(?<!国家)(?<!商业)(?<!工作)(?<!保守)(?<!军事)(?<!技术)"
    rf"(?:[绝絕]{_PART}|[机機]{_PART}|秘{_PART})密){_PART}(?P<star>[{_STARS}])"
    rf"|(?:密{_PART}级|密{_PART}級|保密等级|秘密等级){_PART}[:：]{_PART}"
    rf"(?P<level>(?:[绝絕]{_PART}|[机機]{_PART}|秘{_PART})密)(?!{_PART}[、/／,，或和级級])"
)


def secrecy_marks(text: str) -> list[tuple[int, str]]:
    """Return offset and kind (绝密, 机密, 秘密) of each mark that a secret document bears.

    A mark is the level with a star behind it (GB/T 33476: 机密★1年, 秘密★启用前), or a stated
    level (密级：机密). Words about secrets (国家秘密, 商业秘密) are none.
    """
    if "密" not in text:
        return []
    found = []
    for match in _SECRECY.finditer(text):
        word = match["mark"] or match["level"]
        level = {"绝": "绝密", "絕": "绝密", "机": "机密", "機": "机密"}.get(word[0], "秘密")
        found.append((match.start("mark" if match["mark"] else "level"), level))
    return found
