"""The search index of a real build: what it holds, what a change rewrites, what is kept out."""

from __future__ import annotations

import shutil
from pathlib import Path

import docx

from acceptance.project import Project, assert_same, entry
from gongkai.kernel.terms import cut, identifier_key, key_of, normalise
from search_reader import Index

NEW = "agencies/mzj/catalogue/2026/dragon-boat.md"


def index_of(project: Project) -> Index:
    return Index(lambda address: (project.site / "search" / address).read_bytes())


def holders(project: Project, words: str) -> list[str]:
    """Return the addresses of the documents that hold every term of some words."""
    index = index_of(project)
    everything, cards = index.postings(), index.cards()
    wanted = [set(everything.get(key_of(term), {})) for term in cut(normalise(words))]
    numbers = set.intersection(*wanted) if wanted else set()
    return sorted(cards[n][0] or f"i/{cards[n][2]}.html" for n in numbers)


def searched(project: Project) -> dict[str, bytes]:
    return {a: data for a, data in project.tree().items() if a.startswith("search/")}


def write_entry(project: Project, body: str = "正文。", **fields: str) -> str:
    project.write(NEW, entry("QH0000028/2026-00090", "端午龙舟竞渡活动通知", body, **fields))
    return "i/QH0000028/2026-00090.html"


def test_a_new_entry_is_found_and_the_index_is_that_of_a_clean_build(
    project: Project, tmp_path: Path
) -> None:
    address = write_entry(project, "鼍江水域龙舟竞渡。")
    project.build()
    assert holders(project, "鼍江水域") == [address]
    clean = project.copy_to(tmp_path / "clean")
    clean.build()
    assert_same(project.tree(), clean.tree())


def test_a_change_in_place_moves_few_files_and_equals_a_clean_build(
    project: Project, tmp_path: Path
) -> None:
    address = write_entry(project, "原有的一段话。")
    project.build()
    before = searched(project)
    write_entry(project, "原有的一段话。鼍江水域龙舟竞渡。")
    result = project.run("build")
    assert result.code == 0, result.said
    after = searched(project)
    assert holders(project, "鼍江水域") == [address]
    assert before.keys() & after.keys() >= {"search/engine.js", "search/manifest.json"}
    clean = project.copy_to(tmp_path / "clean")
    clean.build()
    assert_same(project.tree(), clean.tree())


def test_a_removed_entry_leaves_no_word_behind(project: Project) -> None:
    write_entry(project, "鼍江水域龙舟竞渡。")
    project.build()
    assert holders(project, "鼍江水域")
    (project.content / NEW).unlink()
    project.build()
    assert holders(project, "鼍江水域") == []
    assert key_of(identifier_key("QH0000028/2026-00090")) not in index_of(project).postings()


def test_new_synonyms_change_the_index_and_press_no_page(project: Project) -> None:
    project.write("vocab/synonyms.yml", "groups:\n- [龙舟竞渡, 划龙船]\nnoise: [请问]\n")
    address = write_entry(project, "正文。")
    project.build()
    index = index_of(project)
    assert index.facts["synonyms"] == [["龙舟竞渡", "划龙船"]]
    assert index.facts["noise"] == ["请问"]
    held = index.postings()[key_of("~龙舟竞渡")]
    cards = index.cards()
    assert [f"i/{cards[n][2]}.html" for n in held] == [address]
    pages = {a: d for a, d in project.tree().items() if not a.startswith(("search/", "data/"))}
    project.write("vocab/synonyms.yml", "groups:\n- [龙舟竞渡, 赛龙舟]\n")
    result = project.run("build")
    assert "synonyms" in (project.site / "search/manifest.json").read_text("utf-8")
    assert index_of(project).facts["synonyms"] == [["龙舟竞渡", "赛龙舟"]]
    now = {a: d for a, d in project.tree().items() if not a.startswith(("search/", "data/"))}
    assert_same(pages, now, result.said)


def test_what_is_not_published_is_not_in_the_index(project: Project) -> None:
    write_entry(project, "鼍江水域龙舟竞渡。", published_on="2099-01-01 09:00")
    project.build()
    assert holders(project, "鼍江水域") == []
    assert all(card[2] != "QH0000028/2026-00090" for card in index_of(project).cards())


def test_words_of_attachments_are_found_on_the_page_that_has_them(project: Project) -> None:
    path = project.content / "agencies/mzj/files/boats.docx"
    path.parent.mkdir(exist_ok=True)
    document = docx.Document()
    document.add_paragraph("鼍江水域龙舟竞渡报名表")
    document.save(str(path))
    attachments = "[{file: ../../files/boats.docx, title: 报名表}]"
    address = write_entry(project, "正文。", attachments=attachments)
    result = project.run("build")
    assert result.code == 0, result.said
    assert holders(project, "鼍江水域") == [address]


def test_what_an_entry_on_request_does_not_print_is_not_in_the_index(project: Project) -> None:
    fields = {
        "kind": "service",
        "disclosure": "on_request",
        "basis": "[法律依据甲]",
        "conditions": "[鼍江水域条件]",
        "procedure": "[鼍江先审后批]",
        "time_limit": "三日",
        "result": "鼍江许可证",
        "tags": "[鼍江标签]",
        "addressees": "鼍江各单位",
        "withheld_reason": "",
    }
    write_entry(project, "", **{key: value for key, value in fields.items() if value})
    project.run("build", "--quarantine")
    assert all(key >> 16 != ord("鼍") for key in index_of(project).postings())


def test_a_report_that_moves_to_another_body_is_found_there(
    project: Project, tmp_path: Path
) -> None:
    text = (
        "---\ntitle: 本机关2012年政府信息公开工作年度报告\npublished_on: 2013-01-20 09:00\n"
        "form: legacy\nreview: {checked_on: 2013-01-18, reviewer: 办公室主任, result: 可以公开}\n"
        "---\n\n鼍江水域公开情况。\n"
    )
    project.write("agencies/mzj/reports/2012.md", text)
    project.run("build", "--quarantine")
    assert holders(project, "鼍江水域") == ["a/mzj/report/2012.html"]
    (project.content / "agencies/mzj/reports/2012.md").unlink()
    project.write("agencies/czj/reports/2012.md", text)
    project.run("build", "--quarantine")
    assert holders(project, "鼍江水域") == ["a/czj/report/2012.html"]
    clean = project.copy_to(tmp_path / "clean")
    clean.run("build", "--quarantine")
    assert_same(searched(project), searched(clean))


def test_lost_postings_and_a_lost_site_only_cost_time(project: Project) -> None:
    project.build()
    before = project.tree()
    (postings,) = (project.root / "build" / "cache").glob("*.postings")
    postings.write_bytes(b"")
    shutil.rmtree(project.site)
    project.build()
    assert_same(before, project.tree())


def test_an_unchanged_build_writes_nothing(project: Project) -> None:
    project.build()  # a copied site is written once more: its files are new to the cache
    before = {a: (project.site / a).stat().st_mtime_ns for a in searched(project)}
    project.build()
    assert {a: (project.site / a).stat().st_mtime_ns for a in searched(project)} == before
