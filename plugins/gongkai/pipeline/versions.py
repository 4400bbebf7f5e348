"""The versions of every entry in git into its history: what was public, and what changed.

A version is read once and remembered by its blob id. Of one that was never to be seen nothing is
remembered but that; the words of the others are kept, so that a page is pressed without git.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any

from gongkai.derive import addresses
from gongkai.derive.differences import Shown
from gongkai.derive.history import (
    EntryHistory,
    Mark,
    Note,
    Version,
    entry_history,
    known_versions,
    notes_of,
    public_versions,
)
from gongkai.domain.corpus import EntryRecord, Judged
from gongkai.domain.entry import Change, Disclosure, Entry
from gongkai.domain.kinds import KINDS
from gongkai.domain.ledger import ERASED, GONE, Ledger, LedgerRow
from gongkai.domain.privacy import private_data, secrecy_marks
from gongkai.domain.vocab import VALIDITY_LABELS
from gongkai.intake.bind import bind
from gongkai.intake.front_matter import read_front_matter, read_yaml
from gongkai.intake.git_history import Blobs, History, Repository, Revision, read_history
from gongkai.intake.source import decode
from gongkai.kernel import problems as p
from gongkai.kernel.digest import digest_of_text, git_blob_id
from gongkai.kernel.problems import Problem, Severity, in_order
from gongkai.markup.plain import paragraphs
from gongkai.pipeline import pool
from gongkai.pipeline.cache import Cache

JOB = 40  # versions that one worker reads in one go
# what the public sees of an entry beside its body, in the order of the page; a kind's own follow
FIELDS = (
    "title",
    "document_number",
    "registration_number",
    "issuers",
    "issued_on",
    "published_on",
    "effective_on",
    "expires_on",
    "validity",
    "repealed_on",
    "repealed_by",
    "addressees",
    "signature",
    "annotation",
    "attachments",
    "discrepancy_note",
    "contact",
    "source",
)
# changes that need no words: the page itself says what happened
EXPLAINED = frozenset(("validity", "repealed_on", "repealed_by", "expires_on", "contact"))
_CHANGES = re.compile(r"(?m)^(?:changes|更改记录):.*\n(?:[ \t].*\n|-[ \t].*\n|\n)*")
_OF_EVERY_KIND = frozenset(Entry.model_fields)
_REASONS = {
    "no-git": "没有找到 git 命令",
    "no-repository": "content/ 不在 git 仓库中",
    "no-commits": "git 仓库中还没有提交",
    "not-tracked": "content/ 的条目没有提交到 git 仓库",
    "unsafe": "git 不信任这个仓库文件夹（属于别的用户）；"
    "请运行 git config --global --add safe.directory 仓库文件夹",
    "timeout": "git 没有在规定的时间内回答",
    "failed": "git 读不出历史",
    "shallow": "仓库是浅克隆；请运行 git fetch --unshallow，在流水线中检出时设 fetch-depth: 0",
    "partial": "仓库是部分克隆（--filter）；请用不带 --filter 的完整克隆",
}


@dataclass(frozen=True)
class SiteHistory:
    """What is known of the past of a site; ``status`` is ok, shallow or none."""

    status: str = "none"
    why: str = ""
    place: Repository = field(default_factory=lambda: Repository("none"))
    entries: Mapping[str, EntryHistory] = field(default_factory=dict)

    @property
    def notice(self) -> str:
        """What to tell whoever builds, or nothing."""
        if self.status == "ok":
            return ""
        reason = _REASONS.get(self.why, _REASONS["failed"])
        return f"没有修改历史：{reason}；网站照常生成，页面只列条目自己写明的更改"


class Reading:
    """What the last head of front matter said; most versions of a file differ only in their notes.

    Reading YAML takes most of the time that a version costs: a head that is the same but for its
    ``changes`` is not read again.
    """

    def __init__(self) -> None:
        self._rest: str | None = None
        self.entry: Entry | None = None
        self.fields: dict[str, str] = {}
        self.is_open = False
        self.notes: tuple[Note, ...] = ()

    def take(self, head: str, entry: Entry | None) -> None:
        """Remember a head that was read."""
        self.entry, self._rest = entry, None
        if entry is None:
            return
        if len(_CHANGES.findall(head)) <= 1:
            self._rest = _CHANGES.sub("", head)
        slips = (finding.code.severity is Severity.ERROR for finding in entry.slips())
        is_proactive = entry.disclosure is Disclosure.PROACTIVE
        self.fields = dict(_shown_fields(entry))
        self.is_open = is_proactive and entry.has_clearance and not any(slips)
        self.notes = notes_of(entry)

    def knows(self, head: str) -> bool:
        """Tell whether a head says the same but for its notes, which are read."""
        if self._rest is None:
            return False
        found = _CHANGES.findall(head)
        if len(found) > 1 or _CHANGES.sub("", head) != self._rest:
            return False
        notes: tuple[Note, ...] = ()
        if found:
            fields, problems = read_yaml("", found[0])
            if problems or fields is None or len(fields) != 1:
                return False
            written = next(iter(fields.values())).value
            items = [item.value for item in written] if isinstance(written, list) else [""]
            made = [bind(Change, "", x).model if isinstance(x, dict) else None for x in items]
            if None in made:
                return False
            notes = tuple(Note(str(c.date), str(c.kind), c.note) for c in made if c)
        self.notes = notes
        return True


def site_history(
    judged: Judged, place: Repository, root: Path, cache: Cache, workers: int | None = None
) -> SiteHistory:
    """Return the history of every published entry; what is missing costs no entry its page."""
    known = _unpacked_history(cache.history(place.prefix))
    found = read_history(place, known)
    if found.status != "ok":
        entries = {
            r.path: EntryHistory(loose=notes_of(r.entry)) for r in judged.published if r.entry
        }
        return SiteHistory(found.status, found.why, place, entries)
    if found is not known:
        cache.keep_history(place.prefix, _packed_history(found))
    entries = _histories(judged, found, _Reader(place, root, judged, cache, workers))
    return SiteHistory("ok", "", place, entries)


def with_history(judged: Judged, history: SiteHistory) -> Judged:
    """Return the verdict with a warning for each entry that changed without a word to the public.

    It leaves the state of every file as it is.
    """
    slips = []
    for record in judged.published:
        unexplained = history.entries.get(record.path, EntryHistory()).unexplained
        if unexplained and record.entry is not None:
            facts = {"date": unexplained[-1].date, "count": len(unexplained)}
            waived = p.CHANGED_WITHOUT_NOTE.id in record.entry.waivers
            softened = Severity.NOTE if waived else None
            slips.append(Problem(p.CHANGED_WITHOUT_NOTE, record.at("changes"), facts, softened))
    if not slips:
        return judged
    return replace(judged, problems=tuple(in_order([*judged.problems, *slips])))


def _histories(judged: Judged, found: History, reader: _Reader) -> dict[str, EntryHistory]:
    published = [(r, r.entry) for r in judged.published if r.entry is not None]
    ledger = judged.corpus.ledger
    known = _known_rows(published, ledger)
    current = {record.path: record.blob for record, _ in published}
    if len(known) < len(published):
        # a file with one version, which is what stands now, has no past
        reader.read(
            blobs
            for path, blobs in _by_path(found.revisions).items()
            if len(blobs) > 1 or current.get(path) not in blobs
        )
    lines = _timelines(found.revisions, reader.versions, published)
    marks: dict[str, list[Mark]] = {}
    for record, entry in published:
        if record.ended is not None or entry.disclosure is not Disclosure.PROACTIVE:
            continue  # nothing of an older text may be shown
        if rows := known.get(record.path, []):
            held = [*_ledger_marks(rows, ledger, reader.versions)]
        else:
            held = [mark for number in _numbers(entry) for mark in lines.get(number, ())]
            if entry.former_index_numbers:  # of one number, the order of the commits counts
                held.sort(key=lambda mark: mark.instant)
        if not held or held[-1].blob != record.blob:
            held.append(Mark(record.blob, ""))
        if any(mark.blob not in ("", record.blob) for mark in held):
            marks[record.path] = held
    reader.read(dict.fromkeys(mark.blob for mark in held if mark.blob) for held in marks.values())
    since = str(judged.corpus.site.history_since or "")
    made: dict[str, EntryHistory] = {}
    for record, entry in published:
        made[record.path] = EntryHistory(loose=notes_of(entry))
        if record.path not in marks:
            continue
        is_known = record.path in known
        choose = known_versions if is_known else public_versions
        public = choose(marks[record.path], reader.versions, judged.as_of.key())
        if is_known:  # a key that somebody wrote must not bring out what never was public
            numbers = _numbers(entry)
            public = [(_if_public(one, numbers), instant) for one, instant in public]
        if len(public) > 1:
            waived = [(str(w.kind), w.value) for w in getattr(entry, "privacy_waivers", ())]
            made[record.path] = entry_history(
                entry, public, judged.today, waived, "" if is_known else since
            )
    ended = {record.path for record, _ in published if record.ended is not None}
    reader.finish(
        {b for h in made.values() for s in h.steps for b in (s.before, s.after)},
        {one.blob for one in found.revisions if one.path in ended},
        str(judged.today),
    )
    return made


def _if_public(version: Version, numbers: Iterable[str]) -> Version:
    """Return a version, or nothing of it where it is not this entry's or was never cleared."""
    is_own = version.is_open and version.number in numbers
    return version if is_own or not version.is_entry else Version(version.blob)


def _known_rows(
    published: Iterable[tuple[EntryRecord, Entry]], ledger: Ledger
) -> dict[str, list[LedgerRow]]:
    """Return the ledger's rows of each entry by source path, whatever number it has had."""
    held: dict[str, list[LedgerRow]] = {}
    for row in ledger.rows:
        held.setdefault(row.address, []).append(row)
    known = {}
    for record, entry in published:
        rows = [
            row
            for number in _numbers(entry)
            for row in held.get(addresses.entry_address(number).removesuffix(".html"), ())
        ]
        if rows:
            known[record.path] = sorted(rows, key=lambda row: row.batch)
    return known


def _numbers(entry: Entry) -> tuple[str, ...]:
    return (entry.index_number, *entry.former_index_numbers)


def _by_path(revisions: Iterable[Revision]) -> dict[str, list[str]]:
    """Return the blobs that stood at each path, each once, oldest first."""
    held: dict[str, dict[str, None]] = {}
    for one in revisions:
        if one.blob:
            held.setdefault(one.path, {})[one.blob] = None
    return {path: list(blobs) for path, blobs in held.items()}


def _ledger_marks(
    rows: Sequence[LedgerRow], ledger: Ledger, versions: dict[str, Version]
) -> Iterator[Mark]:
    """Yield the versions that the ledger names; what was erased stands there without a source."""
    erased = max((n for n, row in enumerate(rows) if row.event == ERASED), default=-1)
    for n, row in enumerate(rows):
        if row.event in GONE:
            continue
        key = ledger.keys.get(row.commitment)
        blob = key.source if key is not None and n > erased else f"erased {row.commitment}"
        if key is None or n < erased:
            versions[blob] = Version(blob, private=(("erased", ""),))
        yield Mark(blob, f"{row.date} 00:00")


def _timelines(
    revisions: Iterable[Revision],
    versions: Mapping[str, Version],
    published: Iterable[tuple[EntryRecord, Entry]],
) -> dict[str, list[Mark]]:
    """Return what stood under each index number, wherever its file was, oldest first."""
    numbers = {record.blob: entry.index_number for record, entry in published if record.blob}
    lines: dict[str, list[Mark]] = {}
    holders: dict[str, str] = {}
    for one in revisions:
        version = versions.get(one.blob)
        number = version.number if version else numbers.get(one.blob, "")
        before = holders.pop(one.path, "")
        if before and before != number:
            lines.setdefault(before, []).append(Mark("", one.instant))
        if number:
            holders[one.path] = number
            lines.setdefault(number, []).append(Mark(one.blob, one.instant))
    return lines


class _Reader:
    """What is known of versions, from the cache where they were read before."""

    def __init__(
        self, place: Repository, root: Path, judged: Judged, cache: Cache, workers: int | None
    ) -> None:
        self.versions: dict[str, Version] = {}
        self._place = place
        self._files = {r.blob: (root, r.path) for r in judged.published if r.blob}
        self._entries = {r.blob: r.entry for r in judged.published}
        self._cache = cache
        self._workers = workers
        self._kept = cache.versions()
        self._used: set[str] = set()

    def read(self, wanted: Iterable[Iterable[str]]) -> None:
        """Read versions, given by file: those of one file share much, and go to one worker."""
        jobs: list[list[str]] = []
        for held in wanted:
            new = []
            # what stands now comes first: its front matter has been read already
            for blob in sorted(held, key=lambda blob: blob not in self._files):
                self._used.add(blob)
                if blob in self.versions:
                    continue
                if blob in self._kept:
                    self.versions[blob] = _unpacked(blob, self._kept[blob])
                else:
                    new.append(blob)
                    self.versions[blob] = Version(blob)
            if new and jobs and len(jobs[-1]) + len(new) <= JOB:
                jobs[-1] += new
            elif new:
                jobs.append(new)
        if not jobs:
            return
        with closing(Blobs(self._place)) as store:

            def work(job: list[str]) -> list[tuple[str, str, str]]:
                reading = Reading()
                here = {blob: own for blob in job if (own := self._here(blob)) is not None}
                asked = [blob for blob in job if blob not in here]
                data = {**here, **dict(zip(asked, store.read_all(asked), strict=True))}
                return [
                    _packed(
                        *read_version(
                            blob, data[blob], reading, self._entries[blob] if blob in here else None
                        )
                    )
                    for blob in job
                ]

            for rows in pool.run(jobs, work, self._workers, few=4, chunk=4):
                for blob, facts, words in rows:
                    self.versions[blob] = _unpacked(blob, facts)
                    self._cache.keep_version(blob, facts, words)

    def _here(self, blob: str) -> bytes | None:
        """Return a version that stands in a file now; git may not know it yet."""
        return standing(*self._files[blob], blob) if blob in self._files else None

    def finish(self, shown: set[str], private: set[str], today: str) -> None:
        """Forget versions that no entry has any more, and the words that no page shows.

        Nothing is kept of ``private`` versions and of those whose 公示期 is over.
        """
        over = {blob for blob in self._used if "" < self.versions[blob].notice_ends < today}
        self._cache.forget_versions(self._used - private - over, shown)
        self._cache.commit()


def standing(root: Path, path: str, blob: str) -> bytes | None:
    """Return the bytes of a source file if they still are this version."""
    try:
        data = (root / path).read_bytes()
    except OSError:
        return None
    return data if git_blob_id(data) == blob else None


def read_version(
    blob: str, data: bytes | None, reading: Reading, entry: Entry | None = None
) -> tuple[Version, Shown]:
    """Return what the bytes of one version were; whatever they are, it is an answer.

    Where ``entry`` is given, the bytes are its source, which need not be bound again.
    """
    nothing = Shown({}, ())
    if data is None:
        return Version(blob), nothing
    try:
        return _read(blob, data, reading, entry)
    except Exception:  # an old file must never stop a build; what cannot be read is not shown
        return Version(blob), nothing


def _read(blob: str, data: bytes, reading: Reading, known: Entry | None) -> tuple[Version, Shown]:
    text, _ = decode("", data)
    if text is None:
        return Version(blob), Shown({}, ())
    end = text.find("\n---\n", 3) + 5
    if end > 4 and known is not None:
        reading.take(text[:end], known)
        body = text[end:]
    elif end > 4 and reading.knows(text[:end]):
        body = text[end:]
    else:
        fields, body, _, _ = read_front_matter("", text)
        reading.take(text[:end], _bound(fields) if fields is not None else None)
    entry = reading.entry
    if entry is None:
        return Version(blob), Shown({}, ())
    shown = Shown(reading.fields, paragraphs(body))
    said = "\n".join((*shown.fields.values(), *shown.body))
    found = [(str(one.kind), one.masked) for one in private_data(said)]
    found += [("secrecy", mark) for _, mark in secrecy_marks(said)]
    worded = [f"{k}={v}" for k, v in shown.fields.items() if k not in EXPLAINED]
    plain = [f"{k}={v}" for k, v in shown.fields.items() if k in EXPLAINED]
    words = digest_of_text(*worded, "", *shown.body)
    version = Version(
        blob,
        entry.index_number,
        True,
        reading.is_open,
        entry.published_on.key(),
        digest_of_text(words, *plain),
        words,
        reading.notes,
        tuple(dict.fromkeys(found)),
        str(entry.notice.last) if entry.notice is not None else "",
    )
    return version, shown


def _bound(fields: Mapping[str, Any]) -> Entry | None:
    node = fields.get("kind") or fields.get("类型")
    written = node.value if node is not None else ""
    names = {kind.label: code for code, kind in KINDS.items()}
    kind = names.get(written, written) if isinstance(written, str) else ""
    kind = kind if kind in KINDS else "document"
    rest = {key: value for key, value in fields.items() if key not in ("kind", "类型")}
    return bind(KINDS[kind].model, "", rest, kind=kind).model


def _shown_fields(entry: Entry) -> Iterator[tuple[str, str]]:
    fields = type(entry).model_fields
    for key in (*FIELDS, *(key for key in fields if key not in _OF_EVERY_KIND)):
        value = getattr(entry, key)
        if value == fields[key].default:
            continue
        if key == "attachments":
            text = "、".join(a.title or a.file.rpartition("/")[2] for a in value)
        elif key == "validity":
            text = VALIDITY_LABELS.get(value, "")
        elif key == "document_number":
            text = entry.shown_document_number
        else:
            text = _as_text(value)
        if text:
            yield key, text


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "；".join(filter(None, map(_as_text, value)))
    if hasattr(value, "model_dump"):
        return "，".join(str(part) for part in value.model_dump(mode="json").values() if part)
    return str(value)


_COLUMNS = tuple(one.name for one in fields_of(Version) if one.name != "blob")


def _packed(version: Version, shown: Shown) -> tuple[str, str, str]:
    """Return a version as rows of the cache hold it; words only of what may be seen."""
    facts = [getattr(version, name) for name in _COLUMNS]
    words = ""
    if version.is_open and not version.private:
        words = json.dumps([dict(shown.fields), shown.body], ensure_ascii=False)
    return version.blob, json.dumps(facts, ensure_ascii=False), words


def _unpacked(blob: str, facts: str) -> Version:
    known = dict(zip(_COLUMNS, json.loads(facts), strict=True))
    known["changes"] = tuple(Note(*note) for note in known["changes"])
    known["private"] = tuple((kind, masked) for kind, masked in known["private"])
    return Version(blob, **known)


def _packed_history(found: History) -> str:
    rows = [[one.path, one.blob, one.instant] for one in found.revisions]
    return json.dumps([found.head, rows], ensure_ascii=False, separators=(",", ":"))


def _unpacked_history(text: str | None) -> History | None:
    if text is None:
        return None
    head, rows = json.loads(text)
    return History("ok", "", head, tuple(Revision(*row) for row in rows))
