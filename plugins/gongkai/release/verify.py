"""A published folder against the content it claims to publish: a second count, by other means.

Nothing here is shared with the builder: the walk, the reading of front matter, the digests and
the account are written anew from the promises alone, so that a slip in the builder cannot hide
itself. What is checked: every source file has exactly one state; what is published has a page
that bears its title and number; what is not published is nowhere; what the ledger says was
published is there, and the log is the tree over it; every internal link and anchor leads
somewhere; nothing runs, and no page loads anything from another host; every byte is as listed.
"""

from __future__ import annotations

import gc
import hashlib
import json
import multiprocessing
import os
import re
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from gongkai.release import proof
from gongkai.release.pages import Reader, unsafe_file
from gongkai.release.staging import let_go

_MANIFEST = "data/manifest.tsv"
_PART = 128  # files that a worker takes at a time
_ELSEWHERE = "//"  # a link that leaves the site
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LISTED = re.compile(r"[0-9a-f]{32}\t[0-9]+\t.+")
_STATES = {
    "published",
    "counted",
    "held_back",
    "scheduled",
    "rejected",
    "withdrawn",
    "used",
    "unused",
    "ended",
}
_NUMBER = re.compile(r"^(?:index_number|索引号):[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_WHOLE_NUMBER = re.compile(r"[0-9A-Za-z._-]+/[0-9A-Za-z._-]*[0-9A-Za-z]")
_TEXTS = (".html", ".json", ".csv", ".xml")
_GRAVE = re.compile(r"(?:index_number|索引号):[ \t]*[\"']?([^\s\"',}]+)")
_HIDDEN = ("counted", "held_back", "scheduled", "rejected")
# the list cannot name itself, nor what commits to it
_UNLISTED = {"data/manifest.tsv", "log/checkpoint", "log/checkpoint.sig"}


def verify(content: Path, site: Path) -> tuple[list[str], str]:
    """Return what does not agree, and a sentence that sums up what was counted."""
    findings: list[str] = []
    account = _account(site, findings)
    sources = _walk(content)
    states = _with_names(account.get("files", {}), sources)
    findings += [
        f"{path}: 源文件没有记入 data/build.json" for path in sorted(sources - states.keys())
    ]
    findings += [
        f"{path}: data/build.json 记了不存在的源文件" for path in sorted(states.keys() - sources)
    ]
    findings += [f"{path}: 状态“{s}”不认识" for path, s in states.items() if s not in _STATES]
    stated = {key: n for key, n in account.get("counts", {}).items() if n}
    if stated != dict(Counter(states.values())):
        findings.append(f"data/build.json: 各状态合计不符：{stated}")
    files = _walk(site)
    expected, hidden = _numbers(content, states)
    kept = _kept(account, content, findings)
    hidden = {number: path for number, path in hidden.items() if f"i/{number}" not in kept}
    scan = _scanned(site, files, hidden, kept, findings)
    articles = {a for a in scan.articles if a.removesuffix(".html") not in kept}
    _check_entries(expected, hidden, articles, files, findings)
    _check_exports(site, expected, findings)
    _check_account(account, expected, findings)
    _check_log(content, site, files, findings)
    pages = scan.pages
    words = (
        f"核对了 {len(sources)} 个源文件、{len(files)} 个发布文件、"
        f"{pages} 个页面、{len(expected)} 个条目："
    )
    return findings, words + (f"{len(findings)} 处不符" if findings else "全部相符")


def _account(site: Path, findings: list[str]) -> dict[str, Any]:
    try:
        account = json.loads((site / "data" / "build.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        findings.append(f"data/build.json: 读不出（{error}）")
        return {}
    if not isinstance(account, dict) or not isinstance(account.get("files"), dict):
        findings.append("data/build.json: 没有文件清单")
        return {}
    return account


def _with_names(states: dict[str, str], sources: set[str]) -> dict[str, str]:
    """Return the account with the names of files that stand in it as ``folder/#n``.

    They are numbered in the order of the names that the account leaves out of each folder.
    """
    left: dict[str, list[str]] = {}
    for path in sorted(sources - states.keys()):
        left.setdefault(path.rpartition("/")[0], []).append(path)
    named = {}
    for key, state in states.items():
        folder, _, number = key.rpartition("/#")
        names = left.get(folder, [])
        if number.isdigit() and 0 < int(number) <= len(names):
            named[names[int(number) - 1]] = state
        else:
            named[key] = state
    return named


def _walk(root: Path) -> set[str]:
    found = set()
    for folder, folders, names in os.walk(root):
        links = [name for name in folders if os.path.islink(f"{folder}/{name}")]
        for name in (*names, *links):
            found.add((Path(folder) / name).relative_to(root).as_posix())
    return found


def _numbers(content: Path, states: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return (published, hidden) index numbers, read from the sources themselves."""
    published: dict[str, str] = {}
    hidden: dict[str, str] = {}
    for path, state in states.items():
        if "/catalogue/" not in path or not path.endswith(".md"):
            continue
        try:
            text = (content / path).read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        head = text.replace("\r\n", "\n").split("\n---", 1)[0]
        if match := _NUMBER.search(head):
            if state == "published":
                published[match[1]] = path
            elif state in _HIDDEN:
                hidden[match[1]] = path
    shown = published.keys() | _withdrawn(content)
    return published, {number: path for number, path in hidden.items() if number not in shown}


def _withdrawn(content: Path) -> set[str]:
    """Return the numbers that tombstones stand for, which may be named."""
    files = content.glob("agencies/*/withdrawn.yml")
    return {n for file in files for n in _GRAVE.findall(file.read_text("utf-8", "replace"))}


def _kept(account: dict[str, Any], content: Path, findings: list[str]) -> set[str]:
    """Return the addresses, without ``.html``, that a quarantine build did not make anew.

    Only what the ledger says was published may stand there in spite of its source.
    """
    stated = {*account.get("kept", ()), *account.get("suspended", ())}
    if not stated:
        return set()
    live: dict[str, str] = {}
    for row in proof.ledger_rows(content)[0]:
        live[row.address] = row.event
    strange = {a for a in stated if live.get(a) in (None, "withdrawn", "erased")}
    findings += [f"{a}.html: 没有公布过，却留着旧的页面" for a in sorted(strange)]
    return stated - strange


def _check_entries(
    expected: dict[str, str],
    hidden: dict[str, str],
    articles: set[str],
    files: set[str],
    findings: list[str],
) -> None:
    for number, path in expected.items():
        address = f"i/{number}.html"
        if address not in files:
            findings.append(f"{path}: 已发布的条目没有页面 {address}")
        elif address not in articles:
            findings.append(f"{address}: 缺少 ArticleTitle 标签")
    leaks = {f"i/{number}": path for number, path in hidden.items()}
    for address in sorted(files) if hidden else ():
        part = address.removesuffix(".html")
        while part and part not in leaks:
            part = part.rpartition("/")[0]
        if part:
            findings.append(f"{leaks[part]}: 未发布的条目出现在 {address}")
    entries = {address for address in articles if address.startswith("i/")}
    for address in sorted(entries - {f"i/{number}.html" for number in expected}):
        findings.append(f"{address}: 页面没有对应的源文件")


def _check_exports(site: Path, expected: dict[str, str], findings: list[str]) -> None:
    """Check that the catalogue holds just what is published."""
    name = "data/catalogue.json"
    try:
        rows = json.loads((site / name).read_text("utf-8"))["entries"]
        listed = Counter(str(row["index_number"]) for row in rows)
    except (OSError, ValueError, LookupError, TypeError) as error:
        findings.append(f"{name}: 读不出（{error}）")
        listed = Counter(expected)
    findings += [f"{path}: {name} 里没有这一条" for n, path in expected.items() if not listed[n]]
    findings += [f"{name}: 多出或重复了 {n}" for n in listed if n not in expected or listed[n] > 1]


def _check_account(account: dict[str, Any], expected: dict[str, str], findings: list[str]) -> None:
    """Check that what went in is what came out and what did not: nothing is counted twice."""
    counts, files = account.get("counts", {}), account.get("files", {})
    numbers = [n for n in counts.values() if isinstance(n, int) and n >= 0]
    if len(numbers) != len(counts) or sum(numbers) != len(files):
        findings.append(f"data/build.json: 各状态之和 {sum(numbers)} 不等于文件数 {len(files)}")
    if account and account.get("entries", len(expected)) != len(expected):
        written = f"条目数 {account.get('entries')}"
        findings.append(f"data/build.json: {written} 与公布的 {len(expected)} 条不符")


def _check_log(content: Path, site: Path, files: set[str], findings: list[str]) -> None:
    """Check every address of the ledger, and the log against a tree grown from the ledger here."""
    rows, wrong = proof.ledger_rows(content)
    findings += wrong
    findings += proof.unpublished(rows, files)
    if proof.CHECKPOINT not in files:
        if rows:
            findings.append(f"{proof.CHECKPOINT}: 登记簿有 {len(rows)} 条，网站没有发布日志")
        findings += [f"{a}: 没有检查点的发布日志" for a in sorted(files) if a.startswith("log/")]
        return
    try:
        checkpoint = proof.Checkpoint.read(_bytes(site, proof.CHECKPOINT) or b"")
    except ValueError as error:
        findings.append(f"{proof.CHECKPOINT}: 检查点{error}")
        return
    listed = hashlib.sha256(_bytes(site, _MANIFEST) or b"").hexdigest()
    if listed != checkpoint.manifest:
        findings.append(f"{_MANIFEST}: 与检查点写明的摘要不符")
    found, leaves = proof.log_findings(checkpoint, lambda address: _bytes(site, address))
    found += proof.against_ledger(checkpoint, leaves, rows)[0]
    if not found and checkpoint.size < len(rows):
        words = f"发布日志有 {checkpoint.size} 条，登记簿有 {len(rows)} 条，请重新生成"
        found.append((proof.CHECKPOINT, words))
    findings += [f"{address}: {why}" for address, why in found]


def _bytes(site: Path, address: str) -> bytes | None:
    path = f"{site}/{address}"
    try:
        if os.path.islink(path):
            return None
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


# ---- every published file, read once


@dataclass(slots=True)
class _Scan:
    """What the files of a site say together."""

    pages: int = 0
    articles: set[str] = field(default_factory=set)
    findings: list[str] = field(default_factory=list)
    anchors: list[tuple[str, str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Job:
    """What the workers need to know of the whole site."""

    site: Path
    files: set[str]
    listed: dict[str, tuple[str, int]]
    attachments: dict[str, tuple[str, int]]  # address → SHA-256, size
    hidden: dict[str, str]
    kept: set[str]
    addresses: list[str]


def _scanned(
    site: Path, files: set[str], hidden: dict[str, str], kept: set[str], findings: list[str]
) -> _Scan:
    """Read every file once, and hold it against the list and against what a page may hold."""
    listed = _listed(site, files, findings)
    attachments = _attachments(site, files, findings)
    job = _Job(site, files, listed, attachments, hidden, kept, sorted(files))
    scan = _Scan()
    for part in _in_parts(job):
        scan.pages += part.pages
        scan.articles |= part.articles
        scan.findings += part.findings
        scan.anchors += part.anchors
    reader = Reader()
    held: dict[str, set[str]] = {}
    for address, target, where, anchor in scan.anchors:
        if where not in held:
            text = (_bytes(site, where) or b"").decode("utf-8", "replace")
            held[where] = reader.read(text).anchors
        if anchor not in held[where]:
            scan.findings.append(f"{address}: 链接 {target} 的锚点不存在")
    findings += scan.findings
    return scan


def _listed(site: Path, files: set[str], findings: list[str]) -> dict[str, tuple[str, int]]:
    """Return what the list of files says of each, and note what it should not or does not say."""
    data = _bytes(site, _MANIFEST)
    if data is None:
        findings.append(f"{_MANIFEST}: 缺少清单")
        return {}
    listed = {}
    for line in data.decode("utf-8", "replace").splitlines():
        if not _LISTED.fullmatch(line):
            findings.append(f"{_MANIFEST}: 有一行看不懂")
            continue
        digest, size, address = line.split("\t", 2)
        listed[address] = (digest, int(size))
        if address not in files:
            findings.append(f"{address}: 清单上有，网站上没有")
    strange = files - listed.keys() - _UNLISTED
    findings += [f"{address}: 不在清单上，可能是外来文件" for address in sorted(strange)]
    return listed


def _attachments(site: Path, files: set[str], findings: list[str]) -> dict[str, tuple[str, int]]:
    """Return the SHA-256 and size that data/files.json publishes of each attachment."""
    name = "data/files.json"
    if name not in files:
        return {}
    try:
        rows = json.loads(_bytes(site, name) or b"")["files"]
        found = {row["address"]: (row["sha256"], int(row["size"])) for row in rows}
    except (ValueError, LookupError, TypeError) as error:
        findings.append(f"{name}: 读不出（{error}）")
        return {}
    findings += [f"{name}: 没有 {address} 这个附件" for address in sorted(found.keys() - files)]
    return found


_job: _Job | None = None


def _in_parts(job: _Job) -> Iterator[_Scan]:
    """Yield what is found in the files, part by part, in order; on all processors where it pays."""
    starts = range(0, len(job.addresses), _PART)
    can_fork = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    count = min(os.cpu_count() or 1, len(starts))
    global _job
    _job = job
    try:
        if count < 2 or len(starts) < 4 or not can_fork:
            yield from map(_part, starts)
            return
        gc.freeze()  # what is old stays shared with the workers
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(count, mp_context=context, initializer=let_go) as pool:
            yield from pool.map(_part, starts)
    finally:
        gc.unfreeze()
        _job = None


_reader = Reader()
_places: dict[tuple[str, str], tuple[str, str, str]] = {}  # (folder, target) → path, anchor, slip


def _part(first: int) -> _Scan:
    """Read some of the files."""
    assert _job is not None, "workers inherit the job"
    job, scan = _job, _Scan()
    for address in job.addresses[first : first + _PART]:
        _check_file(job, address, scan)
    return scan


def _check_file(job: _Job, address: str, scan: _Scan) -> None:
    path, found = f"{job.site}/{address}", scan.findings
    if os.path.islink(path):
        found.append(f"{address}: 是链接，不是文件")
        return
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        found.append(f"{address}: 读不出（{error.strerror}）")
        return
    if address in job.listed:
        digest = hashlib.blake2b(data, digest_size=16).hexdigest()
        if job.listed[address] != (digest, len(data)):
            found.append(f"{address}: 内容与清单不符，可能被改动")
    published = job.attachments.get(address)
    if published and published != (hashlib.sha256(data).hexdigest(), len(data)):
        found.append(f"{address}: 附件与 data/files.json 公布的摘要不符")
    if job.hidden and address.endswith(_TEXTS):
        for number in _WHOLE_NUMBER.findall(data.decode("utf-8", "replace")):
            if number in job.hidden:
                found.append(f"{job.hidden[number]}: 未发布的条目的索引号出现在 {address}")
    if address.endswith(".html"):
        scan.pages += 1
        _check_page(job, address, data, scan)
    else:
        found += [f"{address}: 含有活动内容 {what}" for what in unsafe_file(address, data)]


def _check_page(job: _Job, address: str, data: bytes, scan: _Scan) -> None:
    """Check what one page points to and holds."""
    found = scan.findings
    page = _reader.read(data.decode("utf-8", "replace"))
    if page.is_article:
        scan.articles.add(address)
    found += [f"{address}: 含有活动内容 {what}" for what in page.active]
    for target in sorted(page.loads):
        if _SCHEME.match(target) or target.startswith(("//", "\\")):
            found.append(f"{address}: 从别的主机加载 {target}")
    for target in sorted(page.forms):
        if _SCHEME.match(target) or target.startswith(("//", "\\")):
            found.append(f"{address}: 表单提交到别的主机 {target}")
    if address == "404.html":
        return  # served at any depth, so its links are absolute by nature
    folder = address.rpartition("/")[0]
    for target in sorted(page.links | page.loads | page.forms):
        place = _places.get((folder, target))
        if place is None:
            if len(_places) > 500_000:
                _places.clear()
            place = _places[folder, target] = _place(folder, target)
        where, anchor, slip = place
        if slip:
            found.append(f"{address}: 链接 {target} {slip}")
            continue
        if where is _ELSEWHERE:
            continue
        where = where or address
        if where not in job.files:
            # a page left as it was may point to a list that stood for it alone
            if not _is_kept(address, job.kept):
                found.append(f"{address}: 链接 {target} 没有对应的文件")
        elif anchor and where == address:
            if anchor not in page.anchors:
                found.append(f"{address}: 链接 {target} 的锚点不存在")
        elif anchor and where.endswith(".html") and not _is_kept(address, job.kept):
            scan.anchors.append((address, target, where, anchor))


def _is_kept(address: str, kept: set[str]) -> bool:
    """Tell whether a page, or the item that it is of, was left as the last publication made it."""
    own = address.removesuffix(".html")
    return own in kept or own.removesuffix("/changes") in kept


def _place(folder: str, target: str) -> tuple[str, str, str]:
    """Return where a link from a folder leads: file, anchor, and what is wrong with the link."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "", "", "不是网址"
    if parts.scheme and parts.scheme not in ("http", "https", "mailto", "tel"):
        return "", "", "的形式不能发布"
    if parts.scheme or parts.netloc:
        return _ELSEWHERE, "", ""
    path = unquote(parts.path)
    joined = ""
    if path:
        joined = os.path.normpath(f"{folder}/{path}").replace(os.sep, "/").lstrip("/")
    return joined, unquote(parts.fragment), ""
