"""Any text in a cell is read back as it was, and no spreadsheet runs it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gongkai.press.writers.data import csv_file

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CELLS = TEXT | st.builds(
    "{}{}{}".format,
    st.sampled_from(["", " ", "\n", "\t", "\r", '"', "'", "\u3000", "\xa0", "\ufeff", "\0", ";"]),
    st.sampled_from(["=", "+", "-", "@", "＝", "＋", "－", "＠", "=cmd|'/c'!A1", "-1", "+1", "|"]),
    TEXT,
)


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def might_run(cell: str) -> bool:
    """Tell whether a careful reader would rather not open a cell in a spreadsheet."""
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell):
        return False
    first = unicodedata.normalize("NFKC", cell.lstrip())[:1]
    return first in {"=", "+", "-", "@"} or cell.lstrip("\n ")[:1] in {"\t", "\r"}


@settings(max_examples=300)
@example([["=1+1", "\r\n=1"], ['"', '=""']])
@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=4))
def test_a_cell_is_inert_and_read_back(rows: list[list[str]]) -> None:
    back = read(csv_file(["甲", "乙"], rows))
    assert back[0] == ["甲", "乙"]
    assert len(back) == len(rows) + 1
    for row, found in zip(rows, back[1:], strict=True):
        for cell, shown in zip(row, found, strict=True):
            assert not might_run(shown)
            assert shown == (f"'{cell}" if might_run(cell) else cell)


@settings(max_examples=150)
@given(st.lists(CELLS, min_size=1, max_size=3))
def test_a_row_is_one_record_whatever_it_holds(cells: list[str]) -> None:
    data = csv_file(["h"] * len(cells), [cells, ["x"] * len(cells)])
    assert read(data)[-1] == ["x"] * len(cells)
    assert data.count(b"\xef\xbb\xbf") == 1 + sum(c.count("\ufeff") for c in cells)
