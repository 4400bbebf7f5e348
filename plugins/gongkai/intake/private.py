"""What a file says into problems with the personal data in it, which never repeat a value."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.domain import privacy
from gongkai.domain.privacy import (
    PRIVACY_WORDS,
    PrivacyKind,
    PrivacyWaiver,
    private_data,
    redacted,
    secrecy_marks,
)
from gongkai.intake.source import FINDINGS_LIMIT, position
from gongkai.kernel import problems as p
from gongkai.kernel.place import Located, Place
from gongkai.kernel.problems import Problem

Position = tuple[int, int]
_HIDDEN = "*****"
_TAG = re.compile(r"<[^>]*>")
_CELL = re.compile(r"</t[hd]>\s*")
_BLOCK = re.compile(r"</(?:p|li|h[1-6]|tr|caption|blockquote|pre|dt|dd|table)>|<br\s*/?>")
_LINE_END = re.compile(r"\s*\n\s*")
# what a reader may see otherwise than it is written: tags, entities, links, numbers over two lines
_IS_RENDERED_OTHERWISE = re.compile(r"[<&]|\]\(|\\|[0-9０-９]\s*\n\s*[0-9０-９]")
REMEDY = (
    "确需公开的，经复核后写入 privacy_waivers：[{{kind: {kind}, value: '{value}', reason: 理由, "
    "reviewer: 岗位}}]",
    "if it has to be public, put [{{kind: {kind}, value: '{value}', reason: why, "
    "reviewer: position}}] into privacy_waivers after review",
)
NO_WAIVER = ("这个文件里不能豁免", "nothing can be waived in this file")


@dataclass(frozen=True, slots=True)
class Told:
    """One finding at its place; the value is masked."""

    kind: PrivacyKind
    masked: str
    line: int
    column: int


@dataclass
class Look:
    """What was found in one file, and how to keep it out of everything that is remembered."""

    found: list[Told] = field(default_factory=list)
    marks: list[tuple[str, Position]] = field(default_factory=list)
    values: set[str] = field(default_factory=set)  # as written; they leave this object never

    @property
    def is_clean(self) -> bool:
        """Tell whether there is nothing to tell."""
        return not self.found and not self.marks

    def read(self, text: str, at: Callable[[int], Position] | None = None) -> Look:
        """Look through a text; ``at`` gives line and column of an offset, by default its own."""
        where = at or (lambda offset: position(text, offset))
        for one in private_data(text):
            self._add(one.kind, one.masked, text[one.start : one.end], where(one.start))
        self.marks += [(mark, where(offset)) for offset, mark in secrecy_marks(text)]
        return self

    def read_fields(self, fields: Mapping[str, Located], text: str) -> Look:
        """Look through YAML values that escapes and folded lines make of other letters.

        What stands in ``text`` as it is was looked through already.
        """
        lines, places = [], []
        for key, node in fields.items():
            for line, place in _lines_of(key, node, text):
                lines.append(line)
                places.append(place)
        if lines:
            self._read_again("\n".join(lines), lambda n, value: places[min(n, len(places) - 1)])
        return self

    def read_page(self, safe: str, source: str, first_line: int) -> Look:
        """Look through what a reader of a page sees, where markup may have put it together."""
        if _IS_RENDERED_OTHERWISE.search(source):
            self._read_again(_as_seen(safe), lambda n, value: _find(source, value, first_line))
        return self

    def _read_again(self, text: str, where: Callable[[int, str], Position]) -> None:
        """Add what another reading of the same file shows and the first one did not."""
        known = {(one.kind, one.masked) for one in self.found}
        for one in private_data(text):
            value = text[one.start : one.end]
            if (one.kind, one.masked) in known:
                self.values.add(value)
            else:
                line = text.count("\n", 0, one.start)
                self._add(one.kind, one.masked, value, where(line, value))
        marked = {mark for mark, _ in self.marks}
        for offset, mark in secrecy_marks(text):
            if mark not in marked:
                line = text.count("\n", 0, offset)
                self.marks.append((mark, where(line, mark)))

    def _add(self, kind: PrivacyKind, shown: str, value: str, place: Position) -> None:
        self.found.append(Told(kind, shown, *place))
        self.values.add(value)

    def unwaived(self, waivers: Iterable[PrivacyWaiver]) -> list[Told]:
        """Return the findings that nobody has looked at."""
        known = {(waiver.kind, waiver.value) for waiver in waivers}
        last = self._last_read
        found = enumerate(self.found)
        return [one for n, one in found if n == last or (one.kind, one.masked) not in known]

    @property
    def _last_read(self) -> int:
        """The finding behind which nothing was read any more, and no waiver counts; or -1."""
        count = len(self.found)
        return count - 1 if count >= privacy.FINDINGS_LIMIT else -1

    def is_held(self, waivers: Iterable[PrivacyWaiver]) -> bool:
        """Tell whether nothing of the file may be remembered or shown as it is written."""
        return bool(self.marks or self.unwaived(waivers))

    def problems(
        self, path: str, waivers: Iterable[PrivacyWaiver] = (), *, can_waive: bool = True
    ) -> list[Problem]:
        """Return what is to be said of the file; of a kind the first twenty."""
        by_value = {(waiver.kind, waiver.value): waiver for waiver in waivers}
        told: list[Problem] = []
        last = self._last_read
        for n, one in enumerate(self.found):
            zh, en = PRIVACY_WORDS[one.kind]
            facts: dict[str, object] = {"what": zh, "what_en": en, "value": one.masked}
            place = Place(path, one.line, one.column)
            waiver = by_value.get((one.kind, one.masked))
            if waiver and n != last:
                facts |= {"reason": waiver.reason, "reviewer": waiver.reviewer}
                told.append(Problem(p.PRIVATE_DATA_WAIVED, place, facts))
                continue
            words = remedy(one.kind, one.masked) if can_waive and n != last else NO_WAIVER
            facts |= {"remedy": words[0], "remedy_en": words[1]}
            told.append(Problem(p.PRIVATE_DATA_FOUND, place, facts))
        for mark, at in self.marks:
            told.append(Problem(p.SECRECY_MARK, Place(path, *at), {"mark": mark}))
        return list(_first(path, told))

    def unused(self, waivers: Iterable[PrivacyWaiver]) -> list[int]:
        """Return which waivers, counted from 0, nothing found here answers to."""
        known = {(one.kind, one.masked) for one in self.found}
        return [n for n, one in enumerate(waivers) if (one.kind, one.value) not in known]

    def unmatched(
        self, waivers: Sequence[PrivacyWaiver], at: Callable[[int], Place]
    ) -> Iterator[Problem]:
        """Yield a warning for each waiver that nothing found here answers to."""
        for n in self.unused(waivers):
            yield unused_waiver(waivers[n], at(n))

    def hidden(self, value: Any) -> Any:
        """Return a JSON value in which no text holds anything of what was found."""
        if isinstance(value, str):
            return self._hidden_text(value)
        if isinstance(value, Mapping):
            return {self._hidden_text(str(key)): self.hidden(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.hidden(one) for one in value]
        return value

    def hidden_problems(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems whose facts hold nothing of what was found."""
        return [
            Problem(one.code, one.place, self.hidden(dict(one.facts)), one.softened_to)
            for one in problems
        ]

    def shows_in(self, text: str) -> bool:
        """Tell whether a text still holds a value, as written or a good part of it."""
        return any(value in text for value in self.values) or (
            len(self.found) >= privacy.FINDINGS_LIMIT
        )

    def _hidden_text(self, text: str) -> str:
        if len(text) < 5:
            return text
        for value in sorted(self.values, key=lambda one: (-len(one), one)):
            if value in text:
                text = text.replace(value, _HIDDEN)
        text = redacted(text)
        # a message may have cut a value short
        if any(len(value) > 8 and value[:8] in text for value in self.values):
            return _HIDDEN
        return text


def unused_waiver(waiver: PrivacyWaiver, place: Place) -> Problem:
    """Return the warning that nothing answers to a waiver, masked where its value is not."""
    zh, en = PRIVACY_WORDS[waiver.kind]
    facts = {"what": zh, "what_en": en, "value": redacted(waiver.value)}
    return Problem(p.PRIVACY_WAIVER_UNUSED, place, facts)


def remedy(kind: PrivacyKind, shown: str) -> tuple[str, str]:
    """Return the waiver that would let a finding stand, ready to be copied, in both languages."""
    given = {"kind": kind.value, "value": shown.replace("'", "''")}
    return REMEDY[0].format(**given), REMEDY[1].format(**given)


def hidden_message(error: BaseException) -> str:
    """Return what a failure says of itself, without personal data and not at length."""
    return f"{type(error).__name__}: {redacted(str(error)[:2000])}"[:200]


def name_problem(name: str, path: str) -> tuple[str, Problem] | None:
    """Return a name as it may be shown, and what is wrong with it; ``path`` is of its folder."""
    if name.isascii() and sum(map(str.isdigit, name)) < 11:
        return None  # as nearly all names; there are as many as entries
    if private_data(name):
        shown = redacted(name)
        zh, en = PRIVACY_WORDS[private_data(name)[0].kind]
        facts = {"what": zh, "what_en": en, "name": shown}
        return shown, Problem(p.PRIVATE_NAME, Place(path + shown), facts)
    if marks := secrecy_marks(name):
        return name, Problem(p.SECRECY_MARK, Place(path + name), {"mark": marks[0][1]})
    return None


def _first(path: str, told: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the first twenty problems of each code, then how many more there are."""
    counts: Counter[p.Code] = Counter()
    for problem in told:
        counts[problem.code] += 1
        if counts[problem.code] <= FINDINGS_LIMIT:
            yield problem
    for code, count in counts.items():
        if count > FINDINGS_LIMIT:
            facts = {"code": code.id, "count": count - FINDINGS_LIMIT}
            yield Problem(p.MORE_OF_THE_SAME, Place(path), facts)


def _lines_of(key: str, node: Located, text: str) -> Iterator[tuple[str, Position]]:
    """Yield a value that does not stand in ``text``, as a line ``key: value``.

    A list of plain values is one line.
    """
    value, place = node.value, (node.line, node.column)
    if isinstance(value, str):
        if value in text:
            return
        yield f"{key}：{_LINE_END.sub(' ', value)}", place
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _lines_of(name, inner, text)
    else:
        plain = [one.value for one in value if isinstance(one.value, str)]
        if any(one not in text for one in plain):
            yield f"{key}：{', '.join(_LINE_END.sub(' ', one) for one in plain)}", place
        for inner in value:
            if not isinstance(inner.value, str):
                yield from _lines_of(key, inner, text)


def _as_seen(safe: str) -> str:
    """Return the words of safe HTML: a line a paragraph or row, bars between cells."""
    text = _LINE_END.sub(" ", safe)
    text = _BLOCK.sub("\n", _CELL.sub("|", text))
    return html.unescape(_TAG.sub("", text))


def _find(source: str, value: str, first_line: int) -> Position:
    """Return where in a source the longest beginning of a value stands, or the first line."""
    for size in range(len(value), 2, -1):
        at = source.find(value[:size])
        if at >= 0:
            line, column = position(source, at)
            return first_line + line - 1, column
    return first_line, 1
