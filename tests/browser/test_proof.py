"""A reader checks pages against the publication log, and is told of whatever was altered."""

from __future__ import annotations

import functools
import hashlib
import http.server
import io
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from acceptance.project import Project, entry, prose, report, small_project, zero_tables
from browser.conftest import Visitor, _Handler
from ledgers import enter

ENTRY = "i/QH0000028/2026-00001.html"
SERVICE = "i/QH0000036/2026-00010.html"
FIRST_DAY = "2026-01-06"
_RECORD = re.compile(r'(data-record="[^"]*")')


class _Fresh(_Handler):
    """A server whose pages no browser keeps: tests change them."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


def _picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), (30, 90, 160)).save(data, "PNG")
    return data.getvalue()


def _content(project: Project) -> None:
    """Add what the small project lacks: a service, a picture, a report with tables."""
    project.write("agencies/czj/files/plan.png", _picture())
    project.write(
        "agencies/czj/catalogue/2026/service.md",
        entry(
            "QH0000036/2026-00010",
            "会计从业人员信息采集",
            "## 说明 & <注意>\n\n见示意图：\n\n![示意图](../../files/plan.png)\n\n"
            "| 甲 | 乙 |\n|---|---|\n"
            '| 1 | a "b" |\n\n[链接](https://example.com/ "提示>标题")\n\n全角\u3000空格。',
            kind="service",
            genre="guide",
            subject="T04",
            basis="[会计法]",
            conditions="[在本县从事会计工作]",
            procedure="[提交材料, 窗口审核]",
            time_limit="3个工作日",
            result="采集完成",
        ),
    )
    text = report("青禾县财政局", 2025, prose(), tables=zero_tables())
    project.write("agencies/czj/reports/2025.md", text)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A site whose log has two batches; the last change is not in it yet."""
    root = tmp_path_factory.mktemp("proof")
    project = small_project(root / "project")
    _content(project)
    enter(project.content, root / "cache.sqlite", 1, FIRST_DAY)
    project.edit("content/agencies/czj/catalogue/2026/training.md", "有关事项", "有关事项和时间")
    enter(project.content, root / "cache.sqlite", 2, "2026-02-01")
    project.edit("content/agencies/czj/catalogue/2026/fees.md", "80元", "90元")
    project.build()
    return project


@pytest.fixture
def altered(built: Project, tmp_path: Path) -> Path:
    """A copy of the site that a test may damage."""
    shutil.copytree(built.site, tmp_path / "zwgk")
    return tmp_path / "zwgk"


@pytest.fixture
def served(altered: Path, browser: Browser) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Return what opens a page, presses 核验 and reads what the page then says."""
    handler = functools.partial(_Fresh, directory=str(altered.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        context = browser.new_context()
        context.set_default_timeout(8000)
        visitor = Visitor(context, f"http://127.0.0.1:{server.server_port}/zwgk/")

        def check(address: str) -> dict[str, Any]:
            page = visitor.go(address)
            page.locator(".gk-proof__more > summary").click()
            page.locator("[data-gk-proof-check]").click()
            page.locator("[data-gk-proof][data-state]").wait_for()
            box = page.locator("[data-gk-proof]")
            return {
                "state": box.get_attribute("data-state"),
                "said": page.locator("[data-gk-proof-said]").inner_text(),
                "faults": page.locator(".gk-proof__fault").all_inner_texts(),
                "page": page,
                "wrong": visitor.wrong,
            }

        yield check
        context.close()
        server.shutdown()
        thread.join()


Check = Callable[[str], dict[str, Any]]


def change(site: Path, address: str, old: str, new: str, *, with_record: bool = False) -> None:
    """Change every occurrence of a text in one served file, in its record only if asked to."""
    file = site / address
    parts = _RECORD.split(file.read_text("utf-8"))
    assert any(old in part for part in parts[::2])
    chosen = range(len(parts)) if with_record else range(0, len(parts), 2)
    for n in chosen:
        parts[n] = parts[n].replace(old, new)
    file.write_text("".join(parts), "utf-8")


def flip(site: Path, address: str, at: int) -> None:
    """Change one bit of a served file."""
    file = site / address
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(bytes(data))


def pages(site: Path) -> list[str]:
    """Return the addresses of all pages that can be checked."""
    found = sorted(site.rglob("*.html"))
    return [
        p.relative_to(site).as_posix() for p in found if 'data-record="{' in p.read_text("utf-8")
    ]


def test_every_page_of_every_kind_is_found_as_it_was_entered(served: Check, altered: Path) -> None:
    addresses = pages(altered)
    assert {ENTRY, SERVICE, "a/czj/guide.html", "a/czj/report/2025.html"} <= set(addresses)
    assert "i/QH0000036/2026-00001.html" in addresses, "on request"
    for address in addresses:
        result = served(address)
        assert (result["state"], result["faults"]) == ("good", []), (address, result["said"])
        assert "签名" in result["said"], "what was not checked is said"
    assert result["wrong"] == []


def test_a_page_says_when_it_was_first_published_and_with_which_number(built: Project) -> None:
    page = built.page(ENTRY)
    said = page.one("p", "gk-proof__first").text()
    assert re.fullmatch(
        r"2026年1月6日首次记入发布日志（第\d+号）|首次发布于2026年1月6日（发布日志第\d+号）",
        said,
    )
    changed = built.page("i/QH0000036/2026-00004.html").one("p", "gk-proof__first").text()
    assert changed.endswith("；2026年2月1日更改后重新登记（第15号）")


def test_a_text_that_is_not_in_the_log_yet_is_said_not_to_be(built: Project) -> None:
    page = built.page("i/QH0000036/2026-00003.html")
    assert "还没有记入发布日志" in page.one("p", "gk-proof__pending").text()
    assert page.all("p", "gk-proof__first")
    assert "proof.js" not in built.text("i/QH0000036/2026-00003.html")


def test_the_record_in_the_page_can_be_hashed_by_hand(built: Project) -> None:
    match = re.search(r'data-record="([^"]*)" data-number="(\d+)"', built.text(ENTRY))
    assert match
    record = unescape(match[1])
    commitment = hashlib.sha256(record.encode()).digest()
    entries = next((built.site / "log/tile/entries").iterdir())
    data = next(entries.iterdir()).read_bytes() if entries.is_dir() else entries.read_bytes()
    at = (int(match[2]) - 1) * 34
    assert data[at : at + 34] == b"\0\x20" + commitment
    files = json.loads(record)["attachments"]
    data = (built.site / ENTRY.removesuffix(".html") / files[0][0]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == files[0][1]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("年满80周岁的", "年满60周岁的", "正文"),
        ("发放对象</h2>", "发放对象</h2><p>赌博网站</p>", "正文"),
        ('<h1 class="gk-title">青禾县', '<h1 class="gk-title">某某县', "标题"),
        ('gk-doc__number">青民发〔2026〕12号', 'gk-doc__number">青民发〔2026〕13号', "文号"),
        ("2026-01-06 09:30</time></span>", "2026-01-08 09:30</time></span>", "发布日期"),
        ("2026年1月5日</time>", "2026年1月4日</time>", "成文日期"),
        ("2026年2月1日", "2026年2月2日", "其他文字"),
    ],
)
def test_whatever_is_altered_on_the_page_is_named(
    served: Check, altered: Path, old: str, new: str, fault: str
) -> None:
    change(altered, ENTRY, old, new)
    result = served(ENTRY)
    assert result["state"] == "bad"
    assert any(line.startswith(f"{fault}：") for line in result["faults"]), result["said"]
    assert "不要以本页内容为准" in result["said"]


@pytest.mark.parametrize(
    ("address", "old", "new", "fault"),
    [
        (SERVICE, "3个工作日", "30个工作日", "其他文字"),
        (SERVICE, 'a "b"', "a c", "正文"),
        ("a/czj/guide.html", "0000-0000021", "0000-0000099", "其他文字"),
        ("a/czj/report/2025.html", "按周核对", "按月核对", "正文各部分"),
        ("a/czj/report/2025.html", 'gk-table__number">0<', 'gk-table__number">7<', "表格数字"),
        ("i/QH0000036/2026-00001.html", "内部流程", "外部流程", "标题"),
    ],
)
def test_pages_of_other_kinds_are_checked_too(
    served: Check, altered: Path, address: str, old: str, new: str, fault: str
) -> None:
    change(altered, address, old, new)
    result = served(address)
    assert result["state"] == "bad"
    assert any(line.startswith(f"{fault}：") for line in result["faults"]), result["said"]


def test_an_attachment_that_was_exchanged_is_named(served: Check, altered: Path) -> None:
    file = next((altered / ENTRY.removesuffix(".html")).glob("1-*.txt"))
    file.write_text("另一张表\n", "utf-8")
    result = served(ENTRY)
    assert result["state"] == "bad"
    assert file.name in result["said"]


def test_a_picture_that_was_exchanged_or_slipped_in_is_named(served: Check, altered: Path) -> None:
    file = next((altered / SERVICE.removesuffix(".html")).glob("*.png"))
    flip(altered, file.relative_to(altered).as_posix(), -1)
    assert served(SERVICE)["state"] == "bad"
    flip(altered, file.relative_to(altered).as_posix(), -1)
    picture = '示意图：</p><img src="../../assets/icon.svg" alt="">'
    change(altered, SERVICE, "示意图：</p>", picture)
    result = served(SERVICE)
    assert result["state"] == "bad" and "icon.svg" in result["said"]


def test_an_attachment_that_cannot_be_read_is_no_proof_of_anything(
    served: Check, altered: Path
) -> None:
    next((altered / ENTRY.removesuffix(".html")).glob("1-*.txt")).unlink()
    result = served(ENTRY)
    assert result["state"] == "partly"
    assert "未能核对" in result["said"]


def test_a_record_that_was_altered_along_with_the_page_is_not_in_the_log(
    served: Check, altered: Path
) -> None:
    change(altered, ENTRY, "民政局关于印发", "民政局关于停止", with_record=True)
    result = served(ENTRY)
    assert result["state"] == "bad" and result["faults"] == []
    assert "不是当时登记的那一份" in result["said"]
    assert "与登记的一致" not in result["said"]


def test_the_record_of_another_page_does_not_pass(served: Check, altered: Path) -> None:
    other = (altered / "i/QH0000028/2026-00002.html").read_text("utf-8")
    (altered / ENTRY).write_text(other, "utf-8")
    result = served(ENTRY)
    assert result["state"] == "bad" and "另一个地址" in result["said"]


@pytest.mark.parametrize("line", [1, 2])
def test_a_checkpoint_that_was_altered_is_found_out(
    served: Check, altered: Path, line: int
) -> None:
    file = altered / "log/checkpoint"
    lines = file.read_text("utf-8").split("\n")
    lines[line] = "5" if line == 1 else "A" + lines[2][1:].replace("A", "B")
    file.write_text("\n".join(lines), "utf-8")
    result = served(ENTRY)
    assert result["state"] in ("damaged", "failed"), result["said"]


def test_a_tile_that_was_altered_is_found_out(served: Check, altered: Path) -> None:
    tile = next((altered / "log/tile/0/000.p").iterdir()).relative_to(altered).as_posix()
    flip(altered, tile, 3)
    result = served(ENTRY)
    assert result["state"] == "damaged" and "日志本身对不上" in result["said"]


def test_without_the_log_nothing_is_said_to_be_proven(served: Check, altered: Path) -> None:
    shutil.rmtree(altered / "log")
    result = served(ENTRY)
    assert result["state"] == "failed"
    assert "与登记的一致" not in result["said"], "nothing vouches for the record"


def test_the_digest_is_that_of_the_standard(served: Check, altered: Path) -> None:
    page = served(ENTRY)["page"]
    texts = ["", "abc", "a" * 55, "a" * 56, "a" * 63, "a" * 64, "a" * 119, "青禾县" * 1000, "😀"]
    for text in texts:
        found = page.evaluate("t => document.querySelector('[data-gk-proof]').gkSha256(t)", text)
        assert found == hashlib.sha256(text.encode()).hexdigest(), text[:20]


def test_without_scripts_the_facts_stand_there(
    browser: Browser, altered: Path, built: Project
) -> None:
    page = built.page(ENTRY)
    box = page.one("section", "gk-proof")
    assert "承诺值（SHA-256）" in box.text()
    assert any(a.endswith("help/log.html") for a in page.links)
    buttons = [n for n in page.nodes if "data-gk-proof-check" in n.attrs]
    assert len(buttons) == 1 and "hidden" in buttons[0].parent.attrs  # type: ignore[union-attr]


def test_what_compares_is_fetched_when_the_box_is_opened(served: Check) -> None:
    page = served(ENTRY)["page"]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.reload(wait_until="networkidle")
    assert "proof.js" not in asked and "checkpoint" not in asked, "most readers never open it"
    page.locator(".gk-proof__more > summary").press("Enter")
    page.locator("[data-gk-proof-check]").wait_for()
    assert asked[-1] == "proof.js"


def test_the_verdict_is_said_and_the_keyboard_stays_where_it_was(served: Check) -> None:
    page = served(ENTRY)["page"]
    page.evaluate(
        "() => { const told = document.querySelector('[data-gk-proof-told]'); globalThis.said = [];"
        " new MutationObserver(() => said.push(told.textContent))"
        ".observe(told, { childList: true }); }"
    )
    page.locator("[data-gk-proof-check]").press("Enter")
    page.wait_for_function("() => globalThis.said.length > 1")
    said = page.evaluate("() => globalThis.said")
    assert said[0] == "正在核对……" and said[-1].startswith("核对无误："), said
    assert "签名" not in said[-1], "the rest is there to be read, not to be listened to"
    assert page.evaluate("() => document.activeElement.textContent") == "核验本页"
