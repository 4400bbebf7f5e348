"""Labels and figures as people write them, compared and made plain where that is certain."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from gongkai.domain.reports.form import NUMBERS, Kind
from gongkai.kernel.text import squeeze

LABEL_CHARACTERS = 200
IS_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
COUNT_UNITS = frozenset(["件", "条", "次", "篇", "个", "人", "项", "份", "宗", "起", "人次"])
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")}
_NUMBERED = re.compile(
    r"(?:\(([一二三四五六七八九十]{1,3}|\d{1,2})\)[、.]?"
    r"|([一二三四五六七八九十]{1,3})[、.]|(\d{1,2})(?:[、.)](?!\d)|(?=[\u4e00-\u9fff])))"
)
_ASIDE = re.compile(r"[(〔\[【][^()〔〕\[\]【】]*[)〕\]】]")
_OF_WHICH = re.compile(r"其中[:,]?")


@dataclass(frozen=True, slots=True)
class Label:
    """A label to be compared: its number, its words, its words without asides in brackets."""

    number: int | None
    words: str
    short: str


@lru_cache(maxsize=65536)
def label_of(text: str) -> Label:
    """Return a label without quotes, brackets, white space and widths, its number apart."""
    plain = "".join(unicodedata.normalize("NFKC", text[:LABEL_CHARACTERS]).casefold().split())
    plain = plain.replace("〇", "零")
    number: int | None = None
    if (match := _NUMBERED.match(plain)) and match.end() < len(plain):
        number = _number(next(group for group in match.groups() if group))
        plain = plain[match.end() :]
    if (match := _OF_WHICH.match(plain)) and match.end() < len(plain):
        plain = plain[match.end() :]
    return Label(number, words_of(plain), words_of(_ASIDE.sub("", plain)))


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def words_of(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(c for c in text if c.isalnum())


def likeness(form: Label, written: Label) -> int:
    """Return 0 for different labels, else how surely both are one, up to 6."""
    if not written.words:
        return 0
    if form.words == written.words:
        sure = 6
    elif len(form.short) > 1 and written.words and form.short == written.short:
        sure = 5
    elif form.number == written.number and _differ_by_one(
        form.words, written.words, 8 if form.number is None else 6
    ):
        sure = 4
    else:
        return 0
    if form.number == written.number:
        return sure
    return sure - 1 if form.number is None or written.number is None else sure - 3


def _differ_by_one(left: str, right: str, least: int) -> bool:
    """Tell whether two labels of so many characters differ by one of them at most."""
    if abs(len(left) - len(right)) > 1 or min(len(left), len(right)) < least:
        return False
    shorter = min(len(left), len(right))
    begin = 0
    while begin < shorter and left[begin] == right[begin]:
        begin += 1
    end = 0
    while end < shorter - begin and left[-1 - end] == right[-1 - end]:
        end += 1
    return max(len(left), len(right)) - begin - end <= 1


_THOUSANDS = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+)(\.\d+)?")
_WITH_UNIT = re.compile(r"([+-]?\d+(?:\.\d+)?)(\D{1,2})")
_WHOLE = re.compile(r"([+-]?\d+)\.0+")
_BLANKS = {"", "(未填)"}  # as pages print a figure that was not filled in


def plain_figure(text: str, kind: Kind = "count", measure: str = "") -> str:
    """Return a figure in plain digits where that is certain, else the text as it stands.

    ``1,234``, ``１２`` and ``3525件`` become digits; ``/``, ``—`` and ``约20`` stay what they are.
    What says that it is blank is blank.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("−", "-")
    if plain in _BLANKS:
        return ""
    if kind not in NUMBERS:
        return squeeze(text)
    figure = plain
    if match := _WITH_UNIT.fullmatch(plain.replace(",", "") if "," in plain else plain):
        units = {measure} if kind in ("money", "rate") else COUNT_UNITS | {measure}
        if match[2] in units:
            figure = plain[: -len(match[2])]
    if match := _THOUSANDS.fullmatch(figure):
        figure = match[1] + match[2].replace(",", "") + (match[3] or "")
    if kind in ("count", "change") and (match := _WHOLE.fullmatch(figure)):
        figure = match[1]
    return figure if IS_NUMBER.fullmatch(figure) else squeeze(text)


def cell_name(row: int, column: int) -> str:
    """Return the name that a spreadsheet gives a cell, such as I25; both count from 1."""
    letters = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"
