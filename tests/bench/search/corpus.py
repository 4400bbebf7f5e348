"""A number of entries and a seed into a content folder of full texts, and what each is about.

    python tests/bench/search/corpus.py OUT [--entries 10000] [--seed 1]

Beside ``content/`` stands ``documents.jsonl``: what the query generator knows of each document.
The same seed writes the same bytes on every machine with the same word list.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, cast

if not __package__:  # run as a script: let the folder above be the package ``bench``
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from bench.bodies import phrases
from bench.corpus import NORMATIVE_YEARS, Corpus, Item, Office, settle, source_text, write
from bench.reports import figures
from bench.search.lexicon import Lexicon, installed, words
from bench.search.prose import Facts, Prose, body_text
from gongkai.domain.reports.form import form_for

AGENCIES = 29
TOPIC_WORDS = 40
TOPICS_AT_10K = 420
REPORT_YEARS = range(2021, 2026)  # those of one form
MOST_PROJECTS = 2000  # of the 3,072 that the lists give
CHUNK = 250


@dataclass(slots=True)
class Entry(Item):
    """One entry with its text; ``work`` is its topic."""

    seed: str = ""
    type: str = ""
    service: str = ""
    facts: Facts = field(default_factory=lambda: Facts("", 0))
    text: str = ""

    def body(self, target: str) -> str:
        """Return the text made beforehand, with the link to another entry."""
        if not self.link:
            return self.text
        return f"{self.text}\n本件与[{self.link.title}]({target})配套实施，请一并参阅。\n"


@dataclass(slots=True)
class Document:
    """What the query generator knows: ``key`` is the address of its page."""

    key: str
    type: str
    title: str
    agency: str
    short: str
    year: int
    published: str
    text: str
    number: str = ""
    index_number: str = ""
    is_lapsed: bool = False
    keywords: list[str] = field(default_factory=list)
    topic: str = ""
    service: str = ""
    persons: list[str] = field(default_factory=list)
    companies: list[str] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    rare: list[str] = field(default_factory=list)


class SearchCorpus(Corpus):
    """Entries about several hundred topics, oldest first, with texts like real ones."""

    def __init__(
        self, size: int, seed: int = 1, agencies: int = AGENCIES, lexicon: Lexicon | None = None
    ) -> None:
        self.seed = f"search {seed}"
        self.lexicon = lexicon or installed()
        rng = Random(f"{self.seed} names")
        self.topics = _topics(rng, max(40, round(TOPICS_AT_10K * (size / 10_000) ** 0.5)))
        self.weights = [1 / (3 + rank) ** 0.8 for rank in range(len(self.topics))]
        pool = max(12, size // 14)
        self.persons = _distinct(pool, lambda: _person(rng))
        self.companies = _distinct(pool, lambda: _company(rng))
        self.projects = _distinct(min(pool // 2, MOST_PROJECTS), lambda: _project(rng))
        self.rare = rng.sample(self.lexicon.rare, min(max(12, size // 40), len(self.lexicon.rare)))
        self._numbered: dict[str, list[Item]] = {}
        self._seen: Counter[str] = Counter()
        self._measures: dict[tuple[str, str], Item] = {}
        super().__init__(size, agencies)
        self._plant()

    @property
    def entries(self) -> list[Entry]:
        """All entries, oldest first."""
        return cast(list[Entry], self.items)

    def _add(self, turn: int, issued: date, published: datetime) -> Item:
        """Add one entry: of which type, about what, whose, and who is named in it."""
        rng, known = Random(f"{self.seed} entry {turn}"), words()
        kind = rng.choices(known["types"], [one["share"] for one in known["types"]])[0]
        topic = rng.choices(self.topics, self.weights)[0]
        office = self._office(rng, kind["type"], topic)
        place = (office.id, issued.year)
        self._serials[place] += 1
        item = Entry(
            turn, office, self._serials[place], issued, published, kind["column"],
            subject=rng.choice(phrases()["subjects"]), genre=kind["genre"], work=topic,
            seed=self.seed, type=kind["type"], facts=Facts(topic, issued.year),
        )  # fmt: skip
        item.tags = rng.sample(phrases()["tag"], 2) if rng.random() < 0.4 else []
        if rng.random() < 0.25:
            item.keywords = [topic, rng.choice(self.topics)]
        if item.genre in phrases()["documents"] and item.type != "bulletin":
            self._numbers[place] += 1
            item.document_number = f"{office.mark}发〔{issued.year}〕{self._numbers[place]}号"
        self._name(item, rng)
        item.title = self._title(item, rng, kind["title"])
        if item.type == "measure":
            self._enact(item)
        if item.type == "budget":
            item.kind = "budget"
            item.genre = "budget" if "预算" in item.title else "final-accounts"
        if item.document_number:
            self._numbered.setdefault(office.id, []).append(item)
        self.items.append(item)
        return item

    def _office(self, rng: Random, kind: str, topic: str) -> Office:
        """Return the agency that a topic belongs to, or now and then any."""
        own = self.offices[self.topics.index(topic) % (len(self.offices) * 2 // 3)]
        if kind == "measure" or (kind != "budget" and rng.random() < 0.55):
            return own
        return rng.choice(self.offices)

    def _name(self, item: Entry, rng: Random) -> None:
        """Decide who and what the text names."""
        facts = item.facts
        facts.persons = rng.sample(self.persons, 3)
        facts.companies = rng.sample(self.companies, 2)
        facts.projects = rng.sample(self.projects, 1)
        item.service = rng.choice(words()["services"])
        earlier = self._numbered.get(item.office.id, [])[-80:]
        if earlier:
            other = rng.choice(earlier)
            facts.cited = [f"《{other.title}》（{other.document_number}）"]
        sentences = [one for one in words()["facts"] if facts.cited or "{cited}" not in one]
        facts.says = rng.sample(sentences, rng.choices((0, 1, 2), (4, 4, 2))[0])
        if item.type == "personnel":
            posts = [f"{item.office.short}{rng.choice(words()['posts'])}" for _ in range(3)]
            first, second, third = facts.persons
            facts.says = [
                f"任命{first}同志为{posts[0]}，试用期一年。",
                f"免去{second}同志的{posts[1]}职务。{third}同志任{posts[2]}。",
            ]
        elif item.type == "penalty":
            facts.says = [f"经查，{facts.companies[0]}存在违法行为，罚款{{count}}元。"]
        elif item.type == "procurement":
            bid = f"{facts.companies[0]}为{facts.projects[0]}第一中标候选人，报价{{money}}万元。"
            facts.says = [bid, f"{facts.companies[1]}为第二中标候选人。"]
        elif item.type == "reply":
            facts.says = [f"原则同意{facts.projects[0]}建设方案，总投资{{money}}万元。"]

    def _title(self, item: Entry, rng: Random, patterns: list[str]) -> str:
        office, year = item.office, item.issued.year
        if item.type == "budget":
            what = "预算" if item.issued.month <= 6 else "决算"
            of = year if what == "预算" else year - 1
            return self._once(f"{office.name}{of}年部门{what}公开说明", item, rng)
        place = office.name.removesuffix("人民政府") if office.level == "town" else office.short
        values = {
            "office": office.name, "county": phrases()["county"], "year": year, "place": place,
            "month": item.issued.month, "quarter": (item.issued.month + 2) // 3,
            "serial": item.serial, "n": rng.randint(1, 9), "topic": item.work,
            "service": item.service, "person": item.facts.persons[0],
            "company": item.facts.companies[0], "project": item.facts.projects[0],
        }  # fmt: skip
        return str(rng.choice(patterns).format(**values))

    def _once(self, title: str, item: Entry, rng: Random) -> str:
        """Return a title that only one entry has; a second one becomes a plain notice."""
        self._seen[title] += 1
        if self._seen[title] == 1:
            return title
        item.type, item.column, item.genre = "notice", "notices", "other"
        return f"{item.office.name}{item.issued.year}年第{item.serial}期{item.work}工作动态"

    def _enact(self, item: Entry) -> None:
        """Make a measure a normative document that replaces the one before it."""
        item.instrument = "normative"
        item.effective = item.issued + timedelta(days=30)
        end = date(item.effective.year + NORMATIVE_YEARS, item.effective.month, 1)
        item.expires = end - timedelta(days=1)
        name = (item.office.id, item.title)
        old = self._measures.get(name)
        if old and (item.issued - old.issued).days > 300:
            item.supersedes.append(old)
            old.repealed, old.repealed_by = item.effective, item.number
        elif old:
            item.title = item.title.replace("的通知", f"（{item.issued.month}月修订）的通知")
        self._measures[item.office.id, item.title] = item

    def _relate(self) -> None:
        """Let entries interpret, name and link earlier ones of the same agency."""
        rng = Random(f"{self.seed} relations")
        earlier: dict[str, list[Item]] = {office.id: [] for office in self.offices}
        measures: dict[str, list[Item]] = {office.id: [] for office in self.offices}
        for item in self.entries:
            others = earlier[item.office.id]
            if item.type == "measure":
                measures[item.office.id].append(item)
            elif item.type == "interpretation":
                _interpret(item, measures[item.office.id])
            if others and rng.random() < 0.03:
                item.link = rng.choice(others)
            others.append(item)

    def _plant(self) -> None:
        """Put each rare word into one to four texts."""
        rng = Random(f"{self.seed} rare")
        for word in self.rare:
            for item in rng.sample(self.entries, min(self.size, rng.randint(1, 4))):
                item.facts.rare.append(word)

    def fill(self, workers: int = 1) -> None:
        """Write all texts."""
        jobs = [(item.seed, item.turn, item.facts) for item in self.entries]
        chunks = [jobs[start : start + CHUNK] for start in range(0, len(jobs), CHUNK)]
        if workers > 1 and len(chunks) > 1:
            with ProcessPoolExecutor(workers) as pool:
                made = list(pool.map(_texts, chunks))
        else:
            made = [_texts(chunk, self.lexicon) for chunk in chunks]
        texts = [text for chunk in made for text in chunk]
        for item, text in zip(self.entries, texts, strict=True):
            item.text = text
        self.reports = [Report.drawn(self, office) for office in self.offices]

    def documents(self) -> list[Document]:
        """Return what is known of every entry and yearly report."""
        found = [_document(item) for item in self.entries]
        return found + [report.known() for reports in self.reports for report in reports]

    # ---- sources

    def write(self, folder: Path) -> None:
        """Write content/ into ``folder``, with yearly reports."""
        super().write(folder)
        for item in self.entries:
            if item.type == "service":
                write(folder / item.path, _service_text(item))
        for reports in self.reports:
            for report in reports:
                write(folder / report.path, report.source)
        settle(folder)


@dataclass(slots=True)
class Report:
    """One yearly report with figures that add up."""

    office: Office
    year: int
    form: str
    tables: str
    prose: str

    @classmethod
    def drawn(cls, corpus: SearchCorpus, office: Office) -> list[Report]:
        """Return an agency's reports, each carrying over what the one before left open."""
        rng, carried, found = Random(f"{corpus.seed} reports {office.id}"), [0] * 6, []
        for year in REPORT_YEARS:
            form = form_for(year)
            assert form is not None
            tables, carried = figures(form, year, carried, rng)
            facts = Facts(rng.choice(corpus.topics), year)
            topical = topic_words(corpus.seed, facts.topic, corpus.lexicon)
            prose = Prose(rng, facts, corpus.lexicon, topical)
            parts = (
                f"## {part.heading}\n\n" + "".join(prose.free() for _ in range(rng.randint(3, 9)))
                for part in form.parts
                if part.is_prose
            )
            found.append(cls(office, year, form.name, tables, "\n\n".join(parts)))
        return found

    @property
    def title(self) -> str:
        """The title that all yearly reports have."""
        return f"{self.office.name}{self.year}年政府信息公开工作年度报告"

    @property
    def path(self) -> str:
        """Where its source stands below content/."""
        return f"agencies/{self.office.id}/reports/{self.year}.md"

    @property
    def source(self) -> str:
        """The report as its editors write it."""
        year = self.year + 1
        front = (
            f'---\ntitle: {self.title}\nform: "{self.form}"\npublished_on: {year}-01-20 09:00\n'
            f"review: {{checked_on: {year}-01-16, reviewer: 办公室主任, result: 可以公开}}\n"
            f"migrated_on: {year}-01-20\n{self.tables}\n---\n"
        )
        return f"{front}{self.prose}\n"

    def known(self) -> Document:
        """Return what is known of it."""
        return Document(
            key=f"a/{self.office.id}/report/{self.year}.html", type="report", title=self.title,
            agency=self.office.name, short=self.office.short, year=self.year,
            published=f"{self.year + 1}-01-20 09:00", text=self.prose,
        )  # fmt: skip


def _interpret(item: Entry, measures: list[Item]) -> None:
    """Let an entry interpret one of the last measures that has no interpretation."""
    found = [other for other in measures[-5:] if not other.interpreted_by]
    if found:
        item.kind, item.title = "interpretation", f"《{found[-1].title}》政策解读"
        item.interprets.append(found[-1])
        found[-1].interpreted_by.append(item)
        item.facts.topic = item.work = found[-1].work
    else:
        item.column, item.genre, item.type = "documents", "other", "notice"
        item.title = f"{item.office.name}{item.issued.year}年第{item.serial}期{item.work}答问"


def _service_text(item: Entry) -> str:
    """Return the source of a service guide, with the fields that guides must have."""
    rng = Random(f"{item.seed} service {item.turn}")
    law = rng.choice(phrases()["law"])
    fields = (
        "kind: service",
        f"basis: ['{law}']",
        f"conditions: [{rng.choice(phrases()['object'])}]",
        "materials:",
        f"  - {{name: {item.service}申请表, copies: 一式2份}}",
        "  - {name: 申请人身份证明}",
        "procedure: [提出申请, 受理审查, 现场核查, 作出决定, 送达结果]",
        f"time_limit: 法定{rng.randint(15, 45)}个工作日，承诺{rng.randint(3, 14)}个工作日",
        f"result: {item.service}结果文书",
        f"window: {rng.choice(phrases()['place'])}",
    )
    return source_text(item).replace("\nreview: ", "\n" + "\n".join(fields) + "\nreview: ", 1)


def _document(item: Entry) -> Document:
    facts, named = item.facts, item.text + item.title
    return Document(
        key=f"i/{item.number}.html", type=item.type, title=item.title, number=item.document_number,
        index_number=item.number, agency=item.office.name, short=item.office.short,
        year=item.issued.year, published=f"{item.published:%Y-%m-%d %H:%M}",
        is_lapsed=item.is_lapsed, keywords=item.keywords, topic=item.work,
        service=item.service if item.type == "service" else "",
        persons=[name for name in facts.persons if name in named],
        companies=[name for name in facts.companies if name in named],
        projects=[name for name in facts.projects if name in named],
        rare=facts.rare, text=item.text,
    )  # fmt: skip


def topic_words(seed: str, topic: str, lexicon: Lexicon) -> list[str]:
    """Return the words that documents of a topic share."""
    rng = Random(f"{seed} topic {topic}")
    return [word for name in "nvw" for word in lexicon.topical(rng, name, TOPIC_WORDS // 3)]


def _texts(jobs: list[tuple[str, int, Facts]], lexicon: Lexicon | None = None) -> list[str]:
    lexicon = lexicon or installed()
    return [
        body_text(
            Random(f"{seed} body {turn}"), facts, lexicon, topic_words(seed, facts.topic, lexicon)
        )
        for seed, turn, facts in jobs
    ]


# ---- names


def _topics(rng: Random, count: int) -> list[str]:
    pairs = [(one, two) for one in words()["objects"] for two in words()["actions"]]
    return [one + two for one, two in rng.sample(pairs, min(count, len(pairs)))]


def _distinct(count: int, draw: Any) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[draw()] = None
    return list(found)


def _person(rng: Random) -> str:
    given = rng.sample(words()["given"], rng.choice((1, 2, 2, 2)))
    return rng.choice(words()["surnames"]) + "".join(given)


def _company(rng: Random) -> str:
    brand = "".join(rng.sample(words()["brands"], 2))
    return f"{phrases()['county']}{brand}{rng.choice(words()['trades'])}有限公司"


def _project(rng: Random) -> str:
    town, village = rng.choice(phrases()["towns"]), rng.choice(words()["villages"])
    return f"{town}镇{village}{rng.choice(words()['works'])}"


# ---- files


def save(documents: list[Document], path: Path) -> None:
    """Write what is known, a document a line."""
    lines = (json.dumps(asdict(one), ensure_ascii=False) for one in documents)
    write(path, "\n".join(lines) + "\n")


def load(path: Path) -> list[Document]:
    """Read what ``save`` wrote."""
    return [Document(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def main() -> None:
    """Write a corpus from the command line."""
    parser = argparse.ArgumentParser(description="Write a content folder of full texts.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    corpus = SearchCorpus(given.entries, given.seed)
    corpus.fill(os.cpu_count() or 1)
    corpus.write(given.out / "content")
    save(corpus.documents(), given.out / "documents.jsonl")


if __name__ == "__main__":
    main()
