"""Templates ask views only for what they hold, and words only by keys that are there."""

from __future__ import annotations

import dataclasses
import json
import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
from jinja2 import nodes

from gongkai.views import pages, shared

THEME = Path(__file__).parent.parent.parent / "theme"
TEMPLATES = sorted((*THEME.rglob("*.html"),))
VIEWS: dict[str, type[Any]] = {
    "entry": pages.EntryPage,
    "withheld": pages.WithheldPage,
    "listing": pages.ListingPage,
    "facet": pages.FacetPage,
    "directory": pages.DirectoryPage,
    "platform": pages.PlatformPage,
    "guide": pages.GuidePage,
    "reports": pages.ReportsPage,
    "report": pages.ReportPage,
    "report_basis": pages.ReportBasisPage,
    "home": pages.HomePage,
    "tombstone": pages.TombstonePage,
    "stub": pages.StubPage,
    "moved": pages.MovedPage,
    "apply": pages.ApplyPage,
    "statistics": pages.StatisticsPage,
    "assessment": pages.AssessmentPage,
    "explorer": pages.ExplorerPage,
    "indicator": pages.IndicatorPage,
    "rankings": pages.RankingsPage,
    "board": pages.BoardPage,
    "changes": pages.ChangesPage,
    **{
        f"kinds/{path.stem}": pages.EntryPage for path in (THEME / "pages" / "kinds").glob("*.html")
    },
}
WITHOUT_VIEW = {"search", "_head"}
CLASSES = {
    name: item
    for module in (pages, shared)
    for name, item in vars(module).items()
    if dataclasses.is_dataclass(item)
}
_ENVIRONMENT = jinja2.Environment(loader=jinja2.FileSystemLoader(THEME))
_ENVIRONMENT.filters["url"] = str
_HAN = re.compile("[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
_KEY = re.compile(r"""\bt\(\s*["']([^"']+)["']""")
_TAKES = re.compile(r"\{#-? takes: (.+?) — .+ -?#\}")
_PAIR = re.compile(r"([a-z_.]+): ([A-Za-z\[\], .|]+?)(?=, [a-z_.]+: |$)")


@dataclasses.dataclass
class Reader:
    """Walk a page's templates with the types of the names they see; gather what is not there."""

    faults: list[str] = dataclasses.field(default_factory=list)
    reads: int = 0

    def read(self, name: str, seen: dict[str, Any]) -> None:
        path = THEME / name
        if path.exists():  # others belong to the theme that ours stands on
            self.read_source(path.read_text("utf-8"), name, seen)

    def read_source(self, source: str, name: str, seen: dict[str, Any]) -> None:
        self._walk(_ENVIRONMENT.parse(source, name).body, dict(seen), name)

    def _walk(self, body: list[nodes.Node], seen: dict[str, Any], name: str) -> None:
        for node in body:
            self._visit(node, seen, name)

    def _visit(self, node: nodes.Node, seen: dict[str, Any], name: str) -> None:
        if isinstance(node, nodes.For):
            inner = dict(seen)
            if isinstance(node.target, nodes.Name):
                inner[node.target.name] = _element(self._type(node.iter, seen, name))
            else:
                self._type(node.iter, seen, name)
            if node.test is not None:
                self._type(node.test, inner, name)
            self._walk(node.body, inner, name)
            self._walk(node.else_, seen, name)
        elif isinstance(node, nodes.With):
            inner = dict(seen)
            for target, value in zip(node.targets, node.values, strict=True):
                assert isinstance(target, nodes.Name)
                inner[target.name] = self._type(value, seen, name)
            self._walk(node.body, inner, name)
        elif isinstance(node, nodes.Assign):
            found = self._type(node.node, seen, name)
            if isinstance(node.target, nodes.Name):
                seen[node.target.name] = found
        elif isinstance(node, nodes.Include | nodes.Extends):
            assert isinstance(node.template, nodes.Const), f"{name}: includes are by name"
            self.read(str(node.template.value), seen)
        elif isinstance(node, nodes.Expr):
            self._type(node, seen, name)
        else:
            for child in node.iter_child_nodes():
                self._visit(child, seen, name)

    def _type(self, node: nodes.Node | None, seen: dict[str, Any], name: str) -> Any:
        """Return the type of an expression, ``None`` where it is not known; look inside it."""
        if isinstance(node, nodes.Name):
            return seen.get(node.name)
        if isinstance(node, nodes.Getattr):
            return self._attribute(self._type(node.node, seen, name), node, name)
        if isinstance(node, nodes.Getitem):
            owner = self._type(node.node, seen, name)
            return owner if isinstance(node.arg, nodes.Slice) else _element(owner)
        if node is not None:
            for child in node.iter_child_nodes():
                self._type(child, seen, name)
        return None

    def _attribute(self, owner: Any, node: nodes.Getattr, name: str) -> Any:
        owner = _without_none(owner)
        if not (isinstance(owner, type) and dataclasses.is_dataclass(owner)):
            return None
        self.reads += 1
        hints = typing.get_type_hints(owner, {**vars(shared), **vars(pages)})
        if node.attr in hints:
            return hints[node.attr]
        if not hasattr(owner, node.attr):
            self.faults.append(f"{name}:{node.lineno}: {owner.__name__} has no {node.attr}")
        return None


def _without_none(hint: Any) -> Any:
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        left = [part for part in typing.get_args(hint) if part is not type(None)]
        return left[0] if len(left) == 1 else None
    return hint


def _element(hint: Any) -> Any:
    hint = _without_none(hint)
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return arguments[0]
    return None


@pytest.mark.parametrize("kind", VIEWS)
def test_a_page_asks_its_view_only_for_what_it_holds(kind: str) -> None:
    reader = Reader()
    for name in (f"pages/{kind}.html", "pages/_head.html"):
        reader.read(name, {"view": VIEWS[kind]})
    assert reader.faults == []
    assert reader.reads > 3, "the template reads nothing: the walk is broken"


def test_the_walk_finds_what_is_not_there() -> None:
    source = "{% for row in view.rows %}{{ row.titel }}{% endfor %}{{ view.head.nothing }}"
    reader = Reader()
    reader.read_source(source, "wrong.html", {"view": pages.ListingPage})
    assert reader.faults == [
        "wrong.html:1: EntryRow has no titel",
        "wrong.html:1: Head has no nothing",
    ]


def test_every_page_has_a_view_and_every_view_a_page() -> None:
    written = {
        path.relative_to(THEME / "pages").with_suffix("").as_posix()
        for path in (THEME / "pages").rglob("*.html")
    }
    assert written - WITHOUT_VIEW == set(VIEWS)
    made = {
        name
        for name in CLASSES
        if name.endswith("Page") and CLASSES[name].__module__ == pages.__name__
    }
    assert made == {view.__name__ for view in VIEWS.values()}


@pytest.mark.parametrize(
    "path",
    [p for p in TEMPLATES if p.parent.name in {"pages", "kinds", "gk"}],
    ids=lambda path: path.relative_to(THEME).as_posix(),
)
def test_the_first_line_names_what_the_template_takes(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    match = _TAKES.fullmatch(first.strip())
    assert match, first
    for name, hint in _PAIR.findall(match[1]):
        for word in re.findall(r"[A-Z][A-Za-z]+", hint):
            assert word in CLASSES or word in {"None", "Site"}, f"{name}: no view {word}"


def test_every_word_asked_for_is_there() -> None:
    words = json.loads((THEME / "words" / "zh.json").read_text("utf-8"))
    asked = {key: path.name for path in TEMPLATES for key in _KEY.findall(path.read_text("utf-8"))}
    assert {key: name for key, name in asked.items() if key not in words} == {}
    assert list(words) == sorted(words), "keys are kept in order"


def test_every_word_is_used() -> None:
    words = json.loads((THEME / "words" / "zh.json").read_text("utf-8"))
    files = (*TEMPLATES, *THEME.rglob("*.js"))
    text = "\n".join(path.read_text("utf-8") for path in files)
    assert [key for key in words if not re.search(rf"""["']{re.escape(key)}["']""", text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(THEME).as_posix())
def test_no_template_holds_a_chinese_word(path: Path) -> None:
    text = _COMMENT.sub("", path.read_text("utf-8"))
    assert _lines_with_han(text) == []


def _lines_with_han(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if _HAN.search(line)]


def _safe_filters(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        if re.search(r"\|\s*safe\b", line):
            yield line.strip()


def test_only_bodies_are_printed_without_escaping() -> None:
    found = {line for path in TEMPLATES for line in _safe_filters(path)}
    # bodies are made safe by markup, drawings are made of escaped words by views/chart.py
    safe = re.compile(r"\b(?:body|html|chart\.svg|page\.content)\s*\|\s*safe")
    assert all(safe.search(line) for line in found), found
