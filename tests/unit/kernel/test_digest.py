"""Digests tell apart what differs and nothing else."""

from __future__ import annotations

from gongkai.kernel.digest import digest_of_bytes, digest_of_text, digest_of_value


def test_the_borders_of_texts_count() -> None:
    assert digest_of_text("ab", "c") != digest_of_text("a", "bc")
    assert digest_of_text("ab") != digest_of_text("ab", "")


def test_the_order_of_keys_does_not_count() -> None:
    assert digest_of_value({"a": 1, "b": [2]}) == digest_of_value({"b": [2], "a": 1})
    assert digest_of_value([1, 2]) != digest_of_value([2, 1])


def test_a_digest_is_thirty_two_hexadecimal_characters() -> None:
    assert len(digest_of_bytes(b"")) == 32
    assert int(digest_of_bytes(b"x"), 16)


def test_a_lone_surrogate_has_a_digest() -> None:
    assert digest_of_text("\ud800") != digest_of_text("\ud801")
