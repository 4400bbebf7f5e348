"""Figures by name, outside any form: the sums, relations, rates and comparisons of a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gongkai.domain.entry import Finding
from gongkai.domain.reports.figures import read_value
from gongkai.domain.reports.identities import Check, checks_of_named, finding_of
from gongkai.domain.reports.prose import growth_claims
from gongkai.domain.reports.report import EXPLAINED, AnnualReport, Growth, Rate
from gongkai.kernel import problems as p
from gongkai.kernel.text import nearest

_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)\s*[%％]")
# how far a figure may lie from what words claim: 近3倍 is 2.5 to 3 times
_NEARLY, _ABOUT, _EXACT = Decimal("0.5"), Decimal("0.25"), Decimal("0.005")


def named_values(report: AnnualReport) -> dict[str, Decimal]:
    """Return the readable figures by key."""
    values: dict[str, Decimal] = {}
    for figure in report.figures:
        number = read_value(figure.value, "money")
        if isinstance(number, Decimal):
            values[figure.key] = number
    return values


def judge_named_figures(report: AnnualReport) -> Iterator[Finding]:
    """Yield sums, relations, rates and comparisons that fail; an explained one is a note."""
    figures = named_values(report)
    for n, figure in enumerate(report.figures):
        if figure.key not in figures:
            facts = {
                "value": figure.value,
                "expected": "不小于零的数",
                "expected_en": "a number of 0 or more",
            }
            yield Finding(p.BAD_FIGURE, f"figures.{n}.value", facts)
    seen: dict[str, int] = {}
    for n, figure in enumerate(report.figures):
        if figure.key in seen:
            facts = {"value": figure.key, "other": f"figures[{seen[figure.key] + 1}]"}
            yield Finding(p.REPEATED_CODE, f"figures.{n}.key", facts)
        seen.setdefault(figure.key, n)
    yield from _sums_and_relations(report, figures)
    for n, rate in enumerate(report.rates):
        yield from _rate(report, figures, n, rate)
    for n, growth in enumerate(report.growth):
        yield from _growth(report, figures, n, growth)
    for n, row in enumerate(report.problems):
        if not row.measure:
            facts = {"problem": row.problem}
            yield Finding(p.PROBLEM_WITHOUT_MEASURE, f"problems.{n}.problem", facts)
    for n, note in enumerate(report.discrepancies):
        if not note.check:
            yield Finding(p.STATED_CONTRADICTION, f"discrepancies.{n}.note", {"note": note.note})
    if report.as_printed and not report.migrated_on:
        yield Finding(p.AS_PRINTED_NOT_MIGRATED, "as_printed", {})


def _look_up(
    report: AnnualReport, figures: Mapping[str, Decimal], key: str, path: str
) -> Decimal | Finding:
    if key in figures:
        return figures[key]
    facts = {"key": key, "form": report.form, **p.hint(nearest(key, figures))}
    return Finding(p.UNKNOWN_CELL, path, facts)


def _at(report: AnnualReport, key: str) -> str:
    n = next(i for i, figure in enumerate(report.figures) if figure.key == key)
    return f"figures.{n}.value"


def _sums_and_relations(report: AnnualReport, figures: Mapping[str, Decimal]) -> Iterator[Finding]:
    for n, rule in enumerate(report.sums):
        keys = [(rule.total, f"sums.{n}.total")]
        keys += [(key, f"sums.{n}.parts.{i}") for i, key in enumerate(rule.parts)]
        yield from _strangers(report, figures, keys)
        for i, (key, path) in enumerate(keys):  # a sum of itself always holds
            if key in [known for known, _ in keys[:i]]:
                yield Finding(p.REPEATED_CODE, path, {"value": key, "other": f"sums.{n}"})
    for n, relation in enumerate(report.relations):
        sides = [(relation.left, f"relations.{n}.left"), (relation.right, f"relations.{n}.right")]
        yield from _strangers(report, figures, sides)
        if relation.left == relation.right:
            facts = {"value": relation.right, "other": f"relations.{n}"}
            yield Finding(p.REPEATED_CODE, f"relations.{n}.right", facts)
    for check in named_checks(report):
        if not check.holds:
            code, cell, facts = finding_of(check)
            yield _explained(report, code, _at(report, cell[1]), facts, check.id)


def named_checks(report: AnnualReport) -> tuple[Check, ...]:
    """Return every sum and relation that the report declares among its named figures."""
    return checks_of_named(
        named_values(report),
        [(rule.total, rule.parts, rule.name) for rule in report.sums],
        [(rule.left, rule.right, rule.name) for rule in report.relations],
        names={figure.key: figure.name for figure in report.figures},
    )


def _strangers(
    report: AnnualReport, figures: Mapping[str, Decimal], keys: Iterable[tuple[str, str]]
) -> Iterator[Finding]:
    for key, path in keys:
        found = _look_up(report, figures, key, path)
        if isinstance(found, Finding):
            yield found


def rate_of(part: Decimal, whole: Decimal, digits: int = 1) -> Decimal | None:
    """Return part ÷ whole in per cent, rounded half up; ``None`` where there is no base."""
    if whole == 0:
        return None
    return (part * 100 / whole).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _rate(
    report: AnnualReport, figures: Mapping[str, Decimal], n: int, rate: Rate
) -> Iterator[Finding]:
    part = _look_up(report, figures, rate.part, f"rates.{n}.part")
    whole = _look_up(report, figures, rate.whole, f"rates.{n}.whole")
    if isinstance(part, Finding) or isinstance(whole, Finding):
        yield from (side for side in (part, whole) if isinstance(side, Finding))
        return
    if part > whole:
        for check in checks_of_named(
            figures,
            [],
            [(rate.part, rate.whole, rate.name)],
            names={figure.key: figure.name for figure in report.figures},
        ):
            code, _, facts = finding_of(check)
            yield _explained(report, code, _at(report, rate.part), facts, rate.name)
    if not rate.stated:
        return
    match = _PERCENT.fullmatch(rate.stated)
    if not match:
        facts = {
            "value": rate.stated,
            "expected": "百分比，如 81.4%",
            "expected_en": "a percentage",
        }
        yield Finding(p.BAD_FIGURE, f"rates.{n}.stated", facts)
        return
    digits = len(match[1].partition(".")[2])
    right = rate_of(part, whole, digits)
    if right is None or Decimal(match[1]) != right:
        shown = f"{right}%" if right is not None else "没有基数，算不出"
        facts = {
            "name": rate.name,
            "stated": rate.stated,
            "formula": f"{part}÷{whole}＝{shown}",
        }
        yield _explained(report, p.RATE_DIFFERS, f"rates.{n}.stated", facts, rate.name)


def _growth(
    report: AnnualReport, figures: Mapping[str, Decimal], n: int, growth: Growth
) -> Iterator[Finding]:
    now = _look_up(report, figures, growth.figure, f"growth.{n}.figure")
    if isinstance(now, Finding):
        yield now
        return
    path = f"growth.{n}.words"
    if not growth.previous:
        facts = {"words": growth.words}
        yield _explained(report, p.GROWTH_WITHOUT_BASE, path, facts, growth.words)
        return
    then = read_value(growth.previous, "money")
    if not isinstance(then, Decimal):
        expected = {"expected": "不小于零的数；不详的不写", "expected_en": "a number, or nothing"}
        facts = {"value": growth.previous, **expected}
        yield Finding(p.BAD_FIGURE, f"growth.{n}.previous", facts)
        return
    if then == 0 or not fits_growth(growth.words, now, then):
        facts = {"words": growth.words, "now": str(now), "then": str(then)}
        yield _explained(report, p.GROWTH_DIFFERS, path, facts, growth.words)


def fits_growth(words: str, now: Decimal, then: Decimal) -> bool:
    """Tell whether two figures bear out words such as 近3倍 or 增长15%; other words are not judged.

    The words are read as in the prose (``prose.growth_claims``), so that one contract holds.
    """
    # words quoted without their verb (近3倍) are read as a comparison with last year
    claims = growth_claims([(1, words)]) or growth_claims([(1, f"是去年的{words}")])
    for claim in claims:
        if claim.times is None:
            continue
        ratio = now / then
        if "近" in claim.words and "近年" not in claim.words:
            if not claim.times - _NEARLY <= ratio <= claim.times:
                return False
        elif claim.is_approximate:
            if abs(ratio - claim.times) > _ABOUT * max(claim.times, Decimal(1)):
                return False
        elif abs(ratio - claim.times) > _EXACT * max(claim.times, Decimal(1)):
            return False
    return True


def _explained(
    report: AnnualReport, code: p.Code, path: str, facts: dict[str, Any], check: str
) -> Finding:
    if not report.explains(check):
        return Finding(code, path, {**facts, "note": ""})
    note = EXPLAINED if not report.as_printed else ""
    return Finding(code, path, {**facts, "note": note}, p.Severity.NOTE)
