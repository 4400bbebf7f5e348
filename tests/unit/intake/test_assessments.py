"""Sheets and scores are read with their places, and slips never stop the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.domain.corpus import place_of
from gongkai.intake.assessments import load_assessment, load_assessments, load_sheets
from gongkai.intake.walk import Found, walk
from make import codes

SHEET = """title: 考核评分表
max: 5
groups:
  - label: 组织领导
    max: 5
    targets:
      - code: A1
        label: 主要负责人亲自抓
        max: 5
        criteria: [{text: 听取汇报, max: 5}]
"""
SCORES = """title: 自查评分表
sheet: county
published_on: 2026-01-10 09:00
printed_total: 5
自查评分:
  - {项目: A1, 自评分: 5}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in (
        ("vocab/assessments/county.yml", SHEET),
        ("vocab/assessments/broken.yml", "title: 只有名称\n"),
        ("agencies/mzj/assessments/2025.yml", SCORES),
        ("agencies/czj/assessments/2025.yml", SCORES.replace("5\n", "五\n", 1)),
    ):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path


def test_sheets_go_by_the_name_of_their_file(root: Path) -> None:
    loaded = load_sheets(root, walk(root)[0])
    assert list(loaded.sheets) == ["county"]
    assert loaded.sheets["county"].sheet.name == "county"
    assert {(p.place.path, p.code.id) for p in loaded.problems} == {
        ("vocab/assessments/broken.yml", "GK201")
    }


def test_the_digest_changes_with_any_sheet(root: Path) -> None:
    before = load_sheets(root, walk(root)[0]).digest
    (root / "vocab/assessments/county.yml").write_text(SHEET.replace("听取", "研究"), "utf-8")
    assert load_sheets(root, walk(root)[0]).digest != before


def test_scores_go_by_agency_and_year_and_keep_their_places(root: Path) -> None:
    records = load_assessments(root, walk(root)[0])
    assert set(records) == {("mzj", 2025), ("czj", 2025)}
    record = records["mzj", 2025]
    assert record.assessment is not None
    assert record.assessment.points() == {"A1": 5}
    place = place_of(record.path, record.places, "scores.0.points")
    assert (place.line, place.column) == (6, 19)


def test_a_file_with_a_slip_is_a_record_without_scores(root: Path) -> None:
    record = load_assessments(root, walk(root)[0])["czj", 2025]
    assert record.assessment is None
    assert codes(record.problems) == ["GK213"]


def test_another_path_is_a_programmers_slip(root: Path) -> None:
    with pytest.raises(ValueError, match="agency"):
        load_assessment(root, Found("agencies/mzj/agency.yml", 1, 1, "data", "mzj"))
