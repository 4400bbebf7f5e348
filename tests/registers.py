"""Synthetic registers of requests, the same for the same seed: sound rows of several years."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from datetime import date, timedelta

from gongkai.domain.register import (
    APPLICANTS,
    CHANNELS,
    OUTCOMES,
    RESULTS,
    SUIT_KINDS,
    Application,
)

TOPICS = {"land": "土地征收", "budget": "财政资金", "welfare": "社会救助", "planning": "规划建设"}
FIELDS = tuple(Application.model_fields)
LABELS = {key: str(info.title) for key, info in Application.model_fields.items()}


def row_of(**fields: object) -> dict[str, str]:
    """Return the cells of a sound row, unanswered, with changes."""
    row = {
        "number": "2025-001",
        "received_on": "2025-03-03",
        "channel": "online",
        "applicant": "natural",
        "topic": "land",
    }
    return {**row, **{key: str(value) for key, value in fields.items()}}


def make_application(**fields: object) -> Application:
    """Return a request of 3 March 2025, unanswered, with changes."""
    return Application.model_validate(row_of(**fields))


def csv_of(rows: Sequence[dict[str, str]], *, header: Sequence[str] = FIELDS) -> str:
    """Return rows as the text of a sheet with Chinese headers, lines ending as on Unix."""
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow([LABELS[key] for key in header])
    sheet.writerows([row.get(key, "") for key in header] for row in rows)
    return text.getvalue()


def synthetic(seed: int, rows: int, years: Sequence[int]) -> dict[int, str]:
    """Return the CSV text of each year's register, ``rows`` requests in all.

    The rows are sound: they give no problem when read. One in twenty is never answered, answers
    of the last weeks of a year fall into the next, and what would happen after the last year
    has not happened yet. Codes and Chinese labels are mixed as editors mix them.
    """
    dice = random.Random(seed)
    sheets: dict[int, list[dict[str, str]]] = {year: [] for year in years}
    last = date(max(years), 12, 31)
    days = sorted(
        date(dice.choice(years), 1, 1) + timedelta(days=dice.randrange(365)) for _ in range(rows)
    )
    for received in days:
        sheet = sheets[received.year]
        row = row_of(
            number=f"{received.year}-{len(sheet) + 1:04}",
            received_on=received,
            channel=_written(dice, CHANNELS.labels),
            applicant=_written(dice, APPLICANTS.labels),
            topic=_written(dice, TOPICS),
        )
        for key, value in _course(dice, received).items():
            if not isinstance(value, date) or value <= last:
                row[key] = str(value)
        sheet.append(_settled(row))
    return {year: csv_of(sheet) for year, sheet in sheets.items()}


def _written(dice: random.Random, labels: dict[str, str]) -> str:
    code = dice.choice([*labels])
    return code if dice.random() < 0.5 else labels[code]


def _course(dice: random.Random, received: date) -> dict[str, object]:
    """Return what happens to one request, whenever it would happen."""
    found: dict[str, object] = {}
    day = received

    def later(least: int, most: int) -> date:
        nonlocal day
        day += timedelta(days=dice.randint(least, most))
        return day

    if dice.random() < 0.15:
        found["correction_notified_on"] = later(0, 6)
        found["corrected_on"] = later(1, 15)
    if dice.random() < 0.1:
        found["third_party_asked_on"] = later(1, 5)
        found["third_party_answered_on"] = later(2, 15)
    if dice.random() < 0.1:
        found["consulted_on"] = later(1, 5)
        found["consultation_answered_on"] = later(2, 15)
    if dice.random() < 0.1:
        found["extended_on"] = later(3, 15)
    if dice.random() < 0.05:
        return found
    found["answered_on"] = later(1, 25)
    found["outcome"] = _written(dice, OUTCOMES.labels)
    if dice.random() < 0.05:
        found["fee"] = dice.randrange(0, 5000, 100)
    is_reviewed = dice.random() < 0.1
    if is_reviewed:
        found["review_filed_on"] = later(5, 60)
        found["review_closed_on"] = later(20, 90)
        found["review_result"] = _written(dice, RESULTS.labels)
    if dice.random() < 0.06:
        found["suit_filed_on"] = later(5, 15)
        found["suit_kind"] = [*SUIT_KINDS.labels][is_reviewed]
        found["suit_closed_on"] = later(60, 300)
        found["suit_result"] = _written(dice, RESULTS.labels)
    return found


def _settled(row: dict[str, str]) -> dict[str, str]:
    """Take away results of what has not been dated."""
    for day, result in (
        ("answered_on", "outcome"),
        ("review_closed_on", "review_result"),
        ("suit_filed_on", "suit_kind"),
        ("suit_closed_on", "suit_result"),
    ):
        if day not in row:
            row.pop(result, None)
    return row
