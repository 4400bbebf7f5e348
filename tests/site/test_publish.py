"""``gongkai publish`` enters what it publishes and swaps the site in, both whole or not at all."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from acceptance.project import (
    GONGKAI,
    Project,
    assert_same,
    ended,
    is_whole,
    small_project,
    tree,
)

TRAINING = "agencies/czj/catalogue/2026/training.md"
MEASURES = "agencies/mzj/catalogue/2026/measures.md"
NUMBER = "QH0000036/2026-00004"  # of TRAINING
HEADER = "batch\tdate\tevent\taddress\tcommitment"
EARLY = "2026-11-18 09:00"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small project after its first publication; it must not be changed."""
    project = small_project(tmp_path_factory.mktemp("published") / "project")
    result = project.run("publish", "--strict", "--as-of", EARLY)
    assert result.code == 0, result.said
    return project


@pytest.fixture
def published(first: Project, tmp_path: Path) -> Project:
    """A copy of the published project, free to be changed."""
    return first.copy_to(tmp_path / "project", with_build=True)


def ledger(project: Project) -> dict[str, bytes]:
    folder = project.content / "ledger"
    return tree(folder) if folder.is_dir() else {}


def rows(project: Project) -> list[list[str]]:
    """Return all rows of the ledger: batch, date, event, address, commitment."""
    found = []
    for name, data in sorted(ledger(project).items()):
        if not name.endswith(".keys.tsv"):
            head, *lines = data.decode().splitlines()
            assert head == HEADER
            found += [line.split("\t") for line in lines]
    return found


def keys(project: Project) -> set[str]:
    """Return the commitments that can still be opened."""
    return {
        line.split("\t")[0]
        for name, data in ledger(project).items()
        if name.endswith(".keys.tsv")
        for line in data.decode().splitlines()[1:]
    }


def change(project: Project, words: str, path: str = TRAINING) -> None:
    """Change the body of one entry."""
    with (project.content / path).open("a", encoding="utf-8") as file:
        file.write(f"\n{words}\n")


def checkpoint(site: Path) -> tuple[int, str]:
    _, size, root, *_ = (site / "log" / "checkpoint").read_text("utf-8").split("\n")
    return int(size), root


def assert_served_by_its_ledger(project: Project) -> None:
    """Hold that the site is what its content and ledger give, and that the recount agrees."""
    assert is_whole(project.site)
    checked = project.run("verify")
    assert checked.code == 0, checked.said


def test_the_first_publication_enters_every_published_item_once(first: Project) -> None:
    entered = {row[3]: row for row in rows(first)}
    assert len(entered) == len(rows(first)), "an address was entered twice"
    catalogue = {f"i/{e['index_number']}" for e in first.data("catalogue")["entries"]}
    guides = {f"a/{agency}/guide" for agency in ("mzj", "czj", "qinghe")}
    assert catalogue <= entered.keys()
    assert entered.keys() - catalogue == guides
    assert {row[2] for row in entered.values()} == {"published"}
    assert {row[0] for row in entered.values()} == {"1"}
    assert {row[1] for row in entered.values()} == {"2026-11-18"}
    assert keys(first) == {row[4] for row in entered.values()}
    assert checkpoint(first.site)[0] == len(entered)
    assert_served_by_its_ledger(first)


def test_publishing_again_enters_nothing_and_leaves_the_site_alone(published: Project) -> None:
    before, entered = published.tree(), ledger(published)
    result = published.run("publish", "--as-of", EARLY)
    assert result.code == 0, result.said
    assert "没有要登记的内容" in result.err
    assert ledger(published) == entered
    assert_same(before, published.tree())


def test_a_build_for_an_earlier_day_passes_and_a_publication_for_one_is_refused(
    published: Project,
) -> None:
    entered = ledger(published)
    published.build("--as-of", "2026-11-10 09:00")
    for more in ((), ("--dry-run",)):
        refused = published.run("publish", "--as-of", "2026-11-17 09:00", *more)
        assert refused.code == 2, refused.said
        assert "GK909" in refused.err
        assert "2026-11-18" in refused.err
    assert ledger(published) == entered


def test_a_plain_build_writes_no_ledger_and_gives_the_published_bytes(
    published: Project, tmp_path: Path
) -> None:
    entered = ledger(published)
    elsewhere = published.copy_to(tmp_path / "elsewhere")
    elsewhere.build("--as-of", EARLY, "--workers", "1")
    assert ledger(elsewhere) == entered
    assert_same(published.tree(), elsewhere.tree())


def test_a_dry_run_says_what_would_be_entered_and_writes_nothing(published: Project) -> None:
    before, entered = published.tree(), ledger(published)
    change(published, "补充一句。")
    result = published.run("publish", "--dry-run", "--as-of", EARLY)
    assert result.code == 0, result.said
    assert result.out.splitlines() == [f"2026-11-18\tchanged\tczj\ti/{NUMBER}"]
    assert ledger(published) == entered
    assert_same(before, published.tree())


def test_each_kind_of_change_is_one_row_of_the_next_batch(published: Project) -> None:
    old = rows(published)
    size, _ = checkpoint(published.site)
    change(published, "补充一句。")
    (published.content / "agencies/mzj/catalogue/2026/reading.md").unlink()
    published.edit(f"content/{MEASURES}", "interpreted_by: [QH0000028/2026-00003]\n", "")
    published.write(
        "agencies/mzj/withdrawn.yml",
        "withdrawn:\n  - {index_number: QH0000028/2026-00003, withdrawn_on: 2026-11-19, "
        "reason: error}\n",
    )
    result = published.run("publish", "--as-of", "2026-11-19 09:00")
    assert result.code == 0, result.said
    new = [row for row in rows(published) if row not in old]
    assert [row for row in rows(published) if row in old] == old, "an old row was changed"
    assert sorted((row[0], row[1], row[2], row[3]) for row in new) == [
        ("2", "2026-11-19", "changed", f"i/{NUMBER}"),
        ("2", "2026-11-19", "withdrawn", "i/QH0000028/2026-00003"),
    ]
    assert checkpoint(published.site)[0] == size + 2
    assert keys(published) == {row[4] for row in rows(published)}
    assert_served_by_its_ledger(published)
    # put back, it is entered again
    (published.content / "agencies/mzj/withdrawn.yml").unlink()
    published.write(
        "agencies/mzj/catalogue/2026/reading.md",
        (published.content / "agencies/mzj/catalogue/2026/old-measures.md")
        .read_text("utf-8")
        .replace("2026-00002", "2026-00003")
        .replace("青民发〔2026〕3号", "青民发〔2026〕4号"),
    )
    result = published.run("publish", "--as-of", "2026-11-20 09:00")
    assert result.code == 0, result.said
    assert [r[2] for r in rows(published) if r[3] == "i/QH0000028/2026-00003"] == [
        "published",
        "withdrawn",
        "restored",
    ]


def test_a_privacy_takedown_leaves_nothing_that_opens_the_old_rows(published: Project) -> None:
    (published.content / TRAINING).unlink()
    published.write(
        "agencies/czj/withdrawn.yml",
        f"withdrawn:\n  - {{index_number: {NUMBER}, withdrawn_on: 2026-11-19, reason: privacy}}\n",
    )
    result = published.run("publish", "--as-of", "2026-11-19 09:00")
    assert result.code == 0, result.said
    (old, new) = [row for row in rows(published) if row[3] == f"i/{NUMBER}"]
    assert (old[2], new[2]) == ("published", "erased")
    assert old[4] not in keys(published)
    assert_served_by_its_ledger(published)


def test_an_entry_deleted_without_a_tombstone_stops_the_publication(published: Project) -> None:
    before, entered = published.tree(), ledger(published)
    (published.content / TRAINING).unlink()
    for command in ("check", "build", "publish"):
        result = published.run(command, "--as-of", EARLY)
        assert result.code == 1, (command, result.said)
        assert f"GK745 错误：2026-11-18 公布过的地址 i/{NUMBER}" in result.said or (
            f"GK745 2026-11-18 公布过的地址 i/{NUMBER}" in result.said
        ), result.said
    assert ledger(published) == entered
    assert_same(before, published.tree())


def test_killed_at_any_moment_the_site_is_whole_and_no_row_is_lost(
    published: Project, tmp_path: Path
) -> None:
    old_site, old_rows = published.tree(), rows(published)
    change(published, "第一处改动。")
    change(published, "第二处改动。", MEASURES)
    clean = published.copy_to(tmp_path / "clean", with_build=True)
    began = time.monotonic()
    assert clean.run("publish", "--as-of", EARLY).code == 0
    took = time.monotonic() - began
    rng = random.Random(5)
    kills = 0
    for n in range(14):
        process = published.start("publish", "--as-of", EARLY, start_new_session=True)
        time.sleep(took * (0.1 + 0.065 * n) + rng.random() * 0.05)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            kills += 1
        process.communicate()
        assert is_whole(published.site), n
        entered = rows(published)
        assert [row for row in entered if row in old_rows] == old_rows
        size, _ = checkpoint(published.site)
        assert size <= len(entered), "a row was served that is not in the ledger"
        if size == len(old_rows):
            assert_same(old_site, published.tree(), n)
    assert kills >= 5, "the publications were over before they could be killed"
    result = published.run("publish", "--as-of", EARLY)
    assert result.code == 0, result.said
    changed = [row[3] for row in rows(published) if row[2] == "changed"]
    assert sorted(set(changed)) == [f"i/{'QH0000028/2026-00001'}", f"i/{NUMBER}"]
    assert checkpoint(published.site)[0] == len(rows(published))
    assert_served_by_its_ledger(published)
    left = sorted(path.name for path in (published.content / "ledger").iterdir())
    assert [name for name in left if name.startswith(".")] == []


def test_a_row_without_its_key_is_entered_anew(published: Project) -> None:
    """A program killed between the two files of an agency leaves rows that nothing opens."""
    file = published.content / "ledger" / "czj.keys.tsv"
    file.write_text(file.read_text("utf-8").split("\n")[0] + "\n", "utf-8")
    result = published.run("publish", "--as-of", EARLY)
    assert result.code == 0, result.said
    czj = [row for row in rows(published) if "QH0000036" in row[3] or "/czj/" in row[3]]
    assert {row[2] for row in czj if row[0] == "2"} == {"changed"}
    assert_served_by_its_ledger(published)


def in_a_namespace(
    project: Project, mount: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run the command where a file system was put over a folder, without being root."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-Urm", "true"], check=False).returncode:
        pytest.skip("no namespaces for users on this system")
    command = " ".join((*GONGKAI, *arguments, "--as-of", f"'{EARLY}'"))
    script = f"{mount} && {command}; code=$?; cp -a build/. build-after/; exit $code"
    (project.root / "build-after").mkdir()
    return subprocess.run(
        [unshare, "-Urm", "sh", "-c", script],
        cwd=project.root,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mounts as Linux has them")
@pytest.mark.parametrize("spare", [40, 400, 1200])
def test_on_a_full_disk_the_old_site_stands_and_the_ledger_is_put_back(
    published: Project, spare: int
) -> None:
    before, entered = published.tree(), ledger(published)
    change(published, "写不进去的改动。")
    words = published.root / "theme" / "words" / "zh.json"
    mark = '"platform.newest": "'
    words.write_text(words.read_text("utf-8").replace(mark, f"{mark}新"), "utf-8")
    du = ["du", "-sk", "build"]
    said = subprocess.run(du, cwd=published.root, capture_output=True, text=True, check=True)
    used = int(said.stdout.split()[0])
    mount = (
        f"cp -a build build-copy && mount -t tmpfs -o size={used + spare}k tmpfs build"
        " && cp -a build-copy/. build/"
    )
    result = in_a_namespace(published, mount, "publish")
    assert result.returncode == 2, result.stdout + result.stderr
    assert "GK902" in result.stderr, result.stderr
    assert "Traceback" not in result.stderr
    assert ledger(published) == entered
    after = Project(published.root)
    after.site = published.root / "build-after" / "site"
    assert_same(before, after.tree())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mounts as Linux has them")
@pytest.mark.parametrize("place", ["content/ledger", "build"])
def test_where_nothing_can_be_written_nothing_is_changed_and_the_place_is_named(
    published: Project, place: str
) -> None:
    before, entered = published.tree(), ledger(published)
    change(published, "写不进去的改动。")
    mount = f"mount --bind {place} {place} && mount -o remount,bind,ro {place}"
    result = in_a_namespace(published, mount, "publish")
    assert result.returncode == 2, result.stdout + result.stderr
    assert "GK902" in result.stderr, result.stderr
    assert "Traceback" not in result.stderr
    assert ledger(published) == entered
    assert_same(before, published.tree())


def test_of_two_publications_at_once_one_is_told_to_wait(published: Project) -> None:
    change(published, "两次发布赶在一起。")
    pair = [published.start("publish", "--as-of", EARLY) for _ in range(2)]
    results = [ended(process) for process in pair]
    codes = sorted(result.code for result in results)
    if codes != [0, 0]:  # they may have run one after the other
        assert codes == [0, 2], [result.said for result in results]
        assert any("GK903" in result.err for result in results)
    assert [row[2] for row in rows(published) if row[0] == "2"] == ["changed"]
    assert_served_by_its_ledger(published)


@pytest.mark.parametrize("damage", [b"", b"not a database" * 100, None])
def test_a_broken_cache_costs_time_and_nothing_else(
    published: Project, first: Project, damage: bytes | None
) -> None:
    if damage is None:
        data = bytearray(published.cache.read_bytes())
        rng = random.Random(7)
        for _ in range(400):
            data[rng.randrange(100, len(data))] = rng.randrange(256)
        damage = bytes(data)
    published.cache.write_bytes(damage)
    entered = ledger(published)
    result = published.run("publish", "--as-of", EARLY)
    assert result.code == 0, result.said
    assert ledger(published) == entered
    assert_same(first.tree(), published.tree())


def test_a_site_that_fails_the_recount_is_not_swapped_in(published: Project) -> None:
    before, entered = published.tree(), ledger(published)
    change(published, "改动。")
    page = published.root / "site_src" / "about.md"
    with page.open("a", encoding="utf-8") as file:
        file.write('\n<script src="https://gambling.example/x.js"></script>\n')
    result = published.run("publish", "--as-of", EARLY)
    assert result.code == 2, result.said
    assert "GK906" in result.err
    assert "gambling.example" in result.out
    assert ledger(published) == entered
    assert_same(before, published.tree())


@pytest.mark.parametrize("slip", ["a row less", "a row changed", "no ledger"])
def test_a_ledger_that_does_not_continue_the_served_log_is_refused(
    published: Project, slip: str
) -> None:
    before = published.tree()
    folder = published.content / "ledger"
    if slip == "no ledger":
        shutil.rmtree(folder)
    for name in ("czj.tsv", "czj.keys.tsv"):
        file = folder / name
        if slip == "a row less":
            lines = file.read_text("utf-8").splitlines(keepends=True)
            last = folder.joinpath("czj.tsv").read_text("utf-8").splitlines()
            sealed = last[-1].split("\t")[4]
            file.write_text("".join(x for x in lines if sealed not in x), "utf-8")
            if name == "czj.tsv":
                keys_file = folder / "czj.keys.tsv"
                kept = keys_file.read_text("utf-8").splitlines(keepends=True)
                keys_file.write_text("".join(x for x in kept if sealed not in x), "utf-8")
                break
        elif slip == "a row changed":
            text = file.read_text("utf-8")
            sealed = folder.joinpath("czj.keys.tsv").read_text("utf-8").splitlines()[1][:8]
            if name == "czj.tsv":
                old = sealed
                file.write_text(text.replace(old, "00000000"), "utf-8")
                keys_file = folder / "czj.keys.tsv"
                keys_file.write_text(keys_file.read_text("utf-8").replace(old, "00000000"), "utf-8")
                break
    entered = ledger(published)
    result = published.run("publish", "--as-of", EARLY)
    assert result.code == 2, result.said
    assert "GK907" in result.err, result.said
    assert ledger(published) == entered
    assert_same(before, published.tree())


def test_the_checkpoint_is_signed_by_an_outside_command_or_nothing_is_published(
    published: Project, tmp_path: Path
) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl")
    key, public = tmp_path / "key.pem", tmp_path / "public.pem"
    subprocess.run([openssl, "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
    subprocess.run([openssl, "pkey", "-in", key, "-pubout", "-out", public], check=True)
    before, entered = published.tree(), ledger(published)
    change(published, "改动。")
    refused = published.run("publish", "--as-of", EARLY, "--sign", "false {in}")
    assert refused.code == 2, refused.said
    assert "GK908" in refused.err
    assert ledger(published) == entered
    assert_same(before, published.tree())
    command = f"{openssl} pkeyutl -sign -rawin -inkey {key} -in {{in}} -out {{out}}"
    signed = published.run("publish", "--as-of", EARLY, "--sign", command)
    assert signed.code == 0, signed.said
    log = published.site / "log"
    checked = subprocess.run(
        [
            *(openssl, "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", public),
            *("-in", log / "checkpoint", "-sigfile", log / "checkpoint.sig"),
        ],
        check=False,
    )
    assert checked.returncode == 0
    assert_served_by_its_ledger(published)
    without = published.run("publish", "--sign", "openssl pkeyutl -sign")
    assert without.code == 2
    assert "{in}" in without.err


def test_a_kept_page_may_point_to_a_list_that_stood_for_it_alone(published: Project) -> None:
    source, page = "agencies/czj/catalogue/2026/fees.md", "i/QH0000036/2026-00003.html"
    before = published.tree()
    text = (published.content / source).read_text("utf-8")
    broken = re.sub(r"(?m)^column: .*$", "column: nosuch", text)
    (published.content / source).write_text(broken, "utf-8")
    refused = published.run("publish", "--as-of", EARLY)
    assert refused.code == 1
    assert "i/QH" not in refused.out, "nothing was entered, so no row is told"
    assert "没有要登记的内容" not in refused.err
    result = published.run("publish", "--quarantine", "--as-of", EARLY)
    assert result.code == 1, result.said
    assert published.data("build")["kept"] == [page.removesuffix(".html")]
    assert published.tree()[page] == before[page]
    links = [f'"../../{address}' for address in before.keys() - published.tree().keys()]
    assert any(link in before[page].decode() for link in links), "no list of the page is gone"
    assert published.run("verify").code == 0, published.run("verify").said


def test_quarantine_keeps_the_last_good_bytes_and_stops_the_agency_s_batch(
    published: Project, tmp_path: Path
) -> None:
    before = published.tree()
    change(published, "联系人的手机是13800138000。")  # a finding of privacy
    change(published, "同一单位的另一处改动。", "agencies/czj/guide.md")
    change(published, "别的单位的改动。", MEASURES)
    refused = published.run("publish", "--as-of", EARLY)
    assert refused.code == 1
    assert_same(before, published.tree())
    result = published.run("publish", "--quarantine", "--as-of", EARLY)
    assert result.code == 1, result.said
    assert f"{TRAINING}:" in result.said
    assert "agencies/czj/guide.md:1:1: GK747" in result.said
    after = published.tree()
    for address in (f"i/{NUMBER}.html", "a/czj/guide.html"):
        assert after[address] == before[address], address
    assert "别的单位的改动" in after["i/QH0000028/2026-00001.html"].decode()
    account = published.data("build")
    assert account["kept"] == ["a/czj/guide", f"i/{NUMBER}"]
    assert account["suspended"] == []
    assert [row[3] for row in rows(published) if row[0] == "2"] == ["i/QH0000028/2026-00001"]
    assert_served_by_its_ledger(published)
    again = published.run("publish", "--quarantine", "--as-of", EARLY)
    assert again.code == 1, again.said
    assert_same(after, published.tree())
    # a machine that has no old site says that the item is being checked
    fresh = published.copy_to(tmp_path / "fresh")
    built = fresh.build("--quarantine", "--as-of", EARLY, expect=1)
    assert "正在核查" in fresh.text(f"i/{NUMBER}.html"), built.said
    assert fresh.data("build")["suspended"] == ["a/czj/guide", f"i/{NUMBER}"]
    assert fresh.run("verify").code == 0, fresh.run("verify").said
