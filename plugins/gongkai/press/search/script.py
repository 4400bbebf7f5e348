"""lunr.js and the site's own engine into the one script that searches, in a worker or on a page."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import rjsmin

try:
    import minify
except ImportError:  # no build for this system: longer names, the same script
    minify = None

PARTS = ("contract.js", "inflate.js", "engine.js")
FOLDER = "search"
UNUSED = ("stemmer", "stopWordFilter", "trimmer")  # lunr's parts for cutting English texts
_SECTION = re.compile(r"(?=/\*!\n \* lunr\.(\w+)\n)")
ECMASCRIPT = 2018  # what the oldest browsers read that are served


def lunr_script() -> str:
    """Return lunr.js as the installed MkDocs ships it, less what takes texts apart."""
    path = resources.files("mkdocs").joinpath("contrib/search/templates/search/lunr.js")
    head, *sections = _SECTION.split(path.read_text("utf-8"))
    named = zip(sections[::2], sections[1::2], strict=True)
    return head + "".join(text for name, text in named if name not in UNUSED)


def engine_script(assets: Path) -> bytes:
    """Return the joined script without comments and blanks; the licence stays."""
    lunr = lunr_script()
    licence = lunr[: lunr.index("*/") + 2].replace("/**", "/*!", 1)
    own = [(assets / FOLDER / name).read_text("utf-8") for name in PARTS]
    return ";\n".join([licence, *map(shortened, (lunr, *own))]).encode()


def shortened(script: str) -> str:
    """Return a script that does the same in fewer characters."""
    if minify is None:
        return str(rjsmin.jsmin(script))
    minify.config({"js-version": ECMASCRIPT})
    return str(minify.string("application/javascript", script))
