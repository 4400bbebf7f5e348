"""Rows of ``domain/systems.md`` that count entries: C02, C03, C09, C16 and C28.

Stub entries in the numbers that the seeds state are loaded as any content is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from acceptance.loaded import load, press, tables
from acceptance.project import Page, Project, agency, entry, guide, organisation_code, settings
from acceptance.test_systems import row
from gongkai.derive.statistics import Statistics, all_statistics, count_entries, statistics_address
from gongkai.domain.corpus import Judged
from gongkai.domain.reports.site_counts import count
from gongkai.views.frame import Frame
from gongkai.views.statistics_page import statistics_page

HOST = ("host", "青禾县人民政府办公室", organisation_code(1))
OTHER = ("other", "青禾县档案局", organisation_code(2))
BASE = "presets: [statutory"

# seed 001: what went through 直报系统 in one year
DIRECT = {
    "概况信息": 70,
    "通知公告": 32,
    "工作动态": 264,
    "规范性文件": 13,
    "规划计划": 27,
    "业务工作": 30,
    "重大建设": 1,
    "资金信息": 7,
    "应急管理": 2,
    "统计数据": 7,
    "人事信息": 10,
    "其他": 8,
}
DIRECT_CODES = {name: f"direct-{n:02}" for n, name in enumerate(DIRECT, 1)}
WEAK = {"资金信息": 7, "人事信息": 10, "重大建设": 1, "业务工作": 30}
# seed 004: what the site published in 2017
SONGSHAN = {"党政要闻": 96, "政务公开": 258, "街办动态等": 365, "文件公开": 91}
# seed 002: the county's site in 2011; of the files, 任免 and 公告 are named
FILES, SITE_2011 = (
    {"任免": 40, "公告": 17, "其他文件": 63},
    {"政务信息": 193, "资讯": 253, "办事": 55},
)
NOT_NAMED = 706


def content(root: Path, columns: str, entries: Mapping[str, str]) -> Path:
    """Write two agencies, a column tree and entries; return the folder."""
    project = Project(root)
    settings(project, columns)
    site = (project.content / "site.yml").read_text("utf-8").replace("host: qinghe", "host: host")
    project.write("site.yml", site)
    for code, name, front in (HOST, OTHER):
        project.write(f"agencies/{code}/agency.yml", agency(name, front, "county"))
        project.write(f"agencies/{code}/guide.md", guide(name))
    for path, text in entries.items():
        project.write(path, text)
    return project.content


def stubs(
    numbers: Mapping[str, int], codes: Mapping[str, str], year: int = 2026, **fields: str
) -> dict[str, str]:
    """Return as many stub entries of each column as are asked for."""
    found: dict[str, str] = {}
    for name, wanted in numbers.items():
        for n in range(wanted):
            serial = len(found) + 1
            number = f"{HOST[2]}/{year}-{serial:05}"
            facts = {"column": codes[name], **fields}
            path = f"agencies/host/catalogue/{year}/{serial:04}.md"
            found[path] = entry(number, f"{name}第{n + 1}条", "内容。", **facts)
    return found


def shown(judged: Judged, name: str = "") -> tuple[Statistics, Page]:
    """Return the counts of the site or of an agency, and their page."""
    statistics = all_statistics(judged)[name]
    view = statistics_page(Frame(judged.corpus), statistics)
    return statistics, press("statistics", view, statistics_address(name))


def printed(page: Page, caption: str) -> dict[str, int]:
    """Return the lines of a printed table with their numbers."""
    return {line[0]: int(line[1]) for line in tables(page)[caption]}


@pytest.fixture(scope="module")
def direct(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """The 471 entries of seed 001."""
    columns = f"{BASE}, {{name: direct-reporting, owner: host, agencies: [host]}}]\n"
    root = tmp_path_factory.mktemp("direct")
    return load(content(root, columns, stubs(DIRECT, DIRECT_CODES)))


@row("C02")
def test_c02_loading_471_stub_entries_reproduces_471_and_its_twelve_classes(
    direct: Judged, systems_row: str
) -> None:
    """C02: page totals per class = number of entries; sum = total."""
    assert len(direct.published) == sum(DIRECT.values()) == 471
    for name in ("", "host"):
        statistics, page = shown(direct, name)
        assert statistics.total == 471
        tree = statistics.tree("direct")
        assert {line.label: line.count for line in tree.lines} == DIRECT
        lines = printed(page, "直报栏目：各类条数")
        assert lines.pop("合计") == sum(lines.values()) == 471
        assert lines == DIRECT
        assert printed(page, "按栏目统计")["合计"] == 471
        assert page.facts()["信息总数"] == "471条"
    assert shown(direct, "other")[0].total == 0


@row("C03")
def test_c03_weak_columns_are_listed_by_name(direct: Judged, systems_row: str) -> None:
    """C03: a column with 0 or below-floor entries is listed by name."""
    corpus = direct.corpus
    facts = (corpus.columns, corpus.vocabularies, corpus.agencies)
    coverage = count_entries(direct.published, *facts, agency="host", floor=31).coverage
    low = {line.label.rpartition("·")[2]: line.count for line in coverage.low}
    assert low.items() >= WEAK.items()
    assert sum(low[name] for name in WEAK) == 48
    assert {"概况信息", "通知公告", "工作动态"}.isdisjoint(low)
    _, page = shown(direct, "host")
    listed = page.one("section", "gk-statistics__coverage").text()
    assert "不足4条的栏目" in listed and "重大建设 1条" in listed
    empty = [line.label for line in shown(direct)[0].coverage.empty]
    assert "机构职能" in empty and all(name in listed for name in empty)


@row("C16")
def test_c16_the_four_classes_of_a_site_add_up_to_810(tmp_path: Path, systems_row: str) -> None:
    """C16: sum check, 96 + 258 + 365 + 91 = 810."""
    codes = {name: f"web-{n}" for n, name in enumerate(SONGSHAN, 1)}
    children = ", ".join(f"{{code: {codes[name]}, name: {name}, period: 6m}}" for name in SONGSHAN)
    top = f"  - {{code: web, name: 网站信息, period: 6m, children: [{children}]}}\n"
    columns = f"{BASE}]\ncolumns:\n{top}"
    judged = load(content(tmp_path, columns, stubs(SONGSHAN, codes)))
    statistics, page = shown(judged)
    assert statistics.tree("web").total == sum(SONGSHAN.values()) == 810
    lines = printed(page, "网站信息：各类条数")
    assert lines.pop("合计") == 810
    assert lines == SONGSHAN


@row("C09")
def test_c09_a_report_counts_its_breakdown_from_the_entries(
    tmp_path: Path, systems_row: str
) -> None:
    """C09: 文件120 (任免40, 公告17), 政务信息193, 资讯253, 办事55, total 1327."""
    codes = {"任免": "posts", "公告": "calls", "其他文件": "files"} | {
        name: f"c{n}" for n, name in enumerate((*SITE_2011, "其余"), 1)
    }
    types = {"政务信息": "工作动态", "资讯": "工作动态", "办事": "办事服务", "其余": "概况信息"}
    tops = "".join(
        f"  - {{code: {codes[name]}, name: {name}, period: 6m, type: {kind}}}\n"
        for name, kind in types.items()
    )
    columns = (
        f"{BASE}]\ncolumns:\n"
        "  - code: files\n    name: 政府文件\n    period: 6m\n    type: 政策文件\n    children:\n"
        "      - {code: posts, name: 任免, period: 6m, type: 政策文件}\n"
        "      - {code: calls, name: 公告, period: 6m, type: 政策文件}\n" + tops
    )
    wanted = {**FILES, **SITE_2011, "其余": NOT_NAMED}
    entries = stubs(wanted, codes, year=2011, migrated_on="2026-01-05")
    judged = load(content(tmp_path, columns, entries))
    statistics, page = shown(judged)
    assert statistics.total == 1327
    lines = printed(page, "按栏目统计")
    assert lines["政府文件"] == 120, "an entry counts once in each ancestor"
    assert {name: lines[name] for name in SITE_2011} == SITE_2011
    assert sum(lines[name] for name in ("政府文件", *SITE_2011)) == 621
    assert lines["合计"] == 1327
    inside = printed(page, "政府文件：各类条数")
    assert (inside["任免"], inside["公告"], inside["合计"]) == (40, 17, 120)
    assert [line.code for line in statistics.years.lines] == ["2011"]
    found = [record.entry for record in judged.published if record.entry]
    counted = {
        name: len(count(f"site.{name}", found, judged.corpus.columns, 2011))
        for name in ("total", "type.概况类", "type.政务动态", "type.信息公开目录")
    }
    assert counted == {
        "total": 1327,
        "type.概况类": 706,
        "type.政务动态": 446,
        "type.信息公开目录": 175,
    }


@row("C28")
def test_c28_an_entry_of_several_channels_counts_once_in_the_total(
    tmp_path: Path, systems_row: str
) -> None:
    """C28: per-channel counts; item counted once in the total (seed 003's note on its form)."""
    given = (
        ("政府网站", "[website]", 3),
        ("政府网站和公报", "[website, gazette]", 2),
        ("公报、报刊、查阅室", "[gazette, newspaper, reading_room]", 1),
    )
    entries: dict[str, str] = {}
    for name, channels, wanted in given:
        for n in range(wanted):
            serial = len(entries) + 1
            entries[f"agencies/other/catalogue/2026/{serial}.md"] = entry(
                f"{OTHER[2]}/2026-{serial:05}",
                f"经{name}公开的第{n + 1}条",
                column="rules",
                channels=channels,
            )
    statistics, page = shown(load(content(tmp_path, f"{BASE}]\n", entries)), "other")
    assert (statistics.channels.total, statistics.channels.added) == (6, 10)
    assert printed(page, "按公开方式统计") == {
        "政府公报": 3,
        "政府网站": 5,
        "报刊": 1,
        "公共查阅室": 1,
        "各行相加（一条信息有几种方式的重复计）": 10,
        "合计（每条信息只计一次）": 6,
    }
    assert "总数只计一条，在每种方式里各计一条" in page.text
