"""Bytes into text: nothing guessed, everything named."""

from __future__ import annotations

import os
import socket
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.intake.source import (
    FILE_LIMIT_KB,
    LINE_LIMIT_KB,
    NotRegular,
    TooLarge,
    decode,
    mend,
    read_regular,
    read_source,
    read_unchanged,
)
from gongkai.kernel.digest import digest_of_bytes
from make import codes, places

WORDS = "青禾县民政局关于做好高龄津贴发放工作的通知\n第二行\n"


def test_sound_text_is_kept_as_it_is() -> None:
    assert decode("a.md", WORDS.encode()) == (WORDS, [])


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "big5", "shift_jis"])
def test_another_encoding_is_refused(encoding: str) -> None:
    text, problems = decode("a.md", "关于公布的通知".encode(encoding, "replace"))
    assert text is None
    assert codes(problems) == ["GK106"]


def test_the_place_of_a_bad_byte_is_its_line() -> None:
    assert places(decode("a.md", b"a\nb\nc\xff\n")[1]) == ["3:1 GK106"]


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfa\n", b"a\r\nb\r\n", b"a\rb", b"\xef\xbb\xbfa\r\n"])
def test_marks_and_line_ends_of_windows_are_a_warning(data: bytes) -> None:
    text, problems = decode("a.md", data)
    assert codes(problems) == ["GK112"]
    assert text is not None
    assert "\r" not in text
    assert not text.startswith("\ufeff")


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x07",
        "\x0b",
        "\x1b",
        "\x7f",
        "\x85",
        "\u200b",
        "\u200e",
        "\u202e",
        "\u2066",
        "\ufeff",
    ],
)
def test_a_hidden_character_is_named_where_it_stands(character: str) -> None:
    _, problems = decode("a.md", f"甲\n乙{character}丙\n".encode())
    assert places(problems) == ["2:2 GK120"]
    assert f"U+{ord(character):04X}" in problems[0].message()


@pytest.mark.parametrize("character", ["\t", "\n", "\u3000", "\u00a0", "\u200d", "𠮷", "é", "👨"])
def test_what_can_be_seen_is_no_hidden_character(character: str) -> None:
    assert decode("a.md", f"甲{character}乙".encode())[1] == []


def test_size_and_line_limits() -> None:
    long = b"a" * (LINE_LIMIT_KB * 1024)
    assert decode("a.md", long)[1] == []
    assert places(decode("a.md", b"x\n" + long + b"a")[1]) == ["2:1 GK114"]
    rows = (b"a" * 1023 + b"\n") * FILE_LIMIT_KB
    assert decode("a.md", rows)[1] == []
    assert codes(decode("a.md", rows + b"a")[1]) == ["GK113"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig", "utf-8"])
def test_mending_gives_plain_utf_8(encoding: str) -> None:
    assert mend(WORDS.replace("\n", "\r\n").encode(encoding)) == WORDS.encode()


def test_mending_takes_hidden_characters_out() -> None:
    assert mend("甲\u200b乙\x00".encode()) == "甲乙".encode()


@pytest.mark.parametrize("cut", [1, 2])
@pytest.mark.parametrize("text", ["中文中文", "中文中文中", "第一行\n中文", "标题abc中文"])
def test_a_cut_off_file_is_never_turned_into_other_words(text: str, cut: int) -> None:
    mended = mend(text.encode()[:-cut])
    assert mended is None or mended.decode().startswith(text[:-1])


@given(st.binary(max_size=60))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    decode("a.md", data)
    mended = mend(data)
    if mended is not None:
        text, problems = decode("a.md", mended)
        assert text is not None
        assert problems == []


def lay(root: Path) -> Path:
    files = root / "content" / "agencies" / "mzj" / "files"
    files.mkdir(parents=True)
    (files / "a.txt").write_text("公开", "utf-8")
    outside = root / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text("SECRET", "utf-8")
    return root / "content"


def test_a_regular_file_is_read_and_a_large_one_is_not(tmp_path: Path) -> None:
    content = lay(tmp_path)
    path = "agencies/mzj/files/a.txt"
    assert read_regular(content, path).decode() == "公开"
    assert read_regular(content, path, 6).decode() == "公开"
    with pytest.raises(TooLarge):
        read_regular(content, path, 5)
    (tmp_path / "link").symlink_to(content)  # the project itself may lie behind a link
    assert read_regular(tmp_path / "link", path).decode() == "公开"


@pytest.mark.parametrize("path", ["../outside/a.txt", "agencies/./mzj/files/a.txt", "/etc/passwd"])
def test_a_path_that_climbs_is_never_opened(tmp_path: Path, path: str) -> None:
    with pytest.raises(NotRegular):
        read_regular(lay(tmp_path), path)


@pytest.mark.parametrize("part", ["agencies", "agencies/mzj", "agencies/mzj/files"])
def test_no_link_on_the_way_is_followed(tmp_path: Path, part: str) -> None:
    content = lay(tmp_path)
    real = tmp_path / "moved"
    (content / part).rename(real)
    (content / part).symlink_to(real)
    with pytest.raises(NotRegular):
        read_regular(content, "agencies/mzj/files/a.txt")
    _, text, problems = read_source(content, "agencies/mzj/files/a.txt")
    assert text is None
    assert codes(problems) == ["GK115"]


@pytest.mark.parametrize("kind", ["link", "pipe", "socket", "folder", "device"])
def test_nothing_but_a_regular_file_is_opened(tmp_path: Path, kind: str) -> None:
    content = lay(tmp_path)
    file = content / "agencies" / "mzj" / "files" / "a.txt"
    file.unlink()
    if kind == "link":
        file.symlink_to(tmp_path / "outside" / "a.txt")
    elif kind == "pipe":
        os.mkfifo(file)  # with nobody to write to it, an ordinary open would wait for ever
    elif kind == "folder":
        file.mkdir()
    elif kind == "device":
        try:
            os.mknod(file, 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # endless noughts
        except OSError:
            pytest.skip("only the system's administrator makes devices")
    else:
        here = Path.cwd()
        os.chdir(file.parent)  # a socket's address has a hundred bytes
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(file.name)
        os.chdir(here)
    with pytest.raises(NotRegular):
        read_regular(content, "agencies/mzj/files/a.txt")


def test_a_file_that_is_swapped_for_a_link_again_and_again_gives_nothing_away(
    tmp_path: Path,
) -> None:
    """One thread swaps file and folder for links all the while; the other only reads."""
    content = lay(tmp_path)
    folder = content / "agencies" / "mzj" / "files"
    spare, link = tmp_path / "spare", tmp_path / "link"
    link.symlink_to(tmp_path / "outside")
    is_over = threading.Event()

    def swap() -> None:
        while not is_over.is_set():
            folder.rename(spare)
            link.rename(folder)
            folder.rename(link)
            spare.rename(folder)

    swapping = threading.Thread(target=swap)
    swapping.start()
    read: set[str] = set()
    refused = 0
    try:
        for _ in range(3000):
            try:
                read.add(read_regular(content, "agencies/mzj/files/a.txt").decode())
            except OSError:
                refused += 1
    finally:
        is_over.set()
        swapping.join()
    assert read <= {"公开"}
    assert refused


def test_a_file_that_changed_after_it_was_judged_is_not_published(tmp_path: Path) -> None:
    content = lay(tmp_path)
    path = "agencies/mzj/files/a.txt"
    digest = digest_of_bytes((content / path).read_bytes())
    assert read_unchanged(content, path, digest).decode() == "公开"
    (content / path).write_text("另一份", "utf-8")
    with pytest.raises(OSError, match="改动"):
        read_unchanged(content, path, digest)
