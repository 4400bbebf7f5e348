"""The versions of one entry into the changes that were public, and what may be shown of each.

A version was public where the ledger holds its source; for an address that the ledger does not
know, where its own front matter says so: it was cleared, proactively disclosed, and due before
another version took its place. A draft or an embargoed text that was replaced in time never was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from gongkai.domain.entry import ChangeKind, Entry
from gongkai.domain.vocab import CHANGE_LABELS

PRIVATE = "private"  # personal data, a mark of secrecy, or a redaction stands in the way
UNREADABLE = "unreadable"  # the version is not in the repository, or is no entry any more


class Note(NamedTuple):
    """A change as the editor explains it: day, kind and words for the public."""

    date: str
    kind: str
    text: str


class Mark(NamedTuple):
    """A version in time: ``blob`` is empty where the entry was taken away.

    ``instant`` is the commit's or the publication's, and empty for what is not committed yet.
    """

    blob: str
    instant: str


@dataclass(frozen=True, slots=True)
class Version:
    """What is known of one version without its text.

    ``content`` is a digest of what the public sees, ``worded`` of that without what explains
    itself (validity, repeal, contact). ``published`` sorts by time; ``private`` are findings of
    the scanners, masked: (kind, masked value); ``notice_ends`` is the last day of its 公示期.
    """

    blob: str
    number: str = ""
    is_entry: bool = False
    is_open: bool = False
    published: str = ""
    content: str = ""
    worded: str = ""
    changes: tuple[Note, ...] = ()
    private: tuple[tuple[str, str], ...] = ()
    notice_ends: str = ""


class Step(NamedTuple):
    """One change of what the public sees; ``gap`` says why its versions are not shown."""

    anchor: str
    date: str
    notes: tuple[Note, ...]
    before: str
    after: str
    gap: str = ""
    needs_note: bool = False


class EntryHistory(NamedTuple):
    """The changes of one entry, oldest first, and the notes that belong to none of them.

    ``first`` is the first publication where history reaches back to it.
    """

    first: str = ""
    steps: tuple[Step, ...] = ()
    loose: tuple[Note, ...] = ()

    @property
    def has_page(self) -> bool:
        """Tell whether there is anything that a page of changes could tell."""
        return bool(self.steps)

    @property
    def unexplained(self) -> tuple[Step, ...]:
        """The changes that the editor has not explained to the public."""
        return tuple(step for step in self.steps if step.needs_note and not step.notes)


@dataclass
class _Group:
    """Versions in a row with the same content for the public."""

    versions: list[Version]
    since: str = ""
    is_hidden: bool = False
    added: list[Note] = field(default_factory=list)


def notes_of(entry: Entry) -> tuple[Note, ...]:
    """Return the notes that an entry carries now."""
    return tuple(Note(str(c.date), str(c.kind), c.note) for c in entry.changes)


def public_versions(
    marks: Sequence[Mark], versions: Mapping[str, Version], now: str
) -> list[tuple[Version, str]]:
    """Return the versions that were public, each with the instant at which it came.

    ``marks`` are in the order of the commits, the last one is what stands now.
    """
    found: list[tuple[Version, str]] = []
    for n, mark in enumerate(marks):
        version = versions.get(mark.blob)
        if version is None or not version.is_entry:
            continue
        is_last = n + 1 == len(marks)
        until = now if is_last else marks[n + 1].instant or now
        if is_last or (version.is_open and version.published <= until):
            found.append((version, max(mark.instant or now, version.published)))
    return found


def known_versions(
    marks: Sequence[Mark], versions: Mapping[str, Version], now: str
) -> list[tuple[Version, str]]:
    """Return the versions that the ledger names; one that cannot be read still was public."""
    return [(versions.get(mark.blob) or Version(mark.blob), mark.instant or now) for mark in marks]


def entry_history(
    entry: Entry,
    public: Sequence[tuple[Version, str]],
    today: date,
    waived: Iterable[tuple[str, str]] = (),
    since: str = "",
) -> EntryHistory:
    """Return the changes of what the public saw of an entry.

    ``waived`` are findings of the scanners that were found harmless; changes before the day
    ``since`` are left out.
    """
    current = notes_of(entry)
    groups = _groups(public, current)
    _hide(groups, frozenset(waived), str(today))
    steps: list[tuple[_Group, _Group]] = [
        pair for pair in pairwise(groups) if pair[1].since[:10] >= since
    ]
    is_whole = len(steps) == len(groups) - 1
    notes = _shared_out(steps, current)
    made = []
    for n, (before, after) in enumerate(steps):
        last, first = before.versions[-1], after.versions[0]
        gap = PRIVATE if before.is_hidden or after.is_hidden else ""
        if not gap and not (last.is_entry and first.is_entry):
            gap = UNREADABLE
        step = Step(
            f"change-{n + 1}",
            after.since[:10],
            tuple(notes[n]),
            # what must not be shown is not even named
            "" if gap else last.blob,
            "" if gap else first.blob,
            gap,
            last.worded != first.worded,
        )
        made.append(step)
    used = {note for held in notes for note in held}
    loose = tuple(note for note in current if note not in used)
    first_seen = groups[0].versions[0].published if groups and is_whole else ""
    return EntryHistory(first_seen, tuple(made), loose)


def _groups(public: Sequence[tuple[Version, str]], current: Sequence[Note]) -> list[_Group]:
    """Put versions in a row that read the same together; each note belongs to where it came."""
    groups: list[_Group] = []
    known: set[Note] = set()
    for version, instant in public:
        is_same = (
            bool(groups) and version.is_entry and groups[-1].versions[-1].content == version.content
        )
        if is_same:
            groups[-1].versions.append(version)
        else:
            groups.append(_Group([version], instant))
        groups[-1].added += [
            note for note in version.changes if note not in known and note in current
        ]
        known.update(version.changes)
    return groups


def _hide(groups: Sequence[_Group], waived: frozenset[tuple[str, str]], today: str) -> None:
    """Hide versions with a finding, and all that came before personal data was taken out."""
    taken_out: set[tuple[str, str]] = set()
    for group in reversed(groups):
        own = [_redactions(version) for version in group.versions]
        missing = any(taken_out - held for held in own)
        found = any(
            set(version.private) - waived or (version.notice_ends and version.notice_ends < today)
            for version in group.versions
        )
        group.is_hidden = missing or found
        taken_out = taken_out.union(*own)
    if groups:
        groups[-1].is_hidden = False  # what stands now has been judged, and is published


def _redactions(version: Version) -> set[tuple[str, str]]:
    return {(note.date, note.kind) for note in version.changes if note.kind == _REDACTION}


_REDACTION = ChangeKind.REDACTION.value


def _shared_out(
    steps: Sequence[tuple[_Group, _Group]], current: Sequence[Note]
) -> list[list[Note]]:
    """Give each note to one change: the one of its day, or the one that it came with.

    A note may be written later than its change; its day then says which one it explains.
    """
    notes: list[list[Note]] = [[] for _ in steps]
    days = [after.since[:10] for _, after in steps]
    for note in dict.fromkeys(current):
        came = next((n for n, (_, after) in enumerate(steps) if note in after.added), None)
        on_day = [n for n, day in enumerate(days) if day == note.date]
        if came in on_day or not on_day:
            chosen = came
        else:
            chosen = next((n for n in on_day if not notes[n]), on_day[-1])
        if chosen is not None:
            notes[chosen].append(note)
    return notes


def label_of(kind: str) -> str:
    """Return the Chinese name of a kind of change."""
    return CHANGE_LABELS[kind]
