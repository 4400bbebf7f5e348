"""No path leads out of an agency's folder, and no link is followed, whatever they are called."""

from __future__ import annotations

import os
import posixpath
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.domain.corpus import resolve
from gongkai.intake.walk import walk

PARTS = st.sampled_from(
    [
        "..",
        ".",
        "",
        "...",
        "agencies",
        "mzj",
        "czj",
        "MZJ",
        "files",
        "a.pdf",
        "~",
        "%2e%2e",
        "\\",
        "\u2024\u2024",
        "．．",
        "\u2215",
        "\uff0f",
        "C:",
        "..\\..",
        "\0",
        "con",
        " ",
        "//",
        "?",
        "#",
    ]
)
TARGETS = st.lists(PARTS | st.text(max_size=4), max_size=10).map("/".join) | st.text(max_size=30)
NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=8
).filter(lambda name: name not in (".", ".."))
HAS_LINKS = hasattr(os, "mkfifo")


@settings(max_examples=200)
@given(TARGETS, st.integers(0, 3))
def test_no_target_leaves_the_folder(target: str, depth: int) -> None:
    source = f"agencies/mzj/{'x/' * depth}a.md"
    found = resolve(source, target, "mzj")
    if found is None:
        return
    assert found.startswith("agencies/mzj/")
    assert not {"..", ".", ""} & set(found.split("/"))
    assert "\\" not in found and "\0" not in found and ":" not in found
    # as a file system reads it that knows nothing of agencies
    place = posixpath.normpath(posixpath.join("/content", posixpath.dirname(source), target))
    assert place == f"/content/{found}"


@settings(max_examples=100)
@given(TARGETS)
def test_what_one_agency_names_is_never_another_s(target: str) -> None:
    mine = resolve("agencies/mzj/catalogue/2026/a.md", target, "mzj")
    theirs = resolve("agencies/mzjx/catalogue/2026/a.md", target, "mzjx")
    assert mine is None or not mine.startswith("agencies/mzjx/")
    assert theirs is None or not theirs.startswith("agencies/mzj/")


@pytest.mark.skipif(not HAS_LINKS, reason="this system has no links and pipes to try")
@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(NAMES, st.sampled_from(["file", "folder", "link", "out", "up", "loop", "pipe"])),
        max_size=6,
        unique_by=lambda item: item[0],
    )
)
def test_no_link_is_followed_and_every_name_is_accounted_for(laid: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        outside = Path(place, "outside")
        outside.mkdir()
        (outside / "secret.md").write_text("秘密", "utf-8")
        files = Path(place, "content", "agencies", "mzj", "files")
        files.mkdir(parents=True)
        names = [name for name, kind in laid if _lay(files / name, kind, outside)]
        found, problems = walk(Path(place, "content"))
        for item in found:
            assert "secret" not in item.path
            if item.role != "stray":
                path = Path(place, "content", item.path)
                assert path.is_file() and not path.is_symlink()
        assert len(found) == len(names)
        assert len({item.path for item in found}) == len(found)
        named = {problem.place.path for problem in problems}
        assert {item.path for item in found if item.role == "stray"} <= named


def _lay(path: Path, kind: str, outside: Path) -> bool:
    """Make one thing and tell whether the walk must account for it; some names cannot be made."""
    try:
        if kind == "file":
            path.write_bytes(b"x")
        elif kind == "folder":
            path.mkdir()
        elif kind == "pipe":
            os.mkfifo(path)
        else:
            targets = {"link": outside / "secret.md", "out": outside, "up": Path("../../..")}
            path.symlink_to(targets.get(kind, path))
    except OSError:
        return False
    return kind != "folder"
