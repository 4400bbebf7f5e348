"""A page that MkDocs rendered, with its slots marked, into a form that is filled by joining.

The theme draws header, navigation and footer once for each depth; the press fills title, head
and main for every page. The shell is split once at its marks and joined: filled text is never
searched again, so whatever an author writes cannot be taken for a mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SLOTS = ("title", "head", "main")
MARKS = {slot: f"gkslot7{slot}7kg" for slot in SLOTS}
_MARK = re.compile("|".join(f"({mark})" for mark in MARKS.values()))


class BrokenShell(ValueError):
    """The theme lost, repeated or reordered a slot."""


@dataclass(frozen=True, slots=True)
class Shell:
    """The text between the slots of a page at one depth."""

    parts: tuple[str, ...]

    @classmethod
    def split(cls, page: str) -> Shell:
        """Split a rendered page at its marks.

        Raises:
            BrokenShell: a slot is missing, stands twice or out of order.
        """
        parts = _MARK.split(page)
        texts = tuple(parts[:: len(SLOTS) + 1])
        found = [
            next(mark for mark in parts[n + 1 : n + 1 + len(SLOTS)] if mark)
            for n in range(0, len(parts) - 1, len(SLOTS) + 1)
        ]
        if found != [MARKS[slot] for slot in SLOTS]:
            raise BrokenShell(f"slots found: {found}; wanted {list(MARKS.values())}")
        return cls(texts)

    def fill(self, title: str, head: str, main: str) -> bytes:
        """Return the page; the three texts are HTML already."""
        before, between, after, end = self.parts
        return "".join((before, title, between, head, after, main, end)).encode()
