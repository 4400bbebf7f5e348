"""A folder into a local site that counts what it sends, at full speed or over a slow link.

Text is sent as gzip, as any host does; everything else as it is stored. Bytes are those of the
bodies sent. A slow link holds every request back by its latency and shares its rate among all
requests, in the server and not in the browser, so that workers are slow too.
"""

from __future__ import annotations

import gzip
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8", ".json": "application/json", ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8", ".xml": "application/xml", ".wasm": "application/wasm",
}  # fmt: skip
GZIP = {".html", ".js", ".css", ".json", ".svg", ".txt", ".xml"}
GZIP_LEVEL = 6
MAX_AGE = "max-age=600"  # as static hosts have it; what is older is asked for by its tag
QUIET = 0.08  # seconds without a request after which a page has all it asked for
PIECE = 8192


@dataclass(frozen=True, slots=True)
class Sent:
    """One answered request."""

    path: str
    size: int


@dataclass(slots=True)
class Link:
    """A line that all requests share; no rate means as fast as it goes."""

    rate: float = 0.0  # bytes a second
    latency: float = 0.0  # seconds a request
    _free_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, size: int) -> None:
        """Sleep until so many bytes have had their turn."""
        if not self.rate:
            return
        with self._lock:
            start = max(self._free_at, time.monotonic())
            self._free_at = until = start + size / self.rate
        time.sleep(max(0.0, until - time.monotonic()))


class Site:
    """A served folder, with pages of our own beside it, and what was sent since ``take``."""

    def __init__(
        self, folder: Path, pages: dict[str, str] | None = None, beside: Path | None = None
    ) -> None:
        self.folder = folder.resolve()
        self.pages = pages or {}
        self.beside = (beside or folder).resolve()  # what is not in the folder may be here
        self.link = Link()
        self.address = ""
        self._sent: list[Sent] = []
        self._lock = threading.Lock()
        self._packed: dict[str, bytes] = {}
        self._open = 0
        self._last = 0.0

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Note that a request is being answered while the block runs."""
        with self._lock:
            self._open += 1
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1
                self._last = time.monotonic()

    def settle(self) -> None:
        """Wait until nothing is being sent, and has not been for a moment."""
        while True:
            with self._lock:
                left = QUIET if self._open else self._last + QUIET - time.monotonic()
            if left <= 0:
                return
            time.sleep(left)

    def take(self) -> list[Sent]:
        """Return what was sent since the last call."""
        with self._lock:
            sent, self._sent = self._sent, []
        return sent

    def count(self, path: str, size: int) -> None:
        """Note one answer."""
        with self._lock:
            self._sent.append(Sent(path, size))

    def body(self, path: str) -> tuple[bytes, str, bool] | None:
        """Return the body of a path as it is sent, its suffix, and whether it is gzip."""
        if path in self.pages:
            return self._gzip(path, self.pages[path].encode()), Path(path).suffix, True
        name = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
        found = (base / name for base in (self.folder, self.beside))
        file = next((one for one in found if one.is_file() and ".." not in one.parts), None)
        if file is None:
            return None
        if file.suffix in GZIP:
            return self._gzip(path, file.read_bytes()), file.suffix, True
        return file.read_bytes(), file.suffix, False

    def _gzip(self, path: str, data: bytes) -> bytes:
        if path not in self._packed:
            self._packed[path] = gzip.compress(data, GZIP_LEVEL, mtime=0)
        return self._packed[path]

    def gzip_size(self, path: str) -> int:
        """Return how many bytes a path is sent as."""
        found = self.body(path)
        return len(found[0]) if found else 0


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """Serve a site while the block runs."""

    class Handler(_Handler):
        held = site

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of pages that were left while they were loading."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet
    held: Site

    def do_GET(self) -> None:
        with self.held.busy():
            path = unquote(urlsplit(self.path).path)
            time.sleep(self.held.link.latency)
            body, suffix, is_gzip = self.held.body(path) or (None, ".txt", False)
            tag = f'"{zlib.crc32(body or b""):08x}"'
            is_known = body is not None and self.headers.get("If-None-Match") == tag
            sent = b"" if is_known else body or b""
            self.send_response(304 if is_known else 404 if body is None else 200)
            self.send_header("Content-Type", TYPES.get(suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(sent)))
            self.send_header("Cache-Control", MAX_AGE)
            self.send_header("ETag", tag)
            if is_gzip:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.held.count(path, len(sent))
            self._send(sent)

    def _send(self, body: bytes) -> None:
        """Write a body no faster than the link is."""
        link = self.held.link
        try:
            for start in range(0, len(body), PIECE):
                piece = body[start : start + PIECE]
                link.wait(len(piece))
                self.wfile.write(piece)
                if link.rate:
                    self.wfile.flush()
        except ConnectionError:
            self.close_connection = True  # the page was left

    def log_message(self, format: str, *values: object) -> None:
        """Say nothing."""
