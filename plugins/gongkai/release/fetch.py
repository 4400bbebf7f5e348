"""An address into the bytes that a folder or a web server answers with, whatever it answers.

Nothing that comes back is trusted: bodies are cut where the caller says, a server that never
ends is shut off at a deadline, redirects stay on the host, and no answer is an exception.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import socket
import stat
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urljoin, urlsplit

KEPT = 2 * 1024 * 1024  # bytes of an answer that are kept to be looked at
_CHUNK = 64 * 1024
_ATTEMPTS = 3
_REDIRECTS = 5
_SLOWEST = 16 * 1024  # bytes a second that a server may be as slow as
_GIVEN_UP = 25  # failures one after another, after which nothing more is asked
_FLAKY = {408, 425, 429, 500, 502, 503, 504}
_GONE = {404, 410}


class State(StrEnum):
    """What came of asking for an address."""

    FOUND = "found"
    MISSING = "missing"
    MOVED = "moved"  # to another host, or round in circles
    SPECIAL = "special"  # a link, a pipe or a device where a file should be
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address holds: size and BLAKE2b-128 digest, and the first bytes themselves.

    ``size`` counts no further than the limit asked for and one byte more. ``beside`` says what a
    server added to the bytes that changes what a reader gets.
    """

    state: State
    size: int = 0
    digest: str = ""
    data: bytes = b""
    why: str = ""
    beside: str = ""

    @property
    def is_found(self) -> bool:
        """Tell whether there were bytes to look at."""
        return self.state is State.FOUND


class Source(Protocol):
    """Where a copy of a site is read from."""

    name: str
    is_down: bool

    def read(self, address: str, limit: int, *, query: str = "", keep: int = KEPT) -> Answer:
        """Return what is at an address: no more than ``limit`` bytes and one, ``keep`` as data."""


class Folder:
    """A copy of a site in a folder; links are never followed."""

    def __init__(self, root: Path) -> None:
        self.name = str(root)
        self.is_down = False
        self._root = os.path.abspath(root)
        self.files: set[str] = set()
        self.special: dict[str, str] = {}
        for folder, folders, names in os.walk(self._root, onerror=self._unread):
            for name in (*names, *folders):
                path = f"{folder}/{name}"
                address = os.path.relpath(path, self._root).replace(os.sep, "/")
                try:
                    mode = os.lstat(path).st_mode
                except OSError:
                    continue  # it went away meanwhile
                if stat.S_ISREG(mode):
                    self.files.add(address)
                elif not stat.S_ISDIR(mode):
                    is_link = stat.S_ISLNK(mode)
                    self.special[address] = "是链接，不是文件" if is_link else "是特殊文件"

    def _unread(self, error: OSError) -> None:
        """Note a folder that this user cannot look into, and a server's perhaps can."""
        address = os.path.relpath(os.fspath(error.filename), self._root).replace(os.sep, "/")
        self.special[address] = f"是文件夹，打不开（{error.strerror}），里面的没有核对"

    def read(self, address: str, limit: int, *, query: str = "", keep: int = KEPT) -> Answer:
        """Return what a regular file below the folder holds."""
        if address in self.special:
            return Answer(State.SPECIAL, why=self.special[address])
        if address not in self.files:
            return Answer(State.MISSING)
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        try:
            handle = os.open(f"{self._root}/{address}", flags)
            with os.fdopen(handle, "rb") as file:
                return _taken(iter(lambda: file.read(_CHUNK), b""), limit, keep)
        except OSError as error:
            return Answer(State.UNREADABLE, why=f"读不出（{error.strerror}）")


class Web:
    """A copy of a site on a web server; may be read from several threads.

    ``timeout`` is that of one silence in seconds, ``until`` the monotonic time at which all
    reading ends.
    """

    def __init__(self, url: str, *, timeout: float = 20.0, until: float | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(url)
        path, _, last = parts.path.rpartition("/")
        self.name = url
        self.is_down = False
        self.host = parts.hostname.lower()
        self.base = f"{path}/" if "." in last or not last else f"{path}/{last}/"
        self._scheme, self._port = parts.scheme, parts.port
        self._timeout, self._until = timeout, until
        self._held = threading.local()
        self._made: list[http.client.HTTPConnection] = []
        self._failures = 0
        self._watch = _Watch()

    @property
    def url(self) -> str:
        """The address of the folder that the site stands in."""
        return f"{self._scheme}://{self._authority()}{self.base}"

    def close(self) -> None:
        """Close all connections."""
        self._watch.end()
        for connection in self._made:
            connection.close()

    def read(self, address: str, limit: int, *, query: str = "", keep: int = KEPT) -> Answer:
        """Return what the server answers with, asked again where it is flaky."""
        target = self.base + quote(address, safe="/~!$&'()*+,;=:@-._")
        target += f"?{quote(query, safe='/?~!$&*+,;=:@-._%')}" if query else ""
        answer = Answer(State.UNREADABLE, why="服务器没有应答")
        for attempt in range(_ATTEMPTS):
            if self.is_down:
                return Answer(State.UNREADABLE, why="服务器一直没有应答，不再读取")
            if self._until is not None and time.monotonic() >= self._until:
                return Answer(State.UNREADABLE, why="到了时间上限，没有读取")
            if attempt:
                time.sleep(0.2 * attempt)
            answer, is_final = self._followed(target, limit, keep)
            if is_final:
                self._failures = 0
                return answer
        self._failures += 1
        self.is_down = self.is_down or self._failures >= _GIVEN_UP
        return answer

    def _followed(self, target: str, limit: int, keep: int) -> tuple[Answer, bool]:
        """Return the answer after redirects, and whether asking again would change nothing."""
        seen = set()
        for _ in range(_REDIRECTS):
            scheme = self._scheme
            seen.add((scheme, target))
            connection = self._connection(scheme)
            try:
                answer, to = self._once(connection, target, limit, keep)
            except _Flaky as error:
                connection.close()
                return Answer(State.UNREADABLE, why=str(error)), False
            except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
                connection.close()
                return Answer(State.UNREADABLE, why=f"读不出（{_named(error)}）"), False
            if not to:
                return answer, True
            place = f"{scheme}://{self._authority()}{target}"
            try:
                parts = urlsplit(urljoin(place, to))
                port = parts.port
            except ValueError:
                return Answer(State.MOVED, why="被转向到看不懂的网址"), True
            is_upgrade = (scheme, parts.scheme) == ("http", "https")
            is_here = (parts.hostname or "").lower() == self.host
            if not is_here or not (
                is_upgrade or (parts.scheme, port) == (self._scheme, self._port)
            ):
                where = f"{parts.scheme}://{parts.netloc}"[:100]
                return Answer(State.MOVED, why=f"被转向到 {where}"), True
            if is_upgrade:
                self._scheme, self._port = "https", port
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            target = quote(target, safe="/?~!$&'()*+,;=:@-._%")
            if (self._scheme, target) in seen:
                return Answer(State.MOVED, why="转来转去，没有尽头"), True
        return Answer(State.MOVED, why=f"转向超过 {_REDIRECTS} 次"), True

    def _once(
        self, connection: http.client.HTTPConnection, target: str, limit: int, keep: int
    ) -> tuple[Answer, str]:
        """Return one answer, and where it sends us instead."""
        deadline = time.monotonic() + 3 * self._timeout + limit / _SLOWEST
        if self._until is not None:
            deadline = min(deadline, self._until)
        if connection.sock is None:
            connection.connect()
        with self._watch.over(connection.sock, deadline):
            connection.request(
                "GET", target, headers={"Accept-Encoding": "identity", "Accept": "*/*"}
            )
            response = connection.getresponse()
            if response.status in _FLAKY:
                raise _Flaky(f"服务器答复 {response.status}")
            if response.status != 200:
                connection.close()  # whatever else it says
                if response.status in (301, 302, 303, 307, 308):
                    to = response.headers.get("Location", "")
                    return Answer(State.MOVED, why="被转向，没有说到哪里"), to
                state = State.MISSING if response.status in _GONE else State.UNREADABLE
                return Answer(state, why=f"服务器答复 {response.status}"), ""
            promised = response.headers.get("Content-Length", "")
            counted = [0]
            answer = _taken(_decoded(_body(response, counted), response.headers), limit, keep)
            answer = replace(answer, beside=_beside(response.headers))
            if response.length == 0:
                response.read()  # says that it is at its end, so that the connection is free
            if answer.size > limit or not response.isclosed():
                response.close()
                connection.close()  # there is more that nobody wants
            elif promised.isdigit() and counted[0] < int(promised[:18]):
                raise _Flaky(f"只收到 {counted[0]} 字节，服务器说有 {promised[:18]} 字节")
        return answer, ""

    def _connection(self, scheme: str) -> http.client.HTTPConnection:
        held: dict[str, http.client.HTTPConnection] = self._held.__dict__
        if scheme not in held:
            made = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
            held[scheme] = made[scheme](self.host, self._port, timeout=self._timeout)
            self._made.append(held[scheme])
        return held[scheme]

    def _authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self._port}" if self._port else host


class _Flaky(Exception):
    """The server may well answer otherwise when asked again."""


class _Watch:
    """Shuts connections off that are open past their deadline, wherever they hang.

    A timeout counts from the last byte, so that a server which sends one byte now and then
    would hold us for ever.
    """

    def __init__(self) -> None:
        self._open: dict[socket.socket, float] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, held: socket.socket, deadline: float) -> Iterator[None]:
        with self._lock:
            self._open[held] = deadline
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._open.pop(held, None)

    def _run(self) -> None:
        while not self._ended.wait(0.1):
            now = time.monotonic()
            with self._lock:
                late = [one for one, deadline in self._open.items() if deadline <= now]
            for held in late:
                with suppress(OSError):  # it is gone already
                    held.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self._ended.set()


def _beside(headers: http.client.HTTPMessage) -> str:
    """Return in words what headers make of a page whose bytes are as they should be."""
    if "Refresh" in headers:
        return "服务器的答复里有自动跳转（Refresh）"
    if any("stylesheet" in value.lower() for value in headers.get_all("Link", [])):
        return "服务器的答复里加了样式（Link）"
    charset = headers.get_content_charset("utf-8")
    if headers.get_content_type() == "text/html" and charset not in ("utf-8", "utf8"):
        return f"服务器说它的编码是 {charset[:20]}，应为 utf-8"
    return ""


def _body(response: http.client.HTTPResponse, counted: list[int]) -> Iterator[bytes]:
    while chunk := response.read1(_CHUNK):
        counted[0] += len(chunk)
        yield chunk


def _decoded(chunks: Iterator[bytes], headers: http.client.HTTPMessage) -> Iterator[bytes]:
    """Undo the compression that a server applied, a little at a time, so that no bomb goes off."""
    coding = headers.get("Content-Encoding", "").strip().lower()
    if coding in ("", "identity"):
        yield from chunks
        return
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise ValueError(f"压缩方式 {coding[:20]!r} 不认识")
    unpack = zlib.decompressobj(47)
    for chunk in chunks:
        while chunk and not unpack.eof:
            yield unpack.decompress(chunk, _CHUNK)
            chunk = unpack.unconsumed_tail
    yield unpack.flush()


def _taken(chunks: Iterator[bytes], limit: int, keep: int) -> Answer:
    """Return size and digest of what comes, and its beginning; past the limit nothing is read."""
    size, kept = 0, bytearray()
    hasher = hashlib.blake2b(digest_size=16)
    for chunk in chunks:
        part = chunk[: limit + 1 - size]
        size += len(part)
        hasher.update(part)
        if len(kept) < keep:
            kept += part[: keep - len(kept)]
        if size > limit:
            break
    return Answer(State.FOUND, size, hasher.hexdigest(), bytes(kept))


def _named(error: Exception) -> str:
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(words).split())[:120]
