"""Every message that an author can meet: its code, severity and words, and where it points.

An author's slip is a ``Problem``, collected; a programmer's slip is an exception, raised.
Each message says what is wrong and what to do about it. ``site_src/help/problems.md`` lists
them all and is generated from this file; ``tests/golden`` holds one case for each code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gongkai.kernel.place import Place


class Severity(StrEnum):
    """How far a problem goes: an error fails the check, a warning fails it under ``--strict``."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem; ``zh`` and ``en`` are formats over the facts of a finding."""

    id: str
    severity: Severity
    zh: str
    en: str
    is_fixable: bool = False


CODES: dict[str, Code] = {}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def _code(number: int, severity: Severity, zh: str, en: str, *, is_fixable: bool = False) -> Code:
    code = Code(f"GK{number}", severity, zh, en, is_fixable)
    if code.id in CODES:
        raise ValueError(f"code {code.id} is declared twice")
    CODES[code.id] = code
    return code


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

# GK1xx: the file and its front matter
NO_FRONT_MATTER = _code(
    101,
    _E,
    "文件没有元数据：第一行应是“---”，元数据之后再写一行“---”",
    "no front matter: the first line must be '---', and another '---' must close it",
)
REPEATED_KEY = _code(
    102,
    _E,
    "字段“{key}”重复，首次出现在第 {first} 行；请只保留一处",
    "key '{key}' is repeated, first on line {first}; keep one",
)
BROKEN_YAML = _code(
    103,
    _E,
    "元数据的格式有误（{why}）；请检查冒号后的空格、引号和缩进",
    "front matter cannot be read ({why_en}); check the space after colons, quotes and indents",
)
UNKNOWN_KEY = _code(104, _E, "不认识的字段“{key}”{hint}", "unknown key '{key}'{hint_en}")
KEY_IN_BOTH_LANGUAGES = _code(
    105,
    _E,
    "“{key}”与“{other}”是同一个字段，不能同时填写；请删去一个",
    "'{key}' and '{other}' are one field; delete one of them",
)
NOT_UTF8 = _code(
    106,
    _E,
    "文件不是 UTF-8 编码（{guess}）；{remedy}",
    "the file is not UTF-8 ({guess}); {remedy_en}",
    is_fixable=True,
)
FRONT_MATTER_TOO_LARGE = _code(
    107,
    _E,
    "元数据超过 {limit} KB；长文字请写在正文里",
    "front matter is over {limit} KB; long text belongs in the body",
)
TOO_DEEP = _code(
    108,
    _E,
    "元数据嵌套超过 {limit} 层；请减少缩进层次",
    "front matter nests deeper than {limit} levels; flatten it",
)
ALIAS = _code(
    109,
    _E,
    "元数据里不能使用锚点、别名（&、*、<<）；以这些符号开头的文字请加引号",
    "anchors, aliases and merge keys (&, *, <<) are refused; quote a text that begins with them",
)
TAG = _code(
    110,
    _E,
    "元数据里不能使用类型标记（!）；以“!”开头的文字请加引号",
    "type tags (!) are refused; quote a text that begins with '!'",
)
NOT_A_MAPPING = _code(
    111, _E, "元数据应是“字段: 内容”的列表", "front matter must be a list of 'key: value' lines"
)
LINE_ENDINGS = _code(
    112,
    _W,
    "文件用了 Windows 换行或带有 BOM；运行 gongkai check --fix 可自动改正",
    "the file has Windows line ends or a BOM; gongkai check --fix mends it",
    is_fixable=True,
)
FILE_TOO_LARGE = _code(
    113,
    _E,
    "文件有 {size} KB，超过 {limit} KB 的上限；大的材料请作为附件",
    "the file has {size} KB, over the limit of {limit} KB; attach large material instead",
)
LINE_TOO_LONG = _code(
    114,
    _E,
    "这一行有 {size} KB，超过 {limit} KB 的上限；请分段",
    "this line has {size} KB, over the limit of {limit} KB; break it into paragraphs",
)
NOT_A_REGULAR_FILE = _code(
    115,
    _E,
    "这里是链接或特殊文件，不能发布；请放入真实的文件",
    "a link or special file cannot be published; put the real file here",
)
UNEXPECTED_FILE = _code(
    116, _E, "这个位置不应有此文件；{remedy}", "this file does not belong here; {remedy_en}"
)
NAME_CLASH = _code(
    117,
    _E,
    "文件名与“{other}”只有大小写或全半角之差，有的电脑会混为一个；请改名",
    "this name differs from '{other}' only in case or width; rename it",
)
BAD_FILE_NAME = _code(
    118,
    _E,
    "文件名“{name}”含有不能用的字符；{remedy}",
    "the name '{name}' holds characters that cannot be used; {remedy_en}",
)
NESTED_MARKDOWN = _code(
    119,
    _E,
    "正文的列表、引用或括号嵌套超过 {limit} 层；请减少层次",
    "lists, quotes or brackets nest deeper than {limit} levels; flatten them",
)
CONTROL_CHARACTER = _code(
    120,
    _E,
    "含有看不见的控制字符（{name}）；请删去后重新输入这几个字",
    "an invisible control character ({name}); delete it and type the words again",
    is_fixable=True,
)
KEY_IS_NOT_TEXT = _code(
    121, _E, "字段名应是文字；请检查冒号和缩进", "a key must be text; check colons and indents"
)
UNCLOSED_FRONT_MATTER = _code(
    122,
    _E,
    "元数据没有结束：请在最后一个字段之后单独写一行“---”",
    "front matter does not end: write a line '---' after its last key",
)
ACTIVE_CONTENT = _code(
    123,
    _W,
    "正文里的 {what} 不能发布，已去掉；请改用 Markdown 写法",
    "{what} cannot be published and was taken out; write Markdown instead",
)
BODY_TOO_SLOW = _code(
    124,
    _E,
    "正文的排版太复杂，{seconds} 秒内没有转换完；请简化嵌套或分成附件",
    "the body could not be converted within {seconds} seconds; simplify it or attach it",
)
TEMPLATE_SYNTAX = _code(
    125,
    _N,
    "正文里的“{what}”会按原样显示；如果是模板残留，请删去",
    "'{what}' is shown as it stands; delete it if it is a template's leftover",
)

UNUSED_FILE = _code(
    126,
    _N,
    "没有条目引用这个文件，不会发布；需要发布的请写进 attachments，不需要的请删去",
    "no entry refers to this file, so it is not published; attach it or delete it",
)

# GK2xx: entries
MISSING_FIELD = _code(
    201,
    _E,
    "缺少必填字段“{label}”（{key}）；例如 {key}: {example}",
    "required field '{key}' ({label}) is missing; for example {key}: {example}",
)
BAD_DATE = _code(
    202,
    _E,
    "“{label}”应写成 2026-03-02 这样的日期，不能是“{value}”",
    "'{key}' must be a date like 2026-03-02, not '{value}'",
)
IMPOSSIBLE_DATE = _code(
    203,
    _E,
    "“{label}”的日期“{value}”不存在；请查对原件",
    "'{value}' in '{key}' is no day of the calendar; check the original",
)
MASKED_DATE = _code(
    204,
    _E,
    "“{label}”的年份被遮盖（“{value}”），系统不会猜测；请查明年份，查不明的在 discrepancy_note 说明后另填归档日期",
    "the year in '{key}' is masked ('{value}') and is not guessed; find it, or give a filing date and say so in discrepancy_note",
)
BAD_INDEX_NUMBER = _code(
    205,
    _E,
    "索引号“{value}”的写法不对；应为“机构代码/年份-五位流水号”，例如 {example}",
    "index number '{value}' is malformed; write code/year-serial, for example {example}",
)
BAD_CHECK_CHARACTER = _code(
    206,
    _E,
    "索引号前段“{front}”的校验码不对，末位应为“{expected}”；请核对机构代码",
    "the check character of '{front}' is wrong, it should end in '{expected}'; check the code",
)
REPEATED_INDEX_NUMBER = _code(
    207,
    _E,
    "索引号“{value}”已被 {other} 使用；请用 gongkai new entry 取下一个号",
    "index number '{value}' is taken by {other}; gongkai new entry hands out the next",
)
FOREIGN_INDEX_NUMBER = _code(
    208,
    _E,
    "索引号前段“{front}”不是本单位的机构代码（{codes}）；条目只能用本单位的号",
    "'{front}' is not a code of this agency ({codes}); an entry uses its own agency's numbers",
)
BAD_DOCUMENT_NUMBER = _code(
    209,
    _E,
    "文号“{value}”写得不完整；应为“机关代字〔年份〕序号号”，例如 青政办发〔2026〕5号",
    "document number '{value}' is incomplete; write for example 青政办发〔2026〕5号",
)
DOCUMENT_NUMBER_BRACKETS = _code(
    210,
    _W,
    "文号请用六角括号〔〕，可改为“{proposal}”",
    "a document number takes brackets 〔〕: '{proposal}'",
    is_fixable=True,
)
MASKED_DOCUMENT_NUMBER = _code(
    211,
    _E,
    "文号“{value}”的年份被遮盖，不能登记也不会猜测；请查明年份，查不明的不填文号并在 discrepancy_note 说明",
    "the year of document number '{value}' is masked and is not guessed; find it, or leave the number out and say so in discrepancy_note",
)
NOT_IN_VOCABULARY = _code(
    212,
    _E,
    "“{label}”没有“{value}”这个取值{hint}；可用的见 {where}",
    "'{value}' is no value of '{key}'{hint_en}; see {where}",
)
WRONG_SHAPE = _code(213, _E, "“{label}”应为{expected}", "'{key}' must be {expected_en}")
NO_DISCLOSURE_REASON = _code(
    214,
    _E,
    "公开属性为“{disclosure}”时必须写明理由（disclosure_reason）；可用的见 vocab/reasons.yml",
    "'{disclosure_en}' needs disclosure_reason; see vocab/reasons.yml",
)
WITHHELD_BODY = _code(
    215,
    _E,
    "公开属性为“{disclosure}”的条目不能带{what}；请从文件中删去，以免误公开",
    "an entry that is {disclosure_en} must not carry {what_en}; take it out of the file",
)
ONE_WAY_INTERPRETATION = _code(
    216,
    _E,
    "解读与文件须双向关联：请在 {other} 写上 {key}: [{value}]",
    "interpretation and file must name each other: write {key}: [{value}] in {other}",
)
UNKNOWN_ENTRY = _code(
    217,
    _E,
    "“{label}”提到的索引号“{value}”不存在；请核对，外部文件请写成 title、document_number",
    "index number '{value}' in '{key}' does not exist; check it, or name an outside document by title and document_number",
)
REPEAL_WITHOUT_BASIS = _code(
    218,
    _E,
    "写了废止日期就要写明废止依据（repealed_by）：索引号或文号",
    "repealed_on needs repealed_by: an index number or a document number",
)
DATES_OUT_OF_ORDER = _code(
    219,
    _E,
    "“{label}”（{value}）不能早于“{other_label}”（{other_value}）",
    "'{key}' ({value}) cannot be before '{other}' ({other_value})",
)
LATE_PUBLICATION = _code(
    220,
    _W,
    "发布日期超过法定期限：自{start}起第20个工作日是{limit}（条例第二十六条）；另有期限规定的写 deadline_basis，迁移的写 migrated_on",
    "published after the statutory limit of 20 working days from {start}, which was {limit} (art. 26); name another rule in deadline_basis or a migration in migrated_on",
)
NO_TIME = _code(
    221,
    _W,
    "发布日期请写到分，例如 {value} 09:30；确实不知时刻的写 time_unknown: true",
    "give the time of publication, for example {value} 09:30; write time_unknown: true where it is not known",
)
NO_REVIEW = _code(
    222,
    _N,
    "缺少保密审查记录，本条暂不发布；请补 review（checked_on、reviewer、result）",
    "no confidentiality review, so the entry is held back; add review (checked_on, reviewer, result)",
)
REVIEW_REFUSED = _code(
    223,
    _N,
    "审查结论是“{result}”，本条暂不发布",
    "the review says '{result}', so the entry is held back",
)
REPEATED_TITLE = _code(
    224,
    _W,
    "标题与 {other} 相同；同一制度请只登记一次，修订的请写 supersedes",
    "same title as {other}; register it once, or name what it supersedes",
)
UNKNOWN_AGENCY = _code(
    225,
    _E,
    "没有代号为“{value}”的单位{hint}；单位代号是 content/agencies/ 下的文件夹名，外单位请写全称",
    "no agency '{value}'{hint_en}; agencies are the folders of content/agencies/, outside bodies go by full name",
)
MISSING_ATTACHMENT = _code(
    226,
    _E,
    "附件“{file}”不存在；请把文件放进本单位的 files/ 并核对文件名",
    "attachment '{file}' does not exist; put it into the agency's files/ and check its name",
)
ATTACHMENT_TYPE = _code(
    227,
    _E,
    "附件“{file}”的类型不能发布；可用：{allowed}",
    "attachment '{file}' is of a type that is not published; allowed: {allowed}",
)
PATH_ESCAPES = _code(
    228,
    _E,
    "路径“{file}”超出了本单位的文件夹；附件和图片只能引用本单位的文件",
    "path '{file}' leaves the agency's folder; attach and show only the agency's own files",
)
WRONG_YEAR_FOLDER = _code(
    229,
    _E,
    "成文日期是{year}年，文件却放在 {folder}/；请移到 catalogue/{year}/",
    "issued in {year} but filed under {folder}/; move it to catalogue/{year}/",
)
UNKNOWN_COLUMN = _code(
    230,
    _E,
    "没有代号为“{value}”的栏目{hint}；栏目见 vocab/columns.yml",
    "no column '{value}'{hint_en}; see vocab/columns.yml",
)
WITHDRAWN_AND_PRESENT = _code(
    231,
    _E,
    "“{value}”已登记撤下，源文件 {other} 却还在；请删去其中之一",
    "'{value}' is registered as withdrawn but {other} is still there; delete one of them",
)
VALIDITY_CONTRADICTS = _code(
    232,
    _E,
    "有效性写的是“{value}”，按日期应为“{derived}”；请改日期或删去 validity",
    "validity says '{value_en}' but the dates say '{derived_en}'; mend the dates or leave validity out",
)
IMAGE_WITHOUT_TEXT = _code(
    233,
    _E,
    "图片“{file}”没有文字说明；请写成 ![说明](…)，让看不见图的人也能读懂",
    "image '{file}' has no text; write ![description](…) for readers who cannot see it",
)
MISSING_FOR_KIND = _code(
    234,
    _E,
    "“{kind}”类条目缺少“{label}”（{key}）",
    "an entry of kind '{kind}' needs '{key}' ({label})",
)
EMPTY_BODY = _code(
    235,
    _E,
    "主动公开的条目没有正文也没有附件；请补正文",
    "a proactively disclosed entry has neither body nor attachment; write the body",
)
SAME_ADDRESS = _code(
    236,
    _E,
    "曾用索引号“{value}”的地址已被 {other} 占用；请核对 former_index_numbers",
    "the address of former index number '{value}' belongs to {other}; check former_index_numbers",
)
COLUMN_NOT_FOR_AGENCY = _code(
    237,
    _E,
    "栏目“{value}”不对本单位开放；请换一个栏目，或在 vocab/columns.yml 登记",
    "column '{value}' is not open to this agency; choose another or register it in vocab/columns.yml",
)
NEWS_IN_STATUTORY_TREE = _code(
    238,
    _W,
    "“法定主动公开内容”下不放工作动态（国办公开办函〔2019〕61号）；请换栏目",
    "news does not belong under 法定主动公开内容 (国办公开办函〔2019〕61号); choose another column",
)
TOO_LONG = _code(
    239,
    _W,
    "“{label}”有 {size} 字，建议不超过 {limit} 字",
    "'{key}' has {size} characters; keep it within {limit}",
)

# GK3xx: agencies, columns, vocabularies, site and guides
COLUMN_WITHOUT_PERIOD = _code(
    301,
    _E,
    "栏目“{name}”没有更新周期（period）；例如 period: 14d、6m、1y 或 on_change",
    "column '{name}' has no period; for example period: 14d, 6m, 1y or on_change",
)
REPEATED_CODE = _code(
    302,
    _E,
    "代号“{value}”重复，首次在 {other}；代号一经使用不得另指",
    "code '{value}' is repeated, first in {other}; a code names one thing",
)
BAD_CODE = _code(
    303,
    _E,
    "代号“{value}”只能用小写字母、数字和连字符",
    "code '{value}' may hold only lower-case letters, digits and hyphens",
)
MISSING_IDENTITY = _code(
    304,
    _E,
    "site.yml 缺少“{label}”（{key}）；它要印在每一页的页脚或标签里",
    "site.yml lacks '{key}' ({label}), which every page's footer or tags print",
)
BAD_IDENTITY = _code(
    305,
    _E,
    "site.yml 的“{label}”写法不对：“{value}”；{remedy}",
    "'{key}' in site.yml is malformed: '{value}'; {remedy_en}",
)
AGENCY_CYCLE = _code(
    306,
    _E,
    "上级单位互为上下级：{chain}；请改正 parent",
    "agencies are each other's parents: {chain}; mend parent",
)
NO_CONTACT = _code(
    307,
    _E,
    "单位缺少联系方式“{label}”（contact.{key}）",
    "the agency lacks contact.{key} ({label})",
)
GUIDE_ITEM_MISSING = _code(
    308,
    _E,
    "公开指南缺少“{label}”（{key}）；这是条例第十二条要求的九项之一",
    "the guide lacks '{key}' ({label}), one of the nine items of art. 12",
)
NO_GUIDE = _code(
    309,
    _E,
    "单位没有公开指南：请写 guide.md，或在 agency.yml 写 guide: parent、guide: none 并说明",
    "the agency has no guide: write guide.md, or guide: parent / none with a note in agency.yml",
)
CALENDAR_UNKNOWN = _code(
    310,
    _N,
    "{year}年的节假日安排未登记，公开期限未核对；请补 vocab/holidays/{year}.yml",
    "holidays of {year} are not known, so limits are unchecked; add vocab/holidays/{year}.yml",
)
NOTHING_STATED_BUT_ENTRIES = _code(
    311,
    _E,
    "声明了“{name}”无此类信息，却有 {count} 条；请删去声明",
    "'{name}' is stated to hold nothing but has {count} entries; delete the statement",
)
MISSING_FILE = _code(312, _E, "缺少文件 {file}；{remedy}", "file {file} is missing; {remedy_en}")

COLUMN_MISSING = _code(
    313,
    _E,
    "栏目树缺少“{code}”这个固定栏目；请在 presets 中启用 statutory，或自行登记",
    "the column tree lacks '{code}'; use the preset statutory or register it",
)

# GK4xx: annual reports
ROW_SUM = _code(
    401,
    _E,
    "{row}：总计 {stated}，各类申请人合计 {sum}（S3-ROW：总计＝自然人＋法人或其他组织各列）",
    "{row}: total {stated}, but its columns add up to {sum} (S3-ROW)",
)
COLUMN_SUM = _code(
    402,
    _E,
    "{column}：（七）总计 {stated}，21 行办理结果合计 {sum}（S3-COL）",
    "{column}: results_total {stated}, but the 21 result rows add up to {sum} (S3-COL)",
)
BALANCE = _code(
    403,
    _E,
    "{column}：本年新收＋上年结转＝{left}，办理总计＋结转下年＝{right}，两边不等（S3-BAL 表内勾稽关系）",
    "{column}: new + carried in = {left}, results + carried out = {right} (S3-BAL)",
)
REVIEW_SUM = _code(
    404,
    _E,
    "{group}：总计 {stated}，四项结果合计 {sum}（S4）",
    "{group}: total {stated}, but its four results add up to {sum} (S4)",
)
MISSING_CELL = _code(
    405,
    _E,
    "缺少“{label}”的数字；没有发生的填 0，空白不等于零",
    "the figure for '{label}' is missing; write 0 where there was none, blank is not zero",
)
BAD_FIGURE = _code(406, _E, "“{value}”不是{expected}", "'{value}' is not {expected_en}")
UNKNOWN_CELL = _code(
    407,
    _E,
    "格式里没有“{key}”{hint}；请对照 {form} 年格式",
    "the form has no '{key}'{hint_en}; see form {form}",
)
SUM_DIFFERS = _code(
    408,
    _E,
    "{name}：原件总数 {stated}，分项合计 {sum}，相差 {difference}{note}",
    "{name}: the original states {stated}, its parts add up to {sum}, a difference of {difference}{note}",
)
RELATION_FAILS = _code(
    409, _E, "{name}：{left} 大于 {right}{note}", "{name}: {left} is more than {right}{note}"
)
UNKNOWN_FORM = _code(
    410, _E, "没有“{value}”这种年报格式；可用：{known}", "no report form '{value}'; known: {known}"
)
MISSING_PART = _code(
    411,
    _E,
    "年报缺少“{label}”；请在正文写上“## {label}”和内容",
    "the report lacks part '{label}'; write '## {label}' and its text",
)
CARRIED_IN_DIFFERS = _code(
    412,
    _E,
    "{column}：上年结转 {stated}，与{year}年报告的结转下年度 {previous} 不一致（S3-PREV）{note}",
    "{column}: carried in {stated}, but the report of {year} carried out {previous} (S3-PREV){note}",
)
STOCK_DIFFERS = _code(
    413,
    _W,
    "{row}：现行有效 {stated}，上年现行有效＋本年制发－本年废止＝{expected}（S2-STOCK）；有到期失效的请在第六部分说明",
    "{row}: in force {stated}, but last year's + issued - repealed = {expected} (S2-STOCK); explain expiries in part six",
)
LATE_REPORT = _code(
    414,
    _W,
    "年报发布日期 {value} 晚于法定期限 {limit}（条例第四十九条）；迁移的写 migrated_on",
    "published {value}, after the statutory {limit} (art. 49); name a migration in migrated_on",
)
STATED_CONTRADICTION = _code(
    415,
    _N,
    "原件存在出入，已附数据核对说明：{note}",
    "the original contradicts itself, explained: {note}",
)

# GK5xx: links
BROKEN_LINK = _code(
    501,
    _E,
    "链接“{target}”找不到对应的文件；请核对相对路径",
    "link '{target}' leads nowhere; check the relative path",
)
BROKEN_ANCHOR = _code(
    502,
    _E,
    "链接“{target}”的锚点不存在；请核对小标题",
    "the anchor of link '{target}' does not exist; check the heading",
)
FORBIDDEN_LINK = _code(
    503,
    _E,
    "链接“{target}”的形式不能发布；只能用 http、https、mailto、tel 或相对路径",
    "link '{target}' cannot be published; use http, https, mailto, tel or a relative path",
)
LINK_TO_UNPUBLISHED = _code(
    504,
    _W,
    "链接“{target}”指向尚未发布的条目，页面上只显示文字",
    "link '{target}' leads to an entry that is not published; only its text is shown",
)

FILE_NEEDS_ENTRY = _code(
    505,
    _E,
    "指南和年报不能直接挂文件或图片“{file}”；请把它登记为目录条目的附件，再链接到该条目",
    "a guide or report cannot carry file or picture '{file}'; attach it to an entry and link to that",
)

# GK6xx: search
NOTHING_TO_FIND = _code(
    601,
    _W,
    "标题“{title}”没有可检索的字词；请写明主题词",
    "title '{title}' holds no word that search could find; name the subject",
)

# GK9xx: the build
BAD_OPTION = _code(
    901,
    _E,
    "选项“{option}”的值“{value}”不对；{remedy}",
    "option '{option}' has the bad value '{value}'; {remedy_en}",
)
CANNOT_WRITE = _code(
    902,
    _E,
    "无法写入 {file}：{why}；原站点未受影响",
    "cannot write {file}: {why}; the published site is untouched",
)
ANOTHER_BUILD = _code(
    903,
    _E,
    "另一个构建正在进行（{file}）；请等它结束",
    "another build is running ({file}); wait until it ends",
)
INTERNAL = _code(
    904,
    _E,
    "处理这个文件时程序出错（{what}），本文件未发布；请把文件和这条提示交给技术人员",
    "the program failed on this file ({what}), which is not published; report it with the file",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: what, where, and the facts that its message prints."""

    code: Code
    place: Place
    facts: Mapping[str, Any] = field(default_factory=dict)
    softened_to: Severity | None = None

    @property
    def severity(self) -> Severity:
        """The code's severity, unless an explanation in the file has softened it."""
        return self.softened_to or self.code.severity

    def message(self, language: str = "zh") -> str:
        """Return the sentence for an author, without place and code."""
        words = self.code.en if language == "en" else self.code.zh
        return visible(words.format_map(_Facts(self.facts)))

    def line(self, language: str = "zh") -> str:
        """Return ``path:line:column: CODE message``."""
        return f"{visible(str(self.place))}: {self.code.id} {self.message(language)}"

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order by file and place; the message settles ties so that output never varies."""
        place = self.place
        return (place.path, place.line, place.column, self.code.id, self.message())


def visible(text: str) -> str:
    """Return ``text`` on one line, control characters spelled out.

    What an editor wrote must not be able to forge a line of CI's log or move a cursor.
    """
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class _Facts(dict[str, Any]):
    """Facts of a message; one that a rule left out prints as nothing, never as a crash."""

    def __missing__(self, key: str) -> str:
        return ""


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems by file and place, each once."""
    unique = {problem.sort_key(): problem for problem in problems}
    return [unique[key] for key in sorted(unique)]


def hint(guess: str | None) -> dict[str, str]:
    """Return the facts ``hint`` and ``hint_en`` for a "did you mean" message."""
    if guess is None:
        return {"hint": "", "hint_en": ""}
    return {"hint": f"（是不是“{guess}”？）", "hint_en": f" (did you mean '{guess}'?)"}
