"""Each of some hundred hostile inputs gets the codes its table expects, and none reaches a page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import inert
from golden.hostile_inputs import Table, read_tables

TABLES = {table.file.stem: table for table in read_tables()}
CASES = [(name, n) for name, table in TABLES.items() for n in range(len(table.inputs))]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> object:
    @cache
    def of(name: str) -> tuple[list[tuple[str, ...]], list[str]]:
        return TABLES[name].said(tmp_path_factory.mktemp(name))

    return of


@pytest.mark.parametrize(("name", "n"), CASES, ids=lambda part: str(part))
def test_the_input_is_named_and_inert(name: str, n: int, said: object, is_updating: bool) -> None:
    table = TABLES[name]
    codes, bodies = said(name)  # type: ignore[operator]
    if is_updating and n == 0:
        table.file.write_text(table.with_codes(codes), "utf-8")
    assert inert.faults(bodies[n], inert.BODY) == []
    if not is_updating:
        assert codes[n] == table.inputs[n].codes, table.inputs[n].line


def test_there_are_more_than_two_hundred_and_no_two_alike() -> None:
    lines = [(t.into, one.text) for t in TABLES.values() for one in t.inputs]
    assert len(lines) > 200
    assert len(set(lines)) == len(lines)


def test_every_table_is_one_sentence() -> None:
    for table in TABLES.values():
        assert re.fullmatch(r"[A-Z].*\.", table.sentence), table.file.name
        assert table.inputs, table.file.name


def test_a_live_payload_would_be_found() -> None:
    """The parser that judges would see each of these, were it let through."""
    for live in (
        "<script>x</script>",
        "<p onclick=x>",
        "<a href='java\tscript:x'>",
        "<a href='&#1;javascript:x'>",
        "<a href=data:text/html,x>",
        "<img src=x onerror=x>",
        "<svg/onload=x>",
        "<iframe>",
        "<p style=x>",
        "<form>",
        "<base href=x>",
        "<meta http-equiv=refresh>",
        "<math><mtext><table><mglyph><style><img src=x onerror=x>",
    ):
        assert inert.faults(live, inert.BODY), live


def table_of(name: str) -> Table:
    return TABLES[name]


def test_a_table_says_again_what_it_read(tmp_path: Path) -> None:
    for table in TABLES.values():
        again = table.with_codes([one.codes for one in table.inputs])
        assert again == table.file.read_text("utf-8"), table.file.name
