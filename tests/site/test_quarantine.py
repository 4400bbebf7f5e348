"""One bad file is left out by name, and every other page stays as it is, byte for byte."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from acceptance.project import Project, assert_same, ended, entry, is_whole

FOLDER = "agencies/czj/catalogue/2026"
GOOD = "关于举办会计继续教育培训的通知"
ACCOUNTS = ("data/build.json", "data/manifest.tsv")  # these count what was rejected


def slip(n: int, **fields: str) -> str:
    """Return an entry of its own number with some fields replaced."""
    title = fields.pop("title", f"有错的条目第{n}号")
    return entry(f"QH0000036/2026-00{100 + n}", title, **fields)


def changed(n: int, old: str, new: str) -> str:
    text = slip(n)
    assert old in text
    return text.replace(old, new)


ENTRIES: list[tuple[str, str | bytes]] = [
    ("no front matter", "只有正文，没有元数据。\n"),
    ("empty file", ""),
    ("front matter without an end", slip(3).rpartition("---\n")[0]),
    ("a list for front matter", "---\n- 甲\n- 乙\n---\n正文\n"),
    ("broken quotes", changed(5, "title: 有错", 'title: "有错')),
    ("a tab for an indent", changed(6, "subject: T02", "changes:\n\t- {date: 2026-02-01}")),
    ("a repeated key", changed(7, "subject: T02\n", "subject: T02\nsubject: T03\n")),
    ("an unknown key", changed(8, "subject: T02\n", "subject: T02\nsubjekt: T03\n")),
    ("a key in both languages", changed(9, "subject: T02\n", "subject: T02\n主题分类: T03\n")),
    ("an alias", changed(10, "subject: T02", "subject: &a T02\ntags: [*a]")),
    ("a merge key", changed(11, "subject: T02", "subject: T02\n<<: {title: x}")),
    ("a type tag", changed(12, "subject: T02", "subject: !!python/name:os.system T02")),
    ("deep nesting", changed(13, "subject: T02", f"subject: {'[' * 200}{']' * 200}")),
    ("nesting that crashes a parser", changed(14, "subject: T02", f"tags: {'[' * 60_000}")),
    ("front matter too large", slip(15, summary="长" * 40_000)),
    ("GB18030", slip(16).encode("gb18030")),
    ("UTF-16", slip(17).encode("utf-16")),
    ("cut in the middle of a character", slip(18).encode()[:-2]),
    ("control characters", changed(19, "title: 有错", "title: 有\u202e错")),
    ("a NUL byte", changed(20, "subject: T02", "subject: T\x0002")),
    ("a very long line", slip(21) + "长" * 60_000 + "\n"),
    ("a file too large", slip(22) + "正文一行。\n" * 160_000),
    ("no title", slip(23, title="")),
    ("no index number", slip(24, index_number="")),
    ("a date that does not exist", slip(25, issued_on="2026-02-30")),
    ("a masked year", slip(26, issued_on="201*-12-17")),
    ("a date in words", slip(27, issued_on="二〇二六年三月二日")),
    ("published before it was issued", slip(28, published_on="2026-01-04 09:30")),
    ("the wrong year's folder", slip(29, issued_on="2025-12-30")),
    ("an index number that climbs", slip(30, index_number="../../../etc")),
    ("another agency's number", slip(31, index_number="QH0000028/2026-00931")),
    ("another agency's published number", slip(32, index_number="QH0000028/2026-00001")),
    ("a masked document number", slip(33, document_number="青财发〔201*〕24号")),
    ("half a document number", slip(34, document_number="青财发12")),
    ("an unknown column", slip(35, column="notises")),
    ("an unknown subject", slip(36, subject="T99")),
    ("an unknown kind", slip(37, kind="documnet")),
    ("an unknown agency as issuer", slip(38, issuers="[mzk]")),
    ("disclosure without reason", slip(39, disclosure="on_request")),
    (
        "a body in a withheld entry",
        slip(40, disclosure="withheld", disclosure_reason="internal"),
    ),
    ("a repeal without basis", slip(41, repealed_on="2026-03-01")),
    ("one-way interpretation", slip(42, interprets="[QH0000028/2026-00001]")),
    ("a relation to nothing", slip(43, related="[QH0000036/2026-09999]")),
    ("an attachment that is not there", slip(44, attachments="[{file: ../../files/no.pdf}]")),
    (
        "an attachment of another agency",
        slip(45, attachments="[{file: ../../../mzj/files/form.txt}]"),
    ),
    ("a broken link", slip(46).rstrip() + "见[通知](no-such.md)。\n"),
    ("a broken anchor", slip(47).rstrip() + "见[通知](training.md#没有)。\n"),
    ("a forbidden link", slip(48).rstrip() + "见[链接](ftp://example.com/)。\n"),
    ("a picture without words", slip(49).rstrip() + "![](../../files/a.png)\n"),
    ("no body", slip(50).split("---\n现将")[0] + "---\n"),
    ("fifty-one quotes", slip(51) + "> " * 51 + "引用\n"),
    ("brackets without end", slip(52) + "[" * 50_000 + "\n"),
    ("a service without its parts", slip(53, kind="service")),
    (
        "a consultation that ends before it begins",
        slip(
            54,
            kind="consultation",
            opens_on="2026-03-02",
            closes_on="2026-03-01",
            reply_to="信箱",
        ),
    ),
    ("a number of two slashes", slip(55, index_number="QH0000036/2026/00155")),
    ("its own number twice", slip(56, former_index_numbers="[QH0000028/2026-00001]")),
    ("a review that is no record", slip(57, review="已审查")),
    ("a date in a number's place", slip(58, article_20="第一项")),
]
FILES: list[tuple[str, str]] = [
    ("agencies/czj/catalogue/2026/notes.txt", "草稿"),
    ("agencies/czj/catalogue/2026/training.md.bak", "旧稿"),
    ("agencies/czj/catalogue/2026/~$training.md", "锁"),
    ("agencies/czj/catalogue/entry.md", "位置不对"),
    ("agencies/czj/catalogue/2026/CON.md", "保留名"),
    ("agencies/czj/catalogue/2026/ｔraining.md", slip(81)),
    ("agencies/czj/reports/2024.md", "---\ntitle: 没有格式的年报\n---\n## 一、总体情况\n\n无。\n"),
    ("agencies/czj/reports/latest.md", "---\n---\n"),
    ("stray.md", "根目录的文件"),
]


def others(tree: dict[str, bytes]) -> dict[str, bytes]:
    return {address: data for address, data in tree.items() if address not in ACCOUNTS}


def named(said: str) -> set[str]:
    """Return the paths that the output names with line, column and code."""
    return set(re.findall(r"(?m)^(.+?):[0-9]+:[0-9]+: GK[0-9]{3} \S", said))


def test_there_are_forty_slips_and_more() -> None:
    assert len({name for name, _ in ENTRIES}) + len(FILES) >= 60


def test_every_bad_file_is_named_and_no_other_page_changes(small: Project, tmp_path: Path) -> None:
    project = small.copy_to(tmp_path / "project")
    bad = {f"{FOLDER}/{n:02}-bad.md": text for n, (_, text) in enumerate(ENTRIES)} | dict(FILES)
    for path, text in bad.items():
        project.write(path, text)
    result = project.build("--quarantine", expect=1)
    assert set(bad) - named(result.said) == set()
    states = project.states()
    assert {path: states[path] for path in bad} == dict.fromkeys(bad, "rejected")
    assert_same(others(small.tree()), others(project.tree()))
    checked = project.run("check", "--lang", "en")
    assert checked.code == 1
    assert set(bad) - named(checked.out) == set()
    assert project.run("verify").code == 0
    again = project.build("--quarantine", expect=1)
    assert set(bad) - named(again.said) == set(), "a cached verdict is told again"


def test_bad_files_are_refused_without_quarantine(small: Project, tmp_path: Path) -> None:
    project = small.copy_to(tmp_path / "project", with_build=True)
    bad = {f"{FOLDER}/{n:02}-bad.md": text for n, (_, text) in enumerate(ENTRIES)}
    for path, text in bad.items():
        project.write(path, text)
    result = project.build(expect=1)
    assert set(bad) - named(result.said) == set()
    assert_same(small.tree(), project.tree())


@pytest.mark.parametrize("name", ["00-first.md", "zz-last.md"])
def test_a_later_entry_of_a_number_never_takes_the_published_one_s_page(
    small: Project, tmp_path: Path, name: str
) -> None:
    project = small.copy_to(tmp_path / "project", with_build=True)
    text = entry(
        "QH0000036/2026-00004",
        "抢占索引号的新条目",
        issued_on="2026-11-02",
        published_on="2026-11-03 09:00",
    )
    project.write(f"{FOLDER}/{name}", text)
    result = project.build("--quarantine", expect=1)
    assert f"{FOLDER}/{name}:3:15: GK207" in result.said
    assert "抢占索引号的新条目" not in project.text("i/QH0000036/2026-00004.html")
    assert_same(others(small.tree()), others(project.tree()), name)


def test_a_bad_link_out_of_the_tree_is_named_and_not_followed(
    small: Project, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text(entry("QH0000036/2026-00090", "外面的秘密"), "utf-8")
    project = small.copy_to(tmp_path / "project")
    (project.content / FOLDER / "link.md").symlink_to(outside / "secret.md")
    (project.content / "agencies" / "czj" / "files").symlink_to(outside)
    result = project.build("--quarantine", expect=1)
    assert {f"{FOLDER}/link.md", "agencies/czj/files"} <= named(result.said)
    assert_same(others(small.tree()), others(project.tree()))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("agencies/czj/withdrawn.yml", "withdrawn: [\n"),
        (
            "agencies/czj/withdrawn.yml",
            "withdrawn:\n  - {index_number: QH0000036/2026-00004, withdrawn_on: 2026-11-01, "
            "reason: error}\n",
        ),
        (
            "agencies/czj/withdrawn.yml",
            "withdrawn:\n"
            + "  - {index_number: QH0000036/2026-00888, withdrawn_on: 2026-11-01, reason: error}\n"
            * 2,
        ),
        ("agencies/czj/agency.yml", "name: 财政局\nlevel: departement\n"),
        ("agencies/czj/agency.yml", "\x00\x01\x02"),
        ("vocab/columns.yml", "presets: [statutry]\n"),
        ("site.yml", "domain: 'http://bad domain'\n"),
        (
            "agencies/nowhere/catalogue/2026/a.md",
            entry("NW0000001/2026-00001", "没有单位文件的条目"),
        ),
    ],
    ids=lambda value: value[:40] if value.startswith(("agencies", "vocab", "site")) else "",
)
def test_a_bad_setting_is_named_and_takes_no_published_address_away(
    small: Project, tmp_path: Path, path: str, text: str
) -> None:
    project = small.copy_to(tmp_path / "project", with_build=True)
    project.write(path, text)
    result = project.run("build", "--quarantine")
    assert result.code == 1, result.said
    folder = path.rpartition("/catalogue")[0] or path
    assert any(found.startswith(folder) for found in named(result.said)), result.said
    before, after = small.tree(), project.tree()
    gone = [a for a in before if a not in after and not a.startswith("search/")]
    assert gone == [], result.said
    elsewhere = [a for a in before if a.startswith("i/") and "/QH0000036/" not in a]
    assert [a for a in elsewhere if before[a] != after[a]] == []
    assert is_whole(project.site)
    if before != after:
        checked = project.run("verify")
        assert checked.code == 0, checked.out


def test_a_bad_guide_and_report_cost_only_themselves(small: Project, tmp_path: Path) -> None:
    project = small.copy_to(tmp_path / "project")
    file = project.content / "agencies" / "mzj" / "guide.md"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(x for x in lines if not x.startswith("fax:")), "utf-8")
    result = project.build("--quarantine", expect=1)
    assert "agencies/mzj/guide.md:1:1: GK308" in result.said
    assert "传真号码" in result.said
    before, after = others(small.tree()), others(project.tree())
    differ = {a for a in before.keys() | after.keys() if before.get(a) != after.get(a)}
    pages = {a for a in differ if not a.startswith("search/")}  # the guide is not found either
    assert pages <= {"a/mzj/guide.html", "a/mzj/apply.html"}
    assert GOOD in after["c/notices/index.html"].decode()


def test_a_flood_of_bad_files_is_told_in_good_time(small: Project, tmp_path: Path) -> None:
    project = small.copy_to(tmp_path / "project")
    hostile = {
        "nested": "".join("  " * n + "- 列\n" for n in range(400)),
        "tags": "<div " * 20_000,
        "stars": "*a **b _c " * 9_000 + "\n",
        "links": "[a](" * 9_000 + "\n",
        "table": "|" * 20_000 + "\n" + "|-" * 20_000 + "\n",
        "code": "`" * 30_000 + "\n",
        "html": "<!--" * 9_000 + "\n",
        "entities": "&#x41;" * 9_000 + "\n",
        "headings": "#" * 30_000 + "\n",
    }
    for n, (name, text) in enumerate(hostile.items()):
        project.write(f"{FOLDER}/flood-{name}.md", slip(60 + n) + text)
    process = project.start("build", "--quarantine")
    result = ended(process)  # within the limit of a command, which is generous
    assert result.code in (0, 1), result.said
    assert project.run("verify").code == 0
