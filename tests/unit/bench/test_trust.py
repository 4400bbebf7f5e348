"""The content that the cost of trust is measured on: valid, with a text in every attachment."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pypdf
import pytest
from docx import Document
from openpyxl import load_workbook

from bench.corpus import ROOT, Corpus
from bench.trust import KINDS, attachment, import_history, versions, with_changes, write_content
from gongkai.domain.corpus import Judged
from gongkai.pipeline.build import Build, Options

SIZE, FILES = 24, 6


def load(content: Path) -> Judged:
    cache = content.parent / "build" / "cache.sqlite"
    return Build(Options(content=content, theme=ROOT / "theme", cache=cache)).load()


def text_of(kind: str, data: bytes) -> str:
    file = io.BytesIO(data)
    if kind == "docx":
        return "".join(paragraph.text for paragraph in Document(file).paragraphs)
    if kind == "xlsx":
        rows = load_workbook(file, read_only=True).active.iter_rows(values_only=True)
        return "".join(str(cell) for row in rows for cell in row)
    return "".join(page.extract_text() for page in pypdf.PdfReader(file).pages)


@pytest.mark.parametrize("kind", KINDS)
def test_attachments_are_what_they_say_and_hold_text(kind: str) -> None:
    data = attachment(kind, 3)
    assert data == attachment(kind, 3) != attachment(kind, 4)
    assert "政务公开" in text_of(kind, data)


def test_the_content_has_no_problems_and_three_commits_an_entry(tmp_path: Path) -> None:
    corpus = Corpus(SIZE)
    project = tmp_path / "project"
    sources = write_content(corpus, project / "content", FILES)
    assert sum("attachments: [" in text for text in sources.values()) == FILES
    assert import_history(project, corpus, sources) == 3 * SIZE
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=project, capture_output=True, check=True
    )
    assert status.stdout == b"", "the last commit is what stands in the folder"
    judged = load(project / "content")
    assert [p.line() for p in judged.problems if p.severity.value != "note"] == []
    assert len(judged.published) == SIZE


def test_the_versions_of_an_entry_are_in_order_and_each_is_explained() -> None:
    for item in Corpus(SIZE).items:
        text = with_changes(f"---\ntitle: {item.title}\n---\n一。\n\n二。\n\n三。\n", item)
        made = versions(item, text)
        assert [when for when, _ in made] == sorted({when for when, _ in made})
        assert made[-1][1] == text
        assert [one.count("  - {date: ") for _, one in made] == [0, 1, 2]
        assert len({one.split("\n---\n")[1] for _, one in made}) == 3
