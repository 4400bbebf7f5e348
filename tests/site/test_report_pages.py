"""What the pages of yearly reports print is what the data say, and every figure can be followed."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from acceptance.loaded import tables
from acceptance.project import (
    AGENCIES,
    ROOT,
    Node,
    Page,
    Project,
    Result,
    agency,
    built_offices,
    ended,
    guide,
    new_project,
    report,
    settings,
    where_to,
    zero_tables,
)
from gongkai.domain.reports.form import CellKey, ReportForm, forms
from gongkai.domain.reports.indicator import INDICATORS

Pages = dict[str, Page]
BLANK = "（未填）"
CONSOLIDATED = "agencies/qinghe/reports/2025.md"


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The built office; it must not be changed."""
    return built_offices(tmp_path_factory.getbasetemp())[0]


def plain(node: Node) -> str:
    """Return the text of a cell without its references to footnotes."""
    words = []
    for child in node.children:
        if isinstance(child, str):
            words.append(child)
        elif child.tag != "sup":
            words.append(plain(child))
    return "".join(words).strip()


def shown_cells(page: Page, form: ReportForm) -> dict[CellKey, Node]:
    """Return the cell of each figure of a form as a wide screen shows it."""
    found: dict[CellKey, Node] = {}
    for table in form.tables:
        figure = next(n for n in page.nodes if n.attrs.get("id") == f"t-{table.key}")
        wide = [n for n in figure.walk() if "gk-only-wide" in n.classes] or [figure]
        lines = [
            [c for c in n.children if isinstance(c, Node)]
            for n in wide[0].walk()
            if n.tag == "tr" and n.parent and n.parent.tag == "tbody"
        ]
        if table.layout == "tree":  # an indicator, its unit, its figures; headings have none
            lines = [line[2:] for line in lines if "gk-table__heading" not in line[0].classes]
        cells = [cell for line in lines for cell in line if cell.tag == "td"]
        keys = [key for key in form.cells() if key[0] == table.key]
        found |= dict(zip(keys, cells, strict=True))
    return found


def tidy(project: Project) -> dict[tuple[str, str], dict[CellKey, str]]:
    """Return data/reports.csv as values by report and cell."""
    text = (project.site / "data" / "reports.csv").read_bytes().decode("utf-8-sig")
    found: dict[tuple[str, str], dict[CellKey, str]] = defaultdict(dict)
    for line in csv.DictReader(io.StringIO(text)):
        cell = (line["table"], line["row"], line["column"])
        held = found[line["agency"], line["year"]]
        assert cell not in held
        held[cell] = line["value"]
    return found


def sheet_values(data: bytes) -> list[str]:
    """Return the figures of a published workbook in reading order: what is typed and sums.

    What a spreadsheet program shows without calculating is what was published.
    """
    shown = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    live = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    values = []
    for row in live[str(live.print_area).replace("$", "").rpartition("!")[2]]:
        for cell in row:
            is_formula = isinstance(cell.value, str) and cell.value.startswith("=")
            is_inside = isinstance(cell, openpyxl.cell.cell.MergedCell)
            if not is_inside and (is_formula or not cell.protection.locked):
                value = shown[cell.coordinate].value
                values.append("" if value is None else str(value))
    return values


@pytest.mark.parametrize("where", ["demo", "office"])
def test_pages_csv_and_json_say_the_same(where: str, request: pytest.FixtureRequest) -> None:
    project: Project = request.getfixturevalue(where)
    in_csv, in_json = tidy(project), project.data("reports")["reports"]
    assert set(in_csv) <= {(row["agency"], str(row["year"])) for row in in_json}
    figures = 0
    for row in in_json:
        own = json.loads(project.text(row["address"].replace(".html", ".json")))
        assert {key: own[key] for key in row} == row
        form = forms()[row["form"]]
        page = project.page(row["address"])
        values = in_csv[row["agency"], str(row["year"])]
        for cell, node in shown_cells(page, form).items():
            table, line, column = cell
            said = row["tables"].get(table, {}).get(line, {}).get(column, "")
            assert plain(node) == (said or BLANK), (row["address"], cell)
            if table_of(form, cell):
                assert values.pop(cell, "") == said, (row["address"], cell)
                figures += 1
            else:
                assert cell not in values
        assert {cell[0] for cell in values} <= {"figures"}
        named = {key: value for (_, key, _), value in values.items()}
        assert named == {one["key"]: one["value"] for one in row["figures"]}
        if named:
            lines = tables(page)["报告中的主要数字（照原件）"]
            assert [line[1] for line in lines] == list(named.values())
    assert figures >= 5 * 200


def table_of(form: ReportForm, cell: CellKey) -> bool:
    """Tell whether a cell holds a number."""
    table = form.table(cell[0])
    assert table is not None
    return table.unit(cell[1], cell[2]) not in ("flag", "text")


def test_workbooks_hold_the_published_figures(demo: Project) -> None:
    """The newest report of each agency, and one of each form."""
    chosen: dict[str, dict[str, Any]] = {}
    for row in demo.data("reports")["reports"]:
        if row["tables"]:
            chosen.setdefault(row["agency"], row)
            chosen.setdefault(row["form"], row)
    assert len({row["form"] for row in chosen.values()}) >= 3
    for row in {row["address"]: row for row in chosen.values()}.values():
        data = (demo.site / row["address"].replace(".html", ".xlsx")).read_bytes()
        form = forms()[row["form"]]
        wanted = [
            row["tables"].get(t, {}).get(line, {}).get(column, "")
            for t, line, column in form.cells()
        ]
        found = [text.removesuffix(".0") for text in sheet_values(data)]
        assert found == wanted, row["address"]


def test_the_series_and_the_pages_of_indicators_repeat_the_reports(
    demo: Project, pages: Pages
) -> None:
    text = (demo.site / "data" / "reports.csv").read_bytes().decode("utf-8-sig")
    stated = {
        (line["indicator"], line["agency"], line["year"]): line["value"]
        for line in csv.DictReader(io.StringIO(text))
        if line["applicant"] == "total" and line["indicator"] in INDICATORS
    }
    series = demo.data("series")["values"]
    for (indicator, agency_id, year), value in stated.items():
        assert Decimal(series[indicator][agency_id][year]) == Decimal(value)
    for indicator, lines in series.items():
        page = pages[f"r/{indicator}.html"]
        printed = {
            line.attrs["data-agency"]: {
                cell.attrs["data-year"]: cell.attrs["data-value"]
                for cell in line.walk()
                if "data-value" in cell.attrs
            }
            for line in page.all("tr")
            if "data-agency" in line.attrs
        }
        assert printed == {
            one: {year: value or "" for year, value in years.items()}
            for one, years in lines.items()
        }


def test_the_explorer_lists_every_indicator_without_any_script(demo: Project, pages: Pages) -> None:
    page = pages["r/index.html"]
    links = {where_to("r/index.html", link) for link in page.links if "://" not in link}
    others = {"r/index.html", "r/rankings.html"}
    all_pages = {a for a in pages if re.fullmatch(r"r/[a-z_]+\.html", a)} - others
    assert {f"r/{key}.html" for key in demo.data("series")["values"]} == all_pages
    assert all_pages <= links
    assert {"r/rankings.html", "data/reports.csv"} <= links
    years = {link for a in pages if a.startswith("r/rankings") for link in pages[a].links}
    assert {a for a in pages if a.startswith("r/rankings-")} <= {
        where_to("r/rankings.html", link) for link in years if "://" not in link
    }


# every figure that the site counted can be followed to what it counts


def basis_figures(page: Page) -> dict[str, Node]:
    return {n.attrs["id"]: n for n in page.all("div", "gk-basis__figure")}


def value_of(figure: Node) -> Decimal:
    (value,) = [n.text() for n in figure.walk() if "gk-basis__value" in n.classes]
    found = re.match(r"[0-9.]+", value)
    assert found
    return Decimal(found[0])


def listed(figure: Node) -> Decimal | None:
    """Return what the things listed below a figure add up to, ``None`` where none are."""
    entries = [n for n in figure.walk() if n.tag == "li"]
    rows = [n for n in figure.walk() if n.tag == "tr" and n.parent and n.parent.tag == "tbody"]
    is_decided = any(n.text().startswith("数量") for n in figure.walk() if n.tag == "th")
    if not entries and not rows:
        return None
    hidden = re.search(r"另有(\d+)项没有列出", figure.text())
    total = Decimal(len(entries)) + (int(hidden[1]) if hidden else 0)
    if is_decided:
        lasts = [[c for c in row.walk() if c.tag == "td"][-1].text() for row in rows]
        return total + sum(map(Decimal, lasts), Decimal(0))
    return total + len(rows)


@pytest.mark.parametrize("where", ["demo", "office"])
def test_every_computed_figure_leads_to_all_that_it_counts(
    where: str, request: pytest.FixtureRequest
) -> None:
    project: Project = request.getfixturevalue(where)
    kinds: set[str] = set()
    for row in project.data("reports")["reports"]:
        form = forms()[row["form"]]
        address = row["address"]
        basis = address.replace(".html", "-basis.html")
        counted = {*row["computed"], *row["overridden"]}
        page = project.page(address)
        cells = {".".join(cell): node for cell, node in shown_cells(page, form).items()}
        links = {
            name: [n.attrs["href"] for n in node.walk() if n.tag == "a" and n.parent is node]
            for name, node in cells.items()
        }
        assert {name for name, found in links.items() if found} <= counted, address
        assert (project.site / basis).is_file() == any(links.values()), address
        if not any(links.values()):
            continue
        below = project.page(basis)
        figures = basis_figures(below)
        ids = {n.attrs.get("id") for n in below.nodes}
        reached = set()
        for name, found in links.items():
            figure = figures.get(name.replace(".", "-"))
            if not found:
                assert figure is None, (name, "is on the basis page and has no link")
                assert name not in row["computed"] or plain(cells[name]) == "0"
                continue
            (link,) = found
            target, _, anchor = link.partition("#")
            assert where_to(address, target) == basis and anchor in ids
            assert figure is not None
            reached.add(anchor)
            if name in row["computed"]:
                assert plain(cells[name]) == f"{value_of(figure)}", (address, name)
            else:
                assert "本站统计为" in figure.text() and row["overridden"][name] in figure.text()
            kinds |= follow(figure, figures, (address, name))
        assert reached == set(figures), address
        back = {link for figure in figures.values() for link in hrefs(figure, "gk-celllink")}
        own = {n.attrs.get("id") for n in page.nodes}
        for link in back:
            target, _, anchor = link.partition("#")
            assert where_to(basis, target) == address and anchor in own, link
    assert kinds >= {"sum", "listed", "closed"}


def hrefs(figure: Node, css: str) -> list[str]:
    return [n.attrs["href"] for n in figure.walk() if css in n.classes and "href" in n.attrs]


def follow(figure: Node, figures: dict[str, Node], said: object) -> set[str]:
    """Assert that what stands below a figure makes it; return how it does."""
    formula = [n for n in figure.walk() if "gk-basis__formula" in n.classes]
    if formula:
        parts = [n for n in formula[0].walk() if n.tag == "a"]
        held = [figures[n.attrs["href"].partition("#")[2]] for n in parts]
        assert [n.text().rpartition(" ")[2] for n in parts] == [f"{value_of(one)}" for one in held]
        assert sum(map(value_of, held), Decimal(0)) == value_of(figure), said
        return {"sum"}
    found = listed(figure)
    if found is None:
        section = figure.parent
        assert section is not None
        assert any("gk-basis__closed" in n.classes for n in section.walk()), said
        return {"closed"}
    assert found == value_of(figure), said
    return {"listed"}


@pytest.mark.parametrize("where", ["demo", "office"])
def test_entries_on_a_basis_page_are_those_of_the_catalogue(
    where: str, request: pytest.FixtureRequest
) -> None:
    project: Project = request.getfixturevalue(where)
    titles = {row["address"]: row["title"] for row in project.data("catalogue")["entries"]}
    seen = 0
    for address in project.tree():
        if not address.endswith("-basis.html"):
            continue
        for item in project.page(address).all("ol", "gk-basis__entries"):
            for link in (n for n in item.walk() if n.tag == "a"):
                assert titles[where_to(address, link.attrs["href"])] == link.text()
                seen += 1
    assert seen


def test_quarantine_publishes_no_figure_counted_beside_a_faulty_document(tmp_path: Path) -> None:
    """What has no page cannot be listed: a report that would count it is set aside as well."""
    project = two_bodies(tmp_path)
    interpreted = {"interpreted_by": "[QH0000028/2024-00002]"}  # which names nothing in return
    for n, fields in ((1, interpreted), (2, {"instrument": ""}), (3, {})):
        project.write(f"agencies/mzj/catalogue/2024/{n}.md", normative(n, **fields))
    tables_left = zero_tables("s3_requests", "s4_review", "s2_art20_5", "s2_art20_6", "s2_art20_8")
    text = report(
        AGENCIES["mzj"][0],
        2024,
        tables=tables_left | {"s2_art20_1": {"rules": [0, 0, 0]}},
        computed=["s2_art20_1.normative"],
    )
    project.write("agencies/mzj/reports/2024.md", text)
    result = project.run("build", "--quarantine")
    assert result.code == 1
    states = project.states()
    assert states["agencies/mzj/catalogue/2024/1.md"] == "rejected"
    assert states["agencies/mzj/catalogue/2024/3.md"] == "published"
    assert states["agencies/mzj/reports/2024.md"] == "rejected", result.said
    assert [a for a in project.tree() if a.startswith("a/mzj/report/2024")] == []
    project.edit(
        "content/agencies/mzj/catalogue/2024/1.md",
        f"interpreted_by: {interpreted['interpreted_by']}\n",
        "",
    )
    project.build()
    made = basis_figures(project.page("a/mzj/report/2024-basis.html"))[
        "s2_art20_1-normative-issued"
    ]
    assert (value_of(made), listed(made)) == (2, 2)


def normative(n: int, **fields: str) -> str:
    from acceptance.project import REVIEW, entry

    facts = {
        "document_number": f"青民规〔2024〕{n}号",
        "column": "normative",
        "instrument": "normative",
        "review": REVIEW.replace("2026", "2024"),
        **fields,
    }
    return entry(f"QH0000028/2024-0000{n}", f"关于印发第{n}号办法的通知", **facts)


def two_bodies(tmp_path: Path) -> Project:
    """Return a project of the county and one bureau, without any report yet."""
    project = new_project(tmp_path / "project")
    settings(project)
    for code in ("qinghe", "mzj"):
        name, front, level = AGENCIES[code]
        above = {} if code == "qinghe" else {"parent": "qinghe", "guide": "parent"}
        project.write(f"agencies/{code}/agency.yml", agency(name, front, level, **above))
    project.write("agencies/qinghe/guide.md", guide(AGENCIES["qinghe"][0]))
    return project


def checks_of(page: Page) -> str:
    """Return what stands below a report about figures that do not agree."""
    return " ".join(n.text() for n in page.all("section", "gk-checks"))


def test_figures_of_a_report_without_review_stand_on_no_other_page(tmp_path: Path) -> None:
    """Last year's report is held back: nothing of it may be told by this year's."""
    project = two_bodies(tmp_path)
    before = zero_tables()
    for line in ("new", "carried_out"):
        before["s3_requests"][line] = [7391, 0, 0, 0, 0, 0, 7391]
    name = AGENCIES["mzj"][0]
    project.write("agencies/mzj/reports/2023.md", report(name, 2023, tables=before, review=None))
    now = zero_tables()
    for line in ("carried_in", "granted", "results_total"):
        now["s3_requests"][line] = [5, 0, 0, 0, 0, 0, 5]
    told = [{"check": "S3-PREV", "note": "上年的结转数有误，以本年为准。"}]
    text = report(name, 2024, tables=now, discrepancies=told)
    project.write("agencies/mzj/reports/2024.md", text)
    project.build()
    assert project.states()["agencies/mzj/reports/2023.md"] == "held_back"
    assert [a for a, data in project.tree().items() if b"7391" in data] == []


# a report for several bodies


def test_a_deliberate_difference_stands_with_its_explanation(pages: Pages) -> None:
    page = pages["a/qinghe/report/2025.html"]
    lines = {line[0]: line[-4:] for line in tables(page)["汇总核对：报告载明的数与本站汇总"]}
    assert lines.pop("行政许可决定") == ["521", "518", "+3", "不符"]
    assert {line[-1] for line in lines.values()} == {"相符"}
    assert [line[-4:] for line in tables(page)["与本站汇总不符的单元格"]] == [
        ["521", "518", "+3", "不符"]
    ]
    said = checks_of(page)
    assert "县行政审批服务局2025年1月试点设立、7月撤销" in said
    assert "本站汇总 518，相差 3（汇总核对）" in said
    assert "请" not in next(n.text() for n in page.all("ul", "gk-checks__list"))


def test_without_its_explanation_the_difference_is_a_warning(tmp_path: Path) -> None:
    project = Project(tmp_path)
    shutil.copytree(ROOT / "content", project.content)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    for folder in ("theme", "site_src"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    file = project.content / CONSOLIDATED
    text = file.read_text("utf-8")
    gone = re.sub(r"(?m)^discrepancies:\n(?:  - .*\n)+", "", text)
    assert gone != text
    file.write_text(gone, "utf-8")
    checked = project.run("check", "--format", "json", "--quiet", "--strict")
    (found,) = json.loads(checked.out)["problems"]
    assert (found["code"], found["severity"], found["path"]) == ("GK495", "warning", CONSOLIDATED)
    assert "521" in found["message"] and "518" in found["message"]
    assert checked.code == 1, "a strict check fails"
    assert gone.splitlines()[found["line"] - 1].strip() == "s2_art20_5: {licence: [521]}"


# what an old report printed wrong


def test_a_failing_sum_of_an_old_report_is_published_with_a_note_of_the_machine(
    pages: Pages,
) -> None:
    page = pages["a/mengjin/report/2011.html"]
    notes = next(n for n in page.all("ul", "gk-checks__list"))
    said = [n.text() for n in notes.walk() if n.tag == "li"]
    for name in ("按类别", "按渠道"):
        (line,) = [one for one in said if one.startswith(f"{name}：")]
        assert "13809" in line and "13890" in line and "相差 81" in line
    assert any("13809" in one and "13890" in one and "疑为" in one for one in said)
    labels = [n.text() for n in page.all(css="gk-checks__label")]
    assert any("系统提示，非原文" in label for label in labels)
    assert "13809" in {cell for line in tables(page)["报告中的主要数字（照原件）"] for cell in line}


def test_the_same_failing_sum_in_a_new_report_stops_the_build(tmp_path: Path) -> None:
    project = two_bodies(tmp_path)
    file = "agencies/mzj/reports/2011.md"
    text = (ROOT / "content/agencies/mengjin/reports/2011.md").read_text("utf-8")
    new = re.sub(r"(?m)^discrepancies:\n(?:  - .*\n)+", "", text).replace("as_printed: true\n", "")
    project.write(file, new)
    result = project.run("build")
    assert result.code == 1 and not project.site.exists()
    assert result.said.count("GK408") == 3
    assert re.search(rf"{file}:\d+:\d+: GK408 按类别：.*13809.*13890.*相差 81", result.said)
    project.write(file, new.replace("migrated_on: 2017-01-17\n", "as_printed: true\n"))
    refused = project.run("build")
    assert refused.code == 1 and "GK484" in refused.said, "as printed is for what was moved here"


# a form that the program has never seen

FORM_2030 = """
from gongkai.domain.reports.form import (
    TOTAL, Equation, FigureColumn, FigureRow, FigureTable, Part, ReportForm,
)

REQUESTS = FigureTable(
    "f1_requests",
    "申请办理情况",
    (
        FigureColumn("people", "个人", "申请人", applicant="natural"),
        FigureColumn("bodies", "单位", "申请人", applicant="enterprise"),
        FigureColumn("all", "合计", applicant=TOTAL),
    ),
    (
        FigureRow("got", "一、收到申请", (), "received"),
        FigureRow("yes", "（一）同意公开", ("二、办结申请",), "granted"),
        FigureRow("no", "（二）不同意公开", ("二、办结申请",), "refused"),
        FigureRow("done", "（三）合计", ("二、办结申请",), "concluded"),
        FigureRow("left", "三、结转下年", (), "carried_out"),
    ),
    column_head="申请人情况",
    corner_note="（收到等于办结加结转）",
    layout="matrix",
)
MEDIA = FigureTable(
    "f2_media",
    "新媒体发布",
    (FigureColumn("items", "条数", measure="条"),),
    (FigureRow("wechat", "微信", (), "channel_wechat"), FigureRow("short", "短视频")),
)
FORM = ReportForm(
    name="2030",
    title="演示用的报告格式",
    instrument="演示〔2030〕1号",
    years=(2030, None),
    parts=(
        Part("p1_overview", "一", "总体情况"),
        Part("p2_requests", "二", "申请办理情况", ("f1_requests",)),
        Part("p3_media", "三", "新媒体发布情况", ("f2_media",)),
    ),
    tables=(REQUESTS, MEDIA),
    equations=(
        Equation("F1-ROW", "f1_requests", "row", ("all",), ("people", "bodies"), words="合计"),
        Equation("F1-SUM", "f1_requests", "column", ("done",), ("yes", "no"), words="办结"),
        Equation("F1-BAL", "f1_requests", "column", ("got",), ("done", "left"), words="平衡"),
    ),
    deadlines={"department": (2, 15)},
)
"""
RUN = """
import sys
import gongkai.domain.reports.forms as room
room.__path__.append(sys.argv.pop(1))
from gongkai.cli.__main__ import main
sys.exit(main())
"""
IN_2030 = {
    "f1_requests": {
        "got": [20301, 12, 20313],
        "yes": [20000, 7, 20007],
        "no": [300, 4, 304],
        "done": [20300, 11, 20311],
        "left": [1, 1, 2],
    },
    "f2_media": {"wechat": [41], "short": [1234]},
}
IN_2031 = """表,行,列,数值
申请办理情况,一、收到申请,个人,7
申请办理情况,一、收到申请,单位,1
申请办理情况,一、收到申请,合计,8
申请办理情况,二、办结申请／（一）同意公开,个人,5
申请办理情况,二、办结申请／（一）同意公开,单位,0
申请办理情况,二、办结申请／（一）同意公开,合计,5
申请办理情况,二、办结申请／（二）不同意公开,个人,0
申请办理情况,二、办结申请／（二）不同意公开,单位,0
申请办理情况,二、办结申请／（二）不同意公开,合计,0
申请办理情况,二、办结申请／（三）合计,个人,5
申请办理情况,二、办结申请／（三）合计,单位,0
申请办理情况,二、办结申请／（三）合计,合计,5
申请办理情况,三、结转下年,个人,2
申请办理情况,三、结转下年,单位,1
申请办理情况,三、结转下年,合计,3
新媒体发布,微信,条数,52
新媒体发布,短视频,条数,0
"""
LATER = ("--as-of", "2032-03-01 09:00")


class Future(Project):
    """A project that is run with a form beside those of the program, and nothing else changed."""

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
        command = [sys.executable, "-c", RUN, str(self.root / "forms"), *arguments]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, cwd=self.root, env=env, **pipes)

    def run(self, *arguments: str, **options: Any) -> Result:
        return ended(self.start(*arguments, *LATER))


@pytest.fixture(scope="module")
def future(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A bureau that reports on the form of 2030, the year before on that of 2021; built."""
    project = Future(two_bodies(tmp_path_factory.mktemp("future")).root)
    (project.root / "forms").mkdir()
    (project.root / "forms" / "form_2030.py").write_text(FORM_2030, "utf-8")
    name, body = AGENCIES["mzj"][0], "## 一、总体情况\n\n本年收到申请{}件。\n"
    project.write("agencies/mzj/reports/2029.md", report(name, 2029, tables=zero_tables()))
    facts: dict[str, Any] = {"form": "2030", "tables": IN_2030}
    project.write("agencies/mzj/reports/2030.md", report(name, 2030, body.format(20313), **facts))
    late = {"form": "2030", "published_on": "2032-02-16 09:00"}
    project.write("agencies/mzj/reports/2031.md", report(name, 2031, body.format(8), **late))
    project.write("agencies/mzj/reports/2031.csv", IN_2031)
    project.build()
    return project


def test_a_form_of_2030_is_checked_like_any_other(future: Project, tmp_path: Path) -> None:
    assert [(p["code"], p["path"]) for p in future.problems() if p["severity"] != "note"] == [
        ("GK414", "agencies/mzj/reports/2031.md")
    ]
    project = Future(future.copy_to(tmp_path / "copy").root)
    project.edit("content/agencies/mzj/reports/2030.md", "- 20311", "- 20310")
    found = {p["code"] for p in project.problems() if p["severity"] == "error"}
    assert found == {"GK401", "GK402"}
    project.edit("content/agencies/mzj/reports/2031.csv", "新媒体发布,短视频,条数,0\n", "")
    assert "GK405" in {p["code"] for p in project.problems()}


def test_a_form_of_2030_has_a_page_files_and_data(future: Project) -> None:
    page = future.page("a/mzj/report/2030.html")
    shown = [
        [n.text() for n in line.walk() if n.tag == "td"]
        for line in tables_of(page, "t-f1_requests")
    ]
    assert shown == [[str(n) for n in line] for line in IN_2030["f1_requests"].values()]
    headings = [n.text() for n in page.all("h2", "gk-part__label")]
    assert headings == ["一、总体情况", "二、申请办理情况", "三、新媒体发布情况"]
    assert page.facts()["报告格式"] == "演示用的报告格式（演示〔2030〕1号）"
    assert page.all("details", "gk-lines__more"), "a narrow screen has its lines"
    wanted = [str(n) for rows in IN_2030.values() for line in rows.values() for n in line]
    data = (future.site / "a/mzj/report/2030.xlsx").read_bytes()
    assert sheet_values(data) == wanted
    document = docx.Document(io.BytesIO((future.site / "a/mzj/report/2030.docx").read_bytes()))
    texts = [c.text for table in document.tables for row in table.rows for c in row.cells]
    assert set(wanted) <= set(texts)
    assert {"一、收到申请", "短视频"} <= set(texts)
    values = tidy(future)["mzj", "2030"]
    assert list(values.values()) == wanted
    assert list(tidy(future)["mzj", "2031"].values())[:3] == ["7", "1", "8"]
    own = json.loads(future.text("a/mzj/report/2031.json"))
    assert own["tables"]["f1_requests"]["left"] == {"people": "2", "bodies": "1", "all": "3"}


def tables_of(page: Page, anchor: str) -> list[Node]:
    figure = next(n for n in page.nodes if n.attrs.get("id") == anchor)
    wide = next(n for n in figure.walk() if "gk-only-wide" in n.classes)
    return [n for n in wide.walk() if n.tag == "tr" and n.parent and n.parent.tag == "tbody"]


def test_a_form_of_2030_joins_the_series_of_the_forms_before(future: Project) -> None:
    values = future.data("series")["values"]
    assert values["received"]["mzj"] == {"2029": "0", "2030": "20313", "2031": "8"}
    assert values["refused"]["mzj"] == {"2029": "0", "2030": "304", "2031": "0"}
    assert values["channel_wechat"]["mzj"] == {"2030": "41", "2031": "52"}
    assert "unavailable" in values and "2030" not in values["unavailable"]["mzj"], "a gap, no zero"
    lines = tables(future.page("a/mzj/report/index.html"))["收到和处理申请"]
    (line,) = [line for line in lines if line[0].startswith("收到政府信息公开申请")]
    assert line[1:4] == ["0", "20,313", "8"]
    assert "2030年" in future.page("r/received.html").text


def test_a_form_of_2030_is_filled_in_and_read_back(future: Project, tmp_path: Path) -> None:
    project = Future(future.copy_to(tmp_path / "copy").root)
    for name in ("2031.md", "2031.csv"):
        (project.content / "agencies/mzj/reports" / name).unlink()
    made = project.run("new", "report", "--agency", "mzj", "--year", "2031", "--xlsx")
    assert made.code == 0, made.said
    text = (project.content / "agencies/mzj/reports/2031.md").read_text("utf-8")
    assert 'form: "2030"' in text and "## 三、新媒体发布情况" in text
    (project.content / "agencies/mzj/reports/2031.xlsx").unlink()
    sheet = str(future.site / "a/mzj/report/2030.xlsx")
    read = project.run("report", "import", sheet, "--agency", "mzj", "--year", "2031")
    assert read.code == 0, read.said
    text = (project.content / "agencies/mzj/reports/2031.md").read_text("utf-8")
    assert "got: [20301, 12, 20313]" in text and "short: [1234]" in text
