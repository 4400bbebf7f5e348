"""An address that was published is kept: after a move, a correction and a withdrawal."""

from __future__ import annotations

import json

import pytest

from acceptance.project import Project, assert_same, entry
from gongkai.domain.old_address import OWN_PARTS

TRAINING = "agencies/czj/catalogue/2026/training.md"
NUMBER = "QH0000036/2026-00004"
TITLE = "关于举办会计继续教育培训的通知"


def withdraw(project: Project, **fields: str) -> None:
    """Take the training notice away and register it as withdrawn."""
    (project.content / TRAINING).unlink()
    row = {"index_number": NUMBER, "withdrawn_on": "2026-11-01", "reason": "error", **fields}
    said = ", ".join(f"{key}: {value}" for key, value in row.items())
    project.write("agencies/czj/withdrawn.yml", f"withdrawn:\n  - {{{said}}}\n")


def elsewhere(project: Project, words: str) -> list[str]:
    """Return the published files that hold some words."""
    return [a for a, data in project.tree().items() if words.encode() in data]


def test_a_moved_source_keeps_its_address_and_every_byte(project: Project) -> None:
    before = project.tree()
    (project.content / TRAINING).rename(project.content / TRAINING.replace("training", "00-移动"))
    project.build("--strict")
    after = project.tree()
    assert f"i/{NUMBER}.html" in after
    for tree in (before, after):
        for address in ("data/build.json", "data/manifest.tsv"):  # these name the source files
            del tree[address]
    assert_same(before, after)


def test_every_first_part_of_an_address_is_kept_from_old_addresses(demo: Project) -> None:
    """No page of the former site can take the place of a folder or page of this one."""
    first = {address.split("/")[0] for address in demo.tree()}
    assert first <= OWN_PARTS, first - OWN_PARTS


def test_a_corrected_index_number_leaves_a_stub(project: Project) -> None:
    project.edit(
        f"content/{TRAINING}",
        f"index_number: {NUMBER}\n",
        f"index_number: QH0000036/2026-00044\nformer_index_numbers: [{NUMBER}]\n",
    )
    project.build("--strict")
    page = project.page(f"i/{NUMBER}.html")
    assert f"索引号{NUMBER}已更正为QH0000036/2026-00044" in page.h1
    assert "../../i/QH0000036/2026-00044.html" in page.links
    assert [n.attrs["href"] for n in page.all("link") if n.attrs.get("rel") == "canonical"] == [
        "https://www.qinghe.example/i/QH0000036/2026-00044.html"
    ]
    assert "ArticleTitle" not in page.tags
    assert page.tags["SiteIDCode"] == ["0000000000"]
    new = project.page("i/QH0000036/2026-00044.html")
    assert new.facts()["曾用索引号"] == NUMBER
    assert NUMBER not in {row["index_number"] for row in project.data("catalogue")["entries"]}
    assert f"/i/{NUMBER}.html" not in project.text("sitemap.xml")
    assert project.run("verify").code == 0


def test_a_withdrawn_entry_leaves_a_tombstone(project: Project) -> None:
    withdraw(
        project,
        title=TITLE,
        note="名称写错",
        successor="QH0000036/2026-00003",
    )
    project.build("--strict")
    page = project.page(f"i/{NUMBER}.html")
    assert page.h1 == TITLE
    assert f"该信息（索引号{NUMBER}）已于2026年11月1日撤下，原因：内容有误。" in page.text
    assert "名称写错" in page.text
    assert "../../i/QH0000036/2026-00003.html" in page.links
    assert "ArticleTitle" not in page.tags
    assert elsewhere(project, TITLE) == [f"i/{NUMBER}.html"]
    assert project.data("build")["withdrawn_addresses"] == 1
    assert project.run("verify").code == 0


def test_a_takedown_for_privacy_leaves_no_word_of_the_title(project: Project) -> None:
    withdraw(project, title=TITLE, reason="privacy", show_title="true")
    project.build("--strict")
    assert "依法去除个人信息" in project.page(f"i/{NUMBER}.html").text
    assert elsewhere(project, TITLE) == []
    assert elsewhere(project, "会计继续教育") == []


def test_a_takedown_takes_the_attachment_too(project: Project) -> None:
    path = "agencies/mzj/catalogue/2026/measures.md"
    attached = [a for a in project.tree() if a.startswith("i/QH0000028/2026-00001/")]
    assert len(attached) == 1
    line = "attachments: [{file: ../../files/form.txt, title: 高龄津贴申请表}]\n"
    project.edit(f"content/{path}", line, "")
    project.build()
    assert not [a for a in project.tree() if a.startswith("i/QH0000028/2026-00001/")]
    assert [a for a in elsewhere(project, "高龄津贴申请表") if a.startswith(("i/", "data/"))] == []
    assert project.states()["agencies/mzj/files/form.txt"] == "unused"


def test_an_entry_cannot_be_there_and_withdrawn(project: Project) -> None:
    text = (project.content / TRAINING).read_text("utf-8")
    withdraw(project)
    project.write(TRAINING, text)
    before = project.tree()
    result = project.build(expect=1)
    assert "agencies/czj/withdrawn.yml:2:20: GK231" in result.said
    assert_same(before, project.tree())


def test_a_number_that_was_given_up_cannot_be_given_again(project: Project) -> None:
    withdraw(project)
    result = project.run("new", "entry", "--agency", "czj")
    assert result.code == 0, result.said
    assert "QH0000036/2026-00005" in (project.root / result.out.strip()).read_text("utf-8")


@pytest.mark.parametrize("state", ["draft", "later", "withheld"])
def test_what_is_not_published_leaves_no_word(small: Project, state: str) -> None:
    path = next(p for p in small.states() if p.endswith(f"/{state}.md"))
    text = (small.content / path).read_text("utf-8")
    title = text.split("title: ")[1].split("\n")[0]
    number = text.split("index_number: ")[1].split("\n")[0]
    expected = {"draft": "held_back", "later": "scheduled", "withheld": "counted"}[state]
    assert small.states()[path] == expected
    assert elsewhere(small, title) == []
    assert elsewhere(small, number) == []


def test_a_scheduled_entry_appears_at_its_minute(project: Project) -> None:
    number = "QH0000028/2026-00005"
    assert project.data("build")["next_change"] == "2026-11-26"
    project.build("--as-of", "2026-12-01 08:59")
    assert elsewhere(project, number) == []
    project.build("--as-of", "2026-12-01 09:00")
    assert "c/notices/index.html" in elsewhere(project, number)
    assert project.data("build")["as_of"] == "2026-12-01"


def test_a_title_that_is_hostile_stays_text_everywhere(project: Project) -> None:
    title = '"\\"><script>alert(1)</script>\'{{ 7*7 }}</title><!--=cmd"'
    project.write(
        "agencies/czj/catalogue/2026/hostile.md",
        entry(
            "QH0000036/2026-00077",
            title,
            "正文。",
            summary="'</script><img src=x onerror=alert(1)>'",
            keywords="['<b>', '=1+1']",
            source="'<i onclick=a()>来源</i>'",
        ),
    )
    project.build()
    for address in project.tree():
        if address.endswith(".html"):
            page = project.page(address)
            assert not [n for n in page.nodes if any(a.startswith("on") for a in n.attrs)], address
            assert all("src" in n.attrs for n in page.all("script")), address
    page = project.page("i/QH0000036/2026-00077.html")
    assert page.h1 == page.tags["ArticleTitle"][0] == json.loads(title)
    assert project.run("verify").code == 0
