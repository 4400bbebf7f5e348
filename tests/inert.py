"""Pages and bodies into what is live in them, by a parser that reads HTML as browsers do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import tinyhtml5

MARK = "xpay"  # stands in the hostile inputs of tests, as a tag, an attribute and a scheme
BODY = "body"
PAGE = "page"
_NEVER = """
iframe frame frameset object embed applet base portal fencedframe template dialog
marquee video audio source track canvas math foreignobject animate set
"""
NEVER = frozenset(_NEVER.split())
_IN_NO_BODY = """
script style link meta form input button textarea select svg title html head body noscript
"""
NEVER_IN_BODY = frozenset(_IN_NO_BODY.split())
_TO_ADDRESSES = """
href src action formaction cite background poster data longdesc srcset ping manifest
"""
ADDRESSES = frozenset(_TO_ADDRESSES.split())
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_ALLOWED = {"http", "https", "mailto", "tel"}


def faults(html: str | bytes, kind: str = PAGE) -> list[str]:
    """Return what is live in a page, or in a body where nothing but prose may stand."""
    is_body = kind == BODY
    text = html.decode("utf-8") if isinstance(html, bytes) else html
    if is_body:
        text = f"<!DOCTYPE html><html><body><div>{text}</div></body></html>"
    root = tinyhtml5.parse(text, namespace_html_elements=False)
    return list(_live(root, is_body))


def _live(root: Any, is_body: bool) -> Iterator[str]:
    for node in root.iter():
        if not isinstance(node.tag, str):
            if is_body or MARK in (node.text or ""):
                yield f"comment {node.text}"
            continue
        tag = node.tag.rpartition("}")[2].lower()
        names = {str(name).rpartition("}")[2].lower(): value for name, value in node.items()}
        if tag in NEVER or MARK in tag or (is_body and tag in _inside(node)):
            yield f"<{tag}>"
        is_code = tag == "script" and names.get("type") != "application/ld+json"
        if is_code and (not names.get("src") or (node.text or "").strip()):
            yield f"<script> {node.text}"
        if tag == "style" and MARK in (node.text or ""):
            yield f"<style> {node.text}"
        if tag == "meta" and "http-equiv" in names:
            yield f"<meta http-equiv={names['http-equiv']}>"
        for name, value in names.items():
            if name.startswith("on") or MARK in name or name in ("srcdoc", "formaction"):
                yield f"{tag} {name}={value}"
            if name == "style" and (is_body or MARK in value):
                yield f"{tag} style={value}"
            if name in ADDRESSES:
                yield from _address(tag, name, value, is_body)


def _inside(node: Any) -> frozenset[str]:
    """Return the tags that no author may write; the wrapping document has some of its own."""
    is_wrapping = node.tag in ("html", "head", "body") and not node.attrib
    return frozenset() if is_wrapping else NEVER_IN_BODY


def _address(tag: str, name: str, value: str, is_body: bool) -> Iterator[str]:
    # as browsers read an address: tabs and line ends do not count, nor blanks around it
    seen = re.sub(r"[\t\n\r]", "", value).lstrip("".join(map(chr, range(0x21))))
    match = _SCHEME.match(seen)
    if match and match[1].lower() not in _ALLOWED:
        yield f"{tag} {name}={value}"
    # a body with a picture from elsewhere is refused, so that only a page must have none
    elif (
        not is_body
        and tag not in ("a", "link")
        and (match or seen.startswith(("//", "\\\\", "/\\")))
    ):
        yield f"{tag} {name}={value} from another host"
    elif match and MARK in (urlsplit(seen).netloc if "[" not in seen else ""):
        yield f"{tag} {name}={value}"
