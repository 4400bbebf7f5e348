"""A rendered page split at its slots and filled by joining."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.press.shell import MARKS, SLOTS, BrokenShell, Shell

TITLE, HEAD, MAIN = (MARKS[slot] for slot in SLOTS)
PAGE = f"<title>{TITLE}</title>{HEAD}<main>{MAIN}</main>"


def test_a_page_is_filled() -> None:
    page = Shell.split(PAGE).fill("题", "<meta>", "<p>文</p>")
    assert page.decode() == "<title>题</title><meta><main><p>文</p></main>"


@given(st.text(), st.text(), st.text())
def test_whatever_is_filled_in_is_never_searched_again(title: str, head: str, main: str) -> None:
    shell = Shell.split(PAGE)
    for words in ((title, head, main), (MAIN + title, TITLE + head, HEAD + main)):
        expected = "<title>{}</title>{}<main>{}</main>".format(*words)
        try:
            expected.encode()
        except UnicodeEncodeError:
            continue
        assert shell.fill(*words).decode() == expected


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<title></title>",
        PAGE.replace(MAIN, ""),
        PAGE.replace(TITLE, ""),
        PAGE + MAIN,
        PAGE + TITLE,
        f"{MAIN}{HEAD}{TITLE}",
        f"{TITLE}{MAIN}{HEAD}",
        f"{TITLE}{TITLE}{HEAD}{MAIN}",
        PAGE.replace(MAIN, MAIN.upper()),
    ],
)
def test_a_shell_with_a_lost_repeated_or_misplaced_slot_is_refused(page: str) -> None:
    with pytest.raises(BrokenShell):
        Shell.split(page)


def test_marks_are_letters_and_digits_so_that_nothing_escapes_them() -> None:
    assert all(mark.isalnum() and mark.isascii() for mark in MARKS.values())
    assert len(set(MARKS.values())) == len(SLOTS)
