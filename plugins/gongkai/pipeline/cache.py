"""Facts of unchanged sources and digests of pressed pages, in one SQLite file.

The cache can be deleted at any time. Rows carry checksums and the version of code and
libraries; a damaged or foreign cache costs time and never changes a byte of the site.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from gongkai.intake.source import read_regular
from gongkai.intake.walk import Found
from gongkai.kernel.digest import digest_of_bytes, digest_of_text
from gongkai.pipeline.parse import Parsed

_LIBRARIES = (
    "Markdown",
    "nh3",
    "pydantic",
    "pydantic-core",
    "PyYAML",
    "Jinja2",
    "chinesecalendar",
    "mkdocs",
    "mkdocs-material",
    "openpyxl",
    "python-docx",
    "XlsxWriter",
    "weasyprint",
    "pydyf",
    "fonttools",
    "numpy",
    "pypdf",
    "defusedxml",
    "olefile",
    "pillow",
    "rjsmin",
    "tdewolff-minify",
)
SETTLED = 2_000_000_000  # ns: a file changed later than this before reading is read again
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sources (
  path TEXT PRIMARY KEY, size INTEGER, modified INTEGER, seen INTEGER,
  version TEXT, digest TEXT, facts TEXT, checksum TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bodies (path TEXT PRIMARY KEY, digest TEXT, html TEXT);
CREATE TABLE IF NOT EXISTS files (
  path TEXT PRIMARY KEY, size INTEGER, modified INTEGER, seen INTEGER, digest TEXT,
  checksum TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (
  target TEXT, address TEXT, key TEXT, digest TEXT, size INTEGER, modified INTEGER, checksum TEXT,
  PRIMARY KEY (target, address)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS releases (target TEXT PRIMARY KEY, facts TEXT, checksum TEXT);
CREATE TABLE IF NOT EXISTS terms (
  stamp TEXT PRIMARY KEY, data BLOB, checksum BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inspections (
  digest TEXT, name TEXT, stamp TEXT, facts TEXT, checksum TEXT,
  PRIMARY KEY (digest, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS texts (
  digest TEXT, type TEXT, version TEXT, text TEXT, checksum TEXT,
  PRIMARY KEY (digest, type)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS searches (name TEXT PRIMARY KEY, facts TEXT, checksum TEXT);
CREATE TABLE IF NOT EXISTS versions (
  blob TEXT PRIMARY KEY, version TEXT, facts TEXT, words TEXT, checksum TEXT);
CREATE TABLE IF NOT EXISTS histories (prefix TEXT PRIMARY KEY, facts TEXT, checksum TEXT);
"""
_TABLES = (
    "sources",
    "bodies",
    "files",
    "pages",
    "releases",
    "terms",
    "inspections",
    "texts",
    "searches",
    "versions",
    "histories",
)


def code_version() -> str:
    """Return a digest of this package's own files and of the libraries that shape its output."""
    package = Path(__file__).parent.parent
    parts = [
        f"{path.relative_to(package).as_posix()} {digest_of_bytes(path.read_bytes())}"
        for path in sorted(package.rglob("*"))
        if path.suffix in (".py", ".yml")
    ]
    parts += [f"{library} {_version(library)}" for library in _LIBRARIES]
    return digest_of_text(*parts)


def _version(library: str) -> str:
    """Return a library's version; not every system has every library."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"


@dataclass(frozen=True, slots=True)
class Page:
    """A pressed page as it stands in the published folder."""

    key: str
    digest: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Source:
    """What is remembered of one source file."""

    size: int
    modified: int
    seen: int
    digest: str
    facts: str


class Cache:
    """The one place that remembers anything between builds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.version = code_version()
        self._connection: sqlite3.Connection | None = None
        self._process = 0

    @property
    def connection(self) -> sqlite3.Connection:
        """The open database; one connection a process, a broken file is set aside."""
        if self._connection is None or self._process != os.getpid():
            self._connection = self._open()
            self._process = os.getpid()
        return self._connection

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for attempt in range(2):
            connection: sqlite3.Connection | None = None
            try:
                connection = sqlite3.connect(self.path, timeout=30, check_same_thread=False)
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=OFF")
                connection.execute("PRAGMA secure_delete=ON")  # what is dropped is gone
                connection.executescript(_SCHEMA)
                for table in _TABLES:
                    connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
                return connection
            except sqlite3.DatabaseError as error:
                if connection is not None:
                    connection.close()
                if attempt:
                    raise OSError(errno.EIO, str(error), str(self.path)) from error
                self.path.unlink(missing_ok=True)
        raise AssertionError("unreachable")

    def reset(self) -> None:
        """Throw the whole cache away after a read has shown it to be damaged."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self.path.unlink(missing_ok=True)

    def known_sources(self) -> dict[str, Source]:
        """Return the sound rows of sources of this version, by path."""
        rows = self.connection.execute(
            "SELECT path, size, modified, seen, digest, facts, checksum FROM sources"
            " WHERE version = ?",
            (self.version,),
        )
        found = {}
        for path, size, modified, seen, digest, facts, sum_ in rows:
            if checksum(path, size, modified, seen, digest, facts) == sum_:
                found[path] = Source(size, modified, seen, digest, facts)
        return found

    def keep_sources(self, parsed: Iterable[tuple[Found, Parsed]]) -> None:
        """Remember what sources gave; rows go in as they come, so that memory stays flat."""
        for found, one in parsed:
            self._keep_source(found, one.digest, one.facts)
            body = (one.path, one.digest, one.html)
            self.connection.execute("REPLACE INTO bodies VALUES (?,?,?)", body)

    def _keep_source(self, found: Found, digest: str, facts: str) -> None:
        row = (found.path, found.size, found.modified, time.time_ns(), digest, facts)
        self.connection.execute(
            "REPLACE INTO sources VALUES (?,?,?,?,?,?,?,?)",
            (*row[:4], self.version, *row[4:], checksum(*row)),
        )

    def touch_source(self, found: Found, source: Source) -> None:
        """Remember that a source with a new stat signature still has its old bytes."""
        self._keep_source(found, source.digest, source.facts)

    def keep_only(self, paths: set[str]) -> None:
        """Drop sources that are gone, whatever version kept them: what they hold may be private."""
        for table in ("sources", "bodies"):
            held = {row[0] for row in self.connection.execute(f"SELECT path FROM {table}")}
            gone = [(path,) for path in held - paths]
            self.connection.executemany(f"DELETE FROM {table} WHERE path=?", gone)

    def body(self, path: str, digest: str) -> str | None:
        """Return the safe HTML of a source with this digest."""
        try:
            row = self.connection.execute(
                "SELECT html FROM bodies WHERE path=? AND digest=?", (path, digest)
            ).fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return None
        return row[0] if row else None

    def file_digests(self, files: Iterable[Found], root: Path) -> dict[str, str]:
        """Return the content digest of attachments; an unchanged file is not read again."""
        rows = self.connection.execute(
            "SELECT path, size, modified, seen, digest, checksum FROM files"
        )
        known = {row[0]: row[1:5] for row in rows if checksum(*row[:5]) == row[5]}
        digests: dict[str, str] = {}
        for found in files:
            kept = known.get(found.path)
            if kept and is_unchanged(found, *kept[:3]):
                digests[found.path] = kept[3]
                continue
            digest = digest_of_bytes(read_regular(root, found.path))
            digests[found.path] = digest
            row = (found.path, found.size, found.modified, time.time_ns(), digest)
            self.connection.execute(
                "REPLACE INTO files VALUES (?,?,?,?,?,?)", (*row, checksum(*row))
            )
        return digests

    def pages(self, target: str) -> dict[str, Page]:
        """Return what the last release of a target holds, by address."""
        rows = self.connection.execute(
            "SELECT address, key, digest, size, modified, checksum FROM pages WHERE target=?",
            (target,),
        )
        return {row[0]: Page(*row[1:5]) for row in rows if checksum(*row[:5]) == row[5]}

    def keep_pages(self, target: str, changed: dict[str, Page], gone: Iterable[str]) -> None:
        """Remember the pages that a new release changed and forget those it dropped."""
        self.connection.executemany(
            "REPLACE INTO pages VALUES (?,?,?,?,?,?,?)",
            [
                (target, *row, checksum(*row))
                for a, p in changed.items()
                for row in ((a, p.key, p.digest, p.size, p.modified),)
            ],
        )
        self.connection.executemany(
            "DELETE FROM pages WHERE target=? AND address=?", [(target, a) for a in gone]
        )
        self.connection.commit()

    def release(self, target: str) -> dict[str, Any] | None:
        """Return what is remembered of the last release of a target, or nothing."""
        row = self.connection.execute(
            "SELECT facts, checksum FROM releases WHERE target=?", (target,)
        ).fetchone()
        if row is None or checksum(target, row[0]) != row[1]:
            return None
        facts: dict[str, Any] = json.loads(row[0])
        return facts

    def keep_release(self, target: str, facts: dict[str, Any]) -> None:
        """Remember a release: what it was made from and what stands there now."""
        text = json.dumps(facts, ensure_ascii=False)
        row = (target, text, checksum(target, text))
        self.connection.execute("REPLACE INTO releases VALUES (?,?,?)", row)
        self.connection.commit()

    def forget_release(self, target: str) -> None:
        """Drop what is remembered of the last release of a target."""
        self.connection.execute("DELETE FROM releases WHERE target=?", (target,))
        self.connection.commit()

    def search_terms(self, stamp: str) -> bytes | None:
        """Return the counted terms that were kept under a stamp."""
        try:
            row = self.connection.execute(
                "SELECT data, checksum FROM terms WHERE stamp=?", (stamp,)
            ).fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return None
        if row is None or not isinstance(row[0], bytes) or _sum(stamp, row[0]) != row[1]:
            return None
        return row[0]

    def search_stamps(self, stamps: Iterable[str]) -> set[str]:
        """Return those of some stamps under which terms are kept."""
        return self.all_stamps().intersection(stamps)

    def all_stamps(self) -> set[str]:
        """Return all stamps under which terms are kept."""
        try:
            held = {row[0] for row in self.connection.execute("SELECT stamp FROM terms")}
        except UnicodeDecodeError as error:
            raise sqlite3.DatabaseError(str(error)) from error
        return held

    def keep_search_terms(self, stamp: str, data: bytes) -> None:
        """Remember the counted terms of a document."""
        self.connection.execute(
            "REPLACE INTO terms VALUES (?,?,?)", (stamp, data, _sum(stamp, data))
        )

    def forget_search_terms(self, used: Iterable[str]) -> None:
        """Drop the terms of documents that the index no longer holds."""
        gone = [(stamp,) for stamp in self.all_stamps().difference(used)]
        self.connection.executemany("DELETE FROM terms WHERE stamp=?", gone)

    def attachment_text(self, digest: str, extension: str) -> str | None:
        """Return the text that was read from a file with this digest and type."""
        try:
            row = self.connection.execute(
                "SELECT version, text, checksum FROM texts WHERE digest=? AND type=?",
                (digest, extension),
            ).fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return None
        if row is None or row[0] != self.version:
            return None
        text: str = row[1]
        return text if checksum(digest, extension, text) == row[2] else None

    def keep_attachment_text(self, digest: str, extension: str, text: str) -> None:
        """Remember the text of a file."""
        row = (digest, extension, self.version, text, checksum(digest, extension, text))
        self.connection.execute("REPLACE INTO texts VALUES (?,?,?,?,?)", row)

    def inspections(self, stamp: str) -> dict[tuple[str, str], str]:
        """Return what looking through files gave under a stamp, by digest and name."""
        rows = self.connection.execute(
            "SELECT digest, name, facts, checksum FROM inspections WHERE stamp=?", (stamp,)
        )
        return {
            (digest, name): facts
            for digest, name, facts, sum_ in rows
            if checksum(stamp, digest, name, facts) == sum_
        }

    def keep_inspection(self, stamp: str, key: tuple[str, str], facts: str) -> None:
        """Remember what looking through a file of this digest and name gave."""
        row = (*key, stamp, facts, checksum(stamp, *key, facts))
        self.connection.execute("REPLACE INTO inspections VALUES (?,?,?,?,?)", row)

    def forget_inspections(self, stamp: str, keys: Iterable[tuple[str, str]]) -> None:
        """Drop what is known of files that are there no more, or was found under other rules."""
        self.connection.execute("DELETE FROM inspections WHERE stamp<>?", (stamp,))
        self.connection.executemany("DELETE FROM inspections WHERE digest=? AND name=?", keys)

    def forget_attachment_texts(self, used: set[str]) -> None:
        """Drop the texts of files that are attached to nothing any more: they may be private."""
        held = {row[0] for row in self.connection.execute("SELECT digest FROM texts")}
        gone = [(digest,) for digest in held - used]
        self.connection.executemany("DELETE FROM texts WHERE digest=?", gone)

    def search_state(self, name: str) -> dict[str, Any] | None:
        """Return what was remembered of the search index under a name, by this version."""
        try:
            row = self.connection.execute(
                "SELECT facts, checksum FROM searches WHERE name=?", (name,)
            ).fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return None
        if row is None or checksum(self.version, name, row[0]) != row[1]:
            return None
        facts: dict[str, Any] = json.loads(row[0])
        return facts

    def keep_search_state(self, name: str, facts: dict[str, Any]) -> None:
        """Remember something of the search index."""
        text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
        row = (name, text, checksum(self.version, name, text))
        self.connection.execute("REPLACE INTO searches VALUES (?,?,?)", row)

    def history(self, prefix: str) -> str | None:
        """Return what was remembered of the commits that touch the content at ``prefix``."""
        try:
            row = self.connection.execute(
                "SELECT facts, checksum FROM histories WHERE prefix=?", (prefix,)
            ).fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return None
        if row is None or checksum(self.version, prefix, row[0]) != row[1]:
            return None
        facts: str = row[0]
        return facts

    def keep_history(self, prefix: str, facts: str) -> None:
        """Remember the commits that were read."""
        row = (prefix, facts, checksum(self.version, prefix, facts))
        self.connection.execute("REPLACE INTO histories VALUES (?,?,?)", row)

    def versions(self) -> dict[str, str]:
        """Return what is known of old versions of this program's reading, by blob id."""
        try:
            rows = self.connection.execute(
                "SELECT blob, facts, checksum FROM versions WHERE version=?", (self.version,)
            ).fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return {}
        return {
            blob: facts
            for blob, facts, sum_ in rows
            if str(sum_).partition(" ")[0] == checksum(blob, facts)
        }

    def version_words(self, blob: str) -> str | None:
        """Return what the public saw of an old version, where that is kept."""
        try:
            row = self.connection.execute(
                "SELECT words, checksum FROM versions WHERE blob=? AND version=?",
                (blob, self.version),
            ).fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return None
        if row is None or str(row[1]).partition(" ")[2] != checksum(blob, row[0]):
            return None
        words: str = row[0]
        return words

    def keep_version(self, blob: str, facts: str, words: str) -> None:
        """Remember what an old version was; ``words`` only where all of it may be seen."""
        sums = f"{checksum(blob, facts)} {checksum(blob, words)}"
        row = (blob, self.version, facts, words, sums)
        self.connection.execute("REPLACE INTO versions VALUES (?,?,?,?,?)", row)

    def forget_versions(self, used: set[str], shown: set[str]) -> None:
        """Drop versions that are of no entry, and words of those that no page shows.

        They may have become private.
        """
        rows = self.connection.execute(
            "SELECT blob, facts, words <> '', version FROM versions"
        ).fetchall()
        for blob, facts, has_words, of in rows:
            if blob not in used or of != self.version:
                self.connection.execute("DELETE FROM versions WHERE blob=?", (blob,))
            elif has_words and blob not in shown:
                self.keep_version(blob, facts, "")

    def commit(self) -> None:
        """Write what was remembered."""
        self.connection.commit()

    def close(self) -> None:
        """Close the database; it opens again on use."""
        if self._connection is not None and self._process == os.getpid():
            self._connection.commit()
            self._connection.close()
        self._connection = None


def is_unchanged(found: Found, size: int, modified: int, seen: int) -> bool:
    """Tell whether a file still is what was read, judged by its stat signature alone.

    A file that was changed within two seconds before it was read may have changed again without
    a new time stamp: it is read again (the "racy" rule of version control systems).
    """
    return found.size == size and found.modified == modified and modified + SETTLED < seen


def _sum(stamp: str, data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=8, key=stamp.encode()[:64]).digest()


def checksum(*values: object) -> str:
    """Return a short checksum of the values of a row."""
    text = "\x1f".join(map(str, values))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
