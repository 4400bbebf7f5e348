"""Yearly reports: identities, last year's figures, prose against tables, repetition, catalogue."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from gongkai.domain.corpus import Corpus, ReportRecord
from gongkai.domain.register import Registered, judge_register
from gongkai.domain.reports import identities, prose
from gongkai.domain.reports.figures import Figures
from gongkai.domain.reports.form import TOTAL, CellKey, ReportForm, forms
from gongkai.domain.reports.identities import Check
from gongkai.domain.reports.indicator import INDICATORS, values_of
from gongkai.domain.reports.named import named_checks, named_values
from gongkai.domain.reports.report import EXPLAINED, AnnualReport
from gongkai.domain.values import Moment
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem, Severity
from gongkai.kernel.text import nearest

TXT = "TXT"  # the name under which a discrepancy explains that prose counts something else
CATALOGUE = "S2-CAT"
RULES = "S2-RULES"
CONSOLIDATION = "汇总核对"
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?=\s*年)")
_RULE_SOURCE = "catalogue.rule."
_CATALOGUE_SOURCE = "catalogue."
# levels that make no rules: 立法法 leaves 规章 to ministries, provinces, cities with districts
_NO_RULES = ("county", "department", "town")


def judge_reports(corpus: Corpus) -> Iterator[Problem]:
    """Yield what is wrong with every report; the corpus's figures are resolved already."""
    known = {(r.subject, r.agency, r.year): r for r in corpus.reports if r.report}
    for record in corpus.reports:
        form = forms().get(record.report.form) if record.report else None
        if record.report is None or form is None:
            continue
        before = known.get((record.subject, record.agency, record.year - 1))
        yield from _form(corpus, record, record.report, form)
        yield from _identities(record, record.report, form, before)
        yield from _named(record, record.report)
        yield from _empty_parts(record, form)
        yield from _prose(record, record.report, form)
        yield from _alike(record, before)
        yield from _catalogue(corpus, record, record.report, form)


def judge_bases(corpus: Corpus, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield computed figures that count a register or decisions file with errors in it.

    Rows with errors are left out, so that the figures would be wrong; a build that goes on in
    spite of errors must not publish them.
    """
    wrong = sorted({x.place.path for x in problems if x.severity is Severity.ERROR})
    if not wrong:
        return
    for record in corpus.reports:
        form = forms().get(record.report.form) if record.report else None
        if form is None:
            continue
        told: set[str] = set()
        for cell, origin in record.figures.origins.items():
            if origin.kind not in ("computed", "overridden"):
                continue
            for file in _counted_files(form, cell, record, wrong):
                if file not in told:
                    told.add(file)
                    facts = {"label": form.name_of(cell), "file": file}
                    yield Problem(p.BASIS_HAS_ERRORS, record.at("computed"), facts)


def _counted_files(
    form: ReportForm, cell: CellKey, record: ReportRecord, wrong: list[str]
) -> Iterator[str]:
    """Yield those of the ``wrong`` files from which a computed figure would be counted."""
    home = f"agencies/{record.agency}/"
    at = form.requests
    if at is not None and cell[0] in (at.table, at.disputes):
        for path in wrong:  # whatever became of it: a link, a wrong ending, a row that is no row
            year = path.rpartition("/")[2][:4]
            is_later = year.isdigit() and int(year) > record.year
            if path.startswith(f"{home}register/") and not is_later:
                yield path
        return
    source = form.sources.get(cell, "")
    folder = f"{home}catalogue/"
    if source.startswith("decisions."):
        folder = f"{home}decisions/{record.year}"
    elif source.startswith("site."):
        folder = "agencies/"
    for path in wrong:
        if not path.startswith(folder) or (folder == "agencies/" and "/catalogue/" not in path):
            continue
        year = path.split("/catalogue/")[-1][:4]
        if not (year.isdigit() and int(year) > record.year):
            yield path


def judge_registers(corpus: Corpus, as_of: Moment) -> Iterator[Problem]:
    """Yield what every agency's register of applications shows: limits, repeated numbers."""
    rows: dict[str, list[Registered]] = defaultdict(list)
    for register in corpus.registers:
        rows[register.agency] += register.rows
    for found in rows.values():
        yield from judge_register(found, corpus.calendar, as_of.date)


def place_of_cell(record: ReportRecord, cell: CellKey) -> Place:
    """Return where a figure was written, whichever way it came."""
    origin = record.figures.origins.get(cell)
    return origin.place if origin else record.at(f"tables.{cell[0]}.{cell[1]}")


def _softened(report: AnnualReport, check: str) -> tuple[Severity | None, str]:
    """Return the severity of a failing check that is explained, and the words to add."""
    if not report.explains(check):
        return None, ""
    return Severity.NOTE, "" if report.as_printed else EXPLAINED


def _form(
    corpus: Corpus, record: ReportRecord, report: AnnualReport, form: ReportForm
) -> Iterator[Problem]:
    if form.subject != record.subject or not form.covers(record.year):
        first, last = form.years
        span = f"{first}年起" if last is None else f"{first}—{last}年"
        if form.subject != record.subject:
            span = "网站工作" if form.subject == "website" else "政府信息公开工作"
        facts = {"form": report.form, "span": span, "year": record.year}
        yield Problem(p.FORM_NOT_FOR_YEAR, record.at("form"), facts)
    years = {int(year) for year in _YEAR.findall(report.title)}
    if years and record.year not in years:
        what, what_en = f"标题写的是{max(years)}年", f"the title says {max(years)}"
        facts = {"year": record.year, "what": what, "what_en": what_en}
        yield Problem(p.REPORT_YEAR, record.at("title"), facts)
    yield from _unknown_checks(record, report, form)
    yield from _scope(corpus, record, report)
    yield from _dates_and_name(corpus, record, report)
    for n, figure in enumerate(report.figures):
        if figure.indicator and figure.indicator not in INDICATORS:
            near = nearest(figure.indicator, INDICATORS)
            facts = {"value": figure.indicator, **p.hint(near)}
            yield Problem(p.UNKNOWN_INDICATOR, record.at(f"figures.{n}.indicator"), facts)
        elif figure.indicator and figure.unit != INDICATORS[figure.indicator].measure:
            known = INDICATORS[figure.indicator]
            facts = {"unit": figure.unit, "measure": known.measure, "label": known.label}
            yield Problem(p.INDICATOR_UNIT, record.at(f"figures.{n}.unit"), facts)


def _dates_and_name(
    corpus: Corpus, record: ReportRecord, report: AnnualReport
) -> Iterator[Problem]:
    """Yield dates within the year that is reported on, and a title that names another body.

    A self-dated original of an early year may have come out in its own December.
    """
    reviewed_on = report.review.checked_on if report.review else None
    days = (
        ("published_on", "发布日期", report.published_on.date),
        ("submitted_on", "报送日期", report.submitted_on),
        ("review.checked_on", "审查日期", reviewed_on),
    )
    is_old = report.as_printed or report.migrated_on or report.form == "legacy"
    for key, label, day in days:
        if day is not None and day.year <= record.year and not is_old:
            what, what_en = f"{label}是 {day}，那时本年还没有结束", f"{key} is {day}"
            facts = {"year": record.year, "what": what, "what_en": what_en}
            yield Problem(p.REPORT_YEAR, record.at(key), facts)
    if report.submitted_on and report.submitted_on > report.published_on.date and not is_old:
        facts = {
            "key": "published_on",
            "label": "发布日期",
            "value": str(report.published_on.date),
            "other": "submitted_on",
            "other_label": "报送日期",
            "other_value": str(report.submitted_on),
        }
        yield Problem(p.DATES_OUT_OF_ORDER, record.at("submitted_on"), facts, Severity.WARNING)
    agency = corpus.agencies.get(record.agency)
    names = (agency.name, agency.short_name, *agency.issues_as) if agency else ()
    others = [a.name for a in corpus.agencies.values() if agency and a.id != agency.id]
    if agency and not agency.is_historical and not any(n and n in report.title for n in names):
        other = next((name for name in others if name in report.title), "")
        if other:
            facts = {"name": agency.name, "other": other}
            yield Problem(p.TITLE_OF_ANOTHER, record.at("title"), facts)


def _scope(corpus: Corpus, record: ReportRecord, report: AnnualReport) -> Iterator[Problem]:
    """Yield what is written about addends where there are none, and the other way round."""
    written = [key for key in ("addends", "addends_outside", "own_tables") if getattr(report, key)]
    if report.scope == "consolidated":
        if not report.addends:
            yield Problem(p.SCOPE_WITHOUT_ADDENDS, record.at("scope"))
        own = corpus.agencies.get(record.agency)
        for n, name in enumerate(report.addends):
            addend = corpus.agencies.get(name)
            is_below = own is None or own.level == "county" or name == record.agency
            if addend is not None and not is_below and addend.parent != record.agency:
                facts = {"name": addend.name}
                yield Problem(p.NOT_BELOW, record.at(f"addends.{n}"), facts)
        return
    for key in written:
        yield Problem(p.ADDENDS_WITHOUT_SCOPE, record.at(key), {"key": key})


def _unknown_checks(
    record: ReportRecord, report: AnnualReport, form: ReportForm
) -> Iterator[Problem]:
    """Yield notes that name a check which there is not, and so explain nothing."""
    names = [one.id for one in form.equations]
    names += [one.id for one in form.limits]
    names += [one.id for one in form.implications]
    names += [one.id for one in form.carried_over]
    names += [one.id for one in form.stocks]
    names += [one.id for one in form.retained]
    names += [one.name for one in report.sums]
    names += [one.name for one in report.relations]
    names += [one.name for one in report.rates]
    names += [one.words for one in report.growth]
    known = list(dict.fromkeys((*names, TXT, CATALOGUE, RULES, CONSOLIDATION)))
    for n, row in enumerate(report.discrepancies):
        if row.check and row.check not in known:
            facts = {
                "value": row.check,
                "known": "、".join(known),
                **p.hint(nearest(row.check, known)),
            }
            yield Problem(p.UNKNOWN_CHECK, record.at(f"discrepancies.{n}.check"), facts)


def all_checks(
    form: ReportForm, figures: Figures, before: ReportRecord | None
) -> tuple[Check, ...]:
    """Return every identity of a report, within itself and with last year's."""
    found = identities.checks(form, figures)
    old = forms().get(before.report.form) if before and before.report else None
    if before is not None and old is not None and old.tables:
        found += identities.checks_against(form, figures, old, before.figures, before.year)
    return found


def _identities(
    record: ReportRecord, report: AnnualReport, form: ReportForm, before: ReportRecord | None
) -> Iterator[Problem]:
    if not form.tables:
        return
    found = all_checks(form, record.figures, before)
    for check in found:
        if check.holds:
            continue
        code, cell, facts = identities.finding_of(check)
        is_explained = report.explains(check.id)
        softened = identities.severity_of(check, is_explained=is_explained)
        note = _softened(report, check.id)[1]
        yield Problem(code, place_of_cell(record, cell), {**facts, "note": note}, softened)
    for slip in identities.likely_slips(found):
        code, cell, facts = identities.finding_of_slip(slip, form.name_of(slip.cell))
        yield Problem(code, place_of_cell(record, cell), facts)


def _named(record: ReportRecord, report: AnnualReport) -> Iterator[Problem]:
    """Yield the one named figure that explains several failing sums (two breakdowns agree)."""
    found = named_checks(report)
    for slip in identities.likely_slips(found):
        at = next(n for n, one in enumerate(report.figures) if one.key == slip.cell[1])
        code, _, facts = identities.finding_of_slip(slip, report.figures[at].name)
        yield Problem(code, record.at(f"figures.{at}.value"), facts)


def _empty_parts(record: ReportRecord, form: ReportForm) -> Iterator[Problem]:
    for part in form.parts:
        if part.is_prose and any(part.label in heading for heading in record.empty_headings):
            yield Problem(p.EMPTY_PART, Place(record.path), {"label": part.heading})


def _prose(record: ReportRecord, report: AnnualReport, form: ReportForm) -> Iterator[Problem]:
    """Yield figures in prose that differ from the cells they seem to state: questions."""
    softened, note = _softened(report, TXT)
    if form.tables:
        fed = values_of(form, record.figures.cells)

        def value(indicator: str, applicant: str) -> Decimal | None:
            """Return what the tables say; prose that names no outcome means the total."""
            pair = (indicator, applicant)
            return fed[pair] if pair in fed else fed.get((f"{indicator}_total", applicant))

        for slip in prose.check_claims(record.claims, value):
            place = Place(record.path, slip.line, slip.column)
            if slip.kind == "includes_carried":
                facts = {
                    "words": slip.words,
                    "received": fed.get(("received", slip.applicant)),
                    "carried": fed.get(("carried_in", slip.applicant)),
                }
                yield Problem(p.PROSE_INCLUDES_CARRIED, place, facts)
                continue
            facts = {
                "words": slip.words,
                "label": label_of(slip.indicator, slip.applicant),
                "stated": slip.stated,
                "note": note,
            }
            yield Problem(p.PROSE_DIFFERS, place, facts, softened)
    values = named_values(report)
    named = [
        (one.key, one.name, values[one.key], one.unit)
        for one in report.figures
        if one.key in values
    ]
    names = {one.key: one.name for one in report.figures}
    for slip in prose.check_named(record.prose, named, record.year):
        facts = {
            "words": slip.words,
            "label": names[slip.indicator],
            "stated": slip.stated,
            "note": note,
        }
        yield Problem(p.PROSE_DIFFERS, Place(record.path, slip.line, slip.column), facts, softened)
    told = {one.words for one in report.growth}
    for claim in prose.growth_claims(record.prose):
        if report.figures and not any(words in claim.words for words in told):
            softer = Severity.NOTE if report.as_printed or not report.growth else None
            place = Place(record.path, claim.line, claim.column)
            yield Problem(p.GROWTH_WITHOUT_BASE, place, {"words": claim.words}, softer)


_APPLICANTS = {
    "natural": "自然人",
    "organisations": "法人或其他组织",
    "enterprise": "商业企业",
    "research": "科研机构",
    "charity": "社会公益组织",
    "legal": "法律服务机构",
    "other_org": "其他组织",
}


def label_of(indicator: str, applicant: str = TOTAL) -> str:
    """Return an indicator in words, with the class of applicants where it is one."""
    known = INDICATORS.get(indicator) or INDICATORS.get(f"{indicator}_total")
    label = known.label if known else indicator
    return f"{label}·{_APPLICANTS[applicant]}" if applicant in _APPLICANTS else label


def text_of(record: ReportRecord) -> str:
    """Return the prose of a report."""
    return "\n".join(text for _, text in record.prose)


def _alike(record: ReportRecord, before: ReportRecord | None) -> Iterator[Problem]:
    """Yield 内容雷同: prose that repeats last year's."""
    if before is None or not record.prose or record.report is None or before.report is None:
        return
    measured = prose.similarity(text_of(record), text_of(before))
    if not measured.is_alike:
        return
    longest = measured.longest[0] if measured.longest else None
    facts = {
        "ratio": round(measured.ratio * 100),
        "year": before.year,
        "passage": longest.text if longest else "",
    }
    softened = Severity.NOTE if record.report.as_printed else None
    line = record.prose[min(longest.line, len(record.prose)) - 1][0] if longest else 1
    yield Problem(p.ALIKE, Place(record.path, line), facts, softened)


def _catalogue(
    corpus: Corpus, record: ReportRecord, report: AnnualReport, form: ReportForm
) -> Iterator[Problem]:
    """Yield figures on documents that the catalogue, or the level of the body, contradicts."""
    agency = corpus.agencies.get(record.agency)
    if agency is None:
        return
    for cell, source in form.sources.items():
        if not source.startswith(_CATALOGUE_SOURCE):
            continue
        stated = record.figures.cells.get(cell)
        if stated is None:
            continue
        facts: dict[str, object] = {"label": form.name_of(cell), "stated": stated}
        place = place_of_cell(record, cell)
        if source.startswith(_RULE_SOURCE) and stated > 0 and agency.level in _NO_RULES:
            softened, note = _softened(report, RULES)
            yield Problem(p.RULES_BELOW_CITY, place, {**facts, "note": note}, softened)
            continue
        count = record.counts.get(cell)
        origin = record.figures.origins.get(cell)
        is_own = origin is not None and origin.kind in ("written", "sheet")
        # an old report is about a time before this catalogue; a consolidated one about others too
        is_old = report.as_printed or report.migrated_on or agency.is_historical
        if count is None or not is_own or is_old or report.scope == "consolidated":
            continue
        if Decimal(stated) != count.value:
            softened, note = _softened(report, CATALOGUE)
            facts |= {"counted": count.value, "note": note}
            yield Problem(p.CATALOGUE_DIFFERS, place, facts, softened)
