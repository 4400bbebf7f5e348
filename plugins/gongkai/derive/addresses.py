"""Permanent addresses (decisions.md 2-5): files, relative to the site's root, ASCII only."""

from __future__ import annotations

from gongkai.domain.corpus import FileFacts
from gongkai.domain.site import extension_of

HOME = "index.html"
DIRECTORY = "d/index.html"
LAPSED = "d/lapsed/index.html"
EXPLORER = "r/index.html"
APPLY_HELP = "help/apply.html"

REPORT_FOLDERS = {"disclosure": "report", "website": "website"}


def entry_address(index_number: str) -> str:
    """Return the only address of an entry; moving its source changes nothing."""
    return f"i/{index_number}.html"


def changes_address(index_number: str) -> str:
    """Return the page that shows how an entry changed after its publication."""
    return f"i/{index_number}/changes.html"


def attachment_address(index_number: str, position: int, file: FileFacts) -> str:
    """Return the address of the n-th file of an entry, named by its content."""
    extension = extension_of(file.path)
    return f"i/{index_number}/{position}-{file.digest[:8]}.{extension}"


def agency_address(agency: str, page: str = "index.html") -> str:
    """Return the address of a page of an agency's platform."""
    return f"a/{agency}/{page}"


def report_address(agency: str, year: int, subject: str = "disclosure") -> str:
    """Return the address of a yearly report on disclosure or on the web site."""
    return f"a/{agency}/{REPORT_FOLDERS[subject]}/{year}.html"


def column_address(column: str, agency: str = "") -> str:
    """Return the first page of a column, of the whole site or of one agency."""
    return f"a/{agency}/c/{column}/index.html" if agency else f"c/{column}/index.html"


def class_address(facet: str, code: str) -> str:
    """Return the first page of a class of the directory."""
    return f"d/{facet}/{code}/index.html"


def facet_address(facet: str) -> str:
    """Return the page that counts all classes of a facet."""
    return f"d/{facet}/index.html"
