"""汇总核对 of a consolidated report into tables: by indicator, by body, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from gongkai.derive.consolidation import Absence, Compared, Consolidation, LeftOut
from gongkai.domain.reports.form import CellKey, ReportForm
from gongkai.domain.reports.indicator import INDICATORS
from gongkai.views import chart
from gongkai.views.frame import Frame
from gongkai.views.series_pages import BLANK, GAP, NO_DATA, header, name_of, signed
from gongkai.views.shared import Cell, Table

_ABSENCES = {
    Absence.NO_REPORT: "没有该年度的年报",
    Absence.OUTSIDE: "本站没有它的年报",
    Absence.NO_OWN_TABLES: "没有列出本级的数字",
    Absence.UNKNOWN: "本站没有这个单位",
    Absence.OTHER_FORM: "年报格式不同，不能逐格相加",
    Absence.ENTERPRISE: "公共企事业单位，不在汇总范围（条例第五十五条）",
    Absence.VERTICAL: "垂直管理单位，不在汇总范围",
    Absence.OTHER_LEVEL: "层级不在汇总范围",
    Absence.TWICE: "重复列出，只计一次",
    Absence.COVERED: "它的报告也是汇总，再相加会重复计算",
}
_BY_BODY = (
    "received",
    "carried_in",
    "concluded",
    "carried_out",
    "reconsideration_total",
    "litigation_total",
    "normative_issued",
    "normative_in_force",
)


def consolidation_tables(frame: Frame, consolidation: Consolidation) -> tuple[Table, ...]:
    """Return the tables of 汇总核对; what is in no sum stands below the first, with the reason."""
    note = "".join(f"{_left_out(frame, one)}。" for one in consolidation.left_out)
    if not all(one.is_whole for one in consolidation.totals):
        note += "本站汇总不全的，有单位没有数字，差额仅供参考。"
    own = [one for one in consolidation.totals if not INDICATORS[one.key].parent or one.is_fault]
    own.sort(key=lambda one: not one.is_fault)  # what differs is seen first
    tables = [
        Table(
            "汇总核对：报告载明的数与本站汇总",
            header("指标", "单位", "报告载明", "本站汇总", "差额", "核对"),
            tuple(_compared(one, INDICATORS[one.key].measure) for one in own),
            "check",
            note,
        )
    ]
    shown = [one for one in consolidation.totals if one.key in _BY_BODY]
    if shown and consolidation.addends:
        tables.append(_by_body(frame, consolidation, shown))
    if consolidation.faults:
        head = header("表格单元", "单位", "报告载明", "本站汇总", "差额", "核对")
        rows = tuple(
            _compared(one, _measure(consolidation.form, one.key)) for one in consolidation.faults
        )
        tables.append(Table("与本站汇总不符的单元格", head, rows, "check"))
    return tuple(tables)


def _measure(form: ReportForm, cell: CellKey) -> str:
    table = form.table(cell[0])
    return table.measure(cell[1], cell[2]) if table else ""


def _compared(one: Compared[Any], measure: str) -> tuple[Cell, ...]:
    difference = one.difference
    if difference is None:
        verdict = "无法核对"
    elif one.is_fault:
        verdict = "不符"
    elif one.is_whole:
        verdict = "相符"
    else:
        verdict = "本站汇总不全"
    return (
        Cell(one.name, True, scope="row", is_fault=one.is_fault),
        Cell(measure),
        _figure_or_blank(one.stated),
        _or_gap("" if one.ours is None else chart.amount(one.ours)),
        _or_gap("" if difference is None else _difference(difference)),
        Cell(verdict, is_fault=one.is_fault),
    )


def _or_gap(text: str) -> Cell:
    return Cell(text or GAP, is_number=True, unseen="" if text else NO_DATA)


def _difference(value: Decimal) -> str:
    return "0" if value == 0 else signed(value)


def _by_body(frame: Frame, consolidation: Consolidation, shown: Sequence[Compared[str]]) -> Table:
    rows = [
        (
            Cell(_addend_name(frame, consolidation, agency), True, scope="row"),
            *(_figure_or_blank(one.parts[n]) for one in shown),
        )
        for n, agency in enumerate(consolidation.addends)
    ]
    rows.append(
        (Cell("本站汇总", True, scope="row"), *(_figure_or_blank(one.ours) for one in shown))
    )
    rows.append(
        (Cell("报告载明", True, scope="row"), *(_figure_or_blank(one.stated) for one in shown))
    )
    known = [INDICATORS[one.key] for one in shown]
    head = header("单位", *(f"{one.label}（{one.measure}）" for one in known))
    return Table("各单位报告的数和本站汇总", head, tuple(rows), "years")


def _figure_or_blank(value: Decimal | None) -> Cell:
    return Cell(BLANK if value is None else chart.amount(value), is_number=True)


def _addend_name(frame: Frame, consolidation: Consolidation, agency: str) -> str:
    name = name_of(frame, agency)
    return f"{name}（本级）" if agency == consolidation.agency else name


def _left_out(frame: Frame, one: LeftOut) -> str:
    words = f"{name_of(frame, one.name)}：{_ABSENCES[one.why]}"
    if one.why is Absence.COVERED and one.overlap:
        words += f"（重复的：{'、'.join(name_of(frame, name) for name in one.overlap)}）"
    return f"{words}（{one.note}）" if one.note else words
