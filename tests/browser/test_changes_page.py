"""The page of an entry's changes is read by eye, by ear, by keyboard, on phones and on paper."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from acceptance.project import Project, entry, small_project
from browser.conftest import Visitor, _Handler
from repositories import Repository

NUMBER = "QH0000036/2026-00900"
PATH = "agencies/czj/catalogue/2026/history.md"
ENTRY = f"i/{NUMBER}.html"
CHANGES = f"i/{NUMBER}/changes.html"
TIMES = 10
_TITLE = "关于调整公共资源交易服务收费标准和加强收费公示有关工作的通知"
_BODY = (
    "第一条　每宗收费{fee}元，按宗计算。\n\n"
    "| 序号 | 项目 | 标准 |\n|---|---|---|\n| 1 | 场地费 | 每场{fee}元 |\n\n"
    "第二条　收费标准在办事窗口公示，接受监督。"
)
_UNSEEN = "() => document.querySelectorAll('.gk-unseen').forEach((node) => node.remove())"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A site with an entry that was changed on each of some days."""
    project = small_project(tmp_path_factory.mktemp("changes") / "project")
    settings = project.content / "site.yml"
    lines = settings.read_text("utf-8").splitlines(keepends=True)
    settings.write_text("".join(x for x in lines if not x.startswith("history_since:")), "utf-8")
    (project.root / ".gitignore").write_text("build/\n", "utf-8")
    repository = Repository(project.root)
    notes: list[str] = []
    for n in range(TIMES + 1):
        day = f"2026-02-{n + 1:02}"
        if n:
            notes.append(f"{{date: {day}, kind: correction, note: 收费标准改为{100 + n}元}}")
        body = _BODY.format(fee=100 + n)
        text = entry(NUMBER, _TITLE, body, changes=f"[{', '.join(notes)}]")
        project.write(PATH, text)
        repository.commit(day)
    project.build()
    return project


@pytest.fixture
def opened(built: Project, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return what opens a page of the site in a window; no window may end with a complaint."""
    handler = functools.partial(_Handler, directory=str(built.site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        visitors: list[Visitor] = []

        def open_page(address: str, width: int = 1280, **options: Any) -> Page:
            context = browser.new_context(viewport={"width": width, "height": 800}, **options)
            context.set_default_timeout(8000)
            base = f"http://127.0.0.1:{server.server_port}/"
            visitors.append(Visitor(context, base))
            return visitors[-1].go(address)

        yield open_page
        for visitor in visitors:
            visitor.check()
            visitor.page.context.close()
        server.shutdown()


def test_what_is_gone_and_what_is_new_can_be_heard(opened: Callable[..., Page]) -> None:
    page = opened(CHANGES)
    heard = page.locator("#change-1").aria_snapshot()
    assert "deletion: 删去： 100 ；" in heard and "insertion: 增加： 101 ；" in heard
    assert 'region "2026年2月2日的修改"' in heard
    assert "1 | 场地费 | 每场" in heard, "a row of a table keeps its cells apart"
    assert "各栏用" in page.locator(".gk-diffs").inner_text(), "and the page says how"
    page.evaluate(_UNSEEN)
    said = page.locator("#change-1 .gk-diff__text").inner_text()
    assert "每宗收费100101元，按宗计算。" in said.replace(" ", "")


def test_the_keyboard_reaches_every_change(opened: Callable[..., Page]) -> None:
    page = opened(CHANGES)
    page.locator(".gk-diffs__of a").focus()
    reached = []
    for _ in range(TIMES):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("() => document.activeElement.hash"))
    assert reached == [f"#change-{n}" for n in range(TIMES, 0, -1)]
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'change-1'")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "返回现行文本"


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("address", [CHANGES, ENTRY])
def test_a_phone_shows_all_of_it_without_scrolling_sideways(
    opened: Callable[..., Page], address: str, width: int
) -> None:
    page = opened(address, width)
    page.evaluate("() => document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_many_changes_are_folded_on_the_screen_and_not_on_paper(
    opened: Callable[..., Page],
) -> None:
    page = opened(ENTRY)
    older = page.locator(".gk-changes__more li")
    assert older.count() == TIMES + 1 - 5 and not older.last.is_visible()
    page.locator(".gk-changes__more > summary").press("Enter")
    assert older.last.inner_text().endswith("首次发布")
    page.locator(".gk-changes__more > summary").press("Enter")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert older.last.is_visible()


def test_paper_shows_both_states_without_colours(opened: Callable[..., Page]) -> None:
    page = opened(CHANGES)
    page.emulate_media(media="print")
    styles = page.evaluate(
        "() => ['del', 'ins'].map((tag) => {"
        " const s = getComputedStyle(document.querySelector('.gk-diff__text ' + tag));"
        " return [s.color, s.textDecorationLine, s.fontWeight]; })"
    )
    assert styles == [["rgb(0, 0, 0)", "line-through", "400"], ["rgb(0, 0, 0)", "underline", "700"]]
    assert not page.locator(".gk-diffs__back").is_visible()


def test_without_scripts_everything_stands_there(opened: Callable[..., Page]) -> None:
    page = opened(ENTRY, java_script_enabled=False)
    page.locator(".gk-changes__list a").first.click()
    assert page.url.endswith(f"changes.html#change-{TIMES}")
    assert page.locator(f"#change-{TIMES} ins").first.is_visible()
