"""The published site is whole at every moment, whatever happens to the build."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from acceptance.project import Project, assert_same, ended, is_whole, small_project

BODY = "agencies/czj/catalogue/2026/training.md"


def change(project: Project, words: str) -> None:
    """Change the body of one entry and a word of the theme, so that every page is pressed anew."""
    with (project.content / BODY).open("a", encoding="utf-8") as file:
        file.write(f"\n{words}\n")
    words_file = project.root / "theme" / "words" / "zh.json"
    text = words_file.read_text("utf-8")
    mark = '"platform.newest": "'
    words_file.write_text(text.replace(mark, mark + words), "utf-8")


def clean_tree(project: Project, root: Path) -> dict[str, bytes]:
    """Return what a build from nothing gives."""
    clean = project.copy_to(root)
    clean.build()
    return clean.tree()


def addresses(site: Path) -> set[str]:
    """Return the addresses that the manifest of a site lists at this moment."""
    text = (site / "data" / "manifest.tsv").read_text("utf-8")
    found = {line.split("\t", 2)[2] for line in text.splitlines()}
    return {address for address in found if not address.startswith("search/")}  # names of content


def test_a_killed_build_leaves_the_old_site_whole(project: Project, tmp_path: Path) -> None:
    old = project.tree()
    change(project, "被打断的改动")
    begin = time.monotonic()
    new = clean_tree(project, tmp_path / "clean")
    took = time.monotonic() - begin  # on this machine, as busy as it is
    rng = random.Random(9)
    kills = 0
    for moment in [0.1 + 0.1 * n + rng.random() * 0.1 for n in range(9)]:
        process = project.start("build", start_new_session=True)
        time.sleep(took * moment)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # its own workers and itself
            kills += 1
        process.wait()
        process.communicate()
        assert is_whole(project.site), moment
        if project.tree() != old:
            assert_same(project.tree(), new, moment)
    assert kills >= 3, "the build was over before it could be killed"
    project.build()
    assert_same(project.tree(), new, "the build after the kills")
    left = sorted(path.name for path in (project.root / "build").iterdir())
    assert left == [".site.lock", "audit", "cache", "site"]


def test_a_build_killed_before_there_was_a_site_does_no_harm(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project")
    for moment in (0.4, 0.9, 1.4):
        process = project.start("build", start_new_session=True)
        time.sleep(moment)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert not project.site.exists() or is_whole(project.site)
    project.build()
    assert is_whole(project.site)


def test_a_swap_that_died_between_its_two_renames_is_mended(project: Project) -> None:
    before = project.tree()
    project.site.rename(project.site.with_name(".site.previous"))
    project.build()
    assert_same(before, project.tree())


def test_a_full_or_closed_place_is_named_and_the_old_site_stands(project: Project) -> None:
    before = project.tree()
    change(project, "写不进去")
    cache = project.root / "build" / "cache"
    for path in cache.iterdir():
        path.unlink()
    cache.rmdir()
    cache.write_text("a file where a folder must be", "utf-8")
    result = project.build(expect=2)
    assert "GK902" in result.err
    assert "原网站未受影响" in result.err
    assert_same(before, project.tree())
    cache.unlink()
    project.build()
    assert is_whole(project.site)


def test_a_file_at_the_site_s_own_place_is_named(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project")
    project.site.parent.mkdir()
    project.site.write_text("not a folder", "utf-8")
    result = project.run("build")
    assert result.code == 2, result.said
    assert "GK902" in result.err
    assert project.site.read_text("utf-8") == "not a folder"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_closed_folder_is_named(project: Project) -> None:
    before = project.tree()
    change(project, "只读")
    build = project.root / "build"
    build.chmod(0o555)
    try:
        result = project.build(expect=2)
    finally:
        build.chmod(0o755)
    assert "GK902" in result.err
    assert_same(before, project.tree())


def test_of_two_builds_at_once_none_publishes_half(project: Project, tmp_path: Path) -> None:
    complete = addresses(project.site)
    for n, pause in enumerate((0.0, 0.15, 0.3, 0.45)):
        change(project, f"同时构建{n}")
        first = project.start("build")
        time.sleep(pause)
        second = project.start("build")
        while first.poll() is None or second.poll() is None:
            assert addresses(project.site) == complete, pause
            time.sleep(0.005)
        results = [ended(first), ended(second)]
        assert 0 in [r.code for r in results], [r.said for r in results]
        for result in results:
            if result.code:
                assert result.code == 2, result.said
                assert "GK903" in result.err, result.said
        assert is_whole(project.site), pause
        assert addresses(project.site) == complete, pause
    project.build()
    assert_same(clean_tree(project, tmp_path / "clean"), project.tree())


@pytest.mark.skipif(os.name == "nt", reason="the lock is taken another way")
def test_a_build_that_finds_the_lock_taken_says_so_and_leaves_the_site(project: Project) -> None:
    import fcntl

    before = project.tree()
    change(project, "锁住")
    with (project.root / "build" / ".site.lock").open("a+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = project.run("build")
    assert result.code == 2, result.said
    assert "GK903" in result.err
    assert_same(before, project.tree())


def flip_rows(cache: Path) -> None:
    """Change values inside rows, as a failing disk or a meddling hand would."""
    with sqlite3.connect(cache) as database:
        database.execute("UPDATE sources SET facts = replace(facts, '通知', '通告')")
        database.execute("UPDATE bodies SET html = replace(html, '办理', '处理')")
        database.execute("UPDATE files SET digest = 'ffff' || substr(digest, 5)")
        database.execute("UPDATE pages SET key = 'x' WHERE address LIKE 'a/%'")
        database.execute("UPDATE pages SET size = size + 1 WHERE address LIKE 'd/%'")
        database.execute("DELETE FROM bodies WHERE path LIKE '%fees%'")
    database.close()


def swap_bodies(cache: Path) -> None:
    """Give every body the text of another."""
    with sqlite3.connect(cache) as database:
        database.execute("UPDATE bodies SET html = (SELECT max(html) FROM bodies)")
    database.close()


def foreign(cache: Path) -> None:
    """Put the database of another program in its place."""
    cache.unlink()
    with sqlite3.connect(cache) as database:
        database.execute("CREATE TABLE sources (a, b)")
        database.execute("CREATE TABLE moz_places (url)")
    database.close()


def cut(share: float) -> Callable[[Path], None]:
    def damage(cache: Path) -> None:
        data = cache.read_bytes()
        cache.write_bytes(data[: int(len(data) * share)])

    return damage


def noise(seed: int, count: int) -> Callable[[Path], None]:
    def damage(cache: Path) -> None:
        rng = random.Random(seed)
        data = bytearray(cache.read_bytes())
        for _ in range(count):
            data[rng.randrange(100, len(data))] = rng.randrange(256)
        cache.write_bytes(bytes(data))

    return damage


def empty_pages(first: int) -> Callable[[Path], None]:
    """Blank the heads of a run of database pages, so that reading or writing stumbles later."""

    def damage(cache: Path) -> None:
        data = bytearray(cache.read_bytes())
        for at in range(first * 4096, len(data), 4096 * 3):
            data[at : at + 64] = bytes(64)
        cache.write_bytes(bytes(data))

    return damage


DAMAGE: dict[str, Callable[[Path], None]] = {
    "empty": cut(0),
    "cut in the head": cut(0.001),
    "cut in the middle": cut(0.5),
    "cut at the end": cut(0.98),
    "nothing but noise": lambda cache: cache.write_bytes(random.Random(3).randbytes(60_000)),
    "another program's": foreign,
    "rows changed": flip_rows,
    "bodies swapped": swap_bodies,
    "a few bytes": noise(5, 25),
    "many bytes": noise(22, 400),
    "text broken": noise(14, 400),
    "pages blank": empty_pages(3),
    "other pages blank": empty_pages(22),
}


def change_one_body(project: Project) -> None:
    with (project.content / BODY).open("a", encoding="utf-8") as file:
        file.write("\n缓存坏了以后改的一段。\n")


@pytest.fixture(scope="module")
def after_the_change(small: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a build from nothing gives after one body has changed."""
    project = small.copy_to(tmp_path_factory.mktemp("changed") / "project")
    change_one_body(project)
    project.build()
    return project.tree()


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_cache_only_costs_time(
    small: Project, tmp_path: Path, after_the_change: dict[str, bytes], name: str
) -> None:
    project = small.copy_to(tmp_path / "project", with_build=True)
    DAMAGE[name](project.cache)
    change_one_body(project)
    project.build()
    assert_same(after_the_change, project.tree(), name)


def test_a_damaged_cache_beside_its_journal_only_costs_time(
    small: Project, tmp_path: Path, after_the_change: dict[str, bytes]
) -> None:
    project = small.copy_to(tmp_path / "project", with_build=True)
    change_one_body(project)
    process = project.start("build", start_new_session=True)
    journal = project.cache.with_name(project.cache.name + "-wal")
    while process.poll() is None and not (journal.exists() and journal.stat().st_size):
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    data = project.cache.read_bytes()
    project.cache.write_bytes(data[: len(data) // 2])
    project.build()
    assert_same(after_the_change, project.tree())


def test_a_folder_in_the_place_of_the_cache_is_named(project: Project) -> None:
    project.cache.unlink()
    project.cache.mkdir()
    before = project.tree()
    result = project.build(expect=2)
    assert "GK902" in result.err
    assert_same(before, project.tree())


def test_broken_content_leaves_the_old_site(project: Project) -> None:
    before = project.tree()
    for path, text in (
        ("agencies/czj/catalogue/2026/bad.md", "没有元数据的文件\n"),
        ("vocab/genres.yml", "terms: [\n"),
        ("site.yml", "name: 青\n"),
    ):
        kept = (project.content / path).read_bytes() if (project.content / path).exists() else None
        project.write(path, text)
        result = project.build(expect=1)
        assert f"{path}:" in result.said
        assert_same(before, project.tree(), path)
        if kept is None:
            (project.content / path).unlink()
        else:
            project.write(path, kept)
    project.build()
    assert_same(before, project.tree())


def test_a_warning_stops_only_a_strict_build(project: Project) -> None:
    before = project.tree()
    project.edit(f"content/{BODY}", "2026-01-06 09:30", "2026-01-06")
    result = project.build("--strict", expect=1)
    assert f"{BODY}:5:15: GK221" in result.said
    assert_same(before, project.tree())
    result = project.build()
    assert f"{BODY}:5:15: GK221" in result.said
    assert 'content="2026-01-06">' in project.text("i/QH0000036/2026-00004.html")


def test_a_broken_template_or_prose_link_leaves_the_old_site(project: Project) -> None:
    before = project.tree()
    row = project.root / "theme" / "partials" / "gk" / "row.html"
    good = row.read_text("utf-8")
    row.write_text(good + "{{ row.no_such_field }}\n", "utf-8")
    process = project.start("build")
    process.communicate()
    assert process.returncode != 0
    assert_same(before, project.tree(), "template")
    row.write_text(good, "utf-8")
    about = project.root / "site_src" / "about.md"
    text = about.read_text("utf-8")
    for link in ("no-such-page.md", "i/QH0000036/2026-99999.html", "c/no-such-column/index.html"):
        about.write_text(f"{text}\n[断链]({link})\n", "utf-8")
        result = project.run("build", "--strict")
        assert result.code == 1, (link, result.said)
        assert_same(before, project.tree(), link)
