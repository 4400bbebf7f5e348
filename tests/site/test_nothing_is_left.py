"""What may not be read any more, or not yet, stands nowhere: output, index, exports, caches."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from acceptance.project import Project, assert_same, entry
from leaks import cache_leaks, leaks, site_leaks

PATH = "agencies/mzj/catalogue/2026/hire.md"
FILE = "agencies/mzj/files/hire.txt"
PAGE = "i/QH0000028/2026-00009.html"
# each stands in one place only; the last two hold characters that no other text has
BODY, SUMMARY, KEYWORD, CHANGE = "正文暗记甲", "概述暗记乙", "关键暗记丙", "更改暗记丁"
TITLE, ATTACHED, LATIN = "龘靐", "齉爩", "zqxmarkerseven"
WORDS = (BODY, SUMMARY, KEYWORD, CHANGE)
RARE = (ATTACHED, LATIN)
RUNNING, LAST, OVER = "2026-03-03 09:00", "2026-03-07 23:59", "2026-03-08"
DAYS = {"published_on": "2026-03-01 09:30", "issued_on": "2026-02-28"}


ROLE = "信息公开机构复核"  # asked for notices by the demonstration's rules


def review(day: str) -> str:
    """Return a review with the approval of that position on a day."""
    approval = f"{{role: {ROLE}, approved_on: {day}, result: 同意}}"
    cleared = "checked_on: 2026-01-05, reviewer: 办公室主任, result: 可以公开"
    return f"{{{cleared}, approvals: [{approval}]}}"


def hire(**fields: str) -> str:
    """Return an entry with a mark in everything that is written freely."""
    facts = {
        "summary": f"拟聘用人员{SUMMARY}",
        "keywords": f"[{KEYWORD}]",
        "attachments": "[{file: ../../files/hire.txt, title: 名单}]",
        "changes": f"[{{date: 2026-03-02, kind: correction, note: {CHANGE}}}]",
        "review": review("2026-01-05"),
        **DAYS,
        **fields,
    }
    body = f"拟聘用{BODY}，代号{LATIN}。\n\n[名单](../../files/hire.txt)"
    return entry("QH0000028/2026-00009", f"关于拟聘用{TITLE}的公示", body, **facts)


def found(project: Project, *words: str) -> list[str]:
    """Return where the marks stand in the site and in the cache."""
    rare = (*RARE, *words)
    cache = cache_leaks(project.cache.parent, WORDS, rare)
    return [*site_leaks(project.site, WORDS, rare), *cache]


def lay(project: Project, text: str) -> None:
    project.write(PATH, text)
    project.write(FILE, f"名单：{ATTACHED}\n")


@pytest.fixture
def held(small: Project, tmp_path: Path) -> Callable[[str], Project]:
    """Make a copy of the small project, without what was built, with the marked entry."""

    def make(text: str) -> Project:
        project = small.copy_to(tmp_path / "project")
        lay(project, text)
        return project

    return make


def test_while_a_notice_runs_everything_can_be_read(held: Callable[[str], Project]) -> None:
    """Without this, finding nothing afterwards would prove nothing."""
    project = held(hire(notice="{from: 2026-03-01, to: 2026-03-07}"))
    for as_of in (RUNNING, LAST):
        project.build("--as-of", as_of)
        page = project.text(PAGE)
        assert "公示期：2026年3月1日至3月7日" in page and BODY in page and CHANGE in page
        said = "\n".join(found(project, TITLE))
        for word in (*WORDS, TITLE, ATTACHED, LATIN):
            assert word.encode().decode() in said or repr(word.encode()) in said, word
        for place in (".bin!inflated", "search index", "bodies row", "texts row", "a key", "key "):
            assert place in said, place
        assert project.data("build")["next_change"] == "2026-03-08"


def test_after_a_notice_nothing_of_it_is_left_by_either_way(
    held: Callable[[str], Project], tmp_path: Path
) -> None:
    project = held(hire(notice="{from: 2026-03-01, to: 2026-03-07, hide_title: true}"))
    clean = project.copy_to(tmp_path / "clean")
    project.build("--as-of", LAST)
    assert found(project, TITLE)
    result = project.build("--as-of", OVER)
    assert "GK755" in result.said
    clean.build("--as-of", OVER)
    assert_same(project.tree(), clean.tree())
    for one in (project, clean):
        assert found(one, TITLE) == []
        page = one.text(PAGE)
        assert "公示期已满，依法去除个人信息" in page and "公示期已满的信息" in page
        assert not (one.site / "i/QH0000028/2026-00009").exists()
        states = one.states()
        assert states[PATH] == "published" and states[FILE] == "ended"
        assert one.run("verify").code == 0
        assert one.run("bundle").code == 0
        packed = {"site.zip": (one.root / "build" / "site.zip").read_bytes()}
        assert leaks(packed, (*WORDS, *RARE, TITLE)) == []
    project.build("--as-of", OVER)  # nothing comes back
    assert found(project, TITLE) == []


def test_a_build_for_an_earlier_day_shows_a_running_notice_again(
    held: Callable[[str], Project], tmp_path: Path
) -> None:
    """What the cache has forgotten is read anew: the same day gives the same bytes."""
    project = held(hire(notice="{from: 2026-03-01, to: 2026-03-07}"))
    clean = project.copy_to(tmp_path / "clean")
    project.build("--as-of", OVER)
    project.build("--as-of", LAST)
    clean.build("--as-of", LAST)
    assert_same(project.tree(), clean.tree())


def test_the_title_stays_unless_it_is_to_be_hidden(held: Callable[[str], Project]) -> None:
    project = held(hire(notice="{from: 2026-03-01, to: 2026-03-07}"))
    project.build("--as-of", OVER)
    assert found(project) == []
    assert TITLE in project.text(PAGE)


def test_an_unchanged_build_notices_that_a_notice_has_ended(
    held: Callable[[str], Project],
) -> None:
    """The release that stands is not taken for the one of the day after."""
    project = held(hire(notice="{from: 2026-03-01, to: 2026-03-07}"))
    project.build("--as-of", LAST)
    assert BODY in project.text(PAGE)
    project.build("--as-of", "2026-03-08 00:00")
    assert BODY not in project.text(PAGE)


def test_an_embargoed_entry_is_nowhere_in_the_output(held: Callable[[str], Project]) -> None:
    project = held(hire(published_on="2026-12-24 09:00", issued_on="2026-11-19"))
    project.build()
    assert site_leaks(project.site, WORDS, (*RARE, TITLE)) == []
    tree = project.tree()
    named = [a for a, data in tree.items() if b"2026-00009" in data or "2026-00009" in a]
    assert named == []
    assert project.data("build")["next_change"] <= "2026-12-24"
    assert project.states()[PATH] == project.states()[FILE] == "scheduled"
    project.build("--as-of", "2026-12-24 09:00")
    assert site_leaks(project.site, WORDS, (*RARE, TITLE))


def test_an_entry_without_the_approvals_of_its_rule_is_nowhere(
    held: Callable[[str], Project],
) -> None:
    """What is held back waits for the day of its last approval, and the site says which day."""
    days = "{from: 2026-11-20, to: 2026-12-09}"
    project = held(hire(notice=days, review=review("2026-12-01")))
    project.build("--as-of", "2026-11-26 09:00")
    (said,) = [one for one in project.problems() if one["code"] == "GK710"]
    assert said["path"] == PATH and ROLE in said["message"]
    assert site_leaks(project.site, WORDS, (*RARE, TITLE)) == []
    assert project.states()[PATH] == project.states()[FILE] == "held_back"
    assert project.data("build")["next_change"] == "2026-12-01"
    project.build("--as-of", "2026-12-01 09:00")
    assert BODY in project.text(PAGE)


def test_a_privacy_takedown_leaves_nothing_once_the_source_is_deleted(
    held: Callable[[str], Project], tmp_path: Path
) -> None:
    project = held(hire())
    project.build()
    assert found(project, TITLE)
    (project.content / PATH).unlink()
    (project.content / FILE).unlink()
    row = f"index_number: QH0000028/2026-00009, reason: privacy, title: {TITLE}"
    row += ", withdrawn_on: 2026-04-01, legacy_urls: /art/2012/9.html"
    project.write("agencies/mzj/withdrawn.yml", f"withdrawn:\n  - {{{row}}}\n")
    clean = project.copy_to(tmp_path / "clean")
    project.build()
    clean.build()
    assert_same(project.tree(), clean.tree())
    assert found(project, TITLE) == found(clean, TITLE) == []
    assert "依法去除个人信息" in project.text(PAGE)
    assert PAGE in project.text("art/2012/9.html")


def commit(project: Project, day: str) -> None:
    """Keep the content in a repository, as it stands on a day."""
    moment = f"{day}T10:00:00+08:00"
    names = {f"GIT_{who}_{what}": "tester" for who in ("AUTHOR", "COMMITTER") for what in ("NAME",)}
    names |= {f"GIT_{who}_EMAIL": "tester@qinghe.example" for who in ("AUTHOR", "COMMITTER")}
    names |= {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    for words in (["init", "-q"], ["add", "content"], ["commit", "-q", "-m", day]):
        command = ["git", "-c", "commit.gpgsign=false", *words]
        subprocess.run(command, cwd=project.root, env={**os.environ, **names}, check=True)


def test_the_history_of_an_ended_notice_shows_nothing_either(
    held: Callable[[str], Project],
) -> None:
    """An earlier version in the repository is as private as the last one."""
    notice = "{from: 2026-03-01, to: 2026-03-07}"
    project = held(hire(notice=notice))
    commit(project, "2026-03-01")
    project.edit(f"content/{PATH}", f"代号{LATIN}", f"代号{LATIN}，另补充说明")
    commit(project, "2026-03-02")
    project.build("--as-of", LAST)
    changes = "i/QH0000028/2026-00009/changes.html"
    assert BODY in project.text(changes)
    project.build("--as-of", OVER)
    assert found(project) == []
    project.edit(f"content/{PATH}", BODY, "已删去")  # the editor does as GK755 says
    commit(project, "2026-03-09")
    project.build("--as-of", "2026-03-10")
    assert found(project) == []
