"""The bytes of a published file into what a browser would follow, load or run.

The reader is strict where a browser is lenient: a page whose tags can be read in more than one way
is named as such, so that nothing can hide between two readings. Sound pages share most of their
tags; each tag is read once and known from then on.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from html import unescape

_BLANK = r"[ \t\n\f\r]"
_TAGS = re.compile(r"<[^<>]*>")
_SOUND = re.compile(
    rf"""<(?:/?[a-zA-Z][a-zA-Z0-9:-]*(?:{_BLANK}+[^ \t\n\f\r"'<>/=]+"""
    rf"""(?:="[^"<>]*"|='[^'<>]*'|=[^ \t\n\f\r"'<>=`]+)?)*{_BLANK}*/?"""
    r"""|![dD][oO][cC][tT][yY][pP][eE] html|!--[^<>]*--)>"""
)
_LOOSE = re.compile(r"""<(/?[a-zA-Z!][^\s/<>]*+)((?>"[^"]*"|'[^']*'|[^>])*+)""")
_NAME = re.compile(r"</?([a-zA-Z!][^ \t\n\f\r/>]*)")
_ATTRIBUTE = re.compile(
    rf"""{_BLANK}([^ \t\n\f\r"'<>/=]+)"""
    r"""(?:[ \t\n\f\r]*=[ \t\n\f\r]*(?:"([^"]*)"|'([^']*)'|([^ \t\n\f\r"'<>=`]+)))?"""
)
_INLINE = re.compile(r"<script\b[^<>]*>(?!\s*</script)", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"[\t\n\r]|^[\x00-\x20]+|[\x00-\x20]+$")  # what a browser leaves out
_PLACES = {"script": "src", "img": "src", "iframe": "src", "source": "src", "input": "src"}
_PLACES |= {"video": "src", "audio": "src", "track": "src", "embed": "src", "object": "data"}
_RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch", "prerender"}
_RELATIONS |= {"preconnect", "dns-prefetch", "apple-touch-icon", "mask-icon"}
_ACTIVE = {"iframe", "frame", "frameset", "object", "embed", "applet", "base", "video", "audio"}
_ACTIVE |= {"style", "portal", "math", "template", "plaintext", "xmp", "noframes"}
_ACTING = {"style", "ping", "srcdoc", "formaction", "background", "xlink:href"}
# what a chart is drawn with; in a drawing anything else could run or load something
_DRAWING = {"svg", "title", "desc", "g", "defs", "pattern", "rect", "line", "path", "circle"}
_DRAWING |= {"polyline", "polygon", "text", "tspan"}
_URL = re.compile(r"url\(\s*(?![\s\"']*#)", re.IGNORECASE)  # anything but a part of the drawing
_PICTURE = re.compile(r"#|data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)
_MOVES = {
    "script",
    "foreignobject",
    "animate",
    "set",
    "animatetransform",
    "animatemotion",
    "iframe",
}
_MOVES |= {"handler", "listener", "embed", "object", "audio", "video", "feimage"}
_FOREIGN = re.compile(rb"""@import|url\(\s*["']?\s*(?:[a-z][a-z0-9+.-]*:)?//""", re.IGNORECASE)
_FORMULA = re.compile(r"[=+\-@\t\r]")
_FIGURE = re.compile(r"[+-]?[0-9][0-9,. ]*%?")


@dataclass(slots=True)
class Page:
    """What one page points to, and what it may not hold."""

    links: set[str] = field(default_factory=set)
    loads: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)
    active: list[str] = field(default_factory=list)
    is_article: bool = False


@dataclass(slots=True)
class _Tag:
    """One tag as it stands in any page."""

    name: str
    is_end: bool = False
    is_whole: bool = False  # <svg/>
    link: str = ""
    form: str = ""
    loads: tuple[str, ...] = ()
    anchor: str = ""
    is_article: bool = False
    active: tuple[str, ...] = ()
    drawn: bool = True  # may stand in a drawing


class Reader:
    """Reads pages and remembers tags; use one for many pages."""

    def __init__(self) -> None:
        self._known: dict[str, _Tag] = {}
        self._dull: set[str] = set()  # of no consequence outside a drawing
        self._unsound: set[str] = set()

    def read(self, text: str) -> Page:
        """Return what a page holds; it may be anything."""
        page = Page()
        tags = _TAGS.findall(text)
        distinct = set(tags)
        told = [self._tag(tag) for tag in distinct - self._dull]
        is_sound = len(tags) == text.count("<") and not distinct & self._unsound
        if not is_sound or "\0" in text:
            page.active.append("读法不唯一的标签")
            told += [_read_tag(f"<{m[1]}{m[2]}>") for m in _LOOSE.finditer(text)]
        for tag in told:
            if tag.is_end:
                continue
            if tag.link:
                page.links.add(tag.link)
            if tag.form:
                page.forms.add(tag.form)
            if tag.anchor:
                page.anchors.add(tag.anchor)
            page.loads.update(tag.loads)
            page.active += tag.active
            page.is_article = page.is_article or tag.is_article
        if _INLINE.search(text):
            page.active.append("<script>")
        if "<svg" in text or "<SVG" in text:
            page.active += self._drawings(tags)
        page.active = sorted({*page.active})
        return page

    def _tag(self, text: str) -> _Tag:
        known = self._known.get(text)
        if known is None:
            if len(self._known) > 300_000:
                self._known.clear()  # tags of a million pages, most of them met once
                self._dull.clear()
            known = self._known[text] = _read_tag(text)
            if not _SOUND.fullmatch(text):
                self._unsound.add(text)
            elif not (
                known.link or known.form or known.loads or known.anchor or known.active
                or known.is_article
            ):  # fmt: skip
                self._dull.add(text)
        return known

    def _drawings(self, tags: list[str]) -> list[str]:
        """Return what stands in drawings and may not; one may stand in another."""
        depth, found = 0, []
        for text in tags:
            tag = self._tag(text)
            is_svg = tag.name == "svg"
            if tag.is_end:
                depth -= is_svg and depth > 0
                continue
            depth += is_svg
            if depth and not tag.drawn:
                found.append(f"<svg> <{tag.name}>")
            depth -= is_svg and tag.is_whole
        return found


def _read_tag(text: str) -> _Tag:
    match = _NAME.match(text)
    if match is None:
        return _Tag("", is_end=True)
    name = match[1].lower()
    if text.startswith("</") or name.startswith("!"):
        return _Tag(name, is_end=True)
    facts: dict[str, str] = {}
    for key, double, single, bare in _ATTRIBUTE.findall(text, match.end() - 1):
        facts.setdefault(key.lower(), unescape(double or single or bare))
    tag = _Tag(name, is_whole=text.endswith("/>"), anchor=facts.get("id", ""))
    if name in ("a", "area"):
        tag.link = clean(facts.get("href", ""))
    elif name == "form":
        tag.form = clean(facts.get("action", ""))
    loads = [facts.get(_PLACES.get(name, ""), ""), facts.get("poster", "")]
    if name == "link" and _RELATIONS & {*facts.get("rel", "").lower().split()}:
        loads.append(facts.get("href", ""))
    loads += [part.strip().split(" ")[0] for part in facts.get("srcset", "").split(",")]
    tag.loads = tuple(clean(one) for one in loads if one)
    tag.is_article = name == "meta" and bool(
        facts.get("name") == "ArticleTitle" and facts.get("content")
    )
    active = [key for key in facts if key.startswith("on") or key in _ACTING]
    if name == "meta" and "http-equiv" in facts:
        active.append("<meta http-equiv>")
    if name in _ACTIVE or (name == "script" and not facts.get("src")):
        active.append(f"<{name}>")
    tag.active = tuple(active)
    refers = {"href", "xlink:href"} & facts.keys() or any(map(_URL.search, facts.values()))
    tag.drawn = name in _DRAWING and not refers
    return tag


def clean(address: str) -> str:
    """Return an address as a browser reads it: without line ends and blanks around it."""
    return _IN_ADDRESS.sub("", address)


def unsafe_file(address: str, data: bytes) -> list[str]:
    """Return what a file that is no page may not hold: a drawing, XML, JSON, CSV or a style."""
    kind = address.rpartition(".")[2].lower()
    if kind in ("svg", "xml"):
        return _unsafe_xml(data.decode("utf-8", "replace"), is_drawing=kind == "svg")
    if kind == "json":
        return ["没有转义的 </script"] if b"</script" in data.lower() else []
    if kind == "csv":
        return _formulas(data.decode("utf-8-sig", "replace"))
    if kind == "css":
        return ["从别的主机加载的样式"] if _FOREIGN.search(data) else []
    return []


def _unsafe_xml(text: str, *, is_drawing: bool) -> list[str]:
    found = [
        mark
        for mark in ("<!DOCTYPE", "<!ENTITY", "<?xml-stylesheet")
        if mark.lower() in text.lower()
    ]
    for match in _LOOSE.finditer(text):
        name = match[1].lower().rpartition(":")[2]
        if match[1].startswith(("/", "!")):
            continue
        if name in _MOVES if is_drawing else name == "script":
            found.append(f"<{name}>")
        if not is_drawing:
            continue
        for key, double, single, bare in _ATTRIBUTE.findall(match[2]):
            value = clean(unescape(double or single or bare))
            is_place = key.lower().rpartition(":")[2] in ("href", "src") and not key.startswith(
                "x:"
            )
            if key.lower().startswith("on") or (is_place and not _PICTURE.match(value)):
                found.append(key)
            elif _URL.search(value) or "javascript:" in value.lower():
                found.append(f"{key} 里的外部引用")
    if is_drawing and ("@import" in text or re.search(r"<style[^>]*>[^<]*url\(\s*[^#\s]", text)):
        found.append("<style>")
    return sorted({*found})


def _formulas(text: str) -> list[str]:
    """Return cells that a spreadsheet would run."""
    if not re.search(r'(?:^|[,"\n])[=+\-@\t\r]', text):
        return []
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            for cell in row:
                if _FORMULA.match(cell) and not _FIGURE.fullmatch(cell):
                    return [f"会被当成公式的单元格“{cell[:20]}”"]
    except csv.Error as error:
        return [f"读不出的表格（{error}）"]
    return []
