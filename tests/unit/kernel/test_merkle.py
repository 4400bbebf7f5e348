"""The log's tree against the published vectors, and against its definition written out."""

from __future__ import annotations

import hashlib

import pytest

from gongkai.kernel import merkle

# the eight leaves and roots of the reference vectors of Certificate Transparency
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
STEPS = {
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}


def hashes(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(n).encode()) for n in range(count)]


def defined(leaves: list[bytes]) -> bytes:
    """The root, as RFC 6962 section 2.1 writes it down."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(defined(leaves[:split]), defined(leaves[split:]))


def published(count: int) -> dict[str, bytes]:
    levels = merkle.levels_of(hashes(count))
    return {merkle.tile_name(t): merkle.tile_data(levels, t) for t in merkle.tiles_of(count)}


def test_roots_are_those_of_the_reference_vectors() -> None:
    leaves = [merkle.leaf_hash(data) for data in LEAVES]
    assert [merkle.root_hash(leaves[: n + 1]).hex() for n in range(8)] == ROOTS
    assert merkle.root_hash([]).hex() == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_audit_paths_are_those_of_the_reference_vectors(index: int, size: int) -> None:
    leaves = [merkle.leaf_hash(data) for data in LEAVES[:size]]
    path = merkle.inclusion_proof(merkle.levels_of(leaves), index)
    assert tuple(one.hex() for one in path) == PATHS[index, size]


@pytest.mark.parametrize(("old", "size"), STEPS)
def test_consistency_proofs_are_those_of_the_reference_vectors(old: int, size: int) -> None:
    leaves = [merkle.leaf_hash(data) for data in LEAVES[:size]]
    proof = merkle.consistency_proof(merkle.levels_of(leaves), old)
    assert tuple(one.hex() for one in proof) == STEPS[old, size]


def test_the_root_is_as_defined_for_every_size_up_to_300() -> None:
    leaves = hashes(300)
    for size in range(301):
        assert merkle.root_hash(leaves[:size]) == defined(leaves[:size])


def test_every_leaf_of_every_size_up_to_300_has_a_proof_that_holds_for_it_alone() -> None:
    leaves = hashes(300)
    for size in range(1, 301):
        levels, root = merkle.levels_of(leaves[:size]), defined(leaves[:size])
        for index in range(size):
            proof = merkle.inclusion_proof(levels, index)
            assert merkle.is_included(leaves[index], index, size, proof, root)
            other = (index + 1) % size
            if other != index:
                assert not merkle.is_included(leaves[other], index, size, proof, root)
                assert not merkle.is_included(leaves[index], other, size, proof, root)
            assert not merkle.is_included(leaves[index], index, size, [*proof, root], root)
            if proof:
                assert not merkle.is_included(leaves[index], index, size, proof[:-1], root)


def test_every_log_up_to_300_is_shown_to_begin_with_every_shorter_one() -> None:
    leaves = hashes(300)
    roots = [merkle.root_hash(leaves[:size]) for size in range(301)]
    for size in range(1, 301):
        levels = merkle.levels_of(leaves[:size])
        for old in range(1, size + 1):
            proof = merkle.consistency_proof(levels, old)
            assert merkle.is_consistent(old, roots[old], size, roots[size], proof)
            assert not merkle.is_consistent(old, roots[old - 1], size, roots[size], proof)
            assert not merkle.is_consistent(old, roots[old], size, roots[size - 1], proof)
            assert not merkle.is_consistent(old, roots[old], size, roots[size], [*proof, roots[0]])
        assert merkle.is_consistent(0, roots[0], size, roots[size], [])
        assert not merkle.is_consistent(size, roots[size], old - 1, roots[old - 1], [])


def test_a_log_whose_past_was_rewritten_is_consistent_with_nothing_of_before() -> None:
    leaves = hashes(40)
    forged = [*leaves[:7], merkle.leaf_hash(b"forged"), *leaves[8:]]
    old = merkle.root_hash(leaves[:30])
    levels = merkle.levels_of(forged)
    proof = merkle.consistency_proof(levels, 30)
    assert not merkle.is_consistent(30, old, 40, merkle.root_hash(forged), proof)


def test_no_proof_is_made_of_what_a_log_does_not_have() -> None:
    levels = merkle.levels_of(hashes(3))
    for index in (-1, 3):
        with pytest.raises(IndexError):
            merkle.inclusion_proof(levels, index)
    for old in (0, 4):
        with pytest.raises(IndexError):
            merkle.consistency_proof(levels, old)
    assert not merkle.is_included(hashes(1)[0], 0, 0, [], merkle.root_hash([]))


def test_tiles_have_the_names_of_the_layout() -> None:
    assert merkle.tile_name((0, 5, 256)) == "tile/0/005"
    assert merkle.tile_name((1, 1067, 256)) == "tile/1/x001/067"
    assert merkle.tile_name((0, 1234067, 256)) == "tile/0/x001/x234/067"
    assert merkle.tile_name((2, 0, 7)) == "tile/2/000.p/7"
    assert merkle.entries_name(1067, 12) == "tile/entries/x001/067.p/12"
    assert merkle.entries_name(3) == "tile/entries/003"


def test_a_log_of_seventy_thousand_has_the_tiles_that_the_layout_gives_as_its_example() -> None:
    tiles = list(merkle.tiles_of(70000))
    partial = {merkle.tile_name(tile) for tile in tiles if tile[2] < merkle.TILE_WIDTH}
    assert partial == {"tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"}
    assert len(tiles) == 274 + 2 + 1
    assert list(merkle.tiles_of(0)) == []


def test_tiles_give_the_root_and_the_proofs_back() -> None:
    for size in (0, 1, 2, 5, 255, 256, 257, 300, 512, 700, 66000):
        leaves = hashes(size)
        levels, held = merkle.levels_of(leaves), published(size)
        tiles = merkle.Tiles(size, held.__getitem__)
        assert tiles.root() == merkle.root_hash(leaves)
        assert list(tiles.damaged()) == []
        for index in {0, size // 3, size - 1, size - 2} if size > 1 else range(size):
            assert tiles.leaf(index) == leaves[index]
            assert tiles.inclusion_proof(index) == merkle.inclusion_proof(levels, index)


def test_full_tiles_are_the_same_bytes_whatever_is_added() -> None:
    before, after = published(600), published(700)
    full = {name for name in before if ".p/" not in name}
    assert full == {"tile/0/000", "tile/0/001"}
    assert all(before[name] == after[name] for name in full)


def test_a_changed_tile_is_named_or_gives_another_root() -> None:
    held = published(700)
    root = merkle.root_hash(hashes(700))
    for name, data in held.items():
        changed = {**held, name: bytes([data[0] ^ 1]) + data[1:]}
        tiles = merkle.Tiles(700, changed.__getitem__)
        assert list(tiles.damaged()) or tiles.root() != root
    short = {**held, "tile/0/000": held["tile/0/000"][:-1]}
    with pytest.raises(ValueError, match="tile/0/000"):
        list(merkle.Tiles(700, short.__getitem__).damaged())


def test_a_tile_of_entries_gives_its_leaves_back() -> None:
    leaves = [b"", b"a", bytes(300)]
    bundle = merkle.entries_bundle(leaves)
    assert bundle.startswith(b"\0\0\0\x01a\x01\x2c")
    assert merkle.bundled_entries(bundle) == leaves
    for end in (1, 4, len(bundle) - 1):
        with pytest.raises(ValueError, match="within a leaf"):
            merkle.bundled_entries(bundle[:end])
