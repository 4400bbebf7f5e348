"""Rows of ``domain/systems.md``: each test is the acceptance check of the row that it names.

``pytest tests/acceptance -k C04`` runs the checks of row C04.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml

from acceptance.project import (
    COLUMNS,
    ROOT,
    Page,
    Project,
    agency,
    assert_same,
    entry,
    guide,
    new_project,
    organisation_code,
    settings,
    where_to,
)
from gongkai.kernel.terms import identifier_key, key_of
from search_reader import Index

TRAINING = "agencies/czj/catalogue/2026/training.md"
MEASURES = "agencies/mzj/catalogue/2026/measures.md"
READING = "agencies/mzj/catalogue/2026/reading.md"
Rows = dict[str, dict[str, Any]]
Pages = dict[str, Page]


def row(*ids: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a test the id of its row, so that ``-k`` finds it."""
    return pytest.mark.parametrize("systems_row", ids)


def errors(project: Project) -> list[dict[str, Any]]:
    """Return the errors that ``check`` finds."""
    return [p for p in project.problems() if p["severity"] == "error"]


def only_error(project: Project) -> dict[str, Any]:
    """Return the one error that ``check`` finds."""
    found = errors(project)
    assert len(found) == 1, found
    return found[0]


def without(text: str, key: str) -> str:
    """Return a front matter without one key."""
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(f"{key}:")]
    assert len(kept) == len(lines) - 1, key
    return "".join(kept)


def drop(project: Project, path: str, key: str) -> None:
    """Take one key out of a file."""
    file = project.content / path
    file.write_text(without(file.read_text("utf-8"), key), "utf-8")


def front_matter(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text("utf-8").split("\n---", 1)[0][4:], yaml.BaseLoader)


@row("C04")
@pytest.mark.parametrize(
    ("key", "label"), [("index_number", "索引号"), ("title", "名称"), ("issued_on", "成文日期")]
)
def test_an_entry_without_a_field_of_article_12_fails(
    project: Project, systems_row: str, key: str, label: str
) -> None:
    """C04: missing field fails."""
    drop(project, TRAINING, key)
    error = only_error(project)
    assert (error["code"], error["path"]) == ("GK201", TRAINING)
    assert label in error["message"]
    assert project.run("build").code == 1
    assert not project.site.exists()


@row("C04")
def test_the_directory_shows_index_name_summary_and_date(
    pages: Pages, rows: Rows, systems_row: str
) -> None:
    """C04: 索引号、名称、内容概述、生成日期 (条例 art. 12) of every entry of the directory."""
    for row in rows.values():
        assert all(row[key] for key in ("index_number", "title", "summary", "issued_on"))
    listed = 0
    for address, page in pages.items():
        if not re.match(r"d/(agency|year)/", address):
            continue
        for item in page.all("li", "gk-row"):
            link = next(n for n in item.walk() if "gk-row__title" in n.classes)
            row = rows[where_to(address, link.attrs["href"])]
            year, month, day = (int(part) for part in row["issued_on"].split("-"))
            text = item.text()
            for words in (row["index_number"], row["title"], f"{year}年{month}月{day}日"):
                assert words in text, (address, words)
            assert re.sub(r"\s+", " ", row["summary"]) in text, (address, "内容概述")
            listed += 1
    assert listed >= 2 * len(rows)


@row("C04")
def test_an_index_number_is_unique_and_stays_when_the_file_moves(
    project: Project, systems_row: str
) -> None:
    """C04: 索引号 unique and stable when a file is moved or renamed."""
    project.build()
    before = project.tree()
    file = project.content / TRAINING
    text = file.read_text("utf-8")
    file.rename(file.with_name("renamed-a-second-time.md"))
    project.build()
    page = "i/QH0000036/2026-00004.html"
    assert project.tree()[page] == before[page]
    assert {a for a in before if a.endswith(".html")} == {
        a for a in project.tree() if a.endswith(".html")
    }
    file.write_text(text, "utf-8")
    error = only_error(project)
    assert error["code"] == "GK207"
    assert "QH0000036/2026-00004" in error["message"]


NINE = {
    "classification": "政府信息的分类",
    "arrangement": "编排体系",
    "access": "获取方式",
    "office_name": "工作机构的名称",
    "office_address": "办公地址",
    "office_hours": "办公时间",
    "telephone": "联系电话",
    "fax": "传真号码",
    "internet_contact": "互联网联系方式",
}


@row("C05")
def test_a_guide_shows_the_nine_items_and_a_missing_one_is_named(
    project: Project, demo: Project, pages: Pages, systems_row: str
) -> None:
    """C05: remove 传真号码 → build error names the item; so with each of the nine."""
    for path in demo.content.glob("agencies/*/guide.md"):
        facts, given = pages[f"a/{path.parent.name}/guide.html"].facts(), front_matter(path)
        for key, label in NINE.items():
            shown = [value for name, value in facts.items() if name in label or label in name]
            assert given[key] in shown, (path, label)
    drop(project, "agencies/mzj/guide.md", "fax")
    result = project.run("build")
    assert result.code == 1
    assert re.search(r"agencies/mzj/guide\.md:\d+:\d+: GK308 .*传真号码", result.said)
    assert not project.site.exists()
    file = project.content / "agencies/mzj/guide.md"
    file.write_text(guide("青禾县民政局"), "utf-8")
    for key in NINE:
        drop(project, "agencies/mzj/guide.md", key)
    assert [e["code"] for e in errors(project)] == ["GK308"] * 9
    said = "\n".join(e["message"] for e in errors(project))
    assert all(label in said for label in NINE.values())


@row("C06")
def test_each_platform_tells_every_item_of_article_20_filled_or_empty(
    demo: Project, pages: Pages, rows: Rows, systems_row: str
) -> None:
    """C06: item coverage table shows filled/empty per item."""
    for path in sorted(demo.content.glob("agencies/*/agency.yml")):
        name = path.parent.name
        page = pages[f"a/{name}/index.html"]
        section = next(
            n for n in page.all("section") if n.attrs.get("aria-labelledby") == "coverage"
        )
        lines = [n for n in section.walk() if n.tag == "tr"][1:]
        assert len(lines) == 15, name
        held: dict[str, int] = {}
        for entry_row in rows.values():
            if entry_row["agency"] == name:
                code = str(entry_row["article_20"])
                held[code] = held.get(code, 0) + 1
        stated = {
            str(s["item"])
            for s in yaml.safe_load(path.read_text("utf-8")).get("article_20_none", [])
        }
        for line in lines:
            cells = [c.text() for c in line.children if not isinstance(c, str)]
            count = held.get(cells[0])
            if count:
                assert cells[2] == f"{count}条", (name, cells)
            elif cells[0] in stated:
                assert re.fullmatch(r"本单位无此类信息（\d{4}年\d{1,2}月确认）", cells[2]), (
                    name,
                    cells,
                )
            else:
                assert cells[2] == "暂未发布", (name, cells)
    items = pages["d/article20/index.html"].all("li", "gk-counts__item")
    assert len(items) == 15
    for item in items:
        assert re.search(r"[1-9]\d* ?条|无此类信息（", item.text()), item.text()


@row("C07")
def test_every_column_declares_its_period_and_one_without_fails(
    project: Project, pages: Pages, systems_row: str
) -> None:
    """C07: column without period fails config validation; the six old sections are columns."""
    names = {"计划总结", "工作动态", "部门文件", "公告", "法规公文", "政策解读（历史）"}
    shown = {
        page.h1: page.facts()["更新周期"]
        for address, page in pages.items()
        if re.fullmatch(r"c/[^/]+/index\.html", address)
    }
    assert names <= set(shown)
    assert all(re.search("更新", period) for period in shown.values())
    project.write(
        "vocab/columns.yml", COLUMNS.replace("name: 通知公告, period: 6m", "name: 通知公告")
    )
    error = only_error(project)
    assert (error["code"], error["path"], error["line"]) == ("GK301", "vocab/columns.yml", 6)
    assert "通知公告" in error["message"]
    result = project.run("build", "--quarantine")
    assert result.code == 1, "a setting is never set aside"
    assert not project.site.exists()


OWN_PARTS = {
    "document": ["索引号"],
    "interpretation": ["解读的文件"],
    "service": ["设定依据", "受理条件", "办理程序", "办理期限", "办理结果"],
    "consultation": ["征集时间", "反馈方式"],
    "decision": ["决策阶段", "决策依据"],
    "institution": ["主要职责", "内设机构"],
    "work_report": ["报告期"],
    "budget": ["预算年度", "类别"],
}


@row("C17")
@pytest.mark.parametrize("kind", OWN_PARTS)
def test_each_type_has_a_template_and_a_sample(
    pages: Pages, rows: Rows, systems_row: str, kind: str
) -> None:
    """C17: each type has a template and a sample, which shows the type's own parts."""
    assert (ROOT / "theme" / "pages" / "kinds" / f"{kind}.html").is_file()
    samples = [
        a for a, row in rows.items() if row["kind"] == kind and row["disclosure"] == "proactive"
    ]
    assert samples
    for address in samples:
        page = pages[address]
        assert page.all("article", f"gk-entry--{kind}"), address
        labels = {n.text() for n in page.nodes if n.tag in ("h2", "dt")}
        assert set(OWN_PARTS[kind]) <= labels, (address, labels)


@row("C22")
def test_interpretation_and_file_name_each_other_and_one_way_fails(
    project: Project, systems_row: str
) -> None:
    """C22: one-way link is an error; both pages show the other."""
    project.build("--strict")
    file, reading = "i/QH0000028/2026-00001.html", "i/QH0000028/2026-00003.html"
    for here, there in ((file, reading), (reading, file)):
        relations = project.page(here).one("div", "gk-relations")
        links = [where_to(here, n.attrs["href"]) for n in relations.walk() if n.tag == "a"]
        assert there in links, here
    before = project.tree()
    for path, key, other in (
        (MEASURES, "interpreted_by", READING),
        (READING, "interprets", MEASURES),
    ):
        kept = (project.content / path).read_text("utf-8")
        drop(project, path, key)
        found = [e for e in errors(project) if e["code"] == "GK216"]
        assert [e["path"] for e in found] == [other]
        assert path in found[0]["message"]
        assert project.run("build").code == 1
        project.write(path, kept)
    assert_same(before, project.tree())


@row("C22")
def test_the_demonstration_s_interpretations_are_linked_both_ways(
    pages: Pages, rows: Rows, systems_row: str
) -> None:
    """C22: both pages show the other."""
    seen = 0
    for address, page in pages.items():
        if rows.get(address, {}).get("kind") != "interpretation":
            continue
        for block in page.all("section", "gk-block"):
            if not block.text().startswith("解读的文件"):
                continue
            for link in (n for n in block.walk() if n.tag == "a"):
                file = where_to(address, link.attrs["href"])
                back = [
                    where_to(file, n.attrs["href"])
                    for n in pages[file].one("div", "gk-relations").walk()
                    if n.tag == "a"
                ]
                assert address in back, (address, file)
                seen += 1
    assert seen >= 2


@row("C29")
@pytest.mark.parametrize(
    ("disclosure", "word"), [("withheld", "不予公开"), ("on_request", "依申请公开")]
)
def test_not_disclosing_needs_a_reason_and_never_shows_a_body(
    project: Project, systems_row: str, disclosure: str, word: str
) -> None:
    """C29: without reason fails; 不予公开 body never appears in HTML or index."""
    path, secret = "agencies/czj/catalogue/2026/closed.md", "绝不能出现的过程稿内容"
    project.write(path, entry("QH0000036/2026-00060", "某事项的请示", " ", disclosure=disclosure))
    assert (only_error(project)["code"], only_error(project)["path"]) == ("GK214", path)
    reason = {"disclosure": disclosure, "disclosure_reason": "deliberative"}
    project.write(path, entry("QH0000036/2026-00060", "某事项的请示", secret, **reason))
    assert only_error(project)["code"] == "GK215"
    assert project.run("build").code == 1
    assert project.run("build", "--quarantine").code == 1
    assert [a for a, d in project.tree().items() if secret.encode() in d] == []
    assert [a for a, d in project.tree().items() if "某事项的请示".encode() in d] == []
    project.write(path, entry("QH0000036/2026-00060", "某事项的请示", " ", **reason))
    project.build()
    holding = [a for a, d in project.tree().items() if "某事项的请示".encode() in d]
    assert bool(holding) == (disclosure == "on_request")
    state = {"withheld": "counted", "on_request": "published"}[disclosure]
    assert project.states()[path] == state


@row("C29")
def test_disclosure_is_the_rule_and_needs_no_word(project: Project, systems_row: str) -> None:
    """C29: 公开为常态、不公开为例外: an entry that says nothing is 主动公开."""
    project.build()
    assert project.page("i/QH0000036/2026-00004.html").facts()["公开属性"] == "主动公开"


def footer_facts(page: Page) -> dict[str, str]:
    foot = page.one("footer")
    names = [n.text() for n in foot.walk() if n.tag == "dt"]
    values = [n.text() for n in foot.walk() if n.tag == "dd"]
    return dict(zip(names, values, strict=True))


@row("S07")
def test_supervision_telephone_and_report_box_stand_on_every_page(
    pages: Pages, systems_row: str
) -> None:
    """S07: present on every page, and in every guide that is the agency's own."""
    for address, page in pages.items():
        facts = footer_facts(page)
        assert facts.get("监督电话") == "0000-0000003", address
        assert facts.get("举报信箱") == "jubao@qinghe.example", address
        links = {n.attrs.get("href") for n in page.one("footer").walk()}
        assert {"tel:0000-0000003", "mailto:jubao@qinghe.example"} <= links, address
        if re.fullmatch(r"a/[^/]+/guide\.html", address) and "ArticleTitle" in page.tags:
            assert page.facts()["监督电话"] == "0000-0000003", address


@row("S09")
def test_the_footer_is_checked_key_by_key_and_pattern_by_pattern(
    project: Project, systems_row: str
) -> None:
    """S09: 电话 传真 邮箱 主办单位 站点地图 地址 ICP 网站标识码; missing key = error."""
    good = (project.content / "site.yml").read_text("utf-8")
    keys = ("name", "domain", "id_code", "organizer", "icp", "police", "find_errors")
    contacts = ("address", "telephone", "fax", "email", "supervision", "report_box")
    text = good
    for key in (*keys, *(f"  {name}" for name in contacts)):
        text = without(text, key)
    project.write("site.yml", text.replace("contact:\n", ""))
    found = errors(project)
    assert {(e["code"], e["path"]) for e in found} == {("GK304", "site.yml")}
    named = "\n".join(e["message"] for e in found)
    assert len(found) == len(keys) + len(contacts)
    assert all(f"（{key}）" in named for key in (*keys, *(f"contact.{c}" for c in contacts)))
    project.write("site.yml", without(good, "  fax"))
    result = project.run("build")
    assert result.code == 1
    assert re.search(r"site\.yml:\d+:\d+: GK304 .*传真", result.said)
    text = good
    bad = {
        'id_code: "0000000000"': 'id_code: "12345"',
        "icp: 演ICP备00000000号": "icp: ICP备案中",
        "police: 演公网安备 00000000000000号": "police: 公安备案",
        "domain: www.qinghe.example": "domain: https://www.qinghe.example/",
        "telephone: 0000-0000001": "telephone: 打总机",
        "fax: 0000-0000002": "fax: 无",
        "email: zwgk@qinghe.example": "email: zwgk.qinghe.example",
        "find_errors: mailto:zhaocuo@qinghe.example": "find_errors: 'javascript:alert(1)'",
    }
    for old, new in bad.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    project.write("site.yml", text)
    found = errors(project)
    assert {(e["code"], e["path"]) for e in found} == {("GK305", "site.yml")}
    lines = text.splitlines()
    assert {lines[e["line"] - 1].strip() for e in found} == set(bad.values())
    assert project.run("build", "--quarantine").code == 1
    assert not project.site.exists()


@row("S09")
def test_every_footer_prints_what_site_yml_says(
    demo: Project, pages: Pages, systems_row: str
) -> None:
    """S09: footer partial; every key stands on every page, with the map of the site."""
    site = yaml.safe_load((demo.content / "site.yml").read_text("utf-8"))
    contact = site["contact"]
    wanted = {
        "地址": contact["address"],
        "电话": contact["telephone"],
        "传真": contact["fax"],
        "邮箱": contact["email"],
        "网站标识码": site["id_code"],
        "备案编号": site["icp"],
        "公安备案": site["police"],
    }
    for address, page in pages.items():
        facts = footer_facts(page)
        assert {key: facts.get(key) for key in wanted} == wanted, address
        foot = page.one("footer")
        assert f"主办单位：{site['organizer']}" in foot.text(), address
        links = {n.text(): n.attrs["href"] for n in foot.walk() if n.tag == "a"}
        assert links["我为政府网站找错"] == site["find_errors"], address
        assert where_to(address, links["网站地图"]) == "map.html", address


@row("S11")
def test_every_content_page_has_crumbs_time_and_source(
    demo: Project, pages: Pages, rows: Rows, systems_row: str
) -> None:
    """S11: every content page has breadcrumb, 时间, 来源."""
    reports = {r["address"]: r for r in demo.data("reports")["reports"]}
    for address, facts in {**rows, **reports}.items():
        page = pages[address]
        crumbs = page.one("nav", "gk-crumbs")
        assert crumbs.text().startswith("当前位置： 首页"), address
        links = [n.text() for n in crumbs.walk() if n.tag == "a"]
        assert len(links) >= 4, (address, links)
        source = page.one("p", "gk-source").text()
        shown = page.tags["ContentSource"][0]
        assert source == f"来源：{shown} 发布时间：{facts['published_on']}", address


@row("M02")
def test_an_entry_without_confidentiality_review_is_not_built(
    project: Project, systems_row: str
) -> None:
    """M02: absent → not built; refused → not built."""
    path, page = TRAINING, "i/QH0000036/2026-00004.html"
    title = "关于举办会计继续教育培训的通知".encode()
    good = (project.content / path).read_text("utf-8")
    refused = good.replace("result: 可以公开", "result: 暂不公开")
    for text, code in ((without(good, "review"), "GK222"), (refused, "GK223")):
        project.write(path, text)
        result = project.build("--strict")
        assert (project.states()[path], project.run("check").code) == ("held_back", 0)
        assert [p["code"] for p in project.problems() if p["path"] == path] == [code]
        assert page not in project.tree()
        assert [a for a, d in project.tree().items() if title in d] == [], result.said
    project.write(path, good)
    project.build("--strict")
    assert page in project.tree()


@row("M02")
def test_a_guide_and_a_report_need_their_review_too(project: Project, systems_row: str) -> None:
    """M02: 公开方式审查 for every text that is published."""
    drop(project, "agencies/mzj/guide.md", "review")
    project.build("--strict")
    assert project.states()["agencies/mzj/guide.md"] == "held_back"
    assert "ArticleTitle" not in project.page("a/mzj/guide.html").tags


def rules_of(rows: Rows, name: str) -> list[str]:
    """Return the titles in an agency's 制度 column."""
    return [r["title"] for r in rows.values() if (r["agency"], r["column"]) == (name, "rules")]


@row("M03")
def test_the_seven_rules_of_zhuhui_stand_once_each(
    rows: Rows, pages: Pages, systems_row: str
) -> None:
    """M03: 7 entries, no duplicates."""
    titles = rules_of(rows, "zhuhui")
    assert len(titles) == len(set(titles)) == 7
    for words in ("发布协调", "保密审查", "主动公开", "依申请公开", "年度报告", "考核", "举报"):
        assert sum(words in title for title in titles) == 1, words
    listed = [n.text() for n in pages["a/zhuhui/c/rules/index.html"].all("a", "gk-row__title")]
    assert sorted(listed) == sorted(titles)


@row("M04")
def test_a_rule_registered_twice_is_warned_of(
    project: Project, rows: Rows, systems_row: str
) -> None:
    """M04: duplicate title warning; of the six listed rules five are distinct."""
    titles = rules_of(rows, "wuhai")
    assert len(titles) == len(set(titles)) == 5
    for n, title in enumerate(("政务公开考核制度", "政务公开 考核制度")):
        number = f"QH0000028/2026-0007{n}"
        project.write(
            f"agencies/mzj/catalogue/2026/rule-{n}.md", entry(number, title, column="rules")
        )
    found = [p for p in project.problems() if p["severity"] == "warning"]
    assert [p["code"] for p in found] == ["GK224"]
    assert (found[0]["path"], found[0]["line"]) == ("agencies/mzj/catalogue/2026/rule-1.md", 2)
    assert "rule-0.md" in found[0]["message"]
    assert project.run("build").code == 0
    assert project.run("check", "--strict").code == 1


@row("M06")
def test_an_unknown_body_fails_and_each_page_names_who_is_responsible(
    project: Project, pages: Pages, rows: Rows, systems_row: str
) -> None:
    """M06: 发布机构 on each entry; unknown body fails against the agency list."""
    for address in rows:
        assert pages[address].facts()["发文机关"], address
        assert pages[address].tags["ContentSource"][0], address
    good = (project.content / TRAINING).read_text("utf-8")
    project.write(TRAINING, good.replace("subject:", "issuers: [czj, mzk]\nsubject:"))
    error = only_error(project)
    assert (error["code"], error["path"]) == ("GK225", TRAINING)
    assert "mzk" in error["message"] and "mzj" in error["message"]
    project.write(TRAINING, good.replace("subject:", "issuers: [czj, 青禾市财政局]\nsubject:"))
    project.build()
    shown = project.page("i/QH0000036/2026-00004.html").facts()["发文机关"]
    assert shown == "青禾县财政局、青禾市财政局"
    project.write(
        "agencies/stranger/catalogue/2026/a.md", entry("QH0000087/2026-00001", "无主条目")
    )
    assert "GK312" in {e["code"] for e in errors(project)}


@row("M07")
def test_twenty_nine_departments_are_listed_each_with_a_contact(
    tmp_path: Path, pages: Pages, demo: Project, systems_row: str
) -> None:
    """M07: every department has a contact; 29 listed."""
    for path in demo.content.glob("agencies/*/agency.yml"):
        page = pages[f"a/{path.parent.name}/index.html"]
        section = next(
            n for n in page.all("section") if n.attrs.get("aria-labelledby") == "contact"
        )
        for label in ("公开工作机构", "地址", "办公时间", "联系电话"):
            assert label in section.text(), (path, label)
    project = new_project(tmp_path / "project")
    settings(project)
    names = {"qinghe": "青禾县人民政府办公室"} | {f"bm{n:02}": f"第{n}部门" for n in range(1, 30)}
    for n, (code, name) in enumerate(names.items()):
        level = "department" if n else "county"
        text = agency(
            name,
            organisation_code(n),
            level,
            guide="parent" if n else "",
            parent="qinghe" if n else "",
        )
        project.write(f"agencies/{code}/agency.yml", text)
    project.write("agencies/qinghe/guide.md", guide("青禾县人民政府办公室"))
    project.build("--strict")
    home = project.page("index.html")
    panel = next(
        n for n in home.all("section", "gk-levels__panel") if n.attrs["aria-label"] == "部门"
    )
    assert sum(n.tag == "a" for n in panel.walk()) == 29
    for code in names:
        assert "0000-0000021" in project.page(f"a/{code}/index.html").text, code
    file = project.content / "agencies" / "bm17" / "agency.yml"
    file.write_text(without(file.read_text("utf-8"), "  telephone"), "utf-8")
    error = only_error(project)
    assert (error["code"], error["path"]) == ("GK307", "agencies/bm17/agency.yml")
    assert "联系电话" in error["message"]


@row("M19")
def test_a_masked_year_is_rejected_and_never_guessed(
    project: Project, rows: Rows, pages: Pages, systems_row: str
) -> None:
    """M19: masked year in 文号 rejected with a clear message; the notices are there."""
    good = (project.content / TRAINING).read_text("utf-8")
    for written in (
        "珠办通[201*]24号",
        "珠办通〔201×〕24号",
        "珠办通【20**】24号",
        "珠办通〔201?〕24号",
    ):
        project.write(TRAINING, good.replace("subject:", f'document_number: "{written}"\nsubject:'))
        error = only_error(project)
        assert (error["code"], error["path"], error["line"]) == ("GK211", TRAINING, 7), written
        assert written in error["message"] and "遮盖" in error["message"]
        assert "discrepancy_note" in error["message"], "the remedy is named"
    project.write(TRAINING, good.replace("issued_on: 2026-01-05", 'issued_on: "201*-12-17"'))
    assert only_error(project)["code"] == "GK204"
    notices = {
        r["title"]: r["issuers"]
        for r in rows.values()
        if (r["agency"], r["column"]) == ("zhuhui", "direct-02")
    }
    assert len(notices) == 4
    assert sum("区委办公室" in issuers[0] for issuers in notices.values()) == 1
    assert sum("人民政府办公室" in issuers[0] for issuers in notices.values()) == 3
    for address, r in rows.items():
        if r["agency"] == "zhuhui":
            assert "*" not in r["document_number"], address
            assert "201*" in pages[address].one("section", "gk-checks").text(), address


@row("P10")
def test_a_document_number_in_square_brackets_is_normalised_and_warned_of(
    project: Project, rows: Rows, systems_row: str
) -> None:
    """P10: 松山管发[2017]45号: 文号 normalised, warned."""
    written = "松山管发[2017]45号"
    good = (project.content / TRAINING).read_text("utf-8")
    project.write(TRAINING, good.replace("subject:", f"document_number: {written}\nsubject:"))
    found = [p for p in project.problems() if p["path"] == TRAINING]
    assert [(p["code"], p["severity"], p["line"], p["column"]) for p in found] == [
        ("GK210", "warning", 7, 18)
    ]
    assert "松山管发〔2017〕45号" in found[0]["message"]
    project.build()
    page = project.page("i/QH0000036/2026-00004.html")
    assert page.facts()["文号"] == "松山管发〔2017〕45号"
    assert page.one("p", "gk-doc__number").text() == "松山管发〔2017〕45号"
    assert written not in project.text("c/notices/index.html")
    assert "松山管发〔2017〕45号" in {r["document_number"] for r in rows.values()}


def found_exactly(demo: Project, query: str) -> list[str]:
    """Return the addresses of what has just this number, asking the shipped index."""
    index = Index(lambda address: (demo.site / "search" / address).read_bytes())
    cards = index.cards()
    found = index.postings().get(key_of(identifier_key(query)), {})
    return [cards[number][0] or f"i/{cards[number][2]}.html" for number in found]


@row("P11")
@pytest.mark.parametrize("brackets", ["〔〕", "[]", "【】", "（）", "()", "［］"])
@pytest.mark.parametrize(("serial", "words"), [(21, "政府信息公开工作"), (66, "政府网站管理工作")])
def test_a_document_number_is_found_in_any_brackets(
    demo: Project, rows: Rows, systems_row: str, serial: int, words: str, brackets: str
) -> None:
    """P11: 孟政办【2011】21号, 66号 found by 〔〕, [] and 【】 queries."""
    (address,) = found_exactly(demo, f"孟政办{brackets[0]}2011{brackets[1]}{serial}号")
    assert rows[address]["document_number"] == f"孟政办〔2011〕{serial}号"
    assert words in rows[address]["title"]


@row("M09")
def test_fifty_eight_bodies_have_a_catalogue_each(tmp_path: Path, systems_row: str) -> None:
    """M09: 46 委局 + 2 公益企业 + 10 镇: 58 catalogue sub-trees."""
    project = new_project(tmp_path / "project")
    settings(project)
    bodies: dict[str, tuple[str, str]] = {}
    for n in range(46):
        bodies[f"wj{n + 1:02}"] = (f"孟水县第{n + 1}委局", "department")
    for n in range(2):
        bodies[f"qy{n + 1}"] = (f"孟水县第{n + 1}公益企业", "department")
    for n in range(10):
        bodies[f"z{n + 1:02}"] = (f"孟水县第{n + 1}镇人民政府", "town")
    assert len(bodies) == 58
    project.write(
        "agencies/qinghe/agency.yml",
        agency("孟水县人民政府办公室", organisation_code(99), "county"),
    )
    project.write("agencies/qinghe/guide.md", guide("孟水县人民政府办公室"))
    for n, (code, (name, level)) in enumerate(bodies.items(), 1):
        front = organisation_code(n)
        text = agency(name, front, level, parent="qinghe", guide="parent")
        project.write(f"agencies/{code}/agency.yml", text)
        for serial in (1, 2):
            number = f"{front}/2026-{serial:05}"
            project.write(
                f"agencies/{code}/catalogue/2026/{serial}.md",
                entry(
                    number, f"{name}第{serial}号通知", f"{name}现将第{serial}项工作安排公布如下。"
                ),
            )
    project.build("--strict")
    classes = {p.parent.name for p in (project.site / "d" / "agency").glob("*/index.html")}
    assert classes == set(bodies)
    counts = project.page("d/agency/index.html").all("li", "gk-counts__item")
    assert len(counts) == 58
    assert all(re.search(r"2 ?条", item.text()) for item in counts)
    for code, (name, _) in bodies.items():
        platform = project.page(f"a/{code}/index.html")
        assert platform.h1.startswith(name), code
        parts = [n.text() for n in platform.all("span", "gk-parts__label")]
        assert parts == [
            "政府信息公开指南",
            "政府信息公开制度",
            "法定主动公开内容",
            "政府信息公开年报",
            "依申请公开",
        ]
        for part in platform.all("a", "gk-parts__link"):
            assert (project.site / where_to(f"a/{code}/index.html", part.attrs["href"])).is_file()
        listed = project.page(f"d/agency/{code}/index.html").all("a", "gk-row__title")
        assert [n.text() for n in listed] == [f"{name}第2号通知", f"{name}第1号通知"], code
        for folder in ("c/notices", "y/2026"):
            assert (project.site / "a" / code / folder / "index.html").is_file(), (code, folder)
    towns = next(
        n
        for n in project.page("index.html").all("section", "gk-levels__panel")
        if n.attrs["aria-label"] == "乡镇"
    )
    assert sum(n.tag == "a" for n in towns.walk()) == 10
    assert project.run("verify").code == 0


OLD_PATHS = {
    "/art/2008/5/4/art_123_456.html": "i/QH0000036/2026-00004.html",
    "/xxgk/show.jsp?id=9&amp=%E4%BD%A0": "i/QH0000036/2026-00003.html",
    "http://old.qinghe.example/Info/1.htm": "i/QH0000036/2026-00003.html",
    "/zwgk/zn.htm": "a/mzj/guide.html",
    "/art/2007/1/1/art_1_2.html": "i/QH0000028/2007-00001.html",  # withdrawn long ago
}


def answer(table: dict[str, str], url: str, host: str = "www.qinghe.example") -> str | None:
    """Return where the web server of operator.md sends a browser, and nothing where it does not.

    As nginx does: the path decoded, the query as it came, names compared without case, the table
    with the host in front asked first.
    """
    path, _, query = url.partition("?")
    uri = f"{unquote(path)}{'?' if query else ''}{query}".lower()
    return table.get(f"{host}{uri}") or table.get(uri)


@row("C21")
def test_an_address_of_the_former_site_leads_to_the_new_page(
    project: Project, systems_row: str
) -> None:
    """C21: old URL resolves, by a static page and by the web server's table."""
    project.edit(
        f"content/{TRAINING}", "column:", "legacy_urls: [/art/2008/5/4/art_123_456.html]\ncolumn:"
    )
    old = '["/xxgk/show.jsp?id=9&amp=%E4%BD%A0", "http://old.qinghe.example/Info/1.htm"]'
    project.edit(
        "content/agencies/czj/catalogue/2026/fees.md", "column:", f"legacy_urls: {old}\ncolumn:"
    )
    project.edit("content/agencies/mzj/guide.md", "fax:", "legacy_urls: /zwgk/zn.htm\nfax:")
    grave = "index_number: QH0000028/2007-00001, withdrawn_on: 2026-02-01, reason: expired"
    grave += ", legacy_urls: /art/2007/1/1/art_1_2.html"
    project.write("agencies/mzj/withdrawn.yml", f"withdrawn:\n  - {{{grave}}}\n")
    project.build("--strict")
    rows = re.findall(r'^"(.*)" "(.*)";$', project.text("data/redirects.map"), re.MULTILINE)
    table = {key.lower(): target for key, target in rows}
    base = "https://www.qinghe.example/"
    for written, address in OLD_PATHS.items():
        assert (project.site / address).is_file(), address
        host, path = "www.qinghe.example", written
        if written.startswith("http"):
            host, _, path = written.removeprefix("http://").partition("/")
            path = f"/{path}"
        assert answer(table, path, host) == base + address, written
        assert answer(table, path.upper().replace("%E4", "%e4"), host) == base + address
    for path in ("art/2008/5/4/art_123_456.html", "zwgk/zn.htm", "art/2007/1/1/art_1_2.html"):
        page, address = project.page(path), OLD_PATHS[f"/{path}"]
        links = {where_to(path, link.attrs["href"]) for link in page.all("a")}
        assert links == {address, "index.html"}
        text = project.text(path)
        assert f'<link rel="canonical" href="{base}{address}">' in text
        assert 'content="noindex"' in text and "http-equiv" not in text and "<script" not in text
    assert not (project.site / "Info").exists(), "another host may have had other pages"
    assert "art_123_456" not in project.text("sitemap.xml")
    assert answer(table, "/art/2008/5/4/art_123_457.html") is None
    assert project.run("verify").code == 0


@row("C21")
def test_an_old_address_is_given_away_once(project: Project, systems_row: str) -> None:
    """C21: two entries cannot share one, and none can take this site's own."""
    project.edit(f"content/{TRAINING}", "column:", "legacy_urls: [/art/1.html]\ncolumn:")
    project.edit(f"content/{MEASURES}", "column:", "legacy_urls: [/ART/%31.html/]\ncolumn:")
    error = only_error(project)
    assert error["code"] == "GK771" and MEASURES in (error["path"], *error["message"].split())
    project.edit(f"content/{MEASURES}", "/ART/%31.html/", "/d/index.html")
    assert only_error(project)["code"] == "GK772"


@row("C21")
def test_a_published_entry_cannot_be_deleted_without_a_tombstone(
    project: Project, systems_row: str
) -> None:
    """C21: the deletion fails the check at the ledger's line; with a tombstone it passes."""
    published = project.run("publish")
    assert published.code == 0, published.said
    (project.content / TRAINING).unlink()
    error = only_error(project)
    assert error["code"] == "GK745"
    assert error["path"] == "ledger/czj.tsv"
    line = (project.content / error["path"]).read_text("utf-8").splitlines()[error["line"] - 1]
    assert "\ti/QH0000036/2026-00004\t" in line
    assert project.run("build").code == 1
    grave = "{index_number: QH0000036/2026-00004, withdrawn_on: 2026-11-20, reason: expired}"
    project.write("agencies/czj/withdrawn.yml", f"withdrawn:\n  - {grave}\n")
    assert errors(project) == []
    published = project.run("publish")
    assert published.code == 0, published.said
    assert "withdrawn\tczj\ti/QH0000036/2026-00004" in published.out
    assert "已撤下" in project.text("i/QH0000036/2026-00004.html")


@row("M05")
def test_a_clarification_and_what_it_clarifies_show_each_other(
    project: Project, systems_row: str
) -> None:
    """M05: 澄清 links to the corrected item, and the item to its 澄清; one without either fails."""
    path = "agencies/czj/catalogue/2026/clarify.md"
    text = entry(
        "QH0000036/2026-00005",
        "关于会计培训收费传言的澄清",
        kind="澄清",
        published_on="2026-01-07 10:00",
        corrects="[QH0000036/2026-00004, {title: 网上关于培训收费的传言}]",
    )
    project.write(path, text)
    project.build("--strict")
    page, other = "i/QH0000036/2026-00005.html", "i/QH0000036/2026-00004.html"
    for here, there, label in ((page, other, "澄清的信息"), (other, page, "澄清")):
        found = project.page(here)
        assert there in {where_to(here, a.attrs["href"]) for a in found.all("a")}, here
        assert label in [n.text() for n in found.all("h2")], here
    assert "网上关于培训收费的传言" in project.text(page)
    assert project.run("verify").code == 0
    drop(project, path, "corrects")
    assert only_error(project)["code"] == "GK234"


@row("M05")
def test_each_agency_has_a_column_for_the_rules_of_disclosure(
    demo: Project, pages: Pages, systems_row: str
) -> None:
    """M05: 制度 column, one of the four parts of every platform."""
    for path in sorted(demo.content.glob("agencies/*/agency.yml")):
        name = path.parent.name
        parts = [n.text() for n in pages[f"a/{name}/index.html"].all("span", "gk-parts__label")]
        assert "政府信息公开制度" in parts, name
