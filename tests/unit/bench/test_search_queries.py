"""The search benchmark asks fairly: the same of everybody, of every kind, and with true grades."""

from __future__ import annotations

from functools import cache
from itertools import product
from math import log2
from pathlib import Path

import pytest

from bench.corpus import ROOT
from bench.search.corpus import Document, SearchCorpus
from bench.search.judge import Query, ndcg, success, verdicts
from bench.search.lexicon import MOST, Lexicon
from bench.search.queries import BRACKETS, COUNTS, Queries
from gongkai.pipeline.build import Build, Options

ENTRIES = 1000
COMMON = "地方工作计划组织管理服务发展建设安全信息公共政策资金项目"
SELDOM = "鲲鹏麒麟貔貅鸳鸯琵琶"
TAGS = {"n": "n", "v": "v", "w": "vn", "a": "a", "d": "d", "b": "b"}


@cache
def lexicon() -> Lexicon:
    """Return words enough for small texts, without the word list of the benchmark."""
    common = ["".join(pair) for pair in product(COMMON, COMMON)]
    lines = [(word, 1000 - n % 900, TAGS[name]) for name in MOST for n, word in enumerate(common)]
    seldom = [("".join(pair), 3, "n") for pair in product(SELDOM, SELDOM)]
    return Lexicon.of([*lines, *seldom])


def corpus(entries: int = ENTRIES, seed: int = 1) -> SearchCorpus:
    made = SearchCorpus(entries, seed, agencies=8, lexicon=lexicon())
    made.fill()
    return made


@cache
def documents() -> list[Document]:
    return corpus().documents()


@cache
def by_key() -> dict[str, Document]:
    return {one.key: one for one in documents()}


@cache
def queries() -> list[Query]:
    return Queries(documents(), seed=1).all()


def of_kind(kind: str) -> list[Query]:
    return [query for query in queries() if query.kind == kind]


def best(query: Query) -> list[Document]:
    most = max(query.grades.values())
    return [by_key()[key] for key, grade in query.grades.items() if grade == most]


def test_every_kind_is_asked_and_every_query_has_an_answer() -> None:
    assert {query.kind for query in queries()} == set(COUNTS)
    assert len(COUNTS) >= 13
    for query in queries():
        assert max(query.grades.values()) >= 2, query
        assert set(query.grades) <= set(by_key()), query


def test_the_same_seeds_ask_the_same_and_others_do_not() -> None:
    again = corpus().documents()
    assert again == documents()
    assert Queries(again, seed=1).all() == queries()
    assert Queries(again, seed=2).all() != queries()
    assert corpus(60, seed=2).documents() != corpus(60, seed=1).documents()


def test_content_of_the_search_benchmark_has_no_problems(tmp_path: Path) -> None:
    corpus(200).write(tmp_path / "content")
    options = Options(
        content=tmp_path / "content", theme=ROOT / "theme", cache=tmp_path / "cache.sqlite"
    )
    judged = Build(options).load()
    assert [problem.line() for problem in judged.problems] == []
    assert len(judged.published) >= 200


def test_a_document_number_is_asked_in_four_bracket_forms_for_one_page() -> None:
    asked = of_kind("document number")
    for start in range(0, len(asked), len(BRACKETS)):
        four = asked[start : start + len(BRACKETS)]
        assert [query.form for query in four] == list(BRACKETS)
        assert len({tuple(one.key for one in best(query)) for query in four}) == 1
        assert best(four[0])[0].number == four[0].text


def test_an_index_number_is_asked_as_printed_in_lower_case_and_bare() -> None:
    printed, lower, bare = of_kind("index number")[:3]
    page = best(printed)[0]
    assert printed.text == page.index_number
    assert lower.text == page.index_number.lower()
    assert bare.text == page.index_number.replace("/", "").replace("-", "")


def test_a_topic_is_best_answered_by_what_is_titled_so_and_has_not_lapsed() -> None:
    for query in of_kind("topic"):
        for key, grade in query.grades.items():
            page = by_key()[key]
            titled = query.text in page.title
            assert grade == ((2 if page.is_lapsed else 3) if titled else 1)


def test_of_several_versions_the_measure_in_force_is_meant() -> None:
    for query in of_kind("measure in force"):
        (meant,) = best(query)
        older = [one for one in documents() if one.title == meant.title and one is not meant]
        assert older
        assert not meant.is_lapsed
        assert all(one.published < meant.published for one in older)
        assert all(query.grades[one.key] == 1 for one in older)


def test_a_typo_is_one_character_in_at_least_four() -> None:
    for query in of_kind("typo"):
        meant = query.form
        assert len(query.text) == len(meant) >= 4
        assert sum(a != b for a, b in zip(query.text, meant, strict=True)) == 1


def test_traditional_queries_are_other_characters_for_the_same_pages() -> None:
    for query in of_kind("traditional"):
        assert query.grades
        assert query.text not in {one.title for one in documents()}


def test_a_phrase_stands_in_all_that_is_graded_and_nowhere_else() -> None:
    for query in of_kind("body phrase"):
        assert 8 <= len(query.text) <= 14
        assert {one.key for one in documents() if query.text in one.text} == set(query.grades)


def test_a_rare_word_stands_only_where_it_was_put() -> None:
    for query in of_kind("rare word"):
        assert len(query.text) == 2
        holders = {one.key for one in documents() if query.text in one.text + one.title}
        assert holders == set(query.grades)


@pytest.mark.parametrize(("kind", "other"), [("yearly report", "report"), ("budget", "budget")])
def test_another_year_of_a_report_is_near_and_not_meant(kind: str, other: str) -> None:
    for query in of_kind(kind):
        (meant,) = best(query)
        assert meant.type == other
        near = [by_key()[key] for key, grade in query.grades.items() if grade == 1]
        assert {one.agency for one in near} <= {meant.agency}


def test_success_needs_the_best_grade_among_the_first_three() -> None:
    grades = {"a": 3, "b": 2, "c": 1}
    assert success(["x", "y", "a"], grades) == 1
    assert success(["x", "y", "z", "a"], grades) == 0
    assert success(["b", "c"], grades) == 0
    assert success(["a"], {}) == 0


def test_gain_is_a_share_of_the_best_order_and_counts_a_page_once() -> None:
    grades = {"a": 3, "b": 1}
    most = 7 + 1 / log2(3)
    assert ndcg(["a", "b"], grades) == pytest.approx(1)
    assert ndcg(["x", "a", "b"], grades) == pytest.approx((7 / log2(3) + 1 / 2) / most)
    assert ndcg(["a", "a"], grades) == pytest.approx(7 / most)
    assert ndcg(["x"] * 10 + ["a"], grades) == 0


def test_verdicts_are_means_of_a_kind_and_of_all() -> None:
    asked = [Query("one", "q", {"a": 3}), Query("one", "r", {"b": 3}), Query("two", "s", {"c": 3})]
    one, two, everything = verdicts(asked, [["a"], ["x"], ["c"]])
    assert (one.kind, one.queries, one.success) == ("one", 2, 0.5)
    assert (two.kind, two.success) == ("two", 1)
    assert (everything.kind, everything.queries) == ("all", 3)
    assert everything.success == pytest.approx(2 / 3)
