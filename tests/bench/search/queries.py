"""What is known of a corpus, and a seed, into judged queries of every kind that readers write.

    python tests/bench/search/queries.py DOCUMENTS.jsonl OUT.json [--seed 1]

Grades come from what the generator knows: who was meant, what a title says, which measure is in
force. They never come from a search.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeVar

if not __package__:  # run as a script: let the folder above be the package ``bench``
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from bench.bodies import phrases
from bench.search.corpus import Document, load
from bench.search.judge import Query
from bench.search.lexicon import words
from gongkai.kernel import hanzi

BRACKETS = ("〔〕", "[]", "【】", "（）")
COUNTS = {
    "topic": 12, "topic of a year": 8, "question": 12, "traditional": 10, "typo": 12,
    "document number": 16, "loose number": 6, "index number": 12, "company": 10, "person": 10,
    "yearly report": 10, "budget": 8, "full title": 10, "body phrase": 10, "rare word": 10,
    "project": 6, "measure in force": 6, "agency by its short name": 6,
}  # fmt: skip
MOST_HOLDERS = 3  # pages that may hold a phrase of a body
ROUNDS = 2000  # tries before a kind stays short of queries
T = TypeVar("T")
_HAN = re.compile(r"[\u4e00-\u9fff]{8,}")
_YEAR = re.compile(r"\d{4}")


class Queries:
    """Draws queries from what is known of a corpus."""

    def __init__(self, documents: list[Document], seed: int = 1) -> None:
        self.documents = documents
        self.entries = [one for one in documents if one.type != "report"]
        self.rng = Random(f"queries {seed}")
        self.topics = Counter(one.topic for one in self.entries if one.topic in one.title)

    def all(self) -> list[Query]:
        """Return as many queries of every kind as ``COUNTS`` says."""
        makers: dict[str, Callable[[], Iterator[Query]]] = {
            "topic": self.by_topic,
            "topic of a year": self.by_topic_and_year,
            "question": self.questions,
            "traditional": self.in_traditional,
            "typo": self.with_typo,
            "document number": self.by_number,
            "loose number": self.by_loose_number,
            "index number": self.by_index_number,
            "company": self.by_company,
            "person": self.by_person,
            "yearly report": self.by_report,
            "budget": self.by_budget,
            "full title": self.by_title,
            "body phrase": self.by_phrase,
            "rare word": self.by_rare_word,
            "project": self.by_project,
            "measure in force": self.by_measure,
            "agency by its short name": self.by_short_name,
        }
        found: list[Query] = []
        for kind, count in COUNTS.items():
            taken: dict[str, Query] = {}
            for query in makers[kind]():
                if len(taken) == count:
                    break
                taken.setdefault(query.text, query)
            found += taken.values()
        return found

    # ---- kinds

    def by_topic(self) -> Iterator[Query]:
        """Yield the bare names of topics, common ones and seldom ones."""
        for topic in self._topics():
            yield Query("topic", topic, self.about(topic))

    def by_topic_and_year(self) -> Iterator[Query]:
        """Yield a topic and a year; another year of the same topic is near it."""
        for topic in self._topics():
            mark = f"{self.rng.randint(2016, 2026)}年"
            grades = {
                one.key: (3 - one.is_lapsed if mark in one.title else 1)
                for one in self.entries
                if topic in one.title
            }
            if max(grades.values(), default=0) == 3:
                form = self.rng.choice((f"{mark}{topic}", f"{topic} {mark[:4]}"))
                yield Query("topic of a year", form, grades)

    def questions(self) -> Iterator[Query]:
        """Yield questions about services, half of them to one agency."""
        guides = self._shuffled(one for one in self.entries if one.service)
        for turn, guide in enumerate(guides):
            text = self.rng.choice(words()["question"]).format(service=guide.service)
            grades = self.guides(guide.service)
            if turn % 2:
                place = guide.title.partition(guide.service)[0]
                text = place.removeprefix(phrases()["county"]) + text.removeprefix("请问")
                same = {one.key for one in guides if one.title == guide.title}
                grades = {key: 3 if key in same else min(grade, 1) for key, grade in grades.items()}
            yield Query("question", text, grades)

    def in_traditional(self) -> Iterator[Query]:
        """Yield other kinds of queries in traditional characters."""
        sources = [self.by_topic(), self.questions(), self.by_project(), self.by_title()]
        for source in self._turns(sources):
            query = next(source, None)
            if query is None:
                return
            text = traditional(query.text)
            if text != query.text:
                yield Query("traditional", text, query.grades, query.kind)

    def with_typo(self) -> Iterator[Query]:
        """Yield names of at least four characters with one character replaced."""
        for turn in self._turns(range(4)):
            match turn:
                case 0:
                    text = self.rng.choice([one for one in words()["objects"] if len(one) == 4])
                    grades = self.about(text)
                case 1:
                    text = self.rng.choice(list(self.topics))
                    grades = self.about(text)
                case 2:
                    text = self.rng.choice([one for one in words()["services"] if len(one) > 4])
                    grades = self.guides(text)
                case _:
                    query = next(self.by_project(), None)
                    if query is None:
                        return
                    text, grades = query.text, query.grades
            if 3 in grades.values():
                yield Query("typo", self._slipped(text), grades, text)

    def by_number(self) -> Iterator[Query]:
        """Yield document numbers, each in four bracket forms."""
        for one in self._numbered():
            for form in BRACKETS:
                text = one.number.replace("〔", form[0]).replace("〕", form[1])
                yield Query("document number", text, self.numbered(one), form)

    def by_loose_number(self) -> Iterator[Query]:
        """Yield document numbers without brackets, as people type them."""
        forms = ("{mark}{year}{n}号", "{mark} {year} {n}号", "{mark}{year}年{n}号",
                 "{mark}{year}年第{n}号", "{mark}{year}-{n}号")  # fmt: skip
        for turn, one in enumerate(self._numbered()):
            mark, year, n = re.split("[〔〕]", one.number.removesuffix("号"))
            form = forms[turn % len(forms)]
            text = form.format(mark=mark, year=year, n=n)
            yield Query("loose number", text, self.numbered(one), form)

    def by_index_number(self) -> Iterator[Query]:
        """Yield index numbers as printed, in lower case, and without separators."""
        for one in self._shuffled(self.entries):
            printed = one.index_number
            bare = printed.replace("/", "").replace("-", "")
            for form, text in (("printed", printed), ("lower", printed.lower()), ("bare", bare)):
                yield Query("index number", text, {one.key: 3}, form)

    def by_company(self) -> Iterator[Query]:
        """Yield firms by their full and by their short names."""
        county = phrases()["county"]
        for turn, name in enumerate(self._named("companies")):
            short = name.removeprefix(county).removesuffix("有限公司")
            form = (name, short, f"{short} 处罚", name.removeprefix(county))[turn % 4]
            grades = self.naming(name, "companies")
            if turn % 4 == 2:
                grades = {
                    one.key: 3 if one.type == "penalty" else 1
                    for one in self.entries
                    if name in one.companies
                }
                if 3 not in grades.values():
                    continue
            yield Query("company", form, grades)

    def by_person(self) -> Iterator[Query]:
        """Yield people by name, some with what is asked about them."""
        for turn, name in enumerate(self._named("persons")):
            grades = self.naming(name, "persons")
            posts = [one for one in self.entries if name in one.persons and one.type == "personnel"]
            if turn % 2:
                if not posts:
                    continue
                grades |= {one.key: 3 for one in posts}
                yield Query("person", f"{name}{self.rng.choice((' 任免', '任职', '同志'))}", grades)
            else:
                yield Query("person", name, grades)

    def by_report(self) -> Iterator[Query]:
        """Yield yearly reports of an agency by its full or short name."""
        forms = (
            "{agency}{year}年政府信息公开工作年度报告",
            "{agency}{year}年政府信息公开年报",
            "{short}{year}年信息公开年报",
            "{year}年{short}年度报告",
            "{short} 年报 {year}",
        )
        reports = self._shuffled(one for one in self.documents if one.type == "report")
        for turn, report in enumerate(reports):
            grades = {one.key: 1 for one in reports if one.agency == report.agency}
            form = forms[turn % len(forms)]
            text = form.format(agency=report.agency, short=report.short, year=report.year)
            yield Query("yearly report", text, {**grades, report.key: 3}, form)

    def by_budget(self) -> Iterator[Query]:
        """Yield budgets and final accounts of an agency and year."""
        forms = (
            "{agency}{year}年部门{what}",
            "{short}{year}年{what}公开",
            "{year}年{short}部门{what}",
        )
        budgets = self._shuffled(one for one in self.entries if one.type == "budget")
        for turn, budget in enumerate(budgets):
            grades = {one.key: 1 for one in budgets if one.agency == budget.agency}
            year = _YEAR.findall(budget.title)[0]
            what = "预算" if "预算" in budget.title else "决算"
            form = forms[turn % len(forms)]
            text = form.format(agency=budget.agency, short=budget.short, year=year, what=what)
            yield Query("budget", text, {**grades, budget.key: 3}, form)

    def by_title(self) -> Iterator[Query]:
        """Yield whole titles; of several pages with one title the newest in force is meant."""
        for chosen in self._shuffled(self.entries):
            same = [one for one in self.entries if one.title == chosen.title]
            meant = max(same, key=lambda one: (not one.is_lapsed, one.published))
            grades = {one.key: 3 if one is meant else 2 for one in same}
            yield Query("full title", chosen.title, grades)

    def by_phrase(self) -> Iterator[Query]:
        """Yield stretches of bodies that hardly any other page has."""
        for one in self._shuffled(self.documents):
            runs = _HAN.findall(one.text)
            if not runs:
                continue
            run = self.rng.choice(runs)
            text = run[: self.rng.randint(8, 14)]  # as one copies it: from the start of a clause
            holders = [other.key for other in self.documents if text in other.text]
            if len(holders) <= MOST_HOLDERS:
                yield Query("body phrase", text, dict.fromkeys(holders, 3))

    def by_rare_word(self) -> Iterator[Query]:
        """Yield words of two characters that stand in a few texts and nowhere by chance."""
        holders: dict[str, list[str]] = {}
        for one in self.entries:
            for word in one.rare:
                holders.setdefault(word, []).append(one.key)
        for word, keys in self._shuffled(holders.items()):
            by_chance = [
                one for one in self.documents
                if one.key not in keys and (word in one.text or word in one.title)
            ]  # fmt: skip
            if not by_chance:
                yield Query("rare word", word, dict.fromkeys(keys, 3))

    def by_project(self) -> Iterator[Query]:
        """Yield projects by name."""
        for name in self._named("projects"):
            if any(name in one.title for one in self.entries):
                yield Query("project", name, self.naming(name, "projects"))

    def by_measure(self) -> Iterator[Query]:
        """Yield measures of which several versions exist: that in force is meant."""
        measures = [one for one in self.entries if one.type == "measure"]
        for newest in self._shuffled(measures):
            versions = [one for one in measures if one.title == newest.title]
            last = max(versions, key=lambda one: one.published)
            if newest is not last or newest.is_lapsed or len(versions) < 2:
                continue
            name = newest.title.partition("印发")[2].removesuffix("的通知")
            grades = {one.key: 1 for one in self.entries if newest.topic in one.title}
            grades |= {one.key: 2 for one in self.entries if name in one.title}
            grades |= {one.key: 1 for one in versions}
            text = self.rng.choice((name, name.removeprefix(phrases()["county"])))
            yield Query("measure in force", text, {**grades, newest.key: 3})

    def by_short_name(self) -> Iterator[Query]:
        """Yield an agency's short name and a topic; titles have its full name."""
        for one in self._shuffled(self.entries):
            if one.topic not in one.title or one.agency not in one.title:
                continue
            grades = {
                other.key: (3 - other.is_lapsed if other.agency == one.agency else 1)
                for other in self.entries
                if one.topic in other.title
            }
            if 3 in grades.values():
                yield Query("agency by its short name", f"{one.short}{one.topic}", grades)

    # ---- grades

    def about(self, topic: str) -> dict[str, int]:
        """Grade pages on a topic: its title, its keywords, its text; what has lapsed is less."""
        grades = {}
        for one in self.documents:
            if topic in one.title:
                grades[one.key] = 3 - one.is_lapsed
            elif topic in one.keywords or topic in one.text:
                grades[one.key] = 1
        return grades

    def guides(self, service: str) -> dict[str, int]:
        """Grade pages on a service: its guides, and texts that mention it."""
        grades = {one.key: 1 for one in self.documents if service in one.text}
        return grades | {one.key: 3 for one in self.entries if service in one.title}

    def numbered(self, meant: Document) -> dict[str, int]:
        """Grade pages on a document number: the document, and those that name it."""
        grades = {one.key: 1 for one in self.documents if meant.number in one.text}
        return {**grades, meant.key: 3}

    def naming(self, name: str, what: str) -> dict[str, int]:
        """Grade pages that name somebody: in the title, or in the text."""
        return {
            one.key: 3 if name in one.title else 2
            for one in self.entries
            if name in getattr(one, what)
        }

    # ---- choices

    def _topics(self) -> Iterator[str]:
        """Yield topics: one by how often it occurs, then one as likely as any other."""
        for _ in range(ROUNDS):
            yield self.rng.choices(list(self.topics), list(self.topics.values()))[0]
            yield self.rng.choice(list(self.topics))

    def _numbered(self) -> list[Document]:
        return self._shuffled(one for one in self.entries if one.number)

    def _named(self, what: str) -> list[str]:
        names = dict.fromkeys(name for one in self.entries for name in getattr(one, what))
        return self._shuffled(names)

    def _slipped(self, text: str) -> str:
        """Return a text with one of its characters replaced."""
        place = self.rng.randrange(len(text))
        others = [c for c in "".join(words()["objects"]) if c not in text]
        return text[:place] + self.rng.choice(others) + text[place + 1 :]

    def _shuffled(self, found: Iterable[T]) -> list[T]:
        found = list(found)
        self.rng.shuffle(found)
        return found

    def _turns(self, found: Iterable[T]) -> Iterator[T]:
        found = list(found)
        for _ in range(ROUNDS // len(found)):
            yield from found


@cache
def _to_traditional() -> Callable[[str], str]:
    """Return OpenCC's conversion where it is installed, else one of single characters."""
    try:
        from opencc import OpenCC
    except ImportError:
        table: dict[int, str] = {}
        for other, plain in zip(hanzi.TRADITIONAL, hanzi.SIMPLIFIED, strict=True):
            table.setdefault(ord(plain), other)
        return lambda text: text.translate(table)
    convert: Callable[[str], str] = OpenCC("s2t").convert
    return convert


def traditional(text: str) -> str:
    """Return a text in traditional characters."""
    return _to_traditional()(text)


def save(queries: list[Query], path: Path) -> None:
    """Write queries as JSON, one a line."""
    lines = (json.dumps(asdict(query), ensure_ascii=False) for query in queries)
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")


def main() -> None:
    """Write queries from the command line."""
    parser = argparse.ArgumentParser(description="Write judged queries for a generated corpus.")
    parser.add_argument("documents", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    save(Queries(load(given.documents), given.seed).all(), given.out)


if __name__ == "__main__":
    main()
