"""A corpus's reports with their figures from all three ways: written, on a sheet, counted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace

from gongkai.domain.corpus import Corpus, ReportRecord, SheetRecord
from gongkai.domain.entry import Disclosure, Entry
from gongkai.domain.register import Application, personal_data
from gongkai.domain.reports.figures import SheetFigures, own_figures, resolve
from gongkai.domain.reports.form import CellKey, ReportForm, forms
from gongkai.domain.reports.grid import Matched, match_grids
from gongkai.domain.reports.sources import Basis, count_cells
from gongkai.domain.values import Moment
from gongkai.kernel import problems as p
from gongkai.kernel.digest import digest_of_text
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem


def resolve_reports(
    corpus: Corpus, as_of: Moment, left_out: frozenset[str] = frozenset()
) -> Corpus:
    """Return the corpus with every report's figures, and the problems of finding them.

    ``left_out`` are the paths of entries that will not be published; they count for nothing.
    """
    if not corpus.reports:
        return replace(corpus, problems=(*corpus.problems, *_lonely(corpus, set(), {})))
    bases = _Bases(corpus, as_of, left_out)
    sheets: dict[str, SheetRecord] = {}
    problems: list[Problem] = []
    for sheet in corpus.sheets:
        stem = sheet.path.rpartition(".")[0]
        if stem in sheets:
            facts = {
                "remedy": f"旁边已有 {sheets[stem].path.rpartition('/')[2]}，只能留一张",
                "remedy_en": "there is another sheet beside the report; keep one",
            }
            problems.append(Problem(p.UNEXPECTED_FILE, Place(sheet.path), facts))
        else:
            sheets[stem] = sheet
    used: set[str] = set()
    resolved = []
    for record in corpus.reports:
        form = forms().get(record.report.form) if record.report else None
        beside = sheets.get(record.path.removesuffix(".md"))
        if beside is not None:
            used.add(beside.path)
        if form is None or record.report is None:
            resolved.append(record)
            continue
        done, slips = _resolve(record, form, beside, bases)
        resolved.append(done)
        problems += slips
    problems += _lonely(corpus, used, sheets)
    return replace(corpus, reports=tuple(resolved), problems=(*corpus.problems, *problems))


def _lonely(corpus: Corpus, used: set[str], taken: dict[str, SheetRecord]) -> list[Problem]:
    """Return a problem for each sheet that lies beside no report."""
    remedy = {
        "remedy": "旁边没有同名的 .md；请写好报告，或删去这张表",
        "remedy_en": "no .md of the same name lies beside it; write the report or delete the sheet",
    }
    return [
        Problem(p.UNEXPECTED_FILE, Place(sheet.path), remedy)
        for sheet in corpus.sheets
        if sheet.path not in used and taken.get(sheet.path.rpartition(".")[0], sheet) is sheet
    ]


def _resolve(
    record: ReportRecord, form: ReportForm, sheet: SheetRecord | None, bases: _Bases
) -> tuple[ReportRecord, list[Problem]]:
    report = record.report
    assert report is not None
    from_sheet, problems = _matched(form, sheet) if sheet is not None else (None, [])
    if sheet is not None:
        problems += _of_another(record, sheet, bases.corpus)
    counts = count_cells(form, bases.of(record)) if form.sources or form.requests else {}
    figures, slips = resolve(record.path, report, form, from_sheet, counts, record.at)
    own, _ = own_figures(report, form)
    stamp = digest_of_text(
        record.digest,
        sheet.digest if sheet else "",
        repr(sorted(figures.cells.items())),
        repr(sorted((cell, one.kind, one.counted) for cell, one in figures.origins.items())),
    )
    done = replace(record, figures=figures, own=own, stamp=stamp, counts=counts)
    return done, [*problems, *slips]


def _personal_texts(
    form: ReportForm, sheet: SheetRecord, matched: Matched
) -> Iterator[tuple[CellKey, Problem]]:
    """Yield texts of a sheet that hold what could identify a person; figures cannot."""
    for cell, text in matched.texts.items():
        table = form.table(cell[0])
        if table is None or table.unit(cell[1], cell[2]) != "text":
            continue
        found = personal_data(text.text)
        if found is not None:
            facts = {
                "key": ".".join(cell),
                "label": form.name_of(cell),
                "what": found[0],
                "what_en": found[1],
                "value": found[2],
            }
            place = Place(sheet.path, text.row, text.column)
            yield cell, Problem(p.PERSONAL_DATA, place, facts)


_STATED = re.compile(r"(填报单位|统计年度)[：:]\s*(\S.{0,60}?)\s*$")
_HEAD_ROWS = 6  # a sheet says in its first rows whose it is


def _of_another(record: ReportRecord, sheet: SheetRecord, corpus: Corpus) -> list[Problem]:
    """Return a problem where a sheet says that it is another body's, or of another year."""
    agency = corpus.agencies.get(record.agency)
    if agency is None:
        return []
    problems = []
    names = [name for name in (agency.name, agency.short_name, *agency.issues_as) if name]
    for grid in sheet.grids:
        for cell in (cell for row in grid.rows[:_HEAD_ROWS] for cell in row):
            stated = _STATED.match(cell.text.strip())
            if stated is None or cell.is_merged_copy:
                continue
            year = re.search(r"[12][0-9]{3}", stated[2])
            is_other = stated[1] == "填报单位" and not any(name in stated[2] for name in names)
            if stated[1] == "统计年度":
                is_other = year is not None and int(year[0]) != record.year
            if is_other and "（盖章）" not in stated[2]:
                facts = {"written": stated[2], "name": agency.name, "year": record.year}
                at = Place(sheet.path, cell.row, cell.column)
                problems.append(Problem(p.SHEET_OF_ANOTHER, at, facts))
    return problems


def _matched(form: ReportForm, sheet: SheetRecord) -> tuple[SheetFigures | None, list[Problem]]:
    """Return the texts of a sheet by cell, and labels of it that fit nothing."""
    if any(x.severity is p.Severity.ERROR for x in sheet.problems):
        # what may stand on a file that could not be read is not told as missing
        return SheetFigures(sheet.path, {}, told=frozenset(form.cells())), []
    if not form.tables:
        known = "、".join(one.name for one in forms().values() if one.tables)
        facts = {"form": form.name, "known": known}
        return None, [Problem(p.FORM_WITHOUT_TABLES, Place(sheet.path), facts)]
    matched = match_grids(form, sheet.grids)
    texts = {cell: (text, row, column) for cell, (text, row, column, _) in matched.texts.items()}
    problems = []
    if not matched.located:
        nothing = {"form": form.name}
        problems.append(Problem(p.SHEET_WITHOUT_TABLES, Place(sheet.path), nothing))
    for cell, places in matched.ambiguous.items():
        found = "、".join(f"第{one.row}行“{one.text}”" for one in places)
        facts = {"label": form.name_of(cell), "found": found}
        at = Place(sheet.path, places[0].row, places[0].column)
        problems.append(Problem(p.FIGURE_AMBIGUOUS, at, facts))
    for one in matched.unknown:
        facts = {"label": one.text, "form": form.name}
        problems.append(Problem(p.LABEL_NOT_ON_FORM, Place(sheet.path, one.row, one.column), facts))
    personal = list(_personal_texts(form, sheet, matched))
    problems += [problem for _, problem in personal]
    for cell, _ in personal:  # no other message may print it
        texts.pop(cell, None)
    blank = {cell: (at.row, at.column) for cell, at in matched.blank.items()}
    return SheetFigures(sheet.path, texts, blank, frozenset(matched.ambiguous)), problems


class _Bases:
    """What each agency's reports can be counted from; entries are sorted out once."""

    def __init__(self, corpus: Corpus, as_of: Moment, left_out: frozenset[str]) -> None:
        self.corpus = corpus
        self.entries: dict[str, list[Entry]] = defaultdict(list)
        now = as_of.key()
        for record in corpus.entries:
            entry = record.entry
            if entry is None or not entry.has_clearance or entry.published_on.key() > now:
                continue
            if entry.disclosure is not Disclosure.WITHHELD and record.path not in left_out:
                self.entries[record.agency].append(entry)
        self.everything = [entry for held in self.entries.values() for entry in held]
        self.requests: dict[str, list[Application]] = defaultdict(list)
        for register in corpus.registers:
            self.requests[register.agency] += [one.row for one in register.rows]
        self.decisions = {
            (sheet.agency, sheet.year): [one.row for one in sheet.rows]
            for sheet in corpus.decisions
        }

    def of(self, record: ReportRecord) -> Basis:
        """Return the basis of one report."""
        return Basis(
            year=record.year,
            entries=self.entries[record.agency],
            makes=self._maker(record.agency),
            site_entries=self.everything,
            columns=self.corpus.columns,
            decisions=self.decisions.get((record.agency, record.year)),
            requests=self._requests(record),
        )

    def _requests(self, record: ReportRecord) -> list[Application] | None:
        """Return the agency's register where it holds the year of the report."""
        has_year = any(
            (one.agency, one.year) == (record.agency, record.year) for one in self.corpus.registers
        )
        return self.requests[record.agency] if has_year else None

    def _maker(self, agency_id: str) -> Callable[[Entry], bool]:
        corpus = self.corpus
        agency = corpus.agencies.get(agency_id)
        names = agency.issues_as if agency else ()

        def makes(entry: Entry) -> bool:
            """Tell whether the agency is 制定机关: of a joint document, the one that leads."""
            lead = entry.issuers[0] if entry.issuers else agency_id
            return corpus.agency_named(lead) == agency_id or lead in names

        return makes
