from __future__ import annotations

import time
from decimal import Decimal

import pytest

from gongkai.domain.reports.form import NUMBERS, FigureTable, ReportForm
from gongkai.domain.reports.grid import (
    Grid,
    GridCell,
    Matched,
    best_form,
    grid_of,
    match_grids,
)
from gongkai.domain.reports.labels import cell_name, plain_figure
from gongkai.views.report_tables import Dress, figure_table
from report_samples import (
    FORM_2030,
    FORMS,
    edited,
    found_texts,
    grid_of_table,
    sample_figures,
    texts_of,
    without_rows,
)

FORM_2021, FORM_2019, FORM_2017 = FORMS["2021"], FORMS["2019"], FORMS["2017"]
REQUESTS = "s3_requests"


def grids_of(
    form: ReportForm, *, is_named: bool = True, is_merged: bool = True, first: int = 0
) -> list[Grid]:
    figures = sample_figures(form, first)
    return [
        grid_of_table(
            figure_table(table, figures.cells, Dress(texts=figures.texts)),
            table.caption if is_named else "",
            is_merged=is_merged,
        )
        for table in form.tables
    ]


def table_grid(form: ReportForm, key: str, *, is_merged: bool = True) -> Grid:
    return grids_of(form, is_merged=is_merged)[[t.key for t in form.tables].index(key)]


def stacked(*grids: Grid) -> Grid:
    rows, down = [], 0
    for grid in grids:
        for row in grid.rows:
            rows.append(
                tuple(
                    GridCell(
                        c.text,
                        c.row + down,
                        c.column,
                        (c.anchor[0] + down, c.anchor[1]) if c.anchor != (0, 0) else (0, 0),
                    )
                    for c in row
                )
            )
        down += len(grid.rows)
    return Grid("", tuple(rows))


def captioned(form: ReportForm, table: FigureTable, grid: Grid) -> Grid:
    width = len(grid.rows[0])
    caption = [GridCell(table.caption, 1, c, (1, 1)) for c in range(1, width + 1)]
    return stacked(Grid("", (tuple(caption),)), grid)


def texts(matched: Matched, table: str, row: str) -> list[str]:
    return [at.text for key, at in matched.texts.items() if key[:2] == (table, row)]


@pytest.mark.parametrize("is_merged", [True, False], ids=["merged", "blank"])
@pytest.mark.parametrize("is_named", [True, False], ids=["captioned", "bare"])
@pytest.mark.parametrize("name", FORMS)
def test_every_figure_of_an_official_layout_is_found(
    name: str, is_named: bool, is_merged: bool
) -> None:
    form = FORMS[name]
    if form is FORM_2030 and not is_named:
        pytest.skip("two of its tables differ by their captions alone")
    matched = match_grids(form, grids_of(form, is_named=is_named, is_merged=is_merged))
    assert found_texts(matched) == texts_of(sample_figures(form))
    assert (matched.missing, matched.unknown, matched.ambiguous) == ((), (), {})


@pytest.mark.parametrize("name", FORMS)
def test_tables_below_one_another_in_one_grid_are_told_apart(name: str) -> None:
    form = FORMS[name]
    one = stacked(
        *(captioned(form, t, g) for t, g in zip(form.tables, grids_of(form), strict=True))
    )
    matched = match_grids(form, [one])
    assert found_texts(matched) == texts_of(sample_figures(form))
    assert matched.unknown == () and matched.ambiguous == {}


def test_tables_that_differ_by_order_alone_are_taken_in_the_order_of_the_form() -> None:
    matched = match_grids(FORM_2030, grids_of(FORM_2030, is_named=False))
    assert found_texts(matched) == texts_of(sample_figures(FORM_2030))


@pytest.mark.parametrize("name", FORMS)
def test_the_form_of_the_grids_is_recognised(name: str) -> None:
    found = best_form(FORMS.values(), grids_of(FORMS[name]))
    assert found is FORMS[name]


def test_no_form_fits_a_table_of_something_else() -> None:
    grid = grid_of("通讯录", [["姓名", "电话"], ["甲", "0000-1"], ["乙", "0000-2"]])
    assert best_form(FORMS.values(), [grid]) is None
    assert match_grids(FORM_2021, [grid]).texts == {}


def test_other_in_a_row_a_column_and_a_heading_are_three_things() -> None:
    matched = match_grids(FORM_2021, [table_grid(FORM_2021, REQUESTS)])
    wanted = texts_of(sample_figures(FORM_2021))
    for row in ("other_other", "other_fee_unpaid", "results_total", "denied_by_law"):
        cells = [wanted[key] for key in wanted if key[:2] == (REQUESTS, row)]
        assert texts(matched, REQUESTS, row) == cells
    assert matched.texts[REQUESTS, "new", "other_org"].text == wanted[REQUESTS, "new", "other_org"]


def test_rows_of_one_name_under_two_headings_are_told_by_their_heading() -> None:
    matched = match_grids(FORM_2017, grids_of(FORM_2017))
    rows = [row for row in FORM_2017.tables[0].data_rows if "（二）被依法纠错数" in row.label]
    assert len(rows) == 2
    found = [texts(matched, "statistics", row.key) for row in rows]
    assert found[0] != found[1]
    lost = [
        row[0].row
        for row in table_grid(FORM_2017, "statistics").rows
        if row[0].text.startswith("四、行政复议")
        or row[0].text.startswith("（一）维持具体行政行为")
    ]
    cut = without_rows(table_grid(FORM_2017, "statistics"), *lost)
    again = match_grids(FORM_2017, [cut])
    assert [texts(again, "statistics", row.key) for row in rows] == found


def test_a_missing_row_and_a_blank_cell_stay_missing() -> None:
    grid = table_grid(FORM_2021, "s2_art20_1")
    matched = match_grids(FORM_2021, [edited(grid, r2c3="")])
    assert ("s2_art20_1", "rules", "repealed") in matched.missing
    assert matched.blank["s2_art20_1", "rules", "repealed"][1:3] == (2, 3)
    cut = match_grids(FORM_2021, [without_rows(grid, 2)])
    assert texts(cut, "s2_art20_1", "normative") == ["3", "4", "5"]
    assert ("s2_art20_1", "rules", "issued") in cut.missing
    assert ("s2_art20_1", "rules", "issued") not in cut.blank


@pytest.mark.parametrize(
    "written",
    [
        "3.危及“三安全一稳定”",
        "3、危及三安全一稳定",
        '（3）危及"三安全一稳定"',
        "危及「三安全一稳定」",
        "３．危及‘三安全 一稳定’",
        "3.危及“三安全—稳定”",
    ],
)
def test_labels_are_compared_without_quotes_brackets_spaces_and_widths(written: str) -> None:
    grid = table_grid(FORM_2021, REQUESTS)
    row = next(row[0].row for row in grid.rows if "三安全" in row[2].text)
    matched = match_grids(FORM_2021, [edited(grid, **{f"r{row}c3": written})])
    assert len(texts(matched, REQUESTS, "denied_safety")) == 7


def test_an_aside_in_brackets_may_be_left_out_and_an_official_misprint_mended() -> None:
    grid = table_grid(FORM_2021, REQUESTS)
    row = next(row[0].row for row in grid.rows if "部分公开" in row[1].text)
    cut = edited(grid, **{f"r{row}c{c}": "（二）部分公开" for c in (2, 3)})
    assert len(texts(match_grids(FORM_2021, [cut]), REQUESTS, "partial")) == 7
    tree = table_grid(FORM_2017, "statistics")
    misprint = next(r for r in FORM_2017.tables[0].rows if r.corrected)
    row = next(r[0].row for r in tree.rows if r[0].text == misprint.label)
    mended = edited(tree, **{f"r{row}c1": misprint.corrected})
    assert match_grids(FORM_2017, [mended]).missing == ()


def test_a_column_that_the_form_does_not_have_shifts_nothing_and_is_named() -> None:
    grid = table_grid(FORM_2021, REQUESTS)
    rows = []
    for row in grid.rows:
        cells = []
        for cell in row:
            if cell.column == 10:
                words = "小计" if cell.row == 3 else "法人或其他组织" if cell.row == 2 else "99"
                cells.append(GridCell(words, cell.row, 10))
            column = cell.column + (cell.column >= 10)
            cells.append(GridCell(cell.text, cell.row, column, (cell.anchor[0], column)))
        rows.append(tuple(cells))
    matched = match_grids(FORM_2021, [Grid("", tuple(rows))])
    wanted = {k: v for k, v in texts_of(sample_figures(FORM_2021)).items() if k[0] == REQUESTS}
    assert found_texts(matched) == wanted
    assert [at.text for at in matched.unknown] == ["小计"]


def test_columns_in_another_order_go_by_their_headers() -> None:
    lines = [["信息内容", "现行有效件数", "本年制发件数", "本年废止件数"], ["规章", "3", "1", "2"]]
    matched = match_grids(FORM_2021, [grid_of("第二十条第（一）项", [*lines])])
    assert texts(matched, "s2_art20_1", "rules") == ["1", "2", "3"]


def test_a_line_with_too_many_cells_and_no_header_is_not_guessed() -> None:
    grid = grid_of(
        "第二十条第（一）项", [["规章", "1", "2", "3", "4"], ["行政规范性文件", "5", "6", "7"]]
    )
    matched = match_grids(FORM_2021, [grid])
    assert texts(matched, "s2_art20_1", "normative") == ["5", "6", "7"]
    assert texts(matched, "s2_art20_1", "rules") == []
    assert ("s2_art20_1", "rules", "issued") in matched.ambiguous


@pytest.mark.parametrize("by", [-1, 1])
def test_a_corner_whose_span_is_wrong_does_not_shift_the_figures(by: int) -> None:
    """Many published pages span the corner over two or four columns where rows have three."""
    cells: dict[tuple[int, int], GridCell] = {}
    for row in table_grid(FORM_2021, REQUESTS).rows:
        for c in row:
            shift = by if c.row < 4 and (c.column > 3 or by < 0) else 0
            at, anchor = (c.row, c.column + shift), c.anchor
            if c.row < 4:
                anchor = (anchor[0], max(1, anchor[1] + shift))
            cells[at] = GridCell(c.text, *at, anchor)
            if by > 0 and c.row < 4 and c.column == 3:
                cells[c.row, 4] = GridCell(c.text, c.row, 4, anchor)
    columns = range(1, 12)
    lines = [[cells.get((r, c), GridCell("", r, c)) for c in columns] for r in range(1, 29)]
    matched = match_grids(FORM_2021, [Grid("", tuple(map(tuple, lines)))])
    wanted = {k: v for k, v in texts_of(sample_figures(FORM_2021)).items() if k[0] == REQUESTS}
    assert found_texts(matched) == wanted


def test_labels_filled_into_every_cell_that_they_cover_are_no_figures() -> None:
    filled = [
        tuple(GridCell(c.text, c.row, c.column) for c in row)
        for row in table_grid(FORM_2021, REQUESTS).rows
    ]
    matched = match_grids(FORM_2021, [Grid("", tuple(filled))])
    wanted = {k: v for k, v in texts_of(sample_figures(FORM_2021)).items() if k[0] == REQUESTS}
    assert found_texts(matched) == wanted


def test_a_row_that_the_form_does_not_have_is_named() -> None:
    grid = table_grid(FORM_2021, "s2_art20_6")
    more = stacked(grid, grid_of("", [["行政检查", "12"]]))
    matched = match_grids(FORM_2021, [more])
    assert texts(matched, "s2_art20_6", "penalty") == ["7"]
    assert [at.text for at in matched.unknown] == ["行政检查"]


def test_last_years_table_beside_this_years_is_ambiguous_only_where_it_differs() -> None:
    grids = [*grids_of(FORM_2021), *grids_of(FORM_2021)]
    assert match_grids(FORM_2021, grids).ambiguous == {}
    last = table_grid(FORM_2021, "s2_art20_5")
    other = edited(last, r2c2="99")
    matched = match_grids(FORM_2021, [last, other])
    key = ("s2_art20_5", "licence", "decisions")
    assert [at.text for at in matched.ambiguous[key]] == ["6", "99"]
    assert key not in matched.texts and key not in matched.missing


def test_a_figure_under_a_heading_is_named_not_lost() -> None:
    tree = table_grid(FORM_2017, "statistics")
    row = next(r[0].row for r in tree.rows if r[0].text.startswith("四、行政复议"))
    matched = match_grids(FORM_2017, [edited(tree, **{f"r{row}c3": "7"})])
    assert [at.text for at in matched.unknown] == ["四、行政复议数量"]


def test_table_four_is_read_with_its_rows_down_the_side_too() -> None:
    table = FORM_2021.table("s4_review")
    assert table is not None
    labels = ["", *(column.label for column in table.columns)]
    lines = [
        [row.label, *(str(10 * n + c) for c in range(5))] for n, row in enumerate(table.rows, 1)
    ]
    matched = match_grids(FORM_2021, [grid_of(table.caption, [labels, *lines])])
    assert texts(matched, "s4_review", "litigation_direct") == ["20", "21", "22", "23", "24"]


def test_a_label_before_the_figures_of_table_four_shifts_none_of_them() -> None:
    grid = table_grid(FORM_2021, "s4_review")
    wanted = {k: v for k, v in texts_of(sample_figures(FORM_2021)).items() if k[0] == "s4_review"}
    last = grid.rows[-1]
    moved = tuple(GridCell(c.text, c.row, c.column + 1) for c in last)
    label = GridCell("数量", last[0].row, 1)
    padded = tuple((*row, GridCell("", row[0].row, 16)) for row in grid.rows[:-1])
    matched = match_grids(FORM_2021, [Grid("", (*padded, (label, *moved)))])
    assert found_texts(matched) == wanted


def test_a_list_of_cells_is_read_by_keys_and_by_labels() -> None:
    lines = [
        ["table", "row", "column", "value"],
        ["s3_requests", "new", "total", "13"],
        ["收到和处理政府信息公开申请情况", "（六）其他处理／3.其他", "其他", "4"],
        ["收到和处理政府信息公开申请情况", "七、总计", "总计", "5"],
        ["第二十条第(八)项", "行政事业性收费", "", "1.5"],
        ["第二十条第(八)项", "没有这一行", "", "1"],
    ]
    matched = match_grids(FORM_2021, [grid_of("", lines)])
    assert found_texts(matched) == {
        ("s3_requests", "new", "total"): "13",
        ("s3_requests", "other_other", "other_org"): "4",
        ("s3_requests", "results_total", "total"): "5",
        ("s2_art20_8", "fees", "amount"): "1.5",
    }
    assert [at.text for at in matched.unknown] == ["没有这一行"]


def test_a_list_in_which_a_row_is_named_twice_over_is_not_guessed() -> None:
    lines = [["表", "行", "列", "数值"], ["申请情况", "2.其他", "总计", "4"]]
    matched = match_grids(FORM_2030, [grid_of("", lines)])
    assert set(matched.ambiguous) == {
        ("requests", "granted_other", "total"),
        ("requests", "refused_other", "total"),
    }


def test_a_sum_without_a_stored_result_is_worked_out_by_the_forms_equation() -> None:
    grid = table_grid(FORM_2021, REQUESTS)
    rows = [
        tuple(
            GridCell("", c.row, c.column, c.anchor, is_total=True)
            if c.column == 10 and c.row > 3
            else c
            for c in row
        )
        for row in grid.rows
    ]
    matched = match_grids(FORM_2021, [Grid("", tuple(rows))])
    figures = sample_figures(FORM_2021).cells
    applicants = ("natural", "enterprise", "research", "charity", "legal", "other_org")
    for row in ("new", "other_other", "carried_out"):
        added = sum((figures[REQUESTS, row, one] for one in applicants), Decimal(0))
        assert matched.texts[REQUESTS, row, "total"].text == str(added)
    blank = edited(Grid("", tuple(rows)), r4c5="")
    missing = match_grids(FORM_2021, [blank]).missing
    assert (REQUESTS, "new", "total") in missing


@pytest.mark.parametrize(
    ("text", "kind", "measure", "plain"),
    [
        ("1,234", "count", "件", "1234"),
        ("１２", "count", "件", "12"),
        ("３，５２５件", "count", "件", "3525"),
        ("3525件", "count", "条", "3525"),
        (" 3 525 ", "count", "件", "3525"),
        ("12.0", "count", "件", "12"),
        ("12.50", "money", "万元", "12.50"),
        ("0.5万元", "money", "万元", "0.5"),
        ("5000元", "money", "万元", "5000元"),
        ("−3", "change", "件", "-3"),
        ("+5", "change", "件", "+5"),
        ("81.4%", "rate", "%", "81.4"),
        ("81.4%", "count", "件", "81.4%"),
        ("12,34", "count", "件", "12,34"),
        ("/", "count", "件", "/"),
        ("—", "count", "件", "—"),
        ("约20", "count", "件", "约20"),
        ("3（含1件结转）", "count", "件", "3（含1件结转）"),
        ("", "count", "件", ""),
        ("（未填）", "count", "件", ""),
        (" 是 ", "flag", "", "是"),
        ("1,234", "text", "", "1,234"),
    ],
)
def test_a_figure_is_made_plain_only_where_that_is_certain(
    text: str, kind: str, measure: str, plain: str
) -> None:
    assert plain_figure(text, kind, measure) == plain  # type: ignore[arg-type]


def test_a_slash_stays_a_text_for_the_check_to_refuse() -> None:
    grid = table_grid(FORM_2021, "s2_art20_1")
    matched = match_grids(FORM_2021, [edited(grid, r2c2="/")])
    assert texts(matched, "s2_art20_1", "rules") == ["/", "1", "2"]


def test_figures_keep_the_kind_of_their_cell() -> None:
    for form in FORMS.values():
        for table, row, column in form.cells():
            owner = form.table(table)
            assert owner is not None
            if owner.unit(row, column) in NUMBERS:
                assert plain_figure("1,000", owner.unit(row, column)) == "1000"


def test_a_grid_of_two_hundred_thousand_cells_is_read_in_seconds() -> None:
    lines = [["3.其他", "行政许可", "总计", "规章", *["7"] * 16] for _ in range(10_000)]
    grid = grid_of("", lines)
    begin = time.process_time()
    match_grids(FORM_2021, [grid])
    assert time.process_time() - begin < 20


def merged_figures(grid: Grid, row: int, first: int, last: int, below: int = 0) -> Grid:
    """Return a grid with the figures of a line, and of lines below it, merged into one cell."""

    def merged(cell: GridCell) -> GridCell:
        if not (row <= cell.row <= row + below and first <= cell.column <= last):
            return cell
        text = cell.text if (cell.row, cell.column) == (row, first) else ""
        return GridCell(text, cell.row, cell.column, (row, first))

    return Grid(grid.name, tuple(tuple(map(merged, line)) for line in grid.rows))


def test_a_merged_figure_is_told_and_moves_no_other() -> None:
    grid = table_grid(FORM_2021, REQUESTS)
    wanted = {k: v for k, v in texts_of(sample_figures(FORM_2021)).items() if k[0] == REQUESTS}
    row = next(line[0].row for line in grid.rows if line[3].text.isdigit())
    keys = [key for key in wanted if key[1] == next(iter(wanted))[1]]
    for first in range(4, 11):
        for last in range(first + 1, 11):
            matched = match_grids(FORM_2021, [merged_figures(grid, row, first, last)])
            lost = set(keys[first - 4 : last - 3])
            assert set(matched.ambiguous) == lost
            assert found_texts(matched) == {k: v for k, v in wanted.items() if k not in lost}
    assert "数字格不得合并" in next(iter(matched.ambiguous.values()))[0].text


def test_a_merged_figure_does_not_take_a_check_beside_the_table_for_a_figure() -> None:
    grid = table_grid(FORM_2021, REQUESTS)
    row = next(line[0].row for line in grid.rows if line[3].text.isdigit())
    grid = merged_figures(grid, row, 8, 10)
    rows = [
        (*line, *(GridCell("3" if line[0].row >= row else "", line[0].row, c) for c in (11, 12)))
        for line in grid.rows
    ]
    matched = match_grids(FORM_2021, [Grid("", tuple(rows))])
    wanted = texts_of(sample_figures(FORM_2021))
    for key, text in found_texts(matched).items():
        assert text == wanted[key]
    assert len(matched.ambiguous) == 3


def test_a_figure_merged_over_two_lines_is_of_neither() -> None:
    grid = table_grid(FORM_2021, REQUESTS)
    row = next(line[0].row for line in grid.rows if line[3].text.isdigit())
    matched = match_grids(FORM_2021, [merged_figures(grid, row, 5, 5, below=1)])
    assert len(matched.ambiguous) == 2
    assert len({key[1] for key in matched.ambiguous}) == 2
    assert len({key[2] for key in matched.ambiguous}) == 1


@pytest.mark.parametrize(
    ("row", "column", "name"), [(25, 9, "I25"), (1, 27, "AA1"), (3, 702, "ZZ3")]
)
def test_a_cell_has_the_name_of_spreadsheets(row: int, column: int, name: str) -> None:
    assert cell_name(row, column) == name
