"""Given the files of a case, the build says exactly what the case expects."""

from __future__ import annotations

import os
from pathlib import Path
from string import Formatter

import pytest

from golden.cases import BASE, Case, answers_to, build_of, read_cases
from gongkai.kernel.problems import Code

# cases that say what ought to be said and is not said yet; each goes when the code says it
AWAITED = {
    "report/computed-all-from-nothing": "what computed asks for already is to be put into computed",
}
CASES = read_cases()
HAS_LINKS = hasattr(os, "mkfifo")  # symbolic links and pipes need no privilege where these exist


def facts_of(code: Code) -> set[str]:
    """Return the names of the facts that the messages of a code print."""
    return {
        name for words in (code.zh, code.en) for _, name, _, _ in Formatter().parse(words) if name
    }


def awaited(case: Case) -> tuple[pytest.MarkDecorator, ...]:
    """Return the mark of a case that the code does not bear out yet."""
    reason = AWAITED.get(case.name)
    return (pytest.mark.xfail(reason=reason, strict=True),) if reason else ()


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.name, marks=awaited(case)) for case in CASES]
)
def test_golden(case: Case, tmp_path: Path, is_updating: bool) -> None:
    if not HAS_LINKS and any({"symlink", "fifo"} & s.directives.keys() for s in case.inputs):
        pytest.skip("this system has no links and pipes to try")
    content = tmp_path / "content"
    case.lay(content)
    build = build_of(content)
    judged = build.load()
    answers = answers_to(case, build, judged)
    build.cache.close()
    if is_updating and case.name not in AWAITED:
        case.file.write_text(case.with_answers(answers).text(), "utf-8")
        return
    for section in case.sections:
        if section.is_expected:
            assert answers[section.name] == section.text, section.name
    assert case.expected("problems") is not None, "the case expects nothing"
    for problem in judged.problems:
        assert facts_of(problem.code) <= problem.facts.keys(), f"{problem.code.id} prints a gap"


def test_the_base_has_no_problem(tmp_path: Path) -> None:
    base = Case(BASE / "base.case", "", ())
    base.lay(tmp_path / "content")
    build = build_of(tmp_path / "content")
    judged = build.load()
    build.cache.close()
    assert [problem.line() for problem in judged.problems] == []
    assert len(judged.published) == 2
    assert len(judged.published_reports) == 1


def test_every_awaited_case_is_there() -> None:
    assert AWAITED.keys() <= {case.name for case in CASES}


def test_every_case_is_one_sentence_about_its_files() -> None:
    for case in CASES:
        assert case.sentence.endswith("."), case.name
        assert case.inputs, case.name


def test_no_two_cases_hold_the_same_files() -> None:
    seen: dict[tuple[object, ...], str] = {}
    for case in CASES:
        key = tuple((s.name, str(s.directives), s.text) for s in case.inputs)
        assert key not in seen, f"{case.name} repeats {seen.get(key)}"
        seen[key] = case.name
