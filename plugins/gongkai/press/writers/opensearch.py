"""The name and address of a site into opensearch.xml, by which a browser offers its search."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from gongkai.press.writers.characters import printable

_NAME_CHARACTERS = 16  # OpenSearch 1.1, ShortName
_WORDS_CHARACTERS = 1024  # Description


def opensearch(name: str, description: str, base_url: str) -> bytes:
    """Return an OpenSearch 1.1 description of the search page below ``base_url``.

    ``base_url`` is absolute and ends in a slash; the browser puts the words that were typed in
    the place of ``{searchTerms}``, percent-encoded in UTF-8: behind ``#``, so that they are not
    sent to the server. A longer name is cut to 16
    characters, a longer description to 1024, as the format asks.
    """
    template = base_url + "search/index.html#q={searchTerms}"
    words = printable(description).strip()[:_WORDS_CHARACTERS]
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        f"<ShortName>{escape(printable(name).strip()[:_NAME_CHARACTERS])}</ShortName>",
        f"<Description>{escape(words)}</Description>",
        f'<Url type="text/html" template={quoteattr(template)}/>',
        "<InputEncoding>UTF-8</InputEncoding>",
        "<OutputEncoding>UTF-8</OutputEncoding>",
        "<Language>zh-CN</Language>",
        "</OpenSearchDescription>",
        "",
    )
    return "\n".join(lines).encode()
