"""An address of a former site (旧网址) into what a server matches and where a page can stand."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, NoReturn
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit

from pydantic import BeforeValidator, Field

from gongkai.domain.values import fail
from gongkai.kernel import problems as p

LONGEST = 500  # characters; a server's table of addresses has to hold each on one line
# first parts of this site's own addresses, and the pages beside them
OWN_PARTS = frozenset(
    (
        *("a", "c", "d", "data", "hant", "help", "i", "log", "r", "s", "search", "assets"),
        *("index.html", "404.html", "about.html", "accessibility.html", "map.html"),
        *("opensearch.xml", "sitemap.xml", "robots.txt", "favicon.ico"),
    )
)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PLAIN = re.compile(r"[0-9A-Za-z._~!$&'()*+,;=:@/%?\[\]-]")
_STUB = re.compile(r"(/[0-9A-Za-z_~-][0-9A-Za-z._~-]*)*/[0-9A-Za-z_~-][0-9A-Za-z._~-]*\.html?")
_NO_FOLDER = re.compile(r"(?i)(?:\.html?|\.|^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?)$")
_STUB_LONGEST = 200  # characters of a path that every file system can hold


@dataclass(frozen=True, slots=True)
class OldAddress:
    """One old address taken apart.

    ``host`` is in lower case without port, empty for any host; ``path`` is decoded as a server
    decodes it (bytes that are no UTF-8 as surrogates); ``query`` stays as a browser sends it.
    """

    host: str
    path: str
    query: str

    @property
    def first(self) -> str:
        """The first part of the path in lower case."""
        return self.path.split("/")[1].lower()

    def identity(self, own_host: str) -> tuple[str, str, str]:
        """Return what two spellings of one address have in common.

        Case, a closing slash, percent signs and the site's own host make no difference.
        """
        host = "" if self.host == own_host else self.host
        return host, self.path.lower().rstrip("/"), unquote(self.query).lower()

    def key(self, own_host: str) -> str:
        """Return what a server compares: host (unless it is its own), path and query."""
        host = "" if self.host == own_host else self.host
        return f"{host}{self.path}{'?' if self.query else ''}{self.query}"

    def stub(self, own_host: str) -> str | None:
        """Return the site address at which a static page can stand, or ``None``.

        Only plain ``.html`` and ``.htm`` paths of the site's own host qualify: other hosts may
        have had another page of that name, and a file has no query.
        """
        if self.query or self.host not in ("", own_host) or len(self.path) > _STUB_LONGEST:
            return None
        if not _STUB.fullmatch(self.path) or self.first in OWN_PARTS:
            return None
        *folders, name = self.path.lstrip("/").split("/")
        if any(_NO_FOLDER.search(folder) for folder in folders):
            return None
        if _NO_FOLDER.match(name) and _NO_FOLDER.fullmatch(name):
            return None
        return self.path.lstrip("/")


def parse_old_address(value: object) -> str:
    """Accept ``/art/1.html`` or ``http://old.example/x.jsp?id=9`` and nothing that climbs."""
    text = str(value).strip()
    take_apart(text)
    return text


LegacyUrl = Annotated[
    str,
    BeforeValidator(parse_old_address),
    Field(json_schema_extra={"pattern": r"^(/|https?://)[^\s\"\\#<>]+$"}),
]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


LegacyUrls = Annotated[tuple[LegacyUrl, ...], BeforeValidator(_as_list)]


def take_apart(text: str) -> OldAddress:
    """Return the parts of an old address.

    Raises:
        PydanticCustomError: it is no address that a server could be asked for.
    """
    if len(text) > LONGEST:
        _refuse(text, f"超过 {LONGEST} 个字符", f"over {LONGEST} characters")
    if any(unicodedata.category(c)[0] in "CZ" for c in text):
        _refuse(text, "含有空格或者控制字符", "it holds a space or a control character")
    if "#" in text:
        _refuse(text, "# 之后的部分不会到达服务器", "what follows # never reaches a server")
    host, rest = _split_host(text)
    path, _, query = rest.partition("?")
    if _BROKEN_PERCENT.search(rest):
        _refuse(text, "% 之后不是两位十六进制数", "two hexadecimal digits must follow %")
    if not all(_PLAIN.match(c) or ord(c) > 127 for c in rest):
        _refuse(text, "含有网址不能用的字符，应写成 %XX", "a character must be written as %XX")
    decoded = unquote_to_bytes(path).decode("utf-8", "surrogateescape")
    if any(c < " " or c == "\x7f" for c in decoded) or "%0" in query or "%1" in query:
        _refuse(text, "含有控制字符", "it holds a control character")
    if "\\" in decoded or {".", ".."} & set(decoded.split("/")):
        _refuse(text, "路径不能含有 . .. 或者反斜线", "a path has no '.', '..' or backslash")
    decoded = re.sub("/+", "/", decoded)
    if decoded == "/":
        _refuse(text, "这是网站的首页", "it is a site's front page")
    return OldAddress(host, decoded, quote(query, safe="!$&'()*+,;=:@/%?[]~._-"))


def _split_host(text: str) -> tuple[str, str]:
    if text.startswith("/") and not text.startswith("//"):
        return "", text
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
        is_web = parts.scheme in ("http", "https") and (parts.port is None or parts.port > 0)
    except ValueError:
        is_web, host = False, ""
    if not is_web or "@" in text.split("/")[2] or not _HOST.fullmatch(host):
        _refuse(text, "应以 / 或者 http:// 开头", "it must begin with / or http://")
    rest = text.split("/", 3)
    if len(rest) < 4 or "?" in rest[2]:
        _refuse(text, "这是网站的首页", "it is a site's front page")
    return host, f"/{rest[3]}"


def _refuse(value: str, why: str, why_en: str) -> NoReturn:
    fail(p.BAD_OLD_ADDRESS, value=value[:100], why=why, why_en=why_en)
