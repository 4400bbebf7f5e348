"""Relations: references, two-way interpretation, links in bodies, attachments and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from pydantic_core import PydanticCustomError

from gongkai.domain.body import BodyFacts, Link
from gongkai.domain.corpus import Corpus, EntryRecord, resolve
from gongkai.domain.entry import Disclosure, Entry, disclosure_facts
from gongkai.domain.kinds import Service
from gongkai.domain.site import PICTURES, extension_of
from gongkai.domain.values import parse_index_number
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem

_SCHEMES = {"http", "https", "mailto", "tel"}


def judge_relations(corpus: Corpus) -> Iterator[Problem]:
    """Yield references that lead nowhere and relations that hold one way only."""
    for record in corpus.entries:
        entry = record.entry
        if entry is not None:
            yield from _references(corpus, record, entry)
            yield from _attachments(corpus, record, entry)
            if entry.disclosure is Disclosure.PROACTIVE:
                is_silent = record.body.is_empty and not entry.attachments and not record.ended
                if is_silent and not _has_blocks(entry) and not _was_refused(record):
                    yield Problem(p.EMPTY_BODY, Place(record.path))
            elif record.body.digest:  # even a body without words may hold a picture or a link
                facts = {**disclosure_facts(entry), "what": "正文", "what_en": "a body"}
                yield Problem(p.WITHHELD_BODY, Place(record.path), facts)
            yield from judge_links(corpus, record.path, record.agency, record.body)
    pages = [(guide.path, guide.agency, guide.body) for guide in corpus.guides.values()]
    pages += [(report.path, report.agency, report.body) for report in corpus.reports]
    for path, agency, body in pages:
        yield from judge_links(corpus, path, agency, body)
        for link in body.links:
            if (file_named(path, link.target, agency) or "") in corpus.files:
                place = Place(path, link.line, link.column)
                yield Problem(p.FILE_NEEDS_ENTRY, place, {"file": link.target})


def _was_refused(record: EntryRecord) -> bool:
    """Tell whether there is a body which could not be read; that is said already."""
    return any(problem.code in (p.NESTED_MARKDOWN, p.BODY_TOO_SLOW) for problem in record.problems)


def _has_blocks(entry: Entry) -> bool:
    """Tell whether the kind's own fields already say something (an office's duties, say)."""
    return any(
        getattr(entry, name) for name in type(entry).model_fields if name not in Entry.model_fields
    )


def _references(corpus: Corpus, record: EntryRecord, entry: Entry) -> Iterator[Problem]:
    numbers = corpus.by_index_number
    for key in ("interprets", "interpreted_by", "supersedes", "corrects", "related"):
        for n, reference in enumerate(getattr(entry, key)):
            if isinstance(reference, str) and reference not in numbers:
                facts = {"key": key, "label": Entry.model_fields[key].title, "value": reference}
                yield Problem(p.UNKNOWN_ENTRY, record.at(f"{key}.{n}"), facts)
    if (
        "/" in entry.repealed_by
        and entry.repealed_by not in numbers
        and _is_number(entry.repealed_by)
    ):
        facts = {"key": "repealed_by", "label": "废止依据", "value": entry.repealed_by}
        yield Problem(p.UNKNOWN_ENTRY, record.at("repealed_by"), facts)
    outcome = getattr(entry, "outcome", None)
    if outcome and outcome not in numbers:
        facts = {"key": "outcome", "label": "结果", "value": outcome}
        yield Problem(p.UNKNOWN_ENTRY, record.at("outcome"), facts)
    for key, answer in (("interprets", "interpreted_by"), ("interpreted_by", "interprets")):
        for n, reference in enumerate(getattr(entry, key)):
            other = numbers.get(reference) if isinstance(reference, str) else None
            if other and other.entry and entry.index_number not in getattr(other.entry, answer):
                facts = {"other": other.path, "key": answer, "value": entry.index_number}
                yield Problem(p.ONE_WAY_INTERPRETATION, record.at(f"{key}.{n}"), facts)


def _is_number(text: str) -> bool:
    try:
        parse_index_number(text)
    except PydanticCustomError:
        return False
    return True


def attached_files(record: EntryRecord) -> list[tuple[str, str]]:
    """Return (dotted field, relative file) of attachments and of a service's forms."""
    entry = record.entry
    if entry is None:
        return []
    named = [(f"attachments.{n}.file", a.file) for n, a in enumerate(entry.attachments)]
    if isinstance(entry, Service):
        named += [(f"materials.{n}.form", m.form) for n, m in enumerate(entry.materials) if m.form]
    return named


def _attachments(corpus: Corpus, record: EntryRecord, entry: Entry) -> Iterator[Problem]:
    allowed = corpus.site.allowed_types
    for field, file in attached_files(record):
        if entry.disclosure is not Disclosure.PROACTIVE and not field.startswith("attachments"):
            facts = {**disclosure_facts(entry), "what": "附件", "what_en": "attachments"}
            yield Problem(p.WITHHELD_BODY, record.at(field), facts)
        path = resolve(record.path, file, record.agency)
        if path is None:
            yield Problem(p.PATH_ESCAPES, record.at(field), {"file": file})
        elif path not in corpus.files:
            yield Problem(p.MISSING_ATTACHMENT, record.at(field), {"file": file})
        elif extension_of(path) not in allowed:
            facts = {"file": file, "allowed": "、".join(allowed)}
            yield Problem(p.ATTACHMENT_TYPE, record.at(field), facts)


def judge_links(corpus: Corpus, path: str, agency: str, body: BodyFacts) -> Iterator[Problem]:
    """Yield the links and pictures of one body that lead nowhere or may not be published."""
    for link in body.links:
        place = Place(path, link.line, link.column)
        facts: dict[str, object] = {"target": link.target, "file": link.target}
        if link.is_image and not link.text.strip():
            yield Problem(p.IMAGE_WITHOUT_TEXT, place, facts)
        parts = split_target(link.target)
        if parts is None:
            yield Problem(p.FORBIDDEN_LINK, place, facts)
            continue
        scheme, host, target, anchor = parts
        if scheme or host:
            if scheme not in _SCHEMES or link.is_image:
                yield Problem(p.FORBIDDEN_LINK, place, facts)
        elif not target:
            if anchor and anchor not in body.anchors:
                yield Problem(p.BROKEN_ANCHOR, place, facts)
        else:
            yield from _inner_link(corpus, path, agency, link, target, anchor, place)


def split_target(target: str) -> tuple[str, str, str, str] | None:
    """Return (scheme, host, path, anchor) of a link, or ``None`` where it cannot be read."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return parts.scheme.lower(), parts.netloc, unquote(parts.path), unquote(parts.fragment)


def _inner_link(
    corpus: Corpus, path: str, agency: str, link: Link, target: str, anchor: str, place: Place
) -> Iterator[Problem]:
    facts: dict[str, object] = {"target": link.target, "file": link.target}
    found = resolve_link(corpus, path, agency, target)
    if found is None:
        yield Problem(p.PATH_ESCAPES, place, facts)
    elif isinstance(found, str):
        if link.is_image and found not in corpus.files:
            yield Problem(p.MISSING_ATTACHMENT, place, facts)
        elif found not in corpus.files:
            yield Problem(p.BROKEN_LINK, place, facts)
        elif extension_of(found) not in (allowed := _types(corpus, link)):
            yield Problem(p.ATTACHMENT_TYPE, place, {**facts, "allowed": "、".join(allowed)})
    elif anchor and anchor not in found.body.anchors:
        yield Problem(p.BROKEN_ANCHOR, place, facts)


def _types(corpus: Corpus, link: Link) -> tuple[str, ...]:
    allowed = corpus.site.allowed_types
    return tuple(t for t in allowed if t in PICTURES) if link.is_image else allowed


def file_named(source: str, target: str, agency: str) -> str | None:
    """Return the content path that a link or attachment names, without query and anchor."""
    parts = split_target(target)
    if parts is None or parts[0] or parts[1]:
        return None
    return resolve(source, parts[2], agency)


def resolve_link(corpus: Corpus, path: str, agency: str, target: str) -> EntryRecord | str | None:
    """Return the entry or content path that a relative link names; ``None`` when it escapes.

    A link may lead to any agency's entry (its page is public), a file only to the own folder's.
    """
    found = resolve(path, target, agency)
    if found is None and target.endswith(".md") and "\\" not in target and ":" not in target:
        joined = normpath(f"{path.rpartition('/')[0]}/{target}")
        if joined.startswith("agencies/"):
            found = joined
    if found is None:
        return None
    return corpus.by_path.get(found, found)
