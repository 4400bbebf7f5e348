"""Factories for tests: each makes a sound object, so that a test shows only what it is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from gongkai.domain.agency import Agency, Contact, Level
from gongkai.domain.body import BodyFacts
from gongkai.domain.calendar import WorkingCalendar
from gongkai.domain.column import Column, ColumnSpec, flatten
from gongkai.domain.corpus import (
    Corpus,
    EntryRecord,
    FileFacts,
    Judged,
    ReportRecord,
    RowsRecord,
    SheetRecord,
)
from gongkai.domain.decisions import DecidedRow, DecisionRow
from gongkai.domain.entry import Entry
from gongkai.domain.kinds import KINDS
from gongkai.domain.register import Application, Registered
from gongkai.domain.reports import prose
from gongkai.domain.reports.figures import Figures, own_figures, read_figures
from gongkai.domain.reports.form import forms
from gongkai.domain.reports.forms.form_2021 import FORM as FORM_2021
from gongkai.domain.reports.grid import grid_of
from gongkai.domain.reports.report import AnnualReport
from gongkai.domain.rules.judge import judge
from gongkai.domain.site import Site
from gongkai.domain.values import Moment
from gongkai.domain.vocab import VOCABULARIES, Term, Vocabulary
from gongkai.intake.front_matter import read_front_matter
from gongkai.kernel.place import Located
from gongkai.kernel.problems import Problem

CLEARED = {"checked_on": "2026-03-04", "reviewer": "办公室主任", "result": "可以公开"}
AS_OF = Moment.parse("2026-11-20 09:00")
PATH = "agencies/mzj/catalogue/2026/allowance.md"


def make_entry(kind: str = "document", **changes: Any) -> Entry:
    """Return an entry of 民政局, cleared and published on time."""
    facts: dict[str, Any] = {
        "title": "青禾县民政局关于做好高龄津贴发放工作的通知",
        "index_number": "QH0000028/2026-00001",
        "issued_on": "2026-03-02",
        "published_on": "2026-03-05 10:20",
        "column": "normative",
        "subject": "T17",
        "review": CLEARED,
        "kind": kind,
    }
    return KINDS[kind].model.model_validate({**facts, **changes})


def make_record(path: str = PATH, **changes: Any) -> EntryRecord:
    """Return the record of an entry; ``body`` and the entry's own fields may be given."""
    body = changes.pop("body", BodyFacts("d", 40, "正文"))
    agency, year = path.split("/")[1], path.split("/")[3]
    return EntryRecord(
        path=path,
        agency=agency,
        folder=year,
        digest="digest",
        row_digest="row",
        entry=make_entry(**changes),
        body=body,
        problems=(),
        places={},
    )


def make_agency(name: str = "mzj", **changes: Any) -> Agency:
    """Return an agency that can be reached."""
    contact = Contact(
        office="办公室", address="民生路8号", hours="工作日", telephone="0000-0000021"
    )
    facts = {
        "id": name,
        "name": f"青禾县{name}",
        "level": Level.DEPARTMENT,
        "codes": ("QH0000028",),
    }
    return Agency.model_validate({**facts, "contact": contact, **changes})


def make_corpus(*records: EntryRecord, **changes: Any) -> Corpus:
    """Return a corpus of one agency without columns; files may be given by path."""
    files = changes.pop("files", ())
    facts: dict[str, Any] = {
        "site": Site(name="青禾县政府信息公开"),
        "vocabularies": {name: make_vocabulary(name) for name in VOCABULARIES},
        "columns": {},
        "agencies": {"mzj": make_agency()},
        "entries": records,
        "guides": {},
        "reports": (),
        "tombstones": (),
        "files": {path: FileFacts(path, 10, "0123456789abcdef") for path in files},
        "calendar": WorkingCalendar(),
    }
    return Corpus(**{**facts, **changes})


def make_judged(*records: EntryRecord, **changes: Any) -> Judged:
    """Return the judged corpus of some records."""
    return judge(make_corpus(*records, **changes), AS_OF)


def make_columns(*codes: str) -> dict[str, Column]:
    """Return columns without parents, by code."""
    specs = tuple(ColumnSpec(code=code, name=code, period="6m") for code in codes)
    return {column.code: column for column in flatten(specs)}


def make_vocabulary(name: str, *codes: str) -> Vocabulary:
    """Return a vocabulary whose names are its codes."""
    return Vocabulary(
        name,
        tuple(
            Term(code=code, name=code) for code in codes or ("T17", "notice", "website", "public")
        ),
    )


def make_calendar(
    year: int, *holidays: date, make_up_days: tuple[date, ...] = ()
) -> WorkingCalendar:
    """Return the working calendar of one year."""
    return WorkingCalendar({year: frozenset(holidays)}, {year: frozenset(make_up_days)})


def make_report(**changes: Any) -> AnnualReport:
    """Return a report of the 2021 form in which every figure is 0; tables may be given by key.

    A table given as ``None`` is left out; of another form only the given tables are there.
    """
    tables: dict[str, dict[str, Any]] = {
        table.key: {row.key: ["0"] * len(table.columns) for row in table.rows}
        for table in FORM_2021.tables
        if changes.get("form", FORM_2021.name) == FORM_2021.name
    }
    for key, rows in changes.pop("tables", {}).items():
        tables[key] = {**tables.get(key, {}), **rows} if rows is not None else {}
    tables = {key: rows for key, rows in tables.items() if rows}
    facts: dict[str, Any] = {
        "title": "青禾县民政局2025年政府信息公开工作年度报告",
        "form": "2021",
        "published_on": "2026-01-20 09:00",
        "review": CLEARED,
        "tables": tables,
    }
    return AnnualReport.model_validate({**facts, **changes})


def make_report_record(
    agency: str = "mzj",
    year: int = 2025,
    *,
    text: str = "",
    folder: str = "reports",
    **changes: Any,
) -> ReportRecord:
    """Return the record of a report with its figures as written; ``text`` is its prose."""
    changes.setdefault("title", f"青禾县民政局{year}年政府信息公开工作年度报告")
    report = make_report(**changes)
    form = forms().get(report.form)
    lines = prose.plain_lines(text, 1)
    return ReportRecord(
        path=f"agencies/{agency}/{folder}/{year}.md",
        agency=agency,
        year=year,
        digest=f"{agency} {year}",
        report=report,
        figures=read_figures(report, form)[0] if form else Figures({}),
        body=BodyFacts("d", len(text), text[:20]),
        problems=(),
        places={},
        subject="website" if folder == "website" else "disclosure",
        prose=tuple(lines),
        claims=prose.claims(lines, year),
        own=own_figures(report, form)[0] if form else Figures({}),
    )


def make_sheet(
    *rows: str, agency: str = "mzj", year: int = 2025, kind: str = "csv", **changes: Any
) -> SheetRecord:
    """Return a sheet beside a report; a row is its cells with commas between them."""
    grid = grid_of("", [row.split(",") for row in rows])
    path = f"agencies/{agency}/reports/{year}.{kind}"
    facts: dict[str, Any] = {"grids": (grid,), "problems": (), **changes}
    return SheetRecord(path, agency, year, "sheet", **facts)


def make_register(
    *rows: Application, agency: str = "mzj", year: int = 2025, problems: tuple[Problem, ...] = ()
) -> RowsRecord[Registered]:
    """Return the register of one year; each row stands on a line of its own."""
    path = f"agencies/{agency}/register/{year}.csv"
    found = tuple(Registered(row, path, {"number": (n, 1)}) for n, row in enumerate(rows, 2))
    return RowsRecord(path, agency, year, "register", found, problems)


def make_decisions(
    *rows: dict[str, Any], agency: str = "mzj", year: int = 2025, problems: tuple[Problem, ...] = ()
) -> RowsRecord[DecidedRow]:
    """Return the decisions of one year; each row stands on a line of its own."""
    path = f"agencies/{agency}/decisions/{year}.csv"
    facts = {"kind": "licence", "decided_on": f"{year}-03-04", "matter": "养老机构备案"}
    found = tuple(
        DecidedRow(DecisionRow.model_validate({**facts, **row, "line": n}), path, {"kind": (n, 1)})
        for n, row in enumerate(rows, 2)
    )
    return RowsRecord(path, agency, year, "decisions", found, problems)


def read_fields(head: str) -> dict[str, Located]:
    """Return the located fields of a sound front matter."""
    fields, _, _, problems = read_front_matter("x.md", f"---\n{head}\n---\n")
    assert problems == []
    assert fields is not None
    return fields


def codes(problems: Any) -> list[str]:
    """Return the codes of problems or findings, in order."""
    return [problem.code.id for problem in problems]


def places(problems: list[Problem]) -> list[str]:
    """Return ``line:column CODE`` of problems, in order."""
    return [f"{p.place.line}:{p.place.column} {p.code.id}" for p in problems]
