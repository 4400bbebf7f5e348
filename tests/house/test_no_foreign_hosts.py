"""Nothing of the theme asks another host for anything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

THEME = Path(__file__).parent.parent.parent / "theme"
FILES = sorted(
    path
    for path in THEME.rglob("*")
    if path.suffix in {".html", ".css", ".js", ".svg", ".json", ".xml", ".webmanifest"}
)
MARKUP = [path for path in FILES if path.suffix in {".html", ".svg"}]
_COMMENTS = re.compile(r"\{#.*?#\}|<!--.*?-->|/\*.*?\*/|(?m:^\s*//.*$)", re.DOTALL)
_NAMESPACE = re.compile(r"""xmlns(?::\w+)?=["'][^"']*["']|["']http://www\.w3\.org/[^"']*["']""")
_HOST = re.compile(
    r"""(?:https?:|wss?:)//|(?:src|href|action|url)\s*[=(]\s*["']?//""", re.IGNORECASE
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(THEME).as_posix())
def test_no_address_of_another_host(path: Path) -> None:
    text = _NAMESPACE.sub("", _COMMENTS.sub("", path.read_text("utf-8")))
    found = [text[max(0, m.start() - 40) : m.end() + 40] for m in _HOST.finditer(text)]
    assert not found


@pytest.mark.parametrize("path", MARKUP, ids=lambda path: path.relative_to(THEME).as_posix())
def test_no_inline_script_style_or_handler(path: Path) -> None:
    text = _COMMENTS.sub("", path.read_text("utf-8"))
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:", text, re.IGNORECASE)
    for script in re.findall(r"(?s)<script\b([^>]*)>(.*?)</script>", text):
        assert "src=" in script[0] and not script[1].strip()


def test_no_style_sheet_imports_another() -> None:
    for path in FILES:
        if path.suffix == ".css":
            assert "@import" not in path.read_text("utf-8"), path.name
            assert "@font-face" not in path.read_text("utf-8"), path.name


def test_the_theme_is_there() -> None:
    assert len(FILES) > 20
