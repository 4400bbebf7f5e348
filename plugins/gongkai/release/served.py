"""A served copy of a site against what proves it: every changed, missing and injected file.

The list of files is bound to the checkpoint of the publication log; the checkpoint is trusted by
its signature, or by the project's own ledger and built site. Without any of them only agreement
within itself can be told, and that is said.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from gongkai.release import proof, tampering
from gongkai.release.fetch import Answer, Folder, Source, State, Web
from gongkai.release.signing import Command, is_signed

MANIFEST = "data/manifest.tsv"
WORKERS = 8
_UNLISTED = {MANIFEST, proof.CHECKPOINT, proof.SIGNATURE}
_LONGEST_MANIFEST = 128 * 1024 * 1024
_LONGEST_CHECKPOINT = 16 * 1024
_LONGEST_FILE = 1024 * 1024 * 1024
_LINE = re.compile(r"([0-9a-f]{32})\t(\d{1,12})\t(.+)", re.ASCII)
_MARKUP = re.compile(r"<[a-zA-Z!/?]|https?:")
_HAN = re.compile("[\u4e00-\u9fff]{2}")
_PROBES = 2000  # linked addresses that are not on the list and are asked for
_QUERIES = 5  # of one such address
_KEPT_PAGES = 300  # changed pages whose text is looked at
_TEXTS = (".html", ".htm", ".xml", ".php", ".asp", ".aspx", ".jsp", ".txt")

Listed = dict[str, tuple[str, int]]  # address → digest, size


class Kind(StrEnum):
    """What is wrong with an address."""

    CHANGED = "changed"
    MISSING = "missing"
    INJECTED = "injected"
    LOG = "log"
    UNREADABLE = "unreadable"


_LABELS = {
    Kind.CHANGED: "内容被改动",
    Kind.MISSING: "缺少，清单上有",
    Kind.INJECTED: "外来文件，清单上没有",
    Kind.LOG: "发布日志不符",
    Kind.UNREADABLE: "读不到",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One address that is not as it was published."""

    kind: Kind
    address: str
    why: str = ""

    def line(self) -> str:
        """Return it as one line for the operator."""
        why = f"（{self.why}）" if self.why else ""
        return f"{tampering.shown(self.address, 300)}: {_LABELS[self.kind]}{why}"


@dataclass(frozen=True, slots=True)
class Anchors:
    """What a copy may be held against; the less there is, the less is proved."""

    check: Command | None = None  # checks the signature of the checkpoint
    content: Path | None = None  # the project's content, for its ledger
    site: Path | None = None  # a built site known to be sound
    since: bytes | None = None  # an older checkpoint


@dataclass
class Verdict:
    """What was found, and on whose word."""

    differences: list[Difference] = field(default_factory=list)
    trusted: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: int = 0
    is_proved: bool = False  # the list of files itself was held against something
    domain: str = ""  # of the site, as its log calls itself
    why_not: str = ""  # set when nothing could be checked

    @property
    def code(self) -> int:
        """The exit status: 0 all agrees, 1 something differs, 2 it could not be checked."""
        if self.why_not:
            return 2
        kinds = {one.kind for one in self.differences}
        return 2 if kinds == {Kind.UNREADABLE} else int(bool(kinds))

    def summary(self) -> str:
        """Return one sentence on the whole."""
        if self.why_not:
            return self.why_not
        counts = Counter(one.kind for one in self.differences)
        if not counts:
            return f"核对了 {self.files} 个文件：全部相符"
        listed = "，".join(f"{_LABELS[kind]} {counts[kind]} 处" for kind in Kind if counts[kind])
        return f"核对了 {self.files} 个文件：{listed}"


def check(
    source: Source,
    anchors: Anchors,
    *,
    tell: Callable[[str, int, int], None] | None = None,
    workers: int = WORKERS,
) -> Verdict:
    """Hold a copy against its list of files, its log and what is known of both.

    Raises:
        SigningFailed: the command that checks signatures cannot be run.
        ValueError: the older checkpoint given is none.
    """
    verdict = Verdict()
    older = proof.Checkpoint.read(anchors.since) if anchors.since is not None else None
    answer = source.read(MANIFEST, _LONGEST_MANIFEST, keep=_LONGEST_MANIFEST)
    head = source.read(proof.CHECKPOINT, _LONGEST_CHECKPOINT)
    own = _own_manifest(anchors.site)
    if not answer.is_found and (own is None or source.is_down):
        verdict.why_not = f"{source.name}：读不到 {MANIFEST}，无法核对（{_reason(answer)}）"
        return verdict
    is_signed_list = _check_head(source, anchors, answer, head, older, verdict)
    listed = _authority(answer, own, is_signed_list, anchors, verdict)
    if listed is None:
        verdict.why_not = f"{source.name}：{MANIFEST} 看不懂，没有别的清单可以对照"
        return verdict
    sweep = _Sweep(source, listed, anchors.site, verdict, tell, workers)
    sweep.run()
    if anchors.check is None and head.is_found:
        sweep.note_signature()
    if verdict.differences and answer.is_found:
        again = source.read(MANIFEST, _LONGEST_MANIFEST)
        if again.is_found and again.digest != answer.digest:
            verdict.notes.append("核对期间网站的文件清单变了：网站可能正在更新，请再核对一次")
    verdict.differences.sort(key=lambda one: (one.kind, one.address))
    return verdict


def _check_head(
    source: Source,
    anchors: Anchors,
    answer: Answer,
    head: Answer,
    older: proof.Checkpoint | None,
    verdict: Verdict,
) -> bool:
    """Check the checkpoint and the log; tell whether a signature covers the list of files."""
    found = verdict.differences
    rows, wrong = proof.ledger_rows(anchors.content) if anchors.content else ([], [])
    verdict.notes += wrong
    if not head.is_found:
        if anchors.check is not None or rows or older is not None:
            found.append(Difference(Kind.LOG, proof.CHECKPOINT, f"没有检查点，{_reason(head)}"))
        else:
            verdict.notes.append("网站没有发布日志（log/checkpoint）")
        return False
    is_trusted = False
    if anchors.check is not None:
        is_trusted = _check_signature(source, head.data, anchors.check, verdict)
    try:
        checkpoint = proof.Checkpoint.read(head.data)
    except ValueError as error:
        found.append(Difference(Kind.LOG, proof.CHECKPOINT, f"检查点{error}"))
        return False
    verdict.domain = checkpoint.origin.removesuffix("/log")
    is_bound = hashlib.sha256(answer.data).hexdigest() == checkpoint.manifest
    if not is_bound and answer.is_found:
        found.append(Difference(Kind.CHANGED, MANIFEST, "文件清单与检查点不符"))

    def read(address: str) -> bytes | None:
        one = source.read(address, 16 * 1024)
        return one.data if one.is_found else None

    wrong_log, leaves = proof.log_findings(checkpoint, read)
    if rows:
        differ, words = proof.against_ledger(checkpoint, leaves, rows)
        wrong_log += differ
        if words:
            verdict.trusted.append(words)
    if older is not None:
        wrong_log += (differ := proof.since_findings(checkpoint, leaves, older))
        if not differ:
            verdict.trusted.append(f"发布日志接续旧的检查点（{older.size} 条）")
    found += [Difference(Kind.LOG, address, why) for address, why in wrong_log]
    return is_trusted and is_bound


def _check_signature(source: Source, text: bytes, check: Command, verdict: Verdict) -> bool:
    answer = source.read(proof.SIGNATURE, _LONGEST_CHECKPOINT)
    if not answer.is_found:
        why = f"没有签名，{_reason(answer)}"
    elif is_signed(text, answer.data, check):
        verdict.trusted.append("检查点的签名有效")
        return True
    else:
        why = "签名无效：检查点或签名被改动，或者不是这把密钥签的"
    verdict.differences.append(Difference(Kind.LOG, proof.CHECKPOINT, why))
    return False


def _authority(
    answer: Answer, own: Listed | None, is_signed_list: bool, anchors: Anchors, verdict: Verdict
) -> Listed | None:
    """Return the list of files that counts: the signed one, else our own, else the copy's."""
    served = _read_manifest(answer.data) if answer.is_found else None
    is_same = served is not None and served == own
    if own is not None and not is_signed_list:
        verdict.is_proved = True
        if is_same:
            verdict.trusted.append(f"文件清单与 {anchors.site} 一致")
        else:
            why = f"与 {anchors.site} 的清单不同，以后者为准"
            kind = Kind.CHANGED if answer.is_found else Kind.MISSING
            verdict.differences.append(Difference(kind, MANIFEST, why))
        return own
    if own is not None and not is_same:
        verdict.notes.append(f"文件清单有签名，但与 {anchors.site} 不同：两者不是同一次发布的")
    verdict.is_proved = is_signed_list
    if not is_signed_list:
        verdict.notes.append(
            "登记簿只证明发布日志；文件清单没有签名或本地的网站可以对照，只核对了前后是否一致"
            if verdict.trusted
            else "没有密钥、登记簿或本地的网站可以对照：只核对了这份网站自身前后是否一致"
        )
    return served


def _own_manifest(site: Path | None) -> Listed | None:
    if site is None:
        return None
    try:
        return _read_manifest((site / MANIFEST).read_bytes())
    except OSError:
        return None


def _read_manifest(data: bytes) -> Listed | None:
    """Return the files that a list names, or nothing where a line cannot be one of a list."""
    found: Listed = {}
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return None
    if lines.pop():
        return None
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None or not tampering.is_plain(match[3]) or match[3] in found:
            return None
        found[match[3]] = (match[1], int(match[2]))
    return found


class _Sweep:
    """All files of a copy, read once, and what they link to beyond the list."""

    def __init__(
        self,
        source: Source,
        listed: Listed,
        own: Path | None,
        verdict: Verdict,
        tell: Callable[[str, int, int], None] | None,
        workers: int,
    ) -> None:
        self.source, self.listed, self.verdict = source, listed, verdict
        self._own = Folder(own) if own is not None and own.is_dir() else None
        self._tell, self._workers = tell, workers
        url = source.url if isinstance(source, Web) else "http://site.invalid/"
        self._bases = [url, *([f"https://{verdict.domain}/"] if verdict.domain else [])]
        self._changed: list[tuple[str, Answer]] = []
        self._known = {verdict.domain.partition("/")[0]}  # hosts that sound pages point to
        self._asked: set[tuple[str, str]] = set()  # (folder, target) that were looked at
        self._strange: dict[tuple[str, str], None] = {}  # (address, query) beyond the list
        self._soft: set[bytes] | None = set()  # what the server says of addresses it has not

    def run(self) -> None:
        """Read everything and add what differs to the verdict."""
        total = len(self.listed)
        with ThreadPoolExecutor(self._workers) as pool:
            if not isinstance(self.source, Folder):
                self._learn_soft()
            for n, found in enumerate(pool.map(self._look, self.listed), 1):
                self.verdict.files += 1
                if found is not None:
                    self.verdict.differences.append(found)
                if self._tell is not None and (n % 50 == 0 or n == total):
                    self._tell("核对", n, total)
            self._describe()
            if isinstance(self.source, Folder):
                self._walk(self.source)
            else:
                self._crawl(pool)

    def note_signature(self) -> None:
        """Tell what stands where the signature should, where no key says whether it is one.

        Nothing else vouches for that file: neither the list of files nor the checkpoint names it.
        """
        answer = self.source.read(proof.SIGNATURE, _LONGEST_CHECKPOINT)
        if not answer.is_found or self._soft is None or self._is_soft(proof.SIGNATURE, answer):
            return
        words = answer.data.decode("utf-8", "replace")
        if answer.size > _LONGEST_CHECKPOINT or _MARKUP.search(words) or _HAN.search(words):
            found = Difference(Kind.INJECTED, proof.SIGNATURE, "不是签名")
            self.verdict.differences.append(found)
            return
        ours = self._own.read(proof.SIGNATURE, _LONGEST_CHECKPOINT) if self._own else None
        if ours is None or ours.data != answer.data:
            self.verdict.notes.append("检查点的签名没有核对：没有给出公钥（--key）")

    def _look(self, address: str) -> Difference | None:
        """Compare one file with the list."""
        digest, size = self.listed[address]
        answer = self.source.read(address, min(size, _LONGEST_FILE))
        if answer.is_found and (answer.size, answer.digest) == (size, digest):
            if answer.beside:
                return Difference(Kind.CHANGED, address, answer.beside)
            if address.endswith(_TEXTS):
                self._follow(address, answer.data, is_sound=True)
            return None
        if answer.state is State.UNREADABLE:
            return Difference(Kind.UNREADABLE, address, answer.why)
        if answer.state is State.MISSING or self._is_soft(address, answer):
            return Difference(Kind.MISSING, address)
        if not answer.is_found:
            return Difference(Kind.CHANGED, address, answer.why)
        if address.endswith(_TEXTS):
            if answer.size > size:  # it was cut where it should have ended; see what follows
                answer = self.source.read(address, 2 * size + (1 << 20))
            if answer.is_found:
                self._follow(address, answer.data, is_sound=False)
        self._changed.append((address, answer))
        return None

    def _describe(self) -> None:
        """Say of every changed file what is different, now that sound pages are known."""
        self._changed.sort(key=lambda one: one[0])
        for n, (address, answer) in enumerate(self._changed):
            digest, size = self.listed[address]
            words = [f"应为 {size} 字节，实为 {answer.size} 字节"]
            if answer.size > size and not address.endswith(_TEXTS):
                words = [f"应为 {size} 字节，实际更长"]
            if n < _KEPT_PAGES:
                original = self._original(address, digest, size)
                if original is not None:
                    words.append(tampering.first_difference(answer.data, original))
                if address.endswith(_TEXTS):
                    words += tampering.additions(answer.data, original, self._known)
            why = "；".join(words)
            self.verdict.differences.append(Difference(Kind.CHANGED, address, why))

    def _original(self, address: str, digest: str, size: int) -> bytes | None:
        if self._own is None:
            return None
        answer = self._own.read(address, size)
        return answer.data if answer.is_found and answer.digest == digest else None

    def _walk(self, folder: Folder) -> None:
        """Name what stands in a folder beyond the list."""
        found = self.verdict.differences
        for address, why in folder.special.items():
            if address not in self.listed:
                found.append(Difference(Kind.INJECTED, address, why))
        for n, address in enumerate(sorted(folder.files - self.listed.keys() - _UNLISTED)):
            words = []
            if n < _KEPT_PAGES and address.endswith(_TEXTS):
                words = tampering.additions(folder.read(address, 1 << 21).data, None, self._known)
            found.append(Difference(Kind.INJECTED, address, "；".join(words)))

    # ---- what a server has beyond the list

    def _follow(self, address: str, data: bytes, *, is_sound: bool) -> None:
        """Take the addresses that a page points to beyond the list."""
        folder = address.rpartition("/")[0]
        targets = tampering.targets_in(data)
        for target in targets if is_sound else _both(targets, tampering.signs_of(data).targets):
            key = (folder, target) if not target.startswith(("?", "#")) else (address, target)
            if key in self._asked:
                continue
            self._asked.add(key)
            if is_sound and (host := tampering.host_of(target)):
                self._known.add(host)
            place = tampering.address_of(target, address, self._bases)
            if place and place[0] not in self.listed and place[0] not in _UNLISTED:
                self._strange.setdefault(place)

    def _learn_soft(self) -> None:
        """See what the server answers for addresses that cannot exist."""
        said = []
        for folder in ("", "i/"):
            address = f"{folder}gk-{secrets.token_hex(8)}.html"
            answer = self.source.read(address, 1 << 21)
            if answer.is_found:
                said.append(_nameless(answer.data, address))
        self._soft = {*said} if len({*said}) < 2 else None
        if said:
            self.verdict.notes.append(
                "服务器对不存在的网址也答复 200，应改为 404"
                + ("" if self._soft else "；答复每次不同，无法判断链接到的清单外网址是否外来")
            )

    def _is_soft(self, address: str, answer: Answer) -> bool:
        """Tell whether an answer is only how this server says that there is nothing."""
        if not answer.is_found or not self._soft:
            return False
        whole = self.source.read(address, 1 << 21)  # the answer was cut at the size on the list
        return whole.is_found and _nameless(whole.data, address) in self._soft

    def _crawl(self, pool: ThreadPoolExecutor) -> None:
        """Ask for linked addresses beyond the list, and for those that the found ones link to."""
        for address in ("sitemap.xml", "robots.txt"):
            if address not in self.listed:
                self._strange.setdefault((address, ""))
        done: set[tuple[str, str]] = set()
        queries: Counter[str] = Counter()
        queue: deque[tuple[str, str]] = deque(self._strange)
        probes = 0
        while queue and probes < _PROBES and not self.source.is_down:
            batch: list[tuple[str, str]] = []
            while queue and len(batch) < 64:
                place = queue.popleft()
                if place not in done and queries[place[0]] < _QUERIES:
                    done.add(place)
                    queries[place[0]] += 1
                    batch.append(place)
            probes += len(batch)
            for place, answer in zip(batch, pool.map(self._probe, batch), strict=True):
                if answer is not None:
                    self._name(place, answer)
            queue.extend(place for place in self._strange if place not in done)
        if probes >= _PROBES:
            self.verdict.notes.append(f"清单外的网址太多，只查了 {probes} 个")

    def _probe(self, place: tuple[str, str]) -> Answer | None:
        address, query = place
        answer = self.source.read(address, 1 << 21, query=query)
        if not answer.is_found or self._soft is None:
            return None
        return None if _nameless(answer.data, address) in self._soft else answer

    def _name(self, place: tuple[str, str], answer: Answer) -> None:
        address, query = place
        if address == "robots.txt":
            return  # a server's own; it names no page
        self._follow(address, answer.data, is_sound=False)
        why = "；".join(tampering.additions(answer.data, None, self._known))
        shown = f"{address}?{query}" if query else address
        self.verdict.differences.append(Difference(Kind.INJECTED, shown, why))


def _both(one: Iterator[str], other: list[str]) -> Iterator[str]:
    yield from one
    yield from other


def _nameless(data: bytes, address: str) -> bytes:
    """Return a digest of a page less the address it was asked by, which error pages repeat."""
    name = address.rpartition("/")[2]
    for part in (address, name, name.rpartition(".")[0]):
        data = data.replace(part.encode(), b"") if part else data
    return hashlib.sha256(data).digest()


def _reason(answer: Answer) -> str:
    return answer.why or ("没有这个文件" if answer.state is State.MISSING else "读不出")
