"""The ledger into the files of the publication log: tiles, entries and the checkpoint."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cached_property, partial

from gongkai.domain.ledger import Ledger
from gongkai.kernel import merkle
from gongkai.kernel.digest import digest_of_text
from gongkai.pipeline.plan import Plan
from gongkai.press.artifact import Artifact

FOLDER = "log/"
CHECKPOINT = "log/checkpoint"
SIGNATURE = "log/checkpoint.sig"


class Log:
    """The tree over one ledger; what costs something is made once, when it is asked for."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self.ledger.rows)

    @cached_property
    def levels(self) -> list[list[bytes]]:
        """The hashes of all complete subtrees."""
        return merkle.levels_of([merkle.leaf_hash(data) for data in self.ledger.leaves])

    @cached_property
    def root(self) -> bytes:
        """The root over all leaves."""
        return merkle.root_hash(self.levels[0])

    def files(self) -> Iterator[Artifact]:
        """Yield each tile; the key of a full one never changes, whatever is added."""
        commitments = [row.commitment for row in self.ledger.rows]
        below: list[str] = commitments
        keys: list[str] = []
        level = 0
        for tile in merkle.tiles_of(self.size):
            if tile[0] != level:
                level, below, keys = tile[0], keys, []
            first = tile[1] * merkle.TILE_WIDTH
            key = digest_of_text("tile", *below[first : first + tile[2]])
            if tile[2] == merkle.TILE_WIDTH:
                keys.append(key)
            address = FOLDER + merkle.tile_name(tile)
            yield Artifact(address, key, partial(self._tile, tile), self._prepare)
            if level == 0:
                address = FOLDER + merkle.entries_name(tile[1], tile[2])
                key = digest_of_text("entries", key)
                yield Artifact(address, key, partial(self._entries, first, tile[2]))

    def _prepare(self) -> object:
        return self.levels

    def _tile(self, tile: merkle.Tile) -> bytes:
        return merkle.tile_data(self.levels, tile)

    def _entries(self, first: int, width: int) -> bytes:
        return merkle.entries_bundle(self.ledger.leaves[first : first + width])

    def checkpoint(self, manifest: bytes, origin: str) -> bytes:
        """Return the checkpoint: who, how many leaves, their root, and the list of all files."""
        root = base64.b64encode(self.root).decode()
        listed = hashlib.sha256(manifest).hexdigest()
        return f"{origin}\n{self.size}\n{root}\nmanifest sha256 {listed}\n".encode()


def log_of(plan: Plan) -> Log:
    """Return the log of a plan's ledger, the same for all who ask."""
    log = plan.shared.get("log")
    if not isinstance(log, Log):
        log = plan.shared["log"] = Log(plan.judged.corpus.ledger)
    return log


def log_files(plan: Plan) -> Iterator[Artifact]:
    """Yield the tiles of the publication log; a site without a ledger has none."""
    yield from log_of(plan).files()


def checkpoint(plan: Plan, manifest: bytes) -> bytes:
    """Return the checkpoint of a release with this manifest, or nothing where there is no log."""
    log = log_of(plan)
    domain = plan.judged.corpus.site.domain
    return log.checkpoint(manifest, f"{domain}/log") if log.size else b""
