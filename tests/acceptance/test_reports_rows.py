"""Rows of ``domain/systems.md`` on yearly reports and counts, through the real build or check.

``pytest tests/acceptance -k M08`` runs the checks of row M08.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from acceptance.loaded import load, tables
from acceptance.project import (
    AGENCIES,
    ROOT,
    Node,
    Page,
    Project,
    agency,
    built_offices,
    entry,
    guide,
    new_project,
    organisation_code,
    prose,
    report,
    settings,
    where_to,
    zero_tables,
)
from acceptance.test_assessment import MAXIMA, OWN
from acceptance.test_statistics import (
    DIRECT,
    DIRECT_CODES,
    FILES,
    NOT_NAMED,
    SITE_2011,
    SONGSHAN,
    printed,
)
from acceptance.test_systems import row
from gongkai.kernel.problems import Problem

Pages = dict[str, Page]
MZJ = "青禾县民政局"
OLD, ARCHIVE = "agencies/zhanjiang/reports/2014.md", "agencies/archive/reports/2014.md"


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The built office; it must not be changed."""
    return built_offices(tmp_path_factory.getbasetemp())[0]


def problems(content: Path, path: str) -> list[Problem]:
    """Return what the real loader and every rule say of one file."""
    return [one for one in load(content).problems if one.place.path == path]


def serious(found: list[Problem]) -> list[tuple[str, str]]:
    return [(x.code.id, x.severity.value) for x in found if x.severity.value != "note"]


def seed(tmp_path: Path, name: str) -> Path:
    """Return content that holds one historical body of the demonstration and the host."""
    content = tmp_path / "content"
    wanted = {name, "qinghe"}

    def others(folder: str, names: list[str]) -> list[str]:
        return [n for n in names if n not in wanted] if Path(folder).name == "agencies" else []

    shutil.copytree(ROOT / "content", content, ignore=others)
    shutil.rmtree(content / "agencies" / "qinghe" / "reports")
    return content


def archive(office: Project, tmp_path: Path) -> Path:
    """Return the content of the office with the reports of its archive alone."""
    content = tmp_path / "content"
    shutil.copytree(office.content, content, ignore=shutil.ignore_patterns("register", "202?.md"))
    shutil.rmtree(content / "agencies" / "harbour")
    return content


def bureau(tmp_path: Path, text: str, year: int = 2025, name: str = "mzj") -> Project:
    """Return a project of two bodies, one of which has a report."""
    project = Project(tmp_path / "project")
    settings(project)
    for code in ("qinghe", "mzj"):
        full, front, level = AGENCIES[code]
        above = {} if code == "qinghe" else {"parent": "qinghe", "guide": "parent"}
        project.write(f"agencies/{code}/agency.yml", agency(full, front, level, **above))
    project.write("agencies/qinghe/guide.md", guide(AGENCIES["qinghe"][0]))
    project.write(f"agencies/{name}/reports/{year}.md", text)
    return project


def edit(content: Path, path: str, old: str, new: str) -> int:
    """Replace a text that stands once, and return its line."""
    file = content / path
    text = file.read_text("utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    file.write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def build_refuses(project: Project, code: str) -> None:
    """Assert that the command names the error and leaves no site."""
    for folder in ("theme", "site_src"):
        shutil.copytree(ROOT / folder, project.root / folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "mkdocs.yml", project.root)
    result = project.run("build")
    assert result.code == 1
    assert code in result.said
    assert not project.site.exists()


def named(page: Page) -> dict[str, tuple[str, str]]:
    """Return the value and unit of each figure that a page lists by name."""
    lines = tables(page)["报告中的主要数字（照原件）"]
    return {name: (value, unit) for name, value, unit in lines}


@row("M08")
def test_m08_training_and_equipment_are_typed_figures(
    demo: Project, pages: Pages, systems_row: str
) -> None:
    """M08: training 6次区23人次; 3万元 equipment: values typed, each with its unit."""
    figures = named(pages["a/zhanjiang/report/2014.html"])
    assert figures["参加网上办事服务大厅筹备培训"] == ("6", "次")
    assert figures["培训人次"] == ("23", "人次")
    assert figures["添置办公设备投入"] == ("3", "万元")
    text = (demo.site / "data" / "reports.csv").read_bytes().decode("utf-8-sig")
    tidy = {
        line["row"]: (line["indicator"], line["value"], line["unit"])
        for line in csv.DictReader(io.StringIO(text))
        if (line["agency"], line["year"]) == ("zhanjiang", "2014")
    }
    assert tidy["training_persons"] == ("training_people", "23", "人次")
    assert tidy["equipment_funds"] == ("", "3", "万元")
    assert demo.data("series")["values"]["training_people"]["zhanjiang"] == {"2014": "23"}


@row("M08")
@pytest.mark.parametrize(
    ("shown", "name"),
    [("培训6次", "培训"), ("参加培训23人次", "参加培训"), ("设备投入3万元", "设备投入")],
)
def test_m08_prose_that_says_another_number_is_asked_about(
    office: Project, tmp_path: Path, systems_row: str, shown: str, name: str
) -> None:
    """M08: prose equals the block; a changed figure is a question at its line."""
    content = archive(office, tmp_path)
    assert serious(problems(content, ARCHIVE)) == []
    old = f"\n{shown}。" if name == "培训" else f"。{shown}。"
    line = edit(content, ARCHIVE, old, old.replace(name, f"{name}1")) + old.startswith("\n")
    found = [x for x in problems(content, ARCHIVE) if x.severity.value != "note"]
    assert [(x.code.id, x.place.line, x.facts["label"]) for x in found] == [("GK489", line, name)]


@row("M08")
def test_m08_the_seed_s_prose_repeats_its_block(pages: Pages, systems_row: str) -> None:
    """M08: 6次、23人次 and 3万元 stand in the prose of seed 000 as in its block."""
    text = pages["a/zhanjiang/report/2014.html"].one("div", "gk-prose").text()
    assert "培训6次、23人次" in text and "设备购置投入3万元" in text


@row("M08")
def test_m08_a_value_that_is_no_number_fails(tmp_path: Path, systems_row: str) -> None:
    """M08: values typed."""
    content = seed(tmp_path, "zhanjiang")
    edit(content, OLD, "name: 培训人次, value: 23", "name: 培训人次, value: 二十余")
    assert ("GK406", "error") in serious(problems(content, OLD))


@row("M08")
def test_m08_training_and_equipment_are_summed_across_years(
    office: Project, systems_row: str
) -> None:
    """M08: summed across years: 6 + 4 次, 23 + 31 人次, 3 + 2 万元."""
    sums = {
        line[0]: line[1:] for line in tables(office.page("a/archive/report/index.html"))["历年合计"]
    }
    assert sums["培训"] == ["2014—2015年", "10", "次"]
    assert sums["接受培训人员"] == ["2014—2015年", "54", "人次"]
    assert sums["设备投入"] == ["2014—2015年", "5", "万元"]


@row("M12")
def test_m12_the_built_sheet_shows_the_sums_and_the_blanks(pages: Pages, systems_row: str) -> None:
    """M12: 100 points, 90 claimed; sum check; blanks flagged."""
    page = pages["a/wuhai/assessment/2017.html"]
    lines = {line[0]: [int(n) for n in line[1:]] for line in tables(page)["各考核项目的满分和自评"]}
    assert lines.pop("合计（本站相加）") == [100, 90, 10]
    assert lines == {name: [most, OWN[name], most - OWN[name]] for name, most in MAXIMA.items()}
    assert page.facts()["各项相加"] == "90分，与原表总计相符"
    assert len(page.all("td", "gk-score__number--blank")) == 2


@row("C26")
def test_c26_each_file_of_the_built_list_is_on_the_site(
    demo: Project, pages: Pages, systems_row: str
) -> None:
    """C26: each listed file resolves; 考核制度 stands twice and is reported."""
    address = "a/wuhai/assessment/2017.html"
    page = pages[address]
    section = next(n for n in page.all("section") if n.attrs.get("aria-labelledby") == "files")
    links = [n.attrs["href"] for n in section.walk() if n.tag == "a"]
    assert len(links) == 12
    for link in links:
        target, _, anchor = link.partition("#")
        where = where_to(address, target)
        assert (demo.site / where).is_file(), link
        assert not anchor or anchor in {n.attrs.get("id") for n in pages[where].nodes}, link
    assert "与第4（2）项重复" in section.text()


def board(project: Project, year: int) -> dict[str, dict[str, str]]:
    """Return the lines of the office's own board by agency."""
    text = (project.root / "build" / "audit" / f"board-{year}.csv").read_bytes()
    return {line["agency"]: line for line in csv.DictReader(io.StringIO(text.decode("utf-8-sig")))}


@row("M14")
def test_m14_a_missing_and_a_late_report_are_flagged(
    office: Project, tmp_path: Path, systems_row: str
) -> None:
    """M14: missing/late (>1-31 or >3-31) report flagged, by check, on the board and on pages."""
    lines = board(office, 2023)
    late, missing = lines["bureau"], lines["qinghe"]
    assert (late["state"], late["publish_due"], late["days_late"]) == ("late", "2024-01-31", "20")
    assert (missing["state"], missing["publish_due"]) == ("not_submitted", "2024-03-31")
    assert int(missing["days_late"]) > 900
    # a check opens the cache, which another process may be copying
    said = office.copy_to(tmp_path / "office", with_build=True).problems()
    found = [p for p in said if p["path"] == "agencies/bureau/reports/2023.md"]
    assert [(p["code"], p["line"]) for p in found] == [("GK414", 4)]
    assert "2024-01-31" in found[0]["message"]
    gone = [p for p in said if p["code"] == "GK420"]
    assert "agencies/bureau/agency.yml" in {p["path"] for p in gone}, "there is none on 2025"
    assert all("2025年" in p["message"] and p["severity"] == "warning" for p in gone)
    timing = {
        line[0]: line[3]
        for line in tables(office.page("a/bureau/report/index.html"))[
            "青禾县自然资源局政府信息公开年报"
        ]
    }
    assert timing["2023年"] == "逾期（期限1月31日）"
    assert timing["2024年"] == "按时（期限1月31日）"
    shown = office.page("a/bureau/report/2023.html").facts()["发布期限"]
    assert shown == "2024年1月31日（逾期20天发布）"


@row("M14")
@pytest.mark.parametrize(
    ("name", "day", "due"),
    [("qinghe", "2026-04-01", "2026-03-31"), ("mzj", "2026-02-01", "2026-01-31")],
)
def test_m14_governments_have_until_march_and_departments_until_january(
    tmp_path: Path, systems_row: str, name: str, day: str, due: str
) -> None:
    """M14: late is after 1-31 for departments, after 3-31 for governments."""
    full = AGENCIES[name][0]
    path = f"agencies/{name}/reports/2025.md"
    for published, wanted in ((f"{day} 09:00", [due]), (f"{due} 18:00", [])):
        text = report(full, 2025, tables=zero_tables(), published_on=published)
        project = bureau(tmp_path / published[:10], text, name=name)
        found = [x for x in problems(project.content, path) if x.code.id == "GK414"]
        assert [x.facts["limit"] for x in found] == wanted


@row("M14")
def test_m14_the_page_of_seed_002_is_five_years_late_because_it_moved(
    demo: Project, pages: Pages, tmp_path: Path, systems_row: str
) -> None:
    """M14: seed 002's page date of 2017-01-17 is a migration, not a late publication."""
    path = "agencies/mengjin/reports/2011.md"
    lines = tables(pages["a/mengjin/report/index.html"])["孟津县人民政府政府信息公开年报"]
    assert [(line[0], line[3]) for line in lines] == [("2011年", "迁移不计")]
    facts = pages["a/mengjin/report/2011.html"].facts()
    assert facts["迁移日期"] == "2017年1月17日"
    content = seed(tmp_path, "mengjin")
    edit(content, path, "published_on: 2012-02-29", "published_on: 2017-01-17")
    assert "GK414" not in {x.code.id for x in problems(content, path)}


@row("M14")
def test_m14_a_report_of_the_old_law_is_late_after_march_too(
    tmp_path: Path, systems_row: str
) -> None:
    """M14: under the rules of 2007 every body had until 31 March; five years later is late."""
    text = report(
        MZJ,
        2011,
        "## 概述\n\n本年主动公开政府信息12条。\n",
        form="legacy",
        published_on="2017-01-17",
        time_unknown="true",
    )
    project = bureau(tmp_path, text, 2011)
    found = problems(project.content, "agencies/mzj/reports/2011.md")
    assert [(x.code.id, x.facts.get("limit")) for x in found] == [("GK414", "2012-03-31")]


@row("M20")
@pytest.mark.parametrize("part", ["overview", "problems", "other"])
@pytest.mark.parametrize("text", ["", "<!-- 待补 -->"])
def test_m20_an_empty_prose_section_is_refused(
    tmp_path: Path, systems_row: str, part: str, text: str
) -> None:
    """M20: prose sections non-empty."""
    label = {"overview": "总体情况", "problems": "存在的主要问题", "other": "其他需要报告的事项"}
    body = prose(**{part: text})
    project = bureau(tmp_path, report(MZJ, 2025, body, tables=zero_tables()))
    path = "agencies/mzj/reports/2025.md"
    (found,) = problems(project.content, path)
    assert (found.code.id, found.severity.value) == ("GK494", "error")
    assert label[part] in found.facts["label"]
    if (part, text) == ("other", ""):
        build_refuses(project, "GK494")


@row("M20")
def test_m20_a_section_that_is_not_there_is_refused(tmp_path: Path, systems_row: str) -> None:
    """M20: prose sections non-empty; each of the three is named."""
    project = bureau(tmp_path, report(MZJ, 2025, "说明。\n", tables=zero_tables()))
    found = problems(project.content, "agencies/mzj/reports/2025.md")
    assert [(x.code.id, x.severity.value) for x in found] == [("GK411", "error")] * 3


@row("M23")
def test_m23_a_problem_without_a_measure_is_warned_of(tmp_path: Path, systems_row: str) -> None:
    """M23: each problem has a measure (report part 五)."""
    listed = [
        {"problem": "少数单位漏报", "measure": "逐月通报", "status": "正在整改"},
        {"problem": "系统建而不用"},
    ]
    project = bureau(tmp_path, report(MZJ, 2025, tables=zero_tables(), problems=listed))
    (found,) = problems(project.content, "agencies/mzj/reports/2025.md")
    assert (found.code.id, found.severity.value) == ("GK485", "warning")
    assert found.facts == {"problem": "系统建而不用"}
    line = found.place.line
    text = (project.content / "agencies/mzj/reports/2025.md").read_text("utf-8")
    assert "系统建而不用" in text.splitlines()[line - 1]
    assert project.run("check").code == 0
    assert project.run("check", "--strict").code == 1


@row("M23")
def test_m23_every_problem_of_the_demonstration_stands_with_its_measure(
    demo: Project, pages: Pages, systems_row: str
) -> None:
    """M23: 问题清单 stands in part 五, each problem with its measure and 整改 status."""
    page = pages["a/mzj/report/2025.html"]
    part = next(
        n
        for n in page.all("div", "gk-part")
        if any(c.attrs.get("id", "").endswith("problems") for c in n.walk())
    )
    for words in (
        "最长晚了11个工作日",
        "报送时间提前到季后第3个工作日",
        "正在整改，2026年底前完成",
    ):
        assert words in part.text()
    for page in pages.values():
        if page.all("article", "gk-report"):
            assert "整改措施：（未填）" not in page.text


def line_of(cell: Node) -> Node:
    """Return what the row of a cell belongs to: the head or the body of its table."""
    assert cell.parent is not None and cell.parent.parent is not None
    return cell.parent.parent


def cells_of(page: Page, table: str) -> list[str]:
    """Return the texts of the figures of a table as a wide screen shows it."""
    figure = next(n for n in page.nodes if n.attrs.get("id") == f"t-{table}")
    wide = [n for n in figure.walk() if "gk-only-wide" in n.classes] or [figure]
    return [n.text() for n in wide[0].walk() if n.tag == "td"]


@row("R04")
def test_r04_a_zero_report_prints_0_in_all_its_200_cells(office: Project, systems_row: str) -> None:
    """R04: zero report renders 0 in all 200 cells, no blanks."""
    page = office.page("a/whitestone/report/2024.html")
    sizes = {table: sum(map(len, rows.values())) for table, rows in zero_tables().items()}
    found = {table: cells_of(page, table) for table in sizes}
    assert {table: len(cells) for table, cells in found.items()} == sizes
    assert sum(sizes.values()) == 200
    assert {text for cells in found.values() for text in cells} == {"0"}
    assert "（未填）" not in page.text
    narrow = [n for n in page.nodes if "gk-only-narrow" in n.classes]
    shown = [
        n.text()
        for box in narrow
        for n in box.walk()
        if n.tag == "b" or (n.tag == "td" and line_of(n).tag == "tbody")
    ]
    assert shown and set(shown) == {"0"}
    assert page.all("section", "gk-charts") == [], "nothing is drawn from zeros"
    assert "没有收到政府信息公开申请" in page.one("dl", "gk-digest__list").text()


@row("R04")
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("a/zhanjiang/report/2014.html", "依申请公开政府信息申请"),
        ("a/mengjin/report/2011.html", "依申请公开申请"),
    ],
)
def test_r04_the_old_reports_state_their_zeros(
    pages: Pages, systems_row: str, address: str, name: str
) -> None:
    """R04: no requests, no fees, no 复议/诉讼 in seeds 000 and 002."""
    figures = named(pages[address])
    assert figures[name] == ("0", "件")
    assert next(v for k, v in figures.items() if "行政诉讼" in k) == ("0", "件")


@row("S05")
def test_s05_the_block_of_the_seed_stands_in_its_prose(pages: Pages, systems_row: str) -> None:
    """S05: 17 letters answered, 56 calls, 9 breaches corrected; 24 h phone."""
    page = pages["a/zhanjiang/report/2014.html"]
    figures, text = named(page), page.one("div", "gk-prose").text()
    for name, words in (
        ("处理与反馈网上群众来信", "网上群众来信处理和反馈{}"),
        ("市民投诉咨询电话", "投诉咨询电话24小时值守，全年{}"),
        ("及时纠正或处理违纪违规行为", "纠正或者处理违规行为{}"),
    ):
        assert words.format("".join(figures[name])) in text
    assert [figures[name][0] for name in figures if name.startswith(("处理", "市民", "及时"))] == [
        "17",
        "56",
        "9",
    ]


@row("S05")
@pytest.mark.parametrize(
    ("key", "name", "unit"), [("letters", "群众来信", "件"), ("accepted", "受理", "件")]
)
@pytest.mark.parametrize("side", ["prose", "block"])
def test_s05_a_number_in_prose_that_differs_from_the_block_is_a_question(
    office: Project, tmp_path: Path, systems_row: str, key: str, name: str, unit: str, side: str
) -> None:
    """S05: numbers in prose equal front-matter data; change one → question."""
    content = archive(office, tmp_path)
    text = (content / ARCHIVE).read_text("utf-8")
    (value,) = re.findall(rf"key: {key}\n  name: {name}\n  value: '(\d+)'", text)
    if side == "prose":
        line = edit(content, ARCHIVE, f"{name}{value}件。", f"{name}{value}1件。")
    else:
        old = f"key: {key}\n  name: {name}\n  value: '{value}'"
        edit(content, ARCHIVE, old, old.replace(value, f"{value}1"))
        line = 1 + text[: text.index(f"{name}{value}件。")].count("\n")
    (found,) = [x for x in problems(content, ARCHIVE) if x.severity.value != "note"]
    assert (found.code.id, found.severity.value, found.place.line) == ("GK489", "warning", line)
    assert found.facts["label"] == name


CASES = [
    {"key": "accepted", "name": "受理", "value": "9541", "unit": "件"},
    {"key": "closed", "name": "办结", "value": "7766", "unit": "件"},
    {"key": "cases", "name": "审批件", "value": "16437", "unit": "件"},
]
RATE = {"name": "办结率", "part": "closed", "whole": "accepted"}
AT_MOST = {"left": "closed", "right": "accepted", "name": "办结数不大于受理数"}


def old_report(tmp_path: Path, **fields: Any) -> Project:
    """Return a project with a report of named figures."""
    body = "## 概述\n\n全年受理9541件，办结7766件，审批件16437件。\n"
    facts = {"form": "legacy", "published_on": "2014-01-20", "time_unknown": "true"}
    return bureau(tmp_path, report(MZJ, 2013, body, **{**facts, "figures": CASES, **fields}), 2013)


@row("P06")
def test_p06_the_rate_stands_on_the_page_with_its_formula(
    office: Project, pages: Pages, systems_row: str
) -> None:
    """P06: 办结 ≤ 受理; rate 81.4% printed with its formula."""
    shown = office.page("a/archive/report/2015.html").one("dl", "gk-rates").text()
    assert shown == "办结率81.4%＝7766÷9541 （办结÷受理）"
    seeds = pages["a/zhuhui/report/2009.html"].one("dl", "gk-rates").text()
    assert "81.4%＝7766÷9541" in seeds


@row("P06")
@pytest.mark.parametrize(
    ("stated", "wanted"), [("81.4%", []), ("81.40%", []), ("84.1%", [("GK486", "error")])]
)
def test_p06_a_wrong_rate_fails(
    tmp_path: Path, systems_row: str, stated: str, wanted: list[tuple[str, str]]
) -> None:
    """P06: 7766/9541 is 81.4 %, and nothing else."""
    project = old_report(tmp_path, rates=[{**RATE, "stated": stated}])
    found = problems(project.content, "agencies/mzj/reports/2013.md")
    assert serious(found) == wanted
    if wanted:
        assert "7766÷9541＝81.4%" in found[0].message()
        build_refuses(project, "GK486")


@row("P06")
def test_p06_more_closed_than_accepted_fails(tmp_path: Path, systems_row: str) -> None:
    """P06: 办结 ≤ 受理, as a declared relation and as the parts of a rate."""
    swapped = [{**CASES[0], "value": "7766"}, {**CASES[1], "value": "9541"}, CASES[2]]
    for fields in ({"relations": [AT_MOST]}, {"rates": [RATE]}):
        project = old_report(tmp_path / str(len(fields)) / next(iter(fields)), **fields)
        path = "agencies/mzj/reports/2013.md"
        assert serious(problems(project.content, path)) == []
        file = project.content / path
        text = file.read_text("utf-8").replace("9541", "X").replace("7766", "9541")
        file.write_text(text.replace("X", "7766"), "utf-8")
        assert ("GK409", "error") in serious(problems(project.content, path)), fields
    assert swapped[0]["value"] < swapped[1]["value"]


@row("P08")
@pytest.mark.parametrize("words", ["近3倍", "是去年的近3倍"])
@pytest.mark.parametrize(
    ("previous", "wanted"),
    [
        ("5600", []),
        ("5479", []),
        ("", [("GK487", "warning")]),
        ("5000", [("GK488", "warning")]),
        ("16000", [("GK488", "warning")]),
    ],
)
def test_p08_nearly_three_times_needs_last_year_s_value(
    tmp_path: Path, systems_row: str, words: str, previous: str, wanted: list[tuple[str, str]]
) -> None:
    """P08: 16437 cases ≈3× last year: claims "近3倍" need last year's value."""
    claim = {"figure": "cases", "words": words, **({"previous": previous} if previous else {})}
    project = old_report(tmp_path, growth=[claim])
    file = project.content / "agencies/mzj/reports/2013.md"
    text = file.read_text("utf-8").replace("审批件16437件。", "审批件16437件，是去年的近3倍。")
    file.write_text(text, "utf-8")
    assert serious(problems(project.content, "agencies/mzj/reports/2013.md")) == wanted


@row("P08")
def test_p08_a_claim_in_prose_without_any_base_is_told(tmp_path: Path, systems_row: str) -> None:
    """P08: the words alone, without a row in ``growth``, are told where they stand."""
    project = old_report(tmp_path)
    path = "agencies/mzj/reports/2013.md"
    line = edit(project.content, path, "审批件16437件。", "审批件16437件，是去年的近3倍。")
    (found,) = problems(project.content, path)
    assert (found.code.id, found.place.line) == ("GK487", line)
    assert "近3倍" in found.facts["words"]


@row("P08")
def test_p08_the_seed_says_that_last_year_s_value_is_not_known(
    pages: Pages, systems_row: str
) -> None:
    """P08: seed 004's claim stands with the note that the base is missing; nothing is invented."""
    page = pages["a/songshan/report/2017.html"]
    checks = "".join(n.text() for n in page.all("section", "gk-checks"))
    assert "近3倍" in checks and "没有上年" in checks
    assert named(page)["办理审批件"] == ("16437", "件")
    assert not any("上年" in name for name in named(page))


# the counts of the seeds, loaded as stub entries and built by the command

COLUMNS = """presets: [statutory, {name: direct-reporting, owner: direct, agencies: [direct]}]
columns:
  - code: web
    name: 网站信息
    period: 6m
    children:
      - {code: web-1, name: 党政要闻, period: 6m}
      - {code: web-2, name: 政务公开, period: 6m}
      - {code: web-3, name: 街办动态等, period: 6m}
      - {code: web-4, name: 文件公开, period: 6m}
  - code: files
    name: 政府文件
    period: 6m
    type: 政策文件
    children:
      - {code: posts, name: 任免, period: 6m, type: 政策文件}
      - {code: calls, name: 公告, period: 6m, type: 政策文件}
  - {code: c1, name: 政务信息, period: 6m, type: 工作动态}
  - {code: c2, name: 资讯, period: 6m, type: 工作动态}
  - {code: c3, name: 办事, period: 6m, type: 办事服务}
  - {code: c4, name: 其余, period: 6m, type: 概况信息}
"""
BODIES = {
    "direct": ("珠江区人民政府办公室", organisation_code(1)),
    "street": ("松江新区管理委员会", organisation_code(2)),
    "county": ("孟水县人民政府办公室", organisation_code(3)),
    "media": ("青禾县档案局", organisation_code(4)),
}
WEB_CODES = {name: f"web-{n}" for n, name in enumerate(SONGSHAN, 1)}
COUNTY = {**FILES, **SITE_2011, "其余": NOT_NAMED}
COUNTY_CODES = {"任免": "posts", "公告": "calls", "其他文件": "files"} | {
    name: f"c{n}" for n, name in enumerate((*SITE_2011, "其余"), 1)
}
CHANNELS = ("[website]",) * 3 + ("[website, gazette]",) * 2 + ("[gazette, newspaper]",)


def stubs(
    body: str, numbers: dict[str, int], codes: dict[str, str], year: int, **fields: str
) -> dict[str, str]:
    """Return as many stub entries of each column as are asked for."""
    found: dict[str, str] = {}
    for name, wanted in numbers.items():
        for n in range(1, wanted + 1):
            serial = len(found) + 1
            number = f"{BODIES[body][1]}/{year}-{serial:05}"
            facts = {"column": codes[name], **fields}
            text = entry(number, f"{name}第{n}条", "内容。", **facts)
            found[f"agencies/{body}/catalogue/{year}/{serial:04}.md"] = text
    return found


@pytest.fixture(scope="session")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The entries of three seeds and of one form's note, each as a body of its own, built."""
    project = new_project(tmp_path_factory.mktemp("counted") / "project")
    settings(project, COLUMNS)
    project.edit("content/site.yml", "host: qinghe", "host: direct")
    for code, (name, front) in BODIES.items():
        project.write(f"agencies/{code}/agency.yml", agency(name, front, "county"))
        project.write(f"agencies/{code}/guide.md", guide(name))
    entries = stubs("direct", DIRECT, DIRECT_CODES, 2026)
    entries |= stubs("street", SONGSHAN, WEB_CODES, 2026)
    entries |= stubs("county", COUNTY, COUNTY_CODES, 2011, migrated_on="2026-01-05")
    for n, channels in enumerate(CHANNELS, 1):
        path = f"agencies/media/catalogue/2026/{n}.md"
        number = f"{BODIES['media'][1]}/2026-{n:05}"
        entries[path] = entry(number, f"第{n}条", column="rules", channels=channels)
    for path, text in entries.items():
        project.write(path, text)
    project.build()
    return project


Count = Callable[[str, str], dict[str, int]]


@pytest.fixture
def count(counted: Project) -> Count:
    """Return the lines of a table on the statistics page of a body, or of the site."""

    def lines(body: str, caption: str) -> dict[str, int]:
        address = f"a/{body}/statistics.html" if body else "d/statistics.html"
        return printed(counted.page(address), caption)

    return lines


def adds_up(lines: dict[str, int]) -> int:
    """Return the printed total of a table, which its other lines must make."""
    total = lines.pop("合计")
    assert sum(lines.values()) == total
    return total


@row("C02")
def test_c02_the_built_page_of_471_entries_says_471(
    counted: Project, count: Count, systems_row: str
) -> None:
    """C02: page totals per class = number of entries; sum = total = 471."""
    lines = count("direct", "直报栏目：各类条数")
    assert adds_up(lines) == 471
    assert lines == DIRECT
    assert counted.page("a/direct/statistics.html").facts()["信息总数"] == "471条"
    rows = [r for r in counted.data("catalogue")["entries"] if r["agency"] == "direct"]
    codes = [r["column"] for r in rows]
    assert {name: codes.count(DIRECT_CODES[name]) for name in DIRECT} == DIRECT


@row("C16")
def test_c16_the_built_page_of_four_classes_says_810(count: Count, systems_row: str) -> None:
    """C16: 96 + 258 + 365 + 91 = 810."""
    lines = count("street", "网站信息：各类条数")
    assert adds_up(lines) == 810
    assert lines == SONGSHAN


@row("C09")
def test_c09_the_built_page_itemises_621_of_1327(count: Count, systems_row: str) -> None:
    """C09: 文件120 (任免40, 公告17), 政务信息193, 资讯253, 办事55, total 1327."""
    inside = count("county", "政府文件：各类条数")
    assert (inside["任免"], inside["公告"], inside["合计"]) == (40, 17, 120)
    lines = count("county", "按栏目统计")
    assert {name: lines[name] for name in SITE_2011} == SITE_2011
    assert sum(lines[name] for name in ("政府文件", *SITE_2011)) == 621
    assert adds_up(lines) == 1327
    assert adds_up(count("", "按发布年份统计")) == 471 + 810 + 1327 + len(CHANNELS)


@row("C28")
def test_c28_the_built_page_counts_channels_each_and_the_entry_once(
    count: Count, systems_row: str
) -> None:
    """C28: per-channel counts; item counted once in the total."""
    lines = count("media", "按公开方式统计")
    assert lines["合计（每条信息只计一次）"] == 6
    assert lines["各行相加（一条信息有几种方式的重复计）"] == 9
    assert (lines["政府网站"], lines["政府公报"], lines["报刊"]) == (5, 3, 1)
