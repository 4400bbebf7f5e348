"""The ledger and the published log, read from their promises alone, into what does not agree.

Nothing here is shared with what writes them, except for the hashing of RFC 6962.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gongkai.kernel import merkle

CHECKPOINT = "log/checkpoint"
SIGNATURE = "log/checkpoint.sig"
MOST_LEAVES = 20_000_000  # more than all agencies of a province publish in a century
_HEADER = "batch\tdate\tevent\taddress\tcommitment"
_ROW = re.compile(
    r"([1-9]\d{0,9})\t(\d{4}-\d{2}-\d{2})\t(published|changed|withdrawn|erased|restored)\t"
    r"([0-9A-Za-z._/-]+)\t([0-9a-f]{64})",
    re.ASCII,
)
_GONE = ("withdrawn", "erased")
_ORIGIN = re.compile(r"[0-9A-Za-z._:/-]{1,300}")

Finding = tuple[str, str]  # address, what is wrong


@dataclass(frozen=True, slots=True)
class Row:
    """One event of the ledger; ``place`` is its file and line."""

    batch: int
    date: str
    event: str
    address: str
    commitment: bytes
    place: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the head of the log says: whose it is, how long, its root and the list of files."""

    origin: str
    size: int
    root: bytes
    manifest: str  # SHA-256 of data/manifest.tsv

    @classmethod
    def read(cls, data: bytes) -> Checkpoint:
        """Return a checkpoint from its text.

        Raises:
            ValueError: it is none; the words are for the operator.
        """
        try:
            lines = data.decode("utf-8").split("\n")
            origin, size, root = lines[:3]
            value = base64.b64decode(root, validate=True)
        except (ValueError, binascii.Error):
            raise ValueError("看不懂") from None
        if not origin or not re.fullmatch(r"0|[1-9]\d{0,15}", size, re.ASCII):
            raise ValueError("看不懂")
        if len(value) != merkle.HASH_SIZE or lines[-1]:
            raise ValueError("看不懂")
        marks = [line.removeprefix("manifest sha256 ") for line in lines[3:-1]]
        listed = [mark for mark in marks if re.fullmatch("[0-9a-f]{64}", mark)]
        if len(listed) != 1:
            raise ValueError("没有写明文件清单的摘要")
        if len(marks) != 1 or not _ORIGIN.fullmatch(origin):
            raise ValueError("里有不属于它的文字")  # nothing but a signature vouches for its words
        return cls(origin, int(size), value, listed[0])


def ledger_rows(content: Path) -> tuple[list[Row], list[str]]:
    """Return the rows of ``content/ledger/`` in the order of the log, and what is wrong there."""
    found: list[tuple[int, str, int, Row]] = []
    wrong: list[str] = []
    try:
        names = sorted(os.listdir(content / "ledger"))
    except OSError:
        return [], []
    for name in names:
        if not name.endswith(".tsv") or name.endswith(".keys.tsv"):
            continue
        path, agency, last = f"ledger/{name}", name.removesuffix(".tsv"), 0
        lines = (content / path).read_bytes().decode("utf-8", "replace").split("\n")
        if lines[0] != _HEADER or lines[-1]:
            wrong.append(f"{path}: 首行或末行不对")
        for n, line in enumerate(lines[1:-1], 2):
            match = _ROW.fullmatch(line)
            if match is None or int(match[1]) < last:
                wrong.append(f"{path}:{n}: 看不懂，或者批次倒退")
                continue
            last = int(match[1])
            value = bytes.fromhex(match[5])
            row = Row(last, match[2], match[3], match[4], value, f"{path}:{n}")
            found.append((last, agency, n, row))
    return [row for *_, row in sorted(found, key=lambda one: one[:3])], wrong


def unpublished(rows: list[Row], files: set[str]) -> list[str]:
    """Return what the ledger says was published and the site has neither page nor tombstone of.

    Guides and reports that were withdrawn leave no page; an entry's address is kept for ever.
    """
    last = {row.address: row for row in rows}
    return [
        f"{row.place}: 公布过的网址 {address}.html 没有页面，也没有撤下说明"
        for address, row in last.items()
        if (row.event not in _GONE or address.startswith("i/")) and f"{address}.html" not in files
    ]


def leaf_hashes(rows: list[Row]) -> list[bytes]:
    """Return the leaf hashes of rows in log order."""
    return [merkle.leaf_hash(row.commitment) for row in rows]


def log_findings(
    checkpoint: Checkpoint, read: Callable[[str], bytes | None]
) -> tuple[list[Finding], list[bytes] | None]:
    """Recompute a published log from its entries.

    ``read`` returns the bytes at an address of the site. Returns what does not agree and the
    leaf hashes, if all entries were there.
    """
    size = checkpoint.size
    if size > MOST_LEAVES:
        return [(CHECKPOINT, f"说有 {size} 条记录，多得不可信")], None
    found: list[Finding] = []
    leaves: list[bytes] = []
    is_whole = True
    for number in range(0, -(-size // merkle.TILE_WIDTH)):
        width = min(merkle.TILE_WIDTH, size - number * merkle.TILE_WIDTH)
        address = f"log/{merkle.entries_name(number, width)}"
        data = read(address)
        try:
            entries = merkle.bundled_entries(data) if data is not None else None
        except ValueError:
            entries = []
        if entries is None or len(entries) != width or {len(one) for one in entries} != {32}:
            why = "读不到" if entries is None else f"记录应为 {width} 条，每条 32 字节"
            found.append((address, why))
            is_whole = False
            if len(found) >= 10:
                break
        else:
            leaves += map(merkle.leaf_hash, entries)
    if not is_whole:
        return found, None
    levels = merkle.levels_of(leaves)
    for tile in merkle.tiles_of(size):
        address = f"log/{merkle.tile_name(tile)}"
        data = read(address)
        if data != merkle.tile_data(levels, tile):
            found.append((address, "读不到" if data is None else "与记录算出的不符"))
            if len(found) >= 10:
                break
    if merkle.root_hash(leaves) != checkpoint.root:
        found.append((CHECKPOINT, "树根与记录算出的不符，记录被改动或截短"))
    return found, leaves


def against_ledger(
    checkpoint: Checkpoint, leaves: list[bytes] | None, rows: list[Row]
) -> tuple[list[Finding], str]:
    """Hold a published log against our own ledger; return what differs, else words that it agrees.

    A log that is shorter than the ledger is an older copy, as long as it is its beginning; one
    that still shows what was taken down since is not let pass.
    """
    size, own = checkpoint.size, leaf_hashes(rows)
    if leaves is not None:
        pairs = zip(leaves, own, strict=False)
        at = next((n for n, (theirs, ours) in enumerate(pairs) if theirs != ours), None)
        if at is not None:
            row = rows[at]
            where = f"第 {at + 1} 条（登记簿：{row.date} {row.event} {row.address}）"
            return [(CHECKPOINT, f"发布日志从{where}起与登记簿不同，不是同一份日志")], ""
    if size > len(own):
        more = f"发布日志有 {size} 条，登记簿只有 {len(own)} 条"
        return [(CHECKPOINT, f"{more}：多出的不是本地登记的；先取回最新的 content/ledger/")], ""
    if merkle.root_hash(own[:size]) != checkpoint.root:
        return [(CHECKPOINT, f"树根与登记簿前 {size} 条算出的不符，不是同一份日志")], ""
    gone = [row for row in rows[size:] if row.event in _GONE]
    if gone:
        words = f"网站还是旧的一份：{gone[0].date} 起登记撤下的 {len(gone)} 条在上面没有撤下"
        return [(CHECKPOINT, words)], ""
    behind = f"，还差最近 {len(own) - size} 条" if size < len(own) else ""
    return [], f"发布日志与登记簿一致（{size} 条{behind}）"


def since_findings(
    checkpoint: Checkpoint, leaves: list[bytes] | None, older: Checkpoint
) -> list[Finding]:
    """Return why a log is no continuation of the one of an older checkpoint."""
    if older.origin != checkpoint.origin:
        return [(CHECKPOINT, "与旧的检查点不是同一个网站的")]
    if older.size > checkpoint.size:
        words = f"发布日志只有 {checkpoint.size} 条，旧的检查点已有 {older.size} 条：被截短"
        return [(CHECKPOINT, words)]
    if leaves is not None and merkle.root_hash(leaves[: older.size]) != older.root:
        return [(CHECKPOINT, f"发布日志的前 {older.size} 条与旧的检查点不符：历史被改写")]
    return []
