"""What the checks of one attachment meet into what is held against it, each thing once.

A finding names where it stands within the file (工作表“名单”第 12 行), never what it says: a
value is kept masked alone.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gongkai.domain import privacy
from gongkai.domain.privacy import private_data, secrecy_marks
from gongkai.intake.authors import is_person
from gongkai.kernel.problems import ATTACHMENT_DAMAGED, ATTACHMENT_TOO_COMPLEX, Code

FINDINGS_LIMIT = 20  # of a kind of finding; a list of persons has thousands
PRIVATE_LIMIT = 200  # pieces of personal data, each of which could be waived
BLOCK = 500_000  # characters that are searched at once


class Where(NamedTuple):
    """A place within a file, in Chinese and in English."""

    zh: str
    en: str


WHOLE = Where("文件", "the file")
NOWHERE = Where("", "")
_TOO_MANY = ("个人信息过多", "too much personal data")


class Refused(Exception):
    """The rest of the file is not worth a look; why is among the findings."""


class Finding(NamedTuple):
    """Personal data or a mark of secrecy: its kind, what it is masked, and its place."""

    kind: str
    value: str
    where: Where


@dataclass
class Findings:
    """What is held against one file, in the order in which it was met."""

    refusals: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    private: dict[tuple[str, str], Finding] = field(default_factory=dict)
    secret: dict[str, Finding] = field(default_factory=dict)
    inside: Where = NOWHERE  # the file within a zip that is being looked at

    def refuse(self, code: Code, where: Where = WHOLE, **facts: Any) -> None:
        """Hold something against the file."""
        place = self._within(where)
        facts = {"where": place.zh, "where_en": place.en, **facts}
        if len(self.refusals) < FINDINGS_LIMIT:
            self.refusals.setdefault((code.id, repr(facts)), facts)

    def stop(self, code: Code, where: Where = WHOLE, **facts: Any) -> Refused:
        """Hold something against the file that ends its check: raise what is returned."""
        self.refuse(code, where, **facts)
        return Refused(code.id)

    def too_complex(self, what: str, what_en: str) -> Refused:
        """Refuse what cannot be checked within bounds."""
        return self.stop(ATTACHMENT_TOO_COMPLEX, what=what, what_en=what_en)

    def damaged(self) -> Refused:
        """Refuse what cannot be opened."""
        return self.stop(ATTACHMENT_DAMAGED)

    def scan(self, text: str, where: Where) -> None:
        """Look for personal data and marks of secrecy in a text that stands in one place."""
        self.scan_lines((text,), lambda _: where)

    def scan_lines(self, lines: Iterable[str], where: Callable[[int], Where]) -> None:
        """Look through lines; ``where`` names the place of the n-th, counted from 0."""
        block: list[str] = []
        size = first = 0
        for line in lines:
            block.append(line)
            size += len(line) + 1
            if size > BLOCK:
                self._scan_block(block, first, where)
                first += len(block)
                block, size = [], 0
        self._scan_block(block, first, where)

    def note_private(self, kind: str, value: str, where: Where) -> None:
        """Hold personal data against the file."""
        if (kind, value) in self.private:
            return
        if len(self.private) < PRIVATE_LIMIT:
            self.private[kind, value] = Finding(kind, value, self._within(where))
        else:
            self.too_complex(*_TOO_MANY)  # or the rest would pass with what is waived

    def note_author(self, name: str, where: Where) -> None:
        """Hold the name of a person against the file; names of offices and programs may stand."""
        name = name.strip().strip("\0").strip()
        if is_person(name):
            self.note_private("author", name[0] + "*" * min(len(name) - 1, 8), where)

    def _scan_block(self, lines: Sequence[str], first: int, where: Callable[[int], Where]) -> None:
        text = "\n".join(lines)
        if not text.strip():
            return
        found = private_data(text)
        marks = secrecy_marks(text)
        if not found and not marks:
            return
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)

        def place(offset: int) -> Where:
            return where(first + bisect.bisect_right(starts, offset) - 1)

        for one in found:
            self.note_private(str(one.kind), one.masked, place(one.start))
        if len(found) >= privacy.FINDINGS_LIMIT:
            self.too_complex(*_TOO_MANY)
        for offset, mark in marks:
            if mark not in self.secret:
                self.secret[mark] = Finding("secret", mark, self._within(place(offset)))

    def _within(self, where: Where) -> Where:
        if not self.inside.zh:
            return where
        if where == WHOLE:
            return self.inside
        return Where(f"{self.inside.zh}的{where.zh}", f"{where.en} of {self.inside.en}")
