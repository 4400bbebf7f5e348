r"""Tables of hostile inputs into content folders, one file an input, and what a build says of each.

A table ``hostile/<subject>.inputs`` is one sentence, a line ``into: …`` that says where its
inputs go, then one input a line: the expected codes (``-`` for none), a tab, the input, in which
``\n``, ``\t``, ``\\``, ``\x00`` and ``\u200b`` stand for those characters and ``⟦text × 50⟧`` for
a text many times over.

============  =================================================================
``body``      the whole body of an entry
``link``      the target of a link, ``[文字](…)``
``picture``   the target of a picture
``attachment``  the file of an attachment
``head``      lines of an entry's front matter, after those that it must have
``name``      the name of a file in the agency's ``files/``
``row``       a row of a sheet of decisions
============  =================================================================
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from golden.cases import BASE, HERE, Case, build_of

FOLDER = HERE / "hostile"
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(n|t|\\))")
_REPEAT = re.compile(r"⟦(.+?) × ([0-9]+)⟧")
_HEAD = """\
title: 青禾县民政局关于第{n}项工作的通知
index_number: QH0000028/2026-{number:05}
issued_on: 2026-05-11
published_on: 2026-05-12 09:30
column: notices
subject: T17
review: {{checked_on: 2026-05-12, reviewer: 办公室主任, result: 可以公开}}
"""
_DECISIONS = "类别,日期,事项名称,件数,金额\n"


@dataclass(frozen=True)
class Hostile:
    """One input: the codes that are expected, what its line says, and what that stands for."""

    codes: tuple[str, ...]
    line: str
    text: str


@dataclass(frozen=True)
class Table:
    """One table of inputs that go to the same kind of place."""

    file: Path
    sentence: str
    into: str
    inputs: tuple[Hostile, ...]

    def path(self, n: int) -> str:
        """Return the file below content/ that holds input ``n``."""
        if self.into == "name":
            return f"agencies/mzj/files/{self.inputs[n].text}"
        if self.into == "row":
            return f"agencies/mzj/decisions/{2030 + n}.csv"
        return f"agencies/mzj/catalogue/2026/hostile-{n}.md"

    def lay(self, content: Path) -> None:
        """Write the base and one file an input into ``content``."""
        Case(BASE / "base.case", "", ()).lay(content)
        for n, one in enumerate(self.inputs):
            file = content / self.path(n)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self._text(n, one.text).encode("utf-8", "surrogatepass"))

    def _text(self, n: int, text: str) -> str:
        head, body = _HEAD.format(n=n, number=100 + n), "正文一段，说明办理的条件和步骤。"
        match self.into:
            case "body":
                body = text
            case "link":
                body = f"[文字]({text})"
            case "picture":
                body = f"![图]({text})"
            case "attachment":
                head += f"attachments: [{{file: {json.dumps(text)}, title: 附件}}]\n"
            case "head":
                head += f"{text}\n"
            case "name":
                return "附件\n"
            case "row":
                return f"{_DECISIONS}{text}\n"
        return f"---\n{head}---\n{body}\n"

    def said(self, folder: Path) -> tuple[list[tuple[str, ...]], list[str]]:
        """Return, for each input, the codes of its file and the safe HTML of its body."""
        content = folder / "content"
        self.lay(content)
        build = build_of(content)
        judged = build.load()
        codes: dict[str, set[str]] = defaultdict(set)
        for problem in judged.problems:
            codes[problem.place.path].add(problem.code.id)
        records = judged.corpus.by_path
        bodies = [
            build.cache.body(path, records[path].digest) or "" if path in records else ""
            for path in map(self.path, range(len(self.inputs)))
        ]
        build.cache.close()
        return [tuple(sorted(codes[self.path(n)])) for n in range(len(self.inputs))], bodies

    def with_codes(self, codes: list[tuple[str, ...]]) -> str:
        """Return the table's text with other expected codes."""
        lines = [
            f"{','.join(said) or '-'}\t{one.line}"
            for said, one in zip(codes, self.inputs, strict=True)
        ]
        return "\n".join([self.sentence, f"into: {self.into}", *lines, ""])


def read_tables() -> list[Table]:
    """Read every table, in the order of their names."""
    return [_read(file) for file in sorted(FOLDER.glob("*.inputs"))]


def _read(file: Path) -> Table:
    sentence, into, *lines = file.read_text("utf-8").rstrip("\n").split("\n")
    return Table(file, sentence, into.removeprefix("into: "), tuple(_inputs(lines)))


def _inputs(lines: list[str]) -> Iterator[Hostile]:
    for line in lines:
        codes, _, written = line.partition("\t")
        text = _REPEAT.sub(lambda m: m[1] * int(m[2]), written)
        text = _ESCAPE.sub(_character, text)
        yield Hostile(tuple(c for c in codes.split(",") if c != "-"), written, text)


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return {"n": "\n", "t": "\t", "\\": "\\"}[match[3]]
    return chr(int(match[1] or match[2], 16))
