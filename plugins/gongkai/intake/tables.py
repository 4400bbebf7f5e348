"""A CSV sheet (register of requests, decisions) into located rows, refusing personal data.

Values stay text until their field's type is known, as in front matter. A value that is refused is
shown masked: in a sheet about people, what stands in the wrong column may be a name.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import TypeVar

from gongkai.domain.decisions import DecidedRow, DecisionRow
from gongkai.domain.personal import personal_data
from gongkai.domain.register import Application, Registered, SheetRow, listed, masked
from gongkai.domain.values import Item
from gongkai.intake.bind import bind, shape_of
from gongkai.intake.source import FINDINGS_LIMIT, decode, position
from gongkai.kernel import problems as p
from gongkai.kernel.place import Located, Place
from gongkai.kernel.problems import Problem
from gongkai.kernel.text import fold, nearest

Row = TypeVar("Row", Application, DecisionRow)
Fields = dict[str, Located]
ROW_LIMIT, COLUMN_LIMIT, FIELD_LIMIT = 100_000, 60, 200  # characters in a field
_FILLED_IN = frozenset({"line"})  # fields that the program fills in; no column may bear their name
_MASKED = (p.NOT_IN_VOCABULARY, p.PERSONAL_DATA)  # they come with their values masked
_FIELD = re.compile(r'(?:"[^"]*(?:""[^"]*)*"|[^,]*)(?:,|\Z)')
_PERSONAL_HEADER = re.compile(
    "姓名|名字|名称|证件|身份|护照|信用代码|电话|手机|联系|传真|邮箱|邮编|地址|住址|住所|单位|企业|代表人"
    "|^申请人$|当事人|相对人|内容|描述|事项|用途|备注|说明"
    "|name|phone|mobile|contact|mail|address|passport|identity|content|description|remark|note"
)
_WHY = {
    "unexpected end of data": ("引号没有配对", "a quote is not closed"),
    "',' expected after '\"'": ("引号之后还有文字", "text follows a closing quote"),
    "field larger": (
        "有一格特别长，可能是引号没有配对",
        "a cell is too long, or a quote not closed",
    ),
}


class _Findings:
    """Problems of one file; of each kind the first twenty, then how many more there are."""

    def __init__(self, path: str, problems: Iterable[Problem]) -> None:
        self.path = path
        self.problems = list(problems)
        self.counts: dict[p.Code, int] = {}

    def add(self, code: p.Code, place: Place, facts: Mapping[str, object]) -> None:
        self.counts[code] = self.counts.get(code, 0) + 1
        if self.counts[code] <= FINDINGS_LIMIT:
            self.problems.append(Problem(code, place, facts))

    def all(self) -> list[Problem]:
        for code, count in self.counts.items():
            if count > FINDINGS_LIMIT:
                facts = {"code": code.id, "count": count - FINDINGS_LIMIT}
                self.problems.append(Problem(p.MORE_OF_THE_SAME, Place(self.path), facts))
        return self.problems


def read_register(
    path: str, data: bytes, year: int, topics: Mapping[str, str]
) -> tuple[tuple[Registered, ...], list[Problem]]:
    """Read ``register/<year>.csv``; ``topics`` are the site's topics, code → label.

    Rows that cannot be bound or hold personal data are left out, and the problems say so; a row
    whose facts do not agree is kept. Repeated numbers and time limits are judged over all of an
    agency's registers, by ``domain.register.judge_register``.
    """
    known = listed(topics)

    def settle(fields: Fields, found: _Findings) -> bool:
        """Put the topic's code in its place; tell whether there is one."""
        node = fields["topic"]
        if node.value == "" or not isinstance(node.value, str):
            return True  # missing, as binding will say
        if not topics:
            fields["topic"] = replace(node, value="unknown")
            return True  # the list itself is missing, which is told once
        codes = known.find(node.value)
        if len(codes) == 1:
            fields["topic"] = replace(node, value=codes[0])
            return True
        facts = {"key": "topic", "label": "主题", **known.refusal(node.value)}
        found.add(p.NOT_IN_VOCABULARY, Place(path, node.line, node.column), facts)
        fields["topic"] = replace(node, value="unknown")
        return False

    return _read(Application, path, data, year, settle)


def read_decisions(
    path: str, data: bytes, year: int
) -> tuple[tuple[DecidedRow, ...], list[Problem]]:
    """Read ``decisions/<year>.csv``; rows are left out and kept as those of a register are."""
    return _read(DecisionRow, path, data, year, lambda fields, found: True)


def _read(
    model: type[Row],
    path: str,
    data: bytes,
    year: int,
    settle: Callable[[Fields, _Findings], bool],
) -> tuple[tuple[SheetRow[Row], ...], list[Problem]]:
    """Return the sound rows and all problems; ``settle`` sees to values that need site data."""
    text, problems = decode(path, data)
    found = _Findings(path, problems)
    rows: list[SheetRow[Row]] = []
    for line, fields in _fields(model, path, text, found) if text is not None else ():
        is_settled = settle(fields, found)
        given = {"line": line} if "line" in model.model_fields else {}
        bound = bind(model, path, fields, **given)
        for problem in bound.problems:
            facts = dict(problem.facts)
            if "value" in facts and problem.code not in _MASKED:
                facts["value"] = masked(str(facts["value"]))
            found.add(problem.code, problem.place, facts)
        if bound.model is None or not is_settled:
            continue
        row = SheetRow(bound.model, path, bound.places)
        rows.append(row)
        for finding in bound.model.slips(year):
            found.add(finding.code, row.at(finding.field), finding.facts)
    return tuple(rows), found.all()


@dataclass(frozen=True, slots=True)
class _Record:
    """One record of the file: its first line, its text without the line end, its cells."""

    line: int
    raw: str
    cells: list[str]

    def places(self) -> list[tuple[int, int]]:
        """Return line and column of each cell; a quoted cell may begin on a later line.

        Cells beyond the limit of columns get the place of the last one within.
        """
        count = len(self.cells)
        if '"' in self.raw:
            starts = (match.start() for match in _FIELD.finditer(self.raw))
            within = [position(self.raw, at) for at in islice(starts, min(count, COLUMN_LIMIT))]
            found = [(self.line + line - 1, column) for line, column in within]
        else:
            cells = self.cells[: COLUMN_LIMIT - 1]
            columns = accumulate((len(cell) + 1 for cell in cells), initial=1)
            found = [(self.line, column) for column in columns][:count]
        return found + found[-1:] * (count - len(found))


def _records(path: str, text: str, found: _Findings) -> Iterator[_Record]:
    """Yield the records that are not blank; after broken quoting nothing more can be told."""
    lines = text.split("\n")
    reader = csv.reader((f"{line}\n" for line in lines), strict=True)
    count = 0
    while True:
        first = reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error as error:
            words = (words for begin, words in _WHY.items() if str(error).startswith(begin))
            zh, en = next(words, ("不是用逗号分隔的表格", "it is no table with commas"))
            found.add(p.BROKEN_SHEET, Place(path, first + 1), {"why": zh, "why_en": en})
            return
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > ROW_LIMIT + 1:  # the header is one
            found.add(p.SHEET_LIMIT, Place(path, first + 1), _limit("行数", "rows", ROW_LIMIT))
            return
        yield _Record(first + 1, "\n".join(lines[first : reader.line_num]), cells)


def _fields(
    model: type[Item], path: str, text: str, found: _Findings
) -> Iterator[tuple[int, Fields]]:
    """Yield line and located values of each row whose cells may be looked at one by one."""
    records = _records(path, text, found)
    keys = _header(model, path, next(records, _Record(1, "", [])), found)
    for record in records if keys else ():
        cells = [cell.strip() for cell in record.cells]
        while len(cells) > len(keys) and not cells[-1]:
            cells.pop()  # spreadsheet programs pad
        is_sound = len(cells) == len(keys)
        if not is_sound:
            facts = {"count": len(cells), "limit": len(keys)}
            found.add(p.ROW_LENGTH, Place(path, record.line), facts)
        places = record.places()
        for n, cell in enumerate(cells):
            key = keys[n] if n < len(keys) else ""
            if slip := _cell_slip(model, key or f"#{n + 1}", cell):
                found.add(slip[0], Place(path, *places[n]), slip[1])
                is_sound = False
        if is_sound:
            fields = {
                key: Located(cell, *place, *place)
                for key, cell, place in zip(keys, cells, places, strict=False)
                if key
            }
            yield record.line, fields


def _cell_slip(model: type[Item], key: str, cell: str) -> tuple[p.Code, dict[str, object]] | None:
    """Tell what forbids looking at a cell any further, whatever its type."""
    if len(cell) > FIELD_LIMIT:
        return p.SHEET_LIMIT, _limit("一格的字数", "characters in a cell", FIELD_LIMIT)
    if not cell or (personal := personal_data(cell)) is None:
        return None
    label = model.model_fields[key].title if key in model.model_fields else key
    zh, en, shown = personal
    return p.PERSONAL_DATA, {
        "key": key,
        "label": label,
        "what": zh,
        "what_en": en,
        "value": shown,
    }


def _header(model: type[Item], path: str, record: _Record, found: _Findings) -> list[str]:
    """Return the field of each column, "" for one to be passed over; nothing to give up.

    A first line without any known column is not quoted: it may be a row of data.
    """
    cells = [cell.strip() for cell in record.cells]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > COLUMN_LIMIT:
        place = Place(path, record.line)
        found.add(p.SHEET_LIMIT, place, _limit("列数", "columns", COLUMN_LIMIT))
        return []
    labels = {key: label for key, (label, _) in shape_of(model).items() if key not in _FILLED_IN}
    names = {fold(name): key for key, label in labels.items() for name in (key, label)}
    keys = [names.get(fold(cell), "") for cell in cells]
    first: dict[str, int] = {}
    for n, (cell, key, at) in enumerate(zip(cells, keys, record.places(), strict=False)):
        if key in first:
            found.add(p.REPEATED_COLUMN, Place(path, *at), {"value": cell, "first": first[key] + 1})
            keys[n] = ""
        elif key:
            first[key] = n
        elif any(keys):
            found.add(*_unknown_column(cell or f"#{n + 1}", Place(path, *at), [*labels, *names]))
    needed = [key for key, info in model.model_fields.items() if info.is_required()]
    if missing := [key for key in needed if key not in first]:
        facts = {
            "key": ", ".join(missing),
            "label": "、".join(labels[key] for key in missing),
            "example": ",".join(labels[key] for key in needed),
        }
        found.add(p.MISSING_COLUMNS, Place(path, record.line), facts)
        return []
    return keys


def _unknown_column(
    name: str, place: Place, choices: list[str]
) -> tuple[p.Code, Place, dict[str, object]]:
    if personal := personal_data(name[:FIELD_LIMIT]):
        return p.PERSONAL_COLUMN, place, {"value": personal[2]}
    is_personal = _PERSONAL_HEADER.search(fold(name)) is not None
    near = nearest(name, choices, most=1 if is_personal else 2)
    if is_personal and near is None:
        return p.PERSONAL_COLUMN, place, {"value": name[:20]}
    return p.UNKNOWN_SHEET_COLUMN, place, {"value": name[:20], **p.hint(near)}


def _limit(what: str, what_en: str, limit: int) -> dict[str, object]:
    return {"what": what, "what_en": what_en, "limit": limit}
