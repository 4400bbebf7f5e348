"""Bytes and values into short stable digests."""

from __future__ import annotations

import hashlib
import json
from typing import Any

DIGEST_CHARACTERS = 32


def digest_of_bytes(data: bytes) -> str:
    """Return the BLAKE2b digest of ``data`` as 32 hexadecimal characters."""
    return hashlib.blake2b(data, digest_size=DIGEST_CHARACTERS // 2).hexdigest()


def digest_of_text(*parts: str) -> str:
    """Return one digest of several texts; their borders count."""
    hasher = hashlib.blake2b(digest_size=DIGEST_CHARACTERS // 2)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        hasher.update(len(data).to_bytes(8, "big"))
        hasher.update(data)
    return hasher.hexdigest()


def digest_of_value(value: Any) -> str:
    """Return the digest of a JSON-like value; the order of mapping keys does not count."""
    return digest_of_text(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str))


def git_blob_id(data: bytes) -> str:
    """Return the name that git gives to a file with these bytes (SHA-1 object format)."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
