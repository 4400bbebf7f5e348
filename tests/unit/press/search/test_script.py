"""The script that searches: lunr and our own parts, short and whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.press.search import script

ASSETS = Path(__file__).parents[4] / "theme" / "assets"


def test_the_licence_of_lunr_stands_at_the_top() -> None:
    text = script.engine_script(ASSETS).decode()
    assert text.startswith("/*!")
    assert "MIT" in text[:300] and "Copyright (C)" in text[:300]


def test_lunr_is_complete_but_for_what_cuts_english_texts() -> None:
    text = script.lunr_script()
    for kept in ("lunr.Index.load", "lunr.Query", "lunr.TokenSet", "lunr.Pipeline", "lunr.Vector"):
        assert kept in text
    assert "lunr.stemmer = " not in text
    assert "lunr.trimmer = " not in text


@pytest.mark.parametrize("without", [False, True])
def test_a_script_without_the_shortener_differs_in_length_alone(
    monkeypatch: pytest.MonkeyPatch, without: bool
) -> None:
    if without:
        monkeypatch.setattr(script, "minify", None)
    short = script.shortened("// why\nconst longName = 1;\nself.found = longName + 1;\n")
    assert "why" not in short
    assert "self.found" in short
    assert len(short) < 60
