"""The number of an entry into its body: official prose in Markdown, the same on every machine."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

MEAN_CHARACTERS = 1369  # what design/performance.md measured on real notices
SPREAD = 0.6  # of the logarithm of a length; the longest of 10,000 are some ten times the mean
TYPICAL_BLOCK = 130  # characters of a paragraph, about
NUMERALS = "零一二三四五六七八九十"
_SLOT = re.compile(r"\{([a-z_]+)\}")


@cache
def phrases() -> dict[str, Any]:
    """Return the lists of ``phrases.yml``."""
    path = Path(__file__).with_name("phrases.yml")
    loaded: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


def body_text(turn: int, year: int, work: str, link: tuple[str, str] | None) -> str:
    """Return a body: a lead, numbered parts, perhaps a table, a list, the link given.

    ``turn`` decides everything but the two words and the link's title and target.
    """
    prose = _Prose(Random(f"gongkai body {turn}"), year, work)
    rng = prose.rng
    # the mean of a log-normal is exp(μ + σ²/2)
    wanted = rng.lognormvariate(math.log(MEAN_CHARACTERS) - SPREAD**2 / 2, SPREAD)
    blocks = [prose.phrase("lead")]
    if link:
        blocks.append(f"本件与[{link[0]}]({link[1]})配套实施，请一并参阅。")
    if rng.random() < 0.10:
        blocks.append(prose.table())
    if rng.random() < 0.03:
        blocks.append("政策原文可在[中国政府网](https://www.gov.cn/)查阅。")
    style = rng.random()
    parts = prose.articles if style < 0.15 else prose.typed if style < 0.45 else prose.headed
    length = sum(len(block) + 2 for block in blocks)
    for block in parts():
        if length > wanted - TYPICAL_BLOCK / 2:  # so that the mean is the wanted one
            break
        blocks.append(block)
        length += len(block) + 2
    if rng.random() < 0.5:
        blocks.append(prose.phrase("closing"))
    return "\n\n".join(blocks) + "\n"


@dataclass
class _Prose:
    """Draws phrases for one body."""

    rng: Random
    year: int
    work: str

    def headed(self) -> Iterator[str]:
        """Yield parts under headings 一、 and （一）, with lists and bold leads now and then."""
        kinds = ("text", "sub", "bold", "list")
        for n, heading in enumerate(self._headings(), 1):
            opening = f"## {numeral(n)}、{heading}\n\n"
            chosen = self.rng.choices(kinds, (6, 3, 1, 1), k=self.rng.randint(1, 3))
            for m, kind in enumerate(chosen, 1):
                label = self.phrase("subheading")
                if kind == "sub":
                    yield f"{opening}### （{numeral(m)}）{label}\n\n{self._paragraph()}"
                elif kind == "bold":
                    yield f"{opening}**{label}。**{self._paragraph()}"
                elif kind == "list":
                    yield f"{opening}具体要求如下：\n\n{self._list()}"
                else:
                    yield opening + self._paragraph()
                opening = ""

    def typed(self) -> Iterator[str]:
        """Yield 一、 and （一） as they stand in typed documents: paragraphs without any mark."""
        for n, heading in enumerate(self._headings(), 1):
            yield f"{numeral(n)}、{heading}。{self._paragraph()}"
            if self.rng.random() < 0.4:
                for m in range(1, self.rng.randint(2, 4)):
                    yield f"（{numeral(m)}）{self.phrase('subheading')}。{self._paragraph()}"

    def articles(self) -> Iterator[str]:
        """Yield the chapters and articles of a measure: 第一章, 第一条 …."""
        number = 0
        for n, chapter in enumerate(phrases()["chapter"] * 4, 1):
            opening = f"## 第{numeral(n)}章　{chapter}\n\n"
            for _ in range(self.rng.randint(2, 6)):
                number += 1
                yield f"{opening}第{numeral(number)}条　{self.phrase('article')}"
                opening = ""

    def table(self) -> str:
        """Return a table of one to twelve rows, some columns aligned right."""
        rng = self.rng
        head = rng.choice(phrases()["table_head"])
        rule = "|".join("---:" if n > 1 and rng.random() < 0.5 else "---" for n in range(len(head)))
        rows = [f"| {' | '.join(head)} |", f"|{rule}|"]
        for n in range(1, rng.randint(3, 14)):
            figures = (f"{rng.randint(10, 99999) / 10}" for _ in head[2:])
            rows.append(f"| {' | '.join([str(n), rng.choice(phrases()['work']), *figures])} |")
        return "\n".join(rows)

    def phrase(self, name: str) -> str:
        """Return a random phrase of a list, filled."""
        return self._filled(self.rng.choice(phrases()[name]))

    def _headings(self) -> Iterator[str]:
        """Yield headings without end, in a new order each round."""
        while True:
            yield from self.rng.sample(phrases()["heading"], len(phrases()["heading"]))

    def _paragraph(self) -> str:
        sentences = self.rng.sample(phrases()["sentence"], self.rng.randint(1, 4))
        return "".join(map(self._filled, sentences))

    def _list(self) -> str:
        is_numbered = self.rng.random() < 0.6
        marks = (f"{n}. " if is_numbered else "- " for n in range(1, self.rng.randint(4, 7)))
        return "\n".join(mark + self.phrase("item") for mark in marks)

    def _filled(self, phrase: str) -> str:
        """Return a phrase with its slots filled, and those of what fills them."""
        return _SLOT.sub(lambda match: self._slot(match[1]), phrase)

    def _slot(self, key: str) -> str:
        rng = self.rng
        match key:
            case "work":
                return self.work if rng.random() < 0.7 else str(rng.choice(phrases()["work"]))
            case "n":
                return str(rng.randint(2, 20))
            case "count":
                return str(rng.randint(12, 4800))
            case "percent":
                return f"{rng.randint(300, 999) / 10:.1f}"
            case "money":
                return f"{rng.randint(50, 90000) / 10:.1f}"
            case "year":
                return str(self.year)
            case "day":
                return f"{self.year}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
        return self.phrase(key)


def numeral(n: int) -> str:
    """Return 1 to 199 in Chinese."""
    if n <= 10:
        return NUMERALS[n]
    if n < 100:
        tens, ones = divmod(n, 10)
        return (NUMERALS[tens] if tens > 1 else "") + "十" + (NUMERALS[ones] if ones else "")
    rest = n - 100
    joint = "" if rest == 0 else "零" if rest < 10 else "一" if rest < 20 else ""
    return f"一百{joint}{numeral(rest) if rest else ''}"
