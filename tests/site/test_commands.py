"""The ``gongkai`` command, as its users call it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from acceptance.project import (
    AS_OF,
    GONGKAI,
    ROOT,
    Project,
    assert_same,
    ended,
    entry,
    new_project,
)

Meddle = Callable[[Path], None]
BODY = "agencies/czj/catalogue/2026/training.md"
BAD = "agencies/czj/catalogue/2026/bad.md"


@pytest.fixture
def slips(small: Project, tmp_path: Path) -> Project:
    """A project with one error, one warning and one note."""
    project = small.copy_to(tmp_path / "slips")
    project.write(BAD, entry("QH0000036/2026-00050", "有错的条目", subjekt="T02"))
    project.edit(f"content/{BODY}", "2026-01-06 09:30", "2026-01-06")
    return project


def test_check_of_good_content_is_silent_and_ends_with_0(small: Project) -> None:
    result = small.run("check", "--quiet", "--strict")
    assert (result.code, result.out) == (0, "")
    assert "0 处错误，0 处警告" in result.err


def test_check_ends_with_1_on_an_error_and_on_a_warning_only_if_strict(slips: Project) -> None:
    assert slips.run("check").code == 1
    (slips.content / BAD).unlink()
    assert slips.run("check").code == 0
    assert slips.run("check", "--strict").code == 1


def test_check_points_at_line_and_column_in_two_languages(slips: Project) -> None:
    said = slips.run("check").out
    assert f"{BAD}:9:1: GK104 错误：不认识的字段“subjekt”" in said
    assert "是不是“subject”？" in said
    assert f"{BODY}:5:15: GK221 警告：" in said
    said = slips.run("check", "--lang", "en")
    assert f"{BAD}:9:1: GK104 error: unknown key 'subjekt'" in said.out
    assert "did you mean 'subject'?" in said.out
    assert not re.search("[一-鿿]", said.said), "no Chinese among the English"
    assert "1 errors, 1 warnings, 1 notes" in said.err


def test_check_speaks_json(slips: Project) -> None:
    result = slips.run("check", "--format", "json")
    data = json.loads(result.out)
    assert data["version"] == 1
    found = {(p["code"], p["severity"]): p for p in data["problems"]}
    assert set(found) == {("GK104", "error"), ("GK221", "warning"), ("GK222", "note")}
    problem = found["GK104", "error"]
    assert (problem["path"], problem["line"], problem["column"]) == (BAD, 9, 1)
    assert problem["fixable"] is False


def test_check_speaks_as_github_reads(slips: Project) -> None:
    lines = slips.run("check", "--format", "github").out.splitlines()
    assert len(lines) == 3
    assert f"::error file=content/{BAD},line=9,col=1,title=GK104::不认识的字段" in "\n".join(lines)
    assert {line.split(" ")[0] for line in lines} == {"::error", "::warning", "::notice"}


def test_a_command_that_cannot_work_ends_with_2_and_says_why(
    small: Project, tmp_path: Path
) -> None:
    for arguments in (
        ["check", "--as-of", "2026-02-30"],
        ["build", "--as-of", "yesterday"],
        ["check", "--project", str(tmp_path / "nowhere")],
        ["build", "--project", str(tmp_path / "nowhere")],
        ["new", "entry", "--agency", "mzz"],
        ["new", "entry", "--agency", "mzj", "--kind", "documnet"],
        ["new", "entry", "--agency", "mzj", "--column", "notises"],
        ["new", "entry", "--agency", "mzj", "--name", "../climb"],
        ["nothing"],
        [],
    ):
        result = small.run(*arguments)
        assert result.code == 2, (arguments, result.said)
        assert result.err.strip(), arguments
        assert result.out == "", arguments


def test_a_near_miss_is_guessed(small: Project) -> None:
    assert "是不是“mzj”" in small.run("new", "entry", "--agency", "mzz").err


@pytest.mark.parametrize(
    ("wanted", "spoil"),
    [
        ("GB18030", lambda text: text.encode("gb18030")),
        ("Windows line ends", lambda text: text.replace("\n", "\r\n").encode()),
        ("a BOM", lambda text: b"\xef\xbb\xbf" + text.encode()),
        ("UTF-16", lambda text: text.encode("utf-16")),
        ("a hidden character", lambda text: text.replace("培训", "培\u200b训").encode()),
    ],
)
def test_fix_mends_the_file_and_nothing_else(
    small: Project, tmp_path: Path, wanted: str, spoil: object
) -> None:
    project = small.copy_to(tmp_path / "project")
    file = project.content / BODY
    good = file.read_text("utf-8")
    file.write_bytes(spoil(good))  # type: ignore[operator]
    assert any(p["path"] == BODY and p["fixable"] for p in project.problems()), wanted
    result = project.run("check", "--fix")
    assert result.code == 0, result.said
    assert f"已改正 {BODY}" in result.err
    assert file.read_bytes() == good.encode()
    changed = {a for a, d in _content(project).items() if d != _content(small).get(a)}
    assert changed == set()


def test_fix_gives_a_document_number_its_brackets(small: Project, tmp_path: Path) -> None:
    project = small.copy_to(tmp_path / "project")
    path = "agencies/qinghe/catalogue/2026/circular.md"
    good = (project.content / path).read_text("utf-8")
    for written in ("青政办发【2026】9号", "青政办发[2026]9号", "青政办发（2026）第009号"):
        project.write(path, good.replace("青政办发〔2026〕9号", written))
        assert project.codes("warning") == ["GK210"]
        assert project.run("check", "--fix", "--strict").code == 0
        assert (project.content / path).read_text("utf-8") == good


def test_fix_of_good_content_writes_nothing(small: Project, tmp_path: Path) -> None:
    project = small.copy_to(tmp_path / "project")
    before = {p: p.stat().st_mtime_ns for p in project.content.rglob("*")}
    assert project.run("check", "--fix").code == 0
    assert {p: p.stat().st_mtime_ns for p in project.content.rglob("*")} == before


def test_fix_leaves_alone_what_it_cannot_tell(small: Project, tmp_path: Path) -> None:
    project = small.copy_to(tmp_path / "project")
    data = bytes(range(128, 256)) * 3
    project.write(BAD, data)
    assert project.run("check", "--fix").code == 1
    assert (project.content / BAD).read_bytes() == data


def _content(project: Project) -> dict[str, bytes]:
    return {
        p.relative_to(project.content).as_posix(): p.read_bytes()
        for p in project.content.rglob("*")
        if p.is_file()
    }


def test_a_new_entry_has_the_next_number_and_is_valid_once_filled(
    small: Project, tmp_path: Path
) -> None:
    project = small.copy_to(tmp_path / "project")
    result = project.run("new", "entry", "--agency", "czj", "--column", "notices", "--name", "fire")
    assert result.code == 0, result.said
    path = result.out.strip().replace(os.sep, "/")
    assert path == "content/agencies/czj/catalogue/2026/fire.md"
    text = (project.root / path).read_text("utf-8")
    assert "index_number: QH0000036/2026-00005" in text
    assert "issued_on: 2026-11-20" in text
    blanks = {
        "title:": "title: 关于冬季防火的通知",
        "published_on:": "published_on: 2026-11-20 08:30",
        "subject:": "subject: T02",
        "  checked_on:": "  checked_on: 2026-11-20",
        "  reviewer:": "  reviewer: 办公室主任",
        "  result:": "  result: 可以公开",
    }
    lines = []
    for line in text.splitlines():
        key = next((k for k in blanks if line.startswith(k)), None)
        lines.append(
            f"{blanks[key]} {line[line.find('#') :] if '#' in line else ''}" if key else line
        )
    (project.root / path).write_text("\n".join(lines) + "\n", "utf-8")
    assert project.run("check", "--strict").code == 0
    project.build("--strict")
    assert project.page("i/QH0000036/2026-00005.html").h1 == "关于冬季防火的通知"
    again = project.run("new", "entry", "--agency", "czj", "--name", "fire")
    assert again.code == 2
    assert "关于冬季防火的通知" in (project.root / path).read_text("utf-8")
    third = project.run("new", "entry", "--agency", "czj")
    assert third.out.strip().endswith("2026-00006.md")


def test_a_skeleton_is_not_published_and_names_what_is_missing(
    small: Project, tmp_path: Path
) -> None:
    project = small.copy_to(tmp_path / "project")
    for kind in ("document", "service", "consultation", "institution", "budget"):
        made = project.run(
            "new", "entry", "--agency", "mzj", "--kind", kind, "--name", kind.replace("_", "-")
        )
        assert made.code == 0, made.said
    found = project.problems()
    assert not [p for p in found if p["code"] in ("GK101", "GK103", "GK104", "GK207", "GK212")]
    assert {p["code"] for p in found if p["severity"] == "error"} == {"GK201"}


def test_a_number_in_a_file_with_another_slip_is_not_given_again(
    small: Project, tmp_path: Path
) -> None:
    project = small.copy_to(tmp_path / "project")
    project.write(BAD, entry("QH0000036/2026-00005", "日期写错的条目", issued_on="2026-02-30"))
    path = project.run("new", "entry", "--agency", "czj").out.strip()
    assert path.endswith("2026-00006.md")


def test_schema_check_finds_stale_pages(tmp_path: Path) -> None:
    project = new_project(tmp_path / "project")
    assert project.run("schema", "--check").code == 0
    file = project.root / "site_src" / "help" / "problems.md"
    file.write_text(file.read_text("utf-8") + "改动\n", "utf-8")
    (project.root / "site_src" / "help" / "schema" / "guide.json").unlink()
    stale = project.run("schema", "--check")
    assert stale.code == 1
    assert set(stale.out.split()) == {
        "site_src/help/problems.md",
        "site_src/help/schema/guide.json",
    }
    assert project.run("schema").code == 0
    assert project.run("schema", "--check").code == 0
    assert file.read_bytes() == (ROOT / "site_src" / "help" / "problems.md").read_bytes()


def relist(site: Path) -> None:
    """Write the manifest anew, as somebody would who wants to hide a change."""
    lines = []
    for path in sorted(p for p in site.rglob("*") if p.is_file()):
        address = path.relative_to(site).as_posix()
        if address != "data/manifest.tsv":
            digest = hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
            lines.append(f"{digest}\t{path.stat().st_size}\t{address}\n")
    (site / "data" / "manifest.tsv").write_text("".join(lines), "utf-8")


def _change_a_page(site: Path) -> None:
    file = site / "a" / "czj" / "index.html"
    file.write_text(file.read_text("utf-8").replace("财政局", "财政厅"), "utf-8")


def _lose_a_page(site: Path) -> None:
    (site / "i" / "QH0000036" / "2026-00004.html").unlink()


def _inject_a_page(site: Path) -> None:
    shutil.copy(site / "about.html", site / "c" / "casino.html")


def _inject_an_entry(site: Path) -> None:
    folder = site / "i" / "QH0000036"
    shutil.copy(folder / "2026-00004.html", folder / "2026-00999.html")


def _break_a_link(site: Path) -> None:
    file = site / "index.html"
    file.write_text(file.read_text("utf-8").replace('href="map.html"', 'href="mapp.html"'), "utf-8")


def _break_an_anchor(site: Path) -> None:
    file = site / "i" / "QH0000028" / "2026-00001.html"
    file.write_text(file.read_text("utf-8").replace('id="发放对象"', 'id="对象"'), "utf-8")


def _leak_a_page(site: Path) -> None:
    page = (site / "i" / "QH0000036" / "2026-00004.html").read_text("utf-8")
    (site / "i" / "QH0000028").mkdir(exist_ok=True)
    leaked = page.replace("关于举办会计继续教育培训的通知", "尚未审查的养老机构名单公示")
    (site / "i" / "QH0000028" / "2026-00004.html").write_text(leaked, "utf-8")


def _leak_a_line(site: Path) -> None:
    file = site / "c" / "notices" / "index.html"
    text = file.read_text("utf-8")
    leaked = text.replace(
        "</main>", "<p>尚未审查的养老机构名单公示 QH0000028/2026-00004</p></main>"
    )
    file.write_text(leaked, "utf-8")


def _leak_into_the_exports(site: Path) -> None:
    file = site / "data" / "catalogue.json"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace('"entries":[\n', '"entries":[\n{"index_number":"QH0000028/2026-00004"},\n'),
        "utf-8",
    )


def _lose_a_row(site: Path) -> None:
    file = site / "data" / "catalogue.json"
    lines = file.read_text("utf-8").split("\n")
    del lines[1]
    file.write_text("\n".join(lines), "utf-8")


def _add_a_script(site: Path) -> None:
    file = site / "about.html"
    text = file.read_text("utf-8")
    file.write_text(text.replace("</main>", "<script>a()</script></main>"), "utf-8")


def _load_from_elsewhere(site: Path) -> None:
    file = site / "about.html"
    text = file.read_text("utf-8")
    image = '<img alt="" src="https://tracker.example/a.gif">'
    file.write_text(text.replace("</main>", f"{image}</main>"), "utf-8")


def _lie_about_a_state(site: Path) -> None:
    file = site / "data" / "build.json"
    text = file.read_text("utf-8")
    path = "agencies/czj/catalogue/2026/training.md"
    file.write_text(text.replace(f'"{path}": "published"', f'"{path}": "held_back"'), "utf-8")


def _forget_a_source(site: Path) -> None:
    file = site / "data" / "build.json"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(x for x in lines if "training.md" not in x), "utf-8")


MEDDLING: list[Meddle] = [
    _change_a_page,
    _lose_a_page,
    _inject_a_page,
    _inject_an_entry,
    _break_a_link,
    _break_an_anchor,
    _leak_a_page,
    _leak_a_line,
    _leak_into_the_exports,
    _lose_a_row,
    _add_a_script,
    _load_from_elsewhere,
    _lie_about_a_state,
    _forget_a_source,
]


@pytest.mark.parametrize("meddle", MEDDLING, ids=lambda f: f.__name__.strip("_"))
def test_verify_finds_what_was_meddled_with(small: Project, tmp_path: Path, meddle: Meddle) -> None:
    site = tmp_path / "site"
    shutil.copytree(small.site, site)
    meddle(site)
    if meddle not in (_change_a_page, _inject_a_page):  # these only the manifest can tell
        relist(site)
    result = small.run("verify", str(site))
    assert result.code == 1, result.said
    assert result.out.strip()


def test_verify_of_nothing_says_so(small: Project, tmp_path: Path) -> None:
    result = small.run("verify", str(tmp_path / "nowhere"))
    assert result.code in (1, 2)
    assert "build.json" in result.said


@pytest.mark.parametrize(
    "arguments",
    [["check"], ["check", "--format", "json"], ["verify"], ["schema", "--check"], ["--help"]],
    ids=" ".join,
)
def test_a_reader_that_goes_away_is_no_crash(
    small: Project, tmp_path: Path, arguments: list[str]
) -> None:
    project = small.copy_to(tmp_path / "project")
    shutil.copytree(small.site, project.site)
    for n in range(3):
        project.write(f"stray-{n}.txt", "x")
    reading, writing = os.pipe()
    os.close(reading)
    process = project.start(*arguments, stdout=writing)
    os.close(writing)
    result = ended(process)
    assert "Exception ignored" not in result.err
    assert "BrokenPipe" not in result.err


@pytest.mark.parametrize(
    ("arguments", "closed"),
    [
        (["check"], ">&-"),
        (["check"], "2>&-"),
        (["build"], ">&- 2>&-"),
        (["verify"], "2>&-"),
    ],
    ids=str,
)
def test_closed_outputs_are_no_crash(
    small: Project, tmp_path: Path, arguments: list[str], closed: str
) -> None:
    project = small.copy_to(tmp_path / "project", with_build=True)
    command = " ".join([*(f"'{part}'" for part in GONGKAI), *arguments, closed])
    done = subprocess.run(
        ["sh", "-c", command], cwd=project.root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert "Traceback" not in done.stdout + done.stderr


def test_progress_is_for_terminals_alone(small: Project, tmp_path: Path) -> None:
    project = small.copy_to(tmp_path / "project")
    for arguments in (["build"], ["check"]):
        result = project.run(*arguments)
        assert "\r" not in result.said
        assert len(result.said.splitlines()) <= 3


def test_commands_work_from_another_folder(small: Project, tmp_path: Path) -> None:
    project = small.copy_to(tmp_path / "a folder with spaces 和汉字")
    for arguments in (
        ["check"],
        ["build", "--strict"],
        ["verify"],
        ["new", "entry", "--agency", "mzj"],
    ):
        process = subprocess.run(
            [*GONGKAI, *arguments, "--project", str(project.root)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 0, (arguments, process.stderr)
    assert_same(small.tree(), project.tree())


def test_an_instant_may_be_asked_for(small: Project, tmp_path: Path) -> None:
    project = small.copy_to(tmp_path / "project")
    project.build("--as-of", "2026-12-01T09:00")
    account = project.data("build")
    assert account["as_of"] == "2026-12-01"
    assert account["counts"]["scheduled"] == 0
    project.build("--as-of", AS_OF)
    assert_same(small.tree(), project.tree())


def test_an_interrupted_build_is_no_crash(small: Project, tmp_path: Path) -> None:
    project = small.copy_to(tmp_path / "project", with_build=True)
    (project.content / BODY).touch()
    drawn = project.content.parent / "build" / ".site.mkdocs"
    for pause in (0.0, 0.2):
        shutil.rmtree(drawn, ignore_errors=True)
        process = project.start("build")
        while process.poll() is None and not drawn.exists():
            time.sleep(0.01)  # a busy machine is still importing
        time.sleep(pause)
        process.send_signal(signal.SIGINT)
        result = ended(process)
        assert result.code in (0, 2), result.said
        assert_same(small.tree(), project.tree())


def test_an_edit_under_serve_shows_soon(small: Project, tmp_path: Path) -> None:
    project = small.copy_to(tmp_path / "project")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    page = f"http://127.0.0.1:{port}/i/QH0000036/2026-00004.html"
    process = project.start("serve", "--address", f"127.0.0.1:{port}", start_new_session=True)
    try:
        assert _shown(page, "会计继续教育", 60)
        with (project.content / BODY).open("a", encoding="utf-8") as file:
            file.write("\n预览时改的一段。\n")
        assert _shown(page, "预览时改的一段", 30)
        assert not project.site.exists(), "a preview is not published"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=10)


def _shown(address: str, words: str, seconds: float) -> bool:
    """Wait until a page shows some words."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if words in answer.read().decode():
                    return True
        except OSError:
            pass
        time.sleep(0.1)
    return False
