"""Rows into JSON and CSV that others may load; every JSON carries a version."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

DATA_VERSION = 1
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def json_text(value: Any, **style: Any) -> str:
    """Return a value as JSON that may stand in a page too: ``</`` never closes anything there."""
    return json.dumps(value, ensure_ascii=False, **style).replace("</", "<\\/")


def json_file(**facts: Any) -> bytes:
    """Return a JSON object with ``version`` first."""
    data = {"version": DATA_VERSION, **facts}
    return json_text(data, indent=1).encode() + b"\n"


def json_rows(name: str, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return a JSON object holding rows, one a line, so that versions can be compared."""
    lines = ",\n".join(json_text(row, separators=(",", ":")) for row in rows)
    return f'{{"version":{DATA_VERSION},"{name}":[\n{lines}\n]}}\n'.encode()


def _would_run(cell: str) -> bool:
    """Tell whether a spreadsheet would run a cell; a plain negative number is none."""
    starts = cell.lstrip("\n ").startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA)
    return starts and not _NUMBER.fullmatch(cell)


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return CSV in UTF-8 with a BOM, which spreadsheet programs need to read Chinese.

    A cell that a spreadsheet would run as a formula is given an apostrophe.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([f"'{cell}" if _would_run(cell) else cell for cell in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()
