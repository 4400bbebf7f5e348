"""HTML into what must not be on a page, found by another parser than the one that cleaned it.

The lists are those of a reader of the promises, written down apart from the code that keeps them.
"""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import nh3

_TAGS = """
a abbr b blockquote br caption cite code col colgroup dd del dfn dl dt em figcaption figure
h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong
sub sup table tbody td tfoot th thead tr u ul var
"""
TAGS = frozenset(_TAGS.split())
ATTRIBUTES = {
    "a": {"href", "rel"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan", "class"},
    "th": {"colspan", "rowspan", "class", "scope"},
    **{f"h{n}": {"id"} for n in range(1, 7)},
}
OF_ALL = {"title", "lang"}
CLASSES = {"gk-left", "gk-center", "gk-right"}
SCHEMES = {"http", "https", "mailto", "tel"}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


class _Scan(HTMLParser):
    """Gather what a second parser finds on a page that must not be there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name not in OF_ALL | ATTRIBUTES.get(tag, set()):
                self.faults.append(f"{tag} {name}={value}")
            if name == "class" and value not in CLASSES:
                self.faults.append(f"class {value}")
            if name in ("href", "src"):
                self._address(value or "")

    def _address(self, value: str) -> None:
        # as browsers read an address: blanks around it and tabs and line ends inside do not count;
        # nor may letters that nobody sees, which a later step might take out
        seen = re.sub(r"[\t\n\r]", "", value).lstrip("".join(map(chr, range(0x21))))
        bare = "".join(
            c for c in value if unicodedata.category(c) not in ("Cc", "Cf") or c == "\xad"
        )
        for text in (seen, bare.strip()):
            match = _SCHEME.match(text)
            if match and match[1].lower() not in SCHEMES:
                self.faults.append(f"address {value}")
                return

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"declaration {data}")


def faults(html: str) -> list[str]:
    """Return what of ``html`` is no part of a safe body, in order."""
    scan = _Scan()
    scan.feed(html)
    scan.close()
    return scan.faults


def cleaned(html: str) -> str:
    """Return ``html`` as the cleaner leaves it under these lists; safe HTML stays as it is."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: names - {"rel", "class"} for tag, names in ATTRIBUTES.items()},
        allowed_classes={"td": CLASSES, "th": CLASSES},
        url_schemes=SCHEMES,
        link_rel="noopener",
    )
