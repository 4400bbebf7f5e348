r"""Case files into content folders, and what a build says of them back into expected sections.

A case is one sentence, then sections. ``-- path --`` writes a file over the base content;
``-- path (directive, directive) --`` changes how:

===================  ==========================================================================
``encoding: gb18030``  the bytes are the text in that encoding
``bom``                a byte order mark stands first
``crlf``               lines end as on Windows
``cut: 2``             the last two bytes are missing
``symlink: target``    a symbolic link; ``{outside}`` is a folder beside the content
``fifo``               a named pipe
``folder``             an empty folder
``delete``             the base's file is taken away
``repeat``             ``⟦text × 50⟧`` stands for the text 50 times, ``⟦text ↘ 50⟧`` for 50 lines,
                       each four spaces further in
``escapes``            ``\u200b`` and ``\x00`` stand for those characters
``from base``          the base's file with replacements: lines of ``old → new``, where ``\n``
                       is a line end and ``old`` must stand there once
``from base: path``    the same with another file of the base
``xlsx``               a workbook: ``== name`` begins a sheet, a line is a row with ``|`` between
                       its cells; numbers are numbers, ``=`` begins a formula without a result
``base64``             the text is the file's bytes in base64
``zip``                a package: ``== name`` begins a part, the lines below are its text
===================  ==========================================================================

``\u0301`` in a path stands for that character everywhere. Expected sections are ``-- problems --``
(always), ``-- problems in English --``, ``-- states --`` (of the files that the case writes) and
``-- body of path --`` (safe HTML).
"""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl

from gongkai.domain.corpus import Judged
from gongkai.pipeline.build import Build, Options

HERE = Path(__file__).parent
BASE = HERE / "base"
_HEADER = re.compile(r"-- (?P<name>\S.*?)(?: \((?P<directives>[^()]+)\))? --")
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\x([0-9a-f]{2})")
_REPEAT = re.compile(r"⟦(.+?) ([×↘]) ([0-9]+)⟧")
_EXPECTED = ("problems", "problems in English", "states")
_BODY_OF = "body of "
_PART = "== "


@dataclass(frozen=True)
class Section:
    """One section of a case: its header, its directives and its text."""

    name: str
    directives: dict[str, str]
    text: str

    @property
    def is_expected(self) -> bool:
        """Tell whether the section is written by the code rather than by the case's author."""
        return self.name in _EXPECTED or self.name.startswith(_BODY_OF)

    @property
    def path(self) -> str:
        """The path below content/."""
        return _unescape(self.name)

    def header(self) -> str:
        """Return the section's first line."""
        said = ", ".join(f"{k}: {v}" if v else k for k, v in self.directives.items())
        return f"-- {self.name} ({said}) --" if said else f"-- {self.name} --"


@dataclass(frozen=True)
class Case:
    """One golden case."""

    file: Path
    sentence: str
    sections: tuple[Section, ...]

    @property
    def name(self) -> str:
        """The case's subject and name."""
        return self.file.relative_to(HERE).with_suffix("").as_posix()

    @property
    def inputs(self) -> tuple[Section, ...]:
        """The sections that make files."""
        return tuple(section for section in self.sections if not section.is_expected)

    @property
    def written(self) -> tuple[str, ...]:
        """The paths that the case writes or takes away."""
        return tuple(section.path for section in self.inputs)

    def expected(self, name: str) -> str | None:
        """Return the text of an expected section, or ``None`` where the case has none."""
        return next((s.text for s in self.sections if s.name == name), None)

    def codes(self) -> set[str]:
        """Return the codes that the case expects."""
        return set(
            re.findall(r"(?m)^.*?:[0-9]+:[0-9]+: (GK[0-9]{3}) ", self.expected("problems") or "")
        )

    def lay(self, content: Path) -> None:
        """Write the base and the case's files into ``content``."""
        shutil.copytree(BASE, content)
        for section in self.inputs:
            _write(content, section)

    def with_answers(self, answers: dict[str, str]) -> Case:
        """Return the case with new expected sections; ``problems`` is added where it lacks."""
        sections = [replace(s, text=answers[s.name]) if s.is_expected else s for s in self.sections]
        if self.expected("problems") is None:
            sections.append(Section("problems", {}, answers["problems"]))
        return replace(self, sections=tuple(sections))

    def text(self) -> str:
        """Return the case as its file holds it."""
        return f"{self.sentence}\n" + "".join(f"{s.header()}\n{s.text}" for s in self.sections)


def read_case(file: Path) -> Case:
    """Read one case file."""
    sentence, *lines = file.read_text("utf-8").split("\n")
    sections: list[Section] = []
    texts: list[list[str]] = []
    for line in lines:
        if match := _HEADER.fullmatch(line):
            said = (part.strip() for part in (match["directives"] or "").split(",") if part)
            pairs = (part.partition(":") for part in said)
            directives = {key.strip(): value.strip() for key, _, value in pairs}
            sections.append(Section(match["name"], directives, ""))
            texts.append([])
        elif texts:
            texts[-1].append(line)
    if texts and texts[-1] and texts[-1][-1] == "":
        texts[-1].pop()  # the file's own last line end
    filled = tuple(
        replace(s, text="".join(f"{line}\n" for line in text))
        for s, text in zip(sections, texts, strict=True)
    )
    return Case(file, sentence, filled)


def read_cases() -> list[Case]:
    """Read every case, in the order of their names."""
    return [read_case(file) for file in sorted(HERE.rglob("*.case"))]


def build_of(content: Path, *, quarantine: bool = False) -> Build:
    """Return a build of ``content`` with a cache of its own, beside it."""
    options = Options(
        content=content,
        theme=HERE.parent.parent / "theme",
        cache=content.parent / "cache.sqlite",
        quarantine=quarantine,
        workers=1,
    )
    return Build(options)


def answers_to(case: Case, build: Build, judged: Judged) -> dict[str, str]:
    """Return what each expected section of ``case`` ought to hold, by name."""
    answers = {
        "problems": "".join(f"{_visible(problem.line())}\n" for problem in judged.problems),
        "problems in English": "".join(f"{_visible(p.line('en'))}\n" for p in judged.problems),
        "states": "".join(_states(case, judged)),
    }
    for section in case.sections:
        if section.name.startswith(_BODY_OF):
            path = section.name.removeprefix(_BODY_OF)
            digest = judged.corpus.by_path[path].digest
            answers[section.name] = (build.cache.body(path, digest) or "") + "\n"
    return answers


def _states(case: Case, judged: Judged) -> Iterator[str]:
    for path in sorted(judged.states):
        if path in case.written:
            yield f"{_visible(path)}: {judged.states[path]}\n"


def _visible(line: str) -> str:
    """Return a line with everything that an editor would hide or mend written as an escape."""
    return "".join(c if c.isprintable() and c != "\u0301" else f"\\u{ord(c):04x}" for c in line)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)), text)


def _write(content: Path, section: Section) -> None:
    path = content / section.path
    directives = section.directives
    path.parent.mkdir(parents=True, exist_ok=True)
    if "symlink" in directives:
        outside = content.parent / "outside"
        outside.mkdir(exist_ok=True)
        (outside / "secret.txt").write_text("不应公开\n", "utf-8")
        path.symlink_to(directives["symlink"].replace("{outside}", str(outside)))
    elif "fifo" in directives:
        os.mkfifo(path)
    elif "folder" in directives:
        path.mkdir()
    elif "delete" in directives:
        path.unlink()
    else:
        path.write_bytes(_bytes(section))


def _bytes(section: Section) -> bytes:
    directives, text = section.directives, section.text
    if "from base" in directives:
        base = BASE / (directives["from base"] or section.path)
        text = _replaced(base.read_text("utf-8"), text)
    if "repeat" in directives:
        text = _REPEAT.sub(_repeated, text)
    if "escapes" in directives:
        text = _unescape(text)
    if "crlf" in directives:
        text = text.replace("\n", "\r\n")
    if "base64" in directives:
        return base64.b64decode(text)
    if "xlsx" in directives:
        return _workbook(text)
    if "zip" in directives:
        return _package(text)
    data = text.encode(directives.get("encoding", "utf-8"))
    if "bom" in directives:
        data = b"\xef\xbb\xbf" + data
    return data[: -int(directives["cut"])] if "cut" in directives else data


def _parts(text: str) -> Iterator[tuple[str, list[str]]]:
    for part in text.removeprefix(_PART).split(f"\n{_PART}"):
        name, *lines = part.removesuffix("\n").split("\n")
        yield name, lines


def _workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, lines in _parts(text):
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append([_cell(cell.strip()) for cell in line.split("|")])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(text: str) -> str | int | float | None:
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return float(text) if "." in text else int(text)
    return text or None


def _package(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in _parts(text):
            archive.writestr(zipfile.ZipInfo(name), "\n".join(lines), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _replaced(text: str, pairs: str) -> str:
    for line in pairs.splitlines():
        old, arrow, new = (part.replace("\\n", "\n") for part in line.partition(" →"))
        if not arrow or text.count(old) != 1:
            raise ValueError(f"the base holds {text.count(old)} times what {line!r} would replace")
        text = text.replace(old, new.removeprefix(" "))
    return text


def _repeated(match: re.Match[str]) -> str:
    text, count = match[1].replace("\\n", "\n"), int(match[3])
    if match[2] == "×":
        return text * count
    return "\n".join("    " * n + text for n in range(count))
