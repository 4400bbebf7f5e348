"""What is judged over several reports at once, and the board that the office keeps for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from gongkai.derive.board import CSV_HEADER, board_csv
from gongkai.derive.consolidation import Absence, Consolidation, LeftOut, consolidate
from gongkai.domain.corpus import Judged, ReportRecord
from gongkai.domain.reports.report import EXPLAINED, AnnualReport
from gongkai.domain.rules.reports import CONSOLIDATION, place_of_cell
from gongkai.kernel import problems as p
from gongkai.kernel.problems import Problem, Severity, in_order
from gongkai.pipeline.report_plan import Reports
from gongkai.press.writers.data import csv_file
from gongkai.release.staging import replace_file
from gongkai.views import formats
from gongkai.views.board_page import board_document, board_page
from gongkai.views.frame import Frame

WHY = {
    Absence.NO_REPORT: ("没有已发布的同年年报", "has no published report on that year"),
    Absence.NO_OWN_TABLES: (
        "是本单位，但没有写 own_tables",
        "is the body itself, without own_tables",
    ),
    Absence.UNKNOWN: ("不是本站单位的代号", "is no agency of this site"),
    Absence.OTHER_FORM: ("的年报格式不同，数字不能相加", "reports on another form"),
    Absence.ENTERPRISE: (
        "是公共企事业单位，不计入政府汇总（条例第五十五条）",
        "is a public enterprise (art. 55)",
    ),
    Absence.VERTICAL: ("是垂直管理单位，由上级系统汇总", "is under vertical management"),
    Absence.OTHER_LEVEL: ("的层级不应计入这份汇总", "is of a level that does not count here"),
    Absence.TWICE: ("写了两次，只计一次", "is named twice and counted once"),
    Absence.COVERED: (
        "已由另一个单位的汇总计入，不能重复相加",
        "is counted by another addend already",
    ),
}


def with_consolidation(judged: Judged) -> Judged:
    """Return the verdict with what consolidated reports and their addends do not agree on.

    These are warnings: they leave the state of every file as it is.
    """
    corpus = judged.corpus
    # what is not published yet must not show through the sum of one that is
    public = {(r.agency, r.year): r for r in judged.published_reports}
    found: list[Problem] = []
    for record in corpus.reports:
        is_consolidated = record.report is not None and record.report.scope == "consolidated"
        if is_consolidated and record.subject == "disclosure" and record.report is not None:
            made = consolidate(record, public, corpus.agencies)
            if made is not None:
                found += _addends(record, made)
                found += _differences(record, record.report, made)
    if not found:
        return judged
    return replace(judged, problems=tuple(in_order([*judged.problems, *found])))


def _addends(record: ReportRecord, made: Consolidation) -> Iterator[Problem]:
    for one in made.left_out:
        if one.why is Absence.OUTSIDE:
            continue  # declared
        why, why_en = WHY[one.why]
        remedy, remedy_en = _remedy(one)
        facts = {"name": one.name, "why": why, "why_en": why_en}
        facts |= {"remedy": remedy, "remedy_en": remedy_en}
        at = f"addends.{one.position}" if one.position >= 0 else "own_tables"
        yield Problem(p.ADDEND_MISSING, record.at(at), facts)


def _remedy(one: LeftOut) -> tuple[str, str]:
    if one.why is Absence.NO_OWN_TABLES:
        return "请把本级的数写在 own_tables", "write the body's own figures in own_tables"
    if one.why.is_gap:
        return (
            "汇总核对缺它的数，不在本站的请移到 addends_outside",
            "the sum lacks it; a body that is not on this site belongs in addends_outside",
        )
    return "不计入本站汇总，请从 addends 中去掉", "it is in no sum; take it out of addends"


def _differences(
    record: ReportRecord, report: AnnualReport, made: Consolidation
) -> Iterator[Problem]:
    is_explained = report.explains(CONSOLIDATION)
    for one in made.faults:
        facts = {
            "label": one.name,
            "stated": formats.number(one.stated) if one.stated is not None else "",
            "sum": formats.number(one.ours) if one.ours is not None else "",
            "difference": formats.number(abs(one.difference or Decimal(0))),
            "note": EXPLAINED if is_explained and not report.as_printed else "",
        }
        softened = Severity.NOTE if is_explained else None
        place = place_of_cell(record, one.key)
        yield Problem(p.CONSOLIDATION_DIFFERS, place, facts, softened)


def write_audit(judged: Judged, folder: Path) -> list[Path]:
    """Write the board of each report year as one page and one CSV; nothing of it is published.

    Raises:
        OSError: the folder cannot be written.
    """
    reports, frame = Reports(judged), Frame(judged.corpus)
    names = {agency.id: agency.name for agency in judged.corpus.agencies.values()}
    written = []
    for year in reports.board_years:
        board = reports.board(year)
        page = board_document(board_page(frame, board)).encode()
        for name, data in (
            (f"board-{year}.html", page),
            (f"board-{year}.csv", csv_file(CSV_HEADER, board_csv(board, names))),
        ):
            replace_file(folder / name, data)
            written.append(folder / name)
    if folder.is_dir():  # a board of a year that is no longer asked about would look current
        for old in folder.glob("board-*"):
            if old not in written:
                old.unlink()
    return written
