"""Bytes of an unknown form into the personal numbers and marks of secrecy in their characters."""

from __future__ import annotations

import re

from gongkai.intake.findings import Findings, Where

_WIDE = re.compile("[\t\n\r -~\u2010-\u303f\u4e00-\u9fff\uff00-\uffee]{4,}")
_NARROW = re.compile(rb"[\x20-\x7e\x09\x0d\x0a]{8,}")
_MANY_DIGITS = re.compile("[0-9０-９][0-9０-９ -]{6,}[0-9０-９Xx]")
STRONG = ("identity", "mobile", "card", "passport")  # what numbers alone can tell
CHECKED = ("identity", "card")  # what a check digit tells, wherever the number stands


def look_at_bytes(
    data: bytes, found: Findings, where: Where, kinds: tuple[str, ...] = STRONG
) -> None:
    """Look at the runs of characters, wide and narrow, that hold many digits.

    They may be no text at all: of ``kinds`` are those that no accident puts together.
    """
    lines: dict[str, None] = {}
    for start in (0, 1):  # a text of wide characters may begin at any byte
        for run in _WIDE.findall(data[start:].decode("utf-16-le", "replace")):
            if _MANY_DIGITS.search(run) or "密" in run:
                lines.update(dict.fromkeys(run.split("\r")))
    for match in _NARROW.finditer(data):
        text = match[0].decode("ascii")
        if _MANY_DIGITS.search(text):
            lines.setdefault(text)
    own = Findings(inside=found.inside)
    own.scan_lines(lines, lambda _: where)
    for one in own.private.values():
        if one.kind in kinds:
            found.private.setdefault((one.kind, one.value), one)
    found.refusals.update(own.refusals)
    for mark, secret in own.secret.items():
        found.secret.setdefault(mark, secret)
