"""What the prose check asks about real reports and about those of the demonstration."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai.domain.reports.prose import (
    Mismatch,
    check_claims,
    check_named,
    claims,
    growth_claims,
    plain_lines,
    similarity,
)

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"
REPORTS = sorted(ROOT.glob("content/agencies/*/reports/*.md"))
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample reports are not here")

CLASSES = ("natural", "enterprise", "research", "charity", "legal", "other_org", "total")
ROWS = {
    "new": "received",
    "partial": "partly_granted",
    "total": "concluded",
    "results_total": "concluded",
    "deny": "refused",
    "denied": "refused",
    "unable": "unavailable",
    "refuse": "not_processed",
    "np": "not_processed",
    "other": "otherwise_closed",
}
Values = dict[tuple[str, str], Decimal]


def request_values(rows: dict[str, list[Any]]) -> Values:
    """Return table three by indicator and class; sub-rows are added up."""
    values: Values = {}
    for key, cells in rows.items():
        stem = key.rstrip("0123456789").split("_")[0]
        indicator = ROWS.get(key) or ROWS.get(stem) or key
        for name, cell in zip(CLASSES, cells, strict=True):
            if cell is not None:
                pair = indicator, name
                values[pair] = values.get(pair, Decimal(0)) + Decimal(cell)
    for indicator in {indicator for indicator, _ in values}:
        parts = [values[indicator, name] for name in CLASSES[1:-1]]
        values[indicator, "organisations"] = sum(parts, Decimal(0))
    return values


def other_values(
    normative: list[Any], decisions: list[Any], review: list[Any], court: list[list[Any]]
) -> Values:
    """Return tables two and four by indicator; a table that is not there is an empty list."""
    both = [sum(pair) for pair in zip(*court, strict=True)]
    names = ("normative_issued", "normative_repealed", "normative_in_force")
    found = dict(zip(names, normative, strict=False))
    found |= dict(zip(("licences", "penalties", "coercions", "fees"), decisions, strict=False))
    for stem, cells in (("reconsideration", review), ("litigation", both)):
        if cells:
            found |= {f"{stem}_upheld": cells[0], f"{stem}_corrected": cells[1], stem: cells[4]}
    return {(key, "total"): Decimal(str(value)) for key, value in found.items()}


def sample_values(name: str) -> Values:
    data = yaml.safe_load((SAMPLES / "reports" / name / "tables.yaml").read_text("utf-8"))
    shown = data["active_disclosure"]
    keys = ("行政许可", "行政处罚", "行政强制", "行政事业性收费（万元）")
    return request_values({row["key"]: row["values"] for row in data["rows"]}) | other_values(
        shown.get("行政规范性文件") or shown["规范性文件"],
        [shown[key] for key in keys],
        data["行政复议"],
        [data["未经复议直接起诉"], data["复议后起诉"]],
    )


def front_matter_values(tables: dict[str, Any]) -> Values:
    """Return the figures that a report's front matter holds; the site works out the others."""
    cells = {
        row: values if isinstance(values, list) else [values]
        for rows in tables.values()
        for row, values in rows.items()
    }
    decisions = [
        cells[key][0] for key in ("licence", "penalty", "coercion", "fees") if key in cells
    ]
    return request_values(tables.get("s3_requests", {})) | other_values(
        cells.get("normative", []),
        decisions if len(decisions) == 4 else [],
        cells.get("review", []),
        [cells[key] for key in ("litigation_direct", "litigation_after_review") if key in cells],
    )


def asker(values: Values) -> Callable[[str, str], Decimal | None]:
    return lambda indicator, applicant: values.get((indicator, applicant))


def sample_lines(name: str) -> list[tuple[int, str]]:
    text = (SAMPLES / "reports" / name / "text.txt").read_text("utf-8")
    return list(enumerate(text.split("\n"), 1))


def questions(name: str) -> dict[tuple[str, str], Mismatch]:
    """Return what is asked about a sample, by indicator and class of applicants."""
    year = json.loads((SAMPLES / "reports" / name / "meta.json").read_text("utf-8"))["year"]
    found = claims(sample_lines(name), year)
    assert len(found) >= 7
    return {(m.indicator, m.applicant): m for m in check_claims(found, asker(sample_values(name)))}


@needs_samples
def test_reviews_and_lawsuits_on_file_are_asked_about_as_another_count() -> None:
    asked = questions("r-suqian-2024")
    review, court = asked.pop(("reconsideration", "total")), asked.pop(("litigation", "total"))
    assert (review.claimed, review.stated, review.kind) == (134, 170, "other_count")
    assert (court.claimed, court.stated) == (57, 77)
    assert court.kind in {"other_count", "differs"}
    (both,) = asked.values()
    assert (both.claimed, both.stated, both.kind) == (3646, 3525, "includes_carried")


@needs_samples
def test_requests_with_carried_ones_are_asked_about_by_class() -> None:
    asked = questions("r-pingtan-2022")
    assert {pair: (m.claimed, m.stated, m.kind) for pair, m in asked.items()} == {
        ("received", "total"): (75, 74, "includes_carried"),
        ("received", "natural"): (72, 71, "includes_carried"),
    }


@needs_samples
@pytest.mark.parametrize("name", ["r-suqian-2023", "r-kewei-2024"])
def test_reports_that_agree_give_no_false_alarm(name: str) -> None:
    asked = questions(name)
    assert {m.kind for m in asked.values()} <= {"includes_carried"}
    if name == "r-kewei-2024":
        assert asked == {}


@needs_samples
@pytest.mark.parametrize("name", ["r-pingtan-2016", "r-pingtanxian-2012"])
def test_older_reports_claim_only_what_they_deny(name: str) -> None:
    found = claims(sample_lines(name), int(name[-4:]))
    assert {claim.value for claim in found} == {0}
    assert ("received" in {claim.indicator for claim in found}) == (name == "r-pingtan-2016")


@needs_samples
def test_a_comparison_with_last_year_is_found_with_its_figure() -> None:
    found = growth_claims(sample_lines("r-suqian-2023"))
    assert (Decimal(3607), Decimal("1.703")) in {(one.figure, one.times) for one in found}


@needs_samples
def test_two_years_of_one_city_are_not_alike() -> None:
    def prose(name: str, *spans: tuple[int, int]) -> str:
        lines = [text for _, text in sample_lines(name)]
        return "\n".join("\n".join(lines[a - 1 : b]) for a, b in spans)

    before = prose("r-suqian-2023", (1, 95), (400, 413), (416, 422))
    now = prose("r-suqian-2024", (1, 94), (393, 407))
    found = similarity(now, before)
    assert 0.15 < found.ratio < 0.3
    assert not found.is_alike
    assert [passage.characters > 40 for passage in found.longest] == [True] * 3


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_the_demonstration_gives_no_false_alarm(path: Path) -> None:
    _, front, body = path.read_text("utf-8").split("---\n", 2)
    data, year = yaml.safe_load(front), int(path.stem)
    lines = plain_lines(body, front.count("\n") + 3)
    found = claims(lines, year)
    if data["form"] == "2021":
        values = front_matter_values(data.get("tables") or {})
        assert len(found) > 5
        assert list(check_claims(found, asker(values))) == []
    rows = [
        (row["key"], row["name"], Decimal(str(row["value"])), row.get("unit", "条"))
        for row in data.get("figures", ())
    ]
    assert list(check_named(lines, rows, year)) == []
    source = path.read_text("utf-8").split("\n")
    for claim in found:
        assert source[claim.line - 1][claim.column - 1] in "0123456789一二两三四五六七八九十没未无"


def test_the_reports_of_two_bodies_are_read_almost_whole() -> None:
    for agency, least in (("mzj", 15), ("qinghe", 15)):
        path = ROOT / f"content/agencies/{agency}/reports/2025.md"
        front, body = path.read_text("utf-8").split("---\n", 2)[1:]
        assert len(claims(plain_lines(body, front.count("\n") + 3), 2025)) >= least
