"""Characters that XML has no place for, so that no text of an editor's can stop a file."""

from __future__ import annotations

import re

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Return a text without the characters that XML does not allow, lone surrogates included."""
    return _UNPRINTABLE.sub("", text)
