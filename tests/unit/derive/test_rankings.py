"""Rankings: rates with a base, ties share a rank, and who has no base stands apart."""

from __future__ import annotations

from decimal import Decimal

from gongkai.derive.rankings import RATES, Ranking, Unranked, build_rankings
from gongkai.derive.series import build_series
from make_reports import received, report_record


def ranking(key: str, *agencies: tuple[str, dict[str, int | str]], **options: int) -> Ranking:
    series = build_series([report_record(agency, cells=cells) for agency, cells in agencies])
    asked = [agency for agency, _ in agencies]
    found = build_rankings(series, 2025, asked, **options)
    return next(one for one in found if one.rate.key == key)


def closed(new: int, done: int, carried_in: int = 0) -> dict[str, int | str]:
    return received(new, carried_in=carried_in, results_total=done)


def ranks(found: Ranking) -> list[tuple[int, str]]:
    return [(row.rank, row.agency) for row in found.ranked]


def test_the_higher_rate_comes_first_with_both_its_figures() -> None:
    found = ranking("concluded", ("mzj", closed(10, 5)), ("jyj", closed(8, 9, carried_in=1)))
    assert ranks(found) == [(1, "jyj"), (2, "mzj")]
    assert (found.ranked[0].part, found.ranked[0].whole) == (9, 9)
    assert (found.ranked[1].part, found.ranked[1].whole) == (5, 10)


def test_equal_rates_share_a_rank_and_the_next_is_skipped() -> None:
    found = ranking(
        "concluded",
        ("mzj", closed(3, 1)),
        ("jyj", closed(9, 3)),
        ("czj", closed(2, 2)),
        ("rsj", closed(9, 0)),
    )
    assert ranks(found) == [(1, "czj"), (2, "mzj"), (2, "jyj"), (4, "rsj")]


def test_without_a_base_there_is_no_rank() -> None:
    found = ranking("concluded", ("mzj", closed(0, 0)), ("jyj", closed(1, 1)))
    assert ranks(found) == [(1, "jyj")]
    assert found.unranked == (("mzj", Unranked.NO_BASE),)


def test_a_small_base_can_be_left_out() -> None:
    agencies = (("mzj", closed(2, 2)), ("jyj", closed(10, 9)))
    assert ranks(ranking("concluded", *agencies)) == [(1, "mzj"), (2, "jyj")]
    found = ranking("concluded", *agencies, minimum=5)
    assert ranks(found) == [(1, "jyj")]
    assert found.unranked == (("mzj", Unranked.SMALL_BASE),)


def test_a_minimum_below_one_is_one() -> None:
    found = ranking("concluded", ("mzj", closed(0, 0)), minimum=0)
    assert found.unranked == (("mzj", Unranked.NO_BASE),)


def test_a_blank_figure_gives_no_rate() -> None:
    series = build_series(
        [report_record(blank=["s3_requests.results_total.total"], cells=received(3))]
    )
    found = build_rankings(series, 2025, ["mzj"])[0]
    assert found.unranked == (("mzj", Unranked.NOT_STATED),)


def test_who_has_no_report_is_named() -> None:
    found = build_rankings(build_series([report_record(year=2024)]), 2025, ["mzj", "jyj"])[0]
    assert found.unranked == (("mzj", Unranked.NO_REPORT), ("jyj", Unranked.NO_REPORT))


def test_a_consolidated_report_is_not_ranked_among_bodies() -> None:
    series = build_series([report_record("qinghe", cells=closed(9, 9), scope="consolidated")])
    assert build_rankings(series, 2025, ["qinghe"])[0].unranked == (
        ("qinghe", Unranked.CONSOLIDATED),
    )


def test_fewer_corrections_come_first_and_pending_cases_are_no_base() -> None:
    def reviewed(upheld: int, corrected: int, pending: int) -> dict[str, int | str]:
        row = {"upheld": upheld, "corrected": corrected, "pending": pending}
        return {f"s4_review.review.{column}": value for column, value in row.items()}

    found = ranking(
        "reconsideration_corrected",
        ("mzj", reviewed(1, 1, 8)),
        ("jyj", reviewed(3, 1, 0)),
        ("czj", reviewed(0, 0, 4)),
    )
    assert ranks(found) == [(1, "jyj"), (2, "mzj")]
    assert found.ranked[1].whole == Decimal(2)
    assert found.unranked == (("czj", Unranked.NO_BASE),)


def test_no_ranking_is_of_counts() -> None:
    assert all(rate.whole and rate.part for rate in RATES)
