"""Rows into files that other programs load: no formula, no broken quote, a version in each."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.press.writers.data import csv_file, json_file, json_rows
from gongkai.press.writers.sitemap import sitemap

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"))


def read(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1+1",
        "-A1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        '=HYPERLINK("x")',
        "=cmd|' /C calc'!A0",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_given_an_apostrophe(cell: str) -> None:
    data = csv_file(["甲"], [[cell]])
    assert b"'" in data
    assert not read(data)[1][0].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("cell", ["\n=1+1", "＝1+1", "＠x", "＋1", "－1"])
def test_a_formula_behind_a_line_end_or_in_full_width_is_no_formula_either(cell: str) -> None:
    shown = read(csv_file(["甲"], [[cell]]))[1][0]
    assert shown.startswith("'")


def test_a_negative_number_is_a_number() -> None:
    assert read(csv_file(["甲"], [["-3"], ["-0.5"]]))[1:] == [["-3"], ["-0.5"]]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
def test_rows_are_read_back_but_for_the_apostrophe(rows: list[list[str]]) -> None:
    back = read(csv_file(["甲", "乙"], rows))[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in back] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]


def test_a_header_is_written_like_a_row_and_lines_end_as_the_rfc_says() -> None:
    assert csv_file(["甲", "乙,丙"], [["a", 'b"c']]) == '\ufeff甲,"乙,丙"\r\na,"b""c"\r\n'.encode()


def test_json_carries_its_version_first() -> None:
    assert list(json.loads(json_file(site="甲"))) == ["version", "site"]
    rows = json.loads(json_rows("entries", [{"title": "</script>"}, {"title": "\u2028"}]))
    assert rows == {"version": 1, "entries": [{"title": "</script>"}, {"title": "\u2028"}]}
    assert json.loads(json_rows("entries", [])) == {"version": 1, "entries": []}


def test_one_row_stands_on_one_line() -> None:
    data = json_rows("entries", [{"a": "x\ny"}, {"a": "z"}]).decode()
    assert len(data.splitlines()) == 4


def test_a_sitemap_holds_absolute_escaped_addresses() -> None:
    data = sitemap("https://a.example/zwgk/", [("i/a/b.html", "2026-03-05"), ("d/?a=1&b=2", "")])
    root = ET.fromstring(data)
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert [loc.text for loc in root.iter(f"{name}loc")] == [
        "https://a.example/zwgk/i/a/b.html",
        "https://a.example/zwgk/d/?a=1&b=2",
    ]
    assert [mod.text for mod in root.iter(f"{name}lastmod")] == ["2026-03-05"]
