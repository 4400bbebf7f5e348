"""A served site in headless Chromium: what engines find, send for, and how long they take."""

from __future__ import annotations

import os
import shutil
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.search.engines import Engine
from bench.search.server import Link, Sent, Site

CHROMIUM = "/usr/bin/chromium"
THROTTLE = 4  # times slower
REPEATS = 3
SLOW = (1_600_000 / 8, 0.150)  # bytes a second, seconds
PATIENCE = 60_000  # ms
_ASK = """(text) => bench.show(text).then(
  (keys) => ({ keys }),
  (error) => ({ keys: [], error: String(error.message || error) }),
)"""
_BUSY = """() => {
  const start = performance.now();
  let x = 1;
  for (let i = 0; i < 2e7; i++) x = (x * 1103515245 + 12345) & 0x7fffffff;
  return performance.now() - start + (x === -1 ? 1 : 0);
}"""


@dataclass(frozen=True, slots=True)
class Cold:
    """What one query of a fresh visitor made the engine send for."""

    size: int
    requests: int


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium."""
    path = os.environ.get("CHROMIUM") or (CHROMIUM if shutil.which(CHROMIUM) else None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Browser) -> Iterator[Page]:
    """Open a page that has no cache and no workers: throttling does not reach workers."""
    context: BrowserContext = browser.new_context()
    try:
        context.add_init_script("delete window.Worker")
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        yield page
    finally:
        context.close()


def throttle(page: Page, rate: float) -> None:
    """Slow a page's thread down."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})


def opened(page: Page, site: Site, engine: Engine) -> None:
    """Go to an engine's page and load what any query needs."""
    page.goto(site.address + engine.path)
    page.evaluate("engine.open()")
    site.settle()  # an engine may go on loading after it says that it is open


def ranked(
    browser: Browser, site: Site, engine: Engine, texts: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the addresses of the first ten results of every query, or the error instead."""
    with visit(browser) as page:
        opened(page, site, engine)
        return [page.evaluate(_ASK, text) for text in texts]


def first_use(browser: Browser, site: Site, engine: Engine) -> list[Sent]:
    """Return what opening an engine sends for, less our page around it."""
    with visit(browser) as page:
        site.take()
        opened(page, site, engine)
        return [one for one in site.take() if one.path != engine.path]


def cold(browser: Browser, site: Site, engine: Engine, texts: Sequence[str]) -> list[Cold]:
    """Return what each query and its ten cards send for where nothing else was asked before."""
    found = []
    with visit(browser) as page:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")  # without it the cache stays as it is
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        for text in texts:
            opened(page, site, engine)
            site.take()
            page.evaluate("(text) => bench.show(text)", text)
            site.settle()
            found.append(_cold(site, engine))
    return found


def _cold(site: Site, engine: Engine) -> Cold:
    sent = [one for one in site.take() if one.path != engine.path]
    return Cold(sum(one.size for one in sent), len(sent))


@dataclass(frozen=True, slots=True)
class Warm:
    """Milliseconds of queries all of whose files are at hand, and how much slower the page was."""

    times: list[float]
    slowed: float


def warm(browser: Browser, site: Site, engine: Engine, texts: Sequence[str]) -> Warm:
    """Ask every query again on a slow page; the median of a few times each."""
    with visit(browser) as page:
        opened(page, site, engine)
        for text in texts:
            page.evaluate("(text) => bench.show(text)", text)
        fast = min(page.evaluate(_BUSY) for _ in range(REPEATS))
        throttle(page, THROTTLE)
        slow = min(page.evaluate(_BUSY) for _ in range(REPEATS))
        # one after another and all again: an engine may keep what it last answered
        rounds = [
            [page.evaluate("(text) => bench.timed(text)", text) for text in texts]
            for _ in range(REPEATS)
        ]
        times = [statistics.median(each) for each in zip(*rounds, strict=True)]
        return Warm(times, slow / fast)


def slow_visits(
    browser: Browser, site: Site, path: str, texts: Sequence[str], done: str
) -> list[float]:
    """Return the milliseconds from the start of fresh visits over a slow link to ten cards.

    ``done`` is an expression that is true as soon as they are shown.
    """
    site.link = Link(*SLOW)
    try:
        return [_slow_visit(browser, site, path, text, done) for text in texts]
    finally:
        site.link = Link()


def _slow_visit(browser: Browser, site: Site, path: str, text: str, done: str) -> float:
    with visit(browser) as page:
        throttle(page, THROTTLE)
        page.add_init_script(_WATCH.replace("DONE", done))
        asked = site.address + path + "?" + _query(text)
        page.goto(asked, wait_until="commit")
        page.wait_for_function("window.shownAfter !== undefined")
        return float(page.evaluate("window.shownAfter"))


_WATCH = """(() => {
  const look = () => {
    if (DONE) window.shownAfter = performance.now();
    else setTimeout(look, 20);
  };
  look();
})()"""


def _query(text: str) -> str:
    from urllib.parse import urlencode

    return urlencode({"q": text})


def facts(browser: Browser) -> dict[str, Any]:
    """Return what was measured with."""
    return {"chromium": browser.version, "cores": os.cpu_count()}
