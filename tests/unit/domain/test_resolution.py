"""Figures from all three ways: written, on a sheet, counted; and what the site may count."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.corpus import (
    Corpus,
    EntryRecord,
    ReportRecord,
    State,
    Tombstone,
    TombstoneRecord,
)
from gongkai.domain.entry import Instrument
from gongkai.domain.reports.figures import Count, Counted, Figures, Origin, SheetFigures, resolve
from gongkai.domain.reports.form import CellKey, forms
from gongkai.domain.reports.forms.form_2017 import FORM as FORM_2017
from gongkai.domain.reports.forms.form_2021 import FORM
from gongkai.domain.reports.resolution import resolve_reports
from gongkai.domain.reports.sources import Basis, count_cells, source_named
from gongkai.domain.rules.judge import judge
from gongkai.domain.rules.reports import judge_reports
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem, Severity
from make import (
    AS_OF,
    codes,
    make_agency,
    make_columns,
    make_corpus,
    make_decisions,
    make_entry,
    make_record,
    make_register,
    make_report,
    make_report_record,
    make_sheet,
)
from registers import make_application

LICENCE: CellKey = ("s2_art20_5", "licence", "decisions")
IN_FORCE: CellKey = ("s2_art20_1", "normative", "in_force")
ISSUED: CellKey = ("s2_art20_1", "normative", "issued")
REPEALED: CellKey = ("s2_art20_1", "normative", "repealed")
NEW: CellKey = ("s3_requests", "new", "total")
HEAD = "表,行,列,数值"
LICENCE_ROW = "第二十条第（五）项,行政许可,本年处理决定数量"


def at(dotted: str) -> Place:
    """Return a place that says which field it stands for."""
    return Place(f"report.md {dotted}")


def settle(
    counts: dict[CellKey, Count] | None = None,
    sheet: dict[CellKey, tuple[str, int, int]] | None = None,
    **changes: Any,
) -> tuple[Figures, list[tuple[str, str]]]:
    """Return the figures of a report, and code and place of its problems."""
    found = SheetFigures("2025.csv", sheet) if sheet is not None else None
    report = make_report(**changes)
    form = forms()[report.form]
    figures, problems = resolve("report.md", report, form, found, counts or {}, at)
    return figures, [(one.code.id, str(one.place)) for one in problems]


def resolved(record: ReportRecord, *entries: EntryRecord, **changes: Any) -> Corpus:
    """Return the corpus of one report with its figures resolved."""
    return resolve_reports(make_corpus(*entries, reports=(record,), **changes), AS_OF)


def figures_of(record: ReportRecord, *entries: EntryRecord, **changes: Any) -> Figures:
    return resolved(record, *entries, **changes).reports[0].figures


# what is told where nothing counts them: one figure, or a whole table
DECIDED = ["GK405", "GK424", "GK405"]
REQUESTED = ["GK424", "GK424"]
SUITS = ("litigation_direct", "litigation_after_review")
WITHOUT_LICENCE: dict[str, Any] = {"s2_art20_5": None}
TWELVE = {LICENCE: Count(Decimal(12), (Counted("decision", "2", Decimal(12)),))}
OVERRIDE = {"cell": ".".join(LICENCE), "value": "14", "reason": "两件许可在纸质台账上"}


# three ways


def test_a_written_figure_knows_where_it_stands() -> None:
    figures, problems = settle(tables={"s2_art20_5": {"licence": ["12"]}})
    assert problems == []
    assert figures.cells[LICENCE] == 12
    assert figures.origins[LICENCE].kind == "written"
    assert str(figures.origins[LICENCE].place) == "report.md tables.s2_art20_5.licence.0:1:1"


def test_a_figure_on_a_sheet_knows_its_row_and_column() -> None:
    figures, problems = settle(sheet={LICENCE: ("12", 4, 2)}, tables=WITHOUT_LICENCE)
    assert problems == []
    assert figures.cells[LICENCE] == 12
    assert figures.origins[LICENCE] == Origin("sheet", Place("2025.csv", 4, 2))


def test_a_counted_figure_knows_what_it_counts() -> None:
    figures, problems = settle(TWELVE, tables=WITHOUT_LICENCE, computed=["s2_art20_5"])
    assert problems == []
    assert figures.cells[LICENCE] == 12
    origin = figures.origins[LICENCE]
    assert (origin.kind, origin.computed) == ("computed", 12)
    assert origin.counted == (Counted("decision", "2", Decimal(12)),)


def test_what_is_counted_is_no_figure_until_it_is_asked_for() -> None:
    figures, problems = settle(TWELVE, tables=WITHOUT_LICENCE)
    assert LICENCE not in figures.cells
    assert [code for code, _ in problems] == ["GK405"]


def test_a_figure_written_and_on_the_sheet_is_refused_on_the_sheet() -> None:
    figures, problems = settle(sheet={LICENCE: ("13", 4, 2)})
    assert problems == [("GK481", "2025.csv:4:2")]
    assert figures.cells[LICENCE] == 0


@pytest.mark.parametrize("name", ["s2_art20_5", "s2_art20_5.licence", ".".join(LICENCE)])
def test_a_figure_written_and_counted_is_refused(name: str) -> None:
    figures, problems = settle(TWELVE, computed=[name])
    assert problems == [("GK481", "report.md tables.s2_art20_5.licence.0:1:1")]
    assert figures.cells[LICENCE] == 0


def test_a_table_written_and_counted_is_one_slip_and_a_few_figures_are_each_told() -> None:
    counts = {
        ("s4_review", row, column): Count(Decimal(0))
        for row in ("review", *SUITS)
        for column in ("upheld", "corrected", "other", "pending", "total")
    }
    report = make_report(computed=["s4_review"])
    _, (problem,) = resolve("report.md", report, FORM, None, counts, at)
    assert problem.code is p.FIGURE_TWICE
    assert "“政府信息公开行政复议、行政诉讼情况”的数字写了两处" in problem.message()
    _, problems = settle(counts, computed=["s4_review.review"])
    assert problems == [("GK481", f"report.md tables.s4_review.review.{n}:1:1") for n in range(5)]


def test_a_figure_on_the_sheet_and_counted_is_refused_on_the_sheet() -> None:
    sheet = {LICENCE: ("13", 4, 2)}
    _, problems = settle(TWELVE, sheet, tables=WITHOUT_LICENCE, computed=["s2_art20_5"])
    assert problems == [("GK481", "2025.csv:4:2")]


def test_all_counts_what_is_not_written_and_leaves_the_rest() -> None:
    figures, problems = settle({**TWELVE, NEW: Count(Decimal(9))}, computed="all")
    assert problems == []
    assert (figures.cells[LICENCE], figures.cells[NEW]) == (0, 0)
    figures, problems = settle(TWELVE, tables=WITHOUT_LICENCE, computed="all")
    assert problems == []
    assert (figures.cells[LICENCE], figures.cells[NEW]) == (12, 0)


def test_all_does_not_fill_what_nothing_counts() -> None:
    figures, problems = settle(tables=WITHOUT_LICENCE, computed="all")
    assert LICENCE not in figures.cells
    assert [code for code, _ in problems] == ["GK405"]


@pytest.mark.parametrize("text", ["约12", "-1", "1.5", "１２"])
def test_a_slip_on_the_sheet_is_named_once_and_is_no_blank(text: str) -> None:
    figures, problems = settle(sheet={LICENCE: (text, 4, 2)}, tables=WITHOUT_LICENCE)
    assert problems == [("GK406", "2025.csv:4:2")]
    assert LICENCE not in figures.cells


def test_a_written_slip_was_named_on_reading_and_is_not_named_again() -> None:
    figures, problems = settle(tables={"s2_art20_5": {"licence": ["约12"]}})
    assert problems == []
    assert LICENCE not in figures.cells


def test_two_names_that_fit_nothing_are_two_problems() -> None:
    _, problems = settle(computed=["s2_art20_9", "表三"])
    assert [code for code, _ in problems] == ["GK407", "GK407"]


# overrides


def test_an_override_keeps_the_counted_value_and_prints_its_reason() -> None:
    figures, problems = settle(
        TWELVE, tables=WITHOUT_LICENCE, computed=["s2_art20_5"], overrides=[OVERRIDE]
    )
    assert problems == []
    assert figures.cells[LICENCE] == 14
    origin = figures.origins[LICENCE]
    assert (origin.kind, origin.computed, origin.reason) == ("overridden", 12, OVERRIDE["reason"])
    assert origin.counted == TWELVE[LICENCE].counted
    assert str(origin.place) == "report.md overrides.0.value:1:1"


def test_a_written_figure_is_not_overridden() -> None:
    figures, problems = settle(TWELVE, overrides=[OVERRIDE])
    assert problems == [("GK483", "report.md overrides.0.cell:1:1")]
    assert figures.cells[LICENCE] == 0


@pytest.mark.parametrize("cell", ["s2_art20_5.licence", "s2_art20_5.licence.decision", "x", "all"])
def test_an_override_names_one_cell(cell: str) -> None:
    _, problems = settle(overrides=[{**OVERRIDE, "cell": cell}])
    assert problems == [("GK407", "report.md overrides.0.cell:1:1")]


def test_an_override_that_is_no_figure_leaves_the_counted_one() -> None:
    figures, problems = settle(
        TWELVE,
        tables=WITHOUT_LICENCE,
        computed=["s2_art20_5"],
        overrides=[{**OVERRIDE, "value": "约14"}],
    )
    assert problems == [("GK406", "report.md overrides.0.value:1:1")]
    assert (figures.cells[LICENCE], figures.origins[LICENCE].kind) == (12, "computed")


def test_a_second_override_of_a_cell_changes_nothing() -> None:
    figures, problems = settle(
        TWELVE,
        tables=WITHOUT_LICENCE,
        computed=["s2_art20_5"],
        overrides=[OVERRIDE, {**OVERRIDE, "value": "15"}],
    )
    assert [place for _, place in problems] == ["report.md overrides.1.cell:1:1"]
    assert (figures.cells[LICENCE], figures.origins[LICENCE].computed) == (14, 12)


# blanks


def test_blank_is_missing_and_not_zero() -> None:
    figures, problems = settle(tables={"s2_art20_5": {"licence": [""]}})
    assert problems == [("GK405", "report.md tables.s2_art20_5.licence.0:1:1")]
    assert not figures.has(LICENCE)


def test_a_table_that_is_not_there_is_named_once() -> None:
    _, problems = settle(tables={"s4_review": None})
    assert problems == [("GK424", "report.md tables:1:1")]


def test_a_table_with_one_figure_lacks_the_others_but_no_total_of_them() -> None:
    rows = {"review": ["0"], **{key: [] for key in SUITS}}
    _, problems = settle(tables={"s4_review": rows})
    places = [f"report.md tables.s4_review.review.{n}:1:1" for n in (1, 2, 3)]
    places += [f"report.md tables.s4_review.{row}.{n}:1:1" for row in SUITS for n in range(4)]
    assert problems == [("GK405", place) for place in places]


def test_a_total_that_alone_is_blank_is_missing() -> None:
    _, problems = settle(tables={"s4_review": {"review": ["0"] * 4}})
    assert problems == [("GK405", "report.md tables.s4_review.review.4:1:1")]


def test_a_report_without_any_table_lacks_each_of_them_once() -> None:
    _, problems = settle(tables=dict.fromkeys(table.key for table in FORM.tables))
    assert {place for _, place in problems} == {"report.md :1:1"}
    assert len(problems) == len(FORM.tables)


def test_a_row_that_was_refused_as_text_lacks_no_figure() -> None:
    tables = {"s2_art20_1": {"rules": ["0"] * 3, "normative": "0"}}
    figures, problems = settle(tables=tables)
    assert problems == []  # the row was told on reading
    assert IN_FORCE not in figures.cells


def test_a_blank_of_a_report_as_printed_is_a_note() -> None:
    report = make_report(tables=WITHOUT_LICENCE, as_printed=True, migrated_on="2026-02-03")
    _, problems = resolve("report.md", report, FORM, None, {}, at)
    assert [problem.severity for problem in problems] == [Severity.NOTE]


def test_a_note_on_the_whole_fills_no_blank() -> None:
    report = make_report(tables=WITHOUT_LICENCE, discrepancy_note="原件如此")
    _, problems = resolve("report.md", report, FORM, None, {}, at)
    assert [problem.severity for problem in problems] == [Severity.ERROR]


def test_an_old_form_takes_blanks_and_does_not_make_them_zero() -> None:
    figures, problems = settle(form="2017", tables={"statistics": {"received": "6"}})
    assert problems == []
    assert len(figures.cells) == 1
    assert FORM_2017.blank_is_zero


# what is counted


def test_an_empty_register_and_no_decisions_print_nought_in_all_two_hundred_cells() -> None:
    tables = {table.key: None for table in FORM.tables}
    record = make_report_record(tables=tables, computed="all")
    corpus = resolved(record, registers=(make_register(),), decisions=(make_decisions(),))
    assert corpus.problems == ()
    figures = corpus.reports[0].figures
    assert len(figures.cells) == 200
    assert set(figures.cells.values()) == {Decimal(0)}
    assert {one.kind for one in figures.origins.values()} == {"computed"}


@pytest.mark.parametrize(
    ("changes", "expected", "blank"),
    [
        ({"registers": (make_register(),)}, DECIDED, 4),
        ({"decisions": (make_decisions(),)}, REQUESTED, 190),
        (
            {"registers": (make_register(year=2024),), "decisions": (make_decisions(),)},
            REQUESTED,
            190,
        ),
        ({"registers": (make_register(agency="czj"),)}, [*DECIDED, *REQUESTED], 194),
    ],
    ids=["no decisions", "no register", "last year's register", "another agency's"],
)
def test_what_there_is_no_file_for_is_missing_and_not_nought(
    changes: dict[str, Any], expected: list[str], blank: int
) -> None:
    tables = {table.key: None for table in FORM.tables}
    record = make_report_record(tables=tables, computed="all")
    corpus = resolved(record, **changes)
    assert codes(corpus.problems) == expected
    assert len(corpus.reports[0].figures.cells) == 200 - blank


def test_requests_of_the_year_and_those_carried_over_are_counted_with_their_numbers() -> None:
    record = make_report_record(tables={"s3_requests": None}, computed=["s3_requests"])
    before = make_application(number="2024-9", received_on="2024-12-20")
    mine = make_application(
        number="2025-1", received_on="2025-03-03", answered_on="2025-03-20", outcome="granted"
    )
    after = make_application(number="2026-1", received_on="2026-01-04")
    registers = [make_register(one, year=2024 + n) for n, one in enumerate((before, mine, after))]
    figures = figures_of(record, registers=tuple(registers))
    cells = {row: figures.cells["s3_requests", row, "natural"] for row in ("new", "carried_in")}
    assert cells == {"new": 1, "carried_in": 1}
    assert figures.cells["s3_requests", "granted", "total"] == 1
    assert figures.cells["s3_requests", "carried_out", "total"] == 1
    counted = figures.origins["s3_requests", "carried_out", "total"].counted
    assert counted == (Counted("request", "2024-9"),)


def test_decisions_add_their_numbers_and_fees_their_amounts() -> None:
    fee = {"kind": "fee", "amount": "1.5"}
    rows = ({"count": 12}, {"count": 3}, fee, fee, {"kind": "penalty", "decided_on": "2024-12-31"})
    record = make_report_record(
        tables={"s2_art20_5": None, "s2_art20_6": None, "s2_art20_8": None},
        computed=["s2_art20_5", "s2_art20_6", "s2_art20_8"],
    )
    figures = figures_of(record, decisions=(make_decisions(*rows),))
    assert figures.cells[LICENCE] == 15
    assert figures.cells["s2_art20_8", "fees", "amount"] == Decimal("3.0")
    assert figures.cells["s2_art20_6", "penalty", "decisions"] == 0  # of another year
    assert [one.ref for one in figures.origins[LICENCE].counted] == ["2", "3"]


def test_every_source_that_a_form_names_is_there() -> None:
    for form in forms().values():
        assert [name for name in form.sources.values() if source_named(name) is None] == []


def test_a_source_that_is_not_there_is_a_programmers_slip() -> None:
    assert source_named("catalogue.rule") is None
    assert source_named("decisions.licence.x") is not None
    form = forms()["website"]
    changed = replace(form, sources={next(form.cells()): "nowhere.at.all"})
    with pytest.raises(KeyError):
        count_cells(changed, Basis(2025, (), lambda entry: True))


# documents


NORMATIVE: dict[str, Any] = {"instrument": "normative", "issued_on": "2025-03-02"}


def documents(*entries: dict[str, Any], **agency: Any) -> tuple[int, int, int]:
    """Return what the catalogue counts for 2025: made, repealed, in force."""
    records = [
        make_record(
            f"agencies/mzj/catalogue/2025/{n}.md",
            **{
                **NORMATIVE,
                "index_number": f"QH0000028/2025-{n:05}",
                "published_on": "2025-03-05 10:20",
                **fields,
            },
        )
        for n, fields in enumerate(entries)
    ]
    corpus = resolved(
        make_report_record(),
        *records,
        agencies={"mzj": make_agency(**agency), "czj": make_agency("czj", codes=("QH2",))},
    )
    counts = corpus.reports[0].counts
    return tuple(int(counts[cell].value) for cell in (ISSUED, REPEALED, IN_FORCE))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (1, 0, 1)),
        ({"issued_on": "2024-03-02"}, (0, 0, 1)),
        ({"issued_on": "2026-01-02", "published_on": "2026-01-05 09:00"}, (0, 0, 0)),
        ({"instrument": "official"}, (0, 0, 0)),
        ({"instrument": "rule"}, (0, 0, 0)),
        ({"instrument": None, "document_number": "青民发〔2025〕1号"}, (0, 0, 0)),
        ({"disclosure": "withheld", "disclosure_reason": "internal"}, (0, 0, 0)),
        ({"disclosure": "on_request", "disclosure_reason": "third_party"}, (1, 0, 1)),
        ({"published_on": "2026-12-01 09:00"}, (0, 0, 0)),
        ({"review": None}, (0, 0, 0)),
        (
            {"review": {"checked_on": "2025-03-04", "reviewer": "主任", "result": "暂不公开"}},
            (0, 0, 0),
        ),
    ],
    ids=[
        "of the year",
        "of the year before",
        "of the year after",
        "another instrument",
        "a rule",
        "none by default",
        "withheld",
        "on request",
        "scheduled",
        "not reviewed",
        "not cleared",
    ],
)
def test_normative_documents_are_those_open_to_the_public(
    fields: dict[str, Any], expected: tuple[int, int, int]
) -> None:
    assert documents(fields) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"repealed_on": "2025-12-31", "repealed_by": "x"}, (1, 1, 0)),
        ({"repealed_on": "2026-01-01", "repealed_by": "x"}, (1, 0, 1)),
        ({"repealed_on": "2024-12-31", "repealed_by": "x", "issued_on": "2020-01-02"}, (0, 0, 0)),
        ({"expires_on": "2025-12-30"}, (1, 0, 0)),
        ({"expires_on": "2025-12-31"}, (1, 0, 1)),
        ({"expires_on": "2026-01-01"}, (1, 0, 1)),
        ({"effective_on": "2026-02-01"}, (1, 0, 1)),
        ({"validity": "partly"}, (1, 0, 1)),
        ({"validity": "repealed"}, (1, 0, 0)),
    ],
)
def test_in_force_is_what_holds_at_the_end_of_31_december(
    fields: dict[str, Any], expected: tuple[int, int, int]
) -> None:
    assert documents(fields) == expected


@pytest.mark.parametrize(
    ("fields", "agency", "count"),
    [
        ({"issuers": ["mzj"]}, {}, 1),
        ({"issuers": ["青禾县mzj"]}, {}, 1),
        ({"issuers": ["czj"]}, {}, 0),
        ({"issuers": ["青禾县人民政府"]}, {}, 0),
        ({"issuers": ["青禾县人民政府"]}, {"issues_as": ["青禾县人民政府"]}, 1),
        ({"issuers": ["mzj", "czj"]}, {}, 1),
        ({"issuers": ["czj", "mzj"]}, {}, 0),
        ({"issuers": ["czj", "青禾县人民政府"]}, {"issues_as": ["青禾县人民政府"]}, 0),
        ({"reprint_of": {"title": "国务院办公厅关于养老服务的意见"}}, {}, 0),
        ({"reprint_of": {"title": "意见"}, "issuers": ["mzj"]}, {}, 0),
    ],
    ids=[
        "its own by id",
        "its own by name",
        "another agency's",
        "a superior's",
        "in a name that it issues in",
        "joint, leading",
        "joint, not leading",
        "joint with a name that it issues in, not leading",
        "a reprint",
        "a reprint under its own name",
    ],
)
def test_a_document_counts_for_the_body_that_made_it(
    fields: dict[str, Any], agency: dict[str, Any], count: int
) -> None:
    assert documents(fields, **agency) == (count, 0, count)


def test_a_joint_document_counts_once_on_the_site() -> None:
    agencies = {"mzj": make_agency(), "czj": make_agency("czj", codes=("QH2",))}
    entry = make_record(
        "agencies/mzj/catalogue/2025/a.md",
        **{**NORMATIVE, "published_on": "2025-03-05 10:20", "issuers": ["mzj", "czj"]},
    )
    corpus = make_corpus(
        entry,
        agencies=agencies,
        reports=(make_report_record("mzj"), make_report_record("czj")),
    )
    counts = [one.counts[ISSUED].value for one in resolve_reports(corpus, AS_OF).reports]
    assert counts == [1, 0]


def test_an_entry_that_is_left_out_does_not_count() -> None:
    entry = make_record("agencies/mzj/catalogue/2025/a.md", **NORMATIVE)
    corpus = make_corpus(entry, reports=(make_report_record(),))
    counts = [
        resolve_reports(corpus, AS_OF, left_out).reports[0].counts[IN_FORCE].value
        for left_out in (frozenset(), frozenset({entry.path}))
    ]
    assert counts == [1, 0]


def test_a_figure_of_the_catalogue_names_its_entries() -> None:
    entry = make_record(
        "agencies/mzj/catalogue/2025/a.md", **{**NORMATIVE, "published_on": "2025-03-05 10:20"}
    )
    record = make_report_record(tables={"s2_art20_1": None}, computed=["s2_art20_1"])
    figures = figures_of(record, entry)
    assert figures.origins[IN_FORCE].counted == (Counted("entry", "QH0000028/2026-00001"),)


# entries by channel and kind, for the form of 2014 to 2018


def statistics(*entries: dict[str, Any]) -> dict[str, Decimal]:
    found = [
        make_entry(**{"issued_on": "2017-03-02", "published_on": "2017-03-05 10:20", **fields})
        for fields in entries
    ]
    counts = count_cells(FORM_2017, Basis(2017, found, lambda entry: True))
    return {row: count.value for (_, row, _), count in counts.items()}


def test_an_entry_counts_once_in_each_of_its_channels() -> None:
    found = statistics(
        {"channels": ["website", "gazette"]},
        {"channels": ["weibo"]},
        {"channels": ["microblog", "weibo"]},
        {"channels": ["tv", "radio"]},
        {"channels": []},
    )
    names = ("gazette", "website", "microblog", "wechat", "other")
    assert [found[f"channel_{name}"] for name in names] == [1, 1, 2, 0, 1]
    assert found["disclosed"] == 5


def test_only_proactive_entries_of_the_year_are_counted() -> None:
    found = statistics(
        {},
        {"published_on": "2018-01-02 09:00"},
        {"published_on": "2016-12-30 09:00"},
        {"disclosure": "on_request", "disclosure_reason": "third_party"},
        {"instrument": Instrument.NORMATIVE},
        {"kind": "interpretation"},
    )
    assert found["disclosed"] == 3
    assert found["disclosed_normative"] == 1
    assert found["interpretations"] == 1


# sheets


def test_a_sheet_is_read_by_its_labels() -> None:
    record = make_report_record(tables=WITHOUT_LICENCE)
    corpus = resolved(record, sheets=(make_sheet(HEAD, f"{LICENCE_ROW},12"),))
    assert corpus.problems == ()
    figures = corpus.reports[0].figures
    assert figures.cells[LICENCE] == 12
    assert figures.origins[LICENCE].place == Place("agencies/mzj/reports/2025.csv", 2, 4)


def test_a_sheet_beside_no_report_is_not_passed_over() -> None:
    corpus = resolved(make_report_record(), sheets=(make_sheet(HEAD, year=2024),))
    assert codes(corpus.problems) == ["GK116"]
    corpus = resolve_reports(make_corpus(sheets=(make_sheet(HEAD),)), AS_OF)
    assert codes(corpus.problems) == ["GK116"]


def test_a_sheet_of_nothing_that_the_form_has_is_refused() -> None:
    corpus = resolved(make_report_record(), sheets=(make_sheet("事项,数量", "低保,12"),))
    assert codes(corpus.problems) == ["GK499"]


def test_the_figures_of_a_report_change_its_stamp() -> None:
    stamps = {
        resolved(make_report_record(tables={"s2_art20_5": {"licence": [n]}})).reports[0].stamp
        for n in "123"
    }
    assert len(stamps) == 3


def on_sheet(*rows: str, **tables: Any) -> tuple[Figures, list[tuple[str, str]]]:
    """Return the figures of a report beside a sheet, and code and place of its problems."""
    record = make_report_record(tables=tables or WITHOUT_LICENCE)
    corpus = resolved(record, sheets=(make_sheet(*rows),))
    return corpus.reports[0].figures, [(one.code.id, str(one.place)) for one in corpus.problems]


SHEET = "agencies/mzj/reports/2025.csv"
PENALTY_ROW = "第二十条第（六）项,行政处罚"
DISPUTES = "政府信息公开行政复议、行政诉讼情况"


def test_a_label_of_a_sheet_that_the_form_lacks_is_named() -> None:
    figures, problems = on_sheet(
        HEAD, f"{LICENCE_ROW},12", "第二十条第（五）项,行政奖励,本年处理决定数量,7"
    )
    assert problems == [("GK462", f"{SHEET}:3:2")]
    assert figures.cells[LICENCE] == 12


def test_a_short_row_of_a_list_of_cells_is_named() -> None:
    _, problems = on_sheet(HEAD, f"{LICENCE_ROW},12", PENALTY_ROW)
    assert problems == [("GK462", f"{SHEET}:3:1")]


def test_two_figures_of_a_sheet_for_one_cell_are_named_where_they_stand() -> None:
    figures, problems = on_sheet(HEAD, f"{LICENCE_ROW},12", f"{LICENCE_ROW},13")
    assert problems == [("GK461", f"{SHEET}:3:4")]
    assert LICENCE not in figures.cells


def test_one_figure_of_a_sheet_twice_is_no_question() -> None:
    figures, problems = on_sheet(HEAD, f"{LICENCE_ROW},12", f"{LICENCE_ROW},12")
    assert problems == []
    assert figures.cells[LICENCE] == 12


def test_a_blank_of_a_sheet_is_named_where_it_stands() -> None:
    figures, problems = on_sheet(HEAD, f"{LICENCE_ROW},")
    assert problems == [("GK460", f"{SHEET}:2:4")]
    assert LICENCE not in figures.cells


def test_a_blank_of_a_sheet_whose_figure_is_written_is_no_blank() -> None:
    assert on_sheet(HEAD, f"{LICENCE_ROW},", s2_art20_5={"licence": ["12"]})[1] == []


def test_every_blank_of_a_table_that_is_laid_out_is_named_but_no_total_of_them() -> None:
    figures, problems = on_sheet(
        ",结果维持,结果纠正,其他结果,尚未审结,总计",
        "行政复议,,,,,",
        "未经复议直接起诉,0,0,0,0,0",
        "复议后起诉,,,,,",
        s4_review=None,
    )
    places = [f"{SHEET}:{row}:{column}" for row in (2, 4) for column in range(2, 6)]
    assert problems == [("GK460", place) for place in places]
    assert len(figures.cells) == 190


def test_a_blank_on_the_sheet_of_an_old_report_is_a_note() -> None:
    record = make_report_record(tables=WITHOUT_LICENCE, as_printed="是", migrated_on="2026-02-03")
    corpus = resolved(record, sheets=(make_sheet(HEAD, f"{LICENCE_ROW},"),))
    assert [(one.code.id, one.severity) for one in corpus.problems] == [("GK460", Severity.NOTE)]


@pytest.mark.parametrize("kinds", [("csv", "xlsx"), ("xlsx", "csv")])
def test_of_two_sheets_beside_a_report_the_second_is_one_too_many(kinds: tuple[str, str]) -> None:
    rows = (f"{LICENCE_ROW},12", "第二十条第（八）项,行政事业性收费,金额,1")
    sheets = [make_sheet(HEAD, row, kind=kind) for row, kind in zip(rows, kinds, strict=True)]
    corpus = resolved(make_report_record(tables=WITHOUT_LICENCE), sheets=tuple(sheets))
    (problem,) = corpus.problems
    assert (problem.code.id, problem.place.path) == ("GK116", sheets[1].path)
    assert f"旁边已有 2025.{kinds[0]}" in problem.message()


def test_two_sheets_beside_no_report_are_two_problems() -> None:
    sheets = (make_sheet(HEAD), make_sheet(HEAD, kind="xlsx"))
    corpus = resolve_reports(make_corpus(sheets=sheets), AS_OF)
    assert sorted(one.place.path for one in corpus.problems) == [one.path for one in sheets]


def test_a_sheet_beside_a_report_without_tables_names_the_forms_that_have_some() -> None:
    record = make_report_record(year=2011, form="legacy")
    corpus = resolved(record, sheets=(make_sheet(HEAD, f"{LICENCE_ROW},12", year=2011),))
    (problem,) = corpus.problems
    assert (problem.code.id, str(problem.place)) == ("GK464", "agencies/mzj/reports/2011.csv:1:1")
    assert "“legacy”格式没有表格；有表格的格式：2017、2019、2021、website" in problem.message()


def test_a_sheet_that_could_not_be_read_is_not_told_to_hold_no_table() -> None:
    slip = Problem(p.UNREADABLE_TABLES, Place(SHEET), {"why": "内容已损坏", "why_en": "damaged"})
    sheet = make_sheet(HEAD, grids=(), problems=(slip,))
    assert resolved(make_report_record(), sheets=(sheet,)).problems == ()


@pytest.mark.parametrize("tables", [("s2_art20_5",), tuple(table.key for table in FORM.tables)])
def test_of_a_sheet_that_could_not_be_read_no_figure_is_missing(tables: tuple[str, ...]) -> None:
    slip = Problem(p.UNREADABLE_TABLES, Place(SHEET), {"why": "内容已损坏", "why_en": "damaged"})
    sheet = make_sheet(HEAD, grids=(), problems=(slip,))
    record = make_report_record(tables=dict.fromkeys(tables))
    assert codes(resolved(record, sheets=(sheet,)).problems) == []


def test_a_report_that_could_not_be_read_stays_as_it_is() -> None:
    record = make_report_record()
    unread = replace(record, report=None, figures=Figures({}))
    assert resolved(unread, sheets=(make_sheet(HEAD),)).reports == (unread,)


# what a report's files hold it back for


def _verdict(record: ReportRecord, **changes: Any) -> State:
    tables = [*changes.get("sheets", ()), *changes.get("decisions", ())]
    corpus = make_corpus(
        reports=(record,), other_files=tuple(one.path for one in tables), **changes
    )
    return judge(corpus, AS_OF).states[record.path]


def test_a_report_is_not_published_without_the_figures_of_its_sheet() -> None:
    sheet = make_sheet(HEAD, f"{LICENCE_ROW},约12")
    record = make_report_record(tables=WITHOUT_LICENCE)
    assert _verdict(record, sheets=(sheet,)) is State.REJECTED


def test_a_report_is_not_published_with_a_sum_on_its_sheet_that_is_wrong() -> None:
    rows = [f"s4_review,{row},{c.key},0" for row in ("litigation_direct",) for c in _outcomes()]
    rows += [f"s4_review,litigation_after_review,{c.key},0" for c in _outcomes()]
    rows += [f"s4_review,review,{c.key},{int(c.key == 'total')}" for c in _outcomes()]
    record = make_report_record(tables={"s4_review": None})
    assert _verdict(record, sheets=(make_sheet("table,row,column,value", *rows),)) is State.REJECTED


def _outcomes() -> Any:
    table = FORM.table("s4_review")
    assert table is not None
    return table.columns


def test_a_report_is_not_published_with_a_count_from_a_file_with_errors() -> None:
    path = "agencies/mzj/decisions/2025.csv"
    slip = Problem(p.MISSING_COLUMNS, Place(path), {"key": "kind", "label": "类别", "example": ""})
    record = make_report_record(tables=WITHOUT_LICENCE, computed=["s2_art20_5"])
    assert _verdict(record, decisions=(make_decisions(problems=(slip,)),)) is State.REJECTED


# whatever is written


_TEXTS = st.sampled_from(["", "0", "3", "约3", "-1", "1.5", "是"])
_SPOTS = st.dictionaries(
    st.sampled_from([LICENCE, NEW, IN_FORCE]), st.tuples(_TEXTS, st.just(2), st.just(4))
)
_NAMES = st.lists(
    st.sampled_from(["all", "s2_art20_5", "s3_requests.new", ".".join(LICENCE), "x", ""]),
    max_size=3,
)
_OVERRIDES = st.lists(
    st.builds(
        lambda cell, value: {**OVERRIDE, "cell": cell, "value": value},
        st.sampled_from([".".join(LICENCE), ".".join(NEW), "x"]),
        _TEXTS.filter(bool),
    ),
    max_size=3,
)


@given(_TEXTS, st.none() | _SPOTS, _NAMES, _OVERRIDES, st.booleans())
def test_each_cell_is_a_figure_or_is_told(
    written: str,
    sheet: dict[CellKey, tuple[str, int, int]] | None,
    computed: list[str],
    overrides: list[dict[str, str]],
    is_counted: bool,
) -> None:
    figures, problems = settle(
        TWELVE if is_counted else {},
        sheet,
        tables={"s2_art20_5": {"licence": [written]}},
        computed=computed,
        overrides=overrides,
    )
    is_slip = written in ("约3", "-1", "1.5", "是")
    assert figures.has(LICENCE) or problems or is_slip
    assert all(value >= 0 for value in figures.cells.values())
    for cell, origin in figures.origins.items():
        assert origin.kind != "overridden" or (origin.reason and origin.computed is not None)
        assert figures.has(cell) or origin.kind in ("written", "sheet")


# what may be counted and what not


def test_what_there_is_nothing_to_count_from_is_told_once() -> None:
    _, problems = settle(tables=WITHOUT_LICENCE, computed=["s2_art20_5"])
    assert problems == [("GK482", "report.md computed:1:1")]


@pytest.mark.parametrize(
    ("names", "tables", "labels"),
    [
        (["s4_review"], {"s4_review": None}, [DISPUTES]),
        (
            ["s2_art20_5", "s4_review"],
            {"s2_art20_5": None, "s4_review": None},
            ["行政许可·本年处理决定数量", DISPUTES],
        ),
        (
            ["s2_art20_6.penalty"],
            {"s2_art20_6": {"penalty": []}},
            ["行政处罚·本年处理决定数量"],
        ),
    ],
    ids=["a table", "two tables", "a row"],
)
def test_of_a_whole_table_it_is_told_by_its_caption(
    names: list[str], tables: dict[str, Any], labels: list[str]
) -> None:
    report = make_report(tables=tables, computed=names)
    _, problems = resolve("report.md", report, FORM, None, {}, at)
    assert [(one.code, one.facts["label"]) for one in problems] == [
        (p.NOTHING_TO_COUNT, label) for label in labels
    ]


def test_a_name_that_fits_nothing_is_named_where_it_stands() -> None:
    _, problems = settle(computed=["s2_art20_1x", "s2_art20_5x"], tables={})
    assert [place for _, place in problems] == [
        "report.md computed.0:1:1",
        "report.md computed.1:1:1",
    ]


def test_a_report_for_all_is_not_counted_from_what_one_body_has() -> None:
    _, problems = settle(
        TWELVE,
        tables=WITHOUT_LICENCE,
        computed=["s2_art20_5"],
        scope="consolidated",
        addends=["mzj"],
    )
    assert problems == [("GK423", "report.md computed:1:1")]


def test_a_second_override_of_a_cell_is_told_that_it_is_the_second() -> None:
    report = make_report(
        tables=WITHOUT_LICENCE, computed=["s2_art20_5"], overrides=[OVERRIDE, OVERRIDE]
    )
    _, (problem,) = resolve("report.md", report, FORM, None, TWELVE, at)
    assert (problem.code, str(problem.place)) == (p.FIGURE_TWICE, "report.md overrides.1.cell:1:1")
    assert "另一处：report.md overrides.0.value:1:1" in problem.message()


def counted_requests() -> Corpus:
    """Return a report on one request, counted, of which two figures are replaced."""
    mine = make_application(number="2025-1", answered_on="2025-03-20", outcome="granted")
    reason = "两件在纸质台账上"
    record = make_report_record(
        tables={"s3_requests": None},
        computed=["s3_requests"],
        overrides=[
            {"cell": f"s3_requests.{row}.natural", "value": "3", "reason": reason}
            for row in ("new", "granted")
        ],
    )
    return resolved(record, registers=(make_register(mine),))


def test_totals_that_are_counted_follow_the_figures_that_were_replaced() -> None:
    corpus = counted_requests()
    assert corpus.problems == ()
    figures = corpus.reports[0].figures
    for row in ("new", "granted", "results_total"):
        assert figures.cells["s3_requests", row, "natural"] == 3
        assert figures.cells["s3_requests", row, "total"] == 3
    assert list(judge_reports(corpus)) == []


def test_a_total_that_is_written_follows_nothing() -> None:
    figures, problems = settle(
        {**TWELVE, ("s4_review", "review", "other"): Count(Decimal(1))},
        tables={
            **WITHOUT_LICENCE,
            "s4_review": {
                "review": {"upheld": "0", "corrected": "0", "pending": "0", "total": "1"},
                **dict.fromkeys(SUITS, ["0"] * 5),
            },
        },
        computed=["s2_art20_5", "s4_review.review.other"],
        overrides=[{**OVERRIDE, "cell": "s4_review.review.other", "value": "2"}],
    )
    assert problems == []
    assert figures.cells["s4_review", "review", "total"] == 1
    assert figures.origins["s4_review", "review", "total"].kind == "written"


def test_a_replaced_total_stays_as_it_was_replaced() -> None:
    mine = make_application(number="2025-1", answered_on="2025-03-20", outcome="granted")
    cell = "s3_requests.new.total"
    record = make_report_record(
        tables={"s3_requests": None},
        computed=["s3_requests"],
        overrides=[{"cell": cell, "value": "4", "reason": "三件在纸质台账上"}],
    )
    figures = figures_of(record, registers=(make_register(mine),))
    assert figures.cells["s3_requests", "new", "total"] == 4
    assert figures.origins["s3_requests", "new", "total"].computed == 1


def judged_count(*entries: EntryRecord, **changes: Any) -> tuple[list[State], Decimal]:
    """Return the states of entries, and how many normative documents in force are counted."""
    judged = judge(make_corpus(*entries, reports=(make_report_record(),), **changes), AS_OF)
    count = judged.corpus.reports[0].counts[IN_FORCE].value
    return [judged.states[entry.path] for entry in entries], count


@pytest.mark.xfail(strict=True, reason="such an entry has no problem of its own to be left out by")
def test_an_entry_of_a_folder_that_is_no_agency_does_not_count_for_the_site() -> None:
    entry = make_record("agencies/xyz/catalogue/2025/a.md", **COUNTABLE)
    reports = (make_report_record(folder="website", form="website"),)
    judged = judge(make_corpus(entry, columns=make_columns("normative"), reports=reports), AS_OF)
    assert judged.states[entry.path] is State.REJECTED
    assert judged.corpus.reports[0].counts["website", "published", "value"].value == 0


COUNTABLE = {**NORMATIVE, "published_on": "2025-03-05 10:20"}


def test_a_sound_entry_counts() -> None:
    entry = make_record("agencies/mzj/catalogue/2025/a.md", **COUNTABLE)
    states, count = judged_count(entry)
    assert (len(states), count) == (1, 1)


def test_an_entry_that_a_rule_rejects_does_not_count() -> None:
    entry = make_record("agencies/mzj/catalogue/2026/a.md", **COUNTABLE)
    assert judged_count(entry) == ([State.REJECTED], 0)  # it stands in the folder of another year


def test_an_entry_that_is_withdrawn_does_not_count() -> None:
    entry = make_record("agencies/mzj/catalogue/2025/a.md", **COUNTABLE)
    grave = Tombstone(
        index_number=entry.entry.index_number if entry.entry else "",
        withdrawn_on="2026-02-01",
        reason="error",
    )
    record = TombstoneRecord("mzj", grave, Place("agencies/mzj/withdrawn.yml"), Place("x"))
    assert judged_count(entry, tombstones=(record,)) == ([State.REJECTED], 0)
