"""A 公示期: when it is over, and what may still be said of an entry afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongkai.domain.entry import Entry, is_notice_over, without_text
from gongkai.domain.kinds import KINDS
from make import codes, make_entry

DAYS = {"from": "2026-03-05", "to": "2026-03-11"}
MARK = "暗记甲乙丙"


@pytest.mark.parametrize(
    ("today", "is_over"), [("2026-03-05", False), ("2026-03-11", False), ("2026-03-12", True)]
)
def test_a_notice_is_over_on_the_day_after_its_last(today: str, is_over: bool) -> None:
    assert is_notice_over(make_entry(notice=DAYS), date.fromisoformat(today)) is is_over


def test_an_entry_without_a_notice_is_never_over() -> None:
    assert not is_notice_over(make_entry(), date(2200, 1, 1))


def test_the_day_after_a_notice_is_one_on_which_the_page_turns() -> None:
    assert make_entry(notice=DAYS).turning_days() == (date(2026, 3, 12),)


@pytest.mark.parametrize(
    "days",
    [{"from": "2026-03-12", "to": "2026-03-11"}, {"from": "2026-03-01", "to": "2026-03-04"}],
)
def test_a_notice_ends_after_it_begins_and_is_published(days: dict[str, str]) -> None:
    assert codes(make_entry(notice=days).slips()) == ["GK756"]


def marked(kind: str) -> Entry:
    """Return an entry with a mark in every field that takes any text, and in its own fields."""
    texts = ("summary", "addressees", "annotation", "contact", "discrepancy_note")
    marks: dict[str, Any] = dict.fromkeys(texts, MARK)
    marks |= {key: [MARK] for key in ("tags", "keywords", "signature")}
    marks["deadline_basis"] = MARK
    marks["attachments"] = [{"file": f"{MARK}.txt", "title": MARK}]
    marks["changes"] = [{"date": "2026-03-06", "kind": "update", "note": MARK}]
    marks["reprint_of"] = {"title": MARK}
    own = {
        "service": {"conditions": [MARK], "materials": [{"name": MARK}], "result": MARK},
        "institution": {"duties": [MARK], "divisions": [{"name": MARK, "duties": MARK}]},
        "consultation": {"reply_to": MARK},
        "decision": {"decision_basis": [MARK]},
        "work_report": {"period": MARK},
    }
    hidden = {**DAYS, "hide_title": True}
    return make_entry(kind, **marks, **own.get(kind, {}), title=MARK, notice=hidden)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_free_text_is_left_of_any_kind(kind: str) -> None:
    entry = marked(kind)
    assert MARK in entry.model_dump_json()
    shown = without_text(entry)
    assert MARK not in shown.model_dump_json()
    assert type(shown) is type(entry) and shown.index_number == entry.index_number
    assert without_text(shown) == shown


def test_the_title_stays_where_nobody_hides_it() -> None:
    entry = make_entry(notice=DAYS)
    assert without_text(entry).title == entry.title


def test_what_is_left_of_an_entry_is_still_an_entry() -> None:
    """It goes through the cache as JSON and comes back the same."""
    shown = without_text(marked("service"))
    kept = shown.model_dump(mode="json", exclude_defaults=True)
    assert type(shown).model_validate(kept).model_dump() == shown.model_dump()
