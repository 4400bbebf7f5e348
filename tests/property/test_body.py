"""Whatever an editor writes in a body, a second parser finds nothing alive in what comes out."""

from __future__ import annotations

from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from fuzz import fragments
from gongkai.markup.body import plain_text, render_body
from safe_html import cleaned, faults
from unit.markup.payloads import PAYLOADS

PIECES = st.sampled_from(fragments.MARKDOWN + fragments.REFERENCES + fragments.HIDDEN)
MADE = st.builds(
    lambda make, seed: make(Random(seed)),
    st.sampled_from([fragments.tag, fragments.link, fragments.address]),
    st.integers(0, 10**6),
)
SOUPS = st.lists(PIECES | MADE | st.sampled_from(PAYLOADS) | st.text(max_size=6), max_size=15).map(
    "".join
)


@settings(max_examples=250)
@example("[甲](java&#x200b;script:alert(1))")
@example("<select><style></select><img src=x onerror=alert(1)></style>")
@given(SOUPS)
def test_no_soup_leaves_anything_alive(text: str) -> None:
    html, facts, problems = render_body("a.md", text, 5)
    assert faults(html) == []
    assert cleaned(html) == html
    assert "\x02" not in html and "\x03" not in html
    assert bool(html.strip()) <= bool(facts.digest)
    last = 5 + text.count("\n")
    assert all(5 <= problem.place.line <= last for problem in problems)
    assert all(5 <= link.line <= last for link in facts.links)


@settings(max_examples=100)
@given(SOUPS)
def test_a_soup_gives_the_same_again_and_does_not_colour_the_next(text: str) -> None:
    before = render_body("a.md", "## 甲\n\n*[乙]: 丙\n\n[丁]\n\n乙")
    assert render_body("a.md", text) == render_body("a.md", text)
    assert render_body("a.md", "## 甲\n\n*[乙]: 丙\n\n[丁]\n\n乙") == before


@settings(max_examples=100)
@given(st.sampled_from(fragments.SCHEMES), st.integers(0, 10**6))
def test_an_address_is_one_that_may_stand_on_a_page_or_none(scheme: str, seed: int) -> None:
    address = fragments.address(Random(f"{scheme}{seed}"))
    for text in (f"[甲]({address})", f'<a href="{address}">甲</a>', f"![甲](<{address}>)"):
        html, _, _ = render_body("a.md", text)
        assert faults(html) == []


@settings(max_examples=100)
@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40))
def test_words_come_out_as_they_were_written(words: str) -> None:
    html, _, problems = render_body("a.md", f"甲{words}乙")
    assert (plain_text(html).strip(), problems) == (f"甲{words}乙", [])
