"""The board of one report year into a page of the site, or a file that the office keeps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape

from gongkai.derive import addresses
from gongkai.derive.board import STATE_LABELS, Board, BoardRow, BoardState
from gongkai.domain import vocab
from gongkai.views import formats
from gongkai.views.frame import Frame
from gongkai.views.pages import BoardLine, BoardPage
from gongkai.views.series_pages import EXPLORER
from gongkai.views.shared import Fact, Link

_TONES = {
    BoardState.NOT_SUBMITTED: "warn",
    BoardState.SUBMITTED: "warn",
    BoardState.ON_TIME: "good",
    BoardState.LATE: "bad",
    BoardState.UNDATED: "good",
    BoardState.MIGRATED: "quiet",
}
_STEPS = {"submit": "报送", "publish": "发布"}
MARKS = (
    Fact("按时、逾期", "报送日期和发布日期分别与各自的期限比较，有一项晚于期限即为逾期"),
    Fact("迁移不计", "从旧网站迁来的报告，发布日期不作为逾期的依据"),
    Fact("勾稽", "错误、已说明的出入和提示的条数"),
    Fact("雷同", "正文与上一年报告相同的部分所占比例，没有上一年报告的不计算"),
)


def board_address(year: int) -> str:
    """Return the page of the board on reports of ``year``."""
    return f"r/board-{year}.html"


def board_page(frame: Frame, board: Board) -> BoardPage:
    """Return the board with every agency that owes a report, on the day it was made."""
    title = f"{board.year}年度政府信息公开年报报送和发布情况"
    day = formats.long_date(board.today)
    lead = f"截至{day}，应当编制{board.year}年度报告的{len(board.rows)}个单位的进度。"
    tags = frame.special_column_tags(title, "年报数据", lead)
    overdue = sum(row.is_overdue for row in board.rows)
    counts = [
        Fact(STATE_LABELS[state], str(count))
        for state, count in board.counts().items()
        if count or state in (BoardState.NOT_SUBMITTED, BoardState.ON_TIME, BoardState.LATE)
    ]
    if overdue:
        counts.append(Fact("期限已过仍未办理", str(overdue)))
    return BoardPage(
        head=frame.head(title, board_address(board.year), *tags),
        crumbs=(frame.home(), Link("年报数据查询", EXPLORER), Link(title)),
        title=title,
        lead=lead,
        summary=tuple(counts),
        lines=tuple(_line(frame, board.year, row) for row in board.rows),
        marks=MARKS,
    )


def _line(frame: Frame, year: int, row: BoardRow) -> BoardLine:
    agency = frame.agency(row.agency)
    url = addresses.report_address(row.agency, year) if row.published_on else ""
    notes = []
    if row.path and not row.is_readable:
        notes.append("报告文件有误，读不出")
    if row.late_steps:
        notes.append(f"{'、'.join(_STEPS[step] for step in row.late_steps)}逾期")
    if row.published_on and row.submit_due and not row.submitted_on and not row.migrated_on:
        notes.append("未填报送日期")
    if row.state is BoardState.MIGRATED:
        notes.append(f"{row.migrated_on}迁移")
    dues = (
        (row.submit_due, "报送"),
        (row.publish_due, "发布"),
    )
    if row.submit_due == row.publish_due and row.submit_due:
        due = f"{_short(row.submit_due)}前报送并发布"
    else:
        due = "、".join(f"{_short(day)}前{step}" for day, step in dues if day) or "无统一期限"
    checks = "—"
    if row.checks is not None:
        said = (
            (row.checks.errors, "错误"),
            (row.checks.explained, "已说明"),
            (row.checks.notes, "提示"),
        )
        checks = "、".join(f"{words}{n}" for n, words in said if n) or "无出入"
    return BoardLine(
        agency=Link(agency.name, url),
        level=vocab.LEVEL_LABELS.get(row.level, row.level),
        state=STATE_LABELS[row.state],
        tone="bad" if row.is_overdue else _TONES[row.state],
        days=_days(row),
        submitted=_day(row.submitted_on),
        checked=_day(row.checked_on),
        published=_day(row.published_on),
        due=due,
        checks=checks,
        similarity="—" if row.similarity is None else f"{row.similarity * 100:.0f}%",
        notes=tuple(notes),
    )


def _day(day: date | None) -> str:
    return str(day) if day else "—"


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _days(row: BoardRow) -> str:
    if row.days is None:
        return ""
    if row.state is BoardState.LATE:
        return f"晚{-row.days}天"
    if row.days < 0:
        return f"已超期{-row.days}天"
    return f"还有{row.days}天" if row.days else "今日到期"


_STYLE = """
body{margin:1.5rem;font:15px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
color:#1c222a;background:#fff}
h1{font-size:1.3rem;margin:0 0 .4rem}p{margin:.3rem 0}
ul{list-style:none;padding:0;margin:.8rem 0;display:flex;flex-wrap:wrap;gap:.4rem 1.6rem}
li b{font-size:1.2em;margin-left:.4em;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%;font-size:14px}
caption{text-align:left;font-weight:700;padding:.4rem 0}
th,td{border:1px solid #b9c1cb;padding:.3rem .5rem;text-align:left;vertical-align:top}
thead th{background:#eef4fa;white-space:nowrap}tbody th{font-weight:400;background:#f3f5f8}
td.day{white-space:nowrap;font-variant-numeric:tabular-nums}
.good{color:#1d6b37}.warn{color:#7a5200;font-weight:700}.bad{color:#a8281e;font-weight:700}
.quiet,small{color:#525c68}small{display:block}
dl{font-size:13px;color:#525c68}dt{font-weight:700;float:left;clear:left;margin-right:.6em}
dd{margin:0}.box{overflow-x:auto}
@media print{body{margin:0;font-size:10pt}thead{display:table-header-group}
tr{break-inside:avoid}}
"""
COLUMNS = ("单位", "层级", "状态", "期限", "报送", "审核", "发布", "勾稽", "雷同")


def board_document(view: BoardPage) -> str:
    """Return the board as one HTML file that needs no other: the file for the office itself."""
    head = "".join(f'<th scope="col">{label}</th>' for label in COLUMNS)
    rows = "\n".join(_document_row(line) for line in view.lines)
    summary = "".join(
        f"<li>{escape(fact.label)}<b>{escape(fact.value)}</b></li>" for fact in view.summary
    )
    marks = "".join(
        f"<dt>{escape(fact.label)}</dt><dd>{escape(fact.value)}</dd>" for fact in view.marks
    )
    return (
        '<!doctype html>\n<html lang="zh-Hans">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(view.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(view.title)}</h1>\n<p>{escape(view.lead)}</p>\n<ul>{summary}</ul>\n"
        f'<div class="box"><table>\n<caption>各单位进度</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>\n"
        f"<dl>{marks}</dl>\n</body>\n</html>\n"
    )


def _document_row(line: BoardLine) -> str:
    smalls = "".join(f"<small>{escape(text)}</small>" for text in _smalls(line))
    days = (line.submitted, line.checked, line.published)
    return (
        f'<tr><th scope="row">{escape(line.agency.label)}</th><td>{escape(line.level)}</td>'
        f'<td><span class="{line.tone}">{escape(line.state)}</span>{smalls}</td>'
        f"<td>{escape(line.due)}</td>"
        + "".join(f'<td class="day">{escape(day)}</td>' for day in days)
        + f"<td>{escape(line.checks)}</td><td>{escape(line.similarity)}</td></tr>"
    )


def _smalls(line: BoardLine) -> Iterable[str]:
    return (*((line.days,) if line.days else ()), *line.notes)
