"""Personal data in a cell of a sheet: found in whatever way it is written, and shown masked.

The columns of the sheets are closed or typed; the one free text, a decision's matter, is published
and therefore held to ``personal_text``. No program can tell every name of a person from a word:
what is told are the particulars that stand beside one, and the common surnames after 对.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

Found = tuple[str, str, str]  # what it is in Chinese, in English, and masked

_UNSEEN = "\u115f\u1160\u2800"  # letters and symbols by their class, and yet blank
_DOTS = str.maketrans("。・‧∙⋅•·", ".......")
_NO_GAPS = ":;、%@"  # any other mark, and every space, dash and symbol, may part digits
_HAN = "\u3400-\u9fff\U00020000-\U0003134a"
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]) +(?=[0-9])")
_BETWEEN_GROUPS = re.compile(rf"(?<=[0-9]{{3}})[^0-9A-Za-z{_HAN}]{{1,3}}(?=[0-9]{{3}})")
_YEAR = "(?:19|20)[0-9]{2}"
_PLAIN_NUMBER = re.compile(r"[0-9]{1,12}\.[0-9]{1,6}")
_SHAPES = re.compile(
    r"(?<![0-9])(?:"
    rf"(?P<identity>[1-9][0-9]{{5}}(?:{_YEAR}(?:0[1-9]|1[0-2])[0-3][0-9][0-9]{{3}} ?[0-9Xx]"
    r"|[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9][0-9]{3})(?![0-9A-Za-z]))"
    r"|(?P<mobile>(?:\+? ?86 ?)?1[3-9][0-9]{9}(?![0-9]))"
    r"|(?P<landline>\(?0(?:(?:10|2[0-9]) ?\)? ?[2-8][0-9]{7}|[3-9][0-9]{2} ?\)? ?[2-8][0-9]{6,7})"
    r"(?![0-9]))"
    r"|(?P<card>[3-9][0-9]{15,18}(?![0-9]))"
    r")"
    rf"|(?P<passport>护照[^0-9A-Za-z]{{0,6}}[A-Za-z]{{0,2}} ?[0-9]{{5,9}}"
    r"|(?<![0-9A-Za-z])(?:(?:[EGDSPHMKegdsphmk] ?[0-9]|[EPDSepds][A-Za-z] ?)[0-9]{7}(?![0-9A-Za-z])"
    r"|[A-Za-z]{1,2} ?[0-9]{6} ?\([0-9A]\)))"
    r"|(?P<email>[0-9A-Za-z._%+-]{1,64} ?@ ?[0-9A-Za-z-]{1,63}(?: ?\. ?[0-9A-Za-z-]{1,63}){1,5})"
)
_WORDS = {
    "identity": ("身份证号码", "an ID number"),
    "mobile": ("手机号码", "a mobile number"),
    "landline": ("电话号码", "a telephone number"),
    "card": ("银行卡号", "the number of a bank card"),
    "passport": ("护照等证件号码", "the number of a passport or permit"),
    "email": ("电子邮箱", "an e-mail address"),
}
_LONG = re.compile(r"[0-9]{7,}")
# what may be long in the name of a matter: 2024-2025年度, GB 2760-2014
_KNOWN_LONG = re.compile(
    rf"(?<![0-9])(?<![0-9] )(?:{_YEAR} ?[-–—~/] ?{_YEAR}"
    rf"|(?<=GB) ?[0-9]{{3,5}}-{_YEAR}|(?<=GB/T) ?[0-9]{{3,5}}-{_YEAR})(?! ?[^{_HAN}()]? ?[0-9])"
)
_ADDRESS = re.compile(
    r"[0-9A-Za-z._-]{1,64}[(\[{]?(?:at|AT)[)\]}]?[0-9A-Za-z-]{1,63}(?:\.|dot|DOT)(?:com|cn|net|org)"
    r"|@"
)
SURNAMES = (
    "王李张刘陈杨赵吴徐孙朱胡郭罗郑梁宋邓韩冯曹彭肖蒋蔡贾魏薛叶阎"
    "潘杜戴汪姜姚谭廖邹熊郝崔邱秦侯邵孟钱尹黎"
)
_PARTICULARS = "身份证|户籍|家庭住址|住址|现住|住(?![宅房建院所户改宿民])|出生|生于"
_PERSON = re.compile(
    rf"(?<![男女])[,、;:(][男女](?![、/][男女])(?=[,、;:)0-9]|[{_HAN}]族|住|身份|出生|生于|$)"
    rf"|[男女],(?:住|[{_HAN}]族|[0-9]{{2,4}}[年岁.]|身份证|户籍|家庭|出生|生于)"
    rf"|[{_HAN}]{{2,4}}[,、;:(](?:居民)?(?:{_PARTICULARS})(?![变登更补换办申迁管证明工遗丢核查])"
    r"|(?:住址|住所地?|户籍(?:地|所在地)?|身份证(?:号码?)?|出生(?:日期|年月))[:为是系在]"
    rf"|身份证(?:号码?|尾号)?[:(]?[0-9]{{4}}|对[{_HAN}]{{2,4}}\("
    rf"(?:{_PARTICULARS}|[男女][,)])"
    rf"|[{SURNAMES}黄周何林高马任许唐谢]某"
    rf"|对(?!陈[述列])[{SURNAMES}][{_HAN}]{{1,2}}(?:作出|处以|予以|给予|罚款)"
)


def _seen(text: str) -> str:
    """Return what a reader sees: one width, nothing invisible."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(c for c in text if unicodedata.category(c)[0] not in "CM" and c not in _UNSEEN)


def digit_of(character: str) -> str:
    """Return an ASCII digit for one of any script, 一 and 壹 and ➊ included."""
    value = unicodedata.numeric(character, -1.0)
    return "0123456789"[int(value)] if value in range(10) else character


def _gap(character: str) -> str:
    """Return a blank for what may part the digits of one number."""
    category = unicodedata.category(character)
    is_gap = category[0] in "ZS" or (category in ("Pd", "Pc", "Po") and character not in _NO_GAPS)
    return " " if is_gap else character


def _joined(text: str) -> str:
    """Return a text without what parts digits."""
    return _BETWEEN_DIGITS.sub("", "".join(map(_gap, text)))


def passes_luhn(number: str) -> bool:
    """Tell whether the last of some ASCII digits is their check digit (ISO/IEC 7812-1)."""
    doubled = "0246813579"
    digits = reversed(number)
    return sum(int(doubled[int(c)] if n % 2 else c) for n, c in enumerate(digits)) % 10 == 0


def masked(found: str, begin: int, end: int) -> str:
    """Return a value of which only so many characters at its begin and end are shown."""
    return found[:begin] + "*" * (len(found) - begin - end) + found[len(found) - end :]


@lru_cache(maxsize=4096)  # a register repeats its dates and codes
def personal_data(text: str) -> Found | None:
    """Return what personal data ``text`` holds, in Chinese, in English and masked.

    Digits of any script and width count, with whatever may part them; ID numbers are told by
    their date of birth alone, for one with a slip in it still tells whose it is. A plain decimal
    is left whole: it is an amount.
    """
    plain = "".join(map(digit_of, _seen(text).translate(_DOTS)))
    readings = [plain]
    if not _PLAIN_NUMBER.fullmatch(plain):
        readings += [_joined(plain), _BETWEEN_GROUPS.sub("", plain)]
    for reading in readings:
        for match in _SHAPES.finditer(reading):
            kind, found = str(match.lastgroup), match[0].strip()
            if kind == "card" and not passes_luhn(found):
                continue
            begin, end = {"email": (1, 0), "passport": (0, 2)}.get(kind, (3, 2))
            return *_WORDS[kind], masked(found, begin, end)
    return None


@lru_cache(maxsize=4096)
def personal_text(text: str) -> Found | None:
    """Return what forbids publishing a free text: personal data, a long number, a person.

    Seven digits are enough for a local telephone number; years from–to and the numbers of
    national standards may stand.
    """
    if found := personal_data(text):
        return found
    seen = re.sub(r"\s", "", _seen(text))
    if _ADDRESS.search(seen.translate(_DOTS)):
        return *_WORDS["email"], "*****"
    plain = "".join(map(digit_of, _seen(text).translate(_DOTS)))
    if match := _LONG.search(_joined(_KNOWN_LONG.sub("年", plain))):
        return "一长串数字", "a long number", masked(match[0], 2, 0)
    if _PERSON.search(seen):
        return "当事人的姓名或者个人情况", "a person's name or particulars", "*****"
    return None


_GIVEN_NAME = re.compile(
    rf"(?:[{SURNAMES}黄周何林高马任许唐谢沈韩苏卢于董余袁程傅曾吕丁][{_HAN}]{{1,2}}|[{_HAN}]{{1,4}}·[{_HAN}]+)"
)
# what positions and offices end with, and what tells one beside a surname: 王局长
_POSITION = re.compile(r"[长任员委书秘科室办股处局组会办师官导理记工人岗站所队部院厅府构]$")
_TITLED = re.compile(
    rf"[{SURNAMES}黄周何林马许唐谢沈苏卢董袁傅吕丁](?:副?(?:局|县|镇|科|股|处|市|区|乡|主)[长任]|书记)$"
)


def looks_like_name(text: str) -> bool:
    """Tell whether what should be a position (岗位) looks like the name of a person."""
    seen = re.sub(r"\s", "", _seen(text))
    if _TITLED.match(seen):
        return True
    return bool(_GIVEN_NAME.fullmatch(seen)) and not _POSITION.search(seen)
