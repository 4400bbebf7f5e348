"""What yearly reports cost: their pages, their files in four formats, and nothing where unchanged.

``python tests/bench/reports.py [--agencies 20] [--years 5]`` takes the demonstration, adds agencies
with that many reports each, and measures builds one after the other; each figure is also told as a
ratio to the cold build without files, so that a busy machine does not matter.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT / "tests")]

from measure import Cost, compare, run, standing  # noqa: E402

from gongkai.domain.reports.form import ReportForm, form_for  # noqa: E402

LAST_YEAR = 2025


def figures(form: ReportForm, year: int, opened: list[int], rng: Random) -> tuple[str, list[int]]:
    """Return the YAML of a report whose identities all hold, and what it carries over."""
    at = form.requests
    assert at is not None
    table = form.table(at.table)
    assert table is not None
    count = len(at.applicants)
    results = {key: [rng.randrange(3) for _ in range(count)] for key in at.results}
    done = [sum(results[key][n] for key in at.results) for n in range(count)]
    left = [rng.randrange(2) for _ in range(count)]
    new = [max(0, done[n] + left[n] - opened[n]) for n in range(count)]
    left = [new[n] + opened[n] - done[n] for n in range(count)]
    rows = {at.received: new, at.carried_in: opened, **results}
    rows |= {at.results_total: done, at.carried_out: left}
    lines = ["tables:"]
    for one in form.tables:
        lines.append(f"  {one.key}:")
        for row in one.data_rows:
            if one.key == at.table:
                values = [*rows[row.key], sum(rows[row.key])]
            elif one.key == at.disputes:
                values = [1, 0, 2, 0, 3]
            else:
                values = [0] * len(one.columns)
            lines.append(f"    {row.key}: {values}")
    return "\n".join(lines), left


def add_agencies(content: Path, agencies: int, years: int) -> None:
    """Write agencies beside those of the demonstration, each with its reports."""
    rng = Random(7)
    for n in range(agencies):
        name = f"bench{n:03}"
        folder = content / "agencies" / name
        (folder / "reports").mkdir(parents=True)
        text = (content / "agencies" / "czj" / "agency.yml").read_text("utf-8")
        text = re.sub(r"^name: .*$", f"name: 青禾县第{n + 1}局", text, flags=re.MULTILINE)
        text = re.sub(r"^short_name: .*\n", "", text, flags=re.MULTILINE)
        text = re.sub(r"^codes: .*$", f"codes: [QB{n:06}A]", text, flags=re.MULTILINE)
        text = re.sub(
            r"^guide: .*$", "guide: none\nguide_note: 见县政府指南", text, flags=re.MULTILINE
        )
        (folder / "agency.yml").write_text(text, "utf-8")
        opened = [0] * 6
        for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1):
            form = form_for(year)
            assert form is not None
            tables, opened = figures(form, year, opened, rng)
            words = "".join(
                rng.choice("天地人和山水田林湖草沙春夏秋冬东南西北") for _ in range(400)
            )
            prose = "\n\n".join(
                f"## {part.heading}\n\n{words}。" for part in form.parts if part.is_prose
            )
            front = (
                f'---\ntitle: 第{n + 1}局{year}年报告\nform: "{form.name}"\n'
                f"published_on: {year + 1}-01-20 09:00\n"
                "review:\n"
                f"  {{checked_on: {year + 1}-01-16, reviewer: 办公室主任, result: 可以公开}}\n"
                f"migrated_on: {year + 1}-01-20\n{tables}\n---\n"
            )
            (folder / "reports" / f"{year}.md").write_text(front + prose + "\n", "utf-8")


def site(work: Path, outputs: str) -> Path:
    """Lay a project whose reports have the given files; return its folder."""
    folder = work / f"site-{len(outputs)}"
    folder.mkdir()
    for name in ("content", "site_src", "theme"):
        shutil.copytree(work / "given" / name, folder / name)
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    text = re.sub(r"outputs: \[.*\]", f"outputs: [{outputs}]", text)
    (folder / "mkdocs.yml").write_text(text, "utf-8")
    return folder


def main() -> int:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=20)
    parser.add_argument("--years", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for part in ("content", "site_src", "theme"):
            shutil.copytree(ROOT / part, work / "given" / part)
        add_agencies(work / "given" / "content", given.agencies, given.years)
        rows = [*_steps(site(work, ""), ""), *_steps(site(work, "docx, pdf, xlsx, json"), "all")]
    base = rows[0][1].cpu
    total = given.agencies * given.years
    print(f"{total} reports beside the demonstration's\n")
    print("| files | step | CPU s | wall s | written | CPU / cold without files |")
    print("|---|---|---:|---:|---:|---:|")
    for label, cost, written in rows:
        files, _, step = label.partition(" ")
        cells = (files, step, f"{cost.cpu:.2f}", f"{cost.wall:.2f}", str(written))
        print(f"| {' | '.join(cells)} | {cost.cpu / base:.2f} |")
    return 0


def _steps(folder: Path, label: str) -> list[tuple[str, Cost, int]]:
    """Build cold, unchanged, with one figure's report changed, and with the theme changed."""
    command = [str(Path(sys.executable).parent / "gongkai"), "build"]
    target = folder / "build" / "site"
    report = sorted((folder / "content" / "agencies" / "bench000" / "reports").glob("*.md"))[-1]
    style = folder / "theme" / "pages" / "report.html"

    def change_report() -> None:
        report.write_text(report.read_text("utf-8") + "\n补充一句。\n", "utf-8")

    def change_theme() -> None:
        style.write_text(style.read_text("utf-8") + "\n<!-- changed -->\n", "utf-8")

    rows = []
    for step, edit in (
        ("cold", lambda: None),
        ("unchanged", lambda: None),
        ("one report changed", change_report),
        ("template changed", change_theme),
    ):
        time.sleep(2.1)  # past the time within which a stat signature is not trusted
        edit()
        time.sleep(2.1)
        before = standing(target) if target.exists() else {}
        cost = run(command, folder)
        changes = compare(before, standing(target))
        rows.append((f"{label or 'none'} {step}", cost, changes.written))
    return rows


if __name__ == "__main__":
    sys.exit(main())
