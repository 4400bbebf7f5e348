"""Identities say what they compare; one wrong figure is found, and named where it can be."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.reports.figures import Figures, Origin, read_figures
from gongkai.domain.reports.form import (
    NO_INDICATOR,
    CarriedOver,
    CellKey,
    Equation,
    FigureColumn,
    FigureRow,
    FigureTable,
    Implication,
    Limit,
    Part,
    ReportForm,
)
from gongkai.domain.reports.forms.form_2017 import FORM as FORM_2017
from gongkai.domain.reports.forms.form_2019 import FORM as FORM_2019
from gongkai.domain.reports.forms.form_2021 import FORM as FORM_2021
from gongkai.domain.reports.identities import (
    Check,
    Slip,
    checks,
    checks_against,
    checks_of_named,
    finding_of,
    finding_of_slip,
    likely_slip,
    likely_slips,
    severity_of,
    swapped_digits,
)
from gongkai.domain.reports.indicator import value_of, values_of
from gongkai.domain.reports.report import AnnualReport
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem, Severity
from make import CLEARED

S3, S4, S2 = "s3_requests", "s4_review", "s2_art20_1"
COLUMNS = ("natural", "enterprise", "research", "charity", "legal", "other_org", "total")
Cells = dict[CellKey, Decimal]


def zeros(form: ReportForm) -> Cells:
    return {cell: Decimal(0) for cell in form.cells()}


def sound(form: ReportForm, seed: int, size: int = 60) -> Cells:
    """Return figures that add up, made from their addends; ``size`` bounds these."""
    dice = random.Random(seed)
    at = form.requests
    assert at is not None
    cells = zeros(form)

    def put(row: str, by_applicant: list[int]) -> None:
        for column, value in zip(at.applicants, by_applicant, strict=True):
            cells[at.table, row, column] = Decimal(value)
        cells[at.table, row, at.total] = Decimal(sum(by_applicant))

    settled = [0] * len(at.applicants)
    for row in at.results:
        values = [dice.randrange(size) if dice.random() < 0.6 else 0 for _ in at.applicants]
        put(row, values)
        settled = [a + b for a, b in zip(settled, values, strict=True)]
    left = [dice.randrange(size) for _ in at.applicants]
    came = [dice.randrange(a + b + 1) for a, b in zip(settled, left, strict=True)]
    put(at.results_total, settled)
    put(at.carried_out, left)
    put(at.carried_in, came)
    put(at.received, [a + b - c for a, b, c in zip(settled, left, came, strict=True)])
    for row in at.dispute_rows:
        ends = [dice.randrange(size) for _ in range(4)]
        for column, value in zip(("upheld", "corrected", "other", "pending"), ends, strict=True):
            cells[at.disputes, row, column] = Decimal(value)
        cells[at.disputes, row, "total"] = Decimal(sum(ends))
    return cells


def slipped(value: Decimal) -> set[Decimal]:
    """Return other figures that a hand may write for ``value``."""
    digits = str(value)
    found = {value + 1, value * 10, value - 1, Decimal(0), value + 81}
    for n in range(len(digits) - 1):
        found.add(Decimal(digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :]))
    return {one for one in found if one >= 0 and one != value}


def failing(form: ReportForm, cells: Cells) -> list[Check]:
    return [check for check in checks(form, Figures(cells)) if not check.holds]


def printed(check: Check, language: str = "zh") -> str:
    code, _, facts = finding_of(check)
    return Problem(code, Place("r.md"), facts).message(language)


REPORTS = {"zeros": zeros(FORM_2021)} | {
    f"{size}/{seed}": sound(FORM_2021, seed, size) for seed, size in ((1, 3), (2, 40), (3, 3000))
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_sound_report_fails_no_identity_of_tables_three_and_four(name: str) -> None:
    found = checks(FORM_2021, Figures(REPORTS[name]))
    assert [check for check in found if not check.holds] == []
    # 25 rows, 7 columns twice, 3 groups, 2 limits
    assert len(found) == 25 + 7 + 7 + 3 + 2
    assert likely_slip(found) is None


@pytest.mark.parametrize("name", REPORTS)
def test_every_slip_in_table_three_is_found_and_the_figure_named(name: str) -> None:
    cells = REPORTS[name]
    made = named = 0
    for cell in FORM_2021.cells():
        if cell[0] != S3:
            continue
        for wrong in slipped(cells[cell]):
            made += 1
            found = checks(FORM_2021, Figures({**cells, cell: wrong}))
            assert not all(check.holds for check in found), (cell, wrong)
            slip = likely_slip(found)
            assert slip is None or (slip.cell, slip.expected) == (cell, cells[cell])
            named += slip == Slip(cell, wrong, cells[cell], "sole")
    assert made >= 175
    assert named >= 0.95 * made


@given(
    seed=st.integers(0, 10**6),
    size=st.integers(1, 10**5),
    at=st.integers(0, 174),
    wrong=st.integers(0, 10**7),
)
def test_any_other_number_in_any_cell_of_any_sound_report_is_traced(
    seed: int, size: int, at: int, wrong: int
) -> None:
    cells = sound(FORM_2021, seed, size)
    cell = [cell for cell in cells if cell[0] == S3][at]
    found = checks(FORM_2021, Figures({**cells, cell: Decimal(wrong)}))
    if cells[cell] == wrong:
        assert all(check.holds for check in found)
    else:
        assert likely_slip(found) == Slip(cell, Decimal(wrong), cells[cell], "sole")


@given(seed=st.integers(0, 10**6), size=st.integers(1, 10**11))
def test_the_weights_are_the_difference_and_the_words_are_short(seed: int, size: int) -> None:
    cells = sound(FORM_2021, seed, size)
    cells[S3, "np_mass", "natural"] += 7
    for check in checks(FORM_2021, Figures(cells)):
        made = sum(weight * cells[cell] for cell, weight in check.weights.items())
        assert made == check.left - check.right
        for words in (check.left_words, check.right_words):
            assert 0 < len(words) <= 120
            assert words.endswith((str(check.left), str(check.right), "0"))


@pytest.mark.parametrize("name", REPORTS)
def test_every_slip_in_table_four_is_found_with_its_group(name: str) -> None:
    cells = REPORTS[name]
    groups = {
        "review": "行政复议",
        "litigation_direct": "行政诉讼／未经复议直接起诉",
        "litigation_after_review": "行政诉讼／复议后起诉",
    }
    for cell in FORM_2021.cells():
        if cell[0] != S4:
            continue
        for wrong in slipped(cells[cell]):
            changed = {**cells, cell: wrong}
            (check,) = failing(FORM_2021, changed)
            assert (check.id, check.line) == ("S4", groups[cell[1]])
            assert printed(check).startswith(f"{groups[cell[1]]}：总计 ")
            slip = likely_slip(checks(FORM_2021, Figures(changed)))
            # five figures would explain it, unless the other four cannot be so much smaller
            if slip and slip.certainty == "sole":
                assert (slip.cell, slip.expected) == (cell, cells[cell])


def test_a_total_with_swapped_digits_is_told_from_the_other_four() -> None:
    cells = zeros(FORM_2021)
    for column, value in zip(("upheld", "other", "total"), (13, 29, 24), strict=True):
        cells[S4, "review", column] = Decimal(value)
    found = checks(FORM_2021, Figures(cells))
    slip = likely_slip(found)
    assert slip == Slip((S4, "review", "total"), Decimal(24), Decimal(42), "digits")


@pytest.mark.parametrize("column", ["issued", "repealed", "in_force"])
@pytest.mark.parametrize("row", ["rules", "normative"])
def test_every_slip_in_the_documents_of_table_two_is_found_against_last_year(
    row: str, column: str
) -> None:
    then, now = zeros(FORM_2021), zeros(FORM_2021)
    for one, (held, issued, repealed) in {"rules": (11, 2, 1), "normative": (597, 50, 227)}.items():
        then[S2, one, "in_force"] = Decimal(held)
        for key, value in zip(
            ("issued", "repealed", "in_force"),
            (issued, repealed, held + issued - repealed),
            strict=True,
        ):
            now[S2, one, key] = Decimal(value)
    for wrong in slipped(now[S2, row, column]):
        changed = {**now, (S2, row, column): wrong}
        found = checks_against(FORM_2021, Figures(changed), FORM_2021, Figures(then), 2023)
        (check,) = [check for check in found if not check.holds]
        assert (check.id, check.severity, check.cell) == (
            "S2-STOCK",
            "warning",
            (S2, row, "in_force"),
        )
    found = checks_against(FORM_2021, Figures(now), FORM_2021, Figures(then), 2023)
    assert all(check.holds for check in found)
    stock = next(c for c in found if c.id == "S2-STOCK" and "规范性" in c.line)
    assert stock.right_words == (
        "2023年报告“现行有效件数” 597＋本年制发件数 50－本年废止件数 227＝420"
    )


class TestWords:
    def test_a_row_says_its_total_and_its_addends(self) -> None:
        cells = zeros(FORM_2021)
        for column, value in zip(("natural", "enterprise", "total"), (9, 4, 14), strict=True):
            cells[S3, "np_mass", column] = Decimal(value)
        check = next(c for c in failing(FORM_2021, cells) if c.id == "S3-ROW")
        assert check.left_words == "总计 14"
        assert check.right_words == "自然人 9＋商业企业 4＝13"
        assert printed(check) == (
            "三、本年度办理结果／（五）不予处理／4.无正当理由大量反复申请：总计 14，"
            "而各列相加 自然人 9＋商业企业 4＝13，相差 1"
            "（S3-ROW：总计＝自然人＋法人或其他组织各列）"
        )

    def test_a_balance_says_both_sides(self) -> None:
        cells = zeros(FORM_2021)
        cells[S3, "new", "natural"] = cells[S3, "new", "total"] = Decimal(5)
        first = failing(FORM_2021, cells)[0]
        assert first.cell == (S3, "new", "natural")
        assert printed(first) == (
            "自然人：一、本年新收政府信息公开申请数量 5＋二、上年结转政府信息公开申请数量 0＝5，"
            "而 （七）总计 0＋四、结转下年度继续办理 0＝0，两边不等，相差 5"
            "（S3-BAL：第一项加第二项之和，等于第三项加第四项之和）"
        )

    def test_a_column_lists_what_is_not_zero_and_names_the_rest_together(self) -> None:
        cells = zeros(FORM_2021)
        cells[S3, "results_total", "natural"] = Decimal(3)
        check = next(c for c in failing(FORM_2021, cells) if c.id == "S3-COL")
        assert check.right_words == "21 项都是 0"
        for row in FORM_2021.requests.results if FORM_2021.requests else ():
            cells[S3, row, "natural"] = Decimal(2)
        check = next(c for c in failing(FORM_2021, cells) if c.id == "S3-COL")
        assert check.right_words.startswith(
            "（一）予以公开 2＋（二）部分公开 2＋1.属于国家秘密 2＋"
        )
        assert check.right_words.endswith("＋另 13 项 26＝42")

    def test_no_message_speaks_of_a_number_of_rows_that_forms_do_not_share(self) -> None:
        cells = zeros(FORM_2019)
        cells[S3, "results_total", "natural"] = Decimal(3)
        assert "21" not in "".join(printed(check) for check in failing(FORM_2019, cells))

    def test_every_message_prints_both_sides_in_both_languages(self) -> None:
        cells = sound(FORM_2021, 5)
        changed = {cell: value + 1 for cell, value in cells.items() if cell[2] != "total"}
        for check in failing(FORM_2021, {**cells, **changed}):
            for language in ("zh", "en"):
                message = printed(check, language)
                assert check.left_words in message and check.right_words in message

    def test_small_amounts_are_written_in_digits(self) -> None:
        named = {"a": Decimal("0.000001"), "b": Decimal("0.000002")}
        (check,) = checks_of_named(named, [("a", ["b"], "合计")])
        assert (check.left_words, check.right_words) == ("a 0.000001", "b 0.000002")


class TestMissingFigures:
    def test_a_line_with_a_missing_figure_is_skipped(self) -> None:
        cells = zeros(FORM_2021)
        del cells[S3, "carried_out", "total"]
        found = checks(FORM_2021, Figures(cells))
        assert len(found) == 44 - 2
        assert all(check.holds for check in found)

    def test_a_missing_figure_does_not_hide_a_slip_elsewhere(self) -> None:
        cells = sound(FORM_2021, 6)
        del cells[S3, "granted", "natural"]
        right = cells[S3, "partial", "natural"]
        cells[S3, "partial", "natural"] += 3
        slip = likely_slip(checks(FORM_2021, Figures(cells)))
        assert slip == Slip((S3, "partial", "natural"), right + 3, right, "sole")

    def test_on_an_old_form_a_blank_beside_a_figure_is_zero(self) -> None:
        cell = "statistics", "staff", "value"
        (staff,) = (c for c in checks(FORM_2017, Figures({cell: Decimal(2)})) if c.id == "ST-STAFF")
        assert not staff.holds
        assert staff.right_words == "1.专职人员数 空白＋2.兼职人员数 空白＝0"

    def test_on_an_old_form_a_line_with_nothing_on_it_is_skipped(self) -> None:
        assert checks(FORM_2017, Figures({})) == ()

    def test_what_cannot_be_read_is_no_blank(self) -> None:
        cells = {("statistics", "staff", "value"): Decimal(2)}
        unreadable = {
            ("statistics", "staff_part_time", "value"): Origin("written", Place("r.md", 3))
        }
        assert checks(FORM_2017, Figures(cells, {}, unreadable)) == ()

    def test_a_blank_that_ought_to_hold_a_figure_has_nothing_stated(self) -> None:
        cells = {
            ("statistics", row, "value"): Decimal(value)
            for row, value in (("received", 3), ("received_online", 1))
        }
        equations = [c for c in checks(FORM_2017, Figures(cells)) if c.id == "ST-APP"]
        assert likely_slip(equations) is None  # five lines would explain it
        slip = Slip(("statistics", "received_online", "value"), None, Decimal(2), "sole")
        _, _, facts = finding_of_slip(slip, "网络申请数")
        assert facts["stated"] == "空白"


class TestImplications:
    @pytest.mark.parametrize(
        ("matters", "flag", "holds"),
        [
            ("婚姻登记", "是", True),
            ("婚姻登记", "否", False),
            ("", "否", True),
            ("无", "否", True),
            ("婚姻登记", "", False),
        ],
    )
    def test_matters_need_a_hall(self, matters: str, flag: str, holds: bool) -> None:
        texts = {("statistics", "hall_matters", "value"): matters} if matters else {}
        texts |= {("statistics", "hall", "value"): flag} if flag else {}
        (check,) = checks(FORM_2017, Figures({}, texts))
        assert check.id == "ST-HALL"
        assert check.holds == holds
        assert check.cell == ("statistics", "hall", "value")

    def test_it_says_what_is_there_and_what_is_not(self) -> None:
        cells = {("statistics", "other_responses", "value"): Decimal(1)}
        (check,) = failing(FORM_2017, cells)
        assert printed(check) == (
            "二、回应解读情况：5.其他方式回应数 1，"
            "但 （一）回应公众关注热点或重大舆情数 空白"
            "（ST-RESP：有回应的，回应热点或舆情数不为零）"
        )


class TestAgainstLastYear:
    def test_a_form_of_another_year_is_compared_by_what_it_counts(self) -> None:
        then, now = sound(FORM_2019, 7), sound(FORM_2021, 8)
        for column in COLUMNS:
            now[S3, "carried_in", column] = then[S3, "carried_out", column]
        found = checks_against(FORM_2021, Figures(now), FORM_2019, Figures(then), 2020)
        carried = [check for check in found if check.id == "S3-PREV"]
        assert len(carried) == 7
        assert all(check.holds for check in carried)
        assert "S2-STOCK" not in {check.id for check in found}  # no such figure on the form of 2019
        now[S3, "carried_in", "legal"] += 2
        found = checks_against(FORM_2021, Figures(now), FORM_2019, Figures(then), 2020)
        (wrong,) = (check for check in found if not check.holds and check.id == "S3-PREV")
        assert wrong.line == "法人或其他组织／法律服务机构"
        assert "2020年报告“四、结转下年度继续办理”" in printed(wrong)

    def test_what_an_older_form_does_not_state_is_not_compared(self) -> None:
        then = {cell: Decimal(9) for cell in FORM_2017.cells()}
        now = sound(FORM_2019, 9)
        assert checks_against(FORM_2019, Figures(now), FORM_2017, Figures(then), 2018) == ()

    def test_a_figure_that_follows_from_last_year_is_not_suspected(self) -> None:
        then, now = sound(FORM_2021, 10), sound(FORM_2021, 11)
        for column in COLUMNS:
            then[S3, "carried_out", column] = now[S3, "carried_in", column]
        wrong = now[S3, "new", "natural"] + 6
        figures = Figures({**now, (S3, "new", "natural"): wrong})
        found = (
            *checks(FORM_2021, figures),
            *checks_against(FORM_2021, figures, FORM_2021, Figures(then), 1),
        )
        slip = likely_slip(check for check in found if check.id.startswith("S3"))
        assert slip is not None and slip.cell == (S3, "new", "natural")

    def test_what_was_pending_comes_again(self) -> None:
        then, now = zeros(FORM_2021), zeros(FORM_2021)
        then[S4, "review", "pending"] = Decimal(26)
        now[S4, "review", "total"] = Decimal(20)
        found = checks_against(FORM_2021, Figures(now), FORM_2021, Figures(then), 2023)
        (check,) = (check for check in found if not check.holds)
        assert (check.id, check.cell) == ("S4-PEND", (S4, "review", "total"))
        assert printed(check) == (
            "行政复议：2023年报告“尚未审结” 26，大于本年总计 20"
            "（S4-PEND：上年尚未审结不大于本年总计）；上年尚未审结的，本年应再次计入"
        )


# the five types and five channels that seed 002 states, and its total
SEED_TYPES = {"a": 2302, "b": 2136, "c": 1254, "d": 1160, "e": 7038}
SEED_CHANNELS = {"f": 7627, "g": 1606, "h": 1163, "i": 985, "j": 2509}


class TestNamedFigures:
    def found(self, total: int, **more: int) -> tuple[Check, ...]:
        figures = {"total": total, **SEED_TYPES, **SEED_CHANNELS, **more}
        return checks_of_named(
            {key: Decimal(value) for key, value in figures.items()},
            [("total", [*SEED_TYPES], "五类合计"), ("total", [*SEED_CHANNELS], "五渠道合计")],
            [("f", "total", "网站公开数不大于总数")],
            {"total": "主动公开政府信息"},
        )

    def test_two_breakdowns_that_agree_point_at_the_total(self) -> None:
        found = self.found(13809)
        assert [check.right for check in found if not check.holds] == [13890, 13890]
        slip = likely_slip(found)
        assert slip == Slip(("", "total", ""), Decimal(13809), Decimal(13890), "sole")
        code, _, facts = finding_of_slip(slip, "主动公开政府信息")
        assert Problem(code, Place("r.md"), facts).message() == (
            "只改一个数，不成立的勾稽关系就全部成立：“主动公开政府信息”写作 13809，疑为 13890"
            "（相邻的 0 和 9 写颠倒了）；请核对原始数据"
        )

    def test_one_wrong_part_is_one_of_six(self) -> None:
        found = self.found(13890, e=7048)
        assert likely_slip(found) is None

    def test_a_failing_sum_says_both_sides(self) -> None:
        assert printed(self.found(13809)[0]) == (
            "五类合计：主动公开政府信息 13809，而分项相加 a 2302＋b 2136＋c 1254＋d 1160＋e 7038"
            "＝13890，相差 81"
        )

    def test_a_relation_says_both_sides(self) -> None:
        check = self.found(13890, f=14000)[-1]
        assert printed(check) == "网站公开数不大于总数：f 14000，大于 主动公开政府信息 13890"

    def test_a_sum_over_a_figure_that_is_not_there_is_skipped(self) -> None:
        assert checks_of_named({"a": Decimal(1)}, [("a", ["x"], "合计")], [("a", "y", "")]) == ()


@pytest.mark.parametrize(
    ("stated", "expected", "digits"),
    [
        (13809, 13890, ("0", "9")),
        (21, 12, ("2", "1")),
        (13809, 13809, None),
        (13809, 13980, None),
        (10, 1, None),
        (132, 231, None),
        (10, 21, None),
        ("1.52", "1.25", ("5", "2")),
        ("1.5", "15.0", None),
    ],
)
def test_swapped_digits(stated: Any, expected: Any, digits: tuple[str, str] | None) -> None:
    assert swapped_digits(Decimal(stated), Decimal(expected)) == digits


class TestLikelySlip:
    def test_two_slips_in_one_table_are_not_guessed_at(self) -> None:
        cells = sound(FORM_2021, 12)
        cells[S3, "granted", "natural"] += 1
        cells[S3, "partial", "legal"] += 5
        assert likely_slip(checks(FORM_2021, Figures(cells))) is None

    def test_slips_of_unconnected_identities_are_named_apart(self) -> None:
        cells = sound(FORM_2021, 13)
        right = cells[S3, "granted", "natural"]
        cells[S3, "granted", "natural"] += 1
        cells[S4, "review", "total"] += 1
        found = checks(FORM_2021, Figures(cells))
        assert likely_slip(found) is None
        assert likely_slips(found) == (Slip((S3, "granted", "natural"), right + 1, right, "sole"),)

    def test_a_correction_below_zero_is_none(self) -> None:
        found = checks_of_named(
            {"t": Decimal(1), "a": Decimal(5), "b": Decimal(0)}, [("t", "ab", "合计")]
        )
        assert likely_slip(found) is None  # t = 5 or a = 1; b = -4 is impossible
        found = checks_of_named({"t": Decimal(1), "a": Decimal(5)}, [("t", "aa", "合计")])
        slip = likely_slip(found)
        assert slip is not None and slip.expected == 10  # a would have to be a half


def test_the_severity_is_the_codes_unless_the_form_asks_less_or_it_is_explained() -> None:
    cells = zeros(FORM_2021)
    cells[S2, "normative", "issued"] = Decimal(3)
    (cap,) = failing(FORM_2021, cells)
    assert (cap.id, severity_of(cap)) == ("S2-CAP", Severity.WARNING)
    cells = zeros(FORM_2021)
    cells[S4, "review", "total"] = Decimal(3)
    (review,) = failing(FORM_2021, cells)
    assert severity_of(review) is None
    assert severity_of(review, is_explained=True) is Severity.NOTE


def invented_form() -> ReportForm:
    """Return a form of no year, with other keys, labels and identities than any real one."""
    return ReportForm(
        name="2030",
        title="虚构的格式",
        instrument="",
        years=(2030, None),
        parts=(Part("all", "一", "全部", ("asked", "sites")),),
        tables=(
            FigureTable(
                "asked",
                "申请",
                (
                    FigureColumn("all", "合计"),
                    FigureColumn("net", "比上年", unit="change", indicator=NO_INDICATOR),
                ),
                (
                    FigureRow("in", "转入", (), "carried_in"),
                    FigureRow("new", "新收", (), "received"),
                    FigureRow("open", "公开", ("办结",), "granted"),
                    FigureRow("closed", "不公开", ("办结",), "refused"),
                    FigureRow("out", "转出", (), "carried_out"),
                ),
            ),
            FigureTable(
                "sites",
                "网站",
                (FigureColumn("n", "数"),),
                (
                    FigureRow("has", "有无网站", unit="flag"),
                    FigureRow("pages", "网页", unit="count"),
                    FigureRow("broken", "错链", unit="count"),
                ),
            ),
        ),
        equations=(Equation("N-BAL", "asked", "column", ("in", "new"), ("open", "closed", "out")),),
        limits=(Limit("N-CAP", "sites", "column", ("broken",), ("pages",)),),
        implications=(Implication("N-HAS", "sites", ("pages",), "has"),),
        carried_over=(CarriedOver("N-PREV", "asked", "in", "out"),),
    )


class TestAnInventedForm:
    FORM = invented_form()

    def read(self, **changes: Any) -> Figures:
        asked = {
            "in": ["1", "-1"],
            "new": ["5", "+2"],
            "open": ["3", "1"],
            "closed": ["1", "0"],
            "out": ["2", "0"],
        }
        tables: dict[str, dict[str, Any]] = {
            "asked": asked,
            "sites": {"has": "是", "pages": "20", "broken": "2"},
        }
        for key, rows in changes.items():
            tables[key] = {**tables[key], **rows}
        report = AnnualReport.model_validate(
            {
                "title": "某局2030年报告",
                "form": "2030",
                "published_on": "2031-01-20 09:00",
                "review": CLEARED,
                "tables": tables,
            }
        )
        figures, slips = read_figures(report, self.FORM)
        assert slips == []
        return figures

    def test_its_figures_are_read_and_its_identities_checked(self) -> None:
        found = checks(self.FORM, self.read())
        assert [check.id for check in found] == ["N-BAL", "N-BAL", "N-CAP", "N-HAS"]
        assert all(check.holds for check in found)
        wrong = self.read(asked={"closed": ["0", "0"]}, sites={"broken": "21", "has": "无"})
        assert [printed(c) for c in checks(self.FORM, wrong) if not c.holds] == [
            "合计：转入 1＋新收 5＝6，而 公开 3＋不公开 0＋转出 2＝5，两边不等，相差 1"
            "（N-BAL：两边应相等）",
            "数：错链 21，大于 网页 20（N-CAP：左边不大于右边）",
            "数：网页 20，但 有无网站 否（N-HAS：前者有，后者也应有）",
        ]

    def test_a_change_may_be_corrected_below_zero(self) -> None:
        changed = replace(
            self.FORM, equations=(Equation("N", "asked", "column", ("in",), ("open",)),)
        )
        figures = self.read(asked={"in": ["3", "2"], "open": ["3", "-4"]})
        (check,) = (c for c in checks(changed, figures) if not c.holds)
        assert likely_slip([check]) is None  # either of the two
        assert finding_of(check)[0].id == "GK403"

    def test_it_joins_the_series_by_its_indicators_alone(self) -> None:
        values = values_of(self.FORM, self.read().cells)
        assert value_of(values, "received") == 5
        assert value_of(values, "refused") == 1
        assert ("refused_internal", "total") not in values

    def test_it_follows_the_form_before_it(self) -> None:
        then = sound(FORM_2021, 14)
        then[S3, "carried_out", "total"] = Decimal(1)
        (check,) = (
            c
            for c in checks_against(self.FORM, self.read(), FORM_2021, Figures(then), 2029)
            if c.cell == ("asked", "in", "all")
        )
        assert check.holds
        assert check.right_words == "2029年报告“四、结转下年度继续办理” 1"


def cells_of(form: ReportForm, key: str) -> Iterator[CellKey]:
    return (cell for cell in form.cells() if cell[0] == key)


def test_a_slip_on_the_form_of_2019_is_traced_as_well() -> None:
    cells = sound(FORM_2019, 15)
    for cell in cells_of(FORM_2019, S3):
        found = checks(FORM_2019, Figures({**cells, cell: cells[cell] + 1}))
        assert likely_slip(found) == Slip(cell, cells[cell] + 1, cells[cell], "sole")
