"""Personal data is found however it is written; what a matter is called passes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.personal import personal_data, personal_text

DIGITS = [
    "0123456789",
    "０１２３４５６７８９",
    "〇一二三四五六七八九",
    "零壹贰叁肆伍陆柒捌玖",
    "٠١٢٣٤٥٦٧٨٩",
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "⓪①②③④⑤⑥⑦⑧⑨",
]
GAPS = [
    "",
    " ",
    "\u3000",
    "-",
    ".",
    "·",
    "•",
    "・",
    "*",
    "_",
    "—",
    "–",
    "~",
    ",",
    "，",
    "/",
    "−",
    "‑",
]
UNSEEN = ["", "\u200d", "\u200b", "\u00ad", "\u2060", "\ufeff", "\u0301", "\ufe0f", "\u3164", "\t"]
NUMBERS = {
    "13800138000": "手机号码",
    "110105194912310021": "身份证号码",  # its check character would be X
    "110101199003071233": "身份证号码",
    "110101900307123": "身份证号码",
    "6222021234567890128": "银行卡号",
    "4111111111111111": "银行卡号",
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("11010519491231002X", "110*************2X"),
        ("编号11010519491231002x", "110*************2x"),
        ("１１０１０５１９４９１２３１００２Ｘ", "110*************2X"),
        ("110105 19491231 002X", "110*************2X"),
        ("1101 0119 9003 0712 33", "110*************33"),
        ("11010519491231002\u00adX", "110*************2X"),
        ("110101900307123", "110**********23"),
        ("13800138000", "138******00"),
        ("138\u200d0013\u200d8000", "138******00"),
        ("1380 0138 000", "138******00"),
        ("138.0013.8000", "138******00"),
        ("１３８—００１３—８０００", "138******00"),
        ("一三八〇〇一三八〇〇〇", "138******00"),
        ("138、0013、8000", "138******00"),
        ("(138)0013(8000)", "138******00"),
        ("+86 138-0013-8000", "861********00"),
        ("010-87654321", "010******21"),
        ("0574 8765432", "057*******32"),
        ("(021)65432100", "(02********00"),
        ("6222 0212 3456 7890 128", "622**************28"),
        ("E12345678", "*******78"),
        ("护照：E 1234 5678", "***********78"),
        ("PE1234567", "*******67"),
        ("A123456(7)", "********7)"),
        ("zhang.san@example.com", "z" + "*" * 20),
        ("zhangsan＠qq。com", "z" + "*" * 14),
        ("zhangsan @ qq . com", "z" + "*" * 18),
    ],
)
def test_personal_data_is_found_and_masked(text: str, shown: str) -> None:
    for find in (personal_data, personal_text):
        found = find(text)
        assert found is not None
        assert found[2] == shown


@given(st.sampled_from([*NUMBERS]), st.data())
def test_a_number_is_found_in_any_script_with_anything_between_its_digits(
    number: str, data: st.DataObject
) -> None:
    draw = data.draw
    text = draw(st.sampled_from(["处罚", "编号："]))
    for n, digit in enumerate(number):
        if n:
            text += draw(st.sampled_from(UNSEEN)) + draw(st.sampled_from(GAPS))
        text += draw(st.sampled_from(DIGITS))[int(digit)]
    assert (personal_data(text) or [""])[0] == NUMBERS[number]
    assert number not in str(personal_data(text))


@pytest.mark.parametrize(
    "text",
    [
        "2025-001",
        "2025-03-04",
        "2025-03-04 00:00:00",
        "2025-00017",
        "QH-2025-000123",
        "202503040001",
        "20250304138001380001",
        "15312.345678",  # an amount
        "13800.138000",
        "4111111111111112",  # fails Luhn's check
        "食品经营许可",
    ],
)
def test_numbers_dates_and_amounts_are_not_taken_for_personal_data(text: str) -> None:
    assert personal_data(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "护照E12345678",
        "8765 4321",
        "咨询电话8765-432",
        "许可1234567",
        "卡号6222021234567890123",
        "2013-2014 8000",
        "微信 zhangsan(at)qq.com",
        "张三＠qq",
        "对张三（男，住青禾县东街1号）作出罚款",
        "对张三（男，住…）作出罚款",
        "对张\u200b三（ 男 ，住东街）作出罚款",
        "对欧阳娜娜（女）作出处罚",
        "对欧阳娜娜（住东街1号）的处罚",
        "对张三（身份证）作出处罚",
        "处罚张三（男，1990年生）",
        "张三，男，汉族，违法建设",
        "张三男，住东街",
        "张三，身份证号1101",
        "李四，户籍地：青禾县",
        "李四，住址：东街1号",
        "李四（家庭住址东街1号）",
        "对李四作出处罚",
        "王某某违法建设",
    ],
)
def test_a_text_that_tells_of_a_person_is_refused_and_not_shown(text: str) -> None:
    found = personal_text(text)
    assert found is not None
    assert not any(name in str(found[2]) for name in ("张", "李", "王", "欧", "1101", "4321"))


@pytest.mark.parametrize(
    "text",
    [
        "食品经营许可",
        "人力资源服务许可证核发",
        "劳动保障监察行政处罚",
        "2025年度不动产登记费",
        "城镇垃圾处理费（2024年）",
        "建筑工程施工许可证（2025年第1批）",
        "环评批复3项",
        "12345热线转办事项",
        "《食品安全法》第124条处罚",
        "2024-2025年度城镇垃圾处理费",
        "2024—2025学年学费",
        "违反GB 2760-2014处罚",
        "违反GB/T 12345-2013处罚",
        "居民身份证工本费",
        "普通护照签发",
        "户籍迁移登记",
        "不动产登记（住宅）",
        "不动产登记（户籍变更）",
        "市场主体登记（住所变更）",
        "特种行业许可（旅馆、住宿）",
        "住房公积金缴存处罚",
        "公共厕所（男、女）建设许可",
        "女职工劳动保护处罚",
        "对冒用他人居民身份证的处罚",
        "对旅馆入住人员未登记的处罚",
        "对侵害妇女、儿童权益的处罚",
        "对企业作出的行政处罚",
        "对单位作出的处罚",
        "对高危企业（住建领域）处罚",
        "号牌核发（第一、二、三、四、五、六、七批）",
        "12、13、14、15号地块规划许可",
        "1、3、5、7、9、11、13、15号楼施工许可",
        "建设用地规划许可（青规〔2025〕123号）",
        "占用城市道路许可（08:00-17:00）",
        "道路运输证（2025年3月4日）",
        "电力业务许可（10kV及以上）",
        "企业实行不定时工作制和综合计算工时工作制审批",
    ],
)
def test_what_matters_are_called_passes(text: str) -> None:
    assert personal_text(text) is None


@given(st.text("0123456789一〇 -.年度第批许可（）", max_size=60))
def test_no_long_number_passes_in_a_text(text: str) -> None:
    run = max(map(len, "".join(c if c.isdecimal() else " " for c in text).split()), default=0)
    assert run < 7 or personal_text(text) is not None


@given(st.text(max_size=200))
def test_no_text_makes_the_search_fail(text: str) -> None:
    assert personal_data(text) is None or personal_text(text) is not None


@pytest.mark.parametrize(
    "unit",
    ["1", "a@", "a ", "1 ", "对张", "张(", "1-", "GB 2025-", "护照", "(0", "ﷺ", "2025-", "a."],
)
def test_the_search_takes_time_in_proportion_to_the_text(unit: str) -> None:
    text = (unit * 4_000)[:4_000]
    begun = time.process_time()
    personal_text(text)
    assert time.process_time() - begun < 3
