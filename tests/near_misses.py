"""Texts that look like personal data and are none, and personal data in every way of writing it.

Both are drawn from a seed, so that every machine tries the same ones. No number belongs to
anybody: identities are built on a serial and a day drawn at random, with the check digit computed.
"""

# ruff: noqa: E501  (a text is one line, so that it can be read)
from __future__ import annotations

import random
from collections.abc import Callable, Iterator

Draw = random.Random
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_REGIONS = ("210102", "110105", "330106", "440305", "510107", "620102", "210381", "320106")
_FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_UNSEEN = ("\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff")


def digits(draw: Draw, size: int) -> str:
    """Return so many digits."""
    return "".join(draw.choice("0123456789") for _ in range(size))


def check_digit(first: str) -> str:
    """Return the check character of the first 17 digits of an ID number (GB 11643)."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]


def identity(draw: Draw) -> str:
    """Return an ID number of 18 digits."""
    day = f"{draw.randint(1940, 2005)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"
    first = draw.choice(_REGIONS) + day + digits(draw, 3)
    return first + check_digit(first)


def short_identity(draw: Draw) -> str:
    """Return an ID number of 15 digits."""
    number = identity(draw)
    return number[:6] + number[8:17]


def wrong_identity(draw: Draw) -> str:
    """Return an ID number with a slip in its check digit."""
    number = identity(draw)
    return number[:17] + ("5" if number[17] != "5" else "6")


def mobile(draw: Draw) -> str:
    """Return a mobile number."""
    return draw.choice(("138", "139", "150", "151", "177", "186", "199", "166")) + digits(draw, 8)


def luhn(first: str) -> str:
    """Return some digits with their check digit (ISO/IEC 7812-1)."""
    total = 0
    for n, digit in enumerate(reversed(first)):
        value = int(digit) * (2 if n % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return first + str(-total % 10)


def card(draw: Draw) -> str:
    """Return the number of a bank card."""
    prefix, size = draw.choice(
        (("622202", 19), ("621700", 19), ("622848", 19), ("622588", 16), ("436742", 16),
         ("518710", 16), ("356833", 16), ("955880", 19))
    )  # fmt: skip
    middle = digits(draw, size - 7)
    if middle[:2] in ("19", "20"):
        middle = "3" + middle[1:]
    return luhn(prefix + middle)


def passport(draw: Draw) -> str:
    """Return the number of a passport."""
    return draw.choice(("E", "G", "D", "S", "P", "EA", "EJ")).ljust(1) + digits(draw, 8)


NearMiss = Callable[[Draw], str]


def _year(draw: Draw) -> int:
    return draw.randint(2008, 2026)


def _amount_in_table(draw: Draw) -> str:
    rows = "\n".join(
        f"| {name} | {mobile(draw)} | {digits(draw, 5)}.{digits(draw, 2)} |"
        for name in ("基本支出", "项目支出", "合计")
    )
    return f"单位：元\n\n| 项目 | 预算数 | 占比 |\n| --- | ---: | ---: |\n{rows}"


def _amount_of_15130000154(draw: Draw) -> str:
    unit = draw.choice(("元", "万元", " 元", "（元）"))
    return draw.choice(
        (
            f"| 科目 | 金额 |\n|---|---|\n| 税收收入 | 15130000154 |\n| 其他 | {digits(draw, 6)} |",
            f"科目,金额\n税收收入,15130000154\n其他,{digits(draw, 6)}",
            f"全年一般公共预算收入15130000154{unit}，增长3.{digits(draw, 1)}%。"
            if unit != "（元）"
            else "合计 15130000154 13420000000 12.7",
            f"税收收入\t15130000154\t{digits(draw, 9)}",
            f"amounts: [15130000154, {digits(draw, 4)}, {digits(draw, 7)}]",
        )
    )


def _thousands(draw: Draw) -> str:
    return f"资产总额{draw.randint(13, 19)},{digits(draw, 3)},{digits(draw, 3)},{digits(draw, 3)}元"


def _decimal(draw: Draw) -> str:
    return f"共计{mobile(draw)}.{digits(draw, 2)}，系数0.{digits(draw, 18)}"


def _landline(draw: Draw) -> str:
    area = draw.choice(("024", "010", "021", "0412", "0574", "0898"))
    number = draw.choice("2345678") + digits(draw, 7)
    return draw.choice(
        (
            f"咨询电话：{area}-{number}",
            f"电话（{area}）{number}",
            f"监督电话 {area}{number}",
            f"联系人：办公室，联系电话：{area} {number}转{digits(draw, 3)}",
        )
    )


def _service_number(draw: Draw) -> str:
    return draw.choice(
        (
            f"客服热线：400-{digits(draw, 3)}-{digits(draw, 4)}",
            f"拨打95{digits(draw, 3)}或者12345政务服务便民热线",
            f"投诉举报电话：12345、12315、96{digits(draw, 3)}",
            f"全国统一热线 800{digits(draw, 7)}",
            "人力资源社会保障咨询服务电话：12333；医保服务热线：12393",
        )
    )


def _document_number(draw: Draw) -> str:
    return f"青政办发〔{_year(draw)}〕{draw.randint(1, 99)}号、青民函〔{_year(draw)}〕{digits(draw, 3)}号"


def _index_number(draw: Draw) -> str:
    return f"索引号：{digits(draw, 8)}-{draw.randint(1, 9)}/{_year(draw)}-{digits(draw, 5)}，QH{digits(draw, 7)}/{_year(draw)}-{digits(draw, 5)}"


def _credit_code(draw: Draw) -> str:
    region = draw.choice(_REGIONS)
    label = draw.choice(("统一社会信用代码：", "信用代码 ", "| 青禾县某中心 | "))
    if label.startswith("|"):
        return f"| 单位 | 统一社会信用代码 |\n|---|---|\n{label}12{region}{digits(draw, 10)} |"
    return f"{label}{draw.choice(('91', '11', '12', '52'))}{region}{digits(draw, 9)}{draw.choice('ABCD')}"


def _all_digit_credit_code(draw: Draw) -> str:
    return f"统一社会信用代码：91{draw.choice(_REGIONS)}{digits(draw, 10)}"


def _organisation_code(draw: Draw) -> str:
    return f"组织机构代码：{digits(draw, 8)}-{digits(draw, 1)}"


def _record_number(draw: Draw) -> str:
    return f"辽ICP备{digits(draw, 8)}号-{digits(draw, 1)} 辽公网安备 {draw.choice(_REGIONS)}{digits(draw, 8)}号"


def _project_code(draw: Draw) -> str:
    return draw.choice(
        (
            f"项目代码：{_year(draw)}-{draw.choice(_REGIONS)}-{digits(draw, 2)}-{digits(draw, 2)}-{digits(draw, 6)}",
            f"项目编号 JH{digits(draw, 2)}-{draw.choice(_REGIONS)}-{digits(draw, 5)}",
            f"采购项目编号：QHZC{mobile(draw)}",
            f"办件编号：{draw.choice(_REGIONS)}{draw.randint(2010, 2026)}{draw.randint(1, 12):02}"
            f"{draw.randint(1, 28):02}{digits(draw, 4)}",
        )
    )


def _land_parcel(draw: Draw) -> str:
    return draw.choice(
        (
            f"宗地号：{draw.choice(_REGIONS)}{digits(draw, 6)}GB{digits(draw, 5)}",
            f"地块编号 {_year(draw)}-{digits(draw, 2)}，不动产单元号{draw.choice(_REGIONS)}{digits(draw, 6)}GB{digits(draw, 5)}W{digits(draw, 8)}",
            f"建字第{draw.choice(_REGIONS)}{_year(draw)}{digits(draw, 5)}号",
            f"地字第 {draw.choice(_REGIONS)}{_year(draw)}{digits(draw, 5)} 号",
        )
    )


def _invoice(draw: Draw) -> str:
    return draw.choice(
        (
            f"发票代码：{digits(draw, 12)}，发票号码：{digits(draw, 8)}",
            f"数电发票号码：{_year(draw) % 100:02}{digits(draw, 18)}",
            f"合同编号：{mobile(draw)}",
            f"| 标段编号 | 中标价 |\n|---|---|\n| {mobile(draw)} | {digits(draw, 7)} |",
        )
    )


def _agency_account(draw: Draw) -> str:
    name = draw.choice(("青禾县财政局", "青禾县非税收入管理中心", "青禾县住房公积金管理中心"))
    account = draw.choice("123078") + digits(draw, draw.choice((14, 16, 17, 18, 19)))
    return draw.choice(
        (
            f"收款单位：{name}，开户行：青禾农商银行，账号：{account}",
            f"户名：{name}\n账号：{account}\n开户银行：中国银行青禾支行",
            f"| 户名 | 账号 |\n|---|---|\n| {name} | {account} |",
        )
    )


def _web_address(draw: Draw) -> str:
    return draw.choice(
        (
            f"https://www.qinghe.example/art/{_year(draw)}/3/1/art_{mobile(draw)}_{digits(draw, 6)}.html",
            f"[通知](../files/P0{_year(draw)}0301{digits(draw, 12)}.pdf)",
            f"http://www.qinghe.example/{mobile(draw)}.html?id={identity(draw)}",
            f"见 www.qinghe.example/zwgk/{digits(draw, 19)}",
            f"![图](files/{mobile(draw)}.png)",
        )
    )


def _book_number(draw: Draw) -> str:
    return f"ISBN 978-7-{digits(draw, 4)}-{digits(draw, 4)}-{digits(draw, 1)}，ISSN {digits(draw, 4)}-{digits(draw, 4)}，ISBN 9787{digits(draw, 9)}"


def _time_stamp(draw: Draw) -> str:
    day = f"{_year(draw)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"
    return draw.choice(
        (
            f"流水号{day}{digits(draw, 6)}",
            f"{day[:4]}-{day[4:6]}-{day[6:]} {draw.randint(10, 23)}:30:15",
            f"时间 {day}123456，批次 {day}",
            f"{day[:4]}.{day[4:6]}.{day[6:]}-{_year(draw)}.12.31",
        )
    )


def _standard(draw: Draw) -> str:
    return f"GB/T {digits(draw, 5)}-{_year(draw)}、GB {digits(draw, 4)}—{_year(draw)}、DB21/T {digits(draw, 4)}.{digits(draw, 1)}-{_year(draw)}"


def _coordinates(draw: Draw) -> str:
    return f"东经123.{digits(draw, 9)}，北纬41.{digits(draw, 9)}；X=4{digits(draw, 6)}.{digits(draw, 3)}，Y=41{digits(draw, 6)}.{digits(draw, 3)}"


def _office_address(draw: Draw) -> str:
    room = f"民生路{draw.randint(1, 200)}号{draw.randint(1, 9)}楼{digits(draw, 3)}室"
    return draw.choice(
        (
            f"地址：青禾县{room}，邮编：{digits(draw, 6)}",
            f"| 单位 | 地址 | 电话 |\n|---|---|---|\n| 青禾县民政局 | {room} | 024-8{digits(draw, 7)} |",
            f"| 姓名 | 单位 | 地址 |\n|---|---|---|\n| 李某 | 司法局 | {room} |",
            f"申请人向户籍地乡镇人民政府提出申请，住所在{draw.choice(('东', '西'))}街的向社区提出。",
        )
    )


def _masked(draw: Draw) -> str:
    number, own = mobile(draw), identity(draw)
    return draw.choice(
        (
            f"张*，电话{number[:3]}****{number[7:]}",
            f"身份证号：{own[:4]}{'*' * 10}{own[14:]}",
            f"王某，身份证号{own[:6]}********{own[14:]}，手机{number[:3]}xxxx{number[7:]}",
            f"| 姓名 | 身份证号 | 家庭住址 |\n|---|---|---|\n| 刘** | {own[:6]}{'*' * 12} | 青禾县*** |",
            f"卡号{card(draw)[:4]}********{digits(draw, 4)}",
        )
    )


def _qq(draw: Draw) -> str:
    return f"咨询QQ群：{digits(draw, 9)}，QQ：{mobile(draw)}"


def _serial(draw: Draw) -> str:
    return draw.choice(
        (
            f"许可证编号：{draw.choice(_REGIONS)}{_year(draw)}{digits(draw, 5)}",
            f"注册号 {draw.choice(_REGIONS)}{digits(draw, 9)}",
            f"| 姓名 | 执法证号 |\n|---|---|\n| 王建国 | {mobile(draw)} |",
            f"区划代码 {draw.choice(_REGIONS)}{digits(draw, 6)}",
            f"档号：{digits(draw, 4)}-{_year(draw)}-{digits(draw, 4)}-{digits(draw, 4)}",
            f"商品条码69{digits(draw, 11)}",
        )
    )


def _figures_in_a_row(draw: Draw) -> str:
    return draw.choice(
        (
            f"合计 {mobile(draw)} {digits(draw, 8)} {digits(draw, 6)}",
            f"{draw.randint(130, 199)} {_year(draw)} {_year(draw)}",
            "  ".join(digits(draw, draw.randint(1, 8)) for _ in range(12)),
            f"| 年度 | 收入 | 支出 |\n|---|---|---|\n| {_year(draw)} | {mobile(draw)} | {mobile(draw)} |",
            " ".join(str(year) for year in range(2015, 2026)),
        )
    )


def _form(draw: Draw) -> str:
    return draw.choice(
        (
            "填写姓名、性别、出生日期、身份证号码、家庭住址、联系电话和银行卡号。",
            "| 姓名 | 身份证号 | 家庭住址 | 手机号码 |\n|---|---|---|---|\n|  |  |  |  |",
            "家庭住址：________ 身份证号码：□□□□□□□□□□□□□□□□□□",
            "办理护照、港澳居民来往内地通行证须提交原件，电话024-86898696",
            f"年满18周岁（{_year(draw) - 18}年3月1日以前出生），出生日期：1988年1月1日以后",
            f"王建国，男，汉族，19{draw.randint(60, 79)}年{draw.randint(1, 12)}月生，中共党员",
        )
    )


NEAR_MISSES: dict[str, NearMiss] = {
    name.strip("_").replace("_", " "): make
    for name, make in list(globals().items())
    if name.startswith("_") and callable(make) and name not in ("_year",)
    and getattr(make, "__module__", "") == __name__
}  # fmt: skip


def near_misses(count: int, seed: int = 2026) -> Iterator[tuple[str, str]]:
    """Yield kinds and texts that hold nothing personal, of every kind equally many."""
    draw = Draw(seed)
    kinds = sorted(NEAR_MISSES)
    for n in range(count):
        kind = kinds[n % len(kinds)]
        yield kind, NEAR_MISSES[kind](draw)


# ---------------------------------------------------------------- personal data
def _parted(number: str, sizes: tuple[int, ...], mark: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return mark.join(part for part in [*parts, number[at:]] if part)


def ways(draw: Draw, number: str, sizes: tuple[int, ...]) -> dict[str, str]:
    """Return a number in every way that people write it."""
    at = draw.randint(2, len(number) - 3)
    return {
        "plain": number,
        "full width": number.translate(_FULL),
        "spaced": _parted(number, sizes, " "),
        "hyphenated": _parted(number, sizes, "-"),
        "dotted": _parted(number, sizes, "·"),
        "every digit spaced": " ".join(number),
        "unseen": number[:at] + draw.choice(_UNSEEN) + number[at:],
        "unseen everywhere": draw.choice(_UNSEEN).join(number),
        "emphasis": f"{number[:at]}**{number[at:]}**",
        "tag": f"{number[:at]}<b>{number[at:]}</b>",
        "wide spaces": _parted(number, sizes, "\u3000"),
        "in brackets": f"（{number}）",
    }


_HAN = str.maketrans("0123456789", "〇一二三四五六七八九")


def true_cases(count: int, seed: int = 2026) -> Iterator[tuple[str, str, str]]:
    """Yield kind, way of writing and a text that holds personal data of that kind once."""
    draw = Draw(seed)
    made = 0
    while made < count:
        for kind, way, text in _round(draw):
            yield kind, way, text
            made += 1


def _round(draw: Draw) -> Iterator[tuple[str, str, str]]:
    name = draw.choice(("王建国", "李秀英", "张伟", "刘芳", "欧阳明"))
    for way, text in ways(draw, identity(draw), (6, 8)).items():
        yield "identity", way, f"{name}，{text}，已核实。"
    for way, text in ways(draw, wrong_identity(draw), (6, 8)).items():
        yield "identity", f"wrong check digit, {way}", f"{name}，身份证号：{text}"
    own = identity(draw)
    yield (
        "identity",
        "column",
        f"| 姓名 | 身份证号码 |\n|---|---|\n| {name} | {wrong_identity(draw)} |",
    )
    yield "identity", "15 digits beside its word", f"身份证号码 {short_identity(draw)}"
    yield "identity", "15 digits in a column", f"姓名\t证件号码\n{name}\t{short_identity(draw)}"
    yield "identity", "small x", f"公民身份号码为{own[:6]}19820115{digits(draw, 3)}x"
    yield "identity", "in a sheet", f"1,{name},{own},青禾镇"
    yield "identity", "after a serial number", f"3 {own}"
    for way, text in ways(draw, mobile(draw), (3, 4)).items():
        yield "mobile", way, f"联系人：{name} {text}"
    number = mobile(draw)
    yield "identity", "in a disability certificate", f"残疾人证号：{own[:17]}143"
    yield "mobile", "with +86", f"{name} +86{number}"
    yield "mobile", "with +86 and groups", f"+86 {number[:3]}-{number[3:7]}-{number[7:]}"
    yield "mobile", "alone", f"请与{number}联系"
    yield "mobile", "column", f"| 姓名 | 手机 |\n|---|---|\n| {name} | {number} |"
    yield "mobile", "beside a name", f"| 户主 | 备注 |\n|---|---|\n| {name} | {number} |"
    yield "mobile", "link", f"[电话](tel:{number})"
    yield "mobile", "Chinese digits", f"电话{number.translate(_HAN)}"
    yield "mobile", "two", f"电话：{number}/024-88888888"
    for way, text in ways(draw, card(draw), (4, 4, 4, 4)).items():
        if way not in ("every digit spaced", "dotted"):
            yield "card", way, f"收款人{name}，{text}"
    for way, text in ways(draw, card(draw), (4, 4, 4, 4)).items():
        yield "card", f"beside its word, {way}", f"{name}，银行卡号：{text}"
    yield "card", "wrong check digit", f"银行卡号 62284803{digits(draw, 11)}"
    yield "card", "column", f"姓名,开户行,账号\n{name},农业银行,{card(draw)}"
    for word in ("护照号码：", "护照号", "持护照（", "护照："):
        yield "passport", word, f"{name}{word}{passport(draw)[:1]}{digits(draw, 8)}"
    yield "passport", "two letters", f"护照号码 EJ{digits(draw, 7)}"
    yield "passport", "Hong Kong", f"港澳居民来往内地通行证号码：H{digits(draw, 8)}"
    yield "passport", "Taiwan", f"台湾居民来往大陆通行证 {digits(draw, 8)}"
    yield "passport", "column", f"| 姓名 | 证件号码 |\n|---|---|\n| {name} | E{digits(draw, 8)} |"
    yield "passport", "soldier", f"军官证号：{digits(draw, 8)}"
    for word in (
        "社保卡号：",
        "社会保障卡号",
        "医保卡号：",
        "个人公积金账号：",
        "社保编号：",
        "医保编号 ",
    ):
        yield "social_security", word, f"{name}，{word}{digits(draw, 10)}"
    yield "social_security", "column", f"姓名,医保卡号\n{name},{digits(draw, 9)}"
    home = f"青禾县东街{draw.randint(1, 99)}号{draw.randint(1, 9)}单元{digits(draw, 3)}室"
    village = f"青禾县城关镇马家沟村{draw.randint(1, 9)}组{draw.randint(1, 99)}号"
    for word in ("家庭住址：", "现住址：", "户籍地：", "住址："):
        yield "address", word, f"{name}，{word}{draw.choice((home, village))}"
    yield "address", "column", f"| 姓名 | 家庭住址 |\n|---|---|\n| {name} | {village} |"
    yield "address", "beside a name", f"姓名,地址\n{name},{home}"
    day = f"19{draw.randint(50, 99)}年{draw.randint(1, 12)}月{draw.randint(1, 28)}日"
    yield "birth", "sentence", f"{name}，男，{day}出生，汉族"
    yield "birth", "name alone", f"{name}，{day}出生，"
    yield "birth", "label", f"{name} 出生日期：{day}"
    yield (
        "birth",
        "column",
        f"| 姓名 | 出生日期 |\n|---|---|\n| {name} | 1982-03-0{draw.randint(1, 9)} |",
    )
