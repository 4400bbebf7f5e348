"""One build: content/ → judged corpus → artifacts → a release, with everything unchanged reused."""

from __future__ import annotations

import gc
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

from gongkai.domain.assessment import Assessment
from gongkai.domain.corpus import (
    Corpus,
    EntryRecord,
    FileFacts,
    GuideRecord,
    Judged,
    ReportRecord,
    RowsRecord,
    SheetRecord,
)
from gongkai.domain.decisions import DecidedRow
from gongkai.domain.entry import Entry
from gongkai.domain.guide import Guide
from gongkai.domain.register import Registered
from gongkai.domain.reports.report import AnnualReport
from gongkai.domain.rules.judge import judge
from gongkai.domain.rules.review import coming_approvals
from gongkai.domain.rules.review import pages as reviewed
from gongkai.domain.values import Moment
from gongkai.domain.vocab import TOPICS
from gongkai.intake.assessments import load_assessments, load_sheets
from gongkai.intake.git_history import locate
from gongkai.intake.ledger import load_ledger
from gongkai.intake.settings import Settings, load_settings
from gongkai.intake.source import digest_of_file
from gongkai.intake.walk import Found, walk
from gongkai.kernel.digest import digest_of_bytes, digest_of_text
from gongkai.kernel.problems import MISSING_FILE, Problem, Severity
from gongkai.pipeline import pool
from gongkai.pipeline.attachments import inspected_files
from gongkai.pipeline.audit import with_consolidation
from gongkai.pipeline.cache import SETTLED, Cache, Page, Source, is_unchanged
from gongkai.pipeline.log_files import CHECKPOINT, SIGNATURE, checkpoint
from gongkai.pipeline.parse import (
    OF_NOTICE,
    REPORT_ROLES,
    TABLE_ROLES,
    Parsed,
    after_notice,
    decisions_record,
    entry_record,
    guide_record,
    is_out_of_date,
    pack_problem,
    parse,
    register_record,
    report_record,
    sheet_record,
    topics_stamp,
    unpack_problems,
)
from gongkai.pipeline.plan import Plan, Producer
from gongkai.pipeline.publish import Publication
from gongkai.pipeline.quarantine import batch_problems, kept_artifacts, kept_pages
from gongkai.pipeline.signatures import signatures, standing_digest, standing_files
from gongkai.pipeline.versions import SiteHistory, site_history, with_history
from gongkai.press.artifact import Artifact
from gongkai.press.shell import Shell
from gongkai.press.templates import Templates
from gongkai.release.staging import Staging

Instant = Moment  # for the commands, which do not know the domain
CHINA = timezone(timedelta(hours=8))
MANIFEST = "data/manifest.tsv"
T = TypeVar("T")
_OTHER_ROLES = ("data", "stray", *TABLE_ROLES)
_PAGE_ROLES = ("entry", "guide", *REPORT_ROLES, *TABLE_ROLES)


@dataclass
class Options:
    """Where things are and how to build; the defaults are those of the project's mkdocs.yml."""

    content: Path
    theme: Path
    cache: Path
    as_of: Moment | None = None
    quarantine: bool = False
    workers: int | None = None
    mode: str = ""
    progress: Callable[[str, int, int], None] | None = None


@dataclass
class Outcome:
    """What a build did, in numbers."""

    artifacts: int = 0
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    swapped: bool = False


class TwoSources(ValueError):
    """A prose file and a pressed page want the same address."""


class RejectedContent(Exception):
    """Content has errors and no quarantine was asked for: nothing is published."""


class Build:
    """A build that can be asked for more than once in one process, as ``mkdocs serve`` does."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.cache = Cache(options.cache)
        self.producers: list[Producer] = []
        self.notices: list[str] = []  # what the build could not do for want of something outside
        self.shells: dict[int, Shell] = {}
        self.settings: Settings | None = None
        self.judged: Judged | None = None
        self.history = SiteHistory()
        self._plan: Plan | None = None
        self._found: list[Found] = []
        self._records: dict[str, EntryRecord] = {}
        self._walked: tuple[list[Found], list[Problem]] | None = None
        self._standing: dict[str, tuple[int, int]] = {}
        self.publication: Publication | None = None

    def renew(self, options: Options) -> None:
        """Start another build in the same process; records of unchanged files stay in memory."""
        self.options = options
        self.producers.clear()
        self.notices.clear()

    def around_swap(self, staged: Path, target: Path) -> AbstractContextManager[None]:
        """Return what must hold while a whole staged release takes the place of the target."""
        if self.publication is None:
            return nullcontext()
        return self.publication.around(staged, target, self.options.content)

    def add(self, producer: Producer) -> None:
        """Ask for the artifacts of one producer."""
        self.producers.append(producer)

    def load(self) -> Judged:
        """Read and judge the content; unchanged files come from the cache."""
        with _without_collector():
            try:
                return self._load()
            except sqlite3.DatabaseError:
                self.cache.reset()  # damaged beyond what the check on opening sees
                return self._load()

    def _load(self) -> Judged:
        self.shells.clear()
        root = self.options.content
        found, problems = self._walked or walk(root)
        self._walked, self._found = None, found
        settings = load_settings(root, found)
        published = load_ledger(root, found, settings.agencies)
        # a slip in the ledger stops every build, as a slip in any settings does
        settings = replace(settings, problems=(*settings.problems, *published.problems))
        entries: list[EntryRecord] = []
        guides: dict[str, GuideRecord] = {}
        reports: list[ReportRecord] = []
        sheets: list[SheetRecord] = []
        registers: list[RowsRecord[Registered]] = []
        decisions: list[RowsRecord[DecidedRow]] = []
        pages = [item for item in found if item.role in _PAGE_ROLES]
        scores = load_sheets(root, found)
        topics = settings.vocabularies[TOPICS].names()
        records: dict[str, EntryRecord] = {}
        for item, digest, text in self._facts(pages, topics, self.as_of(settings).date):
            if item.role == "entry":
                record = self._records.get(item.path)
                if record is None or record.digest != digest or OF_NOTICE in text:
                    record = entry_record(item, digest, json.loads(text))
                records[item.path] = record
                entries.append(record)
                continue
            facts = json.loads(text)
            match item.role:
                case "guide":
                    guides[item.agency] = guide_record(item, digest, facts)
                case "sheet":
                    sheets.append(sheet_record(item, digest, facts))
                case "register":
                    registers.append(register_record(item, digest, facts))
                case "decisions":
                    decisions.append(decisions_record(item, digest, facts))
                case _:
                    reports.append(report_record(item, digest, facts))
        self._records = records
        digests = self.cache.file_digests((f for f in found if f.role == "file"), root)
        files = {
            f.path: FileFacts(f.path, f.size, digests[f.path]) for f in found if f.role == "file"
        }
        files, held = inspected_files(
            entries, files, settings.site, root, self.cache, self.options.workers
        )
        corpus = Corpus(
            site=settings.site,
            vocabularies=settings.vocabularies,
            columns=settings.columns,
            agencies=settings.agencies,
            entries=tuple(entries),
            guides=guides,
            reports=tuple(reports),
            tombstones=settings.tombstones,
            files=files,
            calendar=settings.calendar,
            problems=(*problems, *settings.problems, *scores.problems, *held),
            other_files=tuple(f.path for f in found if f.role in _OTHER_ROLES),
            places=settings.places,
            sheets=tuple(sheets),
            registers=tuple(registers),
            decisions=tuple(decisions),
            assessment_sheets=scores.sheets,
            assessments=load_assessments(root, found),
            ledger=published.ledger,
        )
        self.settings = settings
        judged = self._verdict(corpus, self.as_of(settings))
        self.history = site_history(judged, locate(root), root, self.cache, self.options.workers)
        self.judged = with_history(judged, self.history)
        if self.history.notice:
            self.notices.append(self.history.notice)
        self._plan = None
        return self.judged

    def _verdict(self, corpus: Corpus, as_of: Moment) -> Judged:
        """Judge the content; where this build publishes, with the ledger as it will be."""
        judged = judge(corpus, as_of)
        if self.options.quarantine:
            stopped = tuple(batch_problems(judged, self.options.content))
            if stopped:
                judged = judge(replace(corpus, problems=(*corpus.problems, *stopped)), as_of)
        judged = with_consolidation(judged)
        if judged.states.keys() != {item.path for item in self._found}:
            raise AssertionError("every file of content/ is in exactly one state")
        if self.publication is not None:
            judged = self.publication.enter(judged, self.options.content)
        return judged

    def as_of(self, settings: Settings) -> Moment:
        """Return the instant that comparisons use: asked for, pinned by the site, or now."""
        if self.options.as_of is not None:
            return self.options.as_of
        if settings.site.as_of is not None:
            return settings.site.as_of
        return china_now()

    def _facts(
        self, pages: list[Found], topics: Mapping[str, str], today: date
    ) -> Iterable[tuple[Found, str, str]]:
        """Yield (file, digest, facts as JSON) in order; changed files are parsed in parallel.

        A register that was read with other topics counts as changed. Of an entry whose 公示期 is
        over on ``today`` nothing is kept that may not be shown any more.
        """
        root = self.options.content
        stamp = topics_stamp(topics)
        known = self.cache.known_sources()
        kept: dict[str, tuple[str, str]] = {}
        wanted: list[Found] = []
        for item in pages:
            source = known.pop(item.path, None)
            is_current = item.role != "register" or (source and stamp in source.facts)
            if source is not None and is_out_of_date(source.facts, today):
                is_current = False
            if source is not None and is_current:
                if OF_NOTICE in source.facts:
                    source = self._after_notice(item, source, today)
                if is_unchanged(item, source.size, source.modified, source.seen):
                    kept[item.path] = (source.digest, source.facts)
                    continue
                if source.digest == digest_of_file(root, item.path):
                    self.cache.touch_source(item, source)
                    kept[item.path] = (source.digest, source.facts)
                    continue
            wanted.append(item)
        known.clear()
        self.cache.keep_only({item.path for item in pages})
        by_path = {item.path: item for item in wanted}

        def remember(results: Iterable[Parsed]) -> Iterable[tuple[Found, Parsed]]:
            for one in self._progress("读取", results, len(wanted)):
                facts = after_notice(by_path[one.path], one.facts, today)
                if facts is not one.facts:
                    one = replace(one, facts=facts, html="")
                kept[one.path] = (one.digest, one.facts)
                yield by_path[one.path], one

        results = pool.run(wanted, lambda item: parse(root, item, topics), self.options.workers)
        self.cache.keep_sources(remember(results))
        self.cache.commit()
        for item in pages:
            digest, facts = kept.pop(item.path)
            yield item, digest, facts

    def _after_notice(self, item: Found, source: Source, today: date) -> Source:
        """Take out of the cache, and return without it, what an ended 公示期 takes away."""
        facts = after_notice(item, source.facts, today)
        if facts is source.facts:
            return source
        self.cache.keep_sources([(item, Parsed(item.path, source.digest, facts, ""))])
        return replace(source, facts=facts)

    def standing_release(self, target: Path, inputs: Iterable[Path]) -> list[Problem] | None:
        """Return the problems of the standing release if a build would give it again.

        ``inputs`` are the files and folders beside content/ that shape the site. Everything is
        judged by stat signatures, as in version control; the answer is ``None`` when anything
        changed, changed just now, or when the day makes a difference.
        """
        try:
            last = self.cache.release(str(target))
        except sqlite3.DatabaseError:
            return None
        self._walked = walk(self.options.content)
        found = self._walked[0]
        stamp = locate(self.options.content).stamp
        if last is None or last["inputs"] != self._inputs_digest(found, inputs, stamp):
            return None
        as_of = Moment.parse(last["as_of"])
        now = self.options.as_of
        if now is None:
            now = Moment.parse(last["pinned"]) if last["pinned"] else china_now()
        if now.date != as_of.date or now.key() < as_of.key() or now.key() >= last["until"]:
            return None
        if last["standing"] != standing_digest(standing_files(target)):
            return None
        if Staging(target).has_leftovers:
            return None  # a build clears them away
        return [
            problem
            for path, packed in last["problems"].items()
            for problem in unpack_problems(path, packed)
        ]

    def _inputs_digest(
        self, found: list[Found], inputs: Iterable[Path], history: str
    ) -> str | None:
        """Return a digest of the signatures of all inputs, or ``None`` when one is too young."""
        settled = time.time_ns() - SETTLED
        lines = [self.cache.version, str(self.options.quarantine), self.options.mode, history]
        for item in found:
            if item.modified > settled:
                return None
            lines.append(f"{item.path} {item.size} {item.modified}")
        for place in inputs:
            for name, size, modified in signatures(place):
                if modified > settled:
                    return None
                lines.append(f"{place.name}/{name} {size} {modified}")
        return digest_of_text(*lines)

    def remember_release(self, target: Path, inputs: Iterable[Path]) -> None:
        """Remember the release that stands now, so that an unchanged build can be told."""
        assert self.judged is not None and self.settings is not None
        digest = self._inputs_digest(self._found, inputs, self.history.place.stamp)
        if digest is None:
            self.cache.forget_release(str(target))  # its messages may quote what is gone
            return
        problems: dict[str, list[Any]] = {}
        for problem in self.judged.problems:
            problems.setdefault(problem.place.path, []).append(pack_problem(problem))
        pinned = self.settings.site.as_of
        facts = {
            "inputs": digest,
            "as_of": str(self.judged.as_of),
            "pinned": str(pinned) if pinned else "",
            "until": next_instant(self.judged),
            "standing": standing_digest(self._standing),
            "problems": problems,
        }
        self.cache.keep_release(str(target), facts)

    def _progress(self, label: str, results: Iterable[T], total: int) -> Iterator[T]:
        """Pass results on and tell how far the work has come, where somebody listens."""
        tell = self.options.progress
        for n, one in enumerate(results, 1):
            if tell is not None and (n % 50 == 0 or n == total):
                tell(label, n, total)
            yield one

    def check(self) -> Judged:
        """Return the judged content, or refuse it.

        Raises:
            RejectedContent: there are errors; with quarantine only errors in settings count.
        """
        judged = self.judged or self.load()
        settings = self.settings
        fatal = [p for p in judged.problems if p.severity is Severity.ERROR]
        if self.options.quarantine and settings is not None:
            fatal = [p for p in settings.problems if p in fatal and not _stops_one_agency(p)]
        if fatal:
            raise RejectedContent(len(fatal))
        return judged

    def take_shell(self, depth: int, page: str) -> None:
        """Take the page that MkDocs rendered for one depth."""
        self.shells[depth] = Shell.split(page)

    def plan(self) -> Plan:
        """Return the plan of this build's content, shells and templates."""
        assert self.judged is not None and self.settings is not None, "load() comes first"
        if self._plan is None:
            self._plan = Plan(
                self.judged,
                self.settings.digest,
                self.cache.version,
                Templates(self.options.theme),
                self.shells,
                self._body,
                self.options.content,
                self.cache,
                self.settings.search_words,
                self.options.workers,
                self.history,
            )
        return self._plan

    def _body(self, record: EntryRecord | GuideRecord | ReportRecord) -> str:
        """Return a record's safe HTML; a lost or damaged cache only costs parsing it again."""
        html = self.cache.body(record.path, record.digest)
        if html is None or digest_of_text(html) != record.body.digest:
            found = next(f for f in walk(self.options.content)[0] if f.path == record.path)
            again = parse(self.options.content, found)
            if again.digest != record.digest:  # what was judged is what is published, or nothing
                raise OSError(0, "内容在构建过程中被改动，请重新构建", record.path)
            html = again.html
        return html

    def publish(self, target: Path, prose: Iterable[Artifact] = ()) -> Outcome:
        """Press what changed and swap the new release in; the old site stands until then.

        The caller holds the lock of the target (``release.staging.locked``).

        Raises:
            OSError: the disk is full or not writable; the published site is untouched.
        """
        drawn = list(prose)
        with _without_collector():
            try:
                return self._publish(target, drawn)
            except sqlite3.OperationalError:
                raise  # locked, or no room: nothing is wrong with what it holds
            except sqlite3.DatabaseError:
                self.cache.reset()  # damaged beyond what the check on opening sees
                self._plan = None
                return self._publish(target, drawn)

    def _publish(self, target: Path, prose: Iterable[Artifact]) -> Outcome:
        plan = self.plan()
        artifacts: dict[str, Artifact] = {}
        for artifact in prose:
            artifacts[artifact.address] = artifact
        plan.prose = frozenset(artifacts)
        plan.without_redirect.clear()
        if self.options.quarantine:
            before = self.cache.pages(str(target))
            known = {address: page.digest for address, page in before.items()}
            plan.kept = kept_pages(plan.judged, target, self.options.content, known)
        for producer in self.producers:
            for artifact in producer(plan):
                if artifact.address in artifacts:
                    raise TwoSources(artifact.address)
                artifacts[artifact.address] = artifact
        for written in plan.without_redirect:
            self.notices.append(f"旧网址 {written} 处有网站自己的固定页面，没有作转向")
        for artifact in kept_artifacts(plan, target):
            artifacts[artifact.address] = artifact  # instead of "no guide", where there was one
        return self._release(artifacts, target)

    def _release(self, artifacts: dict[str, Artifact], target: Path) -> Outcome:
        cache = self.cache
        staging = Staging(target)
        staging.recover()
        before = cache.pages(str(target))
        standing = standing_files(target)
        unchanged, changed = [], []
        for address, artifact in artifacts.items():
            page = before.get(address)
            fits = page is not None and page.key == artifact.key
            if fits and page is not None and standing.get(address) == (page.size, page.modified):
                unchanged.append(address)
            else:
                changed.append(artifact)
        gone = sorted(before.keys() - artifacts.keys())
        outcome = Outcome(len(artifacts), removed=gone)
        self._standing = standing
        plan = self.plan()
        beside = {MANIFEST, CHECKPOINT} if plan.judged.corpus.ledger.rows else {MANIFEST}
        is_whole = standing.keys() - {*unchanged, SIGNATURE} == beside
        if not changed and is_whole:
            staging.clear()
            cache.commit()
            return outcome
        staging.begin()
        try:
            for prepare in {artifact.prepare: None for artifact in changed if artifact.prepare}:
                prepare()
            work = pool.run(changed, _writer(staging, target, before), self.options.workers)
            pressed = list(self._progress("生成", work, len(changed)))
            pages: dict[str, Page] = {}
            for artifact, (digest, size, modified, is_new) in zip(changed, pressed, strict=True):
                pages[artifact.address] = Page(artifact.key, digest, size, modified)
                if is_new:
                    outcome.written.append(artifact.address)
            for address in unchanged:
                staging.keep(address)
            everything = pages | {address: before[address] for address in unchanged}
            data = manifest(everything)
            listed = {MANIFEST: staging.write(MANIFEST, data)}
            if proof := checkpoint(plan, data):
                listed[CHECKPOINT] = staging.write(CHECKPOINT, proof)
                if SIGNATURE in standing and _holds(target / CHECKPOINT, proof):
                    staging.keep(SIGNATURE)  # what was signed is signed again
                    listed[SIGNATURE] = standing[SIGNATURE]
            with self.around_swap(staging.folder, staging.target):
                staging.publish()
        except BaseException:
            staging.abandon()
            raise
        cache.keep_pages(str(target), pages, gone)
        self._standing = {
            address: (page.size, page.modified) for address, page in everything.items()
        }
        self._standing.update(listed)
        outcome.swapped = True
        return outcome


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def _stops_one_agency(problem: Problem) -> bool:
    """Tell whether a slip in a data file costs its own agency alone.

    A folder that has no ``agency.yml`` yet has published nothing. One that is broken, or a
    broken ``withdrawn.yml``, would take published addresses away: that stops the build, and the
    site stays as it is.
    """
    return problem.code is MISSING_FILE and problem.place.path.startswith("agencies/")


def china_now() -> Moment:
    """Return the present minute in the time of the People's Republic."""
    now = datetime.now(CHINA)
    return Moment(now.date(), now.time().replace(second=0, microsecond=0))


def turning_days(judged: Judged) -> Iterator[date]:
    """Yield the days on which a 公示期 has ended, or an approval that a page lacks begins."""
    corpus, today = judged.corpus, judged.today
    for record in corpus.entries:
        if record.entry is not None and record.entry.notice is not None:
            yield record.entry.notice.over_on
    if corpus.site.review_rules:
        for page in reviewed(corpus):
            yield from coming_approvals(corpus, page, today)


def next_instant(judged: Judged) -> str:
    """Return the key of the first moment after the build's at which the site is another."""
    pages: list[Entry | Guide | AnnualReport | Assessment | None] = []
    pages += [r.entry for r in judged.corpus.entries]
    pages += [r.assessment for r in judged.corpus.assessments.values()]
    pages += [r.guide for r in judged.corpus.guides.values()]
    pages += [r.report for r in judged.corpus.reports]
    keys = [page.published_on.key() for page in pages if page is not None]
    keys += [Moment(day).key() for day in turning_days(judged)]
    return min((key for key in keys if key > judged.as_of.key()), default="9999")


@contextmanager
def _without_collector() -> Iterator[None]:
    """Do without the cycle collector: a corpus is many values and no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def manifest(pages: dict[str, Page]) -> bytes:
    """Return the list of published files: BLAKE2b-128 digest, size and address, a line each."""
    lines = [f"{page.digest}\t{page.size}\t{address}\n" for address, page in sorted(pages.items())]
    return "".join(lines).encode()


def _writer(
    staging: Staging, target: Path, before: dict[str, Page]
) -> Callable[[Artifact], tuple[str, int, int, bool]]:
    """Return the work of one page: press it, and write it unless the same bytes stand already."""

    def write(artifact: Artifact) -> tuple[str, int, int, bool]:
        data = artifact.make()
        digest = digest_of_bytes(data)
        page = before.get(artifact.address)
        if page is not None and page.digest == digest and _stands(target / artifact.address, page):
            staging.keep(artifact.address)
            return digest, page.size, page.modified, False
        size, modified = staging.write(artifact.address, data)
        return digest, size, modified, True

    return write


def _stands(path: Path, page: Page) -> bool:
    try:
        facts = path.stat()
    except OSError:
        return False
    return (facts.st_size, facts.st_mtime_ns) == (page.size, page.modified)


def moment(text: str) -> Moment:
    """Read an ``--as-of`` instant.

    Raises:
        ValueError: it is no date, or no date and time.
    """
    try:
        return Moment.parse(text)
    except PydanticCustomError as error:
        raise ValueError(text) from error
