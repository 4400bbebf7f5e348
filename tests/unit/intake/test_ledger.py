"""Ledger files as they are read: quickly where they are sound, in every detail where not."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest

from gongkai.domain.ledger import HEADER, KEYS_HEADER
from gongkai.intake.ledger import LedgerFiles, load_ledger
from gongkai.intake.source import FINDINGS_LIMIT
from gongkai.intake.walk import walk
from make import make_agency

AGENCIES = {"mzj": make_agency(), "czj": make_agency("czj", codes=("QH0000036",))}
ENTRY, GUIDE = "i/QH0000028/2026-00001", "a/mzj/guide"


def sealed(n: int) -> str:
    return hashlib.sha256(str(n).encode()).hexdigest()


def lay(root: Path, name: str, header: tuple[str, ...], *rows: tuple[object, ...]) -> None:
    (root / "ledger").mkdir(exist_ok=True)
    lines = (header, *rows)
    text = "".join("\t".join(map(str, line)) + "\n" for line in lines)
    (root / "ledger" / name).write_text(text, "utf-8")


def load(root: Path) -> LedgerFiles:
    return load_ledger(root, walk(root)[0], AGENCIES)


def test_rows_and_keys_are_read_with_their_places(tmp_path: Path) -> None:
    rows = ((1, "2026-03-05", "published", ENTRY, sealed(1)),)
    lay(tmp_path, "mzj.tsv", HEADER, *rows)
    lay(tmp_path, "mzj.keys.tsv", KEYS_HEADER, (sealed(1), "0" * 32, "a" * 40))
    read = load(tmp_path)
    assert read.problems == ()
    (row,) = read.ledger.rows
    assert (row.batch, row.date, row.event, row.address) == (1, "2026-03-05", "published", ENTRY)
    assert str(row.place) == "ledger/mzj.tsv:2:1"
    assert read.ledger.keys[sealed(1)].salt == "0" * 32
    assert read.ledger.keys[sealed(1)].source == "a" * 40


def test_an_erased_row_has_no_key(tmp_path: Path) -> None:
    rows = (
        (1, "2026-03-05", "published", ENTRY, sealed(1)),
        (2, "2026-03-06", "erased", ENTRY, sealed(2)),
        (3, "2026-03-07", "restored", ENTRY, sealed(3)),
    )
    lay(tmp_path, "mzj.tsv", HEADER, *rows)
    lay(tmp_path, "mzj.keys.tsv", KEYS_HEADER, (sealed(3), "0" * 32, "-"))
    read = load(tmp_path)
    assert read.problems == ()
    assert list(read.ledger.keys) == [sealed(3)]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([(1, "2026-03-05", "changed", ENTRY, sealed(1))], "GK741"),
        ([(1, "2026-03-05", "withdrawn", ENTRY, sealed(1))], "GK741"),
        ([(1, "2026-03-05", "published", ENTRY, sealed(1))] * 2, "GK744"),
        (
            [
                (1, "2026-03-05", "published", ENTRY, sealed(1)),
                (2, "2026-03-05", "published", ENTRY, sealed(2)),
            ],
            "GK741",
        ),
        (
            [
                (2, "2026-03-05", "published", ENTRY, sealed(1)),
                (1, "2026-03-05", "published", GUIDE, sealed(2)),
            ],
            "GK741",
        ),
        ([(1, "2026-03-05", "published", "i/QH0000036/2026-1", sealed(1))], "GK742"),
        ([(1, "2026-03-05", "published", "a/czj/report/2025", sealed(1))], "GK742"),
        ([(1, "2026-13-05", "published", ENTRY, sealed(1))], "GK740"),
        ([(1, "2026-03-05", "published", "../x", sealed(1))], "GK740"),
        ([(1, "2026-03-05", "published", ENTRY, sealed(1).upper())], "GK740"),
        ([(1, "2026-03-05", "published", ENTRY)], "GK740"),
    ],
)
def test_what_cannot_have_been_written_is_an_error(
    tmp_path: Path, rows: list[tuple[object, ...]], code: str
) -> None:
    lay(tmp_path, "mzj.tsv", HEADER, *rows)
    assert [problem.code.id for problem in load(tmp_path).problems] == [code]


def test_a_row_that_was_cut_off_is_told_and_the_rest_of_the_file_is_not_believed(
    tmp_path: Path,
) -> None:
    lay(tmp_path, "mzj.tsv", HEADER, (1, "2026-03-05", "published", ENTRY, sealed(1)))
    file = tmp_path / "ledger/mzj.tsv"
    file.write_bytes(file.read_bytes() + b"2\t2026-03-0")
    read = load(tmp_path)
    assert [str(problem.place) for problem in read.problems] == ["ledger/mzj.tsv:3:1"]
    assert read.ledger.rows == ()


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger/mzj.tsv").write_bytes("\t".join(HEADER).encode() + b"\n\xff\n")
    assert [str(p.place) for p in load(tmp_path).problems] == ["ledger/mzj.tsv:2:1"]


@pytest.mark.parametrize(
    ("commitment", "salt", "source", "code"),
    [
        (sealed(1), "0" * 31, "a" * 40, "GK740"),
        (sealed(1), "-" * 32, "a" * 40, "GK740"),
        (sealed(1), "0" * 32, "a" * 39, "GK740"),
        (sealed(1), "0" * 32, "a" * 39 + "-", "GK740"),
        (sealed(2), "0" * 32, "a" * 40, "GK743"),
    ],
)
def test_a_key_that_opens_nothing_is_an_error(
    tmp_path: Path, commitment: str, salt: str, source: str, code: str
) -> None:
    lay(tmp_path, "mzj.tsv", HEADER, (1, "2026-03-05", "published", ENTRY, sealed(1)))
    lay(tmp_path, "mzj.keys.tsv", KEYS_HEADER, (commitment, salt, source))
    assert [problem.code.id for problem in load(tmp_path).problems] == [code]


def test_a_key_of_another_agency_s_row_is_an_error(tmp_path: Path) -> None:
    lay(tmp_path, "mzj.tsv", HEADER, (1, "2026-03-05", "published", ENTRY, sealed(1)))
    lay(tmp_path, "czj.keys.tsv", KEYS_HEADER, (sealed(1), "0" * 32, "a" * 40))
    assert [problem.code.id for problem in load(tmp_path).problems] == ["GK743"]


def test_a_ruined_file_is_told_in_a_few_lines(tmp_path: Path) -> None:
    lay(tmp_path, "mzj.tsv", HEADER, *[("x",)] * 5000)
    assert len(load(tmp_path).problems) == FINDINGS_LIMIT


def test_thirty_thousand_rows_are_read_in_a_moment(tmp_path: Path) -> None:
    names = [f"i/QH0000028/2026-{n:05}" for n in range(30_000)]
    sums = [sealed(n) for n in range(30_000)]
    pairs = list(zip(names, sums, strict=True))
    lay(tmp_path, "mzj.tsv", HEADER, *((1, "2026-03-05", "published", a, c) for a, c in pairs))
    lay(tmp_path, "mzj.keys.tsv", KEYS_HEADER, *((c, c[:32], c[:40]) for c in sums))
    begun = time.process_time()
    read = load(tmp_path)
    spent = time.process_time() - begun
    assert len(read.ledger.rows) == len(read.ledger.keys) == 30_000
    assert spent < 0.6, "four times what a quiet machine needs"
