"""What a document is about into its text: official prose mixed with free words, in Markdown."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from random import Random

from bench.bodies import TYPICAL_BLOCK, _Prose, phrases
from bench.search.lexicon import Draws, Lexicon, words

MEAN_CHARACTERS = 1000  # as in the measurements that the goals were set by
SPREAD = 0.55
FREE = 0.76  # share of sentences built of free words
OWN_WORDS = 14  # nouns that a document keeps coming back to
FROM_OWN = 0.2  # share of its nouns that are among them
_SLOT = re.compile(r"\{([a-z_]+)\}")
_PATTERN = re.compile(r"[nvwadbT]")


@dataclass(slots=True)
class Facts:
    """What the generator knows a text says beside its title."""

    topic: str
    year: int
    persons: list[str] = field(default_factory=list)
    companies: list[str] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)
    rare: list[str] = field(default_factory=list)
    says: list[str] = field(default_factory=list)  # sentences that must stand in it


class Prose(_Prose):
    """Draws sentences for one body, three quarters of them of free words."""

    def __init__(self, rng: Random, facts: Facts, lexicon: Lexicon, topical: list[str]) -> None:
        super().__init__(rng, facts.year, facts.topic)
        self.facts = facts
        self.draws = Draws(lexicon, rng)
        self.topical = topical
        self.own = [self.draws.word("n") for _ in range(OWN_WORDS)]

    def phrase(self, name: str) -> str:
        """Return a phrase of a list, or instead of a whole sentence one of free words."""
        if name in ("article", "item") and self.rng.random() < FREE:
            return self.free()
        return super().phrase(name)

    def _paragraph(self) -> str:
        rng, found = self.rng, []
        for _ in range(rng.randint(1, 4)):
            if rng.random() < FREE:
                found.append(self.free())
            else:
                found.append(self._filled(rng.choice(phrases()["sentence"])))
        return "".join(found)

    def free(self) -> str:
        """Return a sentence of free words after a pattern."""
        pattern = self.rng.choice(words()["patterns"]).replace(" ", "")
        return _PATTERN.sub(lambda match: self._word(match[0]), pattern)

    def _word(self, name: str) -> str:
        if name == "T":
            return self.work if self.rng.random() < 0.2 else self.rng.choice(self.topical)
        if name == "n" and self.rng.random() < FROM_OWN:
            return self.rng.choice(self.own)
        return self.draws.word(name)

    def fact(self, sentence: str) -> str:
        """Return a sentence about invented people, firms and places."""
        return _SLOT.sub(lambda match: self._slot(match[1]), sentence)

    def _slot(self, key: str) -> str:
        facts, rng = self.facts, self.rng
        match key:
            case "person":
                return rng.choice(facts.persons)
            case "company":
                return rng.choice(facts.companies)
            case "project":
                return rng.choice(facts.projects)
            case "cited":
                return rng.choice(facts.cited)
            case "topic":
                return facts.topic
            case "town":
                return str(rng.choice(phrases()["towns"]))
            case "village":
                return str(rng.choice(words()["villages"]))
        return super()._slot(key)


def body_text(rng: Random, facts: Facts, lexicon: Lexicon, topical: list[str]) -> str:
    """Return a body of about ``MEAN_CHARACTERS``: a lead, what it must say, parts, a closing."""
    prose = Prose(rng, facts, lexicon, topical)
    # the mean of a log-normal is exp(μ + σ²/2)
    wanted = rng.lognormvariate(math.log(MEAN_CHARACTERS) - SPREAD**2 / 2, SPREAD)
    blocks = [prose.phrase("lead")]
    if facts.says:
        blocks.append("".join(prose.fact(sentence) for sentence in facts.says))
    if rng.random() < 0.10:
        blocks.append(prose.table())
    style = rng.random()
    parts = prose.articles if style < 0.15 else prose.typed if style < 0.45 else prose.headed
    length = sum(len(block) + 2 for block in blocks)
    for block in parts():
        if length > wanted - TYPICAL_BLOCK / 2:
            break
        blocks.append(block)
        length += len(block) + 2
    if facts.rare:
        place = rng.randint(1, len(blocks))
        blocks.insert(place, "".join(f"采用{word}的，{prose.free()}" for word in facts.rare))
    if rng.random() < 0.5:
        blocks.append(prose.phrase("closing"))
    return "\n\n".join(blocks) + "\n"
