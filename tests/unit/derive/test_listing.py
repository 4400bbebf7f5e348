"""Lists numbered from the oldest: full pages never change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.derive.listing import PAGE_SIZE, paginate


@pytest.mark.parametrize(
    ("total", "names", "sizes"),
    [
        (0, ["index.html"], [0]),
        (1, ["index.html"], [1]),
        (19, ["index.html"], [19]),
        (20, ["index.html"], [20]),
        (39, ["index.html"], [39]),
        (40, ["index.html", "p1.html"], [20, 20]),
        (59, ["index.html", "p1.html"], [39, 20]),
        (60, ["index.html", "p2.html", "p1.html"], [20, 20, 20]),
        (61, ["index.html", "p2.html", "p1.html"], [21, 20, 20]),
    ],
)
def test_the_first_page_holds_twenty_to_thirty_nine(
    total: int, names: list[str], sizes: list[int]
) -> None:
    pages = paginate(range(total))
    assert [page.name for page in pages] == names
    assert [len(page.items) for page in pages] == sizes
    assert [page.number for page in pages] == list(range(len(pages), 0, -1))
    assert [page.is_newest for page in pages] == [True, *[False] * (len(pages) - 1)]


@given(st.integers(0, 300), st.integers(1, 25))
def test_every_item_stands_once_newest_first(total: int, size: int) -> None:
    pages = paginate(range(total), size)
    assert [item for page in pages for item in page.items] == list(reversed(range(total)))


@given(st.integers(0, 300), st.integers(0, 100), st.integers(1, 25))
def test_numbered_pages_never_change_when_items_are_appended(
    total: int, more: int, size: int
) -> None:
    before = {page.name: page.items for page in paginate(range(total), size) if not page.is_newest}
    after = {page.name: page.items for page in paginate(range(total + more), size)}
    assert before.items() <= after.items()


@given(st.integers(0, 300))
def test_one_publication_touches_two_pages_at_most(total: int) -> None:
    before = {page.name: page.items for page in paginate(range(total))}
    after = {page.name: page.items for page in paginate(range(total + 1))}
    changed = [name for name in after if after[name] != before.get(name)]
    assert "index.html" in changed
    assert len(changed) <= 2


@given(st.integers(PAGE_SIZE, 400))
def test_the_newest_page_is_never_thin(total: int) -> None:
    assert PAGE_SIZE <= len(paginate(range(total))[0].items) < 2 * PAGE_SIZE
