"""Reports to lay out, write and read back: every form that is there, and one that is invented."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongkai.domain.reports.figures import Figures
from gongkai.domain.reports.form import (
    CellKey,
    Equation,
    FigureColumn,
    FigureRow,
    FigureTable,
    Limit,
    Part,
    ReportForm,
    forms,
)
from gongkai.domain.reports.grid import Grid, GridCell, Matched
from gongkai.views.pages import ReportPage, ReportPart
from gongkai.views.report_tables import Dress, figure_view
from gongkai.views.shared import Head, Note, Table

ROOT = Path(__file__).parent.parent
AGENCY = "青禾县民政局"
TITLE = "青禾县民政局2025年政府信息公开工作年度报告"
PROSE = (
    "<p>全年公开信息94条，<strong>没有</strong>废止文件。见<a href='https://example.org/'>目录</a>。</p>"
    '<h3 id="x">（一）平台建设</h3><ul><li>第一点</li><li>第二点</li></ul>'
    "<ol><li>首先</li><li>其次</li></ol><blockquote><p>引文</p></blockquote>"
    "<table><thead><tr><th>项目</th><th>数量</th></tr></thead>"
    "<tbody><tr><td>救助</td><td>35</td></tr></tbody></table>"
)

# a form of 2030 that shares nothing with its forerunners but the kinds of tables: labels that
# repeat in other tables and under other headers, two groups, three applicants
FORM_2030 = ReportForm(
    name="2030",
    title="政府信息公开工作年度报告格式（2030年）",
    instrument="国办公开办函〔2030〕1号",
    years=(2030, None),
    parts=(
        Part("p1", "一", "总体情况"),
        Part("p2", "二", "主动公开情况", ("licences", "services", "channels")),
        Part("p3", "三", "申请情况", ("requests",)),
        Part("p4", "四", "救济情况", ("disputes",)),
    ),
    tables=(
        FigureTable(
            "licences",
            "第九条第（一）项",
            (
                FigureColumn("made", "本年数量"),
                FigureColumn("change", "比上年增/减", unit="change"),
            ),
            (FigureRow("licence", "行政许可"), FigureRow("other", "其他")),
        ),
        FigureTable(
            "services",
            "第九条第（二）项",
            (
                FigureColumn("made", "本年数量"),
                FigureColumn("change", "比上年增/减", unit="change"),
            ),
            (FigureRow("licence", "行政许可"), FigureRow("other", "其他")),
        ),
        FigureTable(
            "channels",
            "公开渠道统计表",
            (FigureColumn("value", "统计数", measure=""),),
            (
                FigureRow("sites", "一、网站", measure="—", is_heading=True),
                FigureRow("own", "（一）本机关网站", unit="count", measure="条", level=1),
                FigureRow("other", "（二）其他", unit="count", measure="条", level=1),
                FigureRow("media", "二、媒体", measure="—", is_heading=True),
                FigureRow("press", "（一）报刊", unit="count", measure="条", level=1),
                FigureRow("media_other", "（二）其他", unit="count", measure="条", level=1),
                FigureRow("has_desk", "三、是否设查阅点", unit="flag", measure="是/否"),
                FigureRow("fee", "四、经费", unit="money", measure="万元"),
            ),
            corner="统计指标",
            layout="tree",
        ),
        FigureTable(
            "requests",
            "申请情况",
            (
                FigureColumn("adult", "成年人", "自然人"),
                FigureColumn("minor", "其他", "自然人"),
                FigureColumn("company", "企业", "组织"),
                FigureColumn("org_other", "其他", "组织"),
                FigureColumn("total", "总计"),
            ),
            (
                FigureRow("new", "一、新收"),
                FigureRow("granted", "1.予以公开", ("二、办理", "（一）公开")),
                FigureRow("granted_other", "2.其他", ("二、办理", "（一）公开")),
                FigureRow("refused", "1.不予公开", ("二、办理", "（二）不公开")),
                FigureRow("refused_other", "2.其他", ("二、办理", "（二）不公开")),
                FigureRow("sum", "（三）总计", ("二、办理",)),
                FigureRow("left", "三、结转"),
            ),
            column_head="申请人",
            layout="matrix",
        ),
        FigureTable(
            "disputes",
            "救济情况",
            (
                FigureColumn("kept", "维持"),
                FigureColumn("other", "其他"),
                FigureColumn("total", "总计"),
            ),
            (
                FigureRow("review", "复议"),
                FigureRow("suit", "诉讼"),
                FigureRow("arbitration", "其他"),
            ),
            layout="wide",
        ),
    ),
    equations=(
        Equation(
            "R-ROW", "requests", "row", ("total",), ("adult", "minor", "company", "org_other")
        ),
        Equation(
            "R-COL",
            "requests",
            "column",
            ("sum",),
            ("granted", "granted_other", "refused", "refused_other"),
        ),
        Equation("R-BAL", "requests", "column", ("new",), ("sum", "left"), "warning"),
        Equation("D-ROW", "disputes", "row", ("total",), ("kept", "other")),
    ),
    limits=(Limit("C-OWN", "channels", "column", ("own",), ("press", "media_other"), "warning"),),
)
FORMS = {
    **{name: form for name, form in forms().items() if form.tables},
    FORM_2030.name: FORM_2030,
}


def sample_figures(form: ReportForm, first: int = 0) -> Figures:
    """Return figures that are all different, so that a mix-up shows; they do not add up."""
    cells: dict[CellKey, Decimal] = {}
    texts: dict[CellKey, str] = {}
    for n, cell in enumerate(form.cells(), first):
        table = form.table(cell[0])
        assert table is not None
        kind = table.unit(cell[1], cell[2])
        if kind == "flag":
            texts[cell] = "是" if n % 2 else "否"
        elif kind == "text":
            texts[cell] = f"内容之{n}"
        else:
            cells[cell] = Decimal(-n if kind == "change" else n)
            if kind == "money":
                cells[cell] += Decimal("0.25")
    return Figures(cells, texts)


def zero_figures(form: ReportForm) -> Figures:
    """Return figures that are all zero and add up."""
    sample = sample_figures(form)
    return Figures(dict.fromkeys(sample.cells, Decimal(0)), sample.texts)


def texts_of(figures: Figures) -> dict[CellKey, str]:
    """Return figures as texts."""
    return {**{cell: str(value) for cell, value in figures.cells.items()}, **figures.texts}


def found_texts(matched: Matched) -> dict[CellKey, str]:
    """Return what was found, without places."""
    return {cell: found.text for cell, found in matched.texts.items()}


def sample_page(form: ReportForm, figures: Figures, /, **changes: Any) -> ReportPage:
    """Return the page of a report with prose in its first part."""
    parts = []
    for part in form.parts:
        tables = [form.table(key) for key in part.tables]
        parts.append(
            ReportPart(
                part.key,
                part.heading,
                "" if tables else "<p>没有。</p>" if parts else PROSE,
                tuple(
                    figure_view(table, figures.cells, Dress(texts=figures.texts))
                    for table in tables
                    if table
                ),
            )
        )
    facts: dict[str, Any] = {
        "head": Head(TITLE, (), ""),
        "crumbs": (),
        "lang": "zh-Hans",
        "title": TITLE,
        "facts": (),
        "summary": (),
        "charts": (),
        "parts": tuple(parts),
        "problems": (),
        "figures": None,
        "rates": (),
        "consolidation": (),
        "notes": (Note("两处总数不一致，原件未说明。", "check"),),
        "remarks": (),
        "outputs": (),
        "basis": None,
        "source": AGENCY,
        "published": "2026-01-20 09:00",
        "published_iso": "2026-01-20T09:00+08:00",
        "is_invented": False,
        "is_historical": False,
        "previous": None,
        "next": None,
    }
    return ReportPage(**{**facts, **changes})


def grid_of_table(table: Table, name: str = "", *, is_merged: bool = True) -> Grid:
    """Return a table as a grid; without merging, what a merged cell covers is blank."""
    cells: dict[tuple[int, int], GridCell] = {}
    for row, line in enumerate((*table.head, *table.rows), 1):
        column = 1
        for cell in line:
            while (row, column) in cells:
                column += 1
            for down in range(cell.rowspan):
                for across in range(cell.colspan):
                    at = (row + down, column + across)
                    anchor = (row, column) if is_merged else (0, 0)
                    text = cell.text if is_merged or at == (row, column) else ""
                    cells[at] = GridCell(text, *at, anchor)
    return _dense(name, cells)


def _dense(name: str, cells: dict[tuple[int, int], GridCell]) -> Grid:
    rows, columns = (range(1, 1 + max(key[n] for key in cells)) for n in (0, 1))
    return Grid(
        name,
        tuple(tuple(cells.get((r, c), GridCell("", r, c)) for c in columns) for r in rows),
    )


def edited(grid: Grid, **texts: str) -> Grid:
    """Return a grid with other texts at places such as ``r3c2``, counted from 1."""
    wanted = {tuple(map(int, key[1:].split("c"))): text for key, text in texts.items()}
    return Grid(grid.name, tuple(tuple(_with(cell, wanted) for cell in row) for row in grid.rows))


def _with(cell: GridCell, wanted: dict[tuple[int, ...], str]) -> GridCell:
    text = wanted.get((cell.row, cell.column), cell.text)
    return GridCell(text, cell.row, cell.column, cell.anchor, cell.is_total)


def without_rows(grid: Grid, *rows: int) -> Grid:
    """Return a grid without some of its rows."""
    kept: Iterable[tuple[GridCell, ...]] = (r for r in grid.rows if r[0].row not in rows)
    return Grid(grid.name, tuple(kept))


def elsewhere(code: str, folder: Path) -> str:
    """Run Python in another folder, time zone, language and hash seed; return what it prints."""
    env = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": os.pathsep.join(str(path) for path in (ROOT / "plugins", ROOT / "tests")),
        "PYTHONHASHSEED": "12345",
        "TZ": "Pacific/Kiritimati",
        "LANG": "C",
        "LC_ALL": "C",
        "HOME": str(folder),
        "TMPDIR": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def converted(data: bytes, name: str, to: str, folder: Path) -> Path:
    """Return a file as LibreOffice converts it; the test is skipped where there is none."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    source = folder / name
    source.write_bytes(data)
    command = [program, f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", to, "--outdir", str(folder / "out"), str(source)],
        capture_output=True,
        check=True,
        timeout=180,
    )
    return folder / "out" / f"{source.stem}.{to.partition(':')[0]}"
