"""A body as safe HTML and the facts that rules, listings and search read from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A link or picture in a body and where it was written (line from 1, in the file)."""

    target: str
    line: int
    column: int
    is_image: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """What is known of a body without its HTML; small enough to keep for every entry."""

    digest: str = ""
    characters: int = 0
    excerpt: str = ""
    links: tuple[Link, ...] = ()
    headings: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    text: str = ""  # SHA-256 of the words without white space, as the publication log has them

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to read."""
        return self.characters == 0
