"""Two versions give back both of them, readably, and in bounded time."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.derive.differences import Difference, Shown, difference, words


def shown(*body: str, **fields: str) -> Shown:
    return Shown(fields, body)


def written(left: str, right: str) -> str:
    """Return a comparison with 〔-out-〕 and 〔+in+〕."""
    marks = {"same": "{}", "out": "[-{}-]", "in": "[+{}+]"}
    return "".join(marks[piece.op].format(piece.text) for piece in words(left, right))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("补贴每人80元。", "补贴每人100元。", "补贴每人[-80-][+100+]元。"),
        ("请准时参加。", "请务必准时参加。", "请[+务必+]准时参加。"),
        ("于2026年3月1日起", "于2026年4月2日起", "于2026年[-3月1-][+4月2+]日起"),
        ("A Plan", "A Planner", "A [-Plan-][+Planner+]"),
        ("标准为1.5%", "标准为1.6%", "标准为[-1.5%-][+1.6%+]"),
        ("", "新", "[+新+]"),
        ("旧", "", "[-旧-]"),
    ],
)
def test_changes_are_marked_by_the_word(left: str, right: str, expected: str) -> None:
    assert written(left, right) == expected


def test_equal_characters_between_two_changes_are_no_confetti() -> None:
    said = written("由县民政局负责受理", "由镇政府和服务大厅受理")
    assert said.count("[-") <= 1 and said.count("[+") <= 1


@given(st.text("甲乙丙 12ab，。", max_size=40), st.text("甲乙丙 12ab，。", max_size=40))
def test_both_texts_can_be_read_from_the_pieces(left: str, right: str) -> None:
    pieces = words(left, right)
    assert "".join(p.text for p in pieces if p.op != "in") == left
    assert "".join(p.text for p in pieces if p.op != "out") == right


PARAGRAPHS = st.lists(st.sampled_from(["甲段文字。", "乙段文字。", "丙", "丁1", "丁2"]), max_size=9)


@given(PARAGRAPHS, PARAGRAPHS)
def test_every_paragraph_of_both_versions_is_shown_or_counted(
    old: list[str], new: list[str]
) -> None:
    found = difference(shown(*old), shown(*new))
    if old == new:
        assert found == Difference((), ())
        return
    folded = sum(paragraph.folded for paragraph in found.paragraphs)
    for side, body in (("in", old), ("out", new)):
        texts = [
            "".join(piece.text for piece in paragraph.pieces if piece.op != side)
            for paragraph in found.paragraphs
        ]
        kept = [text for text in texts if text]
        assert len(kept) + folded == len(body)
        rest = iter(body)
        assert all(text in rest for text in kept), "in the order of the version"


def test_fields_are_told_apart_and_equal_ones_left_out() -> None:
    found = difference(
        shown(title="甲", contact="一"), shown(title="乙", contact="一", source="丙")
    )
    assert [(f.key, f.before, f.after) for f in found.fields] == [
        ("title", "甲", "乙"),
        ("source", "", "丙"),
    ]


def test_unchanged_paragraphs_far_from_a_change_are_folded() -> None:
    old = [f"第{n}段没有改动。" for n in range(20)]
    new = [*old[:10], "第10段改动了。", *old[11:]]
    found = difference(shown(*old), shown(*new)).paragraphs
    assert [paragraph.folded for paragraph in found] == [9, 0, 0, 8]
    assert found[-1].pieces == ()


def test_a_moved_and_edited_text_pairs_what_resembles() -> None:
    old = ["前言。", "申请人应当提交身份证明和申请表。", "结尾。"]
    new = ["前言。", "新增加的一段完全不同的话语。", "申请人应当提交身份证明和登记表。", "结尾。"]
    ops = [{p.op for p in one.pieces} for one in difference(shown(*old), shown(*new)).paragraphs]
    assert ops == [{"same"}, {"in"}, {"same", "out", "in"}, {"same"}]


def test_a_book_is_not_compared_word_by_word() -> None:
    found = difference(shown("甲" * 500_000), shown("乙"))
    assert found.is_rewritten and not found.paragraphs


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("ab" * 100_000,), ("ba" * 100_000,)),
        (("x",) * 5000, tuple("xy"[n % 2] for n in range(5000))),
        (tuple(f"a{n % 70} b" for n in range(5000)), tuple(f"a{n % 71} c" for n in range(5000))),
        (tuple(map(str, range(5000))), tuple(map(str, range(4999, -1, -1)))),
    ],
    ids=["one line", "repeated", "alike", "reversed"],
)
def test_hostile_versions_take_bounded_time(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    before = time.process_time()
    difference(Shown({}, old), Shown({}, new))
    assert time.process_time() - before < 5


def test_an_ordinary_change_costs_well_below_a_millisecond() -> None:
    chance = random.Random(1)
    letters = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年"
    body = ["".join(chance.choices(letters, k=100)) + "。" for _ in range(10)]
    changed = [*body[:4], body[4][:30] + "增加的几个字" + body[4][34:], *body[5:]]
    before = time.process_time()
    for _ in range(200):
        difference(shown(*body), shown(*changed))
    assert (time.process_time() - before) / 200 < 0.002
