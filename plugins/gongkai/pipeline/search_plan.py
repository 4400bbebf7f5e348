"""A plan into the files under search/: what has not changed is neither read nor counted again.

Three things are remembered: the counted terms of each document, by what they depend on; the
postings of all documents; and the names of the files that were made of them. An unchanged site
yields the same files by name alone; a few changed documents are exchanged in the postings; anything
else joins all counted terms anew. All three ways give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from gongkai.derive import addresses
from gongkai.derive.links import public_files
from gongkai.domain.corpus import EntryRecord, GuideRecord, ReportRecord
from gongkai.domain.site import extension_of
from gongkai.domain.vocab import VALIDITY_LABELS
from gongkai.intake.attachment_text import attachment_text
from gongkai.kernel.digest import digest_of_bytes, digest_of_text
from gongkai.kernel.hanzi import SIMPLIFIED, TRADITIONAL
from gongkai.kernel.terms import Concepts
from gongkai.markup.body import plain_text
from gongkai.pipeline import pool
from gongkai.pipeline.plan import Plan, has_files
from gongkai.press.artifact import Artifact
from gongkai.press.search.index import Labels, Numbered, index_files
from gongkai.press.search.postings import Postings, averages, join, norms, replaced
from gongkai.press.search.script import engine_script
from gongkai.press.search.shards import SearchFile
from gongkai.press.search.tokens import Counted, count
from gongkai.press.writers.opensearch import opensearch
from gongkai.views import search_document as views
from gongkai.views.search_document import SearchDocument

FOLDER = "search"
FEW = 100  # changed documents that are exchanged one by one; more are joined with all others


@dataclass(frozen=True, slots=True)
class Source:
    """One document before it is counted: where it stands among the others, what it depends on."""

    order: tuple[str, str]
    numbered: Numbered
    stamp: str  # of its texts
    document: Callable[[], SearchDocument]
    attached: tuple[tuple[str, str, str], ...] = ()  # title, source, digest


def search_files(plan: Plan) -> Iterator[Artifact]:
    """Yield the index, the script that reads it, and the description for browsers' search bars."""
    yield from _index(plan)
    script = engine_script(plan.templates.theme / "assets")
    yield Artifact(f"{FOLDER}/engine.js", digest_of_bytes(script), lambda: script)
    site = plan.judged.corpus.site
    data = opensearch(site.name, site.description, site.base_url)
    yield Artifact("opensearch.xml", digest_of_bytes(data), lambda: data)


def _index(plan: Plan) -> Iterator[Artifact]:
    words = plan.search_words
    table = f"{TRADITIONAL}\n{SIMPLIFIED}\n".encode()
    variants = f"variants-{digest_of_bytes(table)[:6]}.txt"
    yield Artifact(f"{FOLDER}/{variants}", variants, lambda: table)
    sources = sorted(_sources(plan), key=lambda source: source.order)
    labels = Labels(_labels(plan), words.groups, words.noise, variants)
    key = digest_of_text(
        plan.version,
        repr(labels),
        *(
            f"{one.stamp} {one.numbered.stamp} {one.numbered.year} {one.numbered.classes}"
            f" {one.numbered.is_lapsed}"
            for one in sources
        ),
    )
    lazily = _Lazily(plan, sources, labels, key)
    remembered = plan.cache.search_state("files")
    if remembered is None or remembered["key"] != key:
        files = [[file.address, file.key] for file in lazily.files()]
        plan.cache.keep_search_state("files", {"key": key, "files": files})
        plan.cache.forget_search_terms(one.stamp for one in sources)
        used = {digest for one in sources for _, _, digest in one.attached}
        plan.cache.forget_attachment_texts(used)
        remembered = {"files": files}
    for address, file_key in remembered["files"]:
        made = partial(lazily.make, address)
        key = f"{plan.version} {address} {file_key}"
        yield Artifact(f"{FOLDER}/{address}", key, made, lazily.files)


class _Lazily:
    """The files of one index, put together when the first of them is asked for."""

    def __init__(self, plan: Plan, sources: Sequence[Source], labels: Labels, key: str) -> None:
        self._plan, self._sources, self._labels, self._key = plan, sources, labels, key
        self._files: dict[str, SearchFile] = {}

    def files(self) -> list[SearchFile]:
        """Return all files, with nothing pressed yet."""
        if not self._files:
            postings = _postings(self._plan, self._sources)
            numbered = [source.numbered for source in self._sources]
            files = index_files(numbered, postings, self._labels)
            self._files = {file.address: file for file in files}
        return list(self._files.values())

    def make(self, address: str) -> bytes:
        """Return the bytes of one file."""
        self.files()
        return self._files[address].make()


def _postings(plan: Plan, sources: Sequence[Source]) -> Postings:
    """Return the postings of all documents: remembered, brought up to date, or joined anew."""
    cache = plan.cache
    stamps = [source.stamp for source in sources]
    state = cache.search_state("postings")
    path = cache.path.with_name(cache.path.name + ".postings")
    known: list[str] = state["stamps"] if state else []
    _count_missing(plan, sources, known)
    changed = [n for n, stamp in enumerate(stamps) if n >= len(known) or known[n] != stamp]
    if state is not None and len(known) <= len(stamps) and len(changed) <= FEW:
        lengths = [tuple(one) for one in state["lengths"]]
        come = {n: _counted(plan, sources[n]) for n in changed}
        gone = {n: cache.search_terms(known[n]) for n in changed if n < len(known)}
        for n, one in come.items():
            lengths[n : n + 1] = [one.lengths]
        means = averages(lengths)
        old = Postings.load(path, state["checksum"])
        if old is not None and list(means) == state["means"] and None not in gone.values():
            if not changed:
                return old
            old_terms = {n: Counted.unpacked(blob) for n, blob in gone.items() if blob}
            new = replaced(old, old_terms, come, norms(lengths, means))
            _remember(plan, new, stamps, lengths, means)
            return new
    everything = {n: _counted(plan, source) for n, source in enumerate(sources)}
    lengths = [one.lengths for one in everything.values()]
    means = averages(lengths)
    postings = join(everything, norms(lengths, means))
    _remember(plan, postings, stamps, lengths, means)
    return postings


def _remember(
    plan: Plan,
    postings: Postings,
    stamps: list[str],
    lengths: list[tuple[int, ...]],
    means: tuple[float, ...],
) -> None:
    cache = plan.cache
    path = cache.path.with_name(cache.path.name + ".postings")
    try:
        checksum = postings.save(path)
    except OSError:  # the next build joins them anew
        return
    facts = {"stamps": stamps, "lengths": lengths, "means": means, "checksum": checksum}
    cache.keep_search_state("postings", facts)


def _count_missing(plan: Plan, sources: Sequence[Source], known: Sequence[str]) -> None:
    """Count the terms of documents that are not in the cache, in parallel."""
    held = set(known)
    wanted = [source for source in sources if source.stamp not in held]
    there = plan.cache.search_stamps(source.stamp for source in wanted)
    wanted = [source for source in wanted if source.stamp not in there]
    _read_attachments(plan, wanted)
    concepts = Concepts(plan.search_words.groups)

    def work(source: Source) -> bytes:
        return count(source.document(), concepts).packed()

    for source, blob in zip(wanted, pool.run(wanted, work, plan.workers), strict=True):
        plan.cache.keep_search_terms(source.stamp, blob)
    plan.cache.commit()


def _read_attachments(plan: Plan, sources: Sequence[Source]) -> None:
    """Read the text of attachments that is not in the cache: once a content, in parallel."""
    cache = plan.cache
    wanted: dict[tuple[str, str], str] = {}
    for source in sources:
        for _, path, digest in source.attached:
            key = (digest, extension_of(path))
            if key not in wanted and cache.attachment_text(*key) is None:
                wanted[key] = path

    def work(path: str) -> str:
        return attachment_text(plan.root / path, path).text

    # reading one file takes as long as pressing many pages: few are worth the workers
    texts = pool.run(list(wanted.values()), work, plan.workers, few=8, chunk=4)
    for key, text in zip(wanted, texts, strict=True):
        cache.keep_attachment_text(*key, text)


def _counted(plan: Plan, source: Source) -> Counted:
    """Return a document's counted terms; a lost or damaged cache only costs counting again."""
    blob = plan.cache.search_terms(source.stamp)
    if blob is not None:
        try:
            return Counted.unpacked(blob)
        except ValueError:
            pass
    counted = count(source.document(), Concepts(plan.search_words.groups))
    plan.cache.keep_search_terms(source.stamp, counted.packed())
    return counted


def _sources(plan: Plan) -> Iterator[Source]:
    judged, frame = plan.judged, plan.frame
    base = digest_of_text(plan.names, repr(plan.search_words.groups))
    validity = plan.directory.validity
    for record in judged.published:
        entry = record.entry
        if entry is None:
            continue
        own = validity[record.path]
        # what is open on request only is found by its metadata
        is_open = views.shown_text_matters(record)
        files = public_files(judged, record) if is_open and has_files(record, entry) else ()
        attached = tuple(
            (file.title, file.source, judged.corpus.files[file.source].digest)
            for file in files
            if not file.is_picture
        )
        year = entry.published_on.date.year
        card = partial(views.entry_card, frame, record, own)
        classes = (record.agency, entry.column, entry.subject, entry.kind, own.value)
        stamp = f"{plan.names} {plan.stamps[record.path]}"
        yield Source(
            (entry.published_on.key(), entry.index_number),
            Numbered(stamp, classes, year, own.is_lapsed, card),
            digest_of_text(base, record.agency, record.digest, repr(attached)),
            partial(_entry_document, plan, record, is_open, attached),
            attached,
        )
    for report in (*judged.published_reports, *judged.published_site_reports):
        if report.report:
            yield _report_source(plan, report, base)
    for agency, guide in judged.published_guides.items():
        if guide.guide:
            yield _guide_source(plan, guide, agency, base)


def _report_source(plan: Plan, record: ReportRecord, base: str) -> Source:
    assert record.report is not None
    moment = record.report.published_on
    kind = views.REPORT_KINDS[record.subject][0]
    facts = (record.agency, record.digest, record.subject, str(record.year))
    stamp = digest_of_text(base, *facts)
    card = partial(views.report_card, plan.frame, record)
    return Source(
        (moment.key(), addresses.report_address(record.agency, record.year, record.subject)),
        Numbered(stamp, (record.agency, "", "", kind, ""), moment.date.year, False, card),
        stamp,
        lambda: views.report_document(plan.frame, record, plain_text(plan.body(record))),
    )


def _guide_source(plan: Plan, record: GuideRecord, agency: str, base: str) -> Source:
    assert record.guide is not None
    moment = record.guide.published_on
    stamp = digest_of_text(base, record.digest, agency)
    card = partial(views.guide_card, plan.frame, record, agency)
    return Source(
        (moment.key(), addresses.agency_address(agency, "guide.html")),
        Numbered(stamp, (agency, "", "", views.GUIDE_KIND[0], ""), moment.date.year, False, card),
        stamp,
        lambda: views.guide_document(plan.frame, record, agency, plain_text(plan.body(record))),
    )


def _entry_document(
    plan: Plan, record: EntryRecord, is_open: bool, attached: tuple[tuple[str, str, str], ...]
) -> SearchDocument:
    text = plain_text(plan.body(record)) if is_open else ""
    files = [(title, _file_text(plan, source, digest)) for title, source, digest in attached]
    return views.entry_document(plan.frame, record, text, files)


def _file_text(plan: Plan, source: str, digest: str) -> str:
    kept = plan.cache.attachment_text(digest, extension_of(source))
    return attachment_text(plan.root / source, source).text if kept is None else kept


def _labels(plan: Plan) -> dict[str, list[tuple[str, str]]]:
    corpus = plan.judged.corpus
    agencies: list[Any] = list(corpus.agencies.values())
    return {
        "agency": [(agency.id, agency.label) for agency in agencies],
        "column": [(column.code, column.name) for column in corpus.columns.values()],
        "subject": list(corpus.vocabularies["subjects"].names().items()),
        "kind": list(views.KIND_LABELS.items()),
        "validity": list(VALIDITY_LABELS.items()),
    }
