"""Other readers get the same answers: Firefox, and a browser without what came after ES2018."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from random import Random
from typing import Any

import pytest

from acceptance.project import Project

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox") or ""
Rows = list[dict[str, Any]]
ASK = """
async function answers(queries) {
  const engine = self.gongkaiSearch.create({ base: new URL("search/", self.siteRoot).href });
  const found = [];
  for (const q of queries) {
    const asked = { q, filters: {}, order: "score", from: 0, size: 10 };
    const { total, hits } = await engine.search(asked);
    found.push([total, hits.map((hit) => hit.card.url)]);
  }
  return found;
}
"""
PAGE = f"""<!doctype html><meta charset="utf-8"><title>ask</title>
<script>self.siteRoot = new URL("/", location.href).href;</script>
<script src="/search/engine.js"></script>
<script>{ASK}
fetch("/queries").then((answer) => answer.json()).then(answers)
  .then((found) => found, (error) => String(error && error.stack || error))
  .then((found) => fetch("/found", {{ method: "POST", body: JSON.stringify(found) }}));
</script>"""
# what Chromium 64 does not have
NEWER = """
for (const name of ["DecompressionStream", "Worker", "queueMicrotask", "structuredClone"]) {
  delete self[name];
}
for (const [kind, names] of [
  [String, ["matchAll", "replaceAll", "at", "trimStart", "trimEnd"]],
  [Array, ["flat", "flatMap", "at", "findLast", "toSorted", "toSpliced", "with"]],
  [Uint8Array, ["at", "findLast", "toSorted", "with"]],
  [Element, ["replaceChildren"]],
  [DocumentFragment, ["replaceChildren"]],
]) {
  for (const name of names) delete kind.prototype[name];
}
for (const [kind, names] of [
  [Object, ["fromEntries", "hasOwn", "groupBy"]],
  [Promise, ["allSettled", "any", "withResolvers"]],
  [Uint8Array, ["fromBase64"]],
  [AbortSignal, ["timeout", "any"]],
]) {
  for (const name of names) delete kind[name];
}
delete self.globalThis;
"""


class _Asking(http.server.SimpleHTTPRequestHandler):
    """Serve a site, and beside it a page that asks the index and sends back what it found."""

    queries: list[str]
    found: Queue[Any]

    def do_GET(self) -> None:
        parts = {"/ask.html": PAGE, "/queries": json.dumps(self.queries)}
        if self.path not in parts:
            super().do_GET()
            return
        data = parts[self.path].encode()
        self.send_response(200)
        kind = "text/html" if self.path.endswith(".html") else "application/json"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self.found.put(json.loads(self.rfile.read(size)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def queries(rows: Rows) -> list[str]:
    """Questions of every kind about the demonstration."""
    rng = Random("elsewhere")
    chosen = rng.sample(rows, 12)
    asked = [row["title"] for row in chosen]
    asked += [row["document_number"] for row in rows if row["document_number"]][:5]
    asked += [row["index_number"].lower() for row in chosen[:4]]
    asked += [
        "低保怎么办理",
        "人社局年报",
        "經營者",
        "县",
        "养老 补贴",
        "停车 -收费",
        "不存在的词语咕",
    ]
    return [*asked, '"临时救助"', "救肋", "2026年预算", "😀", "ＡＢ１２"]


@pytest.fixture(scope="module")
def serving(demo: Project, queries: list[str]) -> Iterator[tuple[str, Queue[Any]]]:
    found: Queue[Any] = Queue()
    own = type("_Own", (_Asking,), {"queries": queries, "found": found})
    handler = functools.partial(own, directory=str(demo.site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/ask.html", found
        server.shutdown()


@pytest.fixture(scope="module")
def expected(browser: Any, serving: tuple[str, Queue[Any]]) -> list[Any]:
    """Return what an up-to-date Chromium finds."""
    address, found = serving
    page = browser.new_page()
    page.goto(address)
    answers: list[Any] = found.get(timeout=60)
    page.close()
    assert isinstance(answers, list), answers
    assert sum(total > 0 for total, _ in answers) > 25
    return answers


def test_a_browser_of_2018_finds_the_same(
    browser: Any, serving: tuple[str, Queue[Any]], expected: list[Any]
) -> None:
    address, found = serving
    context = browser.new_context()
    context.add_init_script(NEWER)
    page = context.new_page()
    page.goto(address)
    assert found.get(timeout=60) == expected
    context.close()


@pytest.mark.skipif(not FIREFOX, reason="no Firefox on this machine")
def test_firefox_finds_the_same(
    tmp_path: Path, serving: tuple[str, Queue[Any]], expected: list[Any]
) -> None:
    address, found = serving
    (tmp_path / "profile").mkdir()
    command = [
        FIREFOX,
        "--headless",
        "--no-remote",
        "--profile",
        str(tmp_path / "profile"),
        address,
    ]
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "MOZ_HEADLESS": "1"}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        assert found.get(timeout=90) == expected
    except Empty:
        pytest.fail("Firefox sent nothing within 90 seconds")
    finally:
        process.terminate()
        process.wait(timeout=20)
