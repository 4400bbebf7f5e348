"""Git's history of the catalogue, as it is and as it can go wrong."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from gongkai.intake import git_history
from gongkai.intake.git_history import Blobs, History, instant_of, locate, read_history
from gongkai.kernel.digest import git_blob_id
from repositories import Repository, fake_git

ENTRY = "agencies/mzj/catalogue/2026/notice.md"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "project")


def history(repository: Repository, content: str = "content") -> History:
    return read_history(locate(repository.folder / content))


def rows(found: History) -> list[tuple[str, str, str]]:
    return [(one.path, one.blob[:4] and "blob", one.instant[:10]) for one in found.revisions]


def test_a_line_of_commits_gives_every_version_oldest_first(repository: Repository) -> None:
    repository.write(f"content/{ENTRY}", "一")
    repository.write("content/site.yml", "name: x")
    repository.commit("2026-01-05")
    repository.write(f"content/{ENTRY}", "二")
    head = repository.commit("2026-02-05")
    found = history(repository)
    assert (found.status, found.head) == ("ok", head)
    assert [(one.path, one.blob, one.instant) for one in found.revisions] == [
        (ENTRY, git_blob_id("一".encode()), "2026-01-05 10:00"),
        (ENTRY, git_blob_id("二".encode()), "2026-02-05 10:00"),
    ]


def test_instants_are_those_of_china_and_no_stamp_is_too_odd() -> None:
    assert instant_of(1767542400) == "2026-01-05 00:00"
    assert instant_of(-5) == "1970-01-01 08:00"
    assert instant_of(10**18).startswith("99")


def test_a_deleted_and_restored_file_is_seen_to_go_and_come(repository: Repository) -> None:
    file = repository.write(f"content/{ENTRY}", "一")
    repository.commit("2026-01-05")
    file.unlink()
    repository.commit("2026-02-05")
    repository.write(f"content/{ENTRY}", "一")
    repository.commit("2026-03-05")
    assert [kind for _, kind, _ in rows(history(repository))] == ["blob", "", "blob"]


def test_a_merge_is_the_moment_at_which_a_branch_comes_in(repository: Repository) -> None:
    repository.write(f"content/{ENTRY}", "一")
    repository.commit("2026-01-05")
    repository.git("checkout", "-q", "-b", "side")
    for n, day in enumerate(("2026-01-06", "2026-01-07")):
        repository.write(f"content/{ENTRY}", f"草稿{n}")
        repository.commit(day)
    repository.git("checkout", "-q", "main")
    repository.write("content/site.yml", "name: x")
    repository.commit("2026-01-08")
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "side", day="2026-02-01")
    found = history(repository)
    assert [day for _, _, day in rows(found)] == ["2026-01-05", "2026-02-01"]
    assert git_blob_id("草稿0".encode()) not in {one.blob for one in found.revisions}


@pytest.mark.parametrize(
    "name",
    [
        "有 空格.md",
        "引'号\".md",
        "换\n行.md",
        "制\t表.md",
        "-n.md",
        ":(glob)x.md",
        "back\\slash.md",
    ],
)
def test_odd_file_names_come_as_they_are(repository: Repository, name: str) -> None:
    path = f"agencies/mzj/catalogue/2026/{name}"
    repository.write(f"content/{path}", "一")
    repository.write("content/agencies/mzj/catalogue/2026/b.md", "二")
    repository.commit("2026-01-05")
    assert sorted(one.path for one in history(repository).revisions) == sorted(
        [path, "agencies/mzj/catalogue/2026/b.md"]
    )


def test_a_name_that_is_no_text_is_passed_over(repository: Repository) -> None:
    repository.write(os.fsdecode(b"content/agencies/mzj/catalogue/2026/\xff\xfe.md"), "x")
    repository.write(f"content/{ENTRY}", "一")
    repository.commit("2026-01-05")
    assert [one.path for one in history(repository).revisions] == [ENTRY]


def test_links_and_submodules_are_no_versions(repository: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.write("x", "x")
    head = other.commit("2026-01-01")
    repository.write(f"content/{ENTRY}", "一")
    link = repository.folder / "content/agencies/mzj/catalogue/2026/link.md"
    link.symlink_to("notice.md")
    repository.git(
        "update-index", "--add", "--cacheinfo", f"160000,{head},content/agencies/mzj/catalogue/s.md"
    )
    repository.git("add", "content/agencies/mzj/catalogue/2026")
    repository.git("commit", "-q", "-m", "x")
    found = {one.path: one.blob for one in history(repository).revisions}
    assert found[ENTRY]
    assert not any(blob for path, blob in found.items() if path != ENTRY)


def test_content_may_be_a_folder_of_a_larger_repository(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "large")
    repository.write(f"some/where/site/content/{ENTRY}", "一")
    repository.write(f"content/{ENTRY}", "别的")
    repository.commit("2026-01-05")
    found = history(repository, "some/where/site/content")
    assert [(one.path, one.blob) for one in found.revisions] == [
        (ENTRY, git_blob_id("一".encode()))
    ]


def test_content_may_be_the_repository_itself_or_a_worktree(
    repository: Repository, tmp_path: Path
) -> None:
    repository.write(ENTRY, "一")
    repository.commit("2026-01-05")
    assert [one.path for one in history(repository, ".").revisions] == [ENTRY]
    repository.git("worktree", "add", "-q", str(tmp_path / "tree"))
    found = read_history(locate(tmp_path / "tree"))
    assert found.status == "ok" and [one.path for one in found.revisions] == [ENTRY]


def test_without_a_repository_there_is_no_history(tmp_path: Path) -> None:
    assert locate(tmp_path).why == "no-repository"
    assert locate(tmp_path / "missing").why == "no-repository"
    assert read_history(locate(tmp_path)) == History("none", "no-repository")


def test_a_repository_without_commits_or_without_the_content(repository: Repository) -> None:
    (repository.folder / "content").mkdir()
    assert locate(repository.folder / "content").why == "no-commits"
    repository.write("README", "x")
    repository.commit("2026-01-05")
    assert history(repository).why == "not-tracked"


def test_without_git_there_is_no_history(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (repository.folder / "content").mkdir()
    assert locate(repository.folder / "content").why == "no-git"


def test_a_shallow_clone_says_so_and_shows_nothing(repository: Repository, tmp_path: Path) -> None:
    repository.write(f"content/{ENTRY}", "一")
    repository.commit("2026-01-05")
    repository.write(f"content/{ENTRY}", "二")
    repository.commit("2026-02-05")
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(clone))
    found = read_history(locate(clone / "content"))
    assert (found.status, found.why, found.revisions) == ("shallow", "shallow", ())


def test_a_partial_clone_says_so_and_fetches_nothing(
    repository: Repository, tmp_path: Path
) -> None:
    repository.write(f"content/{ENTRY}", "一")
    repository.commit("2026-01-05")
    repository.write(f"content/{ENTRY}", "二")
    repository.commit("2026-02-05")
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    source = f"file://{repository.folder}"
    repository.git("clone", "-q", "--filter=blob:none", source, str(clone))
    place = locate(clone / "content")
    assert read_history(place).why == "partial"
    blobs = Blobs(place)
    old = git_blob_id("一".encode())
    assert blobs.read(old) is None
    assert list(blobs.read_all([old, git_blob_id("二".encode()), old])) == [
        None,
        "二".encode(),
        None,
    ]
    blobs.close()


def test_a_folder_of_another_owner_is_told_apart(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = "fatal: detected dubious ownership in repository at 'x'"
    fake_git(tmp_path / "bin", f'echo "{said}" >&2; exit 128', monkeypatch)
    assert locate(repository.folder).why == "unsafe"


def test_a_git_that_hangs_is_given_up(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository.write(f"content/{ENTRY}", "一")
    repository.commit("2026-01-05")
    place = locate(repository.folder / "content")
    monkeypatch.setattr(git_history, "PASS_SECONDS", 0.3)
    monkeypatch.setattr(git_history, "ASK_SECONDS", 0.3)
    fake_git(tmp_path / "bin", "exec sleep 30", monkeypatch)
    before = time.monotonic()
    assert locate(repository.folder).why == "failed"
    assert read_history(place).status == "none"
    blobs = Blobs(place)
    assert blobs.read("0" * 40) is None
    assert time.monotonic() - before < 10


def test_a_git_that_floods_or_lies_is_not_believed(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository.write(f"content/{ENTRY}", "一")
    repository.commit("2026-01-05")
    place = locate(repository.folder / "content")
    fake_git(tmp_path / "bin", "head -c 3000000 /dev/zero | tr '\\0' 'x'", monkeypatch)
    assert read_history(place).status != "ok"
    assert Blobs(place).read("0" * 40) is None


def test_the_users_settings_change_nothing(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository.write(f"content/{ENTRY}", "一\n" * 50)
    repository.commit("2026-01-05")
    repository.git("mv", f"content/{ENTRY}", "content/agencies/mzj/catalogue/2026/b.md")
    repository.commit("2026-02-05")
    plain = history(repository)
    trap = tmp_path / "trap"
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\ntouch {trap}\n", "utf-8")
    script.chmod(0o755)
    for setting in (
        "core.pager",
        "core.fsmonitor",
        "diff.external",
        "pager.log",
        "gpg.program",
        "core.sshCommand",
    ):
        repository.git("config", setting, str(script))
    for setting, value in (
        ("log.showSignature", "true"),
        ("log.decorate", "full"),
        ("diff.renames", "copies"),
        ("color.ui", "always"),
        ("core.quotePath", "true"),
        ("core.abbrev", "5"),
        ("log.showRoot", "false"),
        ("log.date", "relative"),
        ("format.pretty", "oneline"),
        ("i18n.logOutputEncoding", "utf-16"),
    ):
        repository.git("config", setting, value)
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(script))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert history(repository) == plain
    assert len(plain.revisions) == 3
    assert not trap.exists()


def test_only_the_commits_since_are_read(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write(f"content/{ENTRY}", "一")
    repository.commit("2026-01-05")
    first = history(repository)
    repository.write(f"content/{ENTRY}", "二")
    repository.commit("2026-02-05")
    asked: list[str] = []
    real = git_history._log

    def spy(place, span):  # type: ignore[no-untyped-def]
        asked.append(span)
        return real(place, span)

    monkeypatch.setattr(git_history, "_log", spy)
    place = locate(repository.folder / "content")
    second = read_history(place, first)
    assert asked == [f"{first.head}..{place.head}"]
    assert second == read_history(place)
    assert read_history(place, second) is second


def test_after_a_rebase_everything_is_read_anew(repository: Repository) -> None:
    repository.write(f"content/{ENTRY}", "一")
    repository.commit("2026-01-05")
    repository.write(f"content/{ENTRY}", "二")
    repository.commit("2026-02-05")
    known = history(repository)
    repository.git("reset", "-q", "--hard", "HEAD~1")
    repository.write(f"content/{ENTRY}", "三")
    repository.commit("2026-03-05")
    place = locate(repository.folder / "content")
    found = read_history(place, known)
    assert found == read_history(place)
    assert git_blob_id("二".encode()) not in {one.blob for one in found.revisions}


def test_a_branch_merged_the_wrong_way_round_is_read_anew(repository: Repository) -> None:
    repository.write(f"content/{ENTRY}", "一")
    repository.commit("2026-01-05")
    repository.git("branch", "side")
    repository.write(f"content/{ENTRY}", "二")
    repository.commit("2026-02-05")
    known = history(repository)
    repository.git("checkout", "-q", "side")
    repository.write("content/other", "x")
    repository.commit("2026-02-06")
    repository.git("merge", "-q", "-m", "back", "main", day="2026-03-01")
    place = locate(repository.folder / "content")
    assert read_history(place, known) == read_history(place)


def test_contents_come_by_name_whatever_they_are(repository: Repository) -> None:
    junk = bytes(range(256)) * 9
    repository.write(f"content/{ENTRY}", junk)
    large = b"x" * (git_history.BLOB_LIMIT + 1)
    repository.write("content/agencies/mzj/catalogue/2026/large.md", large)
    repository.commit("2026-01-05")
    blobs = Blobs(locate(repository.folder / "content"))
    assert blobs.read(git_blob_id(junk)) == junk
    assert blobs.read(git_blob_id(large)) is None
    assert blobs.read("0" * 40) is None
    assert blobs.read("HEAD; rm -rf /\n") is None
    wanted = [git_blob_id(junk), "0" * 40, git_blob_id(large), git_blob_id(junk)] * 40
    assert list(blobs.read_all(wanted)) == [junk, None, None, junk] * 40
    assert list(blobs.read_all(["no id", git_blob_id(junk)])) == [None, junk]
    blobs.close()
