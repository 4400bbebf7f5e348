"""The types that fields are declared with: dates, moments, identifiers, references.

Each validator raises ``PydanticCustomError`` whose type is the id of the problem code that an
author will see; ``intake/bind.py`` finds the place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Annotated, Any, NoReturn

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from gongkai.kernel import problems as p

_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_MASKED = re.compile(r"[0-9]{2,3}[*＊×xX?？]+")
FIRST_YEAR, LAST_YEAR = 1800, 2200  # a day after the last one must still be a day
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])")


def fail(code: p.Code, **facts: Any) -> NoReturn:
    """Raise a validation error that carries one of our own codes."""
    raise PydanticCustomError(code.id, "{code}", {"code": code.id, **facts})


def parse_date(value: object) -> date:
    """Read ``2026-03-02``; a masked year and an impossible day each get their own code."""
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if _MASKED.search(text):
        fail(p.MASKED_DATE, value=text)
    match = _DATE.fullmatch(text)
    if not match:
        fail(p.BAD_DATE, value=text)
    year = int(match[1])
    try:
        if FIRST_YEAR <= year <= LAST_YEAR:
            return date(year, int(match[2]), int(match[3]))
    except ValueError:
        pass
    fail(p.IMPOSSIBLE_DATE, value=text)


IsoDate = Annotated[
    date,
    BeforeValidator(parse_date),
    Field(json_schema_extra={"pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
]


def parse_month_day(value: object) -> tuple[int, int]:
    """Read ``01-31``, a day of every year."""
    if isinstance(value, tuple | list) and len(value) == 2:
        value = "-".join(str(part) for part in value)
    match = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})", str(value).strip())
    if match:
        try:
            day = date(2001, int(match[1]), int(match[2]))  # a year without 29 February
        except ValueError:
            pass
        else:
            return day.month, day.day
    fail(p.WRONG_SHAPE, expected="月-日，如 01-28", expected_en="month-day, such as 01-28")


MonthDay = Annotated[
    tuple[int, int],
    BeforeValidator(parse_month_day),
    Field(json_schema_extra={"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"}),
]


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A date, or a date and minute, in the time of the People's Republic (UTC+8)."""

    date: date
    time: time | None = None

    @classmethod
    def parse(cls, value: object) -> Moment:
        """Read ``2026-03-02`` or ``2026-03-02 09:30`` (a ``T`` and seconds are accepted)."""
        if isinstance(value, Moment):
            return value
        text = str(value).strip()
        day, _, clock = text.replace("T", " ").partition(" ")
        on = parse_date(day)
        if not clock:
            return cls(on)
        match = _TIME.fullmatch(
            re.sub(r":[0-5][0-9]$", "", clock) if clock.count(":") > 1 else clock
        )
        if not match:
            fail(p.BAD_DATE, value=text)
        return cls(on, time(int(match[1]), int(match[2])))

    def __str__(self) -> str:
        return f"{self.date}" if self.time is None else f"{self.date} {self.time:%H:%M}"

    def key(self) -> str:
        """Return a text that sorts by time; a date alone sorts as the start of its day."""
        return f"{self.date} {self.time or time():%H:%M}"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?$"}


_INDEX_NUMBER = re.compile(r"[0-9A-Za-z._-]{1,40}/[0-9A-Za-z._-]{1,40}")
# names that a file system or a page's own file would not bear
_RESERVED = re.compile(r"(?i)^[-.]|\.$|\.html?$|^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")
EXAMPLE_INDEX_NUMBER = "QH0000028/2026-00003"


def parse_index_number(value: object) -> str:
    """Accept ``front/back`` of ASCII letters, digits, dot, underscore and hyphen.

    An address is made of the two parts (decisions.md 2), so nothing else may stand in them;
    which agency may use which front part is judged against the whole site later.
    """
    text = str(value).strip()
    if not _INDEX_NUMBER.fullmatch(text) or any(map(_RESERVED.search, text.split("/"))):
        fail(p.BAD_INDEX_NUMBER, value=text, example=EXAMPLE_INDEX_NUMBER)
    return text


IndexNumber = Annotated[
    str,
    BeforeValidator(parse_index_number),
    Field(json_schema_extra={"pattern": f"^{_INDEX_NUMBER.pattern}$"}),
]

_WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9][^\s\"'<>\\]*")


def parse_web_address(value: object) -> str:
    """Accept an http or https address and nothing else: a link must not run what it names."""
    text = str(value).strip()
    if text and not _WEB_ADDRESS.fullmatch(text):
        fail(
            p.WRONG_SHAPE,
            expected="http 或 https 开头的网址",
            expected_en="an http or https address",
        )
    return text


WebAddress = Annotated[
    str,
    BeforeValidator(parse_web_address),
    Field(json_schema_extra={"format": "uri"}),
]

_YES = {"true", "yes", "on", "是", "有"}
_NO = {"false", "no", "off", "否", "无"}


def parse_flag(value: object) -> bool:
    """Read 是/否, true/false, yes/no."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    fail(p.WRONG_SHAPE, expected="“是”或“否”", expected_en="true or false")


Flag = Annotated[bool, BeforeValidator(parse_flag), Field(json_schema_extra={"type": "boolean"})]


def _as_list(value: object) -> object:
    """Let one scalar stand for a list of one; editors write it so."""
    return [value] if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
_MAINTAINER = re.compile(
    r"@[A-Za-z0-9][A-Za-z0-9_.-]{0,62}(?:/[A-Za-z0-9][A-Za-z0-9_.-]{0,62}){0,5}"
    r"|[A-Za-z0-9][A-Za-z0-9_.+-]{0,62}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?"
)


def parse_maintainer(value: object) -> str:
    """Accept what may stand in CODEOWNERS: ``@group``, ``@group/team`` or a mail address."""
    text = str(value).strip()
    if not _MAINTAINER.fullmatch(text):
        fail(
            p.WRONG_SHAPE,
            expected="@群组、@群组/小组 或邮箱",
            expected_en="@group, @group/team or a mail address",
        )
    return text


Maintainers = Annotated[
    tuple[Annotated[str, BeforeValidator(parse_maintainer)], ...], BeforeValidator(_as_list)
]
IndexNumbers = Annotated[tuple[IndexNumber, ...], BeforeValidator(_as_list)]


class Item(BaseModel):
    """A frozen record; unknown keys are refused, Chinese labels are accepted by the binder."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        defer_build=True,  # most commands need few of the models
    )


_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@cache
def organisation_check(code: str) -> str | None:
    """Return the check character of a 9-character organisation code (GB 11714)."""
    if len(code) != 9 or any(c not in _ORGANISATION_LETTERS for c in code[:8]):
        return None
    weighed = zip(_ORGANISATION_WEIGHTS, code[:8], strict=True)
    rest = 11 - sum(w * _ORGANISATION_LETTERS.index(c) for w, c in weighed) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


@cache
def credit_check(code: str) -> str | None:
    """Return the check character of an 18-character credit code (GB 32100)."""
    if len(code) != 18 or any(c not in _CREDIT_LETTERS for c in code[:17]):
        return None
    total = sum(pow(3, i, 31) * _CREDIT_LETTERS.index(c) for i, c in enumerate(code[:17]))
    return _CREDIT_LETTERS[(31 - total % 31) % 31]


_STANDARD_DOCUMENT_NUMBER = re.compile(r"(.{1,30}?)〔((?:19|20)[0-9]{2})〕([1-9][0-9]{0,5})号")
_ANY_DOCUMENT_NUMBER = re.compile(
    r"(.{1,30}?)[〔\[【〖（(［﹝]([0-9０-９]{2,4}[*＊×xX]*)[〕\]】〗）)］﹞]第?0*([0-9０-９]{1,6})号"
)
_LARGE = re.compile(
    r".{2,40}令第[0-9一二三四五六七八九十百千]+号|.{1,30}公告第?[0-9]+号|.{2,30}第[0-9]+号"
)


def normal_document_number(text: str) -> str | None:
    """Return a document number in its standard form 机关代字〔年份〕序号号, or ``None``.

    Width, brackets, 第 and leading zeros are normalised; numbers of orders (令第5号) stay as
    they are. Nothing is guessed: a masked year gives ``None``.
    """
    squeezed = re.sub(r"\s+", "", text)
    if _STANDARD_DOCUMENT_NUMBER.fullmatch(squeezed):
        return squeezed
    match = _ANY_DOCUMENT_NUMBER.fullmatch(squeezed)
    is_dated = match and re.fullmatch(r"[0-9０-９]{4}", match[2])
    if match and is_dated and 1900 <= int(match[2]) <= 2099 and int(match[3]):
        return f"{match[1]}〔{int(match[2])}〕{int(match[3])}号"
    return squeezed if match is None and _LARGE.fullmatch(squeezed) else None


def has_masked_year(text: str) -> bool:
    """Tell whether a document number or date hides a digit of its year (``201*``)."""
    return _MASKED.search(text) is not None
