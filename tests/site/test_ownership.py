"""A change stays in its agency's folder: what ``check --changed BASE --as`` lets through."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from acceptance.project import Project, entry, small_project

NUMBER = "QH0000036/2026-00004"
TRAINING = "content/agencies/czj/catalogue/2026/training.md"


class Repository(Project):
    """A small project under version control, with a branch that a change is measured against."""

    def git(self, *arguments: str) -> str:
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_NAME": "editor" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "editor@qinghe.example" for who in ("AUTHOR", "COMMITTER")},
        }
        command = ["git", "-c", "protocol.file.allow=always", *arguments]
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a change")

    def judge(self, *who: str, base: str = "base") -> tuple[int, list[str]]:
        """Return how the check ended and what it named, as ``CODE path``."""
        asked = [word for one in who for word in ("--as", one)]
        result = self.run("check", "--changed", base, "--format", "json", *asked)
        assert result.code in (0, 1), result.said
        rows = json.loads(result.out)["problems"]
        return result.code, [f"{row['code']} {row['path']}" for row in rows]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = small_project(tmp_path_factory.mktemp("ownership") / "project")
    made = Repository(project.root)
    settings = made.content / "site.yml"  # what was changed after publication is told elsewhere
    settings.write_text(settings.read_text("utf-8") + "history_since: 2099-01-01\n", "utf-8")
    (made.root / ".gitignore").write_text("/build/\n", "utf-8")
    made.git("init", "-q", "-b", "base")
    made.commit()
    made.git("checkout", "-q", "-b", "work")
    assert made.run("check").code == 0
    return made


@pytest.fixture
def work(template: Project, tmp_path: Path) -> Repository:
    return Repository(template.copy_to(tmp_path / "project", with_build=True).root)


def new(work: Repository, path: str, number: str, **fields: str) -> None:
    work.write(path, entry(number, "关于试点工作的通知", **fields))


def test_an_agency_may_do_as_it_likes_in_its_own_folder(work: Repository) -> None:
    new(work, "agencies/czj/catalogue/2026/own.md", "QH0000036/2026-00020")
    work.edit(TRAINING, "title: 关于举办", "title: 关于继续举办")
    assert work.judge("czj") == (0, [])
    work.commit()
    assert work.judge("czj") == (0, [])
    assert work.judge() == (0, [])


def test_the_folder_of_another_agency_is_refused(work: Repository) -> None:
    new(work, "agencies/mzj/catalogue/2026/foreign.md", "QH0000028/2026-00020")
    (work.content / "agencies/mzj/files/form.txt").write_text("改动\n", "utf-8")
    expected = [
        "GK765 agencies/mzj/catalogue/2026/foreign.md",
        "GK765 agencies/mzj/files/form.txt",
    ]
    assert work.judge("czj") == (1, expected)
    work.commit()
    assert work.judge("czj") == (1, expected)
    assert work.judge("czj", "mzj") == (0, [])
    assert work.judge("site") == (1, expected)


def test_a_file_taken_from_another_agency_is_refused(work: Repository) -> None:
    (work.content / "agencies/mzj/guide.md").unlink()
    code, said = work.judge("czj")
    assert code == 1
    assert "GK765 agencies/mzj/guide.md" in said


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("content/site.yml", "site.yml"),
        ("content/vocab/columns.yml", "vocab/columns.yml"),
        ("theme/main.html", "../theme/main.html"),
        ("mkdocs.yml", "../mkdocs.yml"),
        ("plugins/x.py", "../plugins/x.py"),
        (".ci/run", "../.ci/run"),
        (".gitattributes", "../.gitattributes"),
        ("CODEOWNERS", "../CODEOWNERS"),
        ("content/agencies/note.txt", "agencies/note.txt"),
    ],
)
def test_what_the_site_is_made_of_belongs_to_its_office(
    work: Repository, path: str, named: str
) -> None:
    file = work.root / path
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        opened.write("# x\n")
    code, said = work.judge("czj")
    assert code == 1
    assert f"GK765 {named}" in said
    assert not [line for line in work.judge("site")[1] if line.startswith("GK76")]


def test_what_is_committed_and_then_undone_without_a_commit_still_counts(work: Repository) -> None:
    theme = work.root / "theme" / "main.html"
    text = theme.read_text("utf-8") if theme.exists() else ""
    theme.write_text(f"{text}\n", "utf-8")
    work.commit()
    theme.write_text(text, "utf-8")
    assert "GK765 ../theme/main.html" in work.judge("czj")[1]


def test_nobody_writes_the_ledger_by_hand(work: Repository) -> None:
    work.write("ledger/czj.tsv", "batch\tdate\tevent\taddress\tcommitment\n")
    for who in ("czj", "site"):
        code, said = work.judge(who)
        assert code == 1
        assert "GK766 ledger/czj.tsv" in said


def test_links_and_other_repositories_are_refused_from_everybody(work: Repository) -> None:
    files = work.content / "agencies" / "czj" / "files"
    files.mkdir(exist_ok=True)
    (files / "loop").symlink_to(work.root)
    (work.root / "theme" / "link").symlink_to("/etc")
    expected = {"GK767 agencies/czj/files/loop", "GK767 ../theme/link"}
    for who in ("czj", "site"):
        code, said = work.judge(who)
        assert code == 1
        assert expected <= set(said)
    work.commit()
    assert expected <= set(work.judge("czj")[1])


def test_another_repository_inside_is_refused(work: Repository) -> None:
    inside = work.content / "agencies" / "czj" / "files" / "module"
    inside.mkdir(parents=True)
    other = Repository(inside)
    other.git("init", "-q")
    (inside / "a.txt").write_text("x", "utf-8")
    other.commit()
    assert "GK767 agencies/czj/files/module" in work.judge("czj")[1]
    work.commit()
    assert "GK767 agencies/czj/files/module" in work.judge("czj")[1]


def test_an_entry_cannot_be_moved_to_another_agency(work: Repository) -> None:
    moved = work.content / "agencies/mzj/catalogue/2026/training.md"
    (work.root / TRAINING).rename(moved)
    code, said = work.judge("mzj", "czj")
    assert code == 1
    assert "GK768 agencies/mzj/catalogue/2026/training.md" in said
    assert not [line for line in work.judge("site")[1] if line.startswith("GK768")]


def test_an_index_number_cannot_go_to_another_agency(work: Repository) -> None:
    work.edit(TRAINING, NUMBER, "QH0000036/2026-00021")
    new(work, "agencies/mzj/catalogue/2026/taken.md", NUMBER)
    assert "GK768 agencies/mzj/catalogue/2026/taken.md" in work.judge("mzj", "czj")[1]


@pytest.mark.parametrize(
    ("old", "new_words"),
    [
        ("codes: [QH0000036]", "codes: [QH0000036, QH0000044]"),
        ("codes:", "maintainers: '@a'\ncodes:"),
    ],
)
def test_an_agency_does_not_give_itself_codes_and_maintainers(
    work: Repository, old: str, new_words: str
) -> None:
    work.edit("content/agencies/czj/agency.yml", old, new_words)
    assert work.judge("czj") == (1, ["GK769 agencies/czj/agency.yml"])
    assert work.judge("czj", "site") == (0, [])
    work.edit("content/agencies/czj/agency.yml", new_words, old)
    work.edit("content/agencies/czj/agency.yml", "政通路1号", "政通路2号")
    assert work.judge("czj") == (0, [])


def test_an_agency_does_not_found_another(work: Repository) -> None:
    text = (work.content / "agencies/czj/agency.yml").read_text("utf-8")
    work.write("agencies/xfj/agency.yml", text.replace("QH0000036", "QH0000044"))
    assert "GK769 agencies/xfj/agency.yml" in work.judge("xfj")[1]


def test_the_problems_of_others_are_not_listed(work: Repository) -> None:
    bad = "agencies/mzj/catalogue/2026/bad.md"
    work.write(bad, "---\ntitle: 缺项\n---\n正文\n")
    work.git("checkout", "-q", "base")
    work.commit()
    work.git("checkout", "-q", "-B", "work")
    new(work, "agencies/czj/catalogue/2026/own.md", "QH0000036/2026-00020")
    assert work.judge("czj") == (0, [])
    assert work.run("check").code == 1
    said = work.run("check", "--changed", "base", "--as", "czj").err
    assert "处问题与这次改动无关" in said


def test_what_a_change_breaks_elsewhere_is_listed(work: Repository) -> None:
    """The old measures are linked to from other files of their agency and named by them."""
    (work.content / "agencies/mzj/catalogue/2026/old-measures.md").unlink()
    code, said = work.judge("mzj")
    assert code == 1
    assert "GK501 agencies/mzj/catalogue/2026/measures.md" in said


@pytest.mark.parametrize(
    "base", ["nowhere", "--output=x", "-x", "", "base:content", "a b", "base^{tree}"]
)
def test_a_bad_base_is_a_slip_of_the_caller(work: Repository, base: str) -> None:
    result = work.run("check", f"--changed={base}", "--as", "czj")
    assert result.code == 2
    assert "GK901" in result.err
    assert "选项“--changed”" in result.err


def test_an_agency_that_is_not_there_is_a_slip_of_the_caller(work: Repository) -> None:
    result = work.run("check", "--changed", "base", "--as", "czi")
    assert (result.code, "是不是“czj”" in result.err) == (2, True)
    assert work.run("check", "--as", "czj").code == 2


def test_a_shallow_clone_is_told_how_to_fetch(work: Repository, tmp_path: Path) -> None:
    new(work, "agencies/czj/catalogue/2026/own.md", "QH0000036/2026-00020")
    work.commit()
    base = work.git("rev-parse", "base")
    address = work.root.as_uri()
    work.git("clone", "-q", "--depth", "1", "--branch", "work", address, str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    result = clone.run("check", "--changed", base, "--as", "czj")
    assert result.code == 2
    assert "git fetch --unshallow" in result.err
    clone.git("fetch", "-q", "--unshallow")
    assert clone.judge("czj", base=base) == (0, [])


def test_without_version_control_the_caller_is_told(work: Repository, tmp_path: Path) -> None:
    (work.root / ".git").rename(tmp_path / "away")
    result = work.run("check", "--changed", "base")
    assert (result.code, "git" in result.err) == (2, True)


def test_names_that_git_would_quote_are_named_whole(work: Repository) -> None:
    work.write("agencies/mzj/files/附 件\t“表”.txt", "x")
    code, said = work.judge("czj")
    assert code == 1
    assert "GK765 agencies/mzj/files/附 件\t“表”.txt" in said


def test_a_project_below_the_top_of_its_repository_is_judged_alike(
    template: Project, tmp_path: Path
) -> None:
    project = Repository(template.copy_to(tmp_path / "top" / "portal" / "zwgk").root)
    (project.root / ".git").rename(tmp_path / "away")
    top = Repository(tmp_path / "top")
    top.git("init", "-q", "-b", "base")
    top.commit()
    new(project, "agencies/czj/catalogue/2026/own.md", "QH0000036/2026-00020")
    assert project.judge("czj") == (0, [])
    (top.root / "other.txt").write_text("x", "utf-8")
    assert project.judge("czj") == (1, ["GK765 ../../other.txt"])


def test_owners_are_written_by_schema_and_kept_fresh(work: Repository) -> None:
    site, czj = "content/site.yml", "content/agencies/czj/agency.yml"
    text = (work.root / site).read_text("utf-8")
    kept = [line for line in text.split("\n") if not line.startswith("maintainers:")]
    (work.root / site).write_text("\n".join([*kept, "maintainers: ['@qinghe/zwgk']", ""]), "utf-8")
    work.edit(czj, "codes:", "maintainers: ['@qinghe/czj', czj@qinghe.example]\ncodes:")
    work.run("schema")
    lines = (work.root / "CODEOWNERS").read_text("utf-8").splitlines()
    assert [line.split() for line in lines if not line.startswith("#")] == [
        ["*", "@qinghe/zwgk"],
        ["/content/agencies/czj/", "@qinghe/czj", "czj@qinghe.example"],
        ["/content/ledger/", "@qinghe/zwgk"],
    ]
    assert work.run("schema", "--check").code == 0
    work.edit(czj, "@qinghe/czj", "@qinghe/cz")
    stale = work.run("schema", "--check")
    assert (stale.code, stale.out.split()) == (1, ["CODEOWNERS"])


@pytest.mark.parametrize("who", ["@a b", "@a\\n* @x", "#x", "a@", "@", "../x", "@a/", "！审核组"])
def test_a_maintainer_cannot_write_a_rule(work: Repository, who: str) -> None:
    file = work.content / "agencies/czj/agency.yml"
    file.write_text(f'maintainers: ["{who}"]\n' + file.read_text("utf-8"), "utf-8")
    assert work.codes("error")[:1] == ["GK213"]
