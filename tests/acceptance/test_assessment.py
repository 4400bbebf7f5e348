"""Rows C26 and M12 of ``domain/systems.md``: the self-assessment and its list of evidence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from acceptance.loaded import load, press, tables
from acceptance.project import ROOT, Node, Page
from acceptance.test_systems import row
from gongkai.derive.directory import build_directory
from gongkai.derive.evidence import Examiner, assessment_address, public_assessments
from gongkai.domain.assessment import reckon
from gongkai.domain.corpus import Judged
from gongkai.domain.rules.assessments import judge_assessments
from gongkai.kernel.problems import Problem
from gongkai.views.assessment_page import assessment_page
from gongkai.views.frame import Frame

SCORES = "agencies/wuhai/assessments/2017.yml"
SHEET = "vocab/assessments/wuhai-2017.yml"
MAXIMA = {"组织领导": 20, "制度机设": 10, "政府信息公开": 40, "政务服务": 10, "回应解读": 20}
OWN = {"组织领导": 20, "制度机设": 10, "政府信息公开": 40, "政务服务": 8, "回应解读": 12}
# seed 003 附件2: the lines that the same body filled in
STATISTICS = """---
title: 乌海市民委2017年度政务公开工作统计表
form: "2017"
published_on: 2018-01-11
time_unknown: true
discrepancy_note: 原件的出入照录。
tables:
  statistics:
    meetings: 1
    staff: 2
    staff_part_time: 2
    training_people: 2
    hall: 否
    hall_supervised_online: 否
    online_services: 否
review: {checked_on: 2026-11-10, reviewer: 编辑审核岗, result: 可以公开}
---
## 说明

统计表中填有数字的各项。
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The demonstration's content, with the statistics of 附件2 as the report of its form."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    reports = tmp_path / "content/agencies/wuhai/reports"
    for old in reports.glob("2017.*"):
        old.unlink()
    (reports / "2017.md").write_text(STATISTICS, "utf-8")
    return tmp_path / "content"


def problems(judged: Judged) -> list[Problem]:
    corpus = judged.corpus
    return list(
        judge_assessments(corpus.assessment_sheets, corpus.assessments, corpus.by_index_number)
    )


def page_of(judged: Judged) -> Page:
    ((record, scored),) = public_assessments(judged)
    assert record.assessment is not None
    examiner = Examiner(judged, build_directory(judged))
    found = examiner.examine(record.agency, record.year, scored.sheet, record.assessment)
    view = assessment_page(
        Frame(judged.corpus), record, scored.sheet, found, judged.published_numbers
    )
    return press("assessment", view, assessment_address(record.agency, record.year))


def target(page: Page, label: str) -> Node:
    """Return the lines of one target."""
    (found,) = [
        body
        for body in page.all("tbody")
        for head in body.walk()
        if "gk-score__target" in head.classes and head.text().startswith(label)
    ]
    return found


def edit(content: Path, path: str, old: str, new: str) -> None:
    file = content / path
    text = file.read_text("utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    file.write_text(text.replace(old, new), "utf-8")


@row("M12")
def test_m12_the_sheet_adds_up_and_its_blanks_are_flagged(content: Path, systems_row: str) -> None:
    """M12: 100 points, 90 claimed; sum check; blanks flagged."""
    judged = load(content)
    record = judged.corpus.assessments["wuhai", 2017]
    sheet = judged.corpus.assessment_sheets["wuhai-2017"].sheet
    assert record.assessment is not None
    result = reckon(sheet, record.assessment)
    assert {one.group.label: int(one.group.max) for one in result.groups} == MAXIMA
    assert {one.group.label: int(one.score) for one in result.groups} == OWN
    assert (sheet.max, result.score, record.assessment.printed_total) == (100, 90, 90)
    assert result.blanks == ("D3", "E4")
    assert {(x.code.id, x.severity.value) for x in problems(judged)} == {
        ("GK474", "note"),
        ("GK477", "note"),
    }
    page = page_of(judged)
    lines = {line[0]: [int(n) for n in line[1:]] for line in tables(page)["各考核项目的满分和自评"]}
    assert lines.pop("合计（本站相加）") == [100, 90, 10]
    assert lines == {name: [most, OWN[name], most - OWN[name]] for name, most in MAXIMA.items()}
    facts = page.facts()
    assert facts["各项相加"] == "90分，与原表总计相符"
    assert facts["未评分项目"] == "网上政务平台（2分）、公众参与（3分）"
    blanks = [n.text() for n in page.all("td", "gk-score__number--blank")]
    assert blanks == ["空白", "空白"]


@row("M12")
@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        (SCORES, "printed_total: 90", "printed_total: 91", "GK470"),
        (SCORES, "{item: D2, points: 3}", "{item: D2, points: 4}", "GK471"),
        (
            SHEET,
            "text: 进驻便民服务中心或设分厅, max: 2",
            "text: 进驻便民服务中心, max: 3",
            "GK472",
        ),
        (SCORES, "{item: D2, points: 3}", "{item: D9, points: 3}", "GK473"),
        (
            SCORES,
            "  - {check: E4, note: 公众参与一栏（3分）",
            "  - {note: 公众参与一栏（3分）",
            "GK474",
        ),
    ],
)
def test_m12_a_slip_in_scores_or_maxima_is_found(
    content: Path, path: str, old: str, new: str, code: str, systems_row: str
) -> None:
    """M12: sums, maxima, unknown items and unexplained blanks."""
    edit(content, path, old, new)
    serious = {x.code.id for x in problems(load(content)) if x.severity.value != "note"}
    assert code in serious


@row("M12")
def test_m12_a_claim_and_the_statistics_that_contradict_it_stand_side_by_side(
    content: Path, systems_row: str
) -> None:
    """M12: 实体服务大厅 3/3 claimed, 附件2 says 否; 网上办事 left blank and 否."""
    page = page_of(load(content))
    hall = target(page, "实体服务大厅")
    assert "自评3分，扣除与本站信息不符的标准，至多1分" in hall.text()
    assert "不符 统计表“（一）是否设立实体办事大厅”填“否”" in hall.text()
    links = [n.attrs["href"] for n in hall.walk() if n.tag == "a"]
    assert links == ["../../../a/wuhai/report/2017.html"]
    platform = target(page, "网上政务平台").text()
    assert "未自评此分" in platform and "不符" not in platform
    assert page.facts()["与本站不符"] == "1项"
    meetings = target(page, "主要负责人亲自抓").text()
    assert "印证 统计表“（一）召开政府信息公开工作会议或专题会议数”填“1”" in meetings


@row("C26")
def test_c26_each_listed_file_resolves_and_the_one_that_stands_twice_is_reported(
    content: Path, systems_row: str
) -> None:
    """C26: each listed file resolves; duplicates reported (考核制度 twice)."""
    judged = load(content)
    written = yaml.safe_load((content / SCORES).read_text("utf-8"))
    assert len(written["files"]) == 12
    again = [x for x in problems(judged) if x.code.id == "GK477"]
    assert [x.facts["title"] for x in again] == ["乌海市民委政务公开工作考核制度"]
    assert (again[0].facts["number"], again[0].facts["other"]) == ("4（4）", "4（2）")
    page = page_of(judged)
    lines = tables(page)["文件材料清单"]
    assert [line[0] for line in lines] == [str(file["number"]) for file in written["files"]]
    assert "与第4（2）项重复" in lines[6][3]
    section = next(n for n in page.all("section") if n.attrs.get("aria-labelledby") == "files")
    links = [n.attrs["href"] for n in section.walk() if n.tag == "a"]
    numbers = {f"../../../i/{number}.html" for number in judged.published_numbers}
    assert len(links) == 12
    assert [link for link in links if link not in numbers] == [
        "../../../a/wuhai/index.html#leaders"
    ]
    assert "清单列12行，重复1行，不重复的11行；12行可以找到。" in section.text()


@row("C26")
def test_c26_a_file_of_no_known_place_is_reported(content: Path, systems_row: str) -> None:
    """C26: an entry that is not there is an error; a line without any place is told."""
    edit(content, SCORES, "市民委2017年政务公开工作要点, entry: LY0000111/2017-00003", "要点")
    edit(
        content,
        SCORES,
        "责任追究制度, entry: LY0000111/2017-00008",
        "责任追究制度, entry: LY0000111/2017-00088",
    )
    found = {x.code.id for x in problems(load(content))}
    assert {"GK217", "GK478"} <= found
