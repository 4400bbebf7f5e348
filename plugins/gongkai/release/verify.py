"""A published folder against the content it claims to publish: a second count, by other means.

Nothing here is shared with the builder: the walk, the reading of front matter, the digests and
the account are written anew from the promises alone, so that a slip in the builder cannot hide
itself. What is checked: every source file has exactly one state; what is published has a page
that bears its title and number; what is not published is nowhere; every internal link and
anchor leads somewhere; no page loads anything from another host; every byte is as listed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

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
}
_NUMBER = re.compile(r"^(?:index_number|索引号):[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_WHOLE_NUMBER = re.compile(r"[0-9A-Za-z._-]+/[0-9A-Za-z._-]*[0-9A-Za-z]")
_TEXTS = (".html", ".json", ".csv", ".xml")
_GRAVE = re.compile(r"(?:index_number|索引号):[ \t]*[\"']?([^\s\"',}]+)")
_HIDDEN = ("counted", "held_back", "scheduled", "rejected")
_LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
# what a chart is drawn with; in a drawing anything else could run or load something
_DRAWING = {"svg", "title", "desc", "g", "defs", "pattern", "rect", "line", "path", "circle"}
_DRAWING |= {"polyline", "polygon", "text", "tspan"}
_LOADS = re.compile(r"url\(\s*(?!#)", re.IGNORECASE)  # anything but a part of the drawing itself
_LOADED_RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}


class _Page(HTMLParser):
    """The links, anchors, loads and page tags of one page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.tags: dict[str, str] = {}
        self.active: list[str] = []
        self._drawings = 0  # how deep, for a drawing may stand in another

    def handle_endtag(self, tag: str) -> None:
        """Notice where a drawing ends."""
        if tag == "svg" and self._drawings:
            self._drawings -= 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if "id" in facts:
            self.anchors.add(facts["id"])
        if tag == "a" and "href" in facts:
            self.links.append(facts["href"])
        is_loaded = tag != "link" or _LOADED_RELATIONS & set(facts.get("rel", "").split())
        if tag in _LOADED and facts.get(_LOADED[tag]) and is_loaded:
            self.loads.append(facts[_LOADED[tag]])
        if tag == "form" and facts.get("action"):
            self.links.append(facts["action"])
        if tag == "meta" and "name" in facts:
            self.tags[facts["name"]] = facts.get("content", "")
        if tag == "meta" and "http-equiv" in facts:
            self.active.append("<meta http-equiv>")
        if tag in ("iframe", "frame", "object", "embed", "base", "video", "audio") or (
            tag == "script" and not facts.get("src")
        ):
            self.active.append(f"<{tag}>")
        self._drawings += tag == "svg"
        if self._drawings:
            loads = any(_LOADS.search(value) for value in facts.values())
            if tag not in _DRAWING or {"href", "xlink:href"} & facts.keys() or loads:
                self.active.append(f"<svg> <{tag}>")
        self.active += [name for name in facts if name.startswith("on") or name == "style"]


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
    pages = {
        address: _read(site / address) for address in sorted(files) if address.endswith(".html")
    }
    expected, hidden = _numbers(content, states)
    _check_entries(expected, hidden, pages, files, findings)
    _check_exports(site, expected, hidden, files, findings)
    _check_links(pages, files, findings)
    _check_manifest(site, files, findings)
    words = (
        f"核对了 {len(sources)} 个源文件、{len(files)} 个发布文件、"
        f"{len(pages)} 个页面、{len(expected)} 个条目："
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


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_bytes().decode("utf-8", "replace"))
    return page


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


def _check_entries(
    expected: dict[str, str],
    hidden: dict[str, str],
    pages: dict[str, _Page],
    files: set[str],
    findings: list[str],
) -> None:
    for number, path in expected.items():
        page = pages.get(f"i/{number}.html")
        if page is None:
            findings.append(f"{path}: 已发布的条目没有页面 i/{number}.html")
        elif not page.tags.get("ArticleTitle"):
            findings.append(f"i/{number}.html: 缺少 ArticleTitle 标签")
    for number, path in hidden.items():
        leaked = [a for a in files if a == f"i/{number}.html" or a.startswith(f"i/{number}/")]
        findings += [f"{path}: 未发布的条目出现在 {address}" for address in leaked]
    listed = {address for address in pages if address.startswith("i/")}
    articles = {a for a in listed if pages[a].tags.get("ArticleTitle")}
    for address in sorted(articles - {f"i/{number}.html" for number in expected}):
        findings.append(f"{address}: 页面没有对应的源文件")


def _check_exports(
    site: Path,
    expected: dict[str, str],
    hidden: dict[str, str],
    files: set[str],
    findings: list[str],
) -> None:
    """Check that the catalogue holds just what is published, and that nothing names the rest."""
    name = "data/catalogue.json"
    try:
        rows = json.loads((site / name).read_text("utf-8"))["entries"]
        listed = Counter(str(row["index_number"]) for row in rows)
    except (OSError, ValueError, LookupError, TypeError) as error:
        findings.append(f"{name}: 读不出（{error}）")
        listed = Counter(expected)
    findings += [f"{path}: {name} 里没有这一条" for n, path in expected.items() if not listed[n]]
    findings += [f"{name}: 多出或重复了 {n}" for n in listed if n not in expected or listed[n] > 1]
    for address in sorted(files):
        if hidden and address.endswith(_TEXTS):
            text = (site / address).read_text("utf-8", "replace")
            for number in _WHOLE_NUMBER.findall(text):
                if number in hidden:
                    findings.append(f"{hidden[number]}: 未发布的条目的索引号出现在 {address}")


def _check_links(pages: dict[str, _Page], files: set[str], findings: list[str]) -> None:
    for address, page in pages.items():
        findings += [f"{address}: 含有活动内容 {what}" for what in page.active]
        for target in page.loads:
            if _SCHEME.match(target) or target.startswith("//"):
                findings.append(f"{address}: 从别的主机加载 {target}")
        if address == "404.html":
            continue  # served at any depth, so its links are absolute by nature
        for target in (*page.links, *page.loads):
            try:
                parts = urlsplit(target)
            except ValueError:
                findings.append(f"{address}: 链接 {target} 不是网址")
                continue
            if parts.scheme and parts.scheme not in ("http", "https", "mailto", "tel"):
                findings.append(f"{address}: 链接 {target} 的形式不能发布")
            if parts.scheme or parts.netloc:
                continue
            path = unquote(parts.path)
            joined = (
                os.path.normpath(f"{os.path.dirname(address)}/{path}").replace(os.sep, "/")
                if path
                else address
            )
            joined = joined.lstrip("/")
            if joined not in files:
                findings.append(f"{address}: 链接 {target} 没有对应的文件")
            elif (
                parts.fragment
                and joined in pages
                and unquote(parts.fragment) not in pages[joined].anchors
            ):
                findings.append(f"{address}: 链接 {target} 的锚点不存在")


def _check_manifest(site: Path, files: set[str], findings: list[str]) -> None:
    name = "data/manifest.tsv"
    if name not in files:
        findings.append(f"{name}: 缺少清单")
        return
    listed = set()
    for line in (site / name).read_bytes().decode("utf-8", "replace").splitlines():
        if not _LISTED.fullmatch(line):
            findings.append(f"{name}: 有一行看不懂")
            continue
        digest, size, address = line.split("\t", 2)
        listed.add(address)
        if address not in files:
            findings.append(f"{address}: 清单上有，网站上没有")
            continue
        if (site / address).is_symlink():
            findings.append(f"{address}: 是链接，不是文件")
            continue
        data = (site / address).read_bytes()
        if len(data) != int(size) or hashlib.blake2b(data, digest_size=16).hexdigest() != digest:
            findings.append(f"{address}: 内容与清单不符，可能被改动")
    findings += [
        f"{address}: 不在清单上，可能是外来文件" for address in sorted(files - listed - {name})
    ]
