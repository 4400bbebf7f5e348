"""The theme's page templates, compiled once, with escaping forced on everywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from gongkai.kernel.digest import digest_of_bytes, digest_of_text
from gongkai.press.shell import Shell
from gongkai.views.shared import MARK, EntryRow

_EXTERNAL = re.compile(r"[a-z][a-z0-9+.-]*:|#|//", re.IGNORECASE)
_SAFE = {"http:", "https:", "mailto:", "tel:", "#"}
_MARKED = re.compile(f'="{MARK}([^"]*)"')
_ROWS_KEPT = 30_000


def relative(address: str, page: str) -> str:
    """Return a site address as a link from ``page``; other addresses stay as they are."""
    if is_external(address):
        return address
    return "../" * page.count("/") + address


class UnsafeAddress(ValueError):
    """An address of a kind that a page must never link to reached a template."""


def is_external(address: str) -> bool:
    """Tell whether an address stands as it is: empty, an anchor, or of an allowed scheme.

    Raises:
        UnsafeAddress: its scheme is none of http, https, mailto and tel.
    """
    match = _EXTERNAL.match(address)
    if match and match[0].lower() not in _SAFE:
        raise UnsafeAddress(address)
    return not address or match is not None


class MissingWord(KeyError):
    """A template asks for a word that ``theme/words/zh.json`` does not hold."""


class Words:
    """The words of the pages, by key."""

    def __init__(self, words: dict[str, str]) -> None:
        self.words = words

    def __call__(self, key: str, **facts: object) -> str:
        """Return a word, its ``{name}`` places filled with facts.

        Raises:
            MissingWord: there is no such key.
        """
        if key not in self.words:
            raise MissingWord(key)
        return self.words[key].format(**facts) if facts else self.words[key]


class Templates:
    """Templates of ``theme/pages`` and ``theme/partials/gk`` and the words they print."""

    def __init__(self, theme: Path) -> None:
        self.theme = theme
        self._rows: dict[EntryRow, Markup] = {}
        words = (theme / "words" / "zh.json").read_text("utf-8")
        self.words = Words(json.loads(words))
        self.words_digest = digest_of_text(words)

    @cached_property
    def digest(self) -> str:
        """Return a digest of every template and word; any change presses every page anew."""
        files = sorted(
            path
            for folder in ("pages", "partials/gk", "words")
            for path in (self.theme / folder).rglob("*")
            if path.is_file()
        )
        return digest_of_text(
            *(
                f"{path.relative_to(self.theme).as_posix()} {digest_of_bytes(path.read_bytes())}"
                for path in files
            )
        )

    @cached_property
    def environment(self) -> jinja2.Environment:
        """The environment: undefined names are errors, every template escapes."""
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(self.theme),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.globals["t"] = self.words
        environment.globals["row_html"] = self.row_html
        environment.filters["url"] = _url_filter
        return environment

    def row_html(self, row: EntryRow) -> Markup:
        """Return the line of an entry, pressed once for all the lists that hold it.

        Its address is marked instead of relative, so that one text serves pages at any depth.
        """
        html = self._rows.get(row)
        if html is None:
            if len(self._rows) >= _ROWS_KEPT:
                self._rows.clear()
            template = self._template("partials/gk/row.html")
            html = self._rows[row] = Markup(template.render({"row": row, "page_address": None}))
        return html

    @cached_property
    def print_digest(self) -> str:
        """Return a digest of what printed files are made with, which pages are not."""
        files = sorted(path for path in (self.theme / "print").rglob("*") if path.is_file())
        return digest_of_text(*(digest_of_bytes(path.read_bytes()) for path in files))

    def press(self, shell: Shell, template: str, view: Any, address: str) -> bytes:
        """Return the page at ``address`` from one view."""
        facts = {"view": view, "page_address": address}
        head = self._template("pages/_head.html").render(facts)
        main = self._template(f"pages/{template}.html").render(facts)
        up = "../" * address.count("/")
        main = _MARKED.sub(lambda match: f'="{up}{match[1]}"', main)
        return shell.fill(escape(view.head.title), head, main)

    def plain(self, template: str, view: Any, address: str) -> bytes:
        """Return a page that brings its own frame: it may stand at any depth."""
        facts = {"view": view, "page_address": address}
        return self._template(f"pages/{template}.html").render(facts).encode()

    @cached_property
    def _template(self) -> Callable[[str], jinja2.Template]:
        """Return templates without asking the loader again for each of ten thousand pages."""
        found: dict[str, jinja2.Template] = {}

        def get(name: str) -> jinja2.Template:
            if name not in found:
                found[name] = self.environment.get_template(name)
            return found[name]

        return get


@jinja2.pass_context
def _url_filter(context: jinja2.runtime.Context, address: str) -> str:
    page: str | None = context["page_address"]
    if page is None:
        return address if is_external(address) else MARK + address
    return relative(address, page)
