"""The benchmark's corpus is what it claims: valid, deterministic, and shaped like real notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.bodies import MEAN_CHARACTERS, numeral
from bench.corpus import ROOT, Corpus
from bench.edits import Editor
from bench.twin import TAXONOMIES, write_hugo
from gongkai.derive.directory import FACETS, build_directory
from gongkai.domain.corpus import Judged
from gongkai.domain.entry import Entry
from gongkai.pipeline.build import Build, Options

SIZE = 60


def load(content: Path) -> Judged:
    cache = content.parent / "cache.sqlite"
    return Build(Options(content=content, theme=ROOT / "theme", cache=cache)).load()


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def entry_at(judged: Judged, path: str) -> Entry:
    entry = judged.corpus.by_path[path].entry
    assert entry is not None
    return entry


def test_generated_content_has_no_problems(tmp_path: Path) -> None:
    Corpus(SIZE).write(tmp_path / "content")
    judged = load(tmp_path / "content")
    assert [problem.line() for problem in judged.problems] == []
    assert len(judged.published) == SIZE


def test_larger_content_uses_every_facet_and_relation(tmp_path: Path) -> None:
    Corpus(1000).write(tmp_path / "content")
    judged = load(tmp_path / "content")
    assert [problem.line() for problem in judged.problems] == []
    directory = build_directory(judged)
    for facet in FACETS:
        assert len({code for name, code in directory.by_class if name == facet.code}) >= 2, facet
    entries = [record.entry for record in judged.published if record.entry]
    assert {entry.kind for entry in entries} == {"document", "interpretation", "budget"}
    assert any(entry.supersedes for entry in entries)
    linked = sum(any(".md" in link.target for link in r.body.links) for r in judged.published)
    assert 0.03 < linked / 1000 < 0.07


def test_twice_generated_is_byte_identical(tmp_path: Path) -> None:
    for name in ("one", "two"):
        corpus = Corpus(SIZE)
        corpus.write(tmp_path / name)
        write_hugo(corpus, tmp_path / f"hugo-{name}")
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert files(tmp_path / "hugo-one") == files(tmp_path / "hugo-two")


def test_bodies_are_as_long_as_real_ones() -> None:
    items = Corpus(2000).items
    mean = sum(len(item.body("x.md")) for item in items) / len(items)
    assert mean == pytest.approx(MEAN_CHARACTERS, rel=0.05)


def test_a_tenth_of_the_bodies_has_a_table() -> None:
    items = Corpus(2000).items
    share = sum("\n|---" in item.body("x.md") for item in items) / len(items)
    assert share == pytest.approx(0.10, abs=0.02)


def test_hugo_files_entries_as_gongkai_does(tmp_path: Path) -> None:
    corpus = Corpus(200)
    corpus.write(tmp_path / "content")
    write_hugo(corpus, tmp_path / "hugo")
    directory = build_directory(load(tmp_path / "content"))
    expected = set(directory.by_class)
    expected |= {("unityear", f"{agency}-{year}") for agency, year in directory.by_agency_year}
    found = {
        (taxonomy, path.parent.name)
        for taxonomy in TAXONOMIES
        for path in (tmp_path / "hugo" / "content" / taxonomy).glob("*/_index.md")
    }
    assert {(facet, code.lower()) for facet, code in expected} <= found
    columns = {f"{agency}-{column}" for agency, column in directory.by_agency_column}
    assert columns <= {code for taxonomy, code in found if taxonomy == "unitcolumn"}


def test_edits_stay_valid_and_do_what_they_say(tmp_path: Path) -> None:
    corpus = Corpus(SIZE)
    corpus.write(tmp_path / "content")
    write_hugo(corpus, tmp_path / "hugo")
    before = load(tmp_path / "content")
    held = files(tmp_path / "hugo")
    editor = Editor(corpus, tmp_path / "content", tmp_path / "hugo")
    body, title, new = editor.change_body(0), editor.change_title(0), editor.add_newest(0)
    after = load(tmp_path / "content")
    assert [problem.line() for problem in after.problems] == []
    was, now = before.corpus.by_path[body], after.corpus.by_path[body]
    assert was.entry == now.entry
    assert was.body.digest != now.body.digest
    assert entry_at(before, title).title != entry_at(after, title).title
    assert after.published[-1].path == new
    changed = {path for path, data in files(tmp_path / "hugo").items() if held.get(path) != data}
    assert len(changed) == 3


@pytest.mark.parametrize(
    ("n", "text"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "一百"),
     (101, "一百零一"), (110, "一百一十"), (115, "一百一十五"), (123, "一百二十三")],
)  # fmt: skip
def test_numerals(n: int, text: str) -> None:
    assert numeral(n) == text
