"""The files beside yearly reports: when they are made anew, what turns them off, the board."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from acceptance.project import (
    AGENCIES,
    REVIEW,
    ROOT,
    Page,
    Project,
    Result,
    agency,
    ask_reports,
    assert_same,
    built_offices,
    ended,
    entry,
    guide,
    new_project,
    prose,
    read_page,
    report,
    settings,
    where_to,
    zero_tables,
)
from gongkai.pipeline.cache import Cache
from gongkai.press.writers.portable import why_not

KINDS = ("docx", "pdf", "xlsx", "json")
MADE = KINDS if why_not() is None else ("docx", "xlsx", "json")
MZJ = "a/mzj/report"
YEARS = (2024, 2025)
STEMS = (*(f"{MZJ}/{year}" for year in YEARS), "a/czj/report/2025", "a/qinghe/report/2025")
REGISTER = """登记号,收到日期,申请渠道,申请人类别,主题,答复日期,办理结果
{year}-1,{year}-02-05,网络,自然人,拆迁,{year}-02-20,予以公开
{year}-2,{year}-12-20,网络,自然人,其他,{next}-01-05,予以公开
"""
MEASURES = "agencies/mzj/catalogue/2024/1.md"


@pytest.fixture(scope="session")
def offices(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Project]:
    """The office, built in two places; neither must be changed."""
    return built_offices(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def office(offices: tuple[Project, Project]) -> Project:
    return offices[0]


def start(root: Path, options: str) -> Project:
    """Return a bureau with two counted reports, and two other bodies with one each; not built.

    The reports link to a document of the bureau.
    """
    project = new_project(root)
    settings(project)
    ask_reports(project, options)
    for code, (name, front, level) in AGENCIES.items():
        above = {} if code == "qinghe" else {"parent": "qinghe", "guide": "parent"}
        project.write(f"agencies/{code}/agency.yml", agency(name, front, level, **above))
    project.write("agencies/qinghe/guide.md", guide(AGENCIES["qinghe"][0]))
    document = entry(
        "QH0000028/2024-00001",
        "关于印发救助办法的通知",
        document_number="青民规〔2024〕1号",
        column="normative",
        instrument="normative",
        review=REVIEW.replace("2026", "2024"),
    )
    project.write(MEASURES, document)
    body = prose("见[救助办法](../../mzj/catalogue/2024/1.md)。")
    for year in YEARS:
        sheet = REGISTER.format(year=year, next=year + 1)
        project.write(f"agencies/mzj/register/{year}.csv", sheet)
        text = report(
            AGENCIES["mzj"][0],
            year,
            body,
            computed=["s2_art20_1", "s3_requests", "s4_review"],
            tables=zero_tables("s2_art20_5", "s2_art20_6", "s2_art20_8"),
        )
        project.write(f"agencies/mzj/reports/{year}.md", text)
    for code in ("czj", "qinghe"):
        text = report(AGENCIES[code][0], 2025, body, tables=zero_tables(), invented="true")
        project.write(f"agencies/{code}/reports/2025.md", text)
    return project


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The bureau, built with every kind of file; it must not be changed."""
    root = tmp_path_factory.mktemp("bureau")
    project = start(root / "project", "{outputs: [docx, pdf, xlsx, json]}")
    project.build("--strict")
    return project.copy_to(root / "kept", with_build=True)


@pytest.fixture
def project(bureau: Project) -> Project:
    """The bureau where it was built, so that what stands is built upon; free to be changed."""
    root = bureau.root.with_name("project")
    shutil.rmtree(root)
    return bureau.copy_to(root, with_build=True)


def files(project: Project) -> set[str]:
    """Return the addresses of the files beside reports."""
    return {a for a in project.tree() if re.search(r"/report/\d+\.(docx|pdf|xlsx|json)$", a)}


def wanted(*kinds: str) -> set[str]:
    return {f"{stem}.{kind}" for stem in STEMS for kind in kinds}


def links(page: Page) -> list[str]:
    """Return the kinds of files that a report offers."""
    found = [n for box in page.all("ul", "gk-outputs__list") for n in box.walk() if n.tag == "a"]
    assert all("download" in n.attrs for n in found)
    return [n.attrs["href"].rpartition(".")[2] for n in found]


def stamps(project: Project) -> dict[str, int]:
    return {a: (project.site / a).stat().st_mtime_ns for a in project.tree()}


def keys(project: Project) -> dict[str, str]:
    """Return what each published file was last made for, by address."""
    cache = Cache(project.cache)
    try:
        return {a: page.key for a, page in cache.pages(str(project.site.resolve())).items()}
    finally:
        cache.close()


def edit(project: Project, path: str, old: str, new: str) -> None:
    file = project.root / path
    text = file.read_text("utf-8")
    assert old in text, (path, old)
    file.write_text(text.replace(old, new), "utf-8")


# the same bytes everywhere


def test_two_places_and_surroundings_make_the_same_office(
    offices: tuple[Project, Project],
) -> None:
    here, there = offices
    left = here.tree()
    assert {a.rpartition(".")[2] for a in files(here)} == {"docx", "xlsx", "json"}
    assert_same(left, there.tree())
    boards = [
        {path.name: path.read_bytes() for path in (one.root / "build" / "audit").iterdir()}
        for one in offices
    ]
    assert boards[0] == boards[1] != {}


def test_every_kind_of_file_is_among_what_the_demonstration_compares(demo: Project) -> None:
    """What ``test_reproducible`` compares byte by byte holds each kind of file that can be made."""
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert "outputs: [docx, pdf, xlsx, json]" in text or "outputs" not in text
    made = {a.rpartition(".")[2] for a in files(demo)}
    assert made == {*KINDS} - {"pdf"}, "the offices built twice hold PDFs"


def test_packages_hold_no_clock(office: Project) -> None:
    """A .docx or .xlsx tells the day of its report and no other."""
    for address in sorted(files(office)):
        if not address.endswith(("docx", "xlsx")):
            continue
        with zipfile.ZipFile(io.BytesIO((office.site / address).read_bytes())) as package:
            assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = package.read("docProps/core.xml").decode()
        (page,) = [office.page(re.sub(r"\.\w+$", ".html", address))]
        day = page.tags["PubDate"][0][:10]
        assert set(re.findall(r"20\d\d-\d\d-\d\d", core)) == {day}, address


# what makes a file anew


def test_an_unchanged_second_build_writes_nothing(project: Project) -> None:
    before = stamps(project)
    for path in project.root.rglob("*.md"):
        path.touch()  # a file that was touched just now is read again
    assert "没有变化" in project.build().err
    assert stamps(project) == before


def test_the_theme_changes_pages_and_no_file_beside_them(project: Project) -> None:
    before, old = stamps(project), keys(project)
    edit(project, "theme/assets/gk.css", ".gk-page", "/* later */ .gk-page")
    edit(project, "theme/pages/report.html", "<article", "<!-- later --><article")
    project.build()
    after, new = stamps(project), keys(project)
    for address in wanted(*MADE):
        assert (after[address], new[address]) == (before[address], old[address]), address
    for year in YEARS:
        assert "<!-- later -->" in project.text(f"{MZJ}/{year}.html")


EDITS = (
    # of the bureau: what its reports count, and what they link to
    ("content/agencies/mzj/register/2024.csv", "02-20,予以公开", "02-20,部分公开"),
    (f"content/{MEASURES}", "救助办法的", "低保办法的"),
    # of another body alone: its files say that it is of history
    ("content/agencies/czj/agency.yml", "level: dep", "collection: history\nlevel: dep"),
    # of the whole site: the address in links of a PDF, a word that is printed there
    ("content/site.yml", "www.qinghe.", "www.green."),
    ("theme/words/zh.json", '"report.invented": "演示', '"report.invented": "演示用的'),
)


def test_files_follow_whatever_they_print(project: Project, tmp_path: Path) -> None:
    """Building on what stands gives each file that a build from nothing gives.

    Each edit concerns files that no other edit gives a reason to make anew.
    """
    for change in EDITS:
        edit(project, *change)
    clean = project.copy_to(tmp_path / "clean")
    for result in map(ended, [one.start("build") for one in (project, clean)]):
        assert result.code == 0, result.said
    assert_same(project.tree(), clean.tree())


# what turns a file off


def test_no_output_leaves_no_file_and_no_link(project: Project) -> None:
    assert files(project) == wanted(*MADE)
    for year in YEARS:
        assert links(project.page(f"{MZJ}/{year}.html")) == list(MADE)
    ask_reports(project, "{outputs: [], audit_dir: office/board}")
    project.build()
    assert files(project) == set()
    assert {path.name for path in (project.root / "office" / "board").iterdir()} == {
        f"board-{year}.{kind}" for year in YEARS for kind in ("html", "csv")
    }, "the board goes where it is asked to go"
    for year in YEARS:
        text = project.text(f"{MZJ}/{year}.html")
        assert links(read_page(text)) == []
        assert "下载本报告" not in text
    assert project.page(f"{MZJ}/2025.html").one("a", "gk-outputs__basis")
    left = {a for a in project.tree() if a.startswith("data/reports.")}
    assert left == {"data/reports.csv", "data/reports.json"}, "the data of all reports remain"


def test_each_output_may_be_turned_off_alone(project: Project) -> None:
    before = {address: (project.site / address).read_bytes() for address in files(project)}
    for kind in sorted(MADE, key="json xlsx docx pdf".index):
        rest = [one for one in KINDS if one != kind]
        ask_reports(project, f"{{outputs: [{', '.join(rest)}]}}")
        project.build()
        kept = [one for one in rest if one in MADE]
        assert files(project) == wanted(*kept), kind
        assert links(project.page(f"{MZJ}/2025.html")) == kept
        assert_same(
            {a: before[a] for a in wanted(*kept)},
            {a: (project.site / a).read_bytes() for a in files(project)},
            kind,
        )


def test_an_unknown_output_is_refused(project: Project) -> None:
    ask_reports(project, "{outputs: [ofd]}")
    before = project.tree()
    result = project.start("build")
    _, said = result.communicate(timeout=60)
    assert result.returncode != 0 and b"ofd" in said
    assert_same(before, project.tree())


# the board that the office keeps for itself


def board(project: Project, year: int) -> dict[str, dict[str, str]]:
    text = (project.root / "build" / "audit" / f"board-{year}.csv").read_bytes()
    return {line["agency"]: line for line in csv.DictReader(io.StringIO(text.decode("utf-8-sig")))}


def test_a_board_of_each_year_lies_beside_the_site_and_not_in_it(office: Project) -> None:
    folder = office.root / "build" / "audit"
    years = (2014, 2015, 2022, 2023, 2024, 2025)
    assert {path.name for path in folder.iterdir()} == {
        f"board-{year}.{kind}" for year in years for kind in ("html", "csv")
    }
    assert [a for a in office.tree() if "board" in a] == []
    named = [a for a, data in office.tree().items() if b"board-20" in data]
    assert [a for a in named if not a.startswith("help/")] == []


def test_the_board_says_who_is_late_missing_and_on_time(office: Project) -> None:
    lines = board(office, 2024)
    assert list(lines) == ["qinghe", "archive", "bureau", "harbour", "whitestone"]
    states = {code: line["state"] for code, line in lines.items()}
    assert states == {
        "qinghe": "not_submitted",
        "archive": "not_submitted",
        "bureau": "on_time",
        "harbour": "on_time",
        "whitestone": "undated",
    }
    assert {line["errors"] for line in lines.values()} <= {"0", ""}
    late = board(office, 2023)["bureau"]
    assert (late["state"], late["late_steps"], late["days_late"]) == ("late", "publish", "20")
    page = read_page((office.root / "build/audit/board-2023.html").read_text("utf-8"))
    assert page.h1 == "2023年度政府信息公开年报报送和发布情况"
    text = {
        row.children[0].text(): row.text()  # type: ignore[union-attr]
        for row in page.all("tr")
        if row.parent and row.parent.tag == "tbody"
    }
    assert "逾期晚20天发布逾期" in text["青禾县自然资源局"].replace(" ", "")
    assert "未报送已超期" in text["青禾县人民政府办公室"].replace(" ", "")
    assert page.all("a") == page.all("script") == page.all("link") == []


def test_the_board_is_public_when_asked_and_only_then(office: Project, tmp_path: Path) -> None:
    project = office.copy_to(tmp_path / "office", with_build=True)
    ask_reports(project, "{outputs: [docx, xlsx, json], public_board: true}")
    project.build()
    years = (2014, 2015, 2022, 2023, 2024, 2025)
    boards = {a for a in project.tree() if a.startswith("r/board")}
    assert boards == {f"r/board-{year}.html" for year in years}
    explorer = {where_to("r/index.html", link) for link in project.page("r/index.html").links}
    assert boards <= explorer
    page = project.page("r/board-2024.html")
    for link in (
        n for n in page.one("main").walk() if n.tag == "a" and "/report/" in n.attrs["href"]
    ):
        assert (project.site / where_to("r/board-2024.html", link.attrs["href"])).is_file()
    assert len(board(project, 2024)) == 5, "the office's own is written all the same"
    ask_reports(project, "{outputs: [docx, xlsx, json]}")
    project.build()
    assert_same(office.tree(), project.tree())


def test_a_site_holds_no_template_of_paper(bureau: Project) -> None:
    """What only the writers of files read is no part of the site."""
    assert [a for a in bureau.tree() if a.startswith(("print/", "words/", "pages/"))] == []


WITHOUT_FONTS = """
import sys
import gongkai.press.writers.portable as portable
portable._FOLDERS = ()
from gongkai.cli.__main__ import main
sys.exit(main())
"""


@pytest.fixture
def without_fonts(project: Project) -> Result:
    """What a build says on a machine without the fonts of PDFs, where there were some before."""
    for path in project.root.rglob("*.md"):
        path.touch()
    env = {**os.environ, "PATH": "/nonexistent", "NO_MKDOCS_2_WARNING": "1"}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "-c", WITHOUT_FONTS, "build"]
    result = ended(subprocess.Popen(command, cwd=project.root, env=env, **pipes))
    assert result.code == 0, result.said
    return result


def test_without_fonts_there_are_no_pdfs_and_no_links_to_them(
    project: Project, without_fonts: Result
) -> None:
    rest = ["docx", "xlsx", "json"]
    assert files(project) == wanted(*rest)
    for stem in STEMS:
        assert links(project.page(f"{stem}.html")) == rest, stem


def test_without_fonts_the_build_says_what_it_lacks(without_fonts: Result) -> None:
    assert "PDF" in without_fonts.said or "字体" in without_fonts.said, without_fonts.said
