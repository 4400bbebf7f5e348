"""A place in a source file: where a value was written, and values that remember it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file; lines and columns count from 1, columns in characters."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Located:
    """One YAML value with the place of its first character.

    Scalars stay text until the type of their field is known. A mapping keeps the place of
    each key as well, because a message about a key points at the key.
    """

    value: str | list[Located] | dict[str, Located]
    line: int
    column: int
    key_line: int = 0
    key_column: int = 0
