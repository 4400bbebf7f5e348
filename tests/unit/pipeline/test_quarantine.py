"""A published page stays as it was while its source is wrong, unless it is itself the slip."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from golden.cases import BASE, Case, build_of
from gongkai.domain.corpus import FileFacts, Judged, State
from gongkai.kernel.digest import digest_of_bytes, git_blob_id
from gongkai.kernel.place import Place
from gongkai.kernel.problems import ATTACHMENT_PRIVATE, Problem
from gongkai.pipeline.build import Build
from gongkai.pipeline.quarantine import batch_problems, kept_pages

PATH = "agencies/mzj/catalogue/2026/allowance.md"
ADDRESS = "i/QH0000028/2026-00001"
SEALED = "1" * 64


def loaded(root: Path, *, source: bytes | None, quarantine: bool = True) -> tuple[Build, Judged]:
    """Return the base with an entry that tells a mobile number, published from ``source``."""
    content = root / "content"
    Case(BASE / "base.case", "", ()).lay(content)
    file = content / PATH
    file.write_bytes(file.read_bytes() + "\n联系人的手机是13800138000。\n".encode())
    folder = content / "ledger"
    folder.mkdir()
    row = f"1\t2026-03-05\tpublished\t{ADDRESS}\t{SEALED}\n"
    folder.joinpath("mzj.tsv").write_text("batch\tdate\tevent\taddress\tcommitment\n" + row)
    blob = git_blob_id(file.read_bytes() if source is None else source)
    key = f"{SEALED}\t{'0' * 32}\t{blob}\n"
    folder.joinpath("mzj.keys.tsv").write_text("commitment\tsalt\tsource\n" + key)
    build = build_of(content)
    build.options.quarantine = quarantine
    judged = build.load()
    build.cache.close()
    return build, judged


def served(root: Path) -> Path:
    """Return a site that holds the page and a file of it."""
    target = root / "site"
    lines = []
    for address in (f"{ADDRESS}.html", f"{ADDRESS}/1-00000000.txt", "i/QH0000028/2026-000011.html"):
        file = target / address
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(address.encode())
        lines.append(f"{digest_of_bytes(address.encode())}\t{len(address)}\t{address}\n")
    (target / "data").mkdir()
    (target / "data" / "manifest.tsv").write_text("".join(lines), "utf-8")
    return target


def test_the_last_good_page_and_its_files_are_kept(tmp_path: Path) -> None:
    build, judged = loaded(tmp_path, source=b"another text")
    assert judged.states[PATH] is State.REJECTED
    kept = kept_pages(judged, served(tmp_path), build.options.content)
    assert kept.suspended == ()
    assert [address for address, _ in kept.files[ADDRESS]] == [
        f"{ADDRESS}.html",
        f"{ADDRESS}/1-00000000.txt",
    ]


def test_a_page_whose_published_text_is_what_is_wrong_is_suspended(tmp_path: Path) -> None:
    build, judged = loaded(tmp_path, source=None)
    kept = kept_pages(judged, served(tmp_path), build.options.content)
    assert kept.suspended == (ADDRESS,)
    assert kept.files == {}


def test_a_page_that_was_changed_together_with_its_list_is_suspended(tmp_path: Path) -> None:
    build, judged = loaded(tmp_path, source=b"another text")
    known = {f"{ADDRESS}.html": "0" * 32}
    kept = kept_pages(judged, served(tmp_path), build.options.content, known)
    assert (kept.files, kept.suspended) == ({}, (ADDRESS,))


def test_a_page_whose_published_file_is_what_is_wrong_is_suspended(tmp_path: Path) -> None:
    build, judged = loaded(tmp_path, source=b"another text")
    path = next(path for path in judged.corpus.files if path.startswith("agencies/mzj/files/"))
    found = Problem(ATTACHMENT_PRIVATE, Place(path), {})
    digest = digest_of_bytes(f"{ADDRESS}/1-00000000.txt".encode())
    for standing, suspended in ((digest, (ADDRESS,)), ("0" * 32, ())):
        files = {**judged.corpus.files, path: FileFacts(path, 1, standing)}
        corpus = replace(judged.corpus, files=files)
        held = replace(judged, corpus=corpus, problems=(*judged.problems, found))
        kept = kept_pages(held, served(tmp_path / standing), build.options.content)
        assert kept.suspended == suspended


def test_without_an_old_site_the_address_is_suspended(tmp_path: Path) -> None:
    build, judged = loaded(tmp_path, source=b"another text")
    assert kept_pages(judged, tmp_path / "none", build.options.content).suspended == (ADDRESS,)


def test_a_finding_stops_what_else_its_agency_would_publish(tmp_path: Path) -> None:
    build, judged = loaded(tmp_path, source=b"another text")
    stopped = {x.place.path for x in judged.problems if x.code.id == "GK747"}
    assert stopped == {"agencies/mzj/guide.md", "agencies/mzj/reports/2025.md"}
    assert judged.states["agencies/mzj/guide.md"] is State.REJECTED
    assert judged.states["agencies/qinghe/catalogue/2026/open-day.md"] is State.PUBLISHED
    assert list(batch_problems(judged, build.options.content)) == [], "nothing is left to stop"


@pytest.mark.parametrize("case", ["no quarantine", "no ledger"])
def test_the_check_and_an_agency_without_a_ledger_lose_the_file_alone(
    tmp_path: Path, case: str
) -> None:
    build, judged = loaded(tmp_path, source=b"x", quarantine=case != "no quarantine")
    if case == "no ledger":
        for path in (build.options.content / "ledger").iterdir():
            path.unlink()
        judged = build.load()
        build.cache.close()
    assert "GK747" not in {x.code.id for x in judged.problems}
    assert judged.states["agencies/mzj/guide.md"] is State.PUBLISHED
