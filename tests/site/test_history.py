"""The history of entries as the built site shows it, from real repositories."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

import pytest

from acceptance.project import Project, assert_same, entry, read_page, small_project
from gongkai.kernel.digest import git_blob_id
from repositories import Repository

PATH = "agencies/czj/catalogue/2026/history.md"
NUMBER = "QH0000036/2026-00900"
PAGE = f"i/{NUMBER}.html"
CHANGES = f"i/{NUMBER}/changes.html"
TITLE = "关于发放高龄补贴的通知"


def text(body: str, title: str = TITLE, **fields: str) -> str:
    return entry(NUMBER, title, body, **fields)


def note(day: str, kind: str, words: str) -> str:
    return f"[{{date: {day}, kind: {kind}, note: {words}}}]"


class Site:
    """A project in a repository."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.repository = Repository(project.root)
        (project.root / ".gitignore").write_text("build/\n", "utf-8")

    def commit(self, day: str, content: str | bytes | None = None, path: str = PATH) -> None:
        if content is not None:
            self.project.write(path, content)
        self.repository.commit(day)

    def build(self, *arguments: str, expect: int = 0) -> str:
        return self.project.build(*arguments, expect=expect).said

    @property
    def everything(self) -> bytes:
        return b"\n".join(self.project.tree().values())

    def lines(self) -> list[str]:
        """Return the lines of the entry's record of changes."""
        found = re.search(r'<ul class="gk-changes__list">(.*?)</ul>', self.project.text(PAGE), re.S)
        items = re.findall(r"<li>(.*?)</li>", found[1], re.S) if found else []
        return [" ".join(re.sub(r"<[^>]+>", "", item).split()) for item in items]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A project whose other entries were committed before, and that was not built yet."""
    made = Site(small_project(tmp_path / "project"))
    settings = made.project.content / "site.yml"
    lines = settings.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("history_since:")]
    settings.write_text("".join(kept), "utf-8")
    made.commit("2026-01-05")
    return made


def test_an_explained_change_is_listed_and_shown_word_by_word(site: Site) -> None:
    site.commit("2026-01-06", text("第一段没有改动。\n\n每人每月补贴80元，按月发放。"))
    changed = text(
        "第一段没有改动。\n\n每人每月补贴100元，按月发放。",
        title="关于发放高龄津贴的通知",
        changes=note("2026-03-02", "correction", "更正补贴金额"),
    )
    site.commit("2026-03-02", changed)
    site.build("--strict")
    assert site.lines() == [
        "2026-03-02 更正 更正补贴金额 查看改动（2026-03-02）",
        "2026-01-06 首次发布",
    ]
    page = site.project.text(CHANGES)
    plain = re.sub(r'<span class="gk-unseen">[^<]*</span>', "", page)
    assert "补贴<del>80</del><ins>100</ins>元" in plain
    assert "高龄<del>补</del>" in plain and "高龄<ins>津</ins>" in plain
    assert '<meta name="robots" content="noindex">' in page
    assert 'id="change-1"' in page and f"{PAGE.rpartition('/')[2]}" in page
    assert CHANGES not in site.project.text("sitemap.xml")
    assert site.project.data("build")["history"] == "ok"
    links = [link for link in read_page(site.project.text(PAGE)).links if "changes" in link]
    assert links and all(link.endswith("changes.html#change-1") for link in links)


def test_a_change_without_a_note_is_a_warning_at_the_entry(site: Site) -> None:
    site.commit("2026-01-06", text("原来的内容，咨询电话见公开指南。"))
    site.commit("2026-03-02", text("改动后的内容，咨询电话见公开指南。"))
    found = [p for p in site.project.problems() if p["code"] == "GK750"]
    assert [(p["path"], p["severity"]) for p in found] == [(PATH, "warning")]
    assert "2026-03-02" in found[0]["message"]
    site.build("--strict", expect=1)
    site.build()
    assert site.lines()[0].startswith("2026-03-02 改动 未附说明")
    waived = text("改动后的内容，咨询电话见公开指南。", waivers="[GK750]")
    site.commit("2026-03-03", waived)
    assert site.project.codes("warning") == []


def test_a_note_that_is_added_later_settles_it(site: Site) -> None:
    site.commit("2026-01-06", text("原来的内容。"))
    site.commit("2026-03-02", text("改动后的内容。"))
    later = text("改动后的内容。", changes=note("2026-03-02", "update", "更新内容"))
    site.commit("2026-03-09", later)
    site.build("--strict")
    assert site.lines()[0] == "2026-03-02 更新 更新内容 查看改动（2026-03-02）"


def test_a_draft_or_an_embargoed_text_is_nowhere(site: Site) -> None:
    held = text("保留词甲：尚未审查的说法。", review="")
    site.commit("2026-01-05", held)
    embargoed = text("保留词乙：推迟发布的说法。", published_on="2026-02-01 09:00")
    site.commit("2026-01-06", embargoed)
    final = text("最后发布的说法。", published_on="2026-02-01 09:00")
    site.commit("2026-01-20", final)
    site.commit(
        "2026-01-21", text("保留词丙：撤回审查。", published_on="2026-02-01 09:00", review="")
    )
    site.commit("2026-01-22", final)
    site.build("--strict")
    assert "保留词".encode() not in site.everything
    assert CHANGES not in site.project.tree()
    assert "保留词".encode() not in site.project.cache.read_bytes()


def test_personal_data_of_an_old_version_never_comes_out(site: Site) -> None:
    number = identity(0)
    old = text(f"申请人：身份证号{number[:6]}**{number[6:]}**，予以公布。")
    site.commit("2026-01-06", old)
    fixed = text(
        "申请人的身份已经核实，予以公布。", changes=note("2026-03-02", "correction", "改正表述")
    )
    site.commit("2026-03-02", fixed)
    site.commit(
        "2026-04-02",
        fixed.replace(
            "改正表述}]", "改正表述}, {date: 2026-04-02, kind: 更新, note: 补充}]"
        ).replace("予以公布", "现予公布"),
    )
    site.build()
    assert number.encode() not in site.everything
    page = site.project.text(CHANGES)
    assert "依法去除个人信息" in page.split('id="change-1"')[1]
    assert "<del>" in page.split('id="change-2"')[1].split('id="change-1"')[0]
    assert number.encode() not in site.project.cache.read_bytes()


def test_nothing_before_a_redaction_is_shown(site: Site) -> None:
    site.commit("2026-01-06", text("当事人往事甲，住址不详。"))
    site.commit("2026-02-06", text("当事人往事乙，住址不详。"))
    site.build()
    assert "往事".encode() in site.everything
    taken = note("2026-03-02", "redaction", "去除当事人信息")
    site.commit("2026-03-02", text("处理结果已经公布。", changes=taken))
    site.build()
    assert "往事".encode() not in site.everything
    assert "依法去除个人信息" in site.project.text(CHANGES)
    assert "往事".encode() not in site.project.cache.read_bytes()
    assert "去除个人信息 去除当事人信息" in site.lines()[0]


def test_a_withdrawn_entry_has_no_page_of_changes(site: Site) -> None:
    site.commit("2026-01-06", text("原来的往事。"))
    site.commit("2026-02-06", text("改动的往事。", changes=note("2026-02-06", "update", "更新")))
    site.build()
    assert CHANGES in site.project.tree()
    (site.project.content / PATH).unlink()
    site.project.write(
        "agencies/czj/withdrawn.yml",
        f"withdrawn:\n  - {{index_number: {NUMBER}, withdrawn_on: 2026-03-02, reason: privacy}}\n",
    )
    site.commit("2026-03-02")
    site.build()
    assert CHANGES not in site.project.tree()
    assert "往事".encode() not in site.everything
    assert "往事".encode() not in site.project.cache.read_bytes()


def test_an_entry_that_is_no_longer_open_has_no_page_of_changes(site: Site) -> None:
    site.commit("2026-01-06", text("原来的往事。"))
    closed = text(" ", disclosure="on_request", disclosure_reason="internal")
    site.commit("2026-02-06", closed)
    site.build()
    assert CHANGES not in site.project.tree()
    assert "往事".encode() not in site.everything


def test_a_moved_file_keeps_its_history(site: Site) -> None:
    site.commit("2026-01-06", text("第一种说法。"))
    site.commit("2026-02-06", text("第二种说法。", changes=note("2026-02-06", "update", "更新")))
    moved = "agencies/czj/catalogue/2026/改名 后.md"
    (site.project.content / PATH).rename(site.project.content / moved)
    site.commit("2026-03-06")
    site.build("--strict")
    assert site.lines()[0].startswith("2026-02-06 更新")
    (site.project.content / moved).rename(site.project.content / PATH)
    site.commit(
        "2026-04-06",
        text("第三种说法。", changes=note("2026-04-06", "update", "再次更新")),
    )
    site.build()
    assert [line[:10] for line in site.lines()] == ["2026-04-06", "2026-02-06", "2026-01-06"]


def test_a_deleted_and_restored_entry_and_junk_between(site: Site) -> None:
    site.commit("2026-01-06", text("第一种说法。"))
    (site.project.content / PATH).unlink()
    site.commit("2026-02-06")
    site.commit("2026-02-07", bytes(range(256)) * 40)
    site.commit("2026-02-08", "---\nindex_number: &a [*a]\n---\n")
    site.commit("2026-03-06", text("第二种说法。", changes=note("2026-03-06", "update", "恢复")))
    site.build("--strict")
    assert [line[:10] for line in site.lines()] == ["2026-03-06", "2026-01-06"]


def test_a_branch_becomes_public_with_its_merge(site: Site) -> None:
    git = site.repository.git
    site.commit("2026-01-06", text("第一种说法。"))
    git("checkout", "-q", "-b", "side")
    site.commit("2026-01-10", text("支线草稿的说法。"))
    site.commit("2026-01-11", text("第二种说法。", changes=note("2026-02-01", "update", "更新")))
    git("checkout", "-q", "main")
    git("merge", "-q", "--no-ff", "-m", "merge", "side", day="2026-02-01")
    site.build("--strict")
    assert [line[:10] for line in site.lines()] == ["2026-02-01", "2026-01-06"]
    assert "支线草稿".encode() not in site.everything


def test_the_days_before_history_since_are_left_out(site: Site) -> None:
    site.commit("2026-01-06", text("编制中的说法。"))
    site.commit("2026-02-06", text("发布时的说法。"))
    settings = site.project.content / "site.yml"
    settings.write_text(settings.read_text("utf-8") + "history_since: 2026-03-01\n", "utf-8")
    site.commit("2026-02-07")
    site.build("--strict")
    assert "编制中".encode() not in site.everything and site.lines() == []


def test_what_is_not_committed_yet_is_the_last_version(site: Site) -> None:
    site.commit("2026-01-06", text("第一种说法。"))
    site.project.write(PATH, text("第二种说法。", changes=note("2026-11-20", "update", "更新")))
    site.build("--strict")
    assert site.lines()[0].startswith("2026-11-20 更新")
    site.repository.commit("2026-11-20")
    said = site.build("--strict")
    assert "没有变化" not in said or site.lines()


def test_a_moved_head_is_noticed_and_an_unmoved_one_costs_nothing(site: Site) -> None:
    site.commit("2026-01-06", text("第一种说法。"))
    site.project.write(PATH, text("第二种说法。", changes=note("2026-02-06", "update", "更新")))
    settled = time.time() - 60
    for path in [*site.project.root.rglob("*")]:
        if ".git" not in path.parts and "build" not in path.parts:
            os.utime(path, (settled, settled))
    time.sleep(2.1)
    site.build()
    assert "没有变化，原网站不动" in site.build()
    before = site.lines()
    site.repository.commit("2026-02-06")
    site.build()
    assert before[0].startswith("2026-11-20 更新"), "what is not committed is of the build's day"
    assert "2026年2月6日的修改" in site.project.text(CHANGES)
    assert "没有变化，原网站不动" in site.build()


def test_a_clone_of_depth_one_builds_and_says_so(site: Site, tmp_path: Path) -> None:
    site.commit("2026-01-06", text("第一种说法。"))
    site.commit("2026-02-06", text("第二种说法。", changes=note("2026-02-06", "update", "更新")))
    clone = tmp_path / "clone"
    site.repository.git("clone", "-q", "--depth", "1", f"file://{site.project.root}", str(clone))
    project = Project(clone)
    said = project.build("--strict").said
    assert "git fetch --unshallow" in said and "fetch-depth: 0" in said
    assert project.data("build")["history"] == "shallow"
    assert CHANGES not in project.tree()
    assert "更新" in project.text(PAGE) and "查看改动" not in project.text(PAGE)


def test_without_git_the_site_builds_and_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site.commit("2026-01-06", text("第一种说法。"))
    site.commit("2026-02-06", text("第二种说法。", changes=note("2026-02-06", "update", "更新")))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "没有找到 git 命令" in site.build("--strict")
    assert site.project.data("build")["history"] == "none"
    assert site.lines() == ["2026-02-06 更新 更新", "2026-01-06 首次发布"]
    monkeypatch.undo()
    shutil.rmtree(site.project.root / ".git")
    assert "不在 git 仓库中" in site.build("--strict")


def test_the_same_bytes_from_another_clone_with_cache_and_without(
    site: Site, tmp_path: Path
) -> None:
    for n, day in enumerate(("2026-01-06", "2026-02-06", "2026-03-06")):
        changes = note(day, "update", f"第{n}次") if n else ""
        site.commit(day, text(f"第{n}种说法，{'甲乙丙' * n}。", changes=changes))
        site.build()
    whole = site.project.tree()
    clone = tmp_path / "另 一处" / "clone"
    clone.parent.mkdir()
    site.repository.git("clone", "-q", str(site.project.root), str(clone))
    Project(clone).build("--workers", "1")
    assert_same(whole, Project(clone).tree(), "another clone, no cache, one worker")
    shutil.rmtree(site.project.root / "build")
    site.build()
    assert_same(whole, site.project.tree(), "no cache")


def test_the_ledger_alone_says_what_was_public(site: Site) -> None:
    texts = [
        text("第一种说法。"),
        text("从未发布的说法。"),
        text("第二种说法。", changes=note("2026-03-06", "update", "更新")),
    ]
    for day, one in zip(("2026-01-06", "2026-02-06", "2026-03-06"), texts, strict=True):
        site.commit(day, one)
    address = f"i/{NUMBER}"
    rows, keys = [], []
    published = [(1, "2026-01-07", "published", texts[0]), (2, "2026-03-08", "changed", texts[2])]
    for batch, day, event, one in published:
        commitment = f"{batch:064x}"
        rows.append(f"{batch}\t{day}\t{event}\t{address}\t{commitment}")
        keys.append(f"{commitment}\t{batch:032x}\t{git_blob_id(one.encode())}")
    ledger = ["batch\tdate\tevent\taddress\tcommitment", *rows]
    site.project.write("ledger/czj.tsv", "\n".join(ledger) + "\n")
    site.project.write("ledger/czj.keys.tsv", "\n".join(["commitment\tsalt\tsource", *keys]) + "\n")
    site.commit("2026-03-09")
    site.build()
    assert [line[:10] for line in site.lines()] == ["2026-03-08", "2026-01-06"]
    assert "从未发布".encode() not in site.everything
    # an erasure drops the key, and with it the old words
    site.project.write(
        "ledger/czj.keys.tsv", "\n".join(["commitment\tsalt\tsource", keys[1]]) + "\n"
    )
    site.commit("2026-03-10")
    site.build()
    assert "第一种说法".encode() not in site.everything
    assert "依法去除个人信息" in site.project.text(CHANGES)


def test_a_key_that_somebody_wrote_brings_out_nothing_that_was_not_public(site: Site) -> None:
    draft = entry("QH0000036/2026-00901", "未审查的名单", "从未公开的名单。", review="")
    former = text("从未审查的说法。", review="")
    site.commit("2026-01-06", text("第一种说法。"))
    site.commit("2026-01-07", former)
    now = text("第二种说法。", changes=note("2026-03-06", "update", "更新"))
    site.commit("2026-01-08", draft, "agencies/czj/catalogue/2026/draft.md")
    site.commit("2026-03-06", now)
    head = ["batch\tdate\tevent\taddress\tcommitment", "commitment\tsalt\tsource"]
    for foreign in (draft, former):
        rows, keys = list(head[:1]), list(head[1:])
        for batch, event, one in ((1, "published", foreign), (2, "changed", now)):
            sealed = f"{batch:064x}"
            rows.append(f"{batch}\t2026-03-0{batch}\t{event}\ti/{NUMBER}\t{sealed}")
            keys.append(f"{sealed}\t{batch:032x}\t{git_blob_id(one.encode())}")
        site.project.write("ledger/czj.tsv", "\n".join(rows) + "\n")
        site.project.write("ledger/czj.keys.tsv", "\n".join(keys) + "\n")
        site.build()
        assert "从未".encode() not in site.everything
        assert "无法显示" in site.project.text(CHANGES)


def identity(serial: int) -> str:
    """Return an identity number of no one: a region that does not exist, a sound check digit."""
    body = f"99000019900101{serial:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]
