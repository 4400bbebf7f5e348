"""What an entry can judge about itself: validity, clearance, dates, what it must not carry."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from gongkai.domain.entry import Instrument, Validity
from make import CLEARED, codes, make_entry

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("changes", "validity"),
    [
        ({}, Validity.NOT_APPLICABLE),
        ({"document_number": "青民发〔2026〕12号"}, Validity.NOT_APPLICABLE),
        ({"instrument": "normative"}, Validity.IN_FORCE),
        ({"instrument": "rule"}, Validity.IN_FORCE),
        ({"effective_on": "2026-11-20"}, Validity.IN_FORCE),
        ({"effective_on": "2026-11-21"}, Validity.NOT_YET),
        ({"expires_on": "2026-11-20"}, Validity.IN_FORCE),
        ({"expires_on": "2026-11-19"}, Validity.EXPIRED),
        ({"repealed_on": "2026-11-20"}, Validity.REPEALED),
        ({"repealed_on": "2026-11-21"}, Validity.IN_FORCE),
        ({"repealed_on": "2026-11-01", "expires_on": "2026-10-01"}, Validity.REPEALED),
        ({"instrument": "normative", "validity": "partly"}, Validity.PARTLY),
        ({"validity": "amended", "expires_on": "2026-11-19"}, Validity.EXPIRED),
    ],
)
def test_validity_follows_the_dates(changes: dict[str, str], validity: Validity) -> None:
    assert make_entry(**changes).validity_on(TODAY) is validity


def test_validity_changes_on_the_turning_days_and_on_no_other() -> None:
    entry = make_entry(
        effective_on="2026-04-01",
        expires_on="2026-08-31",
        repealed_on="2026-10-01",
        instrument="rule",
    )
    days = [date.fromordinal(n) for n in range(date(2026, 3, 1).toordinal(), TODAY.toordinal())]
    turns = {b for a, b in pairwise(days) if entry.validity_on(a) != entry.validity_on(b)}
    assert turns == {date(2026, 4, 1), date(2026, 9, 1), date(2026, 10, 1)}
    assert turns <= set(entry.turning_days())


@pytest.mark.parametrize(
    ("disclosure", "result", "cleared"),
    [
        ("proactive", "可以公开", True),
        ("proactive", "同意公开", True),
        ("proactive", "暂不公开", False),
        ("proactive", "依申请公开", False),
        ("proactive", "不予公开", False),
        ("on_request", "依申请公开", True),
        ("on_request", "不予公开", False),
        ("withheld", "不予公开", True),
        ("withheld", "依申请公开", False),
    ],
)
def test_a_review_clears_what_it_says(disclosure: str, result: str, cleared: bool) -> None:
    entry = make_entry(disclosure=disclosure, review={**CLEARED, "result": result})
    assert entry.has_clearance is cleared


def test_no_review_is_no_clearance() -> None:
    assert not make_entry(review=None).has_clearance


def test_a_document_number_makes_an_official_document() -> None:
    assert make_entry().standing is Instrument.NONE
    assert make_entry(document_number="青民发〔2026〕12号").standing is Instrument.OFFICIAL
    assert (
        make_entry(document_number="青民发〔2026〕12号", instrument="rule").standing
        is Instrument.RULE
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"published_on": "2026-03-01 09:00"}, ["GK219"]),
        ({"published_on": "2026-03-02 00:00"}, []),
        ({"published_on": "2026-03-05"}, ["GK221"]),
        ({"published_on": "2026-03-05", "time_unknown": "是"}, []),
        ({"effective_on": "2026-01-01"}, []),
        ({"repealed_on": "2026-03-01", "repealed_by": "青民发〔2026〕2号"}, ["GK219"]),
        ({"repealed_on": "2026-04-01"}, ["GK218"]),
        ({"effective_on": "2026-05-01", "expires_on": "2026-04-30"}, ["GK219"]),
        ({"disclosure": "on_request"}, ["GK214"]),
        ({"disclosure": "withheld", "attachments": [{"file": "a.pdf"}]}, ["GK214", "GK215"]),
        ({"review": None}, ["GK222"]),
        ({"document_number": "青民发[2026]12号"}, ["GK210"]),
        ({"document_number": "青民发〔201*〕12号"}, ["GK211"]),
        ({"document_number": "青民发12"}, ["GK209"]),
        ({"summary": "概" * 300}, []),
        ({"summary": "概" * 301}, ["GK239"]),
        ({"title": "……"}, ["GK601"]),
        ({"validity": "expired"}, ["GK232"]),
        ({"validity": "expired", "expires_on": "2026-10-01"}, []),
    ],
)
def test_an_entry_names_its_own_slips(changes: dict[str, Any], expected: list[str]) -> None:
    if changes.get("disclosure") == "on_request":
        changes = {**changes, "review": {**CLEARED, "result": "依申请公开"}}
    assert codes(make_entry(**changes).slips()) == expected


def test_the_parts_of_an_index_number() -> None:
    entry = make_entry()
    assert (entry.front, entry.back) == ("QH0000028", "2026-00001")
