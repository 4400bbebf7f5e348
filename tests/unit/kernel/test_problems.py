"""Problems print one line each, whatever an author put into names and values."""

from __future__ import annotations

import pytest

from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem, Severity, in_order


def test_a_line_names_path_line_column_and_code() -> None:
    problem = Problem(p.REPEATED_KEY, Place("a.md", 3, 8), {"key": "title", "first": 2})
    assert problem.line() == "a.md:3:8: GK102 字段“title”重复，首次出现在第 2 行；请只保留一处"
    assert (
        problem.line("en") == "a.md:3:8: GK102 key 'title' is repeated, first on line 2; keep one"
    )


@pytest.mark.parametrize("text", ["a\nb", "a\r::error::b", "a\u2028b", "a\x1b[2Jb"])
def test_a_problem_is_one_line_whatever_it_quotes(text: str) -> None:
    for problem in (
        Problem(p.BAD_DATE, Place("a.md"), {"label": "日期", "key": "d", "value": text}),
        Problem(p.NOT_A_REGULAR_FILE, Place(f"agencies/{text}.md")),
    ):
        for language in ("zh", "en"):
            line = problem.line(language)
            assert len(line.splitlines()) == 1
            assert "\x1b" not in line


def test_a_format_in_a_value_is_text() -> None:
    facts = {"label": "日期", "key": "d", "value": "{key} {0} %s"}
    assert "{key} {0} %s" in Problem(p.BAD_DATE, Place("a.md"), facts).message()


def test_an_explained_finding_is_softened() -> None:
    problem = Problem(p.ROW_SUM, Place("r.md"), {}, Severity.NOTE)
    assert problem.severity is Severity.NOTE
    assert Problem(p.ROW_SUM, Place("r.md"), {}).severity is Severity.ERROR


def test_problems_stand_in_order_and_once() -> None:
    one = Problem(p.EMPTY_BODY, Place("b.md", 2))
    two = Problem(p.EMPTY_BODY, Place("a.md", 10))
    three = Problem(p.EMPTY_BODY, Place("a.md", 9))
    assert in_order([one, two, three, two]) == [three, two, one]
