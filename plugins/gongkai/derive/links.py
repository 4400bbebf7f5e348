"""Entries into what they point at and what points at them: relations both ways, neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from gongkai.derive.addresses import attachment_address, entry_address
from gongkai.domain.corpus import EntryRecord, Judged, State
from gongkai.domain.entry import Entry, Outside
from gongkai.domain.kinds import Service
from gongkai.domain.rules.relations import (
    attached_files,
    file_named,
    resolve_link,
    split_target,
)
from gongkai.domain.site import extension_of


class Relation(NamedTuple):
    """One end of a relation as shown on the other end's page."""

    group: str
    title: str
    number: str
    url: str


# field → (heading on the page that writes it, heading on the page that it names)
_DIRECTIONS = {
    "interprets": ("解读的文件", "相关解读"),
    "interpreted_by": ("相关解读", "解读的文件"),
    "supersedes": ("替代的文件", "替代本文件"),
    "corrects": ("更正的信息", "后续更正"),
    "related": ("相关文件", "相关文件"),
    "outcome": ("征集结果", "征集过程"),
    "repealed_by": ("废止依据", "因本文件废止"),
}


_CLARIFIES = ("澄清的信息", "澄清")
_TWO_WAY = ("interprets", "interpreted_by")  # both sides have to name each other


@dataclass(frozen=True)
class Links:
    """Relations, neighbours and public files of every published entry, by source path."""

    relations: dict[str, tuple[Relation, ...]]
    previous: dict[str, EntryRecord]
    next: dict[str, EntryRecord]


def build_links(judged: Judged) -> Links:
    """Collect relations from both ends and order neighbours within agency and column."""
    numbers = judged.published_numbers
    found: defaultdict[str, dict[Relation, None]] = defaultdict(dict)
    previous: dict[str, EntryRecord] = {}
    following: dict[str, EntryRecord] = {}
    last: dict[tuple[str, str], EntryRecord] = {}
    for record in judged.published:
        entry = record.entry
        if entry is None:
            continue
        # only what the author wrote: most entries name no other, and there are thousands
        written = entry.model_fields_set
        for key, (here, there) in _DIRECTIONS.items():
            if key not in written:
                continue
            value = getattr(entry, key) or ()
            for reference in (value,) if isinstance(value, str) else value:
                if isinstance(reference, Outside):
                    relation = Relation(
                        here, reference.title, reference.document_number, reference.url
                    )
                    found[record.path][relation] = None
                    continue
                other = numbers.get(reference)
                if key == "corrects" and entry.kind == "clarification":
                    here, there = _CLARIFIES
                if other and other.entry:
                    found[record.path][_relation(here, other.entry)] = None
                    # what one agency says of another's document is not that document's own word
                    is_own = other.agency == record.agency or key in _TWO_WAY
                    found[other.path][_relation(there if is_own else "相关文件", entry)] = None
        place = (record.agency, entry.column)
        if before := last.get(place):
            previous[record.path] = before
            following[before.path] = record
        last[place] = record
    relations = {path: _each_once(rows) for path, rows in found.items()}
    return Links(relations, previous, following)


def _each_once(rows: Iterable[Relation]) -> tuple[Relation, ...]:
    """Keep one relation to each document: the first group that names it."""
    seen: dict[tuple[str, str], Relation] = {}
    for row in rows:
        seen.setdefault((row.title, row.url), row)
    return tuple(seen.values())


def _relation(group: str, entry: Entry) -> Relation:
    return Relation(
        group, entry.title, entry.shown_document_number, entry_address(entry.index_number)
    )


class PublicFile(NamedTuple):
    """A file that is published with an entry: where it came from, where it stands."""

    source: str
    url: str
    title: str
    size: int
    is_picture: bool
    sha256: str = ""


def public_files(judged: Judged, record: EntryRecord) -> tuple[PublicFile, ...]:
    """Return the attachments, forms and pictures of an entry, numbered in order, each once."""
    entry = record.entry
    if entry is None:
        return ()
    titles = {a.file: a.title for a in entry.attachments}
    if isinstance(entry, Service):
        titles |= {m.form: m.name for m in entry.materials if m.form}
    named = [(file, False) for _, file in attached_files(record)]
    named += [(link.target, link.is_image) for link in record.body.links]
    allowed = judged.corpus.site.allowed_types
    files: dict[str, PublicFile] = {}
    for target, is_picture in named:
        path = file_named(record.path, target, record.agency)
        facts = judged.corpus.files.get(path) if path else None
        if path is None or facts is None or path in files:
            continue
        if judged.states[path] is not State.PUBLISHED or extension_of(path) not in allowed:
            continue
        url = attachment_address(entry.index_number, len(files) + 1, facts)
        title = titles.get(target) or path.rpartition("/")[2]
        files[path] = PublicFile(path, url, title, facts.size, is_picture, facts.sha256)
    return tuple(files.values())


def body_targets(
    judged: Judged, path: str, agency: str, targets: tuple[str, ...], files: tuple[PublicFile, ...]
) -> tuple[tuple[str, str], ...]:
    """Return (written target, site address) of each relative link; an empty address unlinks it."""
    by_source = {file.source: file.url for file in files}
    found: list[tuple[str, str]] = []
    for target in dict.fromkeys(targets):
        parts = split_target(target)
        if parts is None or parts[0] or parts[1] or not parts[2]:
            continue
        resolved = resolve_link(judged.corpus, path, agency, parts[2])
        url = ""
        if isinstance(resolved, str):
            url = by_source.get(resolved, "")
        elif resolved and resolved.entry and judged.states[resolved.path] is State.PUBLISHED:
            url = entry_address(resolved.entry.index_number)
            url += f"#{parts[3]}" if parts[3] else ""
        found.append((target, url))
    return tuple(found)
