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
    111,
    _E,
    "这里应是“字段: 内容”的写法，一行一个字段",
    "here must be 'key: value' lines, one a field",
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
    "代号或名称“{value}”重复，首次在 {other}；一个代号、一个单位名称只能指一个",
    "code or name '{value}' is repeated, first in {other}; it names one thing",
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
    "{line}：{left_words}，而各列相加 {right_words}，相差 {difference}（{id}：{words}）{note}",
    "{line}: {left_words}, but its columns make {right_words}, a difference of {difference} ({id}: {words}){note}",
)
COLUMN_SUM = _code(
    402,
    _E,
    "{line}：{left_words}，而各行相加 {right_words}，相差 {difference}（{id}：{words}）{note}",
    "{line}: {left_words}, but its rows make {right_words}, a difference of {difference} ({id}: {words}){note}",
)
BALANCE = _code(
    403,
    _E,
    "{line}：{left_words}，而 {right_words}，两边不等，相差 {difference}（{id}：{words}）{note}",
    "{line}: {left_words}, but {right_words}, a difference of {difference} ({id}: {words}){note}",
)
REVIEW_SUM = _code(
    404,
    _E,
    "{line}：{left_words}，而各项结果相加 {right_words}，相差 {difference}（{id}：{words}）{note}",
    "{line}: {left_words}, but its results make {right_words}, a difference of {difference} ({id}: {words}){note}",
)
MISSING_CELL = _code(
    405,
    _E,
    "缺少“{label}”的数字；没有发生的填 0，空白不等于零",
    "the figure for '{label}' is missing; write 0 where there was none, blank is not zero",
)
MISSING_TABLE = _code(
    424,
    _E,
    "整张表“{label}”没有数字；请填写、放在旁边的表格文件里，或写进 computed 由本站计算",
    "the whole table '{label}' is missing; write it, put it on a sheet beside, or have it computed",
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
    "{line}：{left_words}，而分项相加 {right_words}，相差 {difference}{note}",
    "{line}: {left_words}, but its parts make {right_words}, a difference of {difference}{note}",
)
RELATION_FAILS = _code(
    409,
    _E,
    "{line}：{left_words}，大于 {right_words}{note}",
    "{line}: {left_words} is more than {right_words}{note}",
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
    "{line}：{left_words}，与{right_words} 不一致，相差 {difference}（{id}：{words}）{note}",
    "{line}: {left_words}, unlike {right_words}, a difference of {difference} ({id}: {words}){note}",
)
STOCK_DIFFERS = _code(
    413,
    _W,
    "{line}：{left_words}，而 {right_words}，相差 {difference}（{id}：{words}）；有到期失效的请在报告中说明{note}",
    "{line}: {left_words}, but {right_words}, a difference of {difference} ({id}: {words}); explain expiries in the report{note}",
)
LATE_REPORT = _code(
    414,
    _W,
    "年报发布日期 {value} 晚于法定期限 {limit}（条例第四十九条）；迁移的写 migrated_on",
    "published {value}, after the statutory {limit} (art. 49); name a migration in migrated_on",
)
REPORT_MISSING = _code(
    420,
    _W,
    "本单位还没有发布{year}年的年报，期限 {limit} 已过（条例第四十九条）；请补上 reports/{year}.md",
    "there is no report on {year}, which was due by {limit} (art. 49); add reports/{year}.md",
)
UNKNOWN_CHECK = _code(
    421,
    _W,
    "没有“{value}”这个核对项{hint}，这条说明不起作用；可用：{known}",
    "there is no check '{value}'{hint_en}, so this note explains nothing; known: {known}",
)
REPORT_YEAR = _code(
    422,
    _W,
    "文件名是{year}年，而{what}；请核对年度",
    "the file is named {year}, but {what_en}; check the year",
)
COMPUTED_CONSOLIDATED = _code(
    423,
    _E,
    "汇总报告的数不能由本站计算（本站只有本级的台账和目录）；请填写汇总数，本级的数写在 own_tables",
    "the figures of a consolidated report cannot be computed; write them, and the body's own in own_tables",
)
SCOPE_WITHOUT_ADDENDS = _code(
    425,
    _W,
    "全县汇总没有写明包含哪些单位，无法核对；请填写 addends",
    "a consolidated report names no addends; fill in addends",
)
ADDENDS_WITHOUT_SCOPE = _code(
    426,
    _W,
    "写了 {key}，但统计范围不是汇总，这一项不起作用；请写 scope: consolidated，或删去它",
    "{key} has no effect without 'scope: consolidated'; add it or delete {key}",
)
NOT_BELOW = _code(
    427,
    _E,
    "“{name}”不是本单位的下级，不能计入本单位的汇总；请从 addends 中去掉，或改正它的 parent",
    "'{name}' is not below this body and cannot be its addend; remove it or mend its parent",
)
TITLE_OF_ANOTHER = _code(
    428,
    _W,
    "标题写的是“{other}”，而这是{name}的年报；请核对标题",
    "the title names '{other}', but this is the report of {name}; check it",
)
SHEET_OF_ANOTHER = _code(
    429,
    _W,
    "表里写的是“{written}”，而报告是{name}{year}年的；请核对是不是放错了表",
    "the sheet says '{written}', but the report is of {name} on {year}; is it the wrong sheet?",
)
STATED_CONTRADICTION = _code(
    415,
    _N,
    "原件存在出入，已附数据核对说明：{note}",
    "the original contradicts itself, explained: {note}",
)
LIKELY_SLIP = _code(
    416,
    _N,
    "只改一个数，不成立的勾稽关系就全部成立：“{label}”写作 {stated}，疑为 {expected}{hint}；请核对原始数据",
    "one figure explains every identity that fails: '{label}' says {stated}, probably {expected}{hint_en}; check it against the source",
)
LIMIT_EXCEEDED = _code(
    417,
    _E,
    "{line}：{left_words}，大于 {right_words}（{id}：{words}）{note}",
    "{line}: {left_words} is more than {right_words} ({id}: {words}){note}",
)
IMPLICATION_FAILS = _code(
    418,
    _W,
    "{line}：{left_words}，但 {right_words}（{id}：{words}）{note}",
    "{line}: {left_words}, but {right_words} ({id}: {words}){note}",
)
PENDING_LOST = _code(
    419,
    _W,
    "{line}：{left_words}，大于本年{right_words}（{id}：{words}）；上年尚未审结的，本年应再次计入{note}",
    "{line}: {left_words}, more than this year's {right_words} ({id}: {words}); what was pending counts again{note}",
)

# GK43x-GK44x: the register of requests and the sheet of decisions behind the tables
PERSONAL_COLUMN = _code(
    430,
    _E,
    "“{value}”这一列会暴露申请人、当事人的身份或者申请的内容，不得写入；请删去整列，已经提交过的请通知技术人员从历史记录中清除",
    "column '{value}' would tell who applied or was concerned, or what was asked for, and must not be here; delete it, and have it purged from the history if it was committed",
)
UNKNOWN_SHEET_COLUMN = _code(
    431,
    _E,
    "不认识的列“{value}”{hint}；姓名、证件号码、电话、地址、申请内容一律不得写入；请改正表头，或删去这一列",
    "unknown column '{value}'{hint_en}; names, ID numbers, telephone numbers, addresses and contents of requests do not belong here; mend the header or delete the column",
)
PERSONAL_DATA = _code(
    432,
    _E,
    "“{label}”里有{what}（{value}），不得写入；请删去，已经提交过的请通知技术人员从历史记录中清除；如果它只是编号，请换一种编法",
    "'{key}' holds {what_en} ({value}), which must not be here; delete it, and have it purged from the history if it was committed; if it is but a serial number, number differently",
)
MISSING_COLUMNS = _code(
    433,
    _E,
    "缺少必需的列：{label}；第一行应是用逗号分隔的表头，例如 {example}",
    "required columns are missing: {key}; the first line must be a header with commas, for example {example}",
)
REPEATED_COLUMN = _code(
    434,
    _E,
    "“{value}”与第 {first} 列是同一项；请只保留一列",
    "'{value}' is the same as column {first}; keep one of them",
)
ROW_LENGTH = _code(
    435,
    _E,
    "这一行有 {count} 格，表头有 {limit} 列；请检查这一行的逗号和引号",
    "this row has {count} cells, the header has {limit}; check the row's commas and quotes",
)
BROKEN_SHEET = _code(
    436,
    _E,
    "从这一行起读不下去：{why}；请改正后再检查，后面的行还没有读",
    "the sheet cannot be read from this row on: {why_en}; mend it and check again, later rows were not read",
)
SHEET_LIMIT = _code(
    437,
    _E,
    "{what}超过 {limit} 的上限；请删去多余的内容",
    "more than {limit} {what_en}; delete what does not belong here",
)
COUNTERPART_MISSING = _code(
    438,
    _E,
    "填了“{label}”就要填“{other_label}”；请补填，或清空“{label}”",
    "'{key}' needs '{other}'; fill it in, or empty '{key}'",
)
OUTSIDE_YEAR = _code(
    439,
    _E,
    "“{label}”是 {value}，这张表却是 {year} 年的；请核对日期，或把这一行移到 {own}.csv",
    "'{key}' is {value} but the sheet is of {year}; check the date or move the row to {own}.csv",
)
REPEATED_NUMBER = _code(
    440,
    _E,
    "登记号“{value}”重复，首次在 {other}；一件申请一个号，请改正其中一个",
    "number '{value}' is repeated, first in {other}; each request has its own, mend one of them",
)
FUTURE_DATE = _code(
    441,
    _W,
    "“{label}”（{value}）晚于今天（{today}）；请核对日期，还没有发生的不要填",
    "'{key}' ({value}) is after today ({today}); check the date, and leave out what has not happened",
)
REQUEST_OVERDUE = _code(
    442,
    _W,
    "申请 {number} 最迟应在 {due} 答复，已超期 {days} 天（条例第三十三条）；请立即答复，已经答复、延期或征求意见的请补填日期",
    "request {number} was due on {due}, days overdue: {days} (art. 33); answer it now, or fill in the date of the answer, extension or consultation",
)
ANSWERED_LATE = _code(
    443,
    _N,
    "申请 {number} 最迟应在 {due} 答复，实际晚了 {days} 天（条例第三十三条）；请核对日期，延期或征求过意见的请补填日期",
    "request {number} was due on {due}, days late: {days} (art. 33); check the dates, or fill in those of an extension or consultation",
)
DUE_SOON = _code(
    444,
    _N,
    "申请 {number} 最迟应在 {due} 答复；需要延期的，请在这之前告知申请人并填写“延期告知日期”",
    "request {number} is due on {due}; an extension must be notified and entered as extended_on before",
)
LIMIT_UNCHECKED = _code(
    445,
    _N,
    "{year}年的节假日安排未登记，{count} 件申请的期限未核对；请补 vocab/holidays/{year}.yml",
    "holidays of {year} are not known, so the limits of {count} requests are unchecked; add vocab/holidays/{year}.yml",
)
CORRECTION_NOTICE_LATE = _code(
    446,
    _N,
    "补正通知最迟应在 {due} 发出（收到申请起 7 个工作日，条例第三十条），登记的是 {value}；请核对日期",
    "the notice to correct was due on {due} (7 working days from receipt, art. 30) but is dated {value}; check the dates",
)
FEE_AMOUNT = _code(
    447,
    _E,
    "“{label}”与类别“{kind}”不符：{remedy}",
    "'{key}' does not fit the kind '{kind}': {remedy_en}",
)
MORE_OF_THE_SAME = _code(
    448,
    _N,
    "本文件另有 {count} 处 {code} 问题没有列出；请先改正列出的，再检查一次",
    "{count} more problems {code} of this file are not listed; mend those listed and check again",
)

# GK45x-GK46x: tables in office files, and the commands that read and write them
UNREADABLE_TABLES = _code(
    450,
    _E,
    "文件打不开（{why}）；请用 Excel、Word 或 WPS 打开后另存一份再试",
    "the file cannot be opened ({why_en}); open it in an office program and save it anew",
)
OLD_OFFICE_FILE = _code(
    451,
    _E,
    "这是旧格式的文件（.doc、.xls、.wps、.et），读不了；请用 Word、Excel 或 WPS 另存为 .docx 或 .xlsx",
    "an old .doc, .xls, .wps or .et file cannot be read; save it as .docx or .xlsx",
)
LOCKED_FILE = _code(
    452,
    _E,
    "文件设了打开密码，读不了；请去掉密码后另存一份",
    "the file has a password; take it off and save it anew",
)
MACRO_FILE = _code(
    453,
    _E,
    "文件带有宏，不能使用；请另存为不带宏的 .xlsx 或 .docx",
    "the file holds macros; save it as .xlsx or .docx without them",
)
OFFICE_FILE_TOO_LARGE = _code(
    454,
    _E,
    "文件的{what}是 {size}，超过 {limit} 的上限；请另存一份只含年报表格的文件",
    "the file's {what_en} is {size}, over the limit of {limit}; save a copy with the report's tables alone",
)
UNSAFE_MARKUP = _code(
    455,
    _E,
    "文件内部有不该有的声明（{what}），不是办公软件正常保存的文件；请用 Excel、Word 或 WPS 重新另存",
    "the file holds a declaration that no office program writes ({what}); save it anew",
)
FORMULA_WITHOUT_VALUE = _code(
    456,
    _E,
    "{cell} 是公式，文件里没有存计算结果；请用 Excel 或 WPS 打开、保存一次再导入",
    "{cell} is a formula without a stored result; open the file in Excel or WPS and save it once",
)
NO_TABLES_IN_FILE = _code(
    457,
    _E,
    "文件里没有表格；请核对是不是这个文件",
    "the file holds no table; check that it is the right one",
)
FORM_NOT_RECOGNISED = _code(
    458,
    _E,
    "认不出这是哪一种年报格式的表格；请核对表头，或用 --form 指明（可用：{known}）",
    "the tables fit no known form; check their headers or name one with --form ({known})",
)
FIGURE_NOT_FOUND = _code(
    459,
    _E,
    "没有找到“{label}”这一格；请核对行名和列名，或补上这张表",
    "the cell '{label}' was not found; check its row and column names or add the table",
)
FIGURE_BLANK = _code(
    460,
    _E,
    "“{label}”是空的；没有发生的填 0，空白不等于零",
    "'{label}' is blank; write 0 where there was none, blank is not zero",
)
FIGURE_AMBIGUOUS = _code(
    461,
    _E,
    "“{label}”对不准：{found}；请只留一张表，并让每行的格数与表头一致",
    "'{label}' cannot be told: {found}; keep one table, with as many cells in a row as in its header",
)
LABEL_NOT_ON_FORM = _code(
    462,
    _W,
    "“{label}”不在 {form} 格式里，它的数字没有导入",
    "'{label}' is not on form {form}; its figures were not imported",
)
REPORT_HAS_FIGURES = _code(
    463,
    _E,
    "{file} 里已经有这份年报的数字，没有改动；要换成新的，请先删去原来的（tables 或旁边的表格文件）",
    "{file} holds the report's figures already and was left alone; delete them to import new ones",
)
FORM_WITHOUT_TABLES = _code(
    464,
    _E,
    "“{form}”格式没有表格；有表格的格式：{known}",
    "form '{form}' has no tables; forms with tables: {known}",
)
WRONG_FILE_TYPE = _code(
    465,
    _E,
    "“{kind}”文件不能用来导入表格；可用：.xlsx、.csv、.docx、.html",
    "tables cannot be read from '{kind}'; use .xlsx, .csv, .docx or .html",
)
LIBRARY_MISSING = _code(
    466,
    _E,
    "读写这种文件要先安装 {package}；请运行 pip install {package}",
    "this kind of file needs {package}; run pip install {package}",
)

# where the figures of a report come from, and what its prose says of them
FIGURE_TWICE = _code(
    481,
    _E,
    "“{label}”的数字写了两处（另一处：{other}）；请只保留一处，或从 computed 中去掉",
    "the figure for '{label}' stands twice (also: {other}); keep one, or take it out of computed",
)
NOTHING_TO_COUNT = _code(
    482,
    _E,
    "“{label}”没有可以据以计算的材料；请放入登记台账或处理决定表，或自己填写数字",
    "there is nothing to count '{label}' from; add the register or decisions file, or write the figure",
)
BASIS_HAS_ERRORS = _code(
    480,
    _E,
    "“{label}”要从 {file} 计算，而这个文件有错误，算出的数会不对；请先改正它",
    "'{label}' is counted from {file}, which has errors; mend that file first",
)
NOTHING_TO_OVERRIDE = _code(
    483,
    _E,
    "“{label}”不是计算得出的，不能用 overrides 改；请直接改数字",
    "'{label}' is not computed, so it cannot be overridden; change the figure itself",
)
AS_PRINTED_NOT_MIGRATED = _code(
    484,
    _E,
    "照原件发布（as_printed）只用于从别处迁来的旧报告；请写明 migrated_on，或改正数字",
    "as_printed is for old reports moved here; name migrated_on, or mend the figures",
)
PROBLEM_WITHOUT_MEASURE = _code(
    485,
    _W,
    "问题“{problem}”没有写整改措施；请填写 measure",
    "the problem '{problem}' has no measure; fill in measure",
)
RATE_DIFFERS = _code(
    486,
    _E,
    "{name}：载明 {stated}，按 {formula}{note}",
    "{name}: stated {stated}, but {formula}{note}",
)
GROWTH_WITHOUT_BASE = _code(
    487,
    _W,
    "正文说“{words}”，但没有上年的数，读者无从核对；请在 growth 里写明 previous",
    "the text says '{words}' without the earlier figure; give previous in growth",
)
GROWTH_DIFFERS = _code(
    488,
    _W,
    "正文说“{words}”，而本年 {now}、上年 {then}，两者不符；请核对",
    "the text says '{words}', but the figures are {now} and {then}; check them",
)
PROSE_DIFFERS = _code(
    489,
    _W,
    "正文“{words}”，表格“{label}”为 {stated}；是同一个数吗？请核对，口径不同的在数据核对说明里写明 TXT{note}",
    "the text says '{words}', the table has {stated} for '{label}'; the same count? explain as TXT if not{note}",
)
PROSE_INCLUDES_CARRIED = _code(
    490,
    _N,
    "正文“{words}”含上年结转（新收 {received}＋结转 {carried}）；建议写明“含上年结转”",
    "the text's '{words}' includes those carried over ({received} + {carried}); better say so",
)
ALIKE = _code(
    491,
    _W,
    "正文有 {ratio}% 与{year}年报告相同（内容雷同）；请写出本年的实际情况。相同处如：“{passage}”",
    "{ratio}% of the text repeats the report of {year}; write of this year. For example: '{passage}'",
)
CATALOGUE_DIFFERS = _code(
    492,
    _W,
    "{label}：报告 {stated}，本站目录可查到 {counted} 件（S2-CAT）；请补录文件，或在数据核对说明里写明 S2-CAT{note}",
    "{label}: the report says {stated}, this site's catalogue holds {counted} (S2-CAT){note}",
)
RULES_BELOW_CITY = _code(
    493,
    _E,
    "{label}为 {stated}：县级以下机关没有规章制定权，应填 0；行政规范性文件请填在下一行{note}",
    "{label} is {stated}: a body below city level makes no rules; write 0{note}",
)
EMPTY_PART = _code(
    494,
    _E,
    "“{label}”只有标题没有内容；没有发生的事项也要写明“无”",
    "'{label}' has a heading and no text; say so where there is nothing to report",
)
CONSOLIDATION_DIFFERS = _code(
    495,
    _W,
    "{label}：汇总报告 {stated}，本站汇总 {sum}，相差 {difference}（汇总核对）{note}",
    "{label}: the consolidated report says {stated}, its addends make {sum}, a difference of {difference}{note}",
)
ADDEND_MISSING = _code(
    496,
    _W,
    "汇总单位“{name}”{why}；{remedy}",
    "addend '{name}' {why_en}; {remedy_en}",
)
FORM_NOT_FOR_YEAR = _code(
    497,
    _W,
    "格式 {form} 适用于{span}的报告，这是{year}年的；请核对 form",
    "form {form} is for reports on {span}, this one is on {year}; check form",
)
INDICATOR_UNIT = _code(
    449,
    _W,
    "单位“{unit}”与指标“{label}”的单位“{measure}”不同，这个数进不了各年比较；请换算，或去掉 indicator",
    "unit '{unit}' is not that of indicator '{label}' ('{measure}'); convert it, or drop indicator",
)
SHEET_WITHOUT_TABLES = _code(
    499,
    _E,
    "表里没有找到 {form} 格式的任何表格；请用 gongkai new report --xlsx 生成的空表填写",
    "no table of form {form} was found in it; fill in the workbook that gongkai new report --xlsx writes",
)
UNKNOWN_INDICATOR = _code(
    498,
    _E,
    "没有“{value}”这个指标{hint}",
    "there is no indicator '{value}'{hint_en}",
)

# GK47x: self-assessments (考核自查) and the columns of the web site's yearly report
SCORE_SUM = _code(
    470,
    _E,
    "原表总计 {stated} 分，各项自评相加为 {sum} 分；请核对，确属原件出入的写 discrepancies（check: total）",
    "the printed total is {stated}, the scores add up to {sum}; check them, or explain it in discrepancies (check: total)",
)
SCORE_ABOVE_MAX = _code(
    471,
    _E,
    "{item} 自评 {points} 分，超过满分 {max} 分",
    "{item} is scored {points}, above its maximum of {max}",
)
MAXIMA_DIFFER = _code(
    472,
    _E,
    "“{name}”满分 {stated} 分，下列各项满分相加为 {sum} 分",
    "the maximum of '{name}' is {stated}, its parts' maxima add up to {sum}",
)
UNKNOWN_SCORE_ITEM = _code(
    473,
    _E,
    "评分表 {sheet} 没有代号为“{value}”的项目{hint}",
    "sheet {sheet} has no item '{value}'{hint_en}",
)
BLANK_SCORE = _code(
    474,
    _W,
    "{item}“{name}”（满分 {max} 分）没有自评分，合计时不计分；原件空白的写 discrepancies（check: {item}）",
    "{item} '{name}' (maximum {max}) has no score and adds nothing; where the original is blank, say so in discrepancies (check: {item})",
)
REPEATED_SCORE = _code(
    475, _E, "{item} 评了两次分；请只保留一处", "{item} is scored twice; keep one"
)
TARGET_SUM = _code(
    476,
    _E,
    "{item}“{name}”自评 {stated} 分，各条标准相加为 {sum} 分",
    "{item} '{name}' is scored {stated}, its criteria add up to {sum}",
)
REPEATED_EVIDENCE = _code(
    477,
    _W,
    "材料清单第 {number} 项“{title}”与第 {other} 项重复；同一材料请只列一次",
    "file {number} '{title}' repeats file {other}; list a file once",
)
EVIDENCE_NOWHERE = _code(
    478,
    _W,
    "材料清单第 {number} 项“{title}”没有写明条目、固定页或网址（entry、page、url）",
    "file {number} '{title}' names no entry, page or url",
)
COLUMN_TYPE_UNKNOWN = _code(
    479,
    _W,
    "栏目“{name}”的类别“{type}”不在 47 号文所列的栏目类别之内{hint}，其中的信息不能计入政府网站工作年度报表；可用：{known}",
    "column '{name}' has type '{type}'{hint_en}, which is none of the listed ones, so its entries cannot be counted in the web site's yearly report; known: {known}",
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
REPEATED_SEARCH_WORD = _code(
    602,
    _E,
    "检索用词“{value}”重复，首次出现在第 {first} 行；一个词只能属于一组",
    "search word '{value}' is repeated, first on line {first}; a word belongs to one group",
)
LONELY_SYNONYM = _code(
    603,
    _E,
    "一组同义词至少两个，这里只有 {count} 个；没有同义词的词不用写",
    "a group of synonyms has two words or more, this one has {count}; a word without synonyms need not be written",
)
SHORT_SYNONYM = _code(
    604,
    _E,
    "同义词“{value}”只有一个字，会误认到别的词里；请写至少两个字的词",
    "synonym '{value}' has one character and would be found inside other words; write a longer word",
)
NOISE_IS_SYNONYM = _code(
    605,
    _E,
    "问句用语“{value}”同时是第 {first} 行的同义词，检索时会被略去；请删去一处",
    "'{value}' is to be left out of questions but is a synonym on line {first}; delete one of them",
)
TOO_MANY_SEARCH_WORDS = _code(
    606,
    _E,
    "检索用词共 {count} 个，超过 {limit} 个的上限；每位访客都要下载，请只留常用的",
    "there are {count} search words, over the limit of {limit}; every visitor loads them, so keep the common ones",
)
EMPTY_SEARCH_WORD = _code(
    607,
    _E,
    "检索用词“{value}”没有可检索的字；请写上词语或删去",
    "search word '{value}' holds nothing that search could find; write a word or delete it",
)

# GK70x: personal data, and marks of secrecy
PRIVATE_DATA_FOUND = _code(
    701,
    _E,
    "这里有{what}（{value}），不得公开；请删去或者打码，已经提交过的请通知技术人员从历史记录中清除；{remedy}",
    "here is {what_en} ({value}), which must not be published; delete or mask it, and have it purged from the history if it was committed; {remedy_en}",
)
PRIVATE_DATA_WAIVED = _code(
    702,
    _N,
    "{what}（{value}）由“{reviewer}”复核后公开，理由：{reason}；理由不再成立时请删去",
    "{what_en} ({value}) stands after review by '{reviewer}', for this reason: {reason}; delete it when that no longer holds",
)
PRIVACY_WAIVER_UNUSED = _code(
    703,
    _W,
    "privacy_waivers 的这一条没有对应的内容：{what}（{value}）；请照提示核对类别和掩码，不再需要的请删去",
    "nothing answers to this item of privacy_waivers: {what_en} ({value}); check kind and masked value, or delete it",
)
PRIVATE_NAME = _code(
    704,
    _E,
    "文件名“{name}”里有{what}，文件没有读取；请改名，已经提交过的请通知技术人员从历史记录中清除",
    "the name '{name}' holds {what_en}, so the file was not read; rename it, and have it purged from the history if it was committed",
)
SECRECY_MARK = _code(
    705,
    _E,
    "这里有密级标志“{mark}”，文件不得公开，也不能豁免；请立即移走并报告保密部门，误标的请由定密单位改正",
    "here is the mark of secrecy '{mark}': the file must not be published and nothing waives that; take it away and report it, or have a wrong mark corrected",
)

# GK71x: review before publication
APPROVAL_MISSING = _code(
    710,
    _N,
    "按审查规则“{rule}”，还缺{roles}同意的意见，本条暂不发布；同意以后写进 review.approvals（退回的、日期未到的不算）",
    "rule '{rule}' asks for the approval of {roles}, so the entry is held back; once given, write it into review.approvals (a refusal or a later day does not count)",
)
APPROVED_LATE = _code(
    711,
    _W,
    "“{role}”的审核日期 {value} 晚于发布日期 {published}；先审核后发布，请核对这两个日期",
    "'{role}' approved on {value}, after the publication of {published}; check both dates",
)
NAME_OF_REVIEWER = _code(
    712,
    _W,
    "“{label}”像是人名“{value}”；这里只写岗位，如“办公室主任”",
    "'{key}' looks like a person's name, '{value}'; write the position only",
)

# GK72x-GK73x: what an attachment is
ATTACHMENT_MISMATCH = _code(
    720,
    _E,
    "{where}的扩展名是“.{extension}”，内容其实是{what}；请用原来的软件另存为相应格式，或者改正扩展名",
    "{where_en} is called '.{extension}' but is {what_en}; save it in that format, or mend its extension",
)
ATTACHMENT_FORBIDDEN = _code(
    721,
    _E,
    "{where}是{what}，不能作为附件发布；请改用 PDF、Word、Excel 或图片",
    "{where_en} is {what_en}, which cannot be an attachment; use PDF, Word, Excel or a picture",
)
ATTACHMENT_ACTIVE = _code(
    722,
    _E,
    "{where}含有{what}，读者打开时可能被执行或联网；请删去后另存，或转为普通 PDF",
    "{where_en} holds {what_en}, which may run or connect when opened; take it out, or save as a plain PDF",
)
ATTACHMENT_LOCKED = _code(
    723,
    _E,
    "{where}加了密码或权限限制，无法检查，公众也打不开；请去掉密码和限制后另存",
    "{where_en} is locked by a password or by rights, so it cannot be checked; save it without them",
)
ATTACHMENT_DAMAGED = _code(
    724,
    _E,
    "{where}已损坏或写法不规范，无法检查；请用原来的软件打开后另存，再重新放入",
    "{where_en} is damaged or malformed and cannot be checked; open it, save it anew and put it here again",
)
ATTACHMENT_TOO_LARGE = _code(
    725,
    _E,
    "{where}有 {size} MB，超过 {limit} MB 的上限；请压缩图片、拆分文件，或在 site.yml 调整 attachment_limit_mb",
    "{where_en} has {size} MB, over the limit of {limit} MB; compress or split it, or change attachment_limit_mb in site.yml",
)
ATTACHMENT_TOO_COMPLEX = _code(
    726,
    _E,
    "{where}过于复杂，没能检查完（{what}）；请拆分、简化或转为普通 PDF 后重新放入",
    "{where_en} is too complex to be checked ({what_en}); split or simplify it, or save it as a plain PDF",
)
ATTACHMENT_MORE_INSIDE = _code(
    727,
    _E,
    "{where}里还夹带着别的东西（{what}）；请用原来的软件打开后另存，再重新放入",
    "{where_en} carries something else ({what_en}); open it, save it anew and put it here again",
)
ATTACHMENT_ARCHIVE = _code(
    728,
    _E,
    "{where}里有{what}，不能发布；请把文件逐个列为附件，或整理后重新打包为普通 ZIP",
    "{where_en} holds {what_en}, which is not published; attach the files one by one, or pack them anew",
)
CELL_FORMULA = _code(
    729,
    _E,
    "{where}的“{value}…”会被表格软件当作公式执行；请在前面加一个单引号，或删去开头的符号",
    "'{value}…' in {where_en} would be run as a formula; put an apostrophe before it, or drop the sign",
)
ATTACHMENT_PRIVATE = _code(
    730,
    _E,
    "{where}有{what}“{value}”；请删去或遮盖后重新放入；{remedy}（写在挂这个文件的条目里）",
    "{where_en} holds {what_en}, '{value}'; delete or cover it; {remedy_en} (of the entry that attaches the file)",
)
ATTACHMENT_SECRET = _code(
    731,
    _E,
    "{where}有密级标志“{value}”；涉密文件不得公开，请立即移出本仓库并报告保密部门",
    "{where_en} bears the mark of secrecy '{value}'; take the file out of this repository at once and report it",
)
ATTACHMENT_REFUSED = _code(
    732,
    _E,
    "文件“{file}”没有通过检查，本条暂不能发布；原因见 {path} 的提示（{codes}）",
    "file '{file}' did not pass the checks, so the entry cannot be published; see what is said of {path} ({codes})",
)
SVG_ACTIVE = _code(
    733,
    _E,
    "{where}里有{what}，图片里不能有；请在绘图软件里删去后另存为“普通 SVG”",
    "{where_en} holds {what_en}, which no picture may; delete it and save as plain SVG",
)

# GK74x: what was published before (the ledger)
LEDGER_FORM = _code(
    740,
    _E,
    "发布登记簿这一行有“{value}”，应为{expected}；登记簿只由 gongkai publish 写，请用 git 恢复原样",
    "the ledger has '{value}' here and ought to have {expected_en}; only gongkai publish writes it: restore it from git",
)
LEDGER_CANNOT_FOLLOW = _code(
    741,
    _E,
    "发布登记簿的这一行“{value}”不能接在“{other}”之后；登记簿只由 gongkai publish 在末尾增加，请用 git 恢复原样",
    "in the ledger '{value}' cannot follow '{other}'; only gongkai publish adds to it, at the end: restore the file from git",
)
LEDGER_FOREIGN = _code(
    742,
    _E,
    "“{value}”不属于单位“{agency}”，不能写在它的发布登记簿里；请核对 agency.yml 的 codes（用过的代码要保留），或用 git 恢复登记簿",
    "'{value}' is not of agency '{agency}', whose ledger this is; keep all codes it ever had in agency.yml, or restore the ledger from git",
)
LEDGER_KEY_OF_NOTHING = _code(
    743,
    _E,
    "{file} 里没有 {value}… 这一行，它的密钥却在这里；合并时两个文件要一起保留，请用 git 恢复原样",
    "{file} has no row {value}… that this key belongs to; keep both files together, restore them from git",
)
LEDGER_REPEATED = _code(
    744,
    _E,
    "发布登记簿的 {value}… 重复，首次出现在 {other}；请用 git 恢复原样",
    "{value}… of the ledger is repeated, first in {other}; restore the file from git",
)
PUBLISHED_AND_GONE = _code(
    745,
    _E,
    "{date} 公布过的地址 {address} 现在没有来源：条目的源文件被删去、移走或者读不出；{remedy}",
    "{address} was published on {date} and has no source any more; {remedy_en}",
)
PUBLISHED_AND_HIDDEN = _code(
    746,
    _E,
    "{date} 已经公布的信息不能改回“{state}”；要撤下请删去源文件并登记 withdrawn.yml，否则请恢复原来的审查记录、发布日期和公开属性",
    "published on {date}, it cannot turn {state_en} again; to take it down delete the file and add a row to withdrawn.yml, or restore its review, date and disclosure",
)
BATCH_STOPPED = _code(
    747,
    _E,
    "{file} 有安全或个人信息问题（{code}），本单位这一批改动都没有发布；请先改正那一处",
    "{file} has a security or privacy finding ({code}): nothing new of this agency was published; mend that first",
)
PUBLISHED_AND_MOVED = _code(
    748,
    _E,
    "{date} 由“{agency}”公布的信息不能从“{other}”的文件夹发布；请移回 agencies/{agency}/，机构调整由网站主办单位办理",
    "published by {agency} on {date}, it cannot come from {other}'s folder; move it back, or let the office move the code first",
)

# GK75x: history and periods of notice
CHANGED_WITHOUT_NOTE = _code(
    750,
    _W,
    "公开后的内容在 {date} 有改动，没有对公众说明；请在“更改记录”（changes）中写明类别和说明",
    "the public text changed on {date} without a word to the public; explain it under 'changes'",
)
NOTICE_STILL_THERE = _code(
    755,
    _W,
    "公示期已于 {day} 届满，网页已经去除个人信息，源文件里还有{what}；请从文件中删去，并按《编辑人员五分钟入门》清除历史版本",
    "the notice ended on {day} and its page holds nothing personal, but the source still has {what_en}; delete that and purge git",
)
NOTICE_DATES = _code(
    756,
    _E,
    "公示期从 {begin} 到 {value}，顺序不对；截止日期不能早于开始日期和发布日期",
    "a notice from {begin} to {value}: it cannot end before it begins or is published",
)

# GK76x: whose folder it is
LOOKALIKE_NAME = _code(
    760,
    _E,
    "文件名“{name}”混用了外形相似的字母或数字（{what}）；请用同一种文字重新输入",
    "the name '{name}' mixes letters or digits that look alike ({what}); type it in one script",
)
LOOKALIKE_TWIN = _code(
    761,
    _W,
    "文件名与“{other}”看起来一样（如 0 和 O、1 和 l）；请改名，免得认错",
    "this name looks like '{other}' (0 and O, 1 and l, say); rename it so that nobody errs",
)
NAME_TOO_LONG = _code(
    762,
    _E,
    "{what}有 {size} 字节，超过 {limit} 字节的上限，有的电脑放不下；请缩短",
    "the {what_en} has {size} bytes, over the limit of {limit} that every computer can hold; shorten it",
)
FOLDER_TOO_DEEP = _code(
    763,
    _E,
    "文件夹嵌套超过 {limit} 层，里面的文件都不会发布；请减少层次",
    "folders nest deeper than {limit} levels, and nothing in them is published; flatten them",
)
UNREADABLE = _code(
    764,
    _E,
    "读不到这里的内容（{why}）；请检查权限，确认没有别的程序正在改动它",
    "this cannot be read ({why}); check permissions and that no other program is changing it",
)
FOREIGN_CHANGE = _code(
    765,
    _E,
    "这个文件归“{owner}”，不在“{who}”可以改动的范围内；请撤回这处改动，或由对方提交",
    "this file belongs to '{owner}', not to '{who}'; take the change back or have its owner make it",
)
LEDGER_CHANGED = _code(
    766,
    _E,
    "发布登记簿只由 gongkai publish 写入，任何人都不能手工改动；请撤回这处改动",
    "the ledger is written by gongkai publish alone; take the change back",
)
LINK_ADDED = _code(
    767,
    _E,
    "改动加入了{what}，它会把范围以外的内容带进来；请放入真实的文件",
    "the change adds a {what_en}, which would bring in what lies elsewhere; put the real file here",
)
ENTRY_TAKEN = _code(
    768,
    _E,
    "“{value}”原属“{owner}”（{other}），不能移到别的单位名下；请撤回，或由网站主办单位办理",
    "'{value}' belongs to '{owner}' ({other}) and cannot move to another agency; take it back or ask the site's office",
)
CODES_CHANGED = _code(
    769,
    _E,
    "机构代码和维护人决定谁能用哪些索引号，增减由网站主办单位办理；请撤回这处改动",
    "codes and maintainers say who may use which index numbers; only the site's office changes them",
)

# GK77x: old addresses
BAD_OLD_ADDRESS = _code(
    770,
    _E,
    "旧网址“{value}”不能使用：{why}；请写成 /art/1.html 或 http://旧域名/页面 的形式",
    "old address '{value}' cannot be used: {why_en}; write /art/1.html or http://old-host/page",
)
REPEATED_OLD_ADDRESS = _code(
    771,
    _E,
    "旧网址“{value}”已经用于 {other}（大小写、末尾的斜线和百分号编码不同也算同一个）；请只保留一处",
    "old address '{value}' already leads to {other} (case, closing slash and %XX do not count); keep one",
)
OLD_ADDRESS_TAKEN = _code(
    772,
    _E,
    "旧网址“{value}”以“{first}”开头，这是本站自己的地址；请删去，需要时由服务器另行处理",
    "old address '{value}' begins with '{first}', which is this site's own; delete it",
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
    "无法写入 {file}：{why}；原网站未受影响",
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
NO_SITE = _code(
    905,
    _E,
    "{folder} 里没有生成好的网站；请先运行 gongkai build，或写明网站文件夹",
    "there is no built site in {folder}; run gongkai build first, or name the site's folder",
)
NOT_VERIFIED = _code(
    906,
    _E,
    "生成的网站有 {count} 处与内容不符，没有换上，登记簿未改；请把列出的各处交给维护人员",
    "the new site disagrees with the content in {count} places and was not swapped in; report them",
)
LOG_REWRITTEN = _code(
    907,
    _E,
    "content/ledger 与现有网站的发布日志接不上：登记过的行被改动、删去，或者上次发布后没有提交；请恢复 content/ledger 后再发布，原网站未受影响",
    "content/ledger does not continue the log of the published site: rows were changed, deleted or never committed; restore it and publish again",
)
NOT_SIGNED = _code(
    908,
    _E,
    "发布日志没有签上名（{why}），网站没有换上，登记簿未改；请检查 --sign 的命令",
    "the log could not be signed ({why}); nothing was swapped in; check the command of --sign",
)
PUBLISHED_LATER = _code(
    909,
    _E,
    "上一次发布登记在 {date}，这一次的时刻 {as_of} 比它早；请检查 --as-of 和 site.yml 的 as_of",
    "the last publication was entered on {date}, later than {as_of}; check --as-of and as_of in site.yml",
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
