"""The demonstration, built by the command that its readers are told to run."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
import yaml

from acceptance.project import (
    AS_OF,
    ROOT,
    Page,
    Project,
    assert_same,
    demonstration,
    is_whole,
    tree,
    where_to,
)
from search_reader import Index

SITE_TAGS = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN_TAGS = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
CONTENT_TAGS = ("ArticleTitle", "PubDate", "ContentSource")
OPTIONAL_TAGS = ("Keywords", "Author", "Description", "Image", "Url")
PROSE = ("404.html", "about.html", "accessibility.html", "map.html", "search/index.html")


def is_prose(address: str) -> bool:
    return address in PROSE or address.startswith("help/")


def head(path: Path) -> dict[str, object]:
    """Return the front matter of a source, read by YAML itself."""
    return yaml.load(path.read_text("utf-8").split("\n---", 1)[0][4:], yaml.BaseLoader)


def is_notice(page: Page) -> bool:
    """Tell whether a page only stands at an address that was given up: a stub or a tombstone."""
    return bool(page.all("article", "gk-sheet--notice"))


def sources(demo: Project) -> dict[str, dict[str, object]]:
    """Return the front matter of every entry of the demonstration, by path."""
    return {
        path.relative_to(demo.content).as_posix(): head(path)
        for path in sorted(demo.content.glob("agencies/*/catalogue/*/*.md"))
    }


@pytest.fixture(scope="module")
def entries(demo: Project) -> set[str]:
    """The addresses that the sources ask for: reviewed, due, and not withheld."""
    return {
        f"i/{facts['index_number']}.html"
        for facts in sources(demo).values()
        if "review" in facts
        and str(facts["published_on"]) <= AS_OF
        and facts.get("disclosure") != "withheld"
    }


@pytest.fixture(scope="module")
def reports(demo: Project) -> set[str]:
    """The addresses of the yearly reports."""
    found = demo.content.glob("agencies/*/reports/*.md")
    return {f"a/{path.parts[-3]}/report/{path.stem}.html" for path in found}


@pytest.fixture(scope="module")
def site_reports(demo: Project) -> set[str]:
    """The addresses of the yearly reports on the web site."""
    found = demo.content.glob("agencies/*/website/*.md")
    return {f"a/{path.parts[-3]}/website/{path.stem}.html" for path in found}


@pytest.fixture(scope="module")
def guides(demo: Project) -> set[str]:
    """The addresses of guides that an agency has, itself or by its parent."""
    found = demo.content.glob("agencies/*/agency.yml")
    has = (p.parent.name for p in found if "\nguide: none" not in p.read_text("utf-8"))
    return {f"a/{agency}/guide.html" for agency in has}


@pytest.fixture(scope="module")
def content(
    entries: set[str], reports: set[str], guides: set[str], site_reports: set[str]
) -> set[str]:
    """The addresses of every page with a text of its own."""
    return entries | reports | guides | site_reports


def test_the_demonstration_is_as_large_as_it_promises(
    entries: set[str], reports: set[str], guides: set[str]
) -> None:
    assert len(entries) >= 40
    assert len(reports) >= 8
    assert len(guides) >= 7


def test_the_strict_build_finds_no_error_and_no_warning(demo: Project, tmp_path: Path) -> None:
    assert set(demo.data("build")["problems"]) <= {"note"}
    assert is_whole(demo.site)
    # a check opens the cache, which another process may be copying
    project = demo.copy_to(tmp_path / "project", with_build=True)
    checked = project.run("check", "--strict", "--quiet")
    assert (checked.code, checked.out) == (0, "")


def test_verify_agrees_with_the_build(demo: Project) -> None:
    result = demo.run("verify")
    assert (result.code, result.out) == (0, ""), result.said


def test_mkdocs_itself_builds_the_same_site(demo: Project, tmp_path: Path) -> None:
    project = demonstration(tmp_path / "project")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"],
        cwd=project.root,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert_same(demo.tree(), project.tree())


def test_a_second_build_rewrites_nothing(demo: Project, tmp_path: Path) -> None:
    project = demo.copy_to(tmp_path / "project")
    project.build("--strict")
    before = {a: (project.site / a).stat().st_mtime_ns for a in project.tree()}
    result = project.build("--strict")
    assert "没有变化" in result.err
    assert {a: (project.site / a).stat().st_mtime_ns for a in project.tree()} == before


def test_every_link_is_relative_and_leads_somewhere(pages: dict[str, Page], demo: Project) -> None:
    files = set(demo.tree())
    wrong = []
    anchors = {
        a: {n.attrs["id"] for n in page.nodes if "id" in n.attrs} for a, page in pages.items()
    }
    for address, page in pages.items():
        if address == "404.html":
            continue  # served at any depth, so its links are absolute by nature
        targets = [*page.links]
        targets += [n.attrs["action"] for n in page.all("form") if "action" in n.attrs]
        for tag, name in (("script", "src"), ("img", "src"), ("link", "href")):
            targets += [n.attrs[name] for n in page.all(tag) if name in n.attrs]
        for target in targets:
            parts = urlsplit(target)
            if parts.scheme in ("http", "https", "mailto", "tel"):
                continue
            joined = where_to(address, unquote(parts.path))
            where = joined if parts.path else address
            is_anchor_there = not parts.fragment or unquote(parts.fragment) in anchors.get(
                where, set()
            )
            if parts.scheme or target.startswith("/") or where not in files or not is_anchor_there:
                wrong.append((address, target))
    assert wrong == []


def test_links_name_files_and_never_folders(pages: dict[str, Page]) -> None:
    folders = [
        (address, link)
        for address, page in pages.items()
        for link in page.links
        if not urlsplit(link).scheme and urlsplit(link).path.endswith(("/", ".."))
    ]
    assert folders == []


def test_every_page_has_the_site_tags_once(pages: dict[str, Page]) -> None:
    site = yaml.safe_load((ROOT / "content" / "site.yml").read_text("utf-8"))
    wanted = {"SiteName": site["name"], "SiteDomain": site["domain"], "SiteIDCode": site["id_code"]}
    wrong = {
        address: {name: page.tags.get(name) for name in wanted}
        for address, page in pages.items()
        if {name: page.tags.get(name) for name in wanted} != {k: [v] for k, v in wanted.items()}
    }
    assert wrong == {}


def test_no_page_tag_stands_twice_or_empty(pages: dict[str, Page]) -> None:
    names = (*SITE_TAGS, *COLUMN_TAGS, *CONTENT_TAGS, *OPTIONAL_TAGS)
    wrong = [
        (address, name, found)
        for address, page in pages.items()
        for name in names
        if (found := page.tags.get(name)) is not None and (len(found) != 1 or not found[0].strip())
    ]
    assert wrong == []


def test_pages_of_columns_have_the_four_column_tags(pages: dict[str, Page]) -> None:
    lacking = [
        (address, name)
        for address, page in pages.items()
        if not is_prose(address) and not is_notice(page)
        for name in COLUMN_TAGS
        if name not in page.tags
    ]
    assert lacking == []
    types = {page.tags["ColumnType"][0] for a, page in pages.items() if a.startswith("c/")}
    assert {"政策文件", "政策解读", "征集调查", "机构职能", "办事服务"} <= types
    assert pages["index.html"].tags["ColumnType"] == ["首页"]
    assert pages["a/mzj/guide.html"].tags["ColumnType"] == ["信息公开指南"]
    assert pages["a/mzj/report/index.html"].tags["ColumnType"] == ["信息公开年报"]
    assert pages["a/mzj/apply.html"].tags["ColumnType"] == ["依申请公开"]


def test_content_pages_name_title_time_and_source(
    pages: dict[str, Page], content: set[str]
) -> None:
    assert content <= set(pages)
    wrong = []
    for address in sorted(content):
        page = pages[address]
        tags = {name: page.tags.get(name, [""])[0] for name in CONTENT_TAGS}
        if (
            tags["ArticleTitle"] != page.h1
            or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?", tags["PubDate"])
            or not tags["ContentSource"]
            or page.tags.get("Url") != [f"https://www.qinghe.example/{address}"]
        ):
            wrong.append((address, tags, page.h1))
    assert wrong == []


def test_no_other_page_says_that_it_is_content(pages: dict[str, Page], content: set[str]) -> None:
    assert {a for a, page in pages.items() if "ArticleTitle" in page.tags} == content


def test_a_page_tells_the_time_of_its_source_and_never_an_invented_one(
    demo: Project, pages: dict[str, Page]
) -> None:
    for path, facts in sources(demo).items():
        page = pages.get(f"i/{facts['index_number']}.html")
        if page is None:
            continue
        assert page.tags["PubDate"] == [str(facts["published_on"])], path
        assert page.one("p", "gk-source").text().endswith(str(facts["published_on"])), path


def test_every_page_has_one_h1_and_no_skipped_heading(pages: dict[str, Page]) -> None:
    wrong = []
    for address, page in pages.items():
        levels = [int(n.tag[1]) for n in page.nodes if re.fullmatch("h[1-6]", n.tag)]
        steps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
        if levels.count(1) != 1 or steps:
            wrong.append((address, levels.count(1), steps))
    assert wrong == []


def test_no_page_has_two_elements_of_one_id(pages: dict[str, Page]) -> None:
    wrong = {}
    for address, page in pages.items():
        ids = Counter(n.attrs["id"] for n in page.nodes if "id" in n.attrs)
        if twice := [name for name, count in ids.items() if count > 1]:
            wrong[address] = twice
    assert wrong == {}


def test_no_page_runs_or_styles_anything_inline(pages: dict[str, Page]) -> None:
    wrong = []
    for address, page in pages.items():
        for node in page.nodes:
            if node.tag in ("style", "iframe", "frame", "object", "embed", "base", "applet"):
                wrong.append((address, node.tag))
            if node.tag == "script" and (
                "src" not in node.attrs or "".join(map(str, node.children)).strip()
            ):
                wrong.append((address, "script"))
            wrong += [
                (address, node.tag, name)
                for name, value in node.attrs.items()
                if name.startswith("on")
                or name == "style"
                or value.lower().startswith("javascript:")
            ]
    assert wrong == []


def test_no_page_asks_another_host_for_anything(demo: Project, pages: dict[str, Page]) -> None:
    loads = {"script": "src", "img": "src", "source": "src", "video": "src", "audio": "src"}
    wrong = []
    for address, page in pages.items():
        for node in page.nodes:
            name = loads.get(node.tag) or ("href" if node.tag == "link" else "")
            if node.tag == "link" and node.attrs.get("rel") == "canonical":
                continue
            target = node.attrs.get(name, "")
            if urlsplit(target).scheme or target.startswith("//"):
                wrong.append((address, target))
            if "srcset" in node.attrs or "ping" in node.attrs:
                wrong.append((address, node.tag))
    for address, data in demo.tree().items():
        if address.endswith(".css"):
            for quoted, plain in re.findall(rb"""url\((?:["']([^"']*)|([^)"']*))""", data):
                if (target := quoted or plain).startswith((b"http", b"//")):
                    wrong.append((address, target))
            assert b"@import" not in data, address
    assert wrong == []


def test_every_footer_lists_the_seven_items(pages: dict[str, Page]) -> None:
    wrong = []
    for address, page in pages.items():
        foot = page.one("footer")
        pairs = {}
        for group in (
            foot.all_of("dl")
            if hasattr(foot, "all_of")
            else [n for n in foot.walk() if n.tag == "div"]
        ):
            names = [n.text() for n in group.walk() if n.tag == "dt"]
            values = [n.text() for n in group.walk() if n.tag == "dd"]
            if len(names) == len(values) == 1:
                pairs[names[0]] = values[0]
        links = {n.text(): n.attrs["href"] for n in foot.walk() if n.tag == "a"}
        is_right = (
            links.get("我为政府网站找错") == "mailto:zhaocuo@qinghe.example"
            and links.get("网站地图", "").endswith("map.html")
            and "主办单位：青禾县人民政府办公室（演示）" in foot.text()
            and pairs.get("网站标识码") == "0000000000"
            and pairs.get("备案编号") == "演ICP备00000000号"
            and pairs.get("公安备案") == "演公网安备 00000000000000号"
            and all(pairs.get(name) for name in ("地址", "电话", "传真", "邮箱"))
        )
        if not is_right:
            wrong.append((address, pairs))
    assert wrong == []


def test_content_pages_have_crumbs_time_and_source(
    pages: dict[str, Page], content: set[str]
) -> None:
    for address in sorted(content):
        page = pages[address]
        crumbs = page.one("ol", "gk-crumbs__list")
        links = [n for n in crumbs.walk() if n.tag == "a"]
        assert len(links) >= 3, address
        assert links[0].attrs["href"].endswith("index.html"), address
        last = [n for n in crumbs.walk() if n.attrs.get("aria-current") == "page"]
        assert len(last) == 1, address
        line = page.one("p", "gk-source")
        assert re.match(r"来源：\S.* 发布时间：[0-9]{4}-[0-9]{2}-[0-9]{2}", line.text()), address


def test_the_exports_and_the_account_count_the_same(
    demo: Project, entries: set[str], reports: set[str], site_reports: set[str]
) -> None:
    catalogue, account, exported = (demo.data(n) for n in ("catalogue", "build", "reports"))
    for data in (catalogue, account, exported):
        assert data["version"] == 1
    assert json.loads(demo.text("search/manifest.json"))["version"] == 2
    files = {p.relative_to(demo.content).as_posix() for p in demo.content.rglob("*") if p.is_file()}
    assert set(demo.states()) == files
    assert not [path for path in account["files"] if "winter-market" in path]
    assert {k: n for k, n in account["counts"].items() if n} == Counter(account["files"].values())
    published = [p for p, s in account["files"].items() if "/catalogue/" in p and s == "published"]
    assert len(published) == account["entries"] == len(catalogue["entries"]) == len(entries)
    assert {row["address"] for row in catalogue["entries"]} == entries
    assert {row["address"] for row in exported["reports"]} == reports
    guides = sum("/guide.md" in path and s == "published" for path, s in account["files"].items())
    searched = json.loads(demo.text("search/manifest.json"))["documents"]
    assert searched == len(entries) + len(reports) + len(site_reports) + guides
    assert demo.text("index.html").count(f"<b>{len(entries)}</b>") == 1


def test_the_catalogue_goes_round_through_csv(demo: Project) -> None:
    rows = demo.data("catalogue")["entries"]
    text = (demo.site / "data" / "catalogue.csv").read_bytes().decode("utf-8-sig")
    read = list(csv.DictReader(io.StringIO(text)))
    flat = [
        {k: "；".join(v) if isinstance(v, list) else str(v) for k, v in row.items()} for row in rows
    ]
    assert read == flat
    assert all(row["title"] and row["index_number"] and row["summary"] for row in read)


def test_the_catalogue_says_what_the_sources_say(demo: Project) -> None:
    by_number = {row["index_number"]: row for row in demo.data("catalogue")["entries"]}
    for path, facts in sources(demo).items():
        row = by_number.get(str(facts["index_number"]))
        if row is None:
            continue
        assert row["title"] == facts["title"], path
        assert row["agency"] == path.split("/")[1], path
        for key in ("issued_on", "published_on", "column", "subject"):
            assert row[key] == facts[key], (path, key)


def test_the_sitemap_lists_every_entry_report_and_platform(
    demo: Project, pages: dict[str, Page], entries: set[str], reports: set[str]
) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ElementTree.fromstring((demo.site / "sitemap.xml").read_bytes())
    found = [node.findtext(f"{space}loc", "") for node in root]
    base = "https://www.qinghe.example/"
    assert all(address.startswith(base) for address in found)
    assert len(found) == len(set(found))
    listed = {address.removeprefix(base) or "index.html" for address in found}
    assert listed <= set(pages)
    platforms = {a for a in pages if re.fullmatch(r"a/[^/]+/index\.html", a)}
    assert entries | reports | platforms <= listed


@pytest.mark.parametrize("state", ["held_back", "scheduled", "counted"])
def test_what_is_not_published_stands_nowhere(demo: Project, state: str) -> None:
    paths = [p for p, s in demo.states().items() if s == state]
    assert paths, "the demonstration shows this state"
    for path in paths:
        source = (demo.content / path).read_text("utf-8")
        facts = head(demo.content / path)
        words = [
            str(facts["title"]),
            str(facts["index_number"]),
            str(facts.get("document_number", "")),
        ]
        words += [line for line in source.split("\n---\n", 1)[1].splitlines() if len(line) > 12][:3]
        for address, data in demo.tree().items():
            if address == "data/build.json":
                continue  # it names the source file and its state, never its words
            text = data.decode("utf-8", "ignore")
            leaked = [word for word in words if word and word in text]
            assert leaked == [], (path, address)


def test_an_entry_on_request_has_a_page_of_metadata_and_no_body(
    demo: Project, pages: dict[str, Page]
) -> None:
    rows = [r for r in demo.data("catalogue")["entries"] if r["disclosure"] == "on_request"]
    assert rows
    for row in rows:
        page = pages[row["address"]]
        assert page.h1 == row["title"]
        assert not page.all(css="gk-prose")
        assert not page.all(css="gk-files")
        text = page.one("section", "gk-withheld").text()
        assert "内部事务信息" in text
        assert "条例第十六条" in text
        assert any(link.endswith(f"a/{row['agency']}/apply.html") for link in page.links)
        listed = pages[f"a/{row['agency']}/apply.html"].all("a", "gk-row__title")
        assert row["title"] in [n.text() for n in listed]


def rows_of(pages: dict[str, Page], folder: str) -> list[str]:
    """Return the addresses of a list, newest first, over all its pages."""
    number, found = "index.html", []
    while number:
        page = pages[f"{folder}{number}"]
        found += [where_to(folder, n.attrs["href"]) for n in page.all("a", "gk-row__title")]
        older = [n for n in page.all("a") if n.attrs.get("rel") == "next"]
        number = older[0].attrs["href"].rpartition("/")[2] if older else ""
    return found


def test_repealed_documents_stand_apart(demo: Project, pages: dict[str, Page]) -> None:
    rows = demo.data("catalogue")["entries"]
    lapsed = {r["address"] for r in rows if r["validity"] in ("repealed", "expired")}
    normative = {r["address"] for r in rows if r["column"] == "normative"}
    assert lapsed & normative, "the demonstration shows one"
    assert set(rows_of(pages, "d/lapsed/")) == lapsed
    assert set(rows_of(pages, "c/normative/")) == normative - lapsed
    for address in lapsed:
        banner = [n for n in pages[address].all(css="gk-note--lapsed") if "本文件" in n.text()]
        assert len(banner) == 1, address


@pytest.mark.parametrize(
    "facet", ["agency", "column", "subject", "genre", "instrument", "year", "article20", "validity"]
)
def test_each_facet_counts_and_lists_every_entry_once(
    demo: Project, pages: dict[str, Page], facet: str
) -> None:
    rows = demo.data("catalogue")["entries"]
    key = {"year": "issued_on", "article20": "article_20"}.get(facet, facet)
    wanted: dict[str, list[str]] = {}
    for row in rows:
        code = str(row[key])[:4] if facet == "year" else str(row[key])
        wanted.setdefault(code, []).append(row["address"])
    assert len(wanted) > 1
    folders = {a.split("/")[2] for a in pages if re.fullmatch(f"d/{facet}/[^/]+/index.html", a)}
    assert folders == set(wanted)
    shown = {}
    for item in pages[f"d/{facet}/index.html"].all("li", "gk-counts__item"):
        link = [n for n in item.walk() if n.tag == "a"]
        count = next(n for n in item.walk() if "gk-counts__number" in n.classes)
        if link:
            shown[link[0].attrs["href"].split("/")[-2]] = int(re.sub(r"\D", "", count.text()))
    assert shown == {code: len(held) for code, held in wanted.items()}
    for code, held in wanted.items():
        listed = rows_of(pages, f"d/{facet}/{code}/")
        assert sorted(listed) == sorted(held), code


def test_a_long_list_is_numbered_from_the_oldest(demo: Project, pages: dict[str, Page]) -> None:
    folder = "d/article20/15/"
    numbered = sorted(a for a in pages if re.fullmatch(rf"{folder}p[0-9]+\.html", a))
    assert numbered, "the demonstration has a list of more than one page"
    newest = pages[f"{folder}index.html"].all("li", "gk-row")
    assert 20 <= len(newest) <= 39
    for address in numbered:
        assert len(pages[address].all("li", "gk-row")) == 20
    published = {
        r["address"]: (r["published_on"], r["index_number"])
        for r in demo.data("catalogue")["entries"]
    }
    order = [published[address] for address in rows_of(pages, folder)]
    assert order == sorted(order, reverse=True)
    assert f"共{len(order)}条" in pages[f"{folder}index.html"].one(css="gk-pager__state").text()


def test_moving_and_renaming_sources_changes_no_byte(demo: Project, tmp_path: Path) -> None:
    project = demo.copy_to(tmp_path / "project")
    folder = project.content / "agencies" / "rsj" / "catalogue" / "2026"
    for n, path in enumerate(sorted(folder.glob("*.md"))):
        if "](" not in path.read_text("utf-8"):
            path.rename(path.with_name(f"改名{100 - n}.md"))
    project.build("--strict")
    left, right = demo.tree(), project.tree()
    # the first names the source files, the others vouch for it
    for address in ("data/build.json", "data/manifest.tsv", "log/checkpoint"):
        del left[address], right[address]
    assert_same(left, right)


def test_attachments_are_the_files_that_were_given(demo: Project, pages: dict[str, Page]) -> None:
    given = {path.read_bytes() for path in demo.content.glob("agencies/*/files/*")}
    served = {a: d for a, d in tree(demo.site / "i").items() if not a.endswith(".html")}
    assert served
    assert set(served.values()) <= given
    listed = 0
    for address, page in pages.items():
        for item in page.all("li", "gk-files__item"):
            link = next(n for n in item.walk() if n.tag == "a")
            target = where_to(address, link.attrs["href"])
            size = len(served[target.removeprefix("i/")])
            assert f"{max(1, round(size / 1024))} KB" in item.text(), address
            assert re.search(r"（\S+，", item.text()), address
            assert link.attrs["download"], address
            listed += 1
    assert listed >= 10


def test_search_data_hold_every_page_oldest_first(
    demo: Project, reports: set[str], site_reports: set[str]
) -> None:
    index = Index(lambda address: (demo.site / "search" / address).read_bytes())
    cards = index.cards()
    found = [card[0] or f"i/{card[2]}.html" for card in cards]
    assert [a for a in found if a.startswith("i/")] == [
        row["address"] for row in demo.data("catalogue")["entries"]
    ]
    assert {a for a in found if "/report/" in a or "/website/" in a} == reports | site_reports
    assert [card[5] for card in cards] == sorted(card[5] for card in cards)
    assert all((demo.site / address).is_file() for address in found)
    held = {number for found in index.postings().values() for number in found}
    assert held == set(range(len(cards)))


def test_a_traditional_page_says_so(pages: dict[str, Page], demo: Project) -> None:
    marked = {a for a, p in pages.items() if any(n.attrs.get("lang") == "zh-Hant" for n in p.nodes)}
    written = {
        f"i/{facts['index_number']}.html"
        for facts in sources(demo).values()
        if facts.get("lang") == "zh-Hant"
    }
    assert written and written <= marked
