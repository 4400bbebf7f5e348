"""The bytes of one file into text and problems: encoding, size, line ends, hidden characters."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from gongkai.kernel import problems as p
from gongkai.kernel.digest import digest_of_bytes
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem

FILE_LIMIT_KB = 2048
READ_LIMIT_MB = 8  # of any source; what is larger is not even read
LINE_LIMIT_KB = 100
FINDINGS_LIMIT = 20  # of one kind in one file: the twenty-first teaches nobody anything
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_GUESSES = (("utf-16", (b"\xff\xfe", b"\xfe\xff")),)


_MENDABLE = {
    "remedy": "请另存为 UTF-8，或运行 gongkai check --fix",
    "remedy_en": "save it as UTF-8 or run gongkai check --fix",
}
_DAMAGED = {
    "remedy": "文件已损坏或不是文本，请用原件重新另存",
    "remedy_en": "it is damaged or no text; save the original again",
}


NOT_READ = b"\0not read"  # stands for the bytes of a file that was refused unread


class NotRegular(OSError):
    """A link or special file stands where the walk had seen a regular file, or on the way to it."""


class TooLarge(OSError):
    """A file is larger than its reader allows; ``args`` are the size and the limit in bytes."""


def _flags(name: str) -> int:
    """Return a flag of ``os.open``, or none where the system does not have it."""
    return int(getattr(os, name, 0))


_FOLDER = os.O_RDONLY | _flags("O_DIRECTORY") | _flags("O_NOFOLLOW") | _flags("O_CLOEXEC")
# a pipe put in a file's place must not stop the build until somebody writes to it
_FILE = (
    os.O_RDONLY
    | _flags("O_NOFOLLOW")
    | _flags("O_NONBLOCK")
    | _flags("O_CLOEXEC")
    | _flags("O_NOCTTY")
    | _flags("O_BINARY")
)
_HAS_HANDLES = os.open in os.supports_dir_fd and bool(_flags("O_NOFOLLOW"))


@contextmanager
def open_regular(root: Path, path: str) -> Iterator[BinaryIO]:
    """Open the regular file ``path`` below ``root`` for reading, and nothing else.

    Each folder on the way is opened in the one above it and never through a link, so that what
    is swapped in after the walk cannot lead out of ``root`` (which may be a link itself). A
    hard link is not told from a file: version control cannot carry one, and who can make one
    beside the content can read and copy what it leads to.

    Raises:
        NotRegular: a link or special file stands there or on the way there.
        OSError: the file is gone or may not be read.
    """
    try:
        handle = _handle(root, path)
    except OSError as error:
        if _leads_elsewhere(root, path):
            raise NotRegular(error.errno, "链接或特殊文件", path) from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotRegular(0, "链接或特殊文件", path)
    with os.fdopen(handle, "rb") as file:
        yield file


def _handle(root: Path, path: str) -> int:
    *folders, name = path.split("/")
    if any(part in ("", ".", "..") for part in (*folders, name)):
        raise NotRegular(0, "路径不规范", path)
    if not _HAS_HANDLES:
        if _leads_elsewhere(root, path):
            raise NotRegular(0, "链接或特殊文件", path)
        return os.open(root / path, _FILE)
    at = os.open(root, _FOLDER & ~_flags("O_NOFOLLOW"))
    try:
        for folder in folders:
            below = os.open(folder, _FOLDER, dir_fd=at)
            os.close(at)
            at = below
        return os.open(name, _FILE, dir_fd=at)
    finally:
        os.close(at)


def _leads_elsewhere(root: Path, path: str) -> bool:
    """Tell whether a link, or no file, stands somewhere on the way."""
    at = root
    *folders, name = path.split("/")
    try:
        for folder in folders:
            at /= folder
            if not stat.S_ISDIR(at.lstat().st_mode):
                return True
        return not stat.S_ISREG((at / name).lstat().st_mode)
    except OSError:
        return False


def read_regular(root: Path, path: str, limit: int | None = None) -> bytes:
    """Return the bytes of a regular file below ``root``; see ``open_regular``.

    Raises:
        TooLarge: it has more than ``limit`` bytes; they are not read.
        NotRegular: a link or special file stands there or on the way there.
        OSError: the file is gone or may not be read.
    """
    with open_regular(root, path) as file:
        if limit is None:
            return file.read()
        size = os.fstat(file.fileno()).st_size
        data = file.read(limit + 1) if size <= limit else b""
        if size > limit or len(data) > limit:  # it may grow while it is read
            raise TooLarge(max(size, len(data)), limit)
        return data


def digest_of_file(root: Path, path: str) -> str:
    """Return the digest of a regular file below ``root``, or nothing where it cannot be read."""
    try:
        return digest_of_bytes(read_regular(root, path, READ_LIMIT_MB << 20))
    except OSError:
        return ""


def read_unchanged(root: Path, path: str, digest: str) -> bytes:
    """Return the bytes of a regular file that was judged before, by its digest.

    Raises:
        OSError: it is not what was judged any more; a build then ends and publishes nothing.
    """
    data = read_regular(root, path)
    if digest_of_bytes(data) != digest:
        raise OSError(0, "内容在构建过程中被改动，请重新构建", path)
    return data


def refusal(path: str, error: OSError, limit_kb: int) -> Problem:
    """Return the problem that tells an author why a file was not read."""
    if isinstance(error, NotRegular):
        return Problem(p.NOT_A_REGULAR_FILE, Place(path))
    if isinstance(error, TooLarge):
        facts = {"size": error.args[0] // 1024, "limit": limit_kb}
        return Problem(p.FILE_TOO_LARGE, Place(path), facts)
    return Problem(p.UNREADABLE, Place(path), {"why": error.strerror or type(error).__name__})


def read_source(root: Path, path: str) -> tuple[bytes, str | None, list[Problem]]:
    """Read one content file; the text is ``None`` when it cannot be used at all."""
    try:
        data = read_regular(root, path, READ_LIMIT_MB << 20)
    except OSError as error:
        return NOT_READ, None, [refusal(path, error, FILE_LIMIT_KB)]
    text, problems = decode(path, data)
    return data, text, problems


def decode(path: str, data: bytes) -> tuple[str | None, list[Problem]]:
    """Return the text of ``data`` with line feeds only, and what is wrong with it."""
    place = Place(path)
    if len(data) > FILE_LIMIT_KB * 1024:
        facts: dict[str, object] = {"size": len(data) // 1024, "limit": FILE_LIMIT_KB}
        return None, [Problem(p.FILE_TOO_LARGE, place, facts)]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        guess = guess_encoding(data)
        remedy = _DAMAGED if guess == "binary" else _MENDABLE
        return None, [Problem(p.NOT_UTF8, Place(path, line), {"guess": guess, **remedy})]
    problems = []
    if text.startswith("\ufeff") or "\r" in text:
        problems.append(Problem(p.LINE_ENDINGS, place))
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for match in islice(HIDDEN.finditer(text), FINDINGS_LIMIT):
        line, column = position(text, match.start())
        facts = {"name": f"U+{ord(match[0]):04X}"}
        problems.append(Problem(p.CONTROL_CHARACTER, Place(path, line, column), facts))
    text = HIDDEN.sub("", text)
    if len(text) > LINE_LIMIT_KB * 256:
        for number, row in enumerate(text.split("\n"), 1):
            if len(row) * 4 > LINE_LIMIT_KB * 1024 and len(row.encode()) > LINE_LIMIT_KB * 1024:
                facts = {"size": len(row.encode()) // 1024, "limit": LINE_LIMIT_KB}
                problems.append(Problem(p.LINE_TOO_LONG, Place(path, number), facts))
                return None, problems
    return text, problems


def position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, from 1, of an offset."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - text.rfind("\n", 0, offset)


def guess_encoding(data: bytes) -> str:
    """Name the encoding that ``data`` most likely is in, for a message or ``--fix``."""
    for name, marks in _GUESSES:
        if data.startswith(marks):
            return name
    damaged = data.decode("utf-8", "replace")
    sound = sum(character > "\x7f" and character != "\ufffd" for character in damaged)
    if sound > damaged.count("\ufffd"):
        return "binary"  # UTF-8 that was cut short or damaged: any other reading would be a guess
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "binary"
    return "gb18030"


def mend(data: bytes) -> bytes | None:
    """Return ``data`` as UTF-8 with line feeds and without hidden characters, or ``None``.

    ``None`` means that the encoding cannot be told: then nothing is guessed.
    """
    for encoding in ("utf-8", guess_encoding(data)):
        if encoding == "binary":
            return None
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        return HIDDEN.sub("", text).encode()
    return None
