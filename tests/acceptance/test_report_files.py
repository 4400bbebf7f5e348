"""Blank reports to fill in, and figures out of files that others made, as the command does it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from acceptance.project import Project

YEAR = 2029
REVIEW = "{checked_on: 2030-01-05, reviewer: 办公室主任, result: 可以公开}"
FORMS = {
    "2021": "a/mzj/report/2025",
    "2019": "a/czj/report/2020",
    "2017": "a/wuhai/report/2017",
    "website": "a/qinghe/website/2025",
}


@pytest.fixture(scope="module")
def copy(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demonstration with its built site, to be changed by the tests of this file."""
    return demo.copy_to(tmp_path_factory.mktemp("files") / "project", with_build=True)


def tables_of(text: str) -> dict[tuple[str, str, str], str]:
    """Return written tables by table, row and number of the column."""
    tables = yaml.load(text, yaml.BaseLoader)["tables"]
    found = {}
    for table, rows in tables.items():
        for row, values in rows.items():
            listed = values.items() if isinstance(values, dict) else enumerate(values)
            found |= {(table, row, str(n)): value for n, value in listed}
    return found


def exported(site: Path, stem: str) -> dict[tuple[str, str, str], str]:
    """Return the figures of a published report as the site's own data give them."""
    facts: dict[str, Any] = json.loads((site / f"{stem}.json").read_text("utf-8"))
    found = {}
    for table, rows in facts["tables"].items():
        for row, columns in rows.items():
            found |= {(table, row, key): value for key, value in columns.items()}
    return found


def values(figures: dict[tuple[str, str, str], str]) -> dict[tuple[str, str], list[str]]:
    """Return figures by row, without the names of their columns."""
    found: dict[tuple[str, str], list[str]] = {}
    for (table, row, _), value in figures.items():
        found.setdefault((table, row), []).append(value)
    return found


@pytest.mark.parametrize("kind", ["html", "docx", "xlsx"])
@pytest.mark.parametrize("form", FORMS)
def test_a_published_report_gives_its_figures_back(form: str, kind: str, copy: Project) -> None:
    file = copy.site / f"{FORMS[form]}.{kind}"
    result = copy.run("report", "import", str(file), "--agency", "rsj", "--year", str(YEAR))
    assert f"按 {form} 格式读取" in result.err, result.said
    assert result.code == 0, result.err
    assert values(tables_of(result.out)) == values(exported(copy.site, FORMS[form]))


def test_every_published_report_reads_back_from_every_file(copy: Project) -> None:
    from gongkai.domain.reports.form import forms
    from gongkai.domain.reports.grid import best_form, match_grids
    from gongkai.intake.office import read_grids

    read = 0
    for facts in sorted(copy.site.glob("a/*/report/*.json")):
        form = forms()[json.loads(facts.read_text("utf-8"))["form"]]
        if not form.tables:
            continue
        stem = facts.relative_to(copy.site).with_suffix("").as_posix()
        for kind in ("html", "docx", "xlsx"):
            file = facts.with_suffix(f".{kind}")
            grids, problems = read_grids(file.name, file.read_bytes())
            matched = match_grids(form, grids)
            found = {key: at.text for key, at in matched.texts.items()}
            assert (found, problems) == (exported(copy.site, stem), []), file
            assert (matched.unknown, matched.ambiguous) == ((), {}), file
            assert best_form(forms().values(), grids) is form, file
            read += 1
    assert read > 30


def filled(file: Path, number: int) -> None:
    """Fill every open cell of a workbook with one number."""
    book = openpyxl.load_workbook(file)
    sheet = book.active
    for rule in sheet.data_validations.dataValidation:
        for place in rule.sqref.ranges:
            for row, column in place.cells:
                sheet.cell(row, column).value = number
    book.save(file)


def test_a_new_report_is_published_once_it_is_filled_in(project: Project) -> None:
    result = project.run("new", "report", "--agency", "czj", "--year", str(YEAR), "--xlsx")
    assert result.code == 0, result.said
    text, sheet = (Path(project.root, line) for line in result.out.split())
    assert text.name == f"{YEAR}.md" and sheet.name == f"{YEAR}.xlsx"
    words = text.read_text("utf-8")
    headings = re.findall(r"^## (.+)$", words, re.MULTILINE)
    assert headings[0] == "一、总体情况" and len(headings) == 6
    assert len(re.findall(r"^<!-- .+ -->$", words, re.MULTILINE)) == 6
    said = project.run("check").out
    assert f"reports/{YEAR}.md:5:1: GK201" in said
    words = words.replace("published_on:", "published_on: 2026-01-20 09:00")
    words = re.sub(
        r"(?m)^review:.*\n(  .*\n)+", f"review: {REVIEW}\n".replace("2030", "2026"), words
    )
    words = re.sub(r"<!-- .+ -->", "本部分没有需要报告的情况，有关数字见表格。", words)
    text.write_text(words, "utf-8")
    filled(sheet, 0)
    problems = [p for p in project.problems() if f"reports/{YEAR}" in p["path"]]
    assert [p for p in problems if p["severity"] == "error"] == []


def test_nothing_that_is_there_is_overwritten(project: Project) -> None:
    arguments = ("new", "report", "--agency", "czj", "--year", str(YEAR))
    first = Path(project.root, project.run(*arguments).out.strip())
    first.write_text("mine", "utf-8")
    again = project.run(*arguments)
    assert (again.code, again.out) == (2, "")
    assert f"{YEAR}.md" in again.err and "文件已存在" in again.err and "--year" not in again.err
    sheet = project.run(*arguments, "--xlsx")
    assert sheet.code == 0 and sheet.out.strip().endswith(f"{YEAR}.xlsx")
    assert first.read_text("utf-8") == "mine"
    assert project.run(*arguments, "--xlsx").code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--agency", "czx", "--year", "2029"], "是不是“czj”"),
        (["--agency", "czj"], "--year"),
        (["--agency", "czj", "--year", "29"], "2025"),
        (["--agency", "czj", "--year", "2029", "--form", "2020"], "没有“2020”这种年报格式"),
        (["--agency", "czj", "--year", "2010", "--xlsx"], "“legacy”格式没有表格"),
    ],
)
def test_a_report_that_cannot_be_is_explained(
    arguments: list[str], words: str, project: Project
) -> None:
    result = project.run("new", "report", *arguments)
    assert result.code == 2
    assert words in result.err


@pytest.mark.parametrize(("year", "form"), [(2012, "legacy"), (2016, "2017"), (2020, "2019")])
def test_the_form_follows_from_the_year(year: int, form: str, project: Project) -> None:
    result = project.run("new", "report", "--agency", "czj", "--year", str(year))
    assert f'form: "{form}"' in Path(project.root, result.out.strip()).read_text("utf-8")


def test_the_yearly_report_on_the_web_site_has_its_own_folder(project: Project) -> None:
    result = project.run(
        "new", "report", "--agency", "czj", "--year", "2025", "--form", "website", "--xlsx"
    )
    assert [Path(line).parent.name for line in result.out.split()] == ["website", "website"]


@pytest.fixture
def sheet(copy: Project) -> Path:
    return copy.site / f"{FORMS['2021']}.xlsx"


def test_figures_go_into_a_report_that_has_none(project: Project, sheet: Path) -> None:
    made = project.run("new", "report", "--agency", "czj", "--year", str(YEAR))
    text = Path(project.root, made.out.strip())
    before = text.read_text("utf-8")
    arguments = ("report", "import", str(sheet), "--agency", "czj", "--year", str(YEAR))
    result = project.run(*arguments)
    assert (result.code, result.out) == (0, ""), result.said
    assert "已写入" in result.err
    after = text.read_text("utf-8")
    head, fence, body = after.partition("---\n## ")
    assert f"{head.partition('tables:')[0]}{fence}{body}" == before
    assert len(tables_of("tables:" + head.partition("tables:")[2])) == 200
    again = project.run(*arguments)
    assert again.out.startswith("tables:\n") and "GK463" in again.err and again.code == 1
    assert text.read_text("utf-8") == after


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_figures_go_beside_a_report_as_a_sheet(kind: str, project: Project, sheet: Path) -> None:
    arguments = ("report", "import", "--agency", "czj", "--year", str(YEAR), "--to", kind)
    result = project.run(*arguments, str(sheet))
    made = project.content / f"agencies/czj/reports/{YEAR}.{kind}"
    assert (result.code, made.is_file()) == (0, True), result.said
    there = made.read_bytes()
    back = project.run("report", "import", str(made), "--agency", "czj", "--year", "2031")
    direct = project.run("report", "import", str(sheet), "--agency", "czj", "--year", "2031")
    assert back.out == direct.out and back.code == 0
    again = project.run(*arguments, str(sheet))
    assert "GK463" in again.err and again.code == 1
    assert made.read_bytes() == there


def test_what_is_not_found_is_listed_and_fails(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "part.csv"
    file.write_text(
        "信息内容,本年制发件数,本年废止件数,现行有效件数\n规章,1,,/\n行政规范性文件,4,5,6\n公报,7,8,9\n",
        "utf-8",
    )
    arguments = ("report", "import", str(file), "--agency", "czj", "--year", str(YEAR))
    result = project.run(*arguments, "--form", "2021")
    assert result.code == 1
    assert tables_of(result.out) == {
        ("s2_art20_1", "rules", "issued"): "1",
        ("s2_art20_1", "rules", "in_force"): "/",
        ("s2_art20_1", "normative", "0"): "4",
        ("s2_art20_1", "normative", "1"): "5",
        ("s2_art20_1", "normative", "2"): "6",
    }
    assert "part.csv:2:3: GK460 错误：“规章·本年废止件数”是空的" in result.err
    assert "GK459 错误：没有找到“收到和处理政府信息公开申请情况（整张表）”" in result.err
    assert "part.csv:4:1: GK462 警告：“公报”不在 2021 格式里" in result.err
    assert "读到 5 格，共 200 格" in result.err
    unknown = project.run(*arguments)
    assert unknown.code == 1 and "GK458" in unknown.err and unknown.out == ""


def _bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"\0" * 60_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "GK451"),
        ("cut.xlsx", b"PK\x03\x04 cut short", "GK450"),
        ("bomb.xlsx", _bomb(), "GK454"),
        ("scan.pdf", b"%PDF-1.7", "GK465"),
        ("empty.html", b"<html><body><p>none</p></body></html>", "GK457"),
    ],
    ids=["old", "cut", "bomb", "pdf", "none"],
)
def test_a_file_that_cannot_be_read_is_explained(
    name: str, data: bytes, code: str, project: Project, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    result = project.run(
        "report", "import", str(tmp_path / name), "--agency", "czj", "--year", str(YEAR)
    )
    assert (result.code, result.out) == (1, "")
    assert f"{name}:1:1: {code} 错误：" in result.err


def test_a_file_that_is_not_there_is_a_wrong_call(project: Project) -> None:
    result = project.run("report", "import", "none.xlsx", "--agency", "czj", "--year", "2029")
    assert result.code == 2 and "缺少文件 none.xlsx" in result.err and "无法写入" not in result.err


def test_tables_that_disagree_are_named_with_their_places(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "two.html"
    table = "<table><caption>第二十条第（五）项</caption><tr><th>信息内容<th>本年处理决定数量</tr>"
    file.write_text(
        f"{table}<tr><td>行政许可<td>6</table>{table}<tr><td>行政许可<td>7</table>", "utf-8"
    )
    result = project.run(
        "report", "import", str(file), "--agency", "czj", "--year", str(YEAR), "--form", "2021"
    )
    assert result.code == 1
    assert "GK461 错误：“行政许可·本年处理决定数量”对不准" in result.err
    assert "第1张表第2行第2列“6”、第2张表第2行第2列“7”" in result.err


@pytest.mark.parametrize(("library", "file"), [("openpyxl", "a.xlsx"), ("xlsxwriter", "a.csv")])
def test_a_library_that_is_not_installed_is_asked_for(
    library: str, file: str, project: Project, tmp_path: Path, sheet: Path
) -> None:
    (tmp_path / f"{library}.py").write_text(
        f"raise ModuleNotFoundError('No module', name={library!r})\n", "utf-8"
    )
    content = sheet.read_bytes() if file.endswith("xlsx") else _csv(project, sheet)
    (tmp_path / file).write_bytes(content)
    arguments = ("report", "import", str(tmp_path / file), "--agency", "czj", "--to", "xlsx")
    result = project.run(*arguments, "--year", "2032", env={"PYTHONPATH": str(tmp_path)})
    assert result.code == 2
    assert f"GK466 读写这种文件要先安装 {library}" in result.err


def _csv(project: Project, sheet: Path) -> bytes:
    arguments = ("report", "import", str(sheet), "--agency", "czj", "--to", "csv")
    assert project.run(*arguments, "--year", "2033").code == 0
    return (project.content / "agencies/czj/reports/2033.csv").read_bytes()


@pytest.mark.parametrize("what", ["folder", "agency", "file", "dangling"])
def test_nothing_is_written_through_a_link(
    what: str, project: Project, tmp_path: Path, sheet: Path
) -> None:
    away = tmp_path / "away"
    reports = project.content / "agencies" / "czj" / "reports"
    away.mkdir()
    reports.mkdir(exist_ok=True)
    (away / f"{YEAR}.md").write_text("---\ntitle: x\n---\n", "utf-8")
    if what == "folder":
        reports.rename(reports.with_name("aside"))
        reports.symlink_to(away, target_is_directory=True)
    elif what == "agency":
        (project.content / "agencies" / "czj").rename(away / "czj")
        (project.content / "agencies" / "czj").symlink_to(away / "czj", target_is_directory=True)
        (away / "czj" / "reports" / f"{YEAR}.md").write_text("---\ntitle: x\n---\n", "utf-8")
    else:
        target = away / (f"{YEAR}.md" if what == "file" else "none.md")
        (reports / f"{YEAR}.md").symlink_to(target)
    before = sorted((p, p.read_bytes()) for p in away.rglob("*") if p.is_file())
    options = ("--agency", "czj", "--year", str(YEAR))
    for command in (
        ("new", "report", "--xlsx"),
        ("report", "import", str(sheet)),
        ("report", "import", str(sheet), "--to", "csv"),
    ):
        result = project.run(*command, *options)
        assert result.code == 2, result.said
    assert sorted((p, p.read_bytes()) for p in away.rglob("*") if p.is_file()) == before


def test_a_prepared_link_beside_a_report_is_not_followed(
    project: Project, tmp_path: Path, sheet: Path
) -> None:
    options = ("--agency", "czj", "--year", str(YEAR))
    made = Path(project.root, project.run("new", "report", *options).out.strip())
    prize = tmp_path / "prize"
    prize.write_text("mine", "utf-8")
    made.with_name(made.name + ".gongkai-new").symlink_to(prize)
    assert project.run("report", "import", str(sheet), *options).code == 0
    assert prize.read_text("utf-8") == "mine"
    assert len(list(made.parent.glob("*.gongkai-new"))) == 1


def test_the_fields_that_a_skeleton_offers_are_ones_that_it_may_have(project: Project) -> None:
    result = project.run("new", "report", "--agency", "qinghe", "--year", str(YEAR))
    file = Path(project.root, result.out.strip())
    text = file.read_text("utf-8")
    agency = yaml.safe_load((project.content / "agencies/qinghe/agency.yml").read_text("utf-8"))
    names = [*agency.get("issues_as", ()), agency["name"]]
    assert f"title: {names[0]}{YEAR}年" in text
    offered = re.findall(r"(?m)^# ([a-z_]+):", text)
    assert offered == [
        "submitted_on",
        "computed",
        "overrides",
        "scope",
        "addends",
        "own_tables",
        "discrepancies",
        "problems",
    ]
    text = re.sub(r"(?m)^# (?=[a-z_]+:|  )", "", text)
    text = re.sub(r"(?m)^#(?=   )", "", text).replace("[本单位代号, 其他单位代号]", "[qinghe]")
    file.write_text(text, "utf-8")
    codes = {x["code"] for x in project.problems() if f"reports/{YEAR}" in x["path"]}
    assert not codes & {"GK103", "GK104", "GK111", "GK201", "GK202"} - {"GK201"}, codes


def test_places_on_a_sheet_have_the_names_that_the_sheet_shows(
    project: Project, tmp_path: Path
) -> None:
    options = ("--agency", "czj", "--year", str(YEAR))
    made = project.run("new", "report", *options, "--xlsx").out.split()[-1]
    result = project.run("report", "import", str(Path(project.root, made)), *options)
    assert re.search(r"GK460 .*（[A-Z]+[0-9]+）”是空的", result.err), result.err[:500]
