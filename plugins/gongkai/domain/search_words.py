"""Words of search: those that mean the same (低保, 最低生活保障), those that only ask (请问)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from gongkai.domain.entry import Finding
from gongkai.domain.values import Item, Words
from gongkai.kernel import problems as p
from gongkai.kernel.terms import normalise, terms

WORDS_LIMIT = 2000  # every visitor's browser loads them
WORD_CHARACTERS = 40

Word = Annotated[str, Field(max_length=WORD_CHARACTERS)]


class SearchWords(Item):
    """``vocab/synonyms.yml``; a site without one searches for just what is typed."""

    groups: tuple[tuple[Word, ...], ...] = Field(
        default=(),
        title="同义词",
        description="意思相同、检索时可以互换的词，一组一行，至少两个；"
        "第一个是规范名称。只写真正同义的词，每个词至少两个字，只能属于一组",
        examples=["[最低生活保障, 低保]"],
    )
    noise: Words = Field(
        default=(),
        title="问句用语",
        description="提问时的套话，检索时略去，例如 请问、怎么办理；不能同时是同义词",
        examples=["请问"],
    )

    def slips(self) -> Iterator[Finding]:
        """Judge the words in the form in which search compares them.

        The fact ``first`` is the dotted path of where a word stood first.
        """
        count = sum(map(len, self.groups)) + len(self.noise)
        if count > WORDS_LIMIT:
            facts = {"count": count, "limit": WORDS_LIMIT}
            yield Finding(p.TOO_MANY_SEARCH_WORDS, "groups" if self.groups else "noise", facts)
            return
        seen: dict[str, str] = {}
        for n, group in enumerate(self.groups):
            if len(group) < 2:
                yield Finding(p.LONELY_SYNONYM, f"groups.{n}", {"count": len(group)})
            for m, word in enumerate(group):
                yield from _word_slips(word, f"groups.{n}.{m}", seen)
                if len(normalise(word)) == 1 and terms(word):
                    yield Finding(p.SHORT_SYNONYM, f"groups.{n}.{m}", {"value": word})
        asked: dict[str, str] = {}
        for n, word in enumerate(self.noise):
            if first := seen.get(normalise(word)):
                found = {"value": word, "first": first}
                yield Finding(p.NOISE_IS_SYNONYM, f"noise.{n}", found)
            else:
                yield from _word_slips(word, f"noise.{n}", asked)


def _word_slips(word: str, field: str, seen: dict[str, str]) -> Iterator[Finding]:
    normal = normalise(word)
    if not terms(word):
        yield Finding(p.EMPTY_SEARCH_WORD, field, {"value": word})
    elif first := seen.get(normal):
        yield Finding(p.REPEATED_SEARCH_WORD, field, {"value": word, "first": first})
    seen.setdefault(normal, field)
