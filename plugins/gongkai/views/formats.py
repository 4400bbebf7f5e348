"""Dates, sizes and numbers as pages print them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gongkai.domain.values import Moment

_KINDS = {
    "pdf": "PDF",
    "doc": "Word",
    "docx": "Word",
    "xls": "Excel",
    "xlsx": "Excel",
    "csv": "CSV",
    "txt": "文本",
    "png": "图片",
    "jpg": "图片",
    "jpeg": "图片",
    "gif": "图片",
    "webp": "图片",
    "svg": "图片",
    "ofd": "OFD",
    "wps": "WPS",
    "et": "WPS表格",
    "zip": "压缩包",
}


def long_date(day: date) -> str:
    """Return 2026年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_moment(moment: Moment) -> str:
    """Return ``2026-03-05 10:20``, or the date alone where no time is known (decisions.md 8)."""
    return str(moment)


def long_moment(moment: Moment) -> str:
    """Return ``2026年3月5日 10:20``, or the date alone where no time is known."""
    day = long_date(moment.date)
    return day if moment.time is None else f"{day} {moment.time:%H:%M}"


def iso_moment(moment: Moment) -> str:
    """Return a value for ``<time datetime>``, in the time of UTC+8."""
    return str(moment.date) if moment.time is None else f"{moment.date}T{moment.time:%H:%M}+08:00"


def size_in_words(size: int) -> str:
    """Return ``42 KB`` or ``1.3 MB``; at least 1 KB."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def file_kind(name: str) -> str:
    """Return the kind of a file for readers: Word, Excel, PDF and so on."""
    extension = name.rpartition(".")[2].lower()
    return _KINDS.get(extension, extension.upper())


def number(value: Decimal) -> str:
    """Return a figure without superfluous zeros: 0, 12, 0.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
