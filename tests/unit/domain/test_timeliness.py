"""The days of 条例 art. 49: reports that are late, and reports that are not there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongkai.domain.agency import Level
from gongkai.domain.corpus import Corpus
from gongkai.domain.rules.timeliness import judge_deadlines, judge_missing_reports
from gongkai.domain.site import ReportDeadline, Site
from gongkai.kernel.problems import Problem
from make import codes, make_agency, make_corpus, make_report_record

FAR = Level.DEPARTMENT


def site(level: str = "department", **days: str) -> Site:
    """Return a site that sets a day of its own."""
    row = ReportDeadline.model_validate({"level": level, **days})
    return Site(name="青禾县政府信息公开", report_deadlines=(row,))


def corpus_of(*years: int, level: Level = FAR, **changes: Any) -> Corpus:
    reports = tuple(
        make_report_record(year=year, form="2021" if year > 2020 else "2019") for year in years
    )
    agency = make_agency(level=level, collection=changes.pop("collection", "front"))
    return make_corpus(reports=reports, agencies={"mzj": agency}, **changes)


def missing(today: date, *years: int, **changes: Any) -> list[Problem]:
    return list(judge_missing_reports(corpus_of(*years, **changes), today))


def years_asked(today: date, *years: int, **changes: Any) -> list[int]:
    return [int(one.facts["year"]) for one in missing(today, *years, **changes)]


# reports that are not there


def test_a_report_is_missing_from_the_day_after_it_was_due() -> None:
    assert years_asked(date(2026, 1, 31), 2024) == []
    assert years_asked(date(2026, 2, 1), 2024) == [2025]
    (found,) = missing(date(2026, 2, 1), 2024)
    assert (found.code.id, found.place.path) == ("GK420", "agencies/mzj/agency.yml")
    assert "期限 2026-01-31 已过" in found.message()


@pytest.mark.parametrize(
    ("today", "years", "expected"),
    [
        (date(2026, 6, 1), (2025,), []),
        (date(2026, 6, 1), (2024, 2025), []),
        (date(2026, 6, 1), (2020,), [2025]),
        (date(2026, 6, 1), (), []),
        (date(2026, 1, 10), (2023,), [2024]),
        (date(2026, 1, 10), (2024,), []),
        (date(2026, 6, 1), (2025, 2023), []),
    ],
    ids=[
        "it is there",
        "both are there",
        "only the latest is asked for",
        "a body that never reported here",
        "before the day the year before counts",
        "before the day nothing is due",
        "an older gap is not dug up",
    ],
)
def test_the_latest_report_that_is_due_is_asked_for(
    today: date, years: tuple[int, ...], expected: list[int]
) -> None:
    assert years_asked(today, *years) == expected


def test_a_body_of_the_past_owes_no_report() -> None:
    assert years_asked(date(2026, 6, 1), 2020, collection="history") == []


def test_a_town_owes_none_by_law_but_may_by_the_place() -> None:
    assert years_asked(date(2026, 6, 1), 2020, level=Level.TOWN) == []
    local = site("town", publish="01-20")
    assert years_asked(date(2026, 1, 21), 2020, level=Level.TOWN, site=local) == [2025]


def test_a_report_on_the_web_site_is_another_one() -> None:
    reports = (
        make_report_record(year=2024),
        make_report_record(year=2025, folder="website", form="website"),
    )
    corpus = make_corpus(reports=reports)
    assert codes(judge_missing_reports(corpus, date(2026, 6, 1))) == ["GK420"]


# reports that are late


def late(published_on: str, **changes: Any) -> list[Problem]:
    record = make_report_record(published_on=published_on)
    return list(judge_deadlines(make_corpus(reports=(record,), **changes)))


def test_a_report_is_late_from_the_day_after_it_was_due() -> None:
    assert codes(late("2026-01-31 23:59")) == []
    (found,) = late("2026-02-01 00:00")
    assert (found.code.id, found.facts["limit"]) == ("GK414", "2026-01-31")


def test_an_earlier_day_of_the_place_counts() -> None:
    assert codes(late("2026-01-15 09:00", site=site(publish="01-15"))) == []
    assert codes(late("2026-01-16 09:00", site=site(publish="01-15"))) == ["GK414"]
    assert codes(missing_with(site(publish="01-15"), date(2026, 1, 16))) == ["GK420"]


def missing_with(local: Site, today: date) -> list[Problem]:
    return missing(today, 2024, site=local)


@pytest.mark.parametrize("day", ["02-01", "02-28", "12-31"])
def test_a_later_day_of_the_place_has_no_effect(day: str) -> None:
    assert codes(late("2026-02-01 09:00", site=site(publish=day))) == ["GK414"]
    assert codes(missing_with(site(publish=day), date(2026, 2, 1))) == ["GK420"]


def test_a_day_of_another_level_has_no_effect() -> None:
    assert codes(late("2026-01-20 09:00", site=site("county", publish="01-15"))) == []


def test_a_day_for_submitting_is_none_for_publishing() -> None:
    assert codes(late("2026-01-20 09:00", site=site(submit="01-15"))) == []


@pytest.mark.xfail(strict=True, reason="the place's own day is told as the day of article 49")
def test_a_day_of_the_place_is_not_called_the_law_s() -> None:
    local = site(publish="01-15")
    (found,) = late("2026-01-16 09:00", site=local)
    assert "第四十九条" not in found.message() or "2026-01-31" in found.message()
