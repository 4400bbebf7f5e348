"""One input into the promise that it breaks, if any: no crash, no live content, places that are."""

from __future__ import annotations

from functools import cache

from fuzz.inputs import FILE, Input
from gongkai.domain.body import BodyFacts
from gongkai.intake.front_matter import read_front_matter
from gongkai.intake.source import decode
from gongkai.kernel.place import Located
from gongkai.kernel.problems import Problem
from gongkai.markup.body import render_body
from safe_html import cleaned, faults

CANARY = "## 甲\n\n[乙](https://a.example/) *[丙]: 丁\n\n|戊|\n|-|\n|己|\n"
PATH = "agencies/mzj/catalogue/2026/a.md"


class Broken(Exception):
    """A promise that an input breaks."""


def check(given: Input) -> None:
    """Take one input the way a build takes a source.

    Raises:
        Broken: a promise does not hold; any other exception is a crash.
    """
    before = _canary()
    if given.kind == FILE:
        text, problems = decode(PATH, given.data)
        _located(problems, given.data.decode("utf-8", "replace"))
        if text is None:
            return
        fields, body, first_line, problems = read_front_matter(PATH, text)
        _located(problems, text)
        if fields is None and (body or not problems):
            raise Broken("a head that cannot be read left a body or said nothing")
        _fields(fields or {}, text)
        _safe(body, first_line, text.count("\n") + 1)
    else:
        text = given.data.decode("utf-8", "replace")
        _safe(text, 1, text.count("\n") + 1)
    if render_body(PATH, CANARY) != before:
        raise Broken("the next body is not what it was")


@cache
def _canary() -> tuple[str, BodyFacts, list[Problem]]:
    return render_body(PATH, CANARY)


def _located(problems: list[Problem], text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in problems:
        place = problem.place
        if not 1 <= place.line <= len(lines) or place.column < 1:
            raise Broken(f"{problem.code.id} at {place}, in {len(lines)} lines")
        for language in ("zh", "en"):
            if not problem.line(language).strip():
                raise Broken(f"{problem.code.id} says nothing")


def _fields(fields: dict[str, Located], text: str) -> None:
    lines = text.split("\n")
    nodes = list(fields.items())
    while nodes:
        name, node = nodes.pop()
        if (
            not 1 <= node.line <= len(lines)
            or not 1 <= node.column <= len(lines[node.line - 1]) + 1
        ):
            raise Broken(f"{name} stands at {node.line}:{node.column}, where nothing is")
        name.encode()
        if isinstance(node.value, dict):
            nodes += node.value.items()
        elif isinstance(node.value, list):
            nodes += [(name, one) for one in node.value]
        else:
            node.value.encode()


def _safe(body: str, first_line: int, last_line: int) -> None:
    html, facts, problems = render_body(PATH, body, first_line)
    if found := faults(html):
        raise Broken(f"live content: {found[:3]}")
    if cleaned(html) != html:
        raise Broken("the cleaner would change it again")
    if html and not facts.digest:
        raise Broken("no digest")
    for problem in problems:
        if not first_line <= problem.place.line <= last_line:
            raise Broken(f"{problem.code.id} at {problem.place}, outside of the body")
    for one in facts.links:
        if not first_line <= one.line <= last_line:
            raise Broken(f"a link at line {one.line}, outside of the body")
