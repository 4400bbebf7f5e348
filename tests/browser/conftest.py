"""The built demonstration behind a local server with a strict policy, and Chromium to visit it."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from acceptance.project import Project, built_demonstration, where_to

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
POLICY = "default-src 'self'"
_REPORT = """
globalThis.gkViolations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  globalThis.gkViolations.push(event.violatedDirective + " " + event.blockedURI);
});
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The built demonstration; it must not be changed."""
    return built_demonstration(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def rows(demo: Project) -> list[dict[str, Any]]:
    """The demonstration's catalogue."""
    found: list[dict[str, Any]] = demo.data("catalogue")["entries"]
    return found


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serve files with the policy as a header, as an operator is told to."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def base(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the served site, below a folder as behind a portal."""
    root = tmp_path_factory.mktemp("served")
    (root / "zwgk").symlink_to(demo.site)
    handler = functools.partial(_Handler, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/zwgk/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield started
        started.close()


class Visitor:
    """A reader with one page, who notes everything that goes wrong."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base = base
        self.wrong: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("request", self._request)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.base).netloc:
            self.wrong.append(f"another host: {request.url}")

    def _failed(self, request: Any) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # a reader who goes on stops loading
            self.wrong.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status}: {response.url}")

    def go(self, address: str) -> Page:
        """Open a page of the site."""
        self.page.goto(self.base + address)
        return self.page

    def ask(self, query: str) -> list[str]:
        """Ask the search page and return the addresses of the hits, best first."""
        if self.address != "search/index.html":
            self.go("search/index.html")
        self.page.locator("#gk-query").fill(query)
        self.page.keyboard.press("Enter")
        self.page.locator(
            "[data-gk-found]:not([hidden]) [data-gk-area][aria-busy=false]"
        ).wait_for()
        links = self.page.locator("[data-gk-results] > li .gk-result__title").all()
        return [where_to("search/index.html", a.get_attribute("href") or "") for a in links]

    @property
    def address(self) -> str:
        """Where the reader is, from the site's root, without query."""
        return self.page.url.removeprefix(self.base).partition("?")[0].partition("#")[0]

    def check(self) -> None:
        """Fail if anything went wrong so far."""
        self.wrong += [f"policy: {v}" for v in self.page.evaluate("globalThis.gkViolations || []")]
        assert self.wrong == []


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator[Callable[..., Visitor]]:
    """Return what opens a fresh browser window; all of them must end without a complaint."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def open_window(width: int = 1200, height: int = 900, **options: Any) -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(20_000)
        context.add_init_script(_REPORT)
        contexts.append(context)
        visitors.append(Visitor(context, base))
        return visitors[-1]

    yield open_window
    for visitor in visitors:
        visitor.check()
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    """A reader at a desk."""
    return visit()


@pytest.fixture(scope="session")
def samples(demo: Project, rows: list[dict[str, Any]]) -> dict[str, str]:
    """One address for each kind of page, the longest of its kind where there are many."""
    files = demo.tree()

    def longest(pattern: str) -> str:
        return max((a for a in files if re.fullmatch(pattern, a)), key=lambda a: len(files[a]))

    found = {
        "home": "index.html",
        "platform": longest(r"a/[^/]+/index\.html"),
        "historical platform": "a/zhuhui/index.html",
        "directory": "d/index.html",
        "facet": "d/agency/index.html",
        "class": longest(r"d/subject/[^/]+/index\.html"),
        "older page of a list": "d/article20/15/p1.html",
        "lapsed": "d/lapsed/index.html",
        "columns": "c/index.html",
        "column": "c/normative/index.html",
        "column of an agency": longest(r"a/[^/]+/c/[^/]+/index\.html"),
        "year of an agency": longest(r"a/[^/]+/y/[^/]+/index\.html"),
        "guide": "a/mzj/guide.html",
        "missing guide": "a/wuhai/guide.html",
        "report": "a/qinghe/report/2025.html",
        "old report": longest(r"a/(?:wuhai|mengjin|songshan)/report/\d+\.html"),
        "reports": "a/qinghe/report/index.html",
        "apply": "a/qinghe/apply.html",
        "search": "search/index.html",
        "help": "help/index.html",
        "help for editors": "help/editor.html",
        "fields": "help/fields.html",
        "map": "map.html",
        "about": "about.html",
        "accessibility": "accessibility.html",
    }
    for kind in {row["kind"] for row in rows}:
        held = [r["address"] for r in rows if (r["kind"], r["disclosure"]) == (kind, "proactive")]
        found[kind] = max(held, key=lambda a: len(files[a]))
    found["on request"] = next(r["address"] for r in rows if r["disclosure"] == "on_request")
    found["lapsed entry"] = next(r["address"] for r in rows if r["validity"] == "repealed")
    found["traditional"] = next(a for a in files if b'lang="zh-Hant"' in files[a])
    return found
