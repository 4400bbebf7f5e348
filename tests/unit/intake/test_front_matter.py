"""Front matter into located text: never a guess, never a crash."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.intake.front_matter import DEPTH_LIMIT, SIZE_LIMIT_KB, read_front_matter, read_yaml
from gongkai.kernel.place import Located
from make import codes, places, read_fields

# what YAML 1.1 would turn into a number, an answer, a day, a time or nothing
CHANGED = [
    "0123",
    "0o17",
    "0x1F",
    "1e3",
    "1_000",
    "1.0",
    ".5",
    "+1",
    "-0",
    "190:20:30",
    "12:30",
    "no",
    "yes",
    "on",
    "off",
    "y",
    "n",
    "true",
    "null",
    "~",
    "2026-03-02",
    "2024-02-30",
    ".inf",
    ".nan",
    "00112345",
    "=",
]


@pytest.mark.parametrize("text", CHANGED)
def test_a_scalar_stays_the_text_that_was_written(text: str) -> None:
    assert read_fields(f"title: {text}")["title"].value == text


@pytest.mark.parametrize("text", CHANGED)
def test_a_scalar_stays_text_inside_a_list_and_a_mapping(text: str) -> None:
    fields = read_fields(f"tags: [{text}, b]\nreview: {{result: {text}}}")
    tags, review = fields["tags"].value, fields["review"].value
    assert isinstance(tags, list)
    assert isinstance(review, dict)
    assert (tags[0].value, review["result"].value) == (text, text)


@pytest.mark.parametrize("text", ["no", "0123", "2026"])
def test_a_key_stays_text(text: str) -> None:
    assert list(read_fields(f"{text}: a")) == [text]


def test_places_count_from_the_first_line_of_the_file() -> None:
    fields = read_fields("title: 甲\ntags:\n  - 乙\n  - 丙\nreview: {result: 丁}")
    assert fields["title"] == Located("甲", 2, 8, 2, 1)
    tags = fields["tags"].value
    assert isinstance(tags, list)
    assert [(item.line, item.column) for item in tags] == [(4, 5), (5, 5)]
    review = fields["review"].value
    assert isinstance(review, dict)
    assert (review["result"].key_line, review["result"].key_column) == (6, 10)


def test_the_body_begins_behind_the_second_fence() -> None:
    _, body, line, problems = read_front_matter("a.md", "---\ntitle: 甲\n---\n第一行\n---\n尾\n")
    assert (body, line, problems) == ("第一行\n---\n尾\n", 4, [])


def test_a_rule_of_four_dashes_is_no_fence() -> None:
    fields, body, _, problems = read_front_matter(
        "a.md", "---\ntitle: |\n  甲\n  ----\n---\n正文\n"
    )
    assert problems == []
    assert fields is not None
    assert fields["title"].value == "甲\n----\n"
    assert body == "正文\n"


def test_a_file_may_end_with_its_fence() -> None:
    fields, body, _, problems = read_front_matter("a.md", "---\ntitle: 甲\n---")
    assert (list(fields or ()), body, problems) == (["title"], "", [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "GK101"),
        ("正文", "GK101"),
        ("\n---\na: b\n---\n", "GK101"),
        (" ---\na: b\n---\n", "GK101"),
        ("----\na: b\n---\n", "GK101"),
        ("---\r\na: b\r\n---\r\n", "GK101"),
        ("---", "GK122"),
        ("---\na: b\n", "GK122"),
        ("---\na: b\n ---\n", "GK122"),
        ("---\na: b\n--- \n", "GK122"),
    ],
)
def test_a_head_that_is_no_front_matter_gives_no_body(text: str, code: str) -> None:
    fields, body, _, problems = read_front_matter("a.md", text)
    assert (fields, body, codes(problems)) == (None, "", [code])


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("a: &x b", "2:4 GK109"),
        ("a: &x [b]", "2:4 GK109"),
        ("&x a: b", "2:1 GK109"),
        ("a: *x", "2:4 GK109"),
        ("a: {b: 1}\n<<: {c: d}", "3:1 GK109"),
        ("a: !!str b", "2:4 GK110"),
        ("a: !b c", "2:4 GK110"),
        ("a: !!python/object/apply:os.system [ls]", "2:4 GK110"),
        ("!!map a: b", "2:1 GK110"),
        ("- a", "2:1 GK111"),
        ("text", "2:1 GK111"),
        ("[a, b]: c", "2:1 GK121"),
        ("{a: b}: c", "2:1 GK121"),
        ("a: b\na: c", "3:1 GK102"),
        ("a: {b: 1, b: 2}", "2:11 GK102"),
        ("a: [[[[[[[[b]]]]]]]]", "2:11 GK108"),
    ],
)
def test_what_a_small_file_could_grow_large_by_is_refused(head: str, expected: str) -> None:
    fields, _, _, problems = read_front_matter("a.md", f"---\n{head}\n---\n正文\n")
    assert places(problems) == [expected]
    if "GK102" not in expected:
        assert fields is None


def test_seven_collections_inside_the_mapping_are_still_read() -> None:
    depth = DEPTH_LIMIT - 1
    assert read_yaml("a", "a: " + "[" * depth + "b" + "]" * depth)[1] == []


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_no_crash(opening: str) -> None:
    fields, problems = read_yaml("a", "a: " + opening * (60_000 // len(opening)))
    assert fields is None
    assert len(problems) == 1


def test_the_size_limit_counts_bytes() -> None:
    limit = SIZE_LIMIT_KB * 1024
    assert read_yaml("a", "a: " + "b" * (limit - 3))[1] == []
    assert codes(read_yaml("a", "a: " + "b" * (limit - 2))[1]) == ["GK107"]
    assert codes(read_yaml("a", "a: " + "字" * (limit // 3))[1]) == ["GK107"]


def test_the_first_of_a_repeated_key_is_kept() -> None:
    fields, problems = read_yaml("a", "title: 甲\ntitle: 乙\n", first_line=2)
    assert fields is not None
    assert fields["title"].value == "甲"
    assert problems[0].message() == "字段“title”重复，首次出现在第 2 行；请只保留一处"


def test_nothing_behind_a_document_end_is_dropped_in_silence() -> None:
    for text in (
        "a: b\n...\nc: d\n",
        "a: b\n--- \nc: d\n",
        "%YAML 1.2\n---\na: b\n...\n---\nc: d\n",
    ):
        assert read_yaml("a", text)[1], text


BROKEN = [
    "a: b: c",
    "a: [b",
    "a: {b",
    'a: "b',
    "a: 'b",
    "a:\n\t- b",
    "\ta: b",
    "a: }b",
    "a: ]",
    "a: @b",
    "a: `b",
    "a: %b",
    'a: "\\q"',
    "a: b\n  c: d",
    "a:\n- b\n c: d",
    "a: - b",
    "a: ,b",
    "a: [b,,c]",
    "a: |x\n  b",
    "a: b\nc",
    "a: &字 b",
    "a: *字",
    "a: !字 b",
    "a: !<b",
    "%x\n---\na: b",
    "a: [b]c",
    'a: "b" c',
    "? a\n? b\n: : c",
    "a: |\n\tb",
    "a: {b: c]",
    "key without colon\na: b",
    "a: >-2x\n  b",
    '"a": b"c"\n"d',
    "a: \x00b",
    "a: \x07b",
]


@pytest.mark.parametrize("text", BROKEN, ids=repr)
def test_what_the_parser_stumbles_over_is_told_in_chinese(text: str) -> None:
    fields, problems = read_yaml("a", text)
    if problems and problems[0].code.id == "GK103":
        assert fields is None
        message = problems[0].message()
        assert not re.search(r"[A-Za-z]{4,}", message), message
        assert "\n" not in message


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="a: -[]{}\"'&*!|>#%@`?,\n\t甲0.~<=\\", max_size=60))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    fields, problems = read_yaml("a", text)
    assert fields is not None or problems
    for problem in problems:
        assert problem.place.line >= 1
        assert problem.place.column >= 1


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_no_file_makes_the_reader_raise(text: str) -> None:
    read_front_matter("a.md", f"---\n{text}\n---\n")
    read_front_matter("a.md", text)
