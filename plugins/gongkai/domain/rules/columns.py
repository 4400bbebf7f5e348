"""Columns: statements of having nothing, and agencies without a guide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gongkai.domain.corpus import Corpus, place_of
from gongkai.kernel import problems as p
from gongkai.kernel.problems import Problem
from gongkai.kernel.text import nearest


def judge_statements(corpus: Corpus) -> Iterator[Problem]:
    """Yield 本单位无此类信息 statements that entries contradict or that name no column."""
    held = Counter((r.agency, r.entry.column) for r in corpus.entries if r.entry)
    items = Counter((r.agency, corpus.article_20_item(r.entry)) for r in corpus.entries if r.entry)
    for agency in corpus.agencies.values():
        path = f"agencies/{agency.id}/agency.yml"
        places = corpus.places.get(path, {})
        for n, statement in enumerate(agency.nothing_to_disclose):
            place = place_of(path, places, f"nothing_to_disclose.{n}.column")
            column = corpus.columns.get(statement.column)
            if column is None:
                near = nearest(statement.column, corpus.columns)
                facts: dict[str, object] = {"value": statement.column, **p.hint(near)}
                yield Problem(p.UNKNOWN_COLUMN, place, facts)
            elif count := held[agency.id, statement.column]:
                facts = {"name": column.name, "count": count}
                yield Problem(p.NOTHING_STATED_BUT_ENTRIES, place, facts)
        for n, stated in enumerate(agency.article_20_none):
            if count := items[agency.id, stated.item]:
                place = place_of(path, places, f"article_20_none.{n}.item")
                name = f"条例第二十条第{stated.item}项"
                yield Problem(p.NOTHING_STATED_BUT_ENTRIES, place, {"name": name, "count": count})


def judge_guides(corpus: Corpus) -> Iterator[Problem]:
    """Yield agencies that say they have a guide of their own (or their parent's) and have none."""
    for agency in corpus.agencies.values():
        path = f"agencies/{agency.id}/agency.yml"
        place = place_of(path, corpus.places.get(path, {}), "guide")
        missing = {
            "own": agency.id not in corpus.guides,
            "parent": not agency.parent,
            "none": not agency.guide_note,
        }
        if missing[agency.guide]:
            yield Problem(p.NO_GUIDE, place)
