"""The command holds a served copy of a small site against what proves it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from acceptance.project import Project
from served_copy import put, relist, serving

ENTRY = "i/QH0000036/2026-00004.html"
GAMBLING = '<div style="display:none"><a href="https://bet.example/">现金网</a></div>'


@pytest.fixture
def copy(small: Project, tmp_path: Path) -> Path:
    """A copy of the built site, as a web server would hold it."""
    shutil.copytree(small.site, tmp_path / "copy")
    return tmp_path / "copy"


def put_in(copy: Path, address: str, words: str) -> None:
    text = (copy / address).read_text("utf-8")
    (copy / address).write_text(text.replace("</main>", f"{words}</main>"), "utf-8")


def test_a_sound_copy_agrees_in_a_folder_and_on_a_server(small: Project, copy: Path) -> None:
    result = small.run("verify", str(copy))
    assert (result.code, result.out) == (0, ""), result.said
    assert "文件清单与" in result.err and "全部相符" in result.err
    with serving(copy) as (url, _):
        result = small.run("verify", url)
    assert (result.code, result.out) == (0, ""), result.said


def change_a_byte(copy: Path) -> list[str]:
    text = (copy / ENTRY).read_text("utf-8")
    (copy / ENTRY).write_text(text.replace("会计", "会话", 1), "utf-8")
    return [f"{ENTRY}: 内容被改动", "字节起不同"]


def hide_links(copy: Path) -> list[str]:
    put_in(copy, ENTRY, GAMBLING)
    return [f"{ENTRY}: 内容被改动", "外部链接 bet.example（1 处）", "“现金网”"]


def hide_links_and_write_the_list_anew(copy: Path) -> list[str]:
    put_in(copy, ENTRY, GAMBLING)
    relist(copy)
    return ["data/manifest.tsv: 内容被改动", f"{ENTRY}: 内容被改动"]


def inject_a_page(copy: Path) -> list[str]:
    put(copy, "i/bet.html", GAMBLING.encode())
    put_in(copy, ENTRY, '<a href="../bet.html">x</a>')
    return [f"{ENTRY}: 内容被改动", "i/bet.html: 外来文件"]


def lose_a_page(copy: Path) -> list[str]:
    (copy / ENTRY).unlink()
    return [f"{ENTRY}: 缺少"]


MEDDLING = [
    change_a_byte,
    hide_links,
    hide_links_and_write_the_list_anew,
    inject_a_page,
    lose_a_page,
]


@pytest.mark.parametrize("meddle", MEDDLING, ids=lambda f: f.__name__)
def test_meddling_is_named(small: Project, copy: Path, meddle: Callable[[Path], list[str]]) -> None:
    wanted = meddle(copy)
    with serving(copy) as (url, _):
        for where in (str(copy), url):
            result = small.run("verify", where)
            assert result.code == 1, result.said
            assert [words for words in wanted if words not in result.out] == []


def test_the_answer_for_machines_names_kind_and_address(small: Project, copy: Path) -> None:
    lose_a_page(copy)
    result = small.run("verify", str(copy), "--format", "json")
    facts = json.loads(result.out)
    assert facts["version"] == 1 and facts["proved"]
    assert facts["differences"] == [{"kind": "missing", "address": ENTRY, "why": ""}]
    assert result.code == 1


def test_a_copy_on_a_machine_without_the_project_is_checked_within_itself(
    small: Project, copy: Path, tmp_path: Path
) -> None:
    result = small.run("verify", str(copy), "--project", str(tmp_path / "nowhere"))
    assert result.code == 0, result.said
    assert "只核对了这份网站自身前后是否一致" in result.err
    result = small.run(
        "verify", str(copy), "--project", str(tmp_path), "--against", str(small.site)
    )
    assert result.code == 0 and "文件清单与" in result.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["http://127.0.0.1:1/"],
        ["http://"],
        ["https://[::1"],
        ["nowhere"],
        [".", "--key", "nowhere"],
        [".", "--since", "nowhere"],
        [".", "--since", "mkdocs.yml"],
        [".", "--against", "content"],
        ["build/site", "--check-command", "'"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_checked_is_said_and_ends_with_2(
    small: Project, arguments: list[str]
) -> None:
    result = small.run("verify", *arguments)
    assert result.code in (1, 2), result.said
    assert result.said.strip()


def test_a_published_and_signed_site_is_trusted_by_its_key_alone(
    small: Project, tmp_path: Path
) -> None:
    private, public = tmp_path / "key.pem", tmp_path / "key.pub"
    for command in (
        ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(private)],
        ["openssl", "pkey", "-in", str(private), "-pubout", "-out", str(public)],
    ):
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("openssl makes no Ed25519 keys here")
    project = small.copy_to(tmp_path / "project")
    command = f"openssl pkeyutl -sign -inkey {private} -rawin -in {{in}} -out {{out}}"
    published = project.run("publish", "--sign", command)
    assert published.code == 0, published.said
    nowhere = ["--project", str(tmp_path / "nowhere"), "--key", str(public)]
    with serving(project.site) as (url, _):
        result = small.run("verify", url, *nowhere)
        assert (result.code, result.out) == (0, ""), result.said
        assert "检查点的签名有效" in result.err
        ours = project.run("verify", url)
        assert "发布日志与登记簿一致" in ours.err, ours.said
        put_in(project.site, ENTRY, GAMBLING)
        relist(project.site)
        result = small.run("verify", url, *nowhere)
        assert result.code == 1
        assert "data/manifest.tsv: 内容被改动（文件清单与检查点不符）" in result.out


def test_the_recount_of_a_published_site_covers_ledger_and_log(
    small: Project, tmp_path: Path
) -> None:
    project = small.copy_to(tmp_path / "project")
    assert project.run("publish").code == 0
    assert project.run("verify").code == 0
    ledger = project.content / "ledger" / "czj.tsv"
    lines = ledger.read_text("utf-8").split("\n")
    lines[1] = lines[1][:-1] + ("0" if lines[1][-1] != "0" else "1")
    ledger.write_text("\n".join(lines), "utf-8")
    result = project.run("verify")
    assert result.code == 1
    assert "与登记簿不同" in result.out
    (project.site / ENTRY).unlink()
    assert f"公布过的网址 {ENTRY} 没有页面" in project.run("verify").out


def test_a_checkpoint_kept_from_before_shows_a_rewritten_history(
    small: Project, tmp_path: Path
) -> None:
    project = small.copy_to(tmp_path / "project")
    assert project.run("publish").code == 0
    kept = tmp_path / "kept"
    shutil.copy(project.site / "log" / "checkpoint", kept)
    assert project.run("verify", "--since", str(kept)).code == 0
    shutil.rmtree(project.content / "ledger")
    shutil.rmtree(project.root / "build")
    assert project.run("publish").code == 0
    result = project.run("verify", "--since", str(kept))
    assert result.code == 1
    assert "历史被改写" in result.out
