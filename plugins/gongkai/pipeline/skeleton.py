"""A new entry's file: the next free index number and the fields that an editor must fill in."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path

from gongkai.domain.corpus import Judged
from gongkai.domain.kinds import KINDS
from gongkai.intake.source import read_regular

_REQUIRED = (
    "title",
    "index_number",
    "document_number",
    "issued_on",
    "published_on",
    "column",
    "subject",
)


def kind_codes() -> list[str]:
    """Return the codes of the content types."""
    return list(KINDS)


def next_index_number(root: Path, judged: Judged, agency: str, year: int) -> str:
    """Return the next 索引号 of an agency and year; numbers once given are never given again.

    Withdrawn, held-back and former numbers count as given.

    Raises:
        KeyError: there is no such agency.
    """
    front = judged.corpus.agencies[agency].codes[0]
    prefix = f"{front}/{year}-"
    given = [r.entry.index_number for r in judged.corpus.entries if r.entry]
    given += [n for r in judged.corpus.entries if r.entry for n in r.entry.former_index_numbers]
    for record in judged.corpus.entries:
        if record.entry is None:  # a number in a file with slips is given all the same
            with suppress(OSError):
                text = read_regular(root, record.path).decode("utf-8", "replace")
                given += re.findall(rf"{re.escape(prefix)}[0-9]+", text)
    given += [t.tombstone.index_number for t in judged.corpus.tombstones]
    serials = [
        int(n[len(prefix) :]) for n in given if n.startswith(prefix) and n[len(prefix) :].isdigit()
    ]
    return f"{prefix}{max(serials, default=0) + 1:05d}"


def new_entry(
    root: Path, judged: Judged, agency: str, kind: str, column: str, slug: str, today: date
) -> Path:
    """Write the commented skeleton of an entry and return its path.

    Raises:
        FileExistsError: the file is there already; nothing is overwritten.
    """
    number = next_index_number(root, judged, agency, today.year)
    name = slug or number.rpartition("/")[2]
    path = root / "agencies" / agency / "catalogue" / str(today.year) / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(skeleton(kind, number, column, today))
    return path


def skeleton(kind: str, number: str, column: str, today: date) -> str:
    """Return the text of a new entry; every line says what belongs there."""
    model = KINDS[kind].model
    lines = ["---", f"# 类型：{KINDS[kind].label}。冒号后留空的字段视为没有填写。"]
    given = {"index_number": number, "issued_on": str(today), "column": column}
    if kind != "document":
        lines.append(f"kind: {kind}")
    for key in (*_REQUIRED, *KINDS[kind].required):
        info = model.model_fields[key]
        example = f"，如 {info.examples[0]}" if info.examples else ""
        lines.append(
            f"{key}: {given.get(key, '')}".rstrip()
            + f"  # {info.title}：{info.description}{example}"
        )
    lines += [
        "review:  # 审查记录：没有的暂不发布",
        "  checked_on:  # 审查日期",
        "  reviewer:  # 审查人岗位，只写岗位",
        "  result:  # 可以公开、依申请公开、不予公开 或 暂不公开",
        "---",
        "在这里写正文。标题、文号、主送机关、落款和日期由页面按字段排出，正文里不要重复。",
        "",
    ]
    return "\n".join(lines)
