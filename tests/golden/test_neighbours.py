"""One bad file changes nothing about the others in a publishing build with quarantine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from golden.cases import BASE, Case, build_of, read_cases
from golden.test_golden import AWAITED, HAS_LINKS
from gongkai.domain.corpus import EntryRecord, GuideRecord, Judged, ReportRecord, State
from gongkai.kernel.problems import CODES, Severity

ATTACHED = {"agencies/mzj/catalogue/2026/allowance.md": "agencies/mzj/files/allowance-form.txt"}
# a case that is about two files of one agency: the later year is where the series breaks
SERIES = {"report/carried-in-differs": "agencies/mzj/reports/2025.md"}
_BESIDE = re.compile(r"agencies/(?P<agency>[a-z]+)/reports/(?P<year>[0-9]+)\.(?:csv|xlsx)")
_PAGE = re.compile(r"agencies/[a-z]+/.*\.(?!yml)[a-z]+")
Record = EntryRecord | GuideRecord | ReportRecord


def is_bad_page(case: Case) -> bool:
    """Tell whether a case adds or breaks pages and files, and no settings, with an error."""
    errors = {code for code in case.codes() if CODES[code].severity is Severity.ERROR}
    return bool(errors) and all(_PAGE.fullmatch(path) for path in case.written)


def report_beside(path: str) -> str:
    """Return the report that a sheet gives figures to, or the path itself."""
    match = _BESIDE.fullmatch(path)
    return f"agencies/{match['agency']}/reports/{match['year']}.md" if match else path


def without_counts(facts: Facts) -> Facts:
    """Return what is known of a report but for what registers and decisions would count."""
    if not isinstance(facts.record, ReportRecord):
        return facts
    return replace(facts, record=replace(facts.record, counts={}))


BAD = [case for case in read_cases() if is_bad_page(case) and case.name not in AWAITED]


@dataclass(frozen=True)
class Facts:
    """What a build knows of one file."""

    state: State | None
    record: Record | None
    html: str | None


def facts_of(content: Path, *, quarantine: bool) -> tuple[dict[str, Facts], Judged]:
    build = build_of(content, quarantine=quarantine)
    build.load()
    judged = build.check()
    corpus = judged.corpus
    records: Mapping[str, Record] = {
        record.path: record
        for record in (*corpus.entries, *corpus.guides.values(), *corpus.reports)
    }
    facts = {}
    for path, state in judged.states.items():
        record = records.get(path)
        html = build.cache.body(path, record.digest) if record else None
        facts[path] = Facts(state, record, html)
    build.cache.close()
    return facts, judged


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Facts]:
    content = tmp_path_factory.mktemp("clean") / "content"
    Case(BASE / "base.case", "", ()).lay(content)
    return facts_of(content, quarantine=False)[0]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_the_others_stay_as_they_are(case: Case, clean: dict[str, Facts], tmp_path: Path) -> None:
    if not HAS_LINKS and any({"symlink", "fifo"} & s.directives.keys() for s in case.inputs):
        pytest.skip("this system has no links and pipes to try")
    content = tmp_path / "content"
    case.lay(content)
    found, judged = facts_of(content, quarantine=True)
    touched = set(case.written) | {ATTACHED[path] for path in case.written if path in ATTACHED}
    touched |= {report_beside(path) for path in case.written}
    for path, facts in clean.items():
        if path not in touched and path != SERIES.get(case.name):
            assert without_counts(found[path]) == without_counts(facts), path
    pages = [record.path for record in (*judged.published, *judged.published_reports)]
    rejected = {p.place.path for p in judged.problems if p.severity is Severity.ERROR}
    assert not rejected & set(pages), "a rejected file is published"


def test_there_are_forty_kinds_of_bad_input() -> None:
    assert len(BAD) >= 40
    assert len({code for case in BAD for code in case.codes()}) >= 30
