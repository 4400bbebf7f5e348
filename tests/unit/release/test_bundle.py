"""A site as one package: the same bytes each time, whole or not at all, with twins for search."""

from __future__ import annotations

import base64
import os
import re
import zipfile
from pathlib import Path

import pytest

from gongkai.cli.__main__ import main
from gongkai.release import bundle as module
from gongkai.release.bundle import NoSite, bundle
from gongkai.release.staging import locked

FILES = {
    "index.html": b"<!doctype html>",
    "data/manifest.json": b"{}",
    "i/QH0000028/2026-00001/1-aa.pdf": b"%PDF" * 100,
    "search/index.html": b"<!doctype html>",
    "search/engine.js": b"self",
    "search/manifest.json": '{"甲": 1}'.encode(),
    "search/variants-aabbcc.txt": "體\n体".encode(),
    "search/t/1z-aabbcc.bin": bytes(range(256)) * 300,
    "search/p/t-0-aabbcc.bin": b"",
}
MANIFEST = "data/manifest.tsv"
FILES[MANIFEST] = "".join(f"0\t0\t{name}\n" for name in FILES).encode()
TWINS = {
    "search/manifest.json.js",
    "search/variants-aabbcc.txt.js",
    "search/t/1z-aabbcc.bin.js",
    "search/p/t-0-aabbcc.bin.js",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for address, data in FILES.items():
        path = tmp_path / "build" / "site" / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path


@pytest.fixture
def site(project: Path) -> Path:
    return project / "build" / "site"


def contents(package: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_package_holds_the_site_and_the_twins_of_its_search(site: Path, tmp_path: Path) -> None:
    assert bundle(site, tmp_path / "deep" / "a.zip") == len(FILES)
    found = contents(tmp_path / "deep" / "a.zip")
    assert {name: found[name] for name in FILES} == FILES
    assert found.keys() - FILES.keys() == TWINS
    for name in TWINS:
        match = re.fullmatch(rb'gongkaiPut\("([^"]+)","([A-Za-z0-9+/=]*)"\);\n', found[name])
        assert match
        address = f"search/{match[1].decode()}"
        assert f"{address}.js" == name
        assert base64.b64decode(match[2]) == FILES[address]


def test_the_same_site_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    bundle(site, tmp_path / "a.zip")
    for path in sorted(site.rglob("*"), reverse=True):
        os.utime(path, (1, 1))
        path.chmod(0o755)
    bundle(site, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o100644}


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="this system has no links")
def test_a_link_is_not_followed(site: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "x.txt").write_text("不应公开", "utf-8")
    (site / "file").symlink_to(tmp_path / "secret" / "x.txt")
    (site / "folder").symlink_to(tmp_path / "secret")
    with (site / MANIFEST).open("a") as file:
        file.write("0\t0\tfile\n0\t0\tfolder/x.txt\n0\t0\t../../secret/x.txt\n0\t0\tgone\n")
    bundle(site, tmp_path / "a.zip")
    assert contents(tmp_path / "a.zip").keys() == FILES.keys() | TWINS


def test_what_the_release_does_not_list_is_not_packed(site: Path, tmp_path: Path) -> None:
    (site / ".DS_Store").write_bytes(b"x")
    (site / "search" / "stray.bin").write_bytes(b"x")
    bundle(site, tmp_path / "a.zip")
    assert contents(tmp_path / "a.zip").keys() == FILES.keys() | TWINS


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="this system has no links")
def test_a_link_planted_in_the_way_is_replaced_and_not_written_through(
    site: Path, tmp_path: Path
) -> None:
    (tmp_path / "target.txt").write_text("keep", "utf-8")
    (tmp_path / ".a.zip.new").symlink_to(tmp_path / "target.txt")
    bundle(site, tmp_path / "a.zip")
    assert (tmp_path / "target.txt").read_text("utf-8") == "keep"
    assert not (tmp_path / "a.zip").is_symlink()


def test_a_failure_leaves_no_half_package_and_the_old_one_alone(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out" / "a.zip"
    out.parent.mkdir()
    out.write_bytes(b"before")

    def fail(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_twin", fail)
    with pytest.raises(OSError, match="No space"):
        bundle(site, out)
    assert [path.name for path in out.parent.iterdir()] == ["a.zip"]
    assert out.read_bytes() == b"before"


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("x")
    with pytest.raises(NoSite):
        bundle(tmp_path / "site", tmp_path / "a.zip")
    with pytest.raises(NoSite):
        bundle(tmp_path / "nowhere", tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_the_command_writes_beside_the_site_or_where_it_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bundle", "--project", str(project)]) == 0
    assert "build/site.zip" in capsys.readouterr().err
    other = project / "other.zip"
    site = str(project / "build" / "site")
    assert main(["bundle", site, "--out", str(other)]) == 0
    assert other.read_bytes() == (project / "build" / "site.zip").read_bytes()


def test_the_command_names_what_stands_in_its_way(
    project: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def says(*arguments: str) -> str:
        assert main(["bundle", "--project", str(project), *arguments]) == 2
        return capsys.readouterr().err

    assert "GK902" in says("--out", str(project))
    assert "GK901" in says("--out", str(site / "a.zip"))
    with locked(site.parent / ".site.lock"):
        assert "GK903" in says()
    (site / "data" / "manifest.tsv").unlink()
    assert "GK905" in says()
    assert "GK905" in says(str(project / "nowhere"))
    assert not list(project.rglob("*.zip*"))
