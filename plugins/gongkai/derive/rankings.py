"""One year's figures into rankings by rate: only rates have ranks, and only where there is a base.

Counts are not ranked: who receives more applications does not work better or worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from gongkai.derive.series import CONSOLIDATED, NOTHING, Series


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of indicators: the sum of ``part`` by the sum of ``whole``."""

    key: str
    label: str
    part: tuple[str, ...]
    whole: tuple[str, ...]
    formula: str
    is_lower_first: bool = False


_RECONSIDERED = tuple(f"reconsideration_{end}" for end in ("upheld", "corrected", "other"))
_TRIED = tuple(f"litigation_{end}" for end in ("upheld", "corrected", "other"))
RATES = (
    Rate(
        "concluded",
        "申请办结率",
        ("concluded",),
        ("received", "carried_in"),
        "本年度办结的申请 ÷（本年新收＋上年结转）",
    ),
    Rate(
        "granted",
        "予以公开率",
        ("granted",),
        ("concluded",),
        "予以公开的申请 ÷ 本年度办结的申请",
    ),
    Rate(
        "reconsideration_corrected",
        "行政复议纠错率",
        ("reconsideration_corrected",),
        _RECONSIDERED,
        "结果纠正的复议案件 ÷ 已审结的复议案件",
        is_lower_first=True,
    ),
    Rate(
        "litigation_corrected",
        "行政诉讼纠错率",
        ("litigation_corrected",),
        _TRIED,
        "结果纠正的诉讼案件 ÷ 已审结的诉讼案件",
        is_lower_first=True,
    ),
)


class Unranked(StrEnum):
    """Why an agency has no rank."""

    NO_REPORT = "no_report"
    NOT_STATED = "not_stated"
    NO_BASE = "no_base"
    SMALL_BASE = "small_base"
    CONSOLIDATED = "consolidated"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line: agencies with the same rate share a rank, and the next rank is skipped."""

    rank: int
    agency: str
    part: Decimal
    whole: Decimal

    @property
    def rate(self) -> Fraction:
        """The exact rate."""
        return Fraction(self.part) / Fraction(self.whole)


@dataclass(frozen=True)
class Ranking:
    """One rate of one year: who has a rank, and who has none and why."""

    rate: Rate
    year: int
    ranked: tuple[Ranked, ...]
    unranked: tuple[tuple[str, Unranked], ...]


def build_rankings(
    series: Series,
    year: int,
    agencies: Iterable[str],
    *,
    minimum: int = 1,
    rates: tuple[Rate, ...] = RATES,
) -> tuple[Ranking, ...]:
    """Rank ``agencies`` by each rate; a base below ``minimum`` says too little to be ranked."""
    asked = tuple(dict.fromkeys(agencies))
    reported = {agency for agency in asked if year in series.reported.get(agency, ())}
    return tuple(_ranking(series, rate, year, asked, reported, max(1, minimum)) for rate in rates)


def _ranking(
    series: Series,
    rate: Rate,
    year: int,
    agencies: tuple[str, ...],
    reported: set[str],
    minimum: int,
) -> Ranking:
    bases: dict[str, tuple[Decimal, Decimal]] = {}
    unranked: list[tuple[str, Unranked]] = []
    for agency in agencies:
        if agency not in reported:
            unranked.append((agency, Unranked.NO_REPORT))
            continue
        if _is_consolidated(series, rate, agency, year):
            unranked.append((agency, Unranked.CONSOLIDATED))
            continue
        part = _sum(series, rate.part, agency, year)
        whole = _sum(series, rate.whole, agency, year)
        if part is None or whole is None:
            unranked.append((agency, Unranked.NOT_STATED))
        elif whole <= 0:
            unranked.append((agency, Unranked.NO_BASE))
        elif whole < minimum:
            unranked.append((agency, Unranked.SMALL_BASE))
        else:
            bases[agency] = (part, whole)
    return Ranking(rate, year, _ranked(bases, rate.is_lower_first), tuple(unranked))


def _ranked(
    bases: Mapping[str, tuple[Decimal, Decimal]], is_lower_first: bool
) -> tuple[Ranked, ...]:
    """Return the lines in order; agencies of one rank keep the order in which they were given."""
    exact = {agency: Fraction(part) / Fraction(whole) for agency, (part, whole) in bases.items()}
    order = sorted(exact, key=lambda agency: exact[agency], reverse=not is_lower_first)
    lines: list[Ranked] = []
    for n, agency in enumerate(order, 1):
        is_tie = bool(lines) and exact[lines[-1].agency] == exact[agency]
        rank = lines[-1].rank if is_tie else n
        lines.append(Ranked(rank, agency, *bases[agency]))
    return tuple(lines)


def _is_consolidated(series: Series, rate: Rate, agency: str, year: int) -> bool:
    points = (
        series.by_indicator.get(key, {}).get(agency, NOTHING).points.get(year)
        for key in (*rate.part, *rate.whole)
    )
    return any(point.scope == CONSOLIDATED for point in points if point)


def _sum(series: Series, indicators: tuple[str, ...], agency: str, year: int) -> Decimal | None:
    """Add indicators of one report; where one is blank or not on the form there is no sum."""
    total = Decimal(0)
    for key in indicators:
        value = series.by_indicator.get(key, {}).get(agency, NOTHING).value(year)
        if value is None:
            return None
        total += value
    return total
