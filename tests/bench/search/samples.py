"""Collected real texts into entries of one more agency, and their judged queries.

The texts stand outside the project and are read where they are; nothing of them is kept. Without
them there is nothing to judge.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.corpus import ROOT, dump, settle, write
from gongkai.domain.values import organisation_check

FOLDER = ROOT.parent / "shared" / "samples"
AGENCY = "samples"
SERIAL = "SM000010"
FIRST, LIST = 3, 10
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CONTACT = {
    "office": "办公室", "address": "禾川县政通路99号（虚构）", "hours": "工作日 9:00—17:00",
    "telephone": "0000-0000099", "fax": "0000-0000098", "email": "samples@hechuan.example",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SampleQuery:
    """A query and the texts that must stand among the first three and the first ten."""

    id: str
    text: str
    first: tuple[str, ...]
    list: tuple[str, ...]

    def holds(self, found: Sequence[str]) -> bool:
        """Tell whether all that must stand there does."""
        return set(self.first) <= set(found[:FIRST]) and set(self.list) <= set(found[:LIST])


def hide(content: Path, folder: Path = FOLDER) -> list[SampleQuery]:
    """Write the texts into a content folder, if there are any, and return the queries."""
    if not (folder / "queries.tsv").is_file():
        return []
    home = content / "agencies" / AGENCY
    code = SERIAL + str(organisation_check(SERIAL + "0"))
    write(home / "agency.yml", dump(_agency(code)))
    serials: Counter[str] = Counter()
    keys: dict[str, str] = {}
    for path in sorted(folder.glob("*/*/meta.json")):
        meta = json.loads(path.read_text("utf-8"))
        day = _day(meta)
        serials[day[:4]] += 1
        number = f"{code}/{day[:4]}-{serials[day[:4]]:05d}"
        text = _COMMENT.sub("", (path.with_name("text.txt")).read_text("utf-8"))
        write(home / "catalogue" / day[:4] / f"{meta['id']}.md", _source(meta, number, day, text))
        keys[meta["id"]] = f"i/{number}.html"
    settle(content)
    with (folder / "queries.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))

    def known(cell: str) -> tuple[str, ...]:
        return tuple(keys[name.strip()] for name in cell.split(","))

    return [
        SampleQuery(row["id"], row["query"], known(row["must_top3"]), known(row["must_top10"]))
        for row in rows
    ]


def _day(meta: dict[str, Any]) -> str:
    for name in ("published", "written_date"):
        if found := _DAY.match(meta.get(name) or ""):
            return found[0]
    return f"{meta.get('year', 2011) + 1}-01-20"


def _source(meta: dict[str, Any], number: str, day: str, text: str) -> str:
    """Return the source of an entry; numbers of other forms than ours stand in its text."""
    issuer = meta.get("issuer_shown") or meta.get("agency") or ""
    fields = {
        "title": meta["title"],
        "index_number": number,
        "document_number": meta.get("doc_no") or "",
        "issuers": [issuer] if issuer else "",
        "issued_on": day,
        "published_on": f"{day} 09:00",
        "column": "other",
        "genre": "other",
        "subject": "T02",
        "validity": "amended" if "已被修改" in (meta.get("validity") or "") else "",
        "migrated_on": "2026-11-01",
        "review": {"checked_on": day, "reviewer": "办公室主任", "result": "可以公开"},
    }
    front = dump({key: value for key, value in fields.items() if value})
    other = meta.get("index_no") or ""
    note = f"索引号：{other}\n\n" if other and other not in text else ""
    return f"---\n{front}---\n{note}{text}\n"


def _agency(code: str) -> dict[str, Any]:
    return {
        "name": "禾川县资料室",
        "level": "department",
        "parent": "county",
        "codes": [code],
        "guide": "none",
        "guide_note": "见县政府指南",
        "introduction": "保存收集来的文件。",
        "contact": _CONTACT,
        "leaders": [{"post": "主要负责人", "duties": "主持全面工作。"}],
        "reading_places": [{"name": "查阅点", "address": _CONTACT["address"], "hours": "工作日"}],
    }


def load(path: Path) -> list[SampleQuery]:
    """Read queries that were written as JSON."""
    rows = json.loads(path.read_text("utf-8")) if path.is_file() else []
    return [
        SampleQuery(row["id"], row["text"], tuple(row["first"]), tuple(row["list"])) for row in rows
    ]
