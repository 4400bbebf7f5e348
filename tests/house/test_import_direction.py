"""The table of rooms, as data: which room may import which, and what of other libraries."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent.parent / "plugins" / "gongkai"

# room → rooms, or modules of rooms, that it may import; any room may import itself
MAY_IMPORT: dict[str, set[str]] = {
    "kernel": set(),
    "domain": {"kernel"},
    "intake": {"domain", "kernel"},
    "markup": {"domain", "kernel"},
    "derive": {"domain", "kernel"},
    "schema": {"domain", "kernel"},
    "views": {"derive", "domain", "kernel"},
    "press": {"views", "kernel"},
    "release": {"kernel"},
    "pipeline": {"kernel", "domain", "intake", "markup", "derive", "views", "press", "release"},
    "glue": {"pipeline", "release", "kernel", "press.artifact", "press.shell"},
    "cli": {"pipeline", "schema", "release", "kernel"},
}
THIRD_PARTY: dict[str, set[str]] = {
    "kernel": set(),
    "domain": {"pydantic", "pydantic_core"},
    "intake": {
        "yaml",
        "chinese_calendar",
        "openpyxl",
        "docx",
        "pypdf",
        "defusedxml",
        "olefile",
        "PIL",
        "pydantic",
        "pydantic_core",
    },
    "markup": {"markdown", "nh3"},
    "derive": set(),
    "schema": {"pydantic", "pydantic_core"},
    "views": set(),
    "press": {
        "jinja2",
        "markupsafe",
        "lunr",
        "numpy",
        "minify",
        "rjsmin",
        "docx",
        "xlsxwriter",
        "weasyprint",
    },
    "release": set(),
    "pipeline": {"pydantic_core"},  # tells a bad option from a broken program
    "glue": {"mkdocs", "jinja2"},
    "cli": {"mkdocs"},
}
MKDOCS_IN_CLI = {"build.py", "serve.py"}  # and in no other command
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE)
CLOCKS = {"datetime.now", "date.today", "time.time", "datetime.today", "datetime.utcnow"}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of everything that a file imports, also inside functions."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write imports in full"
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_run_along_the_table(path: Path) -> None:
    room = room_of(path)
    assert room in MAY_IMPORT, f"{room} is no room of the table"
    for line, name in imports(path):
        top, _, rest = name.partition(".")
        if top == "gongkai":
            other = rest.split(".")[0]
            allowed = other == room or other in MAY_IMPORT[room]
            allowed |= any(f"{rest}.".startswith(f"{module}.") for module in MAY_IMPORT[room])
            assert allowed, f"{name_of(path)}:{line}: {room} must not import {name}"
        elif top not in sys.stdlib_module_names:
            said = f"{name_of(path)}:{line}: {room} must not import {top}"
            assert top in THIRD_PARTY[room], said
            if top == "mkdocs" and room == "cli":
                assert path.name in MKDOCS_IN_CLI, said


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nothing_is_imported_by_star_or_by_text(path: Path) -> None:
    for line, name in imports(path):
        assert not name.endswith(".*"), f"{path}:{line}"
    if name_of(path) != "domain/reports/form.py":  # forms are found by being there
        assert "import_module" not in path.read_text("utf-8")
        assert "__import__" not in path.read_text("utf-8")


@pytest.mark.parametrize(
    "path",
    [p for p in FILES if room_of(p) in {"kernel", "domain", "markup", "derive", "views"}],
    ids=name_of,
)
def test_values_and_judgements_read_no_file_clock_or_environment(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in {"open", "os.getenv"}, f"{path.name}:{node.lineno}: {called}"
            assert called not in CLOCKS, f"{path.name}:{node.lineno}: {called}"
            end = called.rpartition(".")[2]
            assert end not in {"read_text", "read_bytes", "write_text", "write_bytes"}, called
        elif isinstance(node, ast.Attribute):
            assert ast.unparse(node) != "os.environ", f"{path.name}:{node.lineno}"


@pytest.mark.parametrize("path", [p for p in FILES if room_of(p) not in {"cli"}], ids=name_of)
def test_only_the_build_asks_for_the_time(path: Path) -> None:
    if name_of(path) in {"pipeline/build.py", "pipeline/cache.py"}:
        pytest.skip("as-of by default, and when a file was last seen")
    calls = [ast.unparse(n.func) for n in ast.walk(tree_of(path)) if isinstance(n, ast.Call)]
    assert not CLOCKS & set(calls)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_pickle_is_nowhere(path: Path) -> None:
    assert not {"pickle", "shelve", "marshal"} & {name.split(".")[0] for _, name in imports(path)}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_file_says_what_it_holds(path: Path) -> None:
    doc = ast.get_docstring(tree_of(path))
    assert doc, path.name
    assert len(doc.splitlines()[0]) <= 110
