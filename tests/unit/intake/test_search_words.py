from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from golden.cases import BASE
from gongkai.domain.search_words import SearchWords
from gongkai.intake.settings import SEARCH_WORDS, Settings, load_settings
from gongkai.intake.walk import walk
from gongkai.kernel.terms import Concepts, normalise


@pytest.fixture
def content(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "content")
    return tmp_path / "content"


def settings_of(content: Path) -> Settings:
    return load_settings(content, walk(content)[0])


def write(content: Path, text: str) -> Settings:
    (content / SEARCH_WORDS).write_text(text, "utf-8")
    return settings_of(content)


def test_a_site_without_the_file_has_no_words_and_no_problem(content: Path) -> None:
    settings = settings_of(content)
    assert settings.search_words == SearchWords()
    assert not settings.problems


def test_words_have_a_digest_of_their_own(content: Path) -> None:
    without = settings_of(content)
    first = write(content, "groups:\n  - [最低生活保障, 低保]\nnoise: [请问]\n")
    assert first.search_words.groups == (("最低生活保障", "低保"),)
    assert first.search_words.noise == ("请问",)
    noted = write(content, "# 说明\n同义词: [[最低生活保障, 低保]]\n问句用语: 请问\n")
    changed = write(content, "groups:\n  - [最低生活保障, 低保]\nnoise: [请问, 怎么办理]\n")
    assert without.digest == first.digest == noted.digest == changed.digest
    assert first.search_digest == noted.search_digest
    assert len({s.search_digest for s in (without, first, changed)}) == 3


def test_a_file_that_cannot_be_read_gives_no_words(content: Path) -> None:
    for text in ("groups: [\n", "groups: 低保\n", "- 低保\n"):
        settings = write(content, text)
        assert settings.search_words == SearchWords()
        assert {problem.place.path for problem in settings.problems} == {SEARCH_WORDS}


def test_the_demonstration_has_words_of_real_use(tmp_path: Path) -> None:
    (tmp_path / "vocab").mkdir()
    shutil.copy(BASE.parents[2] / "content" / SEARCH_WORDS, tmp_path / SEARCH_WORDS)
    settings = settings_of(tmp_path)
    assert [p for p in settings.problems if p.place.path == SEARCH_WORDS] == []
    words = settings.search_words
    assert len(words.groups) >= 40 and len(words.noise) >= 40
    for short, whole in (("人社局", "人力资源和社会保障局"), ("低保", "最低生活保障")):
        concepts = Concepts(words.groups)
        assert f"~{whole}" in concepts.keys(normalise(f"青禾县{short}办事指南"))
