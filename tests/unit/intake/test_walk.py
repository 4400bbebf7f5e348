"""The tree of content/ into files and their roles, links never followed."""

from __future__ import annotations

import os
from pathlib import Path
from time import process_time

import pytest

from gongkai.intake.walk import walk
from make import codes


def lay(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x", "utf-8")
    return root


def test_every_file_has_a_role(tmp_path: Path) -> None:
    roles = {
        "site.yml": "data",
        "vocab/columns.yml": "data",
        "vocab/holidays/2026.yml": "data",
        "agencies/mzj/agency.yml": "data",
        "agencies/mzj/withdrawn.yml": "data",
        "agencies/mzj/guide.md": "guide",
        "agencies/mzj/catalogue/2026/a.md": "entry",
        "agencies/mzj/catalogue/2026/通知.md": "entry",
        "agencies/mzj/reports/2025.md": "report",
        "agencies/mzj/reports/2025.xlsx": "sheet",
        "agencies/mzj/reports/2025.csv": "sheet",
        "agencies/mzj/website/2025.md": "website",
        "agencies/mzj/website/2025.csv": "sheet",
        "agencies/mzj/website/2025.xlsx": "sheet",
        "agencies/mzj/register/2025.csv": "register",
        "agencies/mzj/decisions/2025.csv": "decisions",
        "agencies/mzj/assessments/2025.yml": "data",
        "vocab/assessments/yongzhou-2024.yml": "data",
        "vocab/request-topics.yml": "data",
        "agencies/mzj/files/a.pdf": "file",
        "agencies/mzj/files/deep/er/a.pdf": "file",
        "agencies/mzj/catalogue/2026/a.pdf": "stray",
        "agencies/mzj/catalogue/26/a.md": "stray",
        "agencies/mzj/reports/2025.md.bak": "stray",
        "readme.md": "stray",
    }
    found, problems = walk(lay(tmp_path, *roles))
    assert {item.path: item.role for item in found} == roles
    assert codes(problems) == ["GK116"] * 4


@pytest.mark.parametrize(
    "path",
    [
        "reports/2025.docx",
        "reports/2025.xls",
        "reports/2025.CSV",
        "reports/25.csv",
        "reports/2025年.csv",
        "reports/2025/report.md",
        "reports/3025.md",
        "register/2025.md",
        "register/2025.xlsx",
        "register/2025-2.csv",
        "register/all.csv",
        "decisions/2025.xlsx",
        "decisions/2025.md",
        "website/2025.yml",
        "registers/2025.csv",
    ],
)
def test_a_yearly_file_has_its_year_and_type_and_no_other(tmp_path: Path, path: str) -> None:
    found, problems = walk(lay(tmp_path, f"agencies/mzj/{path}"))
    assert [item.role for item in found] == ["stray"]
    assert codes(problems) == ["GK116"]


@pytest.mark.parametrize(
    ("path", "agency", "year"),
    [
        ("agencies/mzj/reports/2025.md", "mzj", "2025"),
        ("agencies/mzj/reports/2024.xlsx", "mzj", "2024"),
        ("agencies/czj/register/2023.csv", "czj", "2023"),
        ("agencies/mzj/decisions/2025.csv", "mzj", "2025"),
        ("agencies/qinghe/website/2025.md", "qinghe", "2025"),
        ("agencies/mzj/catalogue/2026/a.md", "mzj", "2026"),
        ("agencies/mzj/guide.md", "mzj", ""),
        ("site.yml", "", ""),
    ],
)
def test_a_file_knows_its_agency_and_year(
    tmp_path: Path, path: str, agency: str, year: str
) -> None:
    ((item,), _) = walk(lay(tmp_path, path))
    assert (item.agency, item.year) == (agency, year)


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("reports/25.md", "只放 年份.md 和旁边的 年份.xlsx 或 年份.csv"),
        ("reports/2025.docx", "Word 年报请用 gongkai report import 读取"),
        ("website/2025.yml", "只放 年份.md 和旁边的 年份.xlsx 或 年份.csv"),
        ("register/2025.xlsx", "只放 年份.csv，请把表格另存为 CSV（UTF-8）"),
        ("register/2025.md", "不能放进会公开的 files/"),
        ("decisions/2025.xlsx", "只放 年份.csv，请把表格另存为 CSV（UTF-8）"),
        ("assessments/2025.yaml", "只放 年份.yml"),
        ("reports/2025.md.bak", "编辑软件留下的临时文件"),
        ("photos/2025.jpg", "附件和图片请放在本单位的 files/ 下"),
        ("catalogue/26/a.md", "条目请放在 agencies/单位/catalogue/年份/"),
    ],
)
def test_a_file_in_the_wrong_place_is_told_what_the_folder_holds(
    tmp_path: Path, path: str, remedy: str
) -> None:
    _, problems = walk(lay(tmp_path, f"agencies/mzj/{path}"))
    assert codes(problems) == ["GK116"]
    assert remedy in problems[0].message()


@pytest.mark.parametrize(
    "path",
    [
        "register/2025.xlsx",
        "register/2025/a.xlsx",
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nobody_is_told_to_publish_a_register(tmp_path: Path, path: str, language: str) -> None:
    _, problems = walk(lay(tmp_path, f"agencies/mzj/{path}"))
    told = problems[0].message(language)
    assert "请放在本单位的 files/" not in told
    assert "belong in files/" not in told


def test_files_come_in_a_fixed_order(tmp_path: Path) -> None:
    paths = [
        "agencies/b/agency.yml",
        "agencies/a/agency.yml",
        "agencies/a-b/agency.yml",
        "site.yml",
    ]
    found, _ = walk(lay(tmp_path, *paths))
    assert [item.path for item in found] == sorted(paths)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_links_and_pipes_are_named_and_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    lay(secret, "a.md")
    content = lay(tmp_path / "content", "agencies/mzj/files/a.pdf")
    files = content / "agencies" / "mzj" / "files"
    (files / "loop").symlink_to(content)
    (files / "b.pdf").symlink_to(secret / "a.md")
    (files / "gone.pdf").symlink_to(secret / "nowhere")
    (content / "agencies" / "czj").symlink_to(secret)
    os.mkfifo(files / "pipe")
    found, problems = walk(content)
    assert [item.path for item in found if item.role != "stray"] == ["agencies/mzj/files/a.pdf"]
    assert codes(problems) == ["GK115"] * 5


@pytest.mark.parametrize(
    "name",
    [
        "con.md",
        "NUL",
        "com1.txt",
        "aux.tar.gz",
        "a?.txt",
        "a:b",
        'a"b',
        "a|b",
        "a*b",
        "a<b",
        " a.txt",
        "a.txt ",
        "a.",
        "a\nb",
        "a\u202eb.txt",
        "a\u200bb.txt",
        "re\u0301sume.txt",
        "a\\b.txt",
    ],
)
def test_a_name_that_some_computer_cannot_hold_is_refused(tmp_path: Path, name: str) -> None:
    found, problems = walk(lay(tmp_path, f"agencies/mzj/files/{name}"))
    assert codes(problems) == ["GK118"]
    assert [item.role for item in found] == ["stray"]


@pytest.mark.parametrize(
    "name", ["高龄津贴申请表（2026版）.xlsx", "a-b_c.d.pdf", "résumé.txt", "1 2.txt", "console.md"]
)
def test_an_ordinary_name_is_accepted(tmp_path: Path, name: str) -> None:
    assert walk(lay(tmp_path, f"agencies/mzj/files/{name}"))[1] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("A.txt", "a.txt"), ("a1.txt", "a１.txt"), ("Straße", "strasse"), ("ｱ", "ア")],
)
def test_twins_are_named(tmp_path: Path, one: str, other: str) -> None:
    folder = "agencies/mzj/files/"
    _, problems = walk(lay(tmp_path, folder + one, folder + other))
    assert "GK117" in codes(problems)


@pytest.mark.parametrize(
    "name",
    [".DS_Store", "Thumbs.db", "a.bak", "a.tmp", ".a.md.swp", "a.md~", "~$a.docx", "~WRL0001.tmp"],
)
def test_leftovers_of_editors_are_told_apart(tmp_path: Path, name: str) -> None:
    _, problems = walk(lay(tmp_path, f"agencies/mzj/files/{name}"))
    assert codes(problems) == ["GK116"]
    assert "临时文件" in problems[0].message()


@pytest.mark.parametrize(
    "name",
    ["paсs.txt", "Ρlan.txt", "COVІD.pdf", "а1b.txt", "2٠26.txt", "年报२०२४.txt", "ΑB.txt"],
)
def test_a_name_of_letters_from_two_scripts_is_refused(tmp_path: Path, name: str) -> None:
    found, problems = walk(lay(tmp_path, f"agencies/mzj/files/{name}"))
    assert codes(problems) == ["GK760"]
    assert [item.role for item in found] == ["stray"]


@pytest.mark.parametrize(
    "name", ["α射线.pdf", "Приказ 5.docx", "β-酮.txt", "Ａ４纸.txt", "二〇二六.txt"]
)
def test_a_name_in_another_script_is_accepted(tmp_path: Path, name: str) -> None:
    assert walk(lay(tmp_path, f"agencies/mzj/files/{name}"))[1] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("表1.txt", "表l.txt"), ("10.txt", "1O.txt"), ("cop.txt", "сор.txt"), ("A.txt", "Α.txt")],
)
def test_names_that_look_the_same_are_named(tmp_path: Path, one: str, other: str) -> None:
    folder = "agencies/mzj/files/"
    assert codes(walk(lay(tmp_path, folder + one, folder + other))[1]) == ["GK761"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("agencies/mzj/files/a.txt", "agencies/mzj/Files/b.txt"),
        ("agencies/mzj/files/a.txt", "agencies/MZJ/files/b.txt"),
        ("agencies/mzj/files/a.txt", "agencies/ｍｚｊ/files/b.txt"),
        ("agencies/mzj/files/x/y/a.txt", "agencies/mzj/files/X/y/a.txt"),
    ],
)
def test_twins_among_folders_are_twins_too(tmp_path: Path, one: str, other: str) -> None:
    try:
        lay(tmp_path, one, other)
    except FileExistsError:
        pytest.skip("this file system knows no case")
    assert "GK117" in codes(walk(tmp_path)[1])


@pytest.mark.parametrize(
    "name", ["files／a.txt", "．．", "a＼b.txt", "．", "ｃｏｎ.txt", "nul．md"]
)
def test_what_a_computer_would_narrow_to_a_path_is_refused(tmp_path: Path, name: str) -> None:
    _, problems = walk(lay(tmp_path, f"agencies/mzj/files/{name}"))
    assert codes(problems) == ["GK118"]


def test_a_long_name_and_a_long_path_are_refused(tmp_path: Path) -> None:
    folder = "agencies/mzj/files/"
    assert walk(lay(tmp_path / "a", folder + "长" * 65 + ".txt"))[1] == []
    problems = walk(lay(tmp_path / "b", folder + "长" * 66 + ".txt"))[1]
    assert codes(problems) == ["GK762"]
    assert "202" in problems[0].message()
    deep = "/".join(["夹" * 60] * 6)  # 1,085 bytes
    problems = walk(lay(tmp_path / "c", f"{folder}{deep}/a.txt"))[1]
    assert codes(problems) == ["GK762"]


def test_a_deep_tree_is_named_once_and_counted_whole(tmp_path: Path) -> None:
    folder = tmp_path / "agencies" / "mzj" / "files"
    for n in range(60):
        folder /= "d"
        folder.mkdir(parents=True)
        (folder / f"{n}.txt").write_text("x", "utf-8")
    found, problems = walk(tmp_path)
    assert codes(problems) == ["GK763"]
    assert len(found) == 60
    assert [item.role for item in found].count("file") == 13


def test_a_folder_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, "agencies/mzj/files/a.txt", "agencies/czj/agency.yml")
    scandir = os.scandir

    def refuse(folder: str) -> object:
        if str(folder).endswith("files"):
            raise PermissionError(13, "Permission denied", folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    found, problems = walk(tmp_path)
    assert [item.path for item in found] == ["agencies/czj/agency.yml"]
    assert codes(problems) == ["GK764"]
    assert problems[0].place.path == "agencies/mzj/files"


def test_ten_thousand_files_in_a_folder_cost_ten_times_a_thousand(tmp_path: Path) -> None:
    seconds = {}
    for count in (1_000, 10_000):
        folder = tmp_path / str(count) / "agencies" / "mzj" / "files"
        folder.mkdir(parents=True)
        for n in range(count):
            (folder / f"附件{n:05}.txt").touch()
        begun = process_time()
        found, problems = walk(tmp_path / str(count))
        seconds[count] = process_time() - begun
        assert (len(found), problems) == (count, [])
    assert seconds[10_000] < 30 * seconds[1_000] + 0.1
    assert seconds[10_000] < 5
