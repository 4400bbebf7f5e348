"""Figures by name, outside any form: the sums, relations, rates and comparisons of a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gongkai.domain.entry import Finding
from gongkai.domain.reports.figures import read_value
from gongkai.domain.reports.identities import Check, checks_of_named, finding_of
from gongkai.domain.reports.report import EXPLAINED, AnnualReport, Growth, Rate
from gongkai.kernel import problems as p
from gongkai.kernel.text import nearest

_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)\s*[%％]")
_TIMES = re.compile(r"(近|约|超过|超|逾)?([0-9]+(?:\.[0-9]+)?|[一二两三四五六七八九十])倍")
_NUMERALS = {zh: n for n, zh in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
# how far a figure may lie from the times that words claim: 近3倍 is 2.5 to 3 times
_NEARLY, _ABOUT = Decimal("0.5"), Decimal("0.25")


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
    for n, relation in enumerate(report.relations):
        sides = [(relation.left, f"relations.{n}.left"), (relation.right, f"relations.{n}.right")]
        yield from _strangers(report, figures, sides)
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
    then = read_value(growth.previous, "money") if growth.previous else None
    if not isinstance(then, Decimal):
        yield _explained(
            report,
            p.GROWTH_WITHOUT_BASE,
            f"growth.{n}.words",
            {"words": growth.words},
            growth.words,
        )
        return
    if then == 0 or not fits_growth(growth.words, now, then):
        facts = {"words": growth.words, "now": now, "then": then}
        yield _explained(report, p.GROWTH_DIFFERS, f"growth.{n}.words", facts, growth.words)


def fits_growth(words: str, now: Decimal, then: Decimal) -> bool:
    """Tell whether two figures bear out words such as 近3倍 or 增长15%; others pass."""
    if match := _TIMES.search(words):
        claimed = Decimal(_NUMERALS.get(match[2], 0) or match[2])
        ratio = now / then
        if "增长" in words or "增加" in words:  # 增长两倍 is three times as much
            ratio -= 1
        match match[1]:
            case "近":
                return claimed - _NEARLY <= ratio <= claimed
            case "超过" | "超" | "逾":
                return ratio >= claimed
            case _:
                return abs(ratio - claimed) <= _ABOUT
    if match := _PERCENT.search(words):
        change = abs(now - then) * 100 / then
        return abs(change - Decimal(match[1])) <= Decimal("0.1")
    return True


def _explained(
    report: AnnualReport, code: p.Code, path: str, facts: dict[str, Any], check: str
) -> Finding:
    if not report.explains(check):
        return Finding(code, path, {**facts, "note": ""})
    note = EXPLAINED if not report.as_printed else ""
    return Finding(code, path, {**facts, "note": note}, p.Severity.NOTE)
