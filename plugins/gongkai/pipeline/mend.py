"""Slips that need no judgement, mended in the source: encodings, line ends, brackets of 文号."""

from __future__ import annotations

import re
from pathlib import Path

from gongkai.domain.corpus import Judged
from gongkai.domain.values import normal_document_number
from gongkai.intake.source import READ_LIMIT_MB, mend, read_regular
from gongkai.kernel.problems import DOCUMENT_NUMBER_BRACKETS

_PLAIN = re.compile(
    r"(?P<key>(?:document_number|文号): +)(?P<quote>[\"']?)(?P<value>[^\"'#]+?)(?P=quote) *"
)


def mend_content(root: Path, judged: Judged) -> list[str]:
    """Rewrite the files whose problems are fixable and return their paths.

    A file whose encoding cannot be told is left alone; its problem stays.
    """
    paths = sorted({x.place.path for x in judged.problems if x.code.is_fixable})
    mended = []
    for path in paths:
        try:
            before = read_regular(root, path, READ_LIMIT_MB << 20)
        except OSError:
            continue
        after = mend(before)
        if after is None:
            continue
        for problem in judged.problems:
            if problem.place.path == path and problem.code is DOCUMENT_NUMBER_BRACKETS:
                after = _replace_value(after, problem.place.line, str(problem.facts["proposal"]))
        if after != before:
            _write(root / path, after)
            mended.append(path)
    return mended


def _replace_value(data: bytes, line: int, value: str) -> bytes:
    """Give a plain ``key: value`` line the mended value; any other spelling is left alone."""
    lines = data.decode().split("\n")
    match = _PLAIN.fullmatch(lines[line - 1])
    if match and normal_document_number(match["value"]) == value:
        lines[line - 1] = f"{match['key']}{value}"
    return "\n".join(lines).encode()


def _write(path: Path, data: bytes) -> None:
    """Replace a file in one step, so that a full disk never costs an editor's text."""
    beside = path.with_name(path.name + ".gongkai-new")
    beside.unlink(missing_ok=True)
    with beside.open("xb") as file:  # never through a link that somebody laid there
        file.write(data)
    beside.replace(path)
