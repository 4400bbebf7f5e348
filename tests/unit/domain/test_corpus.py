"""Paths that authors write, and the one state of each file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.corpus import State, Tombstone, place_of, resolve
from make import PATH, codes, make_agency, make_columns, make_corpus, make_judged, make_record


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("../../files/a.pdf", "agencies/mzj/files/a.pdf"),
        ("b.md", "agencies/mzj/catalogue/2026/b.md"),
        ("./b.md", "agencies/mzj/catalogue/2026/b.md"),
        ("../2025/b.md", "agencies/mzj/catalogue/2025/b.md"),
        ("../../files/../files/a.pdf", "agencies/mzj/files/a.pdf"),
        ("../../../mzj/files/a.pdf", "agencies/mzj/files/a.pdf"),
        ("../../files/甲 乙.pdf", "agencies/mzj/files/甲 乙.pdf"),
    ],
)
def test_a_path_inside_the_folder_is_found(target: str, found: str) -> None:
    assert resolve(PATH, target, "mzj") == found


@pytest.mark.parametrize(
    "target",
    [
        "/etc/passwd",
        "//host/share",
        "../../../qinghe/files/a.pdf",
        "../../../../site.yml",
        "../../../../../../../../etc/passwd",
        "C:/windows/a.txt",
        "C:\\a.txt",
        "..\\..\\files\\a.pdf",
        "../../files/a.pdf:stream",
        "../../files/a\0.pdf",
        "file:///etc/passwd",
        "../../../mzjx/a.pdf",
        "../../..",
        "../..",
        "../../../mzj",
        "https://example.com/a.pdf",
        "\\\\host\\share",
    ],
)
def test_a_path_that_leaves_the_folder_is_refused(target: str) -> None:
    assert resolve(PATH, target, "mzj") is None


@given(
    st.lists(
        st.sampled_from(["..", ".", "a", "mzj", "files", "agencies", "qinghe", ""]), max_size=8
    )
)
def test_no_path_ever_leaves_the_folder(parts: list[str]) -> None:
    found = resolve(PATH, "/".join(parts), "mzj")
    assert found is None or (found.startswith("agencies/mzj/") and ".." not in found.split("/"))


def test_a_place_is_that_of_the_nearest_written_ancestor() -> None:
    places = {"a": (1, 2), "a.0.b": (3, 4)}
    assert str(place_of("x.md", places, "a.0.b.c")) == "x.md:3:4"
    assert str(place_of("x.md", places, "a.1.c")) == "x.md:1:2"
    assert str(place_of("x.md", places, "z")) == "x.md:1:1"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.PUBLISHED),
        ({"published_on": "2026-11-20 09:00"}, State.PUBLISHED),
        ({"published_on": "2026-11-20 09:01", "deadline_basis": "定时"}, State.SCHEDULED),
        ({"review": None}, State.HELD_BACK),
        ({"review": None, "published_on": "2027-01-01 09:00"}, State.HELD_BACK),
        ({"subject": "T99"}, State.REJECTED),
    ],
)
def test_an_entry_is_in_one_state(changes: dict[str, object], state: State) -> None:
    record = make_record(column="rules", **changes)
    judged = make_judged(record, columns=make_columns("rules"))
    assert judged.states[PATH] is state


def test_an_attachment_takes_the_state_of_its_entry_and_another_is_unused() -> None:
    record = make_record(attachments=[{"file": "../../files/a.pdf"}], review=None)
    used, unused = "agencies/mzj/files/a.pdf", "agencies/mzj/files/b.pdf"
    judged = make_judged(record, files=(used, unused))
    assert judged.states[used] is not State.UNUSED
    assert judged.states[unused] is State.UNUSED
    assert "GK126" in codes(judged.problems)


def test_a_privacy_takedown_hides_the_title_whatever_the_row_says() -> None:
    row = {
        "index_number": "QH0000028/2026-00009",
        "withdrawn_on": "2026-08-01",
        "title": "某人",
        "show_title": "是",
    }
    assert Tombstone.model_validate({**row, "reason": "privacy"}).shown_title == ""
    assert Tombstone.model_validate({**row, "reason": "error"}).shown_title == "某人"


def test_code_owners_are_known() -> None:
    corpus = make_corpus(
        agencies={"mzj": make_agency(), "czj": make_agency("czj", codes=("QH0000036",))}
    )
    assert corpus.code_owners == {"QH0000028": "mzj", "QH0000036": "czj"}
    assert corpus.agency_named("青禾县czj") == "czj"
    assert corpus.agency_named("某局") is None
