"""Pieces of hostile writing that generators join: Markdown, HTML, addresses, YAML."""

from __future__ import annotations

from random import Random

HIDDEN = ["\u200b", "\u2060", "\ufeff", "\u202e", "\u200f", "\xad", "\x01", "\x85", "\u2028", "\0"]
REFERENCES = [
    "&#x200b;",
    "&#8203",
    "&ZeroWidthSpace;",
    "&NoBreak;",
    "&lrm;",
    "&shy;",
    "&#x1;",
    "&#0;",
    "&#9;",
    "&NewLine;",
    "&Tab;",
    "&colon;",
    "&#58;",
    "&#x3a",
    "&lt;",
    "&#60;",
    "&LT",
    "&gt;",
    "&quot;",
    "&#39;",
    "&amp;#x3c;",
    "&amp;lt;",
    "&#xd800;",
    "&#x110000;",
    "&lpar;",
    "&bsol;",
    "&sol;",
]
SCHEMES = [
    "javascript:",
    "JaVaScRiPt:",
    "vbscript:",
    "data:text/html,",
    "data:image/svg+xml;base64,",
    "feed:javascript:",
    "blob:",
    "file:",
    "http:",
    "https://a.example/",
    "//a.example/",
    "\\\\a.example\\",
    "mailto:",
    "tel:",
    "../",
    "#",
]
_TAGS = """
a abbr applet area article audio b base blockquote body br button caption code col colgroup
dd del details dfn dialog div dl dt em embed figure font form frame frameset h1 h2 h6 head
hr html i iframe image img input ins isindex kbd link listing marquee math mglyph mtext menu
meta nobr noembed noframes noscript object ol optgroup option p param plaintext portal pre q
rp rt ruby s script section select slot source span strong style sub summary sup svg table
tbody td template textarea tfoot th thead title tr track tt u ul video wbr xmp foreignObject
annotation-xml desc animate set use gk-x
"""
TAGS = _TAGS.split()
_ATTRIBUTES = """
href src title alt id class name style onclick onerror onload onfocus ontoggle autofocus
xlink:href srcset srcdoc formaction action background cite data poster ping rel target is
colspan rowspan scope span start width height align lang dir tabindex http-equiv content
contenteditable draggable hidden accesskey usemap shadowrootmode xmlns markdown
"""
ATTRIBUTES = _ATTRIBUTES.split()
MARKDOWN = [
    "# ",
    "## ",
    "\n===\n",
    "\n---\n",
    "* ",
    "1. ",
    "- ",
    "> ",
    "    ",
    "\t",
    "|",
    "|-|-|\n",
    "|:-:|\n",
    "`",
    "``",
    "```\n",
    "~~~\n",
    "*",
    "**",
    "_",
    "__",
    "[",
    "](",
    "][",
    "]: ",
    "![",
    ")",
    "<",
    ">",
    "</",
    "/>",
    "<!--",
    "-->",
    "--!>",
    "<!-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "<!DOCTYPE ",
    "\\",
    "\n",
    "\n\n",
    "  \n",
    ": ",
    "*[",
    "[^1]",
    "{: ",
    "}",
    "{{ ",
    " }}",
    "{% ",
    " %}",
    "[TOC]",
    "\x02",
    "\x03",
    "\x02wzxhzdk:0\x03",
    "\x02amp\x03",
    "klzzwxh:0000",
    '"',
    "'",
    "=",
    "&",
    ";",
    "甲",
    "救助办法",
    "a",
    " ",
]
YAML = [
    "---\n",
    "\n---\n",
    "...\n",
    "--- \n",
    "title: ",
    "标题: ",
    "index_number: ",
    "review: ",
    "tags:\n",
    "- ",
    "  - ",
    "? ",
    ": ",
    ":",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "!!python/object/apply:os.system ",
    "!x ",
    "|\n",
    "|+2\n",
    ">-\n",
    "[",
    "]",
    "{",
    "}",
    ", ",
    '"',
    "'",
    '"\\x41\\u200b\\U0001F600\\ud800"',
    '"\\L\\P\\N\\0"',
    "# ",
    "%YAML 1.1\n",
    "%TAG ! tag:x,2000:\n",
    "@",
    "`",
    "~",
    "null",
    "0123",
    "2026-02-30",
    ".inf",
    "\t",
    "  ",
    "\n",
    "\r",
    "\r\n",
    "\ufeff",
    "\x07",
]


def address(rng: Random) -> str:
    """Return an address with letters that are hidden, spelled otherwise or broken up."""
    scheme = rng.choice(SCHEMES)
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(scheme) + 1)
        scheme = scheme[:at] + rng.choice([*HIDDEN, *REFERENCES, "\t", "\n", " "]) + scheme[at:]
    if rng.random() < 0.2:
        at = rng.randrange(len(scheme))
        scheme = f"{scheme[:at]}&#{ord(scheme[at])};{scheme[at + 1 :]}"
    return scheme + rng.choice(["alert(1)", "x", "<script>", "%0aalert(1)", ""])


def tag(rng: Random) -> str:
    """Return the beginning or end of an element, often ill-formed."""
    name = rng.choice(TAGS)
    if rng.random() < 0.1:
        name += rng.choice([*HIDDEN, "/", "\n", "<", "\xa0"])
    if rng.random() < 0.3:
        return rng.choice([f"</{name}>", f"</{name} x=y>", f"</ {name}>", f"</{name}"])
    parts = [name]
    for _ in range(rng.randrange(4)):
        value = rng.choice([address, lambda r: r.choice(MARKDOWN + REFERENCES), tag])(rng)
        quote = rng.choice(['"', "'", "", "`"])
        parts.append(
            rng.choice(ATTRIBUTES) + rng.choice(["=", " = ", "\n="]) + quote + value + quote
        )
    return (
        "<" + rng.choice([" ", "/", "\n", "\t", "\x0c"]).join(parts) + rng.choice([">", "/>", ""])
    )


def link(rng: Random) -> str:
    """Return a link, picture or definition as Markdown spells them."""
    shapes = ["[x]({})", "![x]({})", "[x](<{}>)", '[x]({} "t")', "[x]: {}\n", "<{}>", "[{}][x]"]
    return rng.choice(shapes).format(address(rng))


def markdown(rng: Random, pieces: int) -> str:
    """Return so many pieces of a hostile body."""
    plain = (lambda r: r.choice(MARKDOWN), lambda r: r.choice(REFERENCES + HIDDEN))
    return "".join(rng.choice((*plain, plain[0], tag, tag, link))(rng) for _ in range(pieces))


def yaml(rng: Random, pieces: int) -> str:
    """Return so many pieces of a hostile head."""
    return "".join(rng.choice(YAML + YAML + HIDDEN + ["甲", "x"]) for _ in range(pieces))
