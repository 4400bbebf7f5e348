"""A change and a judged content folder into what the change may not touch, and what it broke."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from gongkai.domain.corpus import EntryRecord, Judged
from gongkai.domain.owners import CODEOWNERS, codeowners
from gongkai.intake.front_matter import read_front_matter, read_yaml
from gongkai.intake.git_changes import Change, Changed, GitFailed, read_change
from gongkai.intake.settings import load_settings
from gongkai.intake.source import NOT_READ, decode, read_regular
from gongkai.intake.walk import walk
from gongkai.kernel import problems as p
from gongkai.kernel.digest import digest_of_bytes
from gongkai.kernel.place import Located, Place
from gongkai.kernel.problems import Problem
from gongkai.kernel.text import fold
from gongkai.pipeline.build import Build

__all__ = [
    "CODEOWNERS",
    "Change",
    "GitFailed",
    "judge_change",
    "of_the_change",
    "owners_file",
    "read_change",
]
SITE = "site"  # who runs the site: settings, theme, plugins, pipelines
_CONTENT = "content/"
_AGENCY = re.compile(r"content/agencies/([^/]+)/.+", re.DOTALL)
_ENTRY = re.compile(r"content/agencies/([^/]+)/catalogue/.+\.md", re.DOTALL)
_IDENTITY = re.compile(r"content/agencies/([^/]+)/agency\.yml")
_LEDGER = "content/ledger/"
# what only the site's office may say of an agency, by key and label
_RESERVED = {"codes": "机构代码", "maintainers": "维护人"}


def owners_file(content: Path) -> str | None:
    """Return the text of CODEOWNERS for a content folder; ``None`` where nobody is named."""
    settings = load_settings(content, walk(content)[0])
    if not settings.site.maintainers and not any(
        agency.maintainers for agency in settings.agencies.values()
    ):
        return None
    return codeowners(settings.site, settings.agencies)


def judge_change(change: Change, judged: Judged, content: Path, who: set[str]) -> list[Problem]:
    """Return what a change touches that does not belong to ``who``: agencies' ids, or ``site``.

    Raises:
        GitFailed: git cannot answer.
    """
    judge = _Judge(change, judged, content, who)
    return [*judge.paths(), *judge.identities(), *judge.entries()]


def owner_of(path: str) -> str:
    """Return whose a path of the project is; an agency that calls itself ``site`` gains nothing."""
    match = _AGENCY.fullmatch(path)
    return f"agency {match[1]}" if match else SITE


class _Judge:
    """The questions that one change is asked."""

    def __init__(self, change: Change, judged: Judged, content: Path, who: set[str]) -> None:
        self.change = change
        self.corpus = judged.corpus
        self.content = content
        self.is_site = SITE in who
        self.allowed = {SITE if one == SITE else f"agency {one}" for one in who}
        self.who = "、".join(self._name(one) for one in sorted(self.allowed))
        self.before = change.before(
            one for one in change.changed if _ENTRY.fullmatch(one.path) or self._is_identity(one)
        )

    def paths(self) -> Iterator[Problem]:
        """Yield paths that belong to others, the ledger, and links into other places."""
        for one in self.change.changed:
            place = Place(_from_content(one.path))
            if one.path.startswith(_LEDGER):
                yield Problem(p.LEDGER_CHANGED, place)
            elif (owner := owner_of(one.path)) not in self.allowed:
                facts = {"owner": self._name(owner), "who": self.who}
                yield Problem(p.FOREIGN_CHANGE, place, facts)
            if one.is_link:
                yield Problem(p.LINK_ADDED, place, {"what": "链接", "what_en": "symbolic link"})
            elif one.is_submodule:
                yield Problem(p.LINK_ADDED, place, {"what": "子模块", "what_en": "submodule"})

    def identities(self) -> Iterator[Problem]:
        """Yield agencies that change which index numbers are theirs, or who answers for them."""
        for one in self.change.changed:
            if self.is_site or not self._is_identity(one):
                continue
            path = one.path.removeprefix(_CONTENT)
            old = _fields(path, self.before.get(one.path, b""))
            new = _fields(path, self._now(path))
            for key, label in _RESERVED.items():
                was, now = (_words(fields.get(key) or fields.get(label)) for fields in (old, new))
                if was != now:
                    located = new.get(key) or new.get(label)
                    at = (located.key_line, 1) if located else (1, 1)
                    yield Problem(p.CODES_CHANGED, Place(path, *at))

    def entries(self) -> Iterator[Problem]:
        """Yield entries and index numbers that went from one agency's folder to another's."""
        if self.is_site:
            return
        numbers: dict[str, tuple[str, str]] = {}
        bodies: dict[str, tuple[str, str]] = {}
        for path, data in sorted(self.before.items()):
            if not (match := _ENTRY.fullmatch(path)):
                continue
            place = path.removeprefix(_CONTENT)
            if number := _number(place, data):
                numbers.setdefault(fold(number), (match[1], place))
            if not (self.content / place).exists():
                bodies.setdefault(digest_of_bytes(data), (match[1], place))
        for one in self.change.changed:
            match = _ENTRY.fullmatch(one.path)
            path = one.path.removeprefix(_CONTENT)
            record = self.corpus.by_path.get(path)
            if match is None or record is None:
                continue
            held = numbers.get(fold(record.entry.index_number)) if record.entry else None
            value = record.entry.index_number if record.entry else ""
            if held is None or held[0] == match[1]:
                held = bodies.get(digest_of_bytes(self._now(path)))
                value = path.rpartition("/")[2]
            if held is not None and held[0] != match[1]:
                facts = {"value": value, "owner": self._name(f"agency {held[0]}")}
                yield Problem(p.ENTRY_TAKEN, _place(record), {**facts, "other": held[1]})

    def _is_identity(self, one: Changed) -> bool:
        match = _IDENTITY.fullmatch(one.path)
        return match is not None and f"agency {match[1]}" in self.allowed

    def _now(self, path: str) -> bytes:
        try:
            return read_regular(self.content, path, 8 << 20)
        except OSError:
            return NOT_READ

    def _name(self, owner: str) -> str:
        if owner == SITE:
            return "网站主办单位"
        code = owner.removeprefix("agency ")
        return agency.name if (agency := self.corpus.agencies.get(code)) else code


def of_the_change(change: Change, judged: Judged, build: Build) -> tuple[tuple[Problem, ...], int]:
    """Return the problems that a change has or causes, and how many others were there before.

    What lies in changed files is the change's own. What lies elsewhere is told from what was
    there before by judging the content as it was.

    Raises:
        GitFailed: git cannot answer.
    """
    touched = {one.path for one in change.changed}
    own = [x for x in judged.problems if f"{_CONTENT}{x.place.path}" in touched]
    others = [x for x in judged.problems if f"{_CONTENT}{x.place.path}" not in touched]
    if others:
        before = _problems_before(change, judged, build)
        caused = [x for x in others if x.sort_key() not in before]
        hidden = len(others) - len(caused)
        return tuple(x for x in judged.problems if x in own or x in caused), hidden
    return tuple(own), 0


def _problems_before(change: Change, judged: Judged, build: Build) -> set[tuple[object, ...]]:
    with tempfile.TemporaryDirectory(prefix="gongkai-") as made:
        folder = Path(made)
        content = change.lay_base(build.options.content.name, folder)
        if content is None:
            return set()
        cache = folder / "cache.sqlite"
        with suppress(OSError):  # it only saves time: what did not change need not be read again
            shutil.copyfile(build.options.cache, cache)
        options = replace(build.options, content=content, cache=cache, as_of=judged.as_of)
        earlier = Build(options)
        try:
            return {x.sort_key() for x in earlier.load().problems}
        finally:
            earlier.cache.close()


def _from_content(path: str) -> str:
    """Return a path of the project as messages name it: from content/."""
    if path.startswith("/"):
        return f"../..{path}"
    return path.removeprefix(_CONTENT) if path.startswith(_CONTENT) else f"../{path}"


def _place(record: EntryRecord) -> Place:
    return record.at("index_number")


def _fields(path: str, data: bytes) -> dict[str, Located]:
    text, _ = decode(path, data)
    return read_yaml(path, text)[0] or {} if text else {}


def _number(path: str, data: bytes) -> str:
    text, _ = decode(path, data)
    fields = read_front_matter(path, text)[0] if text else None
    for key in ("index_number", "索引号"):
        if fields and key in fields and isinstance(fields[key].value, str):
            return str(fields[key].value).strip()
    return ""


def _words(located: Located | None) -> tuple[str, ...]:
    """Return the texts of a scalar or a list."""
    if located is None:
        return ()
    values: Iterable[Located] = located.value if isinstance(located.value, list) else [located]
    return tuple(str(one.value).strip() for one in values if isinstance(one.value, str))
