"""Row S01: over 200 queries through the browser, against the index that is published.

Titles, document numbers in four kinds of brackets and index numbers come first; rare words of two
characters, and titles typed in traditional script, come within the first three.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import opencc
import pytest

from acceptance.project import Project
from gongkai.kernel.terms import cut, normalise
from search_reader import Index

Rows = list[dict[str, Any]]
BRACKETS = ("〔〕", "[]", "【】", "（）")
ASK = """async (queries) => {
  const script = document.createElement("script");
  script.src = "engine.js";
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  const engine = gongkaiSearch.create({ base: new URL(".", location.href).href });
  const found = [];
  for (const q of queries) {
    const { hits } = await engine.search({ q, filters: {}, order: "score", from: 0, size: 3 });
    found.push(hits.map((hit) => hit.card.url));
  }
  return found;
}"""


def answers(visitor: Any, queries: list[str]) -> list[list[str]]:
    """Return the addresses of the first three hits of each query."""
    visitor.go("search/index.html")
    found: list[list[str]] = visitor.page.evaluate(ASK, queries)
    return found


def missed(visitor: Any, wanted: list[tuple[str, str]], most: int) -> list[tuple[str, list[str]]]:
    """Return the queries whose address is not among the first so many hits."""
    found = answers(visitor, [query for query, _ in wanted])
    return [
        (query, hits)
        for (query, address), hits in zip(wanted, found, strict=True)
        if address not in hits[:most]
    ]


@pytest.fixture(scope="module")
def numbers(rows: Rows) -> list[tuple[str, str]]:
    """Document numbers that one entry alone has, with its address."""
    often = Counter(row["document_number"] for row in rows)
    return [
        (row["document_number"], row["address"])
        for row in rows
        if row["document_number"] and often[row["document_number"]] == 1
    ]


def test_every_title_finds_its_own_page_first(visitor: Any, rows: Rows) -> None:
    often = Counter(row["title"] for row in rows)
    wanted = [(row["title"], row["address"]) for row in rows if often[row["title"]] == 1]
    assert len(wanted) >= 100
    assert missed(visitor, wanted, 1) == []


@pytest.mark.parametrize("brackets", BRACKETS)
def test_a_document_number_in_any_brackets_finds_its_own_page_first(
    visitor: Any, numbers: list[tuple[str, str]], brackets: str
) -> None:
    wanted = [
        (number.replace("〔", brackets[0]).replace("〕", brackets[1]), address)
        for number, address in numbers
    ]
    assert len(wanted) >= 10
    assert missed(visitor, wanted, 1) == []


def test_a_glued_document_number_finds_its_own_page_first(
    visitor: Any, numbers: list[tuple[str, str]]
) -> None:
    wanted = [(n.replace("〔", "").replace("〕", ""), address) for n, address in numbers]
    assert missed(visitor, wanted, 1) == []


def test_an_index_number_in_any_form_finds_its_own_page_first(visitor: Any, rows: Rows) -> None:
    chosen = Random("index numbers").sample(rows, 20)
    wanted = []
    for row in chosen:
        number = row["index_number"]
        wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
        for form in (number, number.lower(), wide, number.replace("/", " ").replace("-", "")):
            wanted.append((form, row["address"]))
    assert missed(visitor, wanted, 1) == []


def test_a_rare_word_of_two_characters_finds_its_page_among_the_first_three(
    visitor: Any, rows: Rows, demo: Project
) -> None:
    titles = [set(cut(normalise(row["title"]))) for row in rows]
    cards = Index(lambda address: (demo.site / "search" / address).read_bytes()).cards()
    often = Counter(term for card in cards for term in set(cut(normalise(card[1]))))
    wanted = []
    for row, title in zip(rows, titles, strict=True):
        rare = sorted(
            t
            for t in title
            # 标准的 and such: what 的 ends is half a word, which nobody looks for
            if len(t) == 2 and often[t] == 1 and not t.isascii() and t[1] != "的"
        )
        if rare:
            wanted.append((Random(row["address"]).choice(rare), row["address"]))
    assert len(wanted) >= 50
    assert missed(visitor, wanted, 3) == []


def test_a_title_in_traditional_script_finds_its_page(visitor: Any, rows: Rows) -> None:
    convert = opencc.OpenCC("s2t").convert
    often = Counter(row["title"] for row in rows)
    chosen = [row for row in rows if often[row["title"]] == 1]
    wanted = [
        (convert(row["title"]), row["address"]) for row in Random("script").sample(chosen, 20)
    ]
    assert missed(visitor, wanted, 3) == []


def test_a_single_character_finds_titles_that_hold_it(visitor: Any, rows: Rows) -> None:
    letters = sorted({c for row in rows for c in normalise(row["title"]) if "一" <= c <= "龥"})
    chosen = Random("letters").sample(letters, 12)
    titles = {row["address"]: normalise(row["title"]) for row in rows}
    for letter, hits in zip(chosen, answers(visitor, chosen), strict=True):
        assert hits, letter
        assert letter in titles.get(hits[0], letter), (letter, hits)
