"""Slips that need no judgement, mended in the source: encodings, line ends, brackets of 文号."""

from __future__ import annotations

from pathlib import Path

from gongkai.domain.corpus import Judged
from gongkai.intake.source import mend
from gongkai.kernel.problems import DOCUMENT_NUMBER_BRACKETS


def mend_content(root: Path, judged: Judged) -> list[str]:
    """Rewrite the files whose problems are fixable and return their paths.

    A file whose encoding cannot be told is left alone; its problem stays.
    """
    paths = sorted({x.place.path for x in judged.problems if x.code.is_fixable})
    mended = []
    for path in paths:
        before = (root / path).read_bytes()
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
    """Give the ``key: value`` on a line a new value; the key is kept as it was written."""
    lines = data.decode().split("\n")
    key = lines[line - 1].partition(":")[0]
    lines[line - 1] = f"{key}: {value}"
    return "\n".join(lines).encode()


def _write(path: Path, data: bytes) -> None:
    """Replace a file in one step, so that a full disk never costs an editor's text."""
    beside = path.with_name(path.name + ".gongkai-new")
    beside.write_bytes(data)
    beside.replace(path)
