"""Content folders through the real loader, and views through the real templates.

What a page prints is read from the page itself; only the frame around it is left out.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from acceptance.project import ROOT, Page, read_page
from golden.cases import build_of
from gongkai.domain.corpus import Judged
from gongkai.intake.assessments import load_assessments, load_sheets
from gongkai.intake.walk import walk
from gongkai.press.shell import MARKS, Shell
from gongkai.press.templates import Templates

SHELL = Shell.split("<title>{title}</title>{head}<body>{main}</body>".format(**MARKS))


def load(content: Path) -> Judged:
    """Return the judged content of a folder, its self-assessments included."""
    build = build_of(content)
    judged = build.load()
    build.cache.close()
    found, _ = walk(content)
    corpus = replace(
        judged.corpus,
        assessment_sheets=load_sheets(content, found).sheets,
        assessments=load_assessments(content, found),
    )
    return replace(judged, corpus=corpus)


def press(template: str, view: Any, address: str) -> Page:
    """Return a page as it is pressed, within an empty frame."""
    templates = Templates(ROOT / "theme")
    return read_page(templates.press(SHELL, template, view, address).decode())


def tables(page: Page) -> dict[str, list[list[str]]]:
    """Return the cells of every table below its caption, the head left out."""
    found: dict[str, list[list[str]]] = {}
    for table in page.all("table"):
        caption = next((n.text() for n in table.walk() if n.tag == "caption"), "")
        body = [n for n in table.walk() if n.tag == "tr" and n.parent and n.parent.tag == "tbody"]
        found[caption] = [
            [n.text() for n in row.children if not isinstance(n, str) and n.tag in ("th", "td")]
            for row in body
        ]
    return found
