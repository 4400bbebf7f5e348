"""Text into located YAML values and a body, or located problems; never a guess, never a crash."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import yaml

from gongkai.intake.source import FINDINGS_LIMIT, HIDDEN, position
from gongkai.kernel import problems as p
from gongkai.kernel.place import Located, Place
from gongkai.kernel.problems import Problem

FENCE = "---"
SIZE_LIMIT_KB = 64
DEPTH_LIMIT = 8
# YAML ends a line here too, editors do not: what stands behind would be a line of its own
_OTHER_LINE_ENDS = re.compile("[\r\x85\u2028\u2029]")
_NO_TEXT = re.compile("[\ud800-\udfff]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_front_matter(
    path: str, text: str
) -> tuple[dict[str, Located] | None, str, int, list[Problem]]:
    """Return the fields, the body, the line on which the body starts, and problems.

    Fields are ``None`` when they cannot be read; the body is then left unread too, so that
    internal remarks in a broken head can never be published as text.
    """
    if not (text.startswith(FENCE + "\n") or text == FENCE):
        return None, "", 1, [Problem(p.NO_FRONT_MATTER, Place(path))]
    end = text.find("\n" + FENCE, len(FENCE) - 1)
    while end >= 0 and text[end + 4 : end + 5] not in ("", "\n"):
        end = text.find("\n" + FENCE, end + 1)
    if end < 0:
        last = text.count("\n") + 1
        return None, "", 1, [Problem(p.UNCLOSED_FRONT_MATTER, Place(path, last))]
    head = text[len(FENCE) + 1 : end + 1]
    body = text[end + 5 :]
    first_line = text.count("\n", 0, end + 5) + 1
    fields, problems = read_yaml(path, head, first_line=2)
    return fields, "" if fields is None else body, first_line, problems


def read_yaml(
    path: str, text: str, *, first_line: int = 1, limit_kb: int = SIZE_LIMIT_KB
) -> tuple[dict[str, Located] | None, list[Problem]]:
    """Return the top-level mapping of ``text`` with places; scalars stay text.

    YAML would read the index number 0123 as 83 and the answer ``no`` as false, so types wait
    for the field's declaration. The parser's events are read one by one, without recursion:
    nesting, aliases and tags are refused before anything is built from them.
    """
    text = _NO_TEXT.sub("\ufffd", text)
    if len(text) * 4 > limit_kb * 1024 and len(text.encode()) > limit_kb * 1024:
        return None, [Problem(p.FRONT_MATTER_TOO_LARGE, Place(path), {"limit": limit_kb})]
    reader = _Reader(path, first_line)
    for match in islice(_OTHER_LINE_ENDS.finditer(text), FINDINGS_LIMIT):
        line, column = position(text, match.start())
        place = Place(path, first_line + line - 1, column)
        name = {"name": f"U+{ord(match[0]):04X}"}
        reader.problems.append(Problem(p.CONTROL_CHARACTER, place, name))
    text = _OTHER_LINE_ENDS.sub(" ", text)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if reader.take(event):
                break
    except yaml.YAMLError as error:
        reader.broken(error)
    if reader.is_refused:
        return None, reader.problems
    if reader.root is None:
        return {}, reader.problems
    if not isinstance(reader.root.value, dict):
        place = Place(path, reader.root.line, reader.root.column)
        return None, [*reader.problems, Problem(p.NOT_A_MAPPING, place)]
    return reader.root.value, reader.problems


class _Reader:
    """Build located values from a stream of YAML events."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.problems: list[Problem] = []
        self.root: Located | None = None
        self.is_refused = False
        # each open collection, with the key that waits for its value
        self._open: list[tuple[Located, list[tuple[str, int, int] | None]]] = []

    def take(self, event: Any) -> bool:
        """Take one event; ``True`` means that reading must stop."""
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            line, column = self._mark(event)
            facts = {
                "why": _WHY["did not find expected <document start>"],
                "why_en": "second '---'",
            }
            self.problems.append(Problem(p.BROKEN_YAML, Place(self.path, line, column), facts))
            self.is_refused = True
            return True
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return self._refuse(p.ALIAS, event)
        if getattr(event, "tag", None) and isinstance(event, yaml.NodeEvent):
            return self._refuse(p.TAG, event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(self._open) >= DEPTH_LIMIT:
                return self._refuse(p.TOO_DEEP, event, limit=DEPTH_LIMIT)
            if self._open and self._waits_for_key():
                return self._refuse(p.KEY_IS_NOT_TEXT, event)
            line, column = self._mark(event)
            value: dict[str, Located] | list[Located] = (
                {} if isinstance(event, yaml.MappingStartEvent) else []
            )
            key = self._open[-1][1][0] if self._open else None
            node = Located(value, line, column, *(key[1:] if key else (0, 0)))
            self._add(node)
            self._open.append((node, [None]))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
        return False

    def broken(self, error: yaml.YAMLError) -> None:
        """Record what the parser itself stumbled over."""
        mark = getattr(error, "problem_mark", None)
        line = mark.line + self.first_line if mark else self.first_line
        column = mark.column + 1 if mark else 1
        said = str(getattr(error, "problem", None) or "unreadable")
        facts = {"why": _WHY.get(said, "不能识别的写法"), "why_en": said}
        self.problems.append(Problem(p.BROKEN_YAML, Place(self.path, line, column), facts))
        self.is_refused = True

    def _scalar(self, event: Any) -> bool:
        line, column = self._mark(event)
        if hidden := HIDDEN.search(event.value):  # an escape made it: the text itself is clean
            name = {"name": f"U+{ord(hidden[0]):04X}"}
            place = Place(self.path, line, column)
            self.problems.append(Problem(p.CONTROL_CHARACTER, place, name))
        if self._open and self._waits_for_key():
            if event.value == "<<" and not event.style:
                return self._refuse(p.ALIAS, event)
            mapping = self._open[-1][0].value
            if isinstance(mapping, dict) and event.value in mapping:
                first = mapping[event.value]
                facts = {"key": event.value, "first": first.key_line}
                place = Place(self.path, line, column)
                self.problems.append(Problem(p.REPEATED_KEY, place, facts))
            self._open[-1][1][0] = (event.value, line, column)
            return False
        key = self._open[-1][1][0] if self._open else None
        self._add(Located(event.value, line, column, *(key[1:] if key else (0, 0))))
        return False

    def _waits_for_key(self) -> bool:
        node, key = self._open[-1]
        return isinstance(node.value, dict) and key[0] is None

    def _add(self, node: Located) -> None:
        if not self._open:
            self.root = self.root or node
            return
        parent, key = self._open[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif isinstance(parent.value, dict) and key[0] is not None:
            parent.value.setdefault(key[0][0], node)  # the first of a repeated key is kept
            key[0] = None

    def _mark(self, event: Any) -> tuple[int, int]:
        return event.start_mark.line + self.first_line, event.start_mark.column + 1

    def _refuse(self, code: p.Code, event: Any, **facts: object) -> bool:
        self.problems.append(Problem(code, Place(self.path, *self._mark(event)), facts))
        self.is_refused = True
        return True


_WHY = {
    "mapping values are not allowed in this context": "一行里有多余的冒号，含冒号的文字请加引号",
    "could not find expected ':'": "缺少冒号",
    "did not find expected key": "缩进不齐或引号没有配对",
    "did not find expected <document start>": "多出了“---”",
    "did not find expected ',' or ']'": "方括号没有配对",
    "did not find expected ',' or '}'": "花括号没有配对",
    "found a tab character that violates indentation": "缩进里有制表符，请换成空格",
    "found unexpected end of stream": "引号没有配对",
    "found character that cannot start any token": "行首不能用这个符号，请加引号；制表符换成空格",
    "found unknown escape character": "双引号里的反斜线有误，请改用单引号",
    "block sequence entries are not allowed in this context": "“-”的位置不对",
    "did not find expected '-' indicator": "列表的缩进不齐",
    "did not find expected node content": "这里缺少内容",
    "did not find expected alphabetic or numeric character": "不能以 & 或 * 开头，请加引号",
}
