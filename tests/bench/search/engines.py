"""The engines that are compared, and the page with which each answers queries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

WEB = Path(__file__).with_name("web")
PLACES = 10


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine: its name in the table and its folder in the site."""

    name: str
    folder: str

    @property
    def path(self) -> str:
        """Where the server has its page."""
        return f"/bench-{self.folder}.html"

    @property
    def page(self) -> str:
        """The page that answers queries with this engine alone."""
        script = (WEB / f"{self.name.lower()}.html").read_text("utf-8")
        return (WEB / "page.html").read_text("utf-8").replace("<!-- engine -->", script)


OWN = Engine("Gongkai", "search")
PAGEFIND = Engine("Pagefind", "pagefind")
ENGINES = (OWN, PAGEFIND)
