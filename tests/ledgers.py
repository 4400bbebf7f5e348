"""Ledger files for content folders, as a publication would write them, with salts of its own."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gongkai.derive.links import public_files
from gongkai.derive.records import Item, address_of, commitment, record
from gongkai.domain.corpus import EntryRecord, Judged
from gongkai.domain.ledger import HEADER, KEYS_HEADER
from gongkai.kernel.digest import git_blob_id
from gongkai.pipeline.build import Build, Options

THEME = Path(__file__).parent.parent / "theme"


def judged(content: Path, cache: Path, as_of: str = "2026-11-20 09:00") -> Judged:
    """Return the judged content of a folder."""
    from gongkai.pipeline.build import moment

    build = Build(Options(content, THEME, cache, as_of=moment(as_of), workers=1))
    try:
        return build.load()
    finally:
        build.cache.close()


def salt_of(address: str, batch: int) -> str:
    """Return the salt of a row; a publication would draw it."""
    return hashlib.md5(f"{batch} {address}".encode(), usedforsecurity=False).hexdigest()


def items(found: Judged) -> list[Item]:
    """Return everything that is published, by agency."""
    entries = [r for r in found.published if r.entry]
    reports = [*found.published_reports, *found.published_site_reports]
    return sorted((*entries, *found.published_guides.values(), *reports), key=lambda i: i.agency)


def enter(content: Path, cache: Path, batch: int, day: str, event: str = "published") -> list[str]:
    """Append a row for every item that has none yet, or another text; return the addresses."""
    found = judged(content, cache)
    assert not [p for p in found.problems if p.code.id.startswith("GK74")], found.problems
    folder = content / "ledger"
    folder.mkdir(exist_ok=True)
    entered = []
    for item in items(found):
        address = address_of(item)
        files = public_files(found, item) if isinstance(item, EntryRecord) else ()
        made = record(item, files)
        row = found.corpus.ledger.live.get(address)
        key = found.corpus.ledger.keys.get(row.commitment) if row else None
        if row and key and commitment(made, key.salt) == row.commitment:
            continue
        salt = salt_of(address, batch)
        sealed = commitment(made, salt)
        source = git_blob_id((content / item.path).read_bytes())
        said = "changed" if row else event
        append(folder / f"{item.agency}.tsv", HEADER, (str(batch), day, said, address, sealed))
        append(folder / f"{item.agency}.keys.tsv", KEYS_HEADER, (sealed, salt, source))
        entered.append(address)
    return entered


def append(file: Path, header: tuple[str, ...], row: tuple[str, ...]) -> None:
    """Write one row at the end of a file that begins with its header."""
    text = file.read_text("utf-8") if file.exists() else "\t".join(header) + "\n"
    file.write_text(text + "\t".join(row) + "\n", "utf-8")
