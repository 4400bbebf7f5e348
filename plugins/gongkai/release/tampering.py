"""A page that is not as it was published into what somebody put into it.

Sites that were broken into carry links to gambling and loans in text that no visitor sees. What
stands in such a page is shown masked and short: it is somebody else's words.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from gongkai.kernel.problems import visible

LONGEST = 40  # characters of foreign words that are shown
MOST = 5  # of a kind that are named
_READ = 1024 * 1024  # characters of a page that are looked at
_TARGET = re.compile(rb"""\b(?:href|src|action)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""", re.IGNORECASE)
_LOCATION = re.compile(rb"<loc>\s*([^<\s]+)\s*</loc>", re.IGNORECASE)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])"
    r"|(?:left|top|text-indent|margin-left|margin-top)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}
_EMPTY |= {"param", "source", "track", "wbr"}
_PLACES = {"a": "href", "area": "href", "link": "href", "script": "src", "img": "src"}
_PLACES |= {"iframe": "src", "frame": "src", "embed": "src", "source": "src", "form": "action"}
_PLACES |= {"object": "data", "video": "src", "audio": "src", "base": "href", "input": "formaction"}
_REST = re.compile(r"([^?#]*)([?#]?)(.*)", re.DOTALL)
_DEEPEST = 200
_LONGEST_TAG = 8192
_TAG = re.compile(
    r"""<(/?)([a-zA-Z][^\s/<>]*+)((?>"[^"<]{0,2000}"|'[^'<]{0,2000}'|[^<>])*+)>""", re.ASCII
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]++)))?""")
_ODD = {"iframe", "frame", "object", "embed", "base"}


def shown(text: str, longest: int = LONGEST) -> str:
    """Return foreign words on one line, cut, and without anything that moves a cursor."""
    words = visible(" ".join(text.split()))
    return words if len(words) <= longest else words[: longest - 1] + "…"


def targets_in(data: bytes) -> Iterator[str]:
    """Yield what a page, sitemap or feed points to, read loosely and fast."""
    for one, other in _TARGET.findall(data):
        yield unescape((one or other).decode("utf-8", "replace").strip())
    for one in _LOCATION.findall(data):
        yield unescape(one.decode("utf-8", "replace"))


def address_of(target: str, page: str, bases: Sequence[str]) -> tuple[str, str] | None:
    """Return (address, query) of what a link on page ``page`` leads to, if it is on our site.

    ``bases`` are the URLs of the site's folder, that by which it is read first. A folder stands
    for its ``index.html``.
    """
    try:
        parts = urlsplit(urldefrag(urljoin(urljoin(bases[0], page), _as_read(target))).url)
        host = (parts.hostname or "").rstrip(".")
        homes = [home for home in map(urlsplit, bases) if home.hostname == host]
    except ValueError:
        return None
    path = parts.path or "/"
    home = next((home for home in homes if path.startswith(home.path)), None)
    if home is None or parts.scheme not in ("http", "https"):
        return None
    below = unquote(path[len(home.path) :])
    address = posixpath.normpath(f"/{below}").lstrip("/")
    if address and below.endswith("/"):
        address += "/"
    if not address or address.endswith("/"):
        address += "index.html"
    return (address, parts.query) if is_plain(address) else None


def _as_read(target: str) -> str:
    """Return a target as a browser reads it: a backslash is a slash, line ends are nothing."""
    path, mark, rest = _REST.match(re.sub(r"[\t\r\n]", "", target)).groups()  # type: ignore[union-attr]
    return path.replace("\\", "/") + mark + rest


def is_plain(address: str) -> bool:
    """Tell whether an address names one file below the site and nothing else."""
    parts = address.split("/")
    return (
        0 < len(address) <= 1000
        and "\\" not in address
        and visible(address) == address
        and not {"", ".", ".."} & {*parts}
    )


def host_of(target: str) -> str:
    """Return the host that a link leads to, or nothing where it stays on its own."""
    try:
        return (urlsplit(target).hostname or "").lower()
    except ValueError:
        return ""


@dataclass
class Signs:
    """What a page points to and hides."""

    hosts: Counter[str] = field(default_factory=Counter)
    odd: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    targets: list[str] = field(default_factory=list)


class _Reader:
    """Reads tags loosely, in time linear in the page whatever it holds."""

    def __init__(self) -> None:
        self.signs = Signs()
        self._open: list[tuple[str, bool]] = []
        self._hiding = 0
        self._words: list[str] = []

    def read(self, text: str) -> Signs:
        at = 0
        for match in _TAG.finditer(text):
            self._pass(text[at : match.start()])
            at = match.end()
            if match[1]:
                self._end(match[2].lower())
            else:
                self._start(match[2].lower(), _attributes(match[3]))
        self._pass(text[at:])
        self._end_of_hidden()
        return self.signs

    def _start(self, tag: str, facts: dict[str, str]) -> None:
        signs = self.signs
        target = facts.get(_PLACES.get(tag, ""), "").strip()
        if target:
            signs.targets.append(target)
            if host := host_of(target):
                signs.hosts[host] += 1
            scheme = target.partition(":")[0].lower().strip()
            if scheme in ("javascript", "data", "vbscript"):
                signs.odd[f"{scheme}: 链接"] += 1
        if tag in _ODD or (tag == "script" and not facts.get("src")):
            signs.odd[f"<{tag}>"] += 1
        if tag == "meta" and facts.get("http-equiv", "").lower() == "refresh":
            signs.odd["自动跳转"] += 1
            signs.targets.append(facts.get("content", "").partition("=")[2].strip(" '\""))
        if any(name.startswith("on") for name in facts):
            signs.odd["事件脚本"] += 1
        if tag not in _EMPTY and len(self._open) < _DEEPEST:
            hides = "hidden" in facts or bool(_HIDDEN.search(facts.get("style", "")))
            self._open.append((tag, hides))
            self._hiding += hides

    def _end(self, tag: str) -> None:
        if not any(name == tag for name, _ in self._open[-_DEEPEST:]):
            return
        while self._open:
            name, hides = self._open.pop()
            self._hiding -= hides
            if hides and not self._hiding:
                self._end_of_hidden()
            if name == tag:
                return

    def _pass(self, words: str) -> None:
        if self._hiding and words.strip() and self._open[-1][0] not in ("script", "style"):
            self._words.append(unescape(words.strip()[:1000]))

    def _end_of_hidden(self) -> None:
        if self._words:
            self.signs.hidden[" ".join(self._words)] += 1
            self._words = []


def _attributes(text: str) -> dict[str, str]:
    """Return a tag's attributes; of two with one name the first counts, as in a browser."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text[:_LONGEST_TAG]):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def signs_of(data: bytes) -> Signs:
    """Return what a page points to and hides; broken pages give what can be read of them."""
    return _Reader().read(data.decode("utf-8", "replace")[:_READ])


def additions(data: bytes, original: bytes | None, known: set[str]) -> list[str]:
    """Return in words what was put into a page: foreign links, scripts and hidden text.

    ``original`` is the page as it was published, if it is at hand; without it, ``known`` are the
    hosts that pages found sound point to.
    """
    found = signs_of(data)
    was = signs_of(original) if original is not None else Signs()
    words = []
    hosts = found.hosts - was.hosts
    foreign = [host for host in hosts if host not in known or original is not None]
    if foreign:
        listed = "、".join(f"{shown(host)}（{hosts[host]} 处）" for host in foreign[:MOST])
        more = f" 等 {len(foreign)} 个网站" if len(foreign) > MOST else ""
        words.append(f"页面被加入外部链接 {listed}{more}")
    if odd := found.odd - was.odd:
        words.append(f"页面被加入 {'、'.join(sorted(odd)[:MOST])}")
    if original is not None or not known:
        hidden = list(found.hidden - was.hidden)
    else:
        hidden = [text for text in found.hidden if len(text) > 1]
    if hidden:
        listed = "、".join(f"“{shown(text)}”" for text in hidden[:MOST])
        words.append(f"页面有看不见的文字 {listed}")
    return words


def first_difference(data: bytes, original: bytes) -> str:
    """Return in words where two files part, with a few characters of each."""
    size = min(len(data), len(original))
    at = next((n for n in range(0, size, 4096) if data[n : n + 4096] != original[n : n + 4096]), 0)
    while at < size and data[at] == original[at]:
        at += 1
    pair = [shown(_around(one, at), 24) for one in (original, data)]
    return f"从第 {at + 1} 字节起不同：原为“{pair[0]}”，现为“{pair[1]}”"


def _around(data: bytes, at: int) -> str:
    """Return some characters from a place on; one that was cut through is left out."""
    while 0 < at < len(data) and data[at] & 0xC0 == 0x80:
        at -= 1
    text = data[at : at + 80].decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "·" for c in text).rstrip("\ufffd")
