"""The files of the publication log: what is added changes nothing of what was there."""

from __future__ import annotations

import base64
import hashlib
import shutil
from pathlib import Path

import pytest

from golden.cases import BASE
from gongkai.derive.records import canonical, commitment, record
from gongkai.domain.ledger import Ledger, LedgerRow
from gongkai.kernel import merkle
from gongkai.kernel.place import Place
from gongkai.pipeline.build import Build, Options, RejectedContent
from gongkai.pipeline.log_files import CHECKPOINT, Log
from gongkai.release.verify import verify
from ledgers import enter, items, judged

THEME = Path(__file__).parents[3] / "theme"


def ledger(size: int) -> Ledger:
    """Return rows in batches of seven."""
    rows = []
    for n in range(size):
        sealed = hashlib.sha256(str(n).encode()).hexdigest()
        place = Place("ledger/mzj.tsv", n + 2)
        facts = (n // 7 + 1, "2026-03-05", "published", f"i/A/{n}", sealed, "mzj", place)
        rows.append(LedgerRow(*facts))
    return Ledger.of(rows, {})


def files(log: Log) -> dict[str, bytes]:
    return {artifact.address: artifact.make() for artifact in log.files()}


def test_a_log_is_read_back_from_its_tiles_with_the_root_of_its_checkpoint() -> None:
    for size in (1, 12, 256, 300, 600):
        log = Log(ledger(size))
        held = files(log)
        tiles = merkle.Tiles(size, lambda name, held=held: held[f"log/{name}"])  # type: ignore[misc]
        lines = log.checkpoint(b"manifest", "www.example/log").decode().split("\n")
        assert lines[:2] == ["www.example/log", str(size)]
        assert base64.b64decode(lines[2]) == tiles.root()
        assert lines[3:] == ["manifest sha256 " + hashlib.sha256(b"manifest").hexdigest(), ""]
        assert list(tiles.damaged()) == []
        bundles = [held[name] for name in sorted(held) if name.startswith("log/tile/entries/")]
        leaves = [leaf for bundle in bundles for leaf in merkle.bundled_entries(bundle)]
        assert leaves == list(log.ledger.leaves)
        assert [merkle.leaf_hash(leaf) for leaf in leaves] == [tiles.leaf(n) for n in range(size)]


def test_every_publication_goes_on_from_the_one_before() -> None:
    for old, new in ((7, 14), (250, 257), (252, 700)):
        before, after = Log(ledger(old)), Log(ledger(new))
        assert after.ledger.leaves[:old] == before.ledger.leaves
        proof = merkle.consistency_proof(after.levels, old)
        assert merkle.is_consistent(old, before.root, new, after.root, proof)


def test_full_tiles_keep_their_keys_so_that_only_the_last_are_written() -> None:
    before = {artifact.address: artifact.key for artifact in Log(ledger(600)).files()}
    after = {artifact.address: artifact.key for artifact in Log(ledger(700)).files()}
    kept = {address for address in before if after.get(address) == before[address]}
    full = {f"log/tile/{kind}/00{n}" for kind in ("0", "entries") for n in (0, 1)}
    assert kept == full | {"log/tile/1/000.p/2"}, "both logs have two full tiles below it"
    assert set(before) - kept == {"log/tile/0/002.p/88", "log/tile/entries/002.p/88"}


def test_a_site_that_has_published_nothing_has_no_log(tmp_path: Path) -> None:
    assert files(Log(Ledger())) == {}


def pressed(content: Path, site: Path) -> Build:
    """Write the files of the log alone, by the way every file goes."""
    build = Build(Options(content, THEME, content.parent / "cache.sqlite", workers=1))
    build.load()
    log = Log(build.judged.corpus.ledger)  # type: ignore[union-attr]
    build.shells = {}
    build.plan().shared["log"] = log
    build._release({artifact.address: artifact for artifact in log.files()}, site)
    return build


def content_of(root: Path) -> Path:
    shutil.copytree(BASE, root / "content")
    return root / "content"


def test_the_checkpoint_stands_beside_the_list_and_is_not_in_it(tmp_path: Path) -> None:
    content, site = content_of(tmp_path), tmp_path / "site"
    enter(content, tmp_path / "c.sqlite", 1, "2026-03-05")
    build = pressed(content, site)
    listed = (site / "data/manifest.tsv").read_bytes()
    lines = (site / CHECKPOINT).read_text("utf-8").split("\n")
    assert b"log/tile/0/000.p/" in listed and b"log/checkpoint" not in listed
    assert lines[3] == f"manifest sha256 {hashlib.sha256(listed).hexdigest()}"
    (site / "log/checkpoint.sig").write_bytes(b"signed")
    assert not [line for line in verify(content, site)[0] if line.startswith("log/")]
    # nothing changed: the release stands, and so does its signature
    artifacts = {a.address: a for a in Log(build.judged.corpus.ledger).files()}  # type: ignore[union-attr]
    assert not build._release(artifacts, site).swapped
    assert (site / "log/checkpoint.sig").read_bytes() == b"signed"
    # another list: another checkpoint, which nobody has signed
    artifacts.popitem()
    assert build._release(artifacts, site).swapped
    assert not (site / "log/checkpoint.sig").exists()
    build.cache.close()


def test_nothing_in_the_log_lets_anybody_test_a_guess(tmp_path: Path) -> None:
    """Who knows a record to the letter finds no trace of it in the log once its key is gone."""
    content = content_of(tmp_path)
    enter(content, tmp_path / "c.sqlite", 1, "2026-03-05")
    found = judged(content, tmp_path / "c.sqlite")
    held = files(Log(found.corpus.ledger))
    published = b"".join(held.values()) + "".join(held).encode()
    keys = found.corpus.ledger.keys
    for item in items(found):
        made = record(item)
        guesses = [canonical(made), *(str(value).encode() for value in made.values())]
        if item.body.text:
            guesses.append(item.body.text.encode())
        for guess in guesses:
            for digest in (hashlib.sha256(guess), hashlib.blake2b(guess, digest_size=16)):
                assert digest.digest() not in published
                assert digest.hexdigest().encode() not in published
        for salt in ("", "0" * 32):
            assert bytes.fromhex(commitment(made, salt)) not in published
    for key in keys.values():
        assert bytes.fromhex(key.salt) not in published
        assert key.salt.encode() not in published
        assert key.source.encode() not in published


def test_the_log_is_the_same_after_a_key_was_dropped(tmp_path: Path) -> None:
    content = content_of(tmp_path)
    enter(content, tmp_path / "c.sqlite", 1, "2026-03-05")
    before = files(Log(judged(content, tmp_path / "c.sqlite").corpus.ledger))
    (content / "ledger/mzj.keys.tsv").unlink()
    assert files(Log(judged(content, tmp_path / "c.sqlite").corpus.ledger)) == before


def test_a_slip_in_the_ledger_stops_a_build_that_leaves_other_slips_out(tmp_path: Path) -> None:
    content = content_of(tmp_path)
    enter(content, tmp_path / "c.sqlite", 1, "2026-03-05")
    file = content / "ledger/mzj.tsv"
    rows = file.read_text("utf-8").split("\n")
    file.write_text("\n".join([rows[0], rows[1], rows[1], *rows[2:]]), "utf-8")
    options = Options(content, THEME, tmp_path / "q.sqlite", quarantine=True, workers=1)
    build = Build(options)
    build.load()
    with pytest.raises(RejectedContent):
        build.check()
    build.cache.close()
