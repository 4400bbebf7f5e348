"""The identities of a form over a report's figures: each line of each, and what both sides say.

A check says what it compared and lets a message print it; it knows of no file. Where equations
fail, the one figure that would set all of them right is the likely slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from gongkai.domain.reports.figures import Figures
from gongkai.domain.reports.form import (
    NUMBERS,
    CarriedOver,
    CellKey,
    Equation,
    FigureTable,
    Implication,
    Kind,
    Limit,
    ReportForm,
    Retained,
    Stock,
)
from gongkai.kernel import problems as p

Shape = Literal[
    "row",
    "column",
    "balance",
    "dispute",
    "limit",
    "implication",
    "carried_over",
    "stock",
    "retained",
    "named_sum",
    "named_relation",
]
_CODES: Mapping[Shape, p.Code] = {
    "row": p.ROW_SUM,
    "column": p.COLUMN_SUM,
    "balance": p.BALANCE,
    "dispute": p.REVIEW_SUM,
    "limit": p.LIMIT_EXCEEDED,
    "implication": p.IMPLICATION_FAILS,
    "carried_over": p.CARRIED_IN_DIFFERS,
    "stock": p.STOCK_DIFFERS,
    "retained": p.PENDING_LOST,
    "named_sum": p.SUM_DIFFERS,
    "named_relation": p.RELATION_FAILS,
}
_NOTHING = ("", "否", "无")  # a flag that is not set, a text that says there is nothing to tell
_SIDE = 120  # characters of one side of an identity in a message
_FEW = 4  # addends that are all listed, zeros included
_EXPLANATION = re.compile(r"（[^（）]{6,}）$")  # behind a label; its number （一） is shorter
_SHORT = 18


@dataclass(frozen=True, slots=True)
class Term:
    """One figure of a check: ``left - right`` grows by ``weight`` when the figure grows by one.

    A blank that counts as zero is ``is_blank``.
    """

    cell: CellKey
    weight: int
    value: Decimal
    kind: Kind = "count"
    is_blank: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One identity on one line, whether it holds or not.

    ``cell`` is the figure to point at: the stated total, the first of several left figures, the
    smaller figure, the one that is needed. A figure of another year is part of a side but no
    term. An implication counts what is given on its left and what is there on its right; its
    terms only name its figures.
    """

    id: str
    relation: Literal["=", "≤", "⇒"]
    shape: Shape
    line: str
    cell: CellKey
    left: Decimal
    right: Decimal
    left_words: str
    right_words: str
    severity: Literal["error", "warning"]
    words: str
    terms: tuple[Term, ...]

    @property
    def holds(self) -> bool:
        """Tell whether both sides stand to each other as they ought to."""
        if self.relation == "=":
            return self.left == self.right
        if self.relation == "≤":
            return self.left <= self.right
        return not self.left or bool(self.right)

    @property
    def weights(self) -> Mapping[CellKey, int]:
        """The coefficients by cell; within one report they make left - right of the figures."""
        found: dict[CellKey, int] = {}
        for term in self.terms:
            found[term.cell] = found.get(term.cell, 0) + term.weight
        return found


@dataclass(frozen=True, slots=True)
class Slip:
    """The one figure that, written as ``expected``, would make every failing equation hold.

    ``sole``: no other single figure would. ``digits``: others would as well, but this is the only
    one in which two neighbouring digits are swapped. ``stated`` is ``None`` for a blank.
    """

    cell: CellKey
    stated: Decimal | None
    expected: Decimal
    certainty: Literal["sole", "digits"]


def checks(form: ReportForm, figures: Figures) -> tuple[Check, ...]:
    """Return every identity within one report that can be evaluated, line by line.

    A line with a missing figure is skipped. On a form where blank is zero, a line is skipped only
    when nothing is written on it, or something that is no number.
    """
    found: list[Check] = []
    for equation in form.equations:
        found.extend(_equation_checks(form, figures, equation))
    for limit in form.limits:
        found.extend(_limit_checks(form, figures, limit))
    for implication in form.implications:
        found.extend(_implication_checks(form, figures, implication))
    return tuple(found)


def checks_against(
    form: ReportForm,
    figures: Figures,
    form_before: ReportForm,
    before: Figures,
    year_before: int,
) -> tuple[Check, ...]:
    """Return what must follow from the report of ``year_before``, where both years state it.

    When that report is of another form, its figures are found by what they count; what is not on
    it is not compared.
    """
    earlier = _Earlier(form, form_before, before, year_before)
    found: list[Check] = []
    for rule in form.carried_over:
        found.extend(_carried_over_checks(form, figures, rule, earlier))
    for stock in form.stocks:
        found.extend(_stock_checks(form, figures, stock, earlier))
    for retained in form.retained:
        found.extend(_retained_checks(form, figures, retained, earlier))
    return tuple(found)


def checks_of_named(
    figures: Mapping[str, Decimal],
    sums: Iterable[tuple[str, Sequence[str], str]],
    relations: Iterable[tuple[str, str, str]] = (),
    names: Mapping[str, str] | None = None,
) -> tuple[Check, ...]:
    """Return the checks of figures that have no form: (total, parts, name), (left, right, name).

    The cell of a figure is ``("", key, "")``; ``names`` are the words for the keys. A sum or a
    relation over a figure that is not there is skipped.
    """
    words = names or {}
    found = []
    for total, parts, name in sums:
        if any(key not in figures for key in (total, *parts)):
            continue
        kind = _kind_of(figures[key] for key in (total, *parts))
        terms = [Term(_named(total), 1, figures[total], kind)]
        terms += [Term(_named(key), -1, figures[key], kind) for key in parts]
        labels = [words.get(key, key) for key in (total, *parts)]
        found.append(_check(name, "=", "named_sum", name, terms, labels))
    for left, right, name in relations:
        if left not in figures or right not in figures:
            continue
        kind = _kind_of((figures[left], figures[right]))
        terms = [Term(_named(left), 1, figures[left], kind)]
        terms += [Term(_named(right), -1, figures[right], kind)]
        labels = [words.get(key, key) for key in (left, right)]
        found.append(_check(name, "≤", "named_relation", name, terms, labels))
    return tuple(found)


def likely_slip(found: Iterable[Check]) -> Slip | None:
    """Return the one figure that explains all failing equations at once, or ``None``.

    It stands in every one of them, the same correction sets all of them right, the corrected
    figure is possible, and no equation that holds would break. Where several figures are left,
    one is named only if it alone has two neighbouring digits swapped.
    """
    equations = [check for check in found if check.relation == "="]
    failing = [check for check in equations if not check.holds]
    if not failing:
        return None
    sound = {cell for check in equations if check.holds for cell in check.weights}
    fitting = []
    for term in _once(failing[0].terms):
        if term.cell in sound:
            continue
        expected = _correction(term, failing)
        if expected is not None:
            fitting.append((term, expected))
    if len(fitting) == 1:
        return _slip(*fitting[0], "sole")
    swapped = [one for one in fitting if swapped_digits(one[0].value, one[1])]
    return _slip(*swapped[0], "digits") if len(swapped) == 1 else None


def likely_slips(found: Iterable[Check]) -> tuple[Slip, ...]:
    """Return the likely slip of each group of failing equations that share figures."""
    equations = [check for check in found if check.relation == "="]
    holding = [check for check in equations if check.holds]
    groups: list[list[Check]] = []
    for check in equations:
        if check.holds:
            continue
        joined = [group for group in groups if any(_share(check, other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(one for group in joined for one in group), check])
    slips = (likely_slip([*group, *holding]) for group in groups)
    return tuple(slip for slip in slips if slip)


def swapped_digits(stated: Decimal, expected: Decimal) -> tuple[str, str] | None:
    """Return the two neighbouring digits that are swapped in ``stated``, if that is all."""
    one, other = _number(stated), _number(expected)
    if len(one) != len(other):
        return None
    differing = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(differing) != 2 or differing[1] != differing[0] + 1:
        return None
    first, second = differing
    if one[first] != other[second] or one[second] != other[first]:
        return None
    pair = (one[first], one[second])
    return pair if all(digit.isdigit() for digit in pair) else None


def finding_of(check: Check) -> tuple[p.Code, CellKey, dict[str, Any]]:
    """Return the code of a check that fails, the cell to point at, and the facts of its message.

    The fact ``note`` is empty; who knows of an explanation puts its words there.
    """
    facts: dict[str, Any] = {
        "id": check.id,
        "line": check.line,
        "left": check.left,
        "right": check.right,
        "left_words": check.left_words,
        "right_words": check.right_words,
        "difference": _number(abs(check.left - check.right)),
        "words": check.words,
        "note": "",
    }
    return _CODES[check.shape], check.cell, facts


def severity_of(check: Check, *, is_explained: bool = False) -> p.Severity | None:
    """Return the severity of a failing check where it is not that of its code.

    An explained identity is a note; the form may ask less of an identity than its code says.
    """
    if is_explained:
        return p.Severity.NOTE
    severity = p.Severity(check.severity)
    return severity if severity is not _CODES[check.shape].severity else None


def finding_of_slip(slip: Slip, name: str) -> tuple[p.Code, CellKey, dict[str, Any]]:
    """Return the code of a likely slip, its cell and the facts; ``name`` is the figure's name."""
    stated = "空白" if slip.stated is None else _number(slip.stated)
    digits = None if slip.stated is None else swapped_digits(slip.stated, slip.expected)
    facts: dict[str, Any] = {
        "label": name,
        "stated": stated,
        "expected": _number(slip.expected),
        "hint": "",
        "hint_en": "",
    }
    if digits:
        first, second = digits
        facts["hint"] = f"（相邻的 {first} 和 {second} 写颠倒了）"
        facts["hint_en"] = f" (the neighbouring digits {first} and {second} are swapped)"
    return p.LIKELY_SLIP, slip.cell, facts


def _equation_checks(form: ReportForm, figures: Figures, equation: Equation) -> Iterator[Check]:
    table = _table(form, equation.table)
    shape: Shape = equation.axis if len(equation.left) == 1 < len(equation.right) else "balance"
    if form.requests and form.requests.disputes == table.key:
        shape = "dispute"
    for line in _lines(table, equation.axis):
        keys = [(key, 1) for key in equation.left] + [(key, -1) for key in equation.right]
        terms = _terms(form, figures, table, equation.axis, line, keys)
        if terms:
            name = _line_name(table, equation.axis, line, equation.left[0])
            labels = [_label(table, equation.axis, key) for key, _ in keys]
            yield _check(
                equation.id,
                "=",
                shape,
                name,
                terms,
                labels,
                equation.severity,
                equation.words or "两边应相等",
            )


def _limit_checks(form: ReportForm, figures: Figures, limit: Limit) -> Iterator[Check]:
    table = _table(form, limit.table)
    keys = [(key, 1) for key in limit.smaller] + [(key, -1) for key in limit.larger]
    for line in _lines(table, limit.axis):
        terms = _terms(form, figures, table, limit.axis, line, keys)
        if terms:
            name = _line_name(table, limit.axis, line, limit.smaller[0])
            labels = [_label(table, limit.axis, key) for key, _ in keys]
            yield _check(
                limit.id,
                "≤",
                "limit",
                name,
                terms,
                labels,
                limit.severity,
                limit.words or "左边不大于右边",
            )


def _implication_checks(
    form: ReportForm, figures: Figures, implication: Implication
) -> Iterator[Check]:
    table = _table(form, implication.table)
    for column in table.columns:
        cells = [(table.key, row, column.key) for row in (*implication.given, implication.needed)]
        if any(_is_unreadable(figures, cell) for cell in cells):
            continue
        if not any(figures.has(cell) for cell in cells):
            continue
        *given, needed = cells
        if not form.blank_is_zero and not figures.has(needed):
            continue
        named = [cell for cell in given if _has_something(figures, cell)]
        terms = [
            Term(
                cell,
                weight,
                figures.cells.get(cell, Decimal(0)),
                table.unit(*cell[1:]),
                not figures.has(cell),
            )
            for cell, weight in [*((cell, 1) for cell in given), (needed, -1)]
        ]
        yield Check(
            id=implication.id,
            relation="⇒",
            shape="implication",
            line=_line_name(table, "column", column.key, implication.needed),
            cell=needed,
            left=Decimal(len(named)),
            right=Decimal(_has_something(figures, needed)),
            left_words=_cut("、".join(_stated(table, figures, cell) for cell in named or given)),
            right_words=_cut(_stated(table, figures, needed)),
            severity=implication.severity,
            words=implication.words or "前者有，后者也应有",
            terms=tuple(terms),
        )


class _Earlier:
    """Last year's figures, asked for by this year's cells."""

    def __init__(self, form: ReportForm, its_form: ReportForm, figures: Figures, year: int) -> None:
        self._form, self._figures, self._its_form = form, figures, its_form
        self._year = year
        self._fed: dict[tuple[str, str], CellKey] | None = None
        if its_form.name != form.name:
            self._fed = {}
            for cell in its_form.cells():
                pair = _table(its_form, cell[0]).indicator(cell[1], cell[2])
                if pair:
                    self._fed.setdefault(pair, cell)

    def value(self, cell: CellKey, axis: Literal["row", "column"]) -> tuple[str, Decimal] | None:
        """Return last year's figure in words and as a number; ``axis`` is of the line it is in."""
        if self._fed is not None:
            pair = _table(self._form, cell[0]).indicator(cell[1], cell[2])
            found = self._fed.get(pair) if pair else None
            if found is None:
                return None
            cell = found
        value = self._figures.cells.get(cell)
        if value is None:
            return None
        key = cell[2] if axis == "row" else cell[1]
        label = _label(_table(self._its_form, cell[0]), axis, key)
        return f"{self._year}年报告“{label}” {_number(value)}", value


def _carried_over_checks(
    form: ReportForm, figures: Figures, rule: CarriedOver, earlier: _Earlier
) -> Iterator[Check]:
    table = _table(form, rule.table)
    label = _label(table, "column", rule.row)
    for column in table.columns:
        terms = _terms(form, figures, table, "column", column.key, [(rule.row, 1)])
        then = earlier.value((table.key, rule.previous_row, column.key), "column")
        if not terms or then is None:
            continue
        (term,) = terms
        yield Check(
            id=rule.id,
            relation="=",
            shape="carried_over",
            line=_line_name(table, "column", column.key, rule.row),
            cell=term.cell,
            left=term.value,
            right=then[1],
            left_words=f"{label} {_figure(term)}",
            right_words=then[0],
            severity="error",
            words=f"{label}＝上年的{_label(table, 'column', rule.previous_row)}",
            terms=terms,
        )


def _stock_checks(
    form: ReportForm, figures: Figures, stock: Stock, earlier: _Earlier
) -> Iterator[Check]:
    table = _table(form, stock.table)
    keys = [(stock.stock, 1), (stock.gained, -1), (stock.lost, 1)]
    held, gained, lost = (_label(table, "row", key) for key, _ in keys)
    for row in table.data_rows:
        terms = _terms(form, figures, table, "row", row.key, keys)
        then = earlier.value((table.key, row.key, stock.stock), "row")
        if not terms or then is None:
            continue
        now, plus, minus = terms
        due = then[1] + plus.value - minus.value
        made = f"{then[0]}＋{gained} {_figure(plus)}－{lost} {_figure(minus)}＝{_number(due)}"
        yield Check(
            id=stock.id,
            relation="=",
            shape="stock",
            line=_line_name(table, "row", row.key, stock.stock),
            cell=now.cell,
            left=now.value,
            right=due,
            left_words=f"{held} {_figure(now)}",
            right_words=made,
            severity="warning",
            words=f"{held}＝上年{held}＋{gained}－{lost}",
            terms=terms,
        )


def _retained_checks(
    form: ReportForm, figures: Figures, rule: Retained, earlier: _Earlier
) -> Iterator[Check]:
    table = _table(form, rule.table)
    pending, total = _label(table, "row", rule.pending), _label(table, "row", rule.total)
    for row in table.data_rows:
        terms = _terms(form, figures, table, "row", row.key, [(rule.total, -1)])
        then = earlier.value((table.key, row.key, rule.pending), "row")
        if not terms or then is None:
            continue
        (term,) = terms
        yield Check(
            id=rule.id,
            relation="≤",
            shape="retained",
            line=_line_name(table, "row", row.key, rule.total),
            cell=term.cell,
            left=then[1],
            right=term.value,
            left_words=then[0],
            right_words=f"{total} {_figure(term)}",
            severity="warning",
            words=f"上年{pending}不大于本年{total}",
            terms=terms,
        )


def _check(
    id: str,
    relation: Literal["=", "≤"],
    shape: Shape,
    line: str,
    terms: Sequence[Term],
    labels: Sequence[str],
    severity: Literal["error", "warning"] = "error",
    words: str = "",
) -> Check:
    """Return the check of a sum on either side: terms of weight 1 are left, of -1 right."""
    pairs = list(zip(labels, terms, strict=True))
    left = [pair for pair in pairs if pair[1].weight > 0]
    right = [pair for pair in pairs if pair[1].weight < 0]
    return Check(
        id=id,
        relation=relation,
        shape=shape,
        line=line,
        cell=terms[0].cell,
        left=sum((term.value for _, term in left), Decimal(0)),
        right=sum((term.value for _, term in right), Decimal(0)),
        left_words=_side(left),
        right_words=_side(right),
        severity=severity,
        words=words,
        terms=tuple(terms),
    )


def _terms(
    form: ReportForm,
    figures: Figures,
    table: FigureTable,
    axis: Literal["row", "column"],
    line: str,
    keys: Iterable[tuple[str, int]],
) -> tuple[Term, ...]:
    """Return the figures of a line with their weights; nothing when it cannot be evaluated."""
    terms = []
    for key, weight in keys:
        row, column = (line, key) if axis == "row" else (key, line)
        cell, kind = (table.key, row, column), table.unit(row, column)
        value = figures.cells.get(cell)
        is_blank = value is None
        if kind not in NUMBERS or (is_blank and not form.blank_is_zero):
            return ()
        if _is_unreadable(figures, cell):
            return ()
        terms.append(Term(cell, weight, value or Decimal(0), kind, is_blank))
    return () if all(term.is_blank for term in terms) else tuple(terms)


def _is_unreadable(figures: Figures, cell: CellKey) -> bool:
    """Tell whether something was written that is no figure: it is reported, and not a blank."""
    return cell in figures.origins and not figures.has(cell)


def _has_something(figures: Figures, cell: CellKey) -> bool:
    if cell in figures.cells:
        return figures.cells[cell] > 0
    return figures.texts.get(cell, "") not in _NOTHING


def _table(form: ReportForm, key: str) -> FigureTable:
    table = form.table(key)
    assert table is not None, f"form {form.name} has no table {key}"
    return table


def _lines(table: FigureTable, axis: Literal["row", "column"]) -> tuple[str, ...]:
    lines = table.data_rows if axis == "row" else table.columns
    return tuple(line.key for line in lines)


def _line_name(table: FigureTable, axis: Literal["row", "column"], line: str, first: str) -> str:
    """Return the name of a row, of a column or, in a tree, of what the first figure stands below.

    A side of an identity names the figures of a tree themselves.
    """
    if axis == "row" or table.layout == "tree":
        row = table.row_of[line if axis == "row" else first]
        if table.layout == "tree" and row.headers:
            return "／".join(row.headers)
        return "／".join((*row.headers, row.corrected or row.label))
    column = table.column_of[line]
    return f"{column.group}／{column.label}" if column.group else column.label


def _label(table: FigureTable, axis: Literal["row", "column"], key: str) -> str:
    """Return the short name of one figure of a line along ``axis``."""
    if axis == "row":
        label = table.column_of[key].label
    else:
        row = table.row_of[key]
        label = row.corrected or row.label
    label = _EXPLANATION.sub("", label)
    return label if len(label) <= _SHORT else f"{label[: _SHORT - 1]}…"


def _side(pairs: Sequence[tuple[str, Term]]) -> str:
    """Return a side of an identity with its figures, and their sum where they are several."""
    if len(pairs) == 1:
        ((label, term),) = pairs
        return f"{label} {_figure(term)}"
    total = f"＝{_number(sum((term.value for _, term in pairs), Decimal(0)))}"
    listed = [pair for pair in pairs if pair[1].value or len(pairs) <= _FEW]
    if not listed:
        return f"{len(pairs)} 项都是 0"
    said = ""
    for n, (label, term) in enumerate(listed):
        rest = sum((term.value for _, term in listed[n:]), Decimal(0))
        others = f"＋另 {len(listed) - n} 项 {_number(rest)}"
        addend = f"＋{label} {_figure(term)}" if said else f"{label} {_figure(term)}"
        # room must be left for naming the rest together, however long the numbers are
        reserve = len(others) + len(total) if n + 1 < len(listed) else len(total)
        if said and len(said) + len(addend) + reserve > _SIDE:
            return f"{said}{others}{total}"
        said += addend
    return said + total


def _figure(term: Term) -> str:
    return "空白" if term.is_blank else _number(term.value)


def _stated(table: FigureTable, figures: Figures, cell: CellKey) -> str:
    value = figures.cells.get(cell)
    said = _number(value) if value is not None else figures.texts.get(cell, "") or "空白"
    return f"{_label(table, 'column', cell[1])} {said if len(said) <= _SHORT else said[:_SHORT]}"


def _cut(words: str) -> str:
    return words if len(words) <= _SIDE else f"{words[: _SIDE - 1]}…"


def _number(value: Decimal) -> str:
    """Return a number in digits: a sum of small amounts must not become 1E-7."""
    return format(value, "f")


def _named(key: str) -> CellKey:
    return "", key, ""


def _kind_of(values: Iterable[Decimal]) -> Kind:
    """Return what named figures are: whole numbers are corrected by whole numbers."""
    return "count" if all(_is_whole(value) for value in values) else "money"


def _is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def _once(terms: Iterable[Term]) -> Iterator[Term]:
    seen: set[CellKey] = set()
    for term in terms:
        if term.cell not in seen:
            seen.add(term.cell)
            yield term


def _correction(term: Term, failing: Iterable[Check]) -> Decimal | None:
    """Return the value that makes all of ``failing`` hold, if there is a possible one."""
    expected: Decimal | None = None
    for check in failing:
        weight = check.weights.get(term.cell, 0)
        if not weight:
            return None
        corrected = term.value - (check.left - check.right) / weight
        if expected is not None and corrected != expected:
            return None
        expected = corrected
    if expected is None or (expected < 0 and term.kind != "change"):
        return None
    return expected if term.kind in ("money", "rate") or _is_whole(expected) else None


def _slip(term: Term, expected: Decimal, certainty: Literal["sole", "digits"]) -> Slip:
    return Slip(term.cell, None if term.is_blank else term.value, expected, certainty)


def _share(one: Check, other: Check) -> bool:
    return not one.weights.keys().isdisjoint(other.weights)
