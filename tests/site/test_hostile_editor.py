"""What an editor of one agency commits costs neither another agency nor the site its pages."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from acceptance.project import Project, entry, small_project

OURS = "agencies/mzj/catalogue/2026/ours.md"
THEIRS = "agencies/czj/catalogue/2026/theirs.md"
FIRST, LATER = "2026-11-20 09:00", "2026-11-21 09:00"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A published project in which one entry has an old address; it must not be changed."""
    project = small_project(tmp_path_factory.mktemp("editor") / "project")
    text = entry("QH0000028/2026-00077", "迁移过来的通知", legacy_urls="[/art/7.html]")
    project.write(OURS, text)
    result = project.run("publish", "--as-of", FIRST)
    assert result.code == 0, result.said
    return project


@pytest.fixture
def published(first: Project, tmp_path: Path) -> Project:
    return first.copy_to(tmp_path / "project", with_build=True)


@pytest.mark.parametrize("review", ["", "{checked_on: 2025-01-01, reviewer: 甲, result: 可以公开}"])
def test_a_date_in_a_file_takes_no_old_address_from_what_is_published(
    published: Project, review: str
) -> None:
    early = {"issued_on": "2026-01-01", "published_on": "2026-01-01 00:00", "review": review}
    theirs = entry("QH0000036/2026-00088", "抢占旧网址", legacy_urls="[/ART/7.html]", **early)
    published.write(THEIRS, theirs)
    stub = published.text("art/7.html")
    result = published.run("publish", "--quarantine", "--as-of", LATER)
    assert result.code == 1
    assert f"{THEIRS}:" in result.said
    assert f"{OURS}:" not in result.said
    assert published.text("art/7.html") == stub
    assert "QH0000028/2026-00077.html" in published.text("data/redirects.map")
    assert published.states()[OURS] == "published"


def test_an_old_address_takes_no_fixed_page_from_the_site(published: Project) -> None:
    pages = published.root / "site_src"
    shutil.copyfile(pages / "about.md", pages / "contact.md")
    old = "[/Contact.html, /contact]"
    published.write(THEIRS, entry("QH0000036/2026-00088", "抢占固定页面", legacy_urls=old))
    result = published.run("publish", "--quarantine", "--as-of", LATER)
    assert "网站自己的固定页面" in result.said
    assert "抢占固定页面" not in published.text("contact.html")
    assert "/contact" not in published.text("data/redirects.map").lower()


def test_a_page_and_its_list_written_by_somebody_else_are_not_kept(published: Project) -> None:
    published.build("--as-of", FIRST)  # the cache knows the site by its place
    address = "i/QH0000028/2026-00077.html"
    page, listed = published.site / address, published.site / "data" / "manifest.tsv"

    def line() -> str:
        data = page.read_bytes()
        return f"{hashlib.blake2b(data, digest_size=16).hexdigest()}\t{len(data)}\t{address}"

    old = line()
    page.write_text(page.read_text("utf-8").replace("迁移过来的通知", "现金网开户"), "utf-8")
    text = listed.read_text("utf-8")
    assert old in text
    listed.write_text(text.replace(old, line()), "utf-8")
    published.edit(f"content/{OURS}", "subject: T02", "subject: T99")
    result = published.run("publish", "--quarantine", "--as-of", LATER)
    assert result.code == 1, result.said
    assert "现金网开户" not in published.text(address)
    assert address.removesuffix(".html") in published.data("build")["suspended"]
