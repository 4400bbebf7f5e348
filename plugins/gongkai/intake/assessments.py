"""Score sheets of vocab/assessments/ and each body's scores into located records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gongkai.domain.assessment import Assessment, AssessmentRecord, AssessmentSheet, Sheet
from gongkai.domain.values import Item
from gongkai.intake.bind import Bound, bind
from gongkai.intake.front_matter import read_yaml
from gongkai.intake.private import Look
from gongkai.intake.source import read_source
from gongkai.intake.walk import Found
from gongkai.kernel.digest import digest_of_text
from gongkai.kernel.problems import Problem

Model = TypeVar("Model", bound=Item)
DATA_LIMIT_KB = 256
_SHEET = re.compile(r"vocab/assessments/(?P<name>[a-z0-9-]+)\.yml")
_SCORES = re.compile(
    r"agencies/(?P<agency>[a-z0-9][a-z0-9-]*)/assessments/(?P<year>[12][0-9]{3})\.yml"
)


@dataclass(frozen=True)
class LoadedSheets:
    """The sheets that could be read, by name; ``digest`` changes when any of them changes."""

    sheets: Mapping[str, AssessmentSheet]
    problems: tuple[Problem, ...]
    digest: str


def load_sheets(root: Path, found: Iterable[Found]) -> LoadedSheets:
    """Read every score sheet; one with slips is left out and its problems are told."""
    sheets: dict[str, AssessmentSheet] = {}
    problems: list[Problem] = []
    digests: list[str] = []
    for item, match in _matching(_SHEET, found):
        name = match["name"]
        digest, bound, said = _read(root, item.path, Sheet, name=name)
        problems += said
        digests += [item.path, digest]
        if bound and bound.model:
            sheets[name] = AssessmentSheet(item.path, digest, bound.model, bound.places)
    return LoadedSheets(sheets, tuple(problems), digest_of_text(*digests))


def load_assessment(root: Path, item: Found) -> AssessmentRecord:
    """Read one body's scores of one year; the record holds what is wrong with its file.

    Raises:
        ValueError: the path is not that of an assessment.
    """
    match = _SCORES.fullmatch(item.path)
    if match is None:
        raise ValueError(item.path)
    digest, bound, problems = _read(root, item.path, Assessment)
    return AssessmentRecord(
        path=item.path,
        agency=match["agency"],
        year=int(match["year"]),
        digest=digest,
        assessment=bound.model if bound else None,
        problems=tuple(problems),
        places=bound.places if bound else {},
    )


def load_assessments(root: Path, found: Iterable[Found]) -> dict[tuple[str, int], AssessmentRecord]:
    """Read the scores of every body, by agency and year."""
    records = (load_assessment(root, item) for item, _ in _matching(_SCORES, found))
    return {(record.agency, record.year): record for record in records}


def _matching(
    pattern: re.Pattern[str], found: Iterable[Found]
) -> Iterator[tuple[Found, re.Match[str]]]:
    for item in found:
        if item.role != "stray" and (match := pattern.fullmatch(item.path)):
            yield item, match


def _read(
    root: Path, path: str, model: type[Model], **given: object
) -> tuple[str, Bound[Model] | None, list[Problem]]:
    """Return the digest of a data file, what it was bound to, and what is wrong with it."""
    _, text, problems = read_source(root, path)
    if text is None:
        return "", None, problems
    digest = digest_of_text(path, text)
    look = Look().read(text)
    fields, said = read_yaml(path, text, limit_kb=DATA_LIMIT_KB)
    problems = [*problems, *said]
    bound: Bound[Model] | None = None
    if fields is not None:
        look.read_fields(fields, text)
        bound = bind(model, path, fields, **given)
        problems += bound.problems
    if not look.is_clean:
        problems = look.hidden_problems(problems) + look.problems(path, can_waive=False)
        bound = None
    return digest, bound, problems
