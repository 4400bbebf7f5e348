"""Addresses and dates into sitemap.xml."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape


def sitemap(base_url: str, pages: Iterable[tuple[str, str]]) -> bytes:
    """Return a sitemap of (address, last change as YYYY-MM-DD or nothing); absolute addresses."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ]
    for address, changed in pages:
        when = f"<lastmod>{changed}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(base_url + address)}</loc>{when}</url>")
    return "\n".join([*lines, "</urlset>", ""]).encode()
