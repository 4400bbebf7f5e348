"""The bytes of one file into text and problems: encoding, size, line ends, hidden characters."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem

FILE_LIMIT_KB = 2048
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


def read_source(root: Path, path: str) -> tuple[bytes, str | None, list[Problem]]:
    """Read one content file; the text is ``None`` when it cannot be used at all."""
    data = (root / path).read_bytes()
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
