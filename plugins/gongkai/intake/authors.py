"""The name that a program wrote into a file into a verdict: does it name a person."""

from __future__ import annotations

import re

from gongkai.kernel.terms import HAN

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董袁潘于蒋蔡余杜叶"
    "程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺"
    "顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿"
    "关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华"
    "喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗"
    "瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封谈匡鞠"
    "惠荆乐冀胥南班储原栗燕楚鄢扈"
)
_DOUBLE = (
    "欧阳|上官|司马|诸葛|司徒|东方|独孤|南宫|夏侯|尉迟|公孙|慕容|长孙|宇文|皇甫|令狐|轩辕|端木|呼延"
)
_AGENCY = re.compile(
    "(?:局|委|厅|政府|办|办公室|科|室|处|院|所|站|中心|公司|学校|医院|街道|镇|乡|县|市|区|省|州|部|会|团|队|组|网|馆"
    "|银行|集团|大学|中学|小学|支行|社区|村|司|署|厂|店|系统|电脑|用户|软件|科技|文档|平台|台|股)$"
)
_WORDS = re.compile(
    "文档|文秘|文印|文件|公文|方案|方正|金山|金蝶|安全|常规|常用|高级|万能|联想|华为|华硕|项目|应用|计划|解读|向导|统计"
    "|编辑|管理|武器|成果|宗旨|时间|全文|师范|农业|连接|原文|原创|单机|申报|商务|明细|和谐|解析|古籍|关于|景区|费用|边框"
)
_ONE = re.compile(f"[{''.join(sorted(_SURNAMES))}][{HAN}]{{1,2}}")
_TWO = re.compile(f"(?:{_DOUBLE})[{HAN}]{{1,2}}|[{''.join(sorted(_SURNAMES))}]{{2}}[{HAN}]{{2}}")
_BLANKS = re.compile(rf"(?<=[{HAN}])[ \u3000]+(?=[{HAN}])")
_LATIN = re.compile(
    r"[A-Z][a-zé'’-]+(?:[ ·][A-Z]\.?(?=[ ·]))?(?:[ ·][A-Z][a-zé'’-]+){1,2}"
    r"|[A-Z][A-Za-z'’-]+, ?[A-Z][a-z'’-]+"
)
_NAMED_MAILBOX = re.compile(r"[a-z]+[._][a-z]+@[\w.-]+")
_PROGRAMS = frozenset(
    [
        "administrator",
        "admin",
        "user",
        "users",
        "owner",
        "guest",
        "test",
        "microsoft",
        "office",
        "word",
        "excel",
        "powerpoint",
        "wps",
        "kingsoft",
        "lenovo",
        "hp",
        "dell",
        "acer",
        "asus",
        "apple",
        "mac",
        "pc",
        "computer",
        "windows",
        "server",
        "unknown",
        "python",
        "docx",
        "openpyxl",
        "xlsxwriter",
        "weasyprint",
        "mkdocs",
        "adobe",
        "acrobat",
        "pdf",
        "latex",
        "chrome",
        "skia",
        "libreoffice",
        "openoffice",
        "apache",
        "system",
        "author",
        "default",
        "client",
        "service",
        "services",
        "bureau",
        "department",
        "government",
        "county",
        "city",
        "office",
        "division",
        "committee",
        "centre",
        "center",
        "foxit",
        "ghostscript",
        "quartz",
        "distiller",
        "canon",
        "nikon",
        "sony",
        "huawei",
        "xiaomi",
        "photoshop",
        "scanner",
        "workstation",
        "desktop",
        "library",
        "press",
        "group",
        "company",
        "ltd",
        "inc",
        "corp",
        "university",
        "school",
        "hospital",
        "bank",
    ]
)


def is_person(name: str) -> bool:
    """Tell whether ``name`` is a person's rather than an office's, a program's or a computer's.

    A person has two to four characters that begin with a common surname and do not end as an
    office does, or two or three capitalised Latin words none of which a program would use.
    """
    name = _BLANKS.sub("", name.strip())
    if _ONE.fullmatch(name):
        return not (_AGENCY.search(name) or _WORDS.search(name))
    if _TWO.fullmatch(name):
        return not (_AGENCY.search(name) or _WORDS.search(name))
    if _LATIN.fullmatch(name):
        return not _PROGRAMS & {word.casefold() for word in re.findall("[A-Za-z]+", name)}
    return _NAMED_MAILBOX.fullmatch(name) is not None
