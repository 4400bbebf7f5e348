"""Files of the theme as they are served: scripts short, parts of the search engine not at all."""

from __future__ import annotations

from gongkai.press.search.script import FOLDER, shortened

_OWN = "assets/"


def is_served(address: str) -> bool:
    """Tell whether a theme's file stands in the site: the engine's parts are joined into one."""
    return not address.startswith(f"{_OWN}{FOLDER}/")


def served(address: str, data: bytes) -> bytes:
    """Return the bytes that stand at an address for what the theme or MkDocs wrote there."""
    is_own = address.startswith(_OWN) and address.count("/") == 1
    if is_own and address.endswith(".js"):
        return shortened(data.decode("utf-8")).encode()
    return data
