"""Self-assessments: maxima, sums, blanks, unknown items, and lists of evidence."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from decimal import Decimal

from gongkai.domain.assessment import (
    EVIDENCE_RULES,
    Assessment,
    AssessmentRecord,
    AssessmentSheet,
    Check,
    EvidenceFile,
    Score,
    Sheet,
    Target,
    reckon,
)
from gongkai.domain.corpus import place_of
from gongkai.kernel import problems as p
from gongkai.kernel.problems import Code, Problem, Severity
from gongkai.kernel.text import fold, nearest

# what a rule cannot do without, with an example
NEEDED = {
    "entries": ("words", "[会议纪要]"),
    "leaders": ("words", "[政务公开]"),
    "columns": ("columns", "[budget]"),
    "report_cell": ("row", "hall"),
}
TOTAL, FILES = "total", "files"  # what a discrepancy row may explain beside an item's code


def judge_assessments(
    sheets: Mapping[str, AssessmentSheet],
    assessments: Mapping[tuple[str, int], AssessmentRecord],
    numbers: Container[str],
) -> Iterator[Problem]:
    """Yield what is wrong with sheets and scores; ``numbers`` are the known index numbers."""
    ambiguous: set[str] = set()
    for name, sheet in sheets.items():
        for problem in _judge_sheet(sheet):
            if problem.code is p.REPEATED_CODE:
                ambiguous.add(name)  # no telling which of its items a score is for
            yield problem
    for record in assessments.values():
        if record.assessment is None:
            continue
        scored = sheets.get(record.assessment.sheet)
        if scored is None:
            value = record.assessment.sheet
            facts = {
                "key": "sheet",
                "label": "评分表",
                "value": value,
                "where": "vocab/assessments/",
                **p.hint(nearest(value, sheets)),
            }
            yield _problem(record, p.NOT_IN_VOCABULARY, "sheet", facts)
        elif record.assessment.sheet not in ambiguous:
            yield from _judge_scores(record, record.assessment, scored.sheet)
        yield from _judge_files(record, record.assessment, numbers)
        yield from _judge_entries(record, record.assessment, numbers)


def _problem(
    record: AssessmentSheet | AssessmentRecord,
    code: Code,
    dotted: str,
    facts: Mapping[str, object],
    *,
    is_explained: bool = False,
) -> Problem:
    place = place_of(record.path, record.places, dotted)
    return Problem(code, place, facts, Severity.NOTE if is_explained else None)


def _judge_sheet(record: AssessmentSheet) -> Iterator[Problem]:
    sheet = record.sheet
    seen: dict[str, str] = {}
    for path, target in sheet.targets():
        codes = [(f"{path}.code", target.code)]
        codes += [
            (f"{path}.criteria.{n}.code", code) for n, (code, _) in enumerate(target.numbered)
        ]
        for dotted, code in codes:
            if code in seen:
                facts: dict[str, object] = {"value": code, "other": record.path}
                yield _problem(record, p.REPEATED_CODE, dotted, facts)
            seen.setdefault(code, dotted)
    yield from _judge_maxima(record, sheet)
    for n, check in enumerate(sheet.checks):
        if check.item not in seen:
            yield _unknown_item(record, f"checks.{n}.item", check.item, seen, sheet.name)
        if check.rule not in EVIDENCE_RULES:
            facts = {
                "key": "rule",
                "label": "核对规则",
                "value": check.rule,
                "where": "、".join(EVIDENCE_RULES),
                **p.hint(nearest(check.rule, EVIDENCE_RULES)),
            }
            yield _problem(record, p.NOT_IN_VOCABULARY, f"checks.{n}.rule", facts)
        needed = NEEDED.get(check.rule)
        if needed and not getattr(check, needed[0]):
            label = Check.model_fields[needed[0]].title
            facts = {"key": needed[0], "label": label, "example": needed[1]}
            yield _problem(record, p.MISSING_FIELD, f"checks.{n}", facts)


def _judge_maxima(record: AssessmentSheet, sheet: Sheet) -> Iterator[Problem]:
    """Yield maxima that do not add up: criteria to target, targets to group, groups to all."""

    def differs(dotted: str, name: str, stated: Decimal, added: Decimal) -> Iterator[Problem]:
        if stated != added:
            facts: dict[str, object] = {"name": name, "stated": stated, "sum": added}
            yield _problem(record, p.MAXIMA_DIFFER, dotted, facts)

    total = Decimal(0)
    for g, group in enumerate(sheet.groups):
        total += group.max
        added = sum((target.max for target in group.targets), Decimal(0))
        yield from differs(f"groups.{g}.max", group.label, group.max, added)
    for path, target in sheet.targets():
        parts = [criterion.max for criterion in target.criteria if criterion.max is not None]
        if len(parts) == len(target.criteria):
            name = f"{target.code} {target.label}"
            yield from differs(f"{path}.max", name, target.max, sum(parts, Decimal(0)))
    yield from differs("max", sheet.title, sheet.max, total)


def _unknown_item(
    record: AssessmentSheet | AssessmentRecord,
    dotted: str,
    item: str,
    known: Mapping[str, object],
    sheet: str,
) -> Problem:
    facts: dict[str, object] = {"value": item, "sheet": sheet, **p.hint(nearest(item, known))}
    return _problem(record, p.UNKNOWN_SCORE_ITEM, dotted, facts)


def _judge_scores(
    record: AssessmentRecord, assessment: Assessment, sheet: Sheet
) -> Iterator[Problem]:
    explained = assessment.explained()
    maxima = sheet.maxima()
    at: dict[str, int] = {}
    for n, score in enumerate(assessment.scores):
        if score.item not in maxima:
            yield _unknown_item(record, f"scores.{n}.item", score.item, maxima, sheet.name)
        elif score.item in at:
            facts: dict[str, object] = {"item": score.item}
            yield _problem(record, p.REPEATED_SCORE, f"scores.{n}.item", facts)
        else:
            at[score.item] = n
            yield from _above_maximum(record, n, score, maxima[score.item], explained)
    result = reckon(sheet, assessment)
    for one in result.targets:
        target = one.target
        parts = [points for _, _, points in one.criteria if points is not None]
        added = sum(parts, Decimal(0))
        if not one.is_whole and one.score != added:
            facts = {"item": target.code, "name": target.label, "stated": one.score, "sum": added}
            dotted = f"scores.{at[target.code]}.points"
            is_explained = target.code in explained
            yield _problem(record, p.TARGET_SUM, dotted, facts, is_explained=is_explained)
        for code in one.blanks:
            facts = {"item": code, "name": _name(target, code), "max": maxima[code] or "—"}
            dotted = f"scores.{at[code]}.item" if code in at else "scores"
            yield _problem(record, p.BLANK_SCORE, dotted, facts, is_explained=code in explained)
    if result.score != assessment.printed_total:
        facts = {"stated": assessment.printed_total, "sum": result.score}
        yield _problem(record, p.SCORE_SUM, "printed_total", facts, is_explained=TOTAL in explained)


def _name(target: Target, code: str) -> str:
    """Return the words of a target or of one of its criteria."""
    return next((c.text for one, c in target.numbered if one == code), target.label)


def _above_maximum(
    record: AssessmentRecord,
    n: int,
    score: Score,
    most: Decimal | None,
    explained: Container[str],
) -> Iterator[Problem]:
    if most is not None and score.points is not None and score.points > most:
        facts: dict[str, object] = {"item": score.item, "points": score.points, "max": most}
        dotted = f"scores.{n}.points"
        is_explained = score.item in explained
        yield _problem(record, p.SCORE_ABOVE_MAX, dotted, facts, is_explained=is_explained)


def repeated_files(files: tuple[EvidenceFile, ...]) -> dict[int, int]:
    """Return the position of each file that was listed before, and where it stood first."""
    first: dict[str, int] = {}
    again: dict[int, int] = {}
    for n, file in enumerate(files):
        name = fold(file.title)
        if name in first:
            again[n] = first[name]
        first.setdefault(name, n)
    return again


def _judge_files(
    record: AssessmentRecord, assessment: Assessment, numbers: Container[str]
) -> Iterator[Problem]:
    """Yield files listed twice, of no known entry, or without any sign of where they are."""
    is_explained = FILES in assessment.explained()
    for n, first in repeated_files(assessment.files).items():
        file = assessment.files[n]
        facts: dict[str, object] = {
            "title": file.title,
            "number": file.number,
            "other": assessment.files[first].number,
        }
        dotted = f"files.{n}.title"
        yield _problem(record, p.REPEATED_EVIDENCE, dotted, facts, is_explained=is_explained)
    for n, file in enumerate(assessment.files):
        if file.entry and file.entry not in numbers:
            facts = {"key": "entry", "label": "条目", "value": file.entry}
            yield _problem(record, p.UNKNOWN_ENTRY, f"files.{n}.entry", facts)
        if not file.is_found:
            facts = {"title": file.title, "number": file.number}
            dotted = f"files.{n}.title"
            yield _problem(record, p.EVIDENCE_NOWHERE, dotted, facts, is_explained=is_explained)


def _judge_entries(
    record: AssessmentRecord, assessment: Assessment, numbers: Container[str]
) -> Iterator[Problem]:
    named = [
        (f"scores.{n}.entries.{i}", "举证条目", number)
        for n, score in enumerate(assessment.scores)
        for i, number in enumerate(score.entries)
    ]
    named += [(f"entries.{n}", "相关条目", number) for n, number in enumerate(assessment.entries)]
    for dotted, label, number in named:
        if number not in numbers:
            facts: dict[str, object] = {"key": "entries", "label": label, "value": number}
            yield _problem(record, p.UNKNOWN_ENTRY, dotted, facts)
