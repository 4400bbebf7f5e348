"""Markdown text into safe HTML, headings, links and plain text, within bounds of size and time."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

import markdown
import nh3
from markdown.extensions.toc import slugify_unicode

from gongkai.domain.body import BodyFacts, Link
from gongkai.kernel import problems as p
from gongkai.kernel.clock import cpu_seconds
from gongkai.kernel.digest import digest_of_text
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem
from gongkai.kernel.text import excerpt, solid, squeeze

MARKUP_VERSION = 2  # raise when the same text would give other HTML
NESTING_LIMIT = 50
TAG_LIMIT = 5000
SECONDS = 2  # of this process's own CPU time, so that a busy machine does not change the verdict
SUMMARY_CHARACTERS = 100

_TAGS = {
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "var",
}
_HEADINGS = {f"h{n}": {"id"} for n in range(1, 7)}
_ATTRIBUTES: dict[str, set[str]] = {
    **_HEADINGS,
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "abbr": {"title"},
}
_ALIGNED = {"gk-left", "gk-center", "gk-right"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_ALIGN = re.compile(r'<(t[hd]) align="(left|center|right)">')
_TAG = re.compile(r"<[^>]*>")
_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|td|th|tr|caption|blockquote|pre|dt|dd)>|<br\s*/?>")
# in safe HTML quotes are even within a tag, and an attribute may hold a ">"
_WHOLE_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_PART = re.compile(r"(?=<h2[ >])")
_PART_HEADING = re.compile(r"<h2[ >].*?</h2>", re.DOTALL)
_ADDRESS = re.compile(r"<(a|img)\b([^>]*)>", re.IGNORECASE)
# in safe HTML every attribute is lower-case and in double quotes
_SAFE_ADDRESS = re.compile(r'<(a|img)((?: [a-z]+="[^"]*")*)>')
_ID = re.compile(r'<h[1-6] id="([^"]*)"')
_OWN_IDS = re.compile(
    r'<h([1-6]) id="(?:main|history|report|extra|gk-[^"]*|level-[^"]*|s[0-9]_[^"]*)">'
)
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
FINDINGS_LIMIT = 20
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_ACTIVE = re.compile(
    r"<(script|style|iframe|frame|frameset|object|embed|applet|form|input|button|textarea|select|"
    r"base|meta|link|svg|math|video|audio|template|noscript|dialog|marquee)\b"
    r"|<[a-z][^<>]*?\s(on[a-z]+|style|formaction|srcdoc)\s*=|(javascript|vbscript|data)\s*:",
    re.IGNORECASE,
)
_IN_TAG = re.compile(r"<[^<>]*$")
_TEMPLATE = re.compile(r"\{\{.{0,40}?\}\}|\{%.{0,40}?%\}")
_HEADING_LINE = re.compile(r"(?m)^(#{1,6})(?=[^#])")
_UNDERLINED = re.compile(r"(?m)^\S.*\n=+[ ]*$")
_BRACKET = re.compile(r"[][()]")
_LIST_INDENT = re.compile(r"(?m)^( {200,}|\t{50,})\S")
_QUOTES = re.compile(rf"(?m)^[ \t]*(?:>[ \t]?){{{NESTING_LIMIT + 1},}}")


class _TooSlow(Exception):
    """The conversion used up its CPU time."""


@lru_cache(maxsize=2)
def _converter(baselevel: int) -> markdown.Markdown:
    """Return a converter; making one costs a sixth of a conversion, so it is kept and reset."""
    return markdown.Markdown(
        extensions=["tables", "sane_lists", "def_list", "abbr", "toc"],
        extension_configs={
            "tables": {"use_align_attribute": True},
            "toc": {"slugify": slugify_unicode, "baselevel": baselevel, "marker": ""},
        },
        output_format="html",
    )


def render_body(path: str, text: str, first_line: int = 1) -> tuple[str, BodyFacts, list[Problem]]:
    """Return (safe HTML, facts, problems) of a body that starts on ``first_line`` of ``path``.

    Whatever the author wrote, the HTML holds no script, style, handler, frame, form, and no
    address but http, https, mailto, tel and relative ones. The highest heading becomes <h2>,
    since the page's title is its only <h1>.
    """
    if not text.strip():
        return "", BodyFacts(), []
    if problems := _beyond_bounds(path, text, first_line):
        return "", BodyFacts(), problems
    place = Place(path, first_line)
    try:
        with cpu_seconds(SECONDS, _TooSlow):
            return _render(path, text, first_line)
    except RecursionError:
        problem = Problem(p.NESTED_MARKDOWN, place, {"limit": NESTING_LIMIT})
    except _TooSlow:
        problem = Problem(p.BODY_TOO_SLOW, place, {"seconds": SECONDS})
    _converter.cache_clear()  # what was interrupted half-way must not convert another body
    return "", BodyFacts(), [problem]


def _render(path: str, text: str, first_line: int) -> tuple[str, BodyFacts, list[Problem]]:
    levels = [len(match[1]) for match in _HEADING_LINE.finditer(text)]
    levels += [1] if _UNDERLINED.search(text) else []
    converter = _converter(2 if levels and min(levels) == 1 else 1)
    raw = _ALIGN.sub(r'<\1 class="gk-\2">', converter.reset().convert(text))
    # without the mark of addresses and other hidden characters, which an entity might have made,
    # another address may stand there, and where tags were taken out others may nest in another
    # way: so what is left is cleaned once more, unless the author wrote no tag and hid nothing
    once = _safe(raw)
    shown = _HIDDEN.sub("", once)
    clean = once if shown == once and "<" not in text else _safe(shown)
    clean = _OWN_IDS.sub(r"<h\1>", clean).replace("<h1", "<h2").replace("</h1>", "</h2>")
    seen = raw if shown == once else f"{raw}\n{shown}"
    problems = list(_active_content(path, text, seen, first_line))
    plain = plain_text(clean)
    tokens: list[dict[str, Any]] = getattr(converter, "toc_tokens", [])
    facts = BodyFacts(
        digest=digest_of_text(clean),
        characters=len(re.sub(r"\s", "", plain)),
        text=_text_digest(_shown(clean))[1],
        excerpt=excerpt(_first_paragraphs(clean), SUMMARY_CHARACTERS),
        links=tuple(_links(raw, clean, text, first_line)),
        headings=tuple(_texts(tokens)),
        anchors=tuple(match[1] for match in _ID.finditer(clean)),
    )
    for match in islice(_TEMPLATE.finditer(plain), FINDINGS_LIMIT):
        line, column = _find(text, match[0], 0, first_line)[:2]
        problems.append(Problem(p.TEMPLATE_SYNTAX, Place(path, line, column), {"what": match[0]}))
    return clean, facts, problems


def _safe(raw: str) -> str:
    return nh3.clean(
        raw,
        tags=_TAGS,
        clean_content_tags={"script", "style", "template", "noscript"},
        attributes=_ATTRIBUTES,
        allowed_classes={"td": _ALIGNED, "th": _ALIGNED},
        url_schemes=_SCHEMES,
        link_rel="noopener",
        strip_comments=True,
    )


def plain_text(safe: str) -> str:
    """Return the words of safe HTML, blocks parted by line ends."""
    return html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", safe)))


def _shown(safe: str) -> str:
    """Return the words of safe HTML as a browser has them, without white space."""
    return solid(html.unescape(_WHOLE_TAG.sub("", safe)))


def _text_digest(words: str) -> tuple[int, str]:
    return len(words), hashlib.sha256(words.encode()).hexdigest()


def sections(safe: str) -> list[tuple[int, str]]:
    """Return length in characters and SHA-256 of each part's text, headings left out.

    Parts are what stands between second-level headings; of a report each part stands where its
    form has it, so that only the parts can be recognised on the page.
    """
    parts = (_shown(_PART_HEADING.sub("", part)) for part in _PART.split(safe))
    return [_text_digest(words) for words in parts if words]


def _first_paragraphs(safe: str) -> str:
    paragraphs = re.findall(r"<p>(.*?)</p>", safe, re.DOTALL)
    return squeeze(plain_text(" ".join(paragraphs) if paragraphs else safe))


def _beyond_bounds(path: str, text: str, first_line: int) -> list[Problem]:
    """Refuse what would keep the converter busy for minutes: deep nesting and floods of tags."""
    facts = {"limit": NESTING_LIMIT}
    depth = 0
    for pattern in (_LIST_INDENT, _QUOTES):
        if match := pattern.search(text):
            line = first_line + text.count("\n", 0, match.start())
            return [Problem(p.NESTED_MARKDOWN, Place(path, line), facts)]
    if text.count("[") + text.count("(") > NESTING_LIMIT:
        for number, line_text in enumerate(text.split("\n")):
            depth = 0 if not line_text.strip() else depth  # brackets do not outlive a paragraph
            for bracket in _BRACKET.findall(line_text):
                depth = depth + 1 if bracket in "[(" else max(0, depth - 1)
                if depth > NESTING_LIMIT:
                    return [Problem(p.NESTED_MARKDOWN, Place(path, first_line + number), facts)]
    if text.count("<") > TAG_LIMIT:
        return [Problem(p.NESTED_MARKDOWN, Place(path, first_line), facts)]
    return []


def _active_content(path: str, text: str, raw: str, first_line: int) -> Iterator[Problem]:
    seen: set[str] = set()
    for match in _ACTIVE.finditer(raw):
        what = next(group for group in match.groups() if group)
        if match[3] and not _IN_TAG.search(raw[max(0, match.start() - 200) : match.start()]):
            continue  # the word in running text, not an address
        if what.lower() in seen:
            continue
        seen.add(what.lower())
        line, column, _ = _find(text, what, 0, first_line)
        yield Problem(p.ACTIVE_CONTENT, Place(path, line, column), {"what": what})


def _links(raw: str, clean: str, text: str, first_line: int) -> Iterator[Link]:
    """Yield links and pictures in order; each is looked for behind the one before it.

    What the safe HTML holds is what counts; addresses that were taken out of it are added, so
    that the author learns of them too.
    """
    cursor = 0
    seen: set[str] = set()
    for match in _SAFE_ADDRESS.finditer(clean):
        attributes = dict(_ATTRIBUTE.findall(match[2]))
        is_image = match[1] == "img"
        address = attributes.get("src" if is_image else "href")
        if address is None:
            continue
        target = html.unescape(address)
        seen.add(target)
        line, column, cursor = _find(text, target, cursor, first_line)
        yield Link(target, line, column, is_image, html.unescape(attributes.get("alt", "")))
    cursor = 0
    for match in _ADDRESS.finditer(raw):
        attributes = dict(_ATTRIBUTE.findall(match[2]))
        is_image = match[1].lower() == "img"
        target = html.unescape(attributes.get("src" if is_image else "href", ""))
        if not target:
            continue
        line, column, cursor = _find(text, target, cursor, first_line)
        if target not in seen:
            seen.add(target)
            yield Link(target, line, column, is_image, html.unescape(attributes.get("alt", "")))


def _find(text: str, needle: str, cursor: int, first_line: int) -> tuple[int, int, int]:
    # an address stands behind a bracket, a quote or a colon; the same letters may stand before
    # inside another one
    at = next(
        (found + 1 for mark in "(\"'<" if (found := text.find(mark + needle, cursor)) >= 0),
        text.find(needle, cursor),
    )
    if at < 0 and cursor:
        at = text.find(needle)
    if at < 0:
        return first_line, 1, cursor
    line = text.count("\n", 0, at)
    return first_line + line, at - text.rfind("\n", 0, at), at + len(needle)


def _texts(tokens: list[dict[str, Any]]) -> Iterator[str]:
    for token in tokens:
        yield html.unescape(_TAG.sub("", str(token["name"])))
        yield from _texts(token["children"])
