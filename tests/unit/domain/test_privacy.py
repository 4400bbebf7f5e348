"""Personal data is told in every way of writing it; what only looks like it passes."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain import privacy
from gongkai.domain.privacy import (
    FINDINGS_LIMIT,
    PRIVACY_WORDS,
    PrivacyKind,
    PrivacyWaiver,
    private_data,
    redacted,
    secrecy_marks,
)
from near_misses import NEAR_MISSES, Draw, identity, mobile, near_misses, true_cases

NUMBER = "210102199003079999"  # a region, a day and a serial put together
HOSTILE = {
    "digits": "1",
    "digits and spaces": "1 ",
    "numbers": "13800138000 ",
    "numbers in cells": "|15130000154",
    "long numbers in one row": NUMBER + ",",
    "rows of numbers": "13800138000,a\n",
    "half a tag": "1<aaaaaaaaaaaa",
    "tags between digits": "1<aaaaaaaaaaaa>",
    "gaps": "1________",
    "nothing to see": "1\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b",
    "words before homes": "住址：青禾县",
    "homes that never end": "住址：" + "青禾县路" * 15,
    "headers": "| 姓名 | 住址 |\n",
    "half a mark of secrecy": "密 级 ",
    "mark without a star": "机" + " " * 6,
    "persons": "男，",
    "persons and days": "，男，1990年3月7日",
    "links": "https://",
    "escapes": "\\",
    "Chinese digits": "一三八〇",
    "mixed digits": "一3①",
    "brackets": "(139)8765-432",
    "marks between digits": "139,8765,",
    "persons who live there": "，现住青禾县",
    "labels above numbers": "医保卡号\n12345\n",
    "short numbers in tables of words": "| 医保 | 1234567 |\n",
}


def kinds(text: str) -> list[str]:
    return [str(one.kind) for one in private_data(text)]


def shown(text: str) -> list[str]:
    return [one.masked for one in private_data(text)]


def test_two_thousand_near_misses_raise_no_alarm() -> None:
    assert len(NEAR_MISSES) >= 20
    found = [(kind, text) for kind, text in near_misses(2000) if private_data(text)]
    assert found == []


def test_rows_of_figures_raise_no_alarm() -> None:
    draw = random.Random(5)
    words = ["人次", "万元", "合计", "支出"]
    for _ in range(300):
        row = [
            draw.choice([str(draw.randint(-200, 2000)), f"{draw.uniform(0, 9999):.2f}", *words[:1]])
            for _ in range(200)
        ]
        assert kinds(" ".join(row)) == []
        mark = draw.choice("|\t,")
        table = [
            mark.join(
                [draw.choice(words)]
                + [str(draw.randint(0, 10 ** draw.randint(1, 12))) for _ in range(6)]
            )
            for _ in range(8)
        ]
        assert kinds("\n".join(table)) == []


def test_every_kind_is_found_in_every_way_of_writing_it() -> None:
    tried: Counter[str] = Counter()
    missed = []
    for kind, way, text in true_cases(800):
        tried[kind] += 1
        if kinds(text) != [kind]:
            missed.append((kind, way, text))
    assert missed == []
    assert set(tried) == {str(kind) for kind in PrivacyKind} - {"author", "location"}
    assert sum(tried.values()) >= 800


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NUMBER, ["210*************99"]),
        ("电话 138 0013 8000", ["138******00"]),
        ("6222 0212 3456 7890 128", ["622**************28"]),
        ("护照号码：E12345678", ["E12****78"]),
        ("社保卡号：A12345678", ["A12****78"]),
        ("王某，家庭住址：青禾县东街8号2单元301室。", ["青禾县***********"]),
        ("王某，男，1990年3月7日出生", ["1990*****"]),
        ("３ １３８００１３８０００", ["138******00"]),
        ("周一13800138000", ["138******00"]),
        (f"{NUMBER}、13800138000", ["210*************99", "138******00"]),
    ],
)
def test_what_is_found_is_masked_as_in_sheets(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "编号：13800138000",
        "15130000154元",
        "| 金额 |\n|---|\n| 15130000154 |",
        "15130000154.00",
        "QH-2026-13800138000",
        "https://www.qinghe.example/13800138000.html",
        "art_13800138000",
        "138****8000",
        "2101**********1234",
        "21010219900307",
        "210102199013079999",  # there is no thirteenth month
        "4111111111111112",  # fails Luhn's check
        "E12345678",
        "1588 1734 146",
        "账号：4111111111111111",  # of an office, as far as anybody can tell
        "王某，1990年3月生",
        "家庭住址：________",
        "（户籍地：青禾县）",
    ],
)
def test_what_is_no_personal_data_passes(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请拨(139)8765-4321", ["139******21"]),
        ("（139）87654321", ["139******21"]),
        ("【139】8765 4321", ["139******21"]),
        ("(0139)87654321", ["139******21"]),
        ("电话139,8765,4321", ["139******21"]),
        ("手机：１３９，８７６５，４３２１", ["139******21"]),
        ("Tel: 139/8765/4321", ["139******21"]),
        ("电话138-0013 8000", ["138******00"]),
        ("请与139,8765,4321联系", ["139******21"]),
        ("013987654321", ["139******21"]),
        ("请与013987654321联系", ["139******21"]),
        ("王某，男，现住青禾县东街8号2单元301室。", ["青禾县***********"]),
        ("张某，家住青禾县城关镇马家沟村3组12号，", ["青禾县************"]),
        ("王某（现居住于青禾县东街8号院2栋301室）", ["青禾县***********"]),
        ("身份证号码\n210102199003079991", ["210*************91"]),
        ("**身份证号码：**\n\n> 210102199003079991", ["210*************91"]),
        ("身份证号\t\n\n210102900307999\n", ["210**********99"]),
        ("| 身份证号 |\n|--|\n| 210102199003079991 |", ["210*************91"]),
        ("姓名\t身份证号\n王某\t210102199003079991", ["210*************91"]),
        ("护照号码\nE12345678", ["E12****78"]),
        ("医保卡号\n\n12345678", ["12****78"]),
        ("银行卡号：\n6228480312345678901", ["622**************01"]),
        ("一三八00138000", ["138******00"]),
        ("电话壹3八０013八〇〇〇", ["138******00"]),
        ("幺三八零零幺三八零零零", ["138******00"]),
        ("①③⑧00138000", ["138******00"]),
        ("①13800138000 ②13900139000", ["138******00", "139******00"]),
        ("壹參捌貳貳壹參捌貳貳貳", ["138******22"]),
    ],
)
def test_what_was_missed_by_hand_is_found(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "139,8765,4321",  # three figures, as far as anybody can tell
        "收入分别为139,8765,4321元",
        "手机,139,8765,4321",
        "联系群众150、1200、1300人次",
        "(150)2023-2024",
        "编号（139）87654321",
        "发票代码：013987654321",
        "现住本社区3号楼1单元的居民可以申请",
        "家住东街8号院的老人",
        "现住房面积不足15平方米的家庭",
        "身份证号码\n\n\n\n210102199003079991",  # no label stands so far above
        "身份证号码由18位数字组成，请核对之后再填写下面的各项内容\n210102199003079991",
        "医保卡号：2024-01-05",
        "医保服务电话 024-86898696",
        "咨询邮箱：qinghe_xxgk@mail.example，局长信箱 mzj@qinghe.example",
    ],
)
def test_what_looks_like_what_was_missed_passes(text: str) -> None:
    assert kinds(text) == []


PARTS = (
    "护照号码|医保卡号|社保编号|通行证|身份证|证件号码|姓名|金额|日期|公**积金**账号|居民证|个人编号"
    "|王建国|共|E12345678|12345678|2024-01-05|1234567|2024.1.5|H0123456789|024-86898696|3|99.5"
    "|〇一二三四五六七"
)
MARKS = ("", "：", "|", "\t", ",", "\n", "\n\n", " ", "（", "**", "。")
ROWS = st.lists(
    st.tuples(st.sampled_from(PARTS.split("|")), st.sampled_from(MARKS)), max_size=24
).map(lambda parts: "".join(part + mark for part, mark in parts))


@given(ROWS)
def test_looking_at_every_short_number_finds_nothing_more(text: str) -> None:
    found = private_data(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(privacy._Page, "has_document_words", True)
        patch.setattr(privacy._Page, "is_worded", lambda *_: True)
        assert private_data(text) == found


def test_offsets_hold_what_was_found() -> None:
    for kind, way, text in true_cases(200, seed=7):
        (one,) = private_data(text)
        assert 0 <= one.start < one.end <= len(text), (kind, way)
        assert "\n" not in text[one.start : one.end]
        assert "*" not in one.masked[:2] and one.masked.count("*") >= 3, way


def test_a_redacted_text_holds_nothing_more() -> None:
    for _, _, text in true_cases(400, seed=11):
        assert private_data(redacted(text)) == [], text


@given(st.text(alphabet="0138 -.*|,\n\t<b>XＸ一〇住址：号室男生姓名密机★元\u200b", max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    found = private_data(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(text[offset] in "绝机秘" for offset, _ in secrecy_marks(text))


def test_a_waiver_names_its_kind_in_either_language() -> None:
    facts = {"value": "138******00", "reason": "值班专用", "reviewer": "办公室主任"}
    for kind in PrivacyKind:
        for name in (kind.value, PRIVACY_WORDS[kind][0]):
            assert PrivacyWaiver.model_validate({"kind": name, **facts}).kind is kind


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("机密★启用前", [(0, "机密")]),
        ("秘密★3年", [(0, "秘密")]),
        ("绝密 ★ 长期", [(0, "绝密")]),
        ("绝　密　☆", [(0, "绝密")]),
        ("秘\u200b密\u200b★", [(0, "秘密")]),
        ("**机密**★1年", [(2, "机密")]),
        ("<b>机密</b>★1年", [(3, "机密")]),
        ("密级：机密", [(3, "机密")]),
        ("密　级:　秘密", [(5, "秘密")]),
        ("機密★", [(0, "机密")]),
        ("正文\n机密⭐5年", [(3, "机密")]),
        ("国家秘密", []),
        ("商业秘密★", []),
        ("保守国家秘密★宣传月", []),
        ("密级：绝密、机密、秘密", []),
        ("密级分为绝密、机密和秘密", []),
        ("机密级文件的管理", []),
        ("★", []),
    ],
)
def test_marks_of_secrecy_are_told_from_words(text: str, marks: list[tuple[int, str]]) -> None:
    assert secrecy_marks(text) == marks


def least(work: Callable[[], object], times: int) -> float:
    """Return the least CPU time of some runs, in seconds."""
    spent = []
    for _ in range(times):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return min(spent)


def test_a_body_without_numbers_costs_next_to_nothing() -> None:
    body = ("本办法所称政府信息公开，是指行政机关在履行职责过程中，依法定程序公开的行为。" * 30)[
        :1000
    ]

    def many() -> None:
        for _ in range(20):
            private_data(body)
            secrecy_marks(body)

    assert least(many, 10) / 20 < 100e-6


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_with_the_length_of_hostile_input(unit: str) -> None:
    def work(size: int) -> float:
        text = unit * (size // len(unit))
        return least(lambda: (private_data(text), secrecy_marks(text)), 2)

    small, large = work(100_000), work(400_000)
    assert large < 2
    assert large < small * 8 + 0.05, "four times the text took more than twice four times as long"


def test_a_list_of_thousands_is_not_read_to_its_end() -> None:
    draw = Draw(3)
    text = "\n".join(f"{identity(draw)} {mobile(draw)}" for _ in range(3000))
    assert FINDINGS_LIMIT <= len(private_data(text)) < FINDINGS_LIMIT + 3
