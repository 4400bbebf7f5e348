"""A number of entries into a content folder of that size, valid and the same on every machine.

All choices come from generators seeded with the number of the entry that they decide; no clock
is read. Names and figures are invented; the words are in ``phrases.yml``.

    python tests/bench/corpus.py 1000 OUT [--agencies 20] [--hugo OUT]
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from posixpath import relpath
from random import Random
from typing import Any

import yaml

if not __package__:  # run as a script: let this folder be the package ``bench``
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from bench.bodies import body_text, phrases
from gongkai.domain.values import organisation_check

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
VOCABULARIES = ROOT / "content" / "vocab"
TODAY = date(2026, 11, 20)  # as ``as_of`` in site.yml
FIRST_DAY, LAST_DAY = date(2015, 1, 5), date(2026, 11, 10)
NORMATIVE_YEARS = 5  # 有效期 of a 行政规范性文件
ANNOTATION = "（此件公开发布）"
SETTLED = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Office:
    """One invented agency."""

    id: str
    name: str
    short: str
    mark: str  # 机关代字
    level: str
    code: str
    number: int


def offices(count: int) -> tuple[Office, ...]:
    """Return so many agencies: the county's office, departments, and about a third towns."""
    towns = (count - 1) // 3
    departments = count - towns
    found = [_department(n) for n in range(departments)]
    return (*found, *(_town(n, departments + n) for n in range(towns)))


def _department(n: int) -> Office:
    county, known = phrases()["county"], phrases()["agencies"]
    again, place = divmod(n, len(known))
    words = known[place]
    branch = f"第{again + 1}分局" if again else ""
    return Office(
        id="county" if n == 0 else f"dept-{n:02d}",
        name=f"{county}{words['name']}{branch}",
        short=words["short"] + branch,
        mark=words["mark"] + (str(again + 1) if again else ""),
        level="county" if n == 0 else "department",
        code=_code(n),
        number=n,
    )


def _town(n: int, number: int) -> Office:
    county, known = phrases()["county"], phrases()["towns"]
    again, place = divmod(n, len(known))
    name = known[place] + (str(again + 1) if again else "")
    return Office(
        id=f"town-{n + 1:02d}",
        name=f"{county}{name}镇人民政府",
        short=f"{name}镇",
        mark=f"{name}政",
        level="town",
        code=_code(number),
        number=number,
    )


def _code(n: int) -> str:
    serial = f"HC{n + 1:05d}0"
    return serial + str(organisation_check(serial + "0"))


@dataclass(slots=True)
class Item:
    """One entry without its body; ``turn`` counts from the oldest and decides the body."""

    turn: int
    office: Office
    serial: int
    issued: date
    published: datetime
    column: str
    subject: str
    genre: str
    work: str
    title: str = ""
    kind: str = "document"
    instrument: str = ""
    document_number: str = ""
    effective: date | None = None
    expires: date | None = None
    repealed: date | None = None
    repealed_by: str = ""
    article_20: int = 0
    keywords: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    addressees: str = ""
    supersedes: list[Item] = field(default_factory=list)
    interprets: list[Item] = field(default_factory=list)
    interpreted_by: list[Item] = field(default_factory=list)
    related: list[Item] = field(default_factory=list)
    link: Item | None = None

    @property
    def number(self) -> str:
        """The 索引号."""
        return f"{self.office.code}/{self.issued.year}-{self.serial:05d}"

    @property
    def path(self) -> str:
        """Where its source stands below content/."""
        return f"agencies/{self.office.id}/catalogue/{self.issued.year}/{self.serial:05d}.md"

    @property
    def standing(self) -> str:
        """The 文件性质, by default by the document number."""
        return self.instrument or ("official" if self.document_number else "none")

    @property
    def validity(self) -> str:
        """The 有效性 on the pinned day, by the rule of ``Entry.validity_on``."""
        if self.repealed and self.repealed <= TODAY:
            return "repealed"
        if self.expires and self.expires < TODAY:
            return "expired"
        if self.effective and self.effective > TODAY:
            return "not_yet"
        return "in_force" if self.standing in ("rule", "normative") else "not_applicable"

    @property
    def is_lapsed(self) -> bool:
        """Tell whether it stands among 废止和失效文件."""
        return self.validity in ("repealed", "expired")

    @property
    def relations(self) -> list[tuple[str, Item]]:
        """What it names or is named by, with the heading of each group."""
        groups = {
            "解读的文件": self.interprets,
            "相关解读": self.interpreted_by,
            "替代的文件": self.supersedes,
            "相关文件": self.related,
        }
        return [(group, other) for group, others in groups.items() for other in others]

    def body(self, target: str) -> str:
        """Return the body, its link to another entry written as ``target``."""
        link = (self.link.title, target) if self.link else None
        return body_text(self.turn, self.issued.year, self.work, link)


class Corpus:
    """So many entries of so many agencies, oldest first."""

    def __init__(self, size: int, agencies: int = 20) -> None:
        self.size = size
        self.offices = offices(agencies)
        self.items: list[Item] = []
        self._serials: Counter[tuple[str, int]] = Counter()
        self._numbers: Counter[tuple[str, int]] = Counter()
        days = (LAST_DAY - FIRST_DAY).days
        for turn in range(size):
            issued = FIRST_DAY + timedelta(days=days * turn // max(1, size - 1))
            rng = Random(f"gongkai date {turn}")
            hour, minute = rng.randint(8, 17), rng.randint(0, 59)
            day = issued + timedelta(days=rng.randint(1, 9))  # within the 20 working days
            self._add(turn, issued, datetime(day.year, day.month, day.day, hour, minute))  # noqa: DTZ001
        self._relate()

    def newest(self, turn: int) -> Item:
        """Add an entry that is newer than all others and related to none."""
        moment = datetime(TODAY.year, TODAY.month, TODAY.day, 8, turn)  # noqa: DTZ001
        item = self._add(self.size + turn, TODAY - timedelta(days=1), moment)
        if item.column == "interpretations":
            item.column, item.genre = "documents", "other"
        return item

    def ordinary(self, turn: int) -> Item:
        """Return an entry from the newer half as editors change them: a plain notice."""
        plain = [
            item
            for item in self.items[self.size // 2 : self.size]
            if item.column in ("notices", "livelihood") and not item.relations
        ]
        return plain[turn % len(plain)]

    def _add(self, turn: int, issued: date, published: datetime) -> Item:
        """Add one entry: whose it is, where it is filed, what it is called."""
        rng, words = Random(f"gongkai entry {turn}"), phrases()
        office = self.offices[0] if rng.random() < 0.1 else rng.choice(self.offices)
        column = rng.choices(words["columns"], [column["share"] for column in words["columns"]])[0]
        place = (office.id, issued.year)
        self._serials[place] += 1
        item = Item(
            turn,
            office,
            self._serials[place],
            issued,
            published,
            column["code"],
            subject=rng.choice(words["subjects"]),
            genre=rng.choice(column["genres"]),
            work=rng.choice(words["work"]),
        )
        item.tags = rng.sample(words["tag"], 2) if rng.random() < 0.5 else []
        item.keywords = rng.sample(words["work"], 2) if rng.random() < 0.3 else []
        item.channels = ["gazette", "website", "screen"] if rng.random() < 0.3 else []
        item.article_20 = rng.randint(1, 15) if rng.random() < 0.05 else 0
        if item.genre in words["documents"]:
            self._numbers[place] += 1
            item.document_number = f"{office.mark}发〔{issued.year}〕{self._numbers[place]}号"
            item.addressees = rng.choice(words["addressees"]) if rng.random() < 0.7 else ""
        if item.column in ("normative", "regulations"):
            item.instrument = "normative" if item.column == "normative" else "rule"
            item.effective = issued + timedelta(days=30)
        if item.column == "normative" and item.effective:
            end = date(item.effective.year + NORMATIVE_YEARS, item.effective.month, 1)
            item.expires = end - timedelta(days=1)
        if item.column == "budget":
            item.kind = "budget"
        item.title = _title(item, rng)
        self.items.append(item)
        return item

    def _relate(self) -> None:
        """Let entries interpret, replace, name and link earlier ones of the same agency."""
        rng = Random(f"gongkai relations {self.size}")
        normative: dict[str, list[Item]] = {office.id: [] for office in self.offices}
        earlier: dict[str, list[Item]] = {office.id: [] for office in self.offices}
        for item in self.items:
            documents, others = normative[item.office.id], earlier[item.office.id]
            if item.column == "interpretations":
                _interpret(item, documents)
            elif item.column == "normative":
                _supersede(item, documents, rng)
                documents.append(item)
            if others and rng.random() < 0.02:
                item.related.append(rng.choice(others))
            if others and rng.random() < 0.05:
                item.link = rng.choice(others)
            others.append(item)

    # ---- sources

    def write(self, folder: Path) -> None:
        """Write content/ into ``folder``."""
        write(folder / "site.yml", (HERE / "site.yml").read_text("utf-8"))
        for source in sorted(VOCABULARIES.glob("*.yml")):
            text = own_columns() if source.stem == "columns" else source.read_text("utf-8")
            write(folder / "vocab" / source.name, text)
        for office in self.offices:
            home = folder / "agencies" / office.id
            write(home / "agency.yml", dump(_agency(office, self.offices[0].id)))
            write(home / "guide.md", guide_text(office))
        for item in self.items:
            write(folder / item.path, source_text(item))
        settle(folder)


def _interpret(item: Item, documents: list[Item]) -> None:
    """Let an entry interpret the newest of the last documents that has no interpretation."""
    found = [other for other in documents[-5:] if not other.interpreted_by]
    if found:
        item.kind, item.title = "interpretation", f"《{found[-1].title}》政策解读"
        item.interprets.append(found[-1])
        found[-1].interpreted_by.append(item)
    else:
        item.column, item.genre = "documents", "other"


def _supersede(item: Item, documents: list[Item], rng: Random) -> None:
    """Let one document in seven replace an earlier one."""
    old = [o for o in documents if o.repealed is None and (item.issued - o.issued).days > 300]
    if old and rng.random() < 0.15:
        item.supersedes.append(old[-1])
        old[-1].repealed, old[-1].repealed_by = item.effective, item.number


def _title(item: Item, rng: Random) -> str:
    office, year, work, words = item.office.name, item.issued.year, item.work, phrases()
    if item.column == "rules":  # a title may stand once an agency in this column
        return f"{office}关于印发{work}信息公开工作制度（{year}年第{item.serial}号）的通知"
    if item.kind == "budget":
        kind = "预算" if item.genre == "budget" else "决算"
        return f"{office}{year}年部门{kind}公开说明（第{item.serial}号）"
    if item.column == "regulations":
        return f"{words['county']}{work}管理规定（{year}年第{item.serial}号）"
    if item.genre in words["documents"]:
        about = rng.choice(
            (f"做好{year}年{work}工作", f"进一步加强{work}工作", f"{year}年{work}工作安排")
        )
        return f"{office}关于{about}{words['documents'][item.genre]}"
    batch = f"第{1 + item.serial % 9}批" if rng.random() < 0.4 else ""
    return f"{office}{year}年{work}{batch}{words['others'][item.genre]}"


def source_text(item: Item) -> str:
    """Return an entry's file as an editor writes it: what has a default is left out."""
    fields: dict[str, object] = {
        "title": item.title,
        "index_number": item.number,
        "document_number": item.document_number,
        "kind": item.kind if item.kind != "document" else "",
        "issued_on": item.issued,
        "published_on": f"{item.published:%Y-%m-%d %H:%M}",
        "column": item.column,
        "genre": item.genre if item.genre != "notice" else "",
        "instrument": item.instrument,
        "subject": item.subject,
        "effective_on": item.effective,
        "expires_on": item.expires,
        "repealed_on": item.repealed,
        "repealed_by": item.repealed_by,
        "article_20": item.article_20,
        "interprets": [other.number for other in item.interprets],
        "interpreted_by": [other.number for other in item.interpreted_by],
        "supersedes": [other.number for other in item.supersedes],
        "related": [other.number for other in item.related],
        "addressees": item.addressees,
        "annotation": ANNOTATION if item.document_number else "",
        "tags": item.tags,
        "keywords": item.keywords,
        "channels": item.channels,
    }
    if item.kind == "budget":
        fields["fiscal_year"] = item.issued.year
        fields["budget_type"] = "budget" if item.genre == "budget" else "final_accounts"
    for key, value in fields.items():
        if isinstance(value, list) and value:
            fields[key] = f"[{', '.join(value)}]"
    lines = [f"{key}: {value}" for key, value in fields.items() if value]
    lines.append(_review(item.issued))
    target = relpath(item.link.path, item.path.rpartition("/")[0]) if item.link else ""
    return "\n".join(["---", *lines, "---", item.body(target)])


def _review(day: date) -> str:
    return f"review: {{checked_on: {day}, reviewer: 办公室主任, result: 可以公开}}"


def _contact(office: Office) -> dict[str, str]:
    return {
        "office": f"{office.short}办公室",
        "address": f"{phrases()['county']}政通路{office.number + 1}号（虚构）",
        "hours": "工作日 8:30—12:00，14:00—17:30",
        "telephone": f"0000-{office.number + 11:07d}",
        "fax": f"0000-{office.number + 5011:07d}",
        "email": f"{office.id}@hechuan.example",
    }


def _agency(office: Office, host: str) -> dict[str, Any]:
    contact = _contact(office)
    place = {"address": contact["address"], "hours": "工作日 9:00—17:00"}
    return {
        "name": office.name,
        "short_name": office.short,
        "level": office.level,
        **({"parent": host} if office.id != host else {}),
        "codes": [office.code],
        "introduction": f"{office.name}设有专门机构承担政府信息公开日常工作。",
        "contact": contact,
        "leaders": [
            {"post": "主要负责人", "duties": "主持全面工作。"},
            {"post": "分管负责人", "duties": "负责政府信息公开、法治和应急值守工作。"},
        ],
        "reading_places": [{"name": f"{office.short}信息查阅点", **place}],
    }


def guide_text(office: Office) -> str:
    """Return an agency's guide with the nine items of 条例 art. 12."""
    contact = _contact(office)
    fields = {
        "title": f"{office.name}政府信息公开指南",
        "published_on": "2026-01-08 09:00",
        "classification": "主动公开的政府信息按《政府信息公开条例》第二十条分为十五类。",
        "arrangement": "以索引号为唯一标识，按成文日期先后编排。",
        "access": "通过本网站检索、查阅和下载，也可以到信息查阅点查阅。",
        "office_name": contact["office"],
        "office_address": contact["address"],
        "office_hours": contact["hours"],
        "telephone": contact["telephone"],
        "fax": contact["fax"],
        "internet_contact": contact["email"],
    }
    lines = [f"{key}: {value}" for key, value in fields.items()]
    text = (
        f"为方便公民、法人和其他组织获取{office.name}的政府信息，编制本指南。\n\n"
        "## 依申请公开\n\n1. 填写申请表，写明所需信息的名称、文号或者其他特征。\n"
        "2. 当面、邮寄或者通过电子邮件提交申请。\n"
        "3. 本机关自收到申请之日起20个工作日内答复。\n"
    )
    return "\n".join(["---", *lines, _review(date(2026, 1, 7)), "---", text])


def own_columns() -> str:
    """Return the demonstration's columns without what belongs to its own agencies."""
    written = yaml.safe_load((VOCABULARIES / "columns.yml").read_text("utf-8"))
    columns = [
        {key: value for key, value in column.items() if key != "owner"}
        for column in written["columns"]
        if not column.get("agencies")
    ]
    return dump({"presets": ["statutory"], "columns": columns})


# ---- files


def dump(value: dict[str, Any]) -> str:
    """Return YAML in the order given."""
    text: str = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=1000)
    return text


def write(path: Path, text: str) -> None:
    """Write a text with the same line ends everywhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def files_in(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder."""
    return (path for path in folder.rglob("*") if path.is_file())


def settle(folder: Path) -> None:
    """Date all files back, as in a checkout that has stood for a while.

    A build reads files again that are hardly older than its last run: a cost that no editor meets.
    """
    for path in files_in(folder):
        os.utime(path, (SETTLED, SETTLED))


def main() -> None:
    """Write a corpus from the command line."""
    parser = argparse.ArgumentParser(description="Write a content folder of N entries.")
    parser.add_argument("entries", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--agencies", type=int, default=20)
    parser.add_argument("--hugo", type=Path, help="also write the same site for Hugo here")
    given = parser.parse_args()
    corpus = Corpus(given.entries, given.agencies)
    corpus.write(given.out)
    if given.hugo:
        from bench.twin import write_hugo

        write_hugo(corpus, given.hugo)


if __name__ == "__main__":
    main()
