"""Words that must not be anywhere in a published folder or a cache, looked for in every wrapping.

What is packed is unpacked: gzip, zip and office files, the slices of the search index, streams of
PDFs, blobs of the cache. The keys of the search index are looked for as such, for a key of two
Chinese characters is those characters.
"""

from __future__ import annotations

import gzip
import html
import io
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import numpy as np

from gongkai.kernel.terms import key_of, terms
from gongkai.press.search.postings import DOCUMENT_BITS
from search_reader import Index

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def spellings(word: str) -> set[bytes]:
    """Return how a word may stand in a file."""
    forms = {word, html.escape(word), quote(word), json.dumps(word).strip('"')}
    forms |= {"".join(f"&#{ord(c)};" for c in word), "".join(f"&#x{ord(c):x};" for c in word)}
    return {form.encode(code) for form in forms for code in ("utf-8", "utf-16-le", "gb18030")}


def unpacked(name: str, data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield a file and all that is packed in it, with a name that says where."""
    yield name, data
    if depth > 3:
        return
    if data[:2] == b"\x1f\x8b":
        yield from unpacked(f"{name}!gzip", gzip.decompress(data), depth + 1)
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield f"{name}!{member}", member.encode()
                yield from unpacked(f"{name}!{member}", archive.read(member), depth + 1)
    if data[:5] == b"%PDF-":
        for n, stream in enumerate(_STREAM.findall(data)):
            yield from _inflated(f"{name}!stream {n}", stream)
    if name.endswith(".bin") or "!blob" in name:
        yield from _inflated(name, data)


def _inflated(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    starts = [n for n in range(min(len(data), 64)) if n == 0 or data[n] == 0x78]
    for start in starts:
        for bits in (-15, 15):
            try:
                yield f"{name}!inflated", zlib.decompressobj(bits).decompress(data[start:])
            except zlib.error:
                continue


def leaks(files: Mapping[str, bytes], words: tuple[str, ...]) -> list[str]:
    """Return where any of the words stands in any of the files."""
    sought = {form for word in words for form in spellings(word)}
    found = []
    for name, data in files.items():
        if any(form in name.encode("utf-8", "surrogateescape") for form in sought):
            found.append(f"{name} (its name)")
        for place, text in unpacked(name, data):
            found += [f"{place}: {form!r}" for form in sorted(sought) if form in text]
    return found


def site_leaks(site: Path, words: tuple[str, ...], rare: tuple[str, ...] = ()) -> list[str]:
    """Return the places in a published folder that hold a word, or its terms in the search index.

    ``rare`` are words whose terms stand nowhere else in the content.
    """
    files = {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    found = leaks(files, (*words, *rare))
    index = Index(lambda address: files[f"search/{address}"])
    keys = index.postings().keys()
    found += [
        f"search index: {term}" for word in rare for term in terms(word) if key_of(term) in keys
    ]
    return found


def cache_leaks(folder: Path, words: tuple[str, ...], rare: tuple[str, ...] = ()) -> list[str]:
    """Return the places in the folder of caches that hold a word, in freed pages too."""
    files = {p.name: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    sought = np.array([key_of(t) for word in rare for t in terms(word)], dtype=np.uint64)
    found = leaks(files, (*words, *rare))
    for path in folder.rglob("*.sqlite"):
        for place, value in _cells(path):
            data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
            found += leaks({f"{path.name} {place}!blob": data}, (*words, *rare))
            if place.startswith("terms"):
                for _, body in _inflated(place, data):
                    found += [f"{place}: key {k}" for k in sought if k.tobytes() in body]
    for path in folder.rglob("*.postings"):
        data = path.read_bytes()
        for start in range(8):
            numbers = np.frombuffer(data[start : start + (len(data) - start) // 8 * 8], np.uint64)
            if np.isin(sought, numbers >> np.uint64(DOCUMENT_BITS)).any():
                found.append(f"{path.name}: a key")
    return found


def _cells(path: Path) -> Iterator[tuple[str, str | bytes]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    names = [
        row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
    ]
    for table in names:
        for n, row in enumerate(connection.execute(f'SELECT * FROM "{table}"')):
            for value in row:
                if isinstance(value, (str, bytes)):
                    yield f"{table} row {n}", value
    connection.close()
