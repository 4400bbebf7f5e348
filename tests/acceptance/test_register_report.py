"""Reports that are counted from a register of applications: row R03, a thousand rows, privacy.

The office of ``acceptance/project.py`` is built by the real command. What the register holds is
counted here once more, from its text alone.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import date

import pytest

from acceptance.loaded import load
from acceptance.project import (
    OFFICE,
    SECRET_TOPICS,
    THOUSAND,
    Node,
    Page,
    Project,
    built_offices,
)
from acceptance.test_systems import row
from gongkai.domain.corpus import Judged
from gongkai.domain.register import APPLICANTS, OUTCOMES
from gongkai.kernel.problems import Severity

CLASSES = ("natural", "enterprise", "research", "charity", "legal", "other_org")
BUREAU, HARBOUR = "a/bureau/report", "a/harbour/report"
Matrix = list[list[int]]


@dataclass(frozen=True)
class Row:
    """One application as it stands in the register, codes in place of labels."""

    number: str
    received: date
    applicant: str
    topic: str
    answered: date | None
    outcome: str
    days: tuple[str, ...]


def read_register(project: Project, agency: str) -> list[Row]:
    """Return every application of an agency, read with nothing but ``csv``."""
    classes = {label: code for code, label in APPLICANTS.labels.items()}
    outcomes = {label: code for code, label in OUTCOMES.labels.items()}
    found = []
    for path in sorted(project.content.glob(f"agencies/{agency}/register/*.csv")):
        for cells in csv.DictReader(io.StringIO(path.read_text("utf-8"))):
            answered = cells.get("答复日期", "")
            outcome = cells.get("办理结果", "")
            found.append(
                Row(
                    number=cells["登记号"],
                    received=date.fromisoformat(cells["收到日期"]),
                    applicant=classes.get(cells["申请人类别"], cells["申请人类别"]),
                    topic=cells["主题"],
                    answered=date.fromisoformat(answered) if answered else None,
                    outcome=outcomes.get(outcome, outcome),
                    days=tuple(v for k, v in cells.items() if k.endswith(("日期", "期限")) and v),
                )
            )
    return found


def matrix(page: Page, table: str = "s3_requests") -> dict[str, list[int]]:
    """Return the figures of the wide table three of a page, by the label of their row."""
    figure = next(n for n in page.nodes if n.attrs.get("id") == f"t-{table}")
    wide = next(n for n in figure.walk() if "gk-only-wide" in n.classes)
    found: dict[str, list[int]] = {}
    for line in (n for n in wide.walk() if n.tag == "tr"):
        cells = [n for n in line.children if isinstance(n, Node)]
        figures = [int(n.text()) for n in cells if n.tag == "td"]
        if figures:
            found[next(n for n in reversed(cells) if n.tag == "th").text()] = figures
    return found


def report_page(project: Project, agency: str, year: int) -> Page:
    return project.page(f"a/{agency}/report/{year}.html")


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The built office; it must not be changed."""
    return built_offices(tmp_path_factory.getbasetemp())[0]


@pytest.fixture(scope="module")
def judged(office: Project, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    content = tmp_path_factory.mktemp("judged") / "content"
    shutil.copytree(office.content, content)
    return load(content)


@pytest.fixture(scope="module")
def opened(office: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The office, built on, whose bureau publishes its register too."""
    project = office.copy_to(tmp_path_factory.mktemp("opened") / "office", with_build=True)
    file = "content/agencies/bureau/agency.yml"
    project.edit(file, "level: department\n", "level: department\nregister_is_public: true\n")
    project.build()
    return project


def counted(judged: Judged, agency: str, year: int) -> dict[tuple[str, str], list[str]]:
    """Return the numbers of applications behind each cell of table three, by row and column."""
    (record,) = [
        r for r in judged.published_reports if (r.agency, r.year) == (agency, year) and r.report
    ]
    return {
        cell[1:]: [one.ref for one in origin.counted]
        for cell, origin in record.figures.origins.items()
        if cell[0] == "s3_requests"
    }


def results(cells: dict[tuple[str, str], list[str]]) -> Counter[str]:
    """Return how often each application stands in a result row or is carried over."""
    left = [
        ref
        for (line, column), refs in cells.items()
        if line in {*OUTCOMES.labels, "carried_out"} and column in CLASSES
        for ref in refs
    ]
    return Counter(left)


@row("R03")
def test_r03_four_requests_are_one_of_demolition_and_three_others(
    office: Project, judged: Judged, systems_row: str
) -> None:
    """R03: 4 = 1 + 3; each stands in exactly one result row or is carried over."""
    register = read_register(office, "harbour")
    assert Counter(one.topic for one in register) == {"拆迁": 1, "其他": 3}
    page = report_page(office, "harbour", 2024)
    lines = matrix(page)
    assert lines["一、本年新收政府信息公开申请数量"] == [3, 1, 0, 0, 0, 0, 4]
    assert lines["（七）总计"][-1] + lines["四、结转下年度继续办理"][-1] == 4
    held = {label: line[-1] for label, line in lines.items() if line[-1]}
    assert held == {
        "一、本年新收政府信息公开申请数量": 4,
        "（一）予以公开": 1,
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": 1,
        "1.本机关不掌握相关政府信息": 1,
        "（七）总计": 3,
        "四、结转下年度继续办理": 1,
    }
    cells = counted(judged, "harbour", 2024)
    assert results(cells) == dict.fromkeys((one.number for one in register), 1)
    assert cells["carried_out", "natural"] == [register[-1].number]
    assert "受理申请4件，其中拆迁1件、其他3件" in page.text


@row("R03")
def test_r03_the_basis_page_tells_the_topics_of_the_four(office: Project, systems_row: str) -> None:
    """R03: 4 = 1 拆迁 + 3 其他, listed where the register is public."""
    page = office.page(f"{HARBOUR}/2024-basis.html")
    topics: Counter[str] = Counter()
    for figure in page.all("div", "gk-basis__figure"):
        if re.fullmatch(r"s3_requests-new-(?!total).*", figure.attrs["id"]):
            lines = [n for n in figure.walk() if n.tag == "tr" and n.parent.tag == "tbody"]  # type: ignore[union-attr]
            topics.update(line.children[2].text() for line in lines)  # type: ignore[union-attr]
    assert topics == {"拆迁": 1, "其他": 3}


def expected(register: list[Row], year: int) -> dict[str, Counter[str]]:
    """Count one year of a register by kind of line and class of applicant."""
    found: dict[str, Counter[str]] = {"new": Counter(), "in": Counter(), "out": Counter()}
    for one in register:
        is_done_before = one.answered is not None and one.answered.year < year
        if one.received.year > year or is_done_before:
            continue
        found["new" if one.received.year == year else "in"][one.applicant] += 1
        if one.answered is not None and one.answered.year == year:
            found.setdefault(one.outcome, Counter())[one.applicant] += 1
        else:
            found["out"][one.applicant] += 1
    return found


def line_of(counts: Counter[str]) -> list[int]:
    return [*(counts[applicant] for applicant in CLASSES), counts.total()]


def test_a_thousand_applications_are_counted_as_the_register_says(office: Project) -> None:
    register = read_register(office, "bureau")
    assert len(register) == len({one.number for one in register}) == 1000
    order = ["new", "in", *OUTCOMES.labels, "total", "out"]
    for year in THOUSAND:
        wanted = expected(register, year)
        wanted["total"] = sum((wanted.get(o, Counter()) for o in OUTCOMES.labels), Counter())
        printed = list(matrix(report_page(office, "bureau", year)).values())
        assert len(printed) == 25
        assert printed == [line_of(wanted.get(key, Counter())) for key in order], year


def test_the_thousand_balance_in_every_column_and_are_carried_over(office: Project) -> None:
    tables = {year: list(matrix(report_page(office, "bureau", year)).values()) for year in THOUSAND}
    before: list[int] | None = None
    for year, (new, carried_in, *outcomes, total, carried_out) in tables.items():
        for line in (new, carried_in, *outcomes, total, carried_out):
            assert sum(line[:6]) == line[6], year
        assert total == [sum(column) for column in zip(*outcomes, strict=True)]
        left = [a + b for a, b in zip(new, carried_in, strict=True)]
        assert left == [a + b for a, b in zip(total, carried_out, strict=True)]
        assert carried_in == (before or [0] * 7), year
        assert all(sum(line) for line in outcomes), "each of the 21 results occurs"
        before = carried_out
    assert before is not None
    done = sum(lines[-2][6] for lines in tables.values())
    assert (done + before[6], before[6] > 0) == (1000, True)


def test_each_of_the_thousand_stands_once_a_year_and_ends_once(
    office: Project, judged: Judged
) -> None:
    register = {one.number: one for one in read_register(office, "bureau")}
    ends: Counter[str] = Counter()
    for year in THOUSAND:
        cells = counted(judged, "bureau", year)
        arrived = Counter(
            ref
            for (line, column), refs in cells.items()
            if line in ("new", "carried_in") and column in CLASSES
            for ref in refs
        )
        left = results(cells)
        assert set(arrived.values()) == {1} and arrived == left, year
        carried = {r for (line, _), refs in cells.items() if line == "carried_out" for r in refs}
        ends.update(number for number in left if number not in carried)
        assert all(register[number].received.year <= year for number in left)
    waiting = carried
    assert ends == dict.fromkeys(register.keys() - waiting, 1)
    last = max(THOUSAND)
    assert waiting == {
        number for number, one in register.items() if not one.answered or one.answered.year > last
    }


def test_the_counted_reports_are_checked_like_written_ones(judged: Judged) -> None:
    found = {p.code.id for p in judged.problems if p.place.path.startswith("agencies/bureau/rep")}
    assert found == {"GK414"}, "the balance holds, and one report is late"
    assert judged.count(Severity.ERROR) == 0


# what a register must not tell


def everything(project: Project) -> dict[str, bytes]:
    """Return the bytes of every published file, of packages also what is inside them."""
    found = project.tree()
    for address, data in list(found.items()):
        if address.endswith((".docx", ".xlsx")):
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                for name in package.namelist():
                    found[f"{address}!{name}"] = package.read(name)
        elif address.endswith(".pdf"):
            for n, part in enumerate(re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.S)):
                try:
                    found[f"{address}!{n}"] = zlib.decompressobj().decompress(part)
                except zlib.error:
                    found[f"{address}!{n}"] = part
    return found


def holding(files: dict[str, bytes], words: set[str]) -> dict[str, list[str]]:
    """Return the files that hold any of the words."""
    pattern = re.compile("|".join(sorted(map(re.escape, words))).encode())
    return {
        address: sorted({match.decode() for match in found})[:4]
        for address, data in files.items()
        if (found := pattern.findall(data))
    }


def written(days: set[str]) -> set[str]:
    """Return days in the ways in which pages, files and packages write them."""
    found = set()
    for text in days:
        day = date.fromisoformat(text)
        found |= {text, f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d}"}
    return found


def own_days(project: Project) -> set[str]:
    """Return the days that other sources state themselves, and the statutory ones."""
    others = [*project.content.rglob("*"), *(project.root / "site_src").rglob("*.md")]
    text = "".join(
        path.read_text("utf-8")
        for path in others
        if path.is_file() and path.parent.name != "register"
    )
    statutory = {f"{year + 1}-{day}" for year in THOUSAND for day in ("01-31", "03-31")}
    return statutory | set(re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text))


def test_a_register_that_is_not_public_is_nowhere_on_the_site(office: Project) -> None:
    register = read_register(office, "bureau")
    files = everything(office)
    assert any("2024.docx!word/document.xml" in address for address in files)
    assert any("2024.xlsx!xl/worksheets/" in address for address in files)
    assert holding(files, {one.number for one in register}) == {}
    names = {word for pair in SECRET_TOPICS.values() for word in pair}
    assert holding(files, names) == {}
    days = {day for one in register for day in one.days} - own_days(office)
    assert len(days) > 700
    assert holding(files, written(days)) == {}
    months = re.compile(r"(?:2022|2023|2024)-(?:0[1-9]|1[0-2])\b")
    for year in THOUSAND:
        text = office.text(f"{BUREAU}/{year}-basis.html")
        assert not months.search(text) and "申请登记簿不对外公开" in text


def test_a_file_name_in_the_account_is_all_that_is_told_of_a_register(office: Project) -> None:
    account = office.data("build")["files"]
    assert {p for p in account if "/register/" in p} == {
        f"agencies/{agency}/register/{year}.csv"
        for agency, years in (("bureau", THOUSAND), ("harbour", (2024,)))
        for year in years
    }
    others = {a: d for a, d in office.tree().items() if not a.startswith(("data/build", "help/"))}
    assert holding(others, {"register/20"}) == {}


def test_a_public_register_tells_month_class_topic_and_outcome_and_no_more(
    opened: Project,
) -> None:
    register = [*read_register(opened, "bureau"), *read_register(opened, "harbour")]
    files = everything(opened)
    assert holding(files, {one.number for one in register}) == {}
    days = {day for one in register for day in one.days} - own_days(opened)
    assert holding(files, written(days)) == {}
    shown = holding(files, {name for _, name in SECRET_TOPICS.values()})
    assert set(shown) == {f"{BUREAU}/{year}-basis.html" for year in THOUSAND}
    assert holding(files, {code for code, _ in SECRET_TOPICS.values()}) == {}
    labels = {name for _, name in SECRET_TOPICS.values()}
    for year in THOUSAND:
        page = opened.page(f"{BUREAU}/{year}-basis.html")
        assert "申请登记簿不对外公开" not in page.text
        tables = [
            n
            for figure in page.all("div", "gk-basis__figure")
            if figure.attrs["id"].startswith("s3_requests-new-")
            for n in figure.walk()
            if n.tag == "table"
        ]
        lines: Counter[tuple[str, ...]] = Counter()
        for table in tables:
            heads = [n.text() for n in table.walk() if n.tag == "th"]
            assert heads == ["月份", "申请人", "主题", "办理结果"]
            for line in (n for n in table.walk() if n.tag == "tr"):
                cells = tuple(n.text() for n in line.walk() if n.tag == "td")
                if cells:
                    lines[cells] += 1
        assert {cells[2] for cells in lines} <= labels
        names = dict(SECRET_TOPICS.values())
        wanted = Counter(
            (
                f"{one.received:%Y-%m}",
                APPLICANTS.labels[one.applicant],
                names.get(one.topic, one.topic),
                # what came later is for the report on a later year
                OUTCOMES.labels[one.outcome] if one.answered and one.answered.year == year else "",
            )
            for one in register
            if one.received.year == year and one.number.startswith("DJH")
        )
        assert lines == wanted, year


def test_opening_a_register_changes_its_basis_pages_and_nothing_else(
    office: Project, opened: Project
) -> None:
    """The reports themselves, their files and data say the same; only page keys saw a setting."""
    before, after = office.tree(), opened.tree()
    assert before.keys() == after.keys()
    changed = {address for address in before if before[address] != after[address]}
    assert changed == {
        "data/manifest.tsv",
        *(f"{BUREAU}/{year}-basis.html" for year in THOUSAND),
    }


def test_every_agency_of_the_office_is_on_the_site(office: Project) -> None:
    for code, (name, _, _) in OFFICE.items():
        assert office.page(f"a/{code}/index.html").h1.startswith(name)
