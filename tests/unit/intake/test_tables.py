"""CSV sheets into located rows: headers, broken and hostile files, personal data refused."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.decisions import DecidedRow
from gongkai.domain.register import Application, Registered
from gongkai.intake.bind import shape_of
from gongkai.intake.tables import read_decisions, read_register
from gongkai.kernel.problems import Problem
from make import codes, places
from registers import TOPICS, csv_of, row_of, synthetic

HEADER = "登记号,收到日期,申请渠道,申请人类别,主题"
SOUND = "2025-001,2025-03-03,网络,自然人,土地征收"
Register = tuple[tuple[Registered, ...], list[Problem]]


def register(text: str | bytes, year: int = 2025) -> Register:
    data = text.encode() if isinstance(text, str) else text
    return read_register(f"{year}.csv", data, year, TOPICS)


def decisions(text: str) -> tuple[tuple[DecidedRow, ...], list[Problem]]:
    return read_decisions("2025.csv", text.encode(), 2025)


def said(problems: list[Problem]) -> str:
    return "\n".join(x.line() + x.line("en") for x in problems)


# sound sheets


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\n{SOUND}\n",
        f"number,received_on,channel,applicant,topic\n{SOUND}",
        f"{HEADER},,\n{SOUND},,\n,,,,,,\n\n",
        "主题,登记号,收到日期,申请渠道,申请人类别\nland,2025-001,2025/3/3,online,natural",
        f'\n\n"登记号", 收到日期 ,申请渠道,申请人类别,主题\n" 2025-001 ",{SOUND[9:]}\n',
    ],
)
def test_headers_are_english_or_chinese_in_any_order(text: str) -> None:
    rows, problems = register(text)
    assert problems == []
    (row,) = (one.row for one in rows)
    assert (row.number, row.received_on) == ("2025-001", date(2025, 3, 3))
    assert (row.channel, row.applicant, row.topic) == ("online", "natural", "land")


def test_every_column_is_known_by_both_its_names() -> None:
    for names in (list(Application.model_fields), [v[0] for v in shape_of(Application).values()]):
        assert register(",".join(names))[1] == []


def test_a_row_knows_the_line_and_column_of_each_field() -> None:
    (row,) = register(f"{HEADER},办理结果\n{SOUND},\n")[0]
    assert (str(row.place), str(row.at("received_on"))) == ("2025.csv:2:1", "2025.csv:2:10")
    assert str(row.at("outcome")) == "2025.csv:2:33"  # left empty
    assert str(row.at("fee")) == "2025.csv:2:1"  # no such column


def test_a_quoted_line_end_moves_later_rows_and_columns() -> None:
    text = (
        f'{HEADER}\n"2025-001\n",2025-03-03,网络,自然人,土地征收\n2025-002,昨天,网络,自然人,land\n'
    )
    rows, problems = register(text)
    assert [one.row.number for one in rows] == ["2025-001"]
    assert rows[0].places["received_on"] == (3, 3)
    assert places(problems) == ["4:10 GK202"]


def test_a_byte_order_mark_and_windows_line_ends_are_mended_with_a_warning() -> None:
    rows, problems = register(b"\xef\xbb\xbf" + f"{HEADER}\r\n{SOUND}\r\n".encode())
    assert len(rows) == 1
    assert codes(problems) == ["GK112"]


def test_mixed_line_ends_are_one_line_end_each() -> None:
    text = f"{HEADER}\r\n{SOUND}\r{SOUND.replace('001', '002')}\n{SOUND.replace('001', 'x!')}"
    rows, problems = register(text)
    assert [one.row.number for one in rows] == ["2025-001", "2025-002"]
    assert places(problems) == ["1:1 GK112", "4:1 GK213"]


def test_gb18030_is_refused_as_for_entries() -> None:
    rows, problems = register(f"{HEADER}\n{SOUND}\n".encode("gb18030"))
    assert (rows, codes(problems)) == ((), ["GK106"])


def test_a_header_alone_is_a_year_without_requests() -> None:
    assert register(HEADER) == ((), [])


# headers


def test_an_unknown_column_is_named_with_what_was_meant() -> None:
    rows, problems = register(f"{HEADER},办理结杲\n{SOUND},\n")
    assert len(rows) == 1
    assert places(problems) == ["1:24 GK431"]
    assert "是不是“办理结果”" in problems[0].message()
    assert "姓名、证件号码、电话、地址、申请内容" in problems[0].message()


@pytest.mark.parametrize(
    "name",
    [
        "姓名",
        "申请人",
        "申请人姓名",
        "身份证号",
        "联系电话",
        "通讯地址",
        "单位名称",
        "申请内容",
        "备注",
        "邮箱",
        "Name",
        "phone",
        "E-mail",
    ],
)
def test_a_column_that_would_tell_who_asked_for_what_gets_a_message_of_its_own(name: str) -> None:
    _, problems = register(f"{HEADER},{name}\n{SOUND},x\n")
    assert codes(problems) == ["GK430"]
    assert f"“{name}”这一列会暴露申请人" in problems[0].message()


def test_a_repeated_column_is_named_at_its_second_place() -> None:
    _, problems = register(f"{HEADER},number\n{SOUND},7\n")
    assert places(problems) == ["1:24 GK434"]
    assert problems[0].message() == "“number”与第 1 列是同一项；请只保留一列"


def test_missing_columns_are_told_once_and_not_for_each_row() -> None:
    rows, problems = register(f"登记号,申请渠道,主题\n{SOUND}\n{SOUND}\n")
    assert (rows, places(problems)) == ((), ["1:1 GK433"])
    assert "缺少必需的列：收到日期、申请人类别" in problems[0].message()


@pytest.mark.parametrize(
    "text", ["", "\n\n", "张三,13800138000,男\n", SOUND, HEADER.replace(",", ";")]
)
def test_a_sheet_without_header_is_not_quoted(text: str) -> None:
    rows, problems = register(text)
    assert (rows, codes(problems)) == ((), ["GK433"])
    assert "张三" not in said(problems) and "13800138000" not in said(problems)


# rows


@pytest.mark.parametrize("cells", [4, 6])
def test_a_short_or_long_row_is_named_and_left_out(cells: int) -> None:
    odd = ",".join(["2025-002", "2025-03-03", "网络", "自然人", "land", "x"][:cells])
    rows, problems = register(f"{HEADER}\n{odd}\n{SOUND}\n")
    assert len(rows) == 1
    assert places(problems) == ["2:1 GK435"]
    assert f"这一行有 {cells} 格，表头有 5 列" in problems[0].message()


def test_all_faults_of_a_row_stand_at_their_cells() -> None:
    text = f"{HEADER},收费\n,2025-02-30,飞鸽,自燃人,矿产,-5\n"
    rows, problems = register(text)
    assert rows == ()
    assert set(places(problems)) == {
        "2:1 GK201",
        "2:2 GK203",
        "2:13 GK212",
        "2:16 GK212",
        "2:20 GK212",
        "2:23 GK213",
    }
    assert "是不是“自然人”" in said(problems)


def test_a_row_that_does_not_agree_with_itself_is_kept_and_named() -> None:
    rows, problems = register(f"{HEADER},答复日期\n{SOUND},2025-03-01\n", 2024)
    assert len(rows) == 1
    assert places(problems) == ["2:10 GK439", "2:33 GK438", "2:33 GK219"]
    assert "移到 2025.csv" in said(problems)


def test_a_hundred_faults_of_a_kind_are_twenty_and_a_count() -> None:
    _, problems = register(f"{HEADER}\n" + "x\n" * 100)
    assert codes(problems) == ["GK435"] * 20 + ["GK448"]
    assert "另有 80 处 GK435" in problems[-1].message()


def test_1000_synthetic_rows_give_no_problem() -> None:
    sheets = synthetic(3, 1000, (2023, 2024, 2025))
    assert sheets == synthetic(3, 1000, (2023, 2024, 2025))
    found = [register(text, year) for year, text in sheets.items()]
    assert [problems for _, problems in found] == [[], [], []]
    assert sum(len(rows) for rows, _ in found) == 1000


# personal data

PERSONAL = ["11010519491231002X", "13800138000", "010-87654321", "zhang@example.com"]


@pytest.mark.parametrize("value", PERSONAL)
@pytest.mark.parametrize("column", range(5))
def test_personal_data_is_refused_in_any_column_and_never_printed(value: str, column: int) -> None:
    cells = SOUND.split(",")
    cells[column] = value
    rows, problems = register(f"{HEADER}\n{','.join(cells)}\n")
    assert (rows, codes(problems)) == ((), ["GK432"])
    assert problems[0].place.line == 2
    assert value not in said(problems) and "***" in said(problems)


def test_personal_data_below_an_unknown_column_and_beyond_the_last_is_found_as_well() -> None:
    _, problems = register(f"{HEADER},颜色\n{SOUND},13800138000\n{SOUND},,13900139000\n")
    assert places(problems) == ["1:24 GK431", "2:33 GK432", "3:1 GK435", "3:34 GK432"]


def test_a_refused_date_is_shown_but_no_local_telephone_number() -> None:
    for value, shown in (
        ("20250303", "20250303"),
        ("2025-3", "2025-3"),
        ("87654321", "8＊＊＊＊＊"),
    ):
        _, problems = register(f"{HEADER}\n2025-1,{value},网络,自然人,land\n")
        assert f"不能是“{shown}”" in problems[0].message()


@pytest.mark.parametrize("column", range(5))
def test_a_name_in_the_wrong_column_is_not_printed(column: int) -> None:
    cells = SOUND.split(",")
    cells[column] = "欧阳娜娜"
    rows, problems = register(f"{HEADER}\n{','.join(cells)}\n")
    assert (rows, len(problems)) == ((), 1)
    assert "欧阳" not in said(problems)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("zhangsan", "GK213"),
        ("E12345678", "GK432"),
        ("110101900307123", "GK432"),
        ("1380-0138-000", "GK432"),
        ("138\u200d0013\u200d8000", "GK432"),
        ("1980-0138-0001", "GK213"),
    ],
)
def test_a_number_that_is_none_of_a_register_is_never_printed(value: str, code: str) -> None:
    rows, problems = register(f"{HEADER}\n{value}{SOUND[8:]}\n")
    assert rows == () and code in codes(problems)
    assert value not in said(problems)
    assert "00138" not in said(problems) and "12345" not in said(problems)


# hostile sheets


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "@SUM(A1)", "+1+cmd", '"=1,2"', "<b>x</b>"])
@pytest.mark.parametrize("column", range(5))
def test_a_formula_is_no_value_of_any_column(cell: str, column: int) -> None:
    cells = SOUND.split(",")
    cells[column] = cell
    rows, problems = register(f"{HEADER}\n{','.join(cells)}\n")
    assert (rows, len(problems)) == ((), 1)


def test_a_nul_is_an_error_at_its_place() -> None:
    rows, problems = register(f"{HEADER}\n2025-\x00001{SOUND[8:]}\n")
    assert places(problems) == ["2:6 GK120"]
    assert len(rows) == 1


def test_an_unclosed_quote_is_named_where_its_row_begins() -> None:
    rows, problems = register(f'{HEADER}\n{SOUND}\n"2025-002{SOUND[8:]}\n{SOUND}\n{SOUND}\n')
    assert len(rows) == 1
    assert places(problems) == ["3:1 GK436"]
    assert "引号没有配对" in problems[0].message()


def test_text_after_a_closing_quote_is_named() -> None:
    _, problems = register(f'{HEADER}\n"2025"-002{SOUND[8:]}\n')
    assert places(problems) == ["2:1 GK436"]
    assert "引号之后还有文字" in problems[0].message()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("x" * 201, ["2:33 GK437"]),
        ('"' + "a@" * 30_000 + '"', ["2:33 GK437"]),
        ("x" * 1_000_000, ["2:1 GK114"]),
        ('"' + "x\n" * 500_000 + '"', ["2:1 GK436"]),
        ("x" * 3_000_000, ["1:1 GK113"]),
    ],
    ids=["201 characters", "slow to search", "1 MB", "1 MB of lines", "3 MB"],
)
def test_a_cell_has_a_limit(cell: str, expected: list[str]) -> None:
    rows, problems = register(f"{HEADER},收费\n{SOUND},{cell}\n")
    assert (rows, places(problems)) == ((), expected)


def test_columns_and_rows_have_a_limit() -> None:
    rows, problems = register(",".join([HEADER, *map(str, range(60))]) + f"\n{SOUND}")
    assert (rows, places(problems)) == ((), ["1:1 GK437"])
    _, problems = register(f"{HEADER}\n" + "x\n" * 100_001)
    assert "100002:1 GK437" in places(problems)


def test_a_row_of_very_many_cells_is_one_fault() -> None:
    for cells in ("," * 50_000 + "x", ',"",' * 20_000 + "x", ',"\n"' * 300_000 + ",x"):
        _, problems = register(f"{HEADER}\n{SOUND}{cells}\n")
        assert places(problems) == ["2:1 GK435"]


@given(st.lists(st.sampled_from([*'",\n\r\t\0;=x1张@-', SOUND, HEADER]), max_size=30))
def test_no_text_makes_reading_fail(parts: list[str]) -> None:
    text = "".join(parts)
    for body in (text, f"{HEADER}\n{text}"):
        rows, problems = register(body)
        assert all(one.row.number for one in rows)
        assert all(problem.message() and problem.message("en") for problem in problems)


@given(st.binary(max_size=60))
def test_no_bytes_make_reading_fail(data: bytes) -> None:
    register(data)
    register(f"{HEADER}\n".encode() + data)


def test_a_written_register_reads_back_as_it_was() -> None:
    row = row_of(fee="30.50", outcome="不予公开-属于国家秘密", answered_on="2025-03-20")
    (found,), problems = register(csv_of([row]))
    assert problems == []
    assert found.row.fee == Decimal("30.50")
    assert found.row.outcome == "denied_state_secret"
    kept = found.row.model_dump(mode="json", exclude_defaults=True)
    assert Application.model_validate(kept) == found.row


# decisions


def test_decisions_are_read_with_their_lines() -> None:
    text = "类别,日期,事项名称,件数,金额\n行政许可,2025-03-04,食品经营许可,3,\n"
    rows, problems = decisions(f"{text}fee,2025-04-01,诉讼费,,1.5\n")
    assert problems == []
    assert [(one.row.kind, one.row.weight, one.row.ref) for one in rows] == [
        ("licence", 3, "2"),
        ("fee", Decimal("1.5"), "3"),
    ]


def test_an_ambiguous_outcome_is_printed_with_the_rows_it_may_mean() -> None:
    _, problems = register(f"{HEADER},答复日期,办理结果\n{SOUND},2025-03-10,其他处理\n")
    assert problems[0].message() == (
        "“办理结果”没有“其他处理”这个取值；可用的见 申请人无正当理由逾期不补正、"
        "申请人逾期未按收费通知要求缴纳费用、其他"
    )


def test_the_line_is_no_column() -> None:
    _, problems = decisions("类别,日期,事项名称,行号\n行政许可,2025-03-04,许可,9\n")
    assert codes(problems) == ["GK431"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("行政许可,2024-03-04,许可,", ["2:6 GK439"]),
        ("行政许可,2025-03-04,许可,3", ["2:20 GK447"]),
        ("行政事业性收费,2025-03-04,收费,", ["2:23 GK447"]),
        ("行政事业性收费,2025-03-04,收费,三万", ["2:23 GK213"]),
        ("行政处罚,2025-03-04,处罚张三13800138000,", ["2:17 GK432"]),
        ("行政处罚,2025-03-04,对张三（男，住东街）作出罚款,", ["2:17 GK432"]),
        ("行政处罚,2025-03-04,王某某电话8765-4321,", ["2:17 GK432"]),
        ("行政处罚,2025-03-04,处罚张三 一三八〇〇一三八〇〇〇,", ["2:17 GK432"]),
        ("行政处罚,2025-03-04,=1+1,", ["2:17 GK213"]),
        ("行政处罚,2025-03-04,,", ["2:17 GK201"]),
    ],
)
def test_a_fault_of_a_decision_stands_at_its_cell(row: str, expected: list[str]) -> None:
    _, problems = decisions(f"类别,日期,事项名称,金额\n{row}\n")
    assert places(problems) == expected
    assert not any(word in said(problems) for word in ("张三", "王某", "4321"))


def test_the_sheets_of_the_demonstration_give_no_problem() -> None:
    agencies = Path(__file__).parents[3] / "content" / "agencies"
    topics = (agencies.parent / "vocab" / "request-topics.yml").read_text("utf-8")
    known = dict(re.findall(r"code: (\w+), name: ([^,}\s]+)", topics))
    sheets = sorted([*agencies.glob("*/register/*.csv"), *agencies.glob("*/decisions/*.csv")])
    assert len(sheets) >= 12
    for sheet in sheets:
        year = int(sheet.stem)
        if sheet.parent.name == "register":
            rows, problems = read_register(sheet.name, sheet.read_bytes(), year, known)
            assert rows and problems == []
        else:
            decided, problems = read_decisions(sheet.name, sheet.read_bytes(), year)
            assert decided and problems == []


def test_a_column_of_parties_is_refused_in_decisions_as_well() -> None:
    _, problems = decisions("类别,日期,事项名称,当事人\n行政处罚,2025-03-04,处罚,x\n")
    assert codes(problems) == ["GK430"]
