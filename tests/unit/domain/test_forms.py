"""The national forms as transcribed: labels, order, units, identities and what they can count."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai.domain.reports.figures import Figures, read_figures, read_value
from gongkai.domain.reports.form import (
    NUMBERS,
    Equation,
    FigureTable,
    Implication,
    Limit,
    ReportForm,
    form_for,
    forms,
)
from gongkai.domain.reports.forms.form_2017 import FORM as FORM_2017
from gongkai.domain.reports.forms.form_2019 import FORM as FORM_2019
from gongkai.domain.reports.forms.form_2021 import FORM as FORM_2021
from gongkai.domain.reports.identities import checks
from gongkai.domain.reports.indicator import INDICATORS
from gongkai.domain.reports.report import AnnualReport
from make import CLEARED

TRANSCRIBED = Path(__file__).parents[4] / "shared" / "domain"
STATISTICS = TRANSCRIBED / "annual-statistics-2017.yaml"
REPORT_2021 = TRANSCRIBED / "annual-report-2021.yaml"
OURS = (FORM_2017, FORM_2019, FORM_2021)
(TREE,) = FORM_2017.tables
Rule = Equation | Limit | Implication


def table(form: ReportForm, key: str) -> FigureTable:
    found = form.table(key)
    assert found is not None
    return found


def rules_of(form: ReportForm) -> tuple[Rule, ...]:
    return (*form.equations, *form.limits, *form.implications)


@pytest.mark.parametrize(
    ("year", "name"),
    [
        (2013, None),
        (2014, "2017"),
        (2018, "2017"),
        (2019, "2019"),
        (2020, "2019"),
        (2021, "2021"),
        (2029, "2021"),
    ],
)
def test_each_year_has_its_form(year: int, name: str | None) -> None:
    form = form_for(year)
    assert (form.name if form else None) == name


@pytest.mark.parametrize("form", forms().values(), ids=lambda form: form.name)
class TestAnyForm:
    def test_keys_are_unique(self, form: ReportForm) -> None:
        for one in form.tables:
            assert len(one.row_of) == len(one.rows)
            assert len(one.column_of) == len(one.columns)

    def test_parts_name_every_table_once(self, form: ReportForm) -> None:
        named = [key for part in form.parts for key in part.tables]
        assert sorted(named) == sorted(one.key for one in form.tables)

    def test_every_indicator_is_known_and_fed_by_one_cell(self, form: ReportForm) -> None:
        fed = [
            pair
            for key, row, column in form.cells()
            if (pair := table(form, key).indicator(row, column))
        ]
        assert {key for key, _ in fed} <= set(INDICATORS)
        assert [pair for pair, times in Counter(fed).items() if times > 1] == []

    def test_identities_name_lines_that_are_there(self, form: ReportForm) -> None:
        rules: tuple[Equation | Limit, ...] = (*form.equations, *form.limits)
        for rule in rules:
            one = table(form, rule.table)
            known = one.column_of if rule.axis == "row" else {r.key: r for r in one.data_rows}
            if isinstance(rule, Equation):
                sides = rule.left, rule.right
            else:
                sides = rule.smaller, rule.larger
            assert {key for side in sides for key in side} <= set(known), rule.id
        for given in form.implications:
            rows = {row.key for row in table(form, given.table).data_rows}
            assert {*given.given, given.needed} <= rows

    def test_every_source_feeds_a_cell_of_the_form(self, form: ReportForm) -> None:
        assert set(form.sources) <= set(form.cells())

    def test_the_register_finds_its_rows_and_columns(self, form: ReportForm) -> None:
        if form.requests is None:
            return
        at = form.requests
        one = table(form, at.table)
        rows = {at.received, at.carried_in, *at.results, at.results_total, at.carried_out}
        assert rows == set(one.row_of)
        assert [*at.applicants, at.total] == list(one.column_of)
        assert set(at.outcomes.values()) <= set(at.results)
        assert set(at.dispute_rows) == set(table(form, at.disputes).row_of)


@pytest.mark.parametrize("form", OURS, ids=lambda form: form.name)
def test_every_identity_is_stated_in_words(form: ReportForm) -> None:
    assert all(rule.words for rule in rules_of(form))


@pytest.mark.parametrize("form", OURS, ids=lambda form: form.name)
def test_every_source_is_one_that_can_be_counted(form: ReportForm) -> None:
    sources = pytest.importorskip("gongkai.domain.reports.sources")
    assert [n for n in form.sources.values() if sources.source_named(n) is None] == []


class Test2021:
    @pytest.mark.skipif(not REPORT_2021.exists(), reason="the transcription is not here")
    def test_identities_are_the_transcribed_ones(self) -> None:
        text = REPORT_2021.read_text("utf-8")
        theirs = yaml.load(text, yaml.BaseLoader)["identities"]
        severities = {"warn": "warning", "error": "error"}
        stated = {one["id"]: severities[one["severity"]] for one in theirs}
        for name in ("S4-REV", "S4-DIR", "S4-AFT"):  # one identity of ours for the three groups
            assert stated.pop(name) == stated.setdefault("S4", "error")
        ours = {rule.id: rule.severity for rule in rules_of(FORM_2021)}
        assert ours.items() <= stated.items()
        across = {one.id for one in FORM_2021.carried_over} | {one.id for one in FORM_2021.stocks}
        across |= {one.id for one in FORM_2021.retained}
        assert across == {"S3-PREV", "S2-STOCK", "S4-PEND"}
        missing = set(stated) - set(ours) - across
        # no number on the form; counted by the site; read in prose; the kind of each cell
        assert missing == {"S4-AFTER-CAP", "S2-CAT", "TXT-NEW", "NONNEG"}

    def test_the_counts_of_cells(self) -> None:
        cells = Counter(key.split("_")[0] for key, _, _ in FORM_2021.cells())
        assert cells == {"s2": 10, "s3": 175, "s4": 15}

    def test_only_fees_are_money(self) -> None:
        money = [c for c in FORM_2021.cells() if table(FORM_2021, c[0]).unit(*c[1:]) != "count"]
        assert money == [("s2_art20_8", "fees", "amount")]
        assert table(FORM_2021, "s2_art20_8").measure("fees", "amount") == "万元"


class Test2019:
    def test_table_three_has_twenty_result_rows(self) -> None:
        rows = table(FORM_2019, "s3_requests").rows
        assert len([row for row in rows if row.headers]) == 20
        assert len(rows) == 23
        assert rows[-3].label == "（六）其他处理"

    def test_the_rows_but_for_other_closings_are_those_of_2021(self) -> None:
        ours = [r for r in table(FORM_2019, "s3_requests").rows if r.key != "other"]
        theirs = table(FORM_2021, "s3_requests").rows
        assert ours == [row for row in theirs if not row.key.startswith("other_")]
        assert FORM_2019.table("s4_review") == FORM_2021.table("s4_review")

    def test_every_outcome_of_the_register_has_a_row(self) -> None:
        now, then = FORM_2021.requests, FORM_2019.requests
        assert now is not None and then is not None
        assert {then.outcomes.get(row, row) for row in now.results} == set(then.results)

    @pytest.mark.parametrize(
        ("key", "rows", "columns"),
        [
            (
                "s2_art20_1",
                ["规章", "规范性文件"],
                ["本年新制作数量", "本年新公开数量", "对外公开总数量"],
            ),
            (
                "s2_art20_5",
                ["行政许可", "其他对外管理服务事项"],
                ["上一年项目数量", "本年增/减", "处理决定数量"],
            ),
            (
                "s2_art20_6",
                ["行政处罚", "行政强制"],
                ["上一年项目数量", "本年增/减", "处理决定数量"],
            ),
            ("s2_art20_8", ["行政事业性收费"], ["上一年项目数量", "本年增/减"]),
            ("s2_art20_9", ["政府集中采购"], ["采购项目数量", "采购总金额"]),
        ],
    )
    def test_the_tables_of_part_two(self, key: str, rows: list[str], columns: list[str]) -> None:
        one = table(FORM_2019, key)
        assert [row.label for row in one.rows] == rows
        assert [column.label for column in one.columns] == columns

    def test_a_change_has_a_sign(self) -> None:
        kind = table(FORM_2019, "s2_art20_5").unit("licence", "change")
        assert [read_value(text, kind) for text in ("-3", "−3", "+2", "0")] == [
            Decimal(-3),
            Decimal(-3),
            Decimal(2),
            Decimal(0),
        ]
        assert read_value("-3", table(FORM_2019, "s2_art20_5").unit("licence", "decisions")) is None


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    if not STATISTICS.exists():
        pytest.skip("the transcription is not here")
    found: list[dict[str, Any]] = yaml.load(STATISTICS.read_text("utf-8"), yaml.BaseLoader)[
        "indicators"
    ]
    return found


class Test2017:
    def test_labels_units_and_order_are_the_transcribed_ones(
        self, lines: list[dict[str, Any]]
    ) -> None:
        ours = [(r.label, r.corrected, r.measure, r.is_local) for r in TREE.rows]
        assert ours == [
            (x["label"], x.get("label_corrected", ""), x["unit"], x.get("local") == "true")
            for x in lines
        ]
        assert len(TREE.rows) == len(lines)

    def test_levels_follow_the_numbers_of_the_lines(self, lines: list[dict[str, Any]]) -> None:
        assert [row.level for row in TREE.rows] == [x["id"].count(".") for x in lines]

    def test_a_line_without_a_figure_is_a_heading(self, lines: list[dict[str, Any]]) -> None:
        headings = [r.label for r in TREE.rows if r.is_heading]
        assert headings == [x["label"] for x in lines if x["unit"] == "—" or x["id"] == "10"]

    def test_the_kinds_of_the_cells(self, lines: list[dict[str, Any]]) -> None:
        kinds = {"万元": "money", "是/否": "flag", "": "text"}
        theirs = [kinds.get(x["unit"], "count") for x in lines if x["unit"] != "—"]
        theirs.remove("text")  # the heading of part ten, whose unit is blank on the sheet
        assert [TREE.unit(row.key, "value") for row in TREE.data_rows] == theirs

    def test_the_notes_below_labels(self, lines: list[dict[str, Any]]) -> None:
        theirs = {x["label"]: x["note"] for x in lines if x.get("note", "").startswith("（")}
        assert {row.label: row.note for row in TREE.rows if row.note} == theirs

    def test_headers_are_the_labels_above(self, lines: list[dict[str, Any]]) -> None:
        labels = {x["id"]: x.get("label_corrected", x["label"]) for x in lines}
        parents = {x["id"]: x.get("parent", "") for x in lines}
        for row, line in zip(TREE.rows, lines, strict=True):
            above: list[str] = []
            at = parents[line["id"]]
            while at:
                above.insert(0, labels[at])
                at = parents[at]
            assert list(row.headers) == above

    def test_a_figure_is_named_by_what_the_label_means(self) -> None:
        assert TREE.name("refused_privacy", "value") == (
            "三、依申请公开情况／（三）申请答复数／4.不同意公开答复数／涉及个人隐私的"
        )

    def test_the_sheet_of_the_seed_has_exactly_the_noted_faults(
        self, lines: list[dict[str, Any]]
    ) -> None:
        cells, texts = {}, {}
        for row, line in zip(TREE.rows, lines, strict=True):
            value = line.get("seed", "null")
            if row.is_heading or value == "null":
                continue
            read = read_value(value, TREE.unit(row.key, "value"))
            if isinstance(read, Decimal):
                cells["statistics", row.key, "value"] = read
            elif read:
                texts["statistics", row.key, "value"] = read
        found = checks(FORM_2017, Figures(cells, texts))
        failing = [(c.id, c.severity, c.left_words, c.right_words) for c in found if not c.holds]
        assert failing == [
            ("ST-NORM", "warning", "其中：主动公开规范性文件数 10", "制发规范性文件总数 7"),
            ("ST-DEDUP", "error", "2.政府网站公开政府信息数 140", "（一）主动公开政府信息数 17"),
            (
                "ST-RESP",
                "warning",
                "5.其他方式回应数 1",
                "（一）回应公众关注热点或重大舆情数 空白",
            ),
            ("ST-TRAIN", "warning", "（三）接受培训人员数 2", "（二）举办各类培训班数 空白"),
        ]
        assert {c.id for c in found if c.holds} == {"ST-STAFF", "ST-OFW", "ST-DEDUP", "ST-HALL"}

    def test_every_transcribed_identity_is_there_with_its_severity(self) -> None:
        if not STATISTICS.exists():
            pytest.skip("the transcription is not here")
        theirs = yaml.load(STATISTICS.read_text("utf-8"), yaml.BaseLoader)["identities"]
        severities = {"warn": "warning", "error": "error"}
        assert {rule.id: rule.severity for rule in rules_of(FORM_2017)} == {
            one["id"]: severities[one["severity"]] for one in theirs
        }

    def test_a_sheet_is_read_by_the_kinds_of_its_cells(self) -> None:
        report = AnnualReport.model_validate(
            {
                "title": "2017年度政府信息公开情况统计表",
                "form": "2017",
                "published_on": "2018-01-11 09:00",
                "review": CLEARED,
                "tables": {
                    "statistics": {"disclosed": "17", "budget": "0.5", "hall": "否", "staff": "2"}
                },
            }
        )
        figures, slips = read_figures(report, FORM_2017)
        assert slips == []
        assert figures.cells["statistics", "budget", "value"] == Decimal("0.5")
        assert figures.texts == {("statistics", "hall", "value"): "否"}

    def test_only_numbers_feed_indicators(self) -> None:
        for row in TREE.data_rows:
            if row.indicator:
                assert TREE.unit(row.key, "value") in NUMBERS
