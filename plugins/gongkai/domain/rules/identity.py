"""Identities: index numbers, codes, vocabularies, folders and titles that must fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.domain.corpus import Corpus, EntryRecord
from gongkai.domain.entry import Entry
from gongkai.domain.values import EXAMPLE_INDEX_NUMBER, credit_check, organisation_check
from gongkai.kernel import problems as p
from gongkai.kernel.problems import Problem
from gongkai.kernel.text import fold, nearest

# domain/vocabularies.yaml, patterns: the 20-character form of 国办秘函〔2009〕6号 and the
# credit-code form seen in print, with year or year and month
_NATIONAL = re.compile(r"([0-9A-Z]{8}[0-9X])/(?:19|20)[0-9]{2}-[0-9]{5}")
_CREDIT = re.compile(r"([0-9A-HJ-NPQRTUWXY]{18})/(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])?-[0-9]{5}")
_TITLES_ONCE = ("rules",)  # columns in which a title may stand once an agency


def judge_identities(corpus: Corpus) -> Iterator[Problem]:
    """Yield what is wrong with numbers, codes and places of entries across the site."""
    forms = [re.compile(form.regex) for form in corpus.site.index_number_forms]
    seen: dict[str, EntryRecord] = {}
    titles: dict[tuple[str, str, str], EntryRecord] = {}
    for record in corpus.entries:
        entry = record.entry
        if entry is None:
            continue
        yield from _index_number(corpus, record, entry, forms)
        key = fold(entry.index_number)
        if key in seen:
            facts: dict[str, object] = {"value": entry.index_number, "other": seen[key].path}
            yield Problem(p.REPEATED_INDEX_NUMBER, record.at("index_number"), facts)
        else:
            seen[key] = record
        if str(entry.issued_on.year) != record.folder:
            facts = {"year": entry.issued_on.year, "folder": record.folder}
            yield Problem(p.WRONG_YEAR_FOLDER, record.at("issued_on"), facts)
        yield from _values(corpus, record, entry)
        if entry.column in _TITLES_ONCE:
            title = (record.agency, entry.column, fold(entry.title))
            if title in titles and not entry.supersedes:
                yield Problem(p.REPEATED_TITLE, record.at("title"), {"other": titles[title].path})
            titles.setdefault(title, record)
    for record in corpus.entries:
        for n, former in enumerate(record.entry.former_index_numbers if record.entry else ()):
            if other := seen.get(fold(former)):
                facts = {"value": former, "other": other.path}
                yield Problem(p.SAME_ADDRESS, record.at(f"former_index_numbers.{n}"), facts)
    for grave in corpus.tombstones:
        if other := seen.get(fold(grave.tombstone.index_number)):
            facts = {"value": grave.tombstone.index_number, "other": other.path}
            yield Problem(p.WITHDRAWN_AND_PRESENT, grave.place, facts)


def _index_number(
    corpus: Corpus, record: EntryRecord, entry: Entry, forms: list[re.Pattern[str]]
) -> Iterator[Problem]:
    number, place = entry.index_number, record.at("index_number")
    front = entry.front
    for form, check in ((_NATIONAL, organisation_check), (_CREDIT, credit_check)):
        if form.fullmatch(number):
            expected = check(front)
            if expected and front[-1] != expected:
                facts = {"front": front, "expected": expected}
                yield Problem(p.BAD_CHECK_CHARACTER, place, facts)
            break
    else:
        if not any(form.fullmatch(number) for form in forms):
            facts = {"value": number, "example": EXAMPLE_INDEX_NUMBER}
            yield Problem(p.BAD_INDEX_NUMBER, place, facts)
    agency = corpus.agencies.get(record.agency)
    if agency and front not in agency.codes:
        facts = {"front": front, "codes": "、".join(agency.codes)}
        yield Problem(p.FOREIGN_INDEX_NUMBER, place, facts)


def _values(corpus: Corpus, record: EntryRecord, entry: Entry) -> Iterator[Problem]:
    column = corpus.columns.get(entry.column)
    if column is None:
        facts = {"value": entry.column, **p.hint(nearest(entry.column, corpus.columns))}
        yield Problem(p.UNKNOWN_COLUMN, record.at("column"), facts)
    else:
        if not column.is_open_to(record.agency):
            yield Problem(p.COLUMN_NOT_FOR_AGENCY, record.at("column"), {"value": entry.column})
        if entry.genre == "news" and is_statutory(corpus, entry.column):
            yield Problem(p.NEWS_IN_STATUTORY_TREE, record.at("column"))
    for key, vocabulary, values in (
        ("subject", "subjects", (entry.subject,)),
        ("genre", "genres", (entry.genre,)),
        ("channels", "channels", entry.channels),
        ("audience", "audiences", entry.audience),
        (
            "disclosure_reason",
            "reasons",
            (entry.disclosure_reason,) if entry.disclosure_reason else (),
        ),
    ):
        terms = corpus.vocabularies[vocabulary].terms
        for n, value in enumerate(values):
            if value not in terms:
                label = str(Entry.model_fields[key].title)
                near = nearest(value, terms)
                facts = {
                    "key": key,
                    "label": label,
                    "value": value,
                    "where": f"vocab/{vocabulary}.yml",
                }
                place = record.at(f"{key}.{n}")
                yield Problem(p.NOT_IN_VOCABULARY, place, {**facts, **p.hint(near)})
    for n, issuer in enumerate(entry.issuers):
        # outside bodies go by full Chinese name; anything in ASCII is meant as an agency's folder
        if issuer.isascii() and issuer not in corpus.agencies:
            facts = {"value": issuer, **p.hint(nearest(issuer, corpus.agencies))}
            yield Problem(p.UNKNOWN_AGENCY, record.at(f"issuers.{n}"), facts)


def is_statutory(corpus: Corpus, code: str) -> bool:
    """Tell whether a column lies under 法定主动公开内容."""
    while code:
        if code == "proactive":
            return True
        code = corpus.columns[code].parent if code in corpus.columns else ""
    return False
