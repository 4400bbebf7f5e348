"""A few pages into a published copy with its list of files and log, and a server for it.

What is written here follows the published layout alone and uses nothing of the package that is
tested: the hashing of RFC 6962 is written again, recursively.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

DOMAIN = "www.qinghe.example"
ROWS = [
    (1 + n // 3, f"2026-03-{1 + n // 3:02}", "published", f"i/QH0000028/2026-{n + 1:05}")
    for n in range(7)
]


def page(title: str, body: str = "") -> str:
    """Return a sound page that links to the front page and to another web site."""
    return (
        f'<!doctype html><html lang="zh"><title>{title}</title><body><h1>{title}</h1>{body}'
        '<a href="https://www.gov.cn/">中国政府网</a></body></html>'
    )


def pages() -> dict[str, bytes]:
    """Return a small site: front page, seven entries, an attachment, a sitemap."""
    links = "".join(f'<a href="{row[3]}.html">{row[3]}</a>' for row in ROWS)
    found = {"index.html": page("首页", links), "404.html": page("没有这一页")}
    for n, row in enumerate(ROWS):
        found[f"{row[3]}.html"] = page(f"第{n + 1}号通知", '<a href="../../index.html">首页</a>')
    found["i/QH0000028/2026-00001/1-0123abcd.pdf"] = "%PDF-1.7 附件" * 40
    found["sitemap.xml"] = f"<urlset><url><loc>https://{DOMAIN}/index.html</loc></url></urlset>"
    return {address: text.encode() for address, text in found.items()}


def commitment(n: int, salt: str = "") -> bytes:
    """Return what the ledger commits to in its row ``n``."""
    return hashlib.sha256(f"{salt}{n}".encode()).digest()


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def tree_root(leaves: list[bytes]) -> bytes:
    """Return the Merkle tree hash of RFC 6962, section 2.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + tree_root(leaves[:k]) + tree_root(leaves[k:])).digest()


def tiles(data: list[bytes]) -> dict[str, bytes]:
    """Return the tiles of a log of fewer than 256 entries."""
    if not data:
        return {}
    tail = f"000.p/{len(data)}"
    bundle = b"".join(len(one).to_bytes(2, "big") + one for one in data)
    return {
        f"log/tile/entries/{tail}": bundle,
        f"log/tile/0/{tail}": b"".join(map(leaf, data)),
    }


def write_copy(
    folder: Path, files: Mapping[str, bytes] | None = None, data: list[bytes] | None = None
) -> Path:
    """Write a copy with its list and log into ``folder``."""
    data = [commitment(n) for n in range(len(ROWS))] if data is None else data
    everything = {**(pages() if files is None else files), **tiles(data)}
    for address, content in everything.items():
        put(folder, address, content)
    relist(folder)
    write_checkpoint(folder, data)
    return folder


def put(folder: Path, address: str, data: bytes) -> None:
    path = folder / address
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def relist(folder: Path) -> None:
    """Write the list of files anew, as somebody would who hides what was changed."""
    lines = []
    for path in sorted(folder.rglob("*")):
        address = path.relative_to(folder).as_posix()
        hidden = ("data/manifest.tsv", "log/checkpoint", "log/checkpoint.sig")
        if path.is_file() and address not in hidden:
            content = path.read_bytes()
            digest = hashlib.blake2b(content, digest_size=16).hexdigest()
            lines.append(f"{digest}\t{len(content)}\t{address}\n")
    put(folder, "data/manifest.tsv", "".join(lines).encode())


def write_checkpoint(folder: Path, data: list[bytes]) -> bytes:
    listed = hashlib.sha256((folder / "data" / "manifest.tsv").read_bytes()).hexdigest()
    root = base64.b64encode(tree_root(list(map(leaf, data)))).decode()
    text = f"{DOMAIN}/log\n{len(data)}\n{root}\nmanifest sha256 {listed}\n".encode()
    put(folder, "log/checkpoint", text)
    return text


def write_ledger(content: Path, salt: str = "", rows: int = len(ROWS)) -> Path:
    """Write the ledger that the log of a copy was made from."""
    lines = ["batch\tdate\tevent\taddress\tcommitment\n"]
    for n, row in enumerate(ROWS[:rows]):
        lines.append("\t".join([*map(str, row), commitment(n, salt).hex()]) + "\n")
    put(content, "ledger/mzj.tsv", "".join(lines).encode())
    return content


class Handler(BaseHTTPRequestHandler):
    """Serves a folder as a careful server does; tests replace ``do_GET``."""

    protocol_version = "HTTP/1.1"
    folder: Path
    asked: list[str]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0].removeprefix("/")
        file = self.folder / (path or "index.html")
        if file.is_file():
            self.answer(file.read_bytes())
        else:
            self.answer(b"not found", 404)

    def answer(self, data: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments: object) -> None:
        self.asked.append(self.path)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, address: Any) -> None:
        """A client that hangs up is no news."""


@contextmanager
def serving(
    folder: Path, get: Callable[[Handler], None] | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Serve a folder on this machine; ``get`` answers in place of the careful server."""
    facts: dict[str, Any] = {"folder": folder, "asked": []}
    if get is not None:
        facts["do_GET"] = get
    handler = type("Own", (Handler,), facts)
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", facts["asked"]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
