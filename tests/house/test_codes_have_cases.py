"""Every problem code has a golden case or a reason for having none, and no message has a gap."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

import pytest

from golden.cases import read_cases
from gongkai.kernel.problems import CODES, Code

IMPORTING = "raised by the command that imports tables, of a file outside content"
EXEMPT = {
    "GK750": "needs a repository with commits; tests/site/test_history.py holds it",
    "GK124": "takes ten seconds to raise; tests/unit/markup holds it with a shorter limit",
    **dict.fromkeys(("GK457", "GK458", "GK459", "GK463", "GK465"), IMPORTING),
    "GK466": "raised by commands where a library is not installed, not by content",
    "GK723": "a locked file is no text; tests/unit/intake/test_attachment_check.py holds it",
    "GK901": "raised by the command line for its own options, not by content",
    "GK902": "raised where the disk cannot be written, not by content",
    "GK903": "raised where another build runs, not by content",
    "GK904": "raised where the program itself fails; tests/unit/pipeline holds it",
    "GK747": "raised by a build that leaves out what is wrong; tests/site/test_publish.py holds it",
    "GK764": "needs a folder that cannot be read; tests/unit/intake/test_walk.py holds it",
    **dict.fromkeys(
        ("GK765", "GK766", "GK767", "GK768", "GK769"),
        "raised of a change by gongkai check --changed; tests/site/test_ownership.py holds it",
    ),
    "GK905": "raised by the command that packs a site, not by content",
    **dict.fromkeys(("GK906", "GK907", "GK908", "GK909"), "raised by gongkai publish alone"),
}
CASES = read_cases()


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.id)
def test_the_code_has_a_golden_case(code: Code) -> None:
    shown = [case.name for case in CASES if code.id in case.codes()]
    assert bool(shown) != (code.id in EXEMPT), f"cases {shown}, exempt: {EXEMPT.get(code.id)}"


def test_both_languages_name_the_same_facts_but_for_words() -> None:
    """A fact in one language alone is a label in that language, with its twin in the other."""
    twins = {"label", "remedy", "hint", "expected", "what", "other_label", "row", "column"}
    for code in CODES.values():
        zh, en = set(_places(code.zh)), set(_places(code.en))
        en = {name.removesuffix("_en") for name in en}
        assert zh - en <= twins | {"key"}, code.id
        assert en - zh <= {"key", "other"}, code.id


def test_a_message_ends_without_a_full_stop_and_holds_no_line_end() -> None:
    for code in CODES.values():
        for words in (code.zh, code.en):
            assert words == words.strip() and "\n" not in words, code.id
            assert not words.endswith(("。", ".")), code.id


def test_every_number_falls_into_a_range_of_the_house() -> None:
    for code in CODES.values():
        assert code.id[:3] in {"GK1", "GK2", "GK3", "GK4", "GK5", "GK6", "GK7", "GK9"}, code.id


def _places(words: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(words) if name)
