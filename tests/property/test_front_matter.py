"""Whatever stands in a head is read as it was written or refused at a line of the file."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.fragments import HIDDEN, YAML
from gongkai.intake.front_matter import DEPTH_LIMIT, read_front_matter, read_yaml
from gongkai.intake.source import HIDDEN as NOT_SEEN
from gongkai.kernel.place import Located

EXAMPLES = settings(max_examples=100)
ANY = st.text(max_size=120)
SOUP = st.lists(st.sampled_from([*YAML, *HIDDEN, "甲", "a", "b"]), max_size=30).map("".join)
# what an author can type and see; line ends are those of the file
SEEN = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Cn"])
LINE = st.text(SEEN, max_size=20)
KEY = st.text(SEEN, min_size=1, max_size=12)
PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff]*")
Tree = Any
TREES = st.recursive(
    LINE,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(KEY, inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


def deep(tree: Tree) -> int:
    """Return how many collections lie within each other."""
    below = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else None
    return 0 if below is None else 1 + max(map(deep, below), default=0)


def scalar(text: str, style: int) -> str:
    """Write a text on one line so that YAML reads it back: quoted one way or other, or plain."""
    if style == 0 and PLAIN.fullmatch(text):
        return text
    if style == 1:
        return "'" + text.replace("'", "''") + "'"
    # beyond the first plane JSON escapes in halves, which YAML does not know
    return json.dumps(text, ensure_ascii=style == 2 and max(text, default="") < "\U00010000")


class Writer:
    """A careful author, who notes on which line each key was written."""

    def __init__(self, draw: Any) -> None:
        self.style = lambda: draw(st.integers(0, 3))
        self.lines: list[str] = []
        self.keys: dict[tuple[str, ...], int] = {}

    def mapping(self, tree: dict[str, Tree], indent: str, path: tuple[str, ...] = ()) -> None:
        for key, value in tree.items():
            self.keys[*path, key] = len(self.lines) + 1
            self._value(f"{indent}{scalar(key, self.style())}:", value, indent, (*path, key))

    def _value(self, head: str, value: Tree, indent: str, path: tuple[str, ...]) -> None:
        style = self.style()
        if isinstance(value, str):
            self.lines.append(f"{head} {scalar(value, style)}")
        elif style == 0:  # JSON is YAML too
            self.lines.append(f"{head} {json.dumps(value, ensure_ascii=False)}")
            if isinstance(value, dict):
                self._flow(value, path)
        elif isinstance(value, dict):
            self.lines.append(head)
            self.mapping(value, indent + "  ", path)
        else:
            self.lines.append(head)
            for n, item in enumerate(value):
                self._value(f"{indent}  -", item, indent + "  ", (*path, str(n)))

    def _flow(self, tree: dict[str, Tree], path: tuple[str, ...]) -> None:
        for key, value in tree.items():
            self.keys[*path, key] = len(self.lines)
            if isinstance(value, dict):
                self._flow(value, (*path, key))


def bare(fields: dict[str, Located]) -> dict[str, Tree]:
    """Return located values without their places."""

    def value(node: Located) -> Tree:
        if isinstance(node.value, dict):
            return bare(node.value)
        return [value(one) for one in node.value] if isinstance(node.value, list) else node.value

    return {key: value(node) for key, node in fields.items()}


def node_at(fields: dict[str, Located], path: tuple[str, ...]) -> Located:
    node = fields[path[0]]
    for part in path[1:]:
        assert not isinstance(node.value, str)
        node = node.value[part] if isinstance(node.value, dict) else node.value[int(part)]
    return node


@EXAMPLES
@given(ANY | SOUP, ANY)
def test_any_head_gives_fields_or_problems_at_lines_of_the_file(head: str, body: str) -> None:
    text = f"---\n{head}\n---\n{body}"
    fields, rest, first_line, problems = read_front_matter("a.md", text)
    lines = text.split("\n")
    assert fields is not None or problems
    assert text.endswith(rest) and (fields is not None or rest == "")
    assert lines[first_line - 1 :] == rest.split("\n") or fields is None
    for problem in problems:
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
        assert problem.message() and problem.message("en")


@EXAMPLES
@given(ANY | SOUP)
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    fields, body, _, problems = read_front_matter("a.md", text)
    assert (fields is None) == (body == "" and bool(problems)) or fields is not None
    assert fields is not None or problems


@EXAMPLES
@given(ANY | SOUP)
def test_what_is_read_hides_nothing_and_can_be_printed(text: str) -> None:
    fields, problems = read_yaml("a.yml", text)
    nodes = list((fields or {}).items())
    while nodes:
        name, node = nodes.pop()
        if isinstance(node.value, dict):
            nodes += node.value.items()
        elif isinstance(node.value, list):
            nodes += [("", one) for one in node.value]
        else:
            assert problems or not NOT_SEEN.search(node.value)
            node.value.encode()
        assert problems or not NOT_SEEN.search(name)


@EXAMPLES
@given(st.dictionaries(KEY, TREES, max_size=5).filter(lambda t: deep(t) <= DEPTH_LIMIT), st.data())
def test_what_a_careful_author_wrote_is_what_is_read(tree: dict[str, Tree], data: Any) -> None:
    writer = Writer(data.draw)
    writer.mapping(tree, "")
    text = "\n".join(["---", *writer.lines, "---", "正文"])
    fields, body, first_line, problems = read_front_matter("a.md", text)
    assert problems == []
    assert fields is not None
    assert bare(fields) == tree
    assert (body, first_line) == ("正文", len(writer.lines) + 3)
    for path, line in writer.keys.items():
        assert node_at(fields, path).key_line == line + 1


@EXAMPLES
@given(st.lists(LINE.filter(str.strip), min_size=1, max_size=4))
def test_a_block_of_lines_keeps_its_lines(lines: list[str]) -> None:
    block = "".join(f"  {line.strip()}\n" for line in lines)
    fields, problems = read_yaml("a.yml", f"summary: |\n{block}")
    assert problems == []
    assert fields is not None
    assert fields["summary"].value == "".join(f"{line.strip()}\n" for line in lines)


@EXAMPLES
@given(LINE, st.sampled_from("\r\x85\u2028\u2029"), LINE)
def test_a_line_end_that_no_editor_shows_makes_no_line(before: str, end: str, after: str) -> None:
    for text in (f"# {before}{end}{after}\nlast: *x\n", f"a: 甲{end}evil: 乙\nlast: *x\n"):
        fields, problems = read_yaml("a.yml", text)
        assert fields is None
        assert problems[0].code.id == "GK120"
        assert {problem.place.line for problem in problems} <= {1, 2}
