"""Markdown text into the paragraphs that a reader of its page sees, without drawing the page."""

from __future__ import annotations

import re
from functools import lru_cache

from gongkai.markup.body import plain_text, render_body

# what hides words or makes them up: tags, comments, entities, definitions. Only the converter
# itself may say what a reader sees of these
_NEEDS_CONVERTER = re.compile(r"[<&\\]|\]:|\]\[|(?m:^[^\S\n]*:\s)|\x02")
_FENCE = re.compile(r"(?m)^ {0,3}(?:```|~~~).*$")
_PICTURE = re.compile(r"!\[([^\[\]\n]*)\]\([^()\n]*\)")
_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\n]*\)")
_EMPHASIS = re.compile(r"(\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|`+)")
_LEAD = re.compile(r"^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+)+")
_STARTS = re.compile(r"^\s*(?:#{1,6}\s|>|[-*+]\s|[0-9]+[.)]\s|\|)")
_MARKS = "-=*_|:`~#>+"  # what a line of markup can begin with, numbers apart
_SPACE = re.compile(r"[ \t\u3000\u00a0]+")
CELLS = " | "


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs, headings, items and table rows of a body, without its markup.

    Plain text, which is nearly all that there is, costs a few microseconds a line. A body with
    tags, comments or definitions is converted and cleaned as for its page, so that what the page
    does not show is not here either.
    """
    if _NEEDS_CONVERTER.search(text):
        shown = plain_text(render_body("", text)[0])
        return tuple(line for line in map(_squeezed, shown.split("\n")) if line)
    found: list[str] = []
    is_open = False
    for line in text.split("\n"):
        plain, starts = _read(line)
        if plain is None:
            is_open = False
            continue
        if not plain:
            continue
        if is_open and not starts:
            found[-1] += plain if _is_wide(found[-1][-1], plain[0]) else f" {plain}"
        else:
            found.append(plain)
        is_open = not line.lstrip().startswith(("|", "#"))
    return tuple(found)


@lru_cache(maxsize=4096)  # the versions of one text share nearly all of their lines
def _read(line: str) -> tuple[str | None, bool]:
    """Return the words of a line, or nothing where it only parts, and whether it begins anew."""
    first = line.lstrip()[:1]
    if not first or (first in _MARKS and (_is_rule(line) or _FENCE.match(line) is not None)):
        return None, True
    starts = (first in _MARKS or first.isdecimal()) and _STARTS.match(line) is not None
    return _plain(line), starts


def _plain(line: str) -> str:
    line = _LEAD.sub("", line)
    if "[" in line:
        line = _LINK.sub(r"\1", _PICTURE.sub(r"\1", line))
    if "*" in line or "_" in line or "`" in line:
        line = _EMPHASIS.sub("", line)
    line = _without_tail(line)
    if "|" in line:
        line = CELLS.join(cell.strip() for cell in line.strip().strip("|").split("|"))
    return _squeezed(line)


def _is_rule(line: str) -> bool:
    """Tell whether a line only parts or underlines: ``---``, ``===``, the second row of a table."""
    marks = set(line := "".join(line.split()))
    is_table = {"-", "|"} <= marks <= {"-", "|", ":"}
    return is_table or (len(line) > 2 and marks <= {"-", "=", "*", "_"})


def _without_tail(line: str) -> str:
    """Return a heading without the marks that may close it."""
    whole = line.rstrip()
    words = whole.rstrip("#")
    return words.rstrip() if words != whole and words[-1:].isspace() else line


def _squeezed(line: str) -> str:
    return _SPACE.sub(" ", line).strip()


def _is_wide(left: str, right: str) -> bool:
    """Tell whether two lines of one paragraph are joined without a space, as Chinese is."""
    return left > "\u2e7f" or right > "\u2e7f"
